import { checkRecord, fault } from '../kernel/errors.js'
import { type Instant, isInstant, type Speaker } from '../kernel/index.js'
import { readSilence, type Silence } from './death.js'
import type { GroupVitality, Vitality, VitalityPeriod } from './vitality.js'
import {
  checkDaily,
  checkWarning,
  signsOf,
  type VitalityWarning,
  vitalityWarning,
  watchesOf,
} from './warning.js'

/** As of when, by which warning, and when a group is dead. */
export interface AssessmentOptions extends Silence {
  /** Lines that were not over by then are not read; the result's own unless told, and at most that. */
  readonly asOf?: Instant
  /** `vitalityWarning` unless told. */
  readonly warning?: VitalityWarning
}

/** How a group is, why, and what to do next. `explain(communityWords, …)` says codes in words. */
export interface GroupAssessment {
  readonly group: string
  /**
   * - `healthy`: no warning is on.
   * - `at-risk`: one is.
   * - `dying`: one is, and less than a fifth of what is usual is left, or half the silence that makes a death is reached.
   * - `dead`: no member has spoken for as many days as make a death.
   * - `too-early`: there are too few days to know what is usual.
   */
  readonly state: 'healthy' | 'at-risk' | 'dying' | 'dead' | 'too-early'
  readonly because: readonly VitalityFinding[]
  readonly next: { readonly code: NextStep }
}

/** What was found, with its numbers; shares are whole percents. */
export type VitalityFinding =
  /** Over the last seven days that count. `usual` is what the group's own past leads one to expect, to a tenth. */
  | {
      readonly code: 'speaking-fell'
      readonly since: string
      readonly speakers: number
      readonly usual: number
      readonly percent: number
    }
  | { readonly code: 'speakers-counted'; readonly speakers: number; readonly usual: number }
  | {
      readonly code: 'advertising-high'
      readonly advertisements: number
      readonly messages: number
      readonly percent: number
      readonly days: number
    }
  | {
      readonly code: 'members-leaving'
      readonly leaves: number
      readonly of: number
      readonly percent: number
      readonly days: number
    }
  | { readonly code: 'silent-for'; readonly days: number; readonly death: number }
  | { readonly code: 'few-days'; readonly days: number }

/** What to change. */
export type NextStep =
  | 'keep-on'
  | 'advertise-less'
  | 'stop-advertising'
  | 'ask-who-left'
  | 'invite-speakers'
  | 'restart-or-close'
  | 'wait'

/**
 * How each group is as of an instant, why, and what to change. Of a result collected later only the lines over by `asOf`
 * are read, and no line ever changes, so the answer is the one that would have been given then.
 *
 * @param vitality - By day.
 * @throws DefinitionError `out-of-range` for a result by week, an `asOf` after the result's, or thresholds that do not hold;
 * `invalid-instant`; `wrong-type` for what is no result; `unknown-name` for another kind of warning.
 * @example
 * const [tea] = assessVitality(result)
 * explain(communityWords, tea.because[0], 'en')
 * // => 'since 2024-04-16 fewer members speak: 7 speakers in the last 7 days where 35 were usual (20 %)'
 */
export function assessVitality(
  vitality: Pick<Vitality, 'groups' | 'asOf'>,
  options: AssessmentOptions = {},
): readonly GroupAssessment[] {
  checkRecord(vitality, '$')
  checkRecord(options, '$')
  const { groups } = vitality
  const { asOf = vitality.asOf, warning = vitalityWarning } = options
  if (!isInstant(asOf)) throw fault('invalid-instant', '$.asOf', asOf, 'milliseconds since 1970')
  if (!(asOf <= vitality.asOf)) throw fault('out-of-range', '$.asOf', asOf, "at most the result's")
  checkWarning(warning, '$.warning')
  const silentDays = readSilence(options)
  checkDaily(groups, '$.groups')
  return groups.flatMap(({ group, periods }) => {
    const known = periods.filter(({ over }) => over <= asOf)
    return known.length === 0 ? [] : [assess({ group, periods: known }, warning, silentDays)]
  })
}

/** The sentences of findings and next steps, for `explain`. */
export const communityWords: Speaker = {
  vocabulary: {
    sentences: {
      'speaking-fell': {
        en: 'since {since} fewer members speak: {speakers} speakers in the last 7 days where {usual} were usual ({percent} %)',
        zh: '自{since}起发言减少：最近7天{speakers}人次发言，往常为{usual}人次（{percent}%）',
      },
      'speakers-counted': {
        en: '{speakers} speakers in the last 7 days, {usual} are usual',
        zh: '最近7天{speakers}人次发言，往常为{usual}人次',
      },
      'advertising-high': {
        en: '{advertisements} of {messages} messages in {days} days are advertising ({percent} %)',
        zh: '{days}天内{messages}条消息中有{advertisements}条广告（{percent}%）',
      },
      'members-leaving': {
        en: '{leaves} of {of} members left in {days} days ({percent} %)',
        zh: '{days}天内{of}名成员中有{leaves}人退群（{percent}%）',
      },
      'silent-for': {
        en: 'no member has spoken for {days} days; {death} count as the end of the group',
        zh: '已{days}天没有成员发言；满{death}天视为社群死亡',
      },
      'few-days': {
        en: 'only {days} days are known, too few to say what is usual',
        zh: '仅有{days}天数据，不足以判断往常水平',
      },
      'keep-on': { en: 'keep on as now', zh: '保持现状' },
      'advertise-less': {
        en: 'halve the advertising and see whether members speak again within two weeks',
        zh: '广告减半，观察两周内成员是否恢复发言',
      },
      'stop-advertising': {
        en: 'stop advertising here, and begin with a question to the members who used to speak',
        zh: '停止在本群发广告，先向曾经活跃的成员提问',
      },
      'ask-who-left': {
        en: 'ask those who left why, and those who stay what they came for',
        zh: '询问退群成员原因，并了解留下成员的需求',
      },
      'invite-speakers': {
        en: 'speak to the members who used to speak, one by one, and give the group a topic of its own',
        zh: '逐一联系曾经活跃的成员，并为社群设定专属话题',
      },
      'restart-or-close': {
        en: 'invite those who stay into a living group, or close this one',
        zh: '邀请剩余成员加入活跃社群，或关闭本群',
      },
      wait: { en: 'wait until more days are known', zh: '等待更多数据' },
    },
    words: {},
    events: {},
  },
}

