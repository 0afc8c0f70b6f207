import { ln } from '../../kernel/elementary.js'
import {
  type Aggregate,
  type AnyEvent,
  canonical,
  digestName,
  type EventColumns,
  type EventSpecs,
  formatMinor,
  type Instant,
  moneyOf,
  periodsOf,
  plain,
  zoneFingerprint,
} from '../../kernel/index.js'
import { coverageOf } from '../../measures/activity/coverage.js'
import type { GroupValue } from '../../measures/activity/group-value.js'
import type { TimeUnit } from '../unit.js'
import { dataDigest } from './data-digest.js'
import { type HistoriesDefinition, readHistories } from './definition.js'
import type { CustomerHistory } from './history.js'
import { ENTRY, type HistoriesPartial, ORDER, orderLog } from './order-log.js'
import { covariatesOf, labelsOf, toldCovariates } from './person-facts.js'
import { clockOf, type Purchases, purchasesOf } from './purchases.js'
import { type HistoriesOptions, knownOf, readOptions } from './reading.js'
import {
  type CustomerEvents,
  emptyTally,
  type OrderTally,
  type StandingOrders,
  safe,
  sortedEvents,
  standingOrders,
} from './standing-orders.js'

/** The aggregate: from orders to histories. */
export interface HistoriesAggregate
  extends Aggregate<AnyEvent, HistoriesPartial, Histories, HistoriesOptions, EventColumns> {
  readonly definition: Omit<HistoriesDefinition, 'events'>
  retract(partial: HistoriesPartial, event: AnyEvent): HistoriesPartial
  addColumns(partial: HistoriesPartial, columns: EventColumns): HistoriesPartial
  forget(partial: HistoriesPartial, subject: string): HistoriesPartial
}

/** What every customer did until the end of observation, and where a holdout was asked for, after it. Plain JSON. */
export interface Histories {
  readonly definition: { readonly id: string; readonly version: number; readonly digest: string }
  /** Of the definition, what the zone's clocks do, the options, and the histories found: kept beside what is fitted to them. */
  readonly fingerprint: string
  readonly zone: string
  readonly unit: TimeUnit
  readonly until: Instant
  /** Ascending by subject. `historyTable(customers)` is what models are fitted to. */
  readonly customers: readonly SummarizedCustomer[]
  /** What counted, of all customers. */
  readonly totals: HistoryTotals
  readonly holdout?: HoldoutTotals
  /** Of whom there is no history, and why. */
  readonly leftOut: {
    /** Acquired after the end of observation; of opportunities also in the period that was not over. */
    readonly acquiredLater: number
    /** Acquired before `watchedSince`: their first orders are not in the log (left truncation). */
    readonly acquiredBefore: number
    /** Acquired at another time than `acquired` asks for. */
    readonly acquiredElsewhen: number
    /** Ordered and never entered; or no order of theirs stands. */
    readonly neverAcquired: number
    /** Have not all covariates. */
    readonly withoutCovariates: number
  }
  /** What became of orders until the end of observation, those of customers left out among them. */
  readonly orders: {
    /** Orders by number, or events where orders have none. */
    readonly seen: number
    /** Dropped, as they were worth nothing. */
    readonly worthNothing: number
    /** Dropped or read as refunds, as they were worth less. */
    readonly belowNothing: number
    /** Refunded wholly, and removed. */
    readonly refunded: number
    /** Of customers shown here, before they entered. */
    readonly beforeEntry: number
  }
  /** Refunds, or what is left of them, that met no order to take it from. */
  readonly unmatchedRefunds: { readonly count: number; readonly amount?: string }
}

/** The history of one customer, and who it is. */
export interface SummarizedCustomer extends CustomerHistory {
  readonly subject: string
  /** The first order, or the entry. */
  readonly acquiredAt: Instant
  readonly sumLnGaps: number
  /** The period of `acquiredAt`, where the definition has `cohort`. */
  readonly cohort?: string
  readonly labels?: Readonly<Record<string, GroupValue>>
  readonly spend?: CustomerSpend
  readonly holdout?: CustomerHoldout
  /** What share of the time from `acquiredAt` to the end of observation orders were tracked; where `gaps` were told. */
  readonly coverage?: number
  /** Ages at the repeat purchases. */
  readonly purchaseAges?: readonly number[]
}

