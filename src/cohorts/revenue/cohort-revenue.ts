import type { Sentence } from '../../kernel/errors.js'
import { type AnyEvent, moneyOf, periodsOf, plain } from '../../kernel/index.js'
import { own } from '../../kernel/plain.js'
import { accountOf, spanOf, sumOf, totalsOf } from './accounts.js'
import { type CohortRevenueDefinition, readCohortRevenue, said } from './flows.js'
import {
  cohortCurve,
  type LtvPoint,
  type Member,
  overallCurve,
  quantilesOf,
  type Triangle,
} from './ltv-curve.js'
import { type RevenueOptions, type RevenueReading, readRevenueOptions } from './terms.js'
import { type ToldAggregate, type ToldPartial, toldVerbs } from './told-aggregate.js'

/** All events of every subject that count. Plain JSON. */
export interface CohortRevenuePartial extends ToldPartial {}

/** Revenue by cohort and offset, and what a customer is worth by offset, as of an instant. */
export interface CohortRevenue extends RevenueReading {
  /** One for every period up to `asOf`, ascending, those in which nobody was acquired included. */
  readonly cohorts: readonly RevenueCohort[]
  /**
   * By value: what a customer brought by each offset, over all cohorts. Increments of one offset are averaged over the
   * customers who are old enough for it, then added up; ragged rows are never averaged. Ends where nobody is old enough.
   */
  readonly curves: Readonly<Record<string, readonly LtvPoint[]>>
  /** What no cell holds: of subjects who were never acquired, or from periods before they were. */
  readonly outside: { readonly events: number; readonly values: Readonly<Record<string, string>> }
  /** Refunds that count in their own period although they should in that of an order, which is not in the data. */
  readonly unmatchedRefunds: number
}

/** Those who were acquired in one period. */
export interface RevenueCohort {
  /** `2024-03`, `2024-Q1`, `2024`, or the first day of a week. */
  readonly cohort: string
  /** How many were acquired by `asOf`. */
  readonly size: number
  /** One for every period from that of acquisition (offset 0) to that of `asOf`. */
  readonly cells: readonly RevenueCell[]
  /** By value: what one of them brought by each offset; complete cells only, empty for a cohort of nobody. */
  readonly curves: Readonly<Record<string, readonly LtvPoint[]>>
}

/** One cohort in one period. */
export interface RevenueCell {
  readonly offset: number
  readonly period: string
  /** `incomplete`: the period has not passed at `asOf`, so that amounts are so far and no curve includes them. */
  readonly state: 'complete' | 'incomplete'
  /** Decimal text by value: all that the cohort brought in this period. */
  readonly values: Readonly<Record<string, string>>
}

/** One value of one cohort at one offset, on one line. Where no number exists, `null`, and `reason` says why. */
export interface CohortRevenueRow {
  /** `null` for all cohorts. */
  readonly cohort: string | null
  readonly value: string
  readonly offset: number
  readonly n: number
  readonly state: RevenueCell['state']
  /** What the customers brought at this offset, decimal text. */
  readonly amount: string
  /** Customers old enough for this offset, of all customers of the cohorts shown; `null` while none is. */
  readonly maturity: number | null
  /** What a customer brought up to and with this offset. */
  readonly perCustomer: number | null
  readonly low: number | null
  readonly high: number | null
  readonly reason: CohortRevenueReason | null
}

/** Why a row has no value or no interval. */
export type CohortRevenueReason = 'no-customers' | 'period-not-over' | 'one-customer'

/** The reasons in words, to print beside a table. */
export const cohortRevenueReasons: Readonly<Record<CohortRevenueReason, Sentence>> = {
  'no-customers': { en: 'nobody was acquired in this period', zh: '该周期没有新获取的客户' },
  'period-not-over': { en: 'the period is not over yet', zh: '该周期尚未结束' },
  'one-customer': { en: 'one customer has a value and no interval', zh: '只有一位客户，没有置信区间' },
}

