import type { Instant, Money } from '../../kernel/index.js'
import { nextStop } from '../../ledger/stock/uses.js'
import { moneyOf } from './catalogue.js'
import { openClaims, type RewardsState, usedOf, useKey } from './claims.js'
import type { RewardDefinition } from './definition.js'

/** A claim that waits for its money. */
export interface OpenClaim<Reward extends string = string> {
  readonly claim: string
  readonly reward: Reward
  readonly quantity: number
  /** Points that are held for it, and in which currency. */
  readonly points: number
  readonly currency: string
  readonly due: Money
  /** When it lapses. */
  readonly until: Instant
  /** What was reserved for it of what everybody shares. */
  readonly stock: string | null
}

/** How a limit of a reward stands for one member. */
export interface RewardLimitView<Reward extends string = string> {
  readonly reward: Reward
  readonly limit: string
  readonly most: number
  /** Pieces that count now. */
  readonly used: number
  readonly left: number
  /** When some of them stop counting by time alone; `null` where none will. */
  readonly freesAt: Instant | null
}

/** What an account has of rewards. */
export interface RewardsView<Reward extends string = string> {
  /** Claims that wait for money, those first that lapse first. */
  readonly open: readonly OpenClaim<Reward>[]
  readonly limits: readonly RewardLimitView<Reward>[]
}

/** What an account has of rewards at an instant. */
export function rewardsViewOf(
  state: RewardsState,
  rewards: readonly RewardDefinition[],
  asOf: Instant,
): RewardsView {
  return {
    open: openClaims(state).map(({ id, reward, quantity, points, currency, money, until, stock }) => {
      const { amount, currency: of } = moneyOf(money!, quantity)
      const due = { amount, currency: of }
      return { claim: id, reward, quantity, points: points * quantity, currency, due, until: until!, stock }
    }),
    limits: rewards.flatMap(({ reward, limits = [] }) =>
      limits.map(({ limit, most }) => {
        const used = usedOf(state, reward, limit, asOf)
        const freesAt = nextStop(state.uses, useKey(reward, limit), asOf)
        return { reward, limit, most, used, left: Math.max(0, most - used), freesAt }
      }),
    ),
  }
}

/** When a view may say something else of limits without an event. */
export function nextRewardStep(
  { uses }: RewardsState,
  rewards: readonly RewardDefinition[],
  asOf: Instant,
): Instant | undefined {
  let next: Instant | undefined
  for (const { reward, limits = [] } of rewards)
    for (const { limit } of limits) {
      const stop = nextStop(uses, useKey(reward, limit), asOf)
      if (stop !== null && (next === undefined || stop < next)) next = stop
    }
  return next
}
