import { collect, DefinitionError, defineEvents, instant, integer, money, text } from 'liuliang/kernel'
import { type HistoriesDefinition, historyTable, orderColumns, summarizeHistories } from 'liuliang/ltv'
import { describe, expect, test } from 'vitest'
import { base, day, event, spend, summarized } from './support/orders.js'

const only = (
  definition: Partial<HistoriesDefinition>,
  ...rest: Parameters<typeof summarized> extends [unknown, ...infer R] ? R : never
) => {
  const { customers } = summarized(definition, ...rest)
  expect(customers.length).toBe(1)
  return customers[0]!
}

describe('recency, frequency and age', () => {
  const orders = ['2024-01-01', '2024-01-18', '2024-03-02'].map((at) => event('ann', at))
  const until = day('2024-03-31')

  test('age and the age at the last purchase run from the first, which is no repeat', () => {
    const [ann, ...others] = summarized({}, orders, { until }).customers
    expect(others).toEqual([])
    expect(ann).toMatchObject({
      subject: 'ann',
      unit: 'day',
      repeatCount: 2,
      lastPurchaseAge: 61,
      age: 90,
      acquiredAt: day('2024-01-01'),
    })
    expect(ann!.sumLnGaps).toBeCloseTo(Math.log(17) + Math.log(44), 12)
  })

  test.each([
    ['hour', 61 * 24, 90 * 24],
    ['week', 61 / 7, 90 / 7],
    ['month', 61 / 30.4375, 90 / 30.4375],
    ['year', 61 / 365.25, 90 / 365.25],
  ] as const)('the unit is %s', (unit, lastPurchaseAge, age) => {
    expect(only({ unit }, orders, { until })).toMatchObject({ unit, lastPurchaseAge, age })
  })

  test('somebody who bought once has no recency but 0', () => {
    expect(only({}, orders.slice(0, 1), { until })).toMatchObject({
      repeatCount: 0,
      lastPurchaseAge: 0,
      age: 90,
      sumLnGaps: 0,
    })
  })

  test('the end of observation is not that of the last order', () => {
    expect(only({}, orders, { until: day('2025-03-31') }).age).toBe(455)
    const aggregate = summarizeHistories(base)
    expect(() => aggregate.result(collect(aggregate, orders), {} as never)).toThrow(/missing at \$\.until/)
  })

  test('what happens at the end counts, and nothing after it', () => {
    expect(only({}, orders, { until: day('2024-03-02') }).repeatCount).toBe(2)
    expect(only({}, orders, { until: day('2024-03-02') - 1 }).repeatCount).toBe(1)
  })

  test('weeks in which clocks change have seven days, and days their number', () => {
    const calendar = { zone: 'Europe/Berlin' }
    const some = [
      event('ann', '2024-03-30T12:00'),
      event('ann', '2024-03-31T12:00'),
      event('ann', '2024-04-07T11:00'),
    ]
    const given = { until: day('2024-04-14T11:00'), purchaseAges: true }
    expect(only({ calendar }, some, given)).toMatchObject({ purchaseAges: [1, 8], age: 15 })
    expect(only({ calendar, unit: 'week' }, some, given)).toMatchObject({
      purchaseAges: [1 / 7, 8 / 7],
      age: 15 / 7,
    })
    // By the clock that time keeps, an hour is missing.
    expect(only({ calendar, merge: 'none', unit: 'hour' }, some, given)).toMatchObject({
      purchaseAges: [24, 191],
    })
  })
})

