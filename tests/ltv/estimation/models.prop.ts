// As labels.prop.ts, of the library's own models: each set gets an optimum that nothing from outside beats, or a diagnosis.
import {
  bdw,
  bgBb,
  bgCnbd,
  bgNbd,
  correlatedParetoNbd,
  exponentialGamma,
  gammaGamma,
  gammaGammaAnyQ,
  ggompertzNbd,
  type LikelihoodModel,
  mbgCnbd,
  mbgNbd,
  nbd,
  paretoNbd,
  sbg,
  weibullGamma,
} from 'liuliang/ltv'
import { expect, test } from 'vitest'
import { runs } from '../../support/size.js'
import { contractSets, purchaseSets, spendSets } from '../support/drawn-sets.js'
import { checkLabels, type Drawn } from '../support/fit-laws.js'

const most = runs(120, 1e5)

/** A law of a model: how many sets, and which share of them has a fit at least. */
function law<Data>(
  model: LikelihoodModel<string, string, Data>,
  sets: (count: number) => Iterable<Drawn<Data>>,
  normal: number,
  least = 1 / 12,
): void {
  test(`of ${model.name}`, { timeout: 7_200_000 }, () => {
    const all = runs(normal, 200)
    const { fitted, without } = checkLabels(model, sets(all))
    expect(fitted + Object.values(without).reduce((sum, n) => sum + n, 0)).toBe(all)
    // Where there are enough of them both happen, so both are tested.
    if (all < 12) return
    expect(fitted, JSON.stringify(without)).toBeGreaterThan(all * least)
    expect(fitted, JSON.stringify(without)).toBeLessThan(all)
  })
}

for (const model of [nbd, bgNbd, mbgNbd, bgCnbd(2), bgCnbd(3), mbgCnbd(2), bgBb])
  law(model, (count) => purchaseSets(model, count, most), 6)
law(paretoNbd, (count) => purchaseSets(paretoNbd, count, most), 2)
// Five parameters of histories one by one: a set of 3,000 takes as long as one of 100,000 does elsewhere.
law(ggompertzNbd, (count) => purchaseSets(ggompertzNbd, count, Math.min(most, 3000)), 1)
// A correlation is told only in units as long as customers take to buy and to leave, here of a few sets in years.
law(
  correlatedParetoNbd,
  (count) => purchaseSets(correlatedParetoNbd, count, Math.min(most, 3000)),
  1,
  1 / 100,
)
for (const model of [gammaGamma, gammaGammaAnyQ]) law(model, (count) => spendSets(model, count, most), 6)
for (const model of [sbg, bdw, exponentialGamma, weibullGamma])
  law(model, (count) => contractSets(model, count, most), 6)
