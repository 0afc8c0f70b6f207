import { checkRecord, type Sentence } from '../../kernel/errors.js'
import type { ChanceCalibration } from './chance-calibration.js'
import type { ConditionalMeans, MeansBin } from './conditional-means.js'
import { count, mean, percentOf } from './read-figures.js'
import type { Validation } from './validate.js'

/**
 * A validation read out, each finding with the next step; the same numbers as the data, so that they cannot disagree.
 *
 * A finding is named only where chance does not explain it: an interval at the level of the validation leaves the other side
 * out. What is missing says so.
 *
 * @example
 * validationSentences(validate(bgNbd, fit, { calibration, holdout }))[0].en
 * // => 'The model expects 1,653 purchases in the holdout; 1,882 came: 12.1 % too few, more than chance explains. …'
 */
export function validationSentences(validation: Validation): readonly Sentence[] {
  checkRecord(validation, '$')
  if (validation.customers === 0)
    return [
      {
        en: 'There are no customers: read the histories again, with an end of calibration after the first orders.',
        zh: '没有客户：请重新读取历史，校准期的结束应晚于最早的订单。',
      },
    ]
  return [
    totalSentence(validation),
    ...trackingSentences(validation),
    ...errorSentences(validation),
    ...frequencySentences(validation),
    ...groupSentences(validation.byFrequency),
    ...groupSentences(validation.bySilence),
    ...chanceSentences(validation.buying),
    ...aliveSentences(validation.alive),
    liftSentence(validation),
    ...spendSentence(validation),
  ]
}

function totalSentence({ errors, holdout, unit }: Validation): Sentence {
  const { bias, meanError, expected, actual } = errors
  if (bias.kind === 'undefined')
    return {
      en: `The model expects ${mean(expected)} purchases in the holdout and none came: check that the log covers the holdout, or take a longer one.`,
      zh: `模型预计验证期内有 ${mean(expected)} 次购买，实际为零：请检查日志是否覆盖验证期，或延长验证期。`,
    }
  const { value } = bias
  const span = Number(holdout.toFixed(1))
  const chance =
    meanError.kind === 'undefined' || (meanError.interval.low <= 0 && meanError.interval.high >= 0)
  const en = `The model expects ${count(expected)} purchases in the holdout; ${count(actual)} came: ${percentOf(value)} % too ${value < 0 ? 'few' : 'many'}`
  const zh = `模型预计验证期内购买 ${count(expected)} 次，实际 ${count(actual)} 次：偏${value < 0 ? '少' : '多'} ${percentOf(value)}%`
  if (chance && Math.abs(value) > 0.1)
    return {
      en: `${en}. There were too few purchases to tell this from chance: take a longer holdout or more customers before planning by totals.`,
      zh: `${zh}。购买过少，无法与随机波动区分：请延长验证期或增加客户，再按总量做计划。`,
    }
  if (chance)
    return {
      en: `${en}, which chance explains. Totals of this model may be used for plans of about ${span} ${unit === 'opportunity' ? 'opportunities' : `${unit}s`}.`,
      zh: `${zh}，属随机波动之内。可用该模型的总量制定约 ${span} ${unitZh[unit]}的计划。`,
    }
  return value < 0
    ? {
        en: `${en}, more than chance explains. Look at tracking for the week in which it parts: if a season or a campaign brought more, the model knows of none; else compare with another model.`,
        zh: `${zh}，超出随机波动。请在跟踪图中找出开始偏离的时段：若由季节或活动带来，模型对此一无所知；否则请与其他模型比较。`,
      }
    : {
        en: `${en}, more than chance explains. Do not budget by these totals: look at tracking for when it parts; if buying fell for good, fit to later data; if it parts from the start, compare with a model in which customers leave sooner.`,
        zh: `${zh}，超出随机波动。请勿按此总量做预算：请在跟踪图中找出开始偏离的时段；若购买已持续下降，请用较近的数据重新拟合；若一开始就偏离，请与流失更快的模型比较。`,
      }
}

const unitZh = {
  hour: '小时',
  day: '天',
  week: '周',
  month: '个月',
  year: '年',
  opportunity: '次机会',
} as const

