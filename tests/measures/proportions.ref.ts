import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import {
  type DifferenceMethod,
  proportionDifference,
  proportionTest,
} from '../../src/measures/proportion-difference.js'
import { type ProportionMethod, proportion } from '../../src/measures/proportions.js'

type Limits = readonly [number, number]

const read = (name: string) =>
  JSON.parse(readFileSync(new URL(`../fixtures/proportion-intervals/${name}.json`, import.meta.url), 'utf8'))

const methods = {
  wilson: 'wilson',
  clopper_pearson: 'clopper-pearson',
  jeffreys: 'jeffreys',
  agresti_coull: 'agresti-coull',
  wald: 'wald',
} as const satisfies Record<string, ProportionMethod>
type Column = keyof typeof methods
type Row = { readonly k: number; readonly n: number; readonly confidence: number } & Partial<
  Record<Column, Limits>
>

const cells = (rows: readonly Row[]) =>
  rows.flatMap((row) =>
    (Object.keys(methods) as Column[]).flatMap((column) =>
      row[column] === undefined ? [] : [{ ...row, method: methods[column], limits: row[column] }],
    ),
  )

const intervalOf = (k: number, n: number, level: number, method: ProportionMethod) => {
  const found = proportion({ successes: k, trials: n, level, method })
  if (found.kind !== 'estimate') throw new Error('every row has trials')
  expect(found.value).toBe(k / n)
  return found.interval
}

/** statsmodels 0.13.5; 1e-12 absolute. */
test.each(cells(read('one-sample')))('$k of $n at $confidence by $method', (row) => {
  const { low, high } = intervalOf(row.k, row.n, row.confidence, row.method)
  expect(Math.abs(low - row.limits[0])).toBeLessThan(1e-12)
  expect(Math.abs(high - row.limits[1])).toBeLessThan(1e-12)
})

/** scipy 1.17.1; 1e-13 absolute and 1e-11 relative. */
test.each(cells(read('exact')))('$k of $n at $confidence by $method, exactly', (row) => {
  const { low, high } = intervalOf(row.k, row.n, row.confidence, row.method)
  for (const [found, expected] of [
    [low, row.limits[0]],
    [high, row.limits[1]],
  ] as const) {
    expect(Math.abs(found - expected)).toBeLessThanOrEqual(Math.min(1e-13, 1e-11 * expected))
  }
})

const differences = {
  diff_newcomb: 'newcombe',
  diff_wald: 'wald',
  'diff_agresti-caffo': 'agresti-caffo',
} as const satisfies Record<string, DifferenceMethod>
type Pair = Record<'k1' | 'n1' | 'k2' | 'n2' | 'pooled_z' | 'p', number> &
  Record<keyof typeof differences, Limits>

/** statsmodels 0.13.5; 1e-12 absolute. */
test.each<Pair>(read('two-sample'))('$k1 of $n1 against $k2 of $n2', (row) => {
  const a = { successes: row.k1, trials: row.n1 }
  const b = { successes: row.k2, trials: row.n2 }
  for (const [column, method] of Object.entries(differences)) {
    const found = proportionDifference({ a, b, level: 0.95, method })
    if (found.kind !== 'estimate') throw new Error('every row has trials')
    const [low, high] = row[column as keyof typeof differences]
    expect(Math.abs(found.interval.low - low)).toBeLessThan(1e-12)
    expect(Math.abs(found.interval.high - high)).toBeLessThan(1e-12)
  }
  const tested = proportionTest({ a, b })
  if (tested.kind !== 'estimate') throw new Error('every row varies')
  expect(Math.abs(tested.z - row.pooled_z)).toBeLessThan(1e-12)
  expect(Math.abs(tested.p - row.p)).toBeLessThan(1e-12)
})
