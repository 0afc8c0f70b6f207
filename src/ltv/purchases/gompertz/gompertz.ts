import { exp, expm1, ln, log1p } from '../../../kernel/elementary.js'
import { gaussLegendre } from '../../../measures/quadrature.js'

/**
 * When customers leave whose hazard is η b e^(b t), η from Gamma(s, beta): the chance of staying for t is
 * (beta / (beta + e^(b t) - 1))^s. Seen from a later moment it is the same with another beta.
 */
export interface GompertzStay {
  readonly b: number
  readonly s: number
  readonly beta: number
}

/** beta as seen from t on: beta e^(-b t) + 1 - e^(-b t). */
export function betaLater({ b, beta }: { readonly b: number; readonly beta: number }, t: number): number {
  const bt = b * t
  if (bt > 0.5) {
    const left = exp(-bt)
    return beta * left + (1 - left)
  }
  const lost = expm1(-bt)
  return beta * (1 + lost) - lost
}

/** ln((beta + e^(b t) - 1) / beta): -1/s of the logarithm of the chance to stay; no overflow, no cancellation. */
export function staySpent(stay: GompertzStay, t: number): number {
  const { b, beta } = stay
  const ratio = b * t < 600 ? expm1(b * t) / beta : Infinity
  return ratio < 1e300 ? log1p(ratio) : b * t + ln(betaLater(stay, t) / beta)
}

/**
 * The integral over y in (0, to] of e^φ times a weight, φ = n ln y - k ln(A + y) - rate y + s ln(stay), less its value at
 * `peak`. φ has one peak, so that what is left beyond a point is bounded and nothing overflows. Weights: 'time' 1,
 * 'leaving' the hazard, 'arrival' n / y.
 */
export interface StayIntegral {
  readonly stay: GompertzStay
  readonly weight: 'time' | 'leaving' | 'arrival'
  /** Infinity only for 'time'. */
  readonly to: number
  readonly n?: number
  readonly k?: number
  readonly A?: number
  readonly rate?: number
  /** What the integral is added to: parts that are nothing beside it are left out. */
  readonly beside?: number
}

/** Told of every node: how far after `peak`, and what it adds to the integral. */
type Visit = (away: number, share: number) => void

/** Where φ of this integral is about largest: 0 without purchases. */
export function peakOf({ stay, to, n = 0, k = 0, A = 1, rate = 0 }: StayIntegral): number {
  if (n === 0) return 0
  const rises = (y: number) =>
    n - k * (y / (A + y)) - rate * y - stay.s * stay.b * (y / betaLater(stay, y)) > 0
  let high = k > n ? Math.min(to, (n * A) / (k - n)) : to
  if (rises(high)) return high
  let low = high / 4
  while (!rises(low)) {
    high = low
    low /= 4
  }
  // Within a part of the peak's width, so that no piece holds all of it.
  const close = 1 + 0.2 / Math.sqrt(n)
  while (high > close * low) {
    const middle = Math.sqrt(low * high)
    if (rises(middle)) low = middle
    else high = middle
  }
  return low
}

/** φ at `away` from the peak, less φ at the peak. */
export function fallFrom(peak: number, { stay, n = 0, k = 0, A = 1, rate = 0 }: StayIntegral) {
  const { b, s } = stay
  const here = betaLater(stay, peak)
  const base = A + peak
  return (away: number): number => {
    const bt = b * away
    const ratio = bt < 600 ? expm1(bt) / here : Infinity
    const spent = ratio > -0.5 && ratio < 1e300 ? log1p(ratio) : bt + ln(betaLater(stay, peak + away) / here)
    let sum = -s * spent - rate * away
    if (k > 0) sum -= k * log1p(away / base)
    if (n > 0) sum += n * log1p(Math.max(-1, away / peak))
    return sum
  }
}

