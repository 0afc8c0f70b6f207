// What is no number is refused by its place; what next to nothing brings is no NaN.
import { DefinitionError } from 'liuliang/kernel'
import {
  bootstrapInterval,
  contractOutlook,
  contractTable,
  exponentialGamma,
  nbd,
  parameters,
  predictor,
  retentionGainThatPays,
  sbg,
} from 'liuliang/ltv'
import { expect, test } from 'vitest'

const refusal = (work: () => unknown): string => {
  try {
    work()
  } catch (error) {
    if (error instanceof DefinitionError) return `${error.code} ${error.path}`
    throw error
  }
  return 'nothing'
}
const bare: unknown = Object.create(null)

test('objects without a prototype, symbols and null are refused by their place', () => {
  const cohorts = [{ cohort: 'a', survivors: [10, 5], readings: [0, bare] }]
  expect(refusal(() => contractTable({ unit: 'year', cohorts } as never))).toBe(
    'wrong-type $.cohorts[0].readings[1]',
  )
  const { newcomer } = predictor(nbd, parameters(nbd, { r: 1, alpha: 1 }, { unit: 'week', source: 'a plan' }))
  const gain = (discount: unknown) => () =>
    retentionGainThatPays({ cost: 10, perPurchase: 9, margin: 0.6, outlook: newcomer, discount } as never)
  for (const rate of [bare, Symbol('rate')])
    expect(refusal(gain({ rate, per: 'year' }))).toBe('wrong-type $.discount.rate')
  expect(refusal(gain(null))).toBe('wrong-type $.discount')
  const drawn = { kind: 'bootstrap', values: { r: 1 }, found: Array(60).fill(null) } as never
  expect(refusal(() => bootstrapInterval(drawn, () => 1))).toBe('wrong-type $.drawn.found[0]')
})

test('next to nothing a period pays for ever, or not at all', () => {
  const tiny = { cost: 300, arpa: 5e-324, margin: 0.8, retention: 0.96 }
  expect(retentionGainThatPays({ ...tiny, discountPerPeriod: 0 })).toMatchObject({
    kind: 'estimate',
    retention: 1,
  })
  for (const discountPerPeriod of [5e-324, 1e-9, 0.5]) {
    const found = retentionGainThatPays({ ...tiny, discountPerPeriod })
    if (found.kind === 'none') expect(found.most >= 0 && found.most < 300, `${found.most}`).toBe(true)
  }
})

test('renewals keep the digits of parameters far below one', () => {
  const sold = parameters(sbg, { alpha: 1e-6, beta: 1e-6 }, { unit: 'year', source: 'a stranger' })
  const outlook = contractOutlook(sbg, sold)
  expect(outlook.retention({ years: 1 })).toBe(0.5)
  expect(outlook.hazard({ years: 1 })).toMatchObject({ value: 0.5 })
})

test('what avoiding leaving brings is found without asking for a survival again and again', () => {
  const sold = parameters(exponentialGamma, { r: 1000, alpha: 10.6 }, { unit: 'year', source: 'a stranger' })
  const outlook = contractOutlook(exponentialGamma, sold)
  let asked = 0
  const times = new Set<number>()
  const survival: typeof outlook.survival = (after) => {
    asked += 1
    times.add((after as { readonly years: number }).years)
    return outlook.survival(after)
  }
  const found = retentionGainThatPays({
    cost: 160,
    perPayment: 98,
    margin: 0.6,
    payments: 'just-renewed',
    discount: { rate: 0.1, per: 'year' },
    outlook: { ...outlook, survival },
  })
  expect(asked).toBe(times.size)
  // As halving alone had it, within the 1e-10 of its integrals.
  expect(found.kind === 'estimate' && found.leavingAvoided).toBeCloseTo(0.99948838634, 8)
})
