import type { Json } from '../../kernel/digest.js'
import type { Sentence } from '../../kernel/errors.js'
import { amountAxis, figure, groupAxis, sideColour } from './actual-and-expected.js'
import { type Chart, chartOf, type SizedChartOptions, said, sizeOf } from './chart.js'
import { chartPalette } from './chart-palette.js'
import { chartWords, intervalTitle, nothingNote, told } from './chart-words.js'
import { countAt, distinctNames, listAt, numberAt, recordAt, shareAt, textAt, wordAt } from './charted.js'
import { grouped, topAmount } from './figures.js'
import { historyWords } from './history-words.js'

/** A group of customers: what was expected of each on average, and what came. */
export interface ChartedMeansBin {
  readonly name: { readonly en: string; readonly zh: string }
  readonly customers: number
  readonly expectedMean: number
  readonly actualMean: number
  readonly interval:
    | { readonly kind: 'interval'; readonly low: number; readonly high: number; readonly level: number }
    | { readonly kind: 'undefined'; readonly reason: string }
}

/** What a chart of means says. */
interface MeansWords {
  /** `Purchases in the holdout by {by}`. */
  readonly title: Sentence
  /** Along the groups. */
  readonly by: Sentence
  /** Along the means. */
  readonly amount: string
  /** With `{by}` and `{n}` groups. */
  readonly description: Sentence
}

/** Bars of groups: what came with its interval, beside what was expected. Options are checked. */
export function meansBars(means: unknown, options: SizedChartOptions, words: MeansWords): Chart {
  const { lang } = options
  const size = sizeOf(options)
  const given = recordAt(means, '$')
  let level: number | undefined
  const bins = listAt(given['bins'], '$.bins').map((one, i) => {
    const at = `$.bins[${i}]`
    const bin = recordAt(one, at)
    const name = recordAt(bin['name'], `${at}.name`)
    const interval = recordAt(bin['interval'], `${at}.interval`)
    const kind = wordAt(interval['kind'], ['interval', 'undefined'], `${at}.interval.kind`)
    const texts = { en: textAt(name['en'], `${at}.name.en`), zh: textAt(name['zh'], `${at}.name.zh`) }
    const read = {
      name: texts[lang],
      customers: grouped(countAt(bin['customers'], `${at}.customers`)),
      expected: numberAt(bin['expectedMean'], `${at}.expectedMean`, 0),
      actual: numberAt(bin['actualMean'], `${at}.actualMean`, 0),
    }
    if (kind === 'undefined') {
      textAt(interval['reason'], `${at}.interval.reason`)
      return { ...read, interval: '–' }
    }
    level = shareAt(interval['level'], `${at}.interval.level`)
    const low = numberAt(interval['low'], `${at}.interval.low`, 0)
    const high = numberAt(interval['high'], `${at}.interval.high`, 0)
    return { ...read, low, high, interval: `${figure(low)} – ${figure(high)}` }
  })
  const names = bins.map(({ name }) => name)
  distinctNames(names, (i) => `$.bins[${i}].name`)
  const sides = [historyWords.actual[lang], historyWords.expected[lang]] as const
  const bars = bins.flatMap(({ name, customers, expected, actual, interval }) =>
    ([actual, expected] as const).map((mean, k) => ({
      name,
      customers,
      side: sides[k]!,
      mean,
      count: figure(mean),
      interval: k === 0 ? interval : '–',
    })),
  )
  const rules = bins.flatMap((bin) =>
    'low' in bin ? [{ name: bin.name, side: sides[0], low: bin.low, high: bin.high }] : [],
  )
  const most = bars.reduce((most, { mean }) => Math.max(most, mean), 0)
  const top = topAmount(rules.reduce((high, rule) => Math.max(high, rule.high), most))
  const x = groupAxis(words.by[lang], names)
  const xOffset = { field: 'side', type: 'nominal', sort: [...sides], scale: { domain: [...sides] } }
  const y = amountAxis('mean', words.amount, top)
  const title = intervalTitle(level ?? 0.95, lang)
  const layer: Json[] = [
    {
      data: { values: bars },
      mark: { type: 'bar', opacity: 0.85 },
      encoding: {
        x,
        xOffset,
        y,
        color: sideColour(lang, 'square'),
        tooltip: [
          told('name', words.by[lang]),
          told('side', chartWords.group[lang]),
          told('count', words.amount),
          told('interval', title),
          told('customers', historyWords.customers[lang]),
        ],
      },
    },
    {
      data: { values: rules },
      mark: { type: 'rule', color: chartPalette.vermilion, strokeWidth: 2 },
      encoding: { x, xOffset, y: { ...y, field: 'low' }, y2: { field: 'high' } },
    },
  ]
  return chartOf(options, {
    title: said(words.title, lang, { by: words.by[lang] }),
    notes: [
      ...nothingNote(bins.length, lang),
      ...(rules.length > 0 ? [said(rule, lang, { interval: title })] : []),
    ],
    description: said(words.description, lang, { by: words.by[lang], n: bins.length }),
    body: { ...size, layer },
  })
}

const rule = {
  en: 'Upright lines: {interval} of the actual mean.',
  zh: '竖线：实际均值的{interval}。',
}
