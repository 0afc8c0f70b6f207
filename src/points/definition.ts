import { checkName, fault } from '../kernel/errors.js'
import {
  type CalendarDefinition,
  type Catalogue,
  type CatalogueWords,
  type Condition,
  calendarOf,
  checkCondition,
  checkDuration,
  checkFact,
  type Duration,
  type EventSpecs,
  type FactContext,
  type Field,
  type Fields,
  type FieldsOf,
  minorDigits,
  parseMinor,
  type Where,
  type WhereOf,
} from '../kernel/index.js'
import { type Base, checkBase, fieldsOf } from './base.js'
import { type Campaign, checkCampaign } from './campaign.js'
import { type CapDefinition, checkCaps } from './caps.js'
import { type CurrencyDefinition, checkCurrencies, currenciesOf } from './currency.js'
import { checkLines, type LinesOf, lineFields } from './lines.js'
import { checkMultipliers, MULTIPLYING, type MultiplierRule, type Multiplying } from './multipliers.js'
import { checkStacking, type StackingGroup } from './stacking.js'
import { checkTiers, type TierTrack } from './tiers/definition.js'

/**
 * A rate of points: so many per amount of a field, or so many per event. The amount is gross unless `less` takes fields of
 * the same currency off it (discount, tax, what was paid with points); never below zero.
 */
export type EarningRate<F extends string = string> =
  /** `points` for each `per` of the field: `{ points: 1, per: '1', of: 'amount' }`. */
  | ({ readonly points: number; readonly per: string | number } & Base<F>)
  /** `points` for each event; `of` names the field whose refunds take back shares of them. */
  | { readonly points: number; readonly of?: F; readonly less?: readonly F[] }

/** What every earning rule may say, whatever it reads. */
interface EarningTerms<T extends string, C extends string> {
  /** Names the rule in events, states and explanations. */
  readonly rule: string
  readonly on: T
  /** The role in which the subject earns; its own events unless told. */
  readonly as?: string
  /** The currency; the first unless told. */
  readonly in?: C
  /** Judged at the event's instant, with everything that happened and was decided at it. */
  readonly when?: Condition
  /** When it is in force, judged at the event's own instant; always unless told. */
  readonly during?: Campaign
  readonly multiply?: readonly MultiplierRule[]
  /** What becomes of several that hold; `first` unless told. */
  readonly multiplying?: Multiplying
  /**
   * `running` keeps the exact remainder for the next event, so splitting an order never pays more and never loses; `each`
   * pays whole points of each event (of a rule over lines, of each line) and drops the rest. `running` unless told.
   */
  readonly rounding?: RemainderRounding
  /** How long it rests after it has paid. */
  readonly cooldown?: Duration
  /** How long points wait before they can be spent, or `'until-confirmed'`; the definition's unless told. */
  readonly pending?: Duration | 'until-confirmed'
  /** How long they last, counted from the event; the definition's unless told. */
  readonly expires?: Duration
}

/** What becomes of fractions of a point. */
export type RemainderRounding = 'running' | 'each'

/** What earns points. The exact remainder is kept per rule, so splitting an order never pays more and never loses. */
export interface EarningRule<
  E extends EventSpecs,
  T extends keyof E & string = keyof E & string,
  C extends string = string,
> extends EarningTerms<T, C> {
  readonly each?: never
  readonly line?: never
  readonly where?: FieldFilter<E[T]>
  readonly earns: EarningRate<FieldsOf<E[T], 'money' | 'integer'>>
  /** The field that names what was bought, for confirmations and refunds; the event itself unless told. */
  readonly origin?: FieldsOf<E[T], 'text'>
}

/** A filter on fields; events without any have none. (An empty one would let every name through.) */
type FieldFilter<F> = [keyof F] extends [never] ? never : WhereOf<keyof F, F>

/** Fields of the lines that a field lists. */
type LineOf<F> = F extends { readonly type: 'lines'; readonly of: infer L } ? L : never

/** What earns points line by line: each record of a list of the event is judged and paid on its own. */
export interface LinesEarningRule<
  E extends EventSpecs,
  T extends keyof E & string,
  L extends FieldsOf<E[T], 'lines'>,
  C extends string = string,
> extends EarningTerms<T, C> {
  /** The field that lists the lines. */
  readonly each: L
  /** The field of a line that names it, for refunds by line; lines of one name are one. */
  readonly line: FieldsOf<LineOf<E[T][L]>, 'text'>
  /** Only lines whose fields pass. */
  readonly where?: FieldFilter<LineOf<E[T][L]>>
  /** Of fields of the line. */
  readonly earns: EarningRate<FieldsOf<LineOf<E[T][L]>, 'money' | 'integer'>>
  readonly origin?: FieldsOf<E[T], 'text'>
}

/** An event that confirms what is pending of one origin. */
export interface ConfirmationRule<E extends EventSpecs, T extends keyof E & string = keyof E & string> {
  readonly on: T
  readonly origin: FieldsOf<E[T], 'text'>
}

