import { checkKeys, fault, unknownName } from '../../kernel/errors.js'
import type { CalendarDefinition, Duration, EventSpecs, PeriodUnit, Sentence } from '../../kernel/index.js'
import { isRecord } from '../../kernel/plain.js'
import type { ActivityDefinition } from '../../measures/activity/definition.js'
import type { EventChoice } from '../../measures/activity/event-choice.js'
import { one } from '../../measures/definition-head.js'
import {
  type EntryRule,
  type RetentionBreakdown,
  type RetentionClock,
  type RetentionDefinition,
  type RetentionMeasure,
  readSettings,
} from './settings.js'

/** A product's retention report, in the mode it opens with or in the one named. */
export type RetentionPresetName =
  | 'posthog'
  | 'posthog-24-hour'
  | 'amplitude'
  | 'amplitude-calendar'
  | 'mixpanel'
  | 'mixpanel-calendar'

/**
 * What a host says beside the name of a preset. Settings that the product decides (`clock`, `cellZero`, `eligibility`) are
 * not among them, and are refused: to change one, change the definition that comes back, which is no longer the product's.
 */
export interface RetentionPresetOptions<E extends EventSpecs = EventSpecs> extends ActivityDefinition<E> {
  /** The project's zone. Weeks begin on Monday (1) or Sunday (7); without, as the product has it. No `dayStart`: none of them has one. */
  readonly calendar: CalendarDefinition
  /** Day, week or month; with PostHog also the hour. */
  readonly period: PeriodUnit
  readonly entry: EventChoice<NoInfer<keyof E & string>>
  /** One that the product offers; the one it opens with unless told. */
  readonly entryRule?: EntryRule
  readonly activity: EventChoice<NoInfer<keyof E & string>>
  /** `on`, `on-or-after`, or brackets; `on` unless told. */
  readonly measure?: RetentionMeasure
  /** With PostHog alone. */
  readonly minimum?: number
  /** A field; with PostHog people count under each value apart, with the others under that of the entry. */
  readonly breakdown?: string
  /** With PostHog alone. */
  readonly sum?: string
}

/** What to know of a preset, and from where it is known. */
export interface RetentionPresetNote {
  readonly text: Sentence
  /** A documentation page, or an issue of a repository. `unverified` where nobody has checked it against the product. */
  readonly source: string
}

/** A preset in words: what surprises in the product's numbers, and what of them is not imitated. */
export interface RetentionPreset {
  readonly product: string
  readonly surprises: readonly RetentionPresetNote[]
  readonly notImitated: readonly RetentionPresetNote[]
}

/** By what the definitions of a preset are made. */
interface Product {
  readonly clocks: { readonly [P in PeriodUnit]?: RetentionClock }
  readonly entryRules: readonly EntryRule[]
  readonly breakdown: RetentionBreakdown['of']
  readonly weekStart: 1 | 7
  readonly cellZero: 'measured' | 'everybody'
  /** Options that it has and others have not. */
  readonly own: readonly string[]
}

const elapsed = (hours: number, truncate?: 'hour' | 'day'): RetentionClock => ({
  elapsed: { hours } as Duration,
  ...(truncate !== undefined && { truncate }),
})
const calendars = { day: 'calendar', week: 'calendar', month: 'calendar' } as const

const posthog: Omit<Product, 'clocks'> = {
  entryRules: ['recurring', 'first-matching', 'first-ever'],
  breakdown: 'event',
  weekStart: 7,
  cellZero: 'everybody',
  own: ['minimum', 'sum'],
}
const amplitude: Omit<Product, 'clocks'> = {
  entryRules: ['recurring', 'first-matching'],
  breakdown: 'entry',
  weekStart: 7,
  cellZero: 'measured',
  own: [],
}
const mixpanel: Omit<Product, 'clocks'> = {
  ...amplitude,
  entryRules: ['first-matching', 'recurring'],
  weekStart: 1,
}

