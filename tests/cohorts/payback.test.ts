import fc from 'fast-check'
import {
  cacPayback,
  defineCohortRevenue,
  type PaybackInput,
  type PaybackOptions,
  paybackReasons,
  paybackRows,
} from 'liuliang/cohorts'
import { type AnyEvent, collect, DefinitionError } from 'liuliang/kernel'
import { describe, expect, test } from 'vitest'
import { runs } from '../support/size.js'

/** A cohort with what it brought in each complete period, and then one that is not over. */
const cohort = (
  name: string,
  size: number,
  ...margins: readonly string[]
): PaybackInput['cohorts'][number] => ({
  cohort: name,
  size,
  cells: [...margins, '999.00'].map((margin, offset) => ({
    offset,
    state: offset < margins.length ? 'complete' : 'incomplete',
    values: { margin },
  })),
})
const revenueOf = (...cohorts: readonly PaybackInput['cohorts'][number][]): PaybackInput => ({
  currency: 'CNY',
  cohorts,
})
const ask = (revenue: PaybackInput, options: Partial<PaybackOptions> = {}) =>
  cacPayback(revenue, { value: 'margin', costs: {}, within: 'linear', ...options })

const march = cohort('2024-03', 2, '100.00', '100.00', '200.00')

describe('observed', () => {
  test('at the end of a period, or as if the margin came evenly in it', () => {
    const costs = { '2024-03': '300.00' }
    expect(ask(revenueOf(march), { costs }).cohorts[0]!.payback).toEqual({
      kind: 'paid-back',
      basis: 'observed',
      offset: 2,
      periods: 2.5,
      holds: true,
    })
    expect(ask(revenueOf(march), { costs, within: 'period-end' }).cohorts[0]!.payback).toMatchObject({
      offset: 2,
      periods: 3,
    })
  })

  test('exactly at the end of a period, and one fen above', () => {
    expect(ask(revenueOf(march), { costs: { '2024-03': '200.00' } }).cohorts[0]!.payback).toMatchObject({
      offset: 1,
      periods: 2,
    })
    expect(ask(revenueOf(march), { costs: { '2024-03': '200.01' } }).cohorts[0]!.payback).toMatchObject({
      offset: 2,
      periods: 2.00005,
    })
  })

  test('LTV:CAC at each complete offset, per acquired customer', () => {
    const { points, costPerCustomer } = ask(revenueOf(march), { costs: { '2024-03': '200.00' } }).cohorts[0]!
    expect(costPerCustomer).toBe(100)
    expect(points).toEqual(
      [50, 100, 200].map((cumulative, offset) => ({
        offset,
        basis: 'observed',
        cumulative,
        ratio: { kind: 'estimate', value: cumulative / 100 },
      })),
    )
  })

  test('what is refunded later does not undo when it was first reached, and is said', () => {
    const may = cohort('2024-05', 1, '120.00', '-50.00')
    expect(ask(revenueOf(may), { costs: { '2024-05': '100' } }).cohorts[0]!.payback).toMatchObject({
      kind: 'paid-back',
      offset: 0,
      holds: false,
    })
  })

  test('not yet: how many periods are complete and what is missing; incomplete ones are no evidence', () => {
    expect(ask(revenueOf(march), { costs: { '2024-03': '450' } }).cohorts[0]!.payback).toEqual({
      kind: 'not-yet-observable',
      complete: 3,
      missing: { amount: '50.00', perCustomer: 25 },
    })
    expect(ask(revenueOf(cohort('x', 3)), { costs: { x: '1' } }).cohorts[0]!.payback).toEqual({
      kind: 'not-yet-observable',
      complete: 0,
      missing: { amount: '1.00', perCustomer: 1 / 3 },
    })
  })

  test('nobody, nothing stated, nothing spent: cases of their own, no division by zero', () => {
    const [nobody, silent, free] = ask(revenueOf(cohort('a', 0, '0.00'), march, cohort('b', 4, '8.00')), {
      costs: { a: '100', b: '0' },
    }).cohorts
    expect(nobody).toEqual({
      cohort: 'a',
      size: 0,
      cost: '100.00',
      costPerCustomer: null,
      payback: { kind: 'undefined', reason: 'no-customers' },
      points: [],
    })
    expect(silent!.payback).toEqual({ kind: 'undefined', reason: 'no-cost-stated' })
    expect(silent!.points[0]!.ratio).toEqual({ kind: 'undefined', reason: 'no-cost-stated' })
    expect(free!.payback).toEqual({
      kind: 'paid-back',
      basis: 'observed',
      offset: 0,
      periods: 0,
      holds: true,
    })
    expect(free!.points[0]!.ratio).toEqual({ kind: 'undefined', reason: 'no-cost' })
  })

  test('takes what cohort revenue answers', () => {
    const revenue = defineCohortRevenue({
      id: 'r',
      version: 1,
      calendar: { zone: 'UTC' },
      period: 'month',
      currency: 'CNY',
      entry: 'paid',
      earned: { event: 'paid', values: { margin: 'margin' } },
    })
    const paid = (subject: string, month: number, margin: string): AnyEvent => ({
      id: `${month}`,
      type: 'paid',
      subject,
      occurredAt: Date.UTC(2024, month, 9),
      data: { margin },
    })
    const all = [paid('a', 2, '60'), paid('b', 2, '40'), paid('a', 3, '100'), paid('a', 4, '200')]
    const measured = revenue.result(collect(revenue, all), { asOf: Date.UTC(2024, 5, 1) })
    const options = { costs: { '2024-03': '300' } }
    expect(ask(measured, options).cohorts[0]).toEqual(ask(revenueOf(march), options).cohorts[0])
  })
})

