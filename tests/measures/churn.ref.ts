import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import {
  type ChurnModel,
  type ChurnParameters,
  churnLogLikelihood,
  churnRetention,
  churnSurvival,
  fitChurnModel,
  lnBetaRatio,
} from '../../src/measures/index.js'

// See fixtures/clv-churn/SOURCE.md.
const read = (path: string) =>
  JSON.parse(readFileSync(new URL(`../fixtures/clv-churn/${path}`, import.meta.url), 'utf8'))

interface Values {
  readonly alpha: number
  readonly beta: number
  readonly c?: number
}
const { survivors, published, fits, formulas } = read('fits.json') as {
  survivors: Record<string, readonly number[]>
  published: readonly { model: string; data: string; values: Values & { logLikelihood?: number } }[]
  fits: readonly {
    model: string
    segment: string
    yearsUsed: number
    params: Values
    logLikelihood: number
    standardErrors: Values
    covarianceLogParams: readonly (readonly number[])[]
    aic: number
    bic: number
    projectedSurvivalPct: readonly number[]
  }[]
  formulas: readonly {
    params: Values
    survival: Record<string, number>
    retention: Record<string, number>
  }[]
}

const named = (model: string): ChurnModel =>
  model === 'sbg' ? 'shifted-beta-geometric' : 'beta-discrete-weibull'

const parametersOf = ({ alpha, beta, c }: Values): ChurnParameters =>
  c === undefined || c === 1
    ? { model: 'shifted-beta-geometric', alpha, beta }
    : { model: 'beta-discrete-weibull', alpha, beta, shape: c }

const off = (ours: number, theirs: number) => Math.abs(ours / theirs - 1)

function fitOf(model: ChurnModel, segment: string, years: number) {
  const cohorts = [{ cohort: segment, survivors: survivors[segment]!.slice(0, years + 1) }]
  const fit = fitChurnModel({ model, cohorts })
  if (fit.kind === 'undefined') throw new Error(fit.reason)
  return { fit, cohorts }
}

test('the ratio of two beta functions, to 1e-14 relative', () => {
  const rows = read('beta-ratio.json').rows as readonly (readonly [number, number, number, string])[]
  expect(rows.length).toBeGreaterThan(200)
  const errors = rows.map(([a, b, x, value]) => off(lnBetaRatio(a, b, x), Number(value)))
  expect(Math.max(...errors)).toBeLessThan(1e-14)
})

describe('formulas at given parameters, to 1e-13 relative', () => {
  test.each(formulas)('$params', ({ params, survival, retention }) => {
    const parameters = parametersOf(params)
    for (const [t, value] of Object.entries(survival))
      expect(off(churnSurvival(parameters, Number(t)), value)).toBeLessThan(1e-13)
    for (const [t, value] of Object.entries(retention))
      expect(off(churnRetention(parameters, Number(t)), value)).toBeLessThan(1e-13)
  })
})

/**
 * What was measured: log-likelihood within 1e-9, parameters and standard errors within 1e-8 relative; the limits below
 * are what the other program's differences can be held to.
 */
describe('the optimum found by another program', () => {
  test.each(fits)('$model of the $segment segment, years 0 to $yearsUsed', (their) => {
    const { fit, cohorts } = fitOf(named(their.model), their.segment, their.yearsUsed)
    const { alpha, beta, c } = their.params
    const expected = { alpha, beta, ...(c === undefined ? {} : { shape: c }) }
    expect(Object.keys(fit.estimates)).toEqual(Object.keys(expected))
    for (const [name, value] of Object.entries(expected))
      expect(off(fit.estimates[name]!.value, value)).toBeLessThan(1e-7)
    expect(Math.abs(fit.logLikelihood - their.logLikelihood)).toBeLessThan(1e-8)
    expect(Math.abs(churnLogLikelihood(fit.parameters, cohorts) - their.logLikelihood)).toBeLessThan(1e-8)
    const errors = Object.values(their.standardErrors)
    for (const [i, one] of Object.values(fit.estimates).entries())
      expect(off(one.standardError, errors[i]!)).toBeLessThan(1e-6)
    for (const [i, row] of their.covarianceLogParams.entries())
      for (const [j, value] of row.entries()) expect(off(fit.covariance[i]![j]!, value)).toBeLessThan(1e-6)
    expect(Math.abs(fit.aic - their.aic)).toBeLessThan(1e-7)
    expect(Math.abs(fit.bic - their.bic)).toBeLessThan(1e-7)
    for (const [year, percent] of their.projectedSurvivalPct.entries())
      expect(off(100 * churnSurvival(fit.parameters, year), percent)).toBeLessThan(1e-8)
  })
})

describe('figures as printed, to half of their last digit', () => {
  test.each(published)('$model, $data', ({ model, data, values }) => {
    const [, segment, years] = /\((\w+), years 0-(\d+)/.exec(data)!
    const { fit } = fitOf(named(model), segment!, Number(years))
    const { alpha, beta, c, logLikelihood } = values
    expect(fit.estimates['alpha']!.value).toBeCloseTo(alpha, 3)
    if (c === undefined) expect(fit.estimates['beta']!.value).toBeCloseTo(beta, 3)
    else {
      // Quoted from memory: 1.7226 would round to 1.723.
      expect(Math.abs(fit.estimates['beta']!.value - beta)).toBeLessThan(0.001)
      expect(fit.estimates['shape']!.value).toBeCloseTo(c, 3)
    }
    if (logLikelihood !== undefined) expect(Math.abs(fit.logLikelihood - logLikelihood)).toBeLessThan(0.05)
  })
})
