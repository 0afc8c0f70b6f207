import { exp, expm1 } from '../../kernel/elementary.js'
import { checkKeys, checkName, checkNumber, checkRecord, fault, type Sentence } from '../../kernel/errors.js'
import { integrate } from '../../measures/quadrature.js'
import { type ContractModel, type Payments, paymentNames } from '../contracts/contract-model.js'
import { contractOutlook } from '../contracts/outlook.js'
import { type DiscountRate, lnRateIn } from '../discount.js'
import { checkPredicting, type ModelParameters, type Values } from '../model.js'
import { spanIn, type TimeSpan } from '../unit.js'

/** How lifetime values of subscribers are estimated, whose leaving is seen. */
export interface ContractValueTerms<Name extends string = string, P extends string = string> {
  readonly model: ContractModel<Name, P>
  readonly parameters: ModelParameters<NoInfer<Name>, NoInfer<P>>
  /** Which payment is the first that counts. In continuous time money flows evenly, and all are the same. */
  readonly payments: Payments
  /** What each pays: a renewal, or in continuous time a unit of the parameters. */
  readonly spend: { readonly perPayment: number }
  /** The share of spend that is kept, up to 1; 1 unless told: then the value is one of revenue. */
  readonly margin?: number
  /** None unless told: a coin in two years is as good as one today. */
  readonly discount?: DiscountRate
}

/** A customer under contract who is there now. */
export interface Subscriber {
  /** How long they have been there: whole renewals in discrete time; none for a new one. */
  readonly tenure?: TimeSpan
  /** What this one pays each time, where it is not what the terms say. */
  readonly perPayment?: number
}

/** What a subscriber is expected to be worth, with its parts; or why there is no such number. */
export type ContractLifetimeValue =
  | {
      readonly kind: 'estimate'
      /** `discountedPayments` × `perPayment` × `margin`. */
      readonly value: number
      readonly parts: {
        /** Payments expected in the horizon; none for an infinite one, where they may be without end. */
        readonly payments?: number
        /** The same, each worth what it is worth today: DEL or DERL for ever. */
        readonly discountedPayments: number
        readonly perPayment: number
        readonly margin: number
      }
      readonly method: string
      readonly assumes: readonly Sentence[]
    }
  | {
      readonly kind: 'undefined'
      readonly reason: 'infinite-without-discount' | 'too-large'
      /** What it means and what to do next. */
      readonly next: Sentence
    }

/** Whether terms are those of a contract. */
export const isOfContract = (terms: unknown): terms is ContractValueTerms =>
  typeof (terms as { readonly model?: { readonly staying?: unknown } } | null | undefined)?.model?.staying ===
  'function'

/** Payments to come × what each brings. */
export function contractValue(
  terms: ContractValueTerms,
  subscriber: Subscriber | 'newcomer',
  period: { readonly horizon: TimeSpan | 'infinite' },
): ContractLifetimeValue {
  const { outlook, perPayment, margin, asked } = readContract(terms, subscriber)
  checkRecord(period, '$.period')
  checkKeys(period, ['horizon'], '$.period')
  const { horizon } = period
  if (horizon !== 'infinite') spanIn(outlook.unit, horizon, '$.period.horizon')
  const within = horizon === 'infinite' ? {} : { horizon }
  const found = outlook.discountedPayments({ ...asked, ...within })
  if (found.kind === 'undefined') return found.reason === 'infinite' ? endless : tooLarge
  const value = found.value * perPayment * margin
  if (!Number.isFinite(value)) return tooLarge
  const count = outlook.discountedPayments({ payments: asked.payments, ...within })
  return {
    kind: 'estimate',
    value,
    parts: {
      ...(horizon !== 'infinite' && count.kind === 'estimate' && { payments: count.value }),
      discountedPayments: found.value,
      perPayment,
      margin,
    },
    method: terms.model.name,
    assumes: [
      stayAsModelled,
      samePayment,
      terms.model.time === 'continuous' ? evenly : conventions[asked.payments],
      (asked.discount?.rate ?? 0) > 0 ? discounted : undiscounted,
      ...(margin === 1 ? [revenue] : []),
    ],
  }
}

/** Chance in when one subscriber leaves. */
export function contractVariance(
  terms: ContractValueTerms,
  subscriber: Subscriber | 'newcomer',
  horizon: TimeSpan,
): number {
  const { outlook, perPayment, margin, asked, tenure } = readContract(terms, subscriber)
  const { model, parameters } = terms
  const { unit } = outlook
  const last = spanIn(unit, horizon, '$.horizon')
  const mean = outlook.discountedPayments({ ...asked, horizon })
  if (mean.kind === 'undefined') return Infinity
  const rate = asked.discount === undefined ? 0 : lnRateIn(unit, asked.discount, '$.terms.discount')
  const { lnSurvival } = model.staying(parameters.values as Values<string>, tenure)
  const each = perPayment * margin
  const variance =
    model.time === 'discrete'
      ? varianceOfRenewals(lnSurvival, rate, asked.payments, last)
      : varianceOfFlow(lnSurvival, rate, mean.value, last)
  return each === 0 ? 0 : each * each * variance
}

