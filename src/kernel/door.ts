import { minorDigits } from './currency.js'
import { plain } from './digest.js'
import { kindOf } from './errors.js'
import type { AnyEvent } from './event.js'
import { type EventSpecs, type Field, type Fields, fits, type Misfit, misfit, misfitIn } from './field.js'
import { isInstant, parseInstant } from './instant.js'
import { formatMinor, parseMinor } from './money.js'
import { isRecord, own, plainFault } from './plain.js'

/** Why data did not come in. Data is never echoed: a field's name comes from the catalogue, the rest is kind and length. */
export type DoorRefusal =
  | { readonly code: 'not-an-event'; readonly got: string }
  | { readonly code: 'nested-too-deeply'; readonly limit: number }
  | { readonly code: 'too-much-data'; readonly limit: number }
  | { readonly code: 'unknown-type'; readonly length: number }
  | { readonly code: 'missing-field'; readonly field: string; readonly expected: string }
  | { readonly code: 'unknown-field'; readonly in: 'envelope' | 'data'; readonly length: number }
  | {
      readonly code: 'malformed-field'
      readonly field: string
      readonly expected: string
      readonly got: string
    }
  | {
      readonly code: 'other-currency'
      readonly field: string
      readonly expected: string
      readonly got: string
    }
  | { readonly code: 'schema-mismatch'; readonly issues: number }

/** The part of the Standard Schema interface that the door calls; zod, valibot and arktype schemas fit as they are. */
export interface StandardSchema {
  readonly '~standard': {
    readonly version: 1
    readonly vendor: string
    readonly validate: (value: unknown) => StandardResult | Promise<StandardResult>
  }
}
type StandardResult =
  | { readonly value: unknown; readonly issues?: undefined }
  | { readonly issues: readonly { readonly message: string }[] }

/** How much the door takes in. */
export interface DoorLimits {
  /** Levels of nesting; 32 unless told. */
  readonly depth?: number
  /** Values in all, a hundred characters of text counting as one more; 10,000 unless told. */
  readonly nodes?: number
}

/** What an input may carry; `cause` is not among them: only engines say what caused an event. */
const ENVELOPE = [
  'id',
  'type',
  'subject',
  'occurredAt',
  'recordedAt',
  'effectiveAt',
  'expectedVersion',
  'data',
] as const

/** Whether a name is one of them; written out, as it is asked of every key of every input. */
function isOfEnvelope(key: string): boolean {
  switch (key as (typeof ENVELOPE)[number]) {
    case 'id':
    case 'type':
    case 'subject':
    case 'occurredAt':
    case 'recordedAt':
    case 'effectiveAt':
    case 'expectedVersion':
    case 'data':
      return true
  }
  return false
}

/** The first thing that is wrong with an input that claims to be of this catalogue; `undefined` when nothing is. */
export function faultOf(specs: EventSpecs, input: AnyEvent): DoorRefusal | undefined {
  const misfit = strangeness(input) ?? faultInEnvelope(input)
  if (misfit !== undefined) return misfit
  const fields = own(specs, input.type)
  if (fields === undefined) return { code: 'unknown-type', length: input.type.length }
  return faultInData(fields, input.data as Readonly<Record<string, unknown>>)
}

const SUBJECT: Field = { type: 'ref', role: '' }
const VERSION: Field = { type: 'integer' }

/** What is wrong with the envelope of what has no other keys. */
export function faultInEnvelope(input: AnyEvent): DoorRefusal | undefined {
  const { id, type, subject, occurredAt, recordedAt, expectedVersion, effectiveAt, data } = input
  if (typeof id !== 'string' || id.length === 0 || id.length > 1000) return badField('id', 'text', id)
  if (typeof type !== 'string') return badField('type', 'text', type)
  if (!fits(SUBJECT, subject)) return badField('subject', 'text', subject)
  if (!isInstant(occurredAt)) return badField('occurredAt', 'instant', occurredAt)
  if (recordedAt !== undefined && !isInstant(recordedAt)) return badField('recordedAt', 'instant', recordedAt)
  if (effectiveAt !== undefined && !isInstant(effectiveAt))
    return badField('effectiveAt', 'instant', effectiveAt)
  if (expectedVersion !== undefined && !fits(VERSION, expectedVersion)) {
    return badField('expectedVersion', 'safe integer', expectedVersion)
  }
  return isRecord(data) ? undefined : badField('data', 'object', data)
}

