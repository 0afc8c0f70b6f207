import { describe, expect, test } from 'vitest'
import {
  backTestRetention,
  cautionSentences,
  choiceSentences,
  chooseRetentionModel,
  describeRetentionCurve,
  type ProjectionOptions,
  projectRetention,
  survivorCounts,
} from '../../src/cohorts/index.js'
import { DefinitionError, random } from '../../src/kernel/index.js'
import {
  type ChurnCohort,
  churnRetention,
  churnSurvival,
  fitChurnModel,
  simulateChurn,
} from '../../src/measures/index.js'

/** Fader & Hardie (2007), table 1: of a thousand customers, those left after 0 to 12 years. */
const regular = [1000, 631, 468, 382, 326, 289, 262, 241, 223, 207, 194, 183, 173]
const highEnd = [1000, 869, 743, 653, 593, 551, 517, 491, 468, 445, 427, 409, 394]
const one = (survivors: readonly number[]): readonly ChurnCohort[] => [{ cohort: 'a', survivors }]
const seven = (survivors: readonly number[]) => one(survivors.slice(0, 8))

function projected(options: ProjectionOptions) {
  const projection = projectRetention(options)
  if (projection.kind === 'undefined') throw new Error(projection.reason)
  return projection
}

describe('a projection', () => {
  test('of years 0 to 7 holds what came in years 8 to 12, in both segments of the paper', () => {
    for (const survivors of [regular, highEnd]) {
      const { cohorts, cautions, model } = projected({ cohorts: seven(survivors), horizon: 5 })
      for (const { period, predicted } of cohorts[0]!.points) {
        expect(survivors[period]).toBeGreaterThanOrEqual(predicted.low)
        expect(survivors[period]).toBeLessThanOrEqual(predicted.high)
      }
      expect(cautions).toEqual(
        // The test of BdW begins a year later, as it needs one more.
        model === 'beta-discrete-weibull'
          ? [{ code: 'beyond-back-test', says: cautionSentences['beyond-back-test'] }]
          : [],
      )
    }
  })

  test('is the curve of its fit, and each cohort goes on from where it stands', () => {
    const cohorts = [
      { cohort: 'old', survivors: regular.slice(0, 8) },
      { cohort: 'young', survivors: [500, 300, 220] },
      { cohort: 'gone', survivors: [3, 0] },
    ]
    const found = projected({ cohorts, horizon: 3, model: 'shifted-beta-geometric', level: 0.9 })
    const fit = fitChurnModel({ model: 'shifted-beta-geometric', cohorts, level: 0.9 })
    expect(found.fit).toEqual(fit)
    expect(found.horizon).toEqual({ observed: 7, to: 10, tested: 5 })
    expect(found.points.map(({ period, beyond }) => [period, beyond])).toEqual(
      [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((period) => [period, period > 7]),
    )
    const { parameters } = found.fit
    for (const { period, survival, retention } of found.points) {
      expect(survival.value).toBeCloseTo(churnSurvival(parameters, period), 13)
      expect(retention.value).toBeCloseTo(churnRetention(parameters, period), 13)
      for (const { value, interval } of [survival, retention]) {
        expect(interval.low).toBeLessThan(value)
        expect(interval.high).toBeGreaterThan(value)
        expect(interval.level).toBe(0.9)
      }
    }
    expect(found.cohorts.map(({ cohort, age, alive }) => [cohort, age, alive])).toEqual([
      ['old', 7, 241],
      ['young', 2, 220],
    ])
    for (const { points, age, alive } of found.cohorts)
      for (const { period, expected, predicted } of points) {
        const share = churnSurvival(parameters, period) / churnSurvival(parameters, age)
        expect(expected).toBeCloseTo(alive * share, 9)
        expect(predicted.low).toBeLessThanOrEqual(expected)
        expect(predicted.high).toBeGreaterThanOrEqual(expected)
      }
  })

  test('of the geometric model has the delta interval that one can write down', () => {
    const { points } = projected({ cohorts: one([400, 320, 250, 203, 160]), horizon: 2, model: 'geometric' })
    const [left, stayed] = [240, 933]
    const rate = stayed / (left + stayed)
    // Of S = r^t: d logit S = t / (1 - S) d ln r, and the variance of ln r is (1 - r) / (r n).
    const survival = rate ** 6
    const error = (6 / (1 - survival)) * Math.sqrt((1 - rate) / rate / (left + stayed))
    const logit = Math.log(survival / (1 - survival))
    expect(points[5]!.survival.interval.low).toBeCloseTo(
      1 / (1 + Math.exp(1.959963984540054 * error - logit)),
      12,
    )
    expect(points[5]!.survival.interval.high).toBeCloseTo(
      1 / (1 + Math.exp(-1.959963984540054 * error - logit)),
      12,
    )
  })

  test('by bootstrap says nearly the same, and the same again from the same seed', () => {
    const options = { cohorts: seven(regular), horizon: 5, model: 'shifted-beta-geometric' } as const
    const byDelta = projected(options)
    const drawn = (seed: number, replicates: number) =>
      projected({ ...options, intervals: { random: random(seed), replicates } })
    const found = drawn(7, 200)
    expect(found.method).toBe('parametric-bootstrap')
    expect(found.replicates).toEqual({ drawn: 200, fitted: 200 })
    const few = drawn(8, 100)
    expect(drawn(8, 100)).toEqual(few)
    expect(drawn(9, 100).points).not.toEqual(few.points)
    for (const [i, { survival }] of found.points.entries()) {
      const delta = byDelta.points[i]!.survival
      expect(survival.value).toBe(delta.value)
      const width = delta.interval.high - delta.interval.low
      // 200 replicates leave the ends an error of nearly a tenth of the width.
      expect(Math.abs(survival.interval.low - delta.interval.low)).toBeLessThan(0.25 * width)
      expect(Math.abs(survival.interval.high - delta.interval.high)).toBeLessThan(0.25 * width)
    }
    for (const [i, { predicted }] of found.cohorts[0]!.points.entries()) {
      const delta = byDelta.cohorts[0]!.points[i]!.predicted
      expect(Math.abs(predicted.low - delta.low)).toBeLessThan(10)
      expect(Math.abs(predicted.high - delta.high)).toBeLessThan(10)
    }
  })

  test('carries a back-test of all models, whichever is projected', () => {
    const { backTest } = projected({ cohorts: seven(regular), horizon: 1, model: 'geometric' })
    expect(backTest).toEqual(backTestRetention({ cohorts: seven(regular) }))
    expect(backTest.models.map(({ model }) => model)).toEqual([
      'geometric',
      'shifted-beta-geometric',
      'beta-discrete-weibull',
    ])
  })
})

describe('there is no projection, but a reason', () => {
  test.each([
    ['of no cohorts', [], 'nothing-to-hold-out'],
    ['of nobody', one([0, 0, 0, 0]), 'nothing-to-hold-out'],
    ['of one period', one([100, 60]), 'nothing-to-hold-out'],
    ['of two periods', one([100, 60, 50]), 'nothing-to-hold-out'],
    ['where all left at once', one([100, 0, 0, 0, 0]), 'nothing-to-hold-out'],
    ['where nobody left', one([100, 100, 100, 100]), 'no-fit'],
    ['of one person who stays', one([1, 1, 1, 1]), 'no-fit'],
    ['where somebody left in the last period only', one([9, 9, 9, 8]), 'never-tested'],
    ['where all who left did so at first', one([1000, 500, 500, 500, 500]), 'worse-than-guessing'],
    ['where leaving grows', one([1000, 900, 750, 500, 200, 20]), 'worse-than-guessing'],
  ] as const)('%s', (_, cohorts, reason) => {
    const projection = projectRetention({ cohorts, horizon: 3 })
    expect(projection).toMatchObject({ kind: 'undefined', reason })
    if (projection.kind === 'undefined') expect(projection.next.zh).not.toBe('')
  })

  test('of a model that these counts do not fit, with what the fit says', () => {
    const cohorts = one([1000, 900, 750, 500, 200])
    expect(projectRetention({ cohorts, horizon: 3, model: 'shifted-beta-geometric' })).toMatchObject({
      kind: 'undefined',
      reason: 'not-fitted',
      fit: 'no-heterogeneity',
    })
  })

  test('by bootstrap, where most cohorts drawn have no fit', () => {
    const cohorts = one([10, 8, 7, 7, 7])
    const intervals = { random: random(1), replicates: 100 }
    const options = { cohorts, horizon: 1, model: 'shifted-beta-geometric', intervals } as const
    expect(projectRetention(options)).toMatchObject({ kind: 'undefined', reason: 'bootstrap-failed' })
    expect(projectRetention({ ...options, intervals: 'delta' })).toMatchObject({ kind: 'projection' })
  })
})

test('a named model is projected all the same, with what speaks against it', () => {
  const { cautions } = projected({ cohorts: one([1000, 500, 500, 500, 500]), horizon: 3, model: 'geometric' })
  expect(cautions.map(({ code }) => code)).toEqual([
    'beyond-back-test',
    'worse-than-no-change',
    'worse-than-last-rate',
    'predictions-missed',
    'curve-does-not-fit',
  ])
})

test('cohorts that differ are said to', () => {
  const cohorts = [
    { cohort: 'a', survivors: [1000, 900, 810, 729, 656] },
    { cohort: 'b', survivors: [1000, 700, 490, 343, 240] },
  ]
  const { cautions } = projected({ cohorts, horizon: 1, model: 'geometric' })
  expect(cautions.map(({ code }) => code)).toContain('cohorts-differ')
  const alike = cohorts.map(({ cohort }) => ({ cohort, survivors: cohorts[0]!.survivors }))
  const same = projected({ cohorts: alike, horizon: 1, model: 'geometric' })
  expect(same.cautions.map(({ code }) => code)).not.toContain('cohorts-differ')
})

describe('the back-test', () => {
  test('is what one gets by cutting, fitting and comparing by hand', () => {
    const cohorts = [
      { cohort: 'old', survivors: [300, 200, 150, 120, 101, 90] },
      { cohort: 'young', survivors: [200, 140, 110, 93] },
    ]
    const found = backTestRetention({ cohorts, models: ['shifted-beta-geometric'] })
    if (found.kind === 'undefined') throw new Error(found.reason)
    expect(found).toMatchObject({ origins: [2, 3, 4], last: 5, furthest: 3 })
    const rows = [2, 3, 4].flatMap((origin) => {
      const seen = cohorts.map(({ cohort, survivors }) => ({
        cohort,
        survivors: survivors.slice(0, origin + 1),
      }))
      const fit = fitChurnModel({ model: 'shifted-beta-geometric', cohorts: seen })
      if (fit.kind === 'undefined') throw new Error(fit.reason)
      return [3, 4, 5]
        .filter((period) => period > origin)
        .map((period) => {
          const old = cohorts.filter(({ survivors }) => survivors.length > period)
          const alive = old.reduce((sum, { survivors }) => sum + survivors[origin]!, 0)
          const actual = old.reduce((sum, { survivors }) => sum + survivors[period]!, 0)
          const share = churnSurvival(fit.parameters, period) / churnSurvival(fit.parameters, origin)
          return { origin, period, cohorts: old.length, alive, actual, expected: alive * share }
        })
    })
    const [tested] = found.models
    expect(tested!.rows).toMatchObject(
      rows.map(({ expected, ...row }) => ({ ...row, expected: expect.closeTo(expected, 8) })),
    )
    const misses = rows.map(({ expected, actual, alive }) => Math.abs(expected - actual) / alive)
    expect(tested!.error!.meanAbsolute).toBeCloseTo(misses.reduce((a, b) => a + b) / misses.length, 10)
    expect(tested!.error!.worst).toBeCloseTo(Math.max(...misses), 10)
    const inside = tested!.rows.filter(
      ({ actual, predicted }) => actual >= predicted!.low && actual <= predicted!.high,
    )
    expect(tested!.coverage).toEqual({ inside: inside.length, of: 6, share: inside.length / 6 })
    // Two cohorts lived through period 3, of which origin 2 tells each on its own.
    expect(tested!.cohortCoverage!.of).toBe(7)
  })

  test('compares with two guesses', () => {
    const found = backTestRetention({ cohorts: one([100, 80, 60, 54, 27]) })
    if (found.kind === 'undefined') throw new Error(found.reason)
    const [noChange, lastRate] = found.baselines
    expect(noChange!.rows.map(({ expected }) => expected)).toEqual([60, 60, 54])
    expect(lastRate!.rows.map(({ expected }) => expected)).toEqual([
      expect.closeTo(45, 10),
      expect.closeTo(33.75, 10),
      expect.closeTo(48.6, 10),
    ])
    expect(noChange!.error!.meanAbsolute).toBeCloseTo((6 / 60 + 33 / 60 + 27 / 54) / 3, 12)
    expect(noChange!.coverage).toBeUndefined()
  })

  test('looks at twelve origins at the most, both ends included', () => {
    const [cohort] = simulateChurn({
      parameters: { model: 'geometric', churn: 0.02 },
      cohorts: one([5000, ...new Array<number>(60).fill(0)]),
      random: random(2),
    })
    const found = backTestRetention({ cohorts: [cohort!], models: ['geometric'] })
    if (found.kind === 'undefined') throw new Error(found.reason)
    expect(found.origins).toHaveLength(12)
    expect([found.origins[0], found.origins[11]]).toEqual([2, 59])
    expect(new Set(found.origins).size).toBe(12)
  })
})

describe('the choice of a model', () => {
  test('goes by the back-test where that tells them apart', () => {
    const choice = chooseRetentionModel({ cohorts: seven(highEnd) })
    expect(choice).toMatchObject({
      kind: 'choice',
      model: 'beta-discrete-weibull',
      because: 'back-test',
      says: choiceSentences['back-test'],
      smallest: {
        error: 'beta-discrete-weibull',
        aic: 'beta-discrete-weibull',
        bic: 'beta-discrete-weibull',
      },
      compared: [3, 4, 5, 6],
    })
  })

  test('goes by AIC where it does not', () => {
    expect(chooseRetentionModel({ cohorts: seven(regular) })).toMatchObject({
      model: 'shifted-beta-geometric',
      because: 'aic',
      smallest: { error: 'beta-discrete-weibull', aic: 'shifted-beta-geometric' },
    })
  })

  test('takes the only one that has parameters, and says why the others have none', () => {
    const choice = chooseRetentionModel({ cohorts: one([10000, 8000, 6400, 5120, 4096]) })
    expect(choice).toMatchObject({ model: 'geometric', because: 'only-one' })
    if (choice.kind === 'choice')
      expect(choice.candidates.map(({ fit }) => (fit.kind === 'undefined' ? fit.reason : fit.kind))).toEqual([
        'estimate',
        'no-heterogeneity',
        'no-heterogeneity',
      ])
  })
})

describe('survivor counts from retention', () => {
  const cells = (rows: readonly (readonly [eligible: number, retained: number, state?: string])[]) =>
    rows.map(([eligible, retained, state = 'complete'], offset) => ({ offset, eligible, retained, state }))
  const triangle = (...cohorts: readonly Parameters<typeof cells>[0][]) => ({
    cohorts: cohorts.map((rows, i) => ({ cohort: `c${i}`, cells: cells(rows) })),
  })

  test('are those of complete cells; offset 0 is everybody', () => {
    const counts = survivorCounts(
      triangle(
        [
          [90, 80],
          [90, 41],
          [90, 12, 'incomplete'],
        ],
        [[70, 70, 'incomplete']],
        [
          [0, 0],
          [0, 0],
        ],
      ),
    )
    expect(counts).toEqual({ kind: 'counts', cohorts: [{ cohort: 'c0', survivors: [90, 41] }], ended: [] })
  })

  test('end where fewer people are eligible, as in the pooled cells of an elapsed clock', () => {
    expect(
      survivorCounts(
        triangle([
          [90, 90],
          [90, 60],
          [80, 45],
          [60, 30],
        ]),
      ),
    ).toEqual({
      kind: 'counts',
      cohorts: [{ cohort: 'c0', survivors: [90, 60] }],
      ended: [{ cohort: 'c0', offset: 2 }],
    })
  })

  test('leave out offsets in which a pause looks like leaving', () => {
    const counts = survivorCounts(
      triangle(
        [
          [90, 90],
          [90, 60],
          [90, 50],
        ],
        [[80, 80]],
      ),
      { leaveOut: 1 },
    )
    expect(counts).toMatchObject({ cohorts: [{ survivors: [90, 60] }, { survivors: [80] }] })
  })

  test('do not exist of N-day retention', () => {
    const counts = survivorCounts(
      triangle([
        [90, 90],
        [90, 30],
        [90, 41],
      ]),
    )
    expect(counts).toMatchObject({
      kind: 'undefined',
      reason: 'not-a-survival-curve',
      cohort: 'c0',
      offset: 2,
      before: 30,
      retained: 41,
    })
  })

  test.each([
    [
      'a fraction',
      { offset: 0, eligible: 3, retained: 1.5, state: 'complete' },
      '$.cohorts[0].cells[0].retained',
    ],
    [
      'more retained than eligible',
      { offset: 0, eligible: 3, retained: 4, state: 'complete' },
      '$.cohorts[0].cells[0].retained',
    ],
    [
      'an offset left out',
      { offset: 1, eligible: 3, retained: 3, state: 'complete' },
      '$.cohorts[0].cells[0].offset',
    ],
    ['no state', { offset: 0, eligible: 3, retained: 3 } as never, '$.cohorts[0].cells[0].state'],
  ])('refuse %s', (_, cell, path) => {
    try {
      survivorCounts({ cohorts: [{ cohort: 'a', cells: [cell] }] })
      expect.unreachable()
    } catch (error) {
      expect(error).toBeInstanceOf(DefinitionError)
      expect(error).toMatchObject({ path })
    }
  })
})

describe('a description of rates', () => {
  const rates = (f: (t: number) => number, n = 8) =>
    Array.from({ length: n }, (_, i) => ({ period: i + 1, rate: f(i + 1) }))
  test.each([
    ['power-law', (t: number) => 0.5 / Math.sqrt(t), { a: 0.5, b: 0.5 }],
    ['exponential', (t: number) => 0.7 * Math.exp(-0.2 * t), { a: 0.7, b: 0.2 }],
    ['asymptote', (t: number) => 0.1 + 0.8 / (2 + t), { a: 0.1, b: 0.8, c: 2 }],
  ] as const)('finds a %s', (shape, f, parameters) => {
    const found = describeRetentionCurve({ shape, points: rates(f) })
    if (found.kind === 'undefined') throw new Error(found.reason)
    for (const [name, value] of Object.entries(parameters))
      expect(found.parameters[name as 'a']).toBeCloseTo(value, 6)
    expect(found.rootMeanSquare).toBeLessThan(1e-7)
    expect(found.warning.en).toContain('do not carry it on')
  })

  test.each([
    ['too-few-points', 'asymptote', rates((t) => 1 / t, 3)],
    ['no-variation', 'power-law', rates(() => 0.3)],
    ['not-determined', 'asymptote', rates((t) => 1 - t / 20)],
    ['not-determined', 'exponential', rates((t) => (t === 1 ? 1 : 0))],
  ] as const)('is not given: %s, %s', (reason, shape, points) => {
    expect(describeRetentionCurve({ shape, points })).toMatchObject({ kind: 'undefined', reason })
  })
})
