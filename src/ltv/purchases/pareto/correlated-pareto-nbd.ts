import { checkNumber, fault } from '../../../kernel/errors.js'
import { powerRule } from '../../../measures/power-rule.js'
import type { CustomerHistory, HistoryTable } from '../../histories/history.js'
import { checkValues, type Likelihood, type Values } from '../../model.js'
import { checkData } from '../checked.js'
import type { PurchaseModel } from '../model.js'
import { correlationRoute } from './correlation-route.js'
import { buyingAfter, buyingOfNewcomer } from './customer.js'
import { drawPurchases } from './draw.js'
import { correlationAtLimit, noCorrelation, paretoEdge, paretoHopeless } from './edges.js'
import { likeliestPareto } from './likeliest.js'
import { arePositive, lnLikelihoodOf, tableLikelihood } from './likelihood.js'
import { checkContinuousHistory, paretoStarts } from './pareto-nbd.js'
import { correlationPerM, limitsOfM } from './sarmanov.js'

type Own = 'r' | 'alpha' | 's' | 'beta'
type P = Own | 'm'

const shape = {
  parameters: ['r', 'alpha', 's', 'beta', 'm'] as const,
  ranges: { r: 'positive', alpha: 'positive', s: 'positive', beta: 'positive', m: 'real' } as const,
}

const checked = (values: Values<P>): Values<P> => {
  checkValues(shape, values, '$.values')
  const [least, most] = limitsOfM(values)
  if (!(values.m >= least && values.m <= most)) {
    throw fault(
      'out-of-range',
      '$.values.m',
      values.m,
      `from ${least} to ${most} with these r, alpha, s and beta`,
    )
  }
  return values
}

/**
 * Pareto/NBD in which those who buy often may leave sooner or later than others: the rates of buying and of leaving are
 * correlated. Each alone has the same gamma distribution as in `paretoNbd`, which is the case m = 0.
 *
 * The joint density is that of independent rates times 1 + m (e^-λ - E e^-λ)(e^-μ - E e^-μ). Only weak correlations can be
 * written so, and which m are possible depends on the other parameters: `rateCorrelation` says both. Rates count in the unit
 * of the parameters, so that this is another model in weeks than in days; `rescaled` leaves the unit alone.
 *
 * @see Park & Fader (2004), "Modeling Browsing Behavior at Multiple Websites", Marketing Science 23, 280-303, for the
 * mixing; Glady, Lemmens & Croux (2015) on dependence of buying and leaving.
 * @example
 * correlatedParetoNbd.newcomer({ r: 0.543, alpha: 10.1, s: 0.509, beta: 9.18, m: 20 }).expected(52) // => 1.4648690995544358
 */
export const correlatedParetoNbd: PurchaseModel<'correlated-pareto-nbd', P> = {
  name: 'correlated-pareto-nbd',
  label: { en: 'Pareto/NBD with correlation', zh: '带相关性的 Pareto/NBD 模型' },
  time: 'continuous',
  ...shape,
  powers: { r: 0, alpha: 1, s: 0, beta: 1, m: 0 },
  boundToUnit: true,
  effects: { buying: [{ parameter: 'alpha', sign: -1 }], leaving: [{ parameter: 'beta', sign: -1 }] },
  likelihood(table) {
    checkData('continuous', table)
    return likelihoodOf(table)
  },
  historyLikelihood(history) {
    checkContinuousHistory(history)
    return likelihoodOf(rowOf(history))
  },
  rescaled(data) {
    checkData('continuous', data)
    return { data, by: 1, lnShift: 0 }
  },
  route: correlationRoute,
  starts(table) {
    const likelihood = tableLikelihood(table)
    const [first, ...others] = paretoStarts(table, likelihood)
    const apart = likeliestPareto(likelihood, first!)
    const near: Values<Own> = apart.found ? apart.values : first!
    const withM = (m: number): Values<P> => ({ ...near, m })
    const { value, slopes } = likelihoodOf(table)
    const slope = new Float64Array(5)
    const independent = slopes(ordered(withM(0)), slope)
    const [least, most] = limitsOfM(near)
    const end = slope[4]! > 0 ? most : least
    // Along m the log-likelihood has one peak: every likelihood is a line.
    const [likeliest] = [0.25, 0.5, 0.75, 0.95]
      .map((share) => ({ m: share * end, at: value(ordered(withM(share * end))) }))
      .filter(({ at }) => at > independent)
      .sort((a, b) => b.at - a.at)
    // The likeliest without correlation is the better start for most of it, where there is one.
    const rough = apart.found ? [first!] : others
    return [withM(likeliest?.m ?? 0), ...rough.map((values): Values<P> => ({ ...values, m: 0 }))]
  },
  edge(table, values, settled = false) {
    checkValues(shape, values, '$.values')
    if (settled) return undefined
    const { value } = likelihoodOf(table)
    const here = value(ordered(values))
    const ofPareto = paretoEdge(table, values, here)
    if (ofPareto !== undefined) return ofPareto
    const [least, most] = limitsOfM(values)
    const near = 2e-3 * (most - least)
    const atLimit = values.m < least + near || values.m > most - near
    // As likely with any m up to an end of its range.
    const level = (m: number) => Math.abs(value(ordered({ ...values, m })) - here) < SAME
    if (!(atLimit || level(least + near) || level(most - near))) return undefined
    const { logLikelihood } = likeliestPareto(tableLikelihood(table), values)
    return here - logLikelihood < TOLD ? noCorrelation : correlationAtLimit
  },
  hopeless: paretoHopeless,
  sizeOf: (table) => table.customers,
  after(values, history) {
    checkContinuousHistory(history)
    return buyingAfter(checked(values), history)
  },
  newcomer: (values) => buyingOfNewcomer(checked(values)),
  draw: (values, age, random) => drawPurchases(checked(values), age, random),
}

