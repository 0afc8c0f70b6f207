import { checkRecord, type Sentence } from '../../kernel/errors.js'
import { firstWhole } from '../first-whole.js'
import { assumption, checkAmount } from './assumptions.js'
import {
  type CustomerMargin,
  checkMargin,
  checkStream,
  paymentsWorth,
  type RetentionStream,
} from './retention-value.js'
import {
  gainByOutlook,
  none,
  referralsByOutlook,
  type ServiceByBuying,
  type ServiceByContract,
} from './service-by-outlook.js'

/** What a service costs today, for a customer who brings so much and stays so long. */
export interface ServiceCost extends CustomerMargin, Omit<RetentionStream, 'firstPayment'> {
  /** All of it: hours at their wage, and the order that was lost meanwhile. */
  readonly cost: number
}

/** Which retention pays, or that none does. */
export type RetentionGain =
  | {
      readonly kind: 'estimate'
      /** The retention at which the customer is worth the cost more. */
      readonly retention: number
      /** How much that is above what it was: 0.02 are two percentage points. */
      readonly gain: number
      /** By a contract's outlook: the share of leaving that has to be avoided, at every renewal to come. */
      readonly leavingAvoided?: number
      readonly assumes: readonly Sentence[]
    }
  | {
      readonly kind: 'none'
      /** By how much the customer is worth more who never leaves: too little. */
      readonly most: number
      readonly next: Sentence
      readonly assumes: readonly Sentence[]
    }

/** How many of something pay, or that nothing does. */
export type PayingNumber =
  | { readonly kind: 'estimate'; readonly value: number; readonly assumes: readonly Sentence[] }
  | {
      readonly kind: 'none'
      /** What comes of it at most. */
      readonly most: number
      readonly next: Sentence
      readonly assumes: readonly Sentence[]
    }

const assumesOf = (discountPerPeriod: number): readonly Sentence[] => [
  assumption.samePeriod,
  assumption.grossMargin,
  assumption.constantChurn,
  assumption.constantRevenue,
  discountPerPeriod > 0 ? assumption.discounted : assumption.undiscounted,
  assumption.firstLater,
]

/**
 * What two hours of service have to bring: the retention from now on at which a customer is worth as much more as the service
 * costs, the first payment being a period from now.
 *
 * Of one churn rate; or by an `outlook`, where customers differ. Of a contract's (`contractOutlook`) it is the share of leaving that has
 * to be avoided from now on, and the retention of the next unit that comes of it; of a buyer's (`predictor(…).customer(history)`),
 * who leaves unseen, the chance of still being a customer.
 *
 * A clerk who spends two hours on somebody needs a customer who stays, not a miracle: if it costs 120, at 60 of margin a month
 * and 90 % retention, two points more of it pay. A customer who never leaves may still bring too little: `none`.
 *
 * @throws DefinitionError `wrong-type`, `out-of-range`.
 * @example
 * retentionGainThatPays({ cost: 120, arpa: 100, margin: 0.6, retention: 0.9, discountPerPeriod: 0.01 })
 * // => { kind: 'estimate', retention: 0.9196…, gain: 0.0196…, … }
 */
export function retentionGainThatPays(
  given: ServiceCost | ServiceByContract | ServiceByBuying,
): RetentionGain {
  checkRecord(given, '$')
  if ('outlook' in given) return gainByOutlook(given)
  const { cost, each, retention, discountPerPeriod, assumes } = checked(given)
  if (cost === 0) return { kind: 'estimate', retention, gain: 0, assumes }
  // w payments to come are worth r / (1 + d - r), and r is (1 + d) w / (1 + w).
  const lost = 1 - retention + discountPerPeriod
  const more = each > 0 ? cost / each : Infinity
  const before = retention / lost
  // What next to nothing brings has to stay for ever.
  const gain = lost === 0 ? Infinity : more === Infinity ? lost : (lost * more) / (1 + before + more)
  const room = 1 - retention
  if (!(gain <= room)) {
    // By what a retention of 1 brings: (1 + d) (1 - r) / (d (1 + d - r)) payments.
    const most =
      each > 0 && room > 0 ? (each / discountPerPeriod) * ((1 + discountPerPeriod) * (room / lost)) : 0
    return { kind: 'none', most, next: none, assumes }
  }
  return { kind: 'estimate', retention: Math.min(1, retention + gain), gain, assumes }
}

/**
 * How many more periods, certain ones from now on, pay for a cost: of a customer who would have left today and stays for these.
 *
 * @throws DefinitionError `wrong-type`, `out-of-range`.
 * @example
 * extraPeriodsThatPay({ cost: 120, arpa: 100, margin: 0.6, retention: 0.9, discountPerPeriod: 0 }).value // => 2
 */
export function extraPeriodsThatPay(given: ServiceCost): PayingNumber {
  const { cost, each, discountPerPeriod, assumes } = checked(given)
  if (cost === 0) return { kind: 'estimate', value: 0, assumes }
  const certain = { retention: 1, discountPerPeriod, firstPayment: 'later' } as const
  const by = (periods: number) => each * paymentsWorth(certain, periods)
  const all = each > 0 ? by(Infinity) : 0
  if (!(all > cost)) return { kind: 'none', most: all, next: none, assumes }
  const value = firstWhole((n) => by(n) >= cost)
  return value === undefined
    ? { kind: 'none', most: by(Number.MAX_SAFE_INTEGER), next: none, assumes }
    : { kind: 'estimate', value, assumes }
}

/**
 * How many new customers by word of mouth pay for a cost, each worth what one brings from the first payment on; a fraction is a
 * chance of one. By an `outlook` it is that of a new customer: `contractOutlook` without tenure, or the `newcomer` of a predictor,
 * whose first purchase counts as well.
 *
 * @throws DefinitionError `wrong-type`, `out-of-range`.
 * @example
 * referralsThatPay({ cost: 120, arpa: 100, margin: 0.6, retention: 0.9, discountPerPeriod: 0 }).value // => 0.2
 */
export function referralsThatPay(given: ServiceCost | ServiceByContract | ServiceByBuying): PayingNumber {
  checkRecord(given, '$')
  if ('outlook' in given) return referralsByOutlook(given)
  const { cost, each, retention, discountPerPeriod, assumes: some } = checked(given)
  const assumes = some.map((one) => (one === assumption.firstLater ? assumption.firstNow : one))
  const worth = each * paymentsWorth({ retention, discountPerPeriod, firstPayment: 'now' }, Infinity)
  if (cost === 0) return { kind: 'estimate', value: 0, assumes }
  const value = cost / worth
  return each > 0 && value < Infinity
    ? { kind: 'estimate', value, assumes }
    : { kind: 'none', most: 0, next: none, assumes }
}

function checked(given: ServiceCost): {
  readonly cost: number
  readonly each: number
  readonly retention: number
  readonly discountPerPeriod: number
  readonly assumes: readonly Sentence[]
} {
  checkRecord(given, '$')
  checkMargin(given, '$')
  checkAmount(given.cost, '$.cost')
  const { cost, arpa, margin, retention, discountPerPeriod } = given
  checkStream({ retention, discountPerPeriod, firstPayment: 'later' }, '$')
  return { cost, each: arpa * margin, retention, discountPerPeriod, assumes: assumesOf(discountPerPeriod) }
}
