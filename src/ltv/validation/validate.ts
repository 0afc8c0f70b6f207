import { checkRecord, fault } from '../../kernel/errors.js'
import { checkLevel } from '../../measures/proportions.js'
import type { Histories, SummarizedCustomer } from '../histories/histories.js'
import type { Values } from '../model.js'
import { checkOptions } from '../options.js'
import type { Buying } from '../purchases/model.js'
import type { TimeSpan, TimeUnit } from '../unit.js'
import { type ChanceCalibration, chanceCalibration } from './chance-calibration.js'
import { type ConditionalMeans, conditionalMeans } from './conditional-means.js'
import {
  chanceOf,
  checkHistories,
  covariatesOf,
  expectedIn,
  type ForecastModel,
  type ForecastParameters,
  forecastOf,
} from './forecast.js'
import { type FrequencyFit, frequencyFit } from './frequency-fit.js'
import { capturedBy, type LiftTable, liftTable } from './lift.js'
import { type PredictionErrors, predictionErrors } from './prediction-errors.js'
import { checkAmounts, type Found, missing, type Predictions } from './predictions.js'
import { type TrackedCustomer, type Tracking, trackPurchases } from './tracking.js'

/** What customers did, read twice from one log; what `holdoutOf` makes of the first reading is such data. */
export interface ValidationData {
  /** Read until the end of calibration, with `holdout`: what parameters were fitted to, and what came after. */
  readonly calibration: Pick<Histories, 'unit' | 'until' | 'customers' | 'holdout'>
  /** Read until the end of the holdout, with `purchaseAges: true`; for tracking, which is left out without. */
  readonly holdout?: Pick<Histories, 'unit' | 'until' | 'customers'>
  /** What each customer of `calibration`, in that order, is expected to spend in the holdout; for lift by money. */
  readonly expectedSpend?: ArrayLike<number>
}

/** How a validation is made. */
export interface ValidationOptions {
  /** Of intervals; 0.95 unless told. */
  readonly level?: number
  /** Of chances and lift; 10 unless told. */
  readonly bins?: number
  /** Length of the periods of tracking; one unit unless told. */
  readonly period?: TimeSpan
  /** Where the last group by number of repeat purchases begins; 7 unless told. */
  readonly orMore?: number
}

/** A model beside what came: everything there is to look at, as data. `validationSentences` reads it out. */
export interface Validation {
  readonly model: string
  readonly unit: TimeUnit
  readonly customers: number
  /** Length of the holdout, in the unit. */
  readonly holdout: number
  /** Purchases over time, of all customers. */
  readonly tracking:
    | ({ readonly kind: 'tracked' } & Tracking)
    | { readonly kind: 'undefined'; readonly reason: 'no-purchase-ages' | 'no-customers' }
  /** Customers by number of repeat purchases in calibration. */
  readonly frequency: FrequencyFit
  /** Purchases in the holdout, of customers alike at the end of calibration. */
  readonly byFrequency: ConditionalMeans
  readonly byLastPurchaseAge: ConditionalMeans
  readonly bySilence: ConditionalMeans
  /** Purchases in the holdout, customer by customer. */
  readonly errors: PredictionErrors
  /** The chance of at least one purchase in the holdout, beside who bought. */
  readonly buying: ChanceCalibration
  /**
   * P(alive) beside who bought. Who bought was there; who did not may be, too. So a chance that lies above what came is no
   * contradiction, and one below is. The longer the holdout, the closer the two should be.
   */
  readonly alive: ChanceCalibration
  readonly lift: LiftTable
  /** Of purchases in the holdout, what share the tenth brought of whom most was expected. */
  readonly topTenth: Found<'nothing-came'>
  /** The same of money, where `expectedSpend` was given: what a customer spends in the holdout, all purchases together. */
  readonly spend?: {
    readonly errors: PredictionErrors
    readonly byFrequency: ConditionalMeans
    readonly bySilence: ConditionalMeans
    readonly lift: LiftTable
    readonly topTenth: Found<'nothing-came'>
  }
}

/**
 * Holds a model's predictions against what came: tracking, frequencies, means of groups, errors by customer, calibration of
 * chances, lift and gain.
 *
 * Of a fit with covariates each customer is foretold by the own parameters; customers may have more covariates than it knows.
 * Parameters ought to come from a fit to `calibration` alone; fitted to all of the time they have seen the answer. The holdout
 * follows the same customers: who came later is in neither reading's comparison.
 *
 * @throws DefinitionError `missing` where `calibration` was read without a holdout; `unknown-name` for units or a model other than
 * those of the parameters; `out-of-range` for a `holdout` read until another moment, or with other covariates; `missing` for a covariate
 * that the fit knows and a customer has not.
 * @see Fader, Hardie & Lee (2005), "Counting Your Customers" the Easy Way, section 4.
 * @example
 * const calibration = buyers.result(log, { until: mid, holdout: { until: end } })
 * const holdout = buyers.result(log, { until: end, purchaseAges: true })
 * validate(bgNbd, fit, { calibration, holdout }).errors.bias // => { kind: 'estimate', value: -0.1215 }
 */
