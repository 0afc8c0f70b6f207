import type { Lang, Sentence } from '../../kernel/errors.js'
import { chartPalette } from './chart-palette.js'

/** A period's name on an axis: months since entry. */
export const periodWords: Readonly<Record<'hour' | 'day' | 'week' | 'month' | 'quarter' | 'year', Sentence>> =
  {
    hour: { en: 'hours', zh: '小时' },
    day: { en: 'days', zh: '天' },
    week: { en: 'weeks', zh: '周' },
    month: { en: 'months', zh: '月' },
    quarter: { en: 'quarters', zh: '季度' },
    year: { en: 'years', zh: '年' },
  }

/** The names of those units. */
export const periodNames = Object.keys(periodWords) as readonly (keyof typeof periodWords)[]

/** Words that several charts share. */
export const chartWords = {
  cohort: { en: 'cohort', zh: '同期群' },
  period: { en: 'period', zh: '周期' },
  people: { en: 'people', zh: '人数' },
  state: { en: 'state', zh: '状态' },
  interval: { en: 'interval', zh: '区间' },
  nothing: { en: 'There is nothing to show.', zh: '没有可显示的数据。' },
  noValue: { en: '(none)', zh: '（无）' },
} as const satisfies Readonly<Record<string, Sentence>>

/** A field of a tooltip under its name in the reader's language. */
export const told = (field: string, title: Sentence, lang: Lang) => ({
  field,
  type: 'nominal' as const,
  title: title[lang],
})

/** A line for the subtitle where there is nothing to draw, so that an empty plot is not taken for zeros. */
export const nothingNote = (count: number, lang: Lang): readonly string[] =>
  count === 0 ? [chartWords.nothing[lang]] : []

/** An axis of shares from 0, in percent. */
export const shareAxis = (field: string, title: string, top: number) => ({
  field,
  type: 'quantitative' as const,
  title,
  scale: { domain: [0, top] },
  axis: { format: top > 0.05 ? '.0%' : '.1%', tickCount: 5 },
})

/** Whole steps on an axis: no tick between two offsets. */
export const wholeAxis = (field: string, title: string, last: number) => ({
  field,
  type: 'quantitative' as const,
  title,
  scale: { domain: [0, Math.max(1, last)], nice: false },
  axis: { format: 'd', tickMinStep: 1, tickCount: Math.min(12, Math.max(1, last)), grid: false },
})

/** The line over all, drawn above the others. */
export const overallColour = chartPalette.black
