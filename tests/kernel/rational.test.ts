import { describe, expect, test } from 'vitest'
import { lcm, mulDiv, parseRatio, shareOf, stepsIn } from '../../src/kernel/rational.js'

const MAX = Number.MAX_SAFE_INTEGER
const fault = (code: string, path: string) => expect.objectContaining({ name: 'DefinitionError', code, path })

describe('mulDiv rounds down, to minus infinity', () => {
  test.each([
    [1999, 3, 200, 29, 197],
    [-1, 1, 3, -1, 2],
    [1, -1, 3, -1, 2],
    [-6, 1, 3, -2, 0],
    [0, -5, 7, 0, 0],
    [-0, 5, 7, 0, 0],
    [MAX, 1, 1, MAX, 0],
    [MAX, MAX, MAX, MAX, 0],
    [MAX, 2, 3, 6004799503160660, 2],
    [-MAX, 2, 3, -6004799503160661, 1],
    [-MAX, 1, 2, -4503599627370496, 1],
  ])('%d x %d / %d', (a, numerator, denominator, quotient, remainder) => {
    expect(mulDiv(a, numerator, denominator)).toEqual({ quotient, remainder })
  })

  test('a quotient that does not fit is none', () => {
    expect(mulDiv(MAX, 2, 1)).toBeUndefined()
    expect(mulDiv(-MAX, 3, 2)).toBeUndefined()
    expect(mulDiv(-MAX, MAX, MAX - 1)).toBeUndefined()
  })

  test.each([
    [0.5, 1, 1, '$.a'],
    [1, Number.NaN, 1, '$.numerator'],
    [1, 1, 0, '$.denominator'],
    [1, 1, -1, '$.denominator'],
    [2 ** 53, 1, 1, '$.a'],
  ])('%d x %d / %d is refused', (a, numerator, denominator, path) => {
    expect(() => mulDiv(a, numerator, denominator)).toThrow(fault('out-of-range', path))
  })
})

describe('shareOf', () => {
  test.each([
    [101, 3333, 10_000, 33],
    [101, 10_000, 10_000, 101],
    [101, 0, 10_000, 0],
    [-101, 3333, 10_000, -34],
    [MAX, MAX - 1, MAX, MAX - 1],
  ])('%d x %d / %d', (total, part, whole, share) => {
    expect(shareOf(total, part, whole)).toBe(share)
  })

  test.each([
    [1, 2, 1, '$.part'],
    [1, -1, 1, '$.part'],
    [1, 0, 0, '$.denominator'],
    [1, Number.NaN, 1, '$.part'],
  ])('%d x %d / %d is refused', (total, part, whole, path) => {
    expect(() => shareOf(total, part, whole)).toThrow(fault('out-of-range', path))
  })
})

test.each([
  [99, 10, 9, 9],
  [-99, 10, -9, -10],
  [-100, 10, -10, -10],
  [-9, 10, 0, -1],
  [0, 10, 0, 0],
  [MAX, 1, MAX, MAX],
])('steps in %d by %d', (amount, step, truncated, floored) => {
  expect(stepsIn(amount, step, 'truncate')).toBe(truncated)
  expect(stepsIn(amount, step, 'floor')).toBe(floored)
})

test('steps of nothing are refused', () => {
  expect(() => stepsIn(1, 0, 'floor')).toThrow(fault('out-of-range', '$.step'))
  expect(() => stepsIn(0.5, 1, 'floor')).toThrow(fault('out-of-range', '$.amount'))
})

test('common divisors and multiples', () => {
  expect([lcm(4, 6), lcm(-4, 6), lcm(0, 6), lcm(0, 0), lcm(MAX, 2)]).toEqual([12, 12, 0, 0, undefined])
})

describe('parseRatio', () => {
  test.each([
    ['1.5', 3, 2],
    ['3/2', 3, 2],
    ['6/4', 3, 2],
    [2, 2, 1],
    [0.1, 1, 10],
    ['0', 0, 1],
    ['-0', 0, 1],
    [-0, 0, 1],
    ['-1.25', -5, 4],
    ['007/10', 7, 10],
    ['9007199254740991/9007199254740990', MAX, MAX - 1],
    ['18014398509481982/2', MAX, 1],
  ])('%s', (text, numerator, denominator) => {
    expect(parseRatio(text)).toEqual({ numerator, denominator })
  })

  test.each([
    ['1e3', 'wrong-type'],
    [1e-7, 'wrong-type'],
    [Number.NaN, 'wrong-type'],
    ['', 'wrong-type'],
    ['1/2/3', 'wrong-type'],
    ['1.5/2', 'wrong-type'],
    ['+1', 'wrong-type'],
    [null, 'wrong-type'],
    ['1'.repeat(41), 'wrong-type'],
    ['1/0', 'out-of-range'],
    ['9007199254740992', 'out-of-range'],
    ['0.12345678901234567', 'out-of-range'],
  ])('%j is refused', (value, code) => {
    expect(() => parseRatio(value, '$.rate')).toThrow(fault(code, '$.rate'))
  })
})
