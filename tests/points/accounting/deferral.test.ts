import { allocateRevenue, moveDeferral, openDeferral, type RoundingPoint } from 'liuliang'
import { describe, expect, test } from 'vitest'

const sale = {
  currency: 'CNY',
  price: '100.00',
  goods: ['60.00', '40.00'],
  points: { granted: 1000, expected: 900, perPoint: '0.01' },
} as const
const open = (points = '9.00', granted = 1000, expected = 900) =>
  openDeferral({ currency: 'CNY', price: '100.00', points, granted, expected })

describe('allocation by relative stand-alone prices', () => {
  test('to several goods and the points; parts add up to the price', () => {
    expect(allocateRevenue(sale)).toEqual({
      currency: 'CNY',
      price: '100.00',
      goods: ['55.04', '36.70'],
      points: '8.26',
      standAlonePoints: '9',
      granted: 1000,
      expected: 900,
      rounding: { at: 'allocation' },
    })
  })

  test('a price per point that no decimal says', () => {
    const { standAlonePoints, points } = allocateRevenue({
      ...sale,
      points: { granted: 1000, expected: 1000, perPoint: '1/300' },
    })
    expect([standAlonePoints, points]).toEqual(['10/3', '3.23'])
  })

  test.each([
    [{ at: 'allocation' }, ['55.04', '36.70'], '8.26'],
    [{ at: 'ratio', digits: 0 }, ['100.00', '0.00'], '0.00'],
    [{ at: 'ratio', digits: 1 }, ['50.00', '40.00'], '10.00'],
    [{ at: 'ratio', digits: 2 }, ['55.00', '37.00'], '8.00'],
    [{ at: 'ratio', digits: 12 }, ['55.04', '36.70'], '8.26'],
  ] as const satisfies readonly (readonly [RoundingPoint, readonly string[], string])[])(
    'rounded at %o',
    (rounding, goods, points) => {
      const found = allocateRevenue(sale, { rounding })
      expect([found.goods, found.points]).toEqual([goods, points])
    },
  )

  test('points that nobody is expected to redeem get nothing', () => {
    expect(allocateRevenue({ ...sale, points: { ...sale.points, expected: 0 } }).points).toBe('0.00')
  })

  test.each([
    ['finer than the currency', { ...sale, price: '1.001' }, {}, 'invalid-amount', '$.price'],
    ['a number', { ...sale, price: 100 }, {}, 'invalid-amount', '$.price'],
    ['below zero', { ...sale, goods: ['-1.00'] }, {}, 'out-of-range', '$.goods[0]'],
    ['no goods', { ...sale, goods: [] }, {}, 'missing', '$.goods'],
    [
      'worth nothing',
      { ...sale, goods: ['0.00'], points: { ...sale.points, expected: 0 } },
      {},
      'out-of-range',
      '$.goods',
    ],
    [
      'more expected than granted',
      { ...sale, points: { ...sale.points, expected: 1001 } },
      {},
      'out-of-range',
      '$.points.expected',
    ],
    ['another rounding point', sale, { rounding: { at: 'line' } }, 'unknown-name', '$.options.rounding.at'],
    ['no digits', sale, { rounding: { at: 'ratio' } }, 'out-of-range', '$.options.rounding.digits'],
  ])('refused: %s', (_, given, options, code, path) => {
    expect(() => allocateRevenue(given as never, options as never)).toThrow(
      expect.objectContaining({ code, path }),
    )
  })
})

describe('cumulative catch-up', () => {
  test('the sale itself', () => {
    expect(open().movement).toEqual({
      kind: 'sale',
      currency: 'CNY',
      cash: '100.00',
      goods: '91.00',
      redemption: '0.00',
      breakage: '0.00',
      liability: '9.00',
    })
  })

  test('a redemption brings its share of breakage', () => {
    const { movement, liability } = moveDeferral(open().deferral, { kind: 'redeemed', points: 450 })
    expect([movement.redemption, movement.breakage, movement.liability, liability]).toEqual([
      '4.05',
      '0.45',
      '-4.50',
      '4.50',
    ])
  })

  test('a new estimate changes revenue now, and never the allocation', () => {
    const { deferral } = moveDeferral(open().deferral, { kind: 'redeemed', points: 450 })
    const more = moveDeferral(deferral, { kind: 'estimate', expected: 1000 })
    expect([more.movement.breakage, more.liability]).toEqual(['-0.45', '4.95'])
    const fewer = moveDeferral(deferral, { kind: 'estimate', expected: 600 })
    expect([fewer.movement.breakage, fewer.liability]).toEqual(['2.25', '2.25'])
  })

  test('expiry recognises the rest exactly, as breakage', () => {
    const { deferral } = moveDeferral(open('10.01', 1000, 900).deferral, { kind: 'redeemed', points: 333 })
    const last = moveDeferral(deferral, { kind: 'expired', points: 667 })
    expect([last.liability, last.recognised, last.movement.redemption]).toEqual(['0.00', '10.01', '0.00'])
  })

  test('expiry that was expected changes nothing', () => {
    const { movement } = moveDeferral(open().deferral, { kind: 'expired', points: 100 })
    expect(Object.values(movement).slice(2)).toEqual(['0.00', '0.00', '0.00', '0.00', '0.00'])
  })

  test('a redemption that is undone gives its revenue back', () => {
    const { deferral } = moveDeferral(open().deferral, { kind: 'redeemed', points: 450 })
    const { movement, liability } = moveDeferral(deferral, { kind: 'returned', points: 450 })
    expect([movement.redemption, movement.breakage, liability]).toEqual(['-4.05', '-0.45', '9.00'])
  })

  test.each([
    ['down', '3.33'],
    ['up', '3.34'],
    ['half-even', '3.33'],
    ['half-up', '3.33'],
    ['floor', '3.33'],
    ['ceiling', '3.34'],
  ] as const)('a third of 10.00, rounded %s', (rounding, recognised) => {
    const { deferral } = openDeferral(
      { currency: 'CNY', price: '100.00', points: '10.00', granted: 3, expected: 3 },
      { rounding },
    )
    expect(moveDeferral(deferral, { kind: 'redeemed', points: 1 }).recognised).toBe(recognised)
  })
})

