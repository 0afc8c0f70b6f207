import { readFileSync } from 'node:fs'
import { exp, ln } from '../../../../src/kernel/elementary.js'
import {
  type BetaGeometricParameter,
  bgCnbd,
  type HistoryTable,
  mbgCnbd,
  type PurchaseModel,
  type Values,
} from '../../../../src/ltv/index.js'
import { type Minimum, minimize } from '../../../../src/measures/index.js'

export type Model = PurchaseModel<string, BetaGeometricParameter>
export type Parameters = Values<BetaGeometricParameter>

export const read = (path: string) =>
  JSON.parse(readFileSync(new URL(`../../../fixtures/${path}`, import.meta.url), 'utf8'))

export const modelOf = (k: number, leavesAtOnce: boolean): Model => (leavesAtOnce ? mbgCnbd(k) : bgCnbd(k))

export const listed = ({ r, alpha, a, b }: Parameters) => [r, alpha, a, b]

/** The highest point of the likelihood over the logarithms of the parameters, in scaled time. */
export function fitted(
  model: Model,
  table: HistoryTable,
): { readonly found: Minimum; readonly values: Parameters; readonly logLikelihood: number } {
  const { data, by, lnShift } = model.rescaled(table)
  const likelihood = model.likelihood(data)
  const slopes = new Float64Array(4)
  const places = (at: readonly number[]) => at.map(exp)
  const [start] = model.starts(data)
  const found = minimize(
    {
      value: (at) => -likelihood.value(places(at)),
      gradient: (at) => {
        const place = places(at)
        likelihood.slopes(place, slopes)
        return place.map((one, i) => -one * slopes[i]!)
      },
    },
    listed(start!).map(ln),
    { gradientTolerance: 1e-10 },
  )
  const at = places(found.kind === 'optimum' ? found.at : (found.best?.at ?? []))
  const values = { r: at[0]!, alpha: at[1]! * by, a: at[2]!, b: at[3]! }
  return { found, values, logLikelihood: likelihood.value(at) - lnShift }
}

/** What other programs print of these models, beside what they were fitted to. See fixtures/clv-programs/SOURCE.md. */
export const programs = <T extends { readonly file: string; readonly model: string }>() =>
  ['lifetimes', 'btyd', 'btydplus', 'clvtools-cdnow', 'clvtools-apparel']
    .flatMap((name) => read(`clv-programs/${name}.json`) as T[])
    .filter(({ file, model }) => /^m?bg-c?nbd/.test(model) && !file.endsWith('search'))
