import { exp, expm1, log1p } from '../../../kernel/elementary.js'

/** Parameters of Pareto/NBD and of how buying and leaving hang together; m = 0 where they do not. */
export interface ParetoValues {
  readonly r: number
  readonly alpha: number
  readonly s: number
  readonly beta: number
  readonly m: number
}

/** E[e^-x] of a Gamma(power, scale) distribution, and 1 minus it; each to its own digits. */
interface Transform {
  readonly value: number
  readonly rest: number
}

export const transformOf = (power: number, scale: number): Transform => {
  const ln = -power * log1p(1 / scale)
  return { value: exp(ln), rest: -expm1(ln) }
}

/**
 * How much likelier a pair of rates is together than apart: 1 + m (e^-λ - E e^-λ)(e^-μ - E e^-μ), Sarmanov's family with
 * the mixing that Park & Fader chose. Averaged over gamma distributions of both rates it keeps its form.
 */
export interface Tilt {
  readonly m: number
  /** Mean of e^-λ less the prior one, where λ has a Gamma(power, scale) distribution now. */
  buying(power: number, scale: number): number
  /** The same of e^-μ. */
  leaving(power: number, scale: number): number
  /** e^-λ less its prior mean. */
  buyingAt(rate: number): number
  /** The prior mean of e^-μ. */
  readonly leavingMean: Transform
  /** The mean of the tilt for λ from Gamma(n, a) and μ from Gamma(s, b). */
  mean(n: number, a: number, s: number, b: number): number
}

/** The tilt of these values. */
export function tiltOf({ r, alpha, s, beta, m }: ParetoValues): Tilt {
  const [a, b] = [transformOf(r, alpha), transformOf(s, beta)]
  // The smaller of the mean and 1 minus it carries the digits.
  const gap = (prior: Transform, power: number, scale: number): number => {
    const ln = -power * log1p(1 / scale)
    return prior.value < 0.5 ? exp(ln) - prior.value : prior.rest + expm1(ln)
  }
  const buying = (power: number, scale: number) => gap(a, power, scale)
  const leaving = (power: number, scale: number) => gap(b, power, scale)
  return {
    m,
    buying,
    leaving,
    buyingAt: (rate) => (a.value < 0.5 ? exp(-rate) - a.value : a.rest + expm1(-rate)),
    leavingMean: b,
    mean: m === 0 ? () => 1 : (n, x, power, y) => 1 + m * buying(n, x) * leaving(power, y),
  }
}

/**
 * Between which values m makes a distribution: where no pair of rates gets a negative chance.
 *
 * @see Lee (1996), "Properties and Applications of the Sarmanov Family of Bivariate Distributions".
 */
export function limitsOfM(values: Omit<ParetoValues, 'm'>): readonly [least: number, most: number] {
  const [a, b] = [transformOf(values.r, values.alpha), transformOf(values.s, values.beta)]
  // Where nearly all rates are huge both ends are beyond every float.
  const reach = (most: number) => 1 / Math.max(most, 1e-300)
  return [
    -reach(Math.max(a.value * b.value, a.rest * b.rest)),
    reach(Math.max(a.value * b.rest, a.rest * b.value)),
  ]
}

/** What the correlation of λ and μ is for each unit of m. */
export function correlationPerM({ r, alpha, s, beta }: Omit<ParetoValues, 'm'>): number {
  const ln = -r * log1p(1 / alpha) - s * log1p(1 / beta)
  return (Math.sqrt(r) / (1 + alpha)) * (Math.sqrt(s) / (1 + beta)) * exp(ln)
}
