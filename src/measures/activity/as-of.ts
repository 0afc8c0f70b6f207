import { checkKeys, fault } from '../../kernel/errors.js'
import { type Instant, isInstant, type Periods } from '../../kernel/index.js'
import { checkAsOf, checkInstant } from '../../kernel/instant.js'
import { isRecord } from '../../kernel/plain.js'
import { one } from '../definition-head.js'
import { addPeriod, emptyPeriodSets, type PeriodSets } from '../period-sets.js'
import type { ProportionMethod } from '../proportions.js'
import { checkLevel } from '../proportions.js'
import type { ActivityPartial, Collected } from './collected.js'
import type { TrackingGap } from './coverage.js'
import { ACTIVE } from './event-choice.js'

/** As of when, how sure, and what was not tracked: options of everything that reads who was here when. */
export interface ReadingOptions {
  /** Events after it do not count, and periods that have not passed by then are not complete. */
  readonly asOf: Instant
  /** Confidence of the intervals; 0.95 unless told. */
  readonly level?: number
  /** How intervals are made; `wilson` unless told. */
  readonly interval?: ProportionMethod
  /** The first period shown is that in which this lies; earlier events still count as history. */
  readonly since?: Instant
  /** When events were not tracked; a gap is not a zero. */
  readonly gaps?: readonly TrackingGap[]
  /** What share of a window may be untracked without its number being called unobserved; 0 unless told. */
  readonly tolerance?: number
}

/** Options with nothing left open but where to begin. */
export type ReadReading = Required<Omit<ReadingOptions, 'since'>> & Pick<ReadingOptions, 'since'>

/** How far a partial can be read. */
export interface Horizon {
  /** The last period of which events count. */
  readonly through: number
  /** The last period that has passed. */
  readonly over: number
  /** The period of `asOf` could not be told from what came after `asOf`. */
  readonly blurred: boolean
}

/** Bits cannot tell what came after `asOf` within its own period: it is left out where anything did. */
export function horizonOf(
  { latest, all }: ActivityPartial,
  { latestBy, endOf }: Periods,
  asOf: Instant,
): Horizon {
  const shown = latestBy(asOf)
  let over = shown
  while (endOf(over) > asOf) over--
  let through = shown
  while (all.instants === null && latest !== null && latest > asOf && endOf(through) - 1 > asOf) through--
  return { through, over, blurred: through < shown }
}

/** What of the options changes numbers beside `asOf`, for fingerprints. */
export const untracked = ({ gaps, tolerance }: ReadReading): object =>
  gaps.length === 0 ? {} : { gaps, tolerance }

/** Activity by period as of an instant, from whatever was kept. */
export function activityAsOf(
  { activity, instants }: Collected,
  { indexOf }: Periods,
  asOf: Instant,
): PeriodSets {
  if (activity !== null) return activity
  const sets = emptyPeriodSets({ counted: false })
  for (const [row, own] of (instants ?? []).entries()) {
    for (let i = 0; i < (own?.length ?? 0); i += 3) {
      if (own[i]! <= asOf && (own[i + 1]! & ACTIVE) !== 0) addPeriod(sets, row, indexOf(own[i]!))
    }
  }
  return sets
}

const readingKeys: readonly string[] = ['asOf', 'level', 'interval', 'since', 'gaps', 'tolerance']

/** @throws DefinitionError for options that do not hold, with their path. */
export function readReading<O extends ReadingOptions>(
  options: O,
  more: readonly string[] = [],
): O & ReadReading {
  if (!isRecord(options)) throw fault('wrong-type', '$', options, '{ asOf }')
  const known = [...readingKeys, ...more]
  checkKeys(options, known, '$')
  const given = options as O
  const { asOf, since, level = 0.95, interval = 'wilson', gaps = [], tolerance = 0 } = given
  checkAsOf({ asOf, since })
  checkLevel(level)
  one(['wilson', 'clopper-pearson', 'jeffreys', 'agresti-coull', 'wald'], interval, '$.interval')
  if (!(Number.isFinite(tolerance) && tolerance >= 0 && tolerance < 1))
    throw fault('out-of-range', '$.tolerance', tolerance, 'from 0 to below 1')
  checkGaps(gaps)
  return { ...given, asOf, level, interval, gaps, tolerance }
}

/** Refuses what are no gaps. */
export function checkGaps(gaps: readonly TrackingGap[]): void {
  if (!Array.isArray(gaps)) throw fault('wrong-type', '$.gaps', gaps, 'a list of gaps')
  for (const [i, gap] of gaps.entries()) {
    if (!isRecord(gap)) throw fault('wrong-type', `$.gaps[${i}]`, gap, '{ from, to }')
    const { from, to, event } = gap as unknown as TrackingGap
    checkInstant(from, `$.gaps[${i}].from`)
    if (to !== undefined && !(isInstant(to) && to >= from))
      throw fault('out-of-range', `$.gaps[${i}].to`, to, 'an instant at or after from')
    if (event !== undefined && typeof event !== 'string')
      throw fault('wrong-type', `$.gaps[${i}].event`, event, 'the name of an event type')
  }
}
