import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { calendarOf, type LocalTime } from '../../src/kernel/calendar.js'
import { checkDuration, type Duration } from '../../src/kernel/duration.js'
import { type Instant, instant, lastInstant } from '../../src/kernel/instant.js'
import { explainDuration } from '../../src/kernel/language/print.js'
import { transitionsOf } from '../../src/kernel/tzdata.js'
import { runs } from '../support/size.js'

/** Chosen for what they do: half hours, midnight changes, Ramadan, a skipped date, 24 hours of overlap, seconds. */
const zones = [
  'UTC',
  'Asia/Shanghai',
  'America/New_York',
  'America/St_Johns',
  'America/Sao_Paulo',
  'America/Toronto',
  'America/Juneau',
  'Europe/Dublin',
  'Africa/Casablanca',
  'Africa/Cairo',
  'Africa/Monrovia',
  'Asia/Beirut',
  'Asia/Gaza',
  'Asia/Kathmandu',
  'Asia/Manila',
  'Australia/Lord_Howe',
  'Antarctica/Troll',
  'Pacific/Apia',
  'Pacific/Kwajalein',
]

// The second implementation: fields straight from Intl, instants by trying every offset that a zone has near them.

const formats = new Map<string, Intl.DateTimeFormat>()

/** Local time as if it were UTC, to the second. */
function slowLocal(zone: string, at: Instant): number {
  const format =
    formats.get(zone) ??
    new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      calendar: 'gregory',
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    })
  formats.set(zone, format)
  const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]))
  const of = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? 0
  return Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'), of('second'))
}

function slowOffset(zone: string, at: Instant): number {
  const second = Math.floor(at / 1000) * 1000
  return slowLocal(zone, second) - second
}

/** The earliest instant of a local time; where it was skipped, read with the offset that held before. */
function slowInstant(zone: string, local: number): Instant {
  const offsets = new Set<number>()
  for (let hours = -30; hours <= 30; hours++) offsets.add(slowOffset(zone, local + hours * 3_600_000))
  const found = [...offsets]
    .map((offset) => local - offset)
    .filter((at) => at + slowOffset(zone, at) === local)
  return found.length > 0 ? Math.min(...found) : local - slowOffset(zone, local - 30 * 3_600_000)
}

/** Days and months on the local clock, by the host's own UTC dates. */
function slowAdd(
  zone: string,
  at: Instant,
  { months = 0, days = 0 }: { months?: number; days?: number },
): Instant {
  if (months === 0 && days === 0) return at
  const local = at + slowOffset(zone, at)
  const date = new Date(local)
  const day = date.getUTCDate()
  date.setUTCDate(1)
  date.setUTCMonth(date.getUTCMonth() + months)
  const last = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate()
  date.setUTCDate(Math.min(day, last) + days)
  return slowInstant(zone, date.getTime())
}

const zone = fc.constantFrom(...zones)
const transitions = new Map(
  zones.map((name) => [name, transitionsOf(name, Date.UTC(1860, 0), Date.UTC(2060, 0)).at]),
)
const within = fc.integer({ min: Date.UTC(1860, 0), max: Date.UTC(2060, 0) })
/** Half of the instants lie within three hours of a clock change, or a few days before one. */
const moment = zone.chain((name) => {
  const changes = transitions.get(name) ?? []
  if (changes.length === 0) return within.map((at) => ({ name, at }))
  const near = fc
    .tuple(
      fc.constantFrom(...changes),
      fc.integer({ min: -10_800_000, max: 10_800_000 }),
      fc.integer({ min: 0, max: 3 }),
    )
    .map(([change, off, days]) => change + off - days * 86_400_000)
  return fc.oneof(near, within).map((at) => ({ name, at }))
})
const clock = fc
  .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }))
  .map((parts) => parts.map((part) => String(part).padStart(2, '0')).join(':') as `${number}:${number}`)
