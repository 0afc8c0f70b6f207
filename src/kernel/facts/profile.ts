import { checkDuration } from '../duration.js'
import { checkName, fault } from '../errors.js'
import type { AnyEvent } from '../event.js'
import {
  calendarFor,
  type Fact,
  type FactContext,
  type FactKind,
  type Scalar,
  type Track,
  type Tracker,
} from '../fact.js'
import type { EventSpecs, Field } from '../field.js'
import { fieldValue, isOwn } from '../filter.js'
import type { Instant } from '../instant.js'
import { own } from '../plain.js'
import { saidLast } from './ends.js'
import { isForgettable } from './scope.js'
import { forEver } from './windows.js'

type AttributeFact = Extract<Fact, { readonly fact: 'attribute' }>
type SaysFact = Extract<Fact, { readonly fact: 'says' }>

export const PROFILE = 'attribute-set'

/** The fields of a profile. */
export const profileOf = (events: EventSpecs) => own(events, PROFILE) ?? {}

interface Previous {
  readonly value: Scalar | null
  readonly before: Scalar | null
}
/** What was said, and from when on it counts. */
interface History {
  readonly said: readonly (readonly [from: Instant, value: Scalar])[]
}

/** What the profile says, or said. */
export const attributeKind: FactKind<AttributeFact> = {
  keys: ['attribute', 'ago', 'previous', 'calendar'],
  hears: () => [PROFILE],
  measure: ({ attribute }, events) => profileOf(events)[attribute]!,
  check(fact, context, path) {
    checkAttribute(fact.attribute, () => true, context, path)
    const { ago, previous } = fact
    if (ago !== undefined && previous !== undefined)
      throw fault('unknown-key', `${path}.previous`, previous, 'either ago or previous')
    if (previous !== undefined && previous !== true)
      throw fault('wrong-type', `${path}.previous`, previous, 'true')
    if (ago !== undefined) calendarFor(checkDuration(ago, `${path}.ago`), fact.calendar, context)
  },
  compile(fact, context) {
    const { attribute, ago, previous } = fact
    const field = profileOf(context.events)[attribute]!
    const read = attributeReader(attribute, field)
    const shared = { fact, measure: field }
    if (ago !== undefined) return history(read, shared, calendarFor(ago, fact.calendar, context).adder(ago))
    return previous ? beforeLast(read, shared) : saidLast(read, shared)
  },
}

/** Checks that the profile has an attribute of such a kind. */
export function checkAttribute(
  attribute: string,
  wanted: (field: Field) => boolean,
  { events }: FactContext,
  path: string,
): void {
  const profile = profileOf(events)
  checkName(
    Object.keys(profile).filter((name) => wanted(profile[name]!)),
    attribute,
    `${path}.attribute`,
  )
}

type Read = (event: AnyEvent, subject: string) => Scalar | undefined
type Shared = Pick<Tracker, 'fact' | 'measure'> & { readonly measure: Field }

/** What an event of the profile says of an attribute. */
export const attributeReader =
  (attribute: string, field: Field): Read =>
  (event, subject) =>
    event.type === PROFILE && isOwn(event, subject) ? fieldValue(field, event.data, attribute) : undefined

function beforeLast(read: Read, shared: Shared): Tracker {
  return {
    ...shared,
    start: { value: null, before: null },
    note(track, event, subject) {
      const said = read(event, subject)
      const { value } = track as Previous
      return said === undefined || said === value ? track : { value: said, before: value }
    },
    value: (track) => (track as Previous).before,
    nextStep: () => undefined,
    shadow: forEver,
    ...(isForgettable(shared.measure) && {
      forget(track: Track, rename: (text: string) => string): Previous {
        const { value, before } = track as Previous
        const renamed = (text: Scalar | null) => (text === null ? null : rename(text as string))
        return { value: renamed(value), before: renamed(before) }
      },
    }),
  }
}

function history(read: Read, shared: Shared, reach: (at: Instant) => Instant): Tracker {
  const current = ({ said }: History, asOf: Instant) => {
    for (let i = said.length - 1; i >= 0; i--) if (said[i]![0] <= asOf) return said[i]
    return undefined
  }
  return {
    ...shared,
    start: { said: [] },
    note(track, event, subject) {
      const value = read(event, subject)
      if (value === undefined) return track
      const held = track as History
      const from = reach(event.occurredAt)
      // What counts no earlier than this never shows; what counted before what shows now no longer does.
      const showing = current(held, event.occurredAt)
      const kept = held.said.filter((one) => one[0] < from && (one === showing || one[0] > event.occurredAt))
      return { said: [...kept, [from, value]] }
    },
    value: (track, asOf) => current(track as History, asOf)?.[1] ?? null,
    nextStep: (track, asOf) => (track as History).said.find(([from]) => from > asOf)?.[0],
    shadow: forEver,
    ...(isForgettable(shared.measure) && {
      forget: (track: Track, rename: (text: string) => string): History => ({
        said: (track as History).said.map(([from, value]) => [from, rename(value as string)]),
      }),
    }),
  }
}

/** What another engine says: the last word in the fields that are marked for it. */
export const saysKind: FactKind<SaysFact> = {
  keys: ['engine', 'word'],
  hears: (fact, events) => [...new Set(marked(fact, events).map(({ event }) => event))],
  measure: (fact, events) => marked(fact, events)[0]!.field,
  check(fact, { events }, path) {
    const engines = Object.keys(events).flatMap((event) => (event.includes('/') ? [engineOf(event)] : []))
    checkName([...new Set(engines)], fact.engine, `${path}.engine`)
    const words = Object.entries(events)
      .filter(([event]) => engineOf(event) === fact.engine)
      .flatMap(([, fields]) =>
        Object.values(fields).flatMap(({ says }) => (says === undefined ? [] : [says])),
      )
    checkName([...new Set(words)], fact.word, `${path}.word`)
  },
  compile(fact, { events }) {
    const places = marked(fact, events)
    const { field } = places[0]!
    const read = (event: AnyEvent, subject: string): Scalar | undefined => {
      if (!isOwn(event, subject)) return undefined
      const place = places.find((one) => one.event === event.type && own(event.data, one.name) !== undefined)
      return place && fieldValue(place.field, event.data, place.name)
    }
    const last = saidLast(read, { fact, measure: field })
    const initially = fieldValue(field, field, 'initially')
    return initially === undefined
      ? last
      : { ...last, value: (track, asOf) => last.value(track, asOf) ?? initially }
  },
}

const engineOf = (event: string) => event.slice(0, Math.max(0, event.indexOf('/')))

/** The fields in which an engine says something. */
const marked = ({ engine, word }: SaysFact, events: EventSpecs) =>
  Object.entries(events).flatMap(([event, fields]) =>
    engineOf(event) !== engine
      ? []
      : Object.entries(fields).flatMap(([name, field]) =>
          field.says === word ? [{ event, name, field }] : [],
        ),
  )
