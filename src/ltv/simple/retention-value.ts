import { expm1, log1p } from '../../kernel/elementary.js'
import { checkName, checkRecord, fault, type Sentence } from '../../kernel/errors.js'
import {
  assumption,
  checkAmount,
  checkFinite,
  checkShare,
  estimateOf,
  noEstimate,
  type SimpleEstimate,
} from './assumptions.js'

/** What one customer brings in one period, and how much of it is earned. */
export interface CustomerMargin {
  /** Average revenue per account and period, in one currency. */
  readonly arpa: number
  /** Gross margin as a share of revenue, at most 1; below 0 where every sale loses. */
  readonly margin: number
}

/**
 * What a customer is worth by the formula that everybody knows: ARPA × gross margin ÷ churn. 1 ÷ churn is how long they stay on
 * average if each leaves with the same chance in every period.
 *
 * Its assumptions are part of the answer. A churn of 0 does not divide: it is a case of its own. For values that are
 * discounted, `retentionValue`; where people differ, a contract model (`sbg`).
 *
 * @param given - all of periods of one length; `churn` from 0 to 1.
 * @throws DefinitionError `wrong-type`, `out-of-range`.
 * @example
 * churnValue({ arpa: 50, margin: 0.8, churn: 0.04 }).value // => 1000
 */
export function churnValue(given: CustomerMargin & { readonly churn: number }): SimpleEstimate {
  checkMargin(given, '$')
  const { arpa, margin, churn } = given
  checkShare(churn, '$.churn')
  const { samePeriod, grossMargin, constantChurn, constantRevenue, undiscounted, firstNow } = assumption
  const assumes = [samePeriod, grossMargin, constantChurn, constantRevenue, undiscounted, firstNow]
  if (churn === 0) return noEstimate('no-churn', assumes)
  return estimateOf((arpa * margin) / churn, 'arpa-margin-churn', assumes)
}

/** Which payments count, at what retention and discount, all by the period. */
export interface RetentionStream {
  /** The share that stays through a period, from 0 to 1. */
  readonly retention: number
  /** Discount rate of a period, from 0: 0.1 a year is 0.0080 a month. */
  readonly discountPerPeriod: number
  /** `now`: the first payment is today and is certain. `later`: the first is a period from now, of those who stay. */
  readonly firstPayment: 'now' | 'later'
}

/**
 * Discounted value at a retention that never changes: for ever m (1 + d) / (1 + d - r) with the first payment now, and
 * m r / (1 + d - r) with the first one later; `periods` payments of these where a horizon is stated.
 *
 * The two conventions differ by one payment: say which it is beside the number.
 *
 * @throws DefinitionError `wrong-type`, `out-of-range`, `unknown-name`.
 * @see Gupta & Lehmann (2003), "Customers as Assets"; Fader & Hardie (2012), "Reconciling and Clarifying CLV Formulas".
 * @example
 * retentionValue({ arpa: 100, margin: 1, retention: 0.8, discountPerPeriod: 0.1, firstPayment: 'now' }).value // => 366.6666666666667
 */
export function retentionValue(
  given: CustomerMargin & RetentionStream & { readonly periods?: number },
): SimpleEstimate {
  checkMargin(given, '$')
  checkStream(given, '$')
  const { arpa, margin, periods } = given
  const { firstPayment, discountPerPeriod } = given
  if (periods !== undefined) checkPeriods(periods, '$.periods')
  const { samePeriod, grossMargin, constantChurn, constantRevenue } = assumption
  const assumes: readonly Sentence[] = [
    samePeriod,
    grossMargin,
    constantChurn,
    constantRevenue,
    discountPerPeriod > 0 ? assumption.discounted : assumption.undiscounted,
    firstPayment === 'now' ? assumption.firstNow : assumption.firstLater,
  ]
  const payments = paymentsWorth(given, periods ?? Infinity)
  if (payments === Infinity) return noEstimate('infinite', assumes)
  return estimateOf(arpa * margin * payments, `discounted-retention-first-${firstPayment}`, assumes)
}

/** What payments of 1 are worth; Infinity where nobody leaves and nothing is discounted. */
export function paymentsWorth(
  { retention, discountPerPeriod, firstPayment }: RetentionStream,
  periods: number,
): number {
  // What a period takes of the next payment's worth.
  const lost = (1 - retention + discountPerPeriod) / (1 + discountPerPeriod)
  const kept = retention / (1 + discountPerPeriod)
  const first = firstPayment === 'now' ? 1 : kept
  if (lost === 0 || periods === 0) return periods
  if (periods === Infinity) return first / lost
  return (first * -expm1(periods * log1p(-Math.min(1, lost)))) / lost
}

export function checkMargin(given: CustomerMargin, path: string): void {
  checkRecord(given, path)
  checkFinite(given.arpa, `${path}.arpa`)
  checkFinite(given.margin, `${path}.margin`)
  if (!(given.arpa >= 0)) throw fault('out-of-range', `${path}.arpa`, given.arpa, 'from 0, finite')
  if (!(given.margin <= 1))
    throw fault('out-of-range', `${path}.margin`, given.margin, 'a share of revenue, at most 1')
}

export function checkStream(given: RetentionStream, path: string): void {
  checkRecord(given, path)
  checkShare(given.retention, `${path}.retention`)
  checkAmount(given.discountPerPeriod, `${path}.discountPerPeriod`)
  checkName(['now', 'later'], given.firstPayment, `${path}.firstPayment`)
}

function checkPeriods(periods: number, path: string): void {
  if (!(Number.isSafeInteger(periods) && periods >= 0 && periods <= 1_000_000))
    throw fault('out-of-range', path, periods, 'a whole number of periods from 0 to 1000000')
}
