// The oracle itself, anchored to numbers worked out by hand.
import {
  type AnyEvent,
  type CalendarDefinition,
  type Condition,
  type Duration,
  defineEvents,
  FactSet,
  factKinds,
  instant,
  integer,
  money,
  not,
  ref,
  text,
} from 'liuliang/kernel'
import { defineLifecycle } from 'liuliang/lifecycle'
import { definePoints } from 'liuliang/points'
import { defineProgram } from 'liuliang/program'
import { describe, expect, test } from 'vitest'
import {
  oracleCalendar,
  oracleCondition,
  oracleFact,
  oracleLifecycle,
  oracleNextChange,
  oracleNextFlip,
  oraclePoints,
  oracleProgram,
} from '../../src/testing/oracle/index.js'

const shop = defineEvents({
  'order-paid': {
    orderId: text(),
    amount: money('CNY'),
    items: integer().optional(),
    coupon: text().optional(),
    friend: ref('friend').optional(),
  },
  'order-refunded': { orderId: text(), amount: money('CNY') },
  'order-swapped': { first: text(), second: text() },
  'order-delivered': { orderId: text() },
})
const calendar: CalendarDefinition = { zone: 'Asia/Shanghai' }
const scope = { events: shop.events, calendar, kinds: factKinds }

/** Noon in Shanghai on a day of 2024. */
const noon = (date: string) => instant(`2024-${date}T12:00:00+08:00`)
let ids = 0
const on = (date: string, type: string, data: object, id = `e${ids++}`): AnyEvent => ({
  id,
  subject: 'u',
  occurredAt: noon(date),
  type,
  data,
})
const paid = (date: string, amount: string, orderId = 'o1') => on(date, 'order-paid', { orderId, amount })

describe('calendar', () => {
  test.each<[zone: string, at: string, Duration, reached: string]>([
    // 31 January and one month; 29 February and one year.
    ['UTC', '2024-01-31T10:00:00Z', { months: 1 }, '2024-02-29T10:00:00Z'],
    ['UTC', '2024-02-29T10:00:00Z', { years: 1 }, '2025-02-28T10:00:00Z'],
    // 02:30 is skipped in New York on 10 March: an hour later.
    ['America/New_York', '2024-03-09T02:30:00-05:00', { days: 1 }, '2024-03-10T03:30:00-04:00'],
    // 01:30 comes twice on 3 November: the earlier one; nothing added keeps the later one.
    ['America/New_York', '2024-11-02T01:30:00-04:00', { days: 1 }, '2024-11-03T01:30:00-04:00'],
    ['America/New_York', '2024-11-03T01:30:00-05:00', { days: 0 }, '2024-11-03T01:30:00-05:00'],
    // 24 hours over the short night, and a day.
    ['Europe/Berlin', '2024-03-30T12:00:00+01:00', { hours: 24 }, '2024-03-31T13:00:00+02:00'],
    ['Europe/Berlin', '2024-03-30T12:00:00+01:00', { days: 1 }, '2024-03-31T12:00:00+02:00'],
    // Lord Howe moves by half an hour.
    ['Australia/Lord_Howe', '2024-10-05T02:15:00+10:30', { days: 1 }, '2024-10-06T02:45:00+11:00'],
    // Apia had no 30 December 2011.
    ['Pacific/Apia', '2011-12-29T09:00:00-10:00', { days: 1 }, '2011-12-31T09:00:00+14:00'],
    ['Pacific/Apia', '2011-12-29T09:00:00-10:00', { days: 0, end: true }, '2011-12-31T00:00:00+14:00'],
    ['Asia/Shanghai', '2024-03-05T09:00:00+08:00', { days: 90, end: true }, '2024-06-04T00:00:00+08:00'],
    [
      'Asia/Shanghai',
      '2024-03-05T09:00:00+08:00',
      { months: 1, end: 'quarter' },
      '2024-07-01T00:00:00+08:00',
    ],
    ['Asia/Shanghai', '2024-03-05T09:00:00+08:00', { days: 0, end: 'year' }, '2025-01-01T00:00:00+08:00'],
    // From a Saturday the next one is seven days away.
    ['Asia/Shanghai', '2024-03-09T09:00:00+08:00', { next: { weekday: 6 } }, '2024-03-16T09:00:00+08:00'],
    [
      'Asia/Shanghai',
      '2024-03-09T09:00:00+08:00',
      { next: { weekday: 7 }, at: '07:30' },
      '2024-03-10T07:30:00+08:00',
    ],
    ['Asia/Shanghai', '2024-03-09T09:00:00+08:00', { weeks: 1, at: '00:05' }, '2024-03-16T00:05:00+08:00'],
  ])('%s, %s and %j is %s', (zone, at, duration, reached) => {
    expect(oracleCalendar({ zone }).add(instant(at), duration)).toBe(instant(reached))
  })
})

