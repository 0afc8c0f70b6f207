import type { Engine } from './engine.js'
import { fault } from './errors.js'
import { type AnyEvent, isEvent } from './event.js'
import type { Kinds } from './model.js'

/** A subject that an event concerns; no role is the envelope's own. */
export interface Route {
  readonly subject: string
  readonly role?: string
}

/** Whom an event concerns: the host decides it once for each, on that subject's state. */
export function route<K extends Kinds>(engine: Engine<K>, event: AnyEvent): readonly Route[] {
  if (!isEvent(event)) throw fault('wrong-type', '$', event, 'an event')
  const fields = Object.hasOwn(engine.accepts, event.type) ? engine.accepts[event.type]! : {}
  const data = event.data as Readonly<Record<string, unknown>>
  const others = Object.entries(fields).flatMap(([name, field]): readonly Route[] => {
    const subject = data[name]
    return field.type === 'ref' && typeof subject === 'string' ? [{ subject, role: field.role }] : []
  })
  return [{ subject: event.subject }, ...others]
}
