import { concerns, type Engine, type EventOf, type Journal } from './engine.js'
import { fault } from './errors.js'
import { isEvent } from './event.js'
import type { Kinds } from './model.js'

/** Whether a replay derives events of this type again, instead of keeping what was recorded. */
export function isDerived<K extends Kinds>({ model }: Engine<K>, type: string): boolean {
  if (!Object.hasOwn(model.publishes, type)) return false
  return model.derives?.(type) ?? model.history === 'facts'
}

/**
 * The state after a log, in the order in which it was recorded. An engine of `facts` skips its own events and derives
 * them again, so a log of facts alone is enough; an engine of `decisions` applies what was decided and decides nothing.
 * An event that was delivered twice is applied once.
 *
 * @throws DefinitionError `wrong-type` when an event does not concern the subject.
 *
 * @example
 * restore(customer, 'user-1', events) // the same as the state that `decide` returned last
 */
export function restore<K extends Kinds>(
  engine: Engine<K>,
  subject: string,
  events: Iterable<EventOf<K>>,
): Journal<K['state']> {
  return resume(engine, engine.start(subject), events)
}

/** `restore` from a state instead of from the start. */
export function resume<K extends Kinds>(
  engine: Engine<K>,
  from: Journal<K['state']>,
  events: Iterable<EventOf<K>>,
): Journal<K['state']> {
  let state = from
  const seen = new Set<string>()
  if (typeof events !== 'object' || events === null || !(Symbol.iterator in events))
    throw fault('wrong-type', '$.events', events, 'events')
  for (const event of events) {
    if (!isEvent(event)) throw fault('wrong-type', '$.events', event, 'a recorded event')
    if (seen.has(event.id)) continue
    seen.add(event.id)
    if (!concerns(engine.model.hears, event, state?.subject)) {
      throw fault('wrong-type', '$.events', event, 'the log of this subject')
    }
    if (engine.history === 'decisions') {
      state = engine.evolve(state, event)
      continue
    }
    const at = state.at === null ? event.occurredAt : Math.max(state.at, event.occurredAt)
    const before = engine.advance(state, at).state
    state = isDerived(engine, event.type) ? before : engine.advance(engine.evolve(before, event), at).state
  }
  return state
}
