import { lnPair, minus, over, type Pair, pair, plus, times } from '../kernel/double-double.js'
import { exp, expm1, ln, log1p } from '../kernel/elementary.js'
import { checkNumber, fault } from '../kernel/errors.js'
import { lnGamma, lnGammaPair, stirlingRest } from './gamma.js'
import { continuedFraction } from './incomplete-gamma.js'
import { fallsBy, integralOfFall, logExcess } from './peak.js'
import { certain, type Tails, tailsFrom } from './tail.js'

/**
 * The natural logarithm of the beta function B(a, b), to about 1 part in 10^15.
 *
 * Exactly -ln b for a = 1. Where B is next to 1 the absolute error is about 1e-28 times the logarithms that cancel.
 *
 * @param a - From 1e-100 to 1e100.
 * @param b - From 1e-100 to 1e100.
 * @throws DefinitionError `out-of-range` otherwise.
 * @see DiDonato & Morris (1992), "Algorithm 708", for the forms of large arguments.
 * @example
 * lnBeta(2, 3) // => -2.4849066497880004
 */
export function lnBeta(a: number, b: number): number {
  checkShapes(a, b, 1e100)
  const small = Math.min(a, b)
  const large = Math.max(a, b)
  if (a === 1 || b === 1) return 0 - ln(a === 1 ? b : a)
  if (small >= 10) {
    // All parts have one sign.
    const ratio = small / large
    const rest = stirlingRest(small) + (stirlingRest(large) - stirlingRest(small + large))
    return HALF_LN_2PI - 0.5 * ln(large) + rest - (small - 0.5) * log1p(1 / ratio) - large * log1p(ratio)
  }
  const first = lnGamma(small)
  const second =
    large >= 10
      ? small -
        (large - 0.5) * log1p(small / large) -
        small * ln(small + large) +
        (stirlingRest(large) - stirlingRest(small + large))
      : lnGamma(large) - lnGamma(small + large)
  const sum = first + second
  // Where the parts cancel, their last digits are not enough.
  const parts = Math.abs(first) + Math.abs(second) + (large >= 10 ? small : Math.abs(lnGamma(large)))
  return Math.abs(sum) > 0.2 * parts ? sum : lnBetaPair(small, large).high
}

/** The same to an absolute error of about 1e-28 (times the size of its parts). */
function lnBetaPair(a: number, b: number): Pair {
  // Gamma(a) = Gamma(1 + a) / a spares tiny arguments a cancellation.
  const numerator = plus(lnGammaAfterOne(a), lnGammaAfterOne(b))
  const sum = minus(numerator, lnGammaPair(plus(plus(pair(1), pair(a)), pair(b))))
  return plus(sum, lnPair(over(plus(pair(a), pair(b)), times(pair(a), pair(b)))))
}

const lnGammaAfterOne = (x: number) => lnGammaPair(plus(pair(1), pair(x)))

/**
 * The regularised incomplete beta function I_x(a, b): the share of a Beta(a, b) distribution below x.
 *
 * About 1 part in 10^13 in both tails; what lies above x is `betaRegularizedUpper`, which is not computed as 1 minus this.
 *
 * @param x - From 0 to 1.
 * @param a - From 1e-12 to 1e12.
 * @param b - From 1e-12 to 1e12.
 * @throws DefinitionError `out-of-range` otherwise.
 * @see DiDonato & Morris (1992), "Algorithm 708"; for shapes that are both from 10 on Gauss–Legendre over what is left
 * of the density.
 * @example
 * betaRegularized(0.7, 2, 3) // => 0.9163
 */
export function betaRegularized(x: number, a: number, b: number): number {
  return betaTails(x, a, b).lower.value
}

/**
 * 1 - I_x(a, b), the share of a Beta(a, b) distribution above x, to its own last digits; see `betaRegularized`.
 *
 * @throws DefinitionError `out-of-range` as `betaRegularized`.
 * @example
 * betaRegularizedUpper(0.7, 2, 3) // => 0.08370000000000004
 */
export function betaRegularizedUpper(x: number, a: number, b: number): number {
  return betaTails(x, a, b).upper.value
}

/**
 * ln I_x(a, b), also where it is too small for a float; -Infinity at x = 0.
 *
 * @throws DefinitionError `out-of-range` as `betaRegularized`.
 * @example
 * lnBetaRegularized(1e-3, 500, 2) // => -3447.6620318923133
 */
export function lnBetaRegularized(x: number, a: number, b: number): number {
  return betaTails(x, a, b).lower.ln
}

/**
 * ln (1 - I_x(a, b)), also where it is too small for a float; -Infinity at x = 1.
 *
 * @throws DefinitionError `out-of-range` as `betaRegularized`.
 * @example
 * lnBetaRegularizedUpper(0.5, 1, 2000) // => -1386.2943611198907
 */