const weekday = fc.constantFrom(1, 2, 3, 4, 5, 6, 7)
const count = fc.integer({ min: 0, max: 500 })
const duration = fc.oneof(
  count.map((hours): Duration => ({ hours })),
  count.map((minutes): Duration => ({ minutes })),
  count.map((seconds): Duration => ({ seconds })),
  count.map((days): Duration => ({ days })),
  count.map((weeks): Duration => ({ weeks })),
  count.map((months): Duration => ({ months })),
  count.map((years): Duration => ({ years })),
  fc.tuple(count, clock).map(([days, at]): Duration => ({ days, at })),
  fc
    .tuple(
      count,
      fc.constantFrom<(true | 'day' | 'month' | 'quarter' | 'year')[]>(
        true,
        'day',
        'month',
        'quarter',
        'year',
      ),
    )
    .map(([months, end]): Duration => ({ months, end })),
  weekday.map((day): Duration => ({ next: { weekday: day as 1 } })),
  fc.tuple(weekday, clock).map(([day, at]): Duration => ({ next: { weekday: day as 1 }, at })),
)

function hold<T>(values: fc.Arbitrary<T>, law: (value: T) => void): void {
  fc.assert(fc.property(values, law), { numRuns: runs(1000, 10_000) })
}

describe('against fields straight from Intl', () => {
  test('offsets, dates and clock times', () => {
    hold(moment, ({ name, at }) => {
      const calendar = calendarOf({ zone: name })
      const local = at + slowOffset(name, at)
      expect(calendar.offsetAt(at)).toBe(local - at)
      const date = new Date(local)
      expect(calendar.local(at)).toEqual({
        year: date.getUTCFullYear(),
        month: date.getUTCMonth() + 1,
        day: date.getUTCDate(),
        hour: date.getUTCHours(),
        minute: date.getUTCMinutes(),
        second: date.getUTCSeconds(),
        millisecond: date.getUTCMilliseconds(),
        weekday: (date.getUTCDay() || 7) as LocalTime['weekday'],
      })
      expect(calendar.localDate(at)).toBe(date.toISOString().slice(0, 10))
      expect(calendar.localMonth(at)).toBe(date.toISOString().slice(0, 7))
      expect(calendar.localMonthIndex(at)).toBe(date.getUTCFullYear() * 12 + date.getUTCMonth())
    })
  })

  test('days and months later', () => {
    hold(fc.tuple(moment, count), ([{ name, at }, n]) => {
      const calendar = calendarOf({ zone: name })
      expect(calendar.add(at, { days: n })).toBe(slowAdd(name, at, { days: n }))
      expect(calendar.add(at, { months: n })).toBe(slowAdd(name, at, { months: n }))
    })
  })

  test('instants of local times', () => {
    hold(moment, ({ name, at }) => {
      const calendar = calendarOf({ zone: name })
      // Read as local, an instant near a change is as often in a gap or overlap as beside it.
      const local = at + calendar.offsetAt(at - 7_200_000)
      const date = new Date(local)
      const fields = {
        year: date.getUTCFullYear(),
        month: date.getUTCMonth() + 1,
        day: date.getUTCDate(),
        hour: date.getUTCHours(),
        minute: date.getUTCMinutes(),
        second: date.getUTCSeconds(),
        millisecond: date.getUTCMilliseconds(),
      }
      expect(calendar.instantOf(fields)).toBe(slowInstant(name, local))
    })
  })
})

