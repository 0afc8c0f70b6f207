import { canonical, digestName, type Json, plain } from './digest.js'
import { type DoorRefusal, faultInLooking, faultOf, type ReadOptions, readEvent } from './door.js'
import { checkDuration, type Duration, exactLength } from './duration.js'
import { checkOwnName, DefinitionError, fault, kindOf, reading } from './errors.js'
import { type AnyEvent, type Cause, contentDigest, isEvent } from './event.js'
import { SumOutOfRange } from './fact.js'
import { checkEventNames, type EventSpecs, fits, sameFields } from './field.js'
import { type Instant, isInstant } from './instant.js'
import { emptyMemory, type Memory, recall, remember, remembers } from './memory.js'
import type { Due, Kinds, Model } from './model.js'
import { frozen, isRecord, own, unlikenessTo } from './plain.js'
import type { Vocabulary } from './vocabulary.js'

/** A model's state with the journal around it: whose, when, how many inputs, which ones. Plain JSON. */
export interface Journal<State> {
  readonly format: number
  /** Hash of the definition under which it was made. */
  readonly definition: string
  readonly subject: string
  /** The last instant at which something was recorded; `null` before the first. */
  readonly at: Instant | null
  /** How many inputs were accepted. */
  readonly version: number
  readonly ids: Memory
  readonly of: State
}

/** The format of journals that this release writes. */
export const FORMAT = 1

/** Why the journal does not take an input, in order of precedence; the model's own refusals come last. */
export type JournalRefusal =
  | { readonly code: 'newer-format'; readonly known: number; readonly found: number }
  | { readonly code: 'other-definition'; readonly expected: string; readonly found: string }
  /** Something in the state is missing or of another kind; where, as far as it is known. */
  | { readonly code: 'malformed-state'; readonly path: string }
  | DoorRefusal
  | { readonly code: 'other-subject' }
  /** The id was used for other content. */
  | { readonly code: 'id-conflict'; readonly version: number }
  /** Too old to know whether it is a repeat. */
  | { readonly code: 'outside-idempotency-window'; readonly lastAt: Instant; readonly window: number }
  /** Older than what is recorded: `replay` takes it, from this instant on. */
  | { readonly code: 'late'; readonly replayFrom: Instant; readonly lastAt: Instant }
  | { readonly code: 'version-conflict'; readonly expected: number; readonly version: number }
  /** A running sum would leave the safe integers. */
  | { readonly code: 'sum-out-of-range' }

/** What an engine records: what it hears and what it emits. */
export type EventOf<K extends Kinds> = K['emits'] | K['hears']

/** Events and the state after them. */
export interface Step<State, Event> {
  readonly events: readonly Event[]
  readonly state: Journal<State>
}

/** What became of an input. */
export type Outcome<K extends Kinds> =
  | ({ readonly outcome: 'accepted' } & Step<K['state'], EventOf<K>>)
  /** A retry: nothing changed; `version` is the one it made the first time. */
  | { readonly outcome: 'repeated'; readonly version: number }
  | { readonly outcome: 'refused'; readonly refusal: K['refusal'] | JournalRefusal }

/**
 * Follows one subject through time: given what was agreed and what has happened, as of a moment, what follows, and why.
 * Laws: `engineLaws` in `liuliang/testing`.
 */
