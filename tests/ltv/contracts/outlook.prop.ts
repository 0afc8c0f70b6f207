import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { random } from '../../../src/kernel/random.js'
import {
  bdw,
  type ContractModel,
  contractOutlook,
  contractTable,
  exponentialGamma,
  parameters,
  sbg,
  weibullGamma,
  weibullGammaValues,
} from '../../../src/ltv/index.js'
import { integrate } from '../../../src/measures/index.js'
import { runs } from '../../support/size.js'

const size = (low: number, high: number) =>
  fc.double({ min: Math.log(low), max: Math.log(high), noNaN: true }).map(Math.exp)
const wide = size(1e-6, 1e8)
const steep = fc.double({ min: 0.05, max: 6, noNaN: true })
const models: readonly ContractModel<string, string>[] = [sbg, bdw, exponentialGamma, weibullGamma]
/** A model with values and a customer of it, shown by numbers where a law fails. */
const any = fc.record({
  name: fc.constantFrom('sbg', 'bdw', 'exponential-gamma', 'weibull-gamma'),
  first: wide,
  second: wide,
  c: steep,
  tenure: fc.integer({ min: 0, max: 10_000 }),
})
function made({
  name,
  first,
  second,
  c,
  tenure,
}: {
  name: string
  first: number
  second: number
  c: number
  tenure: number
}) {
  const model = models.find((one) => one.name === name)!
  const values = Object.fromEntries(
    model.parameters.map((parameter, k) => [parameter, parameter === 'c' ? c : k === 0 ? first : second]),
  )
  return { model, values, tenure, stay: model.staying(values, tenure) }
}

