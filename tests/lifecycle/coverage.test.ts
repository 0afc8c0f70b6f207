// A gap in tracking is not a silence.
import { coverage, defineEvents, defineLifecycle, type InputOf, type Instant, instant } from 'liuliang'
import { expect, test } from 'vitest'

const shop = defineEvents({ 'order-paid': {}, visited: {}, ...coverage() })
const customer = defineLifecycle({
  id: 'customer',
  version: 1,
  calendar: { zone: 'Asia/Shanghai' },
  events: shop,
  activity: ['order-paid'],
  stages: ['active', 'lapsed', 'won-back'],
  initial: 'active',
  rules: {
    active: [{ to: 'lapsed', inactiveFor: { days: 30 } }],
    lapsed: [
      {
        to: 'won-back',
        when: shop
          .count('visited', { within: { days: 7 } })
          .lt(1)
          .not(),
      },
    ],
    'won-back': [],
  },
})

const on = (date: string): Instant => instant(`2026-${date}T12:00:00+08:00`)
type Told = readonly [date: string, type: string, data?: object]
const told = (...inputs: readonly Told[]) => {
  let state = customer.start('ann')
  for (const [i, [date, type, data = {}]] of inputs.entries()) {
    const input = { id: `${i}`, type, subject: 'ann', occurredAt: on(date), data }
    const outcome = customer.decide(state, input as InputOf<typeof customer>)
    if (outcome.outcome !== 'accepted') throw new Error(JSON.stringify(outcome))
    state = outcome.state
  }
  return state
}
const lapses = (...inputs: readonly Told[]) => {
  const state = told(...inputs)
  return customer.view(state, state.at!).next?.at
}

test('without a gap silence is counted from the last order', () => {
  expect(lapses(['01-01', 'order-paid'])).toBe(on('01-31'))
})

test('while orders are not tracked, nobody lapses, however long it takes', () => {
  const state = told(['01-01', 'order-paid'], ['01-10', 'coverage-changed', { observed: false }])
  expect(customer.view(state, on('12-31'))).toMatchObject({ stage: 'active', next: null })
})

test('after a gap it is counted from its end', () => {
  expect(
    lapses(
      ['01-01', 'order-paid'],
      ['01-10', 'coverage-changed', { event: 'order-paid', observed: false }],
      ['01-20', 'coverage-changed', { event: 'order-paid', observed: true }],
    ),
  ).toBe(on('02-19'))
})

test('a gap that ended before the last order, or in another event, moves nothing', () => {
  expect(
    lapses(
      ['01-01', 'coverage-changed', { observed: false }],
      ['01-02', 'coverage-changed', { observed: true }],
      ['01-03', 'order-paid'],
      ['01-04', 'coverage-changed', { event: 'visited', observed: false }],
    ),
  ).toBe(on('02-02'))
})

test('tracking that began late says nothing about the time before', () => {
  expect(
    lapses(['01-01', 'order-paid'], ['01-15', 'coverage-changed', { event: 'order-paid', observed: true }]),
  ).toBe(on('02-14'))
})

test('what is not observed fires no rule, and neither does its not', () => {
  const state = told(
    ['01-01', 'order-paid'],
    ['02-01', 'coverage-changed', { event: 'visited', observed: false }],
  )
  expect(customer.view(state, on('02-20'))).toMatchObject({ stage: 'lapsed', next: null })
})
