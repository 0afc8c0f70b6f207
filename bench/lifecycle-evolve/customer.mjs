// One lifecycle for three machines: six stages, five events, guards on a counter and on a payload; no time, which the other
// two cannot hold.
import { defineEvents, integer } from '../../dist/kernel.js'
import { defineLifecycle } from '../../dist/lifecycle.js'

export const stages = ['lead', 'new', 'active', 'loyal', 'dormant', 'churned']
export const types = ['signed-up', 'order-paid', 'visited', 'opted-out', 'slept']
/** Orders, or the size of one, that make somebody loyal. */
export const [OFTEN, MUCH] = [5, 900]

const shop = defineEvents({
  'signed-up': {},
  'order-paid': { amount: integer() },
  visited: {},
  'opted-out': {},
  slept: {},
})
const orders = shop.count('order-paid')

export const customer = defineLifecycle({
  id: 'customer',
  version: 1,
  calendar: { zone: 'UTC' },
  events: shop,
  activity: ['signed-up', 'order-paid', 'visited'],
  stages: ['lead', 'new', 'active', 'loyal', 'dormant', 'churned'],
  initial: 'lead',
  rules: {
    lead: [{ to: 'new', on: 'signed-up' }],
    new: [{ to: 'active', on: 'order-paid' }],
    active: [
      { to: 'loyal', on: 'order-paid', when: orders.gte(OFTEN) },
      { to: 'loyal', on: { event: 'order-paid', where: { amount: { gte: MUCH } } } },
      { to: 'dormant', on: 'slept' },
    ],
    loyal: [{ to: 'dormant', on: 'slept' }],
    dormant: [{ to: 'active', on: 'order-paid', reset: [orders] }],
    churned: [{ to: 'new', on: 'order-paid' }],
  },
  everywhere: [{ to: 'churned', on: 'opted-out' }],
})

/** Events of users in the order of time, from a seed. */
export function eventsOf(users, perUser) {
  let seed = 20_240_229
  const next = () => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) | 0
    return (seed >>> 0) / 4_294_967_296
  }
  const from = Date.UTC(2024, 0, 1)
  return Array.from({ length: users }, (_, user) => {
    let at = from
    return Array.from({ length: perUser }, (_, i) => {
      at += 1 + Math.floor(next() * 86_400_000)
      const drawn = next()
      const type =
        i === 0
          ? types[0]
          : drawn < 0.4
            ? types[1]
            : drawn < 0.85
              ? types[2]
              : drawn < 0.9
                ? types[3]
                : types[4]
      const data = type === 'order-paid' ? { amount: Math.floor(next() * 1000) } : {}
      return { id: `${user}-${i}`, type, subject: `user-${user}`, occurredAt: at, data }
    })
  })
}
