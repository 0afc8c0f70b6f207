import { formatMinor } from '../../kernel/index.js'
import { nearestFloat } from '../../measures/accumulator.js'

/** A share, or a difference of two, exact. */
export interface ExactShare {
  /** In lowest terms: `'3/40'`, `'-1/3'`, `'0'`. */
  readonly ratio: string
  /** The nearest double. */
  readonly value: number
  /** In percentage points, rounded; rounded parts add up to the rounded difference. */
  readonly points: string
}

/** In lowest terms, the sign above. */
export interface Fraction {
  readonly above: bigint
  readonly below: bigint
}

/** A share of two counts. */
export const fraction = (above: number, below: number): Fraction => reduced(BigInt(above), BigInt(below))

function reduced(above: bigint, below: bigint): Fraction {
  let [x, y] = [above < 0n ? -above : above, below]
  while (y > 0n) [x, y] = [y, x % y]
  return x === 0n ? { above: 0n, below: 1n } : { above: above / x, below: below / x }
}

/** One fraction less another. */
export const minus = (a: Fraction, b: Fraction): Fraction =>
  reduced(a.above * b.below - b.above * a.below, a.below * b.below)

/** By factor, what switching it changes, over all orders: `k! (n - k - 1)! / n!` of orders switch `k` others before it. */
export function shapley(values: readonly Fraction[], n: number): readonly Fraction[] {
  const factorials = [1n]
  for (let i = 1; i <= n; i++) factorials.push(factorials[i - 1]! * BigInt(i))
  // Whole numbers over one denominator: nothing is reduced before the end.
  const belows = [...new Set(values.map(({ below }) => below))]
  const below = belows.reduce((product, one) => product * reduced(one, product).above, 1n)
  const scaled = values.map((value) => value.above * (below / value.below))
  return Array.from({ length: n }, (_, bit) => {
    let sum = 0n
    for (const [mask, before] of scaled.entries()) {
      if (((mask >> bit) & 1) === 1) continue
      const k = bitsOf(mask)
      sum += factorials[k]! * factorials[n - k - 1]! * (scaled[mask | (1 << bit)]! - before)
    }
    return reduced(sum, below * factorials[n]!)
  })
}

/** How many bits are set. */
export function bitsOf(mask: number): number {
  let bits = 0
  for (let left = mask; left > 0; left >>= 1) bits += left & 1
  return bits
}

/** A fraction as it is shown. */
export function shareOf(share: Fraction, decimals: number): ExactShare {
  const { above, below } = share
  return {
    ratio: below === 1n ? String(above) : `${above}/${below}`,
    value: nearestFloat(above, below, 0),
    points: formatMinor(Number(rounded(share, decimals)), decimals),
  }
}

/** In units of the last digit of percentage points; halves away from zero, so that signs do not matter. */
function rounded({ above, below }: Fraction, decimals: number): bigint {
  const size = (above < 0n ? -above : above) * 100n * tens(decimals)
  const units = (2n * size + below) / (2n * below)
  return above < 0n ? -units : units
}

const tens = (digits: number): bigint => BigInt(`1${'0'.repeat(digits)}`)

/**
 * Parts in units that add up to the rounded whole: all are rounded down, and what is left goes to those that lost most. `allocate`
 * does so for ratios; parts here have signs, and those of the opposite difference have to be the opposite ones. So the
 * whole, or else the first part, is taken as positive.
 */
export function roundedParts(
  parts: readonly Fraction[],
  whole: Fraction,
  decimals: number,
): readonly number[] {
  const lead = [whole, ...parts].find(({ above }) => above !== 0n)
  const sign = lead !== undefined && lead.above < 0n ? -1n : 1n
  const scale = 100n * tens(decimals)
  const exact = parts.map(({ above, below }) => ({ above: sign * above * scale, below }))
  const floors = exact.map(({ above, below }) => (above - mod(above, below)) / below)
  const left = sign * rounded(whole, decimals) - floors.reduce((sum, units) => sum + units, 0n)
  const order = exact
    .map(({ above, below }, i) => ({ i, rest: mod(above, below), below }))
    .sort((a, b) => {
      const difference = b.rest * a.below - a.rest * b.below
      return difference > 0n ? 1 : difference < 0n ? -1 : a.i - b.i
    })
  for (const { i } of order.slice(0, Number(left))) floors[i]! += 1n
  return floors.map((units) => Number(sign * units) + 0)
}

/** From 0 to below the divisor. */
const mod = (a: bigint, b: bigint): bigint => ((a % b) + b) % b
