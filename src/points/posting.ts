import { reading } from '../kernel/errors.js'
import type { AnyEvent, Track } from '../kernel/index.js'
import { get, insert } from '../kernel/sorted.js'
import { type Book, type LotPart, type Move, post as postMoves } from '../ledger/index.js'
import { type Owed, originKey, originsBy, type PointsState, redemptionsBy } from './account.js'
import type {
  ClawedBackData,
  EarnedData,
  LotsData,
  RedemptionData,
  ReservationData,
  Share,
} from './events.js'

/** Applies a posting: total, whatever was recorded. */
export function post(
  state: PointsState,
  kind: string,
  event: AnyEvent,
  tracks: readonly Track[],
): PointsState {
  return reading('wrong-type', '$.event.data', event, 'what a posting records', () =>
    postings[kind as keyof typeof postings](state, event, tracks),
  )
}

const postings = {
  earned,
  confirmed,
  redeemed,
  refunded,
  expired,
  'clawed-back': clawedBack,
  reserved: moved,
  released: moved,
}

/** The books after the moves of an event. */
function booksAfter(
  books: PointsState['books'],
  currency: string,
  moves: readonly Move[],
): PointsState['books'] {
  if (moves.length === 0) return books
  const book = postMoves(books[currency] as Book, moves)
  return { ...books, [currency]: book }
}

/** The parts of lots that some moves are about. */
const partsOf = (moves: readonly Move[]): readonly LotPart[] =>
  moves.flatMap(({ from: _, to: __, reservation: ___, until: ____, ...part }) =>
    part.lot === undefined ? [] : [part as LotPart],
  )

function earned(state: PointsState, event: AnyEvent, tracks: readonly Track[]): PointsState {
  const data = event.data as EarnedData
  const { rule, currency, moves, share, reason } = data
  const carries = reason.code === 'given-by-hand' ? undefined : reason.carries
  return {
    ...state,
    books: booksAfter(state.books, currency, moves),
    carried: withCarried(state.carried, rule, carries),
    origins: share === undefined ? state.origins : withShare(state.origins, data, event, share, moves),
    owed: without(state.owed, settles('earn', data)),
    tracks,
  }
}

/** What is left over under a rule; the same object where that stays. */
function withCarried(carried: PointsState['carried'], rule: string | undefined, carries: number | undefined) {
  if (rule === undefined || carries === undefined || (carried[rule] ?? 0) === carries) return carried
  return { ...carried, [rule]: carries }
}

function withShare(
  origins: PointsState['origins'],
  { rule = '', origin = '', currency }: Pick<EarnedData, 'rule' | 'origin' | 'currency'>,
  event: AnyEvent,
  share: Share,
  issued: readonly Move[],
): PointsState['origins'] {
  const key = originKey(rule, origin)
  const known = get(originsBy, origins, key)
  const at = known?.at ?? event.effectiveAt ?? event.occurredAt
  const before = known?.lots ?? []
  const lot = lotOf(issued)
  const lots = lot === undefined ? before : [...before, lot]
  return insert(originsBy, origins, { key, rule, origin, currency, at, share, lots })
}

/** The lot that some moves have issued, whole: what of it repaid a deficit at once may come back to it. */
function lotOf(moves: readonly Move[]): LotPart | undefined {
  const last = moves[moves.length - 1]
  if (last?.from !== 'issuance' || last.lot === undefined) return undefined
  let amount = 0
  for (const move of moves) amount += move.amount
  const { lot, expiresAt = null, confirmsAt, rank, of } = last
  const part: { -readonly [N in keyof LotPart]: LotPart[N] } = { lot, amount, expiresAt }
  if (confirmsAt !== undefined) part.confirmsAt = confirmsAt
  if (rank !== undefined) part.rank = rank
  if (of !== undefined) part.of = of
  return part
}

/** Applies moves, and remembers nothing else. */
function moved(state: PointsState, event: AnyEvent, tracks: readonly Track[]): PointsState {
  const { currency, moves } = event.data as ReservationData
  return { ...state, books: booksAfter(state.books, currency, moves), tracks }
}

