/* What models of contracts that may end at any moment have in common. */
import { ln } from '../../kernel/elementary.js'
import { checkNumber, fault, type Sentence } from '../../kernel/errors.js'
import { churnFitSentences } from '../../measures/churn-fit.js'
import type { Edge } from '../model.js'
import { type ContractTable, checkContractTable } from './contract-table.js'

/** Refuses a tenure that is none. */
export function checkTenure(value: number, path: string): void {
  checkNumber(value, path)
  if (!(value >= 0 && value < Infinity)) throw fault('out-of-range', path, value, 'from 0, finite')
}

/** Who left, and the time that all were watched, taking the middle where only readings tell when. */
function exposure(data: ContractTable): { readonly left: number; readonly time: number } {
  checkContractTable(data, 'continuous')
  let [left, time] = [0, 0]
  for (let i = 0; i < data.count.length; i += 1) {
    const [count, entry, stayed, gone] = [data.count[i]!, data.entry[i]!, data.stayed[i]!, data.left[i]!]
    if (gone < Infinity) left += count
    time += count * ((gone < Infinity ? (stayed + gone) / 2 : stayed) - entry)
  }
  return { left, time }
}

/** Leaving per unit of time, over all. */
export function leavingRate(data: ContractTable): number {
  const { left, time } = exposure(data)
  const rate = (left + 0.5) / time
  return rate > 0 && rate < Infinity ? rate : 1
}

/** In units of the mean time that somebody was watched. */
export function rescaledTable(data: ContractTable): {
  readonly data: ContractTable
  readonly by: number
  readonly lnShift: number
} {
  const { time } = exposure(data)
  const mean = time / data.customers
  const by = mean > 0 && mean < Infinity ? mean : 1
  const shorter = (column: Float64Array) => column.map((t) => t / by)
  let moments = 0
  for (let i = 0; i < data.count.length; i += 1)
    if (data.left[i] === data.stayed[i]) moments += data.count[i]!
  const { entry, stayed, left } = data
  return {
    data: { ...data, entry: shorter(entry), stayed: shorter(stayed), left: shorter(left) },
    by,
    // A density of leaving at a moment is larger in a longer unit.
    lnShift: moments * ln(by),
  }
}

/** Why no search is worth while. */
export function lastingHopeless(data: ContractTable, parameters: number): Edge | undefined {
  const { left, time } = exposure(data)
  if (data.customers === 0) return { reason: 'no-customers', next: churnFitSentences['no-people'] }
  if (!(time > 0)) return { reason: 'no-time-observed', next: sentences['no-time-observed'] }
  if (left === 0) return { reason: 'no-churn', next: churnFitSentences['no-churn'] }
  // Each reading tells one share, and no more parameters than there are readings.
  const readings = new Set<number>()
  let moments = false
  for (let i = 0; i < data.count.length; i += 1) {
    if (data.left[i] === data.stayed[i]) moments = true
    else for (const t of [data.stayed[i]!, data.left[i]!]) if (t > 0 && t < Infinity) readings.add(t)
  }
  if (!moments && readings.size < parameters)
    return { reason: 'too-few-readings', next: sentences['too-few-readings'] }
  return undefined
}

/** What a search ran into, by where it ended. */
export function lastingEdge({ r, c = 1 }: { readonly r: number; readonly c?: number }): Edge | undefined {
  if (c > 50) return { reason: 'left-at-one-tenure', next: sentences['left-at-one-tenure'] }
  if (r > 1e5) return { reason: 'all-leave-alike', next: sentences['all-leave-alike'] }
  return r < 1e-4
    ? { reason: 'leave-at-once-or-never', next: sentences['leave-at-once-or-never'] }
    : undefined
}

const sentences = {
  'no-time-observed': {
    en: 'Nobody was watched for any time: wait, or check since when they are customers.',
    zh: '没有任何观察时长：请等待，或检查客户的起始时间。',
  },
  'too-few-readings': {
    en: 'There are fewer readings of the books than parameters: take a model with fewer, or count at more ages.',
    zh: '读数时点少于参数个数：请用参数更少的模型，或增加清点时点。',
  },
  'all-leave-alike': {
    en: 'The rate of leaving does not fall with tenure as it does where people differ: take one rate for all (who left, divided by the time all were customers), or Weibull-gamma if it rises.',
    zh: '流失速率没有像用户存在差异时那样随时间下降：请对所有人用同一速率（流失人数除以总在册时长）；若速率上升，请用 Weibull-gamma 模型。',
  },
  'left-at-one-tenure': {
    en: 'Nearly all who left did so at about one tenure, as where a term ends: count renewals, with a model in discrete time.',
    zh: '几乎所有流失都集中在某一在册时长附近（如合约到期）：请按续约次数计数，并用离散时间模型。',
  },
  'leave-at-once-or-never': {
    en: 'Nearly all who left did so at the very beginning, and the data do not say how long the others stay: model who stays from a later moment on, or wait.',
    zh: '几乎所有流失都发生在最初，数据无法说明其余的人能留多久：请从较晚时点起建模，或继续观察。',
  },
} satisfies { readonly [reason: string]: Sentence }
