import { checkName, fault, type Lang } from '../../kernel/errors.js'
import { type AnyEvent, type Json, plain } from '../../kernel/index.js'
import { heardOf } from '../../lifecycle/rule.js'
import { commonNotes, type ExportNote, isNarrow, noteOf } from './export-notes.js'
import { ruleWords } from './rule-words.js'
import { checkOptions, type ExportedLifecycle, type StatedLifecycle, stated } from './stated-lifecycle.js'
import { isKnownRule, type MachineContext, machineParts } from './xstate-parts.js'

/** What XState hands to guards, delays and assigners. */
export interface MachineArguments {
  readonly context: MachineContext
  /** What came; the event of a timer, too. */
  readonly event: AnyEvent
}

/** A move between stages, as it stands among the parameters of actions. */
interface MoveParams {
  readonly from: string
  readonly to: string
  readonly rule?: number
}

/** The functions that the names in the config stand for. */
export interface MachineImplementations {
  readonly guards: {
    readonly [name: string]: (args: MachineArguments, params?: { readonly stage: string }) => boolean
  }
  /** Milliseconds. */
  readonly delays: { readonly [name: string]: (args: MachineArguments) => number }
  /** What `assign` of XState takes: each answers with the whole context. */
  readonly actions: {
    readonly note: (args: MachineArguments) => MachineContext
    readonly wait: (args: MachineArguments, params: { readonly delay: string }) => MachineContext
    readonly move: (args: MachineArguments, params: MoveParams) => MachineContext
  }
}

/** A lifecycle as a machine of XState 5. */
export interface ExportedMachine {
  /** What `createMachine` takes: plain JSON, so that it can be stored and drawn. */
  readonly config: { readonly [key: string]: Json }
  readonly implementations: MachineImplementations
  /** What the machine cannot say, or says in another way. */
  readonly notes: readonly ExportNote[]
}

/** What may be told to `toXState`. */
export interface XStateOptions {
  /** Whose machine it is; the subject of its first event unless told. */
  readonly subject?: string
  /** Descriptions of transitions in this language; none unless told. */
  readonly lang?: Lang
  /**
   * The longest delay that timers bear, in milliseconds: later deadlines are waited for in pieces. 2,147,483,647 unless told, which is
   * 24.8 days: what `setTimeout` bears. `Infinity` where time is virtual.
   */
  readonly longestDelay?: number
}

const LONGEST = 2_147_483_647

/**
 * A lifecycle as a machine of XState 5: a config of plain JSON, and the functions that its names stand for. In virtual time it is in
 * the same stage as the lifecycle at every instant.
 *
 * Events are those of the lifecycle, whole, with `occurredAt`: every one is noted in the context and enters its stage anew, so that
 * timers start again. A rule is a transition without an event, guarded by its name, `<stage>_<number>`, in the order in which rules are
 * asked. What time alone can bring about has a timer of the same name besides: when it ends, `now` is its deadline, and the rules are
 * asked. No clock is read: time goes on at events and at deadlines alone.
 *
 * `implementations.actions` are what `assign` takes; this library does not depend on XState. The context is plain JSON; its `tracks` are
 * what the facts of conditions remember. Rules that never rest at one instant throw, as those of the engine do.
 *
 * @throws DefinitionError `wrong-type` for what is no lifecycle, and for options that do not hold.
 * @see https://stately.ai/docs/delayed-transitions
 * @example
 * const { config, implementations } = toXState(customer)
 * const actions = mapValues(implementations.actions, assign)
 * const [start] = initialTransition(createMachine(config, { ...implementations, actions }))
 */
