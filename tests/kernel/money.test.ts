import { describe, expect, test } from 'vitest'
import { checkCurrency, minorDigits } from '../../src/kernel/currency.js'
import { DefinitionError } from '../../src/kernel/errors.js'
import {
  addMoney,
  compareMoney,
  formatMinor,
  moneyOf,
  negateMoney,
  parseMinor,
  subtractMoney,
  sumMoney,
  toMoney,
} from '../../src/kernel/money.js'

const fault = (code: string, path: string) => expect.objectContaining({ name: 'DefinitionError', code, path })

describe('currencies', () => {
  test.each([
    ['CNY', 2],
    ['USD', 2],
    ['JPY', 0],
    ['KRW', 0],
    ['VND', 0],
    ['UYI', 0],
    ['BHD', 3],
    ['KWD', 3],
    ['CLF', 4],
    ['UYW', 4],
    ['XYZ', 2],
    ['constructor', 2],
  ])('%s has %i digits', (currency, digits) => {
    expect(minorDigits(currency)).toBe(digits)
  })

  test.each([
    ['cny'],
    ['CN'],
    ['CNYX'],
    ['CNY\n'],
    [' CNY'],
    ['ＣＮＹ'],
    ['__proto__'],
    [156],
    [null],
    [['CNY']],
  ])('%j is no currency', (value) => {
    expect(() => checkCurrency(value, '$.currency')).toThrow(fault('wrong-type', '$.currency'))
  })
})

describe('an amount is written in one way', () => {
  test.each([
    ['200', 'CNY', '200.00'],
    ['0.1', 'CNY', '0.10'],
    ['-0', 'CNY', '0.00'],
    ['-0.00', 'CNY', '0.00'],
    ['-0.01', 'CNY', '-0.01'],
    ['007.5', 'CNY', '7.50'],
    ['200', 'JPY', '200'],
    ['1.005', 'KWD', '1.005'],
    ['1', 'CLF', '1.0000'],
    ['9007199254740992.01', 'CNY', '9007199254740992.01'],
    ['999999999999999999999999.99', 'CNY', '999999999999999999999999.99'],
    ['-1000000000000000000000000', 'JPY', '-1000000000000000000000000'],
  ])('%s %s', (amount, currency, written) => {
    expect(toMoney(amount, currency)).toEqual({ amount: written, currency })
  })

  test('finer than the currency only on request, with zeros only where the currency has them', () => {
    expect(toMoney('0.00125', 'USD', { digits: 8 }).amount).toBe('0.00125')
    expect(toMoney('0.10000000', 'USD', { digits: 8 }).amount).toBe('0.10')
    expect(toMoney('5.00000000', 'JPY', { digits: 8 }).amount).toBe('5')
    expect(() => toMoney('0.00125', 'USD')).toThrow(fault('invalid-amount', '$.amount'))
    expect(() => toMoney('0.00125', 'USD', { digits: 4 })).toThrow(fault('invalid-amount', '$.amount'))
    expect(() => toMoney('0.1', 'USD', { digits: 9 })).toThrow(fault('out-of-range', '$.digits'))
  })

  test.each([
    [''],
    ['-'],
    ['.5'],
    ['1.'],
    ['+1'],
    ['1e3'],
    ['0x10'],
    ['1_000'],
    ['1,000'],
    [' 1'],
    ['1\n'],
    ['NaN'],
    ['Infinity'],
    ['١٢٣'],
    ['1.2.3'],
    ['0.001'],
    ['1000000000000000000000000.01'],
    ['1000000000000000000000001'],
    [5 as unknown as string],
    [null as unknown as string],
  ])('%j is no amount in CNY', (amount) => {
    expect(() => toMoney(amount, 'CNY')).toThrow(fault('invalid-amount', '$.amount'))
  })

  test('100,000 digits are refused unread', () => {
    expect(() => toMoney('1'.repeat(100_000), 'CNY')).toThrow(fault('invalid-amount', '$.amount'))
    expect(parseMinor('1'.repeat(100_000), 2)).toBeUndefined()
  })

  test('the error names what stands there and what would be right', () => {
    expect(() => toMoney('1.005', 'CNY')).toThrow(
      'invalid-amount at $.amount: expected decimal text with at most 2 digits behind the point, found text of 5',
    )
  })
})

