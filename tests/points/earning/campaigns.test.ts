// Campaigns, several multipliers at once, cooldowns; rules for the first time and for days in a row.
import { type DefinitionError, instant, pointsFrom, verdicts } from 'liuliang'
import { describe, expect, test } from 'vitest'
import { tell } from '../../support/story.js'
import { buyer, market, paidBy, pointsIn, pointsOf, postings, purchase } from './support/market.js'

const { paid, checkedIn } = buyer()
const at = (text: string) => instant(`${text}+08:00`)
const wrong = (make: () => unknown) => {
  try {
    make()
  } catch (error) {
    const { code, path } = error as DefinitionError
    return `${code} ${path}`
  }
  return 'nothing was wrong'
}

describe('during', () => {
  const days = { 'double-eleven': [{ from: '2026-11-11', to: '2026-11-12' }] }
  const calendar = { zone: 'Asia/Shanghai', named: days } as const
  const orders = [
    paid(at('2026-11-10T23:59:59.999'), 'a', '1'),
    paid(at('2026-11-11T00:00'), 'b', '1'),
    paid(at('2026-11-11T23:59:59.999'), 'c', '1'),
    paid(at('2026-11-12T00:00'), 'd', '1'),
  ]

  test.each([
    ['local date-times, half open', { from: '2026-11-11T00:00', until: '2026-11-12T00:00:00' }],
    ['instants', { from: '2026-11-10T16:00Z', until: '2026-11-12T00:00+08:00' }],
    ['named days', { days: 'double-eleven' }],
    ['both at once', { from: '2026-11-01T00:00', until: '2026-12-01T00:00', days: 'double-eleven' }],
  ])('%s: of a rule', (_, during) => {
    expect(paidBy(pointsOf({ calendar, earning: [{ ...purchase, during }] }), orders)).toEqual([
      'purchase 1',
      'purchase 1',
    ])
    const twice = pointsOf({ calendar, earning: [{ ...purchase, multiply: [{ by: '2', during }] }] })
    expect(pointsIn(twice, orders)).toEqual([1, 2, 2, 1])
    expect(postings(twice, orders)[1]!.reason).toMatchObject({
      multiplier: { code: 'multiplied-in-campaign', by: '2', leaves: [] },
    })
  })

  test('open ends', () => {
    expect(
      pointsIn(pointsOf({ earning: [{ ...purchase, during: { from: '2026-11-12T00:00' } }] }), orders),
    ).toEqual([1])
    expect(
      pointsIn(pointsOf({ earning: [{ ...purchase, during: { until: '2026-11-11T00:00' } }] }), orders),
    ).toEqual([1])
  })

  test.each([
    [{}, 'missing $.earning[0].during'],
    [{ from: '2026-11-11' }, 'invalid-instant $.earning[0].during.from'],
    [{ from: '2026-02-30T00:00' }, 'invalid-instant $.earning[0].during.from'],
    [{ from: '2026-11-12T00:00', until: '2026-11-12T00:00' }, 'out-of-range $.earning[0].during.until'],
    [{ days: 'eleven' }, 'unknown-name $.earning[0].during.days'],
  ])('%j is no campaign', (during, fault) => {
    expect(wrong(() => pointsOf({ earning: [{ ...purchase, during }] }))).toBe(fault)
  })
})

