import { checkRecord, fault } from '../kernel/errors.js'
import { betaQuantile, normalQuantile, type Proportion, wilson } from '../measures/index.js'
import type { DecayOptions } from './decay-options.js'
import type { NotIdentified } from './diagnosis.js'
import { exactSpan } from './exact-span.js'
import { fitDecay } from './fit.js'
import type { DecayFit } from './fitted.js'
import { pathOf } from './forecast.js'
import { distinct, type OpenRateHistory, readHistory, type SendCounts } from './history.js'
import { rateOf } from './scale.js'
import { readUncertainty } from './uncertainty.js'

export interface DecayBacktestOptions extends DecayOptions {
  /** How many of the last sends with anybody reached are held out; the others are fitted. */
  readonly holdOut: number
  /** Weight of the newest send in exponential smoothing; 0.3 unless told. */
  readonly smoothing?: number
}

/** One send that the fit has not seen. */
export interface HeldOutSend extends SendCounts {
  /** Share that opened. */
  readonly actual: number
  /** Expected share, known when it was published but not how it was read. */
  readonly predicted: number
  /** Opens within which it should fall: parameters' uncertainty and the send's own scatter. */
  readonly opens: { readonly low: number; readonly high: number; readonly level: number }
  readonly covered: boolean
}

/** How well the model foretells sends it has not seen, beside two rules that know no pauses. */
export type DecayBacktest =
  | {
      readonly kind: 'back-test'
      readonly fit: DecayFit
      readonly held: readonly HeldOutSend[]
      /** Share of held-out sends within their interval: about the level where the model holds. */
      readonly coverage: Proportion
      /** Mean distance between predicted and actual share. */
      readonly meanError: { readonly model: number; readonly lastValue: number; readonly smoothing: number }
      /** Whether the model's mean error is below both. */
      readonly better: boolean
    }
  | { readonly kind: 'no-fit'; readonly fit: Exclude<DecayFit, { readonly kind: 'fit' }> }
  | NotIdentified

/**
 * Fits all but the last sends and foretells those from when they were published: share, interval and whether it held, beside
 * "as the last send" and exponential smoothing of all before, both of which know nothing of pauses.
 *
 * The interval of a send is that of the beta distribution with the mean and the variance that the parameters' uncertainty and
 * the send's own noise add up to, widened to whole opens.
 *
 * @throws DefinitionError as `fitDecay`; `out-of-range` where as many are held out as there are, or none.
 * @example
 * backtestDecay({ sends }, { pauseAfter: { hours: 168 }, holdOut: 6 }).coverage // => { kind: 'estimate', value: 1, trials: 6, … }
 */
export function backtestDecay(history: OpenRateHistory, options: DecayBacktestOptions): DecayBacktest {
  checkRecord(options, '$.options')
  const { holdOut, smoothing = 0.3, ...rest } = options
  const whole = readHistory(history, exactSpan(options.pauseAfter, '$.pauseAfter'))
  if (!(Number.isSafeInteger(holdOut) && holdOut >= 1 && holdOut < whole.observed))
    throw fault('out-of-range', '$.holdOut', holdOut, `from 1 to ${Math.max(1, whole.observed - 1)}`)
  if (!(typeof smoothing === 'number' && smoothing > 0 && smoothing <= 1))
    throw fault('out-of-range', '$.smoothing', smoothing, 'above 0, at most 1')
  const reached = history.sends
    .filter(({ delivered }) => delivered > 0)
    .sort((a, b) => a.at - b.at || a.delivered - b.delivered || a.opened - b.opened)
  const seen = reached.slice(0, -holdOut)
  const held = reached.slice(-holdOut)
  const cut = seen.at(-1)!.at
  const before = whole.publications.filter((at) => at <= cut)
  const fit = fitDecay({ sends: seen, publications: before }, rest)
  if (fit.kind !== 'fit') return { kind: 'no-fit', fit }
  const { level, spread } = readUncertainty(fit, {})
  const instants = distinct(held.map(({ at }) => at))
  const path = pathOf(
    fit,
    instants,
    whole.publications.filter((at) => at > cut),
  )
  if (path.kind === 'not-identified') return path
  const logits = new Map(spread((at) => path.logits(at)).map((one, i) => [instants[i]!, one] as const))
  const correlation = fit.dispersion?.kind === 'estimate' ? fit.dispersion.value : 0
  const z = -normalQuantile((1 - level) / 2)
  const foretold = held.map((send): HeldOutSend => {
    const { at, delivered, opened } = send
    const { value, ends } = logits.get(at)!
    const predicted = rateOf(value)
    const slope = predicted * rateOf(-value)
    const error = ends === undefined ? 0 : ((ends.high - ends.low) / 2 / z) * slope
    const own = (slope * (1 + (delivered - 1) * correlation)) / delivered
    // A variance that no distribution on [0, 1] with this mean has is cut to just below the largest.
    const variance = Math.min(own + error * error, 0.999 * slope)
    const size = slope / variance - 1
    const quantile = (p: number) => betaQuantile(p, predicted * size, rateOf(-value) * size)
    const low = Math.floor(delivered * quantile((1 - level) / 2))
    const high = Math.ceil(delivered * quantile((1 + level) / 2))
    return {
      at,
      delivered,
      opened,
      actual: opened / delivered,
      predicted,
      opens: { low, high, level },
      covered: opened >= low && opened <= high,
    }
  })
  const last = seen.at(-1)!
  let smooth = seen[0]!.opened / seen[0]!.delivered
  for (const { opened, delivered } of seen.slice(1)) smooth += smoothing * (opened / delivered - smooth)
  const errorOf = (guess: (send: HeldOutSend) => number) => {
    let sum = 0
    for (const send of foretold) sum += Math.abs(send.actual - guess(send))
    return sum / foretold.length
  }
  const meanError = {
    model: errorOf(({ predicted }) => predicted),
    lastValue: errorOf(() => last.opened / last.delivered),
    smoothing: errorOf(() => smooth),
  }
  return {
    kind: 'back-test',
    fit,
    held: foretold,
    coverage: wilson({
      successes: foretold.filter(({ covered }) => covered).length,
      trials: foretold.length,
      level,
    }),
    meanError,
    better: meanError.model < meanError.lastValue && meanError.model < meanError.smoothing,
  }
}
