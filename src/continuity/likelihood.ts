/*
 * How badly parameters explain what was opened: half the deviance of the binomial, that is, the log-likelihood that a model
 * with a rate for every send would have, less that of this one. Of a beta-binomial the same is taken off, so that the two
 * can be compared. Coefficients that count orderings are left out of both.
 */
import { exp, ln } from '../kernel/elementary.js'
import { digamma, lnBeta, type Objective } from '../measures/index.js'
import { logExcess } from '../measures/peak.js'
import { type AttentionModel, type AttentionParameter, followWithSlopes } from './attention.js'
import type { ReadHistory } from './history.js'
import { reading, scales } from './scale.js'

/** Log-likelihood with a rate for every send, coefficients left out: the best that any binomial model can have. */
export function saturated({ delivered, opened }: Pick<ReadHistory, 'delivered' | 'opened'>): Float64Array {
  return delivered.map((n, i) => (n === 0 ? 0 : weighted(opened[i]!, n) + weighted(n - opened[i]!, n)))
}

/**
 * A count's part in half the deviance: x ln(x / m) + m - x, without the loss of digits where the two are close. The last two
 * terms cancel between opened and not opened.
 */
function excess(count: number, expected: number): number {
  if (!(expected >= 0)) return Number.NaN
  return count === 0 ? expected : count * logExcess((expected - count) / count)
}

const weighted = (count: number, of: number): number => (count === 0 ? 0 : count * ln(count / of))

/** Half the deviance by the parameters named, to be made small. */
export function objectiveOf(
  model: AttentionModel,
  names: readonly AttentionParameter[],
  history: Pick<ReadHistory, 'steps' | 'delivered' | 'opened'>,
): Objective {
  const { steps, delivered, opened } = history
  const best = saturated(history)
  const scale = scales[model.scale]
  const here = reading()
  const spread = names.indexOf('dispersion')
  let last: { readonly at: readonly number[]; readonly value: number; readonly gradient: readonly number[] }
  const evaluate = (at: readonly number[]) => {
    let value = 0
    const gradient = new Array<number>(names.length).fill(0)
    const size = spread < 0 ? 0 : exp(-at[spread]!)
    followWithSlopes(model, names, at, steps, (i, x, slopes) => {
      const n = delivered[i]!
      if (n === 0) return
      const k = opened[i]!
      scale.read(x, here)
      let byPlace: number
      if (spread < 0) {
        value += excess(k, n * here.rate) + excess(n - k, n * here.rest)
        byPlace =
          model.scale === 'logit'
            ? n * here.rate - k
            : (((n - k) / here.rest) * here.rate - k) * (here.slope / here.rate)
      } else {
        const [a, b] = [here.rate * size, here.rest * size]
        // Nearer to the binomial than a billionth nothing can be told from it but rounding.
        if (!(a > 1e-90 && b > 1e-90 && size < 1e9)) {
          value = Number.NaN
          return
        }
        value += best[i]! - (lnBeta(k + a, n - k + b) - lnBeta(a, b))
        const whole = digamma(n + size) - digamma(size)
        const byA = digamma(k + a) - digamma(a) - whole
        const byB = digamma(n - k + b) - digamma(b) - whole
        byPlace = -(byA - byB) * size * here.slope
        gradient[spread]! += byA * a + byB * b
      }
      for (let j = 0; j < gradient.length; j += 1) gradient[j]! += byPlace * slopes[j]!
    })
    last = { at, value, gradient }
    return last
  }
  return {
    value: (at) => evaluate(at).value,
    gradient: (at) => (last?.at === at ? last : evaluate(at)).gradient,
  }
}
