// Every code that a forecast can carry is reachable, and says in both languages what to do.
import {
  assumeTransitions,
  backTestStages,
  type ForecastCautionCode,
  fitTransitions,
  forecastCautionSentences,
  forecastStages,
  type NoForecast,
  noForecastSentences,
  random,
  rateElasticities,
  stageAbsorption,
  stageValues,
  testMarkov,
} from 'liuliang'
import { expect, test } from 'vitest'
import { panelOf, recencyPanel, there, turnedPanel, two } from './support/panels.js'

const how = { random: random(1), draws: 100 }
const known = there(fitTransitions(two, { prior: 'jeffreys' }))
const assumed = (rates: readonly (readonly number[])[]) =>
  assumeTransitions({ states: ['a', 'b'], unit: 'month', rates, after: '2024-01', closing: [5, 0] })
const turned = turnedPanel()
const noMemory = recencyPanel(random('plain'), 12, 1)

type Cautioned = { readonly kind: string; readonly cautions?: readonly { readonly code: string }[] }
const cautioned: { readonly [C in ForecastCautionCode]: () => Cautioned } = {
  'stages-have-memory': () => testMarkov(shopOfHabits()),
  'rates-changed': () => testMarkov(turned),
  'memory-not-tested': () => forecastStages(known, { periods: 1, ...how }),
  'rates-assumed': () =>
    forecastStages(
      assumed([
        [1, 0],
        [0, 1],
      ]),
      { periods: 1, ...how },
    ),
  'few-expected': () =>
    testMarkov(
      panelOf({
        states: ['a', 'b'],
        rates: [
          [0.5, 0.5],
          [0.5, 0.5],
        ],
        opening: [3, 3],
        periods: 2,
        random: random(1),
      }),
    ),
  'stages-tell-nothing': () =>
    testMarkov(
      panelOf({
        states: ['a', 'b'],
        rates: [
          [0.5, 0.5],
          [0.5, 0.5],
        ],
        opening: [60, 60],
        periods: 4,
        random: random(2),
      }),
    ),
  'worse-than-no-change': () => backTestStages(turned, { holdOut: 3, prior: 'jeffreys', ...how }),
  'worse-than-same-flow': () =>
    // Whoever comes stays, and one more comes each time: the last flow says it all.
    backTestStages(
      panelOf({
        states: ['a', 'b'],
        rates: [
          [1, 0],
          [0, 1],
        ],
        opening: [50, 50],
        arrivals: (t) => [t < 5 ? 0 : 40, 0],
        periods: 9,
        random: random(1),
      }),
      { holdOut: 2, prior: 'uniform', ...how },
    ),
  'worse-than-plain-stages': () => {
    // States that tell nothing, out of too few people to see it.
    for (let seed = 0; seed < 40; seed += 1) {
      const panel = panelOf({
        states: ['a·0', 'a·1', 'b'],
        stageOf: ['a', 'a', 'b'],
        rates: [
          [0.4, 0.4, 0.2],
          [0.4, 0.4, 0.2],
          [0.1, 0.1, 0.8],
        ],
        opening: [6, 6, 12],
        periods: 5,
        random: random(seed),
      })
      const found = backTestStages(panel, { holdOut: 1, prior: 'uniform', ...how })
      if (found.kind === 'back-test' && found.cautions.some(({ code }) => code === 'worse-than-plain-stages'))
        return found
    }
    return { kind: 'none' }
  },
  'misses-its-interval': () => backTestStages(turned, { holdOut: 3, prior: 'jeffreys', ...how }),
}

/** People of two kinds, so that a stage alone does not say where they go. */
function shopOfHabits() {
  const moves = [
    [400, 100],
    [100, 400],
  ]
  const triples = [
    [0, 0, 0, 380],
    [0, 0, 1, 20],
    [1, 0, 0, 20],
    [1, 0, 1, 80],
    [0, 1, 0, 80],
    [0, 1, 1, 20],
    [1, 1, 0, 20],
    [1, 1, 1, 380],
  ] as const
  return {
    states: ['a', 'b'],
    unit: 'month',
    periods: [
      { period: '2024-01', moves, arrivals: [0, 0] },
      { period: '2024-02', moves, arrivals: [0, 0], triples },
    ],
  } as const
}

test.each(Object.keys(forecastCautionSentences) as ForecastCautionCode[])('caution %s', (code) => {
  expect((cautioned[code]().cautions ?? []).map((one) => one.code)).toContain(code)
  const { en, zh } = forecastCautionSentences[code]
  expect(en).toMatch(/\.$/)
  expect(zh).toMatch(/。$/)
})

const missing: { readonly [R in NoForecast]: () => { readonly kind: string } } = {
  'no-moves': () => fitTransitions({ ...two, periods: [] }, { prior: 'jeffreys' }),
  'never-seen': () => {
    const [only] = two.periods
    const panel = {
      ...two,
      periods: [
        {
          ...only!,
          moves: [
            [80, 20],
            [0, 0],
          ],
        },
      ],
    }
    return forecastStages(there(fitTransitions(panel, { prior: 'jeffreys' })), { periods: 1, ...how })
  },
  'too-few-periods': () => backTestStages(two, { holdOut: 1, prior: 'jeffreys', ...how }),
  'never-absorbed': () =>
    stageAbsorption(
      assumed([
        [1, 0],
        [0, 1],
      ]),
      { absorbing: ['b'], ...how },
    ),
  'does-not-converge': () => stageValues(known, { margins: { active: 1 }, discountRate: 0 }, how),
  'beyond-floats': () =>
    stageAbsorption(
      assumed([
        [1, 1e-200],
        [0, 1],
      ]),
      { absorbing: ['b'], ...how },
    ),
  'several-classes': () =>
    rateElasticities(
      assumed([
        [1, 0],
        [0, 1],
      ]),
      { steadyShare: 'a' },
    ),
  'target-is-zero': () => rateElasticities(known, { value: { margins: {}, discountRate: 0.1 } }),
  'nobody-there': () => {
    const found = stageValues(
      assumed([
        [1, 0],
        [0, 1],
      ]),
      { margins: {}, discountRate: 1 },
      how,
    )
    return found.kind === 'estimate' ? found.stages[1]! : found
  },
}

test.each(Object.keys(noForecastSentences) as NoForecast[])('no forecast: %s', (reason) => {
  expect(missing[reason]()).toMatchObject({ kind: 'undefined', reason, next: noForecastSentences[reason] })
  const { en, zh } = noForecastSentences[reason]
  expect(en).toMatch(/\.$/)
  expect(zh).toMatch(/。$/)
})

test('a panel by recency with constant rates has no caution', () => {
  expect(testMarkov(noMemory).cautions.map(({ code }) => code)).toEqual([])
})
