import { defineGrowth, defineRetention, defineStickiness } from 'liuliang/cohorts'
import { collect, columnsOf, instant } from 'liuliang/kernel'
import { describe, expect, test } from 'vitest'
import { absent, numbersOf, purchases } from './support/online-retail.js'

const base = { version: 1, calendar: { zone: 'UTC' } } as const
const end = instant('2011-12-09T23:59:59.999Z')

describe.skipIf(absent)('Online Retail (skipped where ../shared/data is absent)', () => {
  test('growth accounting by month is what DuckDB finds', () => {
    const growth = defineGrowth({
      ...base,
      id: 'buyers',
      period: 'month',
      activity: 'bought',
      resurrected: 'counted',
    })
    interface Row {
      readonly p: string
      readonly active: number
      readonly new: number
      readonly retained: number
      readonly resurrected: number
      readonly churned: number
      readonly quick_ratio: number | null
    }
    const { rows } = numbersOf<{ readonly rows: readonly Row[] }>('growth-accounting-month')
    const partial = growth.addColumns(growth.empty(), columnsOf(purchases()))
    const { periods } = growth.result(partial, { asOf: end })
    expect(periods.length).toBe(rows.length)
    for (const [i, { p, quick_ratio, ...counts }] of rows.entries()) {
      expect(periods[i]).toMatchObject({ period: p.slice(0, 7), ...counts })
      const { quickRatio } = periods[i]!
      if (quick_ratio === null) expect(quickRatio).toEqual({ kind: 'undefined', reason: 'nobody-churned' })
      else
        expect(quickRatio).toEqual({
          kind: 'estimate',
          value: expect.closeTo(quick_ratio, 12),
          resurrected: 'counted',
        })
    }
    expect(periods.map(({ state }) => state).lastIndexOf('complete')).toBe(periods.length - 2)
  })

  test('weeks without a sale are rows of nobody, and the identity holds over them', () => {
    const growth = defineGrowth({
      ...base,
      id: 'buyers',
      period: 'week',
      activity: 'bought',
      resurrected: 'left-out',
    })
    const { periods } = growth.result(collect(growth, purchases()), { asOf: end })
    const closed = periods.findIndex(({ period }) => period === '2010-12-27')
    expect(periods[closed]).toMatchObject({ active: 0, new: 0, retained: 0, resurrected: 0 })
    expect(periods[closed]!.churned).toBe(periods[closed - 1]!.active)
    for (const [i, row] of periods.entries()) {
      const before = i === 0 ? 0 : periods[i - 1]!.active
      expect(row.active).toBe(before + row.new + row.resurrected - row.churned)
    }
  })

  test('DAU, WAU, MAU and L28 are what DuckDB finds', () => {
    const stickiness = defineStickiness({
      ...base,
      id: 'buyers',
      period: 'day',
      activity: 'bought',
      windows: { week: 7, month: 28 },
      windowIncludes: 'the-period',
    })
    interface Expected {
      readonly rows: readonly {
        readonly d: string
        readonly dau: number
        readonly wau7: number
        readonly mau28: number
      }[]
      readonly l28_histogram_at_last_day: readonly { readonly k: number; readonly users: number }[]
    }
    const expected = numbersOf<Expected>('stickiness')
    const { periods, histograms } = stickiness.result(collect(stickiness, purchases()), { asOf: end })
    for (const { d, dau, wau7, mau28 } of expected.rows) {
      expect(periods.find(({ period }) => period === d)).toMatchObject({
        active: dau,
        trailing: { week: wau7, month: mau28 },
        ratios: { month: { kind: 'estimate', value: dau / mau28 } },
      })
    }
    expect(histograms['month']).toEqual(
      expected.l28_histogram_at_last_day.map(({ k, users }) => ({ periods: k, people: users })),
    )
  })

  test('N-month and unbounded retention from one partial', () => {
    const on = defineRetention({ ...base, id: 'on', period: 'month', entry: 'bought', activity: 'bought' })
    const unbounded = defineRetention({
      ...base,
      id: 'unbounded',
      period: 'month',
      entry: 'bought',
      activity: 'bought',
      measure: 'on-or-after',
    })
    interface Row {
      readonly cohort: string
      readonly k: number
      readonly n_on: number
      readonly n_unbounded: number
    }
    const { rows } = numbersOf<{ readonly rows: readonly Row[] }>('retention-on-vs-unbounded-month')
    const partial = collect(on, purchases())
    const [a, b] = [on.result(partial, { asOf: end }), unbounded.result(partial, { asOf: end })]
    expect(rows.length).toBe(91)
    for (const { cohort, k, n_on, n_unbounded } of rows) {
      const row = a.cohorts.findIndex((one) => one.cohort === cohort.slice(0, 7))
      expect(a.cohorts[row]!.cells[k]!.seen).toBe(n_on)
      expect(b.cohorts[row]!.cells[k]!.seen).toBe(n_unbounded)
    }
  })
})