describe('laws', () => {
  test('an instant’s local time leads back to it, or to the first of two', () => {
    hold(moment, ({ name, at }) => {
      const calendar = calendarOf({ zone: name })
      const back = calendar.instantOf(calendar.local(at))
      expect(back).toBeLessThanOrEqual(at)
      expect(calendar.local(back)).toEqual(calendar.local(at))
      if (back !== at) expect(calendar.offsetAt(back)).toBeGreaterThan(calendar.offsetAt(at))
    })
  })

  test('local days never go back, save where clocks go back over midnight', () => {
    hold(fc.tuple(moment, fc.nat({ max: 90_000_000 })), ([{ name, at }, later]) => {
      const calendar = calendarOf({ zone: name })
      const fall = Math.max(0, calendar.offsetAt(at) - calendar.offsetAt(at + later))
      if (later >= fall) expect(calendar.localDay(at + later)).toBeGreaterThanOrEqual(calendar.localDay(at))
    })
  })

  test('n days later is n dates later, save where a date was skipped', () => {
    hold(fc.tuple(moment, count), ([{ name, at }, days]) => {
      const calendar = calendarOf({ zone: name })
      const wanted = calendar.localDay(at) + days
      const reached = calendar.localDay(calendar.add(at, { days }))
      // A gap that ends at midnight, or a skipped date, goes on to the next.
      const skipped = calendar.instantOfDay(wanted) === calendar.instantOfDay(wanted + 1)
      const pushed = calendar.local(calendar.instantOfDay(wanted + 1)).hour > 0
      expect(reached).toBe(skipped || (pushed && reached > wanted) ? wanted + 1 : wanted)
    })
  })

  test('adding never goes back or leaves the range, save where it sets the clock on the same date', () => {
    hold(fc.tuple(moment, duration), ([{ name, at }, span]) => {
      const calendar = calendarOf({ zone: name })
      const reached = calendar.add(at, span)
      expect(reached).toBeLessThanOrEqual(lastInstant)
      const setsClock = 'at' in span && Object.values(span).includes(0)
      if (!setsClock) expect(reached).toBeGreaterThanOrEqual(at)
      if ('end' in span) expect(reached).toBeGreaterThan(at)
      expect(calendar.adder(span)(at)).toBe(reached)
    })
  })

  test('a start is within its unit, and the next one is later', () => {
    const units = fc.constantFrom<('day' | 'week' | 'month' | 'quarter' | 'year')[]>(
      'day',
      'week',
      'month',
      'quarter',
      'year',
    )
    hold(fc.tuple(moment, units), ([{ name, at }, unit]) => {
      const calendar = calendarOf({ zone: name })
      const start = calendar.startOf(unit, at)
      const end = calendar.startOfNext(unit, at)
      expect(start).toBeLessThanOrEqual(at)
      expect(end).toBeGreaterThan(at)
      expect(calendar.startOf(unit, start)).toBe(start)
      expect(calendar.startOf(unit, end)).toBeLessThanOrEqual(end)
      if (unit === 'day') {
        expect(calendar.localDay(start)).toBe(calendar.localDay(at))
        expect(calendar.instantOfDay(calendar.localDay(at))).toBe(start)
        expect(calendar.localDay(start - 1)).toBeLessThan(calendar.localDay(at))
      }
    })
  })

  test('a table as data is the zone of the runtime', () => {
    const tables = new Map(
      zones.map((name) => {
        const table = transitionsOf(name, instant('1850-01-01T00:00Z'), instant('2070-01-01T00:00Z'))
        return [name, calendarOf({ zone: name, transitions: JSON.parse(JSON.stringify(table)) })]
      }),
    )
    hold(fc.tuple(moment, duration), ([{ name, at }, span]) => {
      const carried = tables.get(name)
      const calendar = calendarOf({ zone: name })
      expect(carried?.offsetAt(at)).toBe(calendar.offsetAt(at))
      if (calendar.add(at, span) < instant('2070-01-01T00:00Z'))
        expect(carried?.add(at, span)).toBe(calendar.add(at, span))
    })
  })

  test('durations survive JSON and their words differ from tongue to tongue', () => {
    hold(duration, (span) => {
      expect(checkDuration(JSON.parse(JSON.stringify(span)), '$')).toEqual(span)
      expect(explainDuration(span, 'en')).not.toBe(explainDuration(span, 'zh'))
    })
  })
})
