import { exp } from '../../kernel/elementary.js'
import type { Matrix } from '../../measures/symmetric.js'
import type { Edge, ParameterRange } from '../model.js'
import type { Limit } from './search.js'

/** Which end of its range a parameter goes to. */
function placeOf(range: ParameterRange, sign: 1 | -1): Edge['next'] {
  if (range === 'share')
    return sign > 0 ? { en: 'goes to 1', zh: '趋于 1' } : { en: 'goes to 0', zh: '趋于 0' }
  if (sign > 0) return { en: 'grows without end', zh: '无限增大' }
  if (range === 'real') return { en: 'falls without end', zh: '无限减小' }
  return range === 'above-one' ? { en: 'goes to 1', zh: '趋于 1' } : { en: 'goes to 0', zh: '趋于 0' }
}

/** What to keep in mind of a fit, each with the next step. */
export function cautionsOf(found: {
  readonly names: readonly string[]
  readonly ranges: readonly ParameterRange[]
  readonly covariance: Matrix
  readonly size: number
  readonly even: boolean
  readonly limit: Limit | undefined
  /** Why there would have been no fit without priors. */
  readonly hopeless: Edge | undefined
}): readonly Edge[] {
  const { names, ranges, covariance, size, even, limit, hopeless } = found
  const cautions: Edge[] = []
  if (hopeless !== undefined) {
    cautions.push({
      reason: 'known-from-priors-only',
      next: {
        en: `Without the priors there would be no answer: ${hopeless.next.en} Report it as what was believed before, not as found.`,
        zh: `若没有先验就没有结果：${hopeless.next.zh}请将其作为先前的判断而非数据的发现来报告。`,
      },
    })
  }
  if (limit !== undefined && limit.rise < 1.92) {
    const [name, lower] = [names[limit.index]!, limit.rise.toFixed(2)]
    const where = placeOf(ranges[limit.index]!, limit.sign)
    cautions.push({
      reason: 'limit-within-reach',
      next: {
        en: `A simpler model, which holds where ${name} ${where.en}, is hardly less likely (ln likelihood lower by ${lower}): compare with it, and trust predictions more than parameters.`,
        zh: `${name} ${where.zh}时成立的更简单模型的对数似然只低 ${lower}：请与之比较；预测比单个参数更可信。`,
      },
    })
  }
  const wide = names.filter((_, i) => ranges[i] !== 'real' && covariance[i]![i]! > 1)
  if (wide.length > 0) {
    const factor = exp(
      1.96 *
        Math.sqrt(Math.max(...wide.map((name) => covariance[names.indexOf(name)]![names.indexOf(name)]!))),
    )
    cautions.push({
      reason: 'wide-intervals',
      next: {
        en: `${wide.join(', ')} may be off by a factor of ${brief(factor)}: collect more data or add a prior before you read meaning into them.`,
        zh: `${wide.join('、')} 可能相差 ${brief(factor)} 倍：在解读其含义之前，请收集更多数据或加入先验。`,
      },
    })
  }
  if (!even) {
    cautions.push({
      reason: 'uneven-likelihood',
      next: {
        en: 'The likelihood falls more on one side than on the other, so intervals by the normal approximation mislead: take those of the bootstrap.',
        zh: '似然在两侧下降不对称，正态近似的区间会误导：请使用自助法的区间。',
      },
    })
  }
  if (size < 100) {
    cautions.push({
      reason: 'few-customers',
      next: {
        en: `${size} customers tell little about how customers differ: use priors, and look at intervals first.`,
        zh: `仅 ${size} 位客户，难以判断客户之间的差异：请使用先验，并优先查看区间。`,
      },
    })
  }
  return cautions
}

const brief = (factor: number) =>
  factor < 100 ? factor.toFixed(1) : factor < 1e6 ? factor.toFixed(0) : 'over a million'
