import { describe, expect, test } from 'vitest'
import {
  type Calendar,
  type CalendarDefinition,
  type CalendarUnit,
  calendarOf,
} from '../../src/kernel/calendar.js'
import { type Duration, next } from '../../src/kernel/duration.js'
import { DefinitionError } from '../../src/kernel/errors.js'
import { formatInstant, instant, lastInstant } from '../../src/kernel/instant.js'
import { isZone, transitionsOf } from '../../src/kernel/tzdata.js'

const newYork = calendarOf({ zone: 'America/New_York' })
const shanghai = calendarOf({ zone: 'Asia/Shanghai' })
const utc = calendarOf({ zone: 'UTC' })

/** What a calendar adds to a text, as text in UTC without milliseconds. */
function added(calendar: Calendar, from: string, duration: Duration): string {
  const at = calendar.add(instant(from), duration)
  expect(calendar.adder(duration)(instant(from))).toBe(at)
  return text(at)
}

function text(at: number): string {
  return formatInstant(at).replace(':00.000Z', 'Z')
}

function errorOf(run: () => unknown): DefinitionError {
  try {
    run()
  } catch (error) {
    if (error instanceof DefinitionError) return error
  }
  throw new Error('did not refuse')
}

describe('adding', () => {
  test.each<[string, Calendar, string, Duration, string]>([
    ['24 hours are exact', newYork, '2024-03-09T12:00-05:00', { hours: 24 }, '2024-03-10T17:00Z'],
    [
      'a day keeps the clock, over 23 hours',
      newYork,
      '2024-03-09T12:00-05:00',
      { days: 1 },
      '2024-03-10T16:00Z',
    ],
    [
      'a day keeps the clock, over 25 hours',
      newYork,
      '2024-11-02T12:00-04:00',
      { days: 1 },
      '2024-11-03T17:00Z',
    ],
    ['a skipped 02:30 is 03:30', newYork, '2024-03-09T02:30-05:00', { days: 1 }, '2024-03-10T07:30Z'],
    ['a repeated 01:30 is the first', newYork, '2024-11-02T01:30-04:00', { days: 1 }, '2024-11-03T05:30Z'],
    [
      'no days from the second 01:30 stay there',
      newYork,
      '2024-11-03T01:30-05:00',
      { days: 0 },
      '2024-11-03T06:30Z',
    ],
    [
      'no days at 01:30 are the first',
      newYork,
      '2024-11-03T01:30-05:00',
      { days: 0, at: '01:30' },
      '2024-11-03T05:30Z',
    ],
    ['weeks are seven days', newYork, '2024-03-09T12:00-05:00', { weeks: 1 }, '2024-03-16T16:00Z'],
    ['31 January and a month', utc, '2024-01-31T10:00Z', { months: 1 }, '2024-02-29T10:00Z'],
    ['31 January and two months', utc, '2024-01-31T10:00Z', { months: 2 }, '2024-03-31T10:00Z'],
    ['a month over the new year', utc, '2024-12-31T10:00Z', { months: 2 }, '2025-02-28T10:00Z'],
    ['29 February and a year', utc, '2024-02-29T10:00Z', { years: 1 }, '2025-02-28T10:00Z'],
    ['29 February and four years', utc, '2024-02-29T10:00Z', { years: 4 }, '2028-02-29T10:00Z'],
    ['1900 had no leap day', utc, '1900-02-28T10:00Z', { days: 1 }, '1900-03-01T10:00Z'],
    ['a day at nine', utc, '2024-03-04T21:00Z', { days: 1, at: '09:00' }, '2024-03-05T09:00Z'],
    ['a month at nine', shanghai, '2024-01-31T21:00+08:00', { months: 1, at: '09:00' }, '2024-02-29T01:00Z'],
    ['the end of the day', shanghai, '2024-03-04T21:00+08:00', { days: 90, end: true }, '2024-06-02T16:00Z'],
    [
      'the end of a day from its midnight',
      utc,
      '2024-03-04T00:00Z',
      { days: 1, end: 'day' },
      '2024-03-06T00:00Z',
    ],
    ['the end of today', utc, '2024-03-04T21:00Z', { days: 0, end: true }, '2024-03-05T00:00Z'],
    ['the end of the month', utc, '2024-01-31T21:00Z', { months: 1, end: 'month' }, '2024-03-01T00:00Z'],
    ['the end of the quarter', utc, '2024-01-31T21:00Z', { years: 1, end: 'quarter' }, '2025-04-01T00:00Z'],
    ['the end of the year', shanghai, '2024-12-31T16:00Z', { days: 0, end: 'year' }, '2025-12-31T16:00Z'],
    ['from a Saturday to the next', utc, '2024-03-09T10:00Z', next({ weekday: 6 }), '2024-03-16T10:00Z'],
    ['from a Friday to Saturday', utc, '2024-03-08T10:00Z', next({ weekday: 6 }), '2024-03-09T10:00Z'],
    [
      'from a Sunday to Monday at nine',
      utc,
      '2024-03-10T10:00Z',
      next({ weekday: 1, at: '09:00' }),
      '2024-03-11T09:00Z',
    ],
    [
      'a local Sunday is not one in UTC',
      shanghai,
      '2024-03-09T20:00Z',
      next({ weekday: 7 }),
      '2024-03-16T20:00Z',
    ],
    ['the end of time', utc, '9999-12-31T00:00Z', { years: 10_000 }, '9999-12-31T23:59:59.999Z'],
    ['the end of time, exactly', utc, '9999-12-31T00:00Z', { hours: 24 }, '9999-12-31T23:59:59.999Z'],
    [
      'the end of time, by the clock',
      newYork,
      '9999-12-31T00:00Z',
      { days: 1, end: true },
      '9999-12-31T23:59:59.999Z',
    ],
  ])('%s', (_, calendar, from, duration, expected) => {
    expect(added(calendar, from, duration)).toBe(expected)
  })

  test('what is not a duration is refused before any instant', () => {
    expect(errorOf(() => utc.adder({ days: -1 }))).toMatchObject({ code: 'invalid-duration', path: '$.days' })
  })

  test('what is not an instant is refused', () => {
    for (const at of [Number.NaN, Number.POSITIVE_INFINITY, 1e15])
      expect(errorOf(() => utc.localDay(at))).toMatchObject({ code: 'invalid-instant', value: at })
  })
})

