// Business days, work hours, named days: what a definition says, and what follows on the edges.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type CalendarDefinition, calendarOf } from '../../src/kernel/calendar.js'
import { DAY, dateText, dayOfText } from '../../src/kernel/civil.js'
import { type Duration, exactLength } from '../../src/kernel/duration.js'
import { DefinitionError } from '../../src/kernel/errors.js'
import { formatInstant, instant, lastInstant } from '../../src/kernel/instant.js'
import { runs } from '../support/size.js'

const HOUR = 3_600_000
const day = (text: string) => dayOfText(text)!
const text = (at: number) => formatInstant(at).replace(':00.000Z', 'Z')

// Spring Festival 2026: days off from 15 to 23 February, the Saturdays before and after are worked.
const china: CalendarDefinition = {
  zone: 'Asia/Shanghai',
  business: {
    closed: ['2026-02-16', '2026-02-17', '2026-02-18', '2026-02-19', '2026-02-20', '2026-02-23'],
    opened: ['2026-02-14', '2026-02-28'],
    hours: [
      { from: '09:00', to: '12:00' },
      { from: '13:00', to: '18:00' },
    ],
  },
}
const office = calendarOf(china)
const local = (date: string) => instant(`${date}:00+08:00`)
const said = (at: number) => text(at + 8 * HOUR).replace('Z', '')

describe('business days', () => {
  test('are the weekdays, without what is closed, with what is opened', () => {
    const week = Array.from({ length: 17 }, (_, i) => day('2026-02-13') + i)
    expect(week.filter(office.isBusinessDay).map(dateText)).toEqual([
      '2026-02-13',
      '2026-02-14',
      '2026-02-24',
      '2026-02-25',
      '2026-02-26',
      '2026-02-27',
      '2026-02-28',
    ])
  })

  test.each<[string, Duration, string]>([
    ['2026-02-13T10:00', { businessDays: 1 }, '2026-02-14T10:00'],
    ['2026-02-13T10:00', { businessDays: 2 }, '2026-02-24T10:00'],
    ['2026-02-17T10:00', { businessDays: 1 }, '2026-02-24T10:00'],
    ['2026-02-17T10:00', { businessDays: 0 }, '2026-02-24T10:00'],
    ['2026-02-14T10:00', { businessDays: 0 }, '2026-02-14T10:00'],
    ['2026-02-17T10:00', { businessDays: 0, at: '09:00' }, '2026-02-24T09:00'],
    ['2026-02-14T10:00', { businessDays: 0, end: true }, '2026-02-15T00:00'],
    ['2026-02-13T10:00', { businessDays: 2, end: 'week' }, '2026-03-02T00:00'],
    ['2026-02-13T10:00', { businessDays: 5, at: '09:30' }, '2026-02-27T09:30'],
  ])('%s and %o', (from, duration, expected) => {
    expect(said(office.add(local(from), duration))).toBe(expected)
  })

  test('ten thousand of them are found at once, and end with time', () => {
    const start = local('2026-03-02T10:00')
    const plain = calendarOf({ zone: 'Asia/Shanghai', business: {} })
    expect(plain.add(start, { businessDays: 10_000 })).toBe(start + 14_000 * DAY)
    expect(plain.add(start, { businessDays: 3_652_425 })).toBe(lastInstant)
  })

  test('is a calendar of its own: who counts them says which', () => {
    const none = calendarOf({ zone: 'UTC' })
    const days = calendarOf({ zone: 'UTC', business: {} })
    for (const [run, path] of [
      [() => none.add(0, { businessDays: 1 }), '$.calendar.business'],
      [() => none.isBusinessDay(0), '$.calendar.business'],
      [() => none.adder({ workHours: 1 }), '$.calendar.business'],
      [() => days.adder({ workMinutes: 1 }), '$.calendar.business.hours'],
      [() => days.isOpen(0), '$.calendar.business.hours'],
      [() => days.workedBetween(0, 1), '$.calendar.business.hours'],
      [() => none.adder({ days: 1, end: 'fiscal-year' }), '$.calendar.fiscal'],
      [() => none.startOf('fiscal-month', 0), '$.calendar.fiscal'],
      [() => none.fiscalPeriod(0), '$.calendar.fiscal'],
    ] as const)
      expect(run).toThrow(expect.objectContaining({ code: 'missing', path }))
  })
})

