// Data that the door lets in, and that names no origin: each has to be answered, never thrown.
import { defineEvents, definePoints, text } from 'liuliang'
import { expect, test } from 'vitest'
import { account, pointsWith } from './support/shop.js'

const engine = pointsWith({ pending: 'until-confirmed' })
const { paid, received, refunded, event } = account()

test.each([
  ['an order without letters in its id', paid('2024-03-01', '', '10')],
  ['a refund of it', refunded('2024-03-01', '', '10')],
  ['its confirmation', received('2024-03-01', '')],
  ['a command to confirm it', event('2024-03-01', 'points/confirm', { origin: '' })],
])('%s is no reason to throw', (_, input) => {
  expect(() => engine.decide(engine.start('u1'), input as never)).not.toThrow()
})

test('nor is an origin that its event leaves out', () => {
  const shop = defineEvents({ received: { orderId: text().optional() } })
  const points = definePoints({
    id: 'points',
    version: 1,
    calendar: { zone: 'UTC' },
    events: shop,
    earning: [{ rule: 'visit', on: 'received', earns: { points: 1 } }],
    confirmation: [{ on: 'received', origin: 'orderId' }],
  })
  const input = event('2024-03-01', 'received', {})
  expect(() => points.decide(points.start('u1'), input)).not.toThrow()
})
