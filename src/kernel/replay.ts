import { canonical, digestName } from './digest.js'
import { faultOf } from './door.js'
import {
  type Correction,
  type DerivedOnly,
  type Due,
  dated,
  type Engine,
  type EventOf,
  type Journal,
  type Kinds,
} from './engine.js'
import { fault } from './errors.js'
import { type AnyEvent, compareEvents } from './event.js'
import type { Instant } from './instant.js'
import { isDerived, resume } from './restore.js'

/** What is known of a subject: a state, and everything recorded after it, in the order of recording. */
export interface ReplayLog<K extends Kinds> {
  /** A state from before the change; `engine.start(subject)` always is. */
  readonly checkpoint: Journal<K['state']>
  /** Facts, and what was derived or decided where it was stored. */
  readonly tail: readonly EventOf<K>[]
  /**
   * The derived events that were published, where the tail does not hold them or another definition made them; what the
   * tail holds, or else what this definition derives from it, unless told.
   */
  readonly recorded?: readonly EventOf<K>[]
}

/** What has turned out differently. */
export interface ReplayChange<K extends Kinds> {
  /** Facts that came late. One that the tail already has is left out. */
  readonly add?: readonly K['hears'][]
  /** Ids of facts that did not happen. */
  readonly remove?: readonly string[]
  /** Facts of another subject that is the same person: they are taken over as this subject's own. */
  readonly merge?: { readonly subject: string; readonly events: readonly K['hears'][] }
  /** When the correction is made; the last instant of the log, or of learning of the change, unless told. */
  readonly at?: Instant
  /**
   * Where compensations belong: to the date of what they correct, or to the open period, which begins at `openSince`.
   * `original-date` unless told.
   */
  readonly correct?: 'original-date' | 'open-period'
  /** Start of the open accounting period; the instant of the correction unless told. */
  readonly openSince?: Instant
}

/** What follows from the corrected facts, and how it differs from what was recorded. */
export interface Replayed<K extends Kinds> {
  readonly state: Journal<K['state']>
  /** Derived events that were recorded and no longer follow. */
  readonly retracted: readonly EventOf<K>[]
  /** Events that follow and were not recorded; for `decisions` also the compensations. */
  readonly asserted: readonly EventOf<K>[]
  /** The corrected tail, in the order in which `restore` takes it: it stands for the old one from the checkpoint on. */
  readonly log: readonly EventOf<K>[]
}

/**
 * Decides again from facts, from a checkpoint on: late, deleted and merged facts, or another definition. Facts are
 * taken in the order of `compareEvents`; nothing before the first change is touched.
 *
 * What an engine of `decisions` decided stays: the difference comes back as compensating events, dated `at`, with the
 * date that they belong to in `effectiveAt`.
 *
 * @throws DefinitionError `as-of-before-state` when the change is older than the checkpoint; `wrong-type` for a fact
 * that the door would refuse.
 */
export function replay<K extends Kinds>(
  engine: Engine<K>,
  log: ReplayLog<K>,
  change: ReplayChange<K> = {},
): Replayed<K> {
  const work = prepare(engine, log, change)
  return engine.history === 'facts' ? deriveAgain(engine, log, work) : compensate(engine, work, change)
}

interface Work<K extends Kinds> {
  readonly base: Journal<K['state']>
  /** What was recorded before the first change, and stays. */
  readonly prefix: readonly EventOf<K>[]
  /** Everything recorded from the first change on. */
  readonly suffix: readonly EventOf<K>[]
  /** The corrected facts from there on, in their order. */
  readonly facts: readonly EventOf<K>[]
  /** Those of them that the log did not have. */
  readonly late: readonly EventOf<K>[]
  readonly removed: ReadonlySet<string>
  readonly horizon: Instant | null
  readonly correctedAt: Instant | null
}

