import { fault } from '../../kernel/errors.js'
import {
  canonical,
  digestName,
  type EventSpecs,
  formatMinor,
  type Instant,
  isInstant,
  minorDigits,
  type PeriodUnit,
  type Sentence,
  zoneFingerprint,
} from '../../kernel/index.js'
import { isRecord } from '../../kernel/plain.js'
import {
  horizonOf,
  type ReadingOptions,
  type ReadReading,
  readReading,
  untracked,
} from '../../measures/activity/as-of.js'
import { type ActivityPartial, type Collected, nameOf } from '../../measures/activity/collected.js'
import { collectorOf } from '../../measures/activity/collector.js'
import { coverageOf } from '../../measures/activity/coverage.js'
import { type ActivityAggregate, verbsOf } from '../../measures/activity/definition.js'
import { byUnits, compareGroupValues, type GroupValue, ranksOf } from '../../measures/activity/group-value.js'
import { type Proportion, proportion } from '../../measures/index.js'
import { earliestPeriod } from '../../measures/period-sets.js'
import { elapsedClock } from './elapsed-clock.js'
import {
  type EntryRule,
  type RetentionDefinition,
  type RetentionMeasure,
  readSettings,
  type Settings,
} from './settings.js'
import { type Column, type Counts, columnsOf, countTable, type Frame } from './table.js'

/** As of when, which part of it, and how sure. `since`: the entry rule `first-in-window` needs it. */
export interface RetentionOptions extends ReadingOptions {
  /** The last cohort is that of the period in which this lies; that of `asOf` unless told. */
  readonly until?: Instant
  /** The last offset that is shown; all there are unless told. */
  readonly upTo?: number
}

/** Retention by cohort and by offset, as of an instant. */
export interface Retention {
  readonly definition: { readonly id: string; readonly version: number; readonly digest: string }
  /** Of the definition, what the zone's clocks do, and `asOf`: numbers with the same one may be compared. */
  readonly fingerprint: string
  readonly zone: string
  readonly period: PeriodUnit
  /** What its cells count: not every measure is a curve of those still there. */
  readonly measure: RetentionMeasure
  readonly asOf: Instant
  /** The last period of which events were counted; `null` of none. */
  readonly through: string | null
  readonly level: number
  /** One for every period up to `asOf`, ascending, those without entries included. */
  readonly cohorts: readonly RetentionCohort[]
  /** One for every offset that some cohort has a cell for, from 0. */
  readonly averages: readonly RetentionAverage[]
  /** With a breakdown: the same for the people of each value that somebody in these cohorts has, ascending, `null` (without one) last. */
  readonly groups: readonly RetentionGroup[]
  readonly warnings: readonly RetentionWarning[]
}

/** The part of those with one value of the breakdown's field. */
export interface RetentionGroup {
  readonly value: GroupValue
  readonly cohorts: readonly RetentionCohort[]
  readonly averages: readonly RetentionAverage[]
}

/** Those who entered in one period. */
export interface RetentionCohort {
  /** `2024-03`, `2024-03-05`: the period by its local name. */
  readonly cohort: string
  /** How many entered by `asOf`; still growing while the first cell is incomplete. */
  readonly size: number
  /** The share of the cohort's period in which entries were tracked. */
  readonly coverage: number
  readonly cells: readonly RetentionCell[]
}

/** One cohort at one offset. */
export interface RetentionCell {
  /** Periods, or stretches of elapsed time, since the entry. */
  readonly offset: number
  /** The last offset that counts; greater than `offset` for brackets only. */
  readonly to: number
  /** The period of the calendar that `offset` leads to; `null` where time is elapsed. */
  readonly period: string | null
  /** The whole cohort. */
  readonly n: number
  /** Of whom the rate speaks: those whose own window has passed, or everybody where the definition says so. */
  readonly eligible: number
  /** The share of the cohort whose window has passed. */
  readonly maturity: number
  /** How many of the eligible were active as the measure asks. */
  readonly retained: number
  /** How many of the whole cohort were, so far. */
  readonly seen: number
  /**
   * `complete`: everybody's window has passed. `incomplete`: not yet, so that the rate speaks of fewer people or too early.
   * `unobserved`: events were not tracked for part of it, or clocks skipped it (Apia had no 30 December 2011), so that there is no rate.
   */
  readonly state: 'complete' | 'incomplete' | 'unobserved'
  /** The share of the window in which activity was tracked. */
  readonly coverage: number
  /** Of nobody, or of an unobserved window, there is none. */
  readonly rate: RetentionRate
  /** What the activity's field sums to, where the definition sums one; money as decimal text. */
  readonly total?: number | string
  readonly fingerprint: string
}

