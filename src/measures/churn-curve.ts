import { exp, expm1, ln } from '../kernel/elementary.js'
import { type Coordinates, curveAt, sharesOf } from './churn-model.js'
import type { Matrix } from './symmetric.js'

/** A share as a logarithm, and how it changes along a model's coordinates. */
export interface Share {
  readonly ln: number
  readonly slopes: readonly number[]
}

/** Of those there before, how many stay through a period, and how many are left of all. */
export interface CurvePoint {
  readonly survival: Share
  readonly retention: Share
}

/** A model's curve from period 0 to the last. */
export function churnCurve(at: Coordinates, last: number): readonly CurvePoint[] {
  const none = at.map(() => 0)
  let survival: Share = { ln: 0, slopes: none }
  const points: CurvePoint[] = [{ survival, retention: survival }]
  const curve = curveAt(at)
  for (let period = 1; period <= last; period += 1) {
    const [value, slopes] = [curve.value(period), curve.slopes(period)]
    survival = { ln: survival.ln + value, slopes: survival.slopes.map((sum, i) => sum + slopes[i]!) }
    points.push({ survival, retention: { ln: value, slopes } })
  }
  return points
}

/** What is left at one point of those who were there at an earlier one. */
export function leftOf(later: Share, earlier: Share): Share {
  return { ln: later.ln - earlier.ln, slopes: later.slopes.map((slope, i) => slope - earlier.slopes[i]!) }
}

/** Variance of a share's logit, by the delta method. */
export function logitVariance({ ln: value, slopes }: Share, covariance: Matrix): number {
  let sum = 0
  for (const [i, a] of slopes.entries())
    for (const [j, b] of slopes.entries()) sum += a * covariance[i]![j]! * b
  const rest = -expm1(value)
  return rest > 0 ? Math.max(0, sum) / rest / rest : 0
}

/** A share and what lies z standard errors of its logit to each side. */
export function shareWithin(share: Share, covariance: Matrix, z: number): readonly [number, number, number] {
  const value = exp(share.ln)
  const rest = -expm1(share.ln)
  if (!(value > 0 && rest > 0)) return [value, value, value]
  const logit = share.ln - ln(rest)
  const reach = z * Math.sqrt(logitVariance(share, covariance))
  return [value, sharesOf(logit - reach)[0], sharesOf(logit + reach)[0]]
}
