import {
  type Calendar,
  type CalendarDefinition,
  type CalendarUnit,
  calendarKeys,
  calendarOf,
} from './calendar.js'
import { COVERAGE, type CoverageTrack, type Gap, gapsOf, noteCoverage, type Shadow } from './coverage.js'
import { canonical } from './digest.js'
import { type Duration, isExact } from './duration.js'
import { fault, unknownName } from './errors.js'
import type { AnyEvent } from './event.js'
import type { EventSpecs, Field } from './field.js'
import type { Where } from './filter.js'
import type { Instant } from './instant.js'
import { checkStrangers } from './strangers.js'

/** What a filter or a comparison may name. Money is decimal text of the field's currency. */
export type Scalar = string | number | boolean

/**
 * Over what an event counts: a span that rolls, `[occurredAt, calendar.add(occurredAt, within))`; the unit of the calendar
 * that runs at the moment of asking; or the whole one before it.
 *
 * @example
 * const windows: Window[] = [{ days: 90 }, { this: 'month' }, { previous: 'week' }]
 */
export type Window = Duration | { readonly this: CalendarUnit } | { readonly previous: CalendarUnit }

/** Which events a fact is about. */
export interface FactScope {
  readonly event: string
  readonly where?: Where
  /** The role in which the subject takes part; the envelope's subject unless told. */
  readonly as?: string
  /** The calendar of its windows and units; the definition's unless told. */
  readonly calendar?: CalendarDefinition
}

/** How long what happened counts; for ever unless told. */
export interface FactWindow {
  readonly within?: Window
  /** Only what came after the last event of this name; without one there is nothing to say. */
  readonly since?: string
}

/** The number of events, or the sum of one of their fields. */
export type Tally = FactScope &
  FactWindow & {
    /** Of each value of this field on its own: what the one with the most has. */
    readonly per?: string
  } & ({ readonly fact: 'count' } | { readonly fact: 'sum'; readonly field: string })

/** A step of a sequence. */
export interface SequenceStep {
  readonly event: string
  readonly where?: Where
}

/** Units in which people keep a streak. */
export type StreakUnit = 'day' | 'week' | 'month'

/** Whose dates an anniversary follows, and what becomes of a date that a year does not have. */
export interface AnniversaryPolicy {
  /** Gregorian unless told. */
  readonly dates?: 'gregorian' | 'chinese'
  /** Of 29 February in a common year: 28 February unless told. */
  readonly leapDay?: 'feb-28' | 'mar-1' | 'leap-years-only'
  /** Of a date in a leap month (闰月): the ordinary month of that number unless told. */
  readonly leapMonth?: 'regular' | 'leap-if-present' | 'both'
  /** Of day 30 in a Chinese month of 29: its last day unless told; or the first of the next month, or none. */
  readonly shortMonth?: 'last' | 'next' | 'skip'
}

/**
 * What can be known of a subject. Every fact is a step function of time: it changes at events and at exact later
 * instants. What runs (`time-since`) is only compared, and the comparison is a step.
 */
export type Fact =
  | Tally
  | (FactScope & FactWindow & { readonly fact: 'min' | 'max'; readonly field: string })
  /** How many different values the field had. */
  | (FactScope & FactWindow & { readonly fact: 'distinct'; readonly field: string })
  /** What the first or the last one in the window said; nothing where it left the field out. */
  | (FactScope & FactWindow & { readonly fact: 'first' | 'last'; readonly field: string })
  /** Since the last one; since the last `orSince` for those who never did. */
  | (FactScope & { readonly fact: 'time-since'; readonly orSince?: string })
  /**
   * Visits: events less than `gap` apart are one. In a window stand those whose last event does. `session-time` is how
   * long they lasted together, from first event to last.
   */
  | (FactScope & FactWindow & { readonly fact: 'sessions' | 'session-time'; readonly gap: Duration })
  /** How long it took from the first `event` that waited to the `until` that ended the wait, the last time. */
  | (FactScope & { readonly fact: 'time-between'; readonly until: string; readonly untilWhere?: Where })
  /** Units in a row with at least `times` events; the run ends when a whole unit has passed without. */
  | (FactScope & {
      readonly fact: 'streak'
      readonly unit: StreakUnit
      /** Events that make a unit count; one unless told. */
      readonly times?: number
      /** Units of one run that may be missed; they do not count either. None unless told. */
      readonly freezes?: number
    })
  /** How often the steps were taken in this order, each time anew; `inside` a span from the first to the last. */
  | (FactWindow & {
      readonly fact: 'sequence'
      readonly steps: readonly SequenceStep[]
      readonly inside?: Duration
      readonly as?: string
      readonly calendar?: CalendarDefinition
    })
  /** One tally divided by another: a share, or the average of a sum. There is none by 0. */
  | { readonly fact: 'ratio'; readonly of: Tally; readonly to: Tally }
  /** What the profile says; `ago`: said that long ago; `previous`: before what it says now. */
  | {
      readonly fact: 'attribute'
      readonly attribute: string
      readonly ago?: Duration
      readonly previous?: true
      readonly calendar?: CalendarDefinition
    }
  /** Whether a local date lies around an anniversary of an attribute: from `daysBefore` it to `daysAfter` it. */
  | (AnniversaryPolicy & {
      readonly fact: 'anniversary'
      readonly attribute: string
      readonly daysBefore?: number
      readonly daysAfter?: number
      readonly calendar?: CalendarDefinition
    })
  /** Whole units since the moment in an attribute. */
  | {
      readonly fact: 'age'
      readonly attribute: string
      readonly unit: 'days' | 'weeks' | 'months' | 'years'
      readonly calendar?: CalendarDefinition
    }
  /** What another engine says of the subject: `says('customer', 'stage')`. */
  | { readonly fact: 'says'; readonly engine: string; readonly word: string }

