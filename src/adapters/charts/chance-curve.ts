import type { Json } from '../../kernel/digest.js'
import { checkName } from '../../kernel/errors.js'
import { diagonal } from './actual-and-expected.js'
import { shareAxis } from './axes.js'
import { type Chart, chartOf, checkChartOptions, type SizedChartOptions, said, sizeOf } from './chart.js'
import { chartPalette } from './chart-palette.js'
import { intervalTitle, nothingNote, told } from './chart-words.js'
import { countAt, listAt, rateAt, recordAt, shareAt } from './charted.js'
import { grouped, percent, percentSpan, topShare } from './figures.js'
import { historyWords } from './history-words.js'

/** Of a calibration of chances what its chart shows. */
export interface ChartedChances {
  readonly bins: readonly {
    readonly customers: number
    readonly mean: number
    readonly observed:
      | {
          readonly kind: 'estimate'
          readonly value: number
          readonly interval: { readonly low: number; readonly high: number; readonly level: number }
        }
      | { readonly kind: 'undefined'; readonly reason: string }
  }[]
}

/** How a calibration of chances is drawn. */
export interface ChanceCurveOptions extends SizedChartOptions {
  /** What the chances are of: at least one purchase in the holdout, or being alive, of which who bought is only a part. */
  readonly show: 'buying' | 'alive'
}

/**
 * Whether chances come true: of each group of customers the mean chance across and the share that bought, with its interval,
 * upwards. On the dashed diagonal both are the same. Of `alive`, points below it are no contradiction.
 *
 * @throws DefinitionError with its path for what is no calibration of chances, and for options that do not hold.
 * @example
 * chanceCurve(validation.buying, { lang: 'en', show: 'buying' }).description
 * // => 'Chances of buying beside who bought: 10 groups, 2,357 customers.'
 */
export function chanceCurve(chances: ChartedChances, options: ChanceCurveOptions): Chart {
  checkChartOptions(options, ['show', 'width', 'height'])
  const { lang, show } = options
  checkName(['buying', 'alive'], show, '$.options.show')
  const size = sizeOf(options)
  let customers = 0
  let level = 0.95
  const points = listAt(recordAt(chances, '$')['bins'], '$.bins').flatMap((one, i) => {
    const bin = recordAt(one, `$.bins[${i}]`)
    const n = countAt(bin['customers'], `$.bins[${i}].customers`)
    const mean = shareAt(bin['mean'], `$.bins[${i}].mean`)
    const observed = rateAt(bin['observed'], `$.bins[${i}].observed`)
    customers += n
    if (!('value' in observed)) return []
    const interval = recordAt(recordAt(bin['observed'], '$')['interval'], '$')
    level = shareAt(interval['level'], `$.bins[${i}].observed.interval.level`)
    const { value, low = 0, high = 0 } = observed
    return [
      {
        mean,
        share: value,
        low,
        high,
        chance: percent(mean),
        came: percent(value),
        interval: percentSpan(low, high),
        customers: grouped(n),
      },
    ]
  })
  const top = topShare(points.reduce((most, { mean, high }) => Math.max(most, mean, high), 0))
  const x = { ...shareAxis('mean', words[show][lang], top), axis: { format: '.0%', grid: false } }
  const y = shareAxis('share', words.came[lang], top)
  const title = intervalTitle(level, lang)
  const layer: Json[] = [
    diagonal('mean', 'share', top),
    {
      data: { values: points },
      mark: { type: 'rule', color: chartPalette.blue, strokeWidth: 1.5 },
      encoding: { x, y: { ...y, field: 'low' }, y2: { field: 'high' } },
    },
    {
      data: { values: points },
      mark: { type: 'point', filled: true, color: chartPalette.blue, size: 60, opacity: 1 },
      encoding: {
        x,
        y,
        tooltip: [
          told('chance', words[show][lang]),
          told('came', words.came[lang]),
          told('interval', title),
          told('customers', historyWords.customers[lang]),
        ],
      },
    },
  ]
  return chartOf(options, {
    title: words.title[show][lang],
    notes: [
      ...nothingNote(points.length, lang),
      ...(points.length > 0 ? [said(words.note, lang, { interval: title })] : []),
      ...(show === 'alive' && points.length > 0 ? [words.below[lang]] : []),
    ],
    description: said(words.description[show], lang, { n: points.length, customers: grouped(customers) }),
    body: { ...size, layer },
  })
}

const words = {
  title: {
    buying: { en: 'Do chances of buying come true?', zh: '购买概率是否兑现' },
    alive: { en: 'P(alive) beside who bought', zh: '存活概率与实际购买' },
  },
  buying: { en: 'chance of buying in the holdout', zh: '验证期内购买的概率' },
  alive: { en: 'P(alive) at the end of calibration', zh: '校准期末的存活概率' },
  came: { en: 'share that bought', zh: '实际购买比例' },
  note: {
    en: 'Upright lines: {interval} of the share that bought. Dashed: as predicted.',
    zh: '竖线：实际购买比例的{interval}。虚线：与预测一致。',
  },
  below: {
    en: 'Who did not buy may still be there: points below the diagonal are no contradiction.',
    zh: '未购买者可能仍然存活：对角线下方的点并不矛盾。',
  },
  description: {
    buying: {
      en: 'Chances of buying beside who bought: {n} groups, {customers} customers.',
      zh: '购买概率与实际购买：{n} 组，共 {customers} 位客户。',
    },
    alive: {
      en: 'P(alive) beside who bought: {n} groups, {customers} customers.',
      zh: '存活概率与实际购买：{n} 组，共 {customers} 位客户。',
    },
  },
} as const
