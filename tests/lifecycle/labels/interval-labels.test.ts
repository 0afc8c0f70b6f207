import { type AnyEvent, attributes, collect, defineEvents, instant, moment, text } from 'liuliang/kernel'
import {
  defineIntervalLabels,
  type IntervalLabelsDefinition,
  intervalLabelRows,
  labelPresets,
  labelWarnings,
  posthogLifecycle,
} from 'liuliang/lifecycle'
import { describe, expect, test } from 'vitest'

const at = (day: string) => instant(`${day}T12:00:00Z`)
let id = 0
const event = (type: string, subject: string, day: string, data: object = {}): AnyEvent => ({
  id: String(id++),
  ...{ type, subject, occurredAt: at(day), data: data as AnyEvent['data'] },
})
const base: IntervalLabelsDefinition = {
  id: 'labels',
  version: 1,
  calendar: { zone: 'UTC' },
  period: 'day',
  activity: 'paid',
  firstSeen: 'first-activity',
  dormantAs: 'count',
}
const made = (change: Partial<IntervalLabelsDefinition> = {}) => defineIntervalLabels({ ...base, ...change })

describe('what new goes by', () => {
  const events = [
    event('signed-up', 'mei', '2024-03-02'),
    ...['2024-03-01', '2024-03-02', '2024-03-04'].map((day) => event('paid', 'mei', day)),
  ]
  const labelsBy = (firstSeen: IntervalLabelsDefinition['firstSeen'], more: object = {}) => {
    const labels = made({ firstSeen })
    const options = { asOf: at('2024-03-05'), since: at('2024-03-01'), ...more }
    const partial = collect(labels, events)
    return {
      labels: labels.labels(partial, options)[0]!.labels.map(({ label }) => label),
      result: labels.result(partial, options),
    }
  }

  test.each([
    ['its first activity', 'first-activity', {}, ['new', 'returning', 'dormant', 'resurrecting', 'dormant']],
    [
      'an event of creation',
      { event: 'signed-up' },
      {},
      ['resurrecting', 'new', 'dormant', 'resurrecting', 'dormant'],
    ],
    ['any event', { event: {} }, {}, ['new', 'returning', 'dormant', 'resurrecting', 'dormant']],
    [
      'an instant handed over',
      'given-instants',
      { firstSeenAt: { mei: at('2024-03-04') } },
      ['resurrecting', 'returning', 'dormant', 'new', 'dormant'],
    ],
    [
      'the first activity that is looked at',
      { lookBack: 1 },
      { since: at('2024-03-03') },
      ['dormant', 'resurrecting', 'dormant'],
    ],
    ['the range alone', { lookBack: 0 }, { since: at('2024-03-03') }, ['new', 'dormant']],
    [
      'the range alone, from an active day on',
      { lookBack: 0 },
      { since: at('2024-03-02') },
      ['new', 'dormant', 'resurrecting', 'dormant'],
    ],
  ] as const)('%s', (_, firstSeen, more, expected) => {
    expect(labelsBy(firstSeen, more).labels).toEqual(expected)
  })

  test('who is new and was active before is counted apart, so that the identity holds', () => {
    const { result } = labelsBy({ event: 'signed-up' })
    expect(result.intervals[1]).toMatchObject({ new: 1, returning: 0, dormant: 0, newActiveBefore: 1 })
    // Nothing before the range is looked at: not who was active on the day before it either.
    const [row] = labelsBy({ lookBack: 0 }, { since: at('2024-03-02') }).result.intervals
    expect(row).toMatchObject({ new: 1, newActiveBefore: 0 })
  })

  test('an attribute as last corrected, as of then; of two corrections at one instant the earlier', () => {
    const shop = defineEvents({ paid: {}, ...attributes({ createdAt: moment(), city: text() }) })
    const labels = defineIntervalLabels({
      ...base,
      events: shop,
      firstSeen: { attribute: 'createdAt' },
    } as never)
    const set = (day: string, to: string) => event('attribute-set', 'mei', day, { createdAt: at(to) })
    const story = [
      ...['2024-03-01', '2024-03-02', '2024-03-03'].map((day) => event('paid', 'mei', day)),
      ...[set('2024-03-01', '2024-03-01'), event('attribute-set', 'mei', '2024-03-03', { city: 'x' })],
      ...[set('2024-03-02', '2024-03-03'), set('2024-03-02', '2024-03-02'), set('2024-03-04', '2024-03-03')],
    ]
    const newOn = (asOf: string) =>
      labels
        .result(collect(labels, story), { asOf: at(asOf), since: at('2024-03-01') })
        .intervals.flatMap((row) => (row.new === 1 ? [row.interval] : []))
    expect(newOn('2024-03-01')).toEqual(['2024-03-01'])
    expect(newOn('2024-03-03')).toEqual(['2024-03-02'])
    expect(newOn('2024-03-04')).toEqual(['2024-03-03'])
  })

  test('an instant after the moment asked about is not known yet', () => {
    const labels = made({ firstSeen: 'given-instants' })
    const partial = collect(labels, [event('paid', 'mei', '2024-03-01')])
    const asOf = at('2024-03-01')
    const count = (later: number) =>
      labels.result(partial, { asOf, firstSeenAt: { mei: asOf + later } }).intervals[0]!
    expect(count(0)).toMatchObject({ new: 1, resurrecting: 0 })
    expect(count(1)).toMatchObject({ new: 0, resurrecting: 1 })
  })
})

