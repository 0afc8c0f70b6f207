import { fault, reading } from '../../kernel/errors.js'
import type { AnyEvent, Instant, Track } from '../../kernel/index.js'
import { isInstant } from '../../kernel/instant.js'
import { first, get, insert, remove } from '../../kernel/sorted.js'
import { partAfter } from '../../ledger/book.js'
import { type LotPart, type Move, movedFrom, post } from '../../ledger/index.js'
import {
  agesBy,
  POOLS,
  type Pool,
  purchasesBy,
  type StoredValueState,
  type TopUp,
  topUpOf,
  topUpsBy,
  transfersBy,
} from './account.js'
import type {
  BonusCorrectedData,
  LapsedData,
  PurchaseData,
  ReceivedData,
  ReversedData,
  StoredMoves,
  ToppedUpData,
  WithdrawnData,
} from './events.js'
import { judge, type Terms } from './terms.js'

/** Applies a posting: total, whatever was recorded. */
export function postStored(
  state: StoredValueState,
  kind: string,
  event: AnyEvent,
  tracks: readonly Track[],
  terms: Terms,
): StoredValueState {
  return reading('wrong-type', '$.event.data', event, 'what a posting records', () => {
    const { moves } = event.data as { readonly moves?: StoredMoves }
    const books = moves === undefined ? state.books : booksAfter(state.books, moves)
    const next = { ...state, books, tracks }
    const after = postings[kind as keyof typeof postings]?.(next, event, terms, state.tracks) ?? next
    return terms.kept === undefined ? after : withoutOld(after, event.occurredAt, terms.kept)
  })
}

const postings = {
  'topped-up': toppedUp,
  received,
  paid,
  refunded,
  'bonus-corrected': bonusCorrected,
  expired,
  withdrawn,
  closed: (state: StoredValueState, event: AnyEvent): StoredValueState => ({
    ...withdrawn(state, event),
    closed: true,
  }),
  reversed,
  frozen: (state: StoredValueState): StoredValueState => ({ ...state, frozen: true }),
  unfrozen: (state: StoredValueState): StoredValueState => ({ ...state, frozen: false }),
}

const booksAfter = (books: StoredValueState['books'], moves: StoredMoves): StoredValueState['books'] => ({
  principal: moves.principal.length === 0 ? books.principal : post(books.principal, moves.principal),
  bonus: moves.bonus.length === 0 ? books.bonus : post(books.bonus, moves.bonus),
})

/** The parts of lots that some moves are about. */
const partsOf = (moves: readonly Move[]): readonly LotPart[] =>
  moves.map(({ from: _, to: __, reservation: ___, until: ____, ...part }) => part as LotPart)

/** What a top-up brings by what was known before it is judged again, so that a state of corrected facts says what follows. */
function toppedUp(
  state: StoredValueState,
  event: AnyEvent,
  terms: Terms,
  known: readonly Track[],
): StoredValueState {
  const { moves, rule } = event.data as ToppedUpData
  const [principal] = partsOf(moves.principal)
  const [bonus] = partsOf(moves.bonus)
  if (principal === undefined) return state
  const at = event.occurredAt
  const payment = principal.of?.[0] ?? ''
  const follows = terms.corrections === 'none' ? undefined : judge(terms, principal.amount, known, at)
  const told = {
    bonus: bonus?.amount ?? 0,
    ...(rule !== undefined && { rule }),
    expiresAt: bonus?.expiresAt ?? null,
  }
  const topUp: TopUp = {
    payment,
    at,
    principal: principal.amount,
    bonus: bonus?.amount ?? 0,
    withdrawn: 0,
    settled: 0,
    lapsed: 0,
    excused: 0,
    reversed: false,
    ...(follows !== undefined && { told, follows }),
    lots: { principal: [principal], bonus: bonus === undefined ? [] : [bonus] },
  }
  const before = get(topUpsBy, state.topUps, payment)
  if (before !== undefined) return { ...state, topUps: insert(topUpsBy, state.topUps, joined(before, topUp)) }
  const topUps = insert(topUpsBy, state.topUps, topUp)
  return aged({ ...state, topUps }, terms.kept, { at, kind: 'top-up', name: payment })
}

/**
 * A payment that a log credits twice is one top-up of both: no command does that, but what was recorded applies. What each of
 * them follows from is not told apart any more, so nothing of them is corrected.
 */
function joined({ told: _, follows: __, ...known }: TopUp, more: TopUp): TopUp {
  const lots = (pool: Pool) => [
    ...known.lots[pool],
    ...more.lots[pool].filter(({ lot }) => known.lots[pool].every((one) => one.lot !== lot)),
  ]
  return {
    ...known,
    principal: known.principal + more.principal,
    bonus: known.bonus + more.bonus,
    lots: { principal: lots('principal'), bonus: lots('bonus') },
  }
}

function received(state: StoredValueState, event: AnyEvent, { kept }: Terms): StoredValueState {
  const { transfer } = event.data as ReceivedData
  const transfers = insert(transfersBy, state.transfers, transfer)
  return aged({ ...state, transfers }, kept, { at: event.occurredAt, kind: 'transfer', name: transfer })
}

