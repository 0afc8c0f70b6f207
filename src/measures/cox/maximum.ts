import { scaled, unitsOf } from '../descent.js'
import { along, dot, eigen, inverse, type Matrix, times } from '../symmetric.js'
import { type Likelihood, partialLikelihood, scoresOf, type Ties } from './partial-likelihood.js'
import { separation } from './separation.js'
import type { Subjects } from './subjects.js'

/** Where the partial likelihood is largest, or why it has no such place; in units of the subjects' columns. */
export type Maximum =
  | {
      readonly kind: 'maximum'
      readonly at: readonly number[]
      readonly start: Likelihood
      readonly startCovariance: Matrix
      readonly top: Likelihood
      readonly covariance: Matrix
      readonly iterations: number
    }
  | {
      readonly kind: 'none'
      readonly reason: 'constant' | 'collinear' | 'monotone' | 'undetermined'
      readonly direction: readonly number[]
    }

/** Below it, an eigenvalue of the information with each coefficient in its own unit is rounding. */
const FLAT = 1e-12

/**
 * By Newton's steps from 0, halved where they do not rise; and whether what they lead to is a maximum.
 *
 * The logarithm of the partial likelihood is concave, so slopes that vanish would be enough, but under separation they
 * fade towards infinity and pass for it. A proof does not need them to vanish. Each slope is a sum of differences
 * x_i - x_j between who had an event and who was at risk, with weights above 0. Take Newton's step u: giving every
 * subject at risk 1 + u'(x_j - mean) times its weight makes every such sum exactly 0. If no u'x_j is as much as 1 from its
 * mean, these weights are above 0, too. Along a direction of separation all those differences would have to be at
 * least 0, and their sum with weights above 0 cannot be 0 unless they all are, which the information, being positive
 * definite, excludes. So: where Newton's step moves no two scores apart by 1, there is a maximum, and only one.
 *
 * @see Stiemke (1915) for the alternative between weights and directions; Jacobsen (1989), "Existence and Unicity of
 * MLEs in Discrete Exponential Family Distributions", for likelihoods of this kind.
 */
export function maximumOf(subjects: Subjects, ties: Ties): Maximum {
  const p = subjects.names.length
  const origin = new Array<number>(p).fill(0)
  const start = partialLikelihood(subjects, ties, origin)
  const constant = start.information.findIndex((row, k) => !(row[k]! > FLAT * FLAT * subjects.events))
  if (constant >= 0)
    return { kind: 'none', reason: 'constant', direction: origin.map((_, k) => (k === constant ? 1 : 0)) }
  const { values, vectors } = eigen(scaled(start.information, unitsOf(start.information)))
  if (!(values[0]! > FLAT * values.at(-1)!)) {
    const units = unitsOf(start.information)
    return { kind: 'none', reason: 'collinear', direction: vectors[0]!.map((part, k) => part * units[k]!) }
  }
  const startCovariance = covarianceOf(start.information)!

  let place = { at: origin as readonly number[], ...start }
  let covariance: Matrix | undefined = startCovariance
  let exists = false
  let before = Infinity
  let closing = 0
  const steps: (readonly number[])[] = []
  for (let iterations = 0; iterations < 500 && covariance !== undefined; iterations += 1) {
    const { gradient, noise } = place
    const step = times(covariance, gradient)
    // In standard errors, squared.
    const gain = dot(gradient, step)
    const apart = apartBy(subjects, step, false)
    if (!exists) {
      const rounding = covariance.map((row) => row.reduce((sum, c, l) => sum + Math.abs(c) * noise[l]!, 0))
      const unsure = apartBy(subjects, rounding, true)
      // Rounding alone could be what moves them.
      if (unsure > 0.5) break
      steps.push(step)
      // Whoever climbs this long may be climbing for ever.
      if (iterations === 8 || iterations === 20 || iterations === 40) {
        const direction = separation(subjects, steps.slice(-2))
        if (direction !== undefined) return { kind: 'none', reason: 'monotone', direction }
      }
      exists = apart + unsure < 0.99
    } else {
      // It exists, but rounding hides where: no place is told rather than one nearby.
      closing += 1
      if (closing > 60) break
    }
    const settled = gain > before / 4 && gain <= 1e-6 && apart <= 1e-4
    if (exists && ((gain <= 1e-26 && apart <= 1e-9) || settled)) {
      return {
        kind: 'maximum',
        at: place.at,
        start,
        startCovariance,
        top: place,
        covariance,
        iterations,
      }
    }
    before = gain
    let next: typeof place | undefined
    for (let t = 1; t > 1e-9 && next === undefined; t /= 2) {
      const at = along(place.at, t, step)
      const there = partialLikelihood(subjects, ties, at)
      const rise = there.value - place.value
      // Where little is left to gain, the value is known to its rounding only, but slopes still tell a step too far.
      const blind = gain < 1e-6 * Math.max(1, Math.abs(place.value))
      const level = Math.abs(dot(there.gradient, step)) <= 0.9 * gain
      if (rise >= 1e-4 * t * gain || (blind && level) || (exists && gain < 1e-6)) next = { at, ...there }
    }
    if (next === undefined) break
    place = next
    covariance = covarianceOf(place.information)
  }
  const some = steps.filter((_, i) => i % 3 === 0 || i > steps.length - 4)
  const direction = separation(subjects, [...some.slice(-16), place.at])
  return direction
    ? { kind: 'none', reason: 'monotone', direction }
    : { kind: 'none', reason: 'undetermined', direction: steps.at(-1) ?? origin }
}

/** The inverse of the information; `undefined` where rounding may be what makes it positive. */
function covarianceOf(information: Matrix): Matrix | undefined {
  const units = unitsOf(information)
  if (!units.every((unit) => Number.isFinite(unit) && unit > 0)) return undefined
  const inUnits = scaled(information, units)
  if (!((eigen(inUnits).values[0] ?? 0) > FLAT / 10)) return undefined
  const found = inverse(inUnits)
  return found && scaled(found, units)
}

/** By how much a step moves two scores of a stratum apart at the most; or, of sizes only, how much it may. */
function apartBy(subjects: Subjects, step: readonly number[], sizes: boolean): number {
  const p = step.length
  if (sizes) {
    let most = 0
    for (let i = 0; i < subjects.time.length; i += 1) {
      let sum = 0
      for (let k = 0; k < p; k += 1) sum += step[k]! * Math.abs(subjects.x[i * p + k]!)
      most = Math.max(most, 2 * sum)
    }
    return most
  }
  const scores = scoresOf(subjects, step)
  let most = 0
  for (const { from, to } of subjects.strata) {
    let [low, high] = [Infinity, -Infinity]
    for (let i = from; i < to; i += 1) {
      low = Math.min(low, scores[i]!)
      high = Math.max(high, scores[i]!)
    }
    most = Math.max(most, high - low)
  }
  return most
}
