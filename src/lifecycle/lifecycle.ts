import { reading } from '../kernel/errors.js'
import {
  type AnyEvent,
  type CompiledCondition,
  calendarOf,
  compileCondition,
  complete,
  type Due,
  type DueEvent,
  type Duration,
  detail,
  type Engine,
  type EventIn,
  type EventSpecs,
  type Fact,
  FactSet,
  type Fields,
  factsOf,
  firstHolding,
  type Instant,
  integer,
  type Json,
  joinVocabularies,
  type Kinds,
  leavesOf,
  type Model,
  type PendingRule,
  plain,
  type ReasonLeaf,
  type Track,
  text,
  type Vocabulary,
} from '../kernel/index.js'
import { attribute, checkLifecycle, heardKey, type LifecycleDefinition, type Rule } from './definition.js'
import { eventWords, sentences } from './sentences.js'

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
}

/** Where a subject stands, and where it goes next if nothing happens. */
export interface LifecycleView<Stage extends string> {
  readonly stage: Stage
  /** When it was entered; `null` before the first input. */
  readonly since: Instant | null
  readonly next: { readonly to: Stage; readonly at: Instant } | null
}

/** The types of a lifecycle. */
export interface LifecycleKinds<Id extends string, Stage extends string, E extends EventSpecs> extends Kinds {
  id: Id
  state: LifecycleState<Stage>
  command: never
  hears: EventIn<E> | EventIn<MoveSpecs<Id, Stage>>
  emits: StageChanged<Id, Stage>
  publishes: StageSpecs<Id, Stage>
  refusal: never
  view: LifecycleView<Stage>
}

/**
 * What a lifecycle of these stages emits, before it is defined: for catalogues of others that feed it in turn. Facts read
 * where the subject stands with `says(id, 'stage')`; before the first move that is `initial`, where it is named.
 *
 * @example
 * const shop = defineEvents({ 'order-paid': { amount: money('CNY') }, ...stageEvents('customer', ['lead', 'active']) })
 */
