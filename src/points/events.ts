import { type AnyEvent, detail, type Instant, integer, moment, plain, text } from '../kernel/index.js'
import type { Move } from '../ledger/index.js'
import type { CapReason, CapUse, Counted, Limits } from './caps.js'
import type { LineShare } from './lines.js'
import type { MultiplierReason } from './multipliers.js'
import type { UnpaidReason } from './stacking.js'
import { readTierOptions, type TierData, type TierSpecs, type TierWords, tierEvents } from './tiers/events.js'

/** Why points were earned: the arithmetic, with the numbers as they were. */
export interface EarningReason {
  readonly code: 'earned' | 'earned-per-event' | 'earned-by-line' | 'earned-per-line'
  readonly rule: string
  readonly points: number
  /** What the rate was applied to, for a rate per amount: decimal text for money. */
  readonly base?: string | number
  readonly per?: string | number
  /** Of the base and of `per`, where they are money. */
  readonly currency?: string
  /** The multiplier that held, and why. */
  readonly multiplier?: MultiplierReason
  /** Of a rule over lines: how many lines it was. */
  readonly lines?: number
  /** With `rounding: 'each'`: what was dropped, of the rule's denominator. */
  readonly dropped?: number
  /** Where caps cut it, and which rules were not paid because this one was. */
  readonly limits?: readonly CapReason[]
  readonly unpaid?: readonly UnpaidReason[]
  /** What was left over from earlier events, of the rule's denominator, and what is left over now. */
  readonly carried: number
  readonly carries: number
  readonly of: number
}

/** Where an origin stands: what was bought, refunded, earned and taken back, all of it so far. */
export interface Share {
  /** In minor units, or the field's integer; events, for a rate per event. */
  readonly base: number
  readonly refunded: number
  readonly earned: number
  /** What was taken back, what had expired before it could be included. */
  readonly clawedBack: number
  /** What expired of its own lots unspent. */
  readonly expired: number
  /** How much of that has stood in for a clawback: what expired is not owed again. */
  readonly excused: number
  /** What waits for room under a cap, and what refunds took back of what waited; where there is any. */
  readonly waits?: number
  readonly dropped?: number
  /** Whether what waits is confirmed already, where it has to be. */
  readonly confirmed?: true
  /** Of a rule over lines: where each line stands. */
  readonly lines?: readonly LineShare[]
}

/** Of an origin about which nothing is known. */
export const noShare: Share = { base: 0, refunded: 0, earned: 0, clawedBack: 0, expired: 0, excused: 0 }

/** What a posting that corrects another says beside that. */
export interface Corrects {
  /** Since when the correction decided again, whatever date it belongs to. */
  readonly correctsSince?: Instant
}

/** What an issue of points records. */
export interface EarnedData extends Corrects {
  readonly points: number
  readonly currency: string
  /** Absent for points given by hand. */
  readonly rule?: string
  readonly origin?: string
  readonly event?: string
  readonly confirmsAt?: Instant
  readonly expiresAt?: Instant
  /** How much of it repaid a deficit. */
  readonly repaid: number
  /** The posting: from issuance to where the points are, with the lot and its terms; none when no point was earned. */
  readonly moves: readonly Move[]
  readonly share?: Share
  readonly reason:
    | EarningReason
    | { readonly code: 'given-by-hand'; readonly text: string; readonly limits?: readonly CapReason[] }
    /** What had waited for room under a cap. */
    | {
        readonly code: 'paid-after-waiting'
        readonly rule: string
        readonly waited: number
        readonly limits?: readonly CapReason[]
      }
    /** What is left over of the rule, now that it is corrected. */
    | { readonly code: 'corrected'; readonly carries: number }
  /** Which caps it counts towards. */
  readonly counts?: readonly Counted[]
  /** Rules that its event is not paid under, now that it is paid under this one. */
  readonly instead?: readonly string[]
  /** Until when the rule rests. */
  readonly restsUntil?: Instant
  /** Of corrections: what the origin counts towards, and where limits stand now. */
  readonly uses?: readonly CapUse[]
  readonly standing?: Limits
}

