import type { Instant, Sorted, SortedOrder } from '../../kernel/index.js'
import { first, get, insert, items, remove } from '../../kernel/sorted.js'
import { count, NEVER, noUses, type Uses, uncount, usedBy } from '../../ledger/stock/uses.js'

/** How a claim stands. */
export type ClaimStatus =
  /** It waits for its money. */
  | 'open'
  | 'completed'
  | 'cancelled'
  /** It was not paid for in time. */
  | 'lapsed'
  /** All of its pieces came back. */
  | 'returned'

/** Money in the smallest unit of its currency. */
export interface MinorMoney {
  readonly minor: number
  readonly currency: string
}

/** What a member claimed, and what became of it. Prices are of one piece. */
export interface RewardClaim {
  /** Id of the command that made it; its points are reserved and redeemed under the same name. */
  readonly id: string
  readonly reward: string
  readonly status: ClaimStatus
  /** Pieces; those that came back not among them. */
  readonly quantity: number
  readonly points: number
  readonly currency: string
  readonly money: MinorMoney | null
  /** What was reserved for it of what everybody shares. */
  readonly stock: string | null
  /** When it came to stand so. */
  readonly since: Instant
  /** First instant at which it no longer waits, while it is open. */
  readonly until: Instant | null
  /** Until when it is remembered, once it is not. */
  readonly keptUntil: Instant | null
  /** By limit: when it stops counting; `null` for never. */
  readonly leaves: { readonly [limit: string]: Instant | null }
}

type Ending = readonly [at: Instant, claim: string]

/** What is remembered of rewards of one account: open claims, and others for as long as was agreed. */
export interface RewardsState {
  /** By id. */
  readonly claims: Sorted<RewardClaim, string> | null
  /** Open ones, by when they lapse. */
  readonly lapsing: Sorted<Ending, Ending> | null
  /** The others, by when they are forgotten. */
  readonly kept: Sorted<Ending, Ending> | null
  /** Pieces that count, by reward and limit. */
  readonly uses: Uses
}

export const noRewards: RewardsState = { claims: null, lapsing: null, kept: null, uses: noUses }

const ascending = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)
export const claimsBy: SortedOrder<RewardClaim, string> = {
  key: ({ id }) => id,
  compare: ascending,
}
export const endingsBy: SortedOrder<Ending, Ending> = {
  key: (ending) => ending,
  compare: (a, b) => a[0] - b[0] || ascending(a[1], b[1]),
}

/** Under what pieces count. Names of rewards and limits have no such sign. */
export const useKey = (reward: string, limit: string): string => `${reward}>${limit}`

/** A claim that is remembered at an instant. */
export function claimIn({ claims }: RewardsState, id: string, at: Instant): RewardClaim | undefined {
  const found = get(claimsBy, claims, id)
  return found !== undefined && (found.keptUntil ?? NEVER) > at ? found : undefined
}

/** The open claim that lapses next. */
export const nextLapsing = ({ lapsing }: RewardsState): Ending | undefined => first(lapsing)

/** The open claims, those first that lapse first. */
export function openClaims({ claims, lapsing }: RewardsState): readonly RewardClaim[] {
  return [...items(endingsBy, lapsing)].flatMap(([, id]) => get(claimsBy, claims, id) ?? [])
}

/** Pieces that count under a limit at an instant. */
export const usedOf = ({ uses }: RewardsState, reward: string, limit: string, at: Instant): number =>
  usedBy(uses, useKey(reward, limit), at)

/** How many that are over are forgotten with each that becomes so: more than come in, so they run out. */
const SWEPT = 2

/** The claims with one more, or one that stands otherwise. What is over for so long goes. */
export function withClaim(state: RewardsState, claim: RewardClaim, now: Instant): RewardsState {
  let { lapsing, kept } = state
  const known = get(claimsBy, state.claims, claim.id)
  if (known !== undefined) {
    if (known.until !== null) lapsing = remove(endingsBy, lapsing, [known.until, known.id])
    if (known.keptUntil !== null) kept = remove(endingsBy, kept, [known.keptUntil, known.id])
  }
  let claims: RewardsState['claims'] = insert(claimsBy, state.claims, claim)
  if (claim.until !== null) lapsing = insert(endingsBy, lapsing, [claim.until, claim.id])
  if (claim.keptUntil !== null) kept = insert(endingsBy, kept, [claim.keptUntil, claim.id])
  for (let i = 0; i < SWEPT; i++) {
    const oldest = first(kept)
    if (oldest === undefined || oldest[0] > now) break
    kept = remove(endingsBy, kept, oldest)
    claims = remove(claimsBy, claims, oldest[1])
  }
  return { claims, lapsing, kept, uses: state.uses }
}

/** Counts the pieces of a claim against its limits. */
export function withUsed(state: RewardsState, { reward, quantity, leaves }: RewardClaim, now: Instant) {
  let { uses } = state
  for (const [limit, until] of Object.entries(leaves))
    uses = count(uses, useKey(reward, limit), until ?? NEVER, quantity, now)
  return { ...state, uses }
}

/** Gives limits back what some pieces of a claim counted. */
export function withoutUsed(state: RewardsState, { reward, leaves }: RewardClaim, quantity: number) {
  let { uses } = state
  for (const [limit, until] of Object.entries(leaves))
    uses = uncount(uses, useKey(reward, limit), until ?? NEVER, quantity)
  return { ...state, uses }
}

/** The claims with every text that came from outside replaced. */
export function forgetClaims(state: RewardsState, rename: (text: string) => string): RewardsState {
  let claims: RewardsState['claims'] = null
  for (const one of items(claimsBy, state.claims)) {
    const stock = one.stock === null ? null : rename(one.stock)
    claims = insert(claimsBy, claims, { ...one, id: rename(one.id), stock })
  }
  const renamed = (endings: RewardsState['lapsing']): RewardsState['lapsing'] => {
    let next: RewardsState['lapsing'] = null
    for (const [at, id] of items(endingsBy, endings)) next = insert(endingsBy, next, [at, rename(id)])
    return next
  }
  return { ...state, claims, lapsing: renamed(state.lapsing), kept: renamed(state.kept) }
}
