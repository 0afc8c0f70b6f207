// What the profile says and said, birthdays that a year does not have, ages, and another engine's words.
import { attributes, defineEvents, instant, moment, money, text } from 'liuliang'
import { describe, expect, test } from 'vitest'
import { teller, utc } from '../support/story.js'
import { judging, reading } from './support/reading.js'

const shop = defineEvents({
  ...attributes({ born: moment(), level: text('gold', 'silver') }),
  'club/told': { left: { ...money('CNY'), says: 'left', initially: '0.50' } },
})
const event = teller()
const set = (at: string, data: object) => event(at, 'attribute-set', data)
const born = (date: string) => [set('2024-01-01', { born: instant(`${date}T12:00:00Z`) })]

describe('an attribute', () => {
  const told = [
    set('2024-03-01', { level: 'silver' }),
    set('2024-03-02', { level: 'gold' }),
    set('2024-03-03', { level: 'gold' }),
  ]
  test('previously said what it said before it was set to something else', () => {
    const { says } = reading(shop.events, shop.attribute('level', { previous: true }), told)
    expect(says(utc('2024-03-04'))).toBe('silver')
    const one = reading(shop.events, shop.attribute('level', { previous: true }), told.slice(1))
    expect(one.says(utc('2024-03-04'))).toBe(null)
  })
  test('some time ago said what was set that long ago', () => {
    const { says, nextStep } = reading(shop.events, shop.attribute('level', { ago: { days: 7 } }), told)
    expect([utc('2024-03-08') - 1, utc('2024-03-08'), utc('2024-03-09')].map(says)).toEqual([
      null,
      'silver',
      'gold',
    ])
    expect(nextStep(utc('2024-03-04'))).toBe(utc('2024-03-08'))
  })
})

describe('29 February in a common year', () => {
  test.each([
    ['feb-28', '2025-02-28'],
    ['mar-1', '2025-03-01'],
    ['leap-years-only', '2028-02-29'],
  ] as const)('%s', (leapDay, day) => {
    const condition = shop.anniversary('born', { leapDay }).is(true)
    const { nextFlip, holds } = judging(shop.events, condition, born('2000-02-29'))
    const from = utc('2024-03-02')
    expect(nextFlip(from)).toBe(utc(day))
    expect([holds(utc(day) - 1), holds(utc(day)), holds(utc(day) + 86_400_000)]).toEqual([false, true, false])
  })
})

describe('the 11th of the leap second month of 2023', () => {
  // In 2023 it was 1 April. In 2024 the second of the second month (龙抬头) was 11 March, so the 11th is 20 March.
  test('comes again in the ordinary second month', () => {
    const condition = shop.anniversary('born', { dates: 'chinese' }).is(true)
    const { nextFlip } = judging(shop.events, condition, born('2023-04-01'))
    expect(nextFlip(utc('2024-01-02'))).toBe(utc('2024-03-20'))
  })
})

test('days before and after are whole local dates; nobody has a birthday on the day of birth', () => {
  const condition = shop.anniversary('born', { daysBefore: 1, daysAfter: 1 }).is(true)
  const { holds } = judging(shop.events, condition, born('2023-12-31'))
  expect(['2024-12-29', '2024-12-30', '2025-01-01', '2025-01-02'].map((day) => holds(utc(day)))).toEqual([
    false,
    true,
    true,
    false,
  ])
  expect(holds(utc('2024-01-01'))).toBe(false)
})

test('a birthday every year does not delay what cannot hold, and all flips end with the calendar', () => {
  const birthday = shop.anniversary('born').is(true)
  const gold = shop.attribute('level').is('gold')
  const { nextFlip, holds } = judging(shop.events, birthday.and(gold), born('2000-05-05'))
  expect(nextFlip(utc('2024-01-02'))).toBe(undefined)
  expect(holds(utc('9999-12-31'))).toBe(false)
})

test('an age is reached to the millisecond, years ahead, and once passed never again', () => {
  const condition = shop.age('born', 'weeks').lte(103)
  const { nextFlip } = judging(shop.events, condition, born('2023-12-31'))
  expect(nextFlip(utc('2024-01-02'))).toBe(instant('2025-12-28T12:00:00Z'))
  expect(nextFlip(utc('2026-01-01'))).toBe(undefined)
})

test('an amount that an engine says at first is in minor units, as all amounts are', () => {
  const { says } = reading(shop.events, shop.says('club', 'left'), [])
  expect(says(utc('2024-01-01'))).toBe(50)
  expect(judging(shop.events, shop.says('club', 'left').lt('0.51'), []).holds(utc('2024-01-01'))).toBe(true)
})
