import {
  type CalendarDefinition,
  defineEvents,
  defineLifecycle,
  definePoints,
  defineProgram,
  explain,
  forget,
  type InputOf,
  instant,
  lifecycleFrom,
  promiseEvents,
  replay,
  restore,
  text,
  verdicts,
} from 'liuliang'
import { describe, expect, test } from 'vitest'
import { outline, tell, teller } from '../support/story.js'

/** A local time in New York; clocks go forward there on 10 March 2024. */
const at = (local: string) =>
  instant(`${local.replace(' ', 'T')}:00${local >= '2024-03-10 03:00' ? '-04:00' : '-05:00'}`)
const HOUR = 3_600_000

const desk = defineEvents({
  opened: { priority: text('normal', 'urgent') },
  asked: {},
  answered: {},
  wrote: {},
  solved: {},
  withdrawn: {},
})
const office: CalendarDefinition = {
  zone: 'America/New_York',
  business: { hours: [{ from: '09:00', to: '17:00' }] },
}
const define = (calendar: CalendarDefinition = office) =>
  defineLifecycle({
    id: 'case',
    version: 1,
    calendar,
    events: desk,
    activity: [],
    stages: ['new', 'waiting', 'solved', 'escalated', 'withdrawn'],
    initial: 'new',
    promises: [
      {
        promise: 'reply',
        from: 'opened',
        within: { workHours: 8 },
        keptBy: 'answered',
        pausedIn: ['waiting'],
      },
      {
        promise: 'solution',
        from: { event: 'opened', where: { priority: 'urgent' } },
        within: { hours: 72 },
        keptIn: ['solved'],
        pausedIn: ['waiting'],
        droppedIn: ['withdrawn'],
      },
    ],
    rules: {
      new: [
        { to: 'escalated', broken: 'reply' },
        { to: 'waiting', on: 'asked' },
        { to: 'solved', on: 'solved' },
      ],
      waiting: [
        { to: 'new', on: 'wrote' },
        { to: 'solved', on: 'solved' },
      ],
      solved: [],
      escalated: [{ to: 'solved', on: 'solved' }],
      withdrawn: [],
    },
    everywhere: [{ to: 'withdrawn', on: 'withdrawn' }],
    words: {
      en: { reply: 'first response' },
      zh: { reply: '首次响应', solution: '解决', escalated: '已升级' },
    },
  })
const support = define()
const event = teller('c1')
const opened = (when: string, priority: 'normal' | 'urgent' = 'normal') =>
  event(at(when), 'opened', { priority })
type Input = InputOf<typeof support>
const told = (...inputs: readonly Input[]) => tell(support, inputs, support.start('c1'))
const ends = (
  events: readonly { readonly type: string; readonly occurredAt: number; readonly data: object }[],
) =>
  events
    .filter(({ type }) => type.includes('/promise-'))
    .map(({ type, occurredAt, data }) => [type, occurredAt, data])

