import { checkList, fault } from '../../kernel/errors.js'
import { RunningSum } from '../../measures/running-sum.js'
import type { CustomerHistory } from '../histories/history.js'
import { checkOptions } from '../options.js'
import { spanIn, type TimeSpan, type TimeUnit } from '../unit.js'
import {
  agesOf,
  alikeBy,
  checkHistories,
  expectedIn,
  type ForecastModel,
  type ForecastParameters,
  forecastOf,
} from './forecast.js'
import { type Found, found, missing } from './predictions.js'

/** A customer whose purchases are followed: the history at the end of calibration, and the age at each repeat purchase. */
export interface TrackedCustomer extends CustomerHistory {
  /** Those until the end of tracking, so into the holdout; ascending. More than one purchase may have the same. */
  readonly purchaseAges: readonly number[]
}

/** Repeat purchases of all customers over time, actual against expected. Times run from the first acquisition. */
export interface Tracking {
  readonly unit: TimeUnit
  readonly customers: number
  /** Where calibration ends, and with it what the parameters may know. */
  readonly calibration: number
  readonly until: number
  readonly periods: readonly TrackedPeriod[]
  /** Sums until the end of calibration, and after it, whether or not periods end there. */
  readonly totals: { readonly calibration: TrackedTotal; readonly holdout: TrackedTotal }
}

/** What fell into `(from, to]`. */
export interface TrackedPeriod {
  readonly from: number
  readonly to: number
  /** `both` where calibration ends within. */
  readonly part: 'calibration' | 'holdout' | 'both'
  /** Acquired before its end. */
  readonly customers: number
  readonly actual: number
  readonly expected: number
  readonly cumulativeActual: number
  readonly cumulativeExpected: number
}

export interface TrackedTotal {
  readonly actual: number
  readonly expected: number
  /** Expected less actual, per actual. */
  readonly bias: Found<'nothing-came'>
}

/**
 * Repeat purchases by period since the first acquisition, as they came and as the model has it for customers of whom only is
 * known when they were acquired, and of a fit with covariates these.
 *
 * Each customer counts from the own start on, so that the first period of each is as short as it was. A purchase on the border
 * belongs to the period that ends there. The last period may be shorter. What the model expects knows nothing of a customer's
 * purchases but what the parameters do, in the holdout too; `predictionErrors` judges what it makes of each.
 *
 * @param periods - `period`: how long each is; `holdout`: how long customers were followed after calibration, `{ weeks: 0 }` for not at all.
 * @throws DefinitionError for histories or parameters that do not hold or have different units; `out-of-range` for purchases after the
 * end of tracking, more than 10,000 periods; `missing` for a covariate that the fit knows and a customer has not.
 * @see Fader & Hardie, "Computing E[X(t)] for the Pareto/NBD and BG/NBD" (note 008): sums over customers by start date.
 * @example
 * trackPurchases(bgNbd, fit, customers, { period: { weeks: 1 }, holdout: { weeks: 39 } }).periods[1]
 * // => { from: 1, to: 2, part: 'calibration', actual: 19, expected: 12.8, cumulativeActual: 19, cumulativeExpected: 17.2, … }
 */
export function trackPurchases<Name extends string, P extends string>(
  model: ForecastModel<Name, P>,
  parameters: ForecastParameters<Name, P>,
  customers: readonly TrackedCustomer[],
  periods: { readonly period: TimeSpan; readonly holdout: TimeSpan },
): Tracking {
  const forecast = forecastOf(model, parameters)
  const { unit } = forecast
  checkHistories(customers, unit, '$.customers')
  checkOptions(periods, ['period', 'holdout'], '$.periods')
  const period = spanIn(unit, periods.period, '$.periods.period')
  const holdout = spanIn(unit, periods.holdout, '$.periods.holdout')
  const calibration = customers.reduce((oldest, { age }) => Math.max(oldest, age), 0)
  const until = calibration + holdout
  if (!(period > 0 && until / period <= 10_000))
    throw fault('out-of-range', '$.periods.period', periods.period, 'above 0, with at most 10,000 periods')
  const count = Math.max(0, placeOf(until, period) + 1)
  const bought = new Float64Array(count)
  const came = { calibration: 0, holdout: 0 }
  for (let i = 0; i < customers.length; i += 1) {
    const { age, purchaseAges } = customers[i]!
    const path = `$.customers[${i}].purchaseAges`
    checkList(purchaseAges, path)
    for (let k = 0; k < purchaseAges.length; k += 1) {
      const at = purchaseAges[k]!
      if (typeof at !== 'number') throw fault('wrong-type', `${path}[${k}]`, at, 'a number')
      if (!(at > 0 && at >= (purchaseAges[k - 1] ?? 0) && at <= (age + holdout) * (1 + NEAR)))
        throw fault('out-of-range', `${path}[${k}]`, at, `ascending, above 0, up to ${age + holdout}`)
      bought[Math.min(count - 1, placeOf(calibration - age + at, period))]! += 1
      came[at <= age * (1 + NEAR) ? 'calibration' : 'holdout'] += 1
    }
  }
  const groups = agesOf(customers)
  const alike = alikeBy(forecast, customers, '$.customers').map((group) => ({
    buying: model.newcomer(group.values),
    ages: agesOf(group.customers),
  }))
  const expectedUntil = (time: number): number => {
    const sum = new RunningSum()
    for (const { buying, ages } of alike) {
      for (const { age, customers } of ages) {
        // The last acquired began at `calibration - age`.
        const span = age + (time - calibration)
        if (span > 0) sum.add(customers * expectedIn(buying.expected(span), model.name))
      }
    }
    return sum.value
  }
  const rows: TrackedPeriod[] = []
  let [actual, expected] = [0, 0]
  for (let k = 0; k < count; k += 1) {
    const from = k * period
    const to = k === count - 1 ? until : (k + 1) * period
    const cumulativeExpected = Math.max(expected, expectedUntil(to))
    actual += bought[k]!
    rows.push({
      from,
      to,
      part:
        to <= calibration * (1 + NEAR)
          ? 'calibration'
          : from >= calibration * (1 - NEAR)
            ? 'holdout'
            : 'both',
      customers: groups.reduce(
        (sum, { age, customers }) => sum + (calibration - age < to ? customers : 0),
        0,
      ),
      actual: bought[k]!,
      expected: cumulativeExpected - expected,
      cumulativeActual: actual,
      cumulativeExpected,
    })
    expected = cumulativeExpected
  }
  const known = expectedUntil(calibration)
  return {
    unit,
    customers: customers.length,
    calibration,
    until,
    periods: rows,
    totals: {
      calibration: totalOf(came.calibration, known),
      holdout: totalOf(came.holdout, Math.max(0, expectedUntil(until) - known)),
    },
  }
}

/** Times are quotients of hours: closer than this to a border is on it. */
const NEAR = 1e-9

/** The period in which a time lies, borders to the one that ends there. */
const placeOf = (time: number, period: number): number =>
  Math.max(0, Math.ceil((time / period) * (1 - NEAR)) - 1)

const totalOf = (actual: number, expected: number): TrackedTotal => ({
  actual,
  expected,
  bias: actual > 0 ? found((expected - actual) / actual) : missing('nothing-came'),
})
