import { checkLevel } from '../../measures/proportions.js'
import { RunningSum } from '../../measures/running-sum.js'
import { studentQuantile } from '../../measures/student.js'
import { checkOptions } from '../options.js'
import { checkPredictions, descending, type Found, found, missing, type Predictions } from './predictions.js'

/** How far predictions of single customers were off. */
export interface PredictionErrors {
  readonly customers: number
  /** Over all customers. */
  readonly expected: number
  readonly actual: number
  /** Expected less actual, per actual: 0.1 is 10 % too many. */
  readonly bias: Found<'nothing-came'>
  /** Mean over customers of expected less actual, with an interval by Student's t: one that holds 0 is no bias to speak of. */
  readonly meanError:
    | {
        readonly kind: 'estimate'
        readonly value: number
        readonly interval: { readonly low: number; readonly high: number; readonly level: number }
      }
    | { readonly kind: 'undefined'; readonly reason: 'too-few-customers' }
  /** Mean of what single customers were off by. */
  readonly meanAbsoluteError: Found<'no-customers'>
  /** Root of the mean of the squares of it: large misses count more. */
  readonly rootMeanSquareError: Found<'no-customers'>
  /**
   * Mean absolute error of who says of everybody what came on average: what a model has to beat. The mean is known only
   * afterwards.
   */
  readonly sameForAll: Found<'no-customers'>
  /** Pearson's: whether large and small go together in proportion. Undefined where one side is the same for all. */
  readonly correlation: Found<CorrelationGap>
  /** Spearman's, of mean ranks where values are equal: whether the order is right. */
  readonly rankCorrelation: Found<CorrelationGap>
}

export type CorrelationGap = 'too-few-customers' | 'all-expected-alike' | 'all-actual-alike'

/**
 * What was expected of each customer beside what came.
 *
 * A small mean error is no proof: where most buy nothing, expecting nothing of anybody has one too. Look at the bias and
 * at the ranks besides.
 *
 * @throws DefinitionError `wrong-type` or `out-of-range` for what is no number from 0, or columns of different lengths.
 * @see Fader, Hardie & Lee (2005) for holdouts by customer; Spearman (1904).
 * @example
 * predictionErrors({ expected: [0.5, 1.5, 3], actual: [0, 2, 3] }).meanAbsoluteError
 * // => { kind: 'estimate', value: 0.3333333333333333 }
 */
export function predictionErrors(
  predictions: Predictions,
  options: { readonly level?: number } = {},
): PredictionErrors {
  checkPredictions(predictions, '$')
  checkOptions(options, ['level'], '$.options')
  const { level = 0.95 } = options
  checkLevel(level)
  const { expected, actual } = predictions
  const customers = expected.length
  // In units of the largest, squares are neither 0 nor beyond the range.
  let size = 0
  for (let i = 0; i < customers; i += 1) size = Math.max(size, Math.abs(expected[i]! - actual[i]!))
  if (size === 0) size = 1
  const sums = { expected: new RunningSum(), actual: new RunningSum() }
  const off = { absolute: new RunningSum(), square: new RunningSum(), same: new RunningSum() }
  for (let i = 0; i < customers; i += 1) {
    const difference = (expected[i]! - actual[i]!) / size
    sums.expected.add(expected[i]!)
    sums.actual.add(actual[i]!)
    off.absolute.add(Math.abs(difference))
    off.square.add(difference * difference)
  }
  const [all, came] = [sums.expected.value, sums.actual.value]
  const meanOff = (all - came) / customers
  const spread = new RunningSum()
  for (let i = 0; i < customers; i += 1) {
    off.same.add(Math.abs(actual[i]! - came / customers))
    const away = (expected[i]! - actual[i]! - meanOff) / size
    spread.add(away * away)
  }
  const perCustomer = (value: number) =>
    customers === 0 ? missing('no-customers' as const) : found(value / customers)
  return {
    customers,
    expected: all,
    actual: came,
    bias: came > 0 ? found((all - came) / came) : missing('nothing-came'),
    meanError:
      customers < 2
        ? missing('too-few-customers')
        : errorOf(meanOff, { squares: spread.value, size, n: customers, level }),
    meanAbsoluteError: perCustomer(size * off.absolute.value),
    rootMeanSquareError:
      customers === 0 ? missing('no-customers') : found(size * Math.sqrt(off.square.value / customers)),
    sameForAll: perCustomer(off.same.value),
    correlation: correlation(expected, actual),
    rankCorrelation: correlation(ranks(expected), ranks(actual)),
  }
}

function errorOf(
  value: number,
  given: { readonly squares: number; readonly size: number; readonly n: number; readonly level: number },
): PredictionErrors['meanError'] {
  const { squares, size, n, level } = given
  const half = studentQuantile((1 + level) / 2, n - 1) * size * Math.sqrt(squares / (n - 1) / n)
  return { kind: 'estimate', value, interval: { low: value - half, high: value + half, level } }
}

function correlation(x: ArrayLike<number>, y: ArrayLike<number>): Found<CorrelationGap> {
  const n = x.length
  if (n < 2) return missing('too-few-customers')
  if (allAlike(x)) return missing('all-expected-alike')
  if (allAlike(y)) return missing('all-actual-alike')
  // In units of the largest, so that squares stay within the range of numbers.
  const [sizeX, sizeY] = [largest(x), largest(y)]
  const [meanX, meanY] = [mean(x, sizeX), mean(y, sizeY)]
  const [xx, yy, xy] = [new RunningSum(), new RunningSum(), new RunningSum()]
  for (let i = 0; i < n; i += 1) {
    const [dx, dy] = [x[i]! / sizeX - meanX, y[i]! / sizeY - meanY]
    xx.add(dx * dx)
    yy.add(dy * dy)
    xy.add(dx * dy)
  }
  const both = Math.sqrt(xx.value) * Math.sqrt(yy.value)
  // Differences too small for squares: as good as alike.
  if (!(both > 0)) return missing(xx.value > 0 ? 'all-actual-alike' : 'all-expected-alike')
  return found(Math.max(-1, Math.min(1, xy.value / both)))
}

function allAlike(values: ArrayLike<number>): boolean {
  for (let i = 1; i < values.length; i += 1) if (values[i] !== values[0]) return false
  return true
}

function largest(values: ArrayLike<number>): number {
  let most = 0
  for (let i = 0; i < values.length; i += 1) most = Math.max(most, values[i]!)
  return most
}

function mean(values: ArrayLike<number>, size: number): number {
  const sum = new RunningSum()
  for (let i = 0; i < values.length; i += 1) sum.add(values[i]! / size)
  return sum.value / values.length
}

/** Places in the order of size; the mean of their places for equal ones. */
function ranks(values: ArrayLike<number>): Float64Array {
  const order = descending(values)
  const ranked = new Float64Array(values.length)
  for (let from = 0; from < order.length; ) {
    let to = from + 1
    while (to < order.length && values[order[to]!] === values[order[from]!]) to += 1
    for (let i = from; i < to; i += 1) ranked[order[i]!] = order.length - (from + to - 1) / 2
    from = to
  }
  return ranked
}