const products: { readonly [N in RetentionPresetName]: Product } = {
  posthog: { ...posthog, clocks: { ...calendars, hour: 'calendar' } },
  'posthog-24-hour': {
    ...posthog,
    clocks: {
      hour: elapsed(1, 'hour'),
      day: elapsed(24, 'hour'),
      week: elapsed(168, 'day'),
      month: elapsed(720, 'day'),
    },
  },
  amplitude: {
    ...amplitude,
    clocks: { day: elapsed(24, 'hour'), week: elapsed(168, 'day'), month: elapsed(720, 'day') },
  },
  'amplitude-calendar': { ...amplitude, clocks: calendars },
  mixpanel: { ...mixpanel, clocks: { day: elapsed(24), week: elapsed(168), month: elapsed(720) } },
  'mixpanel-calendar': { ...mixpanel, clocks: calendars },
}

const always = ['id', 'version', 'calendar', 'events', 'where', 'period', 'entry', 'entryRule', 'activity']
const often = ['measure', 'breakdown', 'keep']
const decided = ['clock', 'cellZero', 'eligibility']

/**
 * A product's definition of retention, by name: plain data for `defineRetention`, `describeRetention` and
 * `explainRetentionDifference`. What it fills in: clock, cell zero, eligibility, the entry rule it opens with, the first day of weeks.
 * `retentionPresets` says what surprises in it, and what is not imitated.
 *
 * PostHog's 24-hour mode silently gives everybody one start, the first in the window: where the entry rule is `recurring`, the
 * preset's is `first-in-window`, so that `result` needs `since`.
 *
 * @throws DefinitionError `unknown-name` for another preset, period, rule or measure than the product has; `unknown-key` for settings
 * that the product decides or does not have; and all that `defineRetention` refuses.
 * @example
 * retentionPreset('posthog', { id: 'posthog', version: 1, calendar: { zone: 'UTC' }, period: 'day', entry: 'joined',
 *   activity: 'opened' }).cellZero // => 'everybody'
 */
export function retentionPreset<E extends EventSpecs = EventSpecs>(
  name: RetentionPresetName,
  options: RetentionPresetOptions<E>,
): RetentionDefinition<E> {
  one(Object.keys(products), name, '$.name')
  if (name === undefined) throw unknownName('$.name', name, Object.keys(products))
  if (!isRecord(options)) throw fault('wrong-type', '$', options, '{ id, version, calendar, period, … }')
  const { clocks, entryRules, breakdown: of, weekStart, cellZero, own } = products[name]
  const known = [...always, ...often, ...own]
  for (const key of Object.keys(options)) {
    if (decided.includes(key))
      throw fault(
        'unknown-key',
        `$.${key}`,
        key,
        `what ${name} decides; change the definition that comes back`,
      )
  }
  checkKeys(options, known, '$')
  const { breakdown, ...given } = options as unknown as RetentionPresetOptions
  const { calendar, period, entryRule = entryRules[0], measure = 'on' } = given
  one(Object.keys(clocks), period, '$.period')
  one(entryRules, entryRule, '$.entryRule')
  if (!(isRecord(measure) && 'brackets' in measure)) one(['on', 'on-or-after'], measure, '$.measure')
  if (isRecord(calendar)) {
    const { dayStart, weekStart: first } = calendar as Partial<CalendarDefinition>
    if (dayStart !== undefined && dayStart !== '00:00')
      throw fault('out-of-range', '$.calendar.dayStart', dayStart, 'none: days begin at midnight there')
    if (first !== undefined && first !== 1 && first !== 7)
      throw fault('out-of-range', '$.calendar.weekStart', first, '1 (Monday) or 7 (Sunday)')
  }
  if (breakdown !== undefined && typeof breakdown !== 'string')
    throw fault('wrong-type', '$.breakdown', breakdown, 'the name of a field')
  const clock = period === undefined ? 'calendar' : clocks[period]!
  const definition = {
    ...given,
    calendar: isRecord(calendar) ? { weekStart, ...told(calendar) } : calendar,
    entryRule: name === 'posthog-24-hour' && entryRule === 'recurring' ? 'first-in-window' : entryRule,
    clock,
    measure,
    cellZero,
    eligibility: 'everybody',
    ...(breakdown !== undefined && { breakdown: { field: breakdown, of } }),
  } as RetentionDefinition
  readSettings(definition)
  return definition as unknown as RetentionDefinition<E>
}

