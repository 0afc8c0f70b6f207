import { checkRecord, type Sentence } from '../../kernel/errors.js'
import type { MeansBin } from './conditional-means.js'
import { count, mean, percentOf } from './read-figures.js'
import type { SpendBin } from './spend-fit.js'
import type { SpendMeans, SpendValidation } from './validate-spend.js'

/**
 * A validation of spend read out, each finding with the next step; a finding is named only where chance does not explain it.
 *
 * @example
 * spendSentences(validateSpend(gammaGamma, fit, customers))[0].en
 * // => 'A purchase of customers who bought in the holdout (…) was worth … on average; … were expected: …'
 */
export function spendSentences(validation: SpendValidation): readonly Sentence[] {
  checkRecord(validation, '$')
  return [
    meanSentence(validation),
    ...fitSentences(validation),
    ...correlationSentences(validation),
    ...groupSentences(validation.byMeanSpend),
    ...groupSentences(validation.byPurchases),
  ]
}

function meanSentence({ customers, errors }: SpendValidation): Sentence {
  const { bias, meanError, expected, actual } = errors
  if (customers === 0 || bias.kind === 'undefined')
    return {
      en: 'Nobody spent anything in the holdout who can be judged: check that the log covers it with its amounts, or take a longer one.',
      zh: '验证期内没有可供评判的消费：请检查日志是否覆盖该时段并包含金额，或延长验证期。',
    }
  const few = bias.value < 0
  const en = `A purchase of customers who bought in the holdout (${count(customers)}) was worth ${mean(actual / customers)} on average; ${mean(expected / customers)} were expected: ${percentOf(bias.value)} % too ${few ? 'little' : 'much'}`
  const zh = `验证期内购买的 ${count(customers)} 位客户平均每次消费 ${mean(actual / customers)}，预计 ${mean(expected / customers)}：偏${few ? '少' : '多'} ${percentOf(bias.value)}%`
  const chance =
    meanError.kind === 'undefined' || (meanError.interval.low <= 0 && meanError.interval.high >= 0)
  if (chance && (meanError.kind === 'undefined' || Math.abs(bias.value) > 0.1))
    return {
      en: `${en}. There are too few of them to tell this from chance: take a longer holdout before planning by it.`,
      zh: `${zh}。人数过少，无法与随机波动区分：做计划前请延长验证期。`,
    }
  if (chance)
    return {
      en: `${en}, which chance explains. Spend by purchase may be planned with.`,
      zh: `${zh}，属随机波动之内。可按此单次消费做计划。`,
    }
  return {
    en: `${en}, more than chance explains. Look whether prices changed, or whether who came back buys otherwise; then fit to later purchases.`,
    zh: `${zh}，超出随机波动。请检查价格是否变动、回购者的消费是否不同，再用较近的购买重新拟合。`,
  }
}

function fitSentences({ fit }: SpendValidation): readonly Sentence[] {
  const { goodness, bins } = fit
  if (goodness.kind === 'undefined' || goodness.pAtMost >= 0.01) return []
  const apart = ({ actual, expected }: SpendBin) => Math.abs(actual - expected)
  const worst = bins.reduce((far, bin) => (apart(bin) > apart(far) ? bin : far))
  const name = worst.to === undefined ? `> ${worst.from}` : `${worst.from}–${worst.to}`
  return [
    {
      en: `Mean spends do not have the model's shape (chi-squared ${goodness.statistic.toFixed(1)}, p below 0.01); farthest off are those of ${name}: ${count(worst.actual)} customers against ${count(worst.expected)}. Round prices make such bars: look at the chart, and where it is wide of the curve, fit segments apart.`,
      zh: `平均消费的分布与模型不符（卡方 ${goodness.statistic.toFixed(1)}，p 小于 0.01）；偏差最大的是 ${name}：实际 ${count(worst.actual)} 人，预计 ${count(worst.expected)} 人。整数价格会造成这样的柱形：请看图，若与曲线相去甚远，请分群拟合。`,
    },
  ]
}

function correlationSentences({ correlation, fit }: SpendValidation): readonly Sentence[] {
  // Of a handful of customers any correlation is large.
  if (fit.customers < 50 || correlation.kind === 'undefined' || Math.abs(correlation.value) <= 0.3) return []
  const more = correlation.value > 0
  return [
    {
      en: `Who buys more often spends ${more ? 'more' : 'less'} on a purchase (correlation ${correlation.value.toFixed(2)}), which the model leaves out: lifetime values of the best customers are too ${more ? 'low' : 'high'}. Fit segments apart.`,
      zh: `购买越频繁的客户单次消费越${more ? '高' : '低'}（相关系数 ${correlation.value.toFixed(2)}），模型未考虑这一点：头部客户的终身价值会偏${more ? '低' : '高'}。请分群拟合。`,
    },
  ]
}

/** The group whose difference is the largest in all, of those that chance does not explain. */
function groupSentences({ by, bins }: SpendMeans): readonly Sentence[] {
  const off = bins.filter(
    ({ interval, expectedMean }) =>
      interval.kind === 'interval' && (expectedMean < interval.low || expectedMean > interval.high),
  )
  if (off.length === 0) return []
  const weight = ({ customers, expectedMean, actualMean }: MeansBin) =>
    customers * Math.abs(expectedMean - actualMean)
  const worst = off.reduce((far, bin) => (weight(bin) > weight(far) ? bin : far))
  const { name, customers, expectedMean, actualMean } = worst
  const what =
    by === 'purchases'
      ? { en: `of whose spend ${name.en} purchases were known`, zh: `已知 ${name.zh} 次消费的` }
      : { en: `whose mean spend was ${name.en} before`, zh: `此前平均消费 ${name.zh} 的` }
  return [
    {
      en: `Customers ${what.en} (${count(customers)}) spent ${mean(actualMean)} on a purchase where ${mean(expectedMean)} were expected: value them by their own purchases, or fit them apart.`,
      zh: `${what.zh}客户（${count(customers)} 人）单次消费 ${mean(actualMean)}，预计 ${mean(expectedMean)}：请按其自身消费估值，或单独拟合。`,
    },
  ]
}
