import { minus, pair, plus } from '../../../kernel/double-double.js'
import { exp, expm1, ln } from '../../../kernel/elementary.js'
import { digammaRise, lnBetaRatio } from '../../../measures/beta-ratio.js'
import { lnGammaPair } from '../../../measures/gamma.js'
import { logSumExp } from '../../../measures/log-space.js'
import { gaussLegendre } from '../../../measures/quadrature.js'

/** Chances of a customer who is there: to buy at an opportunity from Beta(a, b), to leave at its start from Beta(c, d). */
export interface LiveChances {
  readonly a: number
  readonly b: number
  readonly c: number
  readonly d: number
}

/** Mean and variance of a Beta distribution. */
export function betaMoments(a: number, b: number): { readonly mean: number; readonly variance: number } {
  const whole = a + b
  return { mean: a / whole, variance: (a / whole) * (b / whole / (whole + 1)) }
}

/** Buying at opportunities to come, of somebody who is there. Times are whole; only `to` of a value may be infinite. */
export function buyingAtOpportunities({ a, b, c, d }: LiveChances) {
  /** ln of the chance of staying through so many opportunities. */
  const lnStays = (count: number): number =>
    count === 0 ? 0 : count < 1e300 ? lnRatio(c, d, count) : Number.NEGATIVE_INFINITY

  /**
   * Opportunities expected before leaving, of so many: the sum of chances to stay, which has a closed form whose limit at
   * c = 1 is a harmonic sum.
   */
  function occasions(count: number): number {
    const over = c - 1
    if (count === 0) return 0
    if (count > 1e300) return over > 0 ? d / over : Number.POSITIVE_INFINITY
    if (over === 0) return d * digammaRise(d + 1, count)
    const fall = over > 0 ? lnBetaRatio(over, d + 1, count) : -lnBetaRatio(-over, c + d, count)
    return (d / over) * -expm1(fall)
  }

  /** The same, each opportunity worth exp(-rate × when). */
  function presentOccasions(count: number, rate: number): number {
    if (rate === 0) return occasions(count)
    const factor = exp(-rate)
    let sum = 0
    let worth = 1
    const first = Math.min(count, DIRECT)
    for (let i = 0; i < first; i++) {
      worth *= ((d + i) / (c + d + i)) * factor
      sum += worth
      if (worth < 1e-18 * sum * Math.min(1, rate)) return sum
    }
    return count > DIRECT ? sum + laterOccasions(DIRECT, count, rate) : sum
  }

  /** The mean of N (N - 1), N the opportunities of so many before leaving: 2 (i - 1) for each i that is stayed for. */
  function pairsOfOccasions(count: number): number {
    let sum = 0
    let stays = 1
    const first = Math.min(count, DIRECT)
    for (let i = 1; i <= first; i++) {
      stays *= (d + (i - 1)) / (c + d + (i - 1))
      sum += 2 * (i - 1) * stays
    }
    if (count <= DIRECT) return sum
    const worth = (i: number) => 2 * (i - 1) * exp(lnBetaRatio(c, d, i))
    const slope = (i: number) => 2 * exp(lnBetaRatio(c, d, i)) - worth(i) * digammaRise(d + i, c)
    return sum + laterSum(DIRECT, count, worth, slope, 0)
  }

  /** Opportunities after `from` up to `to`, by Euler and Maclaurin's formula: so far out they change slowly. */
  function laterOccasions(from: number, to: number, rate: number): number {
    const worth = (i: number) => exp(lnBetaRatio(c, d, i) - rate * i)
    const slope = (i: number) => -worth(i) * (rate + digammaRise(d + i, c))
    return laterSum(from, to, worth, slope, rate)
  }

  /**
   * ln of the chance of exactly n purchases in (from, to]: of staying to the end, or leaving at any of the opportunities
   * once n were made. Leaving before all is what n = 0 has more.
   */
  function lnChanceOf(n: number, from: number, to: number): number {
    const count = to - from
    if (n > count) return Number.NEGATIVE_INFINITY
    const parts = [lnBetaBinomial(n, count, a, b) + lnStays(to)]
    if (n < count) {
      const end = d + from
      parts.push(
        lnRatio(b, a, n) +
          lnStays(from + n) +
          lnSum(
            c / (c + end + n),
            count - n,
            (k) =>
              ((n + k + 1) / (k + 1)) * ((b + k) / (a + b + n + k)) * ((end + n + k) / (c + end + n + k + 1)),
          ),
      )
    }
    if (n === 0 && from > 0) parts.push(ln(-expm1(lnStays(from))))
    return logSumExp(parts)
  }

  /** ln of the chance of at least n, from 1, in (from, to]: the sum over the opportunities at which the n-th is made. */
  function lnChanceOfAtLeast(n: number, from: number, to: number): number {
    if (n > to - from) return Number.NEGATIVE_INFINITY
    const end = d + from
    return (
      lnRatio(b, a, n) +
      lnStays(from + n) +
      lnSum(
        1,
        to - from - n + 1,
        (k) => ((n + k) / (k + 1)) * ((b + k) / (a + b + n + k)) * ((end + n + k) / (c + end + n + k)),
      )
    )
  }

  return { lnStays, occasions, pairsOfOccasions, presentOccasions, lnChanceOf, lnChanceOfAtLeast }
}

