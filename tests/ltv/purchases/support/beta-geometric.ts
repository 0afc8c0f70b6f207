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

/** The public CDNOW sample as a table; ages in days go through `age`. See fixtures/clv-bg-nbd/SOURCE.md. */
export function cdnow(unit: 'day' | 'week', age: (days: number) => number): HistoryTable {
  const { rows, sumLnGapsInWeeks } = read('clv-bg-nbd/cdnow-days.json') as {
    rows: number[][]
    sumLnGapsInWeeks: number
  }
  const column = (i: number, f = (value: number) => value) => Float64Array.from(rows, (row) => f(row[i]!))
  return {
    unit,
    customers: 2357,
    count: column(3),
    repeatCount: column(0),
    lastPurchaseAge: column(1, age),
    age: column(2, age),
    // Only their sum counts.
    sumLnGaps: Float64Array.from(rows, (_, i) => (i === 0 ? sumLnGapsInWeeks : 0)),
    covariates: {},
  }
}

export const weeks = (days: number) => days / 7
/** As the table of two decimals has them. */
export const roundedWeeks = (days: number) => Math.round((days / 7) * 100) / 100

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
