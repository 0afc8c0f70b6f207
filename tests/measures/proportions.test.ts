import { expect, test } from 'vitest'
import { wilson } from '../../src/measures/proportions.js'

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
