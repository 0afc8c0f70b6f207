import { exp, ln, log1p } from '../../kernel/elementary.js'
import { checkList, checkName, fault } from '../../kernel/errors.js'
import { isRecord } from '../../kernel/plain.js'
import { betaRegularized, lnBeta } from '../../measures/beta.js'
import { exactSum } from '../../measures/exact-sum.js'
import { digamma, trigamma } from '../../measures/gamma.js'
import { normalQuantile } from '../../measures/normal.js'
import { checkLevel } from '../../measures/proportions.js'
import { checkOptions } from '../options.js'

/** How regularity is estimated; see `estimateRegularity`. */
export type RegularityMethod = 'wheat' | 'likelihood' | 'mle' | 'mle-minka' | 'cv'

/** How, how sure, and of whom. */
export interface RegularityOptions {
  /** `wheat` unless told. */
  readonly method?: RegularityMethod
  /** Confidence of the interval; 0.95 unless told. */
  readonly level?: number
  /** Of `wheat` and `likelihood`: which two gaps of each customer are compared; the `last` two unless told. */
  readonly pair?: 'first' | 'last'
  /** Of the other methods: how many gaps a customer needs to be looked at; 10 unless told, 2 at least. */
  readonly atLeast?: number
}

/** How regular buying is, or why that cannot be told. */
export type Regularity =
  | {
      readonly kind: 'estimate'
      /** k, the shape of the times between purchases: 1 is random (Poisson), 2 and more regular, below 1 in bursts. */
      readonly value: number
      readonly interval: RegularityInterval
      readonly method: RegularityMethod
      /** Who had gaps enough. */
      readonly customers: number
    }
  | {
      readonly kind: 'undefined'
      /** `no-gaps`: nobody bought often enough; `no-variation`: gaps are all alike, so that k has no bound. */
      readonly reason: 'no-gaps' | 'no-variation'
      readonly method: RegularityMethod
      readonly customers: number
    }

/** Where k may lie. `high` is `null` where the data set no bound. */
export type RegularityInterval =
  | {
      readonly kind: 'interval'
      readonly low: number
      readonly high: number | null
      readonly level: number
      readonly method: 'delta' | 'likelihood-ratio' | 'order-statistics'
    }
  | { readonly kind: 'undefined'; readonly reason: 'too-few' | 'no-variation' }

/** What is looked at of a customer. */
export interface TimedPurchases {
  /** Ages at the repeat purchases, ascending; `purchaseAges: true` in the reading of histories gives them. */
  readonly purchaseAges?: readonly number[]
}

/**
 * How regular the times between purchases are: the k of gamma (Erlang-k) times, for the choice between models. Near 1 the
 * purchases of a customer come at random, as NBD, Pareto/NBD and BG/NBD assume; from about 1.5 on models with k = 2 and more
 * predict better.
 *
 * - `wheat`: from two gaps a customer. With the same k for everybody, M = gap / (gap + other gap) is Beta(k, k) whatever the
 *   customer's rate, with mean 1/2 and variance 1 / (4 (2k + 1)); so k = (1 - 4 V) / (8 V), V the mean of (M - 1/2)². Interval
 *   by the delta method on ln V.
 * - `likelihood`: the same M, with the k that makes them likeliest, and a likelihood-ratio interval: sharper where k is above 1.
 * - `mle`: for each customer with ten gaps or more the likeliest k of their own; the median of these, with an interval from
 *   order statistics. `mle-minka` takes Minka's closed form for it, `cv` mean² / variance of the gaps.
 *
 * Whoever bought three times or more is looked at, and those are not the average customers. Days are coarse: purchases of one day
 * are merged, so that no gap is shorter than 1, which makes quick buyers look a little more regular than they are.
 *
 * @throws DefinitionError `missing` without `purchaseAges`; `out-of-range` where ages do not ascend from above 0, and for options.
 * @see Wheat & Morrison (1990), "Estimating purchase regularity with two interpurchase times"; Minka (2002), "Estimating a gamma
 * distribution".
 * @example
 * estimateRegularity([{ purchaseAges: [4, 9, 13] }, { purchaseAges: [2, 5] }, { purchaseAges: [1, 8] }])
 * // => { kind: 'estimate', value: 1.94, customers: 3, method: 'wheat', interval: { low: 0, high: 13.0, … } }
 */
