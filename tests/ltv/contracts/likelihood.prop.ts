import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  bdw,
  type ContractModel,
  type ContractTable,
  contractTable,
  exponentialGamma,
  sbg,
  weibullGamma,
} from '../../../src/ltv/index.js'
import { digammaMixed, digammaRise } from '../../../src/measures/beta-ratio.js'
import { churnLogLikelihood } from '../../../src/measures/index.js'
import { runs } from '../../support/size.js'

const models: readonly ContractModel<string, string>[] = [sbg, bdw, exponentialGamma, weibullGamma]
const size = (low: number, high: number) =>
  fc.double({ min: Math.log(low), max: Math.log(high), noNaN: true }).map(Math.exp)

/** Survivor counts of cohorts of different age. */
const cohorts = fc.array(
  fc
    .tuple(
      fc.array(fc.integer({ min: 0, max: 500 }), { minLength: 1, maxLength: 12 }),
      fc.integer({ min: 0, max: 1 }),
    )
    .map(([counts, z]) => ({
      cohort: 'a',
      survivors: [...counts].sort((a, b) => b - a),
      covariates: { z, y: z === 1 ? 0.5 : -2 },
    })),
  { minLength: 1, maxLength: 4 },
)
const records = fc.array(
  fc
    .record({
      entry: fc.integer({ min: 0, max: 9 }),
      more: fc.integer({ min: 1, max: 40 }),
      event: fc.boolean(),
      gap: fc.integer({ min: 0, max: 3 }),
    })
    .map(({ entry, more, event, gap }) => ({
      time: entry + more,
      event,
      entry,
      ...(event && gap > 0 && gap <= more && { stillThereAt: entry + more - gap }),
      covariates: { z: more % 2, y: gap },
    })),
  { maxLength: 12 },
)
const tables = fc
  .tuple(cohorts, records)
  .map(([some, others]) => contractTable({ unit: 'month', cohorts: some, customers: others }))

/** How much a number changes over a small step, to about 1e-7 of its slope. */
function difference(f: (x: number) => number, x: number): number {
  const h = 1e-3 * x
  return (8 * (f(x + h) - f(x - h)) - (f(x + 2 * h) - f(x - 2 * h))) / (12 * h)
}

describe('likelihoods of tenures', () => {
  test('slopes are those of the value', () => {
    for (const model of models) {
      fc.assert(
        fc.property(tables, fc.array(size(0.05, 20), { minLength: 5, maxLength: 5 }), (table, sizes) => {
          const at = model.parameters.map((name, k) => (name === 'c' ? 0.5 + (sizes[k]! % 2) : sizes[k]!))
          const likelihood = model.likelihood(table)
          const slopes = new Float64Array(at.length)
          const value = likelihood.slopes(at, slopes)
          expect(value).toBe(likelihood.value(at))
          for (const [k, x] of at.entries()) {
            const along = (y: number) => likelihood.value(at.map((z, i) => (i === k ? y : z)))
            const near = difference(along, x)
            const scale = Math.abs(near) + (1e-6 * (1 + Math.abs(value))) / x
            expect(Math.abs(slopes[k]! - near) / scale).toBeLessThan(1e-5)
          }
        }),
        { numRuns: runs(40, 600) },
      )
    }
  })

  test('of survivor counts they are those that measures know', () => {
    fc.assert(
      fc.property(cohorts, size(1e-3, 1e6), size(1e-3, 1e6), size(0.3, 3), (some, alpha, beta, shape) => {
        const table = contractTable({ unit: 'month', cohorts: some })
        const plain = churnLogLikelihood({ model: 'shifted-beta-geometric', alpha, beta }, some)
        const steep = churnLogLikelihood({ model: 'beta-discrete-weibull', alpha, beta, shape }, some)
        const near = (a: number, b: number) =>
          expect(Math.abs(a - b)).toBeLessThanOrEqual(1e-10 * (1 + Math.abs(b)))
        near(sbg.likelihood(table).value([alpha, beta]), plain)
        near(bdw.likelihood(table).value([alpha, beta, shape]), steep)
        near(bdw.likelihood(table).value([alpha, beta, 1]), plain)
      }),
      { numRuns: runs(60, 1000) },
    )
  })

  test('do not depend on order, joining or the unit', () => {
    fc.assert(
      fc.property(
        records.filter((some) => some.length > 0),
        size(0.1, 50),
        size(0.1, 50),
        size(0.5, 3),
        (some, r, scale, c) => {
          const at = [r, scale, c]
          const value = (table: ContractTable, values = at) => weibullGamma.likelihood(table).value(values)
          const forth = contractTable({ unit: 'day', customers: some })
          const back = contractTable({ unit: 'day', customers: [...some].reverse() })
          expect(value(back)).toBe(value(forth))
          const twice = contractTable({ unit: 'day', customers: [...some, ...some] })
          expect(twice.count.length).toBe(forth.count.length)
          expect(value(twice)).toBeCloseTo(2 * value(forth), 8)
          const { data, by, lnShift } = weibullGamma.rescaled(forth)
          expect(value(data, [r, scale / by, c]) - lnShift).toBeCloseTo(value(forth), 8)
        },
      ),
      { numRuns: runs(60, 1000) },
    )
  })

  test('a record that ends at a renewal is one of the period before it', () => {
    const exact = contractTable({ unit: 'month', customers: [{ time: 3, event: true }] })
    const counted = contractTable({ unit: 'month', cohorts: [{ cohort: 'a', survivors: [1, 1, 1, 0] }] })
    for (const at of [
      [0.5, 2],
      [7, 0.1],
    ]) {
      expect(sbg.likelihood(exact).value(at)).toBe(sbg.likelihood(counted).value(at))
    }
  })
})

test('the mixed difference of digamma is what rises leave', () => {
  fc.assert(
    fc.property(size(1e-6, 1e3), size(1e-3, 1e3), size(1e-3, 1e3), (z, a, x) => {
      const apart = digammaRise(z, a) - digammaRise(z + x, a)
      const found = digammaMixed(z, a, x)
      expect(Math.abs(found - apart)).toBeLessThanOrEqual(4e-15 * (digammaRise(z, a) + digammaRise(z, x)))
      expect(Math.abs(digammaMixed(z, x, a) / found - 1)).toBeLessThan(1e-13)
    }),
    { numRuns: runs(300, 5000) },
  )
  // Where the difference of rises has no digits left: a x / z^2, nearly.
  expect(digammaMixed(1e12, 3, 5) / (15e-24 * (1 - 7e-12)) - 1).toBeCloseTo(0, 12)
})
