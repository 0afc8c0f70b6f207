import fc from 'fast-check'
import { expect, test } from 'vitest'
import { lcm, mulDiv, parseRatio, shareOf, stepsIn } from '../../src/kernel/rational.js'
import { runs } from '../support/size.js'

/** Euclid's, for whole numbers of any sign. */
const gcd = (a: number, b: number): number => (b === 0 ? Math.abs(a) : gcd(b, a % b))

const numRuns = runs(10_000, 1_000_000)
const integer = fc.oneof(fc.maxSafeInteger(), fc.integer({ min: -100, max: 100 }), fc.integer())
const natural = integer.map((value) => Math.abs(value))
const positive = natural.map((value) => Math.max(value, 1))

test('mulDiv is integer arithmetic', () => {
  fc.assert(
    fc.property(integer, integer, positive, (a, numerator, denominator) => {
      const product = BigInt(a) * BigInt(numerator)
      const by = BigInt(denominator)
      const remainder = ((product % by) + by) % by
      const quotient = (product - remainder) / by
      const fits = Number.isSafeInteger(Number(quotient))
      expect(mulDiv(a, numerator, denominator)).toEqual(
        fits ? { quotient: Number(quotient), remainder: Number(remainder) } : undefined,
      )
    }),
    { numRuns },
  )
})

test('mulDiv just below a whole quotient, where a rounded division would step over', () => {
  fc.assert(
    fc.property(positive, positive, (denominator, quotient) => {
      const product =
        Math.floor(Number.MAX_SAFE_INTEGER / denominator) > quotient ? denominator * quotient : denominator
      const below = mulDiv(product - 1, 1, denominator)!
      expect(below.quotient * denominator + below.remainder).toBe(product - 1)
      expect(below.remainder).toBe(denominator - 1)
    }),
    { numRuns },
  )
})

test('shares of a running part add up to the total, whatever the steps', () => {
  const order = fc
    .array(fc.nat(1_000_000), { minLength: 1, maxLength: 20 })
    .filter((steps) => steps.some((step) => step > 0))
  fc.assert(
    fc.property(fc.maxSafeNat(), order, (total, steps) => {
      const whole = steps.reduce((sum, step) => sum + step, 0)
      let reached = 0
      let paid = 0
      for (const step of steps) {
        const before = shareOf(total, reached, whole)
        reached += step
        const owed = shareOf(total, reached, whole) - before
        expect(owed).toBeGreaterThanOrEqual(0)
        paid += owed
        expect(BigInt(paid)).toBe((BigInt(total) * BigInt(reached)) / BigInt(whole))
      }
      expect(paid).toBe(total)
    }),
    { numRuns: runs(2_000, 100_000) },
  )
})

test('truncated steps cancel, floored ones never exceed', () => {
  fc.assert(
    fc.property(integer, positive, (amount, step) => {
      const truncated = stepsIn(amount, step, 'truncate')
      expect(stepsIn(-amount, step, 'truncate') + truncated).toBe(0)
      expect(stepsIn(amount, step, 'floor')).toBe(mulDiv(amount, 1, step)!.quotient)
      expect(Object.is(truncated, -0)).toBe(false)
    }),
    { numRuns },
  )
})

test('divisor times multiple is the product', () => {
  const small = fc.integer({ min: 1, max: 50_000_000 })
  fc.assert(
    fc.property(small, small, (a, b) => {
      expect(a % gcd(a, b)).toBe(0)
      expect(BigInt(gcd(a, b)) * BigInt(lcm(a, b)!)).toBe(BigInt(a) * BigInt(b))
    }),
    { numRuns: runs(2_000, 100_000) },
  )
})

test('a ratio is read in lowest terms and means what was written', () => {
  fc.assert(
    fc.property(integer, positive, (above, below) => {
      const { numerator, denominator } = parseRatio(`${above}/${below}`)
      expect(BigInt(numerator) * BigInt(below)).toBe(BigInt(above) * BigInt(denominator))
      expect(gcd(numerator, denominator)).toBe(1)
      expect(parseRatio(`${numerator}/${denominator}`)).toEqual({ numerator, denominator })
    }),
    { numRuns: runs(2_000, 100_000) },
  )
})
