import { expect, test } from 'vitest'
import { type AllocationRatio, allocate, allocateUnits } from '../../src/kernel/allocate.js'
import { toMoney } from '../../src/kernel/money.js'

const fault = (code: string, path: string) => expect.objectContaining({ name: 'DefinitionError', code, path })
const amounts = (amount: string, currency: string, ratios: readonly AllocationRatio[]) =>
  allocate(toMoney(amount, currency, { digits: 8 }), ratios).map((part) => part.amount)

test.each([
  ['100', 'CNY', [1, 1, 1], ['33.34', '33.33', '33.33']],
  ['-100', 'CNY', [1, 1, 1], ['-33.34', '-33.33', '-33.33']],
  ['100', 'JPY', [1, 1, 1], ['34', '33', '33']],
  ['0.01', 'CNY', [1, 1], ['0.01', '0.00']],
  ['-0.01', 'CNY', [0, 1], ['0.00', '-0.01']],
  ['0', 'CNY', [1, 2], ['0.00', '0.00']],
  ['10', 'CNY', [1], ['10.00']],
  ['10', 'CNY', ['0.1', '0.2'], ['3.33', '6.67']],
  ['10', 'CNY', ['1/3', '2/3'], ['3.33', '6.67']],
  ['10', 'CNY', ['33.3%', 'remaining'], ['3.33', '6.67']],
  ['10', 'CNY', ['1/3', 'remaining'], ['3.33', '6.67']],
  ['10', 'CNY', ['remaining'], ['10.00']],
  ['10', 'CNY', ['100%', 'remaining'], ['10.00', '0.00']],
  ['0.005', 'CNY', [1, 1], ['0.003', '0.002']],
  ['1000000000000000000000000', 'JPY', [1, 10n ** 30n], ['0', `1${'0'.repeat(24)}`]],
])('%s %s by %s', (amount, currency, ratios, parts) => {
  expect(amounts(amount, currency, ratios)).toEqual(parts)
})

test('who gets what is left over', () => {
  expect(allocateUnits(15, ['80%', '8%', '12%'])).toEqual([12, 1, 2])
  expect(allocateUnits(15, ['80%', '8%', '12%'], 'first-slot')).toEqual([13, 1, 1])
  expect(allocateUnits(2n, [1, 1, 1], 'first-slot')).toEqual([1n, 1n, 0n])
  expect(allocateUnits(2, [0, 1, 0, 1, 1], 'first-slot')).toEqual([0, 1, 0, 1, 0])
})

test.each([
  [[], '$.ratios'],
  [[0, 0], '$.ratios'],
  [[1, -1], '$.ratios[1]'],
  [[0.5, 0.5], '$.ratios[0]'],
  [[Number.NaN], '$.ratios[0]'],
  [[2 ** 53], '$.ratios[0]'],
  [['1e3'], '$.ratios[0]'],
  [['-1'], '$.ratios[0]'],
  [['1/0'], '$.ratios[0]'],
  [['rest'], '$.ratios[0]'],
  [[-1n], '$.ratios[0]'],
  [['50%', '40%'], '$.ratios'],
  [['60%', '41%', 'remaining'], '$.ratios'],
  [['remaining', 'remaining'], '$.ratios'],
  [['50%', 1], '$.ratios[1]'],
  [[1, 'remaining'], '$.ratios[0]'],
  [Array.from({ length: 40 }, (_, index) => `1/${10_000_019 + 2 * index}`), '$.ratios'],
])('%# ratios that say nothing exact are refused at %s', (ratios, path) => {
  expect(() => allocateUnits(10, ratios as AllocationRatio[])).toThrow(fault('out-of-range', path))
})

test('a whole that is none is refused', () => {
  expect(() => allocateUnits(0.5, [1])).toThrow(fault('out-of-range', '$.whole'))
  expect(() => allocateUnits(2 ** 53, [1])).toThrow(fault('out-of-range', '$.whole'))
  expect(() => allocate({ amount: '1e3', currency: 'CNY' }, [1])).toThrow(fault('invalid-amount', '$.whole'))
})
