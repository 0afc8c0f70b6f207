import { type Calendar, type Instant, type Periods, periodsOf } from '../../kernel/index.js'
import { spanIn } from '../unit.js'
import { type HistoriesDefinition, spanHours } from './definition.js'
import { skippedPeriods } from './skipped-periods.js'
import { type StandingOrders, safe } from './standing-orders.js'

/** How purchases are dated and told apart. Positions are milliseconds or numbers of periods. */
export interface PurchaseClock {
  /** Where an instant stands. */
  positionOf(at: Instant): number
  /** The position at which an observation ends that ends at an instant: of opportunities the last one that is over. */
  endOf(until: Instant): number
  /** Whether an order belongs to an observation that ends at an instant. */
  counts(at: Instant, until: Instant): boolean
  /** A distance between positions in the unit. */
  inUnit(distance: number): number
  /** Orders of one position are one purchase; where undefined, those that are near enough in time. */
  readonly periods: Periods | undefined
  /** How far apart in milliseconds orders may be that are one purchase, and from which of them this is counted. */
  readonly reach: number
  readonly chained: boolean
}

const HOUR = 3_600_000

/** The clock that a definition asks for. */
export function clockOf(
  { merge, unit }: Pick<HistoriesDefinition, 'merge' | 'unit'>,
  calendar: Calendar,
  unitHours: number,
): PurchaseClock {
  const byTime = {
    positionOf: (at: Instant) => at,
    endOf: (until: Instant) => until,
    counts: (at: Instant, until: Instant) => at <= until,
    inUnit: (distance: number) => distance / (unitHours * HOUR),
    periods: undefined,
    reach: 0,
    chained: false,
  }
  if (merge === 'none') return byTime
  if ('within' in merge) {
    const reach = spanIn('hour', merge.within, '$.merge.within') * HOUR
    return { ...byTime, reach, chained: merge.since === 'last' }
  }
  const periods = periodsOf(calendar, merge.per)
  if (merge.dated === 'first-order') return { ...byTime, periods }
  if (unit !== 'opportunity') {
    const hours = spanHours(merge.per)
    const inUnit = (distance: number) => (distance * hours) / unitHours
    return { ...byTime, periods, positionOf: periods.indexOf, endOf: periods.indexOf, inUnit }
  }
  // The same moment is asked about for every order.
  let asked: { readonly until: Instant; readonly last: number } | undefined
  const over = (until: Instant): number => {
    if (asked?.until === until) return asked.last
    let last = periods.latestBy(until)
    while (periods.endOf(last) > until) last -= 1
    asked = { until, last }
    return last
  }
  // A day that never was is no opportunity.
  const skipped = skippedPeriods(periods)
  const opportunity = (index: number) => index - skipped(index)
  return {
    ...byTime,
    periods,
    positionOf: (at) => opportunity(periods.indexOf(at)),
    endOf: (until) => opportunity(over(until)),
    counts: (at, until) => periods.indexOf(at) <= over(until),
    inUnit: (distance) => distance,
  }
}

/** The purchases of a customer, the first of them the one that ages are counted from. */
export interface Purchases {
  /** Ascending. */
  readonly positions: number[]
  readonly spend: number[]
  /** Whether a purchase counts where means are taken. */
  readonly counted: boolean[]
  /** Orders from before the customer entered, which are no purchases of one. */
  readonly before: number
}

/**
 * Merges orders into purchases. Each depends on orders before it alone, so that more orders at the end never change how those
 * before were merged.
 *
 * @param entered - When the customer entered, where it is not with the first order.
 */
export function purchasesOf(
  { at, spend, counted }: StandingOrders,
  clock: PurchaseClock,
  entered: Instant | undefined,
): Purchases {
  const { periods, reach, chained } = clock
  const purchases = { positions: [] as number[], spend: [] as number[], counted: [] as boolean[], before: 0 }
  // Of the purchase that is open: its period, or the instant from which its reach is counted.
  let open = Number.NEGATIVE_INFINITY
  let last = -1
  const begin = (when: Instant, key: number) => {
    last = purchases.positions.push(clock.positionOf(when)) - 1
    purchases.spend.push(0)
    purchases.counted.push(false)
    open = key
  }
  if (entered !== undefined) begin(entered, periods?.indexOf(entered) ?? entered)
  for (let i = 0; i < at.length; i++) {
    const when = at[i]!
    const key = periods === undefined ? when : periods.indexOf(when)
    if (entered !== undefined && (periods === undefined ? when < entered : key < periods.indexOf(entered))) {
      purchases.before += 1
      continue
    }
    // Clocks that go back over midnight show a day again that was over.
    const same = last >= 0 && (periods === undefined ? when - open <= reach : key <= open)
    if (!same) begin(when, key)
    else if (chained) open = when
    purchases.spend[last] = safe(purchases.spend[last]! + spend[i]!)
    if (counted[i]) purchases.counted[last] = true
  }
  return purchases
}
