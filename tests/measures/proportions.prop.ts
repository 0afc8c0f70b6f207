import fc from 'fast-check'
import { expect, test } from 'vitest'
import { normalQuantile } from '../../src/measures/normal.js'
import { proportionDifference, proportionTest } from '../../src/measures/proportion-difference.js'
import { type ProportionMethod, proportion, wilson } from '../../src/measures/proportions.js'
import { runs } from '../support/size.js'

const numRuns = runs(5_000, 100_000)
const counts = fc
  .oneof(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 2 ** 53 - 1 }))
  .chain((trials) => fc.tuple(fc.integer({ min: 0, max: trials }), fc.constant(trials)))
const level = fc.oneof(
  fc.constantFrom(0.5, 0.8, 0.9, 0.95, 0.99, 0.999),
  fc.double({ min: Number.EPSILON, max: 1 - Number.EPSILON, noNaN: true }),
)
const estimate = (successes: number, trials: number, at: number) => {
  const proportion = wilson({ successes, trials, level: at })
  if (proportion.kind !== 'estimate') throw new Error('there are trials')
  return proportion
}

test('the interval holds the share, within [0, 1], and mirrors for the failures', () => {
  fc.assert(
    fc.property(counts, level, ([successes, trials], at) => {
      const { value, interval } = estimate(successes, trials, at)
      expect(0 <= interval.low && interval.low <= value && value <= interval.high && interval.high <= 1).toBe(
        true,
      )
      const mirror = estimate(trials - successes, trials, at).interval
      expect(Math.abs(interval.low + mirror.high - 1)).toBeLessThan(1e-15)
      expect(Math.abs(interval.high + mirror.low - 1)).toBeLessThan(1e-15)
    }),
    { numRuns },
  )
})

test('each bound is where the score test just rejects: (value - bound)^2 n = z^2 bound (1 - bound)', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 2, max: 100_000 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.constantFrom(0.5, 0.9, 0.99),
      (trials, share, at) => {
        const successes = Math.min(trials - 1, Math.max(1, Math.round(share * trials)))
        const { value, interval } = estimate(successes, trials, at)
        const z = normalQuantile((1 + at) / 2)
        for (const bound of [interval.low, interval.high]) {
          const left = (value - bound) * (value - bound) * trials
          expect(Math.abs(left / (z * z * bound * (1 - bound)) - 1)).toBeLessThan(1e-6)
        }
      },
    ),
    { numRuns },
  )
})

test('more confidence is wider, more trials of the same share are narrower', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1000 }), fc.nat(1000), (trials, some) => {
      const successes = Math.min(some, trials)
      const width = ({ interval }: { interval: { low: number; high: number } }) =>
        interval.high - interval.low
      expect(width(estimate(successes, trials, 0.99))).toBeGreaterThan(
        width(estimate(successes, trials, 0.9)),
      )
      expect(width(estimate(successes * 2, trials * 2, 0.9))).toBeLessThan(
        width(estimate(successes, trials, 0.9)),
      )
    }),
    { numRuns },
  )
})

/** P(X >= k) of n with chance p, term by term. */
const atLeast = (k: number, n: number, p: number) => {
  let term = (1 - p) ** n
  let below = 0
  for (let i = 0; i < k; i += 1) {
    below += term
    term *= ((n - i) / (i + 1)) * (p / (1 - p))
  }
  return 1 - below
}

test('the limits of Clopper and Pearson are where a tail of the binomial has half of what is left', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 2, max: 60 }),
      fc.nat(100),
      fc.constantFrom(0.5, 0.9, 0.99),
      (trials, share, level) => {
        const successes = 1 + Math.round((share / 100) * (trials - 2))
        const found = proportion({ successes, trials, level, method: 'clopper-pearson' })
        if (found.kind !== 'estimate') throw new Error('there are trials')
        expect(atLeast(successes, trials, found.interval.low)).toBeCloseTo((1 - level) / 2, 11)
        expect(atLeast(successes + 1, trials, found.interval.high)).toBeCloseTo((1 + level) / 2, 11)
      },
    ),
    { numRuns: numRuns / 10 },
  )
})

test('every method stays within [0, 1], is wider at a higher level, and mirrors for the failures', () => {
  const method = fc.constantFrom<ProportionMethod>('clopper-pearson', 'jeffreys', 'agresti-coull', 'wald')
  fc.assert(
    fc.property(counts, method, ([successes, some], by) => {
      const trials = Math.min(some, 1e11)
      const limits = (k: number, level: number) => {
        const found = proportion({ successes: k, trials, level, method: by })
        if (found.kind !== 'estimate') throw new Error('there are trials')
        return found.interval
      }
      const k = Math.min(successes, trials)
      const [narrow, wide] = [limits(k, 0.8), limits(k, 0.99)]
      expect(0 <= wide.low && wide.low <= narrow.low && narrow.low <= narrow.high).toBe(true)
      expect(narrow.high <= wide.high && wide.high <= 1).toBe(true)
      const mirror = limits(trials - k, 0.8)
      expect(Math.abs(narrow.low + mirror.high - 1)).toBeLessThan(1e-13)
      expect(Math.abs(narrow.high + mirror.low - 1)).toBeLessThan(1e-13)
    }),
    { numRuns: numRuns / 10 },
  )
})

test('the other way round a difference and its test change their sign', () => {
  fc.assert(
    fc.property(counts, counts, ([x, m], [y, n]) => {
      const [a, b] = [
        { successes: x, trials: m },
        { successes: y, trials: n },
      ]
      for (const method of ['newcombe', 'agresti-caffo', 'wald'] as const) {
        const found = proportionDifference({ a, b, level: 0.9, method })
        const other = proportionDifference({ a: b, b: a, level: 0.9, method })
        if (found.kind !== 'estimate' || other.kind !== 'estimate') throw new Error('there are trials')
        expect(found.value).toBe(0 - other.value)
        expect(Math.abs(found.interval.low + other.interval.high)).toBeLessThan(1e-15)
        expect(-1 <= found.interval.low && found.interval.high <= 1).toBe(true)
      }
      const tested = proportionTest({ a, b })
      if (tested.kind === 'estimate') {
        expect(tested.p >= 0 && tested.p <= 1).toBe(true)
        expect(proportionTest({ a: b, b: a })).toEqual({ ...tested, z: 0 - tested.z })
      }
    }),
    { numRuns: numRuns / 5 },
  )
})
