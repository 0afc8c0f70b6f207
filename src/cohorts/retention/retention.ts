import { fault } from '../../kernel/errors.js'
import {
  canonical,
  digestName,
  type EventSpecs,
  type Instant,
  type PeriodUnit,
  type Sentence,
  zoneFingerprint,
} from '../../kernel/index.js'
import { isRecord } from '../../kernel/plain.js'
import { untracked } from '../../measures/activity/as-of.js'
import { type ActivityPartial, type Collected, nameOf } from '../../measures/activity/collected.js'
import { collectorOf } from '../../measures/activity/collector.js'
import { type ActivityAggregate, verbsOf } from '../../measures/activity/definition.js'
import { byUnits, compareGroupValues, type GroupValue, ranksOf } from '../../measures/activity/group-value.js'
import { type RetentionAverage, type RetentionCell, type RetentionCohort, tableOf } from './cells.js'
import { frameOf, lastBegun, type RetentionOptions, readOptions } from './frame.js'
import { type RetentionDefinition, type RetentionMeasure, readSettings } from './settings.js'
import { type Counts, countTable } from './table.js'
import { leftOut, type RetentionWarning, warningsOf } from './warnings.js'

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

interface Part {
  readonly value: GroupValue
  readonly collected: Collected
  readonly number: number | undefined
}
