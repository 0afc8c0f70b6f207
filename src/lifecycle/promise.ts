import { exactLength, workLength } from '../kernel/duration.js'
import { checkKeys, checkList, checkName, checkOwnName, checkRecord, fault } from '../kernel/errors.js'
import {
  type AnyEvent,
  checkDuration,
  type Duration,
  type EventSpecs,
  type Instant,
  moment,
  plain,
  text,
} from '../kernel/index.js'
import type { Heard, LifecycleDefinition } from './definition.js'
import { checkPublished } from './published-names.js'

/**
 * A service level: something is to happen within a span of time, and the clock stands still while others have the word.
 *
 * It begins at an event, unless it is running or paused already, and ends as soon as it is kept, broken or dropped; after that
 * the same event begins it anew. An event that keeps a promise does not begin it too. Whoever answers exactly when the promise
 * is due is late: a deadline at the instant of an event is taken before it.
 *
 * @example
 * const reply = { promise: 'first-response', from: 'case-opened', within: { workHours: 8 }, keptBy: 'agent-replied', pausedIn: ['waiting'] }
 */
export interface ServicePromise<
  Name extends string = string,
  Stage extends string = string,
  E extends EventSpecs = EventSpecs,
> {
  /** Its name, once in a lifecycle. */
  readonly promise: Name
  readonly from: Heard<E>
  /** `{ workHours: 8 }`, `{ hours: 24 }`; dates, as `{ businessDays: 2, end: true }`, only where it is never paused. */
  readonly within: Duration
  /** Kept at such an event; this or `keptIn`, or both. */
  readonly keptBy?: Heard<E>
  /** Kept as soon as one of these stages is entered. */
  readonly keptIn?: readonly Stage[]
  /** Stages in which its clock stands still. */
  readonly pausedIn?: readonly Stage[]
  /** Withdrawn as soon as one of these stages is entered: neither kept nor broken. */
  readonly droppedIn?: readonly Stage[]
}

/** What became of a promise so far. */
export type PromiseStatus = 'running' | 'paused' | 'kept' | 'broken' | 'dropped'

/** What is remembered of a promise that has begun. When it is due follows from it and the calendar. */
export interface PromiseState {
  readonly status: PromiseStatus
  readonly began: Instant
  /** How often it had begun at `began` before. */
  readonly nth: number
  /** When it was due at the beginning, or what `promise-set` said since. */
  readonly promised: Instant
  /** Since when its clock has been running; `null` while it stands still. */
  readonly since: Instant | null
  /** Milliseconds of its span that were used up by then: worked ones where it counts work. */
  readonly used: number
  /** When it ended, and when it was due then. */
  readonly at: Instant | null
  readonly due: Instant | null
  /** It is kept, and that has not been said yet. */
  readonly unsaid: boolean
}

/** A promise, as the view shows it. */
export interface PromiseView {
  readonly status: PromiseStatus
  readonly began: Instant
  /** What was promised in the beginning: neither pauses nor another calendar move it. */
  readonly promised: Instant
  /** When it is due if its clock is not stopped again, or was due when it ended; `null` where it stands still. */
  readonly due: Instant | null
  /** What is left of its span while it is paused, in milliseconds: worked ones where it counts work. */
  readonly left?: number
  /** When it was kept, broken or dropped. */
  readonly at?: Instant
}

/** The events of promises as fields: what a lifecycle says of them. */
export type PromiseSpecs<Id extends string, Name extends string> = {
  readonly [T in `${Id}/promise-broken`]: {
    readonly promise: { readonly type: 'text'; readonly oneOf: readonly Name[] }
    readonly due: { readonly type: 'instant' }
    readonly promised: { readonly type: 'instant' }
  }
} & {
  readonly [T in `${Id}/promise-kept`]: {
    readonly promise: { readonly type: 'text'; readonly oneOf: readonly Name[] }
    /** Absent where its clock stood still. */
    readonly due: { readonly type: 'instant'; readonly required: false }
    readonly promised: { readonly type: 'instant' }
  }
}

