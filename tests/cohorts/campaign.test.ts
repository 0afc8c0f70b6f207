import {
  type CampaignOptions,
  type CampaignRetention,
  campaignCautions,
  defineRetention,
  explainCampaign,
  measureCampaign,
} from 'liuliang/cohorts'
import { type AnyEvent, collect, DefinitionError, defineEvents, instant, money, text } from 'liuliang/kernel'
import { describe, expect, test } from 'vitest'

type Row = readonly [size: number, ...retained: (number | null)[]]

/** Retention by group, each a row per cohort: its size, then who was retained at each offset; `null` is not over. */
function table(groups: Readonly<Record<string, readonly Row[]>>): CampaignRetention {
  const names = Object.values(groups)[0]!.map((_, i) => `2024-0${i + 1}`)
  return {
    period: 'month',
    asOf: instant('2024-12-01T00:00:00Z'),
    cohorts: names.map((cohort, i) => ({
      cohort,
      size: Object.values(groups).reduce((sum, rows) => sum + rows[i]![0], 0),
    })),
    groups: Object.entries(groups).map(([value, rows]) => ({
      value,
      cohorts: rows.map(([size, ...cells], i) => ({
        cohort: names[i]!,
        size,
        cells: cells.map((retained, offset) => ({
          offset,
          period: '2024',
          eligible: retained === null ? 0 : size,
          retained: retained ?? 0,
          state: retained === null ? ('incomplete' as const) : ('complete' as const),
        })),
      })),
    })),
    warnings: [],
  }
}

const options: CampaignOptions = {
  campaign: ['tea'],
  comparison: { kind: 'observational', groups: 'everybody-else' },
  costs: { currency: 'CNY', fixed: '100.00', perPerson: '1.50' },
  offsets: [1],
}
const measure = (retention: CampaignRetention, more: Partial<CampaignOptions> = {}) =>
  measureCampaign(retention, { ...options, ...more })
const code = (run: () => unknown) => {
  try {
    run()
  } catch (error) {
    if (error instanceof DefinitionError) return `${error.code} ${error.path}`
    throw error
  }
  return 'nothing'
}

describe('costs', () => {
  test('per person, and per person who stayed: the interval of the share turned over', () => {
    const truth = measure(table({ tea: [[200, 200, 20]], other: [[100, 100, 30]] }))
    expect(truth.cost).toBe('400.00')
    expect(truth.costPerAcquired).toEqual({ kind: 'estimate', value: 2 })
    const [one] = truth.offsets
    // Wilson of 20 in 200 at 95 %: 0.065683 to 0.149441.
    expect(one!.costPerRetained).toEqual({
      kind: 'estimate',
      value: 20,
      interval: {
        low: expect.closeTo(400 / 200 / 0.1494, 1),
        high: expect.closeTo(400 / 200 / 0.0657, 1),
        level: 0.95,
      },
      method: 'inverted-wilson',
    })
    expect(one!.rate).toMatchObject({ value: 0.1, trials: 200 })
    expect(one!.value).toEqual({ kind: 'undefined', reason: 'not-asked' })
  })

  test('of nobody who stayed there is a least cost and no other', () => {
    const [one] = measure(table({ tea: [[200, 200, 0]], other: [[100, 100, 30]] })).offsets
    const z2 = 3.841458820694124
    // Of none, Wilson ends at z² / (n + z²).
    const high = z2 / (200 + z2)
    expect(one!.costPerRetained).toEqual({
      kind: 'undefined',
      reason: 'nobody-retained',
      atLeast: expect.closeTo(400 / (200 * high), 6),
    })
  })

  test('are split over cohorts to the last fen, and leave with a cohort that is not over', () => {
    const truth = measure(
      table({
        tea: [
          [100, 100, 10],
          [100, 100, 10],
          [100, 100, null],
        ],
        other: [
          [9, 9, 3],
          [9, 9, 3],
          [9, 9, null],
        ],
      }),
    )
    expect(truth.cohorts.map(({ cost }) => cost)).toEqual(['183.34', '183.33', '183.33'])
    expect(truth.cost).toBe('550.00')
    expect(truth.offsets[0]).toMatchObject({
      n: 200,
      state: 'partly',
      cost: '366.67',
      retained: 20,
      maturity: 2 / 3,
    })
    expect(truth.cautions.map(({ code: one }) => one)).toEqual(['observational', 'not-all-over'])
  })

  test('in a currency without smaller units', () => {
    const truth = measure(table({ tea: [[3, 3, 1]], other: [[3, 3, 1]] }), {
      costs: { currency: 'JPY', fixed: '100' },
    })
    expect(truth.cost).toBe('100')
    expect(truth.offsets[0]!.costPerRetained).toMatchObject({ value: 100 })
  })
})

