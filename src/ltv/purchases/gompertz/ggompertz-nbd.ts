import { exactSum, over, pair } from '../../../kernel/double-double.js'
import { exp, expm1, ln, log1p } from '../../../kernel/elementary.js'
import { digammaRise } from '../../../measures/beta-ratio.js'
import { exponentialDraw, lnGammaDraw } from '../../../measures/gamma-draw.js'
import { logSumExp } from '../../../measures/log-space.js'
import { type GammaPoisson, lnNegativeBinomial, lnRising } from '../../../measures/negative-binomial.js'
import { checkHistory, type HistoryTable } from '../../histories/history.js'
import type { Edge, KnownLimit, Likelihood, Values } from '../../model.js'
import { checkAfter, checkData, checkDraw, checkKnown, checkTime } from '../checked.js'
import { noRepeats, noTime } from '../common-edges.js'
import type { Buying, PurchaseModel } from '../model.js'
import { arrivals, nbd, withoutLeaving } from '../nbd.js'
import { likeliestPareto } from '../pareto/likeliest.js'
import { tableLikelihood } from '../pareto/likelihood.js'
import { paretoStarts } from '../pareto/pareto-nbd.js'
import { rescaledTable } from '../rescaled-table.js'
import {
  betaLater,
  fallFrom,
  type GompertzStay,
  peakOf,
  type StayIntegral,
  stayIntegral,
  staySpent,
} from './gompertz.js'

type P = 'r' | 'alpha' | 'b' | 's' | 'beta'

/**
 * The GGompertz/NBD model: everybody buys at random times with a rate λ of his own, and leaves with a hazard
 * η b e^(b t) that grows with age at a pace b common to all.
 *
 * λ differs between customers by Gamma(r, alpha), η by Gamma(s, beta). Where b goes to 0 and beta with it, it is
 * Pareto/NBD with beta / b.
 *
 * @see Bemmaor & Glady (2012), "Modeling Purchasing Behavior with Sudden 'Death'", Management Science 58:1012, with the
 * erratum of Adler (2022).
 * @example
 * ggompertzNbd.newcomer({ r: 0.553, alpha: 10.57, b: 0.02, s: 0.6, beta: 0.3 }).expected(52) // => 1.4648951035926883
 */
export const ggompertzNbd: PurchaseModel<'ggompertz-nbd', P> = {
  name: 'ggompertz-nbd',
  label: { en: 'GGompertz/NBD (hazard grows with age)', zh: 'GGompertz/NBD（流失风险随时间增长）' },
  time: 'continuous',
  parameters: ['r', 'alpha', 'b', 's', 'beta'],
  ranges: { r: 'positive', alpha: 'positive', b: 'positive', s: 'positive', beta: 'positive' },
  powers: { r: 0, alpha: 1, b: -1, s: 0, beta: 0 },
  effects: {
    buying: [{ parameter: 'alpha', sign: -1 }],
    leaving: [{ parameter: 'beta', sign: -1 }],
  },
  likelihood(table) {
    checkData('continuous', table)
    return likelihoodOf(table)
  },
  historyLikelihood(history) {
    checkHistory(history, '$')
    checkTime('continuous', history.unit, '$.unit')
    const { repeatCount, lastPurchaseAge, age } = history
    return likelihoodOf({
      count: [1],
      repeatCount: [repeatCount],
      lastPurchaseAge: [lastPurchaseAge],
      age: [age],
    })
  },
  rescaled: rescaledTable,
  starts,
  knownLimit,
  edge,
  hopeless({ repeatCount, age }) {
    if (repeatCount.every((x) => x === 0)) return noRepeats
    return age.every((T) => T === 0) ? noTime : undefined
  },
  sizeOf: (table) => table.customers,
  after(values, history) {
    checkAfter(ggompertzNbd, values, history)
    const { repeatCount: x, lastPurchaseAge: tx, age: T } = history
    const { lnAlive, lnDead } = aliveOf(values, x, tx, T)
    const live = { b: values.b, s: values.s, beta: betaLater(values, T) }
    const mixture = { shape: exactSum(values.r, x), rate: exactSum(values.alpha, T) }
    return buying(mixture, live, lnAlive, lnDead, () => ratesAfter(values, x, tx, T))
  },
  newcomer(values) {
    checkKnown(ggompertzNbd, values)
    const { r, alpha, b, s, beta } = values
    const mixture = { shape: pair(r), rate: pair(alpha) }
    return buying(mixture, { b, s, beta }, 0, Number.NEGATIVE_INFINITY, () => ({
      lambda: { mean: r / alpha, variance: r / alpha / alpha, in: 'per-time' },
      eta: { mean: s / beta, variance: s / beta / beta, in: 'number' },
    }))
  },
  expectedOf(values, { repeatCount, lastPurchaseAge, age }, span) {
    const { r, alpha, b, s } = values
    // The time to come while a customer depends on the age alone.
    const stays = new Map<number, number>()
    return age.map((T, i) => {
      let time = stays.get(T)
      if (time === undefined) {
        time = stayIntegral({ stay: { b, s, beta: betaLater(values, T) }, weight: 'time', to: span }, 0)
        stays.set(T, time)
      }
      const { lnAlive } = aliveOf(values, repeatCount[i]!, lastPurchaseAge[i]!, T)
      return exp(lnAlive) * ((r + repeatCount[i]!) / (alpha + T)) * time
    })
  },
  draw(values, age, random) {
    checkDraw(ggompertzNbd, values, age, random)
    const { r, alpha, b, s, beta } = values
    const rate = exp(lnGammaDraw(r, random)) / alpha
    const left = logistic(ln(exponentialDraw(random)) + ln(beta) - lnGammaDraw(s, random)) / b
    return arrivals(rate, Math.min(age, left), random)
  },
}

