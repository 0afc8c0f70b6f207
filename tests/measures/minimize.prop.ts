import fc from 'fast-check'
import { expect, test } from 'vitest'
import { minimize } from '../../src/measures/minimize.js'
import type { Objective } from '../../src/measures/objective.js'
import { eigen, inverse, type Matrix, times } from '../../src/measures/symmetric.js'
import { runs } from '../support/size.js'
import { givenAs, logistic } from './support/objectives.js'

const numRuns = runs(100, 10_000)
const timeout = runs(10_000, 600_000)
const entry = fc.double({ min: -1, max: 1, noNaN: true })
const size = fc.integer({ min: 1, max: 6 })
const vector = (n: number, of = entry) => fc.array(of, { minLength: n, maxLength: n })

/** A symmetric matrix with these eigenvalues, turned by reflections. */
function turned(values: readonly number[], mirrors: readonly (readonly number[])[]): number[][] {
  let matrix = values.map((value, i) => values.map((_, j) => (i === j ? value : 0)))
  for (const mirror of mirrors) {
    const length = mirror.reduce((sum, x) => sum + x * x, 0)
    if (length < 0.01) continue
    const h = mirror.map((x, i) => mirror.map((y, j) => (i === j ? 1 : 0) - (2 * x * y) / length))
    const product = (a: Matrix, b: Matrix) =>
      a.map((row) => b[0]!.map((_, j) => row.reduce((sum, x, k) => sum + x * b[k]![j]!, 0)))
    matrix = product(product(h, matrix), h)
  }
  return matrix.map((row, i) => row.map((x, j) => (x + matrix[j]![i]!) / 2))
}

const quadratic = (matrix: Matrix, centre: readonly number[]): Objective => {
  const off = (at: readonly number[]) => at.map((x, i) => x - centre[i]!)
  return {
    value: (at) => off(at).reduce((sum, x, i) => sum + 0.5 * x * times(matrix, off(at))[i]!, 0),
    gradient: (at) => times(matrix, off(at)),
    hessian: () => matrix,
  }
}

const bowls = size.chain((n) =>
  fc.record({
    values: vector(n, fc.double({ min: 0.01, max: 1, noNaN: true })),
    mirrors: fc.array(vector(n, fc.integer({ min: -9, max: 9 })), { minLength: 2, maxLength: 2 }),
    centre: vector(n),
    start: vector(n),
    units: vector(n, fc.constantFrom(1e-4, 1e-2, 1, 1e2, 1e4)),
  }),
)

test('every bowl has its optimum, in whatever units', { timeout }, () => {
  fc.assert(
    fc.property(bowls, ({ values, mirrors, centre, start, units }) => {
      const bowl = turned(values, mirrors)
      const matrix = bowl.map((row, i) => row.map((x, j) => x / units[i]! / units[j]!))
      const at = centre.map((x, i) => x * units[i]!)
      for (const [by, given] of givenAs(quadratic(matrix, at)).slice(0, 2)) {
        const found = minimize(
          given,
          start.map((x, i) => x * units[i]!),
        )
        if (found.kind !== 'optimum') throw new Error(`by ${by}: ${found.reason}`)
        for (const [i, x] of found.at.entries()) expect(Math.abs(x - at[i]!) / units[i]!).toBeLessThan(1e-5)
        const exact = inverse(matrix)!
        for (const [i, row] of found.covariance.entries()) {
          for (const [j, x] of row.entries()) {
            expect(Math.abs(x - exact[i]![j]!) / units[i]! / units[j]!).toBeLessThan(
              0.001 / Math.min(...values),
            )
          }
        }
      }
    }),
    { numRuns },
  )
})

test('by values only, where parameters are of a size near 1', { timeout }, () => {
  fc.assert(
    fc.property(bowls, ({ values, mirrors, centre, start }) => {
      const { value } = quadratic(turned(values, mirrors), centre)
      const found = minimize({ value }, start)
      if (found.kind !== 'optimum') throw new Error(found.reason)
      for (const [i, x] of found.at.entries()) expect(Math.abs(x - centre[i]!)).toBeLessThan(1e-4)
    }),
    { numRuns: Math.round(numRuns / 4) },
  )
})

test('no saddle and no trough is called an optimum', { timeout }, () => {
  const seen: Record<string, number> = {}
  fc.assert(
    fc.property(bowls, fc.constantFrom(0, -0.01, -1), ({ values, mirrors, centre, start }, last) => {
      const matrix = turned([...values.slice(1), last], mirrors)
      for (const [, given] of givenAs(quadratic(matrix, centre))) {
        const found = minimize(given, start)
        expect(found.kind).toBe('not-an-optimum')
        if (found.kind === 'not-an-optimum') seen[found.reason] = (seen[found.reason] ?? 0) + 1
      }
    }),
    { numRuns: Math.round(numRuns / 4) },
  )
  expect(Object.keys(seen).sort()).toEqual(expect.arrayContaining(['flat', 'unbounded']))
})

test('a line that separates yes from no is never an optimum, and one that does not is', { timeout }, () => {
  const data = fc.uniqueArray(fc.integer({ min: -50, max: 50 }), { minLength: 4, maxLength: 20 })
  const kinds = { separated: 0, mixed: 0 }
  const reasons: Record<string, number> = {}
  fc.assert(
    fc.property(data, fc.boolean(), fc.nat(), fc.constantFrom(0.01, 1, 10), (some, separated, seed, unit) => {
      const xs = [...some].sort((a, b) => a - b)
      const cut = 1 + (seed % (xs.length - 1))
      // Mixed: both ends say no, the middle says yes.
      const ys = xs.map((_, i) => (separated ? Number(i >= cut) : Number(i > 0 && i < xs.length - 1)))
      kinds[separated ? 'separated' : 'mixed'] += 1
      const scaled = xs.map((x) => (x * unit) / 10)
      for (const [by, given] of givenAs(logistic(scaled, ys))) {
        const found = minimize(given, [0, 0])
        expect(`${by}: ${found.kind}`).toBe(`${by}: ${separated ? 'not-an-optimum' : 'optimum'}`)
        if (found.kind === 'not-an-optimum') reasons[found.reason] = (reasons[found.reason] ?? 0) + 1
      }
    }),
    { numRuns: Math.round(numRuns / 4) },
  )
  expect(Math.min(kinds.separated, kinds.mixed)).toBeGreaterThan(numRuns / 16)
  // Far out the slopes are rounding, which now and then looks like a jump.
  expect(reasons['flat']! / (3 * kinds.separated)).toBeGreaterThan(0.95)
})

test('eigenvalues come back from what they were made of, and vectors from their matrix', { timeout }, () => {
  fc.assert(
    fc.property(bowls, ({ values, mirrors }) => {
      const matrix = turned(values, mirrors)
      const found = eigen(matrix)
      const sorted = [...values].sort((a, b) => a - b)
      for (const [i, value] of found.values.entries()) {
        expect(Math.abs(value - sorted[i]!)).toBeLessThan(1e-14)
        for (const [j, x] of times(matrix, found.vectors[i]!).entries()) {
          expect(Math.abs(x - value * found.vectors[i]![j]!)).toBeLessThan(1e-14)
        }
      }
      for (const [i, row] of inverse(matrix)!.entries()) {
        for (const [j, x] of times(matrix, row).entries()) {
          expect(Math.abs(x - (i === j ? 1 : 0))).toBeLessThan(1e-12)
        }
      }
    }),
    { numRuns },
  )
})
