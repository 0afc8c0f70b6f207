import type { Instant } from '../instant.js'
import {
  after,
  firstFrom,
  insert,
  items,
  lastBefore,
  remove,
  type Sorted,
  type SortedOrder,
} from '../sorted.js'

/**
 * Of the events in a window, those that may still be the one that is asked for: in the order in which they leave, each
 * is it from when the one before has left. Events that another outlives and outdoes are not kept.
 */
export interface Front<V> {
  readonly front: Sorted<Standing<V>, Instant> | null
}
export type Standing<V> = readonly [leavesAt: Instant, value: V]

export const byDeparture: SortedOrder<Standing<unknown>, Instant> = {
  key: (standing) => standing[0],
  compare: (a, b) => a - b,
}
const order = <V>() => byDeparture as SortedOrder<Standing<V>, Instant>

/** The one that is asked for at an instant. */
export const standingAt = <V>({ front }: Front<V>, asOf: Instant): Standing<V> | undefined =>
  front === null || front.to <= asOf ? undefined : firstFrom(front, ([leavesAt]) => leavesAt > asOf)

/** The front when one more arrives that says `value` and leaves at `leavesAt`, of which the earlier ones come first. */
export function joinedFirst<V>({ front }: Front<V>, at: Instant, [leavesAt, value]: Standing<V>): Front<V> {
  const kept = after(order<V>(), front, at)
  if (kept === null) return { front: insert(order<V>(), null, [leavesAt, value]) }
  // One that leaves before an earlier one is never the first.
  if (kept.to >= leavesAt) return { front: kept }
  const last = lastBefore(order<V>(), kept, leavesAt)!
  // One that says the same goes on where that one ends.
  const rest = last[1] === value ? remove(order<V>(), kept, last[0]) : kept
  return { front: insert(order<V>(), rest, [leavesAt, value]) }
}

/** The front when one more arrives, of which the smallest comes first. */
export function joinedLeast(
  { front }: Front<number>,
  at: Instant,
  [leavesAt, value]: Standing<number>,
): Front<number> {
  let kept = after(order<number>(), front, at)
  const outliving = kept === null ? undefined : firstFrom(kept, ([other]) => other >= leavesAt)
  if (outliving !== undefined && outliving[1] <= value) return { front: kept }
  for (;;) {
    const outdone = lastBefore(order<number>(), kept, leavesAt)
    if (outdone === undefined || outdone[1] < value) break
    kept = remove(order<number>(), kept, outdone[0])
  }
  return { front: insert(order<number>(), kept, [leavesAt, value]) }
}

/** Next instant after `asOf` at which the smallest value leaves, or enters, a closed interval. */
export function leastCrossing(
  track: Front<number>,
  asOf: Instant,
  low: number,
  high: number,
): Instant | undefined {
  const now = standingAt(track, asOf)
  // It only grows: beyond the interval it comes back no more.
  if (now === undefined || now[1] > high) return undefined
  const { front } = track
  const wanted = now[1] < low ? low : high + 1
  const next = firstFrom(front, ([leavesAt, value]) => leavesAt > asOf && value >= wanted)
  // Where none is beyond the interval, it ends with the last one.
  if (next === undefined) return now[1] < low ? undefined : front!.to
  return lastBefore(order<number>(), front, next[0])![0]
}

/** The front with its values replaced. */
export function mapFront<V>(track: Front<V>, replaced: (value: V) => V): Front<V> {
  let front: Front<V>['front'] = null
  for (const [leavesAt, value] of items(order<V>(), track.front))
    front = insert(order<V>(), front, [leavesAt, replaced(value)])
  return { front }
}