export function estimateRegularity(
  customers: readonly TimedPurchases[],
  options: RegularityOptions = {},
): Regularity {
  const { method, level, pair, atLeast } = readOptions(options)
  checkList(customers, '$')
  const paired = method === 'wheat' || method === 'likelihood'
  const least = paired ? 2 : atLeast
  const gaps: (readonly number[])[] = []
  for (const [i, customer] of customers.entries()) {
    const own = gapsOf(customer, `$[${i}]`)
    if (own.length >= least) gaps.push(own)
  }
  if (gaps.length === 0) return { kind: 'undefined', reason: 'no-gaps', method, customers: 0 }
  if (!paired) return medianOf(gaps.map(shapeBy[method]), method, level)
  const pairs = gaps.map((own) => (pair === 'last' ? own.slice(-2) : own.slice(0, 2)) as [number, number])
  return method === 'wheat' ? byMoments(pairs, level) : byLikelihood(pairs, level)
}

function byMoments(pairs: readonly (readonly [number, number])[], level: number): Regularity {
  const n = pairs.length
  const squares = pairs.map((pair) => {
    const away = awayOf(pair) / 2
    return away * away
  })
  const variance = exactSum(squares) / n
  if (variance === 0) return { kind: 'undefined', reason: 'no-variation', method: 'wheat', customers: n }
  const shape = (v: number) => Math.max(0, (1 - 4 * v) / (8 * v))
  const spread = exactSum(squares.map((square) => (square - variance) * (square - variance)))
  const reach = (-normalQuantile((1 - level) / 2) * Math.sqrt(spread / (n - 1) / n)) / variance
  return {
    kind: 'estimate',
    value: shape(variance),
    interval:
      n === 1
        ? { kind: 'undefined', reason: 'too-few' }
        : spread === 0
          ? { kind: 'undefined', reason: 'no-variation' }
          : {
              kind: 'interval',
              low: shape(variance * exp(reach)),
              high: shape(variance * exp(-reach)),
              level,
              method: 'delta',
            },
    method: 'wheat',
    customers: n,
  }
}

/** |2 M - 1|, without a loss of digits where gaps are nearly alike. */
function awayOf([a, b]: readonly [number, number]): number {
  const [low, high] = [Math.min(a, b), Math.max(a, b)]
  return (high - low) / 2 / (high / 2 + low / 2)
}

/** ln(4 M (1 - M)), 0 where the gaps are alike. */
function lnAlike(pair: readonly [number, number]): number {
  const away = awayOf(pair)
  if (away < 0.5) return log1p(-away * away)
  const [low, high] = [Math.min(pair[0], pair[1]), Math.max(pair[0], pair[1])]
  return 2 * LN2 + ln(low) - ln(high) - 2 * log1p(low / high)
}

function byLikelihood(pairs: readonly (readonly [number, number])[], level: number): Regularity {
  const n = pairs.length
  // Mean of ln(4 M (1 - M)): how far the pairs are from being alike, 0 where they all are.
  const apart = exactSum(pairs.map(lnAlike)) / n
  if (apart >= 0) return { kind: 'undefined', reason: 'no-variation', method: 'likelihood', customers: n }
  // The slope of ln L by k falls from above to below zero once.
  const slope = (k: number) => 2 * (digamma(2 * k) - digamma(k)) - 2 * LN2 + apart
  const k = exp(fallsAt((u) => slope(exp(u)), LOWEST, HIGHEST))
  const lnL = (at: number) => n * ((at - 1) * (apart - 2 * LN2) - lnBeta(at, at))
  const z = -normalQuantile((1 - level) / 2)
  const lost = (u: number) => lnL(k) - lnL(exp(u)) - (z * z) / 2
  const far = fallsAt((u) => -lost(u), ln(k), HIGHEST)
  return {
    kind: 'estimate',
    value: k,
    interval: {
      kind: 'interval',
      low: exp(fallsAt(lost, LOWEST, ln(k))),
      high: far >= HIGHEST ? null : exp(far),
      level,
      method: 'likelihood-ratio',
    },
    method: 'likelihood',
    customers: n,
  }
}

const LN2 = /* @__PURE__ */ ln(2)
/** ln k is looked for between these. */
const LOWEST = -25
const HIGHEST = 25

/** Where a function that falls crosses zero; an end where it does not. */
function fallsAt(f: (u: number) => number, from: number, to: number): number {
  let [low, high] = [from, to]
  for (let i = 0; i < 200; i++) {
    const middle = (low + high) / 2
    if (middle === low || middle === high) break
    if (f(middle) > 0) low = middle
    else high = middle
  }
  return high
}