function prepare<K extends Kinds>(engine: Engine<K>, log: ReplayLog<K>, change: ReplayChange<K>): Work<K> {
  const { checkpoint, tail } = log
  const isFact = (event: AnyEvent) =>
    Object.hasOwn(engine.model.hears, event.type) && !Object.hasOwn(engine.publishes, event.type)
  const removed = new Set(change.remove ?? [])
  const kept = new Set(tail.filter((event) => isFact(event) && !removed.has(event.id)).map(({ id }) => id))
  const { merge } = change
  const taken = (merge?.events ?? []).map(
    (event) => readdressed(event, merge!.subject, checkpoint.subject) as K['hears'],
  )
  const late = unique([...(change.add ?? []), ...taken]).filter(({ id }) => !kept.has(id))
  for (const event of late) checkFact(engine, event)
  const gone = tail.filter((event) => isFact(event) && removed.has(event.id))
  const from = [...late, ...gone].reduce(
    (least, { occurredAt }) => Math.min(least, occurredAt),
    late.length + gone.length === 0 ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY,
  )
  if (checkpoint.at !== null && from < checkpoint.at && from !== Number.NEGATIVE_INFINITY) {
    const expected = `a checkpoint at or before ${from}`
    throw fault('as-of-before-state', '$.checkpoint', checkpoint.at, expected)
  }
  const suffix = tail.filter(({ occurredAt }) => occurredAt >= from)
  const facts = [...suffix.filter((event) => isFact(event) && !removed.has(event.id)), ...late].sort(
    compareEvents,
  )
  const happened = ({ occurredAt }: AnyEvent) => occurredAt
  const horizon = latest([...tail, ...(log.recorded ?? [])], happened, checkpoint.at)
  const known = latest(late, ({ occurredAt, recordedAt }) => recordedAt ?? occurredAt, horizon)
  const correctedAt = change.at !== undefined && (known === null || change.at > known) ? change.at : known
  const prefix = tail.filter(({ occurredAt }) => occurredAt < from)
  const base = resume(engine, checkpoint, prefix)
  return { base, prefix, suffix, facts, late, removed, horizon, correctedAt }
}

function deriveAgain<K extends Kinds>(engine: Engine<K>, log: ReplayLog<K>, work: Work<K>): Replayed<K> {
  const { base, prefix, suffix, facts } = work
  const until = latest(facts, ({ occurredAt }) => occurredAt, work.horizon)
  const revised = walk(engine, base, facts, until)
  const stored = suffix.filter((event) => isDerived(engine, event.type))
  const recorded =
    log.recorded?.filter(({ occurredAt }) => suffix.length === 0 || occurredAt >= suffix[0]!.occurredAt) ??
    (stored.length > 0
      ? stored
      : walk(
          engine,
          base,
          suffix.filter((event) => !isDerived(engine, event.type)),
          work.horizon,
        ).made)
  return { state: revised.state, ...difference(recorded, revised.made), log: [...prefix, ...revised.log] }
}

/**
 * Three runs from the first change on. `settled`: what was recorded, up to the correction. `revised`: what follows when
 * everything is decided again. `corrected`: the corrected facts with the decisions as they were recorded. What
 * `decisions` parts lack between the last two is compensated.
 */
function compensate<K extends Kinds>(engine: Engine<K>, work: Work<K>, change: ReplayChange<K>): Replayed<K> {
  const { base, prefix, suffix, correctedAt } = work
  if (correctedAt === null) return { state: base, retracted: [], asserted: [], log: prefix }
  const { subject } = base
  const settled = engine.advance(resume(engine, base, suffix), correctedAt)
  const arranged = arrange(engine, [...suffix, ...settled.events], work)
  const byInput = arranged.filter(
    ({ type, cause }) => cause !== undefined || !Object.hasOwn(engine.publishes, type),
  )
  const revised = walk(engine, base, byInput, correctedAt)
  const corrected = walkDerived(engine, base, arranged)
  const { openSince = correctedAt } = change
  const correction: Correction = {
    at: correctedAt,
    subject,
    effectiveAt: (original) => (change.correct === 'open-period' ? Math.max(original, openSince) : original),
  }
  const drafts = engine.model.compensate?.(corrected.state.of, revised.state.of, correction) ?? []
  const mark = digestName(
    canonical([...(change.add ?? []).map(({ id }) => id), ...(change.remove ?? []), correctedAt]),
  )
  const compensations = drafts.map((draft, i) => {
    const due: Due = { at: correctedAt, make: () => ({ ...draft, rule: `correction>${mark}#${i}` }) }
    return dated(due, engine.model.id, engine.hash, subject) as EventOf<K>
  })
  const compensated = walkDerived(engine, corrected.state, compensations)
  const after = engine.advance(compensated.state, correctedAt)
  const wasDerived = suffix.filter(({ type }) => isDerived(engine, type))
  const { retracted, asserted } = difference(wasDerived, [
    ...corrected.made,
    ...compensated.made,
    ...after.events.filter(({ type }) => isDerived(engine, type)),
  ])
  const isDecision = ({ type }: EventOf<K>) => !isDerived(engine, type)
  const decisions = [
    ...settled.events.filter(isDecision),
    ...compensations,
    ...after.events.filter(isDecision),
  ]
  return {
    state: after.state,
    retracted,
    asserted: merged(asserted, decisions),
    log: [...prefix, ...corrected.log, ...compensated.log, ...after.events],
  }
}

/** Decides from inputs, with what time does in between and until the end. */
function walk<K extends Kinds>(
  engine: Engine<K>,
  from: Journal<K['state']>,
  inputs: readonly EventOf<K>[],
  until: Instant | null,
) {
  const made: EventOf<K>[] = []
  const log: EventOf<K>[] = []
  let state = from
  const settle = (at: Instant) => {
    const step = engine.advance(state, state.at === null ? at : Math.max(state.at, at))
    state = step.state
    for (const event of step.events) {
      made.push(event)
      log.push(event)
    }
  }
  for (const input of inputs) {
    settle(input.occurredAt)
    log.push(input)
    state = engine.evolve(state, input)
    settle(input.occurredAt)
  }
  if (until !== null) settle(until)
  return { state, made, log }
}

