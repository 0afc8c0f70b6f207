import { ln } from '../../kernel/elementary.js'
import type { Matrix } from '../symmetric.js'
import { RiskSet } from './risk-set.js'
import type { Stratum, Subjects } from './subjects.js'

/**
 * What happens when several events share a time. `efron`: each of them counts as at risk with the share of the tied that
 * are still to go, on average over their orders; near the exact likelihood. `breslow`: all of them stay at risk
 * throughout; coefficients are nearer to 0 the more ties there are.
 */
export type Ties = 'efron' | 'breslow'

/** The logarithm of the partial likelihood, how it changes, and how far rounding may have taken that. */
export interface Likelihood {
  readonly value: number
  readonly gradient: readonly number[]
  /** Minus the second derivatives. */
  readonly information: Matrix
  /** About how much of each slope may be rounding. */
  readonly noise: readonly number[]
}

/** What one time with events contributes, in units of the subjects' columns. */
export interface EventTime {
  readonly stratum: Stratum
  readonly time: number
  readonly atRisk: number
  readonly events: number
  /** Sums of 1/W and of 1/W^2 over the tied events, where W e^shift is the weight of those at risk at each. */
  readonly inverse: number
  readonly inverseSquare: number
  readonly shift: number
  /** Of those at risk, each of the tied events weighted by 1/W. */
  mean(k: number): number
  /** What it adds to the slope. */
  residual(k: number): number
  /** What it adds to the information. */
  variance(k: number, l: number): number
}

/**
 * The partial likelihood at coefficients, for columns as they are in `subjects`, in one pass over the times from the last
 * to the first. `visit` sees every time with events; what it is handed holds until it returns.
 *
 * @see Cox (1972), "Regression Models and Life-Tables"; Efron (1977), "The Efficiency of Cox's Likelihood Function for
 * Censored Data"; Breslow (1974), "Covariance Analysis of Censored Survival Data".
 */