describe('work hours', () => {
  test.each<[string, Duration, string]>([
    ['2026-02-13T10:00', { workHours: 1 }, '2026-02-13T11:00'],
    ['a day’s work ends at closing', { workHours: 8 }, '2026-02-13T18:00'],
    ['2026-02-13T11:30', { workMinutes: 60 }, '2026-02-13T13:30'],
    ['2026-02-13T12:30', { workMinutes: 30 }, '2026-02-13T13:30'],
    ['2026-02-13T19:00', { workMinutes: 1 }, '2026-02-14T09:01'],
    ['2026-02-13T17:00', { workHours: 10 }, '2026-02-24T10:00'],
    ['2026-02-17T03:00', { workHours: 3 }, '2026-02-24T12:00'],
    ['2026-02-17T03:00', { workHours: 0 }, '2026-02-17T03:00'],
    ['2026-02-13T10:00', { workHours: 80 }, '2026-03-05T10:00'],
  ])('%s and %o', (from, duration, expected) => {
    const start = from.startsWith('a day') ? '2026-02-13T09:00' : from
    expect(said(office.add(local(start), duration))).toBe(expected)
  })

  test('open and worked', () => {
    const open = (at: string) => office.isOpen(local(at))
    expect(
      ['09:00', '11:59', '12:00', '13:00', '17:59', '18:00'].map((at) => open(`2026-02-14T${at}`)),
    ).toEqual([true, true, false, true, true, false])
    expect(open('2026-02-15T10:00')).toBe(false)
    const worked = (from: string, to: string) => office.workedBetween(local(from), local(to)) / HOUR
    expect(worked('2026-02-13T17:00', '2026-02-24T10:00')).toBe(1 + 8 + 1)
    expect(worked('2026-02-24T10:00', '2026-02-13T17:00')).toBe(-10)
    expect(worked('2026-01-01T00:00', '2027-01-01T00:00')).toBe(8 * (261 - 6 + 2))
  })

  test('where clocks change, as long as time was', () => {
    const night = {
      zone: 'America/New_York',
      business: {
        weekdays: [6, 7],
        hours: [{ from: '00:00', to: '06:00' }],
      },
    } as const
    const calendar = calendarOf(night)
    const worked = (from: string, to: string) => calendar.workedBetween(instant(from), instant(to)) / HOUR
    expect(worked('2026-03-08T00:00-05:00', '2026-03-09T00:00-04:00')).toBe(5)
    expect(worked('2026-11-01T00:00-04:00', '2026-11-02T00:00-05:00')).toBe(7)
    expect(worked('2026-01-01T00:00-05:00', '2027-01-01T00:00-05:00')).toBe(104 * 6)
    expect(text(calendar.add(instant('2026-03-08T00:00-05:00'), { workHours: 5 }))).toBe('2026-03-08T10:00Z')
    // 01:30 comes twice; a stretch that ends at 01:30 ends at the first.
    const early = calendarOf({
      ...night,
      business: { weekdays: [7], hours: [{ from: '00:00', to: '01:30' }] },
    })
    expect(early.isOpen(instant('2026-11-01T01:15-04:00'))).toBe(true)
    expect(early.isOpen(instant('2026-11-01T01:15-05:00'))).toBe(false)
  })

  test('clocks set back over the start of a day do not close it again', () => {
    const early = calendarOf({
      zone: 'America/New_York',
      dayStart: '01:30',
      business: { weekdays: [7], hours: [{ from: '01:30', to: '05:00' }] },
    })
    // Saturday by the clock once more, but the day's work has begun.
    const between = instant('2026-11-01T01:15-05:00')
    expect(early.localDate(between)).toBe('2026-10-31')
    expect(early.isOpen(between)).toBe(true)
    expect(early.add(between, { workMinutes: 60 })).toBe(between + HOUR)
    expect(early.workedBetween(instant('2026-11-01T01:30-04:00'), between)).toBe(0.75 * HOUR)
  })

  test('over midnight, where days start later', () => {
    const bar = calendarOf({
      zone: 'Europe/Berlin',
      dayStart: '06:00',
      business: { weekdays: [5, 6], hours: [{ from: '20:00', to: '04:00' }] },
    })
    const friday = instant('2026-05-15T20:00+02:00')
    expect(bar.isOpen(friday + 7 * HOUR)).toBe(true)
    expect(bar.isOpen(friday + 8 * HOUR)).toBe(false)
    expect(bar.add(friday, { workHours: 9 })).toBe(friday + 25 * HOUR)
    // Sunday morning still is Saturday.
    expect(bar.add(friday, { workHours: 16 })).toBe(instant('2026-05-17T04:00+02:00'))
    expect(bar.isBusinessDay(bar.localDay(instant('2026-05-17T03:00+02:00')))).toBe(true)
  })

  test('hours by weekday; an opened date without any takes those of the first weekday that has some', () => {
    const shop = calendarOf({
      zone: 'UTC',
      business: {
        weekdays: [1, 2, 6],
        opened: ['2026-02-15', '2026-02-12'],
        hours: [
          { weekdays: [2, 4], from: '08:00', to: '10:00' },
          { weekdays: [6], from: '10:00', to: '24:00' },
          { weekdays: [2], from: '12:00', to: '13:00' },
        ],
      },
    })
    const hours = (date: string) =>
      shop.workedBetween(instant(`${date}T00:00Z`), instant(`${date}T00:00Z`) + DAY) / HOUR
    const dates = ['2026-02-09', '2026-02-10', '2026-02-12', '2026-02-14', '2026-02-15']
    expect(dates.map(hours)).toEqual([0, 3, 2, 14, 3])
  })

  test('to the millisecond: what is added was worked, and an instant less was not enough', () => {
    const zones = ['America/New_York', 'Europe/Berlin', 'Australia/Lord_Howe', 'Pacific/Apia', 'UTC']
    const calendars = zones.map((zone) =>
      calendarOf({
        zone,
        dayStart: '02:00',
        business: {
          weekdays: [1, 2, 3, 5, 7],
          closed: ['2024-03-11', '2011-12-28'],
          opened: ['2024-03-09', '2011-12-30'],
          hours: [
            { from: '02:00', to: '03:30' },
            { weekdays: [5, 7], from: '22:15', to: '01:45' },
          ],
        },
      }),
    )
    fc.assert(
      fc.property(
        fc.constantFrom(...calendars),
        fc.oneof(
          fc.integer({ min: Date.UTC(2023, 0), max: Date.UTC(2026, 0) }),
          fc.integer({ min: Date.UTC(2011, 11, 20), max: Date.UTC(2012, 0, 4) }),
        ),
        fc.oneof(fc.integer({ min: 1, max: 3000 }), fc.integer({ min: 1, max: 400_000 })),
        (calendar, from, workMinutes) => {
          const to = calendar.add(from, { workMinutes })
          expect(calendar.workedBetween(from, to)).toBe(workMinutes * 60_000)
          expect(calendar.workedBetween(from, to - 1)).toBe(workMinutes * 60_000 - 1)
          expect(calendar.isOpen(to - 1)).toBe(true)
          const middle = Math.floor((from + to) / 2)
          const parts = calendar.workedBetween(from, middle) + calendar.workedBetween(middle, to)
          expect(parts).toBe(workMinutes * 60_000)
        },
      ),
      { numRuns: runs(400, 20_000) },
    )
  })

  test('one minute a week makes no hour before time ends', () => {
    const rare = calendarOf({
      zone: 'UTC',
      business: { weekdays: [1], hours: [{ from: '00:00', to: '00:01' }] },
    })
    expect(rare.add(lastInstant - 9 * DAY, { workHours: 1 })).toBe(lastInstant)
    expect(rare.workedBetween(lastInstant - 9 * DAY, lastInstant)).toBe(60_000)
    expect(rare.isOpen(lastInstant)).toBe(false)
  })

  test('are not exact, and not dates', () => {
    expect(exactLength({ workHours: 1 })).toBeUndefined()
  })
})

