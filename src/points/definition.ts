import { calendarKeys } from '../kernel/calendar.js'
import {
  type CalendarDefinition,
  type Catalogue,
  type CatalogueWords,
  calendarOf,
  checkDuration,
  type Duration,
  type EventSpecs,
} from '../kernel/index.js'
import { checkStrangers, type KnownOf, keysOf } from '../kernel/strangers.js'
import { type ChangeTerms, checkChangeTerms } from './changes/notice.js'
import { type CurrencyDefinition, checkCurrencies, currenciesOf, type LotOrder } from './currency.js'
import { type CapDefinition, checkCaps } from './earning/caps.js'
import type { MultiplierRule } from './earning/multipliers.js'
import { checkStacking, type StackingGroup } from './earning/stacking.js'
import { checkEnrolment, type Enrolment } from './holders/enrolment.js'
import { checkNegative, type NegativePolicy } from './holders/negative.js'
import { checkTransfers, type PoolPolicy, type TransferPolicy } from './holders/transfers.js'
import type { Expiry } from './lasting/expiry.js'
import { checkRewards, type RewardDefinition } from './rewards/definition.js'
import {
  type AgreedClawback,
  type AgreedConfirmation,
  type AgreedEarning,
  type ClawbackOf,
  type ConfirmationOf,
  checkRules,
  type EarningOf,
} from './rules.js'
import { checkRefunds, type RefundPolicy } from './spending/refunding.js'
import { checkTiers, type TierTrack } from './tiers/definition.js'

/** What currencies are called: `points` where a definition lists none. */
type CurrencyName<C extends string> = [C] extends [never] ? 'points' : C

/** What can be the activity that puts the end of points off. */
type ActivityOf<Id extends string, E extends EventSpecs> =
  | (keyof E & string)
  | `${Id}/earned`
  | `${Id}/redeemed`

/** What was agreed about one account of points per subject. */
export interface PointsDefinition<
  Id extends string,
  E extends EventSpecs,
  C extends string = string,
  R extends string = string,
  Track extends string = string,
  Tier extends string = string,
  Reward extends string = string,
> {
  /** Names the engine, its events (`<id>/earned`) and commands (`<id>/redeem`). */
  readonly id: Id
  readonly version: number
  /** In which zone days and months of terms are counted. */
  readonly calendar: CalendarDefinition
  readonly events: Catalogue<E>
  /** What points there are, the one most ask for first; one spendable currency, `points`, unless told. */
  readonly currencies?: readonly CurrencyDefinition<C, NoInfer<ActivityOf<Id, E>>>[]
  readonly earning: readonly (NoInfer<EarningOf<E, C>> & { readonly rule: R })[]
  readonly confirmation?: readonly NoInfer<ConfirmationOf<E>>[]
  readonly clawback?: readonly NoInfer<ClawbackOf<E>>[]
  /** How long earned points wait unless their rule says otherwise; not at all unless told. */
  readonly pending?: Duration | 'until-confirmed'
  /** How long points last unless their rule says otherwise; for ever unless told. */
  readonly expires?: Expiry<NoInfer<ActivityOf<Id, E>>>
  /** Which lots are spent first unless their currency says otherwise; what ends first unless told. */
  readonly spend?: LotOrder
  /** What becomes of spent points that are given back; they return to their lots, with their old end, unless told. */
  readonly refunds?: RefundPolicy
  /** How long after points expired they can be reinstated; for ever unless told. */
  readonly reinstateWithin?: Duration
  /**
   * How long after its last posting an order can still be refunded, and a redemption given back: from then on nothing
   * is known of it, and what it held is forgotten. A refund that comes later is `<id>/unmatched`. For ever unless told.
   */
  readonly keepOrigins?: Duration
  /** How long reserved points are set aside unless a command says until when; for ever unless told. */
  readonly holdFor?: Duration
  /** What becomes of several rules that one event pays under; each of them unless told. */
  readonly stacking?: readonly StackingGroup<NoInfer<R>>[]
  /**
   * At most so many points per event, per unit of the calendar, in a span that rolls, or ever. Of several the tightest
   * wins: those per event apply first, then those that cut or refuse, the bound of the balance, and those that let wait.
   */
  readonly caps?: readonly CapDefinition<NoInfer<R>, NoInfer<C>>[]
  /** Ladders of tiers: what decides on them, and how long they are held; none unless told. */
  readonly tiers?: readonly TierTrack<Track, Tier, NoInfer<CurrencyName<C>>>[]
  /** Who has to enrol, and how; nobody unless told. */
  readonly enrolment?: Enrolment<keyof E & string>
  /** What becomes of points that have to be taken back and are spent; they are owed in points unless told. */
  readonly negative?: NegativePolicy<NoInfer<CurrencyName<C>>, NoInfer<Track>, NoInfer<Tier>>
  /** How holders give points to each other. */
  readonly transfers?: TransferPolicy<NoInfer<CurrencyName<C>>>
  /** Of an account that several share: views say what is whose. */
  readonly pools?: PoolPolicy
  /** How long what was given, adjusted, sent or received by hand can be reversed; for ever unless told. */
  readonly reversible?: Duration
  /** What members may claim for points, money or both; nothing unless told. */
  readonly rewards?: readonly RewardDefinition<Reward, NoInfer<CurrencyName<C>>>[]
  /** How long before what was earned may get worse; without it, it never does. */
  readonly changes?: ChangeTerms
  /** Rules in words; no part of the stored definition. */
  readonly words?: CatalogueWords
  /** How long ids of accepted inputs are remembered, as an exact duration; `{ hours: 720 }` unless told. */
  readonly idempotencyWindow?: Duration
}

