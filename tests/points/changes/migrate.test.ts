// Accounts of points taken to a new definition: what was earned keeps its terms.
import {
  audit,
  type DefinitionError,
  type Duration,
  definePoints,
  type Journal,
  mergePlan,
  migratePoints,
  type PointsState,
} from 'liuliang'
import { describe, expect, test } from 'vitest'
import { tell, utc } from '../../support/story.js'
import { account } from '../support/shop.js'
import { programWith, shop } from './support/program.js'

type Terms = Parameters<typeof programWith>[1]

const { event, paid, refunded, redeem, refund, give } = account()
const notice = { changes: { notice: { days: 90 } } } as const
const announcedAt = utc('2026-02-01')
/** Ninety days after that. */
const holdsFrom = utc('2026-05-02')

const told = (terms: Terms, inputs: readonly object[]) => {
  const engine = programWith(1, terms)
  return { engine, state: tell(engine, inputs as never).state as Journal<PointsState> }
}
/** An account under the next version, as it is at an instant. */
const taken = (terms: Terms, inputs: readonly object[], next: Terms, at: number, improve?: 'at-once') => {
  const { engine, state } = told(terms, inputs)
  const to = programWith(2, next)
  const migrate = migratePoints(engine, to, { announcedAt, ...(improve && { improve }) })
  const moved = migrate(state, at)
  // What is due at this very instant is done when the account is touched next.
  expect(audit(to, to.advance(moved.state, at).state).findings).toEqual([])
  return { to, moved, plan: migrate.plan }
}
const fail = (call: () => unknown): DefinitionError => {
  try {
    call()
  } catch (error) {
    return error as DefinitionError
  }
  throw new Error('nothing was thrown')
}

