import { fault, reading } from '../kernel/errors.js'
import {
  type AnyEvent,
  type Calendar,
  type Instant,
  type Sorted,
  type SortedOrder,
  SumOutOfRange,
  type Track,
} from '../kernel/index.js'
import { get, insert, items } from '../kernel/sorted.js'
import {
  confirm,
  confirmingAt,
  confirmsNextAt,
  expiresNextAt,
  expiringAt,
  giveBack,
  issue,
  type LotPart,
  type Lots,
  noLots,
  openLots,
  pendingIn,
  renameLots,
  spendableIn,
  take,
} from '../ledger/index.js'
import type { ClawedBackData, EarnedData, LotsData, RedemptionData, Share } from './events.js'

/** What an origin earned under one rule, and what became of it. */
export interface Origin {
  readonly key: string
  readonly rule: string
  readonly origin: string
  /** When it was earned first. */
  readonly at: Instant
  readonly share: Share
  readonly lots: readonly LotPart[]
}

/** Points spent at once, and how many of them came back. */
export interface Redemption {
  readonly id: string
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
    }
  | { readonly do: 'confirm'; readonly origin: string; readonly event: string }
  | {
      readonly do: 'claw-back'
      readonly rule: string
      readonly origin: string
      readonly event: string
      readonly amount: number | null
    }

/** What is remembered of one account. */
export interface PointsState {
  readonly lots: Lots
  /** By rule: what is left over, of the rule's denominator. */
  readonly carried: { readonly [rule: string]: number }
  readonly origins: Sorted<Origin, string> | null
  readonly redemptions: Sorted<Redemption, string> | null
  readonly owed: readonly Owed[]
  readonly owedAt: Instant | null
  readonly totals: PointsTotals
  readonly tracks: readonly Track[]
}

/** All that ever happened to an account: `balance = earned - redeemed + refunded - expired - clawedBack - pending`. */
export interface PointsTotals {
  readonly earned: number
  readonly redeemed: number
  readonly refunded: number
  readonly expired: number
  readonly clawedBack: number
}

/** What an account holds. */
export interface PointsView {
  /** What can be spent; below zero while points that were taken back had been spent. */
  readonly balance: number
  readonly pending: number
  /** What happens next to it by time alone. */
  readonly next: {
    readonly what: 'confirms' | 'expires'
    readonly at: Instant
    readonly points: number
  } | null
  readonly totals: PointsTotals
}

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
export const emptyAccount = (tracks: readonly Track[]): PointsState => ({
  lots: noLots,
  carried: {},
  origins: null,
  redemptions: null,
  owed: [],
  owedAt: null,
  totals: { earned: 0, redeemed: 0, refunded: 0, expired: 0, clawedBack: 0 },
  tracks,
})

/** Applies a posting: total, whatever was recorded. Asserted in production too: nothing is made or lost by it. */
export function post(
  state: PointsState,
  kind: string,
  event: AnyEvent,
  tracks: readonly Track[],
): PointsState {
  return reading('wrong-type', '$.event.data', event, 'what a posting records', () => {
    const posted = postings[kind as keyof typeof postings](state, event, tracks)
    const { lots, totals } = posted
    const held = spendableIn(lots) + pendingIn(lots) - lots.deficit
    const owned = totals.earned - totals.redeemed + totals.refunded - totals.expired - totals.clawedBack
    if (held === owned) return posted
    const expected = `lots that hold what postings add up to, ${owned}`
    throw fault('malformed-state', `after ${event.type}`, held, expected)
  })
}

const postings = { earned, confirmed, redeemed, refunded, expired, 'clawed-back': clawedBack }

function earned(state: PointsState, event: AnyEvent, tracks: readonly Track[]): PointsState {
  const data = event.data as EarnedData
  const { rule, origin, lot, share, points, reason } = data
  const { lots, carried, origins, redemptions, owed, owedAt, totals } = state
  const { redeemed, refunded, expired, clawedBack } = totals
  const sum = totals.earned + points
  if (!Number.isSafeInteger(sum)) throw new SumOutOfRange('points earned')
  const carries = reason.code === 'given-by-hand' ? undefined : reason.carries
  return {
    lots: lot === undefined ? lots : issue(lots, lot),
    carried: withCarried(carried, rule, carries),
    origins: share === undefined ? origins : withShare(origins, rule!, origin!, event, share, lot),
    redemptions,
    owed: without(owed, settles('earn', data)),
    owedAt,
    totals: { earned: sum, redeemed, refunded, expired, clawedBack },
    tracks,
  }
}

/** What is left over under a rule; the same object where that stays. */
function withCarried(carried: PointsState['carried'], rule: string | undefined, carries: number | undefined) {
  if (rule === undefined || carries === undefined || (carried[rule] ?? 0) === carries) return carried
  return { ...carried, [rule]: carries }
}

