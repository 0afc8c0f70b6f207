import { ln } from '../../kernel/elementary.js'
import { checkList, checkRecord, fault } from '../../kernel/errors.js'
import { isRecord, own } from '../../kernel/plain.js'
import { checkUnit, MOST_UNITS, type TimeUnit } from '../unit.js'
import { compareRows, rowOrder } from './row-order.js'

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
  /** T: the customer's age at the end of observation, at most 1e15. */
  readonly age: number
  /**
   * Sum of the logarithms of the times between purchases, in the unit, from the first purchase on; wanted where the
   * regularity of buying is compared (models with Erlang-k times). 0 without repeats, and never above x ln(t_x / x), which
   * it is where all these times are alike.
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

/** Refuses a history that cannot be, saying where. With `customers` its `sumLnGaps` is that of so many. */
export function checkHistory(history: CustomerHistory, path: string, customers = 1): void {
  checkRecord(history, path)
  const { unit, repeatCount, lastPurchaseAge, age, sumLnGaps, covariates } = history
  checkUnit(unit, `${path}.unit`)
  const discrete = unit === 'opportunity'
  checkSize(repeatCount, path, 'repeatCount', true)
  checkSize(lastPurchaseAge, path, 'lastPurchaseAge', discrete)
  checkSize(age, path, 'age', discrete)
  if (age > MOST_UNITS) throw fault('out-of-range', `${path}.age`, age, 'at most 1e15')
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
  if (discrete && repeatCount > lastPurchaseAge) {
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
  if (sumLnGaps !== undefined && customers > 0) {
    checkGaps({ repeatCount, lastPurchaseAge, sumLnGaps }, customers, `${path}.sumLnGaps`)
  }
  if (covariates !== undefined) {
    checkRecord(covariates, `${path}.covariates`)
    for (const name of Object.keys(covariates)) {
      const value: unknown = covariates[name]
      if (typeof value !== 'number' || !Number.isFinite(value)) {
        throw fault('wrong-type', `${path}.covariates.${name}`, value, 'a finite number')
      }
    }
  }
}

/**
 * Refuses a sum of logarithms that no x times of together t_x have: by the inequality of the means it is x ln(t_x / x) at
 * most. Rounding of that many logarithms is let pass.
 */
export function checkGaps(
  history: Required<Pick<CustomerHistory, 'repeatCount' | 'lastPurchaseAge' | 'sumLnGaps'>>,
  customers: number,
  path: string,
): void {
  const { repeatCount: x, lastPurchaseAge, sumLnGaps } = history
  if (x === 0) {
    if (sumLnGaps !== 0) throw fault('out-of-range', path, sumLnGaps, '0 where there is no repeat purchase')
    return
  }
  const each = ln(lastPurchaseAge / x)
  const most = customers * x * each
  if (!(sumLnGaps <= most + 1e-12 * customers * x * (1 + Math.abs(each)))) {
    const of = customers === 1 ? '' : `, of ${customers} customers`
    throw fault(
      'out-of-range',
      path,
      sumLnGaps,
      `at most x ln(t_x / x) = ${most}${of}, with x = ${x} and t_x = ${lastPurchaseAge}`,
    )
  }
}

function checkSize(value: unknown, path: string, name: string, whole: boolean): void {
  if (typeof value !== 'number') throw fault('wrong-type', `${path}.${name}`, value, 'a number')
  if (!(value >= 0 && value < Number.POSITIVE_INFINITY)) {
    throw fault('out-of-range', `${path}.${name}`, value, 'from 0, finite')
  }
  if (whole && !Number.isSafeInteger(value)) {
    throw fault('out-of-range', `${path}.${name}`, value, 'a whole number')
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
  return tableOf(histories, undefined)
}

/** A history that several customers share: a row of a recency and frequency table. */
export interface CountedHistory extends CustomerHistory {
  /** How many customers have it. */
  readonly customers: number
  /** Over all of them. */
  readonly sumLnGaps?: number
}

/**
 * The table of histories that come counted, as papers print them: `unit: 'opportunity'` for models in discrete time, where
 * `age` is how many opportunities there were, `repeatCount` at how many of them something was bought, and `lastPurchaseAge`
 * which of them was the last.
 *
 * Rows of nobody are left out, and alike rows joined.
 *
 * @throws DefinitionError where a history cannot be, or counts are not whole numbers from 0; `missing` where all are 0.
 * @see Fader, Hardie & Shang (2010), "Customer-Base Analysis in a Discrete-Time Noncontractual Setting", table 1.
 * @example
 * countedHistories([
 *   { unit: 'opportunity', repeatCount: 6, lastPurchaseAge: 6, age: 6, customers: 1203 },
 *   { unit: 'opportunity', repeatCount: 0, lastPurchaseAge: 0, age: 6, customers: 3464 },
 * ]).customers // => 4667
 */
export function countedHistories(rows: readonly CountedHistory[]): HistoryTable {
  checkList(rows, '$')
  for (let i = 0; i < rows.length; i++) {
    const row: unknown = rows[i]
    if (!isRecord(row)) throw fault('wrong-type', `$[${i}]`, row, 'a history and its number of customers')
    checkSize(row['customers'], `$[${i}]`, 'customers', true)
  }
  return tableOf(rows, (i) => rows[i]!.customers)
}

function tableOf(
  histories: readonly CustomerHistory[],
  countOf: ((row: number) => number) | undefined,
): HistoryTable {
  const { length } = histories
  if (length === 0) throw fault('missing', '$', histories, 'at least one history')
  checkHistory(histories[0]!, '$[0]', countOf?.(0))
  const { unit, covariates } = histories[0]!
  const names = Object.keys(covariates ?? {}).sort()
  const columns = Array.from({ length: 3 + names.length }, () => new Float64Array(length))
  const [repeatCount, lastPurchaseAge, age] = columns as [Float64Array, Float64Array, Float64Array]
  const gaps = new Float64Array(length)
  const counts = countOf && new Float64Array(length)
  let withGaps = true
  for (let i = 0; i < length; i++) {
    const history = histories[i]!
    checkHistory(history, `$[${i}]`, countOf?.(i))
    if (history.unit !== unit) throw fault('unknown-name', `$[${i}].unit`, history.unit, unit)
    // Minus zero is zero; adding makes it so.
    repeatCount[i] = history.repeatCount + 0
    lastPurchaseAge[i] = history.lastPurchaseAge + 0
    age[i] = history.age + 0
    if (history.sumLnGaps === undefined) withGaps = false
    else gaps[i] = history.sumLnGaps + 0
    if (counts !== undefined) counts[i] = countOf!(i)
    checkCovariates(history, names, i)
    for (let k = 0; k < names.length; k++) columns[3 + k]![i] = history.covariates![names[k]!]! + 0
  }
  return compressed(unit, names, columns, withGaps ? gaps : undefined, counts)
}

/** Every history has the covariates of the first. */
function checkCovariates({ covariates }: CustomerHistory, names: readonly string[], row: number): void {
  if (covariates === undefined ? names.length === 0 : hasOnly(covariates, names)) return
  throw fault(
    'unknown-name',
    `$[${row}].covariates`,
    Object.keys(covariates ?? {}),
    names.join(', ') || 'no covariates, as in the first',
  )
}

const hasOnly = (record: object, names: readonly string[]): boolean =>
  Object.keys(record).length === names.length && names.every((name) => own(record, name) !== undefined)

/** Sorts rows and joins those alike. `columns`: x, t_x, T, then the covariates; `counts`: the customers of each, 1 unless told. */
function compressed(
  unit: TimeUnit,
  names: readonly string[],
  columns: readonly Float64Array[],
  sumLnGaps: Float64Array | undefined,
  counts?: Float64Array,
): HistoryTable {
  // Where rows are alike, their sums of logarithms are added in the order of size.
  const order = rowOrder(sumLnGaps === undefined ? columns : [...columns, sumLnGaps])
  const first = new Uint32Array(order.length)
  const count = new Float64Array(order.length)
  const gaps = new Float64Array(order.length)
  let rows = 0
  let customers = 0
  for (const i of order) {
    const own = counts === undefined ? 1 : counts[i]!
    if (own === 0) continue
    if (rows === 0 || compareRows(columns, first[rows - 1]!, i) !== 0) {
      first[rows] = i
      rows += 1
    }
    count[rows - 1]! += own
    if (sumLnGaps !== undefined) gaps[rows - 1]! += sumLnGaps[i]!
    customers += own
  }
  if (rows === 0) throw fault('missing', '$', rows, 'at least one customer')
  if (!Number.isSafeInteger(customers)) throw fault('too-large', '$', customers, 'at most 2^53 - 1 customers')
  const pick = (column: Float64Array) => {
    const picked = new Float64Array(rows)
    for (let row = 0; row < rows; row++) picked[row] = column[first[row]!]!
    return picked
  }
  const [repeatCount, lastPurchaseAge, age, ...covariates] = columns.map(pick)
  return {
    unit,
    customers,
    count: count.slice(0, rows),
    repeatCount: repeatCount!,
    lastPurchaseAge: lastPurchaseAge!,
    age: age!,
    sumLnGaps: sumLnGaps && gaps.slice(0, rows),
    covariates: Object.fromEntries(names.map((name, k) => [name, covariates[k]!])),
  }
}
