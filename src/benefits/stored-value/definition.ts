import { calendarKeys } from '../../kernel/calendar.js'
import { checkName, checkOwnName, fault } from '../../kernel/errors.js'
import {
  type CalendarDefinition,
  type Catalogue,
  type CatalogueWords,
  type Condition,
  checkCondition,
  checkDuration,
  type Duration,
  type EventSpecs,
  type FieldsOf,
  minorDigits,
  parseMinor,
  parseRatio,
} from '../../kernel/index.js'
import { checkStrangers, type KnownOf, keysOf } from '../../kernel/strangers.js'

/** Which money goes first when somebody pays; `proportional` takes both as they stand to each other, to the smallest unit. */
export type SpendOrder = 'principal-first' | 'bonus-first' | 'proportional'
/** Whether principal is repaid in cash: any part of it, all of it at once, or not at all. */
export type WithdrawalPolicy = 'any-time' | 'whole-remainder' | 'never'
/** What becomes of the bonus when principal is repaid: all that is left is lost, the share that this principal brought, or none. */
export type BonusOnWithdrawal = 'forfeited' | 'pro-rata' | 'kept'
/** Whether bonus that is due back and was spent is taken off the cash. */
export type SpentBonus = 'kept' | 'deducted'
/**
 * What facts do that come late, or turn out to be none, to the bonus that rules gave. `grant-and-take-back`: what should have
 * been given is given now, what should not have been is taken back as far as it is there. `grant-only`: nothing is taken
 * back. `none`: nothing is done. What was spent stays spent.
 */
export type StoredValueCorrections = 'grant-and-take-back' | 'grant-only' | 'none'
/** What may be sent to another account. */
export type StoredValueTransfer = 'no' | 'principal'

/** What a top-up brings beside what was paid. Of several rules that apply the one that gives most counts, and only that. */
export type BonusRule = {
  /** Names the rule in events and explanations. */
  readonly rule: string
  /** The smallest top-up that it is for, as decimal text. */
  readonly from: string
  /** Judged when the top-up is told, with everything known by then. */
  readonly when?: Condition
  /** How long this bonus lasts; the definition's unless told. */
  readonly expires?: Duration
} & (
  | {
      /** Decimal text. */
      readonly bonus: string
      /** For each full `from`, not once. */
      readonly repeats?: boolean
    }
  /** So many percent of the top-up, `'10'` or `'12.5'`; rounded up to the smallest unit. */
  | { readonly percent: string }
)

/** An event about a payment, and the field that names it. */
interface PaymentEvent<E extends EventSpecs, T extends keyof E & string> {
  readonly on: T
  readonly payment: FieldsOf<E[T], 'text'>
}
type PaymentEventOf<E extends EventSpecs> = { [T in keyof E & string]: PaymentEvent<E, T> }[keyof E & string]

/** What was agreed about one account of stored value per subject. */
export interface StoredValueDefinition<Id extends string, E extends EventSpecs, M extends string = string> {
  /** Names the engine, its events (`<id>/topped-up`) and commands (`<id>/pay`). */
  readonly id: Id
  readonly version: number
  /** In which zone days and months of terms are counted. */
  readonly calendar: CalendarDefinition
  readonly events: Catalogue<E>
  /** ISO 4217. */
  readonly currency: M
  /** What top-ups bring; nothing unless told. */
  readonly bonus?: readonly BonusRule[]
  /** How long bonus lasts; for ever unless told. */
  readonly expires?: Duration
  /** How long principal lasts; for ever unless told, as the law of most places has it. */
  readonly principalExpires?: Duration
  /** `bonus-first` unless told: what is repaid in cash stays as long as it can. */
  readonly spend?: SpendOrder
  /** `any-time` unless told. */
  readonly withdrawal?: WithdrawalPolicy
  /** `forfeited` unless told. */
  readonly bonusOnWithdrawal?: BonusOnWithdrawal
  /** `kept` unless told. */
  readonly spentBonus?: SpentBonus
  /** `no` unless told. */
  readonly transfer?: StoredValueTransfer
  /** Facts that freeze the account from the first open dispute to the end of the last. */
  readonly dispute?: {
    readonly opened: NoInfer<PaymentEventOf<E>>
    readonly closed: NoInfer<PaymentEventOf<E>>
  }
  /** The most that an account may hold, principal and bonus together, as decimal text; no limit unless told. */
  readonly limit?: string
  /** How long reserved money is set aside unless a command says until when; for ever unless told. */
  readonly holdFor?: Duration
  /** Money that is given back after it expired lasts this long, from then on; it expires at once unless told. */
  readonly refundGrace?: Duration
  /** What facts that come late, or turn out to be none, do to the bonus of top-ups; `grant-and-take-back` unless told. */
  readonly corrections?: StoredValueCorrections
  /** How long purchases and top-ups are remembered at the least, to be refunded and reversed; for ever unless told. */
  readonly keep?: Duration
  /** Rules in words; no part of the stored definition. */
  readonly words?: CatalogueWords
  /** How long ids of accepted inputs are remembered, as an exact duration; `{ hours: 720 }` unless told. */
  readonly idempotencyWindow?: Duration
}

