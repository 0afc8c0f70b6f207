// Projected retention held against what came after: the two segments of Fader & Hardie (2007), table 1, and drawn customers.
import { contractSurvival } from 'liuliang/adapters/charts'
import { DefinitionError, random } from 'liuliang/kernel'
import {
  bdw,
  type CovariateFit,
  contractSentences,
  contractTable,
  exponentialGamma,
  type FollowedCohort,
  fitModel,
  parameters,
  type SbgParameter,
  sbg,
  validateContracts,
  weibullGamma,
} from 'liuliang/ltv'
import { describe, expect, test } from 'vitest'

const regular = [1000, 631, 468, 382, 326, 289, 262, 241, 223, 207, 194, 183, 173]
const highEnd = [1000, 869, 743, 653, 593, 551, 517, 491, 468, 445, 427, 409, 394]
const cohorts: readonly FollowedCohort[] = [
  { cohort: 'regular', survivors: regular, known: 7 },
  { cohort: 'high end', survivors: highEnd, known: 7 },
]
const fitted = <F extends { readonly kind: string }>(
  fit: F,
): Exclude<F, { readonly kind: 'not-an-optimum' }> => {
  if (fit.kind === 'not-an-optimum') throw new Error('no fit')
  return fit as never
}
const fitTo = (survivors: readonly number[]) =>
  fitted(
    fitModel(
      sbg,
      contractTable({ unit: 'year', cohorts: [{ cohort: 'all', survivors: survivors.slice(0, 8) }] }),
    ),
  )
const numberIn = (one: { kind: string; value?: number }) => one.value ?? Number.NaN

describe.each([
  ['regular', regular, 0],
  ['high end', highEnd, 1],
] as const)('%s customers', (_, survivors, i) => {
  const fit = fitTo(survivors)
  const validation = validateContracts(sbg, fit, { unit: 'year', cohorts: [cohorts[i]!] })

  test('are projected as the recurrence of the paper has it', () => {
    const { alpha, beta } = fit.values
    let share = 1
    const errors: number[] = []
    const conditional: number[] = []
    const [line] = validation.lines
    for (const [t, count] of survivors.entries()) {
      if (t > 0) share *= (beta + t - 1) / (alpha + beta + t - 1)
      expect(line!.projected[t]!.survival / share).toBeCloseTo(1, 12)
      expect(line!.observed[t]).toEqual({ time: t, survival: count / 1000 })
      if (t <= 7) continue
      errors.push(Math.abs(1000 * share - count) / count)
      const since = share / line!.projected[7]!.survival
      conditional.push(Math.abs(survivors[7]! * since - count) / count)
    }
    const mean = (list: readonly number[]) => list.reduce((a, b) => a + b, 0) / list.length
    const { fromSigning, fromCalibration } = validation.meanAbsolutePercentageError
    expect(numberIn(fromSigning)).toBeCloseTo(mean(errors), 12)
    expect(numberIn(fromCalibration)).toBeCloseTo(mean(conditional), 12)
    // "The projections are within a few percent" of figure 4.
    expect(numberIn(fromSigning)).toBeLessThan(0.05)
  })

  test('stays are added over readings, those known apart from those not', () => {
    const { calibration, holdout, byTenure } = validation
    const sum = (list: readonly number[]) => list.reduce((a, b) => a + b, 0)
    expect(calibration.atRisk).toBe(sum(survivors.slice(0, 7)))
    expect(calibration.stayed).toBe(sum(survivors.slice(1, 8)))
    expect(holdout.atRisk).toBe(sum(survivors.slice(7, 12)))
    expect(holdout.stayed).toBe(sum(survivors.slice(8, 13)))
    const { alpha, beta } = fit.values
    const expected = survivors.slice(7, 12).map((n, k) => (n * (beta + k + 7)) / (alpha + beta + k + 7))
    expect(holdout.expected).toBeCloseTo(sum(expected), 9)
    expect(numberIn(holdout.bias)).toBeCloseTo((sum(expected) - holdout.stayed) / holdout.stayed, 12)
    const left = holdout.atRisk - holdout.stayed
    expect(numberIn(holdout.biasOfLeaving)).toBeCloseTo((holdout.atRisk - sum(expected) - left) / left, 10)
    expect(byTenure.map(({ from, to, atRisk }) => [from, to, atRisk])).toEqual(
      [7, 8, 9, 10, 11].map((t) => [t, t + 1, survivors[t]]),
    )
    expect(byTenure.every(({ verdict }) => verdict === 'within')).toBe(true)
  })
})

