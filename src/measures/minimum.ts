import { type Place, scaled, unitsOf } from './descent.js'
import type { Problem } from './objective.js'
import { along, dot, eigen, inverse, type Matrix, times } from './symmetric.js'

/** Why what was found is no minimum, or cannot be told to be one. */
export type NoMinimum =
  | 'not-finite'
  | 'unbounded'
  | 'at-boundary'
  | 'wrong-gradient'
  | 'not-smooth'
  | 'saddle'
  | 'flat'
  | 'no-progress'
  | 'iteration-limit'
  | 'stopped'

/** Whether a place is a minimum, with its curvature, or why it is none. */
type Verdict =
  | {
      readonly kind: 'minimum'
      readonly hessian: Matrix
      readonly covariance: Matrix
      readonly condition: number
    }
  | { readonly kind: 'none'; readonly reason: NoMinimum; readonly direction?: readonly number[] }

/** What stands where slopes vanish: a minimum, if the curvature says so. */
export function judge(
  problem: Problem,
  place: Place,
  { limit, tolerance }: { readonly limit: number; readonly tolerance: number },
): Verdict {
  const { at, value, gradient } = place
  const curvature = problem.curvature(at)
  if (curvature.kind === 'not-finite') return not('at-boundary')
  const { matrix } = curvature
  const scale = Math.max(Math.abs(value), 1)
  const bends = (by: Matrix, i: number) => (Math.abs(by[i]![i]!) * Math.max(at[i]! * at[i]!, 1)) / scale
  if (curvature.kind === 'unsettled') {
    // Less over smaller steps, or a change of slope that passes for none: flat. Else the slope jumps.
    const { narrow, step } = curvature
    const flat = matrix.some(
      (row, i) =>
        bends(narrow, i) * 2 * step < tolerance || Math.abs(narrow[i]![i]!) < 0.5 * Math.abs(row[i]!),
    )
    return flat ? not('flat', flattest(matrix).direction) : not('not-smooth')
  }
  for (const [i, row] of matrix.entries()) {
    // A parameter that by changing as much as itself changes no digit of the value is not determined by it.
    if (!(row[i]! > 0 && bends(matrix, i) > 1.1e-16))
      return not(row[i]! > 0 || bends(matrix, i) <= 1e-4 ? 'flat' : 'saddle', axis(at.length, i))
  }
  const { units, inUnits, values, vectors, direction } = flattest(matrix)
  const [least, largest] = [values[0]!, values.at(-1)!]
  // What differences may be wrong by, they cannot tell from nothing.
  if (!(least * limit > largest && least > 2 * curvature.error)) {
    // In units of each parameter's own size; a fall by less than 1e-4 of the value may be rounding of its slopes.
    const reach = direction.reduce(
      (most, d, i) => Math.max(most, Math.abs(d) / Math.max(Math.abs(at[i]!), 1)),
      0,
    )
    const bend = quadratic(matrix, direction) / reach / reach
    const falls = -least > Math.max(largest / limit, 2 * curvature.error) && -bend > 1e-4 * scale
    return not(falls ? 'saddle' : 'flat', direction)
  }
  const inverted = inverse(inUnits)
  if (inverted === undefined) return not('flat', direction)
  const covariance = scaled(inverted, units)
  const step = times(covariance, gradient).map((s) => -s)
  if (step.some((s, i) => Math.abs(s) > 0.001 * Math.max(Math.abs(at[i]!), 1))) return not('flat', unit(step))
  const further = problem.curvature(along(at, 1, step))
  if (further.kind === 'not-finite') return not('at-boundary')
  if (turning(scaled(further.matrix, units), inUnits, values, vectors) > 0.25) return not('flat', unit(step))
  const rest = Math.sqrt(Math.max(0, -dot(step, gradient)))
  for (const [i, vector] of vectors.entries()) {
    const way = vector.map((v, j) => v * units[j]!)
    const bend = values[i]!
    if (!rises(problem, place, way, rest / Math.sqrt(bend), bend)) return not('flat', unit(way))
  }
  return { kind: 'minimum', hessian: matrix, covariance, condition: largest / least }
}

