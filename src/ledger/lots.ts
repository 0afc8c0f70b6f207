import type { Instant, Sorted, SortedOrder } from '../kernel/index.js'
import { change, first, get, insert, items, remove, showItems, sumThrough } from '../kernel/sorted.js'

/** What was issued together and expires together. Amounts are whole units. */
export interface Lot {
  /** Number in the order of issue. */
  readonly lot: number
  readonly remaining: number
  /** First instant at which it can no longer be spent; `null` when it never expires. */
  readonly expiresAt: Instant | null
  /** While it is pending: when it becomes spendable by itself; `null` when only an event confirms it. */
  readonly confirmsAt?: Instant | null
  /** Its place in the order of spending, the least first; the expiry unless told. */
  readonly rank?: number
  /** What it was issued for, where the account keeps that: names of its own. */
  readonly of?: readonly string[]
}

/** A part of a lot, as postings name it; with `confirmsAt` it was pending. */
export interface LotPart {
  readonly lot: number
  readonly amount: number
  readonly expiresAt: Instant | null
  readonly confirmsAt?: Instant | null
  readonly rank?: number
  readonly of?: readonly string[]
}

type Key = readonly [at: number, lot: number, end?: number]

/** Lots of one account: pending by confirmation, spendable in the order of spending, and what is owed where nothing is left to take. */
export interface Lots {
  readonly pending: Sorted<Lot, Key> | null
  readonly spendable: Sorted<Lot, Key> | null
  /** Where a lot is ranked, the spendable ones by expiry; else the order of spending is that. */
  readonly expiring: Sorted<Lot, Key> | null
  /** What is spendable expires no earlier than this, whatever its lot says: activity has put it off. */
  readonly notBefore: Instant | null
  /** Owed by the holder; the next spendable units repay it first, so beside a deficit nothing is spendable. */
  readonly deficit: number
  /** Lots issued so far. */
  readonly issued: number
}

export const noLots: Lots = {
  pending: null,
  spendable: null,
  expiring: null,
  notBefore: null,
  deficit: 0,
  issued: 0,
}

const NEVER = Number.MAX_SAFE_INTEGER
function compare(a: Key, b: Key): number {
  if (a[0] !== b[0]) return a[0] - b[0]
  return a[1] - b[1] || (a[2] ?? 0) - (b[2] ?? 0)
}
const remaining = (lot: Lot) => lot.remaining
export const bySpending: SortedOrder<Lot, Key> = {
  key: spendingKey,
  before({ rank, expiresAt, lot }, [at, number, end]) {
    const ends = expiresAt ?? NEVER
    if (rank === undefined)
      return ends < at || (ends === at && (lot < number || (lot === number && 0 < (end ?? 0))))
    return rank < at || (rank === at && (lot < number || (lot === number && ends < (end ?? 0))))
  },
  compare,
  amount: remaining,
  rises: true,
}
const expiryKey = ({ expiresAt, lot }: Pick<Lot, 'expiresAt' | 'lot'>): Key => [expiresAt ?? NEVER, lot]
export const byExpiry: SortedOrder<Lot, Key> = {
  key: expiryKey,
  before: ({ expiresAt, lot }, [at, number]) => {
    const ends = expiresAt ?? NEVER
    return ends < at || (ends === at && lot < number)
  },
  compare,
  amount: remaining,
  rises: true,
}
export const byConfirmation: SortedOrder<Lot, Key> = {
  key: (lot) => [lot.confirmsAt ?? NEVER, lot.lot],
  compare,
  amount: remaining,
  rises: true,
}
/** Parts of one lot may end at different times: with a rank, the end tells them apart. */
function spendingKey({ rank, expiresAt, lot }: Pick<LotPart, 'rank' | 'expiresAt' | 'lot'>): Key {
  const end = expiresAt ?? NEVER
  return rank === undefined ? [end, lot] : [rank, lot, end]
}
const confirmationKey = ({ confirmsAt, lot }: LotPart): Key => [confirmsAt ?? NEVER, lot]

export const spendableIn = (lots: Lots): number => lots.spendable?.sum ?? 0
export const pendingIn = (lots: Lots): number => lots.pending?.sum ?? 0

