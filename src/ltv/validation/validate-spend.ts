import { checkKeys, checkList, checkName, checkRecord, fault } from '../../kernel/errors.js'
import { checkLevel } from '../../measures/proportions.js'
import type { ModelParameters } from '../model.js'
import { checkOwnSpend, type OwnSpend, spendCorrelation, spendTable } from '../spend/spend-table.js'
import {
  checkedEdges,
  countRange,
  edgeRange,
  type MeansBin,
  meansBy,
  roundEdgesTo,
} from './conditional-means.js'
import { type PredictionErrors, predictionErrors } from './prediction-errors.js'
import { type Found, found, missing, type Predictions } from './predictions.js'
import { type SpendFit, type SpendForecast, spendFit, spendValuesOf } from './spend-fit.js'

/** What a customer spent in calibration and after it: one of `calibration.customers`, read with a holdout. */
export interface FollowedSpend {
  /** Of purchases of the kind that the model was fitted to. */
  readonly spend?: OwnSpend
  readonly holdout?: { readonly purchases: number; readonly spend?: { readonly mean: number | null } }
}

/** By what customers are put together: of how many purchases their spend is known, or its mean. */
export type SpendMeansBy = 'purchases' | 'mean-spend'

/** What a purchase in the holdout was worth, expected and actual, of customers who were alike in calibration. */
export interface SpendMeans {
  readonly by: SpendMeansBy
  readonly bins: readonly MeansBin[]
}

/** How a validation of spend is made. */
export interface SpendValidationOptions {
  /** Of intervals; 0.95 unless told. */
  readonly level?: number
  /** Where the last group by number of purchases begins; 7 unless told. */
  readonly orMore?: number
  /** Where groups and bins by mean spend end; round ones unless told. */
  readonly edges?: readonly number[]
}

/** A model of spend beside what came. `spendSentences` reads it out. */
export interface SpendValidation {
  readonly model: string
  /** Mean spends in calibration against the model's density. */
  readonly fit: SpendFit
  /** Pearson's, of mean spend with the number of purchases: the model has it that there is none. Of calibration. */
  readonly correlation: Found<'too-few-or-alike'>
  /** Customers who bought in the holdout, by whom the rest is judged. */
  readonly customers: number
  readonly leftOut: {
    /** Bought nothing in the holdout: what they would have spent nobody knows. */
    readonly boughtNothing: number
    /** Gave back more than they bought, before or after. */
    readonly negativeSpend: number
    /** The model has no mean for them (q up to 1). */
    readonly noFiniteMean: number
  }
  /** Mean spend of a purchase in the holdout, customer by customer, whatever the number of purchases there. */
  readonly errors: PredictionErrors
  /** By how many purchases were known: of few, expectations lie near the mean of all. */
  readonly byPurchases: SpendMeans
  /** By the mean of what was spent before: high ones are expected to come down, and low ones to rise. */
  readonly byMeanSpend: SpendMeans
}

/**
 * Holds a model of spend against what came: the shape of mean spends in calibration, and what each purchase was worth in the
 * holdout beside what was expected of it, in groups.
 *
 * Only who bought again can be judged. Where these differ from the others, or where who buys often spends otherwise
 * (`correlation`), the model's independence of buying and spend is what fails. What customers spend in all is buying times
 * spend: `validate` with `expectedSpend` judges that.
 *
 * @param customers - Of histories with spend, read with a holdout: `calibration.customers`. Each counts once.
 * @throws DefinitionError `missing` for a customer without spend or holdout; `unknown-name` for parameters of another model.
 * @see Fader, Hardie & Lee (2005), "RFM and CLV: Using Iso-Value Curves for Customer Base Analysis".
 * @example
 * const given = parameters(gammaGamma, { p: 6.25, q: 3.74, v: 15.44 }, { unit: 'week', source: 'Fader & Hardie 2013' })
 * const customer = { spend: { purchases: 3, mean: 31 }, holdout: { purchases: 2, spend: { mean: 28 } } }
 * validateSpend(gammaGamma, given, [customer]).errors.bias // => { kind: 'estimate', value: 0.12635445057501812 }
 */
