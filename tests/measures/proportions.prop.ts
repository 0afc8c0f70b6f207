import fc from 'fast-check'
import { expect, test } from 'vitest'
import { normalQuantile } from '../../src/measures/normal.js'
import { wilson } from '../../src/measures/proportions.js'
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
