import type { Vocabulary } from '../kernel/index.js'
import type { LedgerAccount } from './book.js'

/** The accounts of a ledger in words; what names one is nobody's secret and outlives forgetting. */
export const accountWords = {
  pending: { en: 'pending', zh: '待确认' },
  available: { en: 'available', zh: '可用' },
  reserved: { en: 'reserved', zh: '冻结' },
  deficit: { en: 'owed by the holder', zh: '欠分' },
  issuance: { en: 'issued', zh: '发放' },
  redeemed: { en: 'redeemed', zh: '兑换' },
  expired: { en: 'expired', zh: '过期' },
  'clawed-back': { en: 'taken back', zh: '扣回' },
  transferred: { en: 'transferred', zh: '转移' },
  adjusted: { en: 'adjusted by hand', zh: '人工调整' },
  forfeited: { en: 'forfeited', zh: '作废' },
} satisfies { readonly [A in LedgerAccount]: Vocabulary['sentences'][string] }
