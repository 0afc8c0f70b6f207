import type { ParameterEstimate } from '../../measures/churn-fit.js'
import { normalQuantile } from '../../measures/normal.js'
import type { Matrix } from '../../measures/symmetric.js'
import type { ParameterRange } from '../model.js'
import { growthAt, valueAt } from './coordinates.js'

/** What the data tell of each parameter: intervals are those of coordinates, so within the parameter's range. */
export function estimatesOf(
  { names, ranges }: { readonly names: readonly string[]; readonly ranges: readonly ParameterRange[] },
  coordinates: readonly number[],
  covariance: Matrix,
  level: number,
): { readonly [name: string]: ParameterEstimate } {
  const z = -normalQuantile((1 - level) / 2)
  const estimates: Record<string, ParameterEstimate> = {}
  for (const [i, name] of names.entries()) {
    const range = ranges[i]!
    const at = coordinates[i]!
    const spread = Math.sqrt(covariance[i]![i]!)
    estimates[name] = {
      value: valueAt(range, at),
      standardError: growthAt(range, at) * spread,
      interval: { low: valueAt(range, at - z * spread), high: valueAt(range, at + z * spread), level },
    }
  }
  return estimates
}