export function validate<Name extends string, P extends string>(
  model: ForecastModel<Name, P>,
  parameters: ForecastParameters<Name, P>,
  data: ValidationData,
  options: ValidationOptions = {},
): Validation {
  const forecast = forecastOf(model, parameters)
  const { unit } = forecast
  const { calibration, holdout, length, expectedSpend } = readData(data, unit, covariatesOf(parameters))
  checkOptions(options, ['level', 'bins', 'period', 'orMore'], '$.options')
  const { level = 0.95, bins = 10, period = { [`${pluralOf(unit)}`]: 1 } as unknown as TimeSpan } = options
  checkLevel(level)
  const counted = options.orMore === undefined ? {} : { orMore: options.orMore }
  const { customers } = calibration

  const n = customers.length
  const [expected, actual] = [new Float64Array(n), new Float64Array(n)]
  const [buys, alive] = [new Float64Array(n), new Float64Array(n)]
  const outlooks = new Map<Values<P>, Map<string, readonly [number, number, number]>>()
  const outlookOf = (customer: SummarizedCustomer, i: number): readonly [number, number, number] => {
    const values = forecast.valuesOf(customer, `$.data.calibration.customers[${i}]`)
    const alike = outlooks.get(values) ?? outlooks.set(values, new Map()).get(values)!
    const { repeatCount, lastPurchaseAge, age, sumLnGaps } = customer
    const key = `${repeatCount} ${lastPurchaseAge} ${age} ${sumLnGaps}`
    const known = alike.get(key)
    if (known !== undefined) return known
    const buying: Buying = model.after(values, customer)
    const outlook = [
      expectedIn(buying.expected(length), model.name),
      chanceOf(buying.lnChanceOfAtLeast(1, 0, length)),
      chanceOf(buying.lnAlive),
    ] as const
    alike.set(key, outlook)
    return outlook
  }
  for (let i = 0; i < n; i += 1) {
    const customer = customers[i]!
    const outlook = outlookOf(customer, i)
    expected[i] = outlook[0]
    buys[i] = outlook[1]
    alive[i] = outlook[2]
    actual[i] = customer.holdout!.purchases
  }
  const predictions: Predictions = { expected, actual }
  const came = Array.from(actual, (purchases) => purchases > 0)
  const meansBy = (by: ConditionalMeans['by']) =>
    conditionalMeans(customers, predictions, { by, level, ...(by === 'repeat-count' && counted) })
  return {
    model: model.name,
    unit,
    customers: n,
    holdout: length,
    tracking:
      holdout === undefined
        ? missing('no-purchase-ages')
        : n === 0
          ? missing('no-customers')
          : {
              kind: 'tracked',
              ...trackPurchases(model, parameters, followed(customers, holdout, length), {
                period,
                holdout: { [pluralOf(unit)]: length } as unknown as TimeSpan,
              }),
            },
    frequency: frequencyFit(model, parameters, customers, counted),
    byFrequency: meansBy('repeat-count'),
    byLastPurchaseAge: meansBy('last-purchase-age'),
    bySilence: meansBy('silence'),
    errors: predictionErrors(predictions, { level }),
    buying: chanceCalibration({ chances: buys, came }, { bins, level }),
    alive: chanceCalibration({ chances: alive, came }, { bins, level }),
    lift: liftTable(predictions, { bins }),
    topTenth: capturedBy(predictions, { top: 0.1 }),
    ...(expectedSpend !== undefined && {
      spend: spendOf(customers, expectedSpend, { level, bins, counted }),
    }),
  }
}

const pluralOf = (unit: TimeUnit): string => (unit === 'opportunity' ? 'opportunities' : `${unit}s`)