/**
 * What the customers of a cohort brought, by calendar periods since they were acquired, and from it what a customer is
 * worth by each offset (the LTV curve), of every cohort and over all.
 *
 * Only complete cells make a curve. Over all cohorts the increment of an offset is what the customers who are old enough
 * for it brought then, per each of them, and the curve is the sum of increments (as a chain ladder does it), so that it
 * does not jump where a cohort ends. It still mixes: late increments are those of early cohorts.
 *
 * Intervals are Student's t about the mean. In a cohort they come from what each of its customers brought up to the
 * offset (`student-t`). Over all, from what each customer contributes to the sum of increments, all its periods
 * together, with the degrees of freedom of the last offset (`student-t-by-customer`): a customer who buys much early and
 * late widens it, as it should. Both are about the customers one could have had; spending has a long tail, and below a
 * few hundred customers the level is a hope.
 *
 * Money is exact. Duplicates of an id change nothing, late events, any order and any sharding (`shard: 'event'`) give the
 * same result, one partial answers for any `asOf`, and `retract` undoes `add`. The price is that all events are kept.
 * All values of cells and `outside` add up to what was earned less what was refunded, as long as `since` hides nothing.
 *
 * @throws DefinitionError for a definition that does not hold, with its path; from `add`, `invalid-amount` for an event
 * without the amounts, `wrong-type` for an order that is no text; from `result`, `invalid-instant` and `out-of-range` for
 * options, `too-large` for more than 1,200 cohorts, or for one customer's period beyond 2^53 - 1 smallest units;
 * `other-definition` and `malformed-state` for what was not collected under this definition.
 * @see Mack (1993), "Distribution-free calculation of the standard error of chain ladder reserve estimates", for the
 * triangle; the increments here are averaged per customer, not multiplied.
 * @example
 * const revenue = defineCohortRevenue({ id: 'revenue', version: 1, calendar: { zone: 'UTC' }, period: 'month',
 *   currency: 'CNY', entry: 'order-paid', earned: { event: 'order-paid', values: { revenue: 'amount' } } })
 * revenue.result(collect(revenue, orders), { asOf: instant('2024-05-01T00:00:00Z') }).curves.revenue
 * // => [{ offset: 0, n: 3, cohorts: 2, maturity: 1, amount: '300.00', increment: 100, mean: { value: 100, … } }, …]
 */