/** ln(1 + e^x). */
const logistic = (x: number): number => Math.max(x, 0) + log1p(exp(-Math.abs(x)))

type Rows = {
  readonly [column in 'count' | 'repeatCount' | 'lastPurchaseAge' | 'age']: ArrayLike<number>
}

/** Silence from the last purchase to the end of observation: staying, or leaving at some time in between. */
function silenceOf({ r, alpha, b, s, beta }: Values<P>, x: number, tx: number, T: number) {
  const integral: StayIntegral = {
    stay: { b, s, beta: betaLater({ b, beta }, tx) },
    weight: 'leaving',
    to: T - tx,
    k: r + x,
    A: alpha + tx,
  }
  const lnStay = T > tx ? fallFrom(0, integral)(T - tx) : 0
  return { integral, lnStay }
}

function aliveOf(values: Values<P>, x: number, tx: number, T: number) {
  const { integral, lnStay } = silenceOf(values, x, tx, T)
  const lnLeave = ln(stayIntegral({ ...integral, beside: exp(lnStay) }, 0))
  const lnBoth = logSumExp([lnStay, lnLeave])
  return { lnAlive: lnStay - lnBoth, lnDead: lnLeave - lnBoth }
}

function likelihoodOf({ count, repeatCount, lastPurchaseAge, age }: Rows): Likelihood {
  const own = new Float64Array(5)
  const sum = (at: ArrayLike<number>, slopes: Float64Array | undefined): number => {
    for (let k = 0; k < 5; k++) if (!(at[k]! > 1e-60 && at[k]! < 1e60)) return Number.NaN
    const values = { r: at[0]!, alpha: at[1]!, b: at[2]!, s: at[3]!, beta: at[4]! }
    slopes?.fill(0)
    let total = 0
    for (let i = 0; i < count.length; i++) {
      total +=
        count[i]! *
        ofHistory(
          values,
          repeatCount[i]!,
          lastPurchaseAge[i]!,
          age[i]!,
          slopes === undefined ? undefined : own,
        )
      for (let k = 0; slopes !== undefined && k < 5; k++) slopes[k]! += count[i]! * own[k]!
    }
    return total
  }
  return { value: (at) => sum(at, undefined), slopes: (at, slopes) => sum(at, slopes) }
}