/** A key that holds nothing does not hide what the product has. */
const told = (record: object) =>
  Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined))

const note = (en: string, zh: string, source: string): RetentionPresetNote => ({ text: { en, zh }, source })

const everybodyCounts = (source: string) =>
  note(
    'rates are of the whole cohort, also of those whose window is still open: young cells look low',
    '比率以整个同期群为分母，窗口尚未结束的用户也在内：较新的单元格偏低',
    source,
  )
const rounding = note(
  'both ends of the date range are rounded outwards to whole periods: give since, until and asOf so',
  '日期范围的两端都向外取整到完整周期：请据此给出 since、until 和 asOf',
  'posthog retention_query_runner tests',
)
const posthogZero = note(
  'cell 0 is the size of the cohort, even where nobody did the activity on that day',
  '第 0 格恒为同期群人数，即使当天无人有活跃行为',
  'PostHog/posthog#14239, #17315',
)
const posthogMean = note(
  'its mean line and its cohort lines use different cells; means here are over the cells shown',
  '其平均线与各同期群线使用的单元格不同；这里的平均只取所示单元格',
  'PostHog/posthog PR 101548, #30624',
)
const wholeUnits = note(
  'days are 24 hours from the start, cut to the full hour: 10:59 and 10:00 on the next day are a day apart',
  '一天为自起点起的24小时，且先截到整点：10:59与次日10:00相差一天',
  'amplitude.com/docs analytics/charts/retention-analysis/retention-analysis-time',
)
const fixedMonths = (source: string) =>
  note(
    'weeks are 7 days and months 30 days from the start, whatever the calendar says',
    '周为自起点起7天，月为30天，与日历无关',
    source,
  )
const amplitudeDocs = 'amplitude.com/docs analytics/charts/retention-analysis/retention-analysis-time'
const mixpanelDocs = 'help.mixpanel.com 360045484191'
const amplitudeUnknown = note(
  'what cell 0 shows, on which day weeks begin and how groups follow people: taken as measured, Sunday, by the entry',
  '第0格的口径、每周起始日、分组归属未经核实：此处取实测值、周日、按进入事件归属',
  'unverified',
)
const mixpanelUnknown = note(
  'on which day weeks begin, how groups follow people, and whether a first time looks before the range: taken as Monday, by the entry, all history',
  '每周起始日、分组归属、首次是否回看范围之前未经核实：此处取周一、按进入事件归属、全部历史',
  'unverified',
)
const mixpanelComplete = note(
  'a bucket is called complete when the window of its first member has closed, and averages take complete buckets only: here a cell is complete when everybody’s window has passed, and averages take all cells that have begun',
  '首个成员的窗口一结束，该格即被标为完整，且平均只取完整格：此处须所有人的窗口都结束才算完整，平均取所有已开始的格',
  'community.mixpanel.com 4648',
)
const recurringRows = (source: string) =>
  note(
    'one person stands in the row of every period with a start: rows may not be added up',
    '同一用户出现在每个有起始事件的周期所在行：各行不可相加',
    source,
  )

