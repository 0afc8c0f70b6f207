import { fault } from './errors.js'

/** An exact fraction of safe integers in lowest terms; the sign sits above, the denominator is positive. */
export interface Ratio {
  readonly numerator: number
  readonly denominator: number
}

/** `quotient * denominator + remainder` is the product; `0 <= remainder < denominator`. */
export interface Division {
  readonly quotient: number
  readonly remainder: number
}

/**
 * `a * numerator / denominator`, exact: the quotient rounded towards minus infinity, and what is left over.
 *
 * The product may be of any size; only the quotient has to fit.
 *
 * @param denominator - Positive.
 * @returns `undefined` when the quotient is beyond 2^53 - 1.
 * @throws DefinitionError `out-of-range` unless all three are safe integers and the denominator is positive.
 * @example
 * mulDiv(1999, 3, 200) // => { quotient: 29, remainder: 197 }
 * mulDiv(-1, 1, 3) // => { quotient: -1, remainder: 2 }
 */
export function mulDiv(a: number, numerator: number, denominator: number): Division | undefined {
  checkInteger(a, '$.a')
  checkInteger(numerator, '$.numerator')
  checkPositive(denominator, '$.denominator')
  const product = a * numerator
  if (Number.isSafeInteger(product)) {
    // Dividing magnitudes: below 2^53 the floor of a correctly rounded quotient is the exact floor.
    const size = Math.abs(product)
    const quotient = Math.floor(size / denominator)
    const remainder = size - quotient * denominator
    if (product >= 0) return { quotient, remainder }
    return remainder === 0
      ? { quotient: -quotient, remainder: 0 }
      : { quotient: -quotient - 1, remainder: denominator - remainder }
  }
  const wide = BigInt(a) * BigInt(numerator)
  const by = BigInt(denominator)
  const rest = wide % by
  const quotient = Number(wide / by) - (rest < 0n ? 1 : 0)
  if (!Number.isSafeInteger(quotient)) return undefined
  return { quotient, remainder: Number(rest < 0n ? rest + by : rest) }
}

/**
 * What falls to the first `part` of `whole` when `total` is spread over it: the floor of `total * part / whole`.
 *
 * Taken over a running `part`, the differences are what each step owes. They add up to the total whatever the steps
 * were, so refunds in any split and order claw back exactly what the order had earned.
 *
 * @param part - How much of `whole` is reached so far: `0 <= part <= whole`, and `whole > 0`.
 * @throws DefinitionError `out-of-range` when the part is not within the whole, or a number is not a safe integer.
 * @example
 * shareOf(101, 3333, 10000) // => 33
 * shareOf(101, 6666, 10000) - shareOf(101, 3333, 10000) // => 34
 */
export function shareOf(total: number, part: number, whole: number): number {
  checkInteger(whole, '$.whole')
  checkInteger(part, '$.part')
  if (!(part >= 0 && part <= whole)) throw outOfRange('$.part', part, 'from 0 to the whole')
  const share = mulDiv(total, part, whole)
  if (share === undefined) throw outOfRange('$.part', part, 'from 0 to the whole')
  return share.quotient
}

/**
 * How many full steps an amount makes: "1 point per full 10.00 spent".
 *
 * `truncate` drops the unfinished step on either side of zero, so an order and its full return cancel. `floor` takes
 * the next step down below zero, where -99 in steps of 10 is -10.
 *
 * @param amount - In smallest units, like `step`.
 * @param step - Positive.
 * @example
 * stepsIn(-99, 10, 'truncate') // => -9
 */
export function stepsIn(amount: number, step: number, rounding: 'truncate' | 'floor'): number {
  checkInteger(amount, '$.amount')
  checkPositive(step, '$.step')
  const size = Math.abs(amount)
  const steps = Math.floor(size / step)
  if (amount >= 0) return steps
  return -steps - (rounding === 'floor' && steps * step !== size ? 1 : 0) + 0
}

/** Greatest common divisor; `gcd(0, 0)` is 0. Never negative. */
function gcd(a: number, b: number): number {
  checkInteger(a, '$.a')
  checkInteger(b, '$.b')
  let x = Math.abs(a)
  let y = Math.abs(b)
  while (y > 0) {
    const rest = x % y
    x = y
    y = rest
  }
  return x
}

/** Least common multiple, never negative; `undefined` when it is beyond 2^53 - 1. */
export function lcm(a: number, b: number): number | undefined {
  const divisor = gcd(a, b)
  if (divisor === 0) return 0
  const multiple = Math.abs(a / divisor) * Math.abs(b)
  return Number.isSafeInteger(multiple) ? multiple : undefined
}

/**
 * A rate as written (`'1.5'`, `'3/2'`, `2`) as an exact fraction in lowest terms.
 *
 * A number stands for the shortest text that prints it, so 0.1 is one tenth; text is the safer way to write a rate.
 *
 * @throws DefinitionError `wrong-type` when it is neither; `out-of-range` when a term does not fit a safe integer or
 * the denominator is zero.
 * @example
 * parseRatio('1.5') // => { numerator: 3, denominator: 2 }
 */
export function parseRatio(value: unknown, path = '$'): Ratio {
  const text = typeof value === 'number' ? String(value) : value
  const match =
    typeof text === 'string' && text.length <= 40 ? /^(-?)(\d+)(?:\.(\d+)|\/(\d+))?$/.exec(text) : null
  if (match === null) {
    throw fault('wrong-type', path, value, 'a ratio such as "1.5" or "3/2"')
  }
  const [, sign, integer = '', fraction = '', below] = match
  let numerator = BigInt(integer + fraction)
  let denominator = BigInt(below ?? `1${'0'.repeat(fraction.length)}`)
  if (denominator === 0n) throw outOfRange(path, value, 'a denominator that is not zero')
  let x = numerator
  let y = denominator
  while (y > 0n) [x, y] = [y, x % y]
  numerator /= x
  denominator /= x
  if (numerator > MAX || denominator > MAX) throw outOfRange(path, value, 'terms up to 2^53 - 1')
  return { numerator: (sign === '-' ? -1 : 1) * Number(numerator) + 0, denominator: Number(denominator) }
}

const MAX = 9007199254740991n

function checkInteger(value: number, path: string): void {
  if (!Number.isSafeInteger(value)) throw outOfRange(path, value, 'a safe integer')
}

function checkPositive(value: number, path: string): void {
  if (!(Number.isSafeInteger(value) && value > 0)) throw outOfRange(path, value, 'a positive safe integer')
}

function outOfRange(path: string, value: unknown, expected: string) {
  return fault('out-of-range', path, value, expected)
}
