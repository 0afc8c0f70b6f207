import { exactSum, over, pair, plus, times } from '../../kernel/double-double.js'
import { exp, ln } from '../../kernel/elementary.js'
import { checkNumber, checkRecord, fault } from '../../kernel/errors.js'
import { lnBetaTailsOfParts } from '../../measures/beta.js'
import { digamma } from '../../measures/gamma.js'
import { lnGammaDraw } from '../../measures/gamma-draw.js'
import { gammaPInverse, gammaQInverse } from '../../measures/incomplete-gamma.js'
import { checkValues, type Edge, type ModelParameters, type Values } from '../model.js'
import { gammaGammaLikelihood, inReach, lnMeanSpend } from './gamma-gamma-likelihood.js'
import type { SpendEstimate, SpendKnowledge, SpendModel } from './model.js'
import { checkOwnSpend, checkSpendTable, type OwnSpend, type SpendTable } from './spend-table.js'

/** Parameters of the Gamma-Gamma model, as in the papers (v is gamma in some). */
export type GammaGammaParameter = 'p' | 'q' | 'v'

/**
 * The Gamma-Gamma model: a customer's purchases vary around a mean of his own, means differ between customers, and neither
 * has to do with how often somebody buys.
 *
 * A purchase is Gamma(p, ν) distributed, ν of a customer is Gamma(q, v). The more purchases are known of a customer, the more
 * his own mean counts beside that of all: with weight p x / (p x + q - 1). `v` is in money. `q` is above 1, so that a mean
 * over all customers exists; `gammaGammaAnyQ` does without.
 *
 * @see Fader, Hardie & Lee (2005), "RFM and CLV", JMR 42:415; Fader & Hardie (2013), "The Gamma-Gamma Model of Monetary Value".
 * @example
 * gammaGamma.after({ p: 6.25, q: 3.74, v: 15.44 }, { purchases: 2, mean: 22.35 }).mean // => 24.663713910761153
 */
export const gammaGamma: SpendModel<'gamma-gamma', GammaGammaParameter> = /* @__PURE__ */ model(
  'gamma-gamma',
  'above-one',
)

/**
 * As `gammaGamma`, with any `q` above 0. With q up to 1 spend differs so much between customers that there is no mean over
 * all of them, only one for those of whom purchases with p x + q above 1 are known: take it to learn whether that is so.
 *
 * @example
 * gammaGammaAnyQ.newcomer({ p: 2, q: 0.8, v: 40 }).mean // => Infinity
 */
export const gammaGammaAnyQ: SpendModel<'gamma-gamma-any-q', GammaGammaParameter> = /* @__PURE__ */ model(
  'gamma-gamma-any-q',
  'positive',
)

