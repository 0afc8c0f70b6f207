import type { AnyEvent } from '../event.js'
import type { Fact, FactKind, Scalar, Track, Tracker } from '../fact.js'
import { type Field, isNumberLike } from '../field.js'
import { fieldValue, matcherOf } from '../filter.js'
import type { Instant } from '../instant.js'
import { items } from '../sorted.js'
import { byDeparture, type Front, joinedFirst, mapFront, standingAt } from './front.js'
import { checkField, checkScope, fieldOf, isForgettable, isReadable, SCOPE, WINDOW } from './scope.js'
import { type Leave, rollingShadow, windowed } from './windows.js'

type EndFact = Extract<Fact, { readonly fact: 'first' | 'last' }>

/** What a value was when it was said: `null` where an event left the field out. */
export interface Said {
  readonly at: Instant | null
  readonly value: Scalar | null
}
/** Each of which may still be the last: it outlives the next. */
interface Stays {
  readonly stays: readonly (readonly [leavesAt: Instant, value: Scalar | null])[]
}

/** What the first, and what the last of them said. */
const ends = (kind: (read: Read, shared: Shared) => Ends): FactKind<EndFact> => ({
  keys: [...SCOPE, ...WINDOW, 'field'],
  hears: ({ event, since }) => (since === undefined ? [event] : [event, since]),
  measure: ({ event, field }, events) => fieldOf(events, event, field),
  check(fact, context, path) {
    checkScope(fact, context, path)
    checkField(fact, isReadable, context, path)
  },
  compile(fact, context) {
    const field = fieldOf(context.events, fact.event, fact.field)
    const matches = matcherOf(fact, context.events)
    const read = (event: AnyEvent, subject: string) =>
      matches(event, subject) ? (fieldValue(field, event.data, fact.field) ?? null) : undefined
    const { whole, rolling } = kind(read, { fact, measure: field })
    return windowed(fact, context, whole, rolling)
  },
})

/** What an event says: nothing where it does not match, `null` where it leaves the field out. */
type Read = (event: AnyEvent, subject: string) => Scalar | null | undefined
type Shared = Pick<Tracker, 'fact' | 'measure'> & { readonly measure: Field }
interface Ends {
  readonly whole: () => Tracker
  readonly rolling: (leave: Leave) => Tracker
}

export const lastKind = ends((read, shared) => ({
  whole: () => saidLast(read, shared),
  rolling: (leave) => lastStaying(read, shared, leave),
}))

export const firstKind = ends((read, shared) => ({
  whole: () => ({
    ...saidLast(read, shared),
    note(track, event, subject) {
      const value = read(event, subject)
      if (value === undefined || (track as Said).at !== null) return track
      return { at: event.occurredAt, value }
    },
    shadow(track, { from }) {
      const { at } = track as Said
      return at !== null && from >= at ? undefined : [from, Infinity]
    },
  }),
  rolling: (leave) => firstStaying(read, shared, leave),
}))

/** What the last one said, for ever. */
export function saidLast(read: Read, shared: Shared): Tracker {
  return {
    ...shared,
    start: { at: null, value: null },
    note(track, event, subject) {
      const value = read(event, subject)
      return value === undefined ? track : { at: event.occurredAt, value }
    },
    value: (track) => (track as Said).value,
    nextStep: () => undefined,
    shadow: (track, gap) => heardSince((track as Said).at, gap),
    ...(isForgettable(shared.measure) && {
      forget(track: Track, rename: (text: string) => string): Said {
        const { at, value } = track as Said
        return { at, value: renamed(value, rename) }
      },
    }),
  }
}

/** A gap matters where nothing was heard after it. */
export const heardSince = (
  at: Instant | null,
  { from, to }: { readonly from: Instant; readonly to: Instant },
) => (at !== null && to <= at ? undefined : ([from, Infinity] as const))

function lastStaying(read: Read, shared: Shared, leave: Leave): Tracker {
  const current = (track: Track, asOf: Instant) => {
    const { stays } = track as Stays
    for (let i = stays.length - 1; i >= 0; i--) if (stays[i]![0] > asOf) return stays[i]
    return undefined
  }
  return {
    ...shared,
    start: { stays: [] },
    note(track, event, subject) {
      const value = read(event, subject)
      if (value === undefined) return track
      const leavesAt = leave(event.occurredAt)
      const outliving = (track as Stays).stays.filter(([old]) => old > leavesAt && old > event.occurredAt)
      return { stays: [...outliving, [leavesAt, value]] }
    },
    value: (track, asOf) => current(track, asOf)?.[1] ?? null,
    nextStep: (track, asOf) => current(track, asOf)?.[0],
    shadow: rollingShadow(leave),
    ...(isForgettable(shared.measure) && {
      forget: (track: Track, rename: (text: string) => string): Stays => ({
        stays: (track as Stays).stays.map(([leavesAt, value]) => [leavesAt, renamed(value, rename)]),
      }),
    }),
  }
}

function firstStaying(read: Read, shared: Shared, leave: Leave): Tracker {
  type Values = Front<Scalar | null>
  return {
    ...shared,
    start: { front: null },
    note(track, event, subject) {
      const value = read(event, subject)
      if (value === undefined) return track
      return joinedFirst(track as Values, event.occurredAt, [leave(event.occurredAt), value])
    },
    value: (track, asOf) => standingAt(track as Values, asOf)?.[1] ?? null,
    nextStep: (track, asOf) => standingAt(track as Values, asOf)?.[0],
    ...(isNumberLike(shared.measure) && { crossing }),
    shadow: rollingShadow(leave),
    ...(isForgettable(shared.measure) && {
      forget: (track: Track, rename: (text: string) => string) =>
        mapFront(track as Values, (value) => renamed(value, rename)),
    }),
  }
}

/** Looks at one after another: what was said first may be anything. */
function crossing(track: Track, asOf: Instant, low: number, high: number): Instant | undefined {
  const isInside = (value: Scalar | null | undefined) =>
    typeof value === 'number' && value >= low && value <= high
  let inside: boolean | undefined
  let leaves = asOf
  for (const [leavesAt, value] of items(byDeparture, (track as Front<Scalar | null>).front, asOf)) {
    if (inside !== undefined && isInside(value as Scalar | null) !== inside) return leaves
    inside ??= isInside(value as Scalar | null)
    leaves = leavesAt
  }
  return inside ? leaves : undefined
}

const renamed = (value: Scalar | null, rename: (text: string) => string) =>
  value === null ? null : rename(value as string)
