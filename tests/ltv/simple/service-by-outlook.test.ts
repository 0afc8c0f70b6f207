import {
  contractOutlook,
  exponentialGamma,
  parameters,
  paretoNbd,
  predictor,
  referralsThatPay,
  retentionGainThatPays,
  sbg,
} from 'liuliang/ltv'
import { describe, expect, test } from 'vitest'

const source = 'a test'
const monthly = { rate: 0.01, per: 'month' } as const
/** Customers who do not differ: one churn of a tenth, as the formula has it. */
const alike = contractOutlook(sbg, parameters(sbg, { alpha: 1e9, beta: 9e9 }, { unit: 'month', source }))
const service = {
  cost: 120,
  perPayment: 100,
  margin: 0.6,
  payments: 'just-renewed',
  discount: monthly,
} as const

describe('a service by the outlook of a contract', () => {
  test('is that of the formula where nobody differs', () => {
    const given = { cost: 120, arpa: 100, margin: 0.6, retention: 0.9, discountPerPeriod: 0.01 }
    const plain = retentionGainThatPays(given)
    const found = retentionGainThatPays({ ...service, outlook: alike })
    if (plain.kind !== 'estimate' || found.kind !== 'estimate') throw new Error('none')
    expect(found.retention).toBeCloseTo(plain.retention, 7)
    expect(found.gain).toBeCloseTo(plain.gain, 7)
    expect(found.leavingAvoided).toBeCloseTo(plain.gain / 0.1, 6)
    const referred = referralsThatPay({ ...service, payments: 'signing', outlook: alike })
    expect(referred.kind === 'estimate' && referred.value).toBeCloseTo(120 / ((60 * 1.01) / (1.01 - 0.9)), 7)
  })

  test('needs less of who may leave soon than of who has stayed long, or nothing can pay', () => {
    const differ = parameters(sbg, { alpha: 0.668, beta: 3.806 }, { unit: 'year', source })
    const at = (years: number, cost: number) =>
      retentionGainThatPays({
        ...{ cost, perPayment: 100, margin: 0.6, payments: 'about-to-renew' },
        ...{
          discount: { rate: 0.1, per: 'year' },
          outlook: contractOutlook(sbg, differ, { tenure: { years } }),
        },
      })
    const [fresh, old] = [at(0, 50), at(8, 50)]
    if (fresh.kind !== 'estimate' || old.kind !== 'estimate') throw new Error('none')
    expect(fresh.leavingAvoided!).toBeLessThan(old.leavingAvoided!)
    const never = at(8, 500)
    if (never.kind !== 'none') throw new Error('pays')
    // Who never leaves pays 1 / (1 - v) times.
    const now = contractOutlook(sbg, differ, { tenure: { years: 8 } }).discountedPayments({
      ...{ payments: 'about-to-renew', discount: { rate: 0.1, per: 'year' } },
    })
    expect(never.most).toBeCloseTo(60 * (11 - (now.kind === 'estimate' ? now.value : 0)), 6)
  })

  test('of what flows evenly: the rate of leaving falls', () => {
    const one = parameters(exponentialGamma, { r: 1e9, alpha: 1e10 }, { unit: 'month', source })
    const outlook = contractOutlook(exponentialGamma, one)
    const found = retentionGainThatPays({ ...service, outlook })
    if (found.kind !== 'estimate') throw new Error('none')
    // Worth of 1 a month: 1 / (λ + δ).
    const d = Math.log(1.01)
    const rate = 1 / (1 / (0.1 + d) + 2) - d
    expect(found.leavingAvoided).toBeCloseTo(1 - rate / 0.1, 6)
    expect(found.retention).toBeCloseTo(Math.exp(-rate), 6)
    const within = retentionGainThatPays({ ...service, horizon: { months: 2 }, outlook })
    expect(within.kind).toBe('none')
  })

  test('refuses by path', () => {
    const { discount: _, ...endless } = service
    expect(() => retentionGainThatPays({ ...endless, outlook: alike })).toThrow('$.discount')
    const stayed = contractOutlook(sbg, parameters(sbg, { alpha: 1, beta: 9 }, { unit: 'month', source }), {
      tenure: { months: 3 },
    })
    expect(() => referralsThatPay({ ...service, outlook: stayed })).toThrow('$.outlook.tenure')
    expect(() => retentionGainThatPays({ ...service, outlook: {} as never })).toThrow('$.outlook')
    expect(() => retentionGainThatPays({ ...service, margin: 2, outlook: alike })).toThrow('$.margin')
  })
})

describe('a service by the outlook of a buyer', () => {
  const values = { r: 0.553, alpha: 10.578, s: 0.606, beta: 11.669 }
  const { customer, newcomer } = predictor(paretoNbd, parameters(paretoNbd, values, { unit: 'week', source }))
  const ada = customer({ unit: 'week', repeatCount: 2, lastPurchaseAge: 30.43, age: 38.86 })
  const discount = { rate: 0.1, per: 'year' } as const
  const buying = { perPurchase: 40, margin: 0.5, discount, outlook: ada }

  test('asks for a chance of still being a customer', () => {
    const alive = ada.alive()
    const worth = 20 * ada.discountedPurchases({ discount })
    const found = retentionGainThatPays({ ...buying, cost: 10 })
    if (found.kind !== 'estimate') throw new Error('none')
    expect(found.gain).toBeCloseTo((alive * 10) / worth, 12)
    expect(found.retention).toBeCloseTo(alive + found.gain, 14)
    // With that chance the customer is worth as much more as the service costs.
    expect((worth / alive) * found.retention - worth).toBeCloseTo(10, 10)
    const never = retentionGainThatPays({ ...buying, cost: 100 })
    expect(never.kind === 'none' && never.most).toBeCloseTo(worth / alive - worth, 9)
    const { discount: _, ...plain } = buying
    expect(() => retentionGainThatPays({ ...plain, cost: 10 })).toThrow('missing at $.horizon')
    const year = retentionGainThatPays({ ...plain, cost: 1, horizon: { years: 1 } })
    expect(year.kind === 'estimate' && year.gain).toBeCloseTo(
      alive / (20 * ada.expectedPurchases({ years: 1 })),
      12,
    )
  })

  test('counts new customers from their first purchase on', () => {
    const found = referralsThatPay({ ...buying, outlook: newcomer, cost: 120 })
    const worth = 20 * (1 + newcomer.discountedPurchases({ discount }))
    expect(found.kind === 'estimate' && found.value).toBeCloseTo(120 / worth, 12)
  })
})
