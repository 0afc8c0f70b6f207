import { pair, times } from '../kernel/double-double.js'
import { ln } from '../kernel/elementary.js'
import { fault } from '../kernel/errors.js'
import { gammaQ } from './incomplete-gamma.js'

/**
 * The standard normal quantile: the z below which a share `p` of the distribution lies; about 1 part in 10^16.
 *
 * The far upper tail is sharper from below: `-normalQuantile(q)` for p = 1 - q, where 1 - q loses digits of q.
 *
 * @param p - Strictly between 0 and 1; at the ends the quantile does not exist.
 * @throws DefinitionError `out-of-range` otherwise.
 * @see Wichura (1988), "Algorithm AS 241: The Percentage Points of the Normal Distribution", routine PPND16.
 * @example
 * normalQuantile(0.975) // => 1.9599639845400536
 */
export function normalQuantile(p: number): number {
  if (!(Number.isFinite(p) && p > 0 && p < 1)) {
    throw fault('out-of-range', '$.p', p, 'strictly between 0 and 1')
  }
  const q = p - 0.5
  if (q >= -0.425 && q <= 0.425) {
    const r = 0.180625 - q * q
    return (q * polynomial(r, CENTRE_ABOVE)) / polynomial(r, CENTRE_BELOW)
  }
  const root = Math.sqrt(-ln(q < 0 ? p : 1 - p))
  const size =
    root <= 5
      ? polynomial(root - 1.6, TAIL_ABOVE) / polynomial(root - 1.6, TAIL_BELOW)
      : polynomial(root - 5, FAR_ABOVE) / polynomial(root - 5, FAR_BELOW)
  return q < 0 ? -size : size
}

/**
 * The share of a standard normal distribution below z, to its own last digits also where it is 1e-300.
 *
 * What lies above z is `normalCdf(-z)`, not 1 minus this, which has lost its digits.
 *
 * @throws DefinitionError `out-of-range` when z is NaN.
 * @example
 * normalCdf(1.959963984540054) // => 0.975
 * normalCdf(-10) // => 7.619853024160527e-24
 */
export function normalCdf(z: number): number {
  if (typeof z !== 'number' || Number.isNaN(z)) throw fault('out-of-range', '$.z', z, 'a number')
  if (Math.abs(z) > 40) return z < 0 ? 0 : 1
  // The tail is Q(1/2, z^2 / 2) / 2; what squaring loses comes back as a factor, as Q falls like e^-x.
  const square = times(pair(z), pair(z))
  const half = square.high / 2
  const lost = half < 1 ? 0 : (square.low / 2) * (1 + 0.5 / half)
  const tail = 0.5 * gammaQ(0.5, half) * (1 - lost)
  return z < 0 ? tail : 1 - tail
}

/** By Horner's rule; coefficients from the constant up. */
function polynomial(x: number, coefficients: readonly number[]): number {
  return coefficients.reduceRight((sum, coefficient) => sum * x + coefficient)
}

const CENTRE_ABOVE = [
  3.3871328727963665, 133.14166789178438, 1971.5909503065513, 13731.69376550946, 45921.95393154987,
  67265.7709270087, 33430.57558358813, 2509.0809287301227,
]
const CENTRE_BELOW = [
  1, 42.31333070160091, 687.1870074920579, 5394.196021424751, 21213.794301586597, 39307.89580009271,
  28729.085735721943, 5226.495278852854,
]
const TAIL_ABOVE = [
  1.4234371107496835, 4.630337846156546, 5.769497221460691, 3.6478483247632045, 1.2704582524523684,
  0.2417807251774506, 0.022723844989269184, 0.0007745450142783414,
]
const TAIL_BELOW = [
  1, 2.053191626637759, 1.6763848301838038, 0.6897673349851, 0.14810397642748008, 0.015198666563616457,
  0.0005475938084995345, 1.0507500716444169e-9,
]
const FAR_ABOVE = [
  6.657904643501103, 5.463784911164114, 1.7848265399172913, 0.29656057182850487, 0.026532189526576124,
  0.0012426609473880784, 0.000027115555687434876, 2.0103343992922881e-7,
]
const FAR_BELOW = [
  1, 0.599832206555888, 0.1369298809227358, 0.014875361290850615, 0.0007868691311456133,
  0.000018463183175100548, 1.421511758316446e-7, 2.0442631033899397e-15,
]
