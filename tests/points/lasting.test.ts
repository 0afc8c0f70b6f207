// How long points last: what is agreed, what people do about it, and what comes back.
import {
  attributes,
  audit,
  calendarOf,
  defineEvents,
  definePoints,
  type Expiry,
  expiries,
  expiriesByMonth,
  expiringBy,
  explain,
  instant,
  integer,
  migrateState,
  moment,
  money,
  pointsFrom,
  restore,
  text,
} from 'liuliang'
import { openLots } from 'liuliang/ledger'
import { describe, expect, test } from 'vitest'
import { refusalOf, tell, teller, utc } from '../support/story.js'
import { account, pointsWith } from './support/shop.js'

const world = defineEvents({
  deed: { worth: integer(), deal: text() },
  visited: {},
  'order-paid': { orderId: text(), amount: money('CNY') },
  ...attributes({ joined: moment(), city: text() }),
})
type Ends = Expiry<'deed' | 'visited' | 'points/earned' | 'points/redeemed'>
const lasting = (expires: Ends, zone = 'UTC', more: object = {}) =>
  definePoints({
    id: 'points',
    version: 1,
    calendar: { zone },
    events: world,
    earning: [{ rule: 'deed', on: 'deed', earns: { points: 1, per: 1, of: 'worth' }, origin: 'deal' }],
    expires,
    ...more,
  })
const ends = (expires: Ends, at: number | string, zone?: string, ...before: object[]) => {
  const engine = lasting(expires, zone)
  const event = teller()
  const { state } = tell(engine, [...before, event(at, 'deed', { worth: 10, deal: 'd' }, 'deed')] as never)
  return engine.view(state, state.at!).next?.at
}
const event = teller()
const deed = (at: string | number, worth: number, deal = 'd') => event(at, 'deed', { worth, deal })

describe('ends', () => {
  test('a fixed date: its last instant is the last of the date; what is earned later ends at once', () => {
    const engine = lasting({ on: '2024-03-31' }, 'Asia/Shanghai')
    const end = instant('2024-04-01T00:00:00+08:00')
    const { state } = tell(engine, [deed(end - 1, 10)])
    expect(engine.view(state, end - 1).balance).toBe(10)
    expect(engine.view(state, end).balance).toBe(0)
    const late = tell(engine, [deed(end, 7)])
    expect(late.log.map(({ type }) => type)).toEqual(['deed', 'points/earned', 'points/expired'])
  })

  test('a date of each year, at least so long away', () => {
    expect(ends({ every: '12-31' }, '2024-12-31 23:59')).toBe(utc('2025-01-01'))
    expect(ends({ every: '12-31', atLeast: { months: 3 } }, '2024-09-30')).toBe(utc('2025-01-01'))
    expect(ends({ every: '12-31', atLeast: { months: 3 } }, '2024-10-02')).toBe(utc('2026-01-01'))
    expect(ends({ every: '02-29' }, '2024-03-01')).toBe(utc('2025-03-01'))
    expect(ends({ every: '02-29' }, '2023-03-01')).toBe(utc('2024-03-01'))
  })

  test('in a zone whose clocks change: midnight is where it is, 23 and 25 hours away', () => {
    const berlin = (text: string) => instant(`${text}`)
    expect(ends({ days: 0, end: 'day' }, berlin('2024-03-31T00:00:00+01:00'), 'Europe/Berlin')).toBe(
      berlin('2024-03-31T00:00:00+01:00') + 23 * 3_600_000,
    )
    expect(ends({ days: 0, end: 'day' }, berlin('2024-10-27T00:00:00+02:00'), 'Europe/Berlin')).toBe(
      berlin('2024-10-27T00:00:00+02:00') + 25 * 3_600_000,
    )
    expect(ends({ every: '03-31' }, berlin('2024-02-01T00:00:00+01:00'), 'Europe/Berlin')).toBe(
      berlin('2024-04-01T00:00:00+02:00'),
    )
  })

  test('the anniversary of the first posting, of a moment in the profile, and of 29 February', () => {
    const joined = (date: string) => ({
      ...event('2024-01-01', 'attribute-set', { joined: utc(date) }),
      id: 'j',
    })
    const byProfile = { anniversary: { attribute: 'joined' } } as const
    expect(ends(byProfile, '2024-03-05', 'UTC', joined('2020-03-05'))).toBe(utc('2025-03-05'))
    expect(ends(byProfile, '2024-03-04', 'UTC', joined('2020-03-05'))).toBe(utc('2024-03-05'))
    expect(ends(byProfile, '2024-03-05', 'UTC', joined('2020-02-29'))).toBe(utc('2025-02-28'))
    // Nobody has said when: from the first posting, which is this one.
    expect(ends(byProfile, '2024-03-05')).toBe(utc('2025-03-05'))
    const engine = lasting({ anniversary: 'enrolment', atLeast: { months: 2 } })
    const { state } = tell(engine, [deed('2024-03-05', 1), deed('2025-02-01', 2), deed('2025-03-05', 3)])
    const found = [...openLots(state.of.books['points']!.lots)].map(({ lot, expiresAt }) => [lot, expiresAt])
    expect(found).toEqual([
      [1, utc('2026-03-05')],
      [2, utc('2026-03-05')],
    ])
  })

  test('a definition in another zone leaves the ends of what is there', () => {
    const [shanghai, berlin] = [
      lasting({ days: 3, end: 'day' }, 'Asia/Shanghai'),
      lasting({ days: 3, end: 'day' }, 'Europe/Berlin'),
    ]
    const { state } = tell(shanghai, [deed('2024-03-01', 5)])
    const moved = migrateState(shanghai, berlin, (of) => of)(state, utc('2024-03-02')).state
    const { state: more } = tell(berlin, [deed('2024-03-02', 6)], moved)
    expect(expiries(more.of, utc('2024-03-02'), utc('2025-01-01'))).toEqual([
      { currency: 'points', at: instant('2024-03-05T00:00:00+08:00'), points: 5 },
      { currency: 'points', at: instant('2024-03-06T00:00:00+01:00'), points: 6 },
    ])
  })

  test('a rule has its own', () => {
    const engine = lasting('never', 'UTC', {
      earning: [{ rule: 'deed', on: 'deed', earns: { points: 5 }, expires: { every: '06-30' } }],
    })
    const { state } = tell(engine, [
      deed('2024-03-01', 1),
      event('2024-03-01', 'points/earn', { points: 1, reason: 'a present' }),
    ])
    expect(expiringBy(state.of, 'points', utc('2030-01-01'))).toBe(5)
  })
})

