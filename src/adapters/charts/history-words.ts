import type { Lang, Sentence } from '../../kernel/errors.js'
import { unitTitle } from './chart-words.js'
import { wordAt } from './charted.js'

/** In what times of histories are measured. */
const historyUnits = ['hour', 'day', 'week', 'month', 'year', 'opportunity'] as const

export type HistoryUnit = (typeof historyUnits)[number]

/** Such a unit, or a fault. */
export const historyUnitAt = (value: unknown, path: string): HistoryUnit => wordAt(value, historyUnits, path)

/** What an axis of times counts: weeks, 周. */
export const historyUnitTitle = (unit: HistoryUnit, lang: Lang): string =>
  unit === 'opportunity' ? historyWords.opportunities[lang] : unitTitle(unit, lang)

/** Words that charts of buying share. */
export const historyWords = {
  opportunities: { en: 'opportunities', zh: '机会' },
  actual: { en: 'actual', zh: '实际' },
  expected: { en: 'expected', zh: '预计' },
  customers: { en: 'customers', zh: '客户数' },
  purchases: { en: 'repeat purchases', zh: '复购次数' },
  alive: { en: 'P(alive)', zh: '存活概率' },
} as const satisfies Readonly<Record<string, Sentence>>