describe('orders of one purchase', () => {
  const orders = [
    event('ann', '2024-01-01T09:00', { amount: '10.00' }),
    event('ann', '2024-01-02T08:00', { amount: '1.00' }),
    event('ann', '2024-01-02T09:30', { amount: '2.00' }),
    event('ann', '2024-01-02T23:59', { amount: '4.00' }),
    event('ann', '2024-01-03T00:01', { amount: '8.00' }),
  ]
  const until = day('2024-01-08T09:00')

  test.each([
    ['none', 'none', [23 / 24, 24.5 / 24, (38 + 59 / 60) / 24, (39 + 1 / 60) / 24], 4],
    ['a day, dated by it', { per: 'day' }, [1, 2], 2],
    [
      'a day, dated by its first order',
      { per: 'day', dated: 'first-order' },
      [23 / 24, (39 + 1 / 60) / 24],
      2,
    ],
    ['a week', { per: 'week' }, [], 0],
    ['two hours from the first', { within: { hours: 2 } }, [23 / 24, (38 + 59 / 60) / 24], 2],
    ['a day from the last', { within: { days: 1 }, since: 'last' }, [], 0],
  ] as const)('%s', (_, merge, ages, purchases) => {
    const ann = only({ merge, spend, unit: 'day' }, orders, { until, purchaseAges: true })
    expect(ann.repeatCount).toBe(purchases)
    for (const [i, age] of ages.entries()) expect(ann.purchaseAges![i]).toBeCloseTo(age, 12)
    expect(ann.spend!.purchases).toBe(purchases)
    // The first purchase is left out with all that is part of it.
    expect(ann.spend!.total).toBe(purchases === 0 ? '0.00' : '15.00')
    expect(ann.spend!.mean).toBe(purchases === 0 ? null : 15 / purchases)
  })

  test('orders of one instant are one purchase under every rule, so that no gap is 0', () => {
    const twice = [event('ann', '2024-01-01'), event('ann', '2024-01-01'), event('ann', '2024-01-05')]
    expect(only({ merge: 'none' }, twice, { until })).toMatchObject({ repeatCount: 1, lastPurchaseAge: 4 })
    expect(only({ merge: 'none' }, twice.slice(0, 2), { until })).toMatchObject({
      repeatCount: 0,
      lastPurchaseAge: 0,
    })
  })

  test('a day is that of the zone', () => {
    const late = [event('ann', '2024-01-01T15:00'), event('ann', '2024-01-01T17:00')]
    expect(only({}, late, { until }).repeatCount).toBe(0)
    expect(only({ calendar: { zone: 'Asia/Shanghai' } }, late, { until }).repeatCount).toBe(1)
  })
})

