import fc from 'fast-check'
import {
  defineRetention,
  type Retention,
  type RetentionAggregate,
  type RetentionCohort,
  type RetentionDefinition,
} from 'liuliang/cohorts'
import { type AnyEvent, collect, columnsOf } from 'liuliang/kernel'
import { describe, expect, test } from 'vitest'
import { runs } from '../support/size.js'
import { type Case, cases, mergedBy } from './support/histories.js'
import { slowRetention } from './support/slow-retention.js'

const TIMEOUT = 600_000
const made = ({ definition }: Case) => defineRetention(definition)

/** What the slow evaluator says, of a result. */
const numbersOf = (cohorts: readonly RetentionCohort[]) =>
  cohorts.map(({ cohort, size, cells }) => ({
    cohort,
    size,
    cells: cells.map(({ fingerprint: _, rate, ...cell }) => ({
      ...cell,
      rate: rate.kind === 'estimate' ? rate.value : rate.reason,
    })),
  }))

const withoutPeople = (cohorts: ReturnType<typeof slowRetention>['cohorts']) =>
  cohorts.map(({ cells, ...cohort }) => ({ ...cohort, cells: cells.map(({ people: _, ...cell }) => cell) }))

const textOf = (aggregate: RetentionAggregate, partial: ReturnType<RetentionAggregate['empty']>, one: Case) =>
  JSON.stringify(aggregate.result(partial, one.options))

const marks = fc.array(fc.nat(), { minLength: 5, maxLength: 20 })

