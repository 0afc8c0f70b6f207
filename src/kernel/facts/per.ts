import type { AnyEvent } from '../event.js'
import type { Scalar, Track, Tracker } from '../fact.js'
import type { Field } from '../field.js'
import { fieldValue } from '../filter.js'
import type { Instant } from '../instant.js'
import { get, insert, items, type Sorted, type SortedOrder } from '../sorted.js'
import { isForgettable } from './scope.js'

/** What is remembered of one store, one post. */
type Entity = readonly [name: string, track: Track]
interface Entities {
  readonly by: Sorted<Entity, string> | null
}

export const byText: SortedOrder<readonly [string, ...unknown[]], string> = {
  key: (item) => item[0],
  compare: (a, b) => (a < b ? -1 : a > b ? 1 : 0),
}
const byName = byText as SortedOrder<Entity, string>

/** A value of a field as text that tells it from all others. */
export const nameOf = (value: Scalar): string => (typeof value === 'string' ? value : JSON.stringify(value))

/**
 * A tally of each value of a field on its own; what is said is the largest, and at least 0. Reading it looks at every
 * value of the field that was ever seen.
 */
export function perEntity({ crossing, ...inner }: Tracker, name: string, field: Field): Tracker {
  const heldAt = (by: Entities['by'], asOf: Instant): number => {
    let most = 0
    for (const [, track] of items(byName, by)) most = Math.max(most, inner.value(track, asOf) as number)
    return most
  }
  return {
    ...inner,
    start: { by: null },
    note(track, event: AnyEvent, subject) {
      const value = fieldValue(field, event.data, name)
      if (value === undefined) return track
      const { by } = track as Entities
      const entity = nameOf(value)
      const before = get(byName, by, entity)?.[1] ?? inner.start
      const noted = inner.note(before, event, subject)
      return noted === before ? track : { by: insert(byName, by, [entity, noted]) }
    },
    value: (track, asOf) => heldAt((track as Entities).by, asOf),
    nextStep(track, asOf) {
      const { by } = track as Entities
      const now = heldAt(by, asOf)
      // The largest changes no earlier than one of them does.
      for (let at = asOf; ; ) {
        let least: Instant | undefined
        for (const [, one] of items(byName, by)) {
          const step = inner.nextStep(one, at)
          if (step !== undefined && (least === undefined || step < least)) least = step
        }
        if (least === undefined || heldAt(by, least) !== now) return least
        at = least
      }
    },
    ...(crossing && {
      crossing(track: Track, asOf: Instant, low: number, high: number) {
        const { by } = track as Entities
        const isWithin = (at: Instant) => heldAt(by, at) >= low && heldAt(by, at) <= high
        const now = isWithin(asOf)
        // The largest passes a bound no earlier than one of them does.
        for (let at = asOf; ; ) {
          let least = Infinity
          for (const [, one] of items(byName, by)) {
            least = Math.min(least, crossing(one, at, low, Infinity) ?? Infinity)
            least = Math.min(least, crossing(one, at, -Infinity, high) ?? Infinity)
          }
          if (least === Infinity) return undefined
          if (isWithin(least) !== now) return least
          at = least
        }
      },
    }),
    ...(isForgettable(field) && {
      forget(track: Track, rename: (text: string) => string) {
        let by: Entities['by'] = null
        for (const [entity, one] of items(byName, (track as Entities).by))
          by = insert(byName, by, [rename(entity), one])
        return { by }
      },
    }),
  }
}
