import { DefinitionError } from 'liuliang/kernel'
import { nbd, parameters, paretoNbd, predictor } from 'liuliang/ltv'
import { expect, test } from 'vitest'

const told = { unit: 'week', source: 'a plan' } as const
const pathOf = (work: () => unknown): string => {
  try {
    work()
  } catch (error) {
    if (error instanceof DefinitionError) return `${error.code} ${error.path}`
    throw error
  }
  return 'nothing'
}

test('parameters keep values that an object inherits', () => {
  const given = parameters(nbd, Object.create({ r: 1, alpha: 2 }), told)
  expect(given.values).toEqual({ r: 1, alpha: 2 })
  expect(predictor(nbd, given).newcomer.expectedPurchases({ weeks: 4 })).toBe(2)
})

test('parameters of what is no model are refused by its place', () => {
  expect(pathOf(() => parameters(null as never, { r: 1 } as never, told))).toBe('wrong-type $.model')
  expect(pathOf(() => parameters({} as never, { r: 1 } as never, told))).toBe('wrong-type $.model.parameters')
})

test('a discount too small for any sum to end is refused, none at all is not', () => {
  const given = parameters(paretoNbd, { r: 0.553, alpha: 10.578, s: 0.606, beta: 11.669 }, told)
  const { newcomer } = predictor(paretoNbd, given)
  const worth = (rate: number) => newcomer.discountedPurchases({ discount: { rate, per: 'year' } })
  expect(pathOf(() => worth(1e-305))).toBe('out-of-range $.discount.rate')
  expect(worth(1e-200)).toBeGreaterThan(worth(0.01))
  expect(
    newcomer.discountedPurchases({ discount: { rate: 0, per: 'year' }, horizon: { weeks: 52 } }),
  ).toBeCloseTo(newcomer.expectedPurchases({ weeks: 52 }), 12)
})