/** See `StayIntegral`. */
export function stayIntegral(integral: StayIntegral, peak: number, visit?: Visit): number {
  const { stay, weight, to, n = 0, k = 0, A = 1, rate = 0, beside = 0 } = integral
  const { b, s, beta } = stay
  const fall = fallFrom(peak, integral)
  // Where 1 / stay vanishes, in y: on the real line before 0, or off it by π/b.
  const pole = beta === 1 ? -Infinity : ln(Math.abs(beta - 1)) / b
  const realPole = beta < 1 ? log1p(-beta) / b : undefined
  const offLine = Math.PI / b
  const { nodes, weights } = gaussLegendre(24)
  let sum = beside
  const hazard = (y: number) => (s * b) / betaLater(stay, y)
  /** The rule on a piece; away from poles by its own length and with φ within 24 it is exact to the last digits. */
  const add = (low: number, high: number): void => {
    const half = (high - low) / 2
    for (let i = 0; i < nodes.length; i++) {
      const away = low + half * (1 + nodes[i]!)
      const y = peak + away
      const by = weight === 'leaving' ? hazard(y) : weight === 'arrival' ? n / y : 1
      const share = half * weights[i]! * exp(fall(away)) * by
      sum += share
      visit?.(away, share)
    }
  }
  // Few purchases are a polynomial, which the rule takes whole; they need not be within 24.
  const whole = n > 0 && n <= 8
  const level = fallFrom(peak, whole ? { ...integral, n: 0 } : integral)
  /** How far a piece may go from y upwards (1) or downwards (-1) beside the poles, of which one is at -A. */
  const reachFrom = (y: number, sign: 1 | -1): number => {
    const toward = (distance: number) => (sign === 1 ? 2 : 2 / 3) * distance
    let reach = k > 0 ? toward(A + y) : Infinity
    if (realPole !== undefined) return Math.min(reach, toward(y - realPole))
    const ahead = sign * (pole - y)
    reach = Math.min(
      reach,
      ahead > 0 ? Math.max(2 * offLine, (2 / 3) * ahead) : 2 * Math.sqrt(ahead * ahead + offLine * offLine),
    )
    // Until the hazard has grown, e^y stands in the exponent: it may turn but little.
    return y < pole + 2 * offLine ? Math.min(reach, 4 / b) : reach
  }
  const reachUp = (y: number): number => {
    const reach = reachFrom(y, 1)
    // An end that is infinite needs a scale.
    return to === Infinity ? Math.min(reach, 60 / (rate + Math.min(s * b, hazard(y)))) : reach
  }
  /** At most so far that φ changes by 24. */
  const shortened = (from: number, length: number, sign: 1 | -1): number => {
    const start = level(from)
    let step = length
    for (;;) {
      const change = Math.abs(level(from + sign * step) - start)
      if (change <= 24) return step
      step *= change < 200 ? Math.min(0.7, 20 / change) : 0.1
    }
  }
  const end = to - peak
  for (let away = 0; away < end; ) {
    const step = shortened(away, Math.min(end - away, reachUp(peak + away)), 1)
    const next = step === end - away ? end : away + step
    add(away, next)
    away = next
    const y = peak + away
    const rest =
      weight === 'leaving'
        ? s * staySpent({ b, s, beta: betaLater(stay, y) }, to - y)
        : weight === 'arrival'
          ? n * ln(to / y)
          : Math.min(to - y, 1 / (rate + Math.min(s * b, hazard(y))))
    const left = exp(fall(away))
    if (left === 0 || left * rest < 1e-17 * sum) break
  }
  for (let away = 0; away > -peak; ) {
    const y = peak + away
    const step = shortened(away, Math.min(y, reachFrom(y, -1)), -1)
    const next = step === y ? -peak : away - step
    add(next, away)
    away = next
    const now = peak + away
    if (whole || now <= 0) continue
    const rises = n - k * (now / (A + now)) - rate * now - hazard(now) * now
    const rest = weight === 'leaving' ? s * staySpent(stay, now) : rises > 0 ? n / rises : Infinity
    const left = exp(fall(away))
    if (left === 0 || left * rest < 1e-17 * sum) break
  }
  return sum - beside
}
