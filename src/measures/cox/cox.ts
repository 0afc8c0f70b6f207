import { exp } from '../../kernel/elementary.js'
import { checkKeys, checkName, checkRecord, type Sentence } from '../../kernel/errors.js'
import { gammaQ } from '../incomplete-gamma.js'
import { normalCdf, normalQuantile } from '../normal.js'
import { checkLevel } from '../proportions.js'
import { dot, type Matrix, times } from '../symmetric.js'
import { type BaselineCurve, baselineOf } from './baseline.js'
import { type Concordance, concordanceOf } from './concordance.js'
import { maximumOf } from './maximum.js'
import { scoresOf, type Ties } from './partial-likelihood.js'
import { type CoxRecord, type Subjects, subjectsOf } from './subjects.js'

/** How a Cox regression is fitted and reported. */
export interface CoxOptions {
  /** What to do about events at one time. `efron` unless told. */
  readonly ties?: Ties
  /** Of the intervals; 0.95 unless told. */
  readonly level?: number
  /** Which covariates, in which order. All, by name, unless told. */
  readonly covariates?: readonly string[]
}

/** What one covariate does, the others held. */
export interface CoxCoefficient {
  readonly name: string
  /** By how much the logarithm of the hazard rises with each unit. */
  readonly coefficient: number
  readonly standardError: number
  readonly interval: { readonly low: number; readonly high: number; readonly level: number }
  readonly hazardRatio: HazardRatio
  /** The coefficient in standard errors, and how likely one at least as far from 0 is if there is no effect. */
  readonly z: number
  readonly p: number
}

/** By what the hazard is multiplied with each unit of a covariate; of a tiny unit it may be no number of this machine. */
export type HazardRatio =
  | {
      readonly kind: 'estimate'
      readonly value: number
      readonly interval: { readonly low: number; readonly high: number; readonly level: number }
    }
  | { readonly kind: 'undefined'; readonly reason: 'beyond-numbers' }

/** A test that all coefficients are 0: chi-squared with as many degrees of freedom as covariates. */
export interface CoxTest {
  readonly statistic: number
  readonly df: number
  readonly p: number
}

/** What to keep in mind with an estimate that is one. */
export interface CoxWarning {
  readonly code: 'fewer-events-than-covariates' | 'few-events-per-covariate'
  readonly events: number
  readonly covariates: number
  readonly meaning: Sentence
}

/** A Cox regression whose partial likelihood has a maximum. Plain data. */
export interface CoxModel {
  readonly kind: 'estimate'
  readonly ties: Ties
  readonly level: number
  readonly records: number
  readonly events: number
  readonly coefficients: readonly CoxCoefficient[]
  /** Of the coefficients, in their order: the inverse of the information. */
  readonly covariance: Matrix
  /** Logarithms of the partial likelihood with all coefficients 0, and with those fitted. */
  readonly logLikelihood: { readonly none: number; readonly fitted: number }
  /** Twice what the logarithm of the likelihood gained. Of the three the one to trust where they differ. */
  readonly likelihoodRatio: CoxTest
  /** From the coefficients and their covariance. */
  readonly wald: CoxTest
  /** From the slopes at 0; with one binary covariate and no ties, the log-rank test. */
  readonly score: CoxTest
  /** Of the fitted scores on the same records, within strata. */
  readonly concordance: Concordance
  /** The hazard of somebody whose covariates are the `reference`, stratum by stratum. */
  readonly baseline: readonly BaselineCurve[]
  /** The means of the covariates, by the order of the coefficients. */
  readonly reference: readonly number[]
  readonly warnings: readonly CoxWarning[]
  readonly iterations: number
}

/** Why a partial likelihood has no maximum, or none that can be told. */
export type NoCoxMaximum = 'no-events' | 'constant' | 'collinear' | 'monotone' | 'undetermined'

/** No coefficients: those that a program would stop at mean nothing. */
export interface NoCoxModel {
  readonly kind: 'no-maximum'
  /**
   * - `no-events`: nothing to learn from.
   * - `constant`: the covariate is the same for all who were ever at risk together.
   * - `collinear`: a weighted sum of covariates is.
   * - `monotone`: whoever had the event was always the highest (or level) by a weighted sum of covariates, so the larger
   *   its coefficient, the likelier the data, without end.
   * - `undetermined`: the likelihood is too flat to prove that it has a maximum or has none, or to tell where it lies.
   */
  readonly reason: NoCoxMaximum
  /** Which covariates are in it. */
  readonly covariates: readonly string[]
  /** The weights of that sum, per unit of each covariate, the largest 1 or -1. */
  readonly direction: Readonly<Record<string, number>>
  readonly records: number
  readonly events: number
  /** What it means and what can be done. */
  readonly next: Sentence
}

