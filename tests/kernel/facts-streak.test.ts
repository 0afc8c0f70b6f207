// Days in a row, also where a zone has a day less or a midnight more.
import { defineEvents, instant } from 'liuliang'
import { expect, test } from 'vitest'
import { teller, utc } from '../support/story.js'
import { reading } from './support/reading.js'

const site = defineEvents({ came: {} })
const event = teller()
const came = (...times: readonly (string | number)[]) => times.map((at) => event(at, 'came', {}))
const days = site.streak('came', { unit: 'day' })

test('the day that runs is not missed; a whole day without ends it', () => {
  const { says, nextStep } = reading(
    site.events,
    days,
    came('2024-02-28 09:00', '2024-02-29 23:59', '2024-03-01 00:00'),
  )
  expect(says(utc('2024-03-01 00:00'))).toBe(3)
  expect(nextStep(utc('2024-03-01 00:00'))).toBe(utc('2024-03-03'))
  expect([says(utc('2024-03-03') - 1), says(utc('2024-03-03'))]).toEqual([3, 0])
})

test('a day counts from its second event on where two are asked for', () => {
  const twice = site.streak('came', { unit: 'day', times: 2 })
  const told = came('2024-03-05 09:00', '2024-03-05 10:00', '2024-03-06 09:00')
  expect(reading(site.events, twice, told).says(utc('2024-03-06 09:00'))).toBe(1)
  expect(
    reading(site.events, twice, [...told, ...came('2024-03-06 09:00')]).says(utc('2024-03-06 09:00')),
  ).toBe(2)
})

test('a freeze carries over one day missed of a run, and over no second one', () => {
  const frozen = site.streak('came', { unit: 'day', freezes: 1 })
  const told = came('2024-03-05', '2024-03-06', '2024-03-08')
  expect(reading(site.events, frozen, told).says(utc('2024-03-08'))).toBe(3)
  const more = reading(site.events, frozen, [...told, ...came('2024-03-10')])
  // The 7th and the 9th were missed: the run was over with the 9th, and another began.
  expect(more.says(utc('2024-03-10'))).toBe(1)
  expect(reading(site.events, frozen, told).nextStep(utc('2024-03-08'))).toBe(utc('2024-03-10'))
})

test('the date that Apia skipped is not missed', () => {
  const told = came(instant('2011-12-29T12:00:00-10:00'), instant('2011-12-31T12:00:00+14:00'))
  const { says } = reading(site.events, days, told, { zone: 'Pacific/Apia' })
  expect(says(instant('2011-12-31T12:00:00+14:00'))).toBe(2)
})

test('where midnight comes twice, the day begins with the first', () => {
  // On 7 November 2010 clocks in Newfoundland went from 00:01 back to 23:01 of the 6th.
  const zone = { zone: 'America/St_Johns' }
  const noon = instant('2010-11-05T12:00:00-02:30')
  const again = instant('2010-11-06T23:30:00-03:30')
  const { says, nextStep } = reading(site.events, days, came(noon, again), zone)
  // So 23:30, when it comes again, is of the 7th: the 6th was missed.
  expect(says(again)).toBe(1)
  expect(nextStep(again)).toBe(instant('2010-11-09T00:00:00-03:30'))
})
