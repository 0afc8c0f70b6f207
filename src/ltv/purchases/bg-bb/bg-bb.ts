import { exp, ln, log1p } from '../../../kernel/elementary.js'
import { digammaRise, lnBetaRatio } from '../../../measures/beta-ratio.js'
import { exponentialDraw, lnOddsDraw, shareOf } from '../../../measures/gamma-draw.js'
import { logSumExp } from '../../../measures/log-space.js'
import { checkHistory, type HistoryTable } from '../../histories/history.js'
import type { Edge, Likelihood, Values } from '../../model.js'
import { checkAfter, checkData, checkDraw, checkKnown, checkOpportunities, checkTime } from '../checked.js'
import { noRepeats } from '../common-edges.js'
import type { Buying, PurchaseModel, RateKnowledge } from '../model.js'
import { betaMoments, buyingAtOpportunities, type LiveChances } from './buying.js'

type P = 'alpha' | 'beta' | 'gamma' | 'delta'

/**
 * The BG/BB model, of buying at given occasions (unit `opportunity`): at the start of each a customer leaves for good
 * with a chance θ of his own, else he buys with a chance p of his own.
 *
 * p differs between customers by Beta(alpha, beta), θ by Beta(gamma, delta). T counts the occasions after the first
 * purchase, t_x is the last one with a purchase. What a paper discounts by (1 + d)^-i is discounted at the rate ln(1 + d).
 *
 * @see Fader, Hardie & Shang (2010), "Customer-Base Analysis in a Discrete-Time Noncontractual Setting", Marketing
 * Science 29:1086.
 * @example
 * bgBb.newcomer({ alpha: 1.204, beta: 0.75, gamma: 0.657, delta: 2.783 }).expected(1) // => 0.49849027635619264
 */
export const bgBb: PurchaseModel<'bg-bb', P> = {
  name: 'bg-bb',
  label: { en: 'BG/BB (occasions, yes or no)', zh: 'BG/BB（离散时机）' },
  time: 'discrete',
  parameters: ['alpha', 'beta', 'gamma', 'delta'],
  ranges: { alpha: 'positive', beta: 'positive', gamma: 'positive', delta: 'positive' },
  powers: { alpha: 0, beta: 0, gamma: 0, delta: 0 },
  likelihood(table) {
    checkData('discrete', table)
    return likelihoodOf(table)
  },
  historyLikelihood(history) {
    checkHistory(history, '$')
    checkTime('discrete', history.unit, '$.unit')
    checkOpportunities(history.age, '$.age')
    const { repeatCount, lastPurchaseAge, age } = history
    return likelihoodOf({
      count: [1],
      repeatCount: [repeatCount],
      lastPurchaseAge: [lastPurchaseAge],
      age: [age],
    })
  },
  // Opportunities cannot be made longer.
  rescaled(data) {
    checkData('discrete', data)
    return { data, by: 1, lnShift: 0 }
  },
  starts,
  edge,
  hopeless,
  sizeOf: (table) => table.customers,
  after(values, history) {
    checkAfter(bgBb, values, history)
    const { repeatCount: x, lastPurchaseAge, age } = history
    const silence = silenceOf(values, x, lastPurchaseAge, age)
    return buying(
      liveAfter(values, x, age),
      silence.lnAlive - silence.lnTotal,
      silence.lnDead - silence.lnTotal,
      () => ratesAfter(values, x, lastPurchaseAge, age),
    )
  },
  newcomer(values) {
    checkKnown(bgBb, values)
    const live = liveAfter(values, 0, 0)
    return buying(live, 0, Number.NEGATIVE_INFINITY, () => ({
      p: { ...betaMoments(live.a, live.b), in: 'chance' },
      theta: { ...betaMoments(live.c, live.d), in: 'chance' },
    }))
  },
  expectedOf(values, { repeatCount, lastPurchaseAge, age }, span) {
    // Occasions to come depend on the age alone, of which there are few.
    const stays = new Map<number, number>()
    return age.map((n, i) => {
      const x = repeatCount[i]!
      const live = liveAfter(values, x, n)
      let occasions = stays.get(n)
      if (occasions === undefined) {
        occasions = buyingAtOpportunities(live).occasions(span)
        stays.set(n, occasions)
      }
      const { lnAlive, lnTotal } = silenceOf(values, x, lastPurchaseAge[i]!, n)
      return exp(lnAlive - lnTotal) * (live.a / (live.a + live.b)) * occasions
    })
  },
  draw(values, age, random) {
    checkDraw(bgBb, values, age, random)
    const { alpha, beta, gamma, delta } = values
    const chance = shareOf(lnOddsDraw(alpha, beta, random))
    const lnLeave = lnOddsDraw(gamma, delta, random)
    // -ln(1 - θ), of which a whole number fits into an exponential draw as often as somebody stays.
    const hazard = Math.max(lnLeave, 0) + log1p(exp(-Math.abs(lnLeave)))
    const last = Math.min(Math.floor(age), Math.floor(exponentialDraw(random) / hazard))
    const times: number[] = []
    for (let i = 1; i <= last; i++) if (random.next() < chance) times.push(i)
    return times
  },
}

