import { detail, integer, moment, plain, text } from '../kernel/index.js'
import { type HolderSpecs, holderEvents } from './holders/holder-events.js'
import { type RewardSpecs, readRewardOptions, rewardEvents } from './rewards/events.js'
import { readTierOptions, type TierSpecs, type TierWords, tierEvents } from './tiers/events.js'

/** What the points engine emits, as fields. */
export type PointsSpecs<
  Id extends string,
  W extends TierWords = Record<never, never>,
  Rewards extends boolean = false,
> = PartSpecs<Id, W, Rewards> & {
  readonly [T in `${Id}/earned`]: {
    readonly points: { readonly type: 'integer' }
    readonly currency: { readonly type: 'text' }
    readonly rule: { readonly type: 'text'; readonly required: false }
    readonly origin: { readonly type: 'text'; readonly required: false }
    readonly event: { readonly type: 'text'; readonly required: false }
    readonly confirmsAt: { readonly type: 'instant'; readonly required: false }
    readonly expiresAt: { readonly type: 'instant'; readonly required: false }
    readonly repaid: { readonly type: 'integer' }
    readonly moves: { readonly type: 'detail' }
    readonly share: { readonly type: 'detail'; readonly required: false }
    readonly member: { readonly type: 'text'; readonly required: false }
    readonly command: { readonly type: 'text'; readonly required: false }
    readonly reversibleUntil: { readonly type: 'instant'; readonly required: false }
    readonly uncollected: { readonly type: 'integer'; readonly required: false }
    readonly due: { readonly type: 'detail'; readonly required: false }
    readonly reason: { readonly type: 'detail' }
    readonly counts: { readonly type: 'detail'; readonly required: false }
    readonly instead: { readonly type: 'detail'; readonly required: false }
    readonly restsUntil: { readonly type: 'instant'; readonly required: false }
    readonly uses: { readonly type: 'detail'; readonly required: false }
    readonly standing: { readonly type: 'detail'; readonly required: false }
    /** Of a correction: since when it decided again. */
    readonly correctsSince: { readonly type: 'instant'; readonly required: false }
  }
} & {
  readonly [T in `${Id}/confirmed` | `${Id}/expired`]: {
    readonly points: { readonly type: 'integer' }
    readonly currency: { readonly type: 'text' }
    readonly origin: { readonly type: 'text'; readonly required: false }
    readonly moves: { readonly type: 'detail' }
    readonly waiting: { readonly type: 'detail'; readonly required: false }
    readonly correctsSince: { readonly type: 'instant'; readonly required: false }
  }
} & {
  readonly [T in `${Id}/expired`]: {
    /** Why, where somebody did it by hand. */
    readonly reason: { readonly type: 'detail'; readonly required: false }
  }
} & {
  readonly [T in `${Id}/extended`]: {
    readonly points: { readonly type: 'integer' }
    readonly currency: { readonly type: 'text' }
    readonly until: { readonly type: 'instant' }
    readonly moves: { readonly type: 'detail' }
    readonly reason: { readonly type: 'detail' }
  }
} & {
  readonly [T in `${Id}/reinstated`]: {
    readonly points: { readonly type: 'integer' }
    readonly currency: { readonly type: 'text' }
    readonly until: { readonly type: 'instant' }
    readonly moves: { readonly type: 'detail' }
    readonly restores: { readonly type: 'detail' }
    readonly reason: { readonly type: 'detail' }
  }
} & {
  readonly [T in `${Id}/unmatched`]: {
    readonly origin: { readonly type: 'text' }
    readonly event: { readonly type: 'text' }
  }
} & {
  readonly [T in `${Id}/redeemed`]: {
    readonly points: { readonly type: 'integer' }
    readonly currency: { readonly type: 'text' }
    readonly redemption: { readonly type: 'text' }
    /** Which reservation it was captured from. */
    readonly reservation: { readonly type: 'text'; readonly required: false }
    readonly moves: { readonly type: 'detail' }
    readonly paid: { readonly type: 'detail'; readonly required: false }
  }
} & {
  readonly [T in `${Id}/refunded`]: {
    readonly points: { readonly type: 'integer' }
    readonly currency: { readonly type: 'text' }
    readonly redemption: { readonly type: 'text' }
    readonly moves: { readonly type: 'detail' }
    readonly paid: { readonly type: 'detail'; readonly required: false }
  }
} & {
  readonly [T in `${Id}/reserved` | `${Id}/released`]: {
    readonly points: { readonly type: 'integer' }
    readonly currency: { readonly type: 'text' }
    readonly reservation: { readonly type: 'text' }
    readonly until: { readonly type: 'instant'; readonly required: false }
    readonly moves: { readonly type: 'detail' }
  }
} & {
  readonly [T in `${Id}/clawed-back`]: {
    readonly points: { readonly type: 'integer' }
    readonly currency: { readonly type: 'text' }
    readonly rule: { readonly type: 'text' }
    readonly origin: { readonly type: 'text' }
    readonly event: { readonly type: 'text'; readonly required: false }
    /** How much of it became a deficit, because it was spent. */
    readonly deficit: { readonly type: 'integer' }
    readonly moves: { readonly type: 'detail' }
    readonly share: { readonly type: 'detail' }
    readonly carries: { readonly type: 'integer'; readonly required: false }
    readonly uses: { readonly type: 'detail'; readonly required: false }
    readonly dropped: { readonly type: 'integer'; readonly required: false }
    readonly returned: { readonly type: 'detail'; readonly required: false }
    /** How much of what was due was not there, and is let go, or owed in money. */
    readonly uncollected: { readonly type: 'integer'; readonly required: false }
    readonly due: { readonly type: 'detail'; readonly required: false }
    readonly correctsSince: { readonly type: 'instant'; readonly required: false }
  }
} & HolderSpecs<Id>

