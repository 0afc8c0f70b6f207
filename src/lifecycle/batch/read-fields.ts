import { fault } from '../../kernel/errors.js'
import { type Field, type Fields, fits } from '../../kernel/field.js'
import type { EventSpecs } from '../../kernel/index.js'
import { isRecord, own } from '../../kernel/plain.js'

/** Refuses a row whose fields the door would refuse, where rules read them; `row` is left out of objects. */
export type CheckFields = (type: string, data: object, row?: number) => void

/** The check of the fields that a definition reads; others may be missing, or be anything. */
export function fieldCheck(definition: object, events: EventSpecs): CheckFields {
  const read = fieldsRead(definition, events)
  const byType = new Map(
    [...read].map(([type, names]) => [
      type,
      [...names].map((name) => [name, (events[type] as Fields)[name]!] as const),
    ]),
  )
  return (type, data, row) => {
    for (const [name, field] of byType.get(type) ?? []) {
      const value = own(data, name)
      if (value === undefined ? field.required === false : fits(field, value)) continue
      const path = row === undefined ? `$.data.${name}` : `$.data.${name}[${row}]`
      throw fault(value === undefined ? 'missing' : 'wrong-type', path, value, wanted(field))
    }
  }
}

const wanted = (field: Field): string =>
  field.type === 'money' ? `decimal text in ${field.currency}` : field.type

/** By event, the fields that filters, facts and attributes name anywhere in the definition. */
function fieldsRead(definition: object, events: EventSpecs): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>()
  const note = (type: unknown, name: unknown) => {
    if (typeof type !== 'string' || typeof name !== 'string') return
    if (!Object.hasOwn(events, type) || !Object.hasOwn(events[type]!, name)) return
    found.set(type, (found.get(type) ?? new Set()).add(name))
  }
  const waiting: unknown[] = [definition]
  for (let one = waiting.pop(); one !== undefined; one = waiting.pop()) {
    if (Array.isArray(one)) for (const part of one) waiting.push(part)
    else if (isRecord(one)) {
      const { event, field, per, where, until, untilWhere, attribute, since } = one
      for (const name of [field, per, ...Object.keys(isRecord(where) ? where : {})]) note(event, name)
      for (const name of Object.keys(isRecord(untilWhere) ? untilWhere : {})) note(until, name)
      note('attribute-set', attribute)
      note('attribute-set', since)
      for (const part of Object.values(one)) if (typeof part === 'object' && part !== null) waiting.push(part)
    }
  }
  return found
}