export function lnBetaRegularizedUpper(x: number, a: number, b: number): number {
  return betaTails(x, a, b).upper.ln
}

/**
 * ln of both sides of I_x(a, b) at x = part / (part + rest): where x is next to 1, or a power of it counts, a float of it
 * has too few digits.
 *
 * @throws DefinitionError `out-of-range` for shapes as `betaRegularized`.
 */
export function lnBetaTailsOfParts(
  part: Pair,
  rest: Pair,
  a: number,
  b: number,
): { readonly lower: number; readonly upper: number } {
  checkShapes(a, b, 1e12)
  const whole = plus(part, rest)
  const tails =
    part.high === 0
      ? certain('upper')
      : rest.high === 0
        ? certain('lower')
        : tailsAt(over(part, whole), over(rest, whole), a, b)
  return { lower: tails.lower.ln, upper: tails.upper.ln }
}

/**
 * The x with I_x(a, b) = p: the quantile of a Beta(a, b) distribution.
 *
 * Where p is next to 1, `betaQuantileUpper` of 1 - p is sharper. A quantile too small for a float is 0.
 *
 * @throws DefinitionError `out-of-range` unless p is from 0 to 1, a and b as in `betaRegularized`.
 * @example
 * betaQuantile(0.5, 2, 2) // => 0.5
 */
export function betaQuantile(p: number, a: number, b: number): number {
  checkNumber(p, '$.p')
  if (!(p >= 0 && p <= 1)) throw fault('out-of-range', '$.p', p, 'from 0 to 1')
  checkShapes(a, b, 1e12)
  if (p > 0.5) return quantile(1 - p, b, a).above
  return quantile(p, a, b).below
}

/**
 * The x that a share q of a Beta(a, b) distribution exceeds.
 *
 * @throws DefinitionError `out-of-range` unless q is from 0 to 1, a and b as in `betaRegularized`.
 * @example
 * betaQuantileUpper(1e-20, 1, 2) // => 0.9999999999
 */
export function betaQuantileUpper(q: number, a: number, b: number): number {
  checkNumber(q, '$.q')
  if (!(q >= 0 && q <= 1)) throw fault('out-of-range', '$.q', q, 'from 0 to 1')
  checkShapes(a, b, 1e12)
  if (q > 0.5) return quantile(1 - q, a, b).below
  return quantile(q, b, a).above
}

/**
 * Both tails, as logarithms, at x = part / (part + rest), which need not be a float: of a large shape the rounding of x
 * would show. Not checked.
 */
export function lnBetaTails(
  part: Pair,
  rest: Pair,
  a: number,
  b: number,
): { readonly lower: number; readonly upper: number } {
  const whole = plus(part, rest)
  const { lower, upper } = tailsAt(over(part, whole), over(rest, whole), a, b)
  return { lower: lower.ln, upper: upper.ln }
}

/** ln of x^a (1 - x)^b / B(a, b) at such an x. Not checked. */
export function lnBetaPowers(part: Pair, rest: Pair, a: number, b: number): number {
  const whole = plus(part, rest)
  const powers = plus(times(lnOf(over(part, whole)), pair(a)), times(lnOf(over(rest, whole)), pair(b)))
  return minus(powers, lnBetaPair(a, b)).high
}

function checkShapes(a: number, b: number, most: number): void {
  checkNumber(a, '$.a')
  checkNumber(b, '$.b')
  const least = 1 / most
  if (!(a >= least && a <= most)) throw fault('out-of-range', '$.a', a, `from ${least} to ${most}`)
  if (!(b >= least && b <= most)) throw fault('out-of-range', '$.b', b, `from ${least} to ${most}`)
}

function betaTails(x: number, a: number, b: number): Tails {
  checkShapes(a, b, 1e12)
  checkNumber(x, '$.x')
  if (!(x >= 0 && x <= 1)) throw fault('out-of-range', '$.x', x, 'from 0 to 1')
  if (x === 0) return certain('upper')
  if (x === 1) return certain('lower')
  return tailsAt(pair(x), minus(pair(1), pair(x)), a, b)
}

/** Both tails at x, where y = 1 - x is known to its own digits. */
function tailsAt(x: Pair, y: Pair, a: number, b: number): Tails {
  const both = Math.min(a, b) >= 10
  // The tail that is computed directly is the one that ends where the density falls.
  const lowerFirst = both ? (a - 1) * y.high >= (b - 1) * x.high : x.high < (a + 1) / (a + b + 2)
  if (lowerFirst) return directly('lower', x, y, a, b)
  return directly('upper', y, x, b, a)
}

