import type { Vocabulary } from '../kernel/index.js'
import { tierEventWords, tierSentences } from './tiers/sentences.js'

/** How decisions about points, and refusals, are said. */
export const sentences: Vocabulary['sentences'] = {
  earned: {
    en: '{base}{currency:blank}, {points} for each {per}{currency:blank} (rule {rule:word}){multiplier}{limits:codes}{unpaid:codes}',
    zh: '{base}{currency:blank}，每{per}{currency:blank}积{points}分（规则：{rule:word}）{multiplier}{limits:codes}{unpaid:codes}',
  },
  'earned-per-event': {
    en: '{points} for the event (rule {rule:word}){multiplier}{limits:codes}{unpaid:codes}',
    zh: '每次积{points}分（规则：{rule:word}）{multiplier}{limits:codes}{unpaid:codes}',
  },
  'earned-by-line': {
    en: 'lines ({lines}):{base:blank}{currency:blank}, {points} for each {per}{currency:blank} (rule {rule:word}){multiplier}{limits:codes}{unpaid:codes}',
    zh: '{lines}行共{base}{currency:blank}，每{per}{currency:blank}积{points}分（规则：{rule:word}）{multiplier}{limits:codes}{unpaid:codes}',
  },
  'earned-per-line': {
    en: '{points} for each of the lines ({lines}; rule {rule:word}){multiplier}{limits:codes}{unpaid:codes}',
    zh: '每行积{points}分，共{lines}行（规则：{rule:word}）{multiplier}{limits:codes}{unpaid:codes}',
  },
  'paid-after-waiting': {
    en: 'out of {waited} that waited for room (rule {rule:word}){limits:codes}',
    zh: '此前等待额度的{waited}分现予发放（规则：{rule:word}）{limits:codes}',
  },
  capped: {
    en: ', cut from {from} to {to} by {cap:word} (at most {atMost})',
    zh: '，因“{cap:word}”上限{atMost}由{from}减为{to}',
  },
  'refused-by-cap': {
    en: ', not paid: {from} are more than {cap:word} has room for (at most {atMost})',
    zh: '，未发放：{from}分超出“{cap:word}”余量（上限{atMost}）',
  },
  'waits-for-cap': {
    en: ', {to} of {from} now, the rest when {cap:word} has room again (at most {atMost})',
    zh: '，{from}分中先发{to}分，其余待“{cap:word}”有余量时发放（上限{atMost}）',
  },
  'too-many-wait': {
    en: ', cut from {from} to {to} by {cap:word} (at most {atMost}; too many wait already)',
    zh: '，因“{cap:word}”上限{atMost}由{from}减为{to}（等待者已满）',
  },
  'balance-capped': {
    en: ', cut from {from} to {to}: an account holds at most {atMost}',
    zh: '，由{from}减为{to}：账户上限为{atMost}',
  },
  'pays-less': {
    en: '; not {rule:word}, because {by:word} pays more',
    zh: '；未按{rule:word}发放，因为{by:word}更高',
  },
  'comes-later': {
    en: '; not {rule:word}, because {by:word} comes first',
    zh: '；未按{rule:word}发放，因为{by:word}优先',
  },
  'shut-out': {
    en: '; not {rule:word}, because {by:word} shuts out others',
    zh: '；未按{rule:word}发放，因为{by:word}与其他规则互斥',
  },
  rests: { en: 'the rule rests until then', zh: '规则处于冷却期' },
  multiplied: { en: ' × {by}, because {leaves:leaves}', zh: '×{by}，因为{leaves:leaves}' },
  'multiplied-in-campaign': { en: ' × {by}, in a campaign', zh: '×{by}（活动期间）' },
  'given-by-hand': { en: 'given by hand: {text}{limits:codes}', zh: '人工发放：{text}{limits:codes}' },
  corrected: { en: 'corrected after facts that came late', zh: '因补录或更正的事实而调整' },
  'points-not-positive': {
    en: 'the number of points has to be above 0, not {points}',
    zh: '积分数必须大于0，现为{points}',
  },
  'ends-before-it-begins': {
    en: 'a reservation has to end after it begins',
    zh: '冻结的截止时间必须晚于开始时间',
  },
  'unknown-reservation': { en: 'there is no such reservation', zh: '没有这笔冻结' },
  'capture-exceeds-reservation': {
    en: '{requested} points cannot be captured: {reserved} are reserved',
    zh: '无法扣除{requested}分：该笔冻结只有{reserved}分',
  },
  'unknown-redemption': { en: 'there is no such redemption', zh: '没有这笔兑换' },
  'refund-exceeds-redemption': {
    en: '{requested} points cannot be returned: {refundable} are left of this redemption',
    zh: '无法退回{requested}分：该笔兑换只剩{refundable}分可退',
  },
  'unknown-lot': {
    en: 'one of these lots has nothing that can be spent',
    zh: '指定的批次中有不可用的',
  },
  'insufficient-points': {
    en: '{requested} points are needed, {available} are available',
    zh: '需要{requested}分，可用{available}分',
  },
  'nothing-pending': { en: 'nothing is pending for this origin', zh: '该来源没有待确认的积分' },
  'balance-out-of-range': {
    en: 'the account would leave the range of exact numbers',
    zh: '账户将超出可精确表示的范围',
  },
  ...tierSentences,
}

/** The engine's own events in words; a catalogue's words win. */
export const eventWords = (id: string): Vocabulary['words'] => ({
  en: {
    [`${id}/earned`]: 'points earned',
    [`${id}/earned.points`]: 'amount',
    [`${id}/confirmed`]: 'points confirmed',
    [`${id}/redeemed`]: 'points redeemed',
    [`${id}/refunded`]: 'points given back',
    [`${id}/reserved`]: 'points reserved',
    [`${id}/released`]: 'points released',
    [`${id}/expired`]: 'points expired',
    [`${id}/clawed-back`]: 'points taken back',
    ...tierEventWords(id).en,
  },
  zh: {
    [`${id}/earned`]: '获得积分',
    [`${id}/earned.points`]: '数量',
    [`${id}/confirmed`]: '积分到账',
    [`${id}/redeemed`]: '兑换积分',
    [`${id}/refunded`]: '退回积分',
    [`${id}/reserved`]: '冻结积分',
    [`${id}/released`]: '解冻积分',
    [`${id}/expired`]: '积分过期',
    [`${id}/clawed-back`]: '扣回积分',
    ...tierEventWords(id).zh,
  },
})
