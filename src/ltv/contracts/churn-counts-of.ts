/*
 * What is known of the two models of renewals by counts of who left and stayed in each period (`fitChurnModel`): starts, and
 * why there is nothing to find.
 */
import type { ChurnTable } from '../../measures/churn-counts.js'
import { type ChurnFit, churnFitSentences, fitTable, type NoChurnFit } from '../../measures/churn-fit.js'
import type { Edge } from '../model.js'
import { type ContractTable, checkContractTable } from './contract-table.js'

type Model = 'shifted-beta-geometric' | 'beta-discrete-weibull'

/** Alpha, beta and shape to start from: the optimum of the counts where that can be told, and about it. */
export function churnStarts(
  model: Model,
  data: ContractTable,
): readonly { readonly alpha: number; readonly beta: number; readonly shape: number }[] {
  const { table } = countsOf(data)
  const fit = fitTable(model, table, 0.95)
  const about = [1, 8, 0.25].map((both) => {
    // Half a person more of each keeps the first period's churn inside.
    const first = table.periods[0] ?? { left: 0, stayed: 0 }
    const churn = (first.left + 0.5) / (first.left + first.stayed + 1)
    return { alpha: churn * both, beta: (1 - churn) * both, shape: 1 }
  })
  if (fit.kind === 'undefined' || fit.parameters.model === 'geometric') return about
  const { parameters } = fit
  return [{ shape: 1, ...parameters }, ...about]
}

/** Why no search is worth while. */
export function churnHopeless(model: Model, data: ContractTable): Edge | undefined {
  const { table, exact } = countsOf(data)
  const { periods } = table
  if (table.people === 0) return edgeOf('no-people')
  if (periods.length === 0) return edgeOf('no-periods')
  if (periods.every(({ left }) => left === 0)) return edgeOf('no-churn')
  if (periods.every(({ stayed }) => stayed === 0)) return edgeOf('all-left-at-once')
  if (periods.length < (model === 'shifted-beta-geometric' ? 2 : 3)) return edgeOf('too-few-periods')
  if (exact && periods.every(({ period, left }) => period === 1 || left === 0))
    return edgeOf('left-in-first-period-only')
  return undefined
}

/**
 * What a search ran into. Of counts it is asked again what they say; where some left between readings further apart, how far
 * alpha and beta have gone tells.
 */
export function churnEdge(
  model: Model,
  data: ContractTable,
  values: { readonly alpha: number; readonly beta: number },
): Edge | undefined {
  const { table, exact } = countsOf(data)
  if (exact) {
    const fit: ChurnFit = fitTable(model, table, 0.95)
    return fit.kind === 'undefined' ? edgeOf(fit.reason) : undefined
  }
  const both = values.alpha + values.beta
  if (both > 1e5) return edgeOf('no-heterogeneity')
  return both < 1e-4 ? edgeOf('left-in-first-period-only') : undefined
}

/** The same limit has one name in all models of this library's lifetime values. */
const names: { readonly [R in NoChurnFit]?: string } = {
  'no-people': 'no-customers',
  'all-left-at-once': 'all-leave-at-once',
  'left-in-first-period-only': 'leave-at-once-or-never',
  'no-heterogeneity': 'all-leave-alike',
}

const edgeOf = (reason: NoChurnFit): Edge => ({
  reason: names[reason] ?? reason,
  next: churnFitSentences[reason],
})

/**
 * Who left and who stayed in each period. Somebody who left between readings further apart than a period (`exact` is false
 * then) is counted in the last one.
 */
function countsOf(data: ContractTable): { readonly table: ChurnTable; readonly exact: boolean } {
  checkContractTable(data, 'discrete')
  const { count, entry, stayed, left } = data
  let exact = true
  // What begins and ends with each period; sums over periods give who was there.
  const ends: { stayed: number; left: number }[] = []
  const at = (period: number) => {
    for (let k = ends.length; k <= period; k += 1) ends.push({ stayed: 0, left: 0 })
    return ends[period]!
  }
  for (let i = 0; i < count.length; i += 1) {
    const gone = left[i]! < Infinity
    if (gone && left[i]! > stayed[i]! + 1) exact = false
    const last = gone ? left[i]! - 1 : stayed[i]!
    if (last > most) exact = false
    at(Math.min(entry[i]!, most)).stayed += count[i]!
    at(Math.min(last, most)).stayed -= count[i]!
    if (gone) at(Math.min(left[i]!, most)).left += count[i]!
  }
  const periods: { period: number; left: number; stayed: number }[] = []
  let there = 0
  for (let period = 1; period < ends.length; period += 1) {
    there += ends[period - 1]!.stayed
    const gone = ends[period]!.left
    if (there + gone > 0) periods.push({ period, left: gone, stayed: there })
  }
  return { table: { people: data.customers, periods }, exact }
}

/** Tenures beyond so many periods are counted there: a start needs no more. */
const most = 5000
