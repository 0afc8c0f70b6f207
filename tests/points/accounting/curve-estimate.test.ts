import {
  collect,
  definePointsLiability,
  estimateRedemptionCurve,
  forecastLiability,
  instant,
  type PointsCohort,
} from 'liuliang'
import { describe, expect, test } from 'vitest'
import { studentQuantile } from '../../../src/measures/student.js'

const cohort = (
  granted: number,
  redeemed: readonly number[],
  expired: readonly number[] = redeemed.map(() => 0),
  name = '2026-01',
): PointsCohort => ({ cohort: name, granted, redeemed, expired })
const estimated = (cohorts: readonly PointsCohort[], options = {}) => {
  const found = estimateRedemptionCurve({ cohorts }, options)
  if (found.kind !== 'curve') throw new Error(found.reason)
  return found
}

describe('a curve from cohorts', () => {
  test('of what is there at each age, over all who have reached it', () => {
    const { curve, ages } = estimated([
      cohort(100, [20, 50, 60]),
      cohort(300, [60, 130, 200]),
      cohort(600, [60, 300]),
      cohort(1000, [500]),
    ])
    // Age 0: 640 of 2,000. Age 1: 340 of 860. Age 2: 80 of 220.
    expect(ages.map(({ cohorts, outstanding, redeemed }) => [cohorts, outstanding, redeemed])).toEqual([
      [4, 2000, 640],
      [3, 860, 340],
      [2, 220, 80],
    ])
    const [h0, h1, h2] = [640 / 2000, 340 / 860, 80 / 220]
    expect(curve.redeemed[0]).toBeCloseTo(h0, 14)
    expect(curve.redeemed[1]).toBeCloseTo(h0 + (1 - h0) * h1, 14)
    expect(curve.redeemed[2]).toBeCloseTo(h0 + (1 - h0) * (h1 + (1 - h1) * h2), 14)
  })

  test('what expires leaves too, and is not redeemed', () => {
    const { curve, ultimate } = estimated([
      cohort(100, [20, 50], [10, 50]),
      cohort(300, [60, 150], [30, 150]),
    ])
    expect(curve.redeemed[1]).toBeCloseTo(0.5, 14)
    expect(curve.expired![1]).toBeCloseTo(0.5, 14)
    expect(ultimate).toEqual({ kind: 'observed', value: curve.redeemed[1] })
    expect(curve.ultimate).toBe(curve.redeemed[1])
  })

  test('an age that too few have reached is no part of it', () => {
    const rows = [cohort(100, [20, 50, 60]), cohort(300, [60, 150])]
    expect(estimated(rows).curve.redeemed).toHaveLength(2)
    expect(estimated(rows, { minimumCohorts: 1 }).curve.redeemed).toHaveLength(3)
    expect(estimateRedemptionCurve({ cohorts: rows }, { minimumCohorts: 3 })).toMatchObject({
      kind: 'undefined',
      reason: 'too-few-cohorts',
    })
    expect(estimateRedemptionCurve({ cohorts: [] })).toEqual({
      kind: 'undefined',
      reason: 'no-cohorts',
      cohorts: [],
    })
  })

  test('the ultimate is not made up: bounds, or a tail that was passed in', () => {
    const rows = [cohort(100, [20, 50]), cohort(300, [60, 150])]
    const { ultimate, curve } = estimated(rows)
    expect(ultimate).toEqual({ kind: 'undefined', reason: 'still-outstanding', least: 0.5, most: 1 })
    expect(curve.ultimate).toBeNull()
    expect(estimated(rows, { tail: 0.4 }).ultimate).toEqual({ kind: 'assumed', value: 0.7, tail: 0.4 })
  })

  test('what comes back later was not redeemed to stay', () => {
    expect(estimated([cohort(100, [40, 20]), cohort(100, [40, 20])]).curve.redeemed).toEqual([
      expect.closeTo(0.2, 14),
      expect.closeTo(0.2, 14),
    ])
  })
})

describe('the interval', () => {
  test('from how cohorts differ: by hand, at age 0', () => {
    // 20 %, 30 % and 40 % of 100 each: standard error of the mean 0.1 / sqrt(3), two degrees of freedom.
    const { ages } = estimated([cohort(100, [20]), cohort(100, [30]), cohort(100, [40])], { level: 0.9 })
    const reach = (studentQuantile(0.95, 2) * 0.1) / Math.sqrt(3)
    expect(ages[0]!.cumulative).toEqual({
      value: 0.3,
      interval: {
        kind: 'interval',
        low: expect.closeTo(0.3 - reach, 12),
        high: expect.closeTo(0.3 + reach, 12),
        level: 0.9,
      },
    })
  })

  test('carried through the chain: with cohorts of one point it is what Greenwood has, with n - 1 for n', () => {
    // Nobody is redeemed, or everybody who is: S^2 times the sum of h / (1 - h) / (n - 1).
    const rows = [
      ...Array.from({ length: 10 }, () => cohort(1, [1, 1])),
      ...Array.from({ length: 15 }, () => cohort(1, [0, 1])),
      ...Array.from({ length: 15 }, () => cohort(1, [0, 0])),
    ]
    const { ages } = estimated(rows, { level: 0.5 })
    const [h0, h1] = [10 / 40, 15 / 30]
    const left = (1 - h0) * (1 - h1)
    const parts = [(left * left * h0) / (1 - h0) / 39, (left * left * h1) / (1 - h1) / 29]
    const variance = parts[0]! + parts[1]!
    const df = (variance * variance) / ((parts[0]! * parts[0]!) / 39 + (parts[1]! * parts[1]!) / 29)
    const { interval } = ages[1]!.cumulative
    if (interval.kind !== 'interval') throw new Error('no interval')
    expect((interval.high - interval.low) / 2).toBeCloseTo(
      studentQuantile(0.75, df) * Math.sqrt(variance),
      12,
    )
  })

  test('of one cohort there is none', () => {
    const { ages, curve } = estimated([cohort(100, [20, 50])], { minimumCohorts: 1 })
    expect(ages[0]!.cumulative.interval).toEqual({ kind: 'undefined', reason: 'one-cohort' })
    expect(curve.interval).toBeUndefined()
  })

  test('of equal cohorts it has no width', () => {
    const { curve } = estimated([cohort(100, [20, 50]), cohort(200, [40, 100])])
    expect(curve.interval!.low.redeemed).toEqual(curve.redeemed)
    expect(curve.interval!.high.redeemed).toEqual(curve.redeemed)
  })
})

