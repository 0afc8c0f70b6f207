import type { Fact } from '../../kernel/fact.js'
import type { Instant } from '../../kernel/instant.js'
import { calendarOfFact, eventsAbout, type OracleEvent, type OraclePast } from './events.js'
import { afterSince, eventsInside, isInside, unitIn } from './windows.js'

type Sessions = Extract<Fact, { fact: 'sessions' | 'session-time' }>

/** The sessions that count: in a unit only its own events form them, in a rolling window all that came. */
export function sessionsInside(
  fact: Sessions,
  past: OraclePast,
  asOf: Instant,
): readonly (readonly OracleEvent[])[] | undefined {
  if (unitIn(fact.within) !== undefined) {
    const inside = eventsInside(fact, past, asOf)
    return inside && sessionsOf(fact, inside, past)
  }
  const all = afterSince(fact, eventsAbout(fact, past), past)
  return (
    all &&
    sessionsOf(fact, all, past).filter((session) => isInside(fact, session.at(-1)!.occurredAt, past, asOf))
  )
}

function sessionsOf(fact: Sessions, events: readonly OracleEvent[], past: OraclePast) {
  const calendar = calendarOfFact(fact, past)
  const sessions: OracleEvent[][] = []
  for (const event of events) {
    const before = sessions.at(-1)?.at(-1)
    const continues = before !== undefined && event.occurredAt < calendar.add(before.occurredAt, fact.gap)
    if (continues) sessions.at(-1)!.push(event)
    else sessions.push([event])
  }
  return sessions
}
