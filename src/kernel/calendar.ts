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
import { checkDuration, type Duration, exactLength, partsOf, type Weekday } from './duration.js'
import { fault } from './errors.js'
import { firstInstant, type Instant, lastInstant } from './instant.js'
import { compileZone, cutTable, isZoneTable, type Zone, type ZoneTable } from './zone.js'

/**
 * The dates that a definition counts in. There is no default: who counts days says where.
 *
 * @example
 * const shop: CalendarDefinition = { zone: 'Asia/Shanghai' }
 */
export interface CalendarDefinition {
  /** An IANA name such as `Asia/Shanghai`, or `UTC`; no offsets, no abbreviations that only some runtimes know. */
  readonly zone: string
  /** The zone's transitions, for hosts whose `Intl` cannot be trusted; then `zone` is only its name. */
  readonly transitions?: ZoneTable
}

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

/** What a date belongs to; weeks begin on Monday (ISO). */
export type CalendarUnit = 'day' | 'week' | 'month' | 'quarter' | 'year'

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
   * @throws DefinitionError `invalid-duration`.
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
  /** The first instant of the day (week, month, …) in which `at` lies; midnight unless clocks skipped it. */
  startOf(unit: CalendarUnit, at: Instant): Instant
  /** The first instant of the next one, always later than `at`. */
  startOfNext(unit: CalendarUnit, at: Instant): Instant
}

/**
 * The calendar of a definition. A zone is read from the runtime's tzdata once, in stretches, when first needed.
 *
 * @throws DefinitionError `invalid-zone` for a zone that is not an IANA name known here, or a malformed table.
 * @example
 * calendarOf({ zone: 'Asia/Shanghai' }).localDate(instant('2024-03-04T21:00:00Z')) // => '2024-03-05'
 */
export function calendarOf(definition: CalendarDefinition): Calendar {
  const zone = zoneOf(definition)
  const { offsetAt } = zone
  const localOf = (at: Instant): number => at + offsetAt(at)
  const localDay = (at: Instant): number => Math.floor(localOf(at) / DAY)
  const instantOfDay = (day: number): Instant => inRange(zone.resolve(day * DAY, 'edge'))

  const startOfNext = (unit: CalendarUnit, at: Instant): Instant => {
    const day = firstDay(unit, localDay(at), 1)
    const start = instantOfDay(day)
    // Clocks set back over midnight bring it twice; from between the two, the second is the next.
    return start > at ? start : inRange(day * DAY - offsetAt(at))
  }

  const adder = (duration: Duration): ((at: Instant) => Instant) => {
    checkDuration(duration, '$')
    const exact = exactLength(duration)
    if (exact !== undefined) return (at) => inRange(at + exact)
    const { unit, count, clock, end } = partsOf(duration)
    const days = unit === 'days' ? count : unit === 'weeks' ? 7 * count : undefined
    if (days !== undefined && clock === undefined && end === undefined) {
      const length = days * DAY
      return (at) => inRange(zone.shift(at, length))
    }
    const months = unit === 'years' ? 12 * count : count
    const move = (day: number): number =>
      days !== undefined
        ? day + days
        : unit === 'next'
          ? day + ((count - weekdayOf(day) + 6) % 7) + 1
          : addMonths(day, months)
    return (at) => {
      const local = localOf(at)
      const day = Math.floor(local / DAY)
      const target = move(day)
      const time = clock ?? local - day * DAY
      const moved =
        target === day && clock === undefined ? at : inRange(zone.resolve(target * DAY + time, 'later'))
      return end === undefined ? moved : startOfNext(end, moved)
    }
  }

  return {
    definition,
    zone: definition.zone,
    offsetAt,
    add: (at, duration) => adder(duration)(at),
    adder,
    local: (at) => partsOfTime(localOf(at)),
    localDay,
    localMonthIndex: (at) => monthIndexOf(localDay(at)),
    localDate: (at) => dateText(localDay(at)),
    localMonth: (at) => monthText(localDay(at)),
    instantOf: (local) => inRange(zone.resolve(localTimeOf(local), 'later')),
    instantOfDay,
    startOf: (unit, at) => instantOfDay(firstDay(unit, localDay(at), 0)),
    startOfNext,
  }
}

/** Whether a zone can be used in a `CalendarDefinition` here. */
export function isZone(zone: unknown): zone is string {
  try {
    return zoneOf({ zone: zone as string }) !== undefined
  } catch {
    return false
  }
}

/**
 * A zone's transitions as the runtime knows them, for a host elsewhere to carry in its definition. What a table does
 * not cover keeps the offset of its nearer end.
 *
 * @param from - Where the initial offset is read.
 * @param until - Transitions from here on are left out.
 * @throws DefinitionError `invalid-zone`.
 */
