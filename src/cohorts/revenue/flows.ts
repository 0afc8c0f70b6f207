import { fault } from '../../kernel/errors.js'
import type { AnyEvent, Calendar } from '../../kernel/index.js'
import { isRecord, own } from '../../kernel/plain.js'
import {
  amountIn,
  type RevenuePeriod,
  type RevenueTerms,
  readAnyRecords,
  readName,
  readNames,
  readRecords,
  readTerms,
} from './terms.js'

/**
 * Who counts as acquired, what they bring, and what is taken back. Plain data.
 *
 * @example
 * const revenue: CohortRevenueDefinition = {
 *   id: 'revenue', version: 1, calendar: { zone: 'Asia/Shanghai' }, period: 'month', currency: 'CNY',
 *   entry: 'order-paid',
 *   earned: { event: 'order-paid', values: { revenue: 'amount', margin: 'margin' }, order: 'orderId' },
 *   refunded: { event: 'order-refunded', values: { revenue: 'amount', margin: 'margin' }, dated: 'refund' },
 * }
 */
export interface CohortRevenueDefinition extends RevenueTerms {
  readonly period: RevenuePeriod
  /** Event types of which a subject's first one, in all that was added, puts it into the cohort of that period. */
  readonly entry: string | readonly string[]
  /** What adds to values. An amount below zero, such as the margin of an order at a loss, takes away. */
  readonly earned: EarnedFlow | readonly EarnedFlow[]
  /** What takes from them. */
  readonly refunded?: RefundedFlow | readonly RefundedFlow[]
}

/** An event type and its money fields, by the name that the value has in results. All flows name the same values. */
export interface EarnedFlow {
  readonly event: string
  readonly values: Readonly<Record<string, string>>
  /** A text field with the order, where refunds refer to it. */
  readonly order?: string
}

/** A refund and where it counts. */
export interface RefundedFlow {
  readonly event: string
  readonly values: Readonly<Record<string, string>>
  /**
   * `refund`: in the period in which it was made. What is complete stays as it is. `order`: in the period of the order
   * that it names, once it was made; a late refund then changes a period that was complete. One whose order is not in
   * the data counts in its own period, and is counted as unmatched.
   */
  readonly dated: 'refund' | 'order'
  /** The text field with the order; for `dated: 'order'`. */
  readonly order?: string
}

/** What the events of one type do. */
export interface Role {
  readonly type: string
  readonly enters: boolean
  readonly flow: Flow | undefined
}

/** How amounts are read. */
interface Flow {
  readonly kind: 'earned' | 'refunded' | 'refunded-order'
  /** In the order of the values. */
  readonly fields: readonly string[]
  readonly order: string | undefined
}

/** Amounts and order of an event that has them. */
export function said({ flow }: Role, event: AnyEvent, digits: number): readonly (number | string)[] {
  if (flow === undefined) return []
  const { fields, order } = flow
  const amounts = fields.map((field) => amountIn(event, field, digits))
  let named: unknown = ''
  if (order !== undefined && isRecord(event.data)) named = own(event.data, order) ?? ''
  if (typeof named !== 'string') throw fault('wrong-type', `$.data.${order}`, named, 'text')
  return [...amounts, named]
}

const keys = [...['id', 'version', 'calendar', 'currency', 'period'], ...['entry', 'earned', 'refunded']]

/** @throws DefinitionError for a definition that does not hold, with its path. */
export function readCohortRevenue(definition: CohortRevenueDefinition): {
  readonly calendar: Calendar
  readonly digits: number
  /** By type, in one order, however a definition is written. */
  readonly roles: readonly Role[]
  readonly names: readonly string[]
} {
  const { calendar, digits } = readTerms(definition, keys, ['day', 'week', 'month', 'quarter', 'year'])
  const entry = new Set(readNames(definition.entry, '$.entry'))
  const flows = new Map<string, Flow>()
  let names: readonly string[] | undefined
  const put = (flow: EarnedFlow, path: string, kind: Flow['kind']) => {
    const event = readName(flow.event, `${path}.event`)
    if (flows.has(event)) throw fault('duplicate-name', `${path}.event`, event, 'every event type once')
    const fields = readValues(flow.values, `${path}.values`)
    names ??= [...fields.keys()].sort()
    for (const name of fields.keys()) {
      if (!names.includes(name)) throw fault('unknown-name', `${path}.values`, name, names.join(' | '))
    }
    const inOrder = names.map((name) => {
      const field = fields.get(name)
      if (field === undefined)
        throw fault('missing', `${path}.values.${name}`, field, 'the field of this value')
      return field
    })
    const order = flow.order === undefined ? undefined : readName(flow.order, `${path}.order`)
    flows.set(event, { kind, fields: inOrder, order })
  }
  for (const [flow, path] of readRecords(definition.earned, '$.earned', ['event', 'values', 'order']))
    put(flow, path, 'earned')
  const refersTo = [...flows.values()].some(({ order }) => order !== undefined)
  const refunds = readAnyRecords(definition.refunded, '$.refunded', ['event', 'values', 'dated', 'order'])
  for (const [flow, path] of refunds) {
    if (flow.dated === undefined) throw fault('missing', `${path}.dated`, flow.dated, 'refund | order')
    if (flow.dated !== 'refund' && flow.dated !== 'order')
      throw fault('unknown-name', `${path}.dated`, flow.dated, 'refund | order')
    if (flow.dated === 'order' && flow.order === undefined)
      throw fault('missing', `${path}.order`, flow.order, 'the field that names the order')
    if (flow.dated === 'order' && !refersTo)
      throw fault('missing', '$.earned.order', undefined, 'the field that refunds refer to')
    if (entry.has(flow.event)) throw fault('duplicate-name', `${path}.event`, flow.event, 'no type of entry')
    put(flow, path, flow.dated === 'order' ? 'refunded-order' : 'refunded')
  }
  const roles = [...new Set([...entry, ...flows.keys()])]
    .sort()
    .map((type): Role => ({ type, enters: entry.has(type), flow: flows.get(type) }))
  return { calendar, digits, roles, names: names ?? [] }
}

/** Field by name of the value. */
function readValues(values: unknown, path: string): ReadonlyMap<string, string> {
  if (!isRecord(values)) throw fault('wrong-type', path, values, 'a field by the name of a value')
  const entries = Object.entries(values)
  if (entries.length === 0) throw fault('missing', path, undefined, 'at least one value')
  return new Map(
    entries.map(([name, field]) => {
      // Names are keys of results: one that reads as a number would move to the front, `__proto__` would vanish.
      if (!/^[a-zA-Z][\w-]*$/.test(name))
        throw fault('unknown-name', path, name, 'a name of letters, digits, _ and -')
      return [name, readName(field, `${path}.${name}`)]
    }),
  )
}
