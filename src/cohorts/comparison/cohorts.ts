import {
  type MultiplicityMethod,
  type ProportionTest,
  proportionDifference,
  proportionTest,
} from '../../measures/index.js'
import { type CompareCohortsOptions, readOptions } from './options.js'
import { adjusted, pairsOf } from './pairs.js'
import type { ComparisonCaution, ComparisonReason } from './reasons.js'
import {
  type ComparedRetention,
  checkRetention,
  cohortSides,
  isFew,
  refusalOf,
  type Side,
  valueSides,
} from './sides.js'

/** Rates of many at one offset, two by two. */
export interface CohortComparison {
  readonly offset: number
  readonly between: 'cohorts' | 'values'
  readonly adjust: MultiplicityMethod
  readonly test: 'pooled-z'
  readonly interval: 'newcombe'
  readonly intervals: 'each' | 'simultaneous'
  /** The level asked for; each interval says its own. */
  readonly level: number
  /** How many comparisons were made, and p-values are adjusted for. Refused ones are none. */
  readonly comparisons: number
  /** By the order of cohorts or values: of each pair `b` stands first, or is the reference. */
  readonly rows: readonly RateComparison[]
}

/** One side of a comparison. */
export interface ComparedRate {
  readonly name: string
  readonly retained: number
  readonly eligible: number
  readonly maturity: number
}

/** One rate less another, or why they were not compared. */
export type RateComparison =
  | {
      readonly kind: 'estimate'
      readonly a: ComparedRate
      readonly b: ComparedRate
      /** The rate of `a` less that of `b`, with Newcombe's interval. */
      readonly difference: number
      readonly low: number
      readonly high: number
      /** Of this interval; above the level asked for where intervals are simultaneous. */
      readonly level: number
      /** If everybody, or nobody, was retained on both sides, nothing varies: p counts as 1 for the adjustment. */
      readonly test: ProportionTest
      readonly adjustedP: number
      readonly cautions: readonly ComparisonCaution[]
    }
  | {
      readonly kind: 'undefined'
      readonly a: string
      readonly b: string
      readonly reason: ComparisonReason
      /** Of whom the reason speaks. */
      readonly of: string
    }

/**
 * Compares retention at one offset between cohorts, or between the values of a breakdown: differences with Newcombe's intervals, the
 * pooled z test, and p-values adjusted for how many comparisons there are.
 *
 * Cells of different maturity or coverage are never compared unsaid: such a pair is a case of its own with a reason or, where
 * `immature: 'eligible'` asks for it, has a caution. Cells that speak of `everybody` while their window is open are refused always.
 * The list of comparisons is what is asked for: whoever tries many offsets, or picks the reference after looking, makes more
 * comparisons than are counted here. An adjusted p and an interval need not agree: one is Holm's, say, and the other
 * by itself or Bonferroni's. Values of a breakdown `of: 'event'` may share people, which a result does not tell.
 *
 * @throws DefinitionError for what is no triangle or no option; `unknown-name` for a cohort or value that is not there.
 * @see Newcombe (1998), method 10; Holm (1979).
 * @example
 * const compared = compareCohorts(retention, { offset: 1, between: 'cohorts', against: 'all-pairs', adjust: 'holm' })
 * comparisonSentence(compared, 0).en // => '2024-03 kept 4.2 points more than 2024-02 (1.1 to 7.3), adjusted p 0.012 …'
 */
export function compareCohorts(
  retention: ComparedRetention,
  options: CompareCohortsOptions,
): CohortComparison {
  checkRetention(retention)
  const { offset, between, against, adjust, immature, level, intervals } = readOptions(options)
  const sides = between === 'cohorts' ? cohortSides(retention, options) : valueSides(retention, options)
  const overlap =
    between === 'cohorts' && (retention.warnings ?? []).some(({ code }) => code === 'rows-overlap')
  const pairs = pairsOf(
    sides.map(({ name }) => name),
    against,
  )
  const judged = pairs.map(([i, j]) => {
    const [a, b] = [sides[i]!, sides[j]!]
    if (overlap) return { a, b, refused: { reason: 'rows-overlap' as const, of: a.name } }
    for (const side of [a, b]) {
      const reason = refusalOf(side, immature)
      if (reason !== undefined) return { a, b, refused: { reason, of: side.name } }
    }
    const [left, right] = [countsOf(a), countsOf(b)]
    const test = proportionTest({ a: left, b: right })
    return { a, b, left, right, test }
  })
  const comparisons = judged.filter(({ refused }) => refused === undefined).length
  const each = intervals === 'each' || comparisons < 2 ? level : 1 - (1 - level) / comparisons
  const ps = adjusted(
    judged.map(({ test }) => (test === undefined ? undefined : test.kind === 'estimate' ? test.p : 1)),
    adjust,
  )
  const rows = judged.map(({ a, b, refused, left, right, test }, i): RateComparison => {
    if (refused !== undefined) return { kind: 'undefined', a: a.name, b: b.name, ...refused }
    const found = proportionDifference({ a: left, b: right, level: each, method: 'newcombe' })
    // Sides without anybody were refused above.
    if (found.kind === 'undefined')
      return { kind: 'undefined', a: a.name, b: b.name, reason: 'no-trials', of: a.name }
    const cautions: ComparisonCaution[] = []
    if (a.maturity < 1 || b.maturity < 1) cautions.push('maturity-differs')
    if (isFew(a, b)) cautions.push('few-people')
    if (a.mixed || b.mixed) cautions.push('cohorts-mixed')
    return {
      kind: 'estimate',
      a: shown(a),
      b: shown(b),
      difference: found.value,
      low: found.interval.low,
      high: found.interval.high,
      level: each,
      test,
      adjustedP: ps[i]!,
      cautions,
    }
  })
  return {
    offset,
    between,
    adjust,
    test: 'pooled-z',
    interval: 'newcombe',
    intervals,
    level,
    comparisons,
    rows,
  }
}

const shown = ({ name, retained, eligible, maturity }: Side): ComparedRate => ({
  name,
  retained,
  eligible,
  maturity,
})

const countsOf = ({ retained, eligible }: Side) => ({ successes: retained, trials: eligible })
