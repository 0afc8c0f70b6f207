import * as fc from 'fast-check'
import {
  type Aggregate,
  type AnyEvent,
  attributes,
  defineActivitySurvival,
  defineBenefits,
  defineBudgetUse,
  defineCohortRevenue,
  defineDailyStates,
  defineEvents,
  defineGrowth,
  defineIntervalLabels,
  defineLifecycle,
  defineOpenRates,
  definePoints,
  definePointsDevelopment,
  definePointsLiability,
  defineProgram,
  defineQuantileSketch,
  defineRetention,
  defineRevenueRetention,
  defineStageFlows,
  defineStagePanel,
  defineStickiness,
  defineStock,
  defineStoredValue,
  defineSurvival,
  defineTenure,
  defineVitality,
  type Engine,
  exactTotal,
  instant,
  integer,
  lines,
  moment,
  moments,
  money,
  pointsEvents,
  type RewardDefinition,
  ref,
  type SurvivalRecord,
  stageEvents,
  storedValueEvents,
  summarizeHistories,
  text,
} from 'liuliang'
import { ledgerRows, outstandingLots } from '../../points/accounting/support/rows.js'
import { accounts, harshReview } from '../../points/changes/support/reviews.js'

// biome-ignore lint/suspicious/noExplicitAny: engines of any kinds stand side by side here.
type AnyEngine = Engine<any>
// biome-ignore lint/suspicious/noExplicitAny: aggregates of any kinds stand side by side here.
type AnyAggregate<Input> = Aggregate<Input, any, any, any>

/** Something that an exported `define…` makes, to be held against the laws of its shape. */
export type Specimen =
  | { readonly engine: AnyEngine; readonly types?: readonly string[] }
  | { readonly aggregate: AnyAggregate<AnyEvent>; readonly options: unknown }
  | {
      readonly aggregate: AnyAggregate<number>
      readonly options: unknown
      readonly numbers: fc.Arbitrary<number>
    }
  | {
      readonly aggregate: AnyAggregate<unknown>
      readonly options: unknown
      readonly records: fc.Arbitrary<unknown>
    }

const stages = ['lead', 'new', 'active', 'loyal', 'lapsed'] as const
const tiers = ['basic', 'silver', 'gold'] as const

const events = {
  visited: {},
  'order-paid': {
    orderId: text(),
    amount: money('CNY'),
    channel: text('web', 'app'),
    friend: ref('friend').optional(),
  },
  'order-received': { orderId: text() },
  'order-refunded': { orderId: text(), amount: money('CNY') },
  'post-published': { likes: integer() },
  ...attributes({ birthday: moment(), city: text() }),
} as const

const shop = defineEvents({
  ...events,
  ...stageEvents('customer', stages),
  ...stageEvents('tier', tiers),
  ...pointsEvents('points'),
})

const shanghai = { zone: 'Asia/Shanghai' } as const
const newYork = { zone: 'America/New_York' } as const
const lordHowe = { zone: 'Australia/Lord_Howe' } as const

const orders30 = shop.count('order-paid', { within: { days: 30 } })
const spent90 = shop.sum('order-paid', 'amount', { within: { days: 90 }, where: { channel: ['web', 'app'] } })

/** A customer with every kind of rule, in a zone that changes its clocks. */
export const customer = defineLifecycle({
  id: 'customer',
  version: 1,
  calendar: newYork,
  events: shop,
  activity: ['order-paid', 'visited', { event: 'order-paid', as: 'friend' }],
  stages,
  initial: 'lead',
  rules: {
    lead: [
      { to: 'new', on: 'order-paid' },
      { to: 'active', since: 'birthday', reaches: { months: 18, end: true } },
      { to: 'lapsed', inStageFor: { days: 60 } },
    ],
    new: [
      {
        to: 'active',
        when: orders30.gte(2).or(shop.last('order-paid', 'channel', { within: { weeks: 2 } }).is('app')),
      },
      { to: 'lapsed', inactiveFor: { days: 30 } },
    ],
    active: [
      { to: 'loyal', on: 'order-paid', when: orders30.gte(3).and(spent90.gte('100')) },
      { to: 'lapsed', when: shop.timeSince('order-paid', { orSince: 'visited' }).gte({ days: 30 }) },
    ],
    loyal: [
      { to: 'active', when: spent90.lt('50').and(shop.attribute('city').is('text-1').not()) },
      { to: 'lapsed', inactiveFor: { months: 2, end: true } },
    ],
    lapsed: [
      { to: 'active', on: { event: 'order-paid', as: 'friend' } },
      { to: 'new', on: 'order-paid' },
    ],
  },
})

/** Rules that tables hold, and one that only states do. */
const lives = (id: string, within: { readonly within: { readonly days: number } } | undefined) =>
  defineLifecycle({
    id,
    version: 1,
    calendar: newYork,
    events: shop,
    activity: ['order-paid', 'visited'],
    stages,
    initial: 'lead',
    rules: {
      lead: [
        { to: 'new', on: 'order-paid' },
        { to: 'lapsed', inStageFor: { days: 60 } },
      ],
      new: [
        { to: 'active', when: shop.sum('order-paid', 'amount', within).gte('100') },
        { to: 'lapsed', inactiveFor: { days: 30 } },
      ],
      active: [
        { to: 'loyal', on: 'order-received' },
        { to: 'lapsed', inactiveFor: { months: 1 } },
      ],
      loyal: [{ to: 'lapsed', inactiveFor: { days: 45 } }],
      lapsed: [{ to: 'active', on: { event: 'order-paid', where: { channel: 'app' } } }],
    },
  })

