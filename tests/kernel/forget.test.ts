import {
  attributes,
  defineEvents,
  defineLifecycle,
  definePoints,
  defineProgram,
  forget,
  money,
  ref,
  restore,
  text,
} from 'liuliang'
import { expect, test } from 'vitest'
import { tell, teller, utc } from '../support/story.js'

const canary = (what: string) => `mei.li+${what}@example.com`
const shop = defineEvents({
  'order-paid': { orderId: text(), amount: money('CNY'), channel: text('web', 'app'), friend: ref('friend') },
  ...attributes({ city: text() }),
})
const calendar = { zone: 'UTC' } as const
const program = defineProgram({
  id: 'loyalty',
  version: 1,
  parts: [
    defineLifecycle({
      id: 'customer',
      version: 1,
      calendar,
      events: shop,
      activity: ['order-paid'],
      stages: ['lead', 'active'],
      initial: 'lead',
      rules: {
        lead: [
          {
            to: 'active',
            when: shop.last('order-paid', 'orderId').is('vip-1').not().and(shop.attribute('city').is('Wuxi')),
          },
        ],
        active: [],
      },
    }),
    definePoints({
      id: 'points',
      version: 1,
      calendar,
      events: shop,
      earning: [
        {
          rule: 'purchase',
          on: 'order-paid',
          earns: { points: 1, per: '1', of: 'amount' },
          origin: 'orderId',
        },
      ],
    }),
  ],
})
const event = teller(canary('subject'))
const { state, log } = tell(
  program,
  [
    event('2024-03-01', 'attribute-set', { city: 'Wuxi' }, canary('id-1')),
    event(
      '2024-03-02',
      'order-paid',
      { orderId: canary('order'), amount: '20.50', channel: 'web', friend: canary('friend') } as const,
      canary('id-2'),
    ),
    event('2024-03-03', 'points/redeem', { points: 5 }, canary('id-3')),
    event('2024-03-04', 'points/earn', { points: 7, reason: canary('reason') }, canary('id-4')),
    event('2024-03-05', 'customer/move-set', { to: 'lead', reason: canary('move') } as const, canary('id-5')),
  ],
  program.start(canary('subject')),
)
const forgotten = forget(program, state, log, canary('subject'))

test('nothing of the person is left, in the state or in the log', () => {
  expect(JSON.stringify([state, log])).toContain('mei.li')
  expect(JSON.stringify(forgotten)).not.toContain('mei.li')
})

test('what is counted stays: stages, amounts, instants, words of the definition', () => {
  const at = utc('2024-06-01')
  expect(program.view(forgotten.state, at)).toEqual(program.view(state, at))
  expect(forgotten.events.map(({ type, occurredAt }) => [type, occurredAt])).toEqual(
    log.map(({ type, occurredAt }) => [type, occurredAt]),
  )
  const order = forgotten.events.find(({ type }) => type === 'order-paid')
  expect(order).toMatchObject({ data: { amount: '20.50', channel: 'web' } })
})

test('the same text has the same placeholder, so the log still hangs together', () => {
  const order = forgotten.events.find(({ type }) => type === 'order-paid')!
  const earned = forgotten.events.find(({ type }) => type === 'points/earned')!
  expect(earned.data).toMatchObject({
    origin: (order.data as { readonly orderId: string }).orderId,
    event: order.id,
  })
  const restored = restore(program, forgotten.state.subject, forgotten.events)
  expect(program.view(restored, utc('2024-06-01'))).toEqual(program.view(state, utc('2024-06-01')))
})

test('the original is not touched', () => {
  expect(state.subject).toBe(canary('subject'))
  expect(restore(program, canary('subject'), log)).toEqual(state)
})
