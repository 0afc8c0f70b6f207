import type { Instant, Sorted, SortedOrder } from '../../kernel/index.js'
import { first, firstPrefix, get, insert, items, remove, sumThrough } from '../../kernel/sorted.js'

/** What a holder has used that stops counting at one instant. */
type Use = readonly [holder: string, stopsAt: number, amount: number]
type UseKey = readonly [holder: string, stopsAt: number, amount?: number]
type Stop = readonly [stopsAt: number, holder: string]

/**
 * What counts against one limit: by holder and by the instant at which it stops counting, so that a calendar's day, a span
 * that rolls, and a reservation that lapses are all the same. What has stopped is swept out a few at a time, so a count
 * costs no more after a quiet month, and what is kept is at most what two windows brought.
 */
export interface Uses {
  readonly used: Sorted<Use, UseKey> | null
  readonly stops: Sorted<Stop, Stop> | null
}

export const noUses: Uses = { used: null, stops: null }

/** Of what never stops counting. */
export const NEVER = Number.MAX_SAFE_INTEGER
/** The holder of what counts for everybody. */
export const ALL = ''

const ascending = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)
const byHolder: SortedOrder<Use, UseKey> = {
  key: (use) => use,
  compare: (a, b) => ascending(a[0], b[0]) || a[1] - b[1],
  amount: (use) => use[2],
}
const byStop: SortedOrder<Stop, Stop> = {
  key: (stop) => stop,
  compare: (a, b) => a[0] - b[0] || ascending(a[1], b[1]),
}
const joined = ([holder, stopsAt, amount]: Use, more: Use): Use => [holder, stopsAt, amount + more[2]]

/** How many that have stopped are swept out with each that is added: more than come in, so they run out. */
const SWEPT = 2

/** Counts an amount until `stopsAt`. What has stopped by `now` does not come in. */
export function count(uses: Uses, holder: string, stopsAt: number, amount: number, now: Instant): Uses {
  let { used, stops } = uses
  if (stopsAt > now) {
    used = insert(byHolder, used, [holder, stopsAt, amount], joined)
    if (stopsAt !== NEVER) stops = insert(byStop, stops, [stopsAt, holder])
  }
  for (let i = 0; i < SWEPT; i++) {
    const stop = first(stops)
    if (stop === undefined || stop[0] > now) break
    stops = remove(byStop, stops, stop)
    used = remove(byHolder, used, [stop[1], stop[0]])
  }
  return { used, stops }
}

/** Takes back what was counted until `stopsAt`. Total: what was swept out does not count any more. */
export function uncount(uses: Uses, holder: string, stopsAt: number, amount: number): Uses {
  const { used, stops } = uses
  const found = get(byHolder, used, [holder, stopsAt])
  if (found === undefined) return uses
  const left = found[2] - amount
  if (left > 0) return { used: insert(byHolder, used, [holder, stopsAt, left]), stops }
  return {
    used: remove(byHolder, used, found),
    stops: stopsAt === NEVER ? stops : remove(byStop, stops, [stopsAt, holder]),
  }
}

/** How much counts for a holder at an instant. */
export const usedBy = ({ used }: Uses, holder: string, at: Instant): number =>
  sumThrough(byHolder, used, [holder, NEVER]) - sumThrough(byHolder, used, [holder, at])

/** How much counts for each holder at an instant. */
export function usesAt({ used }: Uses, at: Instant): ReadonlyMap<string, number> {
  const sums = new Map<string, number>()
  for (const [holder, stopsAt, amount] of items(byHolder, used))
    if (stopsAt > at) sums.set(holder, (sums.get(holder) ?? 0) + amount)
  return sums
}

/** Sum over all holders, with what has stopped and is not swept out yet. */
export const usedInAll = ({ used }: Uses): number => used?.sum ?? 0

/** When so much of what a holder has used will have stopped counting; `null` where that never comes. */
export function freeAt({ used }: Uses, holder: string, at: Instant, amount: number): Instant | null {
  const before = sumThrough(byHolder, used, [holder, at])
  const found = firstPrefix(byHolder, used, [holder, at], 'inside', before + amount, Infinity)
  return found === undefined || found[0] !== holder || found[1] === NEVER ? null : found[1]
}

/** The next instant after `at` at which something stops counting for a holder. */
export function nextStop({ used }: Uses, holder: string, at: Instant): Instant | null {
  const next = items(byHolder, used, [holder, at]).next().value as Use | undefined
  return next === undefined || next[0] !== holder || next[1] === NEVER ? null : next[1]
}

/** What counts, as plain data. */
export interface UseHeld {
  readonly holder: string
  readonly until: number
  readonly amount: number
}

export const usesHeld = ({ used }: Uses): readonly UseHeld[] =>
  [...items(byHolder, used)].map(([holder, until, amount]) => ({ holder, until, amount }))

/** The same uses under other names. */
export function renameUses({ used, stops }: Uses, rename: (holder: string) => string): Uses {
  const named = (holder: string) => (holder === ALL ? holder : rename(holder))
  let next: Uses['used'] = null
  let stopping: Uses['stops'] = null
  for (const [holder, at, amount] of items(byHolder, used))
    next = insert(byHolder, next, [named(holder), at, amount])
  for (const [at, holder] of items(byStop, stops)) stopping = insert(byStop, stopping, [at, named(holder)])
  return { used: next, stops: stopping }
}
