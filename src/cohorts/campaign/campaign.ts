import { type Instant, moneyOf, type PeriodUnit } from '../../kernel/index.js'
import { nearestFloat } from '../../measures/accumulator.js'
import type { GroupValue } from '../../measures/activity/group-value.js'
import { type CampaignOffset, offsetOf } from './offset.js'
import { type CampaignComparison, type CampaignOptions, readOptions } from './options.js'
import { type Ask, cellsOf, costsOf } from './pairs.js'
import { type CampaignRetention, type CampaignStratum, readStrata } from './strata.js'
import { type CampaignCaution, type CampaignStatement, cautionsOf } from './verdict.js'

/** What a campaign brought, once one knows who is left. */
export interface CampaignTruth {
  readonly currency: string
  readonly period: PeriodUnit
  readonly asOf: Instant
  readonly level: number
  readonly campaign: readonly GroupValue[]
  readonly comparison: CampaignComparison
  /** How many came by the campaign. */
  readonly acquired: number
  /** Decimal text: all that was spent. */
  readonly cost: string
  readonly costPerAcquired: CampaignRatio
  /** One for each stratum and cohort; people and costs add up to the whole. */
  readonly cohorts: readonly CampaignCohort[]
  readonly offsets: readonly CampaignOffset[]
  /** The headline: who came, and what is said at the last offset asked for that is over. */
  readonly verdict: readonly CampaignStatement[]
  /** What a reader of the numbers has to know. */
  readonly cautions: readonly CampaignCaution[]
}

/** Those who entered in one period, of one stratum. */
export interface CampaignCohort {
  /** `null` without strata. */
  readonly stratum: string | null
  readonly cohort: string
  readonly acquired: number
  readonly compared: number
  /** Its part of the costs, decimal text. */
  readonly cost: string
}

/** Units of the currency per person. */
export type CampaignRatio =
  | { readonly kind: 'estimate'; readonly value: number }
  | { readonly kind: 'undefined'; readonly reason: 'nobody-acquired' }

/**
 * What a campaign brought: not how many came, but who is left, what each of them cost, and how many of them would not be
 * here without it.
 *
 * Only complete cells count. Where the younger cohorts of a campaign are not over at an offset, their people *and their part
 * of the costs* are left out of it, so that early numbers are not made better by late money. Costs are exact: those per
 * person go with the person, fixed ones are split over cohorts by how many came, and parts add up to the whole.
 *
 * The cost of the campaign is known and how many stay is not, so its interval is that of the share turned over: cost / (n x
 * share). Of nobody retained there is no cost each, only a least one. The cost of an incremental user turns over the
 * interval of the difference; where zero is in it, that has no end, and the answer says so.
 *
 * A person belongs to the group of the first entry, so that an old customer who takes the offer is not acquired by it.
 *
 * @param retention - With a breakdown by a field of the entry; or several of these, by stratum, each with a filter of its own.
 * @throws DefinitionError `wrong-type` and `out-of-range` for what is no such retention, also where people stand in several
 * groups or rows (`of: 'event'`, entry rule `recurring`); `unknown-name` for a group, cohort or stratum that it does not have;
 * `duplicate-name` for a group on both sides; `too-large` for more than 2^53 - 1 people; `invalid-amount` for costs; `missing` where there is no total to read.
 * @see Newcombe (1998), method 10; Zou & Donner (2008); Fieller (1954), "Some problems in interval estimation", for ratios whose
 * interval has no end.
 * @example
 * const truth = measureCampaign(retention, { campaign: ['one-yuan-tea'],
 *   comparison: { kind: 'observational', groups: 'everybody-else' },
 *   costs: { currency: 'CNY', fixed: '20000.00', perPerson: '1.60' }, offsets: [1, 3] })
 * truth.offsets[1].costPerRetained // => { kind: 'estimate', value: 85.7, interval: { low: 81.2, high: 90.5, … }, … }
 */
export function measureCampaign(
  retention: CampaignRetention | readonly CampaignStratum[],
  options: CampaignOptions,
): CampaignTruth {
  const read = readOptions(options)
  const { strata, named } = readStrata(retention, read)
  const cells = cellsOf(strata, read)
  const { costs, acquired, whole } = costsOf(cells, read)
  const text = (minor: bigint) => moneyOf(minor, read.currency).amount
  const scale = BigInt(`1${'0'.repeat(read.digits)}`)
  const { period, asOf } = strata[0]!
  const elapsed = strata.some(({ elapsed: one }) => one)
  const ask: Ask = { ...read, cells, costs, acquired, scale, text, unit: elapsed ? null : period }
  const offsets = read.offsets.map((offset) => offsetOf(offset, ask))
  const costPerAcquired: CampaignRatio =
    acquired === 0
      ? { kind: 'undefined', reason: 'nobody-acquired' }
      : { kind: 'estimate', value: nearestFloat(whole, BigInt(acquired) * scale, 0) }
  const telling = offsets.filter(({ n }) => n > 0).at(-1) ?? offsets[0]!
  return {
    currency: read.currency,
    period,
    asOf,
    level: read.level,
    campaign: read.campaign,
    comparison: read.comparison,
    acquired,
    cost: text(whole),
    costPerAcquired,
    cohorts: cells.map(({ stratum, cohort, campaign, comparison }, i) => ({
      stratum: named ? stratum : null,
      cohort,
      acquired: campaign.size,
      compared: comparison.size,
      cost: text(costs[i]!),
    })),
    offsets,
    verdict: [
      ...(costPerAcquired.kind === 'estimate'
        ? [
            {
              code: 'acquired',
              n: acquired,
              perPerson: costPerAcquired.value,
              currency: read.currency,
            } as const,
          ]
        : []),
      ...telling.verdict,
    ],
    cautions: cautionsOf({
      comparison: read.comparison.kind,
      standardised: read.standardise !== undefined,
      acquired,
      cells,
      offsets,
    }),
  }
}
