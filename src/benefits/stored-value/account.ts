import { formatMinor, type Instant, type Sorted, type SortedOrder, type Track } from '../../kernel/index.js'
import { get, insert, items } from '../../kernel/sorted.js'
import {
  type Book,
  type BookTotals,
  emptyBook,
  expiresNextAt,
  expiringAt,
  heldIn,
  type LotPart,
  nextRelease,
  renameBook,
  reservationIn,
  reservedIn,
  spendableIn,
} from '../../ledger/index.js'

/** The two kinds of money of an account; each has a book of its own. */
export const POOLS = ['principal', 'bonus'] as const
export type Pool = (typeof POOLS)[number]

/** What rules bring a top-up by what is known: so much bonus in the smallest unit, and until when. */
export interface Judged {
  readonly bonus: number
  readonly rule?: string
  readonly expiresAt: Instant | null
}

/** Money that came in at once, with what it brought. Amounts in the smallest unit. */
export interface TopUp {
  readonly payment: string
  readonly at: Instant
  readonly principal: number
  /** What it has brought, corrections included. */
  readonly bonus: number
  /** Principal that left in cash. */
  readonly withdrawn: number
  /** Bonus that was taken back, deducted or excused for that. */
  readonly settled: number
  /** Bonus that left unspent, expired or lost, and how much of that has stood in for bonus that was due back. */
  readonly lapsed: number
  readonly excused: number
  readonly reversed: boolean
  /** What it was judged to bring, or was last corrected to; what it has brought is more where bonus was spent that is no longer due. */
  readonly told?: Judged
  /** What follows from the facts as they are known; none where nothing is corrected. */
  readonly follows?: Judged
  /** Its lots: more than one of a kind where what came back got a new term. */
  readonly lots: { readonly [P in Pool]: readonly LotPart[] }
}

/** Money that was paid at once, and how much of it came back. */
export interface Purchase {
  readonly purchase: string
  readonly at: Instant
  readonly parts: { readonly [P in Pool]: readonly LotPart[] }
  readonly refunded: { readonly [P in Pool]: number }
}

interface Aged {
  readonly at: Instant
  readonly kind: 'purchase' | 'top-up' | 'transfer'
  readonly name: string
}

/** What is remembered of one account. */
export interface StoredValueState {
  readonly books: { readonly [P in Pool]: Book }
  /** By the payment that brought them. */
  readonly topUps: Sorted<TopUp, string> | null
  readonly purchases: Sorted<Purchase, string> | null
  /** What came from other accounts: names of transfers. */
  readonly transfers: Sorted<string, string> | null
  /** What is forgotten some day, the oldest first; only where the definition says how long things are kept. */
  readonly ages: Sorted<Aged, readonly [Instant, string]> | null
  /** Payments in dispute. */
  readonly disputes: readonly string[]
  readonly frozen: boolean
  readonly closed: boolean
  readonly tracks: readonly Track[]
}

/** What an account of stored value holds. Amounts are decimal text. */
export interface StoredValueView {
  /** What can be spent now, were it not frozen: principal and bonus. */
  readonly available: string
  readonly principal: string
  readonly bonus: string
  /** Set aside: it can be neither spent nor lost. */
  readonly reserved: { readonly [P in Pool]: string }
  /** Money of customers that the account holds: principal, with what is reserved of it. */
  readonly liability: string
  /** Bonus that the account holds: goods and services that were promised beside it. */
  readonly promised: string
  /** What would be repaid in cash for all the principal at hand. */
  readonly repayable: string
  readonly frozen: boolean
  readonly closed: boolean
  /** What happens next by time alone. */
  readonly next: {
    readonly what: 'is-released' | 'expires'
    readonly at: Instant
    readonly amount: string
  } | null
  readonly totals: { readonly [P in Pool]: StoredValueTotals }
}

/** `held = in + refunded - paid - expired - repaid - takenBack + received - sent - forfeited`; decimal text. */
export interface StoredValueTotals {
  /** Topped up, or granted. */
  readonly in: string
  readonly paid: string
  readonly refunded: string
  readonly expired: string
  /** Repaid in cash. */
  readonly repaid: string
  /** Taken back: with a reversed top-up, as bonus that was due back, as cash that was deducted for it. */
  readonly takenBack: string
  readonly received: string
  readonly sent: string
  /** Bonus that was lost. */
  readonly forfeited: string
}

const ascending = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)
const byName = <T>(key: (item: T) => string): SortedOrder<T, string> => ({
  key,
  compare: ascending,
  amount: () => 0,
})
export const topUpsBy = byName<TopUp>(({ payment }) => payment)
export const purchasesBy = byName<Purchase>(({ purchase }) => purchase)
export const transfersBy = byName<string>((name) => name)
export const agesBy: SortedOrder<Aged, readonly [Instant, string]> = {
  key: ({ at, kind, name }) => [at, `${kind}:${name}`],
  compare: (a, b) => a[0] - b[0] || ascending(a[1], b[1]),
  amount: () => 0,
}

/** An account on which nothing has happened. */
export const emptyStoredValue = (tracks: readonly Track[]): StoredValueState => ({
  books: { principal: emptyBook, bonus: emptyBook },
  topUps: null,
  purchases: null,
  transfers: null,
  ages: null,
  disputes: [],
  frozen: false,
  closed: false,
  tracks,
})