describe('what is to come of customers', () => {
  test('is a number, or infinite where it may be, for any parameters', () => {
    fc.assert(
      fc.property(any, size(1e-6, 2.4), fc.integer({ min: 1, max: 10_000 }), (one, rate, time) => {
        const { stay } = made(one)
        const lnS = stay.lnSurvival(time)
        expect(lnS <= 0 && lnS > -Infinity).toBe(true)
        expect(stay.lnSurvival(0) === 0).toBe(true)
        expect(stay.hazard(time)).toBeGreaterThanOrEqual(0)
        expect(stay.retention(time) >= 0 && stay.retention(time) <= 1).toBe(true)
        expect(stay.expected() > 0).toBe(true)
        const [now, due, later] = (['signing', 'about-to-renew', 'just-renewed'] as const).map((payments) =>
          stay.discounted(payments, rate, Infinity),
        )
        for (const worth of [now!, due!, later!]) expect(worth >= 0 && worth < Infinity).toBe(true)
        expect(stay.discounted('just-renewed', rate, time)).toBeLessThanOrEqual(later! * (1 + 1e-12))
        const { ofValue, ofCustomer } = stay.elasticity('about-to-renew', rate)
        expect(ofValue >= 0 && ofValue < Infinity).toBe(true)
        if (ofCustomer !== undefined) expect(ofCustomer).toBeLessThanOrEqual(ofValue * (1 + 1e-12))
        expect(stay.leaving.mean >= 0 && stay.leaving.variance >= 0).toBe(true)
      }),
      { numRuns: runs(120, 3000) },
    )
  })

  test('agrees with itself: conventions, horizons, elasticity as a slope, who has stayed as who is told to', () => {
    fc.assert(
      fc.property(any, size(1e-4, 1), fc.integer({ min: 1, max: 400 }), (one, rate, time) => {
        const { model, values, tenure, stay } = made(one)
        const near = (a: number, b: number, by = 1e-10) =>
          expect(Math.abs(a - b)).toBeLessThanOrEqual(by * Math.abs(b) + 1e-300)
        const worth = (payments: Parameters<typeof stay.discounted>[0], horizon = Infinity) =>
          stay.discounted(payments, rate, horizon)
        // Below that floats have fewer digits.
        if (worth('just-renewed') < 1e-280) return
        if (model.time === 'discrete') {
          near(worth('signing'), 1 + worth('just-renewed'))
          near(worth('about-to-renew') * Math.exp(-rate), worth('just-renewed'))
          near(worth('signing', time), 1 + worth('just-renewed', time - 1))
          let sum = 0
          for (let j = 1; j <= time; j += 1) sum += Math.exp(stay.lnSurvival(j) - rate * j)
          near(worth('just-renewed', time), sum)
          // 1 - retention has no more digits than the spacing of floats next to 1.
          const hazard = stay.hazard(time)
          expect(Math.abs(hazard - (1 - stay.retention(time)))).toBeLessThanOrEqual(1e-9 * hazard + 2 ** -52)
        }
        // What comes after a horizon is what those who are still there are worth then.
        const later = model.staying(values, tenure + time)
        const convention = model.time === 'discrete' ? 'just-renewed' : 'signing'
        near(
          worth(convention, time) +
            Math.exp(stay.lnSurvival(time) - rate * time) * later.discounted(convention, rate, Infinity),
          worth(convention),
        )
        near(stay.lnSurvival(time) + later.lnSurvival(time), stay.lnSurvival(2 * time), 1e-9)
        // Every retention one part in a thousand up and down is the rate that much down and up.
        const at = (h: number) => Math.log(stay.discounted(convention, rate - h, Infinity))
        const h = 1e-2 * rate
        const slope = (8 * (at(h) - at(-h)) - (at(2 * h) - at(-2 * h))) / (12 * h)
        // A difference of logarithms has no more digits than that.
        const apart = Math.abs(stay.elasticity(convention, rate).ofValue - slope)
        expect(apart).toBeLessThanOrEqual(1e-6 * slope + 1e-13 / h)
      }),
      { numRuns: runs(60, 1500) },
    )
  })

  test('is the same by 2F1 and by a sum, by Tricomi’s U and by an integral', () => {
    fc.assert(
      fc.property(wide, wide, size(1e-6, 2.4), fc.integer({ min: 0, max: 10_000 }), (a, b, rate, tenure) => {
        const pairs = [
          [sbg.staying({ alpha: a, beta: b }, tenure), bdw.staying({ alpha: a, beta: b, c: 1 }, tenure)],
          [
            exponentialGamma.staying({ r: a, alpha: b }, tenure),
            weibullGamma.staying({ r: a, scale: b, c: 1 }, tenure),
          ],
        ] as const
        for (const [closed, summed] of pairs) {
          const near = (ours: number, theirs: number) =>
            expect(ours === theirs || Math.abs(ours / theirs - 1) < 1e-11 || theirs < 1e-290).toBe(true)
          near(
            closed.discounted('just-renewed', rate, Infinity),
            summed.discounted('just-renewed', rate, Infinity),
          )
          near(
            closed.elasticity('just-renewed', rate).ofValue,
            summed.elasticity('just-renewed', rate).ofValue,
          )
          near(closed.expected(), summed.expected())
          near(closed.quantile(0.3), summed.quantile(0.3))
        }
      }),
      { numRuns: runs(40, 1500) },
    )
  })

  test('quantiles are the first time by which a share has left', () => {
    fc.assert(
      fc.property(any, fc.double({ min: 1e-6, max: 1 - 1e-6, noNaN: true }), (one, share) => {
        const { model, stay } = made(one)
        const time = stay.quantile(share)
        if (time > 1e15) return
        const left = 1 - Math.exp(stay.lnSurvival(time))
        if (model.time === 'continuous') expect(Math.abs(left - share)).toBeLessThan(1e-9)
        else {
          expect(left).toBeGreaterThanOrEqual(share - 1e-12)
          if (time > 1) expect(1 - Math.exp(stay.lnSurvival(time - 1))).toBeLessThan(share + 1e-12)
        }
      }),
      { numRuns: runs(300, 5000) },
    )
    // Exactly half of Beta(1, 1) leave at the first renewal.
    expect(sbg.staying({ alpha: 1, beta: 1 }, 0).quantile(0.5)).toBe(1)
    expect(sbg.staying({ alpha: 1, beta: 1 }, 0).quantile(0.75)).toBe(3)
  })

  test('survival is the mean over customers who differ', () => {
    fc.assert(
      fc.property(
        size(0.7, 30),
        size(0.7, 30),
        fc.double({ min: 0.4, max: 3, noNaN: true }),
        fc.integer({ min: 1, max: 30 }),
        (a, b, c, t) => {
          const mean = (lnKept: (x: number) => number, lnWeight: (x: number) => number, to: number) => {
            const weigh = (f: (x: number) => number) => {
              const found = integrate(f, 0, to, { relative: 1e-10 })
              if (found.kind !== 'estimate') throw new Error(found.reason)
              return found.value
            }
            return weigh((x) => Math.exp(lnKept(x) + lnWeight(x))) / weigh((x) => Math.exp(lnWeight(x)))
          }
          // p = x², so that the density has no pole at 0, and likewise at 1.
          const beta = (x: number) =>
            (2 * a - 1) * Math.log(Math.sin(x)) + (2 * b - 1) * Math.log(Math.cos(x))
          const kept = (power: number) => (x: number) => 2 * power * Math.log(Math.cos(x))
          const half = Math.PI / 2
          expect(Math.exp(sbg.staying({ alpha: a, beta: b }, 0).lnSurvival(t))).toBeCloseTo(
            mean(kept(t), beta, half),
            8,
          )
          expect(Math.exp(bdw.staying({ alpha: a, beta: b, c }, 0).lnSurvival(t))).toBeCloseTo(
            mean(kept(t ** c), beta, half),
            8,
          )
          const gamma = (x: number) => (a - 1 + 1) * 2 * Math.log(x) - Math.log(x) - b * x * x
          const top = Math.sqrt((a + 12 * Math.sqrt(a) + 60) / b)
          const rate = (power: number) => (x: number) => -x * x * power
          expect(Math.exp(exponentialGamma.staying({ r: a, alpha: b }, 0).lnSurvival(t))).toBeCloseTo(
            mean(rate(t), gamma, top),
            8,
          )
          const values = weibullGammaValues({ r: a, alpha: b, c })
          expect(Math.exp(weibullGamma.staying(values, 0).lnSurvival(t))).toBeCloseTo(
            mean(rate(t ** c), gamma, top),
            8,
          )
        },
      ),
      { numRuns: runs(15, 300) },
    )
  })

  test('draws are of the distribution, and the churn of survivors is that of their posterior', () => {
    const draw = random('draws')
    for (const [model, values] of [
      [sbg, { alpha: 0.7, beta: 2 }],
      [bdw, { alpha: 0.7, beta: 2, c: 1.4 }],
      [exponentialGamma, { r: 0.9, alpha: 4 }],
      [weibullGamma, { r: 0.9, scale: 4, c: 1.4 }],
    ] as readonly (readonly [ContractModel<string, string>, Record<string, number>])[]) {
      const stay = model.staying(values, 2)
      const n = 4000
      const all = Array.from({ length: n }, () => stay.draw(20, draw))
      for (const time of [1, 3, 8, 20]) {
        const share = all.filter((one) => !one.event || one.time > time).length / n
        const right = Math.exp(stay.lnSurvival(time))
        expect(Math.abs(share - right)).toBeLessThan(4 * Math.sqrt((right * (1 - right)) / n))
      }
    }
    const { leaving } = sbg.staying({ alpha: 2, beta: 3 }, 5)
    expect(leaving).toMatchObject({ symbol: 'p', in: 'chance', mean: 0.2 })
    expect(leaving.variance).toBeCloseTo(0.16 / 11, 15)
    expect(sbg.staying({ alpha: 2, beta: 3 }, 5).hazard(1)).toBe(leaving.mean)
    const rates = exponentialGamma.staying({ r: 2, alpha: 3 }, 5)
    expect(rates.hazard(0)).toBe(rates.leaving.mean)
  })
})

