import {
  type ActivitySurvivalDefinition,
  activitySurvivalWarnings,
  defineActivitySurvival,
  defineRetention,
} from 'liuliang/cohorts'
import { type AnyEvent, collect, defineEvents, instant, text } from 'liuliang/kernel'
import { describe, expect, test } from 'vitest'

const monthly = {
  id: 'staying',
  version: 1,
  calendar: { zone: 'UTC' },
  period: 'month',
  entry: 'paid',
  activity: 'paid',
  gap: { periods: 2 },
  returning: 'first-lapse',
} as const satisfies ActivitySurvivalDefinition
const on = (subject: string, date: string, data: AnyEvent['data'] = {}): AnyEvent => ({
  id: `${subject} ${date}`,
  type: 'paid',
  subject,
  occurredAt: instant(`${date}T12:00:00Z`),
  data,
})
/** `stay` comes every month, `pause` is silent for April and May, `gone` since March, `young` came in June. */
const orders = [
  ...['01', '02', '03', '04', '05', '06'].map((month) => on('stay', `2024-${month}-10`)),
  ...['01', '02', '03', '06'].map((month) => on('pause', `2024-${month}-10`)),
  ...['01', '02'].map((month) => on('gone', `2024-${month}-10`)),
  on('young', '2024-06-10'),
]
const asOf = instant('2024-07-01T00:00:00Z')
const brief = (definition: ActivitySurvivalDefinition, at = asOf) => {
  const staying = defineActivitySurvival(definition)
  return staying
    .lives(collect(staying, orders), { asOf: at })
    .map(({ subject, cohort, time, event, returned }) => [subject, cohort, time, event, returned])
}

describe('lives', () => {
  test('end with the first gap, or with the last; what is not decided is censored a gap before now', () => {
    expect(brief(monthly)).toEqual([
      ['gone', '2024-01', 1, true, false],
      ['pause', '2024-01', 2, true, true],
      ['stay', '2024-01', 3, false, false],
    ])
    expect(brief({ ...monthly, returning: 'last-activity' })).toEqual([
      ['gone', '2024-01', 1, true, false],
      ['pause', '2024-01', 3, false, true],
      ['stay', '2024-01', 3, false, false],
    ])
  })

  test('the rule of the last activity takes back what it said: who pauses looks gone until they return', () => {
    const late = instant('2024-06-01T00:00:00Z')
    const pausing = (lives: ReturnType<typeof brief>) => lives.find(([subject]) => subject === 'pause')
    expect(pausing(brief({ ...monthly, returning: 'last-activity' }, late))).toEqual([
      'pause',
      '2024-01',
      2,
      true,
      false,
    ])
    expect(pausing(brief({ ...monthly, returning: 'last-activity' }))).toEqual([
      'pause',
      '2024-01',
      3,
      false,
      true,
    ])
  })

  test('a month that is not over is no silence', () => {
    const staying = defineActivitySurvival(monthly)
    const partial = collect(
      staying,
      orders.filter(({ subject }) => subject === 'gone'),
    )
    const at = (time: string) =>
      staying.lives(partial, { asOf: instant(time) }).map(({ time: t, event }) => [t, event])
    // March and April make the gap.
    expect(at('2024-04-30T23:59:59Z')).toEqual([[0, false]])
    expect(at('2024-05-01T00:00:00Z')).toEqual([[1, true]])
  })

  test('of exact time: an activity at the very end of the gap comes too late', () => {
    const hourly = defineActivitySurvival({ ...monthly, gap: { hours: 48 } })
    const hours = (...list: readonly number[]) =>
      list.map((hour) => ({
        ...on('u', '2024-03-01'),
        occurredAt: instant('2024-03-01T00:00:00Z') + hour * 3_600_000,
      }))
    const read = (list: readonly AnyEvent[], hour: number) =>
      hourly
        .lives(collect(hourly, list), { asOf: instant('2024-03-01T00:00:00Z') + hour * 3_600_000 })
        .map(({ time, event, returned }) => [time, event, returned])
    expect(read(hours(0, 24, 72), 100)).toEqual([[1, true, true]])
    expect(read(hours(0, 24, 71.999), 100)).toEqual([[52 / 24, false, false]])
    // Nothing is decided before a whole gap has passed; at its end it is.
    expect(read(hours(0, 24), 71)).toEqual([[23 / 24, false, false]])
    expect(read(hours(0, 24), 72)).toEqual([[1, true, false]])
    expect(read(hours(0), 47)).toEqual([])
  })

  test('who entered before activity was tracked is at risk from then on, if seen since', () => {
    const known = { ...monthly, returning: 'last-activity' as const, entry: 'joined', activity: 'paid' }
    const joined = (subject: string, date: string) => ({ ...on(subject, date), type: 'joined' })
    const events = [
      joined('early', '2023-11-05'),
      on('early', '2024-02-10'),
      on('early', '2024-03-10'),
      joined('silent', '2023-11-05'),
      joined('new', '2024-02-05'),
    ]
    const staying = defineActivitySurvival(known)
    const partial = collect(staying, events)
    const options = { asOf, watchedSince: instant('2024-01-15T00:00:00Z') }
    expect(staying.lives(partial, options)).toEqual([
      { subject: 'early', cohort: '2023-11', time: 4, event: true, entry: 2, returned: false },
      { subject: 'new', cohort: '2024-02', time: 0, event: true, returned: false },
    ])
    const { all, warnings } = staying.result(partial, { ...options, transform: 'log-log' })
    expect([all.entered, all.unseen, all.curve.n]).toEqual([3, 1, 2])
    expect(warnings).toEqual([{ code: 'not-seen-since', count: 1 }])
    // A gap before `asOf` is the beginning of what was watched: no time is left at risk.
    const timely = defineActivitySurvival({ ...known, gap: { hours: 24 } })
    const late = { asOf: instant('2024-02-10T12:00:00Z'), watchedSince: instant('2024-02-09T12:00:00Z') }
    const read = timely.result(collect(timely, events), { ...late, transform: 'log-log' }).all
    expect([read.entered, read.undecided, read.unseen, read.curve.n]).toEqual([3, 1, 2, 0])
  })

  test('an untracked month is neither activity nor silence', () => {
    const gaps = [{ from: instant('2024-04-03T00:00:00Z'), to: instant('2024-04-20T00:00:00Z') }]
    const staying = defineActivitySurvival(monthly)
    const lives = staying.lives(collect(staying, orders), { asOf, gaps })
    // Of April to June only May and June count: nobody is judged after March, and May alone is no gap.
    expect(lives.map(({ subject, time, event }) => [subject, time, event])).toEqual([
      ['gone', 1, true],
      ['pause', 3, false],
      ['stay', 3, false],
    ])
    const { warnings, decidable } = staying.result(collect(staying, orders), { asOf, gaps, transform: 'log' })
    expect(decidable).toBe('2024-04')
    expect(warnings).toContainEqual({ code: 'not-tracked', period: '2024-04', count: 1 })
    // With enough of it seen, it counts as seen.
    expect(staying.lives(collect(staying, orders), { asOf, gaps, tolerance: 0.7 })).toEqual(
      staying.lives(collect(staying, orders), { asOf }),
    )
  })
})

