import { checkRecord, fault } from '../../kernel/errors.js'
import { type CalendarDefinition, calendarOf, type Instant, isInstant } from '../../kernel/index.js'

/** The first instant of the local date so many days before another. Rules only count forward from an attribute. */
export function daysBefore(at: Instant, days: number, calendar: CalendarDefinition): Instant {
  checkRecord(calendar, '$.calendar')
  if (!isInstant(at)) throw fault('invalid-instant', '$', at, 'an instant')
  const dates = calendarOf(calendar)
  return dates.instantOfDay(dates.localDay(at) - days)
}
