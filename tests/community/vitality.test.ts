import {
  assessVitality,
  communityWords,
  defineVitality,
  type GroupVitality,
  groupSurvival,
  type Vitality,
  type VitalityDefinition,
  vitalityReasons,
  vitalityRows,
} from 'liuliang/community'
import { type AnyEvent, collect, DefinitionError, explain, instant } from 'liuliang/kernel'
import { describe, expect, test } from 'vitest'

const definition: VitalityDefinition = {
  id: 'groups',
  version: 1,
  calendar: { zone: 'Asia/Shanghai', named: { spring: [{ from: '2024-02-10', to: '2024-02-18' }] } },
  period: 'day',
  group: 'group',
  joins: 'member-joined',
  leaves: 'member-left',
  messages: 'message-sent',
  kind: 'kind',
  kinds: { member: 'member', operator: 'operator', advertisement: ['advertisement', 'push'] },
  answers: 'answersPush',
  quiet: 'spring',
}
const vitality = defineVitality(definition)

let ids = 0
const event = (type: string, subject: string, time: string, data: object = {}): AnyEvent => ({
  id: `e${ids++}`,
  type,
  subject,
  occurredAt: instant(`${time}+08:00`),
  data: { group: 'tea', ...data },
})
const joined = (subject: string, time: string) => event('member-joined', subject, time)
const left = (subject: string, time: string) => event('member-left', subject, time)
const said = (subject: string, time: string, kind = 'member', more: object = {}) =>
  event('message-sent', subject, time, { kind, ...more })

const asOf = instant('2024-03-08T00:00:00+08:00')
const linesOf = (events: readonly AnyEvent[], options: object = {}) =>
  vitality.result(collect(vitality, events), { asOf, ...options }).groups[0]!.periods

describe('a day', () => {
  const events = [
    joined('mei', '2024-03-05T08:00'),
    joined('lin', '2024-03-05T08:00'),
    joined('hao', '2024-03-05T09:00'),
    said('mei', '2024-03-05T10:00'),
    said('mei', '2024-03-05T10:01'),
    said('mei', '2024-03-05T10:02', 'member', { answersPush: true }),
    said('lin', '2024-03-05T23:59:59.999'),
    said('host', '2024-03-05T09:00', 'operator'),
    said('shop', '2024-03-05T09:00', 'push'),
    said('shop', '2024-03-05T09:30', 'advertisement'),
    said('robot', '2024-03-05T09:30', 'system'),
    left('hao', '2024-03-06T12:00'),
    said('shop', '2024-03-07T12:00', 'push'),
    said('mei', '2024-03-08T00:00'), // a day that is not over
  ]
  const [first, second, third, ...more] = linesOf(events)

  test('counts people once and messages by kind', () => {
    expect(first).toMatchObject({
      ...{ from: '2024-03-05', to: '2024-03-06', over: instant('2024-03-06T00:00:00+08:00') },
      ...{ days: 1, quiet: 0, members: 3, present: 3, personDays: 3, speakers: 2 },
      messages: { member: 4, operator: 1, advertisement: 2, other: 1 },
      perPersonDay: { kind: 'estimate', value: 4 / 3 },
      concentration: { kind: 'estimate', top: 0.75, hhi: 0.625 },
      answersPerPush: { kind: 'estimate', value: 0.5 },
      ...{ joins: 3, noticed: 0, leaves: 0, net: 3 },
    })
    expect(first!.speaking).toMatchObject({ value: 2 / 3, trials: 3, method: 'wilson' })
    expect(first!.advertising).toMatchObject({ value: 2 / 7, trials: 7 })
  })

  test('has a line also when nobody speaks; what no number is, is a case', () => {
    expect(second).toMatchObject({ members: 2, present: 3, speakers: 0, leaves: 1, net: -1 })
    expect(second!.concentration).toEqual({ kind: 'undefined', reason: 'nobody-spoke' })
    expect(second!.advertising).toEqual({ kind: 'undefined', reason: 'no-trials' })
    expect(second!.answersPerPush).toEqual({ kind: 'undefined', reason: 'no-pushes' })
    expect(third!.answersPerPush).toEqual({ kind: 'estimate', value: 0 })
    expect(more).toEqual([])
  })

  test('names nobody unless told to', () => {
    const partial = collect(vitality, events)
    const masked = JSON.stringify(vitality.result(partial, { asOf }))
    for (const name of ['mei', 'lin', 'hao', 'shop', 'host']) expect(masked).not.toContain(name)
    const named = vitality.result(partial, { asOf, people: 'named' })
    expect(named.groups[0]!.periods[0]!.concentration).toMatchObject({ topSpeaker: 'mei' })
    expect(JSON.stringify(vitalityRows(named))).not.toContain('mei')
    expect(JSON.stringify(assessVitality(named))).not.toContain('mei')
  })

  test('makes flat rows, with null and a reason where there is no number', () => {
    const [row] = vitalityRows({ groups: [{ group: 'tea', periods: [first!] }] })
    expect(row).toMatchObject({
      group: 'tea',
      n: 3,
      value: 2 / 3,
      reason: null,
      advertisements: 2,
      hhi: 0.625,
    })
    const empty = linesOf([left('hao', '2024-03-05T08:00'), joined('mei', '2024-03-07T08:00')])
    const rows = vitalityRows({ groups: [{ group: 'tea', periods: empty }] })
    expect(rows.map(({ n, value, reason }) => [n, value, reason])).toEqual([
      [1, 0, null],
      [0, null, 'no-trials'],
      [1, 0, null],
    ])
    expect(vitalityReasons['no-trials'].zh).toBe('群内没有成员')
  })
})

