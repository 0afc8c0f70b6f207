import { fault } from '../../kernel/errors.js'
import { formatMinor, type Instant, minorDigits } from '../../kernel/index.js'
import { coverageOf } from '../../measures/activity/coverage.js'
import { type Proportion, proportion } from '../../measures/index.js'
import { type Column, type Frame, lastBegun, type ReadOptions } from './frame.js'
import type { Settings } from './settings.js'
import type { Counts } from './table.js'

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

/** The cells of these counts, and their averages. */
export function tableOf(
  counts: Counts,
  settings: Settings,
  frame: Frame,
  options: ReadOptions,
  fingerprint: string,
): { readonly cohorts: readonly RetentionCohort[]; readonly averages: readonly RetentionAverage[] } {
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

/** Money is summed in minor units, and written as text. */
function moneyOf({ collection, agreed }: Settings): (total: number) => number | string {
  const field = Object.values(collection.events?.events ?? {}).map((fields) => fields[agreed.sum ?? ''])
  const money = field.find((one) => one?.type === 'money')
  return (total) => {
    if (!Number.isSafeInteger(total)) throw fault('out-of-range', '$.sum', total, 'a sum that fits 2^53 - 1')
    return money?.type === 'money' ? formatMinor(total, minorDigits(money.currency)) : total
  }
}
