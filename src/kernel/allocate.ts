import { checkCurrency, minorDigits } from './currency.js'
import { fault } from './errors.js'
import { type Money, unitsOf, writeUnits } from './money.js'

/**
 * Who gets the units that are left when every part is rounded down.
 *
 * `largest-remainder`: one each to those who lost most by the rounding, the earlier of equals first.
 * `first-slot`: one each from the first part on.
 */
export type AllocationMethod = 'largest-remainder' | 'first-slot'

/**
 * How much one part gets, as an exact non-negative number.
 *
 * Weights (`3`, `'33.33'`, `'1/3'`) count against each other. Portions (`'12.5%'`, `'1/6'`) are of the whole and make
 * 100 % together, or leave the rest to one `'remaining'`. The two do not mix.
 */
export type AllocationRatio = number | bigint | string

/**
 * Splits money into parts that add up to it, to the smallest unit and at any size; a debt splits as its opposite does.
 *
 * Money finer than its currency splits in units of its own last digit. A ratio of zero gets nothing.
 *
 * @param ratios - At least one, not all zero.
 * @throws DefinitionError `out-of-range` for ratios that are negative, inexact, all zero or do not make the whole;
 * `invalid-amount` when the whole is none.
 * @see Balinski & Young (1982), "Fair Representation", on Hamilton's method of largest remainders.
 * @example
 * allocate(toMoney('100.00', 'CNY'), [1, 1, 1]).map((part) => part.amount) // => ['33.34', '33.33', '33.33']
 */
export function allocate(
  whole: Money,
  ratios: readonly AllocationRatio[],
  options: { readonly method?: AllocationMethod } = {},
): Money[] {
  const units = unitsOf(whole, '$.whole')
  const point = whole.amount.indexOf('.')
  const digits = Math.max(
    minorDigits(checkCurrency(whole.currency, '$.currency')),
    point < 0 ? 0 : whole.amount.length - point - 1,
  )
  const grain = BigInt(`1${'0'.repeat(8 - digits)}`)
  const parts = allocateUnits(units / grain, ratios, options.method)
  return parts.map((part) => writeUnits(part * grain, whole.currency))
}

/**
 * Splits whole units (points, budget, stock) into parts that add up to them; see `allocate`.
 *
 * @throws DefinitionError `out-of-range` also when a whole given as a number is not a safe integer.
 * @example
 * allocateUnits(15, ['80%', '8%', '12%'], 'first-slot') // => [13, 1, 1]
 */
export function allocateUnits(
  whole: number,
  ratios: readonly AllocationRatio[],
  method?: AllocationMethod,
): number[]
export function allocateUnits(
  whole: bigint,
  ratios: readonly AllocationRatio[],
  method?: AllocationMethod,
): bigint[]
export function allocateUnits(
  whole: number | bigint,
  ratios: readonly AllocationRatio[],
  method: AllocationMethod = 'largest-remainder',
): number[] | bigint[] {
  if (method !== 'largest-remainder' && method !== 'first-slot')
    throw fault('unknown-name', '$.method', method, 'largest-remainder | first-slot')
  if (typeof whole !== 'bigint') {
    if (!Number.isSafeInteger(whole)) throw outOfRange('$.whole', whole, 'a safe integer')
    return split(BigInt(whole), weigh(ratios), method).map(Number)
  }
  return split(whole, weigh(ratios), method)
}

function split(whole: bigint, weights: readonly bigint[], method: AllocationMethod): bigint[] {
  const size = whole < 0n ? -whole : whole
  let sum = 0n
  for (const weight of weights) sum += weight
  const parts: bigint[] = []
  const remainders: bigint[] = []
  let left = size
  for (const weight of weights) {
    const exact = size * weight
    const part = exact / sum
    parts.push(part)
    remainders.push(exact - part * sum)
    left -= part
  }
  for (const slot of takers(weights, remainders, Number(left), method)) parts[slot] = (parts[slot] ?? 0n) + 1n
  return whole < 0n ? parts.map((part) => -part) : parts
}