describe('retention', () => {
  const met = new Map<string, number>()
  let all = 0
  const meet = (settings: Readonly<Record<string, unknown>>) => {
    all += 1
    for (const [name, value] of Object.entries(settings)) {
      const key = `${name}: ${typeof value === 'object' ? JSON.stringify(value) : value}`
      met.set(key, (met.get(key) ?? 0) + 1)
    }
  }
  /** Names of settings that came up in less than a share of the runs. */
  const rare = (names: readonly string[], share: number) =>
    names.filter((name) => (met.get(name) ?? 0) < share * all)

  test(
    'is what the slow evaluator finds, whatever the settings, people included',
    () => {
      fc.assert(
        fc.property(cases, fc.nat(), (one, pick) => {
          const aggregate = made(one)
          const partial = collect(aggregate, one.events)
          const result = aggregate.result(partial, one.options)
          const slow = slowRetention(
            one.definition as unknown as RetentionDefinition,
            one.events,
            one.options,
          )
          expect(numbersOf(result.cohorts)).toEqual(withoutPeople(slow.cohorts))
          expect(result.groups.map(({ value, cohorts }) => ({ value, cohorts: numbersOf(cohorts) }))).toEqual(
            slow.groups.map(({ value, cohorts }) => ({ value, cohorts: withoutPeople(cohorts) })),
          )
          // One cell of each table has its people looked up.
          const tables = [
            { cohorts: slow.cohorts },
            ...slow.groups.map(({ value, cohorts }) => ({ group: value, cohorts })),
          ]
          for (const { cohorts, ...group } of tables) {
            const cells = cohorts.flatMap(({ cohort, cells }) => cells.map((cell) => ({ cohort, cell })))
            const found = cells.filter(({ cell }) => cell.n > 0)
            const at = found.length > 0 ? found[pick % found.length] : cells[0]
            if (at === undefined) continue
            const { cohort, cell } = at
            const where = { cohort, offset: cell.offset, ...group }
            expect(aggregate.people(partial, one.options, where)).toEqual(cell.people)
          }
          const { entryRule, clock, measure, minimum, cellZero, eligibility, breakdown, where, sum, period } =
            one.definition
          const { since, until, upTo, gaps } = one.options
          const cells = slow.cohorts.flatMap(({ cells }) => cells)
          meet({
            entryRule,
            clock: typeof clock === 'object' ? `elapsed ${clock.truncate ?? ''}` : 'calendar',
            measure,
            minimum,
            cellZero,
            eligibility,
            breakdown: breakdown?.of,
            where,
            sum,
            period,
            zone: one.definition.calendar.zone,
            keep: one.definition.keep,
            since: since !== undefined,
            until: until !== undefined,
            upTo: upTo !== undefined,
            gaps: gaps !== undefined && gaps.length > 0,
            'somebody entered': cells.some(({ n }) => n > 0),
            'somebody was retained later': cells.some(({ retained, offset }) => retained > 0 && offset > 0),
            'somebody was lost': cells.some(({ people }) => people.lost.length > 0),
            'a cell was open': cells.some(({ state, n }) => state === 'incomplete' && n > 0),
            'a cell was not observed': cells.some(({ state }) => state === 'unobserved'),
            'a cell was part mature': cells.some(({ maturity }) => maturity > 0 && maturity < 1),
            'later events': one.events.some(({ occurredAt }) => occurredAt > one.options.asOf),
            'an event at asOf': one.events.some(({ occurredAt }) => occurredAt === one.options.asOf),
          })
        }),
        { numRuns: runs(250, 10_000) },
      )
    },
    TIMEOUT,
  )

  test('the cases above reach every setting', () => {
    const shares = [...met].sort().map(([name, count]) => `${name} ${((100 * count) / all).toFixed(1)} %`)
    if (process.env['LIULIANG_SHARES'] === '1') console.log(shares.join('\n'))
    const often = [
      ...['first-matching', 'first-ever', 'recurring', 'first-in-window'].map((name) => `entryRule: ${name}`),
      ...['calendar', 'elapsed ', 'elapsed hour', 'elapsed day'].map((name) => `clock: ${name}`),
      ...['on', 'on-or-after', 'on-or-before', 'consecutive'].map((name) => `measure: ${name}`),
      'minimum: 2',
      'cellZero: everybody',
      'eligibility: everybody',
      'breakdown: entry',
      'breakdown: event',
      'sum: amount',
      'where: {"kind":"a"}',
      ...['hour', 'day', 'week', 'month', 'quarter', 'year'].map((name) => `period: ${name}`),
      ...['periods', 'counts', 'instants'].map((name) => `keep: ${name}`),
      ...['since', 'until', 'upTo', 'gaps', 'later events', 'an event at asOf'].map(
        (name) => `${name}: true`,
      ),
      ...['somebody entered', 'somebody was retained later', 'somebody was lost'].map(
        (name) => `${name}: true`,
      ),
      ...['a cell was open', 'a cell was not observed'].map((name) => `${name}: true`),
    ]
    // One in ten, less what chance takes of some hundred runs; combined measures share one place between them.
    expect(rare(often, 0.05)).toEqual([])
  })

  test(
    'columns, objects, JSON, structuredClone, any order, shards and merge tree: the same bits',
    () => {
      fc.assert(
        fc.property(cases, marks, (one, deal) => {
          const aggregate = made(one)
          const whole = collect(aggregate, one.events)
          const expected = textOf(aggregate, whole, one)
          const same = (partial: typeof whole) => expect(textOf(aggregate, partial, one)).toBe(expected)
          same(aggregate.addColumns(aggregate.empty(), columnsOf(one.events)))
          same(structuredClone(whole))
          same(aggregate.fromJson(JSON.parse(JSON.stringify(aggregate.toJson(whole)))))
          const { merge } = aggregate
          const by = (collecting: (events: readonly AnyEvent[]) => typeof whole) =>
            mergedBy({ merge, collect: collecting }, one.events, deal)
          same(by((events) => collect(aggregate, events)))
          same(by((events) => aggregate.addColumns(aggregate.empty(), columnsOf(events))))
          same(by((events) => structuredClone(collect(aggregate, events))))
        }),
        { numRuns: runs(80, 4000) },
      )
    },
    TIMEOUT,
  )

  test(
    'retracting undoes adding; one that is not there is refused and changes nothing',
    () => {
      fc.assert(
        fc.property(cases, fc.nat({ max: 12 }), marks, (one, keep, deal) => {
          const aggregate = defineRetention({
            ...one.definition,
            keep: one.definition.keep === 'periods' ? 'counts' : one.definition.keep!,
          })
          const asOf = Math.max(one.options.asOf, ...one.events.map(({ occurredAt }) => occurredAt))
          const again = { ...one, options: { ...one.options, asOf } }
          const stays = one.events.slice(0, keep)
          const partial = collect(aggregate, one.events)
          const goes = one.events.slice(keep).map((event, i) => ({ event, at: deal[i % deal.length]! }))
          for (const { event } of goes.sort((a, b) => a.at - b.at)) aggregate.retract!(partial, event)
          const left = textOf(aggregate, partial, again)
          expect(left).toBe(textOf(aggregate, collect(aggregate, stays), again))
          for (const subject of ['nobody', 'mei', 'lin']) {
            const stranger = { id: '', type: 'paid', subject, occurredAt: asOf + 4e11, data: { kind: 'a' } }
            try {
              aggregate.retract!(partial, stranger)
            } catch (error) {
              expect(error).toMatchObject({ code: 'missing' })
            }
          }
          expect(textOf(aggregate, partial, again)).toBe(left)
        }),
        { numRuns: runs(60, 4000) },
      )
    },
    TIMEOUT,
  )

  test(
    'forgetting somebody leaves what would have been collected without them',
    () => {
      fc.assert(
        fc.property(cases, fc.constantFrom('mei', 'lin', '__proto__', '10', 'nobody'), (one, subject) => {
          const aggregate = made(one)
          // Bits do not say whose event was the latest, so that all are before the question.
          const asOf = Math.max(one.options.asOf, ...one.events.map(({ occurredAt }) => occurredAt))
          const again = { ...one, options: { ...one.options, asOf } }
          const left = aggregate.forget(collect(aggregate, one.events), subject)
          const without = one.events.filter((event) => event.subject !== subject)
          expect(textOf(aggregate, left, again)).toBe(textOf(aggregate, collect(aggregate, without), again))
          const more = one.events.slice(0, 5)
          for (const event of more) aggregate.add(left, event)
          expect(textOf(aggregate, left, again)).toBe(
            textOf(aggregate, collect(aggregate, [...without, ...more]), again),
          )
          expect(JSON.stringify(aggregate.toJson(aggregate.forget(left, subject)))).not.toContain(
            `"${subject}"`,
          )
        }),
        { numRuns: runs(60, 4000) },
      )
    },
    TIMEOUT,
  )

  test(
    'unbounded and cumulative measures go one way along a row; averages add up',
    () => {
      fc.assert(
        fc.property(cases, (one) => {
          const { measure } = one.definition
          const aggregate = made(one)
          const result: Retention = aggregate.result(collect(aggregate, one.events), one.options)
          for (const { cohorts, averages } of [result, ...result.groups]) {
            for (const { cells } of cohorts) {
              const seen = cells.map(({ seen }) => seen).slice(1)
              const sorted = [...seen].sort((a, b) => a - b)
              if (measure === 'on-or-before' || (typeof measure === 'object' && 'atLeast' in measure))
                expect(seen).toEqual(sorted)
              else if (
                measure === 'on-or-after' ||
                measure === 'consecutive' ||
                (typeof measure === 'object' && measure.each)
              )
                expect(seen).toEqual(sorted.reverse())
            }
            for (const { offset, eligible, retained, cohorts: n } of averages) {
              const cells = cohorts.flatMap(({ cells }) =>
                cells.filter((cell) => cell.offset === offset && cell.state !== 'unobserved'),
              )
              expect(eligible).toBe(cells.reduce((sum, cell) => sum + cell.eligible, 0))
              expect(retained).toBe(cells.reduce((sum, cell) => sum + cell.retained, 0))
              const complete = cells.filter(({ state }) => state === 'complete')
              expect(n).toBe(one.definition.eligibility === 'everybody' ? cells.length : complete.length)
            }
          }
        }),
        { numRuns: runs(60, 4000) },
      )
    },
    TIMEOUT,
  )

  test(
    'with instants kept, events after asOf change nothing, and what is complete stays',
    () => {
      fc.assert(
        fc.property(cases, (one) => {
          const aggregate = defineRetention({ ...one.definition, keep: 'instants' })
          const { asOf } = one.options
          const known = one.events.filter(({ occurredAt }) => occurredAt <= asOf)
          const then = aggregate.result(collect(aggregate, one.events), one.options)
          expect(then).toEqual(aggregate.result(collect(aggregate, known), one.options))
        }),
        { numRuns: runs(60, 2000) },
      )
    },
    TIMEOUT,
  )
})
