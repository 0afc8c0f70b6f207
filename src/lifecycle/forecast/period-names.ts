import { dateText, dayOfMonthIndex, dayOfText, monthIndexOf, monthText, two } from '../../kernel/civil.js'
import { fault } from '../../kernel/errors.js'
import type { PeriodUnit } from '../../kernel/index.js'

/**
 * The number of a period in a row without gaps, from its name: as `Periods.nameOf` writes it. `undefined` for a text that names
 * none.
 */
export function periodNumber(name: unknown, unit: PeriodUnit): number | undefined {
  if (typeof name !== 'string' || name.length > 13) return undefined
  const found = numberOf(name, unit)
  return found !== undefined && periodName(found, unit) === name ? found : undefined
}

/** The name of a period from its number; weeks by their first day. */
function periodName(number: number, unit: PeriodUnit): string {
  if (unit === 'hour') {
    const day = Math.floor(number / 24)
    return `${dateText(day)}T${two(number - day * 24)}`
  }
  if (unit === 'day' || unit === 'week') return dateText(number)
  if (unit === 'month') return monthText(dayOfMonthIndex(number))
  if (unit === 'year') return String(number).padStart(4, '0')
  const year = Math.floor(number / 4)
  return `${String(year).padStart(4, '0')}-Q${number - year * 4 + 1}`
}

/** Refuses so many periods that the last of them has no name: years go up to 9999, as in all of the calendar. */
export function checkAhead(last: string, unit: PeriodUnit, periods: number, path: string): void {
  if (periodNumber(periodAfter(last, unit, periods), unit) === undefined)
    throw fault('out-of-range', path, periods, `periods up to the year 9999, counted from ${last}`)
}

/** The name of the period so many later. */
export function periodAfter(name: string, unit: PeriodUnit, later: number): string {
  return periodName(periodNumber(name, unit)! + later * stepOf(unit), unit)
}

/** By how much numbers of neighbours differ: weeks go by days, for they may begin on any. */
export const stepOf = (unit: PeriodUnit): number => (unit === 'week' ? 7 : 1)

function numberOf(name: string, unit: PeriodUnit): number | undefined {
  if (unit === 'day' || unit === 'week') return dayOfText(name)
  if (unit === 'month') {
    const day = dayOfText(`${name}-01`)
    return day === undefined ? undefined : monthIndexOf(day)
  }
  if (unit === 'hour') {
    const day = dayOfText(name.slice(0, 10))
    return day === undefined ? undefined : day * 24 + Number(name.slice(11))
  }
  const year = Number(name.slice(0, 4))
  return unit === 'year' ? year : year * 4 + Number(name.slice(6)) - 1
}
