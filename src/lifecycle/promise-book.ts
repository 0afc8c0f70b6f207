import { workLength } from '../kernel/duration.js'
import {
  type AnyEvent,
  type Calendar,
  type CalendarDefinition,
  calendarOf,
  type EventSpecs,
  type Instant,
} from '../kernel/index.js'
import { Ears } from './ears.js'
import { lengthOf, type PromiseState, type PromiseView, type ServicePromise } from './promise.js'
import { heardKey } from './rule.js'
import { promiseMisfit } from './state-misfit.js'

/** What is remembered of each promise, by name; `null` for one that has never begun. */
export type PromiseStates = { readonly [name: string]: PromiseState | null }

/** A promise that is about to end, and when. */
export interface PromiseEnding {
  readonly name: string
  readonly at: Instant
  readonly status: 'kept' | 'broken'
}

/** The promises of a lifecycle, and what their clocks say. */
export class PromiseBook {
  private readonly promises: ReadonlyMap<string, CompiledPromise>
  private readonly ears: Ears

  constructor(promises: readonly ServicePromise[], calendar: CalendarDefinition, events: EventSpecs) {
    const dates = calendarOf(calendar)
    this.promises = new Map(promises.map((promise) => [promise.promise, compile(promise, dates)]))
    const heard = promises.flatMap(({ from, keptBy }) => (keptBy === undefined ? [from] : [from, keptBy]))
    this.ears = new Ears([], heard, events)
  }

  start(): PromiseStates {
    return Object.fromEntries([...this.promises.keys()].map((name) => [name, null]))
  }

  /** After an event that the subject heard in a stage: it keeps what is running, and begins what is not. */
  hear(states: PromiseStates, event: AnyEvent, subject: string, stage: string): PromiseStates {
    const asked = this.ears.of(event.type)?.asked(event, subject)
    if (asked === undefined || asked.length === 0) return states
    return this.each(states, (state, promise) => {
      const { occurredAt } = event
      if (isOpen(state))
        return promise.keptBy !== undefined && asked.includes(promise.keptBy)
          ? kept(state, promise, occurredAt)
          : state
      return asked.includes(promise.from) ? begun(state, promise, stage, occurredAt) : state
    })
  }

  /** After a stage was entered. */
  enter(states: PromiseStates, stage: string, at: Instant): PromiseStates {
    return this.each(states, (state, promise) => {
      if (!isOpen(state)) return state
      if (promise.keptIn.has(stage)) return kept(state, promise, at)
      if (promise.droppedIn.has(stage)) return ended(state, promise, 'dropped', at)
      const stands = promise.pausedIn.has(stage)
      if (stands && state.since !== null) {
        const used = state.used + promise.measure(state.since, at)
        return { ...state, status: 'paused', since: null, used }
      }
      return !stands && state.since === null ? { ...state, status: 'running', since: at } : state
    })
  }

  /** After it was said that a promise is kept, or broken. What says something of another promise says nothing. */
  end(states: PromiseStates, name: string, status: 'kept' | 'broken', at: Instant): PromiseStates {
    return this.each(states, (state, promise) => {
      if (promise.name !== name || state === null) return state
      if (state.unsaid) return { ...state, unsaid: false }
      return isOpen(state) ? ended(state, promise, status, at) : state
    })
  }

  /** After somebody was told what is promised. */
  tell(states: PromiseStates, name: string, promised: Instant): PromiseStates {
    return this.each(states, (state, promise) =>
      promise.name === name && isOpen(state) ? { ...state, promised } : state,
    )
  }

  /** What ends next if nothing happens: what is kept and not yet said, then what is due first; of several the first in the list. */
  next(states: PromiseStates, at: Instant): PromiseEnding | undefined {
    let least: PromiseEnding | undefined
    for (const name of this.promises.keys()) {
      if (states[name]?.unsaid) return { name, at, status: 'kept' }
      const due = this.due(states, name)
      if (due === null) continue
      const moment = Math.max(due, at)
      if (least === undefined || moment < least.at) least = { name, at: moment, status: 'broken' }
    }
    return least
  }

  /** When a promise breaks if nothing happens; `null` where it is not running. */
  due(states: PromiseStates, name: string): Instant | null {
    const state = states[name]
    return state?.status === 'running' ? dueOf(state, this.promises.get(name)!) : null
  }

