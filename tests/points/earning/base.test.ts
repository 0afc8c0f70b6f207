// What a rate is applied to: gross, net of discounts, net of points, tax in or out; and how it is rounded.
import { type DefinitionError, pointsFrom } from 'liuliang'
import { describe, expect, test } from 'vitest'
import { buyer, pointsIn, pointsOf, postings, purchase } from './support/market.js'

const { paid, refunded, cancelled } = buyer()
const at = '2026-03-05'
const taken = { discount: '10', tax: '6', byPoints: '4' }
const less = (...fields: readonly ('discount' | 'tax' | 'byPoints')[]) =>
  pointsOf({ earning: [{ ...purchase, earns: { ...purchase.earns, less: fields } }] })
const wrong = (make: () => unknown) => {
  try {
    make()
  } catch (error) {
    const { code, path } = error as DefinitionError
    return `${code} ${path}`
  }
  return 'nothing was wrong'
}

describe('the base', () => {
  test.each([
    ['gross', [], 100],
    ['net of discount', ['discount'], 90],
    ['tax out', ['tax'], 94],
    ['net of points', ['byPoints'], 96],
    ['net of discount and points, tax out', ['discount', 'tax', 'byPoints'], 80],
  ] as const)('%s', (_, fields, points) => {
    expect(pointsIn(less(...fields), [paid(at, 'a', '100', taken)])).toEqual([points])
  })

  test('is never below zero, and fields that are left out take nothing off', () => {
    expect(pointsIn(less('discount'), [paid(at, 'a', '5', taken), paid(at, 'b', '7')])).toEqual([7])
  })

  test('a refund that is net of the same takes back exact shares', () => {
    const engine = pointsOf({
      earning: [{ ...purchase, earns: { points: 1, per: '3', of: 'amount', less: ['discount'] } }],
      clawback: [{ on: 'order-refunded', origin: 'orderId', of: 'amount', less: ['discount'] }],
    })
    const part = refunded(at, 'a', '50', { discount: '5' })
    // 90 of 3 each are 30; half of the order is 45 of 90.
    expect(pointsIn(engine, [paid(at, 'a', '100', taken), part, { ...part, id: 'again' }])).toEqual([
      30, -15, -15,
    ])
  })

  test('what is taken off is of the same currency, once, and something to take it off', () => {
    const made = (earns: object) => () => pointsOf({ earning: [{ ...purchase, earns } as never] })
    expect(wrong(made({ points: 1, per: '1', of: 'amount', less: ['shipping'] }))).toBe(
      'currency-mismatch $.earning[0].earns.less[0]',
    )
    expect(wrong(made({ points: 1, per: '1', of: 'amount', less: ['tax', 'tax'] }))).toBe(
      'duplicate-name $.earning[0].earns.less[1]',
    )
    expect(wrong(made({ points: 1, less: ['tax'] }))).toBe('missing $.earning[0].earns.of')
    expect(wrong(made({ points: 1, per: '1', of: 'amount', less: ['orderId'] }))).toBe(
      'unknown-name $.earning[0].earns.less[0]',
    )
  })
})

describe('rounding', () => {
  const each = pointsOf({ earning: [{ ...purchase, rounding: 'each' }] })

  test('running keeps what is left over, each drops it', () => {
    const orders = ['a', 'b', 'c'].map((id) => paid(at, id, '1.50'))
    expect(pointsIn(pointsOf(), orders)).toEqual([1, 2, 1])
    expect(pointsIn(each, orders)).toEqual([1, 1, 1])
    expect(postings(each, orders)[0]!.reason).toMatchObject({ carried: 0, carries: 0, dropped: 50, of: 100 })
  })

  test('each: a refund of the whole takes back exactly what it earned', () => {
    const parts = ['0.30', '0.60', '0.60'].map((amount) => refunded(at, 'a', amount))
    expect(pointsIn(each, [paid(at, 'a', '1.50'), ...parts])).toEqual([1, -0, -0, -1])
    expect(pointsIn(each, [paid(at, 'a', '1.50'), cancelled(at, 'a')])).toEqual([1, -1])
  })
})

test('the stored definition is the engine again', () => {
  const engine = less('discount', 'tax')
  expect(pointsFrom(engine.definition).hash).toBe(engine.hash)
})
