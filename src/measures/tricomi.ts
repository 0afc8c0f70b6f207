import { expPair, lnPair, minus, over, type Pair, pair, plus, times } from '../kernel/double-double.js'
import { exp, expm1 } from '../kernel/elementary.js'
import { checkNumber, fault } from '../kernel/errors.js'
import { lnGammaPair } from './gamma.js'
import { expExcess, logExcess, logisticExcess, trapezoid } from './peak.js'

/**
 * Tricomi's confluent hypergeometric function U(a, b, z) for a, z > 0, to about 1 part in 10^14; 0 where it is too small for a float.
 *
 * Every part of it is positive there: an integral over the logarithm of its variable, by the trapezoidal rule.
 *
 * @param a - From 0, where the function is 1, to 1e8; below 0 only where a - b + 1 is positive (Kummer's transformation).
 * @param b - From -1e8 to 1e8; at most 1e4 where a is below 1.
 * @param z - From 1e-100 to 1e100.
 * @throws DefinitionError `out-of-range` otherwise, and where the result leaves the floats (see `lnTricomiU`).
 * @see DLMF 13.4.4 (integral), 13.3.10 and 13.3.9 (raising a, lowering b), 13.2.40 (Kummer).
 * @example
 * tricomiU(0.606, 0.606, 5) // => 0.3414061944792602
 */
export function tricomiU(a: number, b: number, z: number): number {
  const { exponent, factor } = evaluate(a, b, z)
  const value =
    Math.abs(exponent.high) < 600
      ? exp(exponent.high) * (1 + exponent.low) * factor
      : expPair(plus(exponent, lnPair(pair(factor)))).high
  if (!(value < Infinity)) throw fault('out-of-range', '$', value, 'arguments whose result is a float')
  return value
}

/**
 * ln U(a, b, z), also where the function is no float any more; see `tricomiU`.
 *
 * @throws DefinitionError `out-of-range` as `tricomiU`.
 * @example
 * lnTricomiU(1000, 1000, 50) // => -3915.0666205072744
 */
export function lnTricomiU(a: number, b: number, z: number): number {
  const { exponent, factor } = evaluate(a, b, z)
  return plus(exponent, lnPair(pair(factor))).high
}

/** A value as e^exponent times a factor. */
interface Scaled {
  readonly exponent: Pair
  readonly factor: number
}

const UNIT: Scaled = { exponent: pair(0), factor: 1 }

function evaluate(a: number, b: number, z: number): Scaled {
  checkNumber(a, '$.a')
  checkNumber(b, '$.b')
  checkNumber(z, '$.z')
  if (!(a <= 1e8)) throw fault('out-of-range', '$.a', a, 'at most 1e8')
  if (!(Math.abs(b) <= 1e8)) throw fault('out-of-range', '$.b', b, 'from -1e8 to 1e8')
  if (!(z >= 1e-100 && z <= 1e100)) throw fault('out-of-range', '$.z', z, 'from 1e-100 to 1e100')
  if (a === 0) return UNIT
  const shape = pair(a)
  if (a > 0) return ofPositive(shape, pair(b), z)
  const other = plus(minus(shape, pair(b)), pair(1))
  if (other.high === 0) return { exponent: powerOf(z, minus(pair(1), pair(b))), factor: 1 }
  if (!(other.high > 0)) throw fault('out-of-range', '$.a', a, 'above 0, or above b - 1')
  const mirrored = ofPositive(other, minus(pair(2), pair(b)), z)
  return { ...mirrored, exponent: plus(mirrored.exponent, powerOf(z, minus(pair(1), pair(b)))) }
}

const powerOf = (z: number, power: Pair): Pair => times(lnPair(pair(z)), power)

function ofPositive(a: Pair, b: Pair, z: number): Scaled {
  if (a.high >= 1) return integral(a, b, z)
  // Small shapes have a long tail; all terms of both recurrences are positive.
  if (b.high > 1e4) throw fault('out-of-range', '$.b', b.high, 'at most 1e4 where a is below 1')
  const next = plus(a, pair(1))
  let low = b
  let sum: Scaled | undefined
  while (low.high > next.high) {
    const term = integral(next, low, z)
    sum = added(sum, { ...term, factor: term.factor * a.high })
    low = minus(low, pair(1))
  }
  const raised = integral(next, plus(low, pair(1)), z)
  sum = added(sum, { ...raised, factor: raised.factor * z })
  const rest = minus(next, low)
  if (rest.high === 0) return sum
  const beside = integral(next, low, z)
  return added(sum, { ...beside, factor: beside.factor * rest.high })
}

function added(x: Scaled | undefined, y: Scaled): Scaled {
  if (x === undefined) return y
  const apart = minus(y.exponent, x.exponent)
  const shift = (by: Pair) => exp(by.high) * (1 + by.low)
  if (apart.high <= 0) return { exponent: x.exponent, factor: x.factor + y.factor * shift(apart) }
  return { exponent: y.exponent, factor: y.factor + x.factor * shift(minus(pair(0), apart)) }
}

/**
 * The integral of e^(-z t) t^a (1 + t)^k over v = ln(t / peak), k = b - a - 1, divided by Gamma(a), for a from 1. Apart
 * from the peak's height, the exponent is written as terms of one sign that vanish at the peak.
 */
function integral(shape: Pair, second: Pair, z: number): Scaled {
  const a = shape.high
  const k = minus(minus(second, shape), pair(1))
  // The positive root of z t^2 + (z - b + 1) t - a, without cancellation.
  const slope = minus(plus(pair(z), pair(1)), second).high
  const root = Math.sqrt(slope * slope + 4 * z * a)
  const peak = slope > 0 ? (2 * a) / (slope + root) : (root - slope) / (2 * z)
  const t = pair(peak)
  const above = plus(pair(1), t)
  const p = over(t, above)
  const zt = times(pair(z), t)
  // What rounding the peak leaves of the slope there.
  const residue = plus(minus(shape, zt), times(k, p)).high
  const q = 1 / above.high
  const drop =
    k.high >= 0
      ? (v: number) => a * expExcess(v) - residue * expm1(v) + k.high * logExcess(p.high * expm1(v))
      : (v: number) => zt.high * expExcess(v) - residue * v - k.high * logisticExcess(p.high, q, v)
  const height = plus(minus(times(lnPair(t), shape), zt), times(lnPair(above), k))
  const curvature = Math.max(zt.high - k.high * p.high * q, 1e-300)
  return {
    exponent: minus(height, lnGammaPair(shape)),
    factor: trapezoid(drop, Math.min(0.5, 0.8 / Math.sqrt(curvature))),
  }
}
