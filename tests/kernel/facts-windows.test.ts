// Windows are [occurredAt, departure): the departure is what the calendar adds to the event, never what it takes from now.
import { type CalendarDefinition, type Duration, defineEvents, instant, money } from 'liuliang'
import { describe, expect, test } from 'vitest'
import { teller, utc } from '../support/story.js'
import { judging, reading } from './support/reading.js'

const shop = defineEvents({ 'order-paid': { amount: money('CNY') } })
const { events } = shop
const event = teller()
const paid = (at: number | string, amount = '1') => event(at, 'order-paid', { amount })

describe('an event counts from its instant to the last millisecond before its departure', () => {
  test.each<[zone: string, at: string, within: Duration, departure: string]>([
    ['UTC', '2024-03-05T09:00:00Z', { seconds: 1 }, '2024-03-05T09:00:01Z'],
    ['UTC', '2024-01-31T10:00:00Z', { months: 1 }, '2024-02-29T10:00:00Z'],
    ['UTC', '2024-02-29T10:00:00Z', { years: 1 }, '2025-02-28T10:00:00Z'],
    // New York puts its clocks forward on 10 March and back on 3 November.
    ['America/New_York', '2024-03-09T12:00:00-05:00', { days: 1 }, '2024-03-10T12:00:00-04:00'],
    ['America/New_York', '2024-03-09T12:00:00-05:00', { hours: 24 }, '2024-03-10T13:00:00-04:00'],
    ['America/New_York', '2024-03-09T02:30:00-05:00', { days: 1 }, '2024-03-10T03:30:00-04:00'],
    ['America/New_York', '2024-11-02T01:30:00-04:00', { days: 1 }, '2024-11-03T01:30:00-04:00'],
    ['Europe/Berlin', '2024-03-30T02:30:00+01:00', { days: 1 }, '2024-03-31T03:30:00+02:00'],
    ['Europe/Berlin', '2024-10-26T12:00:00+02:00', { days: 1, end: true }, '2024-10-28T00:00:00+01:00'],
    // Lord Howe moves by half an hour.
    ['Australia/Lord_Howe', '2024-10-05T02:15:00+10:30', { days: 1 }, '2024-10-06T02:45:00+11:00'],
    ['Australia/Lord_Howe', '2024-04-06T12:00:00+11:00', { weeks: 1 }, '2024-04-13T12:00:00+10:30'],
    // Apia left out 30 December 2011.
    ['Pacific/Apia', '2011-12-29T09:00:00-10:00', { days: 1 }, '2011-12-31T09:00:00+14:00'],
    ['Pacific/Apia', '2011-12-29T09:00:00-10:00', { days: 0, end: true }, '2011-12-31T00:00:00+14:00'],
  ])('%s, %s, %j', (zone, from, within, departure) => {
    const [at, leaves] = [instant(from), instant(departure)]
    const { says, nextStep } = reading(events, shop.count('order-paid', { within }), [paid(at)], { zone })
    expect([at, leaves - 1, leaves].map(says)).toEqual([1, 1, 0])
    expect([nextStep(at), nextStep(leaves - 1), nextStep(leaves)]).toEqual([leaves, leaves, undefined])
  })

  test("a fact's own calendar counts instead of the definition's", () => {
    const calendar: CalendarDefinition = { zone: 'Asia/Shanghai' }
    const fact = shop.count('order-paid', { within: { days: 0, end: true }, calendar })
    const { nextStep } = reading(events, fact, [paid('2024-03-05 10:00')], { zone: 'UTC' })
    expect(nextStep(utc('2024-03-05 10:00'))).toBe(instant('2024-03-06T00:00:00+08:00'))
  })

  test('a window of no length never counts', () => {
    const { says } = reading(events, shop.count('order-paid', { within: { days: 0 } }), [paid('2024-03-05')])
    expect(says(utc('2024-03-05'))).toBe(0)
  })
})