describe('what was spent', () => {
  const until = day('2024-12-31')
  const orders = [
    event('ann', '2024-01-01', { amount: '0.10', no: 'a' }),
    event('ann', '2024-02-01', { amount: '0.20', no: 'b' }),
    event('ann', '2024-03-01', { amount: '0.40', no: 'c' }),
  ]

  test('the first purchase is in or out, and the sum is exact', () => {
    expect(only({ spend }, orders, { until }).spend).toEqual({ purchases: 2, total: '0.60', mean: 0.3 })
    expect(only({ spend: { ...spend, firstOrder: 'in' } }, orders, { until }).spend).toEqual({
      purchases: 3,
      total: '0.70',
      mean: 70 / 300,
    })
  })

  test('without purchases that count there is no mean, not one of 0', () => {
    expect(only({ spend }, orders.slice(0, 1), { until }).spend).toEqual({
      purchases: 0,
      total: '0.00',
      mean: null,
    })
  })

  test('a currency without small coins', () => {
    const yen = orders.map((one, i) => ({ ...one, data: { amount: String(100 * i) } }))
    expect(only({ spend: { ...spend, currency: 'JPY' } }, yen, { until }).spend).toEqual({
      purchases: 2,
      total: '300',
      mean: 150,
    })
  })

  const withZero = [...orders, event('ann', '2024-04-01', { amount: '0.00', no: 'd' })]
  test.each([
    ['count', 3, { purchases: 3, total: '0.60', mean: 0.2 }, 0],
    ['count-without-spend', 3, { purchases: 2, total: '0.60', mean: 0.3 }, 0],
    ['drop', 2, { purchases: 2, total: '0.60', mean: 0.3 }, 1],
  ] as const)('an order worth nothing: %s', (zero, repeats, expected, dropped) => {
    const found = summarized({ spend: { ...spend, zero } }, withZero, { until })
    expect(found.customers[0]!.repeatCount).toBe(repeats)
    expect(found.customers[0]!.spend).toEqual(expected)
    expect(found.orders).toMatchObject({ seen: 4, worthNothing: dropped })
  })

  const withReturn = [...orders, event('ann', '2024-04-01', { amount: '-0.50' })]
  test('an order worth less than nothing is refused, dropped, or a refund of those before', () => {
    expect(() => summarized({ spend }, withReturn, { until })).toThrow(/out-of-range at \$\.spend\.negative/)
    const dropped = summarized({ spend: { ...spend, negative: 'drop' } }, withReturn, { until })
    expect(dropped.customers[0]).toMatchObject({ repeatCount: 2, spend: { total: '0.60' } })
    expect(dropped.orders.belowNothing).toBe(1)
    // The latest first: 0.40 of March, then 0.10 of February.
    const returned = summarized({ spend: { ...spend, negative: 'refund', zero: 'drop' } }, withReturn, {
      until,
    })
    expect(returned.customers[0]).toMatchObject({ repeatCount: 1, spend: { total: '0.10' } })
    expect(returned.orders).toMatchObject({ seen: 4, belowNothing: 1, worthNothing: 1 })
  })

  const named = { order: { field: 'no', again: 'once' } } as const
  const refund = (at: string, amount: string, no: string) => event('ann', at, { amount, no }, 'refund')
  test.each([
    ['a part is taken off', [refund('2024-05-01', '0.15', 'b')], 'lower', 2, '0.45', 0],
    ['all of it, and the order stays', [refund('2024-05-01', '0.20', 'b')], 'lower', 2, '0.40', 0],
    ['all of it, and the order goes', [refund('2024-05-01', '0.20', 'b')], 'remove', 1, '0.40', 0],
    ['a part, and the order stays', [refund('2024-05-01', '0.15', 'b')], 'remove', 2, '0.45', 0],
    [
      'in two parts',
      [refund('2024-05-01', '0.15', 'b'), refund('2024-06-01', '0.05', 'b')],
      'remove',
      1,
      '0.40',
      0,
    ],
    ['more than it was', [refund('2024-05-01', '0.50', 'b')], 'lower', 2, '0.40', 1],
    ['of an order nobody knows', [refund('2024-05-01', '0.50', 'z')], 'lower', 2, '0.60', 1],
    ['after the end', [refund('2025-05-01', '0.15', 'b')], 'lower', 2, '0.60', 0],
  ] as const)('a refund by the number of the order: %s', (_, refunds, does, repeats, total, unmatched) => {
    const found = summarized(
      { spend, ...named, refunds: { event: 'refund', amount: 'amount', order: 'no', does } },
      [...orders, ...refunds],
      { until },
    )
    expect(found.customers[0]).toMatchObject({ repeatCount: repeats, spend: { total } })
    expect(found.unmatchedRefunds.count).toBe(unmatched)
    expect(found.orders.refunded).toBe(2 - repeats)
  })

  test('a refund that names no order takes from the latest before it', () => {
    const definition = { spend, refunds: { event: 'refund', amount: 'amount', does: 'lower' } } as const
    const back = event('ann', '2024-02-15', { amount: '0.25' }, 'refund')
    const found = summarized(definition, [...orders, back], { until })
    // 0.20 of February and 0.05 of January, which is not in the sum.
    expect(found.customers[0]).toMatchObject({ repeatCount: 2, spend: { total: '0.40' } })
    expect(found.unmatchedRefunds).toEqual({ count: 0, amount: '0.00' })
  })

  test('without a refund rule refunds are ignored', () => {
    expect(only({ spend }, [...orders, refund('2024-05-01', '0.20', 'b')], { until }).spend!.total).toBe(
      '0.60',
    )
  })

  test('where orders are worth nothing a refund takes back the order', () => {
    const definition = { ...named, refunds: { event: 'refund', order: 'no', does: 'remove' } } as const
    const found = summarized(definition, [...orders, refund('2024-05-01', '9', 'c')], { until })
    expect(found.customers[0]).toMatchObject({ repeatCount: 1, lastPurchaseAge: 31 })
    expect(found.orders.refunded).toBe(1)
  })

  test('when the first order is refunded and removed, the customer begins with the next', () => {
    const definition = {
      spend,
      ...named,
      refunds: { event: 'refund', amount: 'amount', order: 'no', does: 'remove' },
    } as const
    const back = refund('2024-01-20', '0.10', 'a')
    expect(only(definition, [...orders, back], { until })).toMatchObject({
      acquiredAt: day('2024-02-01'),
      repeatCount: 1,
    })
    const nothing = summarized(definition, [orders[0]!, back], { until })
    expect(nothing.customers).toEqual([])
    expect(nothing.leftOut.neverAcquired).toBe(1)
  })

  test('rows of one number are lines of an order, or the same again', () => {
    const lines = [...orders, event('ann', '2024-03-09', { amount: '0.30', no: 'c' })]
    expect(only({ spend, order: { field: 'no', again: 'add-up' } }, lines, { until })).toMatchObject({
      repeatCount: 2,
      lastPurchaseAge: 60,
      spend: { total: '0.90' },
    })
    expect(only({ spend, ...named }, lines, { until }).spend!.total).toBe('0.60')
    expect(only({ spend }, lines, { until })).toMatchObject({ repeatCount: 3, spend: { total: '0.90' } })
  })
})