describe('facts', () => {
  const events = [paid('01-01', '100.10'), paid('01-20', '0.90'), paid('02-10', '50')]
  const past = { events, subject: 'u', scope }
  const within = { days: 30 }

  test('an event counts from its instant until the same local time so many dates later, that instant left out', () => {
    const { fact } = shop.count('order-paid', { within })
    // 1 January leaves on the 31st, 20 January on 19 February.
    expect(oracleFact(fact, past, noon('02-10'))).toBe(2)
    expect(oracleFact(fact, past, noon('02-19') - 1)).toBe(2)
    expect(oracleFact(fact, past, noon('02-19'))).toBe(1)
  })

  test('sums are in minor units, the last is the last one', () => {
    expect(oracleFact(shop.sum('order-paid', 'amount').fact, past, noon('03-01'))).toBe(15_100)
    expect(oracleFact(shop.last('order-paid', 'amount').fact, past, noon('03-01'))).toBe(5000)
    expect(oracleFact(shop.last('order-paid', 'amount', { within }).fact, past, noon('03-12'))).toBe(null)
    expect(
      oracleFact(shop.sum('order-paid', 'amount', { where: { amount: '0.9' } }).fact, past, noon('03-01')),
    ).toBe(90)
  })

  test('another takes part in a role', () => {
    const theirs = { ...on('01-02', 'order-paid', { orderId: 'x', amount: '7', friend: 'u' }), subject: 'v' }
    const here = { ...past, events: [...events, theirs] }
    expect(oracleFact(shop.count('order-paid').fact, here, noon('03-01'))).toBe(3)
    expect(oracleFact(shop.count('order-paid', { as: 'friend' }).fact, here, noon('03-01'))).toBe(1)
  })

  test('elapsed time reaches its threshold at the instant, and passes it a millisecond later', () => {
    const since = shop.timeSince('order-paid')
    const reached = noon('02-12')
    const answers = (condition: Condition) =>
      [-1, 0, 1].map((ms) => oracleCondition(condition, past, reached + ms))
    expect(answers(since.gte({ days: 2 }))).toEqual([false, true, true])
    expect(answers(since.gt({ days: 2 }))).toEqual([false, false, true])
    expect(answers(since.lt({ days: 2 }))).toEqual([true, false, false])
    expect(answers(since.lte({ days: 2 }))).toEqual([true, true, false])
    expect(answers(since.between({ days: 1 }, { days: 2 }))).toEqual([true, true, false])
  })

  test('what is missing does not hold, and its not does', () => {
    const nobody = { ...past, events: [] }
    const never = shop.timeSince('order-paid').lt({ days: 9 })
    expect(oracleCondition(never, nobody, 0)).toBe(false)
    expect(oracleCondition(not(never), nobody, 0)).toBe(true)
  })

  test('a condition flips when enough has left its window, not before', () => {
    const twice = shop.count('order-paid', { within }).gte(2)
    expect(oracleNextFlip(twice, past, noon('02-10'))).toBe(noon('02-19'))
    const silent = shop.timeSince('order-paid')
    expect(oracleNextFlip(twice.or(silent.gte({ days: 9 })), past, noon('02-10'))).toBe(undefined)
    // For one millisecond neither holds.
    expect(oracleNextFlip(twice.or(silent.gt({ days: 9 })), past, noon('02-10'))).toBe(noon('02-19'))
  })
})

