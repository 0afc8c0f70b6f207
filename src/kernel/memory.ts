import type { Cause } from './event.js'
import type { Instant } from './instant.js'
import { get, insert, type Sorted, type SortedOrder } from './sorted.js'

/** An accepted input: its id, the digest of its content, when it was true, and the version it made. */
type Accepted = readonly [id: string, digest: number, at: Instant, version: number]

/**
 * The ids of accepted inputs, for the length of the idempotency window. Two generations: when the younger one spans a
 * window, the older is dropped whole, so forgetting costs nothing and memory is bounded by two windows of inputs.
 */
export interface Memory {
  readonly young: Sorted<Accepted, string> | null
  readonly old: Sorted<Accepted, string> | null
  /** When the younger generation began. */
  readonly since: Instant | null
}

export const emptyMemory: Memory = { young: null, old: null, since: null }

export const byId: SortedOrder<Accepted, string> = {
  key: (accepted) => accepted[0],
  compare: (a, b) => (a < b ? -1 : a > b ? 1 : 0),
  amount: () => 0,
}

/** What is remembered of an id, unless it was true before `threshold`. */
export function recall(memory: Memory, id: string, threshold: Instant): Accepted | undefined {
  const accepted = get(byId, memory.young, id) ?? get(byId, memory.old, id)
  return accepted !== undefined && accepted[2] >= threshold ? accepted : undefined
}

/** Remembers an input; `window` in milliseconds. */
export function remember(memory: Memory, cause: Cause, at: Instant, version: number, window: number): Memory {
  const turn = memory.since === null || at - memory.since > window
  const accepted: Accepted = [cause.input, cause.digest, at, version]
  return turn
    ? { young: insert(byId, null, accepted), old: memory.young, since: at }
    : { young: insert(byId, memory.young, accepted), old: memory.old, since: memory.since }
}