describe('who is in', () => {
  const counts = (events: readonly AnyEvent[]) =>
    linesOf(events).map(({ members, joins, noticed, leaves }) => [members, joins, noticed, leaves])

  test('a leaving without a joining notices and takes out; nobody falls below nothing', () => {
    expect(counts([left('hao', '2024-03-05T08:00'), left('hao', '2024-03-06T08:00')])).toEqual([
      [0, 0, 1, 1],
      [0, 0, 1, 1],
      [0, 0, 0, 0],
    ])
  })

  test('messages before a joining, and after a leaving, notice', () => {
    expect(counts([said('mei', '2024-03-05T08:00'), joined('mei', '2024-03-06T08:00')])).toEqual([
      [1, 0, 1, 0],
      [1, 0, 0, 0],
      [1, 0, 0, 0],
    ])
    expect(
      counts([
        joined('mei', '2024-03-05T08:00'),
        left('mei', '2024-03-06T08:00'),
        said('mei', '2024-03-07T08:00'),
      ]),
    ).toEqual([
      [1, 1, 0, 0],
      [0, 0, 0, 1],
      [1, 0, 1, 0],
    ])
    // Advertising and operators are not members for speaking.
    expect(counts([said('shop', '2024-03-05T08:00', 'push')])[0]).toEqual([0, 0, 0, 0])
  })

  test('of joinings and leavings of a day the last decides, at one instant the joining', () => {
    const time = '2024-03-05T08:00'
    expect(counts([joined('mei', time), left('mei', '2024-03-05T09:00')])[0]).toEqual([0, 1, 0, 1])
    for (const both of [
      [joined('mei', time), left('mei', time)],
      [left('mei', time), joined('mei', time)],
    ])
      expect(counts(both)[0]).toEqual([1, 1, 1, 1])
    expect(counts([joined('mei', time), joined('mei', time)])[0]).toEqual([1, 1, 0, 0])
  })

  test('is known from before `since`', () => {
    const events = [joined('mei', '2023-01-01T08:00'), joined('lin', '2024-03-06T08:00')]
    const lines = linesOf(events, { since: instant('2024-03-06T00:00:00+08:00') })
    expect(lines.map(({ from, members, joins }) => [from, members, joins])).toEqual([
      ['2024-03-06', 2, 1],
      ['2024-03-07', 2, 0],
    ])
  })
})

describe('weeks and odd days', () => {
  test('a week counts people once, and only when it is over', () => {
    const weekly = defineVitality({ ...definition, period: 'week' })
    const events = [
      joined('mei', '2024-02-28T08:00'),
      said('mei', '2024-02-28T09:00'),
      said('mei', '2024-02-29T09:00'),
      said('mei', '2024-03-05T09:00'),
    ]
    const { periods } = weekly.result(collect(weekly, events), { asOf }).groups[0]!
    expect(periods).toHaveLength(1)
    expect(periods[0]).toMatchObject({
      from: '2024-02-26',
      to: '2024-03-04',
      days: 7,
      speakers: 1,
      personDays: 5,
    })
  })

  test('a date that the zone skipped has no line', () => {
    const apia = defineVitality({
      ...definition,
      calendar: { zone: 'Pacific/Apia' },
      quiet: undefined,
    } as never)
    const events = [{ ...joined('mei', '2011-12-29T00:00'), occurredAt: instant('2011-12-29T22:00:00Z') }]
    const { periods } = apia.result(collect(apia, events), { asOf: instant('2012-01-01T12:00:00Z') })
      .groups[0]!
    expect(periods.map(({ from }) => from)).toEqual(['2011-12-29', '2011-12-31', '2012-01-01'])
  })

  test('quiet days are marked', () => {
    const lines = linesOf([joined('mei', '2024-02-09T08:00')])
    expect(lines.filter(({ quiet }) => quiet === 1).map(({ from }) => from)).toEqual(
      Array.from({ length: 8 }, (_, i) => `2024-02-${10 + i}`),
    )
  })
})

