import { checkList, fault } from '../kernel/errors.js'
import { type Instant, type Sorted, type SortedOrder, SumOutOfRange } from '../kernel/index.js'
import { first, get, insert, items, remove } from '../kernel/sorted.js'
import {
  addPending,
  addSpendable,
  charge,
  counted,
  type LotPart,
  type Lots,
  lotsUnder,
  noLots,
  pendingIn,
  renameLots,
  spendableIn,
  takePending,
  takeSpendable,
} from './lots.js'

/** Where units of a holder are. */
export type HolderAccount = 'pending' | 'available' | 'reserved' | 'deficit'
/** Where they came from and where they went. */
export type OutsideAccount =
  | 'issuance'
  | 'redeemed'
  | 'expired'
  | 'clawed-back'
  | 'transferred'
  | 'adjusted'
  | 'forfeited'
export type LedgerAccount = HolderAccount | OutsideAccount

/**
 * One transfer of double entry: what leaves one account enters the other, so a posting always balances. Between places
 * of lots it names the lot with its terms; with `reservation`, which one holds it.
 */
export interface Move extends Partial<Omit<LotPart, 'amount'>> {
  readonly from: LedgerAccount
  readonly to: LedgerAccount
  readonly amount: number
  readonly reservation?: string
  /** Of what is reserved: when it is released by itself. */
  readonly until?: Instant | null
  /** Of a lot that stays where it is: its new end; `null` for never. */
  readonly endsAt?: Instant | null
}

/** Units set aside: they can be neither spent nor lost until they are captured or released. */
export interface BookReservation {
  readonly id: string
  /** When it is released by itself; `null` for never. */
  readonly until: Instant | null
  readonly amount: number
  readonly parts: readonly LotPart[]
}

/** All that ever moved, by direction: nothing is made or lost between them. */
export interface BookTotals {
  /** Issued by earning. */
  readonly earned: number
  /** Spent, and given back of that. */
  readonly redeemed: number
  readonly refunded: number
  /** Expired, and brought back of that. */
  readonly expired: number
  readonly reinstated: number
  readonly clawedBack: number
  /** From and to other holders. */
  readonly received: number
  readonly sent: number
  /** By hand. */
  readonly added: number
  readonly removed: number
  /** Lost when the account was closed. */
  readonly forfeited: number
}

/** What one holder has of one currency: lots, what is set aside of them, and all that ever moved. Plain JSON. */
export interface Book {
  readonly lots: Lots
  /** By id. */
  readonly reservations: Sorted<BookReservation, string> | null
  /** Those that end by themselves, by when they do. */
  readonly deadlines: Sorted<Deadline, DeadlineKey> | null
  readonly totals: BookTotals
}

interface Deadline {
  readonly until: Instant
  readonly id: string
}
type DeadlineKey = readonly [until: Instant, id: string]

export const emptyTotals: BookTotals = {
  earned: 0,
  redeemed: 0,
  refunded: 0,
  expired: 0,
  reinstated: 0,
  clawedBack: 0,
  received: 0,
  sent: 0,
  added: 0,
  removed: 0,
  forfeited: 0,
}

export const emptyBook: Book = { lots: noLots, reservations: null, deadlines: null, totals: emptyTotals }

const ascending = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)
export const byId: SortedOrder<BookReservation, string> = {
  key: ({ id }) => id,
  compare: ascending,
  amount: ({ amount }) => amount,
}
export const byDeadline: SortedOrder<Deadline, DeadlineKey> = {
  key: ({ until, id }) => [until, id],
  compare: (a, b) => a[0] - b[0] || ascending(a[1], b[1]),
}

export const reservedIn = ({ reservations }: Book): number => reservations?.sum ?? 0

/** What the holder has, whatever state it is in; below zero where more is owed than held. */
export const heldIn = (book: Book): number =>
  spendableIn(book.lots) + pendingIn(book.lots) + reservedIn(book) - book.lots.deficit

/** What the totals say the holder has. */
export const owedTo = (totals: BookTotals): number =>
  totals.earned +
  // Differences first: sums of what came in may be beyond what numbers hold where what is there is not.
  (totals.refunded - totals.redeemed) +
  (totals.reinstated - totals.expired) +
  (totals.received - totals.sent) +
  (totals.added - totals.removed) -
  totals.clawedBack -
  totals.forfeited

const leaving: { readonly [A in OutsideAccount]?: keyof BookTotals } = {
  issuance: 'earned',
  redeemed: 'refunded',
  expired: 'reinstated',
  transferred: 'received',
  adjusted: 'added',
}
const entering: { readonly [A in OutsideAccount]?: keyof BookTotals } = {
  redeemed: 'redeemed',
  expired: 'expired',
  'clawed-back': 'clawedBack',
  transferred: 'sent',
  adjusted: 'removed',
  forfeited: 'forfeited',
}

