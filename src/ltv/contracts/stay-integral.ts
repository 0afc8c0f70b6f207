/* Integrals over the time to come of a share that falls from 1, and its mean time. */
import { exp, ln } from '../../kernel/elementary.js'
import { fault } from '../../kernel/errors.js'
import { integrate } from '../../measures/quadrature.js'

/** What is integrated over t from 0 to `end`: e^(lnStay(t) - lnRate t), times t where `weighted`. */
export interface StayIntegral {
  /** ln of the share still there after t; falls from 0. */
  readonly lnStay: (t: number) => number
  readonly lnRate: number
  /** Infinity where there is none. */
  readonly end: number
  readonly weighted: boolean
  /** In the end it falls as t^-(1 + excess), to the last digit from e^lnFar on. Above 0 for an integral without end or rate. */
  readonly excess: number
  readonly lnFar: number
}

/** The integral, over the logarithm of time, where it is smooth from the first moment on; Infinity where it is beyond the floats. */
export function stayIntegral({ lnStay, lnRate, end, weighted, excess, lnFar }: StayIntegral): number {
  if (end === 0) return 0
  const power = weighted ? 2 : 1
  const lnShare = (t: number) => lnStay(t) - lnRate * t
  const integrand = (u: number) => {
    const t = exp(u)
    return exp(lnShare(t) + power * u)
  }
  const endless = end === Infinity && lnRate === 0
  const top = Math.min(
    end === Infinity ? Infinity : ln(end),
    lnRate > 0 ? ln(100 / lnRate) : Infinity,
    endless ? lnFar : Infinity,
    690,
  )
  const middle = Math.min(top, halfLife(lnShare))
  // What comes before is of no weight: the whole is no less than what is left at the middle, times it.
  const start = Math.max(-700, middle - 45)
  let sum = exp(power * start) / power
  const halves: readonly (readonly [from: number, to: number, width: number])[] = [
    [start, middle, 6],
    [middle, top, 1],
  ]
  for (const [from, to, width] of halves) {
    for (let u = from, step = width; u < to; step = Math.min(6, step * 1.5)) {
      const next = Math.min(to, u + step)
      const piece = integrate(integrand, u, next, { relative: 1e-13, absolute: 1e-17 * sum, pieces: 500 })
      if (piece.kind === 'undefined') {
        if (piece.reason === 'not-finite') return Infinity
        throw fault('out-of-range', '$', u, 'parameters whose integral converges')
      }
      sum += piece.value
      if (u >= middle && piece.value < 1e-19 * sum && integrand(next) <= integrand(u)) break
      u = next
    }
  }
  if (!endless) return sum
  const beyond = integrand(top) / excess
  return lnFar > 690 && beyond > 1e-17 * sum ? Infinity : sum + beyond
}

/** ln of a time by which about half is gone, between e^-660 and e^690. */
function halfLife(lnShare: (t: number) => number): number {
  let [low, high] = [-650, 690]
  while (high - low > 0.5) {
    const u = (low + high) / 2
    if (lnShare(exp(u)) > -Math.LN2) low = u
    else high = u
  }
  return high
}
