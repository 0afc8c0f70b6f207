// Caps: several at once, each way over them, room that comes back by time or by refunds, and the bound of a balance.
import { type DefinitionError, explain, instant, pointsFrom, replay } from 'liuliang'
import { describe, expect, test } from 'vitest'
import { tell } from '../../support/story.js'
import { buyer, paidBy, pointsIn, pointsOf, postings, purchase, rate } from './support/market.js'

const { paid, bought, refunded, cancelled, received, redeem, give, checkedIn } = buyer()
const at = (text: string) => instant(`${text}+08:00`)
const [noon, evening, next] = [at('2026-03-05T12:00'), at('2026-03-05T20:00'), at('2026-03-06T12:00')]
const midnight = at('2026-03-06T00:00')
const daily = { cap: 'daily', atMost: 100, per: { this: 'day' }, overflow: 'truncate' } as const
const carried = { ...daily, overflow: 'carry' } as const
const wrong = (make: () => unknown) => {
  try {
    make()
  } catch (error) {
    const { code, path } = error as DefinitionError
    return `${code} ${path}`
  }
  return 'nothing was wrong'
}
/** Points with when they were posted. */
const dated = (engine: ReturnType<typeof pointsOf>, inputs: readonly unknown[]) =>
  postings(engine, inputs).map(({ type, points, at }) => [at, type === 'points/earned' ? points : -points])

describe('periods', () => {
  const orders = [paid(noon, 'a', '70'), paid(evening, 'b', '70'), paid(next, 'c', '70')]

  test.each([
    ['a local day', { this: 'day' }, [70, 30, 70]],
    ['a span that rolls', { hours: 24 }, [70, 30, 70]],
    ['one that is a millisecond longer', { seconds: 86_401 }, [70, 30, 0]],
    ['a month', { this: 'month' }, [70, 30, 0]],
    ['for ever', 'ever', [70, 30, 0]],
    ['an event', 'event', [70, 70, 70]],
  ] as const)('%s', (_, per, points) => {
    const engine = pointsOf({ caps: [{ ...daily, per }] })
    expect(pointsIn(engine, orders)).toEqual(points)
    expect(pointsFrom(engine.definition).hash).toBe(engine.hash)
  })

  test('an event is one over all its rules', () => {
    const engine = pointsOf({
      earning: [rate('a', 1), rate('b', 1)],
      caps: [{ ...daily, per: 'event' }],
    })
    expect(pointsIn(engine, [paid(noon, 'a', '70'), paid(noon, 'b', '70')])).toEqual([70, 30, 70, 30])
  })

  test('of some rules alone, or of one currency', () => {
    const currencies = [
      { currency: 'points', kind: 'spendable' },
      { currency: 'stars', kind: 'status' },
    ] as const
    const earning = [rate('a', 1), rate('b', 1), { ...rate('star', 1), in: 'stars' }]
    const some = pointsOf({ currencies, earning, caps: [{ ...daily, rules: ['b'] }] })
    expect(paidBy(some, [paid(noon, 'o', '170')])).toEqual(['a 170', 'b 100', 'star 170'])
    const stars = pointsOf({ currencies, earning, caps: [{ ...daily, in: 'stars' }] })
    expect(paidBy(stars, [paid(noon, 'o', '170')])).toEqual(['a 170', 'b 170', 'star 100'])
    const first = pointsOf({ currencies, earning, caps: [daily] })
    expect(paidBy(first, [paid(noon, 'o', '170')])).toEqual(['a 100', 'b 0', 'star 170'])
  })

  test('what was counted in a window that has ended is not kept', () => {
    const engine = pointsOf({ caps: [{ ...daily, per: { hours: 24 } }] })
    const hours = Array.from({ length: 400 }, (_, i) => paid(noon + i * 3_600_000, `o${i}`, '1'))
    const { state } = tell(engine, hours as never)
    expect(state.of.limits.used['daily']?.n).toBe(24)
  })
})

