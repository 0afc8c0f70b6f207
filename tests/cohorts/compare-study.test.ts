// How often comparisons are wrong where nothing differs, and right where something does: on data drawn from known chances.
import {
  type CompareCohortsOptions,
  type ComparedRetention,
  compareCohorts,
  compareCurves,
  defineActivitySurvival,
} from 'liuliang/cohorts'
import { type Random, random } from 'liuliang/kernel'
import { adjustedP, proportion } from 'liuliang/measures'
import { describe, expect, test } from 'vitest'
import { runs } from '../support/size.js'

const sets = runs(2000, 20_000)

/** Within what a share of that many drawings of a true chance lies, 999 times of 1,000. */
function within(hits: number, trials: number, chance: number): void {
  const found = proportion({ successes: hits, trials, level: 0.999, method: 'clopper-pearson' })
  if (found.kind === 'undefined') throw new Error('nothing was drawn')
  expect(found.interval.low).toBeLessThanOrEqual(chance)
  expect(found.interval.high).toBeGreaterThanOrEqual(chance)
}

function drawn(chance: Random, size: number, rate: number): number {
  let count = 0
  for (let i = 0; i < size; i += 1) if (chance.next() < rate) count += 1
  return count
}

const triangle = (chance: Random, rates: readonly number[], sizes: readonly number[]): ComparedRetention => ({
  cohorts: rates.map((rate, i) => {
    const n = sizes[i % sizes.length]!
    const retained = drawn(chance, n, rate)
    const cell = { offset: 1, n, maturity: 1, eligible: n, retained, state: 'complete' as const }
    return { cohort: `${i}`, cells: [cell] }
  }),
})
const pairwise: CompareCohortsOptions = {
  offset: 1,
  between: 'cohorts',
  against: 'all-pairs',
  adjust: 'holm',
}
const sizes = [300, 220, 400]

describe('rates', () => {
  test('of two alike: p falls below 0.05 in one of twenty, and the interval leaves zero out as often', () => {
    const chance = random('two alike')
    let [alarms, missed] = [0, 0]
    for (let set = 0; set < sets; set += 1) {
      const [row] = compareCohorts(triangle(chance, [0.3, 0.3], [400, 300]), pairwise).rows
      if (row?.kind !== 'estimate') throw new Error('not compared')
      if (row.adjustedP < 0.05) alarms += 1
      if (row.low > 0 || row.high < 0) missed += 1
    }
    within(alarms, sets, 0.05)
    within(missed, sets, 0.05)
  })

  test('of six alike, five with one reference: Holm and simultaneous intervals keep one of twenty, unadjusted p do not', () => {
    const chance = random('six alike')
    const counts = { holm: 0, plain: 0, together: 0, disjoint: 0, pairs: 0 }
    for (let set = 0; set < sets; set += 1) {
      const data = triangle(chance, Array(6).fill(0.35), sizes)
      const pairs = compareCohorts(data, pairwise).rows
      const against = compareCohorts(data, {
        ...pairwise,
        against: { reference: '0' },
        intervals: 'simultaneous',
      }).rows
      const estimates = against.flatMap((row) => (row.kind === 'estimate' ? [row] : []))
      if (pairs.some((row) => row.kind === 'estimate' && row.adjustedP < 0.05)) counts.pairs += 1
      if (estimates.some((row) => row.adjustedP < 0.05)) counts.holm += 1
      if (estimates.some(({ test: t }) => t.kind === 'estimate' && t.p < 0.05)) counts.plain += 1
      if (estimates.some(({ low, high }) => low > 0 || high < 0)) counts.together += 1
      // Three pairs that share nobody: of independent tests Holm's error is 1 - (1 - 0.05 / 3)^3, all but 0.05.
      const apart = pairs.flatMap((row) =>
        row.kind === 'estimate' &&
        Number(row.a.name) === Number(row.b.name) + 1 &&
        Number(row.b.name) % 2 === 0
          ? [row.test.kind === 'estimate' ? row.test.p : 1]
          : [],
      )
      if (adjustedP(apart, { method: 'holm' }).some((p) => p < 0.05)) counts.disjoint += 1
    }
    within(counts.disjoint, sets, 1 - (1 - 0.05 / 3) ** 3)
    // Comparisons that share a side move together: less error than allowed, never more.
    for (const kept of [counts.holm, counts.together, counts.pairs]) {
      const found = proportion({ successes: kept, trials: sets, level: 0.998, method: 'clopper-pearson' })
      if (found.kind === 'undefined') throw new Error('nothing was drawn')
      expect(found.interval.low).toBeLessThanOrEqual(0.05)
      expect(found.value).toBeGreaterThan(0.02)
    }
    expect(counts.plain / sets).toBeGreaterThan(0.12)
  })

  test('with one that does differ, the others are still not accused, and it is found', () => {
    const chance = random('one differs')
    let [accused, found] = [0, 0]
    for (let set = 0; set < sets / 2; set += 1) {
      const data = triangle(chance, [0.35, 0.35, 0.35, 0.5], sizes)
      const { rows } = compareCohorts(data, pairwise)
      const alarms = rows.flatMap((row) => (row.kind === 'estimate' && row.adjustedP < 0.05 ? [row] : []))
      if (alarms.some(({ a }) => a.name !== '3')) accused += 1
      if (alarms.some(({ a, b }) => a.name === '3' && b.name === '2')) found += 1
    }
    const { interval } = estimateOf(accused, sets / 2)
    expect(interval.low).toBeLessThanOrEqual(0.05)
    // 300 at 0.5 and 400 at 0.35 are 3.97 standard errors apart; even the first step of Holm asks for 2.64: power 0.908 or more.
    expect(estimateOf(found, sets / 2).interval.high).toBeGreaterThan(0.908)
  })

  test("Newcombe's interval holds the true difference about as often as it says, in small groups too", () => {
    const chance = random('coverage')
    for (const [p, q, m, n] of [
      [0.3, 0.3, 40, 30],
      [0.1, 0.02, 50, 60],
      [0.9, 0.6, 25, 40],
      [0.5, 0.45, 400, 300],
    ] as const) {
      let held = 0
      for (let set = 0; set < sets; set += 1) {
        const [row] = compareCohorts(triangle(chance, [q, p], [n, m]), pairwise).rows
        if (row?.kind !== 'estimate') throw new Error('not compared')
        if (row.low <= p - q && p - q <= row.high) held += 1
      }
      // On average 0.953 over (p, q, m, n) in Newcombe's own study, hardly below 0.93 (table III, method 10).
      expect(held / sets).toBeGreaterThan(0.935)
      expect(held / sets).toBeLessThan(0.985)
    }
  })
})