test('a definition that changes afterwards changes nothing', () => {
  const closed = ['2026-02-16']
  const calendar = calendarOf({ zone: 'UTC', business: { closed } })
  closed.push('2026-02-17')
  expect(calendar.isBusinessDay(day('2026-02-17'))).toBe(true)
})

describe('named days', () => {
  const shop = calendarOf({
    zone: 'Asia/Shanghai',
    named: {
      'double-eleven': [
        { from: '2025-11-11', to: '2025-11-12' },
        { from: '2026-11-11', to: '2026-11-12' },
      ],
      '618': [{ from: '2026-06-16', to: '2026-06-21' }],
    },
  })

  test('last up to, but without, their last date', () => {
    expect(shop.named('double-eleven').map(({ from, to }) => [said(from), said(to)])).toEqual([
      ['2025-11-11T00:00', '2025-11-12T00:00'],
      ['2026-11-11T00:00', '2026-11-12T00:00'],
    ])
    const at = (date: string) => shop.isNamed('618', local(date))
    expect([
      at('2026-06-15T23:59'),
      at('2026-06-16T00:00'),
      at('2026-06-20T23:59'),
      at('2026-06-21T00:00'),
    ]).toEqual([false, true, true, false])
  })

  test('that no one named are refused', () => {
    for (const name of ['double-twelve', 'toString', ''])
      expect(() => shop.named(name)).toThrow(expect.objectContaining({ code: 'unknown-name' }))
    expect(() => calendarOf({ zone: 'UTC' }).isNamed('618', 0)).toThrow(DefinitionError)
  })
})

