import type { Aggregate } from '../kernel/aggregate.js'
import { canonical, digestName, plain } from '../kernel/digest.js'
import { checkRecord, fault } from '../kernel/errors.js'
import { checkColumn, checkShare, nearestRank } from './quantile.js'

/** How sharp a sketch is, and what it holds. Plain data. */
export interface QuantileSketchDefinition {
  readonly id: string
  /** A whole number from 1. */
  readonly version: number
  /** How far a quantile may be off, as a share of its size: 0.01 is 1 %. From 0.0001 to 0.3. */
  readonly accuracy: number
  /** Sizes below it are shown as 0 in [-smallest, smallest]: no accuracy there. Without it only 0 is 0. */
  readonly smallest?: number
  /** Sizes above it are refused: they were recorded by mistake. Without it every float is held. */
  readonly largest?: number
}

/** Counts by bucket; plain JSON, the same for the same values however they were ordered or split. */
export interface QuantileSketchPartial {
  /** Digest of the definition under which it was collected. */
  readonly of: string
  /** How many are zero, or smaller than `smallest`. */
  zero: number
  /** By bucket of size; the keys are whole numbers that grow with the size. */
  readonly positive: Record<number, number>
  readonly negative: Record<number, number>
}

/** Which quantiles are asked for. */
export interface QuantileSketchOptions {
  /** Each from 0, the smallest, to 1, the largest. */
  readonly p: readonly number[]
}

/** What was asked for, or that there is nothing. */
export type QuantileSketch =
  | {
      readonly kind: 'estimate'
      readonly n: number
      /** One for each p, in the order asked. */
      readonly quantiles: readonly SketchedQuantile[]
      readonly accuracy: number
    }
  | { readonly kind: 'undefined'; readonly reason: 'no-values' }

/** The value of rank ceil(p n), as near as the sketch knows it. */
export interface SketchedQuantile {
  readonly p: number
  /** Within `accuracy` of the exact one, as a share of its size. */
  readonly value: number
  /** The exact one is surely in [low, high]. */
  readonly low: number
  readonly high: number
}

/**
 * Quantiles of any number of values in little space: each value is counted in a bucket whose ends are at most
 * 2 `accuracy` apart, so that the nearest-rank quantile is known within `accuracy` of its size, surely and not only
 * probably. Order, sharding and merge tree change no bit, `retract` undoes `add`, and counts are exact.
 *
 * Buckets split each power of two into 2^k equal parts and are read off the digits of a float, without logarithms. A
 * sketch at 0.01 has 64 for each doubling of size: values from 0.01 to 10 million touch at most 1,920, and nothing is
 * ever collapsed. `smallest` and `largest` bound what wild values may cost.
 *
 * A quantile between two values (`type-7`) is not known: the two may be far apart.
 *
 * @throws DefinitionError for another definition (`missing`, `wrong-type`, `out-of-range`, `unknown-key`); from `add` and
 * `retract`, `out-of-range` for what is no finite number or above `largest`; from `result`, `out-of-range` for a p outside
 * [0, 1], and where more was retracted than added; `other-definition` for a partial of another definition.
 * @see Masson, Rim & Lee (2019), "DDSketch"; HdrHistogram for buckets that are linear within a power of two.
 * @example
 * const waiting = defineQuantileSketch({ id: 'waiting', version: 1, accuracy: 0.01 })
 * waiting.result(collect(waiting, [3, 1, 2, 100]), { p: [0.5] })
 * // => { kind: 'estimate', n: 4, quantiles: [{ p: 0.5, value: 2.0155, low: 2, high: 2.03125 }], accuracy: 0.01 }
 */
export function defineQuantileSketch(definition: QuantileSketchDefinition): Aggregate<
  number,
  QuantileSketchPartial,
  QuantileSketch,
  QuantileSketchOptions
