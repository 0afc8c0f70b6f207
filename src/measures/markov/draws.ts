import { exp, ln, log1p } from '../../kernel/elementary.js'
import type { Random } from '../../kernel/random.js'
import { binomialDraw } from '../binomial-draw.js'
import { stirlingRest } from '../gamma.js'

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

/**
 * How many of n, each with chance p: by steps from the likeliest count where few steps do, else by a transformed uniform that is
 * refused now and then.
 *
 * @see Hörmann (1993), "The generation of binomial random variates", algorithm BTRS.
 */
export function countDraw(n: number, p: number, random: Random): number {
  if (p > 0.5) return n - countDraw(n, 1 - p, random)
  const variance = n * p * (1 - p)
  if (!(variance > 100)) return binomialDraw(n, p, random)
  const spread = Math.sqrt(variance)
  const b = 1.15 + 2.53 * spread
  const a = -0.0873 + 0.0248 * b + 0.01 * p
  const centre = n * p + 0.5
  const inside = 0.92 - 4.2 / b
  const alpha = (2.83 + 5.1 / b) * spread
  const top = lnChance(n, p, Math.floor((n + 1) * p))
  for (;;) {
    const u = random.next() - 0.5
    const v = random.next()
    const edge = 0.5 - Math.abs(u)
    const count = Math.floor(((2 * a) / edge + b) * u + centre)
    // The ends themselves have a chance below e^-100 here.
    if (!(count > 0 && count < n)) continue
    if (edge >= 0.07 && v <= inside) return count
    if (ln((v * alpha) / (a / (edge * edge) + b)) <= lnChance(n, p, count) - top) return count
  }
}

/** The logarithm of a binomial chance, for 0 < k < n, by what k is away from n p. */
function lnChance(n: number, p: number, k: number): number {
  const above = (k - n * p) / (n * p)
  const below = -(k - n * p) / (n * (1 - p))
  const away = k * log1p(above) + (n - k) * log1p(below)
  const rest = stirlingRest(n) - stirlingRest(k) - stirlingRest(n - k)
  return rest - away - 0.5 * (ln(k) + log1p(-k / n))
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
