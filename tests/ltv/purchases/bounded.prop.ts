import { createContext, Script } from 'node:vm'
import * as fc from 'fast-check'
import { describe, expect, test, vi } from 'vitest'
import { random } from '../../../src/kernel/random.js'
import * as ltv from '../../../src/ltv/index.js'
import { runs } from '../../support/size.js'

/*
 * No call may hang or be slow, whatever the parameters. What is counted are the kernel's logarithms and powers of e, of which
 * every term and every node asks for a few: 3 million of them take about a tenth of a second. A loop without any that never
 * ends is broken off by the clock.
 */
const counter = vi.hoisted(() => ({ asked: 0, most: Infinity }))

vi.mock('../../../src/kernel/elementary.js', async (original) => {
  const kernel = await original<typeof import('../../../src/kernel/elementary.js')>()
  const counted =
    <A extends readonly number[]>(f: (...of: A) => number) =>
    (...of: A): number => {
      counter.asked++
      if (counter.asked > counter.most) throw new Error(`more than ${counter.most} terms`)
      return f(...of)
    }
  return {
    ...kernel,
    exp: counted(kernel.exp),
    ln: counted(kernel.ln),
    log1p: counted(kernel.log1p),
    expm1: counted(kernel.expm1),
  }
})

const MOST = 3_000_000
/** By the clock only what never ends: on any machine these calls take a hundredth of it. */
const NEVER = 60_000

const script = new Script('call()')
const place = createContext({})

/** Runs it within its budget; a refusal by name is an answer too, NaN is none. */
function bounded(what: string, call: () => unknown, most = MOST): void {
  counter.asked = 0
  counter.most = most
  let found: unknown
  try {
    place['call'] = call
    found = script.runInContext(place, { timeout: NEVER })
  } catch (error) {
    if (!(error instanceof Error && error.name === 'DefinitionError'))
      throw new Error(`${what}: ${error instanceof Error ? error.message : 'no error'}`)
  } finally {
    counter.most = Infinity
  }
  expect(found, what).not.toBeNaN()
}

const wide = fc.constantFrom(1e-8, 1e-6, 1e-4, 0.01, 0.1, 0.5, 1, 2, 5, 30, 100, 1e3, 1e4, 1e6, 1e8)
const horizon = fc.constantFrom(1e-6, 1e-3, 1, 52, 1e3, 1e4, 1e6, 1e8)
const places = fc.array(wide, { minLength: 5, maxLength: 5 })
const seen = fc.record({
  x: fc.constantFrom(0, 0, 1, 3, 100, 10_000),
  share: fc.constantFrom(1, 0.999999, 0.5, 1e-3, 1e-8),
  age: fc.constantFrom(0, 1e-6, 1e-3, 1, 40, 1e3, 1e6, 1e8),
})
const rate = fc.constantFrom(1e-6, 1e-3, 0.1, 1, 1e3, 1e7)
const count = fc.constantFrom(0, 1, 5, 100, 10_000, 1e6)

const continuous = [
  ltv.nbd,
  ltv.paretoNbd,
  ltv.bgNbd,
  ltv.mbgNbd,
  ltv.bgCnbd(2),
  ltv.mbgCnbd(2),
  ltv.bgCnbd(3),
  ltv.ggompertzNbd,
  ltv.correlatedParetoNbd,
  ltv.bgBb,
] as readonly ltv.PurchaseModel[]

/** Parameters by name; of the correlated model m is one that may be. */
function valuesOf(model: ltv.PurchaseModel, place: readonly number[]): Record<string, number> {
  const values = Object.fromEntries(model.parameters.map((name, i) => [name, place[i]!]))
  return model.name === 'correlated-pareto-nbd' ? { ...values, m: 0 } : values
}

