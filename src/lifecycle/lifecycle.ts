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
  FactSet,
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
import {
  checkLifecycle,
  type Heard,
  type LifecycleDefinition,
  type Rule,
  type RulesByStage,
} from './definition.js'
import { Ears } from './ears.js'
import {
  type PromiseEnded,
  type PromiseSetSpecs,
  type PromiseSpecs,
  type PromiseView,
  promiseEvents,
} from './promise.js'
import { PromiseBook, type PromiseEnding, type PromiseStates } from './promise-book.js'
import { attribute, factOf, factsOfRule, heardKey, heardOf, rulesOf, type StageRule } from './rule.js'
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

function lifecycleModel<Id extends string, Stage extends string, E extends EventSpecs>(
  definition: LifecycleDefinition<Id, Stage, E>,
): Model<LifecycleKinds<Id, Stage, E, string>> {
  type State = LifecycleState<Stage>
  checkLifecycle(definition as never)
  const { id, initial, calendar } = definition
  const { events, words, kinds } = definition.events
  const stages = definition.stages as readonly Stage[]
  const agreed = agreedRules(definition as unknown as LifecycleDefinition)
  const context = { events, calendar, kinds }
  const heardAsActivity = definition.activity as readonly Heard[]
  const activities = heardAsActivity.map((heard) => heardOf(heard).event)
  const byStage = stages.map((stage) => rulesOf({ ...definition, ...agreed } as never, stage))
  const known = byStage.flatMap((rules) => rules.flatMap((found) => (found ? [found.rule] : [])))
  const facts = new FactSet(known.flatMap(factsOfRule), context, activities)
  const promises = agreed.promises ?? []
  const book = promises.length === 0 ? undefined : new PromiseBook(promises, calendar, events)
  // Without a prototype: a broken state may name anything.
  const compiled = Object.assign(
    Object.create(null),
    Object.fromEntries(
      stages.map((stage, i) => [stage, byStage[i]!.map((found) => found && compileRule(found))]),
    ),
  ) as unknown as { readonly [S in Stage]: readonly (CompiledRule | undefined)[] }
  const escalating = new Set(known.flatMap((rule) => ('broken' in rule ? [brokenKey(rule.broken)] : [])))
  const ears = new Ears(
    heardAsActivity,
    known.flatMap((rule) => ('on' in rule ? [rule.on] : [])),
    events,
  )
  const changed = `${id}/stage-changed` as const
  const moveSet = `${id}/move-set` as const
  const broken = `${id}/promise-broken` as const
  const kept = `${id}/promise-kept` as const
  const promiseSet = `${id}/promise-set` as const
  const promise = { type: 'text', oneOf: promises.map((one) => one.promise) } as const
  const publishes = {
    ...stageEvents(id, stages),
    ...(book && promiseEvents(id, promise.oneOf)),
  } as unknown as StageSpecs<Id, Stage> & PromiseSpecs<Id, string>
  const stage = { type: 'text', oneOf: stages } as const

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

  /** What ends a promise comes before the moves of the same instant: a move may pause, keep or drop it. */
  function due(state: State, at: Instant): Due | undefined {
    const move = dueMove(state, at)
    const ending = state.since === null ? undefined : book?.next(state.promises!, at)
    if (ending === undefined || (move !== undefined && move.at < ending.at)) return move
    return { at: ending.at, make: () => promiseEnds(state, ending) }
  }

  function promiseEnds(state: State, { name, status }: PromiseEnding): DueEvent {
    const { began, nth, due: dueThen, promised } = state.promises![name]!
    const due = status === 'kept' ? dueThen : book!.due(state.promises!, name)
    return {
      type: status === 'kept' ? kept : broken,
      rule: `${status}>${name}@${began}${nth === 0 ? '' : `#${nth}`}`,
      data: { promise: name, ...(due !== null && { due }), promised },
    }
  }

  function dueMove(state: State, at: Instant): Due | undefined {
    if (state.since === null) return undefined
    if (state.moveTo !== null) return { at, make: () => moveByHand(state, at) }
    let least: Instant | undefined
    let chosen = -1
    const candidates = compiled[state.stage]
    for (let i = 0; i < candidates.length; i++) {
      const moment = candidates[i]?.at(state, at)
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

  /** Tracks after a move: its rule may let facts begin anew. */
  function begunAnew(tracks: readonly Track[], { data: { from, rule } }: StageChanged<Id, Stage>) {
    const places = rule === undefined ? undefined : compiled[from]?.[rule]?.reset
    if (places === undefined || places.length === 0) return tracks
    return tracks.map((track, place) => (places.includes(place) ? facts.start[place]! : track))
  }

  /** The next move if nothing happens: promises may end before it, and bring it about. */
  function nextMove(state: State, asOf: Instant): LifecycleView<Stage>['next'] {
    let now = state
    for (let at = asOf; ; ) {
      const next = due(now, at)
      if (next === undefined) return null
      const { type, data } = next.make()
      if (type === changed) return { to: (data as StageChanged<Id, Stage>['data']).to, at: next.at }
      at = next.at
      now = evolve(now, { id: '', type, subject: '', occurredAt: at, data }, '')
    }
  }

  /** Rules that have not fired, and promises that have not ended. */
  function pendingPromises(state: State): readonly PendingRule[] {
    const shown = book === undefined ? {} : book.view(state.promises!)
    return promises.flatMap(({ promise }, i): readonly PendingRule[] => {
      const { status, due, promised, left } = shown[promise] ?? { status: 'dropped' }
      const pending = { rule: `$.promises[${i}]`, to: broken }
      if (status === 'paused')
        return [{ ...pending, because: { code: 'promise-paused', promise, left } as never }]
      if (status !== 'running') return []
      return [{ ...pending, at: due!, because: { code: 'promise-broken', promise, due, promised } as never }]
    })
  }

  function move(state: State, at: Instant, rule: string, data: StageChanged<Id, Stage>['data']): DueEvent {
    const nth = state.since === at ? state.nth + 1 : 0
    return { type: changed, rule: `${rule}>${data.to}${nth === 0 ? '' : `#${nth}`}`, data }
  }

  function follow(state: State, event: AnyEvent, subject: string): State {
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
        heard: nothing,
        heardAt,
        moveTo: null,
        tracks: begunAnew(tracks, event as StageChanged<Id, Stage>),
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
    const ear = ears.of(type)
    if (ear === undefined) return state
    const active = activeAt === null || ear.isActivity(event, subject)
    const news = ear.asked(event, subject)
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
  }

  /** Promises hear what is heard and see what is entered; of the stages only the state is told. */
  function evolve(state: State, event: AnyEvent, subject: string): State {
    const followed = follow(state, event, subject)
    if (book === undefined) return followed
    const { type, occurredAt: at } = event
    const before = state.promises!
    if (type === changed) return { ...followed, promises: book.enter(before, followed.stage, at) }
    if (type === broken || type === kept) {
      const { promise } = event.data as { readonly promise: string }
      const promises = book.end(before, promise, type === kept ? 'kept' : 'broken', at)
      const key = brokenKey(promise)
      if (type === kept || !escalating.has(key)) return { ...followed, promises }
      const together = followed.heardAt === at ? followed.heard : nothing
      return { ...followed, heard: [...together, key], heardAt: at, promises }
    }
    if (type === promiseSet) {
      const { promise, promised } = event.data as { readonly promise: string; readonly promised: Instant }
      const { since, activeAt } = followed
      const first = { since: since ?? at, activeAt: activeAt ?? at }
      return { ...followed, ...first, promises: book.tell(before, promise, promised) }
    }
    const promises = book.hear(before, event, subject, state.stage)
    return promises === before && followed.promises === before ? followed : { ...followed, promises }
  }

  return {
    id,
    history: 'facts',
    facts,
    definition: plain({
      model: 'lifecycle',
      id,
      version: definition.version,
      calendar,
      events,
      activity: definition.activity,
      stages,
      initial,
      ...agreed,
      ...(definition.idempotencyWindow && { idempotencyWindow: definition.idempotencyWindow }),
    }) as unknown as Json,
    hears: {
      ...events,
      [moveSet]: { to: stage, reason: { type: 'text' } },
      ...(book && { [promiseSet]: { promise, promised: { type: 'instant' } } }),
    },
    commands: {},
    publishes,
    vocabulary: joinVocabularies(
      {
        sentences,
        words: eventWords(id),
        events: publishes,
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
      ...(book && { promises: book.start() }),
    }),
    decide: () => ({ events: [] }),
    evolve,
    due,
    forget: (state, rename) => ({
      ...state,
      moveTo: state.moveTo && { ...state.moveTo, reason: rename(state.moveTo.reason) },
      tracks: facts.forget(state.tracks, rename),
    }),
    view(state, asOf) {
      const shown = { stage: state.stage, since: state.since, next: nextMove(state, asOf) }
      return book === undefined ? shown : { ...shown, promises: book.view(state.promises!) }
    },
    pending: (state, asOf) => [
      ...compiled[state.stage].flatMap((rule): readonly PendingRule[] => {
        if (rule === undefined) return []
        const at = state.since === null ? undefined : rule.at(state, asOf)
        const pending = {
          rule: rule.path,
          to: rule.to,
          ...(rule.when && { verdict: rule.when.verdict(state.tracks, asOf) }),
          ...(at !== undefined && { at }),
          ...(at !== undefined && rule.when === undefined && { because: rule.why(state, at) }),
          ...(rule.on !== undefined && { on: rule.on }),
        }
        return [pending]
      }),
      ...pendingPromises(state),
    ],
  }
}

const nothing: readonly string[] = []

/** How a broken promise is called among what was heard. */
const brokenKey = (promise: string) => `broken ${promise}`

/** A rule, compiled: when it applies, at or after an instant, and why. */
interface CompiledRule {
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

const held = (when: CompiledCondition, tracks: readonly Track[], at: Instant) =>
  ({ code: 'condition-held', leaves: leavesOf(when.verdict(tracks, at)) }) as const

/** The part of a definition that says where its rules lead; stored as it was agreed, without what was left open. */
function agreedRules(definition: LifecycleDefinition) {
  const { rules, everywhere, final, forwardOnly, exhaustive, promises } = definition
  const listed = (list: readonly Rule[]) =>
    list.map((rule) => ('reset' in rule && rule.reset ? { ...rule, reset: rule.reset.map(factOf) } : rule))
  return plain({
    rules: Object.fromEntries(Object.entries(rules).map(([stage, list]) => [stage, listed(list)])),
    ...(everywhere !== undefined && everywhere.length > 0 && { everywhere: listed(everywhere) }),
    ...(final !== undefined && final.length > 0 && { final }),
    ...(forwardOnly && { forwardOnly }),
    ...(exhaustive && { exhaustive: true }),
    ...(promises !== undefined && promises.length > 0 && { promises }),
  })
}
