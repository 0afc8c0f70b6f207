import { exp, expm1, ln } from '../../kernel/elementary.js'
import { checkKeys, checkName, checkRecord, fault, type Sentence } from '../../kernel/errors.js'
import { integrate } from '../../measures/quadrature.js'
import { type Payments, paymentNames } from '../contracts/contract-model.js'
import type { ContractOutlook } from '../contracts/outlook.js'
import { type DiscountRate, lnRateIn } from '../discount.js'
import { spanIn, spanOf, type TimeSpan } from '../unit.js'
import type { PurchaseOutlook } from '../value/purchase-outlook.js'
import { assumption, checkAmount, checkFinite } from './assumptions.js'
import type { PayingNumber, RetentionGain } from './service-value.js'

/** What a service costs today, for a customer whose leaving is seen. */
export interface ServiceByContract {
  /** All of it: hours at their wage, and the order that was lost meanwhile. */
  readonly cost: number
  /** What a payment is, one a unit of the outlook. */
  readonly perPayment: number
  /** Gross margin as a share of it, at most 1. */
  readonly margin: number
  /** `contractOutlook(model, parameters, { tenure })`. */
  readonly outlook: ContractOutlook
  readonly payments: Payments
  /** Without a horizon wanted, and large enough for the sum to end within 1,000,000 units. */
  readonly discount?: DiscountRate
  readonly horizon?: TimeSpan
}

/** What a service costs today, for a customer who leaves without saying so. */
export interface ServiceByBuying {
  readonly cost: number
  /** What a purchase is worth. */
  readonly perPurchase: number
  /** Gross margin as a share of it, at most 1. */
  readonly margin: number
  /** `predictor(model, parameters).customer(history)`, or its `newcomer`. */
  readonly outlook: PurchaseOutlook
  readonly discount?: DiscountRate
  readonly horizon?: TimeSpan
}

/** By how much leaving has to fall, or the chance of still being there to rise. */
export function gainByOutlook(given: ServiceByContract | ServiceByBuying): RetentionGain {
  return isContract(given) ? gainByContract(given) : gainByBuying(given)
}

/** How many new customers pay. */
export function referralsByOutlook(given: ServiceByContract | ServiceByBuying): PayingNumber {
  let worth: number
  let assumes: readonly Sentence[]
  if (isContract(given)) {
    const each = checkContract(given)
    if (given.outlook.tenure !== 0)
      throw fault(
        'out-of-range',
        '$.outlook.tenure',
        given.outlook.tenure,
        '0: the outlook of a new customer',
      )
    const { payments, discount, horizon } = given
    const found = given.outlook.discountedPayments({
      payments,
      ...(discount !== undefined && { discount }),
      ...(horizon !== undefined && { horizon }),
    })
    worth = found.kind === 'estimate' ? each * found.value : each > 0 ? Infinity : 0
    assumes = assumesOf(given)
  } else {
    const each = checkBuying(given)
    worth = each * (1 + purchasesWorth(given))
    assumes = [...assumesOf(given), assumption.firstNow]
  }
  if (given.cost === 0) return { kind: 'estimate', value: 0, assumes }
  const value = given.cost / worth
  return worth > 0 && value < Infinity
    ? { kind: 'estimate', value, assumes }
    : { kind: 'none', most: 0, next: none, assumes }
}

/** Hazards times 1 - avoided: within a bracket, as what is paid rises with what is avoided. */
function gainByContract(given: ServiceByContract): RetentionGain {
  const each = checkContract(given)
  const { outlook, cost } = given
  const worthAt = paidBy(given)
  const unit = spanOf(outlook.unit, 1)
  const before = outlook.retention(unit)
  const assumes = [...assumesOf(given), leavingFalls]
  if (cost === 0) return { kind: 'estimate', retention: before, gain: 0, leavingAvoided: 0, assumes }
  const now = worthAt(0)
  const most = each > 0 ? each * (worthAt(1) - now) : 0
  if (!(most >= cost)) return { kind: 'none', most, next: none, assumes }
  let [low, high] = [0, 1]
  let [under, over] = [-cost, most - cost]
  // Along chords (Illinois), where a sum over a million renewals is dear; each third step halves, however bent the curve is.
  for (let step = 1; step < 90 && over > 0 && high - low > 1e-14 * high; step++) {
    const chord = step % 3 === 0 ? low : low + (high - low) * (under / (under - over))
    const middle = chord > low && chord < high ? chord : (low + high) / 2
    const past = each * (worthAt(middle) - now) - cost
    if (past >= 0) {
      high = middle
      over = past
      under /= 2
    } else {
      low = middle
      under = past
      over /= 2
    }
  }
  const retention = outlook.time === 'discrete' ? 1 - (1 - high) * (1 - before) : exp((1 - high) * ln(before))
  return { kind: 'estimate', retention, gain: retention - before, leavingAvoided: high, assumes }
}

