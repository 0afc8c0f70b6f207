import { checkNumber, fault } from '../kernel/errors.js'
import type { Matrix } from './symmetric.js'

/**
 * What is to be made small. Where it is not defined it returns NaN or Infinity, and no step goes there.
 *
 * The gradient at a point is asked for right after the value there, so an objective may keep what both need.
 */
export interface Objective {
  /** Pure: the same point, the same bits. */
  value(at: readonly number[]): number
  /** One slope for each coordinate. Without it slopes are taken from differences of the value. */
  gradient?(at: readonly number[]): readonly number[]
  /** All second derivatives, by rows. */
  hessian?(at: readonly number[]): Matrix
  /** The matrix of second derivatives times a vector, where that is easier; needs one call for each coordinate. */
  hessianTimes?(at: readonly number[], vector: readonly number[]): readonly number[]
}

/** An objective with what it leaves out taken by differences, and what is not finite marked. */
export interface Problem {
  /** Which derivatives were given. */
  readonly given: 'value' | 'gradient' | 'hessian'
  /** NaN where it is not defined; -Infinity stays. */
  value(at: readonly number[]): number
  gradient(at: readonly number[]): readonly number[] | undefined
  curvature(at: readonly number[]): Curvature
  readonly evaluations: { value: number; gradient: number; hessian: number }
}

/**
 * Second derivatives. `settled`: differences over a quarter of the step say the same but for `error`, in units of each
 * parameter's own curvature. `unsettled`: they do not; `narrow` is what they say, over `step` times the parameter's size.
 */
type Curvature =
  | { readonly kind: 'settled'; readonly matrix: Matrix; readonly error: number }
  | { readonly kind: 'unsettled'; readonly matrix: Matrix; readonly narrow: Matrix; readonly step: number }
  | { readonly kind: 'not-finite' }

/** Makes a problem of an objective; values below `atLeast` cannot be and count as not defined. */
export function problemOf(objective: Objective, n: number, atLeast: number): Problem {
  const evaluations = { value: 0, gradient: 0, hessian: 0 }

  const value = (at: readonly number[]): number => {
    evaluations.value += 1
    const found = objective.value(at)
    if (typeof found !== 'number') throw fault('wrong-type', '$.value', found, 'a number')
    return found < atLeast || found === Infinity ? Number.NaN : found
  }

  const gradient = (at: readonly number[]): readonly number[] | undefined => {
    evaluations.gradient += 1
    const slopes = objective.gradient === undefined ? slopesOf(value, at) : objective.gradient(at)
    checkVector(slopes, n, '$.gradient')
    // A copy, as an objective may fill the same array every time.
    return slopes.every(Number.isFinite) ? [...slopes] : undefined
  }

  const exact = (at: readonly number[]): Curvature => {
    const rows =
      objective.hessian !== undefined
        ? objective.hessian(at)
        : at.map((_, i) =>
            objective.hessianTimes!(
              at,
              at.map((_, j) => (i === j ? 1 : 0)),
            ),
          )
    if (!Array.isArray(rows) || rows.length !== n) throw fault('wrong-type', '$.hessian', rows, `${n} rows`)
    for (const [i, row] of rows.entries()) checkVector(row, n, `$.hessian[${i}]`)
    const matrix = mirrored(rows)
    return matrix.flat().every(Number.isFinite)
      ? { kind: 'settled', matrix, error: 0 }
      : { kind: 'not-finite' }
  }

  /** Which step worked last: that of the first try, or that many times as large. */
  let stretch = 1
  const byDifferences = (at: readonly number[]): Curvature => {
    const usual = objective.gradient === undefined ? 0.0002 : 0.000006
    const take = (by: number) =>
      objective.gradient === undefined
        ? secondDifferences(value, at, by * usual)
        : slopeDifferences(gradient, at, by * usual)
    let found: Curvature = { kind: 'not-finite' }
    for (const by of [stretch, ...stretches]) {
      const matrix = take(by)
      const narrow = matrix && take(by / 4)
      if (matrix === undefined || narrow === undefined) continue
      const error = disagreement(matrix, narrow)
      if (error < 0.05 && !(found.kind === 'settled' && found.error <= error)) {
        found = { kind: 'settled', matrix, error }
        stretch = by
      } else if (found.kind === 'not-finite')
        found = { kind: 'unsettled', matrix, narrow, step: (by * usual) / 4 }
      if (error < 0.001) break
    }
    return found
  }

  /** The last answer: who descends and who judges ask for the same. */
  let last: { readonly at: readonly number[]; readonly curvature: Curvature } | undefined
  const given =
    objective.hessian !== undefined || objective.hessianTimes !== undefined
      ? 'hessian'
      : objective.gradient !== undefined
        ? 'gradient'
        : 'value'
  return {
    given,
    value,
    gradient,
    curvature(at) {
      if (last?.at === at) return last.curvature
      evaluations.hessian += 1
      last = { at, curvature: given === 'hessian' ? exact(at) : byDifferences(at) }
      return last.curvature
    },
    evaluations,
  }
}