describe('a holdout', () => {
  const orders = [
    event('ann', '2024-01-01', { amount: '10' }),
    event('ann', '2024-02-01', { amount: '20' }),
    event('ann', '2024-04-01', { amount: '5' }),
    event('ann', '2024-04-01', { amount: '7' }),
    event('ann', '2024-05-01', { amount: '8' }),
    event('bob', '2024-03-01', { amount: '1' }),
    event('cho', '2024-04-02', { amount: '1' }),
  ]
  const options = { until: day('2024-03-31'), holdout: { until: day('2024-04-30') } }

  test('is read from the same partial as the calibration, which it does not change', () => {
    const found = summarized({ spend }, orders, options)
    const alone = summarized({ spend }, orders, { until: options.until })
    expect(found.customers.map(({ holdout: _, ...rest }) => rest)).toEqual(alone.customers)
    expect(found.holdout).toEqual({
      until: options.holdout.until,
      length: 30,
      purchases: 1,
      spend: '12.00',
      adjusted: '0.00',
    })
    expect(found.customers.map(({ holdout }) => holdout)).toEqual([
      { purchases: 1, spend: { total: '12.00', mean: 12, adjusted: '0.00' } },
      { purchases: 0, spend: { total: '0.00', mean: null, adjusted: '0.00' } },
    ])
    // Whoever comes after the end of observation is nobody yet.
    expect(found.leftOut).toMatchObject({ acquiredLater: 1 })
  })

  test('spend is by purchase, never by order line', () => {
    // Two lines of one day: 12 a purchase, where lines say 6.
    expect(summarized({ spend }, orders, options).customers[0]!.holdout!.spend!.mean).toBe(12)
  })

  test('a refund in the holdout changes nothing before, and is told apart from what was spent there', () => {
    const refunds = [
      event('ann', '2024-04-10', { amount: '15', no: 'b' }, 'refund'),
      event('ann', '2024-04-11', { amount: '2', no: 'd' }, 'refund'),
    ]
    const given = orders.map((one, i) => ({ ...one, data: { ...one.data, no: 'abcdefg'[i]! } }))
    const definition = {
      spend,
      order: { field: 'no', again: 'once' },
      refunds: { event: 'refund', amount: 'amount', order: 'no', does: 'lower' },
    } as const
    const [ann] = summarized(definition, [...given, ...refunds], options).customers
    expect(ann!.spend!.total).toBe('20.00')
    expect(ann!.holdout!.spend).toEqual({ total: '10.00', mean: 10, adjusted: '-15.00' })
    const [whole] = summarized(definition, [...given, ...refunds], { until: options.holdout.until }).customers
    expect(whole!.spend!.total).toBe('15.00')
  })

  test('an order that still belongs to a purchase of before is spend and no purchase', () => {
    const some = [
      event('ann', '2024-03-01T10:00', { amount: '1' }),
      event('ann', '2024-03-31T10:00', { amount: '2' }),
      event('ann', '2024-03-31T20:00', { amount: '4' }),
    ]
    const noon = { until: day('2024-03-31T12:00'), holdout: { until: day('2024-04-30') } }
    const [ann] = summarized({ spend }, some, noon).customers
    expect(ann).toMatchObject({ repeatCount: 1, spend: { total: '2.00' } })
    expect(ann!.holdout).toEqual({ purchases: 0, spend: { total: '4.00', mean: null, adjusted: '0.00' } })
  })

  test('has to lie after the end of observation', () => {
    expect(() => summarized({}, orders, { ...options, holdout: { until: options.until } })).toThrow(
      /out-of-range at \$\.holdout\.until/,
    )
  })
})