/** What a fact's values are: those of a field, a length of time in milliseconds, or a share. */
export type Measure =
  | Field
  | { readonly type: 'span' }
  | { readonly type: 'ratio'; readonly currency?: string }

/** What is remembered for one fact, as plain JSON. */
export type Track = number | object

/** What a fact says at a moment: `null` when there is nothing to say. `time-since` answers with the instant it counts from. */
export type FactValue = Scalar | null

/** A running sum has left the safe integers. `decide` refuses the input; it never reaches a state. */
export class SumOutOfRange extends RangeError {
  override readonly name = 'SumOutOfRange'
}

/** One fact, compiled: its events, how it remembers them, what it says. */
export interface Tracker {
  readonly fact: Fact
  /** What its values are, for comparing and for showing. */
  readonly measure: Measure
  readonly start: Track
  note(track: Track, event: AnyEvent, subject: string): Track
  value(track: Track, asOf: Instant): FactValue
  /** Next instant after `asOf` at which the value is another; later than that only where the reader can tell. */
  nextStep(track: Track, asOf: Instant): Instant | undefined
  /** Next instant after `asOf` at which the value leaves, or enters, the closed interval; `nextStep` unless it knows. */
  crossing?(track: Track, asOf: Instant, low: number, high: number): Instant | undefined
  /** Time alone gives it a value once, which `crossing` knows of, and never takes it away. */
  readonly stays?: true
  /** Of a ratio: what is divided by what, and how many units of the dividend make 1: the product may be beyond 2^53. */
  parts?(track: Track, asOf: Instant): readonly [of: number, to: number, unit: number] | null
  /** The time `[from, until)` in which a gap in the tracking of an event it hears could hide something that matters. */
  shadow(track: Track, gap: Gap, event: string): Shadow | undefined
  /** Which way events that nobody saw could move the value; both ways unless told. */
  readonly hiddenEvents?: 'raise' | 'lower'
  /** Whether they could move it both ways as it stands, whatever `hiddenEvents` says. */
  eitherWay?(track: Track): boolean
  /** The track with every text that came from outside replaced. */
  forget?(track: Track, rename: (text: string) => string): Track
}

/** What facts are compiled against. */
export interface FactContext {
  readonly events: EventSpecs
  readonly calendar: CalendarDefinition | undefined
  /** The kinds of facts that can be read: `factKinds`, or those that a page needs. */
  readonly kinds: FactKinds
}

/** One kind of fact: everything that the kernel has to know of it. */
export interface FactKind<F extends Fact = never> {
  /** What such a fact may say of itself, beside `fact`. */
  readonly keys: readonly string[]
  /** The events that it hears. */
  hears(fact: F, events: EventSpecs): readonly string[]
  /** What its values are; asked of facts that were checked. */
  measure(fact: F, events: EventSpecs): Measure
  /** What a type cannot know. @throws DefinitionError */
  check(fact: F, context: FactContext, path: string): void
  compile(fact: F, context: FactContext): Tracker
}

/** Kinds of facts by name. */
export type FactKinds = { readonly [K in Fact['fact']]?: FactKind<Extract<Fact, { readonly fact: K }>> }

/** The kind of a fact. @throws DefinitionError `unknown-name` where the catalogue has no such facts. */
export function kindOfFact<F extends Fact>(fact: F, kinds: FactKinds, path = '$'): FactKind<F> {
  const kind =
    typeof fact?.fact === 'string' && Object.hasOwn(kinds, fact.fact) ? kinds[fact.fact] : undefined
  if (kind === undefined) throw unknownName(`${path}.fact`, fact?.fact, Object.keys(kinds))
  return kind as unknown as FactKind<F>
}

