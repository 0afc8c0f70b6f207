import { type DoorRefusal, faultInData, faultInEnvelope, strangeness } from './door.js'
import { concerns, type Engine, type Journal } from './engine.js'
import { type DefinitionCode, type DefinitionError, fault, kindOf } from './errors.js'
import { type AnyEvent, contentDigest, isCause } from './event.js'
import type { EventSpecs, Fields } from './field.js'
import { remembers } from './memory.js'
import type { Kinds } from './model.js'
import { own } from './plain.js'

/** Whether a replay derives events of this type again, instead of keeping what was recorded. */
export function isDerived<K extends Kinds>({ model }: Engine<K>, type: string): boolean {
  if (!Object.hasOwn(model.publishes, type)) return false
  return model.derives?.(type) ?? model.history === 'facts'
}

/** Reads one event of a log, given its place; whether the state lacks it. Asked in the order of the log. */
export type LogReader = (event: unknown, place: number) => boolean

/**
 * Reads a log that goes on from a state: each event by what the engine hears and emits, as strictly as the door, none from before the
 * state, and none before the one in front of it. What another version of an engine of `facts` derived passes by its envelope alone, since it is derived
 * again; so does a fact again that the state remembers.
 *
 * @param list - What the log is called: `$.events`.
 * @param sorted - Whether the events stand in their order; `true` unless told.
 */
export function logReader<K extends Kinds>(
  engine: Engine<K>,
  from: Journal<K['state']>,
  list: string,
  sorted = true,
): LogReader {
  // Tells of a state that is not of this engine before anything is read into it.
  engine.advance(from, from?.at ?? 0)
  const { hears, publishes } = engine.model
  const specs: EventSpecs = { ...hears, ...publishes }
  const ours = `${engine.id}/`
  /** By type: its fields, and whether what it says is passed over. Logs are of a few types. */
  const kinds = new Map<string, { readonly fields: Fields | undefined; readonly skipped: boolean }>()
  const kindOfEvent = (type: string) => {
    const known = kinds.get(type)
    if (known !== undefined) return known
    const fields = own(specs, type)
    const skipped =
      engine.history !== 'decisions' &&
      (fields === undefined ? type.startsWith(ours) : isDerived(engine, type))
    const kind = { fields, skipped }
    if (fields !== undefined) kinds.set(type, kind)
    return kind
  }
  let last = from.at ?? Number.NEGATIVE_INFINITY
  return (event, place) => {
    const envelope = strangeness(event, 'cause') ?? faultInEnvelope(event as AnyEvent)
    if (envelope !== undefined) throw misread(envelope, `${list}[${place}]`, event)
    const { id, type, occurredAt, cause, data } = event as AnyEvent
    if (cause !== undefined && !isCause(cause))
      throw fault('wrong-type', `${list}[${place}].cause`, cause, '{ input, digest }')
    const { fields, skipped } = kindOfEvent(type)
    if (!skipped) {
      if (fields === undefined)
        throw fault('unknown-name', `${list}[${place}].type`, kindOf(type), Object.keys(specs).join(' | '))
      const misfit = faultInData(fields, data as Readonly<Record<string, unknown>>)
      if (misfit !== undefined) throw misread(misfit, `${list}[${place}].data`, data)
    }
    if (!concerns(hears, event as AnyEvent, from.subject))
      throw fault(
        'wrong-type',
        `${list}[${place}].subject`,
        (event as AnyEvent).subject,
        'the log of this subject',
      )
    if (occurredAt < last) {
      const own = { input: id, digest: contentDigest(event as AnyEvent) }
      if (from.at !== null && occurredAt < from.at && remembers(from.ids, own, occurredAt)) return false
      throw fault(
        'out-of-range',
        `${list}[${place}].occurredAt`,
        occurredAt,
        `${last} or later: a log stands in the order of recording`,
      )
    }
    if (sorted) last = occurredAt
    return true
  }
}

const CODES: { readonly [C in DoorRefusal['code']]?: DefinitionCode } = {
  'missing-field': 'missing',
  'unknown-field': 'unknown-key',
}

/** What the door would have refused, as a fault of the log. */
function misread(refusal: DoorRefusal, path: string, value: unknown): DefinitionError {
  const code = CODES[refusal.code] ?? 'wrong-type'
  if ('field' in refusal) {
    const found = (value as Readonly<Record<string, unknown>>)[refusal.field]
    return fault(code, `${path}.${refusal.field}`, found, refusal.expected)
  }
  return fault(code, path, value, code === 'unknown-key' ? 'no other names' : 'a recorded event')
}
