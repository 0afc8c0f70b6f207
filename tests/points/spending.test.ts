import { describe, expect, test } from 'vitest'
import { outline, refusalOf, tell, utc } from '../support/story.js'
import { account, pointsWith } from './support/shop.js'

const { paid, redeem, refund, give, event, refunded } = account()
const rule = (name: string, on: 'order-paid' | 'post-published', days?: number) =>
  ({ rule: name, on, earns: { points: 10 }, ...(days !== undefined && { expires: { days } }) }) as const

describe('what is spent first', () => {
  test('what expires first, what never expires last, then the older', () => {
    const engine = pointsWith({
      earning: [rule('short', 'order-paid', 30), rule('for-ever', 'post-published')],
    })
    const post = (at: string) => event(at, 'post-published', { likes: 0 })
    const { log } = tell(engine, [
      post('2024-01-01'),
      post('2024-01-02'),
      paid('2024-01-10', 'b', '1'),
      redeem('2024-01-10', 5),
      paid('2024-01-11', 'c', '1'),
      redeem('2024-01-12', 33),
    ] as never)
    const taken = log.flatMap((one) => (one.type === 'points/redeemed' ? [one.data.moves] : []))
    expect(taken).toMatchObject([
      [{ lot: 2, amount: 5, expiresAt: utc('2024-02-09') }],
      [
        { lot: 2, amount: 5, expiresAt: utc('2024-02-09') },
        { lot: 3, amount: 10, expiresAt: utc('2024-02-10') },
        { lot: 0, amount: 10, expiresAt: null },
        { lot: 1, amount: 8, expiresAt: null },
      ],
    ])
  })
})

describe('expiry', () => {
  const engine = pointsWith({ expires: { months: 1 } })

  test('comes at its instant, not a millisecond before, with every lot of that instant', () => {
    const { state } = tell(engine, [
      paid('2024-01-30', 'a', '1'),
      paid('2024-01-31', 'b', '2'),
      paid('2024-02-01', 'c', '4'),
    ])
    const end = utc('2024-02-29')
    expect(engine.view(state, end - 1).balance).toBe(7)
    expect(engine.view(state, end)).toMatchObject({
      balance: 4,
      next: { what: 'expires', at: utc('2024-03-01'), points: 4 },
    })
    expect(outline(engine.advance(state, utc('2025-01-01')).events)).toEqual([
      'points/expired 3',
      'points/expired 4',
    ])
  })

  test('comes before an input of its instant', () => {
    const { state } = tell(engine, [paid('2024-01-31', 'a', '10')])
    expect(refusalOf(engine, state, redeem('2024-02-29', 1))).toEqual({
      code: 'insufficient-points',
      requested: 1,
      available: 0,
    })
    expect(refusalOf(engine, state, redeem(utc('2024-02-29') - 1, 10))).toBeUndefined()
  })

  test('of points given by hand is that of the definition', () => {
    const { state } = tell(engine, [give('2024-01-31', 5)])
    expect(engine.view(state, utc('2024-01-31')).next).toEqual({
      what: 'expires',
      at: utc('2024-02-29'),
      points: 5,
    })
  })
})

describe('a redemption given back', () => {
  const engine = pointsWith({ expires: { days: 30 } })
  const lots = [paid('2024-01-01', 'a', '10'), paid('2024-01-05', 'b', '10')]

  test('in parts goes back to its lots, last spent first; the parts add up to the whole', () => {
    const { state, log } = tell(engine, [
      ...lots,
      redeem('2024-01-06', 15, 'r1'),
      refund('2024-01-07', 'r1', 4),
      refund('2024-01-08', 'r1', 4),
      refund('2024-01-09', 'r1'),
    ])
    const parts = log.flatMap((one) =>
      one.type === 'points/refunded' ? [one.data.moves as readonly { lot: number; amount: number }[]] : [],
    )
    expect(parts.map((some) => some.map(({ lot, amount }) => [lot, amount]))).toEqual([
      [[1, 4]],
      [
        [1, 1],
        [0, 3],
      ],
      [[0, 7]],
    ])
    expect(engine.view(state, utc('2024-01-31')).balance).toBe(10)
    expect(engine.view(state, utc('2024-02-04')).balance).toBe(0)
  })

  test('after its lot expired it expires at once, unless a grace was agreed', () => {
    const inputs = [...lots, redeem('2024-01-06', 15, 'r1'), refund('2024-02-01', 'r1')]
    expect(outline(tell(engine, inputs).log.slice(-2))).toEqual(['points/refunded 15', 'points/expired 10'])
    const graceful = pointsWith({ expires: { days: 30 }, refunds: { grace: { days: 5 } } })
    const { state } = tell(graceful, inputs)
    expect(graceful.view(state, utc('2024-02-04')).balance).toBe(10)
    expect(graceful.view(state, utc('2024-02-06') - 1).balance).toBe(10)
    expect(graceful.view(state, utc('2024-02-06')).balance).toBe(0)
  })

  test('repays a deficit first', () => {
    const { state } = tell(engine, [
      paid('2024-01-01', 'a', '10'),
      redeem('2024-01-02', 10, 'r1'),
      refunded('2024-01-03', 'a', '10'),
      refund('2024-01-04', 'r1', 4),
    ])
    expect(engine.view(state, utc('2024-01-04')).balance).toBe(-6)
  })
})