function confirmed(state: PointsState, event: AnyEvent, tracks: readonly Track[]): PointsState {
  const { currency, moves, origin } = event.data as LotsData
  return {
    ...state,
    books: booksAfter(state.books, currency, moves),
    owed: without(state.owed, (one) => one.do === 'confirm' && one.origin === origin),
    tracks,
  }
}

function redeemed(state: PointsState, event: AnyEvent, tracks: readonly Track[]): PointsState {
  const { points, currency, redemption: id, moves } = event.data as RedemptionData
  const one = { id, currency, points, refunded: 0, lots: partsOf(moves) }
  return {
    ...state,
    books: booksAfter(state.books, currency, moves),
    redemptions: insert(redemptionsBy, state.redemptions, one),
    tracks,
  }
}

function refunded(state: PointsState, event: AnyEvent, tracks: readonly Track[]): PointsState {
  const { points, currency, redemption: id, moves } = event.data as RedemptionData
  const known = get(redemptionsBy, state.redemptions, id)
  const redemptions =
    known === undefined
      ? state.redemptions
      : insert(redemptionsBy, state.redemptions, { ...known, refunded: known.refunded + points })
  const origins = withReturned(state.origins, partsOf(moves))
  return { ...state, books: booksAfter(state.books, currency, moves), origins, redemptions, tracks }
}

/** An origin finds its lots under their terms: a grace may have given them other ones. */
function withReturned(origins: PointsState['origins'], parts: readonly LotPart[]): PointsState['origins'] {
  let next = origins
  for (const part of parts) {
    const known = part.of && get(originsBy, next, originKey(part.of[0]!, part.of[1]!))
    if (known === undefined) continue
    if (known.lots.some(({ lot, expiresAt }) => lot === part.lot && expiresAt === part.expiresAt)) continue
    next = insert(originsBy, next, { ...known, lots: [...known.lots, part].sort((a, b) => a.lot - b.lot) })
  }
  return next
}

function expired(state: PointsState, event: AnyEvent, tracks: readonly Track[]): PointsState {
  const { currency, moves } = event.data as LotsData
  return {
    ...state,
    books: booksAfter(state.books, currency, moves),
    origins: withExpired(state.origins, moves),
    tracks,
  }
}

function withExpired(origins: PointsState['origins'], moves: readonly Move[]): PointsState['origins'] {
  let next = origins
  for (const { of, amount } of moves) {
    const known = of && get(originsBy, next, originKey(of[0]!, of[1]!))
    if (known === undefined) continue
    const { key, rule, origin, currency, at, lots } = known
    const { base, refunded, earned, clawedBack, expired, excused } = known.share
    const share = { base, refunded, earned, clawedBack, expired: expired + amount, excused }
    next = insert(originsBy, next, { key, rule, origin, currency, at, share, lots })
  }
  return next
}

function clawedBack(state: PointsState, event: AnyEvent, tracks: readonly Track[]): PointsState {
  const data = event.data as ClawedBackData
  const { rule, currency, share, carries, moves } = data
  return {
    ...state,
    books: booksAfter(state.books, currency, moves),
    carried: withCarried(state.carried, rule, carries),
    origins: withShare(state.origins, data, event, share, []),
    owed: without(state.owed, settles('claw-back', data)),
    tracks,
  }
}

/** Whether a posting settles what is owed: what its event had brought about; a correction, which names none, all of it. */
const settles =
  (kind: Owed['do'], data: { readonly rule?: string; readonly origin?: string; readonly event?: string }) =>
  (owed: Owed): boolean =>
    owed.do !== 'confirm' &&
    owed.rule === data.rule &&
    owed.origin === data.origin &&
    (data.event === undefined || (owed.do === kind && owed.event === data.event))

/** What is owed, without what an event has answered. */
const without = (owed: readonly Owed[], answered: (one: Owed) => boolean): readonly Owed[] =>
  owed.some(answered) ? owed.filter((one) => !answered(one)) : owed
