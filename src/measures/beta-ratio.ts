import { ln, log1p } from '../kernel/elementary.js'
import { checkNumber, fault } from '../kernel/errors.js'

/**
 * ln(B(a, b + x) / B(a, b)): the logarithm of the mean of (1 - p)^x where p has a Beta(a, b) distribution. To about 1 part
 * in 10^14, also where both beta functions are alike and the difference of `lnBeta` has no digits left.
 *
 * Never above 0; exactly 0 for x = 0. `a` and `x` may change places.
 *
 * @param a - From 1e-100 to 1e100.
 * @param b - From 1e-100 to 1e100.
 * @param x - From 0 to 1e300; need not be whole.
 * @throws DefinitionError `out-of-range` otherwise.
 * @see Gauss's product of the gamma function, DLMF 5.8.5, for small b; Stirling's series 5.11.1, its differences written
 * out, from 16 on.
 * @example
 * lnBetaRatio(0.668, 3.806, 12) // => -0.9727541573806837
 */
export function lnBetaRatio(a: number, b: number, x: number): number {
  checkShape(a, '$.a')
  checkShape(b, '$.b')
  checkNumber(x, '$.x')
  if (!(x >= 0 && x <= 1e300)) throw fault('out-of-range', '$.x', x, 'from 0 to 1e300')
  if (x === 0) return 0
  // Gamma(b + x) Gamma(a + b) / (Gamma(b) Gamma(a + b + x)) is a product of 1 - a x / ((b + n + a) (b + n + x)).
  let sum = 0
  let kept = 1
  let lost = 0
  let m = b
  for (; m < 16; m += 1) {
    const share = (a / (m + a)) * (x / (m + x))
    lost += share - lost * share
    kept *= (m / (m + a)) * ((m + a + x) / (m + x))
    if (kept < 1e-100) {
      sum += ln(kept)
      kept = 1
      lost = 0
    }
  }
  sum += lost < 0.5 ? log1p(-lost) : ln(kept)
  return sum + lnRatioFar(a, m, x)
}

/** ψ(z + x) - ψ(z), also where both are alike; z above 0, x not negative. */
export function digammaRise(z: number, x: number): number {
  let sum = 0
  let m = z
  for (; m < 16; m += 1) sum += x / m / (m + x)
  const [near, far] = [1 / m, 1 / (m + x)]
  const apart = -x * near * far
  // Of w^2 and then of each even power of w = 1 / z: its value near by and how much it falls.
  const [square, fall] = [near * near, apart * (near + far)]
  const farSquare = far * far
  let power = square
  let step = fall
  let series = 0
  for (const coefficient of DIGAMMA) {
    series += coefficient * step
    step = farSquare * step + power * fall
    power *= square
  }
  return sum + (log1p(x * near) - 0.5 * apart - series)
}

/**
 * ψ(z + a) - ψ(z) less what it has become at z + x: the second mixed difference of ψ, which is not negative. z above 0, a and x
 * not negative; a and x may change places.
 */
export function digammaMixed(z: number, a: number, x: number): number {
  let sum = 0
  let m = z
  for (; m < 16; m += 1) sum += (a / (m + a)) * (x / (m + x)) * ((2 * m + a + x) / (m + a + x) / m)
  const { first, series } = mixedPowers(a, m, x, DIGAMMA, 'even')
  return sum + (log1p((a / m) * (x / (m + a + x))) + 0.5 * first + series)
}

/** The same as `lnBetaRatio` for b from 16 on, by Stirling's series: every difference is taken before it is rounded. */
function lnRatioFar(u: number, m: number, v: number): number {
  const main =
    (m - 0.5) * log1p((u / m) * (v / (m + u + v))) - u * log1p(v / (m + u)) - v * log1p(u / (m + v))
  return main - mixedPowers(u, m, v, STIRLING, 'odd').series
}

/**
 * Mixed differences D^k - C^k - B^k + A^k of the powers of w = 1 / z at m, m + u, m + v and m + u + v, by the product rule, so
 * that all terms are of one sign: of w itself, and the sum with these coefficients for the odd or the even powers.
 */
function mixedPowers(
  u: number,
  m: number,
  v: number,
  coefficients: readonly number[],
  powers: 'odd' | 'even',
): { readonly first: number; readonly series: number } {
  const [a, b, c, d] = [1 / m, 1 / (m + u), 1 / (m + v), 1 / (m + u + v)]
  const [overU, overV, overUatV] = [-u * a * b, -v * a * c, -u * c * d]
  const first = u * b * (v * c) * (a + d)
  const [fA, fB, fC, fD] = [a * a, b * b, c * c, d * d]
  const [fOverU, fOverV, fOverUatV] = [overU * (a + b), overV * (a + c), overUatV * (c + d)]
  const fMixed = d * first + overUatV * overV + b * first + overU * overV
  let [gA, gB] = powers === 'odd' ? [a, b] : [fA, fB]
  let [gOverU, gOverV, gMixed] = powers === 'odd' ? [overU, overV, first] : [fOverU, fOverV, fMixed]
  let series = 0
  for (const coefficient of coefficients) {
    series += coefficient * gMixed
    gMixed = fD * gMixed + fOverUatV * gOverV + gB * fMixed + gOverU * fOverV
    gOverV = fC * gOverV + gA * fOverV
    gOverU = fB * gOverU + gA * fOverU
    gA *= fA
    gB *= fB
  }
  return { first, series }
}

function checkShape(value: number, path: string): void {
  checkNumber(value, path)
  if (!(value >= 1e-100 && value <= 1e100)) throw fault('out-of-range', path, value, 'from 1e-100 to 1e100')
}

/** B(2k) / (2k (2k - 1)). */
const STIRLING = [1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188]
/** B(2k) / 2k. */
const DIGAMMA = [1 / 12, -1 / 120, 1 / 252, -1 / 240, 1 / 132, -691 / 32760]