describe('every answer about purchases comes within a budget of terms', () => {
  const asked = fc.record({ place: places, seen, one: horizon, other: horizon, rate, count })

  function tryAll(
    model: ltv.PurchaseModel,
    at: typeof asked extends fc.Arbitrary<infer T> ? T : never,
    most?: number,
  ) {
    const discrete = model.time === 'discrete'
    const unit = discrete ? 'opportunity' : 'week'
    const whole = (time: number) => (discrete ? Math.max(1, Math.round(Math.min(time, 1e6))) : time)
    const span = (time: number): ltv.TimeSpan => (discrete ? { opportunities: whole(time) } : { weeks: time })
    const x = at.seen.age === 0 ? 0 : at.seen.x
    const age = discrete ? Math.max(x, Math.round(Math.min(at.seen.age, 1e6))) : at.seen.age
    const last = x === 0 ? 0 : discrete ? Math.max(x, Math.round(at.seen.share * age)) : at.seen.share * age
    const history = { unit, repeatCount: x, lastPurchaseAge: last, age } as const
    const values = valuesOf(model, at.place)
    const told = { unit, source: 'a law' } as const
    const { customer, newcomer } = ltv.predictor(model, ltv.parameters(model, values, told))
    const discount = { rate: at.rate, per: discrete ? 'opportunity' : 'year' } as const
    const within = {
      from: span(Math.min(at.one, at.other)),
      until: span(Math.max(at.one, at.other)),
    }
    const calls: Record<string, (outlook: ltv.PurchaseOutlook) => unknown> = {
      alive: (of) => of.alive(),
      aliveAfter: (of) => of.aliveAfter(span(at.one)),
      expected: (of) => of.expectedPurchases(span(at.one)),
      expectedLater: (of) => of.expectedPurchases(within),
      none: (of) => of.noPurchaseFor(span(at.one)),
      chance: (of) => of.chanceOf(at.count, span(at.one)),
      chanceLater: (of) => of.chanceOf(at.count, within),
      atLeast: (of) => of.chanceOfAtLeast(at.count, span(at.one)),
      atLeastLater: (of) => of.chanceOfAtLeast(at.count, within),
      discounted: (of) => of.discountedPurchases({ discount, horizon: span(at.one) }),
      discountedForEver: (of) => of.discountedPurchases({ discount }),
      next: (of) => of.nextPurchase(0.5),
      rates: (of) => Object.values(of.rates()).map(({ mean, variance }) => mean + variance),
      variance: (of) => of.variancePurchases(span(at.one)),
    }
    const where = `${model.name} ${JSON.stringify({ values, history, at })}`
    for (const [name, call] of Object.entries(calls)) {
      bounded(`${name} of ${where}`, () => call(customer(history)), most)
      bounded(`${name} of a newcomer, ${where}`, () => call(newcomer), most)
    }
    bounded(`draw of ${where}`, () => model.draw(values, whole(at.one), random('a law')).length, most)
  }

  test('at parameters from 1e-8 to 1e8, horizons from 1e-6 to 1e8', { timeout: 600_000 }, () => {
    fc.assert(
      fc.property(fc.constantFrom(...continuous), asked, (model, at) => tryAll(model, at)),
      { numRuns: runs(20, 3000) },
    )
  })

  // The figure in the reference: with 30 phases ten times as much.
  test('with the most phases', { timeout: 600_000 }, () => {
    fc.assert(
      fc.property(fc.constantFrom(ltv.mbgCnbd(12), ltv.mbgCnbd(30)), asked, (model, at) =>
        tryAll(model, at, 10 * MOST),
      ),
      { numRuns: runs(2, 300) },
    )
  })

  const age = (weeks: number) =>
    ({ unit: 'week', repeatCount: 2, lastPurchaseAge: 30.43, age: weeks }) as const
  const cdnow = { r: 0.243, alpha: 4.414, a: 0.793, b: 2.426 }

  test('what used to take seconds, or never came back', () => {
    const discount = { rate: 0.1, per: 'year' } as const
    const outlook = (model: ltv.PurchaseModel, values: Record<string, number>) =>
      ltv.predictor(model, ltv.parameters(model, values, { unit: 'week', source: 'a law' })).customer
    for (const years of [10, 1000, 1e6])
      for (const model of [ltv.bgCnbd(2), ltv.mbgCnbd(4), ltv.mbgCnbd(30)])
        bounded(`DECT over ${years} years`, () =>
          outlook(model, cdnow)(age(38.86)).discountedPurchases({ discount, horizon: { years } }),
        )
    const tiny = { r: 1e-8, alpha: 1e-8, a: 1e-8, b: 1e-8 }
    for (const x of [0, 1, 10_000])
      bounded('alive after a million years', () =>
        outlook(
          ltv.mbgCnbd(2),
          tiny,
        )({ ...age(1), repeatCount: x, lastPurchaseAge: x > 0 ? 1 : 0 }).aliveAfter({
          years: 1e6,
        }),
      )
    bounded('phases below every float', () =>
      outlook(ltv.mbgCnbd(30), { r: 0.01, alpha: 0.01, a: 0.01, b: 0.01 })({
        ...age(1e8),
        repeatCount: 0,
        lastPurchaseAge: 0,
      }).expectedPurchases({ weeks: 1e-6 }),
    )
    bounded('later windows', () =>
      outlook(
        ltv.mbgCnbd(30),
        cdnow,
      )(age(38.86)).chanceOf(5, { from: { weeks: 500 }, until: { weeks: 1e5 } }),
    )
    bounded('a variance of millions of purchases', () =>
      outlook(ltv.nbd, { r: 1e-4, alpha: 1e-8 })(age(1000)).variancePurchases({ weeks: 1e8 }),
    )
  })

  test('a draw of too many purchases is refused, with about how many they would be', () => {
    const chance = random('many')
    for (const [model, values] of [
      [ltv.nbd, { r: 1e12, alpha: 1 }],
      [ltv.paretoNbd, { r: 1e12, alpha: 1, s: 1, beta: 1e12 }],
      [ltv.bgNbd, { r: 1e12, alpha: 1, a: 1e-9, b: 1 }],
      [ltv.mbgCnbd(3), { r: 1e12, alpha: 1, a: 1e-9, b: 1 }],
      [ltv.ggompertzNbd, { r: 1e12, alpha: 1, b: 1e-9, s: 1, beta: 1e9 }],
    ] as readonly (readonly [ltv.PurchaseModel, Record<string, number>])[])
      expect(() => model.draw(values, 50, chance), model.name).toThrow(
        /fewer than 1,000,000 purchases.*about \d/,
      )
  })
})

