import { fault } from '../../kernel/errors.js'
import type { EventSpecs, Periods, Sentence } from '../../kernel/index.js'
import { isRecord } from '../../kernel/plain.js'
import {
  activityAsOf,
  horizonOf,
  type ReadingOptions,
  readReading,
  untracked,
} from '../../measures/activity/as-of.js'
import { type ActivityPartial, nameOf } from '../../measures/activity/collected.js'
import { coverageOf } from '../../measures/activity/coverage.js'
import {
  type ActivityAggregate,
  type ActivityReading,
  headOf,
  verbsOf,
} from '../../measures/activity/definition.js'
import { byUnits } from '../../measures/activity/group-value.js'
import { one } from '../../measures/definition-head.js'
import { earliestPeriod, firstPeriod, hasPeriod, type PeriodSets } from '../../measures/period-sets.js'
import { type FirstSeenAt, firstSeenBy, readFirstSeenAt } from './first-seen.js'
import {
  type IntervalLabel,
  type IntervalLabelsDefinition,
  intervalLabels,
  readIntervals,
} from './interval-settings.js'
import { intervalStandings } from './interval-standings.js'
import type { LabelStandings } from './standings.js'

/** As of when; and first instants by subject, where the definition goes by those. */
export interface IntervalLabelsOptions extends ReadingOptions {
  /** With `firstSeen: 'given-instants'`, and only then. Those after `asOf` are not known yet. */
  readonly firstSeenAt?: FirstSeenAt
}

/** Labels counted interval by interval, as of an instant. */
export interface IntervalLabelCounts extends ActivityReading {
  /** How dormant is written, as the definition says. */
  readonly dormantAs: IntervalLabelsDefinition['dormantAs']
  /** Every interval from `since`, or from the first with anybody in it, those without anybody included. */
  readonly intervals: readonly IntervalLabelRow[]
  readonly warnings: readonly LabelWarning[]
  /** Where `asOf` lies in an interval of which only whole intervals were kept, it is left out. */
  readonly leftOut: string | null
}

/**
 * Who is what in one interval. `active = new + returning + resurrecting`, and those dormant are those active in the interval before
 * without `returning` and `newActiveBefore`; both are checked whenever a result is made.
 */
export interface IntervalLabelRow {
  /** `2024-03`, `2024-03-05`; weeks by their first day. */
  readonly interval: string
  readonly active: number
  /** Active, and first seen in this interval. */
  readonly new: number
  /** Active, not new, and active in the interval before. */
  readonly returning: number
  /** Active, not new, and not active in the interval before. */
  readonly resurrecting: number
  /** Not active, but active in the interval before: below zero where `dormantAs` is `'negative'`. */
  readonly dormant: number
  /** What those who are dormant were in the interval before; never negative. */
  readonly dormantWere: { readonly new: number; readonly returning: number; readonly resurrecting: number }
  /** Of the new, those active in the interval before too: their activity is older than what says when they were first seen. */
  readonly newActiveBefore: number
  /** People who came for each one who went: (new + resurrecting) / dormant, Amplitude's Pulse. */
  readonly pulse: Pulse
  /**
   * `provisional`: the interval has not passed, so that who is dormant may still come. `unobserved`: events were not tracked for part of
   * it or of the one before, or clocks skipped it.
   */
  readonly state: 'complete' | 'provisional' | 'unobserved'
  /** The share of the interval in which activity was tracked. */
  readonly coverage: number
}

/** A ratio; where nobody is dormant there is none. */
export type Pulse =
  | { readonly kind: 'estimate'; readonly value: number }
  | { readonly kind: 'undefined'; readonly reason: 'nobody-dormant' }

/** What to know before the numbers are read. */
export interface LabelWarning {
  readonly code: LabelWarningCode
  /** The first interval it speaks of, where it speaks of one. */
  readonly interval?: string
  /** How many people, or intervals, it is about. */
  readonly count?: number
}

