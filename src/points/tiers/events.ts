import { checkKeys, checkList, checkRecord, fault } from '../../kernel/errors.js'
import {
  detail,
  type EventSpecs,
  type Fields,
  type Instant,
  integer,
  moment,
  text,
} from '../../kernel/index.js'
import type { Corrects } from '../events.js'
import { checkTrackName, checkWords } from './definition.js'
import type { TierBasis } from './state.js'

/** Why a tier changed or stayed: `measured` against what had to be reached or kept up. */
export type TierReason =
  | {
      readonly code:
        | 'tier-reached'
        | 'tier-lost'
        | 'tier-reversed'
        | 'tier-renewed'
        | 'tier-requalified'
        | 'tier-recovered'
        | 'tier-at-risk'
      readonly measured: number
      readonly threshold: number
    }
  /** Set by hand for a time that has passed. */
  | { readonly code: 'tier-released'; readonly measured: number }
  | { readonly code: 'tier-set-by-hand'; readonly text: string }
  | { readonly code: 'tier-corrected' }
  /** It was that of an account which this one has taken over. */
  | { readonly code: 'tier-taken-over' }

/** What a decision about a tier records. */
export interface TierData extends Corrects {
  readonly track: string
  /** The tier from now on; the word for none below the first. */
  readonly tier: string
  /** The tier before, where it changed. */
  readonly from?: string
  /** The tier to which it falls when a grace ends, at the least. */
  readonly to?: string
  /** When the term ends, or the grace. */
  readonly until?: Instant
  /** When the term began, where one did. */
  readonly begins?: Instant
  readonly measured: number
  /** Of a correction: what counts for the term so far. */
  readonly counted?: number
  /** Of what is set by hand: what was reached then. */
  readonly reached?: string
  readonly basis?: TierBasis
  readonly reason: TierReason
}

/** The words of each track, the lowest first: `{ level: ['none', 'silver', 'gold'] }`. */
export type TierWords = { readonly [track: string]: readonly string[] }

type AnyTierField<Tier> = { readonly type: 'text'; readonly oneOf: readonly Tier[] }
type AnyTier<W extends TierWords> = AnyTierField<W[keyof W & string][number]>

type TierFields<W extends TierWords> = {
  readonly track: { readonly type: 'text'; readonly oneOf: readonly (keyof W & string)[] }
  readonly tier: AnyTier<W>
  readonly until: { readonly type: 'instant'; readonly required: false }
  readonly begins: { readonly type: 'instant'; readonly required: false }
  readonly measured: { readonly type: 'integer' }
  readonly counted: { readonly type: 'integer'; readonly required: false }
  readonly reached: AnyTier<W> & { readonly required: false }
  readonly basis: { readonly type: 'detail'; readonly required: false }
  readonly reason: { readonly type: 'detail' }
  readonly correctsSince: { readonly type: 'instant'; readonly required: false }
}

/** What tiers emit, as fields. Each track says its tier in a field of its name: `says('points', 'level')`. */
export type TierSpecs<Id extends string, W extends TierWords> = {
  readonly [T in `${Id}/tier-changed`]: TierFields<W> & {
    readonly from: AnyTier<W>
  } & {
    readonly [N in keyof W & string]: {
      readonly type: 'text'
      readonly oneOf: W[N]
      readonly required: false
      readonly says: N
      readonly initially: W[N][number]
    }
  }
} & {
  readonly [T in `${Id}/tier-kept`]: TierFields<W>
} & {
  readonly [T in `${Id}/tier-at-risk`]: TierFields<W> & { readonly to: AnyTier<W> }
}

/** What the tiers of an engine emit, by type; nothing without tracks. */
export function tierEvents(id: string, words: TierWords): EventSpecs {
  checkRecord(words, '$.tiers')
  const tracks = Object.entries(words)
  if (tracks.length === 0) return {}
  for (const [track, tiers] of tracks) {
    checkTrackName(track, `$.tiers.${track}`)
    checkList(tiers, `$.tiers.${track}`)
    if (tiers.length < 2)
      throw fault('missing', `$.tiers.${track}`, tiers, 'the word below the first tier, then the tiers')
    checkWords(tiers, (i) => `$.tiers.${track}[${i}]`)
  }
  const tier = text(...new Set(tracks.flatMap(([, tiers]) => tiers)))
  const fields: Fields = {
    track: text(...tracks.map(([track]) => track)),
    tier,
    until: moment().optional(),
    begins: moment().optional(),
    measured: integer(),
    counted: integer().optional(),
    reached: tier.optional(),
    basis: detail().optional(),
    reason: detail(),
    correctsSince: moment().optional(),
  }
  const said = tracks.map(([track, tiers]) => {
    const field = { ...text(...tiers).optional(), says: track, initially: tiers[0]! }
    return [track, field] as const
  })
  return {
    [`${id}/tier-changed`]: { ...fields, from: tier, ...Object.fromEntries(said) },
    [`${id}/tier-kept`]: fields,
    [`${id}/tier-at-risk`]: { ...fields, to: tier },
  }
}

/** The words for which events of tiers are asked. @throws DefinitionError */
export function readTierOptions(options: unknown): TierWords {
  checkRecord(options, '$.options')
  checkKeys(options as object, ['tiers', 'rewards'], '$.options')
  return (options as { readonly tiers?: TierWords }).tiers ?? {}
}