describe('days and their starts', () => {
  test('a day without midnight starts later: Sao Paulo, Beirut', () => {
    const saoPaulo = calendarOf({ zone: 'America/Sao_Paulo' })
    expect(text(saoPaulo.startOf('day', instant('2018-11-04T12:00Z')))).toBe('2018-11-04T03:00Z')
    const beirut = calendarOf({ zone: 'Asia/Beirut' })
    expect(text(beirut.startOf('day', instant('2024-03-31T12:00Z')))).toBe('2024-03-30T22:00Z')
  })

  test('a day that began half an hour late starts there, not an hour after: Toronto 1919', () => {
    const toronto = calendarOf({ zone: 'America/Toronto' })
    const start = toronto.startOf('day', instant('1919-03-31T17:00Z'))
    expect(toronto.local(start)).toMatchObject({ day: 31, hour: 0, minute: 30 })
  })

  test('a date that a zone skipped takes the next: Apia, 30 December 2011', () => {
    const apia = calendarOf({ zone: 'Pacific/Apia' })
    const before = instant('2011-12-29T12:00-10:00')
    expect(apia.localDate(before)).toBe('2011-12-29')
    expect(apia.localDate(apia.add(before, { days: 1 }))).toBe('2011-12-31')
    expect(text(apia.startOfNext('day', before))).toBe('2011-12-30T10:00Z')
    expect(text(apia.instantOf({ year: 2011, month: 12, day: 30, hour: 9 }))).toBe('2011-12-30T19:00Z')
  })

  test('where clocks go back over midnight, the next midnight is still ahead: St John’s', () => {
    const stJohns = calendarOf({ zone: 'America/St_Johns' })
    const second = instant('2006-10-29T02:45Z') // 23:15 again, after 00:00 to 00:01 of the 29th
    expect(stJohns.localDate(second - 15 * 60_000)).toBe('2006-10-29')
    expect(stJohns.localDate(second)).toBe('2006-10-28')
    expect(text(stJohns.startOfNext('day', second))).toBe('2006-10-29T03:30Z')
    expect(text(stJohns.add(second, { days: 0, end: true }))).toBe('2006-10-29T03:30Z')
  })

  test.each<[CalendarUnit, string, string]>([
    ['day', '2024-08-14T16:00Z', '2024-08-15T16:00Z'],
    ['week', '2024-08-11T16:00Z', '2024-08-18T16:00Z'],
    ['month', '2024-07-31T16:00Z', '2024-08-31T16:00Z'],
    ['quarter', '2024-06-30T16:00Z', '2024-09-30T16:00Z'],
    ['year', '2023-12-31T16:00Z', '2024-12-31T16:00Z'],
  ])('a %s in Shanghai', (unit, start, end) => {
    const at = instant('2024-08-15T12:00+08:00')
    expect([text(shanghai.startOf(unit, at)), text(shanghai.startOfNext(unit, at))]).toEqual([start, end])
    expect(shanghai.startOf(unit, shanghai.startOf(unit, at))).toBe(shanghai.startOf(unit, at))
    expect(text(shanghai.startOfNext(unit, shanghai.startOf(unit, at)))).toBe(end)
  })

  test('local fields', () => {
    const at = instant('2024-03-03T21:04:05.678Z')
    expect(shanghai.local(at)).toEqual({
      year: 2024,
      month: 3,
      day: 4,
      hour: 5,
      minute: 4,
      second: 5,
      millisecond: 678,
      weekday: 1,
    })
    expect(shanghai.localDate(at)).toBe('2024-03-04')
    expect(shanghai.localMonth(at)).toBe('2024-03')
    expect(shanghai.localDay(at)).toBe(19_786)
    expect(shanghai.localMonthIndex(at)).toBe(2024 * 12 + 2)
    expect(shanghai.offsetAt(at)).toBe(8 * 3_600_000)
    expect(text(shanghai.instantOfDay(19_786))).toBe('2024-03-03T16:00Z')
  })

  test('local mean time counts seconds: Shanghai before 1901, the first year', () => {
    expect(shanghai.offsetAt(instant('1900-01-01T00:00Z'))).toBe((8 * 3600 + 5 * 60 + 43) * 1000)
    expect(shanghai.localDate(instant('0001-01-01T00:00Z'))).toBe('0001-01-01')
    expect(newYork.localDate(instant('0001-01-01T00:00Z'))).toBe('0000-12-31')
    expect(shanghai.localDate(lastInstant)).toBe('10000-01-01')
  })

  test('half an hour west of Greenwich is west: Monrovia until 1972', () => {
    expect(calendarOf({ zone: 'Africa/Monrovia' }).offsetAt(0)).toBe(-(44 * 60 + 30) * 1000)
  })

  test.each([
    { year: 2024, month: 2, day: 30 },
    { year: 2023, month: 2, day: 29 },
    { year: 2024, month: 13, day: 1 },
    { year: 2024, month: 0, day: 1 },
    { year: 2024, month: 1, day: 1.5 },
    { year: 0, month: 1, day: 1 },
    { year: 10_000, month: 1, day: 1 },
    { year: 2024, month: 1, day: 1, hour: 24 },
    { year: 2024, month: 1, day: 1, minute: -1 },
    { year: 2024, month: 1, day: 1, second: 60 },
    { year: 2024, month: 1, day: 1, millisecond: Number.NaN },
  ])('no instant of %o', (local) => {
    expect(errorOf(() => utc.instantOf(local)).code).toBe('out-of-range')
  })
})