/** What keeps a value from being an envelope at all; `beside` is one more key that it may have. */
export function strangeness(value: unknown, beside?: string): DoorRefusal | undefined {
  if (!isRecord(value)) return { code: 'not-an-event', got: kindOf(value) }
  for (const key of Object.keys(value)) {
    if (!isOfEnvelope(key) && key !== beside)
      return { code: 'unknown-field', in: 'envelope', length: key.length }
  }
  return undefined
}

/** Fields as data is compared with them: by name, and how many of them have to be there. */
interface Asked {
  readonly byName: ReadonlyMap<string, Field>
  readonly required: number
  /** The names of the last data that fitted, and the field of each: what one engine writes has its names in one order. */
  names: readonly string[]
  fields: readonly Field[]
}
const asked = new WeakMap<Fields, Asked>()

function askedOf(fields: Fields): Asked {
  const known = asked.get(fields)
  if (known !== undefined) return known
  const required = Object.values(fields).filter((field) => field.required !== false).length
  const made = { byName: new Map(Object.entries(fields)), required, names: [], fields: [] }
  asked.set(fields, made)
  return made
}

/** Whether data fit, as nearly all do; what is wrong with the others is found after. */
function isFit(fields: Fields, data: Readonly<Record<string, unknown>>): boolean {
  const asked = askedOf(fields)
  const names = Object.keys(data)
  if (names.length > 0 && sameNames(names, asked.names)) {
    for (let i = 0; i < names.length; i++) if (!fits(asked.fields[i]!, data[names[i]!])) return false
    return true
  }
  const met: Field[] = []
  let found = 0
  for (const name of names) {
    const field = asked.byName.get(name)
    if (field === undefined || !fits(field, data[name])) return false
    if (field.required !== false) found += 1
    met.push(field)
  }
  if (found !== asked.required) return false
  asked.names = names
  asked.fields = met
  return true
}

function sameNames(a: readonly string[], b: readonly string[]): boolean {
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}

/** What is wrong with the data of an event of these fields. */
export function faultInData(
  fields: Fields,
  data: Readonly<Record<string, unknown>>,
): DoorRefusal | undefined {
  if (isFit(fields, data)) return undefined
  for (const name of Object.keys(data)) {
    if (!Object.hasOwn(fields, name)) return { code: 'unknown-field', in: 'data', length: name.length }
  }
  for (const name of Object.keys(fields)) {
    const field = fields[name]!
    const value = own(data, name)
    if (value === undefined) {
      if (field.required !== false)
        return { code: 'missing-field', field: name, expected: misfit(field, value).expected }
    } else if (!fits(field, value)) return misfitIn(name, field, value)
  }
  return undefined
}

const badField = (field: string, expected: string, value: unknown): DoorRefusal =>
  value === undefined
    ? { code: 'missing-field', field, expected }
    : { code: 'malformed-field', field, expected, got: kindOf(value) }

/**
 * The door for data: unknown in, an event of the catalogue or a refusal out. Depth and size are checked first and
 * without recursion, instants become numbers, money becomes decimal text of the catalogue's currency. Nothing else is
 * changed; what does not fit is refused, and the input itself is never touched.
 */
export function readEvent(
  specs: EventSpecs,
  value: unknown,
  options: ReadOptions = {},
): { readonly event: AnyEvent } | { readonly refusal: DoorRefusal } {
  const read = reading(specs, value, options)
  return 'code' in read ? { refusal: read } : { event: read }
}

/** How the door reads. */
export interface ReadOptions {
  /** The host's own checks of `data`, by event: any Standard Schema (zod, valibot, arktype). */
  readonly schemas?: { readonly [event: string]: StandardSchema | undefined }
  readonly limits?: DoorLimits
}