test('warnings say what to know before the numbers are read', () => {
  const labels = made({ firstSeen: 'given-instants' })
  const events = ['mei', 'lin', 'tao', 'bo'].flatMap((name) =>
    ['2024-03-01', '2024-03-02'].map((day) => event('paid', name, day)),
  )
  const firstSeenAt = { mei: at('2024-03-01'), lin: at('2024-03-02'), tao: at('2024-02-01') }
  const gaps = [{ from: at('2024-03-01'), to: at('2024-03-01') + 1, event: 'paid' }]
  const { warnings, intervals } = labels.result(collect(labels, events), {
    asOf: at('2024-03-03'),
    firstSeenAt,
    gaps,
  })
  expect(intervals.map(({ state }) => state)).toEqual(['unobserved', 'unobserved', 'provisional'])
  expect(warnings).toEqual([
    { code: 'open-interval', interval: '2024-03-03' },
    { code: 'not-tracked', interval: '2024-03-01', count: 2 },
    { code: 'first-seen-unknown', count: 1 },
    { code: 'first-seen-elsewhere', count: 1 },
    { code: 'active-before-first-seen', count: 1 },
  ])
  for (const { code } of warnings) expect(labelWarnings[code].zh).not.toBe('')
  const look = made({ firstSeen: { lookBack: 7 } })
  expect(
    look.result(collect(look, events), { asOf: at('2024-03-03'), since: at('2024-03-02') }).warnings[0],
  ).toEqual({ code: 'look-back', interval: '2024-02-24' })
})

test('who went, by what they were; dormant below zero where the definition says so', () => {
  const events = [
    ...['2024-03-01', '2024-03-02'].map((day) => event('paid', 'mei', day)),
    event('paid', 'lin', '2024-03-02'),
  ]
  const rowsOf = (dormantAs: 'count' | 'negative') => {
    const labels = made({ dormantAs })
    return intervalLabelRows(labels.result(collect(labels, events), { asOf: at('2024-03-03') }))
  }
  expect(rowsOf('count')[2]).toMatchObject({ dormant: 2, dormantNew: 1, dormantReturning: 1, pulse: 0 })
  expect(rowsOf('negative').map(({ dormant }) => dormant)).toEqual([0, 0, -2])
})

test('partials are those of other definitions that collect the same', () => {
  const [days, byJoining] = [made(), made({ id: 'other', dormantAs: 'negative' })]
  const partial = collect(days, [event('paid', 'mei', '2024-03-01')])
  expect(byJoining.result(partial, { asOf: at('2024-03-01') }).intervals[0]!.new).toBe(1)
  expect(() => made({ firstSeen: { event: 'joined' } }).result(partial, { asOf: at('2024-03-01') })).toThrow(
    'other-definition',
  )
})

test('what does not hold is refused, and where', () => {
  const refusals: readonly (readonly [Partial<IntervalLabelsDefinition>, string])[] = [
    [{ firstSeen: 'created' as never }, 'unknown-name at $.firstSeen'],
    [{ firstSeen: { event: 'a', lookBack: 1 } as never }, 'wrong-type at $.firstSeen'],
    [{ firstSeen: { lookBack: -1 } }, 'out-of-range at $.firstSeen.lookBack'],
    [{ firstSeen: { attribute: 'createdAt' }, keep: 'periods' }, 'out-of-range at $.keep'],
    [{ firstSeen: { attribute: 'createdAt' }, by: 'org' }, 'out-of-range at $.firstSeen'],
    [{ dormantAs: 'below' as never }, 'unknown-name at $.dormantAs'],
    [{ by: '' }, 'wrong-type at $.by'],
    [{ names: { labels: { gone: { en: '', zh: '' } } as never } }, 'unknown-name at $.names.labels'],
  ]
  for (const [change, message] of refusals) expect(() => made(change)).toThrow(message)
  const labels = made()
  const asOf = at('2024-03-01')
  const reads: readonly (readonly [() => unknown, string])[] = [
    [() => labels.result(labels.empty(), { asOf, firstSeenAt: {} }), 'unknown-key at $.firstSeenAt'],
    [
      () => made({ firstSeen: 'given-instants' }).result(labels.empty(), { asOf }),
      'missing at $.firstSeenAt',
    ],
    [() => made({ firstSeen: { lookBack: 3 } }).result(labels.empty(), { asOf }), 'missing at $.since'],
    [
      () => labels.people(labels.empty(), { asOf }, { interval: 'x', label: 'new' }),
      'unknown-name at $.which.interval',
    ],
  ]
  for (const [call, message] of reads) expect(call).toThrow(message)
})

describe('presets', () => {
  const { firstSeen: _, dormantAs: __, ...head } = base
  test('fill in what the product decides, and refuse what it does not have', () => {
    expect(posthogLifecycle(head)).toMatchObject({
      calendar: { zone: 'UTC', weekStart: 7 },
      firstSeen: 'given-instants',
      dormantAs: 'negative',
    })
    expect(posthogLifecycle({ ...head, firstSeen: 'first-activity' }).firstSeen).toBe('first-activity')
    expect(() => posthogLifecycle({ ...head, period: 'quarter' })).toThrow('unknown-name at $.period')
    expect(() => posthogLifecycle({ ...head, dormantAs: 'count' } as never)).toThrow(
      'unknown-key at $.dormantAs',
    )
    expect(() => posthogLifecycle({ ...head, calendar: { zone: 'UTC', dayStart: '04:00' } })).toThrow(
      'unknown-key at $.calendar.dayStart',
    )
  })
  test('say their deviations in words, with sources', () => {
    for (const { surprises, notImitated } of Object.values(labelPresets)) {
      expect(surprises.length).toBeGreaterThan(0)
      expect(notImitated.length).toBeGreaterThan(0)
      for (const { text: said, source } of [...surprises, ...notImitated])
        expect([said.en, said.zh, source].every((one) => one.length > 0)).toBe(true)
    }
  })
})
