import { type Calendar, type CalendarDefinition, calendarOf } from './calendar.js'
import { canonical } from './digest.js'
import { type Duration, isExact } from './duration.js'
import { fault } from './errors.js'
import type { AnyEvent } from './event.js'
import { type EventSpecs, type Field, type Fields, numberOf } from './field.js'
import type { Instant } from './instant.js'
import { own } from './plain.js'
import { after, firstPrefix, insert, type Sorted, type SortedOrder, sumThrough } from './sorted.js'

/** What a filter or a comparison may name. Money is decimal text of the field's currency. */
export type Scalar = string | number | boolean

/** Only events whose fields hold these values; a list means any of them. */
export interface Where {
  readonly [field: string]: Scalar | readonly Scalar[]
}

/** Which events a fact is about. */
export interface FactScope {
  readonly event: string
  readonly where?: Where
  /** The role in which the subject takes part; the envelope's subject unless told. */
  readonly as?: string
  /** The calendar of its windows; the definition's unless told. */
  readonly calendar?: CalendarDefinition
}

/**
 * What can be known of a subject. All but `time-since` are step functions of time: they change at events, and at the
 * exact instants at which events leave a window `[occurredAt, calendar.add(occurredAt, within))`.
 */
export type Fact =
  | (FactScope & { readonly fact: 'count'; readonly within?: Duration })
  | (FactScope & { readonly fact: 'sum'; readonly field: string; readonly within?: Duration })
  /** What the last one said, nothing where it left the field out; with a window, the last one that has not left it. */
  | (FactScope & { readonly fact: 'last'; readonly field: string; readonly within?: Duration })
  /** Since the last one; since the last `orSince` for those who never did. It runs, so only a comparison reads it. */
  | (FactScope & { readonly fact: 'time-since'; readonly orSince?: string })
  /** What the profile says. */
  | { readonly fact: 'attribute'; readonly attribute: string }

/** One event, or several of one departure, in a window: when it leaves, and what it weighs. */
type Stay = readonly [leavesAt: Instant, amount: number]

/** What is remembered for one fact, as plain JSON. */
export type Track =
  | number
  | { readonly open: Sorted<Stay, Instant> | null }
  | { readonly value: Scalar | null }
  | { readonly stays: readonly (readonly [leavesAt: Instant, value: Scalar | null])[] }
  | { readonly last: Instant | null; readonly anchor: Instant | null }

/** What a fact says at a moment: `null` when there is nothing to say. `time-since` answers with the instant it counts from. */
export type FactValue = Scalar | null

const byLeaving: SortedOrder<Stay, Instant> = {
  key: (stay) => stay[0],
  compare: (a, b) => a - b,
  amount: (stay) => stay[1],
}
const joinStays = (old: Stay, more: Stay): Stay => [old[0], old[1] + more[1]]

/** A running sum has left the safe integers. `decide` refuses the input; it never reaches a state. */
export class SumOutOfRange extends RangeError {
  override readonly name = 'SumOutOfRange'
}

/** One fact, compiled: its events, how it remembers them, what it says. */
export interface Tracker {
  readonly fact: Fact
  /** Field whose values it holds, for comparing and for showing; a plain number for `count`. */
  readonly field: Field
  readonly start: Track
  note(track: Track, event: AnyEvent, subject: string): Track
  value(track: Track, asOf: Instant): FactValue
  /** Next instant after `asOf` at which the value leaves, or enters, the closed interval; for number-like facts. */
  crossing(track: Track, asOf: Instant, low: number, high: number): Instant | undefined
  /** Next instant after `asOf` at which the value is another. */
  nextStep(track: Track, asOf: Instant): Instant | undefined
}

/** What facts are compiled against. */
export interface FactContext {
  readonly events: EventSpecs
  readonly calendar: CalendarDefinition | undefined
}

const never = () => undefined
const COUNT: Field = { type: 'integer' }
const MOMENT: Field = { type: 'instant' }

/** The events that a fact hears. */
export const eventsOf = (fact: Fact): readonly string[] =>
  fact.fact === 'attribute'
    ? ['attribute-set']
    : fact.fact === 'time-since' && fact.orSince !== undefined
      ? [fact.event, fact.orSince]
      : [fact.event]

/** The field whose value a fact holds; an integer for counts, an instant for `time-since`. */
export function fieldOf(fact: Fact, events: EventSpecs): Field {
  if (fact.fact === 'count') return COUNT
  if (fact.fact === 'time-since') return MOMENT
  if (fact.fact === 'attribute') return events['attribute-set']![fact.attribute]!
  return events[fact.event]![fact.field]!
}

/** The calendar a window or a comparison counts in; exact durations need none. */
export function calendarFor(
  duration: Duration,
  own: CalendarDefinition | undefined,
  context: FactContext,
): Calendar {
  const definition = own ?? context.calendar
  if (definition !== undefined) return calendarOf(definition)
  if (isExact(duration)) return calendarOf({ zone: 'UTC' })
  throw fault('missing', '$.calendar', undefined, 'a calendar with a zone')
}

