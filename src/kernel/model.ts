import type { AuditFinding } from './audit.js'
import type { Verdict } from './condition.js'
import type { Json } from './digest.js'
import type { Duration } from './duration.js'
import type { AnyEvent } from './event.js'
import type { FactSet } from './fact.js'
import type { EventSpecs } from './field.js'
import type { Instant } from './instant.js'
import type { Vocabulary } from './vocabulary.js'

/** The types of one engine, named, so that inference carries them together and a hover reads as a table. */
export interface Kinds {
  id: string
  state: unknown
  command: AnyEvent
  hears: AnyEvent
  emits: AnyEvent
  publishes: EventSpecs
  refusal: { readonly code: string }
  view: unknown
}

/** An event that a model has decided on, before the journal gives it its id, subject, instant and cause. */
export interface Draft {
  readonly type: string
  readonly data: object
  /** For compensations: the date to which the correction belongs. */
  readonly effectiveAt?: Instant
}

/** What follows next if nothing else happens: when, and, once somebody gets there, what. */
export interface Due {
  readonly at: Instant
  /** Hash of the definition that makes it, where that is a part of a program. */
  readonly by?: string
  /** Called when the instant is reached: most deadlines are looked at and never met. */
  make(): DueEvent
}

/** An event that is due, with its reasons. */
export interface DueEvent extends Draft {
  /** Which rule makes it, with what tells two firings at one instant apart: a part of the derived id. */
  readonly rule: string
}

/** A rule that has not fired: what it would do, when time alone makes it fire, and what it still waits for. */
export interface PendingRule {
  /** `$.rules.new[0]`: where the rule stands in its definition. */
  readonly rule: string
  /** What it would do. */
  readonly to: string
  /** The tree of its condition, with the numbers read; none for rules of time alone. */
  readonly verdict?: Verdict
  /** When it fires if nothing happens. */
  readonly at?: Instant
  /** Why, then: for rules of time alone. */
  readonly because?: { readonly code: string }
  /** The event that it waits for. */
  readonly on?: string
}

/** Asks a program for what it derives: of all its parts, or of those that conclude before the one that emits `before`. */
export interface DerivedOnly {
  readonly before?: string
}

/** How a late correction is dated. */
export interface Correction {
  readonly at: Instant
  /** From when on everything was decided again. */
  readonly since: Instant
  /** The date to which a correction of something dated `original` belongs. */
  effectiveAt(original: Instant): Instant
  readonly subject: string
}

/**
 * What a model writes. It keeps no clock and may assume that time has passed: `complete` sees to both. All verbs are
 * pure; states are plain JSON and are replaced, never changed.
 */
export interface Model<K extends Kinds> {
  readonly id: K['id']
  /** Plain JSON with `id` and `version`. */
  readonly definition: Json
  /** `facts`: everything derived is derived again. `decisions`: what was decided stays and is only compensated. */
  readonly history: 'facts' | 'decisions'
  /** What it hears, by type. */
  readonly hears: EventSpecs
  /** The facts that its states keep tracks of, in their order: what another version of it can take over. */
  readonly facts?: FactSet
  /** What it is told to do, by type. */
  readonly commands: EventSpecs
  /** What it emits: others spread it into their catalogues. */
  readonly publishes: K['publishes']
  /** How its codes, events and fields are said. */
  readonly vocabulary: Vocabulary
  /** How long ids of accepted inputs are remembered, as an exact duration; thirty times 24 hours unless told. */
  readonly idempotencyWindow?: Duration
  start(subject: string): K['state']
  /**
   * Where a state that came from outside, and has all that a fresh one has, is none of this model: the rest of a path, `.since`;
   * `undefined` where it may be one.
   */
  misfit?(state: K['state']): string | undefined
  /** Its own events, at least one, or a refusal. */
  decide(
    state: K['state'],
    command: K['command'],
  ): { readonly events: readonly Draft[] } | { readonly refusal: K['refusal'] }
  /** Total: what was recorded always applies. An event it does not hear leaves the state as it is: the same object. */
  evolve(state: K['state'], event: AnyEvent, subject: string): K['state']
  /**
   * The next event that follows if nothing else happens, at or after `at`: what is owed now, or what time will bring.
   * A program can be asked for what it derives alone, without what its `decisions` parts would decide.
   */
  due(state: K['state'], at: Instant, among?: DerivedOnly): Due | undefined
  view(state: K['state'], asOf: Instant): K['view']
  /** Next instant after `asOf` at which the view may change without an event. */
  nextStep?(state: K['state'], asOf: Instant): Instant | undefined
  /** The rules that have not fired, each with what it waits for. */
  pending?(state: K['state'], asOf: Instant): readonly PendingRule[]
  /**
   * For `decisions`: what makes up, now, for the difference between what was recorded and what follows from the
   * corrected facts.
   */
  compensate?(recorded: K['state'], revised: K['state'], correction: Correction): readonly Draft[]
  /** Of a compensation, since when it corrects; a later replay decides again from there. */
  corrects?(event: AnyEvent): Instant | undefined
  /** For programs: which of the events it emits are derived again in a replay, and which stay as recorded. */
  derives?(type: string): boolean
  /** What does not hold of a state for which time has passed by `at`: each invariant by name. */
  audit?(state: K['state'], at: Instant): readonly AuditFinding[]
  /** What shows that an event could not have been recorded in this state. */
  auditEvent?(state: K['state'], event: AnyEvent): readonly AuditFinding[]
  /** The state with every text that came from outside replaced; the same text gives the same replacement. */
  forget?(state: K['state'], rename: (text: string) => string): K['state']
}
