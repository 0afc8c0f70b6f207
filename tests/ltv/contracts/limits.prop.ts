// Tenures known to the moment whose likelihood is highest at a limit are told so without a search, and only those.
import fc from 'fast-check'
import { random } from 'liuliang'
import { type ContractRecord, contractTable, exponentialGamma, fitModel, weibullGamma } from 'liuliang/ltv'
import { describe, expect, test } from 'vitest'
import { runs } from '../../support/size.js'
import { highestFromOutside } from '../support/outside-check.js'

const models = { exponentialGamma, weibullGamma } as const

const tableOf = (customers: readonly ContractRecord[]) => contractTable({ unit: 'day', customers })

/** Watched for 30 to 60 days. */
function watched(customers: number, time: (chance: number) => number, seed = random('limits')) {
  return Array.from({ length: customers }, (): ContractRecord => {
    const [until, left] = [60 - 30 * seed.next(), time(1 - seed.next())]
    return left <= until ? { time: left, event: true } : { time: until, event: false }
  })
}

describe('what data are likeliest at a limit', () => {
  // Even shares of a Weibull, which differ less than chance makes them.
  const even = Array.from({ length: 400 }, (_, i) => 30 * Math.sqrt(-Math.log((i + 0.5) / 400)))
  const weibull = even.map((time): ContractRecord => ({ time: Math.min(time, 55), event: time < 55 }))

  test('people who are alike: the Weibull curve, with its likelihood', () => {
    const fit = fitModel(weibullGamma, tableOf(weibull))
    if (fit.kind === 'fitted') return expect.fail('fitted')
    expect(fit.reason).toBe('all-leave-alike')
    expect(fit.search).toEqual({ starts: 0, passes: 0 })
    const [, theta, c] = /t \/ ([\d.]+)\)\^([\d.]+)/.exec(fit.next.en)!.map(Number)
    // Of no model here: rate and survival of a Weibull, its scale where the likelihood is highest.
    const left = weibull.filter(({ event }) => event)
    const curve = (shape: number) => {
      const scale = (weibull.reduce((sum, { time }) => sum + time ** shape, 0) / left.length) ** (1 / shape)
      const rates = left.reduce(
        (sum, { time }) => sum + Math.log((shape / scale) * (time / scale) ** (shape - 1)),
        0,
      )
      return { shape, scale, value: rates - left.length }
    }
    const best = Array.from({ length: 601 }, (_, i) => curve(1.5 + i / 400)).reduce((most, one) =>
      one.value > most.value ? one : most,
    )
    expect(c).toBeCloseTo(best.shape, 2)
    expect(theta).toBeCloseTo(best.scale, 1)
    expect(fit.seen!.logLikelihood).toBeCloseTo(best.value, 2)
  })

  test.each([
    [
      'one rate for all',
      exponentialGamma,
      watched(400, (chance) => -30 * Math.log(chance) + 2),
      'all-leave-alike',
    ],
    ['a rate that rises', exponentialGamma, weibull, 'all-leave-alike'],
    [
      'nobody before a minimum term, few after',
      weibullGamma,
      [...watched(2000, () => Infinity), ...[20, 21, 24, 33].map((time) => ({ time, event: true }))],
      'none-leave-before',
    ],
    ['all on one day', weibullGamma, Array(9).fill({ time: 12, event: true }), 'left-at-one-tenure'],
    [
      'all of one day, and late ones came under observation later',
      weibullGamma,
      Array(9).fill({ time: 12, event: true, entry: 3 }),
      'left-at-one-tenure',
    ],
  ] as const)('%s', (_, model, customers, reason) => {
    const fit = fitModel(model as typeof weibullGamma, tableOf(customers))
    expect(fit.kind === 'fitted' ? fit.values : fit.reason).toBe(reason)
    expect(fit.search.passes).toBe(0)
  })

  test('hardly any leaving is no limit where it tells the parameters', () => {
    const customers = [...watched(5000, () => Infinity), { time: 20, event: true }, { time: 3, event: true }]
    expect(fitModel(exponentialGamma, tableOf(customers)).kind).toBe('fitted')
  })

  test('is named of readings too, after a search', () => {
    const cohorts = [{ cohort: 'a', readings: [0, 10, 20, 30, 40], survivors: [1000, 960, 851, 690, 510] }]
    const fit = fitModel(weibullGamma, contractTable({ unit: 'day', cohorts }))
    expect(fit.kind === 'fitted' ? fit.values : fit.reason).toBe('all-leave-alike')
    expect(fit.search.passes).toBeGreaterThan(10)
  })
})

test('nothing anywhere is likelier than a limit that was told without a search', () => {
  const times = fc.array(
    fc.record({
      time: fc.double({ min: 0.01, max: 50, noNaN: true }),
      event: fc.boolean(),
      late: fc.double({ min: 0, max: 0.9, noNaN: true }),
    }),
    { minLength: 3, maxLength: 40 },
  )
  fc.assert(
    fc.property(
      times,
      fc.boolean(),
      fc.constantFrom('exponentialGamma', 'weibullGamma'),
      (all, late, name) => {
        const model = models[name] as typeof weibullGamma
        const data = tableOf(
          all.map(({ time, event, late: share }) => ({ time, event, entry: late ? share * time : 0 })),
        )
        const fit = fitModel(model, data)
        if (fit.kind === 'fitted' || fit.seen === undefined || fit.search.passes > 0) return
        const around = name === 'weibullGamma' ? { r: 1, scale: 10, c: 1.5 } : { r: 1, alpha: 10 }
        const effort = { directions: 60, scatter: 40, simplexes: 2 }
        const { value } = highestFromOutside(model, data, around, random('limits'), effort)
        expect(value).toBeLessThan(fit.seen.logLikelihood + 0.2)
      },
    ),
    { numRuns: runs(25, 2000) },
  )
})
