import {
  defineRevenueRetention,
  type RevenueRetentionDefinition,
  type RevenueSnapshots,
  revenueBetween,
  revenueRates,
  revenueReasons,
  revenueRetentionRows,
} from 'liuliang/cohorts'
import { type AnyEvent, collect, DefinitionError, instant } from 'liuliang/kernel'
import { describe, expect, test } from 'vitest'

const definition: RevenueRetentionDefinition = {
  id: 'mrr',
  version: 1,
  calendar: { zone: 'UTC' },
  period: 'month',
  currency: 'CNY',
  revenue: { event: 'plan-changed', amount: 'monthly' },
  ended: 'plan-ended',
  reactivation: 'own',
  movements: 'end-to-end',
}

const pays = (subject: string, time: string, monthly: string, more: Partial<AnyEvent> = {}): AnyEvent => ({
  id: `${subject}/${time}`,
  type: 'plan-changed',
  subject,
  occurredAt: instant(time),
  data: { monthly },
  ...more,
})
const ends = (subject: string, time: string) => pays(subject, time, '', { type: 'plan-ended', data: {} })

function books(events: readonly AnyEvent[], asOf: string, changed: Partial<RevenueRetentionDefinition> = {}) {
  const retention = defineRevenueRetention({ ...definition, ...changed })
  return retention.result(collect(retention, events), { asOf: instant(asOf) }).periods
}
const lines = (...given: Parameters<typeof books>) =>
  books(...given).map(
    (book) =>
      `${book.period} ${book.start} +${book.new} +${book.expansion} +${book.reactivation} -${book.contraction} -${book.churn} = ${book.end}${book.state === 'incomplete' ? '…' : ''}`,
  )

describe('the spine', () => {
  test('has every period from the first event to asOf, also where nothing happened', () => {
    const events = [pays('a', '2024-01-10T00:00:00Z', '100'), ends('a', '2024-04-02T00:00:00Z')]
    expect(lines(events, '2024-05-01T00:00:00Z')).toEqual([
      '2024-01 0.00 +100.00 +0.00 +0.00 -0.00 -0.00 = 100.00',
      '2024-02 100.00 +0.00 +0.00 +0.00 -0.00 -0.00 = 100.00',
      '2024-03 100.00 +0.00 +0.00 +0.00 -0.00 -0.00 = 100.00',
      '2024-04 100.00 +0.00 +0.00 +0.00 -0.00 -100.00 = 0.00',
      '2024-05 0.00 +0.00 +0.00 +0.00 -0.00 -0.00 = 0.00…',
    ])
  })

  test('an event at the first instant of a period belongs to it; one after asOf does not count', () => {
    const events = [
      pays('a', '2024-01-31T23:59:59.999Z', '1'),
      pays('b', '2024-02-01T00:00:00Z', '2'),
      pays('c', '2024-02-01T00:00:00.001Z', '4'),
    ]
    expect(lines(events, '2024-02-01T00:00:00Z')).toEqual([
      '2024-01 0.00 +1.00 +0.00 +0.00 -0.00 -0.00 = 1.00',
      '2024-02 1.00 +2.00 +0.00 +0.00 -0.00 -0.00 = 3.00…',
    ])
  })

  test('quarters, years and weeks are named and begin where the calendar says', () => {
    const events = [pays('a', '2023-12-31T12:00:00Z', '1')]
    const names = (period: RevenueRetentionDefinition['period'], weekStart: 1 | 7 = 1) =>
      books(events, '2024-01-07T00:00:00Z', { period, calendar: { zone: 'UTC', weekStart } }).map(
        ({ period }) => period,
      )
    expect(names('quarter')).toEqual(['2023-Q4', '2024-Q1'])
    expect(names('year')).toEqual(['2023', '2024'])
    expect(names('week')).toEqual(['2023-12-25', '2024-01-01'])
    expect(names('week', 7)).toEqual(['2023-12-31', '2024-01-07'])
  })

  test("the hour that St John's clocks repeat is of the new month, which is a stretch of time", () => {
    const events = [
      pays('a', '2009-10-15T00:00:00Z', '1'),
      pays('b', '2009-11-01T02:30:30Z', '2'), // 1 November 00:00:30
      pays('c', '2009-11-01T03:00:00Z', '4'), // 31 October 23:30, again
    ]
    expect(lines(events, '2009-11-02T00:00:00Z', { calendar: { zone: 'America/St_Johns' } })).toEqual([
      '2009-10 0.00 +1.00 +0.00 +0.00 -0.00 -0.00 = 1.00',
      '2009-11 1.00 +6.00 +0.00 +0.00 -0.00 -0.00 = 7.00…',
    ])
  })
})

