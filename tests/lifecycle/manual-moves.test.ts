import { defineEvents, defineLifecycle, explain } from 'liuliang'
import { describe, expect, test } from 'vitest'
import { outline, refusalOf, tell, teller, utc } from '../support/story.js'

const customer = defineLifecycle({
  id: 'customer',
  version: 1,
  calendar: { zone: 'UTC' },
  events: defineEvents({ visited: {} }),
  activity: ['visited'],
  stages: ['lead', 'active', 'lapsed'],
  initial: 'lead',
  rules: {
    lead: [{ to: 'active', on: 'visited' }],
    active: [{ to: 'lapsed', inactiveFor: { days: 30 } }],
    lapsed: [{ to: 'active', on: 'visited' }],
  },
})
const event = teller()
const visited = (at: string) => event(at, 'visited', {})
const move = (at: string, to: string, reason = 'asked on the phone') =>
  event(at, 'customer/move-set', { to: to as 'lead', reason })

describe('a manual move', () => {
  test('is a fact, and the change follows from it with its reason', () => {
    const { log } = tell(customer, [visited('2024-01-01'), move('2024-01-05', 'lead')])
    const changed = log.at(-1)!
    expect(outline(log.slice(2))).toEqual(['customer/move-set', 'active > lead'])
    expect(changed.data).toEqual({
      from: 'active',
      to: 'lead',
      reason: { code: 'moved-by-hand', reason: 'asked on the phone' },
    })
    const { reason } = changed.data as { readonly reason: { readonly code: string } }
    expect(explain(customer, reason, 'zh')).toBe('人工调整：asked on the phone')
  })

  test('counts as activity, also to the stage that one is in', () => {
    const { state, log } = tell(customer, [visited('2024-01-01'), move('2024-01-20', 'active')])
    expect(outline(log).at(-1)).toBe('customer/move-set')
    expect(customer.view(state, utc('2024-01-20'))).toEqual({
      stage: 'active',
      since: utc('2024-01-01'),
      next: { to: 'lapsed', at: utc('2024-02-19') },
    })
  })

  test('may be the first thing that is known of somebody', () => {
    const { state } = tell(customer, [move('2024-01-01', 'active')])
    expect(customer.view(state, utc('2024-01-01'))).toMatchObject({
      stage: 'active',
      since: utc('2024-01-01'),
    })
  })

  test('two at one instant are both made, in the order of arrival', () => {
    const { log } = tell(customer, [
      visited('2024-01-01'),
      move('2024-01-05', 'lapsed'),
      move('2024-01-05', 'lead'),
      move('2024-01-05', 'lapsed'),
    ])
    expect(outline(log.filter(({ type }) => type === 'customer/stage-changed'))).toEqual([
      'lead > active',
      'active > lapsed',
      'lapsed > lead',
      'lead > lapsed',
    ])
    expect(new Set(log.map(({ id }) => id)).size).toBe(log.length)
  })

  test('to a stage that nobody declared is refused, and so is the change itself', () => {
    const { state } = tell(customer, [visited('2024-01-01')])
    expect(refusalOf(customer, state, move('2024-01-02', 'vip'))).toEqual({
      code: 'malformed-field',
      field: 'to',
      expected: 'lead | active | lapsed',
      got: 'text of 3',
    })
    const forged = event('2024-01-02', 'customer/stage-changed', { from: 'active', to: 'lead', reason: {} })
    expect(refusalOf(customer, state, forged)).toEqual({ code: 'unknown-type', length: 22 })
  })
})
