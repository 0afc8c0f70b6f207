// Claims from beginning to end: every refusal in its order, every policy in each of its values.
import {
  audit,
  definePoints,
  explain,
  forget,
  pointsEvents,
  pointsFrom,
  type RewardDefinition,
  replay,
  restore,
} from 'liuliang'
import { describe, expect, test } from 'vitest'
import { at, club, gifts, member, rich } from './support/gifts.js'

const types = (events: readonly { readonly type: string }[]) => events.map(({ type }) => type.slice(7))

describe('a claim', () => {
  test('of points alone is complete at once', () => {
    const ann = rich(1200)
    const events = ann.tell('2024-03-02', 'points/claim', { reward: 'mug', quantity: 2 }, 'm')
    expect(types(events)).toEqual(['redeemed', 'reward-claimed'])
    expect(events[1]!.data).toMatchObject({ claim: 'm', points: 1000, keptUntil: at('2024-04-01') })
    expect(events[1]!.data).not.toHaveProperty('until')
    const { balance, rewards } = ann.view('2024-03-02')
    expect(balance).toBe(200)
    expect(rewards.open).toEqual([])
    expect(rewards.limits).toEqual([
      { reward: 'mug', limit: 'monthly', most: 3, used: 2, left: 1, freesAt: at('2024-04-01') },
      { reward: 'mug', limit: 'ever', most: 5, used: 2, left: 3, freesAt: null },
      { reward: 'tote', limit: 'rolling', most: 2, used: 0, left: 2, freesAt: null },
    ])
    expect(club.nextChange(ann.state(), at('2024-03-02'))!.at).toBe(at('2024-04-01'))
  })

  test('with money to pay holds its points until it is paid', () => {
    const ann = rich(1000)
    const events = ann.tell(
      '2024-03-02',
      'points/claim',
      { reward: 'tote', quantity: 2, option: 'mixed' },
      't',
    )
    expect(types(events)).toEqual(['reserved', 'reward-claimed'])
    expect(ann.view('2024-03-02')).toMatchObject({ balance: 400, reserved: 600 })
    expect(ann.view('2024-03-02').rewards.open).toEqual([
      {
        ...{ claim: 't', reward: 'tote', quantity: 2, points: 600, currency: 'points', stock: null },
        ...{ due: { amount: '19.80', currency: 'CNY' }, until: at('2024-03-02 02:00') },
      },
    ])
    const payment = { claim: 't', payment: 'pay-1', amount: '19.8', currency: 'CNY' }
    const paid = ann.tell('2024-03-02 01:59', 'points/pay', payment)
    expect(types(paid)).toEqual(['redeemed', 'reward-paid'])
    expect(paid[1]!.data).toMatchObject({ payment: 'pay-1', money: { minor: 1980, amount: '19.80' } })
    expect(ann.view('2024-03-03')).toMatchObject({ balance: 400, reserved: 0, rewards: { open: [] } })
    expect(audit(club, ann.state(), ann.log as never)).toEqual({ findings: [] })
  })

  test('of money alone needs no points, and lapses by itself', () => {
    const ann = member()
    expect(types(ann.tell('2024-03-02', 'points/claim', { reward: 'tote', option: 'cash' }, 't'))).toEqual([
      'reward-claimed',
    ])
    const { events } = club.advance(ann.state(), at('2024-03-02 02:00'))
    expect(types(events)).toEqual(['reward-lapsed'])
    expect(ann.view('2024-03-02 01:59').rewards.open).toHaveLength(1)
    expect(ann.view('2024-03-02 02:00').rewards.open).toHaveLength(0)
  })

  test('of nothing is a present', () => {
    const ann = member()
    expect(types(ann.tell('2024-03-09', 'points/claim', { reward: 'market' }, 'p'))).toEqual([
      'reward-claimed',
    ])
    expect(types(ann.tell('2024-03-10', 'points/return', { claim: 'p' }))).toEqual(['reward-returned'])
  })

  test('that nobody pays for lapses at its own instant, before anything else, and its points come back', () => {
    const ann = rich(1000)
    ann.tell('2024-03-02', 'points/claim', { reward: 'tote', option: 'mixed' }, 't')
    const late = { claim: 't', payment: 'p', amount: '9.90', currency: 'CNY' }
    expect(ann.refused('2024-03-02 02:00', 'points/pay', late)).toEqual({
      code: 'claim-over',
      since: at('2024-03-02 02:00'),
    })
    const { events, state } = club.advance(ann.state(), at('2024-03-02 02:00'))
    expect(types(events)).toEqual(['reward-lapsed', 'released'])
    expect(events[0]!.data).toMatchObject({ reason: { code: 'not-paid-in-time' }, freesLimits: true })
    expect(club.view(state, at('2024-03-02 02:00'))).toMatchObject({ balance: 1000, reserved: 0 })
    expect(audit(club, state)).toEqual({ findings: [] })
  })

  test('ends earlier where it says so, and never later than was agreed', () => {
    const ann = rich(1000)
    const until = at('2024-03-02 01:00')
    const [, early] = ann.tell('2024-03-02', 'points/claim', { reward: 'tote', option: 'mixed', until }, 'a')
    expect(early!.data).toMatchObject({ until })
    const far = { reward: 'tote', option: 'mixed', until: at('2024-05-02') }
    expect(ann.tell('2024-03-02', 'points/claim', far, 'b')[1]!.data).toMatchObject({
      until: at('2024-03-02 02:00'),
    })
  })

  test('that is cancelled gives points and room back', () => {
    const ann = rich(1000)
    ann.tell('2024-03-02', 'points/claim', { reward: 'tote', quantity: 2, option: 'mixed' }, 't')
    expect(ann.refused('2024-03-02', 'points/claim', { reward: 'tote' }).code).toBe('reward-limit')
    expect(types(ann.tell('2024-03-02', 'points/cancel', { claim: 't' }))).toEqual([
      'released',
      'reward-cancelled',
    ])
    expect(ann.view('2024-03-02').balance).toBe(1000)
    ann.tell('2024-03-02', 'points/claim', { reward: 'tote' })
  })

  test('comes back in parts: points to their lots, with the grace of refunds, money said', () => {
    const ann = rich(1000)
    ann.tell('2024-03-02', 'points/claim', { reward: 'mug', quantity: 2 }, 'm')
    const [refunded, back] = ann.tell('2024-03-03', 'points/return', { claim: 'm', quantity: 1 })
    expect(refunded!.data).toMatchObject({ points: 500, redemption: 'm' })
    expect(back!.data).toMatchObject({ quantity: 1, points: 500, freesLimits: true })
    expect(ann.view('2024-03-03').rewards.limits[0]).toMatchObject({ used: 1, left: 2 })
    ann.tell('2024-03-31', 'points/return', { claim: 'm' })
    expect(ann.view('2024-03-31')).toMatchObject({ balance: 1000, next: { what: 'expires', points: 1000 } })
    expect(ann.refused('2024-03-31', 'points/return', { claim: 'm' })).toEqual({
      code: 'claim-over',
      since: at('2024-03-31'),
    })
    const bob = rich(1000, 'bob')
    bob.tell('2024-04-20', 'points/claim', { reward: 'tote', option: 'mixed' }, 't')
    bob.tell('2024-04-20', 'points/pay', { claim: 't', payment: 'p', amount: '9.90', currency: 'CNY' })
    // What was left of the points expired in between.
    const [, , paidBack] = bob.tell('2024-05-10', 'points/return', { claim: 't' })
    expect(paidBack!.data).toMatchObject({ points: 300, money: { amount: '9.90', currency: 'CNY' } })
    expect(bob.view('2024-05-10')).toMatchObject({ balance: 300, next: { at: at('2024-05-15') } })
  })

  test('is remembered as long as was agreed, and its name is free after that', () => {
    const ann = rich(3000)
    ann.tell('2024-03-02', 'points/claim', { reward: 'mug' }, 'm')
    expect(ann.decide('2024-03-31 23:59', 'points/return', { claim: 'm' }).outcome).toBe('accepted')
    expect(ann.refused('2024-04-01', 'points/return', { claim: 'm' })).toEqual({ code: 'unknown-claim' })
    // Its points are an ordinary redemption from then on.
    expect(ann.decide('2024-04-01', 'points/refund', { redemption: 'm' }).outcome).toBe('accepted')
  })

  test('leaves tiers, other commands and definitions without rewards as they are', () => {
    const ann = rich(3000)
    expect(ann.view('2024-03-01').tiers.level.tier).toBe('gold')
    ann.tell('2024-03-02', 'points/claim', { reward: 'lounge' }, 'l')
    expect(ann.view('2024-03-02').tiers.level.tier).toBe('gold')
    const { rewards: _, tiers: __, ...definition } = club.definition as { readonly [key: string]: object }
    const plain = pointsFrom(definition)
    expect(plain.start('ann').of).not.toHaveProperty('rewards')
    expect(plain.view(plain.start('ann'), 0)).not.toHaveProperty('rewards')
    expect(Object.keys(plain.accepts).filter((type) => /\/(claim|pay|cancel|return)$/.test(type))).toEqual([])
    expect(Object.keys(plain.publishes).filter((type) => type.includes('reward'))).toEqual([])
  })

  test('stays as it is when facts are corrected: what was spent stays spent, and the balance is owed', () => {
    const ann = member()
    ann.tell('2024-03-01', 'order-paid', { orderId: 'a', amount: '3000' }, 'o')
    ann.tell('2024-03-02', 'points/claim', { reward: 'lounge' }, 'l')
    ann.tell('2024-03-02', 'points/claim', { reward: 'tote', option: 'mixed' }, 't')
    const replayed = replay(
      club,
      { checkpoint: club.start('ann'), tail: ann.log as never },
      { remove: ['o'] },
    )
    expect(club.view(replayed.state, at('2024-03-02'))).toMatchObject({
      balance: -400,
      reserved: 300,
      rewards: { open: [{ claim: 't' }] },
    })
    expect(types(replayed.asserted).filter((type) => type.startsWith('reward'))).toEqual([])
    expect(audit(club, replayed.state)).toEqual({ findings: [] })
    // Points that come back pay what is owed first.
    const { state } = club.advance(replayed.state, at('2024-03-03'))
    expect(club.view(state, at('2024-03-03')).balance).toBe(-100)
  })

  test('is forgotten with its member, and the log restores what is left', () => {
    const ann = rich(1000)
    ann.tell('2024-03-02', 'points/claim', { reward: 'tote', option: 'mixed' }, 'ann@example.com')
    ann.tell('2024-03-02', 'points/claim', { reward: 'mug' }, 'ann-2')
    const { state, events } = forget(club, ann.state(), ann.log as never, 'ann')
    expect(JSON.stringify([state, events])).not.toMatch(/ann/)
    expect(restore(club, state.subject, events).of).toEqual(state.of)
    expect(audit(club, state)).toEqual({ findings: [] })
  })

  test('comes through the definition as JSON the same', () => {
    expect(pointsFrom(JSON.parse(JSON.stringify(club.definition))).hash).toBe(club.hash)
  })
})

