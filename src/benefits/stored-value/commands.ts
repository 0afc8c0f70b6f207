import { type AnyEvent, type Draft, type Instant, shareOf } from '../../kernel/index.js'
import { get } from '../../kernel/sorted.js'
import {
  heldIn,
  type LotPart,
  type Move,
  movedTo,
  movesOf,
  planSpending,
  remainingOf,
  reservationIn,
  spendableIn,
} from '../../ledger/index.js'
import {
  heldAside,
  POOLS,
  type Pool,
  type Purchase,
  purchasesBy,
  type StoredValueState,
  sumOf,
  topUpOf,
  topUpsBy,
  transfersBy,
} from './account.js'
import type { StoredMoves, StoredValueRefusal } from './events.js'
import { firstOf, lastOf, repayment } from './repayment.js'
import { grantFor, type Terms } from './terms.js'

/** A command as the account sees it. */
type Told = Pick<AnyEvent, 'id' | 'occurredAt' | 'data'>
type Decision = { readonly events: readonly Draft[] } | { readonly refusal: StoredValueRefusal }
type Decide = (state: StoredValueState, told: Told) => Decision

interface Fields {
  readonly amount?: string
  readonly payment: string
  readonly reservation: string
  readonly purchase: string
  readonly transfer: string
  readonly to: string
  readonly from: string
  readonly reason: string
  readonly until?: Instant
  readonly keep?: boolean
}

const refused = (refusal: StoredValueRefusal): Decision => ({ refusal })
const fieldsOf = ({ data }: Told) => data as Fields

/** Both kinds of money, as they are split over a sum. */
type Split = { readonly [P in Pool]: number }
type Parts = { readonly [P in Pool]: readonly LotPart[] }

/** The name of a top-up inside: none that reads as an amount, which details keep when a person is forgotten. */
const keyOf = (payment: string) => `payment:${payment}`

