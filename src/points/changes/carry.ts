import { type CarriedFacts, canonical, type Instant, type Sorted } from '../../kernel/index.js'
import { get, insert, items } from '../../kernel/sorted.js'
import { bookUnder } from '../../ledger/book.js'
import { emptyBook, type LotPart } from '../../ledger/index.js'
import {
  type Fading,
  type FadingKey,
  fadingBy,
  lapsedBy,
  type Origin,
  type Owed,
  once,
  originKey,
  originsBy,
  type PointsState,
  type Redemption,
  redemptionsBy,
} from '../account.js'
import { limitsUnder } from '../earning/limits.js'
import { keepsFirst } from '../lasting/activity.js'
import { reinstating, retentionOf } from '../lasting/retention.js'
import type { TierHeld } from '../tiers/joining.js'
import type { Ladder } from '../tiers/ladder.js'
import { newTier, type TierState } from '../tiers/state.js'
import { carriedHolder, type StillThere } from './carry-holder.js'
import { booksWithoutClaims, carriedClaims, carriedRewards } from './carry-rewards.js'
import type { Program } from './compiled.js'
import { each, kept } from './parts.js'
import { ranked } from './rank.js'

/** Whether terms that are better than those of old points are theirs too, or only those of what will be earned. */
export type Improvement = 'at-once' | 'new-earnings-only'

/** What every conversion of an account from one definition to the next needs. */
export interface Carrying {
  readonly from: Program
  readonly to: Program
  readonly facts: CarriedFacts
  readonly improve: Improvement
}

/** All that a state has, so that what is added to it has to be thought of here. */
type Whole = { readonly [K in keyof Required<PointsState>]: PointsState[K] | undefined } & Required<
  Omit<PointsState, 'rewards'>
>

/** An account of one definition as an account of the next: what was earned keeps its terms. */
export function carried(state: PointsState, at: Instant, carrying: Carrying): PointsState {
  const { from, to, facts } = carrying
  const names = to.currencies.map(({ currency }) => currency)
  const isCurrency = ({ currency }: { readonly currency: string }) => names.includes(currency)
  const isRule = (rule: string) => to.rules.has(rule)
  const caps = new Set((to.agreed.caps ?? []).map(({ cap }) => cap))
  const isCap = (cap: string) => caps.has(cap)
  const isOwed = (one: Owed) => isStillOwed(one, isRule)
  const hasRewards = to.agreed.rewards !== undefined
  const there: StillThere = {
    ...{ isCurrency, isRule, isCap, isOwed },
    leftOver: (left) => leftOver(left, carrying),
    tiers: (held) => carriedHeld(state, held, carrying, at),
    rewards: (held) => (hasRewards ? carriedClaims(held, isCurrency) : null),
  }
  const books = hasRewards ? state.books : booksWithoutClaims(state)
  // What is over is no longer known, whether it was removed yet or not.
  const retention = retentionOf(from.agreed, from.zone)
  const window = reinstating(from.agreed, from.zone)
  const origins = kept(
    originsBy,
    state.origins,
    (one) => isCurrency(one) && retention?.knows(state, one.key, at) !== false,
  )
  const redemptions = kept(
    redemptionsBy,
    state.redemptions,
    (one) => isCurrency(one) && retention?.hasLost(state, one, at) !== true,
  )
  const lapsed = (name: string) =>
    kept(lapsedBy, state.lapsed[name] ?? null, (one) => window?.isOver(one.at, at) !== true)
  const { rewards, ...rest }: Whole = {
    books: Object.fromEntries(names.map((name) => [name, books[name] ?? emptyBook])),
    carried: leftOver(state.carried, carrying),
    origins,
    redemptions,
    owed: state.owed.filter(isOwed),
    owedAt: state.owedAt,
    firstAt: keepsFirst(to.agreed) ? (state.firstAt ?? earliest(origins, redemptions)) : state.firstAt,
    lapsed: Object.fromEntries(names.map((name) => [name, lapsed(name)])),
    fading: fadingUnder(origins, redemptions, to),
    tracks: facts.carry(state.tracks),
    limits: limitsUnder(state.limits, isRule, isCap),
    tiers: to.ladders.map((ladder) => carriedTier(state, ladder, carrying, at)),
    holder: carriedHolder(state.holder, there),
    rewards: carriedRewards(state, hasRewards, isCurrency),
  }
  const plain = ranked(rewards === undefined ? rest : { ...rest, rewards }, from, to)
  return carrying.improve === 'at-once' ? improved(plain, state, carrying, at) : plain
}

