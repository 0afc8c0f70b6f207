import type { Proportion } from '../../measures/index.js'

/** Why an offset has no number. */
export type Missing = 'nobody-acquired' | 'not-over' | 'not-observed'

/** A share with its Wilson interval, or why there is none. */
export type CampaignRate =
  | Extract<Proportion, { kind: 'estimate' }>
  | { readonly kind: 'undefined'; readonly reason: Missing | 'no-comparison' }

/** Units of the currency per person, between which it may plausibly be. */
export interface CampaignInterval {
  readonly low: number
  readonly high: number
  readonly level: number
}