describe('opportunities', () => {
  const gifts = [
    ...['1995-11-20', '1996-03-01', '1996-12-24', '1998-07-01', '2001-12-31T23:59:59'].map((at) =>
      event('ann', at),
    ),
    event('bob', '1995-01-02'),
    event('cho', '2002-01-01'),
  ]
  const years = { unit: 'opportunity', merge: { per: 'year' } } as const

  test('are the calendar periods after that of the first order, bought in or not', () => {
    const { customers, leftOut } = summarized(years, gifts, { until: day('2002-01-01'), purchaseAges: true })
    expect(customers).toMatchObject([
      {
        subject: 'ann',
        unit: 'opportunity',
        repeatCount: 3,
        lastPurchaseAge: 6,
        age: 6,
        purchaseAges: [1, 3, 6],
      },
      { subject: 'bob', repeatCount: 0, lastPurchaseAge: 0, age: 6 },
    ])
    // Her year is not over: nobody knows what it will hold.
    expect(leftOut.acquiredLater).toBe(1)
    expect(historyTable(customers)).toMatchObject({ unit: 'opportunity', customers: 2 })
  })

  test('a period that is not over is none', () => {
    const { customers } = summarized(years, gifts, { until: day('2001-12-31') })
    expect(customers[0]).toMatchObject({ repeatCount: 2, lastPurchaseAge: 3, age: 5 })
  })

  test('in a holdout, every period counts once', () => {
    const { customers, holdout } = summarized(years, gifts, {
      until: day('1997-06-01'),
      holdout: { until: day('2002-01-01') },
    })
    expect(customers[0]).toMatchObject({
      repeatCount: 1,
      lastPurchaseAge: 1,
      age: 1,
      holdout: { purchases: 2 },
    })
    expect(holdout).toMatchObject({ length: 5, purchases: 2 })
  })

  test('need to be said', () => {
    expect(() => summarizeHistories({ ...base, unit: 'opportunity', merge: 'none' })).toThrow(
      /out-of-range at \$\.merge/,
    )
  })
})

