// Whatever the counts and the gaps: an answer of one of three kinds, its numbers finite and in their order, its words there; and
// where there is a fit, what follows from it as well.
import * as fc from 'fast-check'
import { attentionSpans, fitDecay, forecastOpenRate, type SendCounts } from 'liuliang/continuity'
import { expect, test } from 'vitest'
import { runs } from '../support/size.js'
import { anchor, DAY, monday, ratesOf, WEEK } from './support/simulated.js'

/** Two thirds of the histories have shares near what the model says, the others any. */
const sends: fc.Arbitrary<readonly SendCounts[]> = fc
  .tuple(
    fc.constantFrom(true, true, false),
    fc.array(
      fc.record({
        gap: fc.oneof(
          { weight: 8, arbitrary: fc.constantFrom(0, 1, 7, 7, 7, 7, 14, 14, 91) },
          { weight: 3, arbitrary: fc.integer({ min: 0, max: 200 }) },
          { weight: 1, arbitrary: fc.constantFrom(3650) },
        ),
        delivered: fc.oneof(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 10, max: 100_000 })),
        share: fc.oneof(fc.constantFrom(0, 1), fc.double({ min: 0, max: 1, noNaN: true })),
      }),
      { maxLength: 20, size: 'max' },
    ),
  )
  .map(([near, list]) => {
    let day = 0
    const days = list.map(({ gap }) => (day += gap))
    const rates = ratesOf(anchor, days, [...new Set(days)])
    return list.map(({ delivered, share }, i) => ({
      at: monday + days[i]! * DAY,
      delivered,
      opened: Math.round(delivered * (near ? Math.min(1, rates[i]! * (0.7 + 0.6 * share)) : share)),
    }))
  })

const options = fc.record({
  scale: fc.constantFrom('logit', 'log', 'share'),
  floor: fc.constantFrom('none', 'none', 'none', 'fitted'),
  start: fc.constantFrom('ceiling', 'fitted'),
  noise: fc.constantFrom('binomial', 'binomial', 'binomial', 'beta-binomial'),
} as const)

/** Paths to numbers that are none. */
function strange(value: unknown, path = '$'): readonly string[] {
  if (typeof value === 'number') return Number.isFinite(value) ? [] : [`${path} ${value}`]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, part]) => strange(part, `${path}.${key}`))
}

test('every history has an answer without a strange number', { timeout: 600_000 }, () => {
  const kinds = new Map<string, number>()
  fc.assert(
    fc.property(sends, options, (given, how) => {
      const fit = fitDecay({ sends: given }, { pauseAfter: WEEK, profile: false, ...how })
      const kind = fit.kind === 'fit' ? 'fit' : fit.reason
      kinds.set(kind, (kinds.get(kind) ?? 0) + 1)
      expect(strange(fit)).toEqual([])
      if (fit.kind !== 'fit') {
        expect(fit.next.en.length * fit.next.zh.length).toBeGreaterThan(0)
        return
      }
      for (const rate of [fit.ceiling, fit.decay, fit.recovery]) {
        if (rate.kind !== 'estimate') continue
        expect(rate.interval.low).toBeLessThanOrEqual(rate.value)
        expect(rate.interval.high).toBeGreaterThanOrEqual(rate.value)
      }
      const asOf = fit.history.last + 3 * DAY
      const until = asOf + 100 * DAY
      const forecast = forecastOpenRate(fit, { publications: [asOf, asOf + 60 * DAY], until }, { asOf })
      expect(strange(forecast)).toEqual([])
      if (forecast.kind === 'forecast') {
        for (const { rate, interval } of forecast.points) {
          expect(interval.low).toBeGreaterThanOrEqual(0)
          expect(interval.low).toBeLessThanOrEqual(rate)
          expect(interval.high).toBeGreaterThanOrEqual(rate)
          expect(interval.high).toBeLessThanOrEqual(1)
        }
      }
      expect(strange(attentionSpans(fit, { asOf, every: { hours: 400 } }))).toEqual([])
    }),
    { numRuns: runs(80, 3000) },
  )
  console.log(Object.fromEntries(kinds))
  expect(kinds.get('fit')).toBeGreaterThan(2)
})
