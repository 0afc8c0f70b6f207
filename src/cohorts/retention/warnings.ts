import type { Instant, Sentence } from '../../kernel/index.js'
import { horizonOf } from '../../measures/activity/as-of.js'
import type { ActivityPartial } from '../../measures/activity/collected.js'
import { coverageOf } from '../../measures/activity/coverage.js'
import type { Frame, ReadOptions } from './frame.js'
import type { Settings } from './settings.js'

/** What a reader of the table has to know. */
export interface RetentionWarning {
  readonly code: RetentionWarningCode
  /** The period it speaks of, where it speaks of one. */
  readonly period?: string
}

export type RetentionWarningCode =
  | 'rows-overlap'
  | 'first-in-window'
  | 'open-period-left-out'
  | 'entries-not-observed'
  | 'history-not-observed'

/** The warnings in words. */
export const retentionWarnings: Readonly<Record<RetentionWarningCode, Sentence>> = {
  'rows-overlap': {
    en: 'one person may stand in many rows: rows may not be added up',
    zh: '同一用户可能出现在多行中：各行人数不可相加',
  },
  'first-in-window': {
    en: 'who came before the window looks new in it',
    zh: '窗口之前来过的用户在这里也算作新用户',
  },
  'open-period-left-out': {
    en: 'of {period} and later only whole periods were kept, and it was not over: it is left out',
    zh: '{period} 起只保留了整个周期的记录，而该周期尚未结束，因此不显示',
  },
  'entries-not-observed': {
    en: 'entries were not tracked all through {period}: its cohort may be larger',
    zh: '{period} 内进入事件有一段未采集：该同期群可能不完整',
  },
  'history-not-observed': {
    en: 'entries were not tracked for a time: some who look new may not be',
    zh: '进入事件有一段时间未采集：部分看似新用户者可能并非新用户',
  },
}

/** What a reader of the table of this frame has to know. */
export function warningsOf(
  partial: ActivityPartial,
  settings: Settings,
  frame: Frame,
  { gaps, asOf }: ReadOptions,
): readonly RetentionWarning[] {
  const { entryRule, periods, agreed } = settings
  const warnings: RetentionWarning[] = []
  if (entryRule === 'recurring') warnings.push({ code: 'rows-overlap' })
  if (entryRule === 'first-in-window') warnings.push({ code: 'first-in-window' })
  warnings.push(...leftOut(partial, settings, asOf))
  for (let cohort = frame.first; gaps.length > 0 && cohort <= frame.last; cohort++) {
    const span = { from: periods.startOf(cohort), to: periods.endOf(cohort) }
    if (coverageOf(gaps, agreed.entry, span) < 1)
      warnings.push({ code: 'entries-not-observed', period: periods.nameOf(cohort) })
  }
  const before = { from: -Infinity, to: periods.startOf(frame.last) }
  if (
    (entryRule === 'first-matching' || entryRule === 'first-ever') &&
    coverageOf(gaps, agreed.entry, before) < 1
  )
    warnings.push({ code: 'history-not-observed' })
  return warnings
}

/** The open period, where what was kept cannot tell it from what came later. */
export function leftOut(
  partial: ActivityPartial,
  { periods }: Settings,
  asOf: Instant,
): readonly RetentionWarning[] {
  const { through, blurred } = horizonOf(partial, periods, asOf)
  return blurred ? [{ code: 'open-period-left-out', period: periods.nameOf(through + 1) }] : []
}