describe('what was earned', () => {
  const history = [
    paid('2026-01-05', 'o1', '500.00'),
    paid('2026-01-06', 'o2', '31.00'),
    redeem('2026-01-07', 100, 'r1'),
    event('2026-01-08', 'points/reserve', { points: 10, until: utc('2026-03-01') }, 'v1'),
  ]

  test('keeps its end where points last less long now', () => {
    const { to, moved, plan } = taken({}, history, { expires: { months: 1 } }, utc('2026-02-10'))
    expect(plan.holdsFrom).toBe(null)
    expect(plan.worse).toEqual([])
    const view = to.view(moved.state, utc('2026-02-10'))
    expect(view).toMatchObject({ balance: 67, reserved: 10 })
    expect(to.view(moved.state, utc('2027-01-04 23:59')).balance).toBe(77)
    expect(to.view(moved.state, utc('2027-01-06')).balance).toBe(0)
    // What comes is of the new terms, and what comes back of the old ones.
    const later = tell(
      to,
      [refund('2026-02-11', 'r1', 50), paid('2026-02-12', 'o3', '300.00')] as never,
      moved.state,
    ).state
    expect(to.view(later, utc('2026-02-12')).balance).toBe(217)
    expect(to.view(later, utc('2026-03-12')).balance).toBe(127)
    expect(to.view(later, utc('2027-01-04')).balance).toBe(127)
  })

  test('keeps the end of its waiting, its fractions, and is taken back as it was earned', () => {
    const terms = { pending: { days: 30 } } as const
    const { to, moved } = taken(
      terms,
      [paid('2026-01-05', 'o1', '500.00')],
      { pending: { days: 60 } },
      utc('2026-01-10'),
    )
    expect(moved.state.of.carried).toEqual({ purchase: 200 })
    expect(to.view(moved.state, utc('2026-02-04')).balance).toBe(166)
    const next = tell(
      to,
      [paid('2026-01-11', 'o2', '1.00'), refunded('2026-01-12', 'o1', '250.00')] as never,
      moved.state,
    )
    // Two thirds and one third are a point.
    expect(to.view(next.state, utc('2026-01-13')).pending).toBe(166 - 83 + 1)
  })

  test('facts that both read keep what is known of them', () => {
    const counted = (expires: Duration) => ({
      expires,
      earning: [
        {
          rule: 'purchase',
          on: 'order-paid',
          earns: { points: 10 },
          when: shop.count('order-paid').gte(3),
        },
      ],
    })
    const { to, moved, plan } = taken(
      counted({ months: 12 }) as never,
      [paid('2026-01-05', 'o1', '1.00'), paid('2026-01-06', 'o2', '1.00')],
      counted({ months: 13 }) as never,
      utc('2026-01-10'),
    )
    expect(plan).toMatchObject({ kept: [{ fact: 'count' }], dropped: [], begunAnew: [] })
    const { state } = tell(to, [paid('2026-01-11', 'o3', '1.00')] as never, moved.state)
    expect(to.view(state, utc('2026-01-11')).balance).toBe(10)
  })

  test('a rule that rests goes on resting', () => {
    const resting = (points: number) => ({
      earning: [{ rule: 'purchase', on: 'order-paid', earns: { points }, cooldown: { days: 10 } }],
    })
    const { to, moved } = taken(
      resting(10) as never,
      [paid('2026-01-05', 'o1', '1.00')],
      resting(20) as never,
      utc('2026-01-10'),
    )
    const rests = tell(to, [paid('2026-01-11', 'o2', '1.00')] as never, moved.state).state
    expect(to.view(rests, utc('2026-01-11')).balance).toBe(10)
    const { state } = tell(to, [paid('2026-01-15', 'o3', '1.00')] as never, rests)
    expect(to.view(state, utc('2026-01-15')).balance).toBe(30)
  })

  test('a grace that lasts longer than a better end stays', () => {
    const terms = { expires: { days: 2 }, refunds: { grace: { days: 60 } } } as const
    const { to, moved } = taken(
      terms,
      [paid('2026-01-05', 'o1', '300.00'), redeem('2026-01-06', 60, 'r1')],
      { ...terms, expires: { days: 9 } },
      utc('2026-01-06 12:00'),
      'at-once',
    )
    const { state } = tell(to, [refund('2026-01-08', 'r1')] as never, moved.state)
    expect(to.view(state, utc('2026-01-13')).balance).toBe(100)
    expect(to.view(state, utc('2026-03-08')).balance).toBe(60)
  })

  test('a lot that comes under one end in two parts is found once', () => {
    const terms = { expires: { months: 1 }, refunds: { grace: { days: 60 } } } as const
    const { to, moved } = taken(
      terms,
      [paid('2026-01-05', 'o1', '300.00'), redeem('2026-01-06', 60, 'r1'), refund('2026-02-10', 'r1')],
      { ...terms, expires: undefined } as never,
      utc('2026-02-11'),
      'at-once',
    )
    expect(to.view(moved.state, utc('2027-01-01')).balance).toBe(60)
    // Of 90 that are taken back 40 had expired unspent: they are not owed again.
    const { state } = tell(to, [refunded('2026-02-12', 'o1', '270.00')] as never, moved.state)
    expect(to.view(state, utc('2026-02-12')).balance).toBe(0)
    expect(audit(to, state).findings).toEqual([])
  })

  test('fractions come in finer parts without loss', () => {
    const finer = programWith(1).definition as { readonly earning: readonly object[] }
    const earning = finer.earning.map((rule, i) =>
      i === 0 ? { ...rule, earns: { points: 1, per: '7', of: 'amount' } } : rule,
    )
    const { moved } = taken({}, [paid('2026-01-05', 'o1', '1.00')], { earning } as never, utc('2026-01-10'))
    // 100 of 300 are 233 1/3 of 700: never less.
    expect(moved.state.of.carried['purchase']).toBe(234)
  })

  test('better terms are for what will be earned, or at once', () => {
    const longer = { expires: { months: 24 } } as const
    const own = taken({}, history, longer, utc('2026-02-10'))
    expect(own.to.view(own.moved.state, utc('2027-02-01')).balance).toBe(0)
    const all = taken({}, history, longer, utc('2026-02-10'), 'at-once')
    expect(all.to.view(all.moved.state, utc('2028-01-04 23:59')).balance).toBe(77)
    expect(all.to.view(all.moved.state, utc('2028-01-06')).balance).toBe(0)
    // What had been spent comes back under them too.
    const back = tell(all.to, [refund('2027-06-01', 'r1')] as never, all.moved.state).state
    expect(all.to.view(back, utc('2027-06-01')).balance).toBe(177)
    expect(all.to.view(back, utc('2028-01-06')).balance).toBe(0)
    // What is taken back is found in its own lot.
    const less = tell(all.to, [refunded('2027-06-01', 'o1', '250.00')] as never, all.moved.state).state
    expect(all.to.view(less, utc('2027-06-01')).balance).toBe(77 - 83)
  })

  test('waits no longer where nothing waits any more, at once', () => {
    const inputs = [paid('2026-01-05', 'o1', '300.00'), give('2026-01-06', 5)]
    const at = utc('2026-01-10')
    const own = taken({ pending: { days: 30 } }, inputs, {}, at)
    expect(own.to.view(own.moved.state, at)).toMatchObject({ balance: 5, pending: 100 })
    const all = taken({ pending: { days: 30 } }, inputs, {}, at, 'at-once')
    expect(all.to.view(all.moved.state, at)).toMatchObject({ balance: 105, pending: 0 })
  })

  test('is paid where what it waited for is gone', () => {
    const caps = [
      { cap: 'daily', atMost: 100, per: { this: 'day' }, overflow: 'carry', rules: ['purchase'] },
    ] as const
    const { engine, state } = told({ caps } as never, [paid('2026-01-05', 'o1', '600.00')])
    expect(engine.view(state, utc('2026-01-05')).balance).toBe(100)
    const to = programWith(2)
    const moved = migratePoints(engine, to)(state, utc('2026-01-05 12:00'))
    expect(to.view(moved.state, utc('2026-01-05 12:00')).balance).toBe(200)
  })
})