/** The definition as plain data, without its catalogue. */
export type AgreedStoredValue = Omit<StoredValueDefinition<string, EventSpecs>, 'events' | 'dispute'> & {
  readonly dispute?: { readonly opened: AgreedPaymentEvent; readonly closed: AgreedPaymentEvent }
}
interface AgreedPaymentEvent {
  readonly on: string
  readonly payment: string
}

const CHOICES: { readonly [N in keyof AgreedStoredValue]?: readonly string[] } = {
  spend: ['principal-first', 'bonus-first', 'proportional'],
  withdrawal: ['any-time', 'whole-remainder', 'never'],
  bonusOnWithdrawal: ['forfeited', 'pro-rata', 'kept'],
  spentBonus: ['kept', 'deducted'],
  transfer: ['no', 'principal'],
  corrections: ['grant-and-take-back', 'grant-only', 'none'],
}
const payment = keysOf('on', 'payment')
const KNOWN = {
  id: null,
  version: null,
  calendar: calendarKeys,
  events: null,
  currency: null,
  bonus: [keysOf('rule', 'from', 'when', 'expires', 'bonus', 'repeats', 'percent')],
  expires: null,
  principalExpires: null,
  spend: null,
  withdrawal: null,
  bonusOnWithdrawal: null,
  corrections: null,
  spentBonus: null,
  transfer: null,
  dispute: { opened: payment, closed: payment },
  limit: null,
  holdFor: null,
  refundGrace: null,
  keep: null,
  words: keysOf('en', 'zh'),
  idempotencyWindow: null,
} satisfies KnownOf<StoredValueDefinition<string, EventSpecs>>
const TERMS = ['expires', 'principalExpires', 'holdFor', 'refundGrace', 'keep'] as const

/** What a type or a schema cannot know, checked for typed callers and for JSON alike. */
export function checkStoredValue(
  agreed: AgreedStoredValue,
  { events, kinds }: Pick<Catalogue<EventSpecs>, 'events' | 'kinds'>,
): void {
  checkStrangers(agreed, KNOWN, '$')
  const context = { events, calendar: agreed.calendar, kinds }
  const above = (value: unknown, path: string) => {
    const minor = parseMinor(value as string, minorDigits(agreed.currency))
    if (minor === undefined || minor <= 0)
      throw fault('out-of-range', path, value, `decimal text in ${agreed.currency}, above 0`)
  }
  for (const [name, names] of Object.entries(CHOICES)) {
    const value = agreed[name as keyof AgreedStoredValue]
    if (value !== undefined) checkName(names, value, `$.${name}`)
  }
  for (const name of TERMS) if (agreed[name] !== undefined) checkDuration(agreed[name], `$.${name}`)
  if (agreed.limit !== undefined) above(agreed.limit, '$.limit')
  for (const [i, rule] of (agreed.bonus ?? []).entries()) {
    const path = `$.bonus[${i}]`
    if (typeof rule.rule !== 'string' || rule.rule === '')
      throw fault('wrong-type', `${path}.rule`, rule.rule, 'a name')
    checkOwnName(rule.rule, `${path}.rule`)
    if (agreed.bonus!.findIndex((one) => one.rule === rule.rule) !== i)
      throw fault('duplicate-name', `${path}.rule`, rule.rule, 'each rule once')
    above(rule.from, `${path}.from`)
    if ('percent' in rule) {
      if ('bonus' in rule || 'repeats' in rule)
        throw fault('unknown-key', `${path}.percent`, rule.percent, 'bonus, or percent, not both')
      const { numerator, denominator } = parseRatio(rule.percent, `${path}.percent`)
      if (!(numerator > 0 && numerator <= 10_000 * denominator && denominator <= 1_000_000))
        throw fault(
          'out-of-range',
          `${path}.percent`,
          rule.percent,
          'above 0, up to 10,000, with 6 digits behind the point at most',
        )
    } else above(rule.bonus, `${path}.bonus`)
    if (rule.when) checkCondition(rule.when, context, `${path}.when`)
    if (rule.expires !== undefined) checkDuration(rule.expires, `${path}.expires`)
  }
  if (agreed.dispute === undefined) return
  for (const end of ['opened', 'closed'] as const) {
    const { on, payment } = agreed.dispute[end]
    checkName(Object.keys(events), on, `$.dispute.${end}.on`)
    const texts = Object.keys(events[on]!).filter((name) => events[on]![name]!.type === 'text')
    checkName(texts, payment, `$.dispute.${end}.payment`)
  }
}
