import type { Field, Instant } from '../../kernel/index.js'
import { get, items } from '../../kernel/sorted.js'
import {
  crediting,
  type LotPart,
  type Move,
  movesOf,
  partsHeld,
  planFrom,
  planSpending,
  spendableIn,
} from '../../ledger/index.js'
import { endIn } from '../../ledger/lots.js'
import { lapsedBy, originsBy, ownerOf, type PointsState, total } from '../account.js'
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
import { reinstating } from './retention.js'

interface LastingCommand {
  readonly points?: number
  readonly lots?: unknown
  readonly until: Instant
  readonly reason: string
}

/** What people do to the ends of points: end them now, put their end off, bring back what expired. */
export function lastingSection(agreement: Agreement): Section {
  const { id, agreed, currencies, zone, retention } = agreement
  const currency: Field = { type: 'text', oneOf: currencies.map((one) => one.currency), required: false }
  const some: Field = { type: 'integer', required: false }
  const lots: Field = { type: 'detail', required: false }
  const window = reinstating(agreed, zone)

  function expire(state: PointsState, told: Told): Decision {
    const misfit = notPositive(told)
    if (misfit) return misfit
    const { points: asked, lots: wanted, reason: text } = told.data as LastingCommand
    const { currency } = currencyIn(agreement, told)
    const held = state.books[currency]!.lots
    const all = spendableIn(held)
    const numbers = wanted === undefined ? undefined : lotNumbers(wanted)
    if (wanted !== undefined && numbers === undefined) return refused({ code: 'unknown-lot' })
    const parts =
      numbers === undefined ? planSpending(held, asked ?? all) : planFrom(held, numbers, asked ?? all)
    if (parts === undefined) return refused({ code: 'unknown-lot' })
    const points = total(parts)
    if (asked !== undefined && points < asked)
      return refused({ code: 'insufficient-points', requested: asked, available: points })
    if (points === 0) return refused({ code: 'nothing-to-expire' })
    const moves = movesOf('available', 'expired', parts)
    return accepted(`${id}/expired`, { points, currency, moves, reason: { code: 'expired-by-hand', text } })
  }

  function extend(state: PointsState, told: Told): Decision {
    const { lots: wanted, until, reason: text } = told.data as LastingCommand
    const { currency } = currencyIn(agreement, told)
    const held = state.books[currency]!.lots
    const numbers = wanted === undefined ? undefined : lotNumbers(wanted)
    if (wanted !== undefined && numbers === undefined) return refused({ code: 'unknown-lot' })
    const found = partsHeld(held, numbers && new Set(numbers))
    if (numbers?.some((lot) => !found.some((part) => part.lot === lot)))
      return refused({ code: 'unknown-lot' })
    const ends = found.map((part) => endIn(held, part.expiresAt))
    if (numbers !== undefined) {
      if (ends.includes(null)) return refused({ code: 'never-ends' })
      const latest = (ends as number[]).reduce((a, b) => Math.max(a, b), told.occurredAt)
      if (latest >= until) return refused({ code: 'end-not-later', until, after: latest })
    } else if (until <= told.occurredAt)
      return refused({ code: 'end-not-later', until, after: told.occurredAt })
    const parts = found.filter((_, i) => ends[i] !== null && ends[i]! < until)
    if (parts.length === 0) return refused({ code: 'nothing-to-extend', until })
    const moves = parts.map((part): Move => {
      const place = part.confirmsAt === undefined ? 'available' : 'pending'
      return { from: place, to: place, ...part, endsAt: until }
    })
    const reason = { code: 'extended-by-hand', text }
    return accepted(`${id}/extended`, { points: total(parts), currency, until, moves, reason })
  }

  function reinstate(state: PointsState, told: Told): Decision {
    const misfit = notPositive(told)
    if (misfit) return misfit
    const { points: asked, lots: wanted, until, reason: text } = told.data as LastingCommand
    const { currency } = currencyIn(agreement, told)
    const at = told.occurredAt
    const numbers = wanted === undefined ? undefined : lotNumbers(wanted)
    if (wanted !== undefined && numbers === undefined) return refused({ code: 'unknown-lot' })
    const { parts, restores, missing } = restorable(state, currency, asked, numbers && new Set(numbers), at)
    if (missing) return refused({ code: 'unknown-lot' })
    if (until <= at) return refused({ code: 'end-not-later', until, after: at })
    const points = total(parts)
    if (points === 0 || (asked !== undefined && points < asked))
      return refused({ code: 'reinstate-exceeds-expired', requested: asked ?? 0, reinstatable: points })
    const moves = crediting(
      state.books[currency]!,
      'expired',
      parts.map((part) => ({ ...part, expiresAt: until })),
    )
    const reason = { code: 'reinstated-by-hand', text }
    return accepted(`${id}/reinstated`, { points, currency, until, moves, restores, reason })
  }

  /** What may come back, the first expired first: no more than expired, and than stands in for no clawback. */
  function restorable(
    state: PointsState,
    currency: string,
    asked: number | undefined,
    numbers: ReadonlySet<number> | undefined,
    at: Instant,
  ) {
    const parts: LotPart[] = []
    const restores: (readonly [at: Instant, lot: number, end: Instant | null, amount: number])[] = []
    const used = new Map<string, number>()
    const unseen = new Set(numbers)
    let open = asked ?? Number.MAX_SAFE_INTEGER
    for (const one of items(lapsedBy, state.lapsed[currency] ?? null)) {
      if (open === 0 && unseen.size === 0) break
      const { at: expiredAt, lot, expiresAt, rank, of } = one
      if (window?.isOver(expiredAt, at) || (numbers !== undefined && !numbers.has(lot))) continue
      unseen.delete(lot)
      const owner = ownerOf(state.origins, of, lot)
      const key = owner?.key
      const free = key === undefined ? one.amount : unexcused(state, key, at) - (used.get(key) ?? 0)
      const amount = Math.min(open, one.amount, Math.max(0, free))
      if (amount === 0) continue
      open -= amount
      if (key !== undefined) used.set(key, (used.get(key) ?? 0) + amount)
      const ranked = rank === undefined ? {} : { rank }
      parts.push({ lot, amount, expiresAt, ...ranked, ...(of && { of }) })
      restores.push([expiredAt, lot, expiresAt, amount])
    }
    return { parts, restores, missing: unseen.size > 0 }
  }

  /** How much of what expired of an origin has not stood in for a clawback. */
  function unexcused(state: PointsState, key: string, at: Instant): number {
    const known = get(originsBy, state.origins, key)
    if (known === undefined || (retention !== undefined && !retention.knows(state, key, at)))
      return Number.MAX_SAFE_INTEGER
    return known.share.expired - known.share.excused
  }

  return {
    commands: {
      expire: { points: some, currency, lots, reason: { type: 'text' } },
      extend: { until: { type: 'instant' }, currency, lots, reason: { type: 'text' } },
      reinstate: { points: some, until: { type: 'instant' }, currency, lots, reason: { type: 'text' } },
    },
    decide: { expire, extend, reinstate },
  }
}

/** Numbers of lots, where that is what was given. */
function lotNumbers(wanted: unknown): readonly number[] | undefined {
  return Array.isArray(wanted) && wanted.length > 0 && wanted.every(Number.isSafeInteger) ? wanted : undefined
}
