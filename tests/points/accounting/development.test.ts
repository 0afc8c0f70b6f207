import { collect, definePointsDevelopment, instant, type LedgerRow } from 'liuliang'
import { describe, expect, test } from 'vitest'

const utc = (text: string) => instant(`${text}T00:00:00Z`)
const terms = {
  id: 'development',
  version: 1,
  calendar: { zone: 'UTC' },
  currencies: ['points', 'gold'],
} as const
const development = definePointsDevelopment(terms)
const row = (
  at: string,
  kind: LedgerRow['kind'],
  points: number,
  earned?: string,
  more: Partial<LedgerRow> = {},
): LedgerRow => ({
  at: utc(at),
  currency: 'points',
  kind,
  points,
  ...(earned !== undefined && { earnedAt: utc(earned) }),
  ...more,
})
const cohortsOf = (rows: readonly LedgerRow[], asOf = '2026-05-01', defined = development) =>
  defined.result(collect(defined, rows), { asOf: utc(asOf) }).currencies.points.cohorts

describe('what became of points by month of earning', () => {
  test('cumulated by age, for each month that is over', () => {
    expect(
      cohortsOf([
        row('2026-01-31', 'earned', 100),
        row('2026-02-01', 'redeemed', 30, '2026-01-31'),
        row('2026-03-05', 'redeemed', 20, '2026-01-31'),
        row('2026-04-01', 'expired', 50, '2026-01-31'),
        row('2026-03-09', 'earned', 10),
      ]),
    ).toEqual([
      { cohort: '2026-01', granted: 100, redeemed: [0, 30, 50, 50], expired: [0, 0, 0, 50] },
      { cohort: '2026-02', granted: 0, redeemed: [0, 0, 0], expired: [0, 0, 0] },
      { cohort: '2026-03', granted: 10, redeemed: [0, 0], expired: [0, 0] },
      { cohort: '2026-04', granted: 0, redeemed: [0], expired: [0] },
    ])
  })

  test('a month that is not over does not count, nor does what is dated later', () => {
    const rows = [row('2026-01-31', 'earned', 100), row('2026-03-05', 'redeemed', 20, '2026-01-31')]
    expect(cohortsOf(rows, '2026-03-31')).toEqual([
      { cohort: '2026-01', granted: 100, redeemed: [0, 0], expired: [0, 0] },
      { cohort: '2026-02', granted: 0, redeemed: [0], expired: [0] },
    ])
    expect(cohortsOf(rows, '2026-01-31')).toEqual([])
  })

  test('what is returned was not redeemed to stay, what is taken back was never given', () => {
    expect(
      cohortsOf(
        [
          row('2026-01-02', 'earned', 100),
          row('2026-01-03', 'redeemed', 40, '2026-01-02'),
          row('2026-02-03', 'returned', 15, '2026-01-02'),
          row('2026-03-03', 'clawed-back', 20, '2026-01-02'),
          row('2026-03-04', 'adjusted', -5, '2026-01-02'),
          row('2026-03-04', 'transferred', -10, '2026-01-02'),
        ],
        '2026-04-01',
      )[0],
    ).toEqual({ cohort: '2026-01', granted: 65, redeemed: [40, 25, 25], expired: [0, 0, 0] })
  })

  test('what is transferred in, or added by hand, may keep when it was earned', () => {
    expect(
      cohortsOf(
        [row('2026-03-02', 'transferred', 8, '2026-01-02'), row('2026-03-02', 'adjusted', 3)],
        '2026-04-01',
      ).map(({ cohort, granted }) => [cohort, granted]),
    ).toEqual([
      ['2026-01', 8],
      ['2026-02', 0],
      ['2026-03', 3],
    ])
  })

  test.each([
    ['effective', '2026-02', undefined],
    ['effective', '2026-02', 'effective'],
    ['decided', '2026-03', 'decided'],
  ] as const)('dated by %s', (_, cohort, dated) => {
    const defined = definePointsDevelopment({ ...terms, ...(dated !== undefined && { dated }) })
    const late = row('2026-03-20', 'earned', 5, undefined, { effectiveAt: utc('2026-02-20') })
    expect(cohortsOf([late], '2026-04-01', defined)[0]).toMatchObject({ cohort, granted: 5 })
  })

  test('months are local', () => {
    const defined = definePointsDevelopment({ ...terms, calendar: { zone: 'Asia/Shanghai' } })
    const late = row('2026-02-28', 'earned', 5, undefined, { at: instant('2026-02-28T16:00:00Z') })
    expect(cohortsOf([late], '2026-04-01', defined)[0]!.cohort).toBe('2026-03')
  })
})

describe('what is refused', () => {
  test.each([
    ['points that leave, of no date', row('2026-01-02', 'redeemed', 5), 'missing', '$.earnedAt'],
    ['what goes out, of no date', row('2026-01-02', 'adjusted', -5), 'missing', '$.earnedAt'],
    [
      'earned later than it moved',
      row('2026-01-02', 'expired', 5, '2026-01-03'),
      'out-of-range',
      '$.earnedAt',
    ],
    ['below zero', row('2026-01-02', 'earned', -5), 'out-of-range', '$.points'],
    ['a fraction', row('2026-01-02', 'adjusted', 0.5), 'out-of-range', '$.points'],
    ['another kind', row('2026-01-02', 'spent' as never, 5), 'out-of-range', '$.kind'],
    ['another currency', { ...row('2026-01-02', 'earned', 5), currency: 'x' }, 'out-of-range', '$.currency'],
  ])('%s', (_, given, code, path) => {
    expect(() => development.add(development.empty(), given)).toThrow(expect.objectContaining({ code, path }))
  })

  test('a triangle of more than a hundred years', () => {
    const partial = collect(development, [row('1850-01-01', 'earned', 1), row('2026-01-01', 'earned', 1)])
    expect(() => development.result(partial, { asOf: utc('2026-05-01') })).toThrow(
      expect.objectContaining({ code: 'too-large' }),
    )
  })
})
