import type { Lang, Sentence } from '../../kernel/errors.js'

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

/** Such a unit behind a number: after 3 months, 3 个月后. */
export const countedWord = (unit: keyof typeof periodWords, lang: Lang): string =>
  `${lang === 'zh' && (unit === 'month' || unit === 'quarter') ? '个' : ''}${periodWords[unit][lang]}`

/** Periods counted from an event: `months since entry`. */
export const sinceWords = (unit: keyof typeof periodWords, event: Sentence, lang: Lang): string =>
  lang === 'en' ? `${periodWords[unit].en} since ${event.en}` : `${event.zh}后第几${countedWord(unit, 'zh')}`

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
