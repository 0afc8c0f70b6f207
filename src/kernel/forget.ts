import { digest } from './digest.js'
import type { Engine, EventOf, Journal } from './engine.js'
import { fault, reading } from './errors.js'
import { type AnyEvent, isEvent } from './event.js'
import type { EventSpecs, Field, Fields } from './field.js'
import { byId, type Memory } from './memory.js'
import type { Kinds } from './model.js'
import { insert, items } from './sorted.js'

/**
 * Erases a person: the subject, ids, references and free text become numbered placeholders, in the state and in the
 * log alike, the same one for the same text. Amounts, instants, stages and words that the definition itself names stay,
 * so totals and counts stay what they were.
 *
 * @returns The log in the same order, and the state that goes with it. Both are for keeping and counting: an input that
 * repeats an old one is no longer recognised.
 */
export function forget<K extends Kinds>(
  engine: Engine<K>,
  state: Journal<K['state']>,
  events: readonly EventOf<K>[],
  subject: string,
): { readonly state: Journal<K['state']>; readonly events: readonly EventOf<K>[] } {
  if (!Array.isArray(events) || !events.every(isEvent))
    throw fault('wrong-type', '$.events', events, 'recorded events')
  engine.advance(state, state?.at ?? 0)
  const rename = renamer(engine, subject)
  const specs: EventSpecs = { ...engine.model.hears, ...engine.publishes }
  return reading('malformed-state', '$', state, 'a state that this definition made', () => ({
    events: events.map((event) => forgetEvent(event, specs, rename) as EventOf<K>),
    state: {
      ...state,
      subject: rename(state.subject),
      ids: forgetMemory(state.ids, rename),
      of: engine.model.forget?.(state.of, rename) ?? state.of,
    },
  }))
}

type Rename = (text: string) => string

/** Numbered placeholders in the order of first sight; what the definition names is nobody's secret. */
function renamer<K extends Kinds>(engine: Engine<K>, subject: string): Rename {
  const public_ = new Set<string>([
    ...Object.keys(engine.vocabulary.sentences),
    ...Object.keys(engine.accepts),
  ])
  const walk = (value: unknown): void => {
    if (typeof value === 'string') public_.add(value)
    else if (typeof value === 'object' && value !== null) {
      for (const [key, item] of Object.entries(value)) {
        public_.add(key)
        walk(item)
      }
    }
  }
  walk(engine.definition)
  walk(engine.publishes)
  public_.delete(subject)
  const placeholders = new Map<string, string>()
  return (text) => {
    if (public_.has(text)) return text
    const known = placeholders.get(text) ?? `forgotten-${placeholders.size + 1}`
    placeholders.set(text, known)
    return known
  }
}

function forgetEvent(event: AnyEvent, specs: EventSpecs, rename: Rename): AnyEvent {
  const fields = Object.hasOwn(specs, event.type) ? specs[event.type]! : {}
  const data = Object.entries(event.data).map(([name, value]) => [
    name,
    forgetValue(fields[name], value, rename),
  ])
  const { cause } = event
  return {
    ...event,
    id: rename(event.id),
    subject: rename(event.subject),
    ...(cause && { cause: { input: rename(cause.input), digest: digest(rename(cause.input)) } }),
    data: Object.fromEntries(data) as object,
  }
}

function forgetValue(field: Field | undefined, value: unknown, rename: Rename): unknown {
  if (field?.type === 'detail' || field === undefined) return forgetDetail(value, rename)
  if (field.type === 'lines' && Array.isArray(value))
    return value.map((line: object) => forgetLine(field.of, line, rename))
  const free = field.type === 'ref' || (field.type === 'text' && field.oneOf === undefined)
  return free && typeof value === 'string' ? rename(value) : value
}

const forgetLine = (fields: Fields, line: object, rename: Rename): object =>
  Object.fromEntries(
    Object.entries(line).map(([name, value]) => [name, forgetValue(fields[name], value, rename)]),
  )

/** Decimal text stands for amounts in details; other text is kept only where the definition names it. */
function forgetDetail(value: unknown, rename: Rename): unknown {
  if (typeof value === 'string') return /^-?\d{1,15}\.\d{1,4}$/.test(value) ? value : rename(value)
  // A list of texts is no amount: `of: ['purchase', '0.00']` names an order.
  if (Array.isArray(value))
    return value.map((item) => (typeof item === 'string' ? rename(item) : forgetDetail(item, rename)))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, forgetDetail(item, rename)]))
}

function forgetMemory({ latest, young, old, since }: Memory, rename: Rename): Memory {
  const renamed = ([id, , at, version]: Memory['latest'][number]): Memory['latest'][number] => {
    const name = rename(id)
    return [name, digest(name), at, version]
  }
  const forgotten = (tree: Memory['young']): Memory['young'] => {
    let next: Memory['young'] = null
    for (const accepted of items(byId, tree)) next = insert(byId, next, renamed(accepted))
    return next
  }
  return { latest: latest.map(renamed), young: forgotten(young), old: forgotten(old), since }
}
