import { fault } from '../../kernel/errors.js'
import { RunningSum } from '../../measures/running-sum.js'
import type { CustomerHistory } from '../histories/history.js'
import { checkOptions } from '../options.js'
import {
  agesOf,
  alikeBy,
  chanceOf,
  checkHistories,
  type ForecastModel,
  type ForecastParameters,
  forecastOf,
} from './forecast.js'
import { type BinGoodness, goodnessOf } from './goodness.js'

/** How many customers bought how often, and how many the model has it that do. */
export interface FrequencyFit {
  readonly customers: number
  readonly bins: readonly FrequencyBin[]
  readonly goodness: BinGoodness
}

/** Customers with so many repeat purchases; of the last bin, with so many or more. */
export interface FrequencyBin {
  readonly repeats: number
  readonly orMore: boolean
  readonly actual: number
  readonly expected: number
}

/**
 * Actual against expected number of customers by number of repeat purchases until the end of observation.
 *
 * The expected numbers add the chances of each customer, over the customer's own age: nobody's purchases are used but to fit
 * the parameters. For chi-squared, bins with fewer than 5 expected are joined to their neighbours. With very many customers any
 * model is refuted; look at how far the bars are apart, too.
 *
 * @param parameters - Of a fit with covariates the chances of each customer are by the own ones; with many coefficients chi-squared
 * wants more bins than parameters, so a larger `orMore`.
 * @param orMore - Where the last bin begins; 7 unless told, as the papers have it.
 * @throws DefinitionError for parameters or histories that do not hold or have different units; `missing` for a covariate that the fit
 * knows and a customer has not.
 * @see Fader, Hardie & Lee (2005), "Counting Your Customers" the Easy Way, figure 2; Chernoff & Lehmann (1954) for degrees of freedom.
 * @example
 * frequencyFit(bgNbd, fit, histories.customers).bins[0] // => { repeats: 0, orMore: false, actual: 1411, expected: 1407.7 }
 */
export function frequencyFit<Name extends string, P extends string>(
  model: ForecastModel<Name, P>,
  parameters: ForecastParameters<Name, P>,
  histories: readonly CustomerHistory[],
  options: { readonly orMore?: number } = {},
): FrequencyFit {
  const forecast = forecastOf(model, parameters)
  checkHistories(histories, forecast.unit, '$.histories')
  checkOptions(options, ['orMore'], '$.options')
  const { orMore = 7 } = options
  if (!(Number.isSafeInteger(orMore) && orMore >= 1 && orMore <= 10_000))
    throw fault('out-of-range', '$.orMore', orMore, 'a whole number from 1 to 10,000')
  const expected = Array.from({ length: orMore + 1 }, () => new RunningSum())
  const actual = new Float64Array(orMore + 1)
  for (const { repeatCount } of histories) actual[Math.min(orMore, repeatCount)]! += 1
  for (const group of alikeBy(forecast, histories, '$.histories')) {
    const buying = model.newcomer(group.values)
    for (const { age, customers } of agesOf(group.customers)) {
      for (let n = 0; n < orMore; n += 1) expected[n]!.add(customers * chanceOf(buying.lnChanceOf(n, 0, age)))
      expected[orMore]!.add(customers * chanceOf(buying.lnChanceOfAtLeast(orMore, 0, age)))
    }
  }
  const bins = expected.map(
    (sum, repeats): FrequencyBin => ({
      repeats,
      orMore: repeats === orMore,
      actual: actual[repeats]!,
      expected: sum.value,
    }),
  )
  return { customers: histories.length, bins, goodness: goodnessOf(bins, forecast.fitted) }
}
