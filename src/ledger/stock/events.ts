import {
  type AnyEvent,
  type DataOf,
  detail,
  type EventSpecs,
  type Instant,
  integer,
  moment,
  money,
  plain,
  ref,
  text,
} from '../../kernel/index.js'
import type { StockAmount } from './definition.js'

type AmountField<U extends string> = U extends 'pieces'
  ? { readonly type: 'integer' }
  : { readonly type: 'money'; readonly currency: U }
type Text = { readonly type: 'text' }
type Moment = { readonly type: 'instant' }
type Holder = { readonly type: 'ref'; readonly role: 'holder' }
type Optional<F> = F & { readonly required: false }

/** What a stock is told to do, as fields. */
export type StockCommandSpecs<Id extends string, U extends string> = {
  readonly [T in `${Id}/restock` | `${Id}/withdraw`]: {
    readonly amount: AmountField<U>
    readonly reason: Text
  }
} & {
  readonly [T in `${Id}/reserve`]: {
    readonly amount: AmountField<U>
    readonly holder: Text
    readonly until: Optional<Moment>
  }
} & {
  readonly [T in `${Id}/take`]: { readonly amount: AmountField<U>; readonly holder: Text }
} & {
  readonly [T in `${Id}/commit` | `${Id}/give-back`]: {
    readonly reservation: Text
    readonly amount: Optional<AmountField<U>>
  }
} & {
  readonly [T in `${Id}/release`]: { readonly reservation: Text }
} & {
  readonly [T in `${Id}/close`]: { readonly reason: Text }
}

/** What a stock emits, as fields. */
export type StockSpecs<Id extends string, U extends string> = {
  readonly [T in `${Id}/restocked` | `${Id}/withdrawn`]: {
    readonly amount: AmountField<U>
    readonly reason: Text
  }
} & {
  readonly [T in `${Id}/reserved`]: {
    readonly reservation: Text
    readonly holder: Holder
    readonly amount: AmountField<U>
    readonly until: Optional<Moment>
    /** By limit: when the reservation stops counting against it; `null` for never. */
    readonly leaves: { readonly type: 'detail' }
  }
} & {
  readonly [T in `${Id}/committed` | `${Id}/released`]: {
    readonly reservation: Text
    readonly holder: Holder
    readonly amount: AmountField<U>
    /** Where the reservation is over by it: until when it is remembered. */
    readonly keptUntil: Optional<Moment>
  }
} & {
  readonly [T in `${Id}/lapsed`]: {
    readonly amount: AmountField<U>
    /** Each with its holder, and how much of it lapsed in the smallest unit. */
    readonly reservations: { readonly type: 'detail' }
    readonly keptUntil: Moment
  }
} & {
  readonly [T in `${Id}/given-back`]: {
    readonly reservation: Text
    readonly holder: Holder
    readonly amount: AmountField<U>
  }
} & {
  readonly [T in `${Id}/closed`]: { readonly reason: Text; readonly available: AmountField<U> }
}

/** A reservation that lapsed, and how much of it, in the smallest unit. */
export interface LapsedPart {
  readonly reservation: string
  readonly holder: string
  readonly units: number
}

interface DataByKind<A> {
  readonly reserved: {
    readonly reservation: string
    readonly holder: string
    readonly amount: A
    readonly until?: Instant
    readonly leaves: { readonly [limit: string]: Instant | null }
  }
  readonly lapsed: {
    readonly amount: A
    readonly reservations: readonly LapsedPart[]
    readonly keptUntil: Instant
  }
}

/** What a stock emits. */
export type StockEvent<Id extends string, U extends string> = {
  [T in keyof StockSpecs<Id, U> & string]: AnyEvent & {
    readonly type: T
    readonly data: T extends `${string}/${infer K extends keyof DataByKind<unknown>}`
      ? DataByKind<StockAmount<U>>[K]
      : DataOf<StockSpecs<Id, U>[T]>
  }
}[keyof StockSpecs<Id, U> & string]

