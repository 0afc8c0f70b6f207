import { fault } from '../../kernel/errors.js'
import { isRecord } from '../../kernel/plain.js'
import type { SurvivalRecord } from '../survival-record.js'

/**
 * How many left and entered at each time: all that curves and tests ask of records. Plain JSON; columns side by side, in
 * no order. Who is at risk follows from them.
 */
export interface SurvivalPartial {
  /** Digest of the definition under which it was collected. */
  readonly of: string
  /** Each time once. */
  readonly times: number[]
  readonly events: number[]
  readonly censored: number[]
  /** Watched from this time on. Whoever is watched from the beginning is in no row of these. */
  readonly entered: number[]
}

/** A table whose times ascend, and where something happened at each. */
export interface SurvivalTicks {
  readonly times: Float64Array
  readonly events: Float64Array
  readonly censored: Float64Array
  readonly entered: Float64Array
  /** How many are watched from the beginning. */
  readonly fromStart: number
}

/** Adds a record to a table, or takes it out. */
export function count(table: SurvivalPartial, record: SurvivalRecord, by: 1 | -1): void {
  const { time, event, entry } = record
  change(table, time, event ? by : 0, event ? 0 : by, 0)
  if (entry !== undefined) change(table, entry, 0, 0, by)
}

/** Both tables in one, with ascending times. */
export function joined(a: SurvivalPartial, b: SurvivalPartial): SurvivalPartial {
  const all: SurvivalPartial = { of: a.of, times: [], events: [], censored: [], entered: [] }
  for (const table of [a, b]) {
    checkRows(table)
    for (let i = 0; i < table.times.length; i += 1) {
      change(all, table.times[i]!, table.events[i]!, table.censored[i]!, table.entered[i]!)
    }
  }
  const { times, places } = ascending(all)
  const sorted = (column: readonly number[]) => Array.from(places, (place) => column[place]!)
  return {
    of: a.of,
    times: Array.from(times),
    events: sorted(all.events),
    censored: sorted(all.censored),
    entered: sorted(all.entered),
  }
}

/** Refuses what is no table, by its outside; its rows are read where a result is made. */
export function checkTable(table: SurvivalPartial, of: string | undefined): void {
  if (!isRecord(table)) throw fault('wrong-type', '$', table, 'a partial')
  if (of !== undefined && table.of !== of)
    throw fault('other-definition', '$.of', table.of, `a partial of ${of}`)
  if (!Array.isArray(table.times)) throw malformed('$.times', table.times)
  for (const column of COLUMNS) {
    const counts: unknown = table[column]
    if (!(Array.isArray(counts) && counts.length === table.times.length))
      throw malformed(`$.${column}`, counts)
  }
}

/**
 * The table in order of time.
 *
 * @throws DefinitionError `malformed-state` for what was not collected; `out-of-range` where more was retracted than added.
 */
export function ticksOf(table: SurvivalPartial): SurvivalTicks {
  checkRows(table)
  const { times, places } = ascending(table)
  const column = (counts: readonly number[]): Float64Array => {
    const sorted = new Float64Array(places.length)
    for (let i = 0; i < places.length; i += 1) {
      const some = counts[places[i]!]!
      if (some < 0) throw tooFew(some)
      sorted[i] = some + 0
    }
    return sorted
  }
  const [events, censored, entered] = [column(table.events), column(table.censored), column(table.entered)]
  let fromStart = 0
  for (let i = 0; i < places.length; i += 1) fromStart += events[i]! + censored[i]! - entered[i]!
  if (fromStart < 0) throw tooFew(fromStart)
  if (!Number.isSafeInteger(fromStart)) throw fault('too-large', '$', fromStart, 'up to 2^53 - 1 records')
  return { times, events, censored, entered, fromStart }
}

/** The fault of a table from which was taken what was not in it. */
export const tooFew = (left: number) => fault('out-of-range', '$', left, 'records that were added')

const COLUMNS = ['events', 'censored', 'entered'] as const

/** Where each time stands, by the column of times: found again, not stored, as it follows from the column. */
const known = /* @__PURE__ */ new WeakMap<readonly number[], Map<number, number>>()

function placesOf(times: readonly number[]): Map<number, number> {
  const before = known.get(times)
  if (before !== undefined && before.size === times.length) return before
  const made = new Map<number, number>()
  for (let i = 0; i < times.length; i += 1) made.set(times[i]!, i)
  if (made.size !== times.length) throw malformed('$.times', times)
  known.set(times, made)
  return made
}

function change(
  table: SurvivalPartial,
  time: number,
  byEvents: number,
  byCensored: number,
  byEntered: number,
): void {
  const { times, events, censored, entered } = table
  const places = placesOf(times)
  const place = places.get(time)
  if (place !== undefined) {
    events[place]! += byEvents
    censored[place]! += byCensored
    entered[place]! += byEntered
    if (events[place] === 0 && censored[place] === 0 && entered[place] === 0) remove(table, places, place)
  } else if (byEvents !== 0 || byCensored !== 0 || byEntered !== 0) {
    places.set(time, times.length)
    times.push(time + 0)
    events.push(byEvents)
    censored.push(byCensored)
    entered.push(byEntered)
  }
}

/** Takes a row out, so that nothing tells that there was one; the last row moves into its place. */
function remove(table: SurvivalPartial, places: Map<number, number>, place: number): void {
  const { times } = table
  const last = times.length - 1
  places.delete(times[place]!)
  if (place !== last) places.set(times[last]!, place)
  for (const column of [times, table.events, table.censored, table.entered]) {
    column[place] = column[last]!
    column.pop()
  }
}

/** Times in order, and where each stands. */
function ascending({ times }: SurvivalPartial) {
  const standing = placesOf(times)
  const sorted = Float64Array.from(times).sort()
  const order = new Int32Array(sorted.length)
  for (let i = 0; i < order.length; i += 1) order[i] = standing.get(sorted[i]!)!
  // Minus zero is zero.
  if (sorted.length > 0) sorted[0] = sorted[0]! + 0
  return { times: sorted, places: order }
}

function checkRows(table: SurvivalPartial): void {
  const { times } = table
  placesOf(times)
  for (let i = 0; i < times.length; i += 1) {
    const time = times[i]!
    if (!(Number.isFinite(time) && time >= 0)) throw malformed(`$.times[${i}]`, time)
    for (const name of COLUMNS) {
      const some = table[name][i]
      if (!Number.isSafeInteger(some)) throw malformed(`$.${name}[${i}]`, some)
    }
  }
}

const malformed = (path: string, value: unknown) =>
  fault('malformed-state', path, value, 'a table that was collected')