describe('stages', () => {
  const customer = defineLifecycle({
    id: 'customer',
    version: 1,
    calendar,
    events: shop,
    activity: ['order-paid'],
    stages: ['lead', 'new', 'active', 'lapsed'],
    initial: 'lead',
    rules: {
      lead: [{ to: 'new', on: 'order-paid' }],
      new: [
        { to: 'active', when: shop.count('order-paid', { within: { days: 60 } }).gte(2) },
        { to: 'lapsed', inactiveFor: { days: 90 } },
      ],
      active: [
        { to: 'new', when: shop.count('order-paid', { within: { days: 60 } }).lt(2) },
        { to: 'lapsed', inactiveFor: { days: 20 } },
      ],
      lapsed: [{ to: 'new', on: 'order-paid' }],
    },
  })
  const ask = (inputs: readonly AnyEvent[], asOf: number) =>
    oracleLifecycle({ definition: customer.definition, inputs, subject: 'u', asOf })

  test('a story by hand', () => {
    const inputs = [paid('01-01', '1'), paid('01-11', '1'), paid('01-31', '1'), paid('03-20', '1')]
    const told = ask(inputs, noon('07-01'))
    expect(told.moves.map(({ at, from, to }) => [at, from, to])).toEqual([
      [noon('01-01'), 'lead', 'new'],
      [noon('01-11'), 'new', 'active'],
      // Twenty days of silence end as the third order comes: the deadline is first.
      [noon('01-31'), 'active', 'lapsed'],
      [noon('01-31'), 'lapsed', 'new'],
      [noon('01-31'), 'new', 'active'],
      [noon('02-20'), 'active', 'lapsed'],
      [noon('03-20'), 'lapsed', 'new'],
      // By 20 March only the orders of 31 January and 20 March are in the window; 60 days after 31 January: 31 March.
      [noon('03-20'), 'new', 'active'],
      [noon('03-31'), 'active', 'new'],
      [noon('06-18'), 'new', 'lapsed'],
    ])
    expect(told.since).toBe(noon('06-18'))
    expect(told.next).toBe(null)
    const soon = { definition: customer.definition, inputs, subject: 'u', asOf: noon('03-31') }
    expect(oracleNextChange(soon)).toBe(noon('06-18'))
  })

  test('a move by hand counts as activity, and nothing happens before the first input', () => {
    expect(ask([], noon('01-01'))).toEqual({ stage: 'lead', since: null, next: null, moves: [] })
    const moved = ask([on('01-01', 'customer/move-set', { to: 'active', reason: 'vip' })], noon('01-01'))
    expect(moved.moves.map(({ to }) => to)).toEqual(['active', 'new'])
    expect(moved.next).toEqual({ to: 'lapsed', at: noon('03-31') })
  })
})

