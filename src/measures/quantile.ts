import { checkRecord, fault } from '../kernel/errors.js'

/** A quantile of values, or none where there are no values. */
export type Quantile =
  | { readonly kind: 'estimate'; readonly value: number; readonly type: 'nearest-rank' | 'type-7' }
  | { readonly kind: 'undefined'; readonly reason: 'no-values' }

/**
 * The exact quantile of values: that below which a share `p` of them lies.
 *
 * `nearest-rank` is always one of the values, that of rank ceil(p n). `type-7` goes in a straight line from one value
 * to the next, at 1 + p (n - 1), as R, NumPy and spreadsheets do unless told. They differ by at most one gap between
 * neighbours.
 *
 * @param values - Finite; in any order, and left as they are.
 * @param p - From 0, the smallest, to 1, the largest.
 * @throws DefinitionError `out-of-range` for another p or a value that is no finite number, `unknown-name` for another type.
 * @see Hyndman & Fan (1996), "Sample Quantiles in Statistical Packages", definitions 1 and 7.
 * @example
 * quantile([1, 2, 3, 4], 0.5, { type: 'type-7' }) // => { kind: 'estimate', value: 2.5, type: 'type-7' }
 * quantile([1, 2, 3, 4], 0.5, { type: 'nearest-rank' }) // => { kind: 'estimate', value: 2, type: 'nearest-rank' }
 */
export function quantile(
  values: readonly number[] | Float64Array,
  p: number,
  options: { readonly type: 'nearest-rank' | 'type-7' },
): Quantile {
  checkColumn(values, '$.values')
  checkRecord(options, '$')
  const { type } = options
  checkShare(p, '$.p')
  if (type !== 'nearest-rank' && type !== 'type-7') {
    throw fault('unknown-name', '$.type', type, 'nearest-rank | type-7')
  }
  for (let i = 0; i < values.length; i += 1) {
    if (!Number.isFinite(values[i]))
      throw fault('out-of-range', `$.values[${i}]`, values[i], 'a finite number')
  }
  if (values.length === 0) return { kind: 'undefined', reason: 'no-values' }
  const sorted = Float64Array.from(values).sort()
  const value =
    type === 'nearest-rank'
      ? sorted[nearestRank(p, sorted.length) - 1]!
      : between(sorted, p * (sorted.length - 1))
  return { kind: 'estimate', value: value + 0, type }
}

/**
 * The rank, from 1, of the smallest value with a share `p` at or below it. A product within its rounding of a whole
 * number is that number: 0.1 of 30 is the third value, although the float 0.1 is a little more than a tenth.
 */
export function nearestRank(p: number, n: number): number {
  const product = p * n
  const whole = Math.round(product)
  const rank = Math.abs(product - whole) <= 8.9e-16 * whole ? whole : Math.ceil(product)
  return Math.min(n, Math.max(1, rank))
}

/** Refuses what is neither a list nor a column of floats. */
export function checkColumn(values: unknown, path: string): void {
  if (!Array.isArray(values) && !(values instanceof Float64Array))
    throw fault('wrong-type', path, values, 'a list of numbers')
}

/** Refuses what is no share from 0 to 1. */
export function checkShare(p: number, path: string): void {
  if (!(Number.isFinite(p) && p >= 0 && p <= 1)) throw fault('out-of-range', path, p, 'from 0 to 1')
}

/** From the nearer end, so that each end is met exactly and a step between equal values is none. */
function between(sorted: Float64Array, place: number): number {
  const index = Math.floor(place)
  const share = place - index
  const low = sorted[index]!
  const high = sorted[Math.min(index + 1, sorted.length - 1)]!
  const gap = high - low
  if (gap === Infinity) return low * (1 - share) + high * share
  return share < 0.5 ? low + gap * share : high - gap * (1 - share)
}
