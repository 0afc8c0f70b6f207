// Who holds an account, what is posted by hand, what may be owed, and what goes from one account to another.
import {
  audit,
  carryOut,
  definePoints,
  joinPoolPlan,
  leavePoolPlan,
  mergePlan,
  type NegativePolicy,
  openLots,
  pointsFrom,
  replay,
  transferPlan,
} from 'liuliang'
import { describe, expect, test } from 'vitest'
import cases from '../fixtures/points-holders/cases.json' with { type: 'json' }
import { planRunner, stateStore } from '../support/plan-runner.js'
import { refusalOf, tell, teller, utc } from '../support/story.js'
import { account, pointsWith, shop } from './support/shop.js'

const { paid, cancelled, refunded, redeem, refund, give, event, received } = account()
const cny = { currency: 'CNY', ratio: '1/100' }
const view = (engine: ReturnType<typeof pointsWith>, state: ReturnType<typeof engine.start>, at?: string) =>
  engine.view(state, at === undefined ? state.at! : utc(at))
const adjust = (at: string, points: number, id?: string) =>
  event(at, 'points/adjust', { points, reason: 'a mistake', by: 'desk' }, id)
const reverse = (at: string, of: string) => event(at, 'points/reverse', { of })
const close = (at: string, points: 'forfeit' | 'pay-out') =>
  event(at, 'points/close', { reason: 'asked', points })
const enrol = (at: string, data: object = {}) => event(at, 'points/enrol', data)

describe('enrolment', () => {
  test('nobody has to, unless the definition says so', () => {
    expect(view(pointsWith(), tell(pointsWith(), [paid('2024-03-01', 'a', '30')]).state).balance).toBe(30)
  })

  test('before it nothing is earned or said, and after it everything is', () => {
    const engine = pointsWith({ enrolment: {} })
    const { state: before } = tell(engine, [paid('2024-03-01', 'a', '30')])
    expect(view(engine, before).balance).toBe(0)
    for (const command of [give('2024-03-02', 5), close('2024-03-02', 'forfeit'), redeem('2024-03-02', 1)])
      expect(refusalOf(engine, before, command)).toEqual({ code: 'not-enrolled' })
    const { state } = tell(engine, [enrol('2024-03-02'), paid('2024-03-03', 'b', '5')], before)
    expect(view(engine, state)).toMatchObject({
      balance: 5,
      holder: { enrolledAt: utc('2024-03-02'), closedAt: null },
    })
    expect(refusalOf(engine, state, enrol('2024-03-04'))).toEqual({ code: 'already-enrolled' })
    expect(refusalOf(engine, before, enrol('2024-03-04', { at: utc('2024-03-05') }))).toEqual({
      code: 'enrols-later',
    })
    const { state: earlier } = tell(engine, [enrol('2024-03-04', { at: utc('2024-03-01') })], before)
    expect(view(engine, earlier).holder?.enrolledAt).toBe(utc('2024-03-01'))
  })

  test('what happened before is earned at enrolment, less what was refunded by then', () => {
    const engine = pointsWith({
      enrolment: { on: 'order-received', before: 'earned-at-enrolment' },
      expires: { days: 10 },
    })
    const { state } = tell(engine, [
      paid('2024-03-01', 'a', '30'),
      paid('2024-03-02', 'b', '8'),
      refunded('2024-03-03', 'a', '10'),
      received('2024-03-05', 'b'),
    ])
    expect(view(engine, state)).toMatchObject({
      balance: 28,
      totals: { earned: 38, clawedBack: 10 },
      next: { what: 'expires', at: utc('2024-03-15'), points: 28 },
    })
    const { state: later } = tell(engine, [cancelled('2024-03-06', 'a')], state)
    expect(view(engine, later).balance).toBe(8)
  })

  test('at once, it comes with the first thing that happens, be it a command', () => {
    const engine = pointsWith({ enrolment: 'at-once' })
    const fact = tell(engine, [paid('2024-03-01', 'a', '30')])
    expect(fact.log.map(({ type }) => type)).toEqual(['order-paid', 'points/enrolled', 'points/earned'])
    const command = tell(engine, [give('2024-03-01', 5)])
    expect(command.log.map(({ type }) => type)).toEqual(['points/enrolled', 'points/earned'])
    expect(refusalOf(engine, engine.start('u1'), redeem('2024-03-01', 5))).toMatchObject({
      code: 'insufficient-points',
    })
  })

  test.each([
    ['forfeit', { balance: 0, reserved: 0, totals: { forfeited: 30, redeemed: 0 } }],
    ['pay-out', { balance: 0, reserved: 0, totals: { forfeited: 0, redeemed: 30 } }],
  ] as const)('closing: %s', (points, left) => {
    const engine = pointsWith()
    const hold = event('2024-03-02', 'points/reserve', { points: 10 })
    const { state } = tell(engine, [paid('2024-03-01', 'a', '30'), hold, close('2024-03-03', points)])
    expect(view(engine, state)).toMatchObject({ ...left, holder: { closedAt: utc('2024-03-03') } })
    for (const command of [give('2024-03-04', 5), redeem('2024-03-04', 5), close('2024-03-04', 'forfeit')])
      expect(refusalOf(engine, state, command)).toEqual({ code: 'account-closed' })
    const { state: after } = tell(
      engine,
      [paid('2024-03-05', 'b', '30'), enrol('2024-03-06'), give('2024-03-07', 3)],
      state,
    )
    expect(view(engine, after).balance).toBe(3)
  })

  test('refunds still come in, and what was forfeited is not charged again', () => {
    const engine = pointsWith()
    const { state } = tell(engine, [
      paid('2024-03-01', 'a', '30'),
      redeem('2024-03-02', 10, 'r'),
      close('2024-03-03', 'forfeit'),
      refund('2024-03-04', 'r', 4),
    ])
    expect(view(engine, state).balance).toBe(4)
    const { state: owing } = tell(engine, [cancelled('2024-03-05', 'a')], state)
    // 20 of the 30 were forfeited, 4 are there, 6 had been spent.
    expect(view(engine, owing)).toMatchObject({ balance: -6, totals: { clawedBack: 10, forfeited: 20 } })
  })

  test('an account that was closed for good stays so', () => {
    const engine = pointsWith({ enrolment: { again: 'refused' } })
    const { state } = tell(engine, [enrol('2024-03-01'), close('2024-03-02', 'forfeit')])
    expect(refusalOf(engine, state, enrol('2024-03-03'))).toEqual({ code: 'account-closed' })
  })
})

