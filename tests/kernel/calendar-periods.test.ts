// Days that start late, weeks that start elsewhere, fiscal years.
import { describe, expect, test } from 'vitest'
import { type CalendarUnit, calendarOf } from '../../src/kernel/calendar.js'
import { dateText, dayOfText } from '../../src/kernel/civil.js'
import type { Duration } from '../../src/kernel/duration.js'
import type { FiscalDefinition } from '../../src/kernel/fiscal.js'
import { formatInstant, instant } from '../../src/kernel/instant.js'
import { calendarSchema, readDefinition } from '../../src/kernel/schema.js'

const text = (at: number) => formatInstant(at).replace(':00.000Z', 'Z')

describe('days that start at four', () => {
  const club = calendarOf({ zone: 'Europe/Berlin', dayStart: '04:00' })
  const late = instant('2026-05-01T02:30+02:00') // the night of 30 April

  test('give the small hours to the day before', () => {
    expect(club.localDate(late)).toBe('2026-04-30')
    expect(club.localMonth(late)).toBe('2026-04')
    expect(club.localMonthIndex(late)).toBe(2026 * 12 + 3)
    expect(club.localDate(instant('2026-05-01T04:00+02:00'))).toBe('2026-05-01')
    expect(club.isoWeek(instant('2026-05-04T03:59+02:00')).text).toBe('2026-W18')
  })

  test('leave the clock on the wall as it is', () => {
    expect(club.local(late)).toMatchObject({ month: 5, day: 1, hour: 2, minute: 30, weekday: 5 })
    expect(club.instantOf(club.local(late))).toBe(late)
  })

  test.each<[CalendarUnit, string, string]>([
    ['day', '2026-04-30T02:00Z', '2026-05-01T02:00Z'],
    ['week', '2026-04-27T02:00Z', '2026-05-04T02:00Z'],
    ['month', '2026-04-01T02:00Z', '2026-05-01T02:00Z'],
    ['quarter', '2026-04-01T02:00Z', '2026-07-01T02:00Z'],
    ['year', '2026-01-01T03:00Z', '2027-01-01T03:00Z'],
  ])('a %s', (unit, start, end) => {
    expect([text(club.startOf(unit, late)), text(club.startOfNext(unit, late))]).toEqual([start, end])
    expect(club.startOf('day', club.instantOfDay(20_000))).toBe(club.instantOfDay(20_000))
  })

  test.each<[string, Duration, string]>([
    ['the same time', { days: 1 }, '2026-05-02T00:30Z'],
    ['the end of the day', { days: 0, end: true }, '2026-05-01T02:00Z'],
    ['the end of the next', { days: 1, end: true }, '2026-05-02T02:00Z'],
    ['nine in the morning of the next day', { days: 1, at: '09:00' }, '2026-05-01T07:00Z'],
    ['three at night, which ends the day', { days: 0, at: '03:00' }, '2026-05-01T01:00Z'],
    ['a month from the 30th', { months: 1 }, '2026-05-31T00:30Z'],
    ['next Friday is the coming day', { next: { weekday: 5 }, at: '12:00' }, '2026-05-01T10:00Z'],
  ])('%s', (_, duration, expected) => {
    expect(text(club.add(late, duration))).toBe(expected)
  })

  test('begin when clocks skip the time, and at the first of two', () => {
    const newYork = calendarOf({ zone: 'America/New_York', dayStart: '02:30' })
    expect(text(newYork.startOf('day', instant('2026-03-08T12:00-04:00')))).toBe('2026-03-08T07:00Z')
    const two = calendarOf({ zone: 'America/New_York', dayStart: '01:30' })
    expect(text(two.startOf('day', instant('2026-11-01T12:00-05:00')))).toBe('2026-11-01T05:30Z')
    // Between the two, the clock once more reads the day before; its end is the second.
    const between = instant('2026-11-01T01:15-05:00')
    expect(two.localDate(between)).toBe('2026-10-31')
    expect(text(two.startOfNext('day', between))).toBe('2026-11-01T06:30Z')
  })

  test('midnight, written, changes nothing', () => {
    const plain = calendarOf({ zone: 'Europe/Berlin' })
    const written = calendarOf({ zone: 'Europe/Berlin', dayStart: '00:00', weekStart: 1 })
    for (const span of [{ days: 3 }, { months: 1, end: 'week' }, { days: 1, at: '00:00' }] as const)
      expect(written.add(late, span)).toBe(plain.add(late, span))
  })
})