export interface Engine<K extends Kinds> {
  readonly id: K['id']
  /** What was agreed, as plain data: frozen, and a copy of what was given. */
  readonly definition: Json
  /** Digest of the definition; states and derived ids carry it. */
  readonly hash: string
  readonly history: 'facts' | 'decisions'
  /** What it takes from outside: facts and commands. */
  readonly accepts: EventSpecs
  /** What it emits, as a catalogue that others spread into theirs. */
  readonly publishes: K['publishes']
  readonly vocabulary: Vocabulary
  /** What it is made of; a program is made of the models of its parts. */
  readonly model: Model<K>
  /**
   * The door for what comes from outside, facts and commands alike: instants as text become numbers, money becomes
   * decimal text. Refuses, never throws, never echoes.
   */
  read(
    value: unknown,
    options?: ReadOptions,
  ): { readonly input: K['command'] | K['hears'] } | { readonly refusal: DoorRefusal }
  /** @throws DefinitionError `wrong-type` for a subject that no input could have: empty, or no text. */
  start(subject: string): Journal<K['state']>
  /** Takes a fact or a command; pure. What was due by then comes first, what it causes comes after. */
  decide(state: Journal<K['state']>, input: K['command'] | K['hears']): Outcome<K>
  /** Applies what was recorded; total. */
  evolve(state: Journal<K['state']>, event: EventOf<K>): Journal<K['state']>
  /** What time alone has done by then; never refuses. @throws DefinitionError `as-of-before-state` */
  advance(state: Journal<K['state']>, asOf: Instant): Step<K['state'], EventOf<K>>
  /** What holds at that instant. @throws DefinitionError `as-of-before-state` */
  view(state: Journal<K['state']>, asOf: Instant): K['view']
  /** When the view changes next, strictly after `asOf`, if nothing happens; and what makes it change. */
  nextChange(
    state: Journal<K['state']>,
    asOf: Instant,
  ): { readonly at: Instant; readonly because?: EventOf<K> } | undefined
}

const CHAIN = 1000
/** How paths call the state that a verb is given. */
const STATE = '$.state'

function windowOf(declared: Duration = { hours: 720 }): number {
  const length = exactLength(checkDuration(declared, '$.idempotencyWindow'))
  if (length !== undefined) return length
  const expected = 'an exact duration, as in { hours: 720 }'
  throw fault('invalid-duration', '$.idempotencyWindow', declared, expected)
}

/** What an engine takes: `InputOf<typeof customer>`. */
export type InputOf<E> = E extends Engine<infer K> ? K['command'] | K['hears'] : never
/** The state that an engine keeps. */
export type StateOf<E> = E extends Engine<infer K> ? Journal<K['state']> : never
/** What an engine shows. */
export type ViewOf<E> = E extends Engine<infer K> ? K['view'] : never

