import { fault } from './errors.js'
import type { AnyEvent } from './event.js'
import type { FactScope, Scalar } from './fact.js'
import { type EventSpecs, type Field, type Fields, isNumberLike, numberOf } from './field.js'
import { isRecord, own } from './plain.js'

/** What a field has to be for an event to pass: a value, one of several, within bounds, or none of these. */
export type Filter =
  | Scalar
  | readonly Scalar[]
  | {
      readonly gte?: Scalar
      readonly gt?: Scalar
      readonly lte?: Scalar
      readonly lt?: Scalar
    }
  /** Passes also where an event leaves the field out. */
  | { readonly not: Scalar | readonly Scalar[] }

/** Only events whose fields pass. */
export interface Where {
  readonly [field: string]: Filter
}

/** A field as facts hold it: minor units for money; `undefined` where the event does not carry it. */
export function fieldValue(field: Field, data: object, name: string): Scalar | undefined {
  const value = own(data, name)
  if (value === undefined) return undefined
  return field.type === 'money' ? (numberOf(field, value) ?? undefined) : (value as Scalar)
}

/** Whether an event of the scope's type is about the subject in the scope's role, and passes its filter. */
export function matcherOf(
  scope: Pick<FactScope, 'event' | 'where' | 'as'>,
  events: EventSpecs,
): (event: AnyEvent, subject: string) => boolean {
  const { event: type, as, where = {} } = scope
  const fields: Fields = events[type] ?? {}
  const refs = Object.keys(fields).filter((name) => isRole(fields[name], as))
  const about =
    as === undefined
      ? isOwn
      : (event: AnyEvent, subject: string) => refs.some((name) => own(event.data, name) === subject)
  const filters = Object.entries(where).map(([name, filter]) => filterOf(fields[name]!, name, filter))
  if (filters.length === 0) return (event, subject) => event.type === type && about(event, subject)
  return (event, subject) =>
    event.type === type && about(event, subject) && filters.every((passes) => passes(event.data))
}

/** Whether an event is the subject's own. */
export const isOwn = (event: AnyEvent, subject: string) => event.subject === subject

const isRole = (field: Field | undefined, role: string | undefined) =>
  field?.type === 'ref' && field.role === role

function filterOf(field: Field, name: string, filter: Filter): (data: object) => boolean {
  const inner = (value: Scalar) => (field.type === 'money' ? numberOf(field, value)! : value)
  if (!isRecord(filter) || 'not' in filter) {
    const wanted = valuesOf(filter).map(inner)
    const not = isRecord(filter)
    return (data) => {
      const found = fieldValue(field, data, name)
      return found === undefined ? not : wanted.includes(found) !== not
    }
  }
  const bound = (sign: 'gte' | 'gt' | 'lte' | 'lt', none: number) =>
    filter[sign] === undefined ? none : (inner(filter[sign]) as number)
  const low = Math.max(bound('gte', -Infinity), bound('gt', -Infinity) + 1)
  const high = Math.min(bound('lte', Infinity), bound('lt', Infinity) - 1)
  return (data) => {
    const found = fieldValue(field, data, name)
    return found !== undefined && (found as number) >= low && (found as number) <= high
  }
}

/** The values that a filter names, of whatever form. */
export function valuesOf(filter: Filter): readonly Scalar[] {
  if (Array.isArray(filter)) return filter as readonly Scalar[]
  if (!isRecord(filter)) return [filter as Scalar]
  return 'not' in filter ? valuesOf(filter['not'] as Filter) : (Object.values(filter) as Scalar[])
}

const SIGNS = ['gte', 'gt', 'lte', 'lt']

/** The values that a filter compares with, each with its path, after its form was checked. @throws DefinitionError */
export function operandsOfFilter(
  field: Field,
  filter: Filter,
  path: string,
): readonly (readonly [path: string, value: Scalar])[] {
  if (!isRecord(filter)) return valuesOf(filter).map((value) => [path, value])
  const keys = Object.keys(filter)
  if (keys.length === 1 && keys[0] === 'not' && !isRecord((filter as { readonly not: unknown }).not))
    return valuesOf(filter as Filter).map((value) => [`${path}.not`, value])
  const known = keys.includes('not') ? ['not'] : SIGNS
  const strange = keys.find((key) => !known.includes(key))
  if (strange !== undefined || keys.length === 0)
    throw fault('unknown-key', `${path}.${strange ?? ''}`, filter, `${SIGNS.join(' | ')}, or not alone`)
  if (!isNumberLike(field)) throw fault('wrong-type', path, filter, 'a value, a list of values, or not')
  return Object.entries(filter).map(([sign, value]) => [`${path}.${sign}`, value as Scalar])
}
