import { collect, definePointsLiability, instant, type OutstandingLot } from 'liuliang'
import { describe, expect, test } from 'vitest'

const utc = (text: string) => instant(`${text}T00:00:00Z`)
const asOf = instant('2026-03-31T16:00:00Z') // midnight in Shanghai
const terms = { id: 'owed', version: 1, calendar: { zone: 'Asia/Shanghai' }, asOf } as const
const owed = definePointsLiability({
  ...terms,
  currencies: {
    points: { currency: 'CNY', perPoint: '1/300', rounding: 'half-up' },
    status: 'not-owed',
  },
  horizons: [{ days: 30 }, { months: 12 }],
})
const lot = (points: number, more: Partial<OutstandingLot> = {}): OutstandingLot => ({
  currency: 'points',
  points,
  earnedAt: utc('2026-01-05'),
  expiresAt: null,
  ...more,
})
const of = (...lots: readonly OutstandingLot[]) => owed.result(collect(owed, lots)).currencies.points

describe('what is owed', () => {
  test('points, pending apart, and their value, which splits without loss', () => {
    const { outstanding, spendable, pending } = of(
      lot(100),
      lot(100, { confirmsAt: null }),
      lot(100, { confirmsAt: asOf + 1 }),
    )
    expect(outstanding).toEqual({ points: 300, value: { amount: '1.00', currency: 'CNY' } })
    expect(spendable).toEqual({ points: 100, value: { amount: '0.33', currency: 'CNY' } })
    expect(pending).toEqual({ points: 200, value: { amount: '0.67', currency: 'CNY' } })
  })

  test('waiting that is over by then is over', () => {
    expect(of(lot(7, { confirmsAt: asOf })).pending.points).toBe(0)
  })

  test('by local month in which points can be spent last', () => {
    const midnight = instant('2026-05-31T16:00:00Z') // ends May in Shanghai
    const { months } = of(
      lot(10, { expiresAt: midnight }),
      lot(5, { expiresAt: midnight, confirmsAt: null }),
      lot(3, { expiresAt: midnight + 1 }),
      lot(1),
    )
    expect(months.map(({ month, points, pending }) => [month, points, pending])).toEqual([
      ['2026-05', 15, 5],
      ['2026-06', 3, 0],
      [null, 1, 0],
    ])
  })

  test('values of months add up to the whole', () => {
    const { months, outstanding } = of(
      lot(100, { expiresAt: utc('2026-06-10') }),
      lot(100, { expiresAt: utc('2026-07-10') }),
      lot(100),
    )
    expect(months.map(({ value }) => value!.amount)).toEqual(['0.34', '0.33', '0.33'])
    expect(outstanding.value!.amount).toBe('1.00')
  })

  test('a horizon holds what expires at or before it', () => {
    const until = instant('2026-04-30T16:00:00Z')
    const { horizons } = of(
      lot(10, { expiresAt: until }),
      lot(20, { expiresAt: until + 1, confirmsAt: null }),
      lot(40),
    )
    expect(horizons).toEqual([
      { within: { days: 30 }, until, points: 10, pending: 0, value: { amount: '0.03', currency: 'CNY' } },
      {
        within: { months: 12 },
        until: instant('2027-03-31T16:00:00Z'),
        points: 30,
        pending: 20,
        value: { amount: '0.10', currency: 'CNY' },
      },
    ])
  })

  test('what had expired is owed to nobody', () => {
    const { lapsed, outstanding, months } = of(lot(9, { expiresAt: asOf }), lot(4, { expiresAt: asOf + 1 }))
    expect([lapsed, outstanding.points, months.length]).toEqual([9, 4, 1])
  })

  test('cost of those lots that say it', () => {
    expect(of(lot(100, { cost: 80 }), lot(50)).cost).toEqual({ minor: 80, points: 100 })
  })

  test('status points are counted and not owed', () => {
    const { currencies } = owed.result(collect(owed, [lot(500, { currency: 'status' })]))
    expect(currencies.status.outstanding).toEqual({ points: 500, value: null })
    expect(currencies.points.outstanding).toEqual({ points: 0, value: { amount: '0.00', currency: 'CNY' } })
  })

  test.each([
    ['down', '3.33'],
    ['up', '3.34'],
    ['half-even', '3.34'],
    ['half-up', '3.34'],
    ['floor', '3.33'],
    ['ceiling', '3.34'],
  ] as const)('1,001 points at a 300th, rounded %s', (rounding, amount) => {
    const one = definePointsLiability({
      ...terms,
      currencies: { points: { currency: 'CNY', perPoint: '1/300', rounding } },
    })
    expect(one.result(collect(one, [lot(1001)])).currencies.points.outstanding.value!.amount).toBe(amount)
  })

  test.each([
    ['half-even', '0.00', '0.02'],
    ['half-up', '0.01', '0.02'],
  ] as const)('halves, %s', (rounding, one, three) => {
    const half = definePointsLiability({
      ...terms,
      currencies: { points: { currency: 'CNY', perPoint: '0.005', rounding } },
    })
    const value = (points: number) =>
      half.result(collect(half, [lot(points)])).currencies.points.outstanding.value!.amount
    expect([value(1), value(3)]).toEqual([one, three])
  })
})

