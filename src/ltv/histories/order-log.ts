import { checkedTime, readColumns } from '../../kernel/columns.js'
import { fault } from '../../kernel/errors.js'
import {
  type AnyEvent,
  type Column,
  canonical,
  digestName,
  type EventColumns,
  type EventSpecs,
  parseMinor,
} from '../../kernel/index.js'
import { checkInstant, isInstant } from '../../kernel/instant.js'
import { isRecord, own } from '../../kernel/plain.js'
import { type EventChoice, markerOf } from '../../measures/activity/event-choice.js'
import type { GroupValue } from '../../measures/activity/group-value.js'
import { type PeopleIndex, peopleIndex } from '../../measures/activity/people-index.js'
import type { Agreed } from './definition.js'

/** All orders, refunds and entries of every customer. Plain JSON; its shape is not for reading. */
export interface HistoriesPartial {
  /** Digest of the definition under which it was collected. */
  readonly of: string
  /** Customers by row. */
  readonly names: string[]
  /** By row the events, in the order of arrival, each a few numbers one after another. */
  readonly events: number[][]
  /** Texts and other values of fields, by their number in events; the first stands for none. */
  readonly values: GroupValue[]
}

/** What an event is; one may be several. */
export const ORDER = 1
export const REFUND = 2
export const ENTRY = 4

/** Where the numbers of an event stand; below 0 what this definition does not keep. */
export interface EventShape {
  /** Numbers an event. The instant comes first, then what it is. */
  readonly width: number
  readonly amount: number
  readonly order: number
  /** Fields of labels and covariates, by their place in `fields`. */
  readonly fields: number
  readonly names: readonly string[]
}

/** What a definition keeps of events. */
function shapeOf({ spend, order, labels = {}, covariates = {} }: Agreed): EventShape {
  const names = [...new Set([...Object.values(labels), ...Object.values(covariates)])].sort()
  const amount = spend === undefined ? -1 : 2
  const named = order === undefined ? -1 : amount < 0 ? 2 : 3
  const fields = 2 + (amount < 0 ? 0 : 1) + (named < 0 ? 0 : 1)
  return { width: fields + names.length, amount, order: named, fields, names }
}

