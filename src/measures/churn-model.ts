import { exp, expm1, ln, log1p } from '../kernel/elementary.js'
import { checkNumber, checkRecord, fault, unknownName } from '../kernel/errors.js'
import { pow } from '../kernel/power.js'
import { digammaRise, lnBetaRatio } from './beta-ratio.js'
import { type ChurnCohort, type ChurnTable, checkChurnCohorts, churnTable } from './churn-counts.js'
import type { Objective } from './objective.js'

/**
 * How people leave who can leave once a period and do not come back.
 *
 * - `geometric`: everybody leaves with the same chance in every period.
 * - `shifted-beta-geometric` (sBG): everybody has a chance of their own that stays the same; chances are Beta(alpha, beta)
 *   distributed. Retention then rises from period to period, because those who leave easily are gone first.
 * - `beta-discrete-weibull` (BdW): as before, but a person's own chance may also change with time: it rises for a shape
 *   above 1 and falls below. With shape 1 it is sBG.
 */
export type ChurnModel = 'geometric' | 'shifted-beta-geometric' | 'beta-discrete-weibull'

/** Parameters of a model: alpha and beta from 1e-15 to 1e15, a shape from 1e-15 to 40. */
export type ChurnParameters =
  | {
      readonly model: 'geometric'
      /** The chance to leave in a period, strictly between 0 and 1. */
      readonly churn: number
    }
  | { readonly model: 'shifted-beta-geometric'; readonly alpha: number; readonly beta: number }
  | {
      readonly model: 'beta-discrete-weibull'
      readonly alpha: number
      readonly beta: number
      /** c of the paper. */
      readonly shape: number
    }

/**
 * The share that is still there after a number of periods, S(t): 1 after none.
 *
 * For sBG B(alpha, beta + t) / B(alpha, beta), for BdW the same of t^shape, to about 1 part in 10^13, also for large alpha
 * and beta, where it comes close to the geometric model.
 *
 * @param period - A whole number of periods, from 0 to 10^6.
 * @throws DefinitionError `unknown-name` for another model, `out-of-range` for parameters and periods that are none.
 * @see Fader & Hardie (2007), "How to Project Customer Retention"; Fader, Hardie, Liu, Davin & Steenburgh (2018),
 * "How to Project Customer Retention Revisited: The Role of Duration Dependence".
 * @example
 * churnSurvival({ model: 'shifted-beta-geometric', alpha: 0.668, beta: 3.806 }, 12) // => 0.37804042018209055
 */
export function churnSurvival(parameters: ChurnParameters, period: number): number {
  checkParameters(parameters)
  checkPeriod(period, 0)
  return exp(lnSurvival(parameters, period))
}

/**
 * The share of those there before a period who stay through it, r(t) = S(t) / S(t - 1).
 *
 * @param period - A whole number from 1 to 10^6.
 * @throws DefinitionError as `churnSurvival`.
 * @example
 * churnRetention({ model: 'shifted-beta-geometric', alpha: 0.668, beta: 3.806 }, 12) // => 0.9568308129766059
 */
export function churnRetention(parameters: ChurnParameters, period: number): number {
  checkParameters(parameters)
  checkPeriod(period, 1)
  return exp(curveAt(coordinatesOf(parameters)).value(period))
}

/**
 * How likely these counts are under these parameters, as a logarithm: each person's chance of leaving when they left, or
 * of being still there when last seen. Without the number of ways to choose who; -Infinity where it cannot happen.
 *
 * @throws DefinitionError as `churnSurvival`; `out-of-range` for counts that rise, are fractions or negative; `missing`
 * for a cohort without its size.
 * @example
 * const sbg = { model: 'shifted-beta-geometric', alpha: 0.704, beta: 1.182 } as const
 * churnLogLikelihood(sbg, [{ cohort: 'regular', survivors: [1000, 631, 468, 382, 326, 289, 262, 241] }]) // => -1680.2652
 */
export function churnLogLikelihood(parameters: ChurnParameters, cohorts: readonly ChurnCohort[]): number {
  checkParameters(parameters)
  checkChurnCohorts(cohorts, '$.cohorts')
  return logLikelihoodOf(coordinatesOf(parameters), churnTable(cohorts))
}

