import { type AnyEvent, detail, flag, type Instant, integer, moment, text } from '../../kernel/index.js'
import type { LotPart, Move } from '../../ledger/index.js'
import type { TierState } from '../tiers/state.js'
import type { Admitted, Estate } from './merging.js'
import type { MoneyDue } from './negative.js'

type Optional<T extends string> = { readonly type: T; readonly required: false }

/** What is emitted about holders, as fields. */
export type HolderSpecs<Id extends string> = {
  readonly [T in `${Id}/enrolled`]: {
    readonly enrolledAt: { readonly type: 'instant' }
    /** The event that did it. */
    readonly event: Optional<'text'>
  }
} & {
  readonly [T in `${Id}/closed`]: {
    readonly reason: { readonly type: 'text' }
    readonly points: { readonly type: 'text'; readonly oneOf: readonly ['forfeit', 'pay-out'] }
  }
} & {
  readonly [T in `${Id}/forfeited`]: {
    readonly points: { readonly type: 'integer' }
    readonly currency: { readonly type: 'text' }
    readonly moves: { readonly type: 'detail' }
  }
} & {
  readonly [T in `${Id}/adjusted`]: {
    readonly points: { readonly type: 'integer' }
    readonly currency: { readonly type: 'text' }
    readonly reason: { readonly type: 'text' }
    readonly by: { readonly type: 'text' }
    readonly command: { readonly type: 'text' }
    readonly reversibleUntil: Optional<'instant'>
    readonly due: Optional<'detail'>
    readonly moves: { readonly type: 'detail' }
  }
} & {
  readonly [T in `${Id}/reversed`]: {
    readonly of: { readonly type: 'text' }
    readonly kind: {
      readonly type: 'text'
      readonly oneOf: readonly ['earned', 'adjusted', 'sent', 'received']
    }
    /** What came in by it, or went out below zero. */
    readonly points: { readonly type: 'integer' }
    readonly currency: { readonly type: 'text' }
    readonly deficit: { readonly type: 'integer' }
    readonly uncollected: Optional<'integer'>
    readonly due: Optional<'detail'>
    readonly moves: { readonly type: 'detail' }
  }
} & {
  readonly [T in `${Id}/sent`]: TransferFields & {
    readonly to: { readonly type: 'text' }
    /** Until when it counts towards the limit. */
    readonly countsUntil: Optional<'instant'>
  }
} & {
  readonly [T in `${Id}/received`]: TransferFields & { readonly from: { readonly type: 'text' } }
} & {
  readonly [T in `${Id}/handed-over`]: {
    readonly to: { readonly type: 'text' }
    readonly transfer: { readonly type: 'text' }
    readonly command: { readonly type: 'text' }
    readonly books: { readonly type: 'detail' }
    readonly estate: { readonly type: 'detail' }
  }
} & {
  readonly [T in `${Id}/taken-over`]: {
    readonly from: { readonly type: 'text' }
    readonly transfer: { readonly type: 'text' }
    /** Whether it undoes its own handing over. */
    readonly reopens: Optional<'boolean'>
    readonly tiers: Optional<'detail'>
    readonly books: { readonly type: 'detail' }
    readonly estate: { readonly type: 'detail' }
  }
}

type TransferFields = {
  readonly points: { readonly type: 'integer' }
  readonly currency: { readonly type: 'text' }
  readonly transfer: { readonly type: 'text' }
  readonly as: { readonly type: 'text'; readonly oneOf: readonly ['gift', 'pool-in', 'pool-out'] }
  readonly command: { readonly type: 'text' }
  readonly reversibleUntil: Optional<'instant'>
  /** The parts of lots, under the terms that they have with whoever receives them. */
  readonly parts: { readonly type: 'detail' }
  readonly moves: { readonly type: 'detail' }
}

/** What an enrolment records. */
export interface EnrolledData {
  readonly enrolledAt: Instant
  readonly event?: string
}

/** What an adjustment by hand records. */
export interface AdjustedData {
  readonly points: number
  readonly currency: string
  readonly reason: string
  readonly by: string
  readonly command: string
  readonly reversibleUntil?: Instant
  readonly due?: MoneyDue
  readonly moves: readonly Move[]
}