/** The lots with another pair of sequences; written out, as this is done for every posting. */
const withSpendable = (lots: Lots, spendable: Lots['spendable'], expiring: Lots['expiring']): Lots => ({
  pending: lots.pending,
  spendable,
  expiring,
  notBefore: lots.notBefore,
  deficit: lots.deficit,
  issued: lots.issued,
})

const withPending = (lots: Lots, pending: Lots['pending'], issued: number): Lots => ({
  pending,
  spendable: lots.spendable,
  expiring: lots.expiring,
  notBefore: lots.notBefore,
  deficit: lots.deficit,
  issued,
})

const withDeficit = (lots: Lots, deficit: number): Lots => ({
  pending: lots.pending,
  spendable: lots.spendable,
  expiring: lots.expiring,
  notBefore: lots.notBefore,
  deficit,
  issued: lots.issued,
})

/** Charges what is owed now: to what can be spent, in the order of spending, and what that does not cover stays owed. */
export function charge(lots: Lots, amount: number): Lots {
  let left = lots
  let open = amount
  for (const part of lots.spendable === null ? [] : planSpending(lots, amount)) {
    left = takeSpendable(left, part)
    open -= part.amount
  }
  return open === 0 ? left : withDeficit(left, left.deficit + open)
}

/** Counts a lot as issued. */
export const counted = (lots: Lots, lot: number): Lots =>
  lot < lots.issued ? lots : withPending(lots, lots.pending, lot + 1)

/** Adds a part to what waits. A hypothetical run may give a number out that a recorded posting names: they add up. */
export function addPending(lots: Lots, part: LotPart): Lots {
  const waiting = lotOf(part, part.amount, part.confirmsAt ?? null)
  return withPending(lots, insert(byConfirmation, lots.pending, waiting, joined), lots.issued)
}

/** Adds a part to what can be spent; a deficit is repaid first. */
export function addSpendable(lots: Lots, part: LotPart): Lots {
  const repaid = Math.min(part.amount, lots.deficit)
  const owing = repaid === 0 ? lots : withDeficit(lots, lots.deficit - repaid)
  if (part.amount === repaid) return owing
  const lot = lotOf(part, part.amount - repaid)
  // The first ranked lot finds the others in the order of their expiry.
  const expiring =
    lot.rank === undefined && lots.expiring === null ? null : insert(byExpiry, expiringIn(lots), lot, joined)
  return withSpendable(owing, insert(bySpending, lots.spendable, lot, joined), expiring)
}

const joined = (old: Lot, more: Lot): Lot => lotOf(old, old.remaining + more.remaining, old.confirmsAt)

function lotOf(
  { lot, expiresAt, rank, of }: Omit<LotPart, 'amount' | 'confirmsAt'>,
  remaining: number,
  confirmsAt?: Instant | null,
): Lot {
  const made: { -readonly [N in keyof Lot]: Lot[N] } = { lot, remaining, expiresAt }
  if (confirmsAt !== undefined) made.confirmsAt = confirmsAt
  if (rank !== undefined) made.rank = rank
  if (of !== undefined) made.of = of
  return made
}

/** Takes a part of what waits. Total: what is no longer there is charged. */
export function takePending(lots: Lots, part: LotPart): Lots {
  const key = confirmationKey(part)
  const found = get(byConfirmation, lots.pending, key)
  if (found === undefined) return charge(lots, part.amount)
  const taken = Math.min(part.amount, found.remaining)
  const left = found.remaining - taken
  const pending =
    left === 0
      ? remove(byConfirmation, lots.pending, key)
      : insert(byConfirmation, lots.pending, lotOf(found, left, found.confirmsAt))
  const after = withPending(lots, pending, lots.issued)
  return taken === part.amount ? after : charge(after, part.amount - taken)
}

/** Takes a part of what can be spent. Total: what is no longer there is charged, or `forgiven`. */
export function takeSpendable(lots: Lots, part: LotPart, forgiven = false): Lots {
  let taken = 0
  const spendable = change(bySpending, lots.spendable, spendingKey(part), (lot) => {
    taken = Math.min(part.amount, lot.remaining)
    return lessOf(lot, taken)
  })
  if (spendable === lots.spendable) return forgiven ? lots : charge(lots, part.amount)
  const expiring =
    lots.expiring === null
      ? null
      : change(byExpiry, lots.expiring, expiryKey(part), (lot) => lessOf(lot, taken))
  const after = withSpendable(lots, spendable, expiring)
  return taken === part.amount || forgiven ? after : charge(after, part.amount - taken)
}