function withShare(
  origins: PointsState['origins'],
  rule: string,
  origin: string,
  event: AnyEvent,
  share: Share,
  lot: LotPart | undefined,
): PointsState['origins'] {
  const key = originKey(rule, origin)
  const known = get(originsBy, origins, key)
  const at = known?.at ?? event.effectiveAt ?? event.occurredAt
  const before = known?.lots ?? []
  const lots = lot === undefined ? before : [...before, lot]
  return insert(originsBy, origins, { key, rule, origin, at, share, lots })
}

function confirmed(state: PointsState, event: AnyEvent, tracks: readonly Track[]): PointsState {
  const { lots, carried, origins, redemptions, owed, owedAt, totals } = state
  const data = event.data as LotsData
  return {
    lots: confirm(lots, data.lots),
    carried,
    origins,
    redemptions,
    owed: without(owed, (one) => one.do === 'confirm' && one.origin === data.origin),
    owedAt,
    totals,
    tracks,
  }
}

function redeemed(state: PointsState, event: AnyEvent, tracks: readonly Track[]): PointsState {
  const { points, redemption: id, lots: parts } = event.data as RedemptionData
  const { lots, carried, origins, redemptions, owed, owedAt, totals } = state
  const { earned, redeemed, refunded, expired, clawedBack } = totals
  return {
    lots: take(lots, parts),
    carried,
    origins,
    redemptions: insert(redemptionsBy, redemptions, { id, points, refunded: 0, lots: parts }),
    owed,
    owedAt,
    totals: { earned, redeemed: redeemed + points, refunded, expired, clawedBack },
    tracks,
  }
}

function refunded(state: PointsState, event: AnyEvent, tracks: readonly Track[]): PointsState {
  const { points, redemption: id, lots } = event.data as RedemptionData
  const known = get(redemptionsBy, state.redemptions, id)
  const redemptions =
    known === undefined
      ? state.redemptions
      : insert(redemptionsBy, state.redemptions, { ...known, refunded: known.refunded + points })
  const totals = { ...state.totals, refunded: state.totals.refunded + points }
  const origins = withReturned(state.origins, lots)
  return { ...state, lots: giveBack(state.lots, lots), origins, redemptions, totals, tracks }
}

/** An origin finds its lots under their terms: a grace may have given them other ones. */
function withReturned(origins: PointsState['origins'], parts: readonly LotPart[]): PointsState['origins'] {
  let next = origins
  for (const part of parts) {
    const known = part.of && get(originsBy, next, originKey(part.of[0]!, part.of[1]!))
    if (known === undefined) continue
    if (known.lots.some(({ lot, expiresAt }) => lot === part.lot && expiresAt === part.expiresAt)) continue
    next = insert(originsBy, next, { ...known, lots: [...known.lots, part].sort((a, b) => a.lot - b.lot) })
  }
  return next
}

function expired(state: PointsState, event: AnyEvent, tracks: readonly Track[]): PointsState {
  const { lots: parts } = event.data as LotsData
  const { lots: before, carried, origins, redemptions, owed, owedAt, totals } = state
  const { earned, redeemed, refunded, clawedBack } = totals
  const { pending, spendable, issued } = take(before, parts)
  const lots = { pending, spendable, deficit: before.deficit, issued }
  const expired = totals.expired + spendableIn(before) - spendableIn(lots)
  return {
    lots,
    carried,
    origins: withExpired(origins, parts),
    redemptions,
    owed,
    owedAt,
    totals: { earned, redeemed, refunded, expired, clawedBack },
    tracks,
  }
}

function withExpired(origins: PointsState['origins'], parts: readonly LotPart[]): PointsState['origins'] {
  let next = origins
  for (const { of, amount } of parts) {
    const known = of && get(originsBy, next, originKey(of[0]!, of[1]!))
    if (known === undefined) continue
    const { key, rule, origin, at, lots } = known
    const { base, refunded, earned, clawedBack, expired, excused } = known.share
    const share = { base, refunded, earned, clawedBack, expired: expired + amount, excused }
    next = insert(originsBy, next, { key, rule, origin, at, share, lots })
  }
  return next
}

function clawedBack(state: PointsState, event: AnyEvent, tracks: readonly Track[]): PointsState {
  const data = event.data as ClawedBackData
  const { rule, origin, share, deficit, points, carries, lots: parts } = data
  const { carried, origins, redemptions, owed, owedAt, totals } = state
  const { earned, redeemed, refunded, expired, clawedBack } = totals
  const left = take(state.lots, parts)
  return {
    lots: {
      pending: left.pending,
      spendable: left.spendable,
      deficit: left.deficit + deficit,
      issued: left.issued,
    },
    carried: withCarried(carried, rule, carries),
    origins: withShare(origins, rule, origin, event, share, undefined),
    redemptions,
    owed: without(owed, settles('claw-back', data)),
    owedAt,
    totals: { earned, redeemed, refunded, expired, clawedBack: clawedBack + points },
    tracks,
  }
}