> & {
  /** Equals adding each. */
  addColumns(partial: QuantileSketchPartial, column: Float64Array): QuantileSketchPartial
  retract(partial: QuantileSketchPartial, value: number): QuantileSketchPartial
} {
  const { accuracy, smallest, largest } = checked(definition)
  const agreed = plain(definition)
  const of = digestName(canonical(agreed))
  const digits = digitsFor(accuracy)

  const own = (partial: QuantileSketchPartial): QuantileSketchPartial => {
    checkRecord(partial, '$')
    if (partial.of !== of) throw fault('other-definition', '$.of', partial.of, `a partial of ${of}`)
    checkRecord(partial.positive, '$.positive')
    checkRecord(partial.negative, '$.negative')
    if (!Number.isSafeInteger(partial.zero)) throw malformed('$.zero', partial.zero)
    return partial
  }
  const count = (partial: QuantileSketchPartial, value: number, by: 1 | -1, at: number | string) => {
    if (!(Number.isFinite(value) && Math.abs(value) <= largest)) {
      const expected = largest === Number.MAX_VALUE ? 'a finite number' : `a number up to ${largest} in size`
      throw fault('out-of-range', typeof at === 'number' ? `$[${at}]` : at, value, expected)
    }
    const size = Math.abs(value)
    if (size === 0 || size < smallest) partial.zero += by
    else {
      const counts = value < 0 ? partial.negative : partial.positive
      const bucket = bucketOf(size, digits)
      const left = (counts[bucket] ?? 0) + by
      // An empty bucket leaves no trace, so that a partial is the same as if nothing had been there.
      if (left === 0) delete counts[bucket]
      else counts[bucket] = left
    }
  }

  return {
    definition: agreed,
    shard: 'event',
    empty: () => ({ of, zero: 0, positive: {}, negative: {} }),
    add(partial, value) {
      count(own(partial), value, 1, '$')
      return partial
    },
    retract(partial, value) {
      count(own(partial), value, -1, '$')
      return partial
    },
    addColumns(partial, column) {
      own(partial)
      checkColumn(column, '$')
      for (let i = 0; i < column.length; i += 1) count(partial, column[i]!, 1, i)
      return partial
    },
    merge: (a, b) => ({
      of,
      zero: own(a).zero + own(b).zero,
      positive: together(a.positive, b.positive, digits),
      negative: together(a.negative, b.negative, digits),
    }),
    result(partial, options) {
      if (!Array.isArray(options?.p)) throw fault('wrong-type', '$.p', options?.p, 'a list of shares')
      for (const [i, p] of options.p.entries()) checkShare(p, `$.p[${i}]`)
      const buckets = ascending(own(partial), digits, smallest)
      let n = 0
      const upTo = buckets.map(({ count }) => {
        if (!(count >= 0)) throw fault('out-of-range', '$', count, 'values that were added')
        n += count
        return n
      })
      if (n === 0) return { kind: 'undefined', reason: 'no-values' }
      const quantiles = options.p.map((p): SketchedQuantile => {
        const { value, low, high } = buckets[firstAtLeast(upTo, nearestRank(p, n))]!
        return { p: p + 0, value, low, high }
      })
      return { kind: 'estimate', n, quantiles, accuracy }
    },
  }
}

/** One bucket as it is shown: what it stands for, and how many are in it. */
interface Bucket {
  readonly value: number
  readonly low: number
  readonly high: number
  readonly count: number
}

const bits = /* @__PURE__ */ new DataView(/* @__PURE__ */ new ArrayBuffer(8))

/** 2^54, and the exponent it adds: it makes a subnormal normal, whose digits would else say nothing of its size. */
const LIFT = 18014398509481984
const LIFTED = 54

/**
 * The bucket of a positive float: its exponent, lifted to be never negative, followed by the first binary digits of its
 * fraction. Grows with the size.
 */
function bucketOf(size: number, digits: number): number {
  const subnormal = size < 2.2250738585072014e-308
  bits.setFloat64(0, subnormal ? size * LIFT : size)
  const leading = bits.getUint32(0) >>> (20 - digits)
  return subnormal ? leading : leading + LIFTED * (1 << digits)
}

/** The lower end of a bucket: no float of it is smaller, although below 2^-1022 the end itself may be none. */
function endOf(bucket: number, digits: number): number {
  const lift = LIFTED * (1 << digits)
  const subnormal = bucket < lift + (1 << digits)
  bits.setUint32(0, (subnormal ? bucket : bucket - lift) << (20 - digits))
  bits.setUint32(4, 0)
  const end = bits.getFloat64(0)
  return subnormal ? end / LIFT : Math.min(end, Number.MAX_VALUE)
}

