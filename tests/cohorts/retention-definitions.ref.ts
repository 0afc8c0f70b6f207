import { readFileSync } from 'node:fs'
import {
  defineRetention,
  type Retention,
  type RetentionDefinition,
  type RetentionOptions,
  type RetentionPresetName,
  retentionPreset,
} from 'liuliang/cohorts'
import { type AnyEvent, collect, type Instant, instant, type PeriodUnit } from 'liuliang/kernel'
import { describe, expect, test } from 'vitest'

interface Expected {
  readonly day_cases: readonly {
    readonly t0: string
    readonly t: string
    readonly calendar: number
    readonly elapsed: number
    readonly amplitude_24h: number
    readonly posthog_24h: number
  }[]
  readonly week_month_cases: readonly {
    readonly unit: 'week7' | 'month30'
    readonly start: string
    readonly return: string
    readonly amplitude: number
  }[]
  readonly nday_vs_unbounded: {
    readonly users: readonly (readonly number[])[]
    readonly on: readonly number[]
    readonly unbounded: readonly number[]
  }
  readonly mean_cases: readonly {
    readonly cohorts?: readonly {
      readonly n: number
      readonly retained?: number
      readonly unbounded?: readonly (number | null)[]
      readonly complete?: readonly boolean[]
    }[]
    readonly rates?: readonly number[]
    readonly simple?: number
    readonly weighted?: number
    readonly wrong_dropping_zero?: number
    readonly avg_column_0?: number
    readonly avg_column_1?: number
    readonly per_cohort_rows_never_rise?: boolean
  }[]
  readonly dst_elapsed: {
    readonly timeZone: string
    readonly t0: string
    readonly t: string
    readonly elapsedHours: number
    readonly calendar: number
    readonly elapsed: number
  }
}

const fixture = new URL('../fixtures/retention-definitions/expected.json', import.meta.url)
const expected = JSON.parse(readFileSync(fixture, 'utf8')) as Expected

const DAY = 86_400_000
const at = (time: string): Instant =>
  time.endsWith('Z') ? instant(time) : instant(new Date(time).toISOString())

const event = (type: string, subject: string, occurredAt: Instant): AnyEvent => ({
  ...{ id: '', type, subject, occurredAt, data: {} },
})
const options = { id: 'ref', version: 1, entry: 'start', activity: 'return' }

function resultOf(
  definition: RetentionDefinition,
  events: readonly AnyEvent[],
  how: Pick<RetentionOptions, 'asOf' | 'since' | 'upTo'>,
): Retention {
  const retention = defineRetention(definition)
  return retention.result(collect(retention, events), how)
}

/** The one offset at which somebody who returned once stands. */
function indexOf(definition: RetentionDefinition, t0: Instant, t: Instant): number {
  const { cohorts } = resultOf(definition, [event('start', 'u', t0), event('return', 'u', t)], {
    asOf: t + 100 * DAY,
    since: t0,
    upTo: 5,
  })
  const hits = cohorts.flatMap(({ cells }) =>
    cells.filter(({ seen }) => seen > 0).map(({ offset }) => offset),
  )
  expect(hits.length).toBe(1)
  return hits[0]!
}

const preset = (name: RetentionPresetName, period: PeriodUnit, zone = 'UTC', more = {}) =>
  retentionPreset(name, { ...options, calendar: { zone }, period, entryRule: 'first-matching', ...more })
/** PostHog's cell 0 is everybody, which is no measure of where a return stands. */
const measured = (definition: RetentionDefinition): RetentionDefinition => ({
  ...definition,
  cellZero: 'measured',
})

describe('what day 1 is', () => {
  test('there are 6 cases of days, 6 of weeks and months, 3 of means', () =>
    expect([expected.day_cases.length, expected.week_month_cases.length, expected.mean_cases.length]).toEqual(
      [6, 6, 3],
    ))

  test.each(expected.day_cases.map((one) => [one.t0, one.t, one] as const))('%s to %s', (from, to, one) => {
    const [t0, t] = [at(from), at(to)]
    const found = (name: RetentionPresetName) => indexOf(measured(preset(name, 'day')), t0, t)
    expect({
      posthog: found('posthog'),
      'amplitude-calendar': found('amplitude-calendar'),
      'mixpanel-calendar': found('mixpanel-calendar'),
    }).toEqual({
      posthog: one.calendar,
      'amplitude-calendar': one.calendar,
      'mixpanel-calendar': one.calendar,
    })
    expect(found('mixpanel')).toBe(one.elapsed)
    expect(found('amplitude')).toBe(one.amplitude_24h)
    expect(found('posthog-24-hour')).toBe(one.posthog_24h)
  })

  test.each(expected.week_month_cases.map((one) => [one.unit, one.start, one.return, one] as const))(
    '%s: %s to %s',
    (unit, start, back, one) => {
      const period = unit === 'week7' ? 'week' : 'month'
      const [t0, t] = [at(`${start}T00:00:00Z`), at(`${back}T00:00:00Z`)]
      for (const name of ['amplitude', 'mixpanel', 'posthog-24-hour'] as const)
        expect([name, indexOf(measured(preset(name, period)), t0, t)]).toEqual([name, one.amplitude])
      // By whole dates: an evening and the morning of the last day are as far apart as their dates.
      for (const name of ['amplitude', 'posthog-24-hour'] as const)
        expect([name, indexOf(measured(preset(name, period)), t0 + DAY - 1, t)]).toEqual([
          name,
          one.amplitude,
        ])
    },
  )

  test('24 hours are not a local day where clocks change', () => {
    const { timeZone, t0, t, elapsedHours, calendar, elapsed } = expected.dst_elapsed
    const [from, to] = [at(t0), at(t)]
    expect((to - from) / 3_600_000).toBe(elapsedHours)
    expect(indexOf(preset('amplitude-calendar', 'day', timeZone), from, to)).toBe(calendar)
    expect(indexOf(preset('mixpanel', 'day', timeZone), from, to)).toBe(elapsed)
  })
})

