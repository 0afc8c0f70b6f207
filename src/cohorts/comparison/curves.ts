import { checkKeys, checkList, checkRecord, fault, unknownName } from '../../kernel/errors.js'
import type { Sentence } from '../../kernel/index.js'
import { own } from '../../kernel/plain.js'
import { checkGroupValue, type GroupValue } from '../../measures/activity/group-value.js'
import { type LogRank, logRank, type MultiplicityMethod, type SurvivalPartial } from '../../measures/index.js'
import { unitCounts } from '../../measures/unit-words.js'
import {
  adjusted,
  adjustedWords,
  type ComparisonQuestion,
  checkDistinct,
  checkQuestion,
  pairsOf,
  rowAt,
} from './pairs.js'

/** What is read of an activity survival: its counted lives, by cohort and by value. */
export interface ComparedSurvival {
  readonly unit: string
  readonly returning: 'first-lapse' | 'last-activity'
  readonly cohorts: readonly { readonly cohort: string; readonly counted: SurvivalPartial }[]
  readonly groups: readonly { readonly value: GroupValue; readonly counted: SurvivalPartial }[]
}

/** Whose curves are compared, and how. */
export interface CompareCurvesOptions extends ComparisonQuestion {
  readonly between: 'cohorts' | 'values'
  /** `log-rank` sees a difference wherever it is, `peto-peto` one that comes early. */
  readonly test: 'log-rank' | 'peto-peto'
}

/** Whole curves of many, all together and two by two. */
export interface CurveComparison {
  readonly between: 'cohorts' | 'values'
  readonly test: 'log-rank' | 'peto-peto'
  readonly unit: string
  readonly adjust: MultiplicityMethod
  /** How many pairs were tested, and p-values are adjusted for. */
  readonly comparisons: number
  /** Whether any differs from any other, in one test; not among the comparisons. */
  readonly overall: LogRank
  /** By the order of cohorts or values: of each pair `b` stands first, or is the reference. */
  readonly rows: readonly CurvePair[]
  readonly cautions: readonly CurveCaution[]
}

/** Two curves, or why they were not compared. */
export type CurvePair =
  | {
      readonly kind: 'estimate'
      readonly a: string
      readonly b: string
      /** Which left sooner: had more events than it would have if both were alike. `neither` where just as many. */
      readonly sooner: 'a' | 'b' | 'neither'
      readonly observedA: number
      readonly expectedA: number
      readonly chiSquare: number
      readonly p: number
      readonly adjustedP: number
      /** The last time at which both were still watched; what either did later is not in the test. */
      readonly until: number
    }
  | {
      readonly kind: 'undefined'
      readonly a: string
      readonly b: string
      readonly reason: CurvePairReason
    }

/** `nobody`: one side has no record. `no-events`: nobody left. `no-overlap`: never both at risk when somebody left. */
export type CurvePairReason = 'nobody' | 'no-events' | 'no-overlap'

/** `returns-still-open`: by `last-activity`, younger cohorts had less time to come back, and seem to leave sooner for that alone. */
export type CurveCaution = 'returns-still-open'

/** The cautions in words. */
export const curveCautions: Readonly<Record<CurveCaution, Sentence>> = {
  'returns-still-open': {
    en: 'younger cohorts had less time to come back after a gap, and may seem to leave sooner for that alone: take first-lapse',
    zh: '较新的同期群在静默后回来的时间更短，可能仅因此显得流失更快：请改用 first-lapse',
  },
}

/** The reasons in words. */
export const curvePairReasons: Readonly<Record<CurvePairReason, Sentence>> = {
  nobody: { en: 'one of them has nobody to watch', zh: '其中一方没有可观察的用户' },
  'no-events': { en: 'nobody left', zh: '无人离开' },
  'no-overlap': {
    en: 'they were never watched together when somebody left',
    zh: '有人离开时两者从未同时在险',
  },
}

