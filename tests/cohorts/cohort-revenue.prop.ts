import fc from 'fast-check'
import {
  type CohortRevenue,
  type CohortRevenuePartial,
  defineCohortRevenue,
  type LtvPoint,
} from 'liuliang/cohorts'
import { type AnyEvent, canonical, collect, type Instant, instant, random } from 'liuliang/kernel'
import { moments, studentQuantile } from 'liuliang/measures'
import { describe, expect, test } from 'vitest'
import { runs } from '../support/size.js'
import { slowEdges, slowPeriod, slowThrough, type Unit } from './support/slow-periods.js'

const zones = ['UTC', 'Asia/Shanghai', 'America/St_Johns', 'Australia/Lord_Howe', 'Pacific/Apia']
const setting = fc.record({
  zone: fc.constantFrom(...zones),
  period: fc.constantFrom<Unit[]>('week', 'month', 'quarter', 'year'),
  dated: fc.constantFrom('refund' as const, 'order' as const),
})
type Setting = typeof setting extends fc.Arbitrary<infer T> ? T : never

const values = { revenue: 'amount', margin: 'gain' }
const revenueOf = ({ zone, period, dated }: Setting) =>
  defineCohortRevenue({
    id: 'law',
    version: 1,
    calendar: { zone },
    period,
    currency: 'CNY',
    entry: ['joined', 'paid'],
    earned: [
      { event: 'paid', values, order: 'order' },
      { event: 'tipped', values },
    ],
    refunded: { event: 'refunded', values, dated, order: 'order' },
  })

const moment: fc.Arbitrary<Instant> = fc.oneof(
  fc
    .tuple(fc.integer({ min: 0, max: 13 }), fc.integer({ min: -24 * 4, max: 24 * 4 }))
    .map(([month, quarters]) => Date.UTC(2011, month, 1) + quarters * 900_000),
  fc.integer({ min: 0, max: 120 }).map((minutes) => instant('2011-11-06T01:30:00Z') + minutes * 60_000),
  fc.integer({ min: -6, max: 6 }).map((hours) => instant('2011-12-30T10:00:00Z') + hours * 3_600_000),
  fc.integer({ min: instant('2010-11-20T00:00:00Z'), max: instant('2012-02-10T00:00:00Z') }),
)

const told: fc.Arbitrary<AnyEvent> = fc
  .record({
    id: fc.integer({ min: 0, max: 40 }).map(String),
    type: fc.constantFrom('joined', 'paid', 'paid', 'tipped', 'refunded', 'visited'),
    subject: fc.constantFrom('__proto__', 'constructor', '10', '9', '用户', '', 'a', 'b'),
    occurredAt: moment,
    amount: fc.constantFrom('0', '0.01', '10', '10.50', '99.99', '1000', '1000000000000'),
    gain: fc.constantFrom('0', '-3.20', '4', '50.05'),
    order: fc.constantFrom('1', '2', '3', undefined),
  })
  .map(({ amount, gain, order, ...event }) => ({
    ...event,
    data: event.type === 'joined' ? {} : { amount, gain, ...(order !== undefined && { order }) },
  }))

/** Some twice. */
const events = fc
  .tuple(fc.array(told, { maxLength: 50, size: 'max' }), fc.array(fc.nat(), { maxLength: 5 }))
  .map(([list, again]) => [
    ...list,
    ...again.flatMap((i) => (list.length > 0 ? [{ ...list[i % list.length]! }] : [])),
  ])

// The second implementation: every cell asks all events again.

const cents = (text: string): bigint => {
  const [, sign, whole, fraction = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text)!
  const size = BigInt(whole!) * 100n + BigInt(fraction.padEnd(2, '0'))
  return sign === '-' ? -size : size
}
const written = (units: bigint) => {
  const size = units < 0n ? -units : units
  return `${units < 0n ? '-' : ''}${size / 100n}.${String(size % 100n).padStart(2, '0')}`
}
const sum = (list: readonly bigint[]) => list.reduce((a, b) => a + b, 0n)

interface Flow {
  readonly subject: string
  readonly period: string
  readonly revenue: bigint
  readonly margin: bigint
  readonly unmatched: boolean
}