/** One loop makes reactions, chained effects and the passing of time; every engine, and a program of them, runs on it. */
export function complete<K extends Kinds>(model: Model<K>): Engine<K> {
  type State = Journal<K['state']>
  type Event = EventOf<K>
  checkModel(model)
  // A copy: what the caller holds stays the caller's.
  const agreed = frozen(plain(model.definition))
  const hash = digestName(canonical(agreed))
  const window = windowOf(model.idempotencyWindow)
  const facts = Object.fromEntries(
    Object.entries(model.hears).filter(([type]) => !Object.hasOwn(model.publishes, type)),
  )
  const isFact = new Set(Object.keys(facts))
  const accepts: EventSpecs = { ...facts, ...model.commands }
  const nextDue = remembering(model)
  const unlikeFresh = unlikenessTo({ version: 0, ids: emptyMemory, of: model.start('') })
  /** The state that was made last: others came from outside. */
  let known: State | undefined
  /** The one from outside that was looked through last: a decision and two views of it look once. */
  let seen: State | undefined
  /** What the last decision found when time had passed, and what it ended with, at `decidedAt`: a preview looks at both. */
  let begun: { readonly from: State; readonly to: State } | undefined
  let ended: State | undefined
  let decidedAt: Instant | undefined

  const dueOf = (state: State): Due | undefined =>
    state.at === null ? undefined : nextDue(state.of, state.at)

  /** An event's effect, and the input behind it where this is its first event. */
  const record = (state: State, event: Event, first: Cause | undefined): State => {
    const at = state.at === null || event.occurredAt > state.at ? event.occurredAt : state.at
    const of = model.evolve(state.of, event, state.subject)
    const { format, definition, subject } = state
    let { version, ids } = state
    if (first !== undefined) {
      version += 1
      ids = remember(ids, first, event.occurredAt, version, window)
    }
    known = { format, definition, subject, at, version, ids, of }
    return known
  }

  const knows = ({ ids }: State, cause: Cause, at: Instant) => remembers(ids, cause, at - window)

  const evolve = (state: State, event: Event): State => {
    checkOwn(state)
    if (!isEvent(event)) throw fault('wrong-type', '$.event', event, 'an event')
    const { cause, occurredAt } = event
    // A digest holds the instant: nothing later than all that is recorded has been heard before.
    const later = state.at === null || occurredAt > state.at
    if (cause !== undefined)
      return record(state, event, !later && knows(state, cause, occurredAt) ? undefined : cause)
    if (!isFact.has(event.type)) return record(state, event, undefined)
    const own = { input: event.id, digest: contentDigest(event) }
    return !later && knows(state, own, occurredAt) ? state : record(state, event, own)
  }

  /** Why a state is not of this engine. */
  const foreignness = (state: State) => {
    if (state === known || state === seen) return undefined
    if (!isRecord(state)) return { code: 'malformed-state', path: STATE } as const
    const { format, definition } = state
    if (typeof format === 'number' && format > FORMAT)
      return { code: 'newer-format', known: FORMAT, found: format } as const
    if (definition !== hash) {
      const found = definition?.length === hash.length ? definition : kindOf(definition)
      return { code: 'other-definition', expected: hash, found } as const
    }
    const place = misplace(state)
    if (place !== undefined) return { code: 'malformed-state', path: STATE + place } as const
    seen = state
    return undefined
  }

  /** Where a state of this definition holds what no state does. */
  const misplace = (state: State): string | undefined => {
    const { format, subject, at, version } = state
    if (format !== FORMAT) return '.format'
    if (typeof subject !== 'string') return '.subject'
    if (at !== null && !isInstant(at)) return '.at'
    if (!(version >= 0)) return '.version'
    const unlike = unlikeFresh(state)
    if (unlike !== undefined || model.misfit === undefined) return unlike
    const rest = model.misfit(state.of)
    return rest === undefined ? undefined : `.of${rest}`
  }

  const checkOwn = (state: State): void => {
    const foreign = foreignness(state)
    if (foreign === undefined) return
    const found = 'found' in foreign ? foreign.found : kindOf(state)
    const path = 'path' in foreign ? foreign.path : model.id
    throw fault(foreign.code, path, found, `a state of format ${FORMAT} and definition ${hash}`)
  }

  /** What a verb trips over in a state that came from outside is a fault of that state. */
  const careful = <T, A>(verb: (state: State, argument: A) => T, state: State, argument: A): T =>
    state === known
      ? verb(state, argument)
      : reading('malformed-state', STATE, state, 'a state that this definition made', () =>
          verb(state, argument),
        )

  const advance = (from: State, asOf: Instant): Step<K['state'], Event> => {
    if (!isInstant(asOf)) throw fault('invalid-instant', '$.asOf', asOf, 'an instant')
    checkOwn(from)
    if (from.at !== null && asOf < from.at) {
      const expected = `${from.at} or later; replay for an earlier moment`
      throw fault('as-of-before-state', model.id, asOf, expected)
    }
    const events: Event[] = []
    return { events, state: settle(from, asOf, events) }
  }

  /** Lets time pass, and lists what it did. */
  const settle = (from: State, asOf: Instant, events: Event[]): State => {
    let state = from
    let chained = 0
    for (let due = dueOf(state); due !== undefined && due.at <= asOf; due = dueOf(state)) {
      chained = due.at === state.at ? chained + 1 : 0
      if (chained > CHAIN) {
        throw fault('never-settles', model.id, due.make().type, 'rules that rest')
      }
      const event = dated(due, model.id, hash, state.subject) as Event
      events.push(event)
      state = record(state, event, undefined)
    }
    return state
  }

  /** The input with its digest, or why it cannot come in. */
  const admit = (state: State, input: K['command'] | K['hears']): { readonly cause: Cause } | Outcome<K> => {
    const foreign = foreignness(state)
    if (foreign !== undefined) return refused(foreign)
    const misfit = faultOf(accepts, input)
    if (misfit) return refused(misfit)
    if (!concerns(accepts, input, state.subject)) return refused({ code: 'other-subject' })
    const { id, occurredAt, expectedVersion } = input
    const lastAt = state.at ?? occurredAt
    const cause = { input: id, digest: contentDigest(input) }
    const known = recall(state.ids, id, Math.max(lastAt, occurredAt) - window)
    if (known !== undefined) {
      const version = known[3]
      return known[1] === cause.digest
        ? { outcome: 'repeated', version }
        : refused({ code: 'id-conflict', version })
    }
    if (occurredAt < lastAt - window) return refused({ code: 'outside-idempotency-window', lastAt, window })
    if (occurredAt < lastAt) return refused({ code: 'late', replayFrom: occurredAt, lastAt })
    if (expectedVersion !== undefined && expectedVersion !== state.version) {
      return refused({ code: 'version-conflict', expected: expectedVersion, version: state.version })
    }
    return { cause }
  }

  const decided = (state: State, input: K['command'] | K['hears'], cause: Cause) => {
    if (isFact.has(input.type)) return { events: [recordable(input) as Event] }
    const answer = model.decide(state.of, input as K['command'])
    if ('refusal' in answer) return answer
    const { subject } = state
    const { occurredAt } = input
    const events: AnyEvent[] = []
    for (const { type, data, effectiveAt } of answer.events) {
      const id = `${input.id}/${events.length}`
      events.push(
        effectiveAt === undefined
          ? { id, type, subject, occurredAt, cause, data }
          : { id, type, subject, occurredAt, effectiveAt, cause, data },
      )
    }
    if (events.length === 0) throw new Error(`${model.id} accepted ${input.type} and recorded nothing`)
    return { events: events as readonly AnyEvent[] as readonly Event[] }
  }

  const decide = (state: State, input: K['command'] | K['hears']): Outcome<K> => {
    const admitted = admit(state, input)
    if ('outcome' in admitted) return admitted
    const { cause } = admitted
    const events: Event[] = []
    let reached = settle(state, input.occurredAt, events)
    begun = { from: state, to: reached }
    ended = undefined
    decidedAt = input.occurredAt
    const answer = decided(reached, input, cause)
    if ('refusal' in answer) return refused(answer.refusal)
    let first: Cause | undefined = cause
    for (const event of answer.events) {
      reached = record(reached, event, first)
      first = undefined
      events.push(event)
    }
    ended = settle(reached, input.occurredAt, events)
    return { outcome: 'accepted', state: ended, events }
  }

  const settled = (state: State, asOf: Instant): State =>
    asOf !== decidedAt
      ? advance(state, asOf).state
      : state === ended
        ? state
        : state === begun?.from
          ? begun.to
          : advance(state, asOf).state

  const view = (state: State, asOf: Instant) => model.view(settled(state, asOf).of, asOf)

  const nextChange = (state: State, asOf: Instant): ReturnType<Engine<K>['nextChange']> => {
    let now = advance(state, asOf).state
    const seen = canonical(model.view(now.of, asOf))
    for (let at = asOf; ; ) {
      const due = dueOf(now)
      const step = model.nextStep?.(now.of, at)
      const next = due === undefined || (step !== undefined && step < due.at) ? step : due.at
      if (next === undefined) return undefined
      now = advance(now, next).state
      if (canonical(model.view(now.of, next)) !== seen) {
        return due?.at === next
          ? { at: next, because: dated(due, model.id, hash, now.subject) as Event }
          : { at: next }
      }
      at = next
    }
  }

  return {
    id: model.id,
    definition: agreed,
    hash,
    history: model.history,
    accepts,
    publishes: model.publishes,
    vocabulary: model.vocabulary,
    model,
    read(value, options) {
      const read = readEvent(accepts, value, options)
      return 'event' in read ? { input: read.event as K['command'] | K['hears'] } : read
    },
    evolve: (state, event) => careful(evolve, state, event),
    advance: (state, asOf) => careful(advance, state, asOf),
    start(subject) {
      if (!fits({ type: 'ref', role: '' }, subject))
        throw fault('wrong-type', '$.subject', subject, 'text of 1 to 10,000 characters')
      const of = model.start(subject)
      known = { format: FORMAT, definition: hash, subject, at: null, version: 0, ids: emptyMemory, of }
      return known
    },
    decide(state, input) {
      try {
        return careful(decide, state, input)
      } catch (error) {
        if (error instanceof SumOutOfRange) return refused({ code: 'sum-out-of-range' })
        // Nobody is blamed for an input that cannot even be looked at.
        const unseen = faultInLooking(input, () => {
          contentDigest(input)
          return undefined
        })
        if (unseen) return refused(unseen)
        if (error instanceof DefinitionError && error.code === 'malformed-state')
          return refused({ code: 'malformed-state', path: error.path })
        throw error
      }
    },
    view: (state, asOf) => careful(view, state, asOf),
    nextChange: (state, asOf) => careful(nextChange, state, asOf),
  }
}

