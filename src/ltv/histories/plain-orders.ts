import { checkKeys, checkList, fault } from '../../kernel/errors.js'
import type { EventColumns, Instant } from '../../kernel/index.js'
import { checkInstant } from '../../kernel/instant.js'
import { isRecord } from '../../kernel/plain.js'

/** An order as a row of a file or a query, by who has no events. */
export interface PlainOrder {
  readonly customer: string
  readonly at: Instant
  /** Decimal text. */
  readonly amount?: string
  /** The number of the order. */
  readonly order?: string
  /** Whether the row gives back what was paid. */
  readonly refund?: boolean
}

/**
 * Rows of orders as columns of events, for `addColumns` of histories: orders are events of type `order`, refunds of type
 * `refund`, with the fields `amount` and `order` where rows have them.
 *
 * @throws DefinitionError `wrong-type` for what is no row, `unknown-key`, `invalid-instant`.
 * @example
 * buyers.addColumns(buyers.empty(), orderColumns([{ customer: '1', at: instant('1997-01-01T00:00:00Z'), amount: '29.33' }]))
 */
export function orderColumns(orders: readonly PlainOrder[]): EventColumns {
  checkList(orders, '$')
  const subject: string[] = []
  const occurredAt = new Float64Array(orders.length)
  const type: string[] = []
  const data = { amount: [] as (string | null)[], order: [] as (string | null)[] }
  for (let i = 0; i < orders.length; i++) {
    const row: unknown = orders[i]
    if (!isRecord(row)) throw fault('wrong-type', `$[${i}]`, row, '{ customer, at }')
    checkKeys(row, ['customer', 'at', 'amount', 'order', 'refund'], `$[${i}]`)
    const { customer, at, amount, order, refund } = row as unknown as PlainOrder
    if (typeof customer !== 'string') throw fault('wrong-type', `$[${i}].customer`, customer, 'text')
    checkInstant(at, `$[${i}].at`)
    for (const [name, text] of [['amount', amount] as const, ['order', order] as const])
      if (text !== undefined && typeof text !== 'string')
        throw fault('wrong-type', `$[${i}].${name}`, text, 'text')
    if (refund !== undefined && typeof refund !== 'boolean')
      throw fault('wrong-type', `$[${i}].refund`, refund, 'true or false')
    subject.push(customer)
    occurredAt[i] = at
    type.push(refund === true ? 'refund' : 'order')
    data.amount.push(amount ?? null)
    data.order.push(order ?? null)
  }
  return { subject, occurredAt, type, data }
}
