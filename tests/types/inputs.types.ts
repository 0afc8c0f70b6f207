// What must not compile: inputs that an engine would refuse; and how an answer narrows.
import {
  defineEvents,
  defineLifecycle,
  definePoints,
  defineProgram,
  money,
  pointsEvents,
  restore,
  stageEvents,
  text,
} from 'liuliang'
import { expectTypeOf, test } from 'vitest'

const shop = defineEvents({
  'order-paid': { orderId: text(), amount: money('CNY') },
  ...stageEvents('customer', ['lead', 'active']),
  ...pointsEvents('points'),
})
const calendar = { zone: 'UTC' } as const
const customer = defineLifecycle({
  id: 'customer',
  version: 1,
  calendar,
  events: shop,
  activity: [],
  stages: ['lead', 'active'],
  initial: 'lead',
  rules: { lead: [{ to: 'active', on: 'order-paid' }], active: [] },
})
const points = definePoints({ id: 'points', version: 1, calendar, events: shop, earning: [] })
const program = defineProgram({ id: 'loyalty', version: 1, parts: [customer, points] })
const state = program.start('u1')
const envelope = { id: 'e1', subject: 'u1', occurredAt: 0 }

test('inputs', () => {
  program.decide(state, { ...envelope, type: 'order-paid', data: { orderId: 'a', amount: '1' } })
  program.decide(state, { ...envelope, type: 'points/redeem', data: { points: 5 } })
  program.decide(state, { ...envelope, type: 'customer/move-set', data: { to: 'active', reason: 'asked' } })
  // @ts-expect-error a misspelt event
  program.decide(state, { ...envelope, type: 'order-payed', data: { orderId: 'a', amount: '1' } })
  // @ts-expect-error a missing field
  program.decide(state, { ...envelope, type: 'order-paid', data: { orderId: 'a' } })
  // @ts-expect-error money as a number
  program.decide(state, { ...envelope, type: 'order-paid', data: { orderId: 'a', amount: 1 } })
  // @ts-expect-error a stage that does not exist
  program.decide(state, { ...envelope, type: 'customer/move-set', data: { to: 'vip', reason: 'asked' } })
  // @ts-expect-error a command of an engine that is not there
  program.decide(state, { ...envelope, type: 'coupons/redeem', data: { points: 5 } })
  const changed = { ...envelope, data: { from: 'lead', to: 'active', reason: {} } } as const
  // @ts-expect-error what a part emits does not come from outside
  program.decide(state, { ...changed, type: 'customer/stage-changed' })
  const redeem = { type: 'points/redeem', data: { points: 5 } } as const
  // @ts-expect-error an instant as text
  program.decide(state, { ...envelope, ...redeem, occurredAt: '2024-03-05T00:00:00Z' })
  // @ts-expect-error the state of another engine
  customer.view(state, 0)
})

test('answers', () => {
  const outcome = program.decide(state, { ...envelope, type: 'points/redeem', data: { points: 5 } })
  // @ts-expect-error only what was accepted has a state
  outcome.state
  if (outcome.outcome === 'accepted') expectTypeOf(outcome.state).toEqualTypeOf(state)
  else if (outcome.outcome === 'repeated') expectTypeOf(outcome.version).toBeNumber()
  else if (outcome.refusal.code === 'insufficient-points')
    expectTypeOf(outcome.refusal.available).toBeNumber()
  else if (outcome.refusal.code === 'late') expectTypeOf(outcome.refusal.replayFrom).toBeNumber()
  // @ts-expect-error a code that nobody gives
  else if (outcome.refusal.code === 'no-money') return
})

test('views and events', () => {
  const view = program.view(state, 0)
  expectTypeOf(view.customer.stage).toEqualTypeOf<'lead' | 'active'>()
  expectTypeOf(view.points.balance).toBeNumber()
  // @ts-expect-error a part that is not there
  view.tier
  for (const event of program.advance(restore(program, 'u1', []), 0).events) {
    if (event.type === 'customer/stage-changed')
      expectTypeOf(event.data.to).toEqualTypeOf<'lead' | 'active'>()
    if (event.type === 'points/expired') expectTypeOf(event.data.points).toBeNumber()
  }
})
