import { checkList, checkRecord, fault, unknownName } from '../kernel/errors.js'
import type { Sentence } from '../kernel/index.js'
import {
  type MultiplicityMethod,
  type ProportionTest,
  proportionDifference,
  proportionTest,
} from '../measures/index.js'
import { adjusted, adjustedWords, type ComparisonQuestion, checkQuestion, pairsOf } from './compared-pairs.js'
import type { GroupValue } from './group-value.js'

/** What is read of retention: any result whose cohorts have cells by offset, and groups where there is a breakdown. */
export interface ComparedRetention {
  readonly cohorts: readonly ComparedCohort[]
  readonly groups?: readonly { readonly value: GroupValue; readonly cohorts: readonly ComparedCohort[] }[]
  /** Where they hold `rows-overlap`, one person stands in many cohorts, and cohorts are not compared. */
  readonly warnings?: readonly { readonly code: string }[]
}

export interface ComparedCohort {
  readonly cohort: string
  readonly cells: readonly ComparedCell[]
}

export interface ComparedCell {
  readonly offset: number
  /** The whole cohort, and the share of it whose window has passed. */
  readonly n: number
  readonly maturity: number
  readonly eligible: number
  readonly retained: number
  readonly state: 'complete' | 'incomplete' | 'unobserved'
}

/** Which rates are compared, and how. */
export interface CompareCohortsOptions extends ComparisonQuestion {
  readonly offset: number
  /**
   * `cohorts`: one with another; with `value`, of the people of one value only. `values`: those of one value of the breakdown with
   * those of another, in one `cohort`, or in all cohorts that are complete there for everyone.
   */
  readonly between: 'cohorts' | 'values'
  readonly value?: GroupValue
  readonly cohort?: string
  /**
   * What to do where a window is not over for all. `refuse`, unless told: no comparison, with the reason. `eligible`: those whose
   * window has passed are compared, with a caution: of a cohort that is the half who came first.
   */
  readonly immature?: 'refuse' | 'eligible'
  /** Of the intervals; 0.95 unless told. */
  readonly level?: number
  /**
   * `each`, unless told: each interval has the level by itself. `simultaneous`: all together have it, by Bonferroni, so that each
   * is wider.
   */
  readonly intervals?: 'each' | 'simultaneous'
}

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
 * - `maturity-differs`: part of a cohort is compared, of the other another part or all.
 * - `few-people`: fewer than five expected to be retained, or lost, on a side, so that p is rough; the interval still holds.
 * - `cohorts-mixed`: values are compared over many cohorts, in which they may have different shares.
 */
export type ComparisonCaution = 'maturity-differs' | 'few-people' | 'cohorts-mixed'

/**
 * - `rows-overlap`: entries are recurring, so that one person stands in both.
 * - `no-cell`: there is none at this offset. `not-over`, `not-observed`, `no-trials`: as in retention.
 */
export type ComparisonReason = 'rows-overlap' | 'no-cell' | 'not-observed' | 'not-over' | 'no-trials'

/** The cautions in words. */
export const comparisonCautions: Readonly<Record<ComparisonCaution, Sentence>> = {
  'maturity-differs': {
    en: 'not everybody is old enough: those who came first are compared',
    zh: '并非所有人都到期：比较的只是较早进入的部分',
  },
  'few-people': {
    en: 'fewer than five expected on one side: the p-value is rough',
    zh: '某一侧期望人数不足五人：p 值较粗略',
  },
  'cohorts-mixed': {
    en: 'over many cohorts together, of which each value may have other shares',
    zh: '合并了多个同期群，各取值在其中的占比可能不同',
  },
}

