import { describe, expect, test } from 'vitest'
import { checkDuration, type Duration, isExact, next } from '../../src/kernel/duration.js'
import { DefinitionError } from '../../src/kernel/errors.js'
import { explainDuration } from '../../src/kernel/language/print.js'

describe('in words', () => {
  test.each<[Duration, string, string]>([
    [{ days: 30 }, '30 days', '30天'],
    [{ days: 1 }, '1 day', '1天'],
    [{ seconds: 1 }, '1 second', '1秒'],
    [{ minutes: 30 }, '30 minutes', '30分钟'],
    [{ hours: 24 }, '24 hours', '24小时'],
    [{ weeks: 1 }, '1 week', '1周'],
    [{ months: 3 }, '3 months', '3个月'],
    [{ years: 2 }, '2 years', '2年'],
    [{ days: 0 }, '0 days', '0天'],
    [{ days: 1, at: '09:00' }, '1 day at 09:00', '1天后09:00'],
    [{ days: 0, at: '09:00' }, 'the same day at 09:00', '当日09:00'],
    [{ days: 90, end: true }, '90 days until the end of the day', '满90天当日结束'],
    [{ days: 0, end: true }, 'until the end of the day', '当日结束'],
    [{ years: 1, end: 'day' }, '1 year until the end of the same day', '满1年当天结束'],
    [{ months: 12, end: 'month' }, '12 months until the end of the month', '满12个月当月结束'],
    [{ months: 1, end: 'quarter' }, '1 month until the end of the quarter', '满1个月当季结束'],
    [{ years: 0, end: 'year' }, '0 years until the end of the year', '满0年当年结束'],
    [{ days: 0, end: 'year' }, 'until the end of the year', '当年结束'],
    [{ weeks: 2, end: 'week' }, '2 weeks until the end of the week', '满2周当周结束'],
    [{ days: 0, end: 'fiscal-quarter' }, 'until the end of the fiscal quarter', '当财季结束'],
    [{ months: 1, end: 'fiscal-month' }, '1 month until the end of the fiscal month', '满1个月当财月结束'],
    [{ years: 1, end: 'fiscal-year' }, '1 year until the end of the fiscal year', '满1年当财年结束'],
    [{ businessDays: 3 }, '3 business days', '3个工作日'],
    [{ businessDays: 1, at: '09:00' }, '1 business day at 09:00', '1个工作日后09:00'],
    [{ businessDays: 0, at: '09:00' }, '0 business days at 09:00', '0个工作日后09:00'],
    [{ businessDays: 0, end: true }, '0 business days until the end of the day', '满0个工作日当日结束'],
    [{ businessDays: 5, end: 'month' }, '5 business days until the end of the month', '满5个工作日当月结束'],
    [{ workHours: 8 }, '8 working hours', '8个工作小时'],
    [{ workMinutes: 1 }, '1 working minute', '1个工作分钟'],
    [{ next: { weekday: 6 }, at: '09:00' }, 'next Saturday at 09:00', '下一个周六09:00'],
    [{ next: { weekday: 1 } }, 'next Monday', '下一个周一'],
    [{ next: { weekday: 7 } }, 'next Sunday', '下一个周日'],
  ])('%o', (duration, en, zh) => {
    expect([explainDuration(duration, 'en'), explainDuration(duration, 'zh')]).toEqual([en, zh])
    expect(checkDuration(duration, '$')).toBe(duration)
  })
})

test('next builds data', () => {
  expect(next({ weekday: 6 })).toEqual({ next: { weekday: 6 } })
  expect(next({ weekday: 6, at: '09:00' })).toEqual({ next: { weekday: 6 }, at: '09:00' })
})

test('seconds, minutes and hours are exact', () => {
  const exact: readonly Duration[] = [{ seconds: 1 }, { minutes: 1 }, { hours: 24 }, { hours: 0 }]
  const dated: readonly Duration[] = [
    { days: 1 },
    { weeks: 1 },
    { months: 1 },
    { years: 1 },
    next({ weekday: 1 }),
    { businessDays: 1 },
    { workHours: 1 },
    { workMinutes: 0 },
  ]
  expect(exact.map(isExact)).toEqual(exact.map(() => true))
  expect(dated.map(isExact)).toEqual(dated.map(() => false))
})

