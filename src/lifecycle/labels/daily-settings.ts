import { checkKeys, fault } from '../../kernel/errors.js'
import type { EventSpecs, Periods } from '../../kernel/index.js'
import { isRecord } from '../../kernel/plain.js'
import type { Collector } from '../../measures/activity/collector.js'
import { type ActivityDefinition, readActivity, readAgreed } from '../../measures/activity/definition.js'
import type { EventChoice } from '../../measures/activity/event-choice.js'
import { atLeastOne, one } from '../../measures/definition-head.js'
import { checkBy, collectorBy } from './accounts.js'
import { checkNames, type LabelNames } from './label-names.js'

/** What a subject is on a day: exactly one of these from its first active day on. */
export type DailyState =
  | 'new'
  | 'current'
  | 'reactivated'
  | 'resurrected'
  | 'at_risk_wau'
  | 'at_risk_mau'
  | 'dormant'

/** The states, active ones first, in the order of tables and matrices. */
export const dailyStates: readonly DailyState[] = [
  'new',
  'current',
  'reactivated',
  'resurrected',
  'at_risk_wau',
  'at_risk_mau',
  'dormant',
]

/**
 * Whose days are given states, and how far back a week and a month reach. Plain data but for the catalogue. Days are those of the local
 * clock in the zone of `calendar`.
 *
 * @example
 * const learners: DailyStatesDefinition = {
 *   id: 'learners', version: 1, calendar: { zone: 'Asia/Shanghai' }, period: 'day', activity: 'lesson-done',
 *   windows: { week: 7, month: 30 }, windowIncludes: 'days-before',
 * }
 */
export interface DailyStatesDefinition<E extends EventSpecs = EventSpecs> extends ActivityDefinition<E> {
  readonly period: 'day'
  /** Which events make a subject active on a day. */
  readonly activity: EventChoice<NoInfer<keyof E & string>>
  /** Sizes in days; the month is longer than the week. */
  readonly windows: { readonly week: number; readonly month: number }
  /**
   * Which days a window of 7 has on day d. Public re-makes of this model differ by this one day, so it is said.
   *
   * - `days-before`: d-7 to d-1. Whoever was last active 7 days ago is still `at_risk_wau`, so that WAU, by its parts, spans 8 days.
   * - `today`: d-6 to d. Whoever was last active 7 days ago is `at_risk_mau`; WAU is the usual trailing 7 days.
   */
  readonly windowIncludes: 'days-before' | 'today'
  /** A field that names the account or group: those are the subjects, also of `forget`; events without it are not looked at. */
  readonly by?: string
  readonly names?: LabelNames<DailyState>
}

/** Settings made ready. `week` and `month` say how many days ago the last activity may be at most. */
export function readDaily(definition: DailyStatesDefinition): {
  readonly agreed: Omit<DailyStatesDefinition, 'events'>
  readonly collector: Collector
  readonly periods: Periods
  readonly week: number
  readonly month: number
} {
  const { agreed, events } = readAgreed(definition, ['activity', 'windows', 'windowIncludes', 'by', 'names'])
  const { calendar, where, activity, windows, windowIncludes, by, keep = 'periods' } = agreed
  one(['day'], agreed.period, '$.period')
  const periods = readActivity(agreed, events, "'day'")
  if (!isRecord(windows)) throw fault('wrong-type', '$.windows', windows, '{ week: 7, month: 30 }')
  checkKeys(windows, ['week', 'month'], '$.windows')
  atLeastOne(windows.week, '$.windows.week')
  atLeastOne(windows.month, '$.windows.month')
  if (windows.month <= windows.week || windows.month > 10_000)
    throw fault(
      'out-of-range',
      '$.windows.month',
      windows.month,
      'more days than the week has, at most 10,000',
    )
  if (windowIncludes === undefined)
    throw fault('missing', '$.windowIncludes', windowIncludes, "'days-before' or 'today'")
  one(['days-before', 'today'], windowIncludes, '$.windowIncludes')
  one(['periods', 'counts', 'instants'], agreed.keep, '$.keep')
  checkBy(by, events)
  checkNames(agreed.names, dailyStates)
  const collection = {
    ...{ calendar, periods, keep, events, activity },
    entry: activity,
    ...(where !== undefined && { where }),
  }
  const today = windowIncludes === 'today' ? 1 : 0
  return {
    agreed,
    collector: collectorBy(collection, by),
    periods,
    week: windows.week - today,
    month: windows.month - today,
  }
}
