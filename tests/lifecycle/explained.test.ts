// Why somebody moved, in both tongues: what was read when the move was made, and nothing that is computed again.
import { attributes, defineEvents, defineLifecycle, defineProgram, explain, moment, money } from 'liuliang'
import { expect, test } from 'vitest'
import { outline, tell, teller, utc } from '../support/story.js'

const shop = defineEvents(
  { 'order-paid': { amount: money('CNY') }, ...attributes({ birthday: moment() }) },
  {
    words: {
      zh: { 'order-paid': '下单', 'order-paid.amount': '金额' },
      en: { 'order-paid': 'orders', 'order-paid.amount': 'amount' },
    },
  },
)
const customer = defineLifecycle({
  id: 'customer',
  version: 1,
  calendar: { zone: 'Asia/Shanghai' },
  events: shop,
  activity: ['order-paid'],
  stages: ['lead', 'new', 'loyal', 'lapsed', 'gone'],
  initial: 'lead',
  rules: {
    lead: [{ to: 'new', on: 'order-paid' }],
    new: [{ to: 'loyal', when: shop.sum('order-paid', 'amount', { within: { days: 30 } }).gte('100') }],
    loyal: [{ to: 'lapsed', inactiveFor: { days: 30 } }],
    lapsed: [{ to: 'gone', inStageFor: { months: 6 } }],
    gone: [{ to: 'lead', since: 'birthday', reaches: { years: 1 } }],
  },
  words: { zh: { loyal: '忠诚用户', lapsed: '流失用户' } },
})
const event = teller()
const inputs = [
  event('2024-03-01', 'attribute-set', { birthday: utc('2024-01-01') }),
  event('2024-03-01', 'order-paid', { amount: '60' }),
  event('2024-03-05', 'order-paid', { amount: '60' }),
]
const { state, log } = tell(customer, inputs)
const moves = [...log, ...customer.advance(state, utc('2025-02-01')).events].flatMap((one) =>
  one.type === 'customer/stage-changed' ? [one] : [],
)
const said = (lang: 'en' | 'zh') =>
  moves.map(({ data }) => explain(customer, data.reason as unknown as { readonly code: string }, lang))

test('every kind of rule says why', () => {
  expect(said('en')).toEqual([
    'orders happened',
    'total amount of orders in the last 30 days is at least 100 CNY (is 120.00 CNY)',
    'no activity for 30 days since 2024-03-05 08:00',
    'in the stage for 6 months since 2024-04-04 08:00',
    'birthday (2024-01-01 08:00) was 1 year ago',
  ])
  expect(said('zh')).toEqual([
    '发生了下单',
    '最近30天下单的金额合计≥100元（现为120.00元）',
    '自2024-03-05 08:00起30天没有活动',
    '自2024-04-04 08:00起停留满6个月',
    'birthday（2024-01-01 08:00）已满1年',
  ])
})

test('the reason is what was read then: later orders do not change it', () => {
  const { log: longer } = tell(customer, [...inputs, event('2024-03-06', 'order-paid', { amount: '999' })])
  expect(longer.filter(({ type }) => type === 'customer/stage-changed')).toEqual(moves.slice(0, 2))
})

test('two lifecycles of one catalogue live in one program, each with its own moves and manual moves', () => {
  const mood = defineLifecycle({
    id: 'mood',
    version: 1,
    calendar: { zone: 'UTC' },
    events: shop,
    activity: [],
    stages: ['calm', 'happy'],
    initial: 'calm',
    rules: { calm: [{ to: 'happy', on: 'order-paid' }], happy: [] },
  })
  const both = defineProgram({ id: 'both', version: 1, parts: [customer, mood] })
  const told = tell(both, [
    event('2024-03-01', 'order-paid', { amount: '1' }),
    event('2024-03-02', 'mood/move-set', { to: 'calm', reason: 'rain' } as const),
  ])
  expect(outline(told.log)).toEqual([
    'order-paid',
    'lead > new',
    'calm > happy',
    'mood/move-set',
    'happy > calm',
  ])
  const { customer: first, mood: second } = both.view(told.state, utc('2024-03-02'))
  expect([first.stage, second.stage]).toEqual(['new', 'calm'])
})