export function validateSpend<Name extends string, P extends string>(
  model: SpendForecast<Name, P>,
  parameters: ModelParameters<NoInfer<Name>, NoInfer<P>>,
  customers: readonly FollowedSpend[],
  options: SpendValidationOptions = {},
): SpendValidation {
  const values = spendValuesOf(model, parameters)
  checkRecord(options, '$.options')
  checkKeys(options, ['level', 'orMore', 'edges'], '$.options')
  const { level = 0.95, orMore = 7, edges } = options
  checkLevel(level)
  if (!(Number.isSafeInteger(orMore) && orMore >= 1 && orMore <= 10_000))
    throw fault('out-of-range', '$.options.orMore', orMore, 'a whole number from 1 to 10,000')
  if (edges !== undefined) checkedEdges(edges)
  const followed = readCustomers(customers)
  const leftOut = { boughtNothing: 0, negativeSpend: 0, noFiniteMean: 0 }
  const judged: { readonly own: OwnSpend; readonly expected: number; readonly actual: number }[] = []
  for (const { own, later } of followed) {
    if (later === null) leftOut.boughtNothing += 1
    else if (later < 0 || (own.purchases > 0 && own.mean! < 0)) leftOut.negativeSpend += 1
    else {
      const { mean } = model.after(values, own)
      if (mean < Number.POSITIVE_INFINITY) judged.push({ own, expected: mean, actual: later })
      else leftOut.noFiniteMean += 1
    }
  }
  const predictions: Predictions = {
    expected: judged.map(({ expected }) => expected),
    actual: judged.map(({ actual }) => actual),
  }
  const table = spendTable(followed.map(({ own }) => own))
  const correlation = spendCorrelation(table)
  const groups = (by: SpendMeansBy) => spendMeans(by, judged, predictions, { level, orMore, edges })
  return {
    model: model.name,
    fit: spendFit(model, parameters, table, edges === undefined ? {} : { edges }),
    correlation: correlation === undefined ? missing('too-few-or-alike') : found(correlation),
    customers: judged.length,
    leftOut,
    errors: predictionErrors(predictions, { level }),
    byPurchases: groups('purchases'),
    byMeanSpend: groups('mean-spend'),
  }
}

function readCustomers(
  customers: readonly FollowedSpend[],
): readonly { readonly own: OwnSpend; readonly later: number | null }[] {
  checkList(customers, '$.customers')
  return customers.map((customer, i) => {
    const path = `$.customers[${i}]`
    checkRecord(customer, path)
    const { spend: own, holdout } = customer
    if (own === undefined)
      throw fault('missing', `${path}.spend`, own, 'what was spent: a definition with spend')
    checkOwnSpend(own, `${path}.spend`)
    if (holdout === undefined)
      throw fault('missing', `${path}.holdout`, holdout, 'read with { holdout: { until } }')
    checkRecord(holdout, `${path}.holdout`)
    const { purchases, spend } = holdout
    if (!(Number.isSafeInteger(purchases) && purchases >= 0))
      throw fault('out-of-range', `${path}.holdout.purchases`, purchases, 'a whole number from 0')
    if (purchases === 0) return { own, later: null }
    if (spend === undefined)
      throw fault('missing', `${path}.holdout.spend`, spend, 'what was spent: a definition with spend')
    checkRecord(spend, `${path}.holdout.spend`)
    checkOwnSpend({ purchases, mean: spend.mean }, `${path}.holdout.spend`)
    return { own, later: spend.mean }
  })
}

function spendMeans(
  by: SpendMeansBy,
  judged: readonly { readonly own: OwnSpend }[],
  predictions: Predictions,
  options: {
    readonly level: number
    readonly orMore: number
    readonly edges: readonly number[] | undefined
  },
): SpendMeans {
  checkName(['purchases', 'mean-spend'], by, '$.by')
  const { level, orMore } = options
  if (by === 'purchases')
    return {
      by,
      bins: meansBy(
        judged.map(({ own }) => Math.min(orMore, own.purchases)),
        predictions,
        level,
        (place) => countRange(place, orMore),
      ),
    }
  const edges = options.edges ?? roundEdgesTo(upperOf(judged))
  const placeOf = ({ purchases, mean }: OwnSpend): number => {
    if (purchases === 0) return -1
    const place = edges.findIndex((edge) => mean! <= edge)
    return place < 0 ? edges.length : place
  }
  return {
    by,
    bins: meansBy(
      judged.map(({ own }) => placeOf(own)),
      predictions,
      level,
      (place) =>
        place < 0 ? { name: { en: 'unknown', zh: '未知' }, from: 0, to: 0 } : edgeRange(place, edges),
    ),
  }
}

/** The mean that 95 of a hundred are below: a few large ones would leave all others in one group. */
function upperOf(judged: readonly { readonly own: OwnSpend }[]): number {
  const means = Float64Array.from(judged.flatMap(({ own }) => (own.purchases > 0 ? [own.mean!] : []))).sort()
  return means[Math.ceil(0.95 * means.length) - 1] ?? 0
}
