// Lives that can be reckoned by hand, what is refused, and what a person costs.
import {
  type AnyEvent,
  columnsOf,
  DefinitionError,
  defineEvents,
  type EventColumns,
  ref,
} from 'liuliang/kernel'
import { defineLifecycle, defineStageFlows, defineStagePanel, sortColumns } from 'liuliang/lifecycle'
import { defineSurvival, logRank } from 'liuliang/measures'
import { describe, expect, test } from 'vitest'
import { livesOf } from './support/by-engine.js'
import { at, event, simple } from './support/simple.js'

const flows = defineStageFlows({ id: 'flows', version: 1, lifecycle: simple })
const collect = (events: readonly AnyEvent[]) =>
  events.reduce((partial, one) => flows.add(partial, one), flows.empty())

const story = [
  event('ana', '2024-01-01T12:00:00', 'visit'),
  event('ana', '2024-01-03T12:00:00'),
  event('ben', '2024-01-05T12:00:00'),
  // New York's clocks went forward on 10 March: 90 local days later is an hour less.
  event('ana', '2024-06-01T12:00:00'),
  event('ana', '2024-06-01T12:00:00', 'visit'),
  event('ana', '2024-06-02T12:00:00'),
]

describe('flows', () => {
  const result = flows.result(collect(story), { asOf: at('2024-07-01T00:00:00') })

  test('count who is where, who went where and by which rule', () => {
    expect(result.path).toBe('tables')
    expect(result.people).toBe(2)
    expect(result.now).toEqual([0, 1, 1])
    expect(result.arrivals).toEqual([2, 0, 0])
    expect(result.entries).toEqual([2, 3, 2])
    expect(result.moves).toEqual([
      [0, 2, 0],
      [0, 0, 2],
      [0, 1, 0],
    ])
    expect(result.byRule.map(({ rule, count }) => [rule, count])).toEqual([
      ['$.rules.lead[0]', 2],
      ['$.rules.active[0]', 2],
      ['$.rules.lapsed[0]', 1],
    ])
  })

  test('hold stays as curves take them', () => {
    const { stays } = result
    // 90 local days over the change of clocks are 89 whole days of 24 hours.
    expect(stays.byStage[1]).toMatchObject({ times: [28, 89], events: [0, 2], censored: [1, 0] })
    const survival = defineSurvival({ id: stays.id, version: stays.version, unit: stays.unit })
    const curve = survival.result(stays.byStage[1]!, { transform: 'log-log' })
    expect(curve.rows.map(({ time, atRisk, events }) => [time, atRisk, events])).toEqual([
      [28, 3, 0],
      [89, 2, 2],
    ])
    const compared = logRank([
      { group: 'lead', counted: stays.byStage[0]! },
      { group: 'active', counted: stays.byStage[1]! },
    ])
    // By hand: of five and then of four, one of the lead's two goes first: 2/5 + 1/4 expected, 6/25 + 3/16 the variance.
    expect(compared).toMatchObject({ kind: 'estimate', groups: [{ observed: 2 }, { observed: 2 }] })
    expect(compared.kind === 'estimate' && compared.chiSquare).toBeCloseTo(1.35 ** 2 / 0.4275, 12)
  })

  test('name who is behind a cell', () => {
    const people = flows.people(collect(story), { asOf: at('2024-07-01T00:00:00'), stage: 'lapsed' })
    expect(Array.from({ length: people.length }, (_, i) => people.subject(i))).toEqual(['ben'])
    expect(people.since[0]).toBe(at('2024-04-04T11:00:00'))
    const moves = flows.moves(story, { asOf: at('2024-07-01T00:00:00') })
    expect(moves.rows().filter(({ from, to }) => from === 'active' && to === 'lapsed')).toEqual([
      {
        subject: 'ana',
        at: at('2024-04-02T11:00:00'),
        from: 'active',
        to: 'lapsed',
        rule: '$.rules.active[0]',
        because: { code: 'inactive', since: at('2024-01-03T12:00:00'), for: { days: 90 } },
      },
      {
        subject: 'ben',
        at: at('2024-04-04T11:00:00'),
        from: 'active',
        to: 'lapsed',
        rule: '$.rules.active[0]',
        because: { code: 'inactive', since: at('2024-01-05T12:00:00'), for: { days: 90 } },
      },
    ])
  })

  test('a due list is what the engine says that comes next', () => {
    const partial = collect(story)
    const from = at('2024-06-02T12:00:00')
    const due = flows.due(partial, { from, until: at('2025-01-01T00:00:00') })
    const expected = livesOf(simple as never, story, from).flatMap(({ state, subject }) => {
      const next = simple.nextChange(state as never, from)
      return next === undefined ? [] : [{ subject, at: next.at, data: next.because?.data }]
    })
    expect(due.rows().map(({ subject, at: when }) => ({ subject, at: when }))).toEqual(
      expected.map(({ subject, at: when }) => ({ subject, at: when })),
    )
    expect(due.length).toBe(1)
    expect(flows.due(partial, { from, until: due.at[0]! }).length).toBe(0)
    expect(flows.due(partial, { from, until: due.at[0]! + 1 }).length).toBe(1)
  })

  test('what was heard at an instant waits for what else happens at it, and no longer', () => {
    const lifecycle = defineLifecycle({
      id: 'waiting',
      version: 1,
      calendar: { zone: 'UTC' },
      events: kinds,
      activity: ['order', 'visit'],
      stages: ['lead', 'active'],
      initial: 'lead',
      rules: { lead: [{ to: 'active', on: 'order', when: kinds.count('visit').gte(2) }], active: [] },
    })
    const waiting = defineStageFlows({ id: 'waiting', version: 1, lifecycle })
    const when = '2024-01-01T00:00:00'
    const before = event('ana', '2023-12-31T00:00:00', 'visit')
    for (const [last, stage] of [
      [when, 'active'],
      ['2024-01-01T00:00:01', 'lead'],
    ] as const) {
      const rows = [before, event('ana', when), event('ana', last, 'visit')]
      const asOf = at(last)
      expect(livesOf(lifecycle as never, rows, asOf)[0]!.stage).toBe(stage)
      const partial = waiting.addColumns(waiting.empty(), columnsOf(rows))
      expect(waiting.people(partial, { asOf, stage }).length).toBe(1)
      const later = waiting.addColumns(
        waiting.addColumns(waiting.empty(), columnsOf(rows.slice(0, 2))),
        columnsOf(rows.slice(2)),
      )
      expect(waiting.people(later, { asOf, stage }).length).toBe(1)
    }
  })

  test('a role lets people hear of others in one shard', () => {
    const events = defineEvents({ order: { friend: ref('friend').optional() } })
    const referral = defineLifecycle({
      id: 'referral',
      version: 1,
      calendar: { zone: 'UTC' },
      events,
      activity: ['order'],
      stages: ['quiet', 'named'],
      initial: 'quiet',
      rules: { quiet: [{ to: 'named', on: { event: 'order', as: 'friend' } }], named: [] },
    })
    const roles = defineStageFlows({ id: 'roles', version: 1, lifecycle: referral })
    const order = { ...event('ana', '2024-01-01T00:00:00'), data: { friend: 'ben' } }
    const partial = roles.add(roles.empty(), order)
    expect(roles.path).toBe('states')
    expect(roles.result(partial, { asOf: order.occurredAt }).now).toEqual([1, 1])
    const other = roles.add(roles.empty(), event('ben', '2024-01-02T00:00:00'))
    expect(() => roles.merge(partial, other)).toThrow('different people')
  })
})

