import {
  defineEvents,
  defineLifecycle,
  definePoints,
  defineProgram,
  explain,
  instant,
  money,
  pointsEvents,
  preview,
  stageEvents,
  text,
  verdicts,
} from 'liuliang'
import { describe, expect, test } from 'vitest'
import { outline, refusalOf, tell, teller, utc } from '../support/story.js'

const stages = ['lead', 'active', 'loyal'] as const
const tiers = ['basic', 'gold'] as const
const shop = defineEvents({
  'order-paid': { orderId: text(), amount: money('CNY') },
  ...stageEvents('customer', stages),
  ...pointsEvents('points'),
})
const calendar = { zone: 'Asia/Shanghai' } as const
const customer = defineLifecycle({
  id: 'customer',
  version: 1,
  calendar,
  events: shop,
  activity: ['order-paid'],
  stages,
  initial: 'lead',
  rules: {
    lead: [{ to: 'active', on: 'order-paid' }],
    active: [{ to: 'loyal', when: shop.sum('order-paid', 'amount', { within: { days: 90 } }).gte('300') }],
    loyal: [{ to: 'active', inactiveFor: { days: 90 } }],
  },
})
const points = definePoints({
  id: 'points',
  version: 1,
  calendar,
  events: shop,
  earning: [
    {
      rule: 'purchase',
      on: 'order-paid',
      earns: { points: 1, per: '1', of: 'amount' },
      origin: 'orderId',
      multiply: [{ by: '2', when: shop.last('customer/stage-changed', 'to').is('loyal') }],
    },
  ],
})
const tier = defineLifecycle({
  id: 'tier',
  version: 1,
  calendar,
  events: shop,
  activity: [],
  stages: tiers,
  initial: 'basic',
  rules: { basic: [{ to: 'gold', when: shop.sum('points/earned', 'points').gte(500) }], gold: [] },
})
const loyalty = defineProgram({ id: 'loyalty', version: 1, parts: [customer, points, tier] })
const event = teller()
const paid = (at: string, orderId: string, amount: string) => event(at, 'order-paid', { orderId, amount })

describe('events out of one part are events into the next, at their instant', () => {
  const { state } = tell(loyalty, [paid('2024-03-01', 'a', '200')])

  test('a preview shows the whole chain: a stage, its multiplier, the points, the tier', () => {
    const seen = preview(loyalty, state, paid('2024-03-02', 'b', '200'))
    if (seen.outcome !== 'accepted') throw new Error(seen.outcome)
    expect(outline(seen.events)).toEqual([
      'order-paid',
      'active > loyal',
      'points/earned 400',
      'basic > gold',
    ])
    const changed = Object.fromEntries(seen.changed.map(({ path, before, after }) => [path, [before, after]]))
    expect(changed).toMatchObject({
      'customer.stage': ['active', 'loyal'],
      'points.balance': [200, 600],
      'tier.stage': ['basic', 'gold'],
    })
    expect(loyalty.view(state, utc('2024-03-02')).tier.stage).toBe('basic')
  })

  test('the order of the parts decides who sees what: points before the stage do not know of it yet', () => {
    const hasty = defineProgram({ id: 'loyalty', version: 1, parts: [points, customer, tier] })
    const { log } = tell(hasty, [paid('2024-03-01', 'a', '200'), paid('2024-03-02', 'b', '200')])
    expect(outline(log.slice(3))).toEqual(['order-paid', 'points/earned 200', 'active > loyal'])
    expect(hasty.hash).not.toBe(loyalty.hash)
  })

  test('verdicts say what is missing, and supplying it makes the move', () => {
    const waiting = verdicts(loyalty, state, utc('2024-03-02'))
    expect(waiting.map(({ rule, to }) => [rule, to])).toEqual([
      ['customer: $.rules.active[0]', 'loyal'],
      ['points: $.earning[0].multiply[0]', 'purchase × 2'],
      ['tier: $.rules.basic[0]', 'gold'],
    ])
    expect(waiting[0]!.verdict).toMatchObject({
      holds: false,
      observed: '200.00',
      condition: { value: '300' },
    })
    expect(explain(loyalty, waiting[0]!, 'en')).toBe(
      '→ loyal: ✗ total "amount" of "order-paid" in the last 90 days is at least 300 CNY (is 200.00 CNY, needs 100.00 CNY more)',
    )
    const { state: after } = tell(loyalty, [paid('2024-03-02', 'b', '100')], state)
    expect(loyalty.view(after, utc('2024-03-02')).customer.stage).toBe('loyal')
  })

  test('what changes next is the earliest of all parts', () => {
    const { state: loyal } = tell(loyalty, [paid('2024-03-02', 'b', '100')], state)
    expect(loyalty.nextChange(loyal, utc('2024-03-02'))).toMatchObject({
      at: instant('2024-05-31T08:00:00+08:00'),
      because: { type: 'customer/stage-changed', data: { to: 'active' } },
    })
  })
})

