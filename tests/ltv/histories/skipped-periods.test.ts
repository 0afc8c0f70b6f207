import { collect, instant } from 'liuliang/kernel'
import { type HistoriesDefinition, summarizeHistories, withPurchase } from 'liuliang/ltv'
import { expect, test } from 'vitest'
import { base, event } from './support/orders.js'

const definition = (zone: string, per: 'hour' | 'day'): HistoriesDefinition => ({
  ...base,
  calendar: { zone },
  unit: 'opportunity',
  merge: { per },
})
const read = (given: HistoriesDefinition, orders: readonly string[], until: string) => {
  const aggregate = summarizeHistories(given)
  const events = orders.map((at) => ({ ...event('ann', '2000-01-01'), occurredAt: instant(at) }))
  return aggregate.result(collect(aggregate, events), { until: instant(until), purchaseAges: true })
    .customers[0]!
}

test('a day that never was is no opportunity', () => {
  const apia = definition('Pacific/Apia', 'day')
  const days = ['2011-12-28T12:00:00-10:00', '2011-12-29T12:00:00-10:00', '2011-12-31T12:00:00+14:00']
  expect(read(apia, [...days, '2012-01-01T12:00:00+14:00'], '2012-01-02T12:00:00+14:00')).toMatchObject({
    repeatCount: 3,
    purchaseAges: [1, 2, 3],
    lastPurchaseAge: 3,
    age: 3,
  })
  // At the beginning of the day after it, the last that is over is the day before it.
  expect(read(apia, days.slice(0, 2), '2011-12-31T00:00:00+14:00')).toMatchObject({ repeatCount: 1, age: 1 })
  expect(read(apia, days, '2012-06-01T12:00:00+13:00').age).toBe(3 + 31 + 29 + 31 + 30 + 31 - 1)
  const one = read(apia, days.slice(0, 2), '2011-12-31T00:00:00+14:00')
  expect(withPurchase(one, { at: instant(days[2]!) }, apia)).toMatchObject({ lastPurchaseAge: 2 })
})

test('Kwajalein had one day twice, and one never', () => {
  const days = definition('Pacific/Kwajalein', 'day')
  const from = '1969-01-01T12:00:00+11:00'
  const [before, after] = ['1993-08-20T12:00:00-12:00', '1993-08-22T12:00:00+12:00']
  const age = (at: string) => read(days, [from, at], '1993-09-01T12:00:00+12:00').lastPurchaseAge
  expect(age(after) - age(before)).toBe(1)
  // Dates until 1993-08-20, each once.
  expect(age(before)).toBe(24 * 365 + 6 + 231)
})

test('an hour that clocks skip is no opportunity; one that they show twice is one', () => {
  const berlin = definition('Europe/Berlin', 'hour')
  const hours = (from: string, to: string) =>
    read(berlin, [from, to], '2025-01-01T00:00:00+01:00').lastPurchaseAge
  expect(hours('2024-03-31T01:30:00+01:00', '2024-03-31T03:30:00+02:00')).toBe(1)
  expect(hours('2024-10-27T01:30:00+02:00', '2024-10-27T03:30:00+01:00')).toBe(2)
  expect(hours('1969-12-31T12:00:00+01:00', '1970-01-01T12:00:00+01:00')).toBe(24)
})
