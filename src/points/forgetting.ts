import type { Sorted, SortedOrder } from '../kernel/index.js'
import { insert, items } from '../kernel/sorted.js'
import { type LotPart, renameBook } from '../ledger/index.js'
import {
  fadingBy,
  lapsedBy,
  type Origin,
  type Owed,
  originKey,
  originsBy,
  type PointsState,
  type Redemption,
  redemptionsBy,
} from './account.js'
import { renameLimits } from './earning/limits.js'
import type { LinePart } from './earning/lines.js'
import { byArrival, byHandId, bySent, type Holder, remembered } from './holders/holder.js'
import type { Estate } from './holders/merging.js'

/** The account with every text that came from outside replaced. */
export function forgetAccount(state: PointsState, rename: Rename): PointsState {
  const origins = rebuilt(originsBy, state.origins, (one) => ({
    ...forgetOrigin(one, rename),
    key: originKey(one.rule, rename(one.origin)),
  }))
  const redemptions = rebuilt(redemptionsBy, state.redemptions, (one) => forgetRedemption(one, rename))
  const lapsed = Object.fromEntries(
    Object.entries(state.lapsed).map(([currency, tree]) => [
      currency,
      rebuilt(lapsedBy, tree, (one) => forgetPart(one, rename)),
    ]),
  )
  const origin = new Map([...items(originsBy, state.origins)].map((one) => [one.key, one]))
  const fading = rebuilt(fadingBy, state.fading, (one) => {
    const known = origin.get(one.key)
    const key =
      one.what === 'redemption'
        ? rename(one.key)
        : known === undefined
          ? rename(one.key)
          : originKey(known.rule, rename(known.origin))
    return { ...one, key }
  })
  const owed = state.owed.map((one) => forgetOwed(one, rename))
  const books = Object.fromEntries(
    Object.entries(state.books).map(([currency, book]) => [currency, renameBook(book, rename)]),
  )
  const limits = renameLimits(state.limits, rename)
  const holder = forgetHolder(state.holder, rename)
  return { ...state, books, origins, redemptions, owed, lapsed, fading, limits, holder }
}

type Rename = (text: string) => string

const forgetPart = <P extends Pick<LotPart, 'of'>>(part: P, rename: Rename): P =>
  part.of === undefined ? part : { ...part, of: part.of.map(rename) }

const forgetLine = <L extends LinePart>(line: L, rename: Rename): L => ({ ...line, line: rename(line.line) })

/** An origin, but for its key. */
function forgetOrigin<O extends Omit<Origin, 'key'>>(one: O, rename: Rename): O {
  const { lines, member } = one.share
  const share = {
    ...one.share,
    ...(lines && { lines: lines.map((line) => forgetLine(line, rename)) }),
    ...(member !== undefined && { member: rename(member) }),
  }
  return {
    ...one,
    origin: rename(one.origin),
    share,
    lots: one.lots.map((part) => forgetPart(part, rename)),
  }
}

function forgetRedemption(one: Redemption, rename: Rename): Redemption {
  const lines = one.paid?.lines?.map(([line, ...of]) => [rename(line), ...of] as const)
  return {
    ...one,
    id: rename(one.id),
    lots: one.lots.map((part) => forgetPart(part, rename)),
    ...(one.paid && lines && { paid: { ...one.paid, lines } }),
  }
}

/** What is owed with every text that came from outside replaced. */
function forgetOwed(one: Owed, rename: Rename): Owed {
  const named = { ...one, origin: rename(one.origin), event: rename(one.event) }
  const lined =
    'lines' in named && named.lines !== undefined
      ? { ...named, lines: named.lines.map((line) => forgetLine(line, rename)) }
      : named
  return 'member' in lined && lined.member !== undefined ? { ...lined, member: rename(lined.member) } : lined
}

/** A sequence of the same items under new keys. */
const rebuilt = <T, K>(order: SortedOrder<T, K>, tree: Sorted<T, K> | null, change: (item: T) => T) =>
  [...items(order, tree)].reduce<Sorted<T, K> | null>((next, item) => insert(order, next, change(item)), null)

/** The holder with every text that came from outside replaced. */
function forgetHolder(holder: Holder | null, rename: Rename): Holder | null {
  if (holder === null) return null
  let next: Holder = {
    ...holder,
    enrolling: holder.enrolling && { ...holder.enrolling, event: rename(holder.enrolling.event) },
    byHand: null,
    byEnd: null,
    early: null,
    earlyOrigins: null,
  }
  for (const one of items(originsBy, holder.earlyOrigins)) {
    const origin = rename(one.origin)
    const renamed = { ...one, origin, key: originKey(one.rule, origin) }
    next = { ...next, earlyOrigins: insert(originsBy, next.earlyOrigins, renamed) }
  }
  const part = (one: LotPart) => forgetPart(one, rename)
  for (const one of items(byHandId, holder.byHand))
    next = remembered(next, { ...one, id: rename(one.id), lots: one.lots.map(part) }, -Infinity)
  for (const { at, owed } of items(byArrival, holder.early)) {
    next = { ...next, early: insert(byArrival, next.early, { at, owed: forgetOwed(owed, rename) }) }
  }
  const sent = Object.entries(holder.sent).map(([currency, tree]) => {
    let renamed: Holder['sent'][string] = null
    for (const one of items(bySent, tree)) renamed = insert(bySent, renamed, { ...one, id: rename(one.id) })
    return [currency, renamed] as const
  })
  return {
    ...next,
    sent: Object.fromEntries(sent),
    handed: holder.handed && forgetHanded(holder.handed, rename),
  }
}

function forgetHanded({ command, estate }: NonNullable<Holder['handed']>, rename: Rename) {
  const parts = (list: readonly LotPart[]) => list.map((one) => forgetPart(one, rename))
  const forgotten: Estate = {
    ...estate,
    books: estate.books.map((book) => ({
      ...book,
      lots: parts(book.lots),
      reserved: book.reserved.map((one) => ({ ...one, id: rename(one.id), parts: parts(one.parts) })),
    })),
    origins: estate.origins.map((one) => forgetOrigin(one, rename)),
    redemptions: estate.redemptions.map((one) => forgetRedemption(one, rename)),
    lapsed: estate.lapsed.map((one) => ({
      ...one,
      lots: one.lots.map((lot) => forgetPart(lot, rename)),
    })),
    limits: {
      ...estate.limits,
      waiting: estate.limits.waiting.map((one) => ({ ...one, origin: rename(one.origin) })),
    },
    byHand: estate.byHand.map((one) => ({ ...one, id: rename(one.id), lots: parts(one.lots) })),
  }
  return { command: rename(command), estate: forgotten }
}
