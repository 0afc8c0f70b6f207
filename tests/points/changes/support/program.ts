import { defineEvents, definePoints, money, type PointsDefinition, ref, text } from 'liuliang'

export const shop = defineEvents({
  'order-paid': { orderId: text(), amount: money('CNY'), friend: ref('friend').optional() },
  'order-received': { orderId: text() },
  'order-refunded': { orderId: text(), amount: money('CNY') },
})

type Terms = Partial<PointsDefinition<'points', typeof shop.events, string, string, string, string>>

/** A program of two currencies and a ladder, with other terms where they are given. */
export const programWith = (version: number, terms: Terms = {}) =>
  definePoints({
    id: 'points',
    version,
    calendar: { zone: 'UTC' },
    events: shop,
    currencies: [
      { currency: 'points', kind: 'spendable' },
      { currency: 'status', kind: 'status' },
    ],
    earning: [
      { rule: 'purchase', on: 'order-paid', earns: { points: 1, per: '3', of: 'amount' }, origin: 'orderId' },
      {
        rule: 'spend',
        on: 'order-paid',
        in: 'status',
        earns: { points: 1, per: '1', of: 'amount' },
        origin: 'orderId',
      },
    ],
    confirmation: [{ on: 'order-received', origin: 'orderId' }],
    clawback: [{ on: 'order-refunded', origin: 'orderId', of: 'amount' }],
    tiers: [
      {
        track: 'level',
        measure: { earned: 'status' },
        levels: [
          { tier: 'silver', from: 100 },
          { tier: 'gold', from: 500 },
        ],
        hold: { months: 12 },
      },
    ],
    expires: { months: 12 },
    ...terms,
  } as unknown as PointsDefinition<'points', typeof shop.events, string, string, string, string>)