/**
 * Events of one person have to come in order, which no law about any order knows: every instant is another person's here. That the order
 * within a person counts, and columns and taking out, is held in tests of their own.
 */
const alone = <Partial, Result, Options>(
  aggregate: Aggregate<AnyEvent, Partial, Result, Options>,
): AnyAggregate<AnyEvent> => {
  const { definition, shard, empty, merge, result, toJson, fromJson } = aggregate
  const own = (event: AnyEvent): AnyEvent => ({
    ...event,
    subject: `${event.subject} ${event.occurredAt} ${event.type} ${JSON.stringify(event.data)}`,
  })
  return {
    definition,
    shard,
    empty,
    add: (partial: Partial, event: AnyEvent) => aggregate.add(partial, own(event)),
    merge,
    result,
    toJson: (partial: Partial) => toJson!(partial),
    fromJson: (json: unknown) => fromJson!(json),
  }
}
const followed = [lives('followed', undefined), lives('windowed', { within: { days: 30 } })]

/** Points with everything that a rule may have. */
const held = definePoints({
  id: 'points',
  version: 1,
  calendar: lordHowe,
  events: shop,
  earning: [
    {
      rule: 'purchase',
      on: 'order-paid',
      earns: { points: 1, per: '0.70', of: 'amount' },
      origin: 'orderId',
    },
  ],
  clawback: [{ on: 'order-refunded', origin: 'orderId' }],
  pending: { days: 3 },
  expires: { months: 3 },
  enrolment: { on: 'order-paid', before: 'earned-at-enrolment' },
  negative: {
    ...{ atMost: 20, beyond: 'money-due', perPoint: { currency: 'CNY', ratio: '1/300' } },
    byTier: { track: 'years', tiers: { none: { clawback: 'pending-only' }, gold: { atMost: 90 } } },
  },
  spend: 'oldest',
  keepOrigins: { days: 40 },
  caps: [{ cap: 'monthly', atMost: 300, per: { this: 'month' }, overflow: 'carry', returns: true }],
  tiers: [
    {
      track: 'years',
      measure: { earned: 'points' },
      window: { years: 1, from: 'enrolment' },
      levels: [
        { tier: 'silver', from: 50 },
        { tier: 'gold', from: 200 },
      ],
      hold: { days: 40 },
    },
    { track: 'stay', measure: { tenure: 'months' }, levels: [{ tier: 'friend', from: 1 }] },
  ],
  transfers: { expiry: 'reset', limit: { points: 50, within: { days: 7 } } },
  pools: {},
  reversible: { days: 30 },
})
const points = definePoints({
  id: 'points',
  version: 1,
  calendar: lordHowe,
  events: shop,
  earning: [
    {
      rule: 'purchase',
      on: 'order-paid',
      earns: { points: 1, per: '0.70', of: 'amount' },
      origin: 'orderId',
      multiply: [
        { by: '1.5', when: shop.last('customer/stage-changed', 'to').in('loyal', 'active') },
        { by: '4/3', when: orders30.between(2, 4) },
      ],
    },
    {
      rule: 'first-app',
      on: 'order-paid',
      where: { channel: 'app' },
      earns: { points: 25, of: 'amount' },
      origin: 'orderId',
      pending: 'until-confirmed',
    },
    {
      rule: 'likes',
      on: 'post-published',
      earns: { points: 2, per: 3, of: 'likes' },
      when: shop.count('visited').gt(0),
      expires: { days: 10 },
    },
  ],
  confirmation: [{ on: 'order-received', origin: 'orderId' }],
  clawback: [{ on: 'order-refunded', origin: 'orderId', of: 'amount' }],
  pending: { days: 7 },
  expires: { months: 3, end: true },
  refunds: { grace: { days: 5 } },
})

/** Points that last while somebody is active, spent by age; status that ends on an anniversary; what is old is forgotten. */
const lasting = definePoints({
  id: 'points',
  version: 2,
  calendar: lordHowe,
  events: shop,
  currencies: [
    {
      currency: 'points',
      kind: 'spendable',
      expires: {
        inactive: { days: 20 },
        first: { days: 9 },
        activity: ['visited', 'points/earned', 'points/redeemed'],
        countsZeroPoints: false,
      },
      spend: 'oldest',
    },
    { currency: 'status', kind: 'status', expires: { anniversary: 'enrolment', atLeast: { months: 3 } } },
  ],
  earning: [
    {
      rule: 'purchase',
      on: 'order-paid',
      earns: { points: 1, per: '0.70', of: 'amount' },
      origin: 'orderId',
      pending: { days: 2 },
    },
    { rule: 'standing', on: 'order-paid', earns: { points: 3 }, in: 'status', origin: 'orderId' },
    {
      rule: 'likes',
      on: 'post-published',
      earns: { points: 2, per: 3, of: 'likes' },
      expires: { every: '02-29' },
    },
  ],
  confirmation: [{ on: 'order-received', origin: 'orderId' }],
  clawback: [{ on: 'order-refunded', origin: 'orderId', of: 'amount' }],
  refunds: { to: 'fresh-lots' },
  reinstateWithin: { days: 30 },
  keepOrigins: { days: 40 },
})

const market = defineEvents({
  'order-paid': {
    orderId: text(),
    amount: money('CNY'),
    discount: money('CNY').optional(),
    items: lines({ sku: text(), amount: money('CNY'), category: text('food', 'books').optional() }),
  },
  'order-received': { orderId: text() },
  'order-refunded': { orderId: text(), amount: money('CNY') },
  'order-returned': { orderId: text(), items: lines({ sku: text(), amount: money('CNY') }) },
})

