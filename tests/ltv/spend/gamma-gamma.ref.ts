// Numbers from other programs and from integrals at 50 digits; origins in tests/fixtures/clv-spend/SOURCE.md.
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import {
  expectedSpend,
  gammaGamma,
  gammaGammaAnyQ,
  parameters,
  spendCorrelation,
  spendTable,
} from '../../../src/ltv/index.js'
import { absent, skipped, spendOf } from '../support/data-sets.js'
import { highest } from '../support/highest.js'
import { dataOf } from '../support/simulated.js'

const read = (name: string) =>
  JSON.parse(readFileSync(new URL(`../../fixtures/clv-spend/${name}.json`, import.meta.url), 'utf8'))
interface Peer {
  readonly program: string
  readonly params: { readonly p: number; readonly q: number; readonly v: number }
  readonly populationMean?: number
  readonly newCustomerSpend?: number
  readonly customers: readonly { readonly x: number; readonly mean: number; readonly expectedSpend: number }[]
}
const reference = read('reference')
const off = (ours: number, exact: number) => Math.abs(ours / exact - 1)

describe('formulas at given parameters', () => {
  for (const set of reference.highPrecision) {
    test(`p ${set.params.p}, q ${set.params.q}, v ${set.params.v}: within 1e-12`, () => {
      expect(off(gammaGamma.newcomer(set.params).mean, set.populationMean)).toBeLessThan(1e-14)
      for (const { x, zbar, logLikelihood, expectedSpend: expected } of set.customers) {
        const own = { purchases: x, mean: zbar }
        expect(off(gammaGamma.lnDensity(set.params, own), logLikelihood)).toBeLessThan(1e-12)
        expect(off(gammaGamma.after(set.params, own).mean, expected)).toBeLessThan(1e-14)
      }
    })
  }

  test('integrals over the customers that are left, from p x = 0.001 to 1e9: within 1e-11', () => {
    const cases = read('values')
    expect(cases.length).toBeGreaterThan(40)
    for (const { p, q, v, x, m, lnDensity, mean, variance } of cases) {
      const own = { purchases: x, mean: x === 0 ? null : m }
      const what = JSON.stringify({ p, q, v, x, m })
      const density = gammaGammaAnyQ.lnDensity({ p, q, v }, own)
      // The logarithm's absolute error is the relative one of the density; beyond e^1000 the logarithm's own digits count.
      const size = Math.max(1, Math.abs(lnDensity) / 1000)
      expect(Math.abs(density - lnDensity) / size, what).toBeLessThan(1e-11)
      if (x > 0) {
        const table = spendTable([own])
        const value = gammaGammaAnyQ.likelihood(table).value([p, q, v])
        expect(Math.abs(value - lnDensity) / size, what).toBeLessThan(1e-11)
      }
      const known = gammaGammaAnyQ.after({ p, q, v }, own)
      if (mean === undefined) expect(known.mean).toBe(Infinity)
      else expect(off(known.mean, mean), what).toBeLessThan(1e-12)
      if (variance === undefined) expect(known.variance).toBe(Infinity)
      else expect(off(known.variance, variance), what).toBeLessThan(1e-12)
    }
  })

  test('densities of BTYD: within 1e-10', () => {
    const { params, marginalDensity } = reference.peers.btyd
    for (const { x, zbar, density } of marginalDensity.rows)
      expect(off(Math.exp(gammaGamma.lnDensity(params, { purchases: x, mean: zbar })), density)).toBeLessThan(
        1e-10,
      )
  })

  for (const [name, peer] of Object.entries<Peer>(reference.peers)) {
    test(`expected spend of ${name}: within 1e-10`, () => {
      const own = parameters(gammaGamma, peer.params, { unit: 'week', source: peer.program })
      expect(peer.customers.length).toBeGreaterThan(9)
      for (const { x, mean, expectedSpend: expected } of peer.customers) {
        const spend = expectedSpend(gammaGamma, own, { purchases: x, mean })
        expect(spend.kind === 'estimate' && off(spend.value, expected)).toBeLessThan(1e-10)
      }
      const population = peer.populationMean ?? peer.newCustomerSpend
      expect(off(gammaGamma.newcomer(peer.params).mean, population!)).toBeLessThan(1e-10)
    })
  }
})

// Fits are in estimation/programs.ref.ts.
test('q may be anything above 0: the same where it is above 1', () => {
  const [bound, free] = [gammaGamma, gammaGammaAnyQ].map(
    (model) => highest(model, dataOf['gamma-gamma']()).found!,
  )
  expect(off(free!.values.q, bound!.values.q)).toBeLessThan(1e-6)
})

test.skipIf(absent)(`spend and number of purchases hardly go together in CDNOW ${skipped}`, () => {
  const correlation = spendCorrelation(spendOf('cdnow', 'published'))!
  expect(off(correlation, reference.peers.lifetimes.correlationFrequencyMonetary)).toBeLessThan(1e-10)
})