/** What is left of a lot; `null` where that is nothing. */
const lessOf = (lot: Lot, taken: number): Lot | null =>
  taken < lot.remaining ? lotOf(lot, lot.remaining - taken) : null

/** Puts the end of all that is spendable off to this instant. */
export const putOff = (lots: Lots, notBefore: Instant): Lots => ({ ...lots, notBefore })

/** When a lot with this end does end: then, or later where the ends of all are put off. */
export const endIn = ({ notBefore }: Lots, expiresAt: Instant | null): Instant | null =>
  expiresAt === null || notBefore === null ? expiresAt : Math.max(expiresAt, notBefore)

/** The parts that spending would take, in the order of spending; of equals the older first. */
export function planSpending(lots: Lots, amount: number): readonly LotPart[] {
  const parts: LotPart[] = []
  let open = amount
  showItems(bySpending, lots.spendable, (lot) => {
    if (open === 0) return true
    const taken = Math.min(open, lot.remaining)
    parts.push(partOf(lot, taken))
    open -= taken
    return false
  })
  return parts
}

/** All that can be spent, in the order of spending, and all that waits: as parts, of some lots or of every one. */
export function partsHeld(lots: Lots, wanted?: ReadonlySet<number>): readonly LotPart[] {
  const parts: LotPart[] = []
  for (const lot of openLots(lots))
    if (wanted === undefined || wanted.has(lot.lot)) parts.push(partOf(lot, lot.remaining))
  return parts
}

/** The parts that taking some lots would take, in the caller's order of lots; `undefined` where one is none that can be spent. */
export function planFrom(
  lots: Lots,
  numbers: readonly number[],
  amount: number,
): readonly LotPart[] | undefined {
  const wanted = new Map<number, Lot[]>(numbers.map((lot) => [lot, []]))
  for (const lot of items(bySpending, lots.spendable)) wanted.get(lot.lot)?.push(lot)
  const parts: LotPart[] = []
  let open = amount
  for (const found of wanted.values()) {
    if (found.length === 0) return undefined
    for (const lot of found) {
      const taken = Math.min(open, lot.remaining)
      if (taken > 0) parts.push(partOf(lot, taken))
      open -= taken
    }
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
    left = part.confirmsAt === undefined ? takeSpendable(left, part) : takePending(left, part)
  }
  return open === 0 ? parts : [...parts, ...planSpending(left, open)]
}

/** What is left of some lots, as parts; pending ones first. Under the end of a part alone: with another it is another part. */
export function remainingOf(lots: Lots, own: readonly LotPart[]): readonly LotPart[] {
  const pending: LotPart[] = []
  const spendable: LotPart[] = []
  for (const part of own) {
    const waiting =
      part.confirmsAt === undefined ? undefined : get(byConfirmation, lots.pending, confirmationKey(part))
    if (waiting !== undefined && waiting.expiresAt === part.expiresAt)
      pending.push(partOf(waiting, waiting.remaining))
    const open = get(bySpending, lots.spendable, spendingKey(part))
    if (open !== undefined) spendable.push(partOf(open, open.remaining))
  }
  return [...pending, ...spendable]
}

/** The lots that are confirmed next by time, all of one instant; none when nothing waits for time. */
export function nextConfirmation(lots: Lots): readonly LotPart[] {
  const at = confirmsNextAt(lots)
  if (at === null) return []
  const parts: LotPart[] = []
  for (const lot of items(byConfirmation, lots.pending)) {
    if (lot.confirmsAt !== at) break
    parts.push(partOf(lot, lot.remaining))
  }
  return parts
}

/** The lots that expire next, all of one instant. */
export function nextExpiry(lots: Lots): readonly LotPart[] {
  const at = expiresNextAt(lots)
  return at === null ? [] : expiringThrough(lots, at)
}

/** What can be spent now and no longer from an instant on. */
export function expiringThrough(lots: Lots, at: Instant): readonly LotPart[] {
  const parts: LotPart[] = []
  if (lots.notBefore !== null && lots.notBefore > at) return parts
  for (const lot of items(byExpiry, expiringIn(lots))) {
    if (lot.expiresAt === null || lot.expiresAt > at) break
    parts.push(partOf(lot, lot.remaining))
  }
  return parts
}