describe('every answer about contracts and spend, too', () => {
  test('contracts', () => {
    const models = [ltv.sbg, ltv.bdw, ltv.exponentialGamma, ltv.weibullGamma] as readonly ltv.ContractModel[]
    fc.assert(
      fc.property(
        fc.constantFrom(...models),
        places,
        fc.constantFrom(0, 1, 100, 1e6),
        horizon,
        rate,
        (model, place, tenure, until, yearly) => {
          const values = Object.fromEntries(
            model.parameters.map((name, i) => [name, name === 'c' ? Math.min(100, place[i]!) : place[i]!]),
          )
          const told = ltv.parameters(model, values, { unit: 'month', source: 'a law' })
          const whole = (time: number) =>
            model.time === 'discrete' ? Math.max(1, Math.round(Math.min(time, 1e6))) : time
          const after = { months: whole(until) }
          const discount = { rate: yearly, per: 'year' } as const
          const calls: Record<string, (outlook: ltv.ContractOutlook) => unknown> = {
            survival: (of) => of.survival(after),
            retention: (of) => of.retention({ months: Math.max(1, whole(until)) }),
            hazard: (of) => of.hazard(after),
            tenure: (of) => of.expectedTenure(),
            signing: (of) => of.discountedPayments({ payments: 'signing', discount }),
            renewing: (of) => of.discountedPayments({ payments: 'about-to-renew', discount, horizon: after }),
            undiscounted: (of) => of.discountedPayments({ payments: 'signing', horizon: after }),
            elasticity: (of) => of.retentionElasticity({ payments: 'signing', discount }).ofValue,
            quantile: (of) => of.remainingQuantile(0.999),
          }
          for (const [name, call] of Object.entries(calls))
            bounded(`${name} of ${model.name} ${JSON.stringify({ values, tenure, until, yearly })}`, () =>
              call(ltv.contractOutlook(model, told, { tenure: { months: whole(tenure) } })),
            )
        },
      ),
      { numRuns: runs(40, 3000) },
    )
  })

  test('spend', () => {
    fc.assert(
      fc.property(places, fc.constantFrom(1, 3, 100, 10_000), wide, ([p, q, v], purchases, mean) => {
        const values = { p: p!, q: 1 + q!, v: v! }
        const own = { purchases, mean }
        for (const share of [1e-10, 0.5, 1 - 1e-12])
          bounded(`quantile of ${JSON.stringify({ values, own, share })}`, () =>
            ltv.gammaGamma.after(values, own).quantile(share),
          )
        bounded(`density of ${JSON.stringify({ values, own })}`, () => ltv.gammaGamma.lnDensity(values, own))
      }),
      { numRuns: runs(50, 3000) },
    )
  })
})
