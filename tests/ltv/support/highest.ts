import type { LikelihoodModel, Values } from '../../../src/ltv/index.js'
import { minimize } from '../../../src/measures/index.js'

/** The likeliest values, searched along logarithms (of q - 1 where q is above 1) from every start; none where none is an optimum. */
export function highest<P extends string, Data>(model: LikelihoodModel<string, P, Data>, data: Data) {
  const scaled = model.rescaled(data)
  const likelihood = model.likelihood(scaled.data)
  const least = model.parameters.map((name) => (model.ranges[name] === 'above-one' ? 1 : 0))
  const natural = (at: readonly number[]) => at.map((x, k) => least[k]! + Math.exp(x))
  const slopes = new Float64Array(least.length)
  const objective = {
    value: (at: readonly number[]) => -likelihood.value(natural(at)),
    gradient(at: readonly number[]) {
      likelihood.slopes(natural(at), slopes)
      return natural(at).map((x, k) => -slopes[k]! * (x - least[k]!))
    },
  }
  let best: { value: number; at: readonly number[]; covariance: readonly (readonly number[])[] } | undefined
  let seen: { value: number; at: readonly number[] } | undefined
  for (const start of model.starts(scaled.data)) {
    const end = minimize(
      objective,
      model.parameters.map((name, k) => Math.log(start[name] - least[k]!)),
    )
    if (end.kind === 'optimum' && !(best && best.value <= end.value)) best = end
    const low = end.kind === 'optimum' ? end : end.best
    if (low && !(seen && seen.value <= low.value)) seen = low
  }
  const unscaled = (at: readonly number[]) =>
    Object.fromEntries(
      model.parameters.map((name, k) => [name, natural(at)[k]! * scaled.by ** model.powers[name]]),
    ) as Values<P>
  return {
    found: best && {
      values: unscaled(best.at),
      logLikelihood: -best.value - scaled.lnShift,
      standardErrors: Object.fromEntries(
        model.parameters.map((name, k) => [
          name,
          Math.sqrt(best!.covariance[k]![k]!) * Math.exp(best!.at[k]!) * scaled.by ** model.powers[name],
        ]),
      ) as Values<P>,
    },
    seen: seen && unscaled(seen.at),
  }
}