/** What a customer spent. */
export interface CustomerSpend {
  /** Purchases that the mean is of: of the papers' x, those that count with spend; the first one too, where it is `in`. */
  readonly purchases: number
  /** Decimal text, exact. */
  readonly total: string
  /** A purchase, in the currency; `null` where there is none. In literature also z, or "monetary value". */
  readonly mean: number | null
}

/** What a customer did after the end of observation. */
export interface CustomerHoldout {
  /**
   * Purchases that began there, or that came to count there, as a later line made an order worth something. An order that still
   * belongs to a purchase of before makes no new one.
   */
  readonly purchases: number
  readonly spend?: {
    /** What was spent there: of orders made there, or that came to count there, less refunds of them. */
    readonly total: string
    /** The total by purchase, never by order or line; `null` without purchases. */
    readonly mean: number | null
    /** What became known there of orders that counted before: refunds (below zero) and later lines (above). */
    readonly adjusted: string
  }
}

/** Sums over customers. */
export interface HistoryTotals {
  readonly customers: number
  /** Purchases after the first. */
  readonly repeats: number
  /** Decimal text of what `spend` of the customers adds up to. */
  readonly spend?: string
}

/** Sums over customers after the end of observation. */
export interface HoldoutTotals {
  readonly until: Instant
  /** How long it is, in the unit. */
  readonly length: number
  readonly purchases: number
  readonly spend?: string
  readonly adjusted?: string
}

/**
 * From orders to what models of repeat buying know of each customer: how often they bought again (x, `repeatCount`), how old
 * they were then (t_x, `lastPurchaseAge`), how old they are (T, `age`), and what they spent.
 *
 * The end of observation is asked for at reading, and may be any: one partial answers for calibration, holdout and today, by
 * the same code, and nothing that became known later, be it a refund, reaches into an earlier reading. Amounts are summed
 * exactly; floats are made at the end. Nothing is kept but a few numbers of each event; any order and any sharding of them
 * gives the same result, and `retract` undoes `add`. Events are not compared by their `id`: an order that arrives twice counts
 * twice, unless `order` names orders and `again` is `once`.
 *
 * @throws DefinitionError for a definition that does not hold, with its path; from `add`, `invalid-amount` for an order or refund
 * without its amount, `wrong-type` for one without its number; from `result`, `missing` without `until`, `out-of-range` for options,
 * or for an order below zero where these are refused; `other-definition` and `malformed-state` for what was not collected under
 * this definition.
 * @see Fader & Hardie (2007), "Creating an RFM summary using Excel", for x, t_x and T (their note 022).
 * @example
 * const buyers = summarizeHistories({ id: 'buyers', version: 1, calendar: { zone: 'UTC' }, unit: 'week', orders: 'order-paid',
 *   merge: { per: 'day' } })
 * buyers.result(collect(buyers, orders), { until: instant('1997-09-30T00:00:00Z') }).customers[0]
 * // => { subject: '1', unit: 'week', repeatCount: 2, lastPurchaseAge: 30.43, age: 38.86, … }
 */
