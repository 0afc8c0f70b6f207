// PostHog's own tests, the examples of Amplitude's page and the worded definitions of Duolingo's states, compared exactly.
import { readFileSync } from 'node:fs'
import { type AnyEvent, collect, columnsOf, type Instant, instant, type PeriodUnit } from 'liuliang/kernel'
import {
  amplitudeLifecycle,
  defineDailyStates,
  defineIntervalLabels,
  type IntervalLabel,
  intervalLabels,
  posthogLifecycle,
} from 'liuliang/lifecycle'
import { describe, expect, test } from 'vitest'

interface Scenario {
  readonly id: string
  readonly calendar: {
    readonly interval: PeriodUnit
    readonly timeZone: string
    readonly weekStart?: 'monday' | 'sunday'
  }
  readonly asOf?: string
  readonly intervals: readonly string[]
  readonly subjects: readonly {
    readonly id: string
    readonly firstSeen: string
    readonly events: readonly { readonly at: string; readonly type: string }[]
  }[]
  readonly expect?: Readonly<Record<IntervalLabel, readonly number[]>>
  readonly expectPartial?: Readonly<Partial<Record<IntervalLabel, readonly number[]>>>
  readonly expectPerSubject: Readonly<Record<string, Readonly<Record<string, IntervalLabel>>>>
  readonly expectPulse?: Readonly<Record<string, number | null | string>>
}
const read = <T>(name: string): T =>
  JSON.parse(
    readFileSync(new URL(`../../fixtures/lifecycle-reference/${name}.json`, import.meta.url), 'utf8'),
  ) as T

const eventsOf = (scenario: Scenario): readonly AnyEvent[] =>
  scenario.subjects.flatMap(({ id: subject, events }) =>
    events.map(({ at, type }, i) => ({
      id: `${subject} ${i}`,
      ...{ type, subject, occurredAt: instant(at), data: {} },
    })),
  )

/** Everything in a range that ends with the last of the intervals that the source shows. */
function readingOf({ calendar, intervals, asOf, subjects }: Scenario) {
  const firstSeenAt = Object.fromEntries(subjects.map(({ id, firstSeen }) => [id, instant(firstSeen)]))
  // Noon of the first and the end of the last: a later one is cut off where a test says so.
  const since = instant(`${intervals[0]}T12:00:00Z`)
  const end =
    instant(`${intervals.at(-1)}T23:59:59.999Z`) + (calendar.interval === 'week' ? 6 * 86_400_000 : 0)
  return { firstSeenAt, since, asOf: asOf === undefined ? end : instant(asOf) }
}

const posthog = [
  'posthog-account-level-one-org',
  'posthog-as-of-now',
  'posthog-day-basic',
  'posthog-day-whole-range',
  'posthog-first-seen-outside',
  'posthog-group-created-at',
  'posthog-timezone-pacific',
  'posthog-timezone-utc',
  'posthog-week-monday',
]

describe.each(posthog)('%s', (name) => {
  const scenario = read<Scenario>(name)
  const { calendar, intervals } = scenario
  const labels = defineIntervalLabels(
    posthogLifecycle({
      id: 'posthog',
      version: 1,
      calendar: { zone: calendar.timeZone, weekStart: calendar.weekStart === 'sunday' ? 7 : 1 },
      period: calendar.interval,
      activity: 'pageview',
      // Within a day, only instants know what was still to come.
      keep: 'instants',
    }),
  )
  const partial = collect(labels, eventsOf(scenario))
  const options = readingOf(scenario)
  const result = labels.result(partial, options)

  test('the intervals, and every count in them', () => {
    expect(result.intervals.map(({ interval }) => interval)).toEqual(intervals)
    const expected = scenario.expect ?? scenario.expectPartial!
    for (const label of intervalLabels)
      if (expected[label] !== undefined)
        expect(
          result.intervals.map((row) => row[label]),
          label,
        ).toEqual(expected[label])
  })

  test('the label of every subject in every interval, and the people behind every number', () => {
    const found = labels.labels(partial, options)
    const shown = Object.fromEntries(
      found.map(({ subject, labels: own }) => [
        subject,
        Object.fromEntries(own.map(({ interval, label }) => [interval, label])),
      ]),
    )
    expect(shown).toEqual(scenario.expectPerSubject)
    for (const interval of intervals)
      for (const label of intervalLabels)
        expect(labels.people(partial, options, { interval, label })).toEqual(
          Object.keys(scenario.expectPerSubject)
            .filter((subject) => scenario.expectPerSubject[subject]![interval] === label)
            .sort(),
        )
  })

  test('the same from columns', () => {
    const columns = labels.addColumns(labels.empty(), columnsOf(eventsOf(scenario)))
    expect(labels.result(columns, options)).toEqual(result)
  })
})