describe('what is refused', () => {
  const add = (changed: object) => () => owed.add(owed.empty(), { ...lot(1), ...changed } as OutstandingLot)
  test.each([
    ['below zero', { points: -1 }, 'out-of-range', '$.points'],
    ['a fraction', { points: 1.5 }, 'out-of-range', '$.points'],
    ['another currency', { currency: 'miles' }, 'out-of-range', '$.currency'],
    ['of another moment', { earnedAt: asOf + 1 }, 'out-of-range', '$.earnedAt'],
    ['no instant', { expiresAt: Number.NaN }, 'invalid-instant', '$.expiresAt'],
    ['no expiry said', { expiresAt: undefined }, 'invalid-instant', '$.expiresAt'],
    ['a cost below zero', { cost: -1 }, 'out-of-range', '$.cost'],
  ])('a lot: %s', (_, changed, code, path) => {
    expect(add(changed)).toThrow(expect.objectContaining({ code, path }))
  })

  test('sums beyond 2^53 - 1, before anything is written', () => {
    const partial = collect(owed, [lot(Number.MAX_SAFE_INTEGER)])
    const before = JSON.stringify(partial)
    expect(() => owed.add(partial, lot(1, { expiresAt: utc('2026-04-05') }))).toThrow(
      expect.objectContaining({ code: 'too-large' }),
    )
    expect(JSON.stringify(partial)).toBe(before)
  })

  test('more taken out than put in', () => {
    expect(() => owed.result(owed.retract(owed.empty(), lot(1)))).toThrow(
      expect.objectContaining({ code: 'out-of-range' }),
    )
  })

  test('a partial of another moment', () => {
    const later = definePointsLiability({
      ...owed.definition,
      asOf: asOf + 1,
    } as typeof owed.definition as never)
    expect(() => owed.merge(owed.empty(), later.empty())).toThrow(
      expect.objectContaining({ code: 'other-definition' }),
    )
  })

  test('no calendar that an account has: named days are no part of it', () => {
    const named = { fair: [{ from: '2024-03-01', to: '2024-03-02' }] }
    const currencies = { points: { currency: 'CNY', perPoint: '1/300', rounding: 'half-up' } } as const
    const [one, other] = [terms.calendar, { ...terms.calendar, named }].map((calendar) =>
      definePointsLiability({ ...terms, calendar, currencies }),
    )
    expect(other!.result(collect(other!, [lot(100)])).currencies).toEqual(
      one!.result(collect(one!, [lot(100)])).currencies,
    )
  })

  test('a currency that is none, at its place', () => {
    const currencies = { points: { currency: 'xyz', perPoint: '1', rounding: 'up' } } as const
    expect(() => definePointsLiability({ ...terms, currencies })).toThrow(
      expect.objectContaining({ code: 'wrong-type', path: '$.currencies.points.currency' }),
    )
  })

  test.each([
    ['no currency', { currencies: {} }, 'missing'],
    [
      'a value below zero',
      { currencies: { p: { currency: 'CNY', perPoint: '-1', rounding: 'up' } } },
      'out-of-range',
    ],
    ['no rounding', { currencies: { p: { currency: 'CNY', perPoint: '1' } } }, 'unknown-name'],
    [
      'a horizon that is none',
      { currencies: { p: 'not-owed' }, horizons: [{ days: -1 }] },
      'invalid-duration',
    ],
    ['a misspelt key', { currencies: { p: 'not-owed' }, horizon: [] }, 'unknown-key'],
  ])('a definition: %s', (_, changed, code) => {
    expect(() => definePointsLiability({ ...terms, ...changed } as never)).toThrow(
      expect.objectContaining({ code }),
    )
  })
})
