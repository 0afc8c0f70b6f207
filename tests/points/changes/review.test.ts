// Who loses what by a new definition, and what the liability becomes.
import { collect, type DefinitionError, defineRightsReview, type Journal, type PointsState } from 'liuliang'
import { describe, expect, test } from 'vitest'
import { lossSentences } from '../../../src/points/changes/losses.js'
import { tell, utc } from '../../support/story.js'
import { account } from '../support/shop.js'
import { programWith } from './support/program.js'

type Terms = Parameters<typeof programWith>[1]

const notice = { changes: { notice: { days: 90 } } } as const
const announcedAt = utc('2026-02-01')
const holdsFrom = utc('2026-05-02')
const values = { points: { currency: 'CNY', perPoint: '0.01', rounding: 'half-up' } } as const
const order = (subject: string, amount: string, at = '2026-01-05') => [
  account(subject).paid(at, 'o1', amount),
]
const points = { currency: 'points', kind: 'spendable' } as const
const status = { currency: 'status', kind: 'status' } as const
const miles = { currency: 'miles', kind: 'spendable' } as const
const purchase = {
  rule: 'purchase',
  on: 'order-paid',
  earns: { points: 1, per: '3', of: 'amount' },
  origin: 'orderId',
}
const spend = {
  rule: 'spend',
  on: 'order-paid',
  in: 'status',
  earns: { points: 1, per: '1', of: 'amount' },
  origin: 'orderId',
}
const fly = {
  rule: 'fly',
  on: 'order-paid',
  in: 'miles',
  earns: { points: 1, per: '10', of: 'amount' },
  origin: 'orderId',
}

const reviewOf = (before: Terms, after: Terms, more: object = {}) =>
  defineRightsReview({
    id: 'rights',
    version: 1,
    before: programWith(1, before),
    after: programWith(2, after),
    asOf: announcedAt,
    announcedAt,
    values,
    ...more,
  } as Parameters<typeof defineRightsReview>[0])

function reviewed(before: Terms, after: Terms, inputs: readonly (readonly object[])[], more: object = {}) {
  const engine = programWith(1, before)
  const review = reviewOf(before, after, more)
  const states = inputs.map((history) => {
    const { subject } = history[0] as { readonly subject: string }
    return tell(engine, history as never, engine.start(subject)).state as Journal<PointsState>
  })
  return review.result(collect(review, states as never), undefined)
}

const brief = (result: ReturnType<typeof reviewed>) =>
  result.losses.map(({ code, subject, of, points, tier, to }) => {
    const what = tier === null ? points : `${tier} > ${to}`
    return `${subject} ${code} ${of} ${what}`
  })

describe('a currency that ends', () => {
  const before = {
    ...notice,
    currencies: [points, status, miles],
    earning: [purchase, spend, fly],
    tiers: [],
  } as never
  const after = { ...notice, currencies: [points, status], earning: [purchase, spend], tiers: [] } as never
  const both = { values: { ...values, miles: { currency: 'CNY', perPoint: '1/30', rounding: 'half-up' } } }
  const result = reviewed(
    before,
    after,
    [order('ben', '1000.00'), order('ann', '25.00'), order('cy', '9.00')],
    both,
  )

  test('is lost by who has some of it, from the end of the notice on', () => {
    expect(result).toMatchObject({ at: holdsFrom, isRefused: false, accounts: 3, losing: 3, unlisted: 0 })
    expect(brief(result)).toEqual([
      'ann currency-lost miles 2',
      'ann fraction-lost fly 0',
      'ben currency-lost miles 100',
      'cy fraction-lost fly 0',
    ])
    expect(result.totals).toEqual([
      { code: 'currency-lost', of: 'miles', accounts: 2, points: 102 },
      { code: 'fraction-lost', of: 'fly', accounts: 2, points: 0 },
    ])
    expect(result.losses[2]!.said).toEqual({
      en: 'ben loses 100 miles on 2026-05-02 00:00: the currency ends',
      zh: 'ben于2026-05-02 00:00失去100miles：该积分种类取消',
    })
  })

  test('is no longer owed', () => {
    const value = (amount: string) => ({ amount, currency: 'CNY' })
    const change = {
      before: { points: 102, value: value('3.40') },
      after: { points: 0, value: value('0.00') },
      difference: { points: -102, value: value('-3.40') },
    }
    expect(result.liability['miles']).toEqual({ ...change, months: [{ month: '2027-01', ...change }] })
    expect(result.liability['points']!.difference).toEqual({ points: 0, value: value('0.00') })
    expect(result.liability['points']!.before.points).toBe(333 + 8 + 3)
  })

  test('and what ends before the notice is over is not lost by the change', () => {
    const late = reviewed(
      { ...(before as object), expires: { months: 3 } } as never,
      { ...(after as object), expires: { months: 3 } } as never,
      [order('ann', '1000.00')],
      both,
    )
    expect(late).toMatchObject({ at: holdsFrom, losing: 0, losses: [] })
  })
})