/** What a clawback records. */
export interface ClawedBackData extends Corrects {
  /** What was taken; less than the share that was due where some of it had expired unspent. */
  readonly points: number
  readonly currency: string
  readonly rule: string
  readonly origin: string
  readonly event?: string
  /** How much of it became a deficit, because it was spent. */
  readonly deficit: number
  readonly moves: readonly Move[]
  readonly share: Share
  /** For corrections: what is left over of the rule now, and what the origin counts towards. */
  readonly carries?: number
  readonly uses?: readonly CapUse[]
  /** How much of what waited for room was taken back, beside the points. */
  readonly dropped?: number
  /** Where it makes room again. */
  readonly returned?: readonly CapUse[]
}

/** What the points engine emits, as fields. */
export type PointsSpecs<Id extends string, W extends TierWords = Record<never, never>> = ([keyof W] extends [
  never,
]
  ? unknown
  : TierSpecs<Id, W>) & {
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
  readonly [T in `${Id}/redeemed`]: {
    readonly points: { readonly type: 'integer' }
    readonly currency: { readonly type: 'text' }
    readonly redemption: { readonly type: 'text' }
    /** Which reservation it was captured from. */
    readonly reservation: { readonly type: 'text'; readonly required: false }
    readonly moves: { readonly type: 'detail' }
  }
} & {
  readonly [T in `${Id}/refunded`]: {
    readonly points: { readonly type: 'integer' }
    readonly currency: { readonly type: 'text' }
    readonly redemption: { readonly type: 'text' }
    readonly moves: { readonly type: 'detail' }
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
    readonly correctsSince: { readonly type: 'instant'; readonly required: false }
  }
}

/** What a points engine is told to do, as fields. */
export type CommandSpecs<
  Id extends string,
  C extends string = string,
  Track extends string = never,
  Tier extends string = never,
> = ([Track] extends [never] ? unknown : SetTierSpecs<Id, Track, Tier>) & {
  readonly [T in `${Id}/earn`]: {
    readonly points: { readonly type: 'integer' }
    readonly currency: OptionalWord<C>
    readonly reason: { readonly type: 'text' }
  }
} & {
  readonly [T in `${Id}/confirm`]: { readonly origin: { readonly type: 'text' } }
} & {
  readonly [T in `${Id}/redeem`]: {
    readonly points: { readonly type: 'integer' }
    readonly currency: OptionalWord<C>
    /** Numbers of lots, in the order in which they are to be spent. */
    readonly lots: { readonly type: 'detail'; readonly required: false }
  }
} & {
  readonly [T in `${Id}/reserve`]: {
    readonly points: { readonly type: 'integer' }
    readonly currency: OptionalWord<C>
    readonly until: { readonly type: 'instant'; readonly required: false }
    readonly lots: { readonly type: 'detail'; readonly required: false }
  }
} & {
  readonly [T in `${Id}/capture`]: {
    readonly reservation: { readonly type: 'text' }
    /** All of it unless told. */
    readonly points: { readonly type: 'integer'; readonly required: false }
    /** Whether what is not captured stays reserved; it is released unless told. */
    readonly keep: { readonly type: 'boolean'; readonly required: false }
  }
} & {
  readonly [T in `${Id}/release`]: { readonly reservation: { readonly type: 'text' } }
} & {
  readonly [T in `${Id}/refund`]: {
    readonly redemption: { readonly type: 'text' }
    readonly points: { readonly type: 'integer'; readonly required: false }
  }
}

/** A tier set by hand, as fields. */
type SetTierSpecs<Id extends string, Track extends string, Tier extends string> = {
  readonly [T in `${Id}/set-tier`]: {
    readonly track: { readonly type: 'text'; readonly oneOf: readonly Track[] }
    readonly tier: { readonly type: 'text'; readonly oneOf: readonly (Tier | 'none')[] }
    /** Until when it is held; as long as one that was reached unless told, and where none is held for ever. */
    readonly until: { readonly type: 'instant'; readonly required: false }
    readonly reason: { readonly type: 'text' }
  }
}

interface OptionalWord<C extends string> {
  readonly type: 'text'
  readonly oneOf: readonly C[]
  readonly required: false
}