describe('refused', () => {
  const none = [
    null,
    undefined,
    30,
    '30d',
    [],
    [30],
    {},
    () => 0,
    { days: 1, hours: 2 },
    { at: '09:00' },
    { end: true },
  ]
  test.each<[unknown, string]>([
    ...none.map((value): [unknown, string] => [value, '$.within']),
    [{ day: 1 }, '$.within.day'],
    [{ days: 1, unit: 'x' }, '$.within.unit'],
    [{ milliseconds: 1 }, '$.within.milliseconds'],
    [{ toString: 1 }, '$.within.toString'],
    [JSON.parse('{"__proto__":1}'), '$.within.__proto__'],
    ...[-1, 0.5, Number.NaN, 1 / 0, '30', null, undefined, 3_652_426, 1n].map((days): [unknown, string] => [
      { days },
      '$.within.days',
    ]),
    [{ years: 10_001 }, '$.within.years'],
    [{ months: 120_001 }, '$.within.months'],
    [{ seconds: 2 ** 53 - 1 }, '$.within.seconds'],
    [{ businessDays: 1.5 }, '$.within.businessDays'],
    [{ workHours: 100_001 }, '$.within.workHours'],
    [{ workMinutes: -1 }, '$.within.workMinutes'],
    [{ workHours: 8, end: true }, '$.within'],
    [{ workMinutes: 8, at: '09:00' }, '$.within'],
    [{ hours: 1, at: '09:00' }, '$.within'],
    [{ minutes: 1, end: true }, '$.within'],
    [{ days: 1, at: '09:00', end: true }, '$.within'],
    ...['9:00', '24:00', '09:60', '0900', '09:00:00', '', 9, null, undefined].map((at): [unknown, string] => [
      { days: 1, at },
      '$.within.at',
    ]),
    ...[false, 'decade', 'fiscal', 'toString', '', 1, null, undefined].map((end): [unknown, string] => [
      { days: 1, end },
      '$.within.end',
    ]),
    ...[0, 8, 1.5, '1', null, undefined].map((weekday): [unknown, string] => [
      { next: { weekday } },
      '$.within.next',
    ]),
    [{ next: 6 }, '$.within.next'],
    [{ next: null }, '$.within.next'],
    [{ next: { weekday: 1, week: 2 } }, '$.within.next'],
    [{ next: { weekday: 1 }, end: true }, '$.within.end'],
  ])('%o at %s', (value, path) => {
    try {
      checkDuration(value, '$.within')
      expect.unreachable()
    } catch (error) {
      expect(error).toBeInstanceOf(DefinitionError)
      expect(error).toMatchObject({ code: 'invalid-duration', path })
    }
  })

  const units =
    'one of seconds, minutes, hours, workMinutes, workHours, days, weeks, months, years, businessDays, next, as in { days: 30 }'
  test.each([
    [{ day: 7 }, `invalid-duration at $.within.day: expected ${units}, found "day"`],
    [{ weekz: 1 }, `invalid-duration at $.within.weekz: expected ${units}, found "weekz"`],
    [{ weekz: 1, at: '09:00' }, `invalid-duration at $.within.weekz: expected ${units}, found "weekz"`],
    [{ days: 1, hours: 2 }, `invalid-duration at $.within: expected ${units}, found "days and hours"`],
    [{}, `invalid-duration at $.within: expected ${units}, found object`],
  ])('%o names the key, and the units that there are', (value, message) => {
    expect(() => checkDuration(value, '$.within')).toThrow(message)
  })

  test('the largest are kept', () => {
    for (const value of [
      { years: 10_000 },
      { months: 120_000 },
      { days: 3_652_425 },
      { seconds: 315_569_520_000 },
      { businessDays: 3_652_425 },
      { workHours: 100_000 },
      { workMinutes: 6_000_000 },
    ])
      expect(checkDuration(value, '$')).toBe(value)
  })
})
