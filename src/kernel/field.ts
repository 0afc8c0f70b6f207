import { checkCurrency, minorDigits } from './currency.js'
import { canonical, type Json } from './digest.js'
import { checkOwnName, fault, kindOf } from './errors.js'
import { type Instant, isInstant } from './instant.js'
import { formatMinor, parseMinor } from './money.js'
import { isRecord, own, plainFault } from './plain.js'
import { byName, type Keys, type Known, keysOf } from './strangers.js'

/** What one field of an event holds: plain data that the compiler reads as a type and the door reads as a check. */
export type Field = FieldOptions &
  (
    | SimpleField
    | { readonly type: 'ref'; readonly role: string }
    | { readonly type: 'detail' }
    | { readonly type: 'lines'; readonly of: LineFields }
  )

type SimpleField =
  | { readonly type: 'text'; readonly oneOf?: readonly string[] }
  | { readonly type: 'integer' }
  | { readonly type: 'money'; readonly currency: string }
  | { readonly type: 'instant' }
  | { readonly type: 'boolean' }

/** What one record of a list holds: values, and no lists in lists. */
export type LineFields = { readonly [field: string]: FieldOptions & SimpleField }

interface FieldOptions {
  readonly required?: false
  /** In what an engine publishes: the field is its word for this, read with `says(engine, word)`. */
  readonly says?: string
  /** What the engine says before its first event. */
  readonly initially?: string | number | boolean
}

const options = { type: null, required: null, says: null, initially: null }
const fieldKeys: { readonly [type: string]: Keys } = {
  text: { ...options, oneOf: null },
  money: { ...options, currency: null },
  ref: { ...options, role: null },
}
const lineKeys: { readonly [type: string]: Keys } = {
  text: keysOf('type', 'required', 'oneOf'),
  money: keysOf('type', 'required', 'currency'),
}
const lineKnown = ({ type }: { readonly type?: unknown }): Keys =>
  own(lineKeys, String(type)) ?? keysOf('type', 'required')
/** What fields may say. */
export const eventKeys: Known = byName(
  byName(({ type }) =>
    type === 'lines' ? { ...options, of: byName(lineKnown) } : (own(fieldKeys, String(type)) ?? options),
  ),
)

/** Fields of one event by name. */
export type Fields = { readonly [field: string]: Field }

/** Events by name: what a catalogue is made of, and what an engine publishes. */
export type EventSpecs = { readonly [event: string]: Fields }

/** Refuses events and fields that are called what every object has. */
export function checkEventNames(events: EventSpecs): void {
  for (const [event, fields] of Object.entries(events)) {
    const path = `$.events.${event}`
    checkOwnName(event, path)
    for (const [name, field] of Object.entries(fields ?? {})) {
      checkOwnName(name, `${path}.${name}`)
      if (field?.type === 'lines')
        for (const line of Object.keys(field.of ?? {})) checkOwnName(line, `${path}.${name}.of.${line}`)
    }
  }
}

/** A field as it is written: the data itself, with `optional` on its prototype, where JSON does not see it. */
export type Written<F> = F & { optional(): F & { readonly required: false } }

/** Whether values of a field are ordered numbers: integers, money in minor units, instants. */
export const isNumberLike = ({ type }: { readonly type: string }): boolean =>
  type === 'integer' || type === 'money' || type === 'instant'

/** Not enumerable, so that schemas and copies see the data alone. */
const verbs = /* @__PURE__ */ Object.defineProperty({}, 'optional', {
  value(this: Field) {
    return { ...this, required: false as const }
  },
})

const written = <F extends Field>(field: F): Written<F> =>
  Object.assign(Object.create(verbs), field) as Written<F>

/** Text; with arguments, one of these words: `text('web', 'app')`. */
export function text(): Written<{ readonly type: 'text' }>
export function text<const V extends string>(
  ...oneOf: readonly V[]
): Written<{ readonly type: 'text'; readonly oneOf: readonly V[] }>
export function text(...oneOf: readonly string[]) {
  return written(oneOf.length === 0 ? { type: 'text' } : { type: 'text', oneOf })
}

