import type { Instant, Json, PendingRule } from '../../kernel/index.js'
import type { PointsState } from '../account.js'
import type { TierLevel } from './definition.js'
import type { Ladder } from './ladder.js'
import type { TierState } from './state.js'

/** Where an account stands on one track. */
export interface TierView<Tier extends string = string> {
  /** `null` below the first tier. */
  readonly tier: Tier | null
  /** When it was entered; `null` before the first change. */
  readonly since: Instant | null
  /** Until when it is held at the least: the end of the term, or of the grace; `null` where it is not. */
  readonly until: Instant | null
  /** Whether it is on grace: what keeps it is not met. */
  readonly inGrace: boolean
  /** What the track measures, now; in which unit. */
  readonly measured: number
  readonly unit: 'points' | 'months' | 'years'
  /** The window of the calendar, or of the term, in which that counts. */
  readonly window: { readonly start: Instant; readonly end: Instant } | null
  /** The next tier up, and what is missing to it. */
  readonly toReach: { readonly tier: Tier; readonly from: number; readonly missing: number } | null
  /** What keeps the tier, and by when how much is still missing; `by` is `null` where nothing takes it away by itself. */
  readonly toKeep: { readonly from: number; readonly missing: number; readonly by: Instant | null } | null
  /** What the tier brings. */
  readonly benefits: Json | null
}

/** Where an account stands on one track at an instant. */
export function tierViewOf(
  ladder: Ladder,
  state: TierState,
  books: PointsState['books'],
  asOf: Instant,
): TierView {
  const { track, measure } = ladder
  const rank = ladder.rankOf(state.tier)
  const measured = measure.at(state, books, asOf)
  const level: TierLevel | undefined = track.levels[rank]
  const above: TierLevel | undefined = track.levels[rank + 1]
  return {
    tier: state.tier,
    since: state.since,
    until: ladder.endsAt(state),
    inGrace: state.grace !== null,
    measured,
    unit: 'tenure' in track.measure ? track.measure.tenure : 'points',
    window: measure.window(state, asOf),
    toReach: above === undefined ? null : toReach(above, measured),
    toKeep: level === undefined ? null : toKeep(ladder, state, books, asOf),
    benefits: level?.benefits ?? null,
  }
}

const toReach = ({ tier, from }: TierLevel, measured: number) => ({
  tier,
  from,
  missing: Math.max(0, from - measured),
})

function toKeep(
  ladder: Ladder,
  state: TierState,
  books: PointsState['books'],
  asOf: Instant,
): TierView['toKeep'] {
  const { track, measure } = ladder
  if ('tenure' in track.measure || track.downgrade === 'none') return null
  const from = ladder.keepOf(ladder.rankOf(state.tier))
  const ends = ladder.endsAt(state)
  if (ends === null && state.byHand) return null
  // What keeps a tier on grace is what counts now; what keeps it at the end of a term is what will count then.
  if (state.grace !== null)
    return { from, missing: Math.max(0, from - measure.at(state, books, asOf)), by: state.grace }
  const by = ends ?? measure.crossing(state, asOf, from, Number.POSITIVE_INFINITY) ?? null
  const counts = by === null ? measure.at(state, books, asOf) : measure.lasting(state, books, asOf, by)
  return { from, missing: Math.max(0, from - counts), by }
}

/** What can be said of the way up, and of staying. */
export type TierProgress =
  | {
      readonly code: 'tier-to-reach' | 'tier-after-months' | 'tier-after-years'
      readonly tier: string
      readonly missing: number
    }
  | {
      readonly code: 'tier-to-keep' | 'tier-is-kept'
      readonly tier: string
      readonly from: number
      readonly missing: number
      readonly by: Instant
    }

/**
 * What a view of a track means for its holder, as reasons that `explain` says: what is missing to the next tier, and what keeps
 * this one by when.
 *
 * @example
 * for (const one of tierProgress(view.tiers.level)) explain(points, one, 'zh') // => '再积150分可升gold'
 */
export function tierProgress({ tier, toReach, toKeep, unit }: TierView): readonly TierProgress[] {
  const progress: TierProgress[] = []
  const code = unit === 'points' ? 'tier-to-reach' : (`tier-after-${unit}` as const)
  if (toReach !== null) progress.push({ code, tier: toReach.tier, missing: toReach.missing })
  if (tier !== null && toKeep !== null && toKeep.by !== null) {
    const { from, missing, by } = toKeep
    progress.push({ code: missing > 0 ? 'tier-to-keep' : 'tier-is-kept', tier, from, missing, by })
  }
  return progress
}

/** The tiers of a track as rules that wait: the next one up, and the end of this one. */
export function pendingTiers({ track }: Ladder, index: number, view: TierView): readonly PendingRule[] {
  const path = `$.tiers[${index}]`
  return tierProgress(view).map((because): PendingRule => {
    const level = track.levels.findIndex(({ tier }) => tier === because.tier)
    const rule = `${path}.levels[${level}]`
    return 'by' in because
      ? { rule: `${rule}.keep`, to: because.tier, at: because.by, because }
      : { rule, to: because.tier, because }
  })
}
