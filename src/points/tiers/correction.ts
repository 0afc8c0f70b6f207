import type { AnyEvent, Correction, Instant } from '../../kernel/index.js'
import type { PointsState } from '../account.js'
import type { TierData, TierReason } from './events.js'
import type { Ladder, TierDecision } from './ladder.js'
import type { TierState } from './state.js'
import type { Tiering } from './tiering.js'

/** What a correction says of one tier. */
export interface TierCorrection {
  readonly kind: TierDecision['kind']
  readonly data: TierData
  /** The date to which it belongs. */
  readonly original: Instant
}

/**
 * What makes up for tiers that would be higher, or held longer, with the facts as they are known now. Rights that were acquired
 * stay: only taking back what qualified lowers a tier, by the policy of its track, and that follows from the postings.
 */
export function tierCorrections(
  { ladders, recorded }: Tiering,
  corrected: PointsState,
  revised: PointsState,
  { at }: Correction,
): readonly TierCorrection[] {
  const settled = ladders.map((ladder, i) => {
    let state = corrected
    // Each decision changes what follows; the bound is for states that none of ours made.
    for (let n = 0; n < 100; n++) {
      const next = ladder.atMeasure(state.tiers[i]!, state.books, at)
      if (next === undefined) break
      const event: AnyEvent = { id: '', type: '', subject: '', occurredAt: at, data: next.data }
      state = recorded(state, state, next.kind, event)
    }
    return state.tiers[i]!
  })
  return ladders.flatMap((ladder, i) => {
    const [was, now, is] = [corrected.tiers[i]!, settled[i]!, revised.tiers[i]!]
    const follows = (ladder.track.hold ?? 'none') === 'none' && ladder.track.downgrade !== 'none'
    // A tier that follows its measure would leave again at once, unless it is on grace.
    const measured = ladder.measure.at(was, corrected.books, at)
    const stands = is.grace !== null || measured >= ladder.keepOf(ladder.rankOf(is.tier))
    const isOnGrace = now.tier === is.tier && now.grace !== null && is.grace !== null
    const isBehind = follows
      ? (ladder.rankOf(is.tier) > ladder.rankOf(was.tier) && stands) || (isOnGrace && now.grace! < is.grace!)
      : isLess(ladder, was, is) || isLess(ladder, now, is)
    return isBehind ? tierDrafts(ladder, was, is, revised.books, at, { code: 'tier-corrected' }) : []
  })
}

/** Whether one tier is lower than another, on grace where the other is held, or ends earlier. */
export function isLess(ladder: Ladder, one: TierState, other: TierState): boolean {
  const [a, b] = [ladder.rankOf(one.tier), ladder.rankOf(other.tier)]
  if (a !== b || a < 0) return a < b
  if ((one.grace === null) !== (other.grace === null)) return one.grace !== null
  const ends = (tier: TierState) => ladder.endsAt(tier) ?? Number.POSITIVE_INFINITY
  return ends(one) < ends(other)
}

/** What makes one tier another. */
export function tierDrafts(
  ladder: Ladder,
  was: TierState,
  is: TierState,
  books: PointsState['books'],
  at: Instant,
  reason: TierReason,
): readonly TierCorrection[] {
  const { track, window } = ladder.track
  const tier = ladder.words[ladder.rankOf(is.tier) + 1]!
  const measured = ladder.measure.at(is, books, at)
  const said = { track, tier, measured, reason } as const
  const data: TierData = {
    ...said,
    ...(is.until !== null && { until: is.until }),
    ...(is.begins !== null && { begins: is.begins }),
    ...(window === 'term' && { counted: is.sums[0]?.sum ?? 0 }),
    ...(is.basis !== null && { basis: is.basis }),
  }
  const from = ladder.words[ladder.rankOf(was.tier) + 1]!
  const corrections: TierCorrection[] = []
  if (was.tier !== is.tier)
    corrections.push({
      kind: 'tier-changed',
      data: { ...data, [track]: tier, from },
      original: is.since ?? at,
    })
  else if (is.grace === null)
    corrections.push({ kind: 'tier-kept', data, original: is.begins ?? is.since ?? at })
  if (is.grace !== null) {
    const to = ladder.words[ladder.rankOf(is.landing) + 1]!
    corrections.push({ kind: 'tier-at-risk', data: { ...said, to, until: is.grace }, original: at })
  }
  return corrections
}