/** A share with its interval, or why there is none. */
export type RetentionRate =
  | Extract<Proportion, { kind: 'estimate' }>
  | { readonly kind: 'undefined'; readonly reason: 'no-trials' | 'not-over' | 'not-observed' }

/** All cohorts at one offset. Unobserved cells are left out; so are, unless `eligibility` is `everybody`, people whose window is open. */
export interface RetentionAverage {
  readonly offset: number
  readonly to: number
  /** Cohorts with a complete cell here, empty ones included. */
  readonly cohorts: number
  readonly eligible: number
  readonly retained: number
  /** Weighted: everybody retained of everybody eligible. */
  readonly rate: RetentionRate
  /** Every cohort the same weight, however small. */
  readonly mean: MeanOfCohorts
}

/** The simple mean of the rates of cohorts that have anybody in them and a complete cell; a rate of zero counts. */
export type MeanOfCohorts =
  | {
      readonly kind: 'estimate'
      readonly value: number
      readonly cohorts: number
      readonly method: 'mean-of-cohorts'
    }
  | { readonly kind: 'undefined'; readonly reason: 'no-cohorts' }

/** What a reader of the table has to know. */
export interface RetentionWarning {
  readonly code: RetentionWarningCode
  /** The period it speaks of, where it speaks of one. */
  readonly period?: string
}

export type RetentionWarningCode =
  | 'rows-overlap'
  | 'first-in-window'
  | 'open-period-left-out'
  | 'entries-not-observed'
  | 'history-not-observed'

/** The warnings in words. */
export const retentionWarnings: Readonly<Record<RetentionWarningCode, Sentence>> = {
  'rows-overlap': {
    en: 'one person may stand in many rows: rows may not be added up',
    zh: '同一用户可能出现在多行中：各行人数不可相加',
  },
  'first-in-window': {
    en: 'who came before the window looks new in it',
    zh: '窗口之前来过的用户在这里也算作新用户',
  },
  'open-period-left-out': {
    en: 'of {period} and later only whole periods were kept, and it was not over: it is left out',
    zh: '{period} 起只保留了整个周期的记录，而该周期尚未结束，因此不显示',
  },
  'entries-not-observed': {
    en: 'entries were not tracked all through {period}: its cohort may be larger',
    zh: '{period} 内进入事件有一段未采集：该同期群可能不完整',
  },
  'history-not-observed': {
    en: 'entries were not tracked for a time: some who look new may not be',
    zh: '进入事件有一段时间未采集：部分看似新用户者可能并非新用户',
  },
}

/** A cell on one line, for tables and charts. Where no number exists, `null`, and `reason` says why. */
export interface RetentionRow {
  /** The value of the breakdown; `null` without one, and of events without the field. */
  readonly group: GroupValue
  readonly cohort: string
  readonly offset: number
  readonly to: number
  readonly period: string | null
  readonly size: number
  /** Of whom the value speaks. */
  readonly n: number
  readonly retained: number
  readonly seen: number
  readonly maturity: number
  readonly coverage: number
  readonly state: RetentionCell['state']
  readonly value: number | null
  readonly low: number | null
  readonly high: number | null
  readonly reason: RetentionReason | null
  readonly fingerprint: string
}

/** Why a row has no value, or not yet its final one. */
export type RetentionReason = 'no-trials' | 'not-over' | 'not-observed'

/** The reasons in words, to print beside a table. */
export const retentionReasons: Readonly<Record<RetentionReason, Sentence>> = {
  'no-trials': { en: 'nobody entered in this period', zh: '该周期没有新进入的用户' },
  'not-over': { en: 'the window is not over yet', zh: '该窗口尚未结束' },
  'not-observed': { en: 'events were not tracked for part of the window', zh: '该窗口内有一段未采集数据' },
}