describe('the outlook of a customer', () => {
  const yearly = parameters(
    sbg,
    { alpha: 0.668, beta: 3.806 },
    { unit: 'year', source: 'Fader & Hardie 2007' },
  )

  test('takes spans and rates in any unit', () => {
    const monthly = parameters(sbg, { alpha: 0.668, beta: 3.806 }, { unit: 'month', source: 'a plan' })
    const outlook = contractOutlook(sbg, monthly, { tenure: { years: 1 } })
    expect(outlook.tenure).toBe(12)
    expect(outlook.survival({ years: 1 })).toBe(outlook.survival({ months: 12 }))
    const worth = (discount: Parameters<typeof outlook.discountedPayments>[0]['discount']) =>
      outlook.discountedPayments({ payments: 'signing', ...(discount && { discount }) })
    const [year, month] = [worth({ rate: 1.01 ** 12 - 1, per: 'year' }), worth({ rate: 0.01, per: 'month' })]
    if (year.kind !== 'estimate' || month.kind !== 'estimate') throw new Error('none')
    expect(year.value / month.value).toBeCloseTo(1, 12)
    expect(() => outlook.survival({ days: 10 })).toThrow(/whole renewals/)
    expect(() => contractOutlook(sbg, monthly, { tenure: { opportunities: 1 } })).toThrow(/opportunities/)
  })

  test('has cases of their own for what does not exist', () => {
    const outlook = contractOutlook(sbg, yearly)
    expect(outlook.expectedTenure()).toMatchObject({ kind: 'undefined', reason: 'infinite' })
    expect(outlook.discountedPayments({ payments: 'signing' })).toMatchObject({ reason: 'infinite' })
    expect(outlook.discountedPayments({ payments: 'signing', horizon: { years: 2 } })).toMatchObject({
      kind: 'estimate',
    })
    expect(outlook.remainingQuantile(0.5)).toEqual({ kind: 'estimate', value: 7, method: 'sbg' })
    const heavy = parameters(sbg, { alpha: 1e-6, beta: 1 }, { unit: 'year', source: 'a limit' })
    expect(contractOutlook(sbg, heavy).remainingQuantile(0.99)).toMatchObject({ reason: 'too-large' })
    const steepest = parameters(weibullGamma, { r: 1, scale: 2, c: 0.5 }, { unit: 'week', source: 'a limit' })
    expect(contractOutlook(weibullGamma, steepest).hazard({ weeks: 0 })).toMatchObject({ reason: 'infinite' })
    expect(() =>
      outlook.retentionElasticity({ payments: 'signing', discount: { rate: 0, per: 'year' } }),
    ).toThrow(/above 0/)
  })

  test('names what always exists where there is no mean', () => {
    const { next } = contractOutlook(sbg, {
      ...yearly,
      values: { alpha: 0.5, beta: 1 },
    }).expectedTenure() as {
      readonly next: { readonly en: string; readonly zh: string }
    }
    for (const words of [next.en, next.zh]) {
      expect(words).toContain('discountedPayments({ payments, horizon })')
      expect(words).toContain('remainingQuantile(0.5)')
    }
  })

  test('is a curve by tenure', () => {
    const outlook = contractOutlook(sbg, yearly, { tenure: { years: 2 } })
    const curve = outlook.survivalCurve({ years: 4 })
    expect(curve.map(({ time }) => time)).toEqual([2, 3, 4, 5, 6])
    expect(curve.map(({ survival }) => survival)).toEqual(
      [0, 1, 2, 3, 4].map((years) => outlook.survival({ years })),
    )
    const long = outlook.survivalCurve({ years: 1000 })
    expect([long.length, long[200]]).toEqual([
      201,
      { time: 1002, survival: outlook.survival({ years: 1000 }) },
    ])
    expect(new Set(long.map(({ time }) => time % 1)).size).toBe(1)
    expect(outlook.survivalCurve({ years: 0 })).toEqual([{ time: 2, survival: 1 }])
    const given = { unit: 'month', source: 'a test' } as const
    const smooth = contractOutlook(exponentialGamma, parameters(exponentialGamma, { r: 2, alpha: 9 }, given))
    expect(smooth.survivalCurve({ years: 1 })[100]).toEqual({
      time: 6,
      survival: smooth.survival({ months: 6 }),
    })
  })

  test('refuses parameters of another model and what it does not know of a customer', () => {
    expect(() => contractOutlook(bdw, yearly as never)).toThrow(/unknown-name at \$.parameters.model/)
    expect(() => contractOutlook(sbg, yearly, { covariates: { z: 1 } } as never)).toThrow(
      /unknown-key at \$.customer.covariates/,
    )
  })
})