describe('weeks', () => {
  const of = (weekStart: 1 | 6 | 7) => calendarOf({ zone: 'UTC', weekStart })
  const at = (date: string) => instant(`${date}T12:00Z`)

  test.each([
    [1, '2026-03-02', '2026-03-09'],
    [6, '2026-03-07', '2026-03-14'],
    [7, '2026-03-08', '2026-03-15'],
  ] as const)('from %i', (weekStart, start, next) => {
    const calendar = of(weekStart)
    const sunday = at('2026-03-08')
    expect(text(calendar.startOf('week', sunday))).toBe(`${start}T00:00Z`)
    expect(text(calendar.startOfNext('week', sunday))).toBe(`${next}T00:00Z`)
    expect(text(calendar.add(sunday, { days: 0, end: 'week' }))).toBe(`${next}T00:00Z`)
  })

  // ISO 8601: week 1 holds the first Thursday.
  test.each([
    ['2004-12-31', '2004-W53'],
    ['2005-01-01', '2004-W53'],
    ['2005-01-03', '2005-W01'],
    ['2008-12-29', '2009-W01'],
    ['2009-12-31', '2009-W53'],
    ['2010-01-03', '2009-W53'],
    ['2024-12-30', '2025-W01'],
    ['2026-12-31', '2026-W53'],
  ])('%s lies in %s', (date, week) => {
    expect(of(1).isoWeek(at(date)).text).toBe(week)
    expect(of(1).weekOf(at(date))).toEqual(of(7).isoWeek(at(date)))
  })

  // United States: week 1 holds 1 January; Sunday 28 December 2025 begins it for 2026.
  test.each([
    ['2025-12-27', 2025, 52],
    ['2025-12-28', 2026, 1],
    ['2026-01-01', 2026, 1],
    ['2026-01-03', 2026, 1],
    ['2026-01-04', 2026, 2],
    ['2022-12-31', 2022, 53],
    ['2023-01-01', 2023, 1],
  ])('%s is in week %i-%i from Sunday', (date, year, week) => {
    expect(of(7).weekOf(at(date))).toMatchObject({ year, week })
  })
})