/** The people behind a cell. Names of people: whoever passes them on masks them. */
export interface RetentionPeople {
  /** Their window has passed, and they were active. */
  readonly retained: readonly string[]
  /** Their window has passed, and they were not. */
  readonly lost: readonly string[]
  /** Their window is open, and they were active already. */
  readonly early: readonly string[]
  /** Their window is open, and they were not active yet. */
  readonly pending: readonly string[]
}

/** Which cell: its cohort by name, its offset, and its value where there is a breakdown. */
export interface RetentionCellAt {
  readonly cohort: string
  readonly offset: number
  readonly group?: GroupValue
}

/** What `defineRetention` makes. */
export interface RetentionAggregate
  extends ActivityAggregate<RetentionDefinition, Retention, RetentionOptions> {
  /** Who is behind a cell. @throws DefinitionError `unknown-name` for a cell that the result does not have. */
  people(partial: ActivityPartial, options: RetentionOptions, cell: RetentionCellAt): RetentionPeople
}

/**
 * Retention: of those who entered in one period, how many were active at each offset after it. What counts as entry, as active, as
 * an offset and as a denominator are settings of their own, and travel with every number as a fingerprint.
 *
 * Partials are collected once and read many ways: definitions that differ in `entryRule`, `measure`, `cellZero` or
 * `eligibility` alone, and remember the same, take each other's partials. With `keep: 'periods'`, the default where settings allow,
 * a person takes 4 bytes per 32 periods; an event cannot be taken out again, and of a period that was open at `asOf`
 * while later events were added nothing is shown (`open-period-left-out`). `counts` gives `retract`, `instants` also any `asOf`.
 * With `counts`, taking out the last event of all does not bring back the open period.
 *
 * By the calendar the cohort is the first period in which somebody entered; an activity counts for its period, whether before or
 * after the entry within it. "First" is the first in the data: without the history before it, old customers look new.
 *
 * @throws DefinitionError for settings that do not hold, with their path; from `result`, for options that do not, and
 * `too-large` where more than a million cells would be shown; from all that take one, `other-definition` for a partial
 * that was collected otherwise.
 * @example
 * const buyers = defineRetention({ id: 'buyers', version: 1, calendar: { zone: 'UTC' }, entry: 'order-paid',
 *   activity: 'order-paid', period: 'month' })
 * buyers.result(collect(buyers, orders), { asOf: instant('2024-05-01T00:00:00Z') }).cohorts[0]
 * // => { cohort: '2024-03', size: 2, coverage: 1, cells: [{ offset: 0, period: '2024-03', n: 2, eligible: 2, retained: 2, … }, …] }
 */
