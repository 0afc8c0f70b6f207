import { canonical, digestName } from './digest.js'
import { faultOf } from './door.js'
import { concerns, dated, type Engine, type EventOf, type Journal } from './engine.js'
import { fault, kindOf } from './errors.js'
import { type AnyEvent, compareEvents, contentDigest, isEvent, subjectOf } from './event.js'
import { type Instant, isInstant } from './instant.js'
import type { Correction, DerivedOnly, Due, Kinds } from './model.js'
import { isRecord } from './plain.js'
import { isDerived, logReader } from './recorded.js'
import { refold } from './restore.js'

/** What is known of a subject: a state, and everything recorded after it, in the order of recording. */
export interface ReplayLog<K extends Kinds> {
  /** A state from before the change; `engine.start(subject)` always is. */
  readonly checkpoint: Journal<K['state']>
  /** Facts, and what was derived or decided where it was stored. Facts of an engine of `facts` may stand in any order. */
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
  /**
   * When the correction is made; the last instant of the log, or of learning of the change, unless told. A host that corrects
   * more than once tells it, so that it never goes back: without the last fact, the last instant of the log is an earlier one.
   */
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
 * Decides again from facts, from a checkpoint on: late, deleted and merged facts, or another definition. An engine of `facts`
 * takes them in the order of `compareEvents`; what an engine of `decisions` has recorded stays in its order. Nothing before the
 * first change, or before what an earlier correction behind it had decided again, is touched.
 *
 * What an engine of `decisions` decided stays: the difference comes back as compensating events, dated `at`, with the
 * date that they belong to in `effectiveAt`.
 *
 * @throws DefinitionError `as-of-before-state` when the change is older than the checkpoint; `wrong-type` for a fact
 * that the door would refuse; as `restore` does for the tail.
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
  /** The instant from which everything is decided again; `null` where nothing is. */
  readonly since: Instant | null
  readonly horizon: Instant | null
  readonly correctedAt: Instant | null
}

function prepare<K extends Kinds>(engine: Engine<K>, log: ReplayLog<K>, change: ReplayChange<K>): Work<K> {
  checkChange(change)
  checkLog(engine, log)
  const { checkpoint } = log
  // Facts are all decided again, so they may come in any order; of decisions the order is what was recorded.
  const tail = engine.history === 'facts' ? [...log.tail].sort(byTime) : log.tail
  const isFact = (event: AnyEvent) => isFactOf(engine, event)
  const removed = new Set(change.remove ?? [])
  const facts = tail.filter(isFact)
  for (const id of removed) {
    if (!facts.some((fact) => fact.id === id))
      throw fault('unknown-name', '$.remove', kindOf(id), 'ids of facts in the tail')
  }
  const late = lateFacts(
    engine,
    checkpoint.subject,
    facts.filter(({ id }) => !removed.has(id)),
    change,
  )
  const gone = facts.filter(({ id }) => removed.has(id))
  const from = firstChange(engine, log, [...late, ...gone])
  const [prefix, suffix] = [
    tail.filter(({ occurredAt }) => occurredAt < from),
    tail.filter(({ occurredAt }) => occurredAt >= from),
  ]
  const kept = suffix.filter((event) => isFact(event) && !removed.has(event.id))
  const happened = ({ occurredAt }: AnyEvent) => occurredAt
  const horizon = latest([...tail, ...(log.recorded ?? [])], happened, checkpoint.at)
  const known = latest(late, ({ occurredAt, recordedAt }) => recordedAt ?? occurredAt, horizon)
  const { at = known } = change
  if (at !== null && known !== null && at < known)
    throw fault('as-of-before-state', '$.at', at, `${known} or later`)
  const base = refold(engine, checkpoint, prefix)
  const since = from === Number.NEGATIVE_INFINITY ? (suffix[0]?.occurredAt ?? null) : from
  return {
    base,
    prefix,
    suffix,
    facts: [...kept, ...late].sort(compareEvents),
    late,
    removed,
    since,
    horizon,
    correctedAt: at,
  }
}

/** Keeps the order of recording at one instant. */
const byTime = (a: AnyEvent, b: AnyEvent) => a.occurredAt - b.occurredAt

const isFactOf = <K extends Kinds>({ model, publishes }: Engine<K>, { type }: AnyEvent): boolean =>
  Object.hasOwn(model.hears, type) && !Object.hasOwn(publishes, type)

const CHANGES: readonly string[] = [
  'add',
  'remove',
  'merge',
  'at',
  'correct',
  'openSince',
] satisfies (keyof ReplayChange<Kinds>)[]
const POLICIES: readonly unknown[] = [undefined, 'original-date', 'open-period']

function checkLog<K extends Kinds>(engine: Engine<K>, log: ReplayLog<K>): void {
  if (!isRecord(log) || !isRecord(log.checkpoint))
    throw fault('wrong-type', '$.log', log, '{ checkpoint, tail }')
  checkList(log.tail, '$.tail', () => true)
  const isNew = logReader(engine, log.checkpoint, '$.tail', engine.history === 'decisions')
  const seen = new Set<string>()
  for (const [place, event] of log.tail.entries()) {
    if (seen.has(event?.id)) continue
    isNew(event, place)
    seen.add(event.id)
  }
  checkList(log.recorded ?? [], '$.recorded', isEvent)
}

function checkList(list: unknown, path: string, fits: (item: unknown) => boolean): void {
  const stranger = Array.isArray(list) ? list.find((item) => !fits(item)) : list
  if (!Array.isArray(list) || !list.every(fits)) throw fault('wrong-type', path, stranger, 'a list of events')
}