describe('the difference', () => {
  test('is that of Newcombe, in people and in money each', () => {
    // 56 of 70 and 48 of 80: 0.0524 to 0.3339 (Newcombe 1998, table II, method 10).
    const [one] = measure(table({ tea: [[70, 70, 56]], other: [[80, 80, 48]] }), {
      comparison: { kind: 'randomised', groups: ['other'] },
    }).offsets
    expect(one!.incremental).toMatchObject({
      direction: 'more',
      method: 'newcombe',
      rate: {
        value: expect.closeTo(0.2, 12),
        interval: { low: expect.closeTo(0.0524, 4), high: expect.closeTo(0.3339, 4) },
      },
      people: { value: expect.closeTo(14, 10) },
    })
    expect(one!.costPerIncremental).toMatchObject({
      kind: 'estimate',
      value: expect.closeTo(205 / 14, 10),
      interval: { low: expect.closeTo(205 / 70 / 0.3339, 2), high: expect.closeTo(205 / 70 / 0.0524, 1) },
    })
  })

  test('with zero in it says so and gives no cost each', () => {
    const [one] = measure(table({ tea: [[70, 70, 42]], other: [[80, 80, 48]] })).offsets
    expect(one!.incremental).toMatchObject({ direction: 'not-distinguishable' })
    expect(one!.costPerIncremental).toEqual({
      kind: 'undefined',
      reason: 'not-distinguishable-from-zero',
      atLeast: expect.closeTo(205 / 70 / 0.1534, 0),
    })
  })

  test('below zero has no cost each either', () => {
    const [one] = measure(table({ tea: [[700, 700, 14]], other: [[800, 800, 48]] })).offsets
    expect(one!.incremental).toMatchObject({ direction: 'fewer' })
    expect(one!.costPerIncremental).toEqual({ kind: 'undefined', reason: 'fewer-than-comparison' })
  })

  test('turns round where like is compared with like (Simpson)', () => {
    // In each cohort tea keeps more; it came mostly in the bad one.
    const mixed = table({
      tea: [
        [1000, 1000, 600],
        [9000, 9000, 1350],
      ],
      other: [
        [9000, 9000, 4500],
        [1000, 1000, 100],
      ],
    })
    const raw = measure(mixed)
    expect(raw.offsets[0]!.incremental).toMatchObject({ direction: 'fewer' })
    expect(raw.cautions.map(({ code: one }) => one)).toContain('not-standardised')
    const like = measure(mixed, { standardise: { over: 'cohorts' } })
    expect(like.offsets[0]!.incremental).toMatchObject({
      direction: 'more',
      rate: { value: expect.closeTo(0.1 * 0.1 + 0.9 * 0.05, 12) },
      strata: 2,
      method: 'standardised-newcombe',
    })
    const even = measure(mixed, { standardise: { over: 'cohorts', weights: { '2024-01': 1, '2024-02': 1 } } })
    expect(even.offsets[0]!.incremental).toMatchObject({
      rate: { value: expect.closeTo(0.075, 12) },
      people: { kind: 'undefined', reason: 'other-population' },
    })
    expect(even.offsets[0]!.costPerIncremental).toEqual({ kind: 'undefined', reason: 'other-population' })
  })

  test('over strata of the host, by city and period', () => {
    const strata = [
      { stratum: 'Beijing', retention: table({ tea: [[10, 10, 5]], other: [[10, 10, 4]] }) },
      { stratum: 'Shanghai', retention: table({ tea: [[30, 30, 6]], other: [[10, 10, 1]] }) },
    ]
    const truth = measureCampaign(strata, { ...options, standardise: { over: 'strata-and-cohorts' } })
    expect(truth.cohorts.map(({ stratum, cohort, acquired }) => [stratum, cohort, acquired])).toEqual([
      ['Beijing', '2024-01', 10],
      ['Shanghai', '2024-01', 30],
    ])
    expect(truth.offsets[0]!.incremental).toMatchObject({ rate: { value: expect.closeTo(0.1, 12) }, n: 40 })
  })

  test('leaves out strata with nobody to compare with, and says so', () => {
    const truth = measure(
      table({
        tea: [
          [50, 50, 5],
          [150, 150, 30],
        ],
        other: [
          [0, 0, 0],
          [100, 100, 20],
        ],
      }),
      {
        standardise: { over: 'cohorts' },
      },
    )
    expect(truth.offsets[0]!.incremental).toMatchObject({ n: 150, leftOut: 0.25, strata: 1 })
    expect(truth.cautions.map(({ code: one }) => one)).toContain('strata-left-out')
  })
})

