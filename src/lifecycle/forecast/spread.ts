import { nearestRank } from '../../measures/quantile.js'
import type { StageEstimate } from './transition-model.js'

/** Where draws lie: their ends at a level, each one of them. Sorts what it is given. */
export function spreadOf(
  drawn: Float64Array,
  level: number,
): { readonly low: number; readonly median: number; readonly high: number } {
  drawn.sort()
  const at = (p: number) => drawn[nearestRank(p, drawn.length) - 1]! + 0
  return { low: at((1 - level) / 2), median: at(0.5), high: at((1 + level) / 2) }
}

/** A value with the interval of its draws. */
export function drawnEstimate(value: number, drawn: Float64Array, level: number): StageEstimate {
  const { low, high } = spreadOf(drawn, level)
  return { value: value + 0, interval: { low, high, level } }
}
