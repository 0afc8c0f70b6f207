import { get } from '../../kernel/sorted.js'
import { openLots } from '../../ledger/index.js'
import { originKey, originsBy, type PointsState } from '../account.js'
import type { Program } from './compiled.js'
import { type PartChange, withParts } from './parts.js'

/**
 * An account in the order of spending of the next definition. Ranks of another order say nothing in this one: lots that are
 * spent by expiry have none, and the others get the one that they would have been earned with. Lots that no rule earned
 * cost nothing; nobody knows when they came, but for the lots that were issued before them.
 */
export function ranked(state: PointsState, from: Program, to: Program): PointsState {
  const changed = to.currencies.filter(
    ({ currency, spend }) => from.currencies.find((one) => one.currency === currency)?.spend !== spend,
  )
  let next = state
  for (const { currency, spend } of changed) {
    if (!Object.hasOwn(next.books, currency)) continue
    const rankOf = spend === 'soonest-expiry' ? undefined : rankIn(next, currency, spend, to)
    const change: PartChange = (part) => {
      const { rank: _, ...rest } = part
      return { ...rest, ...(rankOf && { rank: rankOf(part) }) } as typeof part
    }
    next = withParts(next, currency, change)
  }
  return next
}

interface Known {
  readonly lot: number
  readonly of?: readonly string[]
}

/** The rank of lots of a currency. */
function rankIn(
  state: PointsState,
  currency: string,
  spend: 'oldest' | 'cheapest',
  to: Program,
): (part: Known) => number {
  const origin = (of: readonly string[] | undefined) =>
    of && get(originsBy, state.origins, originKey(of[0]!, of[1]!))
  if (spend === 'cheapest')
    return ({ of }) => {
      const rule = of && to.rules.get(of[0]!)
      return rule?.currency === currency ? (rule.terms(state, 0).rank ?? 0) : 0
    }
  // By number, as lots were issued: what came by hand is as old as what came before it.
  const known: (readonly [lot: number, at: number])[] = []
  for (const { lot, of } of openLots(state.books[currency]!.lots)) {
    const found = origin(of)
    if (found !== undefined) known.push([lot, found.at])
  }
  known.sort((a, b) => a[0] - b[0])
  return ({ lot, of }) => {
    const own = origin(of)
    if (own !== undefined) return own.at
    let at = 0
    for (const [number, since] of known) {
      if (number > lot) break
      at = Math.max(at, since)
    }
    return at
  }
}
