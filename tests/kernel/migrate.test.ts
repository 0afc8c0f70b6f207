import { defineEvents, definePoints, instant, migrateState, money, text } from 'liuliang'
import { expect, test } from 'vitest'
import { tell, teller, utc } from '../support/story.js'

const shop = defineEvents({ 'order-paid': { orderId: text(), amount: money('CNY') } })
const points = (version: number, days: number) =>
  definePoints({
    id: 'points',
    version,
    calendar: { zone: 'UTC' },
    events: shop,
    earning: [
      { rule: 'purchase', on: 'order-paid', earns: { points: 1, per: '1', of: 'amount' }, origin: 'orderId' },
    ],
    expires: { days },
  })
const [first, second] = [points(1, 30), points(2, 60)]
const event = teller()

test('an engine of any kind goes from one definition to another: time is settled first, whose state it is stays', () => {
  const { state } = tell(first, [
    event('2024-01-01', 'order-paid', { orderId: 'a', amount: '40' }),
    event('2024-01-20', 'order-paid', { orderId: 'b', amount: '5' }),
  ])
  const migrate = migrateState(first, second, (of) => of)
  const at = utc('2024-02-05')
  const { events, state: moved } = migrate(state, at)
  expect(events.map(({ type, occurredAt }) => [type, occurredAt])).toEqual([
    ['points/expired', instant('2024-01-31T00:00Z')],
  ])
  expect(second.view(moved, at).balance).toBe(5)
  expect(moved).toMatchObject({ subject: 'u1', version: 2, definition: second.hash, at })
  const order = event('2024-02-06', 'order-paid', { orderId: 'c', amount: '1' })
  expect(second.decide(moved, order)).toMatchObject({ outcome: 'accepted' })
})

test('a state that does not fit the new definition is refused where it is made', () => {
  const migrate = migrateState(first, second, () => ({}) as never)
  const { state } = tell(first, [event('2024-03-01', 'order-paid', { orderId: 'd', amount: '1' })])
  expect(() => migrate(state, utc('2024-03-02'))).toThrow(
    expect.objectContaining({ code: 'malformed-state' }),
  )
})
