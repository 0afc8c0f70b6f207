// Laws of the Gamma-Gamma model, at ordinary and extreme parameters.
import fc from 'fast-check'
import { random } from 'liuliang'
import { gammaGamma, gammaGammaAnyQ, spendTable } from 'liuliang/ltv'
import { describe, expect, test } from 'vitest'
import { runs } from '../../support/size.js'
import { highest } from '../support/highest.js'

const logOf = (low: number, high: number) =>
  fc.double({ min: Math.log(low), max: Math.log(high), noNaN: true }).map(Math.exp)
const anyValues = fc.record({ p: logOf(1e-6, 1e6), q: logOf(1e-6, 1e6), v: logOf(1e-6, 1e6) })
const rows = fc.array(fc.record({ purchases: fc.integer({ min: 1, max: 10_000 }), mean: logOf(1e-3, 1e5) }), {
  minLength: 1,
  maxLength: 12,
})
const order = ['p', 'q', 'v'] as const

describe('everywhere', () => {
  test('the likelihood of a table is the sum of densities, never NaN', () => {
    fc.assert(
      fc.property(anyValues, rows, (values, list) => {
        const whole = gammaGammaAnyQ.likelihood(spendTable(list)).value(order.map((name) => values[name]))
        let [sum, size] = [0, 1]
        for (const own of list) {
          const one = gammaGammaAnyQ.lnDensity(values, own)
          expect(Number.isFinite(one)).toBe(true)
          sum += one
          size += Math.abs(one)
        }
        expect(Math.abs(whole - sum)).toBeLessThan(2e-11 * size)
      }),
      { numRuns: runs(200, 5000) },
    )
  })

  test('slopes are those of the value', () => {
    const near = fc.record({ p: logOf(0.01, 1e4), q: logOf(0.01, 1e4), v: logOf(0.01, 1e4) })
    fc.assert(
      fc.property(near, rows, (values, list) => {
        const likelihood = gammaGammaAnyQ.likelihood(spendTable(list))
        const at = order.map((name) => values[name])
        const slopes = new Float64Array(3)
        const value = likelihood.slopes(at, slopes)
        expect(value).toBe(likelihood.value(at))
        for (const k of [0, 1, 2]) {
          // Along the logarithm, by a formula of five points.
          const moved = (by: number) => likelihood.value(at.map((x, i) => (i === k ? x * Math.exp(by) : x)))
          const step = 1e-3
          const slope = (8 * (moved(step) - moved(-step)) - moved(2 * step) + moved(-2 * step)) / (12 * step)
          const size =
            Math.abs(value) + list.reduce((sum, { purchases }) => sum + values.p * purchases + values.q, 0)
          expect(Math.abs(slopes[k]! * at[k]! - slope)).toBeLessThan(1e-8 * size + 1e-6 * Math.abs(slope))
        }
      }),
      { numRuns: runs(100, 2000) },
    )
  })

  test('the expected spend lies between the own mean and that of all, by its weight', () => {
    const values = fc.record({ p: logOf(1e-3, 1e4), q: logOf(1.01, 1e4), v: logOf(1e-3, 1e4) })
    fc.assert(
      fc.property(values, fc.integer({ min: 1, max: 1000 }), logOf(1e-2, 1e5), (at, purchases, mean) => {
        const { mean: expected, shrinkage } = gammaGamma.after(at, { purchases, mean })
        const { weight, own, population } = shrinkage!
        expect(weight).toBeGreaterThan(0)
        expect(weight).toBeLessThanOrEqual(1)
        const mixed = weight * own + (1 - weight) * population
        expect(Math.abs(expected / mixed - 1)).toBeLessThan(1e-11 + 1e-15 * (population / mixed))
      }),
      { numRuns: runs(200, 2000) },
    )
  })

  test('data and parameters in another currency say the same', () => {
    fc.assert(
      fc.property(anyValues, rows, logOf(1e-3, 1e3), ({ p, q, v }, list, by) => {
        const table = spendTable(list)
        const { data, by: unit, lnShift } = gammaGammaAnyQ.rescaled(table)
        const there = gammaGammaAnyQ.likelihood(data).value([p, q, v / unit])
        const here = gammaGammaAnyQ.likelihood(table).value([p, q, v])
        expect(Math.abs(there - here - lnShift)).toBeLessThan(1e-9 * (1 + Math.abs(here)))
        const [euro, cent] = [1, by].map(
          (rate) =>
            gammaGammaAnyQ.after({ p, q: q + 1, v: v * rate }, { purchases: 3, mean: 20 * rate }).mean,
        )
        expect(Math.abs(cent! / euro! / by - 1)).toBeLessThan(1e-13)
      }),
      { numRuns: runs(100, 1000) },
    )
  })
})

