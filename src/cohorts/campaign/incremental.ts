import { own } from '../../kernel/plain.js'
import { type Ask, nameOf } from './pairs.js'
import type { CampaignInterval, Missing } from './rate.js'
import { type CampaignPair, standardisedDifference } from './standardised-difference.js'

/** How many more stayed than if they had stayed like those of the comparison. */
export type Incremental =
  | {
      readonly kind: 'estimate'
      /** Whether the interval lies above zero, below it, or has zero in it. */
      readonly direction: 'more' | 'fewer' | 'not-distinguishable'
      /** Share of the campaign less share of the comparison, by the same weights. */
      readonly rate: { readonly value: number; readonly interval: CampaignInterval }
      /** Both shares, by these weights. */
      readonly campaign: number
      readonly comparison: number
      readonly people: IncrementalPeople
      /** People of the campaign in strata where there are people of the comparison too: of whom this speaks. */
      readonly n: number
      readonly strata: number
      /** The share of the weight in strata with people on one side only, which are left out. */
      readonly leftOut: number
      readonly method: 'newcombe' | 'standardised-newcombe'
    }
  | { readonly kind: 'undefined'; readonly reason: Missing | 'no-comparison' }

/** The difference as people of the campaign. By stated weights it is that of another population. */
export type IncrementalPeople =
  | { readonly kind: 'estimate'; readonly value: number; readonly interval: CampaignInterval }
  | { readonly kind: 'undefined'; readonly reason: 'other-population' }

/** What each cost who stayed beyond those who would have anyway. */
export type CostPerIncremental =
  | {
      readonly kind: 'estimate'
      readonly value: number
      readonly interval: CampaignInterval
      readonly method: 'inverted-difference'
    }
  /** Zero is in the interval of the difference: the cost is `atLeast` this, or there is no gain to divide by. */
  | {
      readonly kind: 'undefined'
      readonly reason: 'not-distinguishable-from-zero'
      readonly atLeast: number | null
    }
  | {
      readonly kind: 'undefined'
      readonly reason: Missing | 'no-comparison' | 'fewer-than-comparison' | 'other-population'
    }

/** The difference over strata in which both sides have somebody and are over, and what was spent on those. */
export function incrementalOf(
  offset: number,
  { cells, costs, level, standardise }: Ask,
  missing: Missing | undefined,
): { readonly answer: Incremental; readonly spent: bigint } {
  const byName = new Map<string, Pooled>()
  for (const [i, { stratum, cohort, campaign, comparison }] of cells.entries()) {
    const [a, b] = [campaign.cells.get(offset), comparison.cells.get(offset)]
    // An empty side has no cell that could be incomplete.
    if (campaign.size > 0 && a?.state !== 'complete') continue
    if (comparison.size > 0 && b?.state !== 'complete') continue
    const name = nameOf(standardise?.over, stratum, cohort)
    const pooled = byName.get(name) ?? { n: 0, retained: 0, others: 0, othersRetained: 0, spent: 0n }
    byName.set(name, {
      n: pooled.n + campaign.size,
      retained: pooled.retained + (a?.retained ?? 0),
      others: pooled.others + comparison.size,
      othersRetained: pooled.othersRetained + (b?.retained ?? 0),
      spent: pooled.spent + costs[i]!,
    })
  }
  const weights = standardise?.weights
  const pairs: CampaignPair[] = []
  let [whole, used, n, spent] = [0, 0, 0, 0n]
  for (const [name, { n: size, retained, others, othersRetained, spent: cost }] of byName) {
    const weight = weights === undefined ? size : (own(weights, name) ?? 0)
    whole += weight
    if (weight === 0 || size === 0 || others === 0) continue
    used += weight
    n += size
    spent += cost
    pairs.push({
      weight,
      campaign: { retained, n: size },
      comparison: { retained: othersRetained, n: others },
    })
  }
  if (pairs.length === 0)
    return { answer: { kind: 'undefined', reason: missing ?? 'no-comparison' }, spent: 0n }
  const { campaign, comparison, value, low, high } = standardisedDifference(pairs, level)
  return {
    answer: {
      kind: 'estimate',
      direction: low > 0 ? 'more' : high < 0 ? 'fewer' : 'not-distinguishable',
      rate: { value, interval: { low, high, level } },
      campaign,
      comparison,
      people:
        weights === undefined
          ? { kind: 'estimate', value: n * value, interval: { low: n * low, high: n * high, level } }
          : { kind: 'undefined', reason: 'other-population' },
      n,
      strata: pairs.length,
      leftOut: (whole - used) / whole,
      method: pairs.length === 1 ? 'newcombe' : 'standardised-newcombe',
    },
    spent,
  }
}

interface Pooled {
  readonly n: number
  readonly retained: number
  readonly others: number
  readonly othersRetained: number
  readonly spent: bigint
}

/** Turns the interval of the difference over, which has no end where zero lies in it. */
export function perIncremental(incremental: Incremental, money: number): CostPerIncremental {
  if (incremental.kind === 'undefined') return incremental
  const { direction, people } = incremental
  if (people.kind === 'undefined') return people
  const { low, high, level } = people.interval
  if (direction === 'fewer') return { kind: 'undefined', reason: 'fewer-than-comparison' }
  if (direction === 'not-distinguishable')
    return {
      kind: 'undefined',
      reason: 'not-distinguishable-from-zero',
      atLeast: high > 0 ? money / high : null,
    }
  return {
    kind: 'estimate',
    value: money / people.value,
    interval: { low: money / high, high: money / low, level },
    method: 'inverted-difference',
  }
}
