// Units of the calendar begin at their first midnight and end where the next begins.
import { defineEvents, instant, integer } from 'liuliang'
import { describe, expect, test } from 'vitest'
import { teller, utc } from '../support/story.js'
import { reading } from './support/reading.js'

const site = defineEvents({ came: { n: integer() } })
const event = teller()
const came = (at: string | number, n = 1) => event(at, 'came', { n })

describe('a day', () => {
  test.each([
    [
      'America/New_York',
      '2024-03-10T01:59:59-05:00',
      '2024-03-11T00:00:00-04:00',
      '2024-03-12T00:00:00-04:00',
    ],
    ['Europe/Berlin', '2024-10-27T02:30:00+02:00', '2024-10-28T00:00:00+01:00', '2024-10-29T00:00:00+01:00'],
    // After the 29th comes the 31st.
    ['Pacific/Apia', '2011-12-29T09:00:00-10:00', '2011-12-31T00:00:00+14:00', '2012-01-01T00:00:00+14:00'],
    // In the hour that comes again after the first midnight of the 7th.
    [
      'America/St_Johns',
      '2010-11-06T23:30:00-03:30',
      '2010-11-08T00:00:00-03:30',
      '2010-11-09T00:00:00-03:30',
    ],
  ])('in %s that holds %s', (zone, from, end, next) => {
    const [at, ends, after] = [instant(from), instant(end), instant(next)]
    const today = reading(site.events, site.count('came', { within: { this: 'day' } }), [came(at)], { zone })
    expect([at, ends - 1, ends].map(today.says)).toEqual([1, 1, 0])
    expect(today.nextStep(at)).toBe(ends)
    const before = reading(site.events, site.count('came', { within: { previous: 'day' } }), [came(at)], {
      zone,
    })
    expect([at, ends - 1, ends, after - 1, after].map(before.says)).toEqual([0, 0, 1, 1, 0])
  })
})

test('the hour before the second midnight is in the day that began with the first', () => {
  // 00:00:30 of the 7th, and half an hour later, when clocks show 23:30 of the 6th again.
  const told = [came(instant('2010-11-07T00:00:30-02:30'), 1), came(instant('2010-11-06T23:30:00-03:30'), 2)]
  const sum = site.sum('came', 'n', { within: { this: 'day' } })
  const { says } = reading(site.events, sum, told, { zone: 'America/St_Johns' })
  expect(says(instant('2010-11-07T12:00:00-03:30'))).toBe(3)
})

test('a month that was empty is forgotten, not the one before it', () => {
  const told = [came('2024-01-31 23:59', 5), came('2024-03-01 00:00', 7)]
  const month = (within: { this: 'month' } | { previous: 'month' }) =>
    reading(site.events, site.max('came', 'n', { within }), told).says
  expect(month({ this: 'month' })(utc('2024-03-01'))).toBe(7)
  expect(month({ previous: 'month' })(utc('2024-03-31'))).toBe(null)
  expect(month({ previous: 'month' })(utc('2024-04-01'))).toBe(7)
})
