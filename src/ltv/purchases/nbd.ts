import { exactSum, over, pair } from '../../kernel/double-double.js'
import { exp, expm1, ln, log1p } from '../../kernel/elementary.js'
import { digammaRise } from '../../measures/beta-ratio.js'
import { exponentialDraw, lnGammaDraw } from '../../measures/gamma-draw.js'
import {
  type GammaPoisson,
  lnNegativeBinomial,
  lnNegativeBinomialAtLeast,
  lnRising,
} from '../../measures/negative-binomial.js'
import { checkHistory, type HistoryTable } from '../histories/history.js'
import type { Edge, Likelihood, Values } from '../model.js'
import { checkAfter, checkData, checkDraw, checkDrawn, checkKnown, checkTime } from './checked.js'
import { noDropOut, noDropOutAlike, noRepeats, noTime } from './common-edges.js'
import type { Buying, PurchaseModel } from './model.js'
import { rescaledTable } from './rescaled-table.js'

type P = 'r' | 'alpha'

/**
 * The NBD model: everybody buys at random times with a rate of his own, and nobody ever leaves.
 *
 * Rates differ between customers by a Gamma distribution of shape r and rate alpha. A floor to compare others with: a
 * model with leaving that is no likelier has found no leaving.
 *
 * @see Ehrenberg (1959), "The Pattern of Consumer Purchases".
 * @example
 * nbd.newcomer({ r: 0.385, alpha: 12.07 }).expected(52) // => 1.6586578293289147
 */
export const nbd: PurchaseModel<'nbd', P> = {
  name: 'nbd',
  label: { en: 'NBD (nobody leaves)', zh: 'NBD（无流失）' },
  time: 'continuous',
  parameters: ['r', 'alpha'],
  ranges: { r: 'positive', alpha: 'positive' },
  powers: { r: 0, alpha: 1 },
  effects: { buying: [{ parameter: 'alpha', sign: -1 }], leaving: [] },
  likelihood(table) {
    checkData('continuous', table)
    return likelihoodOf(table)
  },
  historyLikelihood(history) {
    checkHistory(history, '$')
    checkTime('continuous', history.unit, '$.unit')
    const { repeatCount, age } = history
    return likelihoodOf({ count: [1], repeatCount: [repeatCount], age: [age] })
  },
  rescaled: rescaledTable,
  starts,
  edge,
  hopeless,
  sizeOf: (table) => table.customers,
  after(values, history) {
    checkAfter(nbd, values, history)
    const { r, alpha } = values
    return buying({ shape: exactSum(r, history.repeatCount), rate: exactSum(alpha, history.age) })
  },
  newcomer(values) {
    checkKnown(nbd, values)
    return buying({ shape: pair(values.r), rate: pair(values.alpha) })
  },
  expectedOf: ({ r, alpha }, { repeatCount, age }, span) =>
    age.map((T, i) => ((r + repeatCount[i]!) / (alpha + T)) * span),
  draw(values, age, random) {
    checkDraw(nbd, values, age, random)
    const { r, alpha } = values
    const rate = exp(lnGammaDraw(r, random)) / alpha
    return arrivals(rate, age, random)
  },
}

/** The times of a Poisson process up to an age. */
export function arrivals(rate: number, age: number, random: { next(): number }): readonly number[] {
  checkDrawn(rate * age, age)
  const times: number[] = []
  for (let at = exponentialDraw(random) / rate; at <= age; at += exponentialDraw(random) / rate)
    times.push(at)
  return times
}

/** Up to so many purchases their part that depends on x alone may be split off without losing digits. */
const FEW = 100

type Rows = { readonly [column in 'count' | 'repeatCount' | 'age']: ArrayLike<number> }

