import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { random } from '../../../src/kernel/index.js'
import { type CustomerHistory, historyTable } from '../../../src/ltv/index.js'
import {
  correlatedParetoNbd,
  rateCorrelation,
} from '../../../src/ltv/purchases/pareto/correlated-pareto-nbd.js'
import { paretoNbd } from '../../../src/ltv/purchases/pareto/pareto-nbd.js'
import { gammaP, lnGamma } from '../../../src/measures/index.js'
import { runs } from '../../support/size.js'

type Pareto = { r: number; alpha: number; s: number; beta: number }

const logUniform = (low: number, high: number) =>
  fc.double({ min: Math.log(low), max: Math.log(high), noNaN: true }).map(Math.exp)
const valuesWithin = (low: number, high: number): fc.Arbitrary<Pareto> =>
  fc.record({
    r: logUniform(low, high),
    alpha: logUniform(low, high),
    s: logUniform(low, high),
    beta: logUniform(low, high),
  })
const historyUpTo = (most: number, age: fc.Arbitrary<number>): fc.Arbitrary<CustomerHistory> =>
  fc
    .tuple(
      fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 20 }), fc.integer({ min: 0, max: most })),
      fc.oneof(fc.constant(1), fc.double({ min: 1e-6, max: 1, noNaN: true })),
      age,
    )
    .map(([repeatCount, share, T]) => ({
      unit: 'week',
      repeatCount: T === 0 ? 0 : repeatCount,
      lastPurchaseAge: repeatCount === 0 ? 0 : share * T,
      age: T,
    }))
const withM = (values: Pareto, place: number) => {
  const [least, most] = rateCorrelation({ ...values, m: 0 }).possibleM
  return { ...values, m: place * (place < 0 ? -least : most) }
}
const place = fc.double({ min: -0.99, max: 0.99, noNaN: true })

