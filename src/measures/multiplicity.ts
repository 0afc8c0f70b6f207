import { checkName, checkRecord, fault } from '../kernel/errors.js'
import { checkColumn } from './quantile.js'

/**
 * What is held down when many comparisons are made at once.
 *
 * - `bonferroni`, `holm`, `hochberg`: the chance of one false alarm or more. Holm's is never less sharp than Bonferroni's and as
 *   safe, so it is the one to take; Hochberg's is sharper still, for tests that are independent or move together.
 * - `benjamini-hochberg`: the share of false alarms among alarms, for the same tests; `benjamini-yekutieli`: for any.
 */
export type MultiplicityMethod =
  | 'bonferroni'
  | 'holm'
  | 'hochberg'
  | 'benjamini-hochberg'
  | 'benjamini-yekutieli'

/**
 * p-values of many comparisons, made larger so that each can be held against the level as if it were the only one.
 *
 * In the order given; equal ones stay equal, and none exceeds 1. All comparisons that were looked at belong in the list,
 * also those that nobody reports.
 *
 * @throws DefinitionError `wrong-type` for what is no list, `out-of-range` for a p outside [0, 1], `unknown-name` for another
 * method.
 * @see Holm (1979); Hochberg (1988); Benjamini & Hochberg (1995); Benjamini & Yekutieli (2001).
 * @example
 * adjustedP([0.01, 0.04, 0.03], { method: 'holm' }) // => [0.03, 0.06, 0.06]
 */
export function adjustedP(
  values: readonly number[] | Float64Array,
  options: { readonly method: MultiplicityMethod },
): number[] {
  checkColumn(values, '$.values')
  checkRecord(options, '$')
  checkName(Object.keys(methods), options.method, '$.method')
  for (let i = 0; i < values.length; i += 1) {
    const p = values[i]!
    if (!(Number.isFinite(p) && p >= 0 && p <= 1))
      throw fault('out-of-range', `$.values[${i}]`, p, 'from 0 to 1')
  }
  const { factor, from } = methods[options.method]
  const count = values.length
  const order = Array.from(values, (_, i) => i).sort((i, j) => values[i]! - values[j]!)
  const adjusted = new Array<number>(count).fill(0)
  const some = options.method === 'benjamini-yekutieli' ? harmonic(count) : 1
  // A later one is never smaller: held from below on the way up, or from above on the way down.
  let held = from === 'smallest' ? 0 : 1
  for (let step = 0; step < count; step += 1) {
    const rank = from === 'smallest' ? step : count - 1 - step
    const place = order[rank]!
    const larger = Math.min(1, factor(rank + 1, count) * some * values[place]!)
    held = from === 'smallest' ? Math.max(held, larger) : Math.min(held, larger)
    adjusted[place] = held + 0
  }
  return adjusted
}

/** By how much a p is multiplied, by its rank from 1 and how many there are, and from which end ranks are held in order. */
interface Method {
  readonly factor: (rank: number, count: number) => number
  readonly from: 'smallest' | 'largest'
}

const rate: Method = { factor: (rank, count) => count / rank, from: 'largest' }

const methods: Readonly<Record<MultiplicityMethod, Method>> = {
  bonferroni: { factor: (_, count) => count, from: 'smallest' },
  holm: { factor: (rank, count) => count - rank + 1, from: 'smallest' },
  hochberg: { factor: (rank, count) => count - rank + 1, from: 'largest' },
  'benjamini-hochberg': rate,
  'benjamini-yekutieli': rate,
}

/** 1 + 1/2 + … + 1/n, from the smallest. */
function harmonic(n: number): number {
  let sum = 0
  for (let k = n; k >= 1; k -= 1) sum += 1 / k
  return sum
}
