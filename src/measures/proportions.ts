import { fault } from '../kernel/errors.js'
import { normalQuantile } from './normal.js'

/** How many of how many: `successes` out of `trials`, and the confidence that an interval is to have. */
export interface ProportionInput {
  readonly successes: number
  readonly trials: number
  /** Strictly between 0 and 1, such as 0.95. */
  readonly level: number
}

/** A share of people with what it may plausibly be; of nobody there is none, which is neither 0 nor NaN. */
export type Proportion =
  | {
      readonly kind: 'estimate'
      /** The observed share, in [0, 1]. */
      readonly value: number
      /** `0 <= low <= value <= high <= 1`. */
      readonly interval: { readonly low: number; readonly high: number; readonly level: number }
      /** How many were looked at. */
      readonly trials: number
      readonly method: 'wilson'
    }
  | { readonly kind: 'undefined'; readonly reason: 'no-trials' }

/**
 * An observed share with its Wilson score interval, which stays within [0, 1] and keeps its level in small samples.
 *
 * The interval is not symmetric about the value: it leans towards one half. With no successes it starts at exactly 0,
 * with nothing else it ends at exactly 1.
 *
 * @throws DefinitionError `out-of-range` unless both counts are whole, `0 <= successes <= trials`, and `0 < level < 1`.
 * @see Wilson (1927), "Probable Inference, the Law of Succession, and Statistical Inference"; Newcombe (1998).
 * @example
 * wilson({ successes: 0, trials: 20, level: 0.95 })
 * // => { kind: 'estimate', value: 0, interval: { low: 0, high: 0.1611, level: 0.95 }, trials: 20, method: 'wilson' }
 */
export function wilson({ successes, trials, level }: ProportionInput): Proportion {
  if (!(Number.isSafeInteger(trials) && trials >= 0))
    throw outOfRange('$.trials', trials, 'a whole number from 0')
  if (!(Number.isSafeInteger(successes) && successes >= 0 && successes <= trials)) {
    throw outOfRange('$.successes', successes, 'a whole number from 0 to the trials')
  }
  if (!(Number.isFinite(level) && level > 0 && level < 1))
    throw outOfRange('$.level', level, 'strictly between 0 and 1')
  if (trials === 0) return { kind: 'undefined', reason: 'no-trials' }
  const z = -normalQuantile((1 - level) / 2)
  const failures = trials - successes
  const value = successes / trials
  return {
    kind: 'estimate',
    value,
    // By symmetry the upper bound is what the failures leave; each bound is its own stable root, then held to the value.
    interval: {
      low: Math.min(value, lowerBound(successes, failures, z)),
      high: Math.max(value, upperBound(successes, failures, z)),
      level,
    },
    trials,
    method: 'wilson',
  }
}

/** The smaller root, as the product of the roots over the larger one: no cancellation where few succeed. */
function lowerBound(successes: number, failures: number, z: number): number {
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