describe('projected', () => {
  const retention = [1, 0.5, 0.5, 0.25, 0.25, 0.125]
  const costs = { '2024-03': '500.00' }
  const projection = { curve: { retention }, horizon: 5, perActive: 'last' } as const

  test('active customers times what one of them brings, marked as such', () => {
    // The last period brought 100 per acquired with a half of them active: 200 each.
    const [one] = ask(revenueOf(march), { costs, projection }).cohorts
    expect(one!.points.map(({ basis, cumulative }) => [basis, cumulative])).toEqual([
      ['observed', 50],
      ['observed', 100],
      ['observed', 200],
      ['projected', 250],
      ['projected', 300],
      ['projected', 325],
    ])
    expect(one!.payback).toEqual({
      kind: 'paid-back',
      basis: 'projected',
      offset: 3,
      periods: 4,
      holds: true,
    })
  })

  test('by the mean of all complete periods, by a stated amount, by hazards', () => {
    const last = (options: Partial<PaybackOptions>) =>
      ask(revenueOf(march), { costs, ...options }).cohorts[0]!.points.at(-1)!.cumulative
    // 200 by two customer-periods of one acquired: 100 each.
    expect(last({ projection: { ...projection, perActive: 'mean' } })).toBe(262.5)
    expect(last({ projection: { ...projection, perActive: { amount: '80' } } })).toBe(250)
    const hazard = [0.5, 0, 0.5, 0, 0.5]
    expect(last({ projection: { ...projection, curve: { hazard } } })).toBe(325)
  })

  test('never is never within the horizon, and says what is missing there', () => {
    expect(ask(revenueOf(march), { costs: { '2024-03': '700' }, projection }).cohorts[0]!.payback).toEqual({
      kind: 'never',
      by: 5,
      missing: { amount: '300.00', perCustomer: 25 },
    })
  })

  test('a horizon that is over projects nothing; what is not reached by then is never', () => {
    const [one] = ask(revenueOf(march), { costs, projection: { ...projection, horizon: 1 } }).cohorts
    expect(one!.points).toHaveLength(3)
    expect(one!.payback).toEqual({ kind: 'never', by: 2, missing: { amount: '100.00', perCustomer: 50 } })
  })

  test('nothing to read a value from: nobody active, or no period complete', () => {
    const gone = { ...projection, curve: { retention: [1, 0.5, 0, 0, 0, 0] } }
    expect(ask(revenueOf(march), { costs, projection: gone }).cohorts[0]!.payback).toEqual({
      kind: 'undefined',
      reason: 'nobody-active',
    })
    const young = revenueOf(cohort('2024-03', 2))
    expect(ask(young, { costs, projection }).cohorts[0]!.payback).toMatchObject({
      kind: 'not-yet-observable',
    })
    const stated = { ...projection, perActive: { amount: '250' } }
    expect(ask(young, { costs, projection: stated }).cohorts[0]!.payback).toMatchObject({
      kind: 'paid-back',
      basis: 'projected',
      offset: 0,
      periods: 1,
    })
  })
})

