// A model that is named `instead` of another is one of the library, and what the other becomes: no less likely, and no more.
import { readFileSync } from 'node:fs'
import { random } from 'liuliang'
import * as ltv from 'liuliang/ltv'
import {
  bgCnbd,
  bgNbd,
  correlatedParetoNbd,
  fitModel,
  gammaGamma,
  gammaGammaAnyQ,
  ggompertzNbd,
  historyTable,
  type LikelihoodModel,
  mbgNbd,
  nbd,
  type PurchaseModel,
  paretoNbd,
  spendTable,
} from 'liuliang/ltv'
import { describe, expect, test } from 'vitest'
import { limitModels } from '../../../src/ltv/model.js'
import { purchaseSets } from '../support/drawn-sets.js'

type Model<Data> = LikelihoodModel<string, string, Data>

const named = (name: string) =>
  Object.values(ltv).find(
    (one) => typeof one === 'object' && (one as { readonly name?: unknown }).name === name,
  ) as Model<unknown> | undefined

/** The fit of the model that is named, beside the likeliest that the other was seen at. */
function insteadOf<Data>(model: Model<Data>, data: Data, what: string) {
  const fit = fitModel(model, data)
  if (fit.kind !== 'not-an-optimum') return expect.fail(`${what} is fitted`)
  const other = fitModel(named(fit.instead!) as Model<Data>, data)
  if (other.kind !== 'fitted') return expect.fail(`${what}: ${fit.instead} is ${other.reason}`)
  return { reason: fit.reason, instead: fit.instead, above: other.logLikelihood - fit.seen!.logLikelihood }
}

function drawnFrom<P extends string>(
  model: PurchaseModel<string, P>,
  values: { readonly [name in P]: number },
  seed: string,
  customers: number,
) {
  const chance = random(seed)
  return historyTable(
    Array.from({ length: customers }, () => {
      const age = 30 + 30 * chance.next()
      const times = model.draw(values, age, chance)
      return { unit: 'week', repeatCount: times.length, lastPurchaseAge: times.at(-1) ?? 0, age }
    }),
  )
}

test('every name is that of an exported model, and every one is said by some edge', () => {
  for (const name of limitModels) expect(named(name)?.name).toBe(name)
  const said = ['purchases/common-edges', 'purchases/gompertz/ggompertz-nbd', 'spend/gamma-gamma'].map(
    (file) => readFileSync(new URL(`../../../src/ltv/${file}.ts`, import.meta.url), 'utf8'),
  )
  for (const name of limitModels) expect(said.join('')).toContain(`instead: '${name}'`)
})

describe('nobody leaves', () => {
  // Among sets of those who never leave the ones in which no model sees somebody who did.
  const data = drawnFrom(nbd, { r: 0.9, alpha: 9 }, 'nobody 8', 100)

  test.each([bgNbd, mbgNbd, paretoNbd, ggompertzNbd] as PurchaseModel[])('$name becomes NBD', (model) => {
    const { reason, instead, above } = insteadOf(model as Model<typeof data>, data, model.name)!
    expect([reason, instead]).toEqual(['no-drop-out', 'nbd'])
    expect(Math.abs(above)).toBeLessThan(1e-3)
  })

  test('BG/CNBD-2 becomes nothing that has a name', () => {
    const edge = bgCnbd(2).edge(data, { r: 0.9, alpha: 18, a: 1, b: 1e12 })
    expect(edge?.reason).toBe('no-drop-out')
    expect(edge?.instead).toBeUndefined()
  })

  test('where NBD has no optimum either, it is not named', () => {
    const chance = random('one rate for all')
    const alike = historyTable(
      Array.from({ length: 200 }, () => {
        // Once every five weeks or so, more evenly than by chance.
        const times = Array.from({ length: 8 }, (_, i) => 5 * i + 5 * chance.next()).filter((at) => at <= 39)
        return { unit: 'week', repeatCount: times.length, lastPurchaseAge: times.at(-1) ?? 0, age: 40 }
      }),
    )
    for (const model of [bgNbd, mbgNbd, paretoNbd] as PurchaseModel[]) {
      const fit = fitModel(model, alike)
      expect(fit).toMatchObject({ kind: 'not-an-optimum', reason: 'no-drop-out' })
      expect(fit).not.toHaveProperty('instead')
    }
    expect(fitModel(nbd, alike)).toMatchObject({ kind: 'not-an-optimum', reason: 'all-buy-alike' })
  })
})

test('a hazard that does not grow: GGompertz/NBD becomes Pareto/NBD', () => {
  const data = drawnFrom(paretoNbd, { r: 0.8, alpha: 6, s: 0.6, beta: 10 }, 'pareto 0', 80)
  const { reason, instead, above } = insteadOf(ggompertzNbd as Model<typeof data>, data, 'ggompertz-nbd')!
  expect([reason, instead]).toEqual(['gompertz-is-pareto', 'pareto-nbd'])
  expect(Math.abs(above)).toBeLessThan(1e-3)
})

test('no finite mean: Gamma-Gamma goes on as the one with any q', () => {
  const chance = random('no mean')
  const rows = Array.from({ length: 400 }, (_, i) => {
    const purchases = 1 + (i % 4)
    const spent = gammaGammaAnyQ.draw({ p: 5, q: 0.8, v: 15 }, purchases, chance)
    return { purchases, mean: spent.reduce((sum, one) => sum + one, 0) / purchases }
  })
  const data = spendTable(rows)
  const { reason, instead, above } = insteadOf(gammaGamma as Model<typeof data>, data, 'gamma-gamma')!
  expect([reason, instead]).toEqual(['no-finite-mean-spend', 'gamma-gamma-any-q'])
  // The limit, q = 1, lies within it.
  expect(above).toBeGreaterThan(0)
})

test('of drawn sets of every kind: what is named is as likely, and has an optimum', () => {
  let told = 0
  for (const model of [bgNbd, mbgNbd] as PurchaseModel[]) {
    for (const { what, data } of purchaseSets(model, 60, 300)) {
      const fit = fitModel(model, data)
      if (fit.kind !== 'not-an-optimum' || fit.instead === undefined) continue
      told += 1
      const other = fitModel(named(fit.instead) as Model<typeof data>, data)
      expect(other.kind, what).toBe('fitted')
      if (other.kind === 'fitted')
        expect(other.logLikelihood, what).toBeGreaterThan(fit.seen!.logLikelihood - 1e-3)
    }
  }
  expect(told).toBeGreaterThan(5)
})

test('the correlated Pareto/NBD at the end of its correlation is likelier than the one without: none is named', () => {
  const data = historyTable(
    [1, 2, 3, 4].map((x) => ({ unit: 'week', repeatCount: x, lastPurchaseAge: 5 * x, age: 30 })),
  )
  const edge = correlatedParetoNbd.edge(data, { r: 1, alpha: 5, s: 1, beta: 10, m: 12.1 - 1e-9 })
  expect(edge?.reason).toBe('correlation-at-limit')
  expect(edge?.instead).toBeUndefined()
})