/** ln of the density of one history, and its slopes: the mean of those of each way to fall silent. */
function ofHistory(
  values: Values<P>,
  x: number,
  tx: number,
  T: number,
  slopes: Float64Array | undefined,
): number {
  const { r, alpha, b, s, beta } = values
  const { integral, lnStay } = silenceOf(values, x, tx, T)
  const stayed = exp(lnStay)
  let visit: ((away: number, share: number) => void) | undefined
  if (slopes !== undefined) {
    slopes.fill(0)
    const add = (time: number, share: number, leaves: 0 | 1): void => {
      const lost = -expm1(-b * time)
      const later = betaLater(values, time)
      slopes[0]! -= share * log1p(time / alpha)
      slopes[1]! += share * ((r * time - x * alpha) / alpha / (alpha + time))
      slopes[2]! += share * (leaves / b - (time / later) * (s + leaves * (1 - beta) * (1 - lost)))
      slopes[3]! += share * (leaves / s - staySpent(values, time))
      slopes[4]! += share * (((s / beta) * lost - leaves * (1 - lost)) / later)
    }
    add(T, stayed, 0)
    visit = (away, share) => add(tx + away, share, 1)
  }
  const left = stayIntegral({ ...integral, beside: stayed }, 0, visit)
  if (slopes !== undefined) {
    for (let k = 0; k < 5; k++) slopes[k]! /= stayed + left
    slopes[0]! += digammaRise(r, x)
  }
  return (
    lnRising(r, x, alpha + tx) -
    r * log1p(tx / alpha) -
    s * staySpent(values, tx) +
    logSumExp([lnStay, ln(left)])
  )
}

/** λ and η, each a mixture over being there and having left at any time since the last purchase. */
function ratesAfter(values: Values<P>, x: number, tx: number, T: number): Buying['rates'] {
  const { r, alpha, b, s } = values
  const { integral, lnStay } = silenceOf(values, x, tx, T)
  const shares: number[] = [exp(lnStay)]
  const times: number[] = [T]
  const left = stayIntegral({ ...integral, beside: exp(lnStay) }, 0, (away, share) => {
    shares.push(share)
    times.push(tx + away)
  })
  const whole = exp(lnStay) + left
  const mean = (of: (time: number, i: number) => number) =>
    times.reduce((sum, time, i) => sum + (shares[i]! / whole) * of(time, i), 0)
  const lambdaAbove = (time: number) => ((r + x) * ((T - time) / (alpha + T))) / (alpha + time)
  const lambdaRise = mean(lambdaAbove)
  return {
    lambda: {
      mean: mean((time) => (r + x) / (alpha + time)),
      variance: mean((time) => {
        const away = lambdaAbove(time) - lambdaRise
        return (r + x) / (alpha + time) / (alpha + time) + away * away
      }),
      in: 'per-time',
    },
    eta: { ...etaAfter(), in: 'number' },
  }

  /**
   * η is from Gamma(s, g) of who stayed until T, from Gamma(s + 1, g) of who left at a time, where g = beta + e^(b t) - 1.
   * A power of 1 / g is one more in s, so that moments are integrals like the first.
   */
  function etaAfter(): { mean: number; variance: number } {
    const scale = (time: number) => exp(-b * time) / betaLater(values, time)
    const [atLast, atEnd] = [scale(tx), scale(T)]
    const more = (by: number) => stayIntegral({ ...integral, stay: { ...integral.stay, s: s + by } }, 0)
    const first = (s * (atEnd * shares[0]! + atLast * more(1))) / whole
    if (s < 10) {
      const second =
        s * (s + 1) * (atEnd * atEnd * (shares[0]! / whole) + atLast * atLast * (more(2) / whole))
      return { mean: first, variance: second - first * first }
    }
    // Here the difference would cancel, and g changes little between nodes.
    const own = (time: number, i: number) => (i === 0 ? s : s + 1) * scale(time)
    const variance = mean((time, i) => {
      const away = own(time, i) - first
      return own(time, i) * scale(time) + away * away
    })
    return { mean: first, variance }
  }
}

