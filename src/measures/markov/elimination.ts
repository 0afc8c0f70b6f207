import type { Matrix } from '../symmetric.js'

/**
 * A matrix M with nothing above 0 beside its diagonal and row sums from 0, such as I - Q of an absorbing chain, given by what
 * it has beside the diagonal (`flows`, with the sign turned) and by its row sums (`leaving`).
 *
 * From these the elimination needs no subtraction, so that nothing cancels: every entry of the inverse has about as many
 * digits as the numbers given, also where people leave once in 10^12 periods, where I - Q itself has lost them.
 *
 * @see Grassmann, Taksar & Heyman (1985), "Regenerative analysis and steady state distributions for Markov chains"; Alfa, Xue & Ye
 * (2002), "Accurate computation of the smallest eigenvalue of a diagonally dominant M-matrix".
 */
export interface Elimination {
  /** x with M x = b; nothing cancels where b has one sign. */
  solve(b: readonly number[]): number[]
  /** y with y M = b. */
  solveLeft(b: readonly number[]): number[]
}

/** Eliminates; `undefined` where a pivot is 0, which is where a class of states never leaves. */
export function eliminate(flows: Matrix, leaving: readonly number[]): Elimination | undefined {
  const n = flows.length
  const a = flows.map((row) => Float64Array.from(row))
  const left = Float64Array.from(leaving)
  const pivots = new Float64Array(n)
  for (let k = 0; k < n; k += 1) {
    const row = a[k]!
    let pivot = left[k]!
    for (let j = k + 1; j < n; j += 1) pivot += row[j]!
    if (!(pivot > 0)) return undefined
    pivots[k] = pivot
    for (let i = k + 1; i < n; i += 1) {
      const other = a[i]!
      if (other[k] === 0) continue
      const share = other[k]! / pivot
      other[k] = share
      // Also onto the diagonal, which is never read.
      for (let j = k + 1; j < n; j += 1) other[j]! += share * row[j]!
      left[i]! += share * left[k]!
    }
  }
  return {
    solve(b) {
      const x = [...b]
      for (let i = 0; i < n; i += 1) {
        let sum = x[i]!
        for (let k = 0; k < i; k += 1) sum += a[i]![k]! * x[k]!
        x[i] = sum
      }
      for (let k = n - 1; k >= 0; k -= 1) {
        let sum = x[k]!
        for (let j = k + 1; j < n; j += 1) sum += a[k]![j]! * x[j]!
        x[k] = sum / pivots[k]!
      }
      return x
    },
    solveLeft(b) {
      const y = [...b]
      for (let k = 0; k < n; k += 1) {
        let sum = y[k]!
        for (let j = 0; j < k; j += 1) sum += a[j]![k]! * y[j]!
        y[k] = sum / pivots[k]!
      }
      for (let k = n - 1; k >= 0; k -= 1) {
        let sum = y[k]!
        for (let i = k + 1; i < n; i += 1) sum += a[i]![k]! * y[i]!
        y[k] = sum
      }
      return y
    },
  }
}

/** Weights that a closed class has in the long run, summing to 1; `undefined` where they are beyond floats. */
export function stationary(P: Matrix, states: readonly number[]): number[] | undefined {
  const n = states.length
  const a = states.map((i) => Float64Array.from(states, (j) => P[i]![j]!))
  for (let k = n - 1; k > 0; k -= 1) {
    let leaving = 0
    for (let j = 0; j < k; j += 1) leaving += a[k]![j]!
    // By underflow only: in one class some way leads back.
    if (!(leaving > 0)) return undefined
    for (let i = 0; i < k; i += 1) {
      const share = a[i]![k]! / leaving
      a[i]![k] = share
      if (share === 0) continue
      for (let j = 0; j < k; j += 1) a[i]![j]! += share * a[k]![j]!
    }
  }
  const weights = [1]
  let total = 1
  for (let k = 1; k < n; k += 1) {
    let weight = 0
    for (let i = 0; i < k; i += 1) weight += weights[i]! * a[i]![k]!
    weights.push(weight)
    total += weight
  }
  return total < Infinity ? weights.map((weight) => weight / total) : undefined
}
