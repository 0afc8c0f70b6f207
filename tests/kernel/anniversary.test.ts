import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type AnniversaryRule,
  anniversariesOf,
  type LeapMonthPolicy,
  type ShortMonthPolicy,
} from '../../src/kernel/anniversary.js'
import { dayOfChineseDate } from '../../src/kernel/chinese.js'
import { dateText, dayOfText } from '../../src/kernel/civil.js'

const day = (text: string) => dayOfText(text)!
const texts = (days: readonly number[]) => days.map(dateText)
const lunar = (year: number, month: number, of: number, leap = false) =>
  dayOfChineseDate({ year, month, leap, day: of })!

describe('29 February', () => {
  const born = day('2000-02-29')
  test.each([
    ['feb-28', '2001-02-28', '2004-02-29'],
    ['mar-1', '2001-03-01', '2004-02-29'],
    ['leap-years-only', undefined, '2004-02-29'],
  ] as const)('%s', (leapDay, first, fourth) => {
    const days = anniversariesOf({ calendar: 'gregorian', born, leapDay })
    expect(texts(days.nth(1))).toEqual(first === undefined ? [] : [first])
    expect(texts(days.nth(4))).toEqual([fourth])
    expect(days.next(born)).toEqual(days.next(born + 1))
    expect(dateText(days.next(born)!.day)).toBe(first ?? fourth)
  })

  test('eight years pass without one around 1900', () => {
    const days = anniversariesOf({
      calendar: 'gregorian',
      born: day('1896-02-29'),
      leapDay: 'leap-years-only',
    })
    expect(days.next(day('1896-03-01'))).toEqual({ day: day('1904-02-29'), nth: 8 })
  })

  test('an ordinary day comes every year, on its own date too, until the year 9999', () => {
    const days = anniversariesOf({ calendar: 'gregorian', born: day('1990-05-17'), leapDay: 'mar-1' })
    expect(days.next(day('2026-05-17'))).toEqual({ day: day('2026-05-17'), nth: 36 })
    expect(days.next(day('2026-05-18'))).toEqual({ day: day('2027-05-17'), nth: 37 })
    expect(days.next(day('1900-01-01'))).toEqual({ day: day('1991-05-17'), nth: 1 })
    expect(days.next(day('9999-05-18'))).toBeUndefined()
    expect(days.nth(8010)).toEqual([])
  })
})

describe('a leap month', () => {
  // 2020 had a leap month 4, 2039 has a leap month 5; the next leap month 4 is that of 2058.
  const born = lunar(2020, 4, 10, true)
  test.each<[LeapMonthPolicy, readonly string[]]>([
    ['regular', [dateText(lunar(2058, 4, 10))]],
    ['leap-if-present', [dateText(lunar(2058, 4, 10, true))]],
    ['both', [dateText(lunar(2058, 4, 10)), dateText(lunar(2058, 4, 10, true))]],
  ])('%s', (leapMonth, days) => {
    const found = anniversariesOf({ calendar: 'chinese', born, leapMonth, shortMonth: 'last' })
    expect(texts(found.nth(1))).toEqual([dateText(lunar(2021, 4, 10))])
    expect(texts(found.nth(38))).toEqual(days)
  })

  test('who was born in the ordinary month stays in it', () => {
    const rule = { calendar: 'chinese', born: lunar(2019, 4, 10), shortMonth: 'last' } as const
    for (const leapMonth of ['regular', 'leap-if-present', 'both'] as const)
      expect(anniversariesOf({ ...rule, leapMonth }).nth(1)).toEqual([lunar(2020, 4, 10)])
  })
})

describe('the 30th of a short month', () => {
  // Month 12 of 2024 has 29 days, that of 2023 has 30: 除夕 is the 30th or the 29th.
  const born = lunar(2023, 12, 30)
  test.each<[ShortMonthPolicy, readonly string[]]>([
    ['last', ['2025-01-28']],
    ['next', ['2025-01-29']],
    ['skip', []],
  ])('%s', (shortMonth, days) => {
    const found = anniversariesOf({ calendar: 'chinese', born, leapMonth: 'regular', shortMonth })
    expect(dateText(born)).toBe('2024-02-09')
    expect(texts(found.nth(1))).toEqual(days)
    // The one that was put off into the next year is found from there.
    if (shortMonth === 'next')
      expect(found.next(day('2025-01-29'))).toEqual({ day: day('2025-01-29'), nth: 1 })
  })
})

test('outside the table nothing is known', () => {
  const policies = { calendar: 'chinese', leapMonth: 'both', shortMonth: 'last' } as const
  const before = anniversariesOf({ ...policies, born: day('1899-12-31') })
  expect([before.next(0), before.nth(1)]).toEqual([undefined, []])
  const found = anniversariesOf({ ...policies, born: lunar(2000, 8, 15) })
  expect(found.next(day('1800-01-01'))).toEqual({ day: lunar(2001, 8, 15), nth: 1 })
  expect(found.next(lunar(2100, 8, 15))).toEqual({ day: lunar(2100, 8, 15), nth: 100 })
  expect(found.next(lunar(2100, 8, 15) + 1)).toBeUndefined()
  expect(found.next(day('2500-01-01'))).toBeUndefined()
})

test.each<[unknown, string]>([
  [{ calendar: 'julian', born: 0, leapDay: 'mar-1' }, '$.calendar'],
  [{ calendar: 'gregorian', born: 0, leapDay: 'feb-29' }, '$.leapDay'],
  [{ calendar: 'gregorian', born: 0.5, leapDay: 'mar-1' }, '$.born'],
  [{ calendar: 'gregorian', born: 1e9, leapDay: 'mar-1' }, '$.born'],
  [{ calendar: 'chinese', born: 0, leapMonth: 'leap', shortMonth: 'last' }, '$.leapMonth'],
  [{ calendar: 'chinese', born: 0, leapMonth: 'both', shortMonth: 'first' }, '$.shortMonth'],
  [{ calendar: 'chinese', born: Number.NaN, leapMonth: 'both', shortMonth: 'last' }, '$.born'],
])('%o is refused', (rule, path) => {
  expect(() => anniversariesOf(rule as AnniversaryRule)).toThrow(expect.objectContaining({ path }))
})

test('the next is the least of all of them', () => {
  const rule: fc.Arbitrary<AnniversaryRule> = fc.oneof(
    fc.record({
      calendar: fc.constant('gregorian' as const),
      born: fc.oneof(fc.integer({ min: -20_000, max: 20_000 }), fc.constant(day('2000-02-29'))),
      leapDay: fc.constantFrom('feb-28' as const, 'mar-1' as const, 'leap-years-only' as const),
    }),
    fc.record({
      calendar: fc.constant('chinese' as const),
      born: fc.integer({ min: day('1900-01-31'), max: day('2060-01-01') }),
      leapMonth: fc.constantFrom('regular' as const, 'leap-if-present' as const, 'both' as const),
      shortMonth: fc.constantFrom('last' as const, 'next' as const, 'skip' as const),
    }),
  )
  fc.assert(
    fc.property(rule, fc.integer({ min: -100, max: 15_000 }), (given, later) => {
      const found = anniversariesOf(given)
      const from = given.born + later
      const all = Array.from({ length: 60 }, (_, i) =>
        found.nth(i + 1).map((at) => ({ day: at, nth: i + 1 })),
      ).flat()
      expect(all).toEqual([...all].sort((a, b) => a.day - b.day))
      expect(found.next(from)).toEqual(all.find((one) => one.day >= from))
    }),
    { numRuns: 300 },
  )
})
