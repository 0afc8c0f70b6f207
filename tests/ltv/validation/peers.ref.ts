// The CDNOW sample under BG/NBD, against what lifetimes 0.11.3 and BTYD 2.4.3 made of it (fixtures/ltv-validation/SOURCE.md).
import { aliveOverTime, frequencyFit, parameters, trackPurchases, validate } from 'liuliang/ltv'
import { describe, expect, test } from 'vitest'
import { bgNbdOf, cdnow, purchaseDays, reference } from '../support/cdnow-orders.js'
import { absent, skipped } from '../support/data-sets.js'
import { bgNbd } from '../support/tiny-models.js'

const { lifetimes, btyd, weeklyCumulative } = reference
const close = (actual: number, expected: number, tolerance: number) =>
  expect(Math.abs(actual - expected)).toBeLessThanOrEqual(tolerance * Math.abs(expected))

/**
 * Both programs read ages in weeks with two decimals. Beside these the exact gaps would be impossible, as some would add up to
 * more than the age at the last purchase; BG/NBD does not read them, and they shrink by what rounding took away.
 */
const hundredths = (weeks: number) => Number(weeks.toFixed(2))
const customers = cdnow.calibration.customers.map((customer) => {
  const { repeatCount, sumLnGaps } = customer
  const lastPurchaseAge = hundredths(customer.lastPurchaseAge)
  const shrunk = Math.log(lastPurchaseAge / customer.lastPurchaseAge)
  return {
    ...customer,
    lastPurchaseAge,
    age: hundredths(customer.age),
    sumLnGaps: repeatCount === 0 ? 0 : sumLnGaps + repeatCount * shrunk,
  }
})
const rounded = { ...cdnow.calibration, customers }

describe.skipIf(absent)(`the CDNOW sample ${skipped}`, () => {
  describe('against lifetimes', () => {
    const validationOf = () => validate(bgNbd, bgNbdOf(lifetimes.params), { calibration: rounded })

    test('errors by customer', () => {
      const { errors } = validationOf()
      expect(errors.actual).toBe(lifetimes.aggregate['sumActual'])
      close(errors.expected, lifetimes.aggregate['sumPredicted']!, 1e-10)
      const values = [errors.meanAbsoluteError, errors.rootMeanSquareError, errors.correlation].map(
        (found) => (found.kind === 'estimate' ? found.value : Number.NaN),
      )
      close(values[0]!, lifetimes.aggregate['mae']!, 1e-10)
      close(values[1]!, lifetimes.aggregate['rmse']!, 1e-10)
      close(values[2]!, lifetimes.aggregate['correlation']!, 1e-10)
    })

    test('means by number of repeat purchases', () => {
      const validation = validationOf()
      expect(validation.byFrequency.bins).toHaveLength(lifetimes.byFrequency.length)
      for (const [i, { customers, meanActual, meanPredicted }] of lifetimes.byFrequency.entries()) {
        const bin = validation.byFrequency.bins[i]!
        expect(bin.customers).toBe(customers)
        close(bin.actualMean, meanActual, 1e-13)
        close(bin.expectedMean, meanPredicted, 1e-10)
      }
    })

    test('what was expected by each week', () => {
      const { tracking } = validate(bgNbd, bgNbdOf(lifetimes.params), cdnow)
      if (tracking.kind !== 'tracked') throw new Error('not tracked')
      const { periods } = tracking
      expect(periods).toHaveLength(lifetimes.tracking.predicted.length)
      // The last week ends with the data, a day early; it goes on to the end of the week.
      for (const [i, period] of periods.slice(0, -1).entries())
        close(period.cumulativeExpected, lifetimes.tracking.predicted[i]!, 1e-11)
    })

    test('P(alive) by day of three customers', () => {
      for (const { id, params, pAliveByDay } of lifetimes.alivePath) {
        const [first, ...others] = purchaseDays[id - 1]!
        const days = parameters(bgNbd, params, { unit: 'day', source: 'lifetimes' })
        const { points } = aliveOverTime(
          bgNbd,
          days,
          others.map((day) => day - first!),
          { until: { days: pAliveByDay.length - 1 }, step: { days: 1 } },
        )
        const known = points.filter(({ what }) => what !== 'before')
        expect(known).toHaveLength(pAliveByDay.length)
        for (const [day, expected] of pAliveByDay.entries()) close(known[day]!.alive, expected, 1e-12)
      }
    })
  })

  test('the published series of cumulative purchases, which counts a purchase on the border a week later', () => {
    const days = trackPurchases(
      bgNbd,
      bgNbdOf(lifetimes.params),
      cdnow.calibration.customers.map((customer, i) => ({
        ...customer,
        purchaseAges: cdnow.holdout.customers[i]!.purchaseAges!,
      })),
      { period: { days: 1 }, holdout: { weeks: 39 } },
    )
    expect(weeklyCumulative).toHaveLength(78)
    const counted = weeklyCumulative.map((_, week) => days.periods[7 * (week + 1) - 2]!.cumulativeActual)
    expect(counted).toEqual(weeklyCumulative)
    expect(counted).toEqual(lifetimes.tracking.actual)
    // Calibration has what the histories count, to the last one.
    const repeats = cdnow.calibration.customers.reduce((sum, { repeatCount }) => sum + repeatCount, 0)
    expect(days.totals.calibration.actual).toBe(repeats)
    expect(days.totals.holdout.actual).toBe(cdnow.calibration.holdout!.purchases)
  })

  test('frequencies against BTYD, whose last bin leaves out who buys more often than anybody did', () => {
    const { bins, goodness } = frequencyFit(bgNbd, bgNbdOf(btyd.params), customers)
    expect(bins.map(({ actual }) => actual)).toEqual(btyd.frequency.actual)
    for (const [i, bin] of bins.slice(0, -1).entries())
      close(bin.expected, btyd.frequency.expected[i]!, 1e-10)
    expect(bins[7]!.expected).toBeGreaterThan(btyd.frequency.expected[7]!)
    close(
      bins.reduce((sum, { expected }) => sum + expected, 0),
      2357,
      1e-12,
    )
    expect(goodness).toMatchObject({ kind: 'estimate', bins: 8, degreesOfFreedom: 7 })
    // Fader, Hardie & Lee (2005) print 4.82.
    if (goodness.kind === 'estimate') expect(goodness.statistic.toFixed(2)).toBe('4.82')
  })

  test('tracking against BTYD', () => {
    const { periods } = trackPurchases(
      bgNbd,
      bgNbdOf(btyd.params),
      customers.map((customer) => ({ ...customer, purchaseAges: [] })),
      { period: { weeks: 1 }, holdout: { weeks: 39.14 } },
    )
    for (const [i, expected] of btyd.tracking.entries())
      close(periods[i]!.cumulativeExpected, expected, 1e-10)
  })
})
