import { checkKeys, checkNumber, checkRecord, fault, type Sentence } from '../../kernel/errors.js'
import { checkInstant, type Instant } from '../../kernel/instant.js'
import { type DiscountRate, lnRateIn } from '../discount.js'
import type { CustomerHistory } from '../histories/history.js'
import type { ModelParameters } from '../model.js'
import { checkOptions } from '../options.js'
import type { PurchaseModel } from '../purchases/model.js'
import { expectedSpend } from '../spend/gamma-gamma.js'
import type { SpendEstimate, SpendModel } from '../spend/model.js'
import { checkOwnSpend, type OwnSpend } from '../spend/spend-table.js'
import { spanIn, type TimeSpan, type TimeUnit, unitsIn } from '../unit.js'
import {
  type ContractLifetimeValue,
  type ContractValueTerms,
  contractValue,
  contractVariance,
  isOfContract,
  type Subscriber,
} from './contract-value.js'
import { type Prediction, readPrediction } from './predictor.js'
import { discountedBy, varianceOf } from './purchase-outlook.js'

/** What a purchase is worth: by a model of spend, or the same amount for everybody. */
export type SpendSource<Name extends string = string, P extends string = string> =
  | { readonly model: SpendModel<Name, P>; readonly parameters: ModelParameters<NoInfer<Name>, NoInfer<P>> }
  | { readonly perPurchase: number }

/** How lifetime values are estimated. */
export interface LifetimeValueTerms<
  Name extends string = string,
  P extends string = string,
  SpendName extends string = string,
  SpendP extends string = string,
> {
  readonly model: PurchaseModel<Name, P>
  readonly parameters: ModelParameters<NoInfer<Name>, NoInfer<P>>
  readonly spend: SpendSource<SpendName, SpendP>
  /** The share of spend that is kept, up to 1; 1 unless told: then the value is one of revenue. */
  readonly margin?: number
  /** None unless told: a coin in two years is as good as one today. */
  readonly discount?: DiscountRate
}

/** A customer: the history, with what was spent on purchases of the kind that the model of spend was fitted to. */
export type ValuedHistory = CustomerHistory & { readonly spend?: OwnSpend }

/**
 * Of which time: `{ horizon: { months: 24 } }` from the end of the customer's observation on, `'infinite'` for all to come,
 * or what falls between two instants, given when the observation ended.
 *
 * An instant is turned into the unit by its milliseconds: days of 24 hours.
 */
export type LifetimePeriod =
  | { readonly horizon: TimeSpan | 'infinite' }
  | { readonly from: Instant; readonly until: Instant; readonly observedUntil: Instant }

/** What a customer is expected to be worth, with its parts; or why there is no such number. Never money: see `roundToMoney`. */
export type LifetimeValue =
  | {
      readonly kind: 'estimate'
      /** `discountedPurchases` × `spend` × `margin`, in major units of the currency of the spend. */
      readonly value: number
      readonly parts: {
        /** Purchases expected in the period; none for an infinite one, where they may be without end. */
        readonly purchases?: number
        /** The same, each worth what it is worth today. */
        readonly discountedPurchases: number
        /** Spend expected of each purchase, and how much of that is the customer's own. */
        readonly spend: Extract<SpendEstimate, { readonly kind: 'estimate' }>
        readonly margin: number
      }
      /** The models: `bg-nbd × gamma-gamma`. */
      readonly method: string
      readonly assumes: readonly Sentence[]
    }
  | {
      readonly kind: 'undefined'
      readonly reason: 'infinite-without-discount' | 'no-finite-mean-spend' | 'negative-spend' | 'too-large'
      /** What it means and what to do next. */
      readonly next: Sentence
    }

