import { expPair, lnPair, pair, times } from './double-double.js'
import { checkNumber } from './errors.js'

/**
 * x to the power y, within 1 ulp over the whole range, subnormal results included, and with the same bits everywhere.
 *
 * Special cases as `Math.pow`, which is not IEEE's at one place: 1 to the power of an infinity is NaN. A negative base
 * has a real power only for a whole exponent, else NaN.
 *
 * @see ECMA-262, Number::exponentiate.
 * @example
 * pow(2, 0.5) // => 1.4142135623730951
 */
export function pow(x: number, y: number): number {
  checkNumber(x, '$.x')
  checkNumber(y, '$.y')
  if (y === 0) return 1
  if (Number.isNaN(x) || Number.isNaN(y)) return Number.NaN
  const size = Math.abs(x)
  if (Math.abs(y) === Infinity) {
    if (size === 1) return Number.NaN
    return size > 1 === y > 0 ? Infinity : 0
  }
  if (y === 1) return x
  // Beyond 2^53 every float is even.
  const odd = Math.abs(y) < 9007199254740992 && Math.abs(y % 2) === 1
  const sign = odd && (x < 0 || Object.is(x, -0)) ? -1 : 1
  if (size === 0 || size === Infinity) return sign * ((size === 0) === y < 0 ? Infinity : 0)
  if (x < 0 && !Number.isInteger(y)) return Number.NaN
  if (size === 1) return sign
  if (y === 2) return x * x
  if (y === -1) return 1 / x
  // Beyond 2^64 the power has left the range for every base but 1; below 2^-70 it is 1 for every base.
  if (Math.abs(y) > 18446744073709552000) return sign * (size > 1 === y > 0 ? Infinity : 0)
  if (Math.abs(y) < 8.470329472543003e-22) return sign
  const exponent = times(lnPair(pair(size)), pair(y))
  return sign * expPair(exponent).high
}