describe('refused, with its path', () => {
  const hours = [{ from: '09:00', to: '17:00' }]
  test.each<[unknown, string, string]>([
    [{ dayStart: '4:00' }, 'out-of-range', '.dayStart'],
    [{ dayStart: '24:00' }, 'out-of-range', '.dayStart'],
    [{ weekStart: 0 }, 'out-of-range', '.weekStart'],
    [{ weekStart: '1' }, 'out-of-range', '.weekStart'],
    [{ business: [] }, 'wrong-type', '.business'],
    [{ business: null }, 'wrong-type', '.business'],
    [{ business: { hours: null } }, 'wrong-type', '.business.hours'],
    [{ business: { closed: null } }, 'wrong-type', '.business.closed'],
    [{ named: null }, 'wrong-type', '.named'],
    [{ business: { weekdays: [] } }, 'out-of-range', '.business.weekdays'],
    [{ business: { weekdays: 5 } }, 'wrong-type', '.business.weekdays'],
    [{ business: { weekdays: [1, 8] } }, 'out-of-range', '.business.weekdays'],
    [{ business: { closed: '2026-01-01' } }, 'wrong-type', '.business.closed'],
    [{ business: { closed: ['2026-02-30'] } }, 'out-of-range', '.business.closed[0]'],
    [{ business: { closed: ['2026-1-1'] } }, 'out-of-range', '.business.closed[0]'],
    [{ business: { opened: ['2026-01-01', '0000-01-01'] } }, 'out-of-range', '.business.opened[1]'],
    [
      { business: { closed: ['2026-01-01'], opened: ['2026-01-02', '2026-01-01'] } },
      'duplicate-name',
      '.business.opened[1]',
    ],
    [{ business: { closed: ['2026-01-01', '2026-01-01'] } }, 'duplicate-name', '.business.closed[1]'],
    [{ business: { hours: {} } }, 'wrong-type', '.business.hours'],
    [{ business: { hours: [] } }, 'out-of-range', '.business.hours'],
    [{ business: { hours: ['09:00'] } }, 'wrong-type', '.business.hours[0]'],
    [{ business: { hours: [{ ...hours[0], from: '24:00' }] } }, 'out-of-range', '.business.hours[0].from'],
    [{ business: { hours: [{ ...hours[0], to: '9am' }] } }, 'out-of-range', '.business.hours[0].to'],
    [{ business: { hours: [{ from: '17:00', to: '09:00' }] } }, 'out-of-range', '.business.hours[0].to'],
    [{ business: { hours: [{ from: '17:00', to: '17:00' }] } }, 'out-of-range', '.business.hours[0].to'],
    [
      { dayStart: '06:00', business: { hours: [{ from: '05:00', to: '07:00' }] } },
      'out-of-range',
      '.business.hours[0].to',
    ],
    [
      { business: { hours: [...hours, { from: '16:59', to: '18:00' }] } },
      'out-of-range',
      '.business.hours[1]',
    ],
    [{ business: { hours: [{ ...hours[0], weekdays: [6] }] } }, 'out-of-range', '.business.hours'],
    [{ business: { hours: [{ ...hours[0], weekdays: [] }] } }, 'out-of-range', '.business.hours[0].weekdays'],
    [{ fiscal: null }, 'wrong-type', '.fiscal'],
    [{ fiscal: { pattern: '4-4-4' } }, 'unknown-name', '.fiscal.pattern'],
    [{ fiscal: { pattern: '4-4-5' } }, 'wrong-type', '.fiscal.ends'],
    [
      { fiscal: { pattern: '4-4-5', ends: { rule: 'first', weekday: 6, month: 1 }, named: 'end' } },
      'unknown-name',
      '.fiscal.ends.rule',
    ],
    [
      { fiscal: { pattern: '4-4-5', ends: { rule: 'last', weekday: 0, month: 1 }, named: 'end' } },
      'unknown-name',
      '.fiscal.ends.weekday',
    ],
    [
      { fiscal: { pattern: '4-4-5', ends: { rule: 'last', weekday: 6, month: 13 }, named: 'end' } },
      'unknown-name',
      '.fiscal.ends.month',
    ],
    [
      { fiscal: { pattern: '4-4-5', ends: { rule: 'last', weekday: 6, month: 1 } } },
      'unknown-name',
      '.fiscal.named',
    ],
    [{ named: [] }, 'wrong-type', '.named'],
    [{ named: { sale: {} } }, 'wrong-type', '.named.sale'],
    [{ named: { sale: [null] } }, 'wrong-type', '.named.sale[0]'],
    [{ named: { sale: [{ from: 'x', to: '2026-01-01' }] } }, 'out-of-range', '.named.sale[0].from'],
    [{ named: { sale: [{ from: '2026-01-01', to: '2026-01-01' }] } }, 'out-of-range', '.named.sale[0].to'],
    [
      {
        named: {
          sale: [
            { from: '2026-01-02', to: '2026-01-04' },
            { from: '2026-01-03', to: '2026-01-05' },
          ],
        },
      },
      'out-of-range',
      '.named.sale[1].from',
    ],
  ])('%j', (options, code, where) => {
    const define = () => calendarOf({ zone: 'UTC', ...(options as object) })
    expect(define).toThrow(expect.objectContaining({ code, path: `$.calendar${where}` }))
  })
})
