import { checkName, checkRecord, fault } from '../../kernel/errors.js'
import { isRecord } from '../../kernel/plain.js'
import { normalQuantile } from '../normal.js'
import { checkLevel } from '../proportions.js'
import { RunningSum } from '../running-sum.js'
import type { SurvivalCurve, SurvivalError, SurvivalRow } from './kaplan-meier.js'
import { checkTime } from './survival.js'
import {
  type SurvivalInterval,
  type SurvivalTransform,
  survivalInterval,
  survivalTransforms,
} from './survival-interval.js'

/** Survival at a time, or why it is not known. */
export type SurvivalAt =
  | {
      readonly kind: 'estimate'
      readonly time: number
      readonly value: number
      readonly standardError: SurvivalError
      readonly interval: SurvivalInterval
      readonly transform: SurvivalTransform
      readonly level: number
    }
  | {
      readonly kind: 'undefined'
      /**
       * - `before-observation`: the curve speaks of those who lived to its `from`.
       * - `nobody-at-risk`: in one of the curve's `gaps`.
       * - `after-follow-up`: later than anybody was watched, while some had not had the event.
       */
      readonly reason: 'no-records' | 'before-observation' | 'nobody-at-risk' | 'after-follow-up'
    }

/** The time by which a share had the event, with the times at which the band says so. */
export interface SurvivalQuantile {
  /** The share that had the event. */
  readonly p: number
  readonly value: SurvivalTime
  readonly low: SurvivalTime
  readonly high: SurvivalTime
  readonly transform: SurvivalTransform
  readonly level: number
}

/** A time, or that so many had not had the event when watching ended. */
export type SurvivalTime =
  | { readonly kind: 'estimate'; readonly time: number }
  | { readonly kind: 'undefined'; readonly reason: 'not-reached' | 'no-records' }

/** The mean time to the event, where what comes after a horizon counts as the horizon. */
export type RestrictedMean =
  | {
      readonly kind: 'estimate'
      /** In the curve's unit, from time 0. */
      readonly value: number
      readonly standardError: number
      /** By the normal distribution, cut to between `from` and the horizon. */
      readonly interval: { readonly low: number; readonly high: number; readonly level: number }
      readonly upTo: number
    }
  | { readonly kind: 'undefined'; readonly reason: 'no-records' | 'before-observation' | 'after-follow-up' }

/**
 * What a curve says of a time: the share that lives beyond it. After the last time it is not known, unless nobody was left.
 *
 * @throws DefinitionError `wrong-type` or `malformed-state` for what is no curve, `out-of-range` for what is no time.
 * @example
 * const curve = kaplanMeier([{ time: 2, event: true }, { time: 4, event: false }], { unit: 'day', transform: 'log-log' })
 * const at = survivalAt(curve, 3)
 * if (at.kind === 'estimate') at.value // => 0.5
 * survivalAt(curve, 5) // => { kind: 'undefined', reason: 'after-follow-up' }
 */
export function survivalAt(curve: SurvivalCurve, time: number): SurvivalAt {
  const { rows, from, transform, level } = checkCurve(curve)
  checkTime(time, '$.time')
  if (rows.length === 0) return { kind: 'undefined', reason: 'no-records' }
  if (time < from) return { kind: 'undefined', reason: 'before-observation' }
  const last = rowAt(rows, rows.length - 1)
  if (time > last.time && last.survival > 0) return { kind: 'undefined', reason: 'after-follow-up' }
  if (curve.gaps.some((gap) => time > gap.from && time <= gap.to))
    return { kind: 'undefined', reason: 'nobody-at-risk' }
  const index = lastUpTo(rows, time)
  if (index >= 0) {
    const { survival: value, standardError, interval } = rowAt(rows, index)
    return { kind: 'estimate', time: time + 0, value, standardError, interval, transform, level }
  }
  return {
    kind: 'estimate',
    time: time + 0,
    value: 1,
    standardError: { kind: 'estimate', survival: 0, logarithm: 0 },
    interval: survivalInterval({ high: 1, low: 0 }, 0, transform),
    transform,
    level,
  }
}

/**
 * The time by which a share `p` had the event: the median for 0.5.
 *
 * It is the first time at which survival is down to 1 - p; where it is exactly that for a while, the middle of the while,
 * up to the next fall or to the end of the curve. The limits are where the ends of the band get there, by the same rule
 * (Brookmeyer & Crowley 1982): so they depend on the curve's transform. Where few are left a band may rise again, and the
 * limit is then the row that comes nearest to 1 - p from below, as R reads it. What is not reached is `not-reached`.
 *
 * @param p - Above 0, up to 1.
 * @throws DefinitionError `wrong-type` or `malformed-state` for what is no curve, `out-of-range` for another p.
 * @example
 * const curve = kaplanMeier([1, 2, 3, 4, 5].map((time) => ({ time, event: time !== 4 })), { unit: 'day', transform: 'log' })
 * survivalQuantile(curve, 0.5).value // => { kind: 'estimate', time: 3 }
 */
export function survivalQuantile(curve: SurvivalCurve, p: number): SurvivalQuantile {
  const { rows, transform, level } = checkCurve(curve)
  if (!(Number.isFinite(p) && p > 0 && p <= 1)) throw fault('out-of-range', '$.p', p, 'above 0, up to 1')
  for (let i = 0; i < rows.length; i += 1) rowAt(rows, i)
  const at = (height: (row: SurvivalRow) => number | undefined) => crossing(rows, 1 - p, height)
  return {
    p,
    value: at(({ survival }) => survival),
    low: at(({ interval }) => (interval.kind === 'estimate' ? interval.low : undefined)),
    high: at(({ interval }) => (interval.kind === 'estimate' ? interval.high : undefined)),
    transform,
    level,
  }
}

