import type { Json } from '../../kernel/digest.js'
import type { Lang } from '../../kernel/errors.js'
import { levelLine, periodAxis } from './axes.js'
import { type Chart, chartOf, checkChartOptions, type SizedChartOptions, said, sizeOf } from './chart.js'
import { chartPalette } from './chart-palette.js'
import { chartWords, nothingNote, told } from './chart-words.js'
import { countAt, distinctNames, fingerprintAt, listAt, recordAt, textAt, wordAt } from './charted.js'
import { grouped, topAmount } from './figures.js'
import { pathsOf } from './line-paths.js'

/** Of growth accounting what its chart shows. */
export interface ChartedGrowth {
  readonly fingerprint?: string
  readonly periods: readonly {
    readonly period: string
    readonly active: number
    readonly new: number
    readonly retained: number
    readonly resurrected: number
    readonly churned: number
    readonly state: 'complete' | 'provisional' | 'unobserved'
  }[]
}

/**
 * Growth accounting: who is new and who came back above zero, who churned below it, and who was active as a line, all in
 * people on one axis.
 *
 * A period that is not over, or that was not observed, has pale bars within dashes, and the line into it is dashed: its
 * churn can only fall, or is not known. Below zero the axis counts upwards again: its numbers are people, not minus
 * people.
 *
 * @throws DefinitionError with its path for what is no growth accounting, a period twice (`duplicate-name`), and for options
 * that do not hold.
 * @example
 * growthBars({ periods: [
 *   { period: '2024-03', active: 3, new: 3, retained: 0, resurrected: 0, churned: 0, state: 'complete' },
 * ] }, { lang: 'en' }).description
 * // => 'Growth accounting from 2024-03 to 2024-03, 1 period: …'
 */
export function growthBars(growth: ChartedGrowth, options: SizedChartOptions): Chart {
  checkChartOptions(options, ['width', 'height'])
  const { lang } = options
  const size = sizeOf(options)
  const given = recordAt(growth, '$')
  const periods = listAt(given['periods'], '$.periods').map(readPeriod)
  const names = periods.map(({ period }) => period)
  distinctNames(names, (i) => `$.periods[${i}].period`)

  const kinds = ['new', 'resurrected', 'churned'] as const
  const classes = kinds.map((kind) => words[kind][lang])
  const bars = periods.flatMap((row) =>
    kinds.map((kind) => ({
      ...labels(row, lang),
      class: words[kind][lang],
      people: kind === 'churned' ? 0 - row[kind] : row[kind],
      // Above zero the new lie on the line, who came back on them.
      order: kind === 'resurrected' ? 1 : 0,
      count: grouped(row[kind]),
    })),
  )
  const points = periods.map((row) => ({
    ...labels(row, lang),
    active: row.active,
    count: grouped(row.active),
    kind: row.state === 'complete' ? ('solid' as const) : ('dashed' as const),
  }))
  const paths = pathsOf<'solid' | 'dashed', (typeof points)[number]>(points)

  const up = topAmount(
    periods.reduce((most, row) => Math.max(most, row.active, row.new + row.resurrected), 0),
  )
  const most = periods.reduce((most, { churned }) => Math.max(most, churned), 0)
  const down = most === 0 ? 0 : topAmount(most)
  const x = periodAxis(chartWords.period[lang], names, size.width)
  const y = {
    type: 'quantitative',
    title: words.people[lang],
    scale: { domain: [0 - down, up], nice: false },
    axis: { labelExpr: "format(abs(datum.value), ',')", tickMinStep: 1, tickCount: 7 },
  }
  const tooltip = [
    told('period', chartWords.period[lang]),
    told('class', words.class[lang]),
    told('count', chartWords.people[lang]),
    told('told', chartWords.state[lang]),
  ]
  const barLayer = (open: boolean): Json => ({
    // The dashes around a bar of nobody would be a line of its colour on the bar beside it.
    data: {
      values: bars.filter(({ state, people }) => (state !== 'complete') === open && (!open || people !== 0)),
    },
    mark: {
      type: 'bar',
      ...(open && { fillOpacity: 0.35, strokeDash: [3, 2], strokeWidth: 1 }),
    },
    encoding: {
      x,
      y: { ...y, field: 'people', stack: 'zero' },
      order: { field: 'order', type: 'quantitative' },
      ...(open && { stroke: { ...colour, field: 'class', type: 'nominal' } }),
      color: { ...colour, field: 'class', type: 'nominal' },
      tooltip,
    },
  })
  const colour = {
    title: null,
    sort: classes,
    scale: {
      domain: [...classes, words.active[lang]],
      range: [chartPalette.blue, chartPalette.orange, chartPalette.vermilion, chartPalette.black],
    },
    legend: { symbolType: 'square', symbolOpacity: 1, symbolDash: [], symbolStrokeWidth: 0 },
  }
  const line = (kind: 'solid' | 'dashed'): Json => ({
    data: {
      values: paths.flatMap((path, i) =>
        path.kind === kind ? path.points.map(({ period, active }) => ({ period, active, path: i })) : [],
      ),
    },
    mark: {
      type: 'line',
      strokeWidth: 2,
      color: chartPalette.black,
      ...(kind === 'dashed' && { strokeDash: [4, 3] }),
    },
    encoding: { x, y: { ...y, field: 'active' }, detail: { field: 'path', type: 'nominal' } },
  })
  const dots = (kind: 'solid' | 'dashed'): Json => ({
    data: { values: points.filter((point) => point.kind === kind) },
    mark: {
      type: 'point',
      size: periods.length > 40 ? 8 : 28,
      opacity: 1,
      ...(kind === 'solid'
        ? { filled: true, color: chartPalette.black }
        : { filled: false, fill: '#ffffff', stroke: chartPalette.black, strokeWidth: 1.2 }),
    },
    encoding: {
      x,
      y: { ...y, field: 'active' },
      tooltip: [
        told('period', chartWords.period[lang]),
        told('count', words.active[lang]),
        told('told', chartWords.state[lang]),
      ],
    },
  })
  const open = periods.some(({ state }) => state === 'provisional')
  const unobserved = periods.some(({ state }) => state === 'unobserved')
  return chartOf(options, {
    title: words.title[lang],
    notes: [
      ...nothingNote(periods.length, lang),
      ...(open ? [words.open[lang]] : []),
      ...(unobserved ? [words.unobserved[lang]] : []),
    ],
    fingerprint: fingerprintAt(given),
    description: said(words.description, lang, {
      first: names[0] ?? '–',
      last: names[names.length - 1] ?? '–',
      periods: names.length === 1 ? words.one[lang] : said(words.many, lang, { n: names.length }),
    }),
    body: {
      ...size,
      layer: [
        barLayer(false),
        barLayer(true),
        levelLine(y),
        line('solid'),
        line('dashed'),
        dots('solid'),
        dots('dashed'),
      ],
    },
  })
}

