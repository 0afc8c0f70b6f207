import { checkName, checkRecord, fault, type Sentence } from '../../kernel/errors.js'
import { exactSum } from '../../measures/exact-sum.js'

/**
 * As what revenue counts that comes back from a customer who had paid before, and then paid nothing.
 *
 * - `own`: a movement of its own. It offsets churn in the net churn rate, and is in neither NRR nor the quick ratio.
 * - `new`: as revenue of a new customer. In the quick ratio; it offsets no churn.
 * - `expansion`: as more from those who were there. In the quick ratio, in NRR, and it offsets churn.
 */
export type ReactivationRule = 'own' | 'new' | 'expansion'

/** What happened to recurring revenue in a period: amounts of one currency and unit, none below zero. */
export interface RevenueTotals {
  /** Of all customers before the period. */
  readonly start: number
  /** From customers who had never paid. */
  readonly new: number
  /** More from customers who paid already. */
  readonly expansion: number
  /** Less from customers who still pay. */
  readonly contraction: number
  /** Of customers who then paid nothing. */
  readonly churn: number
  /** From customers who had paid, and then nothing. */
  readonly reactivation: number
}

/** The rates by which recurring revenue is judged; 1 is 100 %. */
export interface RevenueRates {
  /** Net revenue retention: what the customers of the start pay at the end, per what they paid. New ones are not in it. */
  readonly nrr: RevenueRate
  /** Gross revenue retention: what was kept of the start, before anything that was won. */
  readonly grr: RevenueRate
  /** Churn and contraction per start. */
  readonly grossChurn: RevenueRate
  /** Gross churn less expansion and, unless it counts as new, reactivation. Below zero where more was won than lost. */
  readonly netChurn: RevenueRate
  readonly quickRatio: QuickRatio
}

/** A share of the revenue at the start; where there was none it does not exist, which is neither 0 % nor 100 %. */
export type RevenueRate =
  | { readonly kind: 'estimate'; readonly value: number }
  | { readonly kind: 'undefined'; readonly reason: 'nothing-at-start' | 'too-large' }

/** What was won per what was lost: new and expansion per contraction and churn, and which rule reactivation followed. */
export type QuickRatio =
  | { readonly kind: 'estimate'; readonly value: number; readonly reactivation: ReactivationRule }
  | {
      readonly kind: 'undefined'
      readonly reason: 'nothing-lost' | 'too-large'
      readonly reactivation: ReactivationRule
    }

/** The reasons in words, to print beside a table. */
export const revenueReasons: Readonly<Record<RevenueReason, Sentence>> = {
  'nothing-at-start': { en: 'there was no recurring revenue at the start', zh: '期初没有经常性收入' },
  'nothing-lost': { en: 'nothing was lost', zh: '没有任何流失或收缩' },
  'no-trials': { en: 'there was no paying customer at the start', zh: '期初没有付费客户' },
  'too-large': { en: 'the ratio is beyond the largest number', zh: '比值超出可表示的范围' },
  'period-not-over': { en: 'the period is not over yet', zh: '该周期尚未结束' },
}

/** Why a rate does not exist, or is not yet final. */
export type RevenueReason =
  | 'nothing-at-start'
  | 'nothing-lost'
  | 'no-trials'
  | 'too-large'
  | 'period-not-over'

/** The rules of reactivation, for definitions. */
export const reactivationRules: readonly ReactivationRule[] = ['own', 'new', 'expansion']

/**
 * The rates that follow from a period's totals. Any unit will do, as long as all are in the same.
 *
 * Totals of the end-to-end reading, where a customer has one movement in a period, are what the formulas are made for.
 * Where movements are counted one by one, totals also hold what new customers lost again, and the rates of
 * `defineRevenueRetention` leave that out, as they know whose it was.
 *
 * @throws DefinitionError `out-of-range` unless every total is from 0 to 2^53 - 1; `unknown-name` for another rule.
 * @see ChartMogul, "Net MRR Churn Rate", whose example this is; `defineRevenueRetention`, which measures the totals.
 * @example
 * const totals = { start: 100, new: 0, expansion: 10, contraction: 10, churn: 10, reactivation: 0 }
 * revenueRates(totals, { reactivation: 'own' })
 * // => { nrr: 0.9, grr: 0.8, grossChurn: 0.2, netChurn: 0.1, quickRatio: 0.5 }, each as { kind: 'estimate', value }
 */
export function revenueRates(
  totals: RevenueTotals,
  options: { readonly reactivation: ReactivationRule },
): RevenueRates {
  checkRecord(totals, '$')
  checkRecord(options, '$')
  const { reactivation } = options
  checkName(reactivationRules, reactivation, '$.reactivation')
  for (const name of totalNames) {
    const value: unknown = totals[name]
    if (typeof value !== 'number' || !(value >= 0 && value <= Number.MAX_SAFE_INTEGER))
      throw fault('out-of-range', `$.${name}`, value, 'from 0 to 2^53 - 1')
  }
  return ratesOf(totals, { ...totals, returned: 0 }, reactivation)
}

/** What customers of the start did: of every class of movement the part that is theirs. */
export interface BaseTotals extends Omit<RevenueTotals, 'new' | 'reactivation'> {
  /** From those among them who left and came back within the period. */
  readonly returned: number
}

/** Of the totals, and of the part in them of the customers of the start. */
export function ratesOf(all: RevenueTotals, base: BaseTotals, rule: ReactivationRule): RevenueRates {
  const { start, churn, contraction, expansion, returned } = base
  // Came back, and was not there at the start.
  const cameBack = exactSum([all.reactivation, -returned])
  const share = (...parts: readonly number[]): RevenueRate => {
    if (start === 0) return { kind: 'undefined', reason: 'nothing-at-start' }
    const value = exactSum(parts) / start
    return Number.isFinite(value) ? { kind: 'estimate', value } : { kind: 'undefined', reason: 'too-large' }
  }
  return {
    nrr: share(start, -churn, -contraction, expansion, returned, rule === 'expansion' ? cameBack : 0),
    grr: share(start, -churn, -contraction),
    grossChurn: share(churn, contraction),
    netChurn: share(churn, contraction, -expansion, -returned, rule === 'new' ? 0 : -cameBack),
    quickRatio: quickRatioOf(all, rule),
  }
}

function quickRatioOf(all: RevenueTotals, reactivation: ReactivationRule): QuickRatio {
  const lost = exactSum([all.contraction, all.churn])
  if (lost === 0) return { kind: 'undefined', reason: 'nothing-lost', reactivation }
  const won = exactSum([all.new, all.expansion, reactivation === 'own' ? 0 : all.reactivation])
  const value = won / lost
  return Number.isFinite(value)
    ? { kind: 'estimate', value, reactivation }
    : { kind: 'undefined', reason: 'too-large', reactivation }
}

const totalNames = ['start', 'new', 'expansion', 'contraction', 'churn', 'reactivation'] as const