export function summarizeHistories<E extends EventSpecs = EventSpecs>(
  definition: HistoriesDefinition<E>,
): HistoriesAggregate {
  const { calendar, digits, unitHours } = readHistories(definition as unknown as HistoriesDefinition)
  const { events, ...rest } = definition as HistoriesDefinition<E>
  const agreed = plain(rest)
  const { spend, unit, labels, covariates, cohort } = agreed
  const log = orderLog(agreed, events, digits)
  const { shape } = log
  const clock = clockOf(agreed, calendar, unitHours)
  const cohorts = cohort === undefined ? undefined : periodsOf(calendar, cohort)
  const clocks = zoneFingerprint(agreed.calendar)
  const terms = { ...agreed, shape }
  const units = Number(`1e${digits}`)
  const firstCounts = spend?.firstOrder === 'in' ? 0 : 1
  const text = (minor: number) => formatMinor(minor, digits)

  /** The instant of the entry, where the definition has one. */
  const entryOf = (list: CustomerEvents, until: Instant): Instant | undefined => {
    for (let i = 0; i < list.length && list[i]! <= until; i += shape.width)
      if ((list[i + 1]! & ENTRY) !== 0 && clock.counts(list[i]!, until)) return list[i]!
    return undefined
  }
  const spent = ({ spend: amounts, counted }: Purchases): { total: number; purchases: number } => {
    let [total, purchases] = [0, 0]
    for (let i = firstCounts; i < amounts.length; i++) {
      total = safe(total + amounts[i]!)
      if (counted[i]) purchases += 1
    }
    return { total, purchases }
  }
  const counting = (orders: StandingOrders, until: Instant): StandingOrders => {
    const { at } = orders
    if (at.length === 0 || clock.counts(at[at.length - 1]!, until)) return orders
    const length = at.findIndex((when) => !clock.counts(when, until))
    return {
      at: at.slice(0, length),
      spend: orders.spend.slice(0, length),
      counted: orders.counted.slice(0, length),
      place: orders.place.slice(0, length),
    }
  }
  const result = (partial: HistoriesPartial, options: HistoriesOptions): Histories => {
    const {
      until,
      holdout,
      watchedSince,
      acquired,
      people,
      gaps,
      purchaseAges = false,
    } = readOptions(options)
    const { names, events: lists, values } = log.own(partial)
    const rows = new Map(names.map((name, row) => [name, row]))
    const tally = emptyTally()
    const later = emptyTally()
    const leftOut = {
      acquiredLater: 0,
      acquiredBefore: 0,
      acquiredElsewhen: 0,
      neverAcquired: 0,
      withoutCovariates: 0,
    }
    const sums = { repeats: 0, spend: 0n, heldPurchases: 0, heldSpend: 0n, adjusted: 0n, beforeEntry: 0 }
    const end = clock.endOf(until)
    const data = dataDigest()
    const told = toldCovariates(people, agreed)
    const customers: SummarizedCustomer[] = []

    for (const subject of names.slice().sort()) {
      const list = sortedEvents(lists[rows.get(subject)!]!, shape, values)
      const orders = counting(standingOrders(list, until, terms, tally), until)
      const entered = agreed.entry === undefined ? undefined : entryOf(list, until)
      const acquiredAt = agreed.entry === undefined ? orders.at[0] : entered
      if (acquiredAt === undefined) {
        leftOut[comesLater(list, until) ? 'acquiredLater' : 'neverAcquired'] += 1
        continue
      }
      const person = knownOf(people, subject)
      const { from = acquiredAt, to = Number.POSITIVE_INFINITY } = acquired ?? {}
      if (
        watchedSince !== undefined &&
        Math.min(acquiredAt, person?.acquiredAt ?? acquiredAt) < watchedSince
      ) {
        leftOut.acquiredBefore += 1
        continue
      }
      if (!(acquiredAt >= from && acquiredAt < to)) {
        leftOut.acquiredElsewhen += 1
        continue
      }
      const read = { events: list, until, shape, values }
      const known = covariatesOf(read, agreed, person, told)
      if (known === undefined) {
        leftOut.withoutCovariates += 1
        continue
      }
      const purchases = purchasesOf(orders, clock, entered)
      const { positions } = purchases
      const [first, last] = [positions[0]!, positions[positions.length - 1]!]
      let sumLnGaps = 0
      for (let i = 1; i < positions.length; i++)
        sumLnGaps += ln(clock.inUnit(positions[i]! - positions[i - 1]!))
      const repeatCount = positions.length - 1
      const lastPurchaseAge = clock.inUnit(last - first)
      const age = clock.inUnit(Math.max(end, last) - first)
      data.add(repeatCount)
      data.add(lastPurchaseAge)
      data.add(age)
      sums.repeats += repeatCount
      sums.beforeEntry += purchases.before
      const customer: { -readonly [K in keyof SummarizedCustomer]: SummarizedCustomer[K] } = {
        subject,
        unit,
        repeatCount,
        lastPurchaseAge,
        age,
        sumLnGaps,
        acquiredAt,
      }
      if (covariates !== undefined || told.length > 0) {
        customer.covariates = known
        for (const name of Object.keys(known).sort()) data.add(known[name]!)
      }
      if (cohorts !== undefined) customer.cohort = cohorts.nameOf(cohorts.indexOf(acquiredAt))
      if (labels !== undefined || person?.labels !== undefined)
        customer.labels = labelsOf(read, agreed, person)
      const own = spend === undefined ? undefined : spent(purchases)
      if (own !== undefined) {
        customer.spend = {
          purchases: own.purchases,
          total: text(own.total),
          mean: meanOf(own.total, own.purchases),
        }
        sums.spend += BigInt(own.total)
        data.add(own.total)
      }
      if (holdout !== undefined) {
        const held = heldOut(list, orders, purchases, entered, holdout.until, later)
        sums.heldPurchases += held.purchases
        data.add(held.purchases)
        if (own === undefined) customer.holdout = { purchases: held.purchases }
        else {
          const adjusted = held.counted - own.total
          sums.heldSpend += BigInt(held.spend)
          sums.adjusted += BigInt(adjusted)
          data.add(held.spend)
          customer.holdout = {
            purchases: held.purchases,
            spend: {
              total: text(held.spend),
              mean: meanOf(held.spend, held.purchases),
              adjusted: text(adjusted),
            },
          }
        }
      }
      if (gaps !== undefined)
        customer.coverage =
          acquiredAt < until ? coverageOf(gaps, agreed.orders, { from: acquiredAt, to: until }) : 1
      if (purchaseAges)
        customer.purchaseAges = positions.slice(1).map((position) => clock.inUnit(position - first))
      customers.push(customer)
    }

    const money = (minor: bigint) => moneyOf(minor, spend!.currency).amount
    const { id, version } = agreed
    return {
      definition: { id, version, digest: log.of },
      fingerprint: digestName(
        canonical({ of: log.of, clocks, until, holdout, watchedSince, acquired, gaps, data: data.name() }),
      ),
      zone: agreed.calendar.zone,
      unit,
      until,
      customers,
      totals: {
        customers: customers.length,
        repeats: sums.repeats,
        ...(spend !== undefined && { spend: money(sums.spend) }),
      },
      ...(holdout !== undefined && {
        holdout: {
          until: holdout.until,
          length: clock.inUnit(Math.max(clock.endOf(holdout.until) - end, 0)),
          purchases: sums.heldPurchases,
          ...(spend !== undefined && { spend: money(sums.heldSpend), adjusted: money(sums.adjusted) }),
        },
      }),
      leftOut,
      orders: {
        seen: tally.orders,
        worthNothing: tally.worthNothing,
        belowNothing: tally.belowNothing,
        refunded: tally.refunded,
        beforeEntry: sums.beforeEntry,
      },
      unmatchedRefunds: {
        count: tally.unmatched,
        ...(spend !== undefined && { amount: money(tally.unmatchedAmount) }),
      },
    }
  }

  /** Whether somebody who is no customer yet becomes one later. */
  const comesLater = (list: CustomerEvents, until: Instant): boolean => {
    const flag = agreed.entry === undefined ? ORDER : ENTRY
    for (let i = list.length - shape.width; i >= 0 && !clock.counts(list[i]!, until); i -= shape.width)
      if ((list[i + 1]! & flag) !== 0) return true
    return false
  }

  /**
   * What happened after the end of observation to a customer whose orders until then are known. What did not count then and
   * does in the end is new, whenever it was made: an order may come to be worth something with a later line.
   */
  const heldOut = (
    list: CustomerEvents,
    orders: StandingOrders,
    purchases: Purchases,
    entered: Instant | undefined,
    until: Instant,
    tally: OrderTally,
  ): { readonly purchases: number; readonly spend: number; readonly counted: number } => {
    const known = counting(standingOrders(list, until, terms, tally), until)
    const [both, before] = [noOrders(), noOrders()]
    let total = 0
    let k = 0
    for (const [i, place] of known.place.entries()) {
      for (; k < orders.place.length && orders.place[k]! < place; k++) push(both, orders, k)
      if (orders.place[k] === place) push(before, known, i)
      else {
        total = safe(total + known.spend[i]!)
        push(both, known, i)
      }
    }
    for (; k < orders.place.length; k++) push(both, orders, k)
    const all = both.at.length === orders.at.length ? purchases : purchasesOf(both, clock, entered)
    return {
      // An order of before that comes to count may join two purchases into one.
      purchases: Math.max(all.positions.length - purchases.positions.length, 0),
      spend: total,
      counted: spend === undefined ? 0 : spent(purchasesOf(before, clock, entered)).total,
    }
  }

  const meanOf = (total: number, purchases: number): number | null =>
    purchases === 0 ? null : total / (purchases * units)

  return {
    definition: agreed,
    shard: 'event',
    empty: log.empty,
    add: log.add,
    addColumns: log.addColumns,
    retract: log.retract,
    forget: log.forget,
    merge: log.merge,
    result,
  }
}

const noOrders = (): StandingOrders => ({ at: [], spend: [], counted: [], place: [] })

function push(to: StandingOrders, from: StandingOrders, i: number): void {
  to.at.push(from.at[i]!)
  to.spend.push(from.spend[i]!)
  to.counted.push(from.counted[i]!)
  to.place.push(from.place[i]!)
}