type Rows = {
  readonly [column in 'count' | 'repeatCount' | 'lastPurchaseAge' | 'age']: ArrayLike<number>
}

/** What a customer who is still there is like after n opportunities with x purchases. */
const liveAfter = ({ alpha, beta, gamma, delta }: Values<P>, x: number, n: number): LiveChances => ({
  a: alpha + x,
  b: beta + (n - x),
  c: gamma,
  d: delta + n,
})

/** How a silence after the last purchase may have come about, beside the chance of what was until then. */
interface Silence {
  /** ln of the chance of being there throughout without buying. */
  readonly lnAlive: number
  /** ln of the chance of having left at one of the opportunities, without buying before. */
  readonly lnDead: number
  readonly lnTotal: number
  /** The parts of the latter: `weights[i]` is of leaving after i of them; nothing counts any more after the last. */
  readonly weights: readonly number[]
}

/** All parts are positive; each is a product of shares, from one opportunity to the next. */
function silenceOf(values: Values<P>, x: number, tx: number, n: number): Silence {
  const { a, b, c, d } = liveAfter(values, x, tx)
  const weights: number[] = []
  let dead = 0
  let both = 1
  for (let i = 0; i < n - tx && both > 1e-20 * dead; i++) {
    const weight = both * (c / (c + d + i))
    weights.push(weight)
    dead += weight
    both *= ((b + i) / (a + b + i)) * ((d + i) / (c + d + i))
  }
  const lnAlive = lnBetaRatio(a, b, n - tx) + lnBetaRatio(c, d, n - tx)
  const lnDead = ln(dead)
  return { lnAlive, lnDead, lnTotal: logSumExp([lnAlive, lnDead]), weights }
}

/** ln of B(alpha + x, beta + t_x - x) / B(alpha, beta) times B(gamma, delta + t_x) / B(gamma, delta). */
const lnUntilLast = ({ alpha, beta, gamma, delta }: Values<P>, x: number, tx: number): number =>
  lnBetaRatio(alpha, beta, tx - x) + lnBetaRatio(beta + (tx - x), alpha, x) + lnBetaRatio(gamma, delta, tx)

const valuesAt = (at: ArrayLike<number>): Values<P> => ({
  alpha: at[0]!,
  beta: at[1]!,
  gamma: at[2]!,
  delta: at[3]!,
})

function likelihoodOf({ count, repeatCount, lastPurchaseAge, age }: Rows): Likelihood {
  const sum = (at: ArrayLike<number>, slopes: Float64Array | undefined): number => {
    for (let k = 0; k < 4; k++) if (!(at[k]! > 1e-90 && at[k]! < 1e90)) return Number.NaN
    const values = valuesAt(at)
    slopes?.fill(0)
    let total = 0
    for (let i = 0; i < count.length; i++) {
      const [x, tx, n] = [repeatCount[i]!, lastPurchaseAge[i]!, age[i]!]
      const silence = silenceOf(values, x, tx, n)
      total += count[i]! * (lnUntilLast(values, x, tx) + silence.lnTotal)
      if (slopes !== undefined) addSlopes(values, x, tx, n, silence, count[i]!, slopes)
    }
    return total
  }
  return { value: (at) => sum(at, undefined), slopes: (at, slopes) => sum(at, slopes) }
}

