import {
  type CompiledCondition,
  calendarOf,
  compileCondition,
  type Duration,
  type FactContext,
  type FactSet,
  firstHolding,
  type Instant,
  leavesOf,
  type Track,
} from '../kernel/index.js'
import type { LifecycleState, MoveReason } from './lifecycle.js'
import type { PromiseBook } from './promise-book.js'
import { attribute, factOf, heardKey, heardOf, type StageRule } from './rule.js'

/** A rule, compiled: when it applies, at or after an instant, and why. */
export interface CompiledRule {
  readonly to: string
  /** Where it stands in the definition. */
  readonly path: string
  /** Places of the facts that begin anew. */
  readonly reset: readonly number[]
  readonly on?: string
  readonly when?: CompiledCondition
  at(state: LifecycleState<string>, at: Instant): Instant | undefined
  why(state: LifecycleState<string>, at: Instant): MoveReason
}

/** How a broken promise is called among what was heard. */
export const brokenKey = (promise: string) => `broken ${promise}`

/** What rules are compiled against. */
interface RuleContext extends FactContext {
  readonly calendar: NonNullable<FactContext['calendar']>
  readonly facts: FactSet
  /** The events that count as activity. */
  readonly activities: readonly string[]
  /** Where there are promises. */
  readonly book: PromiseBook | undefined
}

/** Compiles the rules of one lifecycle. */
export function ruleCompiler(context: RuleContext): (found: StageRule) => CompiledRule {
  const { facts, activities, book, calendar } = context

  function compileRule({ rule, path }: StageRule): CompiledRule {
    const { to } = rule
    const common = { to, path, reset: (rule.reset ?? []).map((fact) => facts.place(factOf(fact))) }
    if ('inactiveFor' in rule)
      return { ...common, ...deadline(rule.inactiveFor, silentSince, { code: 'inactive' }) }
    if ('inStageFor' in rule)
      return { ...common, ...deadline(rule.inStageFor, ({ since }) => since, { code: 'in-stage' }) }
    if ('since' in rule) {
      const place = facts.place(attribute(rule.since))
      const tracker = facts.trackers[place]!
      const born = ({ tracks }: LifecycleState<string>) => tracker.value(tracks[place]!, 0) as Instant | null
      return { ...common, ...deadline(rule.reaches, born, { code: 'age-reached', attribute: rule.since }) }
    }
    if ('broken' in rule) {
      const key = brokenKey(rule.broken)
      return {
        ...common,
        // What is broken now has been said before any rule is asked: promises come first at every instant.
        at({ heardAt, heard, promises }, at) {
          if (heardAt === at && heard.includes(key)) return at
          const due = book!.due(promises!, rule.broken)
          return due === null ? undefined : Math.max(due, at)
        },
        why: ({ promises }, at) => {
          const { promised, due } = book!.view(promises!)[rule.broken]!
          return { code: 'promise-broken', promise: rule.broken, due: due ?? at, promised }
        },
      }
    }
    const when = rule.when && compileCondition(rule.when, facts, context)
    if (!('on' in rule)) {
      return {
        ...common,
        when: when!,
        at: ({ tracks }, at) => firstHolding(when!, tracks, at),
        why: ({ tracks }, at) => held(when!, tracks, at),
      }
    }
    const key = heardKey(rule.on)
    const { event } = heardOf(rule.on)
    return {
      ...common,
      on: event,
      ...(when && { when }),
      at: ({ heardAt, heard, tracks }, at) =>
        heardAt === at && heard.includes(key) && (when === undefined || when.holds(tracks, at))
          ? at
          : undefined,
      why: ({ tracks }, at) =>
        when ? { ...held(when, tracks, at), event } : { code: 'event-happened', event },
    }
  }

  /** Since when it is known that nothing was done: what happened in a gap of tracking was at its end at the latest. */
  function silentSince({ activeAt, tracks }: LifecycleState<string>): Instant | null {
    const since = facts.trackedSince(activities, tracks)
    return activeAt === null || since === Infinity ? null : Math.max(activeAt, since)
  }

  /** A rule of time alone: so long after an instant that the state knows. */
  function deadline(
    span: Duration,
    from: (state: LifecycleState<string>) => Instant | null,
    because: { code: 'inactive' | 'in-stage' } | { code: 'age-reached'; attribute: string },
  ): Pick<CompiledRule, 'at' | 'why'> {
    const add = calendarOf(calendar).adder(span)
    return {
      at(state, at) {
        const since = from(state)
        return since === null ? undefined : Math.max(add(since), at)
      },
      why: (state) => ({ ...because, since: from(state)!, for: span }),
    }
  }

  return compileRule
}

const held = (when: CompiledCondition, tracks: readonly Track[], at: Instant) =>
  ({ code: 'condition-held', leaves: leavesOf(when.verdict(tracks, at)) }) as const
