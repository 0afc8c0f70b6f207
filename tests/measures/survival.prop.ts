import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { collect } from '../../src/kernel/aggregate.js'
import { restrictedMean, survivalAt, survivalQuantile } from '../../src/measures/survival/curve-reading.js'
import { logRank } from '../../src/measures/survival/log-rank.js'
import { defineSurvival, kaplanMeier } from '../../src/measures/survival/survival.js'
import type { SurvivalTransform } from '../../src/measures/survival/survival-interval.js'
import type { SurvivalRecord } from '../../src/measures/survival-record.js'
import { runs } from '../support/size.js'
import { decimalOf, type GroupedRecord, slowCurve, slowLogRank } from './support/slow-survival.js'

const numRuns = runs(400, 20_000)
const transforms = ['plain', 'log', 'log-log', 'logit', 'arcsin'] as const
const transform = fc.constantFrom<SurvivalTransform>(...transforms)

/** Few times, so that they tie; with or without entries. */
const time = fc.oneof(
  fc.integer({ min: 0, max: 12 }),
  fc.integer({ min: 0, max: 40 }).map((n) => n / 4),
)
const complete = fc.record({ time, event: fc.boolean() })
const truncated = fc
  .tuple(time, fc.boolean(), fc.option(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })))
  .map(([at, event, part]): SurvivalRecord => {
    const entry = part === null ? undefined : Math.floor(part * at * 2) / 2
    return entry === undefined || entry >= at ? { time: at, event } : { time: at, event, entry }
  })
const many = (one: fc.Arbitrary<SurvivalRecord>) => fc.array(one, { minLength: 1, maxLength: 60 })

/** 1e-12 of the size. */
const near = (found: number, expected: number, relative = 1e-12) =>
  expect(Math.abs(found - expected), `${found}, not ${expected}`).toBeLessThanOrEqual(
    1e-13 + relative * Math.abs(expected),
  )
const curve = (records: readonly SurvivalRecord[], by: SurvivalTransform = 'log-log') =>
  kaplanMeier(records, { unit: 'day', transform: by })