/** Over how many days advertising and leaving are looked at, and from which share they are worth saying. */
const lookBack = 28
const muchAdvertising = 0.5
const manyLeaving = 0.1

/** Below this part of what is usual a group is dying. */
const nearlyNothing = 0.2

function assess(
  { group, periods }: GroupVitality,
  warning: VitalityWarning,
  silentDays: number,
): GroupAssessment {
  const watch = watchesOf({ group, periods }, warning).at(-1)!
  const { speakers } = watch
  const advertising = advertisingIn(periods, warning, watch.pushedSince >= 0)
  const leaving = leavingIn(periods.slice(-lookBack))
  const expected = watch.usual * watch.personDays
  const usual = Math.round(expected * 10) / 10
  const silent = silentAtEnd(periods)
  const silence: VitalityFinding = { code: 'silent-for', days: silent, death: silentDays }
  const looks = signsOf(warning).some(({ kind }) => kind !== 'advertising')
  const isEarly = !watch.known || (looks && watch.usual === 0)

  const talk = ((): readonly VitalityFinding[] => {
    if (watch.fellSince >= 0) {
      const percent = expected === 0 ? 0 : Math.round((speakers / expected) * 100)
      return [{ code: 'speaking-fell', since: periods[watch.fellSince]!.from, speakers, usual, percent }]
    }
    if (isEarly) return [{ code: 'few-days', days: periods.length }]
    return looks ? [{ code: 'speakers-counted', speakers, usual }] : []
  })()
  const isDying = 2 * silent >= silentDays || (looks && !isEarly && speakers < nearlyNothing * expected)
  const state: GroupAssessment['state'] =
    silent >= silentDays
      ? 'dead'
      : watch.on
        ? isDying
          ? 'dying'
          : 'at-risk'
        : isEarly
          ? 'too-early'
          : 'healthy'
  const isSilent = state === 'dead' || (watch.on && silent > 1)
  return {
    group,
    state,
    because: [...(state === 'dead' ? [] : talk), ...(isSilent ? [silence] : []), ...advertising, ...leaving],
    next: { code: nextStep(state, advertising.length > 0, leaving.length > 0) },
  }
}

function nextStep(state: GroupAssessment['state'], isPushed: boolean, isLeft: boolean): NextStep {
  if (state === 'dead') return 'restart-or-close'
  if (isPushed) return state === 'dying' ? 'stop-advertising' : 'advertise-less'
  if (state === 'healthy') return 'keep-on'
  if (state === 'too-early') return 'wait'
  return isLeft ? 'ask-who-left' : 'invite-speakers'
}

function silentAtEnd(periods: readonly VitalityPeriod[]): number {
  let silent = 0
  while (silent < periods.length && periods[periods.length - 1 - silent]!.speakers === 0) silent += 1
  return silent
}

/** Of the days that the warning's sign looks at while it is on, else of the last weeks if it is worth saying. */
function advertisingIn(
  periods: readonly VitalityPeriod[],
  warning: VitalityWarning,
  isOn: boolean,
): readonly VitalityFinding[] {
  const sign = signsOf(warning).find((each) => each.kind === 'advertising')
  const days = isOn && sign?.kind === 'advertising' ? sign.overDays : lookBack
  const recent = periods.filter(({ quiet }) => quiet === 0).slice(-days)
  let [advertisements, messages] = [0, 0]
  for (const { messages: sent } of recent) {
    advertisements += sent.advertisement
    messages += sent.member + sent.operator + sent.advertisement
  }
  if (advertisements === 0 || (!isOn && advertisements < muchAdvertising * messages)) return []
  const percent = Math.round((advertisements / messages) * 100)
  return [{ code: 'advertising-high', advertisements, messages, percent, days: recent.length }]
}

function leavingIn(recent: readonly VitalityPeriod[]): readonly VitalityFinding[] {
  const leaves = recent.reduce((sum, period) => sum + period.leaves, 0)
  // All who could have left: those who stay, and those who did.
  const of = recent.at(-1)!.members + leaves
  if (leaves === 0 || leaves < manyLeaving * of) return []
  return [
    { code: 'members-leaving', leaves, of, percent: Math.round((leaves / of) * 100), days: recent.length },
  ]
}