describe('what tables refuse and models say', () => {
  const table = (given: Partial<Parameters<typeof contractTable>[0]>) =>
    contractTable({ unit: 'month', ...given })

  test('records and counts that cannot be', () => {
    const wrong: readonly [Partial<Parameters<typeof contractTable>[0]>, RegExp][] = [
      [{}, /missing at \$.customers/],
      [{ customers: [{ time: -1, event: true }] }, /\$.customers\[0\].time/],
      [{ customers: [{ time: 3, event: true, stillThereAt: 3 }] }, /stillThereAt/],
      [{ customers: [{ time: 3, event: false, stillThereAt: 2 }] }, /only of somebody who left/],
      [{ customers: [{ time: 3, event: true, entry: 2, stillThereAt: 1 }] }, /from entry/],
      [{ cohorts: [{ cohort: 'a', survivors: [5, 6] }] }, /survivors\[1\]/],
      [{ cohorts: [{ cohort: 'a', survivors: [5, 4], readings: [0] }] }, /2 ages/],
      [{ cohorts: [{ cohort: 'a', survivors: [5, 4], readings: [0, 0] }] }, /rising ages/],
      [
        {
          customers: [
            { time: 1, event: true },
            { time: 1, event: true, covariates: { z: 1 } },
          ],
        },
        /no covariates/,
      ],
    ]
    for (const [given, message] of wrong) expect(() => table(given)).toThrow(message)
    const half = table({ customers: [{ time: 1.5, event: true }] })
    expect(() => sbg.likelihood(half)).toThrow(/\$.stayed\[0\].*whole periods/)
    expect(weibullGamma.likelihood(half).value([1, 2, 1])).toBeLessThan(0)
    expect(() => sbg.likelihood(table({ customers: [{ time: 0, event: true }] }))).toThrow(/above 0/)
  })

  test('why no search is worth while', () => {
    const stay = table({ customers: [{ time: 5, event: false }] })
    const reasons = [sbg, bdw, exponentialGamma, weibullGamma].map((model) => model.hopeless(stay)?.reason)
    expect(reasons).toEqual(['no-churn', 'no-churn', 'no-churn', 'no-churn'])
    const nobody = table({ cohorts: [{ cohort: 'a', survivors: [0] }] })
    expect(sbg.hopeless(nobody)?.reason).toBe('no-customers')
    expect(weibullGamma.hopeless(nobody)?.reason).toBe('no-customers')
    const first = table({ cohorts: [{ cohort: 'a', survivors: [9, 5, 5, 5] }] })
    expect(sbg.hopeless(first)?.reason).toBe('leave-at-once-or-never')
    expect(weibullGamma.hopeless(table({ cohorts: [{ cohort: 'a', survivors: [9, 5, 4] }] }))?.reason).toBe(
      'too-few-readings',
    )
    // The same share leaves in every period: people do not seem to differ.
    const flat = table({ cohorts: [{ cohort: 'a', survivors: [1000, 800, 640, 512, 400] }] })
    expect(sbg.edge(flat, { alpha: 1e6, beta: 4e6 })?.reason).toBe('all-leave-alike')
    expect(exponentialGamma.edge(flat, { r: 1e7, alpha: 1e8 })?.reason).toBe('all-leave-alike')
    expect(exponentialGamma.edge(flat, { r: 1, alpha: 1 })).toBeUndefined()
    expect(weibullGamma.edge(flat, { r: 1, scale: 1, c: 60 })?.reason).toBe('left-at-one-tenure')
  })
})