/** Each way of falling silent has slopes of its own; theirs are the mean of these by how likely each is. */
function addSlopes(
  { alpha, beta, gamma, delta }: Values<P>,
  x: number,
  tx: number,
  n: number,
  { lnAlive, lnTotal, weights }: Silence,
  times: number,
  slopes: Float64Array,
): void {
  const alive = exp(lnAlive - lnTotal)
  const scale = exp(-lnTotal)
  let byBeta = alive * digammaRise(beta, n - x)
  let byBoth = alive * digammaRise(alpha + beta, n)
  let byDelta = alive * digammaRise(delta, n)
  let byLeaving = alive * digammaRise(gamma + delta, n)
  let dead = 0
  let inBeta = digammaRise(beta, tx - x)
  let inBoth = digammaRise(alpha + beta, tx)
  let inDelta = digammaRise(delta, tx)
  let inLeaving = digammaRise(gamma + delta, tx)
  for (let i = 0; i < weights.length; i++) {
    const weight = weights[i]! * scale
    inLeaving += 1 / (gamma + delta + tx + i)
    dead += weight
    byBeta += weight * inBeta
    byBoth += weight * inBoth
    byDelta += weight * inDelta
    byLeaving += weight * inLeaving
    inBeta += 1 / (beta + (tx - x) + i)
    inBoth += 1 / (alpha + beta + tx + i)
    inDelta += 1 / (delta + tx + i)
  }
  slopes[0]! += times * (digammaRise(alpha, x) - byBoth)
  slopes[1]! += times * (byBeta - byBoth)
  slopes[2]! += times * (dead / gamma - byLeaving)
  slopes[3]! += times * (byDelta - byLeaving)
}

function buying(live: LiveChances, lnAlive: number, lnDead: number, rates: () => Buying['rates']): Buying {
  const there = buyingAtOpportunities(live)
  const alive = exp(lnAlive)
  const purchases = alive * (live.a / (live.a + live.b))
  return {
    lnAlive,
    lnAliveAfter: (time) => lnAlive + there.lnStays(Math.floor(time)),
    expected: (time) => purchases * there.occasions(Math.floor(time)),
    discounted: (time, rate) => purchases * there.presentOccasions(Math.floor(time), rate),
    lnChanceOf(n, from, to) {
      const chance = lnAlive + there.lnChanceOf(n, Math.floor(from), Math.floor(to))
      return Math.min(0, n === 0 ? logSumExp([lnDead, chance]) : chance)
    },
    lnChanceOfAtLeast: (n, from, to) =>
      n === 0 ? 0 : Math.min(0, lnAlive + there.lnChanceOfAtLeast(n, Math.floor(from), Math.floor(to))),
    variance(time) {
      const mean = (live.a / (live.a + live.b)) * there.occasions(Math.floor(time))
      const both = (live.a / (live.a + live.b)) * ((live.a + 1) / (live.a + live.b + 1))
      const pairs = both * there.pairsOfOccasions(Math.floor(time))
      return alive * (mean + (pairs - mean * mean)) + alive * mean * (exp(lnDead) * mean)
    },
    get rates() {
      return rates()
    },
  }
}

/**
 * p and θ, each a mixture over still being there and having left at any of the opportunities. Means are told by how far
 * they are from those of who is still there, so that variances keep their digits next to 0 and 1.
 */
