import type { Fact, FactValue, Tally } from '../../kernel/fact.js'
import type { Field } from '../../kernel/field.js'
import type { Instant } from '../../kernel/instant.js'
import { ageOf, isAround } from './dates.js'
import {
  amountIn,
  calendarOfFact,
  digitsOf,
  eventsAbout,
  has,
  type OracleEvent,
  type OraclePast,
  read,
  told,
} from './events.js'
import { completionsInside, lastRun, lastWait } from './orders.js'
import { sessionsInside } from './sessions.js'
import { eventsInside } from './windows.js'

/**
 * What a fact says at an instant, read from the whole list of events: minor units for money, milliseconds for lengths,
 * the instant counted from for `time-since`, the quotient of a ratio, `null` when there is nothing to say.
 */
export function oracleFact(fact: Fact, past: OraclePast, asOf: Instant): FactValue {
  switch (fact.fact) {
    case 'count':
    case 'sum':
      return tallied(fact, past, asOf)
    case 'min':
    case 'max': {
      const field = past.scope.events[fact.event]![fact.field]!
      const found = eventsInside(fact, past, asOf)?.filter((event) => has(event, fact.field)) ?? []
      const amounts = found.map((event) => Number(amountIn(field, read(event, fact.field))))
      if (amounts.length === 0) return null
      return fact.fact === 'min' ? Math.min(...amounts) : Math.max(...amounts)
    }
    case 'distinct': {
      const field = past.scope.events[fact.event]![fact.field]!
      const found = eventsInside(fact, past, asOf)?.filter((event) => has(event, fact.field))
      return found ? new Set(found.map((event) => told(field, read(event, fact.field)))).size : null
    }
    case 'first':
    case 'last': {
      const field = past.scope.events[fact.event]![fact.field]!
      const said = eventsInside(fact, past, asOf)?.at(fact.fact === 'first' ? 0 : -1)
      return said === undefined ? null : told(field, read(said, fact.field))
    }
    case 'time-since':
      return countedFrom(fact, past)?.occurredAt ?? null
    case 'sessions':
      return sessionsInside(fact, past, asOf)?.length ?? null
    case 'session-time':
      return (
        sessionsInside(fact, past, asOf)
          ?.map((session) => session.at(-1)!.occurredAt - session[0]!.occurredAt)
          .reduce((sum, one) => sum + one, 0) ?? null
      )
    case 'time-between':
      return lastWait(fact, past)
    case 'streak': {
      const run = lastRun(fact, past, asOf)
      return run?.goesOn ? run.length : 0
    }
    case 'sequence':
      return completionsInside(fact, past, asOf)?.length ?? null
    case 'ratio': {
      const share = oracleShare(fact, past, asOf)
      return share === null ? null : Number(share[0]) / Number(share[1])
    }
    case 'attribute':
      return attributeSaid(fact, past, asOf)
    case 'anniversary': {
      const born = attributeSaid({ fact: 'attribute', attribute: fact.attribute }, past, asOf)
      return born === null ? null : isAround(fact, calendarOfFact(fact, past), born as Instant, asOf)
    }
    case 'age': {
      const born = attributeSaid({ fact: 'attribute', attribute: fact.attribute }, past, asOf)
      return born === null ? null : ageOf(fact, calendarOfFact(fact, past), born as Instant, asOf)
    }
    case 'says':
      return wordOf(fact, past)
  }
}

function tallied(fact: Tally, past: OraclePast, asOf: Instant): number | null {
  const inside = eventsInside(fact, past, asOf)
  if (inside === undefined) return null
  const sumOf = (events: readonly OracleEvent[]) => {
    if (fact.fact === 'count') return events.length
    const field = past.scope.events[fact.event]![fact.field]!
    return Number(events.reduce((sum, event) => sum + (amountIn(field, read(event, fact.field)) ?? 0n), 0n))
  }
  const { per } = fact
  if (per === undefined) return sumOf(inside)
  const field = past.scope.events[fact.event]![per]!
  const valueIn = (event: OracleEvent) => told(field, read(event, per))
  const values = new Set(inside.map(valueIn).filter((value) => value !== null))
  return Math.max(0, ...[...values].map((value) => sumOf(inside.filter((event) => valueIn(event) === value))))
}

