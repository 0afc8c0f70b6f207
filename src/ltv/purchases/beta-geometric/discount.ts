import { exp, expm1, log1p } from '../../../kernel/elementary.js'
import { integrate } from '../../../measures/quadrature.js'
import { betaGrid, gammaGrid } from './grids.js'
import type { Standing } from './standing.js'

/**
 * The discounted purchases ever expected of somebody who is a customer now: given λ and p they are
 * ζ^(k - done) / (1 - (1 - p) ζ^k) with ζ = λ / (λ + rate), the worth of one phase's wait.
 *
 * The mean over both is a trapezoidal sum over ln λ and the logit of p, where the integrand is smooth in a strip whatever
 * the parameters: there its error falls like e^(-c / step).
 */
export function discountedForever({ k, phases, rate, a, b }: Standing, discount: number): number {
  let sum = 0
  for (const { done, weight, shape } of phases) {
    if (weight === 0) continue
    const rates = gammaGrid(shape, rate.high, k, k - done, discount)
    const nearest = rates.length === 0 ? 1 : lossOf(k, discount, rates[rates.length - 1]!.at)
    const chances = betaGrid(a, b, nearest)
    let whole = 0
    for (const { weight: share } of chances) whole += share
    let [above, below] = [0, 0]
    for (const { at: lambda, weight: share, counted } of rates) {
      below += share
      if (!counted) continue
      const loss = lossOf(k, discount, lambda)
      let inner = 0
      for (const { at: p, rest: q, weight: one } of chances) inner += one / (p + q * loss)
      above += share * exp((done - k) * log1p(discount / lambda)) * inner
    }
    sum += (weight * above) / below / whole
  }
  return sum
}

/** 1 - ζ^k, what k phases of waiting take off. */
const lossOf = (k: number, discount: number, lambda: number) => -expm1(-k * log1p(discount / lambda))

/**
 * Discounted purchases up to `time` from `expected`, those expected up to any time, by parts: each purchase is worth
 * e^(-discount time) at least, and loses the rest bit by bit before.
 *
 * @param pace - A time in which `expected` changes its course.
 */
export function discountedUntil(
  expected: (time: number) => number,
  time: number,
  discount: number,
  pace: number,
): number {
  const end = exp(-discount * time) * expected(time)
  const reach = log1p(Math.min(time, 45 / discount) / pace)
  const found = integrate(
    (s) => {
      const at = pace * expm1(s)
      return exp(-discount * at) * expected(at) * (at + pace)
    },
    0,
    reach,
    { relative: 1e-13, absolute: (1e-14 * end) / discount, pieces: 400 },
  )
  if (found.kind === 'estimate') return end + discount * found.value
  return Number.NaN
}
