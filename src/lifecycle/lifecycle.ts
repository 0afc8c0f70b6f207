import { reading } from '../kernel/errors.js'
import {
  type AnyEvent,
  complete,
  type Duration,
  type Engine,
  type EventIn,
  type EventSpecs,
  type Instant,
  type Kinds,
  type ReasonLeaf,
  type Track,
} from '../kernel/index.js'
import type { LifecycleDefinition, Rule, RulesByStage } from './definition.js'
import type { PromiseEnded, PromiseSetSpecs, PromiseSpecs, PromiseView } from './promise.js'
import type { PromiseStates } from './promise-book.js'
import { lifecycleModel } from './stage-model.js'

/** Why a subject moved. Instants and numbers as they were when the move was decided. */
export type MoveReason =
  | { readonly code: 'event-happened'; readonly event: string }
  | { readonly code: 'condition-held'; readonly event?: string; readonly leaves: readonly ReasonLeaf[] }
  | { readonly code: 'inactive'; readonly since: Instant; readonly for: Duration }
  | { readonly code: 'in-stage'; readonly since: Instant; readonly for: Duration }
  | {
      readonly code: 'age-reached'
      readonly attribute: string
      readonly since: Instant
      readonly for: Duration
    }
  | {
      readonly code: 'promise-broken'
      readonly promise: string
      readonly due: Instant
      readonly promised: Instant
    }
  | { readonly code: 'moved-by-hand'; readonly reason: string }

/** The events of a lifecycle as fields: what it emits and the manual move that it hears. */
export type StageSpecs<Id extends string, Stage extends string> = {
  readonly [T in `${Id}/stage-changed`]: {
    readonly from: { readonly type: 'text'; readonly oneOf: readonly Stage[] }
    readonly to: { readonly type: 'text'; readonly oneOf: readonly Stage[]; readonly says: 'stage' }
    /** Index of the rule in its stage; absent for manual moves. */
    readonly rule: { readonly type: 'integer'; readonly required: false }
    readonly reason: { readonly type: 'detail' }
  }
}

/** The manual move that a lifecycle hears, as fields. */
type MoveSpecs<Id extends string, Stage extends string> = {
  readonly [T in `${Id}/move-set`]: {
    readonly to: { readonly type: 'text'; readonly oneOf: readonly Stage[] }
    readonly reason: { readonly type: 'text' }
  }
}

/** A move, as it is emitted. */
export type StageChanged<Id extends string, Stage extends string> = AnyEvent & {
  readonly type: `${Id}/stage-changed`
  readonly data: {
    readonly from: Stage
    readonly to: Stage
    readonly rule?: number
    readonly reason: MoveReason
  }
}

/** What is remembered of one subject. */
export interface LifecycleState<Stage extends string> {
  readonly stage: Stage
  /** When the stage was entered; for the initial one, the first input. */
  readonly since: Instant | null
  /** How many moves were made at `since`, this one left out: tells apart moves at one instant. */
  readonly nth: number
  /** Last activity, manual move, or first input: what silence is counted from. */
  readonly activeAt: Instant | null
  /** Events heard at `heardAt` that no move has used up. */
  readonly heard: readonly string[]
  readonly heardAt: Instant | null
  /** A manual move that is still to be made. */
  readonly moveTo: { readonly stage: Stage; readonly reason: string } | null
  readonly tracks: readonly Track[]
  /** By name, where the definition has promises. */
  readonly promises?: PromiseStates
}

/** Where a subject stands, and where it goes next if nothing happens. */
export interface LifecycleView<Stage extends string> {
  readonly stage: Stage
  /** When it was entered; `null` before the first input. */
  readonly since: Instant | null
  readonly next: { readonly to: Stage; readonly at: Instant } | null
}

/** What the view says of promises, by name: `null` for one that has never begun. Read from JSON, nobody knows whether there are any. */
type ShownPromises<Name extends string> = string extends Name
  ? { readonly promises?: { readonly [name: string]: PromiseView | null } }
  : { readonly promises: { readonly [N in Name]: PromiseView | null } }

/** The types of a lifecycle; `Name` are its promises. */
export interface LifecycleKinds<
  Id extends string,
  Stage extends string,
  E extends EventSpecs,
  Name extends string = never,
> extends Kinds {
  id: Id
  state: LifecycleState<Stage>
  command: never
  hears:
    | EventIn<E>
    | EventIn<MoveSpecs<Id, Stage>>
    | ([Name] extends [never] ? never : EventIn<PromiseSetSpecs<Id, Name>>)
  emits: StageChanged<Id, Stage> | ([Name] extends [never] ? never : PromiseEnded<Id, Name>)
  publishes: [Name] extends [never] ? StageSpecs<Id, Stage> : StageSpecs<Id, Stage> & PromiseSpecs<Id, Name>
  refusal: never
  view: [Name] extends [never] ? LifecycleView<Stage> : LifecycleView<Stage> & ShownPromises<Name>
}

/**
 * Stages of a subject, and the rules that move between them, exact at any instant and without timers.
 *
 * @throws DefinitionError `unknown-name` for a stage, event, field or attribute that is not declared, `wrong-type`,
 * `invalid-duration`, `invalid-zone`, `duplicate-name`; the path names the place.
 * @example
 * defineLifecycle({
 *   id: 'customer', version: 1, calendar: { zone: 'Asia/Shanghai' }, events: shop, activity: ['order-paid'],
 *   stages: ['lead', 'active', 'lapsed'], initial: 'lead',
 *   rules: {
 *     lead: [{ to: 'active', on: 'order-paid' }],
 *     active: [{ to: 'lapsed', inactiveFor: { days: 90 } }],
 *     lapsed: [{ to: 'active', on: 'order-paid' }],
 *   },
 * })
 */
export function defineLifecycle<
  const Id extends string,
  const Stage extends string,
  const E extends EventSpecs,
  const R extends RulesByStage<NoInfer<Stage>, NoInfer<E>, NoInfer<Name>>,
  const W extends Rule<NoInfer<Stage>, NoInfer<E>, NoInfer<Name>> = never,
  const Final extends NoInfer<Stage> = never,
  const Name extends string = never,
>(
  definition: LifecycleDefinition<Id, Stage, E, R, W, Final, Name>,
): Engine<LifecycleKinds<Id, Stage, E, Name>> {
  const model = () => lifecycleModel(definition as unknown as LifecycleDefinition<Id, Stage, E>)
  const engine = reading('wrong-type', '$', definition, 'a definition', () => complete(model()))
  return engine as unknown as Engine<LifecycleKinds<Id, Stage, E, Name>>
}
