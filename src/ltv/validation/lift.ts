import { checkNumber, fault } from '../../kernel/errors.js'
import { RunningSum } from '../../measures/running-sum.js'
import { checkOptions } from '../options.js'
import {
  checkBins,
  checkPredictions,
  descending,
  type Found,
  found,
  missing,
  type Predictions,
  tiedBins,
} from './predictions.js'

/** Whether those of whom most is expected are those who bring most. */
export interface LiftTable {
  readonly customers: number
  readonly expected: number
  readonly actual: number
  /** From those of whom most is expected on. Equal expectations are never split, so sizes differ and bins may be fewer. */
  readonly bins: readonly LiftBin[]
  /**
   * Corners of the curve of gains, from (0, 0) to (1, 1): the share of customers called on, and of what came. Of many corners
   * about a thousand, evenly spread; `gini` is of all of them.
   */
  readonly gains: readonly GainPoint[]
  /** Twice the area between the curve and the diagonal: 0 for an order of chance, below it for one that is upside down. */
  readonly gini: Found<'nothing-came'>
  /** Of who knows what came. */
  readonly giniAtBest: Found<'nothing-came'>
  /** The one per the other: 1 is the right order. Undefined where everybody brought the same. */
  readonly giniOfBest: Found<'nothing-came' | 'all-actual-alike'>
}

/** Customers of whom about as much is expected. */
export interface LiftBin {
  readonly customers: number
  /** Of all customers. */
  readonly share: number
  readonly expected: number
  readonly actual: number
  readonly expectedMean: number
  readonly actualMean: number
  /** What came of one here per what came of one on average: 3 is three times as much. */
  readonly lift: Found<'nothing-came'>
  /** The share of customers up to here, and of what came that they brought. */
  readonly cumulativeShare: number
  readonly captured: Found<'nothing-came'>
}

/** A corner of the curve of gains. */
export interface GainPoint {
  readonly share: number
  /** Of what came. */
  readonly captured: number
  /** Of what was expected. */
  readonly foreseen: number
}

/**
 * Customers by what is expected of them, with what they brought: lift by bin, gain along all of them, Gini.
 *
 * Values may be purchases or money, whichever the question is about. Among customers of whom the same is expected no order is
 * right, so they stay together, and the curve of gains is straight across them.
 *
 * @throws DefinitionError for what is no number from 0, columns of different lengths, `bins` other than 2 to 1,000.
 * @see Malthouse & Blattberg (2005), "Can We Predict Customer Lifetime Value?", for top shares; Gini (1912).
 * @example
 * liftTable({ expected: [4, 1, 1, 1], actual: [6, 1, 0, 1] }, { bins: 2 }).bins[0]
 * // => { customers: 1, share: 0.25, actualMean: 6, lift: { kind: 'estimate', value: 3 }, … }
 */
export function liftTable(predictions: Predictions, options: { readonly bins?: number } = {}): LiftTable {
  checkPredictions(predictions, '$')
  checkOptions(options, ['bins'], '$.options')
  const { bins = 10 } = options
  checkBins(bins, '$.bins')
  const { expected, actual } = predictions
  const customers = expected.length
  const order = descending(expected)
  const [allExpected, allActual] = [sumOf(expected), sumOf(actual)]
  const perActual = (value: number) => (allActual > 0 ? found(value / allActual) : missing('nothing-came'))
  const soFar = new RunningSum()
  const read = tiedBins(expected, order, bins).map(({ from, to }): LiftBin => {
    const [there, came] = [new RunningSum(), new RunningSum()]
    for (let i = from; i < to; i += 1) {
      there.add(expected[order[i]!]!)
      came.add(actual[order[i]!]!)
      soFar.add(actual[order[i]!]!)
    }
    const n = to - from
    return {
      customers: n,
      share: n / customers,
      expected: there.value,
      actual: came.value,
      expectedMean: there.value / n,
      actualMean: came.value / n,
      lift: perActual((came.value / n) * customers),
      cumulativeShare: to / customers,
      captured: to === customers ? perActual(allActual) : perActual(soFar.value),
    }
  })
  const gains = gainsOf(expected, actual, order, { allExpected, allActual })
  const gini = allActual > 0 ? found(areaOf(gains)) : missing('nothing-came')
  const best =
    allActual > 0
      ? found(areaOf(gainsOf(actual, actual, descending(actual), { allExpected: allActual, allActual })))
      : missing('nothing-came')
  return {
    customers,
    expected: allExpected,
    actual: allActual,
    bins: read,
    gains: thinned(gains),
    gini,
    giniAtBest: best,
    giniOfBest:
      gini.kind === 'undefined' || best.kind === 'undefined'
        ? missing('nothing-came')
        : best.value > 0
          ? found(Math.max(-1, Math.min(1, gini.value / best.value)))
          : missing('all-actual-alike'),
  }
}

