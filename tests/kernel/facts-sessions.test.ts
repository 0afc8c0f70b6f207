// Visits at their edges: exactly the gap apart, cut by a midnight, cut by what came since.
import { defineEvents, integer } from 'liuliang'
import { expect, test } from 'vitest'
import { teller, utc } from '../support/story.js'
import { reading } from './support/reading.js'

const site = defineEvents({ visited: { pages: integer() }, 'order-paid': {} })
const event = teller()
const visits = (...times: readonly string[]) => times.map((at) => event(at, 'visited', { pages: 1 }))
const gap = { minutes: 30 }
const MINUTE = 60_000

test('what comes the whole gap later is another session, a second less is the same one', () => {
  const { says } = reading(
    site.events,
    site.sessions('visited', { gap }),
    visits('2024-03-05 10:00', '2024-03-05 10:30'),
  )
  expect(says(utc('2024-03-05 11:00'))).toBe(2)
  const near = visits('2024-03-05 10:00:00', '2024-03-05 10:29:59')
  expect(reading(site.events, site.sessions('visited', { gap }), near).says(utc('2024-03-05 11:00'))).toBe(1)
  expect(reading(site.events, site.sessionTime('visited', { gap }), near).says(utc('2024-03-05 11:00'))).toBe(
    29 * MINUTE + 59_000,
  )
})

test('two at one instant are one session of no length', () => {
  const told = visits('2024-03-05 10:00', '2024-03-05 10:00')
  expect(reading(site.events, site.sessions('visited', { gap }), told).says(utc('2024-03-06'))).toBe(1)
  expect(reading(site.events, site.sessionTime('visited', { gap }), told).says(utc('2024-03-06'))).toBe(0)
})

test('a rolling window keeps a session while its last event stays, with all of its length', () => {
  const told = visits('2024-03-05 10:00', '2024-03-05 10:20', '2024-03-05 10:40')
  const { says, nextStep } = reading(
    site.events,
    site.sessionTime('visited', { gap, within: { hours: 1 } }),
    told,
  )
  expect(says(utc('2024-03-05 11:39'))).toBe(40 * MINUTE)
  expect(nextStep(utc('2024-03-05 10:40'))).toBe(utc('2024-03-05 11:40'))
  expect(says(utc('2024-03-05 11:40'))).toBe(0)
})

test('midnight cuts a session in a window of days, an order cuts it in a window since', () => {
  const night = visits('2024-03-05 23:50', '2024-03-06 00:05', '2024-03-06 00:15')
  const today = reading(site.events, site.sessionTime('visited', { gap, within: { this: 'day' } }), night)
  expect(today.says(utc('2024-03-06 00:20'))).toBe(10 * MINUTE)
  const before = reading(
    site.events,
    site.sessionTime('visited', { gap, within: { previous: 'day' } }),
    night,
  )
  expect(before.says(utc('2024-03-06 00:20'))).toBe(0)
  const told = [
    ...visits('2024-03-05 10:00'),
    event('2024-03-05 10:05', 'order-paid', {}),
    ...visits('2024-03-05 10:10', '2024-03-05 10:15'),
  ]
  const since = reading(site.events, site.sessionTime('visited', { gap, since: 'order-paid' }), told)
  expect(since.says(utc('2024-03-05 11:00'))).toBe(5 * MINUTE)
  const never = reading(site.events, site.sessions('visited', { gap, since: 'order-paid' }), night)
  expect(never.says(utc('2024-03-06 01:00'))).toBe(null)
})
