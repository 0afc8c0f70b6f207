import { checkKeys, checkList, checkName, checkRecord, fault, reading } from '../kernel/errors.js'
import { isEvent } from '../kernel/event.js'
import {
  type AnyEvent,
  type Engine,
  type EventOf,
  explain,
  type Instant,
  isInstant,
  replay,
} from '../kernel/index.js'
import { checkInstant } from '../kernel/instant.js'
import { isDerived } from '../kernel/recorded.js'
import { agreedOf, moveOf, pathOf, rulesByStage, type StageKinds, type StageOf } from './agreed.js'
import type { MoveReason } from './lifecycle.js'
import { type ComingMove, type NoMove, nextMove } from './next-move.js'

/** What began a stay. */
export interface Beginning {
  /** `$.rules.new[1]`, `$.everywhere[0]`; `null` for a move by hand. */
  readonly rule: string | null
  /** Why, with the numbers as they were read when the move was decided. */
  readonly reason: MoveReason
  /** Id of the fact after which it followed at once; `null` where time alone brought it. */
  readonly cause: string | null
}

/** A time in one stage, `[from, to)`; `explain` says it in words. */
export interface Stay<Stage extends string = string> {
  readonly code: 'first-stay' | 'stay'
  readonly stage: Stage
  readonly from: Instant
  /** `null` while it lasts. */
  readonly to: Instant | null
  /** The move that began it; `null` for the first one, which began with the first fact. */
  readonly began: Beginning | null
  /** Why it began; `null` for the first one. */
  readonly reason: MoveReason | null
}

/** All stays of a subject, and where it goes if nothing happens. */
export interface Timeline<Stage extends string = string> {
  readonly subject: string
  readonly asOf: Instant
  /** In order, the last one without an end; none before the first fact. Those that lasted no time are among them. */
  readonly stays: readonly Stay<Stage>[]
  readonly next: ComingMove<Stage> | NoMove<Stage>
}

/** Up to which instant. */
export interface TimelineOptions {
  /** What was later does not count. */
  readonly asOf: Instant
}

/**
 * Every stay of a subject with what began it, derived from facts. They are taken in the order of `replay`: when they were true,
 * when they became known, their id; a fact that comes twice counts once. Moves that were recorded among them are left out and
 * derived again.
 *
 * @throws DefinitionError `wrong-type` for what the door would refuse, `duplicate-name` for an id with two contents.
 * @example
 * timeline(customer, 'ann', events, { asOf }).stays.map(({ stage }) => stage) // => ['lead', 'new', 'lapsed']
 */
export function timeline<K extends StageKinds>(
  engine: Engine<K>,
  subject: string,
  events: Iterable<EventOf<K>>,
  options: TimelineOptions,
): Timeline<StageOf<K>> {
  agreedOf(engine)
  const asOf = asOfOf(options)
  const facts: K['hears'][] = []
  for (const event of listed(events))
    if (event.occurredAt <= asOf && !isDerived(engine, event.type)) facts.push(event)
  const { state, log } = replay(engine, { checkpoint: engine.start(subject), tail: [] }, { add: facts })
  const later = engine.advance(state, asOf)
  const stays = staysIn(engine, [...log, ...later.events])
  return { subject, asOf, stays, next: nextMove(engine, later.state, asOf) }
}

/**
 * Every stay of a subject as it was recorded, straight from its log: nothing is derived again, so that stays under an older
 * definition are shown as they were. What time has done since the last entry is not among them.
 *
 * @param log - Facts and moves in the order of recording.
 * @throws DefinitionError `wrong-type` for what is no recorded event.
 * @example
 * recordedStays(customer, log, { asOf }).at(-1)?.stage // => 'lapsed'
 */
export function recordedStays<K extends StageKinds>(
  engine: Engine<K>,
  log: Iterable<EventOf<K>>,
  options: TimelineOptions,
): readonly Stay<StageOf<K>>[] {
  agreedOf(engine)
  const asOf = asOfOf(options)
  const seen = new Set<string>()
  const recorded: AnyEvent[] = []
  for (const event of listed(log)) {
    if (seen.has(event.id) || event.occurredAt > asOf) continue
    seen.add(event.id)
    recorded.push(event)
  }
  return staysIn(engine, recorded)
}

function asOfOf(options: TimelineOptions): Instant {
  checkRecord(options, '$.options')
  checkKeys(options, ['asOf'], '$.options')
  const { asOf } = options
  if (!isInstant(asOf)) throw fault('invalid-instant', '$.options.asOf', asOf, 'an instant')
  return asOf
}