function ratesAfter(values: Values<P>, x: number, tx: number, n: number): Buying['rates'] {
  const { alpha, beta, gamma, delta } = values
  const { lnAlive, lnTotal, weights } = silenceOf(values, x, tx, n)
  const [a, both] = [alpha + x, alpha + beta]
  const leaving = gamma + delta
  const scale = exp(-lnTotal)
  const alive = exp(lnAlive - lnTotal)
  const unseen = (i: number) => n - tx - i
  return {
    p: mixed(alive, betaMoments(a, beta + (n - x)), weights, scale, {
      above: (i) => (a / (both + n)) * (unseen(i) / (both + tx + i)),
      moments: (i) => betaMoments(a, beta + (tx - x) + i),
    }),
    theta: mixed(alive, betaMoments(gamma, delta + n), weights, scale, {
      above: (i) => (gamma * unseen(i) + delta + n) / (leaving + n) / (leaving + 1 + tx + i),
      moments: (i) => betaMoments(gamma + 1, delta + tx + i),
    }),
  }
}

/** Of parts that leave after i opportunities, with their means as `above` that of those still there. They may be a million. */
function mixed(
  alive: number,
  there: { readonly mean: number; readonly variance: number },
  weights: readonly number[],
  scale: number,
  gone: {
    above(i: number): number
    moments(i: number): { readonly mean: number; readonly variance: number }
  },
): RateKnowledge {
  let rise = 0
  for (let i = 0; i < weights.length; i++) rise += weights[i]! * scale * gone.above(i)
  let mean = alive * there.mean
  let variance = alive * (there.variance + rise * rise)
  for (let i = 0; i < weights.length; i++) {
    const weight = weights[i]! * scale
    const own = gone.moments(i)
    const apart = gone.above(i) - rise
    mean += weight * own.mean
    variance += weight * (own.variance + apart * apart)
  }
  return { mean, variance, in: 'chance' }
}

/** By the share of opportunities bought at until the last purchase, for a few ways of leaving. */
function starts({ count, repeatCount, lastPurchaseAge, age }: HistoryTable): readonly Values<P>[] {
  let [purchases, until, all] = [0, 0, 0]
  for (let i = 0; i < count.length; i++) {
    purchases += count[i]! * repeatCount[i]!
    until += count[i]! * lastPurchaseAge[i]!
    all += count[i]! * age[i]!
  }
  const within = (share: number) => Math.min(0.9, Math.max(0.1, share))
  const eager = within(purchases / Math.max(until, 1))
  const slow = within(purchases / Math.max(all, 1))
  return [
    { alpha: 2 * eager, beta: 2 * (1 - eager), gamma: 0.6, delta: 2.4 },
    { alpha: slow, beta: 1 - slow, gamma: 0.5, delta: 10 },
    { alpha: 5 * eager, beta: 5 * (1 - eager), gamma: 1, delta: 1 },
  ]
}

function hopeless({ repeatCount, age }: HistoryTable): Edge | undefined {
  if (age.every((n) => n <= 1)) return tooFew
  if (repeatCount.every((x) => x === 0)) return noRepeats
  if (repeatCount.every((x, i) => x === age[i])) return alwaysBought
  return undefined
}

/** More alike than this the data cannot tell: in logarithms of likelihood. */
const SAME = 1e-3

function edge(table: HistoryTable, { alpha, beta, gamma, delta }: Values<P>): Edge | undefined {
  const { value } = likelihoodOf(table)
  const here = value([alpha, beta, gamma, delta])
  const little = (a: number, b: number) => Math.min(1, 1e-10 / Math.max(a, b))
  const large = (a: number, b: number) => Math.max(1, 1e10 / Math.min(a, b))
  const buying = (by: number) => [alpha * by, beta * by, gamma, delta]
  const leaving = (by: number) => [alpha, beta, gamma * by, delta * by]
  const limits: readonly (readonly [Edge, readonly number[]])[] = [
    [nobodyLapses, [alpha, beta, gamma, Math.max(delta, 1e10 * Math.max(gamma, 1))]],
    [allLapseAtOnce, [alpha, beta, gamma, Math.min(delta, 1e-10 * gamma)]],
    [lapseOrStay, leaving(little(gamma, delta))],
    [buyOrNot, buying(little(alpha, beta))],
    [sameBuying, buying(large(alpha, beta))],
    [sameLeaving, leaving(large(gamma, delta))],
  ]
  const gains = limits.map(([, at]) => value(at) - here)
  // The limit that it came to; failing that, one that is likelier than where it stands.
  const at = gains.findIndex((gain) => Math.abs(gain) < SAME)
  return limits[at < 0 ? gains.findIndex((gain) => gain >= SAME) : at]?.[0]
}

