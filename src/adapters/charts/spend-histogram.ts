import type { Json } from '../../kernel/digest.js'
import { fault } from '../../kernel/errors.js'
import { amountAxis, figure, sideColour } from './actual-and-expected.js'
import { type Chart, chartOf, checkChartOptions, type SizedChartOptions, said, sizeOf } from './chart.js'
import { nothingNote, told } from './chart-words.js'
import { countAt, listAt, numberAt, recordAt, textAt } from './charted.js'
import { grouped, roundTimes, topAmount } from './figures.js'
import { historyWords } from './history-words.js'

/** Of a fit of spend what its chart shows. */
export interface ChartedSpendFit {
  readonly customers: number
  /** The last one has no `to`. */
  readonly bins: readonly {
    readonly from: number
    readonly to?: number
    readonly actual: number
    readonly expected: number
  }[]
  readonly curve: readonly { readonly amount: number; readonly density: number }[]
}

/** How a fit of spend is drawn. */
export interface SpendHistogramOptions extends SizedChartOptions {
  /** Of the amounts, beside the axis: `CNY`. */
  readonly currency?: string
}

/**
 * Customers by the mean of what they spent: bars for what came, a line for the model's density of such means. Bars and line are
 * shares of customers per unit of money, so that bins of any width compare. What lies beyond the last border is told below the
 * title.
 *
 * @throws DefinitionError with its path for what is no fit of spend, and for options that do not hold.
 * @example
 * spendHistogram(spendFit(gammaGamma, fit, table), { lang: 'en', currency: 'USD' }).description
 * // => 'Customers by mean spend, actual bars beside the expected line: 946 customers.'
 */
export function spendHistogram(spend: ChartedSpendFit, options: SpendHistogramOptions): Chart {
  checkChartOptions(options, ['width', 'height', 'currency'])
  const { lang, currency } = options
  if (currency !== undefined) textAt(currency, '$.options.currency')
  const size = sizeOf(options)
  const given = recordAt(spend, '$')
  const customers = countAt(given['customers'], '$.customers')
  const bins = listAt(given['bins'], '$.bins').map((one, i, { length }) => {
    const at = `$.bins[${i}]`
    const bin = recordAt(one, at)
    const from = numberAt(bin['from'], `${at}.from`, 0)
    const open = bin['to'] === undefined && i === length - 1
    const to = open ? undefined : numberAt(bin['to'], `${at}.to`, 0)
    if (to !== undefined && !(to > from)) throw fault('out-of-range', `${at}.to`, to, `above ${from}`)
    const [actual, expected] = (['actual', 'expected'] as const).map((key) =>
      numberAt(bin[key], `${at}.${key}`, 0),
    )
    const density = to === undefined || customers === 0 ? 0 : actual! / customers / (to - from)
    if (!Number.isFinite(density))
      throw fault('out-of-range', `${at}.to`, to, 'a bin of a width that leaves a finite density')
    return { from, to, actual: actual!, expected: expected!, density }
  })
  const curve = listAt(given['curve'], '$.curve').map((one, i) => {
    const point = recordAt(one, `$.curve[${i}]`)
    return {
      amount: numberAt(point['amount'], `$.curve[${i}].amount`, 0),
      density: numberAt(point['density'], `$.curve[${i}].density`, 0),
      side: historyWords.expected[lang],
    }
  })
  const bars = bins.flatMap(({ from, to, actual, expected, density }) =>
    to === undefined || customers === 0
      ? []
      : [
          {
            from,
            to,
            side: historyWords.actual[lang],
            density,
            range: `${figure(from)}–${figure(to)}`,
            count: figure(actual),
            model: figure(expected),
          },
        ],
  )
  const beyond = bins.find(({ to }) => to === undefined)
  const end = bars[bars.length - 1]?.to ?? 0
  const { last, times } = roundTimes(end)
  const top = topAmount([...bars, ...curve].reduce((most, { density }) => Math.max(most, density), 0))
  const amount = currency === undefined ? words.amount[lang] : said(words.inCurrency, lang, { currency })
  const x = {
    field: 'amount',
    type: 'quantitative',
    title: amount,
    scale: { domain: [0, last], nice: false },
    axis: { grid: false, values: times, labelExpr: "format(datum.value, ',')" },
  }
  const y = { ...amountAxis('density', words.density[lang], top), axis: { format: '~g', tickCount: 5 } }
  const colour = sideColour(lang, 'square')
  const layer: Json[] = [
    {
      data: { values: bars },
      mark: { type: 'bar', opacity: 0.35, binSpacing: 1 },
      encoding: {
        x: { ...x, field: 'from' },
        x2: { field: 'to' },
        y,
        y2: { datum: 0 },
        color: colour,
        tooltip: [
          told('range', amount),
          told('count', words.actual[lang]),
          told('model', words.expected[lang]),
        ],
      },
    },
    {
      data: { values: curve },
      mark: { type: 'line', strokeWidth: 2 },
      encoding: { x, y, color: colour },
    },
  ]
  return chartOf(options, {
    title: words.title[lang],
    notes: [
      ...nothingNote(bars.length, lang),
      ...(bars.length > 0 ? [words.note[lang]] : []),
      ...(beyond !== undefined && bars.length > 0
        ? [
            said(words.beyond, lang, {
              from: figure(beyond.from),
              actual: grouped(beyond.actual),
              expected: grouped(Math.round(beyond.expected)),
            }),
          ]
        : []),
    ],
    description: said(words.description, lang, { customers: figure(customers) }),
    body: { ...size, layer },
  })
}

const words = {
  title: { en: 'Customers by mean spend', zh: '按平均消费的客户分布' },
  amount: { en: 'mean spend of a customer', zh: '客户平均消费' },
  inCurrency: { en: 'mean spend of a customer ({currency})', zh: '客户平均消费（{currency}）' },
  density: { en: 'share of customers per unit', zh: '每单位金额的客户占比' },
  actual: { en: 'customers, actual', zh: '实际客户数' },
  expected: { en: 'customers, expected', zh: '预计客户数' },
  note: {
    en: 'Bars: what came. Line: the model, for means of as many purchases as are known.',
    zh: '柱：实际。线：模型（按各客户已知的购买次数）。',
  },
  beyond: {
    en: 'Beyond {from}: {actual} customers, {expected} expected.',
    zh: '{from} 以上：实际 {actual} 位客户，预计 {expected} 位。',
  },
  description: {
    en: 'Customers by mean spend, actual bars beside the expected line: {customers} customers.',
    zh: '按平均消费的客户分布（柱为实际，线为预计）：共 {customers} 位客户。',
  },
} as const
