import type { Objective } from '../../../src/measures/objective.js'

type Point = readonly number[]

/** Test functions with all derivatives by hand; the first two and Beale's from Moré, Garbow & Hillstrom (1981). */
export const rosenbrock: Objective = {
  value(x) {
    let sum = 0
    for (let i = 0; i + 1 < x.length; i += 1) sum += 100 * (x[i + 1]! - x[i]! ** 2) ** 2 + (1 - x[i]!) ** 2
    return sum
  },
  gradient(x) {
    const slopes = x.map(() => 0)
    for (let i = 0; i + 1 < x.length; i += 1) {
      const off = x[i + 1]! - x[i]! ** 2
      slopes[i]! += -400 * x[i]! * off - 2 * (1 - x[i]!)
      slopes[i + 1]! += 200 * off
    }
    return slopes
  },
  hessian(x) {
    const rows = x.map(() => x.map(() => 0))
    for (let i = 0; i + 1 < x.length; i += 1) {
      rows[i]![i]! += 1200 * x[i]! ** 2 - 400 * x[i + 1]! + 2
      rows[i]![i + 1]! -= 400 * x[i]!
      rows[i + 1]![i]! -= 400 * x[i]!
      rows[i + 1]![i + 1]! += 200
    }
    return rows
  },
}

export const powellSingular: Objective = {
  value: ([a, b, c, d]: Point) =>
    (a! + 10 * b!) ** 2 + 5 * (c! - d!) ** 2 + (b! - 2 * c!) ** 4 + 10 * (a! - d!) ** 4,
  gradient: ([a, b, c, d]: Point) => {
    const p = 4 * (b! - 2 * c!) ** 3
    const q = 40 * (a! - d!) ** 3
    const r = 2 * (a! + 10 * b!)
    const s = 10 * (c! - d!)
    return [r + q, 10 * r + p, s - 2 * p, -s - q]
  },
  hessian: ([a, b, c, d]: Point) => {
    const p = 12 * (b! - 2 * c!) ** 2
    const q = 120 * (a! - d!) ** 2
    return [
      [2 + q, 20, 0, -q],
      [20, 200 + p, -2 * p, 0],
      [0, -2 * p, 10 + 4 * p, -10],
      [-q, 0, -10, 10 + q],
    ]
  },
}

export const beale: Objective = {
  value: ([x, y]: Point) =>
    (1.5 - x! + x! * y!) ** 2 + (2.25 - x! + x! * y! ** 2) ** 2 + (2.625 - x! + x! * y! ** 3) ** 2,
  gradient: ([x, y]: Point) => {
    const [a, b, c] = [1.5 - x! + x! * y!, 2.25 - x! + x! * y! ** 2, 2.625 - x! + x! * y! ** 3]
    return [
      2 * a * (y! - 1) + 2 * b * (y! ** 2 - 1) + 2 * c * (y! ** 3 - 1),
      2 * a * x! + 4 * b * x! * y! + 6 * c * x! * y! ** 2,
    ]
  },
}

/** The negative log-likelihood of yes and no under a line through x on the log-odds. */
export function logistic(xs: readonly number[], ys: readonly number[]): Objective {
  const chance = (b: Point, x: number) => 1 / (1 + Math.exp(-(b[0]! + b[1]! * x)))
  return {
    value: (b) =>
      xs.reduce((sum, x, i) => {
        const odds = (b[0]! + b[1]! * x) * (ys[i] === 1 ? -1 : 1)
        return sum + Math.max(odds, 0) + Math.log1p(Math.exp(-Math.abs(odds)))
      }, 0),
    gradient: (b) =>
      xs.reduce<[number, number]>(
        ([a, c], x, i) => [a + chance(b, x) - ys[i]!, c + (chance(b, x) - ys[i]!) * x],
        [0, 0],
      ),
    hessian: (b) => {
      const rows = [
        [0, 0],
        [0, 0],
      ]
      for (const x of xs) {
        const weight = chance(b, x) * (1 - chance(b, x))
        rows[0]![0]! += weight
        rows[0]![1]! += weight * x
        rows[1]![0]! += weight * x
        rows[1]![1]! += weight * x * x
      }
      return rows
    },
  }
}

/** The same function with fewer of its derivatives given: all, slopes only, values only. */
export function givenAs(objective: Objective): readonly (readonly [string, Objective])[] {
  const { value, gradient, hessian } = objective
  return [
    ...(gradient && hessian ? ([['second derivatives', { value, gradient, hessian }]] as const) : []),
    ...(gradient ? ([['slopes', { value, gradient }]] as const) : []),
    ['values', { value }],
  ]
}
