import { checkRecord, fault } from '../../kernel/errors.js'
import { checkColumn } from '../column.js'
import { checkUnit, MOST_UNITS } from '../unit.js'
import { checkGaps, checkHistory, type HistoryTable } from './history.js'

/** Refuses a table that a host may have made itself, or read from somewhere, and in which something cannot be. */
export function checkHistoryTable(table: HistoryTable, path: string): void {
  checkRecord(table, path)
  const { unit, customers, count, repeatCount, lastPurchaseAge, age, sumLnGaps, covariates } = table
  checkUnit(unit, `${path}.unit`)
  checkColumn(count, `${path}.count`)
  checkRecord(covariates, `${path}.covariates`)
  for (const [name, column] of Object.entries({ repeatCount, lastPurchaseAge, age }))
    checkColumn(column, `${path}.${name}`, count.length)
  if (sumLnGaps !== undefined) checkColumn(sumLnGaps, `${path}.sumLnGaps`, count.length)
  for (const [name, column] of Object.entries(covariates))
    checkColumn(column, `${path}.covariates.${name}`, count.length)
  const discrete = unit === 'opportunity'
  let people = 0
  for (let i = 0; i < count.length; i += 1) {
    const [n, x, last, T] = [count[i]!, repeatCount[i]!, lastPurchaseAge[i]!, age[i]!]
    if (!(n >= 0 && n < Infinity)) throw fault('out-of-range', `${path}.count[${i}]`, n, 'from 0, finite')
    people += n
    const holds =
      Number.isSafeInteger(x) &&
      last <= T &&
      T <= MOST_UNITS &&
      (x === 0 ? last === 0 && T >= 0 : x > 0 && last > 0) &&
      (!discrete || (Number.isSafeInteger(last) && Number.isSafeInteger(T) && x <= last))
    // The single check says what is wrong.
    if (!holds) checkHistory({ unit, repeatCount: x, lastPurchaseAge: last, age: T }, `${path}[${i}]`)
    if (sumLnGaps !== undefined) checkRowGaps(table, i, `${path}.sumLnGaps[${i}]`)
  }
  if (!(typeof customers === 'number' && Math.abs(customers - people) <= 1e-9 * people))
    throw fault('out-of-range', `${path}.customers`, customers, `the sum of count, ${people}`)
  for (const [name, column] of Object.entries(covariates)) {
    const i = column.findIndex((value) => !Number.isFinite(value))
    if (i >= 0) throw fault('out-of-range', `${path}.covariates.${name}[${i}]`, column[i], 'a finite number')
  }
}

function checkRowGaps(
  { count, repeatCount, lastPurchaseAge, sumLnGaps }: HistoryTable,
  i: number,
  path: string,
) {
  const sum = sumLnGaps![i]!
  if (!Number.isFinite(sum)) throw fault('out-of-range', path, sum, 'a finite number')
  if (count[i] === 0) return
  checkGaps(
    { repeatCount: repeatCount[i]!, lastPurchaseAge: lastPurchaseAge[i]!, sumLnGaps: sum },
    count[i]!,
    path,
  )
}