describe('multiplying', () => {
  const orders = market.count('order-paid')
  const multiply = [
    { by: '1.5', when: orders.gte(1) },
    { by: '2', when: orders.gte(2) },
    { by: '2/3', when: orders.gte(3) },
  ]
  const four = ['a', 'b', 'c'].map((id) => paid('2026-03-05', id, '6'))

  test.each([
    [undefined, [9, 9, 9]],
    ['first', [9, 9, 9]],
    ['best', [9, 12, 12]],
    ['product', [9, 18, 12]],
    // 1 + 0.5 + 1 is 2.5; less a third is 13/6.
    ['sum', [9, 15, 13]],
  ] as const)('%s', (multiplying, points) => {
    const engine = pointsOf({ earning: [{ ...purchase, multiply, ...(multiplying && { multiplying }) }] })
    expect(pointsIn(engine, four)).toEqual(points)
    expect(pointsFrom(engine.definition).hash).toBe(engine.hash)
  })

  test('says what each was, and what they make together', () => {
    const engine = pointsOf({ earning: [{ ...purchase, multiply, multiplying: 'sum' }] })
    expect(postings(engine, four)[2]!.reason).toMatchObject({
      multiplier: {
        by: '13/6',
        parts: ['1.5', '2', '2/3'],
        leaves: [{ holds: true }, { holds: true }, { holds: true }],
      },
    })
  })

  test('a sum is never below zero, and keeps fractions exactly', () => {
    const none = [
      { by: '0.4', when: orders.gte(1) },
      { by: '0.5', when: orders.gte(1) },
    ]
    expect(
      pointsIn(pointsOf({ earning: [{ ...purchase, multiply: none, multiplying: 'sum' }] }), four),
    ).toEqual([0, 0, 0])
    const seventh = [{ by: '1/7', when: orders.gte(1) }]
    const ones = Array.from({ length: 7 }, (_, i) => paid('2026-03-05', `o${i}`, '1'))
    const engine = pointsOf({ earning: [{ ...purchase, multiply: seventh }] })
    expect(pointsIn(engine, ones)).toEqual([0, 0, 0, 0, 0, 0, 1])
  })
})

describe('when a rule rests', () => {
  const daily = {
    rule: 'check-in',
    on: 'checked-in',
    earns: { points: 5 },
    cooldown: { days: 0, end: true },
  } as const
  const engine = pointsOf({ earning: [daily] })

  test('it pays once a local day, whatever the clock', () => {
    const times = ['2026-03-05T09:00', '2026-03-05T23:59', '2026-03-06T00:00', '2026-03-06T12:00']
    expect(
      pointsIn(
        engine,
        times.map((one) => checkedIn(at(one))),
      ),
    ).toEqual([5, 5])
    const hours = pointsOf({ earning: [{ ...daily, cooldown: { hours: 24 } }] })
    const again = ['2026-03-05T09:00', '2026-03-06T08:59:59.999', '2026-03-06T09:00']
    expect(
      pointsIn(
        hours,
        again.map((one) => checkedIn(at(one))),
      ),
    ).toEqual([5, 5])
  })

  test('of two at one instant the first is paid, and until when it rests can be asked', () => {
    const { state } = tell(engine, [
      checkedIn(at('2026-03-05T09:00')),
      checkedIn(at('2026-03-05T09:00')),
    ] as never)
    expect(engine.view(state, state.at!).balance).toBe(5)
    expect(verdicts(engine, state, state.at!)).toMatchObject([
      { rule: '$.earning[0].cooldown', at: at('2026-03-06T00:00'), because: { code: 'rests' } },
    ])
  })

  test('what earned nothing does not make it rest', () => {
    const likes = pointsOf({ earning: [{ ...purchase, cooldown: { hours: 1 } }] })
    expect(
      pointsIn(likes, [
        paid('2026-03-05', 'a', '0.50'),
        paid('2026-03-05', 'b', '0.50'),
        paid('2026-03-05', 'c', '9'),
      ]),
    ).toEqual([0, 1])
  })
})

test('the first time, and days in a row, are conditions', () => {
  const engine = pointsOf({
    earning: [
      { rule: 'welcome', on: 'order-paid', earns: { points: 100 }, when: market.count('order-paid').is(1) },
      {
        rule: 'seven-days',
        on: 'checked-in',
        earns: { points: 30 },
        when: market.streak('checked-in', { unit: 'day' }).gte(7),
        cooldown: { days: 7 },
      },
    ],
  })
  const days = Array.from({ length: 14 }, (_, i) => checkedIn(at('2026-03-01T09:00') + i * 86_400_000))
  expect(
    paidBy(engine, [...days, paid(at('2026-03-15T09:00'), 'a', '1'), paid(at('2026-03-15T09:01'), 'b', '1')]),
  ).toEqual(['seven-days 30', 'seven-days 30', 'welcome 100'])
})