describe('activity', () => {
  const engine = lasting({
    inactive: { days: 30 },
    first: { days: 10 },
    activity: ['visited', 'points/redeemed'],
  })

  test('puts the end of everything off together, and never nearer', () => {
    const { state } = tell(engine, [
      deed('2024-03-01', 5),
      deed('2024-03-05', 6),
      event('2024-03-06', 'visited', {}),
    ])
    expect(engine.view(state, utc('2024-03-06')).next).toEqual({
      what: 'expires',
      at: utc('2024-04-05'),
      points: 11,
    })
    expect(expiries(state.of, utc('2024-03-06'), utc('2025-01-01'))).toEqual([
      { currency: 'points', at: utc('2024-04-05'), points: 11 },
    ])
    expect(
      [utc('2024-04-05') - 1, utc('2024-04-05')].map((at) => expiringBy(state.of, 'points', at)),
    ).toEqual([0, 11])
  })

  test('at the very end comes too late', () => {
    const { state } = tell(engine, [deed('2024-03-01', 5), event('2024-03-11', 'visited', {})])
    expect(engine.view(state, utc('2024-03-11')).balance).toBe(0)
  })

  test('is what is spent, too; a lot that lasts longer by itself does', () => {
    const { state } = tell(engine, [
      deed('2024-03-01', 5),
      event('2024-03-05', 'points/redeem', { points: 1 }),
      deed('2024-04-01', 7),
    ])
    expect(
      expiries(state.of, utc('2024-04-01'), utc('2025-01-01')).map(({ at, points }) => [at, points]),
    ).toEqual([
      [utc('2024-04-04'), 4],
      [utc('2024-04-11'), 7],
    ])
  })

  test('of somebody else is none', () => {
    const { state } = tell(engine, [deed('2024-03-01', 5)])
    expect(refusalOf(engine, state, { ...event('2024-03-06', 'visited', {}), subject: 'u2' })).toEqual({
      code: 'other-subject',
    })
  })

  test('that came late counts from when it was', () => {
    const given = tell(engine, [deed('2024-03-01', 5), event('2024-03-06', 'visited', {})])
    expect(given.state.of.books['points']!.lots.notBefore).toBe(utc('2024-04-05'))
  })
})

