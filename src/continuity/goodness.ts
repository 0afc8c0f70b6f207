import { gammaQ } from '../measures/index.js'
import { type AttentionModel, type AttentionParameter, attentionOf, follow } from './attention.js'
import type { ReadHistory } from './history.js'
import { rateOf, reading, scales } from './scale.js'

/** How what was opened scatters about what the model expects. */
export interface DecayGoodness {
  /** Twice what the log-likelihood lacks to a rate for every send. */
  readonly deviance: number
  /** Sum of squared distances over their variance (of the model's own noise). */
  readonly pearson: number
  /** Observed sends less parameters. */
  readonly degrees: number
  /** Pearson's over the degrees: about 1 where the model fits. */
  readonly dispersion: number | null
  /** How often chance alone would scatter as much; by the chi-squared, rough where few opens are expected. */
  readonly pValue: number | null
}

/** How a fit whose objective ended at `value` scatters. */
export function goodnessOf(
  model: AttentionModel,
  names: readonly AttentionParameter[],
  at: readonly number[],
  read: ReadHistory,
  value: number,
): DecayGoodness {
  const scale = scales[model.scale]
  const here = reading()
  const spread = at[names.indexOf('dispersion')]
  const correlation = spread === undefined ? 0 : rateOf(spread)
  let pearson = 0
  follow(attentionOf(model, names, at).values, read.steps, (i, x) => {
    const n = read.delivered[i]!
    if (n === 0) return
    scale.read(x, here)
    const apart = read.opened[i]! - n * here.rate
    const variance = n * here.rate * here.rest * (1 + (n - 1) * correlation)
    if (variance > 0) pearson += (apart * apart) / variance
  })
  const degrees = read.observed - names.length
  return {
    deviance: Math.max(0, 2 * value),
    pearson,
    degrees,
    dispersion: degrees > 0 ? pearson / degrees : null,
    pValue: degrees > 0 ? gammaQ(degrees / 2, pearson / 2) : null,
  }
}
