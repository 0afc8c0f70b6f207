// A lifecycle that is small enough to reckon by hand.
import { defineEvents, instant } from 'liuliang/kernel'
import { defineLifecycle } from 'liuliang/lifecycle'

const shop = defineEvents({ visit: {}, order: {} })

export const simple = defineLifecycle({
  id: 'customer',
  version: 1,
  calendar: { zone: 'America/New_York' },
  events: shop,
  activity: ['visit', 'order'],
  stages: ['lead', 'active', 'lapsed'],
  initial: 'lead',
  rules: {
    lead: [{ to: 'active', on: 'order' }],
    active: [{ to: 'lapsed', inactiveFor: { days: 90 } }],
    lapsed: [{ to: 'active', on: 'order', when: shop.count('order').gte(3) }],
  },
})

export const at = (text: string): number => instant(`${text}Z`)

export const event = (subject: string, when: string, type: 'visit' | 'order' = 'order') => ({
  id: `${subject}-${when}-${type}`,
  type,
  subject,
  occurredAt: at(when),
  data: {},
})