function trackingSentences({ tracking }: Validation): readonly Sentence[] {
  if (tracking.kind === 'undefined')
    return tracking.reason === 'no-customers'
      ? []
      : [
          {
            en: 'Purchases over time are not shown: read the log until the end of the holdout with purchaseAges, and hand it over as holdout.',
            zh: '未显示随时间的购买：请以 purchaseAges 读取至验证期结束，并作为 holdout 传入。',
          },
        ]
  const { calibration } = tracking.totals
  if (calibration.bias.kind === 'undefined' || Math.abs(calibration.bias.value) <= 0.05) return []
  const { value } = calibration.bias
  return [
    {
      en: `Already in calibration the model expects ${percentOf(value)} % too ${value < 0 ? 'few' : 'many'} (${count(calibration.expected)} against ${count(calibration.actual)}): parameters that were fitted to these data would be closer. Check that they were.`,
      zh: `在校准期内模型已偏${value < 0 ? '少' : '多'} ${percentOf(value)}%（预计 ${count(calibration.expected)}，实际 ${count(calibration.actual)}）：若参数由这些数据拟合，应当更接近，请核对。`,
    },
  ]
}

function errorSentences({ errors }: Validation): readonly Sentence[] {
  const { meanAbsoluteError: off, sameForAll: same } = errors
  if (off.kind === 'undefined' || same.kind === 'undefined') return []
  const better = off.value < same.value
  return [
    {
      en: `A customer is off by ${mean(off.value)} purchases on average; saying the same of everybody is off by ${mean(same.value)}${better ? '.' : ': single customers are not told apart. Use totals only, or wait for more history.'}`,
      zh: `单个客户平均误差 ${mean(off.value)} 次；对所有人给同一数字的误差为 ${mean(same.value)} 次${better ? '。' : '：无法区分单个客户。请只用总量，或等待更多历史。'}`,
    },
  ]
}

function frequencySentences({ frequency }: Validation): readonly Sentence[] {
  const { goodness, bins } = frequency
  if (goodness.kind === 'undefined' || goodness.pAtMost >= 0.01) return []
  const worst = bins.reduce((far, bin) =>
    Math.abs(bin.actual - bin.expected) > Math.abs(far.actual - far.expected) ? bin : far,
  )
  const name = `${worst.repeats}${worst.orMore ? '+' : ''}`
  return [
    {
      en: `The numbers of customers by number of purchases are not those of the model (chi-squared ${goodness.statistic.toFixed(1)}, p below 0.01); farthest off are those with ${name}: ${count(worst.actual)} against ${count(worst.expected)}. Look whether the bars differ by enough to matter, and compare models.`,
      zh: `按购买次数的客户数与模型不符（卡方 ${goodness.statistic.toFixed(1)}，p 小于 0.01）；偏差最大的是 ${name} 次：实际 ${count(worst.actual)} 人，预计 ${count(worst.expected)} 人。请看差距是否足以影响决策，并比较其他模型。`,
    },
  ]
}

/** The group whose difference is the largest in all, of those that chance does not explain. */
function groupSentences({ bins, by }: ConditionalMeans): readonly Sentence[] {
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
    by === 'repeat-count'
      ? { en: `with ${name.en} repeat purchases`, zh: `复购 ${name.zh} 次的` }
      : { en: `silent for ${name.en}`, zh: `沉默 ${name.zh}的` }
  const less = expectedMean < actualMean
  return [
    {
      en: `Customers ${what.en} (${count(customers)}) bought ${mean(actualMean)} times where ${mean(expectedMean)} were expected: ${less ? 'do not write them off by this model' : 'do not spend on them by this model'} before another was compared.`,
      zh: `${what.zh}客户（${count(customers)} 人）平均购买 ${mean(actualMean)} 次，预计 ${mean(expectedMean)} 次：在比较其他模型之前，请勿据此${less ? '放弃他们' : '对他们投入'}。`,
    },
  ]
}

function chanceSentences({ bins, expectedCalibrationError: error }: ChanceCalibration): readonly Sentence[] {
  const outside = bins.filter(({ verdict }) => verdict !== 'within').length
  if (error.kind === 'undefined') return []
  const tail =
    outside <= Math.max(1, bins.length / 5)
      ? { en: 'they may be used as chances.', zh: '可直接作为概率使用。' }
      : {
          en: 'use them to rank customers, not as chances, or refit with other data or another model.',
          zh: '请仅用于排序而非概率，或更换数据、模型后重新拟合。',
        }
  return [
    {
      en: `Chances of buying in the holdout are off by ${percentOf(error.value)} points on average, ${outside} of ${bins.length} groups by more than chance: ${tail.en}`,
      zh: `验证期内购买概率平均偏差 ${percentOf(error.value)} 个百分点，${bins.length} 组中有 ${outside} 组超出随机波动：${tail.zh}`,
    },
  ]
}

