import type { Duration } from '../../kernel/duration.js'
import type { Fact, FactScope, FactWindow } from '../../kernel/fact.js'
import type { Instant } from '../../kernel/instant.js'
import type { OracleCalendar } from './calendar.js'
import { calendarOfFact, has, isAbout, type OracleEvent, type OraclePast, read } from './events.js'
import { countedFrom, fieldsOfWord, settingsOf } from './facts.js'
import { lastRun } from './orders.js'
import { eventsInside, lastSince, shownUnit, spanIn, unitIn } from './windows.js'

/** A time `[from, to)` in which an event was not tracked; endless on either side where nobody said. */
interface OracleGap {
  readonly from: Instant
  readonly to: Instant
}

/** The gaps in the tracking of an event, told by the words about it and by those about all events. */
export function gapsIn(type: string, past: OraclePast): readonly OracleGap[] {
  const words = past.events.filter(
    (event) =>
      event.type === 'coverage-changed' &&
      event.subject === past.subject &&
      [undefined, type].includes(read(event, 'event') as string | undefined),
  )
  const gaps: OracleGap[] = []
  let off: Instant | undefined = Number.NEGATIVE_INFINITY
  for (const [i, word] of words.entries()) {
    const observed = read(word, 'observed') as boolean
    if (i === 0 && !observed) off = word.occurredAt
    else if (off === undefined && !observed) off = word.occurredAt
    else if (off !== undefined && observed) {
      if (off < word.occurredAt) gaps.push({ from: off, to: word.occurredAt })
      off = undefined
    }
  }
  if (words.length > 0 && off !== undefined) gaps.push({ from: off, to: Number.POSITIVE_INFINITY })
  return gaps
}

/** The events that a fact hears. */
export function heardBy(fact: Fact, past: OraclePast): readonly string[] {
  switch (fact.fact) {
    case 'attribute':
    case 'anniversary':
    case 'age':
      return ['attribute-set']
    case 'says':
      return [...new Set(fieldsOfWord(fact, past).map(([event]) => event))]
    case 'ratio':
      return [...heardBy(fact.of, past), ...heardBy(fact.to, past)]
    case 'time-since':
      return [fact.event, ...(fact.orSince ? [fact.orSince] : [])]
    case 'time-between':
      return [fact.event, fact.until]
    case 'streak':
      return [fact.event]
    case 'sequence':
      return [...fact.steps.map(({ event }) => event), ...(fact.since ? [fact.since] : [])]
    default:
      return [fact.event, ...(fact.since ? [fact.since] : [])]
  }
}

/** Whether a gap in tracking could hide something that matters at an instant. */
export function isShadowed(fact: Fact, past: OraclePast, asOf: Instant): boolean {
  if (past.scope.events['coverage-changed'] === undefined) return false
  if (fact.fact === 'ratio') return isShadowed(fact.of, past, asOf) || isShadowed(fact.to, past, asOf)
  return heardBy(fact, past).some((type) =>
    gapsIn(type, past).some((gap) => matters(fact, type, gap, past, asOf)),
  )
}

/** A span of dates without a clock time or an end: what starts earlier may end later, on the same day. */
const isOfDates = (span: Duration): boolean =>
  span.at === undefined &&
  span.end === undefined &&
  ['days', 'weeks', 'months', 'years', 'businessDays', 'next'].some((unit) => unit in span)

/** No start up to an instant ends later. */
export const furthest = (calendar: OracleCalendar, at: Instant, span: Duration): Instant =>
  isOfDates(span) ? calendar.unit('day', calendar.add(at, span)).ends : calendar.add(at, span)

/** No start from an instant on ends earlier. */
export function nearest(calendar: OracleCalendar, at: Instant, span: Duration): Instant {
  const ends = calendar.add(at, span)
  if (!isOfDates(span)) return ends
  const day = calendar.unit('day', ends)
  return calendar.begins(day.date)
}

