import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  acquisitionCost,
  churnAwarePayback,
  churnValue,
  contractOutlook,
  extraPeriodsThatPay,
  historicValue,
  parameters,
  referralsThatPay,
  retentionGainThatPays,
  retentionValue,
  sbg,
  simplePayback,
  valueSensitivity,
  valueToCost,
} from '../../../src/ltv/index.js'
import { runs } from '../../support/size.js'

const share = fc.double({ min: 0, max: 1, noNaN: true })
const some = fc.double({ min: 0.01, max: 1e4, noNaN: true })
const numberOf = (found: { readonly kind: string; readonly value?: number }) => {
  if (found.kind !== 'estimate') throw new Error(found.kind)
  return found.value!
}

describe('what has been earned', () => {
  test('sums are exact, per customer won', () => {
    const [old, young, nobody] = historicValue({
      currency: 'CNY',
      cohorts: [
        { cohort: '2023', customers: 3, margins: ['0.10', '0.20', '90071992547409.91'] },
        { cohort: '2024', customers: 2, margins: ['-1.50'] },
        { cohort: '2025', customers: 0, margins: [] },
      ],
    })
    expect(old!.total).toEqual({ amount: '90071992547410.21', currency: 'CNY' })
    expect(numberOf(old!.perCustomer)).toBe(30023997515803.402)
    expect(young).toMatchObject({ periods: 1, perCustomer: { value: -0.75, method: 'margins-to-date' } })
    expect(nobody!.perCustomer).toMatchObject({ kind: 'undefined', reason: 'no-customers' })
    expect(() =>
      historicValue({ currency: 'CNY', cohorts: [{ cohort: 'a', customers: 1, margins: ['1e3'] }] }),
    ).toThrow(/invalid-amount at \$.cohorts\[0\].margins\[0\]/)
  })

  test('CAC is spend by customers, of one currency', () => {
    const spend = [
      { amount: '700.50', currency: 'EUR' },
      { amount: '499.50', currency: 'EUR' },
    ]
    expect(numberOf(acquisitionCost({ spend, customers: 8 }))).toBe(150)
    expect(acquisitionCost({ spend, customers: 0 })).toMatchObject({ reason: 'no-customers' })
    expect(() =>
      acquisitionCost({ spend: [...spend, { amount: '1', currency: 'USD' }], customers: 1 }),
    ).toThrow(/currency-mismatch/)
    expect(() => acquisitionCost({ spend: [{ amount: '-1', currency: 'EUR' }], customers: 1 })).toThrow(
      /zero up/,
    )
    expect(numberOf(valueToCost({ value: 450, cost: 150 }))).toBe(3)
    expect(valueToCost({ value: 450, cost: 0 })).toMatchObject({ reason: 'no-cost' })
  })
})

describe('values by a retention that never changes', () => {
  test('a churn of 0 does not divide, nor a retention of 1 without discount', () => {
    expect(numberOf(churnValue({ arpa: 50, margin: 0.8, churn: 0.04 }))).toBe(1000)
    const none = churnValue({ arpa: 50, margin: 0.8, churn: 0 })
    expect(none).toMatchObject({ kind: 'undefined', reason: 'no-churn' })
    expect(none.assumes.length).toBe(6)
    const stays = { arpa: 50, margin: 0.8, retention: 1, firstPayment: 'later' } as const
    expect(retentionValue({ ...stays, discountPerPeriod: 0 })).toMatchObject({ reason: 'infinite' })
    expect(numberOf(retentionValue({ ...stays, discountPerPeriod: 0, periods: 30 }))).toBe(1200)
    expect(numberOf(retentionValue({ ...stays, discountPerPeriod: 0.1 }))).toBeCloseTo(400, 10)
    expect(numberOf(churnValue({ arpa: 50, margin: -0.1, churn: 0.5 }))).toBe(-10)
    expect(churnValue({ arpa: 1e308, margin: 1, churn: 1e-9 })).toMatchObject({ reason: 'too-large' })
  })

  test('conventions: the sum of what each payment is worth', () => {
    fc.assert(
      fc.property(share, share, fc.integer({ min: 0, max: 300 }), (retention, discountPerPeriod, periods) => {
        const by = (firstPayment: 'now' | 'later') =>
          numberOf(
            retentionValue({ arpa: 10, margin: 0.5, retention, discountPerPeriod, firstPayment, periods }),
          )
        let [now, later] = [0, 0]
        for (let i = 0; i < periods; i += 1) {
          now += 5 * (retention / (1 + discountPerPeriod)) ** i
          later += 5 * (retention / (1 + discountPerPeriod)) ** (i + 1)
        }
        expect(Math.abs(by('now') - now)).toBeLessThanOrEqual(1e-11 * now)
        expect(Math.abs(by('later') - later)).toBeLessThanOrEqual(1e-11 * later + 1e-300)
        // Without a discount the first formula is the one that starts today.
        if (retention < 1) {
          const plain = churnValue({ arpa: 10, margin: 0.5, churn: 1 - retention })
          const same = retentionValue({
            arpa: 10,
            margin: 0.5,
            retention,
            discountPerPeriod: 0,
            firstPayment: 'now',
          })
          if (plain.kind === 'estimate') expect(numberOf(same) / plain.value).toBeCloseTo(1, 11)
        }
      }),
      { numRuns: runs(200, 4000) },
    )
  })

  test('it is the contract model of customers who are alike', () => {
    const alike = parameters(sbg, { alpha: 2e9, beta: 8e9 }, { unit: 'month', source: 'a limit' })
    const outlook = contractOutlook(sbg, alike)
    const d = 0.01
    const model = outlook.discountedPayments({ payments: 'signing', discount: { rate: d, per: 'month' } })
    const simple = retentionValue({
      arpa: 1,
      margin: 1,
      retention: 0.8,
      discountPerPeriod: d,
      firstPayment: 'now',
    })
    expect(numberOf(model) / numberOf(simple)).toBeCloseTo(1, 8)
  })
})