/** ln S(t), in one step whatever t is. */
function lnSurvival(parameters: ChurnParameters, period: number): number {
  if (period === 0) return 0
  if (parameters.model === 'geometric') return period * log1p(-parameters.churn)
  const { alpha, beta } = parameters
  const x = parameters.model === 'shifted-beta-geometric' ? period : pow(period, parameters.shape)
  return lnBetaRatio(alpha, beta, x)
}

/**
 * A model's parameters on the whole line, as a search and a normal approximation want them: the logit of the first
 * period's churn m = alpha / (alpha + beta), the logarithm of q = 1 / (alpha + beta), which says how unlike people are, and
 * the logarithm of the shape. Hardly related to one another, as alpha and beta are.
 */
export type Coordinates = readonly number[]

export function coordinatesOf(parameters: ChurnParameters): Coordinates {
  if (parameters.model === 'geometric') return [ln(parameters.churn) - log1p(-parameters.churn)]
  const { alpha, beta } = parameters
  const pair = [ln(alpha) - ln(beta), -ln(alpha + beta)] as const
  return parameters.model === 'shifted-beta-geometric' ? pair : [...pair, ln(parameters.shape)]
}

export function parametersAt(at: readonly number[]): ChurnParameters {
  const [u, v, w] = at
  const [m, rest] = sharesOf(u!)
  if (v === undefined) return { model: 'geometric', churn: m }
  const both = exp(-v)
  const [alpha, beta] = [m * both, rest * both]
  if (w === undefined) return { model: 'shifted-beta-geometric', alpha, beta }
  return { model: 'beta-discrete-weibull', alpha, beta, shape: exp(w) }
}

/** How the logarithms of alpha, beta and shape (of geometric: the churn itself) change with the coordinates, by rows. */
export function jacobianAt(at: readonly number[]): readonly (readonly number[])[] {
  const [m, rest] = sharesOf(at[0]!)
  if (at.length === 1) return [[m * rest]]
  const pair = [
    [rest, -1],
    [-m, -1],
  ]
  return at.length === 2 ? pair : [...pair.map((row) => [...row, 0]), [0, 0, 1]]
}

/** A model at one place, period by period; not finite where the parameters leave the range of the formulas. */
export interface ChurnCurveAt {
  /** ln r(t), for t from 1. */
  value(period: number): number
  /** Its slopes along the coordinates. */
  slopes(period: number): readonly number[]
}

export function curveAt(at: Coordinates): ChurnCurveAt {
  const [u, v, w] = at
  const [m, rest] = sharesOf(u!)
  if (v === undefined) {
    const value = m < 0.5 ? log1p(-m) : ln(rest)
    return { value: () => value, slopes: () => [-m] }
  }
  const q = exp(v)
  if (w !== undefined) return weibullAt([m, rest], q, exp(w))
  // In m and q the share that leaves is m / (1 + q (t - 1)), with no gamma function and nothing to cancel.
  return {
    value(period) {
      const late = q * (period - 1)
      const stays = rest + late
      return m < stays ? log1p(-m / (1 + late)) : ln(stays / (1 + late))
    },
    slopes(period) {
      const late = q * (period - 1)
      const stays = rest + late
      return [(-m * rest) / stays, (late * m) / stays / (1 + late)]
    },
  }
}

function weibullAt([m, rest]: readonly [number, number], q: number, shape: number): ChurnCurveAt {
  const [a, b] = [m / q, rest / q]
  // Beyond what is taken as a parameter by what a logarithm and back may change.
  const [low, high] = [0.999 * least, 1.001 * most]
  if (!(a >= low && a <= high && b >= low && b <= high && shape <= 1.001 * steepest))
    return { value: () => Number.NaN, slopes: () => [Number.NaN, Number.NaN, Number.NaN] }
  /** (t - 1)^shape, and t^shape minus that, without what they have in common. */
  const powers = (period: number): readonly [before: number, rise: number] => {
    if (period === 1) return [0, 1]
    const before = exp(shape * ln(period - 1))
    return [before, before * expm1(shape * log1p(1 / (period - 1)))]
  }
  return {
    value(period) {
      const [before, rise] = powers(period)
      return lnBetaRatio(a, b + before, rise)
    },
    slopes(period) {
      const [before, rise] = powers(period)
      const end = before + rise
      const byAlpha = -digammaRise(a + b + before, rise)
      const byStart = digammaRise(b + before, a)
      const byEnd = -digammaRise(b + end, a)
      const byBeta = byStart + byEnd
      const byShape = byEnd * end * ln(period) + (period === 1 ? 0 : byStart * before * ln(period - 1))
      return [byAlpha * a * rest - byBeta * b * m, -(byAlpha * a + byBeta * b), shape * byShape]
    },
  }
}

