import { exp, expm1, ln, log1p } from '../kernel/elementary.js'
import { checkNumber, checkRecord, fault, unknownName } from '../kernel/errors.js'
import { pow } from '../kernel/power.js'
import { digammaRise, lnBetaRatio } from './beta-ratio.js'
import { type ChurnCohort, type ChurnTable, checkChurnCohorts, churnTable } from './churn-counts.js'

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
  return exp(stepOf(coordinatesOf(parameters), period).value)
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

/** ln r(t) and its slopes along the coordinates; not finite where the parameters leave the range of the formulas. */
export interface Step {
  readonly value: number
  readonly slopes: readonly number[]
}

export function stepOf(at: readonly number[], period: number): Step {
  const [u, v, w] = at
  const [m, rest] = sharesOf(u!)
  if (v === undefined) return { value: m < 0.5 ? log1p(-m) : ln(rest), slopes: [-m] }
  const q = exp(v)
  if (w === undefined) {
    // In m and q the share that leaves is m / (1 + q (t - 1)), with no gamma function and nothing to cancel.
    const late = q * (period - 1)
    const stays = rest + late
    return {
      value: m < stays ? log1p(-m / (1 + late)) : ln(stays / (1 + late)),
      slopes: [(-m * rest) / stays, (late * m) / stays / (1 + late)],
    }
  }
  const [a, b, shape] = [m / q, rest / q, exp(w)]
  const nowhere = { value: Number.NaN, slopes: [Number.NaN, Number.NaN, Number.NaN] }
  // Beyond what is taken as a parameter by what a logarithm and back may change.
  const [low, high] = [0.999 * least, 1.001 * most]
  if (!(a >= low && a <= high && b >= low && b <= high && shape <= 1.001 * steepest)) return nowhere
  const before = period === 1 ? 0 : pow(period - 1, shape)
  // The difference of the powers, without what they have in common.
  const rise = period === 1 ? 1 : before * expm1(shape * log1p(1 / (period - 1)))
  const value = lnBetaRatio(a, b + before, rise)
  const byAlpha = -digammaRise(a + b + before, rise)
  const byBeta = byAlpha + digammaRise(b + before, rise)
  const byEnd = -digammaRise(b + before + rise, a)
  const byStart = digammaRise(b + before, a)
  const end = before + rise
  const byShape = byEnd * end * ln(period) + (period === 1 ? 0 : byStart * before * ln(period - 1))
  return {
    value,
    slopes: [byAlpha * a * rest - byBeta * b * m, -(byAlpha * a + byBeta * b), shape * byShape],
  }
}

export function logLikelihoodOf(at: readonly number[], { periods }: ChurnTable): number {
  let sum = 0
  for (const { period, left, stayed } of periods) {
    const { value } = stepOf(at, period)
    if (left > 0) sum += left * ln(-expm1(value))
    if (stayed > 0) sum += stayed * value
  }
  return sum
}

export function slopesOf(at: readonly number[], { periods }: ChurnTable): number[] {
  const sums = at.map(() => 0)
  for (const { period, left, stayed } of periods) {
    const { value, slopes } = stepOf(at, period)
    const weight = stayed - (left > 0 ? left / expm1(-value) : 0)
    for (const [i, slope] of slopes.entries()) sums[i]! += weight * slope
  }
  return sums
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