describe('the order of spending', () => {
  const kinds = (spend: 'soonest-expiry' | 'oldest' | 'cheapest') =>
    definePoints({
      id: 'points',
      version: 1,
      calendar: { zone: 'UTC' },
      events: world,
      earning: [
        {
          rule: 'late',
          on: 'deed',
          where: { deal: 'late' },
          earns: { points: 10 },
          expires: { months: 9 },
          cost: '1/3',
        },
        {
          rule: 'soon',
          on: 'deed',
          where: { deal: 'soon' },
          earns: { points: 10 },
          expires: { months: 1 },
          cost: '0.5',
        },
        { rule: 'ever', on: 'deed', where: { deal: 'ever' }, earns: { points: 10 }, cost: '0.3333' },
      ],
      spend,
    })
  test.each([
    ['soonest-expiry', [0, 2]],
    ['oldest', [1, 2]],
    ['cheapest', [0, 1]],
  ] as const)('%s', (spend, left) => {
    const engine = kinds(spend)
    const { state } = tell(engine, [
      deed('2024-03-01', 1, 'late'),
      deed('2024-03-02', 1, 'soon'),
      deed('2024-03-03', 1, 'ever'),
      event('2024-03-04', 'points/redeem', { points: 10 }),
    ])
    expect([...openLots(state.of.books['points']!.lots)].map(({ lot }) => lot).sort()).toEqual(left)
    // Whatever the order, what ends does.
    expect(engine.view(state, utc('2024-04-02')).totals.expired).toBe(spend === 'soonest-expiry' ? 0 : 10)
    expect(expiringBy(state.of, 'points', utc('2030-01-01'))).toBe(spend === 'cheapest' ? 20 : 10)
  })

  test('the caller may name lots, whatever the order; of a lot with two ends the sooner first', () => {
    const engine = kinds('oldest')
    const { state } = tell(engine, [
      deed('2024-03-01', 1, 'late'),
      deed('2024-03-02', 1, 'soon'),
      event('2024-03-04', 'points/redeem', { points: 4, lots: [1] }, 'r'),
      event('2024-03-05', 'points/extend', { until: utc('2024-08-01'), lots: [1], reason: 'a mishap' }),
      event('2024-03-06', 'points/refund', { redemption: 'r' }),
    ])
    expect(
      [...openLots(state.of.books['points']!.lots)].map(({ lot, remaining, expiresAt }) => [
        lot,
        remaining,
        expiresAt,
      ]),
    ).toEqual([
      [0, 10, utc('2024-12-01')],
      [1, 4, utc('2024-04-02')],
      [1, 6, utc('2024-08-01')],
    ])
    const spent = tell(engine, [event('2024-03-07', 'points/redeem', { points: 9, lots: [1] })], state)
    expect(expiringBy(spent.state.of, 'points', utc('2024-08-01'))).toBe(1)
  })
})

