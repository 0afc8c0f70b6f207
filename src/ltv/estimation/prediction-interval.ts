import { checkRecord, fault, type Sentence } from '../../kernel/errors.js'
import { normalQuantile } from '../../measures/normal.js'
import { checkLevel } from '../../measures/proportions.js'
import { dot, times } from '../../measures/symmetric.js'
import {
  type FittedParameters,
  type LikelihoodModel,
  type ParameterRange,
  rangeNames,
  type Values,
} from '../model.js'
import { checkOptions } from '../options.js'
import { coordinateOf, growthAt, valueAt } from './coordinates.js'

/** A prediction as far as the data tell the parameters it is made from, or why there is none. */
export type PredictionInterval =
  | {
      readonly kind: 'estimate'
      readonly value: number
      readonly standardError: number
      readonly interval: { readonly low: number; readonly high: number; readonly level: number }
      readonly method: 'delta' | 'bootstrap'
    }
  | {
      readonly kind: 'undefined'
      readonly reason: 'not-finite' | 'outside-range' | 'too-few-runs'
      /** What it means and what to do next. */
      readonly next: Sentence
    }

/**
 * A prediction with the interval that comes from parameters known by a sample only (delta method): how it changes with
 * the parameters, by their covariance. It says nothing of chance in what a single customer does.
 *
 * Where the prediction is above 0 the interval is that of its logarithm, so it stays above 0 and is longer upwards; `range`
 * says otherwise: 'share' for a chance, 'real' for what may be negative.
 *
 * @param predict - Pure: the same parameters, the same number.
 * @throws DefinitionError `unknown-name` for another model's fit, `wrong-type` where `predict` gives no number.
 * @example
 * predictionInterval(bgNbd, fit, (values) => bgNbd.newcomer(values).expected(52))
 * // => { kind: 'estimate', value: 1.39, standardError: 0.05, interval: { low: 1.30, high: 1.49, level: 0.95 }, method: 'delta' }
 */
export function predictionInterval<Name extends string, P extends string>(
  model: Pick<LikelihoodModel<Name, P, never>, 'name' | 'parameters' | 'ranges'>,
  fit: FittedParameters<Name, P>,
  predict: (values: Values<P>) => number,
  options: { readonly level?: number; readonly range?: ParameterRange } = {},
): PredictionInterval {
  checkFitOf(model, fit)
  if (typeof predict !== 'function') throw fault('wrong-type', '$.predict', predict, 'a function of values')
  checkOptions(options, ['level', 'range'], '$.options')
  const { level = 0.95, range } = options
  checkLevel(level)
  if (range !== undefined && !rangeNames.includes(range))
    throw fault('unknown-name', '$.options.range', range, rangeNames.join(' | '))
  const { parameters, ranges } = model
  const at = parameters.map((name) => coordinateOf(ranges[name], fit.values[name]))
  const predicted = (coordinates: readonly number[]): number => {
    const value = predict(
      Object.fromEntries(
        parameters.map((name, i) => [name, valueAt(ranges[name], coordinates[i]!)]),
      ) as Values<P>,
    )
    if (typeof value !== 'number') throw fault('wrong-type', '$.predict', value, 'a number')
    return value
  }
  const value = predict(fit.values)
  if (typeof value !== 'number') throw fault('wrong-type', '$.predict', value, 'a number')
  const scale = range ?? (value > 0 ? 'positive' : 'real')
  const around = at.map((_, i) => {
    // A hundredth of what the parameter may be off by: small beside what matters, large beside rounding.
    const step = Math.min(Math.max(0.01 * Math.sqrt(fit.covariance[i]![i]!), 1e-6), 0.01)
    const [above, below] = [step, -step].map((by) =>
      predicted(at.map((other, k) => (k === i ? other + by : other))),
    )
    return { step, above: above!, below: below! }
  })
  if (![value, ...around.flatMap(({ above, below }) => [above, below])].every(Number.isFinite))
    return { kind: 'undefined', reason: 'not-finite', next: notFinite }
  const slopesBy = (of: (value: number) => number) =>
    around.map(({ step, above, below }) => (above === below ? 0 : (of(above) - of(below)) / (2 * step)))
  const plain = spreadOf(
    slopesBy((x) => x),
    fit,
  )
  // What no parameter moves is known: a chance of 1 whatever they are.
  if (plain === 0)
    return {
      kind: 'estimate',
      value,
      standardError: 0,
      interval: { low: value, high: value, level },
      method: 'delta',
    }
  const centre = coordinateOf(scale, value)
  const slopes = slopesBy((x) => coordinateOf(scale, x))
  if (![centre, ...slopes].every(Number.isFinite))
    return { kind: 'undefined', reason: 'outside-range', next: outside }
  const spread = spreadOf(slopes, fit)
  const reach = -normalQuantile((1 - level) / 2) * spread
  return {
    kind: 'estimate',
    value,
    standardError: growthAt(scale, centre) * spread,
    interval: { low: valueAt(scale, centre - reach), high: valueAt(scale, centre + reach), level },
    method: 'delta',
  }
}

const spreadOf = (slopes: readonly number[], { covariance }: FittedParameters) =>
  Math.sqrt(Math.max(0, dot(slopes, times(covariance, slopes))))

/** Refuses what is no fit of the model. */
function checkFitOf(
  model: Pick<LikelihoodModel<string, string, never>, 'name' | 'parameters'>,
  fit: FittedParameters,
): void {
  checkRecord(model, '$.model')
  checkRecord(fit, '$.fit')
  if (fit.kind !== 'fitted') throw fault('wrong-type', '$.fit.kind', fit.kind, 'fitted')
  if (fit.model !== model.name) throw fault('unknown-name', '$.fit.model', fit.model, model.name)
  checkRecord(fit.values, '$.fit.values')
  const whole =
    Array.isArray(fit.covariance) &&
    fit.covariance.length === model.parameters.length &&
    fit.covariance.every((row) => Array.isArray(row) && row.length === model.parameters.length)
  if (!whole) throw fault('wrong-type', '$.fit.covariance', fit.covariance, 'one row for each parameter')
}

const notFinite: Sentence = {
  en: 'The prediction is not finite at or beside the parameters found: the mean does not exist there, or the horizon is too long. Ask for a chance or a quantile instead.',
  zh: '在所估参数处或其附近预测值不是有限数：均值不存在或期限过长。请改为查询概率或分位数。',
}
const outside: Sentence = {
  en: 'The prediction lies at the end of the range told for it: take range "real", or the bootstrap.',
  zh: '预测值位于所给范围的端点：请使用 range "real" 或自助法。',
}