function reading(
  specs: EventSpecs,
  value: unknown,
  { schemas = {}, limits }: ReadOptions,
): AnyEvent | DoorRefusal {
  const fault = faultInLooking(value, () => sizeFault(value, limits) ?? strangeness(value))
  if (fault) return fault
  const event: { [key: string]: unknown; type?: unknown; data?: unknown } = {}
  for (const key of ENVELOPE) {
    const given = own(value as object, key)
    if (given !== undefined) event[key] = key.endsWith('At') ? momentOf(given) : given
  }
  const { type } = event
  const fields = typeof type === 'string' && own(specs, type)
  let misread: DoorRefusal | undefined
  if (fields) {
    const result = own(schemas, type as string)?.['~standard'].validate(event.data)
    if (result instanceof Promise) return { code: 'schema-mismatch', issues: 0 }
    if (result?.issues) return { code: 'schema-mismatch', issues: result.issues.length }
    const data = result ? result.value : event.data
    if (isRecord(data)) {
      const normal: (readonly [string, unknown])[] = []
      for (const [name, given] of Object.entries(data)) {
        const field = own(fields, name)
        const read = field === undefined ? { value: given } : normalise(field, given)
        if ('code' in read) misread ??= { field: name, ...read }
        else if (read.value !== undefined) normal.push([name, read.value])
      }
      event.data = Object.fromEntries(normal)
    } else event.data = data
  }
  return misread ?? faultOf(specs, event as unknown as AnyEvent) ?? (event as unknown as AnyEvent)
}

const momentOf = (value: unknown): unknown => parseInstant(value as string) ?? value

function normalise(field: Field, value: unknown): { readonly value: unknown } | Misfit {
  if (field.type === 'instant') return { value: momentOf(value) }
  // A detail is copied: whoever sent it may go on changing it.
  if (field.type === 'detail') return { value: fits(field, value) ? plain(value) : value }
  if (field.type === 'lines') return { value: Array.isArray(value) ? value.map(lineReader(field.of)) : value }
  if (field.type !== 'money') return { value }
  const digits = minorDigits(field.currency)
  let amount = value
  if (isRecord(value)) {
    if (Object.keys(value).some((key) => key !== 'amount' && key !== 'currency')) return misfit(field, value)
    if (value['currency'] !== field.currency) {
      return { code: 'other-currency', expected: field.currency, got: kindOf(value['currency']) }
    }
    amount = value['amount']
  }
  const minor = parseMinor(amount as string, digits)
  return minor === undefined ? misfit(field, amount) : { value: formatMinor(minor, digits) }
}

/** A line as it is recorded: a new record, in which what could not be read stays as it came and is refused after. */
const lineReader =
  (fields: Fields) =>
  (line: unknown): unknown => {
    if (!isRecord(line)) return line
    const read = Object.entries(line).flatMap(([name, given]): (readonly [string, unknown])[] => {
      const field = own(fields, name)
      const normal = field === undefined ? { value: given } : normalise(field, given)
      const value = 'code' in normal ? given : normal.value
      return value === undefined ? [] : [[name, value]]
    })
    return Object.fromEntries(read)
  }

/** What is wrong with a value, found by looking; also that looking at it fails, as where reading a name runs code that throws. */
export function faultInLooking(value: unknown, look: () => DoorRefusal | undefined): DoorRefusal | undefined {
  try {
    return look()
  } catch {
    return { code: 'not-an-event', got: kindOf(value) }
  }
}

/** Depth and size; what is not plain is found by the fields themselves. */
export function sizeFault(
  value: unknown,
  { depth = 32, nodes = 10_000 }: DoorLimits = {},
): Extract<DoorRefusal, { limit: number }> | undefined {
  const fault = plainFault(value, { depth, nodes })
  if (fault === 'too-deep') return { code: 'nested-too-deeply', limit: depth }
  return fault === 'too-large' ? { code: 'too-much-data', limit: nodes } : undefined
}
