/*
 * One customer under Pareto/NBD, with or without correlation: when they may have left, and buying to come. Every
 * quantity is a sum or an integral of positive parts.
 */
import { exp, expm1, ln, log1p } from '../../../kernel/elementary.js'
import { lnGamma, stirlingRest } from '../../../measures/gamma.js'
import { lnGammaRise } from '../../../measures/gamma-rise.js'
import { logSumExp } from '../../../measures/log-space.js'
import { logExcess } from '../../../measures/peak.js'
import { fallingRule, type PowerRule, peakedRule, powerRule } from '../../../measures/power-rule.js'
import type { CustomerHistory } from '../../histories/history.js'
import type { Buying, RateKnowledge } from '../model.js'
import { type ParetoValues, type Tilt, tiltOf } from './sarmanov.js'

/** Gamma distributions of both rates, as they are where somebody left at one time or lives; `weight` says how likely that is. */
interface Component {
  readonly weight: number
  readonly n: number
  readonly a: number
  readonly s: number
  readonly b: number
}

/**
 * The rule of the times from the last purchase to `age` at which somebody may have left, weights relative to the
 * density of the last purchase. In them is all that tells histories apart.
 */
export function leavingRule(
  rule: PowerRule,
  { r, alpha, s, beta }: ParetoValues,
  { repeatCount, lastPurchaseAge, age }: Pick<CustomerHistory, 'repeatCount' | 'lastPurchaseAge' | 'age'>,
): void {
  const [scaleA, scaleB] = [alpha + lastPurchaseAge, beta + lastPurchaseAge]
  const powers = { scaleA, powerA: r + repeatCount, scaleB, powerB: s + 1, rate: 0 }
  fallingRule(rule, powers, age - lastPurchaseAge)
  for (let k = 0; k < rule.count; k += 1) rule.weights[k]! *= s / scaleB
}

/** Buying of somebody with this history. */
export function buyingAfter(values: ParetoValues, history: CustomerHistory): Buying {
  const { r, alpha, s, beta } = values
  const { repeatCount, lastPurchaseAge, age } = history
  const tilt = tiltOf(values)
  const rule = powerRule()
  leavingRule(rule, values, history)
  const n = r + repeatCount
  const silence = age - lastPurchaseAge
  const now = { n, a: alpha + age, s, b: beta + age }
  const tilted = tilt.mean(n, now.a, s, now.b)
  const fall = n * log1p(silence / (alpha + lastPurchaseAge)) + s * log1p(silence / (beta + lastPurchaseAge))
  const stays = exp(-fall) * tilted
  /** How likely it is to have left at the k-th node, and the rates then. */
  const then = (k: number): Component => {
    const at = lastPurchaseAge + rule.nodes[k]!
    const [a, b] = [alpha + at, beta + at]
    return { weight: rule.weights[k]! * tilt.mean(n, a, s + 1, b), n, a, s: s + 1, b }
  }
  let left = 0
  for (let k = 0; k < rule.count; k += 1) left += then(k).weight
  const lnAlive = left < stays ? -log1p(left / stays) : ln(tilted) - fall - ln(stays + left)
  const components = (): readonly Component[] =>
    [...Array.from({ length: rule.count }, (_, k) => then(k)), { ...now, weight: stays }].map((one) => ({
      ...one,
      weight: one.weight / (stays + left),
    }))
  return buyingOf({ ...now, lnAlive, tilt, rates: ratesOf(components, tilt) })
}

/** Buying of somebody who has just bought for the first time. */
export function buyingOfNewcomer(values: ParetoValues): Buying {
  const { r: n, alpha: a, s, beta: b } = values
  const tilt = tiltOf(values)
  return buyingOf({ n, a, s, b, lnAlive: 0, tilt, rates: ratesOf(() => [{ n, a, s, b, weight: 1 }], tilt) })
}

/** Somebody who lives with chance e^lnAlive, and if so has rates λ from Gamma(n, a) and μ from Gamma(s, b). */
interface Customer {
  readonly n: number
  readonly a: number
  readonly s: number
  readonly b: number
  readonly lnAlive: number
  readonly tilt: Tilt
  readonly rates: Buying['rates']
}

