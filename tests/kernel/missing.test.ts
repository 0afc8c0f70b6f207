// What is missing, as data and in words: the nearest way for what did not happen to happen.
import { any, type Condition, explain, type MissingLeaf, missing, not, someOf } from 'liuliang'
import { describe, expect, test } from 'vitest'
import { teller, utc } from '../support/story.js'
import { catalogue as shop } from './support/any-condition.js'
import { judging } from './support/reading.js'

const event = teller()
const paid = (at: string, amount: string) =>
  event(at, 'order-paid', {
    orderId: 'o',
    amount,
    items: 1,
    channel: 'web',
    gift: false,
    paidAt: 0,
    store: 's',
  })
const told = [
  paid('2024-01-01', '120'),
  paid('2024-01-10', '60.50'),
  event('2024-01-10', 'attribute-set', { level: 'gold' }),
]
const at = utc('2024-01-20')

const missingOf = (condition: Condition): readonly MissingLeaf[] | undefined =>
  missing(judging(shop.events, condition, told).verdict(at))
const inWords = (condition: Condition) =>
  (missingOf(condition) ?? []).map((leaf) => [explain(shop, leaf, 'zh'), explain(shop, leaf, 'en')])

const orders = shop.count('order-paid', { within: { days: 90 } })
const spent = shop.sum('order-paid', 'amount')
const level = shop.attribute('level')

describe('one comparison', () => {
  test.each<[Condition, number | string | undefined, string, string]>([
    [
      orders.gte(3),
      1,
      '最近90天下单≥3次（现为2，还差1次）',
      'order paid at least 3 times in the last 90 days (is 2, needs 1 time more)',
    ],
    [
      orders.gt(3),
      2,
      '最近90天下单>3次（现为2，还差2次）',
      'order paid more than 3 times in the last 90 days (is 2, needs 2 times more)',
    ],
    [
      orders.lt(2),
      -1,
      '最近90天下单<2次（现为2，须减少1次）',
      'order paid less than 2 times in the last 90 days (is 2, 1 time too many)',
    ],
    [
      orders.between(4, 9),
      2,
      '最近90天下单介于4次与9次之间（现为2，还差2次）',
      'order paid between 4 times and 9 times in the last 90 days (is 2, needs 2 times more)',
    ],
    [
      orders.in(0, 3, 9),
      1,
      '最近90天下单属于（0次、3次、9次）（现为2，还差1次）',
      'order paid one of (0 times, 3 times, 9 times) in the last 90 days (is 2, needs 1 time more)',
    ],
    [
      spent.gte('300'),
      '119.50',
      '下单的金额合计≥300元（现为180.50元，还差119.50元）',
      'total amount of order paid is at least 300 CNY (is 180.50 CNY, needs 119.50 CNY more)',
    ],
    [
      spent.gt('180.5'),
      '0.01',
      '下单的金额合计>180.5元（现为180.50元，还差0.01元）',
      'total amount of order paid is more than 180.5 CNY (is 180.50 CNY, needs 0.01 CNY more)',
    ],
    [
      not(orders.gte(2)),
      -1,
      '非（最近90天下单≥2次）（现为2，须减少1次）',
      'not (order paid at least 2 times in the last 90 days) (is 2, 1 time too many)',
    ],
    [level.is('silver'), undefined, '等级为“silver”（现为“gold”）', 'level is "silver" (is "gold")'],
    [
      shop.last('order-refunded', 'orderId').is('a'),
      undefined,
      '最近一次退款的“orderId”为“a”（尚无）',
      'last "orderId" of order refunded is "a" (nothing yet)',
    ],
    [
      shop.timeSince('order-paid').gte({ days: 30 }),
      undefined,
      '距上次下单≥30天（自2024-01-10 00:00 UTC）',
      'at least 30 days since the last order paid (since 2024-01-10 00:00 UTC)',
    ],
    [
      shop.timeBetween('order-paid', 'order-paid').lte({ hours: 100 }),
      -(216 - 100) * 3_600_000,
      '从下单到下单的用时≤100小时（现为216小时，须减少116小时）',
      'time from order paid to order paid is at most 100 hours (is 216 hours, 116 hours too many)',
    ],
  ])('%#', (condition, by, zh, en) => {
    expect(missingOf(condition)!.map((leaf) => leaf.by)).toEqual([by])
    expect(inWords(condition)).toEqual([[zh, en]])
  })
})

describe('several', () => {
  const [a, b, c] = [orders.gte(3), spent.gte('300'), level.is('silver')]
  const conditionsOf = (condition: Condition) => missingOf(condition)?.map((leaf) => leaf.condition)

  test('what holds misses nothing', () => {
    expect(missingOf(orders.gte(2))).toEqual([])
    expect(missingOf(any(a, orders.gte(1)))).toEqual([])
  })

  test('all of them, the cheapest of any, enough of some', () => {
    expect(conditionsOf(a.and(b, orders.gte(1)))).toEqual([a, b])
    expect(conditionsOf(any(a.and(b), c))).toEqual([c])
    expect(conditionsOf(someOf(3, a, b, c, orders.gte(1)))).toEqual([a, b])
    expect(conditionsOf(not(any(orders.gte(1), a, orders.gte(2))))).toEqual([orders.gte(1), orders.gte(2)])
  })

  test('one comparison answers alike wherever it stands', () => {
    expect(conditionsOf(any(a, b).and(any(not(a), b)))).toEqual([b])
    expect(missingOf(a.and(not(a)))).toBeUndefined()
  })
})
