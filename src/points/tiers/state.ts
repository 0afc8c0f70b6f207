import type { Instant, Sorted } from '../../kernel/index.js'

/** What qualified for a tier: kept where taking it back can undo the tier. */
export interface TierBasis {
  /** As of when it was measured. */
  readonly at: Instant
  /** From when on, for what is counted since a term began. */
  readonly start: Instant | null
  readonly sum: number
  /** Whether `keep` was enough, and not `from`. */
  readonly kept: boolean
  /** What qualified for terms beside this one, which would hold without it. */
  readonly besides?: readonly TierTerm[]
}

/** A term, and what qualified for it. */
export interface TierTerm extends Omit<TierBasis, 'besides'> {
  /** Which tier was held for it. */
  readonly tier: string
  readonly begins: Instant | null
  readonly until: Instant | null
}

/** What counts until some instant. */
export interface TierEntry {
  readonly leavesAt: Instant
  readonly amount: number
}

/** What counts of one window. */
interface TierSum {
  readonly start: Instant
  readonly sum: number
}

/** What is remembered of one track. */
export interface TierState {
  /** `null` below the first tier. */
  readonly tier: string | null
  readonly since: Instant | null
  /** When the term began. */
  readonly begins: Instant | null
  /** When the term ends. */
  readonly until: Instant | null
  /** When the grace ends, while there is one, and to which tier it falls then at the least. */
  readonly grace: Instant | null
  readonly landing: string | null
  readonly byHand: boolean
  /** What was reached when the tier was set by hand: no more than that lifts it. */
  readonly barred: string | null
  readonly basis: TierBasis | null
  /** When something was earned last, as long as nothing was decided after it. */
  readonly gained: Instant | null
  /** When the account began, where that matters. */
  readonly enrolled: Instant | null
  /** When something was decided last, and how much before that at the same instant: tells decisions apart. */
  readonly decidedAt: Instant | null
  readonly nth: number
  /** By window, the two newest; one for what has none. */
  readonly sums: readonly TierSum[]
  /** Of a rolling window, by when they leave it. */
  readonly entries: Sorted<TierEntry, Instant> | null
}

export const newTier: TierState = {
  tier: null,
  since: null,
  begins: null,
  until: null,
  grace: null,
  landing: null,
  byHand: false,
  barred: null,
  basis: null,
  gained: null,
  enrolled: null,
  decidedAt: null,
  nth: 0,
  sums: [],
  entries: null,
}