export function defineRetention<E extends EventSpecs = EventSpecs>(
  definition: RetentionDefinition<E>,
): RetentionAggregate {
  const settings = readSettings(definition as unknown as RetentionDefinition)
  const { agreed, periods, collection, breakdown } = settings
  const collector = collectorOf(collection)
  const digest = digestName(canonical(agreed))
  const clocks = zoneFingerprint(agreed.calendar)

  const framed = (partial: ActivityPartial, options: RetentionOptions) => {
    const read = readOptions(options, settings.entryRule)
    const frame = frameOf(collector.own(partial), settings, read)
    return { read, frame }
  }
  const partsOf = (partial: ActivityPartial): readonly Part[] => {
    if (breakdown === undefined) return []
    const parts =
      breakdown.of === 'event'
        ? partial.groups.map(({ value, part }): Part => ({ value, collected: part, number: undefined }))
        : partial.values.map((value, number): Part => ({ value, collected: partial.all, number }))
    return [...parts].sort((a, b) => compareGroupValues(a.value, b.value))
  }

  return {
    definition: agreed,
    ...verbsOf(collector),
    result(partial, options) {
      const { read, frame } = framed(partial, options)
      // Who is first in a window depends on where it begins.
      const window = settings.entryRule === 'first-in-window' && { since: frame?.first ?? null }
      const fingerprint = digestName(
        canonical({ digest, clocks, asOf: read.asOf, ...window, ...untracked(read) }),
      )
      const head = {
        definition: { id: agreed.id, version: agreed.version, digest },
        fingerprint,
        zone: agreed.calendar.zone,
        period: agreed.period,
        measure: settings.measure,
        asOf: read.asOf,
        through: frame === undefined ? null : periods.nameOf(frame.through),
        level: read.level,
      }
      if (frame === undefined)
        return {
          ...head,
          cohorts: [],
          averages: [],
          groups: [],
          warnings: leftOut(partial, settings, read.asOf),
        }
      const table = (counts: Counts) => tableOf(counts, settings, frame, read, fingerprint)
      return {
        ...head,
        ...table(countTable(partial.all, settings, frame)),
        // A value without anybody is one of people who were taken out, or who have not entered.
        groups: partsOf(partial).flatMap(({ value, collected, number }) => {
          const counts = countTable(collected, settings, frame, {
            value: number,
            ranks: ranksOf(partial.values),
          })
          return counts.sizes.some((size) => size > 0) ? [{ value, ...table(counts) }] : []
        }),
        warnings: warningsOf(partial, settings, frame, read),
      }
    },
    people(partial, options, cell) {
      const { frame } = framed(partial, options)
      if (!isRecord(cell)) throw fault('wrong-type', '$.cell', cell, '{ cohort, offset }')
      const { cohort, offset, group } = cell
      const part =
        group === undefined
          ? { collected: partial.all, number: undefined }
          : partsOf(partial).find(({ value }) => value === group)
      if (part === undefined) throw fault('unknown-name', '$.cell.group', group, 'a value that was collected')
      const column = frame?.columns.findIndex(({ from }) => from === offset) ?? -1
      let row = frame?.first ?? 0
      while (frame !== undefined && row <= frame.last && periods.nameOf(row) !== cohort) row++
      if (frame === undefined || row > frame.last)
        throw fault('unknown-name', '$.cell.cohort', cohort, 'a cohort of the result')
      if (column < 0) throw fault('out-of-range', '$.cell.offset', offset, 'an offset of the result')
      const people = {
        retained: [] as string[],
        lost: [] as string[],
        early: [] as string[],
        pending: [] as string[],
      }
      const note = (who: number, eligible: boolean, hit: boolean) => {
        const kind = eligible ? (hit ? 'retained' : 'lost') : hit ? 'early' : 'pending'
        people[kind].push(nameOf(part.collected.people, who))
      }
      const { sizes } = countTable(part.collected, settings, frame, {
        value: part.number,
        ranks: ranksOf(partial.values),
        watch: { cohort: row, column, note },
      })
      if (group !== undefined && !sizes.some((size) => size > 0))
        throw fault('unknown-name', '$.cell.group', group, 'a value of the result')
      if (offset > lastBegun(row, settings, frame))
        throw fault('out-of-range', '$.cell.offset', offset, 'an offset of the result')
      for (const names of Object.values(people)) names.sort(byUnits)
      return people
    },
  }
}

/**
 * The cells of all cohorts as flat rows, by group, cohort and offset: what a table or a chart takes. With a breakdown, those of
 * its groups.
 *
 * @example
 * retentionRows(retention)[1]
 * // => { group: null, cohort: '2024-03', offset: 1, period: '2024-04', n: 2, retained: 1, state: 'complete', value: 0.5,
 * //      low: 0.0945, high: 0.9055, reason: null, … }
 */
export function retentionRows(retention: Pick<Retention, 'cohorts' | 'groups'>): readonly RetentionRow[] {
  const groups: readonly Pick<RetentionGroup, 'value' | 'cohorts'>[] =
    retention.groups.length > 0 ? retention.groups : [{ value: null, cohorts: retention.cohorts }]
  return groups.flatMap(({ value: group, cohorts }) =>
    cohorts.flatMap(({ cohort, size, cells }) =>
      cells.map((cell): RetentionRow => {
        const {
          offset,
          to,
          period,
          eligible: n,
          retained,
          seen,
          maturity,
          coverage,
          state,
          fingerprint,
          rate,
        } = cell
        const shared = {
          group,
          cohort,
          offset,
          to,
          period,
          size,
          n,
          retained,
          seen,
          maturity,
          coverage,
          state,
        }
        if (rate.kind === 'undefined')
          return { ...shared, value: null, low: null, high: null, reason: rate.reason, fingerprint }
        const { value, interval } = rate
        const reason = state === 'incomplete' ? 'not-over' : null
        return { ...shared, value, low: interval.low, high: interval.high, reason, fingerprint }
      }),
    ),
  )
}

