import { exp, ln } from '../../../../src/kernel/elementary.js'
import type { ContractTable, LikelihoodModel } from '../../../../src/ltv/index.js'
import { minimize } from '../../../../src/measures/index.js'

/** The likeliest values: along logarithms of positive parameters and real ones as they are, by the model's own slopes and starts. */
export function found(model: LikelihoodModel<string, string, ContractTable>, data: ContractTable) {
  const scaled = model.rescaled(data)
  const likelihood = model.likelihood(scaled.data)
  const positive = model.parameters.map((name) => model.ranges[name] === 'positive')
  const natural = (at: readonly number[]) => at.map((x, k) => (positive[k] ? exp(x) : x))
  const slopes = new Float64Array(model.parameters.length)
  const objective = {
    value: (at: readonly number[]) => -likelihood.value(natural(at)),
    gradient(at: readonly number[]) {
      const values = natural(at)
      likelihood.slopes(values, slopes)
      return values.map((x, k) => -slopes[k]! * (positive[k] ? x : 1))
    },
  }
  let best:
    | {
        readonly value: number
        readonly at: readonly number[]
        readonly covariance: readonly (readonly number[])[]
      }
    | undefined
  for (const start of model.starts(scaled.data)) {
    const at = model.parameters.map((name, k) => (positive[k] ? ln(start[name]!) : start[name]!))
    const end = minimize(objective, at)
    if (end.kind === 'optimum' && !(best !== undefined && best.value <= end.value)) best = end
  }
  if (best === undefined) return undefined
  const values = natural(best.at)
  const back = (name: string, k: number) => values[k]! * scaled.by ** model.powers[name]!
  return {
    values: Object.fromEntries(model.parameters.map((name, k) => [name, back(name, k)])) as Record<
      string,
      number
    >,
    standardErrors: Object.fromEntries(
      model.parameters.map((name, k) => [
        name,
        Math.sqrt(best.covariance[k]![k]!) * (positive[k] ? back(name, k) : 1),
      ]),
    ) as Record<string, number>,
    logLikelihood: -best.value - scaled.lnShift,
  }
}
