import { expect, test } from 'vitest'
import { collect } from '../../src/kernel/aggregate.js'
import { compensatedSum } from '../../src/measures/compensated-sum.js'
import { exactSum, exactTotal } from '../../src/measures/exact-sum.js'
import { moments } from '../../src/measures/moments.js'

test('of nothing the sum is 0, and a zero has no sign', () => {
  for (const sum of [exactSum, compensatedSum]) {
    expect(Object.is(sum([]), 0)).toBe(true)
    expect(Object.is(sum([-0, -0]), 0)).toBe(true)
    expect(Object.is(sum([1, -1]), 0)).toBe(true)
  }
})

test.each([
  [[0.1, 0.2, 0.3, -0.6], 2.7755575615628914e-17],
  [[1, 1e100, 1, -1e100], 2],
  [[1e308, 1e308, -1e308], 1e308],
  [[Number.MAX_VALUE, Number.MAX_VALUE, -Number.MAX_VALUE, 1], Number.MAX_VALUE],
  [[-1e308, -1e308, 1e308, 1e308], 0],
  [[5e-324, 5e-324, -5e-324], 5e-324],
])('the sum of %j is %d', (values, sum) => {
  expect(exactSum(values)).toBe(sum)
})

test('a tie goes to the even neighbour, and the smallest rest breaks it', () => {
  expect(exactSum([2 ** 53, 1])).toBe(2 ** 53)
  expect(exactSum([2 ** 53, 1, 5e-324])).toBe(2 ** 53 + 2)
  expect(exactSum([2 ** 53 + 2, 1])).toBe(2 ** 53 + 4)
  // Half an ulp above the largest float would round to Infinity; anything less stays.
  expect(exactSum([Number.MAX_VALUE, 2 ** 969])).toBe(Number.MAX_VALUE)
  expect(() => exactSum([Number.MAX_VALUE, 2 ** 970])).toThrow(expect.objectContaining({ code: 'too-large' }))
  expect(exactSum([Number.MAX_VALUE, 2 ** 970, -5e-324])).toBe(Number.MAX_VALUE)
})

test('the compensated sum comes back from beyond the range', () => {
  expect(compensatedSum([1e308, 1e308, -1e308])).toBe(1e308)
  expect(() => compensatedSum([1e308, 1e308])).toThrow(expect.objectContaining({ code: 'too-large' }))
})

test('limbs do not overflow over 2 x 10^17 tenths', () => {
  const column = new Float64Array(200_000).fill(0.1)
  let partial = exactTotal.addColumns(exactTotal.empty(), column)
  // Doubling by merging: 200,000 * 2^40 tenths.
  for (let i = 0; i < 40; i += 1) partial = exactTotal.merge(partial, partial)
  expect(exactTotal.result(partial)).toBe(200_000 * 2 ** 40 * 0.1)
  expect(partial.limbs.length).toBeLessThan(8)
})

test('large numbers close together keep their variance', () => {
  expect(moments.result(collect(moments, [1e9 + 1, 1e9 + 2, 1e9 + 3]))).toEqual({
    n: 3,
    sum: { kind: 'estimate', value: 3e9 + 6 },
    mean: { kind: 'estimate', value: 1e9 + 2 },
    variance: { kind: 'estimate', value: 1 },
  })
})

test('a mean of floats is a float, also where their sum is none', () => {
  const { sum, mean, variance } = moments.result(collect(moments, [1.5e308, 1.5e308]))
  expect(sum).toEqual({ kind: 'undefined', reason: 'too-large' })
  expect(mean).toEqual({ kind: 'estimate', value: 1.5e308 })
  expect(variance).toEqual({ kind: 'estimate', value: 0 })
})

test('of nothing there is no mean, of one value no variance', () => {
  const none = { kind: 'undefined', reason: 'no-values' }
  expect(moments.result(moments.empty())).toEqual({ n: 0, sum: none, mean: none, variance: none })
  const { variance } = moments.result(collect(moments, [7]))
  expect(variance).toEqual({ kind: 'undefined', reason: 'one-value' })
  expect(() => moments.result(moments.retract(moments.empty(), 1))).toThrow(
    expect.objectContaining({ code: 'out-of-range', path: '$.n' }),
  )
})

test.each([
  [Number.NaN],
  [Infinity],
  [-Infinity],
  ['1' as unknown as number],
  [undefined as unknown as number],
])('%s is refused, and where it stood is said', (value) => {
  const refused = (path: string) =>
    expect.objectContaining({ name: 'DefinitionError', code: 'out-of-range', path })
  expect(() => exactSum([1, value])).toThrow(refused('$[1]'))
  expect(() => compensatedSum([1, value])).toThrow(refused('$[1]'))
  for (const aggregate of [exactTotal, moments]) {
    expect(() => collect<number, never, unknown, void>(aggregate as never, [value])).toThrow(refused('$'))
    expect(() => aggregate.retract(aggregate.empty() as never, value)).toThrow(refused('$'))
  }
  if (typeof value === 'number') {
    expect(() => moments.addColumns(moments.empty(), Float64Array.of(1, value))).toThrow(refused('$[1]'))
    expect(() => exactTotal.addColumns(exactTotal.empty(), Float64Array.of(1, value))).toThrow(
      refused('$[1]'),
    )
  }
})
