import { expect, test } from 'vitest'
import { proportionDifference, proportionTest } from '../../src/measures/proportion-difference.js'
import { type ProportionMethod, proportion, wilson } from '../../src/measures/proportions.js'

test('of nobody there is no share', () => {
  expect(wilson({ successes: 0, trials: 0, level: 0.95 })).toEqual({ kind: 'undefined', reason: 'no-trials' })
})

test('none and all touch the ends exactly', () => {
  const none = wilson({ successes: 0, trials: 20, level: 0.95 })
  const all = wilson({ successes: 20, trials: 20, level: 0.95 })
  expect(none).toMatchObject({ kind: 'estimate', value: 0, interval: { low: 0, level: 0.95 }, trials: 20 })
  expect(all).toMatchObject({ kind: 'estimate', value: 1, interval: { high: 1 }, method: 'wilson' })
  if (none.kind !== 'estimate') throw new Error('20 trials have a share')
  expect(none.interval.high.toFixed(4)).toBe('0.1611')
})

test('one failure in 10^15 does not push the bound past 1', () => {
  const nearly = wilson({ successes: 1985579012755498, trials: 1985579012755499, level: 0.9999999939106103 })
  if (nearly.kind !== 'estimate') throw new Error('there are trials')
  expect(nearly.interval.high).toBeLessThanOrEqual(1)
})

test.each([
  [-1, 10, 0.95, '$.successes'],
  [11, 10, 0.95, '$.successes'],
  [0.5, 10, 0.95, '$.successes'],
  [Number.NaN, 10, 0.95, '$.successes'],
  [0, -1, 0.95, '$.trials'],
  [0, 1.5, 0.95, '$.trials'],
  [0, Infinity, 0.95, '$.trials'],
  [0, 2 ** 53, 0.95, '$.trials'],
  [1, 10, 0, '$.level'],
  [1, 10, 1, '$.level'],
  [1, 10, 95, '$.level'],
  [1, 10, Number.NaN, '$.level'],
  [0, 0, 95, '$.level'],
  [1, 0, 0.95, '$.successes'],
])('%d of %d at %d is refused at %s', (successes, trials, level, path) => {
  expect(() => wilson({ successes, trials, level })).toThrow(
    expect.objectContaining({ name: 'DefinitionError', code: 'out-of-range', path }),
  )
})

const all: readonly ProportionMethod[] = ['wilson', 'clopper-pearson', 'jeffreys', 'agresti-coull', 'wald']

test.each(all)('of nobody there is no share by %s', (method) => {
  expect(proportion({ successes: 0, trials: 0, level: 0.95, method })).toEqual({
    kind: 'undefined',
    reason: 'no-trials',
  })
})

test('of none in twenty each method says its own', () => {
  const limits = all.map((method) => {
    const found = proportion({ successes: 0, trials: 20, level: 0.95, method })
    if (found.kind !== 'estimate') throw new Error('20 trials have a share')
    expect(found).toMatchObject({ value: 0, trials: 20, method })
    return [found.interval.low, found.interval.high].map((x) => Number(x.toFixed(4)))
  })
  expect(limits).toEqual([
    [0, 0.1611],
    [0, 0.1684],
    [0, 0.1166],
    [0, 0.1898],
    [0, 0],
  ])
})

test('wilson is the proportion by wilson', () => {
  const input = { successes: 7, trials: 19, level: 0.9 }
  expect(wilson(input)).toEqual(proportion({ ...input, method: 'wilson' }))
})

test('methods and counts beyond what is known are refused', () => {
  const input = { successes: 1, trials: 10, level: 0.95 }
  expect(() => proportion({ ...input, method: 'toString' as 'wald' })).toThrow(
    expect.objectContaining({ code: 'unknown-name', path: '$.method' }),
  )
  expect(() => proportion({ ...input, trials: 1e13, method: 'jeffreys' })).toThrow(
    expect.objectContaining({ code: 'out-of-range', path: '$.trials' }),
  )
})

const none = { successes: 0, trials: 10 }
const some = { successes: 3, trials: 10 }
const nobody = { successes: 0, trials: 0 }

test('a difference is of two, and a test of some who differ', () => {
  expect(proportionDifference({ a: nobody, b: some, level: 0.95, method: 'newcombe' })).toEqual({
    kind: 'undefined',
    reason: 'no-trials',
  })
  expect(proportionTest({ a: some, b: nobody })).toEqual({ kind: 'undefined', reason: 'no-trials' })
  expect(proportionTest({ a: none, b: none })).toEqual({ kind: 'undefined', reason: 'no-variation' })
  expect(proportionTest({ a: some, b: some })).toEqual({ kind: 'estimate', z: 0, p: 1, method: 'pooled-z' })
})

test.each([
  [{ a: { successes: 2, trials: 1 }, b: some, level: 0.95, method: 'wald' }, 'out-of-range', '$.a.successes'],
  [{ a: some, b: { successes: 0, trials: -1 }, level: 0.95, method: 'wald' }, 'out-of-range', '$.b.trials'],
  [{ a: some, b: some, level: 1, method: 'wald' }, 'out-of-range', '$.level'],
  [{ a: some, b: some, level: 0.95, method: 'exact' }, 'unknown-name', '$.method'],
])('the difference of %j is refused as %s at %s', (input, code, path) => {
  expect(() => proportionDifference(input as never)).toThrow(
    expect.objectContaining({ name: 'DefinitionError', code, path }),
  )
})