test('what is remembered is bounded by what is open and by what was agreed', () => {
  const ann = member()
  let largest = 0
  for (let day = 0; day < 1000; day++) {
    const now = at('2024-03-01') + day * 86_400_000
    ann.tell(now, 'points/claim', { reward: 'tote', option: 'cash', quantity: 2 }, `a${day}`)
    ann.tell(now + 1, 'points/cancel', { claim: `a${day}` })
    ann.tell(now + 2, 'points/claim', { reward: 'tote', option: 'cash' }, `b${day}`)
    const { claims, kept, lapsing, uses } = ann.state().of.rewards!
    largest = Math.max(largest, claims!.n, kept!.n + lapsing!.n, uses.used!.n)
  }
  // Two a day for ninety days, and the one that is open.
  expect(largest).toBeLessThanOrEqual(2 * 91 + 1)
})

describe('policies', () => {
  const base = { reward: 'cup', reserveFor: { hours: 1 }, limits: [{ limit: 'one', most: 1 }] } as const
  const cup = (more: Partial<RewardDefinition<'cup', 'points'>>, price: object) =>
    definePoints({
      id: 'points',
      version: 1,
      calendar: { zone: 'UTC' },
      events: gifts,
      earning: [],
      rewards: [{ ...base, price, ...more } as RewardDefinition<'cup', 'points'>],
    })
  const told = (engine: ReturnType<typeof cup>, inputs: readonly (readonly [number, string, object])[]) => {
    let state = engine.start('ann')
    for (const [occurredAt, type, data] of inputs) {
      const id = `c${occurredAt}`
      const outcome = engine.decide(state, { id, type, subject: 'ann', occurredAt, data } as never)
      if (outcome.outcome !== 'accepted')
        return outcome.outcome === 'refused' ? outcome.refusal.code : 'again'
      state = outcome.state
    }
    return 'accepted'
  }
  const due = { money: { amount: '5', currency: 'CNY' } }
  const claim = { reward: 'cup' }

  test.each([
    [undefined, 'accepted'],
    ['frees-limits', 'accepted'],
    ['uses-limits', 'reward-limit'],
  ] as const)('unpaid: %s', (unpaid, expected) => {
    const engine = cup(unpaid === undefined ? {} : { unpaid }, due)
    const lapsed = [
      [1, 'points/claim', claim],
      [3_600_001, 'points/claim', claim],
    ] as const
    expect(told(engine, lapsed)).toBe(expected)
    const cancelled = [
      [1, 'points/claim', claim],
      [2, 'points/cancel', { claim: 'c1' }],
      [3, 'points/claim', claim],
    ] as const
    expect(told(engine, cancelled)).toBe(expected)
  })

  test.each([
    [undefined, 'accepted'],
    ['frees-limits', 'accepted'],
    ['uses-limits', 'reward-limit'],
  ] as const)('returned: %s', (returned, expected) => {
    const paid = [
      [1, 'points/claim', claim],
      [2, 'points/pay', { claim: 'c1', payment: 'p', amount: '5.00', currency: 'CNY' }],
      [3, 'points/return', { claim: 'c1' }],
      [4, 'points/claim', claim],
    ] as const
    expect(told(cup(returned === undefined ? {} : { returned }, due), paid)).toBe(expected)
  })
})