/** A ratio as a reduced fraction with a positive denominator; amounts count in whole units of their currency. */
export function oracleShare(
  { of, to }: Extract<Fact, { fact: 'ratio' }>,
  past: OraclePast,
  asOf: Instant,
): readonly [bigint, bigint] | null {
  const above = tallied(of, past, asOf)
  const below = tallied(to, past, asOf)
  if (above === null || below === null || below === 0) return null
  const numerator = BigInt(above) * unitsIn(to, past)
  const denominator = BigInt(below) * unitsIn(of, past)
  const sign = denominator < 0n ? -1n : 1n
  const divisor = greatest(numerator < 0n ? -numerator : numerator, denominator * sign)
  return [(numerator * sign) / divisor, (denominator * sign) / divisor]
}

/** How many of the units that a tally counts in make 1. */
function unitsIn(tally: Tally, past: OraclePast): bigint {
  if (tally.fact === 'count') return 1n
  const field = past.scope.events[tally.event]![tally.field]!
  return field.type === 'money' ? BigInt(`1${'0'.repeat(digitsOf(field.currency))}`) : 1n
}

const greatest = (a: bigint, b: bigint): bigint => (b === 0n ? a : greatest(b, a % b))

/** The event from which time is counted. */
export function countedFrom(
  fact: Extract<Fact, { fact: 'time-since' }>,
  past: OraclePast,
): OracleEvent | undefined {
  const { orSince, as } = fact
  const own = eventsAbout(fact, past).at(-1)
  if (own !== undefined || orSince === undefined) return own
  return eventsAbout({ event: orSince, ...(as && { as }) }, past).at(-1)
}

/** The times an attribute was set, in order. */
export const settingsOf = (attribute: string, past: OraclePast): readonly OracleEvent[] =>
  past.events.filter(
    (event) => event.type === 'attribute-set' && event.subject === past.subject && has(event, attribute),
  )

function attributeSaid(
  fact: Extract<Fact, { fact: 'attribute' }>,
  past: OraclePast,
  asOf: Instant,
): FactValue {
  const { attribute, ago, previous } = fact
  const field = past.scope.events['attribute-set']![attribute]!
  const said = settingsOf(attribute, past)
    .filter(({ occurredAt }) => !ago || calendarOfFact(fact, past).add(occurredAt, ago) <= asOf)
    .map((event) => told(field, read(event, attribute)))
  if (!previous) return said.at(-1) ?? null
  return said.filter((value) => value !== said.at(-1)).at(-1) ?? null
}

/** The fields in which an engine says a word. */
export const fieldsOfWord = (
  { engine, word }: Extract<Fact, { fact: 'says' }>,
  past: OraclePast,
): readonly (readonly [event: string, name: string, field: Field])[] =>
  Object.entries(past.scope.events)
    .filter(([event]) => event.startsWith(`${engine}/`))
    .flatMap(([event, fields]) =>
      Object.entries(fields)
        .filter(([, field]) => field.says === word)
        .map(([name, field]) => [event, name, field] as const),
    )

function wordOf(fact: Extract<Fact, { fact: 'says' }>, past: OraclePast): FactValue {
  const fields = fieldsOfWord(fact, past)
  const said = past.events
    .filter(({ subject }) => subject === past.subject)
    .flatMap((event) =>
      fields
        .filter(([type, name]) => type === event.type && has(event, name))
        .map(([, name, field]) => told(field, read(event, name))),
    )
  if (said.length > 0) return said.at(-1)!
  const begins = fields.find(([, , field]) => field.initially !== undefined)
  return begins ? told(begins[2], begins[2].initially) : null
}
