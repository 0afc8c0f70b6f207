import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { type CoxModel, fitCox } from '../../src/measures/cox/cox.js'
import { testProportionalHazards } from '../../src/measures/cox/proportionality.js'
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

describe('what can be derived by hand', () => {
  const hand = read('hand')
  test.each(['from the beginning', 'late entry', 'strata'])('%s', (name) => {
    const data = hand[name]
    const records = data.time.map((time: number, i: number) => ({
      time,
      event: data.event[i] === 1,
      covariates: { x: data.x[i] },
      ...(data.entry && { entry: data.entry[i] }),
      ...(data.stratum && { stratum: data.stratum[i] }),
    }))
    for (const ties of ['efron', 'breslow'] as const) {
      const expected = data[ties]
      if (expected === undefined) continue
      const model = fitted(records, ties)
      const near = (found: number, value: number) => {
        const digits = String(value).split('.')[1]!.length
        expect(Math.abs(found - value)).toBeLessThanOrEqual(0.51 * 10 ** -digits)
      }
      near(model.coefficients[0]!.coefficient, expected.coef)
      if (expected.se) near(model.coefficients[0]!.standardError, expected.se)
      if (expected.loglik) {
        near(model.logLikelihood.none, expected.loglik[0])
        near(model.logLikelihood.fitted, expected.loglik[1])
      }
    }
  })

  test('whether effects stay proportional, in lung', () => {
    const loss: readonly (number | null)[] = read('lung-weight-loss')
    const records = recordsOf(read('lung')).flatMap((one, i) =>
      loss[i] === null ? [] : [{ ...one, covariates: { ...one.covariates, 'weight-loss': loss[i]! } }],
    )
    const found = testProportionalHazards(records)
    if (found.kind !== 'estimate') throw new Error(found.reason)
    expect(
      found.covariates.map(({ name, statistic, p }) => [
        name,
        Number(statistic.toFixed(4)),
        Number(p.toFixed(2)),
      ]),
    ).toEqual(hand.proportionality.covariates)
    expect([found.global.statistic.toFixed(4), found.global.p.toFixed(2), found.global.df]).toEqual([
      ...hand.proportionality.global.map(String),
      3,
    ])
  })
})