describe('terms that would be worse', () => {
  const worse: Terms = {
    clawback: [{ on: 'order-refunded', origin: 'orderId' }],
    refunds: { grace: { days: 1 } },
    tiers: [
      {
        track: 'level',
        measure: { earned: 'status' },
        levels: [{ tier: 'silver', from: 200 }],
        hold: { months: 12 },
      },
    ],
  }

  test('are refused without a notice, naming each place', () => {
    const error = fail(() => migratePoints(programWith(1), programWith(2, worse), { announcedAt }))
    expect(error).toMatchObject({ code: 'missing', path: '$.from.changes.notice' })
    for (const place of [
      '$.clawback[0] (clawback-added)',
      '$.tiers[0].levels[0].from (threshold-raised)',
      '$.tiers[0].levels[1] (tier-removed)',
    ])
      expect(error.expected).toContain(place)
    expect(error.expected).not.toContain('refunds')
  })

  test('hold from the announcement and the notice on, and until then the old ones do', () => {
    const { engine, state } = told(notice, [paid('2026-01-05', 'o1', '600.00')])
    const to = programWith(2, { ...notice, ...worse })
    expect(fail(() => migratePoints(engine, to))).toMatchObject({
      code: 'missing',
      path: '$.options.announcedAt',
    })
    const migrate = migratePoints(engine, to, { announcedAt })
    expect(migrate.plan.holdsFrom).toBe(holdsFrom)
    const early = fail(() => migrate(state, holdsFrom - 1))
    expect(early).toMatchObject({ code: 'out-of-range', path: '$.at' })
    expect(early.expected).toBe('2026-05-02T00:00:00.000Z or later: the old terms hold until then')
    expect(engine.view(state, holdsFrom - 1)).toMatchObject({ tiers: { level: { tier: 'gold' } } })
    const { state: moved } = migrate(state, holdsFrom)
    // Gold is no more: the next below it, with the term that was promised.
    expect(to.view(moved, holdsFrom)).toMatchObject({
      tiers: { level: { tier: 'silver', until: utc('2027-01-05') } },
    })
  })

  test('the notice that counts is the one that was promised', () => {
    const short = { changes: { notice: { days: 1 } } } as const
    const plan = migratePoints(programWith(1, notice), programWith(2, short), { announcedAt }).plan
    expect(plan.holdsFrom).toBe(holdsFrom)
    // To state one where there was none is worse itself.
    expect(fail(() => migratePoints(programWith(1), programWith(2, short), { announcedAt })).path).toBe(
      '$.from.changes.notice',
    )
  })

  test('a currency that ends takes what is of it, and nothing else', () => {
    const currencies = [{ currency: 'points', kind: 'spendable' }] as const
    const definition = programWith(1).definition as { readonly earning: readonly object[] }
    const less = { currencies, earning: [definition.earning[0]], tiers: [] } as never
    const { engine, state } = told(notice, [paid('2026-01-05', 'o1', '600.00'), redeem('2026-01-06', 50)])
    const to = programWith(2, { ...notice, ...(less as object) })
    const migrate = migratePoints(engine, to, { announcedAt })
    const { state: moved } = migrate(state, holdsFrom)
    expect(Object.keys(moved.of.books)).toEqual(['points'])
    expect(to.view(moved, holdsFrom).balance).toBe(150)
    const next = tell(to, [refunded('2026-05-03', 'o1', '300.00')] as never, moved).state
    expect(to.view(next, utc('2026-05-03')).balance).toBe(50)
  })
})