function estimateOf(successes: number, trials: number) {
  const found = proportion({ successes, trials, level: 0.998, method: 'clopper-pearson' })
  if (found.kind === 'undefined') throw new Error('nothing was drawn')
  return found
}

describe('curves', () => {
  const day = 86_400_000
  /** Everybody leaves each day with the same chance; cohorts enter day by day, so that they are of different age. */
  function lives(chance: Random, leaving: readonly number[], returning: 'first-lapse' | 'last-activity') {
    const staying = defineActivitySurvival({
      ...{ id: 's', version: 1, calendar: { zone: 'UTC' }, period: 'day', entry: 'came', activity: 'came' },
      gap: { periods: 2 },
      returning,
    })
    const [subject, occurredAt]: [number[], number[]] = [[], []]
    let person = 0
    for (const [cohort, rate] of leaving.entries()) {
      for (let i = 0; i < 40; i += 1, person += 1) {
        for (let at = cohort * 4; at < 24; at += 1) {
          subject.push(person)
          occurredAt.push(at * day)
          if (chance.next() < rate) break
        }
      }
    }
    const partial = staying.addColumns(staying.empty(), { type: 'came', subject, occurredAt })
    return staying.result(partial, { asOf: 24 * day, transform: 'log-log' })
  }
  const asked = { between: 'cohorts', test: 'log-rank', against: 'all-pairs', adjust: 'holm' } as const
  const few = runs(400, 4000)

  test('of cohorts alike but of different age: log-rank errs in one of twenty, Holm over pairs not more', () => {
    const chance = random('curves alike')
    let [overall, pairs] = [0, 0]
    for (let set = 0; set < few; set += 1) {
      const compared = compareCurves(lives(chance, [0.15, 0.15, 0.15], 'first-lapse'), asked)
      if (compared.overall.kind === 'estimate' && compared.overall.p < 0.05) overall += 1
      if (compared.rows.some((row) => row.kind === 'estimate' && row.adjustedP < 0.05)) pairs += 1
    }
    within(overall, few, 0.05)
    expect(estimateOf(pairs, few).interval.low).toBeLessThanOrEqual(0.05)
  })

  test('who leaves twice as fast is found', () => {
    const chance = random('curves differ')
    let found = 0
    for (let set = 0; set < 60; set += 1) {
      const compared = compareCurves(lives(chance, [0.1, 0.1, 0.25], 'first-lapse'), asked)
      const [, ...others] = compared.rows
      if (others.every((row) => row.kind === 'estimate' && row.adjustedP < 0.05 && row.sooner === 'a'))
        found += 1
    }
    expect(found).toBeGreaterThan(45)
  })
})
