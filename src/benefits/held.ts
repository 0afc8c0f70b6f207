import type { Instant, Sorted, SortedOrder, Track } from '../kernel/index.js'
import { get, insert, items, remove } from '../kernel/sorted.js'

/** Where an issue is on its way: asked for at the budget, there to be claimed, there to be used. */
export type Stage = 'awaiting' | 'claimable' | 'usable'

/** One issue of a benefit. Amounts in the smallest unit. */
export interface HeldBenefit {
  readonly issue: string
  readonly benefit: string
  /** In the order of issue. */
  readonly n: number
  readonly stage: Stage
  readonly at: Instant
  readonly uses: number
  /** When it can no longer be claimed, or used; `null` for never. */
  readonly ends: Instant | null
  /** What the budget still keeps for it. */
  readonly reserved: number
}

/** A benefit in an order. */
export interface UsedBenefit {
  readonly issue: string
  readonly benefit: string
  readonly n: number
  readonly at: Instant
  readonly ends: Instant | null
  readonly cost: number
}

/** What an order used, while it can come back. */
export interface UsedOrder {
  readonly order: string
  readonly at: Instant
  readonly benefits: readonly UsedBenefit[]
}

/** What a person got, and when a period of it began. */
interface Count {
  readonly ever: number
  readonly since: Instant
  readonly times: number
}

/** Issues of one benefit and what became of them; amounts in the smallest unit. */
export interface BenefitTotals {
  readonly issued: number
  readonly used: number
  readonly returned: number
  readonly expired: number
  readonly revoked: number
  readonly sent: number
  readonly received: number
  readonly cost: number
}
export const noTotals: BenefitTotals = {
  issued: 0,
  used: 0,
  returned: 0,
  expired: 0,
  revoked: 0,
  sent: 0,
  received: 0,
  cost: 0,
}

/** What a rule issued, or asked its budget for. */
export interface MadeIssue {
  readonly issue: string
  readonly benefit: string
  /** Which rule, and the event that it answered; none for a rule of time. */
  readonly rule: string
  readonly event?: string
  /** When it was made, or should have been. */
  readonly at: Instant
  /** Once used it stands, whatever becomes known. */
  readonly used: boolean
  /** It stands although it should not have been, which a correction has recorded. */
  readonly undue?: true
}

interface End {
  readonly at: Instant
  readonly n: number
  readonly issue: string
}
interface Aged {
  readonly at: Instant
  readonly order: string
}

/** What is remembered of one subject. */
export interface BenefitsState {
  readonly held: Sorted<HeldBenefit, string> | null
  readonly ends: Sorted<End, readonly [Instant, number]> | null
  readonly orders: Sorted<UsedOrder, string> | null
  readonly ages: Sorted<Aged, readonly [Instant, string]> | null
  /** What rules made, for good where it may be corrected: a fact may come years later. */
  readonly made: Sorted<MadeIssue, string> | null
  /** Issues that came from other subjects. */
  readonly received: Sorted<string, string> | null
  /** Issues so far. */
  readonly n: number
  readonly counts: { readonly [benefit: string]: Count }
  /** By rule, when it last brought an issue about. */
  readonly issuedAt: { readonly [rule: string]: Instant }
  readonly totals: { readonly [benefit: string]: BenefitTotals }
  /** What events of this instant have brought about and that is not decided yet. */
  readonly owed: readonly { readonly rule: string; readonly event: string }[]
  readonly owedAt: Instant | null
  readonly tracks: readonly Track[]
}

const ascending = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)
export const heldBy: SortedOrder<HeldBenefit, string> = {
  key: ({ issue }) => issue,
  compare: ascending,
  amount: () => 0,
}
export const endsBy: SortedOrder<End, readonly [Instant, number]> = {
  key: ({ at, n }) => [at, n],
  compare: (a, b) => a[0] - b[0] || a[1] - b[1],
  amount: () => 0,
}
export const ordersBy: SortedOrder<UsedOrder, string> = {
  key: ({ order }) => order,
  compare: ascending,
  amount: () => 0,
}
export const orderAgesBy: SortedOrder<Aged, readonly [Instant, string]> = {
  key: ({ at, order }) => [at, order],
  compare: (a, b) => a[0] - b[0] || ascending(a[1], b[1]),
  amount: () => 0,
}
export const madeBy: SortedOrder<MadeIssue, string> = {
  key: ({ issue }) => issue,
  compare: ascending,
  amount: () => 0,
}
export const receivedBy: SortedOrder<string, string> = {
  key: (issue) => issue,
  compare: ascending,
  amount: () => 0,
}

/** A subject of whom nothing is known. */
export const noBenefits = (tracks: readonly Track[]): BenefitsState => ({
  held: null,
  ends: null,
  orders: null,
  ages: null,
  made: null,
  received: null,
  n: 0,
  counts: {},
  issuedAt: {},
  totals: {},
  owed: [],
  owedAt: null,
  tracks,
})

export const heldIssue = ({ held }: BenefitsState, issue: string): HeldBenefit | undefined =>
  get(heldBy, held, issue)

/**
 * Whether a rule has issued under a name. Where facts of one instant come in another order in a replay, a fact may follow what
 * it brought about.
 */
export const isIssued = (state: BenefitsState, issue: string): boolean =>
  heldIssue(state, issue) !== undefined || get(madeBy, state.made, issue) !== undefined

/** The state with an issue as it is now. */
export function withHeld(state: BenefitsState, one: HeldBenefit): BenefitsState {
  const before = withoutHeld(state, one.issue)
  const ends =
    one.ends === null
      ? before.ends
      : insert(endsBy, before.ends, { at: one.ends, n: one.n, issue: one.issue })
  return { ...before, held: insert(heldBy, before.held, one), ends }
}

export function withoutHeld(state: BenefitsState, issue: string): BenefitsState {
  const known = heldIssue(state, issue)
  if (known === undefined) return state
  const ends = known.ends === null ? state.ends : remove(endsBy, state.ends, [known.ends, known.n])
  return { ...state, held: remove(heldBy, state.held, issue), ends }
}

/** Every open issue, in the order of issue. */
export const heldInOrder = ({ held }: Pick<BenefitsState, 'held'>): readonly HeldBenefit[] =>
  [...items(heldBy, held)].sort((a, b) => a.n - b.n)

/** The state with every text that came from outside replaced. */
export function forgetHeld(state: BenefitsState, rename: (text: string) => string): BenefitsState {
  return {
    ...state,
    held: rebuilt(heldBy, state.held, (one) => ({ ...one, issue: rename(one.issue) })),
    ends: rebuilt(endsBy, state.ends, (one) => ({ ...one, issue: rename(one.issue) })),
    orders: rebuilt(ordersBy, state.orders, (one) => ({
      ...one,
      order: rename(one.order),
      benefits: one.benefits.map((used) => ({ ...used, issue: rename(used.issue) })),
    })),
    ages: rebuilt(orderAgesBy, state.ages, (one) => ({ ...one, order: rename(one.order) })),
    made: rebuilt(madeBy, state.made, (one) => ({
      ...one,
      issue: rename(one.issue),
      ...(one.event !== undefined && { event: rename(one.event) }),
    })),
    received: rebuilt(receivedBy, state.received, rename),
    owed: state.owed.map(({ rule, event }) => ({ rule, event: rename(event) })),
  }
}

const rebuilt = <T, K>(order: SortedOrder<T, K>, tree: Sorted<T, K> | null, change: (item: T) => T) =>
  [...items(order, tree)].reduce<Sorted<T, K> | null>((next, item) => insert(order, next, change(item)), null)
