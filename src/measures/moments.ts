import type { Aggregate } from '../kernel/aggregate.js'
import { checkRecord, fault } from '../kernel/errors.js'
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
import { checkColumn } from './quantile.js'

/** What is kept: how many, and every digit of their sum and of the sum of their squares. Plain JSON. */
export interface MomentsPartial {
  n: number
  readonly sum: Limbs
  readonly squares: Limbs
}

/** How many, how large, how far apart. */
export interface Moments {
  readonly n: number
  readonly sum: Moment
  readonly mean: Moment
  /** Of the sample: squared distances from the mean, divided by n - 1. */
  readonly variance: Moment
}

/** A number that few values may not have. */
export type Moment =
  | { readonly kind: 'estimate'; readonly value: number }
  | { readonly kind: 'undefined'; readonly reason: 'no-values' | 'one-value' | 'too-large' }

/**
 * Count, sum, mean and variance of floats, exact until the end: sums of values and of squares lose no digit, so any
 * order, sharding and merge tree gives the same bits, and each result is the float nearest to the exact one.
 *
 * So 1e9 + 1, 1e9 + 2, 1e9 + 3 have variance 1, where a running sum of squares says 0 or 128. Of no value there is no
 * mean, of one no variance; beyond the largest float they are `too-large`.
 *
 * @throws DefinitionError `out-of-range` from `add` and `retract` for what is not a finite number, and from `result`
 * where more was retracted than added.
 * @example
 * moments.result(collect(moments, [1, 2, 3, 4]))
 * // => { n: 4, sum: { kind: 'estimate', value: 10 }, mean: { kind: 'estimate', value: 2.5 },
 * //      variance: { kind: 'estimate', value: 1.6666666666666667 } }
 */
export const moments: Aggregate<number, MomentsPartial, Moments, void> & {
  /** Equals adding each. */
  addColumns(partial: MomentsPartial, column: Float64Array): MomentsPartial
  retract(partial: MomentsPartial, value: number): MomentsPartial
} = {
  definition: { measures: 'moments' },
  shard: 'event',
  empty: () => ({ n: 0, sum: { from: 0, limbs: [] }, squares: { from: 0, limbs: [] } }),
  add: (partial, value) => count(partial, value, 1, '$'),
  retract: (partial, value) => count(partial, value, -1, '$'),
  addColumns(partial, column) {
    checkColumn(column, '$')
    for (const [i, value] of column.entries()) count(partial, value, 1, i)
    return partial
  },
  merge(a, b) {
    checkPartial(a)
    checkPartial(b)
    return { n: a.n + b.n, sum: joined(a.sum, b.sum), squares: joined(a.squares, b.squares) }
  },
  result(partial) {
    checkPartial(partial)
    const { n, sum, squares } = partial
    if (!(Number.isSafeInteger(n) && n >= 0)) throw fault('out-of-range', '$.n', n, 'values that were added')
    if (n === 0) {
      const none: Moment = { kind: 'undefined', reason: 'no-values' }
      return { n, sum: none, mean: none, variance: none }
    }
    const total = unitsOf(sum)
    const many = BigInt(n)
    return {
      n,
      sum: moment(nearestFloat(total, 1n, -1074)),
      mean: moment(nearestFloat(total, many, -1074)),
      variance:
        n === 1
          ? { kind: 'undefined', reason: 'one-value' }
          : moment(nearestFloat(many * unitsOf(squares) - total * total, many * (many - 1n), -2148)),
    }
  },
}

const parts: Parts = { integer: 0, place: 0 }

function count(partial: MomentsPartial, value: number, sign: 1 | -1, at: number | string): MomentsPartial {
  checkPartial(partial)
  partsOf(value, parts, at)
  const { integer, place } = parts
  // In halves of 26 digits, so that all three products of the square are integers below 2^53.
  const high = Math.round(integer / 134217728)
  const low = integer - high * 134217728
  partial.n += sign
  pour(partial.sum, sign * integer, place)
  pour(partial.squares, sign * low * low, 2 * place)
  pour(partial.squares, sign * high * low, 2 * place + 28)
  pour(partial.squares, sign * high * high, 2 * place + 54)
  return partial
}

function checkPartial(partial: MomentsPartial): void {
  checkRecord(partial, '$')
  if (!Number.isSafeInteger(partial.n)) throw fault('malformed-state', '$.n', partial.n, 'a count')
  checkLimbs(partial.sum, '$.sum', false)
  checkLimbs(partial.squares, '$.squares', false)
}

function moment(value: number): Moment {
  return Number.isFinite(value) ? { kind: 'estimate', value } : { kind: 'undefined', reason: 'too-large' }
}