describe('all that an account remembers', () => {
  const lamp = {
    reward: 'lamp',
    price: { points: 20, money: { amount: '9.00', currency: 'CNY' } },
    reserveFor: { days: 60 },
    limits: [{ limit: 'once', most: 1 }],
  } as const
  const all = {
    keepOrigins: { days: 90 },
    reinstateWithin: { days: 60 },
    transfers: { limit: { points: 50, within: { days: 90 } } },
    enrolment: { on: 'order-paid' },
    expires: { anniversary: 'enrolment', atLeast: { days: 30 } },
    rewards: [lamp],
  } as Terms
  const history = [
    paid('2026-01-05', 'o0', '9.00'),
    paid('2026-01-05', 'o1', '600.00'),
    redeem('2026-01-06', 30, 'r1'),
    give('2026-01-07', 12, 'g1'),
    event('2026-01-07', 'points/expire', { points: 5, reason: 'a mistake' }, 'x1'),
    event('2026-01-08', 'points/send', { to: 'ben', points: 40, transfer: 't1' }, 's1'),
    event('2026-01-09', 'points/claim', { reward: 'lamp' }, 'c1'),
  ]
  const at = utc('2026-02-10')

  test('is carried, key by key', () => {
    const { state } = told(all, history)
    const { to, moved } = taken(all, history, { ...all, expires: 'never' }, at)
    const { of } = moved.state
    expect(Object.keys(of).sort()).toEqual(Object.keys(state.of).sort())
    for (const key of Object.keys(of) as (keyof PointsState)[]) expect(of[key]).toEqual(state.of[key])
    for (const key of ['books', 'lapsed', 'holder', 'fading', 'firstAt', 'rewards'] as const)
      expect(of[key]).not.toEqual(to.start('u1').of[key])
    const next = tell(
      to,
      [
        event('2026-02-11', 'points/reinstate', { points: 5, until: utc('2027-01-01'), reason: 'x' }),
        event('2026-02-11', 'points/reverse', { of: 'g1' }),
        event('2026-02-11', 'points/pay', { claim: 'c1', payment: 'p', amount: '9.00', currency: 'CNY' }),
        refund('2026-02-12', 'r1'),
      ] as never,
      moved.state,
    ).state
    expect(to.view(next, utc('2026-02-12')).balance).toBe(203 - 40 - 20)
    const again = { id: 'c2', type: 'points/claim', subject: 'u1', occurredAt: utc('2026-02-13') }
    expect(to.decide(next, { ...again, data: { reward: 'lamp' } } as never)).toMatchObject({
      outcome: 'refused',
      refusal: { code: 'reward-limit' },
    })
    const send = { id: 's2', type: 'points/send', subject: 'u1', occurredAt: utc('2026-02-13') }
    expect(
      to.decide(next, { ...send, data: { to: 'ben', points: 11, transfer: 't2' } } as never),
    ).toMatchObject({ outcome: 'refused', refusal: { code: 'transfer-limit-exceeded', left: 10 } })
  })

  test('what is forgotten under the old terms is not known again', () => {
    const terms = { ...all, clawback: [] } as Terms
    const { moved } = taken(terms, history, { ...terms, keepOrigins: { days: 900 } }, utc('2026-06-01'))
    expect(moved.state.of).toMatchObject({ origins: null, redemptions: null, fading: null })
  })

  test('claims end with the rewards, and what they held is free', () => {
    const { rewards: _, ...none } = all as { readonly rewards: unknown }
    const terms = { ...all, rewards: [{ ...lamp, reserveFor: { days: 200 } }], ...notice } as Terms
    const { to, moved } = taken(terms, history, { ...none, ...notice } as Terms, holdsFrom)
    expect(moved.state.of.rewards).toBeUndefined()
    expect(to.view(moved.state, holdsFrom)).toMatchObject({ reserved: 0 })
  })

  test('lots are spent in the order of the new definition', () => {
    const orders = ['soonest-expiry', 'oldest', 'cheapest'] as const
    const earning = (order: (typeof orders)[number]) =>
      ({
        ...notice,
        spend: order,
        currencies: [{ currency: 'points', kind: 'spendable' }],
        tiers: [],
        earning: [
          { rule: 'dear', on: 'order-paid', earns: { points: 10 }, expires: { months: 24 }, cost: '2' },
          { rule: 'cheap', on: 'order-received', earns: { points: 10 }, expires: { months: 12 }, cost: '1' },
        ],
        confirmation: [],
        clawback: [],
      }) as never
    const inputs = [
      paid('2026-01-05', 'o1', '1.00'),
      event('2026-01-06', 'order-received', { orderId: 'o1' }),
      paid('2026-01-07', 'o2', '1.00'),
    ]
    for (const before of orders)
      for (const after of orders) {
        const engine = programWith(1, earning(before))
        const to = programWith(2, earning(after))
        const { state } = tell(engine, inputs as never)
        const moved = migratePoints(engine, to, { announcedAt })(state, holdsFrom)
        expect(audit(to, moved.state).findings).toEqual([])
        // As if they had been earned under it.
        const own = tell(to, inputs as never).state
        expect(moved.state.of.books).toEqual(to.advance(own, holdsFrom).state.of.books)
        expect(moved.state.of.origins).toEqual(to.advance(own, holdsFrom).state.of.origins)
      }
  })

  test('what activity has put off stays put off', () => {
    const idle = { inactive: { days: 60 }, activity: ['order-received'] } as const
    const inputs = [
      paid('2026-01-05', 'o1', '300.00'),
      event('2026-02-20', 'order-received', { orderId: 'o1' }),
    ]
    const terms = { ...notice, expires: idle } as Terms
    const { state } = told({ ...terms, changes: { notice: { days: 30 } } } as Terms, inputs)
    expect(state.of.books['points']!.lots.notBefore).toBe(utc('2026-04-21'))
    const { to, moved } = taken(
      { ...terms, changes: { notice: { days: 30 } } } as Terms,
      inputs,
      { expires: { days: 1 } },
      utc('2026-03-10'),
    )
    expect(to.view(moved.state, utc('2026-04-20')).balance).toBe(100)
    expect(to.view(moved.state, utc('2026-04-21')).balance).toBe(0)
  })

  test('what was handed over comes back without what is no more', () => {
    const engine = programWith(1, notice)
    const inputs = [paid('2026-01-05', 'o1', '600.00'), redeem('2026-01-06', 30, 'r1')]
    const { state } = tell(engine, inputs as never)
    const ask = { id: 'm', occurredAt: utc('2026-01-07'), from: 'u1', into: 'new' }
    const { steps } = mergePlan(engine as never, state as never, ask)
    const { command } = steps.find(({ command }) => command.type === 'points/hand-over')!
    const handed = tell(engine, [{ ...command, subject: 'u1' }] as never, state).state
    const to = programWith(2, {
      ...notice,
      currencies: [{ currency: 'points', kind: 'spendable' }],
      earning: [
        {
          rule: 'purchase',
          on: 'order-paid',
          earns: { points: 1, per: '3', of: 'amount' },
          origin: 'orderId',
        },
      ],
      tiers: [
        { track: 'other', measure: { earned: 'points' }, levels: [{ tier: 'tin', from: 1 }] },
        {
          track: 'level',
          measure: { earned: 'points' },
          levels: [{ tier: 'gold', from: 500 }],
          hold: { months: 12 },
        },
      ],
    } as never)
    const moved = migratePoints(engine, to, { announcedAt })(handed, holdsFrom)
    const back = tell(to, [event('2026-05-03', 'points/reverse', { of: command.id })] as never, moved.state)
    expect(audit(to, back.state).findings).toEqual([])
    expect(to.view(back.state, utc('2026-05-03'))).toMatchObject({
      balance: 170,
      tiers: { level: { tier: 'gold' } },
    })
    expect(Object.keys(back.state.of.books)).toEqual(['points'])
  })

  test('an account that has to enrol keeps what it has until it does', () => {
    const { to, moved } = taken(notice, history.slice(1, 3), { ...notice, enrolment: {} }, holdsFrom)
    const redeeming = redeem('2026-05-03', 10, 'r2')
    expect(to.decide(moved.state, redeeming as never)).toMatchObject({
      outcome: 'refused',
      refusal: { code: 'not-enrolled' },
    })
    const { state } = tell(
      to,
      [event('2026-05-03', 'points/enrol', {}), redeem('2026-05-04', 10, 'r3')] as never,
      moved.state,
    )
    expect(to.view(state, utc('2026-05-04')).balance).toBe(160)
  })
})