/** Buying of somebody who is there with a chance, then at a Gamma-distributed rate until leaving. */
function buying(
  mixture: GammaPoisson,
  stay: GompertzStay,
  lnAlive: number,
  lnDead: number,
  rates: () => Buying['rates'],
): Buying {
  const { b, s } = stay
  const mean = over(mixture.shape, mixture.rate).high
  const purchases = exp(lnAlive) * mean
  const lnStays = (time: number) => -s * staySpent(stay, time)
  const later = (time: number): GompertzStay => ({ b, s, beta: betaLater(stay, time) })
  const integralOf = (weight: 'leaving' | 'arrival', n: number, from: number, to: number): StayIntegral => ({
    stay: later(from),
    weight,
    to: to - from,
    n,
    k: mixture.shape.high + n,
    A: mixture.rate.high,
  })
  return {
    lnAlive,
    lnAliveAfter: (time) => lnAlive + lnStays(time),
    expected: (time) => (time === 0 ? 0 : purchases * stayIntegral({ stay, weight: 'time', to: time }, 0)),
    discounted: (time, rate) =>
      time === 0 ? 0 : purchases * stayIntegral({ stay, weight: 'time', to: time, rate }, 0),
    lnChanceOf(n, from, to) {
      const length = to - from
      const parts: number[] = n === 0 ? [lnDead, lnAlive + ln(-expm1(lnStays(from)))] : []
      if (length === 0) {
        if (n === 0) parts.push(lnAlive + lnStays(from))
      } else {
        const integral = integralOf('leaving', n, from, to)
        const peak = peakOf(integral)
        const lnStay = fallFrom(peak, integral)(length - peak)
        const lnPeak =
          lnAlive + lnStays(from) + lnNegativeBinomial(n, mixture, peak) - s * staySpent(integral.stay, peak)
        const leaves = stayIntegral({ ...integral, beside: exp(lnStay) }, peak)
        parts.push(lnPeak + lnStay, lnPeak + ln(leaves))
      }
      return Math.min(0, logSumExp(parts))
    },
    lnChanceOfAtLeast(n, from, to) {
      if (n === 0) return 0
      if (!(to > from)) return Number.NEGATIVE_INFINITY
      const integral = integralOf('arrival', n, from, to)
      const peak = peakOf(integral)
      const lnPeak = lnStays(from) + lnNegativeBinomial(n, mixture, peak) - s * staySpent(integral.stay, peak)
      return Math.min(0, lnAlive + lnPeak + ln(stayIntegral(integral, peak)))
    },
    variance(time) {
      if (time === 0) return 0
      // Of each two purchases the later one is made before leaving: that is the integral over time of time itself.
      let moments = 0
      const stays = stayIntegral({ stay, weight: 'time', to: time }, 0, (at, share) => {
        moments += share * at
      })
      const [alive, gone] = [exp(lnAlive), exp(lnDead)]
      const own = mean * stays
      const pairs = 2 * moments * mean * (mean + 1 / mixture.rate.high)
      return alive * (own + (pairs - own * own)) + alive * own * (gone * own)
    },
    get rates() {
      return rates()
    },
  }
}

/** As if nobody left, then with leaving early, in mid-observation or late. */
function starts(table: HistoryTable): readonly Values<P>[] {
  const oldest = oldestOf(table)
  const b = oldest > 0 ? 1 / oldest : 1
  const { r, alpha } = nbd.starts(table)[0]!
  return [
    { r, alpha, b, s: 1, beta: 1 },
    { r, alpha: alpha / 2, b: b / 10, s: 0.5, beta: 0.05 },
    { r, alpha, b: 3 * b, s: 1, beta: 30 },
  ]
}

/**
 * Pareto/NBD, where its likeliest place is no less likely than those with a hazard that grows a little: the log-likelihood has
 * a slope along b there, with beta / b held, and it falls.
 */
function knownLimit(table: HistoryTable): KnownLimit<P> | undefined {
  const pareto = tableLikelihood(table)
  const { found, values, logLikelihood: highest } = likeliestPareto(pareto, paretoStarts(table, pareto)[0]!)
  if (!found) return undefined
  const oldest = oldestOf(table)
  const near = (b: number): Values<P> => ({ ...values, b, beta: values.beta * b })
  const slopes = new Float64Array(5)
  const { r, alpha, b, s, beta } = near(1e-4 / oldest)
  likelihoodOf(table).slopes([r, alpha, b, s, beta], slopes)
  if (!(slopes[2]! + values.beta * slopes[4]! < 0)) return undefined
  return {
    values: near(1e-7 / oldest),
    // Where the hazard hardly grows all there is to find is that place, as long as it is likelier.
    leadsFrom: ({ b }, logLikelihood) => b * oldest < 0.5 && logLikelihood < highest,
  }
}

