import { fault } from '../../kernel/errors.js'
import type { Instant, Periods } from '../../kernel/index.js'
import { earliestPeriod, type PeriodSets } from '../../measures/period-sets.js'

/** More of them is an event dated by mistake. */
export const mostPeriods = 100_000

/** The periods that are shown, without gaps: from `since`, or the first in which anybody was active, to `through`. */
export function spineOf(
  sets: PeriodSets,
  { indexOf }: Periods,
  { through, since }: { readonly through: number; readonly since: Instant | undefined },
): { readonly begin: number | undefined; readonly first: number; readonly length: number } {
  const begin = earliestPeriod(sets)
  const first = since === undefined ? (begin ?? through + 1) : indexOf(since)
  const length = Math.max(through - first + 1, 0)
  if (length > mostPeriods)
    throw fault('too-large', '$.since', length, `since, for at most ${mostPeriods} periods`)
  return { begin, first, length }
}
