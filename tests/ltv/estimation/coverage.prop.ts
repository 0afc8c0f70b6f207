// Intervals of 95 % cover the truth in 92 to 98 % of sets that determine the parameters.
import { random } from 'liuliang'
import { bgNbd, fitModel, historyTable, nbd, type PurchaseModel, paretoNbd, type Values } from 'liuliang/ltv'
import { expect, test } from 'vitest'
import { runs } from '../../support/size.js'

/** Sets of 1,000 customers who came over half a year and are watched until a year after the first of them came. */
function coverage<P extends string>(model: PurchaseModel<string, P>, truth: Values<P>, sets: number) {
  const hits = Object.fromEntries(model.parameters.map((name) => [name, 0])) as Record<P, number>
  const without: Record<string, number> = {}
  let fitted = 0
  for (let i = 0; i < sets; i += 1) {
    const seed = random(`coverage-${model.name}-${i}`)
    const histories = Array.from({ length: 1000 }, () => {
      const age = 60 - 30 * seed.next()
      const times = model.draw(truth, age, seed)
      return { unit: 'week', repeatCount: times.length, lastPurchaseAge: times.at(-1) ?? 0, age } as const
    })
    const fit = fitModel(model, historyTable(histories))
    if (fit.kind !== 'fitted') {
      without[fit.reason] = (without[fit.reason] ?? 0) + 1
      continue
    }
    fitted += 1
    for (const name of model.parameters) {
      const { low, high } = fit.estimates[name]!.interval
      if (low <= truth[name] && truth[name] <= high) hits[name] += 1
    }
  }
  const shares = model.parameters.map((name) => hits[name] / fitted)
  return { fitted, without, shares }
}

function law<P extends string>(model: PurchaseModel<string, P>, truth: Values<P>, sets: number): void {
  // A few sets tell nothing of a share: where there are not hundreds of them, none are drawn.
  test.runIf(sets >= 500)(`of ${model.name}, ${sets} sets`, { timeout: 7_200_000 }, () => {
    const { fitted, without, shares } = coverage(model, truth, sets)
    expect(fitted, JSON.stringify(without)).toBe(sets)
    for (const share of shares) {
      expect(share, shares.join(', ')).toBeGreaterThan(0.92)
      expect(share, shares.join(', ')).toBeLessThan(0.98)
    }
  })
}

law(nbd, { r: 0.8, alpha: 6 }, runs(600, 1000))
// At full size only.
law(bgNbd, { r: 0.8, alpha: 6, a: 1, b: 3 }, runs(0, 1000))
law(paretoNbd, { r: 0.8, alpha: 6, s: 0.8, beta: 15 }, runs(0, 1000))