const tooFew: Edge = {
  reason: 'too-few-opportunities',
  next: {
    en: 'Nobody has had two opportunities yet, and one cannot tell who left from who did not feel like it. Wait for more, or take parameters from elsewhere.',
    zh: '尚无客户经历过两次机会，仅凭一次无法区分“已流失”与“本次未购买”。请等待更多机会，或采用其他来源的参数。',
  },
}

const alwaysBought: Edge = {
  reason: 'bought-every-time',
  next: {
    en: 'Everybody bought at every opportunity, so nothing tells how often somebody skips one or leaves. Wait for more opportunities.',
    zh: '所有客户在每次机会中都购买了，无从得知跳过或流失的可能性。请等待更多机会。',
  },
}

const nobodyLapses: Edge = {
  reason: 'no-drop-out',
  next: {
    en: 'The data are as likely if nobody ever leaves. Then expect (alpha + x) / (alpha + beta + T) purchases of everybody at each opportunity (beta-binomial).',
    zh: '数据与“无人流失”同样吻合。此时每次机会的期望购买次数为 (alpha + x) / (alpha + beta + T)（Beta-二项模型）。',
  },
}

const allLapseAtOnce: Edge = {
  reason: 'all-leave-at-once',
  next: {
    en: 'The data are as likely if everybody leaves before the first opportunity: there is next to no repeat buying to model. Expect none, or observe for longer.',
    zh: '数据与“所有客户在首次机会前即流失”同样吻合：几乎没有可供建模的复购。请预期无复购，或延长观察期。',
  },
}

const lapseOrStay: Edge = {
  reason: 'leave-at-once-or-never',
  next: {
    en: 'The data are as likely if a part of the customers leaves before the first opportunity and the others never do. Tell the two groups apart by who bought again, and expect (alpha + x) / (alpha + beta + T) purchases of the latter at each opportunity (beta-binomial).',
    zh: '数据与“一部分客户在首次机会前流失、其余永不流失”同样吻合。请按是否复购区分两组，对后者每次机会期望 (alpha + x) / (alpha + beta + T) 次购买（Beta-二项模型）。',
  },
}

const sameBuying: Edge = {
  reason: 'all-buy-alike',
  next: {
    en: 'While they stay all customers seem to buy with the same chance, alpha / (alpha + beta): the data show no difference between them. Predictions at this limit stand; look for groups of customers, or for more customers, before telling them apart.',
    zh: '客户在未流失期间的购买概率看来相同，均为 alpha / (alpha + beta)，数据未显示个体差异。此极限下的预测仍然有效；若要区分客户，请先分群或增加样本。',
  },
}

const buyOrNot: Edge = {
  reason: 'buys-always-or-never',
  next: {
    en: 'The data are as likely if a part of the customers buys at every opportunity until leaving and the others never do. Then silence means having left: model the leaving of those who bought as a contract’s (sbg).',
    zh: '数据与“一部分客户在流失前每次都购买、其余从不购买”同样吻合。此时沉默即流失：请把购买者按合约型流失建模（sbg）。',
  },
}

const sameLeaving: Edge = {
  reason: 'all-leave-alike',
  next: {
    en: 'All customers seem to leave with the same chance at each opportunity, gamma / (gamma + delta): the data show no difference between them. Predictions at this limit stand (beta-binomial buying until a geometric end).',
    zh: '所有客户每次机会的流失概率看来相同，均为 gamma / (gamma + delta)，数据未显示个体差异。此极限下的预测仍然有效（Beta-二项购买，几何分布的流失）。',
  },
}