describe('what comes from outside', () => {
  const { state } = tell(loyalty, [paid('2024-03-01', 'a', '200')])
  test.each([
    [
      'a stage that a part decides',
      event('2024-03-02', 'customer/stage-changed', { from: 'lead', to: 'loyal', reason: {} }),
    ],
    [
      'points that a part decides',
      event('2024-03-02', 'points/earned', { points: 9, repaid: 0, reason: {} }),
    ],
    ['a command to a part that is not there', event('2024-03-02', 'coupons/redeem', { points: 9 })],
  ])('%s is refused', (_, input) => {
    expect(refusalOf(loyalty, state, input)).toMatchObject({ code: 'unknown-type' })
  })

  test('commands and manual moves go to their part', () => {
    const { log } = tell(
      loyalty,
      [
        event('2024-03-02', 'customer/move-set', { to: 'loyal' as const, reason: 'a friend' }),
        event('2024-03-03', 'points/redeem', { points: 50 }),
      ],
      state,
    )
    expect(outline(log)).toEqual(['customer/move-set', 'active > loyal', 'points/redeemed 50'])
    expect(refusalOf(loyalty, state, event('2024-03-03', 'points/redeem', { points: 201 }))).toEqual({
      code: 'insufficient-points',
      requested: 201,
      available: 200,
    })
  })

  test('a part alone takes from outside what another part would emit', () => {
    const alone = tell(tier, [
      event('2024-03-02', 'points/earned', {
        points: 500,
        currency: 'points',
        repaid: 0,
        moves: [],
        reason: {},
      }),
    ] as never)
    expect(tier.view(alone.state, utc('2024-03-02')).stage).toBe('gold')
  })
})

test('a program of programs is the same program: parts conclude in the order in which they stand', () => {
  const inner = defineProgram({ id: 'inner', version: 1, parts: [customer, points] })
  const outer = defineProgram({ id: 'outer', version: 1, parts: [inner, tier] })
  const orders = [paid('2024-03-01', 'a', '200'), paid('2024-03-02', 'b', '200')]
  const [flat, nested] = [tell(loyalty, orders), tell(outer, orders)]
  const said = (log: readonly object[]) =>
    JSON.stringify(log.map((one) => ({ ...one, id: '', cause: undefined })))
  expect(said(nested.log)).toBe(said(flat.log))
  const { inner: both, tier: last } = outer.view(nested.state, utc('2024-03-02'))
  expect({ ...both, tier: last }).toEqual(loyalty.view(flat.state, utc('2024-03-02')))
})

test('two engines of one model live side by side, each with its own events and commands', () => {
  const coupons = definePoints({ id: 'coupons', version: 1, calendar, events: shop, earning: [] })
  const both = defineProgram({ id: 'both', version: 1, parts: [points, coupons] })
  const { state } = tell(both, [
    paid('2024-03-01', 'a', '10'),
    event('2024-03-01', 'coupons/earn', { points: 3, reason: 'welcome' }),
    event('2024-03-01', 'points/redeem', { points: 4 }),
  ])
  const view = both.view(state, utc('2024-03-01'))
  expect([view.points.balance, view.coupons.balance]).toEqual([6, 3])
})

describe('parts that do not go together', () => {
  test('two of one id', () => {
    expect(() => defineProgram({ id: 'p', version: 1, parts: [points, customer, points] })).toThrow(
      expect.objectContaining({ code: 'duplicate-name', path: '$.parts[2].id', value: 'points' }),
    )
  })

  test('two that declare one event with other fields', () => {
    const other = defineEvents({ 'order-paid': { orderId: text(), amount: money('USD') } })
    const dollars = definePoints({ id: 'dollars', version: 1, calendar, events: other, earning: [] })
    expect(() => defineProgram({ id: 'p', version: 1, parts: [points, dollars] })).toThrow(
      expect.objectContaining({ code: 'wrong-type', path: '$.parts[1].events.order-paid' }),
    )
  })

  test('one that hears a stage of another by words that it does not have', () => {
    const strange = defineEvents({ ...stageEvents('customer', ['lead', 'vip']) })
    const listener = definePoints({ id: 'dollars', version: 1, calendar, events: strange, earning: [] })
    expect(() => defineProgram({ id: 'p', version: 1, parts: [customer, listener] })).toThrow(
      expect.objectContaining({ code: 'wrong-type', path: '$.parts[1].events.customer/stage-changed' }),
    )
  })
})
