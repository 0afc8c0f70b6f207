import { checkList, checkRecord, fault } from '../../kernel/errors.js'
import { checkInstant } from '../../kernel/instant.js'
import type { Histories, SummarizedCustomer } from '../histories/histories.js'
import { checkUnit, spanOf } from '../unit.js'
import type { Holdout } from './comparison.js'

/** A reading with a holdout as what models are held against: `Holdout` for comparisons, `calibration` for `validate`. */
export interface HistoriesHoldout extends Holdout {
  readonly histories: readonly SummarizedCustomer[]
  /** The reading itself. */
  readonly calibration: Pick<Histories, 'unit' | 'until' | 'customers' | 'holdout'>
}

/**
 * What customers did in the time held out, from a reading of their histories with a holdout: what `compareModels`,
 * `chooseModel` and `validate` take as it is. `validate` also tracks purchases over time if it gets a later reading with it:
 * `{ ...held, holdout: later }`.
 *
 * @param histories - What `summarizeHistories(…).result(partial, { until, holdout: { until } })` answered.
 * @throws DefinitionError `missing` where it was read without a holdout; `out-of-range` for one of no length (of opportunities:
 * none of them is over), or purchases that are no whole numbers; `invalid-instant` for an `until` or `acquiredAt` that is none.
 * @example
 * const held = holdoutOf(buyers.result(log, { until: mid, holdout: { until: end } }))
 * const choice = chooseModel(historyTable(held.histories), [paretoNbd, mbgNbd, nbd], { holdout: held })
 * if (choice.kind === 'chosen') validate(choice.model, choice.fit, held)
 */
export function holdoutOf(histories: HistoriesHoldout['calibration']): HistoriesHoldout {
  checkRecord(histories, '$')
  const { unit, until, customers, holdout } = histories
  checkUnit(unit, '$.unit')
  checkInstant(until, '$.until')
  checkList(customers, '$.customers')
  if (holdout === undefined)
    throw fault('missing', '$.holdout', holdout, 'read with { until, holdout: { until } }')
  checkRecord(holdout, '$.holdout')
  const { length } = holdout
  checkInstant(holdout.until, '$.holdout.until')
  if (!(typeof length === 'number' && length > 0 && length < Infinity))
    throw fault('out-of-range', '$.holdout.length', length, 'above 0, finite')
  const purchases = customers.map((customer, i) => {
    checkRecord(customer, `$.customers[${i}]`)
    checkInstant(customer.acquiredAt, `$.customers[${i}].acquiredAt`)
    const bought: unknown = customer.holdout?.purchases
    if (!(Number.isSafeInteger(bought) && (bought as number) >= 0))
      throw fault('out-of-range', `$.customers[${i}].holdout.purchases`, bought, 'a whole number from 0')
    return bought as number
  })
  return { histories: customers, purchases, span: spanOf(unit, length), calibration: histories }
}
