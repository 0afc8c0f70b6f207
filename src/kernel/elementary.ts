import { checkNumber } from './errors.js'

/*
 * Elementary functions from + - * / and the bits of a float only, so that every runtime gives the same bits; those of
 * Math differ between runtimes in the last digit, which an optimiser turns into another answer.
 *
 * Written after FreeBSD's msun (fdlibm e_log.c, e_exp.c, s_log1p.c, s_expm1.c):
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
  checkNumber(x, '$.x')
  if (!(x > 0)) return x === 0 ? -Infinity : Number.NaN
  if (x === Infinity) return x
  let exponent = 0
  let value = x
  if (value < 2.2250738585072014e-308) {
    value *= 18014398509481984 // 2^54 lifts a subnormal
    exponent = -54
  }
  bits.setFloat64(0, value, true)
  const top = bits.getUint32(4, true)
  const high = top & 0xfffff
  // x = 2^exponent (1 + f), with 1 + f between sqrt(1/2) and sqrt(2)
  const shift = ((top + 0x95f64) >>> 20) - 1023
  exponent += shift
  // Scaled by a product: writing half of a float and reading it whole makes processors wait.
  const f = value * DOWNWARDS[shift + 1023]! - 1
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
  checkNumber(x, '$.x')
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
  return timesPowerOfTwo(y, power)
}

/**
 * ln(1 + x), within 1 ulp also where x is tiny and 1 + x would forget it.
 *
 * As `Math.log1p`: -Infinity at -1, NaN below.
 *
 * @see fdlibm s_log1p.c.
 * @example
 * log1p(1e-10) // => 9.999999999500001e-11
 */
export function log1p(x: number): number {
  checkNumber(x, '$.x')
  if (!(x > -1)) return x === -1 ? -Infinity : Number.NaN
  if (x === Infinity || Math.abs(x) < 5.551115123125783e-17) return x
  let f = x
  let exponent = 0
  let lost = 0
  if (x <= -0.2928932188134524 || x >= 0.4142135623730951) {
    // 1 + x = 2^exponent (1 + f), and what the rounding of 1 + x lost is added back
    const u = 1 + x
    lost = (x >= 1 ? 1 - (u - x) : x - (u - 1)) / u
    bits.setFloat64(0, u, true)
    exponent = ((bits.getUint32(4, true) + 0x95f64) >>> 20) - 1023
    f = u * DOWNWARDS[exponent + 1023]! - 1
  }
  const s = f / (2 + f)
  const z = s * s
  const w = z * z
  const even = w * (0.3999999999940942 + w * (0.22222198432149784 + w * 0.15313837699209373))
  const odd =
    z * (0.6666666666666735 + w * (0.2857142874366239 + w * (0.1818357216161805 + w * 0.14798198605116586)))
  const half = 0.5 * f * f
  const curve = s * (half + even + odd)
  if (exponent === 0) return f - (half - curve)
  return exponent * LN2_HIGH - (half - (curve + (exponent * LN2_LOW + lost)) - f)
}

/**
 * e^x - 1, within 1 ulp also where x is tiny and e^x is 1.
 *
 * As `Math.expm1`: Infinity above 709.78, -1 below -36.74.
 *
 * @see fdlibm s_expm1.c.
 * @example
 * expm1(1e-10) // => 1.00000000005e-10
 */
export function expm1(x: number): number {
  checkNumber(x, '$.x')
  if (Number.isNaN(x)) return x
  if (x > 709.782712893384) return Infinity
  if (x < -38.816242111356935) return -1
  const size = Math.abs(x)
  if (size < 5.551115123125783e-17) return x
  let r = x
  let lost = 0
  let power = 0
  if (size > 0.34657359027997264) {
    power = size < 1.0397207708399179 ? (x < 0 ? -1 : 1) : Math.trunc(x / LN2 + (x < 0 ? -0.5 : 0.5))
    const high = x - power * LN2_HIGH
    const low = power * LN2_LOW
    r = high - low
    lost = high - r - low
  }
  const half = 0.5 * r
  const square = r * half
  const curve =
    1 +
    square *
      (-0.03333333333333313 +
        square *
          (0.0015873015872548146 +
            square *
              (-0.0000793650757867488 +
                square * (0.000004008217827329362 + square * -2.0109921818362437e-7))))
  const t = 3 - curve * half
  const e = square * ((curve - t) / (6 - r * t))
  if (power === 0) return r - (r * e - square)
  // e^r - 1 = r - rest; which of the terms come together first decides the last digit.
  const rest = r * (e - lost) - lost - square
  if (power === -1) return 0.5 * (r - rest) - 0.5
  if (power === 1) return r < -0.25 ? -2 * (rest - (r + 0.5)) : 1 + 2 * (r - rest)
  if (power <= -2 || power > 56) return timesPowerOfTwo(1 - (rest - r), power) - 1
  const unit = powerOfTwo(-power)
  return (power < 20 ? 1 - unit - (rest - r) : r - (rest + unit) + 1) * powerOfTwo(power)
}

/** x times 2 to a whole power from -1100 to 1100, rounded once; in steps where the power alone would leave the range. */
export function timesPowerOfTwo(x: number, power: number): number {
  if (power > 1023) return x * 8.98846567431158e307 * powerOfTwo(power - 1023)
  if (power >= -1022) return x * powerOfTwo(power)
  return x * powerOfTwo(power + 1000) * 9.332636185032189e-302
}

const LN2_HIGH = 0.6931471803691238
const LN2_LOW = 1.9082149292705877e-10
const LN2 = LN2_HIGH + LN2_LOW

/** 2^-power at power + 1023, exactly: what scales a float of that exponent to about 1. */
const DOWNWARDS = /* @__PURE__ */ halvings(2048)

function halvings(count: number): Float64Array {
  const powers = new Float64Array(count)
  let power = 8.98846567431158e307 // 2^1023
  for (let k = 0; k < count; k++) {
    powers[k] = power
    power /= 2
  }
  return powers
}

const bits = /* @__PURE__ */ new DataView(/* @__PURE__ */ new ArrayBuffer(8))

/** 2 to a whole power from -1024 to 1023. */
function powerOfTwo(power: number): number {
  return DOWNWARDS[1023 - power]!
}
