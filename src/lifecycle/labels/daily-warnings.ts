import type { Sentence } from '../../kernel/index.js'

/** What to know before the numbers are read. */
export interface DailyWarning {
  readonly code: DailyWarningCode
  /** The first day it speaks of. */
  readonly day: string
  /** How many days it is about. */
  readonly count: number
}

export type DailyWarningCode = 'open-day' | 'not-tracked' | 'short-history'

/** The warnings in words. */
export const dailyWarnings: Readonly<Record<DailyWarningCode, Sentence>> = {
  'open-day': {
    en: '{day} is not over: who is at risk on it may still come',
    zh: '{day} 尚未结束：其中有风险的用户仍可能到来',
  },
  'not-tracked': {
    en: 'on {count} days from {day} on, that day or part of the month before it was not tracked: who is missing may have been there',
    zh: '自 {day} 起有 {count} 天，当天或此前一个月内采集不完整：未出现的人可能来过',
  },
  'short-history': {
    en: 'on {count} days from {day} on, the first event of all is less than a month old: old users look new, and nobody can be dormant or resurrected',
    zh: '自 {day} 起有 {count} 天，距最早的事件不足一个月：老用户会被当作新增，也不可能出现沉默或复活',
  },
}

/** What to know of days, of which the first so many come before there is a month of history. */
export function warningsOf(days: readonly ToldDay[], short: number): readonly DailyWarning[] {
  const open = days.filter(({ state }) => state === 'provisional')
  const hidden = days.filter(({ state }) => state === 'unobserved')
  const about = (code: DailyWarningCode, some: readonly ToldDay[]) =>
    some[0] === undefined ? [] : [{ code, day: some[0].day, count: some.length }]
  return [
    ...about('open-day', open),
    ...about('not-tracked', hidden),
    ...about('short-history', days.slice(0, Math.max(0, short))),
  ]
}

/** Of a day what warnings go by. */
interface ToldDay {
  readonly day: string
  readonly state: 'complete' | 'provisional' | 'unobserved'
}