export function transitionsOf(zone: string, from: Instant, until: Instant): ZoneTable {
  if (!Number.isFinite(until - from)) throw fault('invalid-instant', '$', until - from, 'two instants')
  const offsetAt = readerOf(zone)
  const initial = offsetAt(from)
  const at: number[] = []
  const offsets: number[] = []
  let left = from
  let before = initial
  while (left < until) {
    const right = Math.min(left + probeEvery, until)
    const after = offsetAt(right - 1)
    if (after === before) {
      left = right
      continue
    }
    let low = left - 1 // still the offset before
    let high = right - 1 // no longer
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2)
      if (offsetAt(middle) === before) low = middle
      else high = middle
    }
    before = offsetAt(high)
    at.push(high)
    offsets.push(before)
    left = high
  }
  return { initial, at, offsets }
}

/** 2^28 ms, three days: no zone ever kept an offset for less than 3.98 and then went back (Freetown, 1939). */
const probeEvery = 268_435_456

const zones = new Map<string, Zone>()
const tables = new WeakMap<ZoneTable, Zone>()

function zoneOf({ zone, transitions }: CalendarDefinition): Zone {
  if (transitions !== undefined) return tableZone(zone, transitions)
  checkName(zone)
  // Runtimes read names in any case: one entry for all of them, so that names from outside cannot fill the cache.
  const key = zone.toLowerCase()
  const known = zones.get(key)
  if (known !== undefined) return known
  readerOf(zone)
  const compiled = compileZone((from, until) => transitionsOf(zone, from, until))
  zones.set(key, compiled)
  return compiled
}

function tableZone(zone: string, transitions: ZoneTable): Zone {
  if (typeof zone !== 'string' || zone === '') unknownZone(zone)
  const known = tables.get(transitions)
  if (known !== undefined) return known
  if (!isZoneTable(transitions))
    throw fault(
      'invalid-zone',
      '$.calendar.transitions',
      transitions,
      '{ initial, at, offsets }: ascending instants, offsets within 16 hours, in milliseconds',
    )
  const table = { ...transitions, at: [...transitions.at], offsets: [...transitions.offsets] }
  const compiled = compileZone((from, until) => cutTable(table, from, until))
  tables.set(transitions, compiled)
  return compiled
}

function unknownZone(zone: unknown): never {
  const expected = 'an IANA name such as Asia/Shanghai, or UTC'
  throw fault('invalid-zone', '$.calendar.zone', zone, expected)
}

/** What looks like an IANA name; of the bare abbreviations only IANA's own, since `CST` is Chicago to some runtimes. */
const zoneName =
  /^(?![A-Z]{3}$)[A-Z][\w+-]*(\/[A-Z][\w+-]*)*$|^(CET|EET|EST|GMT|HST|MET|MST|PRC|ROC|ROK|UCT|UTC|WET)$/

function checkName(zone: unknown): void {
  if (typeof zone !== 'string' || zone.length > 64 || !zoneName.test(zone)) unknownZone(zone)
}

/**
 * Reads a zone's offset in milliseconds from the runtime, to the second. (`tzOffset` of @date-fns/tz takes -00:44:30
 * for +00:44:30, Liberia's clock until 1972, and reads an offset out of any name that ends in one.)
 */
function readerOf(zone: string): (at: Instant) => number {
  checkName(zone)
  let format: (at: Instant) => string
  try {
    format = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' }).format
  } catch {
    return unknownZone(zone)
  }
  return (at) => {
    const [, sign, hours = 0, minutes = 0, seconds = 0] =
      /GMT(?:([+-])(\d+)(?::(\d+))?(?::(\d+))?)?$/.exec(format(at)) ?? unknownZone(zone)
    const offset = Number(hours) * 3_600_000 + Number(minutes) * 60_000 + Number(seconds) * 1000
    return sign === '-' && offset > 0 ? -offset : offset
  }
}

/** The first day of the unit that holds a day, or of one of the following. */
function firstDay(unit: CalendarUnit, day: number, following: number): number {
  if (unit === 'day') return day + following
  if (unit === 'week') return day - weekdayOf(day) + 1 + 7 * following
  const months = unit === 'month' ? 1 : unit === 'quarter' ? 3 : 12
  return dayOfMonthIndex((Math.floor(monthIndexOf(day) / months) + following) * months)
}

/** The same day of a later month, or its last. */
function addMonths(day: number, months: number): number {
  const date = civilOf(day)
  const index = date.year * 12 + date.month - 1 + months
  return Math.min(dayOfMonthIndex(index) + date.day, dayOfMonthIndex(index + 1)) - 1
}

function localTimeOf(local: LocalTimeInput): number {
  const { year, month, day, hour = 0, minute = 0, second = 0, millisecond = 0 } = local
  const time =
    dayOf(year, month, day) * DAY + hour * 3_600_000 + minute * 60_000 + second * 1000 + millisecond
  // What no calendar has reads back as something else.
  const read = partsOfTime(time)
  const holds =
    year >= 1 &&
    year <= 9999 &&
    read.year === year &&
    read.month === month &&
    read.day === day &&
    read.hour === hour &&
    read.minute === minute &&
    read.second === second &&
    read.millisecond === millisecond &&
    Number.isInteger(time)
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
  return Math.min(Math.max(at, firstInstant), lastInstant)
}
