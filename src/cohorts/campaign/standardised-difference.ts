import { wilsonBounds } from '../../measures/proportions.js'

/** The people of both sides who share a stratum, and how much it counts. */
export interface CampaignPair {
  /** Above 0; only their proportions matter. */
  readonly weight: number
  /** How many of how many, of somebody at least. */
  readonly campaign: { readonly retained: number; readonly n: number }
  readonly comparison: { readonly retained: number; readonly n: number }
}

/** Both shares by the same weights, and how far they are apart. */
interface StandardisedDifference {
  readonly campaign: number
  readonly comparison: number
  /** Of the campaign less that of the comparison. */
  readonly value: number
  readonly low: number
  readonly high: number
}

/**
 * The difference of two shares, each a weighted mean of those of its strata (direct standardisation), with an interval
 * from the Wilson intervals of all strata: each end adds in squares how far the ends that pull that way lie from their
 * shares. Of one stratum it is Newcombe's method 10.
 *
 * @see Zou & Donner (2008), "Construction of confidence limits about effect measures: a general approach"; Yan & Su
 * (2010), "Stratified Wilson and Newcombe confidence intervals for multiple binomial proportions".
 */
export function standardisedDifference(
  pairs: readonly CampaignPair[],
  level: number,
): StandardisedDifference {
  const tail = (1 - level) / 2
  let whole = 0
  for (const { weight } of pairs) whole += weight
  let [campaign, comparison, below, above] = [0, 0, 0, 0]
  for (const { weight, campaign: a, comparison: b } of pairs) {
    const w = weight / whole
    const [p, q] = [a.retained / a.n, b.retained / b.n]
    const [lowA, highA] = wilsonBounds(a.retained, a.n - a.retained, tail)
    const [lowB, highB] = wilsonBounds(b.retained, b.n - b.retained, tail)
    campaign += w * p
    comparison += w * q
    below += w * w * ((p - lowA) * (p - lowA) + (highB - q) * (highB - q))
    above += w * w * ((highA - p) * (highA - p) + (q - lowB) * (q - lowB))
  }
  const value = campaign - comparison
  return {
    campaign,
    comparison,
    value,
    low: Math.max(-1, value - Math.sqrt(below)),
    high: Math.min(1, value + Math.sqrt(above)),
  }
}
