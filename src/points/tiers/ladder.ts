import type { Calendar, Instant } from '../../kernel/index.js'
import { endOfUnit } from '../../kernel/window.js'
import type { PointsState } from '../account.js'
import { type TierHold, type TierLevel, type TierTrack, wordsOf } from './definition.js'
import type { TierData, TierReason } from './events.js'
import { type Measure, measureOf } from './measure.js'
import type { TierBasis, TierState, TierTerm } from './state.js'

type Books = PointsState['books']

/** A decision about a tier: its event's last name, and what it records. */
export interface TierDecision {
  readonly kind: 'tier-changed' | 'tier-kept' | 'tier-at-risk'
  readonly data: TierData
}

/** A track, compiled: pure decisions about one tier. Ranks count tiers from 0; below the first it is -1. */
export interface Ladder {
  readonly track: TierTrack
  readonly measure: Measure
  /** What events call each rank, from -1. */
  readonly words: readonly string[]
  /** Whether it has to know when the account began. */
  readonly needsEnrolment: boolean
  rankOf(tier: string | null): number
  keepOf(rank: number): number
  /** The highest rank that a number reaches. */
  reached(measured: number): number
  /** When a term that begins at an instant ends; `null` where tiers are not held. */
  termEnd(begins: Instant): Instant | null
  /** When the term or the grace ends. */
  endsAt(tier: TierState): Instant | null
  /** What happens when that is. */
  atEnd(tier: TierState, books: Books, at: Instant): TierDecision
  /** What the measure, after all else at an instant, brings about. */
  atMeasure(tier: TierState, books: Books, at: Instant): TierDecision | undefined
  /** After `at`, when the measure alone will bring something about. */
  nextMeasure(tier: TierState, at: Instant): Instant | undefined
  /** A tier set by hand. */
  byHand(tier: TierState, books: Books, at: Instant, to: TierByHand): TierDecision
  /** The tier after a decision. */
  after(tier: TierState, kind: string, data: TierData, at: Instant, date: Instant): TierState
}

interface TierByHand {
  readonly tier: string
  readonly until: Instant | undefined
  readonly text: string
}

