import { fault, type Sentence } from '../kernel/errors.js'
import {
  type Aggregate,
  type AnyEvent,
  type Calendar,
  canonical,
  digestName,
  type Instant,
  moneyOf,
  type Periods,
  periodsOf,
  plain,
} from '../kernel/index.js'
import { isRecord, own } from '../kernel/plain.js'
import {
  cohortCurve,
  type LtvPoint,
  type Member,
  overallCurve,
  quantilesOf,
  type Triangle,
} from './ltv-curve.js'
import {
  amountIn,
  mostPeriods,
  ownSubjects,
  type RevenueOptions,
  type RevenuePeriod,
  type RevenueTerms,
  readName,
  readNames,
  readRecords,
  readRevenueOptions,
  readTerms,
} from './revenue-terms.js'
import { checkTold, joinedTold, standing, type ToldBySubject, tell } from './told.js'

/**
 * Who counts as acquired, what they bring, and what is taken back. Plain data.
 *
 * @example
 * const revenue: CohortRevenueDefinition = {
 *   id: 'revenue', version: 1, calendar: { zone: 'Asia/Shanghai' }, period: 'month', currency: 'CNY',
 *   entry: 'order-paid',
 *   earned: { event: 'order-paid', values: { revenue: 'amount', margin: 'margin' }, order: 'orderId' },
 *   refunded: { event: 'order-refunded', values: { revenue: 'amount', margin: 'margin' }, dated: 'refund' },
 * }
 */
export interface CohortRevenueDefinition extends RevenueTerms {
  readonly period: RevenuePeriod
  /** Event types of which a subject's first one, in all that was added, puts it into the cohort of that period. */
  readonly entry: string | readonly string[]
  /** What adds to values. An amount below zero, such as the margin of an order at a loss, takes away. */
  readonly earned: EarnedFlow | readonly EarnedFlow[]
  /** What takes from them. */
  readonly refunded?: RefundedFlow | readonly RefundedFlow[]
}

/** An event type and its money fields, by the name that the value has in results. All flows name the same values. */
export interface EarnedFlow {
  readonly event: string
  readonly values: Readonly<Record<string, string>>
  /** A text field with the order, where refunds refer to it. */
  readonly order?: string
}

/** A refund and where it counts. */
export interface RefundedFlow {
  readonly event: string
  readonly values: Readonly<Record<string, string>>
  /**
   * `refund`: in the period in which it was made. What is complete stays as it is. `order`: in the period of the order
   * that it names, once it was made; a late refund then changes a period that was complete. One whose order is not in
   * the data counts in its own period, and is counted as unmatched.
   */
  readonly dated: 'refund' | 'order'
  /** The text field with the order; for `dated: 'order'`. */
  readonly order?: string
}

/** All events of every subject that count. Plain JSON. */
export interface CohortRevenuePartial {
  /** Digest of the definition under which it was collected. */
  readonly of: string
  readonly subjects: ToldBySubject
}

