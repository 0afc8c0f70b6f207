import { checkDuration, exactLength } from '../../kernel/duration.js'
import { checkKeys, fault, unknownName } from '../../kernel/errors.js'
import {
  type Calendar,
  type Catalogue,
  calendarOf,
  type Duration,
  type EventSpecs,
  type Periods,
  type PeriodUnit,
  periodsOf,
} from '../../kernel/index.js'
import { isRecord } from '../../kernel/plain.js'
import type { Keep } from '../../measures/activity/collected.js'
import type { Collection } from '../../measures/activity/collector.js'
import { type ActivityDefinition, readAgreed } from '../../measures/activity/definition.js'
import { checkChoice, checkWhere, type EventChoice, filters } from '../../measures/activity/event-choice.js'
import { atLeastOne, one } from '../../measures/definition-head.js'

/**
 * Which of a person's entries count.
 *
 * - `first-matching`: the first that the choice passes, in all history.
 * - `first-ever`: the first of the choice's types, in all history; it counts only if it passes the choice's filters too. Who
 *   first came by another channel is no newcomer of this one.
 * - `recurring`: one for every period with an entry. Rows overlap: nobody may add them up.
 * - `first-in-window`: the first from the period of `since` on. Old customers look new, which is what queries on a recent table do
 *   unawares; results carry a warning.
 */
export type EntryRule = 'first-matching' | 'first-ever' | 'recurring' | 'first-in-window'

/**
 * What an offset counts.
 *
 * - `calendar`: periods of the local clock. 23:45 and 00:01 are a day apart.
 * - `elapsed`: whole stretches of time since the entry, `floor((t - t0) / length)`. A day of 23 hours is invisible to it.
 * - `elapsed` with `truncate: 'hour'`: both instants are cut to the hour before; 10:59 and 10:00 the next day are a day
 *   apart, as Amplitude and PostHog count days. With `'day'`, to the local date: as PostHog counts weeks and months.
 */
export type RetentionClock = 'calendar' | { readonly elapsed: Duration; readonly truncate?: 'hour' | 'day' }

/**
 * What a cell counts, of those who were active at offset...
 *
 * - `on`: N (N-day, bounded). `on-or-after`: N or later (unbounded, rolling). `on-or-before`: 1 to N (a conversion curve).
 * - `consecutive`: all of 1 to N (the classic streak). `at-least`: any k of 1 to N.
 * - `brackets`: any of a stretch; the sizes in turn, from offset 1: `[4, 10]` is 1-4, 5-14. With `each: 'on-or-after'`, of it or
 *   of what comes after.
 */
export type RetentionMeasure =
  | 'on'
  | 'on-or-after'
  | 'on-or-before'
  | 'consecutive'
  | { readonly atLeast: number }
  | { readonly brackets: readonly number[]; readonly each?: 'on' | 'on-or-after' }

/** A field by whose values people are counted apart. */
export interface RetentionBreakdown {
  readonly field: string
  /**
   * `entry`: a person belongs to the value of the entry event, whatever they do later. `event`: a person counts under
   * each value apart, by the events that carry it, as if they were several.
   */
  readonly of: 'entry' | 'event'
}

/**
 * Who counts as arrived, who counts as still here, and how time is cut. Plain data but for the catalogue; every setting can be
 * combined with every other.
 *
 * @example
 * const buyers: RetentionDefinition = {
 *   id: 'buyers', version: 1, calendar: { zone: 'Asia/Shanghai' }, period: 'month',
 *   entry: 'order-paid', activity: ['order-paid', 'app-opened'],
 * }
 */