describe('the curve', () => {
  test('is that of the definition, over all records at every time, also with late entries', () => {
    fc.assert(
      fc.property(fc.oneof(many(truncated), many(complete)), (records) => {
        const slow = slowCurve(records)
        const { rows, n, events } = curve(records)
        expect(
          rows.map(({ time: at, atRisk, events: d, censored }) => ({
            time: at,
            atRisk,
            events: d,
            censored,
          })),
        ).toEqual(
          slow.map(({ time: at, atRisk, events: d, censored }) => ({
            time: at,
            atRisk,
            events: d,
            censored,
          })),
        )
        expect([n, events]).toEqual([records.length, records.filter(({ event }) => event).length])
        let [greenwood, hazard, squares] = [0, 0, 0]
        for (const [i, { atRisk, events: d, above, below }] of slow.entries()) {
          const row = rows[i]!
          near(row.survival, decimalOf(above, below), 2e-16)
          hazard += d / atRisk
          squares += d / (atRisk * atRisk)
          greenwood += d / (atRisk * (atRisk - d))
          near(row.cumulativeHazard.value, hazard)
          near(row.cumulativeHazard.standardError, Math.sqrt(squares))
          if (above === 0n) expect(row.standardError.kind).toBe('undefined')
          else if (row.standardError.kind === 'estimate') {
            near(row.standardError.logarithm, Math.sqrt(greenwood))
            near(row.standardError.survival, decimalOf(above, below) * Math.sqrt(greenwood))
          } else expect(row.standardError.kind).toBe('estimate')
        }
        // Who is at risk, less who left, plus who entered.
        for (const [i, row] of rows.entries()) {
          const before = rows[i - 1]
          const left = before === undefined ? 0 : before.atRisk - before.events - before.censored
          expect(row.atRisk).toBe(left + row.entered)
        }
      }),
      { numRuns },
    )
  })

  test('says from when, over which gaps and where it was emptied, as a look at each time says', () => {
    fc.assert(
      fc.property(many(truncated), (records) => {
        const { from, gaps, emptiedAt, rows } = curve(records)
        const watchedAfter = (at: number) =>
          records.some(({ time: until, entry }) => until > at && (entry === undefined || entry <= at))
        const starts = records.map(({ entry }) => entry ?? 0)
        expect(from).toBe(Math.min(...starts))
        // Nothing changes but at ends and entries: between two of them somebody is watched, or nobody.
        const marks = [...new Set([...starts, ...records.map(({ time: at }) => at)])].sort((a, b) => a - b)
        const last = marks.at(-1)!
        for (const mark of marks) {
          if (mark < from || mark >= last) continue
          const inGap = gaps.some((gap) => mark >= gap.from && mark < gap.to)
          expect(inGap).toBe(!watchedAfter(mark))
        }
        const zero = rows.find(({ survival }) => survival === 0)
        expect(emptiedAt).toBe(zero === rows.at(-1) ? undefined : zero?.time)
      }),
      { numRuns },
    )
  })

  test('without censoring is the share that is left, to the last bit', () => {
    fc.assert(
      fc.property(fc.array(time, { minLength: 1, maxLength: 200 }), (times) => {
        for (const row of curve(times.map((at) => ({ time: at, event: true }))).rows)
          expect(row.survival).toBe(times.filter((at) => at > row.time).length / times.length)
      }),
      { numRuns },
    )
  })

  test('does not know the unit: twice the times, twice the answers in time', () => {
    fc.assert(
      fc.property(many(truncated), transform, (records, by) => {
        const twice = records.map(({ time: at, event, entry }) =>
          entry === undefined ? { time: 2 * at, event } : { time: 2 * at, event, entry: 2 * entry },
        )
        const [one, other] = [curve(records, by), curve(twice, by)]
        expect(other.rows).toEqual(one.rows.map((row) => ({ ...row, time: 2 * row.time })))
        const upTo = one.rows.at(-1)!.time
        const [a, b] = [restrictedMean(one, { upTo }), restrictedMean(other, { upTo: 2 * upTo })]
        if (a.kind !== 'estimate' || b.kind !== 'estimate') throw new Error('the horizon was watched')
        expect([b.value, b.standardError]).toEqual([2 * a.value, 2 * a.standardError])
        for (const p of [0.1, 0.25, 0.5, 0.9]) {
          const [x, y] = [survivalQuantile(one, p), survivalQuantile(other, p)]
          for (const end of ['value', 'low', 'high'] as const) {
            const [was, is] = [x[end], y[end]]
            expect(is).toEqual(was.kind === 'estimate' ? { ...was, time: 2 * was.time } : was)
          }
        }
      }),
      { numRuns },
    )
  })

  test('an interval holds its survival, within [0, 1], and more confidence is wider', () => {
    fc.assert(
      fc.property(many(truncated), transform, (records, by) => {
        const [wide, narrow] = [0.99, 0.8].map((level) =>
          kaplanMeier(records, { unit: 'day', transform: by, level }),
        )
        for (const [i, { survival, interval }] of wide!.rows.entries()) {
          const inner = narrow!.rows[i]!.interval
          if (interval.kind !== 'estimate' || inner.kind !== 'estimate') {
            expect(inner).toEqual(interval)
            expect(survival === 0 || survival === 1).toBe(true)
            continue
          }
          expect(0 <= interval.low && interval.low <= inner.low && inner.low <= survival).toBe(true)
          expect(survival <= inner.high && inner.high <= interval.high && interval.high <= 1).toBe(true)
        }
      }),
      { numRuns },
    )
  })

  test('since a time is that of those who lived beyond it', () => {
    fc.assert(
      fc.property(many(truncated), time, (records, since) => {
        const later = kaplanMeier(records, { unit: 'day', transform: 'log', since })
        const left = records
          .filter(({ time: at }) => at > since)
          .map(({ time: at, event, entry }) => ({ time: at, event, entry: Math.max(since, entry ?? 0) }))
        const own = kaplanMeier(left, { unit: 'day', transform: 'log' })
        expect(later).toEqual(left.length === 0 ? { ...own, from: since } : own)
      }),
      { numRuns },
    )
  })
})

