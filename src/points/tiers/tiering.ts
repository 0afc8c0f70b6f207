import { reading } from '../../kernel/errors.js'
import type { AnyEvent, Calendar, Due, DueEvent, Instant, PendingRule } from '../../kernel/index.js'
import { get } from '../../kernel/sorted.js'
import type { Move } from '../../ledger/index.js'
import { originKey, originsBy, type PointsState } from '../account.js'
import { noShare, type Share } from '../events.js'
import type { ReversalData } from '../holders/holder-events.js'
import type { TierTrack } from './definition.js'
import type { TierData } from './events.js'
import { type Ladder, ladderOf, type TierDecision } from './ladder.js'
import { newTier, type TierBasis, type TierState } from './state.js'
import { pendingTiers, type TierView, tierViewOf } from './view.js'

/** The tiers of an engine: what events and time do to them. */
export interface Tiering {
  readonly ladders: readonly Ladder[]
  readonly start: readonly TierState[]
  /** What a fact that was heard does: the account begins with the first, unless somebody has enrolled. */
  heard(state: PointsState, event: AnyEvent): readonly TierState[]
  /** What an event of the engine itself does, after it was posted. */
  recorded(before: PointsState, posted: PointsState, kind: string, event: AnyEvent): PointsState
  /** Whether an event is about tiers alone. */
  isTierEvent(kind: string): boolean
  /** The next end of a term or of a grace. */
  nextEnd(state: PointsState): Due | undefined
  /** What the measures bring about at an instant, after all else, or next. */
  nextMeasure(state: PointsState, at: Instant): Due | undefined
  view(state: PointsState, asOf: Instant): { readonly [track: string]: TierView }
  /** When what views say of tiers may change next without an event. */
  nextStep(state: PointsState, asOf: Instant): Instant | undefined
  pending(state: PointsState, asOf: Instant): readonly PendingRule[]
}

const KINDS = new Set(['tier-changed', 'tier-kept', 'tier-at-risk'])
/** Where units are that were earned and neither wait nor were taken back. */
const COUNTED: ReadonlySet<string> = new Set([
  'available',
  'deficit',
  'reserved',
  'redeemed',
  'expired',
  'transferred',
  'forfeited',
])

/** Compiles the tiers of an engine. */
export function tieringOf(id: string, tracks: readonly TierTrack[], zone: Calendar): Tiering {
  const ladders = tracks.map((track) => ladderOf(track, zone))
  const enrolls = ladders.some(({ needsEnrolment }) => needsEnrolment)

  function heard({ tiers, holder }: PointsState, { occurredAt }: AnyEvent): readonly TierState[] {
    if (!enrolls || (holder !== null && holder.enrolledAt !== null)) return tiers
    if (!tiers.some(({ enrolled }, i) => isLater(enrolled, occurredAt, ladders[i]!))) return tiers
    return tiers.map((tier, i) =>
      isLater(tier.enrolled, occurredAt, ladders[i]!) ? { ...tier, enrolled: occurredAt } : tier,
    )
  }

  function recorded(before: PointsState, posted: PointsState, kind: string, event: AnyEvent): PointsState {
    return reading('wrong-type', '$.event.data', event, 'what a posting records', () => {
      const tiers = kind === 'enrolled' ? enrolled(posted) : heard(posted, event)
      const after = KINDS.has(kind) ? decided(tiers, kind, event) : counted(before, tiers, kind, event)
      return after === posted.tiers ? posted : { ...posted, tiers: after }
    })
  }

  /** The account begins when its holder enrolled, whatever was heard before. */
  const enrolled = ({ tiers, holder }: PointsState): readonly TierState[] =>
    tiers.map((tier, i) =>
      ladders[i]!.needsEnrolment ? { ...tier, enrolled: holder?.enrolledAt ?? tier.enrolled } : tier,
    )

  function decided(tiers: readonly TierState[], kind: string, event: AnyEvent): readonly TierState[] {
    const data = event.data as TierData
    const date = event.effectiveAt ?? event.occurredAt
    return tiers.map((tier, i) =>
      ladders[i]!.track.track === data.track
        ? ladders[i]!.after(tier, kind, data, event.occurredAt, date)
        : tier,
    )
  }

  function counted(
    before: PointsState,
    tiers: readonly TierState[],
    kind: string,
    event: AnyEvent,
  ): readonly TierState[] {
    const { currency } = event.data as { readonly currency?: string }
    const concerned = ({ track: { measure } }: Ladder) =>
      currency === ('earned' in measure ? measure.earned : 'balance' in measure && measure.balance)
    if (!ladders.some(concerned)) return tiers
    const amounts = amountsOf(before, kind, event)
    if (amounts.length === 0) return tiers
    return tiers.map((tier, i) => {
      const ladder = ladders[i]!
      return concerned(ladder)
        ? amounts.reduce((one, amount) => withAmount(ladder, one, amount, event), tier)
        : tier
    })
  }

  const named = (
    { track: { track } }: Ladder,
    tier: TierState,
    at: Instant,
    decision: TierDecision,
  ): DueEvent => {
    const nth = tier.decidedAt === at ? tier.nth : 0
    return { type: `${id}/${decision.kind}`, rule: `tier>${track}#${nth}`, data: decision.data }
  }

  function nextEnd({ tiers, books }: PointsState): Due | undefined {
    let first: { readonly at: Instant; readonly i: number } | undefined
    for (let i = 0; i < tiers.length; i++) {
      const at = ladders[i]!.endsAt(tiers[i]!)
      if (at !== null && (first === undefined || at < first.at)) first = { at, i }
    }
    if (first === undefined) return undefined
    const { at, i } = first
    return {
      at,
      make: () => named(ladders[i]!, tiers[i]!, at, ladders[i]!.atEnd(tiers[i]!, books, at)),
    }
  }

  function nextMeasure({ tiers, books }: PointsState, at: Instant): Due | undefined {
    let next: { readonly at: Instant; readonly i: number } | undefined
    for (let i = 0; i < tiers.length; i++) {
      const ladder = ladders[i]!
      const decision = ladder.atMeasure(tiers[i]!, books, at)
      if (decision !== undefined) return { at, make: () => named(ladder, tiers[i]!, at, decision) }
      const later = ladder.nextMeasure(tiers[i]!, at)
      if (later !== undefined && (next === undefined || later < next.at)) next = { at: later, i }
    }
    if (next === undefined) return undefined
    const { at: later, i } = next
    return {
      at: later,
      make: () => named(ladders[i]!, tiers[i]!, later, ladders[i]!.atMeasure(tiers[i]!, books, later)!),
    }
  }

  return {
    ladders,
    start: tracks.map(() => newTier),
    heard,
    recorded,
    isTierEvent: (kind) => KINDS.has(kind),
    nextEnd,
    nextMeasure,
    view: ({ tiers, books }, asOf) =>
      Object.fromEntries(
        ladders.map((ladder, i) => [ladder.track.track, tierViewOf(ladder, tiers[i]!, books, asOf)]),
      ),
    nextStep: ({ tiers }, asOf) =>
      ladders.reduce<Instant | undefined>((first, { measure }, i) => {
        const next = measure.step(tiers[i]!, asOf)
        return next !== undefined && (first === undefined || next < first) ? next : first
      }, undefined),
    pending: ({ tiers, books }, asOf) =>
      ladders.flatMap((ladder, i) => pendingTiers(ladder, i, tierViewOf(ladder, tiers[i]!, books, asOf))),
  }
}

