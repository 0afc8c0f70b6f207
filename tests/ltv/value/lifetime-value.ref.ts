// Lifetime values of other programs, by their rules from our quantities. Origins in tests/fixtures/clv-spend/SOURCE.md.
import { readFileSync } from 'node:fs'
import { estimateLifetimeValue, expectedSpend, gammaGamma, parameters, predictor } from 'liuliang/ltv'
import { expect, test } from 'vitest'
import { tinyBgNbd, tinyParetoNbd } from './support/tiny.js'

const { lifetimes, btyd } = JSON.parse(
  readFileSync(new URL('../../fixtures/clv-spend/values-of-customers.json', import.meta.url), 'utf8'),
)
const off = (ours: number, theirs: number) => Math.abs(ours / theirs - 1)

test('lifetimes: monthly steps of 4.345 weeks, discounted at the end of each, within 1e-9', () => {
  const buying = parameters(tinyBgNbd, lifetimes.buying, { unit: 'week', source: 'lifetimes' })
  const spending = parameters(gammaGamma, lifetimes.spend, { unit: 'week', source: 'lifetimes' })
  const { customer } = predictor(tinyBgNbd, buying)
  let compared = 0
  for (const { x, tx, T, mean, clv } of lifetimes.customers) {
    const outlook = customer({ unit: 'week', repeatCount: x, lastPurchaseAge: tx, age: T })
    const spend = expectedSpend(gammaGamma, spending, { purchases: x, mean })
    for (const { monthlyDiscount, months, value } of clv) {
      let sum = 0
      for (let month = 1; month <= months; month++) {
        const within = {
          from: { weeks: (month - 1) * lifetimes.weeksPerMonth },
          until: { weeks: month * lifetimes.weeksPerMonth },
        }
        sum += outlook.expectedPurchases(within) / (1 + monthlyDiscount) ** month
      }
      expect(off(sum * (spend.kind === 'estimate' ? spend.value : Number.NaN), value)).toBeLessThan(1e-9)
      compared += 1
      // Without discount it is the value itself.
      if (monthlyDiscount > 0) continue
      const whole = estimateLifetimeValue(
        { model: tinyBgNbd, parameters: buying, spend: { model: gammaGamma, parameters: spending } },
        { unit: 'week', repeatCount: x, lastPurchaseAge: tx, age: T, spend: { purchases: x, mean } },
        { horizon: { weeks: months * lifetimes.weeksPerMonth } },
      )
      expect(whole.kind === 'estimate' && off(whole.value, value)).toBeLessThan(1e-9)
    }
  }
  expect(compared).toBeGreaterThan(40)
})

test('BTYD: DERT of Pareto/NBD times spend, within 1e-8', () => {
  const model = tinyParetoNbd
  const buying = parameters(model, btyd.buying, { unit: 'week', source: 'BTYD' })
  const spending = parameters(gammaGamma, btyd.spend, { unit: 'week', source: 'BTYD' })
  let compared = 0
  for (const { x, tx, T, mean, dert, expectedSpend: spend } of btyd.customers)
    for (const [rate, value] of Object.entries<number>(dert)) {
      const estimate = estimateLifetimeValue(
        {
          model,
          parameters: buying,
          spend: { model: gammaGamma, parameters: spending },
          // Theirs is continuous.
          discount: { rate: Math.expm1(Number(rate)), per: 'week' },
        },
        { unit: 'week', repeatCount: x, lastPurchaseAge: tx, age: T, spend: { purchases: x, mean } },
        { horizon: 'infinite' },
      )
      expect(estimate.kind === 'estimate' && off(estimate.value, value * spend)).toBeLessThan(1e-8)
      compared += 1
    }
  expect(compared).toBe(24)
})