describe('a clock of work', () => {
  test('runs in open hours: eight of them from Friday at four are over on Monday at four', () => {
    const { state, log } = told(opened('2024-03-01 16:00'))
    const due = at('2024-03-04 16:00')
    expect(support.view(state, state.at!)).toEqual({
      stage: 'new',
      since: at('2024-03-01 16:00'),
      next: { to: 'escalated', at: due },
      promises: {
        reply: { status: 'running', began: at('2024-03-01 16:00'), promised: due, due },
        solution: null,
      },
    })
    const later = support.advance(state, due).events
    expect(ends([...log, ...later])).toEqual([
      ['case/promise-broken', due, { promise: 'reply', due, promised: due }],
    ])
    expect(outline(later)).toEqual(['case/promise-broken', 'new > escalated'])
    expect(support.view(state, due - 1).stage).toBe('new')
  })

  test('stands still while the customer has the word, and goes on with what was left', () => {
    const { state, log } = told(
      opened('2024-03-01 16:00'),
      event(at('2024-03-04 10:30'), 'asked', {}),
      // A week later, over the night on which clocks go forward.
      event(at('2024-03-11 16:00'), 'wrote', {}),
      event(at('2024-03-12 09:00'), 'answered', {}),
    )
    const paused = told(opened('2024-03-01 16:00'), event(at('2024-03-04 10:30'), 'asked', {})).state
    expect(support.view(paused, at('2024-03-08 10:30')).promises.reply).toEqual({
      status: 'paused',
      began: at('2024-03-01 16:00'),
      promised: at('2024-03-04 16:00'),
      due: null,
      left: 5.5 * HOUR,
    })
    expect(support.nextChange(paused, paused.at!)).toBeUndefined()
    const running = tell(support, [event(at('2024-03-11 16:00'), 'wrote', {}, 'w')], paused).state
    expect(support.view(running, running.at!).promises.reply?.due).toBe(at('2024-03-12 13:30'))
    expect(ends(log)).toEqual([
      [
        'case/promise-kept',
        at('2024-03-12 09:00'),
        { promise: 'reply', due: at('2024-03-12 13:30'), promised: at('2024-03-04 16:00') },
      ],
    ])
    expect(support.view(state, at('2025-01-01 00:00')).promises.reply).toMatchObject({
      status: 'kept',
      at: at('2024-03-12 09:00'),
      due: at('2024-03-12 13:30'),
    })
  })

  test('paused twice, it counts each stretch of work once', () => {
    const { state } = told(
      opened('2024-03-04 09:00'),
      event(at('2024-03-04 10:00'), 'asked', {}),
      event(at('2024-03-04 15:00'), 'wrote', {}),
      event(at('2024-03-05 09:30'), 'asked', {}),
      event(at('2024-03-06 08:00'), 'wrote', {}),
    )
    // One hour on Monday morning, two in the afternoon, half an hour on Tuesday: four and a half are left from Wednesday at nine.
    expect(support.view(state, state.at!).promises.reply?.due).toBe(at('2024-03-06 13:30'))
  })
})

describe('how it ends', () => {
  test('an answer exactly when it is due is late: the deadline is taken before the event', () => {
    const late = told(opened('2024-03-04 09:00'), event(at('2024-03-04 17:00'), 'answered', {}))
    expect(outline(late.log)).toEqual(['opened', 'case/promise-broken', 'new > escalated', 'answered'])
    const kept = told(opened('2024-03-04 09:00'), event(at('2024-03-04 17:00') - 1, 'answered', {}))
    expect(outline(kept.log)).toEqual(['opened', 'answered', 'case/promise-kept'])
  })

  test('kept by entering a stage, be it from a stage in which it stood still: then nothing was due', () => {
    const { log } = told(
      opened('2024-03-04 09:00', 'urgent'),
      event(at('2024-03-04 10:00'), 'asked', {}),
      event(at('2024-03-20 10:00'), 'solved', {}),
    )
    expect(ends(log)).toEqual([
      [
        'case/promise-kept',
        at('2024-03-20 10:00'),
        { promise: 'solution', promised: at('2024-03-07 09:00') },
      ],
    ])
    expect(outline(log)).toEqual([
      'opened',
      'asked',
      'new > waiting',
      'solved',
      'waiting > solved',
      'case/promise-kept',
    ])
  })

  test('dropped without a word; a filter says for whom it begins', () => {
    const { state, log } = told(
      opened('2024-03-04 09:00', 'urgent'),
      event(at('2024-03-04 09:30'), 'withdrawn', {}),
    )
    expect(ends(log)).toEqual([])
    expect(support.view(state, state.at!).promises).toMatchObject({
      solution: { status: 'dropped', at: at('2024-03-04 09:30'), due: at('2024-03-07 09:00') },
      // Nothing said that a withdrawn case needs no reply.
      reply: { status: 'running' },
    })
  })

  test('running it does not begin again; ended it does, and forgets what was before', () => {
    const { state } = told(
      opened('2024-03-04 09:00'),
      opened('2024-03-04 10:00'),
      event(at('2024-03-04 11:00'), 'answered', {}),
      opened('2024-03-04 12:00'),
    )
    expect(support.view(state, state.at!).promises.reply).toEqual({
      status: 'running',
      began: at('2024-03-04 12:00'),
      promised: at('2024-03-05 12:00'),
      due: at('2024-03-05 12:00'),
    })
  })

  test('due before it begins, it breaks as it begins', () => {
    const noon = defineLifecycle({
      id: 'case',
      version: 1,
      calendar: office,
      events: desk,
      activity: [],
      stages: ['new', 'late'],
      initial: 'new',
      promises: [{ promise: 'today', from: 'opened', within: { days: 0, at: '12:00' }, keptBy: 'answered' }],
      rules: { new: [{ to: 'late', broken: 'today' }], late: [] },
    })
    const { state, log } = tell(noon, [opened('2024-03-04 15:00')], noon.start('c1'))
    expect(outline(log)).toEqual(['opened', 'case/promise-broken', 'new > late'])
    expect(noon.view(state, state.at!)).toMatchObject({
      since: at('2024-03-04 15:00'),
      promises: { today: { status: 'broken', due: at('2024-03-04 12:00'), at: at('2024-03-04 15:00') } },
    })
  })

  test('two ends of one promise at one instant have two ids', () => {
    const { log } = told(
      opened('2024-03-04 09:00'),
      event(at('2024-03-04 09:00'), 'answered', {}),
      opened('2024-03-04 09:00'),
      event(at('2024-03-04 09:00'), 'answered', {}),
    )
    const kept = log.filter(({ type }) => type === 'case/promise-kept')
    expect(new Set(kept.map(({ id }) => id)).size).toBe(2)
  })

  test('a broken promise escalates only where it breaks: afterwards nobody waits for it', () => {
    const { state } = told(opened('2024-03-04 09:00'), event(at('2024-03-04 16:00'), 'solved', {}))
    expect(support.view(state, at('2024-06-01 00:00'))).toMatchObject({
      stage: 'solved',
      promises: { reply: { status: 'broken' } },
    })
  })
})

