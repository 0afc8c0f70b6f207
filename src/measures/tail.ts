import type { Pair } from '../kernel/double-double.js'
import { exp, ln, log1p } from '../kernel/elementary.js'

/** A probability with its logarithm, which still tells the far tail where the probability itself is 0. */
interface Tail {
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
