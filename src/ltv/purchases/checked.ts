import { checkRecord, fault } from '../../kernel/errors.js'
import { checkHistoryTable } from '../histories/checked-table.js'
import { type CustomerHistory, checkHistory, type HistoryTable } from '../histories/history.js'
import { checkValues, type Values } from '../model.js'
import { MOST_UNITS } from '../unit.js'
import type { PurchaseModel } from './model.js'

type Named<P extends string> = Pick<PurchaseModel<string, P>, 'parameters' | 'ranges' | 'time'>

/** Refuses parameters outside their ranges, and a history that cannot be or is in the wrong kind of time. */
export function checkAfter<P extends string>(
  model: Named<P>,
  values: Values<P>,
  history: CustomerHistory,
): void {
  checkKnown(model, values)
  checkHistory(history, '$.history')
  checkTime(model.time, history.unit, '$.history.unit')
  if (model.time === 'discrete') checkOpportunities(history.age, '$.history.age')
}

/** Refuses parameters outside their ranges, or so far out that parts of formulas leave the floats. */
export function checkKnown<P extends string>(model: Named<P>, values: Values<P>): void {
  checkValues(model, values, '$.values')
  for (const name of model.parameters) {
    const value = values[name]
    if (!(value >= 1e-60 && value <= 1e60)) {
      throw fault('out-of-range', `$.values.${name}`, value, 'from 1e-60 to 1e60')
    }
  }
}

/** Opportunities are gone through one by one. */
export function checkOpportunities(age: number, path: string): void {
  if (!(age <= 1e6)) throw fault('out-of-range', path, age, 'at most 1,000,000 opportunities')
}

/** Refuses a table in which something cannot be, or in the wrong kind of time. */
export function checkData(time: 'continuous' | 'discrete', table: HistoryTable): void {
  checkHistoryTable(table, '$')
  checkTime(time, table.unit, '$.unit')
  if (time === 'discrete') for (const [i, n] of table.age.entries()) checkOpportunities(n, `$.age[${i}]`)
}

/** Refuses opportunities where the model counts time, and time where it counts opportunities. */
export function checkTime(time: 'continuous' | 'discrete', unit: string, path: string): void {
  if ((unit === 'opportunity') !== (time === 'discrete')) {
    throw fault('out-of-range', path, unit, time === 'discrete' ? 'opportunity' : 'a unit of time')
  }
}

/** Refuses to draw so many purchases that a computer would be busy with them for long, or full of them. */
export function checkDrawn(purchases: number, age: number): void {
  if (purchases < 1e6) return
  const many = purchases < Infinity ? `about ${purchases.toPrecision(2)}` : 'without number'
  throw fault(
    'out-of-range',
    '$.age',
    age,
    `an age with fewer than 1,000,000 purchases; here they are ${many}`,
  )
}

/** Refuses what no customer can be drawn from. */
export function checkDraw<P extends string>(
  model: Named<P>,
  values: Values<P>,
  age: number,
  random: { next(): number },
): void {
  checkKnown(model, values)
  if (typeof age !== 'number') throw fault('wrong-type', '$.age', age, 'a number')
  if (!(age >= 0 && age <= MOST_UNITS)) throw fault('out-of-range', '$.age', age, 'from 0 to 1e15')
  if (model.time === 'discrete') checkOpportunities(age, '$.age')
  checkRecord(random, '$.random')
  if (typeof random.next !== 'function') {
    throw fault('wrong-type', '$.random', random, 'a generator: random(seed)')
  }
}