/** All that an aggregate of histories can do but read. */
export function orderLog(
  agreed: Agreed,
  events: { readonly events: EventSpecs } | undefined,
  digits: number,
) {
  const of = digestName(canonical(agreed))
  const shape = shapeOf(agreed)
  const { width } = shape
  const { spend, refunds, order } = agreed
  const roleOf = roles(agreed, events)

  const checkOwn = (partial: HistoriesPartial): HistoriesPartial => {
    if (!isRecord(partial)) throw fault('wrong-type', '$', partial, 'a partial')
    if (partial.of !== of) throw fault('other-definition', '$.of', partial.of, `a partial of ${of}`)
    checkLog(partial, shape)
    return partial
  }
  // Looking people and values up needs indexes, which are no part of the data; those in use are kept at hand.
  let known: HistoriesPartial | undefined
  let people = peopleIndex()
  let numbers = new Map<GroupValue, number>()
  const peopleOf = new WeakMap<readonly string[], PeopleIndex>()
  const numbersOf = new WeakMap<readonly GroupValue[], Map<GroupValue, number>>()
  const draft = (partial: HistoriesPartial): void => {
    if (partial === known) return
    checkOwn(partial)
    const { names, values } = partial
    people = peopleOf.get(names) ?? peopleIndex()
    if (!peopleOf.has(names)) for (let row = 0; row < names.length; row++) people.set(names[row]!, row)
    numbers = numbersOf.get(values) ?? new Map(values.map((value, number) => [value, number]))
    peopleOf.set(names, people)
    numbersOf.set(values, numbers)
    known = partial
  }
  const numberOf = ({ values }: HistoriesPartial, value: GroupValue): number => {
    if (value === null) return 0
    let number = numbers.get(value)
    if (number === undefined) {
      number = values.push(value) - 1
      numbers.set(value, number)
    }
    return number
  }
  const listOf = (partial: HistoriesPartial, subject: string): number[] => {
    let row = people.get(subject)
    if (row === undefined) {
      row = partial.names.push(subject) - 1
      people.set(subject, row)
      partial.events.push([])
    }
    return partial.events[row]!
  }
  /** A row goes; the last one takes its place. */
  const drop = ({ names, events: lists }: HistoriesPartial, row: number): void => {
    people.delete(names[row]!)
    const [name, list] = [names.pop()!, lists.pop()!]
    if (row === names.length) return
    names[row] = name
    lists[row] = list
    people.set(name, row)
  }

  const amountOf = (role: number, value: (field: string) => unknown, row?: number): number => {
    if (spend === undefined || (role & (ORDER | REFUND)) === 0) return 0
    const field = (role & REFUND) === 0 ? spend.amount : refunds!.amount!
    const amount = parseMinor(value(field) as string, digits)
    if (amount === undefined || (amount < 0 && (role & REFUND) !== 0)) {
      const least = (role & REFUND) === 0 ? '' : ' from 0,'
      const expected = `decimal text${least} with at most ${digits} digits behind the point`
      throw fault('invalid-amount', pathOf(field, row), value(field), expected)
    }
    return amount
  }
  const orderOf = (role: number, value: (field: string) => unknown, row?: number): GroupValue => {
    if (order === undefined || (role & (ORDER | REFUND)) === 0) return null
    const field = (role & REFUND) === 0 ? order.field : refunds!.order
    if (field === undefined) return null
    const name = value(field)
    if (typeof name === 'string') return name
    if (Number.isSafeInteger(name) || typeof name === 'bigint') return String(name)
    throw fault('wrong-type', pathOf(field, row), name, 'the number of an order')
  }

  const read = (event: AnyEvent) => {
    if (!isRecord(event)) throw fault('wrong-type', '$', event, 'an event')
    const { subject, occurredAt, type, data } = event as AnyEvent
    if (typeof type !== 'string') throw fault('wrong-type', '$.type', type, 'text')
    if (typeof subject !== 'string') throw fault('wrong-type', '$.subject', subject, 'text')
    checkInstant(occurredAt, '$.occurredAt')
    const role = roleOf(event)
    const value = (field: string) => (isRecord(data) ? own(data, field) : undefined)
    return {
      subject,
      role,
      at: occurredAt,
      value,
      amount: amountOf(role, value),
      name: orderOf(role, value),
    }
  }

  return {
    of,
    shape,
    /** The partial, checked: it may have been stored, or come from elsewhere. */
    own: checkOwn,
    empty: (): HistoriesPartial => ({ of, names: [], events: [], values: [null] }),
    add(partial: HistoriesPartial, event: AnyEvent): HistoriesPartial {
      draft(partial)
      const { subject, role, at, value, amount, name } = read(event)
      if (role === 0) return partial
      const list = listOf(partial, subject)
      list.push(at, role)
      if (shape.amount >= 0) list.push(amount)
      if (shape.order >= 0) list.push(numberOf(partial, name))
      for (const field of shape.names) list.push(numberOf(partial, plainValue(value(field))))
      return partial
    },
    addColumns(partial: HistoriesPartial, columns: EventColumns): HistoriesPartial {
      draft(partial)
      const { length, subjects, names, times, types, typeCodes, dataAt } = readColumns(columns)
      const byType = types.map((type) => roleOf.byType?.(type))
      const cell = (field: string) =>
        reader(columns.data === undefined ? undefined : own(columns.data, field))
      const cells = new Map<string, (row: number) => unknown>()
      let row = 0
      const value = (field: string): unknown => {
        let get = cells.get(field)
        if (get === undefined) {
          get = cell(field)
          cells.set(field, get)
        }
        return get(row)
      }
      // Everything is checked before anything is added, so that a bad row leaves no half-added columns behind.
      const roles = new Uint8Array(length)
      const amounts = new Float64Array(shape.amount < 0 ? 0 : length)
      const orders: GroupValue[] = []
      for (row = 0; row < length; row++) {
        const code = typeCodes === undefined ? 0 : typeCodes[row]!
        const type = types[code]
        if (type === undefined) throw fault('out-of-range', `$.type[${row}]`, code, 'a code that has a value')
        const subject = subjects[row]!
        if (names === undefined) {
          if (!(Number.isSafeInteger(subject) && subject >= 0))
            throw fault('out-of-range', `$.subject[${row}]`, subject, 'a whole number from 0')
        } else if (names[subject] === undefined)
          throw fault('out-of-range', `$.subject[${row}]`, subject, 'a code that has a value')
        const at = checkedTime(times, row)
        const role =
          byType[code] ??
          roleOf({
            id: '',
            type,
            subject: names === undefined ? String(subject) : names[subject]!,
            occurredAt: at,
            data: dataAt(row) as AnyEvent['data'],
          })
        roles[row] = role
        if (shape.amount >= 0) amounts[row] = amountOf(role, value, row)
        if (shape.order >= 0) orders.push(orderOf(role, value, row))
      }
      const lists = new Map<number, number[]>()
      for (row = 0; row < length; row++) {
        const role = roles[row]!
        if (role === 0) continue
        const subject = subjects[row]!
        let list = lists.get(subject)
        if (list === undefined) {
          list = listOf(partial, names === undefined ? String(subject) : names[subject]!)
          lists.set(subject, list)
        }
        list.push(times[row]! + 0, role)
        if (shape.amount >= 0) list.push(amounts[row]!)
        if (shape.order >= 0) list.push(numberOf(partial, orders[row]!))
        for (const field of shape.names) list.push(numberOf(partial, plainValue(value(field))))
      }
      return partial
    },
    retract(partial: HistoriesPartial, event: AnyEvent): HistoriesPartial {
      draft(partial)
      const { subject, role, at, value, amount, name } = read(event)
      if (role === 0) return partial
      const row = people.get(subject)
      const list = row === undefined ? [] : partial.events[row]!
      const wanted: (number | undefined)[] = [at, role]
      const number = (found: GroupValue) => (found === null ? 0 : numbers.get(found))
      if (shape.amount >= 0) wanted.push(amount)
      if (shape.order >= 0) wanted.push(number(name))
      for (const field of shape.names) wanted.push(number(plainValue(value(field))))
      for (let i = 0; i < list.length; i += width) {
        if (!wanted.every((part, k) => list[i + k] === part)) continue
        list.splice(i, width)
        if (list.length === 0) drop(partial, row!)
        return partial
      }
      throw fault('missing', '$', event.type, 'an event that was added before')
    },
    forget(partial: HistoriesPartial, subject: string): HistoriesPartial {
      draft(partial)
      if (typeof subject !== 'string') throw fault('wrong-type', '$.subject', subject, 'text')
      const row = people.get(subject)
      if (row === undefined) return partial
      drop(partial, row)
      forgetValues(partial)
      numbers = new Map(partial.values.map((value, number) => [value, number]))
      numbersOf.set(partial.values, numbers)
      return partial
    },
    merge(a: HistoriesPartial, b: HistoriesPartial): HistoriesPartial {
      checkOwn(a)
      checkOwn(b)
      const merged: HistoriesPartial = {
        of,
        names: [...a.names],
        events: a.events.map((list) => list.slice()),
        values: [...a.values],
      }
      draft(merged)
      const codes = b.values.map((value) => numberOf(merged, value))
      for (let row = 0; row < b.names.length; row++) {
        const list = listOf(merged, b.names[row]!)
        for (const [i, part] of b.events[row]!.entries()) {
          const place = i % width
          const coded = place === shape.order || place >= shape.fields
          list.push(coded ? codes[part]! : part)
        }
      }
      return merged
    },
  }

  /** Values that nobody has any more leave no trace. */
  function forgetValues({ values, events: lists }: HistoriesPartial): void {
    const kept = new Map<number, number>([[0, 0]])
    const left: GroupValue[] = [null]
    for (const list of lists) {
      for (let i = 0; i < list.length; i += width) {
        for (let k = shape.order < 0 ? shape.fields : shape.order; k < width; k++) {
          const number = list[i + k]!
          if (!kept.has(number)) kept.set(number, left.push(values[number]!) - 1)
          list[i + k] = kept.get(number)!
        }
      }
    }
    values.length = 0
    for (const value of left) values.push(value)
  }
}

