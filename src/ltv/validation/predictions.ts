import { checkRecord, fault } from '../../kernel/errors.js'

/** A number that data or a model may not have, and why. */
export type Found<R extends string> =
  | { readonly kind: 'estimate'; readonly value: number }
  | { readonly kind: 'undefined'; readonly reason: R }

export const found = (value: number): { readonly kind: 'estimate'; readonly value: number } => ({
  kind: 'estimate',
  value: value + 0,
})

export const missing = <R extends string>(reason: R): { readonly kind: 'undefined'; readonly reason: R } => ({
  kind: 'undefined',
  reason,
})

/** What was expected of each customer and what came, in one order. Purchases, or money. */
export interface Predictions {
  readonly expected: ArrayLike<number>
  readonly actual: ArrayLike<number>
}

/** Refuses columns of different lengths, and what is no number from 0 in them. */
export function checkPredictions(given: Predictions, path: string): void {
  checkRecord(given, path)
  checkAmounts(given.expected, `${path}.expected`)
  checkAmounts(given.actual, `${path}.actual`)
  if (given.expected.length !== given.actual.length)
    throw fault('out-of-range', `${path}.actual`, given.actual.length, `${given.expected.length} numbers`)
}

/** Squares of it, summed over all customers there are, still are numbers. */
const LARGEST = 1e100

/** Refuses what is no column of numbers from 0 to `most`. */
export function checkAmounts(
  column: ArrayLike<number>,
  path: string,
  most = LARGEST,
): asserts column is ArrayLike<number> {
  if (!Array.isArray(column) && !(column instanceof Float64Array))
    throw fault('wrong-type', path, column, 'a list of numbers or a Float64Array')
  for (let i = 0; i < column.length; i += 1) {
    const value: unknown = column[i]
    if (typeof value !== 'number') throw fault('wrong-type', `${path}[${i}]`, value, 'a number')
    if (!(value >= 0 && value <= most))
      throw fault('out-of-range', `${path}[${i}]`, value, `from 0 to ${most}`)
  }
}

/** Refuses a number of bins that is none. */
export function checkBins(bins: number, path: string): void {
  if (typeof bins !== 'number') throw fault('wrong-type', path, bins, 'a number')
  if (!(Number.isInteger(bins) && bins >= 2 && bins <= 1000))
    throw fault('out-of-range', path, bins, 'a whole number from 2 to 1,000')
}

/** Places in the order of their values, the largest first. */
export function descending(values: ArrayLike<number>): Uint32Array {
  const places = Uint32Array.from({ length: values.length }, (_, i) => i)
  return places.sort((a, b) => values[b]! - values[a]! || a - b)
}

/**
 * Bins of about equal size along an order, ties in one: a stretch of equal values goes where its middle lies. A bin that
 * nobody falls into is left out, so that there may be fewer than asked for.
 */
export function tiedBins(
  values: ArrayLike<number>,
  order: Uint32Array,
  bins: number,
): readonly { readonly from: number; readonly to: number }[] {
  const { length } = order
  const found: { from: number; to: number }[] = []
  let last = -1
  for (let from = 0; from < length; ) {
    let to = from + 1
    while (to < length && values[order[to]!] === values[order[from]!]) to += 1
    const bin = Math.min(bins - 1, Math.floor(((from + to) * bins) / (2 * length)))
    if (bin === last) found[found.length - 1]!.to = to
    else found.push({ from, to })
    last = bin
    from = to
  }
  return found
}
