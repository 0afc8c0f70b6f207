// The program that the rows of bench/kernel.mjs measure, and random inputs for it: orders, refunds in parts and
// redemptions of many customers, made once from a seed.
import { defineEvents, money, text } from '../../dist/kernel.js'
import { defineLifecycle, stageEvents } from '../../dist/lifecycle.js'
import { definePoints, pointsEvents } from '../../dist/points.js'
import { defineProgram } from '../../dist/program.js'

export const DAY = 86_400_000
/** The first instant of the inputs, and the one at which every customer is looked at in the end. */
export const start = Date.UTC(2022, 0, 1)
export const end = Date.UTC(2025, 0, 1)

/** What inputs and events are called in checksums. */
export const stages = ['lead', 'new', 'active', 'loyal', 'lapsed']
export const tiers = ['basic', 'silver', 'gold']

const calendar = { zone: 'Asia/Shanghai' }
const orders = {
  'order-paid': { orderId: text(), amount: money('CNY') },
  'order-refunded': { orderId: text(), amount: money('CNY') },
}
const window = { within: { days: 90 } }
const shop = defineEvents({ ...orders, ...stageEvents('customer', stages) })
const orders90 = shop.count('order-paid', window)
const isLoyal = orders90.gte(5).and(shop.sum('order-paid', 'amount', window).gte('1500'))
const stage = shop.last('customer/stage-changed', 'to')

const customer = defineLifecycle({
  id: 'customer',
  version: 1,
  calendar,
  events: defineEvents(orders),
  activity: ['order-paid'],
  stages,
  initial: 'lead',
  rules: {
    lead: [{ to: 'new', on: 'order-paid' }],
    new: [
      { to: 'active', when: orders90.gte(2) },
      { to: 'lapsed', inactiveFor: { days: 90 } },
    ],
    active: [
      { to: 'loyal', when: isLoyal },
      { to: 'lapsed', inactiveFor: { days: 90 } },
    ],
    loyal: [
      { to: 'active', when: isLoyal.not() },
      { to: 'lapsed', inactiveFor: { days: 90 } },
    ],
    lapsed: [{ to: 'active', on: 'order-paid' }],
  },
})

const points = definePoints({
  id: 'points',
  version: 1,
  calendar,
  events: shop,
  earning: [
    {
      rule: 'purchase',
      on: 'order-paid',
      earns: { points: 1, per: '1', of: 'amount' },
      origin: 'orderId',
      multiply: [
        { by: '1.5', when: stage.is('loyal') },
        { by: '1.2', when: stage.is('active') },
      ],
    },
  ],
  clawback: [{ on: 'order-refunded', origin: 'orderId', of: 'amount' }],
  pending: { days: 7 },
  expires: { months: 12, end: true },
})

const earnings = defineEvents(pointsEvents('points'))
const earned = earnings.sum('points/earned', 'points', { within: { days: 365 } })
const tier = defineLifecycle({
  id: 'tier',
  version: 1,
  calendar,
  events: earnings,
  activity: ['points/earned'],
  stages: tiers,
  initial: 'basic',
  rules: {
    basic: [{ to: 'silver', when: earned.gte(1000) }],
    silver: [
      { to: 'gold', when: earned.gte(5000) },
      { to: 'basic', when: earned.lt(1000) },
    ],
    gold: [{ to: 'silver', when: earned.lt(5000) }],
  },
})

/** Stages and points; with a tier over the points as the third part. */
export const program = defineProgram({ id: 'loyalty', version: 1, parts: [customer, points] })
export const programOf3 = defineProgram({ id: 'loyalty', version: 1, parts: [customer, points, tier] })

/** Mulberry32: a number in [0, 1). */
function generator(seed) {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

const yuan = (minor) => `${Math.floor(minor / 100)}.${String(minor % 100).padStart(2, '0')}`

/** The inputs of one customer until the end, ascending: 25 orders, a sixth refunded in one part or two, redemptions. */
function inputsOf(subject, chance) {
  const inputs = []
  const between = (low, high) => low + Math.floor(chance() * (high - low + 1))
  const add = (type, occurredAt, data) => {
    inputs.push({ id: `${subject}-${inputs.length}`, type, subject, occurredAt, data })
  }
  let at = start + between(0, 365 * DAY)
  for (let n = 0; n < 25; n += 1) {
    const kind = chance()
    at +=
      kind < 0.8
        ? between(1, 25 * DAY)
        : kind < 0.93
          ? between(25 * DAY, 80 * DAY)
          : between(80 * DAY, 300 * DAY)
    const orderId = `o${subject}-${n}`
    const minor = between(500, 80_000)
    add('order-paid', at, { orderId, amount: yuan(minor) })
    if (chance() < 0.17) {
      const part = chance() < 0.5 ? minor : between(1, minor - 1)
      add('order-refunded', at + between(DAY, 20 * DAY), { orderId, amount: yuan(part) })
      if (part < minor && chance() < 0.5)
        add('order-refunded', at + between(21 * DAY, 60 * DAY), { orderId, amount: yuan(minor - part) })
    }
    if (chance() < 0.1) add('points/redeem', at + between(1, 10 * DAY), { points: between(10, 600) })
  }
  return inputs.filter(({ occurredAt }) => occurredAt < end).sort((a, b) => a.occurredAt - b.occurredAt)
}

/** Inputs by customer. */
export function customers(count) {
  const chance = generator(count)
  return Array.from({ length: count }, (_, i) => inputsOf(`c${i}`, chance))
}