describe('who there is a history of', () => {
  const orders = [event('ann', '2024-01-01'), event('bob', '2024-02-01'), event('cho', '2024-03-01')]
  const until = day('2024-12-31')
  const names = (options: object) =>
    summarized({}, orders, { until, ...options }).customers.map(({ subject }) => subject)

  test('who was acquired before the log begins is left out, and counted', () => {
    const found = summarized({}, orders, { until, watchedSince: day('2024-01-15') })
    expect(found.customers.map(({ subject }) => subject)).toEqual(['bob', 'cho'])
    expect(found.leftOut.acquiredBefore).toBe(1)
    const people = { bob: { acquiredAt: day('2019-05-05') } }
    expect(names({ watchedSince: day('2024-01-15'), people })).toEqual(['cho'])
  })

  test('a cohort is chosen by when it was acquired', () => {
    expect(names({ acquired: { from: day('2024-02-01'), to: day('2024-03-01') } })).toEqual(['bob'])
    expect(names({ acquired: { from: day('2024-02-01') } })).toEqual(['bob', 'cho'])
    const { leftOut } = summarized({}, orders, { until, acquired: { to: day('2024-02-01') } })
    expect(leftOut.acquiredElsewhen).toBe(2)
  })

  test('entry by another event: age begins there, and every later order is a repeat', () => {
    const some = [
      event('ann', '2024-01-10', {}, 'joined'),
      event('ann', '2024-01-10T18:00'),
      event('ann', '2024-01-20'),
      event('ann', '2024-01-05'),
      event('bob', '2024-01-10', {}, 'joined'),
      event('cho', '2024-01-10'),
    ]
    const found = summarized({ entry: 'joined' }, some, { until: day('2024-01-30') })
    expect(found.customers).toMatchObject([
      // The order of the day on which she joined is the first purchase; that of before is none.
      { subject: 'ann', repeatCount: 1, lastPurchaseAge: 10, age: 20 },
      { subject: 'bob', repeatCount: 0, lastPurchaseAge: 0, age: 20 },
    ])
    expect(found.orders).toMatchObject({ seen: 4, beforeEntry: 1 })
    expect(found.leftOut.neverAcquired).toBe(1)
    const exact = summarized({ entry: 'joined', merge: 'none' }, some, { until: day('2024-01-30') })
    expect(exact.customers[0]).toMatchObject({ repeatCount: 2, lastPurchaseAge: 10 })
  })

  test('a gap in tracking is not a zero: it shows in the coverage', () => {
    const gaps = [
      { from: day('2024-02-10'), to: day('2024-02-20') },
      { from: day('2024-02-15'), event: 'visited' },
    ]
    const { customers } = summarized({}, orders, { until: day('2024-04-01'), gaps })
    expect(customers.map(({ coverage }) => coverage)).toEqual([1 - 10 / 91, 1 - 10 / 60, 1])
    expect(summarized({}, orders, { until, gaps: [] }).customers[0]!.coverage).toBe(1)
    expect(summarized({}, orders, { until }).customers[0]).not.toHaveProperty('coverage')
    expect(() => summarized({}, orders, { until, gaps: [{ from: 2, to: 1 }] })).toThrow(/\$\.gaps\[0\]\.to/)
  })

  test('nobody is a result of its own', () => {
    const found = summarized({ spend }, [], { until })
    expect(found.customers).toEqual([])
    expect(found.totals).toEqual({ customers: 0, repeats: 0, spend: '0.00' })
    expect(() => historyTable(found.customers)).toThrow(/missing/)
  })
})

