import { explain, recordedStays, timeline, timelineRows } from 'liuliang'
import { describe, expect, test } from 'vitest'
import { tell, teller, utc } from '../support/story.js'
import { customer } from './support/customer.js'

const event = teller()
const paid = (at: string, amount = '10') => event(at, 'order-paid', { amount })
const facts = [
  event('2024-01-01', 'visited', {}, 'v1'),
  event('2024-01-05', 'order-paid', { amount: '120' }, 'o1'),
  event('2024-01-20', 'order-paid', { amount: '200' }, 'o2'),
  event('2024-05-01', 'customer/move-set', { to: 'active', reason: 'called' } as const, 'm1'),
]
const asOf = utc('2024-06-01')
const line = timeline(customer, 'u1', facts, { asOf })

describe('a timeline', () => {
  test('has every stay, with what began it, and its cause', () => {
    expect(line.stays).toEqual([
      {
        code: 'first-stay',
        stage: 'lead',
        from: utc('2024-01-01'),
        to: utc('2024-01-05'),
        began: null,
        reason: null,
      },
      {
        code: 'stay',
        stage: 'new',
        from: utc('2024-01-05'),
        to: utc('2024-01-20'),
        began: {
          rule: '$.rules.lead[0]',
          reason: { code: 'event-happened', event: 'order-paid' },
          cause: 'o1',
        },
        reason: { code: 'event-happened', event: 'order-paid' },
      },
      expect.objectContaining({
        stage: 'active',
        from: utc('2024-01-20'),
        began: {
          rule: '$.rules.new[0]',
          reason: {
            code: 'condition-held',
            leaves: [expect.objectContaining({ holds: true, observed: 2 })],
          },
          cause: 'o2',
        },
      }),
      expect.objectContaining({
        stage: 'dormant',
        from: utc('2024-03-20'),
        to: utc('2024-05-01'),
        began: {
          rule: '$.rules.active[1]',
          reason: { code: 'inactive', since: utc('2024-01-20'), for: { days: 60 } },
          cause: null,
        },
      }),
      expect.objectContaining({
        stage: 'active',
        from: utc('2024-05-01'),
        to: null,
        began: { rule: null, reason: { code: 'moved-by-hand', reason: 'called' }, cause: 'm1' },
      }),
    ])
    expect(line.next).toMatchObject({
      code: 'coming-move',
      from: 'active',
      to: 'dormant',
      at: utc('2024-06-30'),
    })
  })

  test('is the same for late, unsorted and duplicate facts, and for a log with moves in it', () => {
    const shuffled = [facts[3]!, facts[1]!, facts[0]!, facts[2]!, facts[1]!]
    expect(timeline(customer, 'u1', shuffled, { asOf })).toEqual(line)
    const { log } = tell(customer, facts)
    expect(timeline(customer, 'u1', log, { asOf })).toEqual(line)
  })

  test('does not know what is later than the moment that is asked about', () => {
    const then = timeline(customer, 'u1', facts, { asOf: utc('2024-01-10') })
    expect(then.stays.map(({ stage }) => stage)).toEqual(['lead', 'new'])
    expect(timeline(customer, 'u1', facts, { asOf: utc('2023-01-01') })).toEqual({
      subject: 'u1',
      asOf: utc('2023-01-01'),
      stays: [],
      next: { code: 'not-begun', stage: 'lead' },
    })
  })

  test('refuses an id with two contents', () => {
    const other = { ...facts[1]!, data: { amount: '1' } } as never
    expect(() => timeline(customer, 'u1', [...facts, other], { asOf })).toThrow(
      expect.objectContaining({ code: 'duplicate-name' }),
    )
  })

  test('says its stays in both languages', () => {
    expect(line.stays.slice(0, 4).map((stay) => explain(customer, stay, 'en'))).toEqual([
      'lead from 2024-01-01 00:00',
      'new customer from 2024-01-05 00:00: orders happened',
      'active from 2024-01-20 00:00: orders at least 2 times in the last 90 days (is 2)',
      'dormant from 2024-03-20 00:00: no activity for 60 days since 2024-01-20 00:00',
    ])
    expect(explain(customer, line.stays[4]!, 'zh')).toBe('自2024-05-01 00:00起为活跃用户：人工调整：called')
  })

  test('is a table', () => {
    const rows = timelineRows(customer, line)
    expect(rows[3]).toEqual({
      subject: 'u1',
      nth: 3,
      stage: 'dormant',
      from: utc('2024-03-20'),
      to: utc('2024-05-01'),
      lasted: 42 * 86_400_000,
      isOpen: false,
      rule: '$.rules.active[1]',
      reason: 'inactive',
      cause: null,
      en: explain(customer, line.stays[3]!, 'en'),
      zh: '自2024-03-20 00:00起为沉默用户：自2024-01-20 00:00起60天没有活动',
    })
    expect(rows.at(-1)).toMatchObject({ isOpen: true, to: null, lasted: 31 * 86_400_000 })
  })
})

describe('stays as they were recorded', () => {
  test('are those of the timeline where the same definition recorded them', () => {
    const { log, state } = tell(customer, facts)
    const stored = [...log, ...customer.advance(state, asOf).events]
    expect(recordedStays(customer, stored, { asOf })).toEqual(line.stays)
    expect(recordedStays(customer, [...stored, ...stored], { asOf })).toEqual(line.stays)
  })

  test('are not derived again: what was recorded under another definition is shown as it was', () => {
    const recorded = event('2024-01-02', 'customer/stage-changed', {
      from: 'lead',
      to: 'loyal',
      rule: 7,
      reason: { code: 'event-happened', event: 'visited' },
    } as const)
    const stays = recordedStays(customer, [facts[0]!, recorded as never], { asOf })
    expect(stays.map(({ stage }) => stage)).toEqual(['lead', 'loyal'])
    expect(stays[1]!.began!.rule).toBe('$.rules.lead[7]')
  })

  test('of a log that was cut off begin where it does', () => {
    const { log } = tell(customer, facts)
    expect(recordedStays(customer, log.slice(2), { asOf }).map(({ stage, from }) => [stage, from])).toEqual([
      ['lead', utc('2024-01-05')],
      ['new', utc('2024-01-05')],
      ['active', utc('2024-01-20')],
      ['dormant', utc('2024-03-20')],
      ['active', utc('2024-05-01')],
    ])
  })
})

test('a stay that lasts no time is there', () => {
  const moves = [paid('2024-01-01'), paid('2024-01-01'), event('2024-01-01', 'opted-out', {})]
  const { stays } = timeline(customer, 'u1', moves, { asOf })
  expect(stays.map(({ stage, from, to }) => [stage, to === null ? null : to - from])).toEqual([
    ['lead', 0],
    ['new', 0],
    ['active', 0],
    ['gone', null],
  ])
})
