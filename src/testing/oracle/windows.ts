import type { CalendarUnit } from '../../kernel/calendar.js'
import type { Duration } from '../../kernel/duration.js'
import type { FactScope, FactWindow, Window } from '../../kernel/fact.js'
import type { Instant } from '../../kernel/instant.js'
import type { OracleCalendar, OracleUnit } from './calendar.js'
import { calendarOfFact, eventsAbout, type OracleEvent, type OraclePast } from './events.js'

/** A fact that counts events in a window; `event` is missing where it has several. */
type Windowed = Omit<FactScope, 'event' | 'where'> & FactWindow

/** The unit that a window names, and whether it is the one before. */
export function unitIn(window: Window | undefined): readonly [CalendarUnit, boolean] | undefined {
  if (window === undefined) return undefined
  if ('this' in window) return [window.this, false]
  return 'previous' in window ? [window.previous, true] : undefined
}

/** The span of a window that rolls. */
export const spanIn = (window: Window | undefined): Duration | undefined =>
  window === undefined || unitIn(window) !== undefined ? undefined : (window as Duration)

/** The unit that a window shows at an instant. */
export function shownUnit(calendar: OracleCalendar, window: Window, asOf: Instant): OracleUnit {
  const [unit, previous] = unitIn(window)!
  const running = calendar.unit(unit, asOf)
  return previous ? calendar.unit(unit, running.starts - 1) : running
}

/** Whether what happened at `at` is in the fact's window at `asOf`. */
export function isInside(fact: Windowed, at: Instant, past: OraclePast, asOf: Instant): boolean {
  const { within } = fact
  if (within === undefined) return true
  const calendar = calendarOfFact(fact, past)
  const span = spanIn(within)
  if (span !== undefined) return asOf < calendar.add(at, span)
  const { starts, ends } = shownUnit(calendar, within, asOf)
  return starts <= at && at < ends
}

/**
 * What came after the last `since` of the fact: all of it where the fact names none, and `undefined` where nothing of
 * that name has happened.
 */
export function afterSince(
  fact: Windowed,
  events: readonly OracleEvent[],
  past: OraclePast,
): readonly OracleEvent[] | undefined {
  if (fact.since === undefined) return events
  const last = lastSince(fact, past)
  if (last === undefined) return undefined
  const place = past.events.indexOf(last)
  return events.filter((event) => past.events.indexOf(event) > place)
}

/** The event since which a fact counts. */
export const lastSince = (fact: Windowed, past: OraclePast): OracleEvent | undefined =>
  eventsAbout({ event: fact.since!, ...(fact.as && { as: fact.as }) }, past).at(-1)

/** The matching events in the window, in order of arrival. */
export function eventsInside(
  fact: FactScope & FactWindow,
  past: OraclePast,
  asOf: Instant,
): readonly OracleEvent[] | undefined {
  return afterSince(fact, eventsAbout(fact, past), past)?.filter((event) =>
    isInside(fact, event.occurredAt, past, asOf),
  )
}