describe('over a cap', () => {
  const orders = [paid(noon, 'a', '70'), paid(evening, 'b', '70.50'), paid(next, 'c', '0.50')]

  test('truncate pays what there is room for; fractions are kept', () => {
    expect(pointsIn(pointsOf({ caps: [daily] }), orders)).toEqual([70, 30, 1])
  })

  test('refuse pays an event whole or not at all, and keeps no fraction of it', () => {
    expect(pointsIn(pointsOf({ caps: [{ ...daily, overflow: 'refuse' }] }), orders)).toEqual([70, 0, 0])
  })

  test('carry pays the rest at the instant at which there is room', () => {
    expect(dated(pointsOf({ caps: [carried] }), orders)).toEqual([
      [noon, 70],
      [evening, 30],
      [midnight, 40],
      [next, 1],
    ])
  })

  test('carry of a span that rolls pays as each payment leaves it', () => {
    const engine = pointsOf({ caps: [{ ...carried, per: { hours: 24 } }] })
    const { state } = tell(engine, [paid(noon, 'a', '70'), paid(evening, 'b', '150')] as never)
    const { events } = engine.advance(state, next + 10 * 86_400_000)
    expect(events.map((one) => [one.occurredAt, (one.data as { readonly points: number }).points])).toEqual([
      [noon + 86_400_000, 70],
      [evening + 86_400_000, 30],
      [noon + 2 * 86_400_000, 20],
    ])
  })

  test('who waited longer is paid first, and a new order takes what is left', () => {
    const engine = pointsOf({ caps: [carried] })
    const inputs = [paid(noon, 'a', '150'), paid(noon, 'b', '30'), paid(next, 'c', '50')]
    expect(postings(engine, inputs).map(({ origin, points, at }) => [origin, points, at])).toEqual([
      ['a', 100, noon],
      ['b', 0, noon],
      ['a', 50, midnight],
      ['b', 30, midnight],
      ['c', 20, next],
    ])
  })

  test('points that were paid later last from then on, and wait to be confirmed once', () => {
    const engine = pointsOf({
      earning: [{ ...purchase, pending: 'until-confirmed' }],
      caps: [carried],
      expires: { days: 30 },
    })
    const { state } = tell(engine, [paid(noon, 'a', '150'), received(evening, 'a')] as never)
    const later = engine.advance(state, midnight).state
    expect(engine.view(later, midnight)).toMatchObject({ balance: 150, pending: 0 })
    expect(
      engine.advance(later, midnight + 30 * 86_400_000 - 1).state.of.books['points']!.lots,
    ).toMatchObject({ issued: 2 })
    const unconfirmed = tell(engine, [paid(noon, 'b', '150')] as never).state
    expect(engine.view(unconfirmed, midnight)).toMatchObject({ balance: 0, pending: 150 })
    const none = tell(engine, [
      paid(noon, 'a', '100'),
      paid(noon, 'b', '50'),
      received(evening, 'b'),
    ] as never).state
    expect(engine.view(none, midnight)).toMatchObject({ balance: 50, pending: 100 })
  })
})

