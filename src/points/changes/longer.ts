import { DAY } from '../../kernel/civil.js'
import { canonical, type Duration } from '../../kernel/index.js'
import { isRecord } from '../../kernel/plain.js'

const HOUR = 3_600_000

/** How one length stands to another: always at least, always at most, or nobody can say without a date. */
export type LengthOrder = 'same' | 'longer' | 'shorter' | 'unknown'

/** What units are at least and at most, and how much one can be off: clocks that change, months of other lengths. */
const spans: { readonly [unit: string]: readonly [least: number, most: number, off: number] } = {
  seconds: [1000, 1000, 0],
  minutes: [60_000, 60_000, 0],
  hours: [HOUR, HOUR, 0],
  // A zone that moves over the date line skips a day.
  days: [DAY, DAY, 26 * HOUR],
  weeks: [7 * DAY, 7 * DAY, 26 * HOUR],
  months: [30.4 * DAY, 30.5 * DAY, 4 * DAY],
  years: [365.2 * DAY, 365.3 * DAY, 4 * DAY],
}
const ends: { readonly [unit: string]: number } = {
  day: 2 * DAY,
  week: 9 * DAY,
  month: 33 * DAY,
  quarter: 94 * DAY,
  year: 368 * DAY,
}

/**
 * Whether a length is longer than another from whatever date it is counted. What is not known to be is `unknown`: lengths
 * in units that no fixed number of the other makes, and shapes that are no duration of today's.
 */
export function orderOf(before: Duration, after: Duration): LengthOrder {
  if (canonical(before) === canonical(after)) return 'same'
  const [old, next] = [read(before), read(after)]
  if (old === undefined || next === undefined) return 'unknown'
  const sameShape = old.unit === next.unit && canonical(old.more) === canonical(next.more)
  if (sameShape) return next.count > old.count ? 'longer' : 'shorter'
  // The same, and on to the end of what is reached.
  if (old.unit === next.unit && old.count <= next.count && isPlain(old) && isEnd(next)) return 'longer'
  if (old.unit === next.unit && old.count >= next.count && isEnd(old) && isPlain(next)) return 'shorter'
  const [a, b] = [bounds(old), bounds(next)]
  if (a === undefined || b === undefined) return 'unknown'
  return b.least > a.most ? 'longer' : b.most < a.least ? 'shorter' : 'unknown'
}

interface Length {
  readonly unit: string
  readonly count: number
  readonly more: { readonly [key: string]: unknown }
}

const isPlain = ({ more }: Length) => Object.keys(more).length === 0
const isEnd = ({ more }: Length) => Object.keys(more).join() === 'end'

/** Whether something is a length of so many of one unit, and nothing that only later versions know. */
export const isLength = (value: unknown): value is Duration => {
  const length = read(value as Duration)
  return length !== undefined && UNITS.includes(length.unit)
}

const UNITS = [...Object.keys(spans), 'businessDays', 'workHours', 'workMinutes']

/** Another part of the engine may have lengths of other shapes: those are none that can be compared. */
function read(given: Duration): Length | undefined {
  if (!isRecord(given as unknown)) return undefined
  const { at, end, ...span } = given as unknown as { readonly [key: string]: unknown }
  const more = { ...(at !== undefined && { at }), ...(end !== undefined && { end }) }
  const [unit = '', ...others] = Object.keys(span)
  const count = span[unit]
  return others.length === 0 && typeof count === 'number' ? { unit, count, more } : undefined
}

function bounds({ unit, count, more }: Length) {
  const span = spans[unit]
  if (span === undefined) return undefined
  const [least, most, off] = span
  const { at, end } = more
  const further = end === undefined ? 0 : ends[end === true ? 'day' : String(end)]
  if (further === undefined) return undefined
  const clock = at === undefined ? 0 : DAY
  return { least: count * least - off - clock, most: count * most + off + clock + further }
}
