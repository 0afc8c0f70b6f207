import { exp, expm1, ln, log1p } from '../kernel/elementary.js'
import { fault } from '../kernel/errors.js'
import { betaQuantile, betaQuantileUpper, betaRegularized, betaRegularizedUpper, lnBeta } from './beta.js'
import { normalCdf, normalQuantile } from './normal.js'

/**
 * The share of Student's t distribution below t, about 1 part in 10^12 in the lower tail also far out, mostly 1 in 10^14.
 *
 * What lies above t is `studentCdf(-t, df)`, not 1 minus this, which has lost its digits.
 *
 * @param df - Degrees of freedom, from 1e-6; need not be whole. From 10^12 on by its normal equivalent.
 * @throws DefinitionError `out-of-range` for another df, or when t is NaN.
 * @see Abramowitz & Stegun 26.7.1; Wallace (1959), "Bounds on normal approximations", for large df.
 * @example
 * studentCdf(2.0857, 5) // => 0.9543
 */
export function studentCdf(t: number, df: number): number {
  checkFreedom(df)
  if (typeof t !== 'number' || Number.isNaN(t)) throw fault('out-of-range', '$.t', t, 'a number')
  const tail = t === 0 ? 0.5 : upperTail(Math.abs(t), df)
  return t < 0 ? tail : 1 - tail
}

/**
 * Student's t quantile: the t below which a share `p` of the distribution lies, about 1 part in 10^12.
 *
 * Its tails are heavy: with 0.01 degrees of freedom a thousandth lies beyond 10^268, and where no float is large enough
 * it is Infinity. The far upper tail is sharper from below: `-studentQuantile(q, df)` for p = 1 - q.
 *
 * @param p - Strictly between 0 and 1; at the ends the quantile does not exist.
 * @param df - Degrees of freedom, from 1e-6; need not be whole.
 * @throws DefinitionError `out-of-range` otherwise.
 * @see `studentCdf`, which it inverts.
 * @example
 * studentQuantile(0.975, 10) // => 2.228138851964939
 */
export function studentQuantile(p: number, df: number): number {
  checkFreedom(df)
  if (!(Number.isFinite(p) && p > 0 && p < 1)) {
    throw fault('out-of-range', '$.p', p, 'strictly between 0 and 1')
  }
  if (p === 0.5) return 0
  const size = sizeWithTail(p < 0.5 ? p : 1 - p, df)
  return p < 0.5 ? -size : size
}

/** From here on the beta function is not defined, and the normal equivalent is right to the last digits. */
const NEARLY_NORMAL = 1e12

/** The share beyond t, which is positive. */
function upperTail(t: number, df: number): number {
  if (df >= NEARLY_NORMAL) {
    const z = Math.sqrt(df * log1p((t / df) * t)) * ((8 * df + 1) / (8 * df + 3))
    return normalCdf(-z)
  }
  const ratio = t / Math.sqrt(df)
  if (ratio > 1e100) return t === Infinity ? 0 : 0.5 * exp(-df * ln(ratio) - lnFront(df))
  const square = (t / df) * t
  return square > 1
    ? 0.5 * betaRegularized(1 / (1 + square), df / 2, 0.5)
    : 0.5 * betaRegularizedUpper(square / (1 + square), 0.5, df / 2)
}

/** The positive t with a share q, below one half, beyond it. */
function sizeWithTail(q: number, df: number): number {
  if (df >= NEARLY_NORMAL) {
    const z = normalQuantile(q) * ((8 * df + 3) / (8 * df + 1))
    return Math.sqrt(df * expm1((z / df) * z))
  }
  // Of x = df / (df + t^2) and 1 - x the smaller one has the digits.
  const share = betaQuantile(2 * q, df / 2, 0.5)
  if (share < 1e-200) return Math.sqrt(df) * exp(-(ln(2 * q) + lnFront(df)) / df)
  if (share <= 0.5) return Math.sqrt(df * ((1 - share) / share))
  const rest = betaQuantileUpper(2 * q, 0.5, df / 2)
  return Math.sqrt(df * (rest / (1 - rest)))
}

/** ln (a B(a, 1/2)), a = df / 2: far out the share beyond t is (t^2 / df)^-a over it, halved. */
function lnFront(df: number): number {
  return ln(df / 2) + lnBeta(df / 2, 0.5)
}

function checkFreedom(df: number): void {
  if (!(Number.isFinite(df) && df >= 1e-6))
    throw fault('out-of-range', '$.df', df, 'degrees of freedom from 1e-6')
}
