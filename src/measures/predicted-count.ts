import { exp, expm1, ln } from '../kernel/elementary.js'
import { sharesOf } from './churn-model.js'

/**
 * Between which counts it will be how many of n do something, each with the same chance, which itself is known but for an
 * error: at most `tail` lies below and at most `tail` above.
 *
 * Chance and error together are taken as a beta-binomial distribution of the same mean and variance; where the counts are
 * spread wide, as normal on the logit scale.
 *
 * @see Skellam (1948) for the distribution.
 */
export function predictedCount(given: {
  readonly n: number
  /** The chance, as a logarithm. */
  readonly lnShare: number
  /** Variance of its logit. */
  readonly variance: number
  readonly tail: number
  /** The normal quantile of 1 - tail. */
  readonly z: number
}): { readonly low: number; readonly high: number } {
  const { n, lnShare, variance, tail, z } = given
  const p = exp(lnShare)
  const q = -expm1(lnShare)
  if (n === 0 || !(p > 0)) return { low: 0, high: 0 }
  if (!(q > 0)) return { low: n, high: n }
  // What the error adds to the spread of a share: 1 / (a + b + 1) of the beta distribution.
  const shared = Math.min(0.7, p * q * variance)
  const spread = n * p * q * (1 + (n - 1) * shared)
  if (spread > 1e6) {
    const reach = z * Math.sqrt(variance + 1 / (n * p * q))
    const logit = lnShare - ln(q)
    return {
      low: Math.floor(n * sharesOf(logit - reach)[0]),
      high: Math.min(n, Math.ceil(n * sharesOf(logit + reach)[0])),
    }
  }
  // 1 / (a + b): 0 makes it binomial.
  const inverse = shared / (1 - shared)
  const middle = Math.round(n * p)
  const rise = (k: number) => ((n - k) / (k + 1)) * ((k * inverse + p) / ((n - k - 1) * inverse + q))
  const above = [1]
  for (let k = middle; k < n && above[above.length - 1]! > 1e-18; k += 1)
    above.push(above[above.length - 1]! * rise(k))
  const below: number[] = []
  for (let k = middle - 1, weight = 1; k >= 0 && weight > 1e-18; k -= 1) {
    weight /= rise(k)
    below.push(weight)
  }
  const sum =
    above.reduce((total, weight) => total + weight, 0) + below.reduce((total, weight) => total + weight, 0)
  return {
    low: within([...below].reverse().concat(above), tail * sum, middle - below.length, 1),
    high: within([...above].reverse().concat(below), tail * sum, middle + above.length - 1, -1),
  }
}

/** From one end inwards: the first count that cannot be left out. */
function within(weights: readonly number[], most: number, from: number, by: number): number {
  let left = 0
  for (const [i, weight] of weights.entries()) {
    left += weight
    if (left > most) return from + by * i
  }
  return from + by * (weights.length - 1)
}