describe('what is known of people', () => {
  const until = day('2024-12-31')
  const orders = [
    event('ann', '2024-02-01', { channel: 'web', member: true, income: 3 }),
    event('ann', '2024-01-01', { channel: 'app', member: false }),
    event('bob', '2024-03-01', { channel: 'web', member: true, income: 5 }),
    event('bob', '2025-03-01', { income: 7 }),
  ]
  const definition = { labels: { channel: 'channel' }, covariates: { member: 'member', income: 'income' } }

  test('comes from the earliest event that says it, by the end of observation', () => {
    const { customers } = summarized({ ...definition, cohort: 'month' }, orders, { until })
    expect(customers).toMatchObject([
      { subject: 'ann', cohort: '2024-01', labels: { channel: 'app' }, covariates: { member: 0, income: 3 } },
      { subject: 'bob', cohort: '2024-03', labels: { channel: 'web' }, covariates: { member: 1, income: 5 } },
    ])
    expect(Object.keys(historyTable(customers).covariates)).toEqual(['income', 'member'])
  })

  test('who lacks a covariate is left out, and counted', () => {
    const found = summarized(definition, orders, { until: day('2024-01-31') })
    expect(found.customers).toEqual([])
    expect(found.leftOut).toMatchObject({ withoutCovariates: 1, acquiredLater: 1 })
  })

  test('or from the host', () => {
    const people = {
      ann: { labels: { tier: 'gold' }, covariates: { age: 60 } },
      bob: { covariates: { age: 30 } },
    }
    const { customers } = summarized({ labels: { channel: 'channel' } }, orders, { until, people })
    expect(customers).toMatchObject([
      { labels: { channel: 'app', tier: 'gold' }, covariates: { age: 60 } },
      { labels: { channel: 'web' }, covariates: { age: 30 } },
    ])
    const { bob: _, ...fewer } = people
    expect(summarized({}, orders, { until, people: fewer }).leftOut.withoutCovariates).toBe(1)
    expect(() =>
      summarized(definition, orders, { until, people: { ann: { covariates: { income: 1 } } } }),
    ).toThrow(/duplicate-name/)
  })

  test('a covariate of text is refused', () => {
    expect(() => summarized({ covariates: { channel: 'channel' } }, orders, { until })).toThrow(
      /wrong-type at \$\.covariates\.channel/,
    )
  })
})

describe('partials', () => {
  const definition = { ...base, spend, labels: { channel: 'channel' } } as const
  const aggregate = summarizeHistories(definition)
  const orders = [
    event('ann', '2024-01-01', { amount: '1.00', channel: 'app' }),
    event('ann', '2024-02-01', { amount: '2.00', channel: 'web' }),
  ]
  const until = day('2024-12-31')

  test('plain rows and columns of numbers give what events give', () => {
    const rows = orderColumns([
      { customer: '7', at: day('2024-01-01'), amount: '1.00' },
      { customer: '7', at: day('2024-02-01'), amount: '2.00' },
    ])
    const plain = summarizeHistories({ ...base, spend })
    const found = plain.result(plain.addColumns(plain.empty(), rows), { until })
    const columns = {
      subject: Uint32Array.of(7, 7),
      occurredAt: Float64Array.of(day('2024-01-01'), day('2024-02-01')),
      type: 'order',
      data: { amount: ['1.00', '2.00'] },
    }
    expect(plain.result(plain.addColumns(plain.empty(), columns), { until })).toEqual(found)
    expect(found.customers[0]).toMatchObject({ subject: '7', repeatCount: 1, spend: { total: '2.00' } })
  })

  test('a bad row leaves no half-added columns behind', () => {
    const columns = {
      subject: ['ann', 'bob'],
      occurredAt: Float64Array.of(day('2024-01-01'), day('2024-02-01')),
      type: 'order',
      data: { amount: ['1.00', 'two'] },
    }
    const partial = aggregate.empty()
    expect(() => aggregate.addColumns(partial, columns)).toThrow(/invalid-amount at \$\.data\[1\]\.amount/)
    expect(partial).toEqual(aggregate.empty())
  })

  test('an event that was never added cannot be taken out', () => {
    const partial = collect(aggregate, orders)
    const other = event('ann', '2024-01-01', { amount: '1.00', channel: 'shop' })
    expect(() => aggregate.retract(partial, other)).toThrow(/missing/)
    expect(
      aggregate.result(aggregate.retract(partial, orders[0]!), { until }).customers[0]!.repeatCount,
    ).toBe(0)
  })

  test('forgetting leaves neither the name nor what was said', () => {
    const partial = aggregate.add(
      collect(aggregate, orders),
      event('bob', '2024-01-01', { amount: '1', channel: 'tv' }),
    )
    const left = JSON.stringify(aggregate.forget(partial, 'ann'))
    expect(left).not.toMatch(/ann|app|web/)
    expect(left).toMatch(/bob.*tv/)
  })

  test('the fingerprint tells definitions, options and data apart', () => {
    const read = (events = orders, options: object = {}, more: object = {}) =>
      summarized({ ...definition, ...more }, events, { until, ...options }).fingerprint
    const all = [
      read(),
      read(orders.slice(1)),
      read(orders, { until: until - 86_400_000 }),
      read(orders, { holdout: { until: until + 86_400_000 } }),
      read(orders, {}, { unit: 'week' }),
      read(orders, {}, { calendar: { zone: 'Asia/Shanghai' } }),
    ]
    expect(new Set(all).size).toBe(all.length)
    expect(read([...orders].reverse())).toBe(read())
  })

  test('another definition does not read it', () => {
    const other = summarizeHistories({ ...definition, unit: 'week' })
    expect(() => other.result(collect(aggregate, orders), { until })).toThrow(/other-definition/)
  })
})

