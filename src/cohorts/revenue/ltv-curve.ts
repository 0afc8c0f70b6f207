import { nearestFloat } from '../../measures/accumulator.js'
import { studentQuantile } from '../../measures/student.js'

/** What a customer brought by an offset. */
export interface LtvPoint {
  /** Periods since that of acquisition. */
  readonly offset: number
  /** Customers who are old enough: of all cohorts whose period at this offset has passed. */
  readonly n: number
  /** Cohorts that they are of, those of nobody included. */
  readonly cohorts: number
  /** Them, of all customers of the cohorts shown. Below 1 the increment is that of early cohorts only. */
  readonly maturity: number
  /** What they brought at this offset, decimal text. */
  readonly amount: string
  /** That per each of them, in the currency. */
  readonly increment: number
  /** What a customer brought from offset 0 up to and with this one. */
  readonly mean: LtvMean
}

/** A mean of money with its interval, in the currency: floats. */
export interface LtvMean {
  readonly value: number
  readonly interval:
    | {
        readonly kind: 'interval'
        readonly low: number
        readonly high: number
        readonly level: number
        readonly method: 'student-t' | 'student-t-by-customer'
      }
    | { readonly kind: 'undefined'; readonly reason: 'one-customer' }
}

/** A customer of a cohort, and by offset what it brought of every value, in smallest units. */
export interface Member {
  readonly row: number
  readonly brought: ReadonlyMap<number, readonly number[]>
}

/** All cohorts by offset. */
export interface Triangle {
  /** How many of its rows are of periods that have passed: row `r` has `over - r` complete cells. */
  readonly over: number
  readonly sizes: readonly number[]
  /** By row, offset and value, in smallest units. */
  readonly totals: readonly (readonly (readonly bigint[])[])[]
}

/** Which value, how sure, and in what it is written. */
export interface CurveOptions {
  readonly value: number
  readonly level: number
  /** From `quantilesOf` the level. */
  readonly quantile: (n: number) => number
  /** Smallest units in one of the currency. */
  readonly unit: bigint
  readonly text: (minor: bigint) => string
}

/** The curve of one cohort, over its complete cells. */
export function cohortCurve(
  members: readonly Member[],
  { over, totals }: Triangle,
  { row, value, level, quantile, unit, text }: CurveOptions & { readonly row: number },
): readonly LtvPoint[] {
  const n = members.length
  const length = n === 0 ? 0 : Math.max(0, over - row)
  const squares = new Float64Array(length)
  const means: number[] = []
  const exact: bigint[] = []
  let total = 0n
  for (let offset = 0; offset < length; offset += 1) {
    total += totals[row]![offset]![value]!
    exact.push(total)
    means.push(nearestFloat(total, BigInt(n), 0))
  }
  for (const { brought } of members) {
    let sum = 0
    for (let offset = 0; offset < length; offset += 1) {
      sum += brought.get(offset)?.[value] ?? 0
      const away = sum - means[offset]!
      squares[offset]! += away * away
    }
  }
  const t = quantile(n)
  return exact.map((sum, offset) => {
    const amount = totals[row]![offset]![value]!
    const mean = nearestFloat(sum, BigInt(n) * unit, 0)
    const error = n < 2 ? undefined : Math.sqrt(squares[offset]! / (n - 1) / n) / Number(unit)
    return {
      offset,
      n,
      cohorts: 1,
      maturity: 1,
      amount: text(amount),
      increment: nearestFloat(amount, BigInt(n) * unit, 0),
      mean: meanOf(mean, error, { t, level, method: 'student-t' }),
    }
  })
}

/** The curve over all cohorts: increments of those who are old enough, added up. */
export function overallCurve(
  members: readonly Member[],
  { over, sizes, totals }: Triangle,
  { value: place, level, quantile, unit, text }: CurveOptions,
): readonly LtvPoint[] {
  const amounts: bigint[] = []
  const eligible: number[] = []
  for (let offset = 0; offset < over; offset += 1) {
    let [n, amount] = [0, 0n]
    for (let row = 0; row + offset < over; row += 1) {
      n += sizes[row]!
      amount += totals[row]![offset]![place]!
    }
    if (n === 0) break
    eligible.push(n)
    amounts.push(amount)
  }
  const errors = errorsByCustomer(members, { over, amounts, eligible, value: place })
  const acquired = sizes.reduce((all, size) => all + size, 0)
  // The sum of increments as one fraction: a refund takes away to the last digit what an order brought.
  let above = 0n
  let below = 1n
  let last = 0
  return amounts.map((amount, offset) => {
    const n = eligible[offset]!
    const many = BigInt(n)
    if (n !== last) {
      above *= many
      below *= many
      last = n
    }
    above += amount * (below / many)
    const increment = nearestFloat(amount, many * unit, 0)
    const value = nearestFloat(above, below * unit, 0)
    const error = n < 2 ? undefined : errors[offset]! / Number(unit)
    const t = quantile(n)
    return {
      offset,
      n,
      cohorts: over - offset,
      maturity: n / acquired,
      amount: text(amount),
      increment,
      mean: meanOf(value, error, { t, level, method: 'student-t-by-customer' }),
    }
  })
}

/**
 * Standard errors of the sums of increments. An increment is a mean, so a customer shifts the sum by its distance from
 * every mean that it is part of, each over how many there are; its periods are not independent, customers are. Of one
 * cohort this is the standard error of the mean.
 */
function errorsByCustomer(
  members: readonly Member[],
  {
    over,
    amounts,
    eligible,
    value,
  }: {
    readonly over: number
    readonly amounts: readonly bigint[]
    readonly eligible: readonly number[]
    readonly value: number
  },
): Float64Array {
  const length = amounts.length
  const means = amounts.map((amount, offset) => nearestFloat(amount, BigInt(eligible[offset]!), 0))
  const weights = eligible.map((n) => (n < 2 ? 0 : 1 / Math.sqrt(n * (n - 1))))
  const squares = new Float64Array(length + 1)
  /** Of customers who are not old enough from here on: what they shifted until then stays. */
  const ended = new Float64Array(length + 1)
  for (const { row, brought } of members) {
    const own = Math.min(length, over - row)
    let shift = 0
    for (let offset = 0; offset < own; offset += 1) {
      shift += ((brought.get(offset)?.[value] ?? 0) - means[offset]!) * weights[offset]!
      squares[offset]! += shift * shift
    }
    if (own > 0) ended[own]! += shift * shift
  }
  let before = 0
  return squares.map((square, offset) => {
    before += ended[offset]!
    return Math.sqrt(square + before)
  })
}

function meanOf(
  value: number,
  error: number | undefined,
  {
    t,
    level,
    method,
  }: {
    readonly t: number
    readonly level: number
    readonly method: 'student-t' | 'student-t-by-customer'
  },
): LtvMean {
  if (error === undefined) return { value, interval: { kind: 'undefined', reason: 'one-customer' } }
  const [low, high] = [value - t * error, value + t * error]
  return { value, interval: { kind: 'interval', low, high, level, method } }
}

/** Student's t for both tails, by how many customers; each is worked out once, as it takes longer than all the rest. */
export function quantilesOf(level: number): (n: number) => number {
  const tail = (1 - level) / 2
  const known = new Map<number, number>()
  return (n) => {
    let t = known.get(n)
    if (t === undefined) {
      t = n > 1 && tail < 0.5 ? -studentQuantile(tail, n - 1) : 0
      known.set(n, t)
    }
    return t
  }
}