/**
 * Applies a posting. Total: what was recorded always applies; what is no longer where a move takes it from is charged to
 * what can be spent, then owed; what expires and is no longer there is forgiven. Nothing is made or lost, and that is
 * asserted here, in production too.
 *
 * @throws DefinitionError `wrong-type` for what is no list of moves; `malformed-state` when the book did not balance before.
 */
export function post(book: Book, moves: readonly Move[]): Book {
  checkList(moves, '$.moves')
  let { lots } = book
  let held: Held = book
  const totals = totalsOf(book)
  for (const move of moves) {
    const { from, to, amount } = move
    if (!isMove(move))
      throw fault('wrong-type', '$.moves', move, 'moves of units from one account to another')
    const part = partOf(move)
    if (to === 'expired' && from === 'available') {
      const before = spendableIn(lots)
      lots = takeSpendable(lots, part, true)
      totals.expired += before - spendableIn(lots)
      continue
    }
    if (from === 'pending') lots = takePending(lots, part)
    else if (from === 'available') lots = takeSpendable(lots, part)
    else if (from === 'deficit') lots = charge(lots, amount)
    else if (from === 'reserved') {
      const before = held.reservations?.sum ?? 0
      held = withoutReserved(held, move, part)
      const missing = amount - (before - (held.reservations?.sum ?? 0))
      if (missing > 0) lots = charge(lots, missing)
    } else {
      totals[leaving[from]!] += amount
      // Whatever comes in is a lot of its own, unless it is one that was counted before.
      if (move.lot !== undefined) lots = counted(lots, move.lot)
    }
    if (to === 'pending') lots = addPending(lots, renewed(part, move))
    else if (to === 'available' || to === 'deficit') lots = addSpendable(lots, renewed(part, move))
    else if (to === 'reserved') held = withReserved(held, move, part)
    else totals[entering[to]!] += amount
  }
  const posted: Book = { lots, reservations: held.reservations, deadlines: held.deadlines, totals }
  const owned = owedTo(totals)
  if (!Number.isSafeInteger(owned) || !Number.isSafeInteger(totals.earned))
    throw new SumOutOfRange('units of a book')
  const found = heldIn(posted)
  if (found !== owned)
    throw fault('malformed-state', '$.books', found, `lots that hold what postings add up to, ${owned}`)
  return posted
}

/** The totals of a book, to be added to. */
function totalsOf({ totals }: Book): { -readonly [N in keyof BookTotals]: number } {
  return {
    earned: totals.earned,
    redeemed: totals.redeemed,
    refunded: totals.refunded,
    expired: totals.expired,
    reinstated: totals.reinstated,
    clawedBack: totals.clawedBack,
    received: totals.received,
    sent: totals.sent,
    added: totals.added,
    removed: totals.removed,
    forfeited: totals.forfeited,
  }
}

/** Whether units are moved between accounts that there are. */
const isMove = ({ from, to, amount }: Move): boolean =>
  sources.has(from) && targets.has(to) && Number.isSafeInteger(amount) && amount >= 0
const holders: readonly HolderAccount[] = ['pending', 'available', 'reserved', 'deficit']
const sources: ReadonlySet<string> = new Set([...holders, ...Object.keys(leaving)])
const targets: ReadonlySet<string> = new Set([...holders, ...Object.keys(entering)])

/** The part of a lot that a move is about. What repays a deficit names the lot that it would have been. */
function partOf({ amount, lot = -1, expiresAt = null, confirmsAt, rank, of }: Move): LotPart {
  const part: { -readonly [N in keyof LotPart]: LotPart[N] } = { lot, amount, expiresAt }
  if (confirmsAt !== undefined) part.confirmsAt = confirmsAt
  if (rank !== undefined) part.rank = rank
  if (of !== undefined) part.of = of
  return part
}

const renewed = (part: LotPart, { endsAt }: Move): LotPart =>
  endsAt === undefined ? part : { ...part, expiresAt: endsAt }

/** The part of a lot that a move is about, as it is after it. */
export const partAfter = (move: Move): LotPart => renewed(partOf(move), move)

/** Moves of parts of lots. */
export const movesOf = (
  from: LedgerAccount,
  to: LedgerAccount,
  parts: readonly LotPart[],
  reservation?: string,
): readonly Move[] => parts.map((part) => moveOf(from, to, part, part.amount, reservation))

/** A move of so much of a part of a lot, key by key: this is done for every posting. */
function moveOf(
  from: LedgerAccount,
  to: LedgerAccount,
  { lot, expiresAt, confirmsAt, rank, of }: LotPart,
  amount: number,
  reservation?: string,
): Move {
  const move: { -readonly [N in keyof Move]: Move[N] } = { from, to, lot, amount, expiresAt }
  if (confirmsAt !== undefined) move.confirmsAt = confirmsAt
  if (rank !== undefined) move.rank = rank
  if (of !== undefined) move.of = of
  if (reservation !== undefined) move.reservation = reservation
  return move
}