function model<Name extends string>(
  name: Name,
  ofQ: 'above-one' | 'positive',
): SpendModel<Name, GammaGammaParameter> {
  const ranges = { p: 'positive', q: ofQ, v: 'positive' } as const
  const parameters = ['p', 'q', 'v'] as const
  const check = (values: Values<GammaGammaParameter>) => {
    checkValues({ parameters, ranges }, values, '$.values')
    for (const name of parameters)
      if (!inReach(values[name]))
        throw fault('out-of-range', `$.values.${name}`, values[name], 'from 1e-90 to 1e90')
  }
  const nobody: OwnSpend = { purchases: 0, mean: null }
  return {
    name,
    label:
      ofQ === 'above-one'
        ? { en: 'Gamma-Gamma', zh: 'Gamma-Gamma 模型' }
        : { en: 'Gamma-Gamma (any q)', zh: 'Gamma-Gamma 模型（q 不限）' },
    parameters,
    ranges,
    powers: { p: 0, q: 0, v: 1 },
    likelihood(table) {
      checkSpendTable(table, '$')
      return gammaGammaLikelihood(table)
    },
    rescaled,
    starts: (table) => starts(table, ofQ === 'above-one' ? 1.2 : 0.2),
    edge: (table, values) => edge(table, values, ofQ),
    hopeless,
    sizeOf: ({ customers }) => customers,
    lnDensity(values, own) {
      check(values)
      checkOwnSpend(own, '$.own')
      const { purchases: x, mean } = own
      if (x === 0) return 0
      if (!(mean! > 0)) return -Infinity
      const { p, q, v } = values
      return lnMeanSpend(p * x, q, x * mean!, v) - ln(mean!)
    },
    sharesOfMeans(values, purchases, amount) {
      check(values)
      checkOwnSpend({ purchases, mean: amount }, '$')
      if (!(purchases > 0)) throw fault('out-of-range', '$.purchases', purchases, 'from 1')
      if (!(amount >= 0)) throw fault('out-of-range', '$.amount', amount, 'from 0')
      const { p, q, v } = values
      // Of a mean m of x purchases x m / (x m + v) is Beta(p x, q) distributed.
      const { lower, upper } = lnBetaTailsOfParts(
        times(pair(purchases), pair(amount)),
        pair(v),
        p * purchases,
        q,
      )
      return { upTo: exp(lower), above: exp(upper) }
    },
    after(values, own) {
      check(values)
      checkOwnSpend(own, '$.own')
      if (own.purchases > 0 && own.mean! < 0)
        throw fault('out-of-range', '$.own.mean', own.mean, 'a mean from 0: refunds apart from purchases')
      return knowledge(values, own)
    },
    newcomer(values) {
      check(values)
      return knowledge(values, nobody)
    },
    draw(values, purchases, random) {
      check(values)
      checkNumber(purchases, '$.purchases')
      if (!(Number.isSafeInteger(purchases) && purchases >= 0 && purchases <= 1e5))
        throw fault('out-of-range', '$.purchases', purchases, 'a whole number from 0 to 100,000')
      checkRecord(random, '$.random')
      if (typeof random.next !== 'function')
        throw fault('wrong-type', '$.random', random, 'a generator: random(seed)')
      const { p, q, v } = values
      // Of the logarithm, as a rate from a small q is often below every float.
      const lnScale = ln(v) - lnGammaDraw(q, random)
      return Array.from({ length: purchases }, () => exp(lnGammaDraw(p, random) + lnScale))
    },
  }
}

/** p / ν with ν Gamma(p x + q, v + x m) distributed: an inverse gamma distribution. */
function knowledge(
  { p, q, v }: Values<GammaGammaParameter>,
  { purchases: x, mean }: OwnSpend,
): SpendKnowledge {
  const own = x === 0 ? 0 : mean!
  const scale = p * (v + x * own)
  const weight = times(pair(p), pair(x))
  // p x + q - 1 and - 2, also where they nearly vanish.
  const above = plus(weight, exactSum(q, -1))
  const expected = above.high > 0 ? scale / above.high : Infinity
  const above2 = plus(weight, exactSum(q, -2)).high
  const variance = above2 > 0 ? (expected * expected) / above2 : Infinity
  const shape = p * x + q
  return {
    mean: expected,
    variance,
    meanSquare: above2 > 0 ? (1 + 1 / p) * (variance + expected * expected) : Infinity,
    shrinkage:
      x > 0 && q > 1 ? { weight: over(weight, above).high, own, population: (p * v) / (q - 1) } : undefined,
    quantile(share) {
      checkNumber(share, '$.share')
      if (!(share > 0 && share < 1)) throw fault('out-of-range', '$.share', share, 'between 0 and 1')
      const rate = share <= 0.5 ? gammaQInverse(shape, share) : gammaPInverse(shape, 1 - share)
      return scale / rate
    },
  }
}

/**
 * What a customer is expected to spend on a purchase to come, with how much of it is known from him and how much is the mean
 * of all.
 *
 * Who never bought again gets the mean of all, which may be more than that of a loyal customer with small baskets: little
 * is known of him, not much expected. With the first order counted in `purchases` he has one of his own.
 *
 * @param own - What the customer spent on purchases of the kind the model was fitted to; none for a newcomer.
 * @returns `no-finite-mean-spend` where the expectation does not exist; `negative-spend` where refunds outweigh purchases.
 * @throws DefinitionError `unknown-name` for parameters of another model.
 * @example
 * const cdnow = parameters(gammaGamma, { p: 6.25, q: 3.74, v: 15.44 }, { source: 'Fader & Hardie 2013' })
 * expectedSpend(gammaGamma, cdnow, { purchases: 1, mean: 20 })
 * // => { kind: 'estimate', value: 24.638487208008897, weight: 0.6952169076751946, population: 35.21897810218978, method: 'gamma-gamma' }
 */