describe('points', () => {
  const account = definePoints({
    id: 'points',
    version: 1,
    calendar,
    events: shop,
    earning: [
      { rule: 'purchase', on: 'order-paid', earns: { points: 1, per: '3', of: 'amount' }, origin: 'orderId' },
    ],
    clawback: [{ on: 'order-refunded', origin: 'orderId', of: 'amount' }],
    pending: { days: 7 },
    expires: { days: 30 },
  })
  const ask = (inputs: readonly AnyEvent[], asOf: number) =>
    oraclePoints({ definition: account.definition, inputs, subject: 'u', asOf })

  test('three orders of 10 earn 3, 3 and 4: the remainder is kept', () => {
    const inputs = [paid('01-01', '10', 'a'), paid('01-02', '10', 'b'), paid('01-03', '10', 'c')]
    expect(ask(inputs, noon('01-03'))).toMatchObject({
      balance: 0,
      pending: 10,
      next: { what: 'confirms', at: noon('01-08'), points: 3 },
    })
    expect(ask(inputs, noon('01-10'))).toMatchObject({
      balance: 10,
      pending: 0,
      next: { what: 'expires', at: noon('01-31'), points: 3 },
    })
    expect(ask(inputs, noon('02-02'))).toMatchObject({
      balance: 0,
      next: null,
      totals: { earned: 10, expired: 10 },
    })
  })

  test('refunds in thirds of 100 points take 33, 33 and 34 back; what was spent is owed, and repaid first', () => {
    const inputs = [
      paid('01-01', '300', 'a'),
      on('01-09', 'points/redeem', { points: 50 }, 'gift'),
      on('01-10', 'order-refunded', { orderId: 'a', amount: '100' }),
      on('01-11', 'order-refunded', { orderId: 'a', amount: '100' }),
      on('01-12', 'order-refunded', { orderId: 'a', amount: '100' }),
      paid('01-13', '180', 'b'),
    ]
    const balances = ['01-08', '01-09', '01-10', '01-11', '01-12', '01-20'].map(
      (date) =>
        ask(
          inputs.filter(({ occurredAt }) => occurredAt <= noon(date)),
          noon(date),
        ).balance,
    )
    expect(balances).toEqual([100, 50, 17, -16, -50, 10])
  })

  test('a redemption takes what expires first, and comes back from its end; refusals are its own', () => {
    const inputs = [
      paid('01-01', '30', 'a'),
      paid('01-05', '30', 'b'),
      on('01-20', 'points/redeem', { points: 21 }),
      on('01-20', 'points/redeem', { points: 15 }, 'gift'),
      on('01-20', 'points/refund', { redemption: 'gift', points: 16 }),
      on('01-20', 'points/refund', { redemption: 'other' }),
      on('01-20', 'points/refund', { redemption: 'gift', points: 4 }),
      // The rest of b (1) came back already; the last of it, and a, which has expired, follow.
      on('02-02', 'points/refund', { redemption: 'gift' }),
      on('02-02', 'points/redeem', { points: 0 }),
    ]
    const then = ask(inputs, noon('02-02'))
    expect(then.outcomes).toEqual([
      ...['accepted', 'accepted', 'insufficient-points', 'accepted', 'refund-exceeds-redemption'],
      ...['unknown-redemption', 'accepted', 'accepted', 'points-not-positive'],
    ])
    // a: 10 spent and expired on return; b: 5 kept, 4 + 1 returned, all there until 4 February.
    expect(then).toMatchObject({
      balance: 10,
      next: { what: 'expires', at: noon('02-04'), points: 10 },
      totals: { earned: 20, redeemed: 15, refunded: 15, expired: 10, clawedBack: 0 },
    })
  })

  test('a stage multiplies, and points make a tier: parts conclude in order', () => {
    const world = defineEvents({
      ...shop.events,
      'vip/stage-changed': {
        from: text('no', 'yes'),
        to: text('no', 'yes'),
        rule: integer().optional(),
        reason: { type: 'detail' },
      },
    })
    const vip = defineLifecycle({
      id: 'vip',
      version: 1,
      calendar,
      events: shop,
      activity: [],
      stages: ['no', 'yes'],
      initial: 'no',
      rules: { no: [{ to: 'yes', when: shop.sum('order-paid', 'amount').gte('100') }], yes: [] },
    })
    const points = definePoints({
      id: 'points',
      version: 1,
      calendar,
      events: world,
      earning: [
        {
          rule: 'purchase',
          on: 'order-paid',
          earns: { points: 1, per: '1', of: 'amount' },
          multiply: [{ by: '2', when: world.last('vip/stage-changed', 'to').is('yes') }],
        },
      ],
    })
    const inputs = [paid('01-01', '60'), paid('01-02', '50'), paid('01-03', '5')]
    const earned = (parts: readonly (typeof vip | typeof points)[]) => {
      const { definition } = defineProgram({ id: 'loyalty', version: 1, parts })
      const { log } = oracleProgram({ definition, inputs, subject: 'u', asOf: noon('01-03') })
      return log
        .filter(({ type }) => type === 'points/earned')
        .map(({ data }) => (data as { readonly points: number }).points)
    }
    expect(earned([vip, points])).toEqual([60, 100, 10])
    expect(earned([points, vip])).toEqual([60, 50, 10])
  })
})