type Row = ChartedGrowth['periods'][number]

function readPeriod(value: unknown, i: number): Row {
  const at = `$.periods[${i}]`
  const given = recordAt(value, at)
  const count = (name: 'active' | 'new' | 'retained' | 'resurrected' | 'churned') =>
    countAt(given[name], `${at}.${name}`)
  return {
    period: textAt(given['period'], `${at}.period`),
    active: count('active'),
    new: count('new'),
    retained: count('retained'),
    resurrected: count('resurrected'),
    churned: count('churned'),
    state: wordAt(given['state'], ['complete', 'provisional', 'unobserved'], `${at}.state`),
  }
}

const labels = ({ period, state }: Row, lang: Lang) => ({ period, state, told: words.states[state][lang] })

const words = {
  title: { en: 'Growth accounting', zh: '增长核算' },
  people: { en: 'people (lost below zero)', zh: '人数（零线以下为流失）' },
  class: { en: 'who', zh: '类别' },
  new: { en: 'new', zh: '新增' },
  resurrected: { en: 'resurrected', zh: '回流' },
  churned: { en: 'churned', zh: '流失' },
  active: { en: 'active (line)', zh: '活跃（折线）' },
  open: { en: 'Pale and dashed: the period is not over yet.', zh: '浅色虚线：周期尚未结束。' },
  unobserved: { en: 'Pale and dashed: not observed in full.', zh: '浅色虚线：未完整观测。' },
  one: { en: '1 period', zh: '1 个周期' },
  many: { en: '{n} periods', zh: '{n} 个周期' },
  description: {
    en: 'Growth accounting from {first} to {last}, {periods}: new and resurrected people above zero, churned below it, active people as a line.',
    zh: '增长核算（{first} 至 {last}，{periods}）：零线以上为新增与回流，以下为流失，折线为活跃用户。',
  },
  states: {
    complete: { en: 'complete', zh: '完整' },
    provisional: { en: 'not over yet', zh: '尚未结束' },
    unobserved: { en: 'not observed in full', zh: '未完整观测' },
  },
} as const