describe('zones', () => {
  const known = [
    'UTC',
    'Asia/Shanghai',
    'Asia/Calcutta',
    'US/Pacific',
    'Etc/GMT-14',
    'America/Argentina/Ushuaia',
    'PRC',
    'Japan',
    'EST5EDT',
    'GMT',
  ]
  test.each(known)('%s is one', (zone) => {
    expect(isZone(zone)).toBe(true)
    expect(calendarOf({ zone }).zone).toBe(zone)
  })

  const unknown = [
    '',
    ' ',
    'local',
    'system',
    '+08:00',
    '-05',
    'Z',
    'GMT+1',
    'UTC+8',
    'CST',
    'PST',
    'IST',
    'Asia/Nowhere',
    'Nowhere/X-05',
    'europe/zurich',
    'Eуrope/Zurich',
    '../../etc/localtime',
    'toString',
    'Toronto',
    ' UTC',
    'UTC\n',
    null,
    undefined,
    8,
    { zone: 'UTC' },
  ]
  test.each(unknown.map((zone) => ({ zone })))('%o is none', ({ zone }) => {
    const error = errorOf(() => calendarOf({ zone } as CalendarDefinition))
    expect(error).toMatchObject({ code: 'invalid-zone', path: '$.calendar.zone', value: zone })
    expect(isZone(zone)).toBe(false)
  })

  test('what was looked up before makes no other spelling known', () => {
    for (const [zone, other] of [
      ['Europe/Zurich', 'europe/zurich'],
      ['UTC', 'utc'],
    ] as const) {
      expect([isZone(zone), isZone(other)]).toEqual([true, false])
    }
  })

  test('a table needs a name for its zone', () => {
    const transitions = { initial: 0, at: [], offsets: [] }
    for (const zone of ['', undefined, 8])
      expect(errorOf(() => calendarOf({ zone, transitions } as unknown as CalendarDefinition))).toMatchObject(
        {
          code: 'invalid-zone',
          path: '$.calendar.zone',
        },
      )
  })

  test('a table stands in for the runtime, and is only as long as it is', () => {
    const from = instant('2024-01-01T00:00Z')
    const transitions = transitionsOf('America/New_York', from, instant('2025-01-01T00:00Z'))
    expect(transitions).toEqual({
      initial: -18_000_000,
      at: [instant('2024-03-10T07:00Z'), instant('2024-11-03T06:00Z')],
      offsets: [-14_400_000, -18_000_000],
    })
    const carried = calendarOf({ zone: 'New York, as agreed', transitions })
    expect(carried.definition).toEqual({ zone: 'New York, as agreed', transitions })
    expect(carried.add(instant('2024-03-09T02:30-05:00'), { days: 1 })).toBe(instant('2024-03-10T07:30Z'))
    expect(carried.offsetAt(instant('2025-07-01T00:00Z'))).toBe(-18_000_000)
    expect(calendarOf({ zone: 'x', transitions: { initial: 0, at: [], offsets: [] } }).localDay(-1)).toBe(-1)
  })

  test('a name or a table that is far too long is refused', () => {
    expect(isZone(`A${'a'.repeat(1_000_000)}`)).toBe(false)
    const at = Array.from({ length: 5001 }, (_, i) => i)
    const transitions = { initial: 0, at, offsets: at.map(() => 0) }
    expect(errorOf(() => calendarOf({ zone: 'x', transitions })).code).toBe('invalid-zone')
  })

  test('a transition is found to the millisecond, wherever the reading begins', () => {
    const change = instant('2024-03-10T07:00Z')
    const until = instant('2024-06-01T00:00Z')
    for (const before of [1, 2, 1000, 2 ** 27, 2 ** 28 - 1, 2 ** 28, 2 ** 28 + 1, 2 ** 29, 1e9])
      expect(transitionsOf('America/New_York', change - before, until).at).toEqual([change])
    expect(transitionsOf('America/New_York', change, until)).toEqual({
      initial: -14_400_000,
      at: [],
      offsets: [],
    })
    expect(transitionsOf('America/New_York', change - 1, change).at).toEqual([])
  })

  test('a table may change often, at the edges of what is read at once too', () => {
    const stretch = 2 ** 38
    const at = [stretch - 1, stretch, stretch + 1, stretch + 2 ** 31, 2 * stretch]
    const offsets = [1, 2, 3, 4, 5].map((hours) => hours * 3_600_000)
    const calendar = calendarOf({ zone: 'x', transitions: { initial: 0, at, offsets } })
    const seen = at.flatMap((change) => [calendar.offsetAt(change - 1), calendar.offsetAt(change)])
    expect(seen.map((offset) => offset / 3_600_000)).toEqual([0, 1, 1, 2, 2, 3, 3, 4, 4, 5])
  })

  test('a table that changes afterwards changes nothing', () => {
    const transitions = { initial: 0, at: [0], offsets: [3_600_000] }
    const calendar = calendarOf({ zone: 'x', transitions })
    transitions.offsets[0] = 0
    expect(calendar.offsetAt(1)).toBe(3_600_000)
  })

  test.each([
    null,
    {},
    [],
    { initial: 0, at: [1], offsets: [] },
    { initial: 0, at: [2, 1], offsets: [0, 0] },
    { initial: 0, at: [1, 1], offsets: [0, 0] },
    { initial: 0.5, at: [], offsets: [] },
    { initial: 57_600_001, at: [], offsets: [] },
    { initial: 0, at: ['1'], offsets: [0] },
  ])('%o is no table', (transitions) => {
    const definition = { zone: 'UTC', transitions } as unknown as CalendarDefinition
    expect(errorOf(() => calendarOf(definition))).toMatchObject({
      code: 'invalid-zone',
      path: '$.calendar.transitions',
    })
  })
})
