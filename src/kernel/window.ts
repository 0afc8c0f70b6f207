import type { Calendar, CalendarUnit } from './calendar.js'
import { calendarUnits, checkDuration, type Duration } from './duration.js'
import { checkName } from './errors.js'
import type { Window } from './fact.js'
import { type Instant, lastInstant } from './instant.js'
import { isRecord } from './plain.js'

/** A window that follows units of the calendar: the one that runs, or the whole one before. */
export interface UnitWindow {
  readonly unit: CalendarUnit
  /** 0 for the unit that runs, 1 for the one before. */
  readonly back: 0 | 1
}

/** A window as what it is: a span that rolls, or a unit of the calendar. */
export const unitOf = (window: Window | undefined): UnitWindow | undefined => {
  if (window === undefined) return undefined
  if ('this' in window) return { unit: window.this, back: 0 }
  return 'previous' in window ? { unit: window.previous, back: 1 } : undefined
}

/** The span of a window that rolls. */
export const spanOf = (window: Window | undefined): Duration | undefined =>
  window === undefined || 'this' in window || 'previous' in window ? undefined : window

/** Takes a value for a window. @throws DefinitionError `invalid-duration`, `unknown-name` */
export function checkWindow(value: unknown, path: string): Window {
  for (const key of ['this', 'previous'] as const) {
    if (isRecord(value) && Object.hasOwn(value, key) && Object.keys(value).length === 1) {
      checkName(calendarUnits, value[key], `${path}.${key}`)
      return value as Window
    }
  }
  return checkDuration(value, path) as Window
}

/**
 * When the unit that runs at an instant ends: at the first midnight of the next one, so that units follow one another
 * also where clocks that are set back bring a midnight twice.
 */
export function endOfUnit(calendar: Calendar, unit: CalendarUnit, at: Instant): Instant {
  const start = calendar.startOf(unit, at)
  let end = calendar.startOfNext(unit, start)
  // The last millisecond of the calendar is the end of all units.
  while (end <= at && end < lastInstant) end = calendar.startOfNext(unit, end)
  return end
}
