// The programs that the rows of bench/points.mjs measure, and random inputs for them, made once from a seed.
import { defineEvents, money, random, text } from '../../dist/kernel.js'
import { defineLifecycle, stageEvents } from '../../dist/lifecycle.js'
import { definePoints, pointsEvents } from '../../dist/points.js'
import { defineProgram } from '../../dist/program.js'

export const DAY = 86_400_000
export const start = Date.UTC(2022, 0, 1)

const calendar = { zone: 'Asia/Shanghai' }
export const shop = defineEvents({
  'order-paid': { orderId: text(), amount: money('CNY') },
  'order-refunded': { orderId: text(), amount: money('CNY') },
})

/** Points of a shop: a point a yuan to the last fraction, for 365 days. */
export const points = definePoints({
  id: 'points',
  version: 1,
  calendar,
  events: shop,
  earning: [{ rule: 'purchase', on: 'order-paid', earns: { points: 1, per: '1.00', of: 'amount' } }],
  expires: { hours: 365 * 24 },
})

const tierStages = ['basic', 'silver', 'gold']
const wired = defineEvents({
  'order-paid': { orderId: text(), amount: money('CNY') },
  ...stageEvents('tier', tierStages),
  ...pointsEvents('club'),
})
const shared = { version: 1, calendar, events: wired }
const earned = wired.sum('club/earned', 'points', { within: { days: 365 } })

const club = definePoints({
  ...shared,
  id: 'club',
  earning: [
    {
      rule: 'purchase',
      on: 'order-paid',
      earns: { points: 1, per: '1.00', of: 'amount' },
      multiply: [{ by: '2', when: wired.last('tier/stage-changed', 'to').is('gold') }],
    },
  ],
  expires: { months: 12, end: true },
})

const tier = defineLifecycle({
  ...shared,
  id: 'tier',
  activity: [],
  stages: tierStages,
  initial: 'basic',
  rules: {
    basic: [{ to: 'silver', when: earned.gte(1000) }],
    silver: [{ to: 'gold', when: earned.gte(3000) }],
    gold: [],
  },
})

const customer = defineLifecycle({
  ...shared,
  id: 'customer',
  activity: ['order-paid'],
  stages: ['lead', 'active', 'lapsed'],
  initial: 'lead',
  rules: {
    lead: [{ to: 'active', on: 'order-paid' }],
    active: [{ to: 'lapsed', inactiveFor: { days: 90 } }],
    lapsed: [{ to: 'active', on: 'order-paid' }],
  },
})

/** A life, points, and a tier that points make: an order may lead through all three. */
export const program = defineProgram({ id: 'shop', version: 1, parts: [customer, club, tier] })

/** Members a step before a tier, each with the order that leads there. */
export function beforeTiers(members) {
  const chance = random('tiers')
  return Array.from({ length: members }, (_, place) => {
    const subject = `u${place}`
    const order = (i, cents) => ({
      id: `${subject}-${i}`,
      type: 'order-paid',
      subject,
      occurredAt: start + place * 60_000 + i * 20 * DAY,
      data: { orderId: `o${i}`, amount: amountOf(cents) },
    })
    let state = program.start(subject)
    for (let i = 0; i < 8; i += 1) {
      const decided = program.decide(state, order(i, 11_000 + Math.floor(chance.next() * 1_000)))
      state = decided.state
    }
    return { state, input: order(8, 20_000 + Math.floor(chance.next() * 1_000)) }
  })
}

const amountOf = (cents) => `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, '0')}`

/** What happens to each account: orders, points given by hand, redemptions, and deliveries that come twice. */
export function inputsOf(accounts, count) {
  return Array.from({ length: accounts }, (_, place) => {
    const chance = random(`account-${place}`)
    const subject = `u${place}`
    let at = start + Math.floor(chance.next() * DAY)
    const inputs = []
    for (let i = 0; i < count; i += 1) {
      at += 1 + Math.floor(chance.next() * 8 * DAY)
      const roll = chance.next()
      const id = `${subject}-${i}`
      if (roll < 0.05 && i > 0) inputs.push(inputs[inputs.length - 1])
      else if (roll < 0.6)
        inputs.push({
          id,
          type: 'order-paid',
          subject,
          occurredAt: at,
          data: { orderId: `o${i}`, amount: amountOf(100 + Math.floor(chance.next() * 30_000)) },
        })
      else if (roll < 0.7)
        inputs.push({
          id,
          type: 'points/earn',
          subject,
          occurredAt: at,
          data: { points: 1 + Math.floor(chance.next() * 100), reason: 'sorry' },
        })
      else
        inputs.push({
          id,
          type: 'points/redeem',
          subject,
          occurredAt: at,
          data: { points: 1 + Math.floor(chance.next() * 400) },
        })
    }
    return inputs
  })
}
