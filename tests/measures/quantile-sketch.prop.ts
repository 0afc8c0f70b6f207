import fc from 'fast-check'
import { expect, test } from 'vitest'
import { collect } from '../../src/kernel/aggregate.js'
import { quantile } from '../../src/measures/quantile.js'
import { defineQuantileSketch } from '../../src/measures/quantile-sketch.js'
import { runs } from '../support/size.js'
import { doubles } from './support/doubles.js'

const numRuns = runs(900, 30_000)

/** Random numbers in (0, 1), and what becomes of them: even, skewed, heavy-tailed, two-humped, tied, of both signs. */
const share = fc.double({ min: 1e-9, max: 1 - 1e-9, noNaN: true })
const shapes: Readonly<Record<string, fc.Arbitrary<number>>> = {
  any: doubles,
  even: share,
  exponential: share.map((u) => -1000 * Math.log(u)),
  pareto: share.map((u) => u ** (-1 / 0.5)),
  lognormal: fc
    .tuple(share, share)
    .map(([u, v]) => Math.exp(5 * Math.sqrt(-2 * Math.log(u)) * Math.cos(7 * v))),
  twoHumped: fc.tuple(fc.boolean(), share).map(([far, u]) => (far ? 1e6 + u : u)),
  tied: fc.constantFrom(1, 1.5, 2, 4, 9.99, 10),
  signed: share.map((u) => 1 / (u - 0.5 + 1e-12)),
  edges: fc
    .tuple(fc.integer({ min: -1070, max: 1020 }), fc.integer({ min: 0, max: 64 }))
    .map(([power, part]) => 2 ** power * (1 + part / 64)),
}

for (const [name, values] of Object.entries(shapes)) {
  test(`${name}: the exact quantile is within the interval, and within the accuracy of the value`, () => {
    const accuracies = fc.oneof(
      fc.constantFrom(0.0001, 0.01, 0.05, 0.3),
      fc.double({ min: 0.0001, max: 0.3, noNaN: true }),
    )
    fc.assert(
      fc.property(fc.array(values, { minLength: 1, maxLength: 80 }), accuracies, (given, accuracy) => {
        const sketch = defineQuantileSketch({ id: 'sizes', version: 1, accuracy })
        const partial = sketch.addColumns(sketch.empty(), Float64Array.from(given))
        expect(partial).toEqual(collect(sketch, given))
        const asked = [0, 0.01, 0.25, 0.5, 0.9, 0.99, 1]
        const found = sketch.result(partial, { p: asked })
        if (found.kind !== 'estimate') throw new Error('there are values')
        expect(found.n).toBe(given.length)
        for (const { p, value, low, high } of found.quantiles) {
          const exact = quantile(given, p, { type: 'nearest-rank' })
          if (exact.kind !== 'estimate') throw new Error('there are values')
          expect(low <= exact.value && exact.value <= high).toBe(true)
          expect(low <= value && value <= high).toBe(true)
          // One unit of the smallest float, where no value lies between.
          const off = Math.abs(value - exact.value)
          expect(off <= accuracy * Math.abs(exact.value) * (1 + 1e-12) + 5e-324).toBe(true)
        }
      }),
      { numRuns: Math.round(numRuns / 9) },
    )
  })
}

test('taking out leaves the partial of what was never in', () => {
  const sketch = defineQuantileSketch({ id: 'sizes', version: 1, accuracy: 0.01 })
  fc.assert(
    fc.property(fc.array(doubles), fc.array(doubles), (kept, gone) => {
      const partial = collect(sketch, [...gone, ...kept])
      for (const value of gone) sketch.retract(partial, value)
      expect(partial).toEqual(collect(sketch, kept))
      expect(sketch.merge(collect(sketch, gone), collect(sketch, kept))).toEqual(
        collect(sketch, [...kept, ...gone]),
      )
    }),
    { numRuns },
  )
})
