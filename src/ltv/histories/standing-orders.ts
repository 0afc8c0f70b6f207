import { fault } from '../../kernel/errors.js'
import { compareGroupValues, type GroupValue } from '../../measures/activity/group-value.js'
import type { HistoriesDefinition } from './definition.js'
import { type EventShape, ORDER, REFUND } from './order-log.js'

/** The events of one customer in the order of time. */
export type CustomerEvents = readonly number[]

/** What of somebody's orders stands at a moment, by time. Amounts in smallest units. */
export interface StandingOrders {
  readonly at: number[]
  readonly spend: number[]
  /** Whether the order counts where means are taken. */
  readonly counted: boolean[]
  /** Which of the customer's orders each is, of all that there were, by their first events: the same at every moment. */
  readonly place: number[]
}

/** Why orders do not count, and refunds that met no order: sums over customers. */
export interface OrderTally {
  orders: number
  worthNothing: number
  belowNothing: number
  refunded: number
  unmatched: number
  unmatchedAmount: bigint
}

/** Nothing yet. */
export const emptyTally = (): OrderTally => ({
  orders: 0,
  worthNothing: 0,
  belowNothing: 0,
  refunded: 0,
  unmatched: 0,
  unmatchedAmount: 0n,
})

const FEW = 32

/**
 * Somebody's events sorted by time, then by what they are, their amount and the number of their order, so that their order of
 * arrival says nothing.
 *
 * @param values - What the codes of numbers of orders stand for: the codes themselves come by arrival.
 */
export function sortedEvents(
  list: readonly number[],
  { width, amount, order }: EventShape,
  values: readonly GroupValue[],
): CustomerEvents {
  const byOrder = (i: number, k: number): number => {
    const [one, other] = [list[i + order]!, list[k + order]!]
    return one === other ? 0 : compareGroupValues(values[one]!, values[other]!)
  }
  const before = (i: number, k: number): number =>
    list[i]! - list[k]! ||
    list[i + 1]! - list[k + 1]! ||
    (amount < 0 ? 0 : list[i + amount]! - list[k + amount]!) ||
    (order < 0 ? 0 : byOrder(i, k))
  let sorted = true
  for (let i = width; i < list.length && sorted; i += width) sorted = before(i - width, i) <= 0
  if (sorted) return list
  const places: number[] = []
  for (let i = 0; i < list.length; i += width) places.push(i)
  // Most people order a few times: putting each in its place is then faster than to sort.
  if (places.length > FEW) places.sort(before)
  else
    for (let i = 1; i < places.length; i++) {
      const place = places[i]!
      let k = i
      for (; k > 0 && (list[places[k - 1]!]! > list[place]! || before(places[k - 1]!, place) > 0); k--)
        places[k] = places[k - 1]!
      places[k] = place
    }
  const events: number[] = []
  for (const place of places) for (let k = 0; k < width; k++) events.push(list[place + k]!)
  return events
}

/**
 * The orders of a customer as they are known at a moment: lines of one order added up, refunds taken off, and what is worth
 * nothing or less handled as the definition says. What comes later changes nothing here, whatever it says of orders before.
 *
 * @throws DefinitionError `out-of-range` for an order below zero where these are refused; `too-large` for amounts beyond 2^53.
 */
