import { calendarKeys } from '../kernel/calendar.js'
import { checkName, checkOwnName, fault } from '../kernel/errors.js'
import {
  type CalendarDefinition,
  type CalendarUnit,
  type Catalogue,
  type CatalogueWords,
  type Condition,
  checkCondition,
  checkDuration,
  checkFact,
  type Duration,
  type EventSpecs,
  type Instant,
  isInstant,
  minorDigits,
  parseMinor,
  parseRatio,
  type Where,
} from '../kernel/index.js'
import { own } from '../kernel/plain.js'
import { checkStrangers, type KnownOf, keysOf } from '../kernel/strangers.js'

/** What a benefit gives. Amounts are decimal text of the definition's currency; `from` is the least that its lines must come to. */
export type Gives =
  | {
      readonly kind: 'amount-off'
      readonly off: string
      readonly from?: string
      /** Lines of these groups alone; all unless told. */
      readonly groups?: readonly string[]
    }
  | {
      readonly kind: 'percent-off'
      /** `'20'` takes off a fifth; rounded up to the smallest unit. */
      readonly percent: string
      readonly upTo?: string
      readonly from?: string
      readonly groups?: readonly string[]
    }
  | {
      readonly kind: 'free-shipping'
      readonly upTo?: string
      readonly from?: string
      readonly groups?: readonly string[]
    }
  /** Something beside the order; `costPerUse` is what it costs. */
  | {
      readonly kind: 'gift'
      readonly gift: string
      readonly costPerUse: string
      readonly from?: string
      readonly groups?: readonly string[]
    }
  /** A service: used without a cart. */
  | { readonly kind: 'right'; readonly right: string; readonly costPerUse: string }

/** Who pays: what is reserved for each issue at a budget before it stands, or why nobody has to. */
export type Funding =
  | {
      /** The subject of the budget. */
      readonly budget: string
      readonly costPerIssue: string
    }
  | { readonly unfunded: string }

/** What brings an issue about: an event, or time: once in each unit of the calendar as soon as the condition holds in it. */
export type IssueRule<E extends EventSpecs, T extends keyof E & string = keyof E & string> =
  | {
      readonly on: T
      readonly as?: string
      readonly where?: Where
      readonly when?: Condition
    }
  | { readonly each: CalendarUnit | 'ever'; readonly when?: Condition }
type IssueRuleOf<E extends EventSpecs> = { [T in keyof E & string]: IssueRule<E, T> }[keyof E & string]

/** One kind of benefit. */
export interface Benefit<E extends EventSpecs, B extends string = string> {
  readonly benefit: B
  /** Who answers for it. */
  readonly owner: string
  readonly funding: Funding
  readonly gives: Gives
  /** How often one issue can be used; once unless told. */
  readonly uses?: number
  /** Beside the command. */
  readonly issue?: readonly IssueRuleOf<E>[]
  /** It has to be claimed within this time; it is there at once unless told. */
  readonly claim?: Duration
  /** From when it is there; `{ days: 0, end: 'month' }` for the end of the month. */
  readonly valid?: Duration | { readonly until: Instant }
  /** How many a person gets; no limit unless told. */
  readonly limit?: { readonly ever?: number; readonly times?: number; readonly per?: CalendarUnit }
  /** Not unless told. */
  readonly transferable?: boolean
  /** Benefits of groups that exclude one another do not meet in one order; its own name unless told. */
  readonly group?: string
  /** Issues of it in one order; 1 unless told. */
  readonly perOrder?: number
  /** Whether it comes back when an order is refunded; `whole-order-only` unless told. */
  readonly return?: 'whole-order-only' | 'always' | 'never'
  /** What comes back after it ended lasts so long from then on; it ends at once unless told. */
  readonly returnGrace?: Duration
}

/**
 * What a correction does. `issue-and-revoke`: what should have been issued is issued now, what should not have been is taken
 * back while it is unused. `issue-only`: nothing is taken back. `none`: nothing is done. What was used stays used.
 */
export type BenefitsCorrections = 'issue-and-revoke' | 'issue-only' | 'none'

