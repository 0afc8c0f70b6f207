import { defineEvents, instant, integer, money, text } from 'liuliang'
import { expect, test } from 'vitest'
import { reading } from './support/reading.js'

const shop = defineEvents({ paid: { channel: text(), amount: money('CNY'), items: integer() } })
const on = (date: string) => instant(`2026-03-${date}T12:00:00+08:00`)
const paid = (date: string, channel: string, amount: string, items = 1) => ({
  id: `${date}${channel}`,
  type: 'paid',
  subject: 'u1',
  occurredAt: on(date),
  data: { channel, amount, items },
})
const calendar = { zone: 'Asia/Shanghai' }
const read = (fact: Parameters<typeof reading>[1], ...told: Parameters<typeof reading>[2][number][]) =>
  reading(shop.events, fact, told, calendar)

test('a value that comes again stays until the last event that had it leaves', () => {
  const channels = read(
    shop.distinct('paid', 'channel', { within: { days: 7 } }),
    paid('01', 'web', '1'),
    paid('02', 'app', '1'),
    paid('05', 'web', '1'),
  )
  expect(channels.says(on('05'))).toBe(2)
  expect(channels.says(on('08'))).toBe(2)
  expect(channels.nextStep(on('05'))).toBe(on('09'))
  expect(channels.says(on('09'))).toBe(1)
  expect(channels.nextStep(on('09'))).toBe(on('12'))
  expect(channels.says(on('12'))).toBe(0)
})

test('amounts are different where they are different amounts', () => {
  const amounts = read(shop.distinct('paid', 'amount'), paid('01', 'a', '10'), paid('02', 'b', '10.00'))
  expect(amounts.says(on('03'))).toBe(1)
})

test('the smallest and the largest are those that have not left', () => {
  const events = [paid('01', 'a', '5'), paid('03', 'b', '9'), paid('04', 'c', '7')]
  const week = { within: { days: 7 } } as const
  const least = read(shop.min('paid', 'amount', week), ...events)
  expect([least.says(on('04')), least.nextStep(on('04')), least.says(on('08'))]).toEqual([500, on('08'), 700])
  const most = read(shop.max('paid', 'amount', week), ...events)
  expect([most.says(on('04')), most.nextStep(on('04')), most.says(on('10')), most.says(on('11'))]).toEqual([
    900,
    on('10'),
    700,
    null,
  ])
})

test('the first one is the earliest that has not left', () => {
  const first = read(
    shop.first('paid', 'channel', { within: { days: 7 } }),
    paid('01', 'web', '1'),
    paid('02', 'web', '1'),
    paid('03', 'app', '1'),
  )
  expect([
    first.says(on('03')),
    first.nextStep(on('03')),
    first.says(on('09')),
    first.says(on('10')),
  ]).toEqual(['web', on('09'), 'app', null])
})
