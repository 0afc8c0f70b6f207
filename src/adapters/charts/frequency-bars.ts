import { amountAxis, figure, groupAxis, sideColour } from './actual-and-expected.js'
import { type Chart, chartOf, checkChartOptions, type SizedChartOptions, said, sizeOf } from './chart.js'
import { chartWords, nothingNote, told } from './chart-words.js'
import { countAt, distinctNames, listAt, numberAt, recordAt, wordAt } from './charted.js'
import { topAmount } from './figures.js'
import { historyWords } from './history-words.js'

/** Of a fit of frequencies what its chart shows. */
export interface ChartedFrequencies {
  readonly bins: readonly {
    readonly repeats: number
    readonly orMore: boolean
    readonly actual: number
    readonly expected: number
  }[]
}

/**
 * How many customers bought how often, beside how many the model has it that do. The last bar is "so many or more".
 *
 * @throws DefinitionError with its path for what is no fit of frequencies, a number of purchases twice (`duplicate-name`), and for
 * options that do not hold.
 * @example
 * frequencyBars({ bins: [{ repeats: 0, orMore: true, actual: 5, expected: 4.5 }] }, { lang: 'en' }).description
 * // => 'Customers by number of repeat purchases, actual beside expected: 1 group, 5 customers.'
 */
export function frequencyBars(frequencies: ChartedFrequencies, options: SizedChartOptions): Chart {
  checkChartOptions(options, ['width', 'height'])
  const { lang } = options
  const size = sizeOf(options)
  const given = recordAt(frequencies, '$')
  const bins = listAt(given['bins'], '$.bins').map((one, i) => {
    const bin = recordAt(one, `$.bins[${i}]`)
    const repeats = countAt(bin['repeats'], `$.bins[${i}].repeats`)
    const more = wordAt(bin['orMore'], [true, false], `$.bins[${i}].orMore`)
    return {
      name: `${repeats}${more ? '+' : ''}`,
      sides: [
        numberAt(bin['actual'], `$.bins[${i}].actual`, 0),
        numberAt(bin['expected'], `$.bins[${i}].expected`, 0),
      ] as const,
    }
  })
  const names = bins.map(({ name }) => name)
  distinctNames(names, (i) => `$.bins[${i}].repeats`)
  const sides = [historyWords.actual[lang], historyWords.expected[lang]] as const
  const bars = bins.flatMap(({ name, sides: values }) =>
    sides.map((side, k) => ({ name, side, customers: values[k]!, count: figure(values[k]!) })),
  )
  const top = topAmount(bars.reduce((most, { customers }) => Math.max(most, customers), 0))
  return chartOf(options, {
    title: words.title[lang],
    notes: nothingNote(bins.length, lang),
    description: said(words.description, lang, {
      groups: said(bins.length === 1 ? words.one : words.many, lang, { n: bins.length }),
      customers: figure(bins.reduce((sum, { sides }) => sum + sides[0], 0)),
    }),
    body: {
      ...size,
      data: { values: bars },
      mark: { type: 'bar' },
      encoding: {
        x: groupAxis(historyWords.purchases[lang], names),
        xOffset: { field: 'side', type: 'nominal', sort: [...sides], scale: { domain: [...sides] } },
        y: amountAxis('customers', historyWords.customers[lang], top),
        color: sideColour(lang, 'square'),
        tooltip: [
          told('name', historyWords.purchases[lang]),
          told('side', chartWords.group[lang]),
          told('count', historyWords.customers[lang]),
        ],
      },
    },
  })
}

const words = {
  title: { en: 'Customers by number of repeat purchases', zh: '按复购次数的客户数' },
  one: { en: '1 group', zh: '1 组' },
  many: { en: '{n} groups', zh: '{n} 组' },
  description: {
    en: 'Customers by number of repeat purchases, actual beside expected: {groups}, {customers} customers.',
    zh: '按复购次数的客户数（实际与预计）：{groups}，共 {customers} 位客户。',
  },
} as const
