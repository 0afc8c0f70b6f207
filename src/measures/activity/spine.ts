import { fault } from '../../kernel/errors.js'
import type { Periods } from '../../kernel/index.js'
import { earliestPeriod, type PeriodSets } from '../period-sets.js'
import { activityAsOf, type Horizon, horizonOf, type ReadReading } from './as-of.js'
import type { ActivityPartial } from './collected.js'
import { coverageOf } from './coverage.js'
import type { EventChoice } from './event-choice.js'

/** The periods that a reading shows, without gaps, and who was active in them. */
export interface Spine {
  readonly horizon: Horizon
  readonly sets: PeriodSets
  /** The first period in which anybody was active. */
  readonly begin: number | undefined
  /** The first period shown, and how many. */
  readonly first: number
  readonly length: number
}

/** More of them is an event dated by mistake. */
export const mostPeriods = 100_000

/** From `since`, or the first period in which anybody was active, to the last that is known; at most so many of what they are `called`. */
export function spineOf(
  partial: ActivityPartial,
  periods: Periods,
  { asOf, since }: Pick<ReadReading, 'asOf' | 'since'>,
  { most = mostPeriods, called = 'periods' }: { readonly most?: number; readonly called?: string } = {},
): Spine {
  const horizon = horizonOf(partial, periods, asOf)
  const sets = activityAsOf(partial.all, periods, asOf)
  const begin = earliestPeriod(sets)
  const first = since === undefined ? (begin ?? horizon.through + 1) : periods.indexOf(since)
  const length = Math.max(horizon.through - first + 1, 0)
  if (length > most) throw fault('too-large', '$.since', length, `since, for at most ${most} ${called}`)
  return { horizon, sets, begin, first, length }
}

/** The number of a period of the spine by its name; `called` says of what it is one, should it be none. */
export function shownPeriod(
  { first, length }: Pick<Spine, 'first' | 'length'>,
  periods: Periods,
  name: unknown,
  { path, called }: { readonly path: string; readonly called: string },
): number {
  let index = first
  while (index < first + length && periods.nameOf(index) !== name) index++
  if (index === first + length) throw fault('unknown-name', path, name, called)
  return index
}

/** How final the numbers of a period are, and what share of it was tracked. */
export interface SeenPeriod {
  readonly state: 'complete' | 'provisional' | 'unobserved'
  readonly coverage: number
}

/** Says so of periods whose numbers also look at so many periods `back`. */
export function seenBy(
  periods: Periods,
  { over }: Horizon,
  { asOf, gaps, tolerance }: ReadReading,
  { activity, back }: { readonly activity: EventChoice; readonly back: number },
): (index: number) => SeenPeriod {
  // Nobody could come on a date that clocks skipped, and who was there before and after has not been away.
  const skipped = (index: number) => periods.endOf(index) <= periods.startOf(index)
  return (index) => {
    const to = Math.min(periods.endOf(index), asOf + 1)
    const hidden = 1 - coverageOf(gaps, activity, { from: periods.startOf(index - back), to }) > tolerance
    return {
      state:
        hidden || skipped(index) || skipped(index - 1)
          ? 'unobserved'
          : index <= over
            ? 'complete'
            : 'provisional',
      coverage: skipped(index) ? 0 : coverageOf(gaps, activity, { from: periods.startOf(index), to }),
    }
  }
}
