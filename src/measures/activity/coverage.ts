import type { Instant } from '../../kernel/index.js'
import { type EventChoice, patternsOf } from './event-choice.js'

/** A time in which events were not tracked: nothing then is not a zero. */
export interface TrackingGap {
  readonly from: Instant
  /** Exclusive; still open unless told. */
  readonly to?: Instant
  /** The type that was not tracked; every type unless told. */
  readonly event?: string
}

/**
 * The share of a span in which a choice of events was tracked. Where several types are chosen and one was not tracked, the
 * choice was not: an event that is missing may have been of that type. A span without a beginning is tracked wholly or not.
 */
export function coverageOf(
  gaps: readonly TrackingGap[],
  choice: EventChoice,
  { from, to }: { readonly from: number; readonly to: number },
): number {
  const types = patternsOf(choice).flatMap(({ event }): readonly (string | null)[] =>
    event === undefined ? [null] : typeof event === 'string' ? [event] : event,
  )
  const cut = gaps
    .filter(({ event }) => event === undefined || types.includes(null) || types.includes(event))
    .map((gap) => ({ from: Math.max(gap.from, from), to: Math.min(gap.to ?? Infinity, to) }))
    .filter((gap) => gap.to > gap.from)
    .sort((a, b) => a.from - b.from)
  if (cut.length === 0) return 1
  if (!Number.isFinite(to - from)) return 0
  let [hidden, until] = [0, from]
  for (const gap of cut) {
    hidden += Math.max(0, gap.to - Math.max(gap.from, until))
    until = Math.max(until, gap.to)
  }
  return 1 - hidden / (to - from)
}
