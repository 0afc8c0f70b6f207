import type { CalendarDefinition } from './calendar.js'
import { canonical } from './digest.js'
import { isExact } from './duration.js'
import { type Engine, type EventOf, FORMAT, type Journal } from './engine.js'
import { checkList, checkRecord, fault } from './errors.js'
import { type Fact, type FactContext, type FactSet, kindOfFact, type Track } from './fact.js'
import { type Instant, isInstant } from './instant.js'
import type { Kinds } from './model.js'
import { isRecord } from './plain.js'

/** The state under another definition, and what time had done under the old one by then. */
export interface Migrated<A extends Kinds, B extends Kinds> {
  readonly events: readonly EventOf<A>[]
  readonly state: Journal<B['state']>
}

/**
 * Takes a state from one definition to another. Time is settled under the old one up to `at`; from then on the new one is in
 * force: what it would have had time do earlier, it does at `at`. Whose state it is, the ids that are remembered and the version stay.
 *
 * @param convert - Makes the model's own state; pure.
 * @throws DefinitionError `other-definition` for a state that is not of `from`, `as-of-before-state`, `invalid-instant`.
 */
export function migrateState<A extends Kinds, B extends Kinds>(
  from: Engine<A>,
  to: Engine<B>,
  convert: (state: A['state'], subject: string) => B['state'],
): (state: Journal<A['state']>, at: Instant) => Migrated<A, B> {
  return (given, at) => {
    if (!isInstant(at)) throw fault('invalid-instant', '$.at', at, 'an instant')
    const { events, state } = from.advance(given, at)
    const { subject, version, ids } = state
    if (state.at === null) return { events, state: to.start(subject) }
    const of = convert(state.of, subject)
    const migrated = { format: FORMAT, definition: to.hash, subject, at, version, ids, of }
    // Nothing is due before it is there, and what does not fit the new definition is told here.
    to.advance(migrated, at)
    return { events, state: migrated }
  }
}

/** What becomes of facts from one definition to another. */
export interface CarriedFacts {
  /** Both know them, and they mean the same. */
  readonly kept: readonly Fact[]
  /** Only the old one knows them, or they mean something else in the new one. */
  readonly dropped: readonly Fact[]
  /** The new one starts them as if nothing had happened. */
  readonly begunAnew: readonly Fact[]
  /** Tracks for the new definition from those of the old one. */
  carry(tracks: readonly Track[]): readonly Track[]
}

/**
 * Which facts keep their tracks: those that say the same of the same fields in the same calendar.
 *
 * @throws DefinitionError `wrong-type` with its path for what is no set of facts, and no context of one.
 */
export function carriedFacts(
  from: { readonly facts: FactSet; readonly context: FactContext },
  to: { readonly facts: FactSet; readonly context: FactContext },
): CarriedFacts {
  checkKnowing(from, '$.from')
  checkKnowing(to, '$.to')
  const old = new Map(from.facts.trackers.map(({ fact }, place) => [canonical(fact), place]))
  const places = to.facts.trackers.map(({ fact }) => {
    const place = old.get(canonical(fact))
    return place !== undefined && meansTheSame(fact, from.context, to.context) ? place : undefined
  })
  const facts = to.facts.trackers.map(({ fact }) => fact)
  const isKept = new Set(places)
  const covered = ({ trackers, start }: FactSet) => start.length > trackers.length
  return {
    kept: facts.filter((_, i) => places[i] !== undefined),
    dropped: from.facts.trackers.flatMap(({ fact }, place) => (isKept.has(place) ? [] : [fact])),
    begunAnew: facts.filter((_, i) => places[i] === undefined),
    carry: (tracks) => [
      ...places.map((place, i) => (place === undefined ? to.facts.start[i]! : tracks[place]!)),
      // What is known of gaps stays known.
      ...(covered(to.facts) ? [covered(from.facts) ? tracks.at(-1)! : to.facts.start.at(-1)!] : []),
    ],
  }
}

/** Refuses what no engine's facts stand in. */
function checkKnowing(given: unknown, path: string): void {
  checkRecord(given, path)
  const { facts, context } = given as { readonly facts?: unknown; readonly context?: unknown }
  checkRecord(facts, `${path}.facts`)
  const { trackers, start } = facts as { readonly trackers?: unknown; readonly start?: unknown }
  checkList(trackers, `${path}.facts.trackers`)
  checkList(start, `${path}.facts.start`)
  checkRecord(context, `${path}.context`)
  const { events, kinds } = context as { readonly events?: unknown; readonly kinds?: unknown }
  checkRecord(events, `${path}.context.events`)
  checkRecord(kinds, `${path}.context.kinds`)
}

function meansTheSame(fact: Fact, from: FactContext, to: FactContext): boolean {
  const names = namesIn(fact)
  const heard = (context: FactContext) => kindOfFact(fact, context.kinds).hears(fact, context.events)
  const fields = (context: FactContext) =>
    heard(context).map((event) => {
      const specs = context.events[event] ?? {}
      // What another engine says may stand in any field, and so may who takes part.
      if (fact.fact === 'says' || 'as' in fact) return [event, specs]
      return [event, names.map((name) => specs[name] ?? null)]
    })
  if (canonical(fields(from)) !== canonical(fields(to))) return false
  return sameCalendar(from.calendar, to.calendar) || !countsDates(fact)
}

const sameCalendar = (a: CalendarDefinition | undefined, b: CalendarDefinition | undefined) =>
  canonical(a ?? null) === canonical(b ?? null)

/** The fields that a fact reads. */
function namesIn(fact: Fact): readonly string[] {
  if (fact.fact === 'ratio') return [...namesIn(fact.of), ...namesIn(fact.to)]
  const { field, per, attribute, where, untilWhere, steps } = fact as {
    readonly [key: string]: unknown
    readonly steps?: readonly { readonly where?: object }[]
  }
  const filters = [where, untilWhere, ...(steps ?? []).map((step) => step.where)]
  return [
    ...[field, per, attribute].filter((name) => typeof name === 'string'),
    ...filters.flatMap((filter) => (isRecord(filter) ? Object.keys(filter) : [])),
  ]
}

/** Whether what is remembered of a fact depends on the definition's calendar. */
function countsDates(fact: Fact): boolean {
  if (fact.fact === 'ratio') return countsDates(fact.of) || countsDates(fact.to)
  if ('calendar' in fact && fact.calendar !== undefined) return false
  switch (fact.fact) {
    case 'says':
    case 'time-since':
    case 'time-between':
      return false
    case 'attribute':
      return fact.ago !== undefined && !isExact(fact.ago)
    case 'count':
    case 'sum':
    case 'min':
    case 'max':
    case 'distinct':
    case 'first':
    case 'last': {
      const { within } = fact
      return within !== undefined && ('this' in within || 'previous' in within || !isExact(within))
    }
    default:
      return true
  }
}