describe('refunds', () => {
  test('the exact share of both, and the points with it', () => {
    const { movement, deferral } = moveDeferral(open().deferral, {
      kind: 'refund',
      amount: '33.33',
      points: 333,
    })
    // 9.00 x 33.33 / 100 is 2.9997: its floor goes back.
    expect(movement).toMatchObject({ cash: '-33.33', goods: '-30.34', liability: '-2.99', breakage: '0.00' })
    expect([deferral.granted, deferral.expected]).toEqual([667, 600])
  })

  test('in parts they add up to one', () => {
    let { deferral } = open()
    for (const amount of ['33.33', '33.33', '33.34'])
      ({ deferral } = moveDeferral(deferral, { kind: 'refund', amount, points: 0 }))
    expect(deferral).toMatchObject({ refunded: 10_000, recognised: { redemption: 0, breakage: 0 } })
    const whole = moveDeferral(open().deferral, { kind: 'refund', amount: '100.00', points: 1000 })
    expect([whole.liability, whole.recognised, whole.movement.goods]).toEqual(['0.00', '0.00', '-91.00'])
  })

  test('goods that come back after their points were spent reverse what was recognised', () => {
    const { deferral } = moveDeferral(open('9.00', 1000, 1000).deferral, { kind: 'redeemed', points: 1000 })
    const { movement, recognised } = moveDeferral(deferral, { kind: 'refund', amount: '50.00', points: 0 })
    expect([movement.redemption, movement.goods, recognised]).toEqual(['-4.50', '-45.50', '4.50'])
  })
})

describe('what is refused', () => {
  const { deferral } = moveDeferral(open().deferral, { kind: 'redeemed', points: 800 })
  test.each([
    ['more than is left', { kind: 'redeemed', points: 201 }, 'out-of-range', '$.change.points'],
    [
      'more than is expected, without a new estimate',
      { kind: 'redeemed', points: 150 },
      'out-of-range',
      '$.change.points',
    ],
    [
      'more than is expected anew',
      { kind: 'redeemed', points: 150, expected: 949 },
      'out-of-range',
      '$.change.expected',
    ],
    ['more returned than redeemed', { kind: 'returned', points: 801 }, 'out-of-range', '$.change.points'],
    [
      'an estimate below what was redeemed',
      { kind: 'estimate', expected: 799 },
      'out-of-range',
      '$.change.expected',
    ],
    [
      'an estimate above what can be',
      { kind: 'estimate', expected: 1001 },
      'out-of-range',
      '$.change.expected',
    ],
    ['no estimate', { kind: 'estimate' }, 'missing', '$.change.expected'],
    [
      'a refund beyond the price',
      { kind: 'refund', amount: '100.01', points: 0 },
      'out-of-range',
      '$.change.amount',
    ],
    [
      'points that were spent',
      { kind: 'refund', amount: '1.00', points: 201 },
      'out-of-range',
      '$.change.points',
    ],
    ['another kind', { kind: 'lost', points: 1 }, 'unknown-name', '$.change.kind'],
    ['a misspelt key', { kind: 'redeemed', point: 1 }, 'unknown-key', '$.change.point'],
  ])('%s', (_, change, code, path) => {
    expect(() => moveDeferral(deferral, change as never)).toThrow(expect.objectContaining({ code, path }))
  })

  test.each([
    [{ recognised: { redemption: 901, breakage: 0 } }],
    [{ expected: 700 }],
    [{ expired: 150 }],
    [{ allocated: 10_001 }],
    [{ refunded: 10_001 }],
  ])('a deferral that does not hold: %o', (changed) => {
    expect(() => moveDeferral({ ...deferral, ...changed }, { kind: 'redeemed', points: 0 })).toThrow(
      expect.objectContaining({ code: 'malformed-state' }),
    )
  })
})
