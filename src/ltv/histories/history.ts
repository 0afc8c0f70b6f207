import { checkList, checkRecord, fault } from '../../kernel/errors.js'
import { checkUnit, type TimeUnit } from '../unit.js'

/**
 * All that the models of repeat buying need to know of one customer. Age starts at the first purchase, which is not
 * counted as a repeat.
 */
export interface CustomerHistory {
  /** Of the two ages; a model of parameters in another unit refuses it. */
  readonly unit: TimeUnit
  /** x: purchases after the first, or occasions with one. */
  readonly repeatCount: number
  /** t_x: the customer's age at the last purchase. 0 without repeats. In literature also "recency". */
  readonly lastPurchaseAge: number
  /** T: the customer's age at the end of observation. */
  readonly age: number
  /**
   * Sum of the logarithms of the times between purchases, in the unit, from the first purchase on; wanted where the
   * regularity of buying is compared (models with Erlang-k times). 0 without repeats.
   */
  readonly sumLnGaps?: number
  /** What is known of the customer and does not change, by name: 1 or 0 for yes or no, or an amount. */
  readonly covariates?: { readonly [name: string]: number }
}

/**
 * Histories as columns, alike ones in one row with their number. Rows are sorted by (x, t_x, T), then by covariates, so
 * that sums over them do not depend on the order of customers.
 */
export interface HistoryTable {
  readonly unit: TimeUnit
  /** Customers in all: the sum of `count`. */
  readonly customers: number
  /** How many customers each row stands for. */
  readonly count: Float64Array
  readonly repeatCount: Float64Array
  readonly lastPurchaseAge: Float64Array
  readonly age: Float64Array
  /** Over all customers of the row, not of one; none unless every history has its own. */
  readonly sumLnGaps: Float64Array | undefined
  /** One column for each covariate, in the order of names; every history has the same ones. */
  readonly covariates: { readonly [name: string]: Float64Array }
}

/** Refuses a history that cannot be, saying where. */
export function checkHistory(history: CustomerHistory, path: string): void {
  checkRecord(history, path)
  const { unit, repeatCount, lastPurchaseAge, age, sumLnGaps, covariates } = history
  checkUnit(unit, `${path}.unit`)
  const ages = { repeatCount, lastPurchaseAge, age }
  for (const [name, value] of Object.entries(ages)) {
    if (typeof value !== 'number') throw fault('wrong-type', `${path}.${name}`, value, 'a number')
    if (!(value >= 0 && value < Number.POSITIVE_INFINITY)) {
      throw fault('out-of-range', `${path}.${name}`, value, 'from 0, finite')
    }
    if ((name === 'repeatCount' || unit === 'opportunity') && !Number.isSafeInteger(value)) {
      throw fault('out-of-range', `${path}.${name}`, value, 'a whole number')
    }
  }
  if (lastPurchaseAge > age) {
    throw fault('out-of-range', `${path}.lastPurchaseAge`, lastPurchaseAge, `no more than the age, ${age}`)
  }
  if ((repeatCount === 0) !== (lastPurchaseAge === 0)) {
    throw fault(
      'out-of-range',
      `${path}.lastPurchaseAge`,
      lastPurchaseAge,
      repeatCount === 0 ? '0 where there is no repeat purchase' : 'above 0 where there are repeat purchases',
    )
  }
  if (unit === 'opportunity' && repeatCount > lastPurchaseAge) {
    throw fault(
      'out-of-range',
      `${path}.repeatCount`,
      repeatCount,
      'no more than opportunities until the last',
    )
  }
  if (sumLnGaps !== undefined && !Number.isFinite(sumLnGaps)) {
    throw fault(
      typeof sumLnGaps === 'number' ? 'out-of-range' : 'wrong-type',
      `${path}.sumLnGaps`,
      sumLnGaps,
      'a finite number',
    )
  }
  if (covariates !== undefined) {
    checkRecord(covariates, `${path}.covariates`)
    for (const [name, value] of Object.entries(covariates)) {
      if (typeof value !== 'number' || !Number.isFinite(value)) {
        throw fault('wrong-type', `${path}.covariates.${name}`, value, 'a finite number')
      }
    }
  }
}

/**
 * The table of these histories: what models are fitted to.
 *
 * @throws DefinitionError where a history cannot be; `unknown-name` where units or covariates differ between histories.
 * @example
 * historyTable([
 *   { unit: 'week', repeatCount: 2, lastPurchaseAge: 30.43, age: 38.86 },
 *   { unit: 'week', repeatCount: 0, lastPurchaseAge: 0, age: 38.86 },
 * ]).customers // => 2
 */
export function historyTable(histories: readonly CustomerHistory[]): HistoryTable {
  checkList(histories, '$')
  if (histories.length === 0) throw fault('missing', '$', histories, 'at least one history')
  for (const [i, history] of histories.entries()) checkHistory(history, `$[${i}]`)
  const { unit } = histories[0]!
  const names = Object.keys(histories[0]!.covariates ?? {}).sort()
  const withGaps = histories.every((history) => history.sumLnGaps !== undefined)
  for (const [i, history] of histories.entries()) {
    if (history.unit !== unit) throw fault('unknown-name', `$[${i}].unit`, history.unit, unit)
    const own = Object.keys(history.covariates ?? {}).sort()
    if (own.length !== names.length || own.some((name, k) => name !== names[k])) {
      throw fault(
        'unknown-name',
        `$[${i}].covariates`,
        own,
        names.join(', ') || 'no covariates, as in the first',
      )
    }
  }
  const columns = [
    histories.map((history) => history.repeatCount),
    histories.map((history) => history.lastPurchaseAge),
    histories.map((history) => history.age),
    ...names.map((name) => histories.map((history) => history.covariates![name]!)),
  ]
  return compressed(
    unit,
    names,
    columns,
    withGaps ? histories.map((history) => history.sumLnGaps!) : undefined,
  )
}

/** Sorts rows and joins those alike. `columns`: x, t_x, T, then the covariates. */
export function compressed(
  unit: TimeUnit,
  names: readonly string[],
  columns: readonly ArrayLike<number>[],
  sumLnGaps: ArrayLike<number> | undefined,
): HistoryTable {
  const customers = columns[0]!.length
  const order = Uint32Array.from({ length: customers }, (_, i) => i)
  const compare = (i: number, k: number): number => {
    for (const column of columns) {
      const difference = column[i]! - column[k]!
      if (difference !== 0) return difference
    }
    return 0
  }
  // Where rows are alike, their sums of logarithms are added in the order of size.
  order.sort((i, k) => compare(i, k) || (sumLnGaps === undefined ? 0 : sumLnGaps[i]! - sumLnGaps[k]!))
  const first: number[] = []
  const count: number[] = []
  const gaps: number[] = []
  for (const i of order) {
    const row = first.length - 1
    if (row >= 0 && compare(first[row]!, i) === 0) {
      count[row]! += 1
      gaps[row]! += sumLnGaps?.[i] ?? 0
    } else {
      first.push(i)
      count.push(1)
      gaps.push(sumLnGaps?.[i] ?? 0)
    }
  }
  const pick = (column: ArrayLike<number>) => Float64Array.from(first, (i) => column[i]!)
  const [repeatCount, lastPurchaseAge, age, ...covariates] = columns.map(pick)
  return {
    unit,
    customers,
    count: Float64Array.from(count),
    repeatCount: repeatCount!,
    lastPurchaseAge: lastPurchaseAge!,
    age: age!,
    sumLnGaps: sumLnGaps && Float64Array.from(gaps),
    covariates: Object.fromEntries(names.map((name, k) => [name, covariates[k]!])),
  }
}