function buyingOf({ n, a, s, b, lnAlive, tilt, rates }: Customer): Buying {
  const rule = powerRule()
  const tilted = (count: number, scaleA: number, power: number, scaleB: number) =>
    tilt.mean(count, scaleA, power, scaleB)
  const now = tilted(n, a, s, b)

  const lnAliveAfter = (time: number): number => {
    if (time === 0) return lnAlive
    const later = tilt.m === 0 ? 0 : ln(tilted(n, a, s, b + time) / now)
    return lnAlive - s * log1p(time / b) + later
  }

  /** Purchases of somebody who lives, each worth e^(-rate when). */
  const worth = (time: number, rate: number): number => {
    if (time === 0) return 0
    if (rate === 0 && time === Infinity && s <= 1) return Infinity
    if (rate === 0 && tilt.m === 0) return (n / a) * meanStay(s, b, time)
    fallingRule(rule, { scaleA: a, powerA: 0, scaleB: b, powerB: s, rate }, time)
    let sum = 0
    for (let k = 0; k < rule.count; k += 1) {
      sum += rule.weights[k]! * tilted(n + 1, a, s, b + rule.nodes[k]!)
    }
    return (n / a) * (sum / now)
  }
  /** The mean of X (X - 1), X the purchases of somebody who lives: of each two, the later one is made before leaving. */
  const pairs = (time: number): number => {
    // Weights (1 + t/b)^-(s - 1) with t / (b + t): what is averaged stays bounded.
    fallingRule(rule, { scaleA: a, powerA: 0, scaleB: b, powerB: s - 1, rate: 0 }, time)
    let sum = 0
    for (let k = 0; k < rule.count; k += 1) {
      const at = rule.nodes[k]!
      sum += rule.weights[k]! * (at / (b + at)) * tilted(n + 2, a, s, b + at)
    }
    return (n / a) * ((n + 1) / a) * 2 * b * (sum / now)
  }
  const ofAlive = (amount: number): number =>
    lnAlive > -600 ? exp(lnAlive) * amount : amount === 0 ? 0 : exp(lnAlive + ln(amount))

  /** ln of the chance that somebody who lives `from` on buys at least n times in the `span` after. */
  const lnAtLeast = (count: number, from: number, span: number): number => {
    const scaleB = b + from
    peakedRule(rule, count, n, { scaleA: a, scaleB, powerB: s }, span)
    const first = tilted(n, a, s, scaleB)
    let sum = 0
    for (let k = 0; k < rule.count; k += 1) {
      const at = rule.nodes[k]!
      sum += rule.weights[k]! * tilted(n + count, a + at, s, scaleB + at)
    }
    const density = ln(count) + lnNegativeBinomial(count, n, a, rule.peak) - s * log1p(rule.peak / scaleB)
    return Math.min(0, density + ln(sum / first))
  }

  /** ln of the chance that somebody who lives `from` on buys exactly n times in the `span` after. */
  const lnExactly = (count: number, from: number, span: number): number => {
    const scaleB = b + from
    const first = tilted(n, a, s, scaleB)
    const survives =
      span === Infinity
        ? -Infinity
        : lnNegativeBinomial(count, n, a, span) -
          s * log1p(span / scaleB) +
          ln(tilted(n + count, a + span, s, scaleB + span) / first)
    // Who leaves within the span does so at one time of it, and buys until then.
    if (count === 0)
      fallingRule(rule, { scaleA: a, powerA: n, scaleB, powerB: s + 1, rate: 0, surplus: n + s }, span)
    else peakedRule(rule, count + 1, n - 1, { scaleA: a, scaleB, powerB: s + 1 }, span)
    let sum = 0
    for (let k = 0; k < rule.count; k += 1) {
      const at = rule.nodes[k]!
      sum += rule.weights[k]! * tilted(n + count, a + at, s + 1, scaleB + at)
    }
    const { peak } = rule
    const density =
      count === 0
        ? ln(s / scaleB)
        : lnNegativeBinomial(count, n, a, peak) + ln(s * (peak / scaleB)) - (s + 1) * log1p(peak / scaleB)
    return logSumExp([survives, density + ln(sum / first)])
  }

  const lnNone = (from: number, span: number): number => {
    const lnHere = lnAliveAfter(from)
    const some = lnHere + lnAtLeast(1, from, span)
    if (some < -0.7) return log1p(-exp(some))
    // Buying is likely: who does not has left, or lives and buys nothing.
    const gone = lnHere === 0 ? -Infinity : ln(-expm1(lnHere))
    return Math.min(0, logSumExp([gone, lnHere + lnExactly(0, from, span)]))
  }

  return {
    lnAlive,
    lnAliveAfter,
    expected: (time) => ofAlive(worth(time, 0)),
    discounted: (time, rate) => ofAlive(worth(time, rate)),
    lnChanceOf(count, from, to) {
      if (to === from) return count === 0 ? 0 : -Infinity
      return count === 0 ? lnNone(from, to - from) : lnAliveAfter(from) + lnExactly(count, from, to - from)
    },
    lnChanceOfAtLeast(count, from, to) {
      if (count === 0) return 0
      if (to === from) return -Infinity
      return lnAliveAfter(from) + lnAtLeast(count, from, to - from)
    },
    variance(time) {
      if (time === 0) return 0
      const mean = worth(time, 0)
      const alive = exp(lnAlive)
      const gone = -expm1(lnAlive)
      return alive * (mean + (pairs(time) - mean * mean)) + alive * mean * (gone * mean)
    },
    rates,
  }
}

