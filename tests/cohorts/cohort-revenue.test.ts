import {
  type CohortRevenueDefinition,
  cohortRevenueReasons,
  cohortRevenueRows,
  defineCohortRevenue,
} from 'liuliang/cohorts'
import { type AnyEvent, collect, instant } from 'liuliang/kernel'
import { describe, expect, test } from 'vitest'

const definition: CohortRevenueDefinition = {
  id: 'revenue',
  version: 1,
  calendar: { zone: 'Asia/Shanghai' },
  period: 'month',
  currency: 'CNY',
  entry: 'order-paid',
  earned: { event: 'order-paid', values: { revenue: 'amount', margin: 'gain' }, order: 'orderId' },
  refunded: {
    event: 'order-refunded',
    values: { revenue: 'amount', margin: 'gain' },
    dated: 'refund',
    order: 'orderId',
  },
}
const told = (type: string, subject: string, time: string, amount: string, orderId?: string): AnyEvent => ({
  id: `${type}/${time}`,
  type,
  subject,
  occurredAt: instant(time),
  data: { amount, gain: '1', ...(orderId !== undefined && { orderId }) },
})
const paid = (...rest: [subject: string, time: string, amount: string, orderId?: string]) =>
  told('order-paid', ...rest)
const refunded = (...rest: [subject: string, time: string, amount: string, orderId?: string]) =>
  told('order-refunded', ...rest)

function measured(events: readonly AnyEvent[], asOf: string, changed: Partial<CohortRevenueDefinition> = {}) {
  const revenue = defineCohortRevenue({ ...definition, ...changed })
  return revenue.result(collect(revenue, events), { asOf: instant(asOf) })
}
const table = (...given: Parameters<typeof measured>) =>
  measured(...given).cohorts.map(
    ({ cohort, size, cells }) =>
      `${cohort} ${size}: ${cells.map(({ values, state }) => `${values['revenue']}${state === 'incomplete' ? '…' : ''}`).join(' ')}`,
  )

const orders = [
  paid('mei', '2024-01-10T00:00:00+08:00', '100', 'm1'),
  paid('lin', '2024-01-20T00:00:00+08:00', '40', 'l1'),
  paid('mei', '2024-02-10T00:00:00+08:00', '60', 'm2'),
  paid('bo', '2024-03-01T00:30:00+08:00', '30', 'b1'), // still February in UTC
]

describe('cells', () => {
  test('by cohort and offset, in the zone; months without anybody are cohorts', () => {
    expect(table(orders, '2024-03-31T00:00:00+08:00')).toEqual([
      '2024-01 2: 140.00 60.00 0.00…',
      '2024-02 0: 0.00 0.00…',
      '2024-03 1: 30.00…',
    ])
    expect(table(orders, '2024-03-31T00:00:00+08:00', { calendar: { zone: 'UTC' } })).toEqual([
      '2024-01 2: 140.00 60.00 0.00…',
      '2024-02 1: 30.00 0.00…',
      '2024-03 0: 0.00…',
    ])
  })

  test('days are dates: the one that Samoa left out has a cell of nothing', () => {
    const events = [
      paid('sina', '2011-12-29T12:00:00-10:00', '5'),
      paid('sina', '2011-12-31T00:00:00+14:00', '7'), // the first instant after 29 December
    ]
    expect(
      table(events, '2012-01-01T00:00:00+14:00', { calendar: { zone: 'Pacific/Apia' }, period: 'day' }),
    ).toEqual([
      '2011-12-29 1: 5.00 0.00 7.00 0.00…',
      '2011-12-30 0: 0.00 0.00 0.00…',
      '2011-12-31 0: 0.00 0.00…',
      '2012-01-01 0: 0.00…',
    ])
  })

  test('a refund counts when it was made, or when its order was', () => {
    const events = [
      ...orders,
      refunded('mei', '2024-03-05T00:00:00+08:00', '25.50', 'm1'),
      refunded('lin', '2024-03-05T00:00:00+08:00', '1.00', 'lost'),
    ]
    const asOf = '2024-04-01T00:00:00+08:00'
    expect(table(events, asOf)[0]).toBe('2024-01 2: 140.00 60.00 -26.50 0.00…')
    const dated = {
      refunded: { ...definition.refunded, dated: 'order' } as CohortRevenueDefinition['refunded'] & object,
    }
    expect(table(events, asOf, dated)[0]).toBe('2024-01 2: 114.50 60.00 -1.00 0.00…')
    expect(measured(events, asOf).unmatchedRefunds).toBe(0)
    expect(measured(events, asOf, dated).unmatchedRefunds).toBe(1)
    // Before it was made, nothing was taken back.
    expect(table(events, '2024-03-01T00:00:00+08:00', dated)[0]).toBe('2024-01 2: 140.00 60.00 0.00…')
  })

  test('what no cell holds is said: never acquired, or before', () => {
    const entry = { entry: 'joined' }
    const events = [...orders, { ...paid('mei', '2024-02-02T00:00:00+08:00', '0'), type: 'joined', data: {} }]
    const { outside } = measured(events, '2024-04-01T00:00:00+08:00', entry)
    expect(outside).toEqual({ events: 3, values: { margin: '3.00', revenue: '170.00' } })
    expect(table(events, '2024-04-01T00:00:00+08:00', entry)).toEqual([
      '2024-02 1: 60.00 0.00 0.00…',
      '2024-03 0: 0.00 0.00…',
      '2024-04 0: 0.00…',
    ])
  })
})

