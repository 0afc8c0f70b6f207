import { describe, expect, test } from 'vitest'
import { exp, ln } from '../../../src/kernel/elementary.js'
import { bgNbd, mbgNbd } from '../../../src/ltv/index.js'
import { absent, skipped, tableOf } from '../support/data-sets.js'
import { listed, type Model, modelOf, type Parameters, programs, read } from './support/beta-geometric.js'

const models: Readonly<Record<string, Model>> = { 'bg-nbd': bgNbd, 'mbg-nbd': mbgNbd }
const history = (x: number, tx: number, T: number) =>
  ({ unit: 'week', repeatCount: x, lastPurchaseAge: tx, age: T }) as const

/** Relative; where a number below 1e-300 is given as text, the difference of logarithms, which is the same. */
function off(found: number, lnFound: number, exact: number | string): number {
  if (typeof exact === 'number') return Math.abs(found / exact - 1)
  const [digits, power] = exact.split('e')
  return Math.abs(lnFound - (ln(Number(digits)) + Number(power ?? 0) * Math.LN10))
}

/** fixtures/clv-bg-nbd/formulas.json: 24 digits, x to 2000, a = 1 and a + b + x <= 1 among them. */
describe('formulas to 1e-11', () => {
  interface Case {
    readonly params: Parameters
    readonly expectedPurchasesNewCustomer: Readonly<Record<string, number | string>>
    readonly probabilityOfNPurchases: {
      readonly t: number
      readonly p: Readonly<Record<string, number | string>>
    }
    readonly customers: readonly {
      readonly x: number
      readonly tx: number
      readonly T: number
      readonly logLikelihood: number
      readonly pAlive: number | string
      readonly expectedPurchases: Readonly<Record<string, number | string>>
      readonly dert?: Readonly<Record<string, number | string>>
    }[]
  }
  const cases = read('clv-bg-nbd/formulas.json') as Record<string, Case[]>

  test.each(Object.keys(models))('%s', (name) => {
    const model = models[name]!
    const worst: Record<string, number> = {}
    const check = (what: string, found: number, lnFound: number, exact: number | string) => {
      const error = off(found, lnFound, exact)
      worst[what] = error <= (worst[what] ?? 0) ? worst[what]! : error
    }
    for (const { params, ...one } of cases[name]!) {
      const newcomer = model.newcomer(params)
      for (const [time, exact] of Object.entries(one.expectedPurchasesNewCustomer)) {
        const found = newcomer.expected(Number(time))
        check('newcomer', found, ln(found), exact)
      }
      const { t, p } = one.probabilityOfNPurchases
      for (const [n, exact] of Object.entries(p)) {
        const found = newcomer.lnChanceOf(Number(n), 0, t)
        check('chance', exp(found), found, exact)
      }
      for (const { x, tx, T, ...customer } of one.customers) {
        const buying = model.after(params, history(x, tx, T))
        const likelihood = model.historyLikelihood(history(x, tx, T)).value(listed(params))
        check('likelihood', likelihood, Number.NaN, customer.logLikelihood)
        check('alive', exp(buying.lnAlive), buying.lnAlive, customer.pAlive)
        for (const [time, exact] of Object.entries(customer.expectedPurchases)) {
          const found = buying.expected(Number(time))
          check('expected', found, ln(found), exact)
        }
        for (const [rate, exact] of Object.entries(customer.dert ?? {})) {
          const found = buying.discounted(Infinity, Number(rate))
          check('dert', found, ln(found), exact)
        }
      }
    }
    expect(Object.keys(worst).length).toBe(6)
    for (const error of Object.values(worst)) expect(error).toBeLessThan(1e-11)
  })
})

/** fixtures/beta-geometric/values.json: k from 1 to 4 and extreme parameters, 40 digits and more, from definitions. */
describe('every quantity at ordinary and extreme parameters, to 1e-11', () => {
  interface Case {
    readonly k: number
    readonly atOnce: boolean
    readonly values: readonly string[]
    readonly history: readonly (number | string)[]
    readonly found: Readonly<Record<string, number>>
  }
  const cases = read('beta-geometric/values.json') as Case[]

  test.each(
    cases.map(
      (one) => [`k ${one.k}${one.atOnce ? ' at once' : ''} ${one.values} / ${one.history}`, one] as const,
    ),
  )('%s', (_, { k, atOnce, values: [r, alpha, a, b], history: [x, tx, T], found }) => {
    const model = modelOf(k, atOnce)
    const values = { r: Number(r), alpha: Number(alpha), a: Number(a), b: Number(b) }
    const one = history(Number(x), Number(tx), Number(T))
    const buying = model.after(values, one)
    for (const [name, exact] of Object.entries(found)) {
      const [what, ...rest] = name.split(' ')
      const [first, second, third] = rest.map(Number)
      const ours = {
        // What no parameter changes is not in these values: of gaps that are not known each has 1 / (k - 1)! left.
        lnLikelihood: () => {
          let lnFactorial = 0
          for (let i = 2; i < k; i++) lnFactorial += ln(i)
          return model.historyLikelihood(one).value(listed(values)) + Number(x) * lnFactorial
        },
        lnAlive: () => buying.lnAlive,
        lambdaMean: () => buying.rates['λ']!.mean,
        lambdaVariance: () => buying.rates['λ']!.variance,
        pMean: () => buying.rates['p']!.mean,
        pVariance: () => buying.rates['p']!.variance,
        expected: () => buying.expected(first!),
        lnAliveAfter: () => buying.lnAliveAfter(first!),
        lnChanceOf: () => buying.lnChanceOf(first!, second!, third!),
        lnChanceOfAtLeast: () => buying.lnChanceOfAtLeast(first!, second!, third!),
        discounted: () => buying.discounted(first!, second!),
        variance: () => buying.variance!(first!),
      }[what!]!()
      // Of a logarithm the absolute error is the relative one of the number; a float of 46,529 has no more digits.
      const error = what!.startsWith('ln')
        ? Math.abs(ours - exact) / Math.max(1, Math.abs(exact) / 1000)
        : Math.abs(ours - exact) / exact
      if (exact === 0) expect(ours, name).toBe(0)
      else expect(error, name).toBeLessThan(1e-11)
    }
  })
})

