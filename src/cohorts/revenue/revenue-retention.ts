import { checkName, fault } from '../../kernel/errors.js'
import { type AnyEvent, type Instant, type Periods, periodsOf, plain } from '../../kernel/index.js'
import { lastInstant } from '../../kernel/instant.js'
import { emptyTally, move, type RevenueBook, type Tally, written } from './book.js'
import {
  type QuickRatio,
  type ReactivationRule,
  type RevenueRate,
  type RevenueReason,
  reactivationRules,
} from './rates.js'
import {
  amountIn,
  checkCount,
  type RevenueOptions,
  type RevenuePeriod,
  type RevenueReading,
  type RevenueTerms,
  readName,
  readNames,
  readRecords,
  readRevenueOptions,
  readTerms,
} from './terms.js'
import { standing, type ToldBySubject } from './told.js'
import { type ToldAggregate, type ToldPartial, toldVerbs } from './told-aggregate.js'

/**
 * Which events say what a customer pays regularly, and how its changes are read. Plain data.
 *
 * @example
 * const mrr: RevenueRetentionDefinition = {
 *   id: 'mrr', version: 1, calendar: { zone: 'Asia/Shanghai' }, period: 'month', currency: 'CNY',
 *   revenue: { event: 'plan-changed', amount: 'monthly' }, ended: 'plan-cancelled',
 *   reactivation: 'own', movements: 'end-to-end',
 * }
 */
export interface RevenueRetentionDefinition extends RevenueTerms {
  readonly period: Exclude<RevenuePeriod, 'day'>
  /**
   * Event types that say a customer's recurring revenue from then on, all of it, and the money field that holds it: an
   * amount a month, or whatever one rate all of them are in. From zero up.
   */
  readonly revenue: RevenueStatement | readonly RevenueStatement[]
  /** Event types after which a customer pays nothing, whatever they hold. */
  readonly ended?: string | readonly string[]
  readonly reactivation: ReactivationRule
  /**
   * `end-to-end`: a customer moves once in a period, from what it paid before to what it pays after. `per-event`: every
   * change counts, so that 100, 50, 150 within a period is a contraction of 50 and an expansion of 100, not an
   * expansion of 50.
   */
  readonly movements: RevenueMovements
}

/** How changes within a period are read. */
export type RevenueMovements = 'end-to-end' | 'per-event'

/** An event type and its field. */
export interface RevenueStatement {
  readonly event: string
  readonly amount: string
}

/** All changes of every customer. Plain JSON. */
export interface RevenueRetentionPartial extends ToldPartial {}

/** One period of recurring revenue. */
export interface RevenuePeriodBook extends RevenueBook {
  /** `2024-03`, `2024-Q1`, `2024`, or the first day of a week. */
  readonly period: string
  readonly from: Instant
  /** Up to, but without; for an incomplete period later than `asOf`. */
  readonly to: Instant
  /** `incomplete`: not over at `asOf`, so that everything in it is so far. */
  readonly state: 'complete' | 'incomplete'
}

/** Recurring revenue by period, as of an instant. */
export interface RevenueRetention extends RevenueReading<RevenueRetentionDefinition['period']> {
  readonly reactivation: ReactivationRule
  readonly movements: RevenueMovements
  /** One for every period from the first event, or `since`, to that of `asOf`, also where nothing happened. */
  readonly periods: readonly RevenuePeriodBook[]
}

/**
 * Recurring revenue by calendar period: start, new, expansion, contraction, churn, reactivation, end, and the rates that
 * follow: NRR, GRR, gross and net churn, quick ratio, logo retention.
 *
 * In every period `start + new + expansion + reactivation - contraction - churn = end`, to the last unit, and a
 * period ends with what the next starts from: this is checked whenever it is computed. Periods are stretches of time
 * that leave no gap: what happened at the first instant of one belongs to it. Where clocks are set back over midnight,
 * the hour that is repeated belongs to the new period.
 *
 * NRR is what the customers of the start pay at the end per what they paid: the same in both readings of movements. GRR
 * is not: per event, what was lost and won back within the period counts as lost, and who loses, wins and loses again
 * can bring it below zero. Rates leave out what was lost of customers who only came in this period.
 *
 * Changes of one instant are ordered by when they became known (`recordedAt`), then by id; the last one stands, the ones
 * before it have lasted no time and are no movement. The same event told twice has no second effect; one id with two
 * contents is two changes. Late events, any order and any sharding (`shard: 'event'`) give the same result, one partial
 * answers for any `asOf`, and `retract` undoes `add`. The price is that all changes are kept.
 *
 * "Never paid" is said of the data: without the history before it, customers who come back look new.
 *
 * @throws DefinitionError for a definition that does not hold, with its path; from `add`, `invalid-amount` and
 * `out-of-range` for a revenue that is no amount or below zero; from `result`, `invalid-instant` and `out-of-range` for
 * options, `too-large` for more than 1,200 periods, or a total beyond 2^53 - 1 smallest units; `other-definition` and
 * `malformed-state` for what was not collected under this definition.
 * @see ChartMogul and Baremetrics for the names of movements; `revenueRates` for the formulas.
 * @example
 * const mrr = defineRevenueRetention({ id: 'mrr', version: 1, calendar: { zone: 'UTC' }, period: 'month', currency: 'CNY',
 *   revenue: { event: 'plan-changed', amount: 'monthly' }, reactivation: 'own', movements: 'end-to-end' })
 * mrr.result(collect(mrr, events), { asOf: instant('2024-05-01T00:00:00Z') }).periods[1]
 * // => { period: '2024-03', start: '100.00', end: '150.00', expansion: '50.00', …, rates: { nrr: { kind: 'estimate', value: 1.5 }, … } }
 */