export function partialLikelihood(
  subjects: Subjects,
  ties: Ties,
  coefficients: readonly number[],
  visit?: (at: EventTime) => void,
): Likelihood {
  const { time, entry, event, x, strata } = subjects
  const p = coefficients.length
  const scores = scoresOf(subjects, coefficients)
  const [others, tied] = [new RiskSet(p), new RiskSet(p)]
  const [gradient, noise] = [new Float64Array(p), new Float64Array(p)]
  const information = new Float64Array((p * (p + 1)) / 2)
  const apart = new Float64Array(p)
  const residual = new Float64Array(p)
  let [value, lost] = [0, 0]
  const addValue = (by: number) => {
    const sum = value + by
    lost += Math.abs(value) >= Math.abs(by) ? value - sum + by : by - sum + value
    value = sum
  }
  for (const stratum of strata) {
    others.clear()
    const watched = stratum.late.length > 0 ? new Members(time.length) : undefined
    let leaving = 0
    for (let i = stratum.from; i < stratum.to; ) {
      const t = time[i]!
      let sound = true
      for (; leaving < stratum.late.length && entry[stratum.late[leaving]!]! >= t; leaving += 1) {
        const j = stratum.late[leaving]!
        watched?.remove(j)
        sound = sound && others.remove(x, j * p, scores[j]!)
      }
      if (!sound) {
        others.clear()
        for (let j = watched!.first; j >= 0; j = watched!.after(j)) others.add(x, j * p, scores[j]!)
      }
      let to = i
      for (; to < stratum.to && time[to] === t && event[to] === 0; to += 1) others.add(x, to * p, scores[to]!)
      const first = to
      tied.clear()
      for (; to < stratum.to && time[to] === t; to += 1) tied.add(x, to * p, scores[to]!)
      for (let j = i; watched !== undefined && j < to; j += 1) watched.add(j)
      i = to
      const events = to - first
      if (events === 0) continue
      const shift = Math.max(others.shift, tied.shift)
      others.shiftTo(shift)
      tied.shiftTo(shift)
      let [inverse, shared, spread, inverseSquare, sharedSquare] = [0, 0, 0, 0, 0]
      for (let k = 0; k < events; k += 1) {
        const share = ties === 'efron' ? 1 - k / events : 1
        const weight = others.weight + share * tied.weight
        inverse += 1 / weight
        inverseSquare += 1 / (weight * weight)
        shared += share / weight
        sharedSquare += share / weight / weight
        spread += (others.weight / weight) * (tied.weight / weight) * share
        addValue(-ln(weight))
      }
      for (let j = first; j < to; j += 1) addValue(scores[j]! - shift)
      const alone = others.size === 0
      const from = alone ? tied.mean : others.mean
      for (let k = 0; k < p; k += 1) {
        const by = alone ? 0 : tied.mean[k]! - others.mean[k]!
        let [sum, size] = [0, 0]
        for (let j = first; j < to; j += 1) {
          sum += x[j * p + k]! - from[k]!
          size += Math.abs(x[j * p + k]! - from[k]!)
        }
        apart[k] = by
        residual[k] = sum - tied.weight * shared * by
        gradient[k]! += residual[k]!
        // Twice, for as much again may be wrong with the information.
        noise[k]! +=
          2 * (1e-15 * (size + events * Math.abs(by)) + events * (others.unsure[k]! + tied.unsure[k]!))
      }
      for (let k = 0, c = 0; k < p; k += 1) {
        for (let l = 0; l <= k; l += 1, c += 1) {
          information[c]! +=
            inverse * others.scatter[c]! + shared * tied.scatter[c]! + spread * apart[k]! * apart[l]!
        }
      }
      visit?.({
        stratum,
        time: t,
        atRisk: others.size + events,
        events,
        inverse,
        inverseSquare,
        shift,
        mean: (k) => from[k]! + ((tied.weight * sharedSquare) / inverse) * apart[k]!,
        residual: (k) => residual[k]!,
        variance: (k, l) => {
          const c = (Math.max(k, l) * (Math.max(k, l) + 1)) / 2 + Math.min(k, l)
          return inverse * others.scatter[c]! + shared * tied.scatter[c]! + spread * apart[k]! * apart[l]!
        },
      })
      others.merge(tied)
    }
  }
  return {
    value: value + lost,
    gradient: [...gradient],
    information: square(information, p),
    noise: [...noise],
  }
}

/** Coefficients times covariates, subject by subject. */
export function scoresOf({ x, time }: Subjects, coefficients: readonly number[]): Float64Array {
  const p = coefficients.length
  const scores = new Float64Array(time.length)
  for (let i = 0; i < scores.length; i += 1) {
    let score = 0
    for (let k = 0; k < p; k += 1) score += coefficients[k]! * x[i * p + k]!
    scores[i] = score
  }
  return scores
}

/** Who is at risk, to come, to go and to be gone through in the time that they are many. */
class Members {
  first = -1
  private readonly next: Int32Array
  private readonly previous: Int32Array

  constructor(n: number) {
    this.next = new Int32Array(n)
    this.previous = new Int32Array(n)
  }

  add(j: number): void {
    this.next[j] = this.first
    this.previous[j] = -1
    if (this.first >= 0) this.previous[this.first] = j
    this.first = j
  }

  remove(j: number): void {
    const [before, after] = [this.previous[j]!, this.next[j]!]
    if (before >= 0) this.next[before] = after
    else this.first = after
    if (after >= 0) this.previous[after] = before
  }

  after(j: number): number {
    return this.next[j]!
  }
}

function square(packed: Float64Array, p: number): Matrix {
  const at = (k: number, l: number) => packed[(Math.max(k, l) * (Math.max(k, l) + 1)) / 2 + Math.min(k, l)]!
  return Array.from({ length: p }, (_, k) => Array.from({ length: p }, (__, l) => at(k, l)))
}
