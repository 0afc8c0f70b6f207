import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import { defineRetention, type Retention, type RetentionPartial } from 'liuliang/cohorts'
import { type AnyEvent, canonical, collect, type Instant, instant } from 'liuliang/kernel'
import { describe, expect, test } from 'vitest'
import { runs } from '../support/size.js'

const HOUR = 3_600_000

/** Half hours, clocks set back over midnight at the end of a month, a skipped date, and plain ones. */
const zones = [
  'UTC',
  'Asia/Shanghai',
  'America/New_York',
  'America/St_Johns',
  'Asia/Kathmandu',
  'Pacific/Apia',
]
const retentions = zones.map((zone) =>
  defineRetention({
    id: 'law',
    version: 1,
    calendar: { zone },
    entry: ['joined', 'paid'],
    activity: ['paid', 'opened'],
    period: 'month',
  }),
)
type Monthly = (typeof retentions)[number]

const subject = fc.constantFrom('__proto__', 'constructor', 'toString', '10', '9', '-1', '用户', 'a', 'b', '')

/** Half of them within a day of where months meet; some on the hour when St John's clocks went back over it. */
const moment: fc.Arbitrary<Instant> = fc.oneof(
  fc.integer({ min: instant('2009-06-01T00:00:00Z'), max: instant('2010-08-01T00:00:00Z') }),
  fc
    .tuple(fc.integer({ min: 0, max: 13 }), fc.integer({ min: -24 * 60, max: 24 * 60 }))
    .map(([month, minutes]) => Date.UTC(2009, 5 + month, 1) + minutes * 60_000),
  fc.integer({ min: 0, max: 120 }).map((minutes) => instant('2009-11-01T02:00:00Z') + minutes * 60_000),
)
const event: fc.Arbitrary<AnyEvent> = fc.record({
  id: fc.integer({ min: 0, max: 9999 }).map(String),
  type: fc.constantFrom('joined', 'paid', 'opened', 'ignored'),
  subject,
  occurredAt: moment,
  data: fc.constant({}),
})
const events = fc.array(event, { maxLength: 60 })
const retention = fc.constantFrom(...retentions)

// The second implementation: months as Intl prints them, everything filtered again for every cell.

const formats = new Map<string, Intl.DateTimeFormat>()

function slowMonth(zone: string, at: Instant): string {
  const format =
    formats.get(zone) ??
    new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      year: 'numeric',
      month: '2-digit',
      calendar: 'gregory',
    })
  formats.set(zone, format)
  const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, value]))
  return `${parts.get('year')}-${parts.get('month')}`
}

function monthsThrough(from: string, to: string): readonly string[] {
  const months: string[] = []
  for (let month = from; month <= to; ) {
    months.push(month)
    const [year, number] = month.split('-').map(Number) as [number, number]
    month = number === 12 ? `${year + 1}-01` : `${year}-${String(number + 1).padStart(2, '0')}`
  }
  return months
}

/** Cohort, size, cells: the table that the definition asks for. */
function slowTable(zone: string, all: readonly AnyEvent[], asOf: Instant) {
  const known = all.filter(({ occurredAt }) => occurredAt <= asOf)
  const monthOf = (at: Instant) => slowMonth(zone, at)
  const cohortOf = new Map<string, string>()
  for (const name of new Set(known.map(({ subject }) => subject))) {
    const entries = known.filter(({ subject, type }) => subject === name && ['joined', 'paid'].includes(type))
    if (entries.length > 0)
      cohortOf.set(name, monthOf(Math.min(...entries.map(({ occurredAt }) => occurredAt))))
  }
  // The clock may have shown a later month before, or show an earlier one again, within a day.
  const quarters = Array.from({ length: 97 }, (_, i) => (i * HOUR) / 4)
  const minutes = Array.from({ length: 91 }, (_, i) => i * 60_000)
  const last = [...quarters, ...minutes]
    .map((back) => monthOf(asOf - back))
    .sort()
    .at(-1)!
  const nextShown = quarters.map((on) => monthOf(asOf + on)).sort()[0]!
  const first = [...cohortOf.values()].sort()[0]
  if (first === undefined) return []
  return monthsThrough(first, last).map((cohort) => {
    const members = [...cohortOf].filter(([, month]) => month === cohort).map(([name]) => name)
    return {
      cohort,
      size: members.length,
      cells: monthsThrough(cohort, last).map((month, offset) => ({
        offset,
        month,
        eligible: members.length,
        retained: members.filter((name) =>
          known.some(
            ({ subject, type, occurredAt }) =>
              subject === name && ['paid', 'opened'].includes(type) && monthOf(occurredAt) === month,
          ),
        ).length,
        state: month < nextShown ? 'complete' : 'incomplete',
      })),
    }
  })
}

const countsOf = ({ cohorts }: Retention) =>
  cohorts.map(({ cohort, size, cells }) => ({
    cohort,
    size,
    cells: cells.map(({ rate: _, ...cell }) => cell),
  }))