/**
 * The lifetime value (CLV) that is left in a customer: purchases expected, discounted, times the spend expected of each, times
 * the margin. The first purchase of a newcomer is not in it, as it has been made.
 *
 * Each purchase is discounted from the moment at which it is expected back to the end of the customer's observation, with
 * a calendar range too; other programs discount by the month. What was earned so far is no part of it.
 *
 * Of a model of contracts it is the value that is left in a subscriber: discounted payments (DEL, DERL) times what each brings.
 *
 * @param history - In the unit of the parameters; `'newcomer'` for somebody after the first purchase of whom no more is known.
 * @throws DefinitionError `unknown-name` for parameters of other models or a history in another unit; `out-of-range` for a
 * margin, a period or a history that cannot be, such as a range that begins before the observation ended.
 * @example
 * const spend = { model: gammaGamma, parameters: spendFit } // p 6.25, q 3.74, v 15.44
 * const terms = { model: paretoNbd, parameters: fit, spend, margin: 0.4, discount: { rate: 0.1, per: 'year' } } as const
 * const history = { unit: 'week', repeatCount: 2, lastPurchaseAge: 30.43, age: 38.86, spend: { purchases: 2, mean: 22.35 } } as const
 * estimateLifetimeValue(terms, history, { horizon: { months: 24 } }) // => { kind: 'estimate', value: 28.98787193499821, … }
 */
export function estimateLifetimeValue<Name extends string, P extends string>(
  terms: ContractValueTerms<Name, P>,
  subscriber: Subscriber | 'newcomer',
  period: { readonly horizon: TimeSpan | 'infinite' },
): ContractLifetimeValue
export function estimateLifetimeValue<
  Name extends string,
  P extends string,
  SpendName extends string,
  SpendP extends string,
>(
  terms: LifetimeValueTerms<Name, P, SpendName, SpendP>,
  history: ValuedHistory | 'newcomer',
  period: LifetimePeriod,
): LifetimeValue
export function estimateLifetimeValue(
  terms: LifetimeValueTerms | ContractValueTerms,
  history: ValuedHistory | Subscriber | 'newcomer',
  period: LifetimePeriod,
): LifetimeValue | ContractLifetimeValue {
  if (isOfContract(terms))
    return contractValue(terms, history as Subscriber, period as { readonly horizon: TimeSpan })
  return valueOfBuying(terms, history as ValuedHistory | 'newcomer', period)
}

function valueOfBuying(
  terms: LifetimeValueTerms,
  history: ValuedHistory | 'newcomer',
  period: LifetimePeriod,
): LifetimeValue {
  const { prediction, unit, margin, rate, spendOf, method } = readTerms(terms)
  const buying = history === 'newcomer' ? prediction.newcomer() : prediction.buyingAfter(history, '$.history')
  const { from, to } = readPeriod(period, unit)
  if (to === Infinity && rate === 0)
    return { kind: 'undefined', reason: 'infinite-without-discount', next: withoutDiscount }
  const spend = spendOf(history === 'newcomer' ? undefined : history.spend)
  if (spend.kind === 'undefined') return spend
  const discounted = between(from, to, (time) => discountedBy(buying, time, rate))
  const value = discounted * spend.value * margin
  if (!Number.isFinite(value)) return { kind: 'undefined', reason: 'too-large', next: tooLarge }
  return {
    kind: 'estimate',
    value,
    parts: {
      ...(to < Infinity && { purchases: between(from, to, (time) => buying.expected(time)) }),
      discountedPurchases: discounted,
      spend,
      margin,
    },
    method,
    assumes: assumptions(rate, margin),
  }
}

/**
 * The variance of what such a customer brings within a horizon, parameters taken as known: chance in how often, and in how
 * much each time. Its root is many times the value for a single customer; over many it averages out, which is what `valueBy`
 * takes it for.
 *
 * Purchases count in full, then the sum by the share that discounting leaves on average: an approximation, exact without
 * discount. Infinite where the variance of spend is (p x + q up to 2 in the Gamma-Gamma model). Of a subscriber: chance in when
 * they leave, each payment discounted by itself, no approximation.
 *
 * @throws DefinitionError as `estimateLifetimeValue`.
 * @example
 * Math.sqrt(lifetimeVariance(terms, history, { months: 24 })) // => 36.94684532397271
 */
