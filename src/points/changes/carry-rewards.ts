import { get } from '../../kernel/sorted.js'
import { crediting, reservationIn } from '../../ledger/index.js'
import { booksAfter, type PointsState } from '../account.js'
import { claimsBy, endingsBy, noRewards, openClaims, type RewardsState } from '../rewards/claims.js'
import type { RewardsHeld } from '../rewards/joining.js'
import { kept } from './parts.js'

/** Claims under the next definition: each keeps its price, its term and what it counts towards; none without their currency. */
export function carriedRewards(
  state: PointsState,
  hasRewards: boolean,
  isCurrency: (of: { readonly currency: string }) => boolean,
): RewardsState | undefined {
  if (!hasRewards) return undefined
  const { claims, lapsing, kept: over, uses } = state.rewards ?? noRewards
  const isThere = ([, claim]: readonly [at: number, claim: string]) => {
    const found = get(claimsBy, claims, claim)
    return found !== undefined && isCurrency(found)
  }
  return {
    claims: kept(claimsBy, claims, isCurrency),
    lapsing: kept(endingsBy, lapsing, isThere),
    kept: kept(endingsBy, over, isThere),
    uses,
  }
}

/** The claims of an account that was handed over, as it would take them back under the next definition. */
export const carriedClaims = (
  held: RewardsHeld | null,
  isCurrency: (of: { readonly currency: string }) => boolean,
): RewardsHeld => ({ claims: (held?.claims ?? []).filter(isCurrency), used: held?.used ?? [] })

/** Books in which open claims hold nothing any more: where there are no rewards, nobody could pay for them or cancel them. */
export function booksWithoutClaims({ books, rewards = noRewards }: PointsState): PointsState['books'] {
  let next = books
  for (const { id, currency } of openClaims(rewards)) {
    const book = next[currency]!
    const held = reservationIn(book, id)
    if (held !== undefined) next = booksAfter(next, currency, crediting(book, 'reserved', held.parts, id))
  }
  return next
}
