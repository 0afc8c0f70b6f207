import { type Calendar, type Instant, parseRatio } from '../../kernel/index.js'
import { type Book, crediting, heldIn, type LotPart, movedTo, movesOf } from '../../ledger/index.js'
import type { PointsState } from '../account.js'
import { type CompiledCurrency, rankIn } from '../currency.js'
import type { EarnedData } from '../events.js'
import { compileExpiry, type LotTerm, type TermContext } from '../lasting/expiry.js'
import type { AgreedEarning } from '../rules.js'

/** When points of a lot can be spent: `confirmsAt` only while they have to wait. */
export type Terms = Pick<LotPart, 'expiresAt' | 'confirmsAt' | 'rank'>

/** The terms of points that are earned at an instant. */
export type TermsAt = (state: PointsState, at: Instant) => Terms

/** Compiles the terms of what a rule earns. */
export function compileTerms(rule: AgreedEarning, currency: CompiledCurrency, context: TermContext): TermsAt {
  const { zone } = context
  const expiresAt = rule.expires === undefined ? currency.expiresAt : compileExpiry(rule.expires, context)
  const pending = rule.pending ?? currency.pending
  const terms = waiting(expiresAt, pending, zone)
  if (currency.spend === 'soonest-expiry') return terms
  const { numerator, denominator } = parseRatio(rule.cost ?? '0')
  const cost = numerator / denominator
  return (state, at) => ({ ...terms(state, at), ...rankIn(currency, at, cost) })
}

function waiting(expiresAt: LotTerm, pending: CompiledCurrency['pending'], zone: Calendar): TermsAt {
  if (pending === undefined) return (state, at) => ({ expiresAt: expiresAt(state, at) })
  if (pending === 'until-confirmed')
    return (state, at) => ({ expiresAt: expiresAt(state, at), confirmsAt: null })
  const confirmsAt = zone.adder(pending)
  return (state, at) => ({ expiresAt: expiresAt(state, at), confirmsAt: confirmsAt(at) })
}

/** What a balance still takes, where its currency has a bound. */
export function boundOf({ atMost }: CompiledCurrency, book: Book) {
  return atMost === undefined ? undefined : { room: Math.max(0, atMost - heldIn(book)), atMost }
}

/** An issue of points before it is posted. */
export type Issue = Omit<EarnedData, 'repaid' | 'moves' | 'confirmsAt' | 'expiresAt'>

/** The data of an issue of points: its posting with the terms of the lot, and what a deficit takes of it. */
export function issuedData(
  { books }: PointsState,
  data: Issue,
  { expiresAt, confirmsAt, rank }: Terms,
): EarnedData {
  const { points, currency, rule, origin, event, share, reason, counts, instead, restsUntil, uses } = data
  const { command, reversibleUntil, member } = data
  const book = books[currency]!
  const lot: { -readonly [N in keyof LotPart]: LotPart[N] } = {
    lot: book.lots.issued,
    amount: points,
    expiresAt,
  }
  if (rank !== undefined) lot.rank = rank
  if (rule !== undefined && origin !== undefined)
    lot.of = member === undefined ? [rule, origin] : [rule, origin, member]
  if (confirmsAt !== undefined) lot.confirmsAt = confirmsAt
  const moves =
    points === 0
      ? []
      : confirmsAt === undefined
        ? crediting(book, 'issuance', [lot])
        : movesOf('issuance', 'pending', [lot])
  const issued: { -readonly [N in keyof EarnedData]: EarnedData[N] } = {
    points,
    currency,
    repaid: movedTo(moves, 'deficit'),
    moves,
    reason,
  }
  if (rule !== undefined) issued.rule = rule
  if (origin !== undefined) issued.origin = origin
  if (event !== undefined) issued.event = event
  if (share !== undefined) issued.share = share
  if (counts !== undefined) issued.counts = counts
  if (instead !== undefined) issued.instead = instead
  if (restsUntil !== undefined) issued.restsUntil = restsUntil
  if (uses !== undefined) issued.uses = uses
  if (member !== undefined) issued.member = member
  if (command !== undefined) issued.command = command
  if (reversibleUntil !== undefined) issued.reversibleUntil = reversibleUntil
  if (data.uncollected !== undefined) issued.uncollected = data.uncollected
  if (data.due !== undefined) issued.due = data.due
  if (typeof confirmsAt === 'number') issued.confirmsAt = confirmsAt
  if (expiresAt !== null) issued.expiresAt = expiresAt
  return issued
}
