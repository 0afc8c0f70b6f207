import type { AnyEvent } from '../event.js'
import {
  type FactContext,
  type FactKind,
  SumOutOfRange,
  type Tally,
  type Track,
  type Tracker,
} from '../fact.js'
import { numberOf } from '../field.js'
import { matcherOf } from '../filter.js'
import { type Instant, lastInstant } from '../instant.js'
import { own } from '../plain.js'
import { after, first, firstPrefix, insert, type Sorted, type SortedOrder, sumThrough } from '../sorted.js'
import { perEntity } from './per.js'
import { checkField, checkScope, fieldOf, INTEGER, isAmount, isReadable, SCOPE, WINDOW } from './scope.js'
import { forEver, type Leave, rollingShadow, windowed } from './windows.js'

/** One event, or several of one departure, in a window: when it leaves, and what it weighs. */
export type Stay = readonly [leavesAt: Instant, amount: number]
export interface Open {
  readonly open: Sorted<Stay, Instant> | null
}

export const byLeaving: SortedOrder<Stay, Instant> = {
  key: (stay) => stay[0],
  compare: (a, b) => a - b,
  amount: (stay) => stay[1],
}
const joinStays = (old: Stay, more: Stay): Stay => [old[0], old[1] + more[1]]

/** How many, and how much. */
const tally = <F extends Tally>(
  keys: readonly string[],
  weigh: (fact: F, context: FactContext) => Weight,
): FactKind<F> => ({
  keys: [...SCOPE, ...WINDOW, 'per', ...keys],
  hears: ({ event, since }) => (since === undefined ? [event] : [event, since]),
  measure: (fact, events) => (fact.fact === 'sum' ? fieldOf(events, fact.event, fact.field) : INTEGER),
  check(fact, context, path) {
    checkScope(fact, context, path)
    if (fact.fact === 'sum') checkField(fact, isAmount, context, path)
    if (fact.per !== undefined)
      checkField({ event: fact.event, field: fact.per }, isReadable, context, path, 'per')
  },
  compile(fact, context) {
    const amount = weigh(fact, context)
    const matches = matcherOf(fact, context.events)
    const measure = fact.fact === 'sum' ? fieldOf(context.events, fact.event, fact.field) : INTEGER
    const raise = fact.fact === 'count' ? ({ hiddenEvents: 'raise' } as const) : {}
    const whole = (): Tracker => ({ ...total({ matches, amount }), fact, measure, ...raise })
    const rolling = (leave: Leave): Tracker => ({
      ...staying({ matches, amount }, leave),
      fact,
      measure,
      ...raise,
    })
    if (fact.per === undefined) return windowed(fact, context, whole, rolling)
    const { per } = fact
    const field = fieldOf(context.events, fact.event, per)
    return windowed(
      fact,
      context,
      () => perEntity(whole(), per, field),
      (leave) => perEntity(rolling(leave), per, field),
    )
  },
})

type Weight = (event: AnyEvent) => number
type Core = Omit<Tracker, 'fact' | 'measure'>

/** What is added up: which events, and how much each. */
interface Weighed {
  readonly matches: (event: AnyEvent, subject: string) => boolean
  readonly amount: Weight
}

export const countKind = tally<Extract<Tally, { fact: 'count' }>>([], () => () => 1)
export const sumKind = tally<Extract<Tally, { fact: 'sum' }>>(
  ['field'],
  ({ event, field: name }, { events }) => {
    const field = fieldOf(events, event, name)
    return ({ data }) => numberOf(field, own(data, name)) ?? 0
  },
)

/** A total of all. */
function total({ matches, amount }: Weighed): Core {
  return {
    start: 0,
    note: (track, event, subject) =>
      matches(event, subject) ? safeSum((track as number) + amount(event)) : track,
    value: (track) => track as number,
    crossing: () => undefined,
    nextStep: () => undefined,
    shadow: forEver,
  }
}

/** What stays, with the sum until the next one leaves: most who ask do so before that, and need not look further. */
interface Counted extends Open {
  readonly sum: number
  readonly until: Instant
}

/** A total of what has not left. */
function staying({ matches, amount }: Weighed, leave: Leave): Core {
  return {
    start: { open: null, sum: 0, until: lastInstant },
    note(track, event, subject): Track {
      if (!matches(event, subject)) return track
      const { occurredAt } = event
      const open = stayed((track as Counted).open, occurredAt, [leave(occurredAt), amount(event)])!
      return { open, sum: open.sum, until: first(open)![0] }
    },
    value(track, asOf) {
      const { open, sum, until } = track as Counted
      return asOf < until ? sum : sumOf(open, asOf)
    },
    crossing: (track, asOf, low, high) => crossingOf((track as Open).open, asOf, low, high),
    nextStep(track, asOf) {
      const { open } = track as Open
      const now = sumOf(open, asOf)
      return crossingOf(open, asOf, now, now)
    },
    shadow: rollingShadow(leave),
  }
}

/** What stays when another comes: those that left are dropped. */
export function stayed(open: Open['open'], at: Instant, stay: Stay): Open['open'] {
  const grown = insert(byLeaving, after(byLeaving, open, at), stay, joinStays)
  safeSum(grown.high - Math.min(grown.low, 0))
  return grown
}

/** What has not left by an instant. */
export const sumOf = (open: Open['open'], asOf: Instant): number =>
  open === null ? 0 : open.sum - sumThrough(byLeaving, open, asOf)

/** Next instant after `asOf` at which the sum leaves, or enters, an interval. */
export function crossingOf(
  open: Open['open'],
  asOf: Instant,
  low: number,
  high: number,
): Instant | undefined {
  if (open === null || open.to <= asOf) return undefined
  const now = sumOf(open, asOf)
  const where = now >= low && now <= high ? 'outside' : 'inside'
  return firstPrefix(byLeaving, open, asOf, where, open.sum - high, open.sum - low)?.[0]
}

export function safeSum(sum: number): number {
  if (!Number.isSafeInteger(sum)) throw new SumOutOfRange('a running sum would leave the safe integers')
  return sum
}
