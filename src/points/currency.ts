import { checkName, checkOwnName, fault } from '../kernel/errors.js'
import { checkDuration, type Duration, type EventSpecs, type Instant } from '../kernel/index.js'
import type { PointsState } from './account.js'
import {
  checkExpiry,
  compileExpiry,
  type Expiry,
  type InactivityExpiry,
  type LotTerm,
  type TermContext,
} from './lasting/expiry.js'

/**
 * What a currency is for. `spendable` pays for things. `status` is what tiers measure: it is neither spent nor moved to
 * others. `experience` only tells how far somebody has come: it is not spent and never expires.
 */
export type CurrencyKind = 'spendable' | 'status' | 'experience'

/**
 * Which lots are spent first. `soonest-expiry` takes what ends first, then what never ends; `oldest` what was issued
 * first; `cheapest` what cost the program least for each point, as its rule's `cost` says. Of equals the older lot.
 */
export type LotOrder = 'soonest-expiry' | 'oldest' | 'cheapest'

/** What one currency of an account is, and the terms of its points unless an earning rule has others. */
export interface CurrencyDefinition<C extends string = string, T extends string = string> {
  readonly currency: C
  readonly kind: CurrencyKind
  /** Digits behind the point in which people read it: with 2, 150 is 1.50. None unless told. */
  readonly scale?: number
  /** How long earned points wait; the definition's unless told. */
  readonly pending?: Duration | 'until-confirmed'
  /** How long they last; the definition's unless told. */
  readonly expires?: Expiry<T>
  /** The most that an account holds of it, pending and reserved points too: what would be earned beyond is lost. */
  readonly atMost?: number
  /** Which lots are spent first; the definition's unless told. */
  readonly spend?: LotOrder
}

/** A currency, compiled. */
export interface CompiledCurrency {
  readonly currency: string
  readonly kind: CurrencyKind
  readonly scale: number
  readonly pending: Duration | 'until-confirmed' | undefined
  readonly atMost?: number
  /** When points that are earned at an instant expire. */
  readonly expiresAt: LotTerm
  readonly spend: LotOrder
  /** Where activity puts the end of all its points off. */
  readonly inactivity?: InactivityExpiry
}

/** The place of a lot in the order of spending, where that is not its end. */
export const rankIn = ({ spend }: CompiledCurrency, at: Instant, cost: number): { readonly rank?: number } =>
  spend === 'soonest-expiry' ? {} : { rank: spend === 'oldest' ? at : cost }

/** The terms of points that no rule earned: their end, and their place in the order of spending. */
export const termsOf = (currency: CompiledCurrency, state: PointsState, at: Instant) => ({
  expiresAt: currency.expiresAt(state, at),
  ...rankIn(currency, at, 0),
})

const ORDERS: readonly LotOrder[] = ['soonest-expiry', 'oldest', 'cheapest']
const KINDS: readonly CurrencyKind[] = ['spendable', 'status', 'experience']
/** Of a definition that names none. */
const POINTS: readonly CurrencyDefinition[] = [{ currency: 'points', kind: 'spendable' }]

/** What a definition says of its currencies. */
export interface AgreedCurrencies {
  readonly currencies?: readonly CurrencyDefinition[]
  readonly pending?: Duration | 'until-confirmed'
  readonly expires?: Expiry
  readonly spend?: LotOrder
}

/** The currencies of a definition; one of points where it names none. */
export const currenciesOf = ({ currencies = POINTS }: AgreedCurrencies): readonly CurrencyDefinition[] =>
  currencies

/** What a type cannot know of currencies. */
export function checkCurrencies(
  { currencies, expires, spend }: AgreedCurrencies,
  context: { readonly events: EventSpecs; readonly id: string },
): void {
  if (expires !== undefined) checkExpiry(expires, '$.expires', context, 'currency')
  if (spend !== undefined) checkName(ORDERS, spend, '$.spend')
  if (currencies === undefined) return
  if (!Array.isArray(currencies) || currencies.length === 0)
    throw fault('missing', '$.currencies', currencies, 'at least one currency')
  for (const [i, { currency, kind, scale, pending, expires, atMost, spend }] of currencies.entries()) {
    const path = `$.currencies[${i}]`
    if (typeof currency !== 'string' || !/^[a-z][a-z0-9-]*$/.test(currency))
      throw fault('wrong-type', `${path}.currency`, currency, 'lower-case letters, digits and hyphens')
    checkOwnName(currency, `${path}.currency`)
    if (currencies.findIndex((one) => one.currency === currency) !== i)
      throw fault('duplicate-name', `${path}.currency`, currency, 'each currency once')
    checkName(KINDS, kind, `${path}.kind`)
    if (scale !== undefined && !(Number.isSafeInteger(scale) && scale >= 0 && scale <= 8))
      throw fault('out-of-range', `${path}.scale`, scale, 'whole digits from 0 to 8')
    if (atMost !== undefined && !(Number.isSafeInteger(atMost) && atMost > 0))
      throw fault('out-of-range', `${path}.atMost`, atMost, 'a whole number of points, 1 or more')
    if (pending !== undefined && pending !== 'until-confirmed') checkDuration(pending, `${path}.pending`)
    if (expires !== undefined) checkExpiry(expires, `${path}.expires`, context, 'currency')
    if (spend !== undefined) checkName(ORDERS, spend, `${path}.spend`)
    if (kind === 'experience' && expires !== undefined)
      throw fault('unknown-key', `${path}.expires`, expires, 'no end: experience does not expire')
  }
}

/** Compiles the currencies of a definition. */
export const compileCurrencies = (
  agreed: AgreedCurrencies,
  context: TermContext,
): readonly CompiledCurrency[] =>
  currenciesOf(agreed).map(({ currency, kind, scale = 0, pending, expires, atMost, spend }) => {
    const lasts = lastingOf(agreed, { kind, ...(expires !== undefined && { expires }) })
    return {
      currency,
      kind,
      scale,
      ...(atMost !== undefined && { atMost }),
      pending: pending ?? agreed.pending,
      expiresAt: compileExpiry(lasts, context),
      spend: spend ?? agreed.spend ?? 'soonest-expiry',
      ...(typeof lasts === 'object' && 'inactive' in lasts && { inactivity: lasts }),
    }
  })

/** How long points of a currency last. */
export const lastingOf = (
  agreed: AgreedCurrencies,
  { kind, expires }: Pick<CurrencyDefinition, 'kind' | 'expires'>,
): Expiry | undefined => (kind === 'experience' ? undefined : (expires ?? agreed.expires))