/** More cells are no table; an event dated by mistake is the usual cause. */
const mostCells = 1_000_000

interface Part {
  readonly value: GroupValue
  readonly collected: Collected
  readonly number: number | undefined
}

export type ReadOptions = RetentionOptions & ReadReading

/** Which rows and columns there are; nothing where there is no cohort. */
export function frameOf(
  partial: ActivityPartial,
  settings: Settings,
  options: ReadOptions,
): Frame | undefined {
  const { periods, measure } = settings
  const { asOf, since, until, upTo = Infinity } = options
  const { through, over } = horizonOf(partial, periods, asOf)
  const first = since === undefined ? firstCohort(partial.all, settings, asOf) : periods.indexOf(since)
  if (first === undefined || first > through) return undefined
  const last = Math.min(through, until === undefined ? through : periods.indexOf(until))
  const elapsed = elapsedClock(settings)
  const begun =
    elapsed === undefined ? through - first : elapsed.begunBy(asOf, elapsed.seenBy(periods.startOf(first)))
  const columns = columnsOf(measure, Math.min(Math.max(begun, 0), upTo, mostCells) + 1)
  const cells = (last - first + 1) * columns.length
  if (cells > mostCells)
    throw fault(
      'too-large',
      '$.since',
      since,
      `since, until or upTo, for at most ${mostCells} cells of ${cells}`,
    )
  return { first, last, through, over, asOf, columns }
}

/** The first period in which anybody entered. */
function firstCohort(
  { entries, activity, instants }: Collected,
  { periods }: Settings,
  asOf: Instant,
): number | undefined {
  const sets = entries ?? activity
  if (sets !== null) return earliestPeriod(sets)
  let first = Infinity
  for (const own of instants ?? []) {
    for (let i = 0; i < (own?.length ?? 0); i += 3) {
      if (own[i]! <= asOf && own[i + 1]! % 2 === 1) first = Math.min(first, periods.indexOf(own[i]!))
    }
  }
  return first === Infinity ? undefined : first
}

function tableOf(
  counts: Counts,
  settings: Settings,
  frame: Frame,
  options: ReadOptions,
  fingerprint: string,
): Pick<Retention, 'cohorts' | 'averages'> {
  const { first, columns } = frame
  const { periods } = settings
  const width = columns.length
  const money = moneyOf(settings)
  const { gaps, tolerance } = options
  const { totals } = counts
  const calendar = settings.clock === 'calendar'
  // Cells of one period lie in many rows: what is asked of it is asked once.
  const names: (string | undefined)[] = []
  const skips: (boolean | undefined)[] = []
  const cohorts = Array.from(counts.sizes, (size, row): RetentionCohort => {
    const from = periods.startOf(first + row)
    const span = { from, to: periods.endOf(first + row) }
    const cells: RetentionCell[] = []
    const begun = lastBegun(first + row, settings, frame)
    for (let column = 0; column < width; column++) {
      const { from: offset, to } = columns[column]!
      if (offset > begun) break
      const at = row * width + column
      const eligible = counts.eligible[at]!
      const retained = counts.retained[at]!
      const seen = counts.seen[at]!
      const matured = settings.matureOnly
        ? eligible
        : maturedOf(first + row, to, size, settings, frame, counts, at)
      skips[row + offset] ??= isSkipped(first + row + offset, settings)
      const coverage = skips[row + offset]
        ? 0
        : gaps.length === 0
          ? 1
          : coverageOf(gaps, settings.agreed.activity, windowOf(first + row, offset, to, settings, frame))
      const state =
        1 - coverage > tolerance
          ? 'unobserved'
          : isOver(first + row, to, size, matured, settings, frame)
            ? 'complete'
            : 'incomplete'
      if (calendar) names[row + offset] ??= periods.nameOf(first + row + offset)
      const period = calendar ? names[row + offset]! : null
      const maturity = size === 0 ? (state === 'complete' ? 1 : 0) : matured / size
      const rate = rateOf(retained, eligible, size, state, options)
      const cell = {
        offset,
        to,
        period,
        n: size,
        eligible,
        maturity,
        retained,
        seen,
        state,
        coverage,
        rate,
        fingerprint,
      } as const
      cells.push(totals === undefined ? cell : summed(cell, money(totals[at]!)))
    }
    return {
      cohort: periods.nameOf(first + row),
      size,
      coverage: coverageOf(gaps, settings.agreed.entry, span),
      cells,
    }
  })
  const averages = columns.map((column, i) => average(cohorts, column, i, settings, options))
  return { cohorts, averages: averages.filter((_, i) => cohorts.some(({ cells }) => cells.length > i)) }
}

