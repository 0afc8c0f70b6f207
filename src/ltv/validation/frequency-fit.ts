import { fault } from '../../kernel/errors.js'
import { gammaQ } from '../../measures/incomplete-gamma.js'
import { RunningSum } from '../../measures/running-sum.js'
import type { CustomerHistory } from '../histories/history.js'
import type { ModelParameters } from '../model.js'
import { checkOptions } from '../options.js'
import { agesOf, chanceOf, checkHistories, type ForecastModel, valuesOf } from './forecast.js'

/** How many customers bought how often, and how many the model has it that do. */
export interface FrequencyFit {
  readonly customers: number
  readonly bins: readonly FrequencyBin[]
  readonly goodness: FrequencyGoodness
}

/** Customers with so many repeat purchases; of the last bin, with so many or more. */
export interface FrequencyBin {
  readonly repeats: number
  readonly orMore: boolean
  readonly actual: number
  readonly expected: number
}

/** Pearson's chi-squared over the bins. */
export type FrequencyGoodness =
  | {
      readonly kind: 'estimate'
      readonly statistic: number
      /** Bins after pooling. */
      readonly bins: number
      /** Bins less one, less the parameters that were fitted. */
      readonly degreesOfFreedom: number
      /** The chance of at least such a distance where the model is right: with those degrees of freedom. */
      readonly p: number
      /**
       * With bins less one. Parameters were fitted to more than the bins, so the chance lies between `p` and this. The same where
       * nothing was fitted.
       */
      readonly pAtMost: number
    }
  | { readonly kind: 'undefined'; readonly reason: 'too-few-bins' }

/**
 * Actual against expected number of customers by number of repeat purchases until the end of observation.
 *
 * The expected numbers add the chances of each customer, over the customer's own age: nobody's purchases are used but to fit
 * the parameters. For chi-squared, bins with fewer than 5 expected are joined to their neighbours. With very many customers any
 * model is refuted; look at how far the bars are apart, too.
 *
 * @param orMore - Where the last bin begins; 7 unless told, as the papers have it.
 * @throws DefinitionError for parameters or histories that do not hold or have different units.
 * @see Fader, Hardie & Lee (2005), "Counting Your Customers" the Easy Way, figure 2; Chernoff & Lehmann (1954) for degrees of freedom.
 * @example
 * frequencyFit(bgNbd, fit, histories.customers).bins[0] // => { repeats: 0, orMore: false, actual: 1411, expected: 1407.7 }
 */
export function frequencyFit<Name extends string, P extends string>(
  model: ForecastModel<Name, P>,
  parameters: ModelParameters<Name, P>,
  histories: readonly CustomerHistory[],
  options: { readonly orMore?: number } = {},
): FrequencyFit {
  const values = valuesOf(model, parameters)
  checkHistories(histories, parameters.unit, '$.histories')
  checkOptions(options, ['orMore'], '$.options')
  const { orMore = 7 } = options
  if (!(Number.isSafeInteger(orMore) && orMore >= 1 && orMore <= 10_000))
    throw fault('out-of-range', '$.orMore', orMore, 'a whole number from 1 to 10,000')
  const buying = model.newcomer(values)
  const expected = Array.from({ length: orMore + 1 }, () => new RunningSum())
  const actual = new Float64Array(orMore + 1)
  for (const { repeatCount } of histories) actual[Math.min(orMore, repeatCount)]! += 1
  for (const { age, customers } of agesOf(histories)) {
    for (let n = 0; n < orMore; n += 1) expected[n]!.add(customers * chanceOf(buying.lnChanceOf(n, 0, age)))
    expected[orMore]!.add(customers * chanceOf(buying.lnChanceOfAtLeast(orMore, 0, age)))
  }
  const bins = expected.map(
    (sum, repeats): FrequencyBin => ({
      repeats,
      orMore: repeats === orMore,
      actual: actual[repeats]!,
      expected: sum.value,
    }),
  )
  const fitted = parameters.kind === 'fitted' ? model.parameters.length : 0
  return { customers: histories.length, bins, goodness: goodnessOf(bins, fitted) }
}

function goodnessOf(bins: readonly FrequencyBin[], fitted: number): FrequencyGoodness {
  const pooled: { actual: number; expected: number }[] = []
  let open = { actual: 0, expected: 0 }
  for (const { actual, expected } of bins) {
    open.actual += actual
    open.expected += expected
    if (open.expected < 5) continue
    pooled.push(open)
    open = { actual: 0, expected: 0 }
  }
  const last = pooled[pooled.length - 1]
  if (last !== undefined) {
    last.actual += open.actual
    last.expected += open.expected
  }
  const degreesOfFreedom = pooled.length - 1 - fitted
  if (degreesOfFreedom < 1) return { kind: 'undefined', reason: 'too-few-bins' }
  const sum = new RunningSum()
  for (const { actual, expected } of pooled) sum.add((actual - expected) * ((actual - expected) / expected))
  const statistic = sum.value
  return {
    kind: 'estimate',
    statistic,
    bins: pooled.length,
    degreesOfFreedom,
    p: gammaQ(degreesOfFreedom / 2, statistic / 2),
    pAtMost: gammaQ((pooled.length - 1) / 2, statistic / 2),
  }
}
