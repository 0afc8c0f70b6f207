import { explain, nextMove, nextMoves } from 'liuliang'
import { expect, test } from 'vitest'
import { tell, teller, utc } from '../support/story.js'
import { customer } from './support/customer.js'

const event = teller()
const { state } = tell(customer, [event('2024-01-05', 'order-paid', { amount: '120' })])
const asOf = utc('2024-01-10')

test('says when and why a subject moves if nothing happens', () => {
  const next = nextMove(customer, state, asOf)
  expect(next).toEqual({
    code: 'coming-move',
    from: 'new',
    to: 'dormant',
    at: utc('2024-03-05'),
    rule: '$.rules.new[1]',
    reason: { code: 'inactive', since: utc('2024-01-05'), for: { days: 60 } },
  })
  expect(explain(customer, next, 'en')).toBe(
    'new customer to dormant at 2024-03-05 00:00: no activity for 60 days since 2024-01-05 00:00',
  )
  expect(explain(customer, next, 'zh')).toBe(
    '2024-03-05 00:00由新客转为沉默用户：自2024-01-05 00:00起60天没有活动',
  )
})

test('is strictly later than the moment that is asked about', () => {
  expect(nextMove(customer, state, utc('2024-03-05'))).toMatchObject({ from: 'dormant', to: 'lapsed' })
  expect(nextMove(customer, state, utc('2024-03-05') - 1)).toMatchObject({ at: utc('2024-03-05') })
})

test('says that it never will, and how come', () => {
  const visit = event('2024-01-01', 'visited', {})
  const gone = tell(customer, [visit, event('2024-01-02', 'opted-out', {})]).state
  const lapsed = customer.advance(state, utc('2025-01-01')).state
  const answers = [
    nextMove(customer, customer.start('u1'), asOf),
    nextMove(customer, gone, asOf),
    nextMove(customer, tell(customer, [visit]).state, asOf),
    nextMove(customer, lapsed, utc('2025-01-01')),
  ]
  expect(answers).toEqual([
    { code: 'not-begun', stage: 'lead' },
    { code: 'stays-final', stage: 'gone' },
    { code: 'stays-waiting', stage: 'lead' },
    { code: 'stays-waiting', stage: 'lapsed' },
  ])
  expect(answers.map((answer) => explain(customer, answer, 'zh'))).toEqual([
    '潜客：尚无任何事件',
    '已退订为终点阶段，只能人工调整',
    '若无新事件，将一直为潜客',
    '若无新事件，将一直为流失用户',
  ])
})

test('follows chains, before an instant and no more than asked for', () => {
  const until = utc('2025-01-01')
  const moves = nextMoves(customer, state, asOf, { until })
  expect(moves.map(({ to, at }) => [to, at])).toEqual([
    ['dormant', utc('2024-03-05')],
    ['lapsed', utc('2024-07-03')],
  ])
  expect(nextMoves(customer, state, asOf, { until, most: 1 })).toEqual(moves.slice(0, 1))
  expect(nextMoves(customer, state, asOf, { until: utc('2024-07-03') })).toEqual(moves.slice(0, 1))
  expect(() => nextMoves(customer, state, asOf, { until, most: 0 })).toThrow(
    expect.objectContaining({ code: 'out-of-range' }),
  )
})
