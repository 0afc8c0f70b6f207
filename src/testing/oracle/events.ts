import type { CalendarDefinition } from '../../kernel/calendar.js'
import type { AnyEvent } from '../../kernel/event.js'
import type { Fact, FactScope, FactValue, Scalar } from '../../kernel/fact.js'
import type { EventSpecs, Field } from '../../kernel/field.js'
import type { Filter } from '../../kernel/filter.js'
import { type OracleCalendar, oracleCalendar } from './calendar.js'

/** What of an event a fact reads. */
export type OracleEvent = Pick<AnyEvent, 'id' | 'type' | 'subject' | 'occurredAt' | 'data'>

/** The parts of a definition that give facts their meaning. */
export interface OracleScope {
  readonly calendar?: CalendarDefinition
  readonly events: EventSpecs
}

/** What has happened to whom, in the order in which it was decided; only what is listed has happened. */
export interface OraclePast {
  readonly events: readonly OracleEvent[]
  readonly subject: string
  readonly scope: OracleScope
  /** How many of the first events a fact does not know of, because it was told to begin anew. */
  readonly forgotten?: (fact: Fact) => number
}

/** What a fact knows of the past; what was not tracked stays unknown to all. */
export function pastOf(fact: Fact, past: OraclePast): OraclePast {
  const forgotten = past.forgotten?.(fact) ?? 0
  if (forgotten === 0) return past
  const events = past.events.filter(({ type }, i) => i >= forgotten || type === 'coverage-changed')
  return { events, subject: past.subject, scope: past.scope }
}

/** The calendar that a fact counts in. */
export const calendarOfFact = (
  fact: { readonly calendar?: CalendarDefinition },
  past: OraclePast,
): OracleCalendar => oracleCalendar(fact.calendar ?? past.scope.calendar ?? { zone: 'UTC' })

/** Whether a subject takes part in an event: as its own subject, or in a role through a reference. */
export function takesPart(
  event: OracleEvent,
  as: string | undefined,
  subject: string,
  events: EventSpecs,
): boolean {
  if (as === undefined) return event.subject === subject
  return Object.entries(events[event.type] ?? {}).some(
    ([name, field]) => field.type === 'ref' && field.role === as && read(event, name) === subject,
  )
}

/** Whether an event is of the fact's type, concerns the subject in the fact's role and passes its filter. */
export function isAbout(scope: FactScope, event: OracleEvent, { subject, scope: { events } }: OraclePast) {
  if (event.type !== scope.event || !takesPart(event, scope.as, subject, events)) return false
  return Object.entries(scope.where ?? {}).every(([name, filter]) =>
    passes(events[event.type]![name]!, read(event, name), filter),
  )
}

/** All events that a scope is about. */
export const eventsAbout = (scope: FactScope, past: OraclePast): readonly OracleEvent[] =>
  past.events.filter((event) => isAbout(scope, event, past))

function passes(field: Field, found: unknown, filter: Filter): boolean {
  const equal = (wanted: Scalar) =>
    field.type === 'money' ? amountIn(field, wanted) === amountIn(field, found) : wanted === found
  const oneOf = (wanted: Scalar | readonly Scalar[]) => [wanted].flat().some((one) => equal(one as Scalar))
  if (typeof filter !== 'object' || Array.isArray(filter))
    return found !== undefined && oneOf(filter as Scalar | readonly Scalar[])
  if ('not' in filter) return found === undefined || !oneOf(filter.not)
  if (found === undefined) return false
  const value = amountIn(field, found)!
  return Object.entries(filter).every(([sign, bound]) => {
    const other = amountIn(field, bound)!
    if (sign === 'gte') return value >= other
    if (sign === 'gt') return value > other
    return sign === 'lte' ? value <= other : value < other
  })
}

/** A number or an amount of money in whole minor units; `null` when there is none. */
export function amountIn(field: Field, value: unknown): bigint | null {
  if (value === undefined || value === null) return null
  if (field.type !== 'money') return BigInt(value as number)
  const parts = /^(-?)(\d+)(?:\.(\d+))?$/.exec(value as string)
  if (parts === null) return null
  const [, sign, whole = '', fraction = ''] = parts
  const digits = digitsOf(field.currency)
  if (/[1-9]/.test(fraction.slice(digits))) return null
  const size = BigInt(whole + fraction.slice(0, digits).padEnd(digits, '0'))
  return sign === '-' ? -size : size
}

const digits = new Map<string, number>()

/** How many decimals a currency has. */
export function digitsOf(currency: string): number {
  const known = digits.get(currency)
  if (known !== undefined) return known
  const { maximumFractionDigits: found = 2 } = new Intl.NumberFormat('en-US', {
    style: 'currency',
    currency,
  }).resolvedOptions()
  digits.set(currency, found)
  return found
}

/** A field of an event. */
export const read = (event: OracleEvent, name: string): unknown =>
  Object.entries(event.data).find(([key]) => key === name)?.[1]

/** Whether an event has a field. */
export const has = (event: OracleEvent, name: string): boolean => read(event, name) !== undefined

/** A value as facts say it: minor units for money. */
export const told = (field: Field, value: unknown): FactValue =>
  value === undefined || value === null
    ? null
    : field.type === 'money'
      ? Number(amountIn(field, value))
      : (value as Scalar)
