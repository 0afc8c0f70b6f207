import { fault } from '../../kernel/errors.js'
import type { EventSpecs } from '../../kernel/index.js'
import { isRecord } from '../../kernel/plain.js'
import { untracked } from '../../measures/activity/as-of.js'
import { type ActivityPartial, nameOf } from '../../measures/activity/collected.js'
import {
  type ActivityAggregate,
  type ActivityReading,
  headOf,
  verbsOf,
} from '../../measures/activity/definition.js'
import { byUnits } from '../../measures/activity/group-value.js'
import { seenBy, shownPeriod } from '../../measures/activity/spine.js'
import { one } from '../../measures/definition-head.js'
import { checkIdentity, countsOf, type IntervalLabelRow, pulseOf, rowOf } from './interval-counts.js'
import { type IntervalLabelsOptions, lookAt, readLook } from './interval-look.js'
import {
  type IntervalLabel,
  type IntervalLabelsDefinition,
  intervalLabels,
  readIntervals,
} from './interval-settings.js'
import { intervalStandings } from './interval-standings.js'
import { type LabelWarning, warningsOf } from './interval-warnings.js'
import type { LabelStandings } from './standings.js'

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

  const look = (partial: ActivityPartial, options: IntervalLabelsOptions) => {
    const given = readLook(options, firstSeen)
    return { given, look: lookAt(collector.own(partial), periods, firstSeen, given) }
  }

  return {
    definition: agreed,
    ...verbsOf(collector),
    result(partial, options) {
      const { given, look: found } = look(partial, options)
      const { first, length, from, horizon } = found
      const { asOf, firstSeenAt } = given
      const counts = countsOf(found)
      const seen = seenBy(periods, horizon, given, { activity, back: 1 })
      const intervals = Array.from({ length }, (_, i): IntervalLabelRow => {
        const index = first + i
        const row = rowOf(counts, i)
        checkIdentity(row, counts.active[i]!)
        return {
          interval: periods.nameOf(index),
          ...row,
          dormant: agreed.dormantAs === 'negative' ? 0 - row.dormant : row.dormant,
          pulse: pulseOf(row),
          ...seen(index),
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
        warnings: warningsOf(found, intervals),
        leftOut: horizon.blurred ? periods.nameOf(horizon.through + 1) : null,
      }
    },
    people(partial, options, which) {
      const { look: found } = look(partial, options)
      if (!isRecord(which)) throw fault('wrong-type', '$.which', which, '{ interval, label }')
      if (which.label === undefined)
        throw fault('missing', '$.which.label', which.label, intervalLabels.join(' | '))
      one(intervalLabels, which.label, '$.which.label')
      const index = shownPeriod(found, periods, which.interval, {
        path: '$.which.interval',
        called: 'an interval of the result',
      })
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
      const { given, look: found } = look(partial, options)
      const { through, blurred } = found.horizon
      if (blurred)
        throw fault(
          'out-of-range',
          '$.asOf',
          given.asOf,
          "the last instant of an interval, or keep: 'instants'",
        )
      return intervalStandings(agreed, partial, found, { asOf: given.asOf, through })
    },
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
