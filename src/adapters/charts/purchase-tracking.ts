import type { Json } from '../../kernel/digest.js'
import { checkName, fault } from '../../kernel/errors.js'
import { amountAxis, figure, sideColour } from './actual-and-expected.js'
import { type Chart, chartOf, checkChartOptions, type SizedChartOptions, said, sizeOf } from './chart.js'
import { chartPalette } from './chart-palette.js'
import { chartWords, nothingNote, told } from './chart-words.js'
import { listAt, numberAt, recordAt } from './charted.js'
import { roundTimes, topAmount } from './figures.js'
import { type HistoryUnit, historyUnitAt, historyUnitTitle, historyWords } from './history-words.js'

/** Of tracking what its chart shows. */
export interface ChartedTracking {
  readonly unit: HistoryUnit
  /** Where calibration ends. */
  readonly calibration: number
  readonly periods: readonly {
    readonly to: number
    readonly actual: number
    readonly expected: number
    readonly cumulativeActual: number
    readonly cumulativeExpected: number
  }[]
}

/** How tracking is drawn. */
export interface PurchaseTrackingOptions extends SizedChartOptions {
  /** All purchases up to a time, or those of each period. */
  readonly show: 'cumulative' | 'per-period'
}

/**
 * Repeat purchases over time, actual against expected, with an upright line where calibration ends: right of it the model has
 * seen nothing.
 *
 * Cumulative lines hide what happened when: two that part early stay apart. Look at `per-period`, too.
 *
 * @throws DefinitionError with its path for what is no tracking, times that do not ascend, and for options that do not hold.
 * @example
 * purchaseTracking(tracking, { lang: 'en', show: 'cumulative' }).description
 * // => 'Repeat purchases over 78 periods, cumulative: actual 4,339, expected 4,161. Calibration ends at 38.857 weeks.'
 */
export function purchaseTracking(tracking: ChartedTracking, options: PurchaseTrackingOptions): Chart {
  checkChartOptions(options, ['show', 'width', 'height'])
  const { lang, show } = options
  checkName(['cumulative', 'per-period'], show, '$.options.show')
  const size = sizeOf(options)
  const given = recordAt(tracking, '$')
  const unit = historyUnitAt(given['unit'], '$.unit')
  const calibration = numberAt(given['calibration'], '$.calibration', 0)
  let before = 0
  const periods = listAt(given['periods'], '$.periods').map((one, i) => {
    const at = `$.periods[${i}]`
    const period = recordAt(one, at)
    const number = (key: 'to' | 'actual' | 'expected' | 'cumulativeActual' | 'cumulativeExpected') =>
      numberAt(period[key], `${at}.${key}`, 0)
    const to = number('to')
    if (to < before) throw fault('out-of-range', `${at}.to`, to, `from ${before}`)
    before = to
    return {
      to,
      each: [number('actual'), number('expected')] as const,
      all: [number('cumulativeActual'), number('cumulativeExpected')] as const,
    }
  })
  const sides = [historyWords.actual[lang], historyWords.expected[lang]] as const
  const cumulative = show === 'cumulative'
  const points = periods.flatMap(({ to, each, all }) =>
    sides.map((side, k) => {
      const purchases = cumulative ? all[k]! : each[k]!
      return { to, side, purchases, count: figure(purchases) }
    }),
  )
  const { last, times } = roundTimes(before)
  const x = {
    field: 'to',
    type: 'quantitative',
    title: said(words.time, lang, { unit: historyUnitTitle(unit, lang) }),
    scale: { domain: [0, last], nice: false },
    axis: { grid: false, values: times, labelExpr: "format(datum.value, ',')" },
  }
  const y = amountAxis(
    'purchases',
    historyWords.purchases[lang],
    topAmount(points.reduce((most, { purchases }) => Math.max(most, purchases), 0)),
  )
  const colour = sideColour(lang, 'stroke')
  const end = periods[periods.length - 1]
  const layer: Json[] = [
    {
      data: { values: points },
      mark: { type: 'line', strokeWidth: 2 },
      encoding: { x, y, color: colour },
    },
    {
      // Where the pointer finds a period.
      data: { values: points },
      mark: { type: 'point', size: 50, opacity: 0, filled: true },
      encoding: {
        x,
        y,
        color: colour,
        tooltip: [
          { field: 'to', type: 'quantitative', title: x.title },
          told('side', chartWords.group[lang]),
          told('count', y.title),
        ],
      },
    },
  ]
  if (calibration > 0 && calibration < before)
    layer.unshift({
      data: { values: [{ to: calibration }] },
      mark: { type: 'rule', color: chartPalette.faint, strokeDash: [4, 3] },
      encoding: { x },
    })
  const ends = figure(calibration)
  return chartOf(options, {
    title: words[show][lang],
    notes: [
      ...nothingNote(periods.length, lang),
      ...(calibration > 0 && calibration < before ? [words.dashed[lang]] : []),
      ...(!cumulative && isShort(periods) ? [words.short[lang]] : []),
    ],
    description: said(words.description, lang, {
      n: periods.length,
      what: words.what[show][lang],
      actual: figure(end?.all[0] ?? 0),
      expected: figure(end?.all[1] ?? 0),
      ends,
      unit: historyUnitTitle(unit, lang),
    }),
    body: { ...size, layer },
  })
}

/** Whether the last period ends early. */
const isShort = (periods: readonly { readonly to: number }[]): boolean => {
  const [last, before] = [periods[periods.length - 1], periods[periods.length - 2]]
  return last !== undefined && before !== undefined && last.to - before.to < 0.999 * periods[0]!.to
}

const words = {
  cumulative: { en: 'Repeat purchases to date', zh: '累计复购' },
  'per-period': { en: 'Repeat purchases by period', zh: '各周期复购' },
  what: {
    cumulative: { en: 'cumulative', zh: '累计' },
    'per-period': { en: 'by period', zh: '按周期' },
  },
  time: { en: '{unit} from the first customer', zh: '自首位客户起（{unit}）' },
  dashed: {
    en: 'Dashed: the end of calibration. Right of it the model has seen nothing.',
    zh: '虚线：校准期结束。其右侧的数据模型未曾见过。',
  },
  short: { en: 'The last period is shorter.', zh: '最后一个周期较短。' },
  description: {
    en: 'Repeat purchases over {n} periods, {what}: actual {actual}, expected {expected} in all. Calibration ends at {ends} {unit}.',
    zh: '{n} 个周期的复购（{what}）：合计实际 {actual}，预计 {expected}。校准期结束于 {ends} {unit}。',
  },
} as const
