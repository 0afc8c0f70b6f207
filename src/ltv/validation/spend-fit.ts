import { exp } from '../../kernel/elementary.js'
import { checkKeys, checkRecord, fault } from '../../kernel/errors.js'
import { RunningSum } from '../../measures/running-sum.js'
import { checkValues, type ModelParameters, type Values } from '../model.js'
import type { SpendModel } from '../spend/model.js'
import { checkSpendTable, type SpendTable } from '../spend/spend-table.js'
import { checkedEdges, roundEdgesTo } from './conditional-means.js'
import { type BinGoodness, goodnessOf } from './goodness.js'

/** What a model of spend is asked here: no likelihood. */
export type SpendForecast<Name extends string = string, P extends string = string> = Pick<
  SpendModel<Name, P>,
  'name' | 'parameters' | 'ranges' | 'lnDensity' | 'sharesOfMeans' | 'after'
>

/** The customers' mean spends as they came, and as the model has it for customers of whom as many purchases are known. */
export interface SpendFit {
  readonly model: string
  readonly customers: number
  /** Not among them; see `spendTable`. */
  readonly leftOut: SpendTable['leftOut']
  /** From 0 on; the last one has no end. */
  readonly bins: readonly SpendBin[]
  /** The model's density of customers by mean spend, a share per unit of money, up to where the last bin begins. */
  readonly curve: readonly { readonly amount: number; readonly density: number }[]
  readonly goodness: BinGoodness
}

/** Customers whose mean spend is above `from`, up to and including `to`. */
export interface SpendBin {
  readonly from: number
  readonly to?: number
  readonly actual: number
  readonly expected: number
}

/** Refuses parameters of another model of spend, or that cannot be; hands back their values. */
export function spendValuesOf<Name extends string, P extends string>(
  model: SpendForecast<Name, P>,
  parameters: ModelParameters<Name, P>,
): Values<P> {
  checkRecord(model, '$.model')
  for (const verb of ['lnDensity', 'sharesOfMeans', 'after'] as const)
    if (typeof model[verb] !== 'function')
      throw fault('wrong-type', `$.model.${verb}`, model[verb], 'a model of spend')
  checkRecord(parameters, '$.parameters')
  const { kind }: { readonly kind: string } = parameters
  if (kind !== 'fitted' && kind !== 'given')
    throw fault('unknown-name', '$.parameters.kind', kind, 'fitted | given: what predictions are made from')
  if (parameters.model !== model.name)
    throw fault('unknown-name', '$.parameters.model', parameters.model, model.name)
  checkValues(model, parameters.values, '$.parameters.values')
  return parameters.values
}

/**
 * Customers by the mean of what they spent, actual against expected: does the shape of spend hold?
 *
 * The mean of one purchase scatters more than the mean of ten. So the model's numbers are those of the observed mean given how
 * many purchases it is of, averaged over the customers; they are not the distribution of the customers' own true means. A mean
 * on a border belongs to the bin that ends there. Bins with fewer than 5 expected are joined for chi-squared; prices that come
 * again and again (19.90) make bars that no smooth model has: choose `edges` between them.
 *
 * @param table - What the model was fitted to; or customers of another time.
 * @param options - `edges`: where bins end, about 25 round ones up to the 98th percentile unless told.
 * @throws DefinitionError for parameters of another model, a table that is none, edges that do not ascend.
 * @see Fader, Hardie & Lee (2005), "RFM and CLV: Using Iso-Value Curves for Customer Base Analysis", who compare the same two.
 * @example
 * const given = parameters(gammaGamma, { p: 6.25, q: 3.74, v: 15.44 }, { unit: 'week', source: 'Fader & Hardie 2013' })
 * const table = spendTable([{ purchases: 1, mean: 12 }, { purchases: 3, mean: 31 }, { purchases: 2, mean: 45 }])
 * spendFit(gammaGamma, given, table, { edges: [20, 40] }).bins[0] // => { from: 0, to: 20, actual: 1, expected: 0.9047042575456976 }
 */
