import { fault } from '../kernel/errors.js'
import {
  type Aggregate,
  type AnyEvent,
  type Calendar,
  type CalendarDefinition,
  calendarOf,
  canonical,
  type DefinitionFault,
  digestName,
  type Instant,
  isInstant,
  plain,
  type Sentence,
} from '../kernel/index.js'
import { type Proportion, wilson } from '../measures/index.js'

/**
 * Who counts as arrived, who counts as still here, and whose months are counted. Plain data.
 *
 * @example
 * const buyers: RetentionDefinition = {
 *   id: 'buyers', version: 1, calendar: { zone: 'Asia/Shanghai' },
 *   entry: 'order-paid', activity: ['order-paid', 'app-opened'], period: 'month',
 * }
 */
export interface RetentionDefinition {
  readonly id: string
  /** A whole number from 1. */
  readonly version: number
  /** Months are months of the local clock in this zone. */
  readonly calendar: CalendarDefinition
  /** Event types of which a subject's first one, in all that was added, puts it into the cohort of that month. */
  readonly entry: string | readonly string[]
  /** Event types of which one in a month makes a subject retained in it; may share types with `entry`. */
  readonly activity: string | readonly string[]
  readonly period: 'month'
}

/**
 * What is remembered of the events: for every subject the first entry, and the first activity in every month. Plain
 * JSON, the same for the same set of events however they were ordered, repeated or split.
 */
export interface RetentionPartial {
  /** Digest of the definition under which it was collected. */
  readonly of: string
  /** By subject: the first entry (`never` without one), then month index and first activity in it, months ascending. */
  readonly subjects: Record<string, number[]>
}

/** As of when, and how sure. */
export interface RetentionOptions {
  /** Events after it do not count, and months that have not passed by then are incomplete. */
  readonly asOf: Instant
  /** Confidence of the intervals; 0.95 unless told. */
  readonly level?: number
  /**
   * Cohorts begin with the month in which this lies. Earlier events still decide who is new. Without it they begin with
   * the first cohort that has anybody in it.
   */
  readonly since?: Instant
}

/** Retention by cohort and by offset, as of an instant. */
export interface Retention {
  readonly definition: { readonly id: string; readonly version: number; readonly digest: string }
  readonly zone: string
  readonly period: 'month'
  readonly asOf: Instant
  readonly level: number
  /** One for every month up to `asOf`, ascending, those without entries included. */
  readonly cohorts: readonly RetentionCohort[]
  /** One for every offset that some cohort has a cell for, from 0. */
  readonly averages: readonly RetentionAverage[]
}

/** Those who entered in one month. */
export interface RetentionCohort {
  /** `YYYY-MM`, local. */
  readonly cohort: string
  /** How many entered by `asOf`; still growing while the first cell is incomplete. */
  readonly size: number
  /** One for every month from the entry month (offset 0) to that of `asOf`; months in the future have none. */
  readonly cells: readonly RetentionCell[]
}

/** One cohort in one month. */
export interface RetentionCell {
  /** Months since the entry month. */
  readonly offset: number
  /** `YYYY-MM`, local. */
  readonly month: string
  /** Of how many people the rate speaks: for months of the calendar, the whole cohort. */
  readonly eligible: number
  /** How many of them were active in this month, by `asOf`. */
  readonly retained: number
  /** `incomplete`: the month has not passed at `asOf`, so that the rate is so far and no average includes it. */
  readonly state: 'complete' | 'incomplete'
  /** Of an empty cohort there is none. */
  readonly rate: Proportion
}

/** All cohorts at one offset, by complete cells only. */
export interface RetentionAverage {
  readonly offset: number
  /** Cohorts with a complete cell here, empty ones included. */
  readonly cohorts: number
  readonly eligible: number
  readonly retained: number
  /** Weighted: everybody retained of everybody eligible. */
  readonly rate: Proportion
  /** Every cohort the same weight, however small. */
  readonly mean: MeanOfCohorts
}

/** The simple mean of the rates of cohorts that have anybody in them; a rate of zero counts. */
export type MeanOfCohorts =
  | {
      readonly kind: 'estimate'
      readonly value: number
      readonly cohorts: number
      readonly method: 'mean-of-cohorts'
    }
  | { readonly kind: 'undefined'; readonly reason: 'no-cohorts' }

