import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { wilson } from '../../src/measures/proportions.js'

const file = new URL('../fixtures/proportion-intervals/wilson.json', import.meta.url)
const rows: { k: number; n: number; confidence: number; wilson: [number, number] }[] = JSON.parse(
  readFileSync(file, 'utf8'),
)

/** statsmodels 0.13.5; 1e-12 absolute. */
test.each(rows)('Wilson, $k of $n at $confidence', ({ k, n, confidence, wilson: [low, high] }) => {
  const proportion = wilson({ successes: k, trials: n, level: confidence })
  if (proportion.kind !== 'estimate') throw new Error('every row has trials')
  expect(proportion.value).toBe(k / n)
  expect(Math.abs(proportion.interval.low - low)).toBeLessThan(1e-12)
  expect(Math.abs(proportion.interval.high - high)).toBeLessThan(1e-12)
})
