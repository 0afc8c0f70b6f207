// What must not compile: a word in a fact that nobody declared, wherever facts take words.
import { attributes, defineEvents, flag, integer, moment, money, ref, text } from 'liuliang'
import { test } from 'vitest'

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
  visited: { pages: integer() },
  ...attributes({ birthday: moment(), level: text('gold', 'silver') }),
  'customer/stage-changed': {
    to: { type: 'text', oneOf: ['lead', 'active'], says: 'stage', initially: 'lead' },
  },
})

test('what is declared compiles', () => {
  shop.count('order-paid', { per: 'channel', since: 'order-refunded', within: { this: 'month' } }).gte(3)
  shop.count('order-paid', { where: { items: { gte: 2, lt: 9 }, channel: { not: ['web'] } }, as: 'friend' })
  shop.sum('order-paid', 'items', { within: { previous: 'week' } }).between(1, 5)
  shop.max('order-paid', 'amount').gte('3')
  shop.sequence(['visited', { event: 'order-paid', where: { gift: true } }], { inside: { hours: 1 } }).gte(1)
  shop.streak('visited', { unit: 'week', times: 2, freezes: 1 }).gte(4)
  shop.ratio(shop.count('order-refunded'), shop.count('order-paid')).lt('1/10')
  shop.anniversary('birthday', { daysBefore: 7 }).is(true)
  shop.says('customer', 'stage').in('lead', 'active')
})

test('windows and entities', () => {
  // @ts-expect-error a misspelt entity
  shop.count('order-paid', { per: 'chanel' })
  // @ts-expect-error a misspelt beginning
  shop.count('order-paid', { since: 'order-refundet' })
  // @ts-expect-error a unit that no calendar has
  shop.count('order-paid', { within: { this: 'fortnight' } })
  // @ts-expect-error a filter with a bound on words
  shop.count('order-paid', { where: { channel: { gte: 'web' } } })
  // @ts-expect-error a misspelt word that is left out
  shop.count('order-paid', { where: { channel: { not: 'wep' } } })
})

test('steps, streaks and waits', () => {
  // @ts-expect-error a misspelt step
  shop.sequence(['visited', 'order-payed'])
  // @ts-expect-error a filter on a field of another event
  shop.sequence([{ event: 'visited', where: { channel: 'web' } }])
  // @ts-expect-error a misspelt unit
  shop.streak('visited', { unit: 'dya' })
  // @ts-expect-error a misspelt end
  shop.timeBetween('visited', 'order-payed')
  // @ts-expect-error visits without a gap
  shop.sessions('visited', {})
  // @ts-expect-error the smallest word
  shop.min('order-paid', 'channel')
})

test('profiles and other engines', () => {
  // @ts-expect-error a misspelt attribute
  shop.attribute('levle')
  // @ts-expect-error an anniversary of a word
  shop.anniversary('level')
  // @ts-expect-error a misspelt unit
  shop.age('birthday', 'yeers')
  // @ts-expect-error an engine that says nothing here
  shop.says('points', 'balance')
  // @ts-expect-error a word that it does not say
  shop.says('customer', 'stag')
  // @ts-expect-error a stage that it does not have
  shop.says('customer', 'stage').is('leed')
  // @ts-expect-error a share is compared with text
  shop.ratio(shop.count('visited'), shop.count('order-paid')).gte(0.5)
})