/** Payments of 1, discounted, where a share of leaving is avoided. */
function paidBy({ outlook, payments, discount, horizon }: ServiceByContract): (avoided: number) => number {
  const { unit, time } = outlook
  const rate = discount === undefined ? 0 : lnRateIn(unit, discount, '$.discount')
  // Beyond that a payment is worth less than the last digit of the sum.
  const far = horizon === undefined ? 40 / rate : spanIn(unit, horizon, '$.horizon')
  if (!(far <= 1_000_000))
    throw fault(
      'out-of-range',
      '$.discount',
      discount,
      'a horizon, or a rate whose sum ends within 1000000 units',
    )
  if (time === 'continuous') {
    if (far === 0) return () => 0
    // Asked for again at every share that is tried, mostly at the same times.
    const survivals = new Map<number, number>()
    const survival = (t: number): number => {
      const known = survivals.get(t)
      if (known !== undefined) return known
      const there = outlook.survival(spanOf(unit, t))
      survivals.set(t, there)
      return there
    }
    return (avoided) => {
      const sum = integrate(
        (t) => {
          const there = survival(t)
          return there === 0 ? 0 : exp((1 - avoided) * ln(there) - rate * t)
        },
        0,
        far,
        { relative: 1e-10 },
      )
      return sum.kind === 'estimate' ? sum.value : Number.NaN
    }
  }
  if (horizon !== undefined && !Number.isInteger(far))
    throw fault('out-of-range', '$.horizon', far, 'whole renewals, one a unit')
  const last = payments === 'signing' ? Math.ceil(far) - 1 : Math.ceil(far)
  const paid = payments === 'about-to-renew' ? 1 : 0
  const hazards = Float64Array.from({ length: Math.max(0, last) }, (_, j) => {
    const hazard = outlook.hazard(spanOf(unit, j + 1))
    return hazard.kind === 'estimate' ? hazard.value : 1
  })
  const worths = Float64Array.from(hazards, (_, j) => exp(-rate * (j + 1 - paid)))
  return (avoided) => {
    let [sum, there] = [payments === 'signing' && last >= 0 ? 1 : 0, 1]
    for (let j = 0; j < last; j++) {
      there *= 1 - (1 - avoided) * hazards[j]!
      const term = there * worths[j]!
      sum += term
      // Later terms are no larger.
      if (term * (last - j) < 1e-17 * sum) break
    }
    return sum
  }
}

/** What is to come of a buyer is in proportion to the chance that they are there. */
function gainByBuying(given: ServiceByBuying): RetentionGain {
  const each = checkBuying(given)
  const { outlook, cost } = given
  const assumes = [...assumesOf(given), thereOrNot]
  const alive = outlook.alive()
  if (cost === 0) return { kind: 'estimate', retention: alive, gain: 0, assumes }
  const worth = each * purchasesWorth(given)
  const gain = (alive * cost) / worth
  // What they would bring if they were there for certain; -expm1 keeps the digits of a chance next to 1.
  const room = -expm1(outlook.ln.alive())
  if (!(worth > 0 && gain <= room))
    return { kind: 'none', most: worth > 0 ? (worth / alive) * room : 0, next: none, assumes }
  return { kind: 'estimate', retention: Math.min(1, alive + gain), gain, assumes }
}

function purchasesWorth({ outlook, discount, horizon }: ServiceByBuying): number {
  if (discount !== undefined)
    return outlook.discountedPurchases({ discount, ...(horizon !== undefined && { horizon }) })
  if (horizon === undefined) throw fault('missing', '$.horizon', horizon, 'a horizon, or a discount rate')
  return outlook.expectedPurchases(horizon)
}

const isContract = (given: ServiceByContract | ServiceByBuying): given is ServiceByContract => {
  checkRecord(given.outlook, '$.outlook')
  if ('discountedPayments' in given.outlook) return true
  if (typeof given.outlook.discountedPurchases !== 'function' || typeof given.outlook.alive !== 'function')
    throw fault(
      'wrong-type',
      '$.outlook',
      given.outlook,
      'what contractOutlook or a predictor of purchases answers',
    )
  return false
}

function checkContract(given: ServiceByContract): number {
  checkKeys(given, ['cost', 'perPayment', 'margin', 'outlook', 'payments', 'discount', 'horizon'], '$')
  if (typeof given.outlook.discountedPayments !== 'function')
    throw fault('wrong-type', '$.outlook', given.outlook, 'what contractOutlook answers')
  checkName(paymentNames, given.payments, '$.payments')
  checkDiscount(given)
  return checkMoney(given.cost, given.perPayment, '$.perPayment', given.margin)
}

function checkBuying(given: ServiceByBuying): number {
  checkKeys(given, ['cost', 'perPurchase', 'margin', 'outlook', 'discount', 'horizon'], '$')
  checkDiscount(given)
  return checkMoney(given.cost, given.perPurchase, '$.perPurchase', given.margin)
}

/** Before anything reads it, also where nothing is to be discounted. */
function checkDiscount({ discount }: { readonly discount?: DiscountRate }): void {
  if (discount === undefined) return
  checkRecord(discount, '$.discount')
  lnRateIn(discount.per, discount, '$.discount')
}

function checkMoney(cost: number, amount: number, path: string, margin: number): number {
  checkAmount(cost, '$.cost')
  checkAmount(amount, path)
  checkFinite(margin, '$.margin')
  if (!(margin <= 1)) throw fault('out-of-range', '$.margin', margin, 'a share of revenue, at most 1')
  return amount * margin
}

const assumesOf = ({ discount }: { readonly discount?: DiscountRate }): readonly Sentence[] => [
  assumption.grossMargin,
  assumption.constantRevenue,
  (discount?.rate ?? 0) > 0 ? assumption.discounted : assumption.undiscounted,
]

const leavingFalls: Sentence = {
  en: 'The service avoids the same share of leaving at every renewal to come, not only at the next.',
  zh: '服务在今后每次续约时都避免同样比例的流失，而不仅是下一次。',
}

const thereOrNot: Sentence = {
  en: 'The service decides whether they are still a customer today; who is buys and leaves as before.',
  zh: '服务只影响该客户当前是否仍为客户；留下的客户之后的购买与流失方式不变。',
}

/** Where even for ever is not enough. */
export const none: Sentence = {
  en: 'Even for ever it does not come to the cost: look for what else it brings (referrals, a larger basket), or for a cheaper way.',
  zh: '即使一直持续也不足以覆盖成本：请看它带来的其他收益（转介绍、客单价），或寻找更省的做法。',
}
