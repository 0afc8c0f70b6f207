import { DAY, dateText, dayOf, dayOfMonthIndex, monthIndexOf, monthText } from '../kernel/civil.js'
import type { Calendar, Instant } from '../kernel/index.js'
import { firstDayOfWeek } from '../kernel/week.js'

/** A unit of the local calendar in which revenue is counted; weeks begin with the calendar's `weekStart`. */
export type RevenuePeriod = 'day' | 'week' | 'month' | 'quarter' | 'year'

/** The periods of one unit in one calendar, numbered without gaps. */
export interface RevenuePeriods {
  /** Number of the period in which the local date lies. */
  of(at: Instant): number
  /** First instant of a period; after every instant for periods past the year 9999. */
  start(index: number): Instant
  /**
   * The instant from which the local clock never shows a period again. Clocks set back just after midnight return to
   * it: St John's read 2009-11-01 00:00 for a minute, and then October for another hour.
   */
  over(index: number): Instant
  /** The latest period that the local clock has shown by an instant. */
  reached(at: Instant): number
  /** `2024-03` for a month, `2024-Q1`, `2024`, and the first day, `2024-03-04`, for a week or a day. */
  text(index: number): string
}

/** More of them is an event dated by mistake: a hundred years of months. */
export const mostPeriods = 1200

/** After every instant, so that comparisons just work. */
const never = 8_640_000_000_000_000

/** The periods of a unit. */
export function revenuePeriodsOf(calendar: Calendar, period: RevenuePeriod): RevenuePeriods {
  const { weekStart = 1 } = calendar.definition
  const firstWeek = firstDayOfWeek(0, weekStart)
  const months = { day: 0, week: 0, month: 1, quarter: 3, year: 12 }[period]

  const of = (at: Instant): number => {
    const day = calendar.localDay(at)
    if (period === 'day') return day
    if (period === 'week') return (firstDayOfWeek(day, weekStart) - firstWeek) / 7
    return Math.floor(monthIndexOf(day) / months)
  }
  const firstDay = (index: number): number => {
    if (period === 'day') return index
    return period === 'week' ? firstWeek + 7 * index : dayOfMonthIndex(months * index)
  }
  const start = (index: number): Instant => {
    const day = firstDay(index)
    return day < dayOf(10_000, 1, 1) ? calendar.instantOfDay(day) : never
  }
  return {
    of,
    start,
    over(index) {
      const next = start(index + 1)
      if (next === never) return never
      const back = calendar.offsetAt(next) - calendar.offsetAt(next + DAY)
      return back > 0 && of(next + back - 1) === index ? next + back : next
    },
    reached(at) {
      const index = of(at)
      return start(index + 1) <= at ? index + 1 : index
    },
    text(index) {
      const day = firstDay(index)
      if (months === 0) return dateText(day)
      const month = monthText(day)
      if (period === 'month') return month
      const year = month.slice(0, -3)
      return period === 'year' ? year : `${year}-Q${(((index % 4) + 4) % 4) + 1}`
    },
  }
}
