import {
  defineEvents,
  definePoints,
  type InputOf,
  money,
  offersFor,
  pointsEvents,
  rewardPlan,
  text,
} from 'liuliang'
import { expectTypeOf, test } from 'vitest'

const shop = defineEvents({
  'order-paid': { orderId: text(), amount: money('CNY') },
  ...pointsEvents('points', { rewards: true }),
})
const shared = { id: 'points', version: 1, calendar: { zone: 'UTC' }, events: shop, earning: [] } as const
const points = definePoints({
  ...shared,
  currencies: [{ currency: 'points', kind: 'spendable' }],
  rewards: [
    { reward: 'mug', price: { points: 500 } },
    {
      reward: 'tote',
      price: { points: 1, money: { amount: '1', currency: 'CNY' } },
      reserveFor: { days: 1 },
    },
  ],
})
const plain = definePoints({ ...shared })
const state = points.start('u1')

test('commands know rewards', () => {
  type Input = InputOf<typeof points>
  const at = { id: 'c', subject: 'u1', occurredAt: 0, type: 'points/claim' } as const
  const mug: Input = { ...at, data: { reward: 'mug', quantity: 1 } }
  void mug
  // @ts-expect-error: there is no such reward
  const misspelt: Input = { ...at, data: { reward: 'mgu' } }
  void misspelt
  // @ts-expect-error: without rewards there is no such command
  const none: InputOf<typeof plain> = { ...at, data: { reward: 'mug' } }
  void none
})

test('views, offers and plans know rewards', () => {
  const { rewards } = points.view(state, 0)
  expectTypeOf(rewards.open[0]!.reward).toEqualTypeOf<'mug' | 'tote'>()
  expectTypeOf(offersFor(points, state, 0)[0]!.reward).toEqualTypeOf<'mug' | 'tote'>()
  rewardPlan(points, state, { do: 'claim', id: 'p', reward: 'tote' }, 0)
  // @ts-expect-error: there is no such reward
  rewardPlan(points, state, { do: 'claim', id: 'p', reward: 'toet' }, 0)
  // @ts-expect-error: it has no rewards
  void plain.view(plain.start('u1'), 0).rewards
})

test('the rule language hears of claims', () => {
  shop.count('points/reward-claimed', { where: { reward: 'mug' } })
  shop.sum('points/reward-claimed', 'quantity')
  // @ts-expect-error: no such event
  shop.count('points/reward-claim')
})

test('misspelt words of a reward do not compile', () => {
  const two = { ...shared, currencies: [{ currency: 'points', kind: 'spendable' }] } as const
  definePoints({ ...two, rewards: [{ reward: 'mug', price: { points: 1 }, currency: 'points' }] })
  // @ts-expect-error: no such currency
  definePoints({ ...two, rewards: [{ reward: 'mug', price: { points: 1 }, currency: 'point' }] })
  // @ts-expect-error: no such policy
  definePoints({ ...two, rewards: [{ reward: 'mug', price: { points: 1 }, returned: 'frees' }] })
  // @ts-expect-error: a price has points, money or both
  definePoints({ ...two, rewards: [{ reward: 'mug', price: {} }] })
  // @ts-expect-error: one of several prices has a name
  definePoints({ ...two, rewards: [{ reward: 'mug', price: [{ points: 1 }] }] })
  // @ts-expect-error: nobody reads this key
  definePoints({ ...two, rewards: [{ reward: 'mug', price: { points: 1 }, costs: 1 }] })
})