/** The slots that get one of the `left` units each: always fewer than there are weights above zero. */
function takers(
  weights: readonly bigint[],
  remainders: readonly bigint[],
  left: number,
  method: AllocationMethod,
): number[] {
  if (left === 0) return []
  const slots: number[] = []
  weights.forEach((weight, slot) => {
    if (weight > 0n) slots.push(slot)
  })
  if (method === 'largest-remainder') {
    slots.sort((a, b) => {
      const x = remainders[a] ?? 0n
      const y = remainders[b] ?? 0n
      return x > y ? -1 : x < y ? 1 : a - b
    })
  }
  return slots.slice(0, left)
}

interface Portion {
  readonly numerator: bigint
  readonly denominator: bigint
  /** A weight counts against the others, a portion is of the whole; a fraction can be read as either. */
  readonly kind: 'weight' | 'portion' | 'fraction'
}

/** Ratios as integers in the same proportion. */
function weigh(ratios: readonly AllocationRatio[]): bigint[] {
  if (!Array.isArray(ratios) || ratios.length === 0)
    throw outOfRange('$.ratios', ratios, 'at least one ratio')
  const read: (Portion | 'remaining')[] = ratios.map((ratio, slot) =>
    ratio === 'remaining' ? ratio : readRatio(ratio, `$.ratios[${slot}]`),
  )
  let common = 1n
  for (const portion of read) {
    if (portion === 'remaining') continue
    common = (common / divisor(common, portion.denominator)) * portion.denominator
    if (common > WIDEST)
      throw outOfRange('$.ratios', ratios, 'fractions whose common denominator has 48 digits at most')
  }
  let sum = 0n
  let rests = 0
  const weights = read.map((portion) => {
    if (portion === 'remaining') {
      rests += 1
      return 0n
    }
    const weight = portion.numerator * (common / portion.denominator)
    sum += weight
    return weight
  })
  const ofWhole = rests > 0 || read.some((portion) => portion !== 'remaining' && portion.kind === 'portion')
  if (ofWhole) {
    const mixed = read.findIndex((portion) => portion !== 'remaining' && portion.kind === 'weight')
    if (mixed >= 0)
      throw outOfRange(
        `$.ratios[${mixed}]`,
        ratios[mixed],
        'a portion of the whole, such as "12.5%" or "1/8"',
      )
    if (rests > 1) throw outOfRange('$.ratios', ratios, 'one "remaining" at most')
    if (sum > common || (rests === 0 && sum < common)) {
      throw outOfRange('$.ratios', ratios, 'portions that make 100 % together, or a "remaining"')
    }
    return weights.map((weight, slot) => (read[slot] === 'remaining' ? common - sum : weight))
  }
  if (sum === 0n) throw outOfRange('$.ratios', ratios, 'a ratio above zero')
  return weights
}

function readRatio(ratio: AllocationRatio, path: string): Portion {
  if (typeof ratio === 'bigint') {
    if (ratio >= 0n && ratio <= WIDEST) return { numerator: ratio, denominator: 1n, kind: 'weight' }
  } else if (typeof ratio === 'number') {
    if (Number.isSafeInteger(ratio) && ratio >= 0) {
      return { numerator: BigInt(ratio), denominator: 1n, kind: 'weight' }
    }
  } else if (typeof ratio === 'string' && ratio.length <= 50) {
    const match = /^(\d{1,25})(?:\.(\d{1,8}))?(%?)$/.exec(ratio)
    if (match !== null) {
      const [, integer = '', fraction = '', percent = ''] = match
      const zeros = fraction.length + (percent === '' ? 0 : 2)
      return {
        numerator: BigInt(integer + fraction),
        denominator: BigInt(`1${'0'.repeat(zeros)}`),
        kind: percent === '' ? 'weight' : 'portion',
      }
    }
    const [, above, below] = /^(\d{1,16})\/(\d{1,16})$/.exec(ratio) ?? []
    if (above !== undefined && below !== undefined && BigInt(below) > 0n) {
      return { numerator: BigInt(above), denominator: BigInt(below), kind: 'fraction' }
    }
  }
  throw outOfRange(
    path,
    ratio,
    'a non-negative integer, decimal text, a fraction, a percentage or "remaining"',
  )
}

const WIDEST = 1000000000000000000000000000000000000000000000000n

function divisor(a: bigint, b: bigint): bigint {
  let x = a
  let y = b
  while (y > 0n) [x, y] = [y, x % y]
  return x
}

function outOfRange(path: string, value: unknown, expected: string) {
  return fault('out-of-range', path, value, expected)
}