export function expectedSpend<Name extends string, P extends string>(
  model: SpendModel<Name, P>,
  parameters: ModelParameters<NoInfer<Name>, NoInfer<P>>,
  own: OwnSpend = { purchases: 0, mean: null },
): SpendEstimate {
  checkRecord(model, '$.model')
  checkRecord(parameters, '$.parameters')
  if (parameters.model !== model.name)
    throw fault('unknown-name', '$.parameters.model', parameters.model, model.name)
  checkOwnSpend(own, '$.own')
  if (own.purchases > 0 && own.mean! < 0)
    return { kind: 'undefined', reason: 'negative-spend', next: negativeSpend }
  const { mean, shrinkage } = model.after(parameters.values, own)
  if (!(mean < Infinity))
    return { kind: 'undefined', reason: 'no-finite-mean-spend', next: noFiniteMean.next }
  const known = own.purchases === 0 ? { weight: 0, population: mean } : shrinkage
  return {
    kind: 'estimate',
    value: mean,
    ...(known && { weight: known.weight, population: known.population }),
    method: model.name,
  }
}

/** In units of the geometric mean, so that `v` is near 1. */
function rescaled(table: SpendTable) {
  checkSpendTable(table, '$')
  const { count, meanSpend, customers } = table
  let sum = 0
  for (let row = 0; row < count.length; row++) sum += count[row]! * ln(meanSpend[row]!)
  const lnBy = customers > 0 ? sum / customers : 0
  const by = exp(lnBy)
  return {
    data: { ...table, meanSpend: meanSpend.map((mean) => mean / by) },
    by,
    lnShift: customers * ln(by),
  }
}

/**
 * The variance of ln m is ψ'(p x) + ψ'(q): about 1 / (p x) + 1 / q, a line in 1 / x.
 */
function starts(table: SpendTable, leastQ: number): readonly Values<GammaGammaParameter>[] {
  const { customers, count, purchases, meanSpend } = table
  const lnMeans = meanSpend.map(ln)
  let [lnMean, inverse] = [0, 0]
  for (let row = 0; row < count.length; row++) {
    lnMean += (count[row]! * lnMeans[row]!) / customers
    inverse += count[row]! / purchases[row]! / customers
  }
  let [spread, along, square] = [0, 0, 0]
  for (let row = 0; row < count.length; row++) {
    const away = lnMeans[row]! - lnMean
    const off = 1 / purchases[row]! - inverse
    spread += (count[row]! * away * away) / customers
    along += (count[row]! * off * away * away) / customers
    square += (count[row]! * off * off) / customers
  }
  const within = (value: number, low: number, high: number) =>
    Number.isFinite(value) ? Math.min(high, Math.max(low, value)) : high
  const slope = within(square > 1e-6 ? along / square : spread / 2, 0.1 * spread, 0.95 * (spread / inverse))
  const p = within(1 / slope, 0.05, 1e3)
  const q = within(1 / (spread - slope * inverse) + 0.5, leastQ, 1e3)
  const shapes: (readonly [p: number, q: number])[] = [
    [p, q],
    [Math.max(0.05, p / 4), Math.max(leastQ, 2 * q)],
    [4 * p, Math.max(leastQ, q / 2)],
  ]
  return shapes.map(([p, q]) => {
    // By the mean of ln(x m) = ln v + ψ(p x) - ψ(q).
    let lnV = lnMean + digamma(q)
    let last = 0
    let rest = 0
    for (let row = 0; row < count.length; row++) {
      const x = purchases[row]!
      if (x !== last) {
        rest = ln(x) - digamma(p * x)
        last = x
      }
      lnV += (count[row]! * rest) / customers
    }
    return { p, q, v: exp(lnV) }
  })
}

function hopeless({ count, meanSpend }: SpendTable): Edge | undefined {
  let [low, high] = [Infinity, 0]
  for (let row = 0; row < count.length; row++) {
    if (count[row] === 0) continue
    low = Math.min(low, meanSpend[row]!)
    high = Math.max(high, meanSpend[row]!)
  }
  if (high === 0) return noSpend
  return low === high ? allAlike : undefined
}