/** A cell on one line, for tables and charts. Where no number exists, `null`, and `reason` says why. */
export interface RetentionRow {
  readonly cohort: string
  readonly offset: number
  readonly month: string
  readonly n: number
  readonly retained: number
  readonly state: RetentionCell['state']
  readonly value: number | null
  readonly low: number | null
  readonly high: number | null
  readonly reason: RetentionReason | null
}

/** Why a row has no value, or not yet its final one. */
export type RetentionReason = 'no-trials' | 'month-not-over'

/** The reasons in words, to print beside a table. */
export const retentionReasons: Readonly<Record<RetentionReason, Sentence>> = {
  'no-trials': { en: 'nobody entered in this month', zh: '该月没有新进入的用户' },
  'month-not-over': { en: 'the month is not over yet', zh: '该月尚未结束' },
}

/**
 * Monthly retention on calendar months (N-month, "on"): of those whose first entry event lies in a local month, how many
 * were active in that month (offset 0), in the next (1), and so on. Offset 0 is measured, not assumed to be everybody:
 * entering is being active only where `activity` names the entry's type. An activity counts for its month whether
 * before or after the entry within it; in months before the entry month it does not.
 *
 * `add` keeps the earliest instants only. So a duplicate, a late event or another order changes nothing, events may be
 * split over shards anyhow (`shard: 'event'`), and one partial answers for any `asOf` exactly. The price is that an event
 * cannot be taken out again (a minimum does not remember the second smallest): there is no `retract`; delete the
 * subject from `subjects`, or collect again.
 *
 * "First" is the first in the data: without the history before it, old customers look new. `since` cuts the cohorts
 * shown, after that question is settled.
 *
 * @throws DefinitionError for a definition that names no event type, no known zone or another period than `month`; from
 * `result`, `invalid-instant` and `out-of-range` at `$.asOf`, `$.since`, `$.level`, and `too-large` where more than 1,200
 * cohorts would be shown; from `add`, `merge` and `result`, `other-definition` for a partial of another definition.
 * @example
 * const buyers = defineRetention({ id: 'buyers', version: 1, calendar: { zone: 'UTC' }, entry: 'order-paid',
 *   activity: 'order-paid', period: 'month' })
 * buyers.result(collect(buyers, orders), { asOf: instant('2024-05-01T00:00:00Z') }).cohorts[0]
 * // => { cohort: '2024-03', size: 2, cells: [{ offset: 0, month: '2024-03', eligible: 2, retained: 2, state: 'complete', … }, …] }
 */
