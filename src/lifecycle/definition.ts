import { checkName, fault } from '../kernel/errors.js'
import {
  type CalendarDefinition,
  type Catalogue,
  type Condition,
  calendarOf,
  checkCondition,
  checkDuration,
  checkFact,
  type Duration,
  type EventSpecs,
  type Fact,
} from '../kernel/index.js'

/** An event, in the role in which the subject takes part in it; its own unless told. */
export type Heard<E extends EventSpecs> =
  | (keyof E & string)
  | { readonly event: keyof E & string; readonly as: string }

/**
 * When a subject moves on. In the order of the list, the first that applies wins; of several deadlines the earliest.
 *
 * - `on`, `when`: at such an event, and/or as soon as the condition holds, be it by time alone. With `on` the condition
 *   is judged at that instant, with everything that happened at it.
 * - `inactiveFor`: silence since the last activity; a manual move counts as one.
 * - `inStageFor`: since the stage was entered.
 * - `since`, `reaches`: an attribute that is an instant is this long ago; corrected attributes move the deadline.
 */
export type Rule<Stage extends string = string, E extends EventSpecs = EventSpecs> =
  | { readonly to: Stage; readonly on: Heard<E>; readonly when?: Condition }
  | { readonly to: Stage; readonly when: Condition }
  | { readonly to: Stage; readonly inactiveFor: Duration }
  | { readonly to: Stage; readonly inStageFor: Duration }
  | { readonly to: Stage; readonly since: string; readonly reaches: Duration }

/** What was agreed about the stages of a subject. Plain data once the catalogue's builders are left out. */
export interface LifecycleDefinition<Id extends string, Stage extends string, E extends EventSpecs> {
  /** Names the engine, its events (`<id>/stage-changed`) and its part of a program's view. */
  readonly id: Id
  readonly version: number
  /** In which zone days, weeks and months are counted. */
  readonly calendar: CalendarDefinition
  readonly events: Catalogue<E>
  /** What counts as activity for `inactiveFor`. */
  readonly activity: readonly Heard<E>[]
  readonly stages: readonly Stage[]
  /** Where everybody starts; its time rules start at the first input. */
  readonly initial: NoInfer<Stage>
  readonly rules: { readonly [S in Stage]: readonly Rule<NoInfer<Stage>, NoInfer<E>>[] }
  /** Stages in words. */
  readonly words?: {
    readonly en?: { readonly [S in Stage]?: string }
    readonly zh?: { readonly [S in Stage]?: string }
  }
  /** How long ids of accepted inputs are remembered, as an exact duration; `{ hours: 720 }` unless told. */
  readonly idempotencyWindow?: Duration
}

/** The fact that an attribute is. */
export const attribute = (name: string): Fact => ({ fact: 'attribute', attribute: name })

/** How an event that is heard is called. */
export const heardKey = (heard: Heard<EventSpecs>): string =>
  typeof heard === 'string' ? heard : `${heard.event} as ${heard.as}`

const ONE_KIND = 'one of on and when, inactiveFor, inStageFor, since with reaches'

/** What a type or a schema cannot know, checked for typed callers and for JSON alike. */
export function checkLifecycle(definition: LifecycleDefinition<string, string, EventSpecs>): void {
  const { stages, initial, rules, calendar } = definition
  const { events, kinds } = definition.events
  const context = { events, calendar, kinds }
  calendarOf(calendar)
  const heardIs = (heard: Heard<EventSpecs>, path: string) => {
    checkName(Object.keys(events), typeof heard === 'string' ? heard : heard.event, path)
    if (typeof heard !== 'string')
      checkFact({ fact: 'count', event: heard.event, as: heard.as }, context, path)
  }
  const profile = Object.hasOwn(events, 'attribute-set') ? events['attribute-set']! : {}
  const birthdays = Object.keys(profile).filter((name) => profile[name]!.type === 'instant')
  if (stages.length === 0) throw fault('missing', '$.stages', stages, 'one stage or more')
  for (const [i, name] of stages.entries()) {
    if (stages.indexOf(name) !== i) throw fault('duplicate-name', `$.stages[${i}]`, name, 'each stage once')
  }
  checkName(stages, initial, '$.initial')
  for (const [i, heard] of definition.activity.entries()) heardIs(heard, `$.activity[${i}]`)
  for (const stage of Object.keys(rules)) checkName(stages, stage, `$.rules.${stage}`)
  for (const stage of stages) {
    if (!Array.isArray(rules[stage]))
      throw fault('missing', `$.rules.${stage}`, rules[stage], 'a list of rules')
    for (const [i, rule] of rules[stage]!.entries()) {
      const path = `$.rules.${stage}[${i}]`
      checkName(stages, rule.to, `${path}.to`)
      const kinds = ['inactiveFor', 'inStageFor', 'since'].filter((key) => key in rule)
      if (kinds.length + Number('on' in rule || 'when' in rule) !== 1)
        throw fault('wrong-type', path, rule, ONE_KIND)
      if ('on' in rule && rule.on !== undefined) heardIs(rule.on, `${path}.on`)
      if ('when' in rule && rule.when) checkCondition(rule.when, context, `${path}.when`)
      for (const key of ['inactiveFor', 'inStageFor', 'reaches'] as const) {
        if (key in rule) checkDuration((rule as Readonly<Record<string, unknown>>)[key], `${path}.${key}`)
      }
      if ('since' in rule !== 'reaches' in rule)
        throw fault('missing', path, rule, 'since and reaches together')
      if ('since' in rule) checkName(birthdays, rule.since, `${path}.since`)
    }
  }
}
