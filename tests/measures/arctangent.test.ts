import { expect, test } from 'vitest'
import { arctangent } from '../../src/measures/arctangent.js'
import { sineAndCosineOf } from '../../src/measures/sine.js'

test('the arctangent, by known angles and against another one', () => {
  expect(arctangent(0)).toBe(0)
  expect(Math.abs(arctangent(1) / (Math.PI / 4) - 1)).toBeLessThan(1e-15)
  for (let x = 1e-12; x < 1e12; x *= 1.7) {
    expect(Math.abs(arctangent(x) / Math.atan(x) - 1)).toBeLessThan(9e-16)
    expect(arctangent(-x)).toBe(-arctangent(x))
  }
  expect(arctangent(Infinity)).toBe(Math.PI / 2)
})

test('sine and cosine of angles all around, many times', () => {
  for (let angle = -400; angle < 400; angle += 0.37) {
    const { sine, cosine } = sineAndCosineOf(angle)
    // Of so many turns the angle itself is rounded.
    expect(Math.abs(sine - Math.sin(angle))).toBeLessThan(1e-13)
    expect(Math.abs(cosine - Math.cos(angle))).toBeLessThan(1e-13)
  }
})
