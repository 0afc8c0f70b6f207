import {
  type AnyEvent,
  detail,
  type EventSpecs,
  type Instant,
  moment,
  money,
  plain,
  type ReasonLeaf,
  text,
} from '../../kernel/index.js'
import type { Move } from '../../ledger/index.js'

/** Postings in the two books of an account; amounts in the smallest unit. */
export interface StoredMoves {
  readonly principal: readonly Move[]
  readonly bonus: readonly Move[]
}

/** Why a top-up brought what it did. */
export type BonusReason =
  | { readonly code: 'no-bonus' }
  | {
      readonly code: 'bonus-granted' | 'bonus-by-percent'
      readonly rule: string
      readonly from: string
      readonly amount: string
      readonly bonus: string
      readonly currency: string
      readonly percent?: string
      /** What of its condition held. */
      readonly because?: { readonly code: 'bonus-condition'; readonly leaves: readonly ReasonLeaf[] }
    }

/** What a top-up, or what came from another account, records. */
export interface ToppedUpData {
  readonly amount: string
  /** Names the money that came in: nothing is credited under it again. */
  readonly payment: string
  readonly bonus: string
  readonly rule?: string
  readonly expiresAt?: Instant
  readonly moves: StoredMoves
  readonly reason: BonusReason
}
/** What a correction of a bonus has to say beside its amounts. */
export type BonusNote =
  /**
   * `bonus-stays`: was spent, set aside, settled or has ended, and is not taken back. `bonus-settled`: belongs to principal that was
   * repaid, and is not given. `limit-withholds`: would exceed the limit, and is not given.
   */
  | {
      readonly code: 'bonus-stays' | 'bonus-settled' | 'limit-withholds'
      readonly amount: string
      readonly currency: string
    }
  /** What is left ends then, or never. */
  | { readonly code: 'bonus-ends'; readonly at: Instant }
  | { readonly code: 'bonus-lasts' }

/** How a bonus is corrected: what was told, what follows from the facts as they are known now. */
export type BonusCorrectionReason =
  | {
      readonly code: 'bonus-corrected'
      readonly was: string
      readonly is: string
      readonly given: string
      readonly taken: string
      readonly currency: string
      readonly notes: readonly BonusNote[]
    }
  /** As much as was told, until another end. */
  | {
      readonly code: 'bonus-term-corrected'
      readonly bonus: string
      readonly currency: string
      readonly notes: readonly BonusNote[]
    }

/** What a replay records that finds a top-up to bring another bonus than was told. */
export interface BonusCorrectedData {
  readonly payment: string
  /** Its name in the books. */
  readonly topUp: string
  readonly given: string
  readonly taken: string
  /** Which rule brings the bonus by what is known now, and when what is given ends. */
  readonly rule?: string
  readonly expiresAt?: Instant
  readonly moves: StoredMoves
  /** Where the top-up stands after it; amounts in the smallest unit. */
  readonly standing: {
    readonly bonus: number
    readonly settled: number
    readonly told: { readonly bonus: number; readonly rule?: string; readonly expiresAt: Instant | null }
  }
  readonly reason: BonusCorrectionReason
  /** Since when everything was decided again. */
  readonly correctsSince: Instant
}

/** What arrived from another account. */
export interface ReceivedData {
  readonly amount: string
  readonly transfer: string
  readonly from: string
  readonly moves: StoredMoves
}
/** What was sent to another account. */
export interface SentData {
  readonly amount: string
  readonly transfer: string
  readonly to: string
  readonly moves: StoredMoves
}

/** What a purchase, or its return, records. */
export interface PurchaseData {
  readonly amount: string
  /** How much of it is principal and how much is bonus. */
  readonly principal: string
  readonly bonus: string
  /** Id of the command that paid. */
  readonly purchase: string
  /** Which reservation it was captured from. */
  readonly reservation?: string
  /** Of a return: what went back to a top-up that had been reversed, and so not to the account. */
  readonly withheld?: string
  readonly moves: StoredMoves
}

