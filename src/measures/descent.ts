import type { Problem } from './objective.js'
import { along, dot, eigen, type Matrix, times } from './symmetric.js'

/** A point with its value and slopes, all finite. */
export interface Place {
  readonly at: readonly number[]
  readonly value: number
  readonly gradient: readonly number[]
}

/** Where a descent ended. */
export interface Reached {
  readonly place: Place
  readonly end: End
}

/** Why a descent came to an end. */
export type End = 'gradient-small' | 'no-progress' | 'unbounded' | 'iteration-limit'

/** Beyond this size of a parameter, a value that still falls falls for ever. */
export const FAR = 1e50

/**
 * How steep it is, without units: by how large a share of the value, or of 1, the value would change if a parameter
 * changed by its own size, or by 1, at this slope.
 */
export function steepness({ at, value, gradient }: Place): number {
  const scale = Math.max(Math.abs(value), 1)
  return gradient.reduce(
    (most, g, i) => Math.max(most, (Math.abs(g) / scale) * Math.max(Math.abs(at[i]!), 1)),
    0,
  )
}

/** One step of a quasi-Newton descent after another, until it is flat or no step leads down. */
export function* bfgs(
  problem: Problem,
  start: Place,
  { tolerance, iterations }: { readonly tolerance: number; readonly iterations: number },
): Generator<Place, Reached> {
  let place = start
  /** The inverse of the curvature as learnt so far; none before the first step. */
  let inverse: Matrix | undefined
  for (let i = 0; i < iterations; i += 1) {
    if (steepness(place) <= tolerance) return { place, end: 'gradient-small' }
    const { at, gradient } = place
    const learnt = inverse && times(inverse, gradient).map((d) => -d)
    const direction =
      learnt !== undefined && dot(learnt, gradient) < 0 && learnt.every(Number.isFinite)
        ? learnt
        : downhill(place)
    const step = search(problem, place, direction)
    if (step.kind === 'unbounded') return { place: step.place ?? place, end: 'unbounded' }
    if (step.kind === 'none') {
      if (inverse === undefined) return { place, end: 'no-progress' }
      inverse = undefined
      continue
    }
    const s = step.place.at.map((x, j) => x - at[j]!)
    const y = step.place.gradient.map((g, j) => g - gradient[j]!)
    inverse = direction === learnt ? updated(inverse!, s, y) : updated(first(s, y), s, y)
    place = step.place
    yield place
  }
  return { place, end: steepness(place) <= tolerance ? 'gradient-small' : 'iteration-limit' }
}

/**
 * Newton's descent, one step after another: along directions that bend down as far as if they bent up. It goes on below
 * the tolerance while each step makes what is left at most half, which near a true minimum leaves rounding only.
 */
export function* newton(
  problem: Problem,
  start: Place,
  {
    tolerance,
    iterations,
    conditionLimit,
  }: { readonly tolerance: number; readonly iterations: number; readonly conditionLimit: number },
): Generator<Place, Reached> {
  let place = start
  let before = Infinity
  let polished = 0
  for (let i = 0; i < iterations; i += 1) {
    const curvature = problem.curvature(place.at)
    if (curvature.kind === 'not-finite') {
      return { place, end: steepness(place) <= tolerance ? 'gradient-small' : 'no-progress' }
    }
    const { direction, limited, bends, condition } = newtonStep(place, curvature.matrix)
    const left = -dot(direction, place.gradient)
    // Where a parameter's size says nothing of its scale: a gain that the value's own rounding would swallow.
    const swallowed = curvature.kind === 'settled' && bends && left <= 1e-12 * Math.abs(place.value)
    const flat = swallowed || steepness(place) <= tolerance
    if (!(left > 0)) return { place, end: flat ? 'gradient-small' : 'no-progress' }
    if (flat) {
      // Of a small value, much may be left where slopes seem to vanish.
      const much = left > 1e-8 * Math.abs(place.value)
      const slow = !limited && !much && left > 0.25 * before
      // Where curvature cannot be told, steps by it lead anywhere.
      const blind = curvature.kind === 'unsettled' || condition > conditionLimit
      if (slow || blind || polished >= (much ? 60 : 20)) return { place, end: 'gradient-small' }
      polished += 1
      before = limited ? Infinity : left
    }
    const step =
      (flat ? polish(problem, place, direction) : undefined) ?? search(problem, place, direction, !bends)
    if (step.kind === 'unbounded') return { place: step.place ?? place, end: 'unbounded' }
    if (step.kind === 'none') return { place, end: flat ? 'gradient-small' : 'no-progress' }
    place = step.place
    yield place
  }
  return { place, end: steepness(place) <= tolerance ? 'gradient-small' : 'iteration-limit' }
}

/** The gradient against what a step does: a unit of each parameter's own size at the steepest. */
function downhill({ at, gradient }: Place): number[] {
  const most = gradient.reduce((size, g, i) => Math.max(size, Math.abs(g) / Math.max(Math.abs(at[i]!), 1)), 0)
  return gradient.map((g) => -g / most)
}

