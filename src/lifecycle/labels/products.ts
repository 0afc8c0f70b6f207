import { checkKeys, fault, unknownName } from '../../kernel/errors.js'
import type { CalendarDefinition, EventSpecs, PeriodUnit, Sentence } from '../../kernel/index.js'
import { isRecord } from '../../kernel/plain.js'
import type { ActivityDefinition } from '../../measures/activity/definition.js'
import type { EventChoice } from '../../measures/activity/event-choice.js'
import type { FirstSeen } from './first-seen.js'
import { type IntervalLabel, type IntervalLabelsDefinition, readIntervals } from './interval-settings.js'
import type { LabelNames } from './label-names.js'

/**
 * What a host says beside the product's name. How dormant is written and how labels are said is the product's; to change that, change
 * the definition that comes back.
 */
export interface LabelPresetOptions<E extends EventSpecs = EventSpecs> extends ActivityDefinition<E> {
  /** The project's zone. Weeks begin on Sunday unless it says Monday; no `dayStart`, which neither product has. */
  readonly calendar: CalendarDefinition
  /** Day, week or month; with PostHog also the hour. */
  readonly period: PeriodUnit
  readonly activity: EventChoice<NoInfer<keyof E & string>>
  /** Where the product's own is not to be had. */
  readonly firstSeen?: FirstSeen<NoInfer<keyof E & string>>
  readonly by?: string
}

/** What to know of a product's labels, and from where it is known. */
export interface LabelPresetNote {
  readonly text: Sentence
  readonly source: string
}

/** A product in words: what surprises in its numbers, and what of them is not imitated. */
export interface LabelPreset {
  readonly product: Sentence
  readonly surprises: readonly LabelPresetNote[]
  readonly notImitated: readonly LabelPresetNote[]
}

/**
 * PostHog's lifecycle insight as a definition for `defineIntervalLabels`: dormant below zero, weeks from Sunday unless told, and new by
 * the `created_at` of the person or group, which is handed over as `firstSeenAt`. `labelPresets.posthog` says what surprises in it.
 *
 * @throws DefinitionError `unknown-name` for a period that the product does not have; `unknown-key` for settings that it decides; and all
 * that `defineIntervalLabels` refuses.
 * @example
 * posthogLifecycle({ id: 'ph', version: 1, calendar: { zone: 'UTC' }, period: 'day', activity: 'pageview' }).firstSeen
 * // => 'given-instants'
 */
export function posthogLifecycle<E extends EventSpecs = EventSpecs>(
  options: LabelPresetOptions<E>,
): IntervalLabelsDefinition<E> {
  return definitionOf(options, {
    periods: ['hour', 'day', 'week', 'month'],
    firstSeen: 'given-instants',
    dormantAs: 'negative',
    names: {
      product: labelPresets.posthog.product,
      labels: {
        new: { en: 'new', zh: '新增（new）' },
        returning: { en: 'returning', zh: '回访（returning）' },
        resurrecting: { en: 'resurrecting', zh: '复活（resurrecting）' },
        dormant: { en: 'dormant', zh: '沉默（dormant）' },
      },
    },
  })
}

/**
 * Amplitude's Lifecycle chart as a definition for `defineIntervalLabels`: dormant as a count, weeks from Sunday unless told, and new by the
 * first event of any kind, which has to be among the events collected. `labelPresets.amplitude` says what surprises in it.
 *
 * Returning is said "current" there, and resurrecting "resurrected"; codes stay the same.
 *
 * @throws DefinitionError as `posthogLifecycle` does.
 * @example
 * amplitudeLifecycle({ id: 'am', version: 1, calendar: { zone: 'UTC' }, period: 'day', activity: 'order-paid' }).firstSeen
 * // => { event: {} }
 */
export function amplitudeLifecycle<E extends EventSpecs = EventSpecs>(
  options: LabelPresetOptions<E>,
): IntervalLabelsDefinition<E> {
  return definitionOf(options, {
    periods: ['day', 'week', 'month'],
    firstSeen: { event: {} },
    dormantAs: 'count',
    names: {
      product: labelPresets.amplitude.product,
      labels: {
        new: { en: 'new', zh: '新增（new）' },
        returning: { en: 'current', zh: '当前（current）' },
        resurrecting: { en: 'resurrected', zh: '复活（resurrected）' },
        dormant: { en: 'dormant', zh: '沉默（dormant）' },
      },
    },
  })
}

const posthogTests =
  'github.com/PostHog/posthog posthog/hogql_queries/insights/test/test_lifecycle_query_runner.py'
const posthogQuery = 'github.com/PostHog/posthog posthog/hogql_queries/insights/lifecycle_query_runner.py'
const amplitudePage = 'amplitude.com/docs/analytics/charts/lifecycle/lifecycle-interpret'

