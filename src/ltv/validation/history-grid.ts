import { fault } from '../../kernel/errors.js'
import { checkOptions } from '../options.js'
import { spanIn, type TimeSpan, type TimeUnit } from '../unit.js'
import { chanceOf, expectedIn, type ForecastModel, type ForecastParameters, forecastOf } from './forecast.js'

/** What the model makes of every history of one age: by number of repeat purchases and age at the last one. */
export interface HistoryGrid {
  readonly model: string
  readonly unit: TimeUnit
  readonly age: number
  /** Of `expected`. */
  readonly horizon: number
  readonly cells: readonly HistoryCell[]
}

/** Customers with such a history. Without repeats there is one cell, at age 0. */
export interface HistoryCell {
  readonly repeatCount: number
  readonly lastPurchaseAge: number
  /** P(alive). */
  readonly alive: number
  /** Purchases in the horizon. */
  readonly expected: number
}

/**
 * P(alive) and expected purchases over frequency × recency, for heatmaps. Who bought often and then fell silent is on the
 * lower left: the likeliest to be gone.
 *
 * @param asked - `age`: of all; `horizon`: what is expected within; `mostRepeats`: from 0 to so many, 30 unless told; `columns`: how
 * many ages at the last purchase, evenly spaced up to the age, 40 unless told; in discrete time one each opportunity; `covariates`: of these customers, where the fit has some.
 * @throws DefinitionError for parameters that do not hold; `too-large` for more than 100,000 cells.
 * @see Fader, Hardie & Lee (2005), "RFM and CLV: Using Iso-Value Curves for Customer Base Analysis".
 * @example
 * historyGrid(bgNbd, fit, { age: { weeks: 39 }, horizon: { weeks: 39 } }).cells.length // => 1201
 */
export function historyGrid<Name extends string, P extends string>(
  model: ForecastModel<Name, P>,
  parameters: ForecastParameters<Name, P>,
  asked: {
    readonly age: TimeSpan
    readonly horizon: TimeSpan
    readonly mostRepeats?: number
    readonly columns?: number
    readonly covariates?: { readonly [name: string]: number }
  },
): HistoryGrid {
  const forecast = forecastOf(model, parameters)
  const { unit } = forecast
  checkOptions(asked, ['age', 'horizon', 'mostRepeats', 'columns', 'covariates'], '$.asked')
  const values = forecast.valuesOf(asked, '$.asked')
  const age = spanIn(unit, asked.age, '$.asked.age')
  const horizon = spanIn(unit, asked.horizon, '$.asked.horizon')
  const { mostRepeats = 30 } = asked
  const discrete = unit === 'opportunity'
  const columns = discrete ? age : (asked.columns ?? 40)
  for (const [name, value] of [
    ['mostRepeats', mostRepeats],
    ['columns', columns],
  ] as const)
    if (!(Number.isInteger(value) && value >= 1))
      throw fault('out-of-range', `$.asked.${name}`, value, 'a whole number from 1')
  if (!(age > 0)) throw fault('out-of-range', '$.asked.age', asked.age, 'above 0')
  if (mostRepeats * columns > 100_000)
    throw fault('too-large', '$.asked.mostRepeats', mostRepeats * columns, 'at most 100,000 cells')
  const cells: HistoryCell[] = []
  const add = (repeatCount: number, lastPurchaseAge: number) => {
    const buying = model.after(values, { unit, repeatCount, lastPurchaseAge, age })
    const expected = expectedIn(buying.expected(horizon), model.name)
    cells.push({ repeatCount, lastPurchaseAge, alive: chanceOf(buying.lnAlive), expected })
  }
  add(0, 0)
  for (let x = 1; x <= mostRepeats; x += 1)
    for (let k = 1; k <= columns; k += 1) {
      if (discrete && x > k) continue
      add(x, k === columns ? age : (age * k) / columns)
    }
  return { model: model.name, unit, age, horizon, cells }
}
