import { digestOf } from './digest.js'
import { fault } from './errors.js'
import type { DataOf, EventSpecs } from './field.js'
import { type Instant, isInstant } from './instant.js'
import { isRecord } from './plain.js'

/** Which input brought an event about. Events that time alone made have no cause. */
export interface Cause {
  /** Id of the input. */
  readonly input: string
  /** Digest of its content. */
  readonly digest: number
}

/** Any event or command, seen from outside its catalogue. */
export interface AnyEvent {
  /** Unique for the subject. The same id with the same content is a retry and has no second effect. */
  readonly id: string
  readonly type: string
  /** Whose it is; `subjectOf` joins parts. */
  readonly subject: string
  /** When it was true. */
  readonly occurredAt: Instant
  /** When it became known; no part of its content. */
  readonly recordedAt?: Instant | undefined
  /** On an input: refused as `version-conflict` unless this many inputs were accepted before. Never recorded. */
  readonly expectedVersion?: number | undefined
  /** For compensations: the date to which a correction belongs, while `occurredAt` is when it was made. */
  readonly effectiveAt?: Instant | undefined
  readonly cause?: Cause | undefined
  readonly data: object
}

/** Whether a value has the envelope of a recorded event; what its data holds is its type's to say. */
export function isEvent(value: unknown): value is AnyEvent {
  const { id, type, subject, occurredAt, recordedAt, cause, data } = isRecord(value) ? value : {}
  return (
    typeof id === 'string' &&
    typeof type === 'string' &&
    typeof subject === 'string' &&
    isInstant(occurredAt) &&
    (recordedAt === undefined || isInstant(recordedAt)) &&
    (cause === undefined || isCause(cause)) &&
    isRecord(data)
  )
}

/** Whether a value says which input brought an event about. */
export const isCause = (value: unknown): value is Cause =>
  isRecord(value) && typeof value['input'] === 'string' && Number.isSafeInteger(value['digest'])

/** The events of a catalogue as one union, told apart by `type`. */
export type EventIn<E extends EventSpecs> = {
  [T in keyof E & string]: AnyEvent & { readonly type: T; readonly data: DataOf<E[T]> }
}[keyof E & string]

/**
 * Joins parts into one subject without collisions: two children of one mother are two subjects.
 *
 * @example
 * subjectOf('mother', 'child') // => 'mother/child'
 */
export function subjectOf(...parts: readonly string[]): string {
  const empty = parts.findIndex((part) => typeof part !== 'string' || part === '')
  if (empty >= 0) throw fault('missing', `$[${empty}]`, parts[empty], 'text')
  return parts.map((part) => part.replaceAll('~', '~0').replaceAll('/', '~1')).join('/')
}

/** The types that an engine declares, each with its word: `points/earned` is `earned` of `points`. */
export const typeWords = (engine: string, specs: object): ReadonlyMap<string, string> =>
  new Map(Object.keys(specs).map((type) => [type, type.slice(engine.length + 1)]))

/** Total order of events: when it was true, when it became known, id by code unit. */
export function compareEvents(a: AnyEvent, b: AnyEvent): number {
  if (a.occurredAt !== b.occurredAt) return a.occurredAt - b.occurredAt
  const known = (a.recordedAt ?? a.occurredAt) - (b.recordedAt ?? b.occurredAt)
  return known !== 0 ? known : a.id < b.id ? -1 : a.id > b.id ? 1 : 0
}

/**
 * Digest of what an input says: all but when it became known and what its sender expected. Texts of any content are
 * told apart by their length in front.
 */
export function contentDigest({ id, type, subject, occurredAt, effectiveAt, data }: AnyEvent): number {
  const tail = effectiveAt === undefined ? '' : String(effectiveAt)
  return digestOf(id, type, subject, tail, data, occurredAt)
}
