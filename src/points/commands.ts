import type { Instant } from '../kernel/index.js'
import type { RewardCommandSpecs, RewardRefusal } from './rewards/events.js'

/** What a points engine is told to do, as fields. */
export type CommandSpecs<
  Id extends string,
  C extends string = string,
  Track extends string = never,
  Tier extends string = never,
  Reward extends string = never,
> = PartCommands<Id, Track, Tier, Reward> &
  HolderCommands<Id, C> & {
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
      /** What they pay for: `{ amount: '30.00', currency: 'CNY' }`, or `lines` by name instead of an amount. */
      readonly for: { readonly type: 'detail'; readonly required: false }
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
      readonly for: { readonly type: 'detail'; readonly required: false }
    }
  } & {
    readonly [T in `${Id}/release`]: { readonly reservation: { readonly type: 'text' } }
  } & {
    readonly [T in `${Id}/refund`]: {
      readonly redemption: { readonly type: 'text' }
      /** So many of them; all that is left, unless an amount or a line is told. */
      readonly points: { readonly type: 'integer'; readonly required: false }
      /** For so much of what they paid, decimal text in its currency; all that is left of a line, with `of` alone. */
      readonly amount: { readonly type: 'text'; readonly required: false }
      /** Of which line. */
      readonly of: { readonly type: 'text'; readonly required: false }
    }
  } & {
    readonly [T in `${Id}/expire`]: {
      /** All that can be spent, of the lots where they are told, unless told. */
      readonly points: { readonly type: 'integer'; readonly required: false }
      readonly currency: OptionalWord<C>
      readonly lots: { readonly type: 'detail'; readonly required: false }
      readonly reason: { readonly type: 'text' }
    }
  } & {
    readonly [T in `${Id}/extend`]: {
      readonly until: { readonly type: 'instant' }
      readonly currency: OptionalWord<C>
      /** All that end earlier, pending ones too, unless told. */
      readonly lots: { readonly type: 'detail'; readonly required: false }
      readonly reason: { readonly type: 'text' }
    }
  } & {
    readonly [T in `${Id}/reinstate`]: {
      /** All that can be, of the lots where they are told, unless told. */
      readonly points: { readonly type: 'integer'; readonly required: false }
      readonly until: { readonly type: 'instant' }
      readonly currency: OptionalWord<C>
      readonly lots: { readonly type: 'detail'; readonly required: false }
      readonly reason: { readonly type: 'text' }
    }
  }

type PartCommands<Id extends string, Track extends string, Tier extends string, Reward extends string> = ([
  Track,
] extends [never]
  ? unknown
  : SetTierSpecs<Id, Track, Tier>) &
  ([Reward] extends [never] ? unknown : RewardCommandSpecs<Id, Reward>)

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

/** What an engine is told of holders, as fields. */
type HolderCommands<Id extends string, C extends string> = {
  readonly [T in `${Id}/enrol`]: { readonly at: Optional<'instant'> }
} & {
  readonly [T in `${Id}/close`]: {
    readonly reason: { readonly type: 'text' }
    readonly points: { readonly type: 'text'; readonly oneOf: readonly ['forfeit', 'pay-out'] }
  }
} & {
  readonly [T in `${Id}/adjust`]: {
    /** Below zero to take them away. */
    readonly points: { readonly type: 'integer' }
    readonly currency: OptionalWord<C>
    readonly reason: { readonly type: 'text' }
    readonly by: { readonly type: 'text' }
  }
} & {
  /** Takes back what the command of that id posted. */
  readonly [T in `${Id}/reverse`]: { readonly of: { readonly type: 'text' } }
} & {
  readonly [T in `${Id}/send`]: {
    readonly to: { readonly type: 'text' }
    readonly points: { readonly type: 'integer' }
    readonly currency: OptionalWord<C>
    /** Which parts of which lots; those that would be spent first unless told. */
    readonly parts: Optional<'detail'>
    readonly transfer: { readonly type: 'text' }
    readonly as: OptionalWord<'gift' | 'pool-in' | 'pool-out'>
  }
} & {
  readonly [T in `${Id}/receive`]: {
    readonly from: { readonly type: 'text' }
    readonly parts: { readonly type: 'detail' }
    readonly currency: OptionalWord<C>
    readonly transfer: { readonly type: 'text' }
    readonly as: OptionalWord<'gift' | 'pool-in' | 'pool-out'>
  }
} & {
  readonly [T in `${Id}/hand-over`]: {
    readonly to: { readonly type: 'text' }
    readonly transfer: { readonly type: 'text' }
    readonly estate: { readonly type: 'detail' }
  }
} & {
  readonly [T in `${Id}/take-over`]: {
    readonly from: { readonly type: 'text' }
    readonly transfer: { readonly type: 'text' }
    readonly estate: { readonly type: 'detail' }
  }
}

type Optional<T extends string> = { readonly type: T; readonly required: false }

interface OptionalWord<C extends string> {
  readonly type: 'text'
  readonly oneOf: readonly C[]
  readonly required: false
}

/** Why a command is refused, in order of precedence. */
export type PointsRefusal =
  | { readonly code: 'account-closed' }
  | { readonly code: 'not-enrolled' }
  | { readonly code: 'already-enrolled' }
  | { readonly code: 'enrols-later' }
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
  | { readonly code: 'not-an-amount' }
  | { readonly code: 'points-or-amount' }
  | { readonly code: 'no-payment-recorded' }
  | { readonly code: 'unknown-line' }
  | {
      readonly code: 'refund-exceeds-payment'
      readonly requested: string
      readonly refundable: string
      readonly currency: string
    }
  | { readonly code: 'nothing-to-expire' }
  | { readonly code: 'never-ends' }
  | { readonly code: 'end-not-later'; readonly until: Instant; readonly after: Instant }
  | { readonly code: 'nothing-to-extend'; readonly until: Instant }
  | {
      readonly code: 'reinstate-exceeds-expired'
      readonly requested: number
      readonly reinstatable: number
    }
  | { readonly code: 'nothing-pending' }
  | { readonly code: 'nothing-to-adjust' }
  | { readonly code: 'unknown-posting' }
  | { readonly code: 'already-reversed' }
  | { readonly code: 'to-itself' }
  | { readonly code: 'not-transferable' }
  | { readonly code: 'malformed-parts' }
  | { readonly code: 'not-as-planned' }
  | { readonly code: 'transfer-limit-exceeded'; readonly requested: number; readonly left: number }
  | { readonly code: 'balance-out-of-range' }
  | { readonly code: 'unknown-tier' }
  | { readonly code: 'tier-ends-before-it-begins' }
  | RewardRefusal
