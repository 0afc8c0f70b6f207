import type { CalendarUnit } from '../../kernel/calendar.js'
import type { Comparison, Condition } from '../../kernel/condition.js'
import type { Fact, Tally } from '../../kernel/fact.js'
import type { Instant } from '../../kernel/instant.js'
import type { OracleCalendar } from './calendar.js'
import { gapsIn, heardBy } from './coverage.js'
import { anniversariesIn, oldEnough } from './dates.js'
import { calendarOfFact, type OraclePast, pastOf } from './events.js'
import { countedFrom, settingsOf } from './facts.js'
import { operandsOf, oracleCondition, reachedIn } from './truth.js'
import { spanIn, unitIn } from './windows.js'

const DAY = 86_400_000
/** How far ahead anniversaries are looked for: two leap days, also where a century has none. */
const HORIZON = 13 * 366 * DAY

/**
 * Every instant at which a condition might answer differently though nothing happens; most change nothing. Those of
 * anniversaries reach 13 years beyond the last event.
 */
export function oracleMoments(condition: Condition, past: OraclePast): readonly Instant[] {
  if (condition.condition === 'not') return oracleMoments(condition.of, past)
  if (!('fact' in condition)) return condition.of.flatMap((part) => oracleMoments(part, past))
  const { fact } = condition
  const known = pastOf(fact, past)
  return fact.fact === 'ratio'
    ? [...windowMoments(fact.of, known), ...windowMoments(fact.to, known)]
    : factMoments(fact, condition, known)
}

/** The first instant after `asOf` at which a condition answers differently if nothing happens. */
export function oracleNextFlip(condition: Condition, past: OraclePast, asOf: Instant): Instant | undefined {
  const now = oracleCondition(condition, past, asOf)
  return [...new Set(oracleMoments(condition, past))]
    .filter((at) => at > asOf)
    .sort((a, b) => a - b)
    .find((at) => oracleCondition(condition, past, at) !== now)
}

type Single = Exclude<Fact, { fact: 'ratio' }>

function factMoments(fact: Single, condition: Comparison, past: OraclePast): readonly Instant[] {
  const calendar = calendarOfFact(fact as { calendar?: never }, past)
  switch (fact.fact) {
    case 'says':
    case 'time-between':
      return []
    case 'time-since': {
      const since = countedFrom(fact, past)
      const edges = instantsHeard(fact, past).filter((at) => at > -62_135_596_800_000)
      return [...(since === undefined ? [] : [since.occurredAt]), ...edges]
        .flatMap((from) => reachedIn(condition, from, past))
        .flatMap((at) => [at, ...daysAround(calendar, at)])
        .flatMap((at) => [at, at + 1])
    }
    case 'streak':
      return instantsHeard(fact, past).flatMap((at) =>
        unitEnds(fact, fact.unit, at, 3 + (fact.freezes ?? 0), past),
      )
    case 'attribute': {
      const { ago } = fact
      if (ago === undefined) return []
      return settingsOf(fact.attribute, past).map(({ occurredAt }) => calendar.add(occurredAt, ago))
    }
    case 'age': {
      const borns = bornsIn(fact.attribute, past)
      const ages = operandsOf(condition).flatMap((operand) => [operand as number, (operand as number) + 1])
      return borns.flatMap((born) =>
        [0, ...ages.filter((n) => n >= 0)].map((n) => oldEnough(fact.unit, n, calendar, born)),
      )
    }
    case 'anniversary': {
      const { daysBefore = 0, daysAfter = 0 } = fact
      const from = calendar.unit('day', past.events.at(-1)?.occurredAt ?? 0).date
      return bornsIn(fact.attribute, past).flatMap((born) =>
        anniversariesIn(fact, calendar.unit('day', born).date, from - (daysAfter + 2) * DAY, from + HORIZON)
          .flatMap((day) => [day - daysBefore * DAY, day + (daysAfter + 1) * DAY])
          .map((day) => calendar.begins(day)),
      )
    }
    default:
      return windowMoments(fact, past)
  }
}

/** The last value of an attribute that is a moment. */
const bornsIn = (attribute: string, past: OraclePast): readonly Instant[] =>
  settingsOf(attribute, past)
    .slice(-1)
    .map(({ data }) => (data as Record<string, Instant>)[attribute]!)

/** When events and gaps leave a window, or enter one that shows the unit before. */
function windowMoments(
  fact: Extract<Fact, { within?: unknown; since?: unknown }> | Tally,
  past: OraclePast,
): readonly Instant[] {
  const span = spanIn(fact.within)
  const unit = unitIn(fact.within)?.[0]
  if (span !== undefined) {
    const calendar = calendarOfFact(fact, past)
    return instantsHeard(fact, past)
      .map((at) => calendar.add(at, span))
      .flatMap((at) => [at, ...daysAround(calendar, at)])
  }
  return unit === undefined
    ? []
    : instantsHeard(fact, past).flatMap((at) => unitEnds(fact, unit, at, 3, past))
}

/** Where the day begins and ends on which a span is over: what gaps hide is known by days. */
const daysAround = (calendar: OracleCalendar, at: Instant): readonly Instant[] => {
  const day = calendar.unit('day', at)
  return [calendar.begins(day.date), day.ends]
}

/** When events came that a fact hears, and the last instants that gaps in their tracking hide. */
function instantsHeard(fact: Fact, past: OraclePast): readonly Instant[] {
  const types = new Set(heardBy(fact, past))
  const edges = [...types].flatMap((type) => gapsIn(type, past)).flatMap(({ from, to }) => [from, to - 1, to])
  return [
    ...new Set([
      ...past.events.filter(({ type }) => types.has(type)).map(({ occurredAt }) => occurredAt),
      ...edges.filter((at) => Number.isFinite(at)),
    ]),
  ]
}

/** The ends of the unit that runs at an instant, and of those after it. */
function unitEnds(
  fact: Fact,
  unit: CalendarUnit,
  at: Instant,
  count: number,
  past: OraclePast,
): readonly Instant[] {
  const calendar = calendarOfFact(fact as { calendar?: never }, past)
  const ends: Instant[] = []
  for (let i = 0; i < count; i++) ends.push(calendar.unit(unit, ends.at(-1) ?? at).ends)
  return ends
}
