import { canonical, type Instant, type Sorted, type SortedOrder, type Track } from '../kernel/index.js'
import { byCodeUnit, get, items } from '../kernel/sorted.js'
import { partAfter } from '../ledger/book.js'
import {
  type Book,
  emptyBook,
  type Lot,
  type LotPart,
  type Move,
  openLots,
  post as postMoves,
  remainingOf,
} from '../ledger/index.js'
import { type CapUse, type Limits, noLimits } from './earning/limits.js'
import type { LinePart } from './earning/lines.js'
import type { Share } from './events.js'
import type { Holder } from './holders/holder.js'
import type { RewardsState } from './rewards/claims.js'
import type { TierState } from './tiers/state.js'

/** What an origin earned under one rule, and what became of it. */
export interface Origin {
  readonly key: string
  readonly rule: string
  readonly origin: string
  readonly currency: string
  /** When it was earned first. */
  readonly at: Instant
  readonly share: Share
  readonly lots: readonly LotPart[]
  /** What it counts towards under caps to which refunds give room back; where there is any. */
  readonly uses?: readonly CapUse[]
  /** When it earned or was taken back last, where that is later than `at`. */
  readonly last?: Instant
}

/** Points spent at once, and how many of them came back. */
export interface Redemption {
  readonly id: string
  readonly currency: string
  readonly points: number
  readonly refunded: number
  readonly lots: readonly LotPart[]
  readonly at: Instant
  /** When some of them came back last. */
  readonly last?: Instant
  /** What they paid for, where that was said. */
  readonly paid?: Paid
}

/** What points paid for, in minor units, and how much of that has been given back. */
export interface Paid {
  readonly currency: string
  /** Of its smallest unit. */
  readonly digits: number
  readonly total: number
  readonly refunded: number
  /** How much each line was, and how much of that has been given back. */
  readonly lines?: readonly (readonly [line: string, total: number, refunded: number])[]
}

/** Part of a lot that expired and may come back. */
export interface LapsedLot {
  /** When it expired. */
  readonly at: Instant
  readonly lot: number
  readonly amount: number
  readonly expiresAt: Instant | null
  readonly rank?: number
  readonly of?: readonly string[]
}
export type LapsedKey = readonly [at: Instant, lot: number, end: number]

/** An origin or a redemption that may be forgotten, once its time is over. */
export interface Fading {
  readonly at: Instant
  readonly what: 'origin' | 'redemption'
  readonly key: string
}
export type FadingKey = readonly [at: Instant, what: string, key: string]

/** What an event at this instant has brought about and that is not decided yet. */
export type Owed =
  | {
      readonly do: 'earn'
      readonly rule: string
      readonly event: string
      readonly origin: string
      readonly base: number
      readonly lines?: readonly LinePart[]
      /** In a pool: whose event it was. */
      readonly member?: string
    }
  | { readonly do: 'confirm'; readonly origin: string; readonly event: string; readonly currency: string }
  | {
      readonly do: 'claw-back'
      readonly rule: string
      readonly origin: string
      readonly event: string
      readonly amount: number | null
      readonly lines?: readonly LinePart[]
      /** In a pool: whose event it was. */
      readonly member?: string
    }
  /** A refund of something of which nothing is known any more. */
  | { readonly do: 'unmatched'; readonly origin: string; readonly event: string }

/** What is remembered of one account. */
export interface PointsState {
  /** By currency. */
  readonly books: { readonly [currency: string]: Book }
  /** By rule: what is left over, of the rule's denominator. */
  readonly carried: { readonly [rule: string]: number }
  readonly origins: Sorted<Origin, string> | null
  readonly redemptions: Sorted<Redemption, string> | null
  readonly owed: readonly Owed[]
  readonly owedAt: Instant | null
  /** When something was posted first, where an end of points depends on it. */
  readonly firstAt: Instant | null
  /** What expired and may be reinstated, by currency. */
  readonly lapsed: { readonly [currency: string]: Sorted<LapsedLot, LapsedKey> | null }
  /** Where what is known is forgotten in time: origins and redemptions by when to look at them. */
  readonly fading: Sorted<Fading, FadingKey> | null
  readonly tracks: readonly Track[]
  /** Where caps, cooldowns and what waits for room stand. */
  readonly limits: Limits
  /** By track of tiers, in the order of the definition. */
  readonly tiers: readonly TierState[]
  /** `null` until its holder enrols, or something is posted by hand or between holders. */
  readonly holder: Holder | null
  /** Claims of rewards; none without a definition of them. */
  readonly rewards?: RewardsState
}

