import { fault } from '../../kernel/errors.js'
import type { EventSpecs, Periods } from '../../kernel/index.js'
import type { Collector } from '../../measures/activity/collector.js'
import { type ActivityDefinition, readActivity, readAgreed } from '../../measures/activity/definition.js'
import type { EventChoice } from '../../measures/activity/event-choice.js'
import { one } from '../../measures/definition-head.js'
import { checkBy, collectorBy } from './accounts.js'
import { checkFirstSeen, entryOf, type FirstSeen } from './first-seen.js'
import { checkNames, type LabelNames } from './label-names.js'

/** What a subject is in an interval; who has been away for longer than one has no label. */
export type IntervalLabel = 'new' | 'returning' | 'resurrecting' | 'dormant'

/** The labels, in the order of tables. */
export const intervalLabels: readonly IntervalLabel[] = ['new', 'returning', 'resurrecting', 'dormant']

/**
 * Whose activity is labelled, by which intervals, and what new means. Plain data but for the catalogue. Time is cut by `period` in the
 * zone of `calendar`; weeks begin with its `weekStart`.
 *
 * @example
 * const monthly: IntervalLabelsDefinition = {
 *   id: 'monthly', version: 1, calendar: { zone: 'Asia/Shanghai' }, period: 'month', activity: 'order-paid',
 *   firstSeen: { event: 'signed-up' }, dormantAs: 'count',
 * }
 */
export interface IntervalLabelsDefinition<E extends EventSpecs = EventSpecs> extends ActivityDefinition<E> {
  /** Which events make a subject active in an interval. */
  readonly activity: EventChoice<NoInfer<keyof E & string>>
  /** What new goes by; products differ in it, so it is said. */
  readonly firstSeen: FirstSeen<NoInfer<keyof E & string>>
  /** How dormant is written: below zero, as PostHog draws it under the axis, or as a count. */
  readonly dormantAs: 'negative' | 'count'
  /** A field that names the account or group: those are the subjects, also of `forget`; events without it are not looked at. */
  readonly by?: string
  readonly names?: LabelNames<IntervalLabel>
}

/** Settings made ready. */
export function readIntervals(definition: IntervalLabelsDefinition): {
  readonly agreed: Omit<IntervalLabelsDefinition, 'events'>
  readonly collector: Collector
  readonly periods: Periods
} {
  const { agreed, events } = readAgreed(definition, ['activity', 'firstSeen', 'dormantAs', 'by', 'names'])
  const { calendar, where, activity, firstSeen, dormantAs, by, keep: wanted } = agreed
  const periods = readActivity(agreed, events)
  checkFirstSeen(firstSeen, { events, calendar })
  if (dormantAs === undefined) throw fault('missing', '$.dormantAs', dormantAs, "'negative' or 'count'")
  one(['negative', 'count'], dormantAs, '$.dormantAs')
  one(['periods', 'counts', 'instants'], wanted, '$.keep')
  checkBy(by, events)
  checkNames(agreed.names, intervalLabels)
  const attribute =
    typeof firstSeen === 'object' && 'attribute' in firstSeen ? firstSeen.attribute : undefined
  if (attribute !== undefined && by !== undefined)
    throw fault(
      'out-of-range',
      '$.firstSeen',
      firstSeen,
      "an event or 'given-instants', where accounts are the subjects",
    )
  const keep = wanted ?? (attribute === undefined ? 'periods' : 'instants')
  if (attribute !== undefined && keep !== 'instants')
    throw fault('out-of-range', '$.keep', keep, "'instants', which an attribute needs")
  const collection = {
    ...{ calendar, periods, keep, events, activity },
    entry: entryOf(firstSeen) ?? activity,
    ...(where !== undefined && { where }),
    ...(attribute !== undefined && { value: attribute }),
  }
  return { agreed, collector: collectorBy(collection, by), periods }
}