describe('each kind of loss', () => {
  const carry = {
    cap: 'daily',
    atMost: 50,
    per: { this: 'day' },
    overflow: 'carry',
    rules: ['purchase'],
  } as const
  const cases: readonly (readonly [string, Terms, Terms, readonly string[]])[] = [
    ['nothing', {}, {}, []],
    [
      'a currency that cannot be spent',
      {},
      { currencies: [{ ...points, kind: 'status' }, status] },
      ['ann not-spendable points 200'],
    ],
    ['a bound', {}, { currencies: [{ ...points, atMost: 30 }, status] }, ['ann above-bound points 170']],
    ['a bound that is wide enough', {}, { currencies: [{ ...points, atMost: 200 }, status] }, []],
    [
      'a rule that is waited for',
      { expires: undefined, caps: [{ ...carry, per: { years: 1 } }] } as never,
      { expires: undefined, earning: [spend] } as never,
      ['ann fraction-lost purchase 0', 'ann waiting-lost purchase 150'],
    ],
    [
      'a rule that confirms',
      { pending: 'until-confirmed' },
      { pending: 'until-confirmed', earning: [purchase] } as never,
      ['ann unconfirmable spend 601'],
    ],
    ['what is left over', {}, { earning: [spend] } as never, ['ann fraction-lost purchase 0']],
    [
      'fractions that are dropped',
      {},
      { earning: [{ ...purchase, rounding: 'each' }, spend] } as never,
      ['ann fraction-lost purchase 0'],
    ],
    [
      'fractions that fit',
      {},
      { earning: [{ ...purchase, earns: { ...purchase.earns, per: '2.97' } }, spend] } as never,
      [],
    ],
    [
      'a tier',
      {},
      {
        tiers: [
          {
            track: 'level',
            measure: { earned: 'status' },
            levels: [{ tier: 'silver', from: 100 }],
            hold: { months: 12 },
          },
        ],
      } as never,
      ['ann tier-lowered level gold > silver'],
    ],
    ['all tiers', {}, { tiers: [] }, ['ann tier-lost level gold > null']],
    ['that somebody has to enrol', {}, { enrolment: {} }, ['ann must-enrol points 200']],
    ['nothing of who enrols with what happens', {}, { enrolment: 'at-once' }, []],
    [
      'a threshold, when the term ends',
      {},
      {
        tiers: [
          {
            track: 'level',
            measure: { earned: 'status' },
            levels: [
              { tier: 'silver', from: 100 },
              { tier: 'gold', from: 900 },
            ],
            hold: { months: 12 },
          },
        ],
      } as never,
      ['ann tier-lowered level gold > silver'],
    ],
  ]
  test.for(cases)('%s', ([, before, after, losses]) => {
    const result = reviewed({ ...notice, ...before }, { ...notice, ...after }, [order('ann', '601.00')])
    expect(brief(result)).toEqual(losses)
    for (const { said } of result.losses) {
      expect(said.en).not.toMatch(/[{}]|undefined/)
      expect(said.zh).not.toMatch(/[{}]|undefined/)
    }
  })

  test('but for ends that come earlier, which nothing brings about yet, all of them are found', () => {
    const codes = cases.flatMap(([, before, after]) =>
      reviewed({ ...notice, ...before }, { ...notice, ...after }, [order('ann', '601.00')]).losses.map(
        ({ code }) => code,
      ),
    )
    expect([...new Set([...codes, 'claim-ended', 'currency-lost', 'expires-earlier'])].sort()).toEqual(
      Object.keys(lossSentences).sort(),
    )
  })

  test('a claim that waits for its money ends with the rewards', () => {
    const lamp = {
      reward: 'lamp',
      price: { points: 40, money: { amount: '9.00', currency: 'CNY' } },
      reserveFor: { days: 200 },
    }
    const result = reviewed({ ...notice, rewards: [lamp] } as Terms, notice, [
      [
        ...order('ann', '601.00'),
        account('ann').event('2026-01-06', 'points/claim', { reward: 'lamp' }, 'c1'),
      ],
    ])
    expect(brief(result)).toEqual(['ann claim-ended lamp 40'])
    expect(result.liability['points']!.difference.points).toBe(0)
  })

  test('a tier is lost when its term ends', () => {
    const result = reviewed(
      notice,
      {
        ...notice,
        tiers: [
          {
            track: 'level',
            measure: { earned: 'status' },
            levels: [{ tier: 'gold', from: 900 }],
            hold: { months: 12 },
          },
        ],
      } as never,
      [order('ann', '601.00')],
    )
    expect(result.losses[0]).toMatchObject({
      code: 'tier-lost',
      tier: 'gold',
      to: null,
      at: utc('2027-01-05'),
    })
  })
})