/**
 * The step to the bottom of the parabola, with parameters measured by their own curvature, so that units do not matter.
 * At most a thousand times the size of a parameter.
 */
function newtonStep(
  { at, gradient }: Place,
  matrix: Matrix,
): {
  readonly direction: number[]
  readonly limited: boolean
  readonly bends: boolean
  readonly condition: number
} {
  const units = unitsOf(matrix)
  const { values, vectors } = eigen(scaled(matrix, units))
  const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0) || 1
  const slopes = gradient.map((g, i) => g * units[i]!)
  let direction = gradient.map(() => 0)
  for (const [i, vector] of vectors.entries()) {
    const size = Math.max(Math.abs(values[i]!), 1e-12 * largest)
    direction = along(direction, -dot(vector, slopes) / size, vector)
  }
  direction = direction.map((d, i) => d * units[i]!)
  const reach = direction.reduce(
    (most, d, i) => Math.max(most, Math.abs(d) / Math.max(Math.abs(at[i]!), 1)),
    0,
  )
  const limited = reach > 1000
  return {
    direction: limited ? direction.map((d) => d * (1000 / reach)) : direction,
    limited,
    bends: values[0]! > 1e-12 * largest,
    condition: largest / values.reduce((least, value) => Math.min(least, Math.abs(value)), Infinity),
  }
}

/** For each parameter the length over which its own curvature makes a difference of one. */
export function unitsOf(matrix: Matrix): number[] {
  return matrix.map(
    (row, i) =>
      1 / Math.sqrt(Math.abs(row[i]!) || row.reduce((most, x) => Math.max(most, Math.abs(x)), 0) || 1),
  )
}

export function scaled(matrix: Matrix, units: readonly number[]): number[][] {
  return matrix.map((row, i) => row.map((entry, j) => entry * units[i]! * units[j]!))
}

type Step =
  | { readonly kind: 'found'; readonly place: Place }
  | { readonly kind: 'unbounded'; readonly place?: Place }
  | { readonly kind: 'none' }

/** The whole step, where values differ by rounding only and the slopes say that it leads on. */
function polish(problem: Problem, place: Place, direction: readonly number[]): Step | undefined {
  const at = along(place.at, 1, direction)
  const value = problem.value(at)
  if (!(Number.isFinite(value) && value <= place.value + 1e-13 * Math.max(Math.abs(place.value), 1)))
    return undefined
  const gradient = problem.gradient(at)
  if (gradient === undefined) return undefined
  const next = { at, value, gradient }
  return Math.abs(dot(gradient, direction)) < 0.5 * Math.abs(dot(place.gradient, direction))
    ? { kind: 'found', place: next }
    : undefined
}

/**
 * A step that lowers the value by its share and after which the slope is less: by doubling, then by halving. Where a
 * kink or an edge leaves none, the lowest point on the way.
 *
 * @see Lewis & Overton (2013), "Nonsmooth optimization via quasi-Newton methods", for this search and why it ends.
 */
function search(
  problem: Problem,
  { at, value, gradient }: Place,
  direction: readonly number[],
  longer = true,
): Step {
  const slope = dot(gradient, direction)
  let low = 0
  let high = Infinity
  let found: Place | undefined
  let t = 1
  let halvings = 0
  while (halvings < 60) {
    const there = along(at, t, direction)
    if (there.every((x, i) => x === (found?.at ?? at)[i])) break
    const next = problem.value(there)
    if (next === -Infinity || there.some((x) => Math.abs(x) > FAR))
      return { kind: 'unbounded', ...(found && { place: found }) }
    const slopes = next <= value + 0.0001 * t * slope ? problem.gradient(there) : undefined
    if (slopes === undefined) high = t
    else {
      found = { at: there, value: next, gradient: slopes }
      if (!longer || dot(slopes, direction) >= 0.9 * slope) break
      low = t
    }
    if (high === Infinity) t *= 2
    else {
      halvings += 1
      t = (low + high) / 2
    }
  }
  // Halving towards an edge is worth it once; where nothing is lower, there is no step.
  return found !== undefined && found.value < value ? { kind: 'found', place: found } : { kind: 'none' }
}

/** The inverse curvature before anything is known of it, by what the first step has seen. */
function first(s: readonly number[], y: readonly number[]): Matrix {
  const unit = dot(s, y) / dot(y, y)
  const size = unit > 0 && Number.isFinite(unit) ? unit : 1
  return s.map((_, i) => s.map((_, j) => (i === j ? size : 0)))
}

/** The inverse curvature that also explains the last step; as it was where slopes did not rise. */
function updated(inverse: Matrix, s: readonly number[], y: readonly number[]): Matrix {
  const rise = dot(s, y)
  const moved = times(inverse, y)
  const weight = (1 + dot(y, moved) / rise) / rise
  if (!(rise > 0 && Number.isFinite(weight))) return inverse
  return inverse.map((row, i) =>
    row.map((entry, j) => entry + weight * s[i]! * s[j]! - (moved[i]! * s[j]! + s[i]! * moved[j]!) / rise),
  )
}
