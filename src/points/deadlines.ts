import type { Due, DueEvent, Instant } from '../kernel/index.js'
import {
  type Book,
  confirmsNextAt,
  crediting,
  expiresNextAt,
  movesOf,
  nextConfirmation,
  nextExpiry,
  nextRelease,
  reservationIn,
} from '../ledger/index.js'
import { type PointsState, total } from './account.js'
import type { Tiering } from './tiers/tiering.js'

/** What time alone does to lots, in the order in which it does it at one instant. */
const PHASES = ['confirmed', 'released', 'expired'] as const
type Phase = (typeof PHASES)[number]

/** When a phase comes next, if it does. */
function nextOf(book: Book, phase: Phase): Instant | null {
  if (phase === 'expired') return expiresNextAt(book.lots)
  return phase === 'confirmed' ? confirmsNextAt(book.lots) : (nextRelease(book)?.until ?? null)
}

/**
 * The next thing that time alone does to the lots of an account. At one instant: what waits is confirmed, what was reserved
 * for so long is released, terms of tiers end, then what expires does; of several currencies the one that is listed first.
 */
export function nextDeadline(
  state: PointsState,
  currencies: readonly string[],
  id: string,
  tiering?: Tiering,
): Due | undefined {
  let at: Instant | null = null
  let phase: Phase = 'expired'
  let currency = ''
  for (const one of PHASES)
    for (const name of currencies) {
      const comes = nextOf(state.books[name]!, one)
      if (comes === null || (at !== null && at <= comes)) continue
      at = comes
      phase = one
      currency = name
    }
  const end = tiering?.nextEnd(state)
  if (at === null) return end
  if (end !== undefined && (end.at < at || (end.at === at && phase === 'expired'))) return end
  return lapse(at, phase, currency, state.books[currency]!, currency === currencies[0], id)
}

const lapse = (
  at: Instant,
  phase: Phase,
  currency: string,
  book: Book,
  isFirst: boolean,
  id: string,
): Due => ({ at, make: () => deadlineMet(book, phase, currency, isFirst, id) })

function deadlineMet(book: Book, phase: Phase, currency: string, isFirst: boolean, id: string): DueEvent {
  const due = phase === 'released' ? releasing(book) : passing(book, phase)
  const rule = `${phase}>${due.rule}`
  return {
    type: `${id}/${phase}`,
    // The first currency is not named, so that ids stay what they are when others are added.
    rule: isFirst ? rule : `${rule}>${currency}`,
    data: { currency, ...due.data },
  }
}

function releasing(book: Book) {
  const { id: reservation } = nextRelease(book)!
  const { parts, amount: points } = reservationIn(book, reservation)!
  const moves = crediting(book, 'reserved', parts, reservation)
  return { rule: reservation, data: { points, reservation, moves } }
}

function passing(book: Book, phase: 'confirmed' | 'expired') {
  const parts = phase === 'confirmed' ? nextConfirmation(book.lots) : nextExpiry(book.lots)
  const moves =
    phase === 'confirmed' ? crediting(book, 'pending', parts) : movesOf('available', 'expired', parts)
  const { lot } = parts[0]!
  // What comes back past its end ends again, at one instant too: each time is told by what had expired before.
  const rule = phase === 'confirmed' ? String(lot) : `${lot}>${book.totals.expired}`
  return { rule, data: { points: total(parts), moves } }
}
