import { exp } from '../../kernel/elementary.js'

/** Half a unit in the last place of 1. */
const EPSILON = 1.1102230246251565e-16

/**
 * Weighted mean and scatter of the covariates of a set of subjects, kept as subjects come and go.
 *
 * Weights are e^(score - shift) with the shift at the largest score, so that none overflows and a set never weighs nothing.
 * Means are moved instead of sums kept, so that no variance is the difference of two large numbers.
 *
 * @see Chan, Golub & LeVeque (1983), "Algorithms for Computing the Sample Variance".
 */
export class RiskSet {
  size = 0
  weight = 0
  shift = -Infinity
  readonly mean: Float64Array
  /** How far rounding may have taken each mean. */
  readonly unsure: Float64Array
  /** Sum of weight (x - mean)(x - mean)', by row up to the diagonal. */
  readonly scatter: Float64Array
  private readonly moved: Float64Array
  /** The most that weight and spread have been since the set was last counted from nothing. */
  private readonly most: Float64Array

  constructor(private readonly p: number) {
    this.mean = new Float64Array(p)
    this.unsure = new Float64Array(p)
    this.scatter = new Float64Array((p * (p + 1)) / 2)
    this.moved = new Float64Array(p)
    this.most = new Float64Array(p + 1)
  }

  clear(): void {
    this.size = 0
    this.weight = 0
    this.shift = -Infinity
    this.mean.fill(0)
    this.unsure.fill(0)
    this.scatter.fill(0)
    this.most.fill(0)
  }

  /** Counts weights from another score, at least the largest. */
  shiftTo(shift: number): void {
    if (this.weight > 0 && shift !== this.shift) {
      const factor = exp(this.shift - shift)
      this.weight *= factor
      for (let i = 0; i < this.scatter.length; i += 1) this.scatter[i]! *= factor
      for (let i = 0; i < this.most.length; i += 1) this.most[i]! *= factor
    }
    this.shift = shift
  }

  /** Takes in the subject whose covariates stand in `x` from `at` on. */
  add(x: Float64Array, at: number, score: number): void {
    if (score > this.shift) this.shiftTo(score)
    this.size += 1
    this.take(x, at, exp(score - this.shift), 1, undefined)
  }

  /** Lets go of one that is in it. False where what is left is too small a part of what was to be known well. */
  remove(x: Float64Array, at: number, score: number): boolean {
    this.remember()
    this.size -= 1
    const weight = exp(score - this.shift)
    if (this.size === 0) {
      this.clear()
      return true
    }
    if (!(this.weight - weight > this.most[0]! / 64)) return false
    this.take(x, at, weight, -1, undefined)
    for (let k = 0; k < this.p; k += 1) {
      if (!(this.scatter[(k * (k + 3)) / 2]! >= this.most[k + 1]! / 64)) return false
    }
    return true
  }

  /** Takes in another set, of the same shift. */
  merge(other: RiskSet): void {
    if (other.size === 0) return
    this.size += other.size
    this.take(other.mean, 0, other.weight, 1, other.unsure)
    for (let i = 0; i < this.scatter.length; i += 1) this.scatter[i]! += other.scatter[i]!
  }

  private take(
    x: Float64Array,
    at: number,
    weight: number,
    sign: number,
    unsureBy: Float64Array | undefined,
  ): void {
    const { p, mean, unsure, scatter, moved } = this
    const before = this.weight
    const after = before + sign * weight
    this.weight = after
    if (!(after > 0)) return
    const share = (sign * weight) / after
    const rest = before / after
    for (let k = 0; k < p; k += 1) {
      const given = x[at + k]!
      const by = given - mean[k]!
      moved[k] = by
      // From the heavier of the two, so that what is left of a mean is not what was lost of a larger one.
      mean[k] = share > 0.5 ? given - rest * by : mean[k]! + share * by
      unsure[k] =
        rest * unsure[k]! +
        Math.abs(share) * (unsureBy?.[k] ?? 0) +
        EPSILON * (Math.abs(mean[k]!) + 2 * Math.min(rest, Math.abs(share)) * Math.abs(by))
    }
    const factor = share * before
    for (let k = 0, i = 0; k < p; k += 1) {
      const part = factor * moved[k]!
      for (let l = 0; l <= k; l += 1, i += 1) scatter[i]! += part * moved[l]!
    }
  }

  private remember(): void {
    const { most, scatter } = this
    most[0] = Math.max(most[0]!, this.weight)
    for (let k = 0; k < this.p; k += 1) most[k + 1] = Math.max(most[k + 1]!, scatter[(k * (k + 3)) / 2]!)
  }
}