/** Payments are yes or no and go together: who makes a later one has made those before. Every term is from 0, so none cancels. */
function varianceOfRenewals(
  lnSurvival: (time: number) => number,
  rate: number,
  payments: Payments,
  horizon: number,
): number {
  const paid = payments === 'about-to-renew' ? 1 : 0
  const [first, last] = payments === 'signing' ? [0, horizon - 1] : [1, horizon]
  let [variance, missed] = [0, 0]
  for (let j = first; j <= last; j++) {
    const ln = lnSurvival(j)
    const worth = exp(-rate * (j - paid))
    const missing = worth * -expm1(ln)
    variance += worth * exp(ln) * (missing + 2 * missed)
    missed += missing
    if (worth === 0 || ln < -745) break
  }
  return variance
}

/** E[A²] - E[A]², A what flows until they leave: the mean of its square is ∫ S(t) dA(t)². */
function varianceOfFlow(
  lnSurvival: (time: number) => number,
  rate: number,
  mean: number,
  horizon: number,
): number {
  if (horizon === 0) return 0
  const flowed = (time: number) => (rate === 0 ? time : -expm1(-rate * time) / rate)
  const square = integrate((t) => 2 * exp(lnSurvival(t) - rate * t) * flowed(t), 0, horizon, {
    relative: 1e-11,
  })
  return square.kind === 'estimate' ? Math.max(0, square.value - mean * mean) : Infinity
}

function readContract(terms: ContractValueTerms, subscriber: Subscriber | 'newcomer') {
  checkRecord(terms, '$.terms')
  checkKeys(terms, ['model', 'parameters', 'payments', 'spend', 'margin', 'discount'], '$.terms')
  const { model, parameters, payments, spend, margin = 1, discount } = terms
  checkRecord(parameters, '$.terms.parameters')
  checkPredicting(parameters.kind, '$.terms.parameters.kind')
  checkName(paymentNames, payments, '$.terms.payments')
  checkNumber(margin, '$.terms.margin')
  if (!(margin > 0 && margin <= 1)) throw fault('out-of-range', '$.terms.margin', margin, 'above 0, up to 1')
  checkRecord(spend, '$.terms.spend')
  checkKeys(spend, ['perPayment'], '$.terms.spend')
  checkPayment(spend.perPayment, '$.terms.spend.perPayment')
  const one: Subscriber = subscriber === 'newcomer' ? {} : subscriber
  checkRecord(one, '$.subscriber')
  checkKeys(one, ['tenure', 'perPayment'], '$.subscriber')
  if (one.perPayment !== undefined) checkPayment(one.perPayment, '$.subscriber.perPayment')
  const outlook = contractOutlook(model, parameters, one.tenure === undefined ? {} : { tenure: one.tenure })
  if (discount !== undefined) lnRateIn(outlook.unit, discount, '$.terms.discount')
  return {
    outlook,
    tenure: one.tenure === undefined ? 0 : spanIn(outlook.unit, one.tenure, '$.subscriber.tenure'),
    perPayment: one.perPayment ?? spend.perPayment,
    margin,
    asked: { payments, ...(discount !== undefined && { discount }) },
  }
}

function checkPayment(amount: number, path: string): void {
  checkNumber(amount, path)
  if (!(amount >= 0 && amount < Infinity)) throw fault('out-of-range', path, amount, 'from 0, finite')
}

const endless: ContractLifetimeValue = {
  kind: 'undefined',
  reason: 'infinite-without-discount',
  next: {
    en: 'Without a discount, a few subscribers who stay very long are worth more than any number. Give a discount rate or a horizon.',
    zh: '未折现时，少数停留极久的客户使价值没有上限。请给出折现率或期限。',
  },
}
const tooLarge: ContractLifetimeValue = {
  kind: 'undefined',
  reason: 'too-large',
  next: {
    en: 'The value is beyond all numbers: parameters or amounts are far from anything real. Check their units.',
    zh: '价值超出可表示的范围：参数或金额明显不合理，请检查单位。',
  },
}
const stayAsModelled: Sentence = {
  en: 'Customers stay as in the data: no new competitor, price or contract.',
  zh: '客户的续约行为与数据期内一致：没有新的竞争者、价格或合约变化。',
}
const samePayment: Sentence = {
  en: 'A subscriber pays the same each time: no upgrade, downgrade or rise of price.',
  zh: '客户每次付款金额相同：没有升级、降级或涨价。',
}
const evenly: Sentence = {
  en: 'Money flows evenly over time, so much a unit.',
  zh: '款项随时间均匀流入，每个时间单位金额相同。',
}
const conventions: { readonly [K in Payments]: Sentence } = {
  signing: {
    en: 'The first payment is made today and is counted.',
    zh: '首笔付款发生在今天，并已计入。',
  },
  'about-to-renew': {
    en: 'A renewal is due now and not yet decided; it counts if it comes.',
    zh: '本次续约即将到期、尚未确定；若续约则计入。',
  },
  'just-renewed': {
    en: 'The payment of today has been made and is not counted; the next one is a unit from now.',
    zh: '本次付款已完成、不计入；下一笔在一个周期之后。',
  },
}
const discounted: Sentence = {
  en: 'Each payment is discounted from its own moment back to now.',
  zh: '每笔付款按其发生时刻折现到当前。',
}
const undiscounted: Sentence = {
  en: 'Later money is worth as much as money today.',
  zh: '未来的钱与今天等值（未折现）。',
}
const revenue: Sentence = {
  en: 'The value is one of revenue, before costs, unless payments were given as margin.',
  zh: '若付款金额不是毛利，则该价值是未扣成本的收入。',
}
