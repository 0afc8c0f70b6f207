import { checkCurrency, minorDigits } from '../../kernel/currency.js'
import { checkKeys, checkName, checkRecord, fault } from '../../kernel/errors.js'
import {
  type Calendar,
  type CalendarDefinition,
  type Catalogue,
  calendarOf,
  type EventSpecs,
  type PeriodUnit,
  plain,
} from '../../kernel/index.js'
import { periodUnits } from '../../kernel/periods.js'
import { isRecord } from '../../kernel/plain.js'
import { checkChoice, type EventChoice, patternsOf } from '../../measures/activity/event-choice.js'
import { checkHead, type DefinitionHead } from '../../measures/definition-head.js'
import { checkOptions } from '../options.js'
import { checkUnit, spanIn, type TimeSpan, type TimeUnit } from '../unit.js'

/**
 * How events become histories. Plain data but for the catalogue.
 *
 * @example
 * const definition: HistoriesDefinition = {
 *   id: 'buyers', version: 1, calendar: { zone: 'Asia/Shanghai' }, unit: 'week', orders: 'order-paid', merge: { per: 'day' },
 *   spend: { currency: 'CNY', amount: 'amount', firstOrder: 'out', zero: 'count-without-spend', negative: 'refuse' },
 * }
 */
export interface HistoriesDefinition<E extends EventSpecs = EventSpecs> extends DefinitionHead {
  /** Needed by filters, which read fields; with it names of events and fields are checked. */
  readonly events?: Catalogue<E>
  /** In what ages are measured. With `opportunity` they count periods of `merge`, in each of which is bought or not. */
  readonly unit: TimeUnit
  /** Which events are orders. */
  readonly orders: EventChoice<keyof E & string>
  /** The field of an order that names it; without, every event is an order of its own. */
  readonly order?: OrderName
  /** What orders are worth; without, only times are read. */
  readonly spend?: SpendDefinition
  /** Which events are refunds; without, refunds are ignored. */
  readonly refunds?: RefundDefinition<keyof E & string>
  /**
   * Which events make a customer, where it is not the first order: joining, a first visit. Age then begins there, and every
   * later order is a repeat; one at the same time, as `merge` sees it, is the first purchase.
   */
  readonly entry?: EventChoice<keyof E & string>
  /** Which orders are one purchase. */
  readonly merge: MergeRule
  /** Fields of an event that say something of a customer, by the name they get: the value of the earliest event that has one. */
  readonly labels?: Readonly<Record<string, string>>
  /** Fields that hold numbers, or true and false, for models: as `labels`. Who has none of one is left out, and counted. */
  readonly covariates?: Readonly<Record<string, string>>
  /** Names the period in which each customer was acquired. */
  readonly cohort?: PeriodUnit
}

/** How orders are told apart. */
export interface OrderName {
  /** The field with the order's number. */
  readonly field: string
  /** What a second event of the same number is: `add-up` one more line of it, `once` the same again, which does not count. */
  readonly again: 'add-up' | 'once'
}

/** What orders are worth. */
export interface SpendDefinition {
  /** ISO 4217. Amounts are decimal text in it. */
  readonly currency: string
  /** The money field of orders. */
  readonly amount: string
  /** Whether the first purchase counts in what a customer spends: `out` in the papers, as it often is a trial at another price. */
  readonly firstOrder: 'in' | 'out'
  /**
   * An order worth nothing, or nothing any more after refunds: `count` as a purchase worth 0, `count-without-spend` as a
   * purchase that means leave out (the Gamma-Gamma model knows no zero), or `drop`.
   */
  readonly zero: 'count' | 'count-without-spend' | 'drop'
  /**
   * An order worth less than nothing: `refuse` the data, `drop` it, or read it as a `refund` of what the customer bought
   * before.
   */
  readonly negative: 'refuse' | 'drop' | 'refund'
}

/** What gives money back. */
export interface RefundDefinition<T extends string = string> {
  readonly event: EventChoice<T>
  /** The money field, at least 0; none where orders are worth nothing, and then a refund takes back the whole order. */
  readonly amount?: string
  /** The field that names the order; without, a refund takes from the latest order before it, then from the one before that. */
  readonly order?: string
  /** `lower` what the order was worth, down to nothing; or also `remove` it where nothing is left, as if it had not been. */
  readonly does: 'lower' | 'remove'
}