/** The commands of an account of stored value, by word. */
export function storedValueDecisions(terms: Terms): { readonly [word: string]: Decide } {
  const { id, agreed, currency, said } = terms
  const one = (kind: string, data: object): Draft => ({ type: `${id}/${kind}`, data })
  const accepted = (kind: string, data: object): Decision => ({ events: [one(kind, data)] })
  const amountOf = (told: Told, otherwise: number) => {
    const { amount } = fieldsOf(told)
    return amount === undefined ? otherwise : terms.minor(amount)
  }

  /** What is refused whatever else is asked: a closed account, amounts that are none, and, where money leaves, a frozen one. */
  const open =
    (decide: Decide, { frozen = true }: { readonly frozen?: boolean } = {}): Decide =>
    (state, told) => {
      if (state.closed) return refused({ code: 'account-closed' })
      const amount = amountOf(told, 1)
      if (amount <= 0) return refused({ code: 'amount-not-positive', amount: said(amount) })
      const disputes = state.disputes.length
      if (frozen && (state.frozen || disputes > 0))
        return refused({ code: 'account-frozen', disputes, byHand: state.frozen })
      return decide(state, told)
    }

  /** Why an account cannot hold so much more. */
  function aboveLimit({ books }: StoredValueState, more: number): Decision | undefined {
    const would = heldIn(books.principal) + heldIn(books.bonus) + more
    const { limit } = terms
    if (limit === undefined || would <= limit) return undefined
    return refused({ code: 'above-limit', limit: said(limit), would: said(would), currency })
  }

  const topUp = open(
    (state, told) => {
      const { payment } = fieldsOf(told)
      const amount = amountOf(told, 0)
      if (get(topUpsBy, state.topUps, keyOf(payment)) !== undefined)
        return refused({ code: 'already-credited' })
      const { bonus, rule, expiresAt, reason } = grantFor(terms, amount, state.tracks, told.occurredAt)
      const tooMuch = aboveLimit(state, amount + bonus)
      if (tooMuch) return tooMuch
      const issued = (pool: Pool, amount: number, expiresAt: Instant | null): Move => ({
        from: 'issuance',
        to: 'available',
        lot: state.books[pool].lots.issued,
        amount,
        expiresAt,
        of: [keyOf(payment)],
      })
      const lasts = terms.principalExpires?.(told.occurredAt) ?? null
      const moves: StoredMoves = {
        principal: [issued('principal', amount, lasts)],
        bonus: bonus === 0 ? [] : [issued('bonus', bonus, expiresAt)],
      }
      return accepted('topped-up', {
        amount: said(amount),
        payment,
        bonus: said(bonus),
        ...(rule !== undefined && { rule }),
        ...(expiresAt !== null && { expiresAt }),
        moves,
        reason,
      })
    },
    { frozen: false },
  )

  /** What paying a sum takes from both kinds of money, or why it does not. */
  function planned(
    { books }: StoredValueState,
    amount: number,
  ): { readonly parts: Parts; readonly split: Split } | { readonly refusal: StoredValueRefusal } {
    const [principal, bonus] = [spendableIn(books.principal.lots), spendableIn(books.bonus.lots)]
    if (principal + bonus < amount) {
      const numbers = { requested: said(amount), available: said(principal + bonus), currency }
      return { refusal: { code: 'insufficient-funds', ...numbers } }
    }
    const split = splitOf(terms, amount, { principal, bonus })
    const parts = {
      principal: planSpending(books.principal.lots, split.principal),
      bonus: planSpending(books.bonus.lots, split.bonus),
    }
    return { parts, split }
  }

  /** An id may come again when its input is forgotten and what it made is not. */
  const isPurchase = ({ purchases }: StoredValueState, { id }: Told) =>
    get(purchasesBy, purchases, id) !== undefined

  const pay = open((state, told) => {
    if (isPurchase(state, told)) return refused({ code: 'purchase-exists' })
    const amount = amountOf(told, 0)
    const plan = planned(state, amount)
    if ('refusal' in plan) return plan
    const moves = bothMoves(plan.parts, 'available', 'redeemed')
    return accepted('paid', { ...shares(amount, plan.split), purchase: told.id, moves })
  })

  const shares = (amount: number, { principal, bonus }: Split) => ({
    amount: said(amount),
    principal: said(principal),
    bonus: said(bonus),
  })

  const reserve = open((state, told) => {
    if (heldUnder(state, told.id) !== undefined) return refused({ code: 'hold-exists' })
    const amount = amountOf(told, 0)
    const until = fieldsOf(told).until ?? terms.holdFor?.(told.occurredAt)
    if (until !== undefined && until <= told.occurredAt)
      return refused({ code: 'hold-ends-before-it-begins' })
    const plan = planned(state, amount)
    if ('refusal' in plan) return plan
    const ends = (move: Move): Move => (until === undefined ? move : { ...move, until })
    const { principal, bonus } = bothMoves(plan.parts, 'available', 'reserved', told.id)
    const moves = { principal: principal.map(ends), bonus: bonus.map(ends) }
    const data = { amount: said(amount), reservation: told.id, moves }
    return accepted('reserved', until === undefined ? data : { ...data, until })
  })

  const capture = open(
    (state, told) => {
      const { reservation, keep = false } = fieldsOf(told)
      if (isPurchase(state, told)) return refused({ code: 'purchase-exists' })
      const held = heldUnder(state, reservation)
      if (held === undefined) return refused({ code: 'unknown-hold' })
      const reserved = { principal: sumOf(held.principal), bonus: sumOf(held.bonus) }
      const whole = reserved.principal + reserved.bonus
      const amount = amountOf(told, whole)
      if (amount > whole) {
        const numbers = { requested: said(amount), reserved: said(whole), currency }
        return refused({ code: 'capture-exceeds-hold', ...numbers })
      }
      const split = splitOf(terms, amount, reserved)
      const taken = {
        principal: firstOf(held.principal, split.principal),
        bonus: firstOf(held.bonus, split.bonus),
      }
      const events = [
        one('paid', {
          ...shares(amount, split),
          purchase: told.id,
          reservation,
          moves: bothMoves(taken, 'reserved', 'redeemed', reservation),
        }),
      ]
      if (amount === whole || keep) return { events }
      const left = {
        principal: lastOf(held.principal, reserved.principal - split.principal),
        bonus: lastOf(held.bonus, reserved.bonus - split.bonus),
      }
      return { events: [...events, one('released', releasedData(left, reservation, terms))] }
    },
    { frozen: false },
  )

  const release = open(
    (state, told) => {
      const { reservation } = fieldsOf(told)
      const held = heldUnder(state, reservation)
      if (held === undefined) return refused({ code: 'unknown-hold' })
      return accepted('released', releasedData(held, reservation, terms))
    },
    { frozen: false },
  )

  const refund = open(
    (state, told) => {
      const known = get(purchasesBy, state.purchases, fieldsOf(told).purchase)
      if (known === undefined) return refused({ code: 'unknown-purchase' })
      const refundable =
        sumOf(known.parts.principal) +
        sumOf(known.parts.bonus) -
        known.refunded.principal -
        known.refunded.bonus
      const amount = amountOf(told, refundable)
      if (amount > refundable || refundable === 0) {
        const numbers = { requested: said(amount), refundable: said(refundable), currency }
        return refused({ code: 'refund-exceeds-purchase', ...numbers })
      }
      const split = refundOf(terms, known, amount)
      const parts = {
        principal: lastOf(known.parts.principal, split.principal, known.refunded.principal),
        bonus: lastOf(known.parts.bonus, split.bonus, known.refunded.bonus),
      }
      const moves = {
        principal: parts.principal.map((part) => givenBack(state, part, 'principal', told.occurredAt)),
        bonus: parts.bonus.map((part) => givenBack(state, part, 'bonus', told.occurredAt)),
      }
      const withheld = movedTo(moves.principal, 'clawed-back') + movedTo(moves.bonus, 'clawed-back')
      return accepted('refunded', {
        ...shares(amount, split),
        purchase: known.purchase,
        ...(withheld > 0 && { withheld: said(withheld) }),
        moves,
      })
    },
    { frozen: false },
  )

  /** To the lot it came from; what belongs to a reversed top-up is nobody's any more. */
  function givenBack(state: StoredValueState, part: LotPart, pool: Pool, at: Instant): Move {
    if (topUpOf(state, part, pool)?.reversed) return { from: 'redeemed', to: 'clawed-back', ...part }
    const graced =
      terms.grace !== undefined && part.expiresAt !== null && part.expiresAt <= at
        ? { ...part, expiresAt: terms.grace(at) }
        : part
    return { from: 'redeemed', to: 'available', ...graced }
  }

  const somethingReserved = (state: StoredValueState): Decision | undefined => {
    const reserved = heldAside(state)
    return reserved === 0
      ? undefined
      : refused({ code: 'money-reserved', reserved: said(reserved), currency })
  }

  const withdraw = open((state, told) => {
    const policy = agreed.withdrawal ?? 'any-time'
    if (policy === 'never') return refused({ code: 'withdrawals-not-agreed' })
    const aside = somethingReserved(state)
    if (aside) return aside
    const principal = spendableIn(state.books.principal.lots)
    const amount = amountOf(told, principal)
    if (principal === 0) return refused({ code: 'nothing-to-repay' })
    if (amount > principal) {
      const numbers = { requested: said(amount), available: said(principal), currency }
      return refused({ code: 'insufficient-funds', ...numbers })
    }
    if (policy === 'whole-remainder' && amount < principal)
      return refused({ code: 'whole-remainder-only', remainder: said(principal), currency })
    return accepted('withdrawn', repaid(state, amount, agreed.bonusOnWithdrawal ?? 'forfeited'))
  })

  function repaid(state: StoredValueState, amount: number, policy: Parameters<typeof repayment>[2]): object {
    const { cash, deducted, bonus, moves, topUps } = repayment(
      state,
      amount,
      policy,
      agreed.spentBonus ?? 'kept',
    )
    const numbers = { amount: said(amount), cash: said(cash), bonus: said(bonus), currency }
    const reason =
      deducted === 0
        ? { code: 'repaid', ...numbers }
        : { code: 'repaid-less-bonus', ...numbers, deducted: said(deducted) }
    return {
      amount: said(amount),
      cash: said(cash),
      deducted: said(deducted),
      bonus: said(bonus),
      moves,
      topUps,
      reason,
    }
  }

  const close = open((state) => {
    const aside = somethingReserved(state)
    if (aside) return aside
    const principal = spendableIn(state.books.principal.lots)
    if (principal > 0 && agreed.withdrawal === 'never')
      return refused({ code: 'principal-left', principal: said(principal), currency })
    return accepted('closed', repaid(state, principal, 'forfeited'))
  })

  const reverse = open(
    (state, told) => {
      const { payment } = fieldsOf(told)
      const known = get(topUpsBy, state.topUps, keyOf(payment))
      if (known === undefined || known.reversed) return refused({ code: 'unknown-payment' })
      const aside = somethingReserved(state)
      if (aside) return aside
      const { lots } = known
      const principal = remainingOf(state.books.principal.lots, lots.principal)
      const bonus = remainingOf(state.books.bonus.lots, lots.bonus)
      const taken = sumOf(principal)
      return accepted('reversed', {
        payment,
        topUp: known.payment,
        amount: said(taken),
        bonus: said(sumOf(bonus)),
        uncovered: said(known.principal - taken),
        moves: bothMoves({ principal, bonus }, 'available', 'clawed-back'),
      })
    },
    { frozen: false },
  )

  const send = open((state, told) => {
    if ((agreed.transfer ?? 'no') === 'no') return refused({ code: 'transfers-not-agreed' })
    const { lots } = state.books.principal
    const amount = amountOf(told, 0)
    if (spendableIn(lots) < amount) {
      const numbers = { requested: said(amount), available: said(spendableIn(lots)), currency }
      return refused({ code: 'insufficient-funds', ...numbers })
    }
    const moves = { principal: movesOf('available', 'transferred', planSpending(lots, amount)), bonus: [] }
    return accepted('sent', { amount: said(amount), transfer: told.id, to: fieldsOf(told).to, moves })
  })

  const receive = open(
    (state, told) => {
      if ((agreed.transfer ?? 'no') === 'no') return refused({ code: 'transfers-not-agreed' })
      const { transfer, from } = fieldsOf(told)
      if (get(transfersBy, state.transfers, transfer) !== undefined)
        return refused({ code: 'already-credited' })
      const amount = amountOf(told, 0)
      const tooMuch = aboveLimit(state, amount)
      if (tooMuch) return tooMuch
      const lasts = terms.principalExpires?.(told.occurredAt) ?? null
      // A lot of its own: it belongs to no top-up of this account.
      const lot = { lot: state.books.principal.lots.issued, amount, expiresAt: lasts }
      const moves = { principal: [{ from: 'transferred', to: 'available', ...lot }], bonus: [] }
      return accepted('received', { amount: said(amount), transfer, from, moves })
    },
    { frozen: false },
  )

  const freeze: Decide = (state, told) =>
    state.closed
      ? refused({ code: 'account-closed' })
      : state.frozen
        ? refused({ code: 'already-frozen' })
        : accepted('frozen', { reason: fieldsOf(told).reason })
  const unfreeze: Decide = (state, told) =>
    state.closed
      ? refused({ code: 'account-closed' })
      : state.frozen
        ? accepted('unfrozen', { reason: fieldsOf(told).reason })
        : refused({ code: 'not-frozen' })

  return {
    'top-up': topUp,
    pay,
    reserve,
    capture,
    release,
    refund,
    withdraw,
    reverse,
    send,
    receive,
    freeze,
    unfreeze,
    close,
  }
}

