import { checkList, checkRecord, fault, reading } from '../../kernel/errors.js'
import type { AnyEvent, Instant } from '../../kernel/index.js'
import { type LedgerAccount, type Move, openLots, openReservations } from '../../ledger/index.js'
import { endIn } from '../../ledger/lots.js'
import type { PointsState } from '../account.js'
import type { LedgerKind, LedgerRow, OutstandingLot } from './rows.js'

/** What points that come in from there are. */
const incoming: { readonly [A in LedgerAccount]?: LedgerKind } = {
  issuance: 'earned',
  redeemed: 'returned',
  expired: 'adjusted',
  transferred: 'transferred',
  adjusted: 'adjusted',
}

/** What points that go out to there are. */
const outgoing: { readonly [A in LedgerAccount]?: LedgerKind } = {
  redeemed: 'redeemed',
  expired: 'expired',
  'clawed-back': 'clawed-back',
  transferred: 'transferred',
  adjusted: 'adjusted',
  forfeited: 'adjusted',
}

/** Some moves of one currency, and the event that recorded them. */
interface Posting {
  readonly event: AnyEvent
  readonly currency: string
  readonly moves: readonly Move[]
}

/**
 * The movements of an account as accounting reads them, from what was recorded of it: one row for each part of a lot that came
 * in or went out, dated by its event, with when those points were earned. Confirmations and reservations move nothing in or
 * out. What is reinstated is `adjusted`, and so is what is forfeited, below zero. The rows of a log add up to what the account
 * holds.
 *
 * @param engine - The points engine, or any with its id: other events of the log are passed over.
 * @param log - The account's log from its beginning: what it leaves out has no date of earning.
 * @throws DefinitionError `wrong-type` for what is no log.
 * @example
 * const rows = ledgerRows(points, log)
 * development.result(collect(development, rows), { asOf })
 */
export function ledgerRows(engine: { readonly id: string }, log: readonly AnyEvent[]): readonly LedgerRow[] {
  return readLog(engine, log, () => {
    const earned = new Map<string, Instant>()
    const rows: LedgerRow[] = []
    for (const posting of postingsIn(engine.id, log)) {
      note(earned, posting)
      for (const move of posting.moves) rows.push(...rowsOf(posting, move, earned))
    }
    return rows
  })
}

/**
 * The lots that an account holds as accounting reads them, what is reserved among them, each with the date of its earning and
 * the end that it has if nothing else happens: later than its own where activity has put it off, and not before the end of the
 * reservation that holds it.
 * Their sum is what the view calls `balance + pending + reserved`, and what is owed by the holder besides.
 *
 * @param engine - The points engine, or any with its id.
 * @param state - What the log has led to: `journal.of`, of a program the part of that name.
 * @param log - The account's log from its beginning, for the dates.
 * @throws DefinitionError `wrong-type` for what is no log, `missing` for a lot that the log does not tell of.
 * @example
 * const lots = outstandingLots(points, journal.of, log)
 * liability.result(collect(liability, lots))
 */
export function outstandingLots(
  engine: { readonly id: string },
  state: PointsState,
  log: readonly AnyEvent[],
): readonly OutstandingLot[] {
  const earned = readLog(engine, log, () => {
    const dates = new Map<string, Instant>()
    for (const posting of postingsIn(engine.id, log)) note(dates, posting)
    return dates
  })
  return reading('wrong-type', '$.state', state, 'the state of an account', () =>
    Object.entries(state.books).flatMap(([currency, book]) => {
      const lotOf = (
        { lot, confirmsAt, of }: OpenPart,
        points: number,
        expiresAt: Instant | null,
      ): OutstandingLot & { readonly origin?: string } => {
        const earnedAt = earned.get(`${currency}:${lot}`)
        if (earnedAt === undefined)
          throw fault('missing', '$.log', lot, 'the issue of each lot that is there')
        const origin = of?.[1]
        return {
          currency,
          points,
          earnedAt,
          expiresAt,
          ...(confirmsAt !== undefined && { confirmsAt }),
          ...(origin !== undefined && { origin }),
        }
      }
      return [
        ...[...openLots(book.lots)].map((lot) => lotOf(lot, lot.remaining, endIn(book.lots, lot.expiresAt))),
        ...[...openReservations(book)].flatMap(({ parts, until }) =>
          parts.map((part) => lotOf(part, part.amount, heldUntil(endIn(book.lots, part.expiresAt), until))),
        ),
      ]
    }),
  )
}

/** When points end that are set aside: not before they are released. */
const heldUntil = (end: Instant | null, until: Instant | null): Instant | null =>
  end === null || until === null ? null : Math.max(end, until)

interface OpenPart {
  readonly lot: number
  readonly confirmsAt?: Instant | null
  readonly of?: readonly string[]
}

function readLog<T>(engine: { readonly id: string }, log: readonly AnyEvent[], read: () => T): T {
  checkRecord(engine, '$.engine')
  checkList(log, '$.log')
  return reading('wrong-type', '$.log', log, 'recorded events', read)
}

/** What postings an engine has recorded; one of an account that went to another is of several currencies. */
function* postingsIn(id: string, log: readonly AnyEvent[]): IterableIterator<Posting> {
  for (const event of log) {
    if (!event.type.startsWith(`${id}/`)) continue
    const data = event.data as Partial<Pick<Posting, 'currency' | 'moves'>> & {
      readonly books?: readonly Pick<Posting, 'currency' | 'moves'>[]
    }
    const { currency, moves, books = [] } = data
    if (moves !== undefined) yield { event, currency: currency!, moves: checked(moves) }
    for (const one of books) yield { event, currency: one.currency, moves: checked(one.moves) }
  }
}

/** Moves as a posting records them. */
function checked(moves: readonly Move[]): readonly Move[] {
  checkList(moves, '$.log')
  for (const { amount } of moves)
    if (!Number.isSafeInteger(amount)) throw fault('wrong-type', '$.log', amount, 'moves of whole points')
  return moves
}

const dateOf = ({ occurredAt, effectiveAt }: AnyEvent): Instant => effectiveAt ?? occurredAt

/** Remembers when lots began. */
function note(earned: Map<string, Instant>, { event, currency, moves }: Posting): void {
  for (const { from, lot } of moves) {
    const key = `${currency}:${lot}`
    if (lot !== undefined && incoming[from] !== undefined && !earned.has(key)) earned.set(key, dateOf(event))
  }
}

function* rowsOf(
  { event, currency }: Posting,
  { from, to, amount, lot, of }: Move,
  earned: ReadonlyMap<string, Instant>,
): IterableIterator<LedgerRow> {
  const { occurredAt: at, effectiveAt, subject } = event
  const earnedAt = lot === undefined ? undefined : earned.get(`${currency}:${lot}`)
  const order = of?.[1]
  const row = (kind: LedgerKind, points: number): LedgerRow => ({
    at,
    ...(effectiveAt !== undefined && { effectiveAt }),
    currency,
    kind,
    points,
    ...(earnedAt !== undefined && { earnedAt }),
    subject,
    ...(order !== undefined && { order }),
  })
  const came = incoming[from]
  const went = outgoing[to]
  if (came !== undefined) yield row(came, amount)
  if (went !== undefined) yield row(went, went === 'transferred' || went === 'adjusted' ? 0 - amount : amount)
}