/** Why a command is refused, in order of precedence. */
export type PointsRefusal =
  | { readonly code: 'points-not-positive'; readonly points: number }
  | { readonly code: 'ends-before-it-begins' }
  | { readonly code: 'unknown-reservation' }
  | {
      readonly code: 'capture-exceeds-reservation'
      readonly requested: number
      readonly reserved: number
    }
  | { readonly code: 'unknown-redemption' }
  | { readonly code: 'refund-exceeds-redemption'; readonly requested: number; readonly refundable: number }
  | { readonly code: 'unknown-lot' }
  | { readonly code: 'insufficient-points'; readonly requested: number; readonly available: number }
  | { readonly code: 'nothing-pending' }
  | { readonly code: 'balance-out-of-range' }
  | { readonly code: 'unknown-tier' }
  | { readonly code: 'tier-ends-before-it-begins' }

/** What some lots record: a confirmation, an expiry. */
export interface LotsData extends Corrects {
  readonly points: number
  readonly currency: string
  /** Whose points were confirmed, where an event or a command did it. */
  readonly origin?: string
  readonly moves: readonly Move[]
  /** Rules under which points of the origin wait for room that are confirmed with it. */
  readonly waiting?: readonly string[]
}

/** What a redemption, or its return, records. */
export interface RedemptionData {
  readonly points: number
  readonly currency: string
  /** Id of the command that spent them. */
  readonly redemption: string
  /** Which reservation they were captured from. */
  readonly reservation?: string
  readonly moves: readonly Move[]
}

/** What a reservation, or its end, records. */
export interface ReservationData {
  readonly points: number
  readonly currency: string
  /** Id of the command that set them aside. */
  readonly reservation: string
  /** When it ends by itself. */
  readonly until?: Instant
  readonly moves: readonly Move[]
}

/** What the points engine emits. */
export type PointsEvent<Id extends string> =
  | (AnyEvent & { readonly type: `${Id}/earned`; readonly data: EarnedData })
  | (AnyEvent & { readonly type: `${Id}/confirmed` | `${Id}/expired`; readonly data: LotsData })
  | (AnyEvent & { readonly type: `${Id}/redeemed` | `${Id}/refunded`; readonly data: RedemptionData })
  | (AnyEvent & { readonly type: `${Id}/reserved` | `${Id}/released`; readonly data: ReservationData })
  | (AnyEvent & { readonly type: `${Id}/clawed-back`; readonly data: ClawedBackData })
  | (AnyEvent & {
      readonly type: `${Id}/tier-changed` | `${Id}/tier-kept` | `${Id}/tier-at-risk`
      readonly data: TierData
    })

/**
 * What a points engine of this id emits, before it is defined: for catalogues of others that feed it in turn, and for its own
 * rules that read its tiers. `tiers` lists the words of each track, the lowest first: what is said below the first tier (the
 * track's `base`, or `none`), then the tiers.
 *
 * @throws DefinitionError `wrong-type`, `missing`, `duplicate-name` for words that no track could have.
 * @example
 * const others = defineEvents({ ...pointsEvents('points') })
 * const shop = defineEvents({ ...pointsEvents('points', { tiers: { level: ['none', 'silver', 'gold'] } }) })
 */
export function pointsEvents<const Id extends string, const W extends TierWords = Record<never, never>>(
  id: Id,
  options: { readonly tiers?: W } = {},
): PointsSpecs<Id, W> {
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
      reason: detail(),
      counts: detail().optional(),
      instead: detail().optional(),
      restsUntil: moment().optional(),
      uses: detail().optional(),
      standing: detail().optional(),
      correctsSince,
    },
    [`${id}/confirmed`]: lots,
    [`${id}/expired`]: lots,
    [`${id}/redeemed`]: { points, currency, redemption: text(), reservation: text().optional(), moves },
    [`${id}/reserved`]: { points, currency, reservation: text(), until: moment().optional(), moves },
    [`${id}/released`]: { points, currency, reservation: text(), until: moment().optional(), moves },
    [`${id}/refunded`]: { points, currency, redemption: text(), moves },
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
      correctsSince,
    },
    ...tierEvents(id, readTierOptions(options)),
  }) as unknown as PointsSpecs<Id, W>
}