/** Apart, since taking an object to pieces for every cell costs more than all the rest of it. */
function summed({ fingerprint, ...cell }: RetentionCell, total: number | string): RetentionCell {
  return { ...cell, total, fingerprint }
}

/** The last offset whose time has come for anybody of a cohort. */
export function lastBegun(cohort: number, settings: Settings, { through, asOf }: Frame): number {
  const elapsed = elapsedClock(settings)
  if (elapsed === undefined) return through - cohort
  return elapsed.begunBy(asOf, elapsed.seenBy(settings.periods.startOf(cohort)))
}

/** A date or an hour that clocks skipped: nobody could have been active in it, and nobody was missing. */
const isSkipped = (period: number, { clock, measure, periods }: Settings): boolean =>
  clock === 'calendar' && measure === 'on' && periods.endOf(period) <= periods.startOf(period)

/** Whether it has passed for everybody who entered, or might have. */
function isOver(
  cohort: number,
  to: number,
  size: number,
  matured: number,
  { clock, periods }: Settings,
  frame: Frame,
): boolean {
  if (clock === 'calendar') return cohort + to <= frame.over
  const end = periods.endOf(cohort)
  return end <= frame.asOf && (size > 0 ? matured === size : end + (to + 1) * clock.length <= frame.asOf)
}

/** How many have a window that has passed, where rates speak of everybody. */
function maturedOf(
  cohort: number,
  to: number,
  size: number,
  { clock }: Settings,
  { over }: Frame,
  { matured }: Counts,
  at: number,
): number {
  return clock === 'calendar' ? (cohort + to <= over ? size : 0) : matured[at]!
}

/** The time that a cell looks at, of all its people together. */
function windowOf(
  cohort: number,
  offset: number,
  to: number,
  { clock, periods, measure }: Settings,
  { asOf }: Frame,
): { readonly from: Instant; readonly to: Instant } {
  const open =
    measure === 'on-or-after' ||
    (typeof measure === 'object' && 'each' in measure && measure.each === 'on-or-after')
  const cumulative =
    measure === 'on-or-before' ||
    measure === 'consecutive' ||
    (typeof measure === 'object' && 'atLeast' in measure)
  const begin = cumulative && offset > 0 ? 1 : offset
  const from =
    clock === 'calendar' ? periods.startOf(cohort + begin) : periods.startOf(cohort) + begin * clock.length
  const end =
    clock === 'calendar' ? periods.endOf(cohort + to) : periods.endOf(cohort) + (to + 1) * clock.length
  return { from, to: open ? Math.max(asOf + 1, from + 1) : Math.min(end, asOf + 1) }
}

function rateOf(
  retained: number,
  eligible: number,
  size: number,
  state: RetentionCell['state'],
  { level, interval }: ReadOptions,
): RetentionRate {
  if (state === 'unobserved') return { kind: 'undefined', reason: 'not-observed' }
  if (eligible === 0 && size > 0) return { kind: 'undefined', reason: 'not-over' }
  return proportion({ successes: retained, trials: eligible, level, method: interval })
}

