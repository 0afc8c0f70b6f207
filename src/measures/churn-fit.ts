import { exp, ln, log1p } from '../kernel/elementary.js'
import { checkRecord, type Sentence, unknownName } from '../kernel/errors.js'
import { type ChurnCohort, type ChurnTable, checkChurnCohorts, churnTable } from './churn-counts.js'
import {
  type ChurnModel,
  type ChurnParameters,
  type Coordinates,
  churnModels,
  churnObjective,
  coordinatesOf,
  jacobianAt,
  logLikelihoodOf,
  parametersAt,
} from './churn-model.js'
import { gammaQ } from './incomplete-gamma.js'
import { minimize } from './minimize.js'
import type { NoMinimum } from './minimum.js'
import { normalQuantile } from './normal.js'
import type { Objective } from './objective.js'
import { checkLevel } from './proportions.js'
import type { Matrix } from './symmetric.js'

/** A parameter as far as the data tell. */
export interface ParameterEstimate {
  readonly value: number
  readonly standardError: number
  /** By the normal approximation of the parameter's logarithm (of a churn: of its logit), so within its range. */
  readonly interval: { readonly low: number; readonly high: number; readonly level: number }
}

/** Parameters of largest likelihood, or why there are none. */
export type ChurnFit =
  | {
      readonly kind: 'estimate'
      readonly model: ChurnModel
      readonly parameters: ChurnParameters
      /** By the name of the parameter. */
      readonly estimates: { readonly [name: string]: ParameterEstimate }
      /** Of the logarithms of the parameters in their order; of the geometric model, of its churn. */
      readonly covariance: Matrix
      /** On the whole line: the logit of the first period's churn, ln(1 / (alpha + beta)), ln shape. */
      readonly coordinates: { readonly at: readonly number[]; readonly covariance: Matrix }
      readonly logLikelihood: number
      /** Smaller is better, between models of the same counts. */
      readonly aic: number
      /** As `aic`, with the people as the number of observations. */
      readonly bic: number
      readonly people: number
      /** How many periods had anybody at risk. */
      readonly periods: number
      readonly goodness: ChurnGoodness
    }
  | {
      readonly kind: 'undefined'
      readonly model: ChurnModel
      readonly reason: NoChurnFit
      /** What it means and what can be done. */
      readonly next: Sentence
      /** Of `not-determined`: what the search says. */
      readonly search?: NoMinimum
    }

/**
 * How far the counts are from the curve: the deviance against a rate of its own for every period. `p` is how likely a
 * larger one is where the model is right, by chi-squared, which wants some five leaving and staying in each period; it is
 * undefined where the model has a parameter for every period.
 */
export interface ChurnGoodness {
  readonly deviance: number
  readonly degreesOfFreedom: number
  readonly p:
    | { readonly kind: 'estimate'; readonly value: number }
    | { readonly kind: 'undefined'; readonly reason: 'no-degrees-of-freedom' }
}

/** Why there are no parameters, in order of precedence. */
export type NoChurnFit =
  | 'no-people'
  | 'no-periods'
  | 'no-churn'
  | 'all-left-at-once'
  | 'too-few-periods'
  | 'left-in-first-period-only'
  | 'no-heterogeneity'
  | 'not-determined'

/** What each means, and what can be done. */
export const churnFitSentences: { readonly [R in NoChurnFit]: Sentence } = {
  'no-people': { en: 'There is nobody in these cohorts: choose others.', zh: '这些同期群中没有人：请另选。' },
  'no-periods': {
    en: 'No cohort has lived through a period yet: wait for the first one.',
    zh: '尚无同期群经历完整周期：请等首个周期结束。',
  },
  'no-churn': {
    en: 'Nobody has left, so churn may be anything down to zero: give an upper limit for the rate (an interval of a proportion), or wait.',
    zh: '无人流失，流失率可以低至零：请给出其上限（比例的置信区间），或继续观察。',
  },
  'all-left-at-once': {
    en: 'Everybody left in the first period: there is nothing to project.',
    zh: '所有人在首个周期就已流失：没有可外推的内容。',
  },
  'too-few-periods': {
    en: 'There are fewer periods than parameters: take a model with fewer, or wait.',
    zh: '周期数少于参数个数：请用参数更少的模型，或继续观察。',
  },
  'left-in-first-period-only': {
    en: 'All who left did so in the first period: people look like two kinds, some gone at once and some who never leave, and how long those stay the counts do not say. Project from the second period on, or wait.',
    zh: '流失全部发生在首个周期：人群像是分为立刻离开与不会离开两类，数据无法说明后者能留多久。请从第二周期起建模，或继续观察。',
  },
  'no-heterogeneity': {
    en: 'Retention does not rise with time as it does where people differ: take the geometric model if it stays about the same; if it falls, none of these models speaks, so look for what drives people away.',
    zh: '留存率没有像用户存在差异时那样随时间上升：若大致不变，请用几何模型；若持续下降，这些模型均不适用，请先查明流失原因。',
  },
  'not-determined': {
    en: 'The counts do not determine all parameters: take a model with fewer, or more periods or people.',
    zh: '数据无法确定全部参数：请用参数更少的模型，或增加周期或人数。',
  },
}

