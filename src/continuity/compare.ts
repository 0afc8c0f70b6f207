import { checkRecord } from '../kernel/errors.js'
import type { DecayOptions } from './decay-options.js'
import { fitDecay } from './fit.js'
import type { DecayFit } from './fitted.js'
import type { OpenRateHistory } from './history.js'
import type { RateScale } from './scale.js'

/** One model of one history beside others. */
export interface DecayCandidate {
  readonly scale: RateScale
  readonly floor: 'none' | 'fitted'
  readonly fit: DecayFit
  /** How much higher Akaike's criterion is than that of the best; null where there is no fit. */
  readonly behind: number | null
}

/**
 * Fits the same history on every scale, with and without a floor, and says by Akaike's criterion which explains it best. Less
 * than 2 behind is as good. Pauses of one length say nothing about the way down; the way up tells `share` from the others,
 * and `log` from `logit` only where rates are high. The best is first.
 *
 * @throws DefinitionError as `fitDecay`.
 * @example
 * compareDecays({ sends }, { pauseAfter: { hours: 168 } })[0] // => { scale: 'logit', floor: 'none', behind: 0, … }
 */
export function compareDecays(
  history: OpenRateHistory,
  options: Omit<DecayOptions, 'scale' | 'floor'>,
): readonly DecayCandidate[] {
  checkRecord(options, '$.options')
  const fits = (['logit', 'log', 'share'] as const).flatMap((scale) =>
    (['none', 'fitted'] as const).map((floor) => ({
      scale,
      floor,
      fit: fitDecay(history, { profile: false, ...options, scale, floor }),
    })),
  )
  const aic = ({ fit }: { readonly fit: DecayFit }) => (fit.kind === 'fit' ? fit.aic : Infinity)
  const least = fits.reduce((low, one) => Math.min(low, aic(one)), Infinity)
  return fits
    .map((one) => ({ ...one, behind: one.fit.kind === 'fit' ? one.fit.aic - least : null }))
    .sort((a, b) => (a.behind ?? Infinity) - (b.behind ?? Infinity) || 0)
}
