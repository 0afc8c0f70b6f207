// Settings and histories at random, with what goes wrong in them: odd zones, ties, duplicates, edges of periods.
import fc from 'fast-check'
import type { RetentionDefinition, RetentionMeasure } from 'liuliang/cohorts'
import {
  type AnyEvent,
  defineEvents,
  type Instant,
  instant,
  integer,
  type PeriodUnit,
  text,
} from 'liuliang/kernel'
import { slowPeriods } from './slow-retention.js'

const HOUR = 3_600_000
const DAY = 24 * HOUR

const fields = { kind: text().optional(), amount: integer().optional() }
const catalogue = defineEvents({ joined: fields, paid: fields, opened: fields, other: fields })

/** A calendar, and an instant near which its clocks do something. */
const places: readonly (readonly [RetentionDefinition['calendar'], Instant])[] = [
  [{ zone: 'UTC' }, instant('2023-12-31T22:00:00Z')],
  // 30 December 2011 never was.
  [{ zone: 'Pacific/Apia', weekStart: 6 }, instant('2011-12-30T10:00:00Z')],
  // November for a minute, then October again.
  [{ zone: 'America/St_Johns' }, instant('2009-11-01T02:30:00Z')],
  [{ zone: 'Australia/Lord_Howe', weekStart: 7 }, instant('2024-04-06T15:00:00Z')],
  [{ zone: 'Australia/Lord_Howe', dayStart: '04:00' }, instant('2024-10-05T15:30:00Z')],
  [{ zone: 'Asia/Kathmandu' }, instant('1985-12-31T18:30:00Z')],
  [{ zone: 'Africa/Casablanca', dayStart: '04:00', weekStart: 6 }, instant('2024-03-10T02:00:00Z')],
  [{ zone: 'America/New_York', weekStart: 7 }, instant('2024-03-10T07:00:00Z')],
]

/** How far histories reach to both sides, by unit. */
const reach: Readonly<Record<PeriodUnit, number>> = {
  hour: 12 * HOUR,
  day: 5 * DAY,
  week: 28 * DAY,
  month: 120 * DAY,
  quarter: 300 * DAY,
  year: 900 * DAY,
}
const lengths: Readonly<Record<PeriodUnit, number>> = {
  hour: 2,
  day: 24,
  week: 168,
  month: 720,
  quarter: 2160,
  year: 8760,
}

const measures: readonly RetentionMeasure[] = [
  'on',
  'on-or-after',
  'on-or-before',
  'consecutive',
  { atLeast: 2 },
  { brackets: [1, 2, 3] },
  { brackets: [2, 1], each: 'on-or-after' },
]
const choices = [
  'joined',
  'paid',
  ['joined', 'paid'],
  ['paid', 'opened'],
  { event: 'joined', where: { kind: 'a' } },
  { where: { kind: 'b' } },
  ['paid', { event: 'opened', where: { kind: 'a' } }],
] as const

/** Now and then. */
const seldom = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.oneof({ weight: 4, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: value })

/** Some setting or none. */
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined })

export interface Case {
  readonly definition: RetentionDefinition<typeof catalogue.events>
  readonly events: readonly AnyEvent[]
  readonly options: {
    readonly asOf: Instant
    readonly since?: Instant
    readonly until?: Instant
    readonly upTo?: number
    readonly gaps?: readonly { readonly from: Instant; readonly to?: Instant; readonly event?: string }[]
    readonly tolerance?: number
  }
}