export function toXState(lifecycle: ExportedLifecycle, options: XStateOptions = {}): ExportedMachine {
  checkOptions(options, ['subject', 'lang', 'longestDelay'])
  const { subject, lang, longestDelay = LONGEST } = options
  if (subject !== undefined && typeof subject !== 'string')
    throw fault('wrong-type', '$.options.subject', subject, 'text')
  if (lang !== undefined) checkName(['en', 'zh'], lang, '$.options.lang')
  if (typeof longestDelay !== 'number' || !(longestDelay > 0))
    throw fault('out-of-range', '$.options.longestDelay', longestDelay, 'milliseconds above 0')
  const agreed = stated(lifecycle)
  const parts = machineParts(agreed)
  const keys = stageKeys(agreed.stages)
  const moveSet = `${agreed.id}/move-set`
  const heard = Object.keys(agreed.events).filter((type) => type !== `${agreed.id}/stage-changed`)
  const reserved = heard.filter((type) => type === '*' || type.endsWith('.*') || type.startsWith('xstate.'))
  const types = heard.filter((type) => type !== moveSet && !reserved.includes(type))

  const guards: Record<string, MachineImplementations['guards'][string]> = {
    'comes-next': ({ context, event }) => parts.comesNext(context, event),
    'moves-to': ({ context, event }, params) =>
      parts.comesNext(context, event) && (event.data as { readonly to?: unknown }).to === params?.stage,
  }
  const delays: Record<string, MachineImplementations['delays'][string]> = {}
  const left = (name: string) => (context: MachineContext) =>
    Math.min(longestDelay, parts.millisecondsTo(name, context))
  for (const name of parts.rules) guards[name] = ({ context }) => parts.applies(name, context)
  for (const name of parts.timers) delays[name] = ({ context }) => left(name)(context)

  const stateOf = (stage: string): Json => {
    const self = keys.get(stage)!.target
    const noted = { target: self, reenter: true, guard: 'comes-next', actions: [{ type: 'note' }] }
    const byHand = agreed.stages
      .filter((to) => to !== stage)
      .map((to) => ({
        target: keys.get(to)!.target,
        guard: { type: 'moves-to', params: { stage: to } },
        actions: [{ type: 'note' }, { type: 'move', params: { from: stage, to } }],
      }))
    const rules = agreed.rules.get(stage)!.flatMap((found, rule) => {
      const name = `${stage}_${rule}`
      if (found === undefined || !parts.rules.has(name)) return []
      const { to } = found.rule
      return [{ ...found, to, name, number: rule, target: keys.get(to)!.target }]
    })
    const timed = rules.filter(({ name }) => parts.timers.has(name))
    return plain({
      ...(agreed.final.includes(stage) && { tags: ['final'] }),
      ...(keys.get(stage)!.key !== stage && { meta: { stage } }),
      ...(rules.length > 0 && {
        always: rules.map(({ name, number, path, rule, target, to }) => ({
          target,
          guard: name,
          ...(target === self && { reenter: true }),
          actions: [{ type: 'move', params: { from: stage, to, rule: number } }],
          meta: { path },
          ...(lang !== undefined && { description: ruleWords(lifecycle, rule, lang) }),
        })),
      }),
      ...(timed.length > 0 && {
        after: Object.fromEntries(
          timed.map(({ name }) => [
            name,
            { target: self, reenter: true, actions: [{ type: 'wait', params: { delay: name } }] },
          ]),
        ),
      }),
      on: {
        ...Object.fromEntries(types.map((type) => [type, noted])),
        [moveSet]: [...byHand, noted],
      },
    }) as Json
  }

  return {
    config: {
      id: agreed.id,
      version: String(agreed.version),
      initial: keys.get(agreed.initial)!.key,
      context: plain({ ...parts.start, subject: subject ?? null }) as unknown as Json,
      states: Object.fromEntries(agreed.stages.map((stage) => [keys.get(stage)!.key, stateOf(stage)])),
    },
    implementations: {
      guards,
      delays,
      actions: {
        note: ({ context, event }) => parts.noted(context, event),
        wait: ({ context }, { delay }) => parts.passed(context, left(delay)(context)),
        move: ({ context }, { from, to, rule }) => parts.moved(context, from, to, rule),
      },
    },
    notes: [
      ...commonNotes(agreed),
      ...(subject === undefined && hearsRoles(agreed) ? [noteOf('subject-from-first-event', '$')] : []),
      ...[...keys]
        .filter(([stage, { key }]) => stage !== key)
        .map(([stage, { key }]) => noteOf('stage-renamed', `$.stages[${agreed.stages.indexOf(stage)}]`, key)),
      ...reserved.map((type) => noteOf('event-not-heard', `$.events.${type}`)),
      ...unknownRules(agreed).map((path) => noteOf('rule-not-exported', path)),
    ],
  }
}

/** Names of states, and how transitions name them: dots and backslashes part names there, and `#` begins an id. */
function stageKeys(stages: readonly string[]) {
  const keys = new Map<string, { readonly key: string; readonly target: string }>()
  for (const [i, stage] of stages.entries()) {
    const kept = !stage.startsWith('#') && stage !== '__proto__'
    let key = kept ? stage : `stage ${i}`
    while (!kept && stages.includes(key)) key += "'"
    keys.set(stage, { key, target: key.replace(/[\\.]/g, '\\$&') })
  }
  return keys
}

/** Whether anything is heard in a role: then the subject of an event is not the one that the machine is about. */
function hearsRoles({ activity, rules, events }: StatedLifecycle): boolean {
  const heard = [...rules.values()].flatMap((list) =>
    list.flatMap((found) => (found !== undefined && 'on' in found.rule ? [found.rule.on] : [])),
  )
  const roles = [...activity, ...heard].some((one) => isNarrow(one) && heardOf(one).as !== undefined)
  return (
    roles || Object.values(events).some((fields) => Object.values(fields).some(({ type }) => type === 'ref'))
  )
}

/** Where the rules stand that are of no kind known here. */
const unknownRules = ({ rules }: StatedLifecycle): readonly string[] => [
  ...new Set(
    [...rules.values()].flatMap((list) =>
      list.flatMap((found) => (found === undefined || isKnownRule(found.rule) ? [] : [found.path])),
    ),
  ),
]