/** fixtures/clv-programs: what lifetimes, BTYD, CLVTools and BTYDplus print at their parameters. */
describe('other programs', () => {
  interface Peer {
    readonly file: string
    readonly model: string
    readonly params: Parameters & { readonly k?: number } & Readonly<Record<string, number>>
    readonly logLikelihood: number
    readonly expectedPurchasesNewCustomer?: Readonly<Record<string, number>>
    readonly probabilityOfNPurchases?: { readonly t: number; readonly p: readonly number[] }
    readonly customers: readonly {
      readonly id: string | number
      readonly x: number
      readonly tx: number
      readonly T: number
      readonly pAlive: number
      readonly expectedPurchases: Readonly<Record<string, number>>
      readonly gender?: number
      readonly channel?: number
    }[]
  }
  const peers = programs<Peer>()

  test.each(peers.map((peer) => [peer.file, peer] as const))('%s', (file, { params, ...peer }) => {
    const k = params.k ?? 1
    const model = modelOf(k, peer.model.startsWith('mbg'))
    const { r, alpha, a, b } = params
    // Two programs that stop their sums early, and, for k > 1, take no account of how long the silence has lasted.
    const approximates = file.startsWith('btydplus')
    const newcomer = model.newcomer({ r, alpha, a, b })
    for (const [time, value] of Object.entries(peer.expectedPurchasesNewCustomer ?? {})) {
      const error = newcomer.expected(Number(time)) / value - 1
      if (approximates) expect(error).toBeGreaterThan(-1e-12)
      expect(Math.abs(error)).toBeLessThan(approximates && k === 1 ? 1e-4 : 1e-6)
    }
    for (const [n, value] of (peer.probabilityOfNPurchases?.p ?? []).entries()) {
      const found = exp(newcomer.lnChanceOf(n, 0, peer.probabilityOfNPurchases!.t))
      expect(Math.abs(found / value - 1)).toBeLessThan(1e-10)
    }
    for (const { x, tx, T, ...customer } of peer.customers) {
      const { gender = 0, channel = 0 } = customer
      const buys = exp(gender * (params['trans.gender'] ?? 0) + channel * (params['trans.channel'] ?? 0))
      const leaves = exp(gender * (params['life.gender'] ?? 0) + channel * (params['life.channel'] ?? 0))
      const own = { r, alpha: alpha / buys, a: a * leaves, b: b * leaves }
      const buying = model.after(own, history(x, tx, T))
      expect(Math.abs(exp(buying.lnAlive) / customer.pAlive - 1)).toBeLessThan(1e-10)
      for (const [time, value] of Object.entries(customer.expectedPurchases)) {
        if (k === 1) expect(Math.abs(buying.expected(Number(time)) / value - 1)).toBeLessThan(1e-10)
      }
    }
  })

  test
    .skipIf(absent)
    .each(peers.filter(({ file }) => file.includes('cdnow')).map((peer) => [peer.file, peer] as const))(
    `log-likelihood of %s ${skipped}`,
    (file, { params: { k = 1, r, alpha, a, b }, ...peer }) => {
      const rounded = file.startsWith('lifetimes') || file.startsWith('btyd-')
      const table = tableOf('cdnow', file.includes('days') ? 'day' : rounded ? 'rounded' : 'week')
      const { value } = modelOf(k, peer.model.startsWith('mbg')).likelihood(table)
      expect(Math.abs(value([r, alpha, a, b]) - peer.logLikelihood)).toBeLessThan(1e-8)
    },
  )

  /** How far the approximation is off: beside it stands the card's figure. */
  test('for k > 1 expect up to twice and a half as much of a customer in the next week', () => {
    let most = 0
    for (const { file, params, customers, model } of peers) {
      if (!file.startsWith('btydplus') || params.k === 1) continue
      const { r, alpha, a, b } = params
      for (const { x, tx, T, expectedPurchases } of customers) {
        const found = modelOf(params.k!, model.startsWith('mbg'))
          .after({ r, alpha, a, b }, history(x, tx, T))
          .expected(1)
        most = Math.max(most, found / expectedPurchases['1']!, expectedPurchases['1']! / found)
      }
    }
    expect(most).toBeGreaterThan(2.5)
    expect(most).toBeLessThan(2.7)
  })
})
