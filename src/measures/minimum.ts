import type { Sentence } from '../kernel/errors.js'
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

/** What each reason means and what can be done. */
export const nextSteps: Readonly<Record<NoMinimum, Sentence>> = {
  'not-finite': {
    en: 'The value or its slopes are not finite at the start, or where the search ended: start elsewhere.',
    zh: '起点或终点处的函数值或梯度不是有限数：请换一个起点。',
  },
  unbounded: {
    en: 'The value falls without end: check its sign, or state a lower limit.',
    zh: '函数值无限下降：请检查符号，或给出下限。',
  },
  'at-boundary': {
    en: 'Lower values lie towards where the function is not defined: write the parameter so that its limit is at infinity, such as by its logarithm, or fix it at the limit.',
    zh: '更小的值位于函数无定义的边界一侧：请改写参数（如取对数）使边界位于无穷远，或将其固定在边界上。',
  },
  'wrong-gradient': {
    en: 'The gradient does not say how the value changes: check it against differences.',
    zh: '给出的梯度与函数值的变化不符：请用差分核对。',
  },
  'not-smooth': {
    en: 'The value has a kink, a jump or much rounding here, where slopes and curvature say nothing: smooth it, compute it with less rounding, or compare values on a grid.',
    zh: '函数在此处有折点、跳跃或较大的舍入误差，梯度与曲率没有意义：请将其平滑、减少舍入误差，或在网格上比较函数值。',
  },
  saddle: {
    en: 'The value falls along the direction on both sides: start again from a step along it.',
    zh: '沿所给方向两侧函数值都下降（鞍点）：请沿该方向移动一步后重新开始。',
  },
  flat: {
    en: 'The value hardly changes along the direction, so the data do not determine it, or it falls for ever towards infinity: fix or drop a parameter, or add a prior.',
    zh: '沿所给方向函数值几乎不变或一直缓慢下降，数据无法确定参数：请固定或去掉一个参数，或加入先验。',
  },
  'no-progress': {
    en: 'No step leads lower although the slopes do not vanish: scale parameters to a size near 1, or compute the value with less rounding.',
    zh: '梯度不为零但无法继续下降：请将参数缩放到 1 左右，或减少函数值的舍入误差。',
  },
  'iteration-limit': {
    en: 'The steps were used up while the value was falling: go on from the best point, or allow more.',
    zh: '函数值仍在下降时步数已用完：请从最优点继续，或增加步数。',
  },
  stopped: {
    en: 'It was stopped: go on from the best point.',
    zh: '计算已被停止：可从最优点继续。',
  },
}

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