/**
 * What share of all that came the customers brought of whom most was expected: `{ top: 0.1 }` for the tenth. Where the limit
 * falls among customers of whom the same is expected, as many as fit are taken by chance, and this is the mean.
 *
 * @throws DefinitionError as `liftTable`; `out-of-range` for a share that is none.
 * @example
 * capturedBy({ expected: [4, 1, 1, 1], actual: [6, 1, 0, 1] }, { top: 0.25 })
 * // => { kind: 'estimate', value: 0.75 }
 */
export function capturedBy(predictions: Predictions, asked: { readonly top: number }): Found<'nothing-came'> {
  checkPredictions(predictions, '$')
  checkOptions(asked, ['top'], '$.asked')
  const { top } = asked
  checkNumber(top, '$.top')
  if (!(top >= 0 && top <= 1)) throw fault('out-of-range', '$.top', top, 'from 0 to 1')
  const { expected, actual } = predictions
  const all = sumOf(actual)
  if (!(all > 0)) return missing('nothing-came')
  const gains = gainsOf(expected, actual, descending(expected), { allExpected: 1, allActual: all })
  const next = gains.findIndex(({ share }) => share >= top)
  if (next <= 0) return found(0)
  const [before, after] = [gains[next - 1]!, gains[next]!]
  const part = (top - before.share) / (after.share - before.share)
  return found(before.captured + part * (after.captured - before.captured))
}

function sumOf(values: ArrayLike<number>): number {
  const sum = new RunningSum()
  for (let i = 0; i < values.length; i += 1) sum.add(values[i]!)
  return sum.value
}

/** Corners where the expectation changes. Nothing at all lies on the diagonal. */
function gainsOf(
  by: ArrayLike<number>,
  actual: ArrayLike<number>,
  order: Uint32Array,
  { allExpected, allActual }: { readonly allExpected: number; readonly allActual: number },
): GainPoint[] {
  const points: GainPoint[] = [{ share: 0, captured: 0, foreseen: 0 }]
  const [there, came] = [new RunningSum(), new RunningSum()]
  const { length } = order
  for (let i = 0; i < length; i += 1) {
    there.add(by[order[i]!]!)
    came.add(actual[order[i]!]!)
    if (i + 1 < length && by[order[i + 1]!] === by[order[i]!]) continue
    const share = (i + 1) / length
    const last = i + 1 === length
    points.push({
      share,
      captured: last ? 1 : allActual > 0 ? Math.min(1, came.value / allActual) : share,
      foreseen: last ? 1 : allExpected > 0 ? Math.min(1, there.value / allExpected) : share,
    })
  }
  return points
}

/** Twice the area between the curve and the diagonal. */
function areaOf(points: readonly GainPoint[]): number {
  const area = new RunningSum()
  for (let i = 1; i < points.length; i += 1) {
    const [a, b] = [points[i - 1]!, points[i]!]
    area.add((b.share - a.share) * (a.captured - a.share + (b.captured - b.share)))
  }
  return area.value
}

/** Those first beyond each thousandth of the customers. */
function thinned(points: readonly GainPoint[]): readonly GainPoint[] {
  if (points.length <= 1001) return points
  let next = 0
  return points.filter(({ share }) => {
    if (share * 1000 < next) return false
    next = Math.floor(share * 1000) + 1
    return true
  })
}