describe('reading', () => {
  test('the mean is the area of the steps, the median where half are gone', () => {
    fc.assert(
      fc.property(many(complete), fc.double({ min: 0, max: 1, noNaN: true }), (records, part) => {
        const read = curve(records)
        const upTo = part * read.rows.at(-1)!.time
        const mean = restrictedMean(read, { upTo })
        if (mean.kind !== 'estimate') throw new Error('the horizon was watched')
        const marks = [0, ...read.rows.map((row) => row.time).filter((at) => at > 0 && at < upTo), upTo]
        let area = 0
        for (const [i, at] of marks.slice(0, -1).entries()) {
          const found = survivalAt(read, at)
          if (found.kind !== 'estimate') throw new Error('it was watched')
          area += found.value * (marks[i + 1]! - at)
        }
        near(mean.value, area)
        const median = survivalQuantile(read, 0.5).value
        if (median.kind === 'estimate') {
          const found = survivalAt(read, median.time)
          expect(found.kind === 'estimate' && found.value <= 0.5 + 1e-12).toBe(true)
          for (const row of read.rows)
            if (row.time < median.time) expect(row.survival).toBeGreaterThan(0.5 - 1e-12)
        } else expect(read.rows.at(-1)!.survival).toBeGreaterThan(0.5)
      }),
      { numRuns },
    )
  })
})

const grouped = fc.array(
  fc
    .tuple(truncated, fc.constantFrom('a', 'b', 'c'), fc.constantFrom('x', 'y'))
    .map(([record, group, stratum]): GroupedRecord => ({ ...record, group, stratum })),
  { minLength: 2, maxLength: 60 },
)
const samplesOf = (records: readonly GroupedRecord[]) =>
  ['a', 'b', 'c'].flatMap((group) =>
    ['x', 'y'].map((stratum) => ({
      group,
      stratum,
      records: records.filter((one) => one.group === group && one.stratum === stratum),
    })),
  )

describe('the log-rank test', () => {
  test('is that of the definition, over all records at every time, within strata, also with late entries', () => {
    let compared = 0
    fc.assert(
      fc.property(grouped, fc.constantFrom(0, 0.5, 1, 2), (records, rho) => {
        const slow = slowLogRank(records, ['a', 'b', 'c'], rho)
        const found = logRank(samplesOf(records), { rho })
        for (const [i, { observed, expected }] of found.groups.entries()) {
          near(observed, slow.observed[i]!)
          near(expected, slow.expected[i]!)
        }
        if (found.kind === 'undefined') {
          for (const row of slow.variance) for (const value of row) near(value, 0)
          return
        }
        for (const [i, row] of found.variance.entries())
          for (const [j, value] of row.entries()) near(value, slow.variance[i]![j]!, 1e-11)
        if (slow.chiSquare === undefined || found.degreesOfFreedom < 2) return
        compared += 1
        near(found.chiSquare, slow.chiSquare, 1e-7)
      }),
      { numRuns },
    )
    expect(compared).toBeGreaterThan(numRuns / 3)
  })

  test('does not depend on the order of groups, records or strata, nor on how they were counted', () => {
    const survival = defineSurvival({ id: 's', version: 1, unit: 'day' })
    fc.assert(
      fc.property(grouped, fc.constantFrom(0, 1), (records, rho) => {
        const samples = samplesOf(records)
        const one = logRank(samples, { rho })
        const counted = samples.map(({ records: some, ...sample }) => ({
          ...sample,
          counted: survival.merge(
            collect(survival, some.slice(0, 3).reverse()),
            collect(survival, some.slice(3).reverse()),
          ),
        }))
        expect(logRank(counted, { rho })).toEqual(one)
        const other = logRank([...samples].reverse(), { rho })
        expect(other.kind).toBe(one.kind)
        if (one.kind === 'estimate' && other.kind === 'estimate') {
          near(other.chiSquare, one.chiSquare, 1e-9)
          expect(other.degreesOfFreedom).toBe(one.degreesOfFreedom)
          near(other.p, one.p, 1e-8)
        }
      }),
      { numRuns },
    )
  })
})