/** What the inverse of a posting records. */
export interface ReversalData {
  /** Id of the command that is reversed. */
  readonly of: string
  readonly kind: 'earned' | 'adjusted' | 'sent' | 'received'
  readonly points: number
  readonly currency: string
  readonly deficit: number
  readonly uncollected?: number
  readonly due?: MoneyDue
  readonly moves: readonly Move[]
}

/** What points record that go to another account, or come from one. */
export interface TransferData {
  readonly points: number
  readonly currency: string
  readonly to?: string
  readonly from?: string
  readonly transfer: string
  readonly as: 'gift' | 'pool-in' | 'pool-out'
  readonly command?: string
  readonly reversibleUntil?: Instant
  readonly countsUntil?: Instant
  readonly parts: readonly LotPart[]
  readonly moves: readonly Move[]
}

/** What an account records that is handed over to another. */
export interface HandedOverData {
  readonly to: string
  readonly transfer: string
  readonly command: string
  readonly books: readonly { readonly currency: string; readonly moves: readonly Move[] }[]
  readonly estate: Estate
}

/** What an account records that takes another over. */
export interface TakenOverData extends Admitted {
  readonly from: string
  readonly transfer: string
  readonly reopens?: boolean
  /** What counts towards tiers from now on, by track. */
  readonly tiers?: readonly TierState[]
}

/** What points record that are lost with their account. */
export interface ForfeitedData {
  readonly points: number
  readonly currency: string
  readonly moves: readonly Move[]
}

/** What the engine emits about holders. */
export type HolderEvent<Id extends string> =
  | (AnyEvent & { readonly type: `${Id}/enrolled`; readonly data: EnrolledData })
  | (AnyEvent & {
      readonly type: `${Id}/closed`
      readonly data: { readonly reason: string; readonly points: 'forfeit' | 'pay-out' }
    })
  | (AnyEvent & { readonly type: `${Id}/forfeited`; readonly data: ForfeitedData })
  | (AnyEvent & { readonly type: `${Id}/adjusted`; readonly data: AdjustedData })
  | (AnyEvent & { readonly type: `${Id}/reversed`; readonly data: ReversalData })
  | (AnyEvent & { readonly type: `${Id}/sent` | `${Id}/received`; readonly data: TransferData })
  | (AnyEvent & { readonly type: `${Id}/handed-over`; readonly data: HandedOverData })
  | (AnyEvent & { readonly type: `${Id}/taken-over`; readonly data: TakenOverData })

/** What is emitted about holders. */
export function holderEvents(id: string) {
  const points = integer()
  const currency = text()
  const moves = detail()
  const command = text()
  const reversibleUntil = moment().optional()
  const due = detail().optional()
  const transferred = {
    points,
    currency,
    transfer: text(),
    as: text('gift', 'pool-in', 'pool-out'),
    command,
    reversibleUntil,
    parts: detail(),
    moves,
  }
  return {
    [`${id}/enrolled`]: { enrolledAt: moment(), event: text().optional() },
    [`${id}/closed`]: { reason: text(), points: text('forfeit', 'pay-out') },
    [`${id}/forfeited`]: { points, currency, moves },
    [`${id}/adjusted`]: {
      points,
      currency,
      reason: text(),
      by: text(),
      command,
      reversibleUntil,
      due,
      moves,
    },
    [`${id}/reversed`]: {
      of: text(),
      kind: text('earned', 'adjusted', 'sent', 'received'),
      points,
      currency,
      deficit: integer(),
      uncollected: integer().optional(),
      due,
      moves,
    },
    [`${id}/sent`]: { ...transferred, to: text(), countsUntil: moment().optional() },
    [`${id}/received`]: { ...transferred, from: text() },
    [`${id}/handed-over`]: { to: text(), transfer: text(), command, books: detail(), estate: detail() },
    [`${id}/taken-over`]: {
      from: text(),
      transfer: text(),
      reopens: flag().optional(),
      tiers: detail().optional(),
      books: detail(),
      estate: detail(),
    },
  }
}
