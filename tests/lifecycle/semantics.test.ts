// What docs/reference/lifecycle.md says under Semantics: one test for each statement, named by it.
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import {
  attributes,
  type CalendarDefinition,
  canonical,
  coverage,
  defineEvents,
  defineLifecycle,
  type InputOf,
  type LifecycleDefinition,
  moment,
  money,
  type Rule,
  ref,
  replay,
  restore,
  timeline,
} from 'liuliang'
import { describe, expect, test } from 'vitest'
import { outline, refusalOf, tell, teller, utc } from '../support/story.js'

const shop = defineEvents({
  'order-paid': { amount: money('CNY'), friend: ref('friend').optional() },
  visited: {},
  'opted-out': {},
  ...attributes({ birthday: moment() }),
  ...coverage(),
})
const orders = shop.count('order-paid')
const stages = ['lead', 'active', 'loyal', 'lapsed'] as const
type Stage = (typeof stages)[number]
type Own = Rule<Stage, typeof shop.events>
type Rules = { readonly [S in Stage]?: readonly Own[] }

const lifecycle = (
  rules: Rules,
  more: {
    readonly calendar?: CalendarDefinition
    readonly everywhere?: readonly Own[]
    readonly final?: readonly Stage[]
    readonly forwardOnly?: boolean
  } = {},
) =>
  defineLifecycle({
    id: 'customer',
    version: 1,
    calendar: { zone: 'UTC' },
    events: shop,
    activity: ['order-paid'],
    stages,
    initial: 'lead',
    rules: { lead: [], active: [], loyal: [], lapsed: [], ...rules },
    ...more,
  } as LifecycleDefinition<'customer', Stage, typeof shop.events>)

type Engine = ReturnType<typeof lifecycle>
type Input = InputOf<Engine>
const event = teller()
const paid = (at: string, id?: string): Input => event(at, 'order-paid', { amount: '10' }, id)
const visited = (at: string): Input => event(at, 'visited', {})
const hand = (at: string, to: Stage): Input => event(at, 'customer/move-set', { to, reason: 'asked' })
const born = (at: string, birthday: string): Input => event(at, 'attribute-set', { birthday: utc(birthday) })

/** `day: from > to` of every move up to an instant. */
const moves = (engine: Engine, inputs: readonly Input[], until: string) => {
  const { state, log } = tell(engine, inputs)
  const all = [...log, ...engine.advance(state, utc(until)).events]
  return all.flatMap((one) =>
    one.type === 'customer/stage-changed'
      ? [`${new Date(one.occurredAt).toISOString().slice(0, 16).replace('T', ' ')} ${outline([one])[0]}`]
      : [],
  )
}
const code = (expected: string) => expect.objectContaining({ code: expected })

const silence: Rules = {
  lead: [{ to: 'active', on: 'order-paid' }],
  active: [{ to: 'lapsed', inactiveFor: { days: 30 } }],
  lapsed: [{ to: 'active', on: 'order-paid' }],
}

