import { DAY } from './civil.js'
import { fault } from './errors.js'
import type { FiscalUnit } from './fiscal.js'
import { minutesOf } from './instant.js'
import { isRecord } from './plain.js'

/** A time on the local clock, `00:00` to `23:59`, two digits each. */
export type ClockTime = `${number}:${number}`

/** Where a span of dates may be rounded up to: the start of the next one. Fiscal ones need a calendar that has them. */
export type DurationEnd = true | 'day' | 'week' | 'month' | 'quarter' | 'year' | FiscalUnit

type Unit = keyof typeof units
type Key = Unit | 'at' | 'end'
/** A shape, and none of the other keys. */
type Only<Shape> = Shape & { readonly [K in Exclude<Key, keyof Shape>]?: never }
type Dates<Shape> =
  | Only<Shape>
  | Only<Shape & { /** Sets the local clock on the date reached. */ readonly at: ClockTime }>
  | Only<
      Shape & {
        /** Goes on to the next start of a day (week, …) strictly later; `true` is the day. */ readonly end: DurationEnd
      }
    >

/**
 * How long, as plain data with exactly one unit.
 *
 * Seconds, minutes and hours are exact: `{ hours: 24 }` is 86,400 seconds whatever the clocks do. Days, weeks, months
 * and years count dates in the zone of a calendar: `{ days: 1 }` is the same local time on the next date, 23 or 25
 * hours away when clocks change; months and years keep the day of the month or take the last (31 January and one
 * month is 29 February). `next` is the first such weekday on a later date (1 Monday to 7 Sunday), at the same local
 * time unless `at` sets it.
 *
 * Business days and work hours are those of the calendar's `business`. `{ businessDays: n }` is the same local time on
 * the n-th open day after this one; with 0 it is this day or, where it is closed, the next open one. `{ workHours: n }`
 * and `{ workMinutes: n }` are the earliest instant by which so much was worked: time outside the hours does not count,
 * and what ends with a day's work ends at closing time, not the next morning. None at all is the same instant.
 *
 * Counts are whole, from 0 up to 10,000 years, of work up to 100,000 hours.
 *
 * @example
 * const promise: Duration = { days: 90, end: true } // the midnight that ends the 90th day
 */
export type Duration =
  | Only<{ readonly seconds: number }>
  | Only<{ readonly minutes: number }>
  | Only<{ readonly hours: number }>
  | Dates<{ readonly days: number }>
  | Dates<{ readonly weeks: number }>
  | Dates<{ readonly months: number }>
  | Dates<{ readonly years: number }>
  | Dates<{ readonly businessDays: number }>
  | Only<{ readonly workHours: number }>
  | Only<{ readonly workMinutes: number }>
  | Only<{ readonly next: { readonly weekday: Weekday }; readonly at?: ClockTime }>

/** ISO: 1 is Monday, 7 is Sunday. */
export type Weekday = 1 | 2 | 3 | 4 | 5 | 6 | 7

const MINUTE = 60_000
const YEAR = 31_556_952_000 // a 400th of the Gregorian cycle; only bounds are measured with it

/** Milliseconds each, of work or at most where only a calendar can say. */
const units = {
  seconds: 1000,
  minutes: MINUTE,
  hours: 60 * MINUTE,
  workMinutes: MINUTE,
  workHours: 60 * MINUTE,
  days: DAY,
  weeks: 7 * DAY,
  months: YEAR / 12,
  years: YEAR,
  businessDays: DAY,
  next: 7 * DAY,
}
const exact: readonly Unit[] = ['seconds', 'minutes', 'hours']
const worked: readonly Unit[] = ['workMinutes', 'workHours']

/** The units of a calendar in which dates end. */
export const calendarUnits: readonly string[] = [
  'day',
  'week',
  'month',
  'quarter',
  'year',
  'fiscal-month',
  'fiscal-quarter',
  'fiscal-year',
] satisfies readonly DurationEnd[]

/**
 * The next weekday, on a strictly later date: from a Saturday, the next Saturday is seven days away.
 *
 * @example
 * next({ weekday: 6, at: '09:00' }) // => { next: { weekday: 6 }, at: '09:00' }
 */
