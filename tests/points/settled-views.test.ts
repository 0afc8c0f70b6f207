// A decision keeps what it found when time had passed, so that a preview need not let it pass again: a view that comes from
// there is the view of the same state told anew.
import {
  type AnyEvent,
  defineEvents,
  definePoints,
  type InputOf,
  instant,
  money,
  preview,
  type StateOf,
  text,
} from 'liuliang'
import { expect, test } from 'vitest'

const points = definePoints({
  id: 'points',
  version: 1,
  calendar: { zone: 'Asia/Shanghai' },
  events: defineEvents({ 'order-paid': { orderId: text(), amount: money('CNY') } }),
  earning: [{ rule: 'purchase', on: 'order-paid', earns: { points: 1, per: '1.00', of: 'amount' } }],
  pending: { days: 1 },
  expires: { days: 30 },
})
type State = StateOf<typeof points>

const input = (id: string, type: string, date: string, data: object) =>
  ({ id, type, subject: 'mei', occurredAt: instant(`${date}T09:00:00+08:00`), data }) as AnyEvent as InputOf<
    typeof points
  >
const paid = (id: string, date: string) => input(id, 'order-paid', date, { orderId: id, amount: '100.00' })
const told = (state: State): State => JSON.parse(JSON.stringify(state))

function stateAfter(...inputs: readonly InputOf<typeof points>[]): State {
  let state = points.start('mei')
  for (const one of inputs) {
    const outcome = points.decide(state, one)
    if (outcome.outcome !== 'accepted') throw new Error(JSON.stringify(outcome))
    state = outcome.state
  }
  return state
}

test('a view before and after a decision, between which much fell due', () => {
  const state = stateAfter(paid('a', '2026-01-01'), paid('b', '2026-01-20'))
  const next = paid('c', '2026-02-10')
  const { occurredAt } = next
  const outcome = points.decide(state, next)
  if (outcome.outcome !== 'accepted') throw new Error('refused')
  const [before, after] = [points.view(state, occurredAt), points.view(outcome.state, occurredAt)]
  expect([before.balance, before.totals.expired, after.pending]).toEqual([100, 100, 100])
  expect(before).toEqual(points.view(told(state), occurredAt))
  expect(after).toEqual(points.view(told(outcome.state), occurredAt))
  // At other moments, and of other states at this one, nothing is taken from there.
  points.decide(state, next)
  expect(points.view(state, occurredAt + 1)).toEqual(points.view(told(state), occurredAt + 1))
  points.decide(state, next)
  const other = stateAfter(paid('a', '2026-01-01'))
  points.decide(state, next)
  expect(points.view(other, occurredAt)).toEqual(points.view(told(other), occurredAt))
})

test('a decision that is refused, and one that is a repeat', () => {
  const state = stateAfter(paid('a', '2026-01-01'), paid('b', '2026-01-20'))
  const spend = input('s', 'points/redeem', '2026-02-10', { points: 500 })
  const refused = points.decide(state, spend)
  expect(refused).toMatchObject({ refusal: { code: 'insufficient-points', available: 100 } })
  expect(points.view(state, spend.occurredAt)).toEqual(points.view(told(state), spend.occurredAt))
  const again = preview(points, state, paid('b', '2026-01-20'))
  expect(again.outcome).toBe('repeated')
  expect(again.changed).toEqual([])
  expect(again.before).toEqual(points.view(told(state), state.at!))
})

test('a view before what is recorded is refused after a decision as before it', () => {
  const state = stateAfter(paid('a', '2026-01-01'))
  const next = paid('b', '2026-01-20')
  points.decide(state, next)
  expect(() => points.view(state, state.at! - 1)).toThrow('as-of-before-state')
})
