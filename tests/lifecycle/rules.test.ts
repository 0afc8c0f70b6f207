import { attributes, defineEvents, defineLifecycle, moment, money, type Rule } from 'liuliang'
import { describe, expect, test } from 'vitest'
import { outline, tell, teller, utc } from '../support/story.js'

const shop = defineEvents({
  'order-paid': { amount: money('CNY') },
  'order-shipped': {},
  visited: {},
  ...attributes({ birthday: moment() }),
})
const stages = ['lead', 'active', 'loyal', 'lapsed'] as const
type Rules = {
  readonly [S in (typeof stages)[number]]?: readonly Rule<(typeof stages)[number], typeof shop.events>[]
}

const lifecycle = (rules: Rules) =>
  defineLifecycle({
    id: 'customer',
    version: 1,
    calendar: { zone: 'UTC' },
    events: shop,
    activity: ['order-paid'],
    stages,
    initial: 'lead',
    rules: { lead: [], active: [], loyal: [], lapsed: [], ...rules },
  })
const event = teller()
const paid = (at: string, amount = '10') => event(at, 'order-paid', { amount })
const visited = (at: string) => event(at, 'visited', {})
/** Moves as `from > to`, up to an instant. */
const moves = (rules: Rules, inputs: readonly unknown[], until = '2030-01-01') => {
  const engine = lifecycle(rules)
  const { state, log } = tell(engine, inputs as never)
  const later = engine.advance(state, utc(until)).events
  return outline([...log, ...later].filter(({ type }) => type === 'customer/stage-changed'))
}

describe('which rule wins', () => {
  const spent = shop.sum('order-paid', 'amount')

  test('the first of those that apply now', () => {
    const loyal = { to: 'loyal', when: spent.gte('100') } as const
    const active = { to: 'active', on: 'order-paid' } as const
    expect(tell(lifecycle({ lead: [loyal, active] }), [paid('2024-01-01', '100')]).state.of.stage).toBe(
      'loyal',
    )
    expect(tell(lifecycle({ lead: [active, loyal] }), [paid('2024-01-01', '100')]).state.of.stage).toBe(
      'active',
    )
  })

  test('of several deadlines the earliest, of equal ones the first in the list', () => {
    const late: Rule<'loyal'> = { to: 'loyal', inStageFor: { days: 30 } }
    const soon: Rule<'lapsed'> = { to: 'lapsed', inactiveFor: { days: 20 } }
    const tied: Rule<'active'> = { to: 'active', inStageFor: { hours: 480 } }
    const stage = (...lead: readonly Rule<'loyal' | 'lapsed' | 'active'>[]) => {
      const engine = lifecycle({ lead: lead as never })
      return engine.view(tell(engine, [paid('2024-01-01')]).state, utc('2024-01-21')).stage
    }
    expect([stage(late, soon), stage(soon, tied), stage(tied, soon)]).toEqual(['lapsed', 'lapsed', 'active'])
  })

  test('a deadline at the instant of an input comes before it', () => {
    const rules: Rules = {
      lead: [{ to: 'active', on: 'order-paid' }],
      active: [{ to: 'lapsed', inactiveFor: { days: 30 } }],
      lapsed: [{ to: 'active', on: 'order-paid' }],
    }
    expect(moves(rules, [paid('2024-01-01'), paid('2024-01-31')], '2024-01-31')).toEqual([
      'lead > active',
      'active > lapsed',
      'lapsed > active',
    ])
  })
})

describe('rules on events', () => {
  test('one event makes one move, however many stages wait for it', () => {
    const rules: Rules = {
      lead: [{ to: 'active', on: 'order-paid' }],
      active: [{ to: 'loyal', on: 'order-paid' }],
    }
    expect(moves(rules, [paid('2024-01-01')])).toEqual(['lead > active'])
    expect(moves(rules, [paid('2024-01-01'), paid('2024-01-01')])).toEqual([
      'lead > active',
      'active > loyal',
    ])
  })

  test('the condition is judged with everything that happened at the instant, in whatever order it arrived', () => {
    const rules: Rules = { lead: [{ to: 'loyal', on: 'visited', when: shop.count('order-paid').gte(1) }] }
    const [order, visit] = [paid('2024-01-01'), visited('2024-01-01')]
    expect(moves(rules, [order, visit])).toEqual(['lead > loyal'])
    expect(moves(rules, [visit, order])).toEqual(['lead > loyal'])
    expect(moves(rules, [visit, paid('2024-01-01 00:01')])).toEqual([])
  })

  test('a condition alone waits for nothing but itself, be it by time', () => {
    const rules: Rules = {
      lead: [{ to: 'active', when: shop.count('order-paid', { within: { days: 10 } }).gte(1) }],
      active: [{ to: 'lapsed', when: shop.count('order-paid', { within: { days: 10 } }).lt(1) }],
    }
    const engine = lifecycle(rules)
    const { state } = tell(engine, [paid('2024-01-01'), paid('2024-01-05')])
    expect(engine.nextChange(state, utc('2024-01-05'))).toMatchObject({
      at: utc('2024-01-15'),
      because: { data: { from: 'active', to: 'lapsed', rule: 0, reason: { code: 'condition-held' } } },
    })
  })
})

describe('rules of time', () => {
  test('silence is counted from the last activity, not from the entry; what is no activity does not break it', () => {
    const engine = lifecycle({
      lead: [{ to: 'active', on: 'order-shipped' }],
      active: [{ to: 'lapsed', inactiveFor: { days: 30 } }],
    })
    const { state } = tell(engine, [
      paid('2024-01-01'),
      event('2024-01-11', 'order-shipped', {}),
      visited('2024-01-20'),
    ])
    expect(engine.view(state, utc('2024-01-20'))).toEqual({
      stage: 'active',
      since: utc('2024-01-11'),
      next: { to: 'lapsed', at: utc('2024-01-31') },
    })
  })

  test('a silence that is over on entry moves on at once', () => {
    const rules: Rules = {
      lead: [{ to: 'active', on: 'visited' }],
      active: [{ to: 'lapsed', inactiveFor: { days: 30 } }],
    }
    expect(moves(rules, [paid('2024-01-01'), visited('2024-03-01')], '2024-03-01')).toEqual([
      'lead > active',
      'active > lapsed',
    ])
  })

  test('of the initial stage they start at the first input, of whatever kind', () => {
    const engine = lifecycle({ lead: [{ to: 'lapsed', inStageFor: { days: 7 } }] })
    expect(engine.view(engine.start('u1'), utc('2024-01-01'))).toEqual({
      stage: 'lead',
      since: null,
      next: null,
    })
    const { state } = tell(engine, [visited('2024-01-05')])
    expect(engine.view(state, utc('2024-01-05')).next).toEqual({ to: 'lapsed', at: utc('2024-01-12') })
  })

  test('months are clamped from the entry, never from one another', () => {
    const engine = lifecycle({
      lead: [{ to: 'active', inStageFor: { months: 1 } }],
      active: [{ to: 'lapsed', inStageFor: { months: 1 } }],
    })
    const { state } = tell(engine, [visited('2024-01-31')])
    const { events } = engine.advance(state, utc('2024-12-31'))
    expect(events.map(({ occurredAt }) => occurredAt)).toEqual([utc('2024-02-29'), utc('2024-03-29')])
  })
})
