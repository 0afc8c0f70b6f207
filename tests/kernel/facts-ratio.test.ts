// Shares and averages, compared without rounding.
import { defineEvents, integer, money, text } from 'liuliang'
import { expect, test } from 'vitest'
import { teller, utc } from '../support/story.js'
import { judging, reading } from './support/reading.js'

const shop = defineEvents({ paid: { amount: money('CNY'), channel: text() } })
const event = teller()
const paid = (amount: string, channel = 'web') => event('2024-03-05', 'paid', { amount, channel })
const now = utc('2024-03-06')
const web = shop.ratio(shop.count('paid', { where: { channel: 'web' } }), shop.count('paid'))
const average = shop.ratio(shop.sum('paid', 'amount'), shop.count('paid'))

test('one in three is exactly a third, and more than 0.3333333333', () => {
  const told = [paid('1'), paid('1', 'app'), paid('1', 'app')]
  const holds = (condition: ReturnType<typeof web.gte>) => judging(shop.events, condition, told).holds(now)
  expect([holds(web.gte('1/3')), holds(web.gt('1/3')), holds(web.gt('0.3333333333'))]).toEqual([
    true,
    false,
    true,
  ])
})

test('a sum of money for each is compared with an amount', () => {
  const told = [paid('10'), paid('0.01')]
  const holds = (condition: ReturnType<typeof web.gte>) => judging(shop.events, condition, told).holds(now)
  expect([holds(average.lte('5.005')), holds(average.lt('5.005')), holds(average.gt('5'))]).toEqual([
    true,
    false,
    true,
  ])
})

test('nothing divided by nothing says nothing, and its not holds', () => {
  expect(reading(shop.events, average, []).says(now)).toBe(null)
  const condition = average.lt('1')
  expect(judging(shop.events, condition, []).holds(now)).toBe(false)
  expect(judging(shop.events, condition.not(), []).holds(now)).toBe(true)
})

test('the average of amounts is compared exactly where the numbers are as large as they can be', () => {
  const wide = defineEvents({ sold: { amount: money('CNY'), pieces: integer() } })
  const pieces = Number.MAX_SAFE_INTEGER - 2
  const fen = (amount: number) => `${Math.floor(amount / 100)}.${String(amount % 100).padStart(2, '0')}`
  const average = wide.ratio(wide.sum('sold', 'amount'), wide.sum('sold', 'pieces'))
  const holds = (amount: number) => {
    const sold = {
      id: 's',
      type: 'sold',
      subject: 'u1',
      occurredAt: 0,
      data: { amount: fen(amount), pieces },
    }
    return judging(wide.events, average.gte('0.01'), [sold]).holds(1)
  }
  expect([holds(pieces), holds(pieces - 1)]).toEqual([true, false])
})
