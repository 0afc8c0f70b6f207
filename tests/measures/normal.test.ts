import { expect, test } from 'vitest'
import { normalQuantile } from '../../src/measures/normal.js'

test('symmetric, increasing, finite to the ends of the floats', () => {
  expect(normalQuantile(0.5)).toBe(0)
  expect(normalQuantile(5e-324)).toBeCloseTo(-38.467, 2)
  expect(Number.isFinite(normalQuantile(1 - 2 ** -53))).toBe(true)
  let before = -Infinity
  for (let step = 1; step < 4096; step += 1) {
    const z = normalQuantile(step / 4096)
    expect(z).toBeGreaterThan(before)
    expect(z + normalQuantile(1 - step / 4096)).toBeCloseTo(0, 14)
    before = z
  }
})

test.each([[0], [1], [-0.1], [1.1], [Number.NaN], [Infinity], ['0.5' as unknown as number]])(
  'of %s there is none',
  (p) => {
    expect(() => normalQuantile(p)).toThrow(
      expect.objectContaining({ name: 'DefinitionError', code: 'out-of-range', path: '$.p' }),
    )
  },
)