/** The definition as plain data, without its catalogue. */
export type Agreed = Omit<
  PointsDefinition<string, EventSpecs>,
  'events' | 'earning' | 'confirmation' | 'clawback'
> & {
  readonly earning: readonly AgreedEarning[]
  readonly confirmation?: readonly AgreedConfirmation[]
  readonly clawback?: readonly AgreedClawback[]
}
const during = keysOf('from', 'until', 'days')
const KNOWN = {
  id: null,
  version: null,
  calendar: calendarKeys,
  events: null,
  currencies: [
    {
      currency: null,
      kind: null,
      scale: null,
      pending: null,
      expires: null,
      atMost: null,
      spend: null,
    } satisfies KnownOf<CurrencyDefinition>,
  ],
  earning: [
    {
      rule: null,
      on: null,
      as: null,
      where: null,
      earns: keysOf('points', 'per', 'of', 'less'),
      each: null,
      line: null,
      in: null,
      origin: null,
      when: null,
      during,
      multiply: [{ by: null, when: null, during } satisfies KnownOf<MultiplierRule>],
      multiplying: null,
      rounding: null,
      cooldown: null,
      pending: null,
      expires: null,
      cost: null,
    } satisfies KnownOf<AgreedEarning>,
  ],
  confirmation: [keysOf('on', 'origin', 'as')],
  clawback: [
    {
      on: null,
      origin: null,
      of: null,
      less: null,
      each: null,
      line: null,
      where: null,
      as: null,
    } satisfies KnownOf<AgreedClawback>,
  ],
  pending: null,
  expires: null,
  spend: null,
  refunds: null,
  reinstateWithin: null,
  keepOrigins: null,
  holdFor: null,
  stacking: [{ rules: null, policy: null } satisfies KnownOf<StackingGroup>],
  caps: [
    {
      cap: null,
      rules: null,
      in: null,
      atMost: null,
      per: null,
      overflow: null,
      returns: null,
    } satisfies KnownOf<CapDefinition>,
  ],
  tiers: null,
  enrolment: null,
  negative: null,
  transfers: {
    expiry: null,
    currencies: null,
    limit: keysOf('points', 'within'),
  } satisfies KnownOf<TransferPolicy>,
  pools: null,
  reversible: null,
  rewards: null,
  changes: null,
  words: keysOf('en', 'zh'),
  idempotencyWindow: null,
} satisfies KnownOf<Agreed & { readonly events: unknown }>

/** What a type or a schema cannot know, checked for typed callers and for JSON alike. */
export function checkPoints(
  agreed: Agreed,
  { events, kinds: facts }: Pick<Catalogue<EventSpecs>, 'events' | 'kinds'>,
): void {
  checkStrangers(agreed, KNOWN, '$')
  const context = { events, calendar: agreed.calendar, kinds: facts }
  checkCurrencies(agreed, { events, id: agreed.id })
  checkRefunds(agreed.refunds, '$.refunds')
  checkTiers(agreed)
  checkChangeTerms(agreed.changes, agreed.calendar)
  for (const key of ['pending', 'holdFor', 'reinstateWithin', 'keepOrigins', 'reversible'] as const) {
    const value = agreed[key]
    if (value !== undefined && value !== 'until-confirmed') checkDuration(value, `$.${key}`)
  }
  checkRules(agreed, context)
  const names = currenciesOf(agreed).map(({ currency }) => currency)
  const currencyOf = new Map(agreed.earning.map((rule) => [rule.rule, rule.in ?? names[0]!]))
  if (agreed.stacking !== undefined) checkStacking(agreed.stacking, currencyOf)
  if (agreed.caps !== undefined) checkCaps(agreed.caps, names, currencyOf, calendarOf(agreed.calendar))
  checkEnrolment(agreed, events)
  checkNegative(agreed)
  checkTransfers(agreed)
  checkRewards(agreed, context)
}