/** An event that takes back what an origin earned: the floor of the cumulative exact share, over any number of parts. */
export interface ClawbackRule<E extends EventSpecs, T extends keyof E & string = keyof E & string> {
  readonly on: T
  readonly origin: FieldsOf<E[T], 'text'>
  /**
   * The field that says how much was refunded; all of it unless told. It takes back shares of what was earned for an
   * amount of the same kind and currency; points per event without `of` are taken back by a rule without it.
   */
  readonly of?: FieldsOf<E[T], 'money' | 'integer'>
  /** Taken off it, as in the rule that earned; never below zero. */
  readonly less?: readonly FieldsOf<E[T], 'money' | 'integer'>[]
  readonly each?: never
}

/** A refund that lists lines: of each it takes back the exact share of what that line earned. */
export interface LinesClawbackRule<
  E extends EventSpecs,
  T extends keyof E & string,
  L extends FieldsOf<E[T], 'lines'>,
> {
  readonly on: T
  readonly origin: FieldsOf<E[T], 'text'>
  readonly each: L
  readonly line: FieldsOf<LineOf<E[T][L]>, 'text'>
  readonly where?: FieldFilter<LineOf<E[T][L]>>
  /**
   * How much of the line was refunded; all of it unless told. Rules that earn for the whole order lose the share of the sum
   * of the lines.
   */
  readonly of?: FieldsOf<LineOf<E[T][L]>, 'money' | 'integer'>
  readonly less?: readonly FieldsOf<LineOf<E[T][L]>, 'money' | 'integer'>[]
}

type EarningOf<E extends EventSpecs, C extends string> = {
  [T in keyof E & string]:
    | EarningRule<E, T, C>
    | { [L in FieldsOf<E[T], 'lines'>]: LinesEarningRule<E, T, L, C> }[FieldsOf<E[T], 'lines'>]
}[keyof E & string]
type ConfirmationOf<E extends EventSpecs> = { [T in keyof E & string]: ConfirmationRule<E, T> }[keyof E &
  string]
type ClawbackOf<E extends EventSpecs> = {
  [T in keyof E & string]:
    | ClawbackRule<E, T>
    | { [L in FieldsOf<E[T], 'lines'>]: LinesClawbackRule<E, T, L> }[FieldsOf<E[T], 'lines'>]
}[keyof E & string]

/** What currencies are called: `points` where a definition lists none. */
type CurrencyName<C extends string> = [C] extends [never] ? 'points' : C

/** What was agreed about one account of points per subject. */
export interface PointsDefinition<
  Id extends string,
  E extends EventSpecs,
  C extends string = string,
  R extends string = string,
  Track extends string = string,
  Tier extends string = string,
> {
  /** Names the engine, its events (`<id>/earned`) and commands (`<id>/redeem`). */
  readonly id: Id
  readonly version: number
  /** In which zone days and months of terms are counted. */
  readonly calendar: CalendarDefinition
  readonly events: Catalogue<E>
  /** What points there are, the one most ask for first; one spendable currency, `points`, unless told. */
  readonly currencies?: readonly CurrencyDefinition<C>[]
  readonly earning: readonly (NoInfer<EarningOf<E, C>> & { readonly rule: R })[]
  readonly confirmation?: readonly NoInfer<ConfirmationOf<E>>[]
  readonly clawback?: readonly NoInfer<ClawbackOf<E>>[]
  /** How long earned points wait unless their rule says otherwise; not at all unless told. */
  readonly pending?: Duration | 'until-confirmed'
  /** How long points last unless their rule says otherwise; for ever unless told. */
  readonly expires?: Duration
  /** Points that are given back after they expired last this long, from then on; they expire at once unless told. */
  readonly refundGrace?: Duration
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
  readonly confirmation?: readonly { readonly on: string; readonly origin: string }[]
  readonly clawback?: readonly AgreedClawback[]
}
export type AgreedEarning = EarningTerms<string, string> & {
  readonly where?: Where
  readonly earns: EarningRate
  readonly origin?: string
  readonly each?: string
  readonly line?: string
}
export interface AgreedClawback {
  readonly on: string
  readonly origin: string
  readonly of?: string
  readonly less?: readonly string[]
  readonly each?: string
  readonly line?: string
  readonly where?: Where
}

/** The denominator of a rate, in the units that facts count with. */
export function perOf(field: Field, per: string | number): number {
  return field.type === 'money' ? (parseMinor(String(per), minorDigits(field.currency)) ?? 0) : Number(per)
}

/** A product of rates as a safe integer. */
export function safe(value: number, path: string): number {
  if (Number.isSafeInteger(value)) return value
  throw fault('out-of-range', path, value, 'rates whose product fits 2^53 - 1')
}