describe('by the definition: averages over rates of what is known given them', () => {
  /** Weights over a lattice in ln λ and ln μ, where the trapezoidal rule is exact to all digits. */
  function average(values: Pareto & { m: number }, f: (lambda: number, mu: number) => number): number {
    const { r, alpha, s, beta, m } = values
    const a = (alpha / (alpha + 1)) ** r
    const b = (beta / (beta + 1)) ** s
    const step = 0.14
    let sum = 0
    for (let u = -24; u < 4.3; u += step) {
      const lambda = Math.exp(u) / alpha
      const one = Math.exp(r * u - Math.exp(u))
      for (let v = -24; v < 4.3; v += step) {
        const mu = Math.exp(v) / beta
        const weight =
          one * Math.exp(s * v - Math.exp(v)) * (1 + m * (Math.exp(-lambda) - a) * (Math.exp(-mu) - b))
        sum += weight * f(lambda, mu)
      }
    }
    return (sum * step * step) / Math.exp(lnGamma(r) + lnGamma(s))
  }

  test('every quantity, with and without correlation', () => {
    fc.assert(
      fc.property(
        fc.record({
          r: fc.double({ min: 1.5, max: 3, noNaN: true }),
          alpha: fc.double({ min: 1, max: 40, noNaN: true }),
          s: fc.double({ min: 1.5, max: 3, noNaN: true }),
          beta: fc.double({ min: 1, max: 40, noNaN: true }),
        }),
        historyUpTo(6, fc.double({ min: 1, max: 40, noNaN: true })),
        fc.oneof(fc.constant(0), place),
        fc.integer({ min: 1, max: 5 }),
        (pareto, history, where, n) => {
          const values = withM(pareto, where)
          const { repeatCount: x, lastPurchaseAge: tx, age: T } = history
          const seen = (f: (l: number, m: number) => number) =>
            average(
              values,
              (l, m) =>
                ((l ** x * (m * Math.exp(-(l + m) * tx) + l * Math.exp(-(l + m) * T))) / (l + m)) * f(l, m),
            )
          const living = (f: (l: number, m: number) => number) =>
            average(values, (l, m) => l ** x * Math.exp(-(l + m) * T) * f(l, m))
          const L = seen(() => 1)
          const buying =
            where === 0 ? paretoNbd.after(pareto, history) : correlatedParetoNbd.after(values, history)
          const lnL =
            where === 0
              ? paretoNbd.historyLikelihood(history).value(Object.values(pareto))
              : correlatedParetoNbd.historyLikelihood(history).value(Object.values(values))
          const near = (ours: number, theirs: number) =>
            expect(Math.abs(ours / theirs - 1)).toBeLessThan(1e-9)
          near(Math.exp(lnL), L)
          near(Math.exp(buying.lnAliveAfter(7)), living((_, m) => Math.exp(-7 * m)) / L)
          near(buying.expected(7), living((l, m) => (l * -Math.expm1(-7 * m)) / m) / L)
          near(buying.discounted(7, 0.1), living((l, m) => (l * -Math.expm1(-7 * (m + 0.1))) / (m + 0.1)) / L)
          near(buying.discounted(Infinity, 0.1), living((l, m) => l / (m + 0.1)) / L)
          const exactly = (l: number, m: number, k: number) =>
            Math.exp(-3 * m) *
            (Math.exp(k * Math.log(4 * l) - 4 * (l + m) - lnGamma(k + 1)) +
              (m / (l + m)) * (l / (l + m)) ** k * gammaP(k + 1, 4 * (l + m)))
          near(Math.exp(buying.lnChanceOf(n, 3, 7)), living((l, m) => exactly(l, m, n)) / L)
          const some = living((l, m) => Math.exp(-3 * m) * (l / (l + m)) * -Math.expm1(-4 * (l + m))) / L
          expect(Math.abs(Math.exp(buying.lnChanceOf(0, 3, 7)) - (1 - some))).toBeLessThan(1e-12)
          near(
            Math.exp(buying.lnChanceOfAtLeast(n, 3, 7)),
            living((l, m) => Math.exp(-3 * m) * (l / (l + m)) ** n * gammaP(n, 4 * (l + m))) / L,
          )
          const [mean, rate] = [seen((l) => l) / L, seen((_, m) => m) / L]
          near(buying.rates.λ!.mean, mean)
          near(buying.rates.μ!.mean, rate)
          near(buying.rates.λ!.variance, seen((l) => (l - mean) ** 2) / L)
          near(buying.rates.μ!.variance, seen((_, m) => (m - rate) ** 2) / L)
        },
      ),
      { numRuns: runs(2, 40) },
    )
  })
})

