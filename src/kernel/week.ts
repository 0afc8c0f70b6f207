import { civilOf, dayOf, two, weekdayOf } from './civil.js'
import type { Weekday } from './duration.js'

/** A week and the year that it is counted in, which near January is not always the year of its dates. */
export interface WeekOfYear {
  readonly year: number
  /** 1 to 53. */
  readonly week: number
  /** `2024-W10`. */
  readonly text: string
}

/** The first day of the week that holds a day. */
export function firstDayOfWeek(day: number, weekStart: Weekday): number {
  return day - ((weekdayOf(day) - weekStart + 7) % 7)
}

/**
 * The numbered week of a day. Weeks that begin on Monday are those of ISO 8601: week 1 holds the year's first Thursday.
 * Others are those of the United States, as CLDR has them: week 1 holds 1 January. No week is cut at New Year: in
 * both, its last days may belong to week 1 of the next.
 *
 * @see ISO 8601:2004, 2.2.10; Unicode CLDR, supplemental week data, region US.
 */
export function weekOfYear(day: number, weekStart: Weekday): WeekOfYear {
  // The day that decides: the Thursday of ISO, or the week's last.
  const decisive = firstDayOfWeek(day, weekStart) + (weekStart === 1 ? 3 : 6)
  const { year } = civilOf(decisive)
  const week = Math.floor((decisive - dayOf(year, 1, 1)) / 7) + 1
  return { year, week, text: `${String(year).padStart(4, '0')}-W${two(week)}` }
}