export type LabelWarningCode =
  | 'open-interval'
  | 'not-tracked'
  | 'first-seen-unknown'
  | 'first-seen-elsewhere'
  | 'active-before-first-seen'
  | 'look-back'

/** The warnings in words. */
export const labelWarnings: Readonly<Record<LabelWarningCode, Sentence>> = {
  'open-interval': {
    en: '{interval} is not over: who is dormant in it may still come',
    zh: '{interval} 尚未结束：其中的沉默用户仍可能到来',
  },
  'not-tracked': {
    en: '{count} intervals from {interval} on were not tracked throughout, or follow one that was not: who is missing may have been there',
    zh: '自 {interval} 起有 {count} 个区间（或其前一区间）采集不完整：未出现的人可能来过',
  },
  'first-seen-unknown': {
    en: 'nothing says when {count} of the people were first seen: they are never new',
    zh: '{count} 人没有首次出现的时间：永远不会计为新增',
  },
  'first-seen-elsewhere': {
    en: '{count} people were not active in the interval in which they were first seen: they are never new',
    zh: '{count} 人在其首次出现的区间内并不活跃：永远不会计为新增',
  },
  'active-before-first-seen': {
    en: '{count} people were active before they were first seen, as after an import of old events: new does not mean their first activity',
    zh: '{count} 人在“首次出现”之前已有活动（如补录的历史事件）：新增并不等于首次活跃',
  },
  'look-back': {
    en: 'nothing before {interval} is looked at: who was active earlier looks new',
    zh: '不查看 {interval} 之前的活动：更早的老用户会被当作新增',
  },
}

/** The label of one subject in each interval in which it has one. */
export interface SubjectLabels {
  readonly subject: string
  readonly labels: readonly { readonly interval: string; readonly label: IntervalLabel }[]
}

/** What `defineIntervalLabels` makes. */
export interface IntervalLabels
  extends ActivityAggregate<IntervalLabelsDefinition, IntervalLabelCounts, IntervalLabelsOptions> {
  /** Who is behind a number, by name. @throws DefinitionError `unknown-name` for an interval that the result does not have. */
  people(
    partial: ActivityPartial,
    options: IntervalLabelsOptions,
    which: { readonly interval: string; readonly label: IntervalLabel },
  ): readonly string[]
  /** Every subject's labels, interval by interval; who has none in the range is not among them. */
  labels(partial: ActivityPartial, options: IntervalLabelsOptions): readonly SubjectLabels[]
  /**
   * Everybody known and what they are in the interval of `asOf`, for `translateLabels`.
   *
   * @throws DefinitionError `out-of-range` where `asOf` is not the last millisecond of an interval, later events were added, and
   * only intervals were kept: nobody can say what had happened by then.
   */
  standings(partial: ActivityPartial, options: IntervalLabelsOptions): LabelStandings
}

/** Counts and people of one look at a partial. */
interface Look {
  readonly sets: PeriodSets
  readonly periods: Periods
  /** The first interval shown, and how many. */
  readonly first: number
  readonly length: number
  /** Whether the subject of a row was active in an interval that is looked at. */
  readonly has: (row: number, index: number) => boolean
  readonly seen: (row: number) => number | undefined
  readonly labelOf: (row: number, index: number) => IntervalLabel | undefined
  /** Active intervals of a row that matter to the range: from the one before it on. */
  readonly visit: (row: number, active: (index: number) => void) => void
}

/** More of them is an event dated by mistake. */
const mostIntervals = 100_000