/** A safe integer: likes, points, minutes. */
export const integer = (): Written<{ readonly type: 'integer' }> => written({ type: 'integer' })

/** An amount of this currency as decimal text: `'199.90'`. The door also takes `{ amount, currency }`. */
export function money<const C extends string>(
  currency: C,
): Written<{ readonly type: 'money'; readonly currency: C }> {
  return written({ type: 'money', currency: checkCurrency(currency, '$.currency') as C })
}

/** A moment: epoch milliseconds. The door also takes ISO 8601 text with an offset. */
export const moment = (): Written<{ readonly type: 'instant' }> => written({ type: 'instant' })

/** True or false. */
export const flag = (): Written<{ readonly type: 'boolean' }> => written({ type: 'boolean' })

/** Another subject that takes part, in this role: friend, receiver, store. Facts reach it with `{ as: role }`. */
export const ref = <const R extends string>(role: R): Written<{ readonly type: 'ref'; readonly role: R }> =>
  written({ type: 'ref', role })

/** Plain data that travels with an event and that no fact reads: reasons, parts of a posting. */
export const detail = (): Written<{ readonly type: 'detail' }> => written({ type: 'detail' })

/**
 * A list of records, each with these fields: the lines of an order. The door takes up to 1,000 of them. Earning rules of points
 * read lines one by one; facts and conditions do not.
 *
 * @throws DefinitionError `missing` without a field; `wrong-type` for a field that holds more than one value.
 * @example
 * lines({ sku: text(), amount: money('CNY'), category: text().optional() })
 */
export function lines<const L extends LineFields>(
  of: L,
): Written<{ readonly type: 'lines'; readonly of: L }> {
  if (!isRecord(of) || Object.keys(of).length === 0)
    throw fault('missing', '$.lines', of, 'at least one field')
  for (const [name, field] of Object.entries(of)) {
    if (!isRecord(field) || !SIMPLE.includes(field['type'] as Field['type']))
      throw fault('wrong-type', `$.lines.${name}`, kindOf(field), SIMPLE.join(' | '))
  }
  return written({ type: 'lines', of })
}

const SIMPLE: readonly Field['type'][] = ['text', 'integer', 'money', 'instant', 'boolean']

/** The attributes of a profile, set by the event `attribute-set`, each on its own or several at once. */
export function attributes<const A extends Fields>(
  fields: A,
): { readonly 'attribute-set': { readonly [N in keyof A]: A[N] & { readonly required: false } } } {
  const optional = Object.entries(fields).map(([name, field]) => [name, { ...field, required: false }])
  return { 'attribute-set': Object.fromEntries(optional) as never }
}

type ValueOfType<F extends Field> = F extends { readonly oneOf: readonly (infer V)[] }
  ? V
  : F extends { readonly type: 'text' | 'money' | 'ref' }
    ? string
    : F extends { readonly type: 'integer' }
      ? number
      : F extends { readonly type: 'instant' }
        ? Instant
        : F extends { readonly type: 'boolean' }
          ? boolean
          : F extends { readonly type: 'detail' }
            ? Json
            : F extends { readonly type: 'lines'; readonly of: infer L }
              ? readonly DataOf<L>[]
              : never

/** What an event carries in a field. */
export type ValueOf<F> = F extends Field ? ValueOfType<F> : never

type Required<F> = { [N in keyof F]: F[N] extends { readonly required: false } ? never : N }[keyof F]

/** The `data` of an event with these fields. */
export type DataOf<F> = { readonly [N in Required<F>]: ValueOf<F[N]> } & {
  readonly [N in Exclude<keyof F, Required<F>>]?: ValueOf<F[N]> | undefined
}

