import { checkKeys, checkList, checkRecord, fault } from '../../kernel/errors.js'
import { checkColumn } from '../column.js'

/**
 * What a customer spent: the mean over `purchases` of them. Which are counted is the host's choice, the same for all: those
 * after the first (as in the papers, where the first is often a trial at another price), or all.
 */
export interface OwnSpend {
  /** x: how many purchases the mean is taken over. */
  readonly purchases: number
  /** In major units of one currency; null, or anything, of no purchases. */
  readonly mean: number | null
}

/** Spend as columns, alike rows joined, sorted by the number of purchases and then by mean: what models are fitted to. */
export interface SpendTable {
  /** Customers the fit reads: the sum of `count`. */
  readonly customers: number
  readonly count: Float64Array
  readonly purchases: Float64Array
  readonly meanSpend: Float64Array
  readonly covariates: { readonly [name: string]: Float64Array }
  /** Customers the fit does not read; predictions still take those without purchases or with a mean of 0. */
  readonly leftOut: {
    readonly withoutPurchases: number
    readonly zeroSpend: number
    readonly negativeSpend: number
  }
}

/**
 * The table of what customers spent. Who bought nothing that counts, and whose mean is 0 or below, is left out and counted:
 * the models know positive spend only.
 *
 * Margins that differ between orders belong here: give the mean margin of a customer instead of the mean spend. One margin
 * for all is given where values are estimated.
 *
 * @param rows - One a customer; `count` where a row stands for several. The `spend` of histories fits.
 * @throws DefinitionError `wrong-type` or `out-of-range` for numbers that are none, with their row.
 * @example
 * spendTable([{ purchases: 2, mean: 22.35 }, { purchases: 1, mean: 11.77 }, { purchases: 0, mean: null }]).customers // => 2
 */
export function spendTable(rows: readonly (OwnSpend & { readonly count?: number })[]): SpendTable {
  checkList(rows, '$')
  const leftOut = { withoutPurchases: 0, zeroSpend: 0, negativeSpend: 0 }
  const means = new Map<number, number[]>()
  const counted = new Map<number, Map<number, number>>()
  for (const [i, row] of rows.entries()) {
    checkOwnSpend(row, `$[${i}]`)
    const { purchases, mean, count } = row
    if (count !== undefined && !(Number.isSafeInteger(count) && count >= 0))
      throw fault('out-of-range', `$[${i}].count`, count, 'a whole number from 0')
    const n = count ?? 1
    if (purchases === 0) leftOut.withoutPurchases += n
    else if (mean === 0) leftOut.zeroSpend += n
    else if (mean! < 0) leftOut.negativeSpend += n
    else if (n === 1) pushTo(means, purchases, mean!)
    else if (n > 1) {
      const already = counted.get(purchases) ?? counted.set(purchases, new Map()).get(purchases)!
      already.set(mean!, (already.get(mean!) ?? 0) + n)
    }
  }
  return tableOf(means, counted, leftOut)
}

/** Each number of purchases is sorted by itself: sorting plain numbers is many times as fast as sorting rows. */
function tableOf(
  means: ReadonlyMap<number, readonly number[]>,
  counted: ReadonlyMap<number, ReadonlyMap<number, number>>,
  leftOut: SpendTable['leftOut'],
): SpendTable {
  let room = 0
  for (const list of means.values()) room += list.length
  for (const list of counted.values()) room += list.size
  const [count, purchases, meanSpend] = [0, 1, 2].map(() => new Float64Array(room)) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ]
  let rows = 0
  let customers = 0
  const numbers = Float64Array.from(new Set([...means.keys(), ...counted.keys()])).sort()
  for (const x of numbers) {
    const more = counted.get(x)
    const single = means.get(x) ?? []
    const all = new Float64Array(single.length + (more?.size ?? 0))
    all.set(single)
    let at = single.length
    for (const mean of more?.keys() ?? []) all[at++] = mean
    all.sort()
    const first = rows
    for (const mean of all) {
      if (rows === first || meanSpend[rows - 1] !== mean) {
        meanSpend[rows] = mean
        purchases[rows] = x
        rows += 1
      }
      count[rows - 1]! += 1
    }
    // A counted row stood for one of its customers so far.
    if (more !== undefined)
      for (let row = first; row < rows; row++) {
        const n = more.get(meanSpend[row]!)
        if (n !== undefined) count[row]! += n - 1
      }
    for (let row = first; row < rows; row++) customers += count[row]!
  }
  return {
    customers,
    count: count.slice(0, rows),
    purchases: purchases.slice(0, rows),
    meanSpend: meanSpend.slice(0, rows),
    covariates: {},
    leftOut,
  }
}

