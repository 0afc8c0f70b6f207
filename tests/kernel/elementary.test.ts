import { describe, expect, test } from 'vitest'
import { exp, expm1, ln, log1p } from '../../src/kernel/elementary.js'
import { pow } from '../../src/kernel/power.js'

const least = 5e-324

test.each([
  [0, -Infinity],
  [-0, -Infinity],
  [-1, Number.NaN],
  [-least, Number.NaN],
  [-Infinity, Number.NaN],
  [Number.NaN, Number.NaN],
  [Infinity, Infinity],
  [1, 0],
  [2, Math.LN2],
  [10, Math.LN10],
  [least, -744.4400719213812],
  [Number.MAX_VALUE, 709.782712893384],
])('ln(%d) is %d', (x, value) => {
  expect(ln(x)).toBe(value)
})

test.each([
  [0, 1],
  [-0, 1],
  [2, 7.38905609893065],
  [1e-300, 1],
  [Infinity, Infinity],
  [-Infinity, 0],
  [Number.NaN, Number.NaN],
  [709.782712893384, 1.7976931348622732e308],
  [709.7827128933841, Infinity],
  [-745.1332191019411, least],
  [-745.1332191019412, 0],
])('exp(%d) is %d', (x, value) => {
  expect(exp(x)).toBe(value)
})

test.each([
  [0, 0],
  [-0, -0],
  [-1, -Infinity],
  [-1.0000000000000002, Number.NaN],
  [Number.NaN, Number.NaN],
  [Infinity, Infinity],
  [-Infinity, Number.NaN],
  [least, least],
  [1e-10, 9.999999999500001e-11],
  [1, Math.LN2],
  [Number.MAX_VALUE, 709.782712893384],
])('log1p(%d) is %d', (x, value) => {
  expect(log1p(x)).toBe(value)
})

test.each([
  [0, 0],
  [-0, -0],
  [least, least],
  [1e-10, 1.00000000005e-10],
  [1, 1.718281828459045],
  [-50, -1],
  [-Infinity, -1],
  [Infinity, Infinity],
  [Number.NaN, Number.NaN],
  [709.782712893384, 1.7976931348622732e308],
  [709.7827128933841, Infinity],
])('expm1(%d) is %d', (x, value) => {
  expect(expm1(x)).toBe(value)
})

describe('pow', () => {
  /** ECMA-262, Number::exponentiate: every clause that needs no approximation. */
  test.each([
    [Number.NaN, 0, 1],
    [Number.NaN, -0, 1],
    [Infinity, 0, 1],
    [1, Number.NaN, Number.NaN],
    [Number.NaN, 1, Number.NaN],
    [1, Infinity, Number.NaN],
    [-1, -Infinity, Number.NaN],
    [1.5, Infinity, Infinity],
    [-1.5, -Infinity, 0],
    [0.5, Infinity, 0],
    [-0.5, -Infinity, Infinity],
    [Infinity, 0.5, Infinity],
    [Infinity, -0.5, 0],
    [-Infinity, 3, -Infinity],
    [-Infinity, 2, Infinity],
    [-Infinity, 0.5, Infinity],
    [-Infinity, -3, -0],
    [-Infinity, -2, 0],
    [0, 3, 0],
    [0, -3, Infinity],
    [-0, 3, -0],
    [-0, 2, 0],
    [-0, 0.5, 0],
    [-0, -3, -Infinity],
    [-0, -2, Infinity],
    [-0, -0.5, Infinity],
    [-8, 1 / 3, Number.NaN],
    [-2, 3, -8],
    [-2, 2 ** 53, Infinity],
    [-1, 2 ** 53 - 1, -1],
    [-1, 1e300, 1],
    [2, 1023, 8.98846567431158e307],
    [2, 1024, Infinity],
    [2, -1074, least],
    [2, -1075, 0],
    [1.0000000000000002, 1e300, Infinity],
    [0.9999999999999999, 1e300, 0],
    [least, 1e-300, 1],
  ])('of %d and %d is %d', (x, y, value) => {
    expect(pow(x, y)).toBe(value)
    expect(x ** y).toBe(value)
  })

  test('is exact where the power is', () => {
    for (let x = 1; x <= 200; x++) {
      for (let y = 1, power = BigInt(x); power < 2n ** 53n && y < 60; y++, power *= BigInt(x)) {
        expect(pow(x, y)).toBe(Number(power))
      }
    }
  })
})
