import { fitTransitions, forecastStages, panelByStage, random, testMarkov } from 'liuliang'
import { describe, expect, test } from 'vitest'
import { panelOf, recencyPanel, there, two } from './support/panels.js'

describe('the Markov test', () => {
  test('finds the memory of an inactivity rule in its stages, and none by recency', () => {
    const panel = recencyPanel(random('memory'), 18, 2)
    const stages = testMarkov(panelByStage(panel))
    expect(stages.verdict).toMatch(/^memory/)
    expect(stages.cautions[0]).toMatchObject({ code: 'stages-have-memory' })
    expect(stages.memory).toMatchObject({ kind: 'estimate', degreesOfFreedom: 2 })
    expect(testMarkov(panel).verdict).toBe('markov')
    // The verdict travels with the model into what is forecast by it.
    const plain = there(fitTransitions(panelByStage(panel), { prior: 'jeffreys' }))
    const forecast = there(forecastStages(plain, { periods: 3, random: random(1), draws: 100 }))
    expect(forecast.cautions.map(({ code }) => code)).toContain('stages-have-memory')
  })

  test('rejects about as often as its level says where there is nothing to find', () => {
    const rejected = { memory: 0, constancy: 0, dependence: 0 }
    const worlds = 100
    for (let i = 0; i < worlds; i += 1) {
      const panel = panelOf({
        states: ['a', 'b', 'c'],
        rates: [
          [0.5, 0.3, 0.2],
          [0.5, 0.3, 0.2],
          [0.5, 0.3, 0.2],
        ],
        opening: [100, 60, 40],
        periods: 6,
        random: random(`null ${i}`),
      })
      const found = testMarkov(panel)
      for (const key of ['memory', 'constancy', 'dependence'] as const) {
        const one = found[key]
        if (one.kind === 'estimate' && one.p < 0.05) rejected[key] += 1
      }
    }
    // Of 100 at 0.05 between 1 and 13 with a chance above 0.99.
    for (const count of Object.values(rejected)) {
      expect(count).toBeGreaterThanOrEqual(1)
      expect(count).toBeLessThanOrEqual(13)
    }
  })

  test('says what it could not test', () => {
    expect(testMarkov(two)).toMatchObject({
      verdict: 'not-tested',
      memory: { kind: 'undefined', reason: 'no-triples' },
      constancy: { kind: 'undefined', reason: 'one-period' },
    })
    expect(testMarkov({ ...two, periods: [] })).toMatchObject({ dependence: { reason: 'no-moves' } })
    const one = {
      states: ['a'],
      unit: 'month',
      periods: [{ period: '2024-01', moves: [[3]], arrivals: [0] }],
    } as const
    expect(testMarkov(one)).toMatchObject({ dependence: { reason: 'no-degrees-of-freedom' } })
  })

  test('finds that a rule was changed half way', () => {
    const panel = panelOf({
      states: ['a', 'b'],
      rates: (t) =>
        t < 6
          ? [
              [0.9, 0.1],
              [0.2, 0.8],
            ]
          : [
              [0.7, 0.3],
              [0.2, 0.8],
            ],
      opening: [500, 300],
      periods: 12,
      random: random('changed'),
    })
    expect(testMarkov(panel).verdict).toBe('changing')
    const late = there(fitTransitions(panel, { prior: 'jeffreys', last: 6 }))
    expect(late.markov.verdict).toBe('markov')
    expect(late.rates[0]![0]).toBeCloseTo(0.7, 1)
  })
})