function compileTracker(fact: Fact, context: FactContext): Tracker {
  const field = fieldOf(fact, context.events)
  if (fact.fact === 'attribute')
    return valueTracker(fact, field, (event) => fieldValue(field, event.data, fact.attribute))
  if (fact.fact === 'time-since') return sinceTracker(fact, context)
  if (fact.fact === 'last') {
    const read = (event: AnyEvent) => fieldValue(field, event.data, fact.field) ?? null
    if (fact.within === undefined) return valueTracker(fact, field, read, matcherOf(fact, context.events))
    return windowedValueTracker(fact, field, read, fact.within, context)
  }
  const amount =
    fact.fact === 'count' ? () => 1 : (event: AnyEvent) => numberOf(field, own(event.data, fact.field)) ?? 0
  return fact.within === undefined
    ? totalTracker(fact, field, amount, context)
    : windowTracker(fact, field, amount, fact.within, context)
}

function totalTracker(
  fact: Fact & FactScope,
  field: Field,
  amount: (event: AnyEvent) => number,
  context: FactContext,
): Tracker {
  const matches = matcherOf(fact, context.events)
  return {
    fact,
    field,
    start: 0,
    note: (track, event, subject) =>
      matches(event, subject) ? safeSum((track as number) + amount(event)) : track,
    value: (track) => track as number,
    crossing: never,
    nextStep: never,
  }
}

function windowTracker(
  fact: Fact & FactScope,
  field: Field,
  amount: (event: AnyEvent) => number,
  within: Duration,
  context: FactContext,
): Tracker {
  const matches = matcherOf(fact, context.events)
  const leave = calendarFor(within, fact.calendar, context).adder(within)
  type Open = { readonly open: Sorted<Stay, Instant> | null }
  const openOf = (track: Track) => (track as Open).open
  const crossing = (track: Track, asOf: Instant, low: number, high: number) => {
    const open = openOf(track)
    if (open === null || open.to <= asOf) return undefined
    const now = open.sum - sumThrough(byLeaving, open, asOf)
    const where = now >= low && now <= high ? 'outside' : 'inside'
    return firstPrefix(byLeaving, open, asOf, where, open.sum - high, open.sum - low)?.[0]
  }
  return {
    fact,
    field,
    start: { open: null },
    note(track, event, subject) {
      if (!matches(event, subject)) return track
      const kept = after(byLeaving, openOf(track), event.occurredAt)
      const open = insert(byLeaving, kept, [leave(event.occurredAt), amount(event)], joinStays)
      safeSum(open.high - Math.min(open.low, 0))
      return { open }
    },
    value(track, asOf) {
      const open = openOf(track)
      return open === null ? 0 : open.sum - sumThrough(byLeaving, open, asOf)
    },
    crossing,
    nextStep(track, asOf) {
      const open = openOf(track)
      if (open === null || open.to <= asOf) return undefined
      const now = open.sum - sumThrough(byLeaving, open, asOf)
      return crossing(track, asOf, now, now)
    },
  }
}

function valueTracker(
  fact: Fact,
  field: Field,
  read: (event: AnyEvent) => Scalar | null | undefined,
  matches: (event: AnyEvent, subject: string) => boolean = isOwn,
): Tracker {
  return {
    fact,
    field,
    start: { value: null },
    note(track, event, subject) {
      if (!matches(event, subject)) return track
      const value = read(event)
      return value === undefined ? track : { value }
    },
    value: (track) => (track as { readonly value: Scalar | null }).value,
    crossing: never,
    nextStep: never,
  }
}

/** Keeps only those that may still be the last one in the window: each later than the next, and leaving earlier. */
function windowedValueTracker(
  fact: Fact & FactScope,
  field: Field,
  read: (event: AnyEvent) => Scalar | null,
  within: Duration,
  context: FactContext,
): Tracker {
  const matches = matcherOf(fact, context.events)
  const leave = calendarFor(within, fact.calendar, context).adder(within)
  type Stays = { readonly stays: readonly (readonly [Instant, Scalar | null])[] }
  const current = (track: Track, asOf: Instant) => {
    const { stays } = track as Stays
    for (let i = stays.length - 1; i >= 0; i--) if (stays[i]![0] > asOf) return stays[i]
    return undefined
  }
  return {
    fact,
    field,
    start: { stays: [] },
    note(track, event, subject) {
      if (!matches(event, subject)) return track
      const leavesAt = leave(event.occurredAt)
      const outliving = (track as Stays).stays.filter(([old]) => old > leavesAt && old > event.occurredAt)
      return { stays: [...outliving, [leavesAt, read(event)]] }
    },
    value: (track, asOf) => current(track, asOf)?.[1] ?? null,
    crossing: (track, asOf) => current(track, asOf)?.[0],
    nextStep: (track, asOf) => current(track, asOf)?.[0],
  }
}

