import { checkCurrency } from '../kernel/currency.js'
import { checkList, checkName, checkRecord, fault } from '../kernel/errors.js'
import {
  type Aggregate,
  type AnyEvent,
  canonical,
  digestName,
  formatMinor,
  type Instant,
  minorDigits,
  type Periods,
  periodsOf,
  plain,
} from '../kernel/index.js'
import { lastInstant } from '../kernel/instant.js'
import { type Proportion, wilson } from '../measures/index.js'
import {
  type QuickRatio,
  type ReactivationRule,
  type RevenueRate,
  type RevenueRates,
  type RevenueReason,
  ratesOf,
  reactivationRules,
} from './revenue-rates.js'
import {
  amountIn,
  minorOf,
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
export interface RevenueRetentionPartial {
  /** Digest of the definition under which it was collected. */
  readonly of: string
  readonly subjects: ToldBySubject
}

/** What became of recurring revenue between two moments. Amounts are decimal text. */
export interface RevenueBook {
  readonly start: string
  readonly end: string
  /** Of customers who had never paid; under `reactivation: 'new'` of those who came back, too. */
  readonly new: string
  /** Under `reactivation: 'expansion'` it holds what came back, too. */
  readonly expansion: string
  readonly contraction: string
  readonly churn: string
  /** Zero where the rule counts it elsewhere. */
  readonly reactivation: string
  readonly customers: RevenueCustomers
  /** Of the customers at the start, how many still pay at the end. */
  readonly logoRetention: Proportion
  readonly rates: RevenueRates
}

/** Customers who pay something; `start - lost + new + returned = end`, whichever way movements are read. */
export interface RevenueCustomers {
  readonly start: number
  readonly end: number
  /** Pay at the start and at the end. */
  readonly retained: number
  /** Pay at the start, and not at the end. */
  readonly lost: number
  /** Pay at the end, not at the start, and never had. */
  readonly new: number
  /** Pay at the end, not at the start, and had before. */
  readonly returned: number
}

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
export interface RevenueRetention {
  readonly definition: { readonly id: string; readonly version: number; readonly digest: string }
  readonly zone: string
  readonly period: RevenueRetentionDefinition['period']
  readonly currency: string
  readonly reactivation: ReactivationRule
  readonly movements: RevenueMovements
  readonly asOf: Instant
  readonly level: number
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
export function defineRevenueRetention(definition: RevenueRetentionDefinition): Aggregate<
  AnyEvent,
  RevenueRetentionPartial,
  RevenueRetention,
  RevenueOptions
> & {
  retract(partial: RevenueRetentionPartial, event: AnyEvent): RevenueRetentionPartial
} {
  const { calendar, digits, fields } = readRevenueRetention(definition)
  const agreed = plain(definition)
  const of = digestName(canonical(agreed))
  const { id, version, period, currency, reactivation, movements } = agreed
  const periods = periodsOf(calendar, period)

  const told = (partial: RevenueRetentionPartial, event: AnyEvent, times: 1 | -1) => {
    const subjects = ownSubjects(partial, of)
    checkRecord(event, '$')
    const field = fields.get(event.type)
    if (field === undefined) return partial
    const amount = field === null ? 0 : amountIn(event, field, digits)
    if (amount < 0) throw fault('out-of-range', `$.data.${field}`, amount, 'recurring revenue from zero up')
    tell(subjects, event, [amount], times)
    return partial
  }
  const fits = (says: readonly (number | string)[]) =>
    says.length === 1 && typeof says[0] === 'number' && says[0] >= 0

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
      const histories = Object.values(subjects).map((list) => changesOf(list, asOf))
      const { first, starts } = spine(periods, histories, { asOf, since })
      const books = starts.slice(1).map(() => emptyTally())
      for (const changes of histories) enter(books, starts, changes, movements)
      return {
        definition: { id, version, digest: of },
        zone: calendar.zone,
        period,
        currency,
        reactivation,
        movements,
        asOf,
        level,
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

/** What customers paid regularly at two moments, and who of those who did not at the first had before. */
export interface RevenueSnapshots {
  /** By customer, as decimal text; who is not named pays nothing. */
  readonly start: Readonly<Record<string, string>>
  readonly end: Readonly<Record<string, string>>
  /** Customers who paid at some time before the start; they come back, where others are new. */
  readonly paidBefore?: readonly string[]
  readonly currency: string
  readonly reactivation: ReactivationRule
  /** Confidence of logo retention; 0.95 unless told. */
  readonly level?: number
}

/**
 * Movements and rates between two snapshots by customer: end to end, as what happened between them is not in them.
 *
 * @throws DefinitionError `invalid-amount` or `out-of-range` at `$.start`, `$.end` for what is no amount from zero up.
 * @see `defineRevenueRetention`, which measures the same from events, by the same arithmetic.
 * @example
 * revenueBetween({ start: { ann: '100', bob: '50' }, end: { ann: '120', cho: '30' }, currency: 'CNY', reactivation: 'own' })
 * // => { start: '150.00', end: '150.00', new: '30.00', expansion: '20.00', churn: '50.00', …,
 * //      rates: { nrr: { kind: 'estimate', value: 0.8 }, … } }
 */
export function revenueBetween(snapshots: RevenueSnapshots): RevenueBook {
  checkRecord(snapshots, '$')
  const { paidBefore = [], currency, reactivation, level = 0.95 } = snapshots
  checkName(reactivationRules, reactivation, '$.reactivation')
  const digits = minorDigits(checkCurrency(currency, '$.currency'))
  checkList(paidBefore, '$.paidBefore')
  for (const [i, name] of paidBefore.entries()) {
    if (typeof name !== 'string')
      throw fault('wrong-type', `$.paidBefore[${i}]`, name, 'the name of a customer')
  }
  const [start, end] = [
    amountsBy(snapshots.start, '$.start', digits),
    amountsBy(snapshots.end, '$.end', digits),
  ]
  const before = new Set(paidBefore)
  const book = emptyTally()
  for (const customer of new Set([...start.keys(), ...end.keys()])) {
    move(book, [start.get(customer) ?? 0, end.get(customer) ?? 0], before.has(customer))
  }
  return written(book, { digits, reactivation, level })
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
  if (count > mostPeriods) {
    const expected = `an instant at most ${mostPeriods} periods before asOf; ${count} would be shown`
    throw fault('too-large', '$.since', since, expected)
  }
  return { first, starts: Array.from({ length: count + 1 }, (_, i) => periods.startOf(first + i)) }
}

/** The period, as a stretch of time, that holds an instant. */
function periodAt(periods: Periods, at: Instant): number {
  const reached = periods.latestBy(at)
  // East of Greenwich the last hours of time are of the year 10000, which has no start: they stay with what was before.
  return periods.startOf(reached) <= at ? reached : reached - 1
}

/** The sums of one period, in smallest units. Nothing in it is ever subtracted, so a sum that is too large stays so. */
interface Tally {
  start: number
  end: number
  new: number
  expansion: number
  contraction: number
  churn: number
  reactivation: number
  /** Of the above, what the customers of the start did. */
  readonly base: { expansion: number; contraction: number; churn: number; returned: number; end: number }
  readonly customers: { start: number; end: number; retained: number; new: number; returned: number }
}

const emptyTally = (): Tally => ({
  start: 0,
  end: 0,
  new: 0,
  expansion: 0,
  contraction: 0,
  churn: 0,
  reactivation: 0,
  base: { expansion: 0, contraction: 0, churn: 0, returned: 0, end: 0 },
  customers: { start: 0, end: 0, retained: 0, new: 0, returned: 0 },
})

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

/** One customer through one period: from the first amount over those between to the last. */
function move(book: Tally, path: readonly number[], paidBefore: boolean): void {
  const from = path[0]!
  const to = path[path.length - 1]!
  const { base, customers } = book
  const atStart = from > 0
  const hadPaid = paidBefore || atStart
  let paid = hadPaid
  for (let i = 1; i < path.length; i += 1) {
    const [before, after] = [path[i - 1]!, path[i]!]
    if (before === after) continue
    if (before === 0 && !paid) book.new += after
    else if (before === 0) {
      book.reactivation += after
      if (atStart) base.returned += after
    } else if (after === 0) {
      book.churn += before
      if (atStart) base.churn += before
    } else if (after > before) {
      book.expansion += after - before
      if (atStart) base.expansion += after - before
    } else {
      book.contraction += before - after
      if (atStart) base.contraction += before - after
    }
    paid = true
  }
  book.start += from
  book.end += to
  if (atStart) {
    base.end += to
    customers.start += 1
    if (to > 0) customers.retained += 1
  } else if (to > 0) customers[hadPaid ? 'returned' : 'new'] += 1
  if (to > 0) customers.end += 1
}

function written(
  tally: Tally,
  options: { readonly digits: number; readonly reactivation: ReactivationRule; readonly level: number },
): RevenueBook {
  const { digits, reactivation: rule, level } = options
  checkTally(tally)
  const { start, end, contraction, churn, customers, base } = tally
  const moved = tally.reactivation
  const text = (minor: number) => formatMinor(minor, digits)
  const fresh = sum(tally.new, rule === 'new' ? moved : 0)
  const expansion = sum(tally.expansion, rule === 'expansion' ? moved : 0)
  return {
    start: text(start),
    end: text(end),
    new: text(fresh),
    expansion: text(expansion),
    contraction: text(contraction),
    churn: text(churn),
    reactivation: text(rule === 'own' ? moved : 0),
    customers: {
      start: customers.start,
      end: customers.end,
      retained: customers.retained,
      lost: customers.start - customers.retained,
      new: customers.new,
      returned: customers.returned,
    },
    logoRetention: wilson({ successes: customers.retained, trials: customers.start, level }),
    rates: ratesOf(tally, { ...base, start }, rule),
  }
}

/** What came in and what went out explain the difference, of all customers and of those of the start. */
function checkTally({
  start,
  end,
  new: fresh,
  expansion,
  contraction,
  churn,
  reactivation,
  base,
}: Tally): void {
  for (const total of [start, end, fresh, expansion, contraction, churn, reactivation]) sum(total, 0)
  const [came, went] = [
    BigInt(fresh) + BigInt(expansion) + BigInt(reactivation),
    BigInt(contraction) + BigInt(churn),
  ]
  const ofBase =
    BigInt(base.expansion) + BigInt(base.returned) - BigInt(base.contraction) - BigInt(base.churn)
  if (BigInt(start) + came - went !== BigInt(end) || BigInt(start) + ofBase !== BigInt(base.end))
    throw fault(
      'malformed-state',
      '$',
      end,
      'start + new + expansion + reactivation - contraction - churn = end',
    )
}

function sum(a: number, b: number): number {
  const total = a + b
  if (!Number.isSafeInteger(total)) throw fault('too-large', '$', total, 'at most 2^53 - 1 smallest units')
  return total
}

function amountsBy(
  snapshot: Readonly<Record<string, string>>,
  path: string,
  digits: number,
): ReadonlyMap<string, number> {
  checkRecord(snapshot, path)
  return new Map(
    Object.entries(snapshot).map(([customer, text]) => {
      const amount = minorOf(text, path, digits)
      if (amount < 0) throw fault('out-of-range', path, amount, 'recurring revenue from zero up')
      return [customer, amount]
    }),
  )
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