test('the last instants of time, which in Shanghai are of the year 10000, are of the period before', () => {
  const events = [pays('a', '9999-12-31T23:59:59.999Z', '1')]
  const [last, ...none] = books(events, '9999-12-31T23:59:59.999Z', { calendar: { zone: 'Asia/Shanghai' } })
  expect(none).toEqual([])
  expect(last).toMatchObject({
    period: '9999-12',
    to: instant('9999-12-31T23:59:59.999Z'),
    state: 'incomplete',
    new: '1.00',
  })
})

describe('movements', () => {
  const flip = [
    pays('a', '2024-01-01T00:00:00Z', '100'),
    pays('a', '2024-02-05T00:00:00Z', '50'),
    pays('a', '2024-02-20T00:00:00Z', '150'),
  ]

  test('down and up within a period: two readings of one history', () => {
    expect(lines(flip, '2024-03-01T00:00:00Z')[1]).toBe(
      '2024-02 100.00 +0.00 +50.00 +0.00 -0.00 -0.00 = 150.00',
    )
    expect(lines(flip, '2024-03-01T00:00:00Z', { movements: 'per-event' })[1]).toBe(
      '2024-02 100.00 +0.00 +100.00 +0.00 -50.00 -0.00 = 150.00',
    )
  })

  test('per event, gone and back within a period is churn and reactivation, of a customer who is in NRR', () => {
    const events = [
      pays('a', '2024-01-01T00:00:00Z', '100'),
      ends('a', '2024-02-05T00:00:00Z'),
      pays('a', '2024-02-20T00:00:00Z', '80'),
    ]
    const [, february] = books(events, '2024-03-01T00:00:00Z', { movements: 'per-event' })
    expect(february).toMatchObject({ churn: '100.00', reactivation: '80.00', contraction: '0.00' })
    expect(february!.rates).toMatchObject({
      nrr: { value: 0.8 },
      grr: { value: 0 },
      grossChurn: { value: 1 },
      netChurn: { value: 0.2 },
    })
    expect(february!.customers).toEqual({ start: 1, end: 1, retained: 1, lost: 0, new: 0, returned: 0 })
    const [, whole] = books(events, '2024-03-01T00:00:00Z')
    expect(whole).toMatchObject({ churn: '0.00', contraction: '20.00', reactivation: '0.00' })
    expect(whole!.rates).toMatchObject({ nrr: { value: 0.8 }, grr: { value: 0.8 } })
  })

  test('per event, what a new customer loses again is in the movements, and in no rate of the start', () => {
    const events = [
      pays('a', '2024-01-01T00:00:00Z', '100'),
      pays('b', '2024-02-05T00:00:00Z', '90'),
      pays('b', '2024-02-20T00:00:00Z', '30'),
    ]
    const [, february] = books(events, '2024-03-01T00:00:00Z', { movements: 'per-event' })
    expect(february).toMatchObject({ new: '90.00', contraction: '60.00' })
    expect(february!.rates).toMatchObject({
      nrr: { value: 1 },
      grr: { value: 1 },
      grossChurn: { value: 0 },
      quickRatio: { value: 1.5 },
    })
  })

  test('who paid before comes back, also if it was within one period', () => {
    const events = [
      pays('a', '2024-01-10T00:00:00Z', '70'),
      ends('a', '2024-01-20T00:00:00Z'),
      pays('a', '2024-03-10T00:00:00Z', '80'),
      pays('b', '2024-03-10T00:00:00Z', '0'),
    ]
    const march = (reactivation: 'own' | 'new' | 'expansion') =>
      lines(events, '2024-04-01T00:00:00Z', { reactivation })[2]
    expect(march('own')).toBe('2024-03 0.00 +0.00 +0.00 +80.00 -0.00 -0.00 = 80.00')
    expect(march('new')).toBe('2024-03 0.00 +80.00 +0.00 +0.00 -0.00 -0.00 = 80.00')
    expect(march('expansion')).toBe('2024-03 0.00 +0.00 +80.00 +0.00 -0.00 -0.00 = 80.00')
  })

  test('of one instant the last known stands, then the later id; those before it are no movement', () => {
    const at = '2024-02-05T00:00:00Z'
    const events = [
      pays('a', '2024-01-01T00:00:00Z', '100'),
      pays('a', at, '10', { id: 'z', recordedAt: instant(at) + 1 }),
      pays('a', at, '300', { id: 'a', recordedAt: instant(at) + 2 }),
      pays('a', at, '200', { id: 'b', recordedAt: instant(at) + 2 }),
      // A retry of z, recorded last, says nothing new.
      pays('a', at, '10', { id: 'z', recordedAt: instant(at) + 9 }),
    ]
    for (const list of [events, [...events].reverse()]) {
      expect(lines(list, '2024-03-01T00:00:00Z', { movements: 'per-event' })[1]).toBe(
        '2024-02 100.00 +0.00 +100.00 +0.00 -0.00 -0.00 = 200.00',
      )
    }
  })
})