describe('results', () => {
  const staying = defineActivitySurvival(monthly)

  test('carry curves of all and of each cohort, and say who is in none', () => {
    const read = staying.result(collect(staying, orders), { asOf, transform: 'log-log' })
    expect([read.unit, read.through, read.decidable, read.zone]).toEqual([
      'month',
      '2024-06',
      '2024-04',
      'UTC',
    ])
    expect(read.all.curve.rows.map(({ time, survival }) => [time, Number(survival.toFixed(4))])).toEqual([
      [1, 0.6667],
      [2, 0.3333],
      [3, 0.3333],
    ])
    expect(
      read.cohorts.map(({ cohort, entered, undecided, returned, curve }) => [
        cohort,
        entered,
        undecided,
        returned,
        curve.n,
      ]),
    ).toEqual([
      ['2024-01', 3, 0, 1, 3],
      ['2024-06', 1, 1, 0, 0],
    ])
    expect(read.warnings).toEqual([
      { code: 'too-young', period: '2024-06', count: 1 },
      { code: 'returners-counted-gone', count: 1 },
    ])
    for (const { code } of read.warnings) expect(activitySurvivalWarnings[code].zh).not.toBe('')
  })

  test('reads a partial of retention, and refuses one of other events', () => {
    const { gap: _, returning: __, ...like } = monthly
    const retention = defineRetention({ ...like, measure: 'on-or-after' })
    const options = { asOf, transform: 'log-log' } as const
    expect(staying.result(collect(retention, orders), options)).toEqual(
      staying.result(collect(staying, orders), options),
    )
    const other = defineRetention({ ...like, activity: 'opened' })
    expect(() => staying.result(collect(other, orders), options)).toThrow('other-definition')
  })

  test('of nobody, and of a gap longer than all time', () => {
    const nobody = staying.result(staying.empty(), { asOf, transform: 'log' })
    expect([nobody.all.curve.n, nobody.cohorts, nobody.decidable, nobody.warnings]).toEqual([0, [], null, []])
    for (const gap of [{ periods: 9e15 }, { hours: 80_000_000 }]) {
      const long = defineActivitySurvival({ ...monthly, gap })
      const read = long.result(collect(long, orders), { asOf, transform: 'log' })
      expect([read.all.curve.n, read.decidable, read.warnings[0]?.code]).toEqual([
        0,
        null,
        'nothing-decidable',
      ])
    }
  })

  test('by the value of the entry, and by the values of all events', () => {
    const events = defineEvents({ paid: { channel: text() } })
    const given = [
      on('a', '2024-01-10', { channel: 'shop' }),
      on('a', '2024-04-10', { channel: 'web' }),
      on('b', '2024-01-10', { channel: 'web' }),
      on('c', '2024-02-10'),
    ]
    const read = (of: 'entry' | 'event') => {
      const broken = defineActivitySurvival({ ...monthly, events, breakdown: { field: 'channel', of } })
      const partial = collect(broken, given)
      expect(broken.lives(partial, { asOf }).length).toBe(of === 'entry' ? 3 : 4)
      return broken
        .result(partial, { asOf, transform: 'log' })
        .groups.map(({ value, entered, returned }) => [value, entered, returned])
    }
    expect(read('entry')).toEqual([
      ['shop', 1, 1],
      ['web', 1, 0],
      [null, 1, 0],
    ])
    expect(read('event')).toEqual([
      ['shop', 1, 0],
      ['web', 2, 0],
      [null, 1, 0],
    ])
  })

  test('who enters with two values at one instant has the first of them, in whatever order they come', () => {
    const events = defineEvents({ paid: { channel: text() } })
    const broken = defineActivitySurvival({
      ...monthly,
      events,
      breakdown: { field: 'channel', of: 'entry' },
    })
    const given = [
      on('a', '2024-01-10', { channel: 'web' }),
      on('a', '2024-01-10', { channel: 'app' }),
      on('b', '2024-01-11', { channel: 'web' }),
    ]
    for (const order of [given, [...given].reverse()]) {
      const { groups } = broken.result(collect(broken, order), { asOf, transform: 'log' })
      expect(groups.map(({ value, entered }) => [value, entered])).toEqual([
        ['app', 1],
        ['web', 1],
      ])
    }
  })
})