export function lifetimeVariance<Name extends string, P extends string>(
  terms: ContractValueTerms<Name, P>,
  subscriber: Subscriber | 'newcomer',
  horizon: TimeSpan,
): number
export function lifetimeVariance<
  Name extends string,
  P extends string,
  SpendName extends string,
  SpendP extends string,
>(
  terms: LifetimeValueTerms<Name, P, SpendName, SpendP>,
  history: ValuedHistory | 'newcomer',
  horizon: TimeSpan,
): number
export function lifetimeVariance(
  terms: LifetimeValueTerms | ContractValueTerms,
  history: ValuedHistory | Subscriber | 'newcomer',
  horizon: TimeSpan,
): number {
  return isOfContract(terms)
    ? contractVariance(terms, history as Subscriber | 'newcomer', horizon)
    : varianceOfBuying(terms, history as ValuedHistory | 'newcomer', horizon)
}

function varianceOfBuying(
  terms: LifetimeValueTerms,
  history: ValuedHistory | 'newcomer',
  horizon: TimeSpan,
): number {
  const { prediction, unit, margin, rate } = readTerms(terms)
  const buying = history === 'newcomer' ? prediction.newcomer() : prediction.buyingAfter(history, '$.history')
  const time = spanIn(unit, horizon, '$.horizon')
  const mean = buying.expected(time)
  if (mean === 0) return 0
  const left = (discountedBy(buying, time, rate) / mean) * margin
  const known = history === 'newcomer' ? undefined : history.spend
  const { first, own: apart, single } = spendMoments(terms.spend as SpendSource, known)
  const variance = varianceOf(buying, time)
  // Var = E[N] Var of one + Var(N) M² + E[N²] Var of the customer's own mean M.
  const sum =
    mean * (single - first * first - apart) + variance * first * first + (variance + mean * mean) * apart
  return Number.isNaN(sum) ? Infinity : left * left * sum
}

function spendMoments(spend: SpendSource, own: OwnSpend | undefined) {
  if ('perPurchase' in spend)
    return { first: spend.perPurchase, own: 0, single: spend.perPurchase * spend.perPurchase }
  const { model, parameters } = spend
  const known = own === undefined ? model.newcomer(parameters.values) : model.after(parameters.values, own)
  return { first: known.mean, own: known.variance, single: known.meanSquare }
}

/** Terms, checked. */
interface ReadTerms<P extends string> {
  readonly prediction: Prediction<P>
  readonly unit: TimeUnit
  readonly margin: number
  /** Of discount, continuous. */
  readonly rate: number
  /** With a path, what the customer spent is checked under it. */
  spendOf(own: OwnSpend | undefined, path?: string): SpendEstimate
  readonly method: string
}

/** Reads the terms once for as many customers as there are. */
export function readTerms<
  Name extends string,
  P extends string,
  SpendName extends string,
  SpendP extends string,
