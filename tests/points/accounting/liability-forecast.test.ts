import * as fc from 'fast-check'
import {
  collect,
  definePointsLiability,
  type ExpectedPoints,
  forecastLiability,
  instant,
  type OutstandingLot,
  type RedemptionCurve,
} from 'liuliang'
import { describe, expect, test } from 'vitest'
import { runs } from '../../support/size.js'

const utc = (text: string) => instant(`${text}T00:00:00Z`)
const defined = (asOf: number) =>
  definePointsLiability({
    id: 'owed',
    version: 1,
    calendar: { zone: 'UTC' },
    asOf,
    currencies: { points: { currency: 'CNY', perPoint: '0.01', rounding: 'half-up' } },
  })
const liabilityOf = (asOf: number, lots: readonly OutstandingLot[]) => {
  const owed = defined(asOf)
  return owed.result(collect(owed, lots))
}
const lot = (points: number, earnedAt: string, expiresAt: string | null, more = {}): OutstandingLot => ({
  currency: 'points',
  points,
  earnedAt: utc(earnedAt),
  expiresAt: expiresAt === null ? null : utc(expiresAt),
  ...more,
})
const curve: RedemptionCurve = { redeemed: [0.2, 0.4, 0.5], ultimate: 0.75, source: 'made up for a test' }
const values = (list: readonly ExpectedPoints[]) => list.map(({ value }) => value)
const ask = (
  lots: readonly OutstandingLot[],
  {
    asOf = utc('2026-04-01'),
    months = 3,
    ...options
  }: Partial<Parameters<typeof forecastLiability>[1]> & {
    readonly asOf?: number
  } = {},
) => forecastLiability(liabilityOf(asOf, lots), { currency: 'points', curve, months, ...options } as never)

describe('expected redemption and expiry', () => {
  test('of what is there a share is redeemed at each age, until it expires', () => {
    // Earned in April (age 0), expires with June: 20 of 100, then 20, then 10, the rest is lost.
    const { months, points } = ask([lot(100, '2026-04-01', '2026-07-01')])
    expect(points).toBe(100)
    expect(months.map(({ month }) => month)).toEqual(['2026-04', '2026-05', '2026-06'])
    for (const [i, redeemed] of [20, 20, 10].entries())
      expect(months[i]!.redeemed.value).toBeCloseTo(redeemed, 12)
    expect(values(months.map(({ expired }) => expired))).toEqual([0, 0, expect.closeTo(50, 10)])
    expect(months[2]!.outstanding.value).toBe(0)
  })

  test('what is older has been redeemed in part already: only what is left goes on', () => {
    // March lots in April are of age 1: 0.2 of the 0.8 that the curve leaves there.
    expect(ask([lot(80, '2026-03-10', null)]).months[0]!.redeemed.value).toBeCloseTo(20, 12)
  })

  test('of the current month, what is left of it', () => {
    const asOf = utc('2026-04-16') // half of April
    const found = ask([lot(90, '2026-04-01', null)], { asOf })
    expect(found.months[0]!.redeemed.value).toBeCloseTo((90 * 0.1) / 0.9, 12)
  })

  test('after the last age: undated up to the ultimate, never beyond it', () => {
    const { undated, never, months } = ask([lot(50, '2026-01-10', null)])
    expect([undated.value, never.value]).toEqual([25, 25])
    expect(values(months.map(({ redeemed }) => redeemed))).toEqual([0, 0, 0])
  })

  test('what outlives the curve and expires later is still owed until then', () => {
    const { undated, months } = ask([lot(50, '2026-01-10', '2026-06-01')])
    expect(undated.value).toBe(25)
    expect(values(months.map(({ expired }) => expired))).toEqual([0, 25, 0])
    expect(values(months.map(({ outstanding }) => outstanding))).toEqual([25, 0, 0])
  })

  test('without an ultimate nobody knows', () => {
    const { unknown, undated } = ask([lot(50, '2026-01-10', null)], { curve: { ...curve, ultimate: null } })
    expect([unknown.value, undated.value]).toEqual([50, 0])
  })

  test('where the curve leaves nothing, points that are there are unknown to it', () => {
    const done = { redeemed: [0.5, 1], ultimate: 1, source: 'made up' }
    expect(ask([lot(10, '2026-01-10', null)], { curve: done }).unknown.value).toBe(10)
  })

  test('points that expired before leave less to redeem from', () => {
    const mixed = { redeemed: [0.2, 0.4], expired: [0.4, 0.6], ultimate: 0.4, source: 'made up' }
    // Of the 0.4 that are there after age 0, half are redeemed.
    expect(ask([lot(40, '2026-03-10', null)], { curve: mixed }).months[0]!.redeemed.value).toBeCloseTo(20, 12)
  })

  test('pending points count unless left out', () => {
    const waiting = [lot(100, '2026-04-01', null, { confirmsAt: null })]
    expect(ask(waiting).points).toBe(100)
    expect(ask(waiting, { pending: 'left-out' }).points).toBe(0)
  })

  test('an interval of the curve is one of the forecast', () => {
    const wide: RedemptionCurve = {
      ...curve,
      interval: {
        level: 0.9,
        low: { redeemed: [0.1, 0.2, 0.3], ultimate: 0.5 },
        high: { redeemed: [0.3, 0.6, 0.7], ultimate: 0.9 },
      },
    }
    const { level, months, undated } = ask([lot(100, '2026-04-01', null)], { curve: wide, months: 4 })
    expect(level).toBe(0.9)
    expect(months[0]!.redeemed.low).toBeCloseTo(10, 12)
    expect(months[0]!.redeemed.high).toBeCloseTo(30, 12)
    expect(undated).toEqual({
      value: expect.closeTo(25, 10),
      low: expect.closeTo(20, 10),
      high: expect.closeTo(25, 10),
    })
    expect(ask([lot(100, '2026-04-01', null)]).months[0]!.redeemed).toEqual({
      value: 20,
      low: null,
      high: null,
    })
  })
})

