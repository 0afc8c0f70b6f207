import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { type Calendar, calendarOf } from '../../src/kernel/calendar.js'
import { type Duration, next } from '../../src/kernel/duration.js'
import { type Instant, instant, parseInstant } from '../../src/kernel/instant.js'
import { isZone } from '../../src/kernel/tzdata.js'
import { runs } from '../support/size.js'

const read = (name: string) =>
  JSON.parse(readFileSync(new URL(`../fixtures/${name}/cases.json`, import.meta.url), 'utf8'))

interface Change {
  readonly id: string
  readonly zone: string
  readonly kind: 'gap' | 'overlap'
  readonly transition: string
  readonly offset_before_s: number
  readonly offset_after_s: number
  readonly local: string
  readonly earlier: string
  readonly later: string
  readonly compatible: string
  readonly start_of_day: string
  readonly hours_in_day: number
}

describe('clock changes, against Temporal', () => {
  const { cases }: { cases: readonly Change[] } = read('dst')

  test.each(cases)('$id $zone $local, a $kind', (change) => {
    const calendar = calendarOf({ zone: change.zone })
    const at = instantOfText(calendar, change.local)
    expect(at).toBe(instant(change.compatible))

    const transition = instant(change.transition)
    expect(calendar.offsetAt(transition - 1)).toBe(change.offset_before_s * 1000)
    expect(calendar.offsetAt(transition)).toBe(change.offset_after_s * 1000)

    const local = Date.parse(`${change.local}Z`)
    const [early, late] = [change.offset_before_s, change.offset_after_s].sort((a, b) => b - a) as [
      number,
      number,
    ]
    expect(local - early * 1000).toBe(instant(change.earlier))
    expect(local - late * 1000).toBe(instant(change.later))
    if (change.kind === 'overlap')
      expect(calendar.localDate(instant(change.later))).toBe(change.local.slice(0, 10))

    const start = calendar.startOf('day', at)
    expect(start).toBe(instant(change.start_of_day))
    expect((calendar.startOfNext('day', at) - start) / 3_600_000).toBe(change.hours_in_day)
  })
})

/** The instant of `YYYY-MM-DDTHH:MM:SS` on a calendar's clocks. */
function instantOfText(calendar: Calendar, text: string): Instant {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = text.split(/\D/).map(Number)
  return calendar.instantOf({ year, month, day, hour, minute, second })
}

describe('delays in the words of Braze', () => {
  const {
    timeZone,
    cases,
  }: { timeZone: string; cases: readonly { rule?: string; from: string; expect: string }[] } =
    read('braze-delay-words')
  const meaning: Readonly<Record<string, Duration>> = {
    'in 1 day at 09:00': { days: 1, at: '09:00' },
    'after 1 day': { hours: 24 },
    'on the next Saturday (same clock time)': next({ weekday: 6 }),
    're-eligible in 1 month': { seconds: 2_592_000 },
  }
  const dated = cases.filter(({ rule }) => rule !== undefined)
  const calendar = calendarOf({ zone: timeZone })

  test('there are five dated ones', () => expect(dated).toHaveLength(5))

  test.each(dated)('$rule, from $from', ({ rule = '', from, expect: expected }) => {
    expect(calendar.add(instant(from), meaning[rule] as Duration)).toBe(instant(expected))
  })

  const entered = instant('2024-07-01T00:00:00Z')
  const bought = instant('2024-07-01T03:00:00Z')
  const exits = (asOf: Instant) => asOf < calendar.add(bought, { hours: 1 })

  test('a rule looked at when the delay ends finds 21 hours passed since the purchase, and does not exit', () => {
    const ends = calendar.add(entered, { hours: 24 })
    expect(ends).toBe(instant('2024-07-02T00:00:00Z'))
    expect(calendar.add(bought, { hours: 21 })).toBe(ends)
    expect(exits(ends)).toBe(false)
  })

  test('an event-time engine decides at 03:00, when the purchase is less than an hour ago, and exits', () => {
    expect(exits(bought)).toBe(true)
  })

  test('an exit on day 1 of a 30 day delay is marked on day 1; the journey is left on day 30', () => {
    const marked = calendar.add(entered, { hours: 24 })
    const left = calendar.add(entered, { hours: 30 * 24 })
    expect([marked, left].map((at) => calendar.localDay(at) - calendar.localDay(entered))).toEqual([1, 30])
  })
})

