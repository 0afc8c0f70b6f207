import {
  type Calendar,
  canonical,
  type Instant,
  type Sorted,
  type SortedOrder,
  type Track,
} from '../kernel/index.js'
import { get, insert, items } from '../kernel/sorted.js'
import {
  type Book,
  type BookTotals,
  confirmingAt,
  confirmsNextAt,
  emptyBook,
  expiresNextAt,
  expiringAt,
  type Lot,
  type LotPart,
  nextRelease,
  openLots,
  openReservations,
  pendingIn,
  remainingOf,
  renameBook,
  reservationIn,
  reservedIn,
  spendableIn,
} from '../ledger/index.js'
import { type CapUse, type Limits, noLimits, renameLimits } from './caps.js'
import type { Share } from './events.js'
import type { LinePart } from './lines.js'
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
}

/** Points spent at once, and how many of them came back. */
export interface Redemption {
  readonly id: string
  readonly currency: string
  readonly points: number
  readonly refunded: number
  readonly lots: readonly LotPart[]
}

/** What an event at this instant has brought about and that is not decided yet. */
export type Owed =
  | {
      readonly do: 'earn'
      readonly rule: string
      readonly event: string
      readonly origin: string
      readonly base: number
      readonly lines?: readonly LinePart[]
    }
  | { readonly do: 'confirm'; readonly origin: string; readonly event: string }
  | {
      readonly do: 'claw-back'
      readonly rule: string
      readonly origin: string
      readonly event: string
      readonly amount: number | null
      readonly lines?: readonly LinePart[]
    }

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
  readonly tracks: readonly Track[]
  /** Where caps, cooldowns and what waits for room stand. */
  readonly limits: Limits
  /** By track of tiers, in the order of the definition. */
  readonly tiers: readonly TierState[]
}

/** What an account holds of one currency. */
export interface WalletView {
  /** What can be spent; below zero while points that were taken back had been spent. */
  readonly balance: number
  readonly pending: number
  /** Set aside: it can be neither spent nor lost. */
  readonly reserved: number
  /** What happens next to it by time alone. */
  readonly next: {
    readonly what: 'confirms' | 'expires' | 'is-released'
    readonly at: Instant
    readonly points: number
  } | null
  /** `balance + pending + reserved = earned - redeemed + refunded - expired + reinstated - clawedBack + received - sent + added - removed - forfeited`. */
  readonly totals: BookTotals
}

/**
 * What an account holds: of its first currency at hand. Where the definition lists `currencies`, each by name stands in
 * `wallets`, the first one too.
 */
export type PointsView<C extends string = string> = WalletView &
  ([C] extends [never]
    ? unknown
    : string extends C
      ? { readonly wallets?: { readonly [currency: string]: WalletView } }
      : { readonly wallets: { readonly [N in C]: WalletView } })

const ascending = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)
/** The key of an origin under a rule; any text may name one. */
export const originKey = (rule: string, origin: string): string => `${rule.length}:${rule}${origin}`

/** Origins by rule and origin. */
export const originsBy: SortedOrder<Origin, string> = {
  key: ({ key }) => key,
  compare: ascending,
  amount: () => 0,
}
/** Redemptions by id. */
export const redemptionsBy: SortedOrder<Redemption, string> = {
  key: ({ id }) => id,
  compare: ascending,
  amount: () => 0,
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
  tracks,
  limits: noLimits,
  tiers,
})

/** What an account holds of one currency. */
function walletOf(book: Book): WalletView {
  const { lots, totals } = book
  return {
    balance: spendableIn(lots) - lots.deficit,
    pending: pendingIn(lots),
    reserved: reservedIn(book),
    next: nextOf(book),
    totals,
  }
}

/** What time alone does next; of several at one instant the first of: confirmed, released, expired. */
function nextOf(book: Book): WalletView['next'] {
  const { lots } = book
  const confirmsAt = confirmsNextAt(lots)
  const release = nextRelease(book)
  const expiresAt = expiresNextAt(lots)
  let next: WalletView['next'] = null
  if (confirmsAt !== null) next = { what: 'confirms', at: confirmsAt, points: confirmingAt(lots, confirmsAt) }
  if (release !== undefined && (next === null || release.until < next.at))
    next = { what: 'is-released', at: release.until, points: reservationIn(book, release.id)!.amount }
  if (expiresAt !== null && (next === null || expiresAt < next.at))
    next = { what: 'expires', at: expiresAt, points: expiringAt(lots, expiresAt) }
  return next
}

