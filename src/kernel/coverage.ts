import type { AnyEvent } from './event.js'
import { firstInstant, type Instant } from './instant.js'
import { own } from './plain.js'

/** The fact that says what is tracked. */
export const COVERAGE = 'coverage-changed'

/**
 * Declares the fact `coverage-changed` in a catalogue: that an event (all of them, where it is left out) is tracked from
 * here on, or no longer. A comparison over a gap is not observed, and fires no rule.
 *
 * @example
 * defineEvents({ 'order-paid': { amount: money('CNY') }, ...coverage() })
 */
export const coverage = (): {
  readonly [COVERAGE]: {
    readonly event: { readonly type: 'text'; readonly required: false }
    readonly observed: { readonly type: 'boolean' }
  }
} => ({ [COVERAGE]: { event: { type: 'text', required: false }, observed: { type: 'boolean' } } })

/** A time in which an event was not tracked. */
export interface Gap {
  readonly from: Instant
  /** Infinity while it is open. */
  readonly to: Instant
}

/** `[from, until)` in which a gap could hide something from a fact. */
export type Shadow = readonly [from: Instant, until: Instant]

/** By event: its gaps, the last of which may be open. */
export type CoverageTrack = {
  readonly [event: string]: readonly (readonly [from: Instant, to: Instant | null])[]
}

/** The gaps in the tracking of one event. */
export const gapsOf = (track: CoverageTrack, event: string): readonly Gap[] =>
  (own(track, event) ?? []).map(([from, to]) => ({ from, to: to ?? Infinity }))

/** The track after `coverage-changed`; of events that no fact hears nothing is kept. */
export function noteCoverage(
  track: CoverageTrack,
  { occurredAt, data }: AnyEvent,
  heard: Iterable<string>,
): CoverageTrack {
  const { event, observed } = data as { readonly event?: string; readonly observed: boolean }
  const noted: { [event: string]: CoverageTrack[string] } = { ...track }
  for (const type of heard) {
    if (event !== undefined && event !== type) continue
    const gaps = own(track, type)
    const last = gaps?.at(-1)
    if (observed) {
      if (gaps === undefined) noted[type] = [[firstInstant, occurredAt]]
      else if (last?.[1] === null) {
        // What was closed at once hid nothing.
        const closed: CoverageTrack[string] = last[0] === occurredAt ? [] : [[last[0], occurredAt]]
        noted[type] = [...gaps.slice(0, -1), ...closed]
      }
    } else if (last === undefined || last[1] !== null) noted[type] = [...(gaps ?? []), [occurredAt, null]]
  }
  return noted
}