/** When something is known to have been posted first, of an account that did not keep it. */
function earliest(origins: PointsState['origins'], redemptions: PointsState['redemptions']): Instant | null {
  let found: Instant | null = null
  for (const { at } of items(originsBy, origins)) found = found === null ? at : Math.min(found, at)
  for (const { at } of items(redemptionsBy, redemptions)) found = found === null ? at : Math.min(found, at)
  return found
}

/** By when to look at what is known, under a definition that lets it go. */
function fadingUnder(
  origins: PointsState['origins'],
  redemptions: PointsState['redemptions'],
  { agreed, zone }: Program,
): PointsState['fading'] {
  if (agreed.keepOrigins === undefined) return null
  const end = zone.adder(agreed.keepOrigins)
  let fading: Sorted<Fading, FadingKey> | null = null
  const list = (
    what: Fading['what'],
    key: string,
    { at, last }: Pick<Origin | Redemption, 'at' | 'last'>,
  ) => {
    fading = insert(fadingBy, fading, { at: end(last ?? at), what, key })
  }
  for (const one of items(originsBy, origins)) list('origin', one.key, one)
  for (const one of items(redemptionsBy, redemptions)) list('redemption', one.id, one)
  return fading
}

/** Tiers of an account that was handed over, in the order of the next definition. */
function carriedHeld(
  state: PointsState,
  held: readonly TierHeld[],
  carrying: Carrying,
  at: Instant,
): readonly TierHeld[] {
  const { from, to } = carrying
  if (held.length !== from.ladders.length) return []
  const tiers = held.map((one): TierState => ({ ...one, entries: null }))
  return to.ladders.map((ladder): TierHeld => {
    const i = from.ladders.findIndex((one) => one.track.track === ladder.track.track)
    const tier = carriedTier({ ...state, tiers }, ladder, carrying, at)
    const isSame = i >= 0 && measuresTheSame(from.ladders[i]!, ladder, from, to)
    return { ...tier, entries: isSame ? held[i]!.entries : [] }
  })
}

const isStillOwed = (one: Owed, isRule: (rule: string) => boolean) =>
  one.do === 'confirm' || one.do === 'unmatched' || isRule(one.rule)

/** Fractions of a point in the parts of the next definition, rounded up: none is ever less. */
function leftOver(carried: PointsState['carried'], { from, to }: Carrying): PointsState['carried'] {
  return Object.fromEntries(
    Object.entries(carried).flatMap(([rule, over]) => {
      const [old, next] = [from.rules.get(rule), to.rules.get(rule)]
      if (old === undefined || next === undefined) return []
      if (old.denominator === next.denominator) return [[rule, over]]
      const scaled =
        (BigInt(over) * BigInt(next.denominator) + BigInt(old.denominator) - 1n) / BigInt(old.denominator)
      // A whole point is none that is left over: only coarser parts come to that, and they need the notice.
      return [[rule, Math.min(Number(scaled), next.denominator - 1)]]
    }),
  )
}

