import type { AnyEvent, Instant, Track } from '../../kernel/index.js'
import { get, insert, remove } from '../../kernel/sorted.js'
import { type LotPart, type Lots, type Move, remainingOf } from '../../ledger/index.js'
import {
  booksAfter,
  copied,
  type LapsedLot,
  lapsedBy,
  originsBy,
  ownerOf,
  type PointsState,
  partsOf,
  type Redemption,
  redemptionsBy,
  returned,
  withEntry,
} from '../account.js'
import type { LotsData, RefundData, ReinstatedData, ReservationData } from '../events.js'
import type { ForfeitedData } from '../holders/holder-events.js'
import { paidLess } from '../spending/refunding.js'

export function refunded(state: PointsState, event: AnyEvent, tracks: readonly Track[]): PointsState {
  const { points, currency, redemption: id, moves, paid: back } = event.data as RefundData
  const known = get(redemptionsBy, state.redemptions, id)
  let { redemptions } = state
  if (known !== undefined) {
    const refunded = known.refunded + points
    const next: Redemption = { ...known, refunded, last: event.occurredAt }
    const { paid } = known
    redemptions = insert(
      redemptionsBy,
      redemptions,
      back === undefined || paid === undefined ? next : { ...next, paid: paidLess(paid, back) },
    )
  }
  const books = booksAfter(state.books, currency, moves)
  // What comes back in new lots belongs to whom the lots belonged that were spent.
  const { issued } = state.books[currency]!.lots
  const spent = known === undefined ? [] : returned(known, points)
  const lotBefore = ({ lot }: LotPart) => (lot < issued ? lot : (spent[lot - issued]?.lot ?? lot))
  const origins = withReturned(state.origins, partsOf(moves), books[currency]!.lots, lotBefore)
  const after = copied(state)
  after.books = books
  after.origins = origins
  after.redemptions = redemptions
  after.tracks = tracks
  return after
}

export function released(state: PointsState, event: AnyEvent, tracks: readonly Track[]): PointsState {
  const { currency, moves } = event.data as ReservationData
  return comeBack(state, currency, moves, tracks)
}

export function extended(state: PointsState, event: AnyEvent, tracks: readonly Track[]): PointsState {
  const { currency, moves } = event.data as LotsData
  return comeBack(state, currency, moves, tracks)
}

/** Applies moves after which lots may be found under other terms. */
function comeBack(
  state: PointsState,
  currency: string,
  moves: readonly Move[],
  tracks: readonly Track[],
): PointsState {
  const after = copied(state)
  after.books = booksAfter(state.books, currency, moves)
  after.origins = withReturned(state.origins, partsOf(moves), after.books[currency]!.lots)
  after.tracks = tracks
  return after
}

export function reinstated(state: PointsState, event: AnyEvent, tracks: readonly Track[]): PointsState {
  const { currency, moves, restores } = event.data as ReinstatedData
  const books = booksAfter(state.books, currency, moves)
  let lapsed = state.lapsed[currency] ?? null
  for (const [at, lot, end, amount] of restores) {
    const key = [at, lot, end ?? Number.MAX_SAFE_INTEGER] as const
    const known = get(lapsedBy, lapsed, key)
    if (known === undefined) continue
    const left = known.amount - amount
    lapsed = left > 0 ? insert(lapsedBy, lapsed, { ...known, amount: left }) : remove(lapsedBy, lapsed, key)
  }
  return {
    ...state,
    books,
    lapsed: { ...state.lapsed, [currency]: lapsed },
    origins: withReturned(withExpired(state.origins, moves, -1), partsOf(moves), books[currency]!.lots),
    tracks,
  }
}

/** An origin finds its lots under their terms, and forgets those that are gone: they come back under what they are then. */
function withReturned(
  origins: PointsState['origins'],
  parts: readonly LotPart[],
  lots: Lots,
  lotBefore: (part: LotPart) => number = ({ lot }) => lot,
): PointsState['origins'] {
  let next = origins
  for (const part of parts) {
    const known = ownerOf(next, part.of, lotBefore(part))
    if (known === undefined) continue
    if (known.lots.some(({ lot, expiresAt }) => lot === part.lot && expiresAt === part.expiresAt)) continue
    // The number of a lot stays known: by it what else of it comes back is told from lots of an origin that was forgotten.
    const there = known.lots.filter((one) => one.lot !== part.lot || remainingOf(lots, [one]).length > 0)
    next = insert(originsBy, next, { ...known, lots: [...there, part].sort(byIssue) })
  }
  return next
}

export function expired(state: PointsState, event: AnyEvent, tracks: readonly Track[]): PointsState {
  const { currency, moves } = event.data as LotsData
  const lapsed = withLapsed(state.lapsed[currency] ?? null, moves, event.occurredAt)
  const after = copied(state)
  after.books = booksAfter(state.books, currency, moves)
  after.origins = withExpired(state.origins, moves, 1)
  after.lapsed = withEntry(state.lapsed, currency, lapsed)
  after.tracks = tracks
  return after
}

/** What is lost with the account does not come back, and stands in for what would be taken back of it. */
export function forfeited(state: PointsState, event: AnyEvent, tracks: readonly Track[]): PointsState {
  const { currency, moves } = event.data as ForfeitedData
  return {
    ...state,
    books: booksAfter(state.books, currency, moves),
    origins: withExpired(state.origins, moves, 1),
    tracks,
  }
}

/** The older lot first; of one lot what ends first. */
const byIssue = (a: LotPart, b: LotPart) =>
  a.lot - b.lot || (a.expiresAt ?? Number.MAX_SAFE_INTEGER) - (b.expiresAt ?? Number.MAX_SAFE_INTEGER)

/** What expired may come back. */
function withLapsed(
  lapsed: PointsState['lapsed'][string],
  moves: readonly Move[],
  at: Instant,
): PointsState['lapsed'][string] {
  let next = lapsed
  for (const { lot = -1, amount, expiresAt = null, rank, of } of moves) {
    const one: { -readonly [N in keyof LapsedLot]: LapsedLot[N] } = { at, lot, amount, expiresAt }
    if (rank !== undefined) one.rank = rank
    if (of !== undefined) one.of = of
    next = insert(lapsedBy, next, one, (old, more) => ({ ...old, amount: old.amount + more.amount }))
  }
  return next
}

/** What expired of origins unspent, counted up, or down again where it came back. */
function withExpired(
  origins: PointsState['origins'],
  moves: readonly Move[],
  sign: 1 | -1,
): PointsState['origins'] {
  let next = origins
  for (const { of, amount, lot = -1 } of moves) {
    const known = ownerOf(next, of, lot)
    if (known === undefined) continue
    const share = { ...known.share, expired: known.share.expired + sign * amount }
    next = insert(originsBy, next, { ...known, share })
  }
  return next
}
