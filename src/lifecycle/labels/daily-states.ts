import { checkKeys, fault } from '../../kernel/errors.js'
import type { EventSpecs } from '../../kernel/index.js'
import { isRecord } from '../../kernel/plain.js'
import { type ReadingOptions, readReading, untracked } from '../../measures/activity/as-of.js'
import { type ActivityPartial, nameOf } from '../../measures/activity/collected.js'
import {
  type ActivityAggregate,
  type ActivityReading,
  headOf,
  verbsOf,
} from '../../measures/activity/definition.js'
import { byUnits } from '../../measures/activity/group-value.js'
import { type Spine, seenBy, shownPeriod, spineOf } from '../../measures/activity/spine.js'
import { one } from '../../measures/definition-head.js'
import type { Proportion } from '../../measures/index.js'
import { checkIdentities, countsOf, movesOf, stateOn } from './daily-counts.js'
import { type DailyMove, type DailyRateName, ratesOf, sources } from './daily-rates.js'
import { type DailyState, type DailyStatesDefinition, dailyStates, readDaily } from './daily-settings.js'
import { dailyStandings } from './daily-standings.js'
import { type DailyWarning, warningsOf } from './daily-warnings.js'
import type { LabelStandings } from './standings.js'

/** States counted day by day, as of an instant. */
export interface DailyStateCounts extends ActivityReading {
  readonly level: number
  /** Which days the windows have, counted from the day itself: `-7` to `-1`. */
  readonly windows: {
    readonly week: { readonly from: number; readonly to: number }
    readonly month: { readonly from: number; readonly to: number }
    /** What WAU and MAU span: the day and its window. */
    readonly wau: { readonly from: number; readonly to: 0 }
    readonly mau: { readonly from: number; readonly to: 0 }
  }
  /** Every day from `since`, or from the first with anybody active, to the last that is known. */
  readonly days: readonly DailyStateRow[]
  /** All complete days together. */
  readonly overall: {
    readonly days: number
    /** People by state of the day before (rows: the states, and last `null`, not there yet) and of the day (columns: the states). */
    readonly matrix: readonly (readonly number[])[]
    readonly rates: Readonly<Record<DailyRateName, Proportion>>
  }
  readonly warnings: readonly DailyWarning[]
  /** Where `asOf` lies in a day of which only the whole was kept, it is left out. */
  readonly leftOut: string | null
}

/**
 * One day. `dau` is what is new, current, reactivated and resurrected; `wau = dau + at_risk_wau`; `mau = wau + at_risk_mau`;
 * `people = mau + dormant`. All are counted apart and checked whenever a result is made.
 */
export interface DailyStateRow {
  /** `2024-03-05`. */
  readonly day: string
  readonly states: Readonly<Record<DailyState, number>>
  readonly dau: number
  /** Active today or in the week's window; its days are said in `windows`. */
  readonly wau: number
  readonly mau: number
  /** Ever active by then. */
  readonly people: number
  /** From the day before to this one; pairs without anybody are left out. */
  readonly moves: readonly DailyMove[]
  /** Of those in a state on the day before; where nobody was in it there is none. */
  readonly rates: Readonly<Record<DailyRateName, Proportion>>
  /**
   * `provisional`: the day has not passed. `unobserved`: events were not tracked for part of it or of the month before it, or clocks
   * skipped it or the day before.
   */
  readonly state: 'complete' | 'provisional' | 'unobserved'
  /** The share of the day in which activity was tracked. */
  readonly coverage: number
}

/** The state of one subject on a day. */
export interface SubjectState {
  readonly subject: string
  readonly state: DailyState
}

/** What `defineDailyStates` makes; its partials are those of every reading by day of the same activity. */
export interface DailyStates
  extends ActivityAggregate<DailyStatesDefinition, DailyStateCounts, ReadingOptions> {
  /** Who is behind a number, by name. @throws DefinitionError `unknown-name` for a day that the result does not have. */
  people(
    partial: ActivityPartial,
    options: ReadingOptions,
    which: { readonly day: string; readonly state: DailyState },
  ): readonly string[]
  /** Everybody's state on a day of the result; who was first active later has none. */
  states(
    partial: ActivityPartial,
    options: ReadingOptions,
    which: { readonly day: string },
  ): readonly SubjectState[]
  /**
   * Everybody known and their state on the day of `asOf`, for `translateLabels`.
   *
   * @throws DefinitionError `out-of-range` where `asOf` is not the last millisecond of a day, later events were added, and only days
   * were kept.
   */
  standings(partial: ActivityPartial, options: ReadingOptions): LabelStandings
}

/** More of them is an event dated by mistake. */
const mostDays = 20_000

/**
 * The seven states of Duolingo's growth model, day by day: from the first active day on everybody is in exactly one. Active: `new` on the
 * first day ever; `current` if active in the week before; `reactivated` if in the month before; else `resurrected`. Not active:
 * `at_risk_wau`, `at_risk_mau` or `dormant` by the same windows. Who registered and was never active is in none.
 *
 * @throws DefinitionError for settings and options that do not hold, with their path; `too-large` for more than 20,000 days.
 * @see Duolingo, Meaningful metrics: How data sharpened the focus of product teams (blog.duolingo.com/growth-model-duolingo).
 * @example
 * const learners = defineDailyStates({
 *   id: 'learners', version: 1, calendar: { zone: 'UTC' }, period: 'day', activity: 'lesson-done',
 *   windows: { week: 7, month: 30 }, windowIncludes: 'days-before',
 * })
 * learners.result(collect(learners, lessons), { asOf }).days[1]
 * // => { day: '2024-03-02', states: { new: 1, current: 1, … }, dau: 2, wau: 2, mau: 2, people: 2, … }
 */
