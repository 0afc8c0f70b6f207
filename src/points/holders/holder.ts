import type { Instant, Sorted, SortedOrder } from '../../kernel/index.js'
import { byCodeUnit, first, get, insert, items, remove } from '../../kernel/sorted.js'
import type { LotPart } from '../../ledger/index.js'
import type { Origin, Owed } from '../account.js'
import type { Estate } from './merging.js'
import { dueAfter, type MoneyDue } from './negative.js'

/** What was posted by hand or between holders, as long as it can be reversed. */
export interface HandPosting {
  readonly id: string
  readonly kind: 'earned' | 'adjusted' | 'sent' | 'received'
  readonly currency: string
  /** Below zero where they went out. */
  readonly points: number
  readonly lots: readonly LotPart[]
  /** How much of what went out was owed, and not in a lot. */
  readonly owed: number
  /** How many of the points were owed in money instead. */
  readonly due: number
  readonly reversed: boolean
  /** Until when it can be; `null` for ever. */
  readonly until: Instant | null
}

/** What was heard before somebody enrolled, and is earned when they do. */
export interface Early {
  /** In the order of hearing. */
  readonly at: number
  readonly owed: Owed
}

/** What was sent within the time that a limit counts. */
export interface Sent {
  readonly until: Instant
  readonly id: string
  readonly points: number
}

/** What is remembered of the holder, beside the books: from the first time that there is something. */
export interface Holder {
  readonly enrolledAt: Instant | null
  readonly closedAt: Instant | null
  /** An event of this instant has enrolled, and that is not decided yet. */
  readonly enrolling: { readonly at: Instant; readonly event: string } | null
  /** Number of what was heard early so far. */
  readonly heard: number
  readonly early: Sorted<Early, number> | null
  readonly earlyOrigins: Sorted<Origin, string> | null
  /** By currency: points that could not be taken back, and what is owed in money for them. */
  readonly uncollected: { readonly [currency: string]: number }
  readonly due: { readonly [currency: string]: MoneyDue }
  readonly byHand: Sorted<HandPosting, string> | null
  readonly byEnd: Sorted<HandEnd, HandEnd> | null
  /** What it handed over to another account, until that is taken back. */
  readonly handed: { readonly command: string; readonly estate: Estate } | null
  readonly sent: { readonly [currency: string]: Sorted<Sent, readonly [Instant, string]> | null }
}
type HandEnd = readonly [until: Instant, id: string]

/** Of an account whose holder did nothing of the kind. */
export const noHolder: Holder = {
  enrolledAt: null,
  closedAt: null,
  enrolling: null,
  heard: 0,
  early: null,
  earlyOrigins: null,
  uncollected: {},
  due: {},
  byHand: null,
  byEnd: null,
  handed: null,
  sent: {},
}

const ascending = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)
export const byHandId: SortedOrder<HandPosting, string> = {
  key: ({ id }) => id,
  before: (one, id) => one.id < id,
  ...byCodeUnit,
}
export const byHandEnd: SortedOrder<HandEnd, HandEnd> = {
  key: (end) => end,
  compare: (a, b) => a[0] - b[0] || ascending(a[1], b[1]),
}
export const byArrival: SortedOrder<Early, number> = {
  key: ({ at }) => at,
  compare: (a, b) => a - b,
}
export const bySent: SortedOrder<Sent, readonly [Instant, string]> = {
  key: ({ until, id }) => [until, id],
  compare: (a, b) => a[0] - b[0] || ascending(a[1], b[1]),
  amount: ({ points }) => points,
}

/** Without what was heard early and is answered: it may be recorded before the enrolment of its instant. */
export function withoutEarly(holder: Holder | null, answered: (owed: Owed) => boolean): Holder | null {
  if (holder === null || holder.early === null) return holder
  let early: Holder['early'] = holder.early
  for (const { at, owed } of items(byArrival, holder.early))
    if (answered(owed)) early = remove(byArrival, early, at)
  return early === holder.early ? holder : { ...holder, early }
}

/** Remembers a posting, and lets those go that can no longer be reversed. */
export function remembered(holder: Holder | null, posting: HandPosting, now: Instant): Holder {
  const known = holder ?? noHolder
  let { byHand, byEnd: ends } = known
  for (let end = first(ends); end !== undefined && end[0] <= now; end = first(ends)) {
    byHand = remove(byHandId, byHand, end[1])
    ends = remove(byHandEnd, ends, end)
  }
  byHand = insert(byHandId, byHand, posting)
  if (posting.until !== null) ends = insert(byHandEnd, ends, [posting.until, posting.id])
  // Key by key, as this is done for every posting by hand.
  return {
    enrolledAt: known.enrolledAt,
    closedAt: known.closedAt,
    enrolling: known.enrolling,
    heard: known.heard,
    early: known.early,
    earlyOrigins: known.earlyOrigins,
    uncollected: known.uncollected,
    due: known.due,
    byHand,
    byEnd: ends,
    handed: known.handed,
    sent: known.sent,
  }
}

/** The posting of that id, while it can be reversed. */
export function postingOf(holder: Holder | null, id: string, now: Instant): HandPosting | undefined {
  const found = get(byHandId, holder?.byHand ?? null, id)
  return found === undefined || (found.until !== null && found.until <= now) ? undefined : found
}

/** The holder after a posting has left some points uncollected, or made money due. */
export function collectedFrom(
  holder: Holder | null,
  currency: string,
  uncollected: number | undefined,
  due: MoneyDue | undefined,
): Holder | null {
  if (!uncollected && due === undefined) return holder
  const known = holder ?? noHolder
  return {
    ...known,
    ...(uncollected && {
      uncollected: { ...known.uncollected, [currency]: (known.uncollected[currency] ?? 0) + uncollected },
    }),
    ...(due && { due: { ...known.due, [currency]: dueAfter(known.due[currency], due) } }),
  }
}