test('every point is somewhere', () => {
  const share = fc.double({ min: 0, max: 1, noNaN: true })
  const curves = fc
    .tuple(fc.array(share, { minLength: 1, maxLength: 8 }), share, fc.boolean())
    .map(([steps, tail, known]) => {
      let reached = 0
      const redeemed = steps.map((step) => {
        reached += (1 - reached) * step
        return Math.min(reached, 1)
      })
      const last = redeemed[redeemed.length - 1]!
      return { redeemed, ultimate: known ? Math.min(last + (1 - last) * tail, 1) : null, source: 'drawn' }
    })
  const asOf = instant('2026-04-11T07:00:00Z')
  const day = 86_400_000
  const lots = fc.array(
    fc.tuple(fc.nat(1000), fc.nat(400), fc.option(fc.integer({ min: 1, max: 500 }))).map(
      ([points, ago, ahead]): OutstandingLot => ({
        currency: 'points',
        points,
        earnedAt: asOf - ago * day,
        expiresAt: ahead === null ? null : asOf + ahead * day,
      }),
    ),
    { maxLength: 20 },
  )
  fc.assert(
    fc.property(curves, lots, fc.integer({ min: 1, max: 15 }), (drawn, some, months) => {
      const found = ask(some, { asOf, curve: drawn, months })
      const { redeemed, expired } = found.months.reduce(
        (sum, month) => ({
          redeemed: sum.redeemed + month.redeemed.value,
          expired: sum.expired + month.expired.value,
        }),
        { redeemed: 0, expired: 0 },
      )
      const left = found.months[months - 1]!.outstanding.value
      const all = redeemed + expired + left + found.undated.value + found.never.value + found.unknown.value
      expect(all).toBeCloseTo(found.points, 6)
      for (const month of found.months) {
        for (const part of [month.redeemed, month.expired, month.outstanding])
          expect(part.value).toBeGreaterThanOrEqual(0)
      }
    }),
    { numRuns: runs(200, 5000) },
  )
})

describe('what is refused', () => {
  const liability = liabilityOf(utc('2026-04-01'), [lot(100, '2026-04-01', null)])
  test.each([
    ['no curve', { curve: undefined }, 'missing', '$.options.curve'],
    ['a curve from nowhere', { curve: { ...curve, source: '' } }, 'missing', '$.options.curve.source'],
    [
      'a curve that falls',
      { curve: { ...curve, redeemed: [0.3, 0.2] } },
      'out-of-range',
      '$.options.curve.redeemed[1]',
    ],
    [
      'an ultimate below the curve',
      { curve: { ...curve, ultimate: 0.4 } },
      'out-of-range',
      '$.options.curve.ultimate',
    ],
    [
      'more than all',
      { curve: { ...curve, expired: [0, 0, 0.6] } },
      'out-of-range',
      '$.options.curve.expired[2]',
    ],
    ['no month', { months: 0 }, 'out-of-range', '$.options.months'],
    ['another currency', { currency: 'point' }, 'unknown-name', '$.options.currency'],
    ['another word', { pending: 'out' }, 'unknown-name', '$.options.pending'],
    ['a misspelt key', { month: 3 }, 'unknown-key', '$.options.month'],
  ])('%s', (_, changed, code, path) => {
    expect(() =>
      forecastLiability(liability, { currency: 'points', curve, months: 3, ...changed } as never),
    ).toThrow(expect.objectContaining({ code, path }))
  })
})