test('rows and words', () => {
  const payback = ask(revenueOf(march, cohort('2024-04', 1, '5.00')), {
    costs: { '2024-03': '300.00', '2024-04': '20' },
  })
  expect(paybackRows(payback)).toEqual([
    {
      cohort: '2024-03',
      n: 2,
      cost: '300.00',
      costPerCustomer: 150,
      periods: 2.5,
      offset: 2,
      basis: 'observed',
      ratio: 200 / 150,
      missing: null,
      reason: null,
    },
    {
      cohort: '2024-04',
      n: 1,
      cost: '20.00',
      costPerCustomer: 20,
      periods: null,
      offset: null,
      basis: null,
      ratio: 0.25,
      missing: '15.00',
      reason: 'not-yet-observable',
    },
  ])
  for (const { en, zh } of Object.values(paybackReasons)) expect(en.length * zh.length).toBeGreaterThan(0)
})

describe('refuses', () => {
  const projection = { curve: { retention: [1, 0.5] }, horizon: 1, perActive: 'last' } as const
  test.each<[string, string, unknown]>([
    ['unknown-name', '$.value', { value: 'profit' }],
    ['unknown-name', '$.costs', { costs: { '2024-02': '1' } }],
    ['invalid-amount', '$.costs', { costs: { '2024-03': '1e3' } }],
    ['out-of-range', '$.costs', { costs: { '2024-03': '-1' } }],
    ['unknown-name', '$.within', { within: 'start' }],
    ['out-of-range', '$.projection.horizon', { projection: { ...projection, horizon: 1.5 } }],
    ['missing', '$.projection.curve', { projection: { ...projection, horizon: 2 } }],
    ['missing', '$.projection.curve', { projection: { ...projection, curve: {} } }],
    [
      'out-of-range',
      '$.projection.curve.retention[1]',
      { projection: { ...projection, curve: { retention: [1, 1.1] } } },
    ],
    ['wrong-type', '$.projection.perActive', { projection: { ...projection, perActive: 'median' } }],
  ])('%s at %s', (code, path, options) => {
    expect(() => ask(revenueOf(march), options as Partial<PaybackOptions>)).toThrow(
      expect.objectContaining({ code, path, name: DefinitionError.name }),
    )
  })
})

test('the first offset whose exact sum covers the cost, for any sums', () => {
  const minor = fc.integer({ min: -10_000, max: 10_000 })
  const text = (value: number) => (value / 100).toFixed(2)
  fc.assert(
    fc.property(
      fc.array(minor, { maxLength: 12 }),
      fc.integer({ min: 1, max: 20_000 }),
      fc.integer({ min: 1, max: 9 }),
      (margins, cost, size) => {
        const { payback, points } = ask(revenueOf(cohort('c', size, ...margins.map(text))), {
          costs: { c: text(cost) },
        }).cohorts[0]!
        const sums = margins.map((_, i) => margins.slice(0, i + 1).reduce((a, b) => a + b, 0))
        const first = sums.findIndex((sum) => sum >= cost)
        expect(points.map(({ ratio }) => ratio.kind)).toEqual(margins.map(() => 'estimate'))
        if (first < 0) expect(payback.kind).toBe('not-yet-observable')
        else {
          const before = sums[first - 1] ?? 0
          expect(payback).toEqual({
            kind: 'paid-back',
            basis: 'observed',
            offset: first,
            periods: first + (cost - before) / (sums[first]! - before),
            holds: sums.at(-1)! >= cost,
          })
        }
      },
    ),
    { numRuns: runs(200, 5000) },
  )
})
