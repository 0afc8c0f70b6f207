// Why a command to a points account is refused, in order of precedence.
import { describe, expect, test } from 'vitest'
import { refusalOf, tell, utc } from '../support/story.js'
import { account, pointsWith } from './support/shop.js'

const engine = pointsWith({ pending: 'until-confirmed' })
const { paid, received, redeem, refund, give, event } = account()
const at = '2024-03-10'
const { state } = tell(engine, [
  paid('2024-03-01', 'a', '30'),
  received('2024-03-02', 'a'),
  paid('2024-03-03', 'b', '5'),
  redeem('2024-03-04', 20, 'r1'),
  refund('2024-03-05', 'r1', 8),
  redeem('2024-03-06', 2, 'r2'),
  refund('2024-03-07', 'r2'),
])

describe('refusals', () => {
  test.each<[name: string, command: object, refusal: object]>([
    ['to redeem nothing', redeem(at, 0), { code: 'points-not-positive', points: 0 }],
    [
      'to redeem less than nothing, before asking what is there',
      redeem(at, -50),
      { code: 'points-not-positive', points: -50 },
    ],
    ['to give nothing', give(at, 0), { code: 'points-not-positive', points: 0 }],
    [
      'to give back nothing, before asking of what',
      refund(at, 'unknown', 0),
      { code: 'points-not-positive', points: 0 },
    ],
    ['to give back what nobody redeemed', refund(at, 'unknown', 5), { code: 'unknown-redemption' }],
    ['an order is no redemption', refund(at, 'a'), { code: 'unknown-redemption' }],
    [
      'to give back more than is left of it',
      refund(at, 'r1', 13),
      { code: 'refund-exceeds-redemption', requested: 13, refundable: 12 },
    ],
    [
      'to give back the rest of nothing',
      refund(at, 'r2'),
      { code: 'refund-exceeds-redemption', requested: 0, refundable: 0 },
    ],
    [
      'to redeem more than there is; what is pending is not there',
      redeem(at, 19),
      { code: 'insufficient-points', requested: 19, available: 18 },
    ],
    [
      'to confirm what is confirmed',
      event(at, 'points/confirm', { origin: 'a' }),
      { code: 'nothing-pending' },
    ],
    ['to confirm what is unknown', event(at, 'points/confirm', { origin: 'x' }), { code: 'nothing-pending' }],
    ['to give more than numbers hold', give(at, Number.MAX_SAFE_INTEGER), { code: 'balance-out-of-range' }],
    [
      'part of a point',
      redeem(at, 1.5),
      { code: 'malformed-field', field: 'points', expected: 'safe integer', got: 'fraction' },
    ],
  ])('%s', (_, command, refusal) => {
    expect(refusalOf(engine, state, command)).toEqual(refusal)
  })

  test.each<[name: string, command: object]>([
    ['all that is left of it', refund(at, 'r1', 12)],
    ['the rest of it, unsaid', refund(at, 'r1')],
    ['all that there is', redeem(at, 18)],
    ['what is pending', event(at, 'points/confirm', { origin: 'b' })],
    ['as much as numbers hold', give(at, Number.MAX_SAFE_INTEGER - 35)],
  ])('accepted: %s', (_, command) => {
    expect(refusalOf(engine, state, command)).toBeUndefined()
  })

  test('beside a deficit nothing can be spent, and the numbers say so', () => {
    const { cancelled } = account('u1')
    const { state: owing } = tell(engine, [{ ...cancelled(at, 'a'), id: 'gone' }], state)
    expect(engine.view(owing, utc(at)).balance).toBe(-12)
    expect(refusalOf(engine, owing, redeem(at, 1))).toEqual({
      code: 'insufficient-points',
      requested: 1,
      available: 0,
    })
  })

  test('a refusal changes nothing and is not remembered: the same id may be tried again', () => {
    const tried = redeem(at, 25, 'again')
    expect(refusalOf(engine, state, tried)).toMatchObject({ code: 'insufficient-points' })
    const { state: richer } = tell(engine, [give(at, 10)], state)
    expect(refusalOf(engine, richer, tried)).toBeUndefined()
  })
})
