import type { Pair } from '../kernel/double-double.js'
import { exp, expm1, ln, log1p } from '../kernel/elementary.js'

/** A probability with its logarithm, which still tells the far tail where the probability itself is 0. */
export interface Tail {
  readonly value: number
  readonly ln: number
}

/** Both sides of a distribution; each is right to its own last digits, so neither is 1 minus the other. */
export interface Tails {
  readonly lower: Tail
  readonly upper: Tail
}

/** A side known as e^exponent times a factor, and the other side as `complement` or, without one, as 1 minus it. */
export function tailsFrom(
  side: 'lower' | 'upper',
  exponent: Pair,
  factor: number,
  complement?: number,
): Tails {
  const product = Math.min(1, exp(exponent.high) * (1 + exponent.low) * factor)
  const other = complement ?? 1 - product
  const value = complement !== undefined && complement < 0.5 ? 1 - complement : product
  const direct = { value, ln: value > 0.5 ? log1p(-other) : exponent.high + (exponent.low + ln(factor)) }
  const opposite = { value: other, ln: other > 0.5 ? log1p(-value) : ln(other) }
  return side === 'lower' ? { lower: direct, upper: opposite } : { lower: opposite, upper: direct }
}

/** The tails of a distribution that has nothing below (or above) this point. */
export const certain = (side: 'lower' | 'upper'): Tails => {
  const all = { value: 1, ln: 0 }
  const none = { value: 0, ln: -Infinity }
  return side === 'lower' ? { lower: all, upper: none } : { lower: none, upper: all }
}

/** u - ln(1 + u) for u above -1, without the loss of digits that the difference has next to 0. */
export function logExcess(u: number): number {
  if (u < -0.4 || u > 0.7) return u - log1p(u)
  // With s = u / (2 + u), ln(1 + u) = 2 artanh s, and u - 2s = u s.
  const s = u / (2 + u)
  const z = s * s
  let sum = 0
  for (let k = 11; k >= 1; k--) sum = (sum + 1 / (2 * k + 1)) * z
  return s * (u - 2 * sum)
}

/** e^v - 1 - v, without the loss of digits that the difference has next to 0. */
export function expExcess(v: number): number {
  if (v < -0.7 || v > 0.7) return expm1(v) - v
  let sum = 0
  for (let k = 16; k >= 2; k--) sum = (sum * v) / (k + 1) + 1
  return (sum * v * v) / 2
}
