import type { AnyEvent, AuditFinding, Instant } from '../kernel/index.js'
import { get, items } from '../kernel/sorted.js'
import {
  auditBook,
  type Book,
  type BookInvariant,
  type Move,
  pendingIn,
  remainingOf,
  reservationIn,
  spendableIn,
} from '../ledger/index.js'
import { originKey, originsBy, type PointsState, redemptionsBy, total } from './account.js'
import type { ClawedBackData, EarnedData, RedemptionData } from './events.js'
import type { Agreement } from './section.js'

/** What is always true of an account, beside what is of each of its books. */
export type PointsInvariant =
  | BookInvariant
  /** There is a book for each currency, and none besides. */
  | 'books-agreed'
  /** An origin stands under its own name, and no more of it was taken back or refunded than there was. */
  | 'origins-true'
  /** No more of a redemption came back than it took, and its lots are all of it. */
  | 'redemptions-true'
  /** What is left over of a rule is less than a point, of a rule that there is. */
  | 'carried-below-a-point'
  /** What is owed to the account is of one instant, not later than the state. */
  | 'owed-in-time'
  /** A move takes no more than there is. */
  | 'moves-possible'
  /** What an event says of points is what its moves say. */
  | 'moves-told'
  /** No id is used twice. */
  | 'once'

type Finding = AuditFinding<PointsInvariant>

/** What does not hold of an account for which time has passed by an instant. */
export function auditAccount(state: PointsState, at: Instant, agreement: Agreement): readonly Finding[] {
  const findings: Finding[] = []
  const find = (invariant: PointsInvariant, path: string, found: unknown, expected: number | string) => {
    findings.push({ invariant, path, found: typeof found === 'number' ? found : String(found), expected })
  }
  const { books, origins, redemptions, carried, owed, owedAt } = state
  const names = agreement.currencies.map(({ currency }) => currency)
  for (const name of names)
    if (books[name] === undefined) find('books-agreed', '$.books', 'none', name)
    else findings.push(...auditBook(books[name], at, `$.books.${name}`))
  const strangers = Object.keys(books).filter((name) => !names.includes(name)).length
  if (strangers > 0) find('books-agreed', '$.books', strangers, 0)
  let place = 0
  for (const { key, rule, origin, share } of items(originsBy, origins)) {
    const path = `$.origins[${place}]`
    const { base, refunded, earned, clawedBack, expired, excused } = share
    if (key !== originKey(rule, origin))
      find('origins-true', `${path}.key`, 'another key', 'that of its rule and origin')
    for (const [name, part, whole] of [
      ['refunded', refunded, base],
      ['clawedBack', clawedBack, earned],
      ['expired', expired, earned],
      ['excused', excused, expired],
    ] as const)
      if (!(Number.isSafeInteger(part) && part >= 0 && part <= whole))
        find('origins-true', `${path}.share.${name}`, part, `a whole number from 0 to ${whole}`)
    place += 1
  }
  place = 0
  for (const { points, refunded, lots } of items(redemptionsBy, redemptions)) {
    const path = `$.redemptions[${place}]`
    if (!(Number.isSafeInteger(refunded) && refunded >= 0 && refunded <= points))
      find('redemptions-true', `${path}.refunded`, refunded, `a whole number from 0 to ${points}`)
    if (total(lots) !== points) find('redemptions-true', `${path}.lots`, total(lots), points)
    place += 1
  }
  const denominators = new Map(agreement.rules.map(({ rule, denominator }) => [rule, denominator]))
  for (const [rule, over] of Object.entries(carried)) {
    const whole = denominators.get(rule)
    if (whole === undefined || !(Number.isSafeInteger(over) && over >= 0 && over < whole))
      find('carried-below-a-point', '$.carried', over, whole === undefined ? 'a rule' : `below ${whole}`)
  }
  if (owed.length > 0 && !(owedAt !== null && owedAt <= at))
    find('owed-in-time', '$.owedAt', String(owedAt), `at most ${at}`)
  return findings
}

/** What shows that a posting could not have been decided in this state. */
export function auditPosting(state: PointsState, event: AnyEvent, agreement: Agreement): readonly Finding[] {
  const { id, currencies } = agreement
  if (!event.type.startsWith(`${id}/`)) return []
  const { moves, currency, points } = event.data as {
    readonly moves?: readonly Move[]
    readonly currency?: string
    readonly points?: number
  }
  if (moves === undefined || currency === undefined) return []
  const findings: Finding[] = []
  const find = (
    invariant: PointsInvariant,
    path: string,
    found: number | string,
    expected: number | string,
  ) => {
    findings.push({ invariant, path, found, expected })
  }
  const book = state.books[currency]
  if (book === undefined) {
    find(
      'books-agreed',
      '$.data.currency',
      'no such currency',
      currencies.map((one) => one.currency).join(' | '),
    )
    return findings
  }
  const taken = new Map<string, number>()
  for (const [i, move] of moves.entries()) {
    const place = `${move.from}:${move.lot ?? ''}:${move.reservation ?? ''}`
    const before = taken.get(place) ?? 0
    const there = available(book, move)
    if (!(Number.isSafeInteger(move.amount) && move.amount > 0))
      find('moves-possible', `$.data.moves[${i}].amount`, move.amount, 'a whole number above 0')
    else if (there !== undefined && before + move.amount > there)
      find('moves-possible', `$.data.moves[${i}].amount`, before + move.amount, `at most ${there}`)
    taken.set(place, before + move.amount)
  }
  if (points !== undefined && total(moves) !== points)
    find('moves-told', '$.data.points', points, total(moves))
  const kind = event.type.slice(id.length + 1)
  if (kind === 'clawed-back' || kind === 'earned') {
    const { share, rule, origin } = event.data as EarnedData | ClawedBackData
    const known = rule && origin ? get(originsBy, state.origins, originKey(rule, origin)) : undefined
    const earned = (known?.share.earned ?? 0) + (kind === 'earned' && points !== undefined ? points : 0)
    if (share !== undefined && !('correctsSince' in event.data) && share.earned !== earned)
      find('moves-told', '$.data.share.earned', share.earned, earned)
  }
  if (kind === 'redeemed') {
    const { redemption } = event.data as RedemptionData
    if (get(redemptionsBy, state.redemptions, redemption) !== undefined)
      find('once', '$.data.redemption', 'a redemption that was made before', 'a new one')
  }
  return findings
}

/** How much there is where a move takes from; `undefined` where there is no end to it. */
function available(book: Book, { from, lot, expiresAt = null, confirmsAt, rank, reservation }: Move) {
  if (from === 'pending' || from === 'available') {
    if (lot === undefined) return from === 'pending' ? pendingIn(book.lots) : spendableIn(book.lots)
    const part = {
      lot,
      amount: 0,
      expiresAt,
      ...(from === 'pending' && { confirmsAt: confirmsAt ?? null }),
      ...(rank !== undefined && { rank }),
    }
    return remainingOf(book.lots, [part])
      .filter((one) => (one.confirmsAt !== undefined) === (from === 'pending'))
      .reduce((sum, { amount }) => sum + amount, 0)
  }
  if (from === 'reserved') {
    const held = reservation === undefined ? undefined : reservationIn(book, reservation)
    return total(held?.parts.filter((part) => part.lot === lot) ?? [])
  }
  if (from === 'redeemed') return book.totals.redeemed - book.totals.refunded
  if (from === 'expired') return book.totals.expired - book.totals.reinstated
  return undefined
}
