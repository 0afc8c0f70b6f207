import { describe, expect, test } from 'vitest'
import { DefinitionError, random } from '../../src/kernel/index.js'
import { binomialDraw } from '../../src/measures/binomial-draw.js'
import {
  type ChurnCohort,
  type ChurnModel,
  type ChurnParameters,
  churnFitSentences,
  churnLogLikelihood,
  churnRetention,
  churnSurvival,
  fitChurnModel,
  simulateChurn,
} from '../../src/measures/index.js'
import { predictedCount } from '../../src/measures/predicted-count.js'

const one = (...survivors: number[]): readonly ChurnCohort[] => [{ cohort: 'a', survivors }]
const models: readonly ChurnModel[] = ['geometric', 'shifted-beta-geometric', 'beta-discrete-weibull']
const sbg: ChurnParameters = { model: 'shifted-beta-geometric', alpha: 0.7, beta: 1.2 }
const bdw: ChurnParameters = { model: 'beta-discrete-weibull', alpha: 0.26, beta: 1.72, shape: 1.58 }

describe('where no parameters exist it says why, in order of precedence', () => {
  const cases: readonly [string, readonly number[], (string | undefined)[]][] = [
    ['of nobody', [0, 0, 0], ['no-people', 'no-people', 'no-people']],
    ['before the first period', [5], ['no-periods', 'no-periods', 'no-periods']],
    ['of one person who stays', [1, 1, 1, 1], ['no-churn', 'no-churn', 'no-churn']],
    ['where nobody leaves', [100, 100, 100, 100], ['no-churn', 'no-churn', 'no-churn']],
    ['where all leave at once', [100, 0, 0, 0], ['all-left-at-once', 'all-left-at-once', 'all-left-at-once']],
    ['of one period', [100, 60], [undefined, 'too-few-periods', 'too-few-periods']],
    ['of two periods', [100, 60, 45], [undefined, undefined, 'too-few-periods']],
    [
      'where all who leave do so first',
      [100, 50, 50, 50],
      [undefined, 'left-in-first-period-only', 'left-in-first-period-only'],
    ],
    ['of one person who leaves', [1, 1, 1, 0], [undefined, 'no-heterogeneity', 'no-heterogeneity']],
    [
      'where everybody leaves at one rate',
      [10000, 8000, 6400, 5120, 4096],
      [undefined, 'no-heterogeneity', 'no-heterogeneity'],
    ],
    ['where leaving grows', [1000, 900, 750, 500, 200], [undefined, 'no-heterogeneity', 'no-heterogeneity']],
  ]
  test.each(cases)('%s', (_, survivors, reasons) => {
    const found = models.map((model) => fitChurnModel({ model, cohorts: one(...survivors) }))
    expect(found.map((fit) => (fit.kind === 'undefined' ? fit.reason : undefined))).toEqual(reasons)
    for (const fit of found)
      if (fit.kind === 'undefined') expect(fit.next).toBe(churnFitSentences[fit.reason])
  })
})

test('the geometric model is the share that leaves, with the interval of its logit', () => {
  const fit = fitChurnModel({ model: 'geometric', cohorts: one(100, 80, 64) })
  if (fit.kind === 'undefined') throw new Error(fit.reason)
  const { churn } = fit.estimates
  expect(churn!.value).toBeCloseTo(36 / 180, 14)
  expect(churn!.standardError).toBeCloseTo(Math.sqrt((0.2 * 0.8) / 180), 14)
  const reach = 1.959963984540054 * Math.sqrt(1 / 36 + 1 / 144)
  expect(churn!.interval.low).toBeCloseTo(1 / (1 + 4 * Math.exp(reach)), 12)
  expect(churn!.interval.high).toBeCloseTo(1 / (1 + 4 * Math.exp(-reach)), 12)
  expect(fit.goodness).toMatchObject({ degreesOfFreedom: 1, p: { kind: 'estimate' } })
  expect(fit.goodness.deviance).toBeCloseTo(0, 10)
})

/** ln of the chance of each single life, by the definition of the model with gamma functions of Math alone. */
function byPeople(parameters: ChurnParameters, cohorts: readonly ChurnCohort[]): number {
  const survival = (t: number): number => {
    if (parameters.model === 'geometric') return (1 - parameters.churn) ** t
    const { alpha, beta } = parameters
    const x = parameters.model === 'beta-discrete-weibull' ? t ** parameters.shape : t
    // The mean of (1 - p)^x over Beta(alpha, beta), with p = u^(1 / alpha) so that nothing is infinite at 0.
    let [above, below] = [0, 0]
    const n = 100_000
    for (let i = 0; i < n; i += 1) {
      const u = (i + 0.5) / n
      const p = u ** (1 / alpha)
      const density = (1 - p) ** (beta - 1)
      above += density * (1 - p) ** x
      below += density
    }
    return above / below
  }
  let sum = 0
  for (const { survivors } of cohorts) {
    const lives = survivors.slice(1).flatMap((n, i) => new Array<number>(survivors[i]! - n).fill(i + 1))
    for (const left of lives) sum += Math.log(survival(left - 1) - survival(left))
    const last = survivors.length - 1
    sum += survivors[last]! * Math.log(survival(last))
  }
  return sum
}