describe('breakage of each cohort', () => {
  const cases = [
    cohort(100, [20, 60, 60], [0, 0, 40], 'settled'),
    cohort(200, [40, 120, 120], [0, 0, 80], 'settled too'),
    cohort(100, [20, 60], [0, 0], 'young'),
    cohort(0, [0], [0], 'empty'),
    cohort(50, [60, 60, 60], [0, 0, 0], 'spent, then taken back'),
  ]
  const breakages = (options = {}) =>
    Object.fromEntries(
      estimated(cases, options).cohorts.map(({ cohort: name, breakage }) => [name, breakage]),
    )

  test('too young is said', () => {
    expect(breakages()).toEqual({
      settled: { kind: 'observed', value: 0.4 },
      'settled too': { kind: 'observed', value: 0.4 },
      young: { kind: 'undefined', reason: 'too-young' },
      empty: { kind: 'undefined', reason: 'nothing-granted' },
      'spent, then taken back': { kind: 'undefined', reason: 'more-than-granted' },
    })
  })

  test('old enough, it goes the way of the curve', () => {
    expect(breakages({ minimumAge: 2 })['young']).toEqual({
      kind: 'estimate',
      value: expect.closeTo(0.4, 12),
      least: 0,
      most: 0.4,
    })
  })

  test('without an ultimate there is none', () => {
    const rows = [cohort(100, [20, 50, 50]), cohort(300, [60, 150, 150])]
    expect(estimated(rows).cohorts[0]!.breakage).toEqual({ kind: 'undefined', reason: 'ultimate-unknown' })
  })

  test('older than the curve, it goes by the tail that was passed in', () => {
    const rows = [cohort(100, [100]), cohort(100, [100]), cohort(100, [99, 99, 99])]
    const { cohorts } = estimated(rows, { tail: 0.5 })
    expect(cohorts[2]!.breakage).toEqual({
      kind: 'estimate',
      value: expect.closeTo(0.005, 12),
      least: 0,
      most: 0.01,
    })
  })

  test('where the curve leaves nothing, because others spent more than stood, what is there is beyond it', () => {
    const { cohorts } = estimated([cohort(100, [50]), cohort(50, [100])], { minimumAge: 1 })
    expect(cohorts[0]!.breakage).toEqual({ kind: 'undefined', reason: 'older-than-curve' })
  })
})

test('an estimate goes into a forecast', () => {
  const asOf = instant('2026-04-01T00:00:00Z')
  const owed = definePointsLiability({
    id: 'owed',
    version: 1,
    calendar: { zone: 'UTC' },
    asOf,
    currencies: { points: 'not-owed' },
  })
  const liability = owed.result(
    collect(owed, [{ currency: 'points', points: 100, earnedAt: asOf, expiresAt: asOf + 45 * 86_400_000 }]),
  )
  const { curve } = estimated([
    cohort(100, [20, 50, 50], [0, 0, 50]),
    cohort(100, [30, 60, 60], [0, 0, 40]),
    cohort(100, [25, 60]),
  ])
  const { months, level } = forecastLiability(liability, { currency: 'points', curve, months: 2 })
  expect(level).toBe(0.95)
  expect(months[0]!.redeemed.value).toBeCloseTo(25, 10)
  expect(months[0]!.redeemed.low!).toBeLessThan(25)
  expect(months[0]!.redeemed.high!).toBeGreaterThan(25)
  expect(months[1]!.expired.value).toBeCloseTo(100 - curve.redeemed[1]! * 100, 8)
})

describe('what is refused', () => {
  test.each([
    ['no list', {}, {}, 'wrong-type', '$.cohorts'],
    ['lengths that differ', { cohorts: [cohort(1, [0], [])] }, {}, 'out-of-range', '$.cohorts[0].expired'],
    ['a fraction', { cohorts: [cohort(1.5, [0])] }, {}, 'out-of-range', '$.cohorts[0].granted'],
    [
      'expiry that falls',
      { cohorts: [cohort(9, [0, 0], [2, 1])] },
      {},
      'out-of-range',
      '$.cohorts[0].expired[1]',
    ],
    ['a tail above one', { cohorts: [] }, { tail: 1.1 }, 'out-of-range', '$.options.tail'],
    [
      'no cohorts at least',
      { cohorts: [] },
      { minimumCohorts: 0 },
      'out-of-range',
      '$.options.minimumCohorts',
    ],
    ['a misspelt key', { cohorts: [] }, { tails: 1 }, 'unknown-key', '$.options.tails'],
    ['a level of one', { cohorts: [] }, { level: 1 }, 'out-of-range', '$.level'],
  ])('%s', (_, triangle, options, code, path) => {
    expect(() => estimateRedemptionCurve(triangle as never, options as never)).toThrow(
      expect.objectContaining({ code, path }),
    )
  })
})