const ascending = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)
/** The key of an origin under a rule; any text may name one. */
export const originKey = (rule: string, origin: string): string => `${rule.length}:${rule}${origin}`

/** Origins by rule and origin. */
export const originsBy: SortedOrder<Origin, string> = {
  key: ({ key }) => key,
  before: (one, key) => one.key < key,
  ...byCodeUnit,
}
/** Redemptions by id. */
export const redemptionsBy: SortedOrder<Redemption, string> = {
  key: ({ id }) => id,
  before: (one, id) => one.id < id,
  ...byCodeUnit,
}

/** What expired, by when it did. */
export const lapsedBy: SortedOrder<LapsedLot, LapsedKey> = {
  key: ({ at, lot, expiresAt }) => [at, lot, expiresAt ?? Number.MAX_SAFE_INTEGER],
  compare: (a, b) => a[0] - b[0] || a[1] - b[1] || a[2] - b[2],
  amount: ({ amount }) => amount,
}
/** What may be forgotten, by when to look at it. */
export const fadingBy: SortedOrder<Fading, FadingKey> = {
  key: ({ at, what, key }) => [at, what, key],
  compare: (a, b) => a[0] - b[0] || ascending(a[1], b[1]) || ascending(a[2], b[2]),
}

/** An account on which nothing has happened. */
export const emptyAccount = (
  currencies: readonly string[],
  tracks: readonly Track[],
  tiers: readonly TierState[],
): PointsState => ({
  books: Object.fromEntries(currencies.map((currency) => [currency, emptyBook])),
  carried: {},
  origins: null,
  redemptions: null,
  owed: [],
  owedAt: null,
  firstAt: null,
  lapsed: Object.fromEntries(currencies.map((currency) => [currency, null])),
  fading: null,
  tracks,
  limits: noLimits,
  tiers,
  holder: null,
})

/** A state that can still be written on: a copy that nobody else has seen. */
export type OpenState = { -readonly [N in keyof PointsState]: PointsState[N] }

/** A copy of a state, key by key: this is done for every event, and a spread of so many keys takes several times as long. */
export function copied(state: PointsState): OpenState {
  const copy: OpenState = {
    books: state.books,
    carried: state.carried,
    origins: state.origins,
    redemptions: state.redemptions,
    owed: state.owed,
    owedAt: state.owedAt,
    firstAt: state.firstAt,
    lapsed: state.lapsed,
    fading: state.fading,
    tracks: state.tracks,
    limits: state.limits,
    tiers: state.tiers,
    holder: state.holder,
  }
  if (state.rewards !== undefined) copy.rewards = state.rewards
  return copy
}

/** A record with another value under a name: of a few names a loop is faster than a spread with a computed key. */
export function withEntry<V>(
  record: { readonly [name: string]: V },
  name: string,
  value: V,
): { readonly [name: string]: V } {
  const next: Record<string, V> = {}
  for (const key of Object.keys(record)) {
    // An assignment to this one would set the prototype.
    if (key === '__proto__') return { ...record, [name]: value }
    next[key] = record[key]!
  }
  if (name === '__proto__') return { ...record, [name]: value }
  next[name] = value
  return next
}

/** The books after the moves of an event. */
export function booksAfter(
  books: PointsState['books'],
  currency: string,
  moves: readonly Move[],
): PointsState['books'] {
  if (moves.length === 0) return books
  return withEntry(books, currency, postMoves(books[currency] as Book, moves))
}

