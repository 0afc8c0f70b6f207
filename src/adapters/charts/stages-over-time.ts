import type { Json } from '../../kernel/digest.js'
import { fault, type Sentence } from '../../kernel/errors.js'
import { unitNames } from '../../measures/unit-words.js'
import { periodAxis } from './axes.js'
import {
  type Chart,
  chartOf,
  checkChartOptions,
  checkMarks,
  type SizedChartOptions,
  said,
  sizeOf,
} from './chart.js'
import { chartPalette } from './chart-palette.js'
import { chartWords, nothingNote, periodNames, told } from './chart-words.js'
import { distinctNames, fingerprintAt, listAt, recordAt, textAt, wordAt } from './charted.js'
import { grouped, percent, topAmount } from './figures.js'
import { lineScale } from './line-colours.js'
import { countsAt, movesAt, type StageWords, stagesAt, stageWords, wordsOf } from './stage-flows.js'

/** Of a panel of stages what its chart shows. */
export interface ChartedPanel {
  readonly fingerprint?: string
  /** Stages, or stages by recency. */
  readonly states: readonly string[]
  readonly unit: 'hour' | 'day' | 'week' | 'month' | 'quarter' | 'year'
  /** Whole periods, ascending, without gaps. */
  readonly periods: readonly {
    readonly period: string
    /** `moves[from][to]`: who stood in `from` at its start and in `to` at its end. */
    readonly moves: readonly (readonly number[])[]
    /** By state at its end: who was first seen in it. */
    readonly arrivals: readonly number[]
  }[]
}

/** What a chart of stages over time is asked. */
export interface StagesOverTimeOptions extends SizedChartOptions {
  /** Instead of the names of states. */
  readonly words?: StageWords
}

/**
 * People by stage at the end of each period, one stacked bar for each, and those who were first seen in it as a line: the bars grow by
 * arrivals alone, for nobody who was seen leaves the panel.
 *
 * Stages lie from the bottom to the top in the order of the panel.
 *
 * @throws DefinitionError with its path for what is no panel, a period twice (`duplicate-name`), a period that does not begin with as
 * many people as the one before has ended with, and for options that do not hold.
 * @example
 * stagesOverTime({ states: ['active', 'lapsed'], unit: 'month', periods: [
 *   { period: '2024-01', moves: [[80, 20], [5, 45]], arrivals: [30, 0] },
 * ] }, { lang: 'en' }).description
 * // => 'People in 2 stages at the end of each month, from 2024-01 to 2024-01: 180 in the end, 30 of them first seen in these periods.'
 */