describe('what was spent and is taken back', () => {
  const policies: Readonly<Record<string, NegativePolicy>> = {
    none: {},
    'pending-only': { clawback: 'pending-only' },
    'within-balance': { clawback: 'within-balance' },
    'deficit up to 15': { clawback: 'deficit', atMost: 15 },
    'deficit, then money': { atMost: 15, beyond: 'money-due', perPoint: cny },
    'money-due': { clawback: 'money-due', perPoint: cny },
  }
  const spent = [paid('2024-03-01', 'a', '70'), redeem('2024-03-02', 50)]
  const unspent = [paid('2024-03-01', 'a', '70')]
  const others = [...spent, paid('2024-03-03', 'b', '30')]
  const nothing = { uncollected: 0, due: '0' }
  const matrix: readonly (readonly [string, object, object, object])[] = [
    ['none', { balance: 0, ...nothing }, { balance: -50, ...nothing }, { balance: -20, ...nothing }],
    [
      'pending-only',
      { balance: 70, uncollected: 70, due: '0' },
      { balance: 20, uncollected: 70, due: '0' },
      { balance: 50, uncollected: 70, due: '0' },
    ],
    [
      'within-balance',
      { balance: 0, ...nothing },
      { balance: 0, uncollected: 50, due: '0' },
      { balance: 0, uncollected: 20, due: '0' },
    ],
    [
      'deficit up to 15',
      { balance: 0, ...nothing },
      { balance: -15, uncollected: 35, due: '0' },
      { balance: -15, uncollected: 5, due: '0' },
    ],
    [
      'deficit, then money',
      { balance: 0, ...nothing },
      { balance: -15, uncollected: 0, due: '0.35' },
      { balance: -15, uncollected: 0, due: '0.05' },
    ],
    [
      'money-due',
      { balance: 0, ...nothing },
      { balance: 0, uncollected: 0, due: '0.5' },
      { balance: 0, uncollected: 0, due: '0.2' },
    ],
  ]
  const stands = (policy: NegativePolicy, story: readonly object[]) => {
    const engine = pointsWith({ negative: policy })
    const { state } = tell(engine, [...story, cancelled('2024-03-05', 'a')] as never)
    const { balance, holder } = view(engine, state)
    return {
      balance,
      uncollected: holder?.uncollected['points'] ?? 0,
      due: String(Number(holder?.moneyDue['points']?.amount ?? 0)),
    }
  }
  test.each(matrix)('%s', (name, whole, partly, withOthers) => {
    expect(stands(policies[name]!, unspent)).toEqual(whole)
    expect(stands(policies[name]!, spent)).toEqual(partly)
    expect(stands(policies[name]!, others)).toEqual(withOthers)
  })

  test('what is pending goes in every case', () => {
    const engine = pointsWith({ pending: 'until-confirmed', negative: { clawback: 'pending-only' } })
    const { state } = tell(engine, [paid('2024-03-01', 'a', '70'), refunded('2024-03-02', 'a', '20')])
    expect(view(engine, state)).toMatchObject({ pending: 50 })
    expect(view(engine, state).holder).toBeUndefined()
  })

  test('what expired unspent is not charged again, under any policy', () => {
    for (const policy of Object.values(policies)) {
      const engine = pointsWith({ expires: { days: 10 }, negative: policy })
      const { state } = tell(engine, [
        paid('2024-03-01', 'a', '70'),
        paid('2024-03-20', 'b', '5'),
        cancelled('2024-03-21', 'a'),
      ])
      expect(view(engine, state)).toMatchObject({ balance: 5, totals: { expired: 70, clawedBack: 0 } })
      expect(view(engine, state).holder).toBeUndefined()
    }
  })

  test('money is owed to the exact fraction over any number of parts, rounded in the favour of the holder', () => {
    const engine = pointsWith({
      negative: { clawback: 'money-due', perPoint: { currency: 'CNY', ratio: '1/300' } },
    })
    const parts = Array.from({ length: 10 }, (_, i) => refunded(`2024-03-${10 + i}`, 'a', '10'))
    const { state } = tell(engine, [paid('2024-03-01', 'a', '100'), redeem('2024-03-02', 100), ...parts])
    expect(view(engine, state).holder?.moneyDue).toEqual({
      points: { points: 100, amount: '0.33', currency: 'CNY' },
    })
  })

  test('a deficit is repaid by what comes next, and money that is due is not', () => {
    const story = [...spent, cancelled('2024-03-05', 'a'), paid('2024-03-06', 'c', '60')]
    const one = pointsWith()
    expect(view(one, tell(one, story).state).balance).toBe(10)
    const other = pointsWith({ negative: policies['money-due']! })
    expect(view(other, tell(other, story).state)).toMatchObject({ balance: 60 })
  })

  test.each(Object.entries(policies))(
    'a refund that never was leaves what would have been: %s',
    (_, policy) => {
      const engine = pointsWith({ negative: policy })
      const gone = { ...cancelled('2024-03-05', 'a'), id: 'gone' }
      const { log } = tell(engine, [...spent, gone])
      const replayed = replay(engine, { checkpoint: engine.start('u1'), tail: log }, { remove: ['gone'] })
      const { balance, holder } = view(engine, replayed.state)
      expect(balance).toBe(20)
      expect(holder?.uncollected['points'] ?? 0).toBe(0)
      expect(Number(holder?.moneyDue['points']?.amount ?? 0)).toBe(0)
    },
  )

  test('by currency and by tier', () => {
    const engine = pointsWith({
      negative: {
        clawback: 'within-balance',
        byCurrency: { points: { clawback: 'deficit', atMost: 10 } },
        byTier: { track: 'level', tiers: { gold: { atMost: 30 }, none: { atMost: 20 } } },
      },
      tiers: [
        {
          track: 'level',
          measure: { earned: 'points' },
          levels: [
            { tier: 'silver', from: 5_000 },
            { tier: 'gold', from: 9_000 },
          ],
        },
      ],
    } as never)
    const { state } = tell(engine, spent)
    const left = (...tiers: readonly string[]) => {
      const inputs = tiers.map((tier) =>
        event('2024-03-04', 'points/set-tier', { track: 'level', tier, reason: 'a favour' }),
      )
      const { state: after } = tell(engine, [...inputs, cancelled('2024-03-05', 'a')] as never, state)
      return view(engine, after).balance
    }
    expect(left()).toBe(-20)
    expect(left('silver')).toBe(-10)
    expect(left('gold')).toBe(-30)
    expect(left('gold', 'none')).toBe(-20)
  })

  test('a tier or a track that is none is named', () => {
    const level = { track: 'level', measure: { earned: 'points' }, levels: [{ tier: 'gold', from: 9 }] }
    const made = (byTier: object) => () => pointsWith({ negative: { byTier }, tiers: [level] } as never)
    expect(made({ track: 'level', tiers: { gold: {}, none: {} } })).not.toThrow()
    expect(made({ track: 'levle', tiers: {} })).toThrow(/unknown-name at \$\.negative\.byTier\.track/)
    expect(made({ track: 'level', tiers: { golf: {} } })).toThrow(/\$\.negative\.byTier\.tiers\.golf/)
  })

  test('as others print it', () => {
    const { talonRollbackNegative: negative, talonRollbackWithinBalance: within } = cases
    for (const [expected, policy] of [
      [negative, {}],
      [within, { clawback: 'within-balance' }],
    ] as const) {
      const engine = pointsWith({ negative: policy })
      const { log, state } = tell(engine, [
        paid('2024-03-01', 'a', String(expected.rollback)),
        redeem('2024-03-02', expected.rollback - expected.active),
        cancelled('2024-03-03', 'a'),
      ])
      const { moves } = log.at(-1)!.data as { readonly moves: readonly { readonly amount: number }[] }
      expect(moves.map(({ amount }) => -amount)).toEqual(expected.postings)
      expect(view(engine, state).balance).toBe(expected.balance)
    }
    const engine = pointsWith({ negative: { clawback: 'within-balance' } })
    const { state } = tell(engine, [
      paid('2024-03-01', 'a', String(within.rollback)),
      redeem('2024-03-02', within.rollback - within.active),
      cancelled('2024-03-03', 'a'),
    ])
    expect(view(engine, state).holder?.uncollected).toEqual({ points: within.uncollected })
  })

  test('buying and refunding again and again leaves nothing', () => {
    const { earn, times, balance } = cases.odoo257854Cycle
    for (const policy of Object.values(policies).filter(({ clawback }) => clawback !== 'pending-only')) {
      const engine = pointsWith({ negative: policy })
      const story = Array.from({ length: times }, (_, i) => [
        paid(utc('2024-03-01') + 2 * i, `o${i}`, String(earn)),
        cancelled(utc('2024-03-01') + 2 * i + 1, `o${i}`),
      ])
      expect(view(engine, tell(engine, story.flat()).state).balance).toBe(balance)
    }
  })

  test('an order paid with points and cancelled gives them back, and no more', () => {
    const { registration, burn, earn, balance } = cases.nopCommerce5595
    const engine = pointsWith()
    const { state } = tell(engine, [
      give('2024-03-01', registration),
      redeem('2024-03-02', burn, 'r'),
      paid('2024-03-02', 'a', String(earn)),
      cancelled('2024-03-03', 'a'),
      refund('2024-03-03', 'r'),
    ])
    expect(view(engine, state).balance).toBe(balance)
  })
})