/** Points by line, net of discounts, in campaigns, with several multipliers, under policies of stacking and every kind of cap; tiers beside what waits. */
const earning = definePoints({
  id: 'points',
  version: 1,
  calendar: newYork,
  events: market,
  currencies: [{ currency: 'points', kind: 'spendable', atMost: 4000 }],
  earning: [
    {
      rule: 'goods',
      on: 'order-paid',
      each: 'items',
      line: 'sku',
      where: { category: { not: 'books' } },
      earns: { points: 2, per: '0.70', of: 'amount' },
      origin: 'orderId',
      pending: 'until-confirmed',
    },
    {
      rule: 'net',
      on: 'order-paid',
      earns: { points: 1, per: '3', of: 'amount', less: ['discount'] },
      origin: 'orderId',
      multiply: [
        { by: '1.5', when: market.count('order-paid', { within: { days: 30 } }).gte(2) },
        { by: '4/3', during: { from: '2024-03-01T00:00' } },
      ],
      multiplying: 'product',
    },
    {
      rule: 'welcome',
      on: 'order-paid',
      earns: { points: 90, of: 'amount' },
      origin: 'orderId',
      cooldown: { days: 2 },
      rounding: 'each',
    },
  ],
  confirmation: [{ on: 'order-received', origin: 'orderId' }],
  clawback: [
    { on: 'order-refunded', origin: 'orderId', of: 'amount' },
    { on: 'order-returned', origin: 'orderId', each: 'items', line: 'sku', of: 'amount' },
  ],
  stacking: [{ rules: ['welcome', 'net'], policy: 'best' }],
  caps: [
    { cap: 'daily', rules: ['goods'], atMost: 120, per: { this: 'day' }, overflow: 'carry', returns: true },
    { cap: 'rolling', atMost: 700, per: { days: 5 }, overflow: 'carry' },
    { cap: 'order', atMost: 900, per: 'event', overflow: 'truncate' },
    { cap: 'monthly', rules: ['net'], atMost: 300, per: { this: 'month' }, overflow: 'refuse' },
  ],
  tiers: [
    {
      track: 'level',
      measure: { earned: 'points' },
      window: { rolling: { days: 4 } },
      levels: [
        { tier: 'silver', from: 60 },
        { tier: 'gold', from: 200 },
      ],
    },
  ],
  expires: { months: 3, end: true },
})

const claims = defineEvents({ ...events, ...pointsEvents('points', { rewards: true }) })
const oneOfFifty = Array.from({ length: 50 }, (_, i) => i)

/**
 * Rewards of every kind of price, limit and policy, one of them for who claimed before. They are called as histories call
 * what was never said, so that they are found.
 */
const rewarding = definePoints({
  id: 'points',
  version: 1,
  calendar: { zone: 'Australia/Lord_Howe', named: { fair: [{ from: '2024-03-05', to: '2024-09-08' }] } },
  events: claims,
  earning: [
    { rule: 'purchase', on: 'order-paid', earns: { points: 3, per: '1', of: 'amount' }, origin: 'orderId' },
  ],
  clawback: [{ on: 'order-refunded', origin: 'orderId', of: 'amount' }],
  expires: { days: 45, end: true },
  refunds: { grace: { days: 5 } },
  tiers: [{ track: 'stay', measure: { tenure: 'months' }, levels: [{ tier: 'friend', from: 2 }] }],
  rewards: oneOfFifty.map((i) => ({
    reward: `text-${i}`,
    price: [
      { points: 1 + i },
      { points: i % 3, money: { amount: '9.99', currency: 'CNY' } },
      { money: { amount: '33', currency: 'JPY' } },
      [
        { option: 'both', points: 2, money: { amount: '0.99', currency: 'CNY' } },
        { option: 'points', points: 9 },
      ],
    ][i % 4]!,
    quantity: 300,
    limits: [
      { limit: 'ever', most: 900 },
      { limit: 'month', most: 500, within: { this: 'month' } },
      { limit: 'while', most: 400, within: { days: 9, end: true } },
    ].slice(i % 4),
    ...(i % 4 > 0 && {
      reserveFor: { days: 3, end: true },
      unpaid: i % 8 > 3 ? 'uses-limits' : 'frees-limits',
    }),
    ...(i % 5 === 0 && { returned: 'uses-limits', keep: { days: 20 } }),
    ...(i % 7 === 0 && { during: { days: 'fair', from: '2024-01-05T02:00' } }),
    ...(i % 11 === 3 && { when: claims.count('points/reward-claimed', { within: { days: 60 } }).gte(1) }),
    ...(i % 13 === 5 && { stock: [{ engine: 'gift', subject: 'mug', each: 2 }] }),
  })) as readonly RewardDefinition<string, 'points'>[],
})

const ladders = defineEvents({
  ...events,
  ...pointsEvents('club', {
    tiers: {
      level: ['none', 'silver', 'gold', 'platinum'],
      now: ['basic', 'rich'],
      year: ['member', 'silver', 'gold'],
      jubilee: ['none', 'silver', 'gold'],
      stay: ['none', 'friend', 'old-friend'],
      ever: ['none', 'bronze', 'legend'],
      term: ['none', 'one', 'two'],
    },
  }),
})

