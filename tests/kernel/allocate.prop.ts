import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type AllocationMethod, allocate, allocateUnits } from '../../src/kernel/allocate.js'
import { negateMoney, sumMoney, toMoney } from '../../src/kernel/money.js'
import { runs } from '../support/size.js'

const numRuns = runs(2_000, 100_000)
const method = fc.constantFrom<AllocationMethod>('largest-remainder', 'first-slot')
const weight = fc.oneof(
  fc.nat(5),
  fc.maxSafeNat(),
  fc.bigInt({ min: 0n, max: 10n ** 24n }),
  fc.nat(100_000).map((cents) => (cents / 100).toFixed(2)),
  fc.tuple(fc.nat(9), fc.integer({ min: 1, max: 9 })).map(([above, below]) => `${above}/${below}`),
)
const ratios = fc
  .array(weight, { minLength: 1, maxLength: 12 })
  .filter((list) => list.some((one) => Number.parseFloat(String(one)) > 0))

describe('allocation neither makes nor loses money', () => {
  const total = fc.bigInt({ min: 0n, max: 10n ** 24n }).map((units) => toMoney(units.toString(), 'JPY'))

  test('up to 10^24, and a debt splits as its opposite', () => {
    fc.assert(
      fc.property(total, ratios, method, (whole, parts, how) => {
        const split = allocate(whole, parts, { method: how })
        expect(sumMoney(split)).toEqual(whole)
        expect(allocate(negateMoney(whole), parts, { method: how })).toEqual(split.map(negateMoney))
      }),
      { numRuns },
    )
  })

  test('with 8 digits behind the point', () => {
    const fine = fc
      .tuple(fc.bigInt({ min: -(10n ** 24n) + 1n, max: 10n ** 24n - 1n }), fc.nat(99_999_999))
      .map(([units, rest]) => toMoney(`${units}.${String(rest).padStart(8, '0')}`, 'CNY', { digits: 8 }))
    fc.assert(
      fc.property(fine, ratios, method, (whole, parts, how) => {
        expect(sumMoney(allocate(whole, parts, { method: how }))).toEqual(whole)
      }),
      { numRuns },
    )
  })

  test('in percentages that leave a rest', () => {
    const percents = fc.array(fc.nat(1000), { maxLength: 8 })
    fc.assert(
      fc.property(total, percents, method, (whole, tenths, how) => {
        const portions = tenths.map((tenth) => `${tenth / 100}%`)
        expect(sumMoney(allocate(whole, ['remaining', ...portions], { method: how }))).toEqual(whole)
      }),
      { numRuns },
    )
  })
})

describe('every part is near its exact share', () => {
  const integers = fc
    .array(fc.nat(1000), { minLength: 1, maxLength: 10 })
    .filter((list) => list.some((one) => one > 0))
  const whole = fc.bigInt({ min: -(10n ** 24n), max: 10n ** 24n })

  test('less than one unit away, nothing for a ratio of zero, the larger remainder first', () => {
    fc.assert(
      fc.property(whole, integers, (units, weights) => {
        const parts = allocateUnits(units, weights)
        const sum = BigInt(weights.reduce((total, one) => total + one, 0))
        const size = units < 0n ? -units : units
        const rows = weights.map((one, slot) => {
          const part = parts[slot]! < 0n ? -parts[slot]! : parts[slot]!
          const exact = size * BigInt(one)
          return { one, slot, remainder: exact % sum, extra: part - exact / sum }
        })
        for (const row of rows) {
          expect(row.extra === 0n || row.extra === 1n).toBe(true)
          if (row.one === 0) expect(row.extra).toBe(0n)
        }
        const served = rows.filter((row) => row.extra === 1n)
        const passed = rows.filter((row) => row.extra === 0n)
        for (const one of served) {
          for (const other of passed) {
            const before =
              one.remainder > other.remainder || (one.remainder === other.remainder && one.slot < other.slot)
            expect(before).toBe(true)
          }
        }
      }),
      { numRuns },
    )
  })

  test('numbers and bigints split alike, and only the proportion counts', () => {
    fc.assert(
      fc.property(
        fc.maxSafeInteger(),
        integers,
        fc.integer({ min: 1, max: 9 }),
        method,
        (units, weights, by, how) => {
          const parts = allocateUnits(units, weights, how)
          expect(parts.map((part) => BigInt(part))).toEqual(allocateUnits(BigInt(units), weights, how))
          expect(
            allocateUnits(
              units,
              weights.map((one) => `${one}/${by}`),
              how,
            ),
          ).toEqual(parts)
          expect(parts.some((part) => Object.is(part, -0))).toBe(false)
        },
      ),
      { numRuns },
    )
  })
})
