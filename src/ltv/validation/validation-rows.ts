import { checkRecord } from '../../kernel/errors.js'
import type { ChanceCalibration } from './chance-calibration.js'
import type { ConditionalMeans } from './conditional-means.js'
import type { LiftTable } from './lift.js'
import type { Validation } from './validate.js'

/** A line of a validation: for a table, a file, another program. */
export interface ValidationRow {
  readonly part: ValidationPart
  /** Of the period, group or bin: what it ends at, how it is called, or its place. */
  readonly name: string
  /** Customers in it. */
  readonly n: number
  /** In `buying` and `alive` the mean chance; in groups and lift the mean by customer; elsewhere a sum. */
  readonly expected: number
  readonly actual: number
  /** Of `actual`. */
  readonly low: number | null
  readonly high: number | null
  /** Why there is no interval. */
  readonly reason: string | null
}

export type ValidationPart =
  | 'tracking'
  | 'frequency'
  | 'by-frequency'
  | 'by-last-purchase-age'
  | 'by-silence'
  | 'buying'
  | 'alive'
  | 'lift'
  | 'spend-by-frequency'
  | 'spend-by-silence'
  | 'lift-of-spend'

/**
 * A validation as flat rows, part by part, in the order in which they are shown.
 *
 * @example
 * validationRows(validation)[0]
 * // => { part: 'tracking', name: '1', n: 40, expected: 4.4, actual: 0, low: null, high: null, reason: 'count' }
 */
export function validationRows(validation: Validation): readonly ValidationRow[] {
  checkRecord(validation, '$')
  const { tracking, frequency, byFrequency, byLastPurchaseAge, bySilence, buying, alive, lift, spend } =
    validation
  const rows: ValidationRow[] = []
  const add = (row: ValidationRow) => {
    rows.push(row)
  }
  if (tracking.kind === 'tracked')
    for (const { to, customers, expected, actual } of tracking.periods)
      add({ part: 'tracking', name: String(to), n: customers, expected, actual, ...none('count') })
  for (const { repeats, orMore, expected, actual } of frequency.bins)
    add({
      part: 'frequency',
      name: `${repeats}${orMore ? '+' : ''}`,
      n: frequency.customers,
      expected,
      actual,
      ...none('count'),
    })
  meansRows('by-frequency', byFrequency).forEach(add)
  meansRows('by-last-purchase-age', byLastPurchaseAge).forEach(add)
  meansRows('by-silence', bySilence).forEach(add)
  chanceRows('buying', buying).forEach(add)
  chanceRows('alive', alive).forEach(add)
  liftRows('lift', lift).forEach(add)
  if (spend !== undefined) {
    meansRows('spend-by-frequency', spend.byFrequency).forEach(add)
    meansRows('spend-by-silence', spend.bySilence).forEach(add)
    liftRows('lift-of-spend', spend.lift).forEach(add)
  }
  return rows
}

const none = (reason: string) => ({ low: null, high: null, reason })

const meansRows = (part: ValidationPart, { bins }: ConditionalMeans): ValidationRow[] =>
  bins.map(({ name, customers, expectedMean, actualMean, interval }) => ({
    part,
    name: name.en,
    n: customers,
    expected: expectedMean,
    actual: actualMean,
    ...(interval.kind === 'interval'
      ? { low: interval.low, high: interval.high, reason: null }
      : none(interval.reason)),
  }))

const chanceRows = (part: ValidationPart, { bins }: ChanceCalibration): ValidationRow[] =>
  bins.map(({ customers, mean, came, observed }, i) => ({
    part,
    name: String(i + 1),
    n: customers,
    expected: mean,
    actual: came / customers,
    ...(observed.kind === 'estimate'
      ? { low: observed.interval.low, high: observed.interval.high, reason: null }
      : none(observed.reason)),
  }))

const liftRows = (part: ValidationPart, { bins }: LiftTable): ValidationRow[] =>
  bins.map(({ customers, expectedMean, actualMean }, i) => ({
    part,
    name: String(i + 1),
    n: customers,
    expected: expectedMean,
    actual: actualMean,
    ...none('mean-of-a-bin'),
  }))
