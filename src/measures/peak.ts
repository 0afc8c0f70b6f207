/*
 * Integrals around a peak, or from a point on where a density falls. The exponent is written as how much it dropped, in
 * terms of one sign that vanish at the start, so that large parameters cost no digits.
 */
import { exp, expm1, ln, log1p } from '../kernel/elementary.js'
import { fault } from '../kernel/errors.js'
import { gaussLegendre } from './quadrature.js'

/** u - ln(1 + u) for u above -1, without the loss of digits that the difference has next to 0. */
export function logExcess(u: number): number {
  if (u < -0.4 || u > 0.7) return u - log1p(u)
  // With s = u / (2 + u), ln(1 + u) = 2 artanh s, and u - 2s = u s.
  const s = u / (2 + u)
  const z = s * s
  let sum = 0
  for (let k = 11; k >= 1; k--) sum = (sum + 1 / (2 * k + 1)) * z
  return s * (u - 2 * sum)
}

/** e^v - 1 - v, without the loss of digits that the difference has next to 0. */
export function expExcess(v: number): number {
  if (v < -0.7 || v > 0.7) return expm1(v) - v
  let sum = 0
  for (let k = 16; k >= 2; k--) sum = (sum * v) / (k + 1) + 1
  return (sum * v * v) / 2
}

/** ln(1 - p + p e^v) - p v, which is not negative; q = 1 - p. */
export function logisticExcess(p: number, q: number, v: number): number {
  // The same from the other end, so that the smaller share is the one in the formula.
  if (p > 0.5) return logisticExcess(q, p, -v)
  if (v > 700) return v + ln(p) - p * v
  if (v > 0.7 || v < -0.7) return log1p(p * expm1(v)) - p * v
  return p * expExcess(v) - logExcess(p * expm1(v))
}

/** The integral of e^-drop over the whole line, where drop grows from 0 both ways; steps are halved until they agree. */
export function trapezoid(drop: (v: number) => number, first: number): number {
  const half = (from: number, step: number): number => {
    let sum = 0
    for (let n = 0; n < 1e6; n++) {
      const at = drop(from + n * step)
      sum += exp(-at)
      if (at > 45) return sum
    }
    throw fault('out-of-range', '$', step, 'arguments whose integral converges')
  }
  let step = first
  let sum = 1 + half(step, step) + half(-step, -step)
  for (let halvings = 0; halvings < 12; halvings++) {
    const between = half(step / 2, step) + half(-step / 2, -step)
    const apart = Math.abs(between - sum)
    sum += between
    step /= 2
    // What the finer step is off by is about the square of this.
    if (apart < 1e-9 * sum) return sum * step
  }
  throw fault('out-of-range', '$', step, 'arguments whose integral converges')
}

/** About where a convex function that grows from 0 has grown by `much`, from a start at or beyond it. */
export function fallsBy(
  much: number,
  f: (s: number) => number,
  slope: (s: number) => number,
  start: number,
): number {
  let s = start
  for (let value = f(s); value > much * 1.05; value = f(s)) s -= (value - much) / slope(s)
  return s
}

/** The integral of e^-drop from 0 to where nothing of it is left. */
export function integralOfFall(drop: (s: number) => number, reach: number): number {
  const { nodes, weights } = gaussLegendre(48)
  let sum = 0
  for (let k = nodes.length - 1; k >= 0; k--) sum += weights[k]! * exp(-drop((reach * (1 + nodes[k]!)) / 2))
  return (sum * reach) / 2
}
