import { attributes, defineEvents, explain, flag, integer, moment, money, ref, text } from 'liuliang'
import { describe, expect, test } from 'vitest'

const shop = defineEvents(
  {
    'order-paid': { amount: money('CNY'), channel: text('web', 'app').optional(), store: ref('store') },
    ...attributes({ birthday: moment(), member: flag() }),
  },
  {
    words: {
      zh: {
        'order-paid': '下单',
        'order-paid.amount': '金额',
        web: '网页',
        'attribute-set.birthday': '生日',
      },
      en: { 'order-paid': 'orders', 'order-paid.amount': 'amount', web: 'the web' },
    },
  },
)

describe('a catalogue is plain data', () => {
  test('without the verbs it is written with', () => {
    expect(JSON.parse(JSON.stringify(shop.events))).toEqual({
      'order-paid': {
        amount: { type: 'money', currency: 'CNY' },
        channel: { type: 'text', oneOf: ['web', 'app'], required: false },
        store: { type: 'ref', role: 'store' },
      },
      'attribute-set': {
        birthday: { type: 'instant', required: false },
        member: { type: 'boolean', required: false },
      },
    })
  })

  test('a currency that does not exist is a mistake', () => {
    expect(() => money('yuan')).toThrow(expect.objectContaining({ path: '$.currency' }))
  })

  test('and so are words of what is not there', () => {
    const define = (words: object) => () => defineEvents({ visited: { minutes: integer() } }, { words })
    expect(define({ en: { visited: 'visits', 'visited.minutes': 'minutes' } })).not.toThrow()
    expect(define({ zh: { 'visited.hours': '小时' } })).toThrow(
      expect.objectContaining({
        code: 'unknown-name',
        path: '$.words.zh.visited.hours',
        value: 'visited.hours',
      }),
    )
  })
})

describe('conditions in words', () => {
  const within = { days: 90 }
  const orders = shop.count('order-paid', { within })
  const spent = shop.sum('order-paid', 'amount', { within })

  test.each([
    [orders.gte(3), 'orders at least 3 times in the last 90 days', '最近90天下单≥3次'],
    [orders.lt(1), 'orders less than 1 time in the last 90 days', '最近90天下单<1次'],
    [
      spent.between('10', '20'),
      'total amount of orders in the last 90 days is between 10 CNY and 20 CNY',
      '最近90天下单的金额合计介于10元与20元之间',
    ],
    [
      shop.last('order-paid', 'channel').in('web', 'app'),
      'last "channel" of orders is one of (the web, "app")',
      '最近一次下单的“channel”属于（网页、“app”）',
    ],
    [
      shop.timeSince('order-paid').gte({ days: 30 }),
      'at least 30 days since the last orders',
      '距上次下单≥30天',
    ],
    [
      orders.gte(3).and(spent.gte('300')),
      'orders at least 3 times in the last 90 days and total amount of orders in the last 90 days is at least 300 CNY',
      '最近90天下单≥3次且最近90天下单的金额合计≥300元',
    ],
    [orders.gte(3).not(), 'not (orders at least 3 times in the last 90 days)', '非（最近90天下单≥3次）'],
    [shop.attribute('member').is(true), '"member" is true', '“member”为是'],
  ])('%#', (condition, en, zh) => {
    expect(explain(shop, condition, 'en')).toBe(en)
    expect(explain(shop, condition, 'zh')).toBe(zh)
  })
})
