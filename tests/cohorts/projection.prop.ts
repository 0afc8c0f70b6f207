import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { projectRetention, survivorCounts } from '../../src/cohorts/index.js'
import type { ChurnCohort } from '../../src/measures/index.js'
import { runs } from '../support/size.js'

const survivors = fc
  .array(fc.integer({ min: 0, max: 800 }), { minLength: 1, maxLength: 7 })
  .map((counts) => counts.sort((a, b) => b - a))
const cohorts: fc.Arbitrary<readonly ChurnCohort[]> = fc
  .array(survivors, { maxLength: 3 })
  .map((lists) => lists.map((list, i) => ({ cohort: `c${i}`, survivors: list })))

test('of any counts there is a projection within its bounds and with its test, or a reason', () => {
  fc.assert(
    fc.property(cohorts, fc.integer({ min: 1, max: 9 }), (given, horizon) => {
      const found = projectRetention({ cohorts: given, horizon })
      if (found.kind === 'undefined') {
        expect(found.next.en).not.toBe('')
        return
      }
      expect(found.backTest.models.some(({ rows }) => rows.length > 0)).toBe(true)
      let before = 1
      for (const { survival, retention } of found.points) {
        for (const { value, interval } of [survival, retention]) {
          expect(interval.low).toBeGreaterThanOrEqual(0)
          expect(interval.low).toBeLessThanOrEqual(value)
          expect(value).toBeLessThanOrEqual(interval.high)
          expect(interval.high).toBeLessThanOrEqual(1)
        }
        expect(survival.value).toBeLessThanOrEqual(before)
        before = survival.value
      }
      for (const { alive, points } of found.cohorts)
        for (const { expected, predicted } of points) {
          expect(Number.isInteger(predicted.low) && Number.isInteger(predicted.high)).toBe(true)
          expect(predicted.low).toBeGreaterThanOrEqual(0)
          expect(predicted.high).toBeLessThanOrEqual(alive)
          expect(predicted.low).toBeLessThanOrEqual(predicted.high)
          expect(expected).toBeLessThanOrEqual(alive)
        }
    }),
    { numRuns: runs(25, 300) },
  )
})

test('counts written as a triangle of complete cells come back', () => {
  fc.assert(
    fc.property(cohorts, (given) => {
      const triangle = {
        cohorts: given.map(({ cohort, survivors: list }) => ({
          cohort,
          cells: list.map((retained, offset) => ({
            offset,
            eligible: list[0]!,
            retained,
            state: 'complete',
          })),
        })),
      }
      expect(survivorCounts(triangle)).toEqual({
        kind: 'counts',
        cohorts: given.filter(({ survivors: list }) => list[0]! > 0),
        ended: [],
      })
    }),
    { numRuns: runs(200, 5000) },
  )
})
