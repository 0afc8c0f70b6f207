// The published chains again, this time as assumed models: stages, values and ends as the collection computed them.
import { readFileSync } from 'node:fs'
import { assumeTransitions, forecastStages, random, stageAbsorption, stageValues } from 'liuliang'
import { expect, test } from 'vitest'
import { there } from './support/panels.js'

const scenario = (name: string) =>
  JSON.parse(
    readFileSync(
      new URL(`../../fixtures/lifecycle-reference/forecast-${name}.json`, import.meta.url),
      'utf8',
    ),
  )

test('Pfeifer & Carraway: value by recency, and periods until gone', () => {
  const { P, R, discountRate, expect: expected, extra } = scenario('pfeifer-carraway-2000')
  const states = ['r1', 'r2', 'r3', 'r4', 'gone']
  const model = assumeTransitions({ states, unit: 'year', rates: P, after: '2000', closing: [1, 1, 1, 1, 1] })
  const margins = Object.fromEntries(states.map((state, i) => [state, R[i]]))
  const draws = { random: random(1), draws: 100 }
  for (const [horizon, values] of [
    [undefined, expected.valueInfiniteHorizon],
    [4, expected.valueOverT4],
  ] as const) {
    const terms = { margins, discountRate, ...(horizon !== undefined && { horizon }) }
    const found = there(stageValues(model, terms, draws))
    for (const [i, { value, interval }] of found.states.entries()) {
      expect(Math.abs(value - values[i])).toBeLessThan(expected.toleranceAbs)
      // Of assumed rates nothing is unknown.
      expect([interval.low, interval.high]).toEqual([value, value])
    }
    expect(found.cautions.map(({ code }) => code)).toEqual(['rates-assumed'])
  }
  const ends = there(stageAbsorption(model, { absorbing: ['gone'], ...draws }))
  for (const [i, { periods }] of ends.states.entries())
    expect(Math.abs(periods.value - extra.expectedPeriodsUntilGone[i])).toBeLessThan(1e-12)
})

test('receivables: shares of two ends', () => {
  const { Q, R, columns, expect: expected } = scenario('receivables-aw')
  const states = ['current', 'one month', 'two months', ...columns]
  const rates = [...Q.map((row: number[], i: number) => [...row, ...R[i]]), [0, 0, 0, 1, 0], [0, 0, 0, 0, 1]]
  const model = assumeTransitions({ states, unit: 'month', rates, after: '2024-12' })
  const found = there(stageAbsorption(model, { absorbing: columns, random: random(1), draws: 100 }))
  for (const [i, { ends, periods }] of found.states.entries()) {
    expect(Math.abs(periods.value - expected.expectedSteps[i])).toBeLessThan(1e-12)
    for (const [k, { value }] of ends.entries())
      expect(Math.abs(value - expected.absorption[i][k])).toBeLessThan(1e-12)
  }
})

test('Company K: expected shares year by year', () => {
  const { P, start, expect: expected } = scenario('brand-switching')
  const closing = start.map((share: number) => 10_000 * share)
  const model = assumeTransitions({ states: ['K', 'others'], unit: 'year', rates: P, after: '2001', closing })
  const { periods } = there(forecastStages(model, { periods: 2, random: random(1), draws: 100 }))
  for (const [t, shares] of [expected.year2, expected.year3].entries())
    for (const [k, stage] of periods[t]!.stages.entries())
      expect(stage.expected / 10_000).toBeCloseTo(shares[k], 12)
  expect(periods.map(({ period }) => period)).toEqual(['2002', '2003'])
})
