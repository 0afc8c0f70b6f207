import {
  type AnyEvent,
  detail,
  type EventSpecs,
  type Instant,
  integer,
  moment,
  money,
  plain,
  type ReasonLeaf,
  text,
} from '../kernel/index.js'

/** Why a benefit was issued. */
export type IssueReason =
  | { readonly code: 'issued-by-hand' }
  | {
      /** `issued-late`: what should have been issued at `dueAt`, by what is known since. */
      readonly code: 'issued-by-event' | 'issued-by-time' | 'issued-late'
      readonly benefit: string
      readonly because?: IssueCondition
    }
interface IssueCondition {
  readonly code: 'issue-condition'
  readonly leaves: readonly ReasonLeaf[]
}

/** What an issue records, or the question to its budget. Amounts are decimal text. */
export interface IssuedData {
  readonly issue: string
  readonly benefit: string
  readonly owner: string
  /** The subject of the budget, and what is to be reserved there; none for what is unfunded. */
  readonly budget?: string
  readonly reserves: string
  readonly uses: number
  /** When it can no longer be claimed, where it has to be, or used. */
  readonly ends?: Instant
  readonly claim: boolean
  /** Which of the benefit's rules, from 0, and the event that it answers. */
  readonly rule?: number
  readonly event?: string
  readonly reason: IssueReason
  /** Of a correction: since when it corrects, and when the issue would have been made. */
  readonly correctsSince?: Instant
  readonly dueAt?: Instant
}
/** What became of one issue. */
export interface IssueData {
  readonly issue: string
  readonly benefit: string
  readonly ends?: Instant
  /** What the budget need no longer keep. */
  readonly releases: string
  readonly reason?: string
  readonly was?: 'claimable' | 'usable'
  /** Of a correction: since when it corrects, and when its rule of time issued before, if it did. */
  readonly correctsSince?: Instant
  readonly lastIssuedAt?: Instant
}
/** An issue that stands after a correction, as one that was due at another instant, or that was not due and cannot be taken back. */
export interface KeptData {
  readonly issue: string
  readonly benefit: string
  readonly dueAt?: Instant
  readonly correctsSince: Instant
  /** When its rule of time issued last, this one included. */
  readonly lastIssuedAt?: Instant
}
/** One benefit in an order. */
export interface UsedInOrder {
  readonly issue: string
  readonly benefit: string
  readonly discount: string
  /** Of the discount, by line. */
  readonly shares: readonly string[]
  /** What its budget kept for the issue, what it pays, and what it need no longer keep. */
  readonly kept: string
  readonly cost: string
  readonly releases: string
}
/** What the use of benefits in an order records. */
export interface UsedData {
  readonly order: string
  readonly discount: string
  readonly payable: string
  /** What is left to pay of each line, and of shipping. */
  readonly lines: readonly string[]
  readonly shipping: string
  readonly benefits: readonly UsedInOrder[]
}
/** What comes back with a refunded order. */
export interface ReturnedData {
  readonly order: string
  readonly benefits: readonly {
    readonly issue: string
    readonly benefit: string
    readonly ends?: Instant
    /** What its budget gets back and keeps for it again. */
    readonly restores: string
  }[]
}
/** An issue on its way to another subject, or come from one. */
export interface MovedData {
  readonly issue: string
  readonly benefit: string
  readonly to?: string
  readonly from?: string
  readonly uses: number
  readonly reserves: string
  readonly ends?: Instant
}

type Text = { readonly type: 'text' }
type Optional<F> = F & { readonly required: false }
type Detail = { readonly type: 'detail' }
type At = { readonly type: 'instant' }
type Count = { readonly type: 'integer' }
type Money = { readonly type: 'money'; readonly currency: string }
type Word<B extends string> = { readonly type: 'text'; readonly oneOf: readonly B[] }

