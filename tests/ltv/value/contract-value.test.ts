import { random } from 'liuliang'
import {
  contractOutlook,
  contractTable,
  estimateLifetimeValue,
  exponentialGamma,
  fitModel,
  lifetimeVariance,
  parameters,
  predictionInterval,
  sbg,
  valueBy,
  weibullGamma,
} from 'liuliang/ltv'
import { describe, expect, test } from 'vitest'
import { runs } from '../../support/size.js'

const discount = { rate: 0.1, per: 'year' } as const
const sold = parameters(sbg, { alpha: 3.8, beta: 15.2 }, { unit: 'year', source: 'Fader & Hardie 2010' })
const terms = {
  model: sbg,
  parameters: sold,
  payments: 'about-to-renew',
  spend: { perPayment: 200 },
  margin: 0.4,
  discount,
} as const

describe('the value of a subscriber', () => {
  test('is the margin of a renewal times DERL, with its parts', () => {
    // Fader & Hardie (2010): DERL of one who has renewed once.
    const found = estimateLifetimeValue(terms, { tenure: { years: 1 } }, { horizon: 'infinite' })
    if (found.kind !== 'estimate') throw new Error('none')
    const derl = found.parts.discountedPayments
    expect(derl).toBeCloseTo(3.451000328909882, 13)
    expect(found.parts).toEqual({ discountedPayments: derl, perPayment: 200, margin: 0.4 })
    expect([found.value, found.method]).toEqual([derl * 200 * 0.4, 'sbg'])
    expect(found.assumes.map(({ en }) => en).join(' ')).toContain('A renewal is due now')
  })

  test('within a horizon counts the payments, too; a subscriber may pay another price', () => {
    const { discount: _, ...plain } = terms
    const two = estimateLifetimeValue(plain, { perPayment: 50 }, { horizon: { years: 2 } })
    if (two.kind !== 'estimate') throw new Error('none')
    const outlook = contractOutlook(sbg, sold)
    const payments = outlook.survival({ years: 1 }) + outlook.survival({ years: 2 })
    expect(two.parts.payments).toBeCloseTo(payments, 13)
    expect(two.value).toBeCloseTo(payments * 50 * 0.4, 11)
    expect(estimateLifetimeValue(plain, 'newcomer', { horizon: { years: 2 } })).toMatchObject({
      value: two.value * 4,
    })
  })

  test('is undefined where there is no such number, and says what to do', () => {
    const heavy = parameters(sbg, { alpha: 0.5, beta: 2 }, { unit: 'year', source: 'a test' })
    const { discount: _, ...endless } = { ...terms, parameters: heavy }
    expect(estimateLifetimeValue(endless, 'newcomer', { horizon: 'infinite' })).toMatchObject({
      ...{ kind: 'undefined', reason: 'infinite-without-discount' },
    })
    const rich = { ...terms, spend: { perPayment: 1e308 }, margin: 1 }
    expect(estimateLifetimeValue(rich, 'newcomer', { horizon: 'infinite' })).toMatchObject({
      ...{ kind: 'undefined', reason: 'too-large' },
    })
  })

  test('refuses by path', () => {
    const value = (more: object, who: object = {}, period: object = { horizon: { years: 2 } }) => {
      const whole: unknown = { ...terms, ...more }
      return () =>
        estimateLifetimeValue(whole as typeof terms, who as never, period as { horizon: 'infinite' })
    }
    expect(value({ margin: 2 })).toThrow('$.terms.margin')
    expect(value({ payments: 'later' })).toThrow('$.terms.payments')
    expect(value({ spend: { perPurchase: 2 } })).toThrow('$.terms.spend.perPurchase')
    expect(value({ parameters: { ...sold, kind: 'not-an-optimum' } })).toThrow('$.terms.parameters.kind')
    expect(value({}, { repeatCount: 2 })).toThrow('$.subscriber.repeatCount')
    expect(value({}, { tenure: { days: 10 } })).toThrow('whole renewals')
    expect(value({}, {}, { from: 0, until: 1, observedUntil: 0 })).toThrow('$.period.from')
  })
})

