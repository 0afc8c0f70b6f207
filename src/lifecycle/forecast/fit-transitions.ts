import { checkKeys, checkList, checkName, checkRecord, fault } from '../../kernel/errors.js'
import { betaQuantile, betaQuantileUpper, type Matrix } from '../../measures/index.js'
import { checkLevel } from '../../measures/proportions.js'
import { absent, type ForecastUndefined } from './cautions.js'
import { markovTestOf } from './markov-test.js'
import { checkStagePanel, closingOf, openingOf, type StagePanel } from './panel.js'
import { periodNumber } from './period-names.js'
import {
  meanOf,
  meanWithin,
  type StageEstimate,
  type TransitionModel,
  type TransitionRow,
  unsigned,
} from './transition-model.js'

/**
 * How much is known before anything is counted: so many moves in every possible cell of a row. `uniform` is 1 (Laplace: every
 * matrix is as likely), `jeffreys` 1/2. With many states and few subjects the prior weighs much: with 50 states `uniform`
 * stands for 50 moves a row.
 */
export type TransitionPrior = 'uniform' | 'jeffreys' | { readonly alpha: number }

/** How rates are counted. */
export interface TransitionOptions<State extends string = string> {
  readonly prior: TransitionPrior
  /**
   * Which moves can happen at all; others have rate 0 and no prior. `all`: from every state to every one that somebody was ever in.
   * `seen`: those that were counted; a move that is rare and was not seen yet then counts as impossible. Or a list. Unless told,
   * `all` for stages and `seen` for states by recency, of which most follow no other by how they are made.
   */
  readonly possible?: 'all' | 'seen' | readonly (readonly [from: State, to: State])[]
  /** States that nobody leaves, by how the lifecycle is made: their rate to stay is 1 without a doubt. */
  readonly final?: readonly State[]
  /** What a state says that nobody was ever in at the start of a period: nothing, unless told, or what the prior says. */
  readonly unseen?: 'undefined' | 'prior'
  /** Of the intervals, and of the tests; 0.95 unless told. */
  readonly level?: number
  /** First period that counts, by name. */
  readonly since?: string
  /** Last period that counts, by name. */
  readonly until?: string
  /** Of these, so many of the last ones. */
  readonly last?: number
}

/**
 * Counts transition rates, with a Dirichlet distribution for each row: posterior means, and intervals of their beta marginals.
 *
 * Every subject in a period counts as one move, whether it moves or stays. `testMarkov` is run on the same periods and its verdict
 * travels with the model: forecasts repeat it as cautions and never refuse for it, because with many subjects every chain is
 * rejected; how much it matters the back-test shows.
 *
 * @throws DefinitionError as `checkStagePanel`; `out-of-range` for a prior (alpha from 10^-6 to 1,000), a level or a count against what
 * is said to be possible or final; `unknown-name` for states and periods that are not there.
 * @see Anderson & Goodman (1957); Lee, Judge & Zellner (1968), "Maximum likelihood and Bayesian estimation of transition
 * probabilities".
 * @example
 * const model = fitTransitions({ states: ['active', 'lapsed'], unit: 'month', periods: [
 *   { period: '2024-01', moves: [[80, 20], [5, 45]], arrivals: [30, 0] } ] }, { prior: 'jeffreys' })
 * if (model.kind === 'transitions') model.rates[0] // => [0.797, 0.203]
 */
export function fitTransitions<State extends string>(
  panel: StagePanel<State>,
  options: TransitionOptions<NoInfer<State>>,
): TransitionModel<State> | ForecastUndefined {
  checkStagePanel(panel)
  checkRecord(options, '$.options')
  checkKeys(options, ['prior', 'possible', 'final', 'unseen', 'level', 'since', 'until', 'last'], '$.options')
  const { level = 0.95, unseen = 'undefined' } = options
  checkLevel(level)
  checkName(['undefined', 'prior'], unseen, '$.options.unseen')
  const alpha = alphaOf(options.prior)
  const periods = chosenPeriods(panel, options)
  const { states, stageOf = states, unit } = panel
  const n = states.length
  const counts = states.map(() => new Array<number>(n).fill(0))
  const inhabited = new Array<boolean>(n).fill(false)
  for (const period of periods) {
    for (const [i, row] of period.moves.entries())
      for (const [j, count] of row.entries()) counts[i]![j]! += count
    for (const ends of [openingOf(period), closingOf(period)])
      for (const [i, count] of ends.entries()) if (count > 0) inhabited[i] = true
  }
  const subjects = counts.map((row) => row.reduce((sum, count) => sum + count, 0))
  if (subjects.every((count) => count === 0)) return absent('no-moves')
  if (subjects.some((count) => count > 1e11))
    throw fault('too-large', '$.periods', undefined, 'up to 10^11 moves from a state')
  const final = finalStates(panel, options.final, counts)
  const possible = possibleMoves(panel, options, { counts, inhabited, final })
  const weights = counts.map((row, i) => {
    if (final.has(i)) return row.map((_, j) => (i === j ? 1 : 0))
    if (subjects[i] === 0 && unseen === 'undefined') return row.map(() => 0)
    return row.map((count, j) => (possible[i]![j] ? count + alpha : 0))
  })
  const [first, last] = [periods[0]!, periods[periods.length - 1]!]
  return {
    kind: 'transitions',
    source: 'counted',
    states,
    stageOf,
    unit,
    from: first.period,
    to: last.period,
    level,
    alpha,
    weights,
    rows: states.map((state, i): TransitionRow<State> => {
      if (final.has(i)) return { kind: 'final', state }
      const row = weights[i]!
      const sum = row.reduce((a, b) => a + b, 0)
      if (sum === 0) return { kind: 'undefined', state, reason: 'never-seen' }
      const rates = states.flatMap((to, j) =>
        row[j] === 0 ? [] : [{ to, count: counts[i]![j]!, ...marginal(row, j, level) }],
      )
      return { kind: 'estimate', state, subjects: subjects[i]!, rates }
    }),
    rates: weights.map(meanOf),
    changes: [],
    arrivals: periods.map(({ arrivals }) => arrivals.map(unsigned)),
    meanArrivals: states.map((state, j) => ({
      state,
      ...meanWithin(
        periods.map(({ arrivals }) => arrivals[j]!),
        level,
      ),
    })),
    closing: closingOf(last).map(unsigned),
    markov: markovTestOf({ ...panel, periods }, level),
  }
}

