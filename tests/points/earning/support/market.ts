import { defineEvents, definePoints, lines, money, type PointsDefinition, text } from 'liuliang'
import { tell, teller } from '../../../support/story.js'

const lineOf = () =>
  lines({
    sku: text(),
    amount: money('CNY'),
    off: money('CNY').optional(),
    category: text('food', 'books', 'gift-cards').optional(),
  })

/** A market whose orders say what was taken off them, and what they are of. */
export const market = defineEvents({
  'order-paid': {
    orderId: text(),
    amount: money('CNY'),
    discount: money('CNY').optional(),
    tax: money('CNY').optional(),
    byPoints: money('CNY').optional(),
    shipping: money('USD').optional(),
    channel: text('web', 'app').optional(),
    items: lineOf().optional(),
  },
  'order-refunded': { orderId: text(), amount: money('CNY'), discount: money('CNY').optional() },
  'order-returned': { orderId: text(), items: lineOf() },
  'order-cancelled': { orderId: text() },
  'order-received': { orderId: text() },
  'checked-in': {},
})

type Market = typeof market.events
type Terms = Partial<PointsDefinition<'points', Market, string, string>>

/** A point for each yuan of an order. */
export const purchase = {
  rule: 'purchase',
  on: 'order-paid',
  origin: 'orderId',
  earns: { points: 1, per: '1', of: 'amount' },
} as const
/** A rule of the same kind, paying so many points for each yuan. */
export const rate = (rule: string, points: number) =>
  ({ ...purchase, rule, earns: { ...purchase.earns, points } }) as const

export const pointsOf = (terms: Terms = {}) =>
  definePoints({
    id: 'points',
    version: 1,
    calendar: { zone: 'Asia/Shanghai' },
    events: market,
    earning: [purchase],
    confirmation: [{ on: 'order-received', origin: 'orderId' }],
    clawback: [
      { on: 'order-refunded', origin: 'orderId', of: 'amount' },
      { on: 'order-cancelled', origin: 'orderId' },
      { on: 'order-returned', origin: 'orderId', each: 'items', line: 'sku', of: 'amount' },
    ],
    ...terms,
  })

type Points = ReturnType<typeof pointsOf>

/** Inputs of one account, numbered as they are written. */
export function buyer(subject = 'u1') {
  const event = teller(subject)
  return {
    event,
    paid: (at: string | number, orderId: string, amount: string, more: object = {}) =>
      event(at, 'order-paid', { orderId, amount, ...more }),
    bought: (at: string | number, orderId: string, items: readonly object[], amount = '0') =>
      event(at, 'order-paid', { orderId, amount, items }),
    refunded: (at: string | number, orderId: string, amount: string, more: object = {}) =>
      event(at, 'order-refunded', { orderId, amount, ...more }),
    returned: (at: string | number, orderId: string, items: readonly object[]) =>
      event(at, 'order-returned', { orderId, items }),
    cancelled: (at: string | number, orderId: string) => event(at, 'order-cancelled', { orderId }),
    received: (at: string | number, orderId: string) => event(at, 'order-received', { orderId }),
    checkedIn: (at: string | number) => event(at, 'checked-in', {}),
    redeem: (at: string | number, points: number) => event(at, 'points/redeem', { points }),
    give: (at: string | number, points: number) => event(at, 'points/earn', { points, reason: 'a present' }),
  }
}

interface Posted {
  readonly rule: string
  readonly points: number
  readonly reason: { readonly code: string }
  readonly share?: object
  readonly origin?: string
}

/** What was earned and taken back, as data, in order. */
export const postings = (engine: Points, inputs: readonly unknown[]) =>
  tell(engine, inputs as never).log.flatMap((one) =>
    one.type === 'points/earned' || one.type === 'points/clawed-back'
      ? [{ type: one.type, at: one.occurredAt, ...(one.data as unknown as Posted) }]
      : [],
  )

/** Rule and points of each issue. */
export const paidBy = (engine: Points, inputs: readonly unknown[]) =>
  postings(engine, inputs).flatMap(({ type, rule, points }) =>
    type === 'points/earned' ? [`${rule} ${points}`] : [],
  )

/** How many points each issue was, and each clawback, below zero. */
export const pointsIn = (engine: Points, inputs: readonly unknown[]) =>
  postings(engine, inputs).map(({ type, points }) => (type === 'points/earned' ? points : -points))
