import type { Lang, Sentence } from '../../kernel/errors.js'
import type { PeriodUnit } from '../../kernel/index.js'
import { unitCounts } from '../../measures/unit-words.js'

/** The names of units. */
export const periodNames = Object.keys(unitCounts) as readonly PeriodUnit[]

/** What an axis counts, no number before it: months, 月. */
export const unitTitle = (unit: PeriodUnit, lang: Lang): string => unitCounts[unit][lang].replace('个', '')

/** Periods counted from an event: `months since entry`. */
export const sinceWords = (unit: PeriodUnit, event: Sentence, lang: Lang): string =>
  lang === 'en' ? `${unitCounts[unit].en} since ${event.en}` : `${event.zh}后第几${unitCounts[unit].zh}`

/** Words that several charts share. */
export const chartWords = {
  cohort: { en: 'cohort', zh: '同期群' },
  group: { en: 'group', zh: '分组' },
  period: { en: 'period', zh: '周期' },
  offset: { en: 'offset', zh: '偏移' },
  people: { en: 'people', zh: '人数' },
  state: { en: 'state', zh: '状态' },
  nothing: { en: 'There is nothing to show.', zh: '没有可显示的数据。' },
  noValue: { en: '(none)', zh: '（无）' },
} as const satisfies Readonly<Record<string, Sentence>>

/** A field of a tooltip under its name in the reader's language. */
export const told = (field: string, title: string) => ({ field, type: 'nominal' as const, title })

/** A line for the subtitle where there is nothing to draw, so that an empty plot is not taken for zeros. */
export const nothingNote = (count: number, lang: Lang): readonly string[] =>
  count === 0 ? [chartWords.nothing[lang]] : []

/** `95 % interval`. */
export const intervalTitle = (level: number, lang: Lang): string =>
  lang === 'en'
    ? `${Number((level * 100).toFixed(2))} % interval`
    : `${Number((level * 100).toFixed(2))}% 置信区间`