/** More alike than this the data cannot tell, in logarithms of likelihood. */
const SAME = 1e-3

/** A gain by one parameter that chance alone brings in one set of data of twenty: half the quantile of χ². */
const TOLD = 1.92

const ordered = ({ r, alpha, s, beta, m }: Values<P>) => [r, alpha, s, beta, m]

/** How the rates of buying and leaving hang together, and how much they could. */
export interface RateCorrelation {
  /** Of λ and μ among customers. */
  readonly correlation: number
  /** Between which values it lies for these r, alpha, s and beta. */
  readonly possible: readonly [least: number, most: number]
  /** The same of m. */
  readonly possibleM: readonly [least: number, most: number]
}

/**
 * The correlation of the rates of buying and leaving that m stands for.
 *
 * @throws DefinitionError `missing`, `unknown-key` or `out-of-range` of a parameter.
 * @example
 * rateCorrelation({ r: 0.543, alpha: 10.1, s: 0.509, beta: 9.18, m: 20 }).correlation // => 0.08386823029357232
 */
export function rateCorrelation(values: Values<P>): RateCorrelation {
  checked(values)
  const per = correlationPerM(values)
  const [least, most] = limitsOfM(values)
  return { correlation: values.m * per, possible: [least * per, most * per], possibleM: [least, most] }
}

/**
 * The parameters with this correlation of the rates, which other programs report instead of m.
 *
 * @throws DefinitionError `out-of-range` for a correlation that this family cannot express with these parameters.
 * @example
 * withRateCorrelation({ r: 0.543, alpha: 10.1, s: 0.509, beta: 9.18 }, 0.08).m // => 19.077545745264455
 */
export function withRateCorrelation(values: Values<Own>, correlation: number): Values<P> {
  checkValues({ ...shape, parameters: ['r', 'alpha', 's', 'beta'] }, values, '$.values')
  checkNumber(correlation, '$.correlation')
  const per = correlationPerM(values)
  const [least, most] = limitsOfM(values)
  const m = correlation / per
  if (!(m >= least && m <= most)) {
    throw fault(
      'out-of-range',
      '$.correlation',
      correlation,
      `from ${least * per} to ${most * per} with these parameters`,
    )
  }
  return { ...values, m }
}

type Rows = Pick<HistoryTable, 'count' | 'repeatCount' | 'lastPurchaseAge' | 'age'>

const rowOf = ({ repeatCount, lastPurchaseAge, age }: CustomerHistory): Rows => ({
  count: Float64Array.of(1),
  repeatCount: Float64Array.of(repeatCount),
  lastPurchaseAge: Float64Array.of(lastPurchaseAge),
  age: Float64Array.of(age),
})

function likelihoodOf({ count, repeatCount, lastPurchaseAge, age }: Rows): Likelihood {
  const rule = powerRule()
  const own = new Float64Array(5)
  const at = (given: ArrayLike<number>, slopes?: Float64Array): number => {
    const [r, alpha, s, beta, m] = [given[0]!, given[1]!, given[2]!, given[3]!, given[4]!]
    if (!arePositive(r, alpha, s, beta)) return Number.NaN
    const values = { r, alpha, s, beta, m }
    const [least, most] = limitsOfM(values)
    if (!(m >= least && m <= most)) return Number.NaN
    slopes?.fill(0)
    let sum = 0
    for (let i = 0; i < count.length; i += 1) {
      const seen = { repeatCount: repeatCount[i]!, lastPurchaseAge: lastPurchaseAge[i]!, age: age[i]! }
      sum += count[i]! * lnLikelihoodOf(values, seen, rule, slopes && own)
      if (slopes !== undefined) for (let k = 0; k < 5; k += 1) slopes[k]! += count[i]! * own[k]!
    }
    return sum
  }
  return { value: (given) => at(given), slopes: at }
}
