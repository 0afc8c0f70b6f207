import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { minorDigits } from '../../src/kernel/currency.js'
import { multiplyMoney, type Rounding } from '../../src/kernel/decimal.js'
import {
  addMoney,
  compareMoney,
  formatMinor,
  type Money,
  moneyOf,
  negateMoney,
  parseMinor,
  subtractMoney,
  sumMoney,
  toMoney,
} from '../../src/kernel/money.js'
import { runs } from '../support/size.js'

const SCALE = 10n ** 8n
const numRuns = runs(2_000, 100_000)

/** The oracle: an amount as an integer count of 10^-8, read and written without the code under test. */
const read = (amount: string) => {
  const [whole = '', fraction = ''] = amount.replace('-', '').split('.')
  const units = BigInt(whole) * SCALE + BigInt(fraction.padEnd(8, '0'))
  return amount.startsWith('-') ? -units : units
}
const write = (units: bigint) => {
  const size = units < 0n ? -units : units
  return `${units < 0n ? '-' : ''}${size / SCALE}.${(size % SCALE).toString().padStart(8, '0')}`
}

const currency = fc.constantFrom('CNY', 'JPY', 'KWD', 'CLF')
const most = 10n ** 32n
/** To 10^24 with 8 digits behind the point; small ones often, so that carries and cancellations happen. */
const units = fc.oneof(
  fc.bigInt({ min: -most, max: most }),
  fc.bigInt({ min: -1000n, max: 1000n }),
  fc.bigInt({ min: -(10n ** 24n), max: 10n ** 24n }).map((whole) => whole * SCALE),
)
const fine = (value: bigint, code: string) => toMoney(write(value), code, { digits: 8 })

describe('exact to 10^24 with 8 digits behind the point', () => {
  test('what is written reads as the same amount, and only so', () => {
    fc.assert(
      fc.property(units, currency, (value, code) => {
        const written = fine(value, code)
        expect(read(written.amount)).toBe(value)
        expect(toMoney(written.amount, code, { digits: 8 })).toEqual(written)
        expect(written.amount).toMatch(/^(-(?!0+(\.0+)?$))?(0|[1-9]\d*)(\.\d+)?$/)
        const [, fraction = ''] = written.amount.split('.')
        if (fraction.length > minorDigits(code)) expect(fraction).not.toMatch(/0$/)
        else expect(fraction.length).toBe(minorDigits(code))
      }),
      { numRuns },
    )
  })

  test('sum, difference, sign and order agree with integers', () => {
    fc.assert(
      fc.property(units, units, currency, (x, y, code) => {
        const [a, b] = [fine(x, code), fine(y, code)]
        expect(read(addMoney(a, b).amount)).toBe(x + y)
        expect(read(subtractMoney(a, b).amount)).toBe(x - y)
        expect(read(negateMoney(a).amount)).toBe(-x)
        expect(compareMoney(a, b)).toBe(x < y ? -1 : x > y ? 1 : 0)
        expect(compareMoney(a, b) === 0).toBe(a.amount === b.amount)
      }),
      { numRuns },
    )
  })

  test('a sum does not depend on order or grouping', () => {
    fc.assert(
      fc.property(
        fc.array(units, { minLength: 1, maxLength: 30 }),
        currency,
        fc.nat(29),
        (values, code, cut) => {
          const list = values.map((value) => fine(value, code))
          const whole = sumMoney(list)
          expect(read(whole.amount)).toBe(values.reduce((sum, value) => sum + value, 0n))
          expect(sumMoney([...list].reverse())).toEqual(whole)
          expect(addMoney(sumMoney(list.slice(0, cut), code), sumMoney(list.slice(cut), code))).toEqual(whole)
        },
      ),
      { numRuns },
    )
  })

  test('sums in whole units cross 2^53 without a trace', () => {
    const near = fc.integer({ min: -Number.MAX_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER })
    fc.assert(
      fc.property(fc.array(near, { minLength: 1, maxLength: 20 }), currency, (minors, code) => {
        const sum = minors.reduce((total, minor) => total + BigInt(minor), 0n)
        expect(sumMoney(minors.map((minor) => moneyOf(minor, code)))).toEqual(moneyOf(sum, code))
      }),
      { numRuns },
    )
  })
})

test('smallest units and text are one another, and agree with money', () => {
  const minor = fc.oneof(fc.maxSafeInteger(), fc.integer({ min: -2000, max: 2000 }))
  fc.assert(
    fc.property(minor, currency, (value, code) => {
      const text = formatMinor(value, minorDigits(code))
      expect(parseMinor(text, minorDigits(code))).toBe(value + 0)
      expect(toMoney(text, code)).toEqual({ amount: text, currency: code })
    }),
    { numRuns },
  )
})

test('parseMinor takes what money takes, while it fits', () => {
  const text = fc.oneof(
    fc.stringMatching(/^-?\d{0,20}\.?\d{0,5}$/),
    fc.string({ unit: fc.constantFrom(...'0123456789.-+e _x'), maxLength: 12 }),
  )
  fc.assert(
    fc.property(text, currency, (amount, code) => {
      let accepted: Money | undefined
      try {
        accepted = toMoney(amount, code)
      } catch {
        accepted = undefined
      }
      const minor = parseMinor(amount, minorDigits(code))
      if (minor !== undefined) expect(accepted).toEqual(moneyOf(minor, code))
      else if (accepted) expect(Number.isSafeInteger(Number(accepted.amount.replace('.', '')))).toBe(false)
    }),
    { numRuns },
  )
})

test('a product is the exact one, rounded once', () => {
  const rounding = fc.constantFrom<Rounding>('down', 'up', 'half-even', 'half-up', 'floor', 'ceiling')
  const tie = fc.bigInt({ min: -200n, max: 200n }).map((halves) => halves * 50_000_000n)
  const rate = fc.oneof(fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n }), tie)
  fc.assert(
    fc.property(units, rate, currency, rounding, (value, factor, code, mode) => {
      const grain = SCALE * 10n ** BigInt(8 - minorDigits(code))
      const product = multiplyMoney(fine(value, code), write(factor), mode)
      expect(read(product.amount)).toBe(
        rounded(value * factor, grain, mode) * 10n ** BigInt(8 - minorDigits(code)),
      )
    }),
    { numRuns },
  )
})

function rounded(value: bigint, grain: bigint, mode: Rounding): bigint {
  const down = value / grain
  const rest = value - down * grain
  if (rest === 0n) return down
  const away = down + (value < 0n ? -1n : 1n)
  const twice = rest < 0n ? -2n * rest : 2n * rest
  switch (mode) {
    case 'down':
      return down
    case 'up':
      return away
    case 'floor':
      return value < 0n ? away : down
    case 'ceiling':
      return value < 0n ? down : away
    case 'half-up':
      return twice >= grain ? away : down
    case 'half-even':
      return twice > grain || (twice === grain && down % 2n !== 0n) ? away : down
  }
}