/** Applies facts and recorded decisions, and derives again only what is derived. */
function walkDerived<K extends Kinds>(
  engine: Engine<K>,
  from: Journal<K['state']>,
  inputs: readonly EventOf<K>[],
) {
  const made: EventOf<K>[] = []
  const log: EventOf<K>[] = []
  let state = from
  const settle = (at: Instant, among: DerivedOnly) => {
    if (engine.model.derives === undefined) return
    for (;;) {
      const due = state.at === null ? undefined : engine.model.due(state.of, state.at, among)
      if (due === undefined || due.at > at) return
      const event = dated(due, engine.model.id, engine.hash, state.subject) as EventOf<K>
      made.push(event)
      log.push(event)
      state = engine.evolve(state, event)
    }
  }
  for (const input of inputs) {
    const { occurredAt, type, cause } = input
    const decided = cause === undefined && Object.hasOwn(engine.publishes, type)
    settle(occurredAt - 1, {})
    settle(occurredAt, decided ? { before: type } : {})
    log.push(input)
    state = engine.evolve(state, input)
  }
  return { state, made, log }
}

/**
 * The corrected facts and the recorded decisions in one order: what time and facts brought about stays behind the fact
 * that it followed, facts and commands of one instant stand in the order of `compareEvents`.
 */
function arrange<K extends Kinds>(
  engine: Engine<K>,
  recorded: readonly EventOf<K>[],
  { late, removed }: Work<K>,
): readonly EventOf<K>[] {
  interface Group {
    /** The fact or command that the others follow; none where time alone made them. */
    readonly head: AnyEvent | undefined
    readonly occurredAt: Instant
    readonly events: EventOf<K>[]
  }
  const groups: Group[] = late.map((fact) => ({ head: fact, occurredAt: fact.occurredAt, events: [fact] }))
  let open: Group | undefined
  for (const event of recorded) {
    if (isDerived(engine, event.type)) continue
    const { occurredAt, cause, type, id } = event
    const isDecision = Object.hasOwn(engine.publishes, type)
    const head = !isDecision ? event : cause && { ...event, id: cause.input }
    const follows =
      open !== undefined &&
      open.occurredAt === occurredAt &&
      (head === undefined || open.head?.id === head.id)
    if (!follows) {
      open = { head, occurredAt, events: [] }
      groups.push(open)
    }
    if (isDecision || !removed.has(id)) open!.events.push(event)
  }
  const order = (a: Group, b: Group) =>
    a.occurredAt - b.occurredAt ||
    Number(a.head !== undefined) - Number(b.head !== undefined) ||
    (a.head && b.head ? compareEvents(a.head, b.head) : 0)
  return groups.sort(order).flatMap(({ events }) => events)
}

/** Two lists that are each in order, as one; at one instant the first list's come first. */
function merged<E extends AnyEvent>(first: readonly E[], second: readonly E[]): readonly E[] {
  const all: E[] = []
  let next = 0
  for (const event of first) {
    while (next < second.length && second[next]!.occurredAt < event.occurredAt) all.push(second[next++]!)
    all.push(event)
  }
  return [...all, ...second.slice(next)]
}

function difference<E extends AnyEvent>(recorded: readonly E[], made: readonly E[]) {
  const content = ({ recordedAt, ...event }: E) => canonical(event)
  const had = new Set(recorded.map(content))
  const has = new Set(made.map(content))
  return {
    retracted: recorded.filter((event) => !has.has(content(event))),
    asserted: made.filter((event) => !had.has(content(event))),
  }
}

function unique<E extends AnyEvent>(events: readonly E[]): readonly E[] {
  return [...new Map(events.map((event) => [event.id, event])).values()]
}

function readdressed(event: AnyEvent, from: string, to: string): AnyEvent {
  const data = Object.fromEntries(
    Object.entries(event.data).map(([name, value]) => [name, value === from ? to : value]),
  )
  return { ...event, subject: event.subject === from ? to : event.subject, data }
}

function checkFact<K extends Kinds>(engine: Engine<K>, event: AnyEvent): void {
  const misfit = faultOf(engine.accepts, event)
  if (misfit === undefined) return
  throw fault('wrong-type', '$.add', misfit.code, 'facts that the door lets in')
}

function latest(
  events: readonly AnyEvent[],
  of: (event: AnyEvent) => Instant,
  from: Instant | null,
): Instant | null {
  let last = from
  for (const event of events) if (last === null || of(event) > last) last = of(event)
  return last
}