describe('curves', () => {
  const events = [...orders, paid('bo', '2024-04-02T00:00:00+08:00', '80', 'b2')]

  test('increments of who is old enough, added up; ragged rows are not averaged', () => {
    const { curves, cohorts } = measured(events, '2024-04-15T00:00:00+08:00')
    expect(
      curves['revenue']!.map(({ offset, n, cohorts, maturity, amount, increment, mean }) => [
        offset,
        n,
        cohorts,
        maturity,
        amount,
        increment,
        mean.value,
      ]),
    ).toEqual([
      [0, 3, 3, 1, '170.00', 170 / 3, 170 / 3],
      [1, 2, 2, 2 / 3, '60.00', 30, 260 / 3],
      [2, 2, 1, 2 / 3, '0.00', 0, 260 / 3],
    ])
    expect(cohorts[0]!.curves['revenue']!.map(({ mean }) => mean.value)).toEqual([70, 100, 100])
    expect(cohorts[1]!.curves['revenue']).toEqual([])
    expect(cohorts[2]!.curves['revenue']!.map(({ mean }) => mean)).toEqual([
      { value: 30, interval: { kind: 'undefined', reason: 'one-customer' } },
    ])
  })

  test('the interval of two customers: t with one degree of freedom about the mean', () => {
    const { interval } = measured(events, '2024-04-15T00:00:00+08:00').cohorts[0]!.curves['revenue']![0]!.mean
    if (interval.kind !== 'interval') return expect.unreachable('two customers')
    // s = 42.426, s / sqrt(2) = 30, t = 12.7062
    expect(interval.high).toBeCloseTo(70 + 12.706204736 * 30, 6)
    expect(interval.low).toBeCloseTo(70 - 12.706204736 * 30, 6)
  })

  test('of nothing there is no curve', () => {
    expect(measured([], '2024-04-15T00:00:00+08:00')).toMatchObject({
      cohorts: [],
      curves: { margin: [], revenue: [] },
      outside: { events: 0, values: { margin: '0.00', revenue: '0.00' } },
    })
    expect(measured(orders, '2024-01-31T00:00:00+08:00').curves['revenue']).toEqual([])
  })
})

