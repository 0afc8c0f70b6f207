import type { Sentence } from '../kernel/index.js'
import type { BookInvariant } from './audit.js'
import type { MoveInvariant } from './audit-moves.js'

/** The invariants of books and of postings in words. */
export const bookInvariantWords: { readonly [I in BookInvariant | MoveInvariant]: Sentence } = {
  conserved: {
    en: 'what is held is what came in less what went out',
    zh: '持有量应等于流入减去流出',
  },
  'totals-possible': {
    en: 'totals are whole and not below zero, and no more came back than had gone',
    zh: '累计值应为非负整数，退回不得多于发生',
  },
  'lots-whole': { en: 'a lot holds a whole number of units, above zero', zh: '每批余量应为正整数' },
  'lots-numbered': { en: 'a lot has a number of its own that was given out', zh: '每批应有已发放的唯一批号' },
  'sequences-true': {
    en: 'sequences are in order, and their sums are those of their items',
    zh: '序列应有序，合计应等于各项之和',
  },
  'expiry-indexed': {
    en: 'what is ranked and expires stands by expiry too',
    zh: '有次序且会到期的批次应同时按到期日排列',
  },
  'debt-first': { en: 'beside a debt nothing can be spent', zh: '有欠额时不应有可用余额' },
  'nothing-expired': { en: 'nothing can be spent at or after its end', zh: '到期后不应仍可使用' },
  'nothing-overdue': { en: 'nothing waits beyond its instant', zh: '到时应已处理，不应仍在等待' },
  'reserved-true': {
    en: 'a reservation holds what its parts do, and ends when its deadline says',
    zh: '冻结额应等于其各批之和，并按时结束',
  },
  'moves-possible': { en: 'a move takes no more than there is', zh: '划转不得多于现有' },
}
