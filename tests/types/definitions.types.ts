// What must not compile: whatever a misspelling would make of a definition.
import {
  attributes,
  defineEvents,
  defineLifecycle,
  definePoints,
  flag,
  integer,
  moment,
  money,
  ref,
  text,
} from 'liuliang'
import { expectTypeOf, test } from 'vitest'

const shop = defineEvents({
  'order-paid': {
    orderId: text(),
    amount: money('CNY'),
    items: integer(),
    channel: text('web', 'app'),
    gift: flag(),
    friend: ref('friend'),
  },
  'order-refunded': { orderId: text(), amount: money('CNY') },
  ...attributes({ birthday: moment(), city: text() }),
})
const calendar = { zone: 'UTC' } as const

test('facts name events and fields that exist', () => {
  shop.sum('order-paid', 'amount').gte('300')
  // @ts-expect-error a misspelt event
  shop.count('order-payed')
  // @ts-expect-error a misspelt field
  shop.sum('order-paid', 'amont')
  // @ts-expect-error a sum of text
  shop.sum('order-paid', 'channel')
  // @ts-expect-error a field of another event
  shop.sum('order-refunded', 'items')
  // @ts-expect-error a misspelt attribute
  shop.attribute('birthdate')
  // @ts-expect-error a role that nobody has
  shop.count('order-paid', { as: 'store' })
  // @ts-expect-error a filter on no field
  shop.count('order-paid', { where: { colour: 'red' } })
  // @ts-expect-error a filter on no word
  shop.count('order-paid', { where: { channel: 'fax' } })
  // @ts-expect-error a window of two units
  shop.count('order-paid', { within: { days: 1, hours: 1 } })
  // @ts-expect-error an anchor that does not exist
  shop.timeSince('order-paid', { orSince: 'visited' })
})

test('operands are of the kind of their fact', () => {
  // @ts-expect-error money is decimal text
  shop.sum('order-paid', 'amount').gte(300)
  // @ts-expect-error a count is a number
  shop.count('order-paid').gte('3')
  // @ts-expect-error time since is compared with a duration
  shop.timeSince('order-paid').gte(90)
  // @ts-expect-error time runs, so it never is anything
  shop.timeSince('order-paid').is({ days: 90 })
  // @ts-expect-error a word is not above another
  shop.last('order-paid', 'channel').gte('web')
  // @ts-expect-error nor is it one that was not declared
  shop.last('order-paid', 'channel').is('fax')
  // @ts-expect-error true is not text
  shop.last('order-paid', 'gift').is('true')
  // @ts-expect-error an instant is a number
  shop.attribute('birthday').gte('2024-01-01')
})

test('stages, and where rules lead', () => {
  const base = {
    id: 'customer',
    version: 1,
    calendar,
    events: shop,
    activity: ['order-paid'],
    stages: ['lead', 'active'],
    initial: 'lead',
  } as const
  const customer = defineLifecycle({
    ...base,
    rules: { lead: [{ to: 'active', on: 'order-paid' }], active: [] },
  })
  expectTypeOf(customer.view).returns.toHaveProperty('stage').toEqualTypeOf<'lead' | 'active'>()
  // @ts-expect-error a stage without rules
  defineLifecycle({ ...base, rules: { lead: [] } })
  // @ts-expect-error rules of a stage that does not exist
  defineLifecycle({ ...base, rules: { lead: [], active: [], vip: [] } })
  // @ts-expect-error a misspelt target
  defineLifecycle({ ...base, rules: { lead: [{ to: 'actve', on: 'order-paid' }], active: [] } })
  // @ts-expect-error a misspelt event
  defineLifecycle({ ...base, rules: { lead: [{ to: 'active', on: 'order-payed' }], active: [] } })
  // @ts-expect-error no zone
  defineLifecycle({ ...base, calendar: {}, rules: { lead: [], active: [] } })
  // @ts-expect-error a misspelt start
  defineLifecycle({ ...base, initial: 'leed', rules: { lead: [], active: [] } })
  // @ts-expect-error a misspelt activity
  defineLifecycle({ ...base, activity: ['order-payed'], rules: { lead: [], active: [] } })
})

test('earning rules', () => {
  const earning = {
    rule: 'purchase',
    on: 'order-paid',
    earns: { points: 1, per: '1', of: 'amount' },
  } as const
  const base = { id: 'points', version: 1, calendar, events: shop } as const
  definePoints({ ...base, earning: [{ ...earning, origin: 'orderId' }] })
  // @ts-expect-error a misspelt event
  definePoints({ ...base, earning: [{ ...earning, on: 'order-payed' }] })
  // @ts-expect-error a rate of text
  definePoints({ ...base, earning: [{ ...earning, earns: { points: 1, per: '1', of: 'channel' } }] })
  // @ts-expect-error an origin that is an amount
  definePoints({ ...base, earning: [{ ...earning, origin: 'amount' }] })
  const clawback = [{ on: 'order-refunded', origin: 'orderId', of: 'items' }] as const
  // @ts-expect-error a clawback of a field that the event does not have
  definePoints({ ...base, earning: [earning], clawback })
})
