import { checkKeys, checkList, checkName, checkOwnName, checkRecord, fault } from '../kernel/errors.js'
import {
  type CalendarDefinition,
  type Catalogue,
  type Condition,
  calendarOf,
  canonical,
  checkCondition,
  checkDuration,
  checkFact,
  type Duration,
  type EventSpecs,
  type Fact,
  type ScopeOptions,
  type Where,
} from '../kernel/index.js'
import { checkPromises, type ServicePromise } from './promise.js'
import { factOf, factsOfRule, heardOf } from './rule.js'

/**
 * An event; in a role in which the subject takes part in it (its own unless told), and with fields as they have to be.
 *
 * @example
 * const dear: Heard<typeof shop.events> = { event: 'order-paid', where: { amount: { gte: '500' } } }
 */
export type Heard<E extends EventSpecs = EventSpecs> =
  | (keyof E & string)
  | {
      [T in keyof E & string]: { readonly event: T } & Pick<ScopeOptions<E[T]>, 'as' | 'where'>
    }[keyof E & string]

/** A fact, or the builder of one. */
export type ResetFact = Fact | { readonly fact: Fact }

interface Move<Stage extends string> {
  readonly to: Stage
  /**
   * Facts that begin anew with this move, for every rule that reads them: what brought the move about does not count for them. Each has to be
   * read by some rule.
   */
  readonly reset?: readonly ResetFact[]
}

/**
 * When a subject moves on. In the order of the list, the first that applies wins; of several deadlines the earliest.
 *
 * - `on`, `when`: at such an event, and/or as soon as the condition holds, be it by time alone. With `on` the condition
 *   is judged at that instant, with everything that happened at it.
 * - `inactiveFor`: silence since the last activity; a manual move counts as one.
 * - `inStageFor`: since the stage was entered.
 * - `since`, `reaches`: an attribute that is an instant is this long ago; corrected attributes move the deadline.
 * - `broken`: at the instant at which a promise is broken in this stage.
 * - `ignores`: heard, and nothing follows from it. It changes nothing but what `exhaustive` and lint know.
 */
export type Rule<
  Stage extends string = string,
  E extends EventSpecs = EventSpecs,
  Name extends string = never,
> =
  | (Move<Stage> & { readonly on: Heard<E>; readonly when?: Condition })
  | (Move<Stage> & { readonly when: Condition })
  | (Move<Stage> & { readonly inactiveFor: Duration })
  | (Move<Stage> & { readonly inStageFor: Duration })
  | (Move<Stage> & { readonly since: string; readonly reaches: Duration })
  | (Move<Stage> & { readonly broken: Name })
  | { readonly ignores: Heard<E> }

/** The rules of each stage. */
export type RulesByStage<
  Stage extends string = string,
  E extends EventSpecs = EventSpecs,
  Name extends string = never,
> = {
  readonly [S in Stage]: readonly Rule<Stage, E, Name>[]
}

type HeardBy<R> = R extends { readonly on: infer H } | { readonly ignores: infer H }
  ? H extends { readonly event: infer T }
    ? T
    : H
  : never

/** In words, each event that a stage does not answer; `never` where all do. */
type Unanswered<Stage extends string, E extends EventSpecs, R, W, Final> = {
  [S in Exclude<Stage, Final>]: S extends keyof R
    ? R[S] extends readonly (infer Own)[]
      ? `${S} does not answer ${Exclude<keyof E & string, HeardBy<Own> | HeardBy<W>>}`
      : never
    : never
}[Exclude<Stage, Final>]

/** What was agreed about the stages of a subject. Plain data once the catalogue's builders are left out. */
export interface LifecycleDefinition<
  Id extends string = string,
  Stage extends string = string,
  E extends EventSpecs = EventSpecs,
  R extends RulesByStage<Stage, E, string> = RulesByStage<Stage, E>,
  W extends Rule<Stage, E, string> = Rule<Stage, E>,
  Final extends Stage = Stage,
  Name extends string = never,