function pushTo(lists: Map<number, number[]>, key: number, value: number): void {
  const list = lists.get(key)
  if (list === undefined) lists.set(key, [value])
  else list.push(value)
}

/** Refuses what no customer can have spent. */
export function checkOwnSpend(own: unknown, path: string): asserts own is OwnSpend {
  checkRecord(own, path)
  const { purchases, mean } = own as OwnSpend
  if (typeof purchases !== 'number')
    throw fault('wrong-type', `${path}.purchases`, purchases, 'a whole number')
  if (!(Number.isSafeInteger(purchases) && purchases >= 0))
    throw fault('out-of-range', `${path}.purchases`, purchases, 'a whole number from 0')
  if (purchases === 0) {
    // Other programs write 0 or nothing here.
    if (mean !== null && mean !== undefined && typeof mean !== 'number')
      throw fault('wrong-type', `${path}.mean`, mean, 'null of no purchases')
    return
  }
  if (typeof mean !== 'number') throw fault('wrong-type', `${path}.mean`, mean, 'a number')
  if (!(Number.isFinite(mean) && Math.abs(mean) <= 1e100 && (mean === 0 || Math.abs(mean) >= 1e-300)))
    throw fault('out-of-range', `${path}.mean`, mean, 'an amount of major units, to 1e100')
}

/** Refuses what is no table of spend: columns of one length, rows in order. */
export function checkSpendTable(table: SpendTable, path: string): void {
  checkRecord(table, path)
  checkKeys(table, ['customers', 'count', 'purchases', 'meanSpend', 'covariates', 'leftOut'], path)
  const { customers, count, purchases, meanSpend } = table
  if (!(Number.isFinite(customers) && customers >= 0))
    throw fault('wrong-type', `${path}.customers`, customers, 'the number of customers')
  const { leftOut } = table
  checkRecord(leftOut, `${path}.leftOut`)
  checkKeys(leftOut, ['withoutPurchases', 'zeroSpend', 'negativeSpend'], `${path}.leftOut`)
  for (const why of ['withoutPurchases', 'zeroSpend', 'negativeSpend'] as const)
    if (!(Number.isSafeInteger(leftOut[why]) && leftOut[why] >= 0))
      throw fault('out-of-range', `${path}.leftOut.${why}`, leftOut[why], 'a whole number from 0')
  checkColumn(count, `${path}.count`)
  for (const [name, column] of Object.entries({ purchases, meanSpend }))
    checkColumn(column, `${path}.${name}`, count.length)
  for (let row = 0; row < count.length; row++) {
    if (!(count[row]! >= 0 && count[row]! < Infinity))
      throw fault('out-of-range', `${path}.count[${row}]`, count[row], 'a number of customers')
    const x = purchases[row]!
    if (!(x >= 1 && Number.isSafeInteger(x) && (row === 0 || purchases[row - 1]! <= x)))
      throw fault('out-of-range', `${path}.purchases[${row}]`, x, 'whole numbers from 1, in order')
    if (!(meanSpend[row]! > 0 && meanSpend[row]! < Infinity))
      throw fault('out-of-range', `${path}.meanSpend[${row}]`, meanSpend[row], 'above 0, finite')
  }
}

/**
 * How strongly mean spend goes with the number of purchases over customers (Pearson), from -1 to 1. Models of spend assume
 * that it does not; beyond 0.3 either way lifetime values of the best customers are off, and segments should be fitted apart.
 *
 * @returns Undefined where one of them does not vary.
 * @throws DefinitionError for what is no table.
 * @example
 * spendCorrelation(spendTable([{ purchases: 1, mean: 10 }, { purchases: 2, mean: 20 }, { purchases: 3, mean: 30 }])) // => 0.9999999999999998
 */
export function spendCorrelation(table: SpendTable): number | undefined {
  checkSpendTable(table, '$')
  const { customers, count, purchases, meanSpend } = table
  let [x, m] = [0, 0]
  for (let row = 0; row < count.length; row++) {
    x += (count[row]! * purchases[row]!) / customers
    m += (count[row]! * meanSpend[row]!) / customers
  }
  let [xx, xm, mm] = [0, 0, 0]
  for (let row = 0; row < count.length; row++) {
    const [dx, dm] = [purchases[row]! - x, meanSpend[row]! - m]
    xx += count[row]! * dx * dx
    xm += count[row]! * dx * dm
    mm += count[row]! * dm * dm
  }
  const spread = Math.sqrt(xx) * Math.sqrt(mm)
  return spread > 0 && spread < Infinity ? Math.max(-1, Math.min(1, xm / spread)) : undefined
}
