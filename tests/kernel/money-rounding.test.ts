import { Decimal } from 'decimal.js'
import { afterEach, describe, expect, test } from 'vitest'
import { multiplyMoney, type Rounding, roundToMoney } from '../../src/kernel/decimal.js'
import { toMoney } from '../../src/kernel/money.js'

const fault = (code: string, path: string) => expect.objectContaining({ name: 'DefinitionError', code, path })
const modes: readonly Rounding[] = ['down', 'up', 'half-even', 'half-up', 'floor', 'ceiling']

afterEach(() => Decimal.set({ defaults: true }))

describe('each rounding', () => {
  test.each([
    [1.005, ['1.00', '1.01', '1.00', '1.01', '1.00', '1.01']],
    [1.015, ['1.01', '1.02', '1.02', '1.02', '1.01', '1.02']],
    [-1.005, ['-1.00', '-1.01', '-1.00', '-1.01', '-1.01', '-1.00']],
    [1.0051, ['1.00', '1.01', '1.01', '1.01', '1.00', '1.01']],
    [1.0049, ['1.00', '1.01', '1.00', '1.00', '1.00', '1.01']],
    [-0.001, ['0.00', '-0.01', '0.00', '0.00', '-0.01', '0.00']],
    [5e-324, ['0.00', '0.01', '0.00', '0.00', '0.00', '0.01']],
    [-0, ['0.00', '0.00', '0.00', '0.00', '0.00', '0.00']],
    [2, ['2.00', '2.00', '2.00', '2.00', '2.00', '2.00']],
  ])('of %d', (value, amounts) => {
    expect(modes.map((rounding) => roundToMoney(value, { currency: 'CNY', rounding }).amount)).toEqual(
      amounts,
    )
  })
})

test('the digits are those of the currency', () => {
  expect(roundToMoney(49.9961, { currency: 'EUR', rounding: 'down' })).toEqual(toMoney('49.99', 'EUR'))
  expect(roundToMoney(49.9961, { currency: 'JPY', rounding: 'half-up' })).toEqual(toMoney('50', 'JPY'))
  expect(roundToMoney(49.9961, { currency: 'KWD', rounding: 'down' })).toEqual(toMoney('49.996', 'KWD'))
  expect(roundToMoney(1e24, { currency: 'CNY', rounding: 'down' })).toEqual(
    toMoney(`1${'0'.repeat(24)}`, 'CNY'),
  )
})

test.each([[Number.NaN], [Infinity], [-Infinity], [1e25], [1e300], ['1' as unknown as number]])(
  '%s is refused',
  (value) => {
    expect(() => roundToMoney(value, { currency: 'CNY', rounding: 'down' })).toThrow(
      fault('out-of-range', '$.value'),
    )
  },
)

test('a rounding that nobody named is refused', () => {
  const rounding = 'nearest' as Rounding
  expect(() => roundToMoney(1, { currency: 'CNY', rounding })).toThrow(fault('out-of-range', '$.rounding'))
})

test.each([
  ['19.99', '0.15', '3.00'],
  ['-19.99', '0.15', '-3.00'],
  ['0.05', '0.1', '0.00'],
  ['0.15', '0.1', '0.02'],
  ['999999999999999999999999.99', '1', '999999999999999999999999.99'],
  ['999999999999999999999999.99', '0.333333333333333333333333', '333333333333333333333333.00'],
])('%s times %s, half to even', (amount, rate, result) => {
  expect(multiplyMoney(toMoney(amount, 'CNY'), rate, 'half-even')).toEqual(toMoney(result, 'CNY'))
})

test.each([['1e3'], ['0x10'], [''], ['NaN'], [0.15 as unknown as string]])('%j is no rate', (rate) => {
  expect(() => multiplyMoney(toMoney('1', 'CNY'), rate, 'down')).toThrow(fault('invalid-amount', '$.rate'))
})

test('nothing is rounded before the named point, however wide the product', () => {
  const wide = toMoney('10000000000000000000001', 'CNY')
  expect(multiplyMoney(wide, '1.000000000000000000000001', 'up')).toEqual(
    toMoney('10000000000000000000001.02', 'CNY'),
  )
})

test('a rate of 100,000 digits is refused unread', () => {
  expect(() => multiplyMoney(toMoney('1', 'CNY'), '1'.repeat(100_000), 'down')).toThrow(
    fault('invalid-amount', '$.rate'),
  )
})

test('a product past 40 digits is refused', () => {
  expect(() => multiplyMoney(toMoney('9'.repeat(24), 'JPY'), '9'.repeat(24), 'down')).toThrow(
    fault('too-large', '$.amount'),
  )
})

test("a host's own settings of decimal.js change nothing", () => {
  Decimal.set({ precision: 3, rounding: 0, maxE: 2 })
  expect(multiplyMoney(toMoney('123456.78', 'CNY'), '1.1', 'half-even')).toEqual(toMoney('135802.46', 'CNY'))
  expect(roundToMoney(123456.785, { currency: 'CNY', rounding: 'down' })).toEqual(toMoney('123456.78', 'CNY'))
  expect(Decimal.precision).toBe(3)
})
