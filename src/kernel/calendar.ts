import { type Business, type BusinessDefinition, businessOf, type DayHours } from './business.js'
import {
  civilOf,
  DAY,
  dateText,
  dayOf,
  dayOfMonthIndex,
  monthIndexOf,
  monthText,
  weekdayOf,
} from './civil.js'
import {
  type ClockTime,
  calendarUnits,
  checkDuration,
  type Duration,
  exactLength,
  isClockTime,
  partsOf,
  type Weekday,
  workLength,
} from './duration.js'
import { checkName, fault, kindOf } from './errors.js'
import { type FiscalDefinition, type FiscalPeriod, type FiscalUnit, fiscalOf } from './fiscal.js'
import { firstInstant, type Instant, lastInstant, minutesOf } from './instant.js'
import { type NamedDefinition, namedDaysOf } from './named.js'
import { isRecord } from './plain.js'
import { byName, checkStrangers, type KnownOf, keysOf } from './strangers.js'
import { type ZoneSource, zoneOf } from './tzdata.js'
import { firstDayOfWeek, type WeekOfYear, weekOfYear } from './week.js'
import { workClock } from './worktime.js'

/**
 * The dates that a definition counts in. There is no default zone: who counts days says where.
 *
 * @example
 * const shop: CalendarDefinition = { zone: 'Asia/Shanghai' }
 */
export interface CalendarDefinition extends ZoneSource {
  /**
   * When a day begins on the local clock; midnight unless told. A night out that ends at 03:00 belongs to the evening's
   * date where days begin at 04:00. Everything that speaks of dates follows: `localDay`, `localDate`, `localMonth`,
   * weeks, `startOf`, `end` of a duration, counted months and weekdays, business days. `local` and `instantOf` do not:
   * they are the clock on the wall and the date beside it. Where clocks skip the time, the day begins as they do.
   */
  readonly dayStart?: ClockTime
  /** The first day of weeks; 1, Monday, unless told (7 in the United States, 6 in much of the Arab world). */
  readonly weekStart?: Weekday
  /** A retail year of whole weeks, for those that report in one. */
  readonly fiscal?: FiscalDefinition
  /** Business days and hours; who counts in them says which. */
  readonly business?: BusinessDefinition
  /** Campaign days by name: `{ 'double-eleven': [{ from: '2026-11-11', to: '2026-11-12' }] }` is one day. */
  readonly named?: NamedDefinition
}

/** What a calendar may say. */
export const calendarKeys = {
  zone: null,
  transitions: keysOf('initial', 'at', 'offsets'),
  dayStart: null,
  weekStart: null,
  fiscal: { pattern: null, ends: keysOf('rule', 'weekday', 'month'), named: null },
  business: { weekdays: null, closed: null, opened: null, hours: [keysOf('weekdays', 'from', 'to')] },
  named: byName([keysOf('from', 'to')]),
} satisfies KnownOf<CalendarDefinition>

/** Calendars without strange keys: they are asked for again and again. */
const looked = new WeakSet<object>()

/** A date and a time on the local clock. */
export interface LocalTime {
  readonly year: number
  /** 1 to 12. */
  readonly month: number
  readonly day: number
  readonly hour: number
  readonly minute: number
  readonly second: number
  readonly millisecond: number
  /** ISO: 1 is Monday, 7 is Sunday. */
  readonly weekday: Weekday
}

/** A date, at midnight unless it says otherwise. */
export type LocalTimeInput = Pick<LocalTime, 'year' | 'month' | 'day'> &
  Partial<Pick<LocalTime, 'hour' | 'minute' | 'second' | 'millisecond'>>

/** What a date belongs to; weeks begin with the calendar's `weekStart`, fiscal units need its `fiscal`. */
export type CalendarUnit = 'day' | 'week' | 'month' | 'quarter' | 'year' | FiscalUnit

/** From one instant up to, but without, another. */
export interface Span {
  readonly from: Instant
  readonly to: Instant
}