function paid(state: StoredValueState, event: AnyEvent, { kept }: Terms): StoredValueState {
  const { purchase, moves } = event.data as PurchaseData
  const at = event.occurredAt
  const purchases = insert(purchasesBy, state.purchases, {
    purchase,
    at,
    parts: { principal: partsOf(moves.principal), bonus: partsOf(moves.bonus) },
    refunded: { principal: 0, bonus: 0 },
  })
  return aged({ ...state, purchases }, kept, { at, kind: 'purchase', name: purchase })
}

function refunded(state: StoredValueState, event: AnyEvent): StoredValueState {
  const { purchase, moves } = event.data as PurchaseData
  const known = get(purchasesBy, state.purchases, purchase)
  if (known === undefined) return state
  const back = (pool: Pool) => known.refunded[pool] + movedFrom(moves[pool], 'redeemed')
  const refunded = { principal: back('principal'), bonus: back('bonus') }
  const purchases = insert(purchasesBy, state.purchases, { ...known, refunded })
  return { ...state, purchases, topUps: withReturned(state.topUps, moves) }
}

/** A top-up finds its lots under their terms: a grace may have given them other ones. */
function withReturned(before: StoredValueState['topUps'], moves: StoredMoves): StoredValueState['topUps'] {
  let topUps = before
  for (const pool of POOLS)
    for (const part of partsOf(moves[pool])) {
      const known = topUpOf({ topUps }, part, pool)
      if (known === undefined) continue
      const parts = withPart(known.lots[pool], part)
      if (parts !== known.lots[pool])
        topUps = insert(topUpsBy, topUps, { ...known, lots: { ...known.lots, [pool]: parts } })
    }
  return topUps
}

/** Parts with one more, unless its lot stands among them under the same end. */
const withPart = (parts: readonly LotPart[], part: LotPart): readonly LotPart[] =>
  parts.some(({ lot, expiresAt }) => lot === part.lot && expiresAt === part.expiresAt)
    ? parts
    : [...parts, part]

const isUnits = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0

function bonusCorrected(state: StoredValueState, event: AnyEvent): StoredValueState {
  const { topUp, standing, moves } = event.data as BonusCorrectedData
  const { bonus, settled, told } = standing
  const ends = told.expiresAt
  if (![bonus, settled, told.bonus].every(isUnits) || !(ends === null || isInstant(ends)))
    throw fault('wrong-type', '$.event.data.standing', standing, 'whole units, and an instant or null')
  const known = get(topUpsBy, state.topUps, topUp)
  if (known === undefined) return state
  const stays = moves.bonus.filter(({ to }) => to === 'available').map(partAfter)
  const lots = { ...known.lots, bonus: stays.reduce(withPart, known.lots.bonus) }
  return { ...state, topUps: insert(topUpsBy, state.topUps, { ...known, bonus, settled, told, lots }) }
}

/** A top-up remembers what of its bonus expired: that is not owed again. */
function expired(state: StoredValueState, event: AnyEvent): StoredValueState {
  const { moves } = event.data as LapsedData
  let { topUps } = state
  for (const part of partsOf(moves.bonus)) {
    const known = topUpOf({ topUps }, part, 'bonus')
    if (known) topUps = insert(topUpsBy, topUps, { ...known, lapsed: known.lapsed + part.amount })
  }
  return topUps === state.topUps ? state : { ...state, topUps }
}

function withdrawn(state: StoredValueState, event: AnyEvent): StoredValueState {
  let { topUps } = state
  for (const { payment, ...change } of (event.data as WithdrawnData).topUps) {
    const known = get(topUpsBy, topUps, payment)
    if (known) topUps = insert(topUpsBy, topUps, { ...known, ...change })
  }
  return { ...state, topUps }
}

function reversed(state: StoredValueState, event: AnyEvent): StoredValueState {
  const known = get(topUpsBy, state.topUps, (event.data as ReversedData).topUp)
  if (known === undefined) return state
  return { ...state, topUps: insert(topUpsBy, state.topUps, { ...known, reversed: true }) }
}

const aged = (
  state: StoredValueState,
  kept: Terms['kept'],
  one: { readonly at: Instant; readonly kind: 'purchase' | 'top-up' | 'transfer'; readonly name: string },
): StoredValueState => (kept === undefined ? state : { ...state, ages: insert(agesBy, state.ages, one) })

/** Forgets what has been kept long enough. Each posting makes one record at most, so this does no more than make up for it. */
function withoutOld(state: StoredValueState, now: Instant, kept: (at: Instant) => Instant): StoredValueState {
  let { ages, purchases, topUps, transfers } = state
  for (let oldest = first(ages); oldest !== undefined && kept(oldest.at) <= now; oldest = first(ages)) {
    if (oldest.kind === 'purchase') purchases = remove(purchasesBy, purchases, oldest.name)
    else if (oldest.kind === 'top-up') topUps = remove(topUpsBy, topUps, oldest.name)
    else transfers = remove(transfersBy, transfers, oldest.name)
    ages = remove(agesBy, ages, agesBy.key(oldest))
  }
  return ages === state.ages ? state : { ...state, ages, purchases, topUps, transfers }
}