/** A fact as it is recorded: without what its sender expected. */
function recordable(input: AnyEvent): AnyEvent {
  if (input.expectedVersion === undefined) return input
  const { expectedVersion: _, ...fact } = input
  return fact
}

const refused = <R>(refusal: R) => ({ outcome: 'refused', refusal }) as const

/** What every definition has, and the names of a model that must not meet. */
function checkModel<K extends Kinds>({ id, definition, hears, commands, publishes }: Model<K>): void {
  if (!/^[a-z][a-z0-9-]*$/.test(id))
    throw fault('wrong-type', '$.id', id, 'lower-case letters, digits and hyphens')
  checkOwnName(id, '$.id')
  const { version } = definition as { readonly version?: unknown }
  if (!(Number.isSafeInteger(version) && (version as number) > 0))
    throw fault('out-of-range', '$.version', version, '1 or more')
  checkEventNames(hears)
  for (const type of Object.keys(hears)) {
    if (Object.hasOwn(commands, type))
      throw fault('duplicate-name', `$.events.${type}`, type, 'a name that is no command')
    const own = publishes[type]
    if (own !== undefined && !sameFields(own, hears[type]!)) {
      throw fault('wrong-type', `$.events.${type}`, hears[type], 'the fields that the engine itself gives it')
    }
  }
}

