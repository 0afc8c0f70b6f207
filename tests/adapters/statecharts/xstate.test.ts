import { coverage, defineEvents, defineLifecycle, instant, lifecycleFrom } from 'liuliang'
import { toXState } from 'liuliang/adapters/statecharts'
import { describe, expect, test } from 'vitest'
import { createActor, SimulatedClock } from 'xstate'
import { customer, hostile, hostileNames } from './support/customer.js'
import { machineOf, VirtualTime } from './support/virtual-time.js'

interface StateConfig {
  readonly always?: readonly { readonly guard: string; readonly meta: { readonly path: string } }[]
  readonly after?: Readonly<Record<string, unknown>>
  readonly tags?: readonly string[]
}
interface Serialized {
  readonly on: Readonly<Record<string, readonly object[]>>
}
const statesOf = (machine: ReturnType<typeof toXState>) =>
  machine.config['states'] as unknown as Readonly<Record<string, StateConfig>>
const at = (text: string) => instant(`${text}T12:00:00+08:00`)
const event = (type: string, date: string, data: object = {}) => ({
  id: date,
  type,
  subject: 'ann',
  occurredAt: at(date),
  data,
})

describe('the config', () => {
  const exported = toXState(customer, { subject: 'ann' })

  test('is plain JSON, names a guard for each rule and a delay for what time alone brings about', () => {
    expect(JSON.parse(JSON.stringify(exported.config))).toEqual(exported.config)
    const { active, lapsed, gone } = statesOf(exported)
    expect(active!.always!.map(({ guard, meta }) => [guard, meta.path])).toEqual([
      ['active_0', '$.rules.active[0]'],
      ['active_1', '$.rules.active[1]'],
      ['active_3', '$.everywhere[0]'],
    ])
    expect(Object.keys(active!.after!)).toEqual(['active_1'])
    expect(Object.keys(lapsed!.after!)).toEqual(['lapsed_1', 'lapsed_2'])
    expect([gone!.tags, gone!.always, gone!.after]).toEqual([['final'], undefined, undefined])
    const { guards, delays } = exported.implementations
    const named = Object.values(statesOf(exported)).flatMap(({ always = [], after = {} }) => [
      ...always.map(({ guard }) => [guard, guards]),
      ...Object.keys(after).map((delay) => [delay, delays]),
    ]) as [string, object][]
    for (const [name, functions] of named) expect(functions).toHaveProperty([name])
  })

  test('carries the words of rules where they are asked for', () => {
    const described = (lang: 'en' | 'zh') =>
      statesOf(toXState(customer, { lang }))['new']!.always!.map(
        (one) => (one as unknown as { readonly description: string }).description,
      )
    expect(described('en')).toEqual([
      'order paid at least 2 times in the last 90 days',
      'no activity for 60 days',
      'opt-out',
    ])
    expect(described('zh')).toEqual(['最近90天下单≥2次', '60天没有活动', '退订'])
  })

  test('says what it leaves out, in both languages', () => {
    expect(exported.notes.map(({ code, path }) => `${code} ${path}`)).toEqual([
      'final-can-be-left $.final',
      'ignores-not-kept $.rules.active[2]',
      'repeats-not-known $.idempotencyWindow',
      'reasons-not-kept $',
      'fields-not-checked $.events',
      'deadlines-first $',
    ])
    for (const { words } of exported.notes) expect(words.en.length * words.zh.length).toBeGreaterThan(100)
    expect(toXState(customer).notes.at(-1)!.code).toBe('subject-from-first-event')
  })
})

