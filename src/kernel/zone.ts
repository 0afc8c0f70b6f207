import { DAY } from './civil.js'
import { fault } from './errors.js'
import { firstInstant, type Instant, lastInstant } from './instant.js'

/**
 * When a zone's offset from UTC changes, as plain data: what `transitionsOf` writes on a runtime with good zone data,
 * and a `CalendarDefinition` carries to one without.
 */
export interface ZoneTable {
  /** Milliseconds east of UTC before the first transition. */
  readonly initial: number
  /** The transitions, ascending. */
  readonly at: readonly Instant[]
  /** Milliseconds east of UTC from each of them on; as many as `at`. */
  readonly offsets: readonly number[]
}

/** A zone made ready for arithmetic; local times are numbers as if read in UTC. */
export interface Zone {
  /** Milliseconds east of UTC. */
  offsetAt(at: Instant): number
  /**
   * The instant of a local time: the earlier of two. Where clocks skipped it, as much later as they skipped ('later'),
   * or the instant at which they did ('edge').
   */
  resolve(local: number, skipped: 'later' | 'edge'): Instant
  /** The same local time some whole days later, in milliseconds; none is the same instant. */
  shift(at: Instant, days: number): Instant
  /** Up to where the offset is the same, exclusive: a change or, now and then, where the zone was read in stretches. */
  nextChange(at: Instant): Instant
}

/** No zone was ever further from UTC (Manila before 1845: 15:56:08). */
const farthest = 57_600_000

// Zones are read in stretches of 2^38 ms (8.7 years), and found in one through buckets of 2^31 ms (25 days).
const stretchLength = 274_877_906_944
const bucketLength = 2_147_483_648
const firstStretch = Math.floor((firstInstant - 2 * DAY) / stretchLength)
const stretchCount = Math.floor((lastInstant + 2 * DAY) / stretchLength) - firstStretch + 1

/** Spans of one offset: span i is [starts[i], starts[i + 1]). */
interface Stretch {
  readonly starts: Float64Array
  readonly offsets: Int32Array
  /** The span in which each bucket begins. */
  readonly first: Uint16Array
}

/** Makes a zone of whatever knows its transitions; each stretch is asked for once, when first needed. */
export function compileZone(read: (from: Instant, until: Instant) => ZoneTable): Zone {
  const stretches = new Array<Stretch | undefined>(stretchCount)
  // The span found last: kept here rather than returned, so that looking allocates nothing.
  let here: Stretch
  let span = 0

  const seek = (at: number): void => {
    const number = Math.floor(at / stretchLength)
    here = stretches[number - firstStretch] ?? open(number, at)
    span = here.first[Math.floor((at - number * stretchLength) / bucketLength)] as number
    while (at >= (here.starts[span + 1] as number)) span++
  }

  const open = (number: number, at: number): Stretch => {
    const index = number - firstStretch
    if (!(index >= 0 && index < stretchCount)) outside(at)
    const from = number * stretchLength
    const table = read(from, from + stretchLength)
    const starts = Float64Array.of(from, ...table.at, from + stretchLength)
    const first = new Uint16Array(stretchLength / bucketLength)
    for (let bucket = 1, found = 0; bucket < first.length; bucket++) {
      while (from + bucket * bucketLength >= (starts[found + 1] as number)) found++
      first[bucket] = found
    }
    const stretch = { starts, offsets: Int32Array.of(table.initial, ...table.offsets), first }
    stretches[index] = stretch
    return stretch
  }

  const resolve = (wanted: number, skipped: 'later' | 'edge'): Instant => {
    const local = Math.min(Math.max(wanted, firstInstant - DAY), lastInstant + DAY)
    // No instant of this local time is earlier than `cursor`: walk the spans from there.
    let cursor = local - farthest
    let before = cursor
    for (;;) {
      seek(cursor)
      const start = here.starts[span] as number
      const end = here.starts[span + 1] as number
      const found = local - (here.offsets[span] as number)
      if (found < start) return skipped === 'edge' ? start : before
      if (found < end) return found
      before = found
      cursor = end
    }
  }

  return {
    offsetAt(at) {
      if (!Number.isInteger(at)) outside(at)
      seek(at)
      return here.offsets[span] as number
    },
    resolve,
    shift(at, days) {
      seek(at)
      const moved = at + days
      // No overlap lasts longer than a day, so within one span a later date is never ambiguous.
      return moved < (here.starts[span + 1] as number)
        ? moved
        : resolve(moved + (here.offsets[span] as number), 'later')
    },
    nextChange(at) {
      seek(at)
      return here.starts[span + 1] as number
    },
  }
}

function outside(at: number): never {
  throw fault('invalid-instant', '$', at, 'milliseconds since 1970 in the years 0001 to 9999')
}

/** The part of a table between two instants. */
export function cutTable(table: ZoneTable, from: Instant, until: Instant): ZoneTable {
  const past = table.at.filter((at) => at <= from).length
  const end = table.at.filter((at) => at < until).length
  return {
    initial: past === 0 ? table.initial : (table.offsets[past - 1] as number),
    at: table.at.slice(past, end),
    offsets: table.offsets.slice(past, end),
  }
}

/** Ten times what any zone has had since 1900; more is not a zone. */
const mostTransitions = 5000

/** Whether a value can be used as a table. */
export function isZoneTable(value: ZoneTable | null): boolean {
  const { initial, at, offsets } = value ?? {}
  return (
    Array.isArray(at) &&
    Array.isArray(offsets) &&
    at.length === offsets.length &&
    at.length <= mostTransitions &&
    [initial, ...offsets].every((offset) => Number.isInteger(offset) && Math.abs(offset) <= farthest) &&
    at.every((start, i) => Number.isInteger(start) && (i === 0 || start > (at[i - 1] as number)))
  )
}
