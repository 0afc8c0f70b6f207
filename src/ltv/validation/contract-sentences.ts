import { checkRecord, type Sentence } from '../../kernel/errors.js'
import { count, percentOf } from './read-figures.js'
import type { ContractValidation, TenureBin } from './validate-contracts.js'

/**
 * A validation of contracts read out, with the next step; a tenure is named only where chance does not explain it.
 *
 * @example
 * contractSentences(validateContracts(sbg, fit, { unit: 'year', cohorts }))[0].en
 * // => 'The model expects 978 stays in the holdout; 980 came: 0.2 % too few, which is 2.7 % too many who leave. …'
 */
export function contractSentences(validation: ContractValidation): readonly Sentence[] {
  checkRecord(validation, '$')
  return [totalSentence(validation), ...errorSentences(validation), ...tenureSentences(validation)]
}

function totalSentence({ holdout, byTenure }: ContractValidation): Sentence {
  const { bias, biasOfLeaving, expected, stayed } = holdout
  if (byTenure.length === 0)
    return {
      en: 'No contracts ran in the holdout: hand over readings later than those that the parameters know.',
      zh: '验证期内没有在册合约：请提供晚于参数所知时点的读数。',
    }
  if (bias.kind === 'undefined' || biasOfLeaving.kind === 'undefined')
    return {
      en: `${bias.kind === 'undefined' ? 'Nobody stayed' : 'Nobody left'} in the holdout, where the model expects ${count(expected)} of ${count(holdout.atRisk)} to stay: take a longer holdout before judging it.`,
      zh: `验证期内${bias.kind === 'undefined' ? '无人留下' : '无人流失'}，模型预计 ${count(holdout.atRisk)} 人次中有 ${count(expected)} 人次留下：请延长验证期再作评判。`,
    }
  const off = byTenure.filter(({ verdict }) => verdict !== 'within').length
  const side = bias.value < 0 ? { en: 'few', zh: '少' } : { en: 'many', zh: '多' }
  const en = `The model expects ${count(expected)} stays in the holdout; ${count(stayed)} came: ${percentOf(bias.value)} % too ${side.en}, which is ${percentOf(biasOfLeaving.value)} % too ${biasOfLeaving.value < 0 ? 'few' : 'many'} who leave`
  const zh = `模型预计验证期内留存 ${count(expected)} 人次，实际 ${count(stayed)} 人次：偏${side.zh} ${percentOf(bias.value)}%，即流失偏${biasOfLeaving.value < 0 ? '少' : '多'} ${percentOf(biasOfLeaving.value)}%`
  return off <= Math.max(1, byTenure.length / 5)
    ? {
        en: `${en}. Retention by tenure is as expected but for chance: project with it.`,
        zh: `${zh}。各时长的留存率与预计相符（随机波动之内）：可用于外推。`,
      }
    : {
        en: `${en}. In ${off} of ${byTenure.length} tenures chance does not explain it: compare with a model whose chances change with tenure (BdW), or look for what changed since.`,
        zh: `${zh}。${byTenure.length} 个时长中有 ${off} 个超出随机波动：请与流失概率随时长变化的模型（BdW）比较，或查明此后发生的变化。`,
      }
}

function errorSentences({ meanAbsolutePercentageError }: ContractValidation): readonly Sentence[] {
  const { fromSigning, fromCalibration } = meanAbsolutePercentageError
  if (fromSigning.kind === 'undefined' || fromCalibration.kind === 'undefined') return []
  return [
    {
      en: `The number still there is off by ${percentOf(fromCalibration.value)} % on average, projected from those there when calibration ended; by ${percentOf(fromSigning.value)} % from signing on.`,
      zh: `按校准期末在册人数外推，在册人数平均误差 ${percentOf(fromCalibration.value)}%；自签约起外推为 ${percentOf(fromSigning.value)}%。`,
    },
  ]
}

function tenureSentences({ byTenure, unit }: ContractValidation): readonly Sentence[] {
  const off = byTenure.filter(({ verdict }) => verdict !== 'within')
  if (off.length === 0) return []
  const weight = ({ atRisk, stayed, expectedRetention }: TenureBin) =>
    Math.abs(atRisk * expectedRetention - stayed)
  const worst = off.reduce((far, bin) => (weight(bin) > weight(far) ? bin : far))
  const { from, to, atRisk, stayed, expectedRetention, verdict } = worst
  const high = verdict === 'retention-too-high'
  return [
    {
      en: `From tenure ${from} to ${to} (${unit}) ${percentOf(stayed / atRisk)} % of ${count(atRisk)} stayed where ${percentOf(expectedRetention)} % were expected: value those customers ${high ? 'lower' : 'higher'} until another model was compared.`,
      zh: `时长 ${from} 至 ${to}（${unitZh[unit]}）的 ${count(atRisk)} 人中留下 ${percentOf(stayed / atRisk)}%，预计 ${percentOf(expectedRetention)}%：在比较其他模型之前，请对这些客户${high ? '低' : '高'}估一些。`,
    },
  ]
}

const unitZh = {
  hour: '小时',
  day: '天',
  week: '周',
  month: '月',
  year: '年',
  opportunity: '次',
} as const
