import {
  type DeferralChange,
  explainError,
  instant,
  journalEntries,
  journalRows,
  journalSentences,
  moveDeferral,
  openDeferral,
  type PointsBooking,
} from 'liuliang'
import { describe, expect, test } from 'vitest'

const chart = { cash: '1001', goods: '6001', redemption: '6002', breakage: '6003', liability: '2205' }
const at = instant('2026-03-01T02:00:00Z')

/** A sale and what follows, each a day later. */
function books(changes: readonly DeferralChange[]): readonly PointsBooking[] {
  const opened = openDeferral({
    currency: 'CNY',
    price: '100.00',
    points: '9.00',
    granted: 1000,
    expected: 900,
  })
  let { deferral } = opened
  const bookings: PointsBooking[] = [{ id: 'o-1', at, movement: opened.movement }]
  for (const [i, change] of changes.entries()) {
    const step = moveDeferral(deferral, change)
    deferral = step.deferral
    bookings.push({ id: `e-${i + 1}`, at: at + (i + 1) * 86_400_000, movement: step.movement })
  }
  return bookings
}
const linesOf = (...changes: readonly DeferralChange[]) =>
  journalEntries(chart, books(changes)).map(({ id, lines }) => [
    id,
    ...lines.map(({ account, debit, credit }) => `${account} ${debit} ${credit}`),
  ])

describe('double entries', () => {
  test('of a sale, an estimate, a redemption, a refund and an expiry', () => {
    expect(
      linesOf(
        { kind: 'redeemed', points: 450 },
        { kind: 'estimate', expected: 1000 },
        { kind: 'returned', points: 50 },
        { kind: 'refund', amount: '50.00', points: 100 },
        { kind: 'expired', points: 500 },
      ),
    ).toEqual([
      ['o-1/sale', '1001 100.00 0.00', '6001 0.00 91.00', '2205 0.00 9.00'],
      ['e-1/redeemed', '6002 0.00 4.05', '6003 0.00 0.45', '2205 4.50 0.00'],
      ['e-2/estimate', '6003 0.45 0.00', '2205 0.00 0.45'],
      ['e-3/returned', '6002 0.45 0.00', '2205 0.00 0.45'],
      // 4.50 of 9.00 are left, 400 of 900 points redeemed: 2.00 of revenue where 3.60 had been.
      ['e-4/refund', '1001 0.00 50.00', '6001 45.50 0.00', '6002 1.60 0.00', '2205 2.90 0.00'],
      ['e-5/expired', '6003 0.00 2.50', '2205 2.50 0.00'],
    ])
  })

  test('a movement of nothing makes none', () => {
    expect(linesOf({ kind: 'expired', points: 100 }).map(([id]) => id)).toEqual(['o-1/sale'])
  })

  test('one account may stand in several places', () => {
    const [, entry] = journalEntries(
      { ...chart, redemption: '6001', breakage: '6001' },
      books([{ kind: 'redeemed', points: 450 }]),
    )
    expect(entry!.lines).toEqual([
      { account: '6001', debit: '0.00', credit: '4.50' },
      { account: '2205', debit: '4.50', credit: '0.00' },
    ])
  })

  test('as rows', () => {
    expect(journalRows(journalEntries(chart, books([])))[2]).toEqual({
      entry: 'o-1/sale',
      line: 3,
      at: '2026-03-01T02:00:00.000Z',
      kind: 'sale',
      currency: 'CNY',
      account: '2205',
      debit: '0.00',
      credit: '9.00',
    })
  })

  test('every kind is said in both languages', () => {
    for (const { en, zh } of Object.values(journalSentences)) {
      expect(en).toMatch(/^[a-z ]+$/)
      expect(zh).toMatch(/^[\u4e00-\u9fff]+$/)
    }
    expect(Object.keys(journalSentences)).toEqual([
      'sale',
      'redeemed',
      'returned',
      'expired',
      'estimate',
      'refund',
    ])
  })
})

describe('what is refused', () => {
  const [sold] = books([])
  test.each([
    ['no account', { ...chart, cash: '' }, [sold], 'missing', '$.chart.cash'],
    ['an account too many', { ...chart, tax: '1' }, [sold], 'unknown-key', '$.chart.tax'],
    ['no id', chart, [{ ...sold, id: '' }], 'missing', '$.bookings[0].id'],
    ['booked twice', chart, [sold, sold], 'out-of-range', '$.bookings[1].id'],
    [
      'no balance',
      chart,
      [{ ...sold, movement: { ...sold!.movement, cash: '99.00' } }],
      'out-of-range',
      '$.bookings[0].movement',
    ],
    [
      'no amount',
      chart,
      [{ ...sold, movement: { ...sold!.movement, cash: 1 } }],
      'invalid-amount',
      '$.bookings[0].movement.cash',
    ],
    ['no instant', chart, [{ ...sold, at: '2026' }], 'invalid-instant', '$.bookings[0].at'],
  ])('%s', (_, names, bookings, code, path) => {
    let error: unknown
    try {
      journalEntries(names, bookings as never)
    } catch (caught) {
      error = caught
    }
    expect(error).toMatchObject({ code, path })
    expect(explainError(error as never, 'zh')).toContain(path)
  })
})