export function defineRevenueRetention(
  definition: RevenueRetentionDefinition,
): ToldAggregate<RevenueRetentionPartial, RevenueRetention, RevenueOptions> {
  const { calendar, digits, fields } = readRevenueRetention(definition)
  const agreed = plain(definition)
  const { reactivation, movements } = agreed
  const periods = periodsOf(calendar, agreed.period)

  const sayOf = (event: AnyEvent) => {
    const field = fields.get(event.type)
    if (field === undefined) return undefined
    const amount = field === null ? 0 : amountIn(event, field, digits)
    if (amount < 0) throw fault('out-of-range', `$.data.${field}`, amount, 'recurring revenue from zero up')
    return [amount]
  }
  const fits = (says: readonly (number | string)[]) =>
    says.length === 1 && typeof says[0] === 'number' && says[0] >= 0
  const { verbs, toldIn, head } = toldVerbs(agreed, sayOf, fits)

  return {
    definition: agreed,
    ...verbs,
    result(partial, options) {
      const { asOf, level, since } = readRevenueOptions(options)
      const subjects = toldIn(partial)
      const histories = Object.values(subjects).map((list) => changesOf(list, asOf))
      const { first, starts } = spine(periods, histories, { asOf, since })
      const books = starts.slice(1).map(() => emptyTally())
      for (const changes of histories) enter(books, starts, changes, movements)
      return {
        ...head(asOf, level),
        reactivation,
        movements,
        periods: books.map((book, i) => ({
          period: periods.nameOf(first + i),
          from: starts[i]!,
          to: Math.min(starts[i + 1]!, lastInstant),
          state: starts[i + 1]! <= asOf ? 'complete' : 'incomplete',
          ...written(book, { digits, reactivation, level }),
        })),
      }
    },
  }
}

/** A period on one line, for tables and charts. Where no number exists, `null`, and `reason` says why. */
export interface RevenueRetentionRow
  extends Omit<RevenueBook, 'customers' | 'logoRetention' | 'rates'>,
    Pick<RevenuePeriodBook, 'period' | 'state'> {
  readonly customers: number
  readonly retained: number
  readonly nrr: number | null
  readonly grr: number | null
  readonly grossChurn: number | null
  readonly netChurn: number | null
  readonly quickRatio: number | null
  readonly logoRetention: number | null
  readonly low: number | null
  readonly high: number | null
  /** Why a number is missing, the first that applies, or why all of them are not final. */
  readonly reason: RevenueReason | null
}

/**
 * The periods as flat rows: what a table or a chart takes. `customers` are those at the start, `retained` those of them
 * at the end, `low` and `high` the interval of `logoRetention`.
 *
 * @example
 * revenueRetentionRows(retention)[1]
 * // => { period: '2024-03', state: 'complete', start: '100.00', …, nrr: 1.5, grr: 1, quickRatio: null, reason: 'nothing-lost' }
 */
