import { civilOf, dayOfMonthIndex, weekdayOf } from './civil.js'
import type { Weekday } from './duration.js'
import { checkRecord, unknownName } from './errors.js'

/**
 * A retail year of 52 or 53 whole weeks: quarters of 13 weeks, each in three months of 4 or 5. A 53rd week belongs to
 * the last month, and so to the last quarter.
 *
 * @example
 * // The 4-5-4 calendar of the National Retail Federation
 * const nrf: FiscalDefinition = {
 *   pattern: '4-5-4',
 *   ends: { rule: 'nearest', weekday: 6, month: 1 },
 *   named: 'start',
 * }
 */
export interface FiscalDefinition {
  /** The weeks of a quarter's months. */
  readonly pattern: '4-4-5' | '4-5-4' | '5-4-4'
  /**
   * The year's last day: the last such weekday of a month, or the one nearest to the month's last day, which may lie up
   * to three days into the next month.
   */
  readonly ends: { readonly rule: 'last' | 'nearest'; readonly weekday: Weekday; readonly month: number }
  /**
   * The number of a year that ends with month M of calendar year Y: `end` says Y; `start` the year of the month after
   * the last year's end, which is Y - 1, or Y where M is December. (Retail's 2023 ended in February 2024: `start`.)
   */
  readonly named: 'start' | 'end'
}

/** Where a day lies in a fiscal year. */
export interface FiscalPeriod {
  readonly year: number
  /** 1 to 4. */
  readonly quarter: number
  /** 1 to 12. */
  readonly month: number
  /** 1 to 53. */
  readonly week: number
}

/** What begins and ends with a fiscal calendar. */
export type FiscalUnit = 'fiscal-month' | 'fiscal-quarter' | 'fiscal-year'

/** A fiscal calendar made ready; days are day numbers. */
export interface Fiscal {
  periodOf(day: number): FiscalPeriod
  /** The first day of the unit that holds a day (0), or of the next one (1). */
  firstDay(unit: FiscalUnit, day: number, following: 0 | 1): number
}

/** @throws DefinitionError with a path in `$.calendar.fiscal`. */
export function fiscalOf(definition: FiscalDefinition): Fiscal {
  checkFiscal(definition)
  const { pattern, ends, named } = definition
  const [first, second] = pattern.split('-').map(Number) as [number, number]
  const ahead = ends.rule === 'nearest' ? 3 : 0
  const naming = named === 'end' || ends.month === 12 ? 0 : -1

  const lastDay = (year: number): number => {
    const latest = dayOfMonthIndex(year * 12 + ends.month) - 1 + ahead
    return latest - ((weekdayOf(latest) - ends.weekday + 7) % 7)
  }

  const find = (day: number) => {
    let { year } = civilOf(day)
    while (day > lastDay(year)) year += 1
    while (day <= lastDay(year - 1)) year -= 1
    const start = lastDay(year - 1) + 1
    const week = Math.floor((day - start) / 7)
    const quarter = Math.min(Math.floor(week / 13), 3)
    const weekOfQuarter = week - 13 * quarter
    const month = weekOfQuarter < first ? 0 : weekOfQuarter < first + second ? 1 : 2
    return { year, start, week, quarter, month }
  }

  return {
    periodOf(day) {
      const { year, week, quarter, month } = find(day)
      return { year: year + naming, quarter: quarter + 1, month: 3 * quarter + month + 1, week: week + 1 }
    },
    firstDay(unit, day, following) {
      const { year, start, quarter, month } = find(day)
      if (unit === 'fiscal-year') return following === 0 ? start : lastDay(year) + 1
      const months = 3 * quarter + (unit === 'fiscal-month' ? month + following : 3 * following)
      if (months >= 12) return lastDay(year) + 1
      return start + 7 * (13 * Math.floor(months / 3) + ([0, first, first + second][months % 3] as number))
    },
  }
}

function checkFiscal(definition: FiscalDefinition): void {
  const path = '$.calendar.fiscal'
  const one = (of: readonly unknown[], value: unknown, where: string) => {
    if (!of.includes(value)) throw unknownName(path + where, value, of.map(String))
  }
  checkRecord(definition, path)
  const { pattern, ends, named } = definition
  one(['4-4-5', '4-5-4', '5-4-4'], pattern, '.pattern')
  checkRecord(ends, `${path}.ends`)
  one(['last', 'nearest'], ends.rule, '.ends.rule')
  one([1, 2, 3, 4, 5, 6, 7], ends.weekday, '.ends.weekday')
  one([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], ends.month, '.ends.month')
  one(['start', 'end'], named, '.named')
}