interface Roles {
  (event: AnyEvent): number
  /** By type alone, where no filter asks for more. */
  readonly byType: ((type: string) => number) | undefined
}

/** What an event is under a definition; 0 where it is nothing. */
function roles(
  { orders, refunds, entry }: Agreed,
  events: { readonly events: EventSpecs } | undefined,
): Roles {
  const marker = (choice: EventChoice) => markerOf({ entry: choice, activity: choice, events })
  const markers = [
    [ORDER, marker(orders)] as const,
    ...(refunds === undefined ? [] : [[REFUND, marker(refunds.event)] as const]),
    ...(entry === undefined ? [] : [[ENTRY, marker(entry)] as const]),
  ]
  const both = (role: number) => {
    if ((role & (ORDER | REFUND)) === (ORDER | REFUND))
      throw fault('duplicate-name', '$.refunds.event', refunds?.event, 'events that are no orders')
    return role
  }
  const roleOf = (event: AnyEvent): number => {
    let role = 0
    for (const [flag, mark] of markers) if (mark(event) !== 0) role |= flag
    return both(role)
  }
  if (markers.some(([, { byType }]) => byType === undefined))
    return Object.assign(roleOf, { byType: undefined })
  const byType = (type: string): number => {
    let role = 0
    for (const [flag, mark] of markers) if (mark.byType!(type) !== 0) role |= flag
    return both(role)
  }
  return Object.assign((event: AnyEvent) => byType(event.type), { byType })
}

