import { checkDuration, exactLength } from '../../kernel/duration.js'
import { checkKeys, fault } from '../../kernel/errors.js'
import type { Duration, EventSpecs, Instant, PeriodUnit } from '../../kernel/index.js'
import { checkInstant } from '../../kernel/instant.js'
import { isRecord } from '../../kernel/plain.js'
import { type ReadingOptions, type ReadReading, readReading } from '../../measures/activity/as-of.js'
import { type ActivityDefinition, readAgreed } from '../../measures/activity/definition.js'
import type { EventChoice } from '../../measures/activity/event-choice.js'
import { atLeastOne, one } from '../../measures/definition-head.js'
import type { SurvivalTransform } from '../../measures/index.js'
import { checkCohorts } from '../retention/frame.js'
import {
  type EntryRule,
  type RetentionBreakdown,
  type RetentionDefinition,
  readSettings,
} from '../retention/settings.js'

/**
 * How long a silence has to be for somebody to count as gone.
 *
 * - `{ periods: n }`: n whole periods of the calendar without activity, all of them over.
 * - an exact duration, `{ hours: 720 }`: so much time after an activity without another; one at its very end comes too late.
 *
 * Dates are said as periods (`{ periods: 30 }` with period `day`). A duration of dates is refused: a month after 30 January 23:00
 * is later than a month after 31 January 01:00, so that nobody could say which activities are old enough to be judged.
 */
export type InactivityGap = { readonly periods: number } | Duration

/**
 * What a return after a gap means.
 *
 * - `first-lapse`: the first gap ends it, whatever comes later. What is decided stays decided as time goes on. Who paused and
 *   came back counts as gone, so that the curve lies below the share of those who will be seen again.
 * - `last-activity`: only the silence that lasts until now ends it; who came back was there all along. Gaps of long ago had the
 *   time to be forgiven and those of lately had not, so that the curve falls too fast near its end, and rises there when it is asked
 *   again later. Younger cohorts are hit sooner.
 *
 * `returned` says how many people are counted otherwise by the other rule.
 */
export type ReturnRule = 'first-lapse' | 'last-activity'

/** Who enters, what shows that they are there, and when they count as gone. Plain data but for the catalogue. */
export interface ActivitySurvivalDefinition<E extends EventSpecs = EventSpecs> extends ActivityDefinition<E> {
  /** Cohorts are the people who entered in one period; with a gap of periods, times are counted in them. */
  readonly period: PeriodUnit
  readonly entry: EventChoice<NoInfer<keyof E & string>>
  /** As in retention, `first-matching` unless told; `recurring` is refused, as one person has one life. */
  readonly entryRule?: Exclude<EntryRule, 'recurring'>
  readonly activity: EventChoice<NoInfer<keyof E & string>>
  readonly gap: InactivityGap
  readonly returning: ReturnRule
  readonly breakdown?: RetentionBreakdown
}

/** As of when, and whose lives. */
export interface LifeOptions extends Omit<ReadingOptions, 'interval' | 'level'> {
  /** The last cohort is that of the period in which this lies. */
  readonly until?: Instant
  /**
   * Since when activity was tracked, where entries reach further back. Who entered before counts as at risk from the first whole
   * period after it (of elapsed time: from this instant) on, if they were active then or later (left truncation); of the others
   * nothing is known. With `last-activity` only: whether somebody lapsed before it cannot be seen.
   */
  readonly watchedSince?: Instant
}

/** As of when, and how curves are drawn. Gaps in tracking are no silence; with a gap of periods only. */
export interface ActivitySurvivalOptions extends LifeOptions {
  /** Confidence of the intervals; 0.95 unless told. */
  readonly level?: number
  /** On which scale intervals are made; as in `kaplanMeier`, there is no default. */
  readonly transform: SurvivalTransform
}

/** Options with nothing left open. */
export type ReadLifeOptions = LifeOptions & ReadReading

/** A gap as it is worked with; a time in milliseconds. */
export type Gap =
  | { readonly of: 'periods'; readonly periods: number }
  | { readonly of: 'time'; readonly length: number }

/** @throws DefinitionError where a setting does not hold, with its path. */
export function readDefinition(definition: ActivitySurvivalDefinition) {
  const { agreed, events } = readAgreed(definition, [
    'entry',
    'entryRule',
    'activity',
    'gap',
    'returning',
    'breakdown',
  ])
  const { gap: stated, returning, ...like } = agreed
  if (returning === undefined)
    throw fault('missing', '$.returning', undefined, "'first-lapse' or 'last-activity'")
  one(['first-lapse', 'last-activity'], returning, '$.returning')
  one(['first-matching', 'first-ever', 'first-in-window'], agreed.entryRule, '$.entryRule')
  const gap = readGap(stated)
  const settings = readSettings({
    ...like,
    ...(events !== undefined && { events }),
    ...(gap.of === 'time' && { clock: { elapsed: stated as Duration } }),
  } as RetentionDefinition)
  return { agreed, settings, gap }
}

function readGap(gap: InactivityGap): Gap {
  if (gap === undefined) throw fault('missing', '$.gap', gap, '{ periods: 2 }, or { hours: 720 }')
  if (!isRecord(gap)) throw fault('wrong-type', '$.gap', gap, '{ periods: 2 }, or { hours: 720 }')
  if ('periods' in gap) {
    checkKeys(gap, ['periods'], '$.gap')
    atLeastOne(gap.periods, '$.gap.periods')
    return { of: 'periods', periods: gap.periods as number }
  }
  const duration = gap as unknown as Duration
  checkDuration(duration, '$.gap')
  const length = exactLength(duration)
  if (length === undefined || length <= 0)
    throw fault(
      'invalid-duration',
      '$.gap',
      gap,
      'an exact duration, such as { hours: 720 }, or { periods: 30 }',
    )
  return { of: 'time', length }
}

/** @throws DefinitionError for options that do not hold, with their path. */
export function readOptions(
  options: LifeOptions,
  { entryRule, returning, gap }: Omit<ActivitySurvivalDefinition, 'events'>,
  more: readonly string[],
): ReadLifeOptions {
  if (!isRecord(options)) throw fault('wrong-type', '$', options, '{ asOf, transform }')
  const known = ['asOf', 'since', 'until', 'watchedSince', 'gaps', 'tolerance', ...more]
  checkKeys(options, known, '$')
  const read = readReading(options as unknown as LifeOptions, known)
  const { asOf, watchedSince, gaps } = read
  checkCohorts(read, entryRule)
  if (watchedSince !== undefined) {
    checkInstant(watchedSince, '$.watchedSince')
    if (watchedSince > asOf) throw fault('out-of-range', '$.watchedSince', watchedSince, 'at or before asOf')
    if (returning === 'first-lapse')
      throw fault('out-of-range', '$.watchedSince', watchedSince, "none, unless returning is 'last-activity'")
  }
  if (gaps.length > 0 && !('periods' in gap))
    throw fault('out-of-range', '$.gaps', gaps.length, 'none, unless the gap is one of periods')
  return read
}