/** The sum of what changes slowly over whole numbers after `from` up to `to`; falls at least by `rate` for each. */
function laterSum(
  from: number,
  to: number,
  worth: (i: number) => number,
  slope: (i: number) => number,
  rate: number,
): number {
  const { nodes, weights } = gaussLegendre(32)
  let sum = -worth(from) / 2 - slope(from) / 12
  for (let low = from; low < to; ) {
    const high = Math.min(to, 2 * low)
    const half = (high - low) / 2
    let block = 0
    for (let k = 0; k < nodes.length; k++) block += weights[k]! * worth(low + half * (1 + nodes[k]!))
    sum += half * block
    low = high
    const last = worth(high)
    if (high === to) sum += last / 2 + slope(high) / 12
    else if (last < 1e-18 * sum * Math.min(1, rate)) break
  }
  return sum
}

/** So many opportunities are added one by one. */
const DIRECT = 4096

/** ln of a sum of `count` positive terms, of which each is the one before times `ratio`; they may grow first. */
function lnSum(first: number, count: number, ratio: (k: number) => number): number {
  let lnScale = 0
  let term = first
  let sum = first
  for (let k = 0; k + 1 < count; k++) {
    const by = ratio(k)
    term *= by
    sum += term
    if (term > 1e250) {
      lnScale += ln(term)
      sum /= term
      term = 1
    }
    if (by < 1 && term * (count - k) < 1e-18 * sum) break
  }
  return lnScale + ln(sum)
}

/** `lnBetaRatio`, where it is large to the last digits of its size. */
function lnRatio(a: number, b: number, x: number): number {
  const near = lnBetaRatio(a, b, x)
  if (near > -30) return near
  const whole = plus(pair(a), pair(b))
  const fall = minus(lnGammaPair(plus(pair(b), pair(x))), lnGammaPair(pair(b)))
  return minus(fall, minus(lnGammaPair(plus(whole, pair(x))), lnGammaPair(whole))).high
}

/** ln of the chance of n successes in `count` trials whose chance comes from Beta(a, b). Its parts cancel. */
function lnBetaBinomial(n: number, count: number, a: number, b: number): number {
  if (n === 0) return lnRatio(a, b, count)
  if (n === count) return lnRatio(b, a, count)
  const rising = (z: number, by: number) => minus(lnGammaPair(plus(pair(z), pair(by))), lnGammaPair(pair(z)))
  const whole = plus(pair(a), pair(b))
  const all = minus(lnGammaPair(plus(whole, pair(count))), lnGammaPair(whole))
  const ways = minus(rising(1, count), plus(rising(1, n), rising(1, count - n)))
  return minus(plus(ways, plus(rising(a, n), rising(b, count - n))), all).high
}
