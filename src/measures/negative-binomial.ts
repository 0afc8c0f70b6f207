import { lnPair, minus, over, type Pair, pair, plus, times } from '../kernel/double-double.js'
import { ln } from '../kernel/elementary.js'
import { lnBetaTailsOfParts } from './beta.js'
import { lnGammaPair } from './gamma.js'

/** A count over `time` of a Poisson process whose rate has a Gamma distribution of this shape and rate (inverse scale). */
export interface GammaPoisson {
  readonly shape: Pair
  readonly rate: Pair
}

/**
 * ln of the chance of exactly n events in `time`: the negative binomial distribution. Its parts cancel where the shape
 * is large or n is, so they are pairs of floats; far tails are right as well.
 *
 * @param time - From 0; n a whole number from 0.
 */
export function lnNegativeBinomial(n: number, { shape, rate }: GammaPoisson, time: number): number {
  if (time === 0) return n === 0 ? 0 : -Infinity
  const whole = plus(rate, pair(time))
  const none = times(shape, lnPair(over(rate, whole)))
  if (n === 0) return none.high
  const some = times(pair(n), lnPair(over(pair(time), whole)))
  const ways = minus(minus(lnGammaPair(plus(shape, pair(n))), lnGammaPair(shape)), lnGammaPair(pair(n + 1)))
  return plus(ways, plus(some, none)).high
}

/** ln of the chance of at least n events in `time`, n from 1: an incomplete beta function, not 1 minus a sum. */
export function lnNegativeBinomialAtLeast(n: number, { shape, rate }: GammaPoisson, time: number): number {
  return lnBetaTailsOfParts(pair(time), rate, n, shape.high).lower
}

/**
 * ln of z (z + 1) … (z + n - 1) / per^n, where the former is Gamma(z + n) / Gamma(z): factors are divided one by one, so
 * that many of them do not cancel as logarithms.
 */
export function lnRising(z: number, n: number, per = 1): number {
  if (n > 2000) {
    const rising = minus(lnGammaPair(plus(pair(z), pair(n))), lnGammaPair(pair(z)))
    return minus(rising, times(pair(n), lnPair(pair(per)))).high
  }
  let sum = 0
  let product = 1
  for (let k = 0; k < n; k++) {
    product *= (z + k) / per
    if (product > 1e200 || product < 1e-200) {
      sum += ln(product)
      product = 1
    }
  }
  return sum + ln(product)
}