describe('arithmetic', () => {
  const cny = (amount: string) => toMoney(amount, 'CNY')

  test('a million times 0.1 is exactly 100000', () => {
    expect(sumMoney(Array.from({ length: 1_000_000 }, () => cny('0.1')))).toEqual(cny('100000'))
  })

  test('sums past what a safe integer holds', () => {
    expect(sumMoney([cny('90071992547409.91'), cny('90071992547409.91')])).toEqual(cny('180143985094819.82'))
    expect(sumMoney([cny('999999999999999999999999'), cny('0.01')])).toEqual(
      cny('999999999999999999999999.01'),
    )
  })

  test('fine amounts add up to coarse ones', () => {
    const fine = toMoney('0.005', 'CNY', { digits: 3 })
    expect(addMoney(fine, fine)).toEqual(cny('0.01'))
    expect(addMoney(fine, cny('1'))).toEqual({ amount: '1.005', currency: 'CNY' })
  })

  test('the sum of nothing needs a currency', () => {
    expect(sumMoney([], 'JPY')).toEqual({ amount: '0', currency: 'JPY' })
    expect(() => sumMoney([])).toThrow(fault('missing', '$.currency'))
  })

  test('two currencies do not mix', () => {
    const jpy = toMoney('1', 'JPY')
    expect(() => sumMoney([cny('1'), jpy])).toThrow(fault('currency-mismatch', '$[1].currency'))
    expect(() => sumMoney([cny('1')], 'JPY')).toThrow(fault('currency-mismatch', '$[0].currency'))
    expect(() => addMoney(cny('1'), jpy)).toThrow(fault('currency-mismatch', '$[1].currency'))
    expect(() => subtractMoney(cny('1'), jpy)).toThrow(fault('currency-mismatch', '$[1].currency'))
    expect(() => compareMoney(cny('1'), jpy)).toThrow(fault('currency-mismatch', '$.currency'))
  })

  test('plain data that is no money is named by its place', () => {
    const bad = { amount: '1e3', currency: 'CNY' }
    expect(() => sumMoney([cny('1'), bad])).toThrow(fault('invalid-amount', '$[1].amount'))
    expect(() => compareMoney(bad, cny('1'))).toThrow(fault('invalid-amount', '$.amount'))
    expect(() => negateMoney(bad)).toThrow(fault('invalid-amount', '$.amount'))
  })

  test('a sum past 40 digits is refused', () => {
    const huge = { amount: '9'.repeat(40), currency: 'JPY' }
    expect(sumMoney([huge])).toEqual(huge)
    expect(() => sumMoney([huge, huge])).toThrow(fault('too-large', '$.amount'))
  })

  test('signs and order', () => {
    expect(negateMoney(cny('1.50'))).toEqual(cny('-1.50'))
    expect(negateMoney(cny('0'))).toEqual(cny('0'))
    expect(subtractMoney(cny('1'), cny('1.01'))).toEqual(cny('-0.01'))
    expect(compareMoney(cny('9'), cny('10'))).toBe(-1)
    expect(compareMoney(cny('-9'), cny('-10'))).toBe(1)
    expect(compareMoney(cny('1'), { amount: '1', currency: 'CNY' })).toBe(0)
  })
})

describe('whole smallest units', () => {
  test.each([
    ['19.9', 2, 1990],
    ['-19.90', 2, -1990],
    ['0', 2, 0],
    ['-0.00', 2, 0],
    ['200', 0, 200],
    ['90071992547409.91', 2, Number.MAX_SAFE_INTEGER],
    ['-90071992547409.91', 2, -Number.MAX_SAFE_INTEGER],
    ['90071992547409.92', 2, undefined],
    ['999999999999999999999999', 2, undefined],
    ['1.005', 2, undefined],
    ['1.0', 0, undefined],
    ['1.', 2, undefined],
    ['.5', 2, undefined],
    ['', 2, undefined],
    ['-', 2, undefined],
    ['--1', 2, undefined],
    ['1-', 2, undefined],
    ['1.2.3', 2, undefined],
    ['1e3', 2, undefined],
    ['+1', 2, undefined],
    [5 as unknown as string, 2, undefined],
  ])('%j with %i digits', (text, digits, minor) => {
    expect(parseMinor(text, digits)).toBe(minor)
  })

  test.each([
    [-1990, 2, '-19.90'],
    [0, 2, '0.00'],
    [-0, 0, '0'],
    [5, 3, '0.005'],
    [-5, 0, '-5'],
    [Number.MAX_SAFE_INTEGER, 4, '900719925474.0991'],
  ])('%d with %i digits is %s', (minor, digits, text) => {
    expect(formatMinor(minor, digits)).toBe(text)
  })

  test.each([[0.5], [Number.NaN], [Infinity], [2 ** 53]])('%d is no count of units', (minor) => {
    expect(() => formatMinor(minor, 2)).toThrow(fault('out-of-range', '$.minor'))
    expect(() => moneyOf(minor, 'CNY')).toThrow(DefinitionError)
  })

  test('units become money again', () => {
    expect(moneyOf(29900, 'CNY')).toEqual({ amount: '299.00', currency: 'CNY' })
    expect(moneyOf(-(10n ** 24n), 'JPY')).toEqual({ amount: `-1${'0'.repeat(24)}`, currency: 'JPY' })
    expect(() => moneyOf(1, 'cny')).toThrow(fault('wrong-type', '$.currency'))
  })
})
