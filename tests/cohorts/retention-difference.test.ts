import {
  defineRetention,
  describeRetention,
  describeRetentionDifference,
  explainRetentionDifference,
  type RetentionDefinition,
  type RetentionDifferenceOptions,
  retentionPreset,
  retentionPresets,
} from 'liuliang/cohorts'
import { type AnyEvent, collect, DefinitionError, defineEvents, instant, text } from 'liuliang/kernel'
import { describe, expect, test } from 'vitest'

let count = 0
const event = (type: string, subject: string, time: string, data: AnyEvent['data'] = {}): AnyEvent => {
  count += 1
  return { id: String(count), type, subject, occurredAt: instant(`${time}Z`), data }
}

const shared = { version: 1, entry: 'joined', activity: 'opened', period: 'day' } as const
const ours: RetentionDefinition = { ...shared, id: 'ours', calendar: { zone: 'Asia/Shanghai' } }
const utc: RetentionDefinition = { ...ours, calendar: { zone: 'UTC' } }
const posthog = retentionPreset('posthog', { ...shared, id: 'posthog', calendar: { zone: 'UTC' } })
const asOf = instant('2024-03-10T00:00:00Z')

/** Mei is back on the next day in Shanghai only, Lin in both zones, Bo never; An joined on the last day. */
const events = [
  event('joined', 'mei', '2024-03-01T14:00:00'),
  event('opened', 'mei', '2024-03-01T18:00:00'),
  event('joined', 'lin', '2024-03-01T08:00:00'),
  event('opened', 'lin', '2024-03-02T08:00:00'),
  event('joined', 'bo', '2024-03-02T08:00:00'),
  event('joined', 'an', '2024-03-09T08:00:00'),
]

const code = (run: () => unknown): string => {
  try {
    run()
  } catch (error) {
    if (error instanceof DefinitionError) return `${error.code} ${error.path}`
    throw error
  }
  return 'nothing'
}