describe('payback', () => {
  const plan = { cost: 300, arpa: 50, margin: 0.8 }
  test('is early where churn is left out, and may be never', () => {
    expect(simplePayback(plan)).toMatchObject({ kind: 'paid-back', periods: 7.5 })
    const curve = { retention: 0.9, discountPerPeriod: 0, firstPayment: 'now' } as const
    expect(churnAwarePayback({ ...plan, curve })).toMatchObject({ kind: 'paid-back', periods: 14 })
    const lost = churnAwarePayback({ ...plan, curve: { ...curve, retention: 0.8 } })
    if (lost.kind !== 'never') throw new Error(lost.kind)
    expect(lost.convergesTo).toBeCloseTo(200, 10)
    // The cost is all that comes back in the end: at no time is it back.
    expect(churnAwarePayback({ ...plan, cost: 400, curve })).toMatchObject({ kind: 'never' })
    expect(simplePayback({ ...plan, margin: 0 })).toMatchObject({ kind: 'never', convergesTo: 0 })
    expect(churnAwarePayback({ ...plan, margin: -1, curve })).toMatchObject({ kind: 'never', convergesTo: 0 })
    expect(churnAwarePayback({ ...plan, cost: 0, curve })).toMatchObject({ kind: 'paid-back', periods: 0 })
    expect(churnAwarePayback({ ...plan, cost: 40, curve: { ...curve, retention: 0 } })).toMatchObject({
      periods: 1,
    })
  })

  test('by a stated curve, and by a model', () => {
    expect(churnAwarePayback({ ...plan, cost: 90, curve: { paying: [1, 0.7, 0.6] } })).toMatchObject({
      periods: 3,
    })
    const short = churnAwarePayback({ ...plan, curve: { paying: [1, 0.5] } })
    expect(short).toMatchObject({ kind: 'not-by', periods: 2, cumulated: 60 })
    const given = parameters(
      sbg,
      { alpha: 0.668, beta: 3.806 },
      { unit: 'year', source: 'Fader & Hardie 2007' },
    )
    const outlook = contractOutlook(sbg, given)
    const discount = { rate: 0.1, per: 'year' } as const
    const of = (cost: number) =>
      churnAwarePayback({ cost, arpa: 50, margin: 0.8, curve: { outlook, payments: 'signing', discount } })
    // DEL is 5.9226 payments of 40.
    expect(of(236)).toMatchObject({ kind: 'paid-back' })
    const never = of(237)
    if (never.kind !== 'never') throw new Error(never.kind)
    expect(never.convergesTo).toBeCloseTo(236.9038563, 6)
    const curve = { outlook, payments: 'signing' } as const
    // Without a discount the sum has no end, and most of it lies beyond all renewals that are looked at.
    expect(churnAwarePayback({ cost: 1e7, arpa: 50, margin: 0.8, curve })).toMatchObject({
      kind: 'not-by',
      periods: 1e6,
    })
  })

  test('is the first payment that covers the cost', () => {
    fc.assert(
      fc.property(
        some,
        some,
        share,
        fc.double({ min: 0, max: 0.2, noNaN: true }),
        (cost, arpa, retention, discountPerPeriod) => {
          const curve = { retention, discountPerPeriod, firstPayment: 'later' } as const
          const found = churnAwarePayback({ cost, arpa, margin: 0.5, curve })
          const by = (periods?: number) =>
            retentionValue({ ...curve, arpa, margin: 0.5, ...(periods !== undefined && { periods }) })
          if (found.kind === 'paid-back' && found.periods <= 1e6) {
            expect(numberOf(by(found.periods))).toBeGreaterThanOrEqual(cost)
            expect(numberOf(by(found.periods - 1))).toBeLessThan(cost)
          } else if (found.kind === 'never') expect(numberOf(by())).toBeLessThanOrEqual(cost)
        },
      ),
      { numRuns: runs(200, 4000) },
    )
  })
})

