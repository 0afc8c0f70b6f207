import type { Json } from '../../kernel/digest.js'
import { fault } from '../../kernel/errors.js'
import { shareAxis } from './axes.js'
import { type Chart, chartOf, checkChartOptions, type SizedChartOptions, said, sizeOf } from './chart.js'
import { chartPalette } from './chart-palette.js'
import { nothingNote, told } from './chart-words.js'
import { countAt, listAt, numberAt, recordAt, shareAt, wordAt } from './charted.js'
import { percent, roundTimes } from './figures.js'
import { type HistoryUnit, historyUnitAt, historyUnitTitle, historyWords } from './history-words.js'

/** Of one customer's path what its chart shows. */
export interface ChartedAlivePath {
  readonly unit: HistoryUnit
  readonly points: readonly {
    readonly age: number
    readonly what: 'first-purchase' | 'step' | 'before' | 'purchase'
    readonly repeatCount: number
    readonly alive: number
  }[]
}

/**
 * One customer's history: P(alive) as it was known at each age, with a tick at every purchase. It falls in silence, the
 * sooner the more often the customer used to buy.
 *
 * @throws DefinitionError with its path for what is no such path, ages that do not ascend, and for options that do not hold.
 * @example
 * aliveCurve(aliveOverTime(bgNbd, fit, [2.4, 30.6], { until: { weeks: 39 }, step: { weeks: 1 } }), { lang: 'en' }).description
 * // => 'P(alive) of a customer over 39 weeks with 2 repeat purchases: 72.7% at the end.'
 */
export function aliveCurve(path: ChartedAlivePath, options: SizedChartOptions): Chart {
  checkChartOptions(options, ['width', 'height'])
  const { lang } = options
  const size = sizeOf(options)
  const given = recordAt(path, '$')
  const unit = historyUnitAt(given['unit'], '$.unit')
  let before = 0
  const points = listAt(given['points'], '$.points').map((one, i) => {
    const at = `$.points[${i}]`
    const point = recordAt(one, at)
    const age = numberAt(point['age'], `${at}.age`, 0)
    if (age < before) throw fault('out-of-range', `${at}.age`, age, `from ${before}`)
    before = age
    const alive = shareAt(point['alive'], `${at}.alive`)
    return {
      age,
      place: i,
      what: wordAt(point['what'], ['first-purchase', 'step', 'before', 'purchase'], `${at}.what`),
      repeats: countAt(point['repeatCount'], `${at}.repeatCount`),
      alive,
      share: percent(alive),
    }
  })
  const bought = points.filter(({ what }) => what === 'first-purchase' || what === 'purchase')
  const units = historyUnitTitle(unit, lang)
  const { last, times } = roundTimes(before)
  const x = {
    field: 'age',
    type: 'quantitative',
    title: said(words.age, lang, { unit: units }),
    scale: { domain: [0, last], nice: false },
    axis: { grid: false, values: times, labelExpr: "format(datum.value, ',')" },
  }
  const y = shareAxis('alive', historyWords.alive[lang], 1)
  const tooltip = [
    { field: 'age', type: 'quantitative', title: x.title },
    told('share', historyWords.alive[lang]),
    told('repeats', historyWords.purchases[lang]),
  ]
  const layer: Json[] = [
    {
      data: { values: bought },
      mark: { type: 'rule', color: chartPalette.vermilion, strokeWidth: 1, opacity: 0.7 },
      encoding: { x },
    },
    {
      data: { values: points },
      mark: { type: 'line', color: chartPalette.blue, strokeWidth: 2 },
      encoding: { x, y, order: { field: 'place', type: 'quantitative' } },
    },
    {
      // Where the pointer finds a point.
      data: { values: points },
      mark: { type: 'point', size: 50, opacity: 0, filled: true },
      encoding: { x, y, tooltip },
    },
    {
      data: { values: bought },
      mark: {
        type: 'point',
        shape: 'circle',
        filled: true,
        color: chartPalette.vermilion,
        size: 40,
        opacity: 1,
      },
      encoding: { x, y, tooltip },
    },
  ]
  const end = points[points.length - 1]
  return chartOf(options, {
    title: words.title[lang],
    notes: [...nothingNote(points.length, lang), ...(bought.length === 0 ? [] : [words.ticks[lang]])],
    description: said(words.description, lang, {
      age: Number(before.toFixed(3)),
      unit: units,
      n: end?.repeats ?? 0,
      share: end?.share ?? '–',
    }),
    body: { ...size, layer },
  })
}

const words = {
  title: { en: 'One customer: P(alive) over time', zh: '单个客户：存活概率的变化' },
  age: { en: '{unit} since the first purchase', zh: '自首次购买起（{unit}）' },
  ticks: { en: 'Upright lines: purchases.', zh: '竖线：购买。' },
  description: {
    en: 'P(alive) of a customer over {age} {unit} with {n} repeat purchases: {share} at the end.',
    zh: '一位客户 {age} {unit}内的存活概率，复购 {n} 次：期末为 {share}。',
  },
} as const
