import { expectTypeOf, test } from 'vitest'
import { calendarOf } from '../../src/kernel/calendar.js'
import type { Duration } from '../../src/kernel/duration.js'

const take = (duration: Duration): Duration => duration

test('a duration has one unit', () => {
  take({ days: 30 })
  take({ days: 1, at: '09:00' })
  take({ months: 1, end: 'quarter' })
  take({ next: { weekday: 6 }, at: '09:00' })
  take({ businessDays: 3, at: '09:00' })
  take({ businessDays: 0, end: 'week' })
  take({ workHours: 8 })
  take({ months: 1, end: 'fiscal-quarter' })
  // @ts-expect-error work is not counted in dates
  take({ workMinutes: 8, at: '09:00' })
  // @ts-expect-error nor rounded to one
  take({ workHours: 8, end: true })
  // @ts-expect-error business days and days
  take({ businessDays: 1, days: 1 })
  // @ts-expect-error there is no such end
  take({ days: 1, end: 'fiscal' })
  // @ts-expect-error two units
  take({ days: 1, hours: 2 })
  // @ts-expect-error no unit
  take({})
  // @ts-expect-error a misspelt unit
  take({ day: 1 })
  // @ts-expect-error an exact unit has no clock time
  take({ hours: 1, at: '09:00' })
  // @ts-expect-error nor an end
  take({ hours: 1, end: true })
  // @ts-expect-error one of both
  take({ days: 1, at: '09:00', end: true })
  // @ts-expect-error weekdays end at 7
  take({ next: { weekday: 8 } })
  // @ts-expect-error not a clock time
  take({ days: 1, at: '9am' })
  expectTypeOf<Duration['days']>().toEqualTypeOf<number | undefined>()
})

test('a calendar names its zone', () => {
  // @ts-expect-error there is no default
  calendarOf({})
  calendarOf({
    zone: 'UTC',
    dayStart: '04:00',
    weekStart: 7,
    business: { hours: [{ from: '09:00', to: '24:00' }] },
  })
  // @ts-expect-error weekdays end at 7
  calendarOf({ zone: 'UTC', weekStart: 8 })
  const ends = { rule: 'last', weekday: 6, month: 1 } as const
  calendarOf({ zone: 'UTC', fiscal: { pattern: '4-4-5', ends, named: 'end' } })
  // @ts-expect-error no such pattern
  calendarOf({ zone: 'UTC', fiscal: { pattern: '4-4-4', ends, named: 'end' } })
})