export function defineRetention(
  definition: RetentionDefinition,
): Aggregate<AnyEvent, RetentionPartial, Retention, RetentionOptions> {
  const { calendar, roles } = readDefinition(definition)
  const agreed = plain(definition)
  const of = digestName(canonical(agreed))
  const own = (partial: RetentionPartial): RetentionPartial['subjects'] => {
    if (!isRecord(partial)) return fail('wrong-type', '$', partial, 'a partial')
    const { subjects, of: found } = partial
    if (found !== of) fail('other-definition', '$.of', found, `a partial of ${of}`)
    if (!isRecord(subjects)) fail('wrong-type', '$.subjects', subjects, 'histories by subject')
    return subjects
  }

  return {
    definition: agreed,
    shard: 'event',
    empty: () => ({ of, subjects: {} }),
    add(partial, event) {
      const subjects = own(partial)
      if (!isRecord(event)) return fail('wrong-type', '$', event, 'an event')
      const role = roles.get(event.type)
      if (role === undefined) return partial
      const { subject, occurredAt: at } = event
      if (typeof subject !== 'string') fail('wrong-type', '$.subject', subject, 'text')
      if (!isInstant(at)) fail('invalid-instant', '$.occurredAt', at, 'milliseconds since 1970')
      let history = Object.hasOwn(subjects, subject) ? subjects[subject] : undefined
      if (history === undefined) {
        history = [never]
        give(subjects, subject, history)
      }
      if (role.entry && at < history[0]!) history[0] = at
      if (role.activity) note(history, calendar.localMonthIndex(at), at)
      return partial
    },
    merge(a, b) {
      const subjects: RetentionPartial['subjects'] = {}
      const more = own(b)
      checkHistories(own(a))
      checkHistories(more)
      for (const [subject, history] of Object.entries(own(a))) {
        give(subjects, subject, Object.hasOwn(more, subject) ? joined(history, more[subject]!) : [...history])
      }
      for (const [subject, history] of Object.entries(more)) {
        if (!Object.hasOwn(subjects, subject)) give(subjects, subject, [...history])
      }
      return { of, subjects }
    },
    result(partial, options) {
      const { asOf, level, since } = readOptions(options)
      const histories = checkHistories(own(partial))
      const last = lastMonth(calendar, asOf)
      const first =
        since === undefined ? firstCohort(calendar, histories, asOf) : calendar.localMonthIndex(since)
      const { id, version } = agreed
      const head = {
        definition: { id, version, digest: of },
        zone: calendar.zone,
        period: 'month',
        asOf,
        level,
      } as const
      if (first === undefined) return { ...head, cohorts: [], averages: [] }
      const months = last - first + 1
      if (months > mostMonths) {
        fail(
          'too-large',
          '$.since',
          since,
          `an instant at most ${mostMonths} months before asOf; ${months} would be shown`,
        )
      }
      const { sizes, retained } = count(calendar, histories, { asOf, first, months })
      const over = Array.from({ length: months }, (_, i) => monthEnd(calendar, first + i) <= asOf)
      const cohorts = Array.from(sizes, (size, row): RetentionCohort => {
        const cell = (_: unknown, offset: number): RetentionCell => ({
          offset,
          month: monthText(first + row + offset),
          eligible: size,
          retained: retained[row * months + offset]!,
          state: over[row + offset] ? 'complete' : 'incomplete',
          rate: wilson({ successes: retained[row * months + offset]!, trials: size, level }),
        })
        return { cohort: monthText(first + row), size, cells: Array.from({ length: months - row }, cell) }
      })
      const averages = Array.from({ length: months }, (_, offset) => average(cohorts, offset, level))
      return { ...head, cohorts, averages }
    },
  }
}

/**
 * The cells of all cohorts as flat rows, by cohort and offset: what a table or a chart takes.
 *
 * @example
 * retentionRows(retention)[1]
 * // => { cohort: '2024-03', offset: 1, month: '2024-04', n: 2, retained: 1, state: 'complete', value: 0.5,
 * //      low: 0.0945, high: 0.9055, reason: null }
 */
export function retentionRows({ cohorts }: Pick<Retention, 'cohorts'>): readonly RetentionRow[] {
  return cohorts.flatMap(({ cohort, cells }) =>
    cells.map(({ offset, month, eligible: n, retained, state, rate }): RetentionRow => {
      const cell = { cohort, offset, month, n, retained, state }
      if (rate.kind === 'undefined')
        return { ...cell, value: null, low: null, high: null, reason: rate.reason }
      const { value, interval } = rate
      const reason = state === 'incomplete' ? 'month-not-over' : null
      return { ...cell, value, low: interval.low, high: interval.high, reason }
    }),
  )
}

/** Stands for the first entry of a subject without one: after every instant, so that minima and comparisons just work. */
const never = 8_640_000_000_000_000

/** A hundred years, 720,600 cells: more is an event dated by mistake. */
const mostMonths = 1200

const DAY = 86_400_000

/** Sets an own property under any name: an assignment to `__proto__` would set the prototype. */
function give(subjects: RetentionPartial['subjects'], subject: string, history: number[]): void {
  if (subject !== '__proto__') subjects[subject] = history
  else {
    const own = { value: history, enumerable: true, writable: true, configurable: true }
    Object.defineProperty(subjects, subject, own)
  }
}

/** What a partial holds, unless something in it is no history: it may have been stored, or come from elsewhere. */
function checkHistories(subjects: RetentionPartial['subjects']): readonly (readonly number[])[] {
  const histories = Object.values(subjects)
  for (const history of histories) {
    if (!isHistory(history))
      fail('wrong-type', '$.subjects', history, 'the first entry, then months and instants')
  }
  return histories
}

