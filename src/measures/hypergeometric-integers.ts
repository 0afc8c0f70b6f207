import { exactSum, lnPair, type Pair, pair, times } from '../kernel/double-double.js'
import { timesPowerOfTwo } from '../kernel/elementary.js'

/**
 * 2F1 as sum x 2^power x e^ln, by its series in integers that stand for binary fractions of as many digits as it takes:
 * with twice the digits the sum has to stay the same. For the arguments where so much cancels that nothing else helps.
 *
 * Undefined where that takes more than 16,384 digits or too many terms.
 */
export function hypergeometricByIntegers(
  a: number,
  b: number,
  c: number,
  z: number,
): { readonly sum: Pair; readonly power: number; readonly ln: Pair } | undefined {
  const [A, B, C] = overOne([a, b, c])
  const [top, bottom] = overOne([z, 1]) as [bigint, bigint]
  const unit = overOne([a, b, c, 1])[3]!
  const ends = (a <= 0 && Number.isInteger(a)) || (b <= 0 && Number.isInteger(b))
  const direct = z >= -0.5 || ends
  // Pfaff's form takes what is far below 0 to between 0 and 1.
  const series: Terms = direct
    ? { a: A!, b: B!, c: C!, unit, top, bottom }
    : { a: A!, b: C! - B!, c: C!, unit, top: -top, bottom: bottom - top }
  let before: bigint | undefined
  for (let digits = 256; digits <= 16_384; digits *= 2) {
    const sum = seriesSum(series, digits)
    if (sum === 'too-long') return undefined
    if (sum !== 'too-coarse') {
      if (sum === 0n && before === 0n) return { sum: pair(0), power: 0, ln: pair(0) }
      if (before !== undefined && sum !== 0n) {
        const apart = sum - (before << BigInt(digits / 2))
        if ((apart < 0n ? -apart : apart) << 80n < (sum < 0n ? -sum : sum)) {
          const { value, power } = roundedPair(sum)
          const ln = direct ? pair(0) : times(pair(-a), lnPair(exactSum(1, -z)))
          return { sum: value, power: power - digits, ln }
        }
      }
      before = sum
    } else before = undefined
  }
  return undefined
}

/** A series whose term n + 1 over term n is (a + n)(b + n) / ((c + n)(n + 1)) top / bottom, all over one `unit`. */
interface Terms {
  readonly a: bigint
  readonly b: bigint
  readonly c: bigint
  readonly unit: bigint
  readonly top: bigint
  readonly bottom: bigint
}

function seriesSum(
  { a, b, c, unit, top, bottom }: Terms,
  digits: number,
): bigint | 'too-coarse' | 'too-long' {
  const one = 1n << BigInt(digits)
  let [term, sum] = [one, one]
  let [upA, upB, upC, count] = [a, b, c, unit]
  for (let n = 0; n < 20_000_000 / digits; n++) {
    const [above, below] = [upA * upB * top, upC * count * bottom]
    if (above === 0n) return sum
    // A term of 10^10,000 would take forever.
    if (n % 256 === 0 && size(term) >> BigInt(digits + 33_000) !== 0n) return 'too-long'
    term = (term * above) / below
    sum += term
    upA += unit
    upB += unit
    upC += unit
    count += unit
    if (term === 0n) {
      // Later terms only matter where they grow again.
      const grows = size(upA * upB * top) > size(upC * count * bottom)
      return grows || upA < 0n || upB < 0n || upC < 0n ? 'too-coarse' : sum
    }
  }
  return 'too-long'
}

const size = (x: bigint): bigint => (x < 0n ? -x : x)

/** Floats as whole numbers over one power of two. */
function overOne(values: readonly number[]): readonly bigint[] {
  let power = 0
  for (const value of values) while (!Number.isInteger(timesPowerOfTwo(value, power))) power++
  return values.map((value) => {
    // In two steps: the product may leave the floats.
    const whole = Number.isInteger(value) ? 0 : wholePower(value)
    return BigInt(timesPowerOfTwo(value, whole)) << BigInt(power - whole)
  })
}

/** The least power of two that makes a float whole. */
function wholePower(value: number): number {
  let power = 0
  while (!Number.isInteger(timesPowerOfTwo(value, power))) power++
  return power
}

/** The leading 106 bits. */
function roundedPair(x: bigint): { readonly value: Pair; readonly power: number } {
  const power = Math.max(0, size(x).toString(16).length * 4 - 160)
  const lead = x >> BigInt(power)
  const high = Number(lead)
  return { value: exactSum(high, Number(lead - BigInt(high))), power }
}