/** The shape of one customer's gaps, by method. */
const shapeBy: Readonly<
  Record<Exclude<RegularityMethod, 'wheat' | 'likelihood'>, (gaps: readonly number[]) => number>
> = {
  mle: (gaps) => likeliestShape(apartness(gaps)),
  'mle-minka': (gaps) => closedShape(apartness(gaps)),
  cv: (gaps) => {
    const mean = exactSum(gaps) / gaps.length
    const squares = exactSum(gaps.map((gap) => (gap - mean) * (gap - mean)))
    return (mean * mean * (gaps.length - 1)) / squares
  },
}

/** ln of the mean less the mean of the logarithms; 0 where all are alike. */
function apartness(gaps: readonly number[]): number {
  const mean = exactSum(gaps) / gaps.length
  return Math.max(
    0,
    -exactSum(gaps.map((gap) => (gap / mean > 0 ? ln(gap / mean) : ln(gap) - ln(mean)))) / gaps.length,
  )
}

/** Minka's closed form, within 1.5 % of the likeliest. */
const closedShape = (s: number): number => (3 - s + Math.sqrt((s - 3) * (s - 3) + 24 * s)) / (12 * s)

/** The k at which ln k - digamma(k) is s. */
function likeliestShape(s: number): number {
  let k = closedShape(s)
  // Far out ln k - digamma(k) is 1 / (2 k), and its digits are noise.
  if (!(k < 1e7)) return k
  for (let i = 0; i < 30; i++) {
    const step = (ln(k) - digamma(k) - s) / (1 - k * trigamma(k))
    k *= exp(-step)
    if (Math.abs(step) < 1e-14) break
  }
  return k
}

/** The median, with the interval that order statistics give whatever the distribution is. */
function medianOf(values: readonly number[], method: RegularityMethod, level: number): Regularity {
  const n = values.length
  const sorted = Float64Array.from(values).sort()
  const middle = n >> 1
  const value = n % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
  if (!Number.isFinite(value)) return { kind: 'undefined', reason: 'no-variation', method, customers: n }
  // The chance that fewer than r of n lie below the median.
  const below = (r: number) => betaRegularized(0.5, n - r + 1, r)
  let [least, most] = [0, middle + 1]
  while (most - least > 1) {
    const r = (least + most) >> 1
    if (below(r) <= (1 - level) / 2) least = r
    else most = r
  }
  return {
    kind: 'estimate',
    value,
    interval:
      least === 0
        ? { kind: 'undefined', reason: 'too-few' }
        : {
            kind: 'interval',
            low: sorted[least - 1]!,
            high: sorted[n - least]!,
            level,
            method: 'order-statistics',
          },
    method,
    customers: n,
  }
}

/** The times between purchases of a customer. */
function gapsOf(customer: TimedPurchases, path: string): readonly number[] {
  if (!isRecord(customer)) throw fault('wrong-type', path, customer, 'a customer')
  const { purchaseAges: ages } = customer as TimedPurchases
  if (ages === undefined)
    throw fault('missing', `${path}.purchaseAges`, ages, 'histories read with purchaseAges: true')
  checkList(ages, `${path}.purchaseAges`)
  let before = 0
  return Array.from(ages, (age: unknown, i) => {
    const gap = typeof age === 'number' ? age - before : Number.NaN
    if (!(gap > 0 && gap < Number.POSITIVE_INFINITY))
      throw fault('out-of-range', `${path}.purchaseAges[${i}]`, age, `a finite number above ${before}`)
    before = age as number
    return gap
  })
}

function readOptions(options: RegularityOptions): Required<RegularityOptions> {
  checkOptions(options, ['method', 'level', 'pair', 'atLeast'], '$.options')
  const { method = 'wheat', level = 0.95, pair = 'last', atLeast = 10 } = options as RegularityOptions
  checkName(['wheat', 'likelihood', 'mle', 'mle-minka', 'cv'], method, '$.options.method')
  checkName(['first', 'last'], pair, '$.options.pair')
  checkLevel(level)
  if (!(Number.isSafeInteger(atLeast) && atLeast >= 2))
    throw fault('out-of-range', '$.options.atLeast', atLeast, 'a whole number from 2')
  return { method, level, pair, atLeast }
}