function slowTable({ zone, period: unit, dated }: Setting, all: readonly AnyEvent[], asOf: Instant) {
  const seen = new Set<string>()
  const known = all.filter((event) => {
    const { type, subject, id, occurredAt, data } = event
    const key = canonical([type, subject, id, occurredAt, data])
    if (occurredAt > asOf || seen.has(key)) return false
    seen.add(key)
    return true
  })
  const periodOf = (at: Instant) => slowPeriod(zone, unit, at)
  const cohortOf = new Map<string, string>()
  for (const { subject } of known) {
    const entries = known.filter((one) => one.subject === subject && ['joined', 'paid'].includes(one.type))
    if (entries.length > 0)
      cohortOf.set(subject, periodOf(Math.min(...entries.map(({ occurredAt }) => occurredAt))))
  }
  const flows = known.flatMap(({ type, subject, occurredAt, data }): Flow[] => {
    if (!['paid', 'tipped', 'refunded'].includes(type)) return []
    const { amount, gain, order } = data as { amount: string; gain: string; order?: string }
    const sign = type === 'refunded' ? -1n : 1n
    const orders = known.filter(
      (one) =>
        one.type === 'paid' &&
        one.subject === subject &&
        order !== undefined &&
        (one.data as { order?: string }).order === order,
    )
    const moved = type === 'refunded' && dated === 'order'
    const first = Math.min(...orders.map((one) => one.occurredAt))
    return [
      {
        subject,
        period: periodOf(moved && orders.length > 0 ? first : occurredAt),
        revenue: sign * cents(amount),
        margin: sign * cents(gain),
        unmatched: moved && orders.length === 0,
      },
    ]
  })
  const inside = flows.filter(
    ({ subject, period }) => cohortOf.has(subject) && period >= cohortOf.get(subject)!,
  )
  const outside = flows.filter((flow) => !inside.includes(flow))
  const around = (from: number, to: number, step: number) =>
    Array.from({ length: (to - from) / step + 1 }, (_, i) => periodOf(asOf + from + i * step)).sort()
  // The clock may have shown a later period before.
  const last = [...around(-86_400_000, 0, 900_000), ...around(-5_400_000, 0, 60_000)].sort().at(-1)!
  const first = [...cohortOf.values()].sort()[0]
  const texts = first === undefined ? [] : slowThrough(unit, first, last)
  const done = (text: string) => slowEdges(zone, unit, text)[1] <= asOf
  const cellOf = (cohort: string, text: string, value: 'revenue' | 'margin') =>
    inside
      .filter(({ subject, period }) => cohortOf.get(subject) === cohort && period === text)
      .map((flow) => flow[value])
  const table = {
    cohorts: texts.map((cohort, row) => ({
      cohort,
      size: [...cohortOf.values()].filter((one) => one === cohort).length,
      cells: texts.slice(row).map((period, offset) => ({
        offset,
        period,
        state: done(period) ? 'complete' : 'incomplete',
        values: {
          margin: written(sum(cellOf(cohort, period, 'margin'))),
          revenue: written(sum(cellOf(cohort, period, 'revenue'))),
        },
      })),
    })),
    outside: {
      events: outside.length,
      values: {
        margin: written(sum(outside.map(({ margin }) => margin))),
        revenue: written(sum(outside.map(({ revenue }) => revenue))),
      },
    },
    unmatchedRefunds: flows.filter(({ unmatched }) => unmatched).length,
  }
  /** By offset, every old enough customer's increments, a row each; of these cohorts. */
  const peopleBy = (cohorts: readonly string[], value: 'revenue' | 'margin') =>
    [...cohortOf]
      .filter(([, cohort]) => cohorts.includes(cohort))
      .map(([subject, cohort]) =>
        texts
          .slice(texts.indexOf(cohort))
          .flatMap((text) =>
            done(text)
              ? [
                  Number(
                    sum(
                      inside
                        .filter((flow) => flow.subject === subject && flow.period === text)
                        .map((flow) => flow[value]),
                    ),
                  ) / 100,
                ]
              : [],
          ),
      )
  return { table, texts, peopleBy }
}

/** Mean, its distance to the limits, and how many, by offset, from everybody's increments. */
function slowCurve(people: readonly (readonly number[])[], level: number) {
  const longest = Math.max(0, ...people.map(({ length }) => length))
  return Array.from({ length: longest }, (_, offset) => {
    const enough = (k: number) => people.filter(({ length }) => length > k)
    const mean = (k: number) => enough(k).reduce((all, row) => all + row[k]!, 0) / enough(k).length
    const upTo = Array.from({ length: offset + 1 }, (_, k) => k)
    const n = enough(offset).length
    const shifts = people.map((row) =>
      upTo
        .filter((k) => row.length > k)
        .reduce((all, k) => {
          const others = enough(k).length
          return all + (row[k]! - mean(k)) / Math.sqrt(others * (others - 1))
        }, 0),
    )
    const error = n < 2 ? undefined : Math.sqrt(shifts.reduce((all, shift) => all + shift * shift, 0))
    const t = n < 2 ? 0 : -studentQuantile((1 - level) / 2, n - 1)
    // Exact: sums over the customers of each offset, as one fraction.
    const many = upTo.map((k) => BigInt(enough(k).length))
    const sums = upTo.map((k) => sum(enough(k).map((row) => BigInt(Math.round(100 * row[k]!)))))
    const below = many.reduce((all, one) => all * one, 1n)
    const above = sum(sums.map((one, k) => (one * below) / many[k]!))
    return {
      n,
      value: Number((above * 10n ** 15n) / below) / 1e17,
      size: Math.max(...people.flat().map(Math.abs)),
      away: error === undefined ? undefined : t * error,
    }
  })
}

