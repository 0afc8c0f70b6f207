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

/** When each phase comes next, if it does. */
const nextOf: { readonly [P in Phase]: (book: Book) => Instant | null } = {
  confirmed: ({ lots }) => confirmsNextAt(lots),
  released: (book) => nextRelease(book)?.until ?? null,
  expired: ({ lots }) => expiresNextAt(lots),
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
  let next: { readonly at: Instant; readonly phase: Phase; readonly currency: string } | undefined
  for (const phase of PHASES) {
    const comes = nextOf[phase]
    for (const currency of currencies) {
      const at = comes(state.books[currency]!)
      if (at !== null && (next === undefined || at < next.at)) next = { at, phase, currency }
    }
  }
  const end = tiering?.nextEnd(state)
  if (next === undefined) return end
  const { at, phase, currency } = next
  if (end !== undefined && (end.at < at || (end.at === at && phase === 'expired'))) return end
  return {
    at,
    make: () => deadlineMet(state.books[currency]!, phase, currency, currency === currencies[0], id),
  }
}

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