function aliveSentences({ bins, customers }: ChanceCalibration): readonly Sentence[] {
  const low = bins.filter(({ verdict }) => verdict === 'chance-too-low')
  const certain = bins.reduce((sum, bin) => sum + (bin.low === 1 ? bin.customers : 0), 0)
  return [
    ...(low.length === 0
      ? []
      : [
          {
            en: `In ${low.length} of ${bins.length} groups more customers bought than P(alive) has left: the model buries customers too soon. Compare with one in which they leave more slowly.`,
            zh: `${bins.length} 组中有 ${low.length} 组的实际购买比例高于 P(存活)：模型过早判定流失。请与流失更慢的模型比较。`,
          },
        ]),
    ...(certain > 0 && certain < customers
      ? [
          {
            en: `${count(certain)} customers have P(alive) = 1, which is how the model was made and no finding: where it matters, take one in which customers may leave before a second purchase (MBG/NBD, Pareto/NBD).`,
            zh: `${count(certain)} 位客户的 P(存活) 为 1，这是模型设定而非发现：若有影响，请使用可在第二次购买前流失的模型（MBG/NBD、Pareto/NBD）。`,
          },
        ]
      : []),
  ]
}

function spendSentence({ spend }: Validation): readonly Sentence[] {
  if (spend === undefined) return []
  const { bias, meanError, expected, actual } = spend.errors
  if (bias.kind === 'undefined')
    return [
      {
        en: `Spend of ${mean(expected)} was expected in the holdout and none came: check that the log has its amounts.`,
        zh: `预计验证期消费 ${mean(expected)}，实际为零：请检查日志是否包含金额。`,
      },
    ]
  const chance =
    meanError.kind === 'undefined' || (meanError.interval.low <= 0 && meanError.interval.high >= 0)
  const few = bias.value < 0
  const en = `Spend of ${count(expected)} was expected in the holdout; ${count(actual)} came: ${percentOf(bias.value)} % too ${few ? 'little' : 'much'}`
  const zh = `预计验证期消费 ${count(expected)}，实际 ${count(actual)}：偏${few ? '少' : '多'} ${percentOf(bias.value)}%`
  return [
    chance
      ? {
          en: `${en}, which chance explains. Amounts vary more than purchases do: look at the interval before planning by it.`,
          zh: `${zh}，属随机波动之内。金额的波动大于次数：做计划前请看区间。`,
        }
      : {
          en: `${en}, more than chance explains. If purchases are right and money is not, validate the model of spend (validateSpend).`,
          zh: `${zh}，超出随机波动。若次数准确而金额不准，请验证消费模型（validateSpend）。`,
        },
  ]
}

function liftSentence({ topTenth, lift }: Validation): Sentence {
  if (topTenth.kind === 'undefined')
    return {
      en: 'Nothing was bought in the holdout, so there is no lift.',
      zh: '验证期内没有购买，因此没有提升度。',
    }
  const { giniOfBest } = lift
  const share = percentOf(topTenth.value)
  if (giniOfBest.kind === 'undefined')
    return {
      en: `The tenth of customers of whom most was expected brought ${share} % of purchases; all bought the same, so there is nothing to rank.`,
      zh: `预计购买最多的十分之一客户贡献了 ${share}% 的购买；所有人购买相同，无从排序。`,
    }
  const good = giniOfBest.value > 0.1
  return {
    en: `The tenth of customers of whom most was expected brought ${share} % of purchases; the order is ${percentOf(giniOfBest.value)} % as good as one that knows what comes${giniOfBest.value < 0 ? ', upside down' : ''}: ${good ? 'call on customers in this order.' : 'this order is as good as chance; do not choose customers by it.'}`,
    zh: `预计购买最多的十分之一客户贡献了 ${share}% 的购买；排序效果为事后最优排序的 ${giniOfBest.value < 0 ? '-' : ''}${percentOf(giniOfBest.value)}%：${good ? '可按此顺序联系客户。' : '与随机无异，请勿据此挑选客户。'}`,
  }
}