/** What is due, as an event: its id follows from the definition, the rule, the subject and the deadline alone. */
export function dated(due: Due, id: string, hash: string, subject: string): AnyEvent {
  const { at, by = hash } = due
  const { type, data, effectiveAt, rule } = due.make()
  // Lengths in front tell texts of any content apart, as in `contentDigest`; hashes are all of one length.
  const name = `${id}:${digestName(`${by}${rule.length}:${rule}${subject.length}:${subject}`, at)}`
  return effectiveAt === undefined
    ? { id: name, type, subject, occurredAt: at, data }
    : { id: name, type, subject, occurredAt: at, effectiveAt, data }
}

/** Whether an input is about this subject: its own, or one in which it takes part in a role. */
export function concerns(accepts: EventSpecs, input: AnyEvent, subject: string): boolean {
  if (input.subject === subject) return true
  const fields = own(accepts, input.type) ?? {}
  const data = input.data as Readonly<Record<string, unknown>>
  return Object.keys(fields).some((name) => fields[name]!.type === 'ref' && data[name] === subject)
}

/**
 * A model's `due`, remembered for the last state it was asked about: the parts of a program are asked again after every
 * event, and most of them did not hear it. What is known holds from the instant it was asked for, until it is due. (A
 * WeakMap per state would remember more, and costs the collector a third of all time.)
 */
export function remembering<K extends Kinds>(
  model: Model<K>,
): (state: K['state'], at: Instant) => Due | undefined {
  let last: K['state'] | undefined
  let from: Instant = 0
  let due: Due | undefined
  return (state, at) => {
    if (state === last && at >= from && (due === undefined || due.at >= at)) return due
    due = model.due(state, at)
    last = state
    from = at
    return due
  }
}