/**
 * The parameters under which the counts of all cohorts together are most likely, with covariance, intervals, AIC and BIC.
 * Cohorts may be of different age: each counts for the periods it has lived through (censoring on the right).
 *
 * A likelihood without a highest point is a case with its reason and next step, never numbers: nobody left; all did at
 * once; only in the first period (alpha and beta go to 0); retention that does not rise (they go to infinity and the model
 * becomes the geometric one); or too little data to tell.
 *
 * @param given - `level` of the intervals, 0.95 unless told.
 * @throws DefinitionError `out-of-range` for counts that rise, are fractions or negative; `missing` for a cohort without
 * its size; `unknown-name` for another model; `too-large` for more than 2,000 periods.
 * @see Fader & Hardie (2007); Fader et al. (2018); Fader & Hardie (2010), "Customer-Base Valuation in a Contractual
 * Setting", for cohorts of different age.
 * @example
 * const fit = fitChurnModel({ model: 'shifted-beta-geometric',
 *   cohorts: [{ cohort: 'regular', survivors: [1000, 631, 468, 382, 326, 289, 262, 241] }] })
 * if (fit.kind === 'estimate') fit.estimates.alpha
 * // => { value: 0.7041, standardError: 0.0656, interval: { low: 0.5866, high: 0.8451, level: 0.95 } }
 */
export function fitChurnModel(given: {
  readonly model: ChurnModel
  readonly cohorts: readonly ChurnCohort[]
  readonly level?: number
}): ChurnFit {
  checkRecord(given, '$')
  const { model, cohorts, level = 0.95 } = given
  if (!churnModels.includes(model)) throw unknownName('$.model', model, churnModels)
  checkLevel(level)
  checkChurnCohorts(cohorts, '$.cohorts')
  return fitTable(model, churnTable(cohorts), level)
}

/** As `fitChurnModel`, of counts that are known to be right; `from` where the answer is expected. */
export function fitTable(
  model: ChurnModel,
  table: ChurnTable,
  level: number,
  from?: readonly number[],
): ChurnFit {
  const { people, periods } = table
  const not = (reason: NoChurnFit, search?: NoMinimum): ChurnFit => ({
    kind: 'undefined',
    model,
    reason,
    next: churnFitSentences[reason],
    ...(search && { search }),
  })
  if (people === 0) return not('no-people')
  if (periods.length === 0) return not('no-periods')
  const left = periods.reduce((sum, period) => sum + period.left, 0)
  const stayed = periods.reduce((sum, period) => sum + period.stayed, 0)
  if (left === 0) return not('no-churn')
  if (stayed === 0) return not('all-left-at-once')
  const flat: Coordinates = [ln(left) - ln(stayed)]
  if (model === 'geometric') {
    const [at, covariance] = [flat, [[1 / left + 1 / stayed]]]
    return reported(table, { model, at, covariance, level })
  }
  const needed = model === 'shifted-beta-geometric' ? 2 : 3
  if (periods.length < needed) return not('too-few-periods')
  if (left === periods[0]!.left) return not('left-in-first-period-only')
  const objective = churnObjective(table)
  const first = periods[0]!
  // The first period's churn, kept inside by half a person.
  const start = ln(first.left + 0.5) - ln(first.stayed + 0.5)
  let best:
    | { readonly at: readonly number[]; readonly value: number; readonly covariance: Matrix }
    | undefined
  let lowest:
    | { readonly at: readonly number[]; readonly value: number; readonly reason: NoMinimum }
    | undefined
  const larger = model === 'beta-discrete-weibull'
  // Where the answer is expected, it is not asked again whether there is one.
  const alike = larger && from === undefined ? whereAlike(objective, start) : undefined
  for (const place of from === undefined ? startsOf(model, start, table, alike?.at) : [from]) {
    const found = minimize(objective, place, { atLeast: 0 })
    if (found.kind === 'optimum') {
      if (!(best !== undefined && best.value <= found.value)) best = found
    } else if (found.best !== undefined && !(lowest !== undefined && lowest.value <= found.best.value)) {
      lowest = { ...found.best, reason: found.reason }
    }
  }
  // What goes off to an edge and is still lower than every optimum has no optimum at all.
  const tolerance = 1e-9 * Math.max(1, best?.value ?? 0)
  // The likelihood where people do not differ at all, which every interior optimum has to exceed.
  const edge = alike?.value ?? (larger ? Number.POSITIVE_INFINITY : -logLikelihoodOf(flat, table))
  if (best !== undefined && best.value > edge + tolerance) return not('no-heterogeneity')
  if (best === undefined || (lowest !== undefined && lowest.value < best.value - tolerance)) {
    const atEdge = larger
      ? (lowest?.at[1] ?? 0) < -6
      : !gainsByUnlikeness(table) && !(lowest !== undefined && lowest.value < edge - 1e-6)
    return atEdge ? not('no-heterogeneity') : not('not-determined', lowest?.reason)
  }
  return reported(table, { model, at: best.at, covariance: best.covariance, level })
}