export function stagesOverTime(panel: ChartedPanel, options: StagesOverTimeOptions): Chart {
  checkChartOptions(options, ['width', 'height', 'words'])
  const { lang } = options
  const size = sizeOf(options)
  const given = recordAt(panel, '$')
  const states = stagesAt(given['states'], '$.states')
  const unit = wordAt(given['unit'], periodNames, '$.unit')
  const names = wordsOf(states, options.words)
  const list = listAt(given['periods'], '$.periods')
  checkMarks(list.length * states.length * states.length, '$.periods', 'moves between states in periods')
  const periods = list.map((one, i) => readPeriod(one, `$.periods[${i}]`, states.length))
  distinctNames(
    periods.map(({ period }) => period),
    (i) => `$.periods[${i}].period`,
  )
  for (const [i, { opening }] of periods.entries())
    for (const [k, count] of (periods[i - 1]?.closing ?? []).entries())
      if (opening[k] !== count)
        throw fault(
          'out-of-range',
          `$.periods[${i}].moves[${k}]`,
          opening[k],
          `a sum of ${count}, who stood there`,
        )

  const sum = (counts: readonly number[]) => counts.reduce((all, count) => all + count, 0)
  const bars = periods.flatMap(({ period, closing }) => {
    const all = sum(closing)
    return closing.map((people, k) => ({
      period,
      state: names[k]!,
      order: k,
      people,
      count: grouped(people),
      share: all === 0 ? chartWords.noValue[lang] : percent(people / all),
    }))
  })
  const points = periods.map(({ period, arrivals }) => {
    const people = sum(arrivals)
    return { period, people, count: grouped(people) }
  })
  const top = topAmount(
    Math.max(0, ...periods.map(({ closing }) => sum(closing)), ...points.map(({ people }) => people)),
  )
  const labels = periods.map(({ period }) => period)
  const x = periodAxis(chartWords.period[lang], labels, size.width)
  const y = {
    field: 'people',
    type: 'quantitative',
    title: chartWords.people[lang],
    scale: { domain: [0, top], nice: false },
    axis: { format: ',d', tickMinStep: 1, tickCount: 7 },
  }
  const line: Json = {
    data: { values: points },
    mark: {
      type: 'line',
      color: chartPalette.black,
      strokeWidth: 2,
      point: { filled: false, fill: '#ffffff', color: chartPalette.black, size: points.length > 40 ? 8 : 28 },
    },
    encoding: {
      x,
      y,
      tooltip: [told('period', chartWords.period[lang]), told('count', words.arrivals[lang])],
    },
  }
  // A rim of white: the line is read on dark bars too.
  const rim: Json = {
    data: { values: points },
    mark: { type: 'line', color: '#ffffff', strokeWidth: 5 },
    encoding: { x, y },
  }
  const last = periods[periods.length - 1]
  return chartOf(options, {
    title: words.title[lang],
    notes: [...nothingNote(periods.length, lang), ...(periods.length === 0 ? [] : [words.reading[lang]])],
    fingerprint: fingerprintAt(given),
    description: said(periods.length === 0 ? words.empty : words.description, lang, {
      stages: states.length === 1 ? words.one[lang] : said(words.many, lang, { n: states.length }),
      unit: unitNames[unit][lang],
      first: labels[0] ?? '',
      last: last?.period ?? '',
      people: grouped(sum(last?.closing ?? [])),
      arrivals: grouped(sum(points.map(({ people }) => people))),
    }),
    body: {
      ...size,
      layer: [
        {
          data: { values: bars },
          mark: { type: 'bar' },
          encoding: {
            x,
            y: { ...y, stack: 'zero' },
            order: { field: 'order', type: 'quantitative' },
            color: {
              field: 'state',
              type: 'nominal',
              title: stageWords.stage[lang],
              sort: names,
              scale: lineScale(names),
              // From the top to the bottom, as in the bars.
              legend: { symbolType: 'square', values: [...names].reverse() },
            },
            tooltip: [
              told('period', chartWords.period[lang]),
              told('state', stageWords.stage[lang]),
              told('count', chartWords.people[lang]),
              told('share', stageWords.share[lang]),
            ],
          },
        },
        rim,
        line,
      ],
    },
  })
}

function readPeriod(value: unknown, path: string, size: number) {
  const given = recordAt(value, path)
  const moves = movesAt(given['moves'], `${path}.moves`, size)
  const arrivals = countsAt(given['arrivals'], `${path}.arrivals`, size)
  const closing = arrivals.map((count, k) => moves.reduce((sum, row) => sum + row[k]!, count))
  if (!Number.isSafeInteger(closing.reduce((sum, count) => sum + count, 0)))
    throw fault('too-large', path, undefined, 'counts whose sum is below 2^53')
  return {
    period: textAt(given['period'], `${path}.period`),
    opening: moves.map((row) => row.reduce((sum, count) => sum + count, 0)),
    closing,
    arrivals,
  }
}

const words = {
  title: { en: 'People by stage', zh: '各阶段人数' },
  reading: {
    en: 'Bars: who stood in each stage at the end of the period. Line: first seen in it.',
    zh: '柱：周期末各阶段人数；折线：周期内首次出现的人数。',
  },
  arrivals: { en: 'first seen', zh: '首次出现' },
  one: { en: '1 stage', zh: '1个阶段' },
  many: { en: '{n} stages', zh: '{n}个阶段' },
  empty: {
    en: 'People in {stages} at the end of each {unit}: there is no period to show.',
    zh: '{stages}每{unit}末的人数：该面板中没有任何可显示的周期。',
  },
  description: {
    en: 'People in {stages} at the end of each {unit}, from {first} to {last}: {people} in the end, {arrivals} of them first seen in these periods.',
    zh: '{stages}每{unit}末的人数（{first} 至 {last}）：期末{people}人，其中{arrivals}人在此期间首次出现。',
  },
} as const satisfies Readonly<Record<string, Sentence>>
