import type { Sentence } from '../../kernel/index.js'
import { firstPeriod } from '../../measures/period-sets.js'
import type { IntervalLabelRow } from './interval-counts.js'
import type { Look } from './interval-look.js'

/** What to know before the numbers are read. */
export interface LabelWarning {
  readonly code: LabelWarningCode
  /** The first interval it speaks of, where it speaks of one. */
  readonly interval?: string
  /** How many people, or intervals, it is about. */
  readonly count?: number
}

export type LabelWarningCode =
  | 'open-interval'
  | 'not-tracked'
  | 'first-seen-unknown'
  | 'first-seen-elsewhere'
  | 'active-before-first-seen'
  | 'look-back'

/** The warnings in words. */
export const labelWarnings: Readonly<Record<LabelWarningCode, Sentence>> = {
  'open-interval': {
    en: '{interval} is not over: who is dormant in it may still come',
    zh: '{interval} 尚未结束：其中的沉默用户仍可能到来',
  },
  'not-tracked': {
    en: '{count} intervals from {interval} on were not tracked throughout, or follow one that was not: who is missing may have been there',
    zh: '自 {interval} 起有 {count} 个区间（或其前一区间）采集不完整：未出现的人可能来过',
  },
  'first-seen-unknown': {
    en: 'nothing says when {count} of the people were first seen: they are never new',
    zh: '{count} 人没有首次出现的时间：永远不会计为新增',
  },
  'first-seen-elsewhere': {
    en: '{count} people were not active in the interval in which they were first seen: they are never new',
    zh: '{count} 人在其首次出现的区间内并不活跃：永远不会计为新增',
  },
  'active-before-first-seen': {
    en: '{count} people were active before they were first seen, as after an import of old events: new does not mean their first activity',
    zh: '{count} 人在“首次出现”之前已有活动（如补录的历史事件）：新增并不等于首次活跃',
  },
  'look-back': {
    en: 'nothing before {interval} is looked at: who was active earlier looks new',
    zh: '不查看 {interval} 之前的活动：更早的老用户会被当作新增',
  },
}

/** What to know of the intervals of a look. */
export function warningsOf(
  { first, from, periods, sets, seen, has, visit }: Look,
  intervals: readonly IntervalLabelRow[],
): readonly LabelWarning[] {
  let [unknown, elsewhere, earlier] = [0, 0, 0]
  for (let row = 0; row < sets.rows; row++) {
    let any = false
    visit(row, (index) => {
      any ||= index >= first
    })
    if (!any) continue
    const ever = seen(row)
    if (ever === undefined) unknown++
    else {
      if (!has(row, ever)) elsewhere++
      if (firstPeriod(sets, row, from)! < ever) earlier++
    }
  }
  const open = intervals.find(({ state }) => state === 'provisional')
  const untrackedRows = intervals.filter(({ state }) => state === 'unobserved')
  const people = (code: LabelWarningCode, count: number) => (count === 0 ? [] : [{ code, count }])
  return [
    ...(Number.isFinite(from) && intervals.length > 0
      ? [{ code: 'look-back' as const, interval: periods.nameOf(from) }]
      : []),
    ...(open === undefined ? [] : [{ code: 'open-interval' as const, interval: open.interval }]),
    ...(untrackedRows[0] === undefined
      ? []
      : [{ code: 'not-tracked' as const, interval: untrackedRows[0].interval, count: untrackedRows.length }]),
    ...people('first-seen-unknown', unknown),
    ...people('first-seen-elsewhere', elsewhere),
    ...people('active-before-first-seen', earlier),
  ]
}
