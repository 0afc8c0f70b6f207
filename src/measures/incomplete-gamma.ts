import { lnPair, minus, type Pair, pair, plus, times } from '../kernel/double-double.js'
import { exp, expm1, ln } from '../kernel/elementary.js'
import { checkNumber, fault } from '../kernel/errors.js'
import { lnGamma, lnGamma1p, lnGammaPair } from './gamma.js'
import { fallsBy, integralOfFall, logExcess } from './peak.js'
import { certain, type Tails, tailsFrom } from './tail.js'

/**
 * The regularised lower incomplete gamma function P(a, x): the share of a Gamma(a) distribution of rate 1 below x.
 *
 * About 1 part in 10^13, in both tails; P and Q are computed apart, so a small one keeps its digits beside 1.
 *
 * @param a - The shape, from 1e-100 to 1e15.
 * @param x - From 0; Infinity gives 1.
 * @throws DefinitionError `out-of-range` otherwise.
 * @see Gautschi (1979), "A Computational Procedure for Incomplete Gamma Functions"; for shapes from 20 on Gauss–Legendre
 * over what is left of the density, which falls monotonously.
 * @example
 * gammaP(3, 2.5) // => 0.4561868841166706
 */
export function gammaP(a: number, x: number): number {
  return gammaTails(a, x).lower.value
}

/**
 * The regularised upper incomplete gamma function Q(a, x) = 1 - P(a, x), to its own last digits; see `gammaP`.
 *
 * @throws DefinitionError `out-of-range` as `gammaP`.
 * @example
 * gammaQ(3, 100) // => 1.8976107553682285e-40
 */
export function gammaQ(a: number, x: number): number {
  return gammaTails(a, x).upper.value
}

/**
 * ln P(a, x), also where P is too small for a float; -Infinity at x = 0.
 *
 * @throws DefinitionError `out-of-range` as `gammaP`.
 * @example
 * lnGammaP(1000, 1) // => -5913.127178988828
 */
export function lnGammaP(a: number, x: number): number {
  return gammaTails(a, x).lower.ln
}

/**
 * ln Q(a, x), also where Q is too small for a float; -Infinity at x = Infinity.
 *
 * @throws DefinitionError `out-of-range` as `gammaP`.
 * @example
 * lnGammaQ(1, 5000) // => -5000
 */
export function lnGammaQ(a: number, x: number): number {
  return gammaTails(a, x).upper.ln
}

/**
 * The x with P(a, x) = p: the quantile of a Gamma(a) distribution of rate 1.
 *
 * Where p is next to 1, `gammaQInverse` of 1 - p is sharper. A quantile too small for a float is 0.
 *
 * @param p - From 0, which gives 0, to 1, which gives Infinity.
 * @throws DefinitionError `out-of-range` otherwise, and for `a` as `gammaP`.
 * @example
 * gammaPInverse(1, 0.5) // => 0.6931471805599452
 */
export function gammaPInverse(a: number, p: number): number {
  checkNumber(p, '$.p')
  if (!(p >= 0 && p <= 1)) throw fault('out-of-range', '$.p', p, 'from 0 to 1')
  checkShape(a)
  return p > 0.5 ? upperQuantile(a, 1 - p) : lowerQuantile(a, p)
}

/**
 * The x with Q(a, x) = q: what a share q of a Gamma(a) distribution of rate 1 exceeds.
 *
 * @param q - From 0, which gives Infinity, to 1, which gives 0.
 * @throws DefinitionError `out-of-range` otherwise, and for `a` as `gammaP`.
 * @example
 * gammaQInverse(1, 1e-100) // => 230.25850929940458
 */
export function gammaQInverse(a: number, q: number): number {
  checkNumber(q, '$.q')
  if (!(q >= 0 && q <= 1)) throw fault('out-of-range', '$.q', q, 'from 0 to 1')
  checkShape(a)
  return q > 0.5 ? lowerQuantile(a, 1 - q) : upperQuantile(a, q)
}