export function logLikelihoodOf(at: Coordinates, table: ChurnTable): number {
  return sumOf(valuesAt(at, table), table)
}

/**
 * The negative log-likelihood in the coordinates. What the value at a point has worked out is kept for its slopes, which
 * are asked for next.
 */
export function churnObjective(table: ChurnTable): Objective {
  let kept: { readonly at: Coordinates; readonly values: readonly number[] } | undefined
  const known = (at: Coordinates) => {
    if (kept === undefined || kept.at.some((one, i) => one !== at[i]))
      kept = { at: [...at], values: valuesAt(at, table) }
    return kept.values
  }
  return {
    value: (at) => -sumOf(known(at), table),
    gradient(at) {
      const values = known(at)
      const curve = curveAt(at)
      const sums = at.map(() => 0)
      for (const [t, { period, left, stayed }] of table.periods.entries()) {
        const weight = (left > 0 ? left / expm1(-values[t]!) : 0) - stayed
        const slopes = curve.slopes(period)
        for (let i = 0; i < sums.length; i += 1) sums[i]! += weight * slopes[i]!
      }
      return sums
    },
  }
}

function valuesAt(at: Coordinates, { periods }: ChurnTable): readonly number[] {
  const curve = curveAt(at)
  return periods.map(({ period }) => curve.value(period))
}

function sumOf(values: readonly number[], { periods }: ChurnTable): number {
  let sum = 0
  for (const [t, { left, stayed }] of periods.entries()) {
    const value = values[t]!
    if (left > 0) sum += left * ln(-expm1(value))
    if (stayed > 0) sum += stayed * value
  }
  return sum
}

/** e^u / (1 + e^u) and what is left to 1, each to its own digits. */
export function sharesOf(u: number): readonly [share: number, rest: number] {
  const small = exp(-Math.abs(u))
  const [less, more] = [small / (1 + small), 1 / (1 + small)]
  return u < 0 ? [less, more] : [more, less]
}

export function checkParameters(parameters: ChurnParameters): void {
  checkRecord(parameters, '$.parameters')
  const { model } = parameters
  if (model === 'geometric') {
    const { churn } = parameters
    checkNumber(churn, '$.parameters.churn')
    if (!(churn > 0 && churn < 1))
      throw fault('out-of-range', '$.parameters.churn', churn, 'strictly between 0 and 1')
    return
  }
  if (model !== 'shifted-beta-geometric' && model !== 'beta-discrete-weibull')
    throw unknownName('$.parameters.model', model, churnModels)
  const { alpha, beta } = parameters
  const shapes =
    model === 'beta-discrete-weibull' ? { alpha, beta, shape: parameters.shape } : { alpha, beta }
  for (const [name, value] of Object.entries(shapes)) {
    checkNumber(value, `$.parameters.${name}`)
    const end = name === 'shape' ? steepest : most
    if (!(value >= least && value <= end))
      throw fault('out-of-range', `$.parameters.${name}`, value, `from ${least} to ${end}`)
  }
}

function checkPeriod(period: number, from: number): void {
  if (!(Number.isSafeInteger(period) && period >= from && period <= 1_000_000))
    throw fault('out-of-range', '$.period', period, `a whole number from ${from} to 1000000`)
}

/** All models, the simplest first. */
export const churnModels: readonly ChurnModel[] = [
  'geometric',
  'shifted-beta-geometric',
  'beta-discrete-weibull',
]

const least = 1e-15
const most = 1e15
/** A shape above which 10^6 periods would leave the floats. */
const steepest = 40
