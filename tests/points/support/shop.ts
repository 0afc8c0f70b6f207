import { defineEvents, definePoints, integer, money, type PointsDefinition, ref, text } from 'liuliang'
import { teller } from '../../support/story.js'

/** What can happen in the shop whose points are told of here. */
export const shop = defineEvents({
  'order-paid': {
    orderId: text(),
    amount: money('CNY'),
    channel: text('web', 'app').optional(),
    friend: ref('friend').optional(),
  },
  'order-received': { orderId: text() },
  'order-refunded': { orderId: text(), amount: money('CNY') },
  'order-cancelled': { orderId: text() },
  'post-published': { likes: integer() },
})

type Shop = typeof shop.events
type Terms = Partial<PointsDefinition<'points', Shop>>

/** A point for each yuan, in UTC, with other terms where they are given. */
export const pointsWith = (terms: Terms = {}) =>
  definePoints({
    id: 'points',
    version: 1,
    calendar: { zone: 'UTC' },
    events: shop,
    earning: [
      { rule: 'purchase', on: 'order-paid', earns: { points: 1, per: '1', of: 'amount' }, origin: 'orderId' },
    ],
    confirmation: [{ on: 'order-received', origin: 'orderId' }],
    clawback: [
      { on: 'order-refunded', origin: 'orderId', of: 'amount' },
      { on: 'order-cancelled', origin: 'orderId' },
    ],
    ...terms,
  })

/** Inputs of one account, numbered as they are written. */
export function account(subject = 'u1') {
  const event = teller(subject)
  return {
    event,
    paid: (at: string | number, orderId: string, amount: string, more: object = {}) =>
      event(at, 'order-paid', { orderId, amount, ...more }),
    refunded: (at: string | number, orderId: string, amount: string) =>
      event(at, 'order-refunded', { orderId, amount }),
    cancelled: (at: string | number, orderId: string) => event(at, 'order-cancelled', { orderId }),
    received: (at: string | number, orderId: string) => event(at, 'order-received', { orderId }),
    redeem: (at: string | number, points: number, id?: string) => event(at, 'points/redeem', { points }, id),
    refund: (at: string | number, redemption: string, points?: number) =>
      event(at, 'points/refund', points === undefined ? { redemption } : { redemption, points }),
    give: (at: string | number, points: number, id?: string) =>
      event(at, 'points/earn', { points, reason: 'a present' }, id),
  }
}
