// The driver against a tight optimum of the same likelihood by another program, and against a peer's penalized fits.
import { fitModel, penalties } from 'liuliang/ltv'
import { describe, expect, test } from 'vitest'
import { cdnow, cdnowTable } from '../support/cdnow.js'
import { plainBgNbd } from '../support/plain-bg-nbd.js'

const names = ['r', 'alpha', 'a', 'b'] as const

describe('BG/NBD on CDNOW', () => {
  const fit = fitModel(plainBgNbd, cdnowTable())
  if (fit.kind !== 'fitted') throw new Error(fit.reason)

  test('is the optimum of an independent program', () => {
    const { params, standardErrors, logLikelihood } = cdnow.bgNbd
    expect(Math.abs(fit.logLikelihood - logLikelihood)).toBeLessThan(1e-6)
    for (const name of names) {
      expect(Math.abs(fit.values[name] / params[name] - 1)).toBeLessThan(1e-6)
      expect(Math.abs(fit.estimates[name]!.standardError / standardErrors[name] - 1)).toBeLessThan(1e-3)
    }
    expect(fit.size).toBe(2357)
    expect(fit.aic).toBeCloseTo(19172.8511, 3)
    expect(fit.bic).toBeCloseTo(19195.9117, 3)
    expect(fit.cautions).toEqual([])
  })

  test('takes few passes over the data', () => {
    expect(fit.search.passes).toBeLessThan(30)
  })

  test.each([
    ['hour', 168],
    ['day', 7],
    ['year', 168 / 8766],
  ] as const)('is the same in %s', (unit, by) => {
    const other = fitModel(plainBgNbd, cdnowTable(unit, by))
    if (other.kind !== 'fitted') throw new Error(other.reason)
    for (const name of names) {
      const scale = name === 'alpha' ? by : 1
      expect(Math.abs(other.values[name] / scale / fit.values[name] - 1)).toBeLessThan(1e-9)
      const [one, two] = [other, fit].map(({ estimates }) => estimates[name]!.standardError)
      expect(Math.abs(one! / scale / two! - 1)).toBeLessThan(1e-6)
    }
  })

  test.each(['0.1', '0.001'])('with penalties of %s is lifetimes with that penalizer', (coefficient) => {
    const given = cdnow.lifetimesPenalized[coefficient]!
    const priors = penalties(plainBgNbd, {
      coefficient: Number(coefficient),
      against: 'mean',
      size: 2357,
      longest: 38.86,
    })
    const penalized = fitModel(plainBgNbd, cdnowTable(), { priors })
    if (penalized.kind !== 'fitted') throw new Error(penalized.reason)
    for (const name of names)
      expect(Math.abs(penalized.values[name] / given.params[name] - 1)).toBeLessThan(1e-3)
    expect(Math.abs(penalized.logLikelihood - given.logLikelihood)).toBeLessThan(0.01)
    expect(penalized.priors).toEqual(['r', 'alpha', 'a', 'b'])
  })
})