test('quantiles of a mean spend are those of its distribution', () => {
  // With p x + q = 1 the rate is exponential: P(mean < z) = exp(-scale / z).
  const { quantile } = gammaGammaAnyQ.newcomer({ p: 2, q: 1, v: 30 })
  for (const share of [1e-12, 0.1, 0.5, 0.9, 1 - 1e-12])
    expect(Math.abs(quantile(share) / (-60 / Math.log(share)) - 1)).toBeLessThan(share > 0.99 ? 1e-4 : 1e-12)
})

test('draws have the mean and the variance of the model', () => {
  const values = { p: 4, q: 6, v: 50 }
  const chance = random('spend')
  const sums = { one: 0, pair: 0 }
  const customers = 20_000
  for (let i = 0; i < customers; i++) {
    const [a, b] = gammaGamma.draw(values, 2, chance) as [number, number]
    sums.one += (a + b) / 2 / customers
    sums.pair += (a * b) / customers
  }
  const { mean, variance } = gammaGamma.newcomer(values)
  expect(mean).toBe(40)
  // Four standard errors of 20,000 customers.
  expect(Math.abs(sums.one - mean)).toBeLessThan(0.7)
  expect(Math.abs(sums.pair - (variance + mean * mean))).toBeLessThan(100)
})

describe('fits', () => {
  const drawn = (
    values: { p: number; q: number; v: number },
    customers: number,
    seed: string,
    atMost = 8,
  ) => {
    const chance = random(seed)
    return spendTable(
      Array.from({ length: customers }, () => {
        const purchases = chance.integer(1, atMost)
        const all = gammaGammaAnyQ.draw(values, purchases, chance)
        return { purchases, mean: all.reduce((sum, one) => sum + one, 0) / purchases }
      }),
    )
  }

  test.each([
    [1e-3, 'k'],
    [1, 'one'],
    [1e5, 'cents'],
  ])('find the parameters that data were drawn from, in units of %f', (unit, seed) => {
    const truth = { p: 5, q: 3, v: 20 * unit }
    const { found } = highest(gammaGamma, drawn(truth, 4000, seed))
    for (const name of order)
      expect(Math.abs(found!.values[name] - truth[name]) / found!.standardErrors[name]).toBeLessThan(4)
  })

  test('without a mean: q ends at 1 and the edge says so; any q finds it', () => {
    const table = drawn({ p: 3, q: 0.6, v: 10 }, 1500, 'heavy')
    const { seen } = highest(gammaGamma, table)
    expect(gammaGamma.edge(table, seen!)).toMatchObject({
      reason: 'no-finite-mean-spend',
      instead: 'gamma-gamma-any-q',
    })
    const { found } = highest(gammaGammaAnyQ, table)
    expect(Math.abs(found!.values.q - 0.6)).toBeLessThan(4 * found!.standardErrors.q)
    expect(gammaGammaAnyQ.edge(table, found!.values)).toBeUndefined()
  })

  test('where all have the same mean, and where each always spends the same, the edge says so', () => {
    const same = drawn({ p: 3, q: 1e9, v: 1e10 }, 800, 'same')
    const alike = gammaGamma.edge(same, highest(gammaGamma, same).seen!)
    const steady = drawn({ p: 1e9, q: 4, v: 1e-8 }, 800, 'steady')
    const always = gammaGamma.edge(steady, highest(gammaGamma, steady).seen!)
    expect([alike?.reason, always?.reason]).toEqual(['all-spend-alike', 'same-spend-every-time'])
  })

  test('nothing to learn from', () => {
    expect(gammaGamma.hopeless(spendTable([{ purchases: 0, mean: null }]))?.reason).toBe('no-spend')
    const flat = spendTable([
      { purchases: 1, mean: 9 },
      { purchases: 4, mean: 9 },
    ])
    expect(gammaGamma.hopeless(flat)?.reason).toBe('all-spend-alike')
  })
})

test('a table joins alike rows, keeps them in order, and counts whom it leaves out', () => {
  const { leftOut, ...table } = spendTable([
    { purchases: 2, mean: 5 },
    { purchases: 1, mean: 7, count: 3 },
    { purchases: 2, mean: 4 },
    { purchases: 2, mean: 5 },
    { purchases: 1, mean: 7 },
    { purchases: 0, mean: 0 },
    { purchases: 0, mean: null, count: 4 },
    { purchases: 1, mean: 0 },
    { purchases: 6, mean: -3 },
  ])
  expect(leftOut).toEqual({ withoutPurchases: 5, zeroSpend: 1, negativeSpend: 1 })
  expect(table).toEqual({
    customers: 7,
    count: Float64Array.of(4, 1, 2),
    purchases: Float64Array.of(1, 2, 2),
    meanSpend: Float64Array.of(7, 4, 5),
    covariates: {},
  })
  expect(() => spendTable([{ purchases: 1, mean: Number.NaN }])).toThrow('$[0].mean')
  expect(() => spendTable([{ purchases: 1.5, mean: 2 }])).toThrow('$[0].purchases')
})
