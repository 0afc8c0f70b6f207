import { fault, type Sentence } from '../../kernel/errors.js'

/** A number of the simple formulas, with what has to hold for it to be right; or why there is none. */
export type SimpleEstimate =
  | {
      readonly kind: 'estimate'
      readonly value: number
      readonly method: string
      /** What the formula takes for granted, to be shown beside the number. */
      readonly assumes: readonly Sentence[]
    }
  | {
      readonly kind: 'undefined'
      readonly reason: NoSimpleEstimate
      /** What it means and what can be done. */
      readonly next: Sentence
      readonly assumes: readonly Sentence[]
    }

/** Why there is no number, in order of precedence. */
export type NoSimpleEstimate = 'no-customers' | 'no-cost' | 'no-churn' | 'infinite' | 'too-large'

const nextSentences: { readonly [R in NoSimpleEstimate]: Sentence } = {
  'no-customers': {
    en: 'Nobody was won, so there is no cost of one: choose a period in which somebody was.',
    zh: '没有新获取的客户，单客成本不存在：请选择有新客户的周期。',
  },
  'no-cost': {
    en: 'There is no cost to compare with: state the value by itself.',
    zh: '没有成本可比：请只说明价值本身。',
  },
  'no-churn': {
    en: 'At a churn of 0 nobody ever leaves and the value has no end: state a horizon, a discount rate, or an upper limit of the churn.',
    zh: '流失率为 0 时客户永不离开，价值无穷大：请给出期限、折现率或流失率上限。',
  },
  infinite: {
    en: 'Nobody leaves and later money counts as much as today’s, so the value has no end: state a horizon or a discount rate.',
    zh: '无人流失且未来的钱与今天等值，价值无穷大：请给出期限或折现率。',
  },
  'too-large': {
    en: 'The number is beyond the largest one: check the units of what was stated.',
    zh: '数值超出可表示的范围：请检查输入的单位。',
  },
}

/** Of a number that exists unless it is beyond the floats. */
export function estimateOf(value: number, method: string, assumes: readonly Sentence[]): SimpleEstimate {
  return Number.isFinite(value)
    ? { kind: 'estimate', value, method, assumes }
    : noEstimate('too-large', assumes)
}

export const noEstimate = (reason: NoSimpleEstimate, assumes: readonly Sentence[]): SimpleEstimate => ({
  kind: 'undefined',
  reason,
  next: nextSentences[reason],
  assumes,
})

/** What simple formulas take for granted, each in words. */
export const assumption = {
  samePeriod: {
    en: 'Revenue, margin and churn are of periods of one length.',
    zh: '收入、毛利与流失率对应同样长度的周期。',
  },
  constantChurn: {
    en: 'Everybody leaves with the same chance in every period. Where people differ, retention rises with tenure: the value of old customers is then too low here, that of new ones may be too high or too low.',
    zh: '每个人在每个周期以相同概率流失。若客户之间存在差异，留存率会随在册时长上升：此时老客户的价值被低估，新客户的价值可能偏高也可能偏低。',
  },
  constantRevenue: {
    en: 'A customer brings the same in every period: no growth, no saving, no inflation.',
    zh: '客户每个周期贡献相同：没有增购、降级或通胀。',
  },
  undiscounted: {
    en: 'Money in ten years counts as much as today’s.',
    zh: '十年后的钱与今天的钱等值（未折现）。',
  },
  discounted: {
    en: 'Later money is discounted at the same rate in every period.',
    zh: '未来的钱在每个周期按同一折现率折现。',
  },
  firstNow: {
    en: 'The first payment is made today and is counted.',
    zh: '首笔付款发生在今天，并已计入。',
  },
  firstLater: {
    en: 'The first payment that counts is a period from now, by those who are still there then.',
    zh: '首笔计入的付款在一个周期之后，由届时仍在的客户支付。',
  },
  noFuture: {
    en: 'Only what has been earned counts, nothing that is still to come: old cohorts look better than young ones.',
    zh: '只计已实现的毛利，不计未来：早期同期群看起来总比新的好。',
  },
  grossMargin: {
    en: 'The margin is what is left of revenue after all cost that grows with it.',
    zh: '毛利是收入减去一切随之增加的成本。',
  },
  everybodyStays: {
    en: 'Nobody leaves before the cost has come back.',
    zh: '回本之前无人流失。',
  },
} as const satisfies { readonly [name: string]: Sentence }

/** Refuses what is no number in a range; `path` names it. */
function checkWithin(value: unknown, path: string, low: number, high: number, expected: string): void {
  if (typeof value !== 'number') throw fault('wrong-type', path, value, 'a number')
  if (!(value >= low && value <= high)) throw fault('out-of-range', path, value, expected)
}

export const checkShare = (value: unknown, path: string) =>
  checkWithin(value, path, 0, 1, 'a share from 0 to 1')
export const checkAmount = (value: unknown, path: string) =>
  checkWithin(value, path, 0, Number.MAX_VALUE, 'from 0, finite')
export const checkFinite = (value: unknown, path: string) =>
  checkWithin(value, path, -Number.MAX_VALUE, Number.MAX_VALUE, 'finite')