export function defineDailyStates<E extends EventSpecs = EventSpecs>(
  definition: DailyStatesDefinition<E>,
): DailyStates {
  const settings = readDaily(definition as unknown as DailyStatesDefinition)
  const { agreed, collector, periods, week, month } = settings
  const { windows, windowIncludes, activity } = agreed
  const head = headOf(agreed)
  const look = (partial: ActivityPartial, options: ReadingOptions) => {
    const read = readReading(options)
    return { read, ...spineOf(collector.own(partial), periods, read, { most: mostDays, called: 'days' }) }
  }
  const dayNamed = (spine: Spine, day: unknown) =>
    shownPeriod(spine, periods, day, { path: '$.which.day', called: 'a day of the result' })

  return {
    definition: agreed,
    ...verbsOf(collector),
    result(partial, options) {
      const { read, horizon, sets, begin, first, length } = look(partial, options)
      const { asOf, level, interval: method } = read
      const counts = countsOf(sets, { first, length, week, month })
      const seen = seenBy(periods, horizon, read, { activity, back: month })
      const width = dailyStates.length
      const moved = new Float64Array(sources.length * width)
      const whole = new Float64Array(sources.length * width)
      let complete = 0
      const days = Array.from({ length }, (_, i): DailyStateRow => {
        const index = first + i
        for (const [cell, column] of counts.moves.entries()) moved[cell] = column[i]!
        const { state, coverage } = seen(index)
        if (state === 'complete') {
          complete += 1
          for (const [cell, people] of moved.entries()) whole[cell]! += people
        }
        const row = {
          states: Object.fromEntries(
            dailyStates.map((name, column) => [name, counts.states[column]![i]!]),
          ) as Record<DailyState, number>,
          dau: counts.dau[i]!,
          wau: counts.wau[i]!,
          mau: counts.mau[i]!,
          people: counts.people[i]!,
        }
        checkIdentities(row, moved)
        return {
          day: periods.nameOf(index),
          ...row,
          moves: movesOf(moved),
          rates: ratesOf(moved, level, method),
          state,
          coverage,
        }
      })
      const to = windowIncludes === 'today' ? 0 : -1
      return {
        ...head(asOf, untracked(read)),
        level,
        windows: {
          week: { from: to - windows.week + 1, to },
          month: { from: to - windows.month + 1, to },
          wau: { from: 0 - week, to: 0 },
          mau: { from: 0 - month, to: 0 },
        },
        days,
        overall: {
          days: complete,
          matrix: sources.map((_, row) => Array.from(whole.subarray(row * width, (row + 1) * width))),
          rates: ratesOf(whole, level, method),
        },
        warnings: warningsOf(days, begin === undefined ? 0 : begin + month - first),
        leftOut: horizon.blurred ? periods.nameOf(horizon.through + 1) : null,
      }
    },
    people(partial, options, which) {
      const spine = look(partial, options)
      if (!isRecord(which)) throw fault('wrong-type', '$.which', which, '{ day, state }')
      if (which.state === undefined)
        throw fault('missing', '$.which.state', which.state, dailyStates.join(' | '))
      one(dailyStates, which.state, '$.which.state')
      const day = dayNamed(spine, which.day)
      const { sets } = spine
      const names: string[] = []
      for (let row = 0; row < sets.rows; row++)
        if (stateOn(sets, row, day, settings) === which.state) names.push(nameOf(partial.all.people, row))
      return names.sort(byUnits)
    },
    states(partial, options, which) {
      const spine = look(partial, options)
      if (!isRecord(which)) throw fault('wrong-type', '$.which', which, '{ day }')
      checkKeys(which, ['day'], '$.which')
      const day = dayNamed(spine, which.day)
      const { sets } = spine
      const found: SubjectState[] = []
      for (let row = 0; row < sets.rows; row++) {
        const state = stateOn(sets, row, day, settings)
        if (state !== undefined) found.push({ subject: nameOf(partial.all.people, row), state })
      }
      return found.sort((a, b) => byUnits(a.subject, b.subject))
    },
    standings(partial, options) {
      const { read, horizon, sets } = look(partial, options)
      if (horizon.blurred)
        throw fault('out-of-range', '$.asOf', read.asOf, "the last instant of a day, or keep: 'instants'")
      const { through } = horizon
      const label = (row: number) => stateOn(sets, row, through, settings) ?? null
      return dailyStandings(
        agreed,
        partial.all.people,
        { sets, periods, label },
        { asOf: read.asOf, through },
      )
    },
  }
}

/** A day on one line, for tables and charts: counts by state, and the rates that exist. */
export interface DailyStateTableRow
  extends Readonly<Record<DailyState, number>>,
    Readonly<Record<DailyRateName, number | null>>,
    Pick<DailyStateRow, 'day' | 'dau' | 'wau' | 'mau' | 'people' | 'state' | 'coverage'> {}

/**
 * The days as flat rows: what a table or a chart takes. A rate of nobody is `null`.
 *
 * @example
 * dailyStateRows(result)[1] // => { day: '2024-03-02', new: 1, current: 1, …, dau: 2, …, nurr: 1, curr: null, … }
 */
export function dailyStateRows({ days }: Pick<DailyStateCounts, 'days'>): readonly DailyStateTableRow[] {
  return days.map(({ states, rates, moves: _, ...row }) => ({
    ...row,
    ...states,
    ...(Object.fromEntries(
      Object.entries(rates).map(([name, rate]) => [name, rate.kind === 'estimate' ? rate.value : null]),
    ) as Record<DailyRateName, number | null>),
  }))
}