/** What a reservation, or its end, records. */
export interface HeldData {
  readonly amount: string
  /** Id of the command that set it aside. */
  readonly reservation: string
  readonly until?: Instant
  readonly moves: StoredMoves
}

/** Where a top-up stands after some of its principal has left in cash; amounts in the smallest unit. */
export interface TopUpChange {
  readonly payment: string
  readonly withdrawn: number
  readonly settled: number
  readonly excused: number
  readonly lapsed: number
}

/** What a repayment of principal, or the end of an account, records. */
export interface WithdrawnData {
  /** Principal that left the account. */
  readonly amount: string
  /** What is to be repaid: the amount less what was deducted. */
  readonly cash: string
  readonly deducted: string
  /** Bonus that was lost with it. */
  readonly bonus: string
  readonly moves: StoredMoves
  readonly topUps: readonly TopUpChange[]
  readonly reason: { readonly code: 'repaid' | 'repaid-less-bonus'; readonly [name: string]: string }
}

/** What a reversed top-up records. */
export interface ReversedData {
  readonly payment: string
  /** Its name in the books. */
  readonly topUp: string
  /** Principal and bonus that were still there and were taken. */
  readonly amount: string
  readonly bonus: string
  /** Principal that was spent or repaid before; nobody's balance goes below zero for it. */
  readonly uncovered: string
  readonly moves: StoredMoves
}

/** What expired. */
export interface LapsedData {
  readonly amount: string
  readonly of: 'principal' | 'bonus'
  readonly moves: StoredMoves
}

type Money<M extends string> = { readonly type: 'money'; readonly currency: M }
type Text = { readonly type: 'text' }
type Optional<F> = F & { readonly required: false }
type Detail = { readonly type: 'detail' }
type At = { readonly type: 'instant' }

/** What an engine of stored value emits, as fields. */
export type StoredValueSpecs<Id extends string, M extends string = string> = {
  readonly [T in `${Id}/topped-up`]: {
    readonly amount: Money<M>
    readonly payment: Text
    readonly bonus: Money<M>
    readonly rule: Optional<Text>
    readonly expiresAt: Optional<At>
    readonly moves: Detail
    readonly reason: Detail
  }
} & {
  readonly [T in `${Id}/paid` | `${Id}/refunded`]: {
    readonly amount: Money<M>
    readonly principal: Money<M>
    readonly bonus: Money<M>
    readonly purchase: Text
    readonly reservation: Optional<Text>
    readonly withheld: Optional<Money<M>>
    readonly moves: Detail
  }
} & {
  readonly [T in `${Id}/reserved` | `${Id}/released`]: {
    readonly amount: Money<M>
    readonly reservation: Text
    readonly until: Optional<At>
    readonly moves: Detail
  }
} & {
  readonly [T in `${Id}/withdrawn` | `${Id}/closed`]: {
    readonly amount: Money<M>
    readonly cash: Money<M>
    readonly deducted: Money<M>
    readonly bonus: Money<M>
    readonly moves: Detail
    readonly topUps: Detail
    readonly reason: Detail
  }
} & {
  readonly [T in `${Id}/reversed`]: {
    readonly payment: Text
    readonly topUp: Text
    readonly amount: Money<M>
    readonly bonus: Money<M>
    readonly uncovered: Money<M>
    readonly moves: Detail
  }
} & {
  readonly [T in `${Id}/bonus-corrected`]: {
    readonly payment: Text
    readonly topUp: Text
    readonly given: Money<M>
    readonly taken: Money<M>
    readonly rule: Optional<Text>
    readonly expiresAt: Optional<At>
    readonly moves: Detail
    readonly standing: Detail
    readonly reason: Detail
    readonly correctsSince: At
  }
} & {
  readonly [T in `${Id}/sent`]: {
    readonly amount: Money<M>
    readonly transfer: Text
    readonly to: Text
    readonly moves: Detail
  }
} & {
  readonly [T in `${Id}/received`]: {
    readonly amount: Money<M>
    readonly transfer: Text
    readonly from: Text
    readonly moves: Detail
  }
} & {
  readonly [T in `${Id}/expired`]: {
    readonly amount: Money<M>
    readonly of: { readonly type: 'text'; readonly oneOf: readonly ['principal', 'bonus'] }
    readonly moves: Detail
  }
} & {
  readonly [T in `${Id}/frozen` | `${Id}/unfrozen`]: { readonly reason: Text }
}

