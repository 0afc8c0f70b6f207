import { fault, kindOf } from '../../kernel/errors.js'
import { isEvent } from '../../kernel/event.js'
import type { AnyEvent, Engine, EventOf, Instant } from '../../kernel/index.js'
import { isRecord } from '../../kernel/plain.js'
import { isDerived } from '../../kernel/recorded.js'
import type { StageKinds } from '../agreed.js'

/** What has happened to one subject: facts in any order; recorded moves among them are left out and derived again. */
export interface SubjectHistory<E extends AnyEvent = AnyEvent> {
  readonly subject: string
  readonly events: Iterable<E>
}

/** Histories one by one. @throws DefinitionError `wrong-type`; `duplicate-name` for a subject that comes twice. */
export function* eachHistory<H extends SubjectHistory>(histories: Iterable<H>): Generator<H> {
  if (typeof histories !== 'object' || histories === null || !(Symbol.iterator in histories))
    throw fault('wrong-type', '$.histories', histories, 'histories')
  const seen = new Set<string>()
  for (const history of histories) {
    const path = `$.histories[${seen.size}]`
    if (!isRecord(history) || typeof history['subject'] !== 'string')
      throw fault('wrong-type', path, history, '{ subject, events }')
    const { subject } = history
    if (seen.has(subject))
      throw fault(
        'duplicate-name',
        `${path}.subject`,
        kindOf(subject),
        'each subject once, with all its events',
      )
    seen.add(subject)
    yield history
  }
}

/**
 * The facts of a history as another version of the definition hears them: moves by hand lead to its stages; what it does not
 * declare is left out.
 */
export function factsFor<A extends StageKinds, B extends StageKinds>(
  from: Engine<A>,
  to: Engine<B>,
  stages: { readonly [stage: string]: string },
  { events }: SubjectHistory,
  asOf: Instant,
): readonly EventOf<B>[] {
  if (typeof events !== 'object' || events === null || !(Symbol.iterator in events))
    throw fault('wrong-type', '$.events', events, 'events')
  const facts: AnyEvent[] = []
  for (const event of events) {
    if (!isEvent(event)) throw fault('wrong-type', '$.events', event, 'a recorded event')
    if (event.occurredAt > asOf || isDerived(from, event.type)) continue
    if (event.type === `${from.id}/move-set`) {
      const { to: stage } = event.data as { readonly to: string }
      const type = `${to.id}/move-set`
      facts.push({ ...event, type, data: { ...event.data, to: stages[stage] ?? stage } })
    } else if (Object.hasOwn(to.model.hears, event.type)) facts.push(event)
  }
  return facts as unknown as readonly EventOf<B>[]
}