/** As few binary digits as the accuracy allows: 2^-(k + 1) of a value between the ends is half a bucket. */
function digitsFor(accuracy: number): number {
  let digits = 1
  while (1 / ((2 << digits) + 1) > accuracy) digits += 1
  return digits
}

/** All that hold anything, from the smallest value up. */
function ascending(
  { zero, positive, negative }: QuantileSketchPartial,
  digits: number,
  smallest: number,
): readonly Bucket[] {
  const sizes = (counts: Record<number, number>) =>
    Object.entries(counts)
      .map(([bucket, count]) => ({ bucket: Number(bucket), count: counted(bucket, count, digits) }))
      .sort((a, b) => a.bucket - b.bucket)
      .map(({ bucket, count }): Bucket => {
        const low = endOf(bucket, digits)
        const high = endOf(bucket + 1, digits)
        // The harmonic mean of the ends is as far from one as from the other, each by its own size.
        return { value: low + (high - low) / (1 + high / low), low, high, count }
      })
  return [
    ...sizes(negative)
      .reverse()
      .map(({ value, low, high, count }) => ({ value: -value, low: -high, high: -low, count })),
    ...(zero === 0 ? [] : [{ value: 0, low: -smallest + 0, high: smallest, count: zero }]),
    ...sizes(positive),
  ]
}

/** Index of the first sum that reaches a rank. */
function firstAtLeast(upTo: readonly number[], rank: number): number {
  let low = 0
  let high = upTo.length - 1
  while (low < high) {
    const middle = (low + high) >> 1
    if (upTo[middle]! >= rank) high = middle
    else low = middle + 1
  }
  return low
}

const malformed = (path: string, value: unknown) =>
  fault('malformed-state', path, value, 'counts that were collected')

/** A count of a bucket, both as a sketch leaves them. */
function counted(bucket: string, count: number, digits: number): number {
  const place = Number(bucket)
  // From the least subnormal to the largest float.
  const exponent = place / (1 << digits)
  if (!(String(place) === bucket && Number.isInteger(place) && exponent >= 3 && exponent < 2101))
    throw malformed('$', bucket)
  if (!Number.isSafeInteger(count)) throw malformed('$', count)
  return count
}

function together(
  a: Record<number, number>,
  b: Record<number, number>,
  digits: number,
): Record<number, number> {
  const sum: Record<number, number> = { ...a }
  for (const [bucket, count] of Object.entries(b)) {
    const left = (sum[Number(bucket)] ?? 0) + counted(bucket, count, digits)
    if (left === 0) delete sum[Number(bucket)]
    else sum[Number(bucket)] = left
  }
  return sum
}

const keys: ReadonlySet<string> = new Set(['id', 'version', 'accuracy', 'smallest', 'largest'])

function checked(definition: QuantileSketchDefinition): {
  readonly accuracy: number
  readonly smallest: number
  readonly largest: number
} {
  if (typeof definition !== 'object' || definition === null || Array.isArray(definition)) {
    throw fault('wrong-type', '$', definition, 'a definition')
  }
  for (const key of Object.keys(definition)) {
    if (!keys.has(key)) throw fault('unknown-key', `$.${key}`, key, [...keys].join(', '))
  }
  const { id, version, accuracy, smallest = 0, largest = Number.MAX_VALUE } = definition
  if (id === undefined || id === '') throw fault('missing', '$.id', id, 'a name')
  if (typeof id !== 'string') throw fault('wrong-type', '$.id', id, 'text')
  if (!(Number.isSafeInteger(version) && version >= 1)) {
    throw fault('out-of-range', '$.version', version, 'a whole number from 1')
  }
  if (!(Number.isFinite(accuracy) && accuracy >= 0.0001 && accuracy <= 0.3)) {
    throw fault('out-of-range', '$.accuracy', accuracy, 'from 0.0001 to 0.3')
  }
  if (!(Number.isFinite(smallest) && smallest >= 0)) {
    throw fault('out-of-range', '$.smallest', smallest, 'a size from 0')
  }
  if (!(Number.isFinite(largest) && largest > smallest)) {
    throw fault('out-of-range', '$.largest', largest, 'a size above the smallest')
  }
  return { accuracy, smallest, largest }
}
