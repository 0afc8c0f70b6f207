import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { type CoxModel, fitCox } from '../../src/measures/cox/cox.js'
import type { CoxRecord } from '../../src/measures/cox/subjects.js'

const read = (name: string) =>
  JSON.parse(readFileSync(new URL(`../fixtures/r-survival-cox/${name}.json`, import.meta.url), 'utf8'))

type Row = readonly [time: number, event: number, ...covariates: readonly number[]]

const recordsOf = ({ covariates, rows }: { covariates: readonly string[]; rows: readonly Row[] }) =>
  rows.map(([time, event, ...values]) => ({
    time,
    event: event === 1,
    covariates: Object.fromEntries(covariates.map((name, k) => [name, values[k]!])),
  }))

function fitted(records: readonly CoxRecord[], ties: 'efron' | 'breslow'): CoxModel {
  const answer = fitCox(records, { ties })
  if (answer.kind !== 'estimate') throw new Error(answer.reason)
  return answer
}

const close = (found: readonly number[], expected: number | readonly number[], relative = 1e-6) => {
  const all = [expected].flat()
  expect(found).toHaveLength(all.length)
  for (const [i, one] of all.entries())
    expect(Math.abs(found[i]! - one)).toBeLessThanOrEqual(relative * Math.abs(one))
}

describe.each(['aml', 'freireich', 'lung'])('%s', (name) => {
  const data = read(name)
  test.each(['efron', 'breslow'] as const)('%s is what R says', (ties) => {
    const model = fitted(recordsOf(data), ties)
    const r = data[ties]
    const { coefficients, concordance } = model
    const ratios = coefficients.map(({ hazardRatio }) => {
      if (hazardRatio.kind !== 'estimate') throw new Error(hazardRatio.reason)
      return hazardRatio
    })
    close(
      coefficients.map(({ coefficient }) => coefficient),
      r.coef,
    )
    close(
      coefficients.map(({ standardError }) => standardError),
      r.se,
    )
    close(
      coefficients.map(({ z }) => z),
      r.z,
    )
    close(
      coefficients.map(({ p }) => p),
      r.p,
    )
    close(
      ratios.map(({ value }) => value),
      r.exp_coef,
    )
    close(
      ratios.map(({ interval }) => interval.low),
      r.hr_lower95,
    )
    close(
      ratios.map(({ interval }) => interval.high),
      r.hr_upper95,
    )
    close([model.logLikelihood.none, model.logLikelihood.fitted], r.loglik)
    close([model.likelihoodRatio.statistic, model.likelihoodRatio.df, model.likelihoodRatio.p], r.lrt)
    close([model.score.statistic, model.score.df, model.score.p], r.score)
    // R rounds the statistic, not its p.
    expect(Math.abs(model.wald.statistic - r.wald[0])).toBeLessThanOrEqual(0.00500001)
    close([model.wald.df, model.wald.p], r.wald.slice(1))
    expect([model.records, model.events]).toEqual([r.n, r.nevent])
    if (concordance.kind !== 'estimate') throw new Error(concordance.reason)
    close([concordance.value, concordance.standardError], r.concordance)
  })
})

test('the published hazard ratios of placebo against 6-MP', () => {
  const placebo = recordsOf(read('freireich')).map(({ covariates, ...one }) => ({
    ...one,
    covariates: { placebo: 1 - covariates['treated']! },
  }))
  const [efron, breslow] = (['efron', 'breslow'] as const).map((ties) => {
    const ratio = fitted(placebo, ties).coefficients[0]!.hazardRatio
    return ratio.kind === 'estimate' ? ratio.value.toFixed(2) : ratio.reason
  })
  expect([efron, breslow]).toEqual(['4.82', '4.52'])
})

/** Logarithms of partial likelihoods in the coefficient b and r = e^b, and their slopes. */
const byHand: Readonly<
  Record<string, Record<'efron' | 'breslow', readonly ((b: number, r: number) => number)[]>>
> = {
  'from the beginning': {
    breslow: [
      (b, r) => 2 * b - Math.log(3 * r + 3) - 2 * Math.log(r + 3),
      (_, r) => 2 - r / (r + 1) - (2 * r) / (r + 3),
    ],
    efron: [
      (b, r) => 2 * b - Math.log(3 * r + 3) - Math.log(r + 3) - Math.log((r + 5) / 2),
      (_, r) => 2 - r / (r + 1) - r / (r + 3) - r / (r + 5),
    ],
  },
  'late entry': {
    breslow: [
      (b, r) => 4 * b - Math.log(r + 1) - Math.log(r + 2) - 3 * Math.log(3 * r + 2) - 2 * Math.log(3 * r + 1),
      (_, r) => 4 - r / (r + 1) - r / (r + 2) - (9 * r) / (3 * r + 2) - (6 * r) / (3 * r + 1),
    ],
    efron: [
      (b, r) =>
        4 * b -
        2 * Math.log(r + 1) -
        Math.log(r + 2) -
        2 * Math.log(3 * r + 2) -
        2 * Math.log(3 * r + 1) -
        Math.log(2),
      (_, r) => 4 - (2 * r) / (r + 1) - r / (r + 2) - (6 * r) / (3 * r + 2) - (6 * r) / (3 * r + 1),
    ],
  },
  strata: {
    breslow: [
      (b, r) => 4 * b - 2 * Math.log(r + 1) - Math.log(r * r + 1) - 2 * Math.log(r + 2),
      (_, r) => 4 - (2 * r) / (r + 1) - (2 * r * r) / (r * r + 1) - (2 * r) / (r + 2),
    ],
    efron: [
      (b, r) => 4 * b - 2 * Math.log(r + 1) - Math.log(r * r + 1) - Math.log(r + 2) - Math.log((r + 3) / 2),
      (_, r) => 4 - (2 * r) / (r + 1) - (2 * r * r) / (r * r + 1) - r / (r + 2) - r / (r + 3),
    ],
  },
}

describe('what can be written out by hand', () => {
  const hand = read('hand')
  test.each(Object.keys(byHand))('%s', (name) => {
    const data = hand[name]
    const records = data.time.map((time: number, i: number) => ({
      time,
      event: data.event[i] === 1,
      covariates: { x: data.x[i] },
      ...(data.entry && { entry: data.entry[i] }),
      ...(data.stratum && { stratum: data.stratum[i] }),
    }))
    for (const ties of ['efron', 'breslow'] as const) {
      const [value, slope] = byHand[name]![ties]
      const model = fitted(records, ties)
      const b = model.coefficients[0]!.coefficient
      expect(model.logLikelihood.fitted).toBeCloseTo(value!(b, Math.exp(b)), 12)
      expect(model.logLikelihood.none).toBeCloseTo(value!(0, 1), 12)
      expect(slope!(b, Math.exp(b))).toBeCloseTo(0, 12)
      const bend = (slope!(b - 1e-5, Math.exp(b - 1e-5)) - slope!(b + 1e-5, Math.exp(b + 1e-5))) / 2e-5
      expect(model.covariance[0]![0]! * bend).toBeCloseTo(1, 8)
    }
  })

  test('Breslow, from the beginning: r = (3 + sqrt 33) / 2', () => {
    const { time, event, x } = hand['from the beginning']
    const records = time.map((t: number, i: number) => ({
      time: t,
      event: event[i] === 1,
      covariates: { x: x[i] },
    }))
    expect(Math.exp(fitted(records, 'breslow').coefficients[0]!.coefficient)).toBeCloseTo(
      (3 + Math.sqrt(33)) / 2,
      12,
    )
  })
})
