import { exp } from '../../kernel/elementary.js'
import { checkName, checkNumber, checkRecord, fault, type Sentence } from '../../kernel/errors.js'
import type { Random } from '../../kernel/random.js'
import { checkRandom } from '../../measures/churn-simulation.js'
import { type DiscountRate, lnRateIn } from '../discount.js'
import { checkPredicting, checkValues, type ModelParameters, type Values } from '../model.js'
import { checkOptions } from '../options.js'
import { checkUnit, spanIn, type TimeSpan, type TimeUnit } from '../unit.js'
import {
  type ContractModel,
  type Elasticity,
  type LeavingKnowledge,
  type Payments,
  paymentNames,
} from './contract-model.js'

/** A number of units of time or of payments, or why there is none. */
export type TenureEstimate =
  | { readonly kind: 'estimate'; readonly value: number; readonly method: string }
  | {
      readonly kind: 'undefined'
      readonly reason: 'infinite' | 'too-large'
      /** What it means and what to ask instead. */
      readonly next: Sentence
    }

/** What is to come of a customer under contract who is there now. */
export interface ContractOutlook {
  readonly model: string
  /** Of all times and rates in the answers. */
  readonly unit: TimeUnit
  /** In discrete time a renewal falls at each unit. */
  readonly time: 'discrete' | 'continuous'
  /** How long they have been there, in the unit. */
  readonly tenure: number
  /** P(alive): the chance of still being there so much later. */
  survival(after: TimeSpan): number
  /**
   * P(alive) as a curve by tenure, from now on until so much later: what the chart `contractSurvival` takes as `projected`. At every
   * renewal up to 200, else at 200 steps, whole renewals in discrete time.
   */
  survivalCurve(until: TimeSpan): readonly { readonly time: number; readonly survival: number }[]
  /** The share that is there so much later, of those there one unit earlier; from one unit on. */
  retention(after: TimeSpan): number
  /**
   * In discrete time the chance to leave at that renewal, of those there until then, from the first on; in continuous time the
   * rate of leaving then, which a Weibull with c below 1 has no finite one of at tenure 0.
   */
  hazard(after: TimeSpan): TenureEstimate
  /**
   * Units until they leave, on average: `infinite` where a few stay so long that there is no mean. What always exists is the
   * median, and the units paid within a horizon: `discountedPayments({ payments, horizon })`.
   */
  expectedTenure(): TenureEstimate
  /**
   * Payments of 1 a unit to come, in today's worth, within a horizon or for ever: DEL with `signing`, DERL with `about-to-renew`.
   * Times the margin of a period it is their value. Without `discount` and horizon it may be infinite.
   */
  discountedPayments(asked: {
    readonly payments: Payments
    readonly discount?: DiscountRate
    readonly horizon?: TimeSpan
  }): TenureEstimate
  /** By how many percent `discountedPayments` for ever grow where every retention does by one percent. */
  retentionElasticity(asked: { readonly payments: Payments; readonly discount: DiscountRate }): Elasticity
  /** When so large a share of such customers has left, in units from now; 0.5 is the median. */
  remainingQuantile(share: number): TenureEstimate
  /** What is known of the customer's own inclination to leave. */
  readonly leaving: LeavingKnowledge
  /** Draws when such a customer leaves, or that they are still there after `until`. */
  draw(until: TimeSpan, random: Random): { readonly time: number; readonly event: boolean }
}

/** Of a curve: more are not seen in a picture. */
const MOST_STEPS = 200

/**
 * What is to come of a customer under contract, given that they are there now and since when.
 *
 * Who has stayed longer is likelier to stay on: whoever uses one churn rate for all undervalues old customers and
 * overvalues new ones.
 *
 * @param parameters - Of a fit or from elsewhere; of a fit with covariates those of such a customer.
 * @param customer - `tenure`: how long they have been there, whole renewals in discrete time; none for a new customer.
 * @throws DefinitionError `unknown-name` for parameters of another model; `out-of-range` for values that cannot be, spans that
 * are no whole renewals, beyond 1,000,000 of them.
 * @see Fader & Hardie (2010), "Customer-Base Valuation in a Contractual Setting: The Perils of Ignoring Heterogeneity".
 * @example
 * const sold = parameters(sbg, { alpha: 3.8, beta: 15.2 }, { unit: 'year', source: 'Fader & Hardie 2010' })
 * const discount = { rate: 0.1, per: 'year' } as const
 * contractOutlook(sbg, sold, { tenure: { years: 1 } }).discountedPayments({ payments: 'about-to-renew', discount })
 * // => { kind: 'estimate', value: 3.451000328909882, method: 'sbg' }
 */
