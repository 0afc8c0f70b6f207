import type { AnyEvent } from '../event.js'
import type { Fact, FactKind, Tracker } from '../fact.js'
import { fieldValue, matcherOf } from '../filter.js'
import { type Front, joinedLeast, leastCrossing, standingAt } from './front.js'
import { checkField, checkScope, fieldOf, isOrdered, SCOPE, WINDOW } from './scope.js'
import { forEver, type Leave, rollingShadow, windowed } from './windows.js'

type ExtremeFact = Extract<Fact, { readonly fact: 'min' | 'max' }>

/** The smallest and the largest value of a field. A largest one is kept as the smallest of what lies below zero. */
const extreme = (sign: 1 | -1): FactKind<ExtremeFact> => ({
  keys: [...SCOPE, ...WINDOW, 'field'],
  hears: ({ event, since }) => (since === undefined ? [event] : [event, since]),
  measure: ({ event, field }, events) => fieldOf(events, event, field),
  check(fact, context, path) {
    checkScope(fact, context, path)
    checkField(fact, isOrdered, context, path)
  },
  compile(fact, context) {
    const field = fieldOf(context.events, fact.event, fact.field)
    const matches = matcherOf(fact, context.events)
    const read = (event: AnyEvent, subject: string): number | undefined => {
      const value = matches(event, subject) ? fieldValue(field, event.data, fact.field) : undefined
      return value === undefined ? undefined : sign * (value as number)
    }
    const shared = { fact, measure: field, hiddenEvents: sign === 1 ? 'lower' : 'raise' } as const
    /** Without a sign of its own where it is zero. */
    const outside = (least: number | undefined) => (least === undefined ? null : sign * least + 0)
    const whole = (): Tracker => ({
      ...shared,
      start: { least: null },
      note(track, event, subject) {
        const value = read(event, subject)
        const { least } = track as { readonly least: number | null }
        return value === undefined || (least !== null && least <= value) ? track : { least: value + 0 }
      },
      value: (track) => outside((track as { readonly least: number | null }).least ?? undefined),
      crossing: () => undefined,
      nextStep: () => undefined,
      shadow: forEver,
    })
    const rolling = (leave: Leave): Tracker => ({
      ...shared,
      start: { front: null },
      note(track, event, subject) {
        const value = read(event, subject)
        if (value === undefined) return track
        return joinedLeast(track as Front<number>, event.occurredAt, [leave(event.occurredAt), value + 0])
      },
      value: (track, asOf) => outside(standingAt(track as Front<number>, asOf)?.[1]),
      crossing: (track, asOf, low, high) =>
        sign === 1
          ? leastCrossing(track as Front<number>, asOf, low, high)
          : leastCrossing(track as Front<number>, asOf, -high, -low),
      nextStep: (track, asOf) => standingAt(track as Front<number>, asOf)?.[0],
      shadow: rollingShadow(leave),
    })
    return windowed(fact, context, whole, rolling)
  },
})

export const minKind = extreme(1)
export const maxKind = extreme(-1)
