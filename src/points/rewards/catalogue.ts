import {
  type Calendar,
  type CalendarUnit,
  type CompiledCondition,
  compileCondition,
  type FactContext,
  type FactSet,
  formatMinor,
  type Instant,
  minorDigits,
  parseMinor,
} from '../../kernel/index.js'
import { endOfUnit } from '../../kernel/window.js'
import { freeAt } from '../../ledger/stock/uses.js'
import type { CurrencyDefinition } from '../currency.js'
import { type Campaign, spanOfCampaign } from '../earning/campaign.js'
import { type MinorMoney, type RewardsState, usedOf, useKey } from './claims.js'
import { KEEP, pricesOf, type RewardDefinition, type RewardLimit } from './definition.js'
import type { ClaimMoney, PricePart, RewardClosed, RewardLimitReached } from './events.js'

/** What one piece costs, in whole points and in the smallest unit of money. */
export interface CompiledPrice {
  readonly option: string | null
  readonly points: number
  readonly money: MinorMoney | null
}

/** A reward, compiled. */
export interface CompiledReward {
  readonly definition: RewardDefinition
  readonly currency: string
  readonly prices: readonly CompiledPrice[]
  readonly when?: CompiledCondition
  /** Why it is not on offer at an instant. */
  closed(at: Instant): RewardClosed | undefined
  /** Until when a claim waits for its money. */
  waitsUntil(at: Instant): Instant
  /** Until when a claim is remembered that is completed, or over. */
  keptUntil(at: Instant): Instant
  /** By limit: until when a claim counts. */
  leaves(at: Instant): { readonly [limit: string]: Instant | null }
}

/** The currency in which a reward is paid; the first that can be spent unless it says otherwise. */
export const currencyOf = (
  { currency }: Pick<RewardDefinition, 'currency'>,
  currencies: readonly Pick<CurrencyDefinition, 'currency' | 'kind'>[],
): string => currency ?? currencies.find(({ kind }) => kind === 'spendable')!.currency

/** The prices of a reward, in the smallest units. */
export const compilePrices = (definition: Pick<RewardDefinition, 'price'>): readonly CompiledPrice[] =>
  pricesOf(definition).map(({ option = null, points = 0, money }) => {
    if (money === undefined) return { option, points, money: null }
    const { amount, currency } = money
    return { option, points, money: { minor: parseMinor(amount, minorDigits(currency))!, currency } }
  })

/** Compiles a reward. */
export function compileReward(
  definition: RewardDefinition,
  currencies: readonly Pick<CurrencyDefinition, 'currency' | 'kind'>[],
  zone: Calendar,
  facts: FactSet,
  context: FactContext,
): CompiledReward {
  const { limits = [], when, during, reserveFor, keep = KEEP } = definition
  const waits = reserveFor && zone.adder(reserveFor)
  const leaving = limits.map((limit) => [limit.limit, leavingOf(limit, zone)] as const)
  return {
    definition,
    currency: currencyOf(definition, currencies),
    prices: compilePrices(definition),
    ...(when && { when: compileCondition(when, facts, context) }),
    closed: during === undefined ? () => undefined : closing(during, zone),
    waitsUntil: (at) => waits!(at),
    keptUntil: zone.adder(keep),
    leaves: (at) => Object.fromEntries(leaving.map(([limit, until]) => [limit, until(at)])),
  }
}

function leavingOf({ within }: RewardLimit, zone: Calendar): (at: Instant) => Instant | null {
  if (within === undefined) return () => null
  return 'this' in within ? (at) => endOfUnit(zone, within.this as CalendarUnit, at) : zone.adder(within)
}

/** How many days ahead a campaign of named days is looked for. */
const AHEAD = 366

/** Why a campaign does not run, and when it does next. */
export function closing(during: Campaign, zone: Calendar): CompiledReward['closed'] {
  const { start, end } = spanOfCampaign(during, zone)
  const { days } = during
  const runsFrom = (from: Instant): Instant | undefined => {
    let at = from
    for (let i = 0; i <= AHEAD && at < end; i++) {
      if (days === undefined || zone.isNamed(days, at)) return at
      at = zone.startOfNext('day', at)
    }
    return undefined
  }
  return (at) => {
    if (at >= end) return { code: 'offer-over', until: end }
    if (at < start) return { code: 'offer-begins', from: runsFrom(start) ?? start }
    if (days === undefined || zone.isNamed(days, at)) return undefined
    const next = runsFrom(at)
    return { code: 'offer-rests', again: next === undefined ? null : { code: 'room-again', at: next } }
  }
}

/** The first limit that so many more pieces would break, and when all of them have room. */
export function limitReached(
  state: RewardsState,
  { reward, limits = [] }: RewardDefinition,
  requested: number,
  at: Instant,
): RewardLimitReached | undefined {
  let found: Omit<RewardLimitReached, 'again'> | undefined
  let again: Instant | null = at
  for (const { limit, most } of limits) {
    const used = usedOf(state, reward, limit, at)
    if (used + requested <= most) continue
    found ??= { code: 'reward-limit', limit, most, left: Math.max(0, most - used), requested }
    const free = freeAt(state.uses, useKey(reward, limit), at, used + requested - most)
    again = again === null || free === null ? null : Math.max(again, free)
  }
  if (found === undefined) return undefined
  return { ...found, again: again === null ? null : { code: 'room-again', at: again } }
}

/** Money of so many pieces, as events and views tell it. */
export const moneyOf = ({ minor, currency }: MinorMoney, quantity: number): ClaimMoney => ({
  minor: minor * quantity,
  amount: formatMinor(minor * quantity, minorDigits(currency)),
  currency,
})

/** What so many pieces cost, to be said. */
export function priceParts(
  { points, money }: Pick<CompiledPrice, 'points' | 'money'>,
  quantity: number,
): readonly PricePart[] {
  const parts: PricePart[] = []
  if (points > 0 || money === null) parts.push({ code: 'price-points', points: points * quantity })
  if (money !== null) {
    const { amount, currency } = moneyOf(money, quantity)
    parts.push({ code: 'price-money', amount, currency })
  }
  return parts
}
