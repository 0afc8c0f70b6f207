// What the hostile values are let loose on: a catalogue with every kind of field, a lifecycle, points, both as a program,
// and retention.

/** @param {typeof import('liuliang')} library */
export function programOf(library) {
  const { attributes, defineEvents, defineLifecycle, definePoints, defineProgram, defineRetention } = library
  const { detail, flag, integer, moment, money, ref, stageEvents, text } = library
  const stages = ['lead', 'active', 'lapsed']
  const shop = defineEvents({
    visited: {},
    noted: { note: detail() },
    'order-paid': {
      orderId: text(),
      amount: money('CNY'),
      items: integer().optional(),
      channel: text('web', 'app').optional(),
      paidAt: moment().optional(),
      gift: flag().optional(),
      friend: ref('friend').optional(),
      note: detail().optional(),
    },
    'order-refunded': { orderId: text(), amount: money('CNY').optional() },
    ...attributes({ birthday: moment(), city: text() }),
    ...stageEvents('customer', stages),
  })
  const business = { hours: [{ from: '09:00', to: '17:00' }] }
  const shared = { version: 1, calendar: { zone: 'America/New_York', business }, events: shop }
  const spent = shop.sum('order-paid', 'amount', { within: { days: 90 }, where: { channel: ['web', 'app'] } })
  const lifecycle = defineLifecycle({
    ...shared,
    id: 'customer',
    activity: ['order-paid', { event: 'order-paid', as: 'friend' }],
    stages,
    initial: 'lead',
    idempotencyWindow: { hours: 720 },
    promises: [
      {
        promise: 'reply',
        from: 'order-paid',
        within: { workHours: 40 },
        keptBy: { event: 'order-refunded', where: { amount: { gte: '1' } } },
        keptIn: ['lead'],
        pausedIn: ['lapsed'],
      },
      { promise: 'visit', from: 'order-paid', within: { days: 9, end: true }, keptBy: 'visited' },
    ],
    rules: {
      lead: [
        { to: 'active', on: 'order-paid' },
        { to: 'lapsed', since: 'birthday', reaches: { years: 18 } },
      ],
      active: [
        { to: 'lapsed', inactiveFor: { days: 30, end: true } },
        {
          to: 'lead',
          when: spent.between('500', '600').and(shop.count('visited', { within: { hours: 5 } }).gte(3)),
        },
        { to: 'lapsed', broken: 'visit' },
      ],
      lapsed: [
        { to: 'active', on: 'order-paid', when: shop.last('order-paid', 'channel').in('web', 'app').not() },
        { to: 'active', when: shop.timeSince('visited', { orSince: 'order-paid' }).lt({ days: 5 }) },
        { to: 'lead', when: shop.attribute('city').is('Bern') },
      ],
    },
  })
  const points = definePoints({
    ...shared,
    id: 'points',
    earning: [
      {
        rule: 'purchase',
        on: 'order-paid',
        earns: { points: 1, per: '0.70', of: 'amount' },
        origin: 'orderId',
        where: { gift: [true, false] },
        multiply: [{ by: '4/3', when: shop.last('customer/stage-changed', 'to').is('active') }],
      },
      {
        rule: 'visit',
        on: 'visited',
        earns: { points: 5 },
        when: spent.gte('1'),
        pending: 'until-confirmed',
      },
    ],
    confirmation: [{ on: 'order-paid', origin: 'orderId' }],
    clawback: [{ on: 'order-refunded', origin: 'orderId', of: 'amount' }],
    pending: { days: 7 },
    expires: { months: 6, end: true },
    refunds: { grace: { days: 3 } },
    tiers: [
      {
        track: 'level',
        measure: { earned: 'points' },
        window: { rolling: { days: 90 } },
        levels: [
          { tier: 'silver', from: 100, keep: 50, benefits: { lounge: true } },
          { tier: 'gold', from: 400 },
        ],
        hold: { days: 30, end: true },
        grace: { length: { days: 9 }, from: 'term-end' },
        reversal: 're-evaluate',
      },
      {
        track: 'jubilee',
        measure: { earned: 'points' },
        window: { years: 1, from: 'enrolment' },
        levels: [{ tier: 'friend', from: 50 }],
        base: 'guest',
      },
      { track: 'stay', measure: { tenure: 'months' }, levels: [{ tier: 'friend', from: 3 }] },
    ],
  })
  const program = defineProgram({ id: 'loyalty', version: 1, parts: [lifecycle, points] })
  const retention = defineRetention({
    id: 'buyers',
    version: 1,
    calendar: { zone: 'Asia/Shanghai' },
    entry: 'order-paid',
    activity: ['order-paid', 'visited'],
    period: 'month',
  })
  return { shop, lifecycle, points, program, retention }
}

export const noon = Date.UTC(2024, 2, 5, 12)
export const day = 86_400_000

/** An order as the program takes it, with some of it replaced. */
export const order = (replaced = {}, data = {}) => ({
  id: 'o-1',
  type: 'order-paid',
  subject: 'u1',
  occurredAt: noon,
  data: { orderId: 'o-1', amount: '199.90', gift: false, ...data },
  ...replaced,
})

/** A history with every kind of event in it. */
export function historyOf(engine) {
  const says = (id, type, at, data) => ({ id, type, subject: 'u1', occurredAt: noon + at, data })
  const orders = [0, 1, 2].map((i) =>
    says(`o-${i}`, 'order-paid', i * day, {
      orderId: `o-${i}`,
      amount: `${150 + i}.50`,
      gift: i === 1,
      channel: 'web',
    }),
  )
  const inputs = [
    says('a', 'attribute-set', -day, { birthday: Date.UTC(2010, 1, 1), city: 'Zug' }),
    ...orders,
    says('v', 'visited', 3 * day, {}),
    says('p', 'points/earn', 4 * day, { points: 300, reason: 'sorry' }),
    says('r', 'points/redeem', 10 * day, { points: 90 }),
    says('b', 'points/refund', 11 * day, { redemption: 'r', points: 30 }),
    says('f', 'order-refunded', 12 * day, { orderId: 'o-1', amount: '51.00' }),
    says('l', 'visited', 20 * day, {}),
  ]
  let state = engine.start('u1')
  const log = []
  for (const input of inputs) {
    if (!Object.hasOwn(engine.accepts, input.type)) continue
    const outcome = engine.decide(state, input)
    if (outcome.outcome !== 'accepted') throw new Error(JSON.stringify(outcome))
    state = outcome.state
    log.push(...outcome.events)
  }
  return { state, log }
}
