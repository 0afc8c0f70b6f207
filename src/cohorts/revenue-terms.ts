import { checkCurrency, minorDigits } from '../kernel/currency.js'
import { fault, unknownName } from '../kernel/errors.js'
import {
  type AnyEvent,
  type Calendar,
  type CalendarDefinition,
  calendarOf,
  type Instant,
  isInstant,
  parseMinor,
  plain,
} from '../kernel/index.js'
import { isRecord, own } from '../kernel/plain.js'
import { checkLevel } from '../measures/proportions.js'
import type { RevenuePeriod } from './revenue-periods.js'

/** What all definitions of revenue over time say. */
export interface RevenueTerms {
  readonly id: string
  /** A whole number from 1. */
  readonly version: number
  /** Periods are those of the local clock in this zone; weeks begin with its `weekStart`. */
  readonly calendar: CalendarDefinition
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

/** The calendar and the digits of a definition whose other parts the caller reads. */
export function readTerms(
  definition: RevenueTerms & { readonly period: RevenuePeriod },
  keys: readonly string[],
  periods: readonly RevenuePeriod[],
): { readonly calendar: Calendar; readonly digits: number } {
  if (!isRecord(definition)) throw fault('wrong-type', '$', definition, 'a definition')
  const { id, version, calendar, period } = definition
  for (const key of Object.keys(definition)) {
    if (!keys.includes(key)) throw fault('unknown-key', `$.${key}`, key, keys.join(', '))
  }
  if (id === undefined || (id as unknown) === '') throw fault('missing', '$.id', id, 'a name')
  if (typeof id !== 'string') throw fault('wrong-type', '$.id', id, 'text')
  if (version === undefined) throw fault('missing', '$.version', version, 'a whole number from 1')
  if (!(Number.isSafeInteger(version) && version >= 1))
    throw fault('out-of-range', '$.version', version, 'a whole number from 1')
  if (calendar === undefined) throw fault('missing', '$.calendar', calendar, "{ zone: 'Asia/Shanghai' }")
  if (!isRecord(calendar)) throw fault('wrong-type', '$.calendar', calendar, "{ zone: 'Asia/Shanghai' }")
  for (const key of Object.keys(calendar)) {
    if (!calendarKeys.includes(key))
      throw fault('unknown-key', `$.calendar.${key}`, key, calendarKeys.join(', '))
  }
  if (period === undefined) throw fault('missing', '$.period', period, periods.join(' | '))
  if (!periods.includes(period)) throw unknownName('$.period', period, periods)
  const currency = checkCurrency(definition.currency, '$.currency')
  return { calendar: calendarOf(plain(calendar as CalendarDefinition)), digits: minorDigits(currency) }
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
    for (const key of Object.keys(one)) {
      if (!keys.includes(key)) throw fault('unknown-key', `${at}.${key}`, key, keys.join(', '))
    }
    return [one as T, at]
  })
}

export function readRevenueOptions(options: RevenueOptions): RevenueOptions & { readonly level: number } {
  if (!isRecord(options)) throw fault('wrong-type', '$', options, '{ asOf }')
  const { asOf, since, level = 0.95 } = options
  if (!isInstant(asOf)) throw fault('invalid-instant', '$.asOf', asOf, 'milliseconds since 1970')
  if (since !== undefined && !isInstant(since))
    throw fault('invalid-instant', '$.since', since, 'milliseconds since 1970')
  if (since !== undefined && since > asOf) throw fault('out-of-range', '$.since', since, 'at or before asOf')
  checkLevel(level)
  return { asOf, level, ...(since !== undefined && { since }) }
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

/** The partial of another definition answers another question. */
export function ownSubjects<S>(partial: { readonly of: string; readonly subjects: S }, of: string): S {
  if (!isRecord(partial)) throw fault('wrong-type', '$', partial, 'a partial')
  if (partial.of !== of) throw fault('other-definition', '$.of', partial.of, `a partial of ${of}`)
  if (!isRecord(partial.subjects)) throw fault('wrong-type', '$.subjects', partial.subjects, 'by subject')
  return partial.subjects as S
}
