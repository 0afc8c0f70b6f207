import { exp } from '../../kernel/elementary.js'
import { checkKeys, checkNumber, checkRecord, fault } from '../../kernel/errors.js'
import { type DiscountRate, lnRateIn } from '../discount.js'
import { checkOptions } from '../options.js'
import type { Buying, RateKnowledge } from '../purchases/model.js'
import { spanIn, type TimeSpan, type TimeUnit } from '../unit.js'
import { type NextPurchase, nextPurchasesOf } from './next-purchase.js'

/** A span from now on, or a stretch that begins later: `{ from: { weeks: 4 }, until: { weeks: 8 } }`. */
export type Within = TimeSpan | { readonly from: TimeSpan; readonly until: TimeSpan }

/** What money later is worth, and until when purchases count; without a horizon all to come do. */
export interface DiscountedSpan {
  readonly discount: DiscountRate
  readonly horizon?: TimeSpan
}

/**
 * Repeat purchases to come, from one moment on: the end of a customer's observation, or the first purchase of a newcomer,
 * which is not counted itself.
 */
export interface PurchaseOutlook {
  /** P(alive): the chance of still being a customer. */
  alive(): number
  /** The chance of still being one so much later. */
  aliveAfter(span: TimeSpan): number
  /** Purchases expected. */
  expectedPurchases(within: Within): number
  /** The chance of no purchase. */
  noPurchaseFor(span: TimeSpan): number
  /** The chance of exactly n purchases. */
  chanceOf(n: number, within: Within): number
  /** The chance of at least n purchases; a small one has all its digits. */
  chanceOfAtLeast(n: number, within: Within): number
  /** The same as logarithms, which are exact where a chance is too small for a number; -Infinity of what cannot be. */
  readonly ln: {
    alive(): number
    aliveAfter(span: TimeSpan): number
    noPurchaseFor(span: TimeSpan): number
    chanceOf(n: number, within: Within): number
    chanceOfAtLeast(n: number, within: Within): number
  }
  /**
   * Purchases expected, each worth what 1 then is worth today: DECT with a horizon, DERT without.
   *
   * A purchase counts by the moment at which it happens (not by the end of its month), discounted from the moment the outlook
   * begins.
   */
  discountedPurchases(asked: DiscountedSpan): number
  /** When such a share of customers like this has bought again; 0.5 is the median. Those who never do are in it. */
  nextPurchase(share: number): NextPurchase
  /** The same for several shares, in their order. */
  nextPurchase(shares: readonly number[]): readonly NextPurchase[]
  /** What is known of the customer's own rates, by the paper's symbol: λ, μ, p … */
  rates(): { readonly [symbol: string]: RateKnowledge }
  /**
   * The variance of the number of purchases: chance in what one customer does, parameters taken as known.
   *
   * Of a model of your own that has no `variance` chances are summed one by one: Infinity where more than 100,000 purchases
   * are likely.
   */
  variancePurchases(span: TimeSpan): number
}

/** The outlook that begins where `buying` does. */
export function outlookOf(buying: Buying, unit: TimeUnit): PurchaseOutlook {
  const time = (span: TimeSpan, path = '$.span') => spanIn(unit, span, path)
  const stretch = (within: Within): readonly [from: number, to: number] => {
    checkRecord(within, '$.within')
    if (!isStretch(within)) return [0, time(within, '$.within')]
    checkKeys(within, ['from', 'until'], '$.within')
    const from = time(within.from, '$.within.from')
    const to = time(within.until, '$.within.until')
    if (from > to) throw fault('out-of-range', '$.within.until', to, `no earlier than from, ${from} ${unit}`)
    return [from, to]
  }
  const ln: PurchaseOutlook['ln'] = {
    alive: () => buying.lnAlive,
    aliveAfter: (span) => buying.lnAliveAfter(time(span)),
    noPurchaseFor: (span) => lnNone(buying, time(span)),
    chanceOf(n, within) {
      checkCount(n)
      const [from, to] = stretch(within)
      return from === to ? (n === 0 ? 0 : -Infinity) : buying.lnChanceOf(n, from, to)
    },
    chanceOfAtLeast(n, within) {
      checkCount(n)
      const [from, to] = stretch(within)
      if (n === 0) return 0
      return from === to ? -Infinity : buying.lnChanceOfAtLeast(n, from, to)
    },
  }
  return {
    ln,
    alive: () => share(ln.alive()),
    aliveAfter: (span) => share(ln.aliveAfter(span)),
    expectedPurchases(within) {
      const [from, to] = stretch(within)
      return from === 0 ? buying.expected(to) : Math.max(0, buying.expected(to) - buying.expected(from))
    },
    noPurchaseFor: (span) => share(ln.noPurchaseFor(span)),
    chanceOf: (n, within) => share(ln.chanceOf(n, within)),
    chanceOfAtLeast: (n, within) => share(ln.chanceOfAtLeast(n, within)),
    discountedPurchases(asked) {
      checkOptions(asked, ['discount', 'horizon'], '$')
      const rate = lnRateIn(unit, asked.discount, '$.discount')
      const horizon = asked.horizon === undefined ? Infinity : time(asked.horizon, '$.horizon')
      if (horizon === Infinity && rate === 0)
        throw fault('out-of-range', '$.discount.rate', asked.discount.rate, 'above 0 without a horizon')
      return discountedBy(buying, horizon, rate)
    },
    nextPurchase: nextPurchasesOf((t) => lnNone(buying, t), unit),
    rates: () => buying.rates,
    variancePurchases: (span) => varianceOf(buying, time(span)),
  }
}

const isStretch = (within: Within): within is Exclude<Within, TimeSpan> =>
  Object.hasOwn(within, 'from') || Object.hasOwn(within, 'until')

/** Purchases until `horizon`, discounted at a continuous rate, which may be 0 where the horizon is finite. */
export function discountedBy(buying: Buying, horizon: number, rate: number): number {
  return rate === 0 ? buying.expected(horizon) : buying.discounted(horizon, rate)
}

const lnNone = (buying: Buying, t: number): number => (t === 0 ? 0 : buying.lnChanceOf(0, 0, t))

/** Rounding may leave a chance a last digit above 1. */
const share = (ln: number): number => Math.min(1, exp(ln))

function checkCount(n: number): void {
  checkNumber(n, '$.n')
  if (!(Number.isSafeInteger(n) && n >= 0)) throw fault('out-of-range', '$.n', n, 'a whole number from 0')
}

/** E[X²] is the sum of (2 n - 1) P(X ≥ n). */
export function varianceOf(buying: Buying, time: number): number {
  if (time === 0) return 0
  // Where all buy alike and nobody leaves it is a small difference, which rounding may leave below 0.
  if (buying.variance !== undefined) return Math.max(0, buying.variance(time))
  const mean = buying.expected(time)
  if (!(mean < 1e5)) return Infinity
  let squares = 0
  for (let n = 1; n <= 1e5; n++) {
    const term = (2 * n - 1) * exp(buying.lnChanceOfAtLeast(n, 0, time))
    squares += term
    // Chances fall at least geometrically beyond the bulk of them.
    if (n > 4 * mean && term < 1e-14 * squares) return Math.max(0, squares - mean * mean)
    if (term === 0) return Math.max(0, squares - mean * mean)
  }
  return Infinity
}