/** Names of the fields that hold one of these kinds. */
export type FieldsOf<F, Type extends Field['type']> = {
  [N in keyof F & string]: F[N] extends { readonly type: Type } ? N : never
}[keyof F & string]

const TEXT_LIMIT = 10_000
const DETAIL = { depth: 32, nodes: 10_000 }
const LINE_LIMIT = 1000

/** Why a value does not fit a field: what would, and what kind of thing came, never the value itself. */
export interface Misfit {
  readonly code: 'malformed-field' | 'other-currency'
  readonly expected: string
  readonly got: string
}

const expectedOf = (field: Field): string =>
  field.type === 'text' && field.oneOf
    ? field.oneOf.join(' | ')
    : field.type === 'money'
      ? `decimal text in ${field.currency}`
      : field.type === 'integer'
        ? 'safe integer'
        : field.type === 'lines'
          ? `a list of up to ${LINE_LIMIT} records of ${Object.keys(field.of).join(', ')}`
          : field.type

/** Whether a recorded value fits its field. */
export function fits(field: Field, value: unknown): boolean {
  switch (field.type) {
    case 'text':
      return (
        typeof value === 'string' && (field.oneOf ? field.oneOf.includes(value) : value.length <= TEXT_LIMIT)
      )
    case 'integer':
      return Number.isSafeInteger(value) && !Object.is(value, -0)
    case 'money':
      return parseMinor(value as string, minorDigits(field.currency)) !== undefined
    case 'instant':
      return isInstant(value)
    case 'boolean':
      return typeof value === 'boolean'
    case 'ref':
      return typeof value === 'string' && value.length > 0 && value.length <= TEXT_LIMIT
    case 'detail':
      return value !== undefined && plainFault(value, DETAIL) === undefined
    case 'lines':
      return isListOfLines(value) && value.every((line) => fitsLine(field.of, line))
  }
}

const isListOfLines = (value: unknown): value is readonly unknown[] =>
  Array.isArray(value) && value.length <= LINE_LIMIT

const fitsLine = (fields: LineFields, line: unknown): boolean =>
  isRecord(line) &&
  Object.keys(line).every((name) => Object.hasOwn(fields, name)) &&
  Object.keys(fields).every((name) => fitsOrLacks(fields[name]!, own(line, name)))

const fitsOrLacks = (field: Field, value: unknown) =>
  value === undefined ? field.required === false : fits(field, value)

/** The misfit of a value that does not fit. */
export const misfit = (field: Field, value: unknown): Misfit => ({
  code: 'malformed-field',
  expected: expectedOf(field),
  got: kindOf(value),
})

/** Where in a field a value does not fit: of lines the first field of one that does not, by its name alone. */
export function misfitIn(name: string, field: Field, value: unknown): Misfit & { readonly field: string } {
  if (field.type === 'lines' && isListOfLines(value)) {
    for (const line of value.filter(isRecord)) {
      for (const [inner, one] of Object.entries(field.of)) {
        const found = own(line, inner)
        if (!fitsOrLacks(one, found)) return { field: `${name}.${inner}`, ...misfit(one, found) }
      }
    }
  }
  return { field: name, ...misfit(field, value) }
}

/** The value of a number-like field as the number that facts count with: minor units for money. */
export function numberOf(field: Field, value: unknown): number | null {
  if (value === undefined || value === null) return null
  if (field.type === 'money') return parseMinor(value as string, minorDigits(field.currency)) ?? null
  return typeof value === 'number' ? value : null
}

/** The reverse of `numberOf`, for people. */
export const valueOfNumber = (field: Field, value: number): number | string =>
  field.type === 'money' ? formatMinor(value, minorDigits(field.currency)) : value

/** Whether events carry the same; what a field says of its engine is for facts alone. */
export const sameFields = (a: Fields, b: Fields) => canonical(carried(a)) === canonical(carried(b))

const carried = (fields: Fields) =>
  Object.fromEntries(
    Object.entries(fields).map(([name, { says: _, initially: __, ...field }]) => [name, field]),
  )