describe('chance in when subscribers leave', () => {
  const drawn = (values: readonly number[]) => {
    const mean = values.reduce((sum, one) => sum + one, 0) / values.length
    const squares = values.map((one) => (one - mean) ** 2)
    const variance = squares.reduce((sum, one) => sum + one, 0) / (values.length - 1)
    const fourth = squares.reduce((sum, one) => sum + (one - variance) ** 2, 0) / values.length
    return { mean, variance, error: Math.sqrt(fourth / values.length) }
  }
  const many = runs(4000, 100_000)

  test.each(['signing', 'about-to-renew', 'just-renewed'] as const)('of renewals, %s', (payments) => {
    const outlook = contractOutlook(sbg, sold, { tenure: { years: 2 } })
    const v = 1 / 1.1
    const chance = random(`renewals ${payments}`)
    const worth = drawn(
      Array.from({ length: many }, () => {
        const { time, event } = outlook.draw({ years: 9 }, chance)
        // Who leaves at a renewal does not pay it. Of signing, the ninth payment falls at 8.
        const last = Math.min(event ? time - 1 : time, payments === 'signing' ? 8 : 9)
        let sum = 0
        for (let j = payments === 'signing' ? 0 : 1; j <= last; j++)
          sum += v ** (j - (payments === 'about-to-renew' ? 1 : 0))
        return 80 * sum
      }),
    )
    const who = { tenure: { years: 2 } }
    const variance = lifetimeVariance({ ...terms, payments }, who, { years: 9 })
    expect(Math.abs(variance - worth.variance)).toBeLessThan(4 * worth.error)
    const value = estimateLifetimeValue({ ...terms, payments }, who, { horizon: { years: 9 } })
    if (value.kind !== 'estimate') throw new Error('none')
    expect(Math.abs(value.value - worth.mean)).toBeLessThan(4 * Math.sqrt(worth.variance / many))
  })

  test('of what flows evenly', () => {
    const given = { unit: 'month', source: 'a test' } as const
    for (const rate of [0, 0.2]) {
      const d = Math.log(1 + rate) / 12
      const flow = {
        model: weibullGamma,
        payments: 'signing',
        spend: { perPayment: 10 },
        parameters: parameters(weibullGamma, { r: 2, scale: 12, c: 0.7 }, given),
        discount: { rate, per: 'year' },
      } as const
      const outlook = contractOutlook(weibullGamma, flow.parameters)
      const chance = random(`flow ${rate}`)
      const worth = drawn(
        Array.from({ length: many }, () => {
          const { time } = outlook.draw({ months: 24 }, chance)
          return rate === 0 ? 10 * time : (10 * -Math.expm1(-d * time)) / d
        }),
      )
      const variance = lifetimeVariance(flow, 'newcomer', { months: 24 })
      expect(Math.abs(variance - worth.variance)).toBeLessThan(4 * worth.error)
      expect(lifetimeVariance(flow, 'newcomer', { months: 0 })).toBe(0)
    }
    // Exponential with a known rate: of min(T, h), 1 - 2 h e^-h - e^-2h.
    const one = parameters(exponentialGamma, { r: 1e12, alpha: 1e12 }, given)
    const plain = {
      model: exponentialGamma,
      parameters: one,
      payments: 'signing',
      spend: { perPayment: 1 },
    } as const
    const exact = 1 - 2 * 3 * Math.exp(-3) - Math.exp(-6)
    expect(lifetimeVariance(plain, 'newcomer', { months: 3 })).toBeCloseTo(exact, 9)
  })
})

test('subscribers are summed like buyers, with an interval of what is known and of chance', () => {
  const fit = fitModel(
    sbg,
    contractTable({
      unit: 'year',
      cohorts: [{ cohort: '2017', survivors: [1000, 869, 743, 653, 593, 551, 517, 491] }],
    }),
  )
  if (fit.kind !== 'fitted') throw new Error('no fit')
  const told = { ...terms, parameters: fit }
  const people = [1, 2, 5, 7].map((years, i) => ({ customer: `s-${i}`, tenure: { years } }))
  const horizon = { years: 10 }
  const rows = people.map(({ customer, tenure }) => ({
    customer,
    value: estimateLifetimeValue(told, { tenure }, { horizon }),
    variance: lifetimeVariance(told, { tenure }, horizon),
  }))
  const { groups, total } = valueBy(rows, ({ customer }) => (customer === 's-0' ? 'ada' : 'ben'), {
    standardErrorOf: (members) =>
      predictionInterval(sbg, fit, (values) =>
        members.reduce((sum, { customer, share }) => {
          const { tenure } = people.find((one) => one.customer === customer)!
          const parameters = { ...fit, values }
          const value = estimateLifetimeValue({ ...told, parameters }, { tenure }, { horizon })
          return sum + share * (value.kind === 'estimate' ? value.value : Number.NaN)
        }, 0),
      ),
  })
  expect(groups[0]!.value + groups[1]!.value).toBeCloseTo(total.value, 9)
  const chance = 1.96 * Math.sqrt(rows.reduce((sum, { variance }) => sum + variance, 0))
  expect(total.interval!.high - total.value).toBeGreaterThan(chance)
  expect(total.interval!.high - total.value).toBeLessThan(1.2 * chance)
})
