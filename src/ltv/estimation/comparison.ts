import { exp, expm1, ln } from '../../kernel/elementary.js'
import { checkList, checkRecord, fault } from '../../kernel/errors.js'
import { checkLevel } from '../../measures/proportions.js'
import { studentQuantile } from '../../measures/student.js'
import { type CustomerHistory, checkHistory } from '../histories/history.js'
import type { Edge } from '../model.js'
import { checkOptions } from '../options.js'
import type { PurchaseModel } from '../purchases/model.js'
import { spanIn, type TimeSpan } from '../unit.js'
import { expectedIn } from '../validation/forecast.js'
import { type PredictionErrors, predictionErrors } from '../validation/prediction-errors.js'
import type { Found } from '../validation/predictions.js'
import { checkCriteria } from './checked-fit.js'
import { valuesFor } from './customer.js'
import type { CovariateFit, Fit, NoFit } from './fit.js'
import { checkFit } from './likelihood-ratio.js'

/** A model with what became of it. */
export interface Contender {
  /** What predicts; likelihoods are compared without. */
  readonly model: Pick<PurchaseModel, 'name' | 'after'> | Pick<PurchaseModel, 'name'>
  readonly fit: Fit | CovariateFit | NoFit
}

/** What customers did after the time that models were fitted to. */
export interface Holdout {
  /** Until the end of that time. */
  readonly histories: readonly CustomerHistory[]
  /** Purchases of each in the time held out. */
  readonly purchases: ArrayLike<number>
  /** How long that was. */
  readonly span: TimeSpan
}

/** A model beside others. */
export type Compared =
  | {
      readonly kind: 'compared'
      readonly model: string
      /** How many numbers were found. */
      readonly parameters: number
      readonly logLikelihood: number
      readonly aic: number
      readonly bic: number
      /** By how much its AIC is above the lowest. Below 2 is little, above 10 is much. */
      readonly aicAbove: number
      readonly bicAbove: number
      /** What the differences of AIC make of it: adds up to 1 over all models. */
      readonly weight: number
      readonly holdout?: HoldoutError
    }
  | ({ readonly kind: 'not-fitted'; readonly model: string } & Edge)
  /** Its log-likelihood leaves out what others have; how far it was off is still said. */
  | ({ readonly kind: 'not-comparable'; readonly model: string; readonly holdout?: HoldoutError } & Edge)

/** How far predictions were off: of `predictionErrors`, what models are compared by. */
export interface HoldoutError {
  readonly customers: number
  readonly expected: number
  readonly actual: number
  /** Expected less actual, per actual: 0.1 is 10 % too many. Undefined where nothing was bought. */
  readonly bias:
    | {
        readonly kind: 'estimate'
        readonly value: number
        /**
         * As far as so many customers tell: one that holds 0 is no bias to speak of. Of the ratio expected / actual, on its
         * logarithm, by Student's t, customers taken as independent; what befalls all of them at once, a season or a campaign, is
         * not in it. None for fewer than two customers, or where nothing was expected.
         */
        readonly interval?: { readonly low: number; readonly high: number; readonly level: number }
      }
    | { readonly kind: 'undefined'; readonly reason: 'nothing-came' }
  /** Mean of what single customers were off by. */
  readonly meanAbsoluteError: number
  /** Root of the mean of its squares: large misses count more. */
  readonly rootMeanSquareError: number
}

/**
 * Models fitted to the same data, the lowest AIC first, those that cannot be compared and those without a fit last with
 * their reasons; with what customers
 * did later, how far each was off.
 *
 * @throws DefinitionError `out-of-range` for fits to different data, and an AIC or BIC that is not that of the log-likelihood; `duplicate-name` never: a model may stand there twice,
 * with covariates and without.
 * @example
 * compareModels([{ model: mbgNbd, fit: one }, { model: paretoNbd, fit: other }], { holdout })
 */
