import { unread } from '../kernel/errors.js'
import type { AnyEvent, Track } from '../kernel/index.js'
import { get, insert } from '../kernel/sorted.js'
import { partAfter } from '../ledger/book.js'
import type { LotPart, Move } from '../ledger/index.js'
import {
  booksAfter,
  copied,
  type Origin,
  type Owed,
  originKey,
  originsBy,
  type PointsState,
  partsOf,
  redemptionsBy,
  withEntry,
} from './account.js'
import {
  type CapUse,
  type Limits,
  withCounted,
  withoutUses,
  withoutWaiter,
  withRoomBack,
  withUses,
  withWaiter,
} from './earning/limits.js'
import type {
  ClawedBackData,
  Corrects,
  EarnedData,
  LotsData,
  RedemptionData,
  ReservationData,
  Share,
  UnmatchedData,
} from './events.js'
import { collectedFrom, withoutEarly } from './holders/holder.js'
import {
  adjusted,
  closed,
  enrolled,
  handedOver,
  keptByHand,
  lotsIn,
  received,
  reversed,
  sent,
  takenOver,
} from './holders/holder-posting.js'
import { expired, extended, forfeited, refunded, reinstated, released } from './lasting/lasting-posting.js'

/** Applies a posting: total, whatever was recorded. */
export function post(
  state: PointsState,
  kind: string,
  event: AnyEvent,
  tracks: readonly Track[],
): PointsState {
  try {
    const posted = postings.get(kind)!(state, event, tracks)
    // A correction follows from everything that is known: nothing of it is still to be decided.
    return (event.data as Corrects).correctsSince === undefined || posted.owed.length === 0
      ? posted
      : { ...posted, owed: [] }
  } catch (error) {
    throw unread('wrong-type', '$.event.data', event, 'what a posting records', error)
  }
}

type Posting = (state: PointsState, event: AnyEvent, tracks: readonly Track[]) => PointsState

const postings: ReadonlyMap<string, Posting> = /* @__PURE__ */ new Map(
  Object.entries<Posting>({
    earned,
    confirmed,
    redeemed,
    refunded,
    expired,
    'clawed-back': clawedBack,
    reserved: moved,
    released,
    extended,
    reinstated,
    unmatched,
    enrolled,
    closed,
    forfeited,
    adjusted,
    reversed,
    sent,
    received,
    'handed-over': handedOver,
    'taken-over': takenOver,
  }),
)

function earned(state: PointsState, event: AnyEvent, tracks: readonly Track[]): PointsState {
  const data = event.data as EarnedData
  const { rule, currency, moves, share, reason } = data
  const { carries } = reason as { readonly carries?: number }
  const byHand = reason.code === 'given-by-hand'
  const kept = byHand ? keptByHand(state.holder, 'earned', event, data, lotsIn(moves)) : state.holder
  const answered = settles('earn', data)
  const next = copied(state)
  next.holder = collectedFrom(withoutEarly(kept, answered), currency, data.uncollected, data.due)
  next.books = booksAfter(state.books, currency, moves)
  next.carried = withCarried(state.carried, rule, carries)
  if (share !== undefined) next.origins = withShare(state.origins, data, event, share, moves)
  // What had waited was settled when its event came.
  if (reason.code !== 'paid-after-waiting') next.owed = without(state.owed, answered)
  next.tracks = tracks
  next.limits = limitsAfter(state, data, event)
  return next
}

/** Where limits stand after an issue; the same object for those that no limit looks at. */
function limitsAfter(
  { limits, origins }: PointsState,
  { standing, counts, points, event, restsUntil, rule, origin, share, reason }: EarnedData,
  { occurredAt }: AnyEvent,
): Limits {
  if (standing !== undefined) return standing
  let next = limits
  if (counts !== undefined) next = withCounted(next, counts, points, event, occurredAt)
  if (rule === undefined) return next
  if (restsUntil !== undefined) next = { ...next, rests: { ...next.rests, [rule]: restsUntil } }
  if (origin === undefined || share === undefined) return next
  // Who was paid for waiting and has nothing left to wait for, leaves, whatever was known of it.
  if (reason.code === 'paid-after-waiting' && share.waits === undefined)
    return withoutWaiter(next, rule, origin)
  return waitersAfter(next, origins, rule, origin, share)
}

/** Whether an origin waits for room is whether some of its points do. */
function waitersAfter(
  limits: Limits,
  origins: PointsState['origins'],
  rule: string,
  origin: string,
  { waits = 0 }: Share,
): Limits {
  if (waits === 0 && limits.waiters === 0) return limits
  const waited = get(originsBy, origins, originKey(rule, origin))?.share.waits ?? 0
  if (waits > 0 === waited > 0) return limits
  return waits > 0 ? withWaiter(limits, rule, origin) : withoutWaiter(limits, rule, origin)
}

/** What is left over under a rule; the same object where that stays. */
function withCarried(carried: PointsState['carried'], rule: string | undefined, carries: number | undefined) {
  if (rule === undefined || carries === undefined || (carried[rule] ?? 0) === carries) return carried
  return withEntry(carried, rule, carries)
}

function withShare(
  origins: PointsState['origins'],
  data: Pick<EarnedData, 'rule' | 'origin' | 'currency' | 'points' | 'counts' | 'uses'> &
    Pick<ClawedBackData, 'returned'>,
  event: AnyEvent,
  share: Share,
  issued: readonly Move[],
): PointsState['origins'] {
  const { rule = '', origin = '', currency } = data
  const key = originKey(rule, origin)
  const now = event.effectiveAt ?? event.occurredAt
  const lot = lotOf(issued)
  const after = (known: Origin | undefined): Origin => {
    const at = known?.at ?? now
    const before = known?.lots ?? nothing
    const lots = lot === undefined ? before : before.length === 0 ? [lot] : [...before, lot]
    const one: { -readonly [N in keyof Origin]: Origin[N] } = { key, rule, origin, currency, at, share, lots }
    const uses = usesAfter(known?.uses ?? nothing, data)
    if (uses.length > 0) one.uses = uses
    const last = Math.max(now, known?.last ?? now)
    if (last > at) one.last = last
    return one
  }
  // Nearly all are new: those that are known are found on the way.
  return insert(originsBy, origins, after(undefined), after)
}