>(terms: LifetimeValueTerms<Name, P, SpendName, SpendP>): ReadTerms<P> {
  checkOptions(terms, ['model', 'parameters', 'spend', 'margin', 'discount'], '$.terms')
  const { model, parameters, margin = 1, discount, spend } = terms
  const prediction = readPrediction(model, parameters)
  checkNumber(margin, '$.terms.margin')
  if (!(margin > 0 && margin <= 1)) throw fault('out-of-range', '$.terms.margin', margin, 'above 0, up to 1')
  const rate = discount === undefined ? 0 : lnRateIn(prediction.unit, discount, '$.terms.discount')
  checkRecord(spend, '$.terms.spend')
  if ('perPurchase' in spend) {
    checkKeys(spend, ['perPurchase'], '$.terms.spend')
    const { perPurchase } = spend
    checkNumber(perPurchase, '$.terms.spend.perPurchase')
    if (!(perPurchase >= 0 && perPurchase < Infinity))
      throw fault('out-of-range', '$.terms.spend.perPurchase', perPurchase, 'from 0, finite')
    return {
      prediction,
      unit: prediction.unit,
      margin,
      rate,
      spendOf: () => ({
        kind: 'estimate',
        value: perPurchase,
        method: 'given',
      }),
      method: model.name,
    }
  }
  checkKeys(spend, ['model', 'parameters'], '$.terms.spend')
  checkRecord(spend.model, '$.terms.spend.model')
  checkRecord(spend.parameters, '$.terms.spend.parameters')
  return {
    prediction,
    unit: prediction.unit,
    margin,
    rate,
    spendOf: (own, path) => {
      if (own !== undefined && path !== undefined) checkOwnSpend(own, path)
      return expectedSpend(spend.model, spend.parameters, own)
    },
    method: `${model.name} × ${spend.model.name}`,
  }
}

/** In units from the end of observation on. */
export function readPeriod(
  period: LifetimePeriod,
  unit: TimeUnit,
): { readonly from: number; readonly to: number } {
  checkRecord(period, '$.period')
  if ('horizon' in period) {
    checkKeys(period, ['horizon'], '$.period')
    const { horizon } = period
    return { from: 0, to: horizon === 'infinite' ? Infinity : spanIn(unit, horizon, '$.period.horizon') }
  }
  checkKeys(period, ['from', 'until', 'observedUntil'], '$.period')
  const { from, until, observedUntil } = period
  checkInstant(observedUntil, '$.period.observedUntil')
  checkInstant(from, '$.period.from')
  checkInstant(until, '$.period.until')
  if (from < observedUntil)
    throw fault('out-of-range', '$.period.from', from, 'no earlier than the end of observation')
  if (until < from) throw fault('out-of-range', '$.period.until', until, 'no earlier than from')
  const units = unitsIn('hour', unit, '$.parameters.unit') / 3_600_000
  return { from: (from - observedUntil) * units, to: (until - observedUntil) * units }
}

/** What falls between two times, of a sum from now on. */
export const between = (from: number, to: number, upTo: (time: number) => number): number =>
  from === to ? 0 : from === 0 ? upTo(to) : Math.max(0, upTo(to) - upTo(from))

/** What a lifetime value takes for granted. */
export function assumptions(rate: number, margin: number): readonly Sentence[] {
  const list: Sentence[] = [
    {
      en: 'Customers go on as in the data: no new competitor, price or campaign.',
      zh: '客户行为与数据期内一致：没有新的竞争者、价格或活动变化。',
    },
    {
      en: 'What is spent on a purchase has nothing to do with how often somebody buys, nor with when.',
      zh: '每次消费金额与购买频率和时间无关。',
    },
    rate > 0
      ? {
          en: 'Each purchase is discounted from its own moment back to the end of observation.',
          zh: '每次购买按其发生时刻折现到观察期末。',
        }
      : { en: 'Later money is worth as much as money today.', zh: '未来的钱与今天等值（未折现）。' },
  ]
  if (margin === 1)
    list.push({
      en: 'The value is one of spend, before costs, unless spend was given as margin.',
      zh: '若消费金额不是毛利，则该价值是未扣成本的收入。',
    })
  return list
}

export const withoutDiscount: Sentence = {
  en: 'Without a discount, all purchases to come may be worth more than any number. Give a discount rate or a horizon.',
  zh: '未折现的无限期价值可能没有上限。请给出折现率或期限。',
}

export const tooLarge: Sentence = {
  en: 'The value is beyond all numbers: parameters or amounts are far from anything real. Check their units.',
  zh: '价值超出可表示的范围：参数或金额明显不合理，请检查单位。',
}
