import fc from 'fast-check'
import {
  capturedBy,
  chanceCalibration,
  liftTable,
  parameters,
  predictionErrors,
  trackPurchases,
} from 'liuliang/ltv'
import { expect, test } from 'vitest'
import { runs } from '../../support/size.js'
import { nbd } from '../support/tiny-models.js'

const amount = fc.oneof(
  fc.integer({ min: 0, max: 5 }),
  fc.double({ min: 0, max: 1e6, noNaN: true, noDefaultInfinity: true }),
)
const pairs = fc
  .array(fc.tuple(amount, amount), { maxLength: 60 })
  .map((rows) => ({ expected: rows.map(([a]) => a), actual: rows.map(([, b]) => b) }))
const near = (a: number, b: number) => Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(a), Math.abs(b))
const numRuns = runs(150, 5000)

test('bins of lift hold every customer once, in order, and split no tie', () => {
  fc.assert(
    fc.property(pairs, fc.integer({ min: 2, max: 12 }), (predictions, bins) => {
      const table = liftTable(predictions, { bins })
      expect(table.bins.length).toBeLessThanOrEqual(bins)
      expect(table.bins.reduce((sum, { customers }) => sum + customers, 0)).toBe(predictions.expected.length)
      const sorted = [...predictions.expected].sort((a, b) => b - a)
      let from = 0
      for (const { customers } of table.bins.slice(0, -1)) {
        from += customers
        expect(sorted[from - 1]! > sorted[from]!).toBe(true)
      }
      for (const gini of [table.gini, table.giniAtBest])
        if (gini.kind === 'estimate') expect(Math.abs(gini.value)).toBeLessThanOrEqual(1)
      if (table.gini.kind === 'estimate' && table.giniAtBest.kind === 'estimate')
        expect(table.gini.value).toBeLessThanOrEqual(table.giniAtBest.value + 1e-9)
    }),
    { numRuns },
  )
})

test('who knows what comes has the best order, and the opposite order the opposite Gini', () => {
  fc.assert(
    fc.property(fc.array(amount, { minLength: 2, maxLength: 40 }), (actual) => {
      const right = liftTable({ expected: actual, actual })
      if (right.giniOfBest.kind === 'estimate') expect(right.giniOfBest.value).toBe(1)
      const most = Math.max(...actual)
      const wrong = liftTable({ expected: actual.map((value) => most - value), actual })
      // Differences from the largest may be lost, and with them the order.
      fc.pre(new Set(actual).size === new Set(actual.map((value) => most - value)).size)
      if (right.gini.kind === 'estimate' && wrong.gini.kind === 'estimate')
        expect(near(right.gini.value, -wrong.gini.value)).toBe(true)
    }),
    { numRuns },
  )
})

test('errors do not depend on the order of customers, and ranks on no scale', () => {
  fc.assert(
    fc.property(pairs, (predictions) => {
      const errors = predictionErrors(predictions)
      const other = predictionErrors({
        expected: [...predictions.expected].reverse(),
        actual: [...predictions.actual].reverse(),
      })
      expect(near(errors.expected, other.expected)).toBe(true)
      if (errors.meanAbsoluteError.kind === 'estimate' && errors.rootMeanSquareError.kind === 'estimate')
        expect(errors.meanAbsoluteError.value).toBeLessThanOrEqual(
          errors.rootMeanSquareError.value * (1 + 1e-12),
        )
      const scaled = predictionErrors({
        ...predictions,
        expected: predictions.expected.map((value) => value * 4),
      })
      expect(scaled.rankCorrelation).toEqual(errors.rankCorrelation)
      for (const found of [errors.correlation, errors.rankCorrelation])
        if (found.kind === 'estimate') expect(Math.abs(found.value)).toBeLessThanOrEqual(1)
    }),
    { numRuns },
  )
})

test('more customers capture no less', () => {
  fc.assert(
    fc.property(pairs, fc.double({ min: 0, max: 1, noNaN: true }), (predictions, top) => {
      const [less, more] = [top / 2, top].map((share) => capturedBy(predictions, { top: share }))
      if (less!.kind === 'estimate' && more!.kind === 'estimate')
        expect(less!.value).toBeLessThanOrEqual(more!.value + 1e-12)
    }),
    { numRuns },
  )
})

test('calibration: bins hold all, the Brier score has the base rate as that of equal chances', () => {
  fc.assert(
    fc.property(fc.array(fc.boolean(), { minLength: 1, maxLength: 80 }), (came) => {
      const base = came.filter(Boolean).length / came.length
      const { bins, brier, brierOfBase, expectedCalibrationError } = chanceCalibration({
        chances: came.map(() => base),
        came,
      })
      expect(bins).toHaveLength(1)
      expect(bins[0]).toMatchObject({ customers: came.length, mean: base, verdict: 'within' })
      expect(brier.kind === 'estimate' && brierOfBase.kind === 'estimate').toBe(true)
      if (brier.kind === 'estimate' && brierOfBase.kind === 'estimate')
        expect(near(brier.value, brierOfBase.value)).toBe(true)
      if (expectedCalibrationError.kind === 'estimate')
        expect(expectedCalibrationError.value).toBeLessThan(1e-12)
    }),
    { numRuns },
  )
})

test('tracking counts every purchase once, whatever the period, and expects what each age does', () => {
  const given = parameters(nbd, { r: 0.7, alpha: 3 }, { unit: 'day', source: 'made up' })
  const customers = fc.array(
    fc.record({
      age: fc.integer({ min: 0, max: 60 }),
      ages: fc.array(fc.integer({ min: 1, max: 90 }), { maxLength: 8 }),
    }),
    { minLength: 1, maxLength: 20 },
  )
  fc.assert(
    fc.property(
      customers,
      fc.integer({ min: 1, max: 30 }),
      fc.integer({ min: 1, max: 40 }),
      (rows, period, holdout) => {
        const tracked = rows.map(({ age, ages }) => {
          const purchaseAges = ages.filter((at) => at <= age + holdout).sort((a, b) => a - b)
          const known = purchaseAges.filter((at) => at <= age)
          return {
            unit: 'day' as const,
            age,
            repeatCount: known.length,
            lastPurchaseAge: known[known.length - 1] ?? 0,
            purchaseAges,
          }
        })
        const { periods, totals, calibration } = trackPurchases(nbd, given, tracked, {
          period: { days: period },
          holdout: { days: holdout },
        })
        const all = tracked.reduce((sum, { purchaseAges }) => sum + purchaseAges.length, 0)
        const repeats = tracked.reduce((sum, { repeatCount }) => sum + repeatCount, 0)
        expect(periods.reduce((sum, { actual }) => sum + actual, 0)).toBe(all)
        expect(totals.calibration.actual).toBe(repeats)
        expect(totals.holdout.actual).toBe(all - repeats)
        const rate = 0.7 / 3
        const ages = tracked.reduce((sum, { age }) => sum + age, 0)
        expect(near(totals.calibration.expected, rate * ages)).toBe(true)
        expect(near(totals.holdout.expected, rate * holdout * tracked.length)).toBe(true)
        const last = periods[periods.length - 1]!
        expect(near(last.cumulativeExpected, rate * (ages + holdout * tracked.length))).toBe(true)
        // Until a border, what was bought by then.
        for (const { to, cumulativeActual } of periods)
          expect(cumulativeActual).toBe(
            tracked.reduce(
              (sum, { age, purchaseAges }) =>
                sum + purchaseAges.filter((at) => calibration - age + at <= to).length,
              0,
            ),
          )
      },
    ),
    { numRuns },
  )
})
