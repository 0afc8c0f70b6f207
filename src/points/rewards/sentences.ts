import type { Vocabulary } from '../../kernel/index.js'

/** How claims, what stands in their way, and refusals are said. */
export const rewardSentences: Vocabulary['sentences'] = {
  claimed: {
    en: '{quantity} × {reward:word} for{price:codes}{because:codes}',
    zh: '{reward:word}×{quantity}：{price:codes}{because:codes}',
  },
  'came-back': {
    en: '{quantity} × {reward:word} came back, worth{price:codes}',
    zh: '{reward:word}×{quantity}已退回：{price:codes}',
  },
  'price-points': { en: ' {points} points', zh: '{points}分' },
  'price-money': { en: ' {amount} {currency}', zh: ' {amount} {currency}' },
  eligible: { en: ', because {leaves:leaves}', zh: '，因为{leaves:leaves}' },
  'not-paid-in-time': { en: 'not paid for by {until:instant}', zh: '至{until:instant}仍未付款' },
  'claim-exists': {
    en: 'a claim, a reservation or a redemption of this name is there already',
    zh: '同名的兑换单、冻结或兑换已存在',
  },
  'unknown-reward': { en: 'there is no such reward', zh: '没有这个奖品' },
  'offer-begins': { en: 'on offer from {from:instant} on', zh: '{from:instant}起可兑换' },
  'offer-over': { en: 'on offer until {until:instant}', zh: '已于{until:instant}结束兑换' },
  'offer-rests': { en: 'not on offer today{again}', zh: '今日不可兑换{again}' },
  'room-again': { en: '; again from {at:instant} on', zh: '；{at:instant}起可再兑换' },
  'not-eligible': { en: 'not for this member: {leaves:leaves}', zh: '不符合条件：{leaves:leaves}' },
  'quantity-out-of-range': {
    en: '1 to {most} pieces at a time, not {requested}',
    zh: '一次可办1至{most}件，现为{requested}件',
  },
  'reward-limit': {
    en: 'at most {most} (limit {limit:word}); {left} are left, {requested} were asked for{again}',
    zh: '限兑{most}件（{limit:word}）；还可兑{left}件，申请{requested}件{again}',
  },
  'unknown-price': { en: 'the reward has no such price', zh: '该奖品没有这种价格' },
  'stock-not-reserved': {
    en: 'it comes out of a stock, and nothing was reserved there',
    zh: '该奖品需先预留库存，而尚未预留',
  },
  'sold-out-now': { en: '{left} left', zh: '库存剩余{left}件' },
  'points-missing': { en: '{missing} points more', zh: '还差{missing}分' },
  'unknown-claim': {
    en: 'there is no such claim, or it was over too long ago',
    zh: '没有这笔兑换单，或早已结束',
  },
  'claim-open': {
    en: 'this claim waits for its money until {until:instant}: cancel it instead',
    zh: '该兑换单待付款至{until:instant}：请改为取消',
  },
  'claim-completed': {
    en: 'this claim is complete since {since:instant}',
    zh: '该兑换单已于{since:instant}完成',
  },
  'claim-over': {
    en: 'this claim is over since {since:instant}: what was paid has to be paid back',
    zh: '该兑换单已于{since:instant}结束：已付的款项须退回',
  },
  'payment-unreadable': {
    en: 'this is no amount in {currency}: {due} {currency} are due',
    zh: '付款不是{currency}金额：应付{due} {currency}',
  },
  'payment-differs': {
    en: '{paid} {currency} were paid, {due} {currency} are due',
    zh: '已付{paid} {currency}，应付{due} {currency}',
  },
  'part-of-a-claim': {
    en: 'these points belong to a claim: pay, cancel or return that',
    zh: '这些积分属于一笔兑换单：请付款、取消或退回该单',
  },
  'claims-open': {
    en: 'open claims: {claims}; pay or cancel them first',
    zh: '尚有{claims}笔未完成的兑换单，请先付款或取消',
  },
}

/** The events of rewards in words. */
export const rewardEventWords = (id: string): Vocabulary['words'] => ({
  en: {
    [`${id}/reward-claimed`]: 'reward claimed',
    [`${id}/reward-paid`]: 'reward paid for',
    [`${id}/reward-cancelled`]: 'claim cancelled',
    [`${id}/reward-lapsed`]: 'claim lapsed',
    [`${id}/reward-returned`]: 'reward returned',
  },
  zh: {
    [`${id}/reward-claimed`]: '兑换奖品',
    [`${id}/reward-paid`]: '兑换单付款',
    [`${id}/reward-cancelled`]: '取消兑换单',
    [`${id}/reward-lapsed`]: '兑换单超时关闭',
    [`${id}/reward-returned`]: '退回奖品',
  },
})