describe('why two numbers differ', () => {
  test('the zone, and who is counted before the window has passed', () => {
    const found = explainRetentionDifference(ours, posthog, events, { asOf, offset: 1 })
    expect(found).toMatchObject({
      kind: 'parts',
      a: { eligible: 3, retained: 2, rate: { ratio: '2/3' } },
      b: { eligible: 4, retained: 1, rate: { ratio: '1/4' } },
      difference: { ratio: '-5/12', points: '-41.7' },
    })
    if (found.kind !== 'parts') throw new Error(found.reason)
    // Zone first: 2/3 to 1/3, then 1/4. Eligibility first: 2/3 to 2/4, then 1/4. Entering again changes nobody.
    expect(
      found.parts.map(({ factor, settings, ratio, points }) => [factor, settings, ratio, points]),
    ).toEqual([
      ['clock', ['calendar.zone', 'calendar.weekStart'], '-7/24', '-29.2'],
      ['entry', ['entryRule'], '0', '0.0'],
      ['eligibility', ['eligibility', 'cellZero'], '-1/8', '-12.5'],
    ])
    expect(found.moved).toEqual([
      {
        ...{ subject: 'an', a: { cohorts: 1, eligible: 0, retained: 0 } },
        ...{ b: { cohorts: 1, eligible: 1, retained: 0 }, by: ['eligibility'] },
      },
      {
        ...{ subject: 'mei', a: { cohorts: 1, eligible: 1, retained: 1 } },
        ...{ b: { cohorts: 1, eligible: 1, retained: 0 }, by: ['clock'] },
      },
    ])
    expect(describeRetentionDifference(found, 'en', { a: 'ours', b: 'PostHog' })).toBe(
      'ours: 66.7 % (2 of 3). PostHog: 25.0 % (1 of 4). The difference is -41.7 percentage points: clock -29.2 (calendar.zone, calendar.weekStart); entry 0.0 (entryRule); eligibility -12.5 (eligibility, cellZero). People who count differently: 2.',
    )
    expect(describeRetentionDifference(found, 'zh', { a: '本库', b: 'PostHog' })).toBe(
      '本库：66.7%（2/3）。PostHog：25.0%（1/4）。相差-41.7个百分点：时钟-29.2（calendar.zone、calendar.weekStart）；进入0.0（entryRule）；应计范围-12.5（eligibility、cellZero）。计数不同的用户：2人。',
    )
  })

  test('a mixed definition without a number is named', () => {
    // Either side has people: who paid, in June; who joined, in March. Who paid is not over by March.
    const paid = [event('paid', 'zoe', '2024-03-09T23:00:00')]
    const a: RetentionDefinition = { ...utc, entry: 'paid', eligibility: 'everybody' }
    const found = explainRetentionDifference(a, utc, [...events, ...paid], { asOf, offset: 1 })
    expect(found).toMatchObject({
      kind: 'undefined',
      reason: 'not-over',
      mix: { entry: 'a', eligibility: 'b' },
      a: { rate: { ratio: '0' } },
      b: { rate: { ratio: '1/3' } },
      difference: { ratio: '1/3' },
      fault: null,
    })
    expect(describeRetentionDifference(found, 'en')).toContain(
      'There are no parts: with entry of A, eligibility of B there is no number, because nobody’s window is over.',
    )
    expect(describeRetentionDifference(found, 'zh')).toContain('取A的进入、B的应计范围时没有数值')
  })

  test('where one of the two has no number, there is no difference', () => {
    const never: RetentionDefinition = { ...utc, entry: 'never' }
    expect(explainRetentionDifference(utc, never, events, { asOf, offset: 1 })).toMatchObject({
      ...{ kind: 'undefined', reason: 'no-trials', mix: { entry: 'b' } },
      ...{ b: { eligible: 0, rate: null }, difference: null },
    })
    expect(explainRetentionDifference(utc, never, [], { asOf, offset: 1 })).toMatchObject({
      ...{ kind: 'undefined', reason: 'no-trials', mix: { entry: 'a' }, moved: [] },
    })
    expect(explainRetentionDifference(utc, utc, events, { asOf, offset: 500 })).toMatchObject({
      ...{ kind: 'undefined', reason: 'not-over', mix: {}, difference: null },
    })
  })

  test('periods of other lengths, each side with its own offset', () => {
    const weeks: RetentionDefinition = { ...utc, period: 'week' }
    const found = explainRetentionDifference(utc, weeks, events, { asOf, offset: { a: 1, b: 0 } })
    expect(found).toMatchObject({
      a: { eligible: 3, retained: 1 },
      // The week from 4 March has only An in it, and is over with the 10th: not yet.
      b: { eligible: 3, retained: 2 },
      parts: [{ factor: 'clock', settings: ['period', 'offset'], ratio: '1/3' }],
    })
  })

  test('each side as of its own time', () => {
    const later = instant('2024-03-12T00:00:00Z')
    const found = explainRetentionDifference(utc, utc, events, { asOf, offset: 1, b: { asOf: later } })
    expect(found).toMatchObject({
      a: { eligible: 3 },
      b: { eligible: 4 },
      parts: [{ factor: 'eligibility', settings: ['asOf'], ratio: '-1/12' }],
      moved: [{ subject: 'an', by: ['eligibility'] }],
    })
  })

  test('the window belongs to the entry where that is the first in the window', () => {
    const recent: RetentionDefinition = { ...utc, entryRule: 'first-in-window' }
    const since = instant('2024-03-02T00:00:00Z')
    const again = [...events, event('joined', 'lin', '2024-03-03T08:00:00')]
    const found = explainRetentionDifference(utc, recent, again, { asOf, offset: 1, b: { since } })
    expect(found).toMatchObject({
      a: { eligible: 3, retained: 1 },
      b: { eligible: 2, retained: 0 },
      parts: [{ factor: 'entry', settings: ['entryRule', 'since'], ratio: '-1/3' }],
    })
    expect(code(() => explainRetentionDifference(utc, recent, again, { asOf, offset: 1 }))).toBe(
      'missing $.since',
    )
  })

  test('a group of a breakdown', () => {
    const shop = defineEvents({ joined: { channel: text() }, opened: { channel: text() } })
    const data = { channel: 'ad' }
    const history = [
      event('joined', 'mei', '2024-03-01T08:00:00', data),
      event('opened', 'mei', '2024-03-02T08:00:00', { channel: 'qr' }),
      event('joined', 'lin', '2024-03-01T08:00:00', data),
      event('opened', 'lin', '2024-03-02T08:00:00', data),
      event('joined', 'bo', '2024-03-01T08:00:00', { channel: 'qr' }),
    ]
    const by = (of: 'entry' | 'event') =>
      ({ ...utc, events: shop, breakdown: { field: 'channel', of } }) as unknown as RetentionDefinition
    const group = { asOf, offset: 1, group: 'ad' } as const
    expect(explainRetentionDifference(by('entry'), by('event'), history, group)).toMatchObject({
      ...{ a: { eligible: 2, retained: 2 }, b: { eligible: 2, retained: 1 } },
      parts: [{ factor: 'entry', settings: ['breakdown'], ratio: '-1/2' }],
      moved: [{ subject: 'mei', by: ['entry'] }],
    })
    // Without a group, everybody counts once, whatever the breakdown.
    expect(explainRetentionDifference(by('entry'), by('event'), history, { asOf, offset: 1 })).toMatchObject({
      ...{ a: { eligible: 3, retained: 2 }, parts: [], moved: [] },
    })
    expect(
      explainRetentionDifference(by('entry'), by('event'), history, { ...group, group: 'tv' }),
    ).toMatchObject({
      ...{ kind: 'undefined', reason: 'no-trials' },
    })
    expect(code(() => explainRetentionDifference(by('entry'), utc, history, group))).toBe(
      'missing $.b.breakdown',
    )
  })

  test('what comes later does not hide the period that is open', () => {
    const noon = instant('2024-03-02T12:00:00Z')
    const young: RetentionDefinition = { ...utc, eligibility: 'everybody' }
    const known = events.filter(({ occurredAt }) => occurredAt <= noon)
    const retention = defineRetention(young)
    const { eligible, retained } = retention.result(collect(retention, known), { asOf: noon }).averages[1]!
    expect([eligible, retained]).toEqual([2, 1])
    const found = explainRetentionDifference(utc, young, events, { asOf: noon, offset: 1 })
    expect(found.b).toMatchObject({ eligible, retained })
    // One collection serves both: what is later for the one side is not for the other.
    const apart = explainRetentionDifference(young, young, events, { asOf, offset: 1, a: { asOf: noon } })
    expect(apart).toMatchObject({ a: { eligible, retained }, b: { eligible: 4, retained: 1 } })
  })

  test('rounded parts of equal size add up, the same either way', () => {
    const both = ['opened', 'clicked']
    const crowd = ['u1', 'u2', 'u3', 'u4'].map((name) => event('joined', name, '2024-03-01T08:00:00'))
    const history = [
      ...crowd,
      event('joined', 'mei', '2024-03-01T14:00:00'),
      event('clicked', 'mei', '2024-03-01T18:00:00'),
      event('joined', 'lin', '2024-03-01T08:00:00'),
      event('opened', 'lin', '2024-03-02T08:00:00'),
    ]
    const points = (a: RetentionDefinition, b: RetentionDefinition) => {
      const found = explainRetentionDifference(a, b, history, { asOf, offset: 1 })
      return (
        found.kind === 'parts' &&
        [found.difference, ...found.parts].map(({ ratio, points }) => [ratio, points])
      )
    }
    const [a, b] = [
      { ...ours, activity: both },
      { ...utc, activity: 'clicked' },
    ]
    expect(points(a, b)).toEqual([
      ['-1/3', '-33.3'],
      ['-1/6', '-16.7'],
      ['-1/6', '-16.6'],
    ])
    expect(points(b, a)).toEqual([
      ['1/3', '33.3'],
      ['1/6', '16.7'],
      ['1/6', '16.6'],
    ])
  })

  test('the numbers are those of the table', () => {
    const retention = defineRetention(posthog)
    const result = retention.result(collect(retention, events), { asOf })
    const { eligible, retained } = result.averages[1]!
    expect(explainRetentionDifference(ours, posthog, events, { asOf, offset: 1 }).b).toMatchObject({
      eligible,
      retained,
    })
  })

  test('more cells than a table has are told with the fault, and move nobody', () => {
    const seconds: RetentionDefinition = { ...utc, clock: { elapsed: { seconds: 1 } } }
    const found = explainRetentionDifference(utc, seconds, events, { asOf, offset: 400_000 })
    expect(found).toMatchObject({
      ...{ kind: 'undefined', reason: 'not-over', mix: { clock: 'a' }, moved: [] },
      b: { rate: null },
    })
    expect(explainRetentionDifference(seconds, utc, events, { asOf, offset: 400_000 })).toMatchObject({
      ...{ kind: 'undefined', reason: 'impossible', mix: { clock: 'a' }, fault: { code: 'too-large' } },
      moved: [],
    })
  })

  test('reads events once', () => {
    function* once() {
      yield* events
    }
    const whole = explainRetentionDifference(ours, posthog, events, { asOf, offset: 1 })
    expect(explainRetentionDifference(ours, posthog, once(), { asOf, offset: 1 })).toEqual(whole)
  })
})

