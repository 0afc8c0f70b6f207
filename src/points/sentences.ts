import type { Vocabulary } from '../kernel/index.js'
import { rewardEventWords, rewardSentences } from './rewards/sentences.js'
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
  'not-an-amount': {
    en: 'what was paid has to be an amount above 0, or lines of such',
    zh: '支付内容必须是大于0的金额，或由这样的金额组成的明细',
  },
  'points-or-amount': {
    en: 'either a number of points or an amount of money is given back, not both',
    zh: '退回时只能指定积分数或金额之一',
  },
  'no-payment-recorded': {
    en: 'this redemption does not say what it paid for',
    zh: '这笔兑换没有记录其支付内容',
  },
  'unknown-line': { en: 'there is no such line in what was paid', zh: '支付内容中没有这一明细' },
  'refund-exceeds-payment': {
    en: '{requested}{currency:blank} cannot be given back: {refundable}{currency:blank} are left of what was paid',
    zh: '无法退回{requested}{currency:blank}：所付金额只剩{refundable}{currency:blank}可退',
  },
  'nothing-to-expire': { en: 'there is nothing that could expire', zh: '没有可以作废的积分' },
  'never-ends': { en: 'one of these lots never ends', zh: '指定的批次中有永久有效的' },
  'end-not-later': {
    en: 'the new end, {until:instant}, has to be later than {after:instant}',
    zh: '新的截止时间{until:instant}必须晚于{after:instant}',
  },
  'nothing-to-extend': {
    en: 'nothing ends before {until:instant}',
    zh: '没有在{until:instant}之前到期的积分',
  },
  'reinstate-exceeds-expired': {
    en: '{requested} points cannot be reinstated: {reinstatable} of what expired can be',
    zh: '无法恢复{requested}分：已过期的积分中只有{reinstatable}分可恢复',
  },
  'expired-by-hand': { en: 'expired by hand: {text}', zh: '人工作废：{text}' },
  'extended-by-hand': { en: 'extended by hand: {text}', zh: '人工延期：{text}' },
  'reinstated-by-hand': { en: 'reinstated by hand: {text}', zh: '人工恢复：{text}' },
  'nothing-pending': { en: 'nothing is pending for this origin', zh: '该来源没有待确认的积分' },
  'account-closed': { en: 'the account is closed', zh: '账户已关闭' },
  'not-enrolled': { en: 'nobody has enrolled this account', zh: '账户尚未开通' },
  'already-enrolled': { en: 'the account is open already', zh: '账户已经开通' },
  'enrols-later': { en: 'an enrolment cannot be dated later than now', zh: '开通时间不能晚于当前时间' },
  'nothing-to-adjust': { en: 'an adjustment by 0 points changes nothing', zh: '调整的积分数不能为0' },
  'unknown-posting': { en: 'there is no such posting that could be reversed', zh: '没有这笔可冲正的记录' },
  'already-reversed': { en: 'this posting has been reversed', zh: '这笔记录已经冲正' },
  'to-itself': { en: 'an account cannot transfer to itself', zh: '不能转给自己' },
  'not-transferable': { en: 'points of this currency cannot be given away', zh: '这种积分不可转赠' },
  'malformed-parts': { en: 'what is handed over is not said as lots', zh: '转入的批次格式不正确' },
  'not-as-planned': {
    en: 'the account is no longer what the plan was made from; make a new plan',
    zh: '账户已与制定方案时不同，请重新制定方案',
  },
  'transfer-limit-exceeded': {
    en: '{requested} points cannot be given away: {left} are left of the limit',
    zh: '无法转赠{requested}分：转赠额度只剩{left}分',
  },
  'balance-out-of-range': {
    en: 'the account would leave the range of exact numbers',
    zh: '账户将超出可精确表示的范围',
  },
  ...tierSentences,
  ...rewardSentences,
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
    [`${id}/enrolled`]: 'account opened',
    [`${id}/closed`]: 'account closed',
    [`${id}/forfeited`]: 'points forfeited',
    [`${id}/adjusted`]: 'points adjusted by hand',
    [`${id}/reversed`]: 'posting reversed',
    [`${id}/sent`]: 'points sent',
    [`${id}/received`]: 'points received',
    [`${id}/handed-over`]: 'account handed over',
    [`${id}/taken-over`]: 'account taken over',
    [`${id}/extended`]: 'points extended',
    [`${id}/reinstated`]: 'points reinstated',
    [`${id}/unmatched`]: 'refund of what is no longer known',
    ...tierEventWords(id).en,
    ...rewardEventWords(id).en,
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
    [`${id}/enrolled`]: '开通账户',
    [`${id}/closed`]: '关闭账户',
    [`${id}/forfeited`]: '积分作废',
    [`${id}/adjusted`]: '人工调整积分',
    [`${id}/reversed`]: '冲正',
    [`${id}/sent`]: '转出积分',
    [`${id}/received`]: '转入积分',
    [`${id}/handed-over`]: '账户并出',
    [`${id}/taken-over`]: '账户并入',
    [`${id}/extended`]: '积分延期',
    [`${id}/reinstated`]: '恢复积分',
    [`${id}/unmatched`]: '退款来源已不可查',
    ...tierEventWords(id).zh,
    ...rewardEventWords(id).zh,
  },
})
