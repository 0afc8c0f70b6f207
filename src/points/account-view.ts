import type { Calendar, Instant } from '../kernel/index.js'
import {
  type Book,
  type BookTotals,
  confirmingAt,
  confirmsNextAt,
  expiresNextAt,
  expiringAt,
  nextRelease,
  openLots,
  openReservations,
  pendingIn,
  reservationIn,
  reservedIn,
  spendableIn,
} from '../ledger/index.js'
import { endIn } from '../ledger/lots.js'
import type { PointsState } from './account.js'
import type { Holder } from './holders/holder.js'
import type { MoneyDue } from './holders/negative.js'

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

/** What is said of an account beside its wallets, where there is something to say. */
export interface AccountNotes {
  readonly holder?: HolderView
  /** Of a pool: what is whose, by the members' names; what came by itself is nobody's. */
  readonly members?: readonly MemberView[]
}

/** Who holds an account, and what could not be taken from them. */
export interface HolderView {
  readonly enrolledAt: Instant | null
  readonly closedAt: Instant | null
  /** By currency: points that were not there to be taken back, and were let go. */
  readonly uncollected: { readonly [currency: string]: number }
  /** By currency: what is owed in money instead. */
  readonly moneyDue: { readonly [currency: string]: MoneyDue }
}

/** What one member has in a pool, of one currency. */
export interface MemberView {
  readonly member: string
  readonly currency: string
  readonly available: number
  readonly pending: number
  readonly reserved: number
}

/**
 * What an account holds: of its first currency at hand. Where the definition lists `currencies`, each by name stands in
 * `wallets`, the first one too.
 */
export type PointsView<C extends string = string> = WalletView &
  AccountNotes &
  ([C] extends [never]
    ? unknown
    : string extends C
      ? { readonly wallets?: { readonly [currency: string]: WalletView } }
      : { readonly wallets: { readonly [N in C]: WalletView } })

const ascending = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

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
  pooled: boolean,
): PointsView<string> {
  const first = walletOf(state.books[currencies[0]!]!)
  const holder = state.holder === null ? undefined : holderView(state.holder)
  if (!listed && !pooled && holder === undefined) return first
  const others = currencies.slice(1).map((currency) => [currency, walletOf(state.books[currency]!)] as const)
  return {
    ...first,
    ...(listed && { wallets: Object.fromEntries([[currencies[0]!, first], ...others]) }),
    ...(holder && { holder }),
    ...(pooled && { members: currencies.flatMap((currency) => membersOf(currency, state.books[currency]!)) }),
  }
}

/** What is said of a holder: nothing of one who was only given something by hand. */
function holderView({ enrolledAt, closedAt, uncollected, due }: Holder): HolderView | undefined {
  const isSilent = enrolledAt === null && closedAt === null
  if (isSilent && Object.keys(uncollected).length === 0 && Object.keys(due).length === 0) return undefined
  return { enrolledAt, closedAt, uncollected, moneyDue: due }
}

function membersOf(currency: string, book: Book): readonly MemberView[] {
  const members = new Map<string, MemberView>()
  const add = (
    of: readonly string[] | undefined,
    where: 'available' | 'pending' | 'reserved',
    amount: number,
  ) => {
    const member = of?.[2]
    if (member === undefined) return
    const known = members.get(member) ?? { member, currency, available: 0, pending: 0, reserved: 0 }
    members.set(member, { ...known, [where]: known[where] + amount })
  }
  for (const { of, confirmsAt, remaining } of openLots(book.lots))
    add(of, confirmsAt === undefined ? 'available' : 'pending', remaining)
  for (const { parts } of openReservations(book))
    for (const { of, amount } of parts) add(of, 'reserved', amount)
  return [...members.values()].sort((a, b) => ascending(a.member, b.member))
}

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
      count(remaining, endIn(book.lots, expiresAt), confirmsAt !== undefined)
    for (const { parts } of openReservations(book))
      for (const { amount, expiresAt } of parts) count(amount, endIn(book.lots, expiresAt), false)
    const order = ({ month }: OutstandingMonth) => month ?? '~'
    return [...months.values()].sort((a, b) => ascending(order(a), order(b)))
  })
}