test.each([
  [{ model: 'geometric', churn: 0.3 } as const, 1e-10],
  [{ model: 'shifted-beta-geometric', alpha: 0.7, beta: 2.5 } as const, 1e-6],
  [{ model: 'beta-discrete-weibull', alpha: 0.7, beta: 2.5, shape: 1.4 } as const, 1e-6],
])('the likelihood is the product over people of different age (%o)', (parameters, within) => {
  const cohorts = [
    { cohort: 'old', survivors: [9, 7, 4, 4, 3] },
    { cohort: 'young', survivors: [6, 3] },
    { cohort: 'new', survivors: [4] },
  ]
  const ours = churnLogLikelihood(parameters, cohorts)
  expect(Math.abs(ours / byPeople(parameters, cohorts) - 1)).toBeLessThan(within)
})

test.each(models)('no likelihood on a grid is higher than that of the %s fit', (model) => {
  const cohorts = [
    { cohort: 'old', survivors: [400, 300, 262, 240, 226, 218] },
    { cohort: 'young', survivors: [300, 231, 198] },
  ]
  const fit = fitChurnModel({ model, cohorts })
  if (fit.kind === 'undefined') throw new Error(fit.reason)
  const steps = [0.5, 0.8, 0.95, 0.999, 1, 1.001, 1.05, 1.25, 2]
  const at = Object.values(fit.estimates).map(({ value }) => value)
  for (const i of steps)
    for (const j of steps)
      for (const k of steps) {
        const [a, b, c] = [at[0]! * i, (at[1] ?? 1) * j, (at[2] ?? 1) * k]
        const near: ChurnParameters =
          model === 'geometric'
            ? { model, churn: Math.min(0.99, a) }
            : model === 'shifted-beta-geometric'
              ? { model, alpha: a, beta: b }
              : { model, alpha: a, beta: b, shape: c }
        expect(churnLogLikelihood(near, cohorts)).toBeLessThanOrEqual(fit.logLikelihood + 1e-9)
      }
})

describe('large numbers', () => {
  test.each([
    [1e6, 4],
    [2 ** 52, 9],
  ])('of people: %d', (size, digits) => {
    const survivors = [0, 1, 2, 3, 4, 5].map((t) => Math.round(size * churnSurvival(sbg, t)))
    const fit = fitChurnModel({ model: 'shifted-beta-geometric', cohorts: one(...survivors) })
    if (fit.kind === 'undefined') throw new Error(fit.reason)
    expect(fit.estimates['alpha']!.value).toBeCloseTo(0.7, digits)
    expect(fit.estimates['beta']!.value).toBeCloseTo(1.2, digits)
  })

  test('of periods: 200, and parameters come back', () => {
    const survivors = Array.from({ length: 201 }, (_, t) => Math.round(1e9 * churnSurvival(bdw, t)))
    const fit = fitChurnModel({ model: 'beta-discrete-weibull', cohorts: one(...survivors) })
    if (fit.kind === 'undefined') throw new Error(fit.reason)
    expect(fit.estimates['alpha']!.value).toBeCloseTo(0.26, 4)
    expect(fit.estimates['beta']!.value).toBeCloseTo(1.72, 3)
    expect(fit.estimates['shape']!.value).toBeCloseTo(1.58, 4)
  })

  test('of alpha and beta: sBG comes to the geometric model without losing digits', () => {
    for (const size of [1e6, 1e9, 1e12]) {
      const near: ChurnParameters = { model: 'shifted-beta-geometric', alpha: 0.2 * size, beta: 0.8 * size }
      // By the first term in which they differ: t (t - 1) / 2 times churn / retention, over the size.
      const expected = 0.8 ** 10 * (1 + (45 * 0.25) / size)
      expect(Math.abs(churnSurvival(near, 10) / expected - 1)).toBeLessThan(1e-15 + 2000 / size / size)
    }
  })

  test('of time: a million periods, and where nobody is left', () => {
    expect(churnSurvival(sbg, 1_000_000)).toBeGreaterThan(0)
    expect(churnSurvival({ model: 'geometric', churn: 0.5 }, 1_000_000)).toBe(0)
    expect(churnRetention(bdw, 1_000_000)).toBeLessThan(1)
  })
})

