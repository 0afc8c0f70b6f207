import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  addPeriod,
  dropRow,
  emptyPeriodSets,
  firstPeriod,
  hasPeriod,
  lastPeriod,
  longestRun,
  mergePeriodSets,
  type PeriodSets,
  periodsActive,
  removePeriod,
  reserve,
  runUpTo,
  timesIn,
} from '../../src/measures/period-sets.js'
import { runs } from '../support/size.js'

/** The same people as lists of periods, one entry for every event. */
type Model = number[][]

const ROWS = 7
const period = fc.oneof(
  fc.integer({ min: -10, max: 25 }),
  fc.integer({ min: -110, max: 110 }),
  fc.constantFrom(-65, -64, -33, -32, -31, -1, 0, 31, 32, 33, 63, 64, 65),
)
type Step = readonly [kind: number, row: number, period: number]
const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.tuple(fc.nat({ max: 9 }), fc.nat({ max: ROWS - 1 }), period),
  { maxLength: 60 },
)

/** Runs steps on both; a person who goes is replaced by the last. */
function told(list: readonly Step[], counted: boolean): { readonly sets: PeriodSets; readonly model: Model } {
  const sets = emptyPeriodSets({ counted })
  const model: Model = []
  for (const [kind, row, at] of list) {
    if (kind === 0 && model.length > 0) {
      const gone = row % model.length
      const last = model.pop()!
      if (gone < model.length) model[gone] = last
      dropRow(sets, gone, model.length)
    } else if (kind <= 2 && counted && model.length > 0) {
      const own = model[row % model.length]!
      const found = own.indexOf(at)
      expect(removePeriod(sets, row % model.length, at)).toBe(found >= 0)
      if (found >= 0) own.splice(found, 1)
    } else if (kind === 3) {
      reserve(sets, sets.rows, at, at + 40)
    } else {
      const target = Math.min(row, model.length)
      if (target === model.length) model.push([])
      model[target]!.push(at)
      addPeriod(sets, target, at)
    }
  }
  return { sets, model }
}

function same(sets: PeriodSets, model: Model, [from, to]: readonly [number, number]): void {
  const counted = sets.repeats !== null
  for (const [row, own] of model.entries()) {
    const active = [...new Set(own)].sort((a, b) => a - b)
    for (let at = -150; at <= 150; at++) {
      expect(hasPeriod(sets, row, at)).toBe(active.includes(at))
      const times = own.filter((one) => one === at).length
      expect(timesIn(sets, row, at)).toBe(counted ? times : Math.min(times, 1))
    }
    expect(firstPeriod(sets, row)).toBe(active[0])
    expect(lastPeriod(sets, row)).toBe(active.at(-1))
    expect(firstPeriod(sets, row, from)).toBe(active.find((at) => at >= from))
    expect(lastPeriod(sets, row, to)).toBe(active.filter((at) => at <= to).at(-1))
    const within = active.filter((at) => at >= from && at <= to)
    expect(periodsActive(sets, row, from, to)).toBe(within.length)
    const runOf = (end: number, inside: readonly number[]) => {
      let at = end
      while (inside.includes(at)) at--
      return end - at
    }
    expect(longestRun(sets, row, from, to)).toBe(Math.max(0, ...within.map((at) => runOf(at, within))))
    expect(runUpTo(sets, row, to)).toBe(runOf(to, active))
  }
}

const window = fc.tuple(period, period).map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const)

describe('period sets', () => {
  test('are sets of periods by person, whatever was added, taken out and dropped', () => {
    fc.assert(
      fc.property(steps, fc.boolean(), window, (list, counted, span) => {
        const { sets, model } = told(list, counted)
        same(sets, model, span)
        same(structuredClone(sets), model, span)
      }),
      { numRuns: runs(50, 5000) },
    )
  })

  test('merge to what both have, with and without numbers of rows, and stay as they are', () => {
    fc.assert(
      fc.property(
        steps,
        steps,
        fc.boolean(),
        fc.boolean(),
        window,
        (one, other, counted, renumbered, span) => {
          const [a, b] = [told(one, counted), told(other, counted)]
          // People of the second stand in the first in reverse, and then come those that are new.
          const rowOf = Uint32Array.from({ length: b.model.length }, (_, row) =>
            renumbered ? b.model.length - 1 - row : row,
          )
          const rows = Math.max(a.model.length, b.model.length)
          const model = Array.from({ length: rows }, (_, row) => [...(a.model[row] ?? [])])
          for (const [row, own] of b.model.entries()) model[rowOf[row]!]!.push(...own)
          const before = [structuredClone(a.sets), structuredClone(b.sets)]
          const merged = renumbered
            ? mergePeriodSets(a.sets, b.sets, rowOf, rows)
            : mergePeriodSets(a.sets, b.sets, undefined, rows)
          same(merged, model, span)
          expect([a.sets, b.sets]).toEqual(before)
          addPeriod(merged, 0, 3)
          expect([a.sets, b.sets]).toEqual(before)
        },
      ),
      { numRuns: runs(50, 5000) },
    )
  })

  test('two years of months in any order take one word a person; each 32 periods more, one more', () => {
    fc.assert(
      fc.property(
        fc.shuffledSubarray(
          Array.from({ length: 24 }, (_, i) => 24_288 + i),
          { minLength: 24 },
        ),
        (months) => {
          const sets = emptyPeriodSets({ counted: false })
          for (const [i, month] of months.entries()) addPeriod(sets, i % 5, month)
          expect(sets.words).toBe(1)
          // In the order of arrival room doubles.
          expect(sets.bits.byteLength).toBeLessThanOrEqual(4 * 16)
          const halves = [months.slice(0, 12), months.slice(12)].map((half) => {
            const part = emptyPeriodSets({ counted: false })
            for (const month of half) addPeriod(part, 0, month)
            return part
          })
          expect(mergePeriodSets(halves[0]!, halves[1]!).words).toBe(1)
        },
      ),
      { numRuns: runs(40, 2000) },
    )
    const known = emptyPeriodSets({ counted: false })
    reserve(known, 100_000, 24_288, 24_288 + 23)
    expect(known.bits.byteLength).toBe(400_000)
    reserve(known, 100_000, 24_288, 24_288 + 63)
    expect(known.bits.byteLength).toBe(800_000)
  })

  test('room for people who come one by one, not each with a bit, is made seldom', () => {
    const sets = emptyPeriodSets({ counted: false })
    let made = 0
    let bits = sets.bits
    for (let row = 0; row < 20_000; row += 2) {
      addPeriod(sets, row, 5)
      if (sets.bits !== bits) made += 1
      bits = sets.bits
    }
    expect(made).toBeLessThan(20)
  })

  test('periods too far away are refused', () => {
    for (const far of [2_097_152, -2_097_153, Number.NaN, Infinity]) {
      const sets = emptyPeriodSets({ counted: false })
      expect(() => addPeriod(sets, 0, far)).toThrow(expect.objectContaining({ code: 'out-of-range' }))
      expect(sets.rows).toBe(0)
    }
    expect(() => removePeriod(emptyPeriodSets({ counted: false }), 0, 0)).toThrow(
      expect.objectContaining({ code: 'missing', path: '$.repeats' }),
    )
  })
})