const nothing: readonly never[] = []

/** What an origin counts towards after a posting. */
function usesAfter(
  known: readonly CapUse[],
  {
    points,
    counts,
    uses,
    returned,
  }: Pick<EarnedData, 'points' | 'counts' | 'uses'> & Pick<ClawedBackData, 'returned'>,
): readonly CapUse[] {
  if (uses !== undefined) return uses
  if (returned !== undefined) return withoutUses(known, returned)
  return counts === undefined || points === 0 ? known : withUses(known, counts, points)
}

/** The lot that some moves have issued, whole: what of it repaid a deficit at once may come back to it. */
function lotOf(moves: readonly Move[]): LotPart | undefined {
  const last = moves[moves.length - 1]
  if (last?.from !== 'issuance' || last.lot === undefined) return undefined
  let amount = 0
  for (const move of moves) amount += move.amount
  const part = partAfter(last)
  return part.amount === amount ? part : { ...part, amount }
}

/** Applies moves, and remembers nothing else. */
function moved(state: PointsState, event: AnyEvent, tracks: readonly Track[]): PointsState {
  const { currency, moves } = event.data as ReservationData
  const next = copied(state)
  next.books = booksAfter(state.books, currency, moves)
  next.tracks = tracks
  return next
}

function confirmed(state: PointsState, event: AnyEvent, tracks: readonly Track[]): PointsState {
  const { currency, moves, origin, waiting } = event.data as LotsData
  const answered = (one: Owed) => one.do === 'confirm' && one.origin === origin && one.currency === currency
  const next = copied(state)
  next.books = booksAfter(state.books, currency, moves)
  next.origins = withConfirmed(state.origins, origin, waiting)
  next.holder = withoutEarly(state.holder, answered)
  next.owed = without(state.owed, answered)
  next.tracks = tracks
  return next
}

/** What waits for room under these rules will not have to be confirmed again. */
function withConfirmed(
  origins: PointsState['origins'],
  origin = '',
  rules: readonly string[] = [],
): PointsState['origins'] {
  let next = origins
  for (const rule of rules) {
    const known = get(originsBy, next, originKey(rule, origin))
    if (known === undefined) continue
    next = insert(originsBy, next, { ...known, share: { ...known.share, confirmed: true } })
  }
  return next
}

function redeemed(state: PointsState, event: AnyEvent, tracks: readonly Track[]): PointsState {
  const { points, currency, redemption: id, moves, paid } = event.data as RedemptionData
  const known = { id, currency, points, refunded: 0, lots: partsOf(moves), at: event.occurredAt }
  const one = paid === undefined ? known : { ...known, paid }
  const next = copied(state)
  next.books = booksAfter(state.books, currency, moves)
  next.redemptions = insert(redemptionsBy, state.redemptions, one)
  next.tracks = tracks
  return next
}

/** A refund of which nothing is known changes nothing: it is said, so that somebody may look. */
function unmatched(state: PointsState, event: AnyEvent, tracks: readonly Track[]): PointsState {
  const { origin, event: id } = event.data as UnmatchedData
  const answered = (one: Owed) => one.do === 'unmatched' && one.origin === origin && one.event === id
  return {
    ...state,
    holder: withoutEarly(state.holder, answered),
    owed: without(state.owed, answered),
    tracks,
  }
}

function clawedBack(state: PointsState, event: AnyEvent, tracks: readonly Track[]): PointsState {
  const data = event.data as ClawedBackData
  const { rule, origin, currency, share, carries, moves, returned, uncollected, due } = data
  const limits =
    returned === undefined ? state.limits : withRoomBack(state.limits, returned, event.occurredAt)
  const answered = settles('claw-back', data)
  const next = copied(state)
  next.holder = collectedFrom(withoutEarly(state.holder, answered), currency, uncollected, due)
  next.books = booksAfter(state.books, currency, moves)
  next.carried = withCarried(state.carried, rule, carries)
  next.origins = withShare(state.origins, data, event, share, [])
  next.owed = without(state.owed, answered)
  next.tracks = tracks
  next.limits = waitersAfter(limits, state.origins, rule, origin, share)
  return next
}

/** Whether a posting settles what is owed: what its event had brought about; a correction, which names none, all of it. */
const settles =
  (kind: Owed['do'], data: Pick<EarnedData, 'rule' | 'origin' | 'event' | 'instead'>) =>
  (owed: Owed): boolean =>
    (owed.do === 'earn' &&
      data.instead !== undefined &&
      owed.event === data.event &&
      data.instead.includes(owed.rule)) ||
    (owed.do !== 'confirm' &&
      owed.do !== 'unmatched' &&
      owed.rule === data.rule &&
      owed.origin === data.origin &&
      (data.event === undefined || (owed.do === kind && owed.event === data.event)))

/** What is owed, without what an event has answered. */
function without(owed: readonly Owed[], answered: (one: Owed) => boolean): readonly Owed[] {
  // Most often one thing is owed, and that is it.
  if (owed.length === 1) return answered(owed[0]!) ? nothing : owed
  return owed.some(answered) ? owed.filter((one) => !answered(one)) : owed
}