describe('what is no count is refused, with its place', () => {
  test.each([
    ['rises', one(3, 4), '$.cohorts[0].survivors[1]', 'out-of-range'],
    ['is a fraction', one(3.5, 2), '$.cohorts[0].survivors[0]', 'out-of-range'],
    ['is negative', one(3, -1), '$.cohorts[0].survivors[1]', 'out-of-range'],
    ['is NaN', one(3, Number.NaN), '$.cohorts[0].survivors[1]', 'out-of-range'],
    ['is a hole', [{ cohort: 'a', survivors: new Array(3) }], '$.cohorts[0].survivors[0]', 'out-of-range'],
    ['is missing', one(), '$.cohorts[0].survivors', 'missing'],
    ['is too much', [...one(2 ** 53 - 1), ...one(2 ** 53 - 1)], '$.cohorts', 'too-large'],
    ['is too long', one(...new Array(2002).fill(1)), '$.cohorts[0].survivors', 'too-large'],
    ['has no name', [{ survivors: [1] }] as never, '$.cohorts[0].cohort', 'wrong-type'],
  ])('a count that %s', (_, cohorts, path, code) => {
    try {
      fitChurnModel({ model: 'geometric', cohorts })
      expect.unreachable()
    } catch (error) {
      expect(error).toBeInstanceOf(DefinitionError)
      expect(error).toMatchObject({ path, code })
    }
  })
})

describe('chance', () => {
  test.each([
    [1, 0.3],
    [12, 0.5],
    [100, 0.97],
    [300, 0.31],
    [1_000_000, 0.00002],
    [1_000_000, 0.4],
  ])('%d people who leave with chance %d do so as often as the binomial distribution says', (n, p) => {
    const draws = 4000
    const generator = random(`${n} ${p}`)
    let [sum, squares] = [0, 0]
    for (let i = 0; i < draws; i += 1) {
      const count = binomialDraw(n, p, generator)
      expect(count >= 0 && count <= n && Number.isInteger(count)).toBe(true)
      sum += count - n * p
      squares += (count - n * p) * (count - n * p)
    }
    const variance = n * p * (1 - p)
    // Four standard errors of a mean and, allowing for heavy tails, six of a variance.
    expect(Math.abs(sum / draws)).toBeLessThan(4 * Math.sqrt(variance / draws))
    const excess = 2 + 1 / variance
    expect(Math.abs(squares / draws / variance - 1)).toBeLessThan(6 * Math.sqrt(excess / draws))
  })

  test('cohorts are drawn at their sizes and ages, the same from the same seed', () => {
    const cohorts = [
      { cohort: 'a', survivors: [1000, 0, 0, 0] },
      { cohort: 'b', survivors: [500, 0] },
    ]
    const drawn = simulateChurn({ parameters: sbg, cohorts, random: random(3) })
    expect(drawn.map(({ survivors }) => [survivors[0], survivors.length])).toEqual([
      [1000, 4],
      [500, 2],
    ])
    expect(simulateChurn({ parameters: sbg, cohorts, random: random(3) })).toEqual(drawn)
  })
})

describe('the count predicted', () => {
  /** By its definition, term by term. */
  const binomial = (n: number, p: number, tail: number) => {
    let chance = (1 - p) ** n
    const chances = [chance]
    for (let k = 0; k < n; k += 1) {
      chance *= ((n - k) / (k + 1)) * (p / (1 - p))
      chances.push(chance)
    }
    const first = (list: readonly number[]) => {
      let sum = 0
      return list.findIndex((one) => {
        sum += one
        return sum > tail
      })
    }
    return { low: first(chances), high: n - first([...chances].reverse()) }
  }
  test.each([
    [1, 0.5],
    [10, 0.99],
    [40, 0.3],
    [300, 0.02],
  ])('of %d with a chance of %d that is known is binomial', (n, p) => {
    const given = { n, lnShare: Math.log(p), variance: 0, tail: 0.025, z: 1.959963984540054 }
    expect(predictedCount(given)).toEqual(binomial(n, p, 0.025))
  })

  test('is the same by either way of computing where they meet', () => {
    // Spread just below and just above what changes the way.
    for (const [n, wide] of [
      [20_000, 0.04],
      [4_000_000, 1e-9],
    ] as const) {
      const ends = [0.98, 1.02].map((by) => {
        const size = Math.round(n * by)
        const spread = predictedCount({
          n: size,
          lnShare: Math.log(0.5),
          variance: wide,
          tail: 0.025,
          z: 1.96,
        })
        return [spread.low / size, spread.high / size]
      })
      expect(Math.abs(ends[0]![0]! - ends[1]![0]!)).toBeLessThan(0.005)
      expect(Math.abs(ends[0]![1]! - ends[1]![1]!)).toBeLessThan(0.005)
    }
  })
})
