import { instant } from 'liuliang'
import {
  type HistoriesDefinition,
  orderColumns,
  parameters,
  paretoNbd,
  predictor,
  type SupposedPurchase,
  summarizeHistories,
  withPurchase,
} from 'liuliang/ltv'
import { describe, expect, test } from 'vitest'

const HOUR = 3_600_000
const start = instant('2024-01-01T09:00:00+08:00')
const at = (hours: number) => start + hours * HOUR
const orders = [0, 30, 200, 1000].map((hours) => ({ customer: 'ada', at: at(hours), amount: '10.00' }))

describe('the history after one more purchase', () => {
  // What the log would say had the order come: every field, for every rule and unit.
  const rules: readonly (readonly [string, HistoriesDefinition['merge'], HistoriesDefinition['unit']])[] = [
    ['none', 'none', 'week'],
    ['day', { per: 'day' }, 'day'],
    ['week', { per: 'week' }, 'month'],
    ['first order', { per: 'day', dated: 'first-order' }, 'week'],
    ['within', { within: { hours: 6 } }, 'hour'],
    ['opportunity', { per: 'week' }, 'opportunity'],
  ]
  test.each(rules)('is what the log would say: %s', (_, merge, unit) => {
    for (const firstOrder of ['in', 'out'] as const) {
      const spend = {
        currency: 'CNY',
        amount: 'amount',
        firstOrder,
        zero: 'count',
        negative: 'refuse',
      } as const
      const head = { id: 'b', version: 1, calendar: { zone: 'Asia/Shanghai' }, orders: 'order' } as const
      const definition: HistoriesDefinition = { ...head, unit, merge, spend }
      const buyers = summarizeHistories(definition)
      const read = (rows: typeof orders, until: number) =>
        buyers.result(buyers.addColumns(buyers.empty(), orderColumns(rows)), { until: until as never })
          .customers[0]
      for (const [seen, hours] of [
        [1, 2],
        [1, 50],
        [2, 31],
        [4, 1000],
        [4, 1003],
        [4, 1012],
        [4, 1500],
      ] as const) {
        const rows = orders.slice(0, seen)
        const ended = rows[rows.length - 1]!.at
        // An opportunity counts in the log once it is over.
        const lag = unit === 'opportunity' ? 168 * HOUR : 0
        const before = read(rows, ended + lag)!
        const when = at(hours)
        if (when < ended + lag) continue
        const after = read([...rows, { customer: 'ada', at: when, amount: '25.00' }], when + lag)!
        const supposed = withPurchase(before, { at: when, spend: 25 }, definition)
        const { repeatCount, lastPurchaseAge, age, sumLnGaps } = after
        expect(supposed).toMatchObject({ unit, repeatCount, lastPurchaseAge, age })
        expect(supposed.sumLnGaps).toBeCloseTo(sumLnGaps, 12)
        expect(supposed.spend!.purchases).toBe(after.spend!.purchases)
        if (after.spend!.mean !== null) expect(supposed.spend!.mean).toBeCloseTo(after.spend!.mean, 12)
      }
    }
  })

  test('shows what the purchase says of the customer', () => {
    const values = { r: 0.553, alpha: 10.578, s: 0.606, beta: 11.669 }
    const { alive, expectedPurchases } = predictor(
      paretoNbd,
      parameters(paretoNbd, values, { unit: 'week', source: 'a fit to CDNOW' }),
    )
    const ada = {
      ...{ unit: 'week' as const, repeatCount: 2, lastPurchaseAge: 30.43, age: 38.86 },
      ...{ covariates: { channel: 1 }, spend: { purchases: 2, mean: 22.5 } },
    }
    const after = withPurchase(ada, { at: { weeks: 1 }, spend: 30 })
    expect(after).toEqual({
      ...{ unit: 'week', repeatCount: 3, lastPurchaseAge: 39.86, age: 39.86 },
      ...{ covariates: { channel: 1 }, spend: { purchases: 3, mean: 25 } },
    })
    expect(alive(after)).toBe(1)
    expect(alive(ada)).toBeLessThan(0.9)
    expect(expectedPurchases(after, { weeks: 52 })).toBeGreaterThan(expectedPurchases(ada, { weeks: 52 }))
    expect(withPurchase(ada, { at: { weeks: 1 } }).spend).toEqual(ada.spend)
    // At the moment of the last one it is the same purchase.
    const now = { ...ada, lastPurchaseAge: 38.86 }
    expect(withPurchase(now, { at: { days: 0 }, spend: 5 })).toMatchObject({
      ...{ repeatCount: 2, spend: { purchases: 2, mean: 25 } },
    })
  })

  test('is refused where there cannot be one', () => {
    const ada = { unit: 'week' as const, repeatCount: 2, lastPurchaseAge: 3, age: 4 }
    const suppose =
      (purchase: SupposedPurchase, more: object = {}, definition?: object) =>
      () =>
        withPurchase({ ...ada, ...more }, purchase, definition as never)
    expect(suppose({ at: start })).toThrow('missing at $.history.acquiredAt')
    expect(suppose({ at: at(10) }, { acquiredAt: start })).toThrow('$.purchase.at')
    expect(suppose({ at: { weeks: -1 } })).toThrow('$.purchase.at.weeks')
    expect(suppose({ at: { weeks: 1 }, spend: 0 })).toThrow('$.purchase.spend')
    const chained = { calendar: { zone: 'UTC' }, merge: { within: { hours: 6 }, since: 'last' } }
    expect(suppose({ at: at(2000) }, { acquiredAt: start }, chained)).toThrow('$.definition.merge.since')
    expect(suppose({ at: at(2000) }, { acquiredAt: start }, { merge: {} })).toThrow('$.definition.merge')
  })
})
