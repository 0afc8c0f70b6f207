import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { type Calendar, calendarOf } from '../../src/kernel/calendar.js'
import { type Duration, next } from '../../src/kernel/duration.js'
import { type Instant, instant } from '../../src/kernel/instant.js'

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