export function spendFit<Name extends string, P extends string>(
  model: SpendForecast<Name, P>,
  parameters: ModelParameters<NoInfer<Name>, NoInfer<P>>,
  table: SpendTable,
  options: { readonly edges?: readonly number[] } = {},
): SpendFit {
  const values = spendValuesOf(model, parameters)
  checkSpendTable(table, '$.table')
  checkRecord(options, '$.options')
  checkKeys(options, ['edges'], '$.options')
  const edges = options.edges === undefined ? roundEdgesTo(upperMean(table), 3) : checkedEdges(options.edges)
  const groups = byPurchases(table)
  const expected = Array.from({ length: edges.length + 1 }, () => new RunningSum())
  const actual = new Float64Array(edges.length + 1)
  for (const { purchases, customers, means } of groups) {
    let before = { upTo: 0, above: 1 }
    for (const [k, edge] of edges.entries()) {
      const here = model.sharesOfMeans(values, purchases, edge)
      // Of two differences the one of the smaller numbers.
      const share = here.upTo < 0.5 ? here.upTo - before.upTo : before.above - here.above
      expected[k]!.add(customers * Math.max(0, share))
      before = here
    }
    expected[edges.length]!.add(customers * before.above)
    for (const { mean, count } of means) {
      const place = edges.findIndex((edge) => mean <= edge)
      actual[place < 0 ? edges.length : place]! += count
    }
  }
  const bins =
    table.customers === 0
      ? []
      : expected.map((sum, k): SpendBin => {
          const numbers = { actual: actual[k]!, expected: sum.value }
          const from = edges[k - 1] ?? 0
          return k < edges.length ? { from, to: edges[k]!, ...numbers } : { from, ...numbers }
        })
  const fitted = parameters.kind === 'fitted' ? model.parameters.length : 0
  return {
    model: model.name,
    customers: table.customers,
    leftOut: table.leftOut,
    bins,
    curve: curveOf(model, values, groups, edges[edges.length - 1] ?? 0),
    goodness: goodnessOf(bins, fitted),
  }
}

interface SpendGroup {
  readonly purchases: number
  readonly customers: number
  readonly means: readonly { readonly mean: number; readonly count: number }[]
}

function byPurchases({ count, purchases, meanSpend }: SpendTable): readonly SpendGroup[] {
  const groups = new Map<number, { mean: number; count: number }[]>()
  for (const [row, x] of purchases.entries()) {
    const one = { mean: meanSpend[row]!, count: count[row]! }
    const group = groups.get(x)
    if (group === undefined) groups.set(x, [one])
    else group.push(one)
  }
  return [...groups].map(([purchases, means]) => ({
    purchases,
    customers: means.reduce((sum, { count }) => sum + count, 0),
    means,
  }))
}

/** The mean that 98 of a hundred customers are below. */
function upperMean({ count, meanSpend, customers }: SpendTable): number {
  const order = Array.from(meanSpend, (mean, row) => ({ mean, count: count[row]! })).sort(
    (a, b) => a.mean - b.mean,
  )
  let below = 0
  for (const { mean, count } of order) {
    below += count
    if (below >= 0.98 * customers) return mean
  }
  return 0
}

const POINTS = 160

function curveOf<P extends string>(
  model: SpendForecast<string, P>,
  values: Values<P>,
  groups: readonly SpendGroup[],
  last: number,
): SpendFit['curve'] {
  const customers = groups.reduce((sum, group) => sum + group.customers, 0)
  if (!(last > 0 && customers > 0)) return []
  return Array.from({ length: POINTS }, (_, k) => {
    // At 0 itself the density of a single purchase may be without bounds.
    const amount = (last * (k + 1)) / POINTS
    const sum = new RunningSum()
    for (const { purchases, customers: n } of groups)
      sum.add((n / customers) * exp(model.lnDensity(values, { purchases, mean: amount })))
    return { amount, density: sum.value }
  })
}