describe('several cohorts', () => {
  const fit = fitTo(regular)
  const both = validateContracts(sbg, fit, { unit: 'year', cohorts })

  test('of one curve for all: the wrong segment is named', () => {
    expect(both.byTenure[0]).toMatchObject({ from: 7, to: 8, atRisk: regular[7]! + highEnd[7]! })
    const wrong = validateContracts(sbg, fitTo(highEnd), {
      unit: 'year',
      cohorts: [{ cohort: 'regular', survivors: regular, known: 0 }],
    })
    expect(wrong.calibration).toEqual({
      atRisk: 0,
      stayed: 0,
      expected: 0,
      bias: { kind: 'undefined', reason: 'nobody-stayed' },
      biasOfLeaving: { kind: 'undefined', reason: 'nobody-left' },
    })
    expect(wrong.byTenure[0]!.verdict).toBe('retention-too-high')
    const [total, off, worst] = contractSentences(wrong)
    expect(total!.en).toContain('compare with a model whose chances change with tenure')
    expect(off!.en).toMatch(/off by .* % on average/)
    expect(worst!.en).toContain('From tenure 0 to 1 (year) 63.1 % of 1,000 stayed')
  })

  test('are plain JSON, drawn as they are and read out', () => {
    expect(JSON.parse(JSON.stringify(both))).toEqual(both)
    const { description } = contractSurvival(both, { lang: 'en' })
    expect(description).toBe(
      'Survival of contracts (regular, high end): observed up to 12 years, projected to 12.',
    )
    const nothing = validateContracts(sbg, fit, {
      unit: 'year',
      cohorts: [{ cohort: 'regular', survivors: regular.slice(0, 8), known: 7 }],
    })
    expect(nothing.byTenure).toEqual([])
    expect(nothing.meanAbsolutePercentageError.fromSigning).toEqual({
      kind: 'undefined',
      reason: 'no-holdout',
    })
    const empty = validateContracts(sbg, fit, {
      unit: 'year',
      cohorts: [{ cohort: 'nobody', survivors: [0, 0, 0], known: 0 }],
    })
    const gone = validateContracts(sbg, fit, {
      unit: 'year',
      cohorts: [{ cohort: 'gone', survivors: [10, 0], known: 0 }],
    })
    for (const { en, zh } of [both, nothing, empty, gone].flatMap(contractSentences)) {
      expect(`${en} ${zh}`).not.toMatch(/NaN|undefined|Infinity/)
      expect(zh).toMatch(/[一-鿿]/)
    }
  })

  test('every model of contracts, at readings of any distance where time is continuous', () => {
    const given = <N extends string, P extends string>(
      model: Parameters<typeof validateContracts<N, P>>[0],
      values: { readonly [name in P]: number },
    ) => parameters(model, values, { unit: 'year', source: 'made up' })
    const readings = [0, 0.5, 2, 7]
    const survivors = [400, 300, 200, 100]
    const years = { unit: 'year', cohorts: [{ cohort: 'a', survivors, readings, known: 0.5 }] } as const
    const exponential = validateContracts(
      exponentialGamma,
      given(exponentialGamma, { r: 2, alpha: 5 }),
      years,
    )
    expect(exponential.lines[0]!.projected.map(({ survival }) => survival)).toEqual(
      readings.map((t) => expect.closeTo((1 + t / 5) ** -2, 14)),
    )
    const weibull = validateContracts(weibullGamma, given(weibullGamma, { r: 2, scale: 5, c: 1.5 }), years)
    expect(weibull.holdout.expected).toBeCloseTo(
      [0.5, 2].reduce(
        (sum, from, k) =>
          sum + survivors[k + 1]! * ((1 + (readings[k + 2]! / 5) ** 1.5) / (1 + (from / 5) ** 1.5)) ** -2,
        0,
      ),
      10,
    )
    const whole = { unit: 'year', cohorts: [{ cohort: 'a', survivors, known: 1 }] } as const
    const discrete = validateContracts(bdw, given(bdw, { alpha: 0.7, beta: 1.2, c: 1 }), whole)
    const same = validateContracts(sbg, given(sbg, { alpha: 0.7, beta: 1.2 }), whole)
    for (const [k, { survival }] of discrete.lines[0]!.projected.entries())
      expect(survival).toBeCloseTo(same.lines[0]!.projected[k]!.survival, 12)
  })
})