/**
 * Compares whole survival curves between cohorts, or between the values of a breakdown: one test of all together, and one for each
 * pair with p-values adjusted for how many there are.
 *
 * Cohorts of different age are compared as far as both are watched: that is what censoring is for, and `until` says how far. The rule
 * of returns matters more: by `last-activity` there is a caution. Crossing curves may differ and have a large p.
 *
 * @throws DefinitionError for what is no survival or no option; `unknown-name` for a reference that is not there; `too-large` as in
 * `logRank`.
 * @see Mantel (1966); Peto & Peto (1972); Holm (1979).
 * @example
 * const curves = compareCurves(staying.result(partial, options), {
 *   between: 'cohorts', test: 'log-rank', against: 'all-pairs', adjust: 'holm',
 * })
 * curveSentence(curves, 0).en // => '2024-02 left sooner than 2024-01 (log-rank up to month 5), adjusted p 0.021 by Holm …'
 */
export function compareCurves(survival: ComparedSurvival, options: CompareCurvesOptions): CurveComparison {
  checkRecord(survival, '$')
  const { unit, returning, cohorts, groups } = survival
  if (typeof unit !== 'string') throw fault('wrong-type', '$.unit', unit, 'text')
  if (returning !== 'first-lapse' && returning !== 'last-activity')
    throw unknownName('$.returning', returning, ['first-lapse', 'last-activity'])
  const { between, test, against, adjust } = readOptions(options)
  const path = between === 'cohorts' ? '$.cohorts' : '$.groups'
  const list: unknown = between === 'cohorts' ? cohorts : groups
  checkList(list, path)
  const sides = list.map((one, i) => {
    checkRecord(one, `${path}[${i}]`)
    const { cohort, value, counted } = one as { cohort: string; value: GroupValue; counted: SurvivalPartial }
    if (between === 'cohorts' && typeof cohort !== 'string')
      throw fault('wrong-type', `${path}[${i}].cohort`, cohort, 'text')
    if (between === 'values') checkGroupValue(value, `${path}[${i}].value`)
    checkRecord(counted, `${path}[${i}].counted`)
    if (typeof counted.of !== 'string')
      throw fault('malformed-state', `${path}[${i}].counted.of`, counted.of, 'a table that was collected')
    return { group: between === 'cohorts' ? cohort : String(value), counted }
  })
  const names = sides.map(({ group }) => group)
  checkDistinct(names, path)
  const rho = test === 'log-rank' ? 0 : 1
  const overall = logRank(sides, { rho })
  const judged = pairsOf(names, against).map(([i, j]) => {
    const [a, b] = [sides[i]!, sides[j]!]
    return { a, b, found: logRank([a, b], { rho }) }
  })
  const ps = adjusted(
    judged.map(({ found }) => (found.kind === 'estimate' ? found.p : undefined)),
    adjust,
  )
  const rows = judged.map(({ a, b, found }, i): CurvePair => {
    const pair = { a: a.group, b: b.group }
    const [own, other] = found.groups
    if (found.kind === 'undefined') {
      const nobody = own?.n === 0 || other?.n === 0
      const reason = nobody ? 'nobody' : found.reason === 'no-events' ? 'no-events' : 'no-overlap'
      return { kind: 'undefined', ...pair, reason }
    }
    const { observed, expected } = own!
    return {
      kind: 'estimate',
      ...pair,
      sooner: observed > expected ? 'a' : observed < expected ? 'b' : 'neither',
      observedA: observed,
      expectedA: expected,
      chiSquare: found.chiSquare,
      p: found.p,
      adjustedP: ps[i]!,
      until: Math.min(lastTime(a.counted), lastTime(b.counted)),
    }
  })
  return {
    between,
    test,
    unit,
    adjust,
    comparisons: rows.filter(({ kind }) => kind === 'estimate').length,
    overall,
    rows,
    cautions: returning === 'last-activity' && between === 'cohorts' ? ['returns-still-open'] : [],
  }
}

