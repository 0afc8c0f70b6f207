import type { Sentence } from '../kernel/index.js'
import { bookInvariantWords } from '../ledger/index.js'
import type { PointsInvariant } from './audit.js'

/** What is always true of an account of points, in words. */
export const pointsInvariantWords: { readonly [I in PointsInvariant]: Sentence } = {
  ...bookInvariantWords,
  'books-agreed': {
    en: 'there is a book for each currency, and none besides',
    zh: '每种积分应有且仅有一个账本',
  },
  'origins-true': {
    en: 'an origin stands under its own name, and no more of it was taken back or refunded than there was',
    zh: '每个来源应以其名称记录，扣回或退款不得多于其所有',
  },
  'redemptions-true': {
    en: 'no more of a redemption came back than it took, and its lots are all of it',
    zh: '每笔兑换的退回不得多于所用，其各批之和应等于其总数',
  },
  'lapsed-true': {
    en: 'no more can be reinstated than has expired, in whole points',
    zh: '可恢复的积分应为整数，且不得多于已过期的积分',
  },
  'fading-listed': {
    en: 'where things are forgotten in time, each origin and each redemption is listed for it',
    zh: '设有保存期限时，每个来源和每笔兑换均应列入待清理名单',
  },
  'holder-true': {
    en: 'what is remembered of a holder is whole, postings by hand are listed by their end, and an open account has handed nothing over',
    zh: '持有人的各项记录应为整数，人工调整应按截止时间列出，未关闭的账户不应已并出',
  },
  'carried-below-a-point': {
    en: 'what is left over of a rule is less than a point, of a rule that there is',
    zh: '结转的余数应属于已定义的规则，且不足1分',
  },
  'owed-in-time': { en: 'what is owed is not later than the state', zh: '待发放的时间不应晚于状态' },
  'moves-told': { en: 'what is said of points is what the moves say', zh: '所述积分应等于划转之和' },
  once: { en: 'each name is used once', zh: '每个编号只应使用一次' },
  'claims-true': {
    en: 'a claim is of whole pieces and amounts, and ends when it says',
    zh: '每张兑换单的数量和价格应为整数，并按其时间结束',
  },
  'claims-funded': {
    en: 'the points of an open claim are reserved until it lapses, those of a completed one are spent',
    zh: '未完成的兑换单应冻结其积分直至失效，已完成的应已扣除',
  },
  'claims-counted': {
    en: 'what counts under limits is no less than the claims that do',
    zh: '限额的已用数量不得少于计入其中的兑换单',
  },
  'claims-end-once': {
    en: 'what ends a claim, or brings pieces back, finds one that stands so',
    zh: '结束或退回的兑换单应处于相应状态',
  },
}
