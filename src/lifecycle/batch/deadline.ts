import { DAY } from '../../kernel/civil.js'
import { exactLength, partsOf, workLength } from '../../kernel/duration.js'
import type { Calendar, Duration, Instant } from '../../kernel/index.js'
import { lastInstant } from '../../kernel/instant.js'
import { zoneOf } from '../../kernel/tzdata.js'
import type { Zone } from '../../kernel/zone.js'

/** Adds a duration to millions of instants: `calendar.adder` to the last millisecond, and for most instants without asking it. */
export interface Deadline {
  add(from: Instant): Instant
  /** No deadline is sooner than this after its start, but for those that the end of time cuts off. */
  readonly least: number
  /** Milliseconds of whole local days, where it is nothing else; -1 of others. */
  readonly days: number
}

/** Deadlines of one calendar, and what they know of its zone. */
export interface Deadlines {
  of(span: Duration): Deadline
  /**
   * By UTC day since 1970, the zone's offset; below `CALM` where a clock changes within six hours of the day, where one is set by more than
   * two hours or more than one is set within three days, or where nobody looked yet. Every local time near another day is shown once, so
   * that whole days between two days whose offsets are near (`NEAR`) are a sum.
   */
  readonly offsets: Int32Array
}

/** Offsets are greater. */
export const CALM = -0x4000_0000
/** The most by which the offsets of two days may differ for it; clocks are set by an hour. */
export const NEAR = 7_200_000
const UNKNOWN = -0x8000_0000
const ROUGH = -0x7fff_ffff
/** Until the year 2170. */
const DAYS = 73_050
const AROUND = 3 * DAY
const BESIDE = 21_600_000

/** The offset of a UTC day, if local times near it are plain. */
function calmOffset({ nextChange, offsetAt }: Zone, start: Instant): number {
  const [first, last] = [start - AROUND, start + DAY + AROUND]
  const change = nextChange(first)
  const before = offsetAt(first)
  if (change > last) return before
  const after = offsetAt(change)
  if (nextChange(change) <= last || Math.abs(after - before) > NEAR) return ROUGH
  if (change <= start - BESIDE) return after
  return change > start + DAY + BESIDE ? before : ROUGH
}

/** Deadlines made ready for loops. */
export function deadlinesIn(calendar: Calendar): Deadlines {
  const zone = zoneOf(calendar.definition)
  const offsets = new Int32Array(DAYS).fill(UNKNOWN)
  const offsetOf = (at: Instant): number => {
    const day = Math.floor(at / DAY)
    if (!(day >= 0 && day < DAYS)) return ROUGH
    const known = offsets[day]!
    if (known !== UNKNOWN) return known
    const offset = calmOffset(zone, day * DAY)
    offsets[day] = offset
    return offset
  }
  const deadlineOf = (span: Duration): Deadline => {
    const least = leastLength(span)
    const exact = exactLength(span)
    if (exact !== undefined) return { add: (from) => Math.min(from + exact, lastInstant), least, days: -1 }
    const add = calendar.adder(span)
    const { unit, count, clock, end } = partsOf(span)
    const plain = (unit === 'days' || unit === 'weeks') && clock === undefined && end === undefined
    if (!plain) return { add, least, days: -1 }
    const days = (unit === 'days' ? count : 7 * count) * DAY
    return {
      add(from) {
        const before = offsetOf(from)
        const moved = from + days
        const after = offsetOf(moved)
        const near = before > CALM && after > CALM && Math.abs(before - after) <= NEAR
        return near ? moved + before - after : add(from)
      },
      least,
      days,
    }
  }
  return { of: deadlineOf, offsets }
}

/** A length that no such span is shorter than; it may be below 0, and then says nothing. */
function leastLength(span: Duration): number {
  const sure = exactLength(span) ?? workLength(span)
  if (sure !== undefined) return sure
  const { unit, count, clock } = partsOf(span)
  const days = { days: count, weeks: 7 * count, months: 28 * count, years: 365 * count, businessDays: count }[
    unit as string
  ]
  // Clocks may skip a day, and another is lost where the time of day is set.
  return ((days ?? 0) - (clock === undefined ? 2 : 3)) * DAY
}
