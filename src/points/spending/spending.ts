import type { Field, Instant } from '../../kernel/index.js'
import {
  crediting,
  type LotPart,
  type Move,
  movesOf,
  planFrom,
  planSpending,
  reservationIn,
  spendableIn,
} from '../../ledger/index.js'
import type { PointsState } from '../account.js'
import {
  type Agreement,
  accepted,
  currencyIn,
  type Decision,
  notPositive,
  refused,
  type Section,
  type Told,
} from '../section.js'
import { paidFor } from './refunding.js'

/** Points spent, and set aside to be spent. */
export function spendingSection(agreement: Agreement): Section {
  const { id, agreed, currencies, zone } = agreement
  const currency: Field = {
    type: 'text',
    oneOf: currencies.flatMap(({ currency, kind }) => (kind === 'spendable' ? [currency] : [])),
    required: false,
  }
  const points: Field = { type: 'integer' }
  const some: Field = { type: 'integer', required: false }
  const detail: Field = { type: 'detail', required: false }
  const holdFor = agreed.holdFor && zone.adder(agreed.holdFor)

  /** The parts that spending takes, or why it does not. */
  function planned(
    state: PointsState,
    currency: string,
    points: number,
    wanted: unknown,
  ): { readonly parts: readonly LotPart[] } | { readonly refusal: Decision } {
    const { lots } = state.books[currency]!
    const parts = wanted === undefined ? planSpending(lots, points) : chosen(state, currency, wanted, points)
    if (parts === undefined) return { refusal: refused({ code: 'unknown-lot' }) }
    const available =
      wanted === undefined ? spendableIn(lots) : parts.reduce((sum, { amount }) => sum + amount, 0)
    if (available < points)
      return { refusal: refused({ code: 'insufficient-points', requested: points, available }) }
    return { parts }
  }

  function redeem(state: PointsState, told: Told): Decision {
    const misfit = notPositive(told)
    if (misfit) return misfit
    const { points, lots } = told.data as SpendData
    const { currency } = currencyIn(agreement, told)
    const plan = planned(state, currency, points, lots)
    if ('refusal' in plan) return plan.refusal
    const paid = paidFor(told)
    if (paid === null) return refused({ code: 'not-an-amount' })
    const moves = movesOf('available', 'redeemed', plan.parts)
    const data = { points, currency, redemption: told.id, moves }
    return accepted(`${id}/redeemed`, paid === undefined ? data : { ...data, paid })
  }

  function reserve(state: PointsState, told: Told): Decision {
    const misfit = notPositive(told)
    if (misfit) return misfit
    const { points, lots, until: asked } = told.data as SpendData
    const { currency } = currencyIn(agreement, told)
    const plan = planned(state, currency, points, lots)
    if ('refusal' in plan) return plan.refusal
    const until = asked ?? holdFor?.(told.occurredAt) ?? null
    if (until !== null && until <= told.occurredAt) return refused({ code: 'ends-before-it-begins' })
    const moves = movesOf('available', 'reserved', plan.parts, told.id).map(
      (move): Move => (until === null ? move : { ...move, until }),
    )
    const data = { points, currency, reservation: told.id, moves }
    return accepted(`${id}/reserved`, until === null ? data : { ...data, until })
  }

  /** Where a reservation is, whatever its currency. */
  function reservation(state: PointsState, told: Told) {
    const { reservation: name } = told.data as { readonly reservation: string }
    for (const { currency } of currencies) {
      const found = reservationIn(state.books[currency]!, name)
      if (found !== undefined) return { currency, found }
    }
    return undefined
  }

  function capture(state: PointsState, told: Told): Decision {
    const misfit = notPositive(told)
    if (misfit) return misfit
    const held = reservation(state, told)
    if (held === undefined) return refused({ code: 'unknown-reservation' })
    const { found, currency } = held
    const { points = found.amount, keep = false } = told.data as {
      readonly points?: number
      readonly keep?: boolean
    }
    if (points > found.amount)
      return refused({ code: 'capture-exceeds-reservation', requested: points, reserved: found.amount })
    const paid = paidFor(told)
    if (paid === null) return refused({ code: 'not-an-amount' })
    const { taken, left } = split(found.parts, points)
    const moves = movesOf('reserved', 'redeemed', taken, found.id)
    const data = { points, currency, redemption: told.id, reservation: found.id, moves }
    const redeemed = paid === undefined ? data : { ...data, paid }
    const events = [{ type: `${id}/redeemed`, data: redeemed }]
    if (left.length === 0 || keep) return { events }
    const release = {
      points: found.amount - points,
      currency,
      reservation: found.id,
      moves: crediting(state.books[currency]!, 'reserved', left, found.id),
    }
    return { events: [...events, { type: `${id}/released`, data: release }] }
  }

  function release(state: PointsState, told: Told): Decision {
    const held = reservation(state, told)
    if (held === undefined) return refused({ code: 'unknown-reservation' })
    const { found, currency } = held
    const moves = crediting(state.books[currency]!, 'reserved', found.parts, found.id)
    return accepted(`${id}/released`, { points: found.amount, currency, reservation: found.id, moves })
  }

  return {
    commands: {
      redeem: { points, currency, lots: detail, for: detail },
      reserve: {
        points,
        currency,
        until: { type: 'instant', required: false },
        lots: detail,
      },
      capture: {
        reservation: { type: 'text' },
        points: some,
        keep: { type: 'boolean', required: false },
        for: detail,
      },
      release: { reservation: { type: 'text' } },
    },
    decide: { redeem, reserve, capture, release },
  }
}

/** The parts of the lots that the caller names; `undefined` where that is no list of lots that can be spent. */
function chosen(state: PointsState, currency: string, wanted: unknown, points: number) {
  if (!Array.isArray(wanted) || !wanted.every(Number.isSafeInteger)) return undefined
  return planFrom(state.books[currency]!.lots, wanted, points)
}

interface SpendData {
  readonly points: number
  readonly until?: Instant
  /** The caller's order of lots. */
  readonly lots?: unknown
}

/** The first so many of some parts, and the rest. */
function split(parts: readonly LotPart[], amount: number) {
  const taken: LotPart[] = []
  const left: LotPart[] = []
  let open = amount
  for (const part of parts) {
    const first = Math.min(open, part.amount)
    open -= first
    if (first > 0) taken.push({ ...part, amount: first })
    if (part.amount > first) left.push({ ...part, amount: part.amount - first })
  }
  return { taken, left }
}