describe('definitions that do not hold', () => {
  const shop = defineEvents({
    'order-paid': { amount: money('CNY'), orderId: text(), points: integer() },
    'order-refunded': { amount: money('USD') },
  })
  const known = { ...base, events: shop, orders: 'order-paid', spend } as const
  test.each([
    ['no merge rule', { merge: undefined }, 'missing at $.merge'],
    ['a unit nobody knows', { unit: 'fortnight' }, 'unknown-name at $.unit'],
    ['no unit', { unit: undefined }, 'unknown-name at $.unit'],
    ['a word nobody knows', { recency: 1 }, 'unknown-key at $.recency'],
    ['no rule for zero', { spend: { ...spend, zero: undefined } }, 'missing at $.spend.zero'],
    ['a period nobody knows', { merge: { per: 'decade' } }, 'unknown-name at $.merge.per'],
    ['a stretch without a unit', { merge: { within: 6 } }, 'wrong-type at $.merge.within'],
    [
      'a refund without an amount',
      { spend, refunds: { event: 'r', does: 'lower' } },
      'missing at $.refunds.amount',
    ],
    [
      'an amount of refunds alone',
      { refunds: { event: 'r', amount: 'a', does: 'remove' } },
      'unknown-key at $.refunds.amount',
    ],
    [
      'refunds by a number that orders have not',
      { spend, refunds: { event: 'r', amount: 'a', order: 'no', does: 'lower' } },
      'missing at $.order',
    ],
    ['orders told apart and not said how', { order: { field: 'no' } }, 'missing at $.order.again'],
    ['an event the catalogue has not', { ...known, orders: 'order-payed' }, 'unknown-name at $.orders'],
    [
      'a field it has not',
      { ...known, spend: { ...spend, amount: 'total' } },
      'unknown-name at $.spend.amount',
    ],
    [
      'a field of no money',
      { ...known, spend: { ...spend, amount: 'points' } },
      'wrong-type at $.spend.amount',
    ],
    [
      'another currency',
      { ...known, spend: { ...spend, currency: 'EUR' } },
      'currency-mismatch at $.spend.currency',
    ],
  ])('%s', (_, changes, message) => {
    const define = () => summarizeHistories({ ...base, ...changes } as never)
    expect(define).toThrow(DefinitionError)
    expect(define).toThrow(message)
  })

  test('events that are orders and refunds are refused', () => {
    const both = summarizeHistories({
      ...base,
      spend,
      refunds: { event: 'order', amount: 'amount', does: 'lower' },
    })
    expect(() => collect(both, [event('ann', '2024-01-01', { amount: '1' })])).toThrow(/duplicate-name/)
  })

  test('an order without its amount is refused, and a refund below nothing', () => {
    const aggregate = summarizeHistories({
      ...base,
      spend,
      refunds: { event: 'refund', amount: 'amount', does: 'lower' },
    })
    expect(() => collect(aggregate, [event('ann', '2024-01-01')])).toThrow(
      /invalid-amount at \$\.data\.amount/,
    )
    expect(() => collect(aggregate, [event('ann', '2024-01-01', { amount: '-1' }, 'refund')])).toThrow(
      /invalid-amount/,
    )
    expect(instant('2024-01-01T00:00:00Z')).toBe(day('2024-01-01'))
  })
})
