import { checkList, checkRecord, fault, type Sentence } from '../../kernel/errors.js'
import type { Payments } from '../contracts/contract-model.js'
import type { ContractOutlook } from '../contracts/outlook.js'
import type { DiscountRate } from '../discount.js'
import { firstWhole } from '../first-whole.js'
import { spanOf } from '../unit.js'
import { assumption, checkAmount, checkShare } from './assumptions.js'
import {
  type CustomerMargin,
  checkMargin,
  checkStream,
  paymentsWorth,
  type RetentionStream,
} from './retention-value.js'

/** When a cost has come back, or what comes back of it. */
export type SimplePayback =
  | {
      readonly kind: 'paid-back'
      /** Payments until then; a fraction only where nobody leaves and payments flow evenly. 0 where there was no cost. */
      readonly periods: number
      /** What has come back by then, of one customer won. */
      readonly cumulated: number
      readonly assumes: readonly Sentence[]
    }
  | {
      readonly kind: 'never'
      /** What comes back in the end, of one customer won; 0 where every sale loses. */
      readonly convergesTo: number
      readonly next: Sentence
      readonly assumes: readonly Sentence[]
    }
  | {
      /** The curve ends before. */
      readonly kind: 'not-by'
      readonly periods: number
      readonly cumulated: number
      readonly next: Sentence
      readonly assumes: readonly Sentence[]
    }

const never: Sentence = {
  en: 'What customers bring before they leave does not cover the cost: win them cheaper, keep them longer, or raise the margin.',
  zh: '客户流失前带来的毛利不足以覆盖成本：请降低获客成本、提高留存或提高毛利。',
}
const notBy: Sentence = {
  en: 'The cost is not covered where the curve ends: give a longer one, or a retention that holds on.',
  zh: '在给定曲线的末端成本尚未收回：请给出更长的曲线或持续的留存率。',
}

/**
 * Payback as it is usually told: CAC ÷ (ARPA × gross margin), in periods. It leaves out that customers leave, and so is early;
 * `churnAwarePayback` does not.
 *
 * @throws DefinitionError `wrong-type`, `out-of-range`.
 * @example
 * simplePayback({ cost: 300, arpa: 50, margin: 0.8 }) // => { kind: 'paid-back', periods: 7.5, cumulated: 300, … }
 */
export function simplePayback(given: CustomerMargin & { readonly cost: number }): SimplePayback {
  checkMargin(given, '$')
  checkAmount(given.cost, '$.cost')
  const { cost, arpa, margin } = given
  const assumes = [assumption.everybodyStays, assumption.grossMargin, assumption.constantRevenue]
  const each = arpa * margin
  if (cost === 0) return { kind: 'paid-back', periods: 0, cumulated: 0, assumes }
  const periods = cost / each
  if (!(each > 0 && periods < Infinity)) return { kind: 'never', convergesTo: 0, next: never, assumes }
  return { kind: 'paid-back', periods, cumulated: cost, assumes }
}

/** Who is still there to pay: at a retention that never changes, or by a curve. */
export type PayingCurve =
  | RetentionStream
  | {
      /** The share that makes each payment, from the first that counts: `[1, 0.7, 0.6]`. From any model or table. */
      readonly paying: readonly number[]
    }
  | {
      /** What a contract model says of such a customer: one payment a unit of its parameters. */
      readonly outlook: ContractOutlook
      readonly payments: Payments
      readonly discount?: DiscountRate
    }

/**
 * Payback that knows of churn: the first payment with which the margin of those who are still there covers the cost. It may be
 * never, with what comes back of it; of a stated curve it may lie beyond its end.
 *
 * @throws DefinitionError `wrong-type`, `out-of-range`, `unknown-name`, `missing`.
 * @example
 * churnAwarePayback({ cost: 300, arpa: 50, margin: 0.8, curve: { retention: 0.9, discountPerPeriod: 0, firstPayment: 'now' } })
 * // => { kind: 'paid-back', periods: 14, cumulated: 308.49…, … }
 */
export function churnAwarePayback(
  given: CustomerMargin & { readonly cost: number; readonly curve: PayingCurve },
): SimplePayback {
  checkMargin(given, '$')
  checkAmount(given.cost, '$.cost')
  const { cost, arpa, margin, curve } = given
  checkRecord(curve, '$.curve')
  const each = arpa * margin
  const assumes: Sentence[] = [assumption.grossMargin, assumption.constantRevenue]
  if ('paying' in curve) {
    checkCurve(curve.paying)
    if (cost === 0) return { kind: 'paid-back', periods: 0, cumulated: 0, assumes }
    let cumulated = 0
    for (const [i, share] of curve.paying.entries()) {
      cumulated += each * share
      if (cumulated >= cost) return { kind: 'paid-back', periods: i + 1, cumulated, assumes }
    }
    return { kind: 'not-by', periods: curve.paying.length, cumulated, next: notBy, assumes }
  }
  let by: (periods: number) => number
  let most: number | undefined
  /** Whether the last of it comes only after for ever. */
  let endless = true
  if ('outlook' in curve) {
    checkRecord(curve.outlook, '$.curve.outlook')
    if (typeof curve.outlook.discountedPayments !== 'function')
      throw fault('wrong-type', '$.curve.outlook', curve.outlook, 'what contractOutlook answers')
    most = 1_000_000
    by = (periods) => each * worthOf(curve, periods)
  } else {
    checkStream(curve, '$.curve')
    assumes.push(
      assumption.constantChurn,
      curve.discountPerPeriod > 0 ? assumption.discounted : assumption.undiscounted,
      curve.firstPayment === 'now' ? assumption.firstNow : assumption.firstLater,
    )
    by = (periods) => each * paymentsWorth(curve, periods)
    endless = curve.retention > 0
  }
  if (cost === 0) return { kind: 'paid-back', periods: 0, cumulated: 0, assumes }
  const all = each > 0 ? by(Infinity) : 0
  // A cost of all that ever comes back is never covered, whatever the last digit says.
  if (all < cost || (all <= cost * (1 + 4e-15) && endless))
    return { kind: 'never', convergesTo: all, next: never, assumes }
  const periods = firstWhole((n) => by(n) >= cost, most)
  if (periods !== undefined) return { kind: 'paid-back', periods, cumulated: by(periods), assumes }
  const looked = most ?? Number.MAX_SAFE_INTEGER
  return { kind: 'not-by', periods: looked, cumulated: by(looked), next: notBy, assumes }
}

/** Payments of 1 by a model. */
function worthOf(
  curve: Extract<PayingCurve, { readonly outlook: ContractOutlook }>,
  periods: number,
): number {
  const { outlook, payments, discount } = curve
  const found = outlook.discountedPayments({
    payments,
    ...(discount !== undefined && { discount }),
    ...(periods < Infinity && { horizon: spanOf(outlook.unit, periods) }),
  })
  return found.kind === 'estimate' ? found.value : Infinity
}

function checkCurve(paying: readonly number[]): void {
  checkList(paying, '$.curve.paying')
  if (paying.length === 0) throw fault('missing', '$.curve.paying', paying, 'a share at least')
  for (const [i, share] of paying.entries()) checkShare(share, `$.curve.paying[${i}]`)
}