export function revenueRetentionRows({
  periods,
}: Pick<RevenueRetention, 'periods'>): readonly RevenueRetentionRow[] {
  return periods.map(({ from: _, to: __, customers, logoRetention: logo, rates, state, ...book }) => {
    const { nrr, grr, grossChurn, netChurn, quickRatio } = rates
    const missing = [nrr, logo, quickRatio].flatMap((rate) =>
      rate.kind === 'undefined' ? [rate.reason] : [],
    )[0]
    const interval = logo.kind === 'estimate' ? logo.interval : undefined
    return {
      ...book,
      state,
      customers: customers.start,
      retained: customers.retained,
      nrr: numberOrNull(nrr),
      grr: numberOrNull(grr),
      grossChurn: numberOrNull(grossChurn),
      netChurn: numberOrNull(netChurn),
      quickRatio: numberOrNull(quickRatio),
      logoRetention: logo.kind === 'estimate' ? logo.value : null,
      low: interval?.low ?? null,
      high: interval?.high ?? null,
      reason: state === 'incomplete' ? 'period-not-over' : (missing ?? null),
    }
  })
}

const numberOrNull = (rate: RevenueRate | QuickRatio): number | null =>
  rate.kind === 'estimate' ? rate.value : null

/** What a customer pays from an instant on. */
interface Change {
  readonly at: Instant
  readonly amount: number
}

/** One for every instant: the last of it. */
function changesOf(list: ToldBySubject[string], asOf: Instant): readonly Change[] {
  const changes: Change[] = []
  for (const { at, says } of standing(list, asOf)) {
    const amount = says[0] as number
    if (changes.length > 0 && changes[changes.length - 1]!.at === at) changes.pop()
    changes.push({ at, amount })
  }
  return changes
}

/** Where every period starts, from the first to that of `asOf`, and where the one after it does. */
function spine(
  periods: Periods,
  histories: readonly (readonly Change[])[],
  { asOf, since }: { readonly asOf: Instant; readonly since: Instant | undefined },
): { readonly first: number; readonly starts: readonly Instant[] } {
  let from = since
  if (from === undefined) {
    for (const [first] of histories) {
      if (first !== undefined && (from === undefined || first.at < from)) from = first.at
    }
  }
  if (from === undefined) return { first: 0, starts: [] }
  const [first, last] = [periodAt(periods, from), periodAt(periods, asOf)]
  const count = last - first + 1
  checkCount(count, since)
  return { first, starts: Array.from({ length: count + 1 }, (_, i) => periods.startOf(first + i)) }
}

/** The period, as a stretch of time, that holds an instant. */
function periodAt(periods: Periods, at: Instant): number {
  const reached = periods.latestBy(at)
  // East of Greenwich the last hours of time are of the year 10000, which has no start: they stay with what was before.
  return periods.startOf(reached) <= at ? reached : reached - 1
}

/** Enters what one customer did into every period. */
function enter(
  books: readonly Tally[],
  starts: readonly Instant[],
  changes: readonly Change[],
  movements: RevenueMovements,
): void {
  let next = 0
  let amount = 0
  let paid = false
  for (; next < changes.length && changes[next]!.at < starts[0]!; next += 1) {
    amount = changes[next]!.amount
    paid ||= amount > 0
  }
  for (const [i, book] of books.entries()) {
    const path = [amount]
    const had = paid
    for (; next < changes.length && changes[next]!.at < starts[i + 1]!; next += 1) {
      amount = changes[next]!.amount
      paid ||= amount > 0
      if (movements === 'per-event') path.push(amount)
    }
    if (movements === 'end-to-end') path.push(amount)
    move(book, path, had)
  }
}

const keys = [
  ...['id', 'version', 'calendar', 'currency', 'period'],
  ...['revenue', 'ended', 'reactivation', 'movements'],
]

function readRevenueRetention(definition: RevenueRetentionDefinition) {
  const terms = readTerms(definition, keys, ['week', 'month', 'quarter', 'year'])
  const { revenue, ended, reactivation, movements } = definition
  if (reactivation === undefined)
    throw fault('missing', '$.reactivation', reactivation, reactivationRules.join(' | '))
  checkName(reactivationRules, reactivation, '$.reactivation')
  const readings = ['end-to-end', 'per-event']
  if (movements === undefined) throw fault('missing', '$.movements', movements, readings.join(' | '))
  checkName(readings, movements, '$.movements')
  /** By event type; `null` where it ends what was paid. */
  const fields = new Map<string, string | null>()
  const put = (type: string, field: string | null, path: string) => {
    if (fields.has(type)) throw fault('duplicate-name', path, type, 'every event type once')
    fields.set(type, field)
  }
  for (const [{ event, amount }, path] of readRecords(revenue, '$.revenue', ['event', 'amount'])) {
    put(readName(event, `${path}.event`), readName(amount, `${path}.amount`), `${path}.event`)
  }
  if (ended !== undefined) for (const type of readNames(ended, '$.ended')) put(type, null, '$.ended')
  return { ...terms, fields }
}
