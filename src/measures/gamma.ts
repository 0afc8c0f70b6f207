/*
 * The coefficients of lnGamma are those of FreeBSD's msun (fdlibm e_lgamma_r.c):
 * Copyright (C) 1993 by Sun Microsystems, Inc. All rights reserved.
 * Developed at SunSoft, a Sun Microsystems, Inc. business. Permission to use, copy, modify, and distribute this
 * software is freely granted, provided that this notice is preserved.
 */
import { lnPair, minus, over, type Pair, pair, plus, times } from '../kernel/double-double.js'
import { ln } from '../kernel/elementary.js'
import { checkNumber, fault } from '../kernel/errors.js'

/**
 * The natural logarithm of the gamma function, within 4 units of the last digit, also next to its zeros.
 *
 * It is exactly 0 at 1 and at 2, negative between them.
 *
 * @param x - Above 0 and at most 2.5e305, beyond which the result is no float.
 * @throws DefinitionError `out-of-range` elsewhere; negative arguments are not offered.
 * @see fdlibm e_lgamma_r.c; Stirling's series from 8 on.
 * @example
 * lnGamma(10) // => 12.80182748008147
 */
export function lnGamma(x: number): number {
  checkNumber(x, '$.x')
  if (!(x > 0 && x <= 2.5e305)) throw fault('out-of-range', '$.x', x, 'a number above 0, to 2.5e305')
  if (x >= 8) {
    const z = 1 / x
    const y = z * z
    const rest =
      0.4189385332046727 +
      z *
        (0.08333333333333297 +
          y *
            (-0.0027777777772877554 +
              y *
                (0.0007936505586430196 +
                  y * (-0.00059518755745034 + y * (0.0008363399189962821 + y * -0.0016309293409657527)))))
    return (x - 0.5) * (ln(x) - 1) + rest
  }
  if (x >= 2) {
    const whole = Math.floor(x)
    const y = x - whole
    const above =
      y *
      (-0.07721566490153287 +
        y *
          (0.21498241596060885 +
            y *
              (0.325778796408931 +
                y *
                  (0.14635047265246445 +
                    y * (0.02664227030336386 + y * (0.0018402845140733772 + y * 0.00003194753265841009))))))
    const below =
      1 +
      y *
        (1.3920053346762105 +
          y *
            (0.7219355475671381 +
              y *
                (0.17193386563280308 +
                  y * (0.01864591917156529 + y * (0.0007779424963818936 + y * 0.000007326684307446256)))))
    let product = 1
    for (let k = 2; k < whole; k++) product *= y + k
    const main = 0.5 * y + above / below
    return product === 1 ? main : main + ln(product)
  }
  // Up to 0.9, Gamma(x) = Gamma(1 + x) / x; `t` counts from 1.
  const shifted = x <= 0.9
  const t = shifted ? x : x - 1
  const main =
    t >= (shifted ? 0.7316 : 0.7315999746322632)
      ? lnGammaBelow2(1 - t)
      : t >= 0.23164
        ? lnGammaMiddle(shifted ? x - (MINIMUM - 1) : x - MINIMUM)
        : lnGammaAbove1(t)
  return shifted ? main - ln(x) : main
}

/** lnGamma(2 - y) for y from 0 to 0.27. */
function lnGammaBelow2(y: number): number {
  const z = y * y
  const even =
    0.07721566490153287 +
    z *
      (0.06735230105312927 +
        z *
          (0.007385550860814029 +
            z * (0.0011927076318336207 + z * (0.00022086279071390839 + z * 0.000025214456545125733))))
  const odd =
    z *
    (0.3224670334241136 +
      z *
        (0.020580808432516733 +
          z *
            (0.0028905138367341563 +
              z * (0.0005100697921535113 + z * (0.00010801156724758394 + z * 0.000044864094961891516)))))
  return y * even + odd - 0.5 * y
}

