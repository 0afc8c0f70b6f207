// A shape far below one beside whole numbers: its digits are kept.
import { contractOutlook, exponentialGamma, mbgCnbd, parameters, predictor } from 'liuliang/ltv'
import { expect, test } from 'vitest'

const told = { unit: 'week', source: 'a stranger' } as const

test('the chance of a purchase of one who hardly ever buys', () => {
  const model = mbgCnbd(2)
  const values = { r: 1e-8, alpha: 8.058861638095386e-6, a: 0.10801039538569243, b: 1e8 }
  const history = { unit: 'week', repeatCount: 0, lastPurchaseAge: 0, age: 0.006149122893477796 } as const
  const chance = predictor(model, parameters(model, values, told)).chanceOfAtLeast(history, 1, {
    weeks: 1e-6,
  })
  // By mpmath, 50 digits.
  expect(Math.abs(chance / 1.62186240138e-12 - 1)).toBeLessThan(1e-11)
})

test('exactly one is no likelier than at least one, but for rounding', () => {
  const model = mbgCnbd(3)
  const values = { r: 1e-8, alpha: 1.6217e-5, a: 1, b: 800196 }
  const history = { unit: 'week', repeatCount: 0, lastPurchaseAge: 0, age: 5.7e6 } as const
  const { chanceOf, chanceOfAtLeast } = predictor(model, parameters(model, values, told))
  const [one, some] = [chanceOf(history, 1, { weeks: 10 }), chanceOfAtLeast(history, 1, { weeks: 10 })]
  expect(one / some).toBeLessThan(1 + 3e-14)
})

test('no logarithm of a chance is above 0', () => {
  const model = mbgCnbd(2)
  const values = { r: 0.014147623522440611, alpha: 1e6, a: 0.00335964991313449, b: 0.0011097357748460508 }
  const history = { unit: 'week', repeatCount: 100, lastPurchaseAge: 99999.9999999, age: 1e5 } as const
  const { ln } = predictor(model, parameters(model, values, told)).customer(history)
  expect(ln.chanceOf(0, { weeks: 2.26e-6 })).toBeLessThanOrEqual(0)
  expect(ln.noPurchaseFor({ weeks: 2.26e-6 })).toBeLessThanOrEqual(0)
})

test('retention in continuous time at a small scale', () => {
  const outlook = contractOutlook(exponentialGamma, parameters(exponentialGamma, { r: 1, alpha: 1e-8 }, told))
  expect(outlook.retention({ weeks: 1 }) / (1e-8 / (1 + 1e-8))).toBeCloseTo(1, 12)
})