/** What was asked for and cannot be had now. */
interface Shortage<A> {
  readonly requested: A
  /** How much could be had. */
  readonly available: A
  /** Absent for pieces. */
  readonly currency?: string
  /**
   * When the same request would be accepted if nothing else happens, with all that stands in its way counted;
   * `null` where time alone will not do.
   */
  readonly again: { readonly code: 'again-at'; readonly at: Instant } | null
}

/** Why a command to a stock is refused, in order of precedence. */
export type StockRefusal<A = number | string> =
  | { readonly code: 'amount-not-positive'; readonly amount: A; readonly currency?: string }
  | { readonly code: 'holder-missing' }
  /** Nothing can be reserved, taken, restocked or withdrawn any more. */
  | { readonly code: 'stock-closed'; readonly closedAt: Instant }
  /** The command's id names a reservation that is still remembered. */
  | { readonly code: 'reservation-exists' }
  | { readonly code: 'until-passed'; readonly until: Instant }
  /** It never was, or it was over so long ago that it is forgotten. */
  | { readonly code: 'unknown-reservation' }
  /** It was committed, released, or lapsed. */
  | { readonly code: 'reservation-over'; readonly overSince: Instant }
  | {
      readonly code: 'exceeds-reservation'
      readonly requested: A
      readonly reserved: A
      readonly currency?: string
    }
  | {
      readonly code: 'exceeds-committed'
      readonly requested: A
      readonly committed: A
      readonly currency?: string
    }
  | ({ readonly code: 'holder-limit' | 'period-limit' | 'total-limit' } & LimitReached<A>)
  | ({ readonly code: 'sold-out' } & Shortage<A>)
  | {
      readonly code: 'exceeds-available'
      readonly requested: A
      readonly available: A
      readonly currency?: string
    }
  | { readonly code: 'stock-out-of-range' }

interface LimitReached<A> extends Shortage<A> {
  readonly limit: string
  readonly most: A
}

/**
 * What a stock of this id emits, before it is defined: for catalogues of others that hear of it. Holders take part in the
 * role `holder`: `catalogue.sum('gift/committed', 'amount', { as: 'holder' })`.
 *
 * @example
 * const shop = defineEvents({ ...stockEvents('gift', 'pieces') })
 */
export function stockEvents<const Id extends string, const U extends string>(
  id: Id,
  unit: U,
): StockSpecs<Id, U> {
  const amount = unit === 'pieces' ? integer() : money(unit)
  const one = { reservation: text(), holder: ref('holder'), amount }
  const told = { amount, reason: text() }
  const ending = { ...one, keptUntil: moment().optional() }
  return plain({
    [`${id}/restocked`]: told,
    [`${id}/withdrawn`]: told,
    [`${id}/reserved`]: { ...one, until: moment().optional(), leaves: detail() },
    [`${id}/committed`]: ending,
    [`${id}/released`]: ending,
    [`${id}/lapsed`]: { amount, reservations: detail(), keptUntil: moment() },
    [`${id}/given-back`]: one,
    [`${id}/closed`]: { reason: text(), available: amount },
  }) as unknown as StockSpecs<Id, U>
}

/** The commands of a stock of this id. */
export function stockCommands(id: string, unit: string): EventSpecs {
  const amount = unit === 'pieces' ? integer() : money(unit)
  const told = { amount, reason: text() }
  const part = { reservation: text(), amount: amount.optional() }
  return plain({
    [`${id}/restock`]: told,
    [`${id}/withdraw`]: told,
    [`${id}/reserve`]: { amount, holder: text(), until: moment().optional() },
    [`${id}/take`]: { amount, holder: text() },
    [`${id}/commit`]: part,
    [`${id}/release`]: { reservation: text() },
    [`${id}/give-back`]: part,
    [`${id}/close`]: { reason: text() },
  }) as unknown as EventSpecs
}
