import { checkName, fault } from '../../kernel/errors.js'
import {
  type Calendar,
  type CalendarDefinition,
  calendarOf,
  type Instant,
  parseInstant,
} from '../../kernel/index.js'

/**
 * When a rule or a multiplier is in force, judged at the event's own instant: from `from` up to, but without, `until`,
 * and on the days that the calendar has under a name; what is told of them holds at once.
 *
 * Both ends are texts: instants with an offset, or local date-times in the definition's zone (`2026-11-11T00:00`), which
 * are an hour later where clocks skipped them.
 */
export interface Campaign {
  readonly from?: string
  readonly until?: string
  /** A name among `calendar.named`. */
  readonly days?: string
}

/** @throws DefinitionError for a campaign that is never, or names what there is not. */
export function checkCampaign(during: Campaign, calendar: CalendarDefinition, path: string): void {
  const { from, until, days } = during
  if (from === undefined && until === undefined && days === undefined)
    throw fault('missing', path, during, 'from, until or days')
  const zone = calendarOf(calendar)
  if (days !== undefined) checkName(Object.keys(calendar.named ?? {}), days, `${path}.days`)
  const start = from === undefined ? undefined : momentIn(zone, from, `${path}.from`)
  const end = until === undefined ? undefined : momentIn(zone, until, `${path}.until`)
  if (start !== undefined && end !== undefined && end <= start)
    throw fault('out-of-range', `${path}.until`, until, 'later than from')
}

/** From which instant on, and until when, a campaign runs, on its days if it has some; infinite where it does not say. */
export const spanOfCampaign = ({ from, until }: Campaign, zone: Calendar) => ({
  start: from === undefined ? Number.NEGATIVE_INFINITY : momentIn(zone, from, '$.from'),
  end: until === undefined ? Number.POSITIVE_INFINITY : momentIn(zone, until, '$.until'),
})

/** Whether an instant lies in a campaign. */
export function compileCampaign(during: Campaign, zone: Calendar): (at: Instant) => boolean {
  const { start, end } = spanOfCampaign(during, zone)
  const { days } = during
  return (at) => at >= start && at < end && (days === undefined || zone.isNamed(days, at))
}

const LOCAL = /^(\d{4}-\d\d-\d\dT\d\d:\d\d)(:\d\d)?$/

function momentIn(zone: Calendar, text: string, path: string): Instant {
  const known = parseInstant(text)
  if (known !== undefined) return known
  // Read as if in UTC, so that dates and times that no calendar has are refused alike.
  const read = typeof text === 'string' && LOCAL.test(text) ? parseInstant(`${text}Z`) : undefined
  if (read === undefined) {
    const expected = 'an instant with an offset, or a local date-time as in 2026-11-11T00:00'
    throw fault('invalid-instant', path, text, expected)
  }
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = text.split(/[-T:]/).map(Number)
  return zone.instantOf({ year, month, day, hour, minute, second })
}