describe('retention', () => {
  test('is what the slow implementation finds, at any instant', () => {
    fc.assert(
      fc.property(retention, events, moment, (monthly, all, asOf) => {
        const { zone } = monthly.result(monthly.empty(), { asOf })
        expect(countsOf(monthly.result(collect(monthly, all), { asOf }))).toEqual(slowTable(zone, all, asOf))
      }),
      { numRuns: runs(400, 10_000) },
    )
  }, 120_000)

  test('order, shards, merge tree, repetition and JSON leave the same partial, so the same bits', () => {
    const split = fc.array(fc.tuple(fc.nat(), fc.nat({ max: 5 }), fc.boolean()), {
      minLength: 60,
      maxLength: 60,
    })
    fc.assert(
      fc.property(
        retention,
        events,
        split,
        fc.array(fc.nat(), { minLength: 6, maxLength: 6 }),
        moment,
        (monthly, all, marks, tree, asOf) => {
          const whole = collect(monthly, all)
          const shuffled = all
            .flatMap((event, i) =>
              Array.from({ length: marks[i]![2] ? 2 : 1 }, () => ({ event, mark: marks[i]! })),
            )
            .sort((a, b) => a.mark[0] - b.mark[0])
          const shards = Array.from({ length: 6 }, (_, shard) =>
            collect(
              monthly,
              shuffled.filter(({ mark }) => mark[1] === shard).map(({ event }) => event),
            ),
          )
          const merged = mergeAll(monthly, shards.map(throughJson), tree)
          expect(canonical(merged)).toBe(canonical(whole))
          const result = (partial: RetentionPartial) => JSON.stringify(monthly.result(partial, { asOf }))
          expect(result(merged)).toBe(result(whole))
          expect(result(throughJson(whole))).toBe(result(whole))
          expect(isDeepStrictEqual(throughJson(whole), whole)).toBe(true)
        },
      ),
      { numRuns: runs(400, 10_000) },
    )
  })

  test('merging leaves both as they are, also when the outcome grows', () => {
    fc.assert(
      fc.property(retention, events, events, events, (monthly, left, right, later) => {
        const [a, b] = [collect(monthly, left), collect(monthly, right)]
        const before = [canonical(a), canonical(b)]
        const merged = later.reduce((partial, event) => monthly.add(partial, event), monthly.merge(a, b))
        expect([canonical(a), canonical(b)]).toEqual(before)
        expect(canonical(monthly.merge(b, a))).toBe(canonical(monthly.merge(a, b)))
        expect(canonical(monthly.merge(a, monthly.empty()))).toBe(canonical(a))
        expect(canonical(merged)).toBe(canonical(collect(monthly, [...left, ...right, ...later])))
      }),
      { numRuns: runs(300, 5000) },
    )
  })

  test('events after asOf change nothing, and what is complete stays as it is', () => {
    fc.assert(
      fc.property(retention, events, moment, moment, (monthly, all, one, other) => {
        const [asOf, later] = [Math.min(one, other), Math.max(one, other)]
        const known = all.filter(({ occurredAt }) => occurredAt <= asOf)
        const then = monthly.result(collect(monthly, all), { asOf })
        expect(then).toEqual(monthly.result(collect(monthly, known), { asOf }))
        const now = monthly.result(collect(monthly, all), { asOf: later })
        const cells = new Map(
          now.cohorts.flatMap(({ cohort, cells }) => cells.map((cell) => [`${cohort}+${cell.offset}`, cell])),
        )
        for (const { cohort, cells: before } of then.cohorts) {
          for (const cell of before) {
            if (cell.state === 'complete') expect(cells.get(`${cohort}+${cell.offset}`)).toEqual(cell)
          }
        }
      }),
      { numRuns: runs(300, 5000) },
    )
  })

  test('averages add up over complete cells', () => {
    fc.assert(
      fc.property(retention, events, moment, (monthly, all, asOf) => {
        const { cohorts, averages } = monthly.result(collect(monthly, all), { asOf })
        for (const { offset, eligible, retained, cohorts: n, rate, mean } of averages) {
          const cells = cohorts.flatMap(({ cells }) => cells.filter((cell) => cell.offset === offset))
          const complete = cells.filter(({ state }) => state === 'complete')
          expect(n).toBe(complete.length)
          expect(eligible).toBe(complete.reduce((sum, cell) => sum + cell.eligible, 0))
          expect(retained).toBe(complete.reduce((sum, cell) => sum + cell.retained, 0))
          expect(rate.kind).toBe(eligible === 0 ? 'undefined' : 'estimate')
          expect(mean.kind).toBe(rate.kind)
        }
      }),
      { numRuns: runs(200, 5000) },
    )
  })
})

const throughJson = <T>(data: T): T => JSON.parse(JSON.stringify(data)) as T

/** Merges neighbours picked by `picks` until one is left. */
function mergeAll(
  monthly: Monthly,
  shards: readonly RetentionPartial[],
  picks: readonly number[],
): RetentionPartial {
  const left = [...shards]
  for (let i = 0; left.length > 1; i++) {
    const at = picks[i % picks.length]! % (left.length - 1)
    const [a, b] = left.splice(at, 2) as [RetentionPartial, RetentionPartial]
    left.splice(at, 0, picks[i % picks.length]! % 2 === 0 ? monthly.merge(a, b) : monthly.merge(b, a))
  }
  return left[0]!
}