/** The products in words. */
export const labelPresets: { readonly posthog: LabelPreset; readonly amplitude: LabelPreset } = {
  posthog: {
    product: { en: 'PostHog', zh: 'PostHog' },
    surprises: [
      {
        text: {
          en: 'new goes by when the profile was created, not by the first event that counts: who signed up in March and first paid in April is resurrecting in April',
          zh: '“新增”看的是用户档案的创建时间，而不是首个计数事件：三月注册、四月首次付费的人在四月计为复活',
        },
        source: posthogTests,
      },
      {
        text: {
          en: 'after an import of old events profiles are younger than their events, and old customers are new on the day of the import or never',
          zh: '补录历史事件后，档案比事件更新：老用户会在导入当天计为新增，或者永远不会',
        },
        source: 'github.com/PostHog/posthog/issues/13733',
      },
      {
        text: {
          en: 'dormant is said once, in the first interval without activity; who stays away has no label from then on',
          zh: '“沉默”只在首个无活动的区间出现一次；此后继续不来的人不再有标签',
        },
        source: posthogTests,
      },
    ],
    notImitated: [
      {
        text: {
          en: 'its query looks for new only at the first active interval within the range and the one before it: who was active just before the profile was created is returning or resurrecting there, and new here, counted in newActiveBefore',
          zh: '其查询只在范围内（含前一区间）首个活跃区间判断“新增”：在档案创建之前就活跃的人，那里计为回访或复活，这里计为新增，并单列于 newActiveBefore',
        },
        source: posthogQuery,
      },
      {
        text: {
          en: 'sampling of users, and test accounts filtered out: hand over the events that are to count',
          zh: '用户抽样与测试账号过滤：请只传入要计数的事件',
        },
        source: posthogQuery,
      },
    ],
  },
  amplitude: {
    product: { en: 'Amplitude', zh: 'Amplitude' },
    surprises: [
      {
        text: {
          en: 'new is who is new to all of Amplitude, not to the event: who was first seen on the 1st and first acts on the 2nd is resurrected on the 2nd',
          zh: '“新增”指首次出现在整个 Amplitude 中，而不是首次触发该事件：1 日首次出现、2 日才首次触发的人在 2 日计为复活',
        },
        source: amplitudePage,
      },
      {
        text: {
          en: 'Pulse has no value in an interval in which nobody is dormant',
          zh: '区间内无人沉默时，Pulse 没有数值',
        },
        source: amplitudePage,
      },
    ],
    notImitated: [
      {
        text: {
          en: 'its page says that a user stays new for one full interval after the first event, which may reach into the next calendar interval; here it is the calendar interval of the first event, as in the examples of the same page',
          zh: '其文档称用户在首个事件后的一整个区间内都算新增，这可能跨入下一个自然区间；这里按首个事件所在的自然区间计，与同一页的例子一致',
        },
        source: amplitudePage,
      },
    ],
  },
}

interface Product {
  readonly periods: readonly PeriodUnit[]
  readonly firstSeen: FirstSeen
  readonly dormantAs: IntervalLabelsDefinition['dormantAs']
  readonly names: LabelNames<IntervalLabel>
}

const known = [
  'id',
  'version',
  'calendar',
  'events',
  'where',
  'period',
  'activity',
  'firstSeen',
  'by',
  'keep',
]

function definitionOf<E extends EventSpecs>(
  options: LabelPresetOptions<E>,
  { periods, firstSeen, dormantAs, names }: Product,
): IntervalLabelsDefinition<E> {
  if (!isRecord(options))
    throw fault('wrong-type', '$', options, '{ id, version, calendar, period, activity }')
  const given = options as unknown as LabelPresetOptions
  checkKeys(given, known, '$')
  const { period, calendar } = given
  if (period === undefined) throw fault('missing', '$.period', period, periods.join(' | '))
  if (!periods.includes(period)) throw unknownName('$.period', period, periods)
  if (!isRecord(calendar)) throw fault('wrong-type', '$.calendar', calendar, "{ zone: 'UTC' }")
  const { dayStart, weekStart = 7 } = calendar as CalendarDefinition
  if (dayStart !== undefined)
    throw fault(
      'unknown-key',
      '$.calendar.dayStart',
      'dayStart',
      'no dayStart: days of the product begin at midnight',
    )
  if (weekStart !== 1 && weekStart !== 7)
    throw fault('out-of-range', '$.calendar.weekStart', weekStart, '1 (Monday) or 7 (Sunday)')
  const definition = {
    ...{ firstSeen, ...given, dormantAs, names },
    calendar: { ...(calendar as CalendarDefinition), weekStart },
  } as IntervalLabelsDefinition
  readIntervals(definition)
  return definition as unknown as IntervalLabelsDefinition<E>
}