describe('refusals, in their order', () => {
  const claim = 'points/claim'

  test('claim-exists: claims, reservations and redemptions share their names', () => {
    const ann = rich(3000)
    ann.tell('2024-03-02', 'points/reserve', { points: 1 }, 'r')
    ann.tell('2024-03-02', 'points/redeem', { points: 1 }, 'd')
    ann.tell('2024-03-02', claim, { reward: 'tote' }, 't')
    // Ids are remembered for thirty days; claims for ninety.
    for (const id of ['r', 'd', 't'])
      expect(ann.refused('2024-04-20', claim, { reward: 'no' }, id)).toEqual({ code: 'claim-exists' })
    for (const word of ['redeem', 'reserve'])
      expect(ann.refused('2024-04-20', `points/${word}`, { points: 1 }, 't')).toEqual({
        code: 'claim-exists',
      })
  })

  test('unknown-reward, then the schedule, then who may, then how many', () => {
    const ann = rich(10)
    expect(ann.refused('2024-03-02', claim, { reward: 'no', quantity: 0 })).toEqual({
      code: 'unknown-reward',
    })
    expect(ann.refused('2024-03-02', claim, { reward: 'feast', quantity: 9 })).toEqual({
      code: 'offer-begins',
      from: at('2024-06-01'),
    })
    expect(ann.refused('2024-07-01', claim, { reward: 'feast' })).toEqual({
      code: 'offer-over',
      until: at('2024-07-01'),
    })
    expect(ann.refused('2024-03-08', claim, { reward: 'market' })).toEqual({
      code: 'offer-rests',
      again: { code: 'room-again', at: at('2024-03-09') },
    })
    // The next of these days is behind the end of the offer.
    expect(ann.refused('2024-04-08', claim, { reward: 'market' })).toEqual({
      code: 'offer-rests',
      again: null,
    })
    expect(ann.refused('2024-03-02', claim, { reward: 'lounge', quantity: 9 })).toMatchObject({
      code: 'not-eligible',
      leaves: [{ holds: false, observed: 'none' }],
    })
    for (const quantity of [0, 4, -1])
      expect(ann.refused('2024-03-02', claim, { reward: 'mug', quantity })).toEqual({
        code: 'quantity-out-of-range',
        requested: quantity,
        most: 3,
      })
  })

  test('reward-limit says what is left and when all limits have room', () => {
    const ann = rich(9000)
    ann.tell('2024-03-02', claim, { reward: 'mug', quantity: 2 })
    const refusal = ann.refused('2024-03-03', claim, { reward: 'mug', quantity: 2, option: 'no' })
    expect(refusal).toEqual({
      ...{ code: 'reward-limit', limit: 'monthly', most: 3, left: 1, requested: 2 },
      again: { code: 'room-again', at: at('2024-04-01') },
    })
    ann.tell('2024-04-02', claim, { reward: 'mug', quantity: 3 })
    expect(ann.refused('2024-05-02', claim, { reward: 'mug' })).toMatchObject({ limit: 'ever', again: null })
    ann.tell('2024-04-02', claim, { reward: 'tote' })
    ann.tell('2024-04-05', claim, { reward: 'tote' })
    expect(ann.refused('2024-04-06', claim, { reward: 'tote', quantity: 2 })).toMatchObject({
      again: { at: at('2024-04-15') },
    })
    expect(ann.refused('2024-04-06', claim, { reward: 'tote' })).toMatchObject({
      again: { at: at('2024-04-12') },
    })
    expect(ann.decide('2024-04-12', claim, { reward: 'tote' }).outcome).toBe('accepted')
  })

  test('price, end, points, stock', () => {
    const ann = rich(10)
    const until = at('2024-03-02')
    const tote = { reward: 'tote', option: 'mixed', until }
    expect(ann.refused('2024-03-02', claim, { ...tote, option: 'no' })).toEqual({ code: 'unknown-price' })
    expect(ann.refused('2024-03-02', claim, { reward: 'mug', option: 'points' })).toEqual({
      code: 'unknown-price',
    })
    expect(ann.refused('2024-03-02', claim, tote)).toEqual({ code: 'ends-before-it-begins' })
    expect(ann.refused('2024-03-02', claim, { reward: 'cap', quantity: 2 })).toEqual({
      code: 'insufficient-points',
      requested: 40,
      available: 10,
    })
    ann.tell('2024-03-02', 'points/earn', { points: 10, reason: 'more' })
    expect(ann.refused('2024-03-02', claim, { reward: 'cap' })).toEqual({ code: 'stock-not-reserved' })
  })

  test('of what a claim is', () => {
    const ann = rich(1000)
    const payment = { payment: 'p', amount: '9.90', currency: 'CNY' }
    for (const word of ['pay', 'cancel', 'return'])
      expect(
        ann.refused('2024-03-02', `points/${word}`, { claim: 'no', ...(word === 'pay' && payment) }),
      ).toEqual({ code: 'unknown-claim' })
    ann.tell('2024-03-02', claim, { reward: 'tote', option: 'mixed' }, 't')
    const pay = (more: object) => ann.refused('2024-03-02', 'points/pay', { claim: 't', ...payment, ...more })
    for (const wrong of [{ currency: 'USD' }, { amount: 'nine' }, { amount: '9.901' }])
      expect(pay(wrong)).toEqual({ code: 'payment-unreadable', due: '9.90', currency: 'CNY' })
    expect(pay({ amount: '9.9' + '1' })).toEqual({
      ...{ code: 'payment-differs', due: '9.90', paid: '9.91', currency: 'CNY' },
    })
    expect(ann.refused('2024-03-02', 'points/return', { claim: 't' })).toEqual({
      code: 'claim-open',
      until: at('2024-03-02 02:00'),
    })
    for (const [word, data] of [
      ['release', { reservation: 't' }],
      ['capture', { reservation: 't' }],
    ] as const)
      expect(ann.refused('2024-03-02', `points/${word}`, data)).toEqual({ code: 'part-of-a-claim' })
    ann.tell('2024-03-02', 'points/pay', { claim: 't', ...payment })
    const since = at('2024-03-02')
    for (const word of ['pay', 'cancel'])
      expect(
        ann.refused('2024-03-03', `points/${word}`, { claim: 't', ...(word === 'pay' && payment) }),
      ).toEqual({
        code: 'claim-completed',
        since,
      })
    expect(ann.refused('2024-03-03', 'points/refund', { redemption: 't' })).toEqual({
      code: 'part-of-a-claim',
    })
    expect(ann.refused('2024-03-03', 'points/return', { claim: 't', quantity: 2 })).toEqual({
      ...{ code: 'quantity-out-of-range', requested: 2, most: 1 },
    })
  })
})

