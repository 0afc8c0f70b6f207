import { defineEvents, defineLifecycle, definePoints, money, restore, resume } from 'liuliang'
import { describe, expect, test } from 'vitest'
import { tell, teller, utc } from '../support/story.js'

const shop = defineEvents({ paid: { amount: money('CNY') } })
const calendar = { zone: 'UTC' } as const
const lifecycle = (days: number) =>
  defineLifecycle({
    id: 'customer',
    version: days,
    calendar,
    events: shop,
    activity: ['paid'],
    stages: ['lead', 'active', 'lapsed'],
    initial: 'lead',
    rules: {
      lead: [{ to: 'active', on: 'paid' }],
      active: [{ to: 'lapsed', inactiveFor: { days } }],
      lapsed: [],
    },
  })
const points = (per: string) =>
  definePoints({
    id: 'points',
    version: 1,
    calendar,
    events: shop,
    earning: [{ rule: 'paid', on: 'paid', earns: { points: 1, per, of: 'amount' } }],
  })
const event = teller()
const facts = [event('2024-03-01', 'paid', { amount: '10' }), event('2024-03-20', 'paid', { amount: '20' })]

describe('what is restored', () => {
  test('is the state that was there, from the whole log', () => {
    const { state, log } = tell(points('1'), facts)
    expect(restore(points('1'), 'u1', log)).toEqual(state)
  })

  test('of facts: facts alone are enough, and another definition makes its own of them', () => {
    const { log } = tell(lifecycle(30), facts)
    expect(restore(lifecycle(30), 'u1', facts)).toEqual(restore(lifecycle(30), 'u1', log))
    expect(restore(lifecycle(10), 'u1', log).of.stage).toBe('lapsed')
    expect(restore(lifecycle(10), 'u1', log)).toEqual(tell(lifecycle(10), facts).state)
  })

  test('of decisions: what was decided stays decided under another definition', () => {
    const { log } = tell(points('1'), facts)
    expect(points('5').view(restore(points('5'), 'u1', log), utc('2024-03-20')).balance).toBe(30)
  })

  test('from a state in between is the same', () => {
    const { state, log } = tell(points('1'), facts)
    const half = restore(points('1'), 'u1', log.slice(0, 2))
    expect(resume(points('1'), half, log.slice(2))).toEqual(state)
  })

  test('counts what is delivered twice once', () => {
    const { state, log } = tell(lifecycle(30), facts)
    expect(restore(lifecycle(30), 'u1', [log[0]!, ...log])).toEqual(state)
  })
})