/** A tier is held on the terms on which it was reached. */
function carriedTier(state: PointsState, ladder: Ladder, { from, to }: Carrying, at: Instant): TierState {
  const { track } = ladder
  const i = from.ladders.findIndex((one) => one.track.track === track.track)
  const enrolled = state.tiers.find((tier) => tier.enrolled !== null)?.enrolled ?? null
  if (i < 0) return { ...newTier, enrolled: ladder.needsEnrolment ? enrolled : null }
  const [old, was] = [from.ladders[i]!, state.tiers[i]!]
  const landed = landing(old, was, ladder, at)
  const isUndone = track.reversal === 're-evaluate'
  const tier: TierState = {
    ...landed,
    basis: isUndone ? landed.basis : null,
    enrolled: ladder.needsEnrolment ? (landed.enrolled ?? enrolled) : landed.enrolled,
  }
  const measured = measuresTheSame(old, ladder, from, to)
    ? tier
    : { ...tier, sums: [], entries: null, basis: null }
  // A tier that followed its measure, and is held from now on, begins its first term.
  const begins = (old.track.hold ?? 'none') === 'none' && (track.hold ?? 'none') !== 'none'
  const isOpen = measured.tier !== null && measured.until === null && measured.grace === null
  return begins && isOpen && !measured.byHand
    ? { ...measured, begins: at, until: ladder.termEnd(at) }
    : measured
}

/** Whether what was measured says the same under the next definition. */
export function measuresTheSame(old: Ladder, next: Ladder, from: Program, to: Program): boolean {
  const read = ({ track: { measure, window = 'lifetime' } }: Ladder) => canonical({ measure, window })
  return read(old) === read(next) && canonical(from.agreed.calendar) === canonical(to.agreed.calendar)
}

/** The tier itself where it is still there, otherwise the highest below it that is. */
function landing(old: Ladder, was: TierState, next: Ladder, at: Instant): TierState {
  const there = (tier: string | null) => tier === null || next.rankOf(tier) >= 0
  const below = (tier: string | null): string | null => {
    for (let rank = old.rankOf(tier); rank >= 0; rank--) {
      const { tier: name } = old.track.levels[rank]!
      if (there(name)) return name
    }
    return null
  }
  const named = {
    ...was,
    landing: below(was.landing),
    barred: below(was.barred),
  }
  if (there(was.tier)) return named
  const tier = below(was.tier)
  return tier === null
    ? {
        ...named,
        tier,
        since: at,
        begins: at,
        until: null,
        grace: null,
        landing: null,
        basis: null,
        byHand: false,
      }
    : { ...named, tier, since: at, basis: null }
}

/** Points under the better of their own terms and of those they would be earned on now, counted from when they were. */
function improved(state: PointsState, was: PointsState, { from, to }: Carrying, at: Instant): PointsState {
  const change = <P extends Omit<LotPart, 'amount'>>(part: P): P => {
    const { of, expiresAt, confirmsAt } = part
    const origin = of && get(originsBy, state.origins, originKey(of[0]!, of[1]!))
    const rule = of && to.rules.get(of[0]!)
    if (origin === undefined || rule === undefined) return part
    const terms = rule.terms(state, origin.at)
    const later = expiresAt === null || terms.expiresAt === null ? null : Math.max(expiresAt, terms.expiresAt)
    if (confirmsAt === undefined) return later === expiresAt ? part : { ...part, expiresAt: later }
    // What an origin earned later waits from then on, and nobody knows since when.
    const isFirst = from.rules.get(rule.rule)?.terms(was, origin.at).confirmsAt === confirmsAt
    const waits =
      isFirst || terms.confirmsAt === undefined ? earlier(confirmsAt, terms.confirmsAt, at) : confirmsAt
    return { ...part, expiresAt: later, confirmsAt: waits }
  }
  // What comes back after its own end has a grace, which may last longer than any better end.
  const spent = <P extends Omit<LotPart, 'amount'>>(part: P): P => {
    const better = change(part)
    return to.agreed.refunds?.grace === undefined || better.expiresAt === null ? better : part
  }
  const books = Object.entries(state.books).map(([name, book]) => [name, bookUnder(book, change)] as const)
  return {
    ...state,
    books: Object.fromEntries(books),
    origins: each(originsBy, state.origins, (one) => ({ ...one, lots: once(one.lots.map(change)) })),
    redemptions: each(redemptionsBy, state.redemptions, (one) => ({ ...one, lots: one.lots.map(spent) })),
  }
}

/** The earlier of two ends of waiting; nothing ends before now. */
function earlier(own: Instant | null, terms: Instant | null | undefined, at: Instant): Instant | null {
  if (terms === undefined) return at
  if (own === null || terms === null) return own
  return Math.min(own, Math.max(terms, at))
}
