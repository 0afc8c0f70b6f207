import { describe, expect, test } from 'vitest'
import { outline, refusalOf, tell, utc } from '../support/story.js'
import { account, pointsWith } from './support/shop.js'

const { paid, received, refunded, event, redeem } = account()
const confirm = (at: string, origin: string) => event(at, 'points/confirm', { origin })
const view = (engine: ReturnType<typeof pointsWith>, inputs: readonly unknown[], at: string | number) => {
  const { balance, pending } = engine.view(
    tell(engine, inputs as never).state,
    typeof at === 'string' ? utc(at) : at,
  )
  return { balance, pending }
}

describe('points that wait for time', () => {
  const engine = pointsWith({ pending: { days: 7 } })

  test('can be spent at the instant, not a millisecond before', () => {
    const orders = [paid('2024-03-01', 'a', '30')]
    expect(view(engine, orders, utc('2024-03-08') - 1)).toEqual({ balance: 0, pending: 30 })
    expect(view(engine, orders, '2024-03-08')).toEqual({ balance: 30, pending: 0 })
  })

  test('an input at that instant finds them spendable', () => {
    const { log } = tell(engine, [paid('2024-03-01', 'a', '30'), redeem('2024-03-08', 30)])
    expect(outline(log)).toEqual([
      'order-paid',
      'points/earned 30',
      'points/confirmed 30',
      'points/redeemed 30',
    ])
  })

  test('several of one instant are confirmed together, and what is due earlier is due first', () => {
    const { state } = tell(engine, [
      paid('2024-03-01', 'a', '1'),
      paid('2024-03-02', 'b', '2'),
      paid('2024-03-02', 'c', '4'),
    ])
    expect(engine.view(state, utc('2024-03-02')).next).toEqual({
      what: 'confirms',
      at: utc('2024-03-08'),
      points: 1,
    })
    expect(outline(engine.advance(state, utc('2024-04-01')).events)).toEqual([
      'points/confirmed 1',
      'points/confirmed 6',
    ])
  })
})

describe('points that wait for an event', () => {
  const engine = pointsWith({ pending: 'until-confirmed' })
  const orders = [paid('2024-03-01', 'a', '30'), paid('2024-03-01', 'b', '5')]

  test('wait for ever', () => {
    expect(view(engine, orders, '2034-03-01')).toEqual({ balance: 0, pending: 35 })
  })

  test.each([
    ['a fact', received('2024-03-04', 'a')],
    ['a command', confirm('2024-03-04', 'a')],
  ])('are confirmed by %s, of their origin alone', (_, confirmation) => {
    expect(view(engine, [...orders, confirmation], '2024-03-04')).toEqual({ balance: 30, pending: 5 })
  })

  test('a fact that finds nothing is a fact all the same; a command says so', () => {
    expect(view(engine, [...orders, received('2024-03-04', 'x')], '2024-03-04').pending).toBe(35)
    const { state } = tell(engine, [...orders, received('2024-03-04', 'a')])
    expect(refusalOf(engine, state, confirm('2024-03-05', 'a'))).toEqual({ code: 'nothing-pending' })
    expect(refusalOf(engine, state, confirm('2024-03-05', 'x'))).toEqual({ code: 'nothing-pending' })
  })

  test('two orders of one origin are confirmed together', () => {
    const twice = [...orders, paid('2024-03-02', 'a', '7'), received('2024-03-04', 'a')]
    expect(view(engine, twice, '2024-03-04')).toEqual({ balance: 37, pending: 5 })
  })

  test('what is refunded before is never confirmed', () => {
    const inputs = [...orders, refunded('2024-03-03', 'a', '10'), received('2024-03-04', 'a')]
    expect(view(engine, inputs, '2024-03-04')).toEqual({ balance: 20, pending: 5 })
  })
})

test('a rule waits in its own way, whatever the others do', () => {
  const engine = pointsWith({
    pending: { days: 7 },
    earning: [
      { rule: 'purchase', on: 'order-paid', earns: { points: 1, per: '1', of: 'amount' }, origin: 'orderId' },
      {
        rule: 'bonus',
        on: 'order-paid',
        earns: { points: 5 },
        origin: 'orderId',
        pending: 'until-confirmed',
      },
    ],
  })
  const orders = [paid('2024-03-01', 'a', '30')]
  expect(view(engine, orders, '2024-03-08')).toEqual({ balance: 30, pending: 5 })
  expect(view(engine, [...orders, received('2024-03-04', 'a')], '2024-03-04')).toEqual({
    balance: 35,
    pending: 0,
  })
})

test('points may expire while they wait, and are never spendable then', () => {
  const engine = pointsWith({ pending: { days: 10 }, expires: { days: 5 } })
  const { state } = tell(engine, [paid('2024-03-01', 'a', '30')])
  expect(outline(engine.advance(state, utc('2024-03-20')).events)).toEqual([
    'points/confirmed 30',
    'points/expired 30',
  ])
  expect(engine.view(state, utc('2024-03-20'))).toMatchObject({
    balance: 0,
    pending: 0,
    totals: { expired: 30 },
  })
})

describe('of several currencies', () => {
  const engine = pointsWith({
    pending: 'until-confirmed',
    currencies: [
      { currency: 'points', kind: 'spendable' },
      { currency: 'coins', kind: 'spendable' },
    ],
    earning: [
      { rule: 'purchase', on: 'order-paid', earns: { points: 1, per: '1', of: 'amount' }, origin: 'orderId' },
      { rule: 'bonus', on: 'order-paid', in: 'coins', earns: { points: 5, of: 'amount' }, origin: 'orderId' },
    ],
  })
  const balances = (inputs: readonly unknown[]) => {
    const { wallets } = engine.view(tell(engine, inputs as never).state, utc('2024-03-02'))
    return Object.entries(wallets!).map(([name, { balance, pending }]) => [name, balance, pending])
  }
  const all = [
    ['points', 30, 0],
    ['coins', 5, 0],
  ]

  test('one event confirms what waits in each', () => {
    expect(balances([paid('2024-03-01', 'a', '30'), received('2024-03-02', 'a')])).toEqual(all)
    expect(balances([paid('2024-03-01', 'a', '30'), confirm('2024-03-02', 'a')])).toEqual(all)
  })

  test('at one instant, told before the order or after it', () => {
    expect(balances([paid('2024-03-01', 'a', '30'), received('2024-03-01', 'a')])).toEqual(all)
    expect(balances([received('2024-03-01', 'a'), paid('2024-03-01', 'a', '30')])).toEqual(all)
  })
})