/** What an engine of stored value is told to do, as fields. */
export type StoredValueCommands<Id extends string, M extends string = string> = {
  readonly [T in `${Id}/top-up`]: { readonly amount: Money<M>; readonly payment: Text }
} & {
  readonly [T in `${Id}/pay`]: { readonly amount: Money<M> }
} & {
  readonly [T in `${Id}/reserve`]: { readonly amount: Money<M>; readonly until: Optional<At> }
} & {
  readonly [T in `${Id}/capture`]: {
    readonly reservation: Text
    /** All of it unless told. */
    readonly amount: Optional<Money<M>>
    /** Whether what is not captured stays reserved; it is released unless told. */
    readonly keep: { readonly type: 'boolean'; readonly required: false }
  }
} & {
  readonly [T in `${Id}/release`]: { readonly reservation: Text }
} & {
  readonly [T in `${Id}/refund`]: { readonly purchase: Text; readonly amount: Optional<Money<M>> }
} & {
  /** All that is left unless told. */
  readonly [T in `${Id}/withdraw`]: { readonly amount: Optional<Money<M>> }
} & {
  readonly [T in `${Id}/reverse`]: { readonly payment: Text }
} & {
  readonly [T in `${Id}/send`]: { readonly amount: Money<M>; readonly to: Text }
} & {
  readonly [T in `${Id}/receive`]: {
    readonly amount: Money<M>
    readonly transfer: Text
    readonly from: Text
  }
} & {
  readonly [T in `${Id}/freeze` | `${Id}/unfreeze`]: { readonly reason: Text }
} & {
  readonly [T in `${Id}/close`]: Record<never, never>
}

/** Why a command is refused, in order of precedence. Amounts are decimal text. */
export type StoredValueRefusal =
  | { readonly code: 'account-closed' }
  | { readonly code: 'amount-not-positive'; readonly amount: string }
  | { readonly code: 'account-frozen'; readonly disputes: number; readonly byHand: boolean }
  | { readonly code: 'already-frozen' }
  | { readonly code: 'not-frozen' }
  | { readonly code: 'transfers-not-agreed' }
  | { readonly code: 'withdrawals-not-agreed' }
  | { readonly code: 'already-credited' }
  | {
      readonly code: 'above-limit'
      readonly limit: string
      readonly would: string
      readonly currency: string
    }
  | { readonly code: 'purchase-exists' }
  | { readonly code: 'hold-exists' }
  | { readonly code: 'hold-ends-before-it-begins' }
  | { readonly code: 'unknown-hold' }
  | {
      readonly code: 'capture-exceeds-hold'
      readonly requested: string
      readonly reserved: string
      readonly currency: string
    }
  | { readonly code: 'unknown-purchase' }
  | {
      readonly code: 'refund-exceeds-purchase'
      readonly requested: string
      readonly refundable: string
      readonly currency: string
    }
  | { readonly code: 'unknown-payment' }
  | { readonly code: 'money-reserved'; readonly reserved: string; readonly currency: string }
  | { readonly code: 'nothing-to-repay' }
  | {
      readonly code: 'insufficient-funds'
      readonly requested: string
      readonly available: string
      readonly currency: string
    }
  | { readonly code: 'whole-remainder-only'; readonly remainder: string; readonly currency: string }
  | { readonly code: 'principal-left'; readonly principal: string; readonly currency: string }

