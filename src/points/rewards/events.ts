import { fault } from '../../kernel/errors.js'
import {
  detail,
  type EventSpecs,
  flag,
  type Instant,
  integer,
  moment,
  type ReasonLeaf,
  text,
} from '../../kernel/index.js'

/** A part of a price, said: how many points, how much money. */
export type PricePart =
  | { readonly code: 'price-points'; readonly points: number }
  | { readonly code: 'price-money'; readonly amount: string; readonly currency: string }

/** Why a reward was claimed, or what came back. */
export interface ClaimReason {
  readonly code: 'claimed' | 'came-back'
  readonly reward: string
  readonly quantity: number
  /** Of all pieces. */
  readonly price: readonly PricePart[]
  /** The comparisons that let the member claim it. */
  readonly because?: readonly { readonly code: 'eligible'; readonly leaves: readonly ReasonLeaf[] }[]
}

/** Why a claim is over that nobody paid for. */
export interface LapseReason {
  readonly code: 'not-paid-in-time'
  readonly until: Instant
}

/** Money of all pieces: in the smallest unit, and as it is read. */
export interface ClaimMoney {
  readonly minor: number
  readonly amount: string
  readonly currency: string
}

/** What a claim records. Its points are in the `reserved` or `redeemed` beside it, under the claim's id. */
export interface ClaimedData {
  readonly claim: string
  readonly reward: string
  readonly quantity: number
  /** Of one price of several: which. */
  readonly option?: string
  /** Of all pieces. */
  readonly points: number
  readonly currency: string
  /** What is due; none where points pay for all. */
  readonly money?: ClaimMoney
  readonly stock?: string
  /** Until when it waits for its money; a claim without is complete. */
  readonly until?: Instant
  /** Of a complete one: until when it is remembered. */
  readonly keptUntil?: Instant
  /** By limit: when it stops counting; `null` for never. */
  readonly leaves: { readonly [limit: string]: Instant | null }
  readonly reason: ClaimReason
}

/** What a payment of a claim, or its end, records. */
export interface ClaimEndData {
  readonly claim: string
  readonly reward: string
  readonly quantity: number
  readonly stock?: string
  readonly keptUntil: Instant
  /** Of a payment: by which, and how much. Of pieces that came back: how much is to be paid back. */
  readonly payment?: string
  readonly money?: ClaimMoney
  /** Of pieces that came back. */
  readonly points?: number
  readonly currency?: string
  /** Whether its pieces may be claimed again under the limits. */
  readonly freesLimits?: boolean
  readonly reason?: ClaimReason | LapseReason
}

type Text = { readonly type: 'text' }
type Integer = { readonly type: 'integer' }
type Moment = { readonly type: 'instant' }
type Flag = { readonly type: 'boolean' }
type Detail = { readonly type: 'detail' }
type Optional<F> = F & { readonly required: false }

type ClaimFields = {
  readonly claim: Text
  readonly reward: Text
  readonly quantity: Integer
  readonly stock: Optional<Text>
}

/** What rewards emit, as fields. */
export type RewardSpecs<Id extends string> = {
  readonly [T in `${Id}/reward-claimed`]: ClaimFields & {
    readonly option: Optional<Text>
    readonly points: Integer
    readonly currency: Text
    readonly money: Optional<Detail>
    readonly until: Optional<Moment>
    readonly keptUntil: Optional<Moment>
    readonly leaves: Detail
    readonly reason: Detail
  }
} & {
  readonly [T in `${Id}/reward-paid`]: ClaimFields & {
    readonly payment: Text
    readonly money: Detail
    readonly keptUntil: Moment
  }
} & {
  readonly [T in `${Id}/reward-cancelled`]: ClaimFields & {
    readonly freesLimits: Flag
    readonly keptUntil: Moment
  }
} & {
  readonly [T in `${Id}/reward-lapsed`]: ClaimFields & {
    readonly freesLimits: Flag
    readonly keptUntil: Moment
    readonly reason: Detail
  }
} & {
  readonly [T in `${Id}/reward-returned`]: ClaimFields & {
    readonly points: Integer
    readonly currency: Text
    readonly money: Optional<Detail>
    readonly freesLimits: Flag
    readonly keptUntil: Moment
    readonly reason: Detail
  }
}

type Words<W extends string> = Text & { readonly oneOf: readonly W[] }