/** The first entry or `never`, then ascending months, each with an instant. */
function isHistory(history: unknown): boolean {
  if (!Array.isArray(history) || history.length % 2 === 0) return false
  if (history[0] !== never && !isInstant(history[0])) return false
  for (let i = 1; i < history.length; i += 2) {
    const month: unknown = history[i]
    if (!Number.isSafeInteger(month) || (i > 1 && !((month as number) > history[i - 2]))) return false
    if (!isInstant(history[i + 1])) return false
  }
  return true
}

/** Remembers the first activity of a month; the search begins at the end, where events in order arrive. */
function note(history: number[], month: number, at: Instant): void {
  let i = history.length - 2
  while (i > 0 && history[i]! > month) i -= 2
  if (i > 0 && history[i] === month) {
    if (at < history[i + 1]!) history[i + 1] = at
  } else if (i + 2 === history.length) history.push(month, at)
  else history.splice(i + 2, 0, month, at)
}

function joined(a: readonly number[], b: readonly number[]): number[] {
  const history = [...a]
  history[0] = Math.min(a[0]!, b[0]!)
  for (let i = 1; i < b.length; i += 2) note(history, b[i]!, b[i + 1]!)
  return history
}

/** Month of the first cohort that has anybody in it. */
function firstCohort(
  calendar: Calendar,
  histories: readonly (readonly number[])[],
  asOf: Instant,
): number | undefined {
  let first: number | undefined
  for (const [entered] of histories) {
    if (entered! > asOf) continue
    const month = calendar.localMonthIndex(entered!)
    if (first === undefined || month < first) first = month
  }
  return first
}

/** Sizes by cohort, and how many were active by cohort and offset, in rows of `months`. */
function count(
  calendar: Calendar,
  histories: readonly (readonly number[])[],
  { asOf, first, months }: { readonly asOf: Instant; readonly first: number; readonly months: number },
): { readonly sizes: readonly number[]; readonly retained: Float64Array } {
  const sizes = new Array<number>(months).fill(0)
  const retained = new Float64Array(months * months)
  for (const history of histories) {
    const entered = history[0]!
    if (entered > asOf) continue
    const month = calendar.localMonthIndex(entered)
    if (month < first) continue
    const row = month - first
    sizes[row]! += 1
    for (let i = 1; i < history.length; i += 2) {
      const offset = history[i]! - month
      if (offset >= 0 && history[i + 1]! <= asOf) retained[row * months + offset]! += 1
    }
  }
  return { sizes, retained }
}

/** Sums in the order of cohorts, so that the mean has the same bits however events arrived. */
function average(cohorts: readonly RetentionCohort[], offset: number, level: number): RetentionAverage {
  const cells = cohorts.flatMap(({ cells }) => (cells[offset]?.state === 'complete' ? [cells[offset]] : []))
  const rates = cells.flatMap(({ rate }) => (rate.kind === 'estimate' ? [rate.value] : []))
  const eligible = cells.reduce((sum, cell) => sum + cell.eligible, 0)
  const retained = cells.reduce((sum, cell) => sum + cell.retained, 0)
  return {
    offset,
    cohorts: cells.length,
    eligible,
    retained,
    rate: wilson({ successes: retained, trials: eligible, level }),
    mean:
      rates.length === 0
        ? { kind: 'undefined', reason: 'no-cohorts' }
        : {
            kind: 'estimate',
            value: rates.reduce((sum, rate) => sum + rate, 0) / rates.length,
            cohorts: rates.length,
            method: 'mean-of-cohorts',
          },
  }
}

/** The first instant of a local month. */
function monthStart(calendar: Calendar, index: number): Instant {
  const year = Math.floor(index / 12)
  if (year > 9999) return never
  // Where clocks skipped midnight, `instantOf` is after the gap by what was skipped, and `startOf` at its edge.
  return calendar.startOf('month', calendar.instantOf({ year, month: (index % 12) + 1, day: 1 }))
}

/**
 * The instant from which the local clock never shows a month again. Clocks set back just after midnight return to it:
 * St John's read 2009-11-01 00:00 for a minute, and then October for another hour.
 */
