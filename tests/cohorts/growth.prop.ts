import fc from 'fast-check'
import { defineGrowth, defineStickiness } from 'liuliang/cohorts'
import { type AnyEvent, collect, columnsOf, type Instant } from 'liuliang/kernel'
import { describe, expect, test } from 'vitest'
import { runs } from '../support/size.js'
import { type Case, cases, mergedBy } from './support/histories.js'
import { slowPeriods } from './support/slow-retention.js'

const marks = fc.array(fc.nat(), { minLength: 5, maxLength: 20 })
const keeps = fc.constantFrom('periods' as const, 'counts' as const, 'instants' as const)

/** Who was active in which period, by name and number, as of an instant; `through` is the last that is shown. */
function slowActivity({ definition, events }: Case, asOf: Instant, keep: string) {
  const periods = slowPeriods(definition.calendar as { readonly zone: string }, definition.period)
  const paid = events.filter(({ type }) => type === 'paid')
  let shown = periods.indexOf(asOf)
  while (periods.startOf(shown + 1) <= asOf) shown++
  let [over, through] = [shown, shown]
  while (periods.endOf(over) > asOf) over--
  if (keep !== 'instants' && paid.some(({ occurredAt }) => occurredAt > asOf))
    while (periods.endOf(through) - 1 > asOf) through--
  const seen = paid
    .filter(({ occurredAt }) => occurredAt <= asOf)
    .map(({ subject, occurredAt }) => ({ subject, period: periods.indexOf(occurredAt) }))
    .filter(({ period }) => period <= through)
  const here = (from: number, to: number) =>
    [
      ...new Set(seen.filter(({ period }) => period >= from && period <= to).map(({ subject }) => subject)),
    ].sort()
  const ever = Math.min(...seen.map(({ period }) => period))
  return { periods, shown, over, through, here, ever, people: here(-Infinity, Infinity) }
}

const shared = ({ definition }: Case, keep: 'periods' | 'counts' | 'instants') => ({
  id: 'law',
  version: 1,
  calendar: definition.calendar,
  period: definition.period,
  activity: 'paid',
  keep,
})
const optionsOf = ({ options: { asOf, since } }: Case) => ({ asOf, ...(since !== undefined && { since }) })

describe('growth', () => {
  test('is what lists of names by period say, and its identity holds', () => {
    fc.assert(
      fc.property(cases, keeps, marks, fc.nat(), (one, keep, deal, pick) => {
        const growth = defineGrowth({ ...shared(one, keep), resurrected: 'counted' })
        const options = optionsOf(one)
        const partial = collect(growth, one.events)
        const result = growth.result(partial, options)
        const { periods, shown, over, through, here, ever } = slowActivity(one, options.asOf, keep)
        const first = options.since === undefined ? ever : periods.indexOf(options.since)
        const length = Number.isFinite(first) ? Math.max(through - first + 1, 0) : 0
        const rows = Array.from({ length }, (_, i) => {
          const at = first + i
          const [now, before] = [here(at, at), here(at - 1, at - 1)]
          const earlier = here(-Infinity, at - 1)
          const classes = {
            new: now.filter((name) => !earlier.includes(name)),
            retained: now.filter((name) => before.includes(name)),
            resurrected: now.filter((name) => earlier.includes(name) && !before.includes(name)),
            churned: before.filter((name) => !now.includes(name)),
          }
          return { at, active: now.length, before: before.length, classes }
        })
        expect(
          result.periods.map(({ quickRatio, grossRetention, coverage: _, ...row }) => ({
            ...row,
            quick: quickRatio.kind === 'estimate' ? quickRatio.value : null,
            kept: grossRetention.kind === 'estimate' ? grossRetention.value : null,
          })),
        ).toEqual(
          rows.map(({ at, active, before, classes }) => ({
            period: periods.nameOf(at),
            active,
            new: classes.new.length,
            retained: classes.retained.length,
            resurrected: classes.resurrected.length,
            churned: classes.churned.length,
            state: [at, at - 1].some((one) => periods.endOf(one) <= periods.startOf(one))
              ? 'unobserved'
              : at <= over
                ? 'complete'
                : 'provisional',
            quick:
              classes.churned.length === 0
                ? null
                : (classes.new.length + classes.resurrected.length) / classes.churned.length,
            kept: before === 0 ? null : classes.retained.length / before,
          })),
        )
        expect(result.leftOut).toBe(through < shown ? periods.nameOf(through + 1) : null)
        let before = rows[0]?.before ?? 0
        for (const row of result.periods) {
          expect(row.active).toBe(row.new + row.retained + row.resurrected)
          expect(row.active).toBe(before + row.new + row.resurrected - row.churned)
          before = row.active
        }
        if (length > 0) {
          const { at, classes } = rows[pick % length]!
          for (const [name, people] of Object.entries(classes)) {
            const which = { period: periods.nameOf(at), class: name as keyof typeof classes }
            expect(growth.people(partial, options, which)).toEqual(people)
          }
        }
        const { merge } = growth
        const dealt = mergedBy(
          { merge, collect: (part: readonly AnyEvent[]) => collect(growth, part) },
          one.events,
          deal,
        )
        expect(growth.result(dealt, options)).toEqual(result)
        const columns = growth.addColumns(growth.empty(), columnsOf(one.events))
        expect(growth.result(columns, options)).toEqual(result)
      }),
      { numRuns: runs(80, 4000) },
    )
  }, 600_000)
})