/** What a type or a schema cannot know, checked for typed callers and for JSON alike. */
export function checkPoints(
  agreed: Agreed,
  { events, kinds: facts }: Pick<Catalogue<EventSpecs>, 'events' | 'kinds'>,
): void {
  const context = { events, calendar: agreed.calendar, kinds: facts }
  const fieldIs = (type: string, kinds: readonly Field['type'][], name: string | undefined, path: string) => {
    if (name !== undefined) checkName(fieldsOf(events[type]!, kinds), name, path)
  }
  const duration = (value: Duration | 'until-confirmed' | undefined, path: string) => {
    if (value !== undefined && value !== 'until-confirmed') checkDuration(value, path)
  }
  checkCurrencies(agreed)
  checkTiers(agreed)
  const currencies = currenciesOf(agreed).map(({ currency }) => currency)
  for (const key of ['pending', 'expires', 'refundGrace', 'holdFor'] as const)
    duration(agreed[key], `$.${key}`)
  for (const [i, rule] of agreed.earning.entries()) {
    const path = `$.earning[${i}]`
    if (agreed.earning.findIndex(({ rule: name }) => name === rule.rule) !== i)
      throw fault('duplicate-name', `${path}.rule`, rule.rule, 'each rule once')
    checkName(Object.keys(events), rule.on, `${path}.on`)
    checkScope(rule, context, path)
    fieldIs(rule.on, ['text'], rule.origin, `${path}.origin`)
    if (rule.in !== undefined) checkName(currencies, rule.in, `${path}.in`)
    checkRate(rule.earns, readFrom(rule, events), `${path}.earns`)
    if (rule.when) checkCondition(rule.when, context, `${path}.when`)
    if (rule.during !== undefined) checkCampaign(rule.during, agreed.calendar, `${path}.during`)
    checkMultipliers(rule.multiply ?? [], context, `${path}.multiply`)
    if (rule.multiplying !== undefined) checkName(MULTIPLYING, rule.multiplying, `${path}.multiplying`)
    if (rule.rounding !== undefined) checkName(ROUNDING, rule.rounding, `${path}.rounding`)
    duration(rule.cooldown as Duration | undefined, `${path}.cooldown`)
    duration(rule.pending, `${path}.pending`)
    duration(rule.expires, `${path}.expires`)
  }
  for (const list of ['confirmation', 'clawback'] as const) {
    for (const [i, rule] of (agreed[list] ?? []).entries()) {
      const path = `$.${list}[${i}]`
      checkName(Object.keys(events), rule.on, `${path}.on`)
      fieldIs(rule.on, ['text'], rule.origin, `${path}.origin`)
    }
  }
  for (const [i, rule] of (agreed.clawback ?? []).entries()) {
    const path = `$.clawback[${i}]`
    if (rule.each !== undefined || rule.where !== undefined) checkScope(rule, context, path)
    checkBase(readFrom(rule, events), rule, path)
  }
  const names = currenciesOf(agreed).map(({ currency }) => currency)
  const currencyOf = new Map(agreed.earning.map((rule) => [rule.rule, rule.in ?? names[0]!]))
  if (agreed.stacking !== undefined) checkStacking(agreed.stacking, currencyOf)
  if (agreed.caps !== undefined) checkCaps(agreed.caps, names, currencyOf, calendarOf(agreed.calendar))
}

const ROUNDING: readonly RemainderRounding[] = ['running', 'each']

/** The fields that a rule reads: of the event, or of its lines. */
export function readFrom(
  { on, each }: { readonly on: string; readonly each?: string },
  events: EventSpecs,
): Fields {
  return each === undefined ? events[on]! : lineFields(events, on, each, '$')
}

/** Checks what a rule hears: the role and the filter of an event, or the lines in it. */
function checkScope(rule: AgreedEarning | AgreedClawback, context: FactContext, path: string): void {
  const { on, each, line, where } = rule
  const as = 'as' in rule ? rule.as : undefined
  const count = { fact: 'count', event: on, ...(as && { as }) } as const
  if (each === undefined) {
    if (line !== undefined) throw fault('missing', `${path}.each`, each, 'the field that lists the lines')
    checkFact({ ...count, ...(where && { where }) }, context, path)
    return
  }
  checkFact(count, context, path)
  const fields = lineFields(context.events, on, each, path)
  checkLines(fields, { each, line: line!, ...(rule as AgreedClawback) } as LinesOf, path)
  if (where !== undefined)
    checkFact({ fact: 'count', event: on, where }, { ...context, events: { [on]: fields } }, path)
}

function checkRate(earns: EarningRate, fields: Fields, path: string): void {
  if (!(Number.isSafeInteger(earns.points) && earns.points >= 0))
    throw fault('out-of-range', `${path}.points`, earns.points, 'a whole number of points, 0 or more')
  if ('per' in earns && !('of' in earns))
    throw fault('missing', `${path}.of`, undefined, 'the field that per is of')
  checkBase(fields, earns, path)
  if (earns.of === undefined || !('per' in earns)) return
  const field = fields[earns.of]!
  const per = perOf(field, earns.per)
  const expected =
    field.type === 'money' ? `decimal text in ${field.currency}, above 0` : 'a whole number above 0'
  if (!(Number.isSafeInteger(per) && per > 0)) throw fault('out-of-range', `${path}.per`, earns.per, expected)
}
