// What a stranger found: inputs that no type lets through, answered instead of obeyed.
import {
  attributes,
  defineEvents,
  defineLifecycle,
  definePoints,
  detail,
  explain,
  formatInstant,
  instant,
  moment,
  money,
  not,
  parseMinor,
  restore,
  text,
  transitionsOf,
  verdicts,
} from 'liuliang'
import { describe, expect, test } from 'vitest'

const shop = defineEvents({
  'order-paid': { orderId: text(), amount: money('CNY'), note: detail().optional() },
  ...attributes({ birthday: moment() }),
})
const shared = { version: 1, calendar: { zone: 'UTC' }, events: shop }
const engine = defineLifecycle({
  ...shared,
  id: 'customer',
  activity: [],
  stages: ['a', 'b'],
  initial: 'a',
  rules: { a: [{ to: 'b', on: 'order-paid' }], b: [] },
})
const points = definePoints({
  ...shared,
  id: 'points',
  earning: [{ rule: 'p', on: 'order-paid', earns: { points: 1, per: '1', of: 'amount' } }],
})
const at = instant('2026-03-01T10:00:00+08:00')
const paid = (note?: unknown) =>
  ({
    id: 'o',
    type: 'order-paid',
    subject: 'ann',
    occurredAt: at,
    data: { orderId: 'o', amount: '5', ...(note !== undefined && { note }) },
  }) as never

test.each([
  ['a date', new Date(0)],
  ['a map', new Map()],
  ['an instance', new (class Note {})()],
  ['a list with holes', Array.from({ length: 2 }).fill(1, 1)],
  ['a boxed number', Object(1)],
])('%s is no plain detail', (_, note) => {
  expect(points.decide(points.start('ann'), paid(note))).toMatchObject({
    outcome: 'refused',
    refusal: { code: 'malformed-field' },
  })
})

test('the door copies a detail, so that its sender may go on changing it', () => {
  const note = { list: [1] }
  const read = points.read(paid(note))
  note.list.push(2)
  expect(read).toMatchObject({ input: { data: { note: { list: [1] } } } })
})

describe('the door of an engine', () => {
  test('reads facts and commands alike', () => {
    const command = {
      id: 'c',
      type: 'points/redeem',
      subject: 'ann',
      occurredAt: '2026-03-01T10:00:00+08:00',
      data: { points: 5 },
    }
    expect(points.read(command)).toEqual({ input: { ...command, occurredAt: at } })
  })

  test('does not read what the engine itself emits', () => {
    expect(points.read({ ...(paid() as object), type: 'points/earned' })).toMatchObject({
      refusal: { code: 'unknown-type' },
    })
  })
})

describe('a log', () => {
  const accepted = points.decide(points.start('ann'), paid())
  const log = accepted.outcome === 'accepted' ? accepted.events : []

  test('that was delivered twice counts once', () => {
    expect(restore(points, 'ann', [...log, ...log])).toEqual(restore(points, 'ann', log))
  })

  test('of somebody else is a mistake', () => {
    expect(() => restore(points, 'bob', log)).toThrow(
      expect.objectContaining({ code: 'wrong-type', path: '$.events[0].subject' }),
    )
  })
})

test('names from prototypes are names', () => {
  expect(explain(engine, 'constructor', 'zh')).toBe('constructor')
  const accepted = engine.decide(engine.start('ann'), {
    id: 'b',
    type: 'attribute-set',
    subject: 'ann',
    occurredAt: at,
    data: {},
  })
  const state = accepted.outcome === 'accepted' ? accepted.state : engine.start('ann')
  expect(verdicts(engine, state, at).map((rule) => explain(engine, rule, 'en'))).toEqual([
    '→ b: on order-paid',
  ])
})

test('a condition that is turned around thirty times is said at once', () => {
  let condition = shop.count('order-paid').gte(1)
  for (let i = 0; i < 30; i++) condition = not(condition)
  const begun = process.cpuUsage().user
  expect(explain(shop, condition, 'zh').length).toBeGreaterThan(30)
  expect(process.cpuUsage().user - begun).toBeLessThan(50_000)
})

test('a condition ten thousand deep is refused before anything walks down', () => {
  let condition = shop.count('order-paid').gte(1)
  for (let i = 0; i < 10_000; i++) condition = not(condition)
  const define = () =>
    defineLifecycle({
      ...shared,
      id: 'deep',
      activity: [],
      stages: ['a'],
      initial: 'a',
      rules: { a: [{ to: 'a', when: condition }] },
    })
  expect(define).toThrow(expect.objectContaining({ code: 'too-deep' }))
})

test.each([
  ['a view as of nothing', () => engine.view(engine.start('ann'), undefined as never)],
  ['a change after no moment', () => engine.nextChange(engine.start('ann'), Number.NaN)],
  ['a text of no instant', () => formatInstant(Number.NaN)],
  ['transitions without end', () => transitionsOf('Asia/Shanghai', 0, Number.POSITIVE_INFINITY)],
])('%s is a mistake', (_, look) => {
  expect(look).toThrow(expect.objectContaining({ code: 'invalid-instant' }))
})

test('an amount of endlessly many digits is none', () => {
  expect(parseMinor('1', Number.POSITIVE_INFINITY)).toBeUndefined()
})

test('multipliers without a common denominator are named by their place', () => {
  const multiply = ['1/9007199254740881', '1/9007199254740847'].map((by) => ({
    by,
    when: shop.count('order-paid').gte(1),
  }))
  const define = () =>
    definePoints({
      ...shared,
      id: 'points',
      earning: [{ rule: 'p', on: 'order-paid', earns: { points: 1 }, multiply }],
    })
  expect(define).toThrow(expect.objectContaining({ code: 'out-of-range', path: '$.earning[0].multiply' }))
})