/**
 * The interval lifecycle of PostHog and Amplitude: everybody active in an interval is new, returning or resurrecting, and who was active
 * in the one before and is not now is dormant, once. Who stays away longer has no label. `posthogLifecycle` and `amplitudeLifecycle` fill
 * in what those products mean by new.
 *
 * Partials are those of every reading of the same activity (growth, retention with the same entry), unless subjects are accounts.
 *
 * @throws DefinitionError for settings and options that do not hold, with their path; `too-large` for more than 100,000 intervals.
 * @see PostHog, lifecycle insights; Amplitude, Interpret your Lifecycle chart.
 * @example
 * const weekly = defineIntervalLabels({
 *   id: 'weekly', version: 1, calendar: { zone: 'Asia/Shanghai' }, period: 'week', activity: 'order-paid',
 *   firstSeen: 'first-activity', dormantAs: 'negative',
 * })
 * weekly.result(collect(weekly, orders), { asOf }).intervals[1]
 * // => { interval: '2024-03-11', active: 3, new: 1, returning: 1, resurrecting: 1, dormant: -2, … }
 */
export function defineIntervalLabels<E extends EventSpecs = EventSpecs>(
  definition: IntervalLabelsDefinition<E>,
): IntervalLabels {
  const { agreed, collector, periods } = readIntervals(definition as unknown as IntervalLabelsDefinition)
  const { firstSeen, activity } = agreed
  const head = headOf(agreed)

  const read = (options: IntervalLabelsOptions) => {
    const found = readReading(options, ['firstSeenAt'])
    if (firstSeen !== 'given-instants' && found.firstSeenAt !== undefined)
      throw fault(
        'unknown-key',
        '$.firstSeenAt',
        'firstSeenAt',
        "firstSeen: 'given-instants' in the definition",
      )
    if (typeof firstSeen === 'object' && 'lookBack' in firstSeen && found.since === undefined)
      throw fault(
        'missing',
        '$.since',
        undefined,
        'since, before which nothing but the look-back is looked at',
      )
    const firstSeenAt = firstSeen === 'given-instants' ? readFirstSeenAt(found.firstSeenAt) : undefined
    return { ...found, firstSeenAt }
  }

  const look = (partial: ActivityPartial, options: IntervalLabelsOptions) => {
    const given = read(options)
    const { asOf, since, firstSeenAt } = given
    const horizon = horizonOf(collector.own(partial), periods, asOf)
    const { through } = horizon
    const sets = activityAsOf(partial.all, periods, asOf)
    const first = since === undefined ? (earliestPeriod(sets) ?? through + 1) : periods.indexOf(since)
    const length = Math.max(through - first + 1, 0)
    if (length > mostIntervals)
      throw fault('too-large', '$.since', length, `since, for at most ${mostIntervals} intervals`)
    const from =
      typeof firstSeen === 'object' && 'lookBack' in firstSeen ? first - firstSeen.lookBack : -Infinity
    const seen = firstSeenBy(firstSeen, partial, sets, periods, { asOf, from, through, firstSeenAt })
    const has = (row: number, index: number) => index >= from && hasPeriod(sets, row, index)
    const found: Look = {
      sets,
      periods,
      first,
      length,
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
    return { given, horizon, from, look: found }
  }

  return {
    definition: agreed,
    ...verbsOf(collector),
    result(partial, options) {
      const { given, horizon, from, look: found } = look(partial, options)
      const { first, length } = found
      const { asOf, gaps, tolerance, firstSeenAt } = given
      const counts = countsOf(found)
      // Nobody could come in an interval that clocks skipped, and who was there before and after has not been away.
      const skipped = (index: number) => periods.endOf(index) <= periods.startOf(index)
      const intervals = Array.from({ length }, (_, i): IntervalLabelRow => {
        const index = first + i
        const span = { from: periods.startOf(index), to: Math.min(periods.endOf(index), asOf + 1) }
        const both = { from: periods.startOf(index - 1), to: span.to }
        const row = rowOf(counts, i)
        checkIdentity(row, counts.active[i]!)
        const unobserved =
          skipped(index) || skipped(index - 1) || 1 - coverageOf(gaps, activity, both) > tolerance
        return {
          interval: periods.nameOf(index),
          ...row,
          dormant: agreed.dormantAs === 'negative' ? 0 - row.dormant : row.dormant,
          pulse: pulseOf(row),
          state: unobserved ? 'unobserved' : index <= horizon.over ? 'complete' : 'provisional',
          coverage: skipped(index) ? 0 : coverageOf(gaps, activity, span),
        }
      })
      const told =
        firstSeenAt === undefined ? {} : { firstSeenAt: [...firstSeenAt].sort((a, b) => byUnits(a[0], b[0])) }
      return {
        ...head(asOf, {
          ...untracked(given),
          ...told,
          ...(Number.isFinite(from) && { from: periods.nameOf(from) }),
        }),
        dormantAs: agreed.dormantAs,
        intervals,
        warnings: warningsOf(found, intervals, from),
        leftOut: horizon.blurred ? periods.nameOf(horizon.through + 1) : null,
      }
    },
    people(partial, options, which) {
      const { look: found } = look(partial, options)
      if (!isRecord(which)) throw fault('wrong-type', '$.which', which, '{ interval, label }')
      if (which.label === undefined)
        throw fault('missing', '$.which.label', which.label, intervalLabels.join(' | '))
      one(intervalLabels, which.label, '$.which.label')
      const index = indexNamed(found, which.interval)
      const names: string[] = []
      for (let row = 0; row < found.sets.rows; row++)
        if (found.labelOf(row, index) === which.label) names.push(nameOf(partial.all.people, row))
      return names.sort(byUnits)
    },
    labels(partial, options) {
      const { look: found } = look(partial, options)
      const { first, length, labelOf, sets, visit } = found
      const subjects: SubjectLabels[] = []
      for (let row = 0; row < sets.rows; row++) {
        const labels: SubjectLabels['labels'][number][] = []
        const note = (index: number) => {
          const label = index < first || index >= first + length ? undefined : labelOf(row, index)
          if (label !== undefined) labels.push({ interval: periods.nameOf(index), label })
        }
        visit(row, (index) => {
          note(index)
          if (!found.has(row, index + 1)) note(index + 1)
        })
        if (labels.length > 0) subjects.push({ subject: nameOf(partial.all.people, row), labels })
      }
      return subjects.sort((a, b) => byUnits(a.subject, b.subject))
    },
    standings(partial, options) {
      const { given, horizon, look: found } = look(partial, options)
      if (horizon.blurred)
        throw fault(
          'out-of-range',
          '$.asOf',
          given.asOf,
          "the last instant of an interval, or keep: 'instants'",
        )
      return intervalStandings(agreed, partial, found, { asOf: given.asOf, through: horizon.through })
    },
  }

  function indexNamed({ first, length }: Look, interval: unknown): number {
    let index = first
    while (index < first + length && periods.nameOf(index) !== interval) index++
    if (index === first + length)
      throw fault('unknown-name', '$.which.interval', interval, 'an interval of the result')
    return index
  }
}

/** An interval on one line, for tables and charts; where there is no pulse, `null`. */
export interface IntervalLabelTableRow extends Omit<IntervalLabelRow, 'pulse' | 'dormantWere'> {
  readonly dormantNew: number
  readonly dormantReturning: number
  readonly dormantResurrecting: number
  readonly pulse: number | null
}

/**
 * The intervals as flat rows: what a table or a chart takes.
 *
 * @example
 * intervalLabelRows(result)[0] // => { interval: '2024-03-04', active: 3, new: 3, …, dormant: 0, pulse: null }
 */
export function intervalLabelRows({
  intervals,
}: Pick<IntervalLabelCounts, 'intervals'>): readonly IntervalLabelTableRow[] {
  return intervals.map(({ pulse, dormantWere, ...row }) => ({
    ...row,
    dormantNew: dormantWere.new,
    dormantReturning: dormantWere.returning,
    dormantResurrecting: dormantWere.resurrecting,
    pulse: pulse.kind === 'estimate' ? pulse.value : null,
  }))
}

type Counts = ReturnType<typeof countsOf>
type CountedRow = Omit<IntervalLabelRow, 'interval' | 'pulse' | 'state' | 'coverage'>

/** Counts by interval, in one walk over each person's active intervals. `active` begins one interval earlier. */
function countsOf({ first, length, sets, has, seen, visit }: Look) {
  const column = () => new Float64Array(length + 1)
  const by = { new: column(), returning: column(), resurrecting: column() }
  const were = { new: column(), returning: column(), resurrecting: column() }
  const [active, dormant, newActiveBefore] = [column(), column(), column()]
  for (let row = 0; row < sets.rows && length > 0; row++) {
    let ever: number | undefined | null = null
    visit(row, (index) => {
      if (ever === null) ever = seen(row)
      const i = index - first
      const before = has(row, index - 1)
      const label = index === ever ? 'new' : before ? 'returning' : 'resurrecting'
      active[i + 1]! += 1
      if (i >= 0) {
        by[label][i]! += 1
        if (label === 'new' && before) newActiveBefore[i]! += 1
      }
      if (i + 1 < length && !has(row, index + 1)) {
        dormant[i + 1]! += 1
        were[label][i + 1]! += 1
      }
    })
  }
  return { active, by, were, dormant, newActiveBefore }
}

const rowOf = ({ active, by, were, dormant, newActiveBefore }: Counts, i: number): CountedRow => ({
  active: active[i + 1]!,
  new: by.new[i]!,
  returning: by.returning[i]!,
  resurrecting: by.resurrecting[i]!,
  dormant: dormant[i]!,
  dormantWere: { new: were.new[i]!, returning: were.returning[i]!, resurrecting: were.resurrecting[i]! },
  newActiveBefore: newActiveBefore[i]!,
})

const pulseOf = (row: CountedRow): Pulse =>
  row.dormant === 0
    ? { kind: 'undefined', reason: 'nobody-dormant' }
    : { kind: 'estimate', value: (row.new + row.resurrecting) / row.dormant }

function warningsOf(
  { first, periods, sets, seen, has, visit }: Look,
  intervals: readonly IntervalLabelRow[],
  from: number,
): readonly LabelWarning[] {
  let [unknown, elsewhere, earlier] = [0, 0, 0]
  for (let row = 0; row < sets.rows; row++) {
    let any = false
    visit(row, (index) => {
      any ||= index >= first
    })
    if (!any) continue
    const ever = seen(row)
    if (ever === undefined) unknown++
    else {
      if (!has(row, ever)) elsewhere++
      if (firstPeriod(sets, row, from)! < ever) earlier++
    }
  }
  const open = intervals.find(({ state }) => state === 'provisional')
  const untrackedRows = intervals.filter(({ state }) => state === 'unobserved')
  const people = (code: LabelWarningCode, count: number) => (count === 0 ? [] : [{ code, count }])
  return [
    ...(Number.isFinite(from) && intervals.length > 0
      ? [{ code: 'look-back' as const, interval: periods.nameOf(from) }]
      : []),
    ...(open === undefined ? [] : [{ code: 'open-interval' as const, interval: open.interval }]),
    ...(untrackedRows[0] === undefined
      ? []
      : [{ code: 'not-tracked' as const, interval: untrackedRows[0].interval, count: untrackedRows.length }]),
    ...people('first-seen-unknown', unknown),
    ...people('first-seen-elsewhere', elsewhere),
    ...people('active-before-first-seen', earlier),
  ]
}

/** What cannot be: counted by label and by movement, both have to agree. */
function checkIdentity(row: CountedRow, before: number): void {
  const parts = row.new + row.returning + row.resurrecting
  const gone = before - row.returning - row.newActiveBefore
  if (parts !== row.active || gone !== row.dormant)
    throw fault('malformed-state', '$', row.active, `${parts} by label, ${gone} of them dormant`)
}
