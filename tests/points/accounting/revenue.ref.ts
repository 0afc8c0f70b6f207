// Deferred revenue of the standards' own example, of a handbook that rounds elsewhere, and of a published case. Compared exactly.
import { readFileSync } from 'node:fs'
import { allocateRevenue, moveDeferral, openDeferral } from 'liuliang'
import { describe, expect, test } from 'vitest'

interface Period {
  readonly redeemed: number
  readonly expectedTotal: number
}
interface Case {
  readonly id: string
  readonly input: {
    readonly pointsEarned: number
    readonly periods: readonly Period[]
    readonly [key: string]: unknown
  }
  readonly expected: Readonly<Record<string, unknown>>
  readonly exactAllocation?: { readonly points: number; readonly products: number }
}
const { cases } = JSON.parse(
  readFileSync(new URL('../../fixtures/points-revenue/cases.json', import.meta.url), 'utf8'),
) as { readonly cases: readonly Case[] }
const found = (id: string) => cases.find((one) => one.id === id)!

/** Revenue and liability of each period, by a new estimate and then the redemptions. */
function periodsOf(allocation: ReturnType<typeof allocateRevenue>, periods: readonly Period[]) {
  let { deferral, recognised } = openDeferral(allocation)
  return periods.map(({ redeemed, expectedTotal }) => {
    const estimated = moveDeferral(deferral, { kind: 'estimate', expected: expectedTotal })
    const step = moveDeferral(estimated.deferral, { kind: 'redeemed', points: redeemed })
    const revenue = Number(step.recognised) - Number(recognised)
    ;({ deferral, recognised } = step)
    return {
      redeemedCumulative: deferral.redeemed,
      expectedTotal,
      revenue,
      liability: Number(step.liability),
    }
  })
}

describe('IFRS 15 Example 52, ASC 606 Example 52', () => {
  const { input, expected } = found('ifrs15-ie52')
  const allocation = allocateRevenue({
    currency: 'JPY',
    price: String(input['transactionPrice']),
    goods: [String(input['sspProducts'])],
    points: {
      granted: input.pointsEarned,
      expected: input['expectedRedeemedAtInception'] as number,
      perPoint: String(input['discountPerPoint']),
    },
  })
  test('allocation', () => {
    expect(allocation).toMatchObject({
      standAlonePoints: String(expected['sspPoints']),
      goods: [String(expected['allocationProducts'])],
      points: String(expected['allocationPoints']),
    })
  })
  test('both periods, with the changed estimate', () => {
    expect(periodsOf(allocation, input.periods)).toEqual(expected['periods'])
  })
})

describe('KPMG handbook, Example 10A', () => {
  const { input, expected, exactAllocation } = found('kpmg-10a-increase')
  const sale = {
    currency: 'JPY',
    price: String(input['transactionPrice']),
    goods: [String(input['sspProducts'])],
    points: { granted: input.pointsEarned, expected: input['sspPoints'] as number, perPoint: '1' },
  }
  const used = input['allocationUsed'] as { readonly products: number; readonly points: number }
  test('the ratio rounded to whole percent', () => {
    const allocation = allocateRevenue(sale, { rounding: { at: 'ratio', digits: 2 } })
    expect([allocation.goods, allocation.points]).toEqual([[String(used.products)], String(used.points)])
    const periods = periodsOf(allocation, input.periods)
    expect(periods.map(({ revenue }) => revenue)).toEqual(expected['revenue'])
    expect(periods.map(({ liability }) => liability)).toEqual(expected['liabilityAfter'])
  })
  test('the exact ratio', () => {
    const allocation = allocateRevenue(sale)
    expect([allocation.goods, allocation.points]).toEqual([
      [String(exactAllocation!.products)],
      String(exactAllocation!.points),
    ])
  })
})

describe('a published case of 85 % redemption', () => {
  const { input, expected } = found('finlearnhub-abc')
  const granted = (input['sale'] as number) * (input['pointsPerUnit'] as number)
  const allocation = allocateRevenue({
    currency: 'JPY',
    price: String(input['sale']),
    goods: [String(input['sale'])],
    points: {
      granted,
      expected: Math.round(granted * Number(input['expectedRedemptionRate'])),
      perPoint: String(input['pointValue']),
    },
  })
  test('allocation and revenue', () => {
    expect(allocation).toMatchObject({
      standAlonePoints: String(expected['sspPoints']),
      goods: [String(expected['allocationProducts'])],
      points: String(expected['allocationPoints']),
    })
    const { deferral } = openDeferral(allocation)
    const { recognised } = moveDeferral(deferral, { kind: 'redeemed', points: input['redeemed'] as number })
    expect(Number(recognised)).toBe(expected['revenueOnRedemption_proportionOfExpected'])
  })
})