describe('what is refused', () => {
  const refused = (run: () => unknown) => {
    try {
      run()
    } catch (error) {
      if (error instanceof DefinitionError) return `${error.code} ${error.path}`
      throw error
    }
    return 'nothing'
  }
  const columns = (
    occurredAt: readonly number[],
    subject: readonly number[] = occurredAt.map(() => 0),
  ): EventColumns => ({
    subject,
    occurredAt,
    type: 'order',
  })

  test.each<[string, () => unknown, string]>([
    ['no lifecycle', () => defineStageFlows({ id: 'f', version: 1, lifecycle: {} as never }), 'wrong-type $'],
    ['no name', () => defineStageFlows({ id: '', version: 1, lifecycle: simple }), 'wrong-type $.id'],
    [
      'another unit',
      () => defineStageFlows({ id: 'f', version: 1, lifecycle: simple, stays: 'week' as never }),
      'unknown-name $.stays',
    ],
    [
      'an unknown key',
      () => defineStageFlows({ id: 'f', version: 1, lifecycle: simple, stay: 'day' } as never),
      'unknown-key $.stay',
    ],
    [
      'a panel by another thing',
      () => defineStagePanel({ id: 'f', version: 1, lifecycle: simple, period: 'day', by: 'x' as never }),
      'unknown-name $.by',
    ],
    [
      'a bound without recency',
      () => defineStagePanel({ id: 'f', version: 1, lifecycle: simple, period: 'day', by: 'stage', upTo: 2 }),
      'out-of-range $.upTo',
    ],
    ['an event before the last', () => collect([story[1]!, story[0]!]), 'out-of-range $.occurredAt'],
    [
      'a row before the last',
      () => flows.addColumns(flows.empty(), columns([5, 3])),
      'out-of-range $.occurredAt[1]',
    ],
    [
      'a row before what is known',
      () => flows.addColumns(flows.addColumns(flows.empty(), columns([5])), columns([6, 4])),
      'out-of-range $.occurredAt[1]',
    ],
    [
      'no instant',
      () => flows.addColumns(flows.empty(), columns([1, 1.5])),
      'invalid-instant $.occurredAt[1]',
    ],
    [
      'no first instant',
      () => flows.addColumns(flows.empty(), columns([Number.NaN])),
      'invalid-instant $.occurredAt[0]',
    ],
    ['no subject', () => flows.addColumns(flows.empty(), columns([1], [-1])), 'out-of-range $.subject[0]'],
    [
      'a type without a value',
      () => flows.addColumns(flows.empty(), { ...columns([1]), type: { codes: [1], values: ['order'] } }),
      'out-of-range $.type[0]',
    ],
    [
      'the same person twice',
      () => flows.merge(collect([story[0]!]), collect([story[0]!])),
      'out-of-range $.people',
    ],
    [
      'a moment before the last',
      () => flows.result(collect(story), { asOf: 0 }),
      'as-of-before-state $.asOf',
    ],
    [
      'a due list from before',
      () => flows.due(collect(story), { from: 0, until: 1 }),
      'as-of-before-state $.from',
    ],
    [
      'another partial',
      () => flows.result({ ...flows.empty(), of: 'x' }, { asOf: 0 }),
      'other-definition $.of',
    ],
    ['half of the events of a person', () => flows.withdraw(collect(story), 'ana', [story[0]!]), 'missing $'],
    ['columns in no order', () => sortColumns(columns([1]), { by: 'name' as never }), 'unknown-name $.by'],
  ])('%s', (_, run, expected) => expect(refused(run)).toContain(expected))

  test('leaves what was there', () => {
    const partial = flows.addColumns(flows.empty(), columns([5]))
    const before = JSON.stringify(flows.toJson(partial))
    expect(() => flows.addColumns(partial, columns([6, 7, 4]))).toThrow('sortColumns')
    expect(JSON.stringify(flows.toJson(partial))).toBe(before)
    const fresh = flows.empty()
    expect(() => flows.addColumns(fresh, columns([6, 7, 4]))).toThrow('sortColumns')
    expect(flows.toJson(fresh)).toEqual(flows.toJson(flows.empty()))
  })

  test('what is not heard is passed over', () => {
    const partial = flows.add(flows.empty(), { ...story[0]!, type: 'customer/stage-changed' })
    expect(flows.result(flows.add(partial, { ...story[0]!, type: 'weather' }), { asOf: 0 }).people).toBe(0)
  })

  test('people with names join people with numbers', () => {
    const numbers = flows.addColumns(flows.empty(), columns([at('2024-01-01T00:00:00')], [7]))
    const named = flows.addColumns(flows.empty(), columnsOf(story))
    for (const merged of [flows.merge(numbers, named), flows.merge(named, numbers)]) {
      const people = flows.people(merged, { asOf: at('2024-07-01T00:00:00') })
      expect([0, 1, 2].map((i) => people.subject(i))).toEqual(['7', 'ana', 'ben'])
    }
  })
})

