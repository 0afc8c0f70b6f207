import { checkRecord, fault, unknownName } from '../kernel/errors.js'

/**
 * In what the times of histories, and so of the parameters fitted to them, are measured. Days have 24 hours, months
 * 30.4375 days and years 365.25: times of these models are elapsed, not read from a calendar. `opportunity` counts the
 * occasions on which somebody could have bought (a yearly gala, a monthly box), of models in discrete time.
 */
export type TimeUnit = 'hour' | 'day' | 'week' | 'month' | 'year' | 'opportunity'

/**
 * The longest span and the highest age that is taken, in the unit in which it is worked with. Sums and series are held to it;
 * far beyond it parts of them leave the range of numbers.
 */
export const MOST_UNITS = 1e15

/**
 * A stretch of time that says its unit: `{ weeks: 39 }`. Not below zero, and at most 1e15 of the unit in which it is worked
 * with, which is that of the parameters; fractions are fine but for opportunities.
 */
export type TimeSpan =
  | { readonly hours: number }
  | { readonly days: number }
  | { readonly weeks: number }
  | { readonly months: number }
  | { readonly years: number }
  | { readonly opportunities: number }

/** Hours in one of each. */
const HOURS: { readonly [unit: string]: number } = {
  hour: 1,
  day: 24,
  week: 168,
  month: 730.5,
  year: 8766,
}

/** The units, from the shortest on. */
export const timeUnits: readonly TimeUnit[] = ['hour', 'day', 'week', 'month', 'year', 'opportunity']

const singular: { readonly [name: string]: TimeUnit } = {
  hours: 'hour',
  days: 'day',
  weeks: 'week',
  months: 'month',
  years: 'year',
  opportunities: 'opportunity',
}

/** Refuses what is no unit. */
export function checkUnit(unit: unknown, path: string): void {
  if (!timeUnits.includes(unit as TimeUnit)) throw unknownName(path, unit, timeUnits)
}

/** How many `to` one `from` is; opportunities are no time and turn into nothing else. */
export function unitsIn(from: TimeUnit, to: TimeUnit, path: string): number {
  if (from === to) return 1
  if (from === 'opportunity' || to === 'opportunity')
    throw fault('out-of-range', path, from, `a span in ${to}`)
  return HOURS[from]! / HOURS[to]!
}

/** A span as a number of `unit`. */
export function spanIn(unit: TimeUnit, span: TimeSpan, path: string): number {
  checkRecord(span, path)
  const [entry, ...more] = Object.entries(span)
  if (entry === undefined || more.length > 0) throw fault('wrong-type', path, span, 'one unit: { weeks: 39 }')
  const [name, amount] = entry
  const from = Object.hasOwn(singular, name) ? singular[name] : undefined
  if (from === undefined) throw unknownName(`${path}.${name}`, name, Object.keys(singular))
  if (typeof amount !== 'number') throw fault('wrong-type', `${path}.${name}`, amount, 'a number')
  if (!(amount >= 0 && amount < Number.POSITIVE_INFINITY)) {
    throw fault('out-of-range', `${path}.${name}`, amount, 'from 0, finite')
  }
  if (from === 'opportunity' && !Number.isInteger(amount)) {
    throw fault('out-of-range', `${path}.${name}`, amount, 'whole opportunities')
  }
  const units = amount * unitsIn(from, unit, `${path}.${name}`)
  if (!(units <= MOST_UNITS))
    throw fault('out-of-range', `${path}.${name}`, amount, `at most 1e15, counted in the unit ${unit}`)
  return units
}

/** So many of `unit` as a span. */
export const spanOf = (unit: TimeUnit, amount: number): TimeSpan =>
  ({ [unit === 'opportunity' ? 'opportunities' : `${unit}s`]: amount }) as unknown as TimeSpan