/** Tiers of every measure, window and policy; one of them changes what is earned. */
const club = definePoints({
  id: 'club',
  version: 1,
  calendar: lordHowe,
  events: ladders,
  currencies: [
    { currency: 'points', kind: 'spendable', expires: { months: 3, end: true } },
    { currency: 'status', kind: 'status' },
  ],
  earning: [
    {
      rule: 'purchase',
      on: 'order-paid',
      earns: { points: 1, per: '1', of: 'amount' },
      origin: 'orderId',
      multiply: [{ by: '2', when: ladders.says('club', 'level').in('silver', 'gold') }],
    },
    {
      rule: 'spend',
      on: 'order-paid',
      in: 'status',
      earns: { points: 1, per: '1', of: 'amount' },
      origin: 'orderId',
    },
    {
      rule: 'app',
      on: 'order-paid',
      where: { channel: 'app' },
      in: 'status',
      earns: { points: 40, of: 'amount' },
      origin: 'orderId',
      pending: { days: 7 },
    },
  ],
  clawback: [{ on: 'order-refunded', origin: 'orderId', of: 'amount' }],
  tiers: [
    {
      track: 'level',
      measure: { earned: 'status' },
      window: { rolling: { days: 60 } },
      levels: [
        { tier: 'silver', from: 300, keep: 200 },
        { tier: 'gold', from: 900, keep: 500 },
        { tier: 'platinum', from: 2000 },
      ],
      grace: { length: { days: 5, end: true }, from: 'drop' },
    },
    {
      track: 'now',
      measure: { balance: 'points' },
      levels: [{ tier: 'rich', from: 500, keep: 300 }],
      base: 'basic',
      hold: { days: 20 },
      grace: { length: { days: 40 }, from: 'entry' },
      renews: 'always',
    },
    {
      track: 'year',
      measure: { earned: 'status' },
      window: { this: 'quarter' },
      levels: [
        { tier: 'silver', from: 200 },
        { tier: 'gold', from: 700, keep: 400, benefits: { lounge: true } },
      ],
      base: 'member',
      hold: { untilEndOf: 'quarter', after: 1 },
      downgrade: 'one-level',
      upgrade: 'at-period-end',
      reversal: 're-evaluate',
    },
    {
      track: 'jubilee',
      measure: { earned: 'status' },
      window: { years: 1, from: 'enrolment' },
      levels: [
        { tier: 'silver', from: 300 },
        { tier: 'gold', from: 1000 },
      ],
      hold: { months: 5, end: 'month' },
      grace: { length: { months: 1 }, from: 'term-end' },
      reversal: 're-evaluate',
      renews: 'never',
    },
    {
      track: 'stay',
      measure: { tenure: 'months' },
      levels: [
        { tier: 'friend', from: 2 },
        { tier: 'old-friend', from: 12 },
      ],
    },
    {
      track: 'ever',
      measure: { earned: 'status' },
      levels: [
        { tier: 'bronze', from: 0 },
        { tier: 'legend', from: 1500 },
      ],
      downgrade: 'none',
      reversal: 're-evaluate',
    },
    {
      track: 'term',
      measure: { earned: 'status' },
      window: 'term',
      levels: [
        { tier: 'one', from: 150 },
        { tier: 'two', from: 400, keep: 250 },
      ],
      hold: { days: 45 },
      renews: 'always',
      reversal: 're-evaluate',
    },
  ],
})

/** Benefits of every kind, issued in every way. */
const benefits = defineBenefits({
  id: 'benefits',
  version: 1,
  calendar: newYork,
  events: shop,
  currency: 'CNY',
  benefits: [
    {
      benefit: 'birthday',
      owner: 'crm',
      funding: { unfunded: 'a card' },
      gives: { kind: 'percent-off', percent: '12.5', upTo: '9' },
      issue: [{ each: 'year', when: shop.anniversary('birthday', { daysAfter: 3 }).is(true) }],
      valid: { days: 6, end: true },
      return: 'always',
      returnGrace: { days: 5 },
      transferable: true,
    },
    {
      benefit: 'wake-up',
      owner: 'crm',
      funding: { budget: 'budget', costPerIssue: '5' },
      gives: { kind: 'amount-off', off: '4', from: '9' },
      issue: [
        { each: 'quarter', when: shop.timeSince('order-paid').gte({ days: 20 }) },
        { on: 'order-received', when: shop.count('visited').gte(1) },
      ],
      valid: { days: 14 },
      limit: { ever: 6, times: 2, per: 'month' },
    },
    {
      benefit: 'pack',
      owner: 'members',
      funding: { unfunded: 'paid by membership' },
      gives: { kind: 'right', right: 'lounge', costPerUse: '2' },
      uses: 3,
      issue: [{ each: 'month', when: shop.last('tier/stage-changed', 'to').is('gold').not() }],
      claim: { days: 9 },
      valid: { days: 0, end: 'month' },
    },
  ],
  excludes: [['birthday', 'wake-up']],
  perOrder: 2,
  keep: { days: 100 },
})

/** What became of the benefits of everybody. */
const budgetUse = defineBudgetUse({ id: 'use', version: 1, benefits: benefits as never })
/** The customers' events as those of benefits: which, is told by the time. */
const ofBenefits = (event: AnyEvent): AnyEvent => {
  const n = event.occurredAt % 7
  const benefit = n % 2 === 0 ? 'wake-up' : 'pack'
  const kind = (['requested', 'issued', 'denied', 'claimed', 'used', 'returned', 'expired'] as const)[n]!
  const one = { issue: event.id, benefit, reserves: '5.00', releases: '1.25' }
  const many = { benefits: [{ benefit, cost: '3.50', releases: '0.50', restores: '3.50' }] }
  const data = kind === 'used' || kind === 'returned' ? many : one
  return { ...event, type: `benefits/${kind}`, data }
}
const spentOnBenefits: typeof budgetUse = {
  ...budgetUse,
  add: (partial, event) => budgetUse.add(partial, ofBenefits(event)),
  retract: (partial, event) => budgetUse.retract(partial, ofBenefits(event)),
}

