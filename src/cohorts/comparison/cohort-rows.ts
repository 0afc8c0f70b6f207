import type { Sentence } from '../../kernel/index.js'
import type { CohortComparison, ComparedRate } from './cohorts.js'
import { adjustedWords, rowAt } from './pairs.js'
import { type ComparisonReason, comparisonCautions, comparisonReasons } from './reasons.js'

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
  const found = rowAt(rows, row)
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
