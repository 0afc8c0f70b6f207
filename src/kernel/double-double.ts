import { timesPowerOfTwo } from './elementary.js'

/**
 * A number as the sum of two floats, about 32 digits: `high` is the sum rounded, `low` what that rounding lost.
 *
 * For the few places where parts that are large cancel, such as a ln x - x - lnGamma(a): there the 16 digits of a float
 * are gone before the difference is taken. Parts beyond 10^290 or below 10^-290 lose digits.
 *
 * @see Dekker (1971), "A floating-point technique for extending the available precision".
 */
export interface Pair {
  readonly high: number
  readonly low: number
}

/** A float as a pair. */
export const pair = (high: number, low = 0): Pair => ({ high, low })

/** The sum of two floats, exactly. */
export function exactSum(x: number, y: number): Pair {
  const high = x + y
  const part = high - x
  return { high, low: x - (high - part) + (y - part) }
}

/** The product of two floats, exactly, while nothing overflows or becomes subnormal. */
export function exactProduct(x: number, y: number): Pair {
  const high = x * y
  const xUp = x * SPLIT
  const xHigh = xUp - (xUp - x)
  const xLow = x - xHigh
  const yUp = y * SPLIT
  const yHigh = yUp - (yUp - y)
  const yLow = y - yHigh
  return { high, low: xLow * yLow - (high - xHigh * yHigh - xLow * yHigh - xHigh * yLow) }
}

/** Normalises, where `high` is the larger. */
function joined(high: number, low: number): Pair {
  const sum = high + low
  return { high: sum, low: low - (sum - high) }
}

export function plus(x: Pair, y: Pair): Pair {
  const high = exactSum(x.high, y.high)
  const low = exactSum(x.low, y.low)
  const middle = joined(high.high, high.low + low.high)
  return joined(middle.high, middle.low + low.low)
}

export const negative = (x: Pair): Pair => ({ high: -x.high, low: -x.low })

export const minus = (x: Pair, y: Pair): Pair => plus(x, negative(y))

export function times(x: Pair, y: Pair): Pair {
  const product = exactProduct(x.high, y.high)
  return joined(product.high, product.low + (x.high * y.low + x.low * y.high))
}

export function over(x: Pair, y: Pair): Pair {
  const first = x.high / y.high
  const rest = minus(x, times(y, pair(first)))
  const second = rest.high / y.high
  const last = minus(rest, times(y, pair(second))).high / y.high
  return plus(joined(first, second), pair(last))
}

/** The natural logarithm of a positive pair, to about 30 digits, also next to 1 where it vanishes. */
export function lnPair(x: Pair): Pair {
  bits.setFloat64(0, x.high < 1e-290 ? x.high * 1.8446744073709552e19 : x.high)
  let power = (bits.getUint32(0) >>> 20) - 1023 - (x.high < 1e-290 ? 64 : 0)
  if (timesPowerOfTwo(x.high, -power) > Math.SQRT2) power += 1
  const m = pair(timesPowerOfTwo(x.high, -power), timesPowerOfTwo(x.low, -power))
  // ln m = 2 artanh s
  const s = over(plus(m, pair(-1)), plus(m, pair(1)))
  const z = times(s, s)
  let tail = 0
  for (let k = 22; k >= 11; k--) tail = tail * z.high + 1 / (2 * k + 1)
  let sum = pair(tail)
  for (let k = 10; k >= 0; k--) sum = plus(times(sum, z), ODD_RECIPROCALS[k]!)
  const main = times(pair(2 * s.high, 2 * s.low), sum)
  return power === 0 ? main : plus(times(LN2, pair(power)), main)
}

/** e to the power of a pair, to about 30 digits; Infinity above 709.78 and zero below -745.13. */
export function expPair(x: Pair): Pair {
  if (!(x.high < 710)) return pair(x.high >= 710 ? Infinity : Number.NaN)
  if (x.high < -746) return pair(0)
  const power = Math.round(x.high / LN2.high)
  const r = minus(x, times(LN2, pair(power)))
  let tail = 0
  for (let k = 27; k >= 14; k--) tail = 1 + (tail * r.high) / k
  let sum = pair(tail)
  // 1 + r (1 + r/2 (1 + r/3 (…)))
  for (let k = 13; k >= 1; k--) sum = plus(times(times(sum, r), RECIPROCALS[k]!), ONE)
  return pair(timesPowerOfTwo(sum.high, power), timesPowerOfTwo(sum.low, power))
}

const SPLIT = 134217729 // 2^27 + 1
const ONE: Pair = { high: 1, low: 0 }
const LN2: Pair = { high: Math.LN2, low: 2.3190468138462996e-17 }
const RECIPROCALS: readonly Pair[] = /* @__PURE__ */ Array.from({ length: 28 }, (_, k) =>
  k === 0 ? ONE : over(ONE, pair(k)),
)
const ODD_RECIPROCALS: readonly Pair[] = /* @__PURE__ */ Array.from({ length: 11 }, (_, k) =>
  over(ONE, pair(2 * k + 1)),
)

const bits = /* @__PURE__ */ new DataView(/* @__PURE__ */ new ArrayBuffer(8))