describe('by hand', () => {
  const engine = pointsWith({ expires: { days: 30 }, reinstateWithin: { days: 10 } })
  const { give, paid, redeem, refunded } = account()
  const { state } = tell(engine, [give('2024-03-01', 100), give('2024-03-02', 50)])
  const at = utc('2024-03-05')
  const by = (type: string, data: object, when: string | number = at) =>
    event(when, `points/${type}`, { reason: 'asked for', ...data } as object)

  test('ends points now, with a reason that is said', () => {
    const { log, state: after } = tell(engine, [by('expire', { points: 30 })] as never, state)
    expect(engine.view(after, at)).toMatchObject({ balance: 120, totals: { expired: 30 } })
    const { reason } = log[0]!.data as { reason: { code: string } }
    expect(explain(engine, reason, 'en')).toBe('expired by hand: asked for')
    expect(explain(engine, reason, 'zh')).toBe('人工作废：asked for')
    const all = tell(engine, [by('expire', { lots: [1] })] as never, state).state
    expect(engine.view(all, at).balance).toBe(100)
  })

  test('puts an end off, of everything or of lots, never nearer', () => {
    const until = utc('2024-04-01')
    const { state: later, log } = tell(engine, [by('extend', { until })] as never, state)
    expect((log[0]!.data as { points: number }).points).toBe(100)
    expect(expiries(later.of, at, utc('2025-01-01'))).toEqual([
      { currency: 'points', at: until, points: 150 },
    ])
    expect(engine.view(later, at).totals).toEqual(engine.view(state, at).totals)
    expect(refusalOf(engine, state, by('extend', { until, lots: [1] }))).toEqual({
      code: 'end-not-later',
      until,
      after: until,
    })
    expect(refusalOf(engine, state, by('extend', { until, lots: [9] }))).toEqual({ code: 'unknown-lot' })
  })

  test('puts the end of what is pending off too', () => {
    const waiting = pointsWith({ expires: { days: 30 }, pending: { days: 40 } })
    const { state: held } = tell(waiting, [paid('2024-03-01', 'a', '9')])
    const { state: later } = tell(waiting, [by('extend', { until: utc('2024-05-01') })] as never, held)
    expect(waiting.view(later, utc('2024-04-30')).balance).toBe(9)
    expect(waiting.view(held, utc('2024-04-30')).balance).toBe(0)
    const { state: undone } = tell(waiting, [refunded('2024-04-20', 'a', '9')], later)
    expect(waiting.view(undone, utc('2024-04-20')).balance).toBe(0)
  })

  test('an order finds each of its lots once after their end was put off, and takes back what it earned', () => {
    const waiting = pointsWith({ expires: { days: 30 }, pending: 'until-confirmed' })
    const { state: undone, log } = tell(waiting, [
      paid('2024-03-01', 'a', '4'),
      paid('2024-03-02', 'a', '3'),
      by('extend', { until: utc('2024-05-01') }) as never,
      refunded('2024-03-06', 'a', '7'),
    ])
    expect(waiting.view(undone, utc('2024-03-06'))).toMatchObject({ balance: 0, pending: 0 })
    expect(audit(waiting, undone, log).findings).toEqual([])
  })

  test('brings back what expired, in parts, no more than that, and within its time', () => {
    const until = utc('2024-06-01')
    const some = by('reinstate', { points: 60, until }, '2024-04-05')
    const { state: back } = tell(engine, [some] as never, state)
    const view = engine.view(back, utc('2024-04-05'))
    expect([view.balance, view.totals.expired, view.totals.reinstated]).toEqual([60, 150, 60])
    expect(refusalOf(engine, back, by('reinstate', { points: 91, until }, '2024-04-06'))).toEqual({
      code: 'reinstate-exceeds-expired',
      requested: 91,
      reinstatable: 90,
    })
    expect(refusalOf(engine, back, by('reinstate', { points: 90, until }, '2024-04-06'))).toBeUndefined()
    // The first lot expired on 31 March: its ten days are over.
    expect(refusalOf(engine, back, by('reinstate', { points: 51, until }, '2024-04-10'))).toMatchObject({
      reinstatable: 50,
    })
    expect(refusalOf(engine, back, by('reinstate', { until, lots: [7] }, '2024-04-06'))).toEqual({
      code: 'unknown-lot',
    })
  })

  test('brings nothing back that stood in for a refund', () => {
    const { state: gone } = tell(engine, [paid('2024-01-01', 'a', '40'), refunded('2024-02-01', 'a', '30')])
    const again = by('reinstate', { points: 11, until: utc('2024-06-01') }, '2024-02-02')
    expect(refusalOf(engine, gone, again)).toMatchObject({ requested: 11, reinstatable: 10 })
    const { state: back } = tell(engine, [{ ...again, data: { ...again.data, points: 10 } }] as never, gone)
    const { state: undone } = tell(engine, [refunded('2024-02-03', 'a', '10')], back)
    expect(engine.view(undone, utc('2024-02-03')).balance).toBe(0)
  })

  test('what comes back repays what is owed first', () => {
    const { state: owing } = tell(engine, [
      give('2024-01-01', 20),
      paid('2024-02-01', 'a', '40'),
      redeem('2024-02-01', 40),
      refunded('2024-02-02', 'a', '40'),
      by('reinstate', { until: utc('2024-06-01') }, '2024-02-03') as never,
    ])
    expect(engine.view(owing, utc('2024-02-03')).balance).toBe(-20)
  })
})