> {
  /** Names the engine, its events (`<id>/stage-changed`) and its part of a program's view. */
  readonly id: Id
  readonly version: number
  /** In which zone days, weeks and months are counted. */
  readonly calendar: CalendarDefinition
  readonly events: Catalogue<E>
  /** What counts as activity for `inactiveFor`. */
  readonly activity: readonly Heard<NoInfer<E>>[]
  readonly stages: readonly Stage[]
  /** Where everybody starts; its time rules start at the first input. */
  readonly initial: NoInfer<Stage>
  readonly rules: R & { readonly [S in Exclude<keyof R, Stage>]: never }
  /** Rules of every stage that is not final, asked after its own. A stage never moves to itself by them. */
  readonly everywhere?: readonly W[]
  /** Stages that only a manual move leaves. They have no rules of their own. */
  readonly final?: readonly Final[]
  /**
   * Rules lead only to stages that stand later in `stages`: those of `everywhere` that would lead back are left out of a stage, one of
   * its own is refused. Who moves by hand may go back.
   */
  readonly forwardOnly?: boolean
  /** Every stage that is not final answers every event, be it with `ignores`. */
  readonly exhaustive?: [Unanswered<Stage, E, R, W, Final>] extends [never]
    ? boolean
    : false | Unanswered<Stage, E, R, W, Final>
  /** Service levels (SLA): what is to happen within a span of time. */
  readonly promises?: readonly ServicePromise<Name, NoInfer<Stage>, NoInfer<E>>[]
  /** Stages and promises in words. */
  readonly words?: {
    readonly en?: { readonly [S in Stage | NoInfer<Name>]?: string }
    readonly zh?: { readonly [S in Stage | NoInfer<Name>]?: string }
  }
  /** How long ids of accepted inputs are remembered, as an exact duration; `{ hours: 720 }` unless told. */
  readonly idempotencyWindow?: Duration
}

const DEFINITION_KEYS = [
  ...[
    'model',
    'id',
    'version',
    'calendar',
    'events',
    'activity',
    'stages',
    'initial',
    'rules',
    'everywhere',
    'final',
  ],
  ...['forwardOnly', 'exhaustive', 'promises', 'words', 'idempotencyWindow'],
]
const SPANS = ['inactiveFor', 'inStageFor', 'reaches'] as const
const KEYS = ['to', 'reset', 'on', 'when', 'since', 'broken', 'ignores', ...SPANS]
const ONE_KIND = 'one of on and when, inactiveFor, inStageFor, since with reaches, broken, ignores'

/** What a type or a schema cannot know, checked for typed callers and for JSON alike. */
export function checkLifecycle(definition: LifecycleDefinition): void {
  checkKeys(definition, DEFINITION_KEYS, '$')
  checkRecord(definition.events?.events, '$.events')
  if (typeof definition.id !== 'string') throw fault('missing', '$.id', definition.id, 'a name')
  const { stages, initial, rules, everywhere = [], final = [], calendar } = definition
  const { events, kinds } = definition.events
  const context = { events, calendar, kinds }
  const profile = Object.hasOwn(events, 'attribute-set') ? events['attribute-set']! : {}
  const birthdays = Object.keys(profile).filter((name) => profile[name]!.type === 'instant')
  calendarOf(calendar)

  const checkHeard = (heard: Heard, path: string) => {
    if (typeof heard === 'string') return checkName(Object.keys(events), heard, path)
    checkRecord(heard, path)
    checkKeys(heard, ['event', 'as', 'where'], path)
    checkFact({ fact: 'count', ...heardOf(heard) }, context, path)
  }
  const checkRule = (rule: Rule, path: string) => {
    checkRecord(rule, path)
    checkKeys(rule, KEYS, path)
    const kinds = ['inactiveFor', 'inStageFor', 'since', 'broken', 'ignores'].filter((key) => key in rule)
    if (kinds.length + Number('on' in rule || 'when' in rule) !== 1)
      throw fault('wrong-type', path, rule, ONE_KIND)
    if ('ignores' in rule) {
      if ('to' in rule || 'reset' in rule) throw fault('wrong-type', path, rule, ONE_KIND)
      return checkHeard(rule.ignores, `${path}.ignores`)
    }
    checkName(stages, rule.to, `${path}.to`)
    if ('broken' in rule) checkName(promised, rule.broken, `${path}.broken`)
    if ('on' in rule && rule.on !== undefined) checkHeard(rule.on, `${path}.on`)
    if ('when' in rule && rule.when) checkCondition(rule.when, context, `${path}.when`)
    for (const key of SPANS) {
      if (key in rule)
        checkDuration((rule as { readonly [K in typeof key]?: unknown })[key], `${path}.${key}`)
    }
    if ('since' in rule !== 'reaches' in rule)
      throw fault('missing', path, rule, 'since and reaches together')
    if ('since' in rule) checkName(birthdays, rule.since, `${path}.since`)
    if (rule.reset !== undefined) checkList(rule.reset, `${path}.reset`)
    for (const [i, fact] of (rule.reset ?? []).entries())
      checkFact(factOf(fact), context, `${path}.reset[${i}]`)
  }
  const checkOnce = (names: readonly string[], path: string) => {
    for (const [i, name] of names.entries()) {
      if (names.indexOf(name) !== i) throw fault('duplicate-name', `${path}[${i}]`, name, 'each stage once')
    }
  }

  checkList(definition.activity, '$.activity')
  checkRecord(rules, '$.rules')
  checkList(stages, '$.stages')
  if (stages.length === 0) throw fault('missing', '$.stages', stages, 'one stage or more')
  for (const [i, name] of stages.entries()) {
    if (typeof name !== 'string' || name === '') throw fault('wrong-type', `$.stages[${i}]`, name, 'a name')
    checkOwnName(name, `$.stages[${i}]`)
  }
  checkOnce(stages, '$.stages')
  checkPromises(definition, checkHeard)
  const promised = (definition.promises ?? []).map(({ promise }) => promise)
  checkName(stages, initial, '$.initial')
  for (const [i, heard] of definition.activity.entries()) checkHeard(heard, `$.activity[${i}]`)
  checkList(final, '$.final')
  for (const [i, stage] of final.entries()) checkName(stages, stage, `$.final[${i}]`)
  checkOnce(final, '$.final')
  checkList(everywhere, '$.everywhere')
  for (const [i, rule] of everywhere.entries()) checkRule(rule, `$.everywhere[${i}]`)
  for (const stage of Object.keys(rules)) checkName(stages, stage, `$.rules.${stage}`)
  for (const stage of stages) {
    if (!Array.isArray(rules[stage]))
      throw fault('missing', `$.rules.${stage}`, rules[stage], 'a list of rules')
    for (const [i, rule] of rules[stage]!.entries()) {
      const path = `$.rules.${stage}[${i}]`
      if (final.includes(stage)) throw fault('out-of-range', path, rule, 'no rules: the stage is final')
      checkRule(rule, path)
      if (definition.forwardOnly && 'to' in rule && stages.indexOf(rule.to) <= stages.indexOf(stage))
        throw fault('out-of-range', `${path}.to`, rule.to, `a stage after ${stage}: rules only lead forward`)
    }
  }
  checkWords(definition)
  checkResets(definition)
  if (definition.exhaustive) checkAnswers(definition)
}

