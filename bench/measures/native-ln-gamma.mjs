/*
 * The opponent of measures.mjs: the approximations of FreeBSD's msun (fdlibm e_lgamma_r.c), as in src, with the
 * runtime's own logarithm and without checks.
 *
 * Copyright (C) 1993 by Sun Microsystems, Inc. All rights reserved.
 * Developed at SunSoft, a Sun Microsystems, Inc. business. Permission to use, copy, modify, and distribute this
 * software is freely granted, provided that this notice is preserved.
 */

export function nativeLnGamma(x) {
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
    return (x - 0.5) * (Math.log(x) - 1) + rest
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
    return product === 1 ? main : main + Math.log(product)
  }
  // Up to 0.9, Gamma(x) = Gamma(1 + x) / x; `t` counts from 1.
  const shifted = x <= 0.9
  const t = shifted ? x : x - 1
  const main =
    t >= (shifted ? 0.7316 : 0.7315999746322632)
      ? lnGammaBelow2(1 - t)
      : t >= 0.23164
        ? lnGammaMiddle(shifted ? x - (1.4616321449683622 - 1) : x - 1.4616321449683622)
        : lnGammaAbove1(t)
  return shifted ? main - Math.log(x) : main
}

/** lnGamma(2 - y) for y from 0 to 0.27. */
function lnGammaBelow2(y) {
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
function lnGammaAbove1(y) {
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
  return -0.5 * y + above / below
}

/** lnGamma next to its minimum, `y` away from it. */
function lnGammaMiddle(y) {
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
