import type { Json } from '../../kernel/digest.js'
import { checkName, fault } from '../../kernel/errors.js'
import { figure } from './actual-and-expected.js'
import { type Chart, chartOf, checkChartOptions, type SizedChartOptions, said, sizeOf } from './chart.js'
import { chartPalette } from './chart-palette.js'
import { nothingNote, told } from './chart-words.js'
import { countAt, listAt, numberAt, recordAt, shareAt } from './charted.js'
import { percent, roundTimes, topAmount } from './figures.js'
import { type HistoryUnit, historyUnitAt, historyUnitTitle, historyWords } from './history-words.js'

/** Of a grid of histories what its chart shows. */
export interface ChartedHistories {
  readonly unit: HistoryUnit
  readonly age: number
  /** Of what is expected. */
  readonly horizon: number
  readonly cells: readonly {
    readonly repeatCount: number
    readonly lastPurchaseAge: number
    readonly alive: number
    readonly expected: number
  }[]
}

/** How a grid of histories is drawn. */
export interface HistoryHeatmapOptions extends SizedChartOptions {
  readonly show: 'alive' | 'expected'
}

/**
 * P(alive) or expected purchases over frequency (upwards) and recency (across: the age at the last purchase), of customers of one
 * age. The darkest are the most alive. Who bought often and stopped is on the upper left: paler than who bought seldom and as long ago.
 *
 * @throws DefinitionError with its path for what is no grid, a cell beyond the age, and for options that do not hold.
 * @example
 * historyHeatmap(historyGrid(bgNbd, fit, { age: { weeks: 39 }, horizon: { weeks: 39 } }), { lang: 'en', show: 'alive' }).description
 * // => 'P(alive) of customers who are 39 weeks old, by number of repeat purchases (0 to 30) and age at the last one: 1201 cells.'
 */
export function historyHeatmap(grid: ChartedHistories, options: HistoryHeatmapOptions): Chart {
  checkChartOptions(options, ['show', 'width', 'height'])
  const { lang, show } = options
  checkName(['alive', 'expected'], show, '$.options.show')
  const size = sizeOf(options)
  const given = recordAt(grid, '$')
  const unit = historyUnitAt(given['unit'], '$.unit')
  const age = numberAt(given['age'], '$.age', 0)
  const horizon = numberAt(given['horizon'], '$.horizon', 0)
  const read = listAt(given['cells'], '$.cells').map((one, i) => {
    const at = `$.cells[${i}]`
    const cell = recordAt(one, at)
    const last = numberAt(cell['lastPurchaseAge'], `${at}.lastPurchaseAge`, 0)
    if (last > age) throw fault('out-of-range', `${at}.lastPurchaseAge`, last, `up to the age, ${age}`)
    return {
      repeats: countAt(cell['repeatCount'], `${at}.repeatCount`),
      last,
      alive: shareAt(cell['alive'], `${at}.alive`),
      expected: numberAt(cell['expected'], `${at}.expected`, 0),
    }
  })
  const ages = [...new Set(read.map(({ last }) => last))].sort((a, b) => a - b)
  const left = new Map(ages.map((end, i) => [end, ages[i - 1] ?? 0 - (ages[1] ?? 1)]))
  const cells = read.map(({ repeats, last, alive, expected }) => ({
    left: left.get(last)!,
    right: last,
    low: repeats - 0.5,
    high: repeats + 0.5,
    value: show === 'alive' ? alive : expected,
    repeats: String(repeats),
    last: figure(last),
    alive: percent(alive),
    expected: figure(expected),
  }))
  const most = read.reduce((most, { repeats }) => Math.max(most, repeats), 0)
  const top =
    show === 'alive' ? 1 : topAmount(read.reduce((most, { expected }) => Math.max(most, expected), 0))
  const units = historyUnitTitle(unit, lang)
  const lastTitle = said(words.last, lang, { unit: units })
  const expectedTitle = said(words.expected, lang, { horizon: figure(horizon), unit: units })
  const colour = {
    field: 'value',
    type: 'quantitative',
    title: show === 'alive' ? historyWords.alive[lang] : words.legend[lang],
    scale: {
      domain: [0, top],
      range: [chartPalette.palest, chartPalette.darkest],
      interpolate: 'rgb',
      clamp: true,
    },
    legend: {
      ...(show === 'alive' && { format: '.0%' }),
      gradientLength: Math.min(160, size.height),
      values: [0, top / 2, top],
    },
  }
  const body: Json = {
    data: { values: cells },
    mark: { type: 'rect' },
    encoding: {
      x: {
        field: 'left',
        type: 'quantitative',
        title: lastTitle,
        scale: { domain: [left.get(ages[0] ?? 0) ?? 0, Math.max(1e-9, age)], nice: false },
        axis: { grid: false, values: roundTimes(age).times.filter((time) => time <= age) },
      },
      x2: { field: 'right' },
      y: {
        field: 'low',
        type: 'quantitative',
        title: historyWords.purchases[lang],
        scale: { domain: [-0.5, most + 0.5], nice: false },
        axis: { grid: false, format: 'd', tickMinStep: 1, tickCount: Math.min(10, most + 1) },
      },
      y2: { field: 'high' },
      color: colour,
      tooltip: [
        told('repeats', historyWords.purchases[lang]),
        told('last', lastTitle),
        told('alive', historyWords.alive[lang]),
        told('expected', expectedTitle),
      ],
    },
  }
  return chartOf(options, {
    title: show === 'alive' ? words.title[lang] : expectedTitle,
    notes: [
      ...nothingNote(cells.length, lang),
      ...(cells.length === 0 ? [] : [said(words.of, lang, { age: figure(age), unit: units })]),
    ],
    description: said(words.description, lang, {
      what: show === 'alive' ? historyWords.alive[lang] : expectedTitle,
      age: figure(age),
      unit: units,
      most,
      n: cells.length,
    }),
    body: { ...size, ...(body as { readonly [key: string]: Json }) },
  })
}

const words = {
  title: { en: 'P(alive) by frequency and recency', zh: '存活概率：按购买次数与最后购买时间' },
  last: { en: 'age at the last purchase ({unit})', zh: '最后购买时的年龄（{unit}）' },
  expected: { en: 'Expected purchases within {horizon} {unit}', zh: '今后 {horizon} {unit}的预计购买次数' },
  legend: { en: 'purchases', zh: '购买次数' },
  of: { en: 'Customers whose first purchase was {age} {unit} ago.', zh: '首次购买于 {age} {unit}前的客户。' },
  description: {
    en: '{what} of customers who are {age} {unit} old, by number of repeat purchases (0 to {most}) and age at the last one: {n} cells.',
    zh: '{what}：首购 {age} {unit}前的客户，按复购次数（0 至 {most}）与最后购买时的年龄，共 {n} 格。',
  },
} as const