describe('several caps', () => {
  test('the tightest wins, whatever the order in which they are listed', () => {
    const weekly = { ...daily, cap: 'weekly', atMost: 120, per: { this: 'week' } } as const
    const single = { ...daily, cap: 'single', atMost: 80, per: 'event' } as const
    const orders = [paid(noon, 'a', '99'), paid(noon, 'b', '99'), paid(next, 'c', '99')]
    for (const caps of [
      [daily, weekly, single],
      [single, weekly, daily],
    ])
      expect(pointsIn(pointsOf({ caps }), orders)).toEqual([80, 20, 20])
  })

  test('what is lost is lost before anything waits', () => {
    const single = { ...daily, cap: 'single', atMost: 130, per: 'event' } as const
    const { state, log } = tell(pointsOf({ caps: [carried, single] }), [paid(noon, 'a', '300')] as never)
    expect(log[1]!.data).toMatchObject({ points: 100, share: { earned: 100, waits: 30 } })
    expect(pointsOf({ caps: [carried, single] }).view(state, midnight).balance).toBe(130)
  })

  test('what waited passes the other caps again, and is lost where they have none', () => {
    const weekly = { ...daily, cap: 'weekly', atMost: 110, per: { this: 'month' } } as const
    const engine = pointsOf({ caps: [carried, weekly] })
    const orders = [paid(noon, 'a', '105'), paid(next, 'b', '0')]
    expect(pointsIn(engine, orders)).toEqual([100, 5])
    const both = [paid(noon, 'a', '105'), paid(noon, 'b', '4'), paid(midnight, 'c', '90')]
    expect(pointsIn(engine, both)).toEqual([100, 0, 5, 4, 1])
  })

  test('points wait until all caps under which they may have room', () => {
    const rolling = { ...carried, cap: 'rolling', atMost: 150, per: { hours: 48 } } as const
    const engine = pointsOf({ caps: [carried, rolling] })
    const inputs = [paid(noon, 'a', '200'), checkedIn(noon + 3 * 86_400_000)]
    expect(dated(engine, inputs)).toEqual([
      [noon, 100],
      [midnight, 50],
      [noon + 2 * 86_400_000, 50],
    ])
  })
})

describe('refunds of capped earnings', () => {
  test('take back exactly what was paid, in any parts', () => {
    const parts = ['70', '70', '70'].map((amount) => refunded(noon, 'a', amount))
    expect(pointsIn(pointsOf({ caps: [daily] }), [paid(noon, 'a', '210'), ...parts])).toEqual([
      100, -33, -33, -34,
    ])
  })

  test('of what waits first, so that nobody is paid for what was returned', () => {
    const engine = pointsOf({ caps: [carried] })
    const { state, log } = tell(engine, [paid(noon, 'a', '150'), refunded(noon, 'a', '60')] as never)
    expect(log.at(-1)!.data).toMatchObject({
      points: 10,
      dropped: 50,
      share: { earned: 100, clawedBack: 10, dropped: 50 },
    })
    expect(engine.view(state, midnight).balance).toBe(90)
    expect(state.of.limits.waiters).toBe(0)
    expect(
      pointsIn(engine, [
        paid(noon, 'a', '150'),
        refunded(noon, 'a', '30'),
        checkedIn(next),
        cancelled(next, 'a'),
      ]),
    ).toEqual([100, -0, 20, -120])
  })

  test('by line: the capped points are spread over the lines as they earned', () => {
    const items = [
      { sku: 'rice', amount: '100' },
      { sku: 'novel', amount: '50' },
    ]
    const earning = [
      { ...purchase, each: 'items', line: 'sku', earns: { points: 1, per: '1', of: 'amount' } } as const,
    ]
    const { returned } = buyer('u2')
    const parts = items.map((one) => ({ ...returned(noon, 'a', [one]), subject: 'u1' }))
    expect(pointsIn(pointsOf({ earning, caps: [daily] }), [bought(noon, 'a', items), ...parts])).toEqual([
      100, -66, -34,
    ])
    expect(pointsIn(pointsOf({ earning, caps: [carried] }), [bought(noon, 'a', items), ...parts])).toEqual([
      100, -50, -50,
    ])
  })

  test('give no room back unless the cap says so', () => {
    const inputs = [paid(noon, 'a', '100'), cancelled(noon, 'a'), paid(evening, 'b', '40')]
    expect(pointsIn(pointsOf({ caps: [daily] }), inputs)).toEqual([100, -100, 0])
    const back = pointsOf({ caps: [{ ...daily, returns: true }] })
    expect(pointsIn(back, inputs)).toEqual([100, -100, 40])
    expect(pointsFrom(back.definition).hash).toBe(back.hash)
    // What was paid yesterday gives today no room.
    const late = [paid(noon, 'a', '100'), paid(next, 'b', '100'), cancelled(next, 'a'), paid(next, 'c', '9')]
    expect(pointsIn(back, late)).toEqual([100, 100, -100, 0])
  })

  test('room that is given back pays who waits when its instant is over', () => {
    const engine = pointsOf({ caps: [{ ...carried, returns: true }] })
    const inputs = [paid(noon, 'a', '100'), paid(noon, 'b', '60'), refunded(evening, 'a', '30')]
    expect(dated(engine, inputs)).toEqual([
      [noon, 100],
      [noon, 0],
      [evening, -30],
    ])
    const late = [...inputs, paid(evening + 1, 'c', '1')]
    expect(dated(engine, late).slice(3)).toEqual([
      [evening + 1, 30],
      [evening + 1, 0],
    ])
  })
})

