import type { HistoryTable } from '../../histories/history.js'
import type { Edge } from '../../model.js'
import { noDropOut, noRepeats, noTime, tooFewCustomers } from '../common-edges.js'
import { withoutLeaving } from '../nbd.js'
import { betaGeometricLikelihood } from './likelihood.js'
import type { BetaGeometricForm, BetaGeometricValues } from './standing.js'

/** More alike than this the data cannot tell, in logarithms of likelihood. */
const SAME = 1e-3

/** Where a model with a beta-geometric way to leave becomes another or says nothing: at limits that are as likely as `values`. */
export function betaGeometricEdge(
  form: BetaGeometricForm,
  data: HistoryTable,
  { r, alpha, a, b }: BetaGeometricValues,
): Edge | undefined {
  const { value } = betaGeometricLikelihood(form, data)
  const here = value([r, alpha, a, b])
  // How often somebody could have left: beside this many a chance of 1e-6 of one is none.
  let chances = 1
  for (let i = 0; i < data.count.length; i++) chances += data.count[i]! * (1 + data.repeatCount[i]!)
  const far = 1e6 * chances
  const buying = Math.max(1e4, 1e4 / r)
  const more = Math.max(1e4, 1e4 / Math.min(a, b))
  const less = Math.min(1e-4, 1e-8 / Math.max(a, b))
  const limits: readonly (readonly [() => Edge, readonly number[]])[] = [
    [
      () => (form.k === 1 ? withoutLeaving(data, { r, alpha }) : noErlangDropOut),
      [r, alpha, a, Math.max(b, far * a)],
    ],
    [() => allLeaveAtOnce, [r, alpha, Math.max(a, far * b), b]],
    [() => allBuyAlike, [r * buying, alpha * buying, a, b]],
    [() => allLeaveAlike, [r, alpha, a * more, b * more]],
    [() => leaveAtOnceOrNever, [r, alpha, a * less, b * less]],
  ]
  const gains = limits.map(([, at]) => value(at) - here)
  // The limit that it came to; failing that, one that is likelier than where it stands.
  const at = gains.findIndex((gain) => Math.abs(gain) < SAME)
  return limits[at < 0 ? gains.findIndex((gain) => gain >= SAME) : at]?.[0]()
}

/** Why these data bear no search. */
export function betaGeometricHopeless(
  data: Pick<HistoryTable, 'customers' | 'age' | 'repeatCount'>,
): Edge | undefined {
  if (data.age.every((age) => age === 0)) return noTime
  if (data.repeatCount.every((count) => count === 0)) return noRepeats
  if (data.customers < 2) return tooFewCustomers
  return undefined
}

/** Why log-likelihoods with Erlang times stand apart where gaps are unknown. */
export function gapsUnknown(
  form: BetaGeometricForm,
  data: Pick<HistoryTable, 'sumLnGaps'>,
): Edge | undefined {
  return form.k > 1 && data.sumLnGaps === undefined ? noGaps : undefined
}

/** Erlang times without leaving are no model here, so there is none to name. */
const noErlangDropOut: Edge = { reason: noDropOut.reason, next: noDropOut.next }

const allLeaveAtOnce: Edge = {
  reason: 'all-leave-at-once',
  next: {
    en: 'Everybody seems to leave at the first chance, so nothing can be told of those who stay. Look whether repeat purchases are recorded at all, or observe for longer.',
    zh: '几乎所有人在第一次机会就流失,无法得知留下的人如何。请检查是否记录了复购,或延长观察期。',
  },
}

const allBuyAlike: Edge = {
  reason: 'all-buy-alike',
  next: {
    en: 'Customers seem to buy at one and the same rate: r grows without end and only r over alpha is known. Look at each group of customers alone, keep r in bounds by a prior, or try a larger k where buying is regular.',
    zh: '顾客的购买频率看起来完全相同:r 无限增大,只能确定 r 与 alpha 之比。请分组查看,用先验约束 r,或在购买有规律时增大 k。',
  },
}

const allLeaveAlike: Edge = {
  reason: 'all-leave-alike',
  next: {
    en: 'Customers seem to have one and the same chance to leave after a purchase: a and b grow without end and only a / (a + b) is known. Keep them in bounds by a prior; predictions hardly change.',
    zh: '顾客每次购买后的流失概率看起来完全相同:a 和 b 无限增大,只能确定 a / (a + b)。请用先验加以约束;预测几乎不受影响。',
  },
}

const leaveAtOnceOrNever: Edge = {
  reason: 'leave-at-once-or-never',
  next: {
    en: 'Customers seem to leave either at the first chance or never: a and b go to 0 and only a / (a + b) is known. Look whether one-time buyers are another kind of customer, or keep a and b in bounds by a prior.',
    zh: '顾客似乎要么第一次就流失,要么永不流失:a 和 b 趋于 0,只能确定 a / (a + b)。请检查一次性顾客是否属于另一类人群,或用先验约束 a 和 b。',
  },
}

const noGaps: Edge = {
  reason: 'gaps-unknown',
  next: {
    en: 'The sums of the logarithms of times between purchases are not known, so a constant that depends on k is left out: this log-likelihood must not be compared with that of a model with another k. Give every history its sumLnGaps.',
    zh: '购买间隔的对数和未知,似然中省略了与 k 有关的常数:不能与其他 k 的模型比较。请为每条历史提供 sumLnGaps。',
  },
}