describe('stickiness', () => {
  test('is what lists of names by period say', () => {
    fc.assert(
      fc.property(cases, keeps, fc.boolean(), fc.integer({ min: 1, max: 40 }), (one, keep, whole, long) => {
        const windows = { short: 2, long }
        const windowIncludes = whole ? 'the-period' : 'periods-before'
        const stickiness = defineStickiness({ ...shared(one, keep), windows, windowIncludes })
        const options = optionsOf(one)
        const result = stickiness.result(collect(stickiness, one.events), options)
        const { periods, over, through, here, ever, people } = slowActivity(one, options.asOf, keep)
        const first = options.since === undefined ? ever : periods.indexOf(options.since)
        const length = Number.isFinite(first) ? Math.max(through - first + 1, 0) : 0
        const lag = whole ? 0 : 1
        const counted = (at: number, size: number) => here(at - lag - size + 1, at - lag).length
        expect(result.periods).toEqual(
          Array.from({ length }, (_, i) => {
            const at = first + i
            const active = here(at, at).length
            const ratio = (size: number) =>
              counted(at, size) === 0
                ? { kind: 'undefined', reason: 'nobody-active' }
                : { kind: 'estimate', value: active / counted(at, size) }
            return {
              period: periods.nameOf(at),
              active,
              trailing: { short: counted(at, 2), long: counted(at, long) },
              ratios: { short: ratio(2), long: ratio(long) },
              state:
                at > over ? 'provisional' : at - lag - Math.max(2, long) + 1 < ever ? 'short' : 'complete',
            }
          }),
        )
        const tally = (numbers: readonly number[]) =>
          [...new Set(numbers)]
            .sort((a, b) => a - b)
            .map((number) => ({
              periods: number,
              people: numbers.filter((other) => other === number).length,
            }))
        const spine = Array.from(
          { length: Number.isFinite(ever) ? through - ever + 1 : 0 },
          (_, i) => ever + i,
        )
        const on = (name: string) => spine.map((at) => here(at, at).includes(name))
        const daysIn = (size: number) => (name: string) =>
          spine.filter(
            (at) => at <= through - lag && at > through - lag - size && here(at, at).includes(name),
          ).length
        const run = (name: string) => [...on(name)].reverse().concat(false).indexOf(false)
        const longest = (name: string) =>
          Math.max(...on(name).map((_, from) => on(name).slice(from).concat(false).indexOf(false)))
        const ago = (name: string) => [...on(name)].reverse().indexOf(true)
        const positive = (numbers: readonly number[]) => tally(numbers.filter((number) => number > 0))
        expect(result.histograms).toEqual({
          short: positive(people.map(daysIn(2))),
          long: positive(people.map(daysIn(long))),
        })
        expect(result.recency).toEqual(tally(people.map(ago)))
        expect(result.runs).toEqual(positive(people.map(run)))
        expect(result.longestRuns).toEqual(positive(people.map(longest)))
      }),
      { numRuns: runs(60, 3000) },
    )
  }, 600_000)
})