/** What was agreed about the benefits of one subject. */
export interface BenefitsDefinition<Id extends string, E extends EventSpecs, B extends string = string> {
  /** Names the engine, its events (`<id>/issued`) and commands (`<id>/use`). */
  readonly id: Id
  readonly version: number
  readonly calendar: CalendarDefinition
  readonly events: Catalogue<E>
  /** ISO 4217. */
  readonly currency: string
  /** In the order in which they apply to an order. */
  readonly benefits: readonly (Omit<Benefit<EventSpecs, B>, 'issue'> & {
    readonly issue?: readonly NoInfer<IssueRuleOf<E>>[]
  })[]
  /** Pairs of groups that do not meet in one order; a group beside itself stands alone. */
  readonly excludes?: readonly (readonly [string, string])[]
  /** Benefits in one order; 1 unless told. */
  readonly perOrder?: number
  /** Whether thresholds and percentages are of the order as it came, or of what earlier benefits left; `original` unless told. */
  readonly base?: 'original' | 'remaining'
  /** What facts that come late, or turn out not to be, do to what rules issued; `issue-and-revoke` unless told. */
  readonly corrections?: BenefitsCorrections
  /** How long orders are remembered at the least, so that benefits can come back; for ever unless told. */
  readonly keep?: Duration
  /** Rules in words; no part of the stored definition. */
  readonly words?: CatalogueWords
  /** How long ids of accepted inputs are remembered, as an exact duration; `{ hours: 720 }` unless told. */
  readonly idempotencyWindow?: Duration
}

/** The definition as plain data, without its catalogue. */
export type AgreedBenefits = Omit<BenefitsDefinition<string, EventSpecs>, 'events' | 'benefits'> & {
  readonly benefits: readonly Benefit<EventSpecs>[]
}

const scope = ['from', 'groups']
const GIVES: { readonly [kind: string]: readonly string[] } = {
  'amount-off': ['kind', 'off', ...scope],
  'percent-off': ['kind', 'percent', 'upTo', ...scope],
  'free-shipping': ['kind', 'upTo', ...scope],
  gift: ['kind', 'gift', 'costPerUse', ...scope],
  right: ['kind', 'right', 'costPerUse'],
} satisfies { readonly [K in Gives['kind']]: readonly string[] }
const BENEFIT = {
  benefit: null,
  owner: null,
  funding: (funding) => ('unfunded' in funding ? keysOf('unfunded') : keysOf('budget', 'costPerIssue')),
  gives: ({ kind }) => {
    const known = own(GIVES, String(kind))
    return known === undefined ? null : keysOf(...known)
  },
  uses: null,
  issue: [(rule) => ('on' in rule ? keysOf('on', 'as', 'where', 'when') : keysOf('each', 'when'))],
  claim: null,
  valid: (valid) => ('until' in valid ? keysOf('until') : null),
  limit: keysOf('ever', 'times', 'per'),
  transferable: null,
  group: null,
  perOrder: null,
  return: null,
  returnGrace: null,
} satisfies KnownOf<Benefit<EventSpecs>>
const KNOWN = {
  id: null,
  version: null,
  calendar: calendarKeys,
  events: null,
  currency: null,
  benefits: [BENEFIT],
  excludes: null,
  perOrder: null,
  base: null,
  corrections: null,
  keep: null,
  words: keysOf('en', 'zh'),
  idempotencyWindow: null,
} satisfies KnownOf<BenefitsDefinition<string, EventSpecs>>

const UNITS = ['day', 'week', 'month', 'quarter', 'year'] as const
const KINDS = ['amount-off', 'percent-off', 'free-shipping', 'gift', 'right'] as const

