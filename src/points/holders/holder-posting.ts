import type { AnyEvent, Instant, Track } from '../../kernel/index.js'
import { first, get, insert, items, remove } from '../../kernel/sorted.js'
import { counted, type LotPart, type Move, movedFrom } from '../../ledger/index.js'
import {
  booksAfter,
  lapsedBy,
  type Origin,
  originKey,
  originsBy,
  type PointsState,
  partsOf,
  redemptionsBy,
} from '../account.js'
import { joinedLimits, noLimits, waitersIn, withoutWaiter } from '../earning/limits.js'
import { type LineShare, withLost } from '../earning/lines.js'
import { noShare, type Share } from '../events.js'
import { noRewards } from '../rewards/claims.js'
import { joinedRewards } from '../rewards/joining.js'
import { newTier } from '../tiers/state.js'
import { isOfThePast } from './enrolment.js'
import {
  byArrival,
  byHandId,
  bySent,
  collectedFrom,
  type HandPosting,
  type Holder,
  noHolder,
  remembered,
} from './holder.js'
import type {
  AdjustedData,
  EnrolledData,
  HandedOverData,
  ReversalData,
  TakenOverData,
  TransferData,
} from './holder-events.js'
import type { MoneyDue } from './negative.js'

export function enrolled(state: PointsState, event: AnyEvent, tracks: readonly Track[]): PointsState {
  const { enrolledAt } = event.data as EnrolledData
  const holder = state.holder ?? noHolder
  const early = [...items(byArrival, holder.early)].map(({ owed }) => owed)
  const now = state.owedAt === event.occurredAt ? state.owed : []
  return {
    ...state,
    holder: { ...holder, enrolledAt, closedAt: null, enrolling: null, early: null, earlyOrigins: null },
    ...(early.length > 0 && { owed: [...early, ...now], owedAt: event.occurredAt }),
    tracks,
  }
}

export function closed(state: PointsState, event: AnyEvent, tracks: readonly Track[]): PointsState {
  const holder = { ...(state.holder ?? noHolder), closedAt: event.occurredAt }
  return { ...withoutWaiting(state), holder, owed: state.owed.filter(isOfThePast), tracks }
}

/** What waits for room is lost with the account that it would have been paid to. */
function withoutWaiting(state: PointsState): PointsState {
  let { limits, origins } = state
  for (const { rule, origin } of limits.waiters === 0 ? [] : waitersIn(limits)) {
    limits = withoutWaiter(limits, rule, origin)
    const known = get(originsBy, origins, originKey(rule, origin))
    if (known === undefined) continue
    const { waits = 0, ...share } = known.share
    const lined = share.lines === undefined ? share : { ...share, lines: withLost(share.lines, waits) }
    origins = insert(originsBy, origins, { ...known, share: lined })
  }
  return { ...state, limits, origins }
}

/** What a posting by hand leaves to be reversed. */
export function keptByHand(
  holder: Holder | null,
  kind: HandPosting['kind'],
  event: AnyEvent,
  data: {
    readonly command?: string
    readonly reversibleUntil?: Instant
    readonly currency: string
    readonly points: number
    readonly due?: MoneyDue
  },
  lots: readonly LotPart[],
  owed = 0,
): Holder | null {
  const { command, reversibleUntil: until = null, currency, points, due } = data
  if (command === undefined) return holder
  const posting = {
    id: command,
    kind,
    currency,
    points,
    lots,
    owed,
    due: due?.points ?? 0,
    reversed: false,
    until,
  }
  return remembered(holder, posting, event.occurredAt)
}

/** The lots that moves have brought, whole: what of a lot repaid what was owed counts with it. */
export function lotsIn(moves: readonly Move[]): readonly LotPart[] {
  if (moves.length < 2) return partsOf(moves)
  const lots = new Map<string, LotPart>()
  for (const part of partsOf(moves)) {
    const end = `${part.lot}:${part.expiresAt}`
    const known = lots.get(end)
    lots.set(end, known === undefined ? part : { ...part, amount: known.amount + part.amount })
  }
  return [...lots.values()]
}

export function adjusted(state: PointsState, event: AnyEvent, tracks: readonly Track[]): PointsState {
  const data = event.data as AdjustedData
  const { currency, moves, due } = data
  const holder = keptByHand(state.holder, 'adjusted', event, data, lotsIn(moves), movedFrom(moves, 'deficit'))
  return {
    ...state,
    books: booksAfter(state.books, currency, moves),
    holder: collectedFrom(holder, currency, undefined, due),
    tracks,
  }
}

export function reversed(state: PointsState, event: AnyEvent, tracks: readonly Track[]): PointsState {
  const { of, currency, moves, uncollected, due } = event.data as ReversalData
  const holder = collectedFrom(state.holder, currency, uncollected, due) ?? noHolder
  const known = get(byHandId, holder.byHand, of)
  const byHand =
    known === undefined ? holder.byHand : insert(byHandId, holder.byHand, { ...known, reversed: true })
  return { ...state, books: booksAfter(state.books, currency, moves), holder: { ...holder, byHand }, tracks }
}

export function sent(state: PointsState, event: AnyEvent, tracks: readonly Track[]): PointsState {
  const data = event.data as TransferData
  const { currency, points, moves, countsUntil: until } = data
  const kept = keptByHand(state.holder, 'sent', event, { ...data, points: -points }, lotsIn(moves))
  let holder = kept
  if (until !== undefined) {
    const known = kept ?? noHolder
    let open = known.sent[currency] ?? null
    for (let one = first(open); one !== undefined && one.until <= event.occurredAt; one = first(open))
      open = remove(bySent, open, [one.until, one.id])
    open = insert(bySent, open, { until, id: data.command ?? event.id, points })
    holder = { ...known, sent: { ...known.sent, [currency]: open } }
  }
  return { ...state, books: booksAfter(state.books, currency, moves), holder, tracks }
}