/** The moves that make parts spendable: what is owed is repaid first. */
export function crediting(
  { lots: { deficit } }: Book,
  from: LedgerAccount,
  parts: readonly LotPart[],
  reservation?: string,
): readonly Move[] {
  if (deficit === 0) return movesOf(from, 'available', parts, reservation)
  const moves: Move[] = []
  let owed = deficit
  for (const part of parts) {
    const repaid = Math.min(owed, part.amount)
    owed -= repaid
    if (repaid > 0) moves.push(moveOf(from, 'deficit', part, repaid, reservation))
    const left = part.amount - repaid
    if (left > 0) moves.push(moveOf(from, 'available', part, left, reservation))
  }
  return moves
}

/** The moves that take parts away, from wherever they are, and leave what they do not cover of an amount owed. */
export function charging(to: OutsideAccount, parts: readonly LotPart[], amount: number): readonly Move[] {
  const moves: Move[] = []
  let open = amount
  for (const part of parts) {
    moves.push(moveOf(part.confirmsAt === undefined ? 'available' : 'pending', to, part, part.amount))
    open -= part.amount
  }
  if (open > 0) moves.push({ from: 'deficit', to, amount: open })
  return moves
}

/** How many units some moves bring to an account, or take from it. */
export const movedTo = (moves: readonly Move[], account: LedgerAccount): number =>
  moves.reduce((sum, { to, amount }) => (to === account ? sum + amount : sum), 0)
export const movedFrom = (moves: readonly Move[], account: LedgerAccount): number =>
  moves.reduce((sum, { from, amount }) => (from === account ? sum + amount : sum), 0)

type Held = Pick<Book, 'reservations' | 'deadlines'>

/** The reservation of that id, if it is open. */
export const reservationIn = ({ reservations }: Held, id: string): BookReservation | undefined =>
  get(byId, reservations, id)

function withReserved(held: Held, { reservation = '', until = null }: Move, part: LotPart): Held {
  const known = reservationIn(held, reservation)
  const next: BookReservation = {
    id: reservation,
    until: known?.until ?? until,
    amount: (known?.amount ?? 0) + part.amount,
    parts: [...(known?.parts ?? []), part],
  }
  const deadlines =
    next.until === null || known !== undefined
      ? held.deadlines
      : insert(byDeadline, held.deadlines, { until: next.until, id: reservation })
  return { reservations: insert(byId, held.reservations, next), deadlines }
}

function withoutReserved(held: Held, { reservation = '' }: Move, part: LotPart): Held {
  const known = reservationIn(held, reservation)
  if (known === undefined) return held
  let open = part.amount
  const parts: LotPart[] = []
  for (const one of known.parts) {
    const taken = one.lot === part.lot ? Math.min(open, one.amount) : 0
    open -= taken
    if (one.amount > taken) parts.push({ ...one, amount: one.amount - taken })
  }
  const amount = known.amount - (part.amount - open)
  if (amount > 0)
    return {
      reservations: insert(byId, held.reservations, { ...known, amount, parts }),
      deadlines: held.deadlines,
    }
  const deadlines =
    known.until === null ? held.deadlines : remove(byDeadline, held.deadlines, [known.until, known.id])
  return { reservations: remove(byId, held.reservations, reservation), deadlines }
}

/** When the next reservation ends by itself, and which. */
export const nextRelease = ({ deadlines }: Held): Deadline | undefined => first(deadlines)

/** The open reservations, by id. */
export const openReservations = ({ reservations }: Held): IterableIterator<BookReservation> =>
  items(byId, reservations)

/** The same book under other names. */
export function renameBook(book: Book, rename: (name: string) => string): Book {
  let held: Held = { reservations: null, deadlines: null }
  for (const { id, until, parts } of openReservations(book))
    for (const part of parts) {
      const of = part.of?.map(rename)
      held = withReserved(
        held,
        { from: 'available', to: 'reserved', amount: part.amount, reservation: rename(id), until },
        of === undefined ? part : { ...part, of },
      )
    }
  return { ...book, ...held, lots: renameLots(book.lots, rename) }
}

/** The same book with lots under other terms, wherever parts of them are. */
export function bookUnder(book: Book, change: <P extends Omit<LotPart, 'amount'>>(part: P) => P): Book {
  let { reservations } = book
  for (const one of openReservations(book))
    reservations = insert(byId, reservations, { ...one, parts: one.parts.map(change) })
  return { ...book, reservations, lots: lotsUnder(book.lots, change) }
}
