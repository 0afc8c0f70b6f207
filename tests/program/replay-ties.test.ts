import { defineEvents, defineLifecycle, definePoints, defineProgram, money, replay } from 'liuliang'
import { expect, test } from 'vitest'
import { tell, teller } from '../support/story.js'

const shop = defineEvents({ visited: {}, 'order-paid': { amount: money('CNY') } })
const shared = { version: 1, calendar: { zone: 'UTC' }, events: shop }
const customer = defineLifecycle({
  ...shared,
  id: 'customer',
  activity: [],
  stages: ['lead', 'curious', 'buyer', 'impulsive'],
  initial: 'lead',
  rules: {
    lead: [
      { to: 'curious', on: 'visited' },
      { to: 'impulsive', on: 'order-paid' },
    ],
    curious: [{ to: 'buyer', on: 'order-paid' }],
    buyer: [],
    impulsive: [],
  },
})
const points = definePoints({
  ...shared,
  id: 'points',
  earning: [{ rule: 'visit', on: 'visited', earns: { points: 1 } }],
})

// Two events of one instant, the later id first: deciding keeps the order of arrival, replaying that of `compareEvents`.
const arrived = () => {
  const event = teller()
  return [
    { ...event('2024-03-01', 'visited', {}), id: 'z' },
    { ...event('2024-03-01', 'order-paid', { amount: '5' }), id: 'a' },
  ]
}

test.each([
  ['an engine of facts', customer],
  ['a program of decisions', defineProgram({ id: 'shop', version: 1, parts: [customer, points] })],
] as const)('%s: where ties differ, that is a difference', (_, engine) => {
  const { log } = tell(engine as typeof customer, arrived() as never)
  const { retracted, asserted } = replay(engine as typeof customer, {
    checkpoint: engine.start('u1') as ReturnType<typeof customer.start>,
    tail: log,
  })
  expect(retracted.map(({ data }) => (data as { to: string }).to)).toEqual(['curious', 'buyer'])
  expect(asserted.map(({ data }) => (data as { to: string }).to)).toEqual(['impulsive'])
})
