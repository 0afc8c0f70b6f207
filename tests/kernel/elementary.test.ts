import { expect, test } from 'vitest'
import { exp, ln } from '../../src/kernel/elementary.js'

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
