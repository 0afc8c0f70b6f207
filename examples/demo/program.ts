import {
  defineEvents,
  defineLifecycle,
  definePoints,
  defineProgram,
  defineRetention,
  money,
  pointsEvents,
  stageEvents,
  text,
} from 'liuliang'

export const stages = ['lead', 'new', 'active', 'loyal', 'lapsed'] as const
export const tiers = ['standard', 'silver', 'gold'] as const

/**
 * A loyalty program for a shop: stages follow orders, points follow orders and stages, tiers follow points.
 *
 * Everything below is a definition: plain data that can be stored, compared and explained. Copy it, and change the
 * numbers to what your shop has agreed.
 */
export function defineLoyalty({ zone, currency }: { readonly zone: string; readonly currency: string }) {
  const calendar = { zone }

  // What can happen. The two spreads are what the engines below say themselves, so that rules can read it too.
  const shop = defineEvents(
    {
      'order-paid': { orderId: text(), amount: money(currency) },
      'order-refunded': { orderId: text(), amount: money(currency) },
      ...stageEvents('customer', stages),
      ...pointsEvents('points'),
    },
    {
      words: {
        en: {
          'order-paid': 'purchase',
          'order-paid.amount': 'amount',
          'order-refunded': 'refund',
          'order-refunded.amount': 'amount',
          'customer/stage-changed': 'the customer',
          'customer/stage-changed.to': 'stage',
        },
        zh: {
          'order-paid': '下单',
          'order-paid.amount': '金额',
          'order-refunded': '退款',
          'order-refunded.amount': '金额',
          'customer/stage-changed': '客户阶段变化',
        },
      },
    },
  )

  // Who is loyal: both have to hold, over a year that rolls with the day.
  const ordersOfYear = shop.count('order-paid', { within: { days: 365 } })
  const spentInYear = shop.sum('order-paid', 'amount', { within: { days: 365 } })
  const isLoyal = ordersOfYear.gte(4).and(spentInYear.gte('200'))
  const isLoyalNoMore = ordersOfYear.lt(4).or(spentInYear.lt('200'))

  const customer = defineLifecycle({
    id: 'customer',
    version: 1,
    calendar,
    events: shop,
    activity: ['order-paid'],
    stages,
    initial: 'lead',
    // In each stage the first rule that applies wins.
    rules: {
      lead: [{ to: 'new', on: 'order-paid' }],
      new: [
        { to: 'active', on: 'order-paid' },
        { to: 'lapsed', inactiveFor: { days: 180 } },
      ],
      active: [
        { to: 'loyal', when: isLoyal },
        { to: 'lapsed', inactiveFor: { days: 180 } },
      ],
      loyal: [
        { to: 'active', when: isLoyalNoMore },
        { to: 'lapsed', inactiveFor: { days: 270 } },
      ],
      lapsed: [{ to: 'active', on: 'order-paid' }],
    },
    words: {
      en: { lead: 'lead', new: 'new', active: 'active', loyal: 'loyal', lapsed: 'lapsed' },
      zh: { lead: '潜客', new: '新客', active: '活跃用户', loyal: '忠诚用户', lapsed: '流失用户' },
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
        // A stage changes what an order earns.
        multiply: [{ by: '1.5', when: shop.last('customer/stage-changed', 'to').is('loyal') }],
      },
    ],
    clawback: [{ on: 'order-refunded', origin: 'orderId', of: 'amount' }],
    pending: { days: 7 },
    // To the end of the local day, twelve months on.
    expires: { months: 12, end: true },
    words: { en: { purchase: 'purchases' }, zh: { purchase: '购物' } },
  })

  // Points make a tier, and losing them from the year unmakes it.
  const pointsOfYear = shop.sum('points/earned', 'points', { within: { days: 365 } })
  const isSilver = pointsOfYear.gte(500)
  const isGold = pointsOfYear.gte(2000)

  const tier = defineLifecycle({
    id: 'tier',
    version: 1,
    calendar,
    events: shop,
    activity: ['points/earned'],
    stages: tiers,
    initial: 'standard',
    rules: {
      standard: [
        { to: 'gold', when: isGold },
        { to: 'silver', when: isSilver },
      ],
      silver: [
        { to: 'gold', when: isGold },
        { to: 'standard', when: pointsOfYear.lt(500) },
      ],
      gold: [
        { to: 'standard', when: pointsOfYear.lt(500) },
        { to: 'silver', when: pointsOfYear.lt(2000) },
      ],
    },
    words: {
      en: { standard: 'standard', silver: 'silver', gold: 'gold' },
      zh: { standard: '普通', silver: '银卡', gold: '金卡' },
    },
  })

  // At one instant a later part sees what the earlier ones have decided.
  const program = defineProgram({ id: 'loyalty', version: 1, parts: [customer, points, tier] })

  const buyers = defineRetention({
    id: 'buyers',
    version: 1,
    calendar,
    entry: 'order-paid',
    activity: 'order-paid',
    period: 'month',
  })

  return { calendar, currency, program, buyers, agreed: { isLoyal, isSilver, isGold } }
}

export type Loyalty = ReturnType<typeof defineLoyalty>
/** What the program takes: an order, a refund, a move by hand, a command about points. */
export type Input = Parameters<Loyalty['program']['decide']>[1]
/** What the program remembers of one customer. */
export type State = ReturnType<Loyalty['program']['start']>
/** What holds for one customer at an instant. */
export type View = ReturnType<Loyalty['program']['view']>
/** What the program records: what came in and what followed. */
export type Recorded = ReturnType<Loyalty['program']['advance']>['events'][number]
