import { checkRecord, fault } from '../../kernel/errors.js'
import { dot, type Matrix } from '../symmetric.js'
import { checkNonNegative, checkStochastic } from './stochastic.js'

/**
 * Where people are expected to be after each step: n(t + 1) = n(t) P + arrivals, from n(0), which is the first of the list.
 *
 * @param given - `start` and `arrivals` by state, from 0; shares or counts. Arrivals come at the end of every step. Steps up to 100,000.
 * @throws DefinitionError `out-of-range` for a matrix, a list or a number of steps that is none; `too-large` beyond 500 states.
 * @example
 * projectChain({ P: [[0.88, 0.12], [0.15, 0.85]], start: [0.25, 0.75], steps: 2 })
 * // => [[0.25, 0.75], [0.3325, 0.6675], [0.392725, 0.607275]]
 */
export function projectChain(given: {
  readonly P: Matrix
  readonly start: readonly number[]
  readonly steps: number
  readonly arrivals?: readonly number[]
}): readonly (readonly number[])[] {
  checkRecord(given, '$')
  const { P, start, steps, arrivals } = given
  checkStochastic(P, '$.P')
  checkNonNegative(start, P.length, '$.start')
  checkSteps(steps, 100_000, '$.steps')
  if (steps * P.length > 10_000_000)
    throw fault('too-large', '$.steps', steps, 'steps times states up to 10,000,000')
  if (arrivals !== undefined) checkNonNegative(arrivals, P.length, '$.arrivals')
  const path = [start.map((count) => count + 0)]
  for (let t = 0; t < steps; t += 1) {
    const next = after(path[t]!, P)
    path.push(arrivals === undefined ? next : next.map((count, j) => count + arrivals[j]!))
  }
  return path
}

/**
 * P to a whole power: the chances after so many steps. `chainPower(P, 0)` is the identity.
 *
 * @param power - From 0 to 2^53 - 1; by squaring, with rows brought back to a sum of 1 each time.
 * @throws DefinitionError `out-of-range` for a matrix or a power that is none; `too-large` beyond 500 states.
 * @example
 * chainPower([[0.5, 0.5], [0, 1]], 3) // => [[0.125, 0.875], [0, 1]]
 */
export function chainPower(P: Matrix, power: number): Matrix {
  checkStochastic(P, '$.P')
  checkSteps(power, Number.MAX_SAFE_INTEGER, '$.power')
  let result: Matrix = P.map((_, i) => P.map((_, j) => (i === j ? 1 : 0)))
  let square = P
  for (let left = power; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) result = summingToOne(product(result, square))
    if (left > 1) square = summingToOne(product(square, square))
  }
  return result
}

/** A row of counts one step on. */
export function after(counts: readonly number[], P: Matrix): number[] {
  const next = P.map(() => 0)
  for (let i = 0; i < P.length; i += 1) {
    const count = counts[i]!
    if (count === 0) continue
    const row = P[i]!
    for (let j = 0; j < row.length; j += 1) next[j]! += count * row[j]!
  }
  return next
}

/** Refuses what is no whole number from 0 to a limit. */
export function checkSteps(steps: unknown, most: number, path: string): asserts steps is number {
  if (typeof steps !== 'number') throw fault('wrong-type', path, steps, 'a number')
  if (!(Number.isSafeInteger(steps) && steps >= 0 && steps <= most))
    throw fault('out-of-range', path, steps, `a whole number from 0 to ${most}`)
}

function product(a: Matrix, b: Matrix): Matrix {
  return a.map((row) => after(row, b))
}

function summingToOne(P: Matrix): Matrix {
  return P.map((row) => {
    const sum = dot(
      row,
      row.map(() => 1),
    )
    return row.map((chance) => chance / sum)
  })
}
