import type { Instant } from '../../kernel/index.js'
import { type Follower, NOBODY, type Rows } from './follower.js'
import { nameOf, type People, rowAt } from './people.js'

/** Where some people stand, in columns. Numbers come first, in order, then other names by code unit. */
export interface StandingColumns {
  readonly length: number
  readonly stage: Uint8Array
  /** When it was entered. */
  readonly since: Float64Array
  /** Who stands at a place of the columns. */
  subject(place: number): string
  /** When they move on if nothing happens, and where to: `Infinity` and 255 where they never do. Worked out when asked for. */
  next(): { readonly at: Float64Array; readonly to: Uint8Array }
}

/** Where the people of the rows `found` stand at an instant, in their order. */
export function standingColumns(
  follower: Follower,
  {
    people,
    rows,
    found,
    asOf,
  }: {
    readonly people: People
    readonly rows: Rows
    readonly found: Int32Array
    readonly asOf: Instant
  },
): StandingColumns {
  const size = found.length
  const stage = new Uint8Array(size)
  const since = new Float64Array(size)
  for (let i = 0; i < size; i++) {
    stage[i] = rows.marks[found[i]!]! & 255
    since[i] = rows.since[found[i]!]!
  }
  const names = { ...people }
  return {
    length: size,
    stage,
    since,
    subject: (place) => nameOf(names, rowAt(found, place)),
    next() {
      const at = new Float64Array(size)
      const to = new Uint8Array(size)
      for (let i = 0; i < size; i++) {
        const coming = follower.coming(rows, found[i]!, asOf)
        at[i] = coming?.at ?? Infinity
        to[i] = coming?.to ?? NOBODY
      }
      return { at, to }
    },
  }
}
