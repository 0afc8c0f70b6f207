// Logs that no engine can have recorded are refused with the place, by engines of facts and of decisions alike.
import {
  defineEvents,
  defineLifecycle,
  definePoints,
  defineProgram,
  instant,
  money,
  replay,
  restore,
  resume,
  text,
} from 'liuliang'
import { describe, expect, test } from 'vitest'
import { tell, teller } from '../support/story.js'

const shop = defineEvents({ paid: { amount: money('CNY'), via: text('web', 'app').optional() }, seen: {} })
const calendar = { zone: 'UTC' } as const
const shared = { version: 1, calendar, events: shop } as const
const lifecycle = (version: number) =>
  defineLifecycle({
    ...shared,
    version,
    id: 'customer',
    activity: ['paid'],
    stages: ['lead', 'active'],
    initial: 'lead',
    rules: { lead: [{ to: 'active', on: 'paid' }], active: [] },
    ...(version === 1 && {
      promises: [{ promise: 'greet', from: 'paid', within: { days: 1 }, keptBy: 'seen' }],
    }),
  })
const points = definePoints({
  ...shared,
  id: 'points',
  earning: [{ rule: 'paid', on: 'paid', earns: { points: 1, per: '1', of: 'amount' } }],
})
const program = defineProgram({ id: 'shop', version: 1, parts: [lifecycle(2), points] })
const engines = [lifecycle(2), points, program] as const
const event = teller()
const facts = [
  event('2024-03-01', 'paid', { amount: '10' }),
  event('2024-03-01 12:00', 'seen', {}),
  event('2024-03-03', 'paid', { amount: '20' }),
]
const third = facts[2]!
const at = instant('2024-03-03T00:00:00Z')

describe.each(engines.map((engine) => [engine.id, engine] as const))('a log of %s', (_, engine) => {
  const given = (last: unknown) => () => restore(engine as never, 'u1', [...facts.slice(0, 2), last] as never)

  test.each([
    ['data that do not fit', { ...third, data: { amount: 20 } }, 'wrong-type', '$.events[2].data.amount'],
    [
      'a word that is none',
      { ...third, data: { amount: '20', via: 'x' } },
      'wrong-type',
      '$.events[2].data.via',
    ],
    ['data that are missing', { ...third, data: {} }, 'missing', '$.events[2].data.amount'],
    ['data of no name', { ...third, data: { amount: '20', amout: '20' } }, 'unknown-key', '$.events[2].data'],
    ['a type that is not declared', { ...third, type: 'payed' }, 'unknown-name', '$.events[2].type'],
    ['an instant as text', { ...third, occurredAt: '2024' }, 'wrong-type', '$.events[2].occurredAt'],
    ['no id', { ...third, id: '' }, 'wrong-type', '$.events[2].id'],
    ['another envelope', { ...third, total: 1 }, 'unknown-key', '$.events[2]'],
    ['a cause that is none', { ...third, cause: { input: 'x' } }, 'wrong-type', '$.events[2].cause'],
    ['an event of somebody else', { ...third, subject: 'u2' }, 'wrong-type', '$.events[2].subject'],
    [
      'time that goes back',
      { ...third, occurredAt: facts[0]!.occurredAt - 1 },
      'out-of-range',
      '$.events[2].occurredAt',
    ],
    ['nothing', null, 'wrong-type', '$.events[2]'],
  ])('with %s', (_, last, code, path) => {
    expect(given(last)).toThrow(expect.objectContaining({ code, path }))
    // A replay sorts the facts of an engine of `facts`: all is derived again.
    if (code === 'out-of-range' && engine.history === 'facts') return
    const tail = [...facts.slice(0, 2), last] as never
    const log = { checkpoint: engine.start('u1') as never, tail }
    expect(() => replay(engine as never, log)).toThrow(
      expect.objectContaining({ name: 'DefinitionError', path: path.replace('$.events', '$.tail') }),
    )
  })

  test('goes on from where the state is, and may repeat what the state remembers', () => {
    const { log, state } = tell(engine as never, facts as never)
    const half = restore(engine as never, 'u1', log.slice(0, 1))
    const early = { ...third, id: 'early', occurredAt: facts[0]!.occurredAt - 1 }
    expect(() => resume(engine as never, half, [early] as never)).toThrow(
      'out-of-range at $.events[0].occurredAt',
    )
    const full = restore(engine as never, 'u1', log)
    expect(full).toEqual(state)
    expect(resume(engine as never, full, facts.slice(0, 2) as never)).toEqual(full)
  })
})

test('data of what was decided are read as well', () => {
  const { log } = tell(points, facts)
  const place = log.findIndex(({ type }) => type === 'points/earned')
  const broken = log.map((one, i) =>
    i === place ? { ...one, data: { ...one.data, points: '5' } } : one,
  ) as never
  expect(place).toBeGreaterThan(0)
  expect(() => restore(points, 'u1', broken)).toThrow(`wrong-type at $.events[${place}].data.points`)
})

test('what another version derived is skipped, whatever it says; its facts are not', () => {
  const old = [...facts, event('2024-03-09', 'seen', {})]
  const { log } = tell(lifecycle(1), old)
  expect(log.map(({ type }) => type)).toContain('customer/promise-broken')
  expect(restore(lifecycle(2), 'u1', log)).toEqual(restore(lifecycle(2), 'u1', old))
  const moved = {
    id: 'm',
    type: 'customer/stage-changed',
    subject: 'u1',
    occurredAt: at,
    data: { to: 'gone' },
  }
  expect(restore(lifecycle(2), 'u1', [...facts, moved] as never)).toEqual(restore(lifecycle(2), 'u1', facts))
  const set = { ...moved, type: 'customer/move-set', data: { to: 'gone', reason: 'x' } }
  expect(() => restore(lifecycle(2), 'u1', [...facts, set] as never)).toThrow(
    'wrong-type at $.events[3].data.to',
  )
})

test('a replay takes facts in any order and restores them in theirs', () => {
  const shuffled = [facts[2]!, facts[0]!, facts[1]!]
  const engine = lifecycle(2)
  const replayed = replay(engine, { checkpoint: engine.start('u1'), tail: shuffled })
  expect(replayed.state).toEqual(tell(engine, facts).state)
  expect(restore(engine, 'u1', replayed.log)).toEqual(replayed.state)
  const late = event('2024-03-02', 'seen', {})
  const again = replay(engine, { checkpoint: engine.start('u1'), tail: shuffled }, { add: [late] })
  expect(again.state).toEqual(tell(engine, [facts[0]!, facts[1]!, late, facts[2]!]).state)
})
