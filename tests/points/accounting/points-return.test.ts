import { type PointsReturnInput, pointsReturn } from 'liuliang'
import { describe, expect, test } from 'vitest'
import { studentQuantile } from '../../../src/measures/student.js'

const cost = { redeemed: 100_000, costPerPoint: '0.008', liability: { start: 10_000, end: 35_000 } }
const given = { from: 'given', amount: '1500.00' } as const
const ask = (changed: Partial<PointsReturnInput> = {}) =>
  pointsReturn({ currency: 'CNY', cost, margin: given, ...changed })
const none = (reason: string) => ({ kind: 'undefined', reason })

describe('what points cost', () => {
  test('redeemed, and the change in what is owed', () => {
    expect(ask().cost).toEqual({ redeemed: '800.00', liability: '200.00', other: '0.00', total: '1000.00' })
    expect(ask({ cost: { ...cost, other: '50.00' } }).cost.total).toBe('1050.00')
    expect(ask({ cost: { ...cost, costPerPoint: '1/3' } }).cost).toMatchObject({
      redeemed: '33333.33',
      liability: '8333.34',
    })
  })
})

describe('against the margin', () => {
  test('that was given', () => {
    expect(ask()).toMatchObject({
      margin: { kind: 'estimate', value: 1500, low: null, high: null },
      net: { value: 500 },
      ratio: { kind: 'estimate', value: 0.5, low: null, high: null },
    })
    expect(ask({ margin: { ...given, low: '-500.00', high: '2000.00' } }).ratio).toEqual({
      kind: 'estimate',
      value: 0.5,
      low: -1.5,
      high: 1,
    })
  })

  test('of members against a control group: the difference of means times the members, by Welch', () => {
    const members = { customers: 100, mean: 30, variance: 400 }
    const control = { customers: 25, mean: 20, variance: 100 }
    const { margin } = ask({ margin: { from: 'control', members, control, level: 0.9 } })
    // 4 + 4 = 8 of squared standard error; df = 64 / (16 / 99 + 16 / 24).
    const reach = 100 * Math.sqrt(8) * studentQuantile(0.95, 64 / (16 / 99 + 16 / 24))
    expect(margin).toEqual({
      kind: 'estimate',
      value: 1000,
      low: expect.closeTo(1000 - reach, 9),
      high: expect.closeTo(1000 + reach, 9),
    })
  })

  test.each([
    [
      'one member',
      { customers: 1, mean: 3, variance: 0 },
      { customers: 9, mean: 1, variance: 1 },
      [2, null, null],
    ],
    [
      'no spread',
      { customers: 5, mean: 3, variance: 0 },
      { customers: 9, mean: 1, variance: 0 },
      [10, 10, 10],
    ],
  ])('%s', (_, members, control, [value, low, high]) => {
    expect(ask({ margin: { from: 'control', members, control } }).margin).toEqual({
      kind: 'estimate',
      value,
      low,
      high,
    })
  })

  test('what does not exist is said', () => {
    const somebody = { customers: 5, mean: 3, variance: 1 }
    const nobody = { customers: 0, mean: 0, variance: 0 }
    expect(ask({ margin: { from: 'control', members: nobody, control: somebody } })).toMatchObject({
      margin: none('no-members'),
      net: none('no-members'),
      ratio: none('no-members'),
    })
    expect(ask({ margin: { from: 'control', members: somebody, control: nobody } }).ratio).toEqual(
      none('no-control'),
    )
    const free = ask({ cost: { ...cost, costPerPoint: '0' } })
    expect([free.net, free.ratio]).toEqual([
      { kind: 'estimate', value: 1500, low: null, high: null },
      none('no-cost'),
    ])
    const less = ask({ cost: { ...cost, redeemed: 0, liability: { start: 10, end: 0 } } })
    expect([less.cost.total, less.ratio]).toEqual(['-0.08', none('cost-below-zero')])
  })

  test('what one has to believe, in both languages', () => {
    for (const margin of [
      given,
      {
        from: 'control',
        members: { customers: 2, mean: 1, variance: 1 },
        control: { customers: 2, mean: 1, variance: 1 },
      },
    ] as const) {
      const { assumptions } = ask({ margin })
      expect(assumptions.length).toBeGreaterThan(2)
      for (const { en, zh } of assumptions) {
        expect(en).toMatch(/^[a-z][a-z ,]+$/)
        expect(zh).toMatch(/^[\u4e00-\u9fff，]+$/)
      }
    }
  })
})

describe('what is refused', () => {
  test.each([
    ['points below zero', { cost: { ...cost, redeemed: -1 } }, 'out-of-range', '$.cost.redeemed'],
    ['a cost below zero', { cost: { ...cost, costPerPoint: '-1' } }, 'out-of-range', '$.cost.costPerPoint'],
    ['no liability', { cost: { redeemed: 1, costPerPoint: '1' } }, 'wrong-type', '$.cost.liability'],
    ['an end on the wrong side', { margin: { ...given, low: '1500.01' } }, 'out-of-range', '$.margin.low'],
    ['another source', { margin: { from: 'guess' } }, 'unknown-name', '$.margin.from'],
    [
      'no variance',
      { margin: { from: 'control', members: { customers: 1, mean: 1 } } },
      'out-of-range',
      '$.margin.members.variance',
    ],
    ['a misspelt key', { costs: cost }, 'unknown-key', '$.costs'],
  ])('%s', (_, changed, code, path) => {
    expect(() => ask(changed as never)).toThrow(expect.objectContaining({ code, path }))
  })
})