/** What an account holds: its first currency at hand, and each by name where they are `listed`. */
export function viewOf(
  state: PointsState,
  currencies: readonly string[],
  listed: boolean,
): PointsView<string> {
  const first = walletOf(state.books[currencies[0]!]!)
  if (!listed) return first
  const others = currencies.slice(1).map((currency) => [currency, walletOf(state.books[currency]!)] as const)
  return { ...first, wallets: Object.fromEntries([[currencies[0]!, first], ...others]) }
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

/** The account with every text that came from outside replaced. */
export function forgetAccount(state: PointsState, rename: (text: string) => string): PointsState {
  const renamed = (part: LotPart) => (part.of ? { ...part, of: part.of.map(rename) } : part)
  const relabelled = <L extends LinePart>(line: L): L => ({ ...line, line: rename(line.line) })
  const origins = rebuilt(originsBy, state.origins, (one) => {
    const origin = rename(one.origin)
    const renamedLots = one.lots.map(renamed)
    const share = one.share.lines ? { ...one.share, lines: one.share.lines.map(relabelled) } : one.share
    return { ...one, origin, key: originKey(one.rule, origin), share, lots: renamedLots }
  })
  const redemptions = rebuilt(redemptionsBy, state.redemptions, (one) => ({
    ...one,
    id: rename(one.id),
    lots: one.lots.map(renamed),
  }))
  const owed = state.owed.map((one) => {
    const named = { ...one, origin: rename(one.origin), event: rename(one.event) }
    return 'lines' in one && one.lines ? { ...named, lines: one.lines.map(relabelled) } : named
  })
  const books = Object.fromEntries(
    Object.entries(state.books).map(([currency, book]) => [currency, renameBook(book, rename)]),
  )
  const limits = renameLimits(state.limits, rename)
  return { ...state, books, origins, redemptions, owed, limits }
}

/** A sequence of the same items under new keys. */
const rebuilt = <T>(order: SortedOrder<T, string>, tree: Sorted<T, string> | null, change: (item: T) => T) =>
  [...items(order, tree)].reduce<Sorted<T, string> | null>(
    (next, item) => insert(order, next, change(item)),
    null,
  )

/** What an account owes in one month. */
export interface OutstandingMonth {
  readonly currency: string
  /** The local month in which the points expire; `null` for those that never do. */
  readonly month: string | null
  readonly points: number
  /** How many of them are not confirmed yet. */
  readonly pending: number
}

/**
 * Points of an account by currency and by the local month in which they expire; what is reserved counts where its lots would.
 * Of one currency their sum is `balance + pending + reserved` of the view, plus what is owed by the holder where the
 * balance is below zero.
 */
export function outstandingByMonth(state: PointsState, calendar: Calendar): readonly OutstandingMonth[] {
  return Object.entries(state.books).flatMap(([currency, book]) => {
    const months = new Map<string | null, OutstandingMonth>()
    const count = (amount: number, expiresAt: Instant | null, waits: boolean) => {
      const month = expiresAt === null ? null : calendar.localMonth(expiresAt - 1)
      const { points, pending } = months.get(month) ?? { points: 0, pending: 0 }
      months.set(month, { currency, month, points: points + amount, pending: pending + (waits ? amount : 0) })
    }
    for (const { remaining, expiresAt, confirmsAt } of openLots(book.lots))
      count(remaining, endOf(expiresAt, book), confirmsAt !== undefined)
    for (const { parts } of openReservations(book))
      for (const { amount, expiresAt } of parts) count(amount, endOf(expiresAt, book), false)
    const order = ({ month }: OutstandingMonth) => month ?? '~'
    return [...months.values()].sort((a, b) => ascending(order(a), order(b)))
  })
}

const endOf = (expiresAt: Instant | null, { lots }: Book): Instant | null =>
  expiresAt === null ? null : Math.max(expiresAt, lots.notBefore ?? expiresAt)
