import type { PeriodUnit, Sentence } from '../kernel/index.js'

/** Units by name: "in one month". */
export const unitNames: Readonly<Record<PeriodUnit, Sentence>> = {
  hour: { en: 'hour', zh: '小时' },
  day: { en: 'day', zh: '日' },
  week: { en: 'week', zh: '周' },
  month: { en: 'month', zh: '月' },
  quarter: { en: 'quarter', zh: '季度' },
  year: { en: 'year', zh: '年' },
}

/** Units behind a number: "after 3 months". */
export const unitCounts: Readonly<Record<PeriodUnit, Sentence>> = {
  hour: { en: 'hours', zh: '小时' },
  day: { en: 'days', zh: '天' },
  week: { en: 'weeks', zh: '周' },
  month: { en: 'months', zh: '个月' },
  quarter: { en: 'quarters', zh: '个季度' },
  year: { en: 'years', zh: '年' },
}