function oldestOf({ age, count }: HistoryTable): number {
  let oldest = 0
  for (let i = 0; i < count.length; i++) oldest = Math.max(oldest, age[i]!)
  return oldest
}

/** More alike than this the data cannot tell: in logarithms of likelihood. */
const SAME = 1e-3

function edge(table: HistoryTable, values: Values<P>, settled = false): Edge | undefined {
  // Of an optimum with no limit near there is nothing to add.
  if (settled) return undefined
  const { r, alpha, b, s, beta } = values
  const { value } = likelihoodOf(table)
  const here = value([r, alpha, b, s, beta])
  const sameAt = (at: readonly number[]) => value(at) > here - SAME
  if (sameAt([r, alpha, b, s, Math.max(beta, 1) * 1e10])) return withoutLeaving(table, values)
  const less = Math.min(1, 1e-9 / (b * oldestOf(table)))
  if (sameAt([r, alpha, b * less, s, beta * less])) return isPareto
  const far = Math.max(r, 1e3) * 1e4
  if (sameAt([far, (alpha / r) * far, b, s, beta])) return sameRate
  const many = Math.max(s, 1e3) * 1e4
  if (sameAt([r, alpha, b, many, (beta / s) * many])) return sameHazard
  // The age at which the hazard comes up, and its height from then on, with less and less time in between.
  const sooner = 130 / ln(beta)
  if (sooner > 2 && sameAt([r, alpha, b * sooner, s / sooner, exp(130)])) return fromAnAgeOn
  return undefined
}

const isPareto: Edge = {
  reason: 'gompertz-is-pareto',
  next: {
    en: 'The pace b of the hazard went to 0 and beta with it: the hazard does not grow with age. Take Pareto/NBD, whose beta is this beta / b; b and beta alone mean nothing here.',
    zh: '风险增速 b 与 beta 一同趋于 0：流失风险并不随时间增长。请改用 Pareto/NBD，其 beta 等于此处的 beta / b；此处单独的 b 与 beta 没有意义。',
  },
  instead: 'pareto-nbd',
}

const sameRate: Edge = {
  reason: 'all-buy-alike',
  next: {
    en: 'While they stay all customers seem to buy at the same rate r / alpha, and counts vary no more than chance makes them. Predictions at this limit stand; for regular buyers take a model with regular times (mbg-cnbd-2).',
    zh: '客户在未流失期间的购买频率看来相同，均为 r / alpha，差异不超过随机波动。此极限下的预测仍有效；规律购买者请改用考虑规律性的模型（mbg-cnbd-2）。',
  },
}

const fromAnAgeOn: Edge = {
  reason: 'leaving-begins-at-an-age',
  next: {
    en: 'Up to the age of ln(beta) / b nobody seems to leave, and from then on all at one rate, s b: b grows without end, and only these two are told. Look what happens to customers at that age (a trial that ends, a season); for all ages alike take Pareto/NBD.',
    zh: '在年龄 ln(beta) / b 之前似乎无人流失，此后所有客户以同一速率 s b 流失：b 无限增大，只能确定这两个量。请检查该年龄发生了什么（试用到期、季节等）；若希望各年龄一致，请改用 Pareto/NBD。',
  },
  instead: 'pareto-nbd',
}

const sameHazard: Edge = {
  reason: 'all-leave-alike',
  next: {
    en: 'All customers seem to leave by the same law, with η = s / beta: ages at leaving differ by chance alone. Predictions at this limit stand (Gompertz lifetimes); Pareto/NBD is worth a comparison.',
    zh: '所有客户的流失规律看来相同，η = s / beta，流失时间的差异仅出于偶然。此极限下的预测仍有效（Gompertz 寿命）；可与 Pareto/NBD 比较。',
  },
}
