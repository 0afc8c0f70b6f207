import { checkList, checkRecord, fault } from '../../kernel/errors.js'
import { dot, type Matrix } from '../symmetric.js'
import { reachesAny } from './classes.js'
import { eliminate } from './elimination.js'
import { checkNonNegative, checkRows, checkStochastic, checkSum } from './stochastic.js'

/**
 * A chain that ends: either in its parts, or whole with the states that end it. A state named in `absorbing` ends the chain
 * when it is first reached, also where it has ways out.
 */
export type AbsorbingChainInput =
  | {
      /** From transient to transient. */
      readonly Q: Matrix
      /** From transient to absorbing; a row of Q and of R together sum to 1. */
      readonly R: Matrix
    }
  | { readonly P: Matrix; readonly absorbing: readonly number[] }

/** How long a chain lasts, and where it ends. */
export type AbsorbingChain =
  | {
      readonly kind: 'estimate'
      /** Rows of what follows: states of P that do not absorb, or the rows of Q. */
      readonly transient: readonly number[]
      /** Columns of `absorption`: states as given in `absorbing`, or the columns of R. */
      readonly absorbing: readonly number[]
      /** N = (I - Q)^-1: how often a state ("to") is expected to be visited from one ("from"), the start included. */
      readonly fundamental: Matrix
      /** Until absorption, N 1. */
      readonly expectedSteps: readonly number[]
      readonly varianceOfSteps: readonly number[]
      /** Chances to end in each absorbing state, N R; a row sums to 1. */
      readonly absorption: Matrix
    }
  | {
      readonly kind: 'undefined'
      /**
       * `never-absorbed`: from some states no absorbing one can be reached, so that I - Q has no inverse. `beyond-floats`: the
       * expected steps are too many for a float.
       */
      readonly reason: 'never-absorbed' | 'beyond-floats'
      /** Those states, by number. */
      readonly states: readonly number[]
    }

/**
 * Expected visits and steps until absorption, the variance of steps, and where it ends.
 *
 * A state's chance to stay is what its other chances leave: chances to move and to be absorbed are taken as given, and no
 * digit of them is lost, however small they are. The variance comes by variances of one step each instead of (2N - I) t - t²,
 * which cancels.
 *
 * @throws DefinitionError `out-of-range` for rows that do not sum to 1 within 1e-9, a chance below 0, lists of unequal lengths, an
 * absorbing state that is none or is named twice; `too-large` for more than 500 states.
 * @see Kemeny & Snell (1960), "Finite Markov Chains", chapter 3; `Elimination` for how it is computed.
 * @example
 * absorbingChain({ P: [[1, 0, 0, 0], [0.5, 0, 0.5, 0], [0, 0.5, 0, 0.5], [0, 0, 0, 1]], absorbing: [0, 3] })
 * // => { expectedSteps: [2, 2], fundamental: [[1.3333, 0.6667], [0.6667, 1.3333]], varianceOfSteps: [2, 2], … }
 */
export function absorbingChain(given: AbsorbingChainInput): AbsorbingChain {
  const { Q, R, transient, absorbing } = partsOf(given)
  const n = Q.length
  const leaving = R.map((row) => row.reduce((sum, chance) => sum + chance, 0))
  const ends = leaving.flatMap((chance, i) => (chance > 0 ? [i] : []))
  const reaches = reachesAny(Q, ends)
  const lost = transient.filter((_, i) => !reaches[i])
  if (lost.length > 0) return { kind: 'undefined', reason: 'never-absorbed', states: lost }
  const beyond: AbsorbingChain = { kind: 'undefined', reason: 'beyond-floats', states: transient }
  const elimination = eliminate(Q, leaving)
  if (elimination === undefined) return beyond
  const columns = Q.map((_, k) => elimination.solve(Q.map((_, i) => (i === k ? 1 : 0))))
  const fundamental = Q.map((_, i) => columns.map((column) => column[i]!))
  const expectedSteps = elimination.solve(Q.map(() => 1))
  const spread = Q.map((row, i) => {
    // The steps still to go after this one, against what was expected of them.
    const after = expectedSteps[i]! - 1
    let sum = leaving[i]! * after * after
    let moving = leaving[i]!
    for (let j = 0; j < n; j += 1) {
      if (j === i) continue
      const more = expectedSteps[j]! - after
      sum += row[j]! * more * more
      moving += row[j]!
    }
    // Who stays is one step behind: a chance that the others leave.
    return sum + Math.max(0, 1 - moving)
  })
  const varianceOfSteps = elimination.solve(spread)
  const byEnd = absorbing.map((_, k) => elimination.solve(R.map((row) => row[k]!)))
  const absorption = Q.map((_, i) => byEnd.map((column) => column[i]!))
  if (![...expectedSteps, ...varianceOfSteps].every((value) => value < Infinity)) return beyond
  return {
    kind: 'estimate',
    transient,
    absorbing,
    fundamental,
    expectedSteps,
    varianceOfSteps,
    absorption,
  }
}

interface Parts {
  readonly Q: Matrix
  readonly R: Matrix
  readonly transient: readonly number[]
  readonly absorbing: readonly number[]
}

function partsOf(given: AbsorbingChainInput): Parts {
  checkRecord(given, '$')
  if ('P' in given) {
    const { P, absorbing } = given
    checkStochastic(P, '$.P')
    checkList(absorbing, '$.absorbing')
    const ends = new Set<number>()
    for (const [k, state] of absorbing.entries()) {
      const path = `$.absorbing[${k}]`
      if (!(Number.isSafeInteger(state) && state >= 0 && state < P.length))
        throw fault('out-of-range', path, state, `a state from 0 to ${P.length - 1}`)
      if (ends.has(state)) throw fault('duplicate-name', path, state, 'every state once')
      ends.add(state)
    }
    const transient = P.flatMap((_, i) => (ends.has(i) ? [] : [i]))
    const pick = (columns: readonly number[]) => transient.map((i) => columns.map((j) => P[i]![j]!))
    return { Q: pick(transient), R: pick(absorbing), transient, absorbing: absorbing.map((k) => k + 0) }
  }
  const { Q, R } = given
  checkRows(Q, '$.Q')
  checkList(R, '$.R')
  if (R.length !== Q.length) throw fault('out-of-range', '$.R', R.length, `${Q.length} rows, as Q has`)
  const [first] = R as readonly unknown[]
  checkList(first, '$.R[0]')
  if (first.length > 500) throw fault('too-large', '$.R[0]', first.length, '500 states at the most')
  for (const [i, row] of Q.entries()) {
    checkNonNegative(row, Q.length, `$.Q[${i}]`)
    checkNonNegative(R[i], first.length, `$.R[${i}]`)
    checkSum(
      [
        dot(
          row,
          Q.map(() => 1),
        ),
        ...R[i]!,
      ],
      `$.Q[${i}]`,
    )
  }
  return { Q, R, transient: Q.map((_, i) => i), absorbing: first.map((_, k) => k) }
}