test('points that cannot be spent any more are owed to nobody; better terms move months', () => {
  const status = reviewed(
    notice,
    {
      ...notice,
      currencies: [
        { ...points, kind: 'status' },
        { currency: 'status', kind: 'status' },
      ],
    },
    [order('ann', '601.00')],
  )
  expect(status.liability['points']!.difference.points).toBe(-200)
  const longer = reviewed({}, { expires: { months: 13 } }, [order('ann', '601.00')], { improve: 'at-once' })
  expect(longer).toMatchObject({ at: announcedAt, isRefused: false, worse: [], losing: 0 })
  expect(
    longer.liability['points']!.months.map(({ month, difference }) => [month, difference.points]),
  ).toEqual([
    ['2027-01', -200],
    ['2027-02', 200],
  ])
})

test("what waits beyond its end is nobody's loss, and what is reserved is owed whatever its end", () => {
  const pending = { ...notice, pending: 'until-confirmed', expires: { months: 1 } } as const
  const gone = reviewed(pending, { ...pending, earning: [purchase] } as never, [order('ann', '600.00')])
  expect(brief(gone)).toEqual([])
  const short = { ...notice, expires: { months: 1 } } as const
  const { give, event } = account('ben')
  const inputs = [give('2026-01-20', 30), event('2026-01-21', 'points/reserve', { points: 20 })]
  const kept = reviewed(short, { ...short, tiers: [] }, [inputs])
  expect(kept.liability['points']!.before.points).toBe(20)
})

test('a change that is refused is reviewed all the same', () => {
  const result = reviewed({}, { tiers: [] }, [order('ann', '601.00')])
  expect(result).toMatchObject({ isRefused: true, at: announcedAt, losing: 1 })
  expect(result.worse.map(({ code }) => code)).toEqual(['track-removed'])
})

test('lists as many as are asked for, and counts the rest', () => {
  const engine = programWith(1, notice)
  const review = reviewOf(notice, { ...notice, tiers: [] })
  const states = ['c', 'a', 'b'].map(
    (name) => tell(engine, order(name, '601.00') as never, engine.start(name)).state,
  )
  const partial = collect(review, states as never)
  const result = review.result(partial, { most: 2 })
  expect(result).toMatchObject({ accounts: 3, losing: 3, unlisted: 1, totals: [{ accounts: 3 }] })
  expect(result.losses.map(({ subject }) => subject)).toEqual(['a', 'b'])
  const left = review.retract(partial, states[1] as never)
  expect(review.result(left, undefined).losses.map(({ subject }) => subject)).toEqual(['b', 'c'])
  expect(() => review.retract(left, states[1] as never)).toThrow(/out-of-range/)
})

test('refuses what does not hold', () => {
  const fail = (call: () => unknown): DefinitionError => {
    try {
      call()
    } catch (error) {
      return error as DefinitionError
    }
    throw new Error('nothing was thrown')
  }
  expect(fail(() => reviewOf({}, {}, { values: {} }))).toMatchObject({
    code: 'missing',
    path: '$.values.points',
  })
  expect(fail(() => reviewOf({}, {}, { values: { ...values, status: 'not-owed' } })).path).toBe(
    '$.values.status',
  )
  expect(fail(() => reviewOf({}, {}, { asOf: 0.5 })).path).toBe('$.asOf')
  expect(fail(() => reviewOf({}, {}, { id: '' })).path).toBe('$.id')
  expect(fail(() => reviewOf({}, {}, { more: 1 })).path).toBe('$.more')
  const review = reviewOf({}, {})
  const later = tell(programWith(1), order('u1', '1.00', '2026-02-02') as never).state
  expect(fail(() => review.add(review.empty(), later as never))).toMatchObject({
    code: 'out-of-range',
    path: '$.at',
  })
  expect(fail(() => review.result({ ...review.empty(), of: '?' }, undefined)).code).toBe('other-definition')
  expect(fail(() => review.result({ ...review.empty(), losses: [{}] as never }, undefined)).code).toBe(
    'malformed-state',
  )
  expect(fail(() => review.result(review.empty(), { most: -1 })).path).toBe('$.options.most')
})