/** Local dates and arithmetic with them, in one zone. Results stay within the range of `Instant`. */
export interface Calendar {
  readonly definition: CalendarDefinition
  readonly zone: string
  /** Milliseconds east of UTC. */
  offsetAt(at: Instant): number
  /**
   * The instant that a duration leads to. Where clocks skipped the local time it is as much later as they skipped
   * (02:30 becomes 03:30), of two it is the earlier; no dates at all (`{ days: 0 }`) is the same instant. A sum past
   * the year 9999 is its last millisecond.
   *
   * @throws DefinitionError `invalid-duration`; `missing` where the calendar lacks the business days or hours, or the
   * fiscal year, that the duration counts in.
   */
  add(at: Instant, duration: Duration): Instant
  /** `add` made ready for one duration, for loops. */
  adder(duration: Duration): (at: Instant) => Instant
  local(at: Instant): LocalTime
  /** Days from 1970-01-01 to the local date; with `instantOfDay` the way back. */
  localDay(at: Instant): number
  /** `year * 12 + month - 1` of the local date. */
  localMonthIndex(at: Instant): number
  /** `YYYY-MM-DD`. */
  localDate(at: Instant): string
  /** `YYYY-MM`. */
  localMonth(at: Instant): string
  /**
   * The instant of a local time; gaps and overlaps as in `add`.
   *
   * @throws DefinitionError `out-of-range` for a date or time that no calendar has, such as 30 February.
   */
  instantOf(local: LocalTimeInput): Instant
  /** The first instant of a local date, from its day number; of the next one that exists where a zone skipped it. */
  instantOfDay(day: number): Instant
  /** The first instant of the day (week, month, …) in which `at` lies; midnight, or `dayStart`, unless clocks skipped it. */
  startOf(unit: CalendarUnit, at: Instant): Instant
  /** The first instant of the next one, always later than `at`. */
  startOfNext(unit: CalendarUnit, at: Instant): Instant
  /** The week of ISO 8601 in which the local date lies, whatever `weekStart` says. */
  isoWeek(at: Instant): WeekOfYear
  /** The calendar's own week: ISO's where weeks begin on Monday, else numbered as in the United States. */
  weekOf(at: Instant): WeekOfYear
  /** @throws DefinitionError `missing` without `fiscal`. */
  fiscalPeriod(at: Instant): FiscalPeriod
  /**
   * Whether a day, given by its number, is worked.
   *
   * @throws DefinitionError `missing` without `business`.
   */
  isBusinessDay(day: number): boolean
  /**
   * Whether `at` lies in the business hours, `[from, to)`.
   *
   * @throws DefinitionError `missing` without `business.hours`.
   */
  isOpen(at: Instant): boolean
  /**
   * Milliseconds of business hours from one instant to another, negative if the second is earlier. What `workHours` and
   * `workMinutes` add is measured by it again.
   *
   * @throws DefinitionError `missing` without `business.hours`.
   */
  workedBetween(from: Instant, to: Instant): number
  /**
   * The earliest instant by which so many milliseconds of business hours were worked: what is left of a span that was
   * stopped. `workedBetween` measures it again.
   *
   * @throws DefinitionError `missing` without `business.hours`; `out-of-range` for what is not whole, from 0 to
   * 100,000 hours.
   */
  addWorked(at: Instant, milliseconds: number): Instant
  /**
   * When the days of a name are, in order.
   *
   * @throws DefinitionError `unknown-name`.
   */
  named(name: string): readonly Span[]
  /**
   * Whether the local date is one of a name's days.
   *
   * @throws DefinitionError `unknown-name`.
   */
  isNamed(name: string, at: Instant): boolean
}

/**
 * The calendar of a definition. A zone is read from the runtime's tzdata once, in stretches, when first needed.
 *
 * @throws DefinitionError `invalid-zone` for a zone that is not an IANA name known here, or a malformed table; others
 * for options that do not hold, with their path.
 * @example
 * calendarOf({ zone: 'Asia/Shanghai' }).localDate(instant('2024-03-04T21:00:00Z')) // => '2024-03-05'
 */
