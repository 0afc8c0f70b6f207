import { exp, ln } from '../../kernel/elementary.js'
import type { Random } from '../../kernel/random.js'
import { countDraw } from '../binomial-draw.js'

/**
 * Shares that sum to 1, from a Dirichlet distribution; a weight of 0 has share 0 in every draw. All weights 0: all shares are.
 *
 * @see Marsaglia & Tsang (2000), "A simple method for generating gamma variables".
 */
export function dirichletDraw(weights: readonly number[], random: Random): number[] {
  const only = weights.findIndex((weight) => weight > 0)
  if (only < 0 || weights.every((weight, i) => i === only || weight === 0))
    return weights.map((weight) => (weight > 0 ? 1 : 0))
  // In logarithms: of small weights all could underflow.
  const logs = weights.map((weight) => (weight > 0 ? lnGammaDraw(weight, random) : -Infinity))
  const most = logs.reduce((a, b) => Math.max(a, b))
  let sum = 0
  const parts = logs.map((log) => {
    const part = exp(log - most)
    sum += part
    return part
  })
  return parts.map((part) => part / sum)
}

/** Adds to `into` how many of n go where, each with the chances of a row that sums to 1. */
export function multinomialDraw(
  n: number,
  chances: readonly number[],
  random: Random,
  into: number[] | Float64Array,
): void {
  let people = n
  let rest = 1
  let last = -1
  for (let j = 0; j < chances.length && people > 0; j += 1) {
    const chance = chances[j]!
    if (chance === 0) continue
    last = j
    // What rounding leaves beyond the last chance goes to it.
    const count = chance >= rest ? people : countDraw(people, chance / rest, random)
    into[j]! += count
    people -= count
    rest -= chance
  }
  if (people > 0) into[last]! += people
}

/** The logarithm of a gamma variate of rate 1. */
function lnGammaDraw(shape: number, random: Random): number {
  // Of a small shape: that of one more, times a power of a uniform number.
  if (shape < 1) return lnGammaDraw(shape + 1, random) + ln(uniform(random)) / shape
  const d = shape - 1 / 3
  const c = 1 / Math.sqrt(9 * d)
  for (;;) {
    const x = normalDraw(random)
    const root = 1 + c * x
    if (root <= 0) continue
    const v = root * root * root
    const logV = ln(v)
    if (ln(uniform(random)) < 0.5 * x * x + d - d * v + d * logV) return ln(d) + logV
  }
}

/** A normal variate, by Marsaglia's polar method, of which the second one is left. */
function normalDraw(random: Random): number {
  for (;;) {
    const x = 2 * random.next() - 1
    const y = 2 * random.next() - 1
    const square = x * x + y * y
    if (square < 1 && square > 0) return x * Math.sqrt((-2 * ln(square)) / square)
  }
}

/** Never 0. */
function uniform(random: Random): number {
  return random.next() + 5.551115123125783e-17
}
