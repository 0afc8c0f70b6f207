import { checkRecord } from '../../kernel/errors.js'
import type { Matrix } from '../symmetric.js'
import { checkStochastic } from './stochastic.js'

/** States that can all be reached from one another. */
export interface ChainClass {
  /** By number, ascending. */
  readonly states: readonly number[]
  /** Whether nothing leads out: who is in it stays in it. A closed class of one state is an absorbing state. */
  readonly closed: boolean
  /**
   * How many steps the ways back have in common: 1 where it is aperiodic. Of a state that nobody returns to there is none,
   * and this is 0.
   */
  readonly period: number
}

/**
 * The classes of a chain, in order of their first states: which states are transient, which absorb, what goes round in circles.
 *
 * A chance of exactly 0 is impossible, any other is possible, however small.
 *
 * @param given - `P` by rows ("from"), each summing to 1 within 1e-9; up to 500 states.
 * @throws DefinitionError `out-of-range` for a matrix that is none, `too-large` for more states.
 * @see Tarjan (1972), "Depth-first search and linear graph algorithms"; Kemeny & Snell (1960), "Finite Markov Chains".
 * @example
 * chainClasses({ P: [[0, 1, 0], [0.9, 0, 0.1], [0, 0, 1]] })
 * // => [{ states: [0, 1], closed: false, period: 2 }, { states: [2], closed: true, period: 1 }]
 */
export function chainClasses(given: { readonly P: Matrix }): readonly ChainClass[] {
  checkRecord(given, '$')
  checkStochastic(given.P, '$.P')
  return classesOf(given.P)
}

/** As `chainClasses`, of a matrix that is known to be right. */
export function classesOf(P: Matrix): readonly ChainClass[] {
  const parts = strongParts(P)
  const partOf = new Int32Array(P.length)
  for (const [k, states] of parts.entries()) for (const state of states) partOf[state] = k
  return parts
    .map((states, k) => ({
      states,
      closed: states.every((i) => P[i]!.every((chance, j) => chance === 0 || partOf[j] === k)),
      period: periodOf(P, states),
    }))
    .sort((a, b) => a.states[0]! - b.states[0]!)
}

/** From which states one of some states can be reached, those themselves included. */
export function reachesAny(P: Matrix, goals: readonly number[]): readonly boolean[] {
  const reaches = P.map(() => false)
  const open = [...goals]
  for (const goal of goals) reaches[goal] = true
  for (let j = open.pop(); j !== undefined; j = open.pop()) {
    for (let i = 0; i < P.length; i += 1) {
      if (reaches[i] || P[i]![j] === 0) continue
      reaches[i] = true
      open.push(i)
    }
  }
  return reaches
}

/** Tarjan's algorithm with a stack of its own: chains may be as deep as they have states. */
function strongParts(P: Matrix): readonly (readonly number[])[] {
  const n = P.length
  const order = new Int32Array(n).fill(-1)
  const low = new Int32Array(n)
  const next = new Int32Array(n)
  const waiting: number[] = []
  const onStack = new Uint8Array(n)
  const parts: number[][] = []
  let count = 0
  for (let root = 0; root < n; root += 1) {
    if (order[root] !== -1) continue
    const path = [root]
    while (path.length > 0) {
      const i = path[path.length - 1]!
      if (order[i] === -1) {
        order[i] = count
        low[i] = count
        count += 1
        waiting.push(i)
        onStack[i] = 1
      }
      let deeper = false
      while (next[i]! < n && !deeper) {
        const j = next[i]!
        next[i] = j + 1
        if (P[i]![j] === 0) continue
        if (order[j] === -1) {
          path.push(j)
          deeper = true
        } else if (onStack[j] === 1) low[i] = Math.min(low[i]!, order[j]!)
      }
      if (deeper) continue
      path.pop()
      const before = path[path.length - 1]
      if (before !== undefined) low[before] = Math.min(low[before]!, low[i]!)
      if (low[i] !== order[i]) continue
      const part: number[] = []
      let state: number
      do {
        state = waiting.pop()!
        onStack[state] = 0
        part.push(state)
      } while (state !== i)
      parts.push(part.sort((a, b) => a - b))
    }
  }
  return parts
}

/** The greatest common divisor of `depth of i + 1 - depth of j` over all moves inside. */
function periodOf(P: Matrix, states: readonly number[]): number {
  const depth = new Map([[states[0]!, 0]])
  const open = [states[0]!]
  const inside = new Set(states)
  let period = 0
  for (let at = 0; at < open.length; at += 1) {
    const i = open[at]!
    for (const j of inside) {
      if (P[i]![j] === 0) continue
      const known = depth.get(j)
      if (known === undefined) {
        depth.set(j, depth.get(i)! + 1)
        open.push(j)
      } else period = commonDivisor(period, Math.abs(depth.get(i)! + 1 - known))
    }
  }
  return period
}

function commonDivisor(a: number, b: number): number {
  let [x, y] = [a, b]
  while (y > 0) [x, y] = [y, x % y]
  return x
}
