import type { Aggregate } from '../kernel/aggregate.js'
import { fault } from '../kernel/errors.js'
import {
  checkLimbs,
  joined,
  type Limbs,
  nearestFloat,
  type Parts,
  partsOf,
  pour,
  unitsOf,
} from './accumulator.js'

/** What is kept of a sum: every digit, in plain JSON of 3 to 70 whole numbers. Its shape is not for reading. */
export type ExactSum = Limbs

/**
 * The sum of floats, exact until the end and rounded once: any order, sharding and merge tree gives the same bits.
 *
 * `add` of what is no finite number is refused. `result` of nothing is 0, and a zero has no sign. A sum on the way may
 * be larger than any float; only the last one has to be one.
 *
 * @throws DefinitionError from `add` and `retract`, `out-of-range` for what is not a finite number; from `result`,
 * `too-large` for a sum beyond the largest float, 1.8e308.
 * @see Kulisch (2002), "Advanced Arithmetic for the Digital Computer", the long accumulator.
 * @example
 * const [a, b] = [collect(exactTotal, [1e308, 0.5, 1e308]), collect(exactTotal, [-1e308, 0.25, -1e308])]
 * exactTotal.result(exactTotal.merge(a, b)) // => 0.75
 */
export const exactTotal: Aggregate<number, ExactSum, number, void> & {
  /** Equals adding each. */
  addColumns(partial: ExactSum, column: Float64Array): ExactSum
  retract(partial: ExactSum, value: number): ExactSum
} = {
  definition: { measures: 'sum' },
  shard: 'event',
  empty: () => ({ from: 0, limbs: [] }),
  add: (partial, value) => addAt(partial, value, 1, '$'),
  addColumns(partial, column) {
    checkLimbs(partial, '$', false)
    return addAll(partial, column)
  },
  retract: (partial, value) => addAt(partial, value, -1, '$'),
  merge: joined,
  result(partial) {
    const sum = nearestFloat(unitsOf(partial), 1n, -1074)
    if (!Number.isFinite(sum)) throw fault('too-large', '$', sum, 'a sum within the range of floats')
    return sum
  },
}

/**
 * The sum of floats, correctly rounded: the float nearest to the exact sum, in whatever order they come.
 *
 * About ten times as slow as adding in a loop. Of nothing it is 0.
 *
 * @throws DefinitionError `out-of-range` where a value is not a finite number; `too-large` when the sum is beyond the
 * largest float. Sums on the way may be.
 * @see `exactTotal` for sums in parts; `compensatedSum`, which is cheaper.
 * @example
 * exactSum([0.1, 0.2, 0.3, -0.6]) // => 2.7755575615628914e-17, as those floats are not tenths
 * exactSum([1e308, 1e308, -1e308]) // => 1e+308
 */
export function exactSum(values: Iterable<number>): number {
  return exactTotal.result(addAll(exactTotal.empty(), values))
}

const parts: Parts = { integer: 0, place: 0 }

function addAll(sum: ExactSum, values: Iterable<number>): ExactSum {
  if (typeof values !== 'object' || values === null || !(Symbol.iterator in values))
    throw fault('wrong-type', '$', values, 'numbers in a row')
  let i = 0
  for (const value of values) {
    addAt(sum, value, 1, i)
    i += 1
  }
  return sum
}

function addAt(sum: ExactSum, value: number, sign: 1 | -1, at: number | string): ExactSum {
  checkLimbs(sum, '$', false)
  partsOf(value, parts, at)
  pour(sum, sign * parts.integer, parts.place)
  return sum
}
