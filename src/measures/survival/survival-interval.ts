import { exp, ln, log1p } from '../../kernel/elementary.js'
import { sineAndCosine } from '../sine.js'

/**
 * On which scale an interval of survival is symmetric; its ends are carried back from there.
 *
 * - `log-log`: ln(-ln S), the cumulative hazard's logarithm. Stays within (0, 1) and covers well in small samples. For reports.
 * - `log`: ln S, the cumulative hazard. What R prints unless told; reaches above 1 and is cut there.
 * - `plain`: S itself. Cut at 0 and 1; where few are at risk or S is near an end it covers too little.
 * - `logit`: ln(S / (1 - S)). Stays within (0, 1).
 * - `arcsin`: arcsin of the root of S. Stays within [0, 1]; of nearly constant variance in the middle.
 */
export type SurvivalTransform = 'plain' | 'log' | 'log-log' | 'logit' | 'arcsin'

/** Between what survival may plausibly be; where it is 0 (or, for three of the transforms, 1) there is no interval. */
export type SurvivalInterval =
  | { readonly kind: 'estimate'; readonly low: number; readonly high: number }
  | { readonly kind: 'undefined'; readonly reason: 'survival-zero' | 'survival-one' }

/** Survival with twice the digits of a float, so that what is missing to 1 is not lost. */
export interface SharpShare {
  readonly high: number
  readonly low: number
}

/** The transforms by name. */
export const survivalTransforms: Readonly<Record<SurvivalTransform, Ends>> = {
  plain: ({ high: share }, error) => [share - share * error, share + share * error],
  log: ({ high: share }, error) => [share * exp(-error), share * exp(error)],
  'log-log': (share, error) => {
    const logarithm = lnOf(share)
    const width = error / -logarithm
    return logarithm === 0 ? undefined : [exp(logarithm * exp(width)), exp(logarithm * exp(-width))]
  },
  logit: (share, error) => {
    const missing = 1 - share.high - share.low
    if (missing === 0) return undefined
    const odds = missing / share.high
    const width = exp(error / missing)
    return [1 / (1 + odds * width), 1 / (1 + odds / width)]
  },
  arcsin: ({ high: share, low }, error) => {
    const missing = Math.max(0, 1 - share - low)
    if (missing === 0) return undefined
    const [sine, cosine] = [Math.sqrt(share), Math.sqrt(missing)]
    const width = (error * sine) / (2 * cosine)
    if (width >= Math.PI / 2) return [0, 1]
    // sin(a ± b) of the angle whose sine is the root of the share; below 0 and above a right angle it is cut.
    const by = sineAndCosine(width)
    const below = sine * by.cosine - cosine * by.sine
    const above = sine * by.cosine + cosine * by.sine
    return [by.sine >= sine ? 0 : below * below, by.sine >= cosine ? 1 : above * above]
  },
}

/**
 * The interval of a share that survives.
 *
 * @param error - z times the standard error of ln S, which is that of the cumulative hazard.
 */
export function survivalInterval(
  share: SharpShare,
  error: number,
  transform: SurvivalTransform,
): SurvivalInterval {
  if (share.high === 0) return AT_ZERO
  const ends = survivalTransforms[transform](share, error)
  if (ends === undefined) return AT_ONE
  return {
    kind: 'estimate',
    low: Math.max(0, Math.min(share.high, ends[0])),
    high: Math.min(1, Math.max(share.high, ends[1])),
  }
}

/** Both ends before they are cut; `undefined` where survival is 1 and the scale has no place for it. */
type Ends = (share: SharpShare, error: number) => readonly [number, number] | undefined

const lnOf = ({ high, low }: SharpShare): number => (high > 0.5 ? log1p(high - 1 + low) : ln(high))

const AT_ZERO: SurvivalInterval = { kind: 'undefined', reason: 'survival-zero' }
const AT_ONE: SurvivalInterval = { kind: 'undefined', reason: 'survival-one' }
