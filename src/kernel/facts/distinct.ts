import type { Fact, FactKind, Scalar, Track, Tracker } from '../fact.js'
import { fieldValue, matcherOf } from '../filter.js'
import type { Instant } from '../instant.js'
import {
  after,
  firstPrefix,
  get,
  insert,
  items,
  remove,
  type Sorted,
  type SortedOrder,
  sumThrough,
} from '../sorted.js'
import { byText, nameOf } from './per.js'
import {
  checkField,
  checkScope,
  fieldOf,
  INTEGER,
  isForgettable,
  isReadable,
  SCOPE,
  WINDOW,
} from './scope.js'
import { forEver, type Leave, rollingShadow, windowed } from './windows.js'

type DistinctFact = Extract<Fact, { readonly fact: 'distinct' }>

/** A value and when the last event that had it leaves. */
type Stay = readonly [name: string, leavesAt: Instant]
type StayKey = readonly [leavesAt: Instant, name: string | undefined]

const byName = byText as unknown as SortedOrder<Stay, string>
/** By departure, then by name; a key without a name stands behind all names. */
const byLeaving: SortedOrder<Stay, StayKey> = {
  key: ([name, leavesAt]) => [leavesAt, name],
  compare: ([a, one], [b, other]) => {
    if (a !== b) return a - b
    if (one === other) return 0
    return other === undefined || (one !== undefined && one < other) ? -1 : 1
  },
  amount: () => 1,
}

interface Stays {
  readonly names: Sorted<Stay, string> | null
  readonly leaving: Sorted<Stay, StayKey> | null
}
interface Names {
  readonly names: Sorted<readonly [string], string> | null
}

/** How many different values a field had. */
export const distinctKind: FactKind<DistinctFact> = {
  keys: [...SCOPE, ...WINDOW, 'field'],
  hears: ({ event, since }) => (since === undefined ? [event] : [event, since]),
  measure: () => INTEGER,
  check(fact, context, path) {
    checkScope(fact, context, path)
    checkField(fact, isReadable, context, path)
  },
  compile(fact, context) {
    const field = fieldOf(context.events, fact.event, fact.field)
    const matches = matcherOf(fact, context.events)
    const shared = { fact, measure: INTEGER, hiddenEvents: 'raise' } as const
    const forgettable = isForgettable(field)
    const whole = (): Tracker => ({
      ...shared,
      start: { names: null },
      note(track, event, subject) {
        const value = matches(event, subject) ? fieldValue(field, event.data, fact.field) : undefined
        if (value === undefined) return track
        const { names } = track as Names
        const name = nameOf(value as Scalar)
        if (get(byText, names as never, name) !== undefined) return track
        return { names: insert(byText, names as never, [name]) }
      },
      value: (track) => (track as Names).names?.n ?? 0,
      crossing: () => undefined,
      nextStep: () => undefined,
      shadow: forEver,
      ...(forgettable && {
        forget(track: Track, rename: (text: string) => string): Names {
          let names: Names['names'] = null
          for (const [name] of items(byText, (track as Names).names as never))
            names = insert(byText, names as never, [rename(name)]) as never
          return { names }
        },
      }),
    })
    const rolling = (leave: Leave): Tracker => {
      const heldAt = ({ leaving }: Stays, asOf: Instant) =>
        leaving === null ? 0 : leaving.n - sumThrough(byLeaving, leaving, [asOf, undefined])
      const crossing = (track: Track, asOf: Instant, low: number, high: number) => {
        const { leaving } = track as Stays
        if (leaving === null) return undefined
        const now = heldAt(track as Stays, asOf)
        const where = now >= low && now <= high ? 'outside' : 'inside'
        // Several may leave at one instant: what counts is what is left when all of them have.
        let from: StayKey = [asOf, undefined]
        for (;;) {
          const found = firstPrefix(byLeaving, leaving, from, where, leaving.n - high, leaving.n - low)
          if (found === undefined) return undefined
          const then = heldAt(track as Stays, found[1])
          if ((then >= low && then <= high) === (where === 'inside')) return found[1]
          from = [found[1], undefined]
        }
      }
      return {
        ...shared,
        start: { names: null, leaving: null },
        note(track, event, subject) {
          const value = matches(event, subject) ? fieldValue(field, event.data, fact.field) : undefined
          if (value === undefined) return track
          const name = nameOf(value as Scalar)
          let { names, leaving } = track as Stays
          for (const [gone] of leftBy(leaving, event.occurredAt)) names = remove(byName, names, gone)
          leaving = after(byLeaving, leaving, [event.occurredAt, undefined])
          const known = get(byName, names, name)
          const leavesAt = leave(event.occurredAt)
          if (known !== undefined) {
            if (known[1] >= leavesAt) return { names, leaving }
            leaving = remove(byLeaving, leaving, [known[1], name])
          }
          const stay: Stay = [name, leavesAt]
          return { names: insert(byName, names, stay), leaving: insert(byLeaving, leaving, stay) }
        },
        value: (track, asOf) => heldAt(track as Stays, asOf),
        crossing,
        nextStep(track, asOf) {
          const now = heldAt(track as Stays, asOf)
          return crossing(track, asOf, now, now)
        },
        shadow: rollingShadow(leave),
        ...(forgettable && {
          forget(track: Track, rename: (text: string) => string): Stays {
            let names: Stays['names'] = null
            let leaving: Stays['leaving'] = null
            for (const [name, leavesAt] of items(byName, (track as Stays).names)) {
              const stay: Stay = [rename(name), leavesAt]
              names = insert(byName, names, stay)
              leaving = insert(byLeaving, leaving, stay)
            }
            return { names, leaving }
          },
        }),
      }
    }
    return windowed(fact, context, whole, rolling)
  },
}

/** Those that have left by an instant. */
function* leftBy(leaving: Stays['leaving'], at: Instant): IterableIterator<Stay> {
  for (const stay of items(byLeaving, leaving)) {
    if (stay[1] > at) return
    yield stay
  }
}