/** Each story twice: what the definition says, and that the engine says the same, which it does not yet. */
describe('where the engines once disagreed with their own words', () => {
  const returns = definePoints({
    id: 'points',
    version: 1,
    calendar,
    events: shop,
    earning: [
      { rule: 'purchase', on: 'order-paid', earns: { points: 1, per: '1', of: 'amount' }, origin: 'orderId' },
    ],
    clawback: [
      { on: 'order-refunded', origin: 'orderId', of: 'amount' },
      { on: 'order-swapped', origin: 'first' },
      { on: 'order-swapped', origin: 'second' },
    ],
    expires: { days: 10 },
    refunds: { grace: { days: 30 } },
  })
  const arrivals = definePoints({
    id: 'points',
    version: 1,
    calendar,
    events: shop,
    earning: [
      { rule: 'purchase', on: 'order-paid', earns: { points: 1, per: '1', of: 'amount' }, origin: 'orderId' },
      {
        rule: 'arrival',
        on: 'order-delivered',
        earns: { points: 10 },
        origin: 'orderId',
        expires: { days: 90 },
      },
    ],
    confirmation: [{ on: 'order-swapped', origin: 'first' }],
    clawback: [{ on: 'order-refunded', origin: 'orderId', of: 'amount' }],
    pending: 'until-confirmed',
    expires: { days: 30 },
  }) as unknown as typeof returns

  const stories = [
    {
      name: 'own lots are taken back first, also those that came back with a grace',
      engine: returns,
      inputs: [
        paid('01-01', '100', 'a'),
        on('01-06', 'points/redeem', { points: 100 }, 'gift'),
        paid('01-12', '100', 'b'),
        on('01-13', 'points/refund', { redemption: 'gift' }),
        on('01-14', 'order-refunded', { orderId: 'a', amount: '100' }),
      ],
      asOf: noon('01-14'),
      // What b earned is left, and a's points are gone, though they would have lasted longer.
      said: { balance: 100, next: { what: 'expires', at: noon('01-22'), points: 100 } },
    },
    {
      name: 'what expired unspent is not owed again, also where it had been spent and came back',
      engine: returns,
      inputs: [
        paid('01-01', '100', 'a'),
        on('01-06', 'points/redeem', { points: 100 }, 'gift'),
        on('01-07', 'points/refund', { redemption: 'gift' }),
        on('01-12', 'order-refunded', { orderId: 'a', amount: '100' }),
      ],
      asOf: noon('01-12'),
      said: {
        balance: 0,
        totals: { earned: 100, redeemed: 100, refunded: 100, expired: 100, clawedBack: 0 },
      },
    },
    {
      name: 'an event takes back what each of two origins earned',
      engine: returns,
      inputs: [
        paid('01-01', '100', 'a'),
        paid('01-02', '50', 'b'),
        on('01-03', 'order-swapped', { first: 'a', second: 'b' }),
      ],
      asOf: noon('01-03'),
      said: { balance: 0, next: null },
    },
    {
      name: 'what is confirmed at once repays a debt lot by lot, the oldest first, whoever confirms',
      engine: arrivals,
      inputs: [
        paid('01-01', '100', 'a'),
        on('01-02', 'order-swapped', { first: 'a', second: 'a' }),
        on('01-02', 'points/redeem', { points: 100 }),
        on('01-03', 'order-delivered', { orderId: 'b' }),
        paid('01-04', '20', 'b'),
        on('01-05', 'order-refunded', { orderId: 'a', amount: '10' }),
        on('01-05', 'order-swapped', { first: 'b', second: 'b' }),
      ],
      asOf: noon('01-05'),
      said: { balance: 20, next: { what: 'expires', at: noon('02-03'), points: 20 } },
    },
  ]
  for (const { name, engine, inputs, asOf, said } of stories) {
    const { outcomes: _, ...oracle } = oraclePoints({
      definition: engine.definition,
      inputs,
      subject: 'u',
      asOf,
    })
    test(name, () => expect(oracle).toMatchObject(said))
    test(`${name}: the engine`, () => {
      const state = inputs.reduce((before, input) => {
        const outcome = engine.decide(before, input as never)
        return outcome.outcome === 'accepted' ? outcome.state : before
      }, engine.start('u'))
      expect(engine.view(state, asOf)).toEqual(oracle)
    })
  }

  const events = [
    on('01-01', 'order-paid', { orderId: 'a', amount: '1', coupon: 'X' }),
    on('01-02', 'order-paid', { orderId: 'b', amount: '1' }),
  ]
  const asked = [
    shop.last('order-paid', 'coupon').fact,
    shop.last('order-paid', 'coupon', { within: { years: 1 } }).fact,
  ]
  test('what the last one said does not depend on whether a window is named', () => {
    const past = { events, subject: 'u', scope }
    expect(asked.map((fact) => oracleFact(fact, past, noon('01-03')))).toEqual([null, null])
  })
  test('what the last one said does not depend on whether a window is named: the engine', () => {
    const facts = new FactSet(asked, scope)
    const tracks = events.reduce((before, event) => facts.note(before, event, 'u'), facts.start)
    const [plain, windowed] = facts.trackers.map((tracker, i) => tracker.value(tracks[i]!, noon('01-03')))
    expect(plain).toEqual(windowed)
  })
})

