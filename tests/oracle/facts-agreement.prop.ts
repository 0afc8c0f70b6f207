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
import { anyDuration, inputsOf, night, passages, shop } from './support/shop.js'

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
            same(calendarOf({ zone }).add(at, span), oracleCalendar({ zone }).add(at, span), () => ({
              zone,
              at,
              span,
            }))
          },
        ),
        { numRuns: runs(3000, 100_000) },
      )
    },
    PATIENCE,
  )

  test('on calendars whose transitions are written in the definition', () => {
    fc.assert(
      fc.property(night, anyDuration, fc.integer({ min: 0, max: 200 }), ({ zone, start }, span, quarters) => {
        const at = start + quarters * 900_000
        const transitions = transitionsOf(zone, start - 90 * 86_400_000, start + 90 * 86_400_000)
        const written = { zone: 'Elsewhere', transitions }
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
            const scope = { events: shop.events, calendar: { zone }, kinds: factKinds }
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