export function received(state: PointsState, event: AnyEvent, tracks: readonly Track[]): PointsState {
  const data = event.data as TransferData
  const { currency, moves } = data
  const holder = keptByHand(state.holder, 'received', event, data, lotsIn(moves))
  return { ...state, books: booksAfter(state.books, currency, moves), holder, tracks }
}

export function handedOver(state: PointsState, event: AnyEvent, tracks: readonly Track[]): PointsState {
  const { books, estate, command } = event.data as HandedOverData
  const { enrolledAt } = state.holder ?? noHolder
  return {
    ...state,
    books: books.reduce((next, { currency, moves }) => booksAfter(next, currency, moves), state.books),
    carried: {},
    origins: null,
    redemptions: null,
    owed: [],
    lapsed: Object.fromEntries(Object.keys(state.lapsed).map((currency) => [currency, null])),
    fading: null,
    limits: noLimits,
    ...(state.rewards && { rewards: noRewards }),
    // When something was decided last tells decisions of one instant apart.
    tiers: state.tiers.map(({ decidedAt, nth }) => ({ ...newTier, decidedAt, nth })),
    holder: { ...noHolder, enrolledAt, closedAt: event.occurredAt, handed: { command, estate } },
    tracks,
  }
}

export function takenOver(
  state: PointsState,
  event: Pick<AnyEvent, 'occurredAt' | 'data'>,
  tracks: readonly Track[],
): PointsState {
  const { books, estate, reopens, tiers } = event.data as TakenOverData
  let after = state.books
  for (const { currency, issued, moves } of books) {
    after = booksAfter(after, currency, moves)
    const book = after[currency]!
    if (issued > 0) after = { ...after, [currency]: { ...book, lots: counted(book.lots, issued - 1) } }
  }
  let { origins, redemptions } = state
  for (const one of estate.origins) {
    const key = originKey(one.rule, one.origin)
    origins = insert(originsBy, origins, { ...one, key }, joinedOrigin)
  }
  for (const one of estate.redemptions) redemptions = insert(redemptionsBy, redemptions, one)
  const carried: Record<string, number> = { ...state.carried }
  for (const { rule, carries } of estate.carried) carried[rule] = (carried[rule] ?? 0) + carries
  let holder = state.holder
  for (const one of estate.byHand) holder = remembered(holder, one, event.occurredAt)
  for (const { currency, uncollected, due } of estate.books)
    holder = collectedFrom(holder, currency, uncollected, due ?? undefined)
  const lapsed = { ...state.lapsed }
  for (const { currency, lots } of estate.lapsed)
    for (const one of lots)
      lapsed[currency] = insert(lapsedBy, lapsed[currency] ?? null, one, (old, more) => ({
        ...old,
        amount: old.amount + more.amount,
      }))
  const firstAt =
    state.firstAt === null || estate.firstAt === null
      ? (state.firstAt ?? estate.firstAt)
      : Math.min(state.firstAt, estate.firstAt)
  const limits = joinedLimits(state.limits, estate.limits)
  if (reopens === true) holder = { ...(holder ?? noHolder), closedAt: null, handed: null }
  return {
    ...{ ...state, books: after, carried, origins, redemptions, lapsed, firstAt, limits, holder, tracks },
    tiers: tiers ?? state.tiers,
    ...(state.rewards &&
      estate.rewards && { rewards: joinedRewards(state.rewards, estate.rewards, event.occurredAt) }),
  }
}

/** Two origins of one key: what was bought, earned and taken back under both. */
function joinedOrigin(a: Origin, b: Origin): Origin {
  const share: Share = { ...b.share, ...a.share }
  const sums = Object.fromEntries(
    SUMS.flatMap((name) => {
      const sum = (a.share[name] ?? 0) + (b.share[name] ?? 0)
      return sum === 0 && !(name in noShare) ? [] : [[name, sum]]
    }),
  )
  const lines = joinedLines(a.share.lines ?? [], b.share.lines ?? [])
  const lots = [...a.lots, ...b.lots].sort((x, y) => x.lot - y.lot)
  const uses = [...(a.uses ?? []), ...(b.uses ?? [])]
  const last = Math.max(a.last ?? a.at, b.last ?? b.at)
  const joined: { -readonly [N in keyof Origin]: Origin[N] } = {
    ...a,
    at: Math.min(a.at, b.at),
    share: { ...share, ...sums, ...(lines.length > 0 && { lines }) },
    lots,
  }
  if (uses.length > 0) joined.uses = uses
  if (last > joined.at) joined.last = last
  return joined
}

/** Of a share, what adds up. */
const SUMS = [
  ...(['base', 'refunded', 'earned', 'clawedBack', 'expired', 'excused'] as const),
  ...(['waits', 'dropped', 'uncollected', 'due'] as const),
]

function joinedLines(a: readonly LineShare[], b: readonly LineShare[]): readonly LineShare[] {
  const lines = new Map(a.map((one) => [one.line, one]))
  for (const one of b) {
    const known = lines.get(one.line)
    lines.set(
      one.line,
      known === undefined
        ? one
        : {
            line: one.line,
            base: known.base + one.base,
            refunded: known.refunded + one.refunded,
            earned: known.earned + one.earned,
            taken: known.taken + one.taken,
          },
    )
  }
  return [...lines.values()]
}