describe('definitions', () => {
  const mug = { reward: 'mug', price: { points: 1 } }
  const define = (rewards: unknown) =>
    definePoints({
      id: 'points',
      version: 1,
      calendar: { zone: 'UTC' },
      events: gifts,
      currencies: [
        { currency: 'status', kind: 'status' },
        { currency: 'points', kind: 'spendable' },
      ],
      earning: [],
      rewards: rewards as never,
    })
  const due = { money: { amount: '5', currency: 'CNY' } }
  test.each<[string, unknown, string, string]>([
    ['no list', {}, 'wrong-type', '$.rewards'],
    ['none', [], 'missing', '$.rewards'],
    ['a key that nobody reads', [{ ...mug, cost: 1 }], 'unknown-key', '$.rewards[0].cost'],
    ['a name with a blank', [{ ...mug, reward: 'a mug' }], 'wrong-type', '$.rewards[0].reward'],
    ['a name twice', [mug, mug], 'duplicate-name', '$.rewards[1].reward'],
    ['no price', [{ reward: 'mug' }], 'wrong-type', '$.rewards[0].price'],
    ['an empty price', [{ ...mug, price: {} }], 'missing', '$.rewards[0].price'],
    ['no prices', [{ ...mug, price: [] }], 'missing', '$.rewards[0].price'],
    ['half a point', [{ ...mug, price: { points: 0.5 } }], 'out-of-range', '$.rewards[0].price.points'],
    [
      'two prices of one name',
      [{ ...mug, price: [1, 2].map((points) => ({ option: 'a', points })) }],
      'duplicate-name',
      '$.rewards[0].price[1].option',
    ],
    [
      'a price without its name',
      [{ ...mug, price: [{ points: 1 }] }],
      'wrong-type',
      '$.rewards[0].price[0].option',
    ],
    [
      'money of nothing',
      [{ ...mug, price: { money: { amount: '0', currency: 'CNY' } }, reserveFor: { days: 1 } }],
      'out-of-range',
      '$.rewards[0].price.money.amount',
    ],
    [
      'money of no currency',
      [{ ...mug, price: { money: { amount: '5', currency: 'cny' } }, reserveFor: { days: 1 } }],
      'wrong-type',
      '$.rewards[0].price.money.currency',
    ],
    ['money, and no end', [{ ...mug, price: due }], 'missing', '$.rewards[0].reserveFor'],
    ['an end, and no money', [{ ...mug, reserveFor: { days: 1 } }], 'unknown-key', '$.rewards[0].reserveFor'],
    [
      'an end at once',
      [{ ...mug, price: due, reserveFor: { days: 0 } }],
      'invalid-duration',
      '$.rewards[0].reserveFor',
    ],
    ['no pieces', [{ ...mug, quantity: 0 }], 'out-of-range', '$.rewards[0].quantity'],
    ['a currency of tiers', [{ ...mug, currency: 'status' }], 'unknown-name', '$.rewards[0].currency'],
    [
      'a limit of none',
      [{ ...mug, limits: [{ limit: 'a', most: 0 }] }],
      'out-of-range',
      '$.rewards[0].limits[0].most',
    ],
    [
      'a window that is over',
      [{ ...mug, limits: [{ limit: 'a', most: 1, within: { previous: 'day' } }] }],
      'wrong-type',
      '$.rewards[0].limits[0].within',
    ],
    [
      'a stock twice',
      [{ ...mug, stock: [1, 2].map(() => ({ engine: 'a', subject: 'b' })) }],
      'duplicate-name',
      '$.rewards[0].stock[1]',
    ],
    [
      'nothing of a stock',
      [{ ...mug, stock: [{ engine: 'a', subject: 'b', each: '0.00' }] }],
      'out-of-range',
      '$.rewards[0].stock[0].each',
    ],
    ['a campaign without end or beginning', [{ ...mug, during: {} }], 'missing', '$.rewards[0].during'],
    ['another policy', [{ ...mug, returned: 'frees' }], 'unknown-name', '$.rewards[0].returned'],
    ['no memory', [{ ...mug, keep: { days: 0 } }], 'invalid-duration', '$.rewards[0].keep'],
  ])('%s', (_, rewards, code, path) => {
    expect(() => define(rewards)).toThrow(expect.objectContaining({ code, path }))
  })

  test('the first currency that can be spent pays', () => {
    const engine = define([mug])
    expect(engine.definition).toMatchObject({ rewards: [mug] })
    const given = { id: 'g', type: 'points/earn', subject: 'a', occurredAt: 0 } as const
    const first = engine.decide(engine.start('a'), {
      ...given,
      data: { points: 5, reason: 'r', currency: 'points' },
    })
    const claimed = { id: 'm', type: 'points/claim', subject: 'a', occurredAt: 1, data: { reward: 'mug' } }
    const outcome = first.outcome === 'accepted' && engine.decide(first.state, claimed as never)
    expect(outcome).toMatchObject({
      outcome: 'accepted',
      events: [{ data: { currency: 'points', points: 1 } }, {}],
    })
  })

  test('whether events of claims are asked for is true or false', () => {
    expect(() => pointsEvents('points', { rewards: 'mug' as never })).toThrow('$.options.rewards')
    const plain = Object.keys(pointsEvents('points'))
    const more = Object.keys(pointsEvents('points', { rewards: true }))
    expect(plain.filter((type) => type.startsWith('points/reward'))).toEqual([])
    expect(more.filter((type) => !plain.includes(type))).toEqual(
      ['claimed', 'paid', 'cancelled', 'lapsed', 'returned'].map((word) => `points/reward-${word}`),
    )
  })
})

