// One customer, by whom verbs over lifecycles are shown.
import { attributes, coverage, defineEvents, defineLifecycle, moment, money } from 'liuliang'

export const shop = defineEvents(
  {
    'order-paid': { amount: money('CNY') },
    visited: {},
    'opted-out': {},
    ...attributes({ birthday: moment() }),
    ...coverage(),
  },
  {
    words: {
      en: {
        'order-paid': 'orders',
        'order-paid.amount': 'amount',
        visited: 'visits',
        'opted-out': 'opt-out',
      },
      zh: { 'order-paid': '下单', 'order-paid.amount': '金额', visited: '来访', 'opted-out': '退订' },
    },
  },
)
export const orders90 = shop.count('order-paid', { within: { days: 90 } })
const spend90 = shop.sum('order-paid', 'amount', { within: { days: 90 } })

export const customer = defineLifecycle({
  id: 'customer',
  version: 1,
  calendar: { zone: 'UTC' },
  events: shop,
  activity: ['order-paid', 'visited'],
  stages: ['lead', 'new', 'active', 'loyal', 'dormant', 'lapsed', 'gone'],
  initial: 'lead',
  rules: {
    lead: [{ to: 'new', on: 'order-paid' }],
    new: [
      { to: 'active', when: orders90.gte(2) },
      { to: 'dormant', inactiveFor: { days: 60 } },
    ],
    active: [
      { to: 'loyal', when: orders90.gte(3).and(spend90.gte('300')) },
      { to: 'dormant', inactiveFor: { days: 60 } },
    ],
    loyal: [
      { to: 'active', when: orders90.lt(3) },
      { to: 'dormant', inactiveFor: { days: 90 } },
    ],
    dormant: [
      { to: 'active', on: 'order-paid' },
      { to: 'lapsed', inStageFor: { days: 120 } },
    ],
    lapsed: [{ to: 'active', on: 'order-paid' }],
    gone: [],
  },
  everywhere: [{ to: 'gone', on: 'opted-out' }],
  final: ['gone'],
  words: {
    en: { lead: 'lead', new: 'new customer', active: 'active', loyal: 'loyal', dormant: 'dormant' },
    zh: {
      lead: '潜客',
      new: '新客',
      active: '活跃用户',
      loyal: '忠诚用户',
      dormant: '沉默用户',
      lapsed: '流失用户',
      gone: '已退订',
    },
  },
})