/** The kind of a fact that says nothing which its kind does not know. @throws DefinitionError */
export function kindOfChecked<F extends Fact>(fact: F, kinds: FactKinds, path: string): FactKind<F> {
  const kind = kindOfFact(fact, kinds, path)
  const strange = Object.keys(fact).find((key) => key !== 'fact' && !kind.keys.includes(key))
  if (strange !== undefined)
    throw fault('unknown-key', `${path}.${strange}`, fact[strange as 'fact'], kind.keys.join(' | '))
  checkStrangers((fact as { readonly calendar?: unknown }).calendar, calendarKeys, `${path}.calendar`)
  return kind
}

/** What a fact's values are. */
export const measureOf = (fact: Fact, { events, kinds }: Omit<FactContext, 'calendar'>): Measure =>
  kindOfFact(fact, kinds).measure(fact, events)

/** The calendar a window or a comparison counts in; exact durations need none. */
export function calendarFor(
  duration: Duration | undefined,
  own: CalendarDefinition | undefined,
  context: Pick<FactContext, 'calendar'>,
): Calendar {
  const definition = own ?? context.calendar
  if (definition !== undefined) return calendarOf(definition)
  if (duration !== undefined && isExact(duration)) return calendarOf({ zone: 'UTC' })
  throw fault('missing', '$.calendar', undefined, 'a calendar with a zone')
}

/** The facts that some conditions read, each kept once. */
export class FactSet {
  readonly trackers: readonly Tracker[]
  readonly start: readonly Track[]
  private readonly places = new Map<string, number>()
  private readonly hearing = new Map<string, number[]>()
  /** By place, the events that each fact hears. */
  private readonly heard: readonly (readonly string[])[]
  /** The events whose coverage is kept, where the catalogue speaks of it; then the last track holds it. */
  private readonly covered: readonly string[] | undefined

  /** @param besides - Events that are no fact's and whose coverage matters to the model. */
  constructor(facts: Iterable<Fact>, context: FactContext, besides: readonly string[] = []) {
    const trackers: Tracker[] = []
    const heard: (readonly string[])[] = []
    for (const fact of facts) {
      const key = canonical(fact)
      if (this.places.has(key)) continue
      const kind = kindOfFact(fact, context.kinds)
      const place = trackers.push(kind.compile(fact, context)) - 1
      this.places.set(key, place)
      heard[place] = kind.hears(fact, context.events)
      for (const type of new Set(heard[place]))
        this.hearing.set(type, [...(this.hearing.get(type) ?? []), place])
    }
    this.trackers = trackers
    this.heard = heard
    const covered = [...this.hearing.keys(), ...besides]
    this.covered = covered.length > 0 && Object.hasOwn(context.events, COVERAGE) ? covered : undefined
    this.start = [...trackers.map((tracker) => tracker.start), ...(this.covered ? [{}] : [])]
  }

  hears(type: string): boolean {
    return this.hearing.has(type) || (this.covered !== undefined && type === COVERAGE)
  }

  /** Where a fact stands among the tracks. */
  place(fact: Fact): number {
    return this.places.get(canonical(fact))!
  }

  /** When something could be hidden from a fact; `undefined` where nobody speaks of coverage. */
  shadows(
    place: number,
    tracks: readonly Track[],
  ): readonly { readonly gap: Gap; readonly shadow: Shadow }[] | undefined {
    if (this.covered === undefined) return undefined
    const gaps = tracks[tracks.length - 1] as CoverageTrack
    const shadows: { readonly gap: Gap; readonly shadow: Shadow }[] = []
    for (const type of this.heard[place]!)
      for (const gap of gapsOf(gaps, type)) {
        const shadow = this.trackers[place]!.shadow(tracks[place]!, gap, type)
        if (shadow !== undefined) shadows.push({ gap, shadow })
      }
    return shadows
  }

  /** Since when some events have been tracked without a gap: -Infinity for always, Infinity where they are not now. */
  trackedSince(types: readonly string[], tracks: readonly Track[]): Instant {
    let since = -Infinity
    if (this.covered !== undefined)
      for (const type of types)
        for (const { to } of gapsOf(tracks[tracks.length - 1] as CoverageTrack, type))
          since = Math.max(since, to)
    return since
  }

  /** Tracks with every text that came from outside replaced. */
  forget(tracks: readonly Track[], rename: (text: string) => string): readonly Track[] {
    return tracks.map((track, i) => this.trackers[i]?.forget?.(track, rename) ?? track)
  }

  /**
   * Tracks after an event; the same array when none of them changes. Events come in order, each once, none later than what
   * is asked about; what is not about the subject changes nothing, `coverage-changed` of somebody else included: what is
   * not tracked of anybody is told to each of them.
   */
  note(tracks: readonly Track[], event: AnyEvent, subject: string): readonly Track[] {
    let noted: Track[] | undefined
    if (this.covered !== undefined && event.type === COVERAGE && event.subject === subject) {
      noted = tracks.slice()
      noted[tracks.length - 1] = noteCoverage(tracks[tracks.length - 1] as CoverageTrack, event, this.covered)
    }
    const places = this.hearing.get(event.type)
    if (places === undefined) return noted ?? tracks
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
