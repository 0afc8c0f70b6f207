// Spans and ages far beyond everything real are refused by their place; up to the bound every answer is there, soon.
import { DefinitionError, random } from 'liuliang'
import {
  bgNbd,
  type CustomerHistory,
  countedHistories,
  estimateLifetimeValue,
  historyGrid,
  historyTable,
  lifetimeValuesOf,
  lifetimeVariance,
  mbgCnbd,
  mbgNbd,
  type PurchaseOutlook,
  parameters,
  paretoNbd,
  predictor,
  withPurchase,
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
const told = { unit: 'week', source: 'a stranger' } as const
const history = (x: number, T: number): CustomerHistory => ({
  unit: 'week',
  repeatCount: x,
  lastPurchaseAge: x === 0 ? 0 : T * 0.45,
  age: T,
})
const steady = parameters(mbgNbd, { r: 100, alpha: 4, a: 1e-4, b: 1 }, told)
const pareto = parameters(paretoNbd, { r: 5.5, alpha: 0.01, s: 0.06, beta: 11 }, told)

test('spans that no sum is held to are refused by name', () => {
  const outlook = predictor(mbgNbd, steady).customer(history(5, 1))
  const far = { weeks: 1e308 }
  for (const [verb, path] of [
    [() => outlook.expectedPurchases(far), '$.within.weeks'],
    [() => outlook.expectedPurchases({ from: { weeks: 1 }, until: far }), '$.within.until.weeks'],
    [() => outlook.noPurchaseFor(far), '$.span.weeks'],
    [() => outlook.aliveAfter(far), '$.span.weeks'],
    [() => outlook.variancePurchases(far), '$.span.weeks'],
    [() => outlook.ln.chanceOf(1, far), '$.within.weeks'],
    [
      () => outlook.discountedPurchases({ discount: { rate: 0.1, per: 'year' }, horizon: far }),
      '$.horizon.weeks',
    ],
    [() => outlook.expectedPurchases({ years: 1e15 }), '$.within.years'],
  ] as const)
    expect(refusal(verb)).toBe(`out-of-range ${path}`)
  const terms = { model: mbgNbd, parameters: steady, spend: { perPurchase: 1 } } as const
  const column = Float64Array.of(1)
  const table = { unit: 'week', repeatCount: column, lastPurchaseAge: column, age: column } as const
  expect(refusal(() => estimateLifetimeValue(terms, 'newcomer', { horizon: far }))).toBe(
    'out-of-range $.period.horizon.weeks',
  )
  expect(refusal(() => lifetimeValuesOf(terms, table, { horizon: far }))).toBe(
    'out-of-range $.period.horizon.weeks',
  )
  expect(refusal(() => lifetimeVariance(terms, 'newcomer', far))).toBe('out-of-range $.horizon.weeks')
  expect(refusal(() => historyGrid(mbgNbd, steady, { age: far, horizon: { weeks: 1 } }))).toBe(
    'out-of-range $.asked.age.weeks',
  )
})

test('ages, too: told, in columns, in tables, supposed and drawn', () => {
  const far = history(2, 1.79e308)
  expect(refusal(() => predictor(paretoNbd, pareto).alive(far))).toBe('out-of-range $.history.age')
  expect(refusal(() => historyTable([far]))).toBe('out-of-range $[0].age')
  expect(refusal(() => countedHistories([{ ...far, customers: 1 }]))).toBe('out-of-range $[0].age')
  const columns = {
    unit: 'week',
    repeatCount: Float64Array.of(2),
    lastPurchaseAge: Float64Array.of(1),
    age: Float64Array.of(1e308),
  } as const
  expect(refusal(() => predictor(paretoNbd, pareto).aliveOf(columns))).toBe('out-of-range $.table[0].age')
  const table = { ...historyTable([history(2, 40)]), age: Float64Array.of(1e16) }
  expect(refusal(() => paretoNbd.likelihood(table))).toBe('out-of-range $[0].age')
  expect(refusal(() => withPurchase(history(2, 40), { at: { days: 1e308 } }))).toBe(
    'out-of-range $.purchase.at.days',
  )
  expect(refusal(() => withPurchase(history(2, 1e15), { at: { weeks: 1e15 } }))).toBe(
    'out-of-range $.purchase.at',
  )
  expect(refusal(() => paretoNbd.draw(pareto.values, 1e308, random(1)))).toBe('out-of-range $.age')
  expect(refusal(() => mbgNbd.draw(steady.values, 1e308, random(1)))).toBe('out-of-range $.age')
})

test('up to the bound every answer is a number', () => {
  const far = { weeks: 1e15 }
  const asked = (outlook: PurchaseOutlook): readonly number[] => [
    outlook.alive(),
    outlook.aliveAfter(far),
    outlook.expectedPurchases(far),
    outlook.noPurchaseFor(far),
    outlook.chanceOf(3, { from: { weeks: 5e14 }, until: far }),
    outlook.chanceOfAtLeast(3, far),
    outlook.variancePurchases(far),
    outlook.discountedPurchases({ discount: { rate: 0.1, per: 'year' }, horizon: far }),
  ]
  const two = mbgCnbd(2)
  const crowd = { r: 192242, alpha: 47.5, a: 1e-8, b: 0.1 }
  const all = [
    ...asked(predictor(mbgNbd, steady).customer(history(5, 1))),
    ...[40, 1e15].flatMap((age) => asked(predictor(paretoNbd, pareto).customer(history(2, age)))),
    ...asked(predictor(bgNbd, parameters(bgNbd, crowd, told)).customer(history(0, 1e-6))),
    ...asked(predictor(two, parameters(two, crowd, told)).customer(history(0, 1e-6))),
  ]
  for (const one of all) expect(one >= 0 && one < Infinity, `${one}`).toBe(true)
})
