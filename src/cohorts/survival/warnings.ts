import type { Sentence } from '../../kernel/index.js'
import type { Settings } from '../retention/settings.js'
import type { ReturnRule } from './definition.js'
import type { Tally } from './life-table.js'
import type { Look } from './lives.js'

/** What a reader of the curves has to know. */
export interface ActivitySurvivalWarning {
  readonly code: ActivitySurvivalWarningCode
  /** The first period it speaks of, where it speaks of one. */
  readonly period?: string
  /** How many people, or periods, it is about. */
  readonly count?: number
}

/** What a warning is about. */
export type ActivitySurvivalWarningCode =
  | 'nothing-decidable'
  | 'too-young'
  | 'returners-counted-gone'
  | 'returners-counted-there'
  | 'not-seen-since'
  | 'not-tracked'
  | 'first-in-window'

/** The warnings in words. */
export const activitySurvivalWarnings: Readonly<Record<ActivitySurvivalWarningCode, Sentence>> = {
  'nothing-decidable': {
    en: 'the gap reaches back before the first entry: of nobody can it be said whether they left',
    zh: '静默期长于全部观测时间：尚不能判断任何人是否已离开',
  },
  'too-young': {
    en: '{count} people came in {period} or later, too late to say whether they stay: they are in no curve',
    zh: '{count} 人自 {period} 起才进入，时间太短，尚不能判断去留，不计入曲线',
  },
  'returners-counted-gone': {
    en: '{count} people came back after a gap, and count as gone since it',
    zh: '{count} 人在静默期后又回来，按首次静默计为离开',
  },
  'returners-counted-there': {
    en: '{count} people came back after a gap, and count as there all along: late gaps had less time to end, so the end of the curve falls too fast',
    zh: '{count} 人在静默期后又回来，计为一直在：近期的静默还来不及结束，曲线末端下降偏快',
  },
  'not-seen-since': {
    en: '{count} people entered before activity was tracked and were not seen since: they are in no curve',
    zh: '{count} 人在开始采集之前进入，此后未再出现，不计入曲线',
  },
  'not-tracked': {
    en: '{count} periods from {period} on were not tracked: they count neither as activity nor as silence',
    zh: '自 {period} 起有 {count} 个周期未采集：既不算活跃，也不算静默',
  },
  'first-in-window': {
    en: 'who came before the window looks new in it',
    zh: '窗口之前来过的用户在这里也算作新用户',
  },
}

/** What has to be said of lives that were counted. */
export function warningsOf(
  all: Tally,
  { untracked }: Look,
  { periods, entryRule }: Settings,
  returning: ReturnRule,
): readonly ActivitySurvivalWarning[] {
  const warnings: ActivitySurvivalWarning[] = []
  if (all.entered > 0 && all.undecided + all.unseen === all.entered)
    warnings.push({ code: 'nothing-decidable' })
  if (all.undecided > 0)
    warnings.push({ code: 'too-young', period: periods.nameOf(all.firstUndecided), count: all.undecided })
  if (all.returned > 0) {
    const code = returning === 'first-lapse' ? 'returners-counted-gone' : 'returners-counted-there'
    warnings.push({ code, count: all.returned })
  }
  if (all.unseen > 0) warnings.push({ code: 'not-seen-since', count: all.unseen })
  if (untracked.length > 0)
    warnings.push({ code: 'not-tracked', period: periods.nameOf(untracked[0]!), count: untracked.length })
  if (entryRule === 'first-in-window') warnings.push({ code: 'first-in-window' })
  return warnings
}
