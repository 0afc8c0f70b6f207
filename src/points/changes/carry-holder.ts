import { insert, items } from '../../kernel/sorted.js'
import { type Owed, originsBy, type PointsState } from '../account.js'
import { byArrival, byHandEnd, byHandId, type Holder } from '../holders/holder.js'
import type { Estate } from '../holders/merging.js'
import type { RewardsHeld } from '../rewards/joining.js'
import type { TierHeld } from '../tiers/joining.js'
import { kept } from './parts.js'

/** What of an account there still is under the next definition. */
export interface StillThere {
  isCurrency(of: { readonly currency: string }): boolean
  isRule(rule: string): boolean
  isCap(cap: string): boolean
  isOwed(owed: Owed): boolean
  leftOver(carried: PointsState['carried']): PointsState['carried']
  tiers(held: readonly TierHeld[]): readonly TierHeld[]
  rewards(held: RewardsHeld | null): RewardsHeld | null
}

/** What is remembered of a holder, without what is of currencies and rules that are no more. */
export function carriedHolder(holder: Holder | null, there: StillThere): Holder | null {
  if (holder === null) return null
  const byCurrency = <V>(of: { readonly [currency: string]: V }) =>
    Object.fromEntries(Object.entries(of).filter(([currency]) => there.isCurrency({ currency })))
  const byHand = kept(byHandId, holder.byHand, there.isCurrency)
  const { handed } = holder
  // Key by key: one that is added has to be thought of here.
  return {
    enrolledAt: holder.enrolledAt,
    closedAt: holder.closedAt,
    enrolling: holder.enrolling,
    heard: holder.heard,
    early: kept(byArrival, holder.early, ({ owed }) => there.isOwed(owed)),
    earlyOrigins: kept(originsBy, holder.earlyOrigins, ({ rule }) => there.isRule(rule)),
    uncollected: byCurrency(holder.uncollected),
    due: byCurrency(holder.due),
    byHand,
    byEnd: byHand === holder.byHand ? holder.byEnd : endsOf(byHand),
    handed: handed && { command: handed.command, estate: carriedEstate(handed.estate, there) },
    sent: byCurrency(holder.sent),
  }
}

function endsOf(byHand: Holder['byHand']): Holder['byEnd'] {
  let ends: Holder['byEnd'] = null
  for (const { until, id } of items(byHandId, byHand))
    if (until !== null) ends = insert(byHandEnd, ends, [until, id])
  return ends
}

/** What an account handed over, as it would take it back under the next definition. */
function carriedEstate(estate: Estate, there: StillThere): Estate {
  const { isCurrency, isRule, isCap } = there
  const { used, waiting, rests } = estate.limits
  const left = there.leftOver(Object.fromEntries(estate.carried.map(({ rule, carries }) => [rule, carries])))
  return {
    books: estate.books.filter(isCurrency),
    origins: estate.origins.filter(isCurrency),
    redemptions: estate.redemptions.filter(isCurrency),
    byHand: estate.byHand.filter(isCurrency),
    lapsed: estate.lapsed.filter(isCurrency),
    firstAt: estate.firstAt,
    limits: {
      used: used.filter(({ cap }) => isCap(cap)),
      waiting: waiting.filter(({ rule }) => isRule(rule)),
      rests: rests.filter(({ rule }) => isRule(rule)),
    },
    tiers: there.tiers(estate.tiers),
    carried: Object.entries(left).map(([rule, carries]) => ({ rule, carries })),
    rewards: there.rewards(estate.rewards),
  }
}