describe('buckets of dates, against Python zoneinfo', () => {
  interface Bucket {
    readonly instant: string
    readonly timeZone: string
    readonly weekStart: 'monday' | 'saturday' | 'sunday'
    readonly localDate: string
    readonly hour: number
    readonly fold: number
    readonly utcOffsetMinutes: number
    readonly dayStartUTC: string
    readonly dayLengthHours: number
    readonly weekStartDate: string
    readonly weekStartUTC: string
    readonly monthStartUTC: string
    readonly quarterStartUTC: string
    readonly isoWeek: string
  }
  const { cases }: { cases: readonly Bucket[] } = read('calendar-buckets')
  const weekStart = { monday: 1, saturday: 6, sunday: 7 } as const

  test.each(cases)('$timeZone $instant, weeks from $weekStart', (bucket) => {
    const calendar = calendarOf({ zone: bucket.timeZone, weekStart: weekStart[bucket.weekStart] })
    const at = instant(bucket.instant)
    const start = calendar.startOf('day', at)
    const week = calendar.startOf('week', at)
    const local = calendar.local(at)
    expect({
      localDate: calendar.localDate(at),
      hour: local.hour,
      fold: calendar.instantOf(local) === at ? 0 : 1,
      utcOffsetMinutes: calendar.offsetAt(at) / 60_000,
      dayStartUTC: start,
      dayLengthHours: (calendar.startOfNext('day', at) - start) / 3_600_000,
      weekStartDate: calendar.localDate(week),
      weekStartUTC: week,
      monthStartUTC: calendar.startOf('month', at),
      quarterStartUTC: calendar.startOf('quarter', at),
      isoWeek: calendar.isoWeek(at).text,
    }).toEqual({
      localDate: bucket.localDate,
      hour: bucket.hour,
      fold: bucket.fold,
      utcOffsetMinutes: bucket.utcOffsetMinutes,
      dayStartUTC: instant(bucket.dayStartUTC),
      dayLengthHours: bucket.dayLengthHours,
      weekStartDate: bucket.weekStartDate,
      weekStartUTC: instant(bucket.weekStartUTC),
      monthStartUTC: instant(bucket.monthStartUTC),
      quarterStartUTC: instant(bucket.quarterStartUTC),
      isoWeek: bucket.isoWeek,
    })
  })
})

test('a quarter of the zones or, at full size, all of them, against Temporal', () => {
  type Row = readonly [
    ...[zone: string, at: number, offset: number, date: string],
    ...[n: number, days: number, m: number, months: number],
    ...[clock: `${number}:${number}`, atClock: number, start: number, hours: number, week: string],
  ]
  const rows = (read('temporal-zones') as readonly Row[]).filter((_, i) => i % runs(4, 1) === 0)
  const differing = rows.filter((row) => {
    const [zone, seconds, offset, date, n, days, m, months, clock, atClock, start, hours, week] = row
    const calendar = calendarOf({ zone })
    const at = seconds * 1000
    const dayStart = calendar.startOf('day', at)
    const found = [
      calendar.offsetAt(at) / 1000,
      calendar.localDate(at),
      calendar.add(at, { days: n }) / 1000,
      calendar.add(at, { months: m }) / 1000,
      calendar.add(at, { days: 0, at: clock }) / 1000,
      dayStart / 1000,
      (calendar.startOfNext('day', at) - dayStart) / 3_600_000,
      calendar.isoWeek(at).text,
    ]
    return found.join() !== [offset, date, days, months, atClock, start, hours, week].join()
  })
  expect(differing).toEqual([])
})

describe('what a host may be sent', () => {
  interface Sent<Value> {
    readonly id: string
    readonly value: Value
    readonly expect: string
  }
  const sent: {
    readonly zones: readonly Sent<string>[]
    readonly arithmetic: readonly Sent<{ readonly date: string; readonly add: Duration }>[]
    readonly instants: readonly Sent<string>[]
  } = read('hostile-zones')

  test.each(sent.zones.filter(({ expect }) => expect !== 'either'))('zone $value: $expect', (one) => {
    expect(isZone(one.value)).toBe(one.expect === 'accept')
  })

  test.each(sent.instants.filter(({ expect }) => expect !== 'either'))('instant $value: $expect', (one) => {
    expect(parseInstant(one.value) !== undefined).toBe(one.expect === 'accept')
  })

  test.each(sent.arithmetic)('$value.date and $value.add', ({ value, expect: date }) => {
    const utc = calendarOf({ zone: 'UTC' })
    expect(utc.localDate(utc.add(instant(`${value.date}T00:00Z`), value.add))).toBe(date)
  })
})
