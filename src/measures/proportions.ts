import { checkRecord, fault, unknownName } from '../kernel/errors.js'
import { isRecord } from '../kernel/plain.js'
import { betaQuantile, betaQuantileUpper } from './beta.js'
import { normalQuantile } from './normal.js'

/** How many of how many: `successes` out of `trials`, and the confidence that an interval is to have. */
export interface ProportionInput {
  readonly successes: number
  readonly trials: number
  /** Strictly between 0 and 1, such as 0.95. */
  readonly level: number
}

/**
 * How the interval of a share is made.
 *
 * - `wilson`: what a score test would not reject. Covers about its level on average, in small samples too. For reports.
 * - `clopper-pearson`: what neither exact one-sided test would reject. Never covers less than its level, mostly more, so
 *   it is wide. Where falling short must not happen: audits, safety.
 * - `jeffreys`: equal tails of the posterior Beta(k + 1/2, n - k + 1/2). As wide as Wilson's, for whoever reads it as
 *   Bayesian. Of no successes it begins above 0, and of nothing else it ends below 1: the value lies outside.
 * - `agresti-coull`: Wald's about Wilson's centre; somewhat wider than Wilson's. For formulas on one line.
 * - `wald`: value and z standard errors. Not to be used but to reproduce what others print: of 0 in 20 it is [0, 0], near
 *   the ends and in small samples it covers far less than its level.
 */
export type ProportionMethod = 'wilson' | 'clopper-pearson' | 'jeffreys' | 'agresti-coull' | 'wald'

/** A share of people with what it may plausibly be; of nobody there is none, which is neither 0 nor NaN. */
export type Proportion =
  | {
      readonly kind: 'estimate'
      /** The observed share, in [0, 1]. */
      readonly value: number
      /** `0 <= low <= value <= high <= 1`; by `jeffreys` and `agresti-coull` the value may lie outside. */
      readonly interval: { readonly low: number; readonly high: number; readonly level: number }
      /** How many were looked at. */
      readonly trials: number
      readonly method: ProportionMethod
    }
  | { readonly kind: 'undefined'; readonly reason: 'no-trials' }

/**
 * An observed share with an interval of the method named, cut to [0, 1].
 *
 * @throws DefinitionError `out-of-range` unless both counts are whole, `0 <= successes <= trials`, and `0 < level < 1`;
 * above 10^12 trials for `clopper-pearson` and `jeffreys`. `unknown-name` for another method.
 * @see Brown, Cai & DasGupta (2001), "Interval Estimation for a Binomial Proportion"; Clopper & Pearson (1934);
 * Agresti & Coull (1998).
 * @example
 * proportion({ successes: 0, trials: 20, level: 0.95, method: 'clopper-pearson' })
 * // => { kind: 'estimate', value: 0, interval: { low: 0, high: 0.1684, level: 0.95 }, trials: 20, method: 'clopper-pearson' }
 */
export function proportion(given: ProportionInput & { readonly method: ProportionMethod }): Proportion {
  const { method, ...input } = isRecord(given) ? given : ({} as typeof given)
  const bounds = typeof method === 'string' && Object.hasOwn(methods, method) ? methods[method] : undefined
  if (bounds === undefined) throw unknownName('$.method', method, Object.keys(methods))
  checkCounts(input, '$')
  checkLevel(input.level)
  const { successes, trials, level } = input
  if (trials === 0) return { kind: 'undefined', reason: 'no-trials' }
  // Where the level is as good as none, both ends round to one number, in either order.
  const [one, other] = bounds(successes, trials - successes, (1 - level) / 2)
  const [low, high] = [Math.min(one, other), Math.max(one, other)]
  return {
    kind: 'estimate',
    value: (successes + 0) / trials,
    interval: { low: Math.max(0, low), high: Math.min(1, Math.max(low, high)) + 0, level },
    trials,
    method,
  }
}

