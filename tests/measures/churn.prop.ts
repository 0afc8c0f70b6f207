import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  type ChurnCohort,
  type ChurnParameters,
  churnLogLikelihood,
  churnRetention,
  churnSurvival,
  fitChurnModel,
  lnBetaRatio,
} from '../../src/measures/index.js'
import { runs } from '../support/size.js'

const size = fc.double({ min: -9, max: 9, noNaN: true }).map((power) => 10 ** power)
const parameters: fc.Arbitrary<ChurnParameters> = fc.oneof(
  fc.record({
    model: fc.constant('geometric' as const),
    churn: fc.double({ min: 1e-9, max: 1 - 1e-9, noNaN: true }),
  }),
  fc.record({ model: fc.constant('shifted-beta-geometric' as const), alpha: size, beta: size }),
  fc.record({
    model: fc.constant('beta-discrete-weibull' as const),
    alpha: size,
    beta: size,
    shape: fc.double({ min: 0.05, max: 8, noNaN: true }),
  }),
)
const cohort: fc.Arbitrary<ChurnCohort> = fc
  .array(fc.integer({ min: 0, max: 3000 }), { minLength: 1, maxLength: 9 })
  .map((counts) => ({ cohort: 'c', survivors: counts.sort((a, b) => b - a) }))
const cohorts = fc.array(cohort, { maxLength: 4 })
const model = fc.constantFrom('geometric', 'shifted-beta-geometric', 'beta-discrete-weibull' as const)

test('survival is 1 at first, never rises, and is the product of retention', () => {
  fc.assert(
    fc.property(parameters, fc.integer({ min: 1, max: 40 }), (given, last) => {
      expect(churnSurvival(given, 0)).toBe(1)
      let product = 1
      for (let t = 1; t <= last; t += 1) {
        const rate = churnRetention(given, t)
        expect(rate).toBeGreaterThanOrEqual(0)
        expect(rate).toBeLessThanOrEqual(1)
        product *= rate
        const survival = churnSurvival(given, t)
        expect(survival).toBeLessThanOrEqual(churnSurvival(given, t - 1))
        expect(Math.abs(survival - product)).toBeLessThanOrEqual(1e-11 * survival + 1e-300)
      }
    }),
    { numRuns: runs(200, 5000) },
  )
})

test('the ratio of beta functions is the same with a and x exchanged, and adds up over steps', () => {
  fc.assert(
    fc.property(size, size, size, size, (a, b, x, y) => {
      const whole = lnBetaRatio(a, b, x + y)
      expect(Math.abs(lnBetaRatio(x, b, a) / lnBetaRatio(a, b, x) - 1)).toBeLessThan(1e-13)
      const parts = lnBetaRatio(a, b, x) + lnBetaRatio(a, b + x, y)
      // b + x is rounded, which the second part sees as a share of its own argument.
      expect(Math.abs(parts / whole - 1)).toBeLessThan(1e-13)
    }),
    { numRuns: runs(500, 20_000) },
  )
})

test('cohorts may be split, added and put in any order: the likelihood is the same', () => {
  fc.assert(
    fc.property(parameters, cohorts, cohorts, (given, some, others) => {
      const whole = churnLogLikelihood(given, [...some, ...others])
      const parts = churnLogLikelihood(given, some) + churnLogLikelihood(given, others)
      if (whole === Number.NEGATIVE_INFINITY) expect(parts).toBe(whole)
      else expect(Math.abs(whole - parts)).toBeLessThanOrEqual(1e-9 * Math.abs(whole))
      expect(churnLogLikelihood(given, [...others, ...some])).toBe(whole)
    }),
    { numRuns: runs(200, 5000) },
  )
})

test('a fit of any counts is an optimum with finite numbers, or a reason', () => {
  fc.assert(
    fc.property(model, cohorts, (name, given) => {
      const fit = fitChurnModel({ model: name as 'geometric', cohorts: given })
      if (fit.kind === 'undefined') {
        expect(fit.next.en).not.toBe('')
        return
      }
      for (const { value, standardError, interval } of Object.values(fit.estimates)) {
        expect(value).toBeGreaterThan(0)
        expect(standardError).toBeGreaterThan(0)
        expect(interval.low).toBeLessThan(value)
        expect(interval.high).toBeGreaterThan(value)
      }
      expect(Number.isFinite(fit.logLikelihood)).toBe(true)
      expect(churnLogLikelihood(fit.parameters, given)).toBe(fit.logLikelihood)
      expect(fit.goodness.deviance).toBeGreaterThanOrEqual(0)
    }),
    { numRuns: runs(120, 1500) },
  )
})

test('a larger model fits at least as well as one that it contains', () => {
  fc.assert(
    fc.property(cohorts, (given) => {
      const fits = (['geometric', 'shifted-beta-geometric', 'beta-discrete-weibull'] as const).map((name) =>
        fitChurnModel({ model: name, cohorts: given }),
      )
      const known = fits.flatMap((fit) => (fit.kind === 'estimate' ? [fit.logLikelihood] : []))
      for (let i = 1; i < known.length; i += 1)
        expect(known[i]! - known[i - 1]!).toBeGreaterThan(-1e-7 * Math.abs(known[i]!) - 1e-9)
    }),
    { numRuns: runs(60, 1000) },
  )
})

test('no parameters anywhere are likelier than those of a fit; where people do not differ, than the geometric ones', () => {
  fc.assert(
    fc.property(cohorts, fc.array(parameters, { minLength: 60, maxLength: 60 }), (given, others) => {
      const geometric = fitChurnModel({ model: 'geometric', cohorts: given })
      for (const name of ['geometric', 'shifted-beta-geometric', 'beta-discrete-weibull'] as const) {
        const fit = fitChurnModel({ model: name, cohorts: given })
        const bound =
          fit.kind === 'estimate'
            ? fit.logLikelihood
            : name === 'shifted-beta-geometric' &&
                fit.reason === 'no-heterogeneity' &&
                geometric.kind === 'estimate'
              ? geometric.logLikelihood
              : Number.POSITIVE_INFINITY
        for (const other of others)
          if (other.model === name)
            expect(churnLogLikelihood(other, given)).toBeLessThanOrEqual(
              bound + 1e-8 * Math.abs(bound) + 1e-9,
            )
      }
    }),
    { numRuns: runs(40, 800) },
  )
})