export function contractOutlook<Name extends string, P extends string>(
  model: ContractModel<Name, P>,
  parameters: ModelParameters<NoInfer<Name>, NoInfer<P>> | ModelParameters,
  customer: { readonly tenure?: TimeSpan } = {},
): ContractOutlook {
  checkRecord(model, '$.model')
  checkRecord(parameters, '$.parameters')
  checkOptions(customer, ['tenure'], '$.customer')
  const { unit, values } = parameters
  checkPredicting(parameters.kind, '$.parameters.kind')
  checkName([model.name], parameters.model, '$.parameters.model')
  checkUnit(unit, '$.parameters.unit')
  checkValues(model, values as Values<string>, '$.parameters.values')
  const time = (span: TimeSpan, path: string, from = 0): number => {
    const value = spanIn(unit, span, path)
    if (model.time === 'discrete' && !(Number.isSafeInteger(value) && value <= 1_000_000))
      throw fault('out-of-range', path, value, 'whole renewals, one a unit, at most 1000000')
    if (!(value >= from)) throw fault('out-of-range', path, value, `at least ${from} ${unit}`)
    return value
  }
  const tenure = customer.tenure === undefined ? 0 : time(customer.tenure, '$.customer.tenure')
  const stay = model.staying(values as Values<P>, tenure)
  const estimated = (value: number, exists: boolean): TenureEstimate => {
    if (Number.isFinite(value)) return { kind: 'estimate', value, method: model.name }
    const reason = exists ? 'too-large' : 'infinite'
    return { kind: 'undefined', reason, next: noTenure[reason] }
  }
  const rateOf = (asked: { readonly payments: Payments; readonly discount?: DiscountRate }): number => {
    checkRecord(asked, '$')
    checkName(paymentNames, asked.payments, '$.payments')
    return asked.discount === undefined ? 0 : lnRateIn(unit, asked.discount, '$.discount')
  }
  return {
    model: model.name,
    unit,
    time: model.time,
    tenure,
    survival: (after) => exp(stay.lnSurvival(time(after, '$.after'))),
    survivalCurve(until) {
      const last = time(until, '$.until')
      const discrete = model.time === 'discrete'
      const steps = discrete ? Math.min(last, MOST_STEPS) : last === 0 ? 0 : MOST_STEPS
      return Array.from({ length: steps + 1 }, (_, k) => {
        const along = steps === 0 ? 0 : last * (k / steps)
        const after = discrete ? Math.round(along) : along
        return { time: tenure + after, survival: Math.min(1, exp(stay.lnSurvival(after))) }
      })
    },
    retention: (after) => stay.retention(time(after, '$.after', 1)),
    hazard: (after) =>
      estimated(stay.hazard(time(after, '$.after', model.time === 'discrete' ? 1 : 0)), false),
    expectedTenure() {
      const found = estimated(stay.expected(), stay.hasMean)
      return found.kind === 'undefined' && found.reason === 'infinite' ? endlessTenure : found
    },
    discountedPayments(asked) {
      const lnRate = rateOf(asked)
      const horizon = asked.horizon === undefined ? Infinity : time(asked.horizon, '$.horizon')
      return estimated(
        stay.discounted(asked.payments, lnRate, horizon),
        stay.hasMean || lnRate > 0 || horizon < Infinity,
      )
    },
    retentionElasticity(asked) {
      const lnRate = rateOf(asked)
      if (!(lnRate > 0)) throw fault('out-of-range', '$.discount.rate', asked.discount?.rate, 'above 0')
      return stay.elasticity(asked.payments, lnRate)
    },
    remainingQuantile(share) {
      checkNumber(share, '$.share')
      if (!(share > 0 && share < 1)) throw fault('out-of-range', '$.share', share, 'between 0 and 1')
      return estimated(stay.quantile(share), true)
    },
    leaving: stay.leaving,
    draw(until, random) {
      checkRandom(random, '$.random')
      return stay.draw(time(until, '$.until'), random)
    },
  }
}

const endlessTenure: TenureEstimate = {
  kind: 'undefined',
  reason: 'infinite',
  next: {
    en: 'A few stay so long that there is no mean: ask for the median, remainingQuantile(0.5), or for how many units are paid within a horizon, discountedPayments({ payments, horizon }).',
    zh: '少数客户停留极久，均值不存在：请改看中位数 remainingQuantile(0.5)，或有限期限内的付款次数 discountedPayments({ payments, horizon })。',
  },
}

/** Why there is no number of units. */
const noTenure: { readonly [R in 'infinite' | 'too-large']: Sentence } = {
  infinite: {
    en: 'A few stay so long that there is no mean: ask for the median, for a horizon, or with a discount rate.',
    zh: '少数客户停留极久，均值不存在：请改看中位数、有限期限，或加上折现率。',
  },
  'too-large': {
    en: 'The number is beyond the largest one: ask for a shorter horizon or a higher discount rate.',
    zh: '数值超出可表示的范围：请缩短期限或提高折现率。',
  },
}
