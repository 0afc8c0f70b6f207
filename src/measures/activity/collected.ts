import type { Instant } from '../../kernel/index.js'
import type { PeriodSets } from '../period-sets.js'
import type { GroupValue } from './group-value.js'

/**
 * What is remembered of the events.
 *
 * - `periods`: in which periods each person entered and was active, a bit each: 4 bytes a person and 32 periods.
 * - `counts`: also how often, so that an event can be taken out again.
 * - `instants`: every instant, so that any `asOf` and any clock has an exact answer.
 */
export type Keep = 'periods' | 'counts' | 'instants'

/** People by row: their names, or nothing where row 17 is `'17'`. */
export interface People {
  names: string[] | null
  count: number
}

/** Every instant of a person: instant, mark and amount in turn, in the order of arrival. */
export type Instants = number[]

/** Marks hold the number of the value above the flags. */
export const VALUE = 8

/** What is remembered of some people. Plain data; `structuredClone` passes it on. */
export interface Collected {
  readonly people: People
  /** Entries; `null` where they are the same events as the activity. */
  readonly entries: PeriodSets | null
  readonly activity: PeriodSets | null
  readonly instants: Instants[] | null
}

/** What is remembered of all events. Merges, and passes through `structuredClone`; `toJson` writes it as JSON. */
export interface ActivityPartial {
  /** Digest of what is collected: partials of definitions that only read differently are the same. */
  readonly of: string
  /** The latest instant that counted; `null` of none. */
  latest: Instant | null
  readonly all: Collected
  readonly groups: { readonly value: GroupValue; readonly part: Collected }[]
  /** Values by their number in marks. */
  readonly values: GroupValue[]
}

/** Names by row, also where the numbers are the names. */
export const namesOf = ({ names, count }: People): string[] =>
  names === null ? Array.from({ length: count }, (_, row) => String(row)) : [...names]

/** The name of the person of a row. */
export const nameOf = ({ names }: People, row: number): string => (names === null ? String(row) : names[row]!)