describe('N-day and unbounded', () => {
  const { users, on, unbounded } = expected.nday_vs_unbounded
  const start = instant('2024-01-01T09:00:00Z')
  const events = users.flatMap((days, i) => days.map((day) => event('start', `u${i}`, start + day * DAY)))
  const rates = (measure: 'on' | 'on-or-after') => {
    const definition = preset('posthog', 'day', 'UTC', { activity: 'start', measure })
    const { cohorts } = resultOf(definition, events, { asOf: start + 6 * DAY, upTo: 6 })
    return cohorts[0]!.cells.map(({ rate }) => (rate.kind === 'estimate' ? rate.value : rate.reason))
  }
  test('on', () => expect(rates('on')).toEqual(on))
  test('on or after', () => expect(rates('on-or-after')).toEqual(unbounded))
})

describe('means', () => {
  const daily = (measure: 'on' | 'on-or-after'): RetentionDefinition => ({
    ...options,
    ...{ calendar: { zone: 'UTC' }, period: 'day', measure },
  })
  const midnight = instant('2024-01-01T00:00:00Z')
  /** A cohort a day, of whom so many return at each offset and at no other. */
  const historyOf = (cohorts: readonly { readonly n: number; readonly returns: readonly number[] }[]) =>
    cohorts.flatMap(({ n, returns }, day) =>
      Array.from({ length: n }, (_, i) => {
        const name = `${day}-${i}`
        const start = midnight + day * DAY
        return [
          event('start', name, start),
          ...returns.flatMap((count, offset) =>
            i < count ? [event('return', name, start + offset * DAY)] : [],
          ),
        ]
      }).flat(),
    )
  const mean = ({ averages }: Retention, offset: number) => {
    const { mean, rate } = averages.find((one) => one.offset === offset)!
    return [mean, rate].map((one) => (one.kind === 'estimate' ? one.value : one.reason))
  }

  test('weighted and simple are 5 times apart', () => {
    const [{ cohorts, simple, weighted }] = expected.mean_cases as [Expected['mean_cases'][number]]
    const events = historyOf(cohorts!.map(({ n, retained }) => ({ n, returns: [0, retained!] })))
    const found = mean(resultOf(daily('on'), events, { asOf: midnight + 9 * DAY }), 1)
    expect(Math.abs(Number(found[0]) - simple!)).toBeLessThanOrEqual(1e-12)
    expect(Math.abs(Number(found[1]) - weighted!)).toBeLessThanOrEqual(1e-12)
  })

  test('a cohort of whom nobody returned counts', () => {
    const { rates, simple, wrong_dropping_zero } = expected.mean_cases[1]!
    const events = historyOf(rates!.map((rate) => ({ n: 4, returns: [0, 4 * rate] })))
    const [found] = mean(resultOf(daily('on'), events, { asOf: midnight + 9 * DAY }), 1)
    expect(found).toBe(simple)
    expect(found).not.toBe(wrong_dropping_zero)
  })

  test('an average over complete cells may rise where no row does', () => {
    const { cohorts, avg_column_0, avg_column_1, per_cohort_rows_never_rise } = expected.mean_cases[2]!
    // Unbounded: who is seen at offset 1 is seen at 0 too.
    const events = historyOf(
      cohorts!.map(({ n, unbounded }) => ({ n, returns: unbounded!.map((count) => count ?? 0) })),
    )
    // The second cohort’s day 0 is over, its day 1 is not.
    const result = resultOf(daily('on-or-after'), events, { asOf: midnight + 2 * DAY, upTo: 1 })
    expect(
      result.cohorts.slice(0, 2).map(({ cells }) => cells.map(({ state }) => state === 'complete')),
    ).toEqual(cohorts!.map(({ complete }) => complete))
    expect(mean(result, 0)).toEqual([avg_column_0, avg_column_0])
    expect(mean(result, 1)).toEqual([avg_column_1, avg_column_1])
    const falls = result.cohorts.every(({ cells }) =>
      cells.every(({ seen }, i) => i === 0 || seen <= cells[i - 1]!.seen),
    )
    expect(falls).toBe(per_cohort_rows_never_rise)
  })
})
