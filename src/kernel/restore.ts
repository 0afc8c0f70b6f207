import type { Engine, EventOf, Journal } from './engine.js'
import { fault } from './errors.js'
import type { Kinds } from './model.js'
import { isDerived, type LogReader, logReader } from './recorded.js'

/**
 * The state after a log, in the order in which it was recorded. An engine of `facts` skips its own events and derives
 * them again, so a log of facts alone is enough; an engine of `decisions` applies what was decided and decides nothing.
 * An event that was delivered twice is applied once. Each is read by the catalogue, as strictly as by the door; what
 * another version of an engine of `facts` derived is skipped whatever it says.
 *
 * @throws DefinitionError with the place, `$.events[3].data.amount`: `wrong-type`, `missing` or `unknown-key` for an event that the
 * door would refuse or that does not concern the subject, `unknown-name` for one of a type that is not in the catalogue,
 * `out-of-range` for one that occurred before the event in front of it: no engine records in that order.
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

/**
 * `restore` from a state instead of from the start. A fact that the state remembers may come again.
 *
 * @throws DefinitionError as `restore` does; `out-of-range` also for an event before the state's last instant.
 */
export function resume<K extends Kinds>(
  engine: Engine<K>,
  from: Journal<K['state']>,
  events: Iterable<EventOf<K>>,
): Journal<K['state']> {
  if (typeof events !== 'object' || events === null || !(Symbol.iterator in events))
    throw fault('wrong-type', '$.events', events, 'events')
  return refold(engine, from, events, logReader(engine, from, '$.events'))
}

/** `resume` of events that `isNew` reads, or that were read before; what it knows already is passed over. */
export function refold<K extends Kinds>(
  engine: Engine<K>,
  from: Journal<K['state']>,
  events: Iterable<EventOf<K>>,
  isNew?: LogReader,
): Journal<K['state']> {
  const seen = new Set<unknown>()
  let state = from
  let place = -1
  for (const event of events) {
    place += 1
    const { size } = seen
    seen.add(event?.id)
    if (seen.size === size) continue
    if (isNew !== undefined && !isNew(event, place)) {
      seen.delete(event.id)
      continue
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