describe('tiers', () => {
  const track = (more: object, levels?: object) =>
    ({
      tiers: [
        {
          track: 'level',
          measure: { earned: 'status' },
          levels: levels ?? [
            { tier: 'silver', from: 100 },
            { tier: 'gold', from: 500 },
          ],
          ...more,
        },
      ],
    }) as unknown as Terms

  test('are held on the terms on which they were reached', () => {
    const { to, moved } = taken(
      notice,
      [paid('2026-01-05', 'o1', '600.00')],
      {
        ...notice,
        ...track({ hold: { months: 12 } }, [
          { tier: 'silver', from: 100 },
          { tier: 'gold', from: 700 },
        ]),
      },
      holdsFrom,
    )
    expect(to.view(moved.state, utc('2027-01-04'))).toMatchObject({ tiers: { level: { tier: 'gold' } } })
    expect(to.view(moved.state, utc('2027-01-05'))).toMatchObject({ tiers: { level: { tier: 'silver' } } })
  })

  test('one that followed its measure begins a term', () => {
    const { to, moved } = taken(
      track({ window: { rolling: { months: 1 } } }),
      [paid('2026-01-05', 'o1', '600.00')],
      track({ window: { rolling: { months: 1 } }, hold: { months: 12 } }),
      utc('2026-01-20'),
    )
    expect(to.view(moved.state, utc('2027-01-19'))).toMatchObject({ tiers: { level: { tier: 'gold' } } })
    expect(to.view(moved.state, utc('2027-01-20'))).toMatchObject({ tiers: { level: { tier: null } } })
  })

  test('a measure that counts otherwise begins anew, and the tier stays for its term', () => {
    const { to, moved, plan } = taken(
      notice,
      [paid('2026-01-05', 'o1', '600.00')],
      { ...notice, ...track({ window: { this: 'year' }, hold: { months: 12 } }) },
      holdsFrom,
    )
    expect(plan.measuresBegunAnew).toEqual(['level'])
    expect(to.view(moved.state, holdsFrom)).toMatchObject({ tiers: { level: { tier: 'gold', measured: 0 } } })
  })

  test('a ladder that is new begins at nothing', () => {
    const { to, moved } = taken({ tiers: [] }, [paid('2026-01-05', 'o1', '600.00')], {}, utc('2026-01-20'))
    expect(to.view(moved.state, utc('2026-01-20'))).toMatchObject({ tiers: { level: { tier: null } } })
  })
})

