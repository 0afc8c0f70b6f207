import fc from 'fast-check'
import { expect, test } from 'vitest'
import { collect } from '../../src/kernel/aggregate.js'
import { compensatedSum } from '../../src/measures/compensated-sum.js'
import { exactSum, exactTotal } from '../../src/measures/exact-sum.js'
import { moments } from '../../src/measures/moments.js'
import { runs } from '../support/size.js'
import { doubles, isNearest, units } from './support/doubles.js'

const numRuns = runs(1_000, 50_000)
const many = fc.array(doubles, { maxLength: 40 })
/** As large as a float gets, in units of 2^-1074, with what rounds down to it. */
const LARGEST = units(Number.MAX_VALUE) + (1n << 2044n)

test('the exact sum is the float nearest to the sum of fractions', () => {
  let cancelled = 0
  fc.assert(
    fc.property(many, fc.boolean(), (values, cancelling) => {
      const given = cancelling ? [...values, ...values.slice(0, values.length >> 1).map((x) => -x)] : values
      const exact = given.reduce((sum, value) => sum + units(value), 0n)
      const size = exact < 0n ? -exact : exact
      if (size >= LARGEST) {
        expect(() => exactSum(given)).toThrow(expect.objectContaining({ code: 'too-large', path: '$' }))
        return
      }
      if (cancelling) cancelled += 1
      const sum = exactSum(given)
      if (Math.abs(sum) === Number.MAX_VALUE)
        // Half of the spacing down from there; what lies half-way goes to the even one below.
        expect(size > units(Number.MAX_VALUE) - (1n << 2044n)).toBe(true)
      else expect(isNearest(sum, exact, 1n, 1074n)).toBe(true)
    }),
    { numRuns, examples: [[[Number.MAX_VALUE, -4.9896007738368e291, -1], false]] },
  )
  expect(cancelled).toBeGreaterThan(numRuns / 10)
})

test('mean and variance are the floats nearest to the exact ones', () => {
  let estimated = 0
  fc.assert(
    fc.property(fc.oneof(many, fc.array(fc.double({ min: 1e9, max: 1e9 + 8, noNaN: true }))), (values) => {
      const { n, mean, variance } = moments.result(collect(moments, values))
      expect(n).toBe(values.length)
      const exact = values.map(units)
      const sum = exact.reduce((a, b) => a + b, 0n)
      const squares = exact.reduce((a, b) => a + b * b, 0n)
      const size = BigInt(n)
      if (mean.kind === 'undefined') expect([n, mean.reason]).toEqual([0, 'no-values'])
      else if (Math.abs(mean.value) < Number.MAX_VALUE)
        expect(isNearest(mean.value, sum, size, 1074n)).toBe(true)
      if (variance.kind === 'undefined') {
        const tooLarge = size * squares - sum * sum >= (LARGEST << 1074n) * size * (size - 1n)
        expect(variance.reason).toBe(n === 0 ? 'no-values' : n === 1 ? 'one-value' : 'too-large')
        if (n > 1) expect(tooLarge).toBe(true)
      } else if (variance.value < Number.MAX_VALUE) {
        estimated += 1
        expect(isNearest(variance.value, size * squares - sum * sum, size * (size - 1n), 2148n)).toBe(true)
      }
    }),
    { numRuns },
  )
  expect(estimated).toBeGreaterThan(numRuns / 4)
})

test('columns equal rows, and what was retracted leaves no trace', () => {
  fc.assert(
    fc.property(many, many, (kept, gone) => {
      const column = Float64Array.from([...kept, ...gone])
      const sum = exactTotal.addColumns(exactTotal.empty(), column)
      expect(sum).toEqual(collect(exactTotal, column))
      const some = moments.addColumns(moments.empty(), column)
      expect(some).toEqual(collect(moments, column))
      for (const value of gone) {
        exactTotal.retract(sum, value)
        moments.retract(some, value)
      }
      expect(moments.result(some)).toEqual(moments.result(collect(moments, kept)))
      const left = kept.reduce((total, value) => total + units(value), 0n)
      if ((left < 0n ? -left : left) < LARGEST) expect(exactTotal.result(sum)).toBe(exactSum(kept))
    }),
    { numRuns: numRuns / 2 },
  )
})

test('the compensated sum is off by no more than its bound: an ulp, and n^2 eps^2 of the sizes', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { maxLength: 100 }), (values) => {
      const exact = exactSum(values)
      const sizes = values.reduce((sum, value) => sum + Math.abs(value), 0)
      const bound = Math.abs(exact) * 2 ** -52 + (values.length * 2 ** -53) ** 2 * 2 * sizes
      expect(Math.abs(compensatedSum(values) - exact)).toBeLessThanOrEqual(bound)
    }),
    { numRuns },
  )
})