test('groups and people may have any name', () => {
  const names = ['__proto__', 'constructor', 'toString', '', '10']
  const events = names.flatMap((group) =>
    names.map((subject) => ({ ...said(subject, '2024-03-05T08:00'), data: { group, kind: 'member' } })),
  )
  const partial = collect(vitality, events)
  const { groups } = vitality.result(JSON.parse(JSON.stringify(partial)), { asOf })
  expect(groups.map(({ group, periods }) => [group, periods[0]!.speakers])).toEqual(
    [...names].sort().map((name) => [name, 5]),
  )
  expect(({} as { tea?: unknown }).tea).toBeUndefined()
  const back = events.reduce((left, each) => vitality.retract(left, each), partial)
  expect(back).toEqual(vitality.empty())
})

test('a hundred thousand members are counted within seconds', () => {
  const at = instant('2024-03-05T08:00:00+08:00')
  const partial = vitality.empty()
  for (let i = 0; i < 100_000; i++) {
    const subject = `m${i}`
    vitality.add(partial, { id: '', type: 'member-joined', subject, occurredAt: at, data: { group: 'all' } })
    if (i % 2 === 0)
      vitality.add(partial, {
        ...{ id: '', type: 'message-sent', subject, occurredAt: at + 1 },
        data: { group: 'all', kind: 'member' },
      })
  }
  const [line] = vitality.result(partial, { asOf }).groups[0]!.periods
  expect(line).toMatchObject({ members: 100_000, speakers: 50_000 })
})

describe('refuses', () => {
  test.each([
    ['missing', '$.id', { id: '' }],
    ['out-of-range', '$.version', { version: 0 }],
    ['missing', '$.calendar', { calendar: undefined }],
    ['unknown-key', '$.calendar.business', { calendar: { zone: 'UTC', business: {} } }],
    ['unknown-name', '$.period', { period: 'month' }],
    ['missing', '$.group', { group: '' }],
    ['missing', '$.messages', { messages: [] }],
    ['duplicate-name', '$.leaves', { leaves: 'member-joined' }],
    ['duplicate-name', '$.kinds.advertisement[1]', { kinds: { member: 'a', advertisement: ['b', 'a'] } }],
    ['unknown-key', '$.kinds.push', { kinds: { member: 'a', advertisement: 'b', push: 'c' } }],
    ['unknown-name', '$.quiet', { quiet: 'summer' }],
    ['unknown-key', '$.answer', { answer: 'x' }],
  ] as const)('a definition: %s at %s', (code, path, change) => {
    expect(faultOf(() => defineVitality({ ...definition, ...change } as never))).toEqual([code, path])
  })

  test.each([
    ['invalid-instant', '$.asOf', { asOf: Number.NaN }],
    ['out-of-range', '$.since', { since: asOf + 1 }],
    ['out-of-range', '$.level', { level: 95 }],
    ['unknown-name', '$.people', { people: 'all' }],
  ] as const)('options: %s at %s', (code, path, change) => {
    expect(faultOf(() => vitality.result(vitality.empty(), { asOf, ...change } as never))).toEqual([
      code,
      path,
    ])
  })

  test('events without a group, and what was never added', () => {
    const nowhere = { ...said('mei', '2024-03-05T08:00'), data: {} }
    expect(faultOf(() => vitality.add(vitality.empty(), nowhere))).toEqual(['wrong-type', '$.data.group'])
    const message = said('mei', '2024-03-05T08:00')
    expect(faultOf(() => vitality.retract(vitality.empty(), message))).toEqual(['out-of-range', '$'])
    const other = vitality.add(vitality.empty(), { ...message, data: { group: 'tea', kind: 'push' } })
    expect(faultOf(() => vitality.retract(other, message))).toEqual(['out-of-range', '$'])
  })

  test('partials of another definition, and histories that are none', () => {
    const other = defineVitality({ ...definition, version: 2 })
    expect(faultOf(() => vitality.merge(vitality.empty(), other.empty()))).toEqual([
      'other-definition',
      '$.of',
    ])
    for (const person of [
      ...[null, {}, { moves: [1], said: [] }, { moves: [], said: [1, 2] }],
      ...[
        { moves: [5, 1, 3, 1], said: [] },
        { moves: [], said: [1, -1, 0, 0, 0, 0] },
      ],
      ...[
        { moves: [], said: [1, 0, 0, 0, 0, 1] },
        { moves: [0, 2], said: [] },
      ],
    ]) {
      const partial = { ...vitality.empty(), groups: { tea: { mei: person } } } as never
      expect(faultOf(() => vitality.result(partial, { asOf }))?.[0]).toBe('malformed-state')
    }
  })

  test('an event dated by mistake makes no million lines', () => {
    const partial = collect(vitality, [joined('mei', '0024-03-05T08:00')])
    expect(faultOf(() => vitality.result(partial, { asOf }))).toEqual(['too-large', '$.since'])
    expect(vitality.result(partial, { asOf, since: asOf - 86_400_000 }).groups[0]!.periods).toHaveLength(1)
  })
})