/** Where a field stands, in an event or in a row of columns. */
const pathOf = (field: string, row: number | undefined): string =>
  row === undefined ? `$.data.${field}` : `$.data[${row}].${field}`

/** A field's value as it stands in an event; `null` where it is missing or nothing to name a group by. */
function plainValue(found: unknown): GroupValue {
  if (typeof found === 'bigint') return Number.isSafeInteger(Number(found)) ? Number(found) : null
  if (typeof found === 'number') return Number.isFinite(found) ? found + 0 : null
  return typeof found === 'string' || typeof found === 'boolean' ? found : null
}

/** Reads a column that was checked before. */
function reader(column: Column<unknown> | undefined): (row: number) => unknown {
  if (column === undefined) return () => undefined
  return 'get' in column && typeof column.get === 'function'
    ? (row) => column.get(row)
    : (row) => (column as ArrayLike<unknown>)[row]
}

/** Refuses what was not collected: a partial may have been stored, or come from elsewhere. */
function checkLog({ names, events, values }: HistoriesPartial, shape: EventShape): void {
  const { width, amount, order, fields } = shape
  if (!(Array.isArray(names) && names.every((name) => typeof name === 'string')))
    throw malformed('$.names', names)
  if (!Array.isArray(values) || values[0] !== null) throw malformed('$.values', values)
  for (let i = 1; i < values.length; i++) {
    const value: unknown = values[i]
    if (!(typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value)))
      throw malformed(`$.values[${i}]`, value)
  }
  if (new Set(values).size !== values.length) throw malformed('$.values', values)
  if (!(Array.isArray(events) && events.length === names.length)) throw malformed('$.events', events)
  if (new Set(names).size !== names.length) throw malformed('$.names', names)
  for (let row = 0; row < events.length; row++) {
    const list: unknown = events[row]
    if (!(Array.isArray(list) && list.length > 0 && list.length % width === 0))
      throw malformed(`$.events[${row}]`, list)
    for (let i = 0; i < list.length; i += width) {
      const role: unknown = list[i + 1]
      let holds = isInstant(list[i]) && isCode(role, 8) && role > 0
      if (amount >= 0 && !isWhole(list[i + amount])) holds = false
      if (order >= 0 && !isCode(list[i + order], values.length)) holds = false
      for (let k = fields; k < width; k++) if (!isCode(list[i + k], values.length)) holds = false
      if (!holds) throw malformed(`$.events[${row}][${i}]`, list[i])
    }
  }
}

const isWhole = (value: unknown): boolean => Number.isSafeInteger(value) && !Object.is(value, -0)
const isCode = (value: unknown, below: number): value is number =>
  isWhole(value) && (value as number) >= 0 && (value as number) < below
const malformed = (path: string, value: unknown) =>
  fault('malformed-state', path, value, 'what was collected')