/** Revenue by cohort and offset, and what a customer is worth by offset, as of an instant. */
export interface CohortRevenue {
  readonly definition: { readonly id: string; readonly version: number; readonly digest: string }
  readonly zone: string
  readonly period: RevenuePeriod
  readonly currency: string
  readonly asOf: Instant
  readonly level: number
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
export function defineCohortRevenue(definition: CohortRevenueDefinition): Aggregate<
  AnyEvent,
  CohortRevenuePartial,
  CohortRevenue,
  RevenueOptions
> & {
  retract(partial: CohortRevenuePartial, event: AnyEvent): CohortRevenuePartial
} {
  const { calendar, digits, roles, names } = readCohortRevenue(definition)
  const places = new Map(roles.map(({ type }, place) => [type, place]))
  const agreed = plain(definition)
  const of = digestName(canonical(agreed))
  const { id, version, period, currency } = agreed
  const periods = periodsOf(calendar, period)
  const unit = BigInt(`1${'0'.repeat(digits)}`)
  const nothing = moneyOf(0, currency).amount
  const text = (minor: bigint) => (minor === 0n ? nothing : moneyOf(minor, currency).amount)

  const told = (partial: CohortRevenuePartial, event: AnyEvent, times: 1 | -1) => {
    const subjects = ownSubjects(partial, of)
    if (!isRecord(event)) throw fault('wrong-type', '$', event, 'an event')
    const place = places.get(event.type)
    if (place === undefined) return partial
    tell(subjects, event, [place, ...said(roles[place]!, event, digits)], times)
    return partial
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

  return {
    definition: agreed,
    shard: 'event',
    empty: () => ({ of, subjects: {} }),
    add: (partial, event) => told(partial, event, 1),
    retract: (partial, event) => told(partial, event, -1),
    merge(a, b) {
      const [one, other] = [ownSubjects(a, of), ownSubjects(b, of)]
      checkTold(one, fits)
      checkTold(other, fits)
      return { of, subjects: joinedTold(one, other) }
    },
    result(partial, options) {
      const { asOf, level, since } = readRevenueOptions(options)
      const subjects = ownSubjects(partial, of)
      checkTold(subjects, fits)
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
        definition: { id, version, digest: of },
        zone: calendar.zone,
        period,
        currency,
        asOf,
        level,
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

/** One subject, as of an instant. */
interface Account {
  /** Period of the first entry. */
  readonly entered: number | undefined
  readonly brought: ReadonlyMap<number, readonly number[]>
  /** Amounts, by value, that no cell holds. */
  readonly outside: readonly (readonly number[])[]
  readonly unmatched: number
}

/** What a subject told, put into periods. */
function accountOf(
  list: ToldBySubject[string],
  given: {
    readonly roles: readonly Role[]
    readonly periods: Periods
    readonly values: number
    readonly asOf: Instant
  },
): Account {
  const { roles, periods, values, asOf } = given
  const told = standing(list, asOf).map(({ at, says }) => ({ at, says, role: roles[says[0] as number]! }))
  const entry = told.find(({ role }) => role.enters)
  const entered = entry === undefined ? undefined : periods.indexOf(entry.at)
  const orders = new Map<string, Instant>()
  for (const { at, says, role } of told) {
    const order = says[values + 1]
    if (role.flow?.kind === 'earned' && typeof order === 'string' && order !== '' && !orders.has(order))
      orders.set(order, at)
  }
  const brought = new Map<number, number[]>()
  const outside: (readonly number[])[] = []
  let unmatched = 0
  for (const { at, says, role } of told) {
    if (role.flow === undefined) continue
    const { kind } = role.flow
    const counted = kind === 'refunded-order' ? orders.get(says[values + 1] as string) : at
    if (counted === undefined) unmatched += 1
    const period = periods.indexOf(counted ?? at)
    const sign = kind === 'earned' ? 1 : -1
    const amounts = (says.slice(1, values + 1) as readonly number[]).map((amount) => sign * amount)
    if (entered === undefined || period < entered) {
      outside.push(amounts)
      continue
    }
    const cell = brought.get(period - entered) ?? new Array<number>(values).fill(0)
    brought.set(period - entered, cell)
    for (const [value, amount] of amounts.entries()) {
      cell[value]! += amount
      if (!Number.isSafeInteger(cell[value]))
        throw fault('too-large', '$.subjects', cell[value], 'at most 2^53 - 1 smallest units in a period')
    }
  }
  return { entered, brought, outside, unmatched }
}

/** The number of the first cohort, and how many there are. */
function spanOf(
  accounts: readonly Account[],
  periods: Periods,
  { asOf, since }: { readonly asOf: Instant; readonly since: Instant | undefined },
): { readonly first: number; readonly count: number } {
  let first = since === undefined ? undefined : periods.indexOf(since)
  if (first === undefined) {
    for (const { entered } of accounts) {
      if (entered !== undefined && (first === undefined || entered < first)) first = entered
    }
  }
  if (first === undefined) return { first: 0, count: 0 }
  const count = periods.latestBy(asOf) - first + 1
  if (count > mostPeriods) {
    const expected = `an instant at most ${mostPeriods} periods before asOf; ${count} would be shown`
    throw fault('too-large', '$.since', since, expected)
  }
  return { first, count }
}

/** By row, offset and value. */
function totalsOf(members: readonly (readonly Member[])[], values: number): Triangle['totals'] {
  const rows = members.length
  return members.map((own, row) => {
    const cells = Array.from({ length: rows - row }, () => new Array<bigint>(values).fill(0n))
    for (const { brought } of own) {
      for (const [offset, amounts] of brought) {
        for (const [value, amount] of amounts.entries()) cells[offset]![value]! += BigInt(amount)
      }
    }
    return cells
  })
}

function sumOf(accounts: readonly Account[], value: number): bigint {
  let sum = 0n
  for (const { outside } of accounts) for (const amounts of outside) sum += BigInt(amounts[value]!)
  return sum
}

/** What the events of one type do. */
interface Role {
  readonly type: string
  readonly enters: boolean
  readonly flow: Flow | undefined
}

/** How amounts are read. */
interface Flow {
  readonly kind: 'earned' | 'refunded' | 'refunded-order'
  /** In the order of the values. */
  readonly fields: readonly string[]
  readonly order: string | undefined
}

/** Amounts and order of an event that has them. */
function said({ flow }: Role, event: AnyEvent, digits: number): readonly (number | string)[] {
  if (flow === undefined) return []
  const { fields, order } = flow
  const amounts = fields.map((field) => amountIn(event, field, digits))
  let named: unknown = ''
  if (order !== undefined && isRecord(event.data)) named = own(event.data, order) ?? ''
  if (typeof named !== 'string') throw fault('wrong-type', `$.data.${order}`, named, 'text')
  return [...amounts, named]
}

const keys = [...['id', 'version', 'calendar', 'currency', 'period'], ...['entry', 'earned', 'refunded']]

function readCohortRevenue(definition: CohortRevenueDefinition): {
  readonly calendar: Calendar
  readonly digits: number
  /** By type, in one order, however a definition is written. */
  readonly roles: readonly Role[]
  readonly names: readonly string[]
} {
  const { calendar, digits } = readTerms(definition, keys, ['day', 'week', 'month', 'quarter', 'year'])
  const entry = new Set(readNames(definition.entry, '$.entry'))
  const flows = new Map<string, Flow>()
  let names: readonly string[] | undefined
  const put = (flow: EarnedFlow, path: string, kind: Flow['kind']) => {
    const event = readName(flow.event, `${path}.event`)
    if (flows.has(event)) throw fault('duplicate-name', `${path}.event`, event, 'every event type once')
    const fields = readValues(flow.values, `${path}.values`)
    names ??= [...fields.keys()].sort()
    for (const name of fields.keys()) {
      if (!names.includes(name)) throw fault('unknown-name', `${path}.values`, name, names.join(' | '))
    }
    const inOrder = names.map((name) => {
      const field = fields.get(name)
      if (field === undefined)
        throw fault('missing', `${path}.values.${name}`, field, 'the field of this value')
      return field
    })
    const order = flow.order === undefined ? undefined : readName(flow.order, `${path}.order`)
    flows.set(event, { kind, fields: inOrder, order })
  }
  for (const [flow, path] of readRecords(definition.earned, '$.earned', ['event', 'values', 'order']))
    put(flow, path, 'earned')
  const refersTo = [...flows.values()].some(({ order }) => order !== undefined)
  const { refunded = [] } = definition
  const refunds =
    Array.isArray(refunded) && refunded.length === 0
      ? []
      : readRecords<RefundedFlow>(refunded, '$.refunded', ['event', 'values', 'dated', 'order'])
  for (const [flow, path] of refunds) {
    if (flow.dated === undefined) throw fault('missing', `${path}.dated`, flow.dated, 'refund | order')
    if (flow.dated !== 'refund' && flow.dated !== 'order')
      throw fault('unknown-name', `${path}.dated`, flow.dated, 'refund | order')
    if (flow.dated === 'order' && flow.order === undefined)
      throw fault('missing', `${path}.order`, flow.order, 'the field that names the order')
    if (flow.dated === 'order' && !refersTo)
      throw fault('missing', '$.earned.order', undefined, 'the field that refunds refer to')
    if (entry.has(flow.event)) throw fault('duplicate-name', `${path}.event`, flow.event, 'no type of entry')
    put(flow, path, flow.dated === 'order' ? 'refunded-order' : 'refunded')
  }
  const roles = [...new Set([...entry, ...flows.keys()])]
    .sort()
    .map((type): Role => ({ type, enters: entry.has(type), flow: flows.get(type) }))
  return { calendar, digits, roles, names: names ?? [] }
}

/** Field by name of the value. */
function readValues(values: unknown, path: string): ReadonlyMap<string, string> {
  if (!isRecord(values)) throw fault('wrong-type', path, values, 'a field by the name of a value')
  const entries = Object.entries(values)
  if (entries.length === 0) throw fault('missing', path, undefined, 'at least one value')
  return new Map(
    entries.map(([name, field]) => {
      // Names are keys of results: one that reads as a number would move to the front, `__proto__` would vanish.
      if (!/^[a-zA-Z][\w-]*$/.test(name))
        throw fault('unknown-name', path, name, 'a name of letters, digits, _ and -')
      return [name, readName(field, `${path}.${name}`)]
    }),
  )
}
