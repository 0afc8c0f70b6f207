import { checkKeys, checkRecord, fault, reading } from '../../kernel/errors.js'
import {
  calendarOf,
  type Engine,
  type EventSpecs,
  type Instant,
  type Journal,
  leavesOf,
  type MissingLeaf,
  type Money,
  missing,
} from '../../kernel/index.js'
import { spendableIn } from '../../ledger/index.js'
import type { PointsState } from '../account.js'
import { currenciesOf } from '../currency.js'
import type { Agreed } from '../definition.js'
import type { PointsKinds } from '../points.js'
import { closing, compilePrices, currencyOf, limitReached, moneyOf } from './catalogue.js'
import { noRewards, usedOf } from './claims.js'
import type { RewardDefinition } from './definition.js'
import type { NotEligible, RewardClosed, RewardLimitReached } from './events.js'

/** Why a reward cannot be claimed now, and what is missing: `explain` says each. */
export type OfferReason =
  | RewardClosed
  | NotEligible
  | RewardLimitReached
  /** By no price are there points enough; `missing` of the price that lacks least. */
  | { readonly code: 'points-missing'; readonly missing: number; readonly points: number }
  /** Of what everybody shares, as the caller says. */
  | { readonly code: 'sold-out-now'; readonly left: number }

/** A price, and what is missing to pay one piece. */
export interface OfferPrice {
  /** `null` where there is only one. */
  readonly option: string | null
  readonly points: number
  /** Of points. */
  readonly currency: string
  readonly money: Money | null
  /** Points more that it takes. */
  readonly missing: number
}

/** A reward as it stands for one member. */
export interface RewardOffer<Reward extends string = string> {
  readonly reward: Reward
  /** Whether a piece can be claimed now, at one of its prices. */
  readonly claimable: boolean
  /** How many at once: at the price that allows most, under limits, and of what is left. */
  readonly most: number
  readonly prices: readonly OfferPrice[]
  /** All that stands in the way, in the order in which a claim would be refused. */
  readonly why: readonly OfferReason[]
  /** Where the member may not claim it: the fewest comparisons that would have to answer otherwise. */
  readonly needs: readonly MissingLeaf[]
}

/** What the caller knows of what everybody shares. */
export interface OfferOptions {
  /** Pieces left, by reward: from `stockLeft`. As many as asked for, unless told. */
  readonly left?: { readonly [reward: string]: number }
}

/**
 * Every reward as it stands for one member at an instant: whether it can be claimed, at which prices, and if not, why not and what is
 * missing. Nothing is claimed or reserved by asking; `claim` decides the same way.
 *
 * @throws DefinitionError `wrong-type`, `out-of-range`, `unknown-key` for options; `as-of-before-state`, and what a state of
 * another definition is told.
 * @example
 * for (const { reward, why } of offersFor(points, account, now))
 *   console.log(reward, why.map((one) => explain(points, one, 'en')).join(', '))
 */
export function offersFor<
  Id extends string,
  E extends EventSpecs,
  C extends string,
  Track extends string,
  Tier extends string,
  Reward extends string,
>(
  engine: Engine<PointsKinds<Id, E, C, Track, Tier, Reward>>,
  state: Journal<PointsState>,
  asOf: Instant,
  options: OfferOptions = {},
): readonly RewardOffer<Reward>[] {
  if (typeof engine?.advance !== 'function')
    throw fault('wrong-type', '$.engine', engine, 'an engine of points')
  const left = readLeft(options)
  const { of } = engine.advance(state, asOf).state
  const { currencies, calendar, rewards = [] } = agreedOf(engine.definition)
  return reading('malformed-state', '$.state', state, 'a state that this definition made', () => {
    const judged = new Map(engine.model.pending?.(of, asOf).map(({ rule, verdict }) => [rule, verdict]))
    const zone = calendarOf(calendar)
    return rewards.map((definition, i): RewardOffer<Reward> => {
      const why: OfferReason[] = []
      const closed = definition.during && closing(definition.during, zone)(asOf)
      if (closed !== undefined) why.push(closed)
      const verdict = judged.get(`$.rewards[${i}].when`)
      const isBarred = verdict !== undefined && !verdict.holds
      if (isBarred) why.push({ code: 'not-eligible', leaves: leavesOf(verdict) })
      const limited = limitReached(of.rewards ?? noRewards, definition, 1, asOf)
      if (limited !== undefined) why.push(limited)
      const prices = pricesFor(
        of,
        definition,
        currencyOf(definition, currenciesOf({ ...(currencies && { currencies }) })),
      )
      const least = Math.min(...prices.map((price) => price.missing))
      if (least > 0) {
        const { points } = prices.find((price) => price.missing === least)!
        why.push({ code: 'points-missing', missing: least, points })
      }
      const stocked = left[definition.reward]
      if (stocked === 0) why.push({ code: 'sold-out-now', left: stocked })
      const most = why.length > 0 ? 0 : mostOf(of, definition, prices, stocked, asOf)
      return {
        reward: definition.reward as Reward,
        claimable: why.length === 0,
        most,
        prices,
        why,
        needs: isBarred ? (missing(verdict) ?? []) : [],
      }
    })
  })
}

const agreedOf = (definition: unknown): Pick<Agreed, 'currencies' | 'calendar' | 'rewards'> =>
  definition as Agreed

function readLeft(options: OfferOptions): NonNullable<OfferOptions['left']> {
  checkRecord(options, '$.options')
  checkKeys(options, ['left'], '$.options')
  const { left = {} } = options
  checkRecord(left, '$.options.left')
  for (const [reward, pieces] of Object.entries(left))
    if (!(Number.isSafeInteger(pieces) && pieces >= 0))
      throw fault('out-of-range', `$.options.left.${reward}`, pieces, 'whole pieces, 0 or more')
  return left
}

function pricesFor(
  { books }: PointsState,
  definition: RewardDefinition,
  currency: string,
): readonly OfferPrice[] {
  const available = spendableIn(books[currency]!.lots)
  return compilePrices(definition).map(({ option, points, money }) => {
    const due = money && moneyOf(money, 1)
    return {
      option,
      points,
      currency,
      money: due && { amount: due.amount, currency: due.currency },
      missing: Math.max(0, points - available),
    }
  })
}

function mostOf(
  { books, rewards = noRewards }: PointsState,
  { reward, quantity = 1, limits = [] }: RewardDefinition,
  prices: readonly OfferPrice[],
  stocked = quantity,
  asOf: Instant,
): number {
  let most = Math.min(quantity, stocked)
  for (const { limit, most: bound } of limits)
    most = Math.min(most, bound - usedOf(rewards, reward, limit, asOf))
  let affordable = 0
  for (const { points, currency } of prices) {
    const available = spendableIn(books[currency]!.lots)
    affordable = Math.max(affordable, points === 0 ? quantity : Math.floor(available / points))
  }
  return Math.min(most, affordable)
}
