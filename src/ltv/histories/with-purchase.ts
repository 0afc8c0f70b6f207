import { ln } from '../../kernel/elementary.js'
import { checkKeys, checkNumber, checkRecord, fault } from '../../kernel/errors.js'
import { calendarOf, type Instant } from '../../kernel/index.js'
import { checkInstant } from '../../kernel/instant.js'
import { checkOwnSpend, type OwnSpend } from '../spend/spend-table.js'
import { MOST_UNITS, spanIn, type TimeSpan } from '../unit.js'
import { checkMerge, type HistoriesDefinition, spanHours } from './definition.js'
import { type CustomerHistory, checkHistory } from './history.js'
import { clockOf } from './purchases.js'

/** A customer that one more purchase may be supposed of: what `summarizeHistories` answers is one. */
export type SupposedCustomer = CustomerHistory & {
  /** Wanted where the purchase is dated by an instant. */
  readonly acquiredAt?: Instant
  readonly spend?: OwnSpend
}

/** One more purchase, supposed. */
export interface SupposedPurchase {
  /** When: so long after the end of observation (`{ days: 0 }` is at it), or an instant, no earlier than it. */
  readonly at: TimeSpan | Instant
  /** What is spent, in major units; where it is not said, what is known of the customer's spend stays as it is. */
  readonly spend?: number
}

/**
 * What would be known of a customer after one more purchase, observed until that moment: x, t_x, T, the gaps, and what was spent.
 * Ask a predictor of both histories, and a page shows what the purchase says: P(alive), purchases to come, value.
 *
 * Under the rule of the histories' `definition` it may still belong to the last purchase (an order of the same day): then it makes no
 * new one, and only its spend counts. Without a definition only what happens at the same moment does. With `since: 'last'` histories
 * do not tell when the last purchase ends: that is refused. Spend that is no purchase (0 or below) is, too.
 *
 * Right after a purchase P(alive) is 1 in Pareto/NBD, where customers leave at any time, and below 1 in BG/NBD and its kin, where they
 * leave after a purchase.
 *
 * @returns The history alone: no money text, no holdout, no fit to what really happened.
 * @throws DefinitionError `missing` for an instant of a customer without `acquiredAt`; `out-of-range` for a moment before the end of
 * observation.
 * @example
 * const ada = { unit: 'week', repeatCount: 2, lastPurchaseAge: 30.43, age: 38.86, spend: { purchases: 2, mean: 22.5 } } as const
 * withPurchase(ada, { at: { weeks: 1 }, spend: 30 })
 * // => { unit: 'week', repeatCount: 3, lastPurchaseAge: 39.86, age: 39.86, spend: { purchases: 3, mean: 25 } }
 */
export function withPurchase(
  history: SupposedCustomer,
  purchase: SupposedPurchase,
  definition?: Pick<HistoriesDefinition, 'calendar' | 'merge'>,
): SupposedCustomer {
  checkHistory(history, '$.history')
  checkRecord(purchase, '$.purchase')
  checkKeys(purchase, ['at', 'spend'], '$.purchase')
  const { unit, repeatCount, lastPurchaseAge, sumLnGaps, covariates, acquiredAt, spend } = history
  const { age, bought, merged } =
    typeof purchase.at === 'number'
      ? atInstant(history, purchase.at, definition)
      : atSpan(history, purchase.at)
  if (spend !== undefined) checkOwnSpend(spend, '$.history.spend')
  const amount = purchase.spend
  if (amount !== undefined) {
    checkNumber(amount, '$.purchase.spend')
    if (!(amount >= 1e-300 && amount <= 1e100))
      throw fault('out-of-range', '$.purchase.spend', amount, 'an amount above 0, to 1e100')
  }
  const all = spend === undefined || amount === undefined ? spend : spent(spend, amount, merged, repeatCount)
  return {
    unit,
    repeatCount: merged ? repeatCount : repeatCount + 1,
    lastPurchaseAge: merged ? lastPurchaseAge : bought,
    age,
    ...(sumLnGaps !== undefined && {
      sumLnGaps: merged ? sumLnGaps : sumLnGaps + ln(bought - lastPurchaseAge),
    }),
    ...(covariates !== undefined && { covariates }),
    ...(acquiredAt !== undefined && { acquiredAt }),
    ...(all !== undefined && { spend: { purchases: all.purchases, mean: all.mean } }),
  }
}

interface Moment {
  readonly age: number
  readonly bought: number
  /** Whether it still is the last purchase. */
  readonly merged: boolean
}

function atSpan({ unit, age, lastPurchaseAge }: SupposedCustomer, at: TimeSpan): Moment {
  const bought = age + spanIn(unit, at, '$.purchase.at')
  if (bought > MOST_UNITS)
    throw fault('out-of-range', '$.purchase.at', bought, 'an age of at most 1e15 by then')
  return { age: bought, bought, merged: bought === lastPurchaseAge }
}

function atInstant(
  { unit, age, lastPurchaseAge, acquiredAt }: SupposedCustomer,
  at: Instant,
  definition: Pick<HistoriesDefinition, 'calendar' | 'merge'> | undefined,
): Moment {
  checkInstant(at, '$.purchase.at')
  if (acquiredAt === undefined)
    throw fault(
      'missing',
      '$.history.acquiredAt',
      acquiredAt,
      'when the customer was acquired, or at: { days: 0 }',
    )
  checkInstant(acquiredAt, '$.history.acquiredAt')
  if (definition !== undefined) checkRecord(definition, '$.definition')
  const merge = definition === undefined ? 'none' : definition.merge
  checkMerge(merge, unit, '$.definition.merge')
  if (typeof merge === 'object' && 'within' in merge && merge.since === 'last')
    throw fault(
      'out-of-range',
      '$.definition.merge.since',
      merge.since,
      "'first', or orders that are read again",
    )
  const calendar = calendarOf(definition === undefined ? { zone: 'UTC' } : definition.calendar)
  const hours = unit === 'opportunity' ? 0 : spanHours(unit)
  const clock = clockOf({ merge, unit }, calendar, hours)
  const first = clock.positionOf(acquiredAt)
  const bought = clock.inUnit(clock.positionOf(at) - first)
  if (!(bought >= age || at >= acquiredAt + age * hours * 3_600_000 - 0.5 || unit === 'opportunity'))
    throw fault('out-of-range', '$.purchase.at', at, 'no earlier than the end of observation')
  if (bought < lastPurchaseAge)
    throw fault('out-of-range', '$.purchase.at', at, 'no earlier than the last purchase')
  const last = acquiredAt + Math.round(lastPurchaseAge * hours * 3_600_000)
  const dated = typeof merge === 'object' && (!('per' in merge) || merge.dated === 'first-order')
  const merged = !dated
    ? bought === lastPurchaseAge
    : clock.periods === undefined
      ? at - last <= clock.reach
      : clock.periods.indexOf(at) <= clock.periods.indexOf(last)
  const now = Math.max(age, clock.inUnit(clock.endOf(at) - first), bought)
  return { age: now, bought, merged }
}

/** What was spent with one more amount. */
function spent(own: OwnSpend, amount: number, merged: boolean, repeatCount: number): OwnSpend {
  const { purchases, mean } = own
  const total = purchases === 0 ? amount : purchases * mean! + amount
  if (!merged) return { purchases: purchases + 1, mean: total / (purchases + 1) }
  // A first purchase that is not in the spend takes no more of it in.
  if (purchases === 0) return repeatCount === 0 ? own : { purchases: 1, mean: amount }
  return { purchases, mean: total / purchases }
}
