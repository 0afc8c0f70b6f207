import { checkRecord } from '../../kernel/errors.js'
import type { Matrix } from '../symmetric.js'
import { type ChainClass, classesOf } from './classes.js'
import { eliminate, stationary } from './elimination.js'
import { checkStochastic } from './stochastic.js'

/** Where a chain is in the long run. */
export type SteadyState =
  | {
      readonly kind: 'estimate'
      /** Share of time in each state, whatever the start; 0 in transient ones. */
      readonly distribution: readonly number[]
      /** 1 where the chances of being in each state come to these; else they go round in so many steps, and only their mean does. */
      readonly period: number
      /** States that are left for good sooner or later. */
      readonly transient: readonly number[]
    }
  | {
      /** Where people end up depends on where they start. */
      readonly kind: 'several-classes'
      readonly classes: readonly ClosedClass[]
      readonly transient: readonly number[]
    }
  | { readonly kind: 'undefined'; readonly reason: 'beyond-floats' }

/** States that nobody leaves. */
export interface ClosedClass {
  readonly states: readonly number[]
  /** Share of time in each of all states, of who is in this class. */
  readonly distribution: readonly number[]
  readonly period: number
  /** The chance to end in it, from each state. */
  readonly reachedFrom: readonly number[]
}

/**
 * The stationary distribution of a chain: pi with pi P = pi. Rows of P are "from": of a transposed matrix the answer would be
 * another one.
 *
 * By elimination without subtraction, so that rare states have as many digits as frequent ones. With several closed classes
 * there are many such distributions and none of them is "the" one: each class has its own, with the chance to end there.
 *
 * @throws DefinitionError `out-of-range` unless P is square with rows that sum to 1 within 1e-9; `too-large` beyond 500 states.
 * @see Grassmann, Taksar & Heyman (1985), "Regenerative analysis and steady state distributions for Markov chains".
 * @example
 * steadyState({ P: [[0.8, 0.2], [0.25, 0.75]] })
 * // => { kind: 'estimate', distribution: [0.5556, 0.4444], period: 1, transient: [] }
 */
export function steadyState(given: { readonly P: Matrix }): SteadyState {
  checkRecord(given, '$')
  checkStochastic(given.P, '$.P')
  return steadyStateOf(given.P)
}

/** As `steadyState`, of a matrix that is known to be right. */
export function steadyStateOf(P: Matrix): SteadyState {
  const classes = classesOf(P)
  const transient = classes.flatMap(({ closed, states }) => (closed ? [] : states)).sort((a, b) => a - b)
  const ends = classes.filter(({ closed }) => closed)
  const found: (readonly [ChainClass, readonly number[]])[] = []
  for (const end of ends) {
    const weights = stationary(P, end.states)
    if (weights === undefined) return { kind: 'undefined', reason: 'beyond-floats' }
    const distribution = P.map(() => 0)
    for (const [k, state] of end.states.entries()) distribution[state] = weights[k]!
    found.push([end, distribution])
  }
  const [one] = found
  if (one !== undefined && found.length === 1)
    return { kind: 'estimate', distribution: one[1], period: one[0].period, transient }
  const elimination = eliminate(
    transient.map((i) => transient.map((j) => P[i]![j]!)),
    transient.map((i) =>
      sumOver(
        P[i]!,
        ends.flatMap(({ states }) => states),
      ),
    ),
  )
  if (elimination === undefined) return { kind: 'undefined', reason: 'beyond-floats' }
  return {
    kind: 'several-classes',
    transient,
    classes: found.map(([{ states, period }, distribution]) => {
      const reachedFrom = P.map(() => 0)
      for (const state of states) reachedFrom[state] = 1
      const chances = elimination.solve(transient.map((i) => sumOver(P[i]!, states)))
      for (const [k, state] of transient.entries()) reachedFrom[state] = chances[k]!
      return { states, distribution, period, reachedFrom }
    }),
  }
}

function sumOver(row: readonly number[], states: readonly number[]): number {
  let sum = 0
  for (const state of states) sum += row[state]!
  return sum
}