/**
 * Which orders are one purchase. Orders at the same instant always are.
 *
 * - `none`: no others; ages run from instant to instant.
 * - `{ per: 'day' }`: those of one local day (week, month …). Purchases then are dated by the period, so that ages are
 *   whole numbers of periods, as where data know only dates; `dated: 'first-order'` keeps the instant of the first of them.
 *   A day has 24 hours then, a week 7 days, a month 30.4375, whatever the calendar did.
 * - `{ within: { hours: 6 } }`: those not more than so much after the first of them, or after the `last` one.
 */
export type MergeRule =
  | 'none'
  | { readonly per: PeriodUnit; readonly dated?: 'period' | 'first-order' }
  | { readonly within: TimeSpan; readonly since?: 'first' | 'last' }

/** A definition without its catalogue: plain data. */
export type Agreed = Omit<HistoriesDefinition, 'events'>

/** A definition, read. */
export interface ReadHistories {
  readonly calendar: Calendar
  /** Digits of the currency behind the point. */
  readonly digits: number
  /** Hours in the unit; 0 of opportunities. */
  readonly unitHours: number
}

const keys = [
  ...['id', 'version', 'calendar', 'events', 'unit', 'orders', 'order', 'spend', 'refunds', 'entry'],
  ...['merge', 'labels', 'covariates', 'cohort'],
]

/** @throws DefinitionError for a definition that does not hold, with its path. */
export function readHistories(definition: HistoriesDefinition): ReadHistories {
  if (!isRecord(definition)) throw fault('wrong-type', '$', definition, 'a definition')
  checkHead(definition as unknown as Readonly<Record<string, unknown>>, keys)
  const { events, unit, orders, entry, refunds, spend, cohort } = definition
  const calendar = calendarOf(plain(definition.calendar))
  checkUnit(unit, '$.unit')
  if (events !== undefined && !(isRecord(events) && isRecord(events['events']) && isRecord(events['kinds'])))
    throw fault('wrong-type', '$.events', events, 'a catalogue made by defineEvents')
  const context = { events, calendar: definition.calendar as CalendarDefinition }
  checkChoice(orders, '$.orders', context)
  if (entry !== undefined) checkChoice(entry, '$.entry', context)
  checkOrder(definition.order)
  const digits = checkSpend(spend)
  if (refunds !== undefined) {
    checkRefunds(refunds, definition)
    checkChoice(refunds.event, '$.refunds.event', context)
  }
  if (events !== undefined) checkMoney(definition, events)
  checkMerge(definition.merge, unit)
  checkFields(definition.labels, '$.labels')
  checkFields(definition.covariates, '$.covariates')
  if (cohort !== undefined) checkName(periodUnits, cohort, '$.cohort')
  return { calendar, digits, unitHours: unit === 'opportunity' ? 0 : spanHours(unit) }
}

/** How long one is, in hours. */
export function spanHours(unit: PeriodUnit | TimeUnit): number {
  if (unit === 'quarter') return 3 * spanHours('month')
  return spanIn('hour', { [`${unit}s`]: 1 } as unknown as TimeSpan, '$')
}

function checkOrder(order: unknown): void {
  if (order === undefined) return
  checkRecord(order, '$.order')
  const { field, again } = order as OrderName
  checkKeys(order as object, ['field', 'again'], '$.order')
  checkField(field, '$.order.field')
  checkOne(['add-up', 'once'], again, '$.order.again')
}

function checkSpend(spend: unknown): number {
  if (spend === undefined) return 0
  checkOptions(spend, ['currency', 'amount', 'firstOrder', 'zero', 'negative'], '$.spend')
  const { currency, amount, firstOrder, zero, negative } = spend as SpendDefinition
  checkField(amount, '$.spend.amount')
  checkOne(['in', 'out'], firstOrder, '$.spend.firstOrder')
  checkOne(['count', 'count-without-spend', 'drop'], zero, '$.spend.zero')
  checkOne(['refuse', 'drop', 'refund'], negative, '$.spend.negative')
  return minorDigits(checkCurrency(currency, '$.spend.currency'))
}

