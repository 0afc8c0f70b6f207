import { ln } from '../../kernel/elementary.js'
import type { HistoryTable } from '../histories/history.js'
import { checkData } from './checked.js'

/**
 * A table of continuous time in a unit as long as the mean age, so that ages are near 1. Each repeat purchase has a density
 * per unit of time, so that the log-likelihood grows by `lnShift`.
 */
export function rescaledTable(table: HistoryTable): {
  readonly data: HistoryTable
  readonly by: number
  readonly lnShift: number
} {
  checkData('continuous', table)
  const { count, repeatCount, age, lastPurchaseAge, sumLnGaps } = table
  let time = 0
  let purchases = 0
  for (let i = 0; i < count.length; i++) {
    time += count[i]! * age[i]!
    purchases += count[i]! * repeatCount[i]!
  }
  const by = time > 0 ? time / table.customers : 1
  const lnBy = ln(by)
  return {
    data: {
      ...table,
      age: age.map((value) => value / by),
      lastPurchaseAge: lastPurchaseAge.map((value) => value / by),
      sumLnGaps: sumLnGaps?.map((value, i) => value - count[i]! * repeatCount[i]! * lnBy),
    },
    by,
    lnShift: purchases * lnBy,
  }
}