/** Groups of ten people with so many speakers a day, out of events. */
function groupsOf(
  lives: Readonly<Record<string, readonly { speakers: number; pushes?: number }[]>>,
): Vitality {
  const start = instant('2024-03-04T09:00:00+08:00')
  const events = Object.entries(lives).flatMap(([group, days]) => [
    ...Array.from({ length: 10 }, (_, i) => ({
      ...joined(`${group}${i}`, '2024-03-04T08:00'),
      data: { group },
    })),
    ...days.flatMap(({ speakers, pushes = 0 }, day) =>
      [
        ...Array.from({ length: speakers }, (_, i) => [`${group}${(i + day) % 10}`, 'member']),
        ...Array.from({ length: pushes }, () => ['shop', 'push']),
      ].map(([subject, kind]) => ({
        ...said(subject!, '2024-03-04T08:00', kind),
        ...{ occurredAt: start + day * 86_400_000, data: { group, kind } },
      })),
    ),
  ])
  const days = Math.max(...Object.values(lives).map((each) => each.length))
  return vitality.result(collect(vitality, events), {
    asOf: start + (days - 1) * 86_400_000 + 15 * 3_600_000,
  })
}
const repeat = (count: number, speakers: number, pushes = 0) =>
  Array.from({ length: count }, () => ({ speakers, pushes }))

