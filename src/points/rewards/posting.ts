import { reading } from '../../kernel/errors.js'
import type { AnyEvent, Instant } from '../../kernel/index.js'
import { get } from '../../kernel/sorted.js'
import {
  type ClaimStatus,
  claimsBy,
  noRewards,
  type RewardClaim,
  type RewardsState,
  withClaim,
  withoutUsed,
  withUsed,
} from './claims.js'
import type { ClaimEndData, ClaimedData } from './events.js'

/** Applies what is recorded of a reward: total, whatever it is. */
export function postReward(state: RewardsState = noRewards, kind: string, event: AnyEvent): RewardsState {
  return reading('wrong-type', '$.event.data', event, 'what a claim records', () =>
    postings[kind as keyof typeof postings](state, event),
  )
}

const postings = {
  'reward-claimed': claimed,
  'reward-paid': (state: RewardsState, event: AnyEvent) => ended(state, event, 'completed'),
  'reward-cancelled': (state: RewardsState, event: AnyEvent) => ended(state, event, 'cancelled'),
  'reward-lapsed': (state: RewardsState, event: AnyEvent) => ended(state, event, 'lapsed'),
  'reward-returned': returned,
}

/** Whether events of a kind are about rewards. */
export const isRewardKind = (kind: string): boolean => Object.hasOwn(postings, kind)

function claimed(state: RewardsState, event: AnyEvent): RewardsState {
  const { occurredAt: at } = event
  const data = event.data as ClaimedData
  const { claim: id, reward, quantity, points, currency, money, stock = null, until = null, leaves } = data
  const one: RewardClaim = {
    id,
    reward,
    status: until === null ? 'completed' : 'open',
    quantity,
    points: points / quantity,
    currency,
    money: money === undefined ? null : { minor: money.minor / quantity, currency: money.currency },
    stock,
    since: at,
    until,
    keptUntil: data.keptUntil ?? null,
    leaves,
  }
  return withClaim(withUsed(state, one, at), one, at)
}

function ended(state: RewardsState, event: AnyEvent, status: ClaimStatus): RewardsState {
  const { claim, keptUntil, freesLimits = false } = event.data as ClaimEndData
  const known = get(claimsBy, state.claims, claim)
  if (known === undefined) return state
  const freed = freesLimits ? withoutUsed(state, known, known.quantity) : state
  return closedBy(freed, known, status, event.occurredAt, keptUntil)
}

const closedBy = (
  state: RewardsState,
  claim: RewardClaim,
  status: ClaimStatus,
  since: Instant,
  keptUntil: Instant,
): RewardsState => withClaim(state, { ...claim, status, since, until: null, keptUntil }, since)

function returned(state: RewardsState, event: AnyEvent): RewardsState {
  const { claim, quantity, keptUntil, freesLimits = false } = event.data as ClaimEndData
  const known = get(claimsBy, state.claims, claim)
  if (known === undefined) return state
  const freed = freesLimits ? withoutUsed(state, known, quantity) : state
  const left = Math.max(0, known.quantity - quantity)
  if (left === 0) return closedBy(freed, { ...known, quantity: 0 }, 'returned', event.occurredAt, keptUntil)
  return withClaim(freed, { ...known, quantity: left }, event.occurredAt)
}