/** What to know of each preset, in both languages. */
export const retentionPresets: { readonly [N in RetentionPresetName]: RetentionPreset } = {
  posthog: {
    product: 'PostHog',
    surprises: [
      recurringRows('posthog retention_query_runner tests'),
      posthogZero,
      everybodyCounts('PostHog/posthog#48255'),
      note(
        'with a breakdown a return counts only under its own value',
        '分组时，回访只计入其自身取值',
        'PostHog/posthog#41496',
      ),
    ],
    notImitated: [
      rounding,
      posthogMean,
      note(
        'faults at time zones: rows a day or a month early or late, brackets one early east of UTC',
        '时区方面的缺陷：行早或晚一天、一个月，UTC以东区间提前一格',
        'PostHog/posthog#17415, #24173, PR 79002',
      ),
    ],
  },
  'posthog-24-hour': {
    product: 'PostHog',
    surprises: [
      note(
        'the mode changes the cohort too: everybody gets one start, the first in the window, where the calendar mode gives one in each period',
        '切换模式也会改变同期群：每人只有窗口内的首个起点，而日历模式下每个周期各有一个',
        'posthog retention_base_query_rolling.py',
      ),
      note(
        'days are boundaries of hours crossed, by 24: 10:59 and 10:00 on the next day are a day apart',
        '天数为跨过的整点数除以24：10:59与次日10:00相差一天',
        'ClickHouse dateDiff; posthog retention_base_query_rolling.py',
      ),
      fixedMonths('posthog retention_base_query_rolling.py (dateDiff day by 7 and 30)'),
      posthogZero,
      everybodyCounts('PostHog/posthog#48255'),
    ],
    notImitated: [
      rounding,
      posthogMean,
      note(
        'each operand of a difference in its own zone: all dates here are of one zone',
        '时间差的两端各用各的时区：此处所有日期同属一个时区',
        'PostHog/posthog PR 79002',
      ),
    ],
  },
  amplitude: {
    product: 'Amplitude',
    surprises: [wholeUnits, fixedMonths(amplitudeDocs), everybodyCounts('unverified')],
    notImitated: [
      note(
        'every start opens a bucket of its own, so that one return may be of day 1 and of day 2: here the first start of each period does',
        '每个起始事件都开启各自的窗口，一次回访可同属第1天和第2天：此处每个周期只取首个起始事件',
        amplitudeDocs,
      ),
      note(
        'an older page lets month 0 run to 2 January from 3 December, which is 31 days: here 30',
        '旧版页面称自12月3日起第0月至1月2日，为31天：此处为30天',
        'amplitude.com/docs how-time-works-in-retention-analysis',
      ),
      amplitudeUnknown,
    ],
  },
  'amplitude-calendar': {
    product: 'Amplitude',
    surprises: [
      note(
        'periods are those of the project’s zone: 23:45 and 00:01 are a day apart',
        '周期按项目时区：23:45与00:01相差一天',
        amplitudeDocs,
      ),
      everybodyCounts('unverified'),
    ],
    notImitated: [amplitudeUnknown],
  },
  mixpanel: {
    product: 'Mixpanel',
    surprises: [
      note(
        'day 1 is from 24 to 48 hours after the start, to the millisecond: an evening and the next morning are the same day 0',
        '第1天为起点后24至48小时，精确到毫秒：当晚与次日早晨同属第0天',
        mixpanelDocs,
      ),
      fixedMonths(mixpanelDocs),
      note(
        'cell 0 is measured: who did not return within the first stretch is not in it',
        '第0格为实测值：首段时间内未回访者不计入',
        'docs.mixpanel.com/reference/retention-query',
      ),
      everybodyCounts('community.mixpanel.com 4648'),
    ],
    notImitated: [mixpanelComplete, mixpanelUnknown],
  },
  'mixpanel-calendar': {
    product: 'Mixpanel',
    surprises: [
      note(
        'periods are those of the project’s zone, also the one that is not over',
        '周期按项目时区，尚未结束的周期也在内',
        mixpanelDocs,
      ),
      everybodyCounts('community.mixpanel.com 4648'),
    ],
    notImitated: [mixpanelComplete, mixpanelUnknown],
  },
}
