import { along, dot, eigen, type Matrix, times } from '../../measures/symmetric.js'
import { bendAt, covarianceOf, type Place, type Surface } from './surface.js'

/** What stands where a descent came to rest. */
export type Judgement =
  | {
      readonly kind: 'optimum'
      readonly place: Place
      /** The inverse of the curvature there. */
      readonly covariance: Matrix
      /** Whether values a standard error away, where the data say least, rise as a parabola would. */
      readonly even: boolean
    }
  | {
      readonly kind: 'none'
      readonly reason: NotSettled
      /** The lowest place seen, and what is known of the curvature there. */
      readonly place: Place
      readonly inverse?: Matrix
    }

/** Why a place is no optimum: slopes that only level off, a direction that does not bend up, or two minds about it. */
type NotSettled = 'levels-off' | 'not-bent' | 'value-against-slopes' | 'not-finite' | 'lower-nearby'

/**
 * Whether a place is a minimum: the curvature is positive and well-conditioned, values around it rise as the curvature
 * says, and Newton's steps by it make slopes vanish, which on a slope that only levels off they do not. The place comes
 * back polished by those steps.
 */
export function judge(surface: Surface, from: Place, guess: Matrix): Judgement {
  const bend = bendAt(surface, from, guess)
  if (bend === undefined) return { kind: 'none', reason: 'not-finite', place: from }
  if (!bend.agrees) return { kind: 'none', reason: 'value-against-slopes', place: from }
  const covariance = bend.told ? covarianceOf(bend.matrix) : undefined
  // What may be off by a factor of e^20 is not told.
  if (covariance === undefined || covariance.some((row, i) => row[i]! > 100))
    return { kind: 'none', reason: 'not-bent', place: from }
  const none = (reason: NotSettled, place: Place): Judgement => ({
    kind: 'none',
    reason,
    place,
    inverse: covariance,
  })
  let place = from
  let left = stepsLeft(place, covariance)
  for (let i = 0; i < 6 && !(left.gain <= 1e-16); i += 1) {
    if (left.reach > 0.5) return none('levels-off', place)
    const next = surface.look(along(place.at, 1, left.step))
    if (next === undefined) return none('not-finite', place)
    const after = stepsLeft(next, covariance)
    // Rounding: nothing more to gain.
    if (!(after.gain < 0.25 * left.gain)) break
    place = next
    left = after
  }
  if (!(left.gain <= 1e-8 && left.reach <= 1e-3)) return none('levels-off', place)
  const rounding = 1e-12 * Math.max(Math.abs(place.value), 1)
  if (place.value > from.value + rounding) return none('value-against-slopes', from)
  const { values, vectors } = eigen(bend.matrix)
  const spread = 1 / Math.sqrt(values[0]!)
  let even = true
  if (spread > 0.3) {
    const reach = Math.min(spread, 2)
    const expected = (reach * reach) / spread / spread / 2
    for (const by of [reach, -reach]) {
      const there = surface.look(along(place.at, by, vectors[0]!))
      if (there !== undefined && there.value < place.value - rounding)
        return { kind: 'none', reason: 'lower-nearby', place: there }
      const rise = there === undefined ? Number.POSITIVE_INFINITY : there.value - place.value
      if (!(rise > expected / 4 && rise < 4 * expected)) even = false
    }
  }
  return { kind: 'optimum', place, covariance, even }
}

/** Newton's step, what it gains, and how far it goes in any coordinate. */
function stepsLeft({ gradient }: Place, covariance: Matrix) {
  const step = times(covariance, gradient).map((x) => -x)
  return {
    step,
    gain: -dot(step, gradient) / 2,
    reach: step.reduce((most, x) => Math.max(most, Math.abs(x)), 0),
  }
}