/** Compiles a track. */
export function ladderOf(track: TierTrack, zone: Calendar): Ladder {
  const { levels, window, hold = 'none', grace, downgrade = 'full', upgrade = 'at-once' } = track
  const { renews = 'upgrade', reversal = 'keep-term' } = track
  const measure = measureOf(track, zone)
  const words = wordsOf(track)
  const ranks = new Map(levels.map(({ tier }, i) => [tier, i]))
  const isHeld = hold !== 'none'
  const undoes = reversal === 're-evaluate'
  const isOfTerms = window === 'term'
  const termOf = termEnds(hold, zone)
  const graceOf = grace && zone.adder(grace.length)

  const rankOf = (tier: string | null): number => (tier === null ? -1 : (ranks.get(tier) ?? -1))
  const keepOf = (rank: number): number => (rank < 0 ? 0 : keeps(levels[rank]!))
  const fromOf = (rank: number): number => levels[rank]?.from ?? Number.POSITIVE_INFINITY
  const wordOf = (rank: number): string => words[rank + 1]!
  const highest = (passes: (level: TierLevel) => boolean, below = levels.length): number => {
    for (let rank = below - 1; rank >= 0; rank--) if (passes(levels[rank]!)) return rank
    return -1
  }
  const reached = (measured: number): number => highest(({ from }) => measured >= from)

  /** What only more than this lifts. */
  const floorOf = (tier: TierState, rank: number) =>
    tier.byHand ? Math.max(rank, rankOf(tier.barred)) : rank

  /** When a term ends that begins now; one that would not end later is held for ever. */
  const termEnd = (begins: Instant): Instant | null => {
    const end = termOf === undefined ? null : termOf(begins)
    return end !== null && end > begins ? end : null
  }
  /** After a term: what follows it is counted from its last instant, so that years follow years. */
  const nextTermEnd = (ended: Instant): Instant | null => {
    if (typeof hold === 'string' || !('untilEndOf' in hold)) return termEnd(ended)
    const next = termOf!(ended - 1)
    return next > ended ? next : termEnd(ended)
  }

  const base = (rank: number, measured: number, reason: TierReason): TierData => ({
    track: track.track,
    tier: wordOf(rank),
    measured,
    reason,
  })

  const basisOf = (tier: TierState, at: Instant, sum: number, kept: boolean) =>
    undoes
      ? { basis: { at, start: isOfTerms ? tier.begins : null, sum, kept } satisfies TierBasis }
      : undefined

  const holds = ({ sum, kept }: TierBasis, rank: number) =>
    sum >= (kept ? keeps(levels[rank]!) : levels[rank]!.from)

  /**
   * The first open term for which a tier of this rank would be held, and the last that has ended: what qualified while that
   * ran began none of its own.
   */
  function termsUnder(terms: readonly TierTerm[], rank: number, at: Instant) {
    let ended: TierTerm | undefined
    let closed = Number.NEGATIVE_INFINITY
    for (const term of terms) {
      const { until } = term
      if (until === null || until > at || until <= closed || rankOf(term.tier) < rank) continue
      ended = term
      closed = until
    }
    const open = terms.find(
      (term) => term.at >= closed && (term.until === null || term.until > at) && holds(term, rank),
    )
    return { ended, open }
  }

  /** What qualifies now, beside what qualified for the terms before; where those are many, what decides of them. */
  function basisBeside(tier: TierState, at: Instant, sum: number) {
    const more = basisOf(tier, at, sum, false)
    const terms = more === undefined || isOfTerms ? [] : termsOf(tier)
    if (terms.length === 0) return more
    if (terms.length <= 2 * levels.length) return { basis: { ...more!.basis, besides: terms } }
    const needed = new Set<TierTerm>()
    for (let rank = rankOf(tier.tier); rank >= 0; rank--) {
      const { ended, open } = termsUnder(terms, rank, at)
      if (ended !== undefined) needed.add(ended)
      if (open !== undefined) needed.add(open)
    }
    const besides = terms.filter((term) => needed.has(term))
    return besides.length === 0 ? more : { basis: { ...more!.basis, besides } }
  }

  function changed(
    tier: TierState,
    rank: number,
    data: Omit<TierData, 'track' | 'tier' | 'from'>,
    until: Instant | null,
  ): TierDecision {
    const word = wordOf(rank)
    return {
      kind: 'tier-changed',
      data: {
        track: track.track,
        tier: word,
        [track.track]: word,
        from: wordOf(rankOf(tier.tier)),
        ...data,
        ...(until !== null && { until }),
      },
    }
  }

  function up(
    tier: TierState,
    rank: number,
    measured: number,
    at: Instant,
    asOf: Instant,
    end: Instant | null,
  ) {
    const goesOn = renews === 'never' && tier.until !== null && tier.until > at
    const reason = { code: 'tier-reached', measured, threshold: fromOf(rank) } as const
    const data = { measured, ...basisBeside(tier, asOf, measured), reason }
    return goesOn ? changed(tier, rank, data, tier.until) : changed(tier, rank, { begins: at, ...data }, end)
  }

  /** Where a tier falls to that is not kept up. */
  const landingOf = (rank: number, measured: number): number =>
    downgrade === 'one-level' ? rank - 1 : highest((level) => measured >= keeps(level), rank)

  function down(tier: TierState, rank: number, landing: number, measured: number, at: Instant): TierDecision {
    const reason = { code: 'tier-lost', measured, threshold: keepOf(rank) } as const
    return changed(tier, landing, { begins: at, measured, reason }, landing < 0 ? null : nextTermEnd(at))
  }

  function kept(
    rank: number,
    measured: number,
    code: 'tier-renewed' | 'tier-requalified' | 'tier-recovered',
    threshold: number,
    more: Partial<TierData>,
    until: Instant | null,
  ): TierDecision {
    const data = { ...base(rank, measured, { code, measured, threshold }), ...more }
    return { kind: 'tier-kept', data: until === null ? data : { ...data, until } }
  }

  /** A tier that is not kept up: on into its grace, if there is one, or down. */
  function failing(tier: TierState, rank: number, measured: number, at: Instant): TierDecision {
    const landing = landingOf(rank, measured)
    const until = graceOf?.(grace!.from === 'entry' ? (tier.since ?? at) : at)
    if (until === undefined || until <= at) return down(tier, rank, landing, measured, at)
    const reason = { code: 'tier-at-risk', measured, threshold: keepOf(rank) } as const
    return { kind: 'tier-at-risk', data: { ...base(rank, measured, reason), to: wordOf(landing), until } }
  }

  function atEnd(tier: TierState, books: Books, at: Instant): TierDecision {
    const rank = rankOf(tier.tier)
    const now = measure.at(tier, books, at)
    const closing = measure.closing(tier, at) ?? 0
    const measured = Math.max(now, closing)
    // What is measured of a window that has just ended is as of its last instant.
    const asOf = closing > now ? at - 1 : at
    const top = reached(upgrade === 'at-once' ? measured : closing)
    // What qualified for a term goes with it.
    if (top > rank) return up({ ...tier, basis: null }, top, measured, at, asOf, nextTermEnd(at))
    if (rank < 0)
      return { kind: 'tier-kept', data: base(rank, measured, { code: 'tier-released', measured }) }
    if (measured >= keepOf(rank) || downgrade === 'none') {
      const qualified = measured >= keepOf(rank) && basisOf(tier, asOf, measured, measured < fromOf(rank))
      const more = { begins: at, ...qualified }
      return kept(rank, measured, 'tier-renewed', keepOf(rank), more, nextTermEnd(at))
    }
    if (tier.grace === null) return failing(tier, rank, measured, at)
    const landing = isHeld
      ? Math.max(rankOf(tier.landing), landingOf(rank, measured))
      : landingOf(rank, measured)
    return down(tier, rank, Math.min(landing, rank - 1), measured, at)
  }

  function atMeasure(tier: TierState, books: Books, at: Instant): TierDecision | undefined {
    const rank = rankOf(tier.tier)
    const measured = measure.at(tier, books, at)
    const top = lifting(tier, measured, at)
    if (top !== undefined && top.rank > floorOf(tier, rank)) {
      const asOf = top.closes ? at - 1 : at
      return up(tier, top.rank, top.measured, at, asOf, top.closes ? nextTermEnd(at) : termEnd(at))
    }
    if (rank < 0) return undefined
    if (tier.grace !== null) {
      if (measured < keepOf(rank)) return undefined
      const more = { begins: at, ...basisOf(tier, at, measured, measured < fromOf(rank)) }
      return kept(rank, measured, 'tier-recovered', keepOf(rank), more, termEnd(at))
    }
    if (tier.byHand) return undefined
    if (!isHeld && downgrade !== 'none' && measured < keepOf(rank)) return failing(tier, rank, measured, at)
    const undone = undoing(tier, rank, measured, at)
    if (undone !== undefined) return undone
    if (renews !== 'always' || tier.gained !== at || tier.until === null || measured < fromOf(rank))
      return undefined
    const until = termEnd(at)
    if (until === null || until <= tier.until) return undefined
    const more = { begins: at, ...basisBeside(tier, at, measured) }
    return kept(rank, measured, 'tier-requalified', fromOf(rank), more, until)
  }

  /** The rank that is reached now, where tiers rise now. */
  function lifting(tier: TierState, measured: number, at: Instant) {
    if (upgrade === 'at-once') return { rank: reached(measured), measured, closes: false }
    const closing = measure.closing(tier, at)
    return closing === undefined ? undefined : { rank: reached(closing), measured: closing, closes: true }
  }

  /**
   * A tier of which what qualified was taken back: what is left of that, and of what qualified for other terms, decides, each
   * as of when it did; what is measured now only where that is more.
   */
  function undoing(tier: TierState, rank: number, measured: number, at: Instant): TierDecision | undefined {
    const { basis } = tier
    if (basis === null || holds(basis, rank)) return undefined
    const terms = termsOf(tier)
    let left = rank
    let term: TierTerm | undefined
    for (; left >= 0; left--) {
      term = termsUnder(terms, left, at).open
      if (term !== undefined) break
    }
    const now = Math.min(rank, reached(measured))
    const landing = Math.max(left, now)
    const threshold = basis.kept ? keepOf(rank) : fromOf(rank)
    const reason = { code: 'tier-reversed', measured: basis.sum, threshold } as const
    if (landing < 0) return changed(tier, landing, { measured, reason }, null)
    if (now > left || term === undefined) {
      const more = basisBeside(tier, at, measured)!
      return now === rank
        ? kept(rank, measured, 'tier-requalified', fromOf(rank), more, tier.until)
        : changed(tier, landing, { measured, ...more, reason }, tier.until)
    }
    const { tier: _, begins, until, ...own } = term
    const besides = isOfTerms ? [] : terms.filter((one) => one !== term)
    const more = {
      ...(begins !== tier.begins && begins !== null && { begins }),
      basis: { ...own, ...(besides.length > 0 && { besides }) },
    }
    return left === rank
      ? kept(rank, own.sum, 'tier-requalified', own.kept ? keepOf(rank) : fromOf(rank), more, until)
      : changed(tier, landing, { measured, ...more, reason }, until)
  }

  function nextMeasure(tier: TierState, at: Instant): Instant | undefined {
    const rank = rankOf(tier.tier)
    const floor = floorOf(tier, rank)
    if (upgrade === 'at-period-end') {
      const window = measure.window(tier, at)
      if (window !== null && window.end > at && reached(measure.lasting(tier, {}, at, window.end)) > floor)
        return window.end
    }
    const rises = upgrade === 'at-once' ? fromOf(floor + 1) : Number.POSITIVE_INFINITY
    const recovers = tier.grace === null ? rises : Math.min(rises, keepOf(rank))
    const canFall = !isHeld && downgrade !== 'none' && rank >= 0 && tier.grace === null && !tier.byHand
    const below = canFall ? keepOf(rank) : Number.NEGATIVE_INFINITY
    return measure.crossing(tier, at, below, recovers)
  }

  function byHand(tier: TierState, books: Books, at: Instant, to: TierByHand): TierDecision {
    const rank = words.indexOf(to.tier) - 1
    const measured = measure.at(tier, books, at)
    const until = to.until ?? (rank < 0 ? null : termEnd(at))
    const reason = { code: 'tier-set-by-hand', text: to.text } as const
    const best = Math.max(measured, measure.closing(tier, at) ?? 0)
    const more = { begins: at, measured, reached: wordOf(reached(best)), reason }
    if (rank !== rankOf(tier.tier)) return changed(tier, rank, more, until)
    const data = { ...base(rank, measured, reason), ...more }
    return { kind: 'tier-kept', data: until === null ? data : { ...data, until } }
  }

  function after(before: TierState, kind: string, data: TierData, at: Instant, date: Instant): TierState {
    const { until = null, begins, basis, counted = 0 } = data
    const nth = before.decidedAt === at ? before.nth + 1 : 1
    const tier = { ...before, gained: null, decidedAt: at, nth, byHand: false, barred: null }
    if (kind === 'tier-at-risk') return { ...tier, until: null, grace: until, landing: named(data.to) }
    const isByHand = data.reason.code === 'tier-set-by-hand'
    const decided: TierState = {
      ...tier,
      until,
      grace: null,
      landing: null,
      byHand: isByHand,
      barred: isByHand ? named(data.reached) : null,
      basis: basis ?? null,
      ...(kind === 'tier-changed' && { tier: named(data.tier), since: date }),
    }
    if (begins === undefined) return decided
    return { ...(isOfTerms ? measure.restart(decided, begins, counted) : decided), begins }
  }

  const named = (word: string | undefined): string | null =>
    word === undefined || !ranks.has(word) ? null : word

  return {
    track,
    measure,
    words,
    needsEnrolment: 'tenure' in track.measure || (typeof window === 'object' && 'years' in window),
    rankOf,
    keepOf,
    reached,
    termEnd,
    endsAt: ({ until, grace: ends }) => until ?? ends,
    atEnd,
    atMeasure,
    nextMeasure,
    byHand,
    after,
  }
}

/** What qualified for the term that runs, and for those beside it, the first first. */
function termsOf({ tier, basis, begins, until }: TierState): readonly TierTerm[] {
  if (basis === null || tier === null) return []
  const { besides = [], ...own } = basis
  return [...besides, { ...own, tier, begins, until }].sort((a, b) => a.at - b.at)
}

const keeps = ({ from, keep = from }: TierLevel): number => keep

/** When terms end that begin at an instant. */
function termEnds(hold: TierHold, zone: Calendar): ((begins: Instant) => Instant) | undefined {
  if (hold === 'none') return undefined
  if (!('untilEndOf' in hold)) return zone.adder(hold)
  const { untilEndOf: unit, after = 0 } = hold
  return (begins) => {
    let end = endOfUnit(zone, unit, begins)
    for (let i = 0; i < after; i++) end = endOfUnit(zone, unit, end)
    return end
  }
}