const statements: Readonly<Record<string, () => void>> = {
  'Facts stand in the order of when they were true, then of when they became known, then of their ids.':
    () => {
      const engine = lifecycle({
        lead: [
          { to: 'active', on: 'order-paid' },
          { to: 'lapsed', on: 'opted-out' },
        ],
      })
      const order = { ...paid('2024-01-01', 'b'), recordedAt: utc('2024-01-02') } as Input
      const out = { ...event('2024-01-01', 'opted-out', {}, 'c'), recordedAt: utc('2024-01-02') } as Input
      const first = (...facts: readonly Input[]) =>
        timeline(engine, 'u1', facts, { asOf: utc('2024-01-01') }).stays.at(-1)!.stage
      expect(first(out, order)).toBe('active')
      expect(first({ ...order, id: 'd' } as Input, out)).toBe('lapsed')
      expect(first({ ...order, recordedAt: utc('2024-01-03') } as Input, out)).toBe('lapsed')
      expect(
        first({ ...order, occurredAt: utc('2023-12-31'), recordedAt: utc('2024-01-03') } as Input, out),
      ).toBe('active')
    },
  'A deadline at or before the instant of an event is taken before it.': () => {
    expect(moves(lifecycle(silence), [paid('2024-01-01'), paid('2024-01-31')], '2024-01-31')).toEqual([
      '2024-01-01 00:00 lead > active',
      '2024-01-31 00:00 active > lapsed',
      '2024-01-31 00:00 lapsed > active',
    ])
  },
  'A move that time makes is dated at its deadline, whenever somebody looks, and its consequences at theirs.':
    () => {
      const engine = lifecycle({ ...silence, lapsed: [{ to: 'lead', inStageFor: { days: 100 } }] })
      const expected = [
        '2024-01-01 00:00 lead > active',
        '2024-01-31 00:00 active > lapsed',
        '2024-05-10 00:00 lapsed > lead',
      ]
      for (const until of ['2024-05-10', '2029-01-01'])
        expect(moves(engine, [paid('2024-01-01')], until)).toEqual(expected)
    },
  'A fact that comes twice under one id counts once; other content under that id is refused.': () => {
    const engine = lifecycle({ lead: [{ to: 'loyal', when: orders.gte(2) }] })
    const order = paid('2024-01-01')
    const { state } = tell(engine, [order])
    expect(engine.decide(state, order)).toEqual({ outcome: 'repeated', version: 1 })
    expect(engine.view(restore(engine, 'u1', [order, order]), utc('2024-01-01')).stage).toBe('lead')
    expect(refusalOf(engine, state, { ...order, data: { amount: '11' } })).toMatchObject({
      code: 'id-conflict',
    })
  },
  'A late fact is replayed: moves that no longer follow are retracted, those that follow now are asserted.':
    () => {
      const engine = lifecycle(silence)
      const { log, state } = tell(engine, [paid('2024-01-01'), visited('2024-02-15')])
      const late = paid('2024-01-16')
      expect(refusalOf(engine, state, late)).toMatchObject({ code: 'late', replayFrom: utc('2024-01-16') })
      const { retracted, asserted } = replay(
        engine,
        { checkpoint: engine.start('u1'), tail: log },
        { add: [late as never] },
      )
      const told = (events: readonly { readonly occurredAt: number }[]) =>
        events.map(({ occurredAt }) => occurredAt)
      expect([told(retracted), told(asserted)]).toEqual([[utc('2024-01-31')], [utc('2024-02-15')]])
    },
  'Nothing reads the clock: the moment is an argument, and what happened after it does not count.': () => {
    const engine = lifecycle(silence)
    const facts = [visited('2024-01-01'), paid('2024-01-02')]
    expect(
      timeline(engine, 'u1', facts, { asOf: utc('2024-01-01') }).stays.map(({ stage }) => stage),
    ).toEqual(['lead'])
    const { state } = tell(engine, facts)
    expect(() => engine.view(state, utc('2024-01-01'))).toThrow(code('as-of-before-state'))
  },
  'Days, weeks and months are dates in the zone of the definition; hours are exact.': () => {
    const zone = { calendar: { zone: 'America/New_York' } }
    const day = lifecycle({ lead: [{ to: 'active', inStageFor: { days: 1 } }] }, zone)
    const hours = lifecycle({ lead: [{ to: 'active', inStageFor: { hours: 24 } }] }, zone)
    // Clocks go forward in the night between.
    const from = visited('2024-03-09 17:00')
    expect(moves(day, [from], '2024-03-12')).toEqual(['2024-03-10 16:00 lead > active'])
    expect(moves(hours, [from], '2024-03-12')).toEqual(['2024-03-10 17:00 lead > active'])
    expect(() => lifecycle({}, { calendar: {} as never })).toThrow(code('invalid-zone'))
  },
  'Months are clamped from where they are counted, never from one another.': () => {
    const month = (n: number): Own => ({ to: n === 1 ? 'active' : 'loyal', inStageFor: { months: n } })
    expect(moves(lifecycle({ lead: [month(1)] }), [visited('2024-01-31')], '2024-12-31')).toEqual([
      '2024-02-29 00:00 lead > active',
    ])
    expect(moves(lifecycle({ lead: [month(2)] }), [visited('2024-01-31')], '2024-12-31')).toEqual([
      '2024-03-31 00:00 lead > loyal',
    ])
  },
  'What an attribute reaches is counted as durations are, clamped to the end of a month: a year from the 29th of February is over on the 28th.':
    () => {
      const engine = lifecycle({ lead: [{ to: 'active', since: 'birthday', reaches: { years: 1 } }] })
      expect(moves(engine, [born('2024-03-01', '2024-02-29')], '2026-01-01')).toEqual([
        '2025-02-28 00:00 lead > active',
      ])
      const months = lifecycle({ lead: [{ to: 'active', since: 'birthday', reaches: { months: 1 } }] })
      expect(moves(months, [born('2024-01-31', '2024-01-31')], '2026-01-01')).toEqual([
        '2024-02-29 00:00 lead > active',
      ])
    },
  'An attribute that is corrected moves its deadline; one that was over already is taken at once.': () => {
    const engine = lifecycle({ lead: [{ to: 'active', since: 'birthday', reaches: { years: 1 } }] })
    const corrected = (birthday: string) =>
      moves(engine, [born('2024-03-01', '2024-02-01'), born('2024-06-01', birthday)], '2026-01-01')
    expect(corrected('2024-02-10')).toEqual(['2025-02-10 00:00 lead > active'])
    expect(corrected('2023-02-10')).toEqual(['2024-06-01 00:00 lead > active'])
  },
  'Work hours run while the calendar is open; a calendar with another holiday is another definition.': () => {
    const business = { weekdays: [1, 2, 3, 4, 5], hours: [{ from: '09:00', to: '17:00' }] } as const
    const of = (closed: readonly string[]) =>
      lifecycle(
        { lead: [{ to: 'lapsed', inStageFor: { workHours: 8 } }] },
        { calendar: { zone: 'UTC', business: { ...business, closed } as never } },
      )
    // Friday, 15:00: two hours on Friday, six on Monday; or on Tuesday where Monday is closed.
    const opened = visited('2024-01-05 15:00')
    expect(moves(of([]), [opened], '2024-02-01')).toEqual(['2024-01-08 15:00 lead > lapsed'])
    expect(moves(of(['2024-01-08']), [opened], '2024-02-01')).toEqual(['2024-01-09 15:00 lead > lapsed'])
    expect(of(['2024-01-08']).hash).not.toBe(of([]).hash)
  },
  'A state is plain JSON with the hash of its definition; another definition refuses it, unless it is migrated.':
    () => {
      const engine = lifecycle(silence)
      const other = lifecycle({ ...silence, active: [{ to: 'lapsed', inactiveFor: { days: 21 } }] })
      const { state } = tell(engine, [paid('2024-01-01')])
      expect(JSON.parse(canonical(state))).toEqual(state)
      expect(state.definition).toBe(engine.hash)
      expect(() => other.view(state, utc('2024-01-02'))).toThrow(code('other-definition'))
      expect(refusalOf(other, state, visited('2024-01-02'))).toMatchObject({ code: 'other-definition' })
    },
  'Of several rules that apply at one instant the first of the list wins.': () => {
    const [loyal, active]: readonly [Own, Own] = [
      { to: 'loyal', when: orders.gte(1) },
      { to: 'active', on: 'order-paid' },
    ]
    const first = (...lead: readonly Own[]) => moves(lifecycle({ lead }), [paid('2024-01-01')], '2024-01-01')
    expect(first(loyal, active)).toEqual(['2024-01-01 00:00 lead > loyal'])
    expect(first(active, loyal)).toEqual(['2024-01-01 00:00 lead > active'])
  },
  'Of several deadlines the earliest wins, of equal ones the first of the list.': () => {
    const stay: Own = { to: 'active', inStageFor: { days: 20 } }
    const tied: Own = { to: 'loyal', inStageFor: { hours: 480 } }
    const late: Own = { to: 'lapsed', inStageFor: { days: 30 } }
    const first = (...lead: readonly Own[]) =>
      moves(lifecycle({ lead }), [visited('2024-01-01')], '2024-03-01')
    expect(first(late, stay)).toEqual(['2024-01-21 00:00 lead > active'])
    expect(first(stay, tied)).toEqual(['2024-01-21 00:00 lead > active'])
    expect(first(tied, stay)).toEqual(['2024-01-21 00:00 lead > loyal'])
  },
  'A condition beside an event is judged with everything that happened at that instant, in whatever order it arrived.':
    () => {
      const engine = lifecycle({ lead: [{ to: 'loyal', on: 'visited', when: orders.gte(1) }] })
      const [order, visit] = [paid('2024-01-01'), visited('2024-01-01')]
      for (const both of [
        [order, visit],
        [visit, order],
      ])
        expect(moves(engine, both, '2024-01-01')).toEqual(['2024-01-01 00:00 lead > loyal'])
      expect(moves(engine, [visit, paid('2024-01-02')], '2024-01-02')).toEqual([])
    },
  'An event is used up by the move that it brings about.': () => {
    const engine = lifecycle({
      lead: [{ to: 'active', on: 'order-paid' }],
      active: [{ to: 'loyal', on: 'order-paid' }],
    })
    expect(moves(engine, [paid('2024-01-01')], '2024-01-01')).toHaveLength(1)
    expect(moves(engine, [paid('2024-01-01'), paid('2024-01-01')], '2024-01-01')).toHaveLength(2)
  },
  'Silence is counted from the last activity, whatever stage it was in; where it was over on entry, the move comes at once.':
    () => {
      const engine = lifecycle({
        lead: [{ to: 'active', on: 'visited' }],
        active: [{ to: 'lapsed', inactiveFor: { days: 30 } }],
      })
      expect(moves(engine, [paid('2024-01-01'), visited('2024-01-11')], '2024-03-01')).toEqual([
        '2024-01-11 00:00 lead > active',
        '2024-01-31 00:00 active > lapsed',
      ])
      expect(moves(engine, [paid('2024-01-01'), visited('2024-02-11')], '2024-03-01')).toEqual([
        '2024-02-11 00:00 lead > active',
        '2024-02-11 00:00 active > lapsed',
      ])
    },
  'Only what is listed as activity breaks a silence, and moves by hand do.': () => {
    const engine = lifecycle(silence)
    const lapse = (...inputs: readonly Input[]) =>
      moves(engine, [paid('2024-01-01'), ...inputs], '2024-04-01').at(-1)
    expect(lapse(visited('2024-01-20'))).toBe('2024-01-31 00:00 active > lapsed')
    expect(lapse(paid('2024-01-20'))).toBe('2024-02-19 00:00 active > lapsed')
    expect(lapse(hand('2024-01-20', 'active'))).toBe('2024-02-19 00:00 active > lapsed')
  },
  'The first input of whatever kind begins the time of the initial stage, and counts as the first activity.':
    () => {
      const engine = lifecycle({ lead: [{ to: 'lapsed', inactiveFor: { days: 7 } }] })
      expect(engine.nextChange(engine.start('u1'), utc('2024-01-01'))).toBeUndefined()
      expect(moves(engine, [visited('2024-01-01')], '2024-02-01')).toEqual(['2024-01-08 00:00 lead > lapsed'])
    },
  'A move by hand leads anywhere: out of a final stage, and back where rules only lead forward.': () => {
    const engine = lifecycle(
      { lead: [{ to: 'active', on: 'order-paid' }] },
      { final: ['lapsed'], forwardOnly: true },
    )
    expect(moves(engine, [hand('2024-01-01', 'lapsed'), hand('2024-01-02', 'lead')], '2024-01-02')).toEqual([
      '2024-01-01 00:00 lead > lapsed',
      '2024-01-02 00:00 lapsed > lead',
    ])
  },
  'A fact that is reset begins anew for every rule that reads it, and what brought the move about does not count.':
    () => {
      const engine = lifecycle({
        lead: [{ to: 'active', when: orders.gte(2), reset: [orders] }],
        active: [{ to: 'loyal', when: orders.gte(2) }],
      })
      const four = ['01', '02', '03', '04'].map((day) => paid(`2024-01-${day}`))
      expect(moves(engine, four, '2024-01-04')).toEqual([
        '2024-01-02 00:00 lead > active',
        '2024-01-04 00:00 active > loyal',
      ])
    },
  'Rules of everywhere are asked after those of the stage, in every stage that is not final, and never lead to the stage itself.':
    () => {
      const everywhere: readonly Own[] = [{ to: 'lapsed', on: 'opted-out' }]
      const own: Own = { to: 'loyal', on: 'opted-out' }
      const out = (at: string): Input => event(at, 'opted-out', {})
      const inputs = [out('2024-01-01'), out('2024-01-02'), out('2024-01-03')]
      expect(moves(lifecycle({ lead: [own] }, { everywhere }), inputs, '2024-01-03')).toEqual([
        '2024-01-01 00:00 lead > loyal',
        '2024-01-02 00:00 loyal > lapsed',
      ])
      expect(
        moves(lifecycle({ lead: [own] }, { everywhere, final: ['loyal'] }), inputs, '2024-01-03'),
      ).toEqual(['2024-01-01 00:00 lead > loyal'])
    },
  'A final stage has no rules, and time does not pass in it.': () => {
    const engine = lifecycle({ lead: [{ to: 'lapsed', on: 'visited' }] }, { final: ['lapsed'] })
    const { state } = tell(engine, [visited('2024-01-01')])
    expect(engine.nextChange(state, utc('2024-01-01'))).toBeUndefined()
    const ruled = { lapsed: [{ to: 'lead', on: 'visited' }] } as const
    expect(() => lifecycle(ruled, { final: ['lapsed'] })).toThrow(code('out-of-range'))
  },
  'Where rules only lead forward, those of everywhere that would lead back are left out, and one of a stage is refused.':
    () => {
      const everywhere: readonly Own[] = [{ to: 'active', on: 'visited' }]
      const engine = lifecycle(
        { active: [{ to: 'loyal', on: 'order-paid' }] },
        { everywhere, forwardOnly: true },
      )
      expect(
        moves(engine, [visited('2024-01-01'), paid('2024-01-02'), visited('2024-01-03')], '2024-01-03'),
      ).toEqual(['2024-01-01 00:00 lead > active', '2024-01-02 00:00 active > loyal'])
      expect(() => lifecycle({ loyal: [{ to: 'lead', on: 'visited' }] }, { forwardOnly: true })).toThrow(
        code('out-of-range'),
      )
    },
  'What a stage ignores changes nothing there; it is still activity where it is listed as such.': () => {
    const ignoring = lifecycle({
      ...silence,
      active: [...silence.active!, { ignores: 'order-paid' }, { ignores: 'visited' }],
    })
    const inputs = [paid('2024-01-01'), paid('2024-01-20'), visited('2024-01-25')]
    expect(moves(ignoring, inputs, '2024-04-01')).toEqual(moves(lifecycle(silence), inputs, '2024-04-01'))
    expect(moves(ignoring, inputs, '2024-04-01').at(-1)).toBe('2024-02-19 00:00 active > lapsed')
  },
  'An event of somebody else counts in the role that is named, and only there.': () => {
    const engine = lifecycle({ lead: [{ to: 'loyal', on: { event: 'order-paid', as: 'friend' } }] })
    const theirs = {
      ...event('2024-01-01', 'order-paid', { amount: '10', friend: 'u1' }),
      subject: 'u2',
    } as Input
    expect(moves(engine, [theirs], '2024-01-01')).toEqual(['2024-01-01 00:00 lead > loyal'])
    expect(moves(engine, [paid('2024-01-01')], '2024-01-01')).toEqual([])
  },
  'What is not tracked fires no rule: a comparison over a gap is not observed, and no silence is counted before its end.':
    () => {
      const gap = (at: string, observed: boolean): Input => event(at, 'coverage-changed', { observed })
      const week = shop.count('order-paid', { within: { days: 7 } })
      const engine = lifecycle({
        ...silence,
        active: [...silence.active!, { to: 'loyal', when: week.lt(1) }],
      })
      const inputs = [paid('2024-01-01'), gap('2024-01-02', false), gap('2024-02-01', true)]
      expect(moves(engine, inputs, '2024-06-01')).toEqual([
        '2024-01-01 00:00 lead > active',
        '2024-02-08 00:00 active > loyal',
      ])
      expect(moves(lifecycle(silence), inputs, '2024-06-01').at(-1)).toBe('2024-03-02 00:00 active > lapsed')
    },
  'Rules that never rest at one instant are stopped, and their lifecycle is named.': () => {
    const engine = lifecycle({
      lead: [{ to: 'active', when: orders.gte(1) }],
      active: [{ to: 'lead', when: orders.gte(1) }],
    })
    expect(() => engine.decide(engine.start('u1'), paid('2024-01-01'))).toThrow(
      expect.objectContaining({ code: 'never-settles', path: 'customer' }),
    )
  },
}

describe('semantics', () => {
  test.each(Object.entries(statements))('%s', (_, holds) => holds())

  test('every statement of the page has a test, and every test stands on the page', () => {
    const page = readFileSync(resolve('docs/reference/lifecycle.md'), 'utf8')
    const section = page.slice(page.indexOf('## Semantics'))
    const listed: string[] = []
    for (const line of section.slice(0, section.indexOf('\n## ', 5)).split('\n')) {
      if (/^\d+\. /.test(line)) listed.push(line.replace(/^\d+\. /, ''))
      else if (/^ {2,}\S/.test(line)) listed.push(`${listed.pop()} ${line.trim()}`)
    }
    expect(listed).toEqual(Object.keys(statements))
  })
})