describe('laws', () => {
  const history = historyUpTo(10_000, fc.oneof(fc.constant(0), logUniform(1e-6, 1e5)))

  test('nothing is NaN, chances are chances, more is worth more: parameters from 1e-6 to 1e6', () => {
    fc.assert(
      fc.property(
        valuesWithin(1e-6, 1e6),
        history,
        fc.oneof(fc.constant(0), place),
        fc.integer({ min: 1, max: 500 }),
        logUniform(1e-3, 1e5),
        (pareto, one, where, n, span) => {
          const values = withM(pareto, where)
          const buying = where === 0 ? paretoNbd.after(pareto, one) : correlatedParetoNbd.after(values, one)
          expect(buying.lnAlive).toBeLessThanOrEqual(0)
          expect(buying.lnAliveAfter(span)).toBeLessThanOrEqual(buying.lnAlive)
          const few = buying.discounted(span, 0.1)
          const all = buying.discounted(Infinity, 0.1)
          expect(few).toBeGreaterThanOrEqual(0)
          expect(all).toBeGreaterThanOrEqual(few * (1 - 1e-12))
          expect(buying.expected(span)).toBeGreaterThanOrEqual(few * (1 - 1e-12))
          expect(buying.expected(span)).toBeLessThan(Infinity)
          const exactly = buying.lnChanceOf(n, 0.5, span + 0.5)
          const atLeast = buying.lnChanceOfAtLeast(n, 0.5, span + 0.5)
          expect(exactly).toBeLessThanOrEqual(atLeast + 1e-11 * Math.max(1, Math.abs(atLeast)))
          expect(atLeast).toBeLessThanOrEqual(buying.lnAliveAfter(0.5) + 1e-12)
          expect(buying.lnChanceOfAtLeast(n + 1, 0.5, span + 0.5)).toBeLessThanOrEqual(atLeast + 1e-11)
          expect(buying.lnChanceOf(0, 0.5, span + 0.5)).toBeLessThanOrEqual(0)
          for (const rate of Object.values(buying.rates)) {
            expect(rate.mean).toBeGreaterThan(0)
            expect(rate.mean).toBeLessThan(Infinity)
            expect(rate.variance).toBeGreaterThan(0)
          }
        },
      ),
      { numRuns: runs(150, 5000) },
    )
  })

  test('chances add up to 1', () => {
    fc.assert(
      fc.property(
        valuesWithin(0.05, 50),
        historyUpTo(60, logUniform(0.1, 300)),
        fc.oneof(fc.constant(0), place),
        (pareto, one, where) => {
          const buying =
            where === 0 ? paretoNbd.after(pareto, one) : correlatedParetoNbd.after(withM(pareto, where), one)
          let sum = Math.exp(buying.lnChanceOfAtLeast(12, 2, 30))
          for (let n = 0; n < 12; n++) sum += Math.exp(buying.lnChanceOf(n, 2, 30))
          expect(Math.abs(sum - 1)).toBeLessThan(1e-12)
        },
      ),
      { numRuns: runs(40, 1000) },
    )
  })

  test('a table is the sum of its rows, with its slopes, and its predictions are those of each', () => {
    fc.assert(
      fc.property(
        valuesWithin(1e-4, 1e4),
        fc.array(historyUpTo(300, logUniform(1e-3, 1e3)), { minLength: 1, maxLength: 12 }),
        fc.integer({ min: 1, max: 40 }),
        (values, few, copies) => {
          // Many rows alike but for their ages make the table take its quick ways.
          const histories = few.flatMap((one) =>
            Array.from({ length: copies }, (_, k) => ({ ...one, age: one.age * (1 + k / 97) })),
          )
          const table = historyTable(histories)
          const at = [values.r, values.alpha, values.s, values.beta]
          const slopes = new Float64Array(4)
          const value = paretoNbd.likelihood(table).slopes(at, slopes)
          expect(paretoNbd.likelihood(table).value(at)).toBeCloseTo(value, 8)
          let [sum, size] = [0, 1]
          const sums = new Float64Array(4)
          const sizes = new Float64Array(4).fill(1)
          for (const one of histories) {
            const own = new Float64Array(4)
            const term = paretoNbd.historyLikelihood(one).slopes(at, own)
            sum += term
            size += Math.abs(term)
            for (const [k, slope] of own.entries()) {
              sums[k]! += slope
              sizes[k]! += Math.abs(slope) + (one.repeatCount + 1) / at[k]!
            }
          }
          expect(Math.abs(value - sum) / size).toBeLessThan(1e-12)
          for (const [k, slope] of sums.entries()) {
            expect(Math.abs(slopes[k]! - slope) / sizes[k]!).toBeLessThan(1e-11)
          }
          const expected = paretoNbd.expectedOf!(values, table, 20)
          for (let i = 0; i < expected.length; i += 7) {
            const one = {
              unit: 'week' as const,
              repeatCount: table.repeatCount[i]!,
              lastPurchaseAge: table.lastPurchaseAge[i]!,
              age: table.age[i]!,
            }
            const ours = paretoNbd.after(values, one).expected(20)
            expect(Math.abs(expected[i]! - ours)).toBeLessThanOrEqual(1e-11 * ours + 1e-300)
          }
        },
      ),
      { numRuns: runs(40, 1000) },
    )
  })

  test('slopes are those of the value, with correlation and without', () => {
    fc.assert(
      fc.property(
        valuesWithin(1e-3, 1e3),
        historyUpTo(300, logUniform(1e-2, 1e3)),
        place,
        (pareto, one, where) => {
          const values = withM(pareto, 0.9 * where)
          const at = [values.r, values.alpha, values.s, values.beta, values.m]
          const most = rateCorrelation({ ...pareto, m: 0 }).possibleM[1]
          const likelihood = correlatedParetoNbd.historyLikelihood(one)
          const slopes = new Float64Array(5)
          const value = likelihood.slopes(at, slopes)
          const without = new Float64Array(4)
          const alone = paretoNbd.historyLikelihood(one)
          const aloneValue = alone.slopes(at, without)
          for (const [of, own, k, whole] of [
            ...[0, 1, 2, 3, 4].map((k) => [likelihood, slopes, k, value] as const),
            ...[0, 1, 2, 3].map((k) => [alone, without, k, aloneValue] as const),
          ]) {
            const size = k === 4 ? Math.max(Math.abs(at[k]!), most / 100) : at[k]!
            const step = 1e-4 * size
            const moved = (by: number) => of.value(at.map((x, i) => (i === k ? x + by * step : x)))
            // Richardson's difference of fourth order.
            const slope = (8 * (moved(1) - moved(-1)) - (moved(2) - moved(-2))) / (12 * step)
            if (Number.isNaN(slope)) continue
            const scale = Math.abs(own[k]!) + (1e-8 * (1 + Math.abs(whole))) / size
            expect(Math.abs(own[k]! - slope) / scale).toBeLessThan(1e-3)
          }
        },
      ),
      { numRuns: runs(100, 3000) },
    )
  })

  test('another unit of time is the same model', () => {
    fc.assert(
      fc.property(valuesWithin(0.01, 100), historyUpTo(100, logUniform(0.1, 300)), (values, one) => {
        const by = 168
        const weeks = paretoNbd.after(values, one)
        const hours = { ...values, alpha: by * values.alpha, beta: by * values.beta }
        const inHours = {
          ...one,
          unit: 'hour' as const,
          lastPurchaseAge: by * one.lastPurchaseAge,
          age: by * one.age,
        }
        const after = paretoNbd.after(hours, inHours)
        const alike = (a: number, b: number) =>
          expect(Math.abs(a - b)).toBeLessThan(1e-10 * Math.max(1, Math.abs(a)))
        alike(weeks.lnAlive, after.lnAlive)
        // Beyond the floats there is nothing to compare.
        if (weeks.expected(13) > 1e-290)
          alike(Math.log(weeks.expected(13)), Math.log(after.expected(13 * by)))
        alike(weeks.lnChanceOf(3, 1, 9), after.lnChanceOf(3, by, 9 * by))
        const table = historyTable([one])
        const { data, by: scale, lnShift } = paretoNbd.rescaled(table)
        const likelihood = paretoNbd.likelihood(table).value(Object.values(values))
        const there = paretoNbd
          .likelihood(data)
          .value([values.r, values.alpha / scale, values.s, values.beta / scale])
        alike(likelihood, there - lnShift)
      }),
      { numRuns: runs(50, 1000) },
    )
  })
})