const isLater = (enrolled: Instant | null, at: Instant, { needsEnrolment }: Ladder) =>
  needsEnrolment && (enrolled === null || enrolled > at)

interface Amount {
  readonly amount: number
  readonly date: Instant
}

function withAmount(
  { measure }: Ladder,
  tier: TierState,
  { amount, date }: Amount,
  event: AnyEvent,
): TierState {
  const { basis } = tier
  const next = measure.count(tier, amount, date, event.occurredAt)
  const sumOf = (one: TierBasis) => (measure.counted(tier, one, date) ? one.sum + amount : one.sum)
  const besides = basis?.besides?.map((one) => ({ ...one, sum: sumOf(one) }))
  const based =
    basis === null ? next : { ...next, basis: { ...basis, sum: sumOf(basis), ...(besides && { besides }) } }
  return amount > 0 ? { ...based, gained: event.occurredAt } : based
}

/** How many points of an order were taken back that were not there: let go, or owed in money. */
const openOf = ({ uncollected = 0, due = 0 }: Share = noShare) => uncollected + due

/** How many expired and have not stood in for a clawback. */
const lapsedOf = ({ expired, excused }: Share = noShare) => expired - excused

/** Of a posting by hand, below zero: of what had been given, and not of what goes between holders. */
function notThere(kind: string, { data }: AnyEvent): number {
  if (kind !== 'reversed' && kind !== 'adjusted') return 0
  const {
    kind: of,
    uncollected = 0,
    due,
  } = data as Pick<ReversalData, 'uncollected' | 'due'> & {
    readonly kind?: ReversalData['kind']
  }
  return of === 'sent' || of === 'received' ? 0 : 0 - uncollected - (due?.points ?? 0)
}

/** What a posting adds to what was earned, or takes from it, each part with its own date. */
function amountsOf(before: PointsState, kind: string, event: AnyEvent): readonly Amount[] {
  const { effectiveAt, occurredAt } = event
  const {
    moves = [],
    rule,
    origin,
    share,
  } = event.data as {
    readonly moves?: readonly Move[]
    readonly rule?: string
    readonly origin?: string
    readonly share?: Share
  }
  const originOf = (key: string) => get(originsBy, before.origins, key)
  const own = rule === undefined || origin === undefined ? undefined : originOf(originKey(rule, origin))
  const amounts = new Map<Instant, number>()
  const add = (amount: number, date: Instant) => {
    if (amount !== 0) amounts.set(date, (amounts.get(date) ?? 0) + amount)
  }
  const ownDate = effectiveAt ?? (kind === 'earned' ? occurredAt : (own?.at ?? occurredAt))
  for (const { from, to, amount, of } of moves) {
    const sign = Number(COUNTED.has(to)) - Number(COUNTED.has(from))
    if (sign === 0) continue
    const waited = from === 'pending' && kind === 'confirmed' && of !== undefined
    const earnedAt = waited ? originOf(originKey(of[0]!, of[1]!))?.at : undefined
    add(sign * amount, effectiveAt ?? earnedAt ?? ownDate)
  }
  // What had expired, or was not there, is taken back from what was earned all the same.
  if (kind === 'clawed-back' && share !== undefined) add(lapsedOf(share) - lapsedOf(own?.share), ownDate)
  add(share === undefined ? notThere(kind, event) : openOf(own?.share) - openOf(share), ownDate)
  return [...amounts].flatMap(([date, amount]) => (amount === 0 ? [] : [{ amount, date }]))
}
