import { log1p } from '../../kernel/elementary.js'
import { checkRecord } from '../../kernel/errors.js'
import { gammaQ } from '../../measures/index.js'
import { checkLevel } from '../../measures/proportions.js'
import { caution, type ForecastCaution } from './cautions.js'
import { checkStagePanel, type StagePanel } from './panel.js'

/** How far counts are from what a simpler chain expects, by a likelihood ratio. */
export type ChainTest =
  | {
      readonly kind: 'estimate'
      /** G² = 2 Σ n ln(n / expected). */
      readonly g2: number
      /** Over what was seen: rows and columns without anybody are not counted. */
      readonly degreesOfFreedom: number
      /** The chance of a G² as large if the simpler chain were right; by chi-square, rough where few are expected. */
      readonly p: number
      /** How many moves were looked at. */
      readonly moves: number
      /**
       * What one move tells beyond the simpler chain, in bits: G² / (2 n ln 2). With many subjects also a difference that does not
       * matter is significant; this says how large it is.
       */
      readonly bits: number
      readonly expected: {
        readonly cells: number
        /** Cells that expect fewer than five. */
        readonly belowFive: number
        /** The least that a cell expects. */
        readonly least: number
        /** Whether more than a fifth expect fewer than five, or one fewer than one (Cochran's rule). */
        readonly few: boolean
      }
    }
  | {
      readonly kind: 'undefined'
      /** `no-degrees-of-freedom`: all that was seen fits any chain. */
      readonly reason: 'no-moves' | 'no-triples' | 'one-period' | 'no-degrees-of-freedom'
    }

/**
 * - `markov`: nothing speaks against a chain with constant rates.
 * - `memory`: where subjects were before matters. `changing`: rates differ between periods. Both: `memory-and-changing`.
 * - `not-tested`: memory could not be tested; if rates were found to change, it says `changing`.
 */
export type MarkovVerdict = 'markov' | 'memory' | 'changing' | 'memory-and-changing' | 'not-tested'

/** Whether the chain that forecasts assume is one. */
export interface MarkovTest {
  readonly kind: 'markov-test'
  readonly verdict: MarkovVerdict
  /** A p-value below 1 less it rejects. */
  readonly level: number
  /** Whether the stage one is in matters at all: order 0 against order 1. Rejected is what one hopes for. */
  readonly dependence: ChainTest
  /** Whether the stage before matters as well: order 1 against order 2. */
  readonly memory: ChainTest
  /** Whether rates are the same in all periods. */
  readonly constancy: ChainTest
  readonly cautions: readonly ForecastCaution[]
}

/** What several tables add up to. */
interface Tally {
  g2: number
  freedom: number
  moves: number
  cells: number
  belowFive: number
  least: number
}

/**
 * Tests what a forecast by transition rates takes for granted: that the next stage depends on the present one (order 0 against
 * 1), on no earlier one (order 1 against 2, which needs `triples`), and in every period alike.
 *
 * Stages with an inactivity rule mostly fail the second: the chance to fall dormant on day 29 is not that on day 2. The next step
 * is then a panel by recency. The tests do not correct for there being three of them.
 *
 * @param options - `level`, 0.95 unless told.
 * @throws DefinitionError as `checkStagePanel`; `out-of-range` for a level that is none.
 * @see Anderson & Goodman (1957), "Statistical inference about Markov chains"; degrees of freedom over tables with a margin only,
 * after Bishop, Fienberg & Holland (1975).
 * @example
 * const moves = [[400, 100], [100, 400]]
 * const triples = [[0, 0, 0, 380], [0, 0, 1, 20], [1, 0, 0, 20], [1, 0, 1, 80], [0, 1, 0, 80], [0, 1, 1, 20], [1, 1, 0, 20], [1, 1, 1, 380]] as const
 * const test = testMarkov({ states: ['active', 'dormant'], unit: 'month', periods: [
 *   { period: '2024-01', moves, arrivals: [0, 0] }, { period: '2024-02', moves, arrivals: [0, 0], triples } ] })
 * test.verdict // => 'memory'
 * test.cautions[0].code // => 'stages-have-memory'
 */
export function testMarkov(panel: StagePanel, options: { readonly level?: number } = {}): MarkovTest {
  checkStagePanel(panel)
  checkRecord(options, '$.options')
  const { level = 0.95 } = options
  checkLevel(level)
  return markovTestOf(panel, level)
}

