import type { AnyEvent, Instant } from '../kernel/index.js'
import type { Move } from '../ledger/index.js'
import type { Paid } from './account.js'
import type { CapReason } from './earning/caps.js'
import type { CapUse, Counted, Limits } from './earning/limits.js'
import type { LineShare } from './earning/lines.js'
import type { MultiplierReason } from './earning/multipliers.js'
import type { UnpaidReason } from './earning/stacking.js'
import type { HolderEvent } from './holders/holder-events.js'
import type { MoneyDue } from './holders/negative.js'
import type { ClaimEndData, ClaimedData } from './rewards/events.js'
import type { MoneyBack } from './spending/refunding.js'
import type { TierData } from './tiers/events.js'

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
  /** In a pool: whose points wait. */
  readonly member?: string
  /** Whether what waits is confirmed already, where it has to be. */
  readonly confirmed?: true
  /** Of a rule over lines: where each line stands. */
  readonly lines?: readonly LineShare[]
  /** How many of those taken back were not there: let go, or owed in money. */
  readonly uncollected?: number
  readonly due?: number
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
  /** In a pool: whose event it was. */
  readonly member?: string
  /** Of points given by hand: which command did, and until when that can be reversed. */
  readonly command?: string
  readonly reversibleUntil?: Instant
  /** Of a correction: what had been let go or owed in money, and need not be given back; below zero. */
  readonly uncollected?: number
  readonly due?: MoneyDue
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
  /** How much of what was due was not there, and is let go or owed in money. */
  readonly uncollected?: number
  readonly due?: MoneyDue
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

/** What some lots record: a confirmation, an expiry. */
export interface LotsData extends Corrects {
  readonly points: number
  readonly currency: string
  /** Whose points were confirmed, where an event or a command did it. */
  readonly origin?: string
  readonly moves: readonly Move[]
  /** Rules under which points of the origin wait for room that are confirmed with it. */
  readonly waiting?: readonly string[]
  /** Why, where somebody did it by hand. */
  readonly reason?: LastingReason
}

/** Why somebody changed by hand how long points last. */
export interface LastingReason {
  readonly code: 'expired-by-hand' | 'extended-by-hand' | 'reinstated-by-hand'
  readonly text: string
}

/** What an extension records. */
export interface ExtendedData {
  readonly points: number
  readonly currency: string
  /** The new end. */
  readonly until: Instant
  readonly moves: readonly Move[]
  readonly reason: LastingReason
}

/** What a reinstatement records. */
export interface ReinstatedData extends ExtendedData {
  /** Of what expired: when, of which lot, with which end, and how much of it. */
  readonly restores: readonly (readonly [at: Instant, lot: number, end: Instant | null, amount: number])[]
}

/** What a refund of which nothing is known records. */
export interface UnmatchedData {
  readonly origin: string
  readonly event: string
}

/** What a return of spent points records. */
export interface RefundData {
  /** None where what came back before covers the share. */
  readonly points: number
  readonly currency: string
  readonly redemption: string
  readonly moves: readonly Move[]
  /** How much money was given back, where that was told. */
  readonly paid?: MoneyBack
}

/** What a redemption records. */
export interface RedemptionData {
  readonly points: number
  readonly currency: string
  /** Id of the command that spent them. */
  readonly redemption: string
  /** Which reservation they were captured from. */
  readonly reservation?: string
  readonly moves: readonly Move[]
  /** What they paid for, in minor units. */
  readonly paid?: Paid
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
  | (AnyEvent & { readonly type: `${Id}/redeemed`; readonly data: RedemptionData })
  | (AnyEvent & { readonly type: `${Id}/refunded`; readonly data: RefundData })
  | (AnyEvent & { readonly type: `${Id}/extended`; readonly data: ExtendedData })
  | (AnyEvent & { readonly type: `${Id}/reinstated`; readonly data: ReinstatedData })
  | (AnyEvent & { readonly type: `${Id}/unmatched`; readonly data: UnmatchedData })
  | (AnyEvent & { readonly type: `${Id}/reserved` | `${Id}/released`; readonly data: ReservationData })
  | (AnyEvent & { readonly type: `${Id}/clawed-back`; readonly data: ClawedBackData })
  | HolderEvent<Id>
  | (AnyEvent & {
      readonly type: `${Id}/tier-changed` | `${Id}/tier-kept` | `${Id}/tier-at-risk`
      readonly data: TierData
    })
  | (AnyEvent & { readonly type: `${Id}/reward-claimed`; readonly data: ClaimedData })
  | (AnyEvent & {
      readonly type: `${Id}/reward-${'paid' | 'cancelled' | 'lapsed' | 'returned'}`
      readonly data: ClaimEndData
    })