/** What an engine of benefits emits, as fields. */
export type BenefitsSpecs<Id extends string, B extends string = string> = {
  readonly [T in `${Id}/requested` | `${Id}/issued`]: {
    readonly issue: Text
    readonly benefit: Word<B>
    readonly owner: Text
    readonly budget: Optional<Text>
    readonly reserves: Money
    readonly uses: Count
    readonly ends: Optional<At>
    readonly claim: { readonly type: 'boolean' }
    readonly rule: Optional<Count>
    readonly event: Optional<Text>
    readonly reason: Detail
    readonly correctsSince: Optional<At>
    readonly dueAt: Optional<At>
  }
} & {
  readonly [T in `${Id}/denied` | `${Id}/claimed` | `${Id}/expired` | `${Id}/revoked`]: {
    readonly issue: Text
    readonly benefit: Word<B>
    readonly ends: Optional<At>
    readonly releases: Money
    readonly reason: Optional<Text>
    readonly was: Optional<Word<'claimable' | 'usable'>>
    readonly correctsSince: Optional<At>
    readonly lastIssuedAt: Optional<At>
  }
} & {
  readonly [T in `${Id}/kept`]: {
    readonly issue: Text
    readonly benefit: Word<B>
    readonly dueAt: Optional<At>
    readonly correctsSince: At
    readonly lastIssuedAt: Optional<At>
  }
} & {
  readonly [T in `${Id}/used`]: {
    readonly order: Text
    readonly discount: Money
    readonly payable: Money
    readonly lines: Detail
    readonly shipping: Money
    readonly benefits: Detail
  }
} & {
  readonly [T in `${Id}/returned`]: { readonly order: Text; readonly benefits: Detail }
} & {
  readonly [T in `${Id}/sent` | `${Id}/received`]: {
    readonly issue: Text
    readonly benefit: Word<B>
    readonly to: Optional<Text>
    readonly from: Optional<Text>
    readonly uses: Count
    readonly reserves: Money
    readonly ends: Optional<At>
  }
}

/** What an engine of benefits is told to do, as fields. */
export type BenefitsCommands<Id extends string, B extends string = string> = {
  /** Issues; with `reservation`, which says under which name the budget has reserved already, at once. */
  readonly [T in `${Id}/issue`]: { readonly benefit: Word<B>; readonly reservation: Optional<Text> }
} & {
  /** What the budget answered. */
  readonly [T in `${Id}/grant` | `${Id}/claim`]: { readonly issue: Text }
} & {
  readonly [T in `${Id}/deny` | `${Id}/revoke`]: { readonly issue: Text; readonly reason: Text }
} & {
  /** `cart`: `{ lines: [{ amount, group? }], shipping? }`; `issues`: a list of them. */
  readonly [T in `${Id}/use`]: { readonly order: Text; readonly cart: Detail; readonly issues: Detail }
} & {
  /** A service, without an order. */
  readonly [T in `${Id}/redeem`]: { readonly issue: Text }
} & {
  readonly [T in `${Id}/return`]: { readonly order: Text; readonly refunded: Word<'whole' | 'part'> }
} & {
  readonly [T in `${Id}/send`]: { readonly issue: Text; readonly to: Text }
} & {
  readonly [T in `${Id}/receive`]: {
    readonly issue: Text
    readonly benefit: Word<B>
    readonly from: Text
    readonly uses: Count
    readonly reserves: Money
    readonly ends: Optional<At>
  }
}

/** Why a command is refused, in order of precedence. Amounts are decimal text. */
export type BenefitsRefusal =
  | { readonly code: 'benefit-limit-reached'; readonly benefit: string; readonly limit: number }
  | { readonly code: 'nothing-awaited' }
  | { readonly code: 'nothing-to-claim' }
  | { readonly code: 'issue-known' }
  | { readonly code: 'uses-not-positive'; readonly uses: number }
  | { readonly code: 'ended-before'; readonly ends: Instant }
  | { readonly code: 'order-known' }
  | { readonly code: 'malformed-cart' }
  | { readonly code: 'malformed-issues' }
  | { readonly code: 'unknown-issue'; readonly place: number }
  | {
      readonly code: 'issue-not-usable'
      readonly place: number
      readonly benefit: string
      readonly stage: string
    }
  | { readonly code: 'benefit-not-transferable'; readonly benefit: string }
  | { readonly code: 'no-service'; readonly benefit: string }
  | { readonly code: 'too-many-benefits'; readonly limit: number; readonly asked: number }
  | { readonly code: 'benefits-exclude'; readonly first: string; readonly second: string }
  | {
      readonly code: 'below-threshold'
      readonly benefit: string
      readonly from: string
      readonly base: string
      readonly currency: string
    }
  | { readonly code: 'no-effect'; readonly benefit: string }
  | { readonly code: 'order-unknown' }
  | { readonly code: 'nothing-returns' }

