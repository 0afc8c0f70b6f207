import { checkCurrency, minorDigits } from '../../kernel/currency.js'
import { checkKeys, fault, unknownName } from '../../kernel/errors.js'
import {
  type AnyEvent,
  type Calendar,
  calendarOf,
  type Instant,
  type PeriodUnit,
  parseMinor,
  plain,
} from '../../kernel/index.js'
import { checkAsOf } from '../../kernel/instant.js'
import { isRecord, own } from '../../kernel/plain.js'
import { checkHead, type DefinitionHead } from '../../measures/definition-head.js'
import { checkLevel } from '../../measures/proportions.js'

/** A unit of the local calendar in which revenue is counted; weeks begin with the calendar's `weekStart`. */
export type RevenuePeriod = Exclude<PeriodUnit, 'hour'>

/** More of them is an event dated by mistake: a hundred years of months. */
export const mostPeriods = 1200

/** What all definitions of revenue over time say. */
export interface RevenueTerms extends DefinitionHead {
  /** ISO 4217. Amounts in events are decimal text in it, with at most its digits behind the point. */
  readonly currency: string
}

/** As of when, and how sure. */
export interface RevenueOptions {
  /** Events after it do not count, and periods that have not passed by then are incomplete. */
  readonly asOf: Instant
  /** Confidence of the intervals; 0.95 unless told. */
  readonly level?: number
  /** What is shown begins with the period in which this lies; earlier events still decide what had been before. */
  readonly since?: Instant
}

/** What every reading of revenue says of itself. */
export interface RevenueReading<Period = RevenuePeriod> {
  readonly definition: { readonly id: string; readonly version: number; readonly digest: string }
  readonly zone: string
  readonly period: Period
  readonly currency: string
  readonly asOf: Instant
  readonly level: number
}

/** The calendar and the digits of a definition whose other parts the caller reads. */
export function readTerms(
  definition: RevenueTerms & { readonly period: RevenuePeriod },
  keys: readonly string[],
  periods: readonly RevenuePeriod[],
): { readonly calendar: Calendar; readonly digits: number } {
  if (!isRecord(definition)) throw fault('wrong-type', '$', definition, 'a definition')
  checkHead(definition as unknown as Readonly<Record<string, unknown>>, keys, calendarKeys)
  const { calendar, period } = definition
  if (period === undefined) throw fault('missing', '$.period', period, periods.join(' | '))
  if (!periods.includes(period)) throw unknownName('$.period', period, periods)
  const currency = checkCurrency(definition.currency, '$.currency')
  return { calendar: calendarOf(plain(calendar)), digits: minorDigits(currency) }
}

const calendarKeys = ['zone', 'transitions', 'dayStart', 'weekStart']

/** One name, or several, each once. */
export function readNames(given: unknown, path: string): readonly string[] {
  const names: readonly unknown[] = Array.isArray(given) ? given : given === undefined ? [] : [given]
  if (names.length === 0) throw fault('missing', path, given, 'at least one event type')
  return names.map((name, i) => {
    const at = Array.isArray(given) ? `${path}[${i}]` : path
    const text = readName(name, at)
    if (names.indexOf(name) !== i) throw fault('duplicate-name', at, name, 'every event type once')
    return text
  })
}

/** The name of an event type or of a field. */
export function readName(name: unknown, path: string): string {
  if (name === undefined || name === '') throw fault('missing', path, name, 'a name')
  if (typeof name !== 'string') throw fault('wrong-type', path, name, 'a name')
  return name
}

/** One record or several, each with no other keys than these. */
export function readRecords<T extends object>(
  given: T | readonly T[],
  path: string,
  keys: readonly string[],
): readonly (readonly [T, string])[] {
  const list: readonly unknown[] = Array.isArray(given) ? given : given === undefined ? [] : [given]
  if (list.length === 0) throw fault('missing', path, given, 'at least one')
  return list.map((one, i) => {
    const at = Array.isArray(given) ? `${path}[${i}]` : path
    if (!isRecord(one)) throw fault('wrong-type', at, one, keys.join(', '))
    checkKeys(one, keys, at)
    return [one as T, at]
  })
}

/** As `readRecords`, or none. */
export function readAnyRecords<T extends object>(
  given: T | readonly T[] | undefined,
  path: string,
  keys: readonly string[],
): readonly (readonly [T, string])[] {
  if (given === undefined || (Array.isArray(given) && given.length === 0)) return []
  return readRecords<T>(given, path, keys)
}

/** @throws DefinitionError for options that do not hold, with their path. */
export function readRevenueOptions(options: RevenueOptions): RevenueOptions & { readonly level: number } {
  if (!isRecord(options)) throw fault('wrong-type', '$', options, '{ asOf }')
  const { asOf, since, level = 0.95 } = options
  checkAsOf({ asOf, since })
  checkLevel(level)
  return { asOf, level, ...(since !== undefined && { since }) }
}

/** Refuses more periods than anybody means. */
export function checkCount(count: number, since: Instant | undefined): void {
  if (count <= mostPeriods) return
  const expected = `an instant at most ${mostPeriods} periods before asOf; ${count} would be shown`
  throw fault('too-large', '$.since', since, expected)
}

/**
 * An amount that an event carries, in smallest units.
 *
 * @throws DefinitionError `invalid-amount` when it is missing, no decimal text, finer than the currency or too large.
 */
export function amountIn(event: AnyEvent, field: string, digits: number): number {
  const value = isRecord(event.data) ? own(event.data, field) : undefined
  return minorOf(value, `$.data.${field}`, digits)
}

/** Decimal text in smallest units. */
export function minorOf(value: unknown, path: string, digits: number): number {
  const minor = parseMinor(value as string, digits)
  if (minor === undefined)
    throw fault('invalid-amount', path, value, `decimal text with at most ${digits} digits behind the point`)
  return minor
}
