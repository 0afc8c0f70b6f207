import { describe, expect, test } from 'vitest'
import { tell, utc } from '../support/story.js'
import { account, pointsWith, shop } from './support/shop.js'

const { paid, event } = account()
const at = '2024-03-05'
const purchase = { rule: 'purchase', on: 'order-paid', origin: 'orderId' } as const
/** How many points each order earns. */
const earned = (engine: ReturnType<typeof pointsWith>, inputs: readonly unknown[]) =>
  tell(engine, inputs as never).log.flatMap((one) => (one.type === 'points/earned' ? [one.data.points] : []))

describe('a rate', () => {
  test('keeps what is left over for the next order, to the last fraction', () => {
    const engine = pointsWith({ earning: [{ ...purchase, earns: { points: 1, per: '3', of: 'amount' } }] })
    // 10 / 3 = 3 and a third; 10 more make 6 and two thirds, then 10.
    expect(
      earned(
        engine,
        ['a', 'b', 'c'].map((id) => paid(at, id, '10')),
      ),
    ).toEqual([3, 3, 4])
    const { log } = tell(engine, [paid(at, 'a', '10')])
    expect(log[1]).toMatchObject({
      data: { reason: { base: '10.00', points: 1, per: '3', carried: 0, carries: 100, of: 300 } },
    })
  })

  test('of an order of nothing is nothing, and a negative one takes nothing', () => {
    expect(earned(pointsWith(), [paid(at, 'a', '0'), paid(at, 'b', '-50'), paid(at, 'c', '0.99')])).toEqual([
      0,
    ])
  })

  test('per event is the same for each', () => {
    const engine = pointsWith({
      earning: [{ ...purchase, earns: { points: 25 }, where: { channel: 'app' } }],
    })
    expect(
      earned(engine, [paid(at, 'a', '1', { channel: 'app' }), paid(at, 'b', '999', { channel: 'web' })]),
    ).toEqual([25])
  })

  test('of integers', () => {
    const engine = pointsWith({
      earning: [{ rule: 'likes', on: 'post-published', earns: { points: 2, per: 5, of: 'likes' } }],
    })
    expect(
      earned(
        engine,
        [7, 7, 1].map((likes) => event(at, 'post-published', { likes })),
      ),
    ).toEqual([2, 3, 1])
  })

  test('in a role: the friend earns from the order of another', () => {
    const engine = pointsWith({ earning: [{ ...purchase, as: 'friend', earns: { points: 10 } }] })
    const theirs = { ...paid(at, 'a', '1', { friend: 'u1' }), subject: 'u2' }
    expect(earned(engine, [theirs, paid(at, 'b', '1'), paid(at, 'c', '1', { friend: 'u2' })])).toEqual([10])
  })
})

describe('a multiplier', () => {
  const orders = shop.count('order-paid')
  const engine = pointsWith({
    earning: [
      {
        ...purchase,
        earns: { points: 1, per: '1', of: 'amount' },
        multiply: [
          { by: '3', when: orders.gte(3) },
          { by: '4/3', when: orders.gte(2) },
        ],
      },
    ],
  })

  test('is the first that holds, judged with the order itself', () => {
    expect(
      earned(
        engine,
        ['a', 'b', 'c'].map((id) => paid(at, id, '10')),
      ),
    ).toEqual([10, 13, 30])
  })

  test('carries its thirds exactly into the next one', () => {
    const { log, state } = tell(engine, [paid(at, 'a', '0.50'), paid(at, 'b', '0.50')])
    // A half and two thirds: one point, and a sixth is kept.
    expect(earned(engine, [paid(at, 'a', '0.50'), paid(at, 'b', '0.50')])).toEqual([0, 1])
    expect(log.at(-1)).toMatchObject({
      data: {
        reason: { carried: 150, carries: 50, of: 300, multiplier: { by: '4/3', leaves: [{ observed: 2 }] } },
      },
    })
    expect(engine.view(state, utc(at)).balance).toBe(1)
  })

  test('of nothing earns nothing, and of 1 the same', () => {
    const none = pointsWith({
      earning: [
        {
          ...purchase,
          earns: { points: 1, per: '1', of: 'amount' },
          multiply: [
            { by: '0', when: orders.gte(2) },
            { by: '1', when: orders.gte(1) },
          ],
        },
      ],
    })
    expect(earned(none, [paid(at, 'a', '10'), paid(at, 'b', '10')])).toEqual([10, 0])
  })
})

test('a condition is judged with everything of the instant: an order and a post together, in any order', () => {
  const engine = pointsWith({
    earning: [{ ...purchase, earns: { points: 5 }, when: shop.count('post-published').gte(1) }],
  })
  const [order, post] = [paid(at, 'a', '1'), event(at, 'post-published', { likes: 0 })]
  expect([earned(engine, [order, post]), earned(engine, [post, order])]).toEqual([[5], [5]])
  expect(earned(engine, [order, { ...post, occurredAt: utc(at) + 1 }])).toEqual([])
})
