import type { Vocabulary } from '../../kernel/index.js'

/** How refusals of a stock are said. */
export const sentences: Vocabulary['sentences'] = {
  'amount-not-positive': {
    en: 'the amount has to be above 0, not {amount}{currency:blank}',
    zh: '数量必须大于0，现为{amount}{currency:blank}',
  },
  'holder-missing': { en: 'whom it is for is not said', zh: '未注明持有人' },
  'stock-closed': { en: 'closed since {closedAt:instant}', zh: '已于{closedAt:instant}关闭' },
  'reservation-exists': {
    en: 'a reservation of this name is still remembered',
    zh: '同名的预留仍在记录中',
  },
  'until-passed': {
    en: 'a reservation cannot hold until {until:instant}: that has passed',
    zh: '预留不能保留到{until:instant}：该时刻已过',
  },
  'unknown-reservation': {
    en: 'there is no such reservation, or it was over too long ago',
    zh: '没有这笔预留，或早已结束',
  },
  'reservation-over': {
    en: 'this reservation is over since {overSince:instant}',
    zh: '该预留已于{overSince:instant}结束',
  },
  'exceeds-reservation': {
    en: '{requested}{currency:blank} cannot be committed: {reserved}{currency:blank} are reserved',
    zh: '无法核销{requested}{currency:blank}：预留中只有{reserved}{currency:blank}',
  },
  'exceeds-committed': {
    en: '{requested}{currency:blank} cannot be given back: {committed}{currency:blank} are left of what was used',
    zh: '无法退回{requested}{currency:blank}：已核销的只剩{committed}{currency:blank}可退',
  },
  'holder-limit': {
    en: 'each holder may have {most}{currency:blank} (limit {limit:word}); {available}{currency:blank} are left, {requested}{currency:blank} were asked for{again}',
    zh: '每位持有人上限{most}{currency:blank}（{limit:word}）；还可得{available}{currency:blank}，申请{requested}{currency:blank}{again}',
  },
  'period-limit': {
    en: '{most}{currency:blank} at most in this period (limit {limit:word}); {available}{currency:blank} are left, {requested}{currency:blank} were asked for{again}',
    zh: '本周期上限{most}{currency:blank}（{limit:word}）；还剩{available}{currency:blank}，申请{requested}{currency:blank}{again}',
  },
  'total-limit': {
    en: '{most}{currency:blank} at most in all (limit {limit:word}); {available}{currency:blank} are left, {requested}{currency:blank} were asked for{again}',
    zh: '总上限{most}{currency:blank}（{limit:word}）；还剩{available}{currency:blank}，申请{requested}{currency:blank}{again}',
  },
  'sold-out': {
    en: '{requested}{currency:blank} were asked for, {available}{currency:blank} are available{again}',
    zh: '申请{requested}{currency:blank}，可用{available}{currency:blank}{again}',
  },
  'again-at': { en: '; again from {at:instant} on', zh: '；{at:instant}起可再申请' },
  'exceeds-available': {
    en: '{requested}{currency:blank} cannot be withdrawn: {available}{currency:blank} are not reserved or used',
    zh: '无法撤出{requested}{currency:blank}：未被占用的只有{available}{currency:blank}',
  },
  'stock-out-of-range': {
    en: 'the stock would leave the range of exact numbers',
    zh: '库存将超出可精确表示的范围',
  },
}

/** The engine's own events in words. */
export const eventWords = (id: string): Vocabulary['words'] => ({
  en: {
    [`${id}/restocked`]: 'stock added',
    [`${id}/withdrawn`]: 'stock withdrawn',
    [`${id}/reserved`]: 'reserved',
    [`${id}/committed`]: 'used',
    [`${id}/committed.amount`]: 'amount',
    [`${id}/released`]: 'released',
    [`${id}/lapsed`]: 'reservations lapsed',
    [`${id}/given-back`]: 'given back',
    [`${id}/closed`]: 'stock closed',
  },
  zh: {
    [`${id}/restocked`]: '补充库存',
    [`${id}/withdrawn`]: '撤出库存',
    [`${id}/reserved`]: '预留',
    [`${id}/committed`]: '核销',
    [`${id}/committed.amount`]: '数量',
    [`${id}/released`]: '释放预留',
    [`${id}/lapsed`]: '预留到期释放',
    [`${id}/given-back`]: '退回库存',
    [`${id}/closed`]: '关闭库存',
  },
})
