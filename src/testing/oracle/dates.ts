import type { AnniversaryPolicy, Fact } from '../../kernel/fact.js'
import type { Instant } from '../../kernel/instant.js'
import type { OracleCalendar } from './calendar.js'

const DAY = 86_400_000

type Anniversary = Extract<Fact, { fact: 'anniversary' }>

/** Whether a local date lies around an anniversary of the local date of `born`. */
export function isAround(
  { daysBefore = 0, daysAfter = 0, ...policy }: Anniversary,
  calendar: OracleCalendar,
  born: Instant,
  asOf: Instant,
): boolean {
  const birth = calendar.unit('day', born).date
  const today = calendar.unit('day', asOf).date
  for (let day = today - daysAfter * DAY; day <= today + daysBefore * DAY; day += DAY)
    if (isAnniversary(policy, birth, day)) return true
  return false
}

/** The dates of all anniversaries from one date to another. */
export function anniversariesIn(
  policy: AnniversaryPolicy,
  birth: number,
  from: number,
  to: number,
): readonly number[] {
  const found: number[] = []
  for (let day = from; day <= to; day += DAY) if (isAnniversary(policy, birth, day)) found.push(day)
  return found
}

const known = new Map<string, boolean>()

function isAnniversary(policy: AnniversaryPolicy, birth: number, day: number): boolean {
  const { dates = 'gregorian', leapDay = 'feb-28', leapMonth = 'regular', shortMonth = 'last' } = policy
  const key = [dates, leapDay, leapMonth, shortMonth, birth, day].join()
  const before = known.get(key)
  if (before !== undefined) return before
  const answer =
    dates === 'gregorian'
      ? isGregorian(leapDay, new Date(birth), new Date(day))
      : isChinese(leapMonth, shortMonth, chineseOf(birth), day)
  known.set(key, answer)
  return answer
}

function isGregorian(leapDay: NonNullable<AnniversaryPolicy['leapDay']>, birth: Date, day: Date): boolean {
  if (day.getUTCFullYear() <= birth.getUTCFullYear()) return false
  const text = (date: Date) => date.toISOString().slice(-19, -14)
  if (text(day) === text(birth)) return true
  const isLeap = new Date(Date.UTC(day.getUTCFullYear(), 1, 29)).getUTCMonth() === 1
  if (text(birth) !== '02-29' || isLeap) return false
  return text(day) === { 'feb-28': '02-28', 'mar-1': '03-01', 'leap-years-only': '' }[leapDay]
}

interface ChineseDate {
  readonly year: number
  readonly month: number
  readonly leap: boolean
  readonly day: number
}

function isChinese(
  leapMonth: NonNullable<AnniversaryPolicy['leapMonth']>,
  shortMonth: NonNullable<AnniversaryPolicy['shortMonth']>,
  birth: ChineseDate,
  day: number,
): boolean {
  // The first of a month may stand for the 30th that the one before does not have.
  const isPutOff = shortMonth === 'next' && birth.day === 30 && chineseOf(day).day === 1
  if (isPutOff && chineseOf(day - DAY).day === 29) return isInMonth(leapMonth, birth, day - DAY)
  const here = chineseOf(day)
  const isLastOfShort = here.day === 29 && chineseOf(day + DAY).day === 1
  if (here.day !== birth.day && !(birth.day === 30 && isLastOfShort && shortMonth === 'last')) return false
  return isInMonth(leapMonth, birth, day)
}

/** Whether a date lies in a month in which the day is remembered, in a later year. */
function isInMonth(leapMonth: NonNullable<AnniversaryPolicy['leapMonth']>, birth: ChineseDate, day: number) {
  const here = chineseOf(day)
  if (here.year <= birth.year || here.month !== birth.month) return false
  if (!birth.leap) return !here.leap
  if (leapMonth === 'regular') return !here.leap
  if (leapMonth === 'both') return true
  return here.leap || !hasLeap(here, day)
}

/** Whether the year of a date has a leap month after the ordinary month of that number. */
function hasLeap({ year, month }: ChineseDate, day: number): boolean {
  for (let other = day; other <= day + 31 * DAY; other += DAY) {
    const there = chineseOf(other)
    if (there.year === year && there.month === month && there.leap) return true
  }
  return false
}

const format = new Intl.DateTimeFormat('en-u-ca-chinese', {
  timeZone: 'UTC',
  year: 'numeric',
  month: 'numeric',
  day: 'numeric',
})
const read = new Map<number, ChineseDate>()

/** A date of the Chinese calendar, as `Intl` has it; a leap month is its number with `bis`. */
function chineseOf(day: number): ChineseDate {
  const before = read.get(day)
  if (before !== undefined) return before
  const parts = Object.fromEntries(format.formatToParts(day).map(({ type, value }) => [type, value]))
  const month = parts['month']!
  const date = {
    year: Number(parts['relatedYear']),
    month: Number.parseInt(month, 10),
    leap: month.endsWith('bis'),
    day: Number(parts['day']),
  }
  read.set(day, date)
  return date
}

type Age = Extract<Fact, { fact: 'age' }>

const length = { days: DAY, weeks: 7 * DAY, months: 31 * DAY, years: 366 * DAY }

/** The largest number of whole units since `born`. */
export function ageOf({ unit }: Age, calendar: OracleCalendar, born: Instant, asOf: Instant): number | null {
  if (asOf < born) return null
  // No date is further than two days from what its number of units says; so this is not too many.
  let n = Math.max(0, Math.floor((asOf - born) / length[unit]) - 2)
  while (oldEnough(unit, n + 1, calendar, born) <= asOf) n += 1
  return n
}

/** When so many whole units have passed. A month that lacks the day of birth is over with its last day. */
export function oldEnough(unit: Age['unit'], n: number, calendar: OracleCalendar, born: Instant): Instant {
  if (unit === 'days') return calendar.add(born, { days: n })
  if (unit === 'weeks') return calendar.add(born, { weeks: n })
  const reached = calendar.add(born, unit === 'months' ? { months: n } : { years: n })
  const [of, on] = [born, reached].map((at) => new Date(calendar.date(at)).getUTCDate())
  return of === on ? reached : calendar.add(reached, { days: 1 })
}