/** And the fact that it hears: what was told to whoever was promised something. */
export type PromiseSetSpecs<Id extends string, Name extends string> = {
  readonly [T in `${Id}/promise-set`]: {
    readonly promise: { readonly type: 'text'; readonly oneOf: readonly Name[] }
    readonly promised: { readonly type: 'instant' }
  }
}

/** What is emitted at the end of a promise. */
export type PromiseEnded<Id extends string, Name extends string> = AnyEvent &
  (
    | {
        readonly type: `${Id}/promise-broken`
        readonly data: { readonly promise: Name; readonly due: Instant; readonly promised: Instant }
      }
    | {
        readonly type: `${Id}/promise-kept`
        readonly data: { readonly promise: Name; readonly due?: Instant; readonly promised: Instant }
      }
  )

/**
 * What a lifecycle with these promises says of them, before it is defined: for catalogues of others that feed on it, and for its
 * own, where a rule counts broken promises.
 *
 * @throws DefinitionError `wrong-type`, `missing` or `duplicate-name` for an id that is no name or names that are no list of them, each once.
 * @example
 * const desk = defineEvents({ 'case-opened': {}, ...promiseEvents('case', ['first-response', 'resolution']) })
 */
export function promiseEvents<const Id extends string, const Name extends string>(
  id: Id,
  names: readonly Name[],
): PromiseSpecs<Id, Name> {
  checkPublished(id, names, '$.names')
  const fields = { promise: text(...names), due: moment(), promised: moment() }
  return plain({
    [`${id}/promise-broken`]: fields,
    [`${id}/promise-kept`]: { ...fields, due: moment().optional() },
  }) as unknown as PromiseSpecs<Id, Name>
}

const KEYS = ['promise', 'from', 'within', 'keptBy', 'keptIn', 'pausedIn', 'droppedIn']
const STAGES = ['keptIn', 'pausedIn', 'droppedIn'] as const

/** What a type or a schema cannot know of promises. */
export function checkPromises(
  { promises = [], stages }: LifecycleDefinition,
  checkHeard: (heard: Heard, path: string) => void,
): void {
  checkList(promises, '$.promises')
  for (const [i, promise] of promises.entries()) {
    const path = `$.promises[${i}]`
    checkRecord(promise, path)
    checkKeys(promise, KEYS, path)
    const { promise: name, from, within, keptBy, keptIn = [] } = promise
    if (typeof name !== 'string' || name === '') throw fault('wrong-type', `${path}.promise`, name, 'a name')
    checkOwnName(name, `${path}.promise`)
    if (promises.findIndex((other) => other.promise === name) !== i)
      throw fault('duplicate-name', `${path}.promise`, name, 'each promise once')
    checkHeard(from, `${path}.from`)
    checkDuration(within, `${path}.within`)
    if (keptBy !== undefined) checkHeard(keptBy, `${path}.keptBy`)
    const known = new Map<string, string>()
    for (const key of STAGES) {
      const { [key]: named = [] } = promise
      checkList(named, `${path}.${key}`)
      for (const [k, stage] of named.entries()) {
        const place = `${path}.${key}[${k}]`
        checkName(stages, stage, place)
        if (known.has(stage))
          throw fault('duplicate-name', place, stage, `each stage once: ${known.get(stage)} has it`)
        known.set(stage, key)
      }
    }
    if (keptBy === undefined && keptIn.length === 0)
      throw fault('missing', path, promise, 'keptBy or keptIn: what keeps it')
    if ((promise.pausedIn ?? []).length > 0 && lengthOf(within) === undefined) {
      const expected =
        'hours, minutes, seconds, workHours or workMinutes: of dates there are no parts to pause'
      throw fault('invalid-duration', `${path}.within`, within, expected)
    }
  }
}

/** The milliseconds of a span that can be paused, worked ones or any; `undefined` for dates. */
export const lengthOf = (within: Duration): number | undefined => exactLength(within) ?? workLength(within)
