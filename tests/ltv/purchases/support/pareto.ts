import { readFileSync } from 'node:fs'
import type { HistoryTable } from '../../../../src/ltv/index.js'
import type { PurchaseModel } from '../../../../src/ltv/purchases/model.js'
import { minimize } from '../../../../src/measures/index.js'

/** A fixture of Pareto/NBD; see its SOURCE.md. */
export const fixture = (name: string) =>
  JSON.parse(readFileSync(new URL(`../../../fixtures/clv-pareto-nbd/${name}.json`, import.meta.url), 'utf8'))

/** The optimum along logarithms of positive parameters, from the likeliest start. */
export function fitted<P extends string>(model: PurchaseModel<string, P>, table: HistoryTable) {
  const { data, by, lnShift } = model.rescaled(table)
  const likelihood = model.likelihood(data)
  const isReal = model.parameters.map((name) => model.ranges[name] === 'real')
  const start = model.starts(data)[0]!
  const natural = (at: readonly number[]) => at.map((value, i) => (isReal[i] ? value : Math.exp(value)))
  const slopes = new Float64Array(start === undefined ? 0 : model.parameters.length)
  const found = minimize(
    {
      value: (at) => -likelihood.value(natural(at)),
      gradient(at) {
        const values = natural(at)
        likelihood.slopes(values, slopes)
        return values.map((value, i) => -slopes[i]! * (isReal[i] ? 1 : value))
      },
    },
    model.parameters.map((name, i) => (isReal[i] ? start[name] : Math.log(start[name]))),
  )
  const at = natural('at' in found ? found.at : [])
  return {
    found,
    values: Object.fromEntries(
      model.parameters.map((name, i) => [name, at[i]! * by ** model.powers[name]]),
    ) as { [name in P]: number },
    logLikelihood: -('value' in found ? found.value : Number.NaN) - lnShift,
  }
}

/** ln of a number written as text, also where it is below every float. */
export function lnOf(value: number | string): number {
  if (typeof value === 'number') return Math.log(value)
  const [digits, exponent] = value.split('e')
  return Math.log(Number(digits)) + Number(exponent ?? 0) * Math.LN10
}

/** What other programs print of Pareto/NBD. See fixtures/clv-programs/SOURCE.md. */
export const programs = ['lifetimes', 'btyd', 'clvtools-cdnow', 'clvtools-apparel']
  .flatMap((name) =>
    JSON.parse(readFileSync(new URL(`../../../fixtures/clv-programs/${name}.json`, import.meta.url), 'utf8')),
  )
  .filter(({ model }) => model === 'pareto-nbd')
  .map((one) => ({ ...one, name: one.file }))