/** How much of a sum is which kind of money. `proportional` rounds principal down: it is what can be repaid in cash. */
function splitOf({ spend }: Terms, amount: number, of: Split): Split {
  const whole = of.principal + of.bonus
  const principal =
    spend === 'principal-first'
      ? Math.min(amount, of.principal)
      : spend === 'bonus-first'
        ? amount - Math.min(amount, of.bonus)
        : whole === 0
          ? 0
          : shareOf(of.principal, amount, whole)
  return { principal, bonus: amount - principal }
}

/** What a refund gives back of which kind: the reverse of paying, so that refunds in parts add up to one of all. */
function refundOf(terms: Terms, { parts, refunded }: Purchase, amount: number): Split {
  const paid = { principal: sumOf(parts.principal), bonus: sumOf(parts.bonus) }
  const left = paid.principal + paid.bonus - refunded.principal - refunded.bonus - amount
  // What stays paid is what a payment of that much would have taken from what this one took.
  const stays = splitOf(terms, left, paid)
  return {
    principal: paid.principal - refunded.principal - stays.principal,
    bonus: paid.bonus - refunded.bonus - stays.bonus,
  }
}

const bothMoves = (parts: Parts, from: Move['from'], to: Move['to'], reservation?: string): StoredMoves => ({
  principal: movesOf(from, to, parts.principal, reservation),
  bonus: movesOf(from, to, parts.bonus, reservation),
})

/** What is set aside under a name, of both kinds. */
export function heldUnder({ books }: StoredValueState, reservation: string): Parts | undefined {
  const [principal, bonus] = POOLS.map((pool) => reservationIn(books[pool], reservation)?.parts)
  if (principal === undefined && bonus === undefined) return undefined
  return { principal: principal ?? [], bonus: bonus ?? [] }
}

/** What the end of a reservation records. */
export function releasedData(parts: Parts, reservation: string, { said }: Pick<Terms, 'said'>): object {
  const amount = sumOf(parts.principal) + sumOf(parts.bonus)
  return { amount: said(amount), reservation, moves: bothMoves(parts, 'reserved', 'available', reservation) }
}
