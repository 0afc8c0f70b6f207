import type { CalendarDefinition } from '../../kernel/calendar.js'
import type { Comparison, Condition, Operand } from '../../kernel/condition.js'
import type { Duration } from '../../kernel/duration.js'
import type { AnyEvent } from '../../kernel/event.js'
import type { Fact, FactScope, FactValue, Scalar } from '../../kernel/fact.js'
import type { EventSpecs, Field } from '../../kernel/field.js'
import type { Instant } from '../../kernel/instant.js'
import { oracleCalendar } from './calendar.js'

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
}

/**
 * What a fact says at an instant, read from the whole list of events: minor units for money, the instant counted from
 * for `time-since`, `null` when there is nothing to say.
 */
export function oracleFact(fact: Fact, past: OraclePast, asOf: Instant): FactValue {
  if (fact.fact === 'attribute') {
    const field = past.scope.events['attribute-set']![fact.attribute]!
    const said = past.events.filter(
      (event) =>
        event.type === 'attribute-set' && event.subject === past.subject && holds(event, fact.attribute),
    )
    return saidBy(field, said.at(-1), fact.attribute)
  }
  const about = past.events.filter((event) => isAbout(fact, event, past))
  if (fact.fact === 'time-since') {
    const { orSince } = fact
    const anchors =
      orSince === undefined
        ? []
        : past.events.filter((event) => isAbout({ ...fact, event: orSince, where: {} }, event, past))
    return (about.at(-1) ?? anchors.at(-1))?.occurredAt ?? null
  }
  const inside = about.filter((event) => asOf < leavesAt(fact, event, past))
  if (fact.fact === 'count') return inside.length
  const field = past.scope.events[fact.event]![fact.field]!
  if (fact.fact === 'last') return saidBy(field, inside.at(-1), fact.field)
  return Number(inside.reduce((sum, event) => sum + (amountIn(field, read(event, fact.field)) ?? 0n), 0n))
}

/** Whether a condition holds at an instant. A comparison with a missing value does not hold, and its `not` does. */
export function oracleCondition(condition: Condition, past: OraclePast, asOf: Instant): boolean {
  switch (condition.condition) {
    case 'all':
      return condition.of.every((part) => oracleCondition(part, past, asOf))
    case 'any':
      return condition.of.some((part) => oracleCondition(part, past, asOf))
    case 'some-of':
      return condition.of.filter((part) => oracleCondition(part, past, asOf)).length >= condition.k
    case 'not':
      return !oracleCondition(condition.of, past, asOf)
  }
  const value = oracleFact(condition.fact, past, asOf)
  if (value === null) return false
  if (condition.fact.fact === 'time-since') return elapsedHolds(condition, value as Instant, past, asOf)
  const field = fieldOf(condition.fact, past.scope)
  const number = (operand: Operand) => amountIn(field, operand)!
  const compared = (operand: Operand) => {
    const other = number(operand)
    const own = BigInt(value as number)
    return own < other ? -1 : own > other ? 1 : 0
  }
  const same = (operand: Scalar) => (isNumeric(field) ? compared(operand) === 0 : value === operand)
  switch (condition.condition) {
    case 'gte':
      return compared(condition.value) >= 0
    case 'gt':
      return compared(condition.value) > 0
    case 'lte':
      return compared(condition.value) <= 0
    case 'lt':
      return compared(condition.value) < 0
    case 'between':
      return compared(condition.low) >= 0 && compared(condition.high) <= 0
    case 'is':
      return same(condition.value)
    case 'in':
      return condition.values.some(same)
  }
}

/** Every instant at which a condition might answer differently though nothing happens; most change nothing. */
export function oracleMoments(condition: Condition, past: OraclePast): readonly Instant[] {
  if (condition.condition === 'not') return oracleMoments(condition.of, past)
  if (!('fact' in condition)) return condition.of.flatMap((part) => oracleMoments(part, past))
  const { fact } = condition
  if (fact.fact === 'attribute') return []
  if (fact.fact !== 'time-since') {
    if (fact.within === undefined) return []
    return past.events
      .filter((event) => isAbout(fact, event, past))
      .map((event) => leavesAt(fact, event, past))
  }
  const since = oracleFact(fact, past, 0)
  if (since === null) return []
  return durationsOf(condition).flatMap((duration) => {
    const reached = added(since as Instant, duration, fact.calendar, past)
    return [reached, reached + 1]
  })
}

/** The first instant after `asOf` at which a condition answers differently if nothing happens. */
export function oracleNextFlip(condition: Condition, past: OraclePast, asOf: Instant): Instant | undefined {
  const now = oracleCondition(condition, past, asOf)
  return [...oracleMoments(condition, past)]
    .sort((a, b) => a - b)
    .find((at) => at > asOf && oracleCondition(condition, past, at) !== now)
}

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
  return Object.entries(scope.where ?? {}).every(([name, wanted]) => {
    if (!holds(event, name)) return false
    const field = events[event.type]![name]!
    const list = Array.isArray(wanted) ? (wanted as readonly Scalar[]) : [wanted as Scalar]
    return list.some((one) =>
      field.type === 'money'
        ? amountIn(field, one) === amountIn(field, read(event, name))
        : one === read(event, name),
    )
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

function digitsOf(currency: string): number {
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

const holds = (event: OracleEvent, name: string) => read(event, name) !== undefined

const isNumeric = ({ type }: Field) => type === 'integer' || type === 'money' || type === 'instant'

function saidBy(field: Field, event: OracleEvent | undefined, name: string): FactValue {
  if (event === undefined || !holds(event, name)) return null
  const value = read(event, name) as Scalar
  return field.type === 'money' ? Number(amountIn(field, value)) : value
}

function fieldOf(fact: Fact, { events }: OracleScope): Field {
  if (fact.fact === 'attribute') return events['attribute-set']![fact.attribute]!
  if (fact.fact === 'sum' || fact.fact === 'last') return events[fact.event]![fact.field]!
  return { type: 'integer' }
}

function leavesAt(
  fact: Extract<Fact, { fact: 'count' | 'sum' | 'last' }>,
  { occurredAt }: OracleEvent,
  past: OraclePast,
): Instant {
  if (fact.within === undefined) return Number.POSITIVE_INFINITY
  return added(occurredAt, fact.within, fact.calendar, past)
}

function added(at: Instant, duration: Duration, own: CalendarDefinition | undefined, past: OraclePast) {
  return oracleCalendar(own ?? past.scope.calendar ?? { zone: 'UTC' }).add(at, duration)
}

function durationsOf(condition: Comparison): readonly Duration[] {
  if (condition.condition === 'between') return [condition.low as Duration, condition.high as Duration]
  return condition.condition === 'in' ? [] : [condition.value as unknown as Duration]
}

function elapsedHolds(condition: Comparison, since: Instant, past: OraclePast, asOf: Instant): boolean {
  const reached = durationsOf(condition).map((duration) =>
    added(since, duration, condition.fact.fact === 'attribute' ? undefined : condition.fact.calendar, past),
  )
  switch (condition.condition) {
    case 'gte':
      return asOf >= reached[0]!
    case 'gt':
      return asOf > reached[0]!
    case 'lte':
      return asOf <= reached[0]!
    case 'lt':
      return asOf < reached[0]!
    case 'between':
      return asOf >= reached[0]! && asOf <= reached[1]!
    default:
      return false
  }
}
