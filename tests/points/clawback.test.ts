import { describe, expect, test } from 'vitest'
import { outline, tell, utc } from '../support/story.js'
import { account, pointsWith } from './support/shop.js'

const { paid, received, refunded, cancelled, redeem, give } = account()
const balanceOf = (engine: ReturnType<typeof pointsWith>, inputs: readonly unknown[]) => {
  const { state } = tell(engine, inputs as never)
  const { balance, pending } = engine.view(state, state.at!)
  return [balance, pending]
}
const engine = pointsWith()
const order = paid('2024-03-01', 'a', '101')

describe('a refund takes back the floor of the exact share so far', () => {
  test('in thirds', () => {
    const { log } = tell(engine, [
      order,
      refunded('2024-03-02', 'a', '33.33'),
      refunded('2024-03-03', 'a', '33.33'),
      refunded('2024-03-04', 'a', '34.34'),
    ])
    expect(outline(log.filter(({ type }) => type === 'points/clawed-back'))).toEqual([
      'points/clawed-back 33',
      'points/clawed-back 33',
      'points/clawed-back 35',
    ])
  })

  test('never more than the order, whatever is said to be refunded; nothing for a refund of nothing or less', () => {
    const over = [order, refunded('2024-03-02', 'a', '80'), refunded('2024-03-03', 'a', '80')]
    expect(balanceOf(engine, over)).toEqual([0, 0])
    const none = [order, refunded('2024-03-02', 'a', '0'), refunded('2024-03-03', 'a', '-5')]
    expect(balanceOf(engine, none)).toEqual([101, 0])
  })

  test('an event without an amount takes back all that is left', () => {
    expect(
      balanceOf(engine, [order, refunded('2024-03-02', 'a', '1'), cancelled('2024-03-03', 'a')]),
    ).toEqual([0, 0])
  })

  test('of an order that nobody knows changes nothing', () => {
    const { log } = tell(engine, [order, refunded('2024-03-02', 'x', '50')])
    expect(outline(log)).toEqual(['order-paid', 'points/earned 101', 'order-refunded'])
  })

  test('two orders of one origin are one whole', () => {
    const two = [order, paid('2024-03-02', 'a', '99')]
    expect(balanceOf(engine, [...two, refunded('2024-03-03', 'a', '150')])).toEqual([50, 0])
    expect(
      balanceOf(engine, [...two, refunded('2024-03-03', 'a', '150'), refunded('2024-03-04', 'a', '50')]),
    ).toEqual([0, 0])
  })

  test('of every rule that earned on it', () => {
    const both = pointsWith({
      earning: [
        {
          rule: 'purchase',
          on: 'order-paid',
          earns: { points: 1, per: '1', of: 'amount' },
          origin: 'orderId',
        },
        { rule: 'double', on: 'order-paid', earns: { points: 2, per: '1', of: 'amount' }, origin: 'orderId' },
      ],
    })
    expect(balanceOf(both, [order, refunded('2024-03-02', 'a', '50.50')])).toEqual([303 - 50 - 101, 0])
  })
})

describe('what is taken', () => {
  test('is pending before spendable, and its own before others', () => {
    const waiting = pointsWith({ pending: 'until-confirmed' })
    const two = [
      paid('2024-03-01', 'a', '10'),
      received('2024-03-02', 'a'),
      paid('2024-03-03', 'a', '10'),
      give('2024-03-03', 5),
    ]
    expect(balanceOf(waiting, two)).toEqual([15, 10])
    expect(balanceOf(waiting, [...two, refunded('2024-03-04', 'a', '8')])).toEqual([15, 2])
    expect(balanceOf(waiting, [...two, refunded('2024-03-04', 'a', '20')])).toEqual([5, 0])
  })

  test('after its own is spent comes from others, in the order of spending', () => {
    const dated = pointsWith({ expires: { days: 30 } })
    const inputs = [
      paid('2024-03-01', 'a', '10'),
      redeem('2024-03-02', 10),
      paid('2024-03-03', 'b', '7'),
      cancelled('2024-03-04', 'a'),
    ]
    expect(balanceOf(dated, inputs)).toEqual([-3, 0])
    expect(tell(dated, inputs).log.at(-1)).toMatchObject({
      data: {
        points: 10,
        deficit: 3,
        moves: [
          { lot: 1, amount: 7 },
          { from: 'deficit', amount: 3 },
        ],
      },
    })
  })

  test('and when nothing is left becomes a deficit, which the next credit repays first', () => {
    const spent = [order, redeem('2024-03-02', 101), cancelled('2024-03-03', 'a')]
    expect(balanceOf(engine, spent)).toEqual([-101, 0])
    const { state, log } = tell(engine, [...spent, paid('2024-03-04', 'b', '150')])
    expect(log.at(-1)).toMatchObject({ data: { points: 150, repaid: 101 } })
    expect(engine.view(state, utc('2024-03-04')).balance).toBe(49)
  })

  test('pending points repay when they are confirmed, not before', () => {
    const waiting = pointsWith({ pending: 'until-confirmed' })
    const spent = [
      give('2024-03-01', 10),
      paid('2024-03-01', 'a', '10'),
      received('2024-03-01', 'a'),
      redeem('2024-03-02', 20),
      cancelled('2024-03-03', 'a'),
      paid('2024-03-04', 'b', '15'),
    ]
    expect(balanceOf(waiting, spent)).toEqual([-10, 15])
    expect(balanceOf(waiting, [...spent, received('2024-03-05', 'b')])).toEqual([5, 0])
  })

  test('what had expired unspent is not owed again', () => {
    const dated = pointsWith({ expires: { days: 30 } })
    const inputs = [paid('2024-01-01', 'a', '10'), paid('2024-02-15', 'b', '7'), cancelled('2024-02-16', 'a')]
    expect(balanceOf(dated, inputs)).toEqual([7, 0])
  })
})