export interface RetentionDefinition<E extends EventSpecs = EventSpecs> extends ActivityDefinition<E> {
  /** Cohorts are the people who entered in one period; offsets are periods too, unless `clock` says otherwise. */
  readonly period: PeriodUnit
  readonly entry: EventChoice<NoInfer<keyof E & string>>
  /** `first-matching` unless told. */
  readonly entryRule?: EntryRule
  /** Which events make a person retained; may share types with `entry`. */
  readonly activity: EventChoice<NoInfer<keyof E & string>>
  /** How many of them, within one period, make a person active in it; 1 unless told. Equal instants count twice. */
  readonly minimum?: number
  /** `calendar` unless told. */
  readonly clock?: RetentionClock
  /** `on` unless told. */
  readonly measure?: RetentionMeasure
  /** Offset 0: `measured` by activity, unless told; or `everybody`, so that it is the cohort's size. */
  readonly cellZero?: 'measured' | 'everybody'
  /**
   * Of whom a rate speaks: of the `mature`, whose window has passed at `asOf`, unless told; or of `everybody`, so that young cells
   * look low, as in most products.
   */
  readonly eligibility?: 'mature' | 'everybody'
  readonly breakdown?: RetentionBreakdown
  /** An integer or money field of the activity to sum by cell; with measure `on`. */
  readonly sum?: string
}

/** Settings made ready, nothing left open. */
export interface Settings {
  readonly agreed: Omit<RetentionDefinition, 'events'>
  readonly calendar: Calendar
  readonly periods: Periods
  readonly entryRule: EntryRule
  readonly minimum: number
  readonly clock: 'calendar' | { readonly length: number; readonly truncate: 'hour' | 'day' | undefined }
  readonly measure: RetentionMeasure
  readonly everybodyAtZero: boolean
  readonly matureOnly: boolean
  readonly breakdown: RetentionBreakdown | undefined
  readonly collection: Collection
}

const entryRules: readonly string[] = ['first-matching', 'first-ever', 'recurring', 'first-in-window']
const words: readonly string[] = ['on', 'on-or-after', 'on-or-before', 'consecutive']
const keeps: readonly string[] = ['periods', 'counts', 'instants']

/** @throws DefinitionError where a setting does not hold, with its path. */
export function readSettings(definition: RetentionDefinition): Settings {
  const { agreed, events } = readAgreed(definition, [
    'entry',
    'entryRule',
    'activity',
    'minimum',
    'clock',
    'measure',
    'cellZero',
    'eligibility',
    'breakdown',
    'sum',
  ])
  const calendar = calendarOf(agreed.calendar)
  const context = { events, calendar: agreed.calendar }
  const { entry, activity, where, minimum = 1, clock = 'calendar', measure = 'on', breakdown, sum } = agreed
  if (agreed.period === undefined) throw fault('missing', '$.period', agreed.period, "'month'")
  const periods = periodsOf(calendar, agreed.period)
  checkChoice(entry, '$.entry', context)
  checkChoice(activity, '$.activity', context)
  if (where !== undefined) checkWhere(where, undefined, '$', context)
  one(entryRules, agreed.entryRule, '$.entryRule')
  one(['measured', 'everybody'], agreed.cellZero, '$.cellZero')
  one(['mature', 'everybody'], agreed.eligibility, '$.eligibility')
  one(keeps, agreed.keep, '$.keep')
  atLeastOne(minimum, '$.minimum')
  checkMeasure(measure)
  checkFields(breakdown, sum, measure, events)
  const entryRule = agreed.entryRule ?? 'first-matching'
  // Without filters, the first of the types is the first that matches.
  const typed = entryRule === 'first-ever' && filters(entry)
  const least: Keep =
    clock !== 'calendar' || typed || breakdown?.of === 'entry' || sum !== undefined
      ? 'instants'
      : minimum > 1
        ? 'counts'
        : 'periods'
  const keep = agreed.keep ?? least
  if (keeps.indexOf(keep) < keeps.indexOf(least))
    throw fault('out-of-range', '$.keep', keep, `'${least}', which these settings need`)
  return {
    agreed,
    calendar,
    periods,
    entryRule: entryRule === 'first-ever' && !typed ? 'first-matching' : entryRule,
    minimum,
    clock: readClock(clock),
    measure,
    everybodyAtZero: agreed.cellZero === 'everybody',
    matureOnly: agreed.eligibility !== 'everybody',
    breakdown,
    collection: {
      calendar: agreed.calendar,
      periods,
      keep,
      events,
      entry,
      activity,
      ...(where !== undefined && { where }),
      ...(typed && { typed }),
      ...(breakdown?.of === 'event' && { group: breakdown.field }),
      ...(breakdown?.of === 'entry' && { value: breakdown.field }),
      ...(sum !== undefined && { sum }),
    },
  }
}

