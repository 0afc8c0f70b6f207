import { expect, test } from 'vitest'
import { collect } from '../../src/kernel/aggregate.js'
import { quantile } from '../../src/measures/quantile.js'
import { defineQuantileSketch } from '../../src/measures/quantile-sketch.js'

const at = (values: readonly number[], p: number, type: 'nearest-rank' | 'type-7') => {
  const found = quantile(values, p, { type })
  if (found.kind !== 'estimate') throw new Error('there are values')
  return found.value
}

/** By hand from definitions 1 and 7 of Hyndman and Fan. */
test.each([
  [0, 1, 1],
  [0.1, 1, 1.8],
  [0.25, 3, 3],
  [0.4, 3, 3.6],
  [0.5, 4, 4],
  [0.9, 20, 15.2],
  [1, 20, 20],
])('of 1, 3, 4, 8, 20 the quantile at %d is %d by rank and %d by line', (p, byRank, byLine) => {
  const values = [8, 1, 20, 4, 3]
  expect(at(values, p, 'nearest-rank')).toBe(byRank)
  expect(at(values, p, 'type-7')).toBeCloseTo(byLine, 14)
  expect(values).toEqual([8, 1, 20, 4, 3])
})

test('a tenth of thirty is the third', () => {
  const values = Array.from({ length: 30 }, (_, i) => i + 1)
  expect(at(values, 0.1, 'nearest-rank')).toBe(3)
  expect(at(values, 0.7, 'nearest-rank')).toBe(21)
  expect(at(values, 0.1 + 1e-9, 'nearest-rank')).toBe(4)
})

test('between the ends of the range there is a middle', () => {
  expect(at([-Number.MAX_VALUE, Number.MAX_VALUE], 0.5, 'type-7')).toBe(0)
  expect(at([-0, -0], 0.5, 'type-7')).toBe(0)
})

test('of nothing there is no quantile', () => {
  const none = { kind: 'undefined', reason: 'no-values' }
  expect(quantile([], 0.5, { type: 'type-7' })).toEqual(none)
  const sketch = defineQuantileSketch({ id: 'q', version: 1, accuracy: 0.01 })
  expect(sketch.result(sketch.empty(), { p: [0.5] })).toEqual(none)
  expect(sketch.result(sketch.retract(sketch.add(sketch.empty(), 3), 3), { p: [0.5] })).toEqual(none)
})

const misuse = (code: string, path: string) =>
  expect.objectContaining({ name: 'DefinitionError', code, path })

test('what is no share, no number or no type is refused', () => {
  expect(() => quantile([1], 1.5, { type: 'type-7' })).toThrow(misuse('out-of-range', '$.p'))
  expect(() => quantile([], Number.NaN, { type: 'type-7' })).toThrow(misuse('out-of-range', '$.p'))
  expect(() => quantile([1, Number.NaN], 0.5, { type: 'type-7' })).toThrow(
    misuse('out-of-range', '$.values[1]'),
  )
  expect(() => quantile([1], 0.5, { type: 'type-8' as 'type-7' })).toThrow(misuse('unknown-name', '$.type'))
})

test('a sketch holds zero, both signs and the ends of the range', () => {
  const sketch = defineQuantileSketch({ id: 'q', version: 1, accuracy: 0.01 })
  const values = [-Number.MAX_VALUE, -5e-324, 0, -0, 5e-324, 1, Number.MAX_VALUE]
  const found = sketch.result(collect(sketch, values), { p: [0, 0.2, 0.5, 0.7, 0.8, 1] })
  if (found.kind !== 'estimate') throw new Error('there are values')
  expect(found.n).toBe(7)
  expect(found.quantiles.map(({ low, high }) => [low, high])).toEqual([
    [-Number.MAX_VALUE, -(2 ** 1023) * (1 + 63 / 64)],
    [-5e-324, -5e-324],
    [0, 0],
    [5e-324, 5e-324],
    [1, 1 + 1 / 64],
    [2 ** 1023 * (1 + 63 / 64), Number.MAX_VALUE],
  ])
})

test('small sizes may count as zero, large ones be refused', () => {
  const sketch = defineQuantileSketch({ id: 'q', version: 1, accuracy: 0.1, smallest: 0.01, largest: 1e6 })
  expect(sketch.result(collect(sketch, [0.005, -0.001]), { p: [0.5] })).toEqual({
    kind: 'estimate',
    n: 2,
    quantiles: [{ p: 0.5, value: 0, low: -0.01, high: 0.01 }],
    accuracy: 0.1,
  })
  expect(() => sketch.add(sketch.empty(), 1.1e6)).toThrow(misuse('out-of-range', '$'))
  expect(() => sketch.addColumns(sketch.empty(), Float64Array.of(1, Number.NaN))).toThrow(
    misuse('out-of-range', '$[1]'),
  )
})

test('partials of another sketch are refused, and more retracted than added is told', () => {
  const a = defineQuantileSketch({ id: 'q', version: 1, accuracy: 0.01 })
  const b = defineQuantileSketch({ id: 'q', version: 2, accuracy: 0.02 })
  expect(() => a.merge(a.empty(), b.empty())).toThrow(misuse('other-definition', '$.of'))
  expect(() => a.add(b.empty(), 1)).toThrow(misuse('other-definition', '$.of'))
  expect(() => a.result(a.retract(a.empty(), 1), { p: [0.5] })).toThrow(misuse('out-of-range', '$'))
  expect(() => a.result(a.empty(), { p: [2] })).toThrow(misuse('out-of-range', '$.p[0]'))
  expect(() => a.result(a.empty(), {} as { p: number[] })).toThrow(misuse('wrong-type', '$.p'))
})

test.each([
  [null, 'wrong-type', '$'],
  [{ id: 'q', version: 1, accuracy: 0.01, alpha: 1 }, 'unknown-key', '$.alpha'],
  [{ version: 1, accuracy: 0.01 }, 'missing', '$.id'],
  [{ id: 7, version: 1, accuracy: 0.01 }, 'wrong-type', '$.id'],
  [{ id: 'q', version: 0, accuracy: 0.01 }, 'out-of-range', '$.version'],
  [{ id: 'q', version: 1, accuracy: 0 }, 'out-of-range', '$.accuracy'],
  [{ id: 'q', version: 1, accuracy: Number.NaN }, 'out-of-range', '$.accuracy'],
  [{ id: 'q', version: 1, accuracy: 0.1, smallest: -1 }, 'out-of-range', '$.smallest'],
  [{ id: 'q', version: 1, accuracy: 0.1, smallest: 2, largest: 1 }, 'out-of-range', '$.largest'],
])('the definition %j is refused as %s at %s', (definition, code, path) => {
  expect(() => defineQuantileSketch(definition as never)).toThrow(misuse(code, path))
})
