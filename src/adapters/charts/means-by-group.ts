import { type Chart, checkChartOptions, type SizedChartOptions } from './chart.js'
import { recordAt, wordAt } from './charted.js'
import { type ChartedMeansBin, meansBars } from './means-bars.js'

/** Of means of groups what their chart shows. */
export interface ChartedMeans {
  readonly by: 'repeat-count' | 'last-purchase-age' | 'silence'
  readonly bins: readonly ChartedMeansBin[]
}

/**
 * Purchases after the end of calibration by what customers were like then: what came, with its interval, beside what was expected.
 * A bar of what was expected that leaves the interval of its group shows of whom the model is wrong.
 *
 * @throws DefinitionError with its path for what are no means of groups, a group twice (`duplicate-name`), and for options that do
 * not hold.
 * @example
 * meansByGroup(conditionalMeans(customers, predictions, { by: 'repeat-count' }), { lang: 'en' }).description
 * // => 'Purchases of a customer in the holdout by number of repeat purchases before: 8 groups, actual with interval, and expected.'
 */
export function meansByGroup(means: ChartedMeans, options: SizedChartOptions): Chart {
  checkChartOptions(options, ['width', 'height'])
  const by = wordAt(recordAt(means, '$')['by'], ['repeat-count', 'last-purchase-age', 'silence'], '$.by')
  return meansBars(means, options, {
    title: words.title,
    by: groupWords[by],
    amount: words.purchases[options.lang],
    description: words.description,
  })
}

/** By what customers are put together. */
export const groupWords = {
  'repeat-count': { en: 'number of repeat purchases before', zh: '此前复购次数' },
  'last-purchase-age': { en: 'age at the last purchase', zh: '最后购买时的年龄' },
  silence: { en: 'time after the last purchase', zh: '距最后购买的时间' },
} as const

const words = {
  title: { en: 'Purchases in the holdout by {by}', zh: '验证期购买：按{by}' },
  purchases: { en: 'purchases of a customer', zh: '人均购买次数' },
  description: {
    en: 'Purchases of a customer in the holdout by {by}: {n} groups, actual with interval, and expected.',
    zh: '验证期人均购买次数（按{by}）：{n} 组，实际值附区间，并列预计值。',
  },
} as const