/** What a type or a schema cannot know, checked for typed callers and for JSON alike. */
export function checkBenefits(
  agreed: AgreedBenefits,
  { events, kinds }: Pick<Catalogue<EventSpecs>, 'events' | 'kinds'>,
): void {
  checkStrangers(agreed, KNOWN, '$')
  const context = { events, calendar: agreed.calendar, kinds }
  const { benefits, excludes = [], currency } = agreed
  if (!Array.isArray(benefits) || benefits.length === 0)
    throw fault('missing', '$.benefits', benefits, 'at least one benefit')
  const above = (value: unknown, path: string) => {
    const minor = parseMinor(value as string, minorDigits(currency))
    if (minor === undefined || minor <= 0)
      throw fault('out-of-range', path, value, `decimal text in ${currency}, above 0`)
  }
  const counted = (value: unknown, path: string) => {
    if (value !== undefined && !(Number.isSafeInteger(value) && (value as number) > 0))
      throw fault('out-of-range', path, value, 'a whole number above 0')
  }
  const named = (value: unknown, path: string, what: string) => {
    if (typeof value !== 'string' || value === '') throw fault('missing', path, value, what)
  }
  for (const [i, one] of benefits.entries()) {
    const path = `$.benefits[${i}]`
    if (typeof one.benefit !== 'string' || !/^[a-z][a-z0-9-]*$/.test(one.benefit))
      throw fault('wrong-type', `${path}.benefit`, one.benefit, 'lower-case letters, digits and hyphens')
    checkOwnName(one.benefit, `${path}.benefit`)
    checkOwnName(one.group, `${path}.group`)
    if (benefits.findIndex(({ benefit }) => benefit === one.benefit) !== i)
      throw fault('duplicate-name', `${path}.benefit`, one.benefit, 'each benefit once')
    named(one.owner, `${path}.owner`, 'who answers for it')
    checkFunding(one.funding, `${path}.funding`, named, above)
    checkGives(one.gives, `${path}.gives`, above, named)
    counted(one.uses, `${path}.uses`)
    counted(one.perOrder, `${path}.perOrder`)
    for (const [k, rule] of (one.issue ?? []).entries()) {
      const at = `${path}.issue[${k}]`
      if ('on' in rule) {
        checkName(Object.keys(events), rule.on, `${at}.on`)
        const { on: event, as, where } = rule
        checkFact({ fact: 'count', event, ...(as && { as }), ...(where && { where }) }, context, at)
      } else checkName([...UNITS, 'ever'], rule.each, `${at}.each`)
      if (rule.when) checkCondition(rule.when, context, `${at}.when`)
    }
    if (one.claim !== undefined) checkDuration(one.claim, `${path}.claim`)
    if (one.valid !== undefined && 'until' in one.valid) {
      if (!isInstant(one.valid.until))
        throw fault('invalid-instant', `${path}.valid.until`, one.valid.until, 'an instant')
    } else if (one.valid !== undefined) checkDuration(one.valid, `${path}.valid`)
    if (one.returnGrace !== undefined) checkDuration(one.returnGrace, `${path}.returnGrace`)
    if (one.return !== undefined)
      checkName(['whole-order-only', 'always', 'never'], one.return, `${path}.return`)
    counted(one.limit?.ever, `${path}.limit.ever`)
    counted(one.limit?.times, `${path}.limit.times`)
    if (one.limit?.per !== undefined) checkName(UNITS, one.limit.per, `${path}.limit.per`)
    if ((one.limit?.per === undefined) !== (one.limit?.times === undefined))
      throw fault('missing', `${path}.limit`, one.limit, 'times, and per which unit')
  }
  const groups = benefits.map(({ benefit, group = benefit }) => group)
  for (const [i, pair] of excludes.entries()) {
    if (!Array.isArray(pair) || pair.length !== 2)
      throw fault('wrong-type', `$.excludes[${i}]`, pair, 'two groups')
    for (const k of [0, 1] as const) checkName(groups, pair[k], `$.excludes[${i}][${k}]`)
  }
  counted(agreed.perOrder, '$.perOrder')
  if (agreed.base !== undefined) checkName(['original', 'remaining'], agreed.base, '$.base')
  if (agreed.corrections !== undefined)
    checkName(['issue-and-revoke', 'issue-only', 'none'], agreed.corrections, '$.corrections')
  if (agreed.keep !== undefined) checkDuration(agreed.keep, '$.keep')
}

type Check = (value: unknown, path: string) => void
type Named = (value: unknown, path: string, what: string) => void

/** What is announced is funded, or it is said why it need not be. */
function checkFunding(funding: Funding | undefined, path: string, named: Named, above: Check): void {
  if (typeof funding !== 'object' || funding === null)
    throw fault('missing', path, funding, 'a budget with the cost of an issue, or the reason for none')
  if ('unfunded' in funding) {
    if ('budget' in funding) throw fault('unknown-key', `${path}.budget`, funding, 'a budget, or none')
    named(funding.unfunded, `${path}.unfunded`, 'the reason')
    return
  }
  named(funding.budget, `${path}.budget`, 'the subject of a budget')
  checkOwnName(funding.budget, `${path}.budget`)
  above(funding.costPerIssue, `${path}.costPerIssue`)
}

function checkGives(gives: Gives, path: string, above: Check, named: Named): void {
  checkName(KINDS, gives?.kind, `${path}.kind`)
  if ('from' in gives && gives.from !== undefined) above(gives.from, `${path}.from`)
  if ('upTo' in gives && gives.upTo !== undefined) above(gives.upTo, `${path}.upTo`)
  if (gives.kind === 'amount-off') above(gives.off, `${path}.off`)
  if (gives.kind === 'percent-off') {
    const { numerator, denominator } = parseRatio(gives.percent, `${path}.percent`)
    if (!(numerator > 0 && numerator <= 100 * denominator && denominator <= 1_000_000))
      throw fault(
        'out-of-range',
        `${path}.percent`,
        gives.percent,
        'above 0, up to 100, with 6 digits behind the point at most',
      )
  }
  if (gives.kind === 'gift') named(gives.gift, `${path}.gift`, 'what is given')
  if (gives.kind === 'right') named(gives.right, `${path}.right`, 'the service')
  if ('costPerUse' in gives) above(gives.costPerUse, `${path}.costPerUse`)
  if (
    'groups' in gives &&
    gives.groups !== undefined &&
    !(Array.isArray(gives.groups) && gives.groups.length > 0)
  )
    throw fault('missing', `${path}.groups`, gives.groups, 'groups of lines')
}