/** Stored value with every term; what was bought and its own top-ups count for its rules, and a refund is a dispute. */
const walletEvents = defineEvents({ ...events, ...storedValueEvents('wallet', 'CNY') })
const wallet = defineStoredValue({
  id: 'wallet',
  version: 1,
  calendar: lordHowe,
  events: walletEvents,
  currency: 'CNY',
  bonus: [
    { rule: 'each', from: '3', bonus: '0.50', repeats: true, expires: { days: 40 } },
    {
      rule: 'share',
      from: '0.50',
      percent: '25',
      when: shop.count('order-paid', { within: { days: 60 } }).gte(1),
      expires: { days: 70 },
    },
    {
      rule: 'regular',
      from: '1',
      percent: '40',
      when: walletEvents
        .count('wallet/topped-up')
        .gte(1)
        .and(walletEvents.count('order-received').gte(1))
        .and(walletEvents.sum('wallet/expired', 'amount').lt('30')),
    },
  ],
  expires: { months: 2, end: true },
  principalExpires: { months: 14 },
  spend: 'proportional',
  bonusOnWithdrawal: 'pro-rata',
  spentBonus: 'deducted',
  transfer: 'principal',
  dispute: {
    opened: { on: 'order-refunded', payment: 'orderId' },
    closed: { on: 'order-received', payment: 'orderId' },
  },
  limit: '900',
  holdFor: { days: 9 },
  refundGrace: { days: 6 },
  keep: { days: 200 },
})

/** Points make a tier. */
const tier = defineLifecycle({
  id: 'tier',
  version: 1,
  calendar: shanghai,
  events: shop,
  activity: ['points/earned'],
  stages: tiers,
  initial: 'basic',
  rules: {
    basic: [{ to: 'silver', when: shop.sum('points/earned', 'points', { within: { days: 120 } }).gte(150) }],
    silver: [
      { to: 'gold', when: shop.sum('points/earned', 'points', { within: { days: 120 } }).gte(400) },
      { to: 'basic', when: shop.sum('points/earned', 'points', { within: { days: 120 } }).lt(150) },
    ],
    gold: [{ to: 'silver', when: shop.sum('points/earned', 'points', { within: { days: 120 } }).lt(400) }],
  },
})

const hours = [{ from: '09:00', to: '12:30' } as const, { from: '13:30', to: '18:00' } as const]

/** Promises in working hours and in any, kept by events and in stages, paused, dropped, and a rule on a broken one. */
const desk = defineLifecycle({
  id: 'desk',
  version: 1,
  calendar: { ...newYork, business: { closed: ['2024-03-11', '2024-11-04'], hours } },
  events: shop,
  activity: ['order-paid'],
  stages: ['fresh', 'working', 'waiting', 'solved', 'escalated'],
  initial: 'fresh',
  promises: [
    {
      promise: 'reply',
      from: 'order-paid',
      within: { workHours: 12 },
      keptBy: 'post-published',
      pausedIn: ['waiting'],
    },
    {
      promise: 'solution',
      from: { event: 'order-paid', where: { amount: { gte: '20' } } },
      within: { hours: 100 },
      keptIn: ['solved'],
      pausedIn: ['waiting'],
      droppedIn: ['fresh'],
    },
    { promise: 'date', from: 'visited', within: { businessDays: 3, end: true }, keptBy: 'order-received' },
  ],
  rules: {
    fresh: [
      { to: 'working', on: 'order-paid' },
      { to: 'waiting', inStageFor: { days: 20 } },
    ],
    working: [
      { to: 'escalated', broken: 'reply' },
      { to: 'solved', on: 'order-received' },
      { to: 'waiting', on: 'visited' },
    ],
    waiting: [
      { to: 'working', on: 'order-paid' },
      { to: 'working', inStageFor: { days: 3 } },
    ],
    solved: [{ to: 'fresh', on: 'order-refunded' }],
    escalated: [
      { to: 'solved', on: 'order-received' },
      { to: 'fresh', broken: 'solution' },
    ],
  },
})

/** A reward with limits of every kind, in a zone that changes its clocks. */
const gift = defineStock({
  id: 'gift',
  version: 1,
  calendar: newYork,
  unit: 'pieces',
  holdFor: { days: 3, end: true },
  partialCommit: 'keep-rest',
  keep: { days: 40 },
  limits: [
    { limit: 'each', per: 'holder', most: 400, within: { days: 30 } },
    { limit: 'ever', per: 'all', most: 100_000 },
    { limit: 'daily', per: 'all', most: 400, within: { this: 'day' } },
  ],
})
/** A budget of money. */
const budget = defineStock({
  id: 'budget',
  version: 1,
  calendar: lordHowe,
  unit: 'CNY',
  holdFor: { hours: 30 },
  givenBack: 'uses-limits',
  limits: [{ limit: 'each', per: 'holder', most: '600' }],
})
const stockTypes = (id: string) =>
  [
    ...['restock', 'restock', 'restock', 'reserve', 'reserve', 'reserve', 'take', 'take', 'commit', 'commit'],
    ...['release', 'give-back', 'withdraw'],
  ].map((kind) => `${id}/${kind}`)

/** A stage changes a multiplier, points make a tier. */
const loyalty = defineProgram({ id: 'loyalty', version: 1, parts: [customer, points, tier] })

const arrivals = {
  version: 1,
  calendar: newYork,
  entry: 'order-paid',
  activity: ['order-paid', 'visited'],
} as const

