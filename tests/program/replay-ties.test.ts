import { audit, defineEvents, defineLifecycle, definePoints, defineProgram, money, replay } from 'liuliang'
import { describe, expect, test } from 'vitest'
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

// Two events of one instant, the later id first.
const arrived = () => {
  const event = teller()
  return [
    { ...event('2024-03-01', 'visited', {}), id: 'z' },
    { ...event('2024-03-01', 'order-paid', { amount: '5' }), id: 'a' },
  ]
}

test('an engine of facts takes ties in the order of `compareEvents` again: where that differs, it is a difference', () => {
  const { log } = tell(customer, arrived() as never)
  const { retracted, asserted } = replay(customer, { checkpoint: customer.start('u1'), tail: log })
  expect(retracted.map(({ data }) => (data as { to: string }).to)).toEqual(['curious', 'buyer'])
  expect(asserted.map(({ data }) => (data as { to: string }).to)).toEqual(['impulsive'])
})

describe('in an engine of decisions what was recorded stays in its order', () => {
  const program = defineProgram({ id: 'shop', version: 1, parts: [customer, points] })

  test('so a replay without a change changes nothing', () => {
    const { log, state } = tell(program, arrived() as never)
    const again = replay(program, { checkpoint: program.start('u1'), tail: log })
    expect([again.retracted, again.asserted, again.state]).toEqual([[], [], state])
  })

  test('and a late fact of that instant stands before those that `compareEvents` puts behind it', () => {
    const { log } = tell(program, arrived() as never)
    const add = ['zz', 'm'].map((id) => ({ ...teller()('2024-03-01', 'visited', {}), id })) as never
    const { log: corrected } = replay(program, { checkpoint: program.start('u1'), tail: log }, { add })
    const facts = corrected.flatMap(({ id }) => (['z', 'a', 'm', 'zz'].includes(id) ? [id] : []))
    expect(facts).toEqual(['m', 'z', 'a', 'zz'])
  })

  test('and a command stays behind what it was decided on', () => {
    const earned = { points: 50, reason: 'a present' }
    const event = teller()
    const told = [
      event('2024-03-01', 'points/earn', earned),
      { ...event('2024-03-02', 'points/reserve', { points: 50 }), id: 'r9' },
      { ...event('2024-03-02', 'points/release', { reservation: 'r9' }), id: 'r10' },
    ]
    const { log } = tell(points, told as never)
    const add = [event('2024-02-20', 'visited', {})] as never
    const { state } = replay(points, { checkpoint: points.start('u1'), tail: log }, { add })
    expect(points.view(state, state.at!)).toMatchObject({ balance: 51, reserved: 0 })
    expect(audit(points, state)).toEqual({ findings: [] })
  })
})