export function standingOrders(
  events: CustomerEvents,
  asOf: number,
  {
    shape,
    spend,
    order,
    refunds,
  }: Pick<HistoriesDefinition, 'spend' | 'order' | 'refunds'> & {
    readonly shape: EventShape
  },
  tally: OrderTally,
): StandingOrders {
  const { width } = shape
  const at: number[] = []
  const worth: number[] = []
  const byName = order === undefined ? undefined : new Map<number, number>()
  let taken = 0
  for (let i = 0; i < events.length && events[i]! <= asOf; i += width) {
    const role = events[i + 1]!
    if ((role & REFUND) !== 0) taken += 1
    if ((role & ORDER) === 0) continue
    const amount = spend === undefined ? 0 : events[i + shape.amount]!
    if (byName !== undefined) {
      const name = events[i + shape.order]!
      const found = byName.get(name)
      if (found !== undefined) {
        if (order!.again === 'add-up') worth[found] = safe(worth[found]! + amount)
        continue
      }
      byName.set(name, at.length)
    }
    at.push(events[i]!)
    worth.push(amount)
  }
  tally.orders += at.length
  const simple = spend === undefined && taken === 0
  const counted: boolean[] = at.map(() => true)
  const places = at.map((_, place) => place)
  if (simple) return { at, spend: worth, counted, place: places }

  const gone = new Array<boolean>(at.length).fill(false)
  const lowered = new Array<boolean>(at.length).fill(false)
  /** Takes from one order as much as is left of it. */
  const takeFrom = (place: number, amount: number): number => {
    const part = Math.min(Math.max(worth[place]!, 0), amount)
    worth[place]! -= part
    lowered[place] = true
    return amount - part
  }
  const remove = (place: number): void => {
    gone[place] = true
    tally.refunded += 1
  }
  const miss = (left: number): void => {
    if (left === 0 && spend !== undefined) return
    tally.unmatched += 1
    tally.unmatchedAmount += BigInt(left)
  }
  // Orders that something may be taken from, the latest last. What takes comes by time, so that each order enters and leaves
  // once; those that a refund named meanwhile leave when they are met.
  const open: number[] = []
  let entered = 0
  /** Takes from the latest orders by a moment, the latest first. */
  const takeBack = (moment: number, amount: number): void => {
    for (; entered < at.length && at[entered]! <= moment; entered++) open.push(entered)
    let left = amount
    while (open.length > 0 && (left > 0 || spend === undefined)) {
      const place = open[open.length - 1]!
      if (gone[place] || (spend !== undefined && worth[place]! <= 0)) open.pop()
      else if (spend === undefined) {
        remove(place)
        return
      } else left = takeFrom(place, left)
    }
    miss(left)
  }

  if (spend !== undefined) {
    for (let place = 0; place < at.length; place++) {
      const amount = worth[place]!
      if (amount >= 0) continue
      if (spend.negative === 'refuse')
        throw fault(
          'out-of-range',
          '$.spend.negative',
          amount,
          'orders worth 0 or more, or "drop" or "refund"',
        )
      gone[place] = true
      tally.belowNothing += 1
    }
  }
  // Refunds and orders below zero take in the order of time, whatever they are: who comes later finds what is left.
  let below = spend?.negative === 'refund' ? 0 : at.length
  /** Lets the orders below zero take that were made before a moment. At one instant refunds come first: they may name theirs. */
  const takeBelow = (moment: number): void => {
    for (; below < at.length && at[below]! < moment; below++)
      if (gone[below] && worth[below]! < 0) takeBack(at[below]!, -worth[below]!)
  }
  for (let i = 0; taken > 0 && i < events.length && events[i]! <= asOf; i += width) {
    if ((events[i + 1]! & REFUND) === 0) continue
    takeBelow(events[i]!)
    const amount = spend === undefined ? 0 : events[i + shape.amount]!
    if (refunds?.order === undefined) takeBack(events[i]!, amount)
    else {
      const place = byName!.get(events[i + shape.order]!)
      if (place === undefined || gone[place]) miss(amount)
      else if (spend !== undefined) miss(takeFrom(place, amount))
      else remove(place)
    }
  }
  takeBelow(Number.POSITIVE_INFINITY)
  for (let place = 0; spend !== undefined && place < at.length; place++) {
    if (gone[place] || worth[place]! > 0) continue
    if (lowered[place] && refunds?.does === 'remove') {
      gone[place] = true
      tally.refunded += 1
    } else if (spend.zero === 'drop') {
      gone[place] = true
      tally.worthNothing += 1
    } else counted[place] = spend.zero === 'count'
  }
  if (!gone.includes(true)) return { at, spend: worth, counted, place: places }
  const stands = (_: unknown, place: number) => !gone[place]
  return {
    at: at.filter(stands),
    spend: worth.filter(stands),
    counted: counted.filter(stands),
    place: places.filter(stands),
  }
}

/** Sums of one customer stay exact. */
export function safe(sum: number): number {
  if (Number.isSafeInteger(sum)) return sum
  throw fault('too-large', '$.events', sum, 'at most 2^53 - 1 smallest units of a customer')
}
