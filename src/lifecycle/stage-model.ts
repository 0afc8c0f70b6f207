import {
  type AnyEvent,
  type Due,
  type DueEvent,
  type EventSpecs,
  FactSet,
  type Instant,
  type Json,
  type Model,
  type PendingRule,
  plain,
  type Track,
  type Vocabulary,
} from '../kernel/index.js'
import { lastInstant } from '../kernel/instant.js'
import { engineVocabulary } from '../kernel/vocabulary.js'
import { brokenKey, type CompiledRule, ruleCompiler } from './compiled-rule.js'
import { checkLifecycle, type Heard, type LifecycleDefinition } from './definition.js'
import { Ears } from './ears.js'
import type { LifecycleKinds, LifecycleState, LifecycleView, StageChanged, StageSpecs } from './lifecycle.js'
import { type PromiseSpecs, promiseEvents } from './promise.js'
import { PromiseBook, type PromiseEnding } from './promise-book.js'
import { agreedRules, factsOfRule, heardOf, rulesOf } from './rule.js'
import { eventWords, sentences } from './sentences.js'
import { stageEvents } from './stage-events.js'
import { stateMisfit } from './state-misfit.js'

/** A move that comes, and where to. */
interface DueMove<Stage> extends Due {
  readonly to: Stage
}

/** The model of a lifecycle: what its states become by events and by time. */
export function lifecycleModel<Id extends string, Stage extends string, E extends EventSpecs>(
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
  const compileRule = ruleCompiler({ ...context, facts, activities, book })
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

  /** What ends a promise comes before the moves of the same instant: a move may pause, keep or drop it. */
  function due(state: State, at: Instant): Due | DueMove<Stage> | undefined {
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

  function dueMove(state: State, at: Instant): DueMove<Stage> | undefined {
    if (state.since === null) return undefined
    if (state.moveTo !== null) return { at, to: state.moveTo.stage, make: () => moveByHand(state, at) }
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
    const to = candidates[chosen]!.to as Stage
    return { at: moment, to, make: () => moveByRule(state, moment, chosen) }
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
      // Sums past the year 9999 end at its last millisecond: what is due there never comes.
      if (next === undefined || next.at >= lastInstant) return null
      if ('to' in next) return { to: next.to, at: next.at }
      const { type, data } = next.make()
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
    vocabulary: engineVocabulary(
      { sentences, words: eventWords(id), events: publishes, calendar },
      { events, words, kinds },
      definition.words as Vocabulary['words'] | undefined,
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
    misfit: (state) =>
      stateMisfit(state, { stages, tracks: facts.start.length }) ?? book?.misfit(state.promises!),
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
