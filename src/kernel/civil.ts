/** Milliseconds in a day that no clock change touches. */
export const DAY = 86_400_000

/** Days from 1970-01-01 to a date of the proleptic Gregorian calendar; `month` is 1 to 12. */
export function dayOf(year: number, month: number, day: number): number {
  // Years counted from March put the leap day last, so that months need no table. (Howard Hinnant, days_from_civil)
  const y = month > 2 ? year : year - 1
  const era = Math.floor(y / 400)
  const yearOfEra = y - era * 400
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear
  return era * 146_097 + dayOfEra - 719_468
}

/** The date of a day number, the inverse of `dayOf`. */
export function civilOf(days: number): { year: number; month: number; day: number } {
  const shifted = days + 719_468
  const era = Math.floor(shifted / 146_097)
  const dayOfEra = shifted - era * 146_097
  const leapless =
    dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)
  const yearOfEra = Math.floor(leapless / 365)
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const fromMarch = Math.floor((5 * dayOfYear + 2) / 153)
  const month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * fromMarch + 2) / 5) + 1,
  }
}

/** Months since year 0: `year * 12 + month - 1`. */
export function monthIndexOf(days: number): number {
  const { year, month } = civilOf(days)
  return year * 12 + month - 1
}

/** The day number of a month's first day, from its index. */
export function dayOfMonthIndex(index: number): number {
  const year = Math.floor(index / 12)
  return dayOf(year, index - year * 12 + 1, 1)
}

/** ISO weekday of a day number: 1 is Monday, 7 is Sunday. */
export function weekdayOf(days: number): number {
  return days + 3 - Math.floor((days + 3) / 7) * 7 + 1
}

/** Two digits, with a leading zero. */
export function two(value: number): string {
  return value < 10 ? `0${value}` : `${value}`
}

/** `YYYY-MM` of a day number. */
export function monthText(days: number): string {
  const { year, month } = civilOf(days)
  return `${String(year).padStart(4, '0')}-${two(month)}`
}

/** `YYYY-MM-DD` of a day number. */
export function dateText(days: number): string {
  return `${monthText(days)}-${two(civilOf(days).day)}`
}

/** The day number of a date written `YYYY-MM-DD`, years 0001 to 9999; undefined for anything else, such as 30 February. */
export function dayOfText(text: unknown): number | undefined {
  if (typeof text !== 'string' || !/^\d{4}-\d\d-\d\d$/.test(text)) return undefined
  const [year = 0, month = 0, day = 0] = text.split('-').map(Number)
  const days = dayOf(year, month, day)
  // A date that no calendar has reads back as another one.
  return year === 0 || dateText(days) !== text ? undefined : days
}
