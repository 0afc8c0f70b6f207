import { type Chart, checkChartOptions, type SizedChartOptions, said } from './chart.js'
import { recordAt, textAt, wordAt } from './charted.js'
import { type ChartedMeansBin, meansBars } from './means-bars.js'
import { groupWords } from './means-by-group.js'

/** Of means of spend what their chart shows. */
export interface ChartedSpendMeans {
  readonly by: 'purchases' | 'mean-spend' | 'repeat-count' | 'last-purchase-age' | 'silence'
  readonly bins: readonly ChartedMeansBin[]
}

/** How means of spend are drawn. */
export interface SpendByGroupOptions extends SizedChartOptions {
  /** Of the amounts, beside the axis: `CNY`. */
  readonly currency?: string
}

/**
 * What was spent in the holdout by what customers were like before: what came, with its interval, beside what was expected.
 *
 * By `purchases` and `mean-spend` it is the worth of one purchase (`validateSpend`); by `repeat-count`, `last-purchase-age` and `silence`
 * all that a customer spent there (`validate` with `expectedSpend`).
 *
 * @throws DefinitionError with its path for what are no means of groups, a group twice (`duplicate-name`), and for options that do
 * not hold.
 * @example
 * spendByGroup(validateSpend(gammaGamma, fit, customers).byMeanSpend, { lang: 'en' }).description
 * // => 'Spend of a purchase in the holdout by mean spend before: 8 groups, actual with interval, and expected.'
 */
export function spendByGroup(means: ChartedSpendMeans, options: SpendByGroupOptions): Chart {
  checkChartOptions(options, ['width', 'height', 'currency'])
  const { lang, currency } = options
  if (currency !== undefined) textAt(currency, '$.options.currency')
  const ofPurchase = ['purchases', 'mean-spend'] as const
  const ofCustomer = ['repeat-count', 'last-purchase-age', 'silence'] as const
  const by = wordAt(recordAt(means, '$')['by'], [...ofPurchase, ...ofCustomer], '$.by')
  const of = by === 'purchases' || by === 'mean-spend' ? 'purchase' : 'customer'
  const amount = words.amount[of][lang]
  return meansBars(means, options, {
    title: words.title[of],
    by: by === 'purchases' || by === 'mean-spend' ? words.by[by] : groupWords[by],
    amount: currency === undefined ? amount : said(words.inCurrency, lang, { amount, currency }),
    description: words.description[of],
  })
}

const words = {
  title: {
    purchase: { en: 'Spend of a purchase in the holdout by {by}', zh: '验证期单次消费：按{by}' },
    customer: { en: 'Spend of a customer in the holdout by {by}', zh: '验证期人均消费：按{by}' },
  },
  by: {
    purchases: { en: 'number of purchases known', zh: '已知消费次数' },
    'mean-spend': { en: 'mean spend before', zh: '此前平均消费' },
  },
  amount: {
    purchase: { en: 'spend of a purchase', zh: '单次消费' },
    customer: { en: 'spend of a customer', zh: '人均消费' },
  },
  inCurrency: { en: '{amount} ({currency})', zh: '{amount}（{currency}）' },
  description: {
    purchase: {
      en: 'Spend of a purchase in the holdout by {by}: {n} groups, actual with interval, and expected.',
      zh: '验证期单次消费（按{by}）：{n} 组，实际值附区间，并列预计值。',
    },
    customer: {
      en: 'Spend of a customer in the holdout by {by}: {n} groups, actual with interval, and expected.',
      zh: '验证期人均消费（按{by}）：{n} 组，实际值附区间，并列预计值。',
    },
  },
} as const