describe('rates', () => {
  const totals = { start: 0, new: 5, expansion: 0, contraction: 0, churn: 0, reactivation: 0 }

  test('nothing at the start, nothing lost: no number, neither 0 nor 1 nor Infinity', () => {
    expect(revenueRates(totals, { reactivation: 'own' })).toEqual({
      nrr: { kind: 'undefined', reason: 'nothing-at-start' },
      grr: { kind: 'undefined', reason: 'nothing-at-start' },
      grossChurn: { kind: 'undefined', reason: 'nothing-at-start' },
      netChurn: { kind: 'undefined', reason: 'nothing-at-start' },
      quickRatio: { kind: 'undefined', reason: 'nothing-lost', reactivation: 'own' },
    })
    const tiny = revenueRates({ ...totals, start: 5e-324, expansion: 1e9 }, { reactivation: 'own' })
    expect(tiny.nrr).toEqual({ kind: 'undefined', reason: 'too-large' })
  })

  test('a period that nobody paid before has no logo retention', () => {
    const [january] = books([pays('a', '2024-01-10T00:00:00Z', '100')], '2024-02-01T00:00:00Z')
    expect(january!.logoRetention).toEqual({ kind: 'undefined', reason: 'no-trials' })
    expect(january!.rates.nrr).toEqual({ kind: 'undefined', reason: 'nothing-at-start' })
  })

  test.each<[string, object, object]>([
    ['$.start', { ...totals, start: -1 }, { reactivation: 'own' }],
    ['$.new', { ...totals, new: Number.NaN }, { reactivation: 'own' }],
    ['$.churn', { ...totals, churn: '5' }, { reactivation: 'own' }],
    ['$.reactivation', totals, { reactivation: 'old' }],
    ['$.expansion', { start: 1, new: 1 }, { reactivation: 'own' }],
  ])('refuses what stands at %s', (path, given, options) => {
    expect(() => revenueRates(given as typeof totals, options as { reactivation: 'own' })).toThrow(
      expect.objectContaining({ path, name: DefinitionError.name }),
    )
  })
})

test('rows carry the first reason for a missing number, and words exist for every reason', () => {
  const events = [pays('a', '2024-01-10T00:00:00Z', '100'), pays('a', '2024-02-10T00:00:00Z', '150')]
  const rows = revenueRetentionRows({ periods: books(events, '2024-03-15T00:00:00Z') })
  expect(
    rows.map(({ period, nrr, quickRatio, logoRetention, reason }) => [
      period,
      nrr,
      quickRatio,
      logoRetention,
      reason,
    ]),
  ).toEqual([
    ['2024-01', null, null, null, 'nothing-at-start'],
    ['2024-02', 1.5, null, 1, 'nothing-lost'],
    ['2024-03', 1, null, 1, 'period-not-over'],
  ])
  for (const { en, zh } of Object.values(revenueReasons)) expect(en.length * zh.length).toBeGreaterThan(0)
})

