import { attributes, defineEvents, flag, integer, moment, money, ref, text } from 'liuliang'
import { describe, expect, test } from 'vitest'
import { teller, utc } from '../support/story.js'
import { judging, reading } from './support/reading.js'

const shop = defineEvents({
  'order-paid': {
    orderId: text(),
    amount: money('CNY'),
    items: integer().optional(),
    channel: text('web', 'app').optional(),
    gift: flag().optional(),
    friend: ref('friend').optional(),
  },
  visited: {},
  ...attributes({ birthday: moment(), city: text(), level: integer() }),
})
const { events } = shop
const event = teller()
const paid = (at: string, amount: string, data: object = {}) =>
  event(at, 'order-paid', { orderId: 'o', amount, ...data })
const end = utc('2024-12-31')

describe('how many, and how much', () => {
  const told = [
    paid('2024-01-01', '100', { channel: 'web', items: 2 }),
    paid('2024-01-02', '0.5', { channel: 'app', gift: true, items: 1 }),
    paid('2024-01-03', '-20', { channel: 'web' }),
    { ...paid('2024-01-04', '7', { friend: 'u1' }), subject: 'u2' },
    event('2024-01-05', 'visited', {}),
  ]
  test.each([
    ['all of them', shop.count('order-paid'), 3],
    ['of one channel', shop.count('order-paid', { where: { channel: 'web' } }), 2],
    ['of one or the other', shop.count('order-paid', { where: { channel: ['web', 'app'] } }), 3],
    ['gifts; what does not say is none', shop.count('order-paid', { where: { gift: false } }), 0],
    ['of an amount, however it is written', shop.count('order-paid', { where: { amount: '0.50' } }), 1],
    ['two filters at once', shop.count('order-paid', { where: { channel: 'app', gift: true } }), 1],
    ["a friend's, as the friend", shop.count('order-paid', { as: 'friend' }), 1],
    ['in minor units, and refunds count against it', shop.sum('order-paid', 'amount'), 8050],
    ['integers; what does not say adds nothing', shop.sum('order-paid', 'items'), 3],
    ['nothing yet', shop.sum('order-paid', 'items', { as: 'friend' }), 0],
  ])('%s', (_, fact, value) => {
    expect(reading(events, fact, told).says(end)).toBe(value)
  })
})

describe('the last one', () => {
  const told = [
    paid('2024-01-01', '1', { channel: 'web' }),
    paid('2024-01-10', '2', { channel: 'app' }),
    paid('2024-01-20', '3'),
  ]

  test('without a window, what was said last stays', () => {
    expect(reading(events, shop.last('order-paid', 'amount'), told).says(end)).toBe(300)
    expect(reading(events, shop.last('order-paid', 'channel'), []).says(end)).toBeNull()
  })

  test('with a window, what left it is gone, and what did not say leaves nothing to say', () => {
    const { says } = reading(events, shop.last('order-paid', 'channel', { within: { days: 15 } }), told)
    expect(says(utc('2024-01-20'))).toBeNull()
    const two = reading(
      events,
      shop.last('order-paid', 'channel', { within: { days: 15 } }),
      told.slice(0, 2),
    )
    expect(two.says(utc('2024-01-25') - 1)).toBe('app')
    expect(two.says(utc('2024-01-25'))).toBeNull()
    expect(two.nextStep(utc('2024-01-12'))).toBe(utc('2024-01-25'))
  })

  test('an earlier one that leaves later is the last one again', () => {
    // 31 January and a month is 29 February 10:00; 30 January and a month is 29 February 12:00.
    const late = paid('2024-01-30 12:00', '1', { channel: 'web' })
    const early = paid('2024-01-31 10:00', '2', { channel: 'app' })
    const { says } = reading(events, shop.last('order-paid', 'channel', { within: { months: 1 } }), [
      late,
      early,
    ])
    expect(says(utc('2024-02-29 10:00') - 1)).toBe('app')
    expect(says(utc('2024-02-29 10:00'))).toBe('web')
    expect(says(utc('2024-02-29 12:00') - 1)).toBe('web')
    expect(says(utc('2024-02-29 12:00'))).toBeNull()
  })
})

describe('time since', () => {
  const silent = shop.timeSince('order-paid').gte({ days: 30 })
  const anchored = shop.timeSince('order-paid', { orSince: 'visited' }).gte({ days: 30 })
  const visit = event('2024-01-01', 'visited', {})

  test('who never did it has no time since, unless something anchors it', () => {
    expect(judging(events, silent, [visit]).holds(end)).toBe(false)
    expect(judging(events, silent.not(), [visit]).holds(end)).toBe(true)
    expect(judging(events, anchored, [visit]).nextFlip(utc('2024-01-01'))).toBe(utc('2024-01-31'))
  })

  test('the thing itself counts, not an anchor after it', () => {
    const told = [visit, paid('2024-01-10', '1'), event('2024-01-20', 'visited', {})]
    const { holds } = judging(events, anchored, told)
    expect([holds(utc('2024-02-09') - 1), holds(utc('2024-02-09'))]).toEqual([false, true])
  })

  test.each([
    ['gte', 0, true],
    ['gt', 1, true],
    ['lt', 0, false],
    ['lte', 1, false],
  ] as const)('%s turns at the instant, %i ms after it', (word, after, then) => {
    const { holds, nextFlip } = judging(events, shop.timeSince('visited')[word]({ hours: 5 }), [visit])
    const at = utc('2024-01-01 05:00') + after
    expect(nextFlip(utc('2024-01-01'))).toBe(at)
    expect([holds(at - 1), holds(at)]).toEqual([!then, then])
  })

  test('between includes both ends', () => {
    const condition = shop.timeSince('visited').between({ hours: 1 }, { hours: 2 })
    const { holds, nextFlip } = judging(events, condition, [visit])
    const [from, to] = [utc('2024-01-01 01:00'), utc('2024-01-01 02:00')]
    expect([from - 1, from, to, to + 1].map(holds)).toEqual([false, true, true, false])
    expect([nextFlip(from - 5), nextFlip(from), nextFlip(to + 1)]).toEqual([from, to + 1, undefined])
  })
})

describe('attributes', () => {
  test('each is set on its own or several at once; what is not named stays', () => {
    const told = [
      event('2024-01-01', 'attribute-set', { birthday: utc('2020-01-01'), city: 'Suzhou' }),
      event('2024-01-02', 'attribute-set', { city: 'Wuxi' }),
    ]
    expect(reading(events, shop.attribute('birthday'), told).says(end)).toBe(utc('2020-01-01'))
    expect(reading(events, shop.attribute('city'), told).says(end)).toBe('Wuxi')
    expect(reading(events, shop.attribute('level'), told).says(end)).toBeNull()
  })

  test('of another subject they are not ours', () => {
    const theirs = { ...event('2024-01-01', 'attribute-set', { city: 'Wuxi' }), subject: 'u2' }
    expect(reading(events, shop.attribute('city'), [theirs]).says(end)).toBeNull()
  })

  test('one that is missing compares with nothing', () => {
    const level = shop.attribute('level')
    for (const condition of [level.gte(0), level.lt(5), level.is(0), level.in(1, 2), level.between(0, 9)]) {
      expect(judging(events, condition, []).holds(end)).toBe(false)
      expect(judging(events, condition.not(), []).holds(end)).toBe(true)
    }
  })
})