describe('the bound of a balance', () => {
  const currencies = [{ currency: 'points', kind: 'spendable', atMost: 100 }] as const

  test('cuts what would be earned beyond it; what was spent makes room', () => {
    const engine = pointsOf({ currencies })
    expect(
      pointsIn(engine, [
        paid(noon, 'a', '70'),
        paid(noon, 'b', '70'),
        redeem(noon, 50),
        paid(noon, 'c', '70'),
      ]),
    ).toEqual([70, 30, 50])
    expect(pointsIn(engine, [give(noon, 70), give(noon, 70)])).toEqual([70, 30])
  })

  test('counts what is pending too', () => {
    const engine = pointsOf({ currencies, pending: { days: 7 } })
    expect(pointsIn(engine, [paid(noon, 'a', '70'), paid(noon, 'b', '70')])).toEqual([70, 30])
  })

  test('is a whole number of points', () => {
    expect(
      wrong(() => pointsOf({ currencies: [{ currency: 'points', kind: 'spendable', atMost: 0 }] })),
    ).toBe('out-of-range $.currencies[0].atMost')
  })
})

test('says in words what was cut, and by what', () => {
  const last = (terms: Parameters<typeof pointsOf>[0], inputs: readonly unknown[]) => {
    const engine = pointsOf(terms)
    const { reason } = postings(engine, inputs).at(-1)!
    return [explain(engine, reason, 'en'), explain(engine, reason, 'zh')]
  }
  const gold = {
    by: '1.5',
    when: { condition: 'gte', fact: { fact: 'count', event: 'order-paid' }, value: 1 },
  } as const
  expect(
    last({ earning: [{ ...purchase, multiply: [gold] }], caps: [daily] }, [paid(noon, 'a', '99.99')]),
  ).toEqual([
    '99.99 CNY, 1 for each 1 CNY (rule purchase) × 1.5, because "order-paid" at least 1 time (is 1), cut from 149 to 100 by daily (at most 100)',
    '99.99 CNY，每1 CNY积1分（规则：purchase）×1.5，因为“order-paid”≥1次（现为1），因“daily”上限100由149减为100',
  ])
  expect(last({ caps: [{ ...daily, overflow: 'refuse' }] }, [paid(noon, 'a', '101')])).toEqual([
    '101.00 CNY, 1 for each 1 CNY (rule purchase), not paid: 101 are more than daily has room for (at most 100)',
    '101.00 CNY，每1 CNY积1分（规则：purchase），未发放：101分超出“daily”余量（上限100）',
  ])
  expect(last({ caps: [carried] }, [paid(noon, 'a', '101')])[0]).toContain(
    '100 of 101 now, the rest when daily has room again (at most 100)',
  )
  expect(last({ caps: [carried] }, [paid(noon, 'a', '101'), checkedIn(next)])).toEqual([
    'out of 1 that waited for room (rule purchase)',
    '此前等待额度的1分现予发放（规则：purchase）',
  ])
  const currencies = [{ currency: 'points', kind: 'spendable', atMost: 100 }] as const
  expect(last({ currencies }, [give(noon, 101)])).toEqual([
    'given by hand: a present, cut from 101 to 100: an account holds at most 100',
    '人工发放：a present，由101减为100：账户上限为100',
  ])
})

