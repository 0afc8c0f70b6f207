// Histories near the edges of periods in zones whose clocks do odd things.
import fc from 'fast-check'
import { type AnyEvent, type CalendarDefinition, type Instant, instant } from 'liuliang/kernel'

const HOUR = 3_600_000
export const DAY = 24 * HOUR

/** A calendar, and an instant near which its clocks do something. */
const places: readonly (readonly [CalendarDefinition & { readonly zone: string }, Instant])[] = [
  [{ zone: 'UTC', weekStart: 7 }, instant('2023-12-31T22:00:00Z')],
  // 30 December 2011 never was.
  [{ zone: 'Pacific/Apia', weekStart: 6 }, instant('2011-12-30T10:00:00Z')],
  // November for a minute, then October again.
  [{ zone: 'America/St_Johns', weekStart: 7 }, instant('2009-11-01T02:30:00Z')],
  [{ zone: 'Australia/Lord_Howe', weekStart: 1 }, instant('2024-04-06T15:00:00Z')],
  [{ zone: 'Australia/Lord_Howe', weekStart: 3, dayStart: '04:00' }, instant('2024-10-05T15:30:00Z')],
]

export type Unit = 'hour' | 'day' | 'week' | 'month'
const lengths: Readonly<Record<Unit, number>> = { hour: HOUR, day: DAY, week: 7 * DAY, month: 30 * DAY }

export interface History {
  readonly calendar: CalendarDefinition & { readonly zone: string }
  readonly period: Unit
  readonly keep: 'periods' | 'counts' | 'instants'
  readonly events: readonly AnyEvent[]
  readonly options: {
    readonly asOf: Instant
    readonly since?: Instant
    readonly gaps?: readonly { readonly from: Instant; readonly to?: Instant; readonly event?: string }[]
  }
  /** First-seen instants of some of the subjects. */
  readonly given: Readonly<Record<string, Instant>>
}

const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined })

export const historiesBy = (units: readonly Unit[], wide = 3): fc.Arbitrary<History> =>
  fc
    .record({
      place: fc.constantFrom(...places),
      period: fc.constantFrom(...units),
      keep: fc.constantFrom('periods' as const, 'counts' as const, 'instants' as const),
    })
    .chain(({ place: [calendar, about], period, keep }) => {
      const far = wide * lengths[period]
      const moment: fc.Arbitrary<Instant> = fc.oneof(
        fc.integer({ min: about - far, max: about + far }),
        // Whole periods from where the clocks do something, and to the millisecond beside.
        fc
          .tuple(fc.integer({ min: -wide, max: wide }), fc.constantFrom(0, -1, 1, 60_000, HOUR / 2))
          .map(([step, by]) => about + step * lengths[period] + by),
      )
      const event = fc.record({
        type: fc.constantFrom('paid', 'paid', 'paid', 'joined', 'attribute-set', 'other'),
        subject: fc.constantFrom('mei', 'mei', '10', '__proto__'),
        occurredAt: moment,
        createdAt: moment,
        account: fc.constantFrom('a', 'b', undefined),
      })
      return fc
        .record({
          events: fc.array(event, { maxLength: 30 }),
          asOf: fc.oneof(moment, fc.constant(about + 2 * far)),
          since: maybe(moment),
          gap: maybe(
            fc.tuple(moment, maybe(fc.nat({ max: far })), fc.constantFrom(undefined, 'paid', 'other')),
          ),
          given: fc.array(fc.tuple(fc.constantFrom('mei', '10', '__proto__'), moment), {
            maxLength: 5,
          }),
        })
        .map(
          ({ events, asOf, since, gap, given }): History => ({
            ...{ calendar, period, keep },
            events: events.map(({ type, subject, occurredAt, createdAt, account }, i) => ({
              ...{ id: String(i), type, subject, occurredAt },
              data: {
                ...(type === 'attribute-set' && { createdAt }),
                ...(account !== undefined && { account }),
              },
            })),
            options: {
              asOf,
              ...(since !== undefined && { since: Math.min(since, asOf) }),
              ...(gap !== undefined && {
                gaps: [
                  {
                    from: gap[0],
                    ...(gap[1] !== undefined && { to: gap[0] + gap[1] }),
                    ...(gap[2] !== undefined && { event: gap[2] }),
                  },
                ],
              }),
            },
            given: Object.fromEntries(given),
          }),
        )
    })