/** Words are texts for stages and promises. */
function checkWords({ stages, promises = [], words }: LifecycleDefinition): void {
  if (words === undefined) return
  checkRecord(words, '$.words')
  checkKeys(words, ['en', 'zh'], '$.words')
  const known = [...stages, ...promises.map(({ promise }) => promise)]
  for (const [lang, said] of Object.entries(words)) {
    if (said === undefined) continue
    checkRecord(said, `$.words.${lang}`)
    for (const [name, word] of Object.entries(said)) {
      checkName(known, name, `$.words.${lang}.${name}`)
      if (word !== undefined && typeof word !== 'string')
        throw fault('wrong-type', `$.words.${lang}.${name}`, word, 'text')
    }
  }
}

/** What nothing reads has no beginning. */
function checkResets({ rules, stages, everywhere = [] }: LifecycleDefinition): void {
  const lists = [
    ...stages.map((stage) => [`$.rules.${stage}`, rules[stage]!] as const),
    ['$.everywhere', everywhere] as const,
  ]
  const read = new Set(lists.flatMap(([, list]) => list.flatMap(factsOfRule)).map(canonical))
  for (const [path, list] of lists)
    for (const [i, rule] of list.entries())
      for (const [k, fact] of ('reset' in rule ? (rule.reset ?? []) : []).entries())
        if (!read.has(canonical(factOf(fact))))
          throw fault(
            'unknown-name',
            `${path}[${i}].reset[${k}]`,
            factOf(fact).fact,
            'a fact that a rule reads',
          )
}

function checkAnswers({ events, rules, stages, everywhere = [], final = [] }: LifecycleDefinition): void {
  const answered = (list: readonly Rule[]) =>
    list.flatMap((rule) =>
      'ignores' in rule ? [heardOf(rule.ignores).event] : 'on' in rule ? [heardOf(rule.on).event] : [],
    )
  for (const stage of stages) {
    if (final.includes(stage)) continue
    const known = new Set(answered([...rules[stage]!, ...everywhere]))
    for (const event of Object.keys(events.events))
      if (!known.has(event))
        throw fault(
          'missing',
          `$.rules.${stage}`,
          undefined,
          `an answer to ${event}, as in { ignores: '${event}' }`,
        )
  }
}

/** What a subject hears: an event, in a role, with a filter. */
export interface HeardScope {
  readonly event: string
  readonly as?: string
  readonly where?: Where
}