describe('draws', () => {
  test.each([
    ['none', 0],
    ['positive', 0.9],
    ['negative', -0.9],
  ])('%s correlation: counts, silences and times are those of the model', (_, where) => {
    const values = withM({ r: 0.8, alpha: 2, s: 0.7, beta: 3 }, where)
    const chance = random('pareto draws')
    const n = runs(8000, 400_000)
    let [sum, squares, none, late] = [0, 0, 0, 0]
    for (let i = 0; i < n; i++) {
      const times =
        where === 0
          ? paretoNbd.draw({ r: 0.8, alpha: 2, s: 0.7, beta: 3 }, 10, chance)
          : correlatedParetoNbd.draw(values, 10, chance)
      sum += times.length
      squares += times.length ** 2
      none += times.length === 0 ? 1 : 0
      late += times.some((time) => time > 6) ? 1 : 0
      expect(times.every((time, k) => time > (times[k - 1] ?? 0) && time <= 10)).toBe(true)
    }
    const model = correlatedParetoNbd.newcomer(values)
    const mean = sum / n
    const error = Math.sqrt((squares / n - mean * mean) / n)
    expect(Math.abs(mean - model.expected(10))).toBeLessThan(4 * error)
    const share = (count: number, ln: number) => {
      const p = Math.exp(ln)
      expect(Math.abs(count / n - p)).toBeLessThan(4 * Math.sqrt((p * (1 - p)) / n))
    }
    share(none, model.lnChanceOf(0, 0, 10))
    share(late, model.lnChanceOfAtLeast(1, 6, 10))
  })
})