describe('what is refused', () => {
  const catalogue = (name: string) => defineEvents({ joined: { [name]: text() }, opened: {} })
  const options = (more: object): RetentionDifferenceOptions => ({ asOf, offset: 1, ...more })
  test.each<readonly [string, () => unknown]>([
    ['wrong-type $.a', () => explainRetentionDifference(null as never, utc, [], options({}))],
    ['missing $.b.id', () => explainRetentionDifference(utc, {} as never, [], options({}))],
    [
      'unknown-name $.b.period',
      () => explainRetentionDifference(utc, { ...utc, period: 'eon' as never }, [], options({})),
    ],
    ['wrong-type $', () => explainRetentionDifference(utc, utc, [], null as never)],
    ['unknown-key $.at', () => explainRetentionDifference(utc, utc, [], options({ at: 1 }))],
    ['invalid-instant $.asOf', () => explainRetentionDifference(utc, utc, [], options({ asOf: Number.NaN }))],
    ['out-of-range $.offset', () => explainRetentionDifference(utc, utc, [], options({ offset: -1 }))],
    ['out-of-range $.offset', () => explainRetentionDifference(utc, utc, [], options({ offset: 1e6 }))],
    [
      'out-of-range $.offset.b',
      () => explainRetentionDifference(utc, utc, [], options({ offset: { a: 1 } })),
    ],
    ['unknown-key $.a.upTo', () => explainRetentionDifference(utc, utc, [], options({ a: { upTo: 1 } }))],
    [
      'invalid-instant $.b.asOf',
      () => explainRetentionDifference(utc, utc, [], options({ b: { asOf: '1' } })),
    ],
    ['out-of-range $.since', () => explainRetentionDifference(utc, utc, [], options({ since: asOf + 1 }))],
    ['out-of-range $.decimals', () => explainRetentionDifference(utc, utc, [], options({ decimals: 7 }))],
    ['wrong-type $.group', () => explainRetentionDifference(utc, utc, [], options({ group: {} }))],
    ['wrong-type $.events', () => explainRetentionDifference(utc, utc, 7 as never, options({}))],
    ['wrong-type $.events', () => explainRetentionDifference(utc, utc, 'abc' as never, options({}))],
    ['wrong-type $', () => explainRetentionDifference(utc, utc, [null as never], options({}))],
    [
      'other-definition $.b.events',
      () =>
        explainRetentionDifference(
          { ...utc, events: catalogue('x') } as RetentionDefinition,
          { ...utc, events: catalogue('y') } as RetentionDefinition,
          [],
          options({}),
        ),
    ],
    ['unknown-name $.lang', () => describeRetentionDifference({} as never, 'fr' as never)],
    [
      'wrong-type $.events',
      () =>
        describeRetention(
          { ...utc, events: { events: { joined: {}, opened: {} }, kinds: {}, vocabulary: 7 } as never },
          'en',
        ),
    ],
    ['wrong-type $', () => describeRetentionDifference({} as never, 'en')],
    ['unknown-name $.name', () => retentionPreset('heap' as never, {} as never)],
    ['unknown-name $.name', () => retentionPreset('__proto__' as never, {} as never)],
    ['wrong-type $', () => retentionPreset('posthog', [] as never)],
    ['missing $.id', () => retentionPreset('posthog', {} as never)],
    ['unknown-key $.cellZero', () => retentionPreset('posthog', { cellZero: 'measured' } as never)],
    ['unknown-key $.clock', () => retentionPreset('mixpanel', { clock: 'calendar' } as never)],
    ['unknown-key $.minimum', () => retentionPreset('mixpanel', { minimum: 2 } as never)],
    [
      'unknown-name $.period',
      () => retentionPreset('amplitude', { ...shared, id: 'a', calendar: { zone: 'UTC' }, period: 'hour' }),
    ],
    [
      'missing $.period',
      () =>
        retentionPreset('amplitude', {
          ...shared,
          id: 'a',
          calendar: { zone: 'UTC' },
          period: undefined as never,
        }),
    ],
    [
      'unknown-name $.entryRule',
      () =>
        retentionPreset('amplitude', {
          ...shared,
          id: 'a',
          calendar: { zone: 'UTC' },
          entryRule: 'first-ever',
        }),
    ],
    [
      'unknown-name $.measure',
      () =>
        retentionPreset('posthog', { ...shared, id: 'a', calendar: { zone: 'UTC' }, measure: 'consecutive' }),
    ],
    [
      'out-of-range $.calendar.dayStart',
      () => retentionPreset('posthog', { ...shared, id: 'a', calendar: { zone: 'UTC', dayStart: '04:00' } }),
    ],
    [
      'out-of-range $.calendar.weekStart',
      () => retentionPreset('posthog', { ...shared, id: 'a', calendar: { zone: 'UTC', weekStart: 3 } }),
    ],
    [
      'wrong-type $.calendar',
      () => retentionPreset('posthog', { ...shared, id: 'a', calendar: 'UTC' as never }),
    ],
  ])('%s', (expected, run) => expect(code(run)).toBe(expected))

  test('one catalogue is enough, whose names may be fewer', () => {
    const shop = defineEvents({ joined: { channel: text() } })
    const a = {
      ...utc,
      activity: 'joined',
      events: shop,
      where: { channel: 'ad' },
    } as unknown as RetentionDefinition
    expect(explainRetentionDifference(a, utc, events, { asOf, offset: 1 })).toMatchObject({
      kind: 'undefined',
      mix: { filter: 'a' },
    })
  })
})