describe('promises', () => {
  const office: CalendarDefinition = {
    zone: 'Asia/Shanghai',
    business: { hours: [{ from: '09:00', to: '17:00' }] },
  }
  const engine = defineLifecycle({
    id: 'desk',
    version: 1,
    calendar: office,
    events: shop,
    activity: [],
    stages: ['open', 'waiting', 'late'],
    initial: 'open',
    promises: [
      {
        promise: 'reply',
        from: 'order-paid',
        within: { workHours: 8 },
        keptBy: 'order-delivered',
        pausedIn: ['waiting'],
      },
    ],
    rules: {
      open: [
        { to: 'late', broken: 'reply' },
        { to: 'waiting', on: 'order-refunded' },
      ],
      waiting: [{ to: 'open', on: 'order-swapped' }],
      late: [],
    },
  })
  const ask = (asOf: string, inputs: readonly AnyEvent[]) =>
    oracleLifecycle({ definition: engine.definition, inputs, subject: 'u', asOf: noon(asOf) })
  // 5 March 2024 is a Tuesday: five of the eight hours are left of it at noon.
  const [begun, stopped, resumed] = [
    paid('03-05', '10'),
    on('03-06', 'order-refunded', { orderId: 'o1', amount: '1' }),
    on('03-08', 'order-swapped', { first: 'a', second: 'b' }),
  ]

  test('five hours on the first day, three on the second', () => {
    expect(ask('03-05', [begun]).promises).toEqual({
      reply: {
        status: 'running',
        began: noon('03-05'),
        promised: instant('2024-03-06T12:00:00+08:00'),
        due: instant('2024-03-06T12:00:00+08:00'),
      },
    })
    const late = ask('03-07', [begun])
    expect([late.stage, late.since]).toEqual(['late', instant('2024-03-06T12:00:00+08:00')])
  })

  test('a deadline at the instant of an event comes before it; stopped before, the rest is kept', () => {
    expect(ask('03-06', [begun, stopped]).stage).toBe('late')
    const early = { ...stopped, occurredAt: instant('2024-03-05T16:00:00+08:00') }
    expect(ask('03-07', [begun, early]).promises?.['reply']).toMatchObject({
      status: 'paused',
      due: null,
      left: 4 * 3_600_000,
    })
    expect(ask('03-08', [begun, early, resumed]).promises?.['reply']).toMatchObject({
      status: 'running',
      promised: noon('03-06'),
      due: instant('2024-03-08T16:00:00+08:00'),
    })
  })
})