export function defineCohortRevenue(
  definition: CohortRevenueDefinition,
): ToldAggregate<CohortRevenuePartial, CohortRevenue, RevenueOptions> {
  const { calendar, digits, roles, names } = readCohortRevenue(definition)
  const places = new Map(roles.map(({ type }, place) => [type, place]))
  const agreed = plain(definition)
  const { period, currency } = agreed
  const periods = periodsOf(calendar, period)
  const unit = BigInt(`1${'0'.repeat(digits)}`)
  const nothing = moneyOf(0, currency).amount
  const text = (minor: bigint) => (minor === 0n ? nothing : moneyOf(minor, currency).amount)

  const sayOf = (event: AnyEvent) => {
    const place = places.get(event.type)
    return place === undefined ? undefined : [place, ...said(roles[place]!, event, digits)]
  }
  const fits = ([place, ...rest]: readonly (number | string)[]) => {
    const role = typeof place === 'number' ? roles[place] : undefined
    if (role === undefined) return false
    if (role.flow === undefined) return rest.length === 0
    return (
      rest.length === names.length + 1 &&
      rest.slice(0, -1).every((part) => Number.isSafeInteger(part) && !Object.is(part, -0)) &&
      typeof rest[names.length] === 'string'
    )
  }
  const { verbs, toldIn, head } = toldVerbs(agreed, sayOf, fits)

  return {
    definition: agreed,
    ...verbs,
    result(partial, options) {
      const { asOf, level, since } = readRevenueOptions(options)
      const subjects = toldIn(partial)
      // Floats that follow are summed in this order, the same however events arrived.
      const accounts = Object.keys(subjects)
        .sort()
        .map((subject) => accountOf(own(subjects, subject)!, { roles, periods, values: names.length, asOf }))
      const { first, count } = spanOf(accounts, periods, { asOf, since })
      const members: Member[][] = Array.from({ length: count }, () => [])
      for (const { entered, brought } of accounts) {
        if (entered !== undefined && entered >= first) {
          members[entered - first]!.push({ row: entered - first, brought })
        }
      }
      const labels = Array.from({ length: count }, (_, i) => periods.nameOf(first + i))
      const passed = labels.map((_, i) => periods.endOf(first + i) <= asOf)
      const triangle: Triangle = {
        over: passed.includes(false) ? passed.indexOf(false) : count,
        sizes: members.map(({ length }) => length),
        totals: totalsOf(members, names.length),
      }
      const byName = <T>(make: (value: number) => T): Readonly<Record<string, T>> =>
        Object.fromEntries(names.map((name, value) => [name, make(value)]))
      const drawn = { level, quantile: quantilesOf(level), unit, text }
      const everybody = members.flat()
      return {
        ...head(asOf, level),
        cohorts: members.map((own, row) => ({
          cohort: labels[row]!,
          size: own.length,
          cells: triangle.totals[row]!.map((sums, offset) => ({
            offset,
            period: labels[row + offset]!,
            state: passed[row + offset] ? 'complete' : 'incomplete',
            values: byName((value) => text(sums[value]!)),
          })),
          curves: byName((value) => cohortCurve(own, triangle, { ...drawn, row, value })),
        })),
        curves: byName((value) => overallCurve(everybody, triangle, { ...drawn, value })),
        outside: {
          events: accounts.reduce((sum, { outside }) => sum + outside.length, 0),
          values: byName((value) => text(sumOf(accounts, value))),
        },
        unmatchedRefunds: accounts.reduce((sum, { unmatched }) => sum + unmatched, 0),
      }
    },
  }
}

/**
 * The cells of all cohorts and the points over all of them (`cohort: null`) as flat rows, by value, cohort and offset:
 * what a table or a chart takes.
 *
 * @example
 * cohortRevenueRows(revenue)[1]
 * // => { cohort: '2024-03', value: 'revenue', offset: 1, n: 2, state: 'complete', amount: '50.00', maturity: 1,
 * //      perCustomer: 125, low: -192.66, high: 442.66, reason: null }
 */
export function cohortRevenueRows({
  cohorts,
  curves,
}: Pick<CohortRevenue, 'cohorts' | 'curves'>): readonly CohortRevenueRow[] {
  return Object.entries(curves).flatMap(([value, overall]) => [
    ...cohorts.flatMap(({ cohort, size, cells, curves: ofCohort }) =>
      cells.map(({ offset, state, values }): CohortRevenueRow => {
        const point = ofCohort[value]?.[offset]
        if (point !== undefined) return rowOf(cohort, value, point)
        const reason = state === 'incomplete' ? 'period-not-over' : 'no-customers'
        const none = { perCustomer: null, low: null, high: null, reason } as const
        return { cohort, value, offset, n: size, state, amount: values[value]!, maturity: null, ...none }
      }),
    ),
    ...overall.map((point) => rowOf(null, value, point)),
  ])
}

function rowOf(cohort: string | null, value: string, point: LtvPoint): CohortRevenueRow {
  const { offset, n, amount, maturity, mean } = point
  const { interval } = mean
  const known = interval.kind === 'interval'
  return {
    cohort,
    value,
    offset,
    n,
    state: 'complete',
    amount,
    maturity,
    perCustomer: mean.value,
    low: known ? interval.low : null,
    high: known ? interval.high : null,
    reason: known ? null : interval.reason,
  }
}