/** lnGamma(1 + y) for y from -0.1 to 0.24. */
function lnGammaAbove1(y: number): number {
  const above =
    y *
    (-0.07721566490153287 +
      y *
        (0.6328270640250934 +
          y *
            (1.4549225013723477 +
              y * (0.9777175279633727 + y * (0.22896372806469245 + y * 0.013381091853678766)))))
  const below =
    1 +
    y *
      (2.4559779371304113 +
        y *
          (2.128489763798934 +
            y * (0.7692851504566728 + y * (0.10422264559336913 + y * 0.003217092422824239))))
  // 0 - so that 1 gives 0 and not -0.
  return 0 - 0.5 * y + above / below
}

/** lnGamma(1 + x) for x from 0 to 1, also where 1 + x would forget x. */
export const lnGamma1p = (x: number): number => (x < 0.2 ? lnGammaAbove1(x) : lnGamma(1 + x))

/** lnGamma next to its minimum, `y` away from it. */
function lnGammaMiddle(y: number): number {
  const z = y * y
  const w = z * y
  const p1 =
    0.48383612272381005 +
    w *
      (-0.032788541075985965 +
        w * (0.006100538702462913 + w * (-0.0014034646998923284 + w * 0.00031563207090362595)))
  const p2 =
    -0.1475877229945939 +
    w *
      (0.01797067508118204 +
        w * (-0.0036845201678113826 + w * (0.000881081882437654 + w * -0.00031275416837512086)))
  const p3 =
    0.06462494023913339 +
    w *
      (-0.010314224129834144 +
        w * (0.0022596478090061247 + w * (-0.0005385953053567405 + w * 0.0003355291926355191)))
  const p = z * p1 + (3.638676997039505e-18 + w * (p2 + y * p3))
  return -0.12148629053584961 + p
}

/**
 * The digamma function, the derivative of `lnGamma`, to about 1 part in 10^15, also next to its zero at 1.4616321449683623.
 *
 * @param x - At least 1e-307; the result leaves the floats below.
 * @throws DefinitionError `out-of-range` elsewhere; negative arguments are not offered.
 * @see Abramowitz & Stegun 6.3.5 and 6.3.18; between 1 and 2 a polynomial fitted to the quotient by the zero's factor.
 * @example
 * digamma(10) // => 2.2517525890667214
 */
export function digamma(x: number): number {
  checkNumber(x, '$.x')
  if (!(x >= 1e-307 && x < Infinity)) throw fault('out-of-range', '$.x', x, 'a finite number from 1e-307')
  if (x >= 10) {
    const z = 1 / (x * x)
    return ln(x) - 0.5 / x + z * polynomial(z, DIGAMMA_SERIES)
  }
  if (x < 1) return digammaCentre(x + 1, x) - 1 / x
  let t = x
  let sum = 0
  while (t >= 2) {
    t -= 1
    sum += 1 / t
  }
  return digammaCentre(t, t - 1) + sum
}

/** From 1 to 2; `fraction` is t - 1 where that is known better than t. */
function digammaCentre(t: number, fraction: number): number {
  // Gamma's minimum as two floats: the difference keeps its digits next to it.
  return (fraction - (MINIMUM - 1) - 9.549995429965697e-17) * polynomial(2 * t - 3, DIGAMMA_CENTRE)
}

/**
 * The trigamma function, the second derivative of `lnGamma`, to about 1 part in 10^15.
 *
 * @param x - At least 1e-153; the result leaves the floats below.
 * @throws DefinitionError `out-of-range` elsewhere; negative arguments are not offered.
 * @see Abramowitz & Stegun 6.4.6 and 6.4.12.
 * @example
 * trigamma(1) // => 1.6449340668482264
 */
export function trigamma(x: number): number {
  checkNumber(x, '$.x')
  if (!(x >= 1e-153 && x < Infinity)) throw fault('out-of-range', '$.x', x, 'a finite number from 1e-153')
  let sum = 0
  let t = x
  while (t < 12) {
    sum += 1 / (t * t)
    t += 1
  }
  const inverse = 1 / t
  const z = inverse * inverse
  return sum + (inverse + 0.5 * z + inverse * z * polynomial(z, TRIGAMMA_SERIES))
}

