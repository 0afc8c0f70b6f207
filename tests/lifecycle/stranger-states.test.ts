// What a stranger found in states, inputs and arguments that no type lets through: each is refused, with its place.
import {
  carriedFacts,
  checkMigration,
  defineEvents,
  defineLifecycle,
  definePoints,
  defineProgram,
  diffLifecycles,
  explain,
  explainWhyNot,
  instant,
  migrateLifecycle,
  money,
  nextMove,
  nextMoves,
  promiseEvents,
  restore,
  stageEvents,
  timeline,
  timelineRows,
  whyNot,
} from 'liuliang'
import { describe, expect, test } from 'vitest'
import { refusalOf, tell, teller, utc } from '../support/story.js'

const shop = defineEvents({ order: { amount: money('CNY') }, seen: {}, replied: {} })
const base = { version: 1, calendar: { zone: 'UTC' }, events: shop, activity: ['order'] } as const
const lifecycle = (version = 1, id = 'customer', hours = 48) =>
  defineLifecycle({
    ...base,
    id,
    version,
    stages: ['lead', 'vip', 'quiet'],
    initial: 'lead',
    promises: [{ promise: 'reply', from: 'seen', within: { hours }, keptBy: 'replied', pausedIn: ['quiet'] }],
    rules: {
      lead: [{ to: 'vip', when: shop.count('order', { within: { days: 30 } }).gte(2) }],
      vip: [{ to: 'quiet', inactiveFor: { days: 90 } }],
      quiet: [],
    },
  })
const customer = lifecycle()
const event = teller()
const order = (at: string) => event(at, 'order', { amount: '5' })
const { state } = tell(customer, [event('2024-03-01', 'seen', {}), order('2024-03-02')])
const at = utc('2024-03-05')
const thrown = (run: () => unknown): string => {
  try {
    run()
  } catch (error) {
    const { name, code, path } = error as { name: string; code?: string; path?: string }
    return name === 'DefinitionError' ? `${code} ${path}` : `${error}`
  }
  return 'nothing'
}

describe('a state that no lifecycle made', () => {
  const reply = state.of.promises!['reply']!
  const broken: readonly (readonly [path: string, part: object])[] = [
    ['.stage', { stage: 'gone' }],
    ['.since', { since: 'x' }],
    ['.since', { since: 0.5 }],
    ['.nth', { nth: -1 }],
    ['.nth', { nth: 'x' }],
    ['.activeAt', { activeAt: '2024-03-02' }],
    ['.heard', { heard: [5] }],
    ['.heardAt', { heardAt: true }],
    ['.moveTo', { moveTo: 'vip' }],
    ['.moveTo.stage', { moveTo: { stage: 'gone', reason: 'x' } }],
    ['.tracks', { tracks: [...state.of.tracks, ...state.of.tracks] }],
    ['.tracks[0]', { tracks: [] }],
    ['.promises.reply', { promises: {} }],
    ['.promises', { promises: { reply: null, more: null } }],
    ['.promises.reply.status', { promises: { reply: { ...reply, status: 'late' } } }],
    ['.promises.reply.promised', { promises: { reply: { ...reply, promised: 'x' } } }],
    ['.promises.reply.since', { promises: { reply: { ...reply, since: 'x' } } }],
    ['.promises.reply.unsaid', { promises: { reply: { ...reply, unsaid: 0 } } }],
  ]

  test.each(broken)('is told at %s', (path, part) => {
    const given = { ...state, of: { ...state.of, ...part } } as typeof state
    const place = `$.state.of${path}`
    for (const verb of [
      () => customer.view(given, at),
      () => customer.advance(given, at),
      () => customer.nextChange(given, at),
      () => customer.evolve(given, order('2024-03-06')),
      () => nextMove(customer, given, at),
      () => whyNot(customer, given, at),
    ])
      expect(thrown(verb)).toBe(`malformed-state ${place}`)
    expect(refusalOf(customer, given, order('2024-03-06'))).toEqual({ code: 'malformed-state', path: place })
  })

  test('is told in a program too, and said in words', () => {
    const program = defineProgram({ id: 'shop', version: 1, parts: [customer] })
    const { state: whole } = tell(program, [order('2024-03-02')])
    const given = { ...whole, of: { customer: { ...whole.of.customer, since: 'x' } } } as never
    const refusal = refusalOf(program, given, order('2024-03-06'))!
    expect(refusal).toEqual({ code: 'malformed-state', path: '$.state.of.customer.since' })
    expect(explain(program, refusal, 'en')).toContain('$.state.of.customer.since')
    expect(explain(program, refusal, 'zh')).toContain('$.state.of.customer.since')
  })

  test('is told by its journal', () => {
    expect(refusalOf(customer, { ...state, at: 'x' } as never, order('2024-03-06'))).toEqual({
      code: 'malformed-state',
      path: '$.state.at',
    })
    expect(refusalOf(customer, null as never, order('2024-03-06'))).toMatchObject({ path: '$.state' })
  })
})