function expectCurve(points: readonly LtvPoint[], slow: ReturnType<typeof slowCurve>): void {
  expect(points.map(({ n }) => n)).toEqual(slow.map(({ n }) => n))
  for (const [i, { mean }] of points.entries()) {
    const { value, away, size } = slow[i]!
    expect(Math.abs(mean.value - value)).toBeLessThanOrEqual(1e-14 + 1e-15 * Math.abs(value))
    // Squares of distances lose digits where one customer is far from all others.
    const close = (a: number, b: number) =>
      expect(Math.abs(a - b)).toBeLessThanOrEqual(1e-9 * Math.max(1, size, away ?? 0))
    if (away === undefined) expect(mean.interval.kind).toBe('undefined')
    else if (mean.interval.kind === 'interval') {
      close(mean.interval.low, value - away)
      close(mean.interval.high, value + away)
    } else expect.unreachable('an interval')
  }
}

const tableOf = ({ cohorts, outside, unmatchedRefunds }: CohortRevenue) => ({
  cohorts: cohorts.map(({ cohort, size, cells }) => ({ cohort, size, cells })),
  outside,
  unmatchedRefunds,
})

describe('revenue by cohort', () => {
  test('is what the slow implementation finds, at any instant, curves included', () => {
    fc.assert(
      fc.property(setting, events, moment, (how, all, asOf) => {
        const revenue = revenueOf(how)
        const result = revenue.result(collect(revenue, all), { asOf, level: 0.9 })
        const { table, texts, peopleBy } = slowTable(how, all, asOf)
        expect(tableOf(result)).toEqual(table)
        for (const value of ['revenue', 'margin'] as const) {
          expectCurve(result.curves[value]!, slowCurve(peopleBy(texts, value), 0.9))
          for (const { cohort, curves } of result.cohorts)
            expectCurve(curves[value]!, slowCurve(peopleBy([cohort], value), 0.9))
        }
      }),
      { numRuns: runs(80, 4000) },
    )
  }, 300_000)

  test('one cohort: the mean of what its customers brought, with the t interval of it, in both curves', () => {
    const amounts = fc.array(fc.array(fc.integer({ min: 0, max: 99_999 }), { minLength: 3, maxLength: 3 }), {
      minLength: 2,
      maxLength: 20,
    })
    fc.assert(
      fc.property(amounts, (given) => {
        const revenue = defineCohortRevenue({
          id: 'one',
          version: 1,
          calendar: { zone: 'UTC' },
          period: 'month',
          currency: 'JPY',
          entry: 'paid',
          earned: { event: 'paid', values: { revenue: 'amount' } },
        })
        const all = given.flatMap((row, i) =>
          row.map(
            (amount, month): AnyEvent => ({
              id: String(month),
              type: 'paid',
              subject: String(i),
              occurredAt: Date.UTC(2024, month, 3),
              data: { amount: String(amount) },
            }),
          ),
        )
        const { cohorts, curves } = revenue.result(collect(revenue, all), { asOf: Date.UTC(2024, 3, 1) })
        const n = given.length
        for (const offset of [0, 1, 2]) {
          const sums = given.map((row) => row.slice(0, offset + 1).reduce((a, b) => a + b, 0))
          const { mean, variance } = moments.result(collect(moments, sums))
          if (mean.kind !== 'estimate' || variance.kind !== 'estimate') throw new Error('two values or more')
          const away = studentQuantile(0.975, n - 1) * Math.sqrt(variance.value / n)
          for (const point of [cohorts[0]!.curves['revenue']![offset]!, curves['revenue']![offset]!]) {
            expect(point.mean.value).toBeCloseTo(mean.value, 8)
            expect(
              point.mean.interval.kind === 'interval' && point.mean.interval.high - mean.value,
            ).toBeCloseTo(away, 6)
          }
        }
      }),
      { numRuns: runs(60, 2000) },
    )
  })

  test('the interval over all cohorts holds what it should about as often as it says', () => {
    // Customers who differ, and whose periods go together: rates from 1 to 7, falling by a fifth each month.
    const revenue = defineCohortRevenue({
      id: 'simulated',
      version: 1,
      calendar: { zone: 'UTC' },
      period: 'month',
      currency: 'JPY',
      entry: 'paid',
      earned: { event: 'paid', values: { revenue: 'amount' } },
    })
    const months = [0, 1, 2, 3, 4, 5]
    const shares = months.map((month) => Math.round(1000 * 0.8 ** month))
    const truth = shares.reduce((all, share) => all + 4 * share, 0)
    const chance = random('coverage')
    const rounds = runs(60, 1000)
    let held = 0
    for (let round = 0; round < rounds; round += 1) {
      const all = months.flatMap((cohort) =>
        Array.from({ length: 25 }, (_, i) => {
          const rate = 1 + 6 * chance.next()
          return months.slice(0, 6 - cohort).map(
            (offset): AnyEvent => ({
              id: String(offset),
              type: 'paid',
              subject: `${cohort}/${i}`,
              occurredAt: Date.UTC(2024, cohort + offset, 9),
              data: { amount: String(Math.round(rate * shares[offset]! * (0.5 + chance.next()))) },
            }),
          )
        }).flat(),
      )
      const { curves } = revenue.result(collect(revenue, all), { asOf: Date.UTC(2024, 6, 1), level: 0.9 })
      const { interval } = curves['revenue']!.at(-1)!.mean
      if (interval.kind === 'interval' && interval.low <= truth && truth <= interval.high) held += 1
    }
    // Nine tenths are expected; four standard errors to either side.
    const spread = 4 * Math.sqrt(0.09 / rounds)
    expect(held / rounds).toBeGreaterThan(0.9 - spread)
    expect(held / rounds).toBeLessThan(Math.min(1, 0.9 + spread))
  }, 120_000)

  test('no money is lost: cells and outside are what was earned less what was refunded', () => {
    fc.assert(
      fc.property(setting, events, moment, (how, all, asOf) => {
        const revenue = revenueOf(how)
        const { cohorts, outside } = revenue.result(collect(revenue, all), { asOf })
        const distinct = new Map(all.map(({ recordedAt: _, ...event }) => [canonical(event), event] as const))
        const expected = [...distinct.values()].flatMap(({ type, occurredAt, data }) => {
          if (occurredAt > asOf || !['paid', 'tipped', 'refunded'].includes(type)) return []
          const gain = cents((data as { gain: string }).gain)
          return [type === 'refunded' ? -gain : gain]
        })
        const cells = cohorts.flatMap((row) => row.cells.map(({ values: held }) => cents(held['margin']!)))
        expect(sum(cells) + cents(outside.values['margin']!)).toBe(sum(expected))
      }),
      { numRuns: runs(80, 1500) },
    )
  }, 120_000)

  test('order, shards, merges, repetition and JSON leave the same bits, and retracting undoes adding', () => {
    fc.assert(
      fc.property(
        setting,
        events,
        events,
        fc.array(fc.tuple(fc.nat(), fc.nat({ max: 3 })), { minLength: 60, maxLength: 60 }),
        moment,
        (how, all, gone, marks, asOf) => {
          const revenue = revenueOf(how)
          const whole = collect(revenue, all)
          const dealt = all.map((event, i) => ({ event, mark: marks[i % marks.length]! }))
          dealt.sort((a, b) => a.mark[0] - b.mark[0])
          const shards = [0, 1, 2, 3].map((shard) =>
            collect(
              revenue,
              dealt.filter(({ mark }) => mark[1] === shard).map(({ event }) => event),
            ),
          )
          const read = (partial: CohortRevenuePartial) =>
            JSON.parse(JSON.stringify(partial)) as CohortRevenuePartial
          const merged = [2, 0, 3, 1].map((i) => read(shards[i]!)).reduce((a, b) => revenue.merge(a, b))
          expect(canonical(merged)).toBe(canonical(whole))
          expect(JSON.stringify(revenue.result(merged, { asOf }))).toBe(
            JSON.stringify(revenue.result(whole, { asOf })),
          )
          let more = collect(revenue, [...all, ...gone])
          for (const event of gone) more = revenue.retract(more, event)
          expect(canonical(more)).toBe(canonical(whole))
        },
      ),
      { numRuns: runs(80, 1500) },
    )
  }, 120_000)
})
