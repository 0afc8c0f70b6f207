import type { CalendarDefinition } from '../calendar.js'
import { DAY, dayOfMonthIndex } from '../civil.js'
import { canonical } from '../digest.js'
import { type Duration, exactLength, partsOf, workLength } from '../duration.js'
import type { Window } from '../fact.js'
import { spanOf, unitOf } from '../window.js'

/** A duration and the calendar that it counts in; exact ones need none. */
export interface Length {
  readonly duration: Duration
  readonly calendar: CalendarDefinition | undefined
}
/** A window and the calendar that it counts in; without one all that ever happened. */
export interface Windowed {
  readonly window: Window | undefined
  readonly calendar: CalendarDefinition | undefined
}

type Bounds = readonly [least: number, most: number]

/** Whether clocks never change, so that days are as long as 24 hours. */
const isFixed = (calendar: CalendarDefinition | undefined): boolean =>
  calendar === undefined ||
  (calendar.transitions === undefined ? calendar.zone === 'UTC' : calendar.transitions.at.length === 0)

const isSameCalendar = (a: CalendarDefinition | undefined, b: CalendarDefinition | undefined): boolean =>
  a === b || (a !== undefined && b !== undefined && canonical(a) === canonical(b))

/** No zone's clocks differ by more than 32 hours from what they showed at another time. */
const CLOCKS = 2 * DAY
/** Days that a unit has at most; a retail year has up to 53 weeks, and its periods up to five and fourteen. */
const unitDays: { readonly [unit: string]: number } = {
  day: 1,
  week: 7,
  month: 31,
  quarter: 92,
  year: 366,
  'fiscal-month': 42,
  'fiscal-quarter': 98,
  'fiscal-year': 371,
}

/** How many months a duration moves the date by. */
function monthsOf(duration: Duration): number | undefined {
  const { unit, count } = partsOf(duration)
  return unit === 'months' ? count : unit === 'years' ? 12 * count : undefined
}

/** By how many dates a duration moves, at least and at most. */
function datesOf(duration: Duration): Bounds | undefined {
  const { unit, count } = partsOf(duration)
  if (unit === 'days') return [count, count]
  if (unit === 'weeks') return [7 * count, 7 * count]
  if (unit === 'next') return [1, 7]
  if (unit === 'businessDays') return [count, Infinity]
  const months = monthsOf(duration)
  return months === undefined ? undefined : datesOfMonths(months)
}

/** The fewest and most days of so many months in a row, wherever in the 400 years of the calendar they lie. */
function datesOfMonths(months: number): Bounds {
  const cycles = Math.floor(months / 4800)
  const rest = months - 4800 * cycles
  let known = spans.get(rest)
  if (known === undefined) {
    let least = Infinity
    let most = 0
    for (let start = 0; start < 4800; start++) {
      const days = dayOfMonthIndex(start + rest) - dayOfMonthIndex(start)
      least = Math.min(least, days)
      most = Math.max(most, days)
    }
    known = [least, most]
    spans.set(rest, known)
  }
  return [cycles * 146_097 + known[0], cycles * 146_097 + known[1]]
}

/** Counted once; there are no more than 4,800 of them. */
const spans = new Map<number, Bounds>()

/** How long a duration takes, at least and at most, wherever it begins: in milliseconds. */
function boundsOf({ duration, calendar }: Length, clocks = isFixed(calendar) ? 0 : CLOCKS): Bounds {
  const memo = clocks === 0 ? unmoved : moved
  let known = memo.get(duration)
  if (known === undefined) {
    known = measured(duration, clocks)
    memo.set(duration, known)
  }
  return known
}

const unmoved = new WeakMap<Duration, Bounds>()
const moved = new WeakMap<Duration, Bounds>()

function measured(duration: Duration, clocks: number): Bounds {
  const exact = exactLength(duration)
  if (exact !== undefined) return [exact, exact]
  const work = workLength(duration)
  if (work !== undefined) return [0, work === 0 ? 0 : Infinity]
  const [least, most] = datesOf(duration)!
  const { clock, end } = partsOf(duration)
  if (most === 0 && clock === undefined && end === undefined) return [0, 0]
  const low = least * DAY - clocks
  const high = most * DAY + clocks
  // A time of the day may lie before the one at which it began.
  if (clock !== undefined) return [low - DAY, high + DAY]
  return [Math.max(0, low), end === undefined ? high : high + (unitDays[end]! + 1) * DAY]
}

/**
 * Whether one length never ends later than another, begun together at any moment. Short of the end of the calendar, in
 * 9999, beyond which no span reaches.
 */
export function isNoLonger(a: Length, b: Length): boolean {
  if (boundsOf(a)[1] <= boundsOf(b)[0]) return true
  if (!isSameCalendar(a.calendar, b.calendar)) return false
  return isNoLongerThere(a, b)
}

