import { exp, ln, log1p } from '../kernel/elementary.js'
import type { Random } from '../kernel/random.js'
import { stirlingRest } from './gamma.js'

/**
 * How many of n succeed, each with chance p: one uniform number, used up from the likeliest count outwards, so that it takes
 * as many steps as the spread is wide.
 */
export function binomialDraw(n: number, p: number, random: Random): number {
  if (p > 0.5) return n - binomialDraw(n, 1 - p, random)
  if (n === 0 || !(p > 0)) return 0
  const odds = p / (1 - p)
  const mode = n * p < 30 ? 0 : Math.floor((n + 1) * p)
  let up = mode
  let down = mode
  let above = atMode(n, p, mode)
  let below = above
  let rest = random.next() - above
  while (rest >= 0) {
    // Underflow or rounding may leave a last crumb of chance: it goes to the end.
    if (up === n && down === 0) return n
    if (up < n) {
      above *= ((n - up) / (up + 1)) * odds
      up += 1
      rest -= above
      if (rest < 0) return up
    }
    if (down > 0) {
      below *= down / (n - down + 1) / odds
      down -= 1
      rest -= below
      if (rest < 0) return down
    }
    if (above < 1e-30 && (down === 0 || below < 1e-30)) return up
  }
  return mode
}

/** The chance of the likeliest count, by Stirling's series; that of none where few are expected. */
function atMode(n: number, p: number, k: number): number {
  if (k === 0) return exp(n * log1p(-p))
  const above = (k - n * p) / (n * p)
  const below = -above * (p / (1 - p))
  const away = k * log1p(above) + (n - k) * log1p(below)
  const rest = stirlingRest(n) - stirlingRest(k) - stirlingRest(n - k)
  return exp(rest - away - 0.5 * (1.8378770664093453 + ln(k) + log1p(-k / n)))
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
