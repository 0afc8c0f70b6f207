import { expect, test } from 'vitest'
import { normalCdf, normalQuantile } from '../../src/measures/normal.js'
import { studentCdf, studentQuantile } from '../../src/measures/student.js'

test('the ends and the middle', () => {
  expect(studentCdf(0, 3)).toBe(0.5)
  expect(studentQuantile(0.5, 3)).toBe(0)
  expect(studentCdf(Infinity, 3)).toBe(1)
  expect(studentCdf(-Infinity, 3)).toBe(0)
  expect(normalCdf(Infinity)).toBe(1)
  expect(normalCdf(-Infinity)).toBe(0)
  expect(normalCdf(0)).toBe(0.5)
  expect(studentQuantile(0.001, 1e-6)).toBe(-Infinity)
})

test('the quantile undoes the share, on both sides', () => {
  for (const df of [0.1, 1, 2.5, 7, 40, 1e4, 1e12]) {
    for (let step = 1; step < 64; step += 1) {
      const p = step / 64
      expect(Math.abs(studentCdf(studentQuantile(p, df), df) / p - 1)).toBeLessThan(1e-13)
      expect(studentQuantile(1 - p, df)).toBe(0 - studentQuantile(p, df))
      expect(Math.abs(normalCdf(normalQuantile(p)) / p - 1)).toBeLessThan(2e-15)
    }
  }
})

test('it grows with t, and over where the form changes', () => {
  for (const df of [0.5, 3, 1e3, 0.99e12, 1.01e12]) {
    let before = 0
    for (let t = -8; t <= 8; t += 1 / 16) {
      const share = studentCdf(t, df)
      expect(share).toBeGreaterThan(before)
      before = share
    }
  }
})

test('with many degrees of freedom it is the normal distribution', () => {
  expect(Math.abs(studentCdf(-3, 1e16) / normalCdf(-3) - 1)).toBeLessThan(2e-14)
  expect(Math.abs(studentQuantile(0.01, 1e300) / normalQuantile(0.01) - 1)).toBeLessThan(1e-15)
})

test.each([
  [() => studentCdf(1, 0), '$.df'],
  [() => studentCdf(1, Number.NaN), '$.df'],
  [() => studentCdf(1, Infinity), '$.df'],
  [() => studentCdf(Number.NaN, 3), '$.t'],
  [() => studentQuantile(0, 3), '$.p'],
  [() => studentQuantile(1, 3), '$.p'],
  [() => studentQuantile(Number.NaN, 3), '$.p'],
  [() => studentQuantile(0.5, -1), '$.df'],
  [() => normalCdf(Number.NaN), '$.z'],
  [() => normalCdf('1' as unknown as number), '$.z'],
])('%s is refused at %s', (call, path) => {
  expect(call).toThrow(expect.objectContaining({ name: 'DefinitionError', code: 'out-of-range', path }))
})
