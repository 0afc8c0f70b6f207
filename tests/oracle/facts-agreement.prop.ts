import fc from 'fast-check'
import { calendarOf, transitionsOf } from 'liuliang/kernel'
import { describe, expect, test } from 'vitest'
import { oracleCalendar } from '../../src/testing/oracle/index.js'
import { runs } from '../support/size.js'
import { compareHidden, compareHistory, comparisonsOf, frozen } from './support/agreement.js'
import { comparisonOf, condition } from './support/conditions.js'
import { Tally } from './support/coverage-table.js'
import {
  anyDuration,
  calendarIn,
  calendarOptions,
  inputsOf,
  night,
  type Passage,
  passages,
} from './support/shop.js'

const PATIENCE = 1_200_000

let checks = 0
const same = (ours: unknown, oracle: unknown, what: () => unknown) => {
  checks += 1
  if (!Object.is(ours, oracle)) expect({ ours, what: what() }).toEqual({ ours: oracle, what: what() })
}

describe('a second implementation agrees', () => {
  test(
    'on calendars: every duration, around nights on which clocks change',
    () => {
      fc.assert(
        fc.property(
          night,
          anyDuration,
          fc.integer({ min: 0, max: 200 }),
          ({ zone, start }, span, quarters) => {
            const at = start + quarters * 900_000
            const definition = calendarIn(zone)
            const reached = oracleCalendar(definition).add(at, span)
            same(calendarOf(definition).add(at, span), reached, () => ({ definition, at, span }))
          },
        ),
        { numRuns: runs(3000, 100_000) },
      )
    },
    PATIENCE,
  )

  test(
    'on every verb of calendars with days, weeks, years and business of their own',
    () => {
      fc.assert(
        fc.property(
          night,
          calendarOptions,
          anyDuration,
          fc.integer({ min: -96 * 60, max: 96 * 120 }),
          fc.integer({ min: 0, max: 20 * 86_400_000 }),
          ({ zone, start }, options, span, quarters, later) => {
            const definition = { zone, ...options }
            const at = start + quarters * 900_000 + (later % 3)
            const [ours, oracle] = [calendarOf(definition), oracleCalendar(definition)]
            const what = () => ({ definition: JSON.stringify(definition), at, span, later })
            const day = ours.localDay(at)
            same(ours.add(at, span), oracle.add(at, span), what)
            same(day * 86_400_000, oracle.date(at), what)
            same(ours.isBusinessDay(day), oracle.isBusinessDay(oracle.date(at)), what)
            same(ours.isOpen(at), oracle.isOpen(at), what)
            same(ours.workedBetween(at, at + later), oracle.worked(at, at + later), what)
            const work = later % 150_000_000
            same(ours.addWorked(at, work), oracle.addWork(at, work), what)
            const { year, quarter, month, week } = ours.fiscalPeriod(at)
            same(`${[year, quarter, month, week]}`, `${oracle.fiscal(at)}`, what)
            const [iso, own] = [ours.isoWeek(at), ours.weekOf(at)]
            same(`${[iso.year, iso.week]}`, `${oracle.week(at, 1)}`, what)
            same(`${[own.year, own.week]}`, `${oracle.week(at, definition.weekStart ?? 1)}`, what)
          },
        ),
        { numRuns: runs(300, 30_000) },
      )
    },
    PATIENCE,
  )

  test('on calendars whose transitions are written in the definition', () => {
    fc.assert(
      fc.property(night, anyDuration, fc.integer({ min: 0, max: 200 }), ({ zone, start }, span, quarters) => {
        const at = start + quarters * 900_000
        const transitions = transitionsOf(zone, start - 90 * 86_400_000, start + 90 * 86_400_000)
        const written = { ...calendarIn(zone), zone: 'Elsewhere', transitions }
        const reached = oracleCalendar(written).add(at, span)
        same(calendarOf(written).add(at, span), reached, () => ({ written, at, span }))
      }),
      { numRuns: runs(300, 10_000) },
    )
  })

  const historyWith = (conditions: typeof condition) =>
    fc.tuple(
      night,
      conditions,
      passages([], 14),
      fc.array(fc.integer({ min: 0, max: 90 * 86_400_000 }), { minLength: 2, maxLength: 2 }),
    )
  const history = historyWith(condition)
  const eventsOf = ({ start }: { readonly start: number }, steps: readonly Passage[]) =>
    frozen(
      inputsOf(
        start,
        steps.map((step) => ({ ...step, oddity: undefined })),
      ),
    )

  test(
    'on facts and conditions: values, truths, and the exact instant of the next flip',
    () => {
      const table = new Tally()
      const compare = (histories: typeof history, numRuns: number) =>
        fc.assert(
          fc.property(histories, ([where, given, steps, later]) => {
            compareHistory(where.zone, frozen(given), eventsOf(where, steps), later, same, table)
          }),
          { numRuns },
        )
      compare(history, runs(300, 40_000))
      // What is rare is looked for on its own, until all of it was seen.
      for (let i = 0; i < 60 && table.missing().length > 0; i++)
        compare(table.joinsMissing() ? history : historyWith(comparisonOf(table.kindsMissing())), 50)
      console.log(`${checks} checks\n${table}`)
      expect(table.missing()).toEqual([])
    },
    PATIENCE,
  )

  test(
    'what is decided over a gap is so whatever the gap hid',
    () => {
      fc.assert(
        fc.property(history, ([where, given, steps, later]) => {
          const events = eventsOf(where, steps)
          for (const [leaf] of comparisonsOf(given)) compareHidden(where.zone, leaf, events, later, same)
        }),
        { numRuns: runs(350, 40_000) },
      )
    },
    PATIENCE,
  )
})