describe('what is not there', () => {
  test('nobody came, nobody to compare, nothing over, nothing tracked', () => {
    const empty = measure({ ...table({ tea: [] }), groups: [] })
    expect(empty).toMatchObject({
      acquired: 0,
      cost: '100.00',
      costPerAcquired: { reason: 'nobody-acquired' },
    })
    expect(explainCampaign(empty, 'en')).toBe('nobody came by the campaign')
    const alone = measure(table({ tea: [[10, 10, 1]] }))
    expect(alone.offsets[0]!.incremental).toEqual({ kind: 'undefined', reason: 'no-comparison' })
    const early = measure(table({ tea: [[10, 10, null]], other: [[10, 10, null]] }))
    expect(early.offsets[0]!.costPerRetained).toEqual({ kind: 'undefined', reason: 'not-over' })
    expect(explainCampaign(early, 'zh')).toBe('共获得10人，人均成本11.50元；1个月后的结果尚不可知')
    const full = table({ tea: [[10, 10, 4]], other: [[10, 10, 4]] })
    const blind = measure({
      ...full,
      groups: full.groups.map((group) => ({
        ...group,
        cohorts: group.cohorts.map((one) => ({
          ...one,
          cells: one.cells.map((cell) => ({ ...cell, state: 'unobserved' as const })),
        })),
      })),
    })
    expect(blind.offsets[0]).toMatchObject({
      state: 'not-observed',
      unobserved: 10,
      rate: { reason: 'not-observed' },
    })
  })

  test.each([
    ['unknown-name $.options.campaign', { campaign: ['te'] }],
    [
      'duplicate-name $.options.comparison.groups',
      { comparison: { kind: 'observational', groups: ['tea'] } },
    ],
    [
      'out-of-range $.options.comparison.groups',
      { comparison: { kind: 'randomised', groups: 'everybody-else' } },
    ],
    ['invalid-amount $.options.costs.fixed', { costs: { currency: 'CNY', fixed: '-1' } }],
    ['invalid-amount $.options.costs.perPerson', { costs: { currency: 'CNY', perPerson: '0.001' } }],
    ['missing $.options.costs', { costs: { currency: 'CNY' } }],
    ['missing $.options.offsets', { offsets: [] }],
    ['out-of-range $.options.offsets[1]', { offsets: [1, 1] }],
    ['unknown-name $.options.cohorts', { cohorts: { from: '2023-01', to: '2024-01' } }],
    ['missing $.retention', { standardise: { over: 'strata' } }],
    ['unknown-name $.options.standardise.weights', { standardise: { over: 'cohorts', weights: { x: 1 } } }],
    ['missing $.retention.groups', { value: 'total' }],
    ['out-of-range $.level', { level: 1 }],
    ['unknown-key $.options.cost', { cost: 1 }],
  ] as const)('%s', (expected, more) => {
    const retention = table({ tea: [[10, 10, 1]], other: [[10, 10, 1]] })
    expect(code(() => measure(retention, more as never))).toBe(expected)
  })

  test('time that was not tracked is no month without orders, nor without value', () => {
    const rows = [
      {
        id: '1',
        type: 'joined',
        subject: 'a',
        occurredAt: instant('2024-01-05T00:00:00Z'),
        data: { channel: 'tea' },
      },
      {
        id: '2',
        type: 'joined',
        subject: 'b',
        occurredAt: instant('2024-02-05T00:00:00Z'),
        data: { channel: 'tea' },
      },
      {
        id: '3',
        type: 'order-paid',
        subject: 'b',
        occurredAt: instant('2024-04-05T00:00:00Z'),
        data: { amount: '3.00' },
      },
    ]
    const shop = defineEvents({ joined: { channel: text() }, 'order-paid': { amount: money('CNY') } })
    const retention = defineRetention({
      ...{ id: 'tea', version: 1, calendar: { zone: 'UTC' }, events: shop, period: 'month', entry: 'joined' },
      ...{ activity: 'order-paid', breakdown: { field: 'channel', of: 'entry' }, sum: 'amount' },
    })
    const gaps = [{ from: instant('2024-02-10T00:00:00Z'), to: instant('2024-02-20T00:00:00Z') }]
    const measured = retention.result(collect(retention, rows), {
      asOf: instant('2024-08-01T00:00:00Z'),
      gaps,
    })
    const { offsets, cautions } = measure(measured, { offsets: [1, 2], value: 'total' })
    expect(offsets[0]).toMatchObject({ n: 1, unobserved: 1, retained: 0, state: 'partly' })
    // What a brought in February, nobody knows; so nobody knows what both brought by month 2.
    expect(offsets[1]).toMatchObject({ n: 2, unobserved: 0, retained: 1, value: { reason: 'not-observed' } })
    expect(cautions.map(({ code: one }) => one)).toContain('not-observed')
  })

  test('elapsed time is not told as months', () => {
    const row = (id: string, type: string, time: string) => ({
      id,
      type,
      subject: 'a',
      occurredAt: instant(time),
      data: type === 'joined' ? { channel: 'tea' } : {},
    })
    const retention = defineRetention({
      ...{
        id: 'tea',
        version: 1,
        calendar: { zone: 'UTC' },
        period: 'month',
        entry: 'joined',
        activity: 'seen',
      },
      ...{
        events: defineEvents({ joined: { channel: text() }, seen: {} }),
        clock: { elapsed: { hours: 720 } },
      },
      breakdown: { field: 'channel', of: 'entry' },
    })
    const rows = [row('1', 'joined', '2024-01-05T00:00:00Z'), row('2', 'seen', '2024-02-05T00:00:00Z')]
    const measured = retention.result(collect(retention, rows), { asOf: instant('2024-08-01T00:00:00Z') })
    expect(explainCampaign(measure(measured), 'en')).toMatch(/; at offset 1 100\.0 % are left/)
  })

  test('people in several groups or rows are refused', () => {
    const retention = table({ tea: [[10, 10, 1]], other: [[10, 10, 1]] })
    const cohorts = [{ cohort: '2024-01', size: 15 }]
    expect(code(() => measure({ ...retention, cohorts }))).toBe('out-of-range $.retention.groups')
    expect(code(() => measure({ ...retention, warnings: [{ code: 'rows-overlap' }] }))).toBe(
      'out-of-range $.retention.warnings',
    )
  })
})

