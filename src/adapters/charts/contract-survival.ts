import type { Json } from '../../kernel/digest.js'
import { fault } from '../../kernel/errors.js'
import { shareAxis } from './axes.js'
import { type Chart, chartOf, checkChartOptions, type SizedChartOptions, said, sizeOf } from './chart.js'
import { chartWords, nothingNote, told } from './chart-words.js'
import { distinctNames, listAt, numberAt, recordAt, shareAt, textAt } from './charted.js'
import { percent, roundTimes } from './figures.js'
import { type HistoryUnit, historyUnitAt, historyUnitTitle } from './history-words.js'
import { pathLayer } from './layers.js'
import { lineColour } from './line-colours.js'

/** Customers under contract: who is still there after each tenure, and who the model has it that will be. */
export interface ChartedContracts {
  readonly unit: HistoryUnit
  readonly lines: readonly {
    /** In the legend: a segment, a cohort. Every line has a name of its own. */
    readonly name: string
    /** Shares of those who signed, by tenure, ascending. */
    readonly observed: readonly { readonly time: number; readonly survival: number }[]
    /** Of the model, over the time observed and beyond it: `contractOutlook(…).survivalCurve(until)`. */
    readonly projected: readonly { readonly time: number; readonly survival: number }[]
    /** The age up to which the model knows what was observed; all of it unless told. */
    readonly known?: number
  }[]
}

/**
 * Survival of customers under contract: points for what was observed, a line for what the model has, dashed where nobody has
 * been observed yet, or where the model does not know it (`validateContracts` goes in as it is).
 *
 * @throws DefinitionError with its path for what are no such lines, a name twice (`duplicate-name`), times that do not ascend, and for
 * options that do not hold.
 * @see Fader & Hardie (2007), "How to Project Customer Retention", figure 4.
 * @example
 * contractSurvival({ unit: 'year', lines: [{ name: 'regular', observed: [{ time: 1, survival: 0.63 }],
 *   projected: [{ time: 0, survival: 1 }, { time: 1, survival: 0.63 }, { time: 2, survival: 0.47 }] }] }, { lang: 'en' }).description
 * // => 'Survival of contracts (regular): observed up to 1 years, projected to 2.'
 */
export function contractSurvival(contracts: ChartedContracts, options: SizedChartOptions): Chart {
  checkChartOptions(options, ['width', 'height'])
  const { lang } = options
  const size = sizeOf(options)
  const given = recordAt(contracts, '$')
  const unit = historyUnitAt(given['unit'], '$.unit')
  const lines = listAt(given['lines'], '$.lines').map((one, i) => {
    const at = `$.lines[${i}]`
    const line = recordAt(one, at)
    return {
      name: textAt(line['name'], `${at}.name`),
      observed: readCurve(line['observed'], `${at}.observed`),
      projected: readCurve(line['projected'], `${at}.projected`),
      known: line['known'] === undefined ? undefined : numberAt(line['known'], `${at}.known`, 0),
    }
  })
  const names = lines.map(({ name }) => name)
  distinctNames(names, (i) => `$.lines[${i}].name`)
  const ends = lines.map(({ observed }) => observed[observed.length - 1]?.time ?? 0)
  const seen = ends.reduce((most, end) => Math.max(most, end), 0)
  const ahead = lines.reduce(
    (most, { projected }) => Math.max(most, projected[projected.length - 1]?.time ?? 0),
    seen,
  )
  const { last, times } = roundTimes(ahead)
  const units = historyUnitTitle(unit, lang)
  const x = {
    field: 'time',
    type: 'quantitative',
    title: said(words.time, lang, { unit: units }),
    scale: { domain: [0, last], nice: false },
    axis: { grid: false, values: times, labelExpr: "format(datum.value, ',')" },
  }
  const y = shareAxis('survival', words.survival[lang], 1)
  const color = {
    ...lineColour(chartWords.group[lang], names),
    ...(names.length < 2 && { legend: null }),
  } as { readonly [key: string]: Json }
  /** The line up to where was observed, and the one from there on; they meet. */
  const parts = lines.flatMap(({ name, projected, known }, i) => {
    const cut = projected.filter(({ time }) => time <= (known ?? ends[i]!)).length
    const part = (kind: 'solid' | 'dashed', points: typeof projected) => ({
      kind,
      values: points.map((point) => ({ line: name, path: `${i}/${kind}`, ...point })),
    })
    return [
      part('solid', projected.slice(0, cut)),
      part('dashed', projected.slice(Math.max(0, cut - 1))),
    ].filter(({ values }) => values.length > 1)
  })
  const drawn = (kind: 'solid' | 'dashed'): Json =>
    pathLayer(
      parts.filter((part) => part.kind === kind).flatMap(({ values }) => values),
      { x, y, color },
      { strokeWidth: 2, ...(kind === 'dashed' && { strokeDash: [4, 3] }) },
    )
  const points = lines.flatMap(({ name, observed }) =>
    observed.map(({ time, survival }) => ({ line: name, time, survival, share: percent(survival) })),
  )
  const tips = lines.flatMap(({ name, projected }) =>
    projected.map(({ time, survival }) => ({ line: name, time, survival, share: percent(survival) })),
  )
  const tooltip = [
    told('line', chartWords.group[lang]),
    { field: 'time', type: 'quantitative', title: x.title },
    told('share', words.survival[lang]),
  ]
  const count = points.length + tips.length
  return chartOf(options, {
    title: words.title[lang],
    notes: [
      ...nothingNote(count, lang),
      ...(count === 0
        ? []
        : [lines.some(({ known }) => known !== undefined) ? words.foretold[lang] : words.note[lang]]),
    ],
    description: said(words.description, lang, {
      names: names.slice(0, 8).join(lang === 'en' ? ', ' : '、'),
      seen,
      ahead,
      unit: units,
    }),
    body: {
      ...size,
      layer: [
        drawn('solid'),
        drawn('dashed'),
        {
          data: { values: tips },
          mark: { type: 'point', size: 50, opacity: 0, filled: true },
          encoding: { x, y, color, tooltip },
        },
        {
          data: { values: points },
          mark: { type: 'point', size: 45, opacity: 1, filled: true },
          encoding: { x, y, color, tooltip },
        },
      ],
    },
  })
}

function readCurve(
  value: unknown,
  path: string,
): readonly { readonly time: number; readonly survival: number }[] {
  let before = -1
  return listAt(value, path).map((one, i) => {
    const point = recordAt(one, `${path}[${i}]`)
    const time = numberAt(point['time'], `${path}[${i}].time`, 0)
    if (time <= before) throw fault('out-of-range', `${path}[${i}].time`, time, 'ascending times')
    before = time
    return { time, survival: shareAt(point['survival'], `${path}[${i}].survival`) }
  })
}

const words = {
  title: { en: 'Contracts: who is still there', zh: '合约客户：仍在册的比例' },
  time: { en: 'tenure ({unit})', zh: '在册时长（{unit}）' },
  survival: { en: 'share still there', zh: '仍在册比例' },
  note: {
    en: 'Points: observed. Lines: the model; dashed where nobody has been observed yet.',
    zh: '点：实际观测。线：模型；虚线为尚未观测的部分。',
  },
  foretold: {
    en: 'Points: observed. Lines: the model; dashed where it foretells and knows nothing.',
    zh: '点：实际观测。线：模型；虚线为模型未见过数据的预测部分。',
  },
  description: {
    en: 'Survival of contracts ({names}): observed up to {seen} {unit}, projected to {ahead}.',
    zh: '合约留存（{names}）：观测至 {seen} {unit}，预测至 {ahead}。',
  },
} as const
