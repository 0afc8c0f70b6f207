import type { Fact } from '../../kernel/fact.js'
import type { Instant } from '../../kernel/instant.js'
import { calendarOfFact, isAbout, type OracleEvent, type OraclePast } from './events.js'
import { afterSince, isInside, unitIn } from './windows.js'

type Sequence = Extract<Fact, { fact: 'sequence' }>

/** The events that completed a sequence and are in its window. */
export function completionsInside(
  fact: Sequence,
  past: OraclePast,
  asOf: Instant,
): readonly OracleEvent[] | undefined {
  const after = afterSince(fact, past.events, past)
  const inside = (event: OracleEvent) => isInside(fact, event.occurredAt, past, asOf)
  // In a unit only its own events form runs, as with sessions.
  if (unitIn(fact.within) !== undefined) return after && completionsIn(fact, after.filter(inside), past)
  return after && completionsIn(fact, after, past).filter(inside)
}

/** Tries every way to take the steps; the first that is complete counts, and all begins anew after it. */
function completionsIn(fact: Sequence, events: readonly OracleEvent[], past: OraclePast) {
  const { steps, inside, as } = fact
  const calendar = calendarOfFact(fact, past)
  const takes = (event: OracleEvent, step: number) =>
    isAbout({ ...steps[step]!, ...(as && { as }) }, event, past)
  const completed: OracleEvent[] = []
  /** Runs as lists of what was taken; every event may continue each of them, or be left out. */
  let runs: (readonly OracleEvent[])[] = []
  for (const event of events) {
    const longer = [[] as readonly OracleEvent[], ...runs]
      .filter((run) => takes(event, run.length))
      .map((run) => [...run, event])
    const done = longer.some(
      (run) =>
        run.length === steps.length &&
        (inside === undefined || event.occurredAt < calendar.add(run[0]!.occurredAt, inside)),
    )
    if (done) completed.push(event)
    runs = done ? [] : [...runs, ...longer.filter((run) => run.length < steps.length)]
  }
  return completed
}

type Between = Extract<Fact, { fact: 'time-between' }>

/** How long the last wait took that came to an end. */
export function lastWait(fact: Between, past: OraclePast): number | null {
  const { until, untilWhere, as } = fact
  let waiting: OracleEvent | undefined
  let took: number | null = null
  for (const event of past.events) {
    const ends = isAbout(
      { event: until, ...(as && { as }), ...(untilWhere && { where: untilWhere }) },
      event,
      past,
    )
    if (ends && waiting !== undefined) {
      took = event.occurredAt - waiting.occurredAt
      waiting = undefined
    }
    if (waiting === undefined && isAbout(fact, event, past)) waiting = event
  }
  return took
}

type Streak = Extract<Fact, { fact: 'streak' }>

/** A run of units: where it began, where its last good unit is, and whether it still goes on. */
export interface OracleRun {
  readonly first: Instant
  readonly length: number
  readonly goesOn: boolean
}

/** The last run of a streak, unit by unit from the first event to the unit that runs. */
export function lastRun(fact: Streak, past: OraclePast, asOf: Instant): OracleRun | undefined {
  const { unit, times = 1, freezes = 0 } = fact
  const calendar = calendarOfFact(fact, past)
  const about = past.events.filter((event) => isAbout(fact, event, past))
  if (about.length === 0) return undefined
  const begun = about.map(({ occurredAt }) => calendar.unit(unit, occurredAt).starts)
  let run: OracleRun | undefined
  let missed = 0
  let at = Math.min(...begun)
  const last = about.at(-1)!.occurredAt
  // A run that is over after the last event stays so.
  while (at <= asOf && (at <= last || run?.goesOn !== false)) {
    const { starts, ends } = calendar.unit(unit, at)
    if (begun.filter((one) => one === starts).length >= times) {
      if (run?.goesOn) run = { ...run, length: run.length + 1 }
      else {
        run = { first: starts, length: 1, goesOn: true }
        missed = 0
      }
    } else if (run?.goesOn && ends <= asOf) {
      missed += 1
      if (missed > freezes) run = { ...run, goesOn: false }
    }
    at = ends
  }
  return run
}
