import { fault } from '../../kernel/errors.js'
import type { Instant, Periods } from '../../kernel/index.js'
import { type ReadingOptions, type ReadReading, readReading } from '../../measures/activity/as-of.js'
import type { ActivityPartial } from '../../measures/activity/collected.js'
import { type Spine, spineOf } from '../../measures/activity/spine.js'
import { firstPeriod, hasPeriod } from '../../measures/period-sets.js'
import { type FirstSeen, type FirstSeenAt, firstSeenBy, readFirstSeenAt } from './first-seen.js'
import type { IntervalLabel } from './interval-settings.js'

/** As of when; and first instants by subject, where the definition goes by those. */
export interface IntervalLabelsOptions extends ReadingOptions {
  /** With `firstSeen: 'given-instants'`, and only then. Those after `asOf` are not known yet. */
  readonly firstSeenAt?: FirstSeenAt
}

/** Options with nothing left open but where to begin. */
export type ReadLook = ReadReading & { readonly firstSeenAt: ReadonlyMap<string, Instant> | undefined }

/** Who is what in the intervals shown: one look at a partial. */
export interface Look extends Spine {
  readonly periods: Periods
  /** Nothing before this interval is looked at. */
  readonly from: number
  /** Whether the subject of a row was active in an interval that is looked at. */
  readonly has: (row: number, index: number) => boolean
  readonly seen: (row: number) => number | undefined
  readonly labelOf: (row: number, index: number) => IntervalLabel | undefined
  /** Active intervals of a row that matter to the range: from the one before it on. */
  readonly visit: (row: number, active: (index: number) => void) => void
}

const looksBack = (firstSeen: FirstSeen): firstSeen is { readonly lookBack: number } =>
  typeof firstSeen === 'object' && 'lookBack' in firstSeen

/** @throws DefinitionError for options that do not hold, or do not go with what new goes by. */
export function readLook(options: IntervalLabelsOptions, firstSeen: FirstSeen): ReadLook {
  const found = readReading(options, ['firstSeenAt'])
  if (firstSeen !== 'given-instants' && found.firstSeenAt !== undefined)
    throw fault(
      'unknown-key',
      '$.firstSeenAt',
      'firstSeenAt',
      "firstSeen: 'given-instants' in the definition",
    )
  if (looksBack(firstSeen) && found.since === undefined)
    throw fault('missing', '$.since', undefined, 'since, before which nothing but the look-back is looked at')
  const firstSeenAt = firstSeen === 'given-instants' ? readFirstSeenAt(found.firstSeenAt) : undefined
  return { ...found, firstSeenAt }
}

/** Looks at a partial as of an instant. */
export function lookAt(
  partial: ActivityPartial,
  periods: Periods,
  firstSeen: FirstSeen,
  given: ReadLook,
): Look {
  const spine = spineOf(partial, periods, given, { called: 'intervals' })
  const { sets, first, horizon } = spine
  const { through } = horizon
  const { asOf, firstSeenAt } = given
  const from = looksBack(firstSeen) ? first - firstSeen.lookBack : -Infinity
  const seen = firstSeenBy(firstSeen, partial, sets, periods, { asOf, from, through, firstSeenAt })
  const has = (row: number, index: number) => index >= from && hasPeriod(sets, row, index)
  return {
    ...spine,
    periods,
    from,
    has,
    seen,
    labelOf(row, index) {
      const before = has(row, index - 1)
      if (!has(row, index)) return before ? 'dormant' : undefined
      return seen(row) === index ? 'new' : before ? 'returning' : 'resurrecting'
    },
    visit(row, active) {
      const start = Math.max(first - 1, from)
      let p = firstPeriod(sets, row, start)
      while (p !== undefined && p <= through) {
        active(p)
        p = firstPeriod(sets, row, p + 1)
      }
    },
  }
}