/** What is remembered by bits, by counts and by instants, with every setting in one of them. */
const retentions = [
  defineRetention({ ...arrivals, id: 'bits', period: 'month' }),
  defineRetention({
    ...arrivals,
    id: 'runs',
    calendar: lordHowe,
    period: 'day',
    measure: 'consecutive',
    keep: 'counts',
  }),
  defineRetention({
    ...arrivals,
    id: 'counts',
    events: shop,
    entryRule: 'recurring',
    period: 'week',
    minimum: 2,
    measure: { brackets: [1, 2, 4], each: 'on-or-after' },
    where: { channel: { not: 'web' } },
    breakdown: { field: 'channel', of: 'event' },
  }),
  defineRetention({
    ...arrivals,
    id: 'instants',
    events: shop,
    entry: { event: 'order-paid', where: { amount: { gte: '10' } } },
    entryRule: 'first-ever',
    period: 'month',
    clock: { elapsed: { hours: 720 }, truncate: 'hour' },
    breakdown: { field: 'channel', of: 'entry' },
    sum: 'amount',
    eligibility: 'everybody',
    cellZero: 'everybody',
  }),
]
const activity = { version: 1, calendar: newYork, activity: 'visited' } as const
const growths = [
  defineGrowth({ ...activity, id: 'weeks', period: 'week', resurrected: 'counted' }),
  defineGrowth({ ...activity, id: 'months', period: 'month', resurrected: 'left-out', keep: 'instants' }),
]
/** By bits, by counts that can be taken out again, and by instants for what an attribute says. */
const intervalLabels = [
  defineIntervalLabels({
    ...activity,
    id: 'months',
    period: 'month',
    firstSeen: { event: ['order-paid', 'visited'] },
    dormantAs: 'negative',
  }),
  defineIntervalLabels({
    ...activity,
    id: 'quarters',
    calendar: lordHowe,
    period: 'quarter',
    firstSeen: 'first-activity',
    dormantAs: 'count',
    keep: 'counts',
  }),
  defineIntervalLabels({
    ...activity,
    id: 'years',
    events: shop,
    period: 'year',
    firstSeen: { attribute: 'birthday' },
    dormantAs: 'count',
  }),
]
const days = { ...activity, period: 'day', windows: { week: 7, month: 30 } } as const
const dailyStates = [
  defineDailyStates({ ...days, id: 'days', windowIncludes: 'days-before' }),
  defineDailyStates({ ...days, id: 'counts', windowIncludes: 'today', keep: 'counts' }),
]
/** By bits that retention keeps too, by counts that can be taken out again, and by exact time with every setting. */
const survivals = [
  defineActivitySurvival({
    ...arrivals,
    id: 'months',
    period: 'month',
    gap: { periods: 1 },
    returning: 'last-activity',
  }),
  defineActivitySurvival({
    ...arrivals,
    id: 'days',
    calendar: lordHowe,
    events: shop,
    period: 'day',
    gap: { periods: 7 },
    returning: 'first-lapse',
    breakdown: { field: 'channel', of: 'event' },
    keep: 'counts',
  }),
  defineActivitySurvival({
    ...arrivals,
    id: 'instants',
    events: shop,
    entry: { event: 'order-paid', where: { amount: { gte: '10' } } },
    entryRule: 'first-ever',
    period: 'month',
    gap: { hours: 100 },
    returning: 'last-activity',
    breakdown: { field: 'channel', of: 'entry' },
  }),
]
const stickiness = defineStickiness({
  ...activity,
  id: 'weeks',
  period: 'week',
  windows: { month: 4, year: 52 },
  windowIncludes: 'the-period',
  keep: 'counts',
})
/** After every event of the histories, so that what was kept by periods can be read to its end. */
const later = { asOf: instant('2035-02-01T00:00:00Z') }

const recurring = defineRevenueRetention({
  id: 'recurring',
  version: 1,
  calendar: lordHowe,
  period: 'month',
  currency: 'CNY',
  revenue: [
    { event: 'order-paid', amount: 'amount' },
    { event: 'order-refunded', amount: 'amount' },
  ],
  ended: 'order-received',
  reactivation: 'own',
  movements: 'per-event',
})

const cohortRevenue = defineCohortRevenue({
  id: 'cohort-revenue',
  version: 1,
  calendar: newYork,
  period: 'month',
  currency: 'CNY',
  entry: ['visited', 'order-paid'],
  earned: { event: 'order-paid', values: { revenue: 'amount' }, order: 'orderId' },
  refunded: { event: 'order-refunded', values: { revenue: 'amount' }, dated: 'order', order: 'orderId' },
})

const tenures = (['everybody', { within: 2 }] as const).map((present) =>
  defineTenure({
    id: 'tenure',
    version: 1,
    calendar: newYork,
    period: 'month',
    currency: 'CNY',
    entry: ['visited', 'order-paid'],
    activity: 'order-paid',
    earned: { event: 'order-paid', amount: 'amount' },
    refunded: { event: 'order-refunded', amount: 'amount' },
    bands: [2, 6],
    present,
  }),
)