/** What members are told to claim, as fields. */
export type RewardCommandSpecs<Id extends string, Reward extends string> = {
  readonly [T in `${Id}/claim`]: {
    readonly reward: Words<Reward>
    /** One piece unless told. */
    readonly quantity: Optional<Integer>
    /** Which of several prices; the first unless told. */
    readonly option: Optional<Text>
    /** Where it ends waiting for its money earlier than was agreed. */
    readonly until: Optional<Moment>
    /** The name of what was reserved: `rewardPlan` gives it. */
    readonly stock: Optional<Text>
  }
} & {
  readonly [T in `${Id}/pay`]: {
    readonly claim: Text
    /** What the payment is called where it was made. */
    readonly payment: Text
    /** Decimal text. */
    readonly amount: Text
    readonly currency: Text
  }
} & {
  readonly [T in `${Id}/cancel`]: { readonly claim: Text }
} & {
  /** All pieces unless told. */
  readonly [T in `${Id}/return`]: { readonly claim: Text; readonly quantity: Optional<Integer> }
}

/** The commands of rewards, at the door. */
export const rewardCommands: EventSpecs = {
  claim: {
    reward: { type: 'text' },
    quantity: { type: 'integer', required: false },
    option: { type: 'text', required: false },
    until: { type: 'instant', required: false },
    stock: { type: 'text', required: false },
  },
  pay: {
    claim: { type: 'text' },
    payment: { type: 'text' },
    amount: { type: 'text' },
    currency: { type: 'text' },
  },
  cancel: { claim: { type: 'text' } },
  return: { claim: { type: 'text' }, quantity: { type: 'integer', required: false } },
}

/** Whether events of rewards are asked for. @throws DefinitionError */
export function readRewardOptions({ rewards = false }: { readonly rewards?: unknown }): boolean {
  if (typeof rewards !== 'boolean') throw fault('wrong-type', '$.options.rewards', rewards, 'true or false')
  return rewards
}

/** What rewards emit, by type. */
export function rewardEvents(id: string): EventSpecs {
  const one = { claim: text(), reward: text(), quantity: integer(), stock: text().optional() }
  const ended = { ...one, freesLimits: flag(), keptUntil: moment() }
  const price = { points: integer(), currency: text(), money: detail().optional() }
  return {
    [`${id}/reward-claimed`]: {
      ...one,
      ...price,
      option: text().optional(),
      until: moment().optional(),
      keptUntil: moment().optional(),
      leaves: detail(),
      reason: detail(),
    },
    [`${id}/reward-paid`]: { ...one, payment: text(), money: detail(), keptUntil: moment() },
    [`${id}/reward-cancelled`]: ended,
    [`${id}/reward-lapsed`]: { ...ended, reason: detail() },
    [`${id}/reward-returned`]: { ...ended, ...price, reason: detail() },
  }
}

/** Why a command about a reward is refused, in order of precedence. */
export type RewardRefusal =
  /** The command's id names a claim, a reservation or a redemption that there is. */
  | { readonly code: 'claim-exists' }
  | { readonly code: 'unknown-reward' }
  | RewardClosed
  /** Ten comparisons at most, with the numbers read. */
  | NotEligible
  | { readonly code: 'quantity-out-of-range'; readonly requested: number; readonly most: number }
  | RewardLimitReached
  | { readonly code: 'unknown-price' }
  // Here `ends-before-it-begins` and `insufficient-points`.
  | { readonly code: 'stock-not-reserved' }
  /** It never was, or it was over so long ago that it is forgotten. */
  | { readonly code: 'unknown-claim' }
  | { readonly code: 'claim-open'; readonly until: Instant }
  | { readonly code: 'claim-completed'; readonly since: Instant }
  /** Cancelled, lapsed or returned. */
  | { readonly code: 'claim-over'; readonly since: Instant }
  | { readonly code: 'payment-unreadable'; readonly due: string; readonly currency: string }
  | {
      readonly code: 'payment-differs'
      readonly due: string
      readonly paid: string
      readonly currency: string
    }
  /** A reservation or a redemption that is part of a claim: pay, cancel or return that. */
  | { readonly code: 'part-of-a-claim' }
  /** An account with open claims neither closes nor goes over to another. */
  | { readonly code: 'claims-open'; readonly claims: number }

/** Why a reward is not on offer at an instant. */
export type RewardClosed =
  | { readonly code: 'offer-begins'; readonly from: Instant }
  | { readonly code: 'offer-over'; readonly until: Instant }
  /** A campaign of named days: from when on the next of them runs, within a year. */
  | {
      readonly code: 'offer-rests'
      readonly again: { readonly code: 'room-again'; readonly at: Instant } | null
    }

/** Why a member may not claim it. */
export interface NotEligible {
  readonly code: 'not-eligible'
  readonly leaves: readonly ReasonLeaf[]
}

/** Why so many pieces are too many. */
export interface RewardLimitReached {
  readonly code: 'reward-limit'
  readonly limit: string
  readonly most: number
  readonly left: number
  readonly requested: number
  /** When there is room for so many by time alone; `null` where there never is. */
  readonly again: { readonly code: 'room-again'; readonly at: Instant } | null
}