describe('covariates', () => {
  const plain = fitTo(regular)
  const moved = (value: number): CovariateFit<'sbg', SbgParameter> => ({
    ...plain,
    kind: 'fitted-with-covariates',
    coefficients: [
      { name: 'leaving:yearly', covariate: 'yearly', effects: [{ parameter: 'alpha', sign: -1 }] },
    ],
    estimates: { ...plain.estimates, 'leaving:yearly': { ...plain.estimates['alpha']!, value } },
  })
  const withCovariates = cohorts.map((one, i) => ({ ...one, covariates: { yearly: i } }))

  test('a coefficient of 0 changes nothing', () => {
    expect(validateContracts(sbg, moved(0), { unit: 'year', cohorts: withCovariates })).toEqual(
      validateContracts(sbg, plain, { unit: 'year', cohorts }),
    )
  })

  test('a fit with a strong one is right about each segment, one curve for all is not', () => {
    const truth = { alpha: 0.8, beta: 2.5 }
    const chance = random('contracts')
    const drawnCohort = (values: typeof truth, yearly: number): FollowedCohort => {
      const ends = Array.from({ length: 3000 }, () => sbg.staying(values, 0).draw(10, chance))
      const survivors = Array.from(
        { length: 11 },
        (_, t) => ends.filter(({ time, event }) => !(event && time <= t)).length,
      )
      return { cohort: `yearly ${yearly}`, survivors, known: 5, covariates: { yearly } }
    }
    const drawn = [drawnCohort(truth, 0), drawnCohort({ alpha: truth.alpha / 3, beta: truth.beta / 3 }, 1)]
    const table = contractTable({
      unit: 'year',
      cohorts: drawn.map(({ known, survivors, ...one }) => ({
        ...one,
        survivors: survivors.slice(0, known + 1),
      })),
    })
    const own = fitted(fitModel(sbg, table, { covariates: { leaving: ['yearly'] } }))
    const same = fitted(fitModel(sbg, table))
    const most = { own: 0, same: 0 }
    for (const cohort of drawn) {
      const data = { unit: 'year', cohorts: [cohort] } as const
      const right = validateContracts(sbg, own, data)
      const off = right.byTenure.filter(({ verdict }) => verdict !== 'within').length
      expect(off).toBeLessThanOrEqual(1)
      most.own = Math.max(most.own, numberIn(right.meanAbsolutePercentageError.fromSigning))
      const mixed = validateContracts(sbg, same, data)
      most.same = Math.max(most.same, numberIn(mixed.meanAbsolutePercentageError.fromSigning))
    }
    expect(most.own).toBeLessThan(0.04)
    expect(most.same).toBeGreaterThan(2 * most.own)
  })

  test('a cohort without it is refused', () => {
    expect(() => validateContracts(sbg, moved(0), { unit: 'year', cohorts })).toThrow(
      expect.objectContaining({ code: 'missing', path: '$.data.cohorts[0].covariates.yearly' }),
    )
  })
})

const given = parameters(sbg, { alpha: 1, beta: 2 }, { unit: 'year', source: 'made up' })
const one = { cohort: 'a', survivors: [10, 8, 7], known: 1 }
const failing: readonly (readonly [string, () => unknown])[] = [
  ['unknown-name $.data.unit', () => validateContracts(sbg, given, { unit: 'month', cohorts: [one] })],
  [
    'out-of-range $.data.cohorts[0].known',
    () => validateContracts(sbg, given, { unit: 'year', cohorts: [{ ...one, known: 3 }] }),
  ],
  [
    'out-of-range $.data.cohorts[0].survivors[1]',
    () => validateContracts(sbg, given, { unit: 'year', cohorts: [{ ...one, survivors: [1, 2] }] }),
  ],
  [
    'out-of-range $.data.cohorts[0].readings[1]',
    () =>
      validateContracts(sbg, given, {
        unit: 'year',
        cohorts: [{ ...one, readings: [0, 0.5, 1] }],
      }),
  ],
  [
    'unknown-name $.parameters.model',
    () => validateContracts(bdw, given as never, { unit: 'year', cohorts: [one] }),
  ],
]
test.each(failing)('%s', (expected, call) => {
  let found: unknown
  try {
    call()
  } catch (error) {
    found = error
  }
  expect(found).toBeInstanceOf(DefinitionError)
  const { code, path } = found as DefinitionError
  expect(`${code} ${path}`).toBe(expected)
})