test('decisions are said', () => {
  const ann = rich(4000)
  const reason = (events: readonly { readonly data: object }[], i: number) =>
    (events[i]!.data as { readonly reason: { readonly code: string } }).reason
  const lounge = reason(ann.tell('2024-03-02', 'points/claim', { reward: 'lounge' }), 1)
  expect(explain(club, lounge, 'en')).toBe(
    '1 × lounge for 100 points, because "points"\'s "level" is "gold" (is "gold")',
  )
  const tote = reason(ann.tell('2024-03-02', 'points/claim', { reward: 'tote', option: 'mixed' }, 't'), 1)
  expect(explain(club, tote, 'en')).toBe('1 × tote for 300 points 9.90 CNY')
  expect(explain(club, tote, 'zh')).toBe('tote×1：300分 9.90 CNY')
  const lapsed = reason(club.advance(ann.state(), at('2024-03-02 02:00')).events, 0)
  expect(explain(club, lapsed, 'en')).toBe('not paid for by 2024-03-02 02:00')
  expect(explain(club, lapsed, 'zh')).toBe('至2024-03-02 02:00仍未付款')
  const mug = ann.tell('2024-03-03', 'points/claim', { reward: 'mug' }, 'm')
  expect(mug).toHaveLength(2 + 2)
  const back = reason(ann.tell('2024-03-03', 'points/return', { claim: 'm' }), 1)
  expect(explain(club, back, 'en')).toBe('1 × mug came back, worth 500 points')
  expect(explain(club, back, 'zh')).toBe('mug×1已退回：500分')
})