describe('by hand', () => {
  test('points are added with the terms of their currency, and removed in the order of spending', () => {
    const engine = pointsWith({ expires: { days: 10 } })
    const { state } = tell(engine, [
      adjust('2024-03-01', 20),
      paid('2024-03-02', 'a', '5'),
      adjust('2024-03-03', -22),
    ])
    expect(view(engine, state)).toMatchObject({
      balance: 3,
      totals: { earned: 5, added: 20, removed: 22 },
      next: { at: utc('2024-03-12'), points: 3 },
    })
  })

  test.each<[NegativePolicy, number | undefined, number]>([
    [{}, undefined, -20],
    [{ atMost: 15 }, 25, 10],
    [{ atMost: 20 }, undefined, -20],
    [{ clawback: 'within-balance' }, 10, 10],
    [{ clawback: 'pending-only' }, 10, 10],
    [{ clawback: 'money-due', perPoint: cny }, undefined, 0],
  ])('no more is removed than may be owed: %o', (negative, available, balance) => {
    const engine = pointsWith({ negative })
    const { state } = tell(engine, [give('2024-03-01', 10)])
    const command = adjust('2024-03-02', -30)
    if (available === undefined) {
      const { state: after } = tell(engine, [command], state)
      expect(view(engine, after).balance).toBe(balance)
    } else
      expect(refusalOf(engine, state, command)).toEqual({
        code: 'insufficient-points',
        requested: 30,
        available,
      })
  })

  test.each(['', 'xyz', '__proto__', 'CNYX', 12, null])('%o is no currency for what is due', (currency) => {
    const perPoint = { currency, ratio: '1/100' } as typeof cny
    const at = (path: string) => expect.objectContaining({ code: 'wrong-type', path })
    expect(() => pointsWith({ negative: { clawback: 'money-due', perPoint } })).toThrow(
      at('$.negative.perPoint.currency'),
    )
    expect(() => pointsWith({ negative: { byCurrency: { points: { perPoint } } } })).toThrow(
      at('$.negative.byCurrency.points.perPoint.currency'),
    )
  })

  test('an adjustment by nothing is none', () => {
    expect(refusalOf(pointsWith(), pointsWith().start('u1'), adjust('2024-03-01', 0))).toEqual({
      code: 'nothing-to-adjust',
    })
  })

  const engine = pointsWith({ expires: { days: 30 } })
  const ten = give('2024-03-01', 10, 'ten')
  test.each<[string, readonly object[], string, number]>([
    ['points given', [ten], 'ten', 0],
    ['points given that repaid a debt', [adjust('2024-03-01', -4, 'minus'), ten], 'ten', -4],
    ['points given and spent since', [ten, redeem('2024-03-02', 7)], 'ten', -7],
    ['points added', [ten, adjust('2024-03-02', 5, 'plus')], 'plus', 10],
    ['points removed', [ten, adjust('2024-03-02', -4, 'minus')], 'minus', 10],
    ['a debt made by hand', [ten, adjust('2024-03-02', -14, 'minus')], 'minus', 10],
    [
      'a debt made by hand and repaid since',
      [ten, adjust('2024-03-02', -14, 'minus'), give('2024-03-03', 9)],
      'minus',
      19,
    ],
    ['a redemption', [ten, redeem('2024-03-02', 7, 'r')], 'r', 10],
    [
      'what is left of a redemption',
      [ten, redeem('2024-03-02', 7, 'r'), refund('2024-03-03', 'r', 2)],
      'r',
      10,
    ],
    ['a reservation', [ten, event('2024-03-02', 'points/reserve', { points: 7 }, 'v')], 'v', 10],
    [
      'what was sent',
      [ten, event('2024-03-02', 'points/send', { points: 7, to: 'bob', transfer: 't' }, 's')],
      's',
      10,
    ],
    [
      'what was received',
      [
        ten,
        event(
          '2024-03-02',
          'points/receive',
          { from: 'bob', transfer: 't', parts: [{ lot: 0, amount: 3, expiresAt: null }] },
          's',
        ),
      ],
      's',
      10,
    ],
  ])('reversing %s', (_, story, of, balance) => {
    const { state } = tell(engine, story as never)
    const { state: after } = tell(engine, [reverse('2024-03-04', of)], state)
    expect(view(engine, after)).toMatchObject({ balance, reserved: 0 })
    const code = of === 'v' ? 'unknown-posting' : 'already-reversed'
    expect(refusalOf(engine, after, reverse('2024-03-05', of))).toEqual({ code })
  })

  test('what comes back has the lots that it had', () => {
    const { state } = tell(engine, [ten, adjust('2024-03-05', -4, 'minus'), reverse('2024-03-06', 'minus')])
    expect(view(engine, state).next).toEqual({ what: 'expires', at: utc('2024-03-31'), points: 10 })
  })

  test('only as long as the definition says', () => {
    const brief = pointsWith({ reversible: { days: 5 } })
    const { state } = tell(brief, [ten])
    expect(refusalOf(brief, state, reverse('2024-03-05', 'ten'))).toBeUndefined()
    expect(refusalOf(brief, state, reverse('2024-03-06', 'ten'))).toEqual({ code: 'unknown-posting' })
    const { state: later } = tell(brief, [give('2024-03-07', 1, 'one')], state)
    expect(JSON.stringify(later.of.holder)).not.toContain('ten')
  })
})