describe('another calendar', () => {
  const holiday = define({ ...office, business: { ...office.business, closed: ['2024-03-05'] } })
  const inputs = [
    opened('2024-03-04 12:00'),
    event(at('2024-03-04 13:00'), 'asked', {}),
    event(at('2024-03-04 14:00'), 'wrote', {}),
  ] as const

  test('moves what is due; what was told stays promised, under any definition', () => {
    const { state, log } = told(...inputs)
    const promised = at('2024-03-05 12:00')
    expect(support.view(state, state.at!).promises.reply).toMatchObject({
      promised,
      due: at('2024-03-05 13:00'),
    })
    const said = event(at('2024-03-04 12:00'), 'case/promise-set', { promise: 'reply', promised })
    const facts = [...log.filter(({ type }) => !type.startsWith('case/')), said]
    const again = replay(holiday, {
      checkpoint: holiday.start('c1'),
      tail: facts as never,
      recorded: log as never,
    })
    expect(holiday.view(again.state, state.at!).promises.reply).toMatchObject({
      promised,
      due: at('2024-03-06 13:00'),
    })
    // Without the word to the customer, the promise is what the new calendar makes of it.
    const silent = replay(holiday, { checkpoint: holiday.start('c1'), tail: log as never })
    expect(holiday.view(silent.state, state.at!).promises.reply).toMatchObject({
      promised: at('2024-03-06 12:00'),
      due: at('2024-03-06 13:00'),
    })
  })

  test('state carried over keeps what was promised and is due by the new days: the state holds no due time', () => {
    const { state } = told(...inputs)
    const carried = { ...state, definition: holiday.hash }
    expect(holiday.view(carried, state.at!).promises.reply).toMatchObject({
      promised: at('2024-03-05 12:00'),
      due: at('2024-03-06 13:00'),
    })
    expect(outline(holiday.advance(carried, at('2024-03-06 13:00')).events)).toEqual([
      'case/promise-broken',
      'new > escalated',
    ])
  })

  test('what was broken by a day that turns out a holiday is taken back', () => {
    const { state } = told(...inputs)
    const recorded = [...told(...inputs).log, ...support.advance(state, at('2024-03-05 13:00')).events]
    const tail = [...inputs, event(at('2024-03-06 10:00'), 'answered', {})]
    const { retracted, asserted } = replay(holiday, {
      checkpoint: holiday.start('c1'),
      tail: tail as never,
      recorded: recorded as never,
    })
    expect(outline(retracted).slice(-2)).toEqual(['case/promise-broken', 'new > escalated'])
    expect(outline(asserted).at(-1)).toBe('case/promise-kept')
  })
})

