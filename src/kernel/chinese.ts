import { checkNumber, checkRecord, fault } from './errors.js'

/**
 * A date of the Chinese calendar (农历). `year` is the Gregorian year in which the Chinese one begins; a leap month (闰月)
 * has the number of the month before it.
 */
export interface ChineseDate {
  readonly year: number
  /** 1 to 12. */
  readonly month: number
  /** Whether it is the leap month of that number. */
  readonly leap: boolean
  /** 1 to 30. */
  readonly day: number
}

/** The Chinese years that are known: from 31 January 1900 to 28 January 2101. */
export const chineseYears = { first: 1900, last: 2100 } as const

/**
 * The date of the Chinese calendar on a day, given by its number since 1970-01-01.
 *
 * Days are those of China; nothing is computed: months are read from the published table. A month's first day is the
 * day of a new moon in UTC+8, and in 2057, 2089 and 2097 one falls so close to midnight that the table says itself that
 * it may be off by a day.
 *
 * @returns undefined outside the years of `chineseYears`.
 * @see Hong Kong Observatory, Gregorian-Lunar Calendar Conversion Table 1901 to 2100; GB/T 33661-2017.
 * @example
 * chineseDateOf(20_501) // => { year: 2026, month: 1, leap: false, day: 1 }
 */
export function chineseDateOf(day: number): ChineseDate | undefined {
  checkDay(day)
  const { starts } = calendar()
  if (day < (starts[0] as number) || day >= (starts.at(-1) as number)) return undefined
  // No year is shorter than 353 days or longer than 385, so this guess is never too late by more than one.
  let index = Math.min(Math.floor((day - (starts[0] as number)) / 365.2), starts.length - 2)
  while (day < (starts[index] as number)) index -= 1
  while (day >= (starts[index + 1] as number)) index += 1
  let left = day - (starts[index] as number)
  const year = chineseYears.first + index
  for (const { month, leap, length } of monthsOf(year)) {
    if (left < length) return { year, month, leap, day: left + 1 }
    left -= length
  }
  return undefined
}

/**
 * The day of a date of the Chinese calendar, the inverse of `chineseDateOf`.
 *
 * @returns undefined for a date that the calendar does not have: another year's leap month, the 30th of a short month,
 * a year that is not known.
 * @example
 * // 春节, 端午, 中秋 of 2026, and 除夕, the day before the next year
 * dayOfChineseDate({ year: 2026, month: 1, leap: false, day: 1 }) // => 20_501, 17 February
 * dayOfChineseDate({ year: 2026, month: 5, leap: false, day: 5 }) // => 20_623, 19 June
 * dayOfChineseDate({ year: 2026, month: 8, leap: false, day: 15 }) // => 20_721, 25 September
 * dayOfChineseDate({ year: 2027, month: 1, leap: false, day: 1 })! - 1 // => 20_854, 5 February
 */
export function dayOfChineseDate(date: ChineseDate): number | undefined {
  checkRecord(date, '$')
  const { year, month, leap, day } = date
  checkNumber(year, '$.year')
  const first = firstOfMonth(year, month, leap)
  const known = first !== undefined && Number.isInteger(day) && day >= 1 && day <= first.length
  return known ? first.day + day - 1 : undefined
}

/**
 * How many days a month has, 29 or 30.
 *
 * @returns undefined for a month that the year does not have.
 */
export function chineseMonthLength(date: Omit<ChineseDate, 'day'>): number | undefined {
  checkRecord(date, '$')
  const { year, month, leap } = date
  checkNumber(year, '$.year')
  return firstOfMonth(year, month, leap)?.length
}

interface Month {
  readonly month: number
  readonly leap: boolean
  readonly length: number
}

/** The months of a year, in order. */
function monthsOf(year: number): readonly Month[] {
  const bits = calendar().years[year - chineseYears.first] as number
  const leapMonth = bits & 15
  const months: Month[] = []
  for (let month = 1; month <= 12; month++) {
    months.push({ month, leap: false, length: 29 + ((bits >> (16 - month)) & 1) })
    if (month === leapMonth) months.push({ month, leap: true, length: 29 + (bits >> 16) })
  }
  return months
}

function firstOfMonth(year: number, month: number, leap: boolean) {
  const { years, starts } = calendar()
  if (years[year - chineseYears.first] === undefined) return undefined
  let day = starts[year - chineseYears.first] as number
  for (const one of monthsOf(year)) {
    if (one.month === month && one.leap === leap) return { day, length: one.length }
    day += one.length
  }
  return undefined
}

/** Day numbers are whole; anything else is a mistake in code. */
function checkDay(day: number): void {
  if (!Number.isSafeInteger(day)) throw fault('wrong-type', '$', day, 'a day number, whole')
}

/**
 * Five hexadecimal digits a year, 1900 to 2100: whether the leap month is long, then twelve bits for months of 30 days,
 * the first month highest, then the number of the leap month or 0.
 */
const table = [
  '04bd804ae00a570054d50d2600d95016554056a009ad0055d204ae00a5b60a4d00d2501d2550b5400d6a00ada2095b014977',
  '049700a4b00b4b506a5006d401ab5402b6009570052f204970065660d4a00ea5016a9505ad002b60186e3092e01c8d70c950',
  '0d4a01d8a60b550056a01a5b4025d0092d00d2b20a9500b55706ca00b5501535504da00a5b014573052b00a9a80e95006aa0',
  '0aea60ab5004b600aae40a570052600f2630d95005b57056a0096d004dd504ad00a4d00d4d40d2500d5580b5400b6a0195a6',
  '095b0049b00a9740a4b00b27a06a5006d400af460ab600957004af504970064b0074a30ea5006b5805ac00ab60096d5092e0',
  '0c9600d9540d4a00da5007552056a00abb7025d0092d00cab50a9500b4a00baa40ad50055d904ba00a5b015176052b00a930',
  '0795406aa00ad5005b5204b600a6e60a4e00d2600ea650d53005aa0076a3096d004afb04ad00a4d01d0b60d2500d5200dd45',
  '0b5a0056d0055b2049b00a5770a4b00aa501b25506d200ada014b6309370049f804970064b0168a60ea5006aa01a6c40aae0',
  '092e00d2e30c9600d5570d4a00da5005d55056a00a6d0055d4052d00a9b80a9500b4a00b6a60ad50055a00aba40a5b0052b0',
  '0b273069300733706aa00ad5014b5504b600a570054e40d1600e9680d5200daa016aa6056d004ae00a9d40a2d00d1500f252',
  '0d520',
].join('')

/** 1900-01-31 */
const firstDay = -25_537

let made: { readonly years: readonly number[]; readonly starts: readonly number[] } | undefined

/** The table as numbers, with the first day of each year and the day after the last; read when first asked. */
function calendar() {
  if (made !== undefined) return made
  const years: number[] = []
  const starts = [firstDay]
  for (let i = 0; i < table.length; i += 5) {
    const bits = Number.parseInt(table.slice(i, i + 5), 16)
    let length = 12 * 29 + ((bits & 15) > 0 ? 29 + (bits >> 16) : 0)
    for (let month = 4; month < 16; month++) length += (bits >> month) & 1
    years.push(bits)
    starts.push((starts.at(-1) as number) + length)
  }
  made = { years, starts }
  return made
}