/** By instants with everything that an event may say, by local days with refunds that name no order, and by opportunities. */
const customerHistories = [
  summarizeHistories({
    id: 'instants',
    version: 1,
    calendar: newYork,
    events: shop,
    unit: 'day',
    orders: { event: 'order-paid', where: { channel: ['web', 'app'] } },
    order: { field: 'orderId', again: 'add-up' },
    spend: { currency: 'CNY', amount: 'amount', firstOrder: 'in', zero: 'drop', negative: 'refund' },
    refunds: { event: 'order-refunded', amount: 'amount', order: 'orderId', does: 'remove' },
    merge: { within: { hours: 30 }, since: 'last' },
    labels: { channel: 'channel', friend: 'friend' },
    cohort: 'month',
  }),
  summarizeHistories({
    id: 'days',
    version: 1,
    calendar: lordHowe,
    unit: 'week',
    orders: 'order-paid',
    spend: {
      currency: 'CNY',
      amount: 'amount',
      firstOrder: 'out',
      zero: 'count-without-spend',
      negative: 'drop',
    },
    refunds: { event: 'order-refunded', amount: 'amount', does: 'lower' },
    entry: ['visited', 'order-paid'],
    merge: { per: 'day' },
  }),
  summarizeHistories({
    id: 'opportunities',
    version: 1,
    calendar: newYork,
    unit: 'opportunity',
    orders: ['order-paid', 'post-published'],
    merge: { per: 'month' },
  }),
]

/** Most histories are from 2024 and 2025; what was before is state. */
const lately = { asOf: instant('2025-10-05T00:00:00Z'), since: instant('2024-02-20T00:00:00Z') }

/** Orders stand for deliveries and refunds for openings: both name an order, over and over. */
const openRates = defineOpenRates({
  id: 'letters',
  version: 1,
  delivered: 'order-paid',
  opened: 'order-refunded',
  send: 'orderId',
  within: { hours: 24 * 30 },
})

const vitality = defineVitality({
  id: 'vitality',
  version: 1,
  calendar: lordHowe,
  period: 'week',
  group: 'group',
  joins: 'visited',
  leaves: ['order-received', 'order-refunded'],
  messages: ['order-paid', 'post-published'],
  kind: 'kind',
  kinds: { member: 'order-paid', advertisement: 'post-published' },
  answers: 'answers',
})

/** The customers' events as those of three groups: which, is told by the time. */
const inGroup = (event: AnyEvent): AnyEvent => {
  const [kind, tenth] = [event.type, event.occurredAt % 10]
  return { ...event, data: { group: `g${event.occurredAt % 3}`, kind, answers: tenth < 5 } }
}
const groups: typeof vitality = {
  ...vitality,
  add: (partial, event) => vitality.add(partial, inGroup(event)),
  retract: (partial, event) => vitality.retract(partial, inGroup(event)),
}

const facts = Object.keys(events)
const clubCommands = ['club/redeem', 'club/refund', 'club/earn', 'club/set-tier']
const lastingCommands = ['points/expire', 'points/extend', 'points/reinstate', 'points/reserve']
const byHand = [
  'points/enrol',
  'points/enrol',
  'points/close',
  'points/adjust',
  'points/reverse',
  'points/send',
  'points/receive',
  'points/set-tier',
  'points/extend',
  'points/reinstate',
]
const commands = ['points/redeem', 'points/redeem', 'points/refund', 'points/confirm', 'points/earn']

/** Floats of all sizes and signs; their sums stay within the range. */
const numbers = fc.oneof(
  fc.double({ min: -1e300, max: 1e300, noNaN: true }),
  fc.double({ min: -1000, max: 1000, noNaN: true }),
  fc.integer({ min: -9, max: 9 }),
)
const shares = { p: [0, 0.1, 0.5, 0.9, 1] }

/** Times that tie and times that do not, with and without an entry before them. */
const records = fc
  .tuple(
    fc.oneof(fc.integer({ min: 0, max: 9 }), fc.double({ min: 0, max: 1e300, noNaN: true })),
    fc.boolean(),
    fc.option(fc.constantFrom(0, 0.25, 0.5)),
  )
  .map(([time, event, part]): SurvivalRecord => {
    const entry = part === null ? time : Math.min(part * 4, part * time)
    return entry < time ? { time, event, entry } : { time, event }
  })