describe('late and deleted events', () => {
  test('a late answer turns broken into kept; deleted, it is broken again', () => {
    const { log } = told(opened('2024-03-04 09:00'), event(at('2024-03-07 09:00'), 'solved', {}))
    const answer = event(at('2024-03-04 10:00'), 'answered', {})
    const start = { checkpoint: support.start('c1'), tail: log }
    const added = replay(support, start, { add: [answer] })
    expect(outline(added.retracted)).toEqual(['case/promise-broken', 'new > escalated', 'escalated > solved'])
    expect(outline(added.asserted)).toEqual(['case/promise-kept', 'new > solved'])
    const removed = replay(support, { ...start, tail: added.log }, { remove: [answer.id] })
    expect(removed.state).toEqual(restore(support, 'c1', log))
  })

  test('JSON, restoring and forgetting keep it', () => {
    const { state, log } = told(
      opened('2024-03-04 09:00', 'urgent'),
      event(at('2024-03-04 10:00'), 'asked', {}),
    )
    expect(JSON.parse(JSON.stringify(state))).toEqual(state)
    expect(restore(support, 'c1', log)).toEqual(state)
    const forgotten = forget(support, state, log, 'c1')
    expect(forgotten.state.of.promises).toEqual(state.of.promises)
    expect(forgotten.events.filter(({ type }) => type.includes('promise'))).toHaveLength(ends(log).length)
  })
})

describe('the definition', () => {
  test('comes back from JSON with the same hash; without promises it has no key for them', () => {
    expect(lifecycleFrom(support.definition).hash).toBe(support.hash)
    expect(Object.keys(support.publishes)).toEqual([
      'case/stage-changed',
      'case/promise-broken',
      'case/promise-kept',
    ])
    const plain = defineLifecycle({
      id: 'plain',
      version: 1,
      calendar: office,
      events: desk,
      activity: [],
      stages: ['one'],
      initial: 'one',
      rules: { one: [] },
      promises: [],
    })
    expect(Object.keys(plain.definition as object)).not.toContain('promises')
    expect(Object.keys(plain.view(plain.start('x'), 0))).toEqual(['stage', 'since', 'next'])
    expect(Object.keys(plain.start('x').of)).not.toContain('promises')
  })

  const promise = { promise: 'reply', from: 'opened', within: { hours: 1 }, keptBy: 'answered' } as const
  const faulty = (promises: unknown, rule: object = {}) => {
    const definition = { ...(support.definition as object), promises, events: desk, words: {} }
    const rules = {
      new: Object.keys(rule).length > 0 ? [rule] : [],
      waiting: [],
      solved: [],
      escalated: [],
      withdrawn: [],
    }
    return () => defineLifecycle({ ...definition, everywhere: [], rules, model: undefined } as never)
  }
  test.each<[what: string, code: string, path: string, promises: unknown, rule?: object]>([
    ['no list', 'wrong-type', '$.promises', {}],
    ['no object', 'wrong-type', '$.promises[0]', ['reply']],
    ['a key that nobody reads', 'unknown-key', '$.promises[0].keptby', [{ ...promise, keptby: 'answered' }]],
    ['no name', 'wrong-type', '$.promises[0].promise', [{ ...promise, promise: '' }]],
    ['one name twice', 'duplicate-name', '$.promises[1].promise', [promise, promise]],
    ['an unknown event', 'unknown-name', '$.promises[0].from', [{ ...promise, from: 'opnd' }]],
    ['an unknown stage', 'unknown-name', '$.promises[0].keptIn[0]', [{ ...promise, keptIn: ['slvd'] }]],
    [
      'a stage for two things',
      'duplicate-name',
      '$.promises[0].pausedIn[0]',
      [{ ...promise, keptIn: ['solved'], pausedIn: ['solved'] }],
    ],
    ['nothing that keeps it', 'missing', '$.promises[0]', [{ ...promise, keptBy: undefined }]],
    [
      'dates that pause',
      'invalid-duration',
      '$.promises[0].within',
      [{ ...promise, within: { days: 2 }, pausedIn: ['waiting'] }],
    ],
    [
      'a rule on a promise that is none',
      'unknown-name',
      '$.rules.new[0].broken',
      [promise],
      { to: 'solved', broken: 'rply' },
    ],
    [
      'a rule of two kinds',
      'wrong-type',
      '$.rules.new[0]',
      [promise],
      { to: 'solved', broken: 'reply', on: 'opened' },
    ],
  ])('refuses %s', (_, code, path, promises, rule) => {
    expect(faulty(promises, rule)).toThrow(expect.objectContaining({ code, path }))
  })

  test('work without business hours is refused where the promise is made ready', () => {
    const bare = {
      ...(support.definition as object),
      calendar: { zone: 'UTC' },
      events: desk,
      model: undefined,
    }
    expect(() => defineLifecycle(bare as never)).toThrow(expect.objectContaining({ code: 'missing' }))
  })
})