export function stageEvents<const Id extends string, const Stage extends string>(
  id: Id,
  stages: readonly Stage[],
  { initial }: { readonly initial?: NoInfer<Stage> } = {},
): StageSpecs<Id, Stage> {
  const stage = text(...stages)
  const to = { ...stage, says: 'stage', ...(initial !== undefined && { initially: initial }) }
  const fields = { from: stage, to, rule: integer().optional(), reason: detail() }
  return plain({ [`${id}/stage-changed`]: fields }) as unknown as StageSpecs<Id, Stage>
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
>(definition: LifecycleDefinition<Id, Stage, E>): Engine<LifecycleKinds<Id, Stage, E>> {
  return reading('wrong-type', '$', definition, 'a definition', () => complete(lifecycleModel(definition)))
}

function lifecycleModel<Id extends string, Stage extends string, E extends EventSpecs>(
  definition: LifecycleDefinition<Id, Stage, E>,
): Model<LifecycleKinds<Id, Stage, E>> {
  type State = LifecycleState<Stage>
  const { id, initial, calendar } = definition
  const { events, words, kinds } = definition.events
  const stages = definition.stages as readonly Stage[]
  checkLifecycle(definition as never)
  const rules = plain(definition.rules) as { readonly [S in Stage]: readonly Rule<Stage, E>[] }
  const context = { events, calendar, kinds }
  const activities = definition.activity.map((heard) => (typeof heard === 'string' ? heard : heard.event))
  const facts = new FactSet(
    stages.flatMap((stage) => rules[stage].flatMap(factsOfRule)),
    context,
    activities,
  )
  const compiled = Object.fromEntries(
    stages.map((stage) => [stage, rules[stage].map((rule) => compileRule(rule))]),
  ) as unknown as { readonly [S in Stage]: readonly CompiledRule[] }
  const activity = new Set(definition.activity.map(heardKey))
  const asked = new Set(
    stages.flatMap((stage) => rules[stage].flatMap((rule) => ('on' in rule ? [heardKey(rule.on)] : []))),
  )
  const ears = new Map(Object.entries(events).map(([type, fields]) => [type, earOf(type, fields)]))
  const changed = `${id}/stage-changed` as const
  const moveSet = `${id}/move-set` as const
  const stage = { type: 'text', oneOf: stages } as const

  function compileRule(rule: Rule<Stage, E>): CompiledRule {
    const { to } = rule
    if ('inactiveFor' in rule) return deadline(to, rule.inactiveFor, silentSince, { code: 'inactive' })
    if ('inStageFor' in rule) return deadline(to, rule.inStageFor, ({ since }) => since, { code: 'in-stage' })
    if ('since' in rule) {
      const place = facts.place(attribute(rule.since))
      const tracker = facts.trackers[place]!
      const born = ({ tracks }: LifecycleState<string>) => tracker.value(tracks[place]!, 0) as Instant | null
      return deadline(to, rule.reaches, born, { code: 'age-reached', attribute: rule.since })
    }
    const when = rule.when && compileCondition(rule.when, facts, context)
    if (!('on' in rule)) {
      return {
        to,
        when: when!,
        at: ({ tracks }, at) => firstHolding(when!, tracks, at),
        why: ({ tracks }, at) => held(when!, tracks, at),
      }
    }
    const key = heardKey(rule.on)
    const event = typeof rule.on === 'string' ? rule.on : rule.on.event
    return {
      to,
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
    to: Stage,
    span: Duration,
    from: (state: LifecycleState<string>) => Instant | null,
    because: { code: 'inactive' | 'in-stage' } | { code: 'age-reached'; attribute: string },
  ): CompiledRule {
    const add = calendarOf(calendar).adder(span)
    return {
      to,
      at(state, at) {
        const since = from(state)
        return since === null ? undefined : Math.max(add(since), at)
      },
      why: (state) => ({ ...because, since: from(state)!, for: span }),
    }
  }

  function due(state: State, at: Instant): Due | undefined {
    if (state.since === null) return undefined
    if (state.moveTo !== null) return { at, make: () => moveByHand(state, at) }
    let least: Instant | undefined
    let chosen = -1
    const candidates = compiled[state.stage]
    for (let i = 0; i < candidates.length; i++) {
      const moment = candidates[i]!.at(state, at)
      if (moment === undefined || (least !== undefined && moment >= least)) continue
      least = moment
      chosen = i
    }
    if (least === undefined) return undefined
    const moment = least
    return { at: moment, make: () => moveByRule(state, moment, chosen) }
  }

  function moveByHand(state: State, at: Instant): DueEvent {
    const { stage, reason } = state.moveTo!
    return move(state, at, 'hand', {
      from: state.stage,
      to: stage,
      reason: { code: 'moved-by-hand', reason },
    })
  }

  function moveByRule(state: State, at: Instant, index: number): DueEvent {
    const from = state.stage
    const rule = compiled[from][index]!
    return move(state, at, `${from}[${index}]`, {
      from,
      to: rule.to as Stage,
      rule: index,
      reason: rule.why(state, at),
    })
  }

  function move(state: State, at: Instant, rule: string, data: StageChanged<Id, Stage>['data']): DueEvent {
    const nth = state.since === at ? state.nth + 1 : 0
    return { type: changed, rule: `${rule}>${data.to}${nth === 0 ? '' : `#${nth}`}`, data }
  }

  return {
    id,
    history: 'facts',
    definition: plain({
      model: 'lifecycle',
      id,
      version: definition.version,
      calendar,
      events,
      activity: definition.activity,
      stages,
      initial,
      rules,
      ...(definition.idempotencyWindow && { idempotencyWindow: definition.idempotencyWindow }),
    }) as unknown as Json,
    hears: { ...events, [moveSet]: { to: stage, reason: { type: 'text' } } },
    commands: {},
    publishes: stageEvents(id, stages),
    vocabulary: joinVocabularies(
      {
        sentences,
        words: eventWords(changed),
        events: stageEvents(id, stages),
        calendar,
      },
      { sentences, words, events, kinds },
      { sentences, words: (definition.words ?? {}) as Vocabulary['words'], events },
    ),
    ...(definition.idempotencyWindow && { idempotencyWindow: definition.idempotencyWindow }),
    start: () => ({
      stage: initial,
      since: null,
      nth: 0,
      activeAt: null,
      heard: [],
      heardAt: null,
      moveTo: null,
      tracks: facts.start,
    }),
    decide: () => ({ events: [] }),
    evolve(state, event, subject) {
      const { type, occurredAt } = event
      const { stage, since, nth, activeAt, heard, heardAt, moveTo } = state
      const tracks = facts.note(state.tracks, event, subject)
      if (type === changed) {
        const { to } = (event as StageChanged<Id, Stage>).data
        const again = since === occurredAt ? nth + 1 : 0
        return {
          stage: to,
          since: occurredAt,
          nth: again,
          activeAt,
          heard: none,
          heardAt,
          moveTo: null,
          tracks,
        }
      }
      if (type === moveSet) {
        const { to, reason } = event.data as { readonly to: Stage; readonly reason: string }
        const move = to === stage ? null : { stage: to, reason }
        return {
          stage,
          since: since ?? occurredAt,
          nth,
          activeAt: occurredAt,
          heard,
          heardAt,
          moveTo: move,
          tracks,
        }
      }
      const ear = ears.get(type)
      if (ear === undefined) return state
      const keys = keysOf(ear, event, subject)
      const active = activeAt === null || keys.some((key) => activity.has(key))
      const news = keys.some((key) => asked.has(key)) ? keys.filter((key) => asked.has(key)) : none
      const together = heardAt === occurredAt && heard.length > 0
      return {
        stage,
        since: since ?? occurredAt,
        nth,
        activeAt: active ? occurredAt : activeAt,
        heard: together ? (news.length > 0 ? [...heard, ...news] : heard) : news,
        heardAt: occurredAt,
        moveTo,
        tracks,
      }
    },
    due,
    forget: (state, rename) => ({
      ...state,
      moveTo: state.moveTo && { ...state.moveTo, reason: rename(state.moveTo.reason) },
      tracks: facts.forget(state.tracks, rename),
    }),
    view(state, asOf) {
      const next = due(state, asOf)
      const to = next && (next.make().data as StageChanged<Id, Stage>['data']).to
      const move = next === undefined || to === undefined ? null : { to, at: next.at }
      return { stage: state.stage, since: state.since, next: move }
    },
    pending: (state, asOf) =>
      compiled[state.stage].map((rule, i): PendingRule => {
        const at = state.since === null ? undefined : rule.at(state, asOf)
        return {
          rule: `$.rules.${state.stage}[${i}]`,
          to: rule.to,
          ...(rule.when && { verdict: rule.when.verdict(state.tracks, asOf) }),
          ...(at !== undefined && { at }),
          ...(at !== undefined && rule.when === undefined && { because: rule.why(state, at) }),
          ...(rule.on !== undefined && { on: rule.on }),
        }
      }),
  }
}

/** A rule, compiled: when it applies, at or after an instant, and why. */
interface CompiledRule {
  readonly to: string
  readonly on?: string
  readonly when?: CompiledCondition
  at(state: LifecycleState<string>, at: Instant): Instant | undefined
  why(state: LifecycleState<string>, at: Instant): MoveReason
}

const held = (when: CompiledCondition, tracks: readonly Track[], at: Instant) =>
  ({ code: 'condition-held', leaves: leavesOf(when.verdict(tracks, at)) }) as const

const none: readonly string[] = []

const factsOfRule = (rule: Rule): readonly Fact[] =>
  'since' in rule ? [attribute(rule.since)] : 'when' in rule && rule.when ? factsOf(rule.when) : []

/** An event that is heard: how it is called in the subject's own role, and in the roles of its references. */
interface Ear {
  readonly own: readonly string[]
  readonly refs: readonly { readonly field: string; readonly key: string }[]
}

function earOf(type: string, fields: Fields): Ear {
  const refs = Object.entries(fields).flatMap(([field, spec]) =>
    spec.type === 'ref' ? [{ field, key: heardKey({ event: type, as: spec.role }) }] : [],
  )
  return { own: [type], refs }
}

/** The names under which a subject hears an event: its own, and one for each role in which it takes part. */
function keysOf({ own, refs }: Ear, event: AnyEvent, subject: string): readonly string[] {
  const first = event.subject === subject ? own : none
  if (refs.length === 0) return first
  const data = event.data as Readonly<Record<string, unknown>>
  return [...first, ...refs.filter(({ field }) => data[field] === subject).map(({ key }) => key)]
}