function checkRefunds(refunds: unknown, { spend, order: named }: Agreed): void {
  checkOptions(refunds, ['event', 'amount', 'order', 'does'], '$.refunds')
  const { amount, order, does } = refunds as RefundDefinition
  if ((amount === undefined) !== (spend === undefined)) {
    const expected = spend === undefined ? 'no amount, as orders have none' : 'the money field of refunds'
    throw fault(amount === undefined ? 'missing' : 'unknown-key', '$.refunds.amount', amount, expected)
  }
  if (amount !== undefined) checkField(amount, '$.refunds.amount')
  if (order !== undefined) {
    checkField(order, '$.refunds.order')
    if (named === undefined) throw fault('missing', '$.order', named, 'the field of orders that refunds name')
  }
  checkOne(spend === undefined ? ['remove'] : ['lower', 'remove'], does, '$.refunds.does')
}

/** With a catalogue, amounts are money fields of the currency in every event that counts. */
function checkMoney(
  { orders, spend, refunds }: HistoriesDefinition,
  { events }: Catalogue<EventSpecs>,
): void {
  if (spend === undefined) return
  const check = (choice: EventChoice, name: string, path: string) => {
    for (const { event } of patternsOf(choice)) {
      for (const type of event === undefined ? [] : typeof event === 'string' ? [event] : event) {
        const field = events[type]![name]
        if (field === undefined)
          throw fault('unknown-name', path, name, Object.keys(events[type]!).join(' | ') || `none in ${type}`)
        if (field.type !== 'money') throw fault('wrong-type', path, name, `a money field of ${type}`)
        if (field.currency !== spend.currency)
          throw fault('currency-mismatch', '$.spend.currency', spend.currency, field.currency)
      }
    }
  }
  check(orders, spend.amount, '$.spend.amount')
  if (refunds?.amount !== undefined) check(refunds.event, refunds.amount, '$.refunds.amount')
}

/** Refuses what is no rule of merging, or none for the unit. */
export function checkMerge(merge: unknown, unit: TimeUnit, path = '$.merge'): void {
  const expected = "'none', { per: 'day' } or { within: { hours: 6 } }"
  if (merge === undefined) throw fault('missing', path, merge, expected)
  if (unit === 'opportunity' && !(isRecord(merge) && 'per' in merge && merge['dated'] !== 'first-order'))
    throw fault('out-of-range', path, merge, "what an opportunity is, such as { per: 'year' }")
  if (merge === 'none') return
  if (!isRecord(merge)) throw fault('wrong-type', path, merge, expected)
  if ('per' in merge) {
    checkKeys(merge, ['per', 'dated'], path)
    checkName(periodUnits, merge['per'], `${path}.per`)
    if (merge['dated'] !== undefined) checkOne(['period', 'first-order'], merge['dated'], `${path}.dated`)
  } else {
    checkKeys(merge, ['within', 'since'], path)
    if (merge['within'] === undefined) throw fault('missing', `${path}.within`, undefined, '{ hours: 6 }')
    spanIn('hour', merge['within'] as TimeSpan, `${path}.within`)
    if (merge['since'] !== undefined) checkOne(['first', 'last'], merge['since'], `${path}.since`)
  }
}

function checkFields(fields: unknown, path: string): void {
  if (fields === undefined) return
  checkRecord(fields, path)
  for (const [name, field] of Object.entries(fields as object)) checkField(field, `${path}.${name}`)
}

/** The name of a field of events. */
function checkField(name: unknown, path: string): void {
  if (name === undefined || name === '') throw fault('missing', path, name, 'the name of a field')
  if (typeof name !== 'string') throw fault('wrong-type', path, name, 'the name of a field')
}

/** One of these words, and none left out. */
function checkOne(known: readonly string[], value: unknown, path: string): void {
  if (value === undefined) throw fault('missing', path, value, known.join(' | '))
  checkName(known, value, path)
}