/**
 * The error function: the share of a normal distribution of variance 1/2 within x of its mean, with the sign of x.
 *
 * @throws DefinitionError `out-of-range` for NaN; the infinities give -1 and 1.
 * @example
 * erf(1) // => 0.842700792949715
 */
export function erf(x: number): number {
  checkNumber(x, '$.x')
  if (Number.isNaN(x)) throw fault('out-of-range', '$.x', x, 'a number')
  if (x === 0) return x
  const size = Math.abs(x)
  // The square underflows below; 2 / sqrt(pi) is the slope at 0.
  const value = size < 1e-8 ? 1.1283791670955126 * size : size > 6 ? 1 : gammaP(0.5, size * size)
  return x < 0 ? -value : value
}

/**
 * The complementary error function 1 - erf(x), to its own last digits also far out, where it is tiny.
 *
 * @throws DefinitionError `out-of-range` for NaN.
 * @example
 * erfc(10) // => 2.0884875837625443e-45
 */
export function erfc(x: number): number {
  checkNumber(x, '$.x')
  if (Number.isNaN(x)) throw fault('out-of-range', '$.x', x, 'a number')
  if (x < 0.5) return 1 - erf(x)
  if (x > 28) return 0
  // What squaring x loses comes back as a factor, for Q(1/2, x^2) falls like e^(-x^2).
  const square = times(pair(x), pair(x))
  return gammaQ(0.5, square.high) * (1 - square.low * (1 + 0.5 / square.high))
}

function checkShape(a: number): void {
  checkNumber(a, '$.a')
  if (!(a >= 1e-100 && a <= 1e15)) throw fault('out-of-range', '$.a', a, 'a shape from 1e-100 to 1e15')
}

function gammaTails(a: number, x: number): Tails {
  checkShape(a)
  checkNumber(x, '$.x')
  if (!(x >= 0)) throw fault('out-of-range', '$.x', x, 'from 0')
  if (x === 0) return certain('upper')
  if (x === Infinity || x > 1e290) return certain('lower')
  if (a >= 20) return byRemainingDensity(a, x)
  const exponent = prefix(a, x)
  if (x >= a + 1) return tailsFrom('upper', exponent, upperFraction(a, x))
  return tailsFrom('lower', exponent, lowerSeries(a, x), a < 1 ? upperOfSmallShape(a, x) : undefined)
}

/** The logarithm of x^a e^-x / Gamma(a), whose parts cancel where x is near a. */
function prefix(a: number, x: number): Pair {
  const power = minus(times(pair(a), x < 1e-280 ? pair(ln(x)) : lnPair(pair(x))), pair(x))
  // Gamma(a) = Gamma(1 + a) / a spares tiny shapes a cancellation.
  return a < 1
    ? minus(plus(power, lnPair(pair(a))), lnGammaPair(plus(pair(1), pair(a))))
    : minus(power, lnGammaPair(pair(a)))
}

/** P over its prefix: 1/a + x/(a (a+1)) + …, all of one sign. */
function lowerSeries(a: number, x: number): number {
  let term = 1
  let sum = 0
  for (let n = 1; term > 1e-18 * sum; n++) {
    term *= x / (a + n)
    sum += term
  }
  return (1 + sum) / a
}

/** Q over its prefix as Legendre's continued fraction, from the end that its forward form found to be far enough. */
function upperFraction(a: number, x: number): number {
  const top = (n: number) => n * (a - n)
  const bottom = (n: number) => x + 2 * n + 1 - a
  return 1 / continuedFraction(top, bottom)
}

/** Q for a shape below 1 and x up to 2, where P may be nearly 1: 1 - e^(a ln x - lnGamma(1 + a)) (1 + a sum). */
function upperOfSmallShape(a: number, x: number): number {
  const exponent = a * ln(x) - lnGamma1p(a) // of small shapes both parts are small
  let term = 1
  let sum = 0
  for (let n = 1; Math.abs(term) > 1e-18 * Math.abs(sum); n++) {
    term *= -x / n
    sum += (a * term) / (a + n)
  }
  return -expm1(exponent) - exp(exponent) * sum
}