test('refuses what are no versions of one program, and options that do not hold', () => {
  const [one, two] = [programWith(1), programWith(2)]
  const other = definePoints({
    id: 'others',
    version: 2,
    calendar: { zone: 'UTC' },
    events: shop,
    earning: [],
  })
  expect(fail(() => migratePoints(one, other)).code).toBe('other-definition')
  expect(fail(() => migratePoints(two, one))).toMatchObject({ code: 'out-of-range', path: '$.to.version' })
  expect(fail(() => migratePoints(one, two, { improve: 'never' as never })).path).toBe('$.options.improve')
  expect(fail(() => migratePoints(one, two, { announcedAt: Number.NaN })).code).toBe('invalid-instant')
  expect(fail(() => migratePoints(one, two, { soon: true } as never)).code).toBe('unknown-key')
  const renamed = programWith(2, {
    earning: [{ rule: 'purchase', on: 'order-paid', earns: { points: 1 } }],
  } as never)
  expect(fail(() => migratePoints(programWith(1, notice), renamed, { announcedAt }))).toMatchObject({
    code: 'duplicate-name',
    path: '$.earning[0].rule',
  })
  const migrate = migratePoints(one, two)
  expect(migrate(one.start('u1'), utc('2026-01-01')).state.of).toEqual(two.start('u1').of)
  expect(fail(() => migrate(two.start('u1') as never, utc('2026-01-01'))).code).toBe('other-definition')
})