describe('two hours of service', () => {
  const hours = { cost: 120, arpa: 100, margin: 0.6, retention: 0.9, discountPerPeriod: 0.01 }
  test('pay by retention, by more periods, or by referrals', () => {
    const gain = retentionGainThatPays(hours)
    if (gain.kind !== 'estimate') throw new Error(gain.kind)
    expect(gain.gain).toBeCloseTo(0.0196748, 6)
    expect(extraPeriodsThatPay({ ...hours, discountPerPeriod: 0 })).toMatchObject({ value: 2 })
    expect(extraPeriodsThatPay(hours)).toMatchObject({ value: 3 })
    expect(numberOf(referralsThatPay({ ...hours, discountPerPeriod: 0 }))).toBeCloseTo(0.2, 12)
  })

  test('or not at all', () => {
    const dear = retentionGainThatPays({ ...hours, cost: 1e5 })
    if (dear.kind !== 'none') throw new Error(dear.kind)
    const worth = (retention: number) =>
      numberOf(retentionValue({ ...hours, retention, firstPayment: 'later' }))
    expect(dear.most).toBeCloseTo(worth(1) - worth(0.9), 8)
    expect(dear.next.zh).not.toBe('')
    expect(retentionGainThatPays({ ...hours, margin: 0 })).toMatchObject({ kind: 'none', most: 0 })
    expect(retentionGainThatPays({ ...hours, retention: 1 })).toMatchObject({ kind: 'none', most: 0 })
    expect(retentionGainThatPays({ ...hours, retention: 1, discountPerPeriod: 0 })).toMatchObject({
      kind: 'none',
      most: 0,
    })
    expect(retentionGainThatPays({ ...hours, cost: 0, retention: 1 })).toMatchObject({ gain: 0 })
    const periods = extraPeriodsThatPay({ ...hours, cost: 1e5 })
    if (periods.kind !== 'none') throw new Error(periods.kind)
    expect(periods.most).toBeCloseTo(6000, 8)
    expect(referralsThatPay({ ...hours, margin: -1 })).toMatchObject({ kind: 'none' })
  })

  test('at the gain that pays, the customer is worth the cost more', () => {
    fc.assert(
      fc.property(
        some,
        some,
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        fc.double({ min: 0, max: 0.3, noNaN: true }),
        (cost, arpa, retention, discountPerPeriod) => {
          const found = retentionGainThatPays({ cost, arpa, margin: 1, retention, discountPerPeriod })
          if (found.kind === 'none') {
            expect(found.most).toBeLessThanOrEqual(cost)
            return
          }
          const worth = (r: number) => {
            const value = retentionValue({
              arpa,
              margin: 1,
              retention: r,
              discountPerPeriod,
              firstPayment: 'later',
            })
            return value.kind === 'estimate' ? value.value : Infinity
          }
          // Near a retention of 1 without discount its last digit is worth much.
          const steep = (arpa * 2e-16) / (1 - found.retention + discountPerPeriod) ** 2
          expect(Math.abs(worth(found.retention) - worth(retention) - cost)).toBeLessThanOrEqual(
            1e-9 * (cost + worth(retention)) + 8 * steep,
          )
        },
      ),
      { numRuns: runs(300, 5000) },
    )
  })
})

test('sensitivity is every combination, and what it changes', () => {
  const stated = {
    arpa: 100,
    margin: 1,
    retention: 0.8,
    discountPerPeriod: 0.1,
    firstPayment: 'now',
  } as const
  const rows = valueSensitivity(stated, { retention: [0.79, 0.81, 1], discountPerPeriod: [0, 0.1] })
  expect(rows.map(({ retention, discountPerPeriod }) => `${retention} ${discountPerPeriod}`)).toEqual([
    '0.79 0',
    '0.79 0.1',
    '0.81 0',
    '0.81 0.1',
    '1 0',
    '1 0.1',
  ])
  expect(numberOf(rows[3]!.change)).toBeCloseTo(1 / 29, 12)
  expect(rows[4]).toMatchObject({ value: { reason: 'infinite' }, change: { reason: 'no-value' } })
  expect(valueSensitivity(stated, {}).length).toBe(1)
  expect(() => valueSensitivity(stated, { churn: [1] } as never)).toThrow(/unknown-key at \$.over.churn/)
  expect(() => valueSensitivity(stated, { arpa: Array(200).fill(1), margin: Array(200).fill(1) })).toThrow(
    /too-large/,
  )
})