test('of 500 origins points can wait; what comes beyond is lost', () => {
  const engine = pointsOf({ caps: [carried] })
  const orders = Array.from({ length: 503 }, (_, i) => paid(noon, `o${i}`, i === 0 ? '100' : '1'))
  const { state, log } = tell(engine, orders as never)
  expect(state.of.limits.waiters).toBe(500)
  const { reason } = log.at(-1)!.data as never as { readonly reason: { readonly limits: readonly object[] } }
  expect(reason.limits).toMatchObject([{ code: 'too-many-wait', from: 1, to: 0 }])
  expect(explain(engine, reason as never, 'en')).toContain('too many wait already')
  const later = engine.advance(state, midnight + 9 * 86_400_000)
  expect(later.events).toHaveLength(500)
  expect(later.state.of.limits).toMatchObject({ waiters: 0 })
})

test('a late order is corrected: what was capped after it, what waits, and how much room is left', () => {
  for (const overflow of ['truncate', 'refuse', 'carry'] as const) {
    const engine = pointsOf({ caps: [{ ...daily, overflow, returns: true }] })
    const early = paid(noon, 'early', '80', {})
    const others = [paid(evening, 'a', '70'), cancelled(evening, 'none'), paid(evening, 'b', '20')]
    const start = engine.start('u1')
    const { log } = tell(engine, others as never)
    const corrected = replay(engine, { checkpoint: start, tail: log }, { add: [early] as never })
    const straight = tell(engine, [early, ...others] as never).state
    expect(corrected.state.of.limits.used, overflow).toEqual(straight.of.limits.used)
    for (const then of [evening, midnight, next])
      expect(engine.view(corrected.state, then).balance, overflow).toBe(engine.view(straight, then).balance)
    const back = [cancelled(next, 'a'), cancelled(next, 'early'), paid(next, 'c', '55')]
    const [one, two] = [corrected.state, straight].map((state) => tell(engine, back as never, state).state)
    expect(engine.view(one!, next).balance).toBe(engine.view(two!, next).balance)
  }
})

test.each([
  [[{ ...daily }, { ...daily }], 'duplicate-name $.caps[1].cap'],
  [[{ ...daily, rules: ['purchas'] }], 'unknown-name $.caps[0].rules[0]'],
  [[{ ...daily, atMost: 1.5 }], 'out-of-range $.caps[0].atMost'],
  [[{ ...daily, overflow: 'drop' }], 'unknown-name $.caps[0].overflow'],
  [[{ ...carried, per: 'event' }], 'out-of-range $.caps[0].overflow'],
  [[{ ...carried, per: 'ever' }], 'out-of-range $.caps[0].overflow'],
  [[{ ...carried, atMost: 0 }], 'out-of-range $.caps[0].atMost'],
  [[{ ...daily, per: 'event', returns: true }], 'out-of-range $.caps[0].returns'],
  [[{ ...daily, per: { this: 'dya' } }], 'unknown-name $.caps[0].per.this'],
  [[{ ...daily, per: { previous: 'day' } }], 'unknown-key $.caps[0].per'],
  [[{ ...daily, per: { days: 0 } }], 'invalid-duration $.caps[0].per'],
  [[{ ...daily, per: { this: 'fiscal-month' } }], 'missing $.calendar.fiscal'],
  [[{ ...daily, in: 'stars' }], 'unknown-name $.caps[0].in'],
])('%j is refused', (caps, fault) => {
  expect(wrong(() => pointsOf({ caps: caps as never }))).toBe(fault)
})
