import { checkRecord, fault } from '../../kernel/errors.js'
import { type Proportion, wilson } from '../../measures/proportions.js'
import { RunningSum } from '../../measures/running-sum.js'
import { checkOptions } from '../options.js'
import { checkAmounts, checkBins, descending, type Found, found, missing, tiedBins } from './predictions.js'

/** Whether chances come true: of those to whom 30 % were given, 30 %. Also "reliability". */
export interface ChanceCalibration {
  readonly customers: number
  /** From the smallest chances on. Customers of one chance are never split, so sizes differ and bins may be fewer. */
  readonly bins: readonly CalibrationBin[]
  /** Mean of the squares of chance less what came, 1 or 0: from 0, where each was known, to 1. Always saying 50 % has 0.25. */
  readonly brier: Found<'no-customers'>
  /** Of who gives everybody the share that came: what a model has to beat. */
  readonly brierOfBase: Found<'no-customers'>
  /** Mean over customers of how far the mean chance of their bin is from the share that came. */
  readonly expectedCalibrationError: Found<'no-customers'>
}

/** Customers of about one chance. */
export interface CalibrationBin {
  readonly customers: number
  /** Smallest, mean and largest chance in the bin. */
  readonly low: number
  readonly mean: number
  readonly high: number
  /** For how many it came. */
  readonly came: number
  /** Which share that is, with Wilson's interval. */
  readonly observed: Proportion
  /** Where the mean chance lies: within the interval, or how the model is wrong. */
  readonly verdict: 'within' | 'chance-too-high' | 'chance-too-low'
}

/**
 * Chances beside what came, in bins of about equal numbers of customers.
 *
 * With ten bins at 95 %, every other good model has one bin outside of its interval; three are no accident.
 *
 * @throws DefinitionError for chances outside of 0 to 1, columns of different lengths, `bins` other than 2 to 1,000.
 * @see Brier (1950), "Verification of Forecasts Expressed in Terms of Probability"; Wilson (1927).
 * @example
 * chanceCalibration({ chances: [0.1, 0.1, 0.9], came: [false, false, true] }).brier
 * // => { kind: 'estimate', value: 0.01 }
 */
export function chanceCalibration(
  given: { readonly chances: ArrayLike<number>; readonly came: readonly boolean[] },
  options: { readonly bins?: number; readonly level?: number } = {},
): ChanceCalibration {
  checkRecord(given, '$')
  const { chances, came } = given
  checkAmounts(chances, '$.chances', 1)
  if (!Array.isArray(came)) throw fault('wrong-type', '$.came', came, 'a list of true and false')
  if (came.length !== chances.length)
    throw fault('out-of-range', '$.came', came.length, `${chances.length} entries`)
  for (let i = 0; i < came.length; i += 1)
    if (typeof came[i] !== 'boolean') throw fault('wrong-type', `$.came[${i}]`, came[i], 'true or false')
  checkOptions(options, ['bins', 'level'], '$.options')
  const { bins = 10, level = 0.95 } = options
  checkBins(bins, '$.bins')
  wilson({ successes: 0, trials: 1, level })
  const customers = chances.length
  const order = descending(chances).reverse()
  const [brier, gaps] = [new RunningSum(), new RunningSum()]
  let all = 0
  const read = tiedBins(chances, order, bins).map(({ from, to }): CalibrationBin => {
    const sum = new RunningSum()
    let successes = 0
    for (let i = from; i < to; i += 1) {
      const chance = chances[order[i]!]!
      const happened = came[order[i]!]!
      sum.add(chance)
      brier.add((chance - Number(happened)) * (chance - Number(happened)))
      successes += Number(happened)
    }
    all += successes
    const trials = to - from
    const [low, high] = [chances[order[from]!]! + 0, chances[order[to - 1]!]! + 0]
    // Of equal chances the mean is that chance, to the last digit.
    const mean = Math.min(high, Math.max(low, sum.value / trials))
    gaps.add(Math.abs(sum.value - successes))
    const observed = wilson({ successes, trials, level })
    const { interval } = observed as Extract<Proportion, { kind: 'estimate' }>
    const verdict =
      mean > interval.high ? 'chance-too-high' : mean < interval.low ? 'chance-too-low' : 'within'
    return { customers: trials, low, mean, high, came: successes, observed, verdict }
  })
  if (customers === 0) {
    const none = missing('no-customers')
    return { customers, bins: read, brier: none, brierOfBase: none, expectedCalibrationError: none }
  }
  const base = all / customers
  return {
    customers,
    bins: read,
    brier: found(brier.value / customers),
    brierOfBase: found(base * (1 - base)),
    expectedCalibrationError: found(gaps.value / customers),
  }
}
