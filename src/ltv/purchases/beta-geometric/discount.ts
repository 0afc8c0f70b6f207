import { exp, expm1, ln, log1p } from '../../../kernel/elementary.js'
import { gaussLegendre } from '../../../measures/quadrature.js'
import { sineAndCosineOf } from '../../../measures/sine.js'
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
 * Discounted purchases up to `time` of somebody who is a customer now, from `expected`, those expected up to any time, by
 * parts: each purchase is worth e^(-discount time) at least, and loses the rest bit by bit before.
 *
 * Pieces are so short that Gauss's rule takes each to the last digits, whatever the parameters: there is nothing to
 * converge, and as all parts are positive no digits are lost.
 */
export function discountedUntil(
  { k, shape, rate }: Standing,
  expected: (time: number) => number,
  time: number,
  discount: number,
): number {
  const { nodes, weights } = gaussLegendre(16)
  // Beyond nothing is left, also of purchases that k phases must come before.
  const end = Math.min(time, (46 + k + 10 * Math.sqrt(k)) / discount)
  const most = shape + k
  // Until phases of different customers are out of step, purchases come in waves.
  const wave = 2 * sineAndCosineOf(Math.PI / k).sine
  let sum = 0
  for (let from = 0; from < end; ) {
    const times = from / rate.high
    // About how many phases are over, of one whose rate is known so well.
    const over = most * log1p(times)
    const inStep = k > 1 && most * log1p(times * wave * wave * (1 + times)) < 64
    const pace = (rate.high * (1 + times)) / most
    const longest = Math.min(
      from === 0 ? rate.high / 4 : 9 * from,
      16 / discount,
      from === 0 ? 8 * pace : inStep ? Math.max(8, 2 * Math.sqrt(over)) * pace : Infinity,
    )
    // What little would be left over is taken along.
    const to = from + 1.05 * longest >= end ? end : from + longest
    // By the logarithm of time, but for the first piece: singularities lie beside the line of times, not on it.
    const half = (from === 0 ? to : ln(to / from)) / 2
    for (let i = 0; i < nodes.length; i++) {
      const along = half * (1 + nodes[i]!)
      const at = from === 0 ? along : from * exp(along)
      sum += half * weights[i]! * (from === 0 ? 1 : at) * exp(-discount * at) * expected(at)
    }
    from = to
  }
  return discount * sum + (end === time ? exp(-discount * time) * expected(time) : 0)
}