/** ln of Gamma(r + x) / Gamma(r) alpha^r / (alpha + T)^(r + x), the density of the purchases' times, over all rows. */
function likelihoodOf({ count, repeatCount, age }: Rows): Likelihood {
  // What depends on x alone is worked out once for each x, for rows come in its order.
  const sum = (at: ArrayLike<number>, slopes: Float64Array | undefined): number => {
    const [r, alpha] = [at[0]!, at[1]!]
    if (!inReach(r, alpha)) return Number.NaN
    let total = 0
    let last = -1
    let [rising, rise] = [0, 0]
    let [byR, byAlpha] = [0, 0]
    for (let i = 0; i < count.length; i++) {
      const [n, x, T] = [count[i]!, repeatCount[i]!, age[i]!]
      const few = x <= FEW
      if (x !== last) {
        rising = few ? lnRising(r, x) : 0
        rise = slopes === undefined ? 0 : digammaRise(r, x)
        last = x
      }
      const waned = log1p(T / alpha)
      total += n * ((few ? rising - x * ln(alpha + T) : lnRising(r, x, alpha + T)) - r * waned)
      byR += n * (rise - waned)
      byAlpha += n * ((r * T - x * alpha) / alpha / (alpha + T))
    }
    if (slopes !== undefined) {
      slopes[0] = byR
      slopes[1] = byAlpha
    }
    return total
  }
  return { value: (at) => sum(at, undefined), slopes: (at, slopes) => sum(at, slopes) }
}

/** Where all parts are floats; a search that leaves it learns so by NaN. */
const inReach = (r: number, alpha: number): boolean =>
  r > 1e-100 && r < 1e100 && alpha > 1e-100 && alpha < 1e100

/** By the mean rate and how much more counts vary than a Poisson process lets them. */
function starts(table: HistoryTable): readonly Values<P>[] {
  const { count, repeatCount, age } = table
  let [purchases, time, squares, excess] = [0, 0, 0, 0]
  for (let i = 0; i < count.length; i++) {
    purchases += count[i]! * repeatCount[i]!
    time += count[i]! * age[i]!
  }
  const rate = purchases > 0 && time > 0 ? purchases / time : 1
  for (let i = 0; i < count.length; i++) {
    const mean = rate * age[i]!
    const away = repeatCount[i]! - mean
    squares += count[i]! * mean * mean
    excess += count[i]! * (away * away - mean)
  }
  const byMoments = excess > 0 && squares > 0 ? Math.min(100, Math.max(0.01, squares / excess)) : 10
  return [...new Set([byMoments, 1])].map((r) => ({ r, alpha: r / rate }))
}

function hopeless(table: HistoryTable): Edge | undefined {
  if (table.repeatCount.every((x) => x === 0)) return noRepeats
  if (table.age.every((T) => T === 0)) return noTime
  return undefined
}

/** More alike than this the data cannot tell: in logarithms of likelihood. */
const SAME = 1e-3

function edge(table: HistoryTable, { r, alpha }: Values<P>): Edge | undefined {
  const { value } = likelihoodOf(table)
  const far = Math.max(r, 1e3) * 1e4
  return value([far, (alpha / r) * far]) > value([r, alpha]) - SAME ? alike : undefined
}

/** What is left of a model in which nobody is seen to leave: NBD, or one rate for all where NBD has no optimum either. */
export const withoutLeaving = (table: HistoryTable, { r, alpha }: Values<P>): Edge =>
  edge(table, { r, alpha }) === undefined ? noDropOut : noDropOutAlike

const alike: Edge = {
  reason: 'all-buy-alike',
  next: {
    en: 'Counts vary no more than chance alone makes them: everybody buys at the same rate, purchases over time (a Poisson process). Expect that rate of everybody; a model for regular buyers (bg-cnbd-2) may tell more.',
    zh: '购买次数的差异不超过随机波动：所有客户的购买频率相同，等于总购买次数除以总时长（泊松过程）。请对所有客户采用该频率；面向规律购买者的模型（bg-cnbd-2）可能更合适。',
  },
}

/** Buying by a Gamma-distributed rate, without end. */
function buying(mixture: GammaPoisson): Buying {
  const mean = over(mixture.shape, mixture.rate)
  return {
    lnAlive: 0,
    lnAliveAfter: () => 0,
    expected: (time) => mean.high * time,
    discounted: (time, rate) => mean.high * presentValue(time, rate),
    lnChanceOf: (n, from, to) => lnNegativeBinomial(n, mixture, to - from),
    lnChanceOfAtLeast: (n, from, to) => {
      if (n === 0) return 0
      return to > from ? lnNegativeBinomialAtLeast(n, mixture, to - from) : -Infinity
    },
    // Of a Poisson process, and of its mean.
    variance: (time) => mean.high * time + mean.high * time * (time / mixture.rate.high),
    rates: {
      lambda: { mean: mean.high, variance: mean.high / mixture.rate.high, in: 'per-time' },
    },
  }
}

/** The integral of exp(-rate t) over (0, time]. */
function presentValue(time: number, rate: number): number {
  if (rate === 0) return time
  return -expm1(-rate * time) / rate
}
