import type { Instant, Sorted, SortedOrder } from '../kernel/index.js'
import { first, get, insert, items, remove, sumThrough } from '../kernel/sorted.js'

/** What was issued together and expires together. Amounts are whole units. */
export interface Lot {
  /** Number in the order of issue. */
  readonly lot: number
  readonly remaining: number
  /** First instant at which it can no longer be spent; `null` when it never expires. */
  readonly expiresAt: Instant | null
  /** While it is pending: when it becomes spendable by itself; `null` when only an event confirms it. */
  readonly confirmsAt?: Instant | null
  /** What it was issued for, where the account keeps that: names of its own. */
  readonly of?: readonly string[]
}

/** A part of a lot, as postings name it; with `confirmsAt` it was pending. */
export interface LotPart {
  readonly lot: number
  readonly amount: number
  readonly expiresAt: Instant | null
  readonly confirmsAt?: Instant | null
  readonly of?: readonly string[]
}

type Key = readonly [at: number, lot: number]

/** Lots of one account: pending by confirmation, spendable by expiry, and what is owed where nothing is left to take. */
export interface Lots {
  readonly pending: Sorted<Lot, Key> | null
  readonly spendable: Sorted<Lot, Key> | null
  /** Owed by the holder; the next spendable units repay it first, so beside a deficit nothing is spendable. */
  readonly deficit: number
  /** Lots issued so far. */
  readonly issued: number
}

export const noLots: Lots = { pending: null, spendable: null, deficit: 0, issued: 0 }

const NEVER = Number.MAX_SAFE_INTEGER
const compare = (a: Key, b: Key) => a[0] - b[0] || a[1] - b[1]
const byExpiry: SortedOrder<Lot, Key> = {
  key: (lot) => [lot.expiresAt ?? NEVER, lot.lot],
  compare,
  amount: (lot) => lot.remaining,
}
const byConfirmation: SortedOrder<Lot, Key> = {
  key: (lot) => [lot.confirmsAt ?? NEVER, lot.lot],
  compare,
  amount: (lot) => lot.remaining,
}

export const spendableIn = (lots: Lots): number => lots.spendable?.sum ?? 0
export const pendingIn = (lots: Lots): number => lots.pending?.sum ?? 0

/** Issues a lot; with `confirmsAt` (an instant, or `null` for "by an event") it is pending. */
export function issue(lots: Lots, { lot, amount, expiresAt, confirmsAt, of }: LotPart): Lots {
  const { pending, spendable, deficit } = lots
  const issued = Math.max(lots.issued, lot + 1)
  if (amount === 0) return { pending, spendable, deficit, issued }
  if (confirmsAt === undefined)
    return credit(
      { pending, spendable, deficit, issued },
      { lot, remaining: amount, expiresAt, ...named(of) },
    )
  const waiting: Lot = { lot, remaining: amount, expiresAt, confirmsAt, ...named(of) }
  return { pending: insert(byConfirmation, pending, waiting, joinWaiting), spendable, deficit, issued }
}

/** A hypothetical run may give a number out that a recorded posting names: what is issued twice under it adds up. */
const joinWaiting = (old: Lot, more: Lot): Lot => ({ ...old, remaining: old.remaining + more.remaining })

const named = (of: readonly string[] | undefined) => (of === undefined ? undefined : { of })

/** Makes units spendable; a deficit is repaid first. */
function credit(lots: Lots, { lot, remaining, expiresAt, of }: Lot): Lots {
  const { pending, spendable, issued } = lots
  const repaid = Math.min(remaining, lots.deficit)
  const deficit = lots.deficit - repaid
  if (remaining === repaid) return { pending, spendable, deficit, issued }
  const left = spendableLot(lot, remaining - repaid, expiresAt, of)
  return { pending, spendable: insert(byExpiry, spendable, left, joinLots), deficit, issued }
}

const spendableLot = (lot: number, remaining: number, expiresAt: Lot['expiresAt'], of: Lot['of']): Lot =>
  of === undefined ? { lot, remaining, expiresAt } : { lot, remaining, expiresAt, of }

const joinLots = ({ lot, remaining, expiresAt, of }: Lot, more: Lot): Lot =>
  spendableLot(lot, remaining + more.remaining, expiresAt, of)

/** The parts that spending would take: what expires first goes first, what never expires last, then the older. */
export function planSpending(lots: Lots, amount: number): readonly LotPart[] {
  const parts: LotPart[] = []
  let open = amount
  for (const { lot, remaining, expiresAt, of } of items(byExpiry, lots.spendable)) {
    if (open === 0) break
    const taken = Math.min(open, remaining)
    parts.push({ lot, amount: taken, expiresAt, ...named(of) })
    open -= taken
  }
  return parts
}

/** The parts that taking back would take: the given lots first, pending before spendable, then any in spending order. */
export function planClawback(lots: Lots, own: readonly LotPart[], amount: number): readonly LotPart[] {
  const parts: LotPart[] = []
  let open = amount
  let left = lots
  for (const wanted of remainingOf(lots, own)) {
    if (open === 0) return parts
    const part = { ...wanted, amount: Math.min(open, wanted.amount) }
    parts.push(part)
    open -= part.amount
    left = take(left, [part])
  }
  return open === 0 ? parts : [...parts, ...planSpending(left, open)]
}

