import { readFileSync } from 'node:fs'
import type { HistoryTable } from '../../../../src/ltv/histories/history.js'
import type { LikelihoodModel, Values } from '../../../../src/ltv/model.js'
import { minimize } from '../../../../src/measures/minimize.js'

/** Numbers of a fixture. */
export const read = (path: string) =>
  JSON.parse(readFileSync(new URL(`../../../fixtures/${path}`, import.meta.url), 'utf8'))

/** The lowest of -ln likelihood over logarithms of the parameters, from the model's first start. */
export function searched<P extends string>(
  model: LikelihoodModel<string, P, HistoryTable>,
  table: HistoryTable,
  start: Values<P> = model.starts(table)[0]!,
) {
  const likelihood = model.likelihood(table)
  const slopes = new Float64Array(model.parameters.length)
  const natural = (at: readonly number[]) => at.map(Math.exp)
  const found = minimize(
    {
      value: (at) => -likelihood.value(natural(at)),
      gradient: (at) => {
        const values = natural(at)
        likelihood.slopes(values, slopes)
        return values.map((value, k) => -value * slopes[k]!)
      },
    },
    model.parameters.map((name) => Math.log(start[name])),
  )
  const best = found.kind === 'optimum' ? found : found.best!
  const values = natural(best.at)
  return {
    found,
    logLikelihood: -best.value,
    values: Object.fromEntries(model.parameters.map((name, k) => [name, values[k]!])) as Values<P>,
  }
}

/** The largest of relative errors, in absolute terms where the exact value is 0. */
export function worstOf(pairs: Iterable<readonly [ours: number, exact: number]>): number {
  let worst = 0
  for (const [ours, exact] of pairs) {
    const error = ours === exact ? 0 : exact === 0 ? Math.abs(ours) : Math.abs(ours / exact - 1)
    if (!(error <= worst)) worst = error
  }
  return worst
}