function alphaOf(prior: TransitionPrior): number {
  if (prior === 'uniform') return 1
  if (prior === 'jeffreys') return 0.5
  if (typeof prior === 'string')
    throw fault('unknown-name', '$.options.prior', prior, 'uniform | jeffreys | { alpha }')
  checkRecord(prior, '$.options.prior')
  checkKeys(prior, ['alpha'], '$.options.prior')
  const { alpha } = prior
  if (!(typeof alpha === 'number' && alpha >= 1e-6 && alpha <= 1000))
    throw fault('out-of-range', '$.options.prior.alpha', alpha, 'from 10^-6 to 1,000')
  return alpha
}

function chosenPeriods({ periods, unit }: StagePanel, options: TransitionOptions): StagePanel['periods'] {
  const { since, until, last } = options
  const numberOf = (name: unknown, key: string) => {
    const number = periodNumber(name, unit)
    if (number === undefined) throw fault('out-of-range', `$.options.${key}`, name, `the name of a ${unit}`)
    return number
  }
  const from = since === undefined ? -Infinity : numberOf(since, 'since')
  const to = until === undefined ? Infinity : numberOf(until, 'until')
  if (last !== undefined && !(Number.isSafeInteger(last) && last >= 1))
    throw fault('out-of-range', '$.options.last', last, 'a whole number from 1')
  const within = periods.filter(({ period }) => {
    const number = periodNumber(period, unit)!
    return number >= from && number <= to
  })
  return last === undefined ? within : within.slice(-last)
}

function finalStates(
  { states }: StagePanel,
  final: readonly string[] | undefined,
  counts: Matrix,
): ReadonlySet<number> {
  if (final === undefined) return new Set()
  checkList(final, '$.options.final')
  return new Set(
    final.map((name: string, k) => {
      const path = `$.options.final[${k}]`
      checkName(states, name, path)
      const i = states.indexOf(name)
      if (counts[i]!.some((count, j) => count > 0 && j !== i))
        throw fault('out-of-range', path, name, 'a state that nobody was seen to leave')
      return i
    }),
  )
}

function possibleMoves(
  { states, stageOf }: StagePanel,
  { possible = stageOf === undefined ? 'all' : 'seen' }: TransitionOptions,
  known: {
    readonly counts: Matrix
    readonly inhabited: readonly boolean[]
    readonly final: ReadonlySet<number>
  },
): readonly (readonly boolean[])[] {
  const { counts, inhabited, final } = known
  if (possible === 'all') return counts.map(() => inhabited)
  if (possible === 'seen')
    // Of a row without counts nothing was seen: there the prior has every state that somebody was in.
    return counts.map((row) => (row.some((count) => count > 0) ? row.map((count) => count > 0) : inhabited))
  const path = '$.options.possible'
  if (typeof possible === 'string') throw fault('unknown-name', path, possible, 'all | seen | a list')
  checkList(possible, path)
  const allowed = counts.map((row) => row.map(() => false))
  for (const [k, move] of possible.entries()) {
    checkList(move, `${path}[${k}]`)
    const [from, to] = move as readonly string[]
    checkName(states, from, `${path}[${k}][0]`)
    checkName(states, to, `${path}[${k}][1]`)
    allowed[states.indexOf(from!)]![states.indexOf(to!)] = true
  }
  for (const [i, row] of counts.entries()) {
    for (const [j, count] of row.entries())
      if (count > 0 && !allowed[i]![j])
        throw fault('out-of-range', path, count, `the move from ${states[i]} to ${states[j]}, which was seen`)
    if (!final.has(i) && allowed[i]!.every((may) => !may))
      throw fault(
        'missing',
        path,
        possible,
        `a move from ${states[i]}, if only to itself, or the state among final`,
      )
  }
  return allowed
}

/** Of one cell: the beta distribution of its rate. */
function marginal(row: readonly number[], cell: number, level: number): StageEstimate {
  const weight = row[cell]!
  // Summed apart, for a difference of large counts would lose what a prior adds.
  const others = row.reduce((sum, other, j) => (j === cell ? sum : sum + other), 0)
  if (others === 0) return { value: 1, interval: { low: 1, high: 1, level } }
  const tail = (1 - level) / 2
  const [low, high] = [betaQuantile(tail, weight, others), betaQuantileUpper(tail, weight, others)]
  return { value: weight / (weight + others), interval: { low, high, level } }
}