/** The times in which a gap could hide something that matters to a fact, as far as they are past. */
export const hiddenTimes = (fact: Extract<Fact, { fact: 'time-since' }>, past: OraclePast, asOf: Instant) =>
  heardBy(fact, past).flatMap((type) =>
    gapsIn(type, past)
      .filter((gap) => gap.from <= asOf && matters(fact, type, gap, past, asOf))
      .map(({ from, to }) => ({
        first: Math.max(from, -62_135_596_800_000),
        last: Math.min(to - 1, asOf),
        open: to === Infinity,
      })),
  )

function matters(
  fact: Exclude<Fact, { fact: 'ratio' }>,
  type: string,
  gap: OracleGap,
  past: OraclePast,
  asOf: Instant,
) {
  /** Ends after what was heard last, or nothing was heard. */
  const endsAfter = (last: OracleEvent | undefined) => last === undefined || gap.to > last.occurredAt
  switch (fact.fact) {
    case 'attribute':
      return fact.ago || fact.previous ? true : endsAfter(settingsOf(fact.attribute, past).at(-1))
    case 'anniversary':
    case 'age':
      return endsAfter(settingsOf(fact.attribute, past).at(-1))
    case 'says': {
      const fields = fieldsOfWord(fact, past)
      const says = (event: OracleEvent) =>
        event.subject === past.subject &&
        fields.some(([type, name]) => type === event.type && has(event, name))
      return endsAfter(past.events.filter(says).at(-1))
    }
    case 'time-since':
      // Without one of its own, any hidden one counts before what it counts from now.
      return (
        (type === fact.event && !isOwn(countedFrom(fact, past), fact, past)) ||
        endsAfter(countedFrom(fact, past))
      )
    case 'time-between':
      return true
    case 'streak':
      return gap.to > streakBegins(fact, past, asOf)
  }
  if (fact.since !== undefined) {
    const last = lastSince(fact, past)
    if (!endsAfter(last)) return false
    if (type === fact.since && (last === undefined || fact.within === undefined)) return true
  }
  const span = spanIn(fact.within)
  const calendar = calendarOfFact(fact, past)
  if (unitIn(fact.within) !== undefined) {
    const { starts, ends } = shownUnit(calendar, fact.within!, asOf)
    return gap.from < ends && gap.to > starts
  }
  if (fact.fact === 'sequence' && fact.steps.length > 1) return true
  if (fact.fact === 'session-time') return true
  if (span !== undefined)
    return gap.to === Number.POSITIVE_INFINITY || asOf < furthest(calendar, gap.to - 1, span)
  if (fact.fact !== 'first' && fact.fact !== 'last') return true
  const heard = eventsInside(fact, past, asOf) ?? []
  if (fact.fact === 'last') return endsAfter(heard.at(-1))
  return heard.length === 0 || gap.from < heard[0]!.occurredAt
}

/** Whether an event is one of the fact's own, not what it counts from without them. */
export const isOwn = (event: OracleEvent | undefined, fact: FactScope, past: OraclePast): boolean =>
  event !== undefined && isAbout(fact, event, past)

/** What hides nothing from a streak ends here. */
function streakBegins(fact: Extract<Fact, { fact: 'streak' }>, past: OraclePast, asOf: Instant): Instant {
  const calendar = calendarOfFact(fact, past)
  const { unit, freezes = 0 } = fact
  const run = lastRun(fact, past, asOf)
  if (freezes > 0 && run === undefined) return Number.NEGATIVE_INFINITY
  const first = freezes > 0 ? run!.first : run?.goesOn ? run.first : calendar.unit(unit, asOf).starts
  let begins = first
  for (let i = 0; i < 1 + freezes; i++) begins = calendar.unit(unit, begins - 1).starts
  return begins
}

/** Which way events that nobody saw could move what a fact says. */
export function movedBy(fact: Fact): 'raise' | 'lower' | undefined {
  if ((fact as FactWindow).since !== undefined) return undefined
  if (fact.fact === 'streak') return fact.freezes ? undefined : 'raise'
  if (['count', 'distinct', 'max'].includes(fact.fact)) return 'raise'
  return fact.fact === 'min' ? 'lower' : undefined
}