/** What Stirling's series adds to (x - 1/2) ln x - x + ln(2 pi)/2, for x from 10. */
export function stirlingRest(x: number): number {
  const z = 1 / (x * x)
  let sum = 0
  for (let k = 8; k >= 0; k--) sum = sum * z + STIRLING[k]!.high
  return sum / x
}

/** The logarithm of Gamma to an absolute error of about 1e-28, for where large parts cancel; `x` is above 1e-290. */
export function lnGammaPair(x: Pair): Pair {
  let t = x
  let product = pair(1)
  while (t.high < 30) {
    product = times(product, t)
    t = plus(t, pair(1))
  }
  const inverse = over(pair(1), t)
  const z = times(inverse, inverse)
  let tail = 0
  for (let k = 12; k >= 7; k--) tail = tail * z.high + STIRLING[k]!.high
  let sum = pair(tail)
  for (let k = 6; k >= 0; k--) sum = plus(times(sum, z), STIRLING[k]!)
  const main = minus(times(minus(t, pair(0.5)), lnPair(t)), t)
  const large = plus(plus(main, HALF_LN_2PI), times(sum, inverse))
  return product.high === 1 ? large : minus(large, lnPair(product))
}

/** By Horner's rule; coefficients from the constant up. */
function polynomial(x: number, coefficients: readonly number[]): number {
  let sum = 0
  for (let k = coefficients.length - 1; k >= 0; k--) sum = sum * x + coefficients[k]!
  return sum
}

/** Where Gamma is least. */
const MINIMUM = 1.4616321449683622

/** Bernoulli numbers B(2k) over 2k (2k - 1). */
const STIRLING: readonly Pair[] = /* @__PURE__ */ (
  [
    [1, 12],
    [-1, 360],
    [1, 1260],
    [-1, 1680],
    [1, 1188],
    [-691, 360360],
    [1, 156],
    [-3617, 122400],
    [43867, 244188],
    [-174611, 125400],
    [77683, 5796],
    [-236364091, 1506960],
    [657931, 300],
  ] as const
).map(([above, below]) => over(pair(above), pair(below)))
const HALF_LN_2PI: Pair = { high: 0.9189385332046728, low: -3.8782941580672414e-17 }

/** -B(2k) / 2k. */
const DIGAMMA_SERIES: readonly number[] = [
  -0.08333333333333333, 0.008333333333333333, -0.003968253968253968, 0.004166666666666667,
  -0.007575757575757576, 0.021092796092796094, -0.08333333333333333, 0.4432598039215686, -3.0539543302701198,
]
/** B(2k). */
const TRIGAMMA_SERIES: readonly number[] = [
  0.16666666666666666, -0.03333333333333333, 0.023809523809523808, -0.03333333333333333, 0.07575757575757576,
  -0.2531135531135531, 1.1666666666666667, -7.092156862745098, 54.971177944862156,
]
/** digamma(x) / (x - zero) on [1, 2] in u = 2x - 3, by Chebyshev interpolation at 60 digits; 5e-17 relative. */
const DIGAMMA_CENTRE: readonly number[] = [
  0.9510558760318328, -0.21181371064073024, 0.06013562106019684, -0.018550615381739702, 0.005936795278301875,
  -0.0019350666647392832, 0.0006368880303847901, -0.00021074841284590126, 0.0000699501882655044,
  -0.00002325823275895313, 0.000007741234441368395, -0.000002578133701610713, 8.589062683365892e-7,
  -2.8621216825577647e-7, 9.543261570760428e-8, -3.1807298477301726e-8, 1.0528133851878114e-8,
  -3.509235492410718e-9, 1.2466690231864029e-9, -4.1555064115551965e-10, 8.748420037436287e-11,
  -2.9161179626023815e-11, 2.916093601085364e-11, -9.720300404202244e-12,
]
