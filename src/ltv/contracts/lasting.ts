/* What models of contracts that may end at any moment have in common. */
import { exp, ln } from '../../kernel/elementary.js'
import { checkNumber, fault, type Sentence } from '../../kernel/errors.js'
import { churnFitSentences } from '../../measures/churn-fit.js'
import type { Edge } from '../model.js'
import { type ContractTable, checkContractTable } from './contract-table.js'
import { type LastingLimit, lastingLimit } from './lasting-limits.js'

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

/** Why no search is worth while. Where the data are likeliest at a limit, also a place near it. */
export function lastingHopeless(
  data: ContractTable,
  shape: 'one' | 'any',
): (Edge & { readonly limit?: Exclude<LastingLimit['near'], undefined> }) | undefined {
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
  if (!moments && readings.size < (shape === 'one' ? 2 : 3))
    return { reason: 'too-few-readings', next: sentences['too-few-readings'] }
  const limit = lastingLimit(data, shape)
  if (limit === undefined) return undefined
  return { ...edgeAt(limit, shape), ...(limit.near && { limit: limit.near }) }
}

function edgeAt(limit: LastingLimit, shape: 'one' | 'any'): Edge {
  if (limit.kind === 'none-before') return noneLeaveBefore(limit.from)
  if (limit.kind === 'at-one-tenure')
    return { reason: 'left-at-one-tenure', next: sentences['left-at-one-tenure'] }
  return shape === 'one' ? noFall : allAlike(limit.theta, limit.c)
}

/**
 * What a search ran into, by where it ended. `settled`: at a highest point, from which no limit is near.
 */
export function lastingEdge(
  data: Pick<ContractTable, 'count' | 'stayed' | 'left'>,
  { r, scale, c }: { readonly r: number; readonly scale: number; readonly c?: number },
  settled: boolean,
): Edge | undefined {
  const shape = c ?? 1
  let [first, last, leavers, moments] = [Infinity, 0, 0, true]
  for (let i = 0; i < data.left.length; i += 1) {
    const [stayed, left] = [data.stayed[i]!, data.left[i]!]
    first = Math.min(first, left)
    last = Math.max(last, left < Infinity ? left : stayed)
    if (left < Infinity) leavers += data.count[i]!
    if (left < Infinity && left > stayed) moments = false
  }
  if (shape > 50) {
    // What is left of the rate of leaving after the first did.
    if (r < 0.01) return noneLeaveBefore(first)
    return { reason: 'left-at-one-tenure', next: sentences['left-at-one-tenure'] }
  }
  // Where (t / scale)^c of the longest tenure is nothing, r and scale are one number. Of moments the search has begun only
  // because some difference between people is likelier than none, so there it has to be nothing to all who left.
  const nothing = moments ? 0.5 / leavers : Math.max(0.5 / leavers, 0.002)
  const alike = r > 1e5 || (!settled && shape * ln(last / scale) < ln(nothing))
  if (alike) return c === undefined ? noFall : allAlike(exp(ln(scale) - ln(r) / c), c)
  if (settled || r >= 1e-4) return undefined
  if (shape > 10 && scale > first / 2) return noneLeaveBefore(first)
  return shape * ln(first / scale) > ln(1000)
    ? { reason: 'leave-at-once-or-never', next: sentences['leave-at-once-or-never'] }
    : undefined
}

/** r without end, c being whatever it is. */
function allAlike(theta: number, c: number): Edge {
  const curve = `exp(-(t / ${theta.toPrecision(3)})^${c.toPrecision(3)})`
  return {
    reason: 'all-leave-alike',
    next: {
      en: `Customers do not seem to differ: r grows without end and only scale / r^(1 / c) is known. Take one Weibull curve for all, S(t) = ${curve}, or keep r in bounds by a prior.`,
      zh: `用户之间看不出差异：r 无限增大，只能确定 scale / r^(1 / c)。请对所有人用同一条 Weibull 曲线 S(t) = ${curve}，或用先验约束 r。`,
    },
  }
}

/** c without end and r to 0. */
function noneLeaveBefore(tenure: number): Edge {
  const from = tenure.toPrecision(3)
  return {
    reason: 'none-leave-before',
    next: {
      en: `Nobody left before a tenure of ${from}, as under a minimum term, and those who left later do not tell a shape: c grows without end. Count tenures from there with exponential-gamma, keep c in bounds by a prior, or wait until more have left.`,
      zh: `在册 ${from} 之前无人流失（如同有最短合约期），之后的流失不足以确定形状：c 无限增大。请从该时点起计在册时长并用指数-gamma 模型，用先验约束 c，或等更多人流失。`,
    },
  }
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

const noFall: Edge = { reason: 'all-leave-alike', next: sentences['all-leave-alike'] }