/** The parts of lots that some moves are about. */
export function partsOf(moves: readonly Move[]): readonly LotPart[] {
  const parts: LotPart[] = []
  for (const move of moves) if (move.lot !== undefined) parts.push(partAfter(move))
  return parts
}

/** Lots that have come under the same terms are found once. */
export function once(lots: Origin['lots']): Origin['lots'] {
  const found = new Map<string, LotPart>()
  for (const lot of lots) {
    const key = canonical([lot.lot, lot.expiresAt, lot.confirmsAt ?? null])
    const known = found.get(key)
    if (known === undefined || known.amount < lot.amount) found.set(key, lot)
  }
  return [...found.values()]
}

/** How many points some parts are. */
export const total = (parts: readonly { readonly amount: number }[]): number =>
  parts.reduce((sum, { amount }) => sum + amount, 0)

/** What is still pending of an origin under one rule. */
export function pendingUnder(state: PointsState, rule: string, origin: string): readonly LotPart[] {
  const found = get(originsBy, state.origins, originKey(rule, origin))
  if (found === undefined) return []
  return remainingOf(state.books[found.currency]!.lots, found.lots).filter(
    ({ confirmsAt }) => confirmsAt !== undefined,
  )
}

/** What a partial refund gives back: what was spent last comes back first, so refunds in parts add up to one. */
export function returned({ lots, refunded }: Redemption, points: number): readonly LotPart[] {
  const parts: LotPart[] = []
  let skip = refunded
  let open = points
  for (const part of [...lots].reverse()) {
    const skipped = Math.min(skip, part.amount)
    skip -= skipped
    const amount = Math.min(open, part.amount - skipped)
    open -= amount
    if (amount > 0) parts.push({ ...part, amount })
  }
  return parts
}

/** Origins that may not be the same on both sides, in the order of their keys: what both share was not touched since. */
export function differing(
  a: PointsState['origins'],
  b: PointsState['origins'],
): readonly (readonly [Origin | undefined, Origin | undefined])[] {
  const pairs: (readonly [Origin | undefined, Origin | undefined])[] = []
  const left = items(originsBy, a)
  const right = items(originsBy, b)
  let was = left.next()
  let is = right.next()
  while (was.done !== true || is.done !== true) {
    const order = was.done === true ? 1 : is.done === true ? -1 : ascending(was.value.key, is.value.key)
    const one = order <= 0 ? (was.value as Origin) : undefined
    const other = order >= 0 ? (is.value as Origin) : undefined
    if (one !== other) pairs.push([one, other])
    if (order <= 0) was = left.next()
    if (order >= 0) is = right.next()
  }
  return pairs
}

/** The origin to which a lot belongs: none where it was forgotten, also where another goes by its name since. */
export function ownerOf(
  origins: PointsState['origins'],
  of: readonly string[] | undefined,
  lot: number,
): Origin | undefined {
  const known = of && get(originsBy, origins, originKey(of[0]!, of[1]!))
  return known?.lots.some((one) => one.lot === lot) ? known : undefined
}

/** The origins of which something is still pending. */
export function waitingOrigins({ books, origins }: PointsState): readonly Origin[] {
  const waiting = new Map<string, Origin>()
  for (const { of, confirmsAt } of Object.values(books).flatMap(({ lots }) => [...pendingLots(lots)])) {
    if (confirmsAt === undefined) break
    const found = of && get(originsBy, origins, originKey(of[0]!, of[1]!))
    if (found !== undefined) waiting.set(found.key, found)
  }
  return [...waiting.values()]
}

function* pendingLots(lots: Book['lots']): IterableIterator<Lot> {
  for (const lot of openLots(lots)) {
    if (lot.confirmsAt === undefined) return
    yield lot
  }
}

/** Whether two origins stand the same. */
export const sameShare = (a: Share, b: Share): boolean =>
  a.base === b.base &&
  a.refunded === b.refunded &&
  a.earned === b.earned &&
  a.clawedBack === b.clawedBack &&
  a.waits === b.waits &&
  a.dropped === b.dropped &&
  (a.lines === b.lines || canonical(a.lines ?? []) === canonical(b.lines ?? []))