export function compareModels(
  contenders: readonly Contender[],
  options: {
    readonly holdout?: Holdout
    /** Of the interval of the bias; 0.95 unless told. */
    readonly level?: number
  } = {},
): readonly Compared[] {
  checkList(contenders, '$.contenders')
  checkOptions(options, ['holdout', 'level'], '$.options')
  if (options.holdout !== undefined)
    checkOptions(options.holdout, ['histories', 'purchases', 'span', 'calibration'], '$.options.holdout')
  const { level = 0.95 } = options
  checkLevel(level)
  let first: Fit | CovariateFit | undefined
  for (const [i, contender] of contenders.entries()) {
    checkRecord(contender, `$.contenders[${i}]`)
    const { model, fit } = contender
    checkRecord(model, `$.contenders[${i}].model`)
    const path = `$.contenders[${i}].fit`
    checkRecord(fit, path)
    if (fit.kind === 'not-an-optimum') continue
    checkFit(fit, path)
    checkCriteria(fit, Object.keys(fit.estimates).length, path)
    first ??= fit
    if (fit.data !== first.data)
      throw fault(
        'out-of-range',
        `${path}.data`,
        fit.data,
        `a fit to the same data as the first, ${first.data}`,
      )
  }
  const all = contenders.flatMap(({ model, fit }) => (fit.kind === 'not-an-optimum' ? [] : [{ model, fit }]))
  const fitted = all.filter(({ fit }) => fit.incomparable === undefined)
  const apart = all.flatMap(({ model, fit }): Compared[] => {
    if (fit.incomparable === undefined) return []
    const holdout = options.holdout && { holdout: holdoutError(model, fit, options.holdout, level) }
    return [{ kind: 'not-comparable', model: fit.model, ...fit.incomparable, ...holdout }]
  })
  const lowest = fitted.reduce((least, { fit }) => Math.min(least, fit.aic), Number.POSITIVE_INFINITY)
  const lowestBic = fitted.reduce((least, { fit }) => Math.min(least, fit.bic), Number.POSITIVE_INFINITY)
  const weights = fitted.reduce((sum, { fit }) => sum + exp((lowest - fit.aic) / 2), 0)
  const compared = fitted.map(
    ({ model, fit }): Compared => ({
      kind: 'compared',
      model: fit.model,
      parameters: Object.keys(fit.estimates).length,
      logLikelihood: fit.logLikelihood,
      aic: fit.aic,
      bic: fit.bic,
      aicAbove: fit.aic - lowest,
      bicAbove: fit.bic - lowestBic,
      weight: exp((lowest - fit.aic) / 2) / weights,
      ...(options.holdout && { holdout: holdoutError(model, fit, options.holdout, level) }),
    }),
  )
  const none = contenders.flatMap(({ fit }): Compared[] => {
    if (fit.kind !== 'not-an-optimum') return []
    const { reason, next, instead } = fit
    return [{ kind: 'not-fitted', model: fit.model, reason, next, ...(instead !== undefined && { instead }) }]
  })
  // A sort that keeps the order of equals.
  compared.sort((a, b) => (a.kind === 'compared' && b.kind === 'compared' ? a.aic - b.aic : 0))
  return [...compared, ...apart, ...none]
}

function holdoutError(
  model: Contender['model'],
  fit: Fit | CovariateFit,
  { histories, purchases, span }: Holdout,
  level: number,
): HoldoutError {
  const path = '$.options.holdout'
  if (!('after' in model)) throw fault('missing', '$.contenders', model.name, 'a model that predicts')
  checkList(histories, `${path}.histories`)
  if (histories.length === 0) throw fault('missing', `${path}.histories`, histories, 'at least one history')
  if (purchases?.length !== histories.length)
    throw fault('out-of-range', `${path}.purchases`, purchases, 'one number for each history')
  const until = spanIn(fit.unit, span, `${path}.span`)
  const names = fit.kind === 'fitted' ? [] : [...new Set(fit.coefficients.map(({ covariate }) => covariate))]
  const [expected, actual] = [new Float64Array(histories.length), new Float64Array(histories.length)]
  for (const [i, history] of histories.entries()) {
    checkHistory(history, `${path}.histories[${i}]`)
    if (history.unit !== fit.unit)
      throw fault('unknown-name', `${path}.histories[${i}].unit`, history.unit, fit.unit)
    const bought = purchases[i]!
    if (!(Number.isSafeInteger(bought) && bought >= 0))
      throw fault('out-of-range', `${path}.purchases[${i}]`, bought, 'a whole number from 0')
    const values =
      fit.kind === 'fitted'
        ? fit.values
        : valuesFor(
            fit,
            Object.fromEntries(names.map((name) => [name, history.covariates?.[name] as number])),
          )
    expected[i] = expectedIn(model.after(values, history).expected(until), model.name)
    actual[i] = bought
  }
  const errors = predictionErrors({ expected, actual })
  return {
    customers: errors.customers,
    expected: errors.expected,
    actual: errors.actual,
    bias:
      errors.bias.kind === 'undefined'
        ? errors.bias
        : { ...errors.bias, ...intervalOfBias({ predictions: expected, purchases: actual, errors, level }) },
    meanAbsoluteError: known(errors.meanAbsoluteError),
    rootMeanSquareError: known(errors.rootMeanSquareError),
  }
}

/** There is a customer, so there is a mean over customers. */
const known = (mean: Found<'no-customers'>): number => (mean.kind === 'estimate' ? mean.value : 0)

/** By the ratio of two sums over customers drawn by chance: Cochran (1977), Sampling Techniques, 6.4. */
function intervalOfBias(found: {
  readonly predictions: Float64Array
  readonly purchases: Float64Array
  readonly errors: Pick<PredictionErrors, 'expected' | 'actual'>
  readonly level: number
}): { readonly interval?: { readonly low: number; readonly high: number; readonly level: number } } {
  const { predictions, purchases, errors, level } = found
  const { expected, actual } = errors
  const n = predictions.length
  if (n < 2 || !(expected > 0 && expected < Infinity)) return {}
  // Each customer's part of both sums, so that squares are neither 0 nor beyond the range.
  let squares = 0
  for (let i = 0; i < n; i++) {
    const off = predictions[i]! / expected - purchases[i]! / actual
    squares += off * off
  }
  const reach = studentQuantile((1 + level) / 2, n - 1) * Math.sqrt((n / (n - 1)) * squares)
  const lnRatio = ln(expected / actual)
  return { interval: { low: expm1(lnRatio - reach), high: expm1(lnRatio + reach), level } }
}