/** The tails at x, of which the lower one comes directly; `side` says which it is for the caller. */
function directly(side: 'lower' | 'upper', x: Pair, y: Pair, a: number, b: number): Tails {
  // x^a y^b / B(a, b)
  const powers = plus(times(lnOf(x), pair(a)), times(lnOf(y), pair(b)))
  const exponent = minus(powers, lnBetaPair(a, b))
  if (Math.min(a, b) >= 10) return tailsFrom(side, exponent, remainingDensity(x, y, a, b))
  const complement = a < 1 ? upperOfSmallShape(x.high, a, b) : undefined
  return tailsFrom(side, exponent, fraction(x.high, y.high, a, b), complement)
}

/** Below 1e-280 the low part of a pair is lost, and a logarithm of 16 digits is what the argument bears. */
const lnOf = (x: Pair): Pair => (x.high < 1e-280 ? pair(ln(x.high)) : lnPair(x))

/** I_x over x^a y^b / B as a continued fraction whose terms are positive near the start. */
function fraction(x: number, y: number, a: number, b: number): number {
  const top = (n: number) => {
    const k = a + 2 * n - 1
    return ((a + n - 1) / k) * ((a + b + n - 1) / k) * n * x * ((b - n) * x)
  }
  const bottom = (n: number) => {
    const k = a + 2 * n
    const middle = (a * y - b * x + 1 + n * (1 + y)) * ((a + n) / (k + 1))
    return n === 0 ? middle : n + (n * (b - n) * x) / (k - 1) + middle
  }
  return 1 / continuedFraction(top, bottom)
}

/** 1 - I_x for a below 1 and x below the mean, where I_x may be nearly 1. */
function upperOfSmallShape(x: number, a: number, b: number): number {
  const lnABeta = plus(lnBetaPair(a, b), lnPair(pair(a)))
  const exponent = a * ln(x) - lnABeta.high
  let term = 1
  let sum = 0
  for (let n = 1; Math.abs(term) > 1e-18 * Math.abs(sum) && n < 10_000; n++) {
    term *= ((n - b) / n) * x
    sum += (a * term) / (a + n)
  }
  return -expm1(exponent) - exp(exponent) * sum
}

/**
 * I_x over x^a y^b / B for shapes from 10 on: from x down the density only falls, at x (1 - s) by the factor
 * e^-(slope s + excesses), all positive; one Gauss rule gives what is left of it.
 */
function remainingDensity(x: Pair, y: Pair, a: number, b: number): number {
  const r = over(x, y).high
  // (a - 1) - (b - 1) x / y, whose parts cancel next to the mode
  const left = times(minus(pair(a), pair(1)), y)
  const slope = over(minus(left, times(minus(pair(b), pair(1)), x)), y).high
  const [m, k] = [a - 1, (b - 1) * r]
  const reach = fallsBy(
    44,
    (s) => slope * s + (m * s * s) / 2 + (k * r * s * s) / (2 * (1 + r * s)),
    (s) => slope + m * s + (k * r * s * (2 + r * s)) / (2 * (1 + r * s) * (1 + r * s)),
    1,
  )
  const drop = (s: number) => slope * s + m * logExcess(-s) + (b - 1) * logExcess(r * s)
  return integralOfFall(drop, reach) / y.high
}

/**
 * The quantile of p <= 1/2 and, for a mirrored distribution, 1 minus it. Newton's method on ln I over the logarithm of
 * the odds, where it is concave: from below every step approaches the root and none passes it.
 */
function quantile(p: number, a: number, b: number): { readonly below: number; readonly above: number } {
  if (p === 0) return { below: 0, above: 1 }
  const target = ln(p)
  // I is at most odds^a / (a B(a, b)).
  const lnABeta = plus(lnBetaPair(a, b), lnPair(pair(a))).high
  let odds = exp((target + lnABeta) / a)
  if (odds < 1e-300) return { below: 0, above: 1 }
  for (let step = 0; step < 500; step++) {
    const whole = plus(pair(1), pair(odds))
    const [x, y] = [over(pair(odds), whole), over(pair(1), whole)]
    const tail = tailsAt(x, y, a, b).lower.ln
    const density = minus(plus(times(lnOf(x), pair(a)), times(lnOf(y), pair(b))), lnBetaPair(a, b)).high
    const change = (target - tail) / exp(density - tail)
    // A step back is rounding, and so is one in the last digits: convergence is quadratic.
    if (change < 1e-14) {
      if (change > -1e-14) odds *= 1 + change
      return { below: odds / (1 + odds), above: 1 / (1 + odds) }
    }
    odds *= exp(Math.min(700, change))
    if (odds > 1e300) return { below: 1, above: 0 }
  }
  throw fault('out-of-range', '$.p', p, 'a share whose quantile converges')
}

const HALF_LN_2PI = 0.9189385332046728