interface Further extends Scenario {
  readonly since: string
  readonly asOf: string
}
test.each(read<readonly Further[]>('posthog-more').map((one) => [one.id, one] as const))(
  'PostHog: %s',
  (_, scenario) => {
    const { calendar, since, asOf } = scenario
    const labels = defineIntervalLabels(
      posthogLifecycle({
        ...{ id: 'posthog', version: 1, activity: 'pageview', period: calendar.interval },
        // Weeks from Sunday are what the preset has.
        calendar: { zone: calendar.timeZone },
      }),
    )
    const { intervals } = labels.result(collect(labels, eventsOf(scenario)), {
      firstSeenAt: new Map(scenario.subjects.map(({ id, firstSeen }) => [id, instant(firstSeen)])),
      since: instant(since),
      asOf: instant(asOf),
    })
    expect(intervals.map(({ interval }) => interval)).toEqual(scenario.intervals)
    for (const [label, counts] of Object.entries(scenario.expect!))
      expect(
        intervals.map((row) => row[label as IntervalLabel]),
        label,
      ).toEqual(counts)
  },
)

test('accounts named by a field of events of their members are the same as accounts that act', () => {
  const scenario = read<Scenario>('posthog-account-level-one-org')
  const members = eventsOf(scenario).map(
    (event, i): AnyEvent => ({
      ...event,
      subject: `member-${i % 4}`,
      data: { org: event.subject },
    }),
  )
  const labels = defineIntervalLabels(
    posthogLifecycle({
      ...{ id: 'orgs', version: 1, calendar: { zone: 'UTC' }, period: 'day', activity: 'pageview' },
      by: 'org',
    }),
  )
  const { intervals } = labels.result(collect(labels, members), readingOf(scenario))
  for (const label of intervalLabels)
    expect(intervals.map((row) => row[label])).toEqual(scenario.expect![label])
})

test('what Amplitude says in its examples', () => {
  const scenario = read<Scenario>('amplitude-words')
  const labels = defineIntervalLabels(
    amplitudeLifecycle({
      ...{ id: 'amplitude', version: 1, calendar: { zone: 'UTC' }, period: 'day', activity: 'x' },
    }),
  )
  const seen = scenario.subjects.map(
    ({ id: subject, firstSeen }): AnyEvent => ({
      id: `seen ${subject}`,
      ...{ type: 'session-started', subject, occurredAt: instant(firstSeen), data: {} },
    }),
  )
  const { firstSeenAt: _, ...options } = readingOf(scenario)
  const partial = collect(labels, [...eventsOf(scenario), ...seen])
  const { intervals } = labels.result(partial, options)
  for (const label of intervalLabels) {
    // Dormant is a count there; the file writes it below zero, as it does for both products.
    const expected = scenario.expect![label].map((count) => Math.abs(count))
    expect(
      intervals.map((row) => row[label]),
      label,
    ).toEqual(expected)
  }
  expect(
    Object.fromEntries(
      labels
        .labels(partial, options)
        .map(({ subject, labels: own }) => [
          subject,
          Object.fromEntries(own.map(({ interval, label }) => [interval, label])),
        ]),
    ),
  ).toEqual(scenario.expectPerSubject)
  for (const { interval, pulse } of intervals) {
    const expected = scenario.expectPulse![interval]
    if (expected !== undefined) expect(pulse.kind === 'estimate' ? pulse.value : null).toBe(expected)
  }
})

test("Duolingo's seven states", () => {
  const { subjects, expectStateOn } = read<{
    readonly subjects: readonly { readonly id: string; readonly activeDays: readonly string[] }[]
    readonly expectStateOn: Readonly<Record<string, string | null>>
  }>('duolingo-seven-states')
  const states = defineDailyStates({
    ...{ id: 'duolingo', version: 1, calendar: { zone: 'UTC' }, period: 'day', activity: 'lesson' },
    ...{ windows: { week: 7, month: 30 }, windowIncludes: 'days-before' },
  })
  const noon = (day: string): Instant => instant(`${day}T12:00:00Z`)
  const events = subjects.flatMap(({ id: subject, activeDays }) =>
    activeDays.map(
      (day): AnyEvent => ({ id: day, type: 'lesson', subject, occurredAt: noon(day), data: {} }),
    ),
  )
  const partial = collect(states, events)
  const options = { asOf: instant('2024-06-30T23:59:59.999Z'), since: noon('2024-02-01') }
  const { days } = states.result(partial, options)
  for (const [day, state] of Object.entries(expectStateOn)) {
    const found = states.states(partial, options, { day })
    expect(found, day).toEqual(state === null ? [] : [{ subject: 'u', state }])
    const row = days.find((one) => one.day === day)!
    if (state !== null) expect(row.states, day).toMatchObject({ [state]: 1 })
    expect(row.people).toBe(state === null ? 0 : 1)
  }
})