/** Curvature with each parameter in units of its own, and the direction in which it is least. */
function flattest(matrix: Matrix) {
  const units = unitsOf(matrix)
  const inUnits = scaled(matrix, units)
  const { values, vectors } = eigen(inUnits)
  return { units, inUnits, values, vectors, direction: unit(vectors[0]!.map((v, i) => v * units[i]!)) }
}

/**
 * Whether the value itself rises on both sides, where slopes may be rounding: ten times what is left to go away, or where
 * the curvature should have lifted it by 1e-8; at most a hundredth of a parameter's size.
 */
function rises(
  problem: Problem,
  { at, value }: Place,
  way: readonly number[],
  rest: number,
  bend: number,
): boolean {
  const reach = way.reduce((most, d, i) => Math.max(most, Math.abs(d) / Math.max(Math.abs(at[i]!), 1)), 0)
  const lifted = Math.sqrt((2e-8 * Math.max(Math.abs(value), 1)) / bend)
  const t = Math.min(Math.max(10 * rest, lifted), 0.01 / reach)
  return [t, -t].every((by) => !(problem.value(along(at, by, way)) <= value))
}

/** How much of itself the curvature changes, at the most in any direction. */
function turning(there: Matrix, here: Matrix, values: readonly number[], vectors: Matrix): number {
  const change = there.map((row, i) => row.map((entry, j) => entry - here[i]![j]!))
  const moved = vectors.map((vector) => times(change, vector))
  const relative = vectors.map((vector, i) =>
    moved.map((image, j) => {
      return dot(vector, image) / Math.sqrt(values[i]! * values[j]!)
    }),
  )
  const found = eigen(relative.map((row, i) => row.map((entry, j) => (entry + relative[j]![i]!) / 2))).values
  return Math.max(Math.abs(found[0]!), Math.abs(found.at(-1)!))
}

/** Why no step leads down although it is steep. */
export function whyStuck(problem: Problem, { at, value, gradient }: Place): NoMinimum {
  const most = gradient.reduce((size, g, i) => Math.max(size, Math.abs(g) * Math.max(Math.abs(at[i]!), 1)), 0)
  // Each parameter in units of its own size.
  const direction = gradient.map((g, i) => {
    const size = Math.max(Math.abs(at[i]!), 1)
    return ((-g * size) / most) * size
  })
  const slope = dot(gradient, direction)
  for (const t of [1e-6, 1e-5, 1e-4]) {
    const ahead = (problem.value(along(at, t, direction)) - value) / t
    const behind = (value - problem.value(along(at, -t, direction))) / t
    if (Number.isNaN(ahead)) return 'at-boundary'
    if (Math.abs(ahead - behind) > 0.1 * Math.abs(slope)) return 'not-smooth'
  }
  return 'no-progress'
}

/** Whether differences of the value, over steps that agree with one another, contradict the slopes given. */
export function gradientIsWrong(problem: Problem, { at, gradient }: Place): boolean {
  if (problem.given === 'value') return false
  const most = gradient.reduce((size, g) => Math.max(size, Math.abs(g)), 0)
  return gradient.some((g, i) => {
    const [wide, narrow] = [6e-6, 1.5e-6].map((size) => {
      const h = size * Math.max(Math.abs(at[i]!), 1)
      const [above, below] = [h, -h].map((by) => problem.value(at.map((x, j) => (i === j ? x + by : x))))
      return (above! - below!) / (2 * h)
    })
    const size = Math.max(Math.abs(wide!), Math.abs(g), 0.001 * most)
    return Math.abs(wide! - narrow!) <= 0.001 * size && Math.abs(wide! - g) > 0.05 * size
  })
}

function quadratic(matrix: Matrix, vector: readonly number[]): number {
  return dot(vector, times(matrix, vector))
}

function axis(n: number, i: number): readonly number[] {
  return Array.from({ length: n }, (_, j) => (i === j ? 1 : 0))
}

function unit(vector: readonly number[]): readonly number[] {
  const most = vector.reduce((size, v) => Math.max(size, Math.abs(v)), 0)
  return vector.map((v) => v / most)
}

function not(reason: NoMinimum, direction?: readonly number[]): Verdict {
  return { kind: 'none', reason, ...(direction && { direction }) }
}
