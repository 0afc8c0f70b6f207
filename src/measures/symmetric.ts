/** A square matrix by rows; where symmetric, both halves are filled. */
export type Matrix = readonly (readonly number[])[]

export function dot(a: readonly number[], b: readonly number[]): number {
  let sum = 0
  for (let i = 0; i < a.length; i += 1) sum += a[i]! * b[i]!
  return sum
}

/** `a + t b`. */
export function along(a: readonly number[], t: number, b: readonly number[]): number[] {
  return a.map((value, i) => value + t * b[i]!)
}

export function times(matrix: Matrix, vector: readonly number[]): number[] {
  return matrix.map((row) => dot(row, vector))
}

/** The lower triangle L of a positive definite matrix L L'; `undefined` where it is not. */
function cholesky(matrix: Matrix): number[][] | undefined {
  const lower: number[][] = []
  for (const [i, given] of matrix.entries()) {
    const row: number[] = []
    for (let j = 0; j <= i; j += 1) {
      let rest = given[j]!
      for (let k = 0; k < j; k += 1) rest -= row[k]! * (lower[j] ?? row)[k]!
      if (j < i) row.push(rest / lower[j]![j]!)
      else if (rest > 0) row.push(Math.sqrt(rest))
      else return undefined
    }
    lower.push(row)
  }
  return lower
}

/** The inverse of a positive definite matrix, symmetric to the last bit; `undefined` where it is not. */
export function inverse(matrix: Matrix): number[][] | undefined {
  const lower = cholesky(matrix)
  if (lower === undefined) return undefined
  const n = matrix.length
  const half = Array.from({ length: n }, (_, j) => {
    const column = new Array<number>(n).fill(0)
    for (let i = j; i < n; i += 1) {
      let rest = i === j ? 1 : 0
      for (let k = j; k < i; k += 1) rest -= lower[i]![k]! * column[k]!
      column[i] = rest / lower[i]![i]!
    }
    return column
  })
  return half.map((a) => half.map((b) => dot(a, b)))
}

/** Eigenvalues of a symmetric matrix, ascending, and to each its vector of length 1. */
export interface Eigen {
  readonly values: readonly number[]
  readonly vectors: readonly (readonly number[])[]
}

/**
 * All eigenvalues and vectors of a symmetric matrix.
 *
 * @see Golub & Van Loan, "Matrix Computations", the cyclic Jacobi method.
 */
export function eigen(matrix: Matrix): Eigen {
  const n = matrix.length
  const a = matrix.map((row) => [...row])
  // Rows are the vectors.
  const v = a.map((_, i) => a.map((_, j) => (i === j ? 1 : 0)))
  for (let sweep = 0; sweep < 60; sweep += 1) {
    let turned = false
    for (let p = 0; p < n; p += 1) {
      for (let q = p + 1; q < n; q += 1) {
        const off = a[p]![q]!
        if (Math.abs(off) <= 1.1e-16 * Math.sqrt(Math.abs(a[p]![p]! * a[q]![q]!)) || off === 0) continue
        turned = true
        const theta = (a[q]![q]! - a[p]![p]!) / (2 * off)
        const t = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1))
        const c = 1 / Math.sqrt(t * t + 1)
        const s = t * c
        for (let k = 0; k < n; k += 1) {
          const [x, y] = [a[k]![p]!, a[k]![q]!]
          a[k]![p] = c * x - s * y
          a[k]![q] = s * x + c * y
        }
        turn(a[p]!, a[q]!, c, s)
        turn(v[p]!, v[q]!, c, s)
        a[p]![q] = 0
        a[q]![p] = 0
      }
    }
    if (!turned) break
  }
  const order = a.map((_, i) => i).sort((i, j) => a[i]![i]! - a[j]![j]! || i - j)
  return { values: order.map((i) => a[i]![i]!), vectors: order.map((i) => v[i]!) }
}

function turn(p: number[], q: number[], c: number, s: number): void {
  for (let k = 0; k < p.length; k += 1) {
    const [x, y] = [p[k]!, q[k]!]
    p[k] = c * x - s * y
    q[k] = s * x + c * y
  }
}
