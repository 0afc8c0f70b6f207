import type { Cause } from './event.js'
import type { Instant } from './instant.js'
import { byCodeUnit, get, insertAll, type Sorted, type SortedOrder } from './sorted.js'

/** An accepted input: its id, the digest of its content, when it was true, and the version it made. */
type Accepted = readonly [id: string, digest: number, at: Instant, version: number]

/**
 * The ids of accepted inputs, for the length of the idempotency window. Two generations: when the younger one spans a
 * window, the older is dropped whole, so forgetting costs nothing and memory is bounded by two windows of inputs. The latest
 * few of the younger one stand in a list: most subjects have no more, and for the others the tree is changed once for all of them.
 */
export interface Memory {
  readonly latest: readonly Accepted[]
  readonly young: Sorted<Accepted, string> | null
  readonly old: Sorted<Accepted, string> | null
  /** When the younger generation began. */
  readonly since: Instant | null
}

export const emptyMemory: Memory = { latest: [], young: null, old: null, since: null }

/** How many ids stand in the list: looked through one by one, copied with each input. */
const LATEST = 32

export const byId: SortedOrder<Accepted, string> = {
  key: (accepted) => accepted[0],
  before: (accepted, id) => accepted[0] < id,
  ...byCodeUnit,
}

/** What is remembered of an id, unless it was true before `threshold`. */
export function recall(memory: Memory, id: string, threshold: Instant): Accepted | undefined {
  const { latest, young, old } = memory
  let accepted: Accepted | undefined
  for (let i = latest.length - 1; i >= 0 && accepted === undefined; i--)
    if (latest[i]![0] === id) accepted = latest[i]
  accepted ??= get(byId, young, id) ?? get(byId, old, id)
  return accepted !== undefined && accepted[2] >= threshold ? accepted : undefined
}

/** Whether this very input is remembered, unless it was true before `threshold`. */
export function remembers(memory: Memory, { input, digest }: Cause, threshold: Instant): boolean {
  const { latest, young, old } = memory
  // Nearly all are new, and differ in their digests already.
  for (let i = latest.length - 1; i >= 0; i--) {
    const accepted = latest[i]!
    if (accepted[1] === digest && accepted[0] === input) return accepted[2] >= threshold
  }
  const accepted = get(byId, young, input) ?? get(byId, old, input)
  return accepted !== undefined && accepted[1] === digest && accepted[2] >= threshold
}

/** Remembers an input; `window` in milliseconds. */
export function remember(memory: Memory, cause: Cause, at: Instant, version: number, window: number): Memory {
  const { latest, young, old, since } = memory
  const accepted: Accepted = [cause.input, cause.digest, at, version]
  if (since === null || at - since > window)
    return { latest: [accepted], young: null, old: settled(memory), since: at }
  if (latest.length === LATEST) return { latest: [accepted], young: settled(memory), old, since }
  const longer = latest.slice()
  longer.push(accepted)
  return { latest: longer, young, old, since }
}

/** The younger generation as one tree. */
const settled = ({ latest, young }: Memory): Memory['young'] =>
  insertAll(
    byId,
    young,
    [...latest].sort((a, b) => byId.compare(a[0], b[0])),
  )