/**
 * Cox's proportional hazards regression: how covariates multiply the rate at which an event comes, whatever that rate is
 * over time.
 *
 * With late entry (`entry`) and strata. An answer is an estimate only where it is proved that the partial likelihood has
 * a maximum; where it rises for ever (monotone likelihood: some combination of covariates separates who had the event
 * from who was at risk) or is flat, the answer is `no-maximum` with the covariates concerned, not large numbers with
 * larger errors. The order of the records makes no difference to a single bit. Times are tied where they are the same
 * number: round those that were computed.
 *
 * @param records - The same covariates in all; `stratum` in all or in none.
 * @throws DefinitionError `out-of-range`, `wrong-type`, `missing`, `unknown-key` for records that are not as declared, or
 * a level outside (0, 1); `unknown-name` for other ties; `duplicate-name` for a covariate asked for twice.
 * @see Cox (1972), "Regression Models and Life-Tables"; Efron (1977) and Breslow (1974) for ties; Therneau & Grambsch
 * (2000), "Modeling Survival Data".
 * @example
 * const left = (time, event, coupon) => ({ time, event, covariates: { coupon } })
 * fitCox([left(1, true, 1), left(2, true, 0), left(3, true, 1), left(4, true, 1), left(5, true, 0), left(6, false, 0)])
 * // => { kind: 'estimate', coefficients: [{ name: 'coupon', coefficient: 1.3945, standardError: 1.1643, … }], … }
 */
export function fitCox(records: readonly CoxRecord[], options: CoxOptions = {}): CoxModel | NoCoxModel {
  const { ties, level, covariates } = checkOptions(options)
  return fitSubjects(subjectsOf(records, covariates), ties, level).answer
}

/** Of which there is a maximum, and what it is; what a test of the fit goes on from. */
export interface FittedSubjects {
  readonly answer: CoxModel | NoCoxModel
  /** In units of the subjects' columns; empty without a maximum. */
  readonly at: readonly number[]
}

export function checkOptions(options: CoxOptions) {
  checkRecord(options, '$.options')
  checkKeys(options, ['ties', 'level', 'covariates', 'scale'], '$.options')
  const { ties = 'efron', level = 0.95, covariates } = options
  checkName(['efron', 'breslow'], ties, '$.options.ties')
  checkLevel(level)
  return { ties, level, covariates }
}

export function fitSubjects(subjects: Subjects, ties: Ties, level: number): FittedSubjects {
  const { names, centre, unit, events } = subjects
  const records = subjects.time.length
  const no = (reason: NoCoxMaximum, along: readonly number[]): FittedSubjects => ({
    answer: {
      kind: 'no-maximum',
      reason,
      ...named(subjects, along, reason),
      records,
      events,
      next: next[reason],
    },
    at: [],
  })
  if (events === 0) return no('no-events', [])
  const found = maximumOf(subjects, ties)
  if (found.kind === 'none') return no(found.reason, found.direction)
  const { at, start, startCovariance, top } = found
  const df = names.length
  const test = (statistic: number): CoxTest => ({
    statistic: Math.max(0, statistic),
    df,
    p: gammaQ(df / 2, Math.max(0, statistic) / 2),
  })
  const covariance = found.covariance.map((row, k) => row.map((one, l) => one / unit[k]! / unit[l]! + 0))
  const scores = scoresOf(subjects, at)
  const means = meansOf(subjects)
  const model: CoxModel = {
    kind: 'estimate',
    ties,
    level,
    records,
    events,
    coefficients: names.map((name, k) =>
      coefficientOf(name, at[k]! / unit[k]! + 0, Math.sqrt(covariance[k]![k]!), level),
    ),
    covariance,
    logLikelihood: { none: start.value, fitted: top.value },
    likelihoodRatio: test(2 * (top.value - start.value)),
    wald: test(dot(at, times(top.information, at))),
    score: test(dot(start.gradient, times(startCovariance, start.gradient))),
    concordance: concordanceOf(subjects, scores),
    baseline: baselineOf(subjects, ties, at, means),
    reference: means.map((mean, k) => centre[k]! + unit[k]! * mean + 0),
    warnings: warningsOf(events, df),
    iterations: found.iterations,
  }
  return { answer: model, at }
}

