import { describe, expect, test } from 'vitest'
import { bgBb } from '../../../src/ltv/purchases/bg-bb/bg-bb.js'
import { ggompertzNbd } from '../../../src/ltv/purchases/gompertz/ggompertz-nbd.js'
import { nbd } from '../../../src/ltv/purchases/nbd.js'
import { absent, donations, skipped, tableOf } from '../support/data-sets.js'
import { read, searched, worstOf } from './support/searched.js'

/** See fixtures/clv-buying-peers/SOURCE.md for where each number comes from. */
const peers = read('clv-buying-peers/values.json')

interface Told {
  readonly x: number
  readonly tx: number
  readonly n: number
}
const at = ({ x, tx, n }: Told) => ({
  unit: 'opportunity' as const,
  repeatCount: x,
  lastPurchaseAge: tx,
  age: n,
})
const week = (told: { x: number; tx?: number; T: number }) => ({
  unit: 'week' as const,
  repeatCount: told.x,
  lastPurchaseAge: told.tx ?? (told.x > 0 ? told.T : 0),
  age: told.T,
})
type ByKey = Readonly<Record<string, number>>

describe('BG/BB', () => {
  test('has the 24-digit values at given parameters, gamma = 1 among them', () => {
    const pairs: [number, number][] = []
    for (const { params, customers } of peers.exactBgBb) {
      for (const customer of customers) {
        const history = at(customer)
        const after = bgBb.after(params, history)
        pairs.push([
          bgBb.historyLikelihood(history).value(Object.values(params as ByKey)),
          customer.logLikelihood,
        ])
        for (const [time, exact] of Object.entries(customer.pAliveAt as ByKey)) {
          pairs.push([Math.exp(after.lnAliveAfter(Number(time))), exact])
        }
        for (const [time, exact] of Object.entries(customer.expectedPurchases as ByKey)) {
          pairs.push([after.expected(Number(time)), exact])
        }
        for (const [d, exact] of Object.entries(customer.dert as ByKey)) {
          pairs.push([after.discounted(Number.POSITIVE_INFINITY, Math.log1p(Number(d))), exact])
        }
      }
    }
    expect(pairs.length).toBe(108)
    expect(worstOf(pairs)).toBeLessThan(2e-14)
  })

  test('agrees with lifetimes on the donations data', () => {
    const told = peers['lifetimes-donations-bg-bb']
    const pairs: [number, number][] = []
    for (const row of told.rows) {
      const after = bgBb.after(told.params, at(row))
      for (const [time, theirs] of Object.entries(row.expectedPurchases as ByKey)) {
        pairs.push([after.expected(Number(time)), theirs])
      }
      for (const [time, theirs] of Object.entries(row.pAliveAfter as ByKey)) {
        pairs.push([Math.exp(after.lnAliveAfter(Number(time))), theirs])
      }
    }
    // Its likelihood has a floor of 1e-15, which shows from 1e-9 on.
    expect(worstOf(pairs)).toBeLessThan(1e-8)
    const newcomer = bgBb.newcomer(told.params)
    const counts = Object.entries(told.expectedCustomersByFrequency as ByKey)
    expect(
      worstOf(counts.map(([n, theirs]) => [11104 * Math.exp(newcomer.lnChanceOf(Number(n), 0, 6)), theirs])),
    ).toBeLessThan(1e-10)
  })

  test('agrees with BTYD on the donations data: DERT, chances of intervals and posterior means', () => {
    const told = peers['btyd-donations-bg-bb']
    const newcomer = bgBb.newcomer(told.params)
    const pairs: [number, number][] = [
      ...Object.entries(told.expectedTransactions as ByKey).map(([time, theirs]): [number, number] => [
        newcomer.expected(Number(time)),
        theirs,
      ]),
      ...(told.pmf.p as number[]).map((theirs, n): [number, number] => [
        Math.exp(newcomer.lnChanceOf(n, 0, told.pmf.n)),
        theirs,
      ]),
      ...(told.intervalPmf.p as number[]).map((theirs, n): [number, number] => [
        Math.exp(newcomer.lnChanceOf(n, told.intervalPmf.n, told.intervalPmf.n + told.intervalPmf.nStar)),
        theirs,
      ]),
    ]
    for (const row of told.rows) {
      const history = at(row)
      const after = bgBb.after(told.params, history)
      pairs.push(
        [bgBb.historyLikelihood(history).value(Object.values(told.params)), row.logLikelihood],
        // Its "alive" is at the next opportunity.
        [Math.exp(after.lnAliveAfter(1)), row.pAliveNext],
        [after.discounted(Number.POSITIVE_INFINITY, Math.log1p(told.dertDiscount)), row.dert],
        [after.rates.p!.mean, row.posteriorMeanTransactionRate],
        [after.rates.theta!.mean, row.posteriorMeanDropoutRate],
      )
      for (const [time, theirs] of Object.entries(row.expectedPurchases as ByKey)) {
        pairs.push([after.expected(Number(time)), theirs])
      }
    }
    expect(worstOf(pairs)).toBeLessThan(1e-11)
  })

  test.skipIf(absent)(`finds the optimum of the donations data from every start ${skipped}`, () => {
    const optimum = peers.optima.find(({ model }: { model: string }) => model === 'bg-bb')
    const table = donations()
    expect(table.count.length).toBe(22)
    for (const start of bgBb.starts(table)) {
      const { found, values, logLikelihood } = searched(bgBb, table, start)
      expect(found.kind).toBe('optimum')
      expect(Math.abs(logLikelihood - optimum.logLikelihood)).toBeLessThan(1e-6)
      expect(worstOf(bgBb.parameters.map((name) => [values[name], optimum.params[name]]))).toBeLessThan(1e-4)
      if (found.kind !== 'optimum') continue
      expect(
        worstOf(
          bgBb.parameters.map((name, k) => [
            values[name] * Math.sqrt(found.covariance[k]![k]!),
            optimum.standardErrors[name],
          ]),
        ),
      ).toBeLessThan(1e-3)
      expect(bgBb.edge(table, values)).toBeUndefined()
    }
  })
})