describe('departures that do not keep the order of the events', () => {
  test('30 and 31 January and a month', () => {
    const told = [paid('2024-01-30 12:00', '3'), paid('2024-01-31 10:00', '5')]
    const { says } = reading(events, shop.sum('order-paid', 'amount', { within: { months: 1 } }), told)
    const [second, first] = [utc('2024-02-29 10:00'), utc('2024-02-29 12:00')]
    expect([second - 1, second, first - 1, first].map(says)).toEqual([800, 300, 300, 0])
  })

  test('both sides of an hour that comes twice', () => {
    // 01:45 summer time, then 01:15 winter time, 30 minutes later; a day on they are 01:15 and 01:45.
    const [summer, winter] = [instant('2024-11-03T01:45:00-04:00'), instant('2024-11-03T01:15:00-05:00')]
    const told = [paid(summer, '3'), paid(winter, '5')]
    const fact = shop.sum('order-paid', 'amount', { within: { days: 1 } })
    const { says, nextStep } = reading(events, fact, told, { zone: 'America/New_York' })
    const [early, late] = [instant('2024-11-04T01:15:00-05:00'), instant('2024-11-04T01:45:00-05:00')]
    expect([early - 1, early, late - 1, late].map(says)).toEqual([800, 300, 300, 0])
    expect([nextStep(winter), nextStep(early), nextStep(late)]).toEqual([early, late, undefined])
  })

  test('several of one departure leave at once', () => {
    const told = [paid('2024-01-29 10:00', '1'), paid('2024-01-30 10:00', '2'), paid('2024-01-31 10:00', '4')]
    const { says, nextStep } = reading(
      events,
      shop.sum('order-paid', 'amount', { within: { months: 1 } }),
      told,
    )
    const leaves = utc('2024-02-29 10:00')
    expect([says(leaves - 1), says(leaves)]).toEqual([700, 0])
    expect(nextStep(utc('2024-02-01'))).toBe(leaves)
  })
})

describe('sums that rise by time alone', () => {
  const told = [paid('2024-01-01', '-50'), paid('2024-01-05', '70'), paid('2024-01-10', '-5.00')]
  const spent = shop.sum('order-paid', 'amount', { within: { days: 10 } })
  const at = (day: string) => utc(`2024-01-${day}`)

  test('a refund leaves its window too', () => {
    const { says } = reading(events, spent, told)
    expect(['10', '11', '15', '20'].map((day) => says(at(day)))).toEqual([1500, 6500, -500, 0])
  })

  test.each([
    ['at least 60: up and down again', spent.gte('60'), ['11', '15']],
    ['less than 0', spent.lt('0'), ['15', '20']],
    ['between 10 and 20', spent.between('10', '20'), ['11']],
    ['exactly 0', spent.is('0'), ['20']],
    ['15 or 65', spent.in('15', '65'), ['15']],
    ['nothing changes', spent.lte('65'), []],
  ])('%s', (_, condition, days) => {
    const { nextFlip } = judging(events, condition, told)
    const flips: number[] = []
    for (let flip = nextFlip(at('10')); flip !== undefined; flip = nextFlip(flip)) flips.push(flip)
    expect(flips).toEqual(days.map(at))
  })
})

test('ten thousand open events are asked as fast as one, and leave one by one', () => {
  const start = utc('2024-01-01')
  const told = Array.from({ length: 10_000 }, (_, i) => paid(start + i))
  const { says, nextStep } = reading(events, shop.count('order-paid', { within: { days: 1 } }), told)
  const leaves = utc('2024-01-02')
  expect(says(leaves - 1)).toBe(10_000)
  for (const i of [0, 1, 31, 32, 1024, 9_998, 9_999]) {
    expect(says(leaves + i)).toBe(9_999 - i)
    expect(nextStep(leaves + i)).toBe(i === 9_999 ? undefined : leaves + i + 1)
  }
})