describe('refuses', () => {
  test.each<[string, string, object]>([
    ['unknown-key', '$.kind', { kind: 'x' }],
    ['missing', '$.id', { id: '' }],
    ['out-of-range', '$.version', { version: 0 }],
    ['invalid-zone', '$.calendar.zone', { calendar: { zone: 'Mars/Base' } }],
    ['unknown-key', '$.calendar.fiscal', { calendar: { zone: 'UTC', fiscal: {} } }],
    ['unknown-name', '$.period', { period: 'day' }],
    ['wrong-type', '$.currency', { currency: 'yuan' }],
    ['missing', '$.revenue', { revenue: [] }],
    ['missing', '$.revenue.amount', { revenue: { event: 'x' } }],
    ['duplicate-name', '$.ended', { ended: 'plan-changed' }],
    ['missing', '$.reactivation', { reactivation: undefined }],
    ['unknown-name', '$.movements', { movements: 'both' }],
  ])('%s at %s', (code, path, changed) => {
    expect(() => defineRevenueRetention({ ...definition, ...changed } as RevenueRetentionDefinition)).toThrow(
      expect.objectContaining({ code, path }),
    )
  })

  test.each<[string, unknown]>([
    ['invalid-amount', '1e3'],
    ['invalid-amount', '0.001'],
    ['invalid-amount', 12],
    ['invalid-amount', undefined],
    ['out-of-range', '-0.01'],
  ])('%s: %s as recurring revenue', (code, monthly) => {
    const retention = defineRevenueRetention(definition)
    const event = pays('a', '2024-01-01T00:00:00Z', monthly as string)
    expect(() => retention.add(retention.empty(), event)).toThrow(
      expect.objectContaining({ code, path: '$.data.monthly' }),
    )
  })

  test('a total beyond what integers hold, in whatever order', () => {
    const retention = defineRevenueRetention(definition)
    const events = ['a', 'b'].map((name) => pays(name, '2024-01-01T00:00:00Z', '90000000000000.00'))
    for (const list of [events, [...events].reverse()]) {
      expect(() =>
        retention.result(collect(retention, list), { asOf: instant('2024-02-01T00:00:00Z') }),
      ).toThrow(expect.objectContaining({ code: 'too-large' }))
    }
  })

  test('another definition, a partial that was changed, more than 1,200 periods', () => {
    const retention = defineRevenueRetention(definition)
    const other = defineRevenueRetention({ ...definition, movements: 'per-event' })
    const asOf = instant('2024-02-01T00:00:00Z')
    const partial = collect(retention, [
      pays('a', '1024-01-01T00:00:00Z', '1'),
      pays('a', '2024-01-01T00:00:00Z', '2'),
    ])
    expect(() => other.result(partial, { asOf })).toThrow(
      expect.objectContaining({ code: 'other-definition' }),
    )
    expect(() => retention.result(partial, { asOf })).toThrow(
      expect.objectContaining({ code: 'too-large', path: '$.since' }),
    )
    expect(retention.result(partial, { asOf, since: asOf }).periods).toHaveLength(1)
    const { a } = partial.subjects
    const changed = { ...partial, subjects: { a: [...a!].reverse() } }
    expect(() => retention.result(changed, { asOf, since: asOf })).toThrow(
      expect.objectContaining({ code: 'malformed-state' }),
    )
  })

  test('snapshots that are none', () => {
    const right: RevenueSnapshots = { start: { a: '1' }, end: {}, currency: 'CNY', reactivation: 'own' }
    for (const [path, changed] of [
      ['$.start', { start: { a: '-1' } }],
      ['$.end', { end: { a: 5 } }],
      ['$.end', { end: [] }],
      ['$.paidBefore', { paidBefore: 'a' }],
      ['$.level', { level: 1 }],
    ] as const) {
      expect(() => revenueBetween({ ...right, ...changed } as unknown as RevenueSnapshots)).toThrow(
        expect.objectContaining({ path }),
      )
    }
  })
})