function coefficientOf(
  name: string,
  coefficient: number,
  standardError: number,
  level: number,
): CoxCoefficient {
  const z = coefficient / standardError
  const wide = -normalQuantile((1 - level) / 2) * standardError
  const interval = { low: coefficient - wide, high: coefficient + wide, level }
  const ratios = [coefficient, interval.low, interval.high].map(exp)
  const hazardRatio: HazardRatio = ratios.every((ratio) => ratio > 0 && ratio < Infinity)
    ? {
        kind: 'estimate',
        value: ratios[0]!,
        interval: { low: ratios[1]!, high: ratios[2]!, level },
      }
    : { kind: 'undefined', reason: 'beyond-numbers' }
  return {
    name,
    coefficient,
    standardError,
    interval,
    hazardRatio,
    z,
    p: Math.min(1, 2 * normalCdf(-Math.abs(z))),
  }
}

/** In units of the columns. */
function meansOf({ x, time, names }: Subjects): readonly number[] {
  const [n, p] = [time.length, names.length]
  return names.map((_, k) => {
    let sum = 0
    for (let i = 0; i < n; i += 1) sum += x[i * p + k]!
    return sum / n
  })
}

/** A direction in units of the columns, by the names in it and per unit of what was given. */
function named({ names, unit }: Subjects, along: readonly number[], reason: NoCoxMaximum) {
  // A direction of separation has no part that it can do without; another may have some of rounding.
  const least = reason === 'monotone' ? 0 : 1e-6
  const most = along.reduce((size, part) => Math.max(size, Math.abs(part)), 0)
  const within = names.flatMap((name, k) =>
    Math.abs(along[k] ?? 0) > least * most ? [{ name, weight: along[k]! / (unit[k]! || 1) }] : [],
  )
  const largest = within.reduce((size, { weight }) => Math.max(size, Math.abs(weight)), 0)
  return {
    covariates: within.map(({ name }) => name),
    direction: Object.fromEntries(within.map(({ name, weight }) => [name, weight / largest])),
  }
}

function warningsOf(events: number, covariates: number): readonly CoxWarning[] {
  if (events >= 10 * covariates) return []
  const code = events < covariates ? 'fewer-events-than-covariates' : 'few-events-per-covariate'
  return [{ code, events, covariates, meaning: meanings[code] }]
}

const meanings: Readonly<Record<CoxWarning['code'], Sentence>> = {
  'fewer-events-than-covariates': {
    en: 'Fewer events than covariates: the coefficients say more of chance than of the covariates. Use fewer covariates.',
    zh: '事件数少于协变量数：系数主要反映偶然。请减少协变量。',
  },
  'few-events-per-covariate': {
    en: 'Fewer than ten events for each covariate: coefficients tend to be too far from 0 and intervals too narrow. Use fewer covariates, or wait for more events.',
    zh: '每个协变量对应的事件不足十个：系数往往偏离零过远，区间偏窄。请减少协变量，或等待更多事件。',
  },
}

const next: Readonly<Record<NoCoxMaximum, Sentence>> = {
  'no-events': {
    en: 'Nobody had the event, so nothing can be said of what hastens it: wait, or ask for another event.',
    zh: '没有任何人发生该事件，无法判断什么因素加快它：请延长观察，或换一个事件。',
  },
  constant: {
    en: 'The covariate is the same for all who were ever at risk together: leave it out; if it is the stratum itself, its effect is in the baselines.',
    zh: '该协变量在同时处于风险中的所有人之间没有差别：请去掉它；若它就是分层变量，其作用已包含在各层的基线中。',
  },
  collinear: {
    en: 'The covariates named add up to the same for all who were at risk together, so their effects cannot be told apart: leave one of them out.',
    zh: '所列协变量的加权和在同时处于风险中的人之间没有差别，各自的作用无法区分：请去掉其中一个。',
  },
  monotone: {
    en: 'By the covariates named, whoever had the event always ranked highest of those at risk: the hazard ratio has no finite estimate. Report the counts, compare by log-rank, merge levels, wait for more events, or fit with a penalty.',
    zh: '按所列协变量，每次发生事件的人在风险集中都排在最高：风险比没有有限的估计值（单调似然）。请直接报告计数、用对数秩检验比较、合并类别、等待更多事件，或使用带惩罚的拟合。',
  },
  undetermined: {
    en: 'The likelihood is so flat along the covariates named that rounding decides whether it has a maximum: look for values far out, leave a covariate out, or wait for more events.',
    zh: '沿所列协变量似然过于平坦，是否存在最大值已由舍入误差决定：请检查极端值、去掉一个协变量，或等待更多事件。',
  },
}
