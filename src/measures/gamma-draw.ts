import { exp, ln, log1p } from '../kernel/elementary.js'
import { normalQuantile } from './normal.js'

/**
 * The logarithm of a draw from the Gamma distribution of this shape and rate 1; of small shapes the draw itself is often
 * below every float. Exact but for rounding, and the same numbers on every runtime.
 *
 * @param shape - Above 0.
 * @see Marsaglia & Tsang (2000), "A simple method for generating gamma variables".
 */
export function lnGammaDraw(shape: number, random: { next(): number }): number {
  // A shape below 1 is one above it, shrunk by a power of a uniform.
  if (shape < 1) return lnGammaDraw(shape + 1, random) + ln(uniform(random)) / shape
  const d = shape - 1 / 3
  const c = 1 / Math.sqrt(9 * d)
  for (;;) {
    const z = normalQuantile(uniform(random))
    const root = 1 + c * z
    if (root <= 0) continue
    const v = 3 * log1p(c * z)
    if (ln(uniform(random)) < 0.5 * z * z + d * (1 + v - root * root * root)) return ln(d) + v
  }
}

/** A draw from the exponential distribution of rate 1. */
export const exponentialDraw = (random: { next(): number }): number => -ln(uniform(random))

/**
 * The logarithm of the odds p / (1 - p) of a draw from the Beta distribution with these shapes: both ends keep their digits.
 */
export const lnOddsDraw = (a: number, b: number, random: { next(): number }): number =>
  lnGammaDraw(a, random) - lnGammaDraw(b, random)

/** p of the logarithm of its odds. */
export const shareOf = (lnOdds: number): number => {
  const small = exp(-Math.abs(lnOdds))
  return (lnOdds > 0 ? 1 : small) / (1 + small)
}

/** Strictly between 0 and 1: the multiples of 2^-53 moved by half of one, and not rounded to 1. */
function uniform(random: { next(): number }): number {
  return Math.min(random.next() + 5.551115123125783e-17, 1 - 1.1102230246251565e-16)
}
