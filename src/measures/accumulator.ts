import { timesPowerOfTwo } from '../kernel/elementary.js'
import { fault } from '../kernel/errors.js'
import { isRecord } from '../kernel/plain.js'

/**
 * A fixed-point number wide enough for every float and every square of one: `limbs[i]` counts units of
 * 2^(32 (from + i)), and the smallest unit is whatever the owner says. Plain JSON; a limb may be negative and may
 * overlap the next, so adding is adding integers, which no order changes.
 *
 * @see Kulisch (2002), "Advanced Arithmetic for the Digital Computer", the long accumulator.
 */
export interface Limbs {
  from: number
  limbs: number[]
}

/** A finite float as an integer, below 2^53 in size, times 2^(place - 1074). */
export interface Parts {
  integer: number
  place: number
}

/** Takes a float apart into `into`; refuses what is no finite number, which stood `at` this index or path. */
export function partsOf(value: number, into: Parts, at: number | string): void {
  if (!Number.isFinite(value)) {
    throw fault('out-of-range', typeof at === 'number' ? `$[${at}]` : at, value, 'a finite number')
  }
  bits.setFloat64(0, value)
  const high = bits.getUint32(0)
  const exponent = (high >>> 20) & 0x7ff
  const size = (exponent === 0 ? high & 0xfffff : (high & 0xfffff) | 0x100000) * TWO_32 + bits.getUint32(4)
  into.integer = high >>> 31 === 1 ? -size : size
  into.place = exponent === 0 ? 0 : exponent - 1
}

/** Refuses what no sum leaves behind; `whole` looks at every limb, too, for which adding has no time. */
export function checkLimbs(value: Limbs, path: string, whole: boolean): void {
  const holds =
    isRecord(value) &&
    Number.isInteger(value.from) &&
    value.from >= 0 &&
    Array.isArray(value.limbs) &&
    value.from + value.limbs.length <= LIMBS &&
    (!whole || value.limbs.every(Number.isSafeInteger))
  if (!holds) throw fault('malformed-state', path, value, 'a sum that was collected')
}

/** Adds `integer` (at most 2^53 in size) times 2^place. */
export function pour(into: Limbs, integer: number, place: number): void {
  if (integer === 0) return
  const size = Math.abs(integer)
  const low = size >>> 0
  const high = (size - low) / TWO_32
  const shift = place & 31
  const first = place >>> 5
  cover(into, first, first + 3)
  const { limbs, from } = into
  const at = first - from
  const sign = integer < 0 ? -1 : 1
  // A shift by 32 is none in this language.
  const [over, top] = shift === 0 ? [0, 0] : [low >>> (32 - shift), high >>> (32 - shift)]
  limbs[at]! += sign * ((low << shift) >>> 0)
  limbs[at + 1]! += sign * (((high << shift) >>> 0) + over)
  limbs[at + 2]! += sign * top
  if (wide(limbs[at]!) || wide(limbs[at + 1]!) || wide(limbs[at + 2]!)) carry(into)
}

/** The sum of both, which stay as they are. */
export function joined(a: Limbs, b: Limbs): Limbs {
  checkLimbs(a, '$', true)
  checkLimbs(b, '$', true)
  const sum: Limbs = { from: a.from, limbs: [...a.limbs] }
  if (b.limbs.length === 0) return sum
  cover(sum, b.from, b.from + b.limbs.length)
  for (const [i, limb] of b.limbs.entries()) sum.limbs[b.from - sum.from + i]! += limb
  if (sum.limbs.some(wide)) carry(sum)
  return sum
}

/** The whole number of smallest units. */
export function unitsOf(sum: Limbs): bigint {
  checkLimbs(sum, '$', true)
  const { from, limbs } = sum
  let units = 0n
  for (let i = limbs.length - 1; i >= 0; i -= 1) units = (units << 32n) + BigInt(limbs[i]!)
  return units << BigInt(32 * from)
}

/**
 * The float nearest to `numerator / denominator * 2^exponent`, ties to even: rounded once, whatever the size of the
 * terms. Infinity beyond the largest float.
 */
export function nearestFloat(numerator: bigint, denominator: bigint, exponent: number): number {
  if (numerator === 0n) return 0
  const negative = numerator < 0n
  let above = negative ? -numerator : numerator
  let below = denominator
  // 64 digits of quotient at least, and whether anything is left, decide every rounding.
  const lift = 66 - digitsOf(above) + digitsOf(below)
  if (lift > 0) above <<= BigInt(lift)
  else below <<= BigInt(-lift)
  const quotient = above / below
  const rest = above % below !== 0n
  const unit = exponent - lift
  const last = Math.max(digitsOf(quotient) - 53 + unit, -1074)
  const drop = BigInt(last - unit)
  let kept = quotient >> drop
  const dropped = quotient - (kept << drop)
  const half = 1n << (drop - 1n)
  if (dropped > half || (dropped === half && (rest || (kept & 1n) === 1n))) kept += 1n
  if (last > 971) return negative ? -Infinity : Infinity
  // Exact: the digits kept all have their place in a float.
  const size = timesPowerOfTwo(Number(kept), last)
  return negative ? -size : size
}

const TWO_32 = 4294967296
/** More than the square of the largest float, times 2^53, fills. */
const LIMBS = 160

const bits = /* @__PURE__ */ new DataView(/* @__PURE__ */ new ArrayBuffer(8))

/** A limb near which the next additions could pass 2^53. */
function wide(limb: number): boolean {
  return limb > 2251799813685248 || limb < -2251799813685248
}

/** Moves what is above 2^32 into the next limb; the value stays. */
function carry(into: Limbs): void {
  const { limbs } = into
  for (let i = 0; i < limbs.length; i += 1) {
    const over = Math.floor(limbs[i]! / TWO_32)
    if (over === 0 || (i === limbs.length - 1 && !wide(limbs[i]!))) continue
    limbs[i]! -= over * TWO_32
    if (i + 1 === limbs.length) limbs.push(over)
    else limbs[i + 1]! += over
  }
}

/** Makes room for the limbs from `first` to before `end`. */
function cover(into: Limbs, first: number, end: number): void {
  const { limbs } = into
  if (limbs.length === 0) into.from = first
  while (into.from > first) {
    limbs.unshift(0)
    into.from -= 1
  }
  while (into.from + limbs.length < end) limbs.push(0)
}

/** Binary digits of a positive integer. */
function digitsOf(integer: bigint): number {
  const hex = integer.toString(16)
  return 4 * hex.length - (Math.clz32(Number.parseInt(hex[0]!, 16)) - 28)
}
