/* What all models of renewals, period by period, have in common: all follows from how many stay. */
import { exp, expm1, ln, log1p } from '../../kernel/elementary.js'
import { fault } from '../../kernel/errors.js'
import { firstWhole } from '../first-whole.js'
import type { Payments, Staying } from './contract-model.js'
import { renewalSum } from './renewal-sum.js'

/** A curve of customers with `past` renewals behind them. */
export interface RenewalCurve {
  readonly past: number
  /** ln of the share of those there after `from` renewals from now who are there after `to`; both may be fractions. */
  lnStay(from: number, to: number): number
  readonly steepness: number
  readonly excess: number
  readonly lnFar: number
}

/** Sums and quantiles by the curve alone. */
export function renewalsOf(
  curve: RenewalCurve,
): Pick<Staying, 'lnSurvival' | 'hazard' | 'retention' | 'discounted' | 'elasticity' | 'quantile' | 'draw'> {
  const { past, steepness, excess, lnFar } = curve
  const lnSurvival = (time: number) => curve.lnStay(0, time)
  const summed = (payments: Payments, lnRate: number, horizon: number, weighted: boolean): number => {
    const now = payments === 'signing'
    return renewalSum({
      lnStay: lnSurvival,
      lnRate,
      first: now && !weighted ? 0 : 1,
      last: now ? horizon - 1 : horizon,
      paid: payments === 'about-to-renew' ? 1 : 0,
      weighted,
      past,
      steepness,
      excess,
      lnFar,
    })
  }
  /** The first renewal after which no more than e^lnShare are left. Where just that is left, rounding must not take it for more. */
  const firstBelow = (lnShare: number): number =>
    firstWhole((j) => lnSurvival(j) <= lnShare + 4e-15 * Math.max(1, -lnShare)) ?? Infinity
  return {
    lnSurvival,
    hazard: (time) => -expm1(curve.lnStay(time - 1, time)),
    retention: (time) => exp(curve.lnStay(time - 1, time)),
    discounted: (payments, lnRate, horizon) => summed(payments, lnRate, horizon, false),
    elasticity(payments, lnRate) {
      const value = summed(payments, lnRate, Infinity, false)
      return { ofValue: value === 0 ? 1 : summed(payments, lnRate, Infinity, true) / value }
    },
    quantile: (share) => firstBelow(log1p(-share)),
    draw(until, random) {
      // From (0, 1]: the share that is left when this one leaves.
      const time = firstBelow(ln(1 - random.next()))
      return time <= until ? { time, event: true } : { time: until, event: false }
    },
  }
}

/** Refuses a number of renewals that is none. */
export function checkRenewals(value: number, path: string): void {
  if (!(Number.isSafeInteger(value) && value >= 0 && value <= 1_000_000))
    throw fault('out-of-range', path, value, 'whole renewals from 0 to 1000000')
}
