import { checkKeys, checkRecord, fault, type Sentence } from '../../kernel/errors.js'
import type { OwnSpend } from '../spend/spend-table.js'
import {
  assumptions,
  between,
  type LifetimePeriod,
  type LifetimeValue,
  type LifetimeValueTerms,
  readPeriod,
  readTerms,
  tooLarge,
  withoutDiscount,
} from './lifetime-value.js'
import { checkColumns, type HistoryColumns } from './predictor.js'
import { discountedBy } from './purchase-outlook.js'

/** Histories as columns, with what each customer spent as `OwnSpend` has it; without `spend`, nothing of that is known of anybody. */
export interface ValuedColumns extends HistoryColumns {
  readonly spend?: {
    readonly purchases: Float64Array
    /** Of no purchases, any number. */
    readonly mean: Float64Array
  }
}

/** Lifetime values as columns, in the order of the rows. */
export type LifetimeValueColumns =
  | {
      readonly kind: 'estimate'
      /** 0 in the rows of `without`. */
      readonly value: Float64Array
      /** The parts, each as `LifetimeValue` has it. */
      readonly discountedPurchases: Float64Array
      /** None for an infinite period. */
      readonly purchases?: Float64Array
      /** Expected of each purchase; 0 where it is undefined. */
      readonly spend: Float64Array
      readonly margin: number
      /** Rows of which there is no value, ascending, and why. */
      readonly without: readonly {
        readonly row: number
        readonly reason: Exclude<NoValue['reason'], 'infinite-without-discount'>
        readonly next: Sentence
      }[]
      readonly method: string
      readonly assumes: readonly Sentence[]
    }
  | {
      readonly kind: 'undefined'
      readonly reason: 'infinite-without-discount'
      readonly next: Sentence
    }

type NoValue = Extract<LifetimeValue, { readonly kind: 'undefined' }>

/**
 * `estimateLifetimeValue` of many customers at once: typed arrays in and out, every number the same to the last bit.
 *
 * @throws DefinitionError as `estimateLifetimeValue`, with the row; `wrong-type` for what is no column, `out-of-range` for columns of
 * different lengths.
 * @example
 * const table = { unit: 'week', repeatCount: Float64Array.of(2), lastPurchaseAge: Float64Array.of(30.43), age: Float64Array.of(38.86) }
 * lifetimeValuesOf(terms, table, { horizon: { months: 24 } }) // => { kind: 'estimate', value: Float64Array(1) [ … ], … }
 */
export function lifetimeValuesOf<
  Name extends string,
  P extends string,
  SpendName extends string,
  SpendP extends string,
>(
  terms: LifetimeValueTerms<Name, P, SpendName, SpendP>,
  table: ValuedColumns,
  period: LifetimePeriod,
): LifetimeValueColumns {
  const { prediction, unit, margin, rate, spendOf, method } = readTerms(terms)
  const { model } = terms
  const { repeatCount, lastPurchaseAge, age } = checkColumns(table, unit, model.time)
  const rows = age.length
  const own = readSpend(table, rows)
  const { from, to } = readPeriod(period, unit)
  if (to === Infinity && rate === 0)
    return { kind: 'undefined', reason: 'infinite-without-discount', next: withoutDiscount }
  const [value, discountedPurchases, spend] = [0, 1, 2].map(() => new Float64Array(rows)) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ]
  const purchases = to < Infinity ? new Float64Array(rows) : undefined
  const without: {
    row: number
    reason: Exclude<NoValue['reason'], 'infinite-without-discount'>
    next: Sentence
  }[] = []
  const shared = own === undefined ? spendOf(undefined, '') : undefined
  for (let row = 0; row < rows; row++) {
    const buying = model.after(prediction.values, {
      unit,
      repeatCount: repeatCount[row]!,
      lastPurchaseAge: lastPurchaseAge[row]!,
      age: age[row]!,
    })
    const discounted = between(from, to, (time) => discountedBy(buying, time, rate))
    discountedPurchases[row] = discounted
    if (purchases !== undefined)
      purchases[row] = rate === 0 ? discounted : between(from, to, (time) => buying.expected(time))
    const each = shared ?? spendOf(own!(row), `$.table[${row}].spend`)
    if (each.kind === 'undefined') {
      without.push({ row, reason: each.reason, next: each.next })
      continue
    }
    spend[row] = each.value
    const worth = discounted * each.value * margin
    if (Number.isFinite(worth)) value[row] = worth
    else without.push({ row, reason: 'too-large', next: tooLarge })
  }
  return {
    kind: 'estimate',
    value,
    discountedPurchases,
    ...(purchases !== undefined && { purchases }),
    spend,
    margin,
    without,
    method,
    assumes: assumptions(rate, margin),
  }
}

/** What the customer of a row spent. */
function readSpend(table: ValuedColumns, rows: number): ((row: number) => OwnSpend) | undefined {
  if (table.spend === undefined) return undefined
  const path = '$.table.spend'
  checkRecord(table.spend, path)
  checkKeys(table.spend, ['purchases', 'mean'], path)
  const { purchases, mean } = table.spend
  for (const [name, column] of Object.entries({ purchases, mean })) {
    if (!(column instanceof Float64Array))
      throw fault('wrong-type', `${path}.${name}`, column, 'a column of floats')
    if (column.length !== rows)
      throw fault('out-of-range', `${path}.${name}`, column.length, `${rows} rows, as the ages`)
  }
  return (row) => ({ purchases: purchases[row]!, mean: purchases[row] === 0 ? null : mean[row]! })
}