/** How much some parts are. */
export const sumOf = (parts: readonly { readonly amount: number }[]): number =>
  parts.reduce((sum, { amount }) => sum + amount, 0)

/**
 * The top-up behind a part of one kind of money, while it is remembered. A payment that was forgotten may be credited again
 * while lots of the first time are open: a name alone says nothing, the lot has to be one of that top-up.
 */
export function topUpOf(
  { topUps }: Pick<StoredValueState, 'topUps'>,
  { of, lot }: LotPart,
  pool: Pool,
): TopUp | undefined {
  const known = of?.[0] === undefined ? undefined : get(topUpsBy, topUps, of[0])
  return known?.lots[pool].some((one) => one.lot === lot) ? known : undefined
}

/** What is reserved in both books. */
export const heldAside = ({ books: { principal, bonus } }: StoredValueState): number =>
  reservedIn(principal) + reservedIn(bonus)

/** What an account shows; `repayable` in the smallest unit is told by who knows the terms. */
export function viewOfStored(state: StoredValueState, digits: number, repayable: number): StoredValueView {
  const { books, frozen, disputes, closed } = state
  const said = (minor: number) => formatMinor(minor, digits)
  const { principal, bonus } = books
  const next = nextOf(state)
  return {
    available: said(spendableIn(principal.lots) + spendableIn(bonus.lots)),
    principal: said(spendableIn(principal.lots)),
    bonus: said(spendableIn(bonus.lots)),
    reserved: { principal: said(reservedIn(principal)), bonus: said(reservedIn(bonus)) },
    liability: said(heldIn(principal)),
    promised: said(heldIn(bonus)),
    repayable: said(repayable),
    frozen: frozen || disputes.length > 0,
    closed,
    next: next && { what: next.what, at: next.at, amount: said(next.amount) },
    totals: { principal: totalsOf(principal.totals, said), bonus: totalsOf(bonus.totals, said) },
  }
}

const totalsOf = (totals: BookTotals, said: (minor: number) => string): StoredValueTotals => ({
  in: said(totals.earned),
  paid: said(totals.redeemed),
  refunded: said(totals.refunded),
  expired: said(totals.expired),
  repaid: said(totals.removed),
  takenBack: said(totals.clawedBack),
  received: said(totals.received),
  sent: said(totals.sent),
  forfeited: said(totals.forfeited),
})

/** What time alone does next: what is released comes before what expires. */
function nextOf({ books }: StoredValueState) {
  let next: {
    readonly what: 'is-released' | 'expires'
    readonly at: Instant
    readonly amount: number
  } | null = null
  const release = firstRelease(books)
  if (release !== undefined) {
    const amount = POOLS.reduce((sum, pool) => sum + (reservationIn(books[pool], release.id)?.amount ?? 0), 0)
    next = { what: 'is-released', at: release.until, amount }
  }
  for (const pool of POOLS) {
    const at = expiresNextAt(books[pool].lots)
    if (at === null) continue
    const amount = expiringAt(books[pool].lots, at)
    if (next === null || at < next.at) next = { what: 'expires', at, amount }
    else if (at === next.at && next.what === 'expires')
      next = { what: 'expires', at, amount: next.amount + amount }
  }
  return next
}

/** Which reservation ends first by itself: one may be of both kinds of money. */
export function firstRelease(
  books: StoredValueState['books'],
): { readonly until: Instant; readonly id: string } | undefined {
  const [a, b] = [nextRelease(books.principal), nextRelease(books.bonus)]
  if (a === undefined || b === undefined) return a ?? b
  return b.until < a.until || (b.until === a.until && b.id < a.id) ? b : a
}

/** The account with every text that came from outside replaced. */
export function forgetStored(state: StoredValueState, rename: (text: string) => string): StoredValueState {
  const part = (one: LotPart): LotPart => (one.of ? { ...one, of: one.of.map(rename) } : one)
  const topUps = rebuilt(topUpsBy, state.topUps, (one) => ({
    ...one,
    payment: rename(one.payment),
    lots: { principal: one.lots.principal.map(part), bonus: one.lots.bonus.map(part) },
  }))
  const purchases = rebuilt(purchasesBy, state.purchases, (one) => ({
    ...one,
    purchase: rename(one.purchase),
    parts: { principal: one.parts.principal.map(part), bonus: one.parts.bonus.map(part) },
  }))
  return {
    ...state,
    books: {
      principal: renameBook(state.books.principal, rename),
      bonus: renameBook(state.books.bonus, rename),
    },
    topUps,
    purchases,
    transfers: rebuilt(transfersBy, state.transfers, rename),
    ages: rebuilt(agesBy, state.ages, (one) => ({ ...one, name: rename(one.name) })),
    disputes: state.disputes.map(rename),
  }
}

/** A sequence of the same items under new names. */
const rebuilt = <T, K>(order: SortedOrder<T, K>, tree: Sorted<T, K> | null, change: (item: T) => T) =>
  [...items(order, tree)].reduce<Sorted<T, K> | null>((next, item) => insert(order, next, change(item)), null)