describe('NBD', () => {
  test('agrees with BTYDplus on CDNOW', () => {
    const told = peers['btydplus-cdnow-nbd']
    const pairs: [number, number][] = []
    for (const customer of told.customers) {
      const after = nbd.after(told.params, week(customer))
      for (const [time, theirs] of Object.entries(customer.expectedPurchases as ByKey)) {
        pairs.push([after.expected(Number(time)), theirs])
      }
    }
    expect(pairs.length).toBe(120)
    expect(worstOf(pairs)).toBeLessThan(1e-12)
  })
})

describe('GGompertz/NBD', () => {
  const names = [
    'clvtools-cdnow-ggom-nbd',
    'clvtools-apparel-ggom-nbd',
    'clvtools-apparel-ggom-nbd-staticcov',
  ]
  test.each(names)('agrees with CLVTools at its parameters: %s', (name) => {
    const told = peers[name]
    const own = (covariates: ByKey | undefined) => {
      const { r, alpha, b, s, beta } = told.params
      const values = { r, alpha, b, s, beta }
      if (covariates === undefined) return values
      // The model says which parameters covariates move, and which way.
      for (const [process, effects] of [
        ['trans', ggompertzNbd.effects!.buying],
        ['life', ggompertzNbd.effects!.leaving],
      ] as const) {
        for (const { parameter, sign } of effects) {
          for (const [covariate, z] of Object.entries(covariates)) {
            values[parameter] *= Math.exp(sign * told.params[`${process}.${covariate}`] * z)
          }
        }
      }
      return values
    }
    const alive: [number, number][] = []
    const expected: [number, number][] = []
    const chances: [number, number][] = []
    for (const customer of told.customers) {
      const values = own(customer.covariates)
      const after = ggompertzNbd.after(values, week(customer))
      alive.push([Math.exp(after.lnAlive), customer.pAlive])
      for (const [time, theirs] of Object.entries(customer.expectedPurchases as ByKey)) {
        expected.push([after.expected(Number(time)), theirs])
      }
      for (const [n, theirs] of (told.pmf[customer.id] as number[]).entries()) {
        chances.push([Math.exp(ggompertzNbd.newcomer(values).lnChanceOf(n, 0, customer.T)), theirs])
      }
    }
    expect(alive.length).toBeGreaterThanOrEqual(20)
    expect(worstOf(alive)).toBeLessThan(1e-10)
    expect(worstOf(chances)).toBeLessThan(1e-10)
    // Theirs is integrated to about six digits.
    expect(worstOf(expected)).toBeLessThan(2e-5)
    if (told.newCustomer === null) return
    const newcomer = ggompertzNbd.newcomer(own(undefined))
    const first = Object.entries(told.newCustomer as ByKey)
    expect(
      worstOf(first.map(([time, theirs]) => [1 + newcomer.expected(Number(time)), theirs])),
    ).toBeLessThan(1e-10)
  })

  test.skipIf(absent)(
    `tells that CDNOW lies at the boundary that is Pareto/NBD, as CLVTools does not ${skipped}`,
    () => {
      const told = peers['clvtools-cdnow-ggom-nbd']
      const table = tableOf('cdnow', 'rounded')
      const { data, lnShift, by } = ggompertzNbd.rescaled(table)
      const { found, values, logLikelihood } = searched(ggompertzNbd, data, {
        r: 0.5,
        alpha: 0.3,
        b: 0.01,
        s: 0.6,
        beta: 0.004,
      })
      expect(found.kind).toBe('not-an-optimum')
      expect(ggompertzNbd.edge(data, values)).toMatchObject({
        reason: 'gompertz-is-pareto',
        instead: 'pareto-nbd',
      })
      // The log-likelihood and the scale of Pareto/NBD in the papers, of the same two-decimal table.
      expect(logLikelihood - lnShift).toBeCloseTo(-9594.974, 3)
      expect((values.beta / values.b) * by).toBeCloseTo(11.668, 1)
      // Where their search stopped is the same boundary.
      expect(ggompertzNbd.edge(table, told.params)?.reason).toBe('gompertz-is-pareto')
      expect(ggompertzNbd.likelihood(table).value(Object.values(told.params))).toBeCloseTo(-9594.974, 3)
    },
  )
})
