// Deadlines of millions beside `calendar.adder`: every zone, every change of its clocks, every unit.
import fc from 'fast-check'
import { calendarOf, type Duration, instant, transitionsOf } from 'liuliang/kernel'
import { expect, test } from 'vitest'
import { deadlinesIn } from '../../../src/lifecycle/batch/deadline.js'
import { runs } from '../../support/size.js'

const zones = [
  'America/New_York',
  'America/St_Johns',
  'Australia/Lord_Howe',
  'Antarctica/Troll',
  'Asia/Shanghai',
  'Pacific/Apia',
  'UTC',
]
const HOUR = 3_600_000
const from = instant('2005-01-01T00:00:00Z')
const until = instant('2026-01-01T00:00:00Z')

/** Instants anywhere, and within days of a change of clocks: of what is counted from, or of where that leads. */
const changesOf = new Map(zones.map((zone) => [zone, transitionsOf(zone, from, until).at]))
const moments = fc.constantFrom(...zones).chain((zone) => {
  const changes = changesOf.get(zone)!
  const near = fc
    .tuple(
      fc.constantFrom(from, ...changes),
      fc.integer({ min: -96, max: 96 }),
      fc.constantFrom(-1, 0, 1, 1_799_999),
      fc.constantFrom(0, 1, 30, 45, 180),
    )
    .map(([change, hours, odd, back]) => change + hours * HOUR + odd - back * 24 * HOUR)
  return fc.tuple(fc.constant(zone), fc.oneof(near, fc.integer({ min: from, max: until })))
})

const spans: fc.Arbitrary<Duration> = fc.oneof(
  fc.constantFrom(0, 1, 2, 7, 30, 45, 180, 400).map((days) => ({ days })),
  fc.integer({ min: 0, max: 60 }).map((weeks) => ({ weeks })),
  fc.constantFrom<Duration>(
    { months: 1 },
    { days: 3, end: true },
    { days: 1, at: '02:30' },
    { hours: 700 },
    { years: 1 },
  ),
  fc.constantFrom<Duration>(
    { next: { weekday: 1 } },
    { days: 0, at: '00:00' },
    { businessDays: 3 },
    { workHours: 20 },
  ),
)

test('a deadline is the adder of the calendar, and no sooner than it says', () => {
  const business = { weekdays: [1, 2, 3, 4, 5], hours: [{ from: '09:00', to: '17:00' }] } as const
  const made = new Map(
    zones.map((zone) => {
      const calendar = calendarOf({ zone, business: business as never })
      return [zone, { calendar, deadlines: deadlinesIn(calendar) }]
    }),
  )
  fc.assert(
    fc.property(moments, spans, ([zone, at], span) => {
      const { calendar, deadlines } = made.get(zone)!
      const deadline = deadlines.of(span)
      const due = deadline.add(at)
      expect(due).toBe(calendar.add(at, span))
      expect(due - at).toBeGreaterThanOrEqual(deadline.least)
    }),
    { numRuns: runs(2000, 500_000) },
  )
})