describe('spent points that come back', () => {
  const { give, redeem, refund, event: say } = account()
  const at = utc('2024-04-05')
  const spent = (engine: ReturnType<typeof pointsWith>) =>
    tell(engine, [give('2024-03-01', 100), redeem('2024-03-20', 60, 'r')]).state

  test.each([
    ['to their lots, which have ended', {}, [0, undefined]],
    ['to their lots, for a grace', { grace: { days: 5 } }, [60, utc('2024-04-10')]],
    ['to new lots', { to: 'fresh-lots' }, [60, utc('2024-05-05')]],
    ['to their lots, and at once out of them', { ifExpired: 'expire-at-once' }, [0, undefined]],
    [
      'for a grace, in full',
      { to: 'original-lots', grace: { days: 5 }, ifExpired: 'grace' },
      [60, utc('2024-04-10')],
    ],
  ] as const)('%s', (_, refunds, expected) => {
    const engine = pointsWith({ expires: { days: 30 }, refunds })
    const { state } = tell(engine, [{ ...refund(at, 'r') }], spent(engine))
    const { balance, next } = engine.view(state, at)
    expect([balance, next?.at]).toEqual(expected)
    expect(pointsFrom(engine.definition).hash).toBe(engine.hash)
  })

  test.each([
    [{ ifExpired: 'grace' }, 'missing', '$.refunds.grace'],
    [{ ifExpired: 'expire-at-once', grace: { days: 1 } }, 'unknown-key', '$.refunds.grace'],
    [{ to: 'fresh-lots', grace: { days: 1 } }, 'unknown-key', '$.refunds.grace'],
    [{ to: 'somewhere' }, 'unknown-name', '$.refunds.to'],
    [{ too: 'fresh-lots' }, 'unknown-key', '$.refunds.too'],
  ])('policies that contradict themselves: %j', (refunds, code, path) => {
    expect(() => pointsWith({ refunds: refunds as never })).toThrow(expect.objectContaining({ code, path }))
  })

  test('by amount: the cumulative exact share, rounded for the holder, and all of it in the end', () => {
    const engine = pointsWith()
    const { state: paid } = tell(engine, [
      give('2024-03-01', 100),
      say(
        '2024-03-02',
        'points/redeem',
        { points: 10, for: { amount: '30.00', currency: 'CNY' } },
        'r',
      ) as never,
    ])
    let now = paid
    const back = ['0.01', '9.99', '10.00', '9.99', '0.01'].map((amount, i) => {
      const told = tell(
        engine,
        [say(utc('2024-03-03') + i, 'points/refund', { redemption: 'r', amount }) as never],
        now,
      )
      now = told.state
      return (told.log[0]!.data as { points: number }).points
    })
    expect(back).toEqual([1, 3, 3, 3, 0])
    const more = say('2024-03-04', 'points/refund', { redemption: 'r', amount: '0.01' })
    expect(refusalOf(engine, now, more)).toEqual({
      code: 'refund-exceeds-payment',
      requested: '0.01',
      refundable: '0.00',
      currency: 'CNY',
    })
  })

  test('by line: each no more than it was, all of it unless told', () => {
    const engine = pointsWith()
    const lines = { shoes: '20.00', hat: '10.00' }
    const { state: paid } = tell(engine, [
      give('2024-03-01', 100),
      say('2024-03-02', 'points/redeem', { points: 30, for: { lines, currency: 'CNY' } }, 'r') as never,
    ])
    const ask = (data: object) => say('2024-03-03', 'points/refund', { redemption: 'r', ...data })
    expect(refusalOf(engine, paid, ask({ of: 'hat', amount: '10.01' }))).toMatchObject({
      refundable: '10.00',
    })
    expect(refusalOf(engine, paid, ask({ of: 'coat' }))).toEqual({ code: 'unknown-line' })
    const { state: hat, log } = tell(engine, [ask({ of: 'hat' }) as never], paid)
    expect(log[0]!.data).toMatchObject({ points: 10, paid: { amount: 1000, of: 'hat' } })
    expect(refusalOf(engine, hat, ask({ of: 'hat' }))).toMatchObject({
      requested: '0.00',
      refundable: '0.00',
    })
    expect(refusalOf(engine, hat, ask({ amount: '20.01' }))).toMatchObject({ refundable: '20.00' })
    const { log: rest } = tell(engine, [ask({ amount: '20.00' }) as never], hat)
    expect(rest[0]!.data).toMatchObject({ points: 20 })
  })

  test.each([
    { amount: '0.00', currency: 'CNY' },
    { amount: '-1', currency: 'CNY' },
    { amount: '1.234', currency: 'CNY' },
    { amount: 3, currency: 'CNY' },
    { amount: '1.00', currency: 'yuan' },
    { lines: {}, currency: 'CNY' },
    { lines: { a: '0' }, currency: 'CNY' },
    { lines: { a: '1' }, amount: '1', currency: 'CNY' },
    { amount: '1.00', currency: 'CNY', note: 'x' },
    'a lot',
  ])('what is paid for is an amount, not %j', (what) => {
    const engine = pointsWith()
    const { state } = tell(engine, [give('2024-03-01', 100)])
    expect(refusalOf(engine, state, say('2024-03-02', 'points/redeem', { points: 1, for: what }))).toEqual({
      code: 'not-an-amount',
    })
  })
})