export function calendarOf(definition: CalendarDefinition): Calendar {
  if (isRecord(definition) && !looked.has(definition)) {
    checkStrangers(definition, calendarKeys, '$.calendar')
    looked.add(definition)
  }
  const zone = zoneOf(definition)
  const { dayStart: startsAt = '00:00', weekStart = 1, named: days = none } = definition
  if (!isClockTime(startsAt))
    throw fault('out-of-range', '$.calendar.dayStart', startsAt, 'a clock time from 00:00 to 23:59')
  if (![1, 2, 3, 4, 5, 6, 7].includes(weekStart))
    throw fault('out-of-range', '$.calendar.weekStart', weekStart, '1 (Monday) to 7 (Sunday)')
  const dayStart = minutesOf(startsAt) * 60_000
  const fiscal = definition.fiscal === undefined ? undefined : fiscalOf(definition.fiscal)
  const business = definition.business === undefined ? undefined : businessOf(definition.business, dayStart)
  const named = namedDaysOf(days)

  const { offsetAt } = zone
  /** The local clock as a number, set back so that days begin at its midnight. */
  const localOf = (at: Instant): number => at + offsetAt(at) - dayStart
  const localDay = (at: Instant): number => Math.floor(localOf(at) / DAY)
  const instantOfDay = (day: number): Instant =>
    inRange(zone.resolve(whole(day) * DAY + dayStart, 'edge') + 0)

  const firstDay = (unit: CalendarUnit, day: number, following: 0 | 1): number => {
    if (unit === 'day') return day + following
    if (unit === 'week') return firstDayOfWeek(day, weekStart) + 7 * following
    if (!calendarUnits.includes(unit))
      throw fault('unknown-name', '$.unit', kindOf(unit), calendarUnits.join(' | '))
    const months = monthsIn[unit]
    return months === undefined
      ? needFiscal().firstDay(unit as FiscalUnit, day, following)
      : dayOfMonthIndex((Math.floor(monthIndexOf(day) / months) + following) * months)
  }

  const startOfNext = (unit: CalendarUnit, at: Instant): Instant => {
    const day = firstDay(unit, localDay(at), 1)
    const start = instantOfDay(day)
    // Clocks set back over midnight bring it twice; from between the two, the second is the next.
    return start > at ? start : inRange(day * DAY + dayStart - offsetAt(at))
  }

  const adder = (duration: Duration): ((at: Instant) => Instant) => {
    checkDuration(duration, '$')
    const exact = exactLength(duration)
    if (exact !== undefined) return (at) => inRange(at + exact)
    const work = workLength(duration)
    if (work !== undefined) {
      const clock = needWork()
      return (at) => inRange(clock.add(at, work))
    }
    const { unit, count, clock, end } = partsOf(duration)
    if (end?.startsWith('fiscal-')) needFiscal()
    const days = unit === 'days' ? count : unit === 'weeks' ? 7 * count : undefined
    if (days !== undefined && clock === undefined && end === undefined) {
      const length = days * DAY
      return (at) => inRange(zone.shift(at, length))
    }
    const time = clock === undefined ? undefined : (clock - dayStart + DAY) % DAY
    const move = mover(unit, count)
    return (at) => {
      const local = localOf(at)
      const day = Math.floor(local / DAY)
      const target = move(day)
      const wanted = target * DAY + (time ?? local - day * DAY) + dayStart
      const moved = target === day && time === undefined ? at : inRange(zone.resolve(wanted, 'later'))
      return end === undefined ? moved : startOfNext(end, moved)
    }
  }

  /** The day that so many units lead to. */
  const mover = (unit: string, count: number): ((day: number) => number) => {
    if (unit === 'days') return (day) => day + count
    if (unit === 'weeks') return (day) => day + 7 * count
    if (unit === 'next') return (day) => day + ((count - weekdayOf(day) + 6) % 7) + 1
    if (unit === 'businessDays') {
      const { after } = needBusiness()
      return (day) => after(day, count)
    }
    return (day) => addMonths(day, unit === 'years' ? 12 * count : count)
  }

  const needFiscal = () => fiscal ?? missing('.fiscal', 'a fiscal year to count in')
  const needBusiness = (): Business => business ?? missing('.business', 'business days to count in')
  const needHours = (): DayHours =>
    needBusiness().hours ?? missing('.business.hours', 'business hours to count in')
  const needWork = () => workClock(needHours(), zone, dayStart)
  const rangesOf = (name: string) => {
    checkName([...named.keys()], name, '$.name')
    return named.get(name)!
  }

  return {
    definition,
    zone: definition.zone,
    offsetAt,
    add: (at, duration) => adder(duration)(whole(at)),
    adder,
    local: (at) => partsOfTime(at + offsetAt(at)),
    localDay,
    localMonthIndex: (at) => monthIndexOf(localDay(at)),
    localDate: (at) => dateText(localDay(at)),
    localMonth: (at) => monthText(localDay(at)),
    instantOf: (local) => inRange(zone.resolve(localTimeOf(local), 'later')),
    instantOfDay,
    startOf: (unit, at) => instantOfDay(firstDay(unit, localDay(at), 0)),
    startOfNext,
    isoWeek: (at) => weekOfYear(localDay(at), 1),
    weekOf: (at) => weekOfYear(localDay(at), weekStart),
    fiscalPeriod: (at) => needFiscal().periodOf(localDay(at)),
    isBusinessDay: (day) => needBusiness().isOpen(whole(day)),
    isOpen: (at) => needWork().isOpen(at),
    workedBetween: (from, to) => needWork().between(whole(from), whole(to)),
    addWorked: (at, milliseconds) => inRange(needWork().add(whole(at), workable(milliseconds))),
    named: (name) => rangesOf(name).map(([from, to]) => ({ from: instantOfDay(from), to: instantOfDay(to) })),
    isNamed(name, at) {
      const day = localDay(at)
      return rangesOf(name).some(([from, to]) => from <= day && day < to)
    },
  }
}