describe('in words', () => {
  const retention = table({ tea: [[500_000, 500_000, 10_500]], other: [[80_000, 80_000, 3200]] })
  const more = { costs: { currency: 'CNY', perPerson: '1.80' } } as const
  test('of those who came otherwise', () => {
    const truth = measure(retention, more)
    expect(explainCampaign(truth, 'en')).toBe(
      '500,000 came at 1.80 CNY each; after 1 month 2.1 % are left: 85.71 CNY for each who stayed (84.11 CNY to 87.35 CNY); 1.9 points below those who came without it (-2.0 to -1.8)',
    )
    expect(explainCampaign(truth, 'zh')).toBe(
      '共获得500,000人，人均成本1.80元；1个月后留存2.1%：每个留下的用户成本85.71元（84.11元至87.35元）；比自然到来的用户低1.9个百分点（-2.0至-1.8）',
    )
    expect(truth.cautions[0]).toEqual({ code: 'observational', says: campaignCautions.observational })
  })

  test('what is small is not told as nothing', () => {
    const tiny = measure(
      table({ tea: [[9_000_000, 9_000_000, 900]], other: [[9_000_000, 9_000_000, 450]] }),
      {
        costs: { currency: 'CNY', fixed: '9000.00' },
      },
    )
    expect(explainCampaign(tiny, 'en')).toMatch(
      /^9,000,000 came at 0\.0010 CNY each; after 1 month 0\.010 % are left/,
    )
    expect(explainCampaign(tiny, 'en')).toMatch(
      /0\.005 points above those who came without it \(\+0\.0042 to \+0\.006\)/,
    )
  })

  test('of a control, with what each incremental user cost', () => {
    const truth = measure(table({ tea: [[10_000, 10_000, 900]], holdout: [[10_000, 10_000, 600]] }), {
      ...more,
      comparison: { kind: 'randomised', groups: ['holdout'] },
    })
    expect(explainCampaign(truth, 'en')).toMatch(
      /3\.0 points above the control \(\+2\.3 to \+3\.7\); 300 stayed who would not have otherwise, at 60\.00 CNY each/,
    )
    expect(truth.cautions).toEqual([])
  })
})

