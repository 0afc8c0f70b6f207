// What a stranger stumbled over: each once wrong, each with its own test.
import {
  collect,
  customerLifecycle,
  defineEvents,
  defineLifecycle,
  defineStageFlows,
  explain,
  instant,
  lifecycleFrom,
  migrateLifecycle,
  money,
  nextMove,
  replay,
  sortColumns,
} from 'liuliang'
import { describe, expect, test } from 'vitest'

const shop = defineEvents({ order: { amount: money('CNY') }, opened: {}, seen: {} })
const base = { id: 'c', version: 1, calendar: { zone: 'UTC' }, events: shop, activity: ['order'] } as const
const buyers = defineLifecycle({
  ...base,
  stages: ['lead', 'vip'],
  initial: 'lead',
  rules: { lead: [{ to: 'vip', when: shop.sum('order', 'amount').gte('100') }], vip: [] },
})
const at = instant('2026-01-01T00:00:00Z')

describe('columns whose fields a rule reads', () => {
  const flows = defineStageFlows({ id: 'f', version: 1, lifecycle: buyers })
  const add = (data: object | undefined) => () =>
    flows.addColumns(flows.empty(), {
      subject: ['a', 'b'],
      occurredAt: [at, at + 1],
      type: 'order',
      ...(data && { data }),
    } as never)

  test('hold what the catalogue says', () => {
    const { now } = flows.result(add({ amount: ['100', '50'] })(), { asOf: at + 2 })
    expect(now).toEqual([1, 1])
    expect(add(undefined)).toThrow('missing at $.data.amount[0]')
    expect(add({ amout: ['100', '50'] })).toThrow('missing at $.data.amount[0]')
    expect(add({ amount: [100, 50] })).toThrow('wrong-type at $.data.amount[0]: expected decimal text in CNY')
    expect(add({ amount: ['100', '50.001'] })).toThrow('wrong-type at $.data.amount[1]')
    expect(add({ amount: ['100', null] })).toThrow('missing at $.data.amount[1]')
  })

  test('so do objects', () => {
    const order = { id: '1', type: 'order', subject: 'a', occurredAt: at, data: {} }
    expect(() => collect(flows, [order])).toThrow('missing at $.data.amount')
  })

  test('a partial from JSON knows its latest event', () => {
    const json = flows.toJson(add({ amount: ['100', '50'] })()) as object
    expect(() => flows.fromJson({ ...json, latest: null })).toThrow('malformed-state at $.latest')
    expect(() => flows.fromJson({ ...json, latest: 5 })).toThrow('malformed-state at $.latest')
  })

  test('a window ends after it begins', () => {
    expect(() => flows.due(flows.empty(), { from: at, until: at - 1 })).toThrow('out-of-range at $.until')
  })
})

test('one id of two events is no repetition', () => {
  const columns = { subject: ['a', 'a'], occurredAt: [1, 2], type: 'seen' }
  expect(() => sortColumns(columns, { id: ['x', 'x'] })).toThrow('duplicate-name at $.id[1]')
  expect(sortColumns({ ...columns, occurredAt: [1, 1] }, { id: ['x', 'x'] }).occurredAt).toHaveLength(1)
  expect(() => sortColumns({ ...columns, amount: ['1', '2'] } as never)).toThrow('unknown-key at $.amount')
})

test('a state whose stage is no stage is malformed, whatever its name', () => {
  const decided = buyers.decide(buyers.start('a'), {
    id: '1',
    type: 'seen',
    subject: 'a',
    occurredAt: at,
    data: {},
  })
  if (decided.outcome !== 'accepted') throw new Error(decided.outcome)
  for (const stage of ['constructor', '__proto__', 'toString', 'zzz']) {
    const broken = JSON.parse(JSON.stringify(decided.state).replace('"lead"', JSON.stringify(stage)))
    expect(() => nextMove(buyers, broken, at)).toThrow('malformed-state')
    expect(() => buyers.view(broken, at)).toThrow('malformed-state')
  }
})

test('a promise that runs goes on under a shorter span', () => {
  const desk = (version: number, hours: number) =>
    defineLifecycle({
      ...base,
      version,
      stages: ['open'],
      initial: 'open',
      promises: [{ promise: 'reply', from: 'opened', within: { hours }, keptBy: 'seen' }],
      rules: { open: [] },
    })
  const [day, half] = [desk(1, 24), desk(2, 12)]
  const opened = day.decide(day.start('a'), {
    id: '1',
    type: 'opened',
    subject: 'a',
    occurredAt: at,
    data: {},
  })
  if (opened.outcome !== 'accepted') throw new Error(opened.outcome)
  const migrate = migrateLifecycle(day, half, { stages: {} })
  expect(migrate.plan.promisesBegunAnew).toEqual([])
  const later = at + 3_600_000
  const { reply } = half.view(migrate(opened.state, later).state, later).promises
  expect(reply).toMatchObject({ status: 'running', due: at + 12 * 3_600_000, promised: at + 24 * 3_600_000 })
})

test('what is no definition, no change, no language and no reason says so', () => {
  const rules = { lead: [], vip: [] }
  const given = { ...base, stages: ['lead', 'vip'], initial: 'lead', rules } as const
  expect(() => defineLifecycle({ ...given, forwardonly: true } as never)).toThrow(
    'unknown-key at $.forwardonly',
  )
  expect(() => defineLifecycle({ ...given, id: undefined } as never)).toThrow('missing at $.id')
  expect(() => defineLifecycle({ ...given, words: { zh: { nosuch: 'x' } } } as never)).toThrow(
    'unknown-name at $.words.zh.nosuch',
  )
  expect(() => defineLifecycle({ ...given, words: { zh: { lead: 3 } } } as never)).toThrow(
    'wrong-type at $.words.zh.lead',
  )
  expect(() => defineLifecycle({ ...given, words: { fr: {} } } as never)).toThrow('unknown-key at $.words.fr')
  expect(() => defineLifecycle({ ...given, activity: undefined } as never)).toThrow(
    'wrong-type at $.activity',
  )
  expect(() => defineLifecycle({ ...given, events: undefined } as never)).toThrow('wrong-type at $.events')
  expect(() => lifecycleFrom({ ...(buyers.definition as object), stages: new Array(1e8) })).toThrow(
    'too-large',
  )
  const late = { calendar: { zone: 'UTC' }, dormantAfter: { days: 200 }, lapsedAfter: { days: 100 } }
  expect(() => customerLifecycle(late)).toThrow('out-of-range at $.lapsedAfter')
  const log = { checkpoint: buyers.start('a'), tail: [] }
  expect(() => replay(buyers, log, null as never)).toThrow('wrong-type at $.change')
  const next = nextMove(buyers, buyers.start('a'), at)
  expect(() => explain(buyers, next, 'fr' as never)).toThrow('unknown-name at $.lang')
  expect(() => explain(buyers, null as never, 'zh')).toThrow('wrong-type')
})
