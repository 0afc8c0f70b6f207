import type { Field, Instant } from '../../kernel/index.js'
import { get } from '../../kernel/sorted.js'
import {
  type BookTotals,
  crediting,
  type LotPart,
  owedTo,
  partsHeld,
  reservationIn,
} from '../../ledger/index.js'
import { type PointsState, redemptionsBy } from '../account.js'
import { termsOf } from '../currency.js'
import {
  type Agreement,
  accepted,
  currencyIn,
  type Decision,
  refused,
  type Section,
  type Told,
} from '../section.js'
import { type HandPosting, postingOf } from './holder.js'
import { takingOver } from './merging.js'
import { collect, collectable, dueLess } from './negative.js'

/** Points added and removed by hand, and postings taken back by their inverse. */
export function adjustingSection(agreement: Agreement, spending: Section): Section {
  const { id, currencies, negative, retention } = agreement
  const currency: Field = { type: 'text', oneOf: currencies.map((one) => one.currency), required: false }

  function adjust(state: PointsState, told: Told): Decision {
    const { points, reason, by } = told.data as {
      readonly points: number
      readonly reason: string
      readonly by: string
    }
    if (points === 0) return refused({ code: 'nothing-to-adjust' })
    const wallet = currencyIn(agreement, told)
    const { currency } = wallet
    const book = state.books[currency]!
    const common = { points, currency, reason, by, ...keptAs(agreement, told) }
    if (points > 0) {
      if (!fits(state, currency, points, 'added')) return refused({ code: 'balance-out-of-range' })
      const lot: LotPart = {
        lot: book.lots.issued,
        amount: points,
        ...termsOf(wallet, state, told.occurredAt),
      }
      return accepted(`${id}/adjusted`, { ...common, moves: crediting(book, 'adjusted', [lot]) })
    }
    // A hand takes nothing from what is pending, and nothing that it cannot collect.
    const policy = negative(state, currency)
    const available = collectable(state, currency, policy)
    if (-points > available) return refused({ code: 'insufficient-points', requested: -points, available })
    const wide =
      policy.clawback === 'pending-only' ? { ...policy, clawback: 'within-balance' as const } : policy
    const { moves, due } = collect(state, currency, wide, [], -points, 'adjusted')
    if (!fits(state, currency, points, 'removed')) return refused({ code: 'balance-out-of-range' })
    return accepted(`${id}/adjusted`, { ...common, moves, ...(due && { due }) })
  }

  function reverse(state: PointsState, told: Told): Decision {
    const { of } = told.data as { readonly of: string }
    const handed = state.holder?.handed
    if (handed?.command === of) {
      const from = told.subject
      return takingOver(agreement, state, told, { from, transfer: of, estate: handed.estate, reopens: true })
    }
    const posting = postingOf(state.holder, of, told.occurredAt)
    if (posting !== undefined) {
      if (posting.reversed) return refused({ code: 'already-reversed' })
      return posting.points > 0 ? takenAway(state, posting) : givenBack(state, told, posting)
    }
    const redemption = get(redemptionsBy, state.redemptions, of)
    if (redemption !== undefined && !retention?.hasLost(state, redemption, told.occurredAt)) {
      if (redemption.refunded === redemption.points) return refused({ code: 'already-reversed' })
      return spending.decide['refund']!(state, { ...told, data: { redemption: of } })
    }
    if (currencies.some((one) => reservationIn(state.books[one.currency]!, of) !== undefined))
      return spending.decide['release']!(state, { ...told, data: { reservation: of } })
    return refused({ code: 'unknown-posting' })
  }

  /** What came in goes out again: its own lots first, then as the negative policy has it. */
  function takenAway(state: PointsState, { id: of, kind, currency, points, lots }: HandPosting): Decision {
    const to = kind === 'earned' ? 'clawed-back' : kind === 'adjusted' ? 'adjusted' : 'transferred'
    const policy = negative(state, currency)
    // They may have other ends by now: a lot is found by its number.
    const own = partsHeld(state.books[currency]!.lots, new Set(lots.map(({ lot }) => lot)))
    const taken = collect(state, currency, policy, own, points, to)
    const { moves, deficit, uncollected, due } = taken
    const under = kind === 'earned' ? 'clawedBack' : kind === 'adjusted' ? 'removed' : 'sent'
    if (!fits(state, currency, -taken.points, under)) return refused({ code: 'balance-out-of-range' })
    // Nothing taken is 0, and no negative zero.
    const data = { of, kind, points: 0 - taken.points, currency, deficit, moves }
    return accepted(`${id}/reversed`, {
      ...data,
      ...(uncollected > 0 && { uncollected }),
      ...(due && { due }),
    })
  }

  /** What went out comes back into its own lots; what had been owed for it, into one of today where that is repaid. */
  function givenBack(state: PointsState, told: Told, posting: HandPosting): Decision {
    const { id: of, kind, currency, lots, owed, due: inMoney } = posting
    const book = state.books[currency]!
    const back = -posting.points - inMoney
    if (!fits(state, currency, back, kind === 'adjusted' ? 'added' : 'received'))
      return refused({ code: 'balance-out-of-range' })
    const wallet = currencies.find((one) => one.currency === currency)!
    const fresh = { lot: book.lots.issued, amount: owed, ...termsOf(wallet, state, told.occurredAt) }
    const parts = owed > 0 ? [...lots, fresh] : lots
    const moves = crediting(book, kind === 'adjusted' ? 'adjusted' : 'transferred', parts)
    const due = dueLess(state, currency, negative(state, currency), inMoney)
    return accepted(`${id}/reversed`, {
      of,
      kind,
      points: back,
      currency,
      deficit: 0,
      moves,
      ...(due && { due }),
    })
  }

  return {
    commands: {
      adjust: { points: { type: 'integer' }, currency, reason: { type: 'text' }, by: { type: 'text' } },
      reverse: { of: { type: 'text' } },
    },
    decide: { adjust, reverse },
  }
}

/** Whether a book stays exact when so many points come in or go out under one of its totals. */
export function fits(
  { books }: PointsState,
  currency: string,
  points: number,
  under: keyof BookTotals,
): boolean {
  const { totals } = books[currency]!
  return (
    Number.isSafeInteger(totals[under] + Math.abs(points)) && Number.isSafeInteger(owedTo(totals) + points)
  )
}

/** Under which id a posting by hand is remembered, and until when. */
export function keptAs(
  { keepsUntil }: Agreement,
  { id, occurredAt }: Told,
): { readonly command: string; readonly reversibleUntil?: Instant } {
  const until = keepsUntil?.(occurredAt)
  return until === undefined ? { command: id } : { command: id, reversibleUntil: until }
}
