import { checkRecord, unknownName } from '../kernel/errors.js'
import { normalCdf, normalQuantile } from './normal.js'
import { checkCounts, checkLevel, type ProportionInput, wilsonBounds } from './proportions.js'

/** How many of how many. */
export type Counts = Omit<ProportionInput, 'level'>

/**
 * How the interval of a difference is made.
 *
 * - `newcombe`: from both Wilson intervals (method 10). Keeps its level in small samples, too. For reports.
 * - `agresti-caffo`: Wald's after one success and one failure more in each. For formulas on one line.
 * - `wald`: the difference and z standard errors. Not to be used but to reproduce what others print: in small samples,
 *   and near 0 and 1, it covers less than its level.
 */
export type DifferenceMethod = 'newcombe' | 'agresti-caffo' | 'wald'

/** How much larger one share is than another; without people on both sides there is none. */
export type ProportionDifference =
  | {
      readonly kind: 'estimate'
      /** The share of `a` minus that of `b`, in [-1, 1]. */
      readonly value: number
      /** Within [-1, 1]. */
      readonly interval: { readonly low: number; readonly high: number; readonly level: number }
      readonly method: DifferenceMethod
    }
  | { readonly kind: 'undefined'; readonly reason: 'no-trials' }

/** How surprising a difference is if there is none. */
export type ProportionTest =
  | {
      readonly kind: 'estimate'
      /** In standard errors; positive where `a` has the larger share. */
      readonly z: number
      /** How likely a difference at least as large on either side is, if both are the same. */
      readonly p: number
      readonly method: 'pooled-z'
    }
  | { readonly kind: 'undefined'; readonly reason: 'no-trials' | 'no-variation' }

/**
 * The difference of two independent shares with an interval of the method named, cut to [-1, 1].
 *
 * @throws DefinitionError `out-of-range` for counts and levels as in `wilson`; `unknown-name` for another method.
 * @see Newcombe (1998), "Interval estimation for the difference between independent proportions", method 10;
 * Agresti & Caffo (2000).
 * @example
 * proportionDifference({ a: { successes: 56, trials: 70 }, b: { successes: 48, trials: 80 }, level: 0.95, method: 'newcombe' })
 * // => { kind: 'estimate', value: 0.2, interval: { low: 0.0524, high: 0.3339, level: 0.95 }, method: 'newcombe' }
 */
export function proportionDifference(given: {
  readonly a: Counts
  readonly b: Counts
  readonly level: number
  readonly method: DifferenceMethod
}): ProportionDifference {
  checkRecord(given, '$')
  const { a, b, level, method } = given
  const bounds = typeof method === 'string' && Object.hasOwn(methods, method) ? methods[method] : undefined
  if (bounds === undefined) throw unknownName('$.method', method, Object.keys(methods))
  checkCounts(a, '$.a')
  checkCounts(b, '$.b')
  checkLevel(level)
  if (a.trials === 0 || b.trials === 0) return { kind: 'undefined', reason: 'no-trials' }
  const [low, high] = bounds(a, b, (1 - level) / 2)
  return {
    kind: 'estimate',
    value: a.successes / a.trials - b.successes / b.trials,
    interval: { low: Math.max(-1, low), high: Math.min(1, high), level },
    method,
  }
}

/**
 * The z test of whether two independent shares are the same, with the standard error of both taken together.
 *
 * Good from about five successes and five failures on each side. Where all or none succeed on both there is nothing to
 * test (`no-variation`).
 *
 * @throws DefinitionError `out-of-range` for counts as in `wilson`.
 * @example
 * proportionTest({ a: { successes: 56, trials: 70 }, b: { successes: 48, trials: 80 } })
 * // => { kind: 'estimate', z: 2.6502, p: 0.008045, method: 'pooled-z' }
 */
export function proportionTest(given: { readonly a: Counts; readonly b: Counts }): ProportionTest {
  checkRecord(given, '$')
  const { a, b } = given
  checkCounts(a, '$.a')
  checkCounts(b, '$.b')
  if (a.trials === 0 || b.trials === 0) return { kind: 'undefined', reason: 'no-trials' }
  const successes = a.successes + b.successes
  const failures = a.trials - a.successes + (b.trials - b.successes)
  if (successes === 0 || failures === 0) return { kind: 'undefined', reason: 'no-variation' }
  const trials = a.trials + b.trials
  const error = Math.sqrt((successes / trials) * (failures / trials) * (1 / a.trials + 1 / b.trials))
  const z = (a.successes / a.trials - b.successes / b.trials) / error
  return { kind: 'estimate', z, p: 2 * normalCdf(-Math.abs(z)), method: 'pooled-z' }
}

type Bounds = (a: Counts, b: Counts, tail: number) => readonly [number, number]

const methods: Readonly<Record<DifferenceMethod, Bounds>> = {
  newcombe: (a, b, tail) => {
    const [p, q] = [a.successes / a.trials, b.successes / b.trials]
    const [lowA, highA] = wilsonBounds(a.successes, a.trials - a.successes, tail)
    const [lowB, highB] = wilsonBounds(b.successes, b.trials - b.successes, tail)
    return [p - q - length(p - lowA, highB - q), p - q + length(highA - p, q - lowB)]
  },
  'agresti-caffo': (a, b, tail) => withErrors(more(a), more(b), tail),
  wald: withErrors,
}

/** The difference and z of its standard errors. */
function withErrors(a: Counts, b: Counts, tail: number): readonly [number, number] {
  const [p, q] = [a.successes / a.trials, b.successes / b.trials]
  const variance = (p * (1 - p)) / a.trials + (q * (1 - q)) / b.trials
  const error = -normalQuantile(tail) * Math.sqrt(variance)
  return [p - q - error, p - q + error]
}

const more = ({ successes, trials }: Counts): Counts => ({ successes: successes + 1, trials: trials + 2 })

const length = (x: number, y: number): number => Math.sqrt(x * x + y * y)