function readData(
  data: ValidationData,
  unit: TimeUnit,
  covariates: readonly string[],
): {
  readonly calibration: ValidationData['calibration']
  readonly holdout: readonly SummarizedCustomer[] | undefined
  readonly length: number
  readonly expectedSpend: ArrayLike<number> | undefined
} {
  // What `holdoutOf` hands on for comparisons may stand beside it.
  const comparison = ['histories', 'purchases', 'span']
  checkOptions(data, ['calibration', 'holdout', 'expectedSpend', ...comparison], '$.data')
  const { calibration, holdout, expectedSpend } = data
  checkRecord(calibration, '$.data.calibration')
  checkHistories(calibration.customers, unit, '$.data.calibration.customers')
  if (calibration.holdout === undefined)
    throw fault('missing', '$.data.calibration.holdout', undefined, 'read with { holdout: { until } }')
  checkRecord(calibration.holdout, '$.data.calibration.holdout')
  const { length, until } = calibration.holdout
  if (!(typeof length === 'number' && length > 0 && length < Number.POSITIVE_INFINITY))
    throw fault('out-of-range', '$.data.calibration.holdout.length', length, 'above 0, finite')
  for (const [i, { holdout: held }] of calibration.customers.entries()) {
    const purchases: unknown = held?.purchases
    if (!(Number.isSafeInteger(purchases) && (purchases as number) >= 0))
      throw fault(
        'out-of-range',
        `$.data.calibration.customers[${i}].holdout.purchases`,
        purchases,
        'a whole number from 0',
      )
  }
  if (expectedSpend !== undefined) {
    checkAmounts(expectedSpend, '$.data.expectedSpend')
    if (expectedSpend.length !== calibration.customers.length)
      throw fault('out-of-range', '$.data.expectedSpend', expectedSpend.length, 'one for each customer')
  }
  if (holdout !== undefined) {
    checkRecord(holdout, '$.data.holdout')
    if (holdout.until !== until)
      throw fault('out-of-range', '$.data.holdout.until', holdout.until, 'that of calibration.holdout')
    checkHistories(holdout.customers, unit, '$.data.holdout.customers')
    for (let i = 0; i < holdout.customers.length; i += 1) {
      const path = `$.data.holdout.customers[${i}].purchaseAges`
      const { purchaseAges } = holdout.customers[i]!
      if (purchaseAges === undefined)
        throw fault('missing', path, purchaseAges, 'read with { purchaseAges: true }')
      checkAmounts(purchaseAges, path)
    }
    if (covariates.length > 0) checkSameCovariates(calibration.customers, holdout.customers, covariates)
  }
  return { calibration, holdout: holdout?.customers, length, expectedSpend }
}

/** Refuses readings that say different things of one customer: covariates do not change, or the files were mixed up. */
function checkSameCovariates(
  customers: readonly SummarizedCustomer[],
  later: readonly SummarizedCustomer[],
  names: readonly string[],
): void {
  const bySubject = new Map(customers.map(({ subject, covariates }) => [subject, covariates]))
  for (const [i, { subject, covariates }] of later.entries()) {
    const before = bySubject.get(subject)
    if (before === undefined || covariates === undefined) continue
    for (const name of names) {
      if (Object.hasOwn(covariates, name) && covariates[name] !== before[name])
        throw fault(
          'out-of-range',
          `$.data.holdout.customers[${i}].covariates.${name}`,
          covariates[name],
          `${before[name]}, as in calibration: covariates of a fit do not change`,
        )
    }
  }
}

/**
 * The customers of calibration with what they bought until the end of the holdout. Who is not in the later reading had every
 * order taken back since, and bought nothing.
 */
function followed(
  customers: readonly SummarizedCustomer[],
  later: readonly SummarizedCustomer[],
  length: number,
): readonly TrackedCustomer[] {
  const bySubject = new Map(later.map((customer) => [customer.subject, customer]))
  return customers.map((customer) => {
    const known = bySubject.get(customer.subject)
    if (known === undefined) return { ...customer, purchaseAges: [] }
    // Where the first order was taken back since, ages run from a later one.
    const shift = customer.age + length - known.age
    const aside = shift > 1e-9 * (customer.age + length) ? shift : 0
    const most = customer.age + length
    const ages = known.purchaseAges!.map((age) => Math.min(most, age + aside))
    return { ...customer, purchaseAges: aside === 0 ? ages : [aside, ...ages] }
  })
}

function spendOf(
  customers: readonly SummarizedCustomer[],
  expected: ArrayLike<number>,
  {
    level,
    bins,
    counted,
  }: { readonly level: number; readonly bins: number; readonly counted: { readonly orMore?: number } },
): NonNullable<Validation['spend']> {
  const actual = customers.map(({ holdout }, i) => {
    const total = holdout?.spend?.total
    const path = `$.data.calibration.customers[${i}].holdout.spend`
    if (total === undefined) throw fault('missing', path, total, 'what was spent: a definition with spend')
    const amount = typeof total === 'string' ? Number(total) : Number.NaN
    if (!Number.isFinite(amount)) throw fault('wrong-type', `${path}.total`, total, 'decimal text')
    // More may be given back than is spent.
    return Math.max(0, amount)
  })
  const predictions = { expected, actual }
  return {
    errors: predictionErrors(predictions, { level }),
    byFrequency: conditionalMeans(customers, predictions, { by: 'repeat-count', level, ...counted }),
    bySilence: conditionalMeans(customers, predictions, { by: 'silence', level }),
    lift: liftTable(predictions, { bins }),
    topTenth: capturedBy(predictions, { top: 0.1 }),
  }
}