test('refuses what does not hold, with its path', () => {
  const define = (changed: object) => () => defineActivitySurvival({ ...monthly, ...changed } as never)
  expect(define({ gap: undefined })).toThrow('missing at $.gap')
  expect(define({ gap: 2 })).toThrow('wrong-type at $.gap')
  expect(define({ gap: { periods: 0 } })).toThrow('out-of-range at $.gap.periods')
  expect(define({ gap: { periods: 2, days: 3 } })).toThrow('unknown-key at $.gap.days')
  expect(define({ gap: { days: 30 } })).toThrow('invalid-duration at $.gap')
  expect(define({ gap: { hours: 0 } })).toThrow('invalid-duration at $.gap')
  expect(define({ returning: undefined })).toThrow('missing at $.returning')
  expect(define({ entryRule: 'recurring' })).toThrow('unknown-name at $.entryRule')
  expect(define({ clock: 'calendar' })).toThrow('unknown-key at $.clock')
  expect(define({ gap: { hours: 24 }, keep: 'periods' })).toThrow('out-of-range at $.keep')
  const staying = defineActivitySurvival(monthly)
  const partial = collect(staying, orders)
  const ask = (options: object) => () =>
    staying.result(partial, { asOf, transform: 'log-log', ...options } as never)
  expect(ask({ transform: undefined })).toThrow('unknown-name at $.transform')
  expect(ask({ interval: 'wilson' })).toThrow('unknown-key at $.interval')
  expect(ask({ level: 1 })).toThrow('out-of-range at $.level')
  expect(ask({ watchedSince: asOf - 1 })).toThrow('out-of-range at $.watchedSince')
  expect(ask({ until: 0, since: 1 })).toThrow('out-of-range at $.until')
  expect(() => staying.lives(partial, { asOf, level: 0.9 } as never)).toThrow('unknown-key at $.level')
  const hourly = defineActivitySurvival({ ...monthly, gap: { hours: 48 } })
  expect(() => hourly.lives(hourly.empty(), { asOf, gaps: [{ from: 0 }] })).toThrow('out-of-range at $.gaps')
})