export function next({ weekday, at }: { readonly weekday: Weekday; readonly at?: ClockTime }): Duration {
  return at === undefined ? { next: { weekday } } : { next: { weekday }, at }
}

/**
 * Takes a value for a duration, or says what is wrong with it.
 *
 * @param path - Where the value stands in its definition, for the error; behind it the key that is no unit, or whose count is wrong.
 * @throws DefinitionError `invalid-duration`: no unit or two, an unknown key, a count that is negative, broken or
 * too large, `at` or `end` on a unit that is not of dates, both of them together, a clock time that does not exist.
 */
export function checkDuration(value: unknown, path: string): Duration {
  const fail = (expected: string, where = '', found: unknown = value): never => {
    throw fault('invalid-duration', path + where, found, expected)
  }
  const given = isRecord(value) ? value : {}
  const { at, end, ...spans } = given
  const named = Object.keys(spans)
  const [unit = '', ...more] = named
  const stranger = named.find((key) => !Object.hasOwn(units, key))
  const oneUnit = `one of ${Object.keys(units).join(', ')}, as in { days: 30 }`
  if (stranger !== undefined) fail(oneUnit, `.${stranger}`, stranger)
  if (more.length > 0) fail(oneUnit, '', named.join(' and '))
  if (unit === '') fail(oneUnit)
  const count = spans[unit]
  const length = units[unit as Unit]
  if (unit === 'next') {
    const keys = isRecord(count) ? Object.keys(count) : []
    if (
      keys.join() !== 'weekday' ||
      ![1, 2, 3, 4, 5, 6, 7].includes((count as { readonly weekday: number }).weekday)
    )
      fail('{ weekday: 1 } for Monday to { weekday: 7 } for Sunday', '.next', count)
  } else {
    const most = Math.floor((worked.includes(unit as Unit) ? 100_000 * units.hours : 10_000 * YEAR) / length)
    if (!Number.isSafeInteger(count) || (count as number) < 0 || (count as number) > most)
      fail(`a whole number from 0 to ${most}`, `.${unit}`, count)
  }
  const sets = Object.keys(given).length
  if (sets > 1 && length < DAY) fail(`${unit} alone: at and end go with dates`)
  if (sets > 2) fail('either at or end')
  if ('at' in given && !isClockTime(at)) fail('a clock time from 00:00 to 23:59', '.at', at)
  if ('end' in given && (unit === 'next' || !(end === true || calendarUnits.includes(end as string))))
    fail(unit === 'next' ? 'at alone beside next' : `true, ${calendarUnits.join(', ')}`, '.end', end)
  return value as Duration
}

/** Whether a value is a clock time. */
export function isClockTime(value: unknown): value is ClockTime {
  return typeof value === 'string' && /^([01]\d|2[0-3]):[0-5]\d$/.test(value)
}

/** A duration taken apart: how many of which unit, or which weekday. */
export function partsOf(duration: Duration): {
  readonly unit: Unit
  /** How many of the unit; the weekday of `next`. */
  readonly count: number
  /** Milliseconds since local midnight. */
  readonly clock: number | undefined
  readonly end: Exclude<DurationEnd, true> | undefined
} {
  const { at, end } = checkDuration(duration, '$')
  const unit = (Object.keys(units) as Unit[]).find((name) => duration[name] !== undefined) as Unit
  const given = duration[unit] as number | { readonly weekday: Weekday }
  return {
    unit,
    count: typeof given === 'number' ? given : given.weekday,
    clock: at === undefined ? undefined : minutesOf(at) * MINUTE,
    end: end === true ? 'day' : end,
  }
}

/** Milliseconds of an exact duration; undefined where only a calendar can say. */
export function exactLength(duration: Duration): number | undefined {
  const { unit, count } = partsOf(duration)
  return exact.includes(unit) ? count * units[unit] : undefined
}

/** Milliseconds of work that a duration counts; undefined where it counts something else. */
export function workLength(duration: Duration): number | undefined {
  const { unit, count } = partsOf(duration)
  return worked.includes(unit) ? count * units[unit] : undefined
}

/** Whether a duration has the same length everywhere and needs no calendar. */
export function isExact(duration: Duration): boolean {
  return exactLength(duration) !== undefined
}