const none: NamedDefinition = {}
const monthsIn: { readonly [unit: string]: number | undefined } = { month: 1, quarter: 3, year: 12 }

function missing(where: string, expected: string): never {
  throw fault('missing', `$.calendar${where}`, undefined, expected)
}

/** The same day of a later month, or its last. */
function addMonths(day: number, months: number): number {
  const date = civilOf(day)
  const index = date.year * 12 + date.month - 1 + months
  return Math.min(dayOfMonthIndex(index) + date.day, dayOfMonthIndex(index + 1)) - 1
}

function localTimeOf(local: LocalTimeInput): number {
  const { year, month, day, hour = 0, minute = 0, second = 0, millisecond = 0 } = local ?? {}
  const time = [year, month, day, hour, minute, second, millisecond].every(Number.isInteger)
    ? dayOf(year, month, day) * DAY + hour * 3_600_000 + minute * 60_000 + second * 1000 + millisecond
    : Number.NaN
  // What no calendar has reads back as something else.
  const read = partsOfTime(time)
  const holds =
    !Number.isNaN(time) &&
    year >= 1 &&
    year <= 9999 &&
    read.year === year &&
    read.month === month &&
    read.day === day &&
    read.hour === hour &&
    read.minute === minute &&
    read.second === second &&
    read.millisecond === millisecond
  if (!holds) throw fault('out-of-range', '$', local, 'a date and time in the years 0001 to 9999')
  return time
}

/** A local time taken apart. */
function partsOfTime(local: number): LocalTime {
  const day = Math.floor(local / DAY)
  const left = local - day * DAY
  return {
    ...civilOf(day),
    hour: Math.floor(left / 3_600_000),
    minute: Math.floor(left / 60_000) % 60,
    second: Math.floor(left / 1000) % 60,
    millisecond: left % 1000,
    weekday: weekdayOf(day) as Weekday,
  }
}

function inRange(at: number): Instant {
  return Math.min(Math.max(whole(at), firstInstant), lastInstant)
}

/** Milliseconds that work can last. */
function workable(milliseconds: number): number {
  const most = 100_000 * 3_600_000
  if (Number.isSafeInteger(milliseconds) && milliseconds >= 0 && milliseconds <= most) return milliseconds
  throw fault('out-of-range', '$', milliseconds, `whole milliseconds from 0 to ${most}`)
}

/** Sums of what is no number are no numbers either, and end here. */
function whole(value: number): number {
  if (!Number.isInteger(value)) throw fault('invalid-instant', '$', value, 'a whole number')
  return value
}
