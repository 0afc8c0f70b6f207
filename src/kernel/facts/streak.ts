import type { Calendar } from '../calendar.js'
import { checkName } from '../errors.js'
import type { Fact, FactKind, StreakUnit } from '../fact.js'
import { matcherOf } from '../filter.js'
import type { Instant } from '../instant.js'
import { endOfUnit } from '../window.js'
import { checkCount, checkScope, datesOf, INTEGER, SCOPE } from './scope.js'

type StreakFact = Extract<Fact, { readonly fact: 'streak' }>

/** A run of units; each is known by the instant at which it ends. */
interface Run {
  /** When the unit ends in which events are being counted; `null` before the first. */
  readonly counting: Instant | null
  readonly times: number
  /** When the first, and the last unit of the run end; `null` before the first run. */
  readonly first: Instant | null
  readonly last: Instant | null
  readonly length: number
  /** Units of the run that were missed. */
  readonly missed: number
}

const UNITS: readonly StreakUnit[] = ['day', 'week', 'month']

/** Units in a row in which it happened often enough. */
export const streakKind: FactKind<StreakFact> = {
  keys: [...SCOPE, 'unit', 'times', 'freezes'],
  hears: ({ event }) => [event],
  measure: () => INTEGER,
  check(fact, context, path) {
    checkScope(fact, context, path)
    checkName(UNITS, fact.unit, `${path}.unit`)
    checkCount(fact.times, 1, `${path}.times`)
    checkCount(fact.freezes, 0, `${path}.freezes`, 366)
    datesOf(fact, context)
  },
  compile(fact, context) {
    const { unit, times = 1, freezes = 0 } = fact
    const matches = matcherOf(fact, context.events)
    const calendar = datesOf(fact, context)
    const endOf = (at: Instant) => endOfUnit(calendar, unit, at)
    /** When a run is over if nothing happens: at the end of one whole unit more than may be missed. */
    const over = ({ last, missed }: Run) => {
      let end = last!
      for (let left = freezes - missed; left >= 0; left--) end = endOf(end)
      return end
    }
    return {
      fact,
      measure: INTEGER,
      // With freezes, an earlier beginning may have used up what a later gap needed.
      ...(freezes === 0 && { hiddenEvents: 'raise' }),
      start: { counting: null, times: 0, first: null, last: null, length: 0, missed: 0 },
      note(track, event, subject) {
        if (!matches(event, subject)) return track
        const run = track as Run
        const { occurredAt } = event
        const same = run.counting !== null && occurredAt < run.counting
        const counting = same ? run.counting : endOf(occurredAt)
        const counted = { ...run, counting, times: (same ? run.times : 0) + 1 }
        if (counted.times !== times) return counted
        // This event makes the unit count.
        if (run.last === null || occurredAt >= over(run))
          return { ...counted, first: counting, last: counting, length: 1, missed: 0 }
        let missed = run.missed
        for (let end = endOf(run.last); end < counting!; end = endOf(end)) missed += 1
        return { ...counted, last: counting, length: run.length + 1, missed }
      },
      value(track, asOf) {
        const run = track as Run
        return run.last !== null && asOf < over(run) ? run.length : 0
      },
      nextStep(track, asOf) {
        const run = track as Run
        if (run.last === null) return undefined
        const end = over(run)
        return asOf < end ? end : undefined
      },
      shadow(track, { from, to }) {
        const run = track as Run
        if (to === Infinity) return [from, to]
        const reach = beginning(calendar, unit, run.first, 1 + freezes)
        const matters = run.last === null || to > reach
        if (freezes > 0) return matters ? [from, Infinity] : undefined
        // Without a run, only the unit that is running and the one before it can have begun one.
        const inSight = endOf(endOf(to - 1))
        return [from, run.last !== null && matters ? Math.max(over(run), inSight) : inSight]
      },
    }
  },
}

/** When the unit began that lies some units before the one that ends at an instant. */
function beginning(calendar: Calendar, unit: StreakUnit, end: Instant | null, units: number): Instant {
  if (end === null) return -Infinity
  let start = calendar.startOf(unit, end - 1)
  for (let i = 0; i < units; i++) start = calendar.startOf(unit, start - 1)
  return start
}