/** What the parts of an engine add to it: tiers where there are tracks, claims where there are rewards. */
type PartSpecs<Id extends string, W extends TierWords, Rewards extends boolean> = ([keyof W] extends [never]
  ? unknown
  : TierSpecs<Id, W>) &
  (Rewards extends true ? RewardSpecs<Id> : unknown)

/**
 * What a points engine of this id emits, before it is defined: for catalogues of others that feed it in turn, and for its own
 * rules that read its tiers. `tiers` lists the words of each track, the lowest first: what is said below the first tier (the
 * track's `base`, or `none`), then the tiers. `rewards: true` brings the events of claims.
 *
 * @throws DefinitionError `wrong-type`, `missing`, `duplicate-name` for words that no track could have.
 * @example
 * const others = defineEvents({ ...pointsEvents('points') })
 * const shop = defineEvents({ ...pointsEvents('points', { tiers: { level: ['none', 'silver', 'gold'] } }) })
 */
export function pointsEvents<
  const Id extends string,
  const W extends TierWords = Record<never, never>,
  const Rewards extends boolean = false,
>(id: Id, options: { readonly tiers?: W; readonly rewards?: Rewards } = {}): PointsSpecs<Id, W, Rewards> {
  const optional = { rule: text().optional(), origin: text().optional(), event: text().optional() }
  const points = integer()
  const currency = text()
  const moves = detail()
  const correctsSince = moment().optional()
  const lots = {
    points,
    currency,
    origin: text().optional(),
    moves,
    waiting: detail().optional(),
    correctsSince,
  }
  return plain({
    [`${id}/earned`]: {
      points,
      currency,
      ...optional,
      confirmsAt: moment().optional(),
      expiresAt: moment().optional(),
      repaid: integer(),
      moves,
      share: detail().optional(),
      member: text().optional(),
      command: text().optional(),
      reversibleUntil: moment().optional(),
      uncollected: integer().optional(),
      due: detail().optional(),
      reason: detail(),
      counts: detail().optional(),
      instead: detail().optional(),
      restsUntil: moment().optional(),
      uses: detail().optional(),
      standing: detail().optional(),
      correctsSince,
    },
    [`${id}/confirmed`]: lots,
    [`${id}/expired`]: { ...lots, reason: detail().optional() },
    [`${id}/redeemed`]: {
      points,
      currency,
      redemption: text(),
      reservation: text().optional(),
      moves,
      paid: detail().optional(),
    },
    [`${id}/reserved`]: { points, currency, reservation: text(), until: moment().optional(), moves },
    [`${id}/released`]: { points, currency, reservation: text(), until: moment().optional(), moves },
    [`${id}/refunded`]: { points, currency, redemption: text(), moves, paid: detail().optional() },
    [`${id}/extended`]: { points, currency, until: moment(), moves, reason: detail() },
    [`${id}/reinstated`]: {
      points,
      currency,
      until: moment(),
      moves,
      restores: detail(),
      reason: detail(),
    },
    [`${id}/unmatched`]: { origin: text(), event: text() },
    [`${id}/clawed-back`]: {
      points,
      currency,
      rule: text(),
      origin: text(),
      event: text().optional(),
      deficit: integer(),
      moves,
      share: detail(),
      carries: integer().optional(),
      uses: detail().optional(),
      dropped: integer().optional(),
      returned: detail().optional(),
      uncollected: integer().optional(),
      due: detail().optional(),
      correctsSince,
    },
    ...holderEvents(id),
    ...tierEvents(id, readTierOptions(options)),
    ...(readRewardOptions(options) ? rewardEvents(id) : {}),
  }) as unknown as PointsSpecs<Id, W, Rewards>
}