/**
 * b0 + t1/(b1 + t2/(b2 + …)): run forward (Lentz) to learn how deep to go, then backward, where roundings shrink.
 *
 * @see Lentz (1976), "Generating Bessel functions in Mie scattering calculations using continued fractions".
 */
export function continuedFraction(top: (n: number) => number, bottom: (n: number) => number): number {
  let c = bottom(0)
  let d = 0
  let depth = 0
  for (let change = 0; Math.abs(change - 1) > 1e-16; ) {
    depth++
    d = 1 / (bottom(depth) + top(depth) * d)
    c = bottom(depth) + top(depth) / c
    change = c * d
    if (depth > 1e6) throw fault('out-of-range', '$', depth, 'arguments whose continued fraction converges')
  }
  let value = bottom(depth)
  for (let n = depth; n >= 1; n--) value = bottom(n - 1) + top(n) / value
  return value
}

/**
 * From x on outwards the density only falls, by the factor e^-(slope s + excess), both positive, at x (1 ± s). What is
 * left of it is smooth, so one Gauss rule gives it to the last digits, at the same cost for every shape.
 */
function byRemainingDensity(a: number, x: number): Tails {
  const m = a - 1
  const exponent = prefix(a, x)
  const gap = x - a + 1
  if (gap < 0) {
    const slope = -gap
    const reach = Math.min(
      1,
      fallsBy(
        44,
        (s) => slope * s + (m * s * s) / 2,
        (s) => slope + m * s,
        1,
      ),
    )
    const drop = (s: number) => slope * s + m * logExcess(-s)
    return tailsFrom('lower', exponent, integralOfFall(drop, reach))
  }
  // The excess of 1 + s is at least s^2 / (2 (1 + s)), which is convex.
  const reach = fallsBy(
    44,
    (s) => gap * s + (m * s * s) / (2 * (1 + s)),
    (s) => gap + (m * s * (2 + s)) / (2 * (1 + s) * (1 + s)),
    Math.min(100 / gap, 100 / m + Math.sqrt(200 / m)),
  )
  return tailsFrom(
    'upper',
    exponent,
    integralOfFall((s) => gap * s + m * logExcess(s), reach),
  )
}

/*
 * Quantiles by Newton's method on the logarithm of the tail over ln x. Both tails are log-concave there, so from the
 * right side every step approaches the root and none passes it.
 */

function lowerQuantile(a: number, p: number): number {
  if (p === 0) return 0
  // P is at most x^a / Gamma(a + 1).
  const x = exp((ln(p) + (a < 1 ? lnGamma1p(a) : lnGamma(a + 1))) / a)
  return x === 0 ? 0 : newton(a, x, 'lower', ln(p))
}

function upperQuantile(a: number, q: number): number {
  if (q === 0) return Infinity
  const size = -ln(q)
  // Beyond a + sqrt(2 a size) + size there is less than q (Laurent & Massart 2000).
  return newton(a, a + Math.sqrt(2 * a * size) + size, 'upper', ln(q))
}

function newton(a: number, start: number, side: 'lower' | 'upper', target: number): number {
  const outwards = side === 'lower' ? 1 : -1
  let x = start
  for (let step = 0; step < 500; step++) {
    const tail = gammaTails(a, x)[side].ln
    const change = (target - tail) / exp(prefix(a, x).high - tail)
    // A step back is rounding, and so is one in the last digits: convergence is quadratic.
    if (change < 1e-14) return change > -1e-14 ? x * (1 + outwards * change) : x
    x *= exp(outwards * Math.min(700, change))
    if (x < 1e-300) return 0
  }
  throw fault('out-of-range', '$.a', a, 'a shape whose quantile converges')
}
