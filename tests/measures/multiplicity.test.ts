import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { adjustedP, type MultiplicityMethod } from '../../src/measures/multiplicity.js'
import { runs } from '../support/size.js'

const methods: readonly MultiplicityMethod[] = [
  'bonferroni',
  'holm',
  'hochberg',
  'benjamini-hochberg',
  'benjamini-yekutieli',
]
const near = (found: readonly number[], expected: readonly number[]) => {
  expect(found).toHaveLength(expected.length)
  for (const [i, p] of found.entries()) expect(Math.abs(p - expected[i]!)).toBeLessThanOrEqual(1e-12)
}

/** By the definitions, in fractions of a hundredth. */
test.each<[MultiplicityMethod, readonly number[]]>([
  ['bonferroni', [0.06, 0.24, 0.18, 0.03, 1, 0.24]],
  ['holm', [0.05, 0.12, 0.12, 0.03, 0.5, 0.12]],
  ['hochberg', [0.05, 0.08, 0.08, 0.03, 0.5, 0.08]],
  ['benjamini-hochberg', [0.03, 0.048, 0.048, 0.03, 0.5, 0.048]],
  ['benjamini-yekutieli', [0.0735, 0.1176, 0.1176, 0.0735, 1, 0.1176]],
])('%s, in the order given', (method, expected) => {
  near(adjustedP([0.01, 0.04, 0.03, 0.005, 0.5, 0.04], { method }), expected)
})

/** Benjamini & Hochberg (1995), section 3.2: at 0.05 Bonferroni and Hochberg's find three and their rate four of 15. */
test('the example of Benjamini and Hochberg', () => {
  const values = [
    ...[0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344],
    ...[0.0459, 0.324, 0.4262, 0.5719, 0.6528, 0.759, 1],
  ]
  const found = (method: MultiplicityMethod) => adjustedP(values, { method }).filter((p) => p <= 0.05).length
  expect([found('bonferroni'), found('hochberg'), found('benjamini-hochberg')]).toEqual([3, 3, 4])
})

const shares = fc.array(
  fc.oneof(fc.constantFrom(0, 1, 0.05, 1e-300), fc.double({ min: 0, max: 1, noNaN: true })),
  {
    maxLength: 40,
  },
)

/** Each by a look at all others, in their order: no ranks held from either end. */
const slow: Readonly<Record<MultiplicityMethod, (sorted: readonly number[], k: number) => number>> = {
  bonferroni: (sorted, k) => Math.min(1, sorted.length * sorted[k]!),
  holm: (sorted, k) =>
    Math.max(...sorted.slice(0, k + 1).map((p, j) => Math.min(1, (sorted.length - j) * p))),
  hochberg: (sorted, k) => Math.min(1, ...sorted.slice(k).map((p, j) => (sorted.length - k - j) * p)),
  'benjamini-hochberg': (sorted, k) =>
    Math.min(1, ...sorted.slice(k).map((p, j) => (sorted.length * p) / (k + j + 1))),
  'benjamini-yekutieli': (sorted, k) => {
    const harmonic = sorted.reduce((sum, _, i) => sum + 1 / (i + 1), 0)
    return Math.min(1, ...sorted.slice(k).map((p, j) => (harmonic * sorted.length * p) / (k + j + 1)))
  },
}

describe.each(methods)('%s', (method) => {
  test('is its definition, keeps the order of sizes and ties, and makes nothing smaller', () => {
    fc.assert(
      fc.property(shares, (values) => {
        const adjusted = adjustedP(values, { method })
        const sorted = [...values].sort((a, b) => a - b)
        for (const [i, p] of values.entries()) {
          const expected = slow[method](sorted, sorted.indexOf(p))
          expect(Math.abs(adjusted[i]! - expected)).toBeLessThanOrEqual(1e-14 * expected + 1e-321)
          expect(adjusted[i]! >= p && adjusted[i]! <= 1).toBe(true)
          for (const [j, other] of values.entries())
            if (p <= other) expect(adjusted[i]! <= adjusted[j]!).toBe(true)
        }
      }),
      { numRuns: runs(300, 10_000) },
    )
  })

  test('of one is itself, of none nothing', () => {
    expect(adjustedP([0.3], { method })).toEqual([0.3])
    expect(adjustedP([], { method })).toEqual([])
  })
})

test('each is as sharp as the next or less so: Hochberg, Holm, Bonferroni; and the rate is the sharpest', () => {
  fc.assert(
    fc.property(shares, (values) => {
      const [bonferroni, holm, hochberg, rate, any] = methods.map((method) => adjustedP(values, { method }))
      for (const i of values.keys()) {
        expect(rate![i]! <= hochberg![i]! * (1 + 1e-15) && hochberg![i]! <= holm![i]!).toBe(true)
        expect(holm![i]! <= bonferroni![i]! && rate![i]! <= any![i]!).toBe(true)
      }
    }),
    { numRuns: runs(300, 10_000) },
  )
})

test.each([
  [[0.1, Number.NaN], 'out-of-range at $.values[1]'],
  [[-0.1], 'out-of-range at $.values[0]'],
  [[1.1], 'out-of-range at $.values[0]'],
  [['0.1'], 'out-of-range at $.values[0]'],
  ['0.1', 'wrong-type at $.values'],
])('refuses %j', (values, message) => {
  expect(() => adjustedP(values as never, { method: 'holm' })).toThrow(message)
})

test('refuses another method', () => {
  expect(() => adjustedP([0.1], { method: 'fdr' as never })).toThrow('unknown-name at $.method')
  expect(() => adjustedP([0.1], undefined as never)).toThrow('wrong-type at $')
})