  view(states: PromiseStates): { readonly [name: string]: PromiseView | null } {
    return Object.fromEntries(
      [...this.promises].map(([name, promise]) => {
        const state = states[name]
        if (!state) return [name, null]
        const { status, began, promised, used, at } = state
        const due = isOpen(state) ? dueOf(state, promise) : state.due
        const left = status === 'paused' ? { left: Math.max(0, promise.length! - used) } : {}
        return [name, { status, began, promised, due, ...left, ...(at !== null && { at }) }]
      }),
    )
  }

  /** Where states that came from outside are none of these promises; the rest of a path. */
  misfit(states: PromiseStates): string | undefined {
    for (const name of this.promises.keys()) {
      const rest = promiseMisfit(states[name] ?? null)
      if (rest !== undefined) return `.promises.${name}${rest}`
    }
    return Object.keys(states).length === this.promises.size ? undefined : '.promises'
  }

  /** The same object where nothing has changed. */
  private each(
    states: PromiseStates,
    after: (state: PromiseState | null, promise: CompiledPromise) => PromiseState | null,
  ): PromiseStates {
    let changed: Record<string, PromiseState | null> | undefined
    for (const [name, promise] of this.promises) {
      const before = states[name] ?? null
      const now = after(before, promise)
      if (now === before) continue
      changed ??= { ...states }
      changed[name] = now
    }
    return changed ?? states
  }
}

/** A promise made ready: what it listens for by key, and its clock. */
interface CompiledPromise {
  readonly name: string
  readonly from: string
  readonly keptBy: string | undefined
  readonly keptIn: ReadonlySet<string>
  readonly pausedIn: ReadonlySet<string>
  readonly droppedIn: ReadonlySet<string>
  /** Milliseconds on its clock; `undefined` for dates. */
  readonly length: number | undefined
  /** When it is due whose clock has run since an instant, with so much used up before. */
  reach(since: Instant, used: number): Instant
  /** What its clock counts between two instants. */
  measure(from: Instant, to: Instant): number
}

function compile(promise: ServicePromise, calendar: Calendar): CompiledPromise {
  const { within, from, keptBy } = promise
  const length = lengthOf(within)
  const whole = calendar.adder(within)
  const works = workLength(within) !== undefined
  return {
    name: promise.promise,
    from: heardKey(from),
    keptBy: keptBy === undefined ? undefined : heardKey(keptBy),
    keptIn: new Set(promise.keptIn),
    pausedIn: new Set(promise.pausedIn),
    droppedIn: new Set(promise.droppedIn),
    length,
    reach(since, used) {
      if (used === 0 || length === undefined) return whole(since)
      const left = Math.max(0, length - used)
      return works ? calendar.addWorked(since, left) : since + left
    },
    measure: works ? (from, to) => calendar.workedBetween(from, to) : (from, to) => to - from,
  }
}

type OpenPromise = PromiseState & { readonly status: 'running' | 'paused' }

const isOpen = (state: PromiseState | null): state is OpenPromise =>
  state !== null && (state.status === 'running' || state.status === 'paused')

const dueOf = ({ since, used }: PromiseState, { reach }: CompiledPromise): Instant | null =>
  since === null ? null : reach(since, used)

/** In a stage in which its clock stands still it begins paused, with all of its span left. */
function begun(
  before: PromiseState | null,
  { pausedIn, reach }: CompiledPromise,
  stage: string,
  at: Instant,
): PromiseState {
  const stands = pausedIn.has(stage)
  return {
    status: stands ? 'paused' : 'running',
    began: at,
    nth: before?.began === at ? before.nth + 1 : 0,
    promised: reach(at, 0),
    since: stands ? null : at,
    used: 0,
    at: null,
    due: null,
    unsaid: false,
  }
}

function ended(
  state: PromiseState,
  promise: CompiledPromise,
  status: 'kept' | 'broken' | 'dropped',
  at: Instant,
): PromiseState {
  return { ...state, status, since: null, at, due: dueOf(state, promise) }
}

const kept = (state: PromiseState, promise: CompiledPromise, at: Instant): PromiseState => ({
  ...ended(state, promise, 'kept', at),
  unsaid: true,
})