/** What an engine of benefits emits. */
export type BenefitsEvent<Id extends string> =
  | (AnyEvent & { readonly type: `${Id}/requested` | `${Id}/issued`; readonly data: IssuedData })
  | (AnyEvent & {
      readonly type: `${Id}/denied` | `${Id}/claimed` | `${Id}/expired` | `${Id}/revoked`
      readonly data: IssueData
    })
  | (AnyEvent & { readonly type: `${Id}/kept`; readonly data: KeptData })
  | (AnyEvent & { readonly type: `${Id}/used`; readonly data: UsedData })
  | (AnyEvent & { readonly type: `${Id}/returned`; readonly data: ReturnedData })
  | (AnyEvent & { readonly type: `${Id}/sent` | `${Id}/received`; readonly data: MovedData })

/**
 * What an engine of benefits emits, before it is defined: for catalogues of others.
 *
 * @example
 * const events = defineEvents({ ...benefitsEvents('benefits', ['birthday'], 'CNY') })
 */
export function benefitsEvents<const Id extends string, const B extends string>(
  id: Id,
  benefits: readonly B[],
  currency: string,
): BenefitsSpecs<Id, B> {
  const amount = money(currency)
  const benefit = text(...benefits)
  const ends = moment().optional()
  const issued = {
    issue: text(),
    benefit,
    owner: text(),
    budget: text().optional(),
    reserves: amount,
    uses: integer(),
    ends,
    claim: { type: 'boolean' },
    rule: integer().optional(),
    event: text().optional(),
    reason: detail(),
    correctsSince: ends,
    dueAt: ends,
  } as const
  const one = {
    issue: text(),
    benefit,
    ends,
    releases: amount,
    reason: text().optional(),
    was: text('claimable', 'usable').optional(),
    correctsSince: ends,
    lastIssuedAt: ends,
  }
  const moved = {
    issue: text(),
    benefit,
    to: text().optional(),
    from: text().optional(),
    uses: integer(),
    reserves: amount,
    ends,
  }
  const specs: EventSpecs = {
    [`${id}/requested`]: issued,
    [`${id}/issued`]: issued,
    [`${id}/denied`]: one,
    [`${id}/claimed`]: one,
    [`${id}/expired`]: one,
    [`${id}/revoked`]: one,
    [`${id}/kept`]: {
      issue: text(),
      benefit,
      dueAt: ends,
      correctsSince: moment(),
      lastIssuedAt: ends,
    },
    [`${id}/used`]: {
      order: text(),
      discount: amount,
      payable: amount,
      lines: detail(),
      shipping: amount,
      benefits: detail(),
    },
    [`${id}/returned`]: { order: text(), benefits: detail() },
    [`${id}/sent`]: moved,
    [`${id}/received`]: moved,
  }
  return plain(specs) as unknown as BenefitsSpecs<Id, B>
}

/** What it is told to do, as fields. */
export function benefitsCommands(id: string, benefits: readonly string[], currency: string): EventSpecs {
  const benefit = text(...benefits)
  const issue = text()
  return plain({
    [`${id}/issue`]: { benefit, reservation: text().optional() },
    [`${id}/grant`]: { issue },
    [`${id}/deny`]: { issue, reason: text() },
    [`${id}/claim`]: { issue },
    [`${id}/use`]: { order: text(), cart: detail(), issues: detail() },
    [`${id}/redeem`]: { issue },
    [`${id}/return`]: { order: text(), refunded: text('whole', 'part') },
    [`${id}/revoke`]: { issue, reason: text() },
    [`${id}/send`]: { issue, to: text() },
    [`${id}/receive`]: {
      issue,
      benefit,
      from: text(),
      uses: integer(),
      reserves: money(currency),
      ends: moment().optional(),
    },
  }) as unknown as EventSpecs
}