describe('an input that throws when it is looked at', () => {
  const mine = () => {
    throw new Error('boo')
  }
  const inputs = [
    Object.defineProperty({ ...order('2024-03-06') }, 'data', { enumerable: true, get: mine }),
    Object.defineProperty({ ...order('2024-03-06') }, 'id', { enumerable: true, get: mine }),
    { ...order('2024-03-06'), data: Object.defineProperty({}, 'amount', { enumerable: true, get: mine }) },
  ]
  test('is no event, and the state is not blamed', () => {
    const copy = JSON.parse(JSON.stringify(state))
    for (const input of inputs)
      for (const from of [state, copy])
        expect(refusalOf(customer, from, input)).toEqual({ code: 'not-an-event', got: 'object' })
  })

  test('is refused at the door', () => {
    for (const input of inputs) {
      expect(customer.read(input)).toEqual({ refusal: { code: 'not-an-event', got: 'object' } })
      expect(shop.read(input)).toEqual({ refusal: { code: 'not-an-event', got: 'object' } })
    }
  })
})

test('a subject without a name is none, as at the door', () => {
  for (const engine of [customer, defineProgram({ id: 'shop', version: 1, parts: [customer] })]) {
    for (const subject of ['', 'x'.repeat(10_001), 5, null])
      expect(thrown(() => engine.start(subject as string))).toBe('wrong-type $.subject')
    expect(thrown(() => restore(engine as never, '', []))).toBe('wrong-type $.subject')
  }
})

test('a version that is no number is told by its place', () => {
  const rules = { lead: [] }
  for (const version of [Number.NaN, Number.POSITIVE_INFINITY]) {
    const one = { ...base, version }
    expect(thrown(() => defineLifecycle({ ...one, id: 'c', stages: ['lead'], initial: 'lead', rules }))).toBe(
      'not-plain-data $.version',
    )
    expect(
      thrown(() => definePoints({ ...one, activity: undefined, id: 'p', earning: [] } as never)),
    ).toMatch(/ \$\.(version|activity)$/)
  }
  const deep = { ...base, id: 'c', stages: ['lead'], initial: 'lead' } as const
  expect(
    thrown(() => defineLifecycle({ ...deep, rules: { lead: [] }, idempotencyWindow: { hours: Number.NaN } })),
  ).toMatch(/ \$\.idempotencyWindow/)
})

describe('what is handed on is looked at', () => {
  const line = timeline(customer, 'u1', [order('2024-03-02')], { asOf: at })
  const answer = whyNot(customer, state, at)
  test.each<readonly [string, () => unknown]>([
    ['wrong-type $.timeline', () => timelineRows(customer, null as never)],
    ['wrong-type $.timeline.subject', () => timelineRows(customer, {} as never)],
    ['wrong-type $.timeline.stays', () => timelineRows(customer, { ...line, stays: null } as never)],
    ['invalid-instant $.timeline.asOf', () => timelineRows(customer, { ...line, asOf: 'x' } as never)],
    ['wrong-type $.timeline.stays[0]', () => timelineRows(customer, { ...line, stays: [null] } as never)],
    [
      'invalid-instant $.timeline.stays[0].from',
      () => timelineRows(customer, { ...line, stays: [{ ...line.stays[0]!, from: 'x' }] } as never),
    ],
    ['wrong-type $.engine', () => timelineRows(null as never, line)],
    ['wrong-type $.answer', () => explainWhyNot(customer, null as never, 'en')],
    ['wrong-type $.answer.code', () => explainWhyNot(customer, {} as never, 'en')],
    ['wrong-type $.answer.rules', () => explainWhyNot(customer, { ...answer, rules: 5 } as never, 'en')],
    [
      'wrong-type $.answer.rules[0]',
      () => explainWhyNot(customer, { ...answer, rules: [null] } as never, 'en'),
    ],
    [
      'wrong-type $.answer.rules[0].missing[0].condition',
      () =>
        explainWhyNot(
          customer,
          { ...answer, rules: [{ ...answer.rules[0]!, missing: [{}] }] } as never,
          'en',
        ),
    ],
    [
      'wrong-type $.answer',
      () =>
        explainWhyNot(
          customer,
          {
            ...answer,
            rules: [{ ...answer.rules[0]!, missing: [{ condition: {}, needed: true }] }],
          } as never,
          'en',
        ),
    ],
    ['wrong-type $.engine', () => explainWhyNot(null as never, answer, 'en')],
    ['unknown-name $.lang', () => explainWhyNot(customer, answer, 'fr' as never)],
    ['wrong-type $.id', () => stageEvents(null as never, ['a'])],
    ['wrong-type $.stages', () => stageEvents('c', null as never)],
    ['wrong-type $.stages', () => stageEvents('c', 'lead' as never)],
    ['missing $.stages', () => stageEvents('c', [])],
    ['wrong-type $.stages[1]', () => stageEvents('c', ['a', 5 as never])],
    ['duplicate-name $.stages[1]', () => stageEvents('c', ['a', 'a'])],
    ['unknown-name $.options.initial', () => stageEvents('c', ['a'], { initial: 'b' as never })],
    ['wrong-type $.options', () => stageEvents('c', ['a'], null as never)],
    ['wrong-type $.id', () => promiseEvents(5 as never, ['a'])],
    ['wrong-type $.names', () => promiseEvents('c', null as never)],
    ['wrong-type $.names[0]', () => promiseEvents('c', [null as never])],
    ['wrong-type $.from', () => carriedFacts(null as never, null as never)],
    ['wrong-type $.from.facts', () => carriedFacts({} as never, {} as never)],
    [
      'wrong-type $.from.context.events',
      () => carriedFacts({ facts: customer.model.facts!, context: {} } as never, {} as never),
    ],
  ])('%s', (found, run) => {
    expect(thrown(run)).toBe(found)
  })

  test('and what is right is let through', () => {
    expect(timelineRows(customer, JSON.parse(JSON.stringify(line)))).toEqual(timelineRows(customer, line))
    expect(explainWhyNot(customer, JSON.parse(JSON.stringify(answer)), 'en')).toHaveLength(2)
  })
})

