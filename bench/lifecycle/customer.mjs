// Seven stages, five silences in local days of a zone that changes its clocks, two counters.
import { defineEvents } from '../../dist/kernel.js'
import { defineLifecycle } from '../../dist/lifecycle.js'
import { zone } from './events.mjs'

const shop = defineEvents({ visit: {}, order: {}, optOut: {} })
const orders = shop.count('order')
const visits = shop.count('visit')

export const stages = ['lead', 'new', 'active', 'loyal', 'dormant', 'churned', 'wonBack']

export const customer = defineLifecycle({
  id: 'customer',
  version: 1,
  calendar: { zone },
  events: shop,
  activity: ['visit', 'order', 'optOut'],
  stages,
  initial: 'lead',
  rules: {
    lead: [
      { to: 'new', on: 'order' },
      { to: 'new', on: 'visit', when: visits.gte(3) },
    ],
    new: [
      { to: 'active', on: 'order', when: orders.gte(2) },
      { to: 'churned', on: 'optOut' },
      { to: 'dormant', inactiveFor: { days: 30 } },
    ],
    active: [
      { to: 'loyal', on: 'order', when: orders.gte(5) },
      { to: 'churned', on: 'optOut' },
      { to: 'dormant', inactiveFor: { days: 30 } },
    ],
    loyal: [
      { to: 'churned', on: 'optOut' },
      { to: 'dormant', inactiveFor: { days: 60 } },
    ],
    dormant: [
      { to: 'wonBack', on: 'order', reset: [orders] },
      { to: 'churned', on: 'optOut' },
      { to: 'churned', inactiveFor: { days: 180 } },
    ],
    churned: [{ to: 'wonBack', on: 'order', reset: [orders] }],
    wonBack: [
      { to: 'active', on: 'order', when: orders.gte(2) },
      { to: 'dormant', inactiveFor: { days: 45 } },
    ],
  },
})
