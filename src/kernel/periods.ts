import type { Calendar } from './calendar.js'
import { DAY, dateText, dayOfMonthIndex, monthIndexOf, monthText, two } from './civil.js'
import { unknownName } from './errors.js'
import { firstInstant, type Instant, lastInstant, minutesOf } from './instant.js'
import { zoneOf } from './tzdata.js'

/** What time is cut into when people are counted; weeks and days begin as the calendar says. */
export type PeriodUnit = 'hour' | 'day' | 'week' | 'month' | 'quarter' | 'year'

/** The units, the shortest first. */
export const periodUnits: readonly PeriodUnit[] = ['hour', 'day', 'week', 'month', 'quarter', 'year']

/**
 * Periods of the local clock, numbered without gaps: months as `year * 12 + month - 1`, days from 1970-01-01, hours as the
 * clock on the wall shows them. An hour that clocks show twice is one period, one that they skip is a period without
 * an instant.
 */
export interface Periods {
  readonly unit: PeriodUnit
  /** The number of the period that the local clock is in. */
  indexOf(at: Instant): number
  /** The first instant at which the clock shows the period, or a later one where it is skipped; `Infinity` past the year 9999. */
  startOf(index: number): Instant
  /**
   * The instant from which the clock never shows the period, or an earlier one, again; `Infinity` past the year 9999. Clocks
   * set back just after midnight return to it: St John's read 2009-11-01 00:00 for a minute, and then October for another hour.
   */
  endOf(index: number): Instant
  /** The latest period that the clock has shown by an instant: in the hour that St John's had twice, November. */
  latestBy(at: Instant): number
  /** The periods of a span by slots, for loops over millions of instants in it; `undefined` where it is too long for that. */
  tableOf(from: Instant, to: Instant): PeriodTable | undefined
  /** `2024-03`, `2024-03-05` (weeks by their first day), `2024-03-05T09`, `2024-Q1`, `2024`. */
  nameOf(index: number): string
}

/**
 * The instant `at` lies in slot `floor(at / width) - first`; its period is `codes[slot]`, and from `fences[slot]` on the next one.
 * Where `codes[slot]` is `MIXED`, it is to be asked for.
 */
export interface PeriodTable {
  readonly width: number
  readonly first: number
  readonly codes: Int32Array
  readonly fences: Float64Array
}

/** A slot in which more than two periods meet; far enough from 2^31 that the base of a row can be taken off. */
export const MIXED = -1_073_741_824

/** Twelve years of hours, three thousand of days: more are not worth their memory. */
const mostSlots = 1_000_000

const HOUR = 3_600_000

/**
 * The periods of a calendar.
 *
 * @throws DefinitionError `unknown-name` at `$.period` for another unit.
 * @example
 * const months = periodsOf(calendarOf({ zone: 'Asia/Shanghai' }), 'month')
 * months.nameOf(months.indexOf(instant('2024-03-31T17:00:00Z'))) // => '2024-04'
 */