describe('presets', () => {
  test('are plain data, and say where everything is known from', () => {
    for (const [name, { surprises, notImitated }] of Object.entries(retentionPresets)) {
      const definition = retentionPreset(name as 'posthog', {
        ...shared,
        id: name,
        calendar: { zone: 'UTC' },
      })
      expect(JSON.parse(JSON.stringify(definition))).toEqual(definition)
      expect(surprises.length).toBeGreaterThan(0)
      expect(notImitated.length).toBeGreaterThan(0)
      for (const { text, source } of [...surprises, ...notImitated])
        expect([text.en, text.zh, source].every((said) => said.length > 0)).toBe(true)
    }
  })

  test('weeks begin where the product has them begin, unless told', () => {
    const week = { ...shared, id: 'w', period: 'week' } as const
    expect(retentionPreset('posthog', { ...week, calendar: { zone: 'UTC' } }).calendar.weekStart).toBe(7)
    expect(
      retentionPreset('posthog', { ...week, calendar: { zone: 'UTC', weekStart: 1 } }).calendar.weekStart,
    ).toBe(1)
    expect(retentionPreset('mixpanel', { ...week, calendar: { zone: 'UTC' } }).calendar.weekStart).toBe(1)
  })

  test('the 24-hour mode of PostHog gives everybody one start', () => {
    const start = retentionPreset('posthog-24-hour', { ...shared, id: 'p', calendar: { zone: 'UTC' } })
    expect(start).toMatchObject({
      entryRule: 'first-in-window',
      clock: { elapsed: { hours: 24 }, truncate: 'hour' },
    })
  })
})