/** A pair on one line, for tables. Where no number exists, `null`, and `reason` says why. */
export interface CurvePairRow {
  readonly a: string
  readonly b: string
  readonly sooner: 'a' | 'b' | 'neither' | null
  readonly observedA: number | null
  readonly expectedA: number | null
  readonly chiSquare: number | null
  readonly p: number | null
  readonly adjustedP: number | null
  readonly until: number | null
  readonly reason: CurvePairReason | null
}

/**
 * The pairs as flat rows.
 *
 * @example
 * curvePairRows(curves)[0] // => { a: '2024-02', b: '2024-01', sooner: 'a', …, p: 0.007, adjustedP: 0.021, until: 5, reason: null }
 */
export function curvePairRows({ rows }: Pick<CurveComparison, 'rows'>): readonly CurvePairRow[] {
  return rows.map((row): CurvePairRow => {
    if (row.kind === 'estimate') {
      const { kind: _, ...numbers } = row
      return { ...numbers, reason: null }
    }
    return {
      a: row.a,
      b: row.b,
      sooner: null,
      observedA: null,
      expectedA: null,
      chiSquare: null,
      p: null,
      adjustedP: null,
      until: null,
      reason: row.reason,
    }
  })
}

/**
 * One pair in words.
 *
 * @throws DefinitionError `out-of-range` for a row that there is none of.
 * @example
 * curveSentence(curves, 0).en // => '2024-02 left sooner than 2024-01 (log-rank up to month 5), p 0.007'
 */
export function curveSentence(
  {
    rows,
    adjust,
    comparisons,
    test,
    unit,
  }: Pick<CurveComparison, 'rows' | 'adjust' | 'comparisons' | 'test' | 'unit'>,
  row: number,
): Sentence {
  const found = rowAt(rows, row)
  const { a, b } = found
  if (found.kind === 'undefined') {
    const because = curvePairReasons[found.reason]
    return {
      en: `${a} and ${b} are not compared: ${because.en}`,
      zh: `${a} 与 ${b} 未作比较：${because.zh}`,
    }
  }
  const p = adjustedWords(found.adjustedP, adjust, comparisons)
  const far = Math.round(found.until * 10) / 10
  const how = testNames[test]
  const said = {
    a: { en: `${a} left sooner than ${b}`, zh: `${a} 比 ${b} 流失更快` },
    b: { en: `${a} left later than ${b}`, zh: `${a} 比 ${b} 流失更慢` },
    neither: { en: `${a} left as soon as ${b}`, zh: `${a} 与 ${b} 流失一样快` },
  }[found.sooner]
  return {
    en: `${said.en} (${how.en} up to ${unit} ${far}), ${p.en}`,
    zh: `${said.zh}（${how.zh}，至第 ${far} ${own(unitCounts, unit)?.zh ?? ` ${unit}`}），${p.zh}`,
  }
}

const testNames = {
  'log-rank': { en: 'log-rank', zh: '对数秩检验' },
  'peto-peto': { en: 'Peto–Peto', zh: 'Peto–Peto 检验' },
} as const

/** The last time at which anybody was watched. */
function lastTime({ times }: SurvivalPartial): number {
  let last = 0
  for (const time of times) last = Math.max(last, time)
  return last
}

const keys: readonly string[] = ['between', 'test', 'against', 'adjust']

function readOptions(options: CompareCurvesOptions): CompareCurvesOptions {
  checkRecord(options, '$')
  checkKeys(options, keys, '$')
  const { between, test } = options
  if (between === undefined) throw fault('missing', '$.between', between, "'cohorts' or 'values'")
  if (between !== 'cohorts' && between !== 'values')
    throw unknownName('$.between', between, ['cohorts', 'values'])
  if (test === undefined) throw fault('missing', '$.test', test, "'log-rank' or 'peto-peto'")
  if (test !== 'log-rank' && test !== 'peto-peto')
    throw unknownName('$.test', test, ['log-rank', 'peto-peto'])
  checkQuestion(options)
  return options
}