/** Steps to try (eps^(1/3) of slopes, eps^(1/4) of values is the usual one), as multiples of the usual one: where a function bends faster or slower than its parameter suggests. */
const stretches: readonly number[] = [1, 0.015625, 64, 0.000244140625, 4096]

/** A step of a share of the parameter's size, or of 1. */
function stepOf(x: number, size: number): number {
  const step = size * Math.max(Math.abs(x), 1)
  // What is added is what is divided by.
  return x + step - x
}

function moved(at: readonly number[], i: number, by: number): number[] {
  const point = [...at]
  point[i]! += by
  return point
}

function slopesOf(value: (at: readonly number[]) => number, at: readonly number[]): number[] {
  return at.map((x, i) => {
    const step = stepOf(x, 0.000006)
    return (value(moved(at, i, step)) - value(moved(at, i, -step))) / (2 * step)
  })
}

function slopeDifferences(
  gradient: (at: readonly number[]) => readonly number[] | undefined,
  at: readonly number[],
  size: number,
): Matrix | undefined {
  const rows: number[][] = []
  for (const [i, x] of at.entries()) {
    const step = stepOf(x, size)
    const above = gradient(moved(at, i, step))
    const below = above && gradient(moved(at, i, -step))
    if (above === undefined || below === undefined) return undefined
    rows.push(above.map((slope, j) => (slope - below[j]!) / (2 * step)))
  }
  const matrix = mirrored(rows)
  return matrix.flat().every(Number.isFinite) ? matrix : undefined
}

function secondDifferences(
  value: (at: readonly number[]) => number,
  at: readonly number[],
  size: number,
): Matrix | undefined {
  const steps = at.map((x) => stepOf(x, size))
  const here = value(at)
  const matrix = at.map((_, i) => at.map((_, j) => (i === j ? 0 : Number.NaN)))
  for (const [i, a] of steps.entries()) {
    const up = moved(at, i, a)
    const down = moved(at, i, -a)
    matrix[i]![i] = (value(up) - here - (here - value(down))) / (a * a)
    for (let j = 0; j < i; j += 1) {
      const b = steps[j]!
      const cross =
        value(moved(up, j, b)) -
        value(moved(up, j, -b)) -
        (value(moved(down, j, b)) - value(moved(down, j, -b)))
      matrix[i]![j] = cross / (4 * a * b)
      matrix[j]![i] = matrix[i]![j]!
    }
  }
  return matrix.flat().every(Number.isFinite) ? matrix : undefined
}

/** How far apart two matrices are, each entry in units of what its row and column are like: a bound for eigenvalues. */
function disagreement(a: Matrix, b: Matrix): number {
  const roots = a.map((row, i) => Math.sqrt(Math.abs(row[i]!)))
  let sum = 0
  for (const [i, row] of a.entries()) {
    for (const [j, entry] of row.entries()) {
      const apart = Math.abs(entry - b[i]![j]!)
      if (apart === 0) continue
      const share = apart / roots[i]! / roots[j]!
      sum += share * share
    }
  }
  return Math.sqrt(sum)
}

function mirrored(rows: Matrix): Matrix {
  return rows.map((row, i) => row.map((entry, j) => (entry + rows[j]![i]!) / 2))
}

function checkVector(vector: readonly number[], n: number, path: string): void {
  if (!Array.isArray(vector) || vector.length !== n) throw fault('wrong-type', path, vector, `${n} numbers`)
  for (const [i, one] of vector.entries()) checkNumber(one, `${path}[${i}]`)
}