test.each([
  ['customer', customer],
  ['hostile', hostile],
] as const)('what XState serializes of %s has the form that its own schema asks for', (_, lifecycle) => {
  // As `packages/core/src/machine.schema.json` of XState 5 says: the package does not carry the file.
  const { id, key, type, version, states } = JSON.parse(
    JSON.stringify(machineOf(toXState(lifecycle, { lang: 'en' })).definition),
  ) as Readonly<Record<string, unknown>> & { readonly states: Readonly<Record<string, Serialized>> }
  expect([id, key, type, version]).toEqual([lifecycle.id, lifecycle.id, 'compound', expect.any(String)])
  const transitions = Object.values(states).flatMap((state) => {
    expect(state).toMatchObject({ id: expect.any(String), key: expect.any(String), type: 'atomic' })
    return Object.values(state.on).flat()
  })
  expect(transitions.length).toBeGreaterThan(30)
  for (const transition of transitions) {
    expect(transition).toMatchObject({
      eventType: expect.any(String),
      source: expect.stringMatching(/^#/),
      target: [expect.stringMatching(/^#/)],
    })
    const { actions } = transition as { readonly actions: readonly object[] }
    expect(actions.length).toBeGreaterThan(0)
    for (const action of actions)
      expect(action).toMatchObject({ type: expect.stringMatching(/^(note|wait|move)$/) })
  }
})

describe('the machine', () => {
  test('follows the story of the reference page, with its manual moves', () => {
    const machine = new VirtualTime(machineOf(toXState(customer)))
    const stages: unknown[] = [machine.state.value]
    const look = () => stages.push(machine.state.value)
    machine.send(event('order-paid', '2026-01-15', { amount: '120', friend: 'bob' }))
    look()
    machine.advance(at('2026-03-16') - 1)
    look()
    machine.advance(at('2026-03-16'))
    look()
    machine.send(event('customer/move-set', '2026-04-01', { to: 'gone', reason: 'asked' }))
    look()
    machine.send(event('order-paid', '2026-04-02', { amount: '120', friend: 'bob' }))
    look()
    machine.send(event('customer/move-set', '2026-04-03', { to: 'loyal', reason: 'a mistake' }))
    look()
    expect(stages).toEqual(['lead', 'new', 'new', 'lapsed', 'gone', 'gone', 'loyal'])
    expect(machine.state.context).toMatchObject({ subject: 'ann', entered: at('2026-04-03') })
  })

  test("takes neither somebody else's events nor old ones", () => {
    const machine = new VirtualTime(machineOf(toXState(customer, { subject: 'ann' })))
    const order = event('order-paid', '2026-01-15', { amount: '120', friend: 'bob' })
    machine.send({ ...order, subject: 'cem' } as never)
    expect(machine.state.value).toBe('lead')
    machine.send(event('visited', '2026-02-01'))
    const before = machine.state.context
    machine.send(order)
    expect([machine.state.value, machine.state.context]).toEqual(['lead', before])
    // She is the friend of whoever pays.
    machine.send({
      ...event('order-paid', '2026-02-02', { amount: '1', friend: 'ann' }),
      subject: 'bob',
    } as never)
    expect(machine.state.value).toBe('new')
  })

  test('runs as an actor too: no deadline is lost beyond what timers bear, and each is dated as it was due', () => {
    const clock = new SimulatedClock()
    const actor = createActor(machineOf(toXState(customer, { subject: 'ann' })), { clock }).start()
    actor.send(event('order-paid', '2026-01-15', { amount: '120', friend: 'bob' }) as never)
    const value = () => actor.getSnapshot().value as unknown
    // The clock goes by hours: each of the three timers that the deadline is waited for in is up to an hour late.
    for (let hour = 1; hour < 60 * 24; hour += 1) clock.increment(3_600_000)
    expect(value()).toBe('new')
    for (let hour = 0; hour <= 3; hour += 1) clock.increment(3_600_000)
    expect(value()).toBe('lapsed')
    expect((actor.getSnapshot().context as unknown as { readonly entered: number }).entered).toBe(
      at('2026-03-16'),
    )
    actor.stop()
  })

  test('keeps stages and events of any name apart', () => {
    const machine = new VirtualTime(machineOf(toXState(hostile, { subject: 'ann' })))
    const visited = new Set<unknown>()
    const first = event('a --> b "x"', '2026-01-01')
    for (let hour = 0; hour < 10; hour += 1) {
      machine.send({ ...first, id: `e${hour}`, occurredAt: first.occurredAt + hour * 3_600_000 } as never)
      visited.add(machine.state.value)
    }
    expect(machine.state.value).toBe(hostileNames[0])
    machine.send({ ...event('0', '2026-01-02') })
    expect(machine.state.value).toBe(hostileNames[2])
    machine.advance(at('2026-01-03'))
    expect(machine.state.value).toBe(hostileNames[5])
    const renamed = toXState(hostile).notes.filter(({ code }) => code === 'stage-renamed')
    expect(renamed.map(({ path, name }) => [path, name])).toEqual([
      ['$.stages[4]', 'stage 4'],
      ['$.stages[7]', 'stage 7'],
    ])
    expect(visited).toEqual(
      new Set(hostileNames.map((name, i) => (name.startsWith('#') ? `stage ${i}` : name))),
    )
  })

  test('judges what happened at one instant together, as the engine does', () => {
    const shop = defineEvents({ visited: {}, bought: {} })
    const engine = defineLifecycle({
      id: 'reader',
      version: 1,
      calendar: { zone: 'UTC' },
      events: shop,
      activity: ['visited'],
      stages: ['lead', 'buyer'],
      initial: 'lead',
      rules: { lead: [{ to: 'buyer', on: 'visited', when: shop.count('bought').gte(1) }], buyer: [] },
    })
    const both = [event('visited', '2026-01-01'), { ...event('bought', '2026-01-01'), id: 'second' }] as const
    const machine = new VirtualTime(machineOf(toXState(engine)))
    let state = engine.start('ann')
    for (const one of both) {
      machine.send(one)
      const outcome = engine.decide(state, one as never)
      if (outcome.outcome === 'accepted') state = outcome.state
    }
    expect([machine.state.value, state.of.stage]).toEqual(['buyer', 'buyer'])
  })

  test('counts silence from the end of a gap in tracking', () => {
    const shop = defineEvents({ visited: {}, ...coverage() })
    const engine = defineLifecycle({
      id: 'reader',
      version: 1,
      calendar: { zone: 'UTC' },
      events: shop,
      activity: ['visited'],
      stages: ['here', 'away'],
      initial: 'here',
      rules: { here: [{ to: 'away', inactiveFor: { hours: 240 } }], away: [] },
    })
    const machine = new VirtualTime(machineOf(toXState(engine)))
    machine.send(event('visited', '2026-01-01'))
    machine.send(event('coverage-changed', '2026-01-05', { observed: false }))
    machine.advance(at('2026-03-01'))
    expect(machine.state.value).toBe('here')
    machine.send(event('coverage-changed', '2026-03-02', { observed: true }))
    machine.advance(at('2026-03-12') - 1)
    expect(machine.state.value).toBe('here')
    machine.advance(at('2026-03-12'))
    expect(machine.state.value).toBe('away')
  })
})

test('rules that never rest are stopped, where the engine stops them', () => {
  const turning = defineLifecycle({
    id: 'turn',
    version: 1,
    calendar: { zone: 'UTC' },
    events: defineEvents({ visited: {} }),
    activity: ['visited'],
    stages: ['day', 'night'],
    initial: 'day',
    rules: {
      day: [{ to: 'night', inStageFor: { days: 0 } }],
      night: [{ to: 'day', inStageFor: { days: 0 } }],
    },
  })
  const machine = new VirtualTime(machineOf(toXState(turning)))
  expect(() => machine.send(event('visited', '2026-01-01'))).toThrow('never-settles')
})

test('a lifecycle read from its stored definition is exported as the same', () => {
  const read = lifecycleFrom(customer.definition)
  expect(toXState(read).config).toEqual(toXState(customer).config)
})