test('rows: cells of every cohort, then all of them together; reasons have words', () => {
  const rows = cohortRevenueRows(measured(orders, '2024-03-31T00:00:00+08:00'))
  expect(
    rows
      .filter(({ value }) => value === 'revenue')
      .map((row) => [row.cohort, row.offset, row.amount, row.perCustomer, row.reason]),
  ).toEqual([
    ['2024-01', 0, '140.00', 70, null],
    ['2024-01', 1, '60.00', 100, null],
    ['2024-01', 2, '0.00', null, 'period-not-over'],
    ['2024-02', 0, '0.00', null, 'no-customers'],
    ['2024-02', 1, '0.00', null, 'period-not-over'],
    ['2024-03', 0, '30.00', null, 'period-not-over'],
    [null, 0, '140.00', 70, null],
    [null, 1, '60.00', 100, null],
  ])
  for (const { en, zh } of Object.values(cohortRevenueReasons))
    expect(en.length * zh.length).toBeGreaterThan(0)
})

test('equal definitions take each other’s partials, in whatever order they name their values', () => {
  const other = defineCohortRevenue({
    ...definition,
    earned: { order: 'orderId', values: { margin: 'gain', revenue: 'amount' }, event: 'order-paid' },
  })
  const revenue = defineCohortRevenue(definition)
  const asOf = instant('2024-03-31T00:00:00+08:00')
  expect(other.result(collect(revenue, orders), { asOf })).toEqual(
    revenue.result(collect(revenue, orders), { asOf }),
  )
})

describe('refuses', () => {
  const flow = { event: 'order-refunded', values: { revenue: 'amount', margin: 'gain' } }
  test.each<[string, string, object]>([
    ['unknown-name', '$.period', { period: 'hour' }],
    ['missing', '$.entry', { entry: [] }],
    ['missing', '$.earned', { earned: undefined }],
    ['missing', '$.earned.values', { earned: { event: 'order-paid', values: {} } }],
    ['unknown-name', '$.earned.values', { earned: { event: 'order-paid', values: { '1': 'amount' } } }],
    [
      'missing',
      '$.refunded.values.margin',
      { refunded: { ...flow, values: { revenue: 'amount' }, dated: 'refund' } },
    ],
    [
      'unknown-name',
      '$.refunded.values',
      { refunded: { ...flow, values: { ...flow.values, tax: 't' }, dated: 'refund' } },
    ],
    ['missing', '$.refunded.dated', { refunded: flow }],
    ['unknown-name', '$.refunded.dated', { refunded: { ...flow, dated: 'both' } }],
    ['missing', '$.refunded.order', { refunded: { ...flow, dated: 'order' } }],
    [
      'missing',
      '$.earned.order',
      {
        earned: { event: 'order-paid', values: flow.values },
        refunded: { ...flow, dated: 'order', order: 'orderId' },
      },
    ],
    ['duplicate-name', '$.refunded.event', { refunded: { ...flow, event: 'order-paid', dated: 'refund' } }],
  ])('%s at %s', (code, path, changed) => {
    expect(() => defineCohortRevenue({ ...definition, ...changed } as CohortRevenueDefinition)).toThrow(
      expect.objectContaining({ code, path }),
    )
  })

  test('an order that is no text, a customer’s period beyond integers', () => {
    const revenue = defineCohortRevenue(definition)
    const odd = { ...orders[0]!, data: { amount: '1', gain: '1', orderId: 7 } }
    expect(() => revenue.add(revenue.empty(), odd)).toThrow(
      expect.objectContaining({ code: 'wrong-type', path: '$.data.orderId' }),
    )
    const rich = ['1', '2'].map((id) => ({ ...paid('mei', '2024-01-10T00:00:00Z', '90000000000000'), id }))
    expect(() => revenue.result(collect(revenue, rich), { asOf: instant('2024-02-01T00:00:00Z') })).toThrow(
      expect.objectContaining({ code: 'too-large' }),
    )
    // Of two customers it is not.
    const two = ['a', 'b'].map((name) => paid(name, '2024-01-10T00:00:00Z', '90000000000000'))
    expect(measured(two, '2024-02-01T00:00:00+08:00').curves['revenue']![0]!.amount).toBe(
      '180000000000000.00',
    )
  })
})
