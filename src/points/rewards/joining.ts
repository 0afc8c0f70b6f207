import { type Instant, isInstant } from '../../kernel/index.js'
import { isRecord } from '../../kernel/plain.js'
import { items } from '../../kernel/sorted.js'
import { count, type UseHeld, usesHeld } from '../../ledger/stock/uses.js'
import type { Agreed } from '../definition.js'
import { claimsBy, type RewardClaim, type RewardsState, withClaim } from './claims.js'

/** What an account has claimed and what counts towards its limits, as plain data: what it hands over to another. */
export interface RewardsHeld {
  /** Claims that are over and remembered. */
  readonly claims: readonly RewardClaim[]
  readonly used: readonly UseHeld[]
}

/** What an account has claimed, as plain data. */
export const rewardsHeld = ({ claims, uses }: RewardsState): RewardsHeld => ({
  claims: [...items(claimsBy, claims)],
  used: usesHeld(uses),
})

/** The claims of two accounts together; what both claimed counts towards limits. */
export function joinedRewards(
  state: RewardsState,
  { claims, used }: RewardsHeld,
  now: Instant,
): RewardsState {
  let { uses } = state
  for (const { holder, until, amount } of used) uses = count(uses, holder, until, amount, now)
  return claims.reduce<RewardsState>((next, claim) => withClaim(next, claim, now), { ...state, uses })
}

const OVER: readonly unknown[] = ['completed', 'cancelled', 'lapsed', 'returned']
const text = (value: unknown) => typeof value === 'string'
const whole = (value: unknown) => Number.isSafeInteger(value) && (value as number) >= 0
const instantOrNull = (value: unknown) => value === null || isInstant(value)

/** Whether a value is what an account with these rewards has claimed. */
export function isRewardsHeld(value: unknown, { rewards }: Agreed): value is RewardsHeld | null {
  if (rewards === undefined) return value === null
  if (!isRecord(value)) return false
  const { claims, used } = value
  return (
    Array.isArray(claims) &&
    claims.every(isClaim) &&
    Array.isArray(used) &&
    used.every(
      (one: unknown) => isRecord(one) && text(one['holder']) && whole(one['until']) && whole(one['amount']),
    )
  )
}

function isClaim(value: unknown): value is RewardClaim {
  if (!isRecord(value)) return false
  const { money, leaves } = value
  return (
    text(value['id']) &&
    text(value['reward']) &&
    OVER.includes(value['status']) &&
    whole(value['quantity']) &&
    whole(value['points']) &&
    text(value['currency']) &&
    (money === null || (isRecord(money) && whole(money['minor']) && text(money['currency']))) &&
    (value['stock'] === null || text(value['stock'])) &&
    isInstant(value['since']) &&
    value['until'] === null &&
    instantOrNull(value['keptUntil']) &&
    isRecord(leaves) &&
    Object.values(leaves).every(instantOrNull)
  )
}