/**
 * An observed share with its Wilson score interval, which stays within [0, 1] and keeps its level in small samples.
 *
 * The interval is not symmetric about the value: it leans towards one half. With no successes it starts at exactly 0,
 * with nothing else it ends at exactly 1.
 *
 * @throws DefinitionError `out-of-range` unless both counts are whole, `0 <= successes <= trials`, and `0 < level < 1`.
 * @see Wilson (1927), "Probable Inference, the Law of Succession, and Statistical Inference"; Newcombe (1998);
 * `proportion` for other intervals.
 * @example
 * wilson({ successes: 0, trials: 20, level: 0.95 })
 * // => { kind: 'estimate', value: 0, interval: { low: 0, high: 0.1611, level: 0.95 }, trials: 20, method: 'wilson' }
 */
export function wilson(input: ProportionInput): Proportion {
  const { successes, trials, level } = isRecord(input) ? input : ({} as ProportionInput)
  return proportion({ successes, trials, level, method: 'wilson' })
}

/** Refuses counts that are none. */
export function checkCounts(counts: Omit<ProportionInput, 'level'>, path: string): void {
  checkRecord(counts, path)
  const { successes, trials } = counts
  if (!(Number.isSafeInteger(trials) && trials >= 0))
    throw outOfRange(`${path}.trials`, trials, 'a whole number from 0')
  if (!(Number.isSafeInteger(successes) && successes >= 0 && successes <= trials)) {
    throw outOfRange(`${path}.successes`, successes, 'a whole number from 0 to the trials')
  }
}

/** Refuses what is no confidence. */
export function checkLevel(level: number): void {
  if (!(Number.isFinite(level) && level > 0 && level < 1))
    throw outOfRange('$.level', level, 'strictly between 0 and 1')
}

/** Both ends of an interval, by successes, failures and the share that each tail is to have. */
type Bounds = (successes: number, failures: number, tail: number) => readonly [number, number]

/** By symmetry the upper bound is what the failures leave; each bound is its own stable root, then held to the value. */
export const wilsonBounds: Bounds = (successes, failures, tail) => {
  const z = -normalQuantile(tail)
  const value = successes / (successes + failures)
  return [
    Math.min(value, lowerBound(successes, failures, z)),
    Math.max(value, upperBound(successes, failures, z)),
  ]
}

const methods: Readonly<Record<ProportionMethod, Bounds>> = {
  wilson: wilsonBounds,
  'clopper-pearson': (successes, failures, tail) => {
    checkShapes(successes + failures)
    return [
      successes === 0 ? 0 : betaQuantile(tail, successes, failures + 1),
      failures === 0 ? 1 : betaQuantileUpper(tail, successes + 1, failures),
    ]
  },
  jeffreys: (successes, failures, tail) => {
    checkShapes(successes + failures)
    return [
      betaQuantile(tail, successes + 0.5, failures + 0.5),
      betaQuantileUpper(tail, successes + 0.5, failures + 0.5),
    ]
  },
  'agresti-coull': (successes, failures, tail) => {
    const z = -normalQuantile(tail)
    const half = (z * z) / 2
    return about(successes + half, failures + half, z)
  },
  wald: (successes, failures, tail) => about(successes, failures, -normalQuantile(tail)),
}

/** The share and z of its standard errors. */
function about(successes: number, failures: number, z: number): readonly [number, number] {
  const n = successes + failures
  const error = z * Math.sqrt(((successes / n) * (failures / n)) / n)
  return [successes / n - error, successes / n + error]
}

function checkShapes(trials: number): void {
  if (trials >= 1e12) throw outOfRange('$.trials', trials, 'up to 10^12 for this method')
}

/** The smaller root, as the product of the roots over the larger one: no cancellation where few succeed. */
function lowerBound(successes: number, failures: number, z: number): number {
  if (successes === 0) return 0
  const n = successes + failures
  const share = successes / n
  return (share * successes) / (n + z * z) / upperBound(successes, failures, z)
}

/** The larger root of the score equation; nothing in it cancels. */
function upperBound(successes: number, failures: number, z: number): number {
  if (failures === 0) return 1
  const n = successes + failures
  const zz = z * z
  // Above 2^50 trials the last rounding may pass 1 by an ulp.
  return Math.min(
    1,
    (2 * successes + zz + z * Math.sqrt(zz + 4 * successes * (failures / n))) / (2 * (n + zz)),
  )
}

function outOfRange(path: string, value: unknown, expected: string) {
  return fault('out-of-range', path, value, expected)
}