/**
 * The mean of the time to the event or `upTo`, whichever is first: the area under the curve from 0 to the horizon.
 *
 * Two cohorts are compared at the same horizon. Of a curve that begins at `from`, it is the mean of those who lived to it,
 * and `from` is in it. Its error is 0 where nobody had the event: none was seen, which is not that there is none.
 *
 * @param options.upTo - The horizon, at or after `from`, no later than somebody was watched, unless nobody was left.
 * @throws DefinitionError `wrong-type` or `malformed-state` for what is no curve, `out-of-range` for what is no time.
 * @see Klein & Moeschberger (2003), "Survival Analysis", section 4.5; Royston & Parmar (2013).
 * @example
 * const curve = kaplanMeier([{ time: 2, event: true }, { time: 4, event: false }], { unit: 'day', transform: 'log-log' })
 * const mean = restrictedMean(curve, { upTo: 4 })
 * if (mean.kind === 'estimate') mean.value // => 3
 */
export function restrictedMean(curve: SurvivalCurve, options: { readonly upTo: number }): RestrictedMean {
  const { rows, from, level } = checkCurve(curve)
  checkRecord(options, '$')
  checkTime(options.upTo, '$.upTo')
  const upTo = options.upTo + 0
  if (rows.length === 0) return { kind: 'undefined', reason: 'no-records' }
  if (upTo < from) return { kind: 'undefined', reason: 'before-observation' }
  const last = rowAt(rows, rows.length - 1)
  if (upTo > last.time && last.survival > 0) return { kind: 'undefined', reason: 'after-follow-up' }
  // From the horizon backwards: the area beyond a time is what an event at it takes away.
  const area = new RunningSum()
  const variance = new RunningSum()
  let until = upTo
  for (let i = lastUpTo(rows, upTo); i >= 0; i -= 1) {
    const { time, survival, atRisk, events } = rowAt(rows, i)
    area.add(survival * (until - time))
    if (survival > 0 && events > 0 && upTo > 0) {
      // As a share of the horizon, whose square may be beyond the range.
      const beyond = area.value / upTo
      variance.add(beyond * beyond * (events / atRisk / (atRisk - events)))
    }
    until = time
  }
  area.add(until)
  const [value, standardError] = [area.value, upTo * Math.sqrt(variance.value)]
  const error = -normalQuantile((1 - level) / 2) * standardError
  return {
    kind: 'estimate',
    value,
    standardError,
    interval: { low: Math.max(from, value - error), high: Math.min(upTo, value + error), level },
    upTo,
  }
}

/**
 * Where a height gets down to a level; in the middle, where it stays at it. A band may rise again where few are left: of
 * the rows at or below the level the highest counts, which is late rather than early.
 */
function crossing(
  rows: readonly SurvivalRow[],
  level: number,
  height: (row: SurvivalRow) => number | undefined,
): SurvivalTime {
  const last = rows.at(-1)
  if (last === undefined) return { kind: 'undefined', reason: 'no-records' }
  // A share that was written in tenths is the float next to it.
  const nearly = 1e-12 * level
  let at: SurvivalRow | undefined
  let below: SurvivalRow | undefined
  let [atHeight, belowHeight] = [-1, -1]
  for (const row of rows) {
    const value = height(row)
    if (value === undefined || value > level + nearly) continue
    if (value > atHeight) [at, atHeight] = [row, value]
    if (value > belowHeight && value < level - nearly) [below, belowHeight] = [row, value]
  }
  if (at === undefined) return { kind: 'undefined', reason: 'not-reached' }
  if (at === below || level === 0) return { kind: 'estimate', time: at.time }
  return { kind: 'estimate', time: at.time + ((below ?? last).time - at.time) / 2 }
}

/** Index of the last row at or before a time; -1 where there is none. */
function lastUpTo(rows: readonly SurvivalRow[], time: number): number {
  let low = -1
  let high = rows.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (rowAt(rows, middle).time <= time) low = middle
    else high = middle - 1
  }
  return low
}

/** Refuses what is no curve; its rows are read one by one. */
function checkCurve(curve: SurvivalCurve): SurvivalCurve {
  checkRecord(curve, '$')
  const { rows, gaps, transform, level, from } = curve
  if (!(Array.isArray(rows) && Array.isArray(gaps) && gaps.every(isRecord))) {
    throw fault('malformed-state', '$', curve, 'a curve')
  }
  checkName(Object.keys(survivalTransforms), transform, '$.transform')
  checkLevel(level)
  checkTime(from, '$.from')
  return curve
}

function rowAt(rows: readonly SurvivalRow[], i: number): SurvivalRow {
  const row = rows[i]
  const { time, survival, atRisk, events, interval } = isRecord(row) ? row : ({} as SurvivalRow)
  const holds =
    row !== undefined &&
    Number.isFinite(time) &&
    time >= 0 &&
    Number.isFinite(survival) &&
    survival >= 0 &&
    survival <= 1 &&
    Number.isSafeInteger(atRisk) &&
    Number.isSafeInteger(events) &&
    events >= 0 &&
    events <= atRisk &&
    isRecord(interval)
  if (!holds) throw fault('malformed-state', `$.rows[${i}]`, row, 'a row of a curve')
  return row
}
