import fc from 'fast-check'
import { expect, test } from 'vitest'
import { addPeriod, emptyPeriodSets, type PeriodSets, reserve } from '../../src/measures/period-sets.js'
import { periodTriangle, type TriangleFrame } from '../../src/measures/period-triangle.js'
import { runs } from '../support/size.js'

const period = fc.oneof(
  fc.integer({ min: -5, max: 12 }),
  fc.integer({ min: -70, max: 110 }),
  fc.constantFrom(-33, -32, -1, 0, 31, 32, 63, 64),
)
/** Many rows that are alike, so that words of one place become more than wait together. */
const people = fc
  .array(fc.tuple(fc.uniqueArray(period, { maxLength: 12 }), fc.integer({ min: 1, max: 40 })), {
    maxLength: 6,
  })
  .map((kinds) => kinds.flatMap(([periods, times]) => Array.from({ length: times }, () => periods)))
const frame: fc.Arbitrary<TriangleFrame> = fc.record({
  first: fc.integer({ min: -40, max: 40 }),
  last: fc.integer({ min: -45, max: 90 }),
  width: fc.oneof(fc.integer({ min: 1, max: 35 }), fc.constantFrom(31, 32, 33, 64, 70)),
  since: fc.oneof(fc.constant(-Infinity), fc.integer({ min: -80, max: 130 })),
  recurring: fc.boolean(),
})

function setsOf(rows: readonly (readonly number[])[]): PeriodSets {
  const sets = emptyPeriodSets({ counted: false })
  for (const [row, periods] of rows.entries()) for (const at of periods) addPeriod(sets, row, at)
  if (sets.words > 0) reserve(sets, rows.length, sets.base, sets.base)
  return sets
}

/** Person by person, and offset by offset. */
function byLists(
  arrivals: readonly (readonly number[])[],
  activity: readonly (readonly number[])[],
  { first, last, width, since, recurring }: TriangleFrame,
) {
  const rows = Math.max(last - first + 1, 0)
  const sizes = new Array<number>(rows).fill(0)
  const counts = new Array<number>(rows * width).fill(0)
  for (const [row, own] of arrivals.entries()) {
    const able = own.filter((at) => at >= since).sort((a, b) => a - b)
    for (const arrival of recurring ? able : able.slice(0, 1)) {
      if (arrival < first || arrival > last) continue
      sizes[arrival - first]! += 1
      for (let offset = 0; offset < width; offset++)
        if (activity[row]?.includes(arrival + offset)) counts[(arrival - first) * width + offset]! += 1
    }
  }
  return { sizes, counts }
}

test('is what a count person by person says, of arrivals that are the activity and of others', () => {
  fc.assert(
    fc.property(people, people, fc.boolean(), frame, (some, others, same, given) => {
      const active = same ? some : others
      const arrivals = setsOf(some)
      const { sizes, counts } = periodTriangle(arrivals, same ? arrivals : setsOf(others), given)
      const expected = byLists(some, active, given)
      expect([...sizes]).toEqual(expected.sizes)
      expect([...counts]).toEqual(expected.counts)
    }),
    { numRuns: runs(150, 3000) },
  )
})
