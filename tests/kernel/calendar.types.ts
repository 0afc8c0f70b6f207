import { expectTypeOf, test } from 'vitest'
import { calendarOf } from '../../src/kernel/calendar.js'
import type { Duration } from '../../src/kernel/duration.js'

const take = (duration: Duration): Duration => duration

test('a duration has one unit', () => {
  take({ days: 30 })
  take({ days: 1, at: '09:00' })
  take({ months: 1, end: 'quarter' })
  take({ next: { weekday: 6 }, at: '09:00' })
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
})