function monthEnd(calendar: Calendar, index: number): Instant {
  const next = monthStart(calendar, index + 1)
  if (next === never) return never
  const back = calendar.offsetAt(next) - calendar.offsetAt(next + DAY)
  return back > 0 && calendar.localMonthIndex(next + back - 1) === index ? next + back : next
}

/** The latest month that the local clock has shown by an instant. */
function lastMonth(calendar: Calendar, asOf: Instant): number {
  const month = calendar.localMonthIndex(asOf)
  return monthStart(calendar, month + 1) <= asOf ? month + 1 : month
}

const monthText = (index: number): string =>
  `${String(Math.floor(index / 12)).padStart(4, '0')}-${String((index % 12) + 1).padStart(2, '0')}`

interface Role {
  readonly entry: boolean
  readonly activity: boolean
}

const keys: ReadonlySet<string> = new Set(['id', 'version', 'calendar', 'entry', 'activity', 'period'])

function readDefinition(definition: RetentionDefinition): {
  readonly calendar: Calendar
  readonly roles: ReadonlyMap<string, Role>
} {
  if (!isRecord(definition)) return fail('wrong-type', '$', definition, 'a definition')
  const { id, version, calendar, period } = definition
  for (const key of Object.keys(definition)) {
    if (!keys.has(key)) fail('unknown-key', `$.${key}`, key, [...keys].join(', '))
  }
  if (id === undefined || id === '') fail('missing', '$.id', id, 'a name')
  if (typeof id !== 'string') fail('wrong-type', '$.id', id, 'text')
  if (version === undefined) fail('missing', '$.version', version, 'a whole number from 1')
  if (!(Number.isSafeInteger(version) && version >= 1)) {
    fail('out-of-range', '$.version', version, 'a whole number from 1')
  }
  if (calendar === undefined) fail('missing', '$.calendar', calendar, "{ zone: 'Asia/Shanghai' }")
  if (!isRecord(calendar)) fail('wrong-type', '$.calendar', calendar, "{ zone: 'Asia/Shanghai' }")
  for (const key of Object.keys(calendar)) {
    if (key !== 'zone' && key !== 'transitions') {
      fail('unknown-key', `$.calendar.${key}`, key, 'zone, transitions')
    }
  }
  if (period === undefined) fail('missing', '$.period', period, "'month'")
  if (period !== 'month') fail('unknown-name', '$.period', period, "'month'")
  const entry = readTypes(definition.entry, '$.entry')
  const activity = readTypes(definition.activity, '$.activity')
  const roles = new Map<string, Role>()
  for (const type of [...entry, ...activity]) {
    roles.set(type, { entry: entry.includes(type), activity: activity.includes(type) })
  }
  return { calendar: calendarOf(plain(calendar)), roles }
}

function readTypes(given: string | readonly string[], path: string): readonly string[] {
  const types: readonly unknown[] = Array.isArray(given) ? given : given === undefined ? [] : [given]
  if (types.length === 0) fail('missing', path, given, 'at least one event type')
  return types.map((type, i) => {
    const at = Array.isArray(given) ? `${path}[${i}]` : path
    if (typeof type !== 'string') return fail('wrong-type', at, type, 'the name of an event type')
    if (type === '') fail('missing', at, type, 'the name of an event type')
    if (types.indexOf(type) !== i) fail('duplicate-name', at, type, 'every event type once')
    return type
  })
}

function readOptions(options: RetentionOptions): RetentionOptions & { readonly level: number } {
  if (!isRecord(options)) return fail('wrong-type', '$', options, '{ asOf }')
  const { asOf, since, level = 0.95 } = options
  if (!isInstant(asOf)) fail('invalid-instant', '$.asOf', asOf, 'milliseconds since 1970')
  if (since !== undefined && !isInstant(since)) {
    fail('invalid-instant', '$.since', since, 'milliseconds since 1970')
  }
  if (since !== undefined && since > asOf) fail('out-of-range', '$.since', since, 'at or before asOf')
  if (!(Number.isFinite(level) && level > 0 && level < 1)) {
    fail('out-of-range', '$.level', level, 'strictly between 0 and 1')
  }
  return { ...options, level }
}

function isRecord(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function fail(code: DefinitionFault['code'], path: string, value: unknown, expected: string): never {
  throw fault(code, path, value, expected)
}
