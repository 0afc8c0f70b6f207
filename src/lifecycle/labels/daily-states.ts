import { checkKeys, fault } from '../../kernel/errors.js'
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
import type { Proportion } from '../../measures/index.js'
import {
  earliestPeriod,
  firstPeriod,
  hasPeriod,
  lastPeriod,
  type PeriodSets,
} from '../../measures/period-sets.js'
import { type DailyMove, type DailyRateName, ratesOf, sources } from './daily-rates.js'
import { type DailyState, type DailyStatesDefinition, dailyStates, readDaily } from './daily-settings.js'
import { dailyStandings } from './daily-standings.js'
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

/** What to know before the numbers are read. */
export interface DailyWarning {
  readonly code: DailyWarningCode
  /** The first day it speaks of. */
  readonly day: string
  /** How many days it is about. */
  readonly count: number
}

export type DailyWarningCode = 'open-day' | 'not-tracked' | 'short-history'

/** The warnings in words. */
export const dailyWarnings: Readonly<Record<DailyWarningCode, Sentence>> = {
  'open-day': {
    en: '{day} is not over: who is at risk on it may still come',
    zh: '{day} 尚未结束：其中有风险的用户仍可能到来',
  },
  'not-tracked': {
    en: 'on {count} days from {day} on, that day or part of the month before it was not tracked: who is missing may have been there',
    zh: '自 {day} 起有 {count} 天，当天或此前一个月内采集不完整：未出现的人可能来过',
  },
  'short-history': {
    en: 'on {count} days from {day} on, the first event of all is less than a month old: old users look new, and nobody can be dormant or resurrected',
    zh: '自 {day} 起有 {count} 天，距最早的事件不足一个月：老用户会被当作新增，也不可能出现沉默或复活',
  },
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
  const stateOf = (sets: PeriodSets, row: number, day: number): DailyState | undefined => {
    const before = lastPeriod(sets, row, day - 1)
    if (hasPeriod(sets, row, day))
      return activeState(before === undefined ? undefined : day - before, week, month)
    return before === undefined ? undefined : awayState(day - before, week, month)
  }

  const look = (partial: ActivityPartial, options: ReadingOptions) => {
    const read = readReading(options)
    const horizon = horizonOf(collector.own(partial), periods, read.asOf)
    const sets = activityAsOf(partial.all, periods, read.asOf)
    const begin = earliestPeriod(sets)
    const first = read.since === undefined ? (begin ?? horizon.through + 1) : periods.indexOf(read.since)
    const length = Math.max(horizon.through - first + 1, 0)
    if (length > mostDays) throw fault('too-large', '$.since', length, `since, for at most ${mostDays} days`)
    return { read, horizon, sets, begin, first, length }
  }
  const dayNamed = ({ first, length }: { readonly first: number; readonly length: number }, day: unknown) => {
    let index = first
    while (index < first + length && periods.nameOf(index) !== day) index++
    if (index === first + length) throw fault('unknown-name', '$.which.day', day, 'a day of the result')
    return index
  }

  return {
    definition: agreed,
    ...verbsOf(collector),
    result(partial, options) {
      const { read, horizon, sets, begin, first, length } = look(partial, options)
      const { asOf, level, interval: method, gaps, tolerance } = read
      const counts = countsOf(sets, { first, length, week, month })
      const states = Array.from({ length }, (_, i) =>
        stateOfDay(periods, first + i, { horizon: horizon.over }),
      )
      const width = dailyStates.length
      const moved = new Float64Array(sources.length * width)
      const whole = new Float64Array(sources.length * width)
      let complete = 0
      const days = Array.from({ length }, (_, i): DailyStateRow => {
        const index = first + i
        for (const [cell, column] of counts.moves.entries()) moved[cell] = column[i]!
        const span = { from: periods.startOf(index), to: Math.min(periods.endOf(index), asOf + 1) }
        const before = { from: periods.startOf(index - month), to: span.to }
        const state = 1 - coverageOf(gaps, activity, before) > tolerance ? 'unobserved' : states[i]!
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
          coverage: periods.endOf(index) <= periods.startOf(index) ? 0 : coverageOf(gaps, activity, span),
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
      const { sets, ...range } = look(partial, options)
      if (!isRecord(which)) throw fault('wrong-type', '$.which', which, '{ day, state }')
      if (which.state === undefined)
        throw fault('missing', '$.which.state', which.state, dailyStates.join(' | '))
      one(dailyStates, which.state, '$.which.state')
      const day = dayNamed(range, which.day)
      const names: string[] = []
      for (let row = 0; row < sets.rows; row++)
        if (stateOf(sets, row, day) === which.state) names.push(nameOf(partial.all.people, row))
      return names.sort(byUnits)
    },
    states(partial, options, which) {
      const { sets, ...range } = look(partial, options)
      if (!isRecord(which)) throw fault('wrong-type', '$.which', which, '{ day }')
      checkKeys(which, ['day'], '$.which')
      const day = dayNamed(range, which.day)
      const found: SubjectState[] = []
      for (let row = 0; row < sets.rows; row++) {
        const state = stateOf(sets, row, day)
        if (state !== undefined) found.push({ subject: nameOf(partial.all.people, row), state })
      }
      return found.sort((a, b) => byUnits(a.subject, b.subject))
    },
    standings(partial, options) {
      const { read, horizon, sets } = look(partial, options)
      if (horizon.blurred)
        throw fault('out-of-range', '$.asOf', read.asOf, "the last instant of a day, or keep: 'instants'")
      const { through } = horizon
      const label = (row: number) => stateOf(sets, row, through) ?? null
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

/** The state of who is active, by how many days ago they were before. */
function activeState(ago: number | undefined, week: number, month: number): DailyState {
  if (ago === undefined) return 'new'
  return ago <= week ? 'current' : ago <= month ? 'reactivated' : 'resurrected'
}

/** The state of who is not, by how many days ago they were. */
const awayState = (ago: number, week: number, month: number): DailyState =>
  ago <= week ? 'at_risk_wau' : ago <= month ? 'at_risk_mau' : 'dormant'

function stateOfDay(
  periods: Periods,
  index: number,
  { horizon }: { readonly horizon: number },
): DailyStateRow['state'] {
  // Nobody could come on a date that clocks skipped.
  const skipped = (at: number) => periods.endOf(at) <= periods.startOf(at)
  if (skipped(index) || skipped(index - 1)) return 'unobserved'
  return index <= horizon ? 'complete' : 'provisional'
}

interface Range {
  readonly first: number
  readonly length: number
  readonly week: number
  readonly month: number
}

/**
 * Counts by day. Between two active days a person passes through stretches of one state each, so that a person costs as much as it has
 * active days: every stretch is noted by where it begins and ends, and summed up at last.
 */
function countsOf(sets: PeriodSets, { first, length, week, month }: Range) {
  const column = () => new Float64Array(length + 1)
  const width = dailyStates.length
  const states = dailyStates.map(column)
  const moves = Array.from({ length: sources.length * width }, column)
  const [dau, wau, mau, people] = [column(), column(), column(), column()]
  const last = first + length - 1
  const note = (into: Float64Array, from: number, to: number) => {
    const [begin, end] = [Math.max(from, first), Math.min(to, last)]
    if (begin > end) return
    into[begin - first]! += 1
    into[end - first + 1]! -= 1
  }
  for (let row = 0; row < sets.rows && length > 0; row++) {
    let previous: DailyState | null = null
    const stretch = (state: DailyState, from: number, to: number) => {
      if (from > to) return
      const place = dailyStates.indexOf(state)
      note(states[place]!, from, to)
      note(moves[sources.indexOf(previous) * width + place]!, from, from)
      note(moves[place * width + place]!, from + 1, to)
      previous = state
    }
    let before: number | undefined
    let [weekUntil, monthUntil] = [-Infinity, -Infinity]
    for (let day = firstPeriod(sets, row); day !== undefined && day <= last; ) {
      if (before === undefined) note(people, day, last)
      stretch(activeState(before === undefined ? undefined : day - before, week, month), day, day)
      note(dau, day, day)
      note(wau, Math.max(day, weekUntil), day + week)
      note(mau, Math.max(day, monthUntil), day + month)
      weekUntil = day + week + 1
      monthUntil = day + month + 1
      const next = firstPeriod(sets, row, day + 1)
      const away = Math.min((next ?? Infinity) - 1, last)
      stretch('at_risk_wau', day + 1, Math.min(day + week, away))
      stretch('at_risk_mau', day + week + 1, Math.min(day + month, away))
      stretch('dormant', day + month + 1, away)
      before = day
      day = next
    }
  }
  for (const changes of [...states, ...moves, dau, wau, mau, people]) {
    let sum = 0
    for (let i = 0; i < length; i++) {
      sum += changes[i]!
      changes[i] = sum
    }
  }
  return { states, moves, dau, wau, mau, people }
}

const movesOf = (moved: Float64Array): readonly DailyMove[] =>
  sources.flatMap((from, row) =>
    dailyStates.flatMap((to, column) => {
      const people = moved[row * dailyStates.length + column]!
      return people === 0 ? [] : [{ from, to, people }]
    }),
  )

/** What cannot be: counted by state, by window and by move, all have to agree. */
function checkIdentities(
  { states, dau, wau, mau, people }: Pick<DailyStateRow, 'states' | 'dau' | 'wau' | 'mau' | 'people'>,
  moved: Float64Array,
): void {
  const here = states.new + states.current + states.reactivated + states.resurrected
  const holds =
    here === dau &&
    dau + states.at_risk_wau === wau &&
    wau + states.at_risk_mau === mau &&
    mau + states.dormant === people &&
    dailyStates.every((state, column) => {
      let arrived = 0
      for (const row of sources.keys()) arrived += moved[row * dailyStates.length + column]!
      return arrived === states[state]
    })
  if (!holds)
    throw fault('malformed-state', '$', people, `${dau} active, ${wau} in the week, ${mau} in the month`)
}

function warningsOf(days: readonly DailyStateRow[], short: number): readonly DailyWarning[] {
  const open = days.filter(({ state }) => state === 'provisional')
  const hidden = days.filter(({ state }) => state === 'unobserved')
  const about = (code: DailyWarningCode, some: readonly DailyStateRow[]) =>
    some[0] === undefined ? [] : [{ code, day: some[0].day, count: some.length }]
  return [
    ...about('open-day', open),
    ...about('not-tracked', hidden),
    ...about('short-history', days.slice(0, Math.max(0, short))),
  ]
}