describe('fiscal years', () => {
  // The National Retail Federation's: 4-5-4, to the Saturday nearest to 31 January, named for the year it begins in.
  const nrf: FiscalDefinition = {
    pattern: '4-5-4',
    ends: { rule: 'nearest', weekday: 6, month: 1 },
    named: 'start',
  }
  const retail = calendarOf({ zone: 'America/New_York', fiscal: nrf })
  const at = (date: string) => instant(`${date}T12:00-05:00`)
  const first = (unit: CalendarUnit, date: string) => retail.localDate(retail.startOf(unit, at(date)))
  const next = (unit: CalendarUnit, date: string) => retail.localDate(retail.startOfNext(unit, at(date)))

  // Published by the NRF: first days, and the years of 53 weeks.
  test.each([
    [2022, '2022-01-30', 52],
    [2023, '2023-01-29', 53],
    [2024, '2024-02-04', 52],
    [2025, '2025-02-02', 52],
    [2026, '2026-02-01', 52],
  ])('%i of retail begins on %s and has %i weeks', (year, start, weeks) => {
    expect(retail.fiscalPeriod(at(start))).toEqual({ year, quarter: 1, month: 1, week: 1 })
    expect(first('fiscal-year', start)).toBe(start)
    const end = next('fiscal-year', start)
    expect((dayOfText(end)! - dayOfText(start)!) / 7).toBe(weeks)
    expect(retail.fiscalPeriod(at(dateText(dayOfText(end)! - 1)))).toEqual({
      year,
      quarter: 4,
      month: 12,
      week: weeks,
    })
  })

  test('years of 53 weeks from 2000 to 2030', () => {
    const long = Array.from({ length: 31 }, (_, i) => 2000 + i).filter((year) => {
      const middle = at(`${year}-06-15`)
      return (
        Math.round(
          (retail.startOfNext('fiscal-year', middle) - retail.startOf('fiscal-year', middle)) / 604_800_000,
        ) === 53
      )
    })
    expect(long).toEqual([2000, 2006, 2012, 2017, 2023, 2028])
  })

  test('months of four, five and four weeks; a 53rd week goes to the last', () => {
    expect(first('fiscal-month', '2024-03-10')).toBe('2024-03-03')
    expect(next('fiscal-month', '2024-03-10')).toBe('2024-04-07')
    expect(next('fiscal-month', '2024-04-10')).toBe('2024-05-05')
    expect(next('fiscal-quarter', '2024-03-10')).toBe('2024-05-05')
    expect([first('fiscal-month', '2024-02-03'), next('fiscal-month', '2024-02-03')]).toEqual([
      '2023-12-31',
      '2024-02-04',
    ])
    expect(first('fiscal-quarter', '2024-02-03')).toBe('2023-10-29')
    expect(retail.fiscalPeriod(at('2024-01-30'))).toEqual({ year: 2023, quarter: 4, month: 12, week: 53 })
  })

  test('a duration to the end of one', () => {
    const end = (unit: 'fiscal-month' | 'fiscal-quarter' | 'fiscal-year') =>
      retail.localDate(retail.add(at('2024-03-10'), { days: 0, end: unit }))
    expect([end('fiscal-month'), end('fiscal-quarter'), end('fiscal-year')]).toEqual([
      '2024-04-07',
      '2024-05-05',
      '2025-02-02',
    ])
  })

  test('to the last Saturday of September, named for its end', () => {
    const calendar = calendarOf({
      zone: 'UTC',
      fiscal: { pattern: '4-4-5', ends: { rule: 'last', weekday: 6, month: 9 }, named: 'end' },
    })
    const starts = (date: string) =>
      calendar.localDate(calendar.startOf('fiscal-year', instant(`${date}T12:00Z`)))
    expect(starts('2023-06-01')).toBe('2022-09-25')
    expect(starts('2024-06-01')).toBe('2023-10-01')
    expect(calendar.fiscalPeriod(instant('2023-09-30T12:00Z'))).toEqual({
      year: 2023,
      quarter: 4,
      month: 12,
      week: 53,
    })
    expect(calendar.fiscalPeriod(instant('2023-10-01T12:00Z'))).toEqual({
      year: 2024,
      quarter: 1,
      month: 1,
      week: 1,
    })
  })

  test('to the end of December: a year may begin in the one before, and keeps its number', () => {
    const fiscal = { pattern: '5-4-4', ends: { rule: 'nearest', weekday: 7, month: 12 } } as const
    for (const named of ['start', 'end'] as const) {
      const calendar = calendarOf({ zone: 'UTC', fiscal: { ...fiscal, named } })
      expect(calendar.fiscalPeriod(instant('2024-12-30T12:00Z'))).toMatchObject({ year: 2025, week: 1 })
      expect(calendar.fiscalPeriod(instant('2027-01-02T12:00Z'))).toMatchObject({
        year: 2026,
        week: 53,
        month: 12,
      })
    }
  })
})

describe('as JSON', () => {
  const whole = {
    zone: 'Asia/Shanghai',
    transitions: { initial: 0, at: [0], offsets: [28_800_000] },
    dayStart: '04:00',
    weekStart: 7,
    fiscal: { pattern: '4-4-5', ends: { rule: 'last', weekday: 6, month: 1 }, named: 'end' },
    business: {
      weekdays: [1, 2, 3],
      closed: ['2026-01-01'],
      opened: ['2026-01-03'],
      hours: [{ weekdays: [1], from: '09:00', to: '24:00' }],
    },
    named: { sale: [{ from: '2026-11-11', to: '2026-11-12' }] },
  }
  const read = (json: unknown) => readDefinition(calendarSchema(), json)

  test('a calendar of everything is read as it is, and is one', () => {
    expect(read(whole)).toEqual(whole)
    expect(calendarOf(read(whole)).definition).toEqual(whole)
    expect(read({ zone: 'UTC' })).toEqual({ zone: 'UTC' })
  })

  test.each<[object, string, string]>([
    [{ weekstart: 1 }, 'unknown-key', '$.weekstart'],
    [{ weekStart: 8 }, 'out-of-range', '$.weekStart'],
    [{ weekStart: 'monday' }, 'wrong-type', '$.weekStart'],
    [{ fiscal: { ...whole.fiscal, pattern: '5-5-3' } }, 'unknown-name', '$.fiscal.pattern'],
    [{ business: { holidays: [] } }, 'unknown-key', '$.business.holidays'],
    [{ business: { closed: [20_000] } }, 'wrong-type', '$.business.closed[0]'],
    [{ business: { hours: [{ from: '09:00' }] } }, 'missing', '$.business.hours[0].to'],
    [{ named: { sale: [{ from: '2026-11-11', until: '2026-11-12' }] } }, 'missing', '$.named.sale[0].to'],
  ])('%j is refused', (options, code, path) => {
    expect(() => read({ zone: 'UTC', ...options })).toThrow(expect.objectContaining({ code, path }))
  })
})
