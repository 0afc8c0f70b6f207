import { checkName, checkRecord, fault } from '../../kernel/errors.js'
import { dot, type Matrix } from '../symmetric.js'
import { classesOf } from './classes.js'
import { eliminate } from './elimination.js'
import { checkSteps } from './projection.js'
import { checkAmount, checkFinite, checkStochastic } from './stochastic.js'

/** What a chain pays, and how later money counts less. */
export interface ChainValueInput {
  readonly P: Matrix
  /** What a period in each state pays, of either sign. */
  readonly rewards: readonly number[]
  /** For each period, such as 0.01; from 0. Money one period later counts 1 / (1 + rate). */
  readonly discountRate: number
  /** The last period T of t = 0 to T, so that T + 1 rewards fall; without it they go on for ever. */
  readonly horizon?: number
  /**
   * `start` unless told, as in Pfeifer & Carraway: the reward of the state that one starts in falls at once, undiscounted, and
   * that of period t counts 1 / (1 + rate)^t. With `end` every reward falls one period later.
   */
  readonly cash?: 'start' | 'end'
}

/** The expected discounted value from each state. */
export type ChainValue =
  | { readonly kind: 'estimate'; readonly value: readonly number[] }
  | {
      readonly kind: 'undefined'
      /** `does-not-converge`: nothing is discounted, and states that nobody leaves for good go on paying. */
      readonly reason: 'does-not-converge' | 'beyond-floats'
    }

/**
 * What somebody in each state is expected to bring: V = (I - P / (1 + d))^-1 R, or the sum over t = 0..T of (P / (1 + d))^t R.
 *
 * Without discounting the sum for ever exists only where all pay ends; then it is found over the states that do.
 *
 * @throws DefinitionError `out-of-range` for a matrix, rewards, a rate below 0 or a horizon (up to 10,000) that are none;
 * `unknown-name` for another time of cash; `too-large` beyond 500 states.
 * @see Pfeifer & Carraway (2000), "Modeling Customer Relationships as Markov Chains", Journal of Interactive Marketing 14(2).
 * @example
 * chainValue({ P: [[0.3, 0.7], [0, 1]], rewards: [36, 0], discountRate: 0.2 })
 * // => { kind: 'estimate', value: [48, 0] }
 */
export function chainValue(given: ChainValueInput): ChainValue {
  checkRecord(given, '$')
  const { P, rewards, discountRate, horizon, cash = 'start' } = given
  checkStochastic(P, '$.P')
  checkFinite(rewards, P.length, '$.rewards')
  checkAmount(discountRate, '$.discountRate')
  if (discountRate > 1e9) throw fault('out-of-range', '$.discountRate', discountRate, 'up to 10^9')
  if (horizon !== undefined) checkSteps(horizon, 10_000, '$.horizon')
  checkName(['start', 'end'], cash, '$.cash')
  return valuesByState(P, rewards, { discountRate, horizon, cash })
}

/** As `chainValue`, of what is known to be right. */
export function valuesByState(
  P: Matrix,
  rewards: readonly number[],
  how: {
    readonly discountRate: number
    readonly horizon: number | undefined
    readonly cash: 'start' | 'end'
  },
): ChainValue {
  const { discountRate, horizon, cash } = how
  const value =
    horizon === undefined
      ? discountRate > 0
        ? forEver(P, rewards, discountRate)
        : whileItPays(P, rewards)
      : overTime(P, rewards, discountRate, horizon)
  if (value === undefined) return { kind: 'undefined', reason: 'does-not-converge' }
  const paid = cash === 'end' ? value.map((amount) => amount / (1 + discountRate)) : value
  if (!paid.every(Number.isFinite)) return { kind: 'undefined', reason: 'beyond-floats' }
  return { kind: 'estimate', value: paid.map((amount) => amount + 0) }
}

function overTime(
  P: Matrix,
  rewards: readonly number[],
  discountRate: number,
  horizon: number,
): readonly number[] {
  let value: readonly number[] = rewards
  for (let t = 0; t < horizon; t += 1) {
    const later = value
    value = P.map((row, i) => rewards[i]! + dot(row, later) / (1 + discountRate))
  }
  return value
}

function forEver(P: Matrix, rewards: readonly number[], discountRate: number): readonly number[] {
  return discounted(P, discountRate).solve(rewards)
}

/** I - P / (1 + d), whose rows sum to d / (1 + d) > 0: there is always an inverse. */
export function discounted(P: Matrix, discountRate: number) {
  const factor = 1 / (1 + discountRate)
  return eliminate(
    P.map((row) => row.map((chance) => chance * factor)),
    P.map(() => discountRate * factor),
  )!
}

/** Without discounting: over the states that are left for good, if no other one pays. */
function whileItPays(P: Matrix, rewards: readonly number[]): readonly number[] | undefined {
  const classes = classesOf(P)
  const kept = classes.flatMap(({ closed, states }) => (closed ? states : []))
  if (kept.some((state) => rewards[state] !== 0)) return undefined
  const passing = classes.flatMap(({ closed, states }) => (closed ? [] : states))
  const elimination = eliminate(
    passing.map((i) => passing.map((j) => P[i]![j]!)),
    passing.map((i) => kept.reduce((sum, j) => sum + P[i]![j]!, 0)),
  )
  const found = elimination?.solve(passing.map((i) => rewards[i]!))
  const value = P.map(() => 0)
  for (const [k, state] of passing.entries()) value[state] = found?.[k] ?? Infinity
  return value
}
