import type { Sorted, SortedOrder } from '../../kernel/index.js'
import { insert, items } from '../../kernel/sorted.js'
import { bookUnder } from '../../ledger/book.js'
import type { LotPart } from '../../ledger/index.js'
import { lapsedBy, originsBy, type PointsState, redemptionsBy } from '../account.js'
import { byHandId } from '../holders/holder.js'

/** What becomes of a part of a lot, wherever an account knows of it. */
export type PartChange = <P extends Omit<LotPart, 'amount' | 'confirmsAt'>>(part: P) => P

/** An account in which every part of a lot of a currency stands otherwise: what is open, spent, expired, or posted by hand. */
export function withParts(state: PointsState, currency: string, change: PartChange): PointsState {
  const lots = <T extends { readonly currency: string; readonly lots: readonly LotPart[] }>(one: T): T =>
    one.currency === currency ? { ...one, lots: one.lots.map(change) } : one
  const { holder, books, lapsed } = state
  return {
    ...state,
    books: { ...books, [currency]: bookUnder(books[currency]!, change) },
    origins: each(originsBy, state.origins, lots),
    redemptions: each(redemptionsBy, state.redemptions, lots),
    lapsed: { ...lapsed, [currency]: each(lapsedBy, lapsed[currency] ?? null, change) },
    holder: holder && { ...holder, byHand: each(byHandId, holder.byHand, lots) },
  }
}

/** A sequence of the same items changed. */
export function each<T, K>(
  order: SortedOrder<T, K>,
  tree: Sorted<T, K> | null,
  change: (item: T) => T,
): Sorted<T, K> | null {
  let next: Sorted<T, K> | null = null
  for (const item of items(order, tree)) next = insert(order, next, change(item))
  return next
}

/** The items that pass; the same sequence where all do. */
export function kept<T, K>(
  order: SortedOrder<T, K>,
  tree: Sorted<T, K> | null,
  passes: (item: T) => boolean,
): Sorted<T, K> | null {
  let next: Sorted<T, K> | null = null
  let all = true
  for (const item of items(order, tree)) {
    if (passes(item)) next = insert(order, next, item)
    else all = false
  }
  return all ? tree : next
}
