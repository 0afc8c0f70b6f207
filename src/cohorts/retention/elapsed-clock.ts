import type { Instant } from '../../kernel/index.js'
import { periodsOf } from '../../kernel/periods.js'
import type { Settings } from './settings.js'

const HOUR = 3_600_000
const DAY = 86_400_000

/** How an elapsed clock counts offsets: what it sees of instants, cut to hours or local dates where that is asked. */
export interface ElapsedClock {
  /** What it sees of an instant, in milliseconds that may only be compared with each other. */
  seenBy(at: Instant): number
  /** The last offset that may have begun by `asOf` for an entry that was seen so. */
  begunBy(asOf: Instant, start: number): number
  /** The last offset whose window has passed by `asOf`; -1 where none has. */
  passedBy(asOf: Instant, start: number): number
}

/** The clock of settings; `undefined` where offsets are periods of the calendar. */
export function elapsedClock({ clock, calendar }: Settings): ElapsedClock | undefined {
  if (clock === 'calendar') return undefined
  const { length, truncate } = clock
  const offset = (seen: number, start: number) => Math.floor((seen - start) / length)
  if (truncate !== 'day') {
    const seenBy = truncate === undefined ? (at: Instant) => at : hourOf
    return {
      seenBy,
      begunBy: (asOf, start) => offset(seenBy(asOf), start),
      passedBy: (asOf, start) => offset(seenBy(asOf), start) - 1,
    }
  }
  const days = periodsOf(calendar, 'day')
  return {
    seenBy: (at) => days.indexOf(at) * DAY,
    begunBy: (asOf, start) => offset(days.latestBy(asOf) * DAY, start),
    // Clocks set back over midnight return to a date that seemed over.
    passedBy(asOf, start) {
      let over = days.indexOf(asOf)
      while (days.endOf(over) > asOf) over--
      return offset((over + 1) * DAY, start) - 1
    },
  }

  /** The hour of the local clock in which an instant lies; in zones of whole hours, that of UTC. */
  function hourOf(at: Instant): Instant {
    const lead = calendar.offsetAt(at) % HOUR
    return Math.floor((at + lead) / HOUR) * HOUR - lead
  }
}