/** What an engine of stored value emits. */
export type StoredValueEvent<Id extends string> =
  | (AnyEvent & { readonly type: `${Id}/topped-up`; readonly data: ToppedUpData })
  | (AnyEvent & { readonly type: `${Id}/paid` | `${Id}/refunded`; readonly data: PurchaseData })
  | (AnyEvent & { readonly type: `${Id}/reserved` | `${Id}/released`; readonly data: HeldData })
  | (AnyEvent & { readonly type: `${Id}/withdrawn` | `${Id}/closed`; readonly data: WithdrawnData })
  | (AnyEvent & { readonly type: `${Id}/reversed`; readonly data: ReversedData })
  | (AnyEvent & { readonly type: `${Id}/bonus-corrected`; readonly data: BonusCorrectedData })
  | (AnyEvent & { readonly type: `${Id}/sent`; readonly data: SentData })
  | (AnyEvent & { readonly type: `${Id}/received`; readonly data: ReceivedData })
  | (AnyEvent & { readonly type: `${Id}/expired`; readonly data: LapsedData })
  | (AnyEvent & {
      readonly type: `${Id}/frozen` | `${Id}/unfrozen`
      readonly data: { readonly reason: string }
    })

/**
 * What an engine of stored value emits, before it is defined: for catalogues of others, and of its own, whose rules
 * count top-ups and purchases.
 *
 * @example
 * const events = defineEvents({ ...storedValueEvents('wallet', 'CNY') })
 * events.count('wallet/topped-up').is(0)
 */
export function storedValueEvents<const Id extends string, const M extends string>(
  id: Id,
  currency: M,
): StoredValueSpecs<Id, M> {
  const amount = money(currency)
  const moves = detail()
  const purchase = {
    amount,
    principal: amount,
    bonus: amount,
    purchase: text(),
    reservation: text().optional(),
    withheld: amount.optional(),
    moves,
  }
  const held = { amount, reservation: text(), until: moment().optional(), moves }
  const left = {
    amount,
    cash: amount,
    deducted: amount,
    bonus: amount,
    moves,
    topUps: detail(),
    reason: detail(),
  }
  const specs: EventSpecs = {
    [`${id}/topped-up`]: {
      amount,
      payment: text(),
      bonus: amount,
      rule: text().optional(),
      expiresAt: moment().optional(),
      moves,
      reason: detail(),
    },
    [`${id}/paid`]: purchase,
    [`${id}/refunded`]: purchase,
    [`${id}/reserved`]: held,
    [`${id}/released`]: held,
    [`${id}/withdrawn`]: left,
    [`${id}/closed`]: left,
    [`${id}/reversed`]: { payment: text(), topUp: text(), amount, bonus: amount, uncovered: amount, moves },
    [`${id}/bonus-corrected`]: {
      payment: text(),
      topUp: text(),
      given: amount,
      taken: amount,
      rule: text().optional(),
      expiresAt: moment().optional(),
      moves,
      standing: detail(),
      reason: detail(),
      correctsSince: moment(),
    },
    [`${id}/sent`]: { amount, transfer: text(), to: text(), moves },
    [`${id}/received`]: { amount, transfer: text(), from: text(), moves },
    [`${id}/expired`]: { amount, of: text('principal', 'bonus'), moves },
    [`${id}/frozen`]: { reason: text() },
    [`${id}/unfrozen`]: { reason: text() },
  }
  return plain(specs) as unknown as StoredValueSpecs<Id, M>
}

/** What it is told to do, as fields. */
export function storedValueCommands(id: string, currency: string): EventSpecs {
  const amount = money(currency)
  const until = moment().optional()
  return plain({
    [`${id}/top-up`]: { amount, payment: text() },
    [`${id}/pay`]: { amount },
    [`${id}/reserve`]: { amount, until },
    [`${id}/capture`]: {
      reservation: text(),
      amount: amount.optional(),
      keep: { type: 'boolean', required: false },
    },
    [`${id}/release`]: { reservation: text() },
    [`${id}/refund`]: { purchase: text(), amount: amount.optional() },
    [`${id}/withdraw`]: { amount: amount.optional() },
    [`${id}/reverse`]: { payment: text() },
    [`${id}/send`]: { amount, to: text() },
    [`${id}/receive`]: { amount, transfer: text(), from: text() },
    [`${id}/freeze`]: { reason: text() },
    [`${id}/unfreeze`]: { reason: text() },
    [`${id}/close`]: {},
  }) as unknown as EventSpecs
}