/** The integral of (1 + t/b)^-s over t to `time`: how long somebody who lives will be seen, smooth at s = 1. */
export function meanStay(s: number, b: number, time: number): number {
  if (time === Infinity) return b / (s - 1)
  const span = log1p(time / b)
  const power = (1 - s) * span
  if (power === 0) return b * span
  return (b * expm1(power)) / (1 - s)
}

/** Mean and variance of both rates over the mixture, each from parts that are not negative. */
function ratesOf(components: () => readonly Component[], tilt: Tilt): Buying['rates'] {
  return {
    get λ() {
      return knowledgeOf(components(), tilt, 'buying')
    },
    get μ() {
      return knowledgeOf(components(), tilt, 'leaving')
    },
  }
}

function knowledgeOf(components: readonly Component[], tilt: Tilt, of: 'buying' | 'leaving'): RateKnowledge {
  // Of the other rate only what it adds to the tilt matters.
  const parts = components.map(({ weight, n, a, s, b }) => {
    const tilted = tilt.mean(n, a, s, b)
    const [power, scale, other] = of === 'buying' ? [n, a, tilt.leaving(s, b)] : [s, b, tilt.buying(n, a)]
    const own = (by: number) =>
      of === 'buying' ? tilt.buying(power + by, scale) : tilt.leaving(power + by, scale)
    const raised = tilt.m === 0 ? 1 : (1 + tilt.m * own(1) * other) / tilted
    const pull = tilt.m === 0 ? 0 : (tilt.m * other * exp(-power * log1p(1 / scale))) / tilted
    return { weight, power, scale, raised, pull }
  })
  let mean = 0
  for (const { weight, power, scale, raised } of parts) mean += weight * (power / scale) * raised
  let variance = 0
  for (const { weight, power, scale, pull } of parts) {
    const apart = power / scale - mean
    const spread = power / (scale * scale) + apart * apart
    // What e^-x moves: the same about a scale longer by 1, less this, each difference written out.
    const moved = power / (scale * (scale + 1))
    const change =
      -(power * (2 * scale + 1)) / (scale * scale * (scale + 1) * (scale + 1)) -
      moved * (power / scale + power / (scale + 1) - 2 * mean)
    variance += weight * (spread + pull * change)
  }
  return { mean, variance, in: 'per-time' }
}

/**
 * ln of the chance of n purchases, from 1 on, in `time` of a rate with a Gamma(shape, scale) distribution: negative
 * binomial. Where both numbers are large as a deviation from the likeliest, whose terms do not cancel.
 *
 * @see Loader (2000), "Fast and Accurate Computation of Binomial Probabilities".
 */
function lnNegativeBinomial(n: number, shape: number, scale: number, time: number): number {
  if (n === 0) return -shape * log1p(time / scale)
  if (time === Infinity) return -Infinity
  const [p, q] = [time / (scale + time), scale / (scale + time)]
  if (n >= 10 && shape >= 10) {
    const more = shape * p - n * q
    const rest = stirlingRest(shape + n) - stirlingRest(shape) - stirlingRest(n)
    const deviance =
      n * excess(((shape + n) / n) * p, more / n) + shape * excess(((shape + n) / shape) * q, -more / shape)
    return rest - HALF_LN_2PI - 0.5 * ln(n * ((shape + n) / shape)) - deviance
  }
  const ways =
    shape >= 10 ? lnGammaRise(shape, n) - lnGamma(n + 1) : lnGammaRise(n, shape) - ln(n) - lnGamma(shape)
  return ways - n * log1p(scale / time) - shape * log1p(time / scale)
}

/** u - ln(1 + u), where 1 + u is known better than u next to -1. */
const excess = (ratio: number, u: number): number => (ratio < 0.5 ? u - ln(ratio) : logExcess(u))

const HALF_LN_2PI = 0.9189385332046728