describe('from raw events', () => {
  const events = defineEvents({
    joined: { channel: text('tea', 'walk-in'), city: text('Beijing', 'Shanghai') },
    'order-paid': { amount: money('CNY') },
  })
  const retention = defineRetention({
    id: 'tea',
    version: 1,
    calendar: { zone: 'Asia/Shanghai' },
    events,
    period: 'month',
    entry: 'joined',
    activity: 'order-paid',
    breakdown: { field: 'channel', of: 'entry' },
    sum: 'amount',
  })
  let n = 0
  const event = (
    subject: string,
    type: string,
    time: string,
    data: Readonly<Record<string, string>>,
  ): AnyEvent => ({
    id: `e${n++}`,
    type,
    subject,
    occurredAt: instant(time),
    data,
  })
  const pays = (subject: string, time: string, amount: string) =>
    event(subject, 'order-paid', time, { amount })
  const joins = (subject: string, time: string, channel: string) =>
    event(subject, 'joined', time, { channel, city: 'Beijing' })

  test('an old customer who takes the offer is not acquired by it; what people bring is set against the cost', () => {
    const rows = [
      joins('old', '2024-03-01T09:00:00+08:00', 'walk-in'),
      joins('old', '2024-03-09T09:00:00+08:00', 'tea'),
      joins('mei', '2024-03-09T09:00:00+08:00', 'tea'),
      joins('lin', '2024-03-31T23:59:00+08:00', 'tea'),
      pays('mei', '2024-03-09T09:00:00+08:00', '1.00'),
      pays('mei', '2024-04-09T09:00:00+08:00', '25.50'),
      pays('lin', '2024-03-31T23:59:30+08:00', '1.00'),
      pays('old', '2024-04-02T09:00:00+08:00', '99.00'),
    ]
    const measured = retention.result(collect(retention, rows), {
      asOf: instant('2024-06-01T00:00:00+08:00'),
    })
    const truth = measureCampaign(measured, {
      ...options,
      value: 'total',
      costs: { currency: 'CNY', perPerson: '12.00' },
    })
    expect(truth.acquired).toBe(2)
    expect(truth.offsets[0]).toMatchObject({
      retained: 1,
      compared: { n: 1, retained: 1 },
      value: { kind: 'amount', amount: '27.50', balance: '3.50' },
    })
  })
})