describe('in words', () => {
  const { state } = told(opened('2024-03-04 09:00', 'urgent'))
  const say = (one: typeof state, lang: 'en' | 'zh') =>
    verdicts(support, one, one.at!).map((rule) => explain(support, rule, lang))

  test('what waits, and until when', () => {
    expect(say(state, 'en')).toEqual([
      '→ escalated: at 2024-03-04 17:00, first response was due by 2024-03-04 17:00',
      '→ waiting: on asked',
      '→ solved: on solved',
      '→ withdrawn: on withdrawn',
      '→ broken promise: at 2024-03-04 17:00, first response was due by 2024-03-04 17:00',
      '→ broken promise: at 2024-03-07 09:00, solution was due by 2024-03-07 09:00',
    ])
    const { state: paused } = tell(support, [event(at('2024-03-04 10:00'), 'asked', {})], state)
    expect(say(paused, 'zh')).toEqual([
      '→ new：发生wrote时',
      '→ solved：发生solved时',
      '→ withdrawn：发生withdrawn时',
      '→ 承诺违约：首次响应已暂停计时',
      '→ 承诺违约：解决已暂停计时',
    ])
  })

  test('why a stage was left', () => {
    const move = support.advance(state, at('2024-03-04 17:00')).events.at(-1)!
    const { reason } = move.data as unknown as { readonly reason: { readonly code: string } }
    expect(explain(support, reason, 'zh')).toBe('首次响应的期限为2024-03-04 17:00')
  })
})

test('a lifecycle may count its own broken promises', () => {
  const own = defineEvents({ ...desk.events, ...promiseEvents('case', ['reply']) })
  const strict = defineLifecycle({
    id: 'case',
    version: 1,
    calendar: office,
    events: own,
    activity: [],
    stages: ['new', 'supervised'],
    initial: 'new',
    promises: [{ promise: 'reply', from: 'opened', within: { workHours: 1 }, keptBy: 'answered' }],
    rules: { new: [{ to: 'supervised', when: own.count('case/promise-broken').gte(2) }], supervised: [] },
  })
  const { state } = tell(strict, [opened('2024-03-04 09:00'), opened('2024-03-05 09:00')], strict.start('c1'))
  expect(strict.view(state, at('2024-03-05 09:30')).next).toEqual({
    to: 'supervised',
    at: at('2024-03-05 10:00'),
  })
})

test('in a program a promise that is kept earns something, and its end is heard by the parts after it', () => {
  const shared = defineEvents({ ...desk.events, ...promiseEvents('case', ['reply', 'solution']) })
  const reward = definePoints({
    id: 'points',
    version: 1,
    calendar: office,
    events: shared,
    earning: [
      { rule: 'in-time', on: 'case/promise-kept', where: { promise: 'reply' }, earns: { points: 5 } },
      { rule: 'sorry', on: 'case/promise-broken', earns: { points: 50 } },
    ],
  })
  const both = defineProgram({ id: 'service', version: 1, parts: [support, reward] })
  const story = (answered: string) => {
    const { state } = tell(
      both,
      [opened('2024-03-04 09:00'), event(at(answered), 'answered', {})],
      both.start('c1'),
    )
    return both.view(state, at('2024-03-06 00:00'))
  }
  const [kept, broken] = [story('2024-03-04 12:00'), story('2024-03-05 12:00')]
  expect([kept.points.balance, broken.points.balance]).toEqual([5, 50])
  expect([kept.case.promises.reply?.status, broken.case.promises.reply?.status]).toEqual(['kept', 'broken'])
})
