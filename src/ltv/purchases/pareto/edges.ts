/* Where Pareto/NBD becomes a simpler model, and where no search for its parameters is worth while. */
import { exp, ln } from '../../../kernel/elementary.js'
import type { HistoryTable } from '../../histories/history.js'
import type { Edge, Values } from '../../model.js'
import { noRepeats, noTime, tooFewCustomers } from '../common-edges.js'
import { withoutLeaving } from '../nbd.js'
import { tableLikelihood } from './likelihood.js'

type P = 'r' | 'alpha' | 's' | 'beta'

/** More alike than this the data cannot tell, in logarithms of likelihood. */
const SAME = 1e-3

/** Whether one of the model's limits is as likely as what the search has reached: `logLikelihood` at `values`. */
export function paretoEdge(table: HistoryTable, values: Values<P>, logLikelihood: number): Edge | undefined {
  const { value } = tableLikelihood(table)
  const age = typicalAge(table)
  const { r, alpha, s, beta } = values
  const holds = (at: readonly number[]) => value(at) >= logLikelihood - SAME
  if (holds([r, alpha, s, Math.max(beta, s * age) * 1e9])) return withoutLeaving(table, values)
  const leaving = Math.max(1e4, 1e4 / s)
  if (holds([r, alpha, s * leaving, beta * leaving])) return allLeaveAlike
  const buying = Math.max(1e4, 1e4 / r)
  if (holds([r * buying, alpha * buying, s, beta])) return allBuyAlike
  if (beta < age) {
    // Nearer to both being 0, with the share fixed that stays at a typical age; as near as floats go.
    const span = ln(age / beta)
    const further = Math.min(10, Math.max(1, 650 / span))
    if (holds([r, alpha, s / further, age * exp(-span * further)])) return leaveAtOnceOrNever
  }
  return undefined
}

/** Why no search is worth while. */
export function paretoHopeless(table: HistoryTable): Edge | undefined {
  if (table.age.every((age) => age === 0)) return noTime
  if (table.repeatCount.every((count) => count === 0)) return noRepeats
  if (table.customers < 2) return tooFewCustomers
  return undefined
}

/** The mean age, or 1 where it is 0. */
export function typicalAge({ count, age, customers }: HistoryTable): number {
  let time = 0
  for (let i = 0; i < count.length; i += 1) time += count[i]! * age[i]!
  return time > 0 ? time / customers : 1
}

const allLeaveAlike: Edge = {
  reason: 'all-leave-alike',
  next: {
    en: 'Customers seem to leave at one and the same rate: s and beta grow without end and only s / beta is known. Keep s in bounds by a prior. The MBG/NBD, in which people leave after purchases, is another model and worth a comparison.',
    zh: '顾客的流失速率看起来完全相同：s 与 beta 无限增大，只能确定 s / beta。请用先验约束 s。MBG/NBD（顾客在购买后流失）是另一种模型，可作比较。',
  },
}

const allBuyAlike: Edge = {
  reason: 'all-buy-alike',
  next: {
    en: 'Customers seem to buy at one and the same rate: r and alpha grow without end and only r / alpha is known. Look at each group of customers alone, keep r in bounds by a prior, or try MBG/CNBD-2 where buying is regular.',
    zh: '顾客的购买频率看起来完全相同：r 与 alpha 无限增大，只能确定 r / alpha。请分组查看，用先验约束 r，或在购买有规律时尝试 MBG/CNBD-2。',
  },
}

const leaveAtOnceOrNever: Edge = {
  reason: 'leave-at-once-or-never',
  next: {
    en: 'Customers seem to leave either right after the first purchase or never: s and beta go to 0 and only the share of those who leave is known. Look whether one-time buyers are another kind of customer, or keep s and beta in bounds by a prior.',
    zh: '顾客似乎要么首购后立即流失，要么永不流失：s 与 beta 趋于 0，只能确定流失者的占比。请检查一次性顾客是否属于另一类人群，或用先验约束 s 与 beta。',
  },
}

/** The correlated model only: m has come to the end of where it makes a distribution. */
export const correlationAtLimit: Edge = {
  reason: 'correlation-at-limit',
  next: {
    en: 'The correlation of buying and leaving has reached the most that this family of distributions can express, so its error is not known. Compare the Pareto/NBD without correlation: it is less likely here, and its errors are known.',
    zh: '购买与流失的相关性已达到该分布族所能表达的极限，无法给出其误差。可与不含相关性的 Pareto/NBD 比较：其似然较低，但误差可知。',
  },
}

/** The correlated model only: it is as likely without. */
export const noCorrelation: Edge = {
  reason: 'no-correlation',
  next: {
    en: 'The data do not tell a correlation of buying and leaving from none, up to the most that this family can express in this unit of time. Use the Pareto/NBD without correlation; in a longer unit more can be expressed.',
    zh: '在该时间单位下，直到该分布族所能表达的极限，数据都无法区分购买与流失是否相关。请改用不含相关性的 Pareto/NBD；更长的时间单位可表达更强的相关性。',
  },
  instead: 'pareto-nbd',
}