describe('between accounts', () => {
  const start = utc('2024-03-01')
  const world = (engine: ReturnType<typeof pointsWith>) => {
    const store = stateStore({ points: engine })
    let now = utc('2024-04-01')
    const clock = () => ++now
    const told = (subject: string, at: string, type: string, data: object) =>
      store.decide('points', subject, {
        ...teller(subject)(at, type, data),
        id: `${subject}-${at}-${type}`,
      } as never)
    const state = (subject: string) => store.load('points', subject) as ReturnType<typeof engine.start>
    const run = (plan: ReturnType<typeof transferPlan>) => {
      const runner = planRunner(store, plan, clock)
      for (let i = 0; i < 40 && ['do', 'undo'].includes(runner.next().next); i++) runner.attempt('lives')
      return runner.next()
    }
    const wallet = (subject: string) => engine.view(state(subject), utc('2024-04-02'))
    return { told, state, run, wallet }
  }
  const give = (points: number) => ({ points, reason: 'first' })

  test.each([
    ['kept', '2024-05-10'],
    ['reset', '2024-06-01'],
  ] as const)('points given away: the end is %s', (expiry, end) => {
    const engine = pointsWith({ expires: { days: 70 }, transfers: { expiry } })
    const { told, state, run, wallet } = world(engine)
    told('ann', '2024-03-01', 'points/earn', give(30))
    const occurredAt = utc('2024-03-23')
    const plan = transferPlan(engine, state('ann'), {
      id: 't',
      occurredAt,
      from: 'ann',
      to: 'bob',
      points: 12,
    })
    expect(carryOut(plan, [])).toMatchObject({ next: 'do', subject: 'ann' })
    expect(run(plan)).toEqual({ next: 'done' })
    expect(wallet('ann')).toMatchObject({ balance: 18, totals: { sent: 12 } })
    expect(wallet('bob')).toMatchObject({ balance: 12, totals: { received: 12 }, next: { at: utc(end) } })
  })

  test('a receiver who is closed sends it all back', () => {
    const engine = pointsWith()
    const { told, state, run, wallet } = world(engine)
    told('ann', '2024-03-01', 'points/earn', give(30))
    told('bob', '2024-03-01', 'points/close', { reason: 'asked', points: 'forfeit' })
    const plan = transferPlan(engine, state('ann'), {
      id: 't',
      occurredAt: utc('2024-03-05'),
      from: 'ann',
      to: 'bob',
      points: 12,
    })
    expect(run(plan)).toMatchObject({ next: 'failed', because: { refusal: { code: 'account-closed' } } })
    expect(wallet('ann')).toMatchObject({ balance: 30, totals: { sent: 12, received: 12 } })
  })

  test.each<[string, object, string]>([
    ['more than there is', { points: 31 }, 'insufficient-points'],
    ['to itself', { points: 1, to: 'ann' }, 'to-itself'],
    ['nothing', { points: 0 }, 'points-not-positive'],
    [
      'parts that are not there',
      { points: 5, parts: [{ lot: 4, amount: 5, expiresAt: null }] },
      'unknown-lot',
    ],
    ['parts of another sum', { points: 5, parts: [{ lot: 0, amount: 4, expiresAt: null }] }, 'unknown-lot'],
    ['what is no list of parts', { points: 5, parts: 'all' }, 'unknown-lot'],
    ['what is no member’s, out of a pool', { points: 5, as: 'pool-out' }, 'unknown-lot'],
    ['more than the limit', { points: 21 }, 'transfer-limit-exceeded'],
  ])('%s is not sent', (_, data, code) => {
    const engine = pointsWith({ transfers: { limit: { points: 20, within: { days: 7 } } } })
    const { told } = world(engine)
    told('ann', '2024-03-01', 'points/earn', give(30))
    expect(told('ann', '2024-03-02', 'points/send', { to: 'bob', transfer: 't', ...data })).toMatchObject({
      outcome: 'refused',
      refusal: { code },
    })
  })

  test('what a receiver owes is repaid first, and the posting says so', () => {
    const { told, wallet } = world(pointsWith())
    told('bob', '2024-03-01', 'points/adjust', { points: -4, reason: 'x', by: 'desk' })
    const parts = [{ lot: 7, amount: 10, expiresAt: null }]
    const outcome = told('bob', '2024-03-02', 'points/receive', { from: 'ann', transfer: 't', parts })
    const { events } = outcome as unknown as { readonly events: readonly { readonly data: unknown }[] }
    expect(events[0]!.data).toMatchObject({
      points: 10,
      moves: [
        { to: 'deficit', amount: 4 },
        { to: 'available', amount: 6, lot: 0 },
      ],
    })
    expect(wallet('bob').balance).toBe(6)
  })

  test('a limit counts what was sent within its time, to the millisecond', () => {
    const engine = pointsWith({ transfers: { limit: { points: 20, within: { days: 7 } } } })
    const { told } = world(engine)
    told('ann', '2024-03-01', 'points/earn', give(90))
    const send = (at: string, points: number) =>
      told('ann', at, 'points/send', { to: 'bob', transfer: at, points })
    expect(send('2024-03-02', 15).outcome).toBe('accepted')
    expect(send('2024-03-08', 6)).toMatchObject({
      refusal: { code: 'transfer-limit-exceeded', requested: 6, left: 5 },
    })
    expect(send('2024-03-08 23:59', 5).outcome).toBe('accepted')
    expect(send('2024-03-09', 15).outcome).toBe('accepted')
  })

  test.each([
    ['no parts', []],
    ['a part of nothing', [{ lot: 0, amount: 0, expiresAt: null }]],
    ['a part without an end', [{ lot: 0, amount: 3 }]],
    ['text', 'points'],
    [
      'more than numbers hold',
      Array.from({ length: 2 }, () => ({ lot: 0, amount: Number.MAX_SAFE_INTEGER, expiresAt: null })),
    ],
  ])('%s is not received', (_, parts) => {
    const { told } = world(pointsWith())
    expect(told('bob', '2024-03-02', 'points/receive', { from: 'ann', transfer: 't', parts })).toMatchObject({
      outcome: 'refused',
      refusal: { code: 'malformed-parts' },
    })
  })

  test('only currencies that can be spent, and that may be given away', () => {
    const engine = definePoints({
      id: 'points',
      version: 1,
      calendar: { zone: 'UTC' },
      events: shop,
      currencies: [
        { currency: 'miles', kind: 'spendable' },
        { currency: 'coins', kind: 'spendable' },
        { currency: 'status', kind: 'status' },
      ],
      earning: [],
      transfers: { currencies: ['miles'] },
    })
    const state = engine.start('u1')
    const send = (currency: string) =>
      refusalOf(
        engine,
        state,
        event('2024-03-01', 'points/send', { to: 'bob', transfer: 't', points: 1, currency }),
      )
    expect(send('coins')).toEqual({ code: 'not-transferable' })
    expect(send('status')).toMatchObject({ code: 'malformed-field' })
    expect(send('miles')).toMatchObject({ code: 'insufficient-points' })
    expect(pointsFrom(engine.definition).hash).toBe(engine.hash)
  })

  test('a household spends what is oldest first, whosever it is, and each takes the rest', () => {
    const { card1, olderThanCard2, card2, burn, left1, left2 } = cases.householdFifo
    const engine = pointsWith({ expires: { years: 1 }, pools: {} })
    const { told, state, run, wallet } = world(engine)
    told('card1', '2024-03-01', 'points/earn', give(olderThanCard2))
    told('card2', '2024-03-02', 'points/earn', give(card2))
    told('card1', '2024-03-03', 'points/earn', give(card1 - olderThanCard2))
    const at = utc('2024-03-10')
    for (const member of ['card1', 'card2'])
      run(joinPoolPlan(engine, state(member), { id: `in-${member}`, occurredAt: at, member, pool: 'home' })!)
    expect(wallet('home').members).toMatchObject([
      { member: 'card1', available: card1 },
      { member: 'card2', available: card2 },
    ])
    told('home', '2024-03-11', 'points/redeem', { points: burn })
    expect(wallet('home')).toMatchObject({
      balance: left1 + left2,
      members: [
        { member: 'card1', available: left1 },
        { member: 'card2', available: left2 },
      ],
    })
    const leave = { occurredAt: utc('2024-03-12'), pool: 'home' }
    run(leavePoolPlan(engine, state('home'), { ...leave, id: 'out-1', member: 'card1' })!)
    expect([wallet('card1').balance, wallet('home').balance]).toEqual([left1, left2])
    expect(leavePoolPlan(engine, state('home'), { ...leave, id: 'out-3', member: 'card1' })).toBeNull()
    run(leavePoolPlan(engine, state('home'), { ...leave, id: 'out-2', member: 'card2' })!)
    expect([wallet('card2').balance, wallet('home').balance]).toEqual([left2, 0])
    expect(wallet('card2').next?.at).toBe(utc('2025-03-02'))
  })

  test('a pool hears what its members do, and knows whose it is', () => {
    const engine = pointsWith({
      earning: [
        {
          rule: 'shared',
          on: 'order-paid',
          as: 'friend',
          earns: { points: 1, per: '1', of: 'amount' },
          origin: 'orderId',
        },
      ],
      pools: { earnAs: 'friend' },
    })
    const home = engine.start('home')
    const bought = {
      ...teller('ann')('2024-03-01', 'order-paid', { orderId: 'o', amount: '40', friend: 'home' }),
    }
    const { state } = tell(engine, [bought as never], home)
    expect(engine.view(state, start).members).toEqual([
      { member: 'ann', currency: 'points', available: 40, pending: 0, reserved: 0 },
    ])
  })

  test('a pool that earns in a role in which no rule does is told so', () => {
    expect(() => pointsWith({ pools: { earnAs: 'friend' } })).toThrow(
      'unknown-name at $.pools.earnAs: expected the `as` of an earning rule; no rule has one, found "friend"',
    )
  })

  test('an account goes into another with all that it has, and refunds find it there', () => {
    const engine = pointsWith({ expires: { days: 90 } })
    const { told, state, run, wallet } = world(engine)
    const buy = (who: string, at: string, orderId: string, amount: string) =>
      told(who, at, 'order-paid', { orderId, amount })
    buy('old', '2024-03-01', 'o1', '40')
    buy('new', '2024-03-02', 'o2', '25')
    told('old', '2024-03-03', 'points/redeem', { points: 10 })
    told('old', '2024-03-04', 'points/reserve', { points: 5 })
    const plan = mergePlan(engine, state('old'), {
      id: 'm',
      occurredAt: utc('2024-03-05'),
      from: 'old',
      into: 'new',
    })
    expect(run(plan)).toEqual({ next: 'done' })
    expect(wallet('old')).toMatchObject({ balance: 0, reserved: 0, holder: { closedAt: utc('2024-03-05') } })
    expect(wallet('new')).toMatchObject({ balance: 50, reserved: 5, totals: { received: 40, redeemed: 10 } })
    expect(audit(engine, state('new'))).toEqual({ findings: [] })
    expect([...openLots(state('new').of.books['points']!.lots)].map(({ lot }) => lot)).toEqual([1, 0])
    const back = told('new', '2024-03-06', 'points/refund', { redemption: 'old-2024-03-03-points/redeem' })
    expect(back.outcome).toBe('accepted')
    told('new', '2024-03-07', 'order-cancelled', { orderId: 'o1' })
    expect(wallet('new')).toMatchObject({ balance: 20, reserved: 5, totals: { clawedBack: 40 } })
    told('new', '2024-03-08', 'points/release', { reservation: 'old-2024-03-04-points/reserve' })
    expect(wallet('new')).toMatchObject({ balance: 25, reserved: 0 })
    expect(engine.view(state('new'), utc('2024-05-31')).next).toBeNull()
  })

  test('what is owed goes with it, and a plan that fails leaves what was', () => {
    const engine = pointsWith()
    const { told, state, run, wallet } = world(engine)
    told('old', '2024-03-01', 'order-paid', { orderId: 'o1', amount: '40' })
    told('old', '2024-03-02', 'points/redeem', { points: 40 })
    told('old', '2024-03-03', 'order-refunded', { orderId: 'o1', amount: '30' })
    told('new', '2024-03-03', 'points/earn', give(20))
    const ask = { occurredAt: utc('2024-03-05'), from: 'old' }
    told('shut', '2024-03-03', 'points/close', { reason: 'asked', points: 'forfeit' })
    expect(run(mergePlan(engine, state('old'), { ...ask, id: 'm0', into: 'shut' }))).toMatchObject({
      next: 'failed',
    })
    expect(wallet('old').balance).toBe(-30)
    expect(state('old').of.holder).toMatchObject({ closedAt: null, handed: null })
    const stale = mergePlan(engine, state('old'), {
      ...ask,
      occurredAt: utc('2024-04-02'),
      id: 'm1',
      into: 'new',
    })
    told('old', '2024-04-01 12:00', 'points/earn', give(1))
    expect(run(stale)).toMatchObject({ next: 'failed', because: { refusal: { code: 'not-as-planned' } } })
    const fresh = mergePlan(engine, state('old'), {
      ...ask,
      occurredAt: utc('2024-04-02'),
      id: 'm2',
      into: 'new',
    })
    expect(run(fresh)).toEqual({ next: 'done' })
    expect(wallet('new').balance).toBe(-9)
    told('new', '2024-04-03', 'order-cancelled', { orderId: 'o1' })
    expect(engine.view(state('new'), utc('2024-04-03')).balance).toBe(-19)
  })
})
