import fc from 'fast-check'
import {
  type AnyEvent,
  calendarOf,
  checkCondition,
  compileCondition,
  FactSet,
  factKinds,
  factsOf,
  nextFlip,
  type Track,
  transitionsOf,
} from 'liuliang/kernel'
import { describe, expect, test } from 'vitest'
import {
  oracleCalendar,
  oracleCondition,
  oracleFact,
  oracleNextFlip,
} from '../../src/testing/oracle/index.js'
import { runs } from '../support/size.js'
import { condition } from './support/conditions.js'
import { anyDuration, calendarIn, calendarOptions, inputsOf, night, passages, shop } from './support/shop.js'

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

  test(
    'on facts and conditions: values, verdicts, and the exact instant of the next flip',
    () => {
      fc.assert(
        fc.property(
          night,
          condition,
          passages([], 14),
          fc.array(fc.integer({ min: 0, max: 90 * 86_400_000 }), { minLength: 2, maxLength: 2 }),
          ({ zone, start }, given, steps, later) => {
            const scope = { events: shop.events, calendar: calendarIn(zone), kinds: factKinds }
            checkCondition(given, scope, '$')
            const facts = new FactSet(factsOf(given), scope)
            const compiled = compileCondition(given, facts, scope)
            let tracks: readonly Track[] = facts.start
            const events: AnyEvent[] = []
            for (const event of inputsOf(
              start,
              steps.map((step) => ({ ...step, oddity: undefined })),
            )) {
              events.push(event)
              tracks = facts.note(tracks, event, 'u')
              const now = event.occurredAt
              const past = { events, subject: 'u', scope }
              const flip = nextFlip(compiled, tracks, now)
              same(flip, oracleNextFlip(given, past, now), () => ({ zone, given, events, now }))
              const around = flip === undefined ? [] : [flip - 1, flip, flip + 1]
              for (const asOf of [now, ...around, ...later.map((after) => now + after)]) {
                const what = () => ({ zone, given, events, asOf })
                same(compiled.holds(tracks, asOf), oracleCondition(given, past, asOf), what)
                same(compiled.verdict(tracks, asOf).holds, oracleCondition(given, past, asOf), what)
                for (const fact of factsOf(given)) {
                  const place = facts.place(fact)
                  const value = facts.trackers[place]!.value(tracks[place]!, asOf)
                  same(value, oracleFact(fact, past, asOf), () => ({ fact, ...what() }))
                }
              }
            }
          },
        ),
        { numRuns: runs(1500, 40_000) },
      )
      console.log(`${checks} checks`)
    },
    PATIENCE,
  )
})