/** More alike than this the data cannot tell: in logarithms of likelihood. */
const SAME = 1e-3

function edge(
  table: SpendTable,
  { p, q, v }: Values<GammaGammaParameter>,
  ofQ: 'above-one' | 'positive',
): Edge | undefined {
  const { value, slopes } = gammaGammaLikelihood(table)
  const here = value([p, q, v])
  if (ofQ === 'above-one' && q < 1.01) {
    const slope = new Float64Array(3)
    slopes([p, 1 + (q - 1) / 100, v], slope)
    if (slope[1]! < 0) {
      const farP = Math.max(p, 1e3) * 1e4
      return value([farP, q, v * (p / farP)]) > here - SAME ? noMeanOrSpread : noFiniteMean
    }
  }
  const [farP, farQ] = [Math.max(p, 1e3) * 1e4, Math.max(q, 1e3) * 1e4]
  if (value([p, farQ, (v / q) * farQ]) > here - SAME) return sameMean
  if (value([farP, q, v * (p / farP)]) > here - SAME) return sameEveryTime
  return undefined
}

const noSpend: Edge = {
  reason: 'no-spend',
  next: {
    en: 'No customer has a purchase with a positive spend, so there is nothing to learn from. Count the first order in, or take parameters from elsewhere.',
    zh: '没有任何客户有金额为正的购买，无法估计。请把首单计入，或采用其他来源的参数。',
  },
}

const allAlike: Edge = {
  reason: 'all-spend-alike',
  next: {
    en: 'All customers have the same mean spend: there is nothing to model. Take that spend as it is.',
    zh: '所有客户的平均消费金额相同，无需建模。请直接使用该金额。',
  },
}

const noFiniteMean: Edge = {
  reason: 'no-finite-mean-spend',
  next: {
    en: 'No finite mean spend: q ≤ 1. A few customers spend so much that there is no mean over all. Look for amounts that are no purchases of a customer (wholesale, wrong units), fit segments apart, or take gammaGammaAnyQ, which still expects a spend of those with purchases of their own.',
    zh: '平均消费金额不存在（q ≤ 1）：少数客户消费极高，总体没有有限的均值。请检查是否混入批发或单位错误的金额，或分群估计；也可改用 gammaGammaAnyQ，它仍可对有购买记录的客户给出预期金额。',
  },
  instead: 'gamma-gamma-any-q',
}

/** The same where spend is alike every time, so that without a bound of q there is no optimum either. */
const noMeanOrSpread: Edge = {
  reason: noFiniteMean.reason,
  next: {
    en: 'No finite mean spend: q ≤ 1, and every customer spends the same each time as far as means tell. A few customers spend so much that there is no mean over all. Look for amounts that are no purchases of a customer (wholesale, wrong units), or expect of each their own mean.',
    zh: '平均消费金额不存在（q ≤ 1），且就均值而言每位客户每次消费的金额相同：少数客户消费极高，总体没有有限的均值。请检查是否混入批发或单位错误的金额，或对每位客户采用其自身均值。',
  },
}

const sameMean: Edge = {
  reason: 'all-spend-alike',
  next: {
    en: 'Means differ between customers no more than chance alone makes them: everybody spends the same on average. Expect the mean over all purchases of everybody.',
    zh: '客户之间平均消费的差异不超过随机波动：所有人的平均消费相同。请对所有客户采用全部购买的平均金额。',
  },
}

const sameEveryTime: Edge = {
  reason: 'same-spend-every-time',
  next: {
    en: 'As far as means tell, every customer spends the same each time: expect of each their own mean, and of newcomers the mean over customers.',
    zh: '就均值而言，每位客户每次消费的金额相同：请对老客户采用其自身均值，对新客户采用客户均值的平均。',
  },
}

const negativeSpend = {
  en: 'Refunds outweigh what this customer bought. Leave refunds out of spend and account for them apart, or value the customer by hand.',
  zh: '该客户的退款超过了购买金额。请将退款与消费分开核算，或人工评估该客户。',
}
