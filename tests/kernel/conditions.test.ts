import { all, any, type Condition, defineEvents, leavesOf, money, not, someOf } from 'liuliang'
import { describe, expect, test } from 'vitest'
import { teller, utc } from '../support/story.js'
import { judging } from './support/reading.js'

const shop = defineEvents({ 'order-paid': { amount: money('CNY') }, visited: {} })
const { events } = shop
const event = teller()
const told = [
  event('2024-01-01', 'order-paid', { amount: '30' }),
  event('2024-01-05', 'order-paid', { amount: '50' }),
  event('2024-01-10', 'visited', {}),
]
const within = { days: 10 }
const orders = shop.count('order-paid', { within })
const spent = shop.sum('order-paid', 'amount', { within })
const visits = shop.count('visited', { within })
const at = (day: string) => utc(`2024-01-${day}`)
/** Every instant at which the answer turns. */
const flips = (condition: Condition, from = at('10')) => {
  const { nextFlip } = judging(events, condition, told)
  const found: number[] = []
  for (let flip = nextFlip(from); flip !== undefined; flip = nextFlip(flip)) found.push(flip)
  return found.map((flip) => new Date(flip).toISOString().slice(8, 10))
}

describe('combinators, exact at every turn', () => {
  test.each<[name: string, condition: Condition, now: boolean, turns: readonly string[]]>([
    ['both', orders.gte(1).and(visits.gte(1)), true, ['15']],
    ['one of them', orders.gte(2).or(visits.gte(1)), true, ['20']],
    ['neither', not(any(orders.gte(2), visits.gte(1))), false, ['20']],
    ['two of three', someOf(2, orders.gte(2), spent.gte('60'), visits.gte(1)), true, ['11']],
    ['one of three', someOf(1, orders.gte(2), spent.gte('50'), visits.gte(1)), true, ['20']],
    // One part stops as another begins: the whole never turns.
    ['a relay', any(orders.gte(2), orders.is(1)), true, ['15']],
    ['a relay that holds for ever', any(orders.gte(1), orders.lt(1)), true, []],
    ['not not', not(not(orders.gte(2))), true, ['11']],
    ['all of one', all(orders.gte(2)), true, ['11']],
    ['comes and goes', orders.is(1), false, ['11', '15']],
  ])('%s', (_, condition, now, turns) => {
    expect(judging(events, condition, told).holds(at('10'))).toBe(now)
    expect(flips(condition)).toEqual(turns)
  })
})

describe('verdicts', () => {
  test('read the numbers, as people write them', () => {
    const condition = all(orders.gte(3), any(spent.gte('60'), shop.timeSince('visited').gte({ days: 1 })))
    expect(judging(events, condition, told).verdict(at('10'))).toMatchObject({
      holds: false,
      parts: [
        { holds: false, observed: 2 },
        {
          holds: true,
          parts: [
            { holds: true, observed: '80.00' },
            { holds: false, observed: at('10') },
          ],
        },
      ],
    })
  })

  test('are decided by their leaves: those that held, or those that did not', () => {
    const [held, missed] = [orders.gte(1), orders.gte(9)]
    const leaves = (condition: Condition) =>
      leavesOf(judging(events, condition, told).verdict(at('10'))).map((leaf) => leaf.condition)
    expect(leaves(all(held, missed))).toEqual([missed])
    expect(leaves(any(held, missed))).toEqual([held])
    expect(leaves(not(any(missed, spent.lt('0'))))).toEqual([missed, spent.lt('0')])
    expect(leaves(not(all(held, missed)))).toEqual([missed])
    expect(leaves(all(...Array<Condition>(15).fill(held)))).toHaveLength(10)
  })
})

test('a condition is its data: verbs are not seen by JSON, nor by those who compare', () => {
  const condition = orders.gte(3).and(spent.gte('300'))
  const data = {
    condition: 'all',
    of: [
      { condition: 'gte', fact: { fact: 'count', event: 'order-paid', within }, value: 3 },
      { condition: 'gte', fact: { fact: 'sum', event: 'order-paid', field: 'amount', within }, value: '300' },
    ],
  }
  expect(JSON.parse(JSON.stringify(condition))).toEqual(data)
  expect(judging(events, data as Condition, told).holds(at('10'))).toBe(false)
})
