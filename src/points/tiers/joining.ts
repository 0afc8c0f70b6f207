import type { Instant } from '../../kernel/index.js'
import type { PointsState } from '../account.js'
import { isLess, type TierCorrection, tierDrafts } from './correction.js'
import { tierEntries } from './measure.js'
import type { TierEntry, TierState } from './state.js'
import type { Tiering } from './tiering.js'

/** Where an account stands on one track, as plain data: what it hands over to another. */
export interface TierHeld extends Omit<TierState, 'entries'> {
  readonly entries: readonly TierEntry[]
}

/** Where an account stands on each track, as plain data. */
export const tiersHeld = (tiers: readonly TierState[]): readonly TierHeld[] =>
  tiers.map((tier) => ({ ...tier, entries: tierEntries(tier) }))

/** What two accounts are on each track together. */
interface JoinedTiers {
  /** What counts of both, with the tiers of the one that takes over. */
  readonly tiers: readonly TierState[]
  /** What makes them those of the other, where it stands higher. */
  readonly decisions: readonly TierCorrection[]
}

/** Joins what another account has reached: what counts adds up, the account began with the older, and the higher tier stays. */
export function joinedTiers(
  { ladders }: Tiering,
  tiers: readonly TierState[],
  held: readonly TierHeld[],
  books: PointsState['books'],
  at: Instant,
): JoinedTiers {
  const joined = tiers.map((tier, i): TierState => {
    const other = held[i]
    if (other === undefined) return tier
    const counted = ladders[i]!.measure.join(tier, other, at)
    const enrolled = least(tier.enrolled, other.enrolled)
    return { ...counted, enrolled, gained: most(tier.gained, other.gained) }
  })
  const decisions = ladders.flatMap((ladder, i) => {
    const [was, other] = [joined[i]!, held[i]]
    if (other === undefined) return []
    const is: TierState = { ...other, sums: was.sums, entries: was.entries, enrolled: was.enrolled }
    return isLess(ladder, was, is) ? tierDrafts(ladder, was, is, books, at, { code: 'tier-taken-over' }) : []
  })
  return { tiers: joined, decisions }
}

const least = (a: Instant | null, b: Instant | null) => (a === null || b === null ? (a ?? b) : Math.min(a, b))
const most = (a: Instant | null, b: Instant | null) => (a === null || b === null ? (a ?? b) : Math.max(a, b))