/** In one calendar: by dates, of which a later one is never earlier. */
function isNoLongerThere(a: Length, b: Length): boolean {
  const one = partsOf(a.duration)
  const other = partsOf(b.duration)
  const sameClock = one.clock === other.clock && one.end === other.end
  if (one.unit === 'next' || other.unit === 'next')
    return one.unit === other.unit && one.count === other.count && sameClock
  const plain = one.clock === undefined && one.end === undefined && other.clock === undefined
  if (!sameClock && !plain) return false
  const [work, working] = [workLength(a.duration), workLength(b.duration)]
  if (work !== undefined && working !== undefined) return work <= working
  if (one.unit === 'businessDays' && other.unit === 'businessDays') return one.count <= other.count
  const [months, more] = [monthsOf(a.duration), monthsOf(b.duration)]
  if (months !== undefined && more !== undefined && months <= more) return true
  const [dates, later] = [datesOf(a.duration), datesOf(b.duration)]
  if (dates === undefined || later === undefined) return false
  if (dates[0] === later[1] && dates[1] === later[0]) return true
  // Clocks of zones skip no more than a day; those of a written table may.
  return dates[1] + (a.calendar?.transitions === undefined ? 0 : 1) <= later[0]
}

/** Whether one length always ends before another, begun together. */
export const isShorter = (a: Length, b: Length): boolean => boundsOf(a)[1] < boundsOf(b)[0]

/** Whether a length that begins no later than another never ends later. */
export const isOverBefore = (a: Length, b: Length): boolean => boundsOf(a)[1] <= boundsOf(b)[0]

/** Whether a length always takes some time. */
export const takesTime = (a: Length): boolean => boundsOf(a)[0] > 0

/** Whether a length takes no time, or less. */
export const takesNone = (a: Length): boolean => boundsOf(a)[1] <= 0

/** Whether a later beginning always means a later end, or the same. */
export const isSteady = ({ duration, calendar }: Length): boolean => {
  if (exactLength(duration) !== undefined) return true
  const { unit, clock, end } = partsOf(duration)
  return (
    isFixed(calendar) && (unit === 'days' || unit === 'weeks') && clock === undefined && end === undefined
  )
}

/** Whether what counts in one window counts in the other at the same moment. */
export function isInside(a: Windowed, b: Windowed): boolean {
  if (b.window === undefined) return true
  if (a.window === undefined) return false
  const [unit, around] = [unitOf(a.window), unitOf(b.window)]
  const span = spanOf(b.window)
  if (unit === undefined) {
    if (span === undefined) return false
    const inner = { duration: spanOf(a.window)!, calendar: a.calendar }
    return isNoLonger(inner, { duration: span, calendar: b.calendar })
  }
  if (span !== undefined) return reachOf(a)! <= boundsOf({ duration: span, calendar: b.calendar })[0]
  if (around === undefined || !isSameCalendar(a.calendar, b.calendar)) return false
  if (unit.unit === around.unit) return unit.back === around.back
  return unit.back === 0 && around.back === 0 && nested[unit.unit]?.includes(around.unit) === true
}

/** Units that are made of whole ones of another. */
const nested: { readonly [unit: string]: readonly string[] } = {
  day: ['week', 'month', 'quarter', 'year'],
  month: ['quarter', 'year'],
  quarter: ['year'],
}

/** How long ago, at most, what counts in a window happened, in milliseconds; `undefined` without a window. */
export function reachOf({ window, calendar }: Windowed): number | undefined {
  if (window === undefined) return undefined
  const unit = unitOf(window)
  if (unit === undefined) return boundsOf({ duration: spanOf(window)!, calendar })[1]
  return (unit.back + 1) * unitDays[unit.unit]! * DAY + (isFixed(calendar) ? 0 : CLOCKS)
}

/** Days that a unit has at least. */
const leastDays: { readonly [unit: string]: number } = { day: 1, week: 7, month: 28, quarter: 90, year: 365 }

/** Whether what counts in a window that rolls always lies in the unit that runs or in the one before. */
export function isInLastTwo(a: Windowed, unit: string, calendar: CalendarDefinition | undefined): boolean {
  if (a.window === undefined || unitOf(a.window) !== undefined) return false
  return reachOf(a)! <= leastDays[unit]! * DAY - (isFixed(calendar) ? 0 : CLOCKS)
}

/** Whether a window may reach further back than a length; clocks that change are not counted. */
export function reachesBeyond(window: Window, length: Length): boolean {
  const unit = unitOf(window)
  const least = boundsOf(length, 0)[0]
  if (unit !== undefined) return (unit.back + 1) * unitDays[unit.unit]! * DAY > least
  const own: Length = { duration: spanOf(window)!, calendar: length.calendar }
  return !isNoLonger(own, length) && boundsOf(own, 0)[1] > least
}

/** So many units of the calendar, in milliseconds, at most. */
export const unitsLast = (unit: string, count: number, calendar: CalendarDefinition | undefined): number =>
  unitDays[unit]! * count * DAY + (isFixed(calendar) ? 0 : CLOCKS)

/** Whether a length always takes at least so many milliseconds. */
export const lastsAtLeast = (length: Length, milliseconds: number): boolean =>
  boundsOf(length)[0] >= milliseconds