/** Sums in the order of cohorts, so that the mean has the same bits however events arrived. */
function average(
  cohorts: readonly RetentionCohort[],
  { from: offset, to }: Column,
  index: number,
  { matureOnly }: Settings,
  options: ReadOptions,
): RetentionAverage {
  let [counted, eligible, retained, people, rates, sum] = [0, 0, 0, 0, 0, 0]
  for (const { cells } of cohorts) {
    const cell = cells[index]
    if (cell === undefined || cell.state === 'unobserved') continue
    eligible += cell.eligible
    retained += cell.retained
    people += cell.n
    if (matureOnly && cell.state !== 'complete') continue
    counted += 1
    if (cell.rate.kind === 'undefined') continue
    rates += 1
    sum += cell.rate.value
  }
  return {
    offset,
    to,
    cohorts: counted,
    eligible,
    retained,
    rate:
      eligible === 0 && people > 0
        ? { kind: 'undefined', reason: 'not-over' }
        : proportion({
            successes: retained,
            trials: eligible,
            level: options.level,
            method: options.interval,
          }),
    mean:
      rates === 0
        ? { kind: 'undefined', reason: 'no-cohorts' }
        : {
            kind: 'estimate',
            value: sum / rates,
            cohorts: rates,
            method: 'mean-of-cohorts',
          },
  }
}

function warningsOf(
  partial: ActivityPartial,
  settings: Settings,
  frame: Frame,
  { gaps, asOf }: ReadOptions,
): readonly RetentionWarning[] {
  const { entryRule, periods, agreed } = settings
  const warnings: RetentionWarning[] = []
  if (entryRule === 'recurring') warnings.push({ code: 'rows-overlap' })
  if (entryRule === 'first-in-window') warnings.push({ code: 'first-in-window' })
  warnings.push(...leftOut(partial, settings, asOf))
  for (let cohort = frame.first; gaps.length > 0 && cohort <= frame.last; cohort++) {
    const span = { from: periods.startOf(cohort), to: periods.endOf(cohort) }
    if (coverageOf(gaps, agreed.entry, span) < 1)
      warnings.push({ code: 'entries-not-observed', period: periods.nameOf(cohort) })
  }
  const before = { from: -Infinity, to: periods.startOf(frame.last) }
  if (
    (entryRule === 'first-matching' || entryRule === 'first-ever') &&
    coverageOf(gaps, agreed.entry, before) < 1
  )
    warnings.push({ code: 'history-not-observed' })
  return warnings
}

/** The open period, where what was kept cannot tell it from what came later. */
function leftOut(
  partial: ActivityPartial,
  { periods }: Settings,
  asOf: Instant,
): readonly RetentionWarning[] {
  const { through, blurred } = horizonOf(partial, periods, asOf)
  return blurred ? [{ code: 'open-period-left-out', period: periods.nameOf(through + 1) }] : []
}

/** Money is summed in minor units, and written as text. */
function moneyOf({ collection, agreed }: Settings): (total: number) => number | string {
  const field = Object.values(collection.events?.events ?? {}).map((fields) => fields[agreed.sum ?? ''])
  const money = field.find((one) => one?.type === 'money')
  return (total) => {
    if (!Number.isSafeInteger(total)) throw fault('out-of-range', '$.sum', total, 'a sum that fits 2^53 - 1')
    return money?.type === 'money' ? formatMinor(total, minorDigits(money.currency)) : total
  }
}

/** @throws DefinitionError for options that do not hold, with their path. */
export function readOptions(options: RetentionOptions, entryRule: EntryRule): ReadOptions {
  const read = readReading(options, ['until', 'upTo'])
  const { since, until, upTo } = read
  if (until !== undefined && !isInstant(until))
    throw fault('invalid-instant', '$.until', until, 'milliseconds since 1970')
  if (until !== undefined && since !== undefined && until < since)
    throw fault('out-of-range', '$.until', until, 'at or after since')
  if (since === undefined && entryRule === 'first-in-window')
    throw fault('missing', '$.since', since, 'where the window of first-in-window begins')
  if (upTo !== undefined && !(Number.isSafeInteger(upTo) && upTo >= 0))
    throw fault('out-of-range', '$.upTo', upTo, 'a whole number from 0')
  return read
}