/** What is left of some lots, as parts; pending ones first. */
export function remainingOf(lots: Lots, own: readonly LotPart[]): readonly LotPart[] {
  const pending: LotPart[] = []
  const spendable: LotPart[] = []
  for (const { lot, expiresAt, confirmsAt } of own) {
    const waiting =
      confirmsAt === undefined ? undefined : get(byConfirmation, lots.pending, [confirmsAt ?? NEVER, lot])
    if (waiting !== undefined) pending.push(partOf(waiting))
    const open = get(byExpiry, lots.spendable, [expiresAt ?? NEVER, lot])
    if (open !== undefined) spendable.push(partOf(open))
  }
  return [...pending, ...spendable]
}

/** Takes parts away. Total: what is no longer there becomes a deficit. */
export function take(lots: Lots, parts: readonly LotPart[]): Lots {
  let { pending, spendable, deficit } = lots
  for (const { lot, amount, expiresAt, confirmsAt } of parts) {
    const waits = confirmsAt !== undefined
    const key: Key = [(waits ? confirmsAt : expiresAt) ?? NEVER, lot]
    const found = waits ? get(byConfirmation, pending, key) : get(byExpiry, spendable, key)
    const taken = Math.min(amount, found?.remaining ?? 0)
    deficit += amount - taken
    if (found === undefined) continue
    const remaining = found.remaining - taken
    if (waits) {
      const left: Lot = { ...found, remaining }
      pending = remaining === 0 ? remove(byConfirmation, pending, key) : insert(byConfirmation, pending, left)
    } else {
      const left = spendableLot(lot, remaining, found.expiresAt, found.of)
      spendable = remaining === 0 ? remove(byExpiry, spendable, key) : insert(byExpiry, spendable, left)
    }
  }
  return { pending, spendable, deficit, issued: lots.issued }
}

/** Gives spent parts back to their lots; a deficit is repaid first. */
export const giveBack = (lots: Lots, parts: readonly LotPart[]): Lots =>
  parts.reduce(
    (left, { lot, amount, expiresAt, of }) =>
      credit(left, { lot, remaining: amount, expiresAt, ...named(of) }),
    lots,
  )

/** Makes pending parts spendable. Total: what is no longer pending is left alone. */
export function confirm(lots: Lots, parts: readonly LotPart[]): Lots {
  let left = lots
  for (const { lot, confirmsAt } of parts) {
    const key: Key = [confirmsAt ?? NEVER, lot]
    const found = get(byConfirmation, left.pending, key)
    if (found === undefined) continue
    const { spendable, deficit, issued } = left
    left = credit({ pending: remove(byConfirmation, left.pending, key), spendable, deficit, issued }, found)
  }
  return left
}

/** The lots that are confirmed next by time, all of one instant; none when nothing waits for time. */
export const nextConfirmation = (lots: Lots): readonly LotPart[] =>
  leading(items(byConfirmation, lots.pending), 'confirmsAt')

/** The lots that expire next, all of one instant. */
export const nextExpiry = (lots: Lots): readonly LotPart[] =>
  leading(items(byExpiry, lots.spendable), 'expiresAt')

/** When that is, without listing the lots. */
export const confirmsNextAt = (lots: Lots): Instant | null => first(lots.pending)?.confirmsAt ?? null
export const expiresNextAt = (lots: Lots): Instant | null => first(lots.spendable)?.expiresAt ?? null

/** How much is confirmed, or expires, at the instant at which that happens next. */
export const confirmingAt = (lots: Lots, at: Instant): number =>
  sumThrough(byConfirmation, lots.pending, [at, NEVER])
export const expiringAt = (lots: Lots, at: Instant): number =>
  sumThrough(byExpiry, lots.spendable, [at, NEVER])

function leading(lots: Iterable<Lot>, by: 'confirmsAt' | 'expiresAt'): readonly LotPart[] {
  const parts: LotPart[] = []
  let at: Instant | null | undefined
  for (const lot of lots) {
    at ??= lot[by] ?? null
    if (at === null || lot[by] !== at) break
    parts.push(partOf(lot))
  }
  return parts
}

function partOf({ lot, remaining, expiresAt, confirmsAt, of }: Lot): LotPart {
  const part: { -readonly [N in keyof LotPart]: LotPart[N] } = { lot, amount: remaining, expiresAt }
  if (confirmsAt !== undefined) part.confirmsAt = confirmsAt
  if (of !== undefined) part.of = of
  return part
}

/** Every open lot: pending ones by confirmation, then spendable ones by expiry. */
export function* openLots(lots: Lots): IterableIterator<Lot> {
  yield* items(byConfirmation, lots.pending)
  yield* items(byExpiry, lots.spendable)
}

/** The same lots under other names. */
export function renameLots(lots: Lots, rename: (name: string) => string): Lots {
  const renamed = (lot: Lot): Lot => (lot.of === undefined ? lot : { ...lot, of: lot.of.map(rename) })
  let pending: Lots['pending'] = null
  let spendable: Lots['spendable'] = null
  for (const lot of items(byConfirmation, lots.pending))
    pending = insert(byConfirmation, pending, renamed(lot))
  for (const lot of items(byExpiry, lots.spendable)) spendable = insert(byExpiry, spendable, renamed(lot))
  return { ...lots, pending, spendable }
}
