import { minorDigits } from './currency.js'
import type { AnyEvent } from './event.js'
import { type EventSpecs, type Field, type Fields, fits, kindOf, type Misfit, misfit } from './field.js'
import { isInstant, parseInstant } from './instant.js'
import { formatMinor, parseMinor } from './money.js'
import { plainFault } from './plain.js'

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
  /** Values in all; 10,000 unless told. */
  readonly nodes?: number
}

/** What an input may carry; `cause` is not among them: only engines say what caused an event. */
const ENVELOPE: ReadonlySet<string> = new Set([
  'id',
  'type',
  'subject',
  'occurredAt',
  'recordedAt',
  'expectedVersion',
  'effectiveAt',
  'data',
])

/** The first thing that is wrong with an input that claims to be of this catalogue; `undefined` when nothing is. */
export function faultOf(specs: EventSpecs, input: AnyEvent): DoorRefusal | undefined {
  if (typeof input !== 'object' || input === null) return { code: 'not-an-event', got: kindOf(input) }
  const { id, type, subject, occurredAt, recordedAt, expectedVersion, effectiveAt, data } = input
  for (const key of Object.keys(input)) {
    if (!ENVELOPE.has(key)) return { code: 'unknown-field', in: 'envelope', length: key.length }
  }
  if (typeof id !== 'string' || id.length === 0 || id.length > 1000) return badField('id', 'text', id)
  if (typeof type !== 'string') return badField('type', 'text', type)
  const fields = Object.hasOwn(specs, type) ? specs[type] : undefined
  if (fields === undefined) return { code: 'unknown-type', length: type.length }
  if (typeof subject !== 'string' || subject.length === 0) return badField('subject', 'text', subject)
  if (!isInstant(occurredAt)) return badField('occurredAt', 'instant', occurredAt)
  if (recordedAt !== undefined && !isInstant(recordedAt)) return badField('recordedAt', 'instant', recordedAt)
  if (effectiveAt !== undefined && !isInstant(effectiveAt))
    return badField('effectiveAt', 'instant', effectiveAt)
  if (expectedVersion !== undefined && !Number.isSafeInteger(expectedVersion)) {
    return badField('expectedVersion', 'safe integer', expectedVersion)
  }
  if (typeof data !== 'object' || data === null || Array.isArray(data))
    return badField('data', 'object', data)
  return faultInData(fields, data as Readonly<Record<string, unknown>>)
}

function faultInData(fields: Fields, data: Readonly<Record<string, unknown>>): DoorRefusal | undefined {
  for (const name of Object.keys(data)) {
    if (!Object.hasOwn(fields, name)) return { code: 'unknown-field', in: 'data', length: name.length }
  }
  for (const name of Object.keys(fields)) {
    const field = fields[name]!
    const value = Object.hasOwn(data, name) ? data[name] : undefined
    if (value === undefined) {
      if (field.required !== false)
        return { code: 'missing-field', field: name, expected: misfit(field, value).expected }
    } else if (!fits(field, value)) return { field: name, ...misfit(field, value) }
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
  options: {
    readonly schemas?: { readonly [event: string]: StandardSchema | undefined }
    readonly limits?: DoorLimits
  } = {},
): { readonly event: AnyEvent } | { readonly refusal: DoorRefusal } {
  const size = sizeFault(value, options.limits)
  if (size) return { refusal: size }
  if (!isRecord(value)) return { refusal: { code: 'not-an-event', got: kindOf(value) } }
  const stranger = Object.keys(value).find((key) => !ENVELOPE.has(key))
  if (stranger !== undefined)
    return { refusal: { code: 'unknown-field', in: 'envelope', length: stranger.length } }
  const own = (key: string): unknown => (Object.hasOwn(value, key) ? value[key] : undefined)
  const type = own('type')
  const fields = typeof type === 'string' && Object.hasOwn(specs, type) ? specs[type] : undefined
  let data = own('data')
  const schema =
    typeof type === 'string' && options.schemas && Object.hasOwn(options.schemas, type)
      ? options.schemas[type]
      : undefined
  if (fields !== undefined && schema !== undefined) {
    const result = schema['~standard'].validate(data)
    if (result instanceof Promise) return { refusal: { code: 'schema-mismatch', issues: 0 } }
    if (result.issues) return { refusal: { code: 'schema-mismatch', issues: result.issues.length } }
    data = result.value
  }
  let misread: DoorRefusal | undefined
  if (fields !== undefined && isRecord(data)) {
    const normal: Record<string, unknown> = Object.create(null) as Record<string, unknown>
    for (const name of Object.keys(data)) {
      const given = data[name]
      const field = Object.hasOwn(fields, name) ? fields[name] : undefined
      const read = field === undefined ? { value: given } : normalise(field, given)
      if ('code' in read) misread ??= { field: name, ...read }
      else if (read.value !== undefined) normal[name] = read.value
    }
    data = { ...normal }
  }
  const event = {
    id: own('id'),
    type,
    subject: own('subject'),
    occurredAt: momentOf(own('occurredAt')),
    ...present('recordedAt', momentOf(own('recordedAt'))),
    ...present('effectiveAt', momentOf(own('effectiveAt'))),
    ...present('expectedVersion', own('expectedVersion')),
    data,
  } as AnyEvent
  const fault = misread ?? faultOf(specs, event)
  return fault ? { refusal: fault } : { event }
}

const present = (key: string, value: unknown) => (value === undefined ? {} : { [key]: value })

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const momentOf = (value: unknown): unknown =>
  typeof value === 'string' ? (parseInstant(value) ?? value) : value

function normalise(field: Field, value: unknown): { readonly value: unknown } | Misfit {
  if (field.type === 'instant') return { value: momentOf(value) }
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
  const minor = typeof amount === 'string' ? parseMinor(amount, digits) : undefined
  return minor === undefined ? misfit(field, amount) : { value: formatMinor(minor, digits) }
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
