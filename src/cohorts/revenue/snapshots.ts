import { checkCurrency } from '../../kernel/currency.js'
import { checkList, checkName, checkRecord, fault } from '../../kernel/errors.js'
import { minorDigits } from '../../kernel/index.js'
import { emptyTally, move, type RevenueBook, written } from './book.js'
import { type ReactivationRule, reactivationRules } from './rates.js'
import { minorOf } from './terms.js'

/** What customers paid regularly at two moments, and who of those who did not at the first had before. */
export interface RevenueSnapshots {
  /** By customer, as decimal text; who is not named pays nothing. */
  readonly start: Readonly<Record<string, string>>
  readonly end: Readonly<Record<string, string>>
  /** Customers who paid at some time before the start; they come back, where others are new. */
  readonly paidBefore?: readonly string[]
  readonly currency: string
  readonly reactivation: ReactivationRule
  /** Confidence of logo retention; 0.95 unless told. */
  readonly level?: number
}

/**
 * Movements and rates between two snapshots by customer: end to end, as what happened between them is not in them.
 *
 * @throws DefinitionError `invalid-amount` or `out-of-range` at `$.start`, `$.end` for what is no amount from zero up.
 * @see `defineRevenueRetention`, which measures the same from events, by the same arithmetic.
 * @example
 * revenueBetween({ start: { ann: '100', bob: '50' }, end: { ann: '120', cho: '30' }, currency: 'CNY', reactivation: 'own' })
 * // => { start: '150.00', end: '150.00', new: '30.00', expansion: '20.00', churn: '50.00', …,
 * //      rates: { nrr: { kind: 'estimate', value: 0.8 }, … } }
 */
export function revenueBetween(snapshots: RevenueSnapshots): RevenueBook {
  checkRecord(snapshots, '$')
  const { paidBefore = [], currency, reactivation, level = 0.95 } = snapshots
  checkName(reactivationRules, reactivation, '$.reactivation')
  const digits = minorDigits(checkCurrency(currency, '$.currency'))
  checkList(paidBefore, '$.paidBefore')
  for (const [i, name] of paidBefore.entries()) {
    if (typeof name !== 'string')
      throw fault('wrong-type', `$.paidBefore[${i}]`, name, 'the name of a customer')
  }
  const [start, end] = [
    amountsBy(snapshots.start, '$.start', digits),
    amountsBy(snapshots.end, '$.end', digits),
  ]
  const before = new Set(paidBefore)
  const book = emptyTally()
  for (const customer of new Set([...start.keys(), ...end.keys()])) {
    move(book, [start.get(customer) ?? 0, end.get(customer) ?? 0], before.has(customer))
  }
  return written(book, { digits, reactivation, level })
}

function amountsBy(
  snapshot: Readonly<Record<string, string>>,
  path: string,
  digits: number,
): ReadonlyMap<string, number> {
  checkRecord(snapshot, path)
  return new Map(
    Object.entries(snapshot).map(([customer, text]) => {
      const amount = minorOf(text, path, digits)
      if (amount < 0) throw fault('out-of-range', path, amount, 'recurring revenue from zero up')
      return [customer, amount]
    }),
  )
}
