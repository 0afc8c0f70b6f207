import { exp, expm1, ln, log1p } from '../../../kernel/elementary.js'
import { expExcess, logisticExcess } from '../../../measures/peak.js'

/*
 * Trapezoidal sums over ln λ and the logit of p: for what is smooth in a strip around the line their error falls like
 * e^(-c / step), whatever the parameters.
 */

/** A place and how much it weighs. */
interface Node {
  readonly at: number
  readonly weight: number
}

/**
 * Beta(a, b) over the logit of p, to where p no longer counts beside `least`. Weights are not normed. The step is short
 * enough for what is smooth in a strip of half width π / 2.
 */
export function betaGrid(a: number, b: number, least: number): readonly (Node & { readonly rest: number })[] {
  const [p0, q0] = [a / (a + b), b / (a + b)]
  const middle = ln(a / b)
  const step = Math.min(0.2, 0.55 * Math.sqrt(1 / a + 1 / b))
  const nodes: (Node & { readonly rest: number })[] = []
  for (const side of [-1, 1]) {
    const far = side < 0 ? 46 + log1p(p0 / least) : 46
    for (let n = side < 0 ? 1 : 0; ; n++) {
      const away = side * n * step
      const drop = (a + b) * logisticExcess(p0, q0, away)
      const odds = exp(middle + away)
      const [at, rest] = [odds / (1 + odds), 1 / (1 + odds)]
      const flat = side < 0 ? at < 1e-18 * least : rest < 1e-18
      // All that follows as one: the integrand no longer changes there, and weights fall like a geometric series.
      const weight = flat ? exp(-drop) / -expm1(-(side < 0 ? a : b) * step) : exp(-drop)
      nodes.push({ at, rest, weight })
      if (flat || drop > far) break
    }
  }
  return nodes
}

/** A gamma distribution over ln λ; `counted` are those where the integrand is not too small to count. */
export function gammaGrid(
  shape: number,
  rate: number,
  k: number,
  power: number,
  discount: number,
): readonly (Node & { readonly counted: boolean })[] {
  const middle = ln(shape / rate)
  const step = Math.min(0.2, 0.5 / Math.sqrt(shape))
  const knee = Math.min(middle, ln(discount))
  const nodes: (Node & { readonly counted: boolean })[] = []
  for (let n = -1; ; n--) {
    const away = n * step
    const drop = shape * expExcess(away)
    const falls = drop + power * Math.max(0, knee - middle - away)
    if (drop > 60 || falls > 90) {
      nodes.push({ at: exp(middle + away), weight: exp(-drop) / -expm1(-shape * step), counted: false })
      break
    }
    nodes.push({ at: exp(middle + away), weight: exp(-drop), counted: true })
  }
  nodes.reverse()
  for (let n = 0; ; n++) {
    const drop = shape * expExcess(n * step)
    if (drop > 46 + 6 * k) return nodes
    nodes.push({ at: exp(middle + n * step), weight: exp(-drop), counted: true })
  }
}
