import { exp, ln } from '../../../kernel/elementary.js'
import { minimize } from '../../../measures/minimize.js'
import type { Likelihood, Values } from '../../model.js'

type P = 'r' | 'alpha' | 's' | 'beta'

/** Where Pareto/NBD is likeliest; not `found` where that is only as far as a search came on its way to a limit. */
export interface LikeliestPareto {
  readonly found: boolean
  readonly values: Values<P>
  readonly logLikelihood: number
}

/** The likeliest values of Pareto/NBD, for models that have it as a special case. */
export function likeliestPareto(likelihood: Likelihood, from: Values<P>): LikeliestPareto {
  const slopes = new Float64Array(4)
  const natural = (at: readonly number[]) => at.map(exp)
  const start = [ln(from.r), ln(from.alpha), ln(from.s), ln(from.beta)]
  const end = minimize(
    {
      value: (at) => -likelihood.value(natural(at)),
      gradient(at) {
        const values = natural(at)
        likelihood.slopes(values, slopes)
        return values.map((value, k) => -slopes[k]! * value)
      },
    },
    start,
    { maxIterations: 100 },
  )
  const place = end.kind === 'optimum' ? end : end.best
  const [r, alpha, s, beta] = natural(place?.at ?? start)
  return {
    found: end.kind === 'optimum',
    values: { r: r!, alpha: alpha!, s: s!, beta: beta! },
    logLikelihood: place === undefined ? Number.NEGATIVE_INFINITY : -place.value,
  }
}