function readClock(clock: RetentionClock): Settings['clock'] {
  if (clock === 'calendar') return clock
  if (!isRecord(clock))
    throw fault('wrong-type', '$.clock', clock, "'calendar', or { elapsed: { hours: 24 } }")
  checkKeys(clock, ['elapsed', 'truncate'], '$.clock')
  const { elapsed, truncate } = clock
  one(['hour', 'day'], truncate, '$.clock.truncate')
  checkDuration(elapsed, '$.clock.elapsed')
  const length = exactLength(elapsed)
  if (length === undefined || length <= 0)
    throw fault('invalid-duration', '$.clock.elapsed', elapsed, 'an exact duration, such as { hours: 24 }')
  if (truncate !== undefined && length % (truncate === 'hour' ? 3_600_000 : 86_400_000) !== 0)
    throw fault('invalid-duration', '$.clock.elapsed', elapsed, `whole ${truncate}s`)
  return { length, truncate }
}

function checkMeasure(measure: RetentionMeasure): void {
  if (!isRecord(measure)) {
    one(words, measure, '$.measure')
    return
  }
  const given = measure as {
    readonly atLeast?: unknown
    readonly brackets?: unknown
    readonly each?: unknown
  }
  checkKeys(given, given.brackets === undefined ? ['atLeast'] : ['brackets', 'each'], '$.measure')
  if (given.brackets === undefined) {
    atLeastOne(given.atLeast, '$.measure.atLeast')
    return
  }
  if (!Array.isArray(given.brackets))
    throw fault('wrong-type', '$.measure.brackets', given.brackets, 'sizes in periods')
  if (given.brackets.length === 0 || given.brackets.length > 1000)
    throw fault('out-of-range', '$.measure.brackets', given.brackets.length, '1 to 1,000 brackets')
  for (const [i, size] of given.brackets.entries()) atLeastOne(size, `$.measure.brackets[${i}]`)
  one(['on', 'on-or-after'], given.each, '$.measure.each')
}

function checkFields(
  breakdown: RetentionBreakdown | undefined,
  sum: string | undefined,
  measure: RetentionMeasure,
  events: Pick<Catalogue<EventSpecs>, 'events'> | undefined,
): void {
  if (breakdown !== undefined) {
    if (!isRecord(breakdown)) throw fault('wrong-type', '$.breakdown', breakdown, '{ field, of }')
    checkKeys(breakdown, ['field', 'of'], '$.breakdown')
    if (breakdown.of === undefined) throw fault('missing', '$.breakdown.of', undefined, "'entry' or 'event'")
    one(['entry', 'event'], breakdown.of, '$.breakdown.of')
    checkField(breakdown.field, '$.breakdown.field', events, [
      'text',
      'integer',
      'boolean',
      'ref',
      'money',
      'instant',
    ])
  }
  if (sum === undefined) return
  if (measure !== 'on') throw fault('out-of-range', '$.measure', measure, "'on', where something is summed")
  checkField(sum, '$.sum', events, ['integer', 'money'])
  const units = Object.values(events?.events ?? {}).flatMap((fields) => {
    const field = Object.hasOwn(fields, sum) ? fields[sum] : undefined
    return field?.type === 'money' ? [field.currency] : field?.type === 'integer' ? ['integer'] : []
  })
  if (new Set(units).size > 1)
    throw fault(
      'out-of-range',
      '$.sum',
      sum,
      `a field of one currency, not ${[...new Set(units)].join(', ')}`,
    )
}

/** A field that some event of the catalogue has, of one of these types. */
function checkField(
  field: string,
  path: string,
  events: Pick<Catalogue<EventSpecs>, 'events'> | undefined,
  types: readonly string[],
): void {
  if (events === undefined) throw fault('missing', '$.events', events, 'the catalogue, whose fields are read')
  const fields = Object.values(events.events).flatMap((specs) =>
    Object.entries(specs).flatMap(([name, { type }]) => (types.includes(type) ? [name] : [])),
  )
  if (!fields.includes(field)) throw unknownName(path, field, [...new Set(fields)])
}