function sinceTracker(fact: Extract<Fact, { fact: 'time-since' }>, { events }: FactContext): Tracker {
  const matches = matcherOf(fact, events)
  const anchors =
    fact.orSince === undefined ? () => false : matcherOf({ ...fact, event: fact.orSince, where: {} }, events)
  type Since = { readonly last: Instant | null; readonly anchor: Instant | null }
  return {
    fact,
    field: MOMENT,
    start: { last: null, anchor: null },
    note(track, event, subject) {
      let since = track as Since
      if (matches(event, subject)) since = { ...since, last: event.occurredAt }
      if (anchors(event, subject)) since = { ...since, anchor: event.occurredAt }
      return since
    },
    value: (track) => (track as Since).last ?? (track as Since).anchor,
    crossing: never,
    nextStep: never,
  }
}

function safeSum(sum: number): number {
  if (!Number.isSafeInteger(sum)) throw new SumOutOfRange('a running sum would leave the safe integers')
  return sum
}

/** A field as facts hold it: minor units for money; `undefined` where the event does not carry it. */
function fieldValue(field: Field, data: object, name: string): Scalar | null | undefined {
  const value = own(data, name)
  if (value === undefined) return undefined
  return field.type === 'money' ? numberOf(field, value) : (value as Scalar)
}

const isOwn = (event: AnyEvent, subject: string) => event.subject === subject

/** Whether an event of the fact's type is about the subject in the fact's role, and passes its filter. */
export function matcherOf(
  scope: FactScope,
  events: EventSpecs,
): (event: AnyEvent, subject: string) => boolean {
  const { event: type, as, where = {} } = scope
  const fields: Fields = events[type] ?? {}
  const refs = Object.keys(fields).filter((name) => isRole(fields[name], as))
  const about =
    as === undefined
      ? isOwn
      : (event: AnyEvent, subject: string) => refs.some((name) => own(event.data, name) === subject)
  const filters = Object.entries(where).map(([name, value]) => filterOf(fields[name]!, name, value))
  if (filters.length === 0) return (event, subject) => event.type === type && about(event, subject)
  return (event, subject) =>
    event.type === type && about(event, subject) && filters.every((passes) => passes(event.data))
}

const isRole = (field: Field | undefined, role: string | undefined) =>
  field?.type === 'ref' && field.role === role

function filterOf(field: Field, name: string, value: Scalar | readonly Scalar[]): (data: object) => boolean {
  const wanted = (Array.isArray(value) ? value : [value]).map((one) =>
    field.type === 'money' ? numberOf(field, one) : one,
  )
  return (data) => {
    const found = fieldValue(field, data, name)
    return found !== undefined && wanted.includes(found)
  }
}

/** The facts that some conditions read, each kept once. */
export class FactSet {
  readonly trackers: readonly Tracker[]
  readonly start: readonly Track[]
  private readonly places = new Map<string, number>()
  private readonly hearing = new Map<string, number[]>()

  constructor(facts: Iterable<Fact>, context: FactContext) {
    const trackers: Tracker[] = []
    for (const fact of facts) {
      const key = canonical(fact)
      if (this.places.has(key)) continue
      const place = trackers.push(compileTracker(fact, context)) - 1
      this.places.set(key, place)
      for (const type of eventsOf(fact)) this.hearing.set(type, [...(this.hearing.get(type) ?? []), place])
    }
    this.trackers = trackers
    this.start = trackers.map((tracker) => tracker.start)
  }

  hears(type: string): boolean {
    return this.hearing.has(type)
  }

  /** Where a fact stands among the tracks. */
  place(fact: Fact): number {
    return this.places.get(canonical(fact))!
  }

  /** Tracks with every text that came from outside replaced. */
  forget(tracks: readonly Track[], rename: (text: string) => string): readonly Track[] {
    const renamed = <V>(value: V): V => (typeof value === 'string' ? (rename(value) as V) : value)
    return tracks.map((track, i) => {
      const { field } = this.trackers[i]!
      if (typeof track === 'number' || (field.type !== 'ref' && (field.type !== 'text' || field.oneOf)))
        return track
      if ('value' in track) return { value: renamed(track.value) }
      return 'stays' in track
        ? { stays: track.stays.map(([leavesAt, value]) => [leavesAt, renamed(value)] as const) }
        : track
    })
  }

  /** Tracks after an event; the same array when none of them changes. */
  note(tracks: readonly Track[], event: AnyEvent, subject: string): readonly Track[] {
    const places = this.hearing.get(event.type)
    if (places === undefined) return tracks
    let noted: Track[] | undefined
    for (const place of places) {
      const before = tracks[place]!
      const after = this.trackers[place]!.note(before, event, subject)
      if (after === before) continue
      noted ??= tracks.slice()
      noted[place] = after
    }
    return noted ?? tracks
  }
}
