import type { Instant, Sorted, SortedOrder } from '../../kernel/index.js'
import { first, firstPrefix, get, insert, items, sumThrough } from '../../kernel/sorted.js'
import type { LapsedPart } from './events.js'
import { NEVER, renameUses, type Uses } from './uses.js'

/** What was set aside for a holder, and what became of it. Amounts are in the smallest unit. */
export interface Reservation {
  /** Id of the command that made it. */
  readonly id: string
  readonly holder: string
  /** What is still set aside. */
  readonly reserved: number
  /** What was used of it and not given back. */
  readonly committed: number
  /** First instant at which it no longer holds; `null` when somebody has to end it. */
  readonly until: Instant | null
  /** By limit: when it stops counting. */
  readonly leaves: { readonly [limit: string]: Instant | null }
  /** Since when nothing is set aside any more. */
  readonly overSince: Instant | null
  /** Until when it is remembered, once it is over. */
  readonly keptUntil: Instant | null
}

export type Ending = readonly [at: Instant, id: string, amount?: number]

/** What is remembered of one shared resource, in the smallest unit. Nothing that is over stays longer than was agreed. */
export interface StockState {
  readonly restocked: number
  readonly withdrawn: number
  readonly reserved: number
  readonly committed: number
  readonly closedAt: Instant | null
  readonly reservations: Sorted<Reservation, string> | null
  /** What time will end, by when. */
  readonly lapsing: Sorted<Ending, Ending> | null
  /** What is over, by when it is forgotten. */
  readonly over: Sorted<Ending, Ending> | null
  readonly uses: { readonly [limit: string]: Uses }
}

const ascending = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)
/** Reservations by id; their sum is what is set aside. */
export const reservationsBy: SortedOrder<Reservation, string> = {
  key: ({ id }) => id,
  compare: ascending,
  amount: ({ reserved }) => reserved,
}
/** What ends, by when; their sum is how much. */
export const endingsBy: SortedOrder<Ending, Ending> = {
  key: (ending) => ending,
  compare: (a, b) => a[0] - b[0] || ascending(a[1], b[1]),
  amount: ([, , amount]) => amount ?? 0,
}

/** What can be reserved, as far as there is any. */
export const availableIn = ({ restocked, withdrawn, reserved, committed }: StockState): number =>
  restocked - withdrawn - reserved - committed

/** A reservation that is remembered at an instant. */
export function reservationIn({ reservations }: StockState, id: string, at: Instant) {
  const found = get(reservationsBy, reservations, id)
  return found !== undefined && (found.keptUntil ?? NEVER) > at ? found : undefined
}

/** When the next reservations lapse. */
export const lapsesAt = ({ lapsing }: StockState): Instant | null => first(lapsing)?.[0] ?? null

/** How much lapses by an instant. */
export const lapsingThrough = ({ lapsing }: StockState, at: Instant): number =>
  sumThrough(endingsBy, lapsing, [at + 1, ''])

/** When so much more will have lapsed; `null` where time alone does not bring it. */
export const availableAt = ({ lapsing }: StockState, amount: number): Instant | null =>
  firstPrefix(endingsBy, lapsing, [-Infinity, ''], 'inside', amount, Infinity)?.[0] ?? null

/** How large the list in one event may become: what is checked where it comes in may hold no more. */
const PART_SIZE = 8000

/** The reservations that lapse next, all of one instant; of very many the first, the others follow. */
export function lapsingNext({ lapsing, reservations }: StockState): readonly LapsedPart[] {
  const parts: LapsedPart[] = []
  let at: Instant | undefined
  let size = 0
  for (const [until, id] of items(endingsBy, lapsing)) {
    at ??= until
    if (until !== at || size > PART_SIZE) break
    const { holder, reserved } = get(reservationsBy, reservations, id)!
    parts.push({ reservation: id, holder, units: reserved })
    size += 4 + (id.length + holder.length) / 100
  }
  return parts
}

/** A stock of nothing. */
export const emptyStock = (uses: StockState['uses']): StockState => ({
  restocked: 0,
  withdrawn: 0,
  reserved: 0,
  committed: 0,
  closedAt: null,
  reservations: null,
  lapsing: null,
  over: null,
  uses,
})

/** Where a state that came from outside does not add up. */
export function misfitIn(state: StockState): string | undefined {
  const { restocked, withdrawn, reserved, committed, reservations, lapsing } = state
  if (restocked < 0) return '.restocked'
  if (withdrawn < 0 || withdrawn > restocked) return '.withdrawn'
  if (reserved !== (reservations?.sum ?? 0) || (lapsing?.sum ?? 0) > reserved) return '.reserved'
  return committed < 0 || availableIn(state) < 0 ? '.committed' : undefined
}

/** The stock with every text that came from outside replaced. */
export function forgetStock(state: StockState, rename: (text: string) => string): StockState {
  let reservations: StockState['reservations'] = null
  for (const one of items(reservationsBy, state.reservations))
    reservations = insert(reservationsBy, reservations, {
      ...one,
      id: rename(one.id),
      holder: rename(one.holder),
    })
  const renamed = (endings: StockState['lapsing']): StockState['lapsing'] => {
    let next: StockState['lapsing'] = null
    for (const [at, id, amount] of items(endingsBy, endings))
      next = insert(endingsBy, next, amount === undefined ? [at, rename(id)] : [at, rename(id), amount])
    return next
  }
  const uses = Object.entries(state.uses).map(([limit, one]) => [limit, renameUses(one, rename)])
  return {
    ...state,
    reservations,
    lapsing: renamed(state.lapsing),
    over: renamed(state.over),
    uses: Object.fromEntries(uses) as StockState['uses'],
  }
}
