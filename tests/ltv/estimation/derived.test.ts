// Numbers that follow from others are not believed where they come from storage: they are what follows, or refused by their place.
import { DefinitionError } from 'liuliang/kernel'
import {
  bgBb,
  bgNbd,
  changeUnit,
  compareModels,
  exponentialGamma,
  type Fit,
  fitFor,
  fitModel,
  fittedFrom,
  gammaGamma,
  nbd,
  parameters,
  paretoNbd,
  predictor,
  sbg,
} from 'liuliang/ltv'
import { describe, expect, test } from 'vitest'
import { dataOf } from '../support/simulated.js'

const refusal = (work: () => unknown): string => {
  try {
    work()
  } catch (error) {
    if (error instanceof DefinitionError) return `${error.code} ${error.path}`
    throw error
  }
  return 'nothing'
}
const words = (work: () => unknown): string => {
  try {
    work()
  } catch (error) {
    if (error instanceof DefinitionError) return error.message
    throw error
  }
  return 'nothing'
}

const table = dataOf.nbd()
const fit = fitModel(nbd, table) as Fit<'nbd', 'r' | 'alpha'>
const stored = (change: object = {}): Record<string, unknown> => ({
  ...JSON.parse(JSON.stringify(fit)),
  ...change,
})
const { r } = fit.estimates as { readonly r: (typeof fit.estimates)[string] }

const wrong: readonly (readonly [object, string])[] = [
  [{ aic: fit.aic + 1 }, '$.aic'],
  [{ bic: fit.bic + 1 }, '$.bic'],
  [{ logLikelihood: 1 }, '$.aic'],
  [{ size: 0 }, '$.size'],
  [{ size: fit.size + 1 }, '$.bic'],
  [{ data: '' }, '$.data'],
  [{ unit: 'opportunity' }, '$.unit'],
  [
    { estimates: { ...fit.estimates, r: { ...r, standardError: 2 * r.standardError } } },
    '$.estimates.r.standardError',
  ],
  [
    { estimates: { ...fit.estimates, r: { ...r, interval: { ...r.interval, low: 0 } } } },
    '$.estimates.r.interval.low',
  ],
  [
    { estimates: { ...fit.estimates, r: { ...r, interval: { ...r.interval, level: 0.9 } } } },
    '$.estimates.r.interval.low',
  ],
  [
    { estimates: { ...fit.estimates, r: { ...r, interval: { ...r.interval, level: 1 } } } },
    '$.estimates.r.interval.level',
  ],
]

describe('a fit from storage', () => {
  test('is taken as it was, in another unit, and of one customer of a fit with covariates', () => {
    expect(fittedFrom(nbd, stored())).toEqual(fit)
    const days = changeUnit(nbd, fit, 'day')
    expect(fittedFrom(nbd, JSON.parse(JSON.stringify(days)))).toEqual(days)
    const twice = {
      ...table,
      covariates: { shop: Float64Array.from(table.count, (_, i) => i % 2) },
    }
    const apart = fitModel(nbd, twice, { covariates: { buying: ['shop'] } })
    if (apart.kind !== 'fitted-with-covariates') return expect.fail(apart.reason)
    expect(fittedFrom(nbd, JSON.parse(JSON.stringify(apart)))).toEqual(apart)
    const one = fitFor(nbd, apart, { shop: 1 })
    expect(fittedFrom(nbd, JSON.parse(JSON.stringify(one)))).toEqual(one)
    expect(compareModels([{ model: nbd, fit: apart }])[0]?.kind).toBe('compared')
    for (const work of [() => predictor(nbd, apart as never), () => changeUnit(nbd, apart as never, 'day')]) {
      expect(refusal(work)).toBe('unknown-name $.parameters.kind')
      expect(words(work)).toContain('fitFor')
    }
  })

  test.each(wrong)('with %j is refused', (change, path) => {
    expect(refusal(() => fittedFrom(nbd, stored(change)))).toMatch(new RegExp(`\\${path}$`))
  })
})

test('models are not compared by criteria that are none', () => {
  for (const [name, value] of [
    ['aic', undefined],
    ['bic', Number.NaN],
    ['aic', fit.aic - 1],
    ['size', 0],
  ] as const)
    expect(refusal(() => compareModels([{ model: nbd, fit: { ...fit, [name]: value } as never }]))).toContain(
      ` $.contenders[0].fit.${name}`,
    )
})

test('another unit is not made of what is no fit', () => {
  const given = { kind: 'given', model: 'bg-nbd', unit: 'week', source: 'JSON' } as const
  const rest = { alpha: 4, a: 1, b: 2 }
  const changed = (r: unknown) => changeUnit(bgNbd, { ...given, values: { ...rest, r } } as never, 'day')
  expect(refusal(() => changed('x'))).toBe('wrong-type $.parameters.values.r')
  expect(refusal(() => changed(-1))).toBe('out-of-range $.parameters.values.r')
  expect(refusal(() => changed(undefined))).toBe('missing $.parameters.values.r')
  expect(
    refusal(() => changeUnit(bgNbd, { ...given, values: { ...rest, r: 1, alpha: 1e308 } }, 'hour')),
  ).toBe('out-of-range $.parameters.values.alpha')
  for (const [change, path] of [
    [{ estimates: undefined }, '$.parameters.estimates'],
    [{ estimates: { r } }, '$.parameters.estimates.alpha'],
    [{ estimates: { ...fit.estimates, r: { value: r.value } } }, '$.parameters.estimates.r.standardError'],
    [{ covariance: {} }, '$.parameters.covariance'],
    [{ covariance: [[1, 0]] }, '$.parameters.covariance'],
    [
      {
        covariance: [
          [1, 'x'],
          ['x', 1],
        ],
      },
      '$.parameters.covariance[0][1]',
    ],
    [{ unit: 'opportunity' }, '$.parameters.unit'],
  ] as const)
    expect(refusal(() => changeUnit(nbd, stored(change) as never, 'day')).split(' ')[1]).toBe(path)
})

test('parameters have a unit in which their model counts', () => {
  const told = (unit: string) => ({ unit, source: 'a plan' }) as never
  const one = (work: () => unknown) => refusal(work)
  expect(one(() => parameters(nbd, { r: 1, alpha: 1 }, told('opportunity')))).toBe('out-of-range $.told.unit')
  expect(one(() => parameters(paretoNbd, { r: 1, alpha: 1, s: 1, beta: 1 }, told('opportunity')))).toBe(
    'out-of-range $.told.unit',
  )
  expect(one(() => parameters(exponentialGamma, { r: 1, alpha: 1 }, told('opportunity')))).toBe(
    'out-of-range $.told.unit',
  )
  expect(one(() => parameters(bgBb, { alpha: 1, beta: 1, gamma: 1, delta: 1 }, told('week')))).toBe(
    'out-of-range $.told.unit',
  )
  expect(parameters(sbg, { alpha: 1, beta: 1 }, told('year')).unit).toBe('year')
  expect(parameters(gammaGamma, { p: 6, q: 4, v: 15 }, told('week')).unit).toBe('week')
})
