// What lint knows of durations and windows, against calendars: one length no longer than another, one window inside
// another, at every moment and in every zone.
import fc from 'fast-check'
import {
  type CalendarDefinition,
  calendarOf,
  compileCondition,
  type Duration,
  FactSet,
  factKinds,
  type Instant,
  integer,
  type Window,
} from 'liuliang'
import { describe, expect, test } from 'vitest'
import {
  isInLastTwo,
  isInside,
  isNoLonger,
  isOverBefore,
  isShorter,
  isSteady,
  reachOf,
  takesNone,
  takesTime,
} from '../../src/kernel/lint/lengths.js'
import { runs } from '../support/size.js'
import { utc } from '../support/story.js'

const HOUR = 3_600_000

/** Zones and nights on which their clocks change, one of them by a whole day. */
const nights: readonly (readonly [zone: string, at: string])[] = [
  ['UTC', '2024-03-05'],
  ['Europe/Berlin', '2024-03-31'],
  ['Europe/Berlin', '2024-10-27'],
  ['America/St_Johns', '1990-10-28'],
  ['America/Sao_Paulo', '2017-10-15'],
  ['Australia/Lord_Howe', '2024-04-07'],
  ['Pacific/Apia', '2011-12-30'],
  ['Asia/Shanghai', '2024-02-29'],
]
const business = {
  weekdays: [1, 2, 3, 4, 5],
  hours: [{ weekdays: [1, 2, 3, 4, 5], from: '09:00', to: '17:00' }],
} as const
const place = fc.record({
  night: fc.constantFrom(...nights),
  dayStart: fc.constantFrom(undefined, '04:00' as const),
  minutes: fc.integer({ min: -3 * 24 * 60, max: 2 * 24 * 60 }),
})
const calendarIn = ({
  night: [zone],
  dayStart,
}: {
  night: (typeof nights)[number]
  dayStart: '04:00' | undefined
}) => ({ zone, business, weekStart: 1, ...(dayStart && { dayStart }) }) as CalendarDefinition
const instantIn = ({ night: [, at], minutes }: { night: (typeof nights)[number]; minutes: number }) =>
  utc(at) + minutes * 60_000

const small = fc.integer({ min: 0, max: 4 })
const clock = fc.constantFrom('00:00', '00:30', '02:30', '09:00', '23:59')
const end = fc.constantFrom(true, 'day', 'week', 'month', 'quarter', 'year')
const span = fc.oneof(
  fc.record({ hours: fc.constantFrom(0, 1, 23, 24, 25, 48, 72, 100, 800) }),
  fc.record({ minutes: small }),
  fc.record({ days: fc.oneof(small, fc.constantFrom(7, 27, 28, 29, 30, 31, 32, 59, 90, 365, 366)) }),
  fc.record({ weeks: small }),
  fc.record({ months: fc.oneof(small, fc.constantFrom(11, 12, 24)) }),
  fc.record({ years: small }),
  fc.record({ businessDays: small }),
  fc.record({ workHours: fc.constantFrom(0, 1, 8, 40) }),
  fc.record({ next: fc.record({ weekday: fc.integer({ min: 1, max: 7 }) }) }),
)
const duration = fc
  .tuple(span, fc.option(clock, { freq: 5 }), fc.option(end, { freq: 4 }))
  .map(([of, at, until]) => {
    const exact = 'hours' in of || 'minutes' in of || 'workHours' in of
    if (exact) return of as Duration
    if (at !== null) return { ...of, at } as Duration
    return (until !== null && !('next' in of) ? { ...of, end: until } : of) as Duration
  })

describe('lengths', () => {
  test('what is never longer ends no later, begun together; what is shorter ends earlier', () => {
    let said = 0
    fc.assert(
      fc.property(place, duration, duration, fc.nat({ max: 72 * 60 }), (where, one, other, later) => {
        const definition = calendarIn(where)
        const calendar = calendarOf(definition)
        const [a, b] = [
          { duration: one, calendar: definition },
          { duration: other, calendar: definition },
        ]
        const at = instantIn(where)
        const [first, second] = [calendar.add(at, one), calendar.add(at, other)]
        if (isNoLonger(a, b)) {
          said += 1
          expect(first).toBeLessThanOrEqual(second)
        }
        if (isShorter(a, b)) expect(first).toBeLessThan(second)
        if (isOverBefore(a, b)) expect(first).toBeLessThanOrEqual(calendar.add(at + later * 60_000, other))
        if (isSteady(a)) expect(first).toBeLessThanOrEqual(calendar.add(at + later * 60_000, one))
        if (takesTime(a)) expect(first).toBeGreaterThan(at)
        if (takesNone(a)) expect(first).toBeLessThanOrEqual(at)
        expect(first).toBeLessThan(at + Math.max(reachOf({ window: one, calendar: definition })!, 0) + 1)
      }),
      { numRuns: runs(5000, 400_000) },
    )
    expect(said).toBeGreaterThan(1000)
  }, 600_000)

  test('what is known of months holds wherever they begin', () => {
    const calendar = { zone: 'UTC' }
    for (const [months, days] of [
      [1, 31],
      [2, 62],
      [3, 92],
      [6, 184],
      [12, 366],
    ] as const) {
      const length = (of: Duration) => ({ duration: of, calendar })
      expect(isNoLonger(length({ months }), length({ days }))).toBe(true)
      expect(isNoLonger(length({ months }), length({ days: days - 1 }))).toBe(false)
    }
    expect(isNoLonger({ duration: { days: 28 }, calendar }, { duration: { months: 1 }, calendar })).toBe(true)
    expect(isNoLonger({ duration: { days: 29 }, calendar }, { duration: { months: 1 }, calendar })).toBe(
      false,
    )
  })
})

const units = ['day', 'week', 'month', 'quarter', 'year'] as const
const window: fc.Arbitrary<Window> = fc.oneof(
  duration as fc.Arbitrary<Window>,
  fc.constantFrom(...units).map((unit) => ({ this: unit })),
  fc.constantFrom(...units).map((unit) => ({ previous: unit })),
)

describe('windows', () => {
  test('what counts inside one counts in the one around it; what is in the last two units is in one of them', () => {
    const events = { paid: { amount: integer() } }
    let said = 0
    fc.assert(
      fc.property(place, window, window, fc.nat({ max: 400 * 24 }), (where, one, other, hours) => {
        const calendar = calendarIn(where)
        const context = { events, calendar, kinds: factKinds }
        const at: Instant = instantIn(where)
        const asOf = at + hours * (hours % 2 === 0 ? HOUR / 8 : HOUR)
        const counts = (within: Window) => {
          const fact = { fact: 'count', event: 'paid', within } as const
          const set = new FactSet([fact], context)
          const tracks = set.note(
            set.start,
            { id: 'e', type: 'paid', subject: 'u', occurredAt: at, data: { amount: 1 } },
            'u',
          )
          const condition = { condition: 'gte', fact, value: 1 } as const
          return compileCondition(condition, set, context).holds(tracks, asOf)
        }
        if (isInside({ window: one, calendar }, { window: other, calendar })) {
          said += 1
          if (counts(one)) expect(counts(other)).toBe(true)
        }
        for (const unit of units)
          if (isInLastTwo({ window: one, calendar }, unit, calendar) && counts(one))
            expect(counts({ this: unit }) || counts({ previous: unit })).toBe(true)
      }),
      { numRuns: runs(3000, 200_000) },
    )
    expect(said).toBeGreaterThan(300)
  }, 600_000)
})
