import { defineEvents, defineLifecycle, ref, route, subjectOf, text } from 'liuliang'
import { describe, expect, test } from 'vitest'
import { refusalOf, teller } from '../support/story.js'

const shop = defineEvents({
  'order-paid': { orderId: text(), friend: ref('friend').optional(), store: ref('store').optional() },
})
const engine = defineLifecycle({
  id: 'friend',
  version: 1,
  calendar: { zone: 'UTC' },
  events: shop,
  activity: [],
  stages: ['stranger', 'named'],
  initial: 'stranger',
  rules: { stranger: [{ to: 'named', on: { event: 'order-paid', as: 'friend' } }], named: [] },
})
const event = teller('buyer')
const order = event('2024-03-01', 'order-paid', { orderId: 'o', friend: 'mei', store: 'shop/7' })

describe('whom an event concerns', () => {
  test('its own subject first, then everybody who takes part, with their roles', () => {
    expect(route(engine, order)).toEqual([
      { subject: 'buyer' },
      { subject: 'mei', role: 'friend' },
      { subject: 'shop/7', role: 'store' },
    ])
    expect(route(engine, event('2024-03-01', 'order-paid', { orderId: 'o' }))).toEqual([{ subject: 'buyer' }])
    expect(route(engine, event('2024-03-01', 'unheard-of', { friend: 'mei' }))).toEqual([
      { subject: 'buyer' },
    ])
  })

  test('each of them decides it once; nobody else may', () => {
    const stages = route(engine, order).map(({ subject }) => {
      const outcome = engine.decide(engine.start(subject), order)
      return outcome.outcome === 'accepted' && outcome.state.of.stage
    })
    expect(stages).toEqual(['stranger', 'named', 'stranger'])
    expect(refusalOf(engine, engine.start('somebody'), order)).toEqual({ code: 'other-subject' })
  })
})

test('parts of a subject are joined without collisions', () => {
  expect(subjectOf('mother', 'child')).toBe('mother/child')
  const joined = [['a/b', 'c'], ['a', 'b/c'], ['a~1b', 'c'], ['a', 'b', 'c'], ['a~b/c']].map((parts) =>
    subjectOf(...parts),
  )
  expect(new Set(joined).size).toBe(joined.length)
  expect(() => subjectOf('mother', '')).toThrow(expect.objectContaining({ code: 'missing', path: '$[1]' }))
})