test('the expiries of the next year, by month', () => {
  const engine = pointsWith({ expires: { months: 6, end: 'month' } })
  const { give } = account()
  const { state } = tell(engine, [give('2024-01-15', 5), give('2024-01-20', 7), give('2024-02-20', 11)])
  const zone = calendarOf({ zone: 'UTC' })
  expect(expiriesByMonth(state.of, zone, utc('2024-02-20'), utc('2025-02-20'))).toEqual([
    { currency: 'points', month: '2024-07', points: 12 },
    { currency: 'points', month: '2024-08', points: 11 },
  ])
  expect(expiriesByMonth(state.of, zone, utc('2024-02-20'), utc('2024-08-01'))).toEqual([])
  expect(() => expiries(state.of, 2, 1)).toThrow(expect.objectContaining({ code: 'out-of-range' }))
  expect(() => expiringBy(state.of, 'stars', 1)).toThrow(expect.objectContaining({ code: 'unknown-name' }))
})

describe('ends that are none', () => {
  test.each<[expires: object, code: string, path: string]>([
    [{ on: '2027-02-30' }, 'out-of-range', '$.expires.on'],
    [{ on: '2027-02-28', atLeast: { days: 1 } }, 'unknown-key', '$.expires.atLeast'],
    [{ every: '13-01' }, 'out-of-range', '$.expires.every'],
    [{ every: '12-31', atLeast: { days: -1 } }, 'invalid-duration', '$.expires.atLeast.days'],
    [{ anniversary: 'birthday' }, 'wrong-type', '$.expires.anniversary'],
    [{ anniversary: { attribute: 'city' } }, 'unknown-name', '$.expires.anniversary.attribute'],
    [{ inactive: { days: 1 }, activity: [] }, 'missing', '$.expires.activity'],
    [{ inactive: { days: 1 }, activity: ['visit'] }, 'unknown-name', '$.expires.activity[0]'],
    [{ inactive: { days: 1 }, activity: ['visited', 'visited'] }, 'duplicate-name', '$.expires.activity[1]'],
    [
      { inactive: { days: 1 }, activity: ['visited'], countsZeroPoints: 1 },
      'wrong-type',
      '$.expires.countsZeroPoints',
    ],
    [{ months: 1, roundTo: 'month' }, 'invalid-duration', '$.expires.roundTo'],
  ])('%j', (expires, code, path) => {
    expect(() => lasting(expires as never)).toThrow(expect.objectContaining({ code, path }))
  })

  test('nor has a rule inactivity, or a cost below nothing', () => {
    const rule = { rule: 'deed', on: 'deed', earns: { points: 1 } } as const
    const inactivity = { inactive: { days: 1 }, activity: ['visited'] }
    const withRule = (more: object) => lasting('never', 'UTC', { earning: [{ ...rule, ...more }] })
    expect(() => withRule({ expires: inactivity })).toThrow(
      expect.objectContaining({ path: '$.earning[0].expires.inactive' }),
    )
    expect(() => withRule({ cost: '-1' })).toThrow(expect.objectContaining({ path: '$.earning[0].cost' }))
    expect(() => lasting('never', 'UTC', { spend: 'newest' })).toThrow(
      expect.objectContaining({ path: '$.spend' }),
    )
  })
})

test('a lot that ends twice at one instant does so in two events, each with an id of its own', () => {
  const engine = pointsWith({ expires: { days: 30 } })
  const { paid, redeem, event } = account()
  const back = (points: number) => event('2024-03-31', 'points/refund', { redemption: 'r', points })
  const { state, log } = tell(engine, [
    paid('2024-03-01', 'a', '9'),
    redeem('2024-03-02', 5, 'r'),
    back(2),
    back(3),
  ] as never)
  expect(engine.view(state, utc('2024-03-31')).totals.expired).toBe(9)
  expect(new Set(log.map(({ id }) => id)).size).toBe(log.length)
  expect(restore(engine, 'u1', log)).toEqual(state)
  expect(audit(engine, state, log)).toEqual({ findings: [] })
})
