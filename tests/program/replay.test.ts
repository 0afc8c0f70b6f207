// A program's stages are derived again, its points are compensated: a late fact moves both.
import {
  defineEvents,
  defineLifecycle,
  definePoints,
  defineProgram,
  money,
  replay,
  restore,
  stageEvents,
  text,
} from 'liuliang'
import { describe, expect, test } from 'vitest'
import { outline, tell, teller, utc } from '../support/story.js'

const stages = ['lead', 'active', 'loyal'] as const
const shop = defineEvents({
  'order-paid': { orderId: text(), amount: money('CNY') },
  ...stageEvents('customer', stages),
})
const calendar = { zone: 'UTC' } as const
const lifecycle = (loyalFrom: number, version = 1) =>
  defineLifecycle({
    id: 'customer',
    version,
    calendar,
    events: shop,
    activity: ['order-paid'],
    stages,
    initial: 'lead',
    rules: {
      lead: [{ to: 'active', on: 'order-paid' }],
      active: [{ to: 'loyal', when: shop.count('order-paid').gte(loyalFrom) }],
      loyal: [],
    },
  })
const customer = lifecycle(3)
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
      multiply: [{ by: '2', when: shop.last('customer/stage-changed', 'to').is('loyal') }],
    },
  ],
})
const loyalty = defineProgram({ id: 'loyalty', version: 1, parts: [customer, points] })
const event = teller()
const paid = (at: string, orderId: string) => event(at, 'order-paid', { orderId, amount: '100' })
const orders = [paid('2024-03-01', 'a'), paid('2024-03-10', 'b'), paid('2024-03-20', 'c')]
const { log: tail, state } = tell(loyalty, orders)
const checkpoint = loyalty.start('u1')
const late = { ...paid('2024-03-05', 'x'), recordedAt: utc('2024-04-01') }

test('a late order moves the stage earlier, and the order after it gets the difference', () => {
  const { retracted, asserted, state: corrected } = replay(loyalty, { checkpoint, tail }, { add: [late] })
  expect(retracted).toMatchObject([
    { type: 'customer/stage-changed', occurredAt: utc('2024-03-20'), data: { to: 'loyal' } },
  ])
  expect(asserted).toMatchObject([
    { type: 'customer/stage-changed', occurredAt: utc('2024-03-10'), data: { to: 'loyal' } },
    {
      type: 'points/earned',
      occurredAt: utc('2024-04-01'),
      effectiveAt: utc('2024-03-10'),
      data: { origin: 'b', points: 100 },
    },
    {
      type: 'points/earned',
      occurredAt: utc('2024-04-01'),
      effectiveAt: utc('2024-03-05'),
      data: { origin: 'x', points: 100 },
    },
  ])
  const inOrder = tell(
    loyalty,
    [...orders, late].sort((a, b) => a.occurredAt - b.occurredAt),
  )
  const at = utc('2024-04-01')
  expect(loyalty.view(corrected, at).customer).toEqual(loyalty.view(inOrder.state, at).customer)
  expect(loyalty.view(corrected, at).points.balance).toBe(loyalty.view(inOrder.state, at).points.balance)
})

test('a deleted order takes the stage back, and with it what the multiplier had given', () => {
  const {
    retracted,
    asserted,
    state: corrected,
  } = replay(loyalty, { checkpoint, tail }, { remove: [orders[1]!.id] })
  expect(outline(retracted)).toEqual(['active > loyal'])
  expect(outline(asserted)).toEqual(['points/clawed-back 100', 'points/clawed-back 100'])
  expect(loyalty.view(corrected, corrected.at!)).toMatchObject({
    customer: { stage: 'active' },
    points: { balance: 200 },
  })
})

test('a corrected log restores the corrected state, and is not corrected twice', () => {
  const first = replay(loyalty, { checkpoint, tail }, { add: [late] })
  expect(restore(loyalty, 'u1', first.log)).toEqual(first.state)
  const again = replay(loyalty, { checkpoint, tail: first.log })
  expect([again.retracted, again.asserted]).toEqual([[], []])
})

test('nothing to change changes nothing', () => {
  expect(replay(loyalty, { checkpoint, tail })).toEqual({ state, retracted: [], asserted: [], log: tail })
})

describe('touching no more than what comes after the change', () => {
  /** The same engine, counting what it applies. */
  const counting = () => {
    const seen: string[] = []
    const evolve: typeof customer.evolve = (before, one) => {
      seen.push(one.id)
      return customer.evolve(before, one)
    }
    return { engine: { ...customer, evolve }, seen }
  }

  test('the log before it is the very same', () => {
    const { log } = tell(customer, orders)
    const fixed = replay(customer, { checkpoint: customer.start('u1'), tail: log }, { add: [late] })
    expect(fixed.log.slice(0, 2)).toEqual(log.slice(0, 2))
    expect(fixed.log[0]).toBe(log[0])
  })

  test('a checkpoint before it saves what lies before the checkpoint', () => {
    const before = tell(customer, orders.slice(0, 2))
    const { log } = tell(customer, orders)
    const { engine, seen } = counting()
    const change = { add: [{ ...late, occurredAt: utc('2024-03-15') }] }
    const short = replay(engine, { checkpoint: before.state, tail: log.slice(before.log.length) }, change)
    expect(seen).not.toContain(orders[0]!.id)
    expect(short.state).toEqual(
      replay(customer, { checkpoint: customer.start('u1'), tail: log }, change).state,
    )
  })
})

test('another definition over the same facts: two replays, and who moves is their difference', () => {
  const facts = tell(customer, orders).log.filter(({ type }) => type === 'order-paid')
  const eager = lifecycle(2, 2)
  const was = replay(customer, { checkpoint: customer.start('u1'), tail: facts })
  const is = replay(eager, {
    checkpoint: eager.start('u1'),
    tail: facts,
    recorded: tell(customer, orders).log.filter(({ type }) => type === 'customer/stage-changed') as never,
  })
  expect(outline(is.retracted)).toEqual(['lead > active', 'active > loyal'])
  expect(outline(is.asserted)).toEqual(['lead > active', 'active > loyal'])
  const since = [was, is].map(
    (one, i) => (i === 0 ? customer : eager).view(one.state as never, utc('2024-03-20')).since,
  )
  expect(since).toEqual([utc('2024-03-20'), utc('2024-03-10')])
})