function checkChange<K extends Kinds>(change: ReplayChange<K>): void {
  if (typeof change !== 'object' || change === null)
    throw fault('wrong-type', '$.change', change, '{ add, remove, merge, … }')
  const stranger = Object.keys(change).find((key) => !CHANGES.includes(key))
  if (stranger !== undefined) throw fault('unknown-key', `$.${stranger}`, stranger, CHANGES.join(' | '))
  if (!POLICIES.includes(change.correct))
    throw fault('unknown-name', '$.correct', kindOf(change.correct), 'original-date | open-period')
  const { add = [], remove = [], merge } = change
  checkList(add, '$.add', isRecord)
  checkList(remove, '$.remove', (id) => typeof id === 'string')
  if (merge !== undefined) {
    if (!isRecord(merge) || typeof merge.subject !== 'string')
      throw fault('wrong-type', '$.merge', merge, '{ subject, events }')
    checkList(merge.events, '$.merge.events', isEvent)
  }
  for (const key of ['at', 'openSince'] as const) {
    const at = change[key]
    if (at !== undefined && !isInstant(at)) throw fault('invalid-instant', `$.${key}`, at, 'an instant')
  }
}

/**
 * The facts that a change brings: those that the log has already, content and all, are left out. A fact of somebody else
 * whose id is taken here gets the other's name in front of it.
 */
function lateFacts<K extends Kinds>(
  engine: Engine<K>,
  subject: string,
  known: readonly AnyEvent[],
  { add = [], merge }: ReplayChange<K>,
): readonly EventOf<K>[] {
  const byId = new Map(known.map((fact) => [fact.id, fact]))
  const late: EventOf<K>[] = []
  const take = (fact: EventOf<K>, path: string, renamed?: EventOf<K>): void => {
    checkFact(engine, fact, subject, path)
    const twin = byId.get(fact.id)
    if (twin === undefined) {
      byId.set(fact.id, fact)
      late.push(fact)
    } else if (contentDigest(twin) !== contentDigest(fact)) {
      if (renamed === undefined)
        throw fault(
          'duplicate-name',
          path,
          kindOf(fact.id),
          'an id that the log does not use for other content',
        )
      take(renamed, path)
    }
  }
  for (const fact of add) take(fact, '$.add')
  for (const fact of merge?.events ?? []) {
    const own = readdressed(fact, merge!.subject, subject) as EventOf<K>
    take(own, '$.merge.events', { ...own, id: subjectOf(merge!.subject, own.id) })
  }
  return late
}

/**
 * From where on everything is decided again: the first change, or where an earlier correction began that lies behind it;
 * from there on what was recorded is no longer what followed.
 */
function firstChange<K extends Kinds>(
  engine: Engine<K>,
  { checkpoint, tail }: ReplayLog<K>,
  changed: readonly AnyEvent[],
): Instant {
  if (changed.length === 0) return Number.NEGATIVE_INFINITY
  let from = Number.POSITIVE_INFINITY
  for (const { occurredAt } of changed) if (occurredAt < from) from = occurredAt
  for (const event of tail) {
    const since = engine.model.corrects?.(event)
    if (since !== undefined && since < from && event.occurredAt >= from) from = since
  }
  if (checkpoint.at !== null && from < checkpoint.at) {
    throw fault('as-of-before-state', '$.checkpoint', checkpoint.at, `a checkpoint at or before ${from}`)
  }
  return from
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
  const settled = engine.advance(refold(engine, base, suffix), correctedAt)
  const arranged = arrange(engine, [...suffix, ...settled.events], work)
  const byInput = arranged.filter(
    ({ type, cause }) => cause !== undefined || !Object.hasOwn(engine.publishes, type),
  )
  const revised = walk(engine, base, byInput, correctedAt)
  const corrected = walkDerived(engine, base, arranged)
  const { openSince = correctedAt } = change
  const correction: Correction = {
    at: correctedAt,
    since: work.since ?? correctedAt,
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
 * The corrected facts and the recorded decisions in one order. What was recorded stays in its order, at one instant too: it was
 * decided in that order. A late fact stands before the first of its instant that `compareEvents` puts behind it, and what time
 * and facts brought about stays behind the fact that it followed.
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
  const groups: Group[] = []
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
  const precedes = (fact: EventOf<K>, { head, occurredAt }: Group) =>
    fact.occurredAt < occurredAt ||
    (fact.occurredAt === occurredAt && head !== undefined && compareEvents(fact, head) < 0)
  const added = [...late].sort(compareEvents)
  const all: EventOf<K>[] = []
  let next = 0
  for (const group of groups) {
    for (; next < added.length && precedes(added[next]!, group); next += 1) all.push(added[next]!)
    for (const event of group.events) all.push(event)
  }
  return [...all, ...added.slice(next)]
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

function readdressed(event: AnyEvent, from: string, to: string): AnyEvent {
  const data = Object.fromEntries(
    Object.entries(event.data).map(([name, value]) => [name, value === from ? to : value]),
  )
  return { ...event, subject: event.subject === from ? to : event.subject, data }
}

function checkFact<K extends Kinds>(engine: Engine<K>, event: AnyEvent, subject: string, path: string): void {
  const misfit = faultOf(engine.accepts, event)
  if (misfit !== undefined) throw fault('wrong-type', path, misfit.code, 'facts that the door lets in')
  if (!isFactOf(engine, event))
    throw fault('wrong-type', path, event.type, 'facts; a command is decided, not replayed')
  if (!concerns(engine.accepts, event, subject))
    throw fault('wrong-type', path, event.type, 'facts that concern the subject')
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