/** The reasons in words. */
export const comparisonReasons: Readonly<Record<ComparisonReason, Sentence>> = {
  'rows-overlap': {
    en: 'one person may stand in both cohorts, so that they are not independent',
    zh: '同一用户可能同时属于两个同期群，二者不独立',
  },
  'no-cell': { en: 'it has no cell at this offset', zh: '在该偏移处没有数据' },
  'not-observed': { en: 'events were not tracked for part of the window', zh: '该窗口内有一段未采集数据' },
  'not-over': { en: 'its window is not over yet', zh: '该窗口尚未结束' },
  'no-trials': { en: 'nobody is in it', zh: '其中没有用户' },
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

/** A comparison on one line, for tables and charts. Where no number exists, `null`, and `reason` says why. */
export interface ComparisonRow {
  readonly a: string
  readonly b: string
  readonly offset: number
  readonly retainedA: number | null
  readonly eligibleA: number | null
  readonly retainedB: number | null
  readonly eligibleB: number | null
  readonly difference: number | null
  readonly low: number | null
  readonly high: number | null
  readonly level: number | null
  readonly p: number | null
  readonly adjustedP: number | null
  /** Joined by commas; empty without any. */
  readonly cautions: string
  readonly reason: ComparisonReason | null
}

/**
 * The comparisons as flat rows.
 *
 * @example
 * comparisonRows(compared)[0] // => { a: '2024-03', b: '2024-02', offset: 1, …, difference: 0.042, p: 0.003, adjustedP: 0.012, … }
 */
export function comparisonRows({
  offset,
  rows,
}: Pick<CohortComparison, 'offset' | 'rows'>): readonly ComparisonRow[] {
  return rows.map((row): ComparisonRow => {
    if (row.kind === 'undefined')
      return {
        a: row.a,
        b: row.b,
        offset,
        retainedA: null,
        eligibleA: null,
        retainedB: null,
        eligibleB: null,
        difference: null,
        low: null,
        high: null,
        level: null,
        p: null,
        adjustedP: null,
        cautions: '',
        reason: row.reason,
      }
    const { a, b, difference, low, high, level, test, adjustedP, cautions } = row
    return {
      a: a.name,
      b: b.name,
      offset,
      retainedA: a.retained,
      eligibleA: a.eligible,
      retainedB: b.retained,
      eligibleB: b.eligible,
      difference,
      low,
      high,
      level,
      p: test.kind === 'estimate' ? test.p : null,
      adjustedP,
      cautions: cautions.join(),
      reason: null,
    }
  })
}

/**
 * One comparison in words; points are hundredths of a share.
 *
 * @throws DefinitionError `out-of-range` for a row that there is none of.
 * @example
 * comparisonSentence(compared, 0).en
 * // => '2024-03 kept 4.2 points more than 2024-02 (1.1 to 7.3), adjusted p 0.012 by Holm among 10 comparisons'
 */
export function comparisonSentence(
  { rows, adjust, comparisons }: Pick<CohortComparison, 'rows' | 'adjust' | 'comparisons'>,
  row: number,
): Sentence {
  const found = Number.isSafeInteger(row) ? rows[row] : undefined
  if (found === undefined) throw fault('out-of-range', '$.row', row, `a row from 0, below ${rows.length}`)
  const { a, b } = found
  if (found.kind === 'undefined') {
    const because = comparisonReasons[found.reason]
    return {
      en: `${a} and ${b} are not compared: of ${found.of}, ${because.en}`,
      zh: `${a} 与 ${b} 未作比较：${found.of}，${because.zh}`,
    }
  }
  const { difference, low, high, adjustedP, test } = found
  // Zero is said of what shows as zero, and the interval is turned round with the sign.
  const size = points(Math.abs(difference))
  const less = difference < 0
  const [from, to] = less ? [-high, -low] : [low, high]
  const span = { en: `(${points(from)} to ${points(to)})`, zh: `（${points(from)} 至 ${points(to)}）` }
  const p =
    test.kind === 'estimate'
      ? adjustedWords(adjustedP, adjust, comparisons)
      : { en: 'no test, as nothing varies', zh: '无差异可检验' }
  const [named, other] = [(a as ComparedRate).name, (b as ComparedRate).name]
  const said =
    difference === 0
      ? { en: `${named} kept as many as ${other}`, zh: `${named} 的留存率与 ${other} 相同` }
      : {
          en: `${named} kept ${size} points ${less ? 'less' : 'more'} than ${other}`,
          zh: `${named} 的留存率比 ${other} ${less ? '低' : '高'} ${size} 个百分点`,
        }
  const cautions = found.cautions.map((code) => comparisonCautions[code])
  return {
    en: [`${said.en} ${span.en}, ${p.en}`, ...cautions.map(({ en }) => en)].join('; '),
    zh: [`${said.zh}${span.zh}，${p.zh}`, ...cautions.map(({ zh }) => zh)].join('；'),
  }
}

/** Tenths of a hundredth; never minus zero. */
const points = (share: number): string => (Math.round(share * 1000) / 10 + 0).toFixed(1)

/** One side before it is judged. */
interface Side {
  readonly name: string
  readonly retained: number
  readonly eligible: number
  readonly maturity: number
  /** How many have a window that has passed. */
  readonly matured: number
  readonly state: ComparedCell['state'] | 'none'
  readonly mixed: boolean
}

const shown = ({ name, retained, eligible, maturity }: Side): ComparedRate => ({
  name,
  retained,
  eligible,
  maturity,
})

const countsOf = ({ retained, eligible }: Side) => ({ successes: retained, trials: eligible })

function sideOf(name: string, cell: ComparedCell | undefined): Side {
  if (cell === undefined)
    return { name, retained: 0, eligible: 0, maturity: 0, matured: 0, state: 'none', mixed: false }
  const { retained, eligible, maturity, n, state } = cell
  return { name, retained, eligible, maturity, matured: Math.round(maturity * n), state, mixed: false }
}

function cohortSides(
  { cohorts, groups = [] }: ComparedRetention,
  { offset, value }: CompareCohortsOptions,
): readonly Side[] {
  const within = value === undefined ? { cohorts } : groups.find((group) => group.value === value)
  if (within === undefined)
    throw unknownName(
      '$.value',
      value,
      groups.map((one) => String(one.value)),
    )
  return within.cohorts.map(({ cohort, cells }) =>
    sideOf(
      cohort,
      cells.find((cell) => cell.offset === offset),
    ),
  )
}

function valueSides(
  { cohorts, groups = [] }: ComparedRetention,
  { offset, cohort }: CompareCohortsOptions,
): readonly Side[] {
  if (cohort !== undefined && !cohorts.some((one) => one.cohort === cohort))
    throw unknownName(
      '$.cohort',
      cohort,
      cohorts.slice(0, 20).map((one) => one.cohort),
    )
  const cellIn = (rows: readonly ComparedCohort[], name: string) =>
    rows.find((one) => one.cohort === name)?.cells.find((cell) => cell.offset === offset)
  if (cohort !== undefined)
    return groups.map(({ value, cohorts: own }) => sideOf(String(value), cellIn(own, cohort)))
  // The same cohorts for every value, or one would be older than the other.
  const usable = cohorts.flatMap(({ cohort: name }) =>
    groups.every(({ cohorts: own }) => cellIn(own, name)?.state === 'complete') ? [name] : [],
  )
  return groups.map(({ value, cohorts: own }) => {
    let [retained, eligible] = [0, 0]
    for (const name of usable) {
      const cell = cellIn(own, name)!
      retained += cell.retained
      eligible += cell.eligible
    }
    const state = usable.length > 0 ? 'complete' : 'none'
    const mixed = usable.length > 1
    return { name: String(value), retained, eligible, maturity: 1, matured: eligible, state, mixed }
  })
}

function refusalOf(
  { state, eligible, matured }: Side,
  immature: 'refuse' | 'eligible',
): ComparisonReason | undefined {
  if (state === 'none') return 'no-cell'
  if (state === 'unobserved') return 'not-observed'
  if (state === 'incomplete' && (immature === 'refuse' || eligible > matured || eligible === 0))
    return 'not-over'
  return eligible === 0 ? 'no-trials' : undefined
}

/** Expected counts of a two-by-two table. */
function isFew(a: Side, b: Side): boolean {
  const trials = a.eligible + b.eligible
  const retained = a.retained + b.retained
  const least = Math.min(retained, trials - retained) / trials
  return Math.min(a.eligible, b.eligible) * least < 5
}

const keys: readonly string[] = [
  'offset',
  'between',
  'value',
  'cohort',
  'against',
  'adjust',
  'immature',
  'level',
  'intervals',
]

function readOptions(options: CompareCohortsOptions) {
  checkRecord(options, '$')
  for (const key of Object.keys(options))
    if (!keys.includes(key)) throw fault('unknown-key', `$.${key}`, key, keys.join(', '))
  const { offset, between, value, cohort, immature = 'refuse', level = 0.95, intervals = 'each' } = options
  if (!(Number.isSafeInteger(offset) && offset >= 0))
    throw fault('out-of-range', '$.offset', offset, 'a whole number from 0')
  if (between === undefined) throw fault('missing', '$.between', between, "'cohorts' or 'values'")
  word(['cohorts', 'values'], between, '$.between')
  word(['refuse', 'eligible'], immature, '$.immature')
  word(['each', 'simultaneous'], intervals, '$.intervals')
  if (!(Number.isFinite(level) && level > 0 && level < 1))
    throw fault('out-of-range', '$.level', level, 'strictly between 0 and 1')
  if (value !== undefined && between === 'values')
    throw fault('unknown-key', '$.value', 'value', 'none, between values')
  if (cohort !== undefined && between === 'cohorts')
    throw fault('unknown-key', '$.cohort', 'cohort', 'none, between cohorts')
  if (cohort !== undefined && typeof cohort !== 'string')
    throw fault('wrong-type', '$.cohort', cohort, 'text')
  checkQuestion(options)
  const { against, adjust } = options
  return { offset: offset + 0, between, against, adjust, immature, level, intervals }
}

function word(known: readonly string[], value: string, path: string): void {
  if (!known.includes(value)) throw unknownName(path, value, known)
}

function checkRetention(retention: ComparedRetention): void {
  checkRecord(retention, '$')
  const { cohorts, groups = [], warnings = [] } = retention
  checkCohorts(cohorts, '$.cohorts')
  checkList(groups, '$.groups')
  for (const [i, group] of groups.entries()) {
    checkRecord(group, `$.groups[${i}]`)
    checkCohorts(group.cohorts, `$.groups[${i}].cohorts`)
    const { value } = group
    if (value !== null && !['string', 'number', 'boolean'].includes(typeof value))
      throw fault('wrong-type', `$.groups[${i}].value`, value, 'text, a number, true, false or null')
  }
  checkDistinct(
    groups.map(({ value }) => String(value)),
    '$.groups',
  )
  checkList(warnings, '$.warnings')
  for (const [i, warning] of warnings.entries()) checkRecord(warning, `$.warnings[${i}]`)
}

function checkCohorts(cohorts: unknown, path: string): void {
  checkList(cohorts, path)
  const names: string[] = []
  for (const [i, one] of cohorts.entries()) {
    checkRecord(one, `${path}[${i}]`)
    const { cohort, cells } = one as ComparedCohort
    if (typeof cohort !== 'string') throw fault('wrong-type', `${path}[${i}].cohort`, cohort, 'text')
    names.push(cohort)
    checkList(cells, `${path}[${i}].cells`)
    for (const [j, cell] of cells.entries()) checkCell(cell, `${path}[${i}].cells[${j}]`)
  }
  checkDistinct(names, path)
}

/** Names are how sides are told apart: the text `1` and the number 1 would be one. */
export function checkDistinct(names: readonly string[], path: string): void {
  const met = new Set<string>()
  for (const [i, name] of names.entries()) {
    if (met.has(name)) throw fault('duplicate-name', `${path}[${i}]`, name, 'a name of its own')
    met.add(name)
  }
}

function checkCell(cell: ComparedCell, path: string): void {
  checkRecord(cell, path)
  const { offset, n, maturity, eligible, retained, state } = cell
  for (const [key, value, most] of [
    ['offset', offset, Number.MAX_SAFE_INTEGER],
    ['n', n, Number.MAX_SAFE_INTEGER],
    ['eligible', eligible, n],
    ['retained', retained, eligible],
  ] as const) {
    if (!(Number.isSafeInteger(value) && value >= 0 && value <= most))
      throw fault('out-of-range', `${path}.${key}`, value, `a whole number from 0 to ${most}`)
  }
  if (!(Number.isFinite(maturity) && maturity >= 0 && maturity <= 1))
    throw fault('out-of-range', `${path}.maturity`, maturity, 'from 0 to 1')
  word(['complete', 'incomplete', 'unobserved'], state, `${path}.state`)
}