/** What can be spent, by expiry. */
const expiringIn = (lots: Lots) => lots.expiring ?? lots.spendable

/** When that is, without listing the lots. */
export const confirmsNextAt = (lots: Lots): Instant | null => first(lots.pending)?.confirmsAt ?? null
export function expiresNextAt(lots: Lots): Instant | null {
  const at = first(expiringIn(lots))?.expiresAt ?? null
  return at !== null && lots.notBefore !== null && lots.notBefore > at ? lots.notBefore : at
}

/** How much is confirmed at the instant at which that happens next. */
export const confirmingAt = (lots: Lots, at: Instant): number =>
  sumThrough(byConfirmation, lots.pending, [at, NEVER])
/** How much of what can be spent now expires at or before an instant, if none of it is spent. */
export const expiringAt = (lots: Lots, at: Instant): number =>
  lots.notBefore !== null && lots.notBefore > at ? 0 : sumThrough(byExpiry, expiringIn(lots), [at, NEVER])

/** What of that expires from an instant up to, but without, another: by when it does, the first first. */
export function expiriesIn(
  lots: Lots,
  from: Instant,
  to: Instant,
): readonly { readonly at: Instant; readonly amount: number }[] {
  const found: { at: Instant; amount: number }[] = []
  const { notBefore } = lots
  // What activity has put off expires at one instant, whatever its lots say.
  const late = notBefore !== null && notBefore >= from && notBefore < to ? expiringAt(lots, notBefore) : 0
  if (late > 0) found.push({ at: notBefore!, amount: late })
  const after = notBefore !== null && notBefore >= from ? notBefore : from - 1
  let last = found[0]
  const see = ({ expiresAt, remaining }: Lot): boolean => {
    if (expiresAt === null || expiresAt >= to) return true
    if (last !== undefined && last.at === expiresAt) last.amount += remaining
    else {
      last = { at: expiresAt, amount: remaining }
      found.push(last)
    }
    return false
  }
  showItems(byExpiry, expiringIn(lots), see, [after, NEVER])
  return found
}

function partOf({ lot, expiresAt, confirmsAt, rank, of }: Lot, amount: number): LotPart {
  const part: { -readonly [N in keyof LotPart]: LotPart[N] } = { lot, amount, expiresAt }
  if (confirmsAt !== undefined) part.confirmsAt = confirmsAt
  if (rank !== undefined) part.rank = rank
  if (of !== undefined) part.of = of
  return part
}

/** Every open lot: pending ones by confirmation, then spendable ones in the order of spending. */
export function* openLots(lots: Lots): IterableIterator<Lot> {
  yield* items(byConfirmation, lots.pending)
  yield* items(bySpending, lots.spendable)
}

/** The same lots under other names. */
export function renameLots(lots: Lots, rename: (name: string) => string): Lots {
  const renamed = (lot: Lot): Lot => (lot.of === undefined ? lot : { ...lot, of: lot.of.map(rename) })
  const rebuilt = (order: SortedOrder<Lot, Key>, tree: Sorted<Lot, Key> | null) =>
    [...items(order, tree)].reduce<Sorted<Lot, Key> | null>(
      (next, lot) => insert(order, next, renamed(lot)),
      null,
    )
  return {
    ...lots,
    pending: rebuilt(byConfirmation, lots.pending),
    spendable: rebuilt(bySpending, lots.spendable),
    expiring: rebuilt(byExpiry, lots.expiring),
  }
}

/** The same lots under other terms; those of one number that come under the same terms are one. */
export function lotsUnder(lots: Lots, change: <P extends Omit<LotPart, 'amount'>>(part: P) => P): Lots {
  const rebuilt = (order: SortedOrder<Lot, Key>, changed: readonly Lot[]) =>
    changed.reduce<Sorted<Lot, Key> | null>((next, lot) => insert(order, next, lot, joined), null)
  const spendable = [...items(bySpending, lots.spendable)].map(change)
  return {
    ...lots,
    pending: rebuilt(byConfirmation, [...items(byConfirmation, lots.pending)].map(change)),
    spendable: rebuilt(bySpending, spendable),
    expiring: spendable.some(({ rank }) => rank !== undefined) ? rebuilt(byExpiry, spendable) : null,
  }
}