/** Whether a posting settles what is owed: what its event had brought about; a correction, which names none, all of it. */
const settles =
  (kind: Owed['do'], data: { readonly rule?: string; readonly origin?: string; readonly event?: string }) =>
  (owed: Owed): boolean =>
    owed.do !== 'confirm' &&
    owed.rule === data.rule &&
    owed.origin === data.origin &&
    (data.event === undefined || (owed.do === kind && owed.event === data.event))

/** What is owed, without what an event has answered. */
const without = (owed: readonly Owed[], answered: (one: Owed) => boolean): readonly Owed[] =>
  owed.some(answered) ? owed.filter((one) => !answered(one)) : owed

/** What an account holds. */
export function viewOf({ lots, totals }: PointsState): PointsView {
  const confirmsAt = confirmsNextAt(lots)
  const expiresAt = expiresNextAt(lots)
  const confirms = confirmsAt !== null && (expiresAt === null || confirmsAt <= expiresAt)
  const at = confirms ? confirmsAt : expiresAt
  return {
    balance: spendableIn(lots) - lots.deficit,
    pending: pendingIn(lots),
    next:
      at === null
        ? null
        : {
            what: confirms ? 'confirms' : 'expires',
            at,
            points: confirms ? confirmingAt(lots, at) : expiringAt(lots, at),
          },
    totals,
  }
}

/** How many points some parts are. */
export const total = (parts: readonly LotPart[]): number => parts.reduce((sum, { amount }) => sum + amount, 0)

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
export function waitingOrigins({ lots, origins }: PointsState): readonly Origin[] {
  const waiting = new Map<string, Origin>()
  for (const { of, confirmsAt } of openLots(lots)) {
    if (confirmsAt === undefined) break
    const found = of && get(originsBy, origins, originKey(of[0]!, of[1]!))
    if (found !== undefined) waiting.set(found.key, found)
  }
  return [...waiting.values()]
}

/** Whether two origins stand the same. */
export const sameShare = (a: Share, b: Share): boolean =>
  a.base === b.base && a.refunded === b.refunded && a.earned === b.earned && a.clawedBack === b.clawedBack

/** The account with every text that came from outside replaced. */
export function forgetAccount(state: PointsState, rename: (text: string) => string): PointsState {
  const origins = rebuilt(originsBy, state.origins, (one) => {
    const origin = rename(one.origin)
    const lots = one.lots.map((part) => (part.of ? { ...part, of: part.of.map(rename) } : part))
    return { ...one, origin, key: originKey(one.rule, origin), lots }
  })
  const redemptions = rebuilt(redemptionsBy, state.redemptions, (one) => ({
    ...one,
    id: rename(one.id),
    lots: one.lots.map((part) => (part.of ? { ...part, of: part.of.map(rename) } : part)),
  }))
  const owed = state.owed.map((one) => ({ ...one, origin: rename(one.origin), event: rename(one.event) }))
  const lots = renameLots(state.lots, rename)
  return { ...state, lots, origins, redemptions, owed }
}

/** A sequence of the same items under new keys. */
const rebuilt = <T>(order: SortedOrder<T, string>, tree: Sorted<T, string> | null, change: (item: T) => T) =>
  [...items(order, tree)].reduce<Sorted<T, string> | null>(
    (next, item) => insert(order, next, change(item)),
    null,
  )

/** What an account owes in one month. */
export interface OutstandingMonth {
  /** The local month in which the points expire; `null` for those that never do. */
  readonly month: string | null
  readonly points: number
  /** How many of them are not confirmed yet. */
  readonly pending: number
}

/**
 * Points of an account by the local month in which they expire. Their sum is `balance + pending` of the view, plus what
 * is owed by the holder where the balance is below zero.
 */
export function outstandingByMonth(state: PointsState, calendar: Calendar): readonly OutstandingMonth[] {
  const months = new Map<string | null, OutstandingMonth>()
  for (const { remaining, expiresAt, confirmsAt } of openLots(state.lots)) {
    const month = expiresAt === null ? null : calendar.localMonth(expiresAt - 1)
    const { points, pending } = months.get(month) ?? { points: 0, pending: 0 }
    months.set(month, {
      month,
      points: points + remaining,
      pending: pending + (confirmsAt === undefined ? 0 : remaining),
    })
  }
  const order = ({ month }: OutstandingMonth) => month ?? '~'
  return [...months.values()].sort((a, b) => ascending(order(a), order(b)))
}
