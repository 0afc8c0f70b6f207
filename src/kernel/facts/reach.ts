import type { Calendar } from '../calendar.js'
import { type Duration, partsOf } from '../duration.js'
import type { Instant } from '../instant.js'
import { endOfUnit } from '../window.js'

/**
 * Where a span leads to, counted from an instant; and from any instant before or after one. Of dates a later start may
 * end earlier: a month after the evening of 30 January is over later than a month after the morning of 31 January. Both are
 * over on one day, so what is known of all of them is known by days.
 */
export interface Reach {
  (at: Instant): Instant
  /** From no instant up to this one does it lead further. */
  readonly latest: (at: Instant) => Instant
  /** From no instant after this one does it lead less far. */
  readonly earliest: (at: Instant) => Instant
}

export function reachOf(duration: Duration, calendar: Calendar): Reach {
  const reach = calendar.adder(duration)
  const { unit, clock, end } = partsOf(duration)
  const exact = ['seconds', 'minutes', 'hours', 'workHours', 'workMinutes'].includes(unit)
  // A clock time or the end of a unit is the same for all starts of a date.
  if (exact || clock !== undefined || end !== undefined)
    return Object.assign(reach, { latest: reach, earliest: reach })
  return Object.assign(reach, {
    latest: (at: Instant) => endOfUnit(calendar, 'day', calendar.add(at, duration)),
    earliest: (at: Instant) => calendar.startOf('day', calendar.add(at, duration)),
  })
}
