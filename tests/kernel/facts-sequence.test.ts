// Steps in their order: ties, runs that begin again, spans that end on the dot.
import { defineEvents, integer } from 'liuliang'
import { expect, test } from 'vitest'
import { teller, utc } from '../support/story.js'
import { reading } from './support/reading.js'

const shop = defineEvents({ visited: {}, carted: {}, paid: { amount: integer() } })
const event = teller()
const story = (...steps: readonly (readonly [string, 'visited' | 'carted' | 'paid'])[]) =>
  steps.map(([at, type]) => event(at, type, type === 'paid' ? { amount: 1 } : {}))
const bought = shop.sequence(['visited', 'paid'])
const end = utc('2024-03-10')

test('order of arrival decides at one instant', () => {
  expect(
    reading(shop.events, bought, story(['2024-03-05', 'visited'], ['2024-03-05', 'paid'])).says(end),
  ).toBe(1)
  expect(
    reading(shop.events, bought, story(['2024-03-05', 'paid'], ['2024-03-05', 'visited'])).says(end),
  ).toBe(0)
})

test('one event takes one step, and the one that completes begins nothing', () => {
  const twice = shop.sequence(['visited', 'visited'])
  const times = (n: number) => Array.from({ length: n }, () => ['2024-03-05', 'visited'] as const)
  expect([1, 2, 3, 4].map((n) => reading(shop.events, twice, story(...times(n))).says(end))).toEqual([
    0, 1, 1, 2,
  ])
})

test('a later first step may do where the span of an earlier one has ended', () => {
  const quick = shop.sequence(['visited', 'paid'], { inside: { days: 2 } })
  const late = story(['2024-03-05', 'visited'], ['2024-03-07', 'paid'])
  expect(reading(shop.events, quick, late).says(end)).toBe(0)
  const again = story(['2024-03-05', 'visited'], ['2024-03-06', 'visited'], ['2024-03-07', 'paid'])
  expect(reading(shop.events, quick, again).says(end)).toBe(1)
})

test('a completion leaves a rolling window with its last event; a unit holds whole runs only', () => {
  const told = story(['2024-02-28', 'visited'], ['2024-03-01', 'paid'])
  const rolling = reading(shop.events, shop.sequence(['visited', 'paid'], { within: { days: 7 } }), told)
  expect(rolling.nextStep(utc('2024-03-01'))).toBe(utc('2024-03-08'))
  const month = reading(shop.events, shop.sequence(['visited', 'paid'], { within: { this: 'month' } }), told)
  expect(month.says(utc('2024-03-02'))).toBe(0)
})

test('a wait lasts from the first that waits to what ends it, also where one event is both', () => {
  const between = shop.timeBetween('paid', 'paid')
  const told = story(['2024-03-01', 'paid'], ['2024-03-03', 'paid'], ['2024-03-04', 'paid'])
  expect([1, 2, 3].map((n) => reading(shop.events, between, told.slice(0, n)).says(end))).toEqual([
    null,
    2 * 86_400_000,
    86_400_000,
  ])
})