export function periodsOf(calendar: Calendar, unit: PeriodUnit): Periods {
  if (!periodUnits.includes(unit)) throw unknownName('$.period', unit, periodUnits)
  const zone = zoneOf(calendar.definition)
  const { dayStart = '00:00', weekStart = 1 } = calendar.definition
  const lead = unit === 'hour' ? 0 : minutesOf(dayStart) * 60_000
  const months = { month: 1, quarter: 3, year: 12 }[unit as string] ?? 0
  // Day number -3 is Monday, 29 December 1969.
  const firstWeek = weekStart - 4

  const indexOfDay = (day: number): number => {
    if (unit === 'day') return day
    return unit === 'week' ? Math.floor((day - firstWeek) / 7) : Math.floor(monthIndexOf(day) / months)
  }
  const firstDayOf = (index: number): number => {
    if (unit === 'day') return index
    return unit === 'week' ? index * 7 + firstWeek : dayOfMonthIndex(index * months)
  }
  // Near the ends of time local clocks show the years 0 and 10000; those hours stay with what is next to them.
  const indexOfLocal = (shown: number): number => {
    const local = Math.min(Math.max(shown, firstInstant + lead), lastInstant)
    return unit === 'hour' ? Math.floor(local / HOUR) : indexOfDay(Math.floor((local - lead) / DAY))
  }
  /** When a period begins on the local clock. */
  const localStart = (index: number): number =>
    unit === 'hour' ? index * HOUR : firstDayOf(index) * DAY + lead
  const startOf = (index: number): Instant => {
    const local = localStart(index)
    return local > lastInstant ? Infinity : Math.max(zone.resolve(local, 'edge'), firstInstant)
  }
  const exactly = (at: Instant): number => indexOfLocal(at + zone.offsetAt(at))
  // Made when first needed: a calendar that counts a dozen instants does without.
  let made: PeriodSlots | undefined
  const slotsOf = (): PeriodSlots => {
    made ??= slotted(unit === 'hour' || unit === 'day' ? HOUR : DAY, (from, to) => {
      const offset = zone.offsetAt(from)
      const index = indexOfLocal(from + offset)
      const fence = localStart(index + 1) - offset
      const known = from + offset >= firstInstant + lead && to + offset <= lastInstant
      const plain = known && zone.nextChange(from) >= to && to <= localStart(index + 2) - offset
      // In the middle of a month no change of the clock matters: offsets lie less than two days apart.
      const inside = known && indexOfLocal(from + offset - 2 * DAY) === indexOfLocal(to + offset + 2 * DAY)
      return { index, fence: plain ? fence : inside ? Infinity : Number.NaN }
    })
    return made
  }
  /** Until when the period of an instant lasts, if nothing else happens in its slot. */
  const fenceOf = (at: Instant): number => {
    const { width, mask, slots, fences, fill } = slotsOf()
    const slot = Math.floor(at / width)
    if (slots[slot & mask] !== slot) fill(slot)
    return fences[slot & mask]!
  }
  const indexOf = (at: Instant): number => {
    const { width, mask, slots, indexes, fences, fill } = made ?? slotsOf()
    const slot = Math.floor(at / width)
    const place = slot & mask
    if (slots[place] !== slot) fill(slot)
    const fence = fences[place]!
    if (at < fence) return indexes[place]!
    return at >= fence ? indexes[place]! + 1 : exactly(at)
  }
  const endOf = (index: number): Instant => {
    const wanted = localStart(index + 1)
    const next = startOf(index + 1)
    if (next > lastInstant) return Infinity
    const change = zone.nextChange(next)
    if (change - next >= DAY || change > lastInstant) return next
    const offset = zone.offsetAt(change)
    return change + offset < wanted ? wanted - offset : next
  }

  return {
    unit,
    indexOf,
    tableOf(from, to) {
      const { width } = slotsOf()
      const first = Math.floor(from / width)
      const slots = Math.floor(to / width) - first + 1
      if (slots > mostSlots) return undefined
      const codes = new Int32Array(slots)
      const fences = new Float64Array(slots)
      for (let i = 0; i < slots; i++) {
        const start = Math.max((first + i) * width, firstInstant)
        const fence = fenceOf(start)
        codes[i] = Number.isNaN(fence) ? MIXED : indexOf(start)
        fences[i] = fence
      }
      return { width, first, codes, fences }
    },
    startOf,
    endOf,
    latestBy(at) {
      let index = indexOf(at)
      // Clocks may go back over many hours: Kwajalein had a day twice.
      while (startOf(index + 1) <= at) index++
      return index
    },
    nameOf(index) {
      if (unit === 'hour')
        return `${dateText(Math.floor(index / 24))}T${two(index - Math.floor(index / 24) * 24)}`
      const day = firstDayOf(index)
      if (unit === 'day' || unit === 'week') return dateText(day)
      if (unit === 'month') return monthText(day)
      const year = monthText(day).slice(0, 4)
      return unit === 'year' ? year : `${year}-Q${index - Math.floor(index / 4) * 4 + 1}`
    },
  }
}

/**
 * Period numbers by equal slots of time, kept where they were found: most slots lie in one period, some in two, and then a
 * comparison with the `fence` between them says which. Slots in which more happens have NaN for a fence, and are asked for
 * exactly. Time zones cost nothing by this, however many events there are. Slot `s` is kept at place `s & mask`, if `slots`
 * says so.
 */
interface PeriodSlots {
  readonly width: number
  readonly mask: number
  readonly slots: Int32Array
  readonly indexes: Int32Array
  readonly fences: Float64Array
  /** Looks a slot up and keeps it at its place. */
  fill(slot: number): void
}

const NONE = 0x7fff_ffff

function slotted(
  width: number,
  look: (from: Instant, to: Instant) => { readonly index: number; readonly fence: number },
): PeriodSlots {
  const size = width === HOUR ? 32_768 : 4096
  const slots = new Int32Array(size).fill(NONE)
  const indexes = new Int32Array(size)
  const fences = new Float64Array(size)
  const first = Math.ceil(firstInstant / width)
  const last = Math.floor(lastInstant / width) - 1
  return {
    width,
    mask: size - 1,
    slots,
    indexes,
    fences,
    fill(slot) {
      const place = slot & (size - 1)
      const inside = slot >= first && slot <= last
      const { index, fence } = inside
        ? look(slot * width, (slot + 1) * width)
        : { index: 0, fence: Number.NaN }
      slots[place] = inside ? slot : NONE
      indexes[place] = index
      fences[place] = fence
    },
  }
}
