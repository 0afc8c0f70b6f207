import type { Sentence } from '../../kernel/index.js'
import type { StockInvariant } from './audit.js'

/** What is always true of a stock, in words. */
export const stockInvariantWords: { readonly [I in StockInvariant]: Sentence } = {
  'totals-possible': {
    en: 'totals are whole and not below zero, and no more was withdrawn than came in',
    zh: '累计值应为非负整数，撤出不得多于补充',
  },
  'never-oversold': {
    en: 'what is reserved and used is no more than what came in and was not withdrawn',
    zh: '预留与核销之和不得多于补充减去撤出',
  },
  'reserved-true': {
    en: 'what is reserved is what the reservations hold, what is used no less than what they say',
    zh: '预留总数应等于各笔预留之和，核销总数不得少于各笔所记',
  },
  'reservations-true': {
    en: 'a reservation holds whole units; it is over when it holds none, and is remembered from then on',
    zh: '每笔预留应为非负整数，为0时结束，并从此按期限保留记录',
  },
  'nothing-overdue': { en: 'nothing is set aside at or after its end', zh: '到时应已释放，不应仍在预留' },
  'ends-indexed': {
    en: 'what ends by itself, or is forgotten some day, stands by when it does',
    zh: '到期释放和到期清理的索引应与各笔预留一致',
  },
  'sequences-true': {
    en: 'sequences are in order, and their sums are those of their items',
    zh: '序列应有序，合计应等于各项之和',
  },
  'limits-counted': {
    en: 'what counts against a limit is no less than its reservations, and no more than the limit',
    zh: '限额的已用数量不得少于计入其中的预留，且不得超过限额',
  },
  'closed-in-time': { en: 'a stock was closed at an instant that has been', zh: '关闭时间不应晚于当前' },
  'amounts-told': {
    en: 'an amount is told that there is; of what lapses, that of its reservations',
    zh: '所述数量应有效；到期释放的应等于各笔之和',
  },
  'no-more-than-there': { en: 'no more is taken than there is', zh: '取用不得多于现有' },
  once: { en: 'each name is used once', zh: '每个编号只应使用一次' },
  known: { en: 'what is referred to is there', zh: '所引用的记录应存在' },
  'closed-for-good': {
    en: 'nothing comes in, is withdrawn or reserved once the stock is closed',
    zh: '关闭后不得再补充、撤出或预留',
  },
}