describe('an account with claims', () => {
  test('neither closes nor goes to another while one is open', () => {
    const ann = rich(1000)
    ann.tell('2024-03-02', 'points/claim', { reward: 'tote', option: 'mixed' }, 't')
    const close = { id: 'c', type: 'points/close', data: { reason: 'moved', points: 'forfeit' } } as const
    const common = { subject: ann.state().subject, occurredAt: at('2024-03-02 01:00') }
    const refused = club.decide(ann.state(), { ...common, ...close } as never)
    expect(refused).toMatchObject({ refusal: { code: 'claims-open', claims: 1 } })
    ann.tell('2024-03-02 00:30', 'points/cancel', { claim: 't' })
    expect(club.decide(ann.state(), { ...common, ...close } as never).outcome).toBe('accepted')
  })

  test('takes no claim back by reversing what was posted for it', () => {
    const ann = rich(1000)
    ann.tell('2024-03-02', 'points/claim', { reward: 'mug' }, 'm')
    const reverse = { id: 'r', type: 'points/reverse', data: { of: 'm' } } as const
    const common = { subject: ann.state().subject, occurredAt: at('2024-03-02 01:00') }
    expect(club.decide(ann.state(), { ...common, ...reverse } as never)).toMatchObject({
      refusal: { code: 'part-of-a-claim' },
    })
  })
})
