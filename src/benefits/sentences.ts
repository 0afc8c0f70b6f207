import type { Sentence, Vocabulary } from '../kernel/index.js'
import type { BenefitsInvariant } from './audit.js'

/** What is always true of a subject's benefits, in words. */
const invariantWords: { readonly [I in BenefitsInvariant]: Sentence } = {
  'issues-true': {
    en: 'an issue is of a benefit that there is, can be used, and has a number of its own',
    zh: '每张权益应属于已定义的权益、可用次数大于0、编号唯一',
  },
  'awaiting-funded': {
    en: 'only a benefit with a budget waits for one, and what waits does not end',
    zh: '只有设有预算的权益才等待审批，等待期间不到期',
  },
  'ends-indexed': {
    en: 'what ends stands by its end, and nothing else does',
    zh: '到期索引应与各权益的到期日一致',
  },
  'nothing-ended': {
    en: 'nothing can be claimed or used at or after its end',
    zh: '到期后不应仍可领取或使用',
  },
  'records-kept': {
    en: 'records stand in order, once each, and each with its age where they are forgotten some day',
    zh: '各项记录应有序且唯一；设有保存期限时，均应有其时间',
  },
  'totals-possible': {
    en: 'totals are whole and not below zero, and no more came back than had gone',
    zh: '累计值应为非负整数，退回不得多于发生',
  },
  'issues-conserved': { en: 'what was issued and is not gone is there', zh: '已发放且未失效的权益应在' },
  'counts-true': {
    en: 'counts are whole, in a period no more than ever',
    zh: '计数应为非负整数，本周期不多于累计',
  },
  'rules-in-time': { en: 'rules issued at instants that have been', zh: '规则的发放时间不应晚于当前' },
  'owed-in-time': { en: 'what is owed is not later than the state', zh: '待发放的时间不应晚于状态' },
  'owned-and-funded': {
    en: 'what is announced has an owner, and a budget wherever something is reserved',
    zh: '已公布的权益应有负责人，有预留即应有预算',
  },
  known: { en: 'what is referred to is there, in the stage for it', zh: '所引用的记录应存在且处于相应阶段' },
  once: { en: 'each name is used once', zh: '每个编号只应使用一次' },
  'amounts-told': { en: 'what is said is what its parts add up to', zh: '所述金额应等于各部分之和' },
}

/** How decisions about benefits, and refusals, are said. */
export const benefitsSentences: Vocabulary['sentences'] = {
  ...invariantWords,
  'issued-by-hand': { en: 'issued by hand', zh: '人工发放' },
  'issued-by-event': {
    en: '{benefit:word}, for an event{because}',
    zh: '{benefit:word}，由事件触发{because}',
  },
  'issued-by-time': {
    en: '{benefit:word}, because its time has come{because}',
    zh: '{benefit:word}，到期自动发放{because}',
  },
  'issued-late': {
    en: '{benefit:word}, made up for after a correction',
    zh: '{benefit:word}，更正后补发',
  },
  corrected: { en: 'taken back after a correction', zh: '更正后收回' },
  'issue-condition': { en: ', as {leaves:leaves}', zh: '，因为{leaves:leaves}' },
  'benefit-limit-reached': {
    en: '{benefit:word} is limited to {limit} a person',
    zh: '{benefit:word}每人限{limit}张',
  },
  'nothing-awaited': { en: 'no budget is asked for this issue', zh: '该发放没有待审批的预算' },
  'nothing-to-claim': { en: 'there is nothing to claim under this issue', zh: '没有可领取的权益' },
  'issue-known': { en: 'this issue is known already', zh: '该权益已存在' },
  'uses-not-positive': {
    en: 'the number of uses has to be above 0, not {uses}',
    zh: '可用次数必须大于0，现为{uses}',
  },
  'ended-before': { en: 'it ended on {ends:instant}', zh: '已于{ends:instant}失效' },
  'order-known': { en: 'benefits were used for this order already', zh: '该订单已使用过权益' },
  'malformed-cart': {
    en: 'the cart has to have lines with amounts of 0 or more, and at most 1,000 of them',
    zh: '购物车须为1至1000行，每行金额不小于0',
  },
  'malformed-issues': { en: 'issues have to be a list of different names', zh: '权益须为不重复的列表' },
  'unknown-issue': {
    en: 'there is no such issue (number {place:nth} of the list)',
    zh: '没有该权益（第{place:nth}个）',
  },
  'issue-not-usable': {
    en: '{benefit:word} cannot be used: it is {stage:word}',
    zh: '{benefit:word}不可使用：{stage:word}',
  },
  'benefit-not-transferable': { en: '{benefit:word} is not transferable', zh: '{benefit:word}不可转赠' },
  'no-service': {
    en: '{benefit:word} is no service: it is used in an order',
    zh: '{benefit:word}不是服务类权益，须在订单中使用',
  },
  'too-many-benefits': {
    en: '{asked} in one order, and {limit} may be',
    zh: '一单最多使用{limit}张，现为{asked}张',
  },
  'benefits-exclude': {
    en: '{first:word} and {second:word} exclude one another',
    zh: '{first:word}与{second:word}不可同享',
  },
  'below-threshold': {
    en: '{benefit:word} is for {from}{currency:blank} or more, and what it is for comes to {base}',
    zh: '{benefit:word}满{from}{currency:blank}可用，现为{base}',
  },
  'no-effect': { en: '{benefit:word} would take nothing off', zh: '{benefit:word}在该订单中无优惠' },
  'order-unknown': { en: 'no benefit was used for this order', zh: '该订单未使用权益' },
  'nothing-returns': { en: 'none of its benefits comes back', zh: '该订单的权益均不退还' },
}

/** The engine's own events and stages in words; a catalogue's words win. */
export const benefitsWords = (id: string): Vocabulary['words'] => ({
  en: {
    awaiting: 'not funded yet',
    claimable: 'to be claimed',
    usable: 'usable',
    [`${id}/requested`]: 'benefit asked for',
    [`${id}/issued`]: 'benefit issued',
    [`${id}/denied`]: 'benefit not funded',
    [`${id}/claimed`]: 'benefit claimed',
    [`${id}/kept`]: 'benefit kept after a correction',
    [`${id}/used`]: 'benefits used',
    [`${id}/returned`]: 'benefits returned',
    [`${id}/expired`]: 'benefit expired',
    [`${id}/revoked`]: 'benefit revoked',
    [`${id}/sent`]: 'benefit sent',
    [`${id}/received`]: 'benefit received',
  },
  zh: {
    awaiting: '待预算确认',
    claimable: '待领取',
    usable: '可用',
    [`${id}/requested`]: '申请发放权益',
    [`${id}/issued`]: '发放权益',
    [`${id}/denied`]: '预算未通过',
    [`${id}/claimed`]: '领取权益',
    [`${id}/kept`]: '更正后保留权益',
    [`${id}/used`]: '使用权益',
    [`${id}/returned`]: '退回权益',
    [`${id}/expired`]: '权益过期',
    [`${id}/revoked`]: '收回权益',
    [`${id}/sent`]: '转出权益',
    [`${id}/received`]: '收到权益',
  },
})
