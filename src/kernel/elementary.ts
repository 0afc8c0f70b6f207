/*
 * Elementary functions from + - * / and the bits of a float only, so that every runtime gives the same bits; those of
 * Math differ between runtimes in the last digit, which an optimiser turns into another answer.
 *
 * Written after FreeBSD's msun (fdlibm e_log.c, e_exp.c):
 * Copyright (C) 1993, 2004 by Sun Microsystems, Inc. All rights reserved.
 * Developed at SunPro, a Sun Microsystems, Inc. business. Permission to use, copy, modify, and distribute this
 * software is freely granted, provided that this notice is preserved.
 */

/**
 * The natural logarithm, within 1 ulp and with the same bits on every runtime.
 *
 * As `Math.log`: `ln(0)` is -Infinity, of Infinity Infinity, below zero NaN.
 *
 * @see fdlibm e_log.c.
 * @example
 * ln(10) // => 2.302585092994046
 */
export function ln(x: number): number {
  if (!(x > 0)) return x === 0 ? -Infinity : Number.NaN
  if (x === Infinity) return x
  let exponent = 0
  let value = x
  if (value < 2.2250738585072014e-308) {
    value *= 18014398509481984 // 2^54 lifts a subnormal
    exponent = -54
  }
  bits.setFloat64(0, value)
  let high = bits.getUint32(0)
  exponent += (high >>> 20) - 1023
  high &= 0xfffff
  // x = 2^exponent (1 + f), with 1 + f between sqrt(1/2) and sqrt(2)
  const upper = (high + 0x95f64) & 0x100000
  bits.setUint32(0, high | (upper ^ 0x3ff00000))
  exponent += upper >>> 20
  const f = bits.getFloat64(0) - 1
  if (f === 0) return exponent * LN2_HIGH + exponent * LN2_LOW
  const s = f / (2 + f)
  const z = s * s
  const w = z * z
  const even = w * (0.3999999999940942 + w * (0.22222198432149784 + w * 0.15313837699209373))
  const odd =
    z * (0.6666666666666735 + w * (0.2857142874366239 + w * (0.1818357216161805 + w * 0.14798198605116586)))
  const rest = even + odd
  const half = 0.5 * f * f
  // Far from 1, the half square is kept apart so that its rounding does not reach the last digit.
  return high >= 0x6147a && high <= 0x6b851
    ? exponent * LN2_HIGH - (half - (s * (half + rest) + exponent * LN2_LOW) - f)
    : exponent * LN2_HIGH - (s * (f - rest) - exponent * LN2_LOW - f)
}

/**
 * The exponential function, within 1 ulp and with the same bits on every runtime.
 *
 * As `Math.exp`: above 709.78 Infinity, below -745.13 zero.
 *
 * @see fdlibm e_exp.c.
 * @example
 * exp(2) // => 7.38905609893065
 */
export function exp(x: number): number {
  if (Number.isNaN(x)) return x
  if (x > 709.782712893384) return Infinity
  if (x < -745.1332191019411) return 0
  let high = x
  let low = 0
  let power = 0
  const size = Math.abs(x)
  if (size > 0.34657359027997264) {
    // |x| > ln(2) / 2: x = power ln(2) + r, with r = high - low
    power = size < 1.0397207708399179 ? (x < 0 ? -1 : 1) : Math.trunc(x / LN2 + (x < 0 ? -0.5 : 0.5))
    high = x - power * LN2_HIGH
    low = power * LN2_LOW
  } else if (size < 3.725290298461914e-9) return 1 + x
  const r = high - low
  const t = r * r
  const c =
    r -
    t *
      (0.16666666666666602 +
        t *
          (-0.0027777777777015593 +
            t * (0.00006613756321437934 + t * (-0.0000016533902205465252 + t * 4.1381367970572385e-8))))
  if (power === 0) return 1 - ((r * c) / (c - 2) - r)
  const y = 1 - (low - (r * c) / (2 - c) - high)
  // In two steps where 2^power alone would leave the range.
  if (power === 1024) return y * 2 * 8.98846567431158e307
  return power >= -1021 ? y * powerOfTwo(power) : y * powerOfTwo(power + 1000) * 9.332636185032189e-302
}

const LN2_HIGH = 0.6931471803691238
const LN2_LOW = 1.9082149292705877e-10
const LN2 = LN2_HIGH + LN2_LOW

const bits = /* @__PURE__ */ new DataView(/* @__PURE__ */ new ArrayBuffer(8))

/** 2 to a whole power in the normal range. */
function powerOfTwo(power: number): number {
  bits.setUint32(0, (power + 1023) << 20)
  bits.setUint32(4, 0)
  return bits.getFloat64(0)
}
