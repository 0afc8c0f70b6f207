import {
  customerLifecycle,
  defineEvents,
  defineLifecycle,
  explain,
  integer,
  matchStage,
  ref,
  text,
} from 'liuliang'
import { expect, expectTypeOf, test } from 'vitest'
import { clockOf, timeline } from './support/timeline.js'

interface Reasoned {
  readonly reason: { readonly code: string }
}

/** Clocks go back there on 3 November 2024. */
const calendar = { zone: 'America/New_York' }
const customer = defineLifecycle(customerLifecycle({ calendar }))
const order = (at: string, amount = '100') => [at, 'order-paid', { amount }] as const

test('a life of a customer: seven stages, days of silence over a change of clocks', () => {
  const { lines } = timeline(
    customer,
    calendar,
    [
      ['2024-01-05 10:00', 'signed-up'],
      order('2024-01-20 20:00'),
      order('2024-03-01 20:00'),
      order('2024-03-20 20:00'),
      order('2024-04-01 20:00'),
      order('2024-04-15 20:00'),
      order('2024-05-15 20:00'),
      // Looking is no purchase.
      ['2024-09-15 20:00', 'visited'],
      order('2024-12-24 20:00'),
      order('2025-01-10 20:00'),
    ],
    '2026-01-01',
  )
  expect(lines).toEqual([
    '2024-01-20 20:00 new',
    '2024-03-01 20:00 active',
    '2024-05-15 20:00 loyal',
    '2024-08-13 20:00 dormant',
    // 180 days after the last order, the clock on the wall the same.
    '2024-11-11 20:00 lapsed',
    '2024-12-24 20:00 won-back',
    // Eight orders stand within a year, but loyalty is earned anew.
    '2025-01-10 20:00 active',
    '2025-04-10 20:00 dormant',
    '2025-07-09 20:00 lapsed',
  ])
})

test('loyalty is lost where purchases grow rare, without any silence, at the instant at which the window says so', () => {
  const dense = ['01-10', '02-10', '03-10', '04-10', '05-10', '06-10'].map((day) => `2024-${day}`)
  const rare = ['2024-08-20', '2024-11-01', '2025-01-15', '2025-04-01', '2025-06-20']
  const orders = [...dense, ...rare].map((day) => order(`${day} 10:00`))
  expect(timeline(customer, calendar, orders, '2025-07-01').lines).toEqual([
    '2024-01-10 10:00 new',
    '2024-02-10 10:00 active',
    '2024-06-10 10:00 loyal',
    // Five are left within 365 days when the order of 10 May 2024 leaves them.
    '2025-05-10 10:00 active',
  ])
})

test('the host brings its own catalogue, events and spans', () => {
  const store = defineEvents({
    'ticket-bought': { seats: integer(), payer: text('self', 'company'), guest: ref('guest').optional() },
    'app-opened': {},
  })
  const theatre = defineLifecycle(
    customerLifecycle({
      calendar,
      events: store,
      purchased: { event: 'ticket-bought', where: { payer: 'self' } },
      engaged: ['app-opened'],
      loyalPurchases: 2,
      loyalWithin: { months: 6 },
      dormantAfter: { days: 30, end: true },
      lapsedAfter: { months: 12 },
    }),
  )
  const { lines, state } = timeline(
    theatre,
    calendar,
    [
      ['2024-01-05 21:00', 'ticket-bought', { seats: 2, payer: 'company' }],
      ['2024-01-06 21:00', 'ticket-bought', { seats: 2, payer: 'self' }],
      ['2024-02-01 09:00', 'app-opened'],
      ['2024-02-20 21:00', 'ticket-bought', { seats: 1, payer: 'self' }],
    ],
    '2024-03-01',
  )
  expect(lines).toEqual(['2024-01-06 21:00 new', '2024-02-20 21:00 active', '2024-02-20 21:00 loyal'])
  expect(theatre.view(state, clockOf(calendar)('2024-03-01')).next).toEqual({
    to: 'dormant',
    at: clockOf(calendar)('2024-03-22'),
  })
})

test('one rule of it replaced, the rest as it is', () => {
  const definition = customerLifecycle({ calendar })
  const quick = defineLifecycle({
    ...definition,
    id: 'vip',
    rules: {
      ...definition.rules,
      lead: [
        { to: 'active', on: { event: 'order-paid', where: { amount: { gte: '5000' } } } },
        ...definition.rules.lead,
      ],
    },
  })
  expect(quick.id).toBe('vip')
  const first = (amount: string) =>
    timeline(quick, calendar, [order('2024-01-01', amount)], '2024-01-02').lines
  expect([first('6000'), first('60')]).toEqual([['2024-01-01 00:00 active'], ['2024-01-01 00:00 new']])
})

test('typed stages, and words in both tongues', () => {
  const { stage } = customer.view(customer.start('u'), 0)
  expectTypeOf(stage).toEqualTypeOf<'lead' | 'new' | 'active' | 'loyal' | 'dormant' | 'lapsed' | 'won-back'>()
  const greeting = matchStage(stage, {
    lead: () => 'welcome',
    new: () => 'thanks',
    active: () => 'hello',
    loyal: () => 'dear',
    dormant: () => 'we miss you',
    lapsed: () => 'come back',
    'won-back': () => 'good to see you',
  })
  expect(greeting).toBe('welcome')
  const { state } = timeline(customer, calendar, [order('2024-01-20 20:00')], '2024-01-21')
  const silent = customer.advance(state, clockOf(calendar)('2024-08-01')).events
  const said = silent.map(({ data }) => explain(customer, (data as unknown as Reasoned).reason, 'zh'))
  expect(said).toEqual(['自2024-01-20 20:00起90天没有活动', '自2024-01-20 20:00起180天没有活动'])
  expect(explain(customer, 'won-back', 'zh')).toBe('召回用户')
})