/** As `testMarkov`, of a panel that is known to be right. */
export function markovTestOf(panel: StagePanel, level: number): MarkovTest {
  const { states, periods } = panel
  const n = states.length
  const total = states.map(() => new Float64Array(n))
  for (const { moves } of periods)
    for (const [i, row] of moves.entries()) for (const [j, count] of row.entries()) total[i]![j]! += count
  const dependence = resultOf(tallied([total]), 'no-moves')
  const byPeriod = states.map((_, i) => periods.map(({ moves }) => moves[i]!))
  const constancy: ChainTest =
    periods.length === 1
      ? { kind: 'undefined', reason: 'one-period' }
      : resultOf(tallied(byPeriod), 'no-moves')
  const paths = states.map(() => states.map(() => new Float64Array(n)))
  for (const { triples } of periods)
    for (const [before, from, to, count] of triples ?? []) paths[from]![before]![to]! += count
  const memory = resultOf(tallied(paths), 'no-triples')

  const rejects = (test: ChainTest) => test.kind === 'estimate' && test.p < 1 - level
  const [remembers, changes] = [rejects(memory), rejects(constancy)]
  const cautions: ForecastCaution[] = []
  if (remembers) cautions.push(caution('stages-have-memory'))
  if (changes) cautions.push(caution('rates-changed'))
  if (memory.kind === 'undefined' && memory.reason === 'no-triples')
    cautions.push(caution('memory-not-tested'))
  if (dependence.kind === 'estimate' && !rejects(dependence)) cautions.push(caution('stages-tell-nothing'))
  if ([dependence, memory, constancy].some((test) => test.kind === 'estimate' && test.expected.few))
    cautions.push(caution('few-expected'))
  return {
    kind: 'markov-test',
    verdict: remembers
      ? changes
        ? 'memory-and-changing'
        : 'memory'
      : changes
        ? 'changing'
        : memory.kind === 'undefined' && memory.reason === 'no-triples'
          ? 'not-tested'
          : 'markov',
    level,
    dependence,
    memory,
    constancy,
    cautions,
  }
}

type Table = readonly (readonly number[] | Float64Array)[]

/** Whether rows differ, in several tables at once. */
function tallied(tables: readonly Table[]): Tally {
  const tally: Tally = { g2: 0, freedom: 0, moves: 0, cells: 0, belowFive: 0, least: Infinity }
  for (const table of tables) {
    const rows = table.map(sumOf)
    const columns = Array.from({ length: table[0]?.length ?? 0 }, (_, j) =>
      table.reduce((sum, row) => sum + row[j]!, 0),
    )
    const size = rows.reduce((sum, count) => sum + count, 0)
    if (size === 0) continue
    const [seenRows, seenColumns] = [rows, columns].map((sums) => sums.filter((sum) => sum > 0).length)
    tally.moves += size
    tally.freedom += (seenRows! - 1) * (seenColumns! - 1)
    // With one row or one column all is as expected.
    if (seenRows === 1 || seenColumns === 1) continue
    for (const [i, row] of table.entries()) {
      if (rows[i] === 0) continue
      for (const [j, column] of columns.entries()) {
        if (column === 0) continue
        const expected = rows[i]! * (column / size)
        tally.g2 += 2 * expected * excess((row[j]! - expected) / expected)
        tally.cells += 1
        if (expected < 5) tally.belowFive += 1
        tally.least = Math.min(tally.least, expected)
      }
    }
  }
  return tally
}

function sumOf(counts: readonly number[] | Float64Array): number {
  let sum = 0
  for (const count of counts) sum += count
  return sum
}

/** (1 + x) ln(1 + x) - x, never below 0: with it terms of G² have one sign, for the deviations of a table sum to 0. */
function excess(x: number): number {
  if (x <= -1) return 1
  // Below this the logarithm cancels; the next term is a third of x beside 1.
  if (Math.abs(x) < 1e-5) return x * x * (0.5 - x / 6)
  return Math.max(0, (1 + x) * log1p(x) - x)
}

function resultOf(tally: Tally, none: 'no-moves' | 'no-triples'): ChainTest {
  const { g2, freedom, moves, cells, belowFive, least } = tally
  if (moves === 0) return { kind: 'undefined', reason: none }
  if (freedom === 0) return { kind: 'undefined', reason: 'no-degrees-of-freedom' }
  return {
    kind: 'estimate',
    g2,
    degreesOfFreedom: freedom,
    p: gammaQ(freedom / 2, g2 / 2),
    moves,
    bits: g2 / (2 * moves * Math.LN2),
    expected: { cells, belowFive, least, few: belowFive > 0.2 * cells || least < 1 },
  }
}