/** A definition, a history and options. */
export const cases: fc.Arbitrary<Case> = fc
  .record({
    place: fc.constantFrom(...places),
    period: fc.constantFrom<PeriodUnit>('hour', 'day', 'week', 'month', 'quarter', 'year'),
    entryRule: maybe(
      fc.constantFrom(
        'first-matching' as const,
        'first-ever' as const,
        'recurring' as const,
        'first-in-window' as const,
      ),
    ),
    clock: fc.constantFrom('calendar', 'calendar', 'calendar', 'calendar', 'elapsed', 'hour', 'day'),
    measure: fc.constantFrom(...measures),
    minimum: fc.constantFrom(undefined, undefined, undefined, 2),
    cellZero: fc.constantFrom(undefined, 'measured' as const, 'everybody' as const),
    eligibility: fc.constantFrom(undefined, 'mature' as const, 'everybody' as const),
    breakdown: fc.constantFrom(undefined, undefined, undefined, 'entry' as const, 'event' as const),
    where: fc.constantFrom(undefined, undefined, undefined, { kind: 'a' }),
    sum: fc.constantFrom(false, false, false, false, true),
    entry: fc.constantFrom(...choices),
    activity: fc.constantFrom(...choices, 'entry' as const, 'entry' as const),
    keep: fc.constantFrom(0, 0, 0, 1, 2),
  })
  .chain(({ place: [calendar, about], ...pick }) => {
    const { period, clock } = pick
    const length = clock === 'day' ? Math.ceil(lengths[period] / 24) * 24 : lengths[period]
    const measure = pick.sum ? 'on' : pick.measure
    const least =
      clock !== 'calendar' ||
      pick.breakdown === 'entry' ||
      pick.sum ||
      (pick.entryRule === 'first-ever' && JSON.stringify(pick.entry).includes('where'))
        ? 2
        : pick.minimum === 2
          ? 1
          : 0
    const definition: Case['definition'] = {
      id: 'law',
      version: 1,
      calendar,
      events: catalogue,
      period,
      entry: pick.entry,
      activity: pick.activity === 'entry' ? pick.entry : pick.activity,
      measure,
      keep: (['periods', 'counts', 'instants'] as const)[Math.max(least, pick.keep)]!,
      ...(pick.entryRule && { entryRule: pick.entryRule }),
      ...(clock !== 'calendar' && {
        clock: {
          elapsed: { hours: length },
          ...(clock !== 'elapsed' && { truncate: clock as 'hour' | 'day' }),
        },
      }),
      ...(pick.minimum && { minimum: pick.minimum }),
      ...(pick.cellZero && { cellZero: pick.cellZero }),
      ...(pick.eligibility && { eligibility: pick.eligibility }),
      ...(pick.breakdown && { breakdown: { field: 'kind', of: pick.breakdown } }),
      ...(pick.where && { where: pick.where }),
      ...(pick.sum && { sum: 'amount' }),
    }
    const periods = slowPeriods(calendar as { readonly zone: string }, period)
    const far = reach[period]
    const moment: fc.Arbitrary<Instant> = fc.oneof(
      fc.integer({ min: about - far, max: about + far }),
      // At the very start of a period, before and after.
      fc
        .tuple(fc.integer({ min: -5, max: 5 }), fc.constantFrom(0, 0, -1, 1, 60_000, -60_000, HOUR))
        .map(([step, by]) => periods.startOf(periods.indexOf(about) + step) + by),
      fc.integer({ min: -2 * 60, max: 2 * 60 }).map((minutes) => about + minutes * 60_000),
    )
    const event = fc.record({
      type: fc.constantFrom('joined', 'paid', 'paid', 'opened', 'other'),
      subject: fc.constantFrom('mei', 'lin', '__proto__', '10', '9'),
      occurredAt: moment,
      kind: fc.constantFrom('a', 'a', 'b', undefined),
      amount: fc.constantFrom(undefined, -3, 0, 7),
    })
    return fc
      .record({
        events: fc.array(event, { minLength: 4, maxLength: 40 }),
        again: fc.array(fc.nat(), { maxLength: 3 }),
        asOf: fc.oneof(
          moment,
          fc.constant(about + far + 3 * lengths[period] * HOUR),
          fc.integer({ min: about + far, max: about + 2 * far }),
          fc.nat({ max: 9999 }),
          fc.nat({ max: 9999 }),
        ),
        since: seldom(moment),
        until: seldom(moment),
        upTo: seldom(fc.nat({ max: 4 })),
        gaps: fc.oneof(
          fc.constant(undefined),
          fc.array(
            fc.tuple(moment, maybe(fc.nat({ max: far })), fc.constantFrom(undefined, 'paid', 'joined')),
            {
              maxLength: 3,
            },
          ),
        ),
        tolerance: fc.constantFrom(undefined, 0.25),
      })
      .map(({ events, again, asOf: given, since, until, upTo, gaps, tolerance }): Case => {
        const made = events.map(
          ({ kind, amount, ...rest }, i): AnyEvent => ({
            id: String(i),
            ...rest,
            data: {
              ...(kind !== undefined && { kind }),
              ...(amount !== undefined && rest.type !== 'other' && { amount }),
            },
          }),
        )
        const all = [...made, ...again.flatMap((i) => (made.length === 0 ? [] : [made[i % made.length]!]))]
        // A small number stands for an event, and how long after it the question is asked: at that very instant, or when a
        // window of its own closes.
        const near = all[given % Math.max(all.length, 1)]?.occurredAt ?? about
        const asOf = given < 10_000 ? near + [0, 0, 1, 2, 3][given % 5]! * length * HOUR : given
        const begin = since ?? (pick.entryRule === 'first-in-window' ? about - far : undefined)
        const from = begin === undefined ? undefined : Math.min(begin, asOf)
        return {
          definition,
          events: all,
          options: {
            asOf,
            ...(from !== undefined && { since: from }),
            ...(until !== undefined && until >= (from ?? -Infinity) && { until }),
            ...(upTo !== undefined && { upTo }),
            ...(gaps !== undefined && {
              gaps: gaps.map(([start, lasts, type]) => ({
                from: start,
                ...(lasts !== undefined && { to: start + lasts }),
                ...(type !== undefined && { event: type }),
              })),
            }),
            ...(tolerance !== undefined && { tolerance }),
          },
        }
      })
  })

/** Shuffled, dealt out and merged as marks say. */
export function mergedBy<P>(
  { merge, collect }: { merge(a: P, b: P): P; collect(events: readonly AnyEvent[]): P },
  events: readonly AnyEvent[],
  marks: readonly number[],
): P {
  const mark = (i: number) => marks[i % marks.length]!
  const dealt = events.map((event, i) => ({ event, at: mark(i), shard: mark(i + 1) % 4 }))
  dealt.sort((a, b) => a.at - b.at)
  const parts = [0, 1, 2, 3].map((shard) =>
    collect(dealt.filter((one) => one.shard === shard).map(({ event }) => event)),
  )
  for (let i = 0; parts.length > 1; i++) {
    const at = mark(i) % (parts.length - 1)
    const [a, b] = parts.splice(at, 2) as [P, P]
    parts.splice(at, 0, mark(i + 2) % 2 === 0 ? merge(a, b) : merge(b, a))
  }
  return parts[0]!
}