describe('two definitions over histories', () => {
  const history = { subject: 'u1', events: [event('2024-03-01', 'seen', {})] }

  test('take each person once', () => {
    const other = { subject: 'u2', events: history.events.map((one) => ({ ...one, subject: 'u2' })) }
    const twice = [history, other, history]
    const options = { asOf: at, stages: {} }
    expect(thrown(() => diffLifecycles(customer, lifecycle(2), twice, options))).toBe(
      'duplicate-name $.histories[2].subject',
    )
    const migrate = migrateLifecycle(customer, lifecycle(2), { stages: {} })
    expect(thrown(() => checkMigration(migrate, twice, { at }))).toBe('duplicate-name $.histories[2].subject')
  })

  test('are two versions of one, not two models', () => {
    const options = { asOf: at, stages: {} }
    expect(thrown(() => diffLifecycles(customer, lifecycle(2, 'member'), [history], options))).toBe(
      'other-definition $.to.id',
    )
    expect(diffLifecycles(customer, lifecycle(2), [history], options).subjects).toBe(1)
  })

  test('are compared by their promises too', () => {
    const migrate = (to: ReturnType<typeof lifecycle>) => migrateLifecycle(customer, to, { stages: {} })
    const people = { at, people: 'named' } as const
    expect(checkMigration(migrate(lifecycle(2)), [history], people)).toMatchObject({
      elsewhere: 0,
      otherPromises: 0,
      differences: [],
    })
    // Broken on 3 March under the old span; by the new one it would run until the 8th.
    const longer = checkMigration(migrate(lifecycle(2, 'customer', 168)), [history], people)
    expect(longer).toMatchObject({ same: 1, elsewhere: 0, otherPromises: 1 })
    expect(longer.differences).toMatchObject([
      {
        code: 'promised-otherwise',
        subject: 'u1',
        promise: 'reply',
        migrated: 'broken',
        replayed: 'running',
        replayedDue: utc('2024-03-08'),
      },
    ])
    expect(longer.differences[0]!.said).toEqual({
      en: 'u1: reply is broken after the migration, where by the new rules it runs and is due 2024-03-08 00:00',
      zh: 'u1：迁移后reply已超时，而按新规则计时中，到期2024-03-08 00:00',
    })
    const none = checkMigration(migrate(lifecycle(2, 'customer', 168)), [history], { at, most: 0 })
    expect(none).toMatchObject({ otherPromises: 1, differences: [] })
  })
})

test('what is due past the year 9999 never comes', () => {
  const late = instant('9999-12-01T00:00:00Z')
  const { state: end } = tell(customer, [
    event(late, 'order', { amount: '5' }),
    event(late, 'order', { amount: '5' }),
  ])
  expect(customer.view(end, late)).toMatchObject({ stage: 'vip', next: null })
  expect(nextMove(customer, end, late)).toEqual({ code: 'stays-waiting', stage: 'vip' })
  expect(nextMoves(customer, end, late, { until: instant('9999-12-31T23:59:59.999Z') })).toEqual([])
})