test('a person costs 20 bytes with one counter, and 30 with two and events that are no activity', () => {
  const bytes = (value: unknown): number => {
    if (ArrayBuffer.isView(value)) return value.buffer.byteLength
    return typeof value === 'object' && value !== null
      ? Object.values(value).reduce<number>((sum, one) => sum + bytes(one), 0)
      : 0
  }
  const people = 50_000
  const rows = {
    subject: Uint32Array.from({ length: people }, (_, i) => i),
    occurredAt: new Float64Array(people),
  }
  const { rows: held, people: names } = flows.addColumns(flows.empty(), { ...rows, type: 'order' })
  expect(names.names).toBeNull()
  // Stage and what was heard 2, since 8, activity 8, a count 2.
  expect(bytes(held) / people).toBe(20)
  const lists = [{ to: 'lead', on: 'order', when: kinds.count('visit').gte(50) }] as const
  const large = defineStageFlows({
    id: 'large',
    version: 1,
    lifecycle: defineLifecycle({
      id: 'large',
      version: 1,
      calendar: { zone: 'UTC' },
      events: kinds,
      activity: ['order'],
      stages: ['lead', 'other'],
      initial: 'lead',
      rules: { lead: [{ to: 'other', on: 'order', when: kinds.count('order').gte(9) }], other: lists },
    }),
  })
  const wide = large.addColumns(large.empty(), { ...rows, type: 'order' })
  expect(large.path).toBe('tables')
  // An instant more, as the last event may be no activity.
  expect(bytes(wide.rows) / people).toBe(30)
})

const kinds = defineEvents({ order: {}, visit: {} })
