import { checkDuration } from '../duration.js'
import { checkKeys, checkRecord, fault } from '../errors.js'
import type { AnyEvent } from '../event.js'
import { calendarFor, type Fact, type FactKind, type FactScope, type Track, type Tracker } from '../fact.js'
import { matcherOf } from '../filter.js'
import type { Instant } from '../instant.js'
import { checkEvent, checkWindows, INTEGER, WINDOW } from './scope.js'
import { crossingOf, type Open, stayed, sumOf } from './tally.js'
import { forEver, type Leave, rollingShadow, windowed } from './windows.js'

type SequenceFact = Extract<Fact, { readonly fact: 'sequence' }>

/** How far a run has come: by step but the last, until when those who have taken it may take the rest. */
type Reached = readonly (Instant | 'ever' | null)[]
interface Whole {
  readonly reached: Reached
  readonly done: number
}
interface Rolling extends Open {
  readonly reached: Reached
}

const STEPS = 20

/** How often steps were taken in their order. */
export const sequenceKind: FactKind<SequenceFact> = {
  keys: [...WINDOW, 'steps', 'inside', 'as', 'calendar'],
  hears: ({ steps, since }) => [...steps.map(({ event }) => event), ...(since === undefined ? [] : [since])],
  measure: () => INTEGER,
  check(fact, context, path) {
    const { steps, inside, as } = fact
    if (!Array.isArray(steps) || steps.length === 0 || steps.length > STEPS)
      throw fault('out-of-range', `${path}.steps`, steps, `1 to ${STEPS} steps`)
    for (const [i, step] of fact.steps.entries()) {
      checkRecord(step, `${path}.steps[${i}]`)
      checkKeys(step, ['event', 'where'], `${path}.steps[${i}]`)
      const { event, where } = step
      checkEvent(event, where, as, context.events, `${path}.steps[${i}]`)
    }
    checkWindows(fact, context, path)
    if (inside !== undefined)
      calendarFor(checkDuration(inside, `${path}.inside`), fact.calendar as FactScope['calendar'], context)
  },
  compile(fact, context) {
    const { steps, inside, as } = fact
    const matchers = steps.map((step) =>
      matcherOf({ ...step, ...(as !== undefined && { as }) }, context.events),
    )
    const deadline =
      inside === undefined ? () => 'ever' as const : calendarFor(inside, fact.calendar, context).adder(inside)
    const begun: Reached = steps.slice(1).map(() => null)

    /** How far runs have come with an event; `done` when it completes one. */
    const advance = (reached: Reached, event: AnyEvent, subject: string): Reached | 'done' => {
      let next: (Instant | 'ever' | null)[] | undefined
      // From behind, so that one event takes one step.
      for (let step = steps.length - 1; step >= 0; step--) {
        if (!matchers[step]!(event, subject)) continue
        const until = step === 0 ? deadline(event.occurredAt) : reached[step - 1]!
        if (until === null || (until !== 'ever' && until <= event.occurredAt)) continue
        if (step === steps.length - 1) return 'done'
        next ??= reached.slice()
        next[step] = later(reached[step]!, until)
      }
      return next ?? reached
    }
    const shared = { fact, measure: INTEGER }
    const whole = (): Tracker => ({
      ...shared,
      start: { reached: begun, done: 0 },
      note(track, event, subject) {
        const { reached, done } = track as Whole
        const next = advance(reached, event, subject)
        if (next === reached) return track
        return next === 'done' ? { reached: begun, done: done + 1 } : { reached: next, done }
      },
      value: (track) => (track as Whole).done,
      crossing: () => undefined,
      nextStep: () => undefined,
      shadow: forEver,
    })
    const rolling = (leave: Leave): Tracker => ({
      ...shared,
      start: { reached: begun, open: null },
      note(track, event, subject) {
        const { reached, open } = track as Rolling
        const next = advance(reached, event, subject)
        if (next === reached) return track
        if (next !== 'done') return { reached: next, open }
        const { occurredAt } = event
        return { reached: begun, open: stayed(open, occurredAt, [leave(occurredAt), 1]) }
      },
      value: (track, asOf) => sumOf((track as Rolling).open, asOf),
      crossing: (track: Track, asOf, low, high) => crossingOf((track as Rolling).open, asOf, low, high),
      nextStep(track, asOf) {
        const { open } = track as Rolling
        const now = sumOf(open, asOf)
        return crossingOf(open, asOf, now, now)
      },
      // What was hidden may have been a step of what is completed only later.
      shadow: (track, gap) => (steps.length === 1 ? rollingShadow(leave)(track, gap) : forEver(track, gap)),
    })
    return windowed(fact, context, whole, rolling)
  },
}

const later = (a: Instant | 'ever' | null, b: Instant | 'ever') =>
  a === 'ever' || b === 'ever' ? 'ever' : a === null ? b : Math.max(a, b)
