import { checkKeys, checkName, checkRecord, fault, kindOf } from '../../kernel/errors.js'
import {
  carriedFacts,
  type Duration,
  type Engine,
  type EventOf,
  exactLength,
  type Fact,
  type FactContext,
  factKinds,
  type Instant,
  type Journal,
  migrateState,
  type Step,
} from '../../kernel/index.js'
import { type Agreed, agreedOf, factsKept, type StageKinds, type StageOf } from '../agreed.js'
import type { LifecycleState } from '../lifecycle.js'

/**
 * Where the stages of an old definition lead in a new one: each that the new one does not have has to be there, one that both
 * have may.
 */
export type StageMap<From extends string, To extends string> = {
  readonly [S in Exclude<From, To>]: To
} & { readonly [S in Extract<From, To>]?: To }

/** What a migration keeps, and what begins anew; the same for every subject. */
export interface MigrationPlan {
  readonly from: { readonly version: number; readonly hash: string }
  readonly to: { readonly version: number; readonly hash: string }
  /** By old stage, the new one; those that keep their name are among them. */
  readonly stages: { readonly [stage: string]: string }
  /** Facts that both definitions read, with all that is known of them. */
  readonly kept: readonly Fact[]
  /** Facts that the new definition does not read. */
  readonly dropped: readonly Fact[]
  /** Facts that the old definition did not read, or read otherwise: they start as if nothing had happened. */
  readonly begunAnew: readonly Fact[]
  /** Promises of the new definition whose clocks begin anew. */
  readonly promisesBegunAnew: readonly string[]
}

/** Takes a state to a new definition; see `migrateLifecycle`. */
export interface LifecycleMigration<A extends StageKinds, B extends StageKinds> {
  (
    state: Journal<A['state']>,
    at: Instant,
  ): { readonly events: Step<A['state'], EventOf<A>>['events']; readonly state: Journal<B['state']> }
  readonly plan: MigrationPlan
  readonly from: Engine<A>
  readonly to: Engine<B>
}

/**
 * Takes states from one definition of a lifecycle to another. Each stage that the new definition does not have has to be mapped:
 * a missing one and a wrong target do not compile.
 *
 * First time is settled under the old definition up to `at`; these events are returned, to be stored. Then the stage changes its
 * name, and nothing else moves: since when it lasts, the last activity, what is known of facts that both definitions read, the
 * ids and the version stay. Facts that only the new one reads begin anew: `plan` lists them. From `at` on the new rules are in
 * force; a deadline of theirs that was over before is taken at `at`, not earlier, and an event that the old rules had not used up
 * is forgotten.
 *
 * Store the new state: a replay of the facts under the new definition may put somebody elsewhere. `checkMigration` says whom.
 * What comes in from before `at` is `late` from then on.
 *
 * @throws DefinitionError `missing` for a stage without a place, `unknown-name` for one that is none; on use
 * `other-definition` for a state that is not of `from`, `as-of-before-state`.
 * @example
 * const migrate = migrateLifecycle(customer1, customer2, { stages: { sleeping: 'dormant' } })
 * const { events, state } = migrate(old, at)
 */
export function migrateLifecycle<A extends StageKinds, B extends StageKinds>(
  from: Engine<A>,
  to: Engine<B>,
  options: { readonly stages: StageMap<StageOf<A>, StageOf<B>> },
): LifecycleMigration<A, B> {
  const [old, agreed] = [agreedOf(from), agreedOf(to)]
  checkRecord(options, '$.options')
  checkKeys(options, ['stages'], '$.options')
  const stages = wholeMap(old, agreed, options.stages as Readonly<Record<string, unknown>>)
  const { kept, dropped, begunAnew, carry } = carriedFacts(
    { facts: factsKept(from), context: contextOf(from, old) },
    { facts: factsKept(to), context: contextOf(to, agreed) },
  )
  const promises = samePromises(old, agreed)
  const convert = (state: LifecycleState<string>, subject: string): LifecycleState<string> => {
    const fresh = to.model.start(subject)
    return {
      ...fresh,
      stage: stages[state.stage]!,
      since: state.since,
      nth: state.nth,
      activeAt: state.activeAt,
      heardAt: state.heardAt,
      tracks: carry(state.tracks),
      ...carriedPromises(promises, state, fresh),
    }
  }
  const migrate = migrateState(from, to, convert)
  const plan: MigrationPlan = {
    from: { version: old.version, hash: from.hash },
    to: { version: agreed.version, hash: to.hash },
    stages,
    kept,
    dropped,
    begunAnew,
    promisesBegunAnew: promisesOf(agreed).flatMap(({ promise }) => (promises.has(promise) ? [] : [promise])),
  }
  return Object.assign(migrate, { plan, from, to })
}

/** Where every old stage leads. */
export function wholeMap(
  old: Agreed,
  agreed: Agreed,
  given: Readonly<Record<string, unknown>>,
): { readonly [stage: string]: string } {
  checkRecord(given, '$.stages')
  for (const [stage, target] of Object.entries(given)) {
    checkName(old.stages, stage, `$.stages.${stage}`)
    checkName(agreed.stages, target, `$.stages.${stage}`)
  }
  return Object.fromEntries(
    old.stages.map((stage) => {
      const target = Object.hasOwn(given, stage) ? (given[stage] as string) : stage
      if (!agreed.stages.includes(target))
        throw fault('missing', `$.stages.${stage}`, kindOf(undefined), agreed.stages.join(' | '))
      return [stage, target]
    }),
  )
}

const contextOf = <K extends StageKinds>(engine: Engine<K>, { events, calendar }: Agreed): FactContext => ({
  events,
  calendar,
  kinds: engine.vocabulary.kinds ?? factKinds,
})

interface Promised {
  readonly promise: string
  readonly within: Duration
}

const promisesOf = (agreed: Agreed): readonly Promised[] =>
  (agreed as { readonly promises?: readonly Promised[] }).promises ?? []

/**
 * The promises that both definitions give, be it in other words: a clock that runs goes on, and what is left of it follows from the new
 * span. Time used up in open hours is none of a span that runs in all, and the other way round.
 */
function samePromises(old: Agreed, agreed: Agreed): ReadonlySet<string> {
  const before = new Map(promisesOf(old).map((one) => [one.promise, clockOf(one)]))
  return new Set(
    promisesOf(agreed).flatMap((one) => (before.get(one.promise) === clockOf(one) ? [one.promise] : [])),
  )
}

const clockOf = ({ within }: Promised): string => {
  const [unit = ''] = Object.keys(within)
  if (unit === 'workHours' || unit === 'workMinutes') return 'work'
  return exactLength(within) === undefined ? 'dates' : 'exact'
}

function carriedPromises(names: ReadonlySet<string>, state: object, fresh: object): object {
  const { promises } = state as { readonly promises?: object }
  const { promises: start } = fresh as { readonly promises?: object }
  if (promises === undefined || start === undefined) return {}
  const carried = Object.entries(promises).filter(([name]) => names.has(name))
  return { promises: { ...start, ...Object.fromEntries(carried) } }
}