describe('an assessment', () => {
  const result = groupsOf({
    dead: [...repeat(36, 5), ...repeat(14, 0, 1)],
    dying: [
      ...repeat(30, 5),
      ...repeat(20, 0, 3).map((each, i) => (i === 12 ? { speakers: 1, pushes: 3 } : each)),
    ],
    fading: [...repeat(28, 5), ...repeat(22, 1)],
    lively: repeat(50, 4),
    sold: repeat(50, 2, 2),
  })
  const found = assessVitality(result)
  const of = (group: string) => found.find((each) => each.group === group)!

  test('says how each group is', () => {
    expect(found.map(({ group, state }) => [group, state])).toEqual([
      ['dead', 'dead'],
      ['dying', 'dying'],
      ['fading', 'at-risk'],
      ['lively', 'healthy'],
      ['sold', 'healthy'],
    ])
  })

  test('says why, with numbers, and what to change, in both tongues', () => {
    expect(of('fading').because).toEqual([
      { code: 'speaking-fell', since: '2024-04-16', speakers: 7, usual: 35, percent: 20 },
    ])
    expect(explain(communityWords, of('fading').because[0]!, 'en')).toBe(
      'since 2024-04-16 fewer members speak: 7 speakers in the last 7 days where 35 were usual (20 %)',
    )
    expect(explain(communityWords, of('fading').next, 'zh')).toBe(
      '逐一联系曾经活跃的成员，并为社群设定专属话题',
    )
    expect(of('dying').next).toEqual({ code: 'stop-advertising' })
    expect(of('dying').because.map(({ code }) => code)).toEqual([
      ...['speaking-fell', 'silent-for', 'advertising-high'],
    ])
    expect(of('dead').because[0]).toEqual({ code: 'silent-for', days: 14, death: 14 })
    expect(of('sold')).toMatchObject({ next: { code: 'advertise-less' }, because: [{}, { percent: 50 }] })
    expect(of('lively')).toMatchObject({ next: { code: 'keep-on' } })
    for (const { because, next } of found) {
      for (const what of [...because, next]) {
        for (const lang of ['en', 'zh'] as const) {
          expect(explain(communityWords, what, lang)).not.toMatch(/\{|undefined|^[a-z-]+$/)
        }
      }
    }
  })

  test('too few days say so; no day at all says nothing', () => {
    const young = groupsOf({ young: repeat(6, 5) })
    expect(assessVitality(young)[0]).toEqual({
      ...{
        group: 'young',
        state: 'too-early',
        because: [{ code: 'few-days', days: 6 }],
        next: { code: 'wait' },
      },
    })
    expect(assessVitality(young, { asOf: 0 })).toEqual([])
  })

  test('refuses to look ahead, and weeks', () => {
    expect(faultOf(() => assessVitality(result, { asOf: result.asOf + 1 }))).toEqual([
      'out-of-range',
      '$.asOf',
    ])
    const weekly = defineVitality({ ...definition, period: 'week' })
    const weeks = weekly.result(collect(weekly, [joined('mei', '2024-02-01T08:00')]), { asOf })
    expect(faultOf(() => assessVitality(weeks))).toEqual(['out-of-range', '$.groups[0].periods[0].days'])
  })
})

describe('survival of groups', () => {
  const pushes = { withinDays: 7, bands: [1, 3] }
  const { groups } = groupsOf({
    alive: repeat(40, 2),
    early: [...repeat(5, 2, 4), ...repeat(35, 0)],
    middle: [...repeat(20, 2, 1), ...repeat(20, 0)],
    pushed: [...repeat(10, 2, 5), ...repeat(30, 0, 5)],
    silent: [...repeat(30, 2), ...repeat(10, 0)],
  })

  test('a death is the first day of the silence; the living are censored a silence before the end', () => {
    const found = groupSurvival(groups, { pushes })
    expect(found.death).toEqual({ kind: 'no-member-spoke', silentDays: 14 })
    expect(found.bands).toEqual([
      {
        ...{ from: 0, to: 1, groups: ['alive', 'silent'] },
        records: [
          { time: 26, event: false, entry: 7 },
          { time: 26, event: false, entry: 7 },
        ],
      },
      { from: 1, to: 3, groups: ['middle'], records: [{ time: 20, event: true, entry: 7 }] },
      { from: 3, to: null, groups: ['pushed'], records: [{ time: 10, event: true, entry: 7 }] },
    ])
    expect(found.leftOut).toEqual({ dead: ['early'], tooShort: [] })
  })

  test('time counts from the opening where that is known', () => {
    const opened = { middle: '2024-02-23', __proto__: null } as never
    const found = groupSurvival(groups, { pushes, opened })
    expect(found.bands[1]!.records).toEqual([{ time: 30, event: true, entry: 17 }])
    const late = { middle: '2024-03-05' }
    expect(faultOf(() => groupSurvival(groups, { pushes, opened: late }))).toEqual([
      'out-of-range',
      '$.opened',
    ])
  })

  test('what is too short to know is left out, and nobody is nothing', () => {
    const short: readonly GroupVitality[] = groups.map(({ group, periods }) => ({
      group,
      periods: periods.slice(0, 21),
    }))
    expect(groupSurvival(short, { pushes }).leftOut.tooShort).toEqual(['alive', 'middle', 'pushed', 'silent'])
    expect(groupSurvival([], { pushes }).bands.map(({ records }) => records)).toEqual([[], [], []])
    expect(groupSurvival([{ group: 'x', periods: [] }], { pushes }).leftOut).toEqual({
      dead: [],
      tooShort: [],
    })
  })

  test.each([
    ['out-of-range', '$.pushes.withinDays', { pushes: { withinDays: 0, bands: [] } }],
    ['out-of-range', '$.pushes.bands[1]', { pushes: { withinDays: 7, bands: [2, 2] } }],
    ['out-of-range', '$.pushes.bands[0]', { pushes: { withinDays: 7, bands: [0] } }],
    ['out-of-range', '$.silentDays', { pushes, silentDays: 0 }],
    ['wrong-type', '$.pushes', {} as never],
  ] as const)('refuses %s at %s', (code, path, options) => {
    expect(faultOf(() => groupSurvival(groups, options))).toEqual([code, path])
  })
})

function faultOf(run: () => unknown): readonly [string, string] | undefined {
  try {
    run()
    return undefined
  } catch (error) {
    if (!(error instanceof DefinitionError)) throw error
    return [error.code, error.path]
  }
}
