import type { AuditFinding } from '../kernel/index.js'
import { type Book, type Move, reservationIn } from './book.js'
import { pendingIn, remainingOf, spendableIn } from './lots.js'

/** What is always true of a posting in the book that it was decided for. */
export type MoveInvariant =
  /** A move takes a whole number of units, above zero and no more than there is. */
  'moves-possible'

/** What shows that a posting could not have been decided on this book: moves that take more than there is, all together. */
export function auditMoves(
  book: Book,
  moves: readonly Move[],
  path: string,
): readonly AuditFinding<MoveInvariant>[] {
  const findings: AuditFinding<MoveInvariant>[] = []
  const find = (i: number, found: number, expected: string) => {
    findings.push({ invariant: 'moves-possible', path: `${path}[${i}].amount`, found, expected })
  }
  const taken = new Map<string, number>()
  for (const [i, move] of moves.entries()) {
    const { from, lot, expiresAt = null, reservation, amount } = move
    // Of what is reserved all ends of a lot are one place; elsewhere each is its own.
    const end = from === 'reserved' ? '' : expiresAt
    const place = `${from}:${lot ?? ''}:${end}:${reservation ?? ''}`
    const before = taken.get(place) ?? 0
    const there = thereIs(book, move)
    if (!(Number.isSafeInteger(amount) && amount > 0)) find(i, amount, 'a whole number above 0')
    else if (before + amount > there) find(i, before + amount, `at most ${there}`)
    taken.set(place, before + amount)
  }
  return findings
}

const total = (parts: readonly { readonly amount: number }[]): number =>
  parts.reduce((sum, { amount }) => sum + amount, 0)

/** How much there is where a move takes from; no end to it outside. */
function thereIs(book: Book, { from, lot, expiresAt = null, confirmsAt, rank, reservation }: Move): number {
  const { lots, totals } = book
  switch (from) {
    case 'pending':
    case 'available': {
      const waits = from === 'pending'
      if (lot === undefined) return waits ? pendingIn(lots) : spendableIn(lots)
      const part = {
        lot,
        amount: 0,
        expiresAt,
        ...(waits && { confirmsAt: confirmsAt ?? null }),
        ...(rank !== undefined && { rank }),
      }
      return total(remainingOf(lots, [part]).filter((one) => (one.confirmsAt !== undefined) === waits))
    }
    case 'reserved': {
      const held = reservation === undefined ? undefined : reservationIn(book, reservation)
      return total(held?.parts.filter((part) => part.lot === lot) ?? [])
    }
    case 'redeemed':
      return totals.redeemed - totals.refunded
    case 'expired':
      return totals.expired - totals.reinstated
    default:
      return Infinity
  }
}