function* listed<E extends AnyEvent>(events: Iterable<E>): Generator<E> {
  if (typeof events !== 'object' || events === null || !(Symbol.iterator in events))
    throw fault('wrong-type', '$.events', events, 'events')
  for (const event of events) {
    if (!isEvent(event)) throw fault('wrong-type', '$.events', event, 'a recorded event')
    yield event
  }
}

/** Stays between the moves of a log. The fact that a move follows at the same instant has brought it about. */
function staysIn<K extends StageKinds>(
  engine: Engine<K>,
  log: readonly AnyEvent[],
): readonly Stay<StageOf<K>>[] {
  const agreed = agreedOf(engine)
  const paths = rulesByStage(agreed)
  const stays: Stay[] = []
  let fact: AnyEvent | undefined
  const begin = (stage: string, from: Instant, began: Beginning | null) => {
    const last = stays.pop()
    if (last !== undefined) stays.push({ ...last, to: from })
    const code = began === null ? 'first-stay' : 'stay'
    stays.push({ code, stage, from, to: null, began, reason: began?.reason ?? null })
  }
  for (const event of log) {
    const move = moveOf(engine, event)
    const { occurredAt, type } = event
    if (move === undefined) {
      if (!Object.hasOwn(engine.model.hears, type)) continue
      fact = event
      if (stays.length === 0) begin(agreed.initial, occurredAt, null)
      continue
    }
    // A log that begins with a move was cut off: where it came from is known, since when is not.
    if (stays.length === 0) begin(move.from, occurredAt, null)
    const cause = fact !== undefined && fact.occurredAt === occurredAt ? fact.id : null
    begin(move.to, occurredAt, { rule: pathOf(paths, move), reason: move.reason, cause })
  }
  return stays as unknown as readonly Stay<StageOf<K>>[]
}

/** A stay as a row of a table. */
export interface StayRow {
  readonly subject: string
  readonly nth: number
  readonly stage: string
  readonly from: Instant
  readonly to: Instant | null
  /** Milliseconds, up to `asOf` while it lasts. */
  readonly lasted: number
  readonly isOpen: boolean
  readonly rule: string | null
  /** Code of the reason; `null` for the first stay. */
  readonly reason: string | null
  readonly cause: string | null
  readonly en: string
  readonly zh: string
}

/**
 * A timeline as flat rows, one for each stay, with a sentence in both languages. They name the subject.
 *
 * @throws DefinitionError `wrong-type`, `invalid-instant` with its path for what is no timeline.
 * @example
 * timelineRows(customer, line)[0] // => { subject: 'ann', nth: 0, stage: 'lead', from, to, …, en: 'lead from …', zh: '…' }
 */
export function timelineRows<K extends StageKinds>(
  engine: Engine<K>,
  line: Timeline<StageOf<K>>,
): readonly StayRow[] {
  agreedOf(engine)
  checkTimeline(line)
  const { subject, asOf, stays } = line
  const rowOf = (stay: Stay, nth: number): StayRow => ({
    subject,
    nth,
    stage: stay.stage,
    from: stay.from,
    to: stay.to,
    lasted: (stay.to ?? asOf) - stay.from,
    isOpen: stay.to === null,
    rule: stay.began?.rule ?? null,
    reason: stay.reason?.code ?? null,
    cause: stay.began?.cause ?? null,
    en: explain(engine, stay, 'en'),
    zh: explain(engine, stay, 'zh'),
  })
  return reading('wrong-type', '$.timeline', line, 'what timeline returns', () => stays.map(rowOf))
}

/** Refuses what `timeline` does not give. */
function checkTimeline(line: unknown): void {
  checkRecord(line, '$.timeline')
  const { subject, asOf, stays } = line as { readonly [name: string]: unknown }
  if (typeof subject !== 'string') throw fault('wrong-type', '$.timeline.subject', subject, 'text')
  checkInstant(asOf, '$.timeline.asOf')
  checkList(stays, '$.timeline.stays')
  for (const [i, stay] of stays.entries()) {
    const path = `$.timeline.stays[${i}]`
    checkRecord(stay, path)
    const { code, stage, from, to, began, reason } = stay as { readonly [name: string]: unknown }
    checkName(['first-stay', 'stay'], code, `${path}.code`)
    if (typeof stage !== 'string') throw fault('wrong-type', `${path}.stage`, stage, 'a stage')
    checkInstant(from, `${path}.from`)
    if (to !== null) checkInstant(to, `${path}.to`)
    if (began !== null) checkRecord(began, `${path}.began`)
    if (reason !== null) checkRecord(reason, `${path}.reason`)
  }
}