/** Where to start: people hardly unlike, somewhat, and very; the larger model from the answers of what it contains. */
function startsOf(
  model: ChurnModel,
  start: number,
  table: ChurnTable,
  alike: readonly number[] | undefined,
): readonly (readonly number[])[] {
  const pairs = [-3, -0.7, 1].map((unlike) => [start, unlike])
  if (model === 'shifted-beta-geometric') return pairs
  const smaller = fitTable('shifted-beta-geometric', table, 0.95)
  const from = smaller.kind === 'estimate' ? [smaller.coordinates.at] : pairs
  const [logit, shape] = [alike?.[0] ?? start, alike?.[1] ?? 0]
  return [...from.map((at) => [...at, 0]), [logit, -0.7, shape], [start, 0, -0.4]]
}

/** The lowest value of the largest model where people do not differ: alpha + beta about 5e8, as good as infinite. */
function whereAlike(
  objective: Objective,
  start: number,
): { readonly at: readonly number[]; readonly value: number } {
  const full = ([logit, shape]: readonly number[]) => [logit!, -20, shape!]
  const found = minimize(
    {
      value: (at) => objective.value(full(at)),
      gradient(at) {
        const [byLogit, , byShape] = objective.gradient!(full(at))
        return [byLogit!, byShape!]
      },
    },
    [start, 0],
    { atLeast: 0, maxIterations: 60 },
  )
  if (found.kind === 'optimum') return found
  return found.best ?? { at: [start, 0], value: Number.POSITIVE_INFINITY }
}

/**
 * Whether the likelihood rises where people begin to differ: the slope along 1 / (alpha + beta) at 0, where sBG is the
 * geometric model.
 */
function gainsByUnlikeness({ periods }: ChurnTable): boolean {
  const left = periods.reduce((sum, period) => sum + period.left, 0)
  const stayed = periods.reduce((sum, period) => sum + period.stayed, 0)
  const rate = stayed / (left + stayed)
  let slope = 0
  let size = 0
  for (const { period, left: gone, stayed: kept } of periods) {
    slope += (period - 1) * (kept - (gone + kept) * rate)
    size += (period - 1) * (gone + kept)
  }
  return slope > 1e-12 * size
}

function reported(
  table: ChurnTable,
  found: {
    readonly model: ChurnModel
    readonly at: readonly number[]
    readonly covariance: Matrix
    readonly level: number
  },
): ChurnFit {
  const { model, at, covariance: ofCoordinates, level } = found
  const parameters = parametersAt(at)
  const jacobian = jacobianAt(at)
  const covariance = carried(jacobian, ofCoordinates)
  const z = -normalQuantile((1 - level) / 2)
  const estimates: Record<string, ParameterEstimate> = {}
  for (const [i, [name, value]] of Object.entries(named(parameters)).entries()) {
    const root = Math.sqrt(covariance[i]![i]!)
    if (parameters.model === 'geometric') {
      const spread = exp(z * Math.sqrt(ofCoordinates[0]![0]!))
      const [low, high] = [
        value / (value + (1 - value) * spread),
        (value * spread) / (1 - value + value * spread),
      ]
      estimates[name] = { value, standardError: root, interval: { low, high, level } }
    } else {
      const spread = exp(z * root)
      const interval = { low: value / spread, high: value * spread, level }
      estimates[name] = { value, standardError: value * root, interval }
    }
  }
  const logLikelihood = logLikelihoodOf(coordinatesOf(parameters), table)
  const { people, periods } = table
  const k = at.length
  return {
    kind: 'estimate',
    model,
    parameters,
    estimates,
    covariance,
    coordinates: { at: [...at], covariance: ofCoordinates },
    logLikelihood,
    aic: 2 * k - 2 * logLikelihood,
    bic: k * ln(people) - 2 * logLikelihood,
    people,
    periods: periods.length,
    goodness: goodnessOf(table, logLikelihood, k),
  }
}

function goodnessOf({ periods }: ChurnTable, logLikelihood: number, parameters: number): ChurnGoodness {
  let own = 0
  for (const { left, stayed } of periods) {
    if (left > 0) own += left * -log1p(stayed / left)
    if (stayed > 0) own += stayed * -log1p(left / stayed)
  }
  const deviance = Math.max(0, 2 * (own - logLikelihood))
  const degreesOfFreedom = periods.length - parameters
  return {
    deviance,
    degreesOfFreedom,
    p:
      degreesOfFreedom > 0
        ? { kind: 'estimate', value: gammaQ(degreesOfFreedom / 2, deviance / 2) }
        : { kind: 'undefined', reason: 'no-degrees-of-freedom' },
  }
}

function named(parameters: ChurnParameters): Readonly<Record<string, number>> {
  const { model: _, ...values } = parameters
  return values
}

/** J V J'. */
function carried(jacobian: Matrix, covariance: Matrix): Matrix {
  return jacobian.map((row) =>
    jacobian.map((other) => {
      let sum = 0
      for (const [i, a] of row.entries())
        for (const [j, b] of other.entries()) sum += a * covariance[i]![j]! * b
      return sum
    }),
  )
}