/** For each `define…` and each aggregate that the package exports, what stands for it; the test fails where one is missing. */
export const specimens: Readonly<Record<string, readonly Specimen[]>> = {
  defineActivitySurvival: [
    ...survivals.map((aggregate) => ({ aggregate, options: { ...later, transform: 'log-log' } })),
    {
      aggregate: survivals[0]!,
      options: {
        asOf: instant('2026-02-01T00:00:00Z'),
        watchedSince: instant('2024-02-03T00:00:00Z'),
        transform: 'log',
      },
    },
  ],
  defineBenefits: [
    {
      engine: benefits,
      types: [
        ...['benefits/issue', 'benefits/issue', 'benefits/grant', 'benefits/grant', 'benefits/deny'],
        ...['benefits/claim', 'benefits/use', 'benefits/redeem', 'benefits/redeem', 'benefits/return'],
        ...['benefits/revoke', 'benefits/send', 'benefits/receive', 'attribute-set', 'attribute-set'],
        ...['order-paid', 'order-paid', 'order-received', 'order-refunded', 'order-refunded', 'visited'],
      ],
    },
  ],
  defineBudgetUse: [{ aggregate: spentOnBenefits, options: undefined }],
  defineDailyStates: dailyStates.map((aggregate) => ({
    aggregate,
    // Few days, at the end of all the histories: every day is a row with nine rates.
    options: { ...later, since: instant('2035-01-22T00:00:00Z') },
  })),
  defineGrowth: growths.map((aggregate) => ({ aggregate, options: later })),
  defineIntervalLabels: intervalLabels.map((aggregate) => ({ aggregate, options: later })),
  defineCohortRevenue: [{ aggregate: cohortRevenue, options: lately }],
  defineLifecycle: [
    { engine: customer, types: [...facts, 'order-paid', 'order-paid', 'customer/move-set'] },
    { engine: tier },
    { engine: desk, types: [...facts, 'order-paid', 'visited', 'desk/move-set', 'desk/promise-set'] },
  ],
  defineOpenRates: [{ aggregate: openRates, options: { asOf: instant('2026-02-01T00:00:00Z') } }],
  definePoints: [
    { engine: points, types: [...facts, 'order-paid', 'order-paid', ...commands] },
    { engine: earning, types: [...Object.keys(market.events), 'order-paid', 'order-paid', ...commands] },
    { engine: club, types: [...facts, 'order-paid', 'order-paid', ...clubCommands] },
    { engine: lasting, types: [...facts, 'order-paid', 'order-paid', ...commands, ...lastingCommands] },
    { engine: held, types: [...facts, 'order-paid', 'order-paid', 'order-refunded', ...commands, ...byHand] },
    {
      engine: rewarding,
      types: [
        ...['order-paid', 'order-paid', 'order-refunded', 'points/earn', 'points/redeem', 'points/refund'],
        ...['points/claim', 'points/claim', 'points/claim', 'points/claim', 'points/pay', 'points/cancel'],
        ...['points/return', 'points/return', 'points/release'],
      ],
    },
  ],
  definePointsDevelopment: (['effective', 'decided'] as const).map((dated) => ({
    aggregate: definePointsDevelopment({
      id: 'development',
      version: 1,
      calendar: lordHowe,
      currencies: ['points', 'status'],
      dated,
    }),
    options: later,
    records: ledgerRows(later.asOf),
  })),
  definePointsLiability: [
    {
      aggregate: definePointsLiability({
        id: 'liability',
        version: 1,
        calendar: lordHowe,
        asOf: later.asOf,
        currencies: {
          points: { currency: 'CNY', perPoint: '1/300', rounding: 'half-up' },
          status: 'not-owed',
        },
        horizons: [{ days: 30 }, { months: 6, end: 'month' }],
      }),
      options: undefined,
      records: outstandingLots(later.asOf),
    },
  ],
  defineProgram: [{ engine: loyalty, types: [...facts, 'order-paid', 'order-paid', ...commands] }],
  defineQuantileSketch: [
    {
      aggregate: defineQuantileSketch({ id: 'sizes', version: 1, accuracy: 0.01 }),
      options: shares,
      numbers,
    },
    {
      aggregate: defineQuantileSketch({
        id: 'rough',
        version: 1,
        accuracy: 0.2,
        smallest: 1e-3,
        largest: 1e300,
      }),
      options: shares,
      numbers,
    },
  ],
  defineRetention: [
    ...retentions.map((aggregate) => ({ aggregate, options: { ...later, upTo: 8 } })),
    { aggregate: retentions.at(-1)!, options: { asOf: instant('2026-02-01T00:00:00Z'), upTo: 12 } },
  ],
  defineRightsReview: [
    { aggregate: harshReview, options: { most: 7 }, records: accounts },
    { aggregate: harshReview, options: undefined, records: accounts },
  ],
  defineStageFlows: followed.map((lifecycle) => ({
    aggregate: alone(defineStageFlows({ id: 'flows', version: 1, lifecycle })),
    options: { asOf: later.asOf },
  })),
  defineStagePanel: followed.map((lifecycle) => ({
    aggregate: alone(
      defineStagePanel({ id: 'panel', version: 1, lifecycle, period: 'month', by: 'recency' }),
    ),
    options: { asOf: later.asOf },
  })),
  defineStickiness: [{ aggregate: stickiness, options: later }],
  defineStock: [
    { engine: gift, types: stockTypes('gift') },
    { engine: budget, types: stockTypes('budget') },
  ],
  defineSurvival: [
    {
      aggregate: defineSurvival({ id: 'leaving', version: 1, unit: 'day' }),
      options: { transform: 'log-log' },
      records,
    },
    {
      aggregate: defineSurvival({ id: 'later', version: 1, unit: 'day' }),
      options: { transform: 'arcsin', level: 0.9, since: 2 },
      records,
    },
  ],
  defineStoredValue: [
    {
      engine: wallet,
      types: [
        ...['wallet/top-up', 'wallet/top-up', 'wallet/top-up', 'wallet/pay', 'wallet/pay', 'wallet/reserve'],
        ...['wallet/capture', 'wallet/release', 'wallet/refund', 'wallet/refund', 'wallet/withdraw'],
        ...['wallet/reverse', 'wallet/send', 'wallet/receive', 'wallet/freeze', 'wallet/unfreeze'],
        ...['order-paid', 'order-paid', 'order-received', 'order-received', 'order-refunded'],
      ],
    },
  ],
  defineTenure: tenures.map((aggregate) => ({ aggregate, options: { asOf: lately.asOf } })),
  defineRevenueRetention: [{ aggregate: recurring, options: lately }],
  defineVitality: [
    {
      aggregate: groups,
      options: { asOf: instant('2026-02-01T00:00:00Z'), since: instant('2023-11-01T00:00:00Z') },
    },
  ],
  summarizeHistories: customerHistories.map((aggregate) => ({
    aggregate,
    options: {
      until: instant('2024-12-03T07:30:00Z'),
      holdout: { until: lately.asOf },
      purchaseAges: true,
    },
  })),
  exactTotal: [{ aggregate: exactTotal, options: undefined, numbers }],
  moments: [{ aggregate: moments, options: undefined, numbers }],
}

/** What starts with `define` and is neither an engine nor an aggregate. */
export const otherDefinitions: readonly string[] = ['defineEvents', 'defineEventsWith', 'defineStagePlan']
