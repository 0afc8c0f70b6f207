import type { Vocabulary } from '../../kernel/index.js'

/** How decisions about tiers, what is missing, and refusals are said. */
export const tierSentences: Vocabulary['sentences'] = {
  'tier-reached': { en: '{measured} reached, {threshold} needed', zh: '已达{measured}，满{threshold}可升级' },
  'tier-lost': {
    en: '{measured} reached, {threshold} needed to keep the tier',
    zh: '已达{measured}，未满保级所需的{threshold}',
  },
  'tier-reversed': {
    en: 'what qualified was taken back: {measured} are left of {threshold}',
    zh: '达标的部分已被扣回：现为{measured}，需{threshold}',
  },
  'tier-renewed': {
    en: 'kept for another term: {measured} reached, {threshold} needed',
    zh: '保级成功：已达{measured}，保级需{threshold}',
  },
  'tier-requalified': {
    en: 'qualified again: {measured} reached, {threshold} needed',
    zh: '再次达标：已达{measured}，需{threshold}',
  },
  'tier-recovered': {
    en: 'kept within the grace: {measured} reached, {threshold} needed',
    zh: '宽限期内补足：已达{measured}，保级需{threshold}',
  },
  'tier-at-risk': {
    en: 'on grace: {measured} reached, {threshold} needed to keep the tier',
    zh: '进入保级宽限期：已达{measured}，保级需{threshold}',
  },
  'tier-released': {
    en: 'what was set by hand has ended: {measured} reached',
    zh: '人工设定的等级已到期：已达{measured}',
  },
  'tier-set-by-hand': { en: 'set by hand: {text}', zh: '人工设定：{text}' },
  'tier-corrected': {
    en: 'corrected after facts that came late',
    zh: '因补录或更正的事实而调整等级',
  },
  'tier-taken-over': {
    en: 'the tier of the account that was taken over',
    zh: '沿用并入账户的等级',
  },
  'tier-to-reach': { en: '{missing} more for {tier:word}', zh: '再积{missing}分可升{tier:word}' },
  'tier-after-months': {
    en: '{missing} more months for {tier:word}',
    zh: '再满{missing}个月可升{tier:word}',
  },
  'tier-after-years': { en: '{missing} more years for {tier:word}', zh: '再满{missing}年可升{tier:word}' },
  'tier-to-keep': {
    en: '{missing} more before {by:instant}, {from} in all, to keep {tier:word}',
    zh: '{by:instant}前积满{from}分可保级（{tier:word}），还差{missing}分',
  },
  'tier-is-kept': {
    en: 'enough to keep {tier:word} at {by:instant}',
    zh: '已满足{tier:word}的保级条件（{by:instant}）',
  },
  'unknown-tier': { en: 'this track has no such tier', zh: '该等级体系没有这个等级' },
  'tier-ends-before-it-begins': {
    en: 'a tier has to end after it begins',
    zh: '等级的截止时间必须晚于设定时间',
  },
}

/** The events of tiers in words. */
export const tierEventWords = (id: string): Vocabulary['words'] => ({
  en: {
    [`${id}/tier-changed`]: 'tier changed',
    [`${id}/tier-kept`]: 'tier kept',
    [`${id}/tier-at-risk`]: 'tier at risk',
  },
  zh: {
    [`${id}/tier-changed`]: '等级变更',
    [`${id}/tier-kept`]: '保级',
    [`${id}/tier-at-risk`]: '等级进入宽限期',
  },
})
